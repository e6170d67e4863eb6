//! Policies made at random of what a filter supports, and rows for them: shared by the property and by the test in PostgreSQL.

/// A table's columns: the row's key, PostgreSQL's type, and whether it may be NULL.
pub(crate) const COLUMNS: [(&str, &str, bool); 8] = [
    ("owner", "text", false),
    ("branch", "text", true),
    ("level", "text", true),
    ("amount", "numeric", false),
    ("most", "numeric", true),
    ("frozen", "boolean", false),
    ("vip", "boolean", true),
    ("tags", "text[]", true),
];

/// What is known of the input.
pub(crate) const INPUT: &str = r#"{"user": "a", "level": "b", "count": 1, "most": 10.50, "admin": true, "nothing": null,
    "names": ["a", "ab", "é"], "mixed": [null, "A", 1, true, ["a"]], "empty": [], "sizes": {"small": 1, "big": 10}}"#;

/// The documents of the package.
pub(crate) const DATA: &str = r#"{"limits": {"a": 1, "b": 10, "ab": "x", "": null, "Z": false}, "names": ["b", "Z"],
    "teams": [{"lead": "a", "branch": "b"}, {"lead": "b", "branch": "ab"}, {"lead": "a", "branch": "é", "most": 10}]}"#;

const TEXTS: [&str; 9] = ["", "a", "A", "b", "ab", "a%b", "Z", "é", "b_"];
const NUMBERS: [&str; 8] = ["-1", "0", "0.1", "1", "1.0", "1.50", "10", "10.5"];
const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

/// Numbers that follow from a seed.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        usize::try_from(bits >> 33).unwrap() % most
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// A row as JSON and as the values of an `insert`.
pub(crate) fn row(chance: &mut Chance) -> (String, String) {
    let (mut json, mut sql) = (Vec::new(), Vec::new());
    for (name, kind, nullable) in COLUMNS {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let (value, literal) = match kind {
            _ if nullable && chance.below(3) == 0 => ("null".to_owned(), "null".to_owned()),
            "text" => {
                let text = chance.one(&TEXTS);
                (format!("\"{text}\""), quoted(text))
            }
            "numeric" => {
                let number = chance.one(&NUMBERS);
                (number.to_owned(), number.to_owned())
            }
            "boolean" => {
                let value = chance.one(&["true", "false"]);
                (value.to_owned(), value.to_owned())
            }
            _ => {
                let (mut items, mut literals) = (Vec::new(), Vec::new());
                for _ in 0..chance.below(4) {
                    let text = chance.one(&TEXTS);
                    let null = chance.below(5) == 0;
                    items.push(if null { "null".to_owned() } else { format!("\"{text}\"") });
                    literals.push(if null { "null".to_owned() } else { quoted(text) });
                }
                (
                    format!("[{}]", items.join(", ")),
                    format!("array[{}]::text[]", literals.join(", ")),
                )
            }
        };
        json.push(format!("\"{name}\": {value}"));
        sql.push(literal);
    }
    (format!("{{{}}}", json.join(", ")), sql.join(", "))
}

/// The rules of a package `app`, with `visible`.
pub(crate) fn rules(chance: &mut Chance) -> String {
    let mut text = "package app\n\n".to_owned();
    for helper in ["one", "two"] {
        let body = body(chance, &[], 1, false);
        text += &format!("{helper} if {body}\n\n");
    }
    text += &match chance.below(3) {
        0 => format!("rank(x) := 1 if {}\n\n", body(chance, &["x"], 1, false)),
        1 => format!(
            "rank(x) := 1 if {} else := 2 if {}\n\n",
            body(chance, &["x"], 1, false),
            body(chance, &["x"], 1, false)
        ),
        _ => "rank(\"a\") := 1\n\nrank(\"b\") := 10\n\ndefault rank(_) := 0\n\n".to_owned(),
    };
    text += &format!("fits(x, y) if {}\n\n", body(chance, &["x", "y"], 1, false));
    match chance.below(6) {
        0 => text += "default visible := false\n\n",
        1 => {
            // What is seen unless a rule says otherwise.
            text += "default visible := true\n\n";
            let rules = (0..=chance.below(2))
                .map(|_| format!("visible := false if {}\n\n", body(chance, &[], 2, true)));
            return text + &rules.collect::<String>();
        }
        2 => {
            return text
                + &format!(
                    "visible := false if {} else if {} else := {}\n",
                    body(chance, &[], 1, true),
                    body(chance, &[], 1, true),
                    chance.one(&["true", "input.row.vip", "input.admin"])
                );
        }
        _ => {}
    }
    for _ in 0..=chance.below(3) {
        text += &format!("visible if {}\n\n", body(chance, &[], 2, true));
    }
    text
}

