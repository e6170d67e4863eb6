//! Whatever a rule says, it is compiled or refused, and answers alike twice, within its budget; and strict arithmetic is what a naive reference
//! calculates in fractions of whole numbers.

use num_bigint::BigInt;
use proptest::prelude::*;

use super::code::OPERATORS;
use super::data::Parts;
use super::*;
use crate::value::Number;

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-1000_i64..1000).prop_map(Value::from),
        "-?[1-9][0-9]{0,30}(\\.[0-9]{1,20})?"
            .prop_map(|text| Value::Number(Number::parse(&text).unwrap())),
        prop::sample::select(vec![
            "", "a", "b.0", "a.c", "1", "length", "NaN", " 7 ", "0x1f", "ö😀"
        ])
        .prop_map(Value::from),
    ]
}

fn data() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::array),
            (inner.clone(), inner).prop_map(|(a, b)| Value::fields([("a", a), ("b", b)])),
        ]
    })
}

fn rule() -> impl Strategy<Value = Value> {
    let names: Vec<&str> = OPERATORS.iter().map(|(name, ..)| *name).collect();
    scalar().prop_recursive(5, 60, 4, move |inner| {
        let list = prop::collection::vec(inner, 0..4);
        prop_oneof![
            1 => list.clone().prop_map(Value::array),
            6 => (prop::sample::select(names.clone()), list)
                .prop_map(|(name, items)| Value::fields([(name, Value::array(items))])),
        ]
    })
}

/// A rule of sums, differences, products and comparisons, and its value as a fraction of 10^12.
fn arithmetic() -> impl Strategy<Value = (Value, (BigInt, u32))> {
    let leaf = (-1_000_000_i64..1_000_000, 0_u32..4).prop_map(|(digits, places)| {
        let number = Number::from_decimal(BigInt::from(digits), -i64::from(places)).unwrap();
        (Value::Number(number), (BigInt::from(digits), places))
    });
    leaf.prop_recursive(4, 30, 2, |inner| {
        (prop::sample::select(vec!["+", "-", "*", "max", "min"]), inner.clone(), inner).prop_map(
            |(name, (one, (a, a_places)), (other, (b, b_places)))| {
                let places = a_places.max(b_places);
                let wide = |number: &BigInt, of: u32| number * BigInt::from(10).pow(places - of);
                let (x, y) = (wide(&a, a_places), wide(&b, b_places));
                let answer = match name {
                    "+" => (x + y, places),
                    "-" => (x - y, places),
                    "max" => (x.max(y), places),
                    "min" => (x.min(y), places),
                    _ => (a * b, a_places + b_places),
                };
                (Value::fields([(name, Value::array([one, other]))]), answer)
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rule_answers_alike_twice_and_within_its_budget(rule in rule(), data in data()) {
        for dialect in [Dialect::Strict, Dialect::JavaScript] {
            let Ok(logic) = Logic::compile_as(&rule, dialect) else { continue };
            let (mut first, mut second) = (Budget::new(2_000, 50_000), Budget::new(2_000, 50_000));
            let answer = logic.evaluate(&data, &mut first);
            let mut read = 0;
            let again = logic.evaluate_recorded(&data, &mut second, &mut |_, _| read += 1);
            prop_assert_eq!(&answer, &again);
            prop_assert_eq!(first, second);
            if let Ok(answer) = answer {
                prop_assert!(answer.size() <= SIZE && answer.depth() <= crate::value::DEPTH);
            }
            let holds = logic.holds(&data, &mut Budget::new(2_000, 50_000));
            let told = logic.holds_recorded(&data, &mut Budget::new(2_000, 50_000), &mut |_, _| {});
            prop_assert_eq!(&holds, &told);
            prop_assert!(dialect == Dialect::Strict || holds.is_ok() == again.is_ok());
        }
    }

    /// What is lent by its parts answers, is told of, and costs, as the object of them does.
    #[test]
    fn what_is_lent_is_as_the_object_of_it(
        rule in rule(),
        (one, other) in (data(), data()),
        text in prop::sample::select(vec!["", "a", "length", "ö😀"]).prop_map(str::to_owned),
    ) {
        let others = Value::fields([("1", other.clone()), ("a", Value::Null), ("length", one.clone())]);
        let inner = [("c", Some(Data::Text(&text))), ("b", None), ("a", Some(Data::Value(&other)))];
        let inner = Parts { named: &inner, others: None };
        let named = [("a", Some(Data::Parts(&inner))), ("b", Some(Data::Value(&one))), ("1", None)];
        let lent = Parts { named: &named, others: others.as_object() };
        let whole = Data::Parts(&lent).to_value();
        for dialect in [Dialect::Strict, Dialect::JavaScript] {
            let Ok(logic) = Logic::compile_as(&rule, dialect) else { continue };
            let answers = |data: Data<'_>| {
                let (mut budget, mut read) = (Budget::new(2_000, 50_000), Vec::new());
                let held = logic.holds_with(data, &mut budget, None);
                let mut record = |path: &str, value: &Value| read.push((path.to_owned(), value.clone()));
                let answer = logic.evaluate_with(data, &mut budget, Some(&mut record));
                (held, answer, budget, read)
            };
            prop_assert_eq!(answers(Data::Parts(&lent)), answers(Data::Value(&whole)));
        }
    }

    #[test]
    fn strict_arithmetic_is_exact((rule, (digits, places)) in arithmetic()) {
        let logic = Logic::compile(&rule).unwrap();
        let answer = logic.evaluate(&Value::Null, &mut Budget::default()).unwrap();
        let wanted = Number::from_decimal(digits, -i64::from(places)).unwrap();
        prop_assert_eq!(answer.as_number(), Some(&wanted));
        let loose = Logic::compile_as(&rule, Dialect::JavaScript).unwrap();
        let loose = loose.evaluate(&Value::Null, &mut Budget::default()).unwrap();
        prop_assert_eq!(loose, answer);
    }
}
