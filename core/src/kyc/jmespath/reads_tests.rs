//! Which places an expression reads, and that none of them can be missing unnoticed.

use proptest::prelude::*;

use super::*;
use crate::kyc::logic::Budget;

fn told(text: &str) -> String {
    let path = JmesPath::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    match path.reads() {
        Ok(reads) => reads.iter().map(Read::path).collect::<Vec<_>>().join(" "),
        Err(error) => error.message,
    }
}

#[test]
fn places_that_are_read() {
    for (text, wanted) in [
        ("pep", "pep"),
        ("customer.pep == `true`", "customer.pep"),
        ("!(customer.pep) && volume > `10`", "customer.pep volume"),
        ("contains(['NO', 'SE'], country)", "country"),
        ("contains([home.country, work], 'NO')", "home.country work"),
        ("length(owners[?share >= `0.25` && !screened]) == `0`", "owners"),
        ("owners[0].name == 'x'", "owners"),
        ("owners[1:].name | [0]", "owners"),
        ("a.\"b c\".d || e", "a.b c.d e"),
        ("{one: a.b, two: c}.one == 'x'", "a.b c"),
        ("@.a.b", "a.b"),
        ("map(&b.c, a.list)", "a.list"),
        ("(a.list | [0]) == b", "a.list b"),
        ("a.* && 'it\\'s.not'", "a"),
        ("sum(owners[].share) == `1`", "owners"),
        ("`{\"x\": 1}`.x == a", "a"),
        // Behind brackets, pipes and parts that are made.
        ("(customer).pep == 'yes'", "customer.pep"),
        ("customer | pep == 'yes'", "customer.pep"),
        ("customer | @.home | country", "customer.home.country"),
        ("a.{one: b}.one", "a a.b"),
        ("a.[b, c.d]", "a a.b a.c.d"),
        ("{who: @}.who.pep", "pep"),
        ("{who: @} | who | pep", "pep"),
        ("[@][0].pep", "pep"),
        ("[@] | [0].pep", "pep"),
        ("[a, b][?pep]", "a a.pep b b.pep"),
        ("[a, b][].pep", "a a.pep b b.pep"),
        ("[a, b][*].{x: pep}", "a a.pep b b.pep"),
        ("(a || b).c", "a a.c b.c"),
        ("(known && customer).pep", "customer.pep known"),
        // Functions that hand on what they are given.
        ("not_null(a, b).c", "a a.c b b.c"),
        ("to_array(a)[0].c", "a a.c"),
        ("reverse([a])[0].c", "a a.c"),
        ("sort_by([a, b], &age)[0].pep", "a a.age a.pep b b.age b.pep"),
        ("max_by([a, b], &age).pep", "a a.age a.pep b b.age b.pep"),
        ("map(&pep, [a, b])", "a a.pep b b.pep"),
        ("values({x: a})[0].c", "a a.c"),
        ("{x: a}.*.c", "a a.c"),
        ("merge(`{\"pep\": 1}`, customer).pep", "customer customer.pep"),
        ("merge({pep: b}, customer).pep", "b customer customer.pep"),
        ("merge(a, {pep: b}).pep", "a b"),
        ("merge({other: b}, customer).pep", "b customer customer.pep"),
        // All data at once tells of nothing that it is missing.
        ("length(@) > `2`", WHOLE),
        ("*", WHOLE),
        ("*.pep", WHOLE),
        ("keys(@)", WHOLE),
        ("contains(to_string(@), 'x')", WHOLE),
        ("@ == `{}`", WHOLE),
        ("!@", WHOLE),
        ("{all: @} | length(@) == `1`", WHOLE),
        ("merge(@, `{}`).*", WHOLE),
        ("deep_merge(a, {pep: b}).pep", "a b"),
        ("deep_merge(@, a).b", WHOLE),
        ("[?pep]", WHOLE),
        ("a || @", WHOLE),
        ("!(a || @)", WHOLE),
        ("(a || @).*", WHOLE),
        ("!merge(a, @)", WHOLE),
    ] {
        assert_eq!(told(text), wanted, "{text}");
    }
}

const WHOLE: &str = "it reads all data as one value, and cannot tell what is missing from it: name what it is about, as `a.b`";

