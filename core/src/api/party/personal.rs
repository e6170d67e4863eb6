//! Personal data that is opened: by name, for a reason, and recorded.

use serde::{Deserialize, Serialize};

use super::command::PersonalText;
use super::question::the_party;
use super::resolve::{token_at, value_at};
use crate::Engine;
use crate::Id;
use crate::api::resolve::{Invalid, invalid};
use crate::api::vault::Vault;
use crate::event::{self, Body};
use crate::party::change::{DataRead, LIST_MAX, REASON_MAX, SealedField};
use crate::party::{Basis, Change, Field, Token};
use crate::port::subjects::NoKey;

/// Which personal data, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ReadData {
    /// The party: its key or id.
    pub party: String,
    /// The names of the fields; all, where none is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Why. It stands in the log in the clear: put no personal data here.
    pub why: String,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    pub now: Option<String>,
    /// Who reads; by default who opened the ledger.
    pub actor: Option<String>,
    /// In which role.
    pub role: Option<String>,
    /// The caller's id of the request, for tracing.
    pub request_id: Option<String>,
    /// Where the request came from.
    pub origin: Option<String>,
}

/// A field that was opened, or why it was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonalView {
    /// Its name.
    pub name: String,
    /// The value.
    pub value: Option<PersonalText>,
    /// What it is held for.
    pub purpose: String,
    /// On what ground.
    pub basis: Basis,
    /// Why there is no value: its key is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<String>,
}

/// Personal data of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonalData {
    /// The party's key, or its id.
    pub party: String,
    /// The fields, by their names.
    pub fields: Vec<PersonalView>,
}

impl ReadData {
    /// The fields that are meant, and what is recorded of their being read.
    ///
    /// # Errors
    /// A party or a field that is not there; no reason.
    pub fn resolve(&self, engine: &Engine) -> Result<(Vec<Field>, Vec<Change>), Invalid> {
        let party = the_party(engine, "party", &self.party)?;
        if self.why.is_empty() || self.why.len() > REASON_MAX {
            return Err(invalid("why", format!("give a reason of 1 to {REASON_MAX} bytes")));
        }
        let mut found = engine.parties().fields_of(party);
        if let Some(missing) =
            self.fields.iter().find(|name| found.iter().all(|field| field.name != **name))
        {
            let missing: String = missing.chars().take(64).collect();
            return Err(invalid("fields", format!("no field `{missing}` was taken down")));
        }
        if !self.fields.is_empty() {
            found.retain(|field| self.fields.contains(&field.name));
        }
        let read = found.chunks(LIST_MAX).map(|fields| {
            let fields = fields.iter().map(|field| field.name.clone()).collect();
            DataRead { party: party.id, fields, why: self.why.clone() }.into()
        });
        let read = read.collect();
        Ok((found, read))
    }
}

/// Opens fields.
///
/// # Errors
/// None that ends it: a field whose key is lost says so.
#[must_use]
pub fn open_fields(engine: &Engine, vault: &Vault, fields: Vec<Field>) -> Vec<PersonalView> {
    let open = |field: Field| {
        let (value, lost) = match open_field(engine, vault, &field) {
            Ok(value) => (Some(value), None),
            Err(why) => (None, Some(why.to_string())),
        };
        let Field { name, purpose, basis, .. } = field;
        PersonalView { name, value, purpose, basis, lost }
    };
    fields.into_iter().map(open).collect()
}

fn open_field(engine: &Engine, vault: &Vault, field: &Field) -> Result<PersonalText, NoKey> {
    let unreadable = || NoKey::Lost("its event cannot be read".to_owned());
    let sealed = sealed_field(engine, field.sequence, &field.name).ok_or_else(unreadable)?;
    let at = value_at(field.subject, &field.name);
    let opened = vault.open(field.subject, field.basis, &at, &sealed.value)?;
    let text = std::str::from_utf8(&opened).map_err(|_| unreadable())?;
    Ok(text.into())
}

/// A field as it stands in the log.
fn sealed_field(engine: &Engine, sequence: u64, name: &str) -> Option<SealedField> {
    match event::decode(&engine.book().event(sequence)?).ok()? {
        (_, Body::Party(Change::Seal(sealed))) => {
            sealed.fields.into_iter().find(|field| field.name == name)
        }
        _ => None,
    }
}

/// An identifier that stands in an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its token.
    pub token: Token,
    /// The subject.
    pub subject: Id,
    /// The field's name.
    pub name: String,
}

/// The identifiers that stand in an event: what a search is made from.
#[must_use]
pub fn identifiers_in(vault: &Vault, event: &[u8]) -> Vec<Found> {
    let Ok((_, Body::Party(Change::Seal(sealed)))) = event::decode(event) else {
        return Vec::new();
    };
    let subject = sealed.party;
    let found = |field: SealedField| {
        let at = token_at(subject, &field.name);
        // One whose key is gone or lost cannot be found any more, and nothing else is touched by it.
        let opened = vault.open(subject, field.basis, &at, field.token.as_ref()?).ok()?;
        Some(Found {
            token: Token::new(opened.as_slice().try_into().ok()?),
            subject,
            name: field.name,
        })
    };
    sealed.fields.into_iter().filter_map(found).collect()
}
