//! For policies made at random: the SQL, read by PostgreSQL's rules for NULL, is true of the rows that the engine allows, and false of the others.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::cases::{COLUMNS, Chance, DATA, INPUT, row, rules};
use super::*;
use crate::policy::bundle::{Bundle, File};

const ROWS: usize = 16;

fn table() -> Table {
    let columns = COLUMNS.map(|(name, kind, nullable)| {
        let kind = match kind {
            "text" => Kind::Text,
            "numeric" => Kind::Number,
            "boolean" => Kind::Boolean,
            _ => Kind::Texts,
        };
        let column = Column::new(name, name, kind);
        if nullable { column.nullable() } else { column }
    });
    Table::new("input.row", columns).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_is_the_decision_on_every_row(seed in any::<u64>()) {
        let mut chance = Chance(seed);
        let rules = rules(&mut chance);
        let files = [File::new("app.rego", &rules), File::new("app/data.json", DATA)];
        let Ok(snapshot) = Snapshot::new(&Bundle::read(&files, None).unwrap()) else {
            return Ok(());
        };
        let entry = snapshot.entry("app/visible").unwrap();
        let input = Value::from_json(INPUT).unwrap();
        let asked = |input| Request { input: Some(input), ..Request::default() };
        let Ok(filter) = snapshot.filter(&entry, &table(), asked(input.clone())) else {
            return Ok(());
        };
        let sql = filter.sql(1).unwrap();
        for _ in 0..ROWS {
            let (json, _) = row(&mut chance);
            let row = Value::from_json(&json).unwrap();
            let input = input.as_object().unwrap().with("row".into(), row.clone());
            let input = Value::object(input.iter().map(|(key, value)| (key.clone(), value.clone())));
            let visible = snapshot.evaluate(&entry, asked(input)) == Ok(Some(Value::Bool(true)));
            prop_assert_eq!(value(&sql, &row), Value::Bool(visible), "{}\n{}\n{:?}", json, rules, sql);
        }
    }
}

/// What a condition is for a row: a boolean or NULL.
fn value(sql: &Sql, row: &Value) -> Value {
    let row = row.as_object().unwrap().iter();
    let row = row.map(|(key, value)| (key.as_str().unwrap().to_owned(), value.clone())).collect();
    let mut reader = Reader { words: words(&sql.text), at: 0, row, parameters: &sql.parameters };
    let value = reader.any_of();
    assert_eq!(reader.at, reader.words.len(), "{}", sql.text);
    value
}

fn words(text: &str) -> Vec<String> {
    let (mut words, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            ' ' => 1,
            '"' => rest[1..].find('"').unwrap() + 2,
            ':' | '[' => 2,
            '<' if rest[1..].starts_with(['=', '>']) => 2,
            '>' if rest[1..].starts_with('=') => 2,
            '(' | ')' | ',' | '=' | '<' | '>' => 1,
            _ => {
                let end = |c: char| !c.is_alphanumeric() && c != '_' && c != '$';
                rest.find(end).unwrap_or(rest.len())
            }
        };
        if first != ' ' {
            words.push(rest[..length].to_owned());
        }
        rest = &rest[length..];
    }
    words
}

/// Reads and reckons at once; a value that is NULL is `null`.
struct Reader<'a> {
    words: Vec<String>,
    at: usize,
    row: BTreeMap<String, Value>,
    parameters: &'a [Parameter],
}

