use proptest::prelude::*;

use super::{Change, Diff, Listed, Row, diff};
use crate::policy::bundle::{Bundle, File};
use crate::policy::rego::{Request, Value};
use crate::policy::snapshot::Snapshot;

/// A bundle of files: the name of each and its text.
fn side(files: &[(&str, &str)]) -> Snapshot {
    let files: Vec<File<'_>> = files.iter().map(|(name, text)| File::new(name, text)).collect();
    Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap()
}

/// A bundle of one module.
fn module(text: &str) -> Snapshot {
    side(&[("m.rego", &format!("package m\n\n{text}"))])
}

/// A path or a pointer, how it changes, and what it is before and after.
type Told<'a> = (&'a str, &'a str, Option<&'a str>, Option<&'a str>);

fn told(rows: &Listed<Row>) -> Vec<Told<'_>> {
    let text = Option::<String>::as_deref;
    let told = rows.entries.iter();
    told.map(|row| (row.pointer.as_str(), row.change.name(), text(&row.before), text(&row.after)))
        .collect()
}

#[test]
fn rules_by_what_they_mean() {
    /// A module before and after, and what is told of its rules.
    type Case = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);
    let cases: [Case; 28] = [
        ("white space and comments", "a if { input.x }", "# why\na if {\n\n\tinput.x # so\n}", &[]),
        ("another way to write it", "a := true if { input.x }", "a if input.x", &[]),
        ("a rule that comes", "a := 1", "a := 1\nb := 2", &[("data.m.b", "added")]),
        ("a rule that goes", "a := 1\nb := 2", "a := 1", &[("data.m.b", "removed")]),
        (
            "a rule that is renamed",
            "a := 1",
            "b := 1",
            &[("data.m.a", "removed"), ("data.m.b", "added")],
        ),
        ("another constant", "a := 1", "a := 2", &[("data.m.a", "changed")]),
        ("another text of a number", "a := 1", "a := 1.0", &[("data.m.a", "changed")]),
        ("a number and its text", "a := 1", "a := \"1\"", &[("data.m.a", "changed")]),
        ("another operator", "a if input.x > 1", "a if input.x >= 1", &[("data.m.a", "changed")]),
        (
            "a condition more",
            "a if input.x",
            "a if { input.x; input.y }",
            &[("data.m.a", "changed")],
        ),
        ("a negation", "a if input.x", "a if not input.x", &[("data.m.a", "changed")]),
        (
            "a default",
            "a if input.x",
            "default a := false\na if input.x",
            &[("data.m.a", "changed")],
        ),
        ("the order of rules", "a if input.x\na if input.y", "a if input.y\na if input.x", &[]),
        (
            "the order of branches",
            "a := 1 if input.x else := 2 if input.y",
            "a := 2 if input.y else := 1 if input.x",
            &[("data.m.a", "changed")],
        ),
        (
            "the name of a variable",
            "a if { some x in input.xs; x > 1 }",
            "a if { some one in input.xs; one > 1 }",
            &[],
        ),
        (
            "two variables that are one",
            "a if { x := input.p; y := input.q; x > y }",
            "a if { x := input.p; y := input.q; x > x }",
            &[("data.m.a", "changed")],
        ),
        ("the names of arguments", "f(x, y) := x - y", "f(a, b) := a - b", &[]),
        (
            "arguments the other way round",
            "f(x, y) := x - y",
            "f(x, y) := y - x",
            &[("data.m.f", "changed")],
        ),
        (
            "a variable with a function's name",
            "a if { x := input.p; x > 1 }",
            "a if { count := input.p; count > 1 }",
            &[("data.m.a", "changed")],
        ),
        ("an import and its path", "import data.lists.k\na if k.x", "a if data.lists.k.x", &[]),
        (
            "an import by another name",
            "import data.lists.k\na if k.x",
            "import data.lists.k as j\na if j.x",
            &[],
        ),
        (
            "another import by the same name",
            "import data.lists.k\na if k.x",
            "import data.lists.j as k\na if k.x",
            &[("data.m.a", "changed")],
        ),
        ("a rule and its path", "a if b\nb if input.x", "a if data.m.b\nb if input.x", &[]),
        (
            "a variable that was a rule",
            "x := 1\na if x = 1",
            "a if x = 1",
            &[("data.m.a", "changed"), ("data.m.x", "removed")],
        ),
        (
            "an import that was hidden by a rule",
            "import data.k as x\nx := 1\na if x == 1",
            "import data.k as x\na if x == 1",
            &[("data.m.a", "changed"), ("data.m.x", "removed")],
        ),
        (
            "what a variable hides in a part",
            "x := 1\na if { x == 1; [y | x := input.p; y := x] == [] }",
            "a if { x = 1; [y | x := input.p; y := x] == [] }",
            &[("data.m.a", "changed"), ("data.m.x", "removed")],
        ),
        (
            "what is replaced",
            "a if b with input.x as 1\nb if input.x",
            "a if b with input.y as 1\nb if input.x",
            &[("data.m.a", "changed")],
        ),
        (
            "the path of a head",
            "a.b := 1",
            "a.c := 1",
            &[("data.m.a.b", "removed"), ("data.m.a.c", "added")],
        ),
    ];
    for (name, before, after, wanted) in cases {
        let diff = diff(&module(before), &module(after));
        let rules = diff.rules.entries.iter();
        let rules: Vec<_> = rules.map(|rule| (rule.path.as_str(), rule.change.name())).collect();
        assert_eq!(rules, wanted, "{name}");
        let file = diff.files.entries.iter().map(|file| file.change).next();
        let wanted = if wanted.is_empty() { Change::Text } else { Change::Changed };
        assert_eq!(file, Some(wanted), "{name}");
    }
}

