//! Personal data that is opened: by name, for a reason, and recorded.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::command::PersonalText;
use super::detail::{OpenedDetail, open_detail};
use super::question::the_party;
use super::resolve::{token_at, value_at};
use super::view::party_name;
use crate::Engine;
use crate::Id;
use crate::api::query::PAGE_MAX;
use crate::api::resolve::{Invalid, account_id, invalid, transfer_id};
use crate::api::sight::Sight;
use crate::api::vault::Vault;
use crate::decide::sealed_to;
use crate::event::{self, Body};
use crate::ledger::detail::{Detail, Sealed};
use crate::ledger::query::AccountFilter;
use crate::party::change::{DataRead, LIST_MAX, REASON_MAX, SealedField};
use crate::party::{Basis, Change, Field, ForgetScope, Party, Registry, Token};
use crate::port::subjects::NoKey;

/// The most transfers and accounts each whose details are read at once.
const RECORDS_MAX: usize = 1_000;
/// The most transfers that are looked at for an export.
const LOOKED_AT_MAX: u32 = 100_000;

/// Which personal data, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ReadData {
    /// The party: its key or id.
    pub party: String,
    /// The names of the fields; all, where nothing is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The transfers whose sealed descriptions and metadata are meant: their keys or ids, at most 1,000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transfers: Vec<String>,
    /// The accounts whose sealed names and metadata are meant: their keys or ids, at most 1,000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
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
    /// As far as this broker sees the party: its key or id.
    pub viewer: Option<String>,
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

/// Whether personal data may be opened for a reason: it is recorded, so it has to be one.
///
/// # Errors
/// There is none, or it is too long.
pub fn check_reason(why: &str) -> Result<(), Invalid> {
    if (1..=REASON_MAX).contains(&why.len()) {
        return Ok(());
    }
    Err(invalid("why", format!("give a reason of 1 to {REASON_MAX} bytes")))
}

/// Personal data of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonalData {
    /// The party's key, or its id.
    pub party: String,
    /// The fields, by their names.
    pub fields: Vec<PersonalView>,
    /// What transfers and accounts say in words.
    pub details: Vec<DetailView>,
}

/// A description and metadata that were opened, or why they were not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DetailView {
    /// The transfer whose they are: its key or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<String>,
    /// The account whose they are: its key or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The description; of an account, the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<PersonalText>,
    /// The metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, PersonalText>,
    /// On what ground they are held.
    pub basis: Basis,
    /// The years for which a law has them kept after the relationship ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years: Option<u8>,
    /// The retention class that says so, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Why there is nothing: their key is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<String>,
}

/// A record whose detail is sealed to a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Record {
    Transfer(Id),
    Account(Id),
}

/// What is to be opened, and what is recorded of that.
#[derive(Debug)]
pub struct ToOpen {
    party: String,
    /// The fields as they stand in the log, where they can be read there.
    fields: Vec<(Field, Option<SealedField>)>,
    /// The records with their names.
    details: Vec<(Record, String, Sealed, Option<u8>)>,
    /// Whether it is all that there is: then what was withdrawn is no part of it.
    is_all: bool,
    /// What is recorded.
    pub read: Vec<Change>,
}

impl ReadData {
    /// What is meant, and what is recorded of its being read.
    ///
    /// # Errors
    /// A party, a field or a record that is not there; no reason.
    pub fn resolve(&self, sight: &Sight<'_>) -> Result<ToOpen, Invalid> {
        let party = self.party(sight)?;
        let is_named = |names: &[String]| !names.is_empty();
        let is_all =
            ![&self.fields, &self.transfers, &self.accounts].into_iter().any(|n| is_named(n));
        let fields = if is_all || is_named(&self.fields) {
            self.fields_of(sight.parties(), party)?
        } else {
            Vec::new()
        };
        let book = sight.book();
        let transfers = records("transfers", &self.transfers, |name| {
            let record = book.transfer(transfer_id("transfers", name)?);
            let record = record.filter(|record| sight.sees_transfer(&record.transfer));
            let sealed =
                record.and_then(|one| Some((one.transfer.id, sealed_in(one.transfer.detail)?)));
            Ok(sealed.filter(|(_, sealed)| is_of(sight.parties(), party, sealed)))
        })?;
        let accounts = records("accounts", &self.accounts, |name| {
            let account = sight.account(account_id("accounts", name)?);
            let sealed =
                account.and_then(|one| Some((one.opened.id, sealed_in(one.opened.detail)?)));
            Ok(sealed.filter(|(_, sealed)| is_of(sight.parties(), party, sealed)))
        })?;
        let mut read = self.reads_of_fields(party, &fields);
        for ids in ascending(&transfers).chunks(LIST_MAX) {
            read.push(DataRead { transfers: Some(ids.to_vec()), ..self.reading(party) }.into());
        }
        for ids in ascending(&accounts).chunks(LIST_MAX) {
            read.push(DataRead { accounts: Some(ids.to_vec()), ..self.reading(party) }.into());
        }
        let transfers = transfers.into_iter().map(|(id, sealed)| (Record::Transfer(id), sealed));
        let accounts = accounts.into_iter().map(|(id, sealed)| (Record::Account(id), sealed));
        let details = transfers.chain(accounts).collect();
        Ok(ToOpen::of(sight, party, fields, details, read))
    }

