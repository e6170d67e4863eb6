//! What a customer hands in to a case: a document or the answers to a form that wait for the back end, and what became of them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::intent::IntentState;
use crate::api::{FilledForm, HandIn, HandInOutcome, HandedDocument, Invalid, ZoneNote, invalid};
use crate::kyc::mrz::{Mrz, Status};
use crate::time::{DAY, date_of, format_instant, parse_date, parse_instant};

/// Bytes of what a document is called on the device.
const NAME_MAX: usize = 4_096;

/// What is noticed of a document before it is handed in. It keeps nothing from being handed in: the device's clock is evidence only, and a camera may
/// be better next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HandInWarning {
    /// By the device's clock the document is not valid any more: the back end will not take it, if its clock says so too.
    NotValid,
    /// By the device's clock the time to hand it in is over.
    TooLate,
    /// Check digits of the machine-readable zone do not hold: it was misread, or is none.
    WrongDigits,
    /// By its machine-readable zone and the device's clock it has expired.
    Expired,
}

/// A document for a case, as it is given on a device.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewDocument {
    /// The key: given again with the same key it is the same. At most [`HAND_IN_KEY_MAX`](crate::api::HAND_IN_KEY_MAX) bytes.
    pub key: String,
    /// The case, by its key. It is followed, and the back end has told of it.
    pub case: String,
    /// Which document, by its name in the case.
    pub document: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// What it is called on the device, such as the path of the file. It is not sent.
    pub name: Option<String>,
    /// Where the back end keeps it.
    pub file: Option<String>,
    /// When it is not valid any more: RFC 3339 or nanoseconds since 1970. By default the end of the last day that its zone tells.
    pub valid_until: Option<String>,
    /// Its machine-readable zone. What of it names the document or its holder is not sent.
    pub zone: Option<String>,
}

/// What is noticed of a document before it is handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentCheck {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// When it is not valid any more, as it would be sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub valid_until: Option<String>,
    /// What is noticed of it: `not_valid`, `too_late`, `wrong_digits`, `expired`.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub warnings: Vec<HandInWarning>,
    /// The check digits of its zone that do not hold.
    pub wrong: Vec<String>,
}

impl From<HandInView> for DocumentCheck {
    fn from(given: HandInView) -> Self {
        let HandedDocument { hash, valid_until, zone, .. } = given.document.unwrap_or_default();
        let wrong = zone.map(|zone| zone.wrong).unwrap_or_default();
        Self { hash, valid_until, warnings: given.warnings, wrong }
    }
}

/// Without what is personal.
impl std::fmt::Debug for NewDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, case, document, .. } = self;
        let mut told = f.debug_struct("NewDocument");
        told.field("key", key)
            .field("case", case)
            .field("document", document)
            .finish_non_exhaustive()
    }
}

/// Something that is handed in, as it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandInView {
    /// Its key: given again with the same key it is the same.
    pub key: String,
    /// Its number on this device: what is handed in is sent in this order.
    pub number: u64,
    /// How far it has come; `booked` is what the case has.
    pub state: IntentState,
    /// When it was made, by the device's clock.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub made_at: String,
    /// When its state last changed, by the device's clock.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub changed_at: String,
    /// How often it was sent.
    pub attempts: u32,
    /// The case, by its key.
    pub case: String,
    /// The document, as it is sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub document: Option<HandedDocument>,
    /// The answers, as they are sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub form: Option<FilledForm>,
    /// What the document is called on the device.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-personal" = true)))]
    pub name: Option<String>,
    /// Its machine-readable zone, as it was read. It is never sent, and forgotten once the back end has answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("x-personal" = true)))]
    pub zone: Option<String>,
    /// What was noticed of it: `not_valid`, `too_late`, `wrong_digits`, `expired`.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub warnings: Vec<HandInWarning>,
    /// What became of it, once the back end has answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub outcome: Option<HandInOutcome>,
}

/// Without what is personal.
impl std::fmt::Debug for HandInView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { key, number, state, attempts, case, warnings, outcome, .. } = self;
        f.debug_struct("HandInView")
            .field("key", key)
            .field("number", number)
            .field("state", state)
            .field("attempts", attempts)
            .field("case", case)
            .field("warnings", warnings)
            .field("outcome", outcome)
            .finish_non_exhaustive()
    }
}

