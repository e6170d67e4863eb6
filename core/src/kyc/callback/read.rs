//! What a callback says: strict JSON, of which each provider's reader takes what a case needs.
//!
//! Fields that are not known are passed over, for providers add some; what is read must be of its kind, and what every such callback has must be
//! there. Outcomes are mapped by what the provider documents. What is not documented is [`Outcome::Other`], never an approval.

mod ballerine;
mod jumio;
mod onfido;
mod persona;
mod sumsub;
mod veriff;

use super::outcome::{Callback, Outcome, Parts};
use super::{CallbackError, Provider, Verified, bounded, evidence};
use crate::time::parse_rfc3339;
use crate::value::{Object, Value};

/// The longest identifier that is taken, in bytes: one that is cut would be another's.
pub const IDENTIFIER: usize = 256;
/// The most reasons of a callback that are kept.
pub const REASONS: usize = 32;
/// The longest reason, in characters; the rest is cut off.
pub const REASON: usize = 200;

impl Verified {
    /// What the body says that was proven.
    ///
    /// # Errors
    /// These are other bytes than those that were proven; as [`read_unverified`].
    pub fn read(&self, body: &[u8]) -> Result<Callback, CallbackError> {
        let callback = read_unverified(self.provider, body)?;
        if callback.evidence != self.evidence {
            return Err(CallbackError::OtherBody { provider: self.provider });
        }
        Ok(callback)
    }
}

/// What a body says that anybody may have sent: to look at, and not to step a case with. [`Verified::read`] is for that.
///
/// # Errors
/// The body is too long, no JSON, has a key twice in one object, lacks what every such callback of the provider has, or contradicts itself.
pub fn read_unverified(provider: Provider, body: &[u8]) -> Result<Callback, CallbackError> {
    bounded(body)?;
    let text = std::str::from_utf8(body)
        .map_err(|error| CallbackError::NotText { at: error.valid_up_to() })?;
    let value = Value::from_json_strict(text)?;
    let fields = Fields::of(provider, &value, String::new())?;
    let told = match provider {
        Provider::Onfido => onfido::read(&fields),
        Provider::Persona => persona::read(&fields),
        Provider::Sumsub => sumsub::read(&fields),
        Provider::Veriff => veriff::read(&fields),
        Provider::Jumio => jumio::read(&fields),
        Provider::Ballerine => ballerine::read(&fields),
    }?;
    let evidence = evidence(body);
    let Told { event_id, kind, about, subject, occurred_at, outcome, reasons, parts, sandbox } =
        told;
    Ok(Callback {
        provider,
        event_id: event_id.unwrap_or_else(|| evidence.clone()),
        kind,
        about,
        subject,
        occurred_at,
        outcome,
        reasons: kept(reasons),
        parts,
        sandbox,
        evidence,
    })
}

/// As many reasons as are kept, each as long as it may be.
fn kept(reasons: Vec<String>) -> Vec<String> {
    let cut = |reason: String| reason.chars().take(REASON).collect();
    reasons.into_iter().filter(|reason| !reason.is_empty()).take(REASONS).map(cut).collect()
}

/// What a reader takes out of a body.
struct Told {
    event_id: Option<String>,
    kind: String,
    about: String,
    subject: Option<String>,
    occurred_at: Option<i64>,
    outcome: Outcome,
    reasons: Vec<String>,
    parts: Parts,
    sandbox: Option<bool>,
}

impl Told {
    /// Something of which no more is known.
    fn new(kind: String, about: String, outcome: Outcome) -> Self {
        Self {
            event_id: None,
            kind,
            about,
            subject: None,
            occurred_at: None,
            outcome,
            reasons: Vec::new(),
            parts: Parts::default(),
            sandbox: None,
        }
    }
}

/// An object of a body, with the path that it stands at. What is `null` is not there.
struct Fields<'a> {
    provider: Provider,
    path: String,
    object: &'a Object,
}

