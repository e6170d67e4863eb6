//! What can be asked for of a party, and what is recorded of it: the two are the same, but that what is recorded names parties
//! and accounts by their own ids.
//!
//! Each is one map of deterministic CBOR; `docs/format.md` writes the fields down. A field that is not there is absent, never
//! empty.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::basis::Basis;
use crate::Id;
use crate::codec::{Canonical, CodecError};

/// The longest name of a field, a purpose, a flag or a hold, in bytes.
pub const NAME_MAX: usize = 64;
/// The longest reason, in bytes.
pub const REASON_MAX: usize = 512;
/// The most flags of a party, and the most fields of one command.
pub const LIST_MAX: usize = 32;
/// The most that the fields of one command may have together, in bytes: their names, purposes, classes, and what is sealed.
pub const SEALED_MAX: usize = 12 * 1024;
/// The most years that a law can have data kept for.
pub const YEARS_MAX: u8 = 100;

/// What a party is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A natural person.
    #[default]
    #[n(1)]
    Person,
    /// A company or another legal person.
    #[n(2)]
    Company,
    /// A company that brings clients of its own.
    #[n(3)]
    Broker,
}

/// How much risk a party is (FATF Recommendation 1).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum RiskLevel {
    /// Simplified due diligence will do.
    #[n(1)]
    Low,
    /// The usual due diligence.
    #[n(2)]
    Medium,
    /// Enhanced due diligence.
    #[n(3)]
    High,
    /// No business is done.
    #[n(4)]
    Prohibited,
}

impl RiskLevel {
    /// All, the least first, by their names.
    pub const ALL: [(&'static str, Self); 4] = [
        ("low", Self::Low),
        ("medium", Self::Medium),
        ("high", Self::High),
        ("prohibited", Self::Prohibited),
    ];

    /// That of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(own, _)| *own == name).map(|(_, level)| level)
    }
}

/// What one party is to another.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum RelationRole {
    /// Owns a share of it.
    #[n(1)]
    Owner,
    /// Controls it in the end, by shares or otherwise (FATF Recommendation 24).
    #[n(2)]
    BeneficialOwner,
    /// Sits on its board.
    #[n(3)]
    Director,
    /// Signs for it.
    #[n(4)]
    Signatory,
    /// Acts for it under a mandate or by law: an attorney, a guardian.
    #[n(5)]
    Representative,
    /// Works for it.
    #[n(6)]
    Employee,
}

/// What a party may do with an account.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// The money is the party's.
    #[n(1)]
    Owner,
    /// The party may move it for the owner.
    #[n(2)]
    Operator,
    /// The party may look at it.
    #[n(3)]
    Viewer,
}

/// A party to register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewParty {
    /// Its id.
    #[n(1)]
    pub id: Id,
    /// What it is.
    #[n(2)]
    pub kind: PartyKind,
    /// The broker whose client it is.
    #[n(3)]
    pub broker: Option<Id>,
    /// The caller's own name for it, which stands in the log in the clear: no personal data.
    #[n(4)]
    pub key: Option<String>,
}

/// What changes of a party; what is not there stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Amendment {
    /// The party.
    #[n(1)]
    pub party: Id,
    /// How far it was identified, by the caller's own scale; zero: not at all.
    #[n(2)]
    pub kyc_level: Option<u8>,
    /// How much risk it is.
    #[n(3)]
    pub risk: Option<RiskLevel>,
    /// Flags that it gets, ascending.
    #[n(4)]
    pub set: Option<Vec<String>>,
    /// Flags that it loses, ascending.
    #[n(5)]
    pub clear: Option<Vec<String>>,
    /// The date on which the business relationship ended, from which what the law says to keep is counted.
    #[n(6)]
    pub ended: Option<i32>,
    /// Whether the relationship goes on after it had ended.
    #[n(7)]
    pub resumed: Option<bool>,
}

/// What one party is to another, and from when until when.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Relation {
    /// The party that has the role.
    #[n(1)]
    pub from: Id,
    /// The party for which it has it.
    #[n(2)]
    pub to: Id,
    /// The role.
    #[n(3)]
    pub role: RelationRole,
    /// Since when, in days since 1970.
    #[n(4)]
    pub since: Option<i32>,
    /// Until when, that day included.
    #[n(5)]
    pub until: Option<i32>,
    /// The share, in hundredths of a percent: 10,000 is all of it.
    #[n(6)]
    pub share: Option<u32>,
}