impl HandInView {
    /// Of a document. What is wrong with its zone, and what is over by the device's clock, is a warning.
    pub(super) fn of_document(new: NewDocument, now: i64) -> Result<Self, Invalid> {
        let NewDocument { key, case, document, hash, name, file, valid_until, zone } = new;
        if name.as_ref().is_some_and(|name| name.len() > NAME_MAX) {
            return Err(invalid("name", format!("has more than {NAME_MAX} bytes")));
        }
        let read = zone.as_deref().map(|zone| read(zone, now)).transpose()?;
        let (note, mut warnings) = match read {
            Some(Read { note, warnings, .. }) => (Some(note), warnings),
            None => (None, Vec::new()),
        };
        // It is valid on the whole of its last day.
        let last = note.as_ref().and_then(|note| end_of(note.expires.as_deref()?));
        let valid_until = valid_until.or_else(|| last.map(format_instant));
        let until = valid_until.as_deref().and_then(parse_instant);
        // As every instant is told; one that is none is told by who looks at what is sent.
        let valid_until = until.map(format_instant).or(valid_until);
        if until.is_some_and(|until| until <= now) {
            warnings.push(HandInWarning::NotValid);
        }
        warnings.sort();
        let hash = hash.to_ascii_lowercase();
        let handed = HandedDocument { document, hash, file, valid_until, zone: note };
        Ok(Self { document: Some(handed), name, zone, warnings, ..Self::new(key, case, now) })
    }

    /// Of the answers to a form.
    pub(super) fn of_form(key: String, case: String, form: FilledForm, now: i64) -> Self {
        Self { form: Some(form), ..Self::new(key, case, now) }
    }

    fn new(key: String, case: String, now: i64) -> Self {
        Self {
            key,
            number: 0,
            state: IntentState::Queued,
            made_at: format_instant(now),
            changed_at: format_instant(now),
            attempts: 0,
            case,
            document: None,
            form: None,
            name: None,
            zone: None,
            warnings: Vec::new(),
            outcome: None,
        }
    }

    /// Its name in its case: of the document, or of the form.
    #[must_use]
    pub fn what(&self) -> &str {
        let document = self.document.as_ref().map(|handed| &handed.document);
        document.or(self.form.as_ref().map(|filled| &filled.form)).map_or("", String::as_str)
    }

    /// Whether it would hand in the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.case, &self.document, &self.form) == (&other.case, &other.document, &other.form)
    }

    /// What is sent of it.
    #[must_use]
    pub fn as_sent(&self) -> HandIn {
        HandIn {
            key: self.key.clone(),
            made_at: self.made_at.clone(),
            again: self.attempts > 0,
            case: self.case.clone(),
            document: self.document.clone(),
            form: self.form.clone(),
        }
    }

    /// Bytes of text that are sent of it.
    pub(super) fn text_len(&self) -> usize {
        let of_document = |it: &HandedDocument| {
            it.document.len() + it.hash.len() + it.file.as_ref().map_or(0, String::len)
        };
        let of_form = |it: &FilledForm| it.form.len() + it.answers.len();
        let document = self.document.as_ref().map_or(0, of_document);
        self.key.len() + self.case.len() + document + self.form.as_ref().map_or(0, of_form)
    }

    pub(super) fn sent(&self, now: i64) -> Self {
        Self { attempts: self.attempts.saturating_add(1), ..self.with(IntentState::Sent, now) }
    }

    pub(super) fn resolved(&self, outcome: &HandInOutcome, now: i64) -> Self {
        let state = if outcome.ok { IntentState::Booked } else { IntentState::Rejected };
        Self { outcome: Some(outcome.clone()), zone: None, ..self.with(state, now) }
    }

    pub(super) fn cancelled(&self, now: i64) -> Result<Self, Invalid> {
        self.state.check_cancel(&self.key)?;
        Ok(Self { zone: None, ..self.with(IntentState::Cancelled, now) })
    }

    fn with(&self, state: IntentState, now: i64) -> Self {
        Self { state, changed_at: format_instant(now), ..self.clone() }
    }
}

/// What a zone says of a document.
struct Read {
    note: ZoneNote,
    warnings: Vec<HandInWarning>,
}

fn read(zone: &str, now: i64) -> Result<Read, Invalid> {
    let mrz = Mrz::read(zone).map_err(|error| invalid("zone", error.to_string()))?;
    let today = NaiveDate::from_epoch_days(date_of(now)).unwrap_or_default();
    let wrong = mrz.checks.iter().filter(|check| !check.is_good);
    let note = ZoneNote {
        format: mrz.format.name().to_owned(),
        document_code: mrz.document_code.clone(),
        issuer: mrz.issuer.clone(),
        expires: mrz.expires_on(today).map(|day| day.to_string()),
        wrong: wrong.map(|check| check.field.name().to_owned()).collect(),
    };
    let noticed = [
        (HandInWarning::WrongDigits, !mrz.is_valid()),
        (HandInWarning::Expired, mrz.status(today) == Status::Expired),
    ];
    let warnings = noticed.into_iter().filter(|(_, is_so)| *is_so).map(|(it, _)| it).collect();
    Ok(Read { note, warnings })
}

/// The first instant after a day.
fn end_of(day: &str) -> Option<i64> {
    i64::from(parse_date(day)?).checked_add(1)?.checked_mul(DAY)
}
