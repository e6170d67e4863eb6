//! Descriptions and metadata that are sealed to a party, and opened.

use std::collections::BTreeMap;

use super::command::PersonalText;
use super::resolve::{party_id, term};
use crate::Id;
use crate::api::command::{Account, Extra};
use crate::api::resolve::{Invalid, invalid};
use crate::api::vault::Vault;
use crate::codec::Canonical;
use crate::decide::sealed_to;
use crate::ledger::detail::{Detail, Sealed};
use crate::party::Basis;
use crate::port::subjects::NoKey;

/// To whom a command seals what it says in words, and what stays public.
#[derive(Clone, Copy, Debug)]
pub(in crate::api) struct SealTo<'a> {
    subject: Option<&'a str>,
    basis: Option<Basis>,
    years: Option<u8>,
    retention: Option<&'a str>,
    public: &'a [String],
}

impl<'a> From<&'a Extra> for SealTo<'a> {
    fn from(extra: &'a Extra) -> Self {
        let Extra { subject, basis, years, retention, public, .. } = extra;
        let (subject, retention) = (subject.as_deref(), retention.as_deref());
        Self { subject, basis: *basis, years: *years, retention, public }
    }
}

impl<'a> From<&'a Account> for SealTo<'a> {
    fn from(account: &'a Account) -> Self {
        let Account { subject, basis, years, retention, public, .. } = account;
        let (subject, retention) = (subject.as_deref(), retention.as_deref());
        Self { subject, basis: *basis, years: *years, retention, public }
    }
}

impl SealTo<'_> {
    /// The party and the key that it needs, if it seals anything.
    pub(in crate::api) fn key(self) -> Option<(Id, Basis)> {
        Some((party_id("subject", self.subject?).ok()?, self.basis()))
    }

    /// Transactions are kept as a law says, unless consent is named.
    fn basis(self) -> Basis {
        self.basis.unwrap_or(Basis::Law)
    }

    /// The id that the party is named by, and the years for which it is kept, where something is to be sealed.
    fn check(self, detail: &Detail) -> Result<Option<(Id, Option<u8>)>, Invalid> {
        let Some(subject) = self.subject else {
            let is_plain = (self.basis, self.years, self.retention) == (None, None, None)
                && self.public.is_empty();
            let message = "is missing: name the party to which the rest is sealed";
            return if is_plain { Ok(None) } else { Err(invalid("subject", message)) };
        };
        let subject = party_id("subject", subject)?;
        let years = term(self.basis(), self.years, self.retention)?;
        if self.public.iter().any(|name| !detail.metadata.contains_key(name)) {
            return Err(invalid("public", "names what is not in the metadata: check its spelling"));
        }
        Ok(Some((subject, years)))
    }

    /// Seals what is to be sealed of a detail to its party: `own` finds the party's own id, `record` is that of which it is the detail.
    pub(in crate::api) fn seal(
        self,
        mut detail: Detail,
        own: impl FnOnce(Id) -> Id,
        vault: Option<&Vault>,
        record: (&str, Id),
    ) -> Result<Detail, Invalid> {
        let Some((subject, years)) = self.check(&detail)? else { return Ok(detail) };
        let vault = vault.ok_or_else(|| {
            let message =
                "nothing can be sealed: open the ledger with a key, a key file or a passphrase";
            invalid("subject", message)
        })?;
        let subject = own(subject);
        let (public, metadata) = std::mem::take(&mut detail.metadata)
            .into_iter()
            .partition(|(name, _)| self.public.contains(name));
        let description = std::mem::take(&mut detail.description);
        detail.metadata = public;
        let private = Detail { description, metadata, ..Detail::default() };
        if private.is_empty() {
            return Ok(detail);
        }
        let plain = zeroize::Zeroizing::new(private.to_bytes());
        // Without a key nothing is sealed, and what is sealed with none is empty: what was booked before is told as that, and
        // anything new is refused by what is known of the party.
        let sealed = vault.seal(subject, self.basis(), &detail_at(subject, record), &plain);
        let value = sealed.unwrap_or_default();
        detail.sealed = Some(Sealed {
            subject,
            years,
            retention: self.retention.unwrap_or_default().to_owned(),
            value,
        });
        Ok(detail)
    }
}

/// What a detail says that was sealed.
#[derive(Debug, Default)]
pub(super) struct OpenedDetail {
    pub(super) description: Option<PersonalText>,
    pub(super) metadata: BTreeMap<String, PersonalText>,
}

/// Opens the sealed part of a record's detail.
pub(super) fn open_detail(
    vault: &Vault,
    sealed: &Sealed,
    record: (&str, Id),
) -> Result<OpenedDetail, NoKey> {
    let at = detail_at(sealed.subject, record);
    let plain = vault.open(sealed.subject, sealed_to(sealed).basis(), &at, &sealed.value)?;
    let read = Detail::from_bytes(&plain);
    let Detail { description, metadata, .. } =
        read.map_err(|_| NoKey::Lost("what was sealed is no detail".to_owned()))?;
    Ok(OpenedDetail {
        description: (!description.is_empty()).then(|| description.into()),
        metadata: metadata.into_iter().map(|(name, value)| (name, value.into())).collect(),
    })
}

/// Where a detail stands: what it is sealed to.
fn detail_at(subject: Id, (namespace, record): (&str, Id)) -> Vec<u8> {
    [namespace.as_bytes(), b"\0", &subject.0.to_be_bytes(), &record.0.to_be_bytes()].concat()
}
