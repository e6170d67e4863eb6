//! From the caller's names to changes of the registry. It parses and seals; it decides nothing.

use minicbor::bytes::ByteVec;

use super::command::{
    AmendParty, AssignAccount, DefineRetention, ForgetParty, GrantAccess, LiftHold, MergeParties,
    PersonalField, PlaceHold, RegisterParty, RelateParties, RevokeAccess, SealData, SplitParty,
};
use crate::api::resolve::{Invalid, account_id, date, invalid, named, own_id, short};
use crate::api::vault::Vault;
use crate::id::KEY_MAX;
use crate::money::Amount;
use crate::party::change::{
    Amendment, Assignment, Forget, Grant, LIST_MAX, LegalHold, LiftHold as Lift, Merge, NAME_MAX,
    NewParty, Relation, RetentionClass, Revoke, SealedField, SealedFields, Split, YEARS_MAX,
};
use crate::party::{Basis, normalise};
use crate::port::subjects::NoKey;
use crate::{Id, time};

/// The years for which the law has customer due diligence kept, where nothing is said: Directive (EU) 2015/849, Art. 40(1).
const YEARS: u8 = 5;
/// The longest value of a field, in bytes.
pub const VALUE_MAX: usize = 2_048;

/// The id that a caller's name of a party stands for.
///
/// # Errors
/// An empty name.
pub fn party_id(field: &'static str, name: &str) -> Result<Id, Invalid> {
    named(field, "party", name)
}

impl RegisterParty {
    pub(in crate::api) fn resolve(&self) -> Result<NewParty, Invalid> {
        if self.key.len() > KEY_MAX {
            return Err(invalid("key", format!("has more than {KEY_MAX} bytes")));
        }
        Ok(NewParty {
            id: own_id("party", self.id.as_deref(), &self.key)?,
            kind: self.kind,
            broker: self.broker.as_deref().map(|name| party_id("broker", name)).transpose()?,
            key: (!self.key.is_empty()).then(|| self.key.clone()),
        })
    }
}

impl AmendParty {
    pub(in crate::api) fn resolve(&self) -> Result<Amendment, Invalid> {
        let ended = self.ended.as_deref().map(|text| date("ended", text)).transpose()?;
        let resumed = self.resumed.then_some(true);
        let amendment = Amendment {
            party: party_id("party", &self.party)?,
            kyc_level: self.kyc_level,
            risk: self.risk,
            set: flags("set", &self.set)?,
            clear: flags("clear", &self.clear)?,
            ended,
            resumed,
        };
        let empty = Amendment { party: amendment.party, ..Amendment::default() };
        if amendment == empty {
            let message =
                "nothing is to change: give kyc_level, risk, set, clear, ended or resumed";
            return Err(invalid("party", message));
        }
        Ok(amendment)
    }
}

impl RelateParties {
    pub(in crate::api) fn resolve(&self) -> Result<Relation, Invalid> {
        let (since, until) = span(self.since.as_deref(), self.until.as_deref())?;
        let share = self.share.as_deref().map(share).transpose()?;
        let (from, to) = (party_id("from", &self.from)?, party_id("to", &self.to)?);
        Ok(Relation { from, to, role: self.role, since, until, share })
    }
}

impl AssignAccount {
    pub(in crate::api) fn resolve(&self) -> Result<Assignment, Invalid> {
        let (since, until) = span(self.since.as_deref(), self.until.as_deref())?;
        let party = party_id("party", &self.party)?;
        let account = account_id("account", &self.account)?;
        Ok(Assignment { party, account, role: self.role, since, until })
    }
}

impl SealData {
    /// The party, and the bases of its keys that are needed.
    pub(in crate::api) fn keys(&self) -> Result<(Id, Vec<Basis>), Invalid> {
        let party = party_id("party", &self.party)?;
        let is_used = |basis: &Basis| self.fields.values().any(|field| field.basis() == *basis);
        Ok((party, Basis::ALL.into_iter().filter(is_used).collect()))
    }

