//! What belongs to states: timers, services, and the sessions of charts.

use std::sync::Arc;

use super::*;

#[test]
fn timers_are_kept_or_begin_anew() {
    let (old, new) = (load(OLD), load(NEW));
    let at = NOW + 8 * DAY;
    let mut session = case(&old, "");
    session = old.advance(&session, at).unwrap().session;
    assert_eq!(waits(&session), "after.1.collecting@720", "the reminder is over");
    for (timers, waiting) in [
        ("", "after.1.intake@720"),
        ("timers: keep", "after.1.intake@720"),
        ("timers: restart", "after.0.intake@360 after.1.intake@1632"),
    ] {
        let map = migration(&format!("{MAP}\n{timers}"));
        let moved = map.apply(&old, &new, &session, at).unwrap();
        assert_eq!(waits(&moved.session), waiting, "{timers}");
    }
    // The instants are exact.
    let kept = migration(MAP).apply(&old, &new, &session, at + 1).unwrap();
    assert_eq!(kept.session.next_due(), Some(NOW + 30 * DAY));
    let anew = migration(&format!("{MAP}\ntimers: restart"));
    let anew = anew.apply(&old, &new, &session, at + 1).unwrap();
    assert_eq!(anew.session.next_due(), Some(at + 1 + 7 * DAY));
    assert_eq!(anew.changes[0].timers[1].was_due, Some(NOW + 30 * DAY));
}

#[test]
fn a_timer_without_a_place_is_dropped_only_if_that_is_said() {
    let old = load(
        "chart: 1\nstates:\n  a: {after: {P1D: b, P2D: {target: c, event: late}}}\n  b: {}\n  c: {}\n",
    );
    let session = old.start("case", NOW, &Value::Null).unwrap().session;
    for (after, dropping, told) in [
        ("{P1D: b, P2D: {target: c, event: late}}", "", "after.0.a@24 late@48"),
        // What waits keeps its instant, whatever the new delay is.
        ("{P5D: b, P9D: {target: c, event: late}}", "", "after.0.a@24 late@48"),
        ("{P2D: {target: c, event: late}}", "", "the timer `after.0.a` of `a` has no place"),
        ("{P2D: {target: c, event: late}}", "drop_timers: true", "late@48"),
        // Nameless timers that changed places are not taken for one another.
        ("{P3D: b, P1D: c, P2D: {target: c, event: late}}", "", "the timer `after.0.a` of `a`"),
        ("{}", "drop_timers: true", ""),
        ("{}", "{drop_timers: true, timers: restart}", ""),
        ("{}", "timers: restart", "has no place"),
        (
            "{P1D: b, P2D: {target: c, event: late}, P3D: c}",
            "",
            "after.0.a@24 late@48 after.2.a@77",
        ),
    ] {
        let new =
            load(&format!("chart: 1\nstates:\n  a: {{after: {after}}}\n  b: {{}}\n  c: {{}}\n"));
        let dropping = dropping.trim_matches(['{', '}']).replace(", ", "\n");
        let map = migration(&format!("migration: 1\nsame: true\n{dropping}\n"));
        let outcome = match map.apply(&old, &new, &session, NOW + 5 * HOUR) {
            Ok(moved) => waits(&moved.session),
            Err(error) => error.to_string(),
        };
        assert!(
            outcome.contains(told) && outcome.is_empty() == told.is_empty(),
            "{after} {dropping}: {outcome}"
        );
        let is_refused = told.contains("the timer") || told.contains("has no place");
        let found = map.check(&old, &new);
        assert_eq!(
            found.iter().any(|found| found.weight == Weight::Refused),
            is_refused,
            "{found:?}"
        );
    }
}

#[test]
fn services_go_on_or_are_cancelled() {
    let chart = |invoke: &str| {
        load(&format!("chart: 1\nstates:\n  a: {{invoke: [{invoke}], on: {{x: a}}}}\n"))
    };
    let old = chart("{id: screen, type: screening}");
    for (invoke, invoked, told, effects) in [
        ("{id: screen, type: screening}", "", "screen", 0),
        ("{id: other, type: screening}", "", "`screen` was invoked and has no place", 0),
        ("{id: other, type: screening}", "{screen: other}", "other", 0),
        ("{id: other, type: screening}", "{screen: drop}", "", 1),
        (
            "{id: other, type: screening}",
            "{scren: drop}",
            "the old chart invokes nothing as `scren`: did you mean `screen`?",
            0,
        ),
        ("{id: screen, type: identity}", "", "`screen` would be another kind of service", 0),
        ("", "{screen: drop}", "", 1),
    ] {
        let new = chart(invoke);
        let invoked = if invoked.is_empty() { "{}" } else { invoked };
        let map = migration(&format!("migration: 1\nsame: true\ninvoked: {invoked}\n"));
        // What is wrong in the text is told by the check; a case is moved where it does not matter.
        let found = map.check(&old, &new);
        match map.apply(&old, &new, &case(&old, ""), NOW) {
            Ok(moved) => {
                assert_eq!(moved.session.services().collect::<Vec<_>>().join(" "), told);
                assert_eq!(moved.effects.len(), effects, "{invoke} {invoked}");
                if let Some(effect) = moved.effects.first() {
                    let cancel =
                        Effect::CancelInvoke { session: "case".into(), id: "screen".into() };
                    assert_eq!(*effect, cancel);
                }
                assert!(found.iter().all(|found| found.weight == Weight::Told), "{found:?}");
                let begun = !invoke.contains("other") || invoked.contains(": other");
                let is_told =
                    moved.changes[0].invoked.iter().any(|own| own.fate == InvokedFate::NotBegun);
                assert_eq!(is_told, !begun, "{invoke} {invoked}");
            }
            Err(error) => {
                let told_by = format!(
                    "{error}\n{}",
                    ChartErrors(found.into_iter().map(|found| found.error).collect())
                );
                assert!(
                    !told.is_empty() && told_by.contains(told),
                    "{invoke} {invoked}: {told_by}"
                );
            }
        }
    }
}

