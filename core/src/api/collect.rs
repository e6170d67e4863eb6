//! What a customer's device hands in to a case, and what it is told of one.
//!
//! A customer hands in what their own case asks for, a document or the answers to a form, and is told how that stands. Which names of a case they may
//! be told is the back end's to say, in [`CustomerCases`]: what it does not name stays in the office. Notes, people, votes and queues are told to no
//! customer at all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::resolve::{Invalid, invalid, short};
use super::sync::{SyncCall, bound};
use crate::audit::merkle::from_hex;
use crate::kyc::case::{Case, Cases, Command, Desk, Json, NAME, Paper, Refusal, Standing};
use crate::time::{format_instant, parse_instant};
use crate::value::Value;

/// Hand-ins that one request may carry.
pub const HAND_INS_MAX: usize = 50;
/// Cases that one request may ask about.
pub const CASES_MAX: usize = 20;
/// Bytes of a key of a hand-in: with the customer's name before it, it is the id of a request to the case.
pub const HAND_IN_KEY_MAX: usize = 56;
/// Bytes of the answers to one form, as JSON.
pub const ANSWERS_MAX: usize = 16 << 10;
/// Bytes of the name under which the back end keeps a file.
pub const FILE_NAME_MAX: usize = 1_024;

/// What a customer hands in to a case of theirs: a document, or the answers to a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HandIn {
    /// Its key, of the device's making: at most [`HAND_IN_KEY_MAX`] bytes.
    pub key: String,
    /// When it was made, by the device's clock. It is evidence.
    pub made_at: String,
    /// Whether it was sent before and not answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// The case, by its key.
    pub case: String,
    /// The document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<HandedDocument>,
    /// The answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FilledForm>,
}

/// A document that is handed in. Its bytes go to where the back end takes them, and not through here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HandedDocument {
    /// Which, by its name in the case.
    pub document: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// Where the back end keeps it, as it told when the bytes were sent there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// When it is not valid any more: RFC 3339 or nanoseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// What its machine-readable zone says of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneNote>,
}

/// What a machine-readable zone says of a document, and nothing of whom it was issued to: neither its number nor names nor days of birth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ZoneNote {
    /// `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`.
    pub format: String,
    /// The document code, such as `P`.
    pub document_code: String,
    /// Who issued it: a code of ICAO 9303, as it stands.
    pub issuer: String,
    /// The last day on which it is valid, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// The check digits that do not hold; none of one that was read as it was printed.
    pub wrong: Vec<String>,
}

/// The answers to a form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FilledForm {
    /// Which form: the event by which the case's chart hears of it.
    pub form: String,
    /// The text of a JSON object, whose numbers are exact: variables with their values.
    #[cfg_attr(feature = "schema", schemars(extend("x-personal" = true)))]
    pub answers: String,
}

/// Without what is personal.
impl std::fmt::Debug for FilledForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilledForm").field("form", &self.form).finish_non_exhaustive()
    }
}

/// What of cases is a customer's, and what they may be told of it. All that is not named is not told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CustomerCases {
    /// The parties that the customer is, by key or id: cases about them are theirs. Without any no case is.
    pub parties: Vec<String>,
    /// Documents that the customer may hand in though nobody has asked for them in the case yet.
    pub documents: Vec<String>,
    /// The forms that the customer may fill in: by the event that the chart hears, the variables that it carries.
    pub forms: BTreeMap<String, Vec<String>>,
    /// The states of charts that the customer may be told of.
    pub states: Vec<String>,
    /// The reason codes of documents that the customer may be told.
    pub reasons: Vec<String>,
}

/// How a case stands, as the customer is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseNews {
    /// Its key.
    pub case: String,
    /// Whether it goes on.
    pub open: bool,
    /// The states in which it is, of those that the customer may be told of.
    pub states: Vec<String>,
    /// Its documents, by name.
    pub documents: Vec<AskedDocument>,
    /// The forms that it waits for, by name.
    pub forms: Vec<AskedForm>,
    /// Facts in the log of cases when this was read: how new it is.
    pub facts: u64,
}

/// A document of a case, as the customer is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskedDocument {
    /// Which.
    pub document: String,
    /// How it stands: `requested`, `submitted`, `approved`, `rejected` or `expired`.
    pub standing: String,
    /// Whether it can be handed in now.
    pub wanted: bool,
    /// How often it can still be handed in.
    pub attempts_left: u32,
    /// Until when it is to be handed in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub due: Option<String>,
    /// When it is not valid any more.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub valid_until: Option<String>,
    /// Why it is asked for again or was not taken: the reason codes that the customer may be told.
    pub reasons: Vec<String>,
}

/// A form that a case waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskedForm {
    /// Which.
    pub form: String,
    /// The variables that it has.
    pub variables: Vec<String>,
}