    pub(in crate::api) fn resolve(
        &self,
        own: impl FnOnce(Id) -> Id,
        vault: Option<&Vault>,
    ) -> Result<SealedFields, Invalid> {
        // The key is the party's own, under whatever name it was called.
        let subject = own(party_id("party", &self.party)?);
        if self.fields.is_empty() || self.fields.len() > LIST_MAX {
            return Err(invalid("fields", format!("must be from 1 to {LIST_MAX}")));
        }
        let vault = vault.ok_or_else(|| {
            invalid(
                "fields",
                "cannot be sealed: open the ledger with a key, a key file or a passphrase",
            )
        })?;
        let sealed = self.fields.iter().map(|(name, field)| field.seal(subject, name, vault));
        Ok(SealedFields { party: subject, fields: sealed.collect::<Result<_, _>>()? })
    }
}

/// Where a field of a subject stands: what it is sealed to.
pub(super) fn value_at(subject: Id, name: &str) -> Vec<u8> {
    [b"field\0", &subject.0.to_be_bytes()[..], name.as_bytes()].concat()
}

pub(super) fn token_at(subject: Id, name: &str) -> Vec<u8> {
    [b"token\0", &subject.0.to_be_bytes()[..], name.as_bytes()].concat()
}

impl PersonalField {
    fn seal(&self, subject: Id, name: &str, vault: &Vault) -> Result<SealedField, Invalid> {
        name_of("fields", name)?;
        name_of("purpose", &self.purpose)?;
        let value = self.value.as_str();
        if value.is_empty() || value.len() > VALUE_MAX {
            return Err(invalid(
                "fields",
                format!("a value must have from 1 to {VALUE_MAX} bytes"),
            ));
        }
        let basis = self.basis();
        let years = term(basis, self.years, self.retention.as_deref())?;
        // Without a key nothing is sealed, and what is sealed with none is empty: the registry says why it is refused, by what it
        // knows of the party. Only a key that is lost is told here.
        let sealed = |at: &[u8], plain: &[u8]| match vault.seal(subject, basis, at, plain) {
            Ok(sealed) => Ok(ByteVec::from(sealed)),
            Err(NoKey::Absent | NoKey::Destroyed) => Ok(ByteVec::from(Vec::new())),
            Err(error @ NoKey::Lost(_)) => Err(invalid("fields", error)),
        };
        let token = match self.identifier {
            None => None,
            Some(kind) => {
                let normal =
                    normalise(kind, value).map_err(|error| invalid("identifier", error))?;
                let token = vault.token(kind, &normal).map_err(|error| invalid("fields", error))?;
                let at = token_at(subject, name);
                Some(sealed(&at, token.as_bytes())?)
            }
        };
        Ok(SealedField {
            name: name.to_owned(),
            purpose: self.purpose.clone(),
            basis,
            years,
            value: sealed(&value_at(subject, name), value.as_bytes())?,
            token,
            retention: self.retention.clone(),
        })
    }

    /// What a class has kept is kept by a law.
    fn basis(&self) -> Basis {
        let by_default = if self.retention.is_some() { Basis::Law } else { Basis::Consent };
        self.basis.unwrap_or(by_default)
    }
}

/// For how many years something is kept, where no class says it.
pub(super) fn term(
    basis: Basis,
    years: Option<u8>,
    retention: Option<&str>,
) -> Result<Option<u8>, Invalid> {
    let of_law = "is for what a law has kept: write \"basis\":\"law\", or leave it out";
    match (basis, years, retention) {
        (Basis::Consent, Some(_), _) => Err(invalid("years", of_law)),
        (Basis::Consent, None, Some(_)) => Err(invalid("retention", of_law)),
        (Basis::Consent, None, None) => Ok(None),
        (Basis::Law, Some(_), Some(_)) => {
            Err(invalid("years", "are the retention class's to say: leave one of them out"))
        }
        (Basis::Law, None, Some(class)) => name_of("retention", class).map(|()| None),
        (Basis::Law, years, None) => years_of(years.unwrap_or(YEARS)).map(Some),
    }
}

fn years_of(years: u8) -> Result<u8, Invalid> {
    match years {
        0..=YEARS_MAX => Ok(years),
        _ => Err(invalid("years", format!("must be from 0 to {YEARS_MAX}"))),
    }
}