#[test]
fn another_dialect_alone() {
    let manifest = (".manifest", r#"{"rego_version": 0}"#);
    let before =
        side(&[manifest, ("m.rego", "package m\n\na { input.x }\n\nb[x] { x := input.xs[_] }\n")]);
    let after = "package m\n\na if input.x\n\nb contains x if x := input.xs[_]\n";
    let diff = diff(&before, &side(&[("m.rego", after)]));
    assert!(diff.is_same() && !diff.is_empty(), "{diff:?}");
}

#[test]
fn where_rules_stand_on_both_sides() {
    let before = "a if input.x == 1\n\na if input.x == 2\n\na if input.x == 3\n";
    let after =
        "# one\na if input.x == 1\n\na if input.x == 3\n\na if input.x == 4\n\na if input.x == 5\n";
    let diff = diff(&module(before), &module(after));
    let rule = &diff.rules.entries[0];
    assert_eq!((rule.package.as_str(), rule.path.as_str()), ("data.m", "data.m.a"));
    let rows = |sites: &[super::Site]| sites.iter().map(|site| site.row).collect::<Vec<_>>();
    assert_eq!((rows(&rule.before), rows(&rule.after)), (vec![5], vec![8, 10]));
}

#[test]
fn annotations_alone() {
    let before = "# METADATA\n# title: Large\n# description: From here on.\na if input.x";
    let after = "# METADATA\n# title: Large\n# description: From there on.\n# entrypoint: true\na if input.x";
    let told_of = diff(&module(before), &module(after));
    let rule = &told_of.rules.entries[0];
    assert_eq!((rule.path.as_str(), rule.change), ("data.m.a", Change::Notes));
    let wanted = [
        ("/description", "changed", Some("\"From here on.\""), Some("\"From there on.\"")),
        ("/entrypoint", "added", None, Some("true")),
    ];
    assert_eq!(told(&rule.notes), wanted);
    assert_eq!(told_of.files.entries[0].change, Change::Notes);
    assert_eq!(told_of.packages.entries[0].change, Change::Notes);
    assert_eq!(told_of.entry_points.entries[0].name, "data.m.a");
    // Who reads annotations means something else with others.
    let reads = |text: &str| module(&format!("{text} == rego.metadata.rule().title"));
    let read = diff(&reads(before), &reads(after));
    assert_eq!(read.rules.entries[0].change, Change::Changed);
    // Those of a package are the package's.
    let of = |title: &str| {
        side(&[("m.rego", &format!("# METADATA\n# title: {title}\npackage m\n\na := 1\n"))])
    };
    let package = diff(&of("One"), &of("Two"));
    assert!(package.rules.is_empty());
    assert_eq!(
        told(&package.packages.entries[0].notes),
        [("/title", "changed", Some("\"One\""), Some("\"Two\""))]
    );
}

#[test]
fn packages_files_and_the_manifest() {
    let before = side(&[
        (".manifest", r#"{"revision": "1", "roots": ["m", "n"], "metadata": {"by": "ana"}}"#),
        ("m.rego", "package m\n\na := 1\n"),
        ("n.rego", "package n\n\nb := 1\n"),
    ]);
    let after = side(&[
        (".manifest", r#"{"revision": "2", "roots": ["m", "o"], "metadata": {"by": "zodwa"}}"#),
        ("m.rego", "package m\n\na := 2\n"),
        ("o.rego", "package o\n\nb := 1\n"),
    ]);
    let diff = diff(&before, &after);
    assert_eq!((diff.before.revision.as_str(), diff.after.revision.as_str()), ("1", "2"));
    assert_ne!(diff.before.digest, diff.after.digest);
    let roots: Vec<_> =
        diff.roots.entries.iter().map(|one| (one.name.as_str(), one.change.name())).collect();
    assert_eq!(roots, [("n", "removed"), ("o", "added")]);
    assert_eq!(told(&diff.metadata), [("/by", "changed", Some("\"ana\""), Some("\"zodwa\""))]);
    let files: Vec<_> =
        diff.files.entries.iter().map(|one| (one.file.as_str(), one.change.name())).collect();
    assert_eq!(
        files,
        [
            (".manifest", "changed"),
            ("m.rego", "changed"),
            ("n.rego", "removed"),
            ("o.rego", "added")
        ]
    );
    let packages: Vec<_> =
        diff.packages.entries.iter().map(|one| (one.package.as_str(), one.change.name())).collect();
    assert_eq!(packages, [("data.m", "changed"), ("data.n", "removed"), ("data.o", "added")]);
}

#[test]
fn documents_by_their_pointers() {
    let cases: [(&str, &str, &str, &[Told<'_>]); 14] = [
        ("the same, written otherwise", r#"{"a": [1, 2]}"#, "{ \"a\":[1,2] }", &[]),
        (
            "a value",
            r#"{"a": {"b": 1}}"#,
            r#"{"a": {"b": 2}}"#,
            &[("/a/b", "changed", Some("1"), Some("2"))],
        ),
        (
            "another text of a number",
            r#"{"a": 1}"#,
            r#"{"a": 1.0}"#,
            &[("/a", "changed", Some("1"), Some("1.0"))],
        ),
        (
            "a number and its text",
            r#"{"a": 1}"#,
            r#"{"a": "1"}"#,
            &[("/a", "changed", Some("1"), Some("\"1\""))],
        ),
        (
            "a field that comes",
            "{}",
            r#"{"a": {"b": 1}}"#,
            &[("/a", "added", None, Some(r#"{"b":1}"#))],
        ),
        ("a field that goes", r#"{"a": null}"#, "{}", &[("/a", "removed", Some("null"), None)]),
        (
            "another kind",
            r#"{"a": {}}"#,
            r#"{"a": []}"#,
            &[("/a", "changed", Some("{}"), Some("[]"))],
        ),
        (
            "keys with signs",
            r#"{"a/b": {"~": 1}}"#,
            r#"{"a/b": {"~": 2}}"#,
            &[("/a~1b/~0", "changed", Some("1"), Some("2"))],
        ),
        (
            "an item that comes first",
            r#"{"a": ["x", "y"]}"#,
            r#"{"a": ["w", "x", "y"]}"#,
            &[("/a/0", "added", None, Some("\"w\""))],
        ),
        (
            "an item that goes",
            r#"{"a": ["x", "y", "z"]}"#,
            r#"{"a": ["x", "z"]}"#,
            &[("/a/1", "removed", Some("\"y\""), None)],
        ),
        (
            "one of two that are equal",
            r#"{"a": ["x", "x"]}"#,
            r#"{"a": ["x"]}"#,
            &[("/a/1", "removed", Some("\"x\""), None)],
        ),
        (
            "an item that changes in itself",
            r#"{"a": [{"n": 1}, {"n": 2}]}"#,
            r#"{"a": [{"n": 1}, {"n": 3}]}"#,
            &[("/a/1/n", "changed", Some("2"), Some("3"))],
        ),
        (
            "another order",
            r#"{"a": ["x", "y"]}"#,
            r#"{"a": ["y", "x"]}"#,
            &[("/a", "changed", Some(r#"["x","y"]"#), Some(r#"["y","x"]"#))],
        ),
        (
            "one that goes, and one that comes",
            r#"{"a": ["x", "y"]}"#,
            r#"{"a": ["y", "z"]}"#,
            &[("/a/0", "removed", Some("\"x\""), None), ("/a/1", "added", None, Some("\"z\""))],
        ),
    ];
    for (name, before, after, wanted) in cases {
        let diff = diff(&side(&[("data.json", before)]), &side(&[("data.json", after)]));
        assert_eq!(told(&diff.documents), wanted, "{name}");
        assert_eq!(diff.is_same(), wanted.is_empty(), "{name}");
        assert_eq!(diff.files.entries.len(), 1, "{name}");
    }
}

#[test]
fn what_is_large_is_cut() {
    let before = side(&[("data.json", "{}")]);
    let text: String =
        (0..1200).map(|n| format!("\"k{n:04}\": \"{}\",", "é".repeat(300))).collect();
    let after = side(&[("data.json", &format!("{{{text} \"z\": 1}}"))]);
    let diff = diff(&before, &after);
    assert_eq!((diff.documents.entries.len(), diff.documents.more), (1000, 201));
    let row = diff.documents.entries[0].after.as_deref().unwrap();
    assert!(row.len() <= 256 + '…'.len_utf8() && row.ends_with("é…"), "{row}");
}

const LIMITS: &str = r#"{"version": 1, "name": "limits", "default": "allow",
    "facts": {"amount": "units", "country": "text"},
    "lists": {"high": ["KP", "IR"]},
    "thresholds": {"default": {"tables": [{"from": "2026-01-01", "values": {"daily": 18500}}]}},
    "rules": [
        {"id": "limits/amount", "check": {"type": "amount", "fact": "amount", "max": [{"threshold": "daily"}]}},
        {"id": "limits/most", "check": {"type": "amount", "fact": "amount", "max": ["99000"]}},
        {"id": "aml/country", "check": {"type": "listed", "fact": "country", "list": "high", "listing": "high_risk_country"}}
    ]}"#;

#[test]
fn typed_rules_field_by_field() {
    type Field<'a> = (&'a str, &'a str, &'a str, &'a str, Option<&'a str>, Option<&'a str>);
    let cases: [(&str, &str, &str, &[Field<'_>]); 7] = [
        ("a number as its text", "18500", "\"18500\"", &[]),
        ("the order of a list", r#"["KP", "IR"]"#, r#"["IR", "KP"]"#, &[]),
        (
            "a limit",
            "\"99000\"",
            "98000",
            &[(
                "rules",
                "limits/most",
                "/check/max/0",
                "changed",
                Some("\"99000\""),
                Some("\"98000\""),
            )],
        ),
        (
            "a threshold",
            "18500",
            "17000",
            &[(
                "thresholds",
                "default",
                "/tables/2026-01-01/values/daily",
                "changed",
                Some("\"18500\""),
                Some("\"17000\""),
            )],
        ),
        (
            "an item of a list",
            r#"["KP", "IR"]"#,
            r#"["SY", "KP", "IR"]"#,
            &[("lists", "high", "", "added", None, Some("\"SY\""))],
        ),
        (
            "a field more",
            r#""max": ["99000"]}"#,
            r#""max": ["99000"]}, "severity": "high""#,
            &[("rules", "limits/most", "/severity", "added", None, Some("\"high\""))],
        ),
        (
            "what nothing permits",
            r#""default": "allow""#,
            r#""default": "deny""#,
            &[("default", "", "", "changed", Some("\"allow\""), Some("\"deny\""))],
        ),
    ];
    let of = |text: &str| side(&[("limits/typed.json", text)]);
    for (name, before, after, wanted) in cases {
        assert!(LIMITS.contains(before), "{name}");
        let diff = diff(&of(LIMITS), &of(&LIMITS.replace(before, after)));
        let told = diff.typed.entries.iter().map(|one| {
            assert_eq!(one.path, "limits/verdict");
            let field = (one.part.as_str(), one.name.as_str(), one.field.as_str());
            (
                field.0,
                field.1,
                field.2,
                one.change.name(),
                one.before.as_deref(),
                one.after.as_deref(),
            )
        });
        assert_eq!(told.collect::<Vec<_>>(), wanted, "{name}");
    }
    let (most, country) =
        (LIMITS.find("{\"id\": \"limits/most").unwrap(), LIMITS.find("{\"id\": \"aml").unwrap());
    let without = format!("{}{}", &LIMITS[..most], &LIMITS[country..]);
    let gone = diff(&of(LIMITS), &of(&without)).typed;
    let gone: Vec<_> = gone
        .entries
        .iter()
        .map(|one| (one.name.as_str(), one.field.as_str(), one.change))
        .collect();
    assert_eq!(gone, [("limits/most", "", Change::Removed)]);
    let program = diff(&side(&[]), &of(LIMITS)).typed;
    assert_eq!((program.entries.len(), program.entries[0].part.as_str()), (1, ""));
    let swapped = LIMITS
        .replace("limits/most", "limits/x")
        .replace("limits/amount", "limits/most")
        .replace("limits/x", "limits/amount");
    let order = diff(&of(LIMITS), &of(&swapped)).typed;
    assert!(
        order.entries.iter().any(|one| one.part == "rules" && one.name.is_empty()),
        "{order:?}"
    );
}

/// Bundles that differ in a few places.
fn bundles() -> impl Strategy<Value = Snapshot> {
    let rule = prop_oneof![
        Just("a if input.x > 1"),
        Just("a if input.x > 2"),
        Just("# METADATA\n# title: A\na if input.y"),
        Just("# METADATA\n# title: B\na if input.y"),
        Just("# METADATA\n# entrypoint: true\n# title: B\nb := 1"),
        Just("c contains x if some x in input.xs"),
        Just("c contains y if some y in input.xs"),
        Just("d[k] := v if some k, v in input.o"),
        Just("import data.lists as l\ne if l.x"),
    ];
    let rules = proptest::collection::btree_set(rule, 0..5);
    let value =
        prop_oneof![Just("1"), Just("1.0"), Just("{\"k\": 2}"), Just("{\"k\": 3, \"j\": 1}")];
    let item =
        prop_oneof![Just("1"), Just("2"), Just("{\"n\": 1}"), Just("{\"n\": 2}"), Just("[1]")];
    let items = proptest::collection::vec(item, 0..5);
    let most = prop_oneof![Just("1"), Just("\"1\""), Just("2")];
    let list = prop_oneof![Just("\"KP\""), Just("\"KP\", \"SY\""), Just("\"IR\", \"AF\"")];
    let known = proptest::option::of((most, list));
    (rules, proptest::option::of(value), items, known, 0..3_u8).prop_map(
        |(rules, value, items, known, revision)| {
            // Imports stand first.
            let mut rules: Vec<&str> = rules.into_iter().collect();
            rules.sort_by_key(|rule| !rule.starts_with("import"));
            let module = format!("package m\n\n{}\n", rules.join("\n\n"));
            let value = value.map_or_else(String::new, |value| format!("\"v\": {value}, "));
            let document = format!("{{{value}\"xs\": [{}]}}", items.join(", "));
            let manifest = format!("{{\"revision\": \"{revision}\"}}");
            let typed = known.map(|(most, list)| {
                LIMITS.replace("\"99000\"", most).replace("\"KP\", \"IR\"", list)
            });
            let mut files = vec![
                (".manifest", manifest.as_str()),
                ("m.rego", &module),
                ("docs/data.json", &document),
            ];
            if let Some(typed) = &typed {
                files.push(("limits/typed.json", typed));
            }
            side(&files)
        },
    )
}

/// A diff the other way round.
fn mirrored(diff: Diff) -> Diff {
    fn turned(change: Change) -> Change {
        match change {
            Change::Added => Change::Removed,
            Change::Removed => Change::Added,
            other => other,
        }
    }
    fn rows(mut listed: Listed<Row>) -> Listed<Row> {
        for row in &mut listed.entries {
            row.change = turned(row.change);
            std::mem::swap(&mut row.before, &mut row.after);
        }
        listed
    }
    let mut diff = diff;
    std::mem::swap(&mut diff.before, &mut diff.after);
    diff.roots.entries.iter_mut().for_each(|one| one.change = turned(one.change));
    diff.entry_points.entries.iter_mut().for_each(|one| one.change = turned(one.change));
    diff.files.entries.iter_mut().for_each(|one| one.change = turned(one.change));
    diff.metadata = rows(diff.metadata);
    diff.documents = rows(diff.documents);
    for package in &mut diff.packages.entries {
        package.change = turned(package.change);
        package.notes = rows(std::mem::take(&mut package.notes));
    }
    for rule in &mut diff.rules.entries {
        rule.change = turned(rule.change);
        std::mem::swap(&mut rule.before, &mut rule.after);
        rule.notes = rows(std::mem::take(&mut rule.notes));
    }
    for typed in &mut diff.typed.entries {
        typed.change = turned(typed.change);
        std::mem::swap(&mut typed.before, &mut typed.after);
    }
    diff
}

/// What all rules and documents answer to a few inputs.
fn answers(side: &Snapshot) -> Vec<Option<Value>> {
    let inputs =
        ["{}", r#"{"x": 2, "y": true, "xs": [1, 2], "o": {"k": 1}}"#, r#"{"x": 3, "xs": ["a"]}"#];
    let asked = inputs.iter().flat_map(|input| ["m", "docs"].map(|path| (path, input)));
    let answer = |(path, input): (&str, &&str)| {
        let entry = side.entry(path).ok()?;
        let input = Some(Value::from_json(input).unwrap());
        let request = Request { input, ..Request::default() };
        side.evaluate(&entry, request).unwrap()
    };
    asked.map(answer).collect()
}

proptest! {
    #[test]
    fn nothing_changes_to_itself_and_each_change_has_its_mirror(before in bundles(), after in bundles()) {
        prop_assert!(diff(&before, &before).is_empty());
        let told = diff(&before, &after);
        prop_assert_eq!(told.is_empty(), before.digest() == after.digest());
        if told.is_same() {
            prop_assert_eq!(answers(&before), answers(&after));
        }
        prop_assert_eq!(mirrored(told), diff(&after, &before));
    }
}