impl Reader<'_> {
    fn takes(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at).is_some_and(|next| next == word);
        self.at += usize::from(found);
        found
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.words[self.at - 1].clone()
    }

    fn any_of(&mut self) -> Value {
        let mut all = vec![self.all_of()];
        while self.takes("or") {
            all.push(self.all_of());
        }
        joined(&all, true)
    }

    fn all_of(&mut self) -> Value {
        let mut all = vec![self.negated()];
        while self.takes("and") {
            all.push(self.negated());
        }
        joined(&all, false)
    }

    fn negated(&mut self) -> Value {
        if !self.takes("not") {
            return self.compared();
        }
        let value = self.negated();
        value.as_bool().map_or(Value::Null, |value| Value::Bool(!value))
    }

    fn compared(&mut self) -> Value {
        let a = self.operand();
        if self.takes("is") {
            let not = self.takes("not");
            let wanted = match self.next().as_str() {
                "null" => Value::Null,
                word => Value::Bool(word == "true"),
            };
            return Value::Bool((a == wanted) != not);
        }
        let Some(operator) = self.words.get(self.at).cloned() else { return a };
        let holds: fn(&Value, &Value) -> bool = match operator.as_str() {
            "=" => |a, b| a == b,
            "<>" => |a, b| a != b,
            "<" => |a, b| a < b,
            "<=" => |a, b| a <= b,
            ">" => |a, b| a > b,
            ">=" => |a, b| a >= b,
            _ => return a,
        };
        self.at += 1;
        let strict = |a: &Value, b: &Value| {
            let null = *a == Value::Null || *b == Value::Null;
            if null { Value::Null } else { Value::Bool(holds(a, b)) }
        };
        let any = self.takes("any");
        if any || self.takes("all") {
            assert!(self.takes("("));
            let items = self.operand();
            assert!(self.takes(")"));
            let Some(items) = items.as_array() else { return Value::Null };
            let all: Vec<Value> = items.iter().map(|item| strict(&a, item)).collect();
            return joined(&all, any);
        }
        let b = self.operand();
        strict(&a, &b)
    }

    fn operand(&mut self) -> Value {
        let word = self.next();
        let value = match word.as_str() {
            "(" => {
                let value = self.any_of();
                assert!(self.takes(")"));
                value
            }
            "true" | "false" => Value::Bool(word == "true"),
            "null" => Value::Null,
            name if name.starts_with('"') => self.row[name.trim_matches('"')].clone(),
            name if name.starts_with('$') => {
                let number: usize = name[1..].parse().unwrap();
                self.parameter(number - 1)
            }
            number if number.starts_with(|c: char| c.is_ascii_digit()) => {
                Value::from_json(number).unwrap()
            }
            function => {
                assert!(self.takes("("));
                let mut args = vec![self.operand()];
                while self.takes(",") {
                    args.push(self.operand());
                }
                assert!(self.takes(")"));
                called(function, &args)
            }
        };
        if self.takes("collate") {
            assert_eq!(self.next(), "\"C\"");
        }
        value
    }

    fn parameter(&mut self, at: usize) -> Value {
        let mut casts = Vec::new();
        while self.takes("::") {
            let array = |reader: &mut Self| if reader.takes("[]") { "[]" } else { "" };
            let name = self.next();
            casts.push(format!("{name}{}", array(self)));
        }
        let casts: Vec<&str> = casts.iter().map(String::as_str).collect();
        let number = |text: &String| Value::from_json(text).unwrap();
        match (&self.parameters[at], casts.as_slice()) {
            (Parameter::Text(text), ["text"]) => Value::from(text.as_str()),
            (Parameter::Number(text), ["text", "numeric"]) => number(text),
            (Parameter::Texts(all), ["text[]"]) => {
                Value::array(all.iter().map(|text| Value::from(text.as_str())))
            }
            (Parameter::Numbers(all), ["text[]", "numeric[]"]) => {
                Value::array(all.iter().map(number))
            }
            other => panic!("{other:?}"),
        }
    }
}

/// `or`, or `and`: decided by one, else NULL by one.
fn joined(all: &[Value], decisive: bool) -> Value {
    if let [one] = all {
        return one.clone();
    }
    if all.contains(&Value::Bool(decisive)) {
        return Value::Bool(decisive);
    }
    if all.contains(&Value::Null) { Value::Null } else { Value::Bool(!decisive) }
}

fn called(function: &str, args: &[Value]) -> Value {
    if function == "array_position" {
        let Some(items) = args[0].as_array() else { return Value::Null };
        let found = items.iter().position(|item| *item == args[1]);
        return found.map_or(Value::Null, |at| Value::from(at + 1));
    }
    if args.contains(&Value::Null) {
        return Value::Null;
    }
    let text = args[0].as_str().unwrap();
    match function {
        "starts_with" => Value::Bool(text.starts_with(args[1].as_str().unwrap())),
        "strpos" => {
            let part = args[1].as_str().unwrap();
            Value::from(text.find(part).map_or(0, |at| text[..at].chars().count() + 1))
        }
        "length" => Value::from(text.chars().count()),
        "right" => {
            let length = args[1].as_number().and_then(crate::policy::rego::Number::to_usize);
            let skipped = text.chars().count().saturating_sub(length.unwrap());
            Value::from(text.chars().skip(skipped).collect::<String>())
        }
        other => panic!("{other}"),
    }
}
