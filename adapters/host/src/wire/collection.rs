//! What a customer hands in on a device, as plain data.

use std::path::Path;

use serde::{Deserialize, Serialize};
use thalium::policy::rego::Value;

use super::decision::apart;
use super::failure::Failure;
use super::{instant_of, json};
use crate::{Device, FilledForm, NewDocument, digest_file};

/// A case that is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowedCase {
    /// Its key.
    pub case: String,
}

/// A document for a case.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HandInDocument {
    /// The key: given again with the same key it is the same. At most 56 bytes.
    pub key: String,
    /// The case, by its key.
    pub case: String,
    /// Which document, by its name in the case.
    pub document: String,
    /// The SHA-256 of its bytes, in hexadecimal; or else `path`.
    #[serde(default)]
    pub hash: Option<String>,
    /// The file: its SHA-256 is taken, and nothing else of it.
    #[serde(default)]
    pub path: Option<String>,
    /// What it is called on the device; by default the path. It is not sent.
    #[serde(default)]
    pub name: Option<String>,
    /// Where the back end keeps it.
    #[serde(default)]
    pub file: Option<String>,
    /// When it is not valid any more: RFC 3339 or nanoseconds since 1970. By default the end of the last day that its zone tells.
    #[serde(default)]
    pub valid_until: Option<String>,
    /// Its machine-readable zone. What of it names the document or its holder is not sent.
    #[serde(default)]
    pub zone: Option<String>,
    /// The instant.
    #[serde(default)]
    pub now: Option<String>,
}

/// Without what is personal.
impl std::fmt::Debug for HandInDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, case, document, .. } = self;
        let mut told = f.debug_struct("HandInDocument");
        told.field("key", key).field("case", case).field("document", document);
        told.finish_non_exhaustive()
    }
}

/// The answers to a form of a case.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    /// The key: given again with the same key it is the same. At most 56 bytes.
    pub key: String,
    /// The case, by its key.
    pub case: String,
    /// Which form, by its name in the case.
    pub form: String,
    /// Variables with their values, an object. Its numbers are read exactly.
    #[serde(default)]
    pub answers: Option<serde_json::Value>,
    /// The instant.
    #[serde(default)]
    pub now: Option<String>,
}

/// Without what is personal.
impl std::fmt::Debug for AnswerForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, case, form, .. } = self;
        let mut told = f.debug_struct("AnswerForm");
        told.field("key", key).field("case", case).field("form", form).finish_non_exhaustive()
    }
}

/// Which of what was handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct HandInQuery {
    /// Only what is for this case.
    pub case: Option<String>,
    /// Only what is not resolved.
    pub open: bool,
}

impl HandInDocument {
    /// The document, with the SHA-256 of its file.
    pub(super) fn document(self) -> Result<NewDocument, Failure> {
        let hash = match (self.hash, &self.path) {
            (Some(hash), None) => hash,
            (None, Some(path)) => digest_file(Path::new(path))?,
            _ => return Err(Failure::usage("hash", "is needed, or else the path of a file")),
        };
        Ok(NewDocument {
            key: self.key,
            case: self.case,
            document: self.document,
            hash,
            name: self.name.or(self.path).filter(|name| !name.is_empty()),
            file: self.file,
            valid_until: self.valid_until,
            zone: self.zone,
        })
    }
}

/// Keeps answers as they were written: no number of them becomes a float.
pub(super) fn answer_form(device: &Device, request: &str) -> Result<String, Failure> {
    let (AnswerForm { key, case, form, now, .. }, answers) = apart(request, "answers")?;
    let now = now.map_or(Ok(device.now()), |text| instant_of("now", &text))?;
    let answers = answers.unwrap_or_else(|| Value::object([])).to_json();
    json(&device.answer_form_at(&key, &case, FilledForm { form, answers }, now)?)
}