impl MergeParties {
    pub(in crate::api) fn resolve(&self) -> Result<Merge, Invalid> {
        Ok(Merge { into: party_id("into", &self.into)?, party: party_id("party", &self.party)? })
    }
}

impl SplitParty {
    pub(in crate::api) fn resolve(&self) -> Result<Split, Invalid> {
        Ok(Split { party: party_id("party", &self.party)? })
    }
}

impl PlaceHold {
    pub(in crate::api) fn resolve(&self) -> Result<LegalHold, Invalid> {
        name_of("name", &self.name)?;
        Ok(LegalHold {
            party: party_id("party", &self.party)?,
            name: self.name.clone(),
            until: self.until.as_deref().map(|text| date("until", text)).transpose()?,
            reason: (!self.reason.is_empty()).then(|| self.reason.clone()),
        })
    }
}

impl LiftHold {
    pub(in crate::api) fn resolve(&self) -> Result<Lift, Invalid> {
        name_of("name", &self.name)?;
        Ok(Lift { party: party_id("party", &self.party)?, name: self.name.clone() })
    }
}

impl ForgetParty {
    pub(in crate::api) fn resolve(&self) -> Result<Forget, Invalid> {
        Ok(Forget { party: party_id("party", &self.party)?, scope: self.scope })
    }
}

impl GrantAccess {
    pub(in crate::api) fn resolve(&self) -> Result<Grant, Invalid> {
        actor(&self.actor)?;
        let until = time::parse_until(&self.until).filter(|until| *until > 0).ok_or_else(|| {
            let message =
                format!("`{}` is no instant: write `2026-01-31` or RFC 3339", short(&self.until));
            invalid("until", message)
        })?;
        let party = self.party.as_deref().map(|name| party_id("party", name)).transpose()?;
        Ok(Grant { actor: self.actor.clone(), party, until })
    }
}

impl DefineRetention {
    pub(in crate::api) fn resolve(&self) -> Result<RetentionClass, Invalid> {
        name_of("name", &self.name)?;
        let years = years_of(self.years)?;
        let law = (!self.law.is_empty()).then(|| self.law.clone());
        Ok(RetentionClass { name: self.name.clone(), years, law })
    }
}

impl RevokeAccess {
    pub(in crate::api) fn resolve(&self) -> Result<Revoke, Invalid> {
        actor(&self.actor)?;
        Ok(Revoke { actor: self.actor.clone() })
    }
}

fn span(since: Option<&str>, until: Option<&str>) -> Result<(Option<i32>, Option<i32>), Invalid> {
    let since = since.map(|text| date("since", text)).transpose()?;
    Ok((since, until.map(|text| date("until", text)).transpose()?))
}

/// Flags in their order, each once.
fn flags(field: &'static str, flags: &[String]) -> Result<Option<Vec<String>>, Invalid> {
    for flag in flags {
        name_of(field, flag)?;
    }
    let mut flags = flags.to_vec();
    flags.sort_unstable();
    flags.dedup();
    Ok((!flags.is_empty()).then_some(flags))
}

fn name_of(field: &'static str, name: &str) -> Result<(), Invalid> {
    match name.len() {
        1..=NAME_MAX => Ok(()),
        bytes => Err(invalid(field, format!("a name has from 1 to {NAME_MAX} bytes, not {bytes}"))),
    }
}

fn actor(actor: &str) -> Result<(), Invalid> {
    match actor.len() {
        1..=KEY_MAX => Ok(()),
        bytes => Err(invalid("actor", format!("has from 1 to {KEY_MAX} bytes, not {bytes}"))),
    }
}

/// A share of up to a hundred percent, in hundredths of a percent.
fn share(text: &str) -> Result<u32, Invalid> {
    let read = Amount::parse(text, 2).ok().and_then(|share| u32::try_from(share.units()).ok());
    read.filter(|share| *share <= 10_000).ok_or_else(|| {
        let message = format!("`{}` is no share: write up to 100 percent, as in 25.5", short(text));
        invalid("share", message)
    })
}
