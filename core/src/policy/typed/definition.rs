//! What a program is, as a document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::written::{Operand, Quantity, Threshold};
use crate::policy::{Audience, Obligation, Outcome, Severity};

/// What becomes of a request that no rule says anything about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// It is allowed. This has to be written down.
    Allow,
    /// It is denied.
    #[default]
    Deny,
}

/// Of which type a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A whole number: money in its smallest unit, or a count.
    Units,
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A point in time.
    Instant,
    /// A set of texts.
    Texts,
}

impl Kind {
    /// The name, as a document has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Text => "text",
            Self::Bool => "bool",
            Self::Instant => "instant",
            Self::Texts => "texts",
        }
    }
}

/// The rules of a tenant, as data. [`Program::load`](super::Program::load) checks and compiles them.
///
/// These facts are there without being declared: `subject.tenant`, `resource.tenant`, `permission` and `jurisdiction` (texts), `subject.roles`
/// (texts) and `now` (instant). The tenants of subject and resource are compared for every request, and no definition can switch that off.
///
/// ```
/// use thalium::policy::typed::{Definition, Program};
///
/// let json = r#"{
///     "version": 1, "name": "withdrawals", "default": "allow",
///     "facts": {"amount": "units", "sum.day": "units", "kyc.level": "text"},
///     "thresholds": {"default": {"tables": [{"from": "2026-01-01", "values": {"daily": {"L0": "18500", "L1": "92500"}}}]}},
///     "rules": [{
///         "id": "limits/day",
///         "check": {"type": "velocity", "amount": "amount", "sum": "sum.day", "max": [{"threshold": "daily", "by": "kyc.level"}]}
///     }]
/// }"#;
/// let definition: Definition = serde_json::from_str(json)?;
/// assert!(Program::load(&definition).is_ok());
/// let wrong: Definition = serde_json::from_str(&json.replace(r#""by": "kyc.level""#, r#""by": "level""#))?;
/// let error = Program::load(&wrong).unwrap_err();
/// assert_eq!(error.path, "rules[0].check.max[0].by");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The version of the document's form: 1.
    pub version: u32,
    /// The name of the program.
    pub name: String,
    /// What becomes of a request that no rule permits: `deny` if it is not written down.
    #[serde(default)]
    pub default: Otherwise,
    /// The facts that it knows beside those that are always there, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Kind>,
    /// The roles by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, Role>,
    /// Lists of texts by name, such as countries.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<String>>,
    /// Thresholds by jurisdiction; those of `default` hold where a jurisdiction has no table in force.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub thresholds: BTreeMap<String, Jurisdiction>,
    /// The rules. All of them are asked, in this order.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// A role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Role {
    /// The roles whose permissions it has too.
    pub inherits: Vec<String>,
    /// Other names for it.
    pub aliases: Vec<String>,
    /// What it may do: `resource:action`, where either can be `*`.
    pub permissions: Vec<String>,
}

/// The thresholds of a jurisdiction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jurisdiction {
    /// The time zone in which a table comes into force at the beginning of a day, such as `Africa/Johannesburg`: UTC by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The tables, each from a later day on than the one before.
    pub tables: Vec<Table>,
}

/// Thresholds that come into force on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The day, such as `2026-01-31`.
    pub from: String,
    /// The thresholds by name. Every table of a definition has the same names.
    pub values: BTreeMap<String, Threshold>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, such as `aml/structuring`: each is there once.
    pub id: String,
    /// When it is asked: always, by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What it checks.
    pub check: Check,
    /// What it decides where it fires; each check has its own by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Who may be told; each check has its own by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// How grave it is; each check has its own by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What is told; each check has its own by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What has to be done where it fires, or permits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obligations: Vec<Obligation>,
}

/// A condition on facts. Where a fact is missing it is neither true nor false, unless what is known decides it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// All of them hold.
    All(Vec<Self>),
    /// At least one of them holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// Equal.
    Eq(Comparison),
    /// Not equal.
    Neq(Comparison),
    /// Less than, or before.
    Lt(Comparison),
    /// At most, or not after.
    Le(Comparison),
    /// Greater than, or after.
    Gt(Comparison),
    /// At least, or not before.
    Ge(Comparison),
    /// Among; of a set of texts, at least one.
    In(Membership),
    /// The fact is known. Only where it cannot help a request to be allowed that the fact is kept back: in a `permit` as it stands, and
    /// under `not` in other rules.
    IsKnown(String),
}

/// A fact and what it is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The fact.
    pub fact: String,
    /// The other side.
    pub value: Operand,
}

/// A fact and the texts that it is looked for in: one of `list`, `values` and `texts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The fact: a text, or a set of texts.
    pub fact: String,
    /// The name of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The texts themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
    /// A fact that is a set of texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts: Option<String>,
}