#[test]
fn the_host_hears_what_services_are_known_by_after_a_move() {
    let chart = |ids: [&str; 2]| {
        let invoke = ids.map(|id| format!("{{id: {id}, type: screening}}")).join(", ");
        load(&format!("chart: 1\nstates:\n  a: {{invoke: [{invoke}], on: {{again: a}}}}\n"))
    };
    let old = chart(["one", "two"]);
    // Entered once more: both are the second of their names.
    let mut again = case(&old, "");
    again = old.step(&again, Event::named("again"), NOW).unwrap().session;
    for (session, invoked, new, cancelled, told) in [
        (case(&old, ""), "{}", ["one", "two"], "", "one=one two=two"),
        (again.clone(), "{}", ["one", "two"], "", "one#2=one#2 two#2=two#2"),
        (again.clone(), "{one: drop}", ["new", "two"], "one#2", "one#2=one#2 two#2=two#2"),
        (case(&old, ""), "{one: three}", ["three", "two"], "", "one=three two=two"),
        // An id that another service had: this one is the next of its name, whichever is told first.
        (case(&old, ""), "{one: two, two: drop}", ["two", "new"], "two", "one=two#2 two=two"),
        (case(&old, ""), "{two: one, one: drop}", ["one", "new"], "one", "one=one two=one#2"),
        (case(&old, ""), "{one: two, two: one}", ["two", "one"], "", "one=two#2 two=one#2"),
        (
            again.clone(),
            "{one: two, two: drop}",
            ["two", "new"],
            "two#2",
            "one#2=two#3 two#2=two#2",
        ),
    ] {
        let map = migration(&format!("migration: 1\nsame: true\ninvoked: {invoked}\n"));
        let moved = map.apply(&old, &chart(new), &session, NOW).unwrap();
        let effects = moved.effects.iter().map(|effect| match effect {
            Effect::CancelInvoke { id, .. } => id.to_string(),
            other => panic!("{other:?}"),
        });
        assert_eq!(effects.collect::<Vec<_>>().join(" "), cancelled, "{invoked}");
        let (begun, gone) = (InvokedFate::NotBegun, InvokedFate::Dropped);
        let changes = moved.changes[0].invoked.iter().filter(|own| own.fate != begun);
        let ids = changes.clone().map(|own| format!("{}={}", own.was.as_deref().unwrap(), own.id));
        assert_eq!(ids.collect::<Vec<_>>().join(" "), told, "{invoked}");
        let kept: Vec<_> = changes.filter(|own| own.fate != gone).map(|own| &*own.id).collect();
        assert_eq!(
            moved.session.services().collect::<Vec<_>>(),
            kept.iter().map(|id| Arc::from(*id)).collect::<Vec<_>>()
        );
    }
}

