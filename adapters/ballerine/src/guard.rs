//! Guards: rules of JSON Logic and texts of JMESPath, asked of the context with what the event carries laid over it.

use thalium::kyc::chart::Expr;
use thalium::value::Value;

use crate::json::At;
use crate::make::Make;
use crate::path;
use crate::report::shown;

/// Operators of JSON Logic whose answer is always a list. To the interpreter of charts there a list is true, empty or not.
const LISTS: [&str; 5] = ["filter", "map", "merge", "missing", "missing_some"];
/// Operators whose second argument is asked of each item, and sees nothing of the data.
const EACH: [&str; 6] = ["all", "filter", "map", "none", "reduce", "some"];

/// The guard of a transition. The outer is none if there was an error, the inner if there is no guard.
#[expect(clippy::option_option, reason = "an error and nothing are two things")]
pub(crate) fn guard(make: &mut Make<'_>, at: &At<'_>) -> Option<Option<Expr>> {
    let Some(cond) = at.get("cond") else { return Some(None) };
    if !cond.is_map() {
        let told = "names a guard that stands in code: write `{type: json-logic, options: {rule}}` or `{type: jmespath, options: {rule}}`";
        make.report.refuse(&cond, told);
        return None;
    }
    make.report.known(&cond, &["type", "options"]);
    let kind = make.report.needed(&cond, "type")?;
    let options = cond.get("options");
    if let Some(options) = &options {
        make.report.known(options, &["rule", "onFailed", "assignOnFailure"]);
        for key in ["onFailed", "assignOnFailure"] {
            if let Some(field) = options.get(key) {
                make.report.tolerate(&field, "not-carried", format!("`{key}` tells others that the guard did not hold, which a trace tells here: remove it"));
            }
        }
    }
    let Some(rule) = options.as_ref().and_then(|options| options.get("rule")) else {
        make.report.tolerate(
            &cond,
            "guard-without-rule",
            "a guard without a `rule` never holds: write one, or remove the transition",
        );
        return Some(Some(Expr { source: Value::Bool(false), place: cond.place() }));
    };
    match kind {
        "json-logic" => logic(make, &rule).map(Some),
        "jmespath" => jmespath(make, &rule).map(Some),
        other => {
            make.report.refuse(
                &cond,
                format!(
                    "`{}` is no language of guards: write `json-logic` or `jmespath`",
                    shown(other)
                ),
            );
            None
        }
    }
}

fn logic(make: &mut Make<'_>, at: &At<'_>) -> Option<Expr> {
    let rule = at.node.to_value();
    make.logic(at, &rule)?;
    let operator = rule.as_object().filter(|rule| rule.len() == 1);
    let operator = operator.and_then(|rule| rule.keys().next()).and_then(Value::as_str);
    let is_list =
        matches!(rule, Value::Array(_)) || operator.is_some_and(|own| LISTS.contains(&own));
    if is_list {
        make.report.tolerate(at, "guard-always-holds", "the answer is a list, and a list holds even where it is empty: compare it, or write `!!` before it");
        return Some(Expr { source: Value::Bool(true), place: at.place() });
    }
    Some(Expr { source: over_payload(&rule), place: at.place() })
}

/// The rule, asked of what the event carries first: a path that leads somewhere there is read there.
fn over_payload(rule: &Value) -> Value {
    match rule {
        Value::Array(items) => Value::array(items.iter().map(over_payload)),
        Value::Object(fields) if fields.len() == 1 => {
            let Some((key, argument)) = fields.iter().next() else { return rule.clone() };
            let operator = key.as_str().unwrap_or_default();
            let told = match (operator, argument) {
                ("var", argument) => match payload_of(argument) {
                    Some(first) => Value::array([first, rule.clone()]),
                    None => argument.clone(),
                },
                (each, Value::Array(parts)) if EACH.contains(&each) => {
                    let told = |(at, part): (usize, &Value)| {
                        if at == 1 { part.clone() } else { over_payload(part) }
                    };
                    Value::array(parts.iter().enumerate().map(told))
                }
                (_, argument) => over_payload(argument),
            };
            Value::object([(key.clone(), told)])
        }
        other => other.clone(),
    }
}

/// Where the event has what a path reads.
fn payload_of(argument: &Value) -> Option<Value> {
    let path = match argument {
        Value::Array(parts) => parts.first()?,
        other => other,
    };
    let path = path.as_str().filter(|path| !path.is_empty())?;
    Some(Value::from(format!("event.data.{path}")))
}

fn jmespath(make: &mut Make<'_>, at: &At<'_>) -> Option<Expr> {
    let Some(text) = at.text() else {
        make.report
            .refuse(at, format!("is {}, and a text of JMESPath should stand here", at.node.told()));
        return None;
    };
    let text = make.path(at, text, true)?;
    let asked = format!("merge(@, event.data || `{{}}`) | {text}");
    // There an empty list or object holds, and zero does not.
    let asked = if path::asks(&text) { asked } else { format!("{asked} | {}", holds("@")) };
    Some(Expr { source: Value::fields([("jmespath", Value::from(asked))]), place: at.place() })
}

/// Whether JavaScript takes something for true.
fn holds(what: &str) -> String {
    format!("{what} != `null` && {what} != `false` && {what} != `0` && {what} != ''")
}
