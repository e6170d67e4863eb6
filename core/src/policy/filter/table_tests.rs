//! Rules and the SQL that they become.

use super::*;
use crate::policy::bundle::{Bundle, File};

const INPUT: &str = r#"{"user": "ana", "roles": ["teller"], "branches": ["north", "south"], "limit": 99.90, "none": []}"#;
const DATA: &str = r#"{"limits": {"gold": 5000, "basic": 100.50}, "closed": ["x", "y"], "teams": [
    {"lead": "ana", "branch": "north"}, {"lead": "bo", "branch": "east"}, {"lead": "ana", "branch": "west"}
], "members": {"a": ["ana", "bo"], "b": ["cy"]}, "big": {"threshold": "10"}}"#;

fn table() -> Table {
    Table::new(
        "input.row",
        [
            Column::new("owner", "owner", Kind::Text),
            Column::new("branch", "branch", Kind::Text).nullable(),
            Column::new("level", "level", Kind::Text),
            Column::new("amount", "amount", Kind::Number),
            Column::new("limit", "limit", Kind::Number).nullable(),
            Column::new("frozen", "frozen", Kind::Boolean),
            Column::new("vip", "vip", Kind::Boolean).nullable(),
            Column::new("tags", "tags", Kind::Texts).nullable(),
        ],
    )
    .unwrap()
}

fn snapshot(rules: &str) -> Snapshot {
    let module = format!("package app\n\n{rules}\n");
    let files = [
        File::new("app.rego", &module),
        File::new("app/data.json", DATA),
        File::new("other.rego", "package other\n\nana if input.row.frozen\n"),
        File::new("plain.rego", "package plain\n\nana if input.user == \"ana\"\n"),
    ];
    Snapshot::new(&Bundle::read(&files, None).unwrap()).unwrap()
}

fn asked() -> Request {
    Request { input: Some(Value::from_json(INPUT).unwrap()), ..Request::default() }
}

fn filter(rules: &str) -> Result<Filter, FilterError> {
    let snapshot = snapshot(rules);
    snapshot.filter(&snapshot.entry("app/visible").unwrap(), &table(), asked())
}

/// The SQL, each parameter in its place in angle brackets.
fn told(rules: &str) -> String {
    let sql = match filter(rules).map(|filter| filter.sql(7)) {
        Ok(sql) => sql.unwrap(),
        Err(error) => return error.to_string(),
    };
    let mut text = sql.text;
    for (at, parameter) in sql.parameters.iter().enumerate() {
        let value = match parameter {
            Parameter::Text(text) => format!("<{text}>"),
            Parameter::Number(number) => format!("<{number}>"),
            Parameter::Texts(all) | Parameter::Numbers(all) => format!("<{}>", all.join("|")),
        };
        text = text.replace(&format!("${}:", at + 7), &format!("{value}:"));
    }
    text.replace("::text[]::numeric[]", "#[]")
        .replace("::text::numeric", "#")
        .replace("::text[]", "[]")
        .replace("::text", "")
        .replace('"', "")
}