    /// All that is sealed to the party, for an export of it.
    ///
    /// # Errors
    /// As [`ReadData::resolve`].
    pub fn resolve_all(&self, sight: &Sight<'_>) -> Result<ToOpen, Invalid> {
        let party = self.party(sight)?;
        let fields = self.fields_of(sight.parties(), party)?;
        for (field, names) in [("transfers", &self.transfers), ("accounts", &self.accounts)] {
            if !names.is_empty() {
                return Err(invalid(field, "are for read_data: an export has all of them"));
            }
        }
        let mut read = self.reads_of_fields(party, &fields);
        let mut details = Vec::new();
        // Of one that was forgotten there is nothing to open.
        if !matches!(party.forgotten, Some((ForgetScope::All, _))) {
            read.push(DataRead { details: Some(true), ..self.reading(party) }.into());
            details = details_of(sight, party);
        }
        Ok(ToOpen { is_all: true, ..ToOpen::of(sight, party, fields, details, read) })
    }

    /// The party that is meant, where there is a reason.
    ///
    /// # Errors
    /// A party that is not there; no reason.
    pub fn party<'a>(&self, sight: &Sight<'a>) -> Result<&'a Party, Invalid> {
        let party = the_party(sight, "party", &self.party)?;
        check_reason(&self.why)?;
        Ok(party)
    }

    /// The fields that are meant; all, where none is named.
    fn fields_of(&self, parties: &Registry, party: &Party) -> Result<Vec<Field>, Invalid> {
        let mut found = parties.fields_of(party);
        if let Some(missing) =
            self.fields.iter().find(|name| found.iter().all(|field| field.name != **name))
        {
            let missing: String = missing.chars().take(64).collect();
            return Err(invalid("fields", format!("no field `{missing}` was taken down")));
        }
        if !self.fields.is_empty() {
            found.retain(|field| self.fields.contains(&field.name));
        }
        Ok(found)
    }

    fn reads_of_fields(&self, party: &Party, fields: &[Field]) -> Vec<Change> {
        let read = fields.chunks(LIST_MAX).map(|fields| {
            let fields = fields.iter().map(|field| field.name.clone()).collect();
            DataRead { fields, ..self.reading(party) }.into()
        });
        read.collect()
    }

    fn reading(&self, party: &Party) -> DataRead {
        DataRead { party: party.id, why: self.why.clone(), ..DataRead::default() }
    }
}