/// What a party may do with an account, and from when until when.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Assignment {
    /// The party.
    #[n(1)]
    pub party: Id,
    /// The account.
    #[n(2)]
    pub account: Id,
    /// What it may do.
    #[n(3)]
    pub role: AccountRole,
    /// Since when, in days since 1970.
    #[n(4)]
    pub since: Option<i32>,
    /// Until when, that day included.
    #[n(5)]
    pub until: Option<i32>,
}

/// A field that is sealed to a party.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealedField {
    /// Its name.
    #[n(1)]
    pub name: String,
    /// What it is held for.
    #[n(2)]
    pub purpose: String,
    /// On what ground, and so with which key it is sealed.
    #[n(3)]
    pub basis: Basis,
    /// The years that the law has it kept for after the business relationship ended, where no class says it.
    #[n(4)]
    pub years: Option<u8>,
    /// The value, sealed.
    #[n(5)]
    pub value: ByteVec,
    /// The token by which an identifier is found, sealed: it goes with the key as the value does.
    #[n(6)]
    pub token: Option<ByteVec>,
    /// The name of the retention class that says how long the law has it kept.
    #[n(7)]
    pub retention: Option<String>,
}

/// Fields that are sealed to a party together.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealedFields {
    /// The party.
    #[n(1)]
    pub party: Id,
    /// The fields, ascending by name, each at most once.
    #[n(2)]
    pub fields: Vec<SealedField>,
}

/// Two records of one party, of which one goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Merge {
    /// The one that goes on.
    #[n(1)]
    pub into: Id,
    /// The one that is found under it from now on.
    #[n(2)]
    pub party: Id,
}

/// A party that was merged by mistake and stands by itself again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Split {
    /// The one that was merged into another.
    #[n(1)]
    pub party: Id,
}

/// A legal hold: nothing of the party is forgotten while it is in force.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LegalHold {
    /// The party.
    #[n(1)]
    pub party: Id,
    /// The caller's name for it.
    #[n(2)]
    pub name: String,
    /// Until when, that day included; until it is lifted, where nothing is said.
    #[n(3)]
    pub until: Option<i32>,
    /// Why; in the clear: no personal data.
    #[n(4)]
    pub reason: Option<String>,
}

/// A legal hold to lift.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LiftHold {
    /// The party.
    #[n(1)]
    pub party: Id,
    /// The hold's name.
    #[n(2)]
    pub name: String,
}

/// How much of a party is forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ForgetScope {
    /// What was held by consent.
    #[n(1)]
    Consent,
    /// Everything.
    #[default]
    #[n(2)]
    All,
}

/// A party to forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Forget {
    /// The party.
    #[n(1)]
    pub party: Id,
    /// How much of it.
    #[n(2)]
    pub scope: ForgetScope,
}

/// Personal data that was read. Who read it stands in the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DataRead {
    /// The party.
    #[n(1)]
    pub party: Id,
    /// The names of the fields, ascending.
    #[n(2)]
    pub fields: Vec<String>,
    /// Why; in the clear: no personal data.
    #[n(3)]
    pub why: String,
    /// The transfers whose details were opened, ascending.
    #[n(4)]
    pub transfers: Option<Vec<Id>>,
    /// The accounts whose details were opened, ascending.
    #[n(5)]
    pub accounts: Option<Vec<Id>>,
    /// Whether all details were opened that are sealed to the party.
    #[n(6)]
    pub details: Option<bool>,
}

/// A retention class: a name for how long a law has data kept. What is sealed under it follows when it is defined anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RetentionClass {
    /// Its name.
    #[n(1)]
    pub name: String,
    /// The years that the law has data kept for after the business relationship ended.
    #[n(2)]
    pub years: u8,
    /// The law that says so.
    #[n(3)]
    pub law: Option<String>,
}

/// Lets someone read the access log, of one party or of all, until an instant.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Grant {
    /// Who may: the actor of their requests.
    #[n(1)]
    pub actor: String,
    /// Whose access log; of all parties, where nothing is said; of a broker and its clients, where it is a broker.
    #[n(2)]
    pub party: Option<Id>,
    /// Until when, in nanoseconds since 1970.
    #[n(3)]
    pub until: i64,
}

/// Takes back all that someone was granted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Revoke {
    /// Who.
    #[n(1)]
    pub actor: String,
}