#[test]
fn what_rules_become() {
    let cases = [
        // What is known.
        ("all", r#"visible if "teller" in input.roles"#, "true"),
        ("none", r#"visible if "auditor" in input.roles"#, "false"),
        (
            "a known rule needs no more of the others",
            "visible if input.user == \"ana\"\nvisible if count(input.row) > 2",
            "true",
        ),
        ("a default alone", "default visible := false", "false"),
        // Comparisons.
        ("equal", "visible if input.row.owner == input.user", "(owner = <ana>)"),
        ("turned", "visible if input.user == input.row.owner", "(owner = <ana>)"),
        ("not equal", "visible if input.row.owner != input.user", "(owner <> <ana>)"),
        ("a number", "visible if input.row.amount <= input.limit", "(amount <= <99.90>#)"),
        ("greater", "visible if input.row.amount > 5", "(<5># < amount)"),
        ("text by bytes", r#"visible if input.row.owner >= "m""#, "(<m> collate C <= owner)"),
        (
            "two columns",
            "visible if input.row.owner == input.row.level",
            "(owner collate C = level)",
        ),
        ("itself", "visible if input.row.owner == input.row.owner", "true"),
        ("of another kind", "visible if input.row.owner == 5", "false"),
        ("numbers before texts", "visible if input.row.amount < \"a\"", "true"),
        // NULL.
        (
            "equal, nullable",
            r#"visible if input.row.branch == "x""#,
            "((branch is not null and branch = <x>))",
        ),
        (
            "not equal, nullable",
            r#"visible if input.row.branch != "x""#,
            "((branch is null or branch <> <x>))",
        ),
        ("null", "visible if input.row.branch == null", "(branch is null)"),
        ("not null", "visible if input.row.branch != null", "(branch is not null)"),
        ("never null", "visible if input.row.owner == null", "false"),
        (
            "null is less than a number",
            "visible if input.row.limit < 5",
            "(limit is null or (limit is not null and limit < <5>#))",
        ),
        ("null is less than another kind", "visible if input.row.branch < 5", "(branch is null)"),
        // Booleans.
        ("a boolean", "visible if input.row.frozen", "(frozen is not false)"),
        ("not a boolean", "visible if not input.row.frozen", "(frozen is false)"),
        ("null is not false", "visible if input.row.vip", "(vip is not false)"),
        ("null is not true", "visible if input.row.vip == true", "(vip is true)"),
        ("its value", "visible := input.row.vip", "(vip is true)"),
        // Sets.
        ("among", "visible if input.row.owner in input.branches", "(owner = any(<north|south>[]))"),
        (
            "not among",
            "visible if not input.row.owner in input.branches",
            "(owner <> all(<north|south>[]))",
        ),
        ("among none", "visible if input.row.owner in input.none", "false"),
        (
            "among values of any kind",
            r#"visible if input.row.branch in {"a", 1, null}"#,
            "(branch is null or (branch is not null and branch = <a>))",
        ),
        (
            "among columns",
            "visible if input.user in {input.row.owner, input.row.level}",
            "(owner = <ana> or level = <ana>)",
        ),
        ("numbers", "visible if input.row.amount in {1, 2.50}", "(amount = any(<1|2.50>#[]))"),
        (
            "in an array column",
            r#"visible if "vip" in input.row.tags"#,
            "((<vip> collate C = any(tags)) is true)",
        ),
        (
            "not in an array column",
            r#"visible if not "vip" in input.row.tags"#,
            "((<vip> collate C = any(tags)) is not true)",
        ),
        (
            "an item of an array column",
            r#"visible if input.row.tags[_] == "vip""#,
            "((<vip> collate C = any(tags)) is true)",
        ),
        (
            "any of some",
            "visible if {\n    some branch in input.branches\n    branch in input.row.tags\n}",
            "((<north> collate C = any(tags)) is true or (<south> collate C = any(tags)) is true)",
        ),
        (
            "one item of an array column",
            "visible if {\n    some tag in input.row.tags\n    tag == input.user\n    tag != input.row.owner\n}",
            "((<ana> collate C = any(tags)) is true and owner <> <ana>)",
        ),
        (
            "items of an array column",
            "visible if {\n    some tag in input.row.tags\n    tag in data.app.closed\n}",
            "((<x> collate C = any(tags)) is true or (<y> collate C = any(tags)) is true)",
        ),
        // Texts.
        (
            "starts",
            r#"visible if startswith(input.row.owner, "a%")"#,
            "(starts_with(owner collate C, <a%>))",
        ),
        (
            "ends",
            r#"visible if endswith(input.row.owner, "_z")"#,
            "(right(owner, length(<_z>)) = <_z> collate C)",
        ),
        (
            "contains",
            r#"visible if contains(input.row.owner, "m")"#,
            "(strpos(owner collate C, <m>) > 0)",
        ),
        (
            "of null it is undefined",
            r#"visible if startswith(input.row.branch, "a")"#,
            "(branch is not null and (branch is not null and starts_with(branch collate C, <a>)))",
        ),
        // Joined.
        (
            "and",
            "visible if {\n    input.row.owner == input.user\n    input.row.amount < 5\n}",
            "(owner = <ana> and amount < <5>#)",
        ),
        (
            "or",
            "visible if input.row.owner == input.user\nvisible if input.row.amount < 5",
            "(owner = <ana> or amount < <5>#)",
        ),
        (
            "or of one column",
            "visible if input.row.owner == input.user\nvisible if input.row.owner == \"bo\"",
            "(owner = any(<ana|bo>[]))",
        ),
        (
            "some",
            "visible if {\n    some team in data.app.teams\n    team.lead == input.user\n    input.row.owner == team.branch\n}",
            "(owner = any(<north|west>[]))",
        ),
        (
            "an open key",
            "visible if data.app.members[_][_] == input.row.owner",
            "(owner = any(<ana|bo|cy>[]))",
        ),
        (
            "every",
            "visible if every branch in input.branches { input.row.owner != branch }",
            "(owner <> <north> and owner <> <south>)",
        ),
        // Rules and functions.
        ("a helper", "visible if own\nown if input.row.owner == input.user", "(owner = <ana>)"),
        (
            "not a helper",
            "visible if not own\nown if input.row.branch == input.user",
            "((branch is null or branch <> <ana>))",
        ),
        ("a function", "visible if small(input.row.amount)\nsmall(n) if n < 5", "(amount < <5>#)"),
        (
            "a function of the row",
            "visible if own(input.row)\nown(row) if row.owner == input.user",
            "(owner = <ana>)",
        ),
        (
            "a default",
            "default visible := true\nvisible := false if input.row.frozen",
            "(frozen is false)",
        ),
        (
            "else",
            "visible if input.row.owner == \"a\" else := false if input.row.amount < 5 else := true",
            "(owner = <a> or (owner <> <a> and amount >= <5>#))",
        ),
        (
            "a value by rules",
            "visible if input.row.amount < limit(input.row.level)\nlimit(\"gold\") := 5\nlimit(\"basic\") := 1",
            "((level = <gold> and amount < <5>#) or (level = <basic> and amount < <1>#))",
        ),
        // Documents.
        (
            "by a column",
            "visible if input.row.amount < data.app.limits[input.row.level]",
            "((level = <basic> and amount < <100.50>#) or (level = <gold> and amount < <5000>#))",
        ),
        (
            "by a column, computed",
            "visible if input.row.amount < data.app.limits[input.row.level] * 2",
            "((level = <basic> and amount < <201>#) or (level = <gold> and amount < <10000>#))",
        ),
        (
            "whether it is there",
            "visible if not data.app.limits[input.row.level]",
            "(level <> all(<basic|gold>[]))",
        ),
        ("a key that there is not", "visible if input.row.colour == \"red\"", "false"),
        ("not a key that there is not", "visible if not input.row.colour == \"red\"", "true"),
    ];
    let told = cases.map(|(name, rules, _)| (name, told(rules)));
    assert_eq!(told, cases.map(|(name, _, expected)| (name, expected.to_owned())));
}

#[test]
fn what_is_refused() {
    let cases = [
        (
            "a sum",
            "visible if input.row.amount + 1 < 5",
            "app.rego:3: cannot become a condition: `plus` of what depends on the row",
        ),
        (
            "case",
            r#"visible if lower(input.row.owner) == "a""#,
            "app.rego:3: cannot become a condition: `lower` of what depends on the row",
        ),
        (
            "a comprehension",
            "visible if count([1 | input.row.owner == \"a\"]) > 0",
            "app.rego:3: cannot become a condition: a comprehension over what depends on the row",
        ),
        (
            "a set of rules",
            "visible if \"x\" in denied\ndenied contains \"x\" if input.row.frozen",
            "app.rego:3: cannot become a condition: a set or an object of rules that depend on the row",
        ),
        (
            "a package by a known key",
            "visible if data.other[input.user]",
            "app.rego:3: cannot become a condition: a set or an object of rules that depend on the row",
        ),
        (
            "a package by open keys",
            "visible if data.other[_]",
            "app.rego:3: cannot become a condition: a set or an object of rules that depend on the row",
        ),
        (
            "a package",
            "visible if data.other == {}",
            "app.rego:3: cannot become a condition: a set or an object of rules that depend on the row",
        ),
        (
            "a package by a column",
            "visible if data.plain[input.row.owner]",
            "app.rego:3: cannot become a condition: a package's rules by a key that depends on the row",
        ),
        (
            "another value",
            "visible := input.row.owner",
            "app.rego:3: cannot become a condition: a rule with another value than true or false",
        ),
        (
            "contradiction",
            "visible := true if input.row.frozen\nvisible := false if input.row.amount < 5",
            "app.rego:4: cannot become a condition: rules that may contradict one another for a row",
        ),
        (
            "with",
            "visible if own with input.user as \"bo\"\nown if input.row.owner == input.user",
            "app.rego:3: cannot become a condition: `with` around what depends on the row",
        ),
        (
            "arrays",
            r#"visible if input.row.tags == ["a"]"#,
            "app.rego:3: cannot become a condition: an array column compared as a whole",
        ),
        (
            "items of a column",
            "visible if {\n    some tag in input.row.tags\n    startswith(tag, \"a\")\n}",
            "app.rego:3: cannot become a condition: the items of a column one by one: ask whether known values are `in` it",
        ),
        (
            "the row as a whole",
            "visible if input.row == {}",
            "app.rego:3: cannot become a condition: the row or a collection of its columns compared as a whole",
        ),
        (
            "a zero byte",
            r#"visible if input.row.owner < "a\u0000""#,
            "app.rego:3: cannot become a condition: a text with a zero byte, which PostgreSQL does not have",
        ),
    ];
    for (name, rules, expected) in cases {
        assert_eq!(told(rules), expected, "{name}");
    }
}

#[test]
fn a_path_without_one_value_is_refused() {
    let snapshot = snapshot("parts contains 1 if input.row.frozen");
    for path in ["other", "app/parts", "app"] {
        let told = snapshot.filter(&snapshot.entry(path).unwrap(), &table(), asked());
        assert!(matches!(told, Err(FilterError::Rule { .. })), "{path}: {told:?}");
    }
    let told = snapshot.filter(&snapshot.entry("plain/ana").unwrap(), &table(), asked());
    assert_eq!(told, Ok(Filter::All));
}

#[test]
fn names_are_quoted() {
    let table =
        Table::new("input.a.row", [Column::new("x", "x\" or true --", Kind::Text)]).unwrap();
    let table = table.alias("t").unwrap();
    let snapshot = snapshot("visible if input.a.row.x == \"' or true\"");
    let entry = snapshot.entry("app/visible").unwrap();
    let sql = snapshot.filter(&entry, &table, asked()).unwrap().sql(1).unwrap();
    assert_eq!(sql.text, r#"("t"."x"" or true --" = $1::text)"#);
    assert_eq!(sql.parameters, [Parameter::Text("' or true".to_owned())]);
}

#[test]
fn what_is_no_table_or_input() {
    let column = |sql: &str| Column::new("a", sql, Kind::Text);
    for (row, columns) in [
        ("row", vec![]),
        ("input", vec![]),
        ("input..row", vec![]),
        ("input.row", vec![column("")]),
        ("input.row", vec![column("a\0")]),
        ("input.row", vec![column(&"a".repeat(64))]),
        ("input.row", vec![column("a"), column("b")]),
    ] {
        assert!(matches!(Table::new(row, columns), Err(FilterError::Table(_))), "{row}");
    }
    let snapshot = snapshot("visible if input.row.owner == input.user");
    let entry = snapshot.entry("app/visible").unwrap();
    for input in [r#"{"row": {}}"#, r#"{"row": null}"#, "[]"] {
        let asked = Request { input: Some(Value::from_json(input).unwrap()), ..Request::default() };
        let told = snapshot.filter(&entry, &table(), asked);
        assert!(matches!(told, Err(FilterError::Input(_))), "{input}");
    }
    let strict = Request { strict: true, ..asked() };
    assert!(matches!(snapshot.filter(&entry, &table(), strict), Err(FilterError::Input(_))));
}

#[test]
fn what_is_too_much_ends() {
    let rules = |body: &str| format!("visible if {{\n{body}\n}}");
    let steps = rules(
        "    some a in numbers.range(1, 300)\n    some b in numbers.range(1, 300)\n    input.row.amount == a * b",
    );
    let snapshot = snapshot(&steps);
    let few = Request { steps: 10_000, ..asked() };
    let told_of = snapshot.filter(&snapshot.entry("app/visible").unwrap(), &table(), few);
    assert!(matches!(told_of, Err(FilterError::Eval(_))));
    let conditions = rules(
        "    some a in numbers.range(1, 5000)\n    input.row.amount < a\n    input.row.owner != input.user",
    );
    assert!(told(&conditions).ends_with("more than 4096 conditions"), "{}", told(&conditions));
    let nested = (0..200).map(|at| format!("f{at}(x) if f{}(x)\n", at + 1)).collect::<String>();
    let nested = format!("visible if f0(input.row.amount)\n{nested}f200(x) if x < 5");
    assert!(matches!(filter(&nested), Err(FilterError::Eval(_))));
    // As many operators in a row as a rule may have.
    let row = " + 1".repeat(190);
    let told_of = told(&format!("visible if input.row.amount < input.limit{row}"));
    assert_eq!(told_of, "(amount < <289.9>#)");
    assert!(filter(&format!("visible if 5 < input.row.amount{row}")).is_err());
    let sql =
        filter("visible if {\n    input.row.owner == input.user\n    input.row.amount < 5\n}")
            .unwrap();
    assert!(sql.sql(65_534).is_ok());
    assert_eq!(sql.sql(65_535), Err(FilterError::Parameters));
    assert_eq!(sql.sql(0), Err(FilterError::Parameters));
}