/// What became of something that was handed in, as the customer is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandInOutcome {
    /// The device's key of it.
    pub key: String,
    /// Whether the case has it.
    pub ok: bool,
    /// Whether the case had it before: the answer to a retry.
    pub replayed: bool,
    /// Why not, a stable name: `not_permitted`, `invalid`, `ended`, `document`, `attempts`, `unheard`, `instant`, `text`, `other_request`, `stale`,
    /// `unkept` or `refused`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
    /// Why not, for people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// What a hand-in comes to before its case is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Admitted {
    /// This is asked of the case.
    Asked(Command),
    /// The case has it already, though it does not remember the request.
    There,
}

impl SyncCall {
    /// Refuses more than may go together, and what is named twice.
    pub(super) fn check_cases(&self) -> Result<(), Invalid> {
        bound("request.hand_ins", self.request.hand_ins.len(), HAND_INS_MAX)?;
        bound("request.cases", self.request.cases.len(), CASES_MAX)?;
        let mut names = std::collections::BTreeSet::new();
        if let Some(twice) = self.request.cases.iter().find(|case| !names.insert(*case)) {
            return Err(invalid("request.cases", format!("name `{}` twice", short(twice))));
        }
        Ok(())
    }

    /// The id under which a case knows a hand-in: no device can take, or probe, one of another customer's or of the office.
    #[must_use]
    pub fn hand_in_id(&self, hand_in: &HandIn) -> String {
        format!("{}{}", self.prefix(), hand_in.key)
    }

    /// What a hand-in asks of a case, if the case is the customer's and asks for it. What the case has done stays done: asked again it is asked as it
    /// was, and the case tells that it has done it.
    ///
    /// `case` is nothing where there is none, or where it is not about the customer: who asks cannot tell the one from the other.
    ///
    /// # Errors
    /// Why it is not let through, as the customer is told.
    pub fn admit_hand_in(
        &self,
        cases: &Cases,
        case: Option<&Case>,
        hand_in: &HandIn,
    ) -> Result<Admitted, Box<HandInOutcome>> {
        let key = &hand_in.key;
        let told = |code: &str, invalid: &Invalid| {
            Box::new(HandInOutcome {
                key: key.clone(),
                code: Some(code.to_owned()),
                field: Some(invalid.field.to_string()),
                reason: Some(invalid.to_string()),
                ..HandInOutcome::default()
            })
        };
        let wrong = |what: Invalid| told("invalid", &what);
        let forbidden =
            |field: &'static str, message: String| told("not_permitted", &invalid(field, message));
        check_hand_in(hand_in).map_err(wrong)?;
        let id = self.hand_in_id(hand_in);
        if id.len() > NAME {
            return Err(wrong(invalid("customer", "is too long a name to hand in under")));
        }
        let no_case = || format!("there is no case `{}` of the customer's", short(&hand_in.case));
        let case = case.ok_or_else(|| forbidden("case", no_case()))?;
        let desk = cases.desk_of(case).map_err(|it| refused_hand_in(key, &it))?;
        let is_known = case.has_done(&id);
        if hand_in.again && !is_known && !case.remembers_devices() {
            if is_there(case, hand_in) {
                return Ok(Admitted::There);
            }
            let message =
                "went on since: look at it, and hand in under a new key what it still asks for";
            return Err(told("stale", &invalid("case", message)));
        }
        if !is_known && !case.is_open() {
            return Err(told("ended", &invalid("case", "has ended")));
        }
        let made_at = Value::from(hand_in.made_at.as_str());
        if let Some(handed) = &hand_in.document {
            if !is_known {
                let asked = self.asked_document(desk, case, &handed.document);
                let Some(asked) = asked else {
                    let name = short(&handed.document);
                    return Err(forbidden("document", format!("`{name}` is not asked for")));
                };
                if asked.attempts_left == 0 {
                    let message = "was handed in as often as it can be";
                    return Err(told("attempts", &invalid("document", message)));
                }
                if !asked.wanted {
                    let message = format!("is {}: it is not asked for now", asked.standing);
                    return Err(told("document", &invalid("document", message)));
                }
            }
            return handed.command(made_at).map(Admitted::Asked).map_err(wrong);
        }
        let Some(filled) = &hand_in.form else {
            return Err(wrong(invalid("document", "is missing, and a form as well")));
        };
        let answers = answers_of(&filled.answers).map_err(wrong)?;
        // What the case has done is asked as it was, whatever it asks for now.
        if !is_known {
            let variables = self.cases.forms.get(&filled.form);
            let Some(variables) =
                variables.filter(|_| desk.waits_for(case.session(), &filled.form))
            else {
                let message = format!("`{}` is not asked for", short(&filled.form));
                return Err(forbidden("form", message));
            };
            if let Some(other) = unasked_answer(&answers, variables) {
                let message = format!("have `{}`, which the form does not ask for", short(other));
                return Err(forbidden("answers", message));
            }
        }
        Ok(Admitted::Asked(Command::Send {
            event: filled.form.clone(),
            data: answers.as_object().map(|answers| {
                Json(Value::Object(answers.with(Value::from("made_at"), made_at).into()))
            }),
            session: None,
            invoke_id: None,
        }))
    }