impl<'a> Fields<'a> {
    fn of(provider: Provider, value: &'a Value, path: String) -> Result<Self, CallbackError> {
        match value.as_object() {
            Some(object) => Ok(Self { provider, path, object }),
            None => {
                let path = if path.is_empty() { "the body".to_owned() } else { path };
                Err(CallbackError::Kind { path, wanted: "object", found: value.kind() })
            }
        }
    }

    fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get_str(name).filter(|value| !matches!(value, Value::Null))
    }

    fn missing(&self, name: &str) -> CallbackError {
        CallbackError::Missing { provider: self.provider, path: self.path(name) }
    }

    fn kind(&self, name: &str, wanted: &'static str, value: &Value) -> CallbackError {
        CallbackError::Kind { path: self.path(name), wanted, found: value.kind() }
    }

    fn maybe_object(&self, name: &str) -> Result<Option<Self>, CallbackError> {
        let of = |value| Self::of(self.provider, value, self.path(name));
        self.get(name).map(of).transpose()
    }

    fn object(&self, name: &str) -> Result<Self, CallbackError> {
        self.maybe_object(name)?.ok_or_else(|| self.missing(name))
    }

    fn raw_text(&self, name: &str) -> Result<Option<&'a str>, CallbackError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let text = value.as_str().ok_or_else(|| self.kind(name, "string", value))?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// An identifier or a name; an empty one is none.
    fn maybe_text(&self, name: &str) -> Result<Option<String>, CallbackError> {
        match self.raw_text(name)? {
            Some(text) if text.len() > IDENTIFIER => {
                Err(CallbackError::Long { path: self.path(name), length: text.len() })
            }
            text => Ok(text.map(str::to_owned)),
        }
    }

    fn text(&self, name: &str) -> Result<String, CallbackError> {
        self.maybe_text(name)?.ok_or_else(|| self.missing(name))
    }

    fn maybe_bool(&self, name: &str) -> Result<Option<bool>, CallbackError> {
        let of = |value: &Value| value.as_bool().ok_or_else(|| self.kind(name, "boolean", value));
        self.get(name).map(of).transpose()
    }

    /// An instant as RFC 3339, by which what comes late is known.
    fn instant(&self, name: &str) -> Result<i64, CallbackError> {
        self.maybe_instant(name)?.ok_or_else(|| self.missing(name))
    }

    /// An instant as RFC 3339.
    fn maybe_instant(&self, name: &str) -> Result<Option<i64>, CallbackError> {
        self.maybe_instant_by(name, parse_rfc3339)
    }

    fn maybe_instant_by(
        &self,
        name: &str,
        parse: fn(&str) -> Option<i64>,
    ) -> Result<Option<i64>, CallbackError> {
        let wrong = || CallbackError::Instant { provider: self.provider, path: self.path(name) };
        self.raw_text(name)?.map(|text| parse(text).ok_or_else(wrong)).transpose()
    }

    /// The objects of an array; none if there is no array.
    fn objects(&self, name: &str) -> Result<Vec<Self>, CallbackError> {
        let of = |(at, value)| Self::of(self.provider, value, format!("{}[{at}]", self.path(name)));
        self.items(name)?.iter().enumerate().map(of).collect()
    }

    /// The texts of an array; none if there is no array.
    fn labels(&self, name: &str) -> Result<Vec<String>, CallbackError> {
        let of = |(at, value): (usize, &Value)| match value.as_str() {
            Some(label) => Ok(label.to_owned()),
            None => Err(self.kind(&format!("{name}[{at}]"), "string", value)),
        };
        self.items(name)?.iter().enumerate().map(of).collect()
    }

    fn items(&self, name: &str) -> Result<&'a [Value], CallbackError> {
        let of = |value: &'a Value| value.as_array().ok_or_else(|| self.kind(name, "array", value));
        Ok(self.get(name).map(of).transpose()?.unwrap_or_default())
    }

    /// The body says two things that cannot both be.
    fn contradiction(&self, name: &str, other: String) -> CallbackError {
        let provider = self.provider;
        CallbackError::Contradiction { provider, path: self.path(name), other }
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
