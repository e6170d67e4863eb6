//! Migrations as text: what is refused, and where.

use super::*;

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, told) in [
        ("migration: 1", ""),
        ("{\"migration\": 1, \"states\": {\"a\": \"b\"}}", ""),
        ("migration: 1\ndescription: why", ""),
        ("", "nothing is written here"),
        ("null", "1:1: : an object that is a migration belongs here, and not nothing"),
        ("[]", "1:1: : an object that is a migration belongs here, and not a list"),
        ("states: {a: b}", "1:1: : the version of the format is missing: write `migration: 1`"),
        ("migration: 2", "1:1: migration: the format has version 1: write `migration: 1`"),
        (
            "migration: 1\nstate: {a: b}",
            "2:1: state: `state` is not known here: did you mean `states`?",
        ),
        ("migration: 1\nbogus: 1", "`bogus` is not known here; there are: migration, from, to, "),
        ("migration: 1\nstates: {a: 1}", "2:10: states/a: a text belongs here, and not a number"),
        ("migration: 1\nstates: {a: b, a: c}", "2:16: "),
        (
            "migration: 1\nstates: [a]",
            "2:1: states: an object of names belongs here, and not a list",
        ),
        ("migration: 1\nstates: {a: ''}", "2:10: states/a: a name is missing"),
        ("migration: 1\nsame: yes", "2:1: same: `true` or `false` belongs here, and not a text"),
        (
            "migration: 1\nenter: {a: initail}",
            "2:9: enter/a: `initail` is not known here: did you mean `initial`?",
        ),
        ("migration: 1\ntimers: kep", "2:1: timers: `kep` is not known here: did you mean `keep`?"),
        ("migration: 1\nhistory: all", "`all` is not known here; there are: keep, forget"),
        (
            "migration: 1\ncontext: {kep: true}",
            "2:11: context/kep: `kep` is not known here: did you mean `keep`?",
        ),
        (
            "migration: 1\ncontext: {drop: {a: 1}}",
            "2:11: context/drop: a list of names belongs here, and not an object",
        ),
        (
            "migration: 1\ncontext: {drop: [1]}",
            "2:18: context/drop/0: a name belongs here, and not a number",
        ),
        (
            "migration: 1\ncontext: {set: {a: 1}, drop: [a]}",
            "2:17: context/set/a: `a` is set and dropped: do one of them",
        ),
        (
            "migration: 1\ncontext: {set: {a: {expr: x, more: 1}}}",
            "2:17: context/set/a: is neither `{expr: …}`",
        ),
        ("migration: 1\ncontext: {set: {a: {b: {expr: x}}}}", "write `{literal: …}` if it is data"),
        (
            "migration: 1\ncontext: {set: {a: {expr: }}}",
            "is neither `{expr: …}` with an expression",
        ),
        ("migration: 1\ncontext: {set: {a: {literal: {expr: x}}}}", ""),
        ("migration: 1\nfrom: abc", "2:1: from: is no digest: it has 64 hexadecimal digits"),
        (
            "migration: 1\ncharts: {a: {migration: 1}}",
            "2:14: charts/a/migration: `migration` is not known here",
        ),
        (
            "migration: 1\ncharts: {a: {charts: {b: {sam: true}}}}",
            "charts/a/charts/b/sam: `sam` is not known here: did you mean `same`?",
        ),
    ] {
        let errors = Migration::from_text(text).err().map(|errors| errors.to_string());
        let errors = errors.unwrap_or_default();
        assert!(errors.contains(told) && errors.is_empty() == told.is_empty(), "{text}: {errors}");
    }
    let digest = format!("migration: 1\nto: '{}'\n", "0aF1".repeat(16));
    let read = Migration::from_text(&digest).unwrap();
    assert_eq!(read.to_digest().unwrap()[..2], [0x0a, 0xf1]);
    assert!(Migration::from_text(&digest.replace("0aF1", "0a\u{e9}1")).is_err());
}

#[test]
fn yaml_and_json_say_the_same() {
    let yaml = "migration: 1\nsame: true\ncontext:\n  set: {a: 1.50}\n  drop: [b]\ninvoked: {x: drop, y: z}\n";
    let json = r#"{"migration":1,"same":true,"context":{"set":{"a":1.50},"drop":["b"]},"invoked":{"x":"drop","y":"z"}}"#;
    let parts = |text: &str| {
        let Mapping { same, context, invoked, .. } = Migration::from_text(text).unwrap().mapping;
        let set: Vec<_> = context.set.into_iter().map(|(name, (set, _))| (name, set)).collect();
        let drop: Vec<_> = context.drop.into_keys().collect();
        let invoked: Vec<_> = invoked.into_iter().map(|(id, (to, _))| (id, to)).collect();
        (same, set, drop, invoked)
    };
    assert_eq!(parts(yaml), parts(json));
}
