use std::collections::BTreeSet;

use proptest::prelude::*;
use thalium::kyc::chart::{Effect, Event, Step};

use super::*;
use crate::RULES;

/// A definition of these states, with what else it has.
fn flow(states: &str, more: &str) -> String {
    format!(
        r#"{{"id": "flow", "definitionType": "statechart-json", "definition": {{"initial": "idle", "context": {{"entity": {{"id": "e-1"}}}}, "states": {states}}}{more}}}"#
    )
}

/// A plugin that is asked in `asked`, in a definition where all is well.
fn plugin(more: &str) -> String {
    let states = r#"{"idle": {"on": {"ASK": "asked"}}, "asked": {"on": {"GOOD": "closed", "BAD": "closed"}}, "closed": {"type": "final"}}"#;
    flow(states, &format!(r#", "extensions": {{"apiPlugins": [{}]}}"#, api("one", more)))
}

fn api(name: &str, more: &str) -> String {
    format!(
        r#"{{"name": "{name}", "pluginKind": "api", "url": "https://one.test/", "method": "POST", "request": {{"transform": [{{"transformer": "jmespath", "mapping": "{{id: entity.id}}"}}]}}{more}}}"#
    )
}

const WELL: &str = r#", "stateNames": ["asked"], "successAction": "GOOD", "errorAction": "BAD""#;

#[test]
fn each_rule_is_told_and_is_an_error_in_the_strict_mode() {
    let closed = r#""closed": {"type": "final"}"#;
    let idle = |told: &str| flow(&format!(r#"{{"idle": {told}, {closed}}}"#), "");
    let cond = |cond: &str| {
        idle(&format!(r#"{{"on": {{"GO": [{{"target": "closed", "cond": {cond}}}]}}}}"#))
    };
    let cases: Vec<(&str, &str, String)> = vec![
        ("after-by-chance", "definition/states/idle/after", idle(r#"{"after": {"1000": "closed"}}"#)),
        ("always-at-the-beginning", "definition/states/idle", idle(r#"{"always": {"target": "closed", "cond": {"type": "jmespath", "options": {"rule": "entity.done"}}}}"#)),
        ("always-beside-plugins", "extensions/apiPlugins/0", flow(
            r#"{"idle": {"on": {"ASK": "asked"}}, "asked": {"always": {"target": "closed", "cond": {"type": "jmespath", "options": {"rule": "entity.done"}}}, "on": {"GOOD": "closed", "BAD": "closed"}}, "closed": {"type": "final"}}"#,
            &format!(r#", "extensions": {{"apiPlugins": [{}]}}"#, api("one", WELL)))),
        ("answer-dropped", "extensions/apiPlugins/0", plugin(r#", "stateNames": ["asked"], "successAction": "GOOD""#)),
        ("backtick-text", "definition/states/idle/on/GO/0/cond/options/rule", cond(r#"{"type": "jmespath", "options": {"rule": "entity.id == `open`"}}"#)),
        ("callback-not-heard", "extensions/apiPlugins/0", plugin(r#", "stateNames": ["asked"], "successAction": "GOOOD", "errorAction": "BAD""#)),
        ("callback-not-heard", "extensions/apiPlugins/0", plugin(r#", "stateNames": ["closed"], "successAction": "GOOD", "errorAction": "BAD""#)),
        ("callbacks-swapped", "extensions/apiPlugins/0", flow(
            r#"{"idle": {"on": {"ASK": "asked"}}, "asked": {"on": {"CHECKED": "closed", "CHECK_FAILED": "closed"}}, "closed": {"type": "final"}}"#,
            &format!(r#", "extensions": {{"apiPlugins": [{}]}}"#, api("one", r#", "stateNames": ["asked"], "successAction": "CHECK_FAILED", "errorAction": "CHECKED""#)))),
        ("final-without-type", "definition/states/over", flow(r#"{"idle": {"on": {"GO": "over"}}, "over": {}}"#, "")),
        ("forbidden-event", "definition/states/idle/on/GO", idle(r#"{"on": {"GO": {}, "END": "closed"}}"#)),
        ("guard-always-holds", "definition/states/idle/on/GO/0/cond/options/rule", cond(r#"{"type": "json-logic", "options": {"rule": {"filter": [{"var": "entity"}, true]}}}"#)),
        ("guard-reads-nothing", "definition/states/idle/on/GO/0/cond/options/rule", cond(r#"{"type": "jmespath", "options": {"rule": "entiti.id == 'a'"}}"#)),
        ("guard-without-rule", "definition/states/idle/on/GO/0/cond", cond(r#"{"type": "json-logic"}"#)),
        ("initial-missing", "definition", r#"{"id": "a", "definitionType": "statechart-json", "definition": {"states": {"a": {"type": "final"}}}}"#.to_owned()),
        ("initial-missing", "definition/states/idle", idle(r#"{"states": {"in": {"on": {"GO": "out"}}, "out": {}}, "on": {"END": "closed"}}"#)),
        ("key-twice", "definition/states/idle/on/GO", idle(r#"{"on": {"GO": "closed", "GO": "closed"}}"#)),
        ("not-carried", "definition/states/idle/meta", idle(r#"{"on": {"GO": "closed"}, "meta": {"a": 1}}"#)),
        ("not-carried", "config/initialEvent", flow(r#"{"idle": {"on": {"GO": "closed"}}, "closed": {"type": "final"}}"#, r#", "config": {"initialEvent": "GO"}"#)),
        ("placeholder-in-request", "extensions/apiPlugins/0/request/transform/0", plugin(&WELL.replace(", \"stateNames\"", r#", "request": {"transform": [{"transformer": "jmespath", "mapping": "{to: 'https://{host.name}/x'}"}]}, "stateNames""#)).replacen(r#""request": {"transform": [{"transformer": "jmespath", "mapping": "{id: entity.id}"}]}, "#, "", 1)),
        ("plugin-never-runs", "extensions/apiPlugins/0/stateNames/0", plugin(r#", "stateNames": ["askd"], "successAction": "GOOD", "errorAction": "BAD""#)),
        ("plugins-after-leaving", "extensions/apiPlugins/1", flow(
            r#"{"idle": {"on": {"ASK": "asked"}}, "asked": {"on": {"GOOD": "closed", "BAD": "closed"}}, "closed": {"type": "final"}}"#,
            &format!(r#", "extensions": {{"apiPlugins": [{}, {}]}}"#, api("one", WELL), api("two", WELL)))),
        ("secret-in-request", "extensions/apiPlugins/0/request/transform/0", plugin(&WELL.replace(", \"stateNames\"", r#", "request": {"transform": [{"transformer": "jmespath", "mapping": "{key: '{secret.KEY}'}"}]}, "stateNames""#)).replacen(r#""request": {"transform": [{"transformer": "jmespath", "mapping": "{id: entity.id}"}]}, "#, "", 1)),
        ("transition-never-taken", "definition/states/idle/on/GO/1", idle(r#"{"on": {"GO": [{"target": "closed"}, {"target": "idle"}]}}"#)),
        ("unknown-field", "definition/states/idle/onn", idle(r#"{"on": {"GO": "closed"}, "onn": {}}"#)),
        ("wildcard-never-heard", "definition/states/idle/on/*", idle(r#"{"on": {"GO": "closed", "*": "closed"}}"#)),
    ];
    let mut seen = BTreeSet::new();
    for (rule, path, text) in cases {
        let imported = import(&text, Mode::Lenient)
            .unwrap_or_else(|errors| panic!("{rule}: {errors:?}\n{text}"));
        let told: Vec<_> =
            imported.leniencies.iter().map(|own| (own.rule, own.path.as_str())).collect();
        assert_eq!(told, [(rule, path)], "{text}");
        let errors = import(&text, Mode::Strict).unwrap_err();
        assert_eq!((errors.len(), errors[0].place.path.as_str()), (1, path), "{errors:?}");
        assert!(errors[0].message.contains(rule), "{errors:?}");
        seen.insert(rule);
    }
    assert_eq!(seen, RULES.iter().map(|(rule, _)| *rule).collect());
    assert!(import(&plugin(WELL), Mode::Strict).is_ok());
}

#[test]
fn what_cannot_be_carried_over_is_refused_with_its_place() {
    let closed = r#""closed": {"type": "final"}"#;
    let idle = |told: &str| flow(&format!(r#"{{"idle": {told}, {closed}}}"#), "");
    let common = |told: &str| {
        flow(
            &format!(r#"{{"idle": {{"on": {{"GO": "closed"}}}}, {closed}}}"#),
            &format!(r#", "extensions": {{"commonPlugins": [{told}]}}"#),
        )
    };
    let cases: Vec<(&str, String)> = vec![
        ("", "[]".to_owned()),
        ("", "7".to_owned()),
        ("", r#"{"id": "a", "definitionType": "bpmn-json", "definition": {"initial": "a", "states": {"a": {"type": "final"}}}}"#.to_owned()),
        ("", r#"{"id": "a", "definitionType": "statechart-json"}"#.to_owned()),
        ("definition/states/idle/on/GO", idle(r#"{"on": {"GO": "closd"}}"#)),
        ("definition/states/idle/on/GO/cond", idle(r#"{"on": {"GO": {"target": "closed", "cond": "isAdult"}}}"#)),
        ("definition/states/idle/on/GO/cond", idle(r#"{"on": {"GO": {"target": "closed", "cond": {"type": "rego", "options": {"rule": "a"}}}}}"#)),
        ("definition/states/idle/on/GO/cond/options/rule", idle(r#"{"on": {"GO": {"target": "closed", "cond": {"type": "json-logic", "options": {"rule": {"metod": 1}}}}}}"#)),
        ("definition/states/idle/on/GO/cond/options/rule", idle(r#"{"on": {"GO": {"target": "closed", "cond": {"type": "jmespath", "options": {"rule": "a =="}}}}}"#)),
        ("definition/states/idle/on/GO/in", idle(r#"{"on": {"GO": {"target": "closed", "in": "x"}}}"#)),
        ("definition/states/idle/on/done.invoke.x", idle(r#"{"on": {"done.invoke.x": "closed"}}"#)),
        ("definition/states/idle/on/a b", idle(r#"{"on": {"a b": "closed"}}"#)),
        ("definition/states/idle/invoke", idle(r#"{"on": {"GO": "closed"}, "invoke": {"src": "x"}}"#)),
        ("definition/states/idle/type", idle(r#"{"on": {"GO": "closed"}, "type": "finall"}"#)),
        ("definition/states/idle/history", idle(r#"{"on": {"GO": "closed"}, "history": "deep"}"#)),
        ("definition/states/closed", flow(r#"{"idle": {"on": {"GO": "closed"}}, "closed": {"type": "final", "on": {"GO": "idle"}}}"#, "")),
        ("definition/states/a.b", flow(r#"{"idle": {"on": {"GO": "closed"}}, "a.b": {}, "closed": {"type": "final"}}"#, "")),
        ("definition/context/now", idle(r#"{"on": {"GO": "closed"}}"#).replace(r#""context": {"#, r#""context": {"now": 1, "#)),
        ("definition/initial", idle(r#"{"on": {"GO": "closed"}}"#).replace(r#""initial": "idle""#, r#""initial": "idel""#)),
        ("definition/always", idle(r#"{"on": {"GO": "closed"}}"#).replace(r#""initial""#, r#""always": "closed", "initial""#)),
        ("extensions/statePlugins/0", flow(&format!(r#"{{"idle": {{"on": {{"GO": "closed"}}}}, {closed}}}"#), r#", "extensions": {"statePlugins": [{"name": "x"}]}"#)),
        ("extensions/apiPlugins/0/request/transform/0", plugin(WELL).replace(r#""jmespath""#, r#""helper""#)),
        ("extensions/apiPlugins/0", plugin(WELL).replace(r#""name": "one""#, r#""name": "one.two""#)),
        ("extensions/apiPlugins/0", plugin("")),
        ("extensions/commonPlugins/0", common(r#"{"name": "x", "pluginKind": "attach-ui-definition", "stateNames": ["idle"]}"#)),
        ("extensions/commonPlugins/0/actionPluginName", common(r#"{"name": "x", "pluginKind": "iterative", "stateNames": ["idle"], "actionPluginName": "y", "iterateOn": []}"#)),
        ("extensions/childWorkflowPlugins/0/definitionId", flow(&format!(r#"{{"idle": {{"on": {{"GO": "closed"}}}}, {closed}}}"#), r#", "extensions": {"childWorkflowPlugins": [{"name": "x", "definitionId": "y", "stateNames": ["idle"]}]}"#)),
    ];
    for (path, text) in cases {
        for mode in [Mode::Lenient, Mode::Strict] {
            let errors = import(&text, mode).err().unwrap_or_else(|| panic!("is imported: {text}"));
            assert_eq!(errors[0].place.path, path, "{errors:?}\n{text}");
        }
    }
}

/// Loads what is imported, as a host does.
fn load(text: &str) -> Definition {
    let imported = import(text, Mode::Strict).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
    // What is stored is read again as it was.
    let again = Chart::from_text(&imported.chart.to_json()).unwrap();
    assert_eq!(again.to_json(), imported.chart.to_json());
    let surroundings = Surroundings { dialect: imported.dialect, ..Surroundings::default() };
    Definition::load(again, imported.others, surroundings).unwrap()
}

fn states(definition: &Definition, step: &Step) -> Vec<String> {
    definition.program().atomic(&step.session).map(str::to_owned).collect()
}

#[test]
fn a_child_is_a_chart_that_a_state_invokes() {
    let parent = flow(
        r#"{"idle": {"on": {"ASK": "asked"}}, "asked": {"on": {"TOLD": [{"target": "closed", "cond": {"type": "jmespath", "options": {"rule": "childWorkflows.owner.kyc.result.name == 'A'"}}}]}}, "closed": {"type": "final"}}"#,
        r#", "config": {"childCallbackResults": [{"definitionId": "Owner of a company", "persistenceStates": ["review"], "deliverEvent": "TOLD", "transformers": [{"transformer": "jmespath", "mapping": "{name: entity.name}"}]}]},
            "extensions": {"childWorkflowPlugins": [{"name": "kyc", "pluginKind": "child", "definitionId": "owner", "stateNames": ["asked"], "initEvent": "start", "transformers": [{"transformer": "jmespath", "mapping": "{entity: {name: 'A', of: entity.id}}"}]}]}"#,
    );
    let child = r#"{"id": "owner", "name": "Owner of a company", "definitionType": "statechart-json", "definition": {"initial": "new", "context": {"entity": {}}, "states": {"new": {"on": {"start": "review"}}, "review": {"on": {"OK": "closed"}}, "closed": {"type": "final"}}}}"#;
    let definition = load(&format!("[{parent},{child}]"));
    let begun = definition.start("case-1", 0, &Value::Null).unwrap();
    let asked = definition.step(&begun.session, Event::named("ASK"), 1).unwrap();
    let (_, own) = asked.session.children().next().unwrap();
    assert_eq!(own.data().to_json(), r#"{"entity":{"name":"A","of":"e-1"}}"#);
    let told = definition.advance(&asked.session, 1_000_001).unwrap();
    assert_eq!(told.faults, []);
    assert_eq!(states(&definition, &told), ["closed"]);
    assert_eq!(
        told.session.data().get_str("childWorkflows").unwrap().to_json(),
        r#"{"owner":{"kyc":{"result":{"name":"A"},"state":"review","status":"active"}}}"#
    );
}

#[test]
fn an_event_is_dispatched_to_the_host() {
    let with = |more: &str| {
        flow(
            r#"{"idle": {"on": {"ASK": "asked"}}, "asked": {"on": {"SENT": "closed", "LOST": "closed"}}, "closed": {"type": "final"}}"#,
            &format!(
                r#", "extensions": {{"dispatchEventPlugins": [{{"name": "tell", "eventName": "CASE_ASKED", "payload": {{"kind": "kyb"}}, "stateNames": ["asked"], "transformers": [{{"transformer": "jmespath", "mapping": "{{kind: kind, id: entity.id}}"}}]{more}}}]}}"#
            ),
        )
    };
    let payload = r#"{"id":"e-1","kind":"kyb"}"#;
    let told = |text: &str| {
        let definition = load(text);
        let begun = definition.start("case-1", 0, &Value::Null).unwrap();
        let step = definition.step(&begun.session, Event::named("ASK"), 1).unwrap();
        (definition, step)
    };
    let (_, step) = told(&with(""));
    let [Effect::Send { message, .. }] = &step.effects[..] else { panic!("{:?}", step.effects) };
    assert_eq!(message.event.as_deref(), Some("dispatch"));
    assert_eq!(message.data.as_ref().unwrap().get_str("payload").unwrap().to_json(), payload);
    let (definition, step) = told(&with(r#", "successAction": "SENT", "errorAction": "LOST""#));
    let [Effect::Invoke { id, kind, data, .. }] = &step.effects[..] else {
        panic!("{:?}", step.effects)
    };
    assert_eq!(kind, "dispatch");
    assert_eq!(data.as_ref().unwrap().get_str("payload").unwrap().to_json(), payload);
    let event =
        Event { invoke_id: Some(id.to_string()), ..Event::named(format!("done.invoke.{id}")) };
    let sent = definition.step(&step.session, event, 2).unwrap();
    assert_eq!(states(&definition, &sent), ["closed"]);
}

#[test]
fn the_host_answers_what_the_rules_of_a_risk_come_to() {
    let definition = load(&flow(
        r#"{"idle": {"on": {"ASK": "asked"}}, "asked": {"on": {"GO": [{"target": "high", "cond": {"type": "json-logic", "options": {"rule": {">": [{"var": "pluginsOutput.risk.riskScore"}, 50]}}}}, {"target": "low"}]}}, "high": {"type": "final"}, "low": {"type": "final"}}"#,
        r#", "extensions": {"commonPlugins": [{"name": "risk", "pluginKind": "riskRules", "stateNames": ["asked"], "rulesSource": {"source": "notion", "databaseId": "d-1"}}]}"#,
    ));
    let begun = definition.start("case-1", 0, &Value::Null).unwrap();
    let asked = definition.step(&begun.session, Event::named("ASK"), 1).unwrap();
    let [Effect::Invoke { id, kind, .. }] = &asked.effects[..] else {
        panic!("{:?}", asked.effects)
    };
    assert_eq!(kind, "risk-rules");
    let answer = Value::from_json(r#"{"riskScore": 60}"#).unwrap();
    let event = Event {
        invoke_id: Some(id.to_string()),
        ..Event::named(format!("done.invoke.{id}")).with(answer)
    };
    let told = definition.step(&asked.session, event, 2).unwrap();
    let gone = definition.step(&told.session, Event::named("GO"), 3).unwrap();
    assert_eq!(states(&definition, &gone), ["high"]);
}

#[test]
fn a_schema_takes_null_for_nothing() {
    let definition = load(&flow(
        r#"{"idle": {"on": {"GO": "closed"}}, "closed": {"type": "final"}}"#,
        r#", "contextSchema": {"type": "json-schema", "schema": {"type": "object", "properties": {"entity": {"type": "object"}, "level": {"type": "integer"}}, "additionalProperties": false}}"#,
    ));
    let begun = definition.start("case-1", 0, &Value::Null).unwrap();
    let level = |level: Value| Value::fields([("level", level)]);
    let update =
        |given: Value| definition.step(&begun.session, Event::named(UPDATE).with(given), 1);
    assert!(update(level(Value::from(3_i64))).is_ok());
    assert!(update(level(Value::from("three"))).is_err());
}

#[test]
fn actions_and_tags_are_carried() {
    let definition = load(&flow(
        r#"{"idle": {"tags": ["pending"], "on": {"GO": {"target": "closed", "actions": ["note", {"type": "tell", "to": "desk"}]}}, "exit": "leave"}, "closed": {"type": "final", "entry": ["enter"], "description": "Over."}}"#,
        "",
    ));
    assert_eq!(definition.chart().states[0].description.as_deref(), Some("Tags: pending."));
    let begun = definition.start("case-1", 0, &Value::Null).unwrap();
    let gone = definition.step(&begun.session, Event::named("GO"), 1).unwrap();
    let told: Vec<_> = gone
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send { message, .. } => message.event.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["leave", "note", "tell", "enter"]);
}

/// Pieces that definitions are made of, and some that do not fit.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"definition\"",
    "\"states\"",
    "\"on\"",
    "\"GO\"",
    "\"idle\"",
    "\"cond\"",
    "\"always\"",
    "\"initial\"",
    "\"type\"",
    "\"final\"",
    "\"target\"",
    "1",
    "null",
    "\"definitionType\"",
    "\"statechart-json\"",
    "\"extensions\"",
    "\"é\\n\"",
    " ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_text_says_it_is_imported_or_refused_with_places(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        let text = pieces.concat();
        if let Err(errors) = import(&text, Mode::Lenient) {
            prop_assert!(!errors.is_empty() && errors.iter().all(|error| error.place.row > 0));
        }
    }

    /// A word of a definition is another word: then the strict mode takes exactly what the lenient mode takes without a leniency, and what is
    /// taken is read again as it was written.
    #[test]
    fn the_strict_mode_takes_what_is_tolerated_nowhere(nth in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let cases = Value::from_json(include_str!("../tests/cases.json")).unwrap();
        let text = nth.get(cases.as_array().unwrap()).get_str("definition").unwrap().to_json();
        let words: Vec<&str> = text.split('"').collect();
        let mut changed = words.clone();
        changed[at.index(words.len())] = words[other.index(words.len())];
        let text = changed.join("\"");
        let lenient = import(&text, Mode::Lenient);
        let strict = import(&text, Mode::Strict);
        match (lenient, strict) {
            (Ok(lenient), strict) => {
                prop_assert_eq!(strict.is_ok(), lenient.leniencies.is_empty(), "{:?} {:?}", strict, lenient.leniencies);
                let written = lenient.chart.to_json();
                prop_assert_eq!(Chart::from_text(&written).unwrap().to_json(), written);
            }
            (Err(errors), strict) => {
                prop_assert!(strict.is_err() && !errors.is_empty());
            }
        }
    }
}

#[test]
fn no_value_of_the_context_makes_a_placeholder_of_a_secret() {
    let plugin =
        |more: &str, well: &str| {
            plugin(&well.replace(", \"stateNames\"", &format!(", {more}, \"stateNames\"")))
                .replacen(r#""url": "https://one.test/", "#, "", 1)
        };
    let url = |url: &str| format!(r#""url": "{url}""#);
    let header =
        |value: &str| format!(r#""url": "https://one.test/", "headers": {{"x-case": "{value}"}}"#);
    let silent = r#", "stateNames": ["asked"]"#;
    for (what, more, id, is_asked) in [
        ("a plain value", url("https://one.test/{entity.id}/{secret.KEY}"), "e-1", true),
        ("a secret as a value", url("https://one.test/{entity.id}"), "{secret.KEY}", false),
        ("half of one", url("https://one.test/{entity.id}.KEY}"), "{secret", false),
        ("in a header", header("{entity.id}"), "x {secret.KEY}", false),
        ("half of one in a header", header("{entity.id}cret.KEY}"), "{se", false),
        ("what closes one", url("https://one.test/{entity.id}"), "e-1}", true),
    ] {
        for well in [WELL, silent] {
            let text = plugin(&more, well).replace(r#""id": "e-1""#, &format!(r#""id": "{id}""#));
            let definition = load(&text);
            let begun = definition.start("case-1", 0, &Value::Null).unwrap();
            let step = definition.step(&begun.session, Event::named("ASK"), 1).unwrap();
            let told = format!("{:?}", step.effects);
            let part = if more.contains("headers") { "(\"headers\")" } else { "(\"url\")" };
            assert_eq!(told.contains(part), is_asked, "{what}: {told}");
            if well == WELL && !is_asked {
                assert_eq!(states(&definition, &step), ["closed"], "{what}: the plugin failed");
            }
        }
    }
}