/// What a list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listing {
    /// Countries under sanctions: denied by default.
    SanctionedCountry,
    /// Countries of a high risk: reviewed by default.
    HighRiskCountry,
    /// Lists of sanctions on which a party was found: denied by default.
    SanctionsMatch,
}

/// What a rule checks. Facts are named; sums and counts of windows are those before the request, as the host takes them from its rollups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Check {
    /// The roles of the subject grant the `permission`: permits then, and else denies.
    Access {},
    /// Permits when `when` holds.
    Permit {},
    /// Fires when `when` holds: denies by default.
    Match {
        /// A number of its own, from 10,000 to 99,999.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u32>,
    },
    /// Fires when an amount is above the smallest `max`, or below `min`: denies by default.
    Amount {
        /// The amount.
        fact: String,
        /// The limits: the strictest counts.
        #[serde(default)]
        max: Vec<Quantity>,
        /// The minimum.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<Quantity>,
    },
    /// Fires when the window has as many already as there may be: denies by default.
    Count {
        /// How many there were in the window.
        fact: String,
        /// The limits: the strictest counts.
        max: Vec<Quantity>,
    },
    /// Fires when the sum of the window and the amount are above the smallest `max`: denies by default.
    Velocity {
        /// The amount.
        amount: String,
        /// The sum of the window.
        sum: String,
        /// The limits: the strictest counts.
        max: Vec<Quantity>,
    },
    /// Fires when the amount is so large: reviews by default.
    Large {
        /// The amount.
        amount: String,
        /// From what on.
        at_least: Quantity,
    },
    /// Fires when the amount is from `from` to below `below`, and with it there are more than `more_than` such in the window: reviews by default.
    Structuring {
        /// The amount.
        amount: String,
        /// How many such there were in the window.
        count: String,
        /// More than so many.
        more_than: Quantity,
        /// From this amount on.
        from: Quantity,
        /// Below this amount.
        below: Quantity,
    },
    /// Fires when so much came in within the window and so much goes out, with the amount: reviews by default.
    RapidMovement {
        /// The sum that came in.
        incoming: String,
        /// The sum that went out.
        outgoing: String,
        /// The amount that goes out now, if it is known to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<String>,
        /// From what on, both ways.
        at_least: Quantity,
    },
    /// Fires when the fact, or one of its texts, is on a list.
    Listed {
        /// The fact: a text or a set of texts.
        fact: String,
        /// The name of the list.
        list: String,
        /// What the list means.
        listing: Listing,
    },
    /// Fires when a politically exposed person moves more than an amount: reviews by default.
    Pep {
        /// Whether it is one.
        pep: String,
        /// The amount.
        amount: String,
        /// Above what.
        above: Quantity,
    },
    /// Fires when an account that is younger than some days moves more than an amount: reviews by default.
    NewAccount {
        /// When it was opened.
        opened: String,
        /// How many days it is new.
        days: Quantity,
        /// The amount.
        amount: String,
        /// Above what.
        above: Quantity,
    },
    /// Fires when the sum of the window and the amount are above a multiple of the usual: reviews by default.
    UnusualVolume {
        /// The amount.
        amount: String,
        /// The sum of the window.
        sum: String,
        /// What is usual in such a window.
        usual: String,
        /// How many times the usual.
        factor: Quantity,
    },
    /// Fires when an amount travels without the data of originator and beneficiary: reviews by default.
    TravelRule {
        /// The amount.
        amount: String,
        /// From what on.
        at_least: Quantity,
        /// Whether the data are complete.
        complete: String,
    },
    /// Fires when an amount needs a second factor that was not shown: reviews by default, with the obligation to ask for it.
    StepUp {
        /// The amount.
        amount: String,
        /// From what on.
        at_least: Quantity,
        /// Whether it was shown.
        done: String,
        /// Which factor is asked for.
        factor: String,
    },
    /// Fires when an amount needs approvals of others: reviews by default, with the obligation to get them; denies if the maker approved it too.
    FourEyes {
        /// The amount.
        amount: String,
        /// From what on.
        at_least: Quantity,
        /// Who made it.
        maker: String,
        /// Who approved it: a set of texts.
        checkers: String,
        /// How many have to: 1 to 100.
        count: u32,
        /// In which role they are.
        role: String,
    },
    /// Fires when so many attempts to log in failed: denies by default, with the obligation to hold.
    LoginFailures {
        /// How many failed in the window.
        failures: String,
        /// From how many on.
        at_least: Quantity,
        /// How long the lock-out is.
        hold_seconds: u64,
    },
    /// Fires when a session is older than so many seconds, or begins in the future: denies by default.
    Session {
        /// When it began.
        started: String,
        /// How old it may be.
        seconds: Quantity,
    },
}