#[test]
fn what_is_missing_is_found_to_be() {
    for (text, data, missing) in [
        ("(customer).pep", r#"{"customer": {}}"#, "customer.pep"),
        ("customer | pep", r#"{"customer": {"pep": null}}"#, "customer.pep"),
        ("customer | pep", r#"{"customer": {"pep": false}}"#, ""),
        // The default is written for this.
        ("merge(`{\"pep\": false}`, customer).pep", r#"{"customer": {}}"#, ""),
        ("merge(`{\"pep\": false}`, @).pep", "{}", ""),
        ("merge(`{\"pep\": false}`, customer).pep", "{}", "customer customer.pep"),
        (
            "merge(`{\"pep\": false}`, customer).pep",
            r#"{"customer": {"pep": null}}"#,
            "customer.pep",
        ),
        ("merge(`{\"a\": {\"pep\": 1}}`, @).a.pep", r#"{"a": {}}"#, "a.pep"),
        ("merge(`{\"a\": {\"pep\": 1}}`, @).a.pep", "{}", ""),
        ("merge(a, b).pep", r#"{"a": {"pep": 1}, "b": {}}"#, ""),
        ("merge(a, b).pep", r#"{"a": {}, "b": {}}"#, "a.pep"),
        // Within items of lists that the data holds nothing is looked for.
        ("[a, b][].pep", r#"{"a": [{"pep": 1}, {}], "b": {}}"#, "b.pep"),
        ("to_array(a)[0].pep", r#"{"a": [{}]}"#, ""),
        ("to_array(a)[0].pep", r#"{"a": {}}"#, "a.pep"),
    ] {
        let data = Value::from_json(data).unwrap();
        let reads = JmesPath::compile(text).unwrap().reads().unwrap_or_default();
        let missed = reads.iter().filter(|read| read.find(&data) == Some(&Value::Null));
        let missed: Vec<String> = missed.map(Read::path).collect();
        assert_eq!(missed.join(" "), missing, "{text} of {}", data.to_json());
    }
}

#[test]
fn what_doubles_with_every_pipe_is_refused() {
    let doubled = vec!["{a: @, b: @}"; 60].join(" | ");
    assert!(told(&doubled).starts_with("what it reads is too much"), "{}", told(&doubled));
    // A list of as many names as a text can hold is none of that.
    let names: Vec<String> = (0..8_000).map(|at| format!("f{at}")).collect();
    assert_eq!(told(&names.join("||")).split(' ').count(), names.len());
    assert_eq!(told(&names.join(".")), names.join("."));
}

/// An expression that goes somewhere in the data, from where it is asked.
fn way() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "keep"]);
    let leaf = prop_oneof![name.prop_map(str::to_owned), Just("@".to_owned())];
    leaf.prop_recursive(5, 24, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            two.clone().prop_map(|(one, other)| format!("({one}) | ({other})")),
            two.clone().prop_map(|(one, other)| format!("({one}).{{x: {other}}}.x")),
            two.clone().prop_map(|(one, other)| format!("({one}).[{other}][0]")),
            two.clone().prop_map(|(one, other)| format!("(a.b.keep && {one}) || {other}")),
            two.clone().prop_map(|(one, other)| format!("[(a | {one}), {other}][].a | [0]")),
            two.clone().prop_map(|(one, other)| format!("[({one}).a, {other}][?keep] | [-1]")),
            two.clone().prop_map(|(one, other)| format!("not_null((a | {one}), {other})")),
            two.clone().prop_map(|(one, other)| format!("merge({{a: {one}}}, a, {other}).a")),
            two.clone().prop_map(|(one, other)| format!("max_by([a, b], &({one}).keep) | {other}")),
            two.prop_map(|(one, other)| format!("map(&{one}, [{other}, a])[0]")),
            inner.clone().prop_map(|one| format!("to_array({one})[0]")),
            inner.clone().prop_map(|one| format!("reverse([{one}, b])[0]")),
            inner.clone().prop_map(|one| format!("values({{x: {one}}})[0]")),
            inner.prop_map(|one| format!("{{x: {one}}}.* | [0]")),
        ]
    })
}

/// Objects in objects, each with a text, but for the text at the end of a path.
fn data(depth: u32, without: Option<&[&str]>) -> Value {
    let mut members = vec![("also", Value::from("x"))];
    if without != Some(&[]) {
        members.push(("keep", Value::from("text")));
    }
    for name in ["a", "b"].into_iter().filter(|_| depth > 0) {
        let within = without.and_then(|path| path.split_first());
        let within = within.filter(|(first, _)| **first == name).map(|(_, more)| more);
        members.push((name, data(depth - 1, within)));
    }
    Value::fields(members)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_answer_changes_for_a_fact_that_nobody_misses(
        way in way(), path in prop::collection::vec(prop::sample::select(vec!["a", "b"]), 0..4),
    ) {
        let text = format!("({way}).keep == 'text'");
        let compiled = JmesPath::compile(&text).unwrap();
        // What is refused is never asked.
        let Ok(reads) = compiled.reads() else { return Ok(()) };
        let (whole, without) = (data(6, None), data(6, Some(&path)));
        let answer = |data: &Value| compiled.evaluate(data, &mut Budget::default());
        if let (Ok(before), Ok(after)) = (answer(&whole), answer(&without)) {
            let missed = reads.iter().any(|read| read.find(&without) == Some(&Value::Null));
            prop_assert!(before == after || missed, "{} without {}", text, path.join("."));
        }
    }
}
