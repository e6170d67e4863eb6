//! Verdicts read from Rego's documents: a shape that is wrong anywhere is an error, and never an allow.

use std::fmt;

use super::{
    Audience, OBLIGATIONS, Obligation, Outcome, REASON_FACTS, REASONS, Reason, ReasonFact,
    Severity, TEXT, Verdict,
};
use crate::policy::rego::{Object, Value};

/// A document that is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct VerdictError {
    /// Where in the document, such as `reasons[2].code`; `verdict` is the document itself.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

impl Verdict {
    /// That which a Rego document says: an object with `outcome`, and `reasons` and `obligations` as arrays or sets, if there are any.
    ///
    /// Reasons and obligations have the shape of the JSON of a [`Verdict`], at most [`REASONS`] and [`OBLIGATIONS`] of them, with texts of
    /// at most [`TEXT`] bytes. A document that is undefined is [`Verdict::missing`].
    ///
    /// # Errors
    /// Anything else, with the place in the document. Whoever calls it denies then.
    pub fn from_rego(document: &Value) -> Result<Self, VerdictError> {
        let fields = Fields::of("verdict", document, &["outcome", "reasons", "obligations"])?;
        let fields = Fields { path: String::new(), ..fields };
        let outcome = fields.word("outcome", OUTCOMES)?;
        let reasons = fields.items("reasons", REASONS, reason)?;
        let obligations = fields.items("obligations", OBLIGATIONS, obligation)?;
        let plain = Self { outcome, reasons, obligations: Vec::new() };
        Ok(plain.join(Self { obligations, ..Self::allow() }))
    }
}

fn reason(path: &str, value: &Value) -> Result<Reason, VerdictError> {
    let names = ["code", "rule", "audience", "severity", "message", "facts"];
    let fields = Fields::of(path, value, &names)?;
    Ok(Reason {
        code: fields.number("code")?,
        rule: fields.text("rule")?,
        audience: fields.word("audience", AUDIENCES)?,
        severity: fields.word("severity", SEVERITIES)?,
        message: fields.text("message")?,
        facts: fields.items("facts", REASON_FACTS, |path, value| {
            let fields = Fields::of(path, value, &["name", "value"])?;
            Ok(ReasonFact { name: fields.text("name")?, value: fields.text("value")? })
        })?,
    })
}

fn obligation(path: &str, value: &Value) -> Result<Obligation, VerdictError> {
    let kind = value.get_str("type").and_then(Value::as_str);
    let fields = |names: &[&'static str]| {
        let names: Vec<_> = names.iter().copied().chain(["type"]).collect();
        Fields::of(path, value, &names)
    };
    Ok(match kind {
        Some("hold") => Obligation::Hold { seconds: fields(&["seconds"])?.number("seconds")? },
        Some("freeze") => {
            let fields = fields(&["until"])?;
            let until = fields.text("until")?.parse();
            Obligation::Freeze { until: until.map_err(|error| fields.wrong("until", error))? }
        }
        Some("approvals") => {
            let fields = fields(&["role", "count"])?;
            Obligation::Approvals { role: fields.text("role")?, count: fields.number("count")? }
        }
        Some("open_case") => {
            let fields = fields(&["queue", "kind"])?;
            Obligation::OpenCase { queue: fields.text("queue")?, kind: fields.text("kind")? }
        }
        Some("draft_report") => {
            Obligation::DraftReport { report: fields(&["report"])?.text("report")? }
        }
        Some("step_up") => Obligation::StepUp { factor: fields(&["factor"])?.text("factor")? },
        Some("notify") => Obligation::Notify { topic: fields(&["topic"])?.text("topic")? },
        _ => {
            let one = "is none of `hold`, `freeze`, `approvals`, `open_case`, `draft_report`, `step_up` and `notify`";
            return Err(wrong(&format!("{path}.type"), one));
        }
    })
}

const OUTCOMES: &[(&str, Outcome)] =
    &[("allow", Outcome::Allow), ("review", Outcome::Review), ("deny", Outcome::Deny)];

const AUDIENCES: &[(&str, Audience)] = &[
    ("customer", Audience::Customer),
    ("operator", Audience::Operator),
    ("officer", Audience::Officer),
];

const SEVERITIES: &[(&str, Severity)] = &[
    ("info", Severity::Info),
    ("low", Severity::Low),
    ("medium", Severity::Medium),
    ("high", Severity::High),
    ("critical", Severity::Critical),
];

/// The fields of an object, and where it stands.
struct Fields<'a> {
    path: String,
    object: &'a Object,
}

impl<'a> Fields<'a> {
    /// Of an object that has no other fields than these.
    fn of(path: &str, value: &'a Value, names: &[&str]) -> Result<Self, VerdictError> {
        let object = value.as_object().ok_or_else(|| {
            wrong(path, format_args!("is of type {}: an object is expected", value.kind()))
        })?;
        let known = |key: &Value| key.as_str().is_some_and(|key| names.contains(&key));
        if let Some(key) = object.keys().find(|key| !known(key)) {
            let key: String = key.to_json().chars().take(64).collect();
            return Err(wrong(path, format_args!("has the unknown field {key}")));
        }
        Ok(Self { path: path.to_owned(), object })
    }

    fn value(&self, name: &str) -> Result<&'a Value, VerdictError> {
        self.object.get_str(name).ok_or_else(|| self.wrong(name, "is missing"))
    }

    fn text(&self, name: &str) -> Result<String, VerdictError> {
        let text = self.value(name)?.as_str();
        let text = text.ok_or_else(|| self.wrong(name, "is no text"))?;
        if text.len() > TEXT {
            return Err(self.wrong(name, format_args!("has more than {TEXT} bytes")));
        }
        Ok(text.to_owned())
    }

    fn number<T: TryFrom<u64>>(&self, name: &str) -> Result<T, VerdictError> {
        let number = self.value(name)?.as_number().and_then(|number| number.to_u64());
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| self.wrong(name, "is no whole number from 0 on that fits"))
    }

    fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, VerdictError> {
        let text = self.value(name)?.as_str();
        let word = words.iter().find(|(word, _)| Some(*word) == text).map(|(_, value)| *value);
        word.ok_or_else(|| {
            let words: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.wrong(name, format_args!("is none of {}", words.join(", ")))
        })
    }

    /// The items of an array, or of a set in its order; none if the field is not there.
    fn items<T>(
        &self,
        name: &str,
        most: usize,
        read: impl Fn(&str, &Value) -> Result<T, VerdictError>,
    ) -> Result<Vec<T>, VerdictError> {
        let Some(value) = self.object.get_str(name) else { return Ok(Vec::new()) };
        let items = value.as_elements();
        let items = items.ok_or_else(|| self.wrong(name, "is neither an array nor a set"))?;
        if items.len() > most {
            return Err(self.wrong(name, format_args!("has more than {most} items")));
        }
        let path = self.path_of(name);
        items.iter().enumerate().map(|(at, item)| read(&format!("{path}[{at}]"), item)).collect()
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn wrong(&self, name: &str, message: impl fmt::Display) -> VerdictError {
        wrong(&self.path_of(name), message)
    }
}

fn wrong(path: &str, message: impl fmt::Display) -> VerdictError {
    VerdictError { path: path.to_owned(), message: message.to_string() }
}