#[test]
fn sessions_of_invoked_charts_move_by_maps_of_their_own() {
    let person = "chart: 1\nid: owner\ncontext: {name: none}\nstates: {asked: {after: {P1D: late}}, late: {}}\n";
    let renamed = "chart: 1\nid: owner\ncontext: {name: none, share: 0}\nstates: {open: {after: {P1D: late}}, late: {}}\n";
    let company = "chart: 1\nid: company\nstates: {owners: {invoke: {id: one, src: owner}}}\n";
    let inline = |text: &str| {
        let person = read(text).to_json();
        format!(
            "chart: 1\nid: company\nstates: {{owners: {{invoke: {{id: one, chart: {person}}}}}}}\n"
        )
    };
    let pairs = [
        (load_with(company, &[person]), load_with(company, &[renamed])),
        (load(&inline(person)), load(&inline(renamed))),
        (load_with(company, &[person]), load(&inline(renamed))),
    ];
    for (old, new) in pairs {
        let session = case(&old, "");
        assert_eq!(session.children().count(), 1);
        let own = "charts: {owner: {states: {asked: open}, same: true, context: {keep: true, set: {share: 25.5}}}}";
        for (charts, told) in [
            (own, "open@24"),
            ("", "nothing is said of the sessions of the chart `owner`"),
            ("invoked: {one: drop}", "none"),
            (
                "charts: {owner: {same: true, context: {keep: true, set: {share: 1}}}}",
                "the state `asked` has no place",
            ),
            (
                "charts: {owner: {states: {asked: opn}, context: {keep: true, set: {share: 1}}}}",
                "did you mean `open`?",
            ),
            (
                "charts: {owner: {states: {asked: open}, context: {keep: true}}}",
                "has the variable `share`",
            ),
        ] {
            let map = migration(&format!("migration: 1\nsame: true\n{charts}\n"));
            let found = map
                .check(&old, &new)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n");
            match map.apply(&old, &new, &session, NOW + HOUR) {
                Ok(moved) if charts.contains("drop") => {
                    assert_eq!((told, moved.session.children().count()), ("none", 0));
                    assert_eq!(moved.session.next_due(), None);
                }
                Ok(moved) => {
                    assert_eq!((charts, found.as_str()), (own, ""));
                    let (id, child) = moved.session.children().next().unwrap();
                    assert_eq!(
                        (id, child.data().to_json().as_str()),
                        ("one", r#"{"name":"none","share":25.5}"#)
                    );
                    assert_eq!(waits(&moved.session), "after.0.open@24");
                    assert_eq!(moved.changes.len(), 2);
                    assert_eq!(moved.changes[1].states, [("asked".to_owned(), "open".to_owned())]);
                    let late = new.advance(&moved.session, NOW + DAY).unwrap().session;
                    assert_eq!(waits(&late), "");
                }
                Err(error) => {
                    assert!(error.to_string().contains(told), "{charts}: {error}");
                    assert!(found.contains(told), "{charts}: {found}");
                }
            }
        }
    }
}

#[test]
fn a_timer_that_is_over_does_not_begin_again_where_it_stands_elsewhere() {
    let chart = |after: &str| {
        load(&format!("chart: 1\nstates:\n  a: {{after: {{{after}}}}}\n  b: {{}}\n  c: {{}}\n"))
    };
    let remind = "P1D: {actions: [{effect: remind}]}";
    let late = "P3D: {target: c, event: late}";
    let old = chart(&format!("{remind}, {late}"));
    let at = NOW + DAY;
    let session = old.advance(&case(&old, ""), at).unwrap().session;
    assert_eq!(waits(&session), "late@72", "the reminder is over");
    for (what, after, waiting) in [
        ("as it was", format!("{remind}, {late}"), "late@72"),
        (
            "behind another",
            format!("PT1H: {{actions: [{{effect: ask}}]}}, {remind}, {late}"),
            "after.0.a@25 late@72",
        ),
        ("behind a named one", format!("{late}, {remind}"), "late@72"),
        (
            "with a name",
            format!("P1D: {{event: first, actions: [{{effect: remind}}]}}, {late}"),
            "late@72",
        ),
        // Another delay at its place is its own, as it is of one that waits.
        ("longer", format!("P2D: {{actions: [{{effect: remind}}]}}, {late}"), "late@72"),
    ] {
        let map = migration("migration: 1\nsame: true\ndrop_timers: true\n");
        let moved = map.apply(&old, &chart(&after), &session, at).unwrap();
        assert_eq!(waits(&moved.session), waiting, "{what}");
    }
}

#[test]
fn what_is_sent_later_goes_to_the_id_that_is_known_by_then() {
    let chart = |invoked: &str, to: &str| {
        load(&format!(
            "chart: 1\nstates:\n  a:\n    invoke: [{invoked}]\n    on: {{x: {{actions: [{{send: ping, to: '#_{to}', delay: P1D}}]}}}}\n"
        ))
    };
    let one = |id: &str| format!("{{id: {id}, type: screening}}");
    let target = |definition: &Definition, session: &Session| {
        let step = definition.advance(session, NOW + 2 * DAY).unwrap();
        let sent = step.effects.iter().find_map(|effect| match effect {
            Effect::Send { message, .. } => message.target.clone(),
            _ => None,
        });
        sent.unwrap_or_else(|| format!("{:?}", step.faults))
    };
    let both = format!("{}, {}", one("first"), one("second"));
    for (what, old, new, invoked, wanted) in [
        ("the same id", one("first"), one("first"), "{}", "#_first"),
        ("another id", one("first"), one("other"), "{first: other}", "#_other"),
        ("two that change", both.clone(), both, "{first: second, second: first}", "#_second"),
    ] {
        let (old, new) = (chart(&old, "first"), chart(&new, "a"));
        let session = case(&old, "x");
        let map = migration(&format!("migration: 1\nsame: true\ninvoked: {invoked}\n"));
        let moved = map.apply(&old, &new, &session, NOW + 2 * HOUR).unwrap();
        assert!(
            target(&new, &moved.session).starts_with(wanted),
            "{what}: {}",
            target(&new, &moved.session)
        );
    }
}
