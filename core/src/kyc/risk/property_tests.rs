//! The laws of a score: contributions add up, more points never mean a lower score, a floor holds, and the order of facts says nothing.

use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;

/// A factor: its weight in hundredths, and the points of its three answers in tenths.
type Numbers = (u32, [i32; 3]);

fn decimal(units: i64, places: i64) -> Number {
    Number::from_decimal(BigInt::from(units), -places).unwrap()
}

/// A model of these factors: of tables, bands and guards in turn.
fn model(factors: &[Numbers], average: bool, floor: u32, cap: u32) -> RiskModel {
    let mut text = String::from("risk: 1\nid: m\ndescription: M\n");
    text.push_str(if average { "method: average\nfactors:\n" } else { "factors:\n" });
    for (at, (weight, points)) in factors.iter().enumerate() {
        let weight = decimal(i64::from(*weight), 2).to_string();
        let [a, b, c] = points.map(|points| decimal(i64::from(points), 1));
        let way = match at % 3 {
            0 => format!("value: {{var: f{at}}}, points: {{'0': {a}, '1': {b}}}, otherwise: {c}"),
            1 => format!(
                "value: {{var: f{at}}}, bands: [{{to: 1, points: {a}}}, {{from: 1, to: 2, points: {b}}}, {{from: 2, points: {c}}}]"
            ),
            _ => format!(
                "when: [{{guard: \"f{at} == '0'\", points: {a}}}, {{guard: {{'==': [{{var: f{at}}}, '1']}}, points: {b}}}], otherwise: {c}"
            ),
        };
        text.push_str(&format!("  - {{id: f{at}, description: F, weight: {weight}, {way}}}\n"));
    }
    text.push_str(&format!(
        "floors: [{{when: {{var: floor}}, at_least: {floor}, reason: floor, hard: true}}]\ncaps: [{{when: {{var: cap}}, at_most: {cap}, reason: cap}}]\nlevels: [{{level: low, from: 0, refresh: P5Y}}, {{level: high, from: 60, refresh: P1Y}}]\n"
    ));
    RiskModel::from_text(&text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"))
}

/// The facts as a text, from the first to the last name or the other way round.
fn facts(answers: &[u8], floor: bool, cap: bool, backwards: bool) -> Value {
    let mut fields: Vec<String> =
        answers.iter().enumerate().map(|(at, it)| format!("\"f{at}\": \"{it}\"")).collect();
    fields.push(format!("\"floor\": {floor}"));
    fields.push(format!("\"cap\": {cap}"));
    if backwards {
        fields.reverse();
    }
    Value::from_json(&format!("{{{}}}", fields.join(", "))).unwrap()
}

fn numbers() -> impl Strategy<Value = Vec<(Numbers, u8)>> {
    let numbers = (1_u32..500, prop::array::uniform3(-1_000_i32..2_000));
    prop::collection::vec((numbers, 0_u8..3), 1..10)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn contributions_add_up_and_bounds_hold(
        given in numbers(), average: bool, floor in 0_u32..=100, cap in 0_u32..=100, floored: bool, capped: bool, override_to in 0_u32..=100,
    ) {
        let (factors, answers): (Vec<Numbers>, Vec<u8>) = given.into_iter().unzip();
        let model = model(&factors, average, floor, cap);
        let score = model.score(&facts(&answers, floored, capped, false), 0, &[]).unwrap();
        let sum = score.points.iter().fold(Rational::zero(), |sum, point| sum.add(&point.contribution));
        prop_assert_eq!(&sum, &score.total);
        // The same in whole numbers: thousandths, by hundredths of weights where it is an average.
        let weighted: i64 = factors.iter().zip(&answers).map(|((weight, points), answer)| {
            i64::from(*weight) * i64::from(points[usize::from(*answer)])
        }).sum();
        let whole: i64 = factors.iter().map(|(weight, _)| i64::from(*weight)).sum();
        let weights = if average { Rational::from(&decimal(whole, 2)) } else { Rational::from(&Number::from(1_u32)) };
        prop_assert_eq!(&Rational::from(&decimal(weighted, 3)).div(&weights), &score.total);
        let bound = |number: u32| Rational::from(&Number::from(number));
        prop_assert!(score.score >= bound(0) && score.score <= bound(100));
        prop_assert!(!floored || score.score >= bound(floor));
        let most = if floored { cap.max(floor) } else { cap };
        prop_assert!(!capped || score.score <= bound(most));
        prop_assert_eq!(score.level.as_str(), if score.score >= bound(60) { "high" } else { "low" });
        // Facts in another order, and the same again.
        prop_assert_eq!(&model.score(&facts(&answers, floored, capped, true), 0, &[]).unwrap(), &score);
        // A hard floor holds whatever an officer decides.
        let to = To::Score(Number::from(override_to));
        let given = Override { to, by: "officer".to_owned(), reason: "why".to_owned(), since: None, expires: 1 };
        let overridden = model.score(&facts(&answers, floored, capped, false), 0, &[given]).unwrap();
        prop_assert!(!floored || overridden.score >= bound(floor));
        prop_assert!(floored || overridden.score == bound(override_to));
        prop_assert_eq!(&overridden.computed, &score.computed);
    }

    #[test]
    fn more_points_never_lower_the_score(
        given in numbers(), average: bool, floor in 0_u32..=100, cap in 0_u32..=100, floored: bool, capped: bool, which: prop::sample::Index, more in 1_i32..500,
    ) {
        let (mut factors, answers): (Vec<Numbers>, Vec<u8>) = given.into_iter().unzip();
        let facts = facts(&answers, floored, capped, false);
        let before = model(&factors, average, floor, cap).score(&facts, 0, &[]).unwrap();
        let at = which.index(factors.len());
        factors[at].1[usize::from(answers[at])] += more;
        let after = model(&factors, average, floor, cap).score(&facts, 0, &[]).unwrap();
        prop_assert!(after.total > before.total);
        prop_assert!(after.score >= before.score);
    }

    #[test]
    fn any_text_is_a_model_or_refused_with_places(text in "[a-z:{}\\[\\], \n'&*-]{0,80}", head: bool) {
        let text = if head { format!("risk: 1\nid: m\n{text}") } else { text };
        if let Err(errors) = RiskModel::from_text(&text) {
            prop_assert!(!errors.is_empty() && errors.iter().all(|error| error.place.row > 0));
        }
    }
}
