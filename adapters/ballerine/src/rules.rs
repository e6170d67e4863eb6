//! Rules of Ballerine's rule engine as a guard of JSON Logic.

use thalium::kyc::chart::ChartError;
use thalium::value::{Number, Value};

use crate::json::{At, Node};
use crate::report::{Mode, Report, listed, shown};

/// Operators that can be carried over.
const OPERATORS: [&str; 11] = [
    "BETWEEN",
    "EQUALS",
    "EXISTS",
    "GT",
    "GTE",
    "IN",
    "LAST_YEAR",
    "LT",
    "LTE",
    "NOT_EQUALS",
    "NOT_IN",
];
/// Operators that look at more than a value, or ask others.
const ASKING: [&str; 8] = [
    "AML_CHECK",
    "AML_CHECK_V2",
    "BANK_ACCOUNT_VERIFICATION",
    "COMPANY_SANCTIONS_CATEGORIES",
    "FUZZY_MATCH_SCORE_LT",
    "IDV_CHECK",
    "IN_CASE_INSENSITIVE",
    "UBO_MISMATCH",
];

/// The most years that are looked back: what is left of a year has four digits.
const YEARS: u64 = 1_000;

/// Makes a guard of a set of rules, `{"operator": "and", "rules": [{"key", "operator", "value"}, …]}`: JSON Logic of the dialect of JavaScript.
///
/// A rule whose key leads to nothing fails, whatever its operator. Of the outermost set all rules have to pass, as where a risk is told, whatever its
/// operator: where that is `or`, it is refused, for two readings of a rule are none.
///
/// ```
/// let rules = r#"{"operator": "and", "rules": [{"key": "entity.data.score", "operator": "GT", "value": 40}]}"#;
/// let guard = thalium_ballerine::rules(rules).map_err(|errors| errors[0].clone())?;
/// assert_eq!(guard.to_json(), r#"{"and":[{"!=":[{"var":"entity.data.score"},null]},{"===":[{"var":"entity.data.score"},{"var":"entity.data.score"}]},{">":[{"var":"entity.data.score"},40]}]}"#);
/// # Ok::<(), thalium::kyc::chart::ChartError>(())
/// ```
///
/// # Errors
/// It is no JSON, or has an operator that asks others than the context: those are the host's, which answers the plugin `riskRules`.
pub fn rules(text: &str) -> Result<Value, Vec<ChartError>> {
    let root = Node::parse(text).map_err(|error| vec![error])?;
    let root = At { node: &root, path: String::new() };
    // What is not known in a rule changes what it asks.
    let mut report = Report::new(Mode::Strict);
    if report.needed(&root, "operator") == Some("or") {
        let told = "all rules of the outermost set have to pass there, though it says `or`: write `and` around a set with `or`";
        report.refuse(&root, told);
    }
    let guard = set(&mut report, &root);
    if report.errors.is_empty() { Ok(guard) } else { Err(report.errors) }
}

fn set(report: &mut Report, at: &At<'_>) -> Value {
    report.known(at, &["operator", "rules"]);
    let operator = report.needed(at, "operator").unwrap_or("and");
    if !["and", "or"].contains(&operator) {
        report.refuse(at, format!("`{}` joins no rules: write `and` or `or`", shown(operator)));
    }
    let items = report.list(at, "rules");
    let rules: Vec<Value> = items
        .iter()
        .map(|item| if item.get("key").is_some() { rule(report, item) } else { set(report, item) })
        .collect();
    match (rules.len(), rules.first()) {
        // Of no rules all pass, and none does.
        (0, _) => Value::Bool(operator == "and"),
        (1, Some(only)) => only.clone(),
        _ => logic(operator, rules),
    }
}

fn logic(operator: &str, arguments: impl IntoIterator<Item = Value>) -> Value {
    Value::fields([(operator, Value::array(arguments))])
}

/// What a path reads; `a[0].b` is `a.0.b`.
fn read(path: &str) -> Value {
    let path = path.replace('[', ".").replace(']', "");
    Value::fields([("var", Value::from(path.trim_start_matches('.')))])
}

fn is_there(value: &Value) -> Value {
    logic("!=", [value.clone(), Value::Null])
}

/// Whether it is a text, a number or a boolean, which operators look at alone: a list or an object is not even the same as itself.
fn is_plain(value: &Value) -> Value {
    logic("===", [value.clone(), value.clone()])
}

/// Whether it is a list of nothing but texts, numbers and booleans. What is no list is a list of itself when it is merged.
fn is_list_of_plain(value: &Value) -> Value {
    let item = Value::fields([("var", Value::from(""))]);
    let odd =
        logic("or", [logic("==", [item.clone(), Value::Null]), logic("!==", [item.clone(), item])]);
    let none = logic("none", [logic("merge", [value.clone()]), odd]);
    logic("and", [logic("!==", [value.clone(), value.clone()]), none])
}

/// At least, or at most: equal strictly, or more. `>=` alone would make numbers of texts before it says that they are equal.
fn or_equal(operator: &str, data: &Value, other: &Value) -> Value {
    let pair = || [data.clone(), other.clone()];
    logic("or", [logic("===", pair()), logic(operator, pair())])
}