    /// How a case of the customer's stands, as they are told.
    #[must_use]
    pub fn case_news(&self, cases: &Cases, case: &Case) -> CaseNews {
        let mut news = CaseNews {
            case: case.key.clone(),
            open: case.is_open(),
            facts: cases.facts(),
            ..CaseNews::default()
        };
        // A kind whose version is gone has nothing to tell.
        let Ok(desk) = cases.desk_of(case) else { return news };
        let session = case.session();
        let is_told = |state: &&String| desk.definition().program().is_active(session, state);
        news.states = self.cases.states.iter().filter(is_told).cloned().collect();
        let names = desk.kind().documents.keys();
        news.documents = names.filter_map(|name| self.asked_document(desk, case, name)).collect();
        let is_asked =
            |(form, _): &(&String, &Vec<String>)| case.is_open() && desk.waits_for(session, form);
        let forms = self.cases.forms.iter().filter(is_asked);
        let form = |(form, variables): (&String, &Vec<String>)| AskedForm {
            form: form.clone(),
            variables: variables.clone(),
        };
        news.forms = forms.map(form).collect();
        news
    }

    /// A document of a case, if the customer may be told of it: it is there, or may be handed in without having been asked for.
    fn asked_document(&self, desk: &Desk, case: &Case, name: &str) -> Option<AskedDocument> {
        let paper: &Paper = desk.kind().documents.get(name)?;
        let found = case.documents.get(name);
        if found.is_none() && !self.cases.documents.iter().any(|free| free == name) {
            return None;
        }
        let standing = found.map_or(Standing::Requested, |found| found.standing);
        let attempts = found.map_or(0, |found| found.attempts);
        let attempts_left = u32::from(paper.attempts).saturating_sub(attempts);
        let is_asked = matches!(standing, Standing::Requested | Standing::Expired);
        // Reason codes only: while a document is asked for, what somebody wrote may stand among them.
        let may_tell = |reason: &&String| {
            self.cases.reasons.contains(reason) && paper.reasons.contains(reason)
        };
        let reasons = found.into_iter().flat_map(|found| &found.reasons).filter(may_tell);
        Some(AskedDocument {
            document: name.to_owned(),
            standing: standing.name().to_owned(),
            wanted: is_asked && attempts_left > 0 && case.is_open(),
            attempts_left,
            due: found.and_then(|found| found.due).map(format_instant),
            valid_until: found.and_then(|found| found.valid_until).map(format_instant),
            reasons: reasons.cloned().collect(),
        })
    }
}

impl HandedDocument {
    /// What it asks of its case. The chart hears when it was made by the device's clock, and what its zone says.
    fn command(&self, made_at: Value) -> Result<Command, Invalid> {
        let hash = from_hex(&self.hash).ok_or_else(no_hash)?;
        let valid_until = self.valid_until.as_deref().map(|text| instant("valid_until", text));
        let zone = self.zone.as_ref().map_or(Value::Null, ZoneNote::to_value);
        Ok(Command::SubmitDocument {
            document: self.document.clone(),
            hash: hash.into(),
            file: self.file.clone(),
            valid_until: valid_until.transpose()?,
            data: Some(Json(Value::fields([("made_at", made_at), ("zone", zone)]))),
        })
    }
}

impl ZoneNote {
    fn to_value(&self) -> Value {
        let text = |text: &String| Value::from(text.as_str());
        Value::fields([
            ("format", text(&self.format)),
            ("document_code", text(&self.document_code)),
            ("issuer", text(&self.issuer)),
            ("expires", self.expires.as_ref().map_or(Value::Null, text)),
            ("wrong", Value::array(self.wrong.iter().map(text))),
        ])
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let all = [&self.format, &self.document_code, &self.issuer];
        all.into_iter().chain(&self.expires).chain(&self.wrong)
    }
}

