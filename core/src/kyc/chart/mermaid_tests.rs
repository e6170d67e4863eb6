use super::mermaid;
use crate::kyc::chart::document::{Chart, State};
use crate::kyc::chart::draw::tests::{chart, random};

#[test]
fn a_small_chart_as_mermaid_has_it() {
    let small = chart(
        "opened\n  -> document.received [count > 0] / filed > checks\n  -> note\n+ checks\n  -> done.state.checks > end\n  \
         identity\n    verifying\n      -> verified > identified\n    ! identified\n  screening\n  ~ again\n    -> > identity\n! end\n",
    );
    let wanted = r#"stateDiagram-v2
    [*] --> opened
    state "opened" as opened
    state "checks" as checks {
        state "identity" as identity {
            [*] --> verifying
            state "verifying" as verifying
            state "identified" as identified
            identified --> [*]
            verifying --> identified : verified
        }
        --
        state "screening" as screening
        --
        state "(H) again" as again
    }
    state "end" as s8
    s8 --> [*]
    opened --> checks : document.received [count #62; 0] / raise filed
    note right of opened : note
    checks --> s8 : done.state.checks
    again --> identity
    classDef active fill:#1f6feb,color:#ffffff,stroke:#0b3d91,stroke-width:3px
    class checks,s8 active
"#;
    assert_eq!(mermaid(&small, &|state| state == "checks" || state == "end"), wanted);
}

#[test]
fn names_that_mermaid_cannot_have_are_told_all_the_same() {
    let cases = [
        ("in review", "state \"in review\" as s1\n"),
        ("a.b", "state \"a.b\" as s1\n"),
        ("a\"b:c;#", "state \"a#34;b#58;c#59;#35;\" as s1\n"),
        ("a\nb", "state \"a b\" as s1\n"),
        ("State", "state \"State\" as s1\n"),
        ("überprüft", "state \"überprüft\" as s1\n"),
        ("1", "state \"1\" as s1\n"),
        ("s1", "state \"s1\" as s1\n"),
    ];
    for (name, wanted) in cases {
        let state = State { id: Some(name.to_owned()), ..State::default() };
        let told = mermaid(&Chart { states: vec![state], ..Chart::default() }, &|_| false);
        assert!(told.ends_with(wanted), "{name}: {told}");
    }
    let clash = chart("s2\n  -> x > a.b\na.b");
    assert!(mermaid(&clash, &|_| false).ends_with("    s2 --> s2_ : x\n"));
}

#[test]
fn each_name_and_each_label_stands_there_once() {
    for seed in 0..300 {
        let (chart, names, labels) = random(seed);
        let told = mermaid(&chart, &|name| name.len() % 2 == 0);
        for name in names {
            assert_eq!(told.matches(&format!("{name}\" as ")).count(), 1, "{seed}: {name}\n{told}");
        }
        for label in labels {
            assert_eq!(told.matches(&label).count(), 1, "{seed}: {label}\n{told}");
        }
        assert_eq!(told.matches(" {\n").count(), told.matches("}\n").count(), "{told}");
    }
}
