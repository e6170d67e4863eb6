//! Overrides: what an officer decides instead of the model, for a time and with a reason. They come with a request and are no part of a model.

use super::read::{is_short, unknown};
use super::score::RiskError;
use crate::time::{format_instant, parse_rfc3339};
use crate::value::{Number, Value};

/// The longest text of an override, in characters.
const TEXT: usize = 4_096;

const FIELDS: [&str; 6] = ["level", "score", "by", "reason", "since", "expires"];

/// What an officer decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// A level, by its name: the score is what the level begins with, or what was computed if that is in it.
    Level(String),
    /// A score of the scale.
    Score(Number),
}

/// An override of a score.
///
/// It counts from `since`, and not from `expires` on. Of several that count the one with the latest `since` wins, of these the one with the
/// highest score. It may raise a score; it may lower one down to the hard floors that apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// What is decided.
    pub to: To,
    /// Who decides: an id that the host knows.
    pub by: String,
    /// Why; for whoever reviews it.
    pub reason: String,
    /// The instant from which on it counts, in nanoseconds UTC; none is since ever.
    pub since: Option<i64>,
    /// The instant at which it counts no more, in nanoseconds UTC.
    pub expires: i64,
}

impl Override {
    /// Reads an override: an object with `level` or `score` (a number, or the text of one), `by`, `reason`, `expires` and, if wanted, `since`;
    /// instants are texts of RFC 3339.
    ///
    /// # Errors
    /// Fields that are not known or missing, both of `level` and `score` or none, empty texts, and what is no instant.
    pub fn from_value(value: &Value) -> Result<Self, RiskError> {
        let wrong = |message: String| RiskError::Override { at: "override".to_owned(), message };
        let Some(fields) = value.as_object() else {
            return Err(wrong(format!("an override is an object, and this is a {}", value.kind())));
        };
        let stray =
            fields.keys().find(|key| !key.as_str().is_some_and(|key| FIELDS.contains(&key)));
        if let Some(key) = stray {
            return Err(wrong(unknown(key.as_str().unwrap_or_default(), &FIELDS)));
        }
        let text = |name: &str| match fields.get_str(name) {
            Some(Value::String(text)) => Ok(text.to_string()),
            Some(other) => {
                Err(wrong(format!("`{name}` is a text, and this is a {}", other.kind())))
            }
            None => Err(wrong(format!("`{name}` is missing"))),
        };
        let instant = |name: &str| {
            let told = || wrong(format!("`{name}` is an instant, such as `2026-12-31T00:00:00Z`"));
            parse_rfc3339(&text(name)?).ok_or_else(told)
        };
        let to = match (fields.get_str("level"), fields.get_str("score")) {
            (Some(_), None) => To::Level(text("level")?),
            (None, Some(Value::Number(number))) => To::Score(number.clone()),
            (None, Some(Value::String(digits))) => {
                To::Score(Number::parse(digits).map_err(|error| wrong(format!("`score` {error}")))?)
            }
            (None, Some(_)) => return Err(wrong("`score` is a number".to_owned())),
            _ => return Err(wrong("write either `level` or `score`".to_owned())),
        };
        let since = fields.get_str("since").map(|_| instant("since")).transpose()?;
        let read = Self {
            to,
            by: text("by")?,
            reason: text("reason")?,
            since,
            expires: instant("expires")?,
        };
        read.check().map_err(wrong)?;
        Ok(read)
    }

    /// What is wrong with it, whatever the model.
    pub(super) fn check(&self) -> Result<(), String> {
        for (name, text) in [("by", &self.by), ("reason", &self.reason)] {
            if text.trim().is_empty() || text.chars().nth(TEXT).is_some() {
                return Err(format!(
                    "`{name}` has 1 to {TEXT} characters: nothing is overridden without"
                ));
            }
        }
        match &self.to {
            To::Score(number) if !is_short(number) => {
                return Err("`score` has too many digits".to_owned());
            }
            To::Level(name) if name.len() > TEXT => return Err("`level` is too long".to_owned()),
            _ => {}
        }
        if self.since.is_some_and(|since| since >= self.expires) {
            return Err("`expires` is not behind `since`".to_owned());
        }
        Ok(())
    }

    /// As it is read.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let to = match &self.to {
            To::Level(name) => ("level", Value::from(name.as_str())),
            To::Score(number) => ("score", Value::Number(number.clone())),
        };
        let mut fields = vec![
            to,
            ("by", Value::from(self.by.as_str())),
            ("reason", Value::from(self.reason.as_str())),
            ("expires", Value::from(format_instant(self.expires))),
        ];
        fields.extend(self.since.map(|since| ("since", Value::from(format_instant(since)))));
        Value::fields(fields)
    }
}
