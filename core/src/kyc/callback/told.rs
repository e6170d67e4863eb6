//! A callback, read back out of the event that tells it.

use super::{Callback, Outcome, Part, Parts, Provider};
use crate::time::parse_instant;
use crate::value::{Object, Value};

impl Callback {
    /// Reads what [`Callback::to_event`] put into the event; what else stands there, such as what proves it, is passed over.
    ///
    /// # Errors
    /// It is no object, or a field is not as it was written there: which.
    pub fn of_event(data: &Value) -> Result<Self, String> {
        let told =
            data.as_object().ok_or("is no object: give all that was read of the callback")?;
        let text = |name| field(told, name, Value::as_str).map(str::to_owned);
        let part = |told, name| optional(told, name, |part| Part::from_name(part.as_str()?));
        let parts = optional(told, "parts", Value::as_object)?;
        let parts = parts.map(|parts| {
            let (document, face) = (part(parts, "document")?, part(parts, "face")?);
            Ok::<_, String>(Parts { document, face, sanctions: part(parts, "sanctions")? })
        });
        let reasons = optional(told, "reasons", |reasons| {
            let reasons = reasons.as_array()?.iter();
            reasons.map(|reason| reason.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        Ok(Self {
            provider: field(told, "provider", |it| Provider::from_name(it.as_str()?).ok())?,
            event_id: text("event_id")?,
            kind: text("kind")?,
            about: text("about")?,
            subject: optional(told, "subject", Value::as_str)?.map(str::to_owned),
            occurred_at: optional(told, "occurred_at", |at| parse_instant(at.as_str()?))?,
            outcome: field(told, "outcome", |it| Outcome::from_name(it.as_str()?))?,
            reasons: reasons?.unwrap_or_default(),
            parts: parts.transpose()?.unwrap_or_default(),
            sandbox: optional(told, "sandbox", Value::as_bool)?,
            evidence: text("evidence")?,
        })
    }
}

/// A field that may be missing, or null.
fn optional<'a, T>(
    told: &'a Object,
    name: &str,
    read: impl FnOnce(&'a Value) -> Option<T>,
) -> Result<Option<T>, String> {
    let found = told.get_str(name).filter(|found| !matches!(found, Value::Null));
    found.map(|found| read(found).ok_or_else(|| wrong(name))).transpose()
}

fn field<'a, T>(
    told: &'a Object,
    name: &str,
    read: impl FnOnce(&'a Value) -> Option<T>,
) -> Result<T, String> {
    optional(told, name, read)?.ok_or_else(|| wrong(name))
}

fn wrong(name: &str) -> String {
    format!("has no `{name}` as a callback tells it: give all that was read of the callback")
}

#[cfg(test)]
#[path = "told_tests.rs"]
mod tests;