/// What of a hand-in can be told wherever it is looked at, on the device and at the back end.
///
/// # Errors
/// The field at fault.
pub fn check_hand_in(hand_in: &HandIn) -> Result<(), Invalid> {
    named("key", &hand_in.key, HAND_IN_KEY_MAX)?;
    named("case", &hand_in.case, NAME)?;
    instant("made_at", &hand_in.made_at)?;
    match (&hand_in.document, &hand_in.form) {
        (Some(_), Some(_)) => Err(invalid("form", "is not handed in together with a document")),
        (None, None) => Err(invalid("document", "is missing, and a form as well")),
        (Some(handed), None) => {
            named("document", &handed.document, NAME)?;
            from_hex(&handed.hash).ok_or_else(no_hash)?;
            handed.file.as_ref().map_or(Ok(()), |file| named("file", file, FILE_NAME_MAX))?;
            handed.valid_until.as_ref().map_or(Ok(0), |text| instant("valid_until", text))?;
            let mut texts = handed.zone.iter().flat_map(ZoneNote::texts);
            match texts.find(|text| text.len() > 32) {
                Some(_) => Err(invalid("zone", "is longer than any is")),
                None if handed.zone.as_ref().is_some_and(|zone| zone.wrong.len() > 8) => {
                    Err(invalid("zone", "has more check digits than any has"))
                }
                None => Ok(()),
            }
        }
        (None, Some(filled)) => {
            named("form", &filled.form, NAME)?;
            answers_of(&filled.answers).map(drop)
        }
    }
}

/// What a refusal of a case comes to for a customer. What it says of the office, of states and of rules, is left out.
#[must_use]
pub fn refused_hand_in(key: &str, refusal: &Refusal) -> HandInOutcome {
    let (code, reason) = match refusal.code() {
        "ended" => ("ended", "the case has ended"),
        "document" => ("document", "the document is not asked for now"),
        "attempts" => ("attempts", "the document was handed in as often as it can be"),
        "instant" => ("instant", "the document is not valid any more"),
        "text" => ("text", "a text is too long, or none"),
        "unheard" => ("unheard", "the case does not take this now"),
        "other_request" => ("other_request", "the key was used for something else: take a new one"),
        _ => ("refused", "the case does not take this: ask the office"),
    };
    hand_in_failed(key, code, reason)
}

/// A hand-in that did not come to its case.
#[must_use]
pub fn hand_in_failed(key: &str, code: &str, reason: &str) -> HandInOutcome {
    HandInOutcome {
        key: key.to_owned(),
        code: Some(code.to_owned()),
        reason: Some(reason.to_owned()),
        ..HandInOutcome::default()
    }
}

/// The answers to a form, read exactly.
pub(crate) fn answers_of(text: &str) -> Result<Value, Invalid> {
    if text.len() > ANSWERS_MAX {
        let message = format!("have {} bytes, at most {ANSWERS_MAX} are allowed", text.len());
        return Err(invalid("answers", message));
    }
    let read = Value::from_json_strict(text)
        .map_err(|error| invalid("answers", format!("are no JSON: {error}")))?;
    match &read {
        Value::Object(answers) if answers.get_str("made_at").is_some() => {
            Err(invalid("answers", "have `made_at`, which is told beside them"))
        }
        Value::Object(_) => Ok(read),
        _ => Err(invalid("answers", "are no object: variables with their values")),
    }
}

/// The first answer to something that a form does not ask.
pub(crate) fn unasked_answer<'a>(answers: &'a Value, variables: &[String]) -> Option<&'a str> {
    let names = answers.as_object().into_iter().flat_map(|answers| answers.keys());
    let mut names = names.map(|name| name.as_str().unwrap_or_default());
    names.find(|name| !variables.iter().any(|variable| variable == name))
}

/// Whether the document of a hand-in is what its case has, and asks for no more.
fn is_there(case: &Case, hand_in: &HandIn) -> bool {
    let Some(handed) = &hand_in.document else { return false };
    let found = case.documents.get(&handed.document);
    let found = found.filter(|it| matches!(it.standing, Standing::Submitted | Standing::Approved));
    let hash = found.and_then(|found| found.hash);
    hash.is_some_and(|hash| from_hex(&handed.hash) == Some(*hash))
}

fn no_hash() -> Invalid {
    invalid("hash", "is no SHA-256: 64 digits of hexadecimal")
}

fn instant(field: &'static str, text: &str) -> Result<i64, Invalid> {
    parse_instant(text).filter(|at| *at > 0).ok_or_else(|| {
        invalid(field, format!("`{}` is no instant: write 2026-01-31T09:30:00Z", short(text)))
    })
}

fn named(field: &'static str, text: &str, most: usize) -> Result<(), Invalid> {
    let message = if text.trim().is_empty() {
        "is empty".to_owned()
    } else if text.len() > most {
        format!("has {} bytes, at most {most} are allowed", text.len())
    } else if text.chars().any(char::is_control) {
        "has a control character".to_owned()
    } else {
        return Ok(());
    };
    Err(invalid(field, message))
}

#[cfg(test)]
#[path = "collect_tests.rs"]
mod tests;