/// The records of a list of names, each once, with what is sealed of them.
fn records(
    field: &'static str,
    names: &[String],
    find: impl Fn(&str) -> Result<Option<(Id, Sealed)>, Invalid>,
) -> Result<Vec<(Id, Sealed)>, Invalid> {
    if names.len() > RECORDS_MAX {
        return Err(invalid(
            field,
            format!("are {}, at most {RECORDS_MAX} are read at once", names.len()),
        ));
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for name in names {
        let record = find(name)?.ok_or_else(|| {
            let name: String = name.chars().take(64).collect();
            invalid(field, format!("nothing of `{name}` is sealed to this party"))
        })?;
        if seen.insert(record.0) {
            found.push(record);
        }
    }
    Ok(found)
}

fn ascending(records: &[(Id, Sealed)]) -> Vec<Id> {
    let mut ids: Vec<Id> = records.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids
}

fn sealed_in(detail: Option<Box<Detail>>) -> Option<Sealed> {
    detail?.sealed
}

/// Whether something is sealed to a party, or to a record that is one with it.
fn is_of(parties: &Registry, party: &Party, sealed: &Sealed) -> bool {
    parties.party(sealed.subject).is_some_and(|own| own.id == party.id)
}

/// What is sealed to a party of its accounts and of the newest transfers of each.
fn details_of(sight: &Sight<'_>, party: &Party) -> Vec<(Record, Sealed)> {
    let (book, parties) = (sight.book(), sight.parties());
    let accounts = parties.accounts_of(party).map(|(id, ..)| id);
    let accounts: BTreeSet<Id> = accounts.filter(|id| sight.sees_account(*id)).collect();
    let opened = accounts.iter().filter_map(|id| {
        let account = book.account(*id)?;
        Some((Record::Account(account.opened.id), sealed_in(account.opened.detail)?))
    });
    let mut found: Vec<_> = opened.filter(|(_, sealed)| is_of(parties, party, sealed)).collect();
    let mut transfers = BTreeMap::new();
    let mut left = LOOKED_AT_MAX;
    for account in accounts {
        let limit = PAGE_MAX.min(left);
        let newest = AccountFilter { limit, reversed: true, ..AccountFilter::of(account) };
        let looked_at = if limit == 0 { Vec::new() } else { book.account_transfers(&newest) };
        left -= u32::try_from(looked_at.len()).unwrap_or(limit).min(left);
        for record in looked_at {
            let Some(sealed) = sealed_in(record.transfer.detail) else { continue };
            if is_of(parties, party, &sealed) {
                transfers.insert(record.sequence, (Record::Transfer(record.transfer.id), sealed));
            }
        }
    }
    found.extend(transfers.into_values());
    found
}

impl ToOpen {
    fn of(
        sight: &Sight<'_>,
        party: &Party,
        fields: Vec<Field>,
        details: Vec<(Record, Sealed)>,
        read: Vec<Change>,
    ) -> Self {
        let as_it_stands = |field: Field| {
            let sealed = sealed_field(sight.engine(), field.sequence, &field.name);
            (field, sealed)
        };
        let named = |(record, sealed): (Record, Sealed)| {
            let name = match record {
                Record::Transfer(id) => sight.transfer_named(id),
                Record::Account(id) => sight.account_named(id),
            };
            let said = sealed_to(&sealed);
            let years = sight.parties().years_said(said.years, said.retention);
            (record, name, sealed, years)
        };
        Self {
            party: party_name(sight.parties(), party.id),
            fields: fields.into_iter().map(as_it_stands).collect(),
            details: details.into_iter().map(named).collect(),
            is_all: false,
            read,
        }
    }

    /// Opens it. The books are not needed for that, so no post has to wait.
    ///
    /// # Errors
    /// None that ends it: what a lost key has sealed says so.
    #[must_use]
    pub fn open(self, vault: &Vault) -> PersonalData {
        let open = |(field, sealed): (Field, Option<SealedField>)| {
            let (value, lost) = match open_field(vault, &field, sealed) {
                Ok(value) => (Some(value), None),
                Err(why) => (None, Some(why.to_string())),
            };
            let Field { name, purpose, basis, .. } = field;
            PersonalView { name, value, purpose, basis, lost }
        };
        let open_detail = |(record, name, sealed, years): (Record, String, Sealed, Option<u8>)| {
            let ((transfer, account), at) = match record {
                Record::Transfer(id) => ((Some(name), None), ("transfer", id)),
                Record::Account(id) => ((None, Some(name)), ("account", id)),
            };
            let (opened, lost) = match open_detail(vault, &sealed, at) {
                Ok(opened) => (opened, None),
                Err(NoKey::Destroyed) if self.is_all => return None,
                Err(why) => (OpenedDetail::default(), Some(why.to_string())),
            };
            let OpenedDetail { description, metadata } = opened;
            let said = sealed_to(&sealed);
            let (basis, retention) = (said.basis(), said.retention.map(str::to_owned));
            Some(DetailView {
                transfer,
                account,
                description,
                metadata,
                basis,
                years,
                retention,
                lost,
            })
        };
        PersonalData {
            party: self.party,
            fields: self.fields.into_iter().map(open).collect(),
            details: self.details.into_iter().filter_map(open_detail).collect(),
        }
    }
}

fn open_field(
    vault: &Vault,
    field: &Field,
    sealed: Option<SealedField>,
) -> Result<PersonalText, NoKey> {
    let unreadable = || NoKey::Lost("its event cannot be read".to_owned());
    let sealed = sealed.ok_or_else(unreadable)?;
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