/// Whether a text is a date of ISO 8601, alone or with a time to the second or the millisecond: texts have an order that is that of dates only if both
/// are some.
fn is_date(data: &Value) -> Value {
    let part = |from: i64, length: i64| {
        logic("substr", [data.clone(), Value::from(from), Value::from(length)])
    };
    let rest = |from: i64| logic("substr", [data.clone(), Value::from(from)]);
    let is = |part: Value, text: &str| logic("===", [part, Value::from(text)]);
    let among = |part: Value, texts: &[String]| {
        logic("in", [part, Value::array(texts.iter().map(|text| Value::from(text.as_str())))])
    };
    let two = |from: u32, to: u32| (from..=to).map(|n| format!("{n:02}")).collect::<Vec<_>>();
    let one = |to: u32| (0..=to).map(|n| n.to_string()).collect::<Vec<_>>();
    let digits = |from: i64| {
        logic("and", [among(part(from, 1), &one(5)), among(part(from + 1, 1), &one(9))])
    };
    let ends = |from: i64| among(rest(from), &[String::new(), "Z".to_owned()]);
    let year = part(0, 4);
    let number = logic("+", [year.clone()]);
    let day = [
        // A number of four digits is written as it was.
        logic("===", [year, logic("cat", [number.clone()])]),
        logic("<=", [Value::from(1_000_i64), number, Value::from(9_999_i64)]),
        is(part(4, 1), "-"),
        among(part(5, 2), &two(1, 12)),
        is(part(7, 1), "-"),
        among(part(8, 2), &two(1, 31)),
    ];
    let thousandths = (20..23).map(|at| among(part(at, 1), &one(9)));
    let fraction = [is(part(19, 1), ".")].into_iter().chain(thousandths).chain([ends(23)]);
    let seconds =
        [is(part(16, 1), ":"), digits(17), logic("or", [ends(19), logic("and", fraction)])];
    let time = [
        is(part(10, 1), "T"),
        among(part(11, 2), &two(0, 23)),
        is(part(13, 1), ":"),
        digits(14),
        logic("or", [ends(16), logic("and", seconds)]),
    ];
    let time = logic("or", [is(rest(10), ""), logic("and", time)]);
    logic("and", day.into_iter().chain([time]))
}

fn rule(report: &mut Report, at: &At<'_>) -> Value {
    report.known(at, &["key", "operator", "value", "isPathComparison"]);
    let (Some(key), Some(operator)) = (report.needed(at, "key"), report.needed(at, "operator"))
    else {
        return Value::Null;
    };
    if ASKING.contains(&operator) {
        report.refuse(at, format!("`{operator}` asks for more than a value of the context: let the host answer it, as the plugin `riskRules`"));
        return Value::Null;
    }
    if !OPERATORS.contains(&operator) {
        report.refuse(
            at,
            format!(
                "`{}` is no operator of rules: these are {}",
                shown(operator),
                listed(&OPERATORS)
            ),
        );
        return Value::Null;
    }
    let data = read(key);
    let given = at.get("value").map_or(Value::Null, |value| value.node.to_value());
    let is_path =
        at.get("isPathComparison").is_some_and(|told| told.node.to_value() == Value::Bool(true));
    let mut all = vec![is_there(&data)];
    if !["EQUALS", "EXISTS", "IN"].contains(&operator) {
        all.push(is_plain(&data));
    }
    let against = if is_path {
        let path = read(given.as_str().unwrap_or_default());
        all.push(is_there(&path));
        all.push(match operator {
            "IN" | "NOT_IN" => is_list_of_plain(&path),
            _ => is_plain(&path),
        });
        path
    } else {
        given.clone()
    };
    let compared = |operator: &str| logic(operator, [data.clone(), against.clone()]);
    let primitive =
        |value: &Value| matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_));
    let plain = primitive(&given);
    let is_list = given.as_array().is_some_and(|items| {
        items.iter().all(|item| !matches!(item, Value::Array(_) | Value::Object(_) | Value::Null))
    });
    let mut wrong = |wanted: &str| {
        report.refuse(at, format!("`{operator}` needs {wanted} for its `value`"));
        Value::Null
    };
    match operator {
        "EQUALS" | "NOT_EQUALS" | "GT" | "LT" | "GTE" | "LTE" if !plain => {
            return wrong("a text, a number or a boolean");
        }
        "EQUALS" => all.push(compared("===")),
        "NOT_EQUALS" => all.push(compared("!==")),
        "GT" => all.push(compared(">")),
        "LT" => all.push(compared("<")),
        "GTE" => all.push(or_equal(">", &data, &against)),
        "LTE" => all.push(or_equal("<", &data, &against)),
        "IN" | "NOT_IN" if !is_list && !is_path => {
            return wrong("a list of texts, numbers and booleans");
        }
        "IN" => all.push(compared("in")),
        "NOT_IN" => all.push(logic("!", [compared("in")])),
        "BETWEEN" => match (given.get_str("min"), given.get_str("max")) {
            (Some(least), Some(most)) if primitive(least) && primitive(most) => {
                all.extend([or_equal(">", &data, least), or_equal("<", &data, most)]);
            }
            _ => return wrong("`min` and `max`, each a text, a number or a boolean,"),
        },
        "EXISTS" => {
            if given.get_str("schema").is_some() {
                return wrong("no `schema`, which stands in code there,");
            }
            let length = read(&format!("{key}.length"));
            all.push(logic(">", [length, Value::from(0_i64)]));
        }
        _ => {
            let whole = |years: &&Value| {
                let number = years.as_number().and_then(Number::to_u64);
                number.is_some_and(|years| (1..=YEARS).contains(&years))
            };
            let Some(years) = given.get_str("years").filter(whole) else {
                return wrong("`years`, a whole number from 1 to 1000,");
            };
            let now = Value::fields([("var", Value::from("now"))]);
            let part = |from: i64, length: i64| {
                logic("substr", [now.clone(), Value::from(from), Value::from(length)])
            };
            let year = logic("-", [part(0, 4), years.clone()]);
            all.push(is_date(&data));
            all.push(logic(">=", [data.clone(), logic("cat", [year, part(4, 6)])]));
        }
    }
    logic("and", all)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
