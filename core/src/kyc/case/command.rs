//! What is asked of a case, and by whom.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use super::json::Json;
use super::state::PartyStanding;

/// The longest name of a case, a person, a document, in bytes.
pub const NAME: usize = 128;
/// The longest text that people write, in bytes.
pub const TEXT: usize = 16 << 10;

/// By whom something is asked, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct By {
    /// The instant, in nanoseconds since 1970.
    #[n(1)]
    pub at: i64,
    /// Who. Their roles are those of the register of staff.
    #[n(2)]
    pub actor: String,
    /// The caller's id of the request: the same request is not done twice.
    #[n(3)]
    pub request_id: Option<String>,
}

/// What is asked of a case.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Command {
    /// It is opened.
    #[n(0)]
    #[cbor(map)]
    Open {
        /// Of which kind.
        #[n(1)]
        kind: String,
        /// Whom it is about, by the party's key or id.
        #[n(2)]
        party: Option<String>,
        /// The case that it is opened for.
        #[n(3)]
        parent: Option<String>,
        /// The variables that it begins with, an object.
        #[n(4)]
        given: Option<Json>,
        /// The retention class that says how long a law has it kept; left out, it is held by consent.
        #[n(5)]
        retention: Option<String>,
    },
    /// Its chart hears an event.
    #[n(1)]
    #[cbor(map)]
    Send {
        /// Its name.
        #[n(1)]
        event: String,
        /// What it carries.
        #[n(2)]
        data: Option<Json>,
        /// The session below the case that it is for.
        #[n(3)]
        session: Option<String>,
        /// The service that tells it, by the id that it was invoked under.
        #[n(4)]
        invoke_id: Option<String>,
    },
    /// Time has passed.
    #[n(2)]
    Advance,
    /// Somebody is to work on it.
    #[n(3)]
    #[cbor(map)]
    Assign {
        /// Who.
        #[n(1)]
        to: String,
    },
    /// Who asks works on it.
    #[n(4)]
    Claim,
    /// Nobody works on it any more.
    #[n(5)]
    Release,
    /// Something is written down.
    #[n(6)]
    #[cbor(map)]
    Note {
        /// What.
        #[n(1)]
        text: String,
    },
    /// It rests.
    #[n(7)]
    #[cbor(map)]
    Snooze {
        /// Until when.
        #[n(1)]
        until: i64,
        /// Why.
        #[n(2)]
        why: String,
        /// Whether its time rests, too.
        #[n(3)]
        pause: Option<bool>,
    },
    /// It does not rest any more.
    #[n(8)]
    Wake,
    /// A document is asked for.
    #[n(9)]
    #[cbor(map)]
    RequestDocument {
        /// Which.
        #[n(1)]
        document: String,
        /// Why.
        #[n(2)]
        why: Option<String>,
    },
    /// A document was handed in.
    #[n(10)]
    #[cbor(map)]
    SubmitDocument {
        /// Which.
        #[n(1)]
        document: String,
        /// The SHA-256 of its bytes.
        #[n(2)]
        hash: ByteArray<32>,
        /// Where the host keeps it.
        #[n(3)]
        file: Option<String>,
        /// When it is not valid any more.
        #[n(4)]
        valid_until: Option<i64>,
        /// What else the chart is told of it, an object.
        #[n(5)]
        data: Option<Json>,
    },
    /// Somebody has looked at a document.
    #[n(11)]
    #[cbor(map)]
    DecideDocument {
        /// Which.
        #[n(1)]
        document: String,
        /// What they found.
        #[n(2)]
        finding: Finding,
        /// The reason codes.
        #[n(3)]
        reasons: Vec<String>,
        /// The hash of the document that they saw.
        #[n(4)]
        seen: ByteArray<32>,
        /// When it is not valid any more, if that is known only now.
        #[n(5)]
        valid_until: Option<i64>,
        /// What else the chart is told of it, an object.
        #[n(6)]
        data: Option<Json>,
    },
    /// Evidence is there, such as a report, or the callback of a provider.
    #[n(12)]
    #[cbor(map)]
    Attach {
        /// Its name in the case; what has that name is replaced.
        #[n(1)]
        name: String,
        /// The SHA-256 of its bytes.
        #[n(2)]
        hash: ByteArray<32>,
        /// Where the host keeps it.
        #[n(3)]
        file: Option<String>,
    },
    /// A vote for a decision.
    #[n(13)]
    #[cbor(map)]
    Decide {
        /// Which.
        #[n(1)]
        decision: String,
        /// The reason codes.
        #[n(2)]
        reasons: Vec<String>,
        /// The digest of the evidence that they saw.
        #[n(3)]
        seen: ByteArray<32>,
        /// What they say about it.
        #[n(4)]
        comment: Option<String>,
        /// What else the chart is told, an object.
        #[n(5)]
        data: Option<Json>,
    },
    /// The votes are taken back.
    #[n(14)]
    #[cbor(map)]
    Return {
        /// Why.
        #[n(1)]
        why: String,
    },
    /// Something is decided beside the rules, for a time.
    #[n(15)]
    #[cbor(map)]
    Override {
        /// What the chart is told, an object.
        #[n(1)]
        data: Option<Json>,
        /// Why.
        #[n(2)]
        why: String,
        /// Until when.
        #[n(3)]
        until: i64,
    },
    /// It goes to another queue.
    #[n(16)]
    #[cbor(map)]
    Escalate {
        /// Which.
        #[n(1)]
        queue: String,
        /// Why.
        #[n(2)]
        why: String,
    },
    /// It has ended and begins again.
    #[n(17)]
    #[cbor(map)]
    Reopen {
        /// Why.
        #[n(1)]
        why: String,
    },
    /// It ends from outside.
    #[n(18)]
    #[cbor(map)]
    Cancel {
        /// Why.
        #[n(1)]
        why: String,
    },
    /// A case that was opened for it has ended. Told by the room itself.
    #[n(19)]
    #[cbor(map)]
    ChildEnded {
        /// Which.
        #[n(1)]
        child: String,
        /// What the chart is told.
        #[n(2)]
        data: Option<Json>,
    },
    /// It goes on in another version of its kind.
    #[n(20)]
    #[cbor(map)]
    Migrate {
        /// The map from the old version to the new, in the format of `docs/migration.md`.
        #[n(1)]
        map: String,
    },
    /// The register of parties was told how whom it is about stands. Told by the host itself.
    #[n(21)]
    #[cbor(map)]
    RegisterTold {
        /// What it was told.
        #[n(1)]
        standing: PartyStanding,
    },
    /// A provider of checks tells something. Whether it was told before, and whether it is late, is known by the case.
    #[n(22)]
    #[cbor(map)]
    Callback {
        /// What was read of the callback, an object: the data of [`Verified::to_event`](crate::kyc::callback::Verified::to_event).
        #[n(1)]
        data: Option<Json>,
        /// Its body, as it came.
        #[n(2)]
        body: Option<String>,
    },
}

