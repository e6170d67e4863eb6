//! What is asked about cases, as plain data.

use serde::{Deserialize, Serialize};
use thalium::api::Invalid;
use thalium::audit::merkle::from_hex;
use thalium::kyc::case::{Command, Finding, Json};
use thalium::policy::rego::Value;

use super::invalid;
use crate::clock::instant_in;
use crate::wire::OpenPolicy;

/// A kind of case, with the charts that its cases run on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DefineCases {
    /// The kind: JSON or YAML, in the format of `docs/cases.md`.
    pub kind: String,
    /// The charts: JSON, YAML or SCXML.
    pub charts: Vec<String>,
    /// How JSON Logic takes values of other kinds: `strict`, which is the default, or `javascript`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    /// The policy that guards ask (`{"rego": PATH}`), of the kind and of its charts. Its files are kept with the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<OpenPolicy>,
    /// Who defines it; by default who opened the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// How somebody is to stand on the register of staff.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetStaff {
    /// Who.
    pub person: String,
    /// What they may do. Without any they are taken off the register.
    pub roles: Vec<String>,
    /// Whether they are away and are given no work.
    #[serde(default)]
    pub away: bool,
    /// Who says so; by default who opened the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// Something that is to be done to a case. What it carries is given beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeCase {
    /// The case, by its key.
    pub case: String,
    /// What is done.
    pub change: CaseChange,
    /// What it carries, an object: for `open` the variables that the case begins with, otherwise what its chart is told. Its numbers are
    /// read exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<serde_json::Value>,
    /// Who asks; by default who opened the ledger. Their roles are those of the register of staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The caller's id of the request: the same request is not done twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// What is done to a case. In JSON the field `do` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum CaseChange {
    /// It is opened.
    Open(OpenCase),
    /// Its chart hears an event.
    Send(SendToCase),
    /// Time has passed for it.
    Advance(NoMore),
    /// Somebody is to work on it.
    Assign(AssignCase),
    /// Who asks works on it.
    Claim(NoMore),
    /// Nobody works on it any more.
    Release(NoMore),
    /// Something is written down.
    Note(CaseNote),
    /// It rests.
    Snooze(SnoozeCase),
    /// It does not rest any more.
    Wake(NoMore),
    /// A document is asked for.
    RequestDocument(RequestDocument),
    /// A document was handed in.
    SubmitDocument(SubmitDocument),
    /// Somebody has looked at a document.
    DecideDocument(DecideDocument),
    /// Evidence is there, such as a report.
    Attach(AttachEvidence),
    /// A vote for a decision.
    Decide(DecideCase),
    /// The votes are taken back.
    Return(WithReason),
    /// Something is decided beside the rules, for a time.
    Override(OverrideCase),
    /// It goes to another queue.
    Escalate(EscalateCase),
    /// It has ended and begins again.
    Reopen(WithReason),
    /// It ends from outside.
    Cancel(WithReason),
    /// It goes on in the newest version of its kind.
    Migrate(MigrateCase),
    /// A provider of checks tells something. `data` is what was read of the callback.
    Callback(CaseCallback),
}

/// Nothing more is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NoMore {}

macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $of:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            #[serde(default, deny_unknown_fields)]
            pub struct $name { $($(#[$field_doc])* pub $field: $of,)* }
        )*
    };
}

changes! {
    /// What a case is opened with.
    OpenCase {
        /// The kind that it is of.
        kind: String,
        /// Whom it is about, by the party's key or id: the case is sealed with the party's own key.
        party: Option<String>,
        /// The retention class that says how long a law has it kept; left out, it is held by consent.
        retention: Option<String>,
        /// The case that it is opened for, by its key.
        parent: Option<String>,
    }
    /// An event for the chart of a case.
    SendToCase {
        /// Its name.
        event: String,
        /// The session below the case that it is for.
        session: Option<String>,
        /// The service that tells it, by the id that it was invoked under.
        invoke_id: Option<String>,
    }
    /// Who is to work on a case.
    AssignCase {
        /// Who.
        to: String,
    }
    /// Something that is written down.
    CaseNote {
        /// What.
        text: String,
    }
    /// How long a case rests.
    SnoozeCase {
        /// Until when: RFC 3339 or nanoseconds since 1970.
        until: String,
        /// Why.
        why: String,
        /// Whether its time rests, too: timers are due as their `restore` says when it goes on.
        pause: bool,
    }
    /// A document that is asked for.
    RequestDocument {
        /// Which.
        document: String,
        /// Why.
        why: Option<String>,
    }
    /// A document that was handed in.
    SubmitDocument {
        /// Which.
        document: String,
        /// The SHA-256 of its bytes, in hexadecimal.
        hash: String,
        /// Where the host keeps it.
        file: Option<String>,
        /// When it is not valid any more: RFC 3339 or nanoseconds since 1970.
        valid_until: Option<String>,
    }
    /// What somebody found who looked at a document.
    DecideDocument {
        /// Which.
        document: String,
        /// What they found: `approve`, `reject`, or `revise` to have it handed in again.
        finding: String,
        /// The reason codes.
        reasons: Vec<String>,
        /// The SHA-256 of the document that they saw, in hexadecimal.
        seen: String,
        /// When it is not valid any more, if that is known only now.
        valid_until: Option<String>,
    }
    /// Evidence that is there.
    AttachEvidence {
        /// Its name in the case; what has that name is replaced.
        name: String,
        /// The SHA-256 of its bytes, in hexadecimal.
        hash: String,
        /// Where the host keeps it.
        file: Option<String>,
    }
    /// A vote for a decision.
    DecideCase {
        /// Which.
        decision: String,
        /// The reason codes.
        reasons: Vec<String>,
        /// The digest of the evidence that was seen, as the case tells it.
        seen: String,
        /// What is said about it.
        comment: Option<String>,
    }
    /// Why something is done.
    WithReason {
        /// Why.
        why: String,
    }
    /// What is decided beside the rules.
    OverrideCase {
        /// Why.
        why: String,
        /// Until when: RFC 3339 or nanoseconds since 1970.
        until: String,
    }
    /// Where a case goes.
    EscalateCase {
        /// The queue.
        queue: String,
        /// Why.
        why: String,
    }
    /// How a case goes on in the newest version of its kind.
    MigrateCase {
        /// The map from the old version to the new: JSON or YAML, in the format of `docs/migration.md`.
        map: String,
    }
    /// A callback of a provider.
    CaseCallback {
        /// Its body, as it came, at most 64 KiB: it is kept with the case, sealed to whom that is about, so that there must be somebody. Its SHA-256 is
        /// the `evidence` of the callback.
        body: Option<String>,
    }
    /// A migration that is tried.
    RehearseMigration {
        /// The kind of case.
        kind: String,
        /// The map from the old version to the new: JSON or YAML, in the format of `docs/migration.md`.
        map: String,
        /// Who asks; by default who opened the ledger.
        actor: Option<String>,
        /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
        now: Option<String>,
    }
    /// Lets time pass for all cases.
    AdvanceCases {
        /// How many cases change at most: by default 1,000, at most 100,000.
        limit: Option<u32>,
        /// Who asks; by default who opened the ledger.
        actor: Option<String>,
        /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
        now: Option<String>,
    }
}

