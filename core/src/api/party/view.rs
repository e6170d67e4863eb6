//! Parties as a caller sees them. Nothing here is personal data: that is opened by itself, and recorded.

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::api::sight::Sight;
use crate::api::view::name_of;
use crate::ledger::Book;
use crate::money::Amount;
use crate::party::{
    AccountRole, Basis, ForgetScope, Kept, Party, PartyKind, Registry, RelationRole, RiskLevel,
    Span,
};
use crate::time::{format_date, format_instant};

/// A party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartyView {
    /// Its id.
    pub id: Id,
    /// The caller's name for it; empty: none.
    pub key: String,
    /// What it is.
    pub kind: PartyKind,
    /// The broker whose client it is: its key, or its id.
    pub broker: Option<String>,
    /// How far it was identified; zero: not at all.
    pub kyc_level: u8,
    /// How much risk it is, once that is known.
    pub risk: Option<RiskLevel>,
    /// Its flags.
    pub flags: Vec<String>,
    /// When it was registered.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub registered: String,
    /// The date on which the business relationship ended.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub ended: Option<String>,
    /// The last day on which a law has it kept, once the relationship has ended; none where no law keeps anything.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub kept_until: Option<String>,
    /// The records that were merged into it: their keys, or their ids.
    pub merged: Vec<String>,
    /// What was forgotten of it.
    pub forgotten: Option<ForgottenView>,
    /// Its legal holds.
    pub holds: Vec<LegalHoldView>,
    /// What was taken down of it, without the values.
    pub fields: Vec<FieldView>,
    /// Its accounts.
    pub accounts: Vec<AccountOfView>,
    /// What it is to other parties.
    pub relations: Vec<RelationView>,
    /// What other parties are to it.
    pub related: Vec<RelationView>,
}

/// What was forgotten, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ForgottenView {
    /// How much.
    pub scope: ForgetScope,
    /// When.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub timestamp: String,
}

/// A legal hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LegalHoldView {
    /// Its name.
    pub name: String,
    /// Until which date, that day included; until it is lifted, where there is none.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub until: Option<String>,
    /// Why.
    pub reason: String,
    /// When it was placed.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "instant")))]
    pub placed: String,
}

/// A field that was taken down, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// What it is held for.
    pub purpose: String,
    /// On what ground.
    pub basis: Basis,
    /// The years for which a law has it kept after the relationship ended.
    pub years: Option<u8>,
    /// The retention class that says so, if one does.
    pub retention: Option<String>,
}

/// An account of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountOfView {
    /// The account's key, or its id.
    pub account: String,
    /// What the party may do.
    pub role: AccountRole,
    /// Since which date.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub since: Option<String>,
    /// Until which date, that day included.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub until: Option<String>,
}

/// A party that has an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HolderView {
    /// The party's key, or its id.
    pub party: String,
    /// What it may do.
    pub role: AccountRole,
    /// Since which date.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub since: Option<String>,
    /// Until which date, that day included.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub until: Option<String>,
}

/// What a party is to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RelationView {
    /// The other party's key, or its id.
    pub party: String,
    /// The role.
    pub role: RelationRole,
    /// Since which date.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub since: Option<String>,
    /// Until which date, that day included.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub until: Option<String>,
    /// The share in percent.
    pub share: Option<String>,
}

/// The key of a party, or its id.
pub(in crate::api) fn party_name(parties: &Registry, id: Id) -> String {
    match parties.record(id) {
        Some(party) if !party.key.is_empty() => party.key.clone(),
        _ => id.to_string(),
    }
}

/// A party as far as it is seen.
#[must_use]
pub fn party_view(sight: &Sight<'_>, party: &Party) -> PartyView {
    let (parties, book) = (sight.parties(), sight.book());
    let relation = |(role, other, span): (RelationRole, Id, Span)| RelationView {
        party: party_name(parties, other),
        role,
        since: day(span.since),
        until: day(span.until),
        share: span.share.map(|share| Amount::from_units(u128::from(share)).to_text(2)),
    };
    let hold = |(name, hold): (&String, &crate::party::Hold)| LegalHoldView {
        name: name.clone(),
        until: day(hold.until),
        reason: hold.reason.clone(),
        placed: format_instant(hold.placed.timestamp),
    };
    let members = || parties.members(party);
    let is_seen = |(_, other, _): &(RelationRole, Id, Span)| sight.sees_party_of(*other);
    PartyView {
        id: party.id,
        key: party.key.clone(),
        kind: party.kind,
        broker: (party.broker != Id::ZERO).then(|| party_name(parties, party.broker)),
        kyc_level: party.kyc_level,
        risk: party.risk,
        flags: party.flags.iter().cloned().collect(),
        registered: format_instant(party.registered.timestamp),
        ended: day(party.ended),
        kept_until: match (party.forgotten, parties.kept_by_law(party)) {
            (Some((ForgetScope::All, _)), _) => None,
            (_, Some(Kept::Until(until))) => day(Some(until)),
            _ => None,
        },
        merged: members().skip(1).map(|one| party_name(parties, one.id)).collect(),
        forgotten: party
            .forgotten
            .map(|(scope, at)| ForgottenView { scope, timestamp: format_instant(at.timestamp) }),
        holds: members().flat_map(|one| one.holds.iter().map(hold)).collect(),
        fields: parties.fields_of(party).into_iter().map(field_view).collect(),
        accounts: parties
            .accounts_of(party)
            .filter(|(account, ..)| sight.sees_account(*account))
            .map(|held| account_of(book, held))
            .collect(),
        relations: parties.relations_of(party).filter(is_seen).map(relation).collect(),
        related: parties.relations_to(party).filter(is_seen).map(relation).collect(),
    }
}

fn field_view(field: crate::party::Field) -> FieldView {
    let crate::party::Field { name, purpose, basis, years, retention, .. } = field;
    FieldView { name, purpose, basis, years, retention }
}

fn account_of(book: &Book, (account, role, span): (Id, AccountRole, Span)) -> AccountOfView {
    AccountOfView {
        account: name_of(book, account),
        role,
        since: day(span.since),
        until: day(span.until),
    }
}

/// A holder of an account as a caller sees it.
pub(super) fn holder_view(
    parties: &Registry,
    (party, role, span): (&Party, AccountRole, Span),
) -> HolderView {
    HolderView {
        party: party_name(parties, party.id),
        role,
        since: day(span.since),
        until: day(span.until),
    }
}

/// A civil date as text.
pub(in crate::api) fn day(days: Option<i32>) -> Option<String> {
    days.and_then(format_date)
}