fn body(chance: &mut Chance, names: &[&str], depth: usize, rules: bool) -> String {
    let literals: Vec<String> =
        (0..=chance.below(3)).map(|_| literal(chance, names, depth, rules)).collect();
    format!("{{\n{}\n}}", literals.join("\n"))
}

/// One line of a body.
fn literal(chance: &mut Chance, names: &[&str], depth: usize, rules: bool) -> String {
    match chance.below(14) {
        0..4 => {
            let (a, b) = (term(chance, names, depth, rules), term(chance, names, depth, rules));
            format!("{a} {} {b}", chance.one(&COMPARISONS))
        }
        4 => format!("{} in {}", term(chance, names, depth, rules), all(chance)),
        5 => {
            let text = term(chance, names, depth, rules);
            let part = term(chance, names, depth, rules);
            format!("{}({text}, {part})", chance.one(&["startswith", "endswith", "contains"]))
        }
        6 => format!(
            "{}(input.row.{})",
            chance.one(&["is_null", "is_string", "is_number", "is_boolean"]),
            COLUMNS[chance.below(8)].0
        ),
        7 => format!("input.row.{}", COLUMNS[chance.below(8)].0),
        8 | 9 => {
            let inner = literal(chance, names, depth, rules);
            if inner.contains("some ") || inner.contains("every ") || inner.starts_with("not ") {
                inner
            } else {
                format!("not {inner}")
            }
        }
        10 if rules => chance.one(&["one", "two", "not one", "not two"]).to_owned(),
        11 if rules => {
            let (a, b) = (term(chance, names, 0, false), term(chance, names, 0, false));
            format!("fits({a}, {b})")
        }
        12 if depth > 0 => {
            let name = chance.one(&["p", "q", "r"]);
            if names.contains(&name) {
                return literal(chance, names, 0, rules);
            }
            let names: Vec<&str> = names.iter().copied().chain([name]).collect();
            let inner = literal(chance, &names, depth - 1, rules);
            if inner.starts_with("not") {
                return format!(
                    "some {name} in {}\n{name} == {}\n{inner}",
                    all(chance),
                    term(chance, &[], 0, false)
                );
            }
            format!("some {name} in {}\n{name} != input.user\n{inner}", all(chance))
        }
        13 if depth > 0 => {
            let inner = literal(chance, &["e"], depth - 1, rules);
            format!("every e in {} {{\ne != 77\n{inner}\n}}", all(chance))
        }
        _ => {
            let wanted = term(chance, names, 0, false);
            match chance.below(3) {
                0 => format!("input.row.tags[_] == {wanted}"),
                1 => format!("data.app.teams[_].branch == {wanted}"),
                _ => format!("{wanted} in input.row.tags"),
            }
        }
    }
}

fn term(chance: &mut Chance, names: &[&str], depth: usize, rules: bool) -> String {
    match chance.below(12) {
        0..5 => format!("input.row.{}", COLUMNS[chance.below(7)].0),
        5 if !names.is_empty() => chance.one(names).to_owned(),
        6 if !names.is_empty() => chance.one(names).to_owned(),
        7 if rules && depth > 0 => format!("rank({})", term(chance, names, 0, false)),
        8 => format!("data.app.limits[input.row.{}]", chance.one(&["owner", "branch", "level"])),
        9 => format!("\"{}\"", chance.one(&TEXTS)),
        10 => chance
            .one(&["1", "10.50", "0", "null", "true", "false", "input.row.missing"])
            .to_owned(),
        _ => chance
            .one(&[
                "input.user",
                "input.level",
                "input.count",
                "input.most",
                "input.admin",
                "input.nothing",
                "data.app.limits.b",
            ])
            .to_owned(),
    }
}

fn all(chance: &mut Chance) -> &'static str {
    chance.one(&[
        "input.names",
        "input.mixed",
        "input.empty",
        "input.sizes",
        "data.app.names",
        "{\"a\", \"b\", 1}",
        "{input.row.owner, input.row.level, \"b\"}",
        "[input.row.amount, input.row.most]",
    ])
}