impl CaseChange {
    /// The command that it stands for.
    pub(super) fn command(&self, data: Option<Value>) -> Result<Command, Invalid> {
        let hash = |field: &'static str, text: &str| {
            let hash = from_hex(text).map(Into::into);
            hash.ok_or_else(|| invalid(field, "is no SHA-256: 64 digits of hexadecimal"))
        };
        let until = |text: &Option<String>| {
            text.as_deref().map(|text| instant_in("valid_until", text)).transpose()
        };
        let carries = matches!(
            self,
            Self::Open(_)
                | Self::Send(_)
                | Self::SubmitDocument(_)
                | Self::DecideDocument(_)
                | Self::Decide(_)
                | Self::Override(_)
                | Self::Callback(_)
        );
        let data = data.filter(|data| !matches!(data, Value::Null));
        if data.is_some() && !carries {
            return Err(invalid("data", "is nothing that this is done with: leave it out"));
        }
        let data = data.map(Json);
        Ok(match self.clone() {
            Self::Open(OpenCase { kind, party, retention, parent }) => {
                if retention.is_some() && party.is_none() {
                    let message = "says how long the case of a party is kept: name the party";
                    return Err(invalid("retention", message));
                }
                Command::Open { kind, party, parent, given: data, retention }
            }
            Self::Send(SendToCase { event, session, invoke_id }) => {
                Command::Send { event, data, session, invoke_id }
            }
            Self::Advance(NoMore {}) => Command::Advance,
            Self::Assign(AssignCase { to }) => Command::Assign { to },
            Self::Claim(NoMore {}) => Command::Claim,
            Self::Release(NoMore {}) => Command::Release,
            Self::Note(CaseNote { text }) => Command::Note { text },
            Self::Snooze(SnoozeCase { until, why, pause }) => {
                let until = instant_in("until", &until)?;
                Command::Snooze { until, why, pause: pause.then_some(true) }
            }
            Self::Wake(NoMore {}) => Command::Wake,
            Self::RequestDocument(RequestDocument { document, why }) => {
                Command::RequestDocument { document, why }
            }
            Self::SubmitDocument(it) => Command::SubmitDocument {
                document: it.document,
                hash: hash("hash", &it.hash)?,
                file: it.file,
                valid_until: until(&it.valid_until)?,
                data,
            },
            Self::DecideDocument(it) => Command::DecideDocument {
                document: it.document,
                finding: Finding::ALL
                    .into_iter()
                    .find(|finding| finding.name() == it.finding)
                    .ok_or_else(|| invalid("finding", "is `approve`, `reject` or `revise`"))?,
                reasons: it.reasons,
                seen: hash("seen", &it.seen)?,
                valid_until: until(&it.valid_until)?,
                data,
            },
            Self::Attach(AttachEvidence { name, hash: own, file }) => {
                Command::Attach { name, hash: hash("hash", &own)?, file }
            }
            Self::Decide(it) => Command::Decide {
                decision: it.decision,
                reasons: it.reasons,
                seen: hash("seen", &it.seen)?,
                comment: it.comment,
                data,
            },
            Self::Return(WithReason { why }) => Command::Return { why },
            Self::Override(OverrideCase { why, until }) => {
                Command::Override { data, why, until: instant_in("until", &until)? }
            }
            Self::Escalate(EscalateCase { queue, why }) => Command::Escalate { queue, why },
            Self::Reopen(WithReason { why }) => Command::Reopen { why },
            Self::Cancel(WithReason { why }) => Command::Cancel { why },
            Self::Migrate(MigrateCase { map }) => Command::Migrate { map },
            Self::Callback(CaseCallback { body }) => Command::Callback { data, body },
        })
    }
}