/// What somebody found who looked at a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Finding {
    /// It is good.
    #[n(0)]
    Approve,
    /// It is not, and another one is not wanted.
    #[n(1)]
    Reject,
    /// It is to be handed in again.
    #[n(2)]
    Revise,
}

impl Finding {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Approve, Self::Reject, Self::Revise];

    /// Its name, a promise.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Revise => "revise",
        }
    }
}

impl Command {
    /// The SHA-256 of who asks, and for what: by it a request is known again.
    pub(super) fn digest(&self, actor: &str) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(actor);
        digest.update([0]);
        // INVARIANT: memory takes every byte.
        digest.update(minicbor::to_vec(self).unwrap_or_default());
        digest.finalize().into()
    }

    /// Its name in a log, a promise.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Send { .. } => "send",
            Self::Advance => "advance",
            Self::Assign { .. } => "assign",
            Self::Claim => "claim",
            Self::Release => "release",
            Self::Note { .. } => "note",
            Self::Snooze { .. } => "snooze",
            Self::Wake => "wake",
            Self::RequestDocument { .. } => "request_document",
            Self::SubmitDocument { .. } => "submit_document",
            Self::DecideDocument { .. } => "decide_document",
            Self::Attach { .. } => "attach",
            Self::Decide { .. } => "decide",
            Self::Return { .. } => "return",
            Self::Override { .. } => "override",
            Self::Escalate { .. } => "escalate",
            Self::Reopen { .. } => "reopen",
            Self::Cancel { .. } => "cancel",
            Self::ChildEnded { .. } => "child_ended",
            Self::Migrate { .. } => "migrate",
            Self::RegisterTold { .. } => "register_told",
            Self::Callback { .. } => "callback",
        }
    }
}