macro_rules! changes {
    ($($(#[$doc:meta])* $number:literal $variant:ident($type:ident) $name:literal,)*) => {
        /// A change of the registry: asked for as a command, recorded as an event.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Change { $($(#[$doc])* $variant($type),)* }

        $(impl From<$type> for Change { fn from(change: $type) -> Self { Self::$variant(change) } })*

        /// The kinds of changes, by the numbers of their events.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum ChangeKind { $($(#[$doc])* $variant = $number,)* }

        impl ChangeKind {
            /// The stable number.
            #[must_use]
            pub const fn number(self) -> u16 { self as u16 }

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The kind with this number.
            #[must_use]
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }

        impl Change {
            /// Its kind.
            #[must_use]
            pub const fn kind(&self) -> ChangeKind {
                match self { $(Self::$variant(_) => ChangeKind::$variant,)* }
            }

            /// Its canonical bytes.
            #[must_use]
            pub fn to_bytes(&self) -> Vec<u8> {
                match self { $(Self::$variant(change) => change.to_bytes(),)* }
            }

            /// Reads canonical bytes.
            ///
            /// # Errors
            /// What is wrong with them.
            pub fn from_bytes(kind: ChangeKind, bytes: &[u8]) -> Result<Self, CodecError> {
                let change = match kind {
                    $(ChangeKind::$variant => Self::$variant($type::from_bytes(bytes)?),)*
                };
                change.check().map_err(|_| CodecError::TooLarge)?;
                Ok(change)
            }
        }
    };
}

changes! {
    /// A party was registered.
    8 Register(NewParty) "party_registered",
    /// What is known of a party changed: its levels, its flags, the end of the relationship.
    9 Amend(Amendment) "party_amended",
    /// A party became something to another.
    10 Relate(Relation) "party_related",
    /// A party was given an account.
    11 Assign(Assignment) "account_assigned",
    /// Personal data was taken down.
    12 Seal(SealedFields) "data_sealed",
    /// Two records of one party were made one.
    13 Merge(Merge) "parties_merged",
    /// A merger was undone.
    14 Split(Split) "party_split",
    /// A legal hold was placed.
    15 Hold(LegalHold) "legal_hold_placed",
    /// A legal hold was lifted.
    16 Lift(LiftHold) "legal_hold_lifted",
    /// A party was forgotten.
    17 Forget(Forget) "party_forgotten",
    /// Personal data was read.
    18 Read(DataRead) "data_read",
    /// Someone may read the access log.
    19 Grant(Grant) "access_granted",
    /// Someone may read the access log no longer.
    20 Revoke(Revoke) "access_revoked",
    /// How long a law has data of a class kept was said.
    21 Retain(RetentionClass) "retention_defined",
}

/// A change that is out of its bounds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {what}")]
pub struct OutOfBounds {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it.
    pub what: String,
}

impl Change {
    /// The party that it is of; of a grant, the one whose access log it opens.
    #[must_use]
    pub const fn party(&self) -> Option<Id> {
        match self {
            Self::Register(new) => Some(new.id),
            Self::Amend(of) => Some(of.party),
            Self::Relate(of) => Some(of.from),
            Self::Assign(of) => Some(of.party),
            Self::Seal(of) => Some(of.party),
            Self::Merge(of) => Some(of.party),
            Self::Split(of) => Some(of.party),
            Self::Hold(of) => Some(of.party),
            Self::Lift(of) => Some(of.party),
            Self::Forget(of) => Some(of.party),
            Self::Read(of) => Some(of.party),
            Self::Grant(of) => of.party,
            Self::Revoke(_) | Self::Retain(_) => None,
        }
    }

    /// The other party that it names.
    #[must_use]
    pub const fn other(&self) -> Option<Id> {
        match self {
            Self::Register(new) => new.broker,
            Self::Relate(of) => Some(of.to),
            Self::Merge(of) => Some(of.into),
            _ => None,
        }
    }
}

macro_rules! canonical {
    ($($type:ident)*) => {
        $(impl Canonical for $type {
            fn encode(&self, to: &mut minicbor::Encoder<&mut Vec<u8>>) -> crate::codec::Encoded {
                to.encode(self).map(|_| ())
            }

            fn decode(from: &mut minicbor::Decoder<'_>) -> Result<Self, CodecError> {
                Ok(from.decode()?)
            }
        })*
    };
}
canonical!(NewParty Amendment Relation Assignment SealedFields Merge Split LegalHold LiftHold Forget DataRead Grant Revoke RetentionClass);

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
