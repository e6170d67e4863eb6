//! What is refused when a definition is loaded, and where.

use super::super::Instant;
use super::*;
use crate::policy::OBLIGATIONS;

/// A definition with parts in their places.
fn load(parts: &str) -> String {
    let json = format!(r#"{{"version": 1, "name": "p", "default": "allow", {parts}}}"#);
    let definition: Definition = match serde_json::from_str(&json) {
        Ok(definition) => definition,
        Err(error) => return format!("json: {error}"),
    };
    let again = serde_json::to_string(&definition).unwrap();
    assert_eq!(serde_json::from_str::<Definition>(&again).unwrap(), definition);
    Program::load(&definition).map_or_else(|error| error.to_string(), |_| "loaded".to_owned())
}

/// With a rule, facts of each type, a list, and thresholds of both forms.
fn rule(rule: &str) -> String {
    load(&format!(
        r#""facts": {{"n": "units", "m": "units", "s": "text", "b": "bool", "t": "instant", "set": "texts"}}, "lists": {{"l": ["x"]}},
           "roles": {{"admin": {{"aliases": ["Admin"], "permissions": ["*:*"]}}}},
           "thresholds": {{"default": {{"tables": [{{"from": "2026-01-01", "values": {{"one": "5", "by": {{"L0": "1"}}, "role": {{"Admin": "1"}}}}}}]}}}},
           "rules": [{rule}]"#
    ))
}

fn when(condition: &str) -> String {
    rule(&format!(r#"{{"id": "r", "when": {condition}, "check": {{"type": "match"}}}}"#))
}

fn check(check: &str) -> String {
    rule(&format!(r#"{{"id": "r", "check": {check}}}"#))
}

fn assert_all(load: impl Fn(&str) -> String, cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(json, want)| (json, load(json), want))
        .filter(|(_, got, want)| got != *want)
        .map(|(json, got, want)| format!("{json}\n  {got}\n  {want}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn documents_are_checked() {
    assert_all(
        load,
        &[
            (r#""rules": []"#, "loaded"),
            (
                r#""facts": {"Amount": "units"}"#,
                "facts.Amount: `Amount` is no name: write 1 to 64 of a-z, 0-9, `-`, `_`, `.` and `/`",
            ),
            (
                r#""facts": {"subject.tenant": "text"}"#,
                "facts.subject.tenant: is always there: leave it out",
            ),
            (r#""facts": {"now": "units"}"#, "facts.now: is always there: leave it out"),
            (r#""roles": {"a": {"inherits": ["b"]}}"#, "roles.a.inherits[0]: there is no role `b`"),
            (
                r#""roles": {"a": {"inherits": ["a"]}}"#,
                "roles.a.inherits[0]: closes a circle: `a` inherits from itself",
            ),
            (
                r#""roles": {"a": {"inherits": ["b"]}, "b": {"inherits": ["c"]}, "c": {"inherits": ["a"]}}"#,
                "roles.c.inherits[0]: closes a circle: `a` inherits from itself",
            ),
            (
                r#""roles": {"a": {"inherits": ["b", "c"]}, "b": {"inherits": ["d"]}, "c": {"inherits": ["d"]}, "d": {}}"#,
                "loaded",
            ),
            (
                r#""roles": {"a": {"aliases": ["b"]}, "b": {}}"#,
                "roles.a.aliases[0]: is the name of another role",
            ),
            (
                r#""roles": {"a": {"aliases": ["x"]}, "b": {"aliases": ["x"]}}"#,
                "roles.b.aliases[0]: is the name of another role",
            ),
            (
                r#""roles": {"a": {"permissions": ["ok:*", "all"]}}"#,
                "roles.a.permissions[1]: is no permission: write `resource:action`, or `*` for either of them",
            ),
            (
                r#""roles": {"a": {"permissions": ["led*:read"]}}"#,
                "roles.a.permissions[0]: is no permission: write `resource:action`, or `*` for either of them",
            ),
            (r#""lists": {"l": ["x", ""]}"#, "lists.l[1]: is empty, or longer than a fact can be"),
        ],
    );
    let version = serde_json::from_str(r#"{"version": 2, "name": "p"}"#).unwrap();
    assert_eq!(Program::load(&version).unwrap_err().to_string(), "version: is not 1");
    for json in [
        r#"{"version": 1, "name": "p", "isolation": false}"#,
        r#"{"version": 1, "name": "p", "default": "review"}"#,
        r#"{"version": 1, "name": "p", "facts": {"a": "float"}}"#,
        r#"{"version": 1, "name": "p", "thresholds": {"default": {"tables": [{"from": "2026-01-01", "values": {"a": 1.5}}]}}}"#,
        r#"{"version": 1, "name": "p", "thresholds": {"default": {"tables": [{"from": "2026-01-01", "values": {"a": {"k": 1, "k": 2}}}]}}}"#,
        r#"{"version": 1, "name": "p", "rules": [{"id": "r", "check": {"type": "access", "tenants": "any"}}]}"#,
        r#"{"version": 1, "name": "p", "rules": [{"id": "r", "check": {"type": "amount", "fact": "n", "max": [{"threshold": "x", "or": 1}]}}]}"#,
    ] {
        assert!(serde_json::from_str::<Definition>(json).is_err(), "{json}");
    }
}

#[test]
fn thresholds_are_checked() {
    let table = |from: &str, values: &str| format!(r#"{{"from": "{from}", "values": {values}}}"#);
    let load = |tables: &str| load(&format!(r#""thresholds": {{"ZA": {{"tables": [{tables}]}}}}"#));
    for (tables, want) in [
        (table("2026-01-31", r#"{"a": 1}"#), "loaded"),
        (String::new(), "thresholds.ZA: has no table: leave it out, or write one"),
        (
            table("2026-1-31", r#"{"a": 1}"#),
            "thresholds.ZA.tables[0].from: is no day between 1678 and 2261: write `2026-01-31`",
        ),
        (
            table("2026-02-30", r#"{"a": 1}"#),
            "thresholds.ZA.tables[0].from: is no day between 1678 and 2261: write `2026-01-31`",
        ),
        (
            table("9999-01-01", r#"{"a": 1}"#),
            "thresholds.ZA.tables[0].from: is no day between 1678 and 2261: write `2026-01-31`",
        ),
        (table("2026-01-31", r#"{"a": "-1"}"#), "thresholds.ZA.tables[0].values.a: is below zero"),
        (
            table("2026-01-31", r#"{"a": {"L0": "-1"}}"#),
            "thresholds.ZA.tables[0].values.a.L0: is below zero",
        ),
        (
            [table("2026-01-02", r#"{"a": 1}"#), table("2026-01-02", r#"{"a": 1}"#)].join(","),
            "thresholds.ZA.tables[1].from: is not after the day of the table before",
        ),
        (
            [table("2026-01-02", r#"{"a": 1}"#), table("2026-01-03", r#"{}"#)].join(","),
            "thresholds.ZA.tables[1].values: lacks the threshold `a`: every table has the same",
        ),
        (
            [table("2026-01-02", r#"{"a": 1}"#), table("2026-01-03", r#"{"a": 1, "b": 1}"#)]
                .join(","),
            "thresholds.ZA.tables[1].values.b: is in no other table: every table has the same thresholds",
        ),
        (
            [table("2026-01-02", r#"{"a": 1}"#), table("2026-01-03", r#"{"a": {"L0": 1}}"#)]
                .join(","),
            "thresholds.ZA.tables[1].values.a: has entries by key in one table and none in another",
        ),
    ] {
        assert_eq!(load(&tables), want, "{tables}");
    }
    let zone = r#""thresholds": {"ZA": {"zone": "Mars/Olympus", "tables": [{"from": "2026-01-01", "values": {}}]}}"#;
    assert_eq!(
        self::load(zone),
        "thresholds.ZA.zone: is no time zone: write `Africa/Johannesburg`"
    );
}

#[test]
fn conditions_are_checked() {
    assert_all(
        when,
        &[
            (r#"{"all": []}"#, "rules[0].when.all: has no conditions"),
            (
                r#"{"eq": {"fact": "nobody", "value": 1}}"#,
                "rules[0].when.eq.fact: there is no fact `nobody`: declare it under `facts`",
            ),
            (
                r#"{"all": [{"any": [{"not": {"eq": {"fact": "n", "value": true}}}]}]}"#,
                "rules[0].when.all[0].any[0].not.eq.value: is of another type than the fact",
            ),
            (
                r#"{"eq": {"fact": "n", "value": "five"}}"#,
                "rules[0].when.eq.value: `five` is no whole number below 2^127, nor `unlimited`",
            ),
            (
                r#"{"eq": {"fact": "n", "value": "05"}}"#,
                "rules[0].when.eq.value: `05` is no whole number below 2^127, nor `unlimited`",
            ),
            (
                r#"{"eq": {"fact": "s", "value": 5}}"#,
                "rules[0].when.eq.value: is of another type than the fact",
            ),
            (
                r#"{"eq": {"fact": "b", "value": "true"}}"#,
                "rules[0].when.eq.value: is of another type than the fact",
            ),
            (
                r#"{"lt": {"fact": "s", "value": "a"}}"#,
                "rules[0].when.lt: compares what has no order: take `eq` or `neq`",
            ),
            (
                r#"{"eq": {"fact": "set", "value": "a"}}"#,
                "rules[0].when.eq: compares a set of texts: ask with `in`",
            ),
            (
                r#"{"eq": {"fact": "n", "value": {"fact": "s"}}}"#,
                "rules[0].when.eq.value: is a fact of another type",
            ),
            (
                r#"{"eq": {"fact": "t", "value": "noon"}}"#,
                "rules[0].when.eq.value: is no time of RFC 3339 between 1678 and 2261: write `2026-01-31T12:00:00Z`",
            ),
            (r#"{"gt": {"fact": "n", "value": {"threshold": "one"}}}"#, "loaded"),
            (r#"{"gt": {"fact": "n", "value": {"threshold": "by", "by": "s"}}}"#, "loaded"),
            (
                r#"{"gt": {"fact": "n", "value": {"threshold": "by", "by": "set"}}}"#,
                "rules[0].when.gt.value.by: the fact `set` is of type texts, and text is expected",
            ),
            (
                r#"{"in": {"fact": "n", "list": "l"}}"#,
                "rules[0].when.in.fact: the fact `n` is of type units, and text or texts is expected",
            ),
            (
                r#"{"in": {"fact": "s", "list": "k"}}"#,
                "rules[0].when.in.list: there is no list `k`",
            ),
            (
                r#"{"in": {"fact": "s"}}"#,
                "rules[0].when.in: needs one of `list`, `values` and `texts`",
            ),
            (
                r#"{"in": {"fact": "s", "list": "l", "values": []}}"#,
                "rules[0].when.in: needs one of `list`, `values` and `texts`",
            ),
            (
                r#"{"in": {"fact": "subject.roles", "values": ["Admin"]}}"#,
                "rules[0].when.in: `Admin` is an alias: write the role `admin`",
            ),
            (r#"{"in": {"fact": "s", "texts": "subject.roles"}}"#, "loaded"),
            (
                r#"{"is_known": "s"}"#,
                "rules[0].when.is_known: stands in a rule that does not permit: a request would gain by keeping the fact back; put it under `not`",
            ),
            (r#"{"not": {"is_known": "s"}}"#, "loaded"),
        ],
    );
    let deep = |depth: usize| {
        format!(
            r#"{}{{"not": {{"is_known": "s"}}}}{}"#,
            r#"{"all": ["#.repeat(depth),
            "]}".repeat(depth)
        )
    };
    assert_eq!(when(&deep(CONDITION_DEPTH - 2)), "loaded");
    assert!(when(&deep(CONDITION_DEPTH - 1)).contains("is too much"));
    let permit = |condition: &str| {
        let json = format!(
            r#"{{"version": 1, "name": "p", "rules": [{{"id": "r", "when": {condition}, "check": {{"type": "permit"}}}}]}}"#
        );
        let definition = serde_json::from_str(&json).unwrap();
        Program::load(&definition).map_or_else(|error| error.to_string(), |_| "loaded".to_owned())
    };
    assert_eq!(permit(r#"{"is_known": "now"}"#), "loaded");
    assert_eq!(
        permit(r#"{"not": {"is_known": "now"}}"#),
        "rules[0].when.not.is_known: stands under `not` in a rule that permits: a request would gain by keeping the fact back"
    );
}

#[test]
fn checks_are_checked() {
    assert_all(
        check,
        &[
            (r#"{"type": "permit"}"#, "rules[0]: needs a `when`"),
            (r#"{"type": "match"}"#, "rules[0]: needs a `when`"),
            (r#"{"type": "amount", "fact": "n", "max": []}"#, "rules[0].check.max: has no limit"),
            (r#"{"type": "amount", "fact": "n"}"#, "rules[0].check.max: has no limit"),
            (r#"{"type": "amount", "fact": "n", "min": "1"}"#, "loaded"),
            (
                r#"{"type": "amount", "fact": "s", "max": ["1"]}"#,
                "rules[0].check.fact: the fact `s` is of type text, and units is expected",
            ),
            (
                r#"{"type": "amount", "fact": "n", "max": ["1", "-1"]}"#,
                "rules[0].check.max[1]: is below zero",
            ),
            (
                r#"{"type": "amount", "fact": "n", "max": [{"threshold": "two"}]}"#,
                "rules[0].check.max[0]: there is no threshold `two`",
            ),
            (
                r#"{"type": "amount", "fact": "n", "max": [{"threshold": "by"}]}"#,
                "rules[0].check.max[0]: `by` has entries by key: say with `by` which fact it is",
            ),
            (
                r#"{"type": "amount", "fact": "n", "max": [{"threshold": "one", "by": "s"}]}"#,
                "rules[0].check.max[0]: `one` has no entries by key",
            ),
            (
                r#"{"type": "amount", "fact": "n", "max": [{"threshold": "by", "by": "n"}]}"#,
                "rules[0].check.max[0].by: the fact `n` is of type units, and text or texts is expected",
            ),
            (
                r#"{"type": "amount", "fact": "n", "max": [{"threshold": "role", "by": "subject.roles"}]}"#,
                "rules[0].check.max[0]: `Admin` is an alias: write the role `admin`",
            ),
            (
                r#"{"type": "session", "started": "n", "seconds": 1}"#,
                "rules[0].check.started: the fact `n` is of type units, and instant is expected",
            ),
            (
                r#"{"type": "listed", "fact": "s", "list": "k", "listing": "sanctions_match"}"#,
                "rules[0].check.list: there is no list `k`",
            ),
            (
                r#"{"type": "four_eyes", "amount": "n", "at_least": 1, "maker": "s", "checkers": "set", "count": 0, "role": "r"}"#,
                "rules[0].check.count: is not from 1 to 100",
            ),
        ],
    );
    assert_all(
        rule,
        &[
            (
                r#"{"id": "a", "check": {"type": "access"}}, {"id": "a", "check": {"type": "access"}}"#,
                "rules[1].id: is the id of another rule",
            ),
            (
                r#"{"id": "A b", "check": {"type": "access"}}"#,
                "rules[0].id: `A b` is no name: write 1 to 64 of a-z, 0-9, `-`, `_`, `.` and `/`",
            ),
            (
                r#"{"id": "a", "when": {"is_known": "s"}, "check": {"type": "permit"}}"#,
                "rules[0]: permits what is allowed by default: leave it out, or deny by default",
            ),
            (
                r#"{"id": "a", "check": {"type": "access"}, "outcome": "allow"}"#,
                "rules[0].outcome: cannot be chosen: such a rule permits, and one of access denies else",
            ),
            (
                r#"{"id": "a", "when": {"not": {"is_known": "s"}}, "check": {"type": "access"}}"#,
                "rules[0].when.not.is_known: cannot stand in a rule of access, which both permits and denies",
            ),
            (
                r#"{"id": "a", "check": {"type": "pep", "pep": "b", "amount": "n", "above": 1}, "audience": "customer"}"#,
                "rules[0].audience: is `customer`: who is suspected is never told",
            ),
            (
                r#"{"id": "a", "check": {"type": "access"}, "message": ""}"#,
                "rules[0].message: is empty, or has more than 1024 bytes",
            ),
            (
                r#"{"id": "a", "check": {"type": "access"}, "obligations": [{"type": "hold", "seconds": 1}, {"type": "notify", "topic": ""}]}"#,
                "rules[0].obligations[1]: has a text that is empty, or of more than 1024 bytes",
            ),
            (
                r#"{"id": "a", "when": {"not": {"is_known": "s"}}, "check": {"type": "match", "code": 3002}}"#,
                "rules[0].check.code: is not from 10000 to 99999",
            ),
        ],
    );
    let duties = vec![r#"{"type": "hold", "seconds": 1}"#; OBLIGATIONS + 1].join(",");
    let json =
        format!(r#"{{"id": "a", "check": {{"type": "access"}}, "obligations": [{duties}]}}"#);
    assert_eq!(rule(&json), "rules[0].obligations: has 65 items: at most 64 are taken");
}

#[test]
fn a_day_begins_where_its_clocks_say() {
    let first = |zone: &str, from: &str| {
        let json = format!(
            r#"{{"version": 1, "name": "p", "thresholds": {{"X": {{"zone": "{zone}", "tables": [{{"from": "{from}", "values": {{"a": 1}}}}]}}}}}}"#
        );
        let program = Program::load(&serde_json::from_str(&json).unwrap()).unwrap();
        Instant(program.thresholds.own[0].1[0].from).to_string()
    };
    assert_eq!(first("UTC", "2026-01-31"), "2026-01-31T00:00:00Z");
    assert_eq!(first("Africa/Johannesburg", "2026-01-31"), "2026-01-30T22:00:00Z");
    // At midnight of this day the clocks of Santiago were put forward to one.
    assert_eq!(first("America/Santiago", "2024-09-08"), "2024-09-08T04:00:00Z");
}
