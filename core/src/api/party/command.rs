//! What a caller types of parties.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use zeroize::Zeroizing;

use crate::party::{
    AccountRole, Basis, ForgetScope, IdentifierKind, PartyKind, RelationRole, RiskLevel,
};

/// Text of a person's own: it is sealed before it is kept, printed nowhere and wiped when it is dropped.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PersonalText(#[serde(serialize_with = "personal")] Zeroizing<String>);

impl PersonalText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for PersonalText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PersonalText".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

fn personal<S: serde::Serializer>(text: &Zeroizing<String>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(text)
}

impl From<&str> for PersonalText {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl From<String> for PersonalText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for PersonalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalText(…)")
    }
}

impl<'de> Deserialize<'de> for PersonalText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // An error of serde's own would show the value.
        let text = String::deserialize(from);
        text.map(Self::from).map_err(|_| de::Error::custom("is no text: write it between quotes"))
    }
}

/// A party to register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RegisterParty {
    /// The caller's name for it, unique; it also names the party in every other command. It stands in the log in the clear: put
    /// no personal data here.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Its id; by default made from the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it is.
    pub kind: PartyKind,
    /// The key or id of the broker whose client it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broker: Option<String>,
}

impl RegisterParty {
    /// A party of a kind.
    #[must_use]
    pub fn new(kind: PartyKind, key: impl Into<String>) -> Self {
        Self { key: key.into(), kind, ..Self::default() }
    }

    /// A natural person.
    #[must_use]
    pub fn person(key: impl Into<String>) -> Self {
        Self::new(PartyKind::Person, key)
    }

    /// A company.
    #[must_use]
    pub fn company(key: impl Into<String>) -> Self {
        Self::new(PartyKind::Company, key)
    }

    /// As a client of a broker.
    #[must_use]
    pub fn broker(mut self, broker: impl Into<String>) -> Self {
        self.broker = Some(broker.into());
        self
    }
}

/// What changes of a party; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AmendParty {
    /// The party: its key or id.
    pub party: String,
    /// How far it was identified, by the caller's own scale; zero: not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kyc_level: Option<u8>,
    /// How much risk it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<RiskLevel>,
    /// Flags that it gets, such as `pep`: at most 32 in all, of the caller's own list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
    /// Flags that it loses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<String>,
    /// The date on which the business relationship ended: `2026-01-31`. What a law has kept is counted from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub ended: Option<String>,
    /// Whether the relationship goes on after it had ended.
    pub resumed: bool,
}

/// What one party is to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RelateParties {
    /// The party that has the role: its key or id.
    pub from: String,
    /// The party for which it has it: its key or id.
    pub to: String,
    /// The role.
    pub role: RelationRole,
    /// Since which date: `2026-01-31`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub since: Option<String>,
    /// Until which date, that day included. To end a relation is to say it again with a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub until: Option<String>,
    /// The share in percent, with up to two decimals: `25.5`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<String>,
}

fn owner() -> AccountRole {
    AccountRole::Owner
}

/// An account that a party owns, operates or may look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignAccount {
    /// The party: its key or id.
    pub party: String,
    /// The account: its key or id.
    pub account: String,
    /// What the party may do.
    #[serde(default = "owner")]
    pub role: AccountRole,
    /// Since which date: `2026-01-31`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub since: Option<String>,
    /// Until which date, that day included. To take an account away is to say it again with a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub until: Option<String>,
}

/// A field of personal data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonalField {
    /// The value.
    pub value: PersonalText,
    /// What it is held for, such as `contact` or `due_diligence`. In the clear.
    pub purpose: String,
    /// On what ground it is held, and so with which of the party's keys it is sealed; where nothing is said, `law` with a
    /// retention class, else `consent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The years for which a law has it kept after the business relationship ended; five, where the basis is `law` and nothing
    /// is said (Directive (EU) 2015/849, Art. 40).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u8>,
    /// The retention class that says so, in place of years: its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// What kind of identifier it is, for one by which the party can be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<IdentifierKind>,
}

/// Personal data to take down: it is sealed with the party's own keys before it goes anywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SealData {
    /// The party: its key or id.
    pub party: String,
    /// The fields by their names, at most 32 at a time. The names stand in the log in the clear.
    pub fields: BTreeMap<String, PersonalField>,
}

/// Two records of one party, of which one goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MergeParties {
    /// The one that is found under the other from now on: its key or id.
    pub party: String,
    /// The one that goes on: its key or id.
    pub into: String,
}

/// A merger to undo.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SplitParty {
    /// The party that was merged into another: its key or id.
    pub party: String,
}

/// A legal hold: nothing of the party is forgotten while it is in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceHold {
    /// The party: its key or id.
    pub party: String,
    /// The caller's name for the hold.
    pub name: String,
    /// Until which date, that day included; until it is lifted, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub until: Option<String>,
    /// Why. It stands in the log in the clear: put no personal data here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A legal hold to lift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LiftHold {
    /// The party: its key or id.
    pub party: String,
    /// The hold's name.
    pub name: String,
}

/// A party to forget: its keys are destroyed, and what was sealed with them is gone from everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ForgetParty {
    /// The party: its key or id.
    pub party: String,
    /// How much of it.
    #[serde(default)]
    pub scope: ForgetScope,
}

/// Lets someone read the access log until an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GrantAccess {
    /// Who may: the actor of their requests.
    pub actor: String,
    /// Whose access log: a party's, or that of a broker and its clients; of all, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// Until when: RFC 3339, nanoseconds since 1970, or a date, which stands for its last instant in UTC.
    pub until: String,
}

/// A retention class: a name for how long a law has data kept. Defined again it is changed, and what was sealed under it follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DefineRetention {
    /// Its name, such as `due_diligence`. In the clear.
    pub name: String,
    /// The years for which the law has data kept after the business relationship ended, up to 100.
    pub years: u8,
    /// The law that says so, such as `Directive (EU) 2015/849, Art. 40`. In the clear.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub law: String,
}

/// Takes back all that someone was granted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeAccess {
    /// Who.
    pub actor: String,
}
