//! A case at rest: its session, and what people did with it.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use super::json::{Deliveries, Json, Kept};
use crate::kyc::chart::{Session, Status};
use crate::value::Value;

/// A case.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Case {
    /// Its name, the caller's own.
    #[n(1)]
    pub key: String,
    /// The kind that it is of.
    #[n(2)]
    pub kind: String,
    /// The digest of the version of the kind that it is pinned to.
    #[n(3)]
    pub desk: ByteArray<32>,
    /// How often it changed.
    #[n(4)]
    pub version: u64,
    /// When it was opened.
    #[n(5)]
    pub opened_at: i64,
    /// By whom.
    #[n(6)]
    pub opened_by: String,
    /// When it changed last.
    #[n(7)]
    pub changed_at: i64,
    /// Whom it is about.
    #[n(8)]
    pub party: Option<String>,
    /// The case that it was opened for.
    #[n(9)]
    pub parent: Option<String>,
    /// When it ended.
    #[n(10)]
    pub ended_at: Option<i64>,
    /// Whether it was ended from outside.
    #[n(11)]
    pub cancelled: bool,
    /// How often it was opened again.
    #[n(12)]
    pub reopened: u32,
    /// The session of its chart.
    #[n(13)]
    pub session: Kept,
    /// Where it waits.
    #[n(14)]
    pub place: Option<InQueue>,
    /// Who works on it.
    #[n(15)]
    pub assignee: Option<String>,
    /// Until when it rests.
    #[n(16)]
    pub snoozed_until: Option<i64>,
    /// Its documents by name.
    #[n(17)]
    pub documents: BTreeMap<String, Document>,
    /// Other evidence by name.
    #[n(18)]
    pub evidence: BTreeMap<String, Evidence>,
    /// The votes for the decision that is pending.
    #[n(19)]
    pub pending: Option<Pending>,
    /// What was decided, the oldest first.
    #[n(20)]
    pub decided: Vec<Decided>,
    /// What was decided beside the rules and holds.
    #[n(21)]
    pub overrides: Vec<InForce>,
    /// Who handed something in.
    #[n(22)]
    pub submitters: BTreeSet<String>,
    /// The requests that were done last, with the version that each led to.
    #[n(23)]
    pub requests: Vec<Request>,
    /// The retention class that says how long a law has it kept.
    #[n(24)]
    pub retention: Option<String>,
    /// What the register of parties is to say of whom it is about.
    #[n(25)]
    pub standing: Option<PartyStanding>,
    /// What the register was told last, or what it was begun with; none where that is not known.
    #[n(26)]
    pub told: Option<PartyStanding>,
    /// The callbacks that were delivered, as far as they are remembered.
    #[n(27)]
    pub callbacks: Option<Box<Deliveries>>,
    /// Who opened it before it was opened again.
    #[n(28)]
    pub openers: Option<BTreeSet<String>>,
    /// Who decided beside the rules, whether it holds still or not.
    #[n(29)]
    pub overriders: Option<BTreeSet<String>>,
    /// Since when its time rests, where it does.
    #[n(30)]
    pub paused_at: Option<i64>,
}

/// What a case knows of whom it is about, for the register of parties. What is none is nothing that the register is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PartyStanding {
    /// How far they were identified; zero: not at all.
    #[n(1)]
    pub kyc_level: Option<u8>,
    /// How much risk they are: the name of a level of risk.
    #[n(2)]
    pub risk: Option<String>,
    /// Flags, and whether they have them.
    #[n(3)]
    pub flags: BTreeMap<String, bool>,
}

/// Where a case waits for people.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InQueue {
    /// The queue.
    #[n(1)]
    pub queue: String,
    /// Since when.
    #[n(2)]
    pub since: i64,
    /// Until when it may.
    #[n(3)]
    pub due: Option<i64>,
    /// The queue that it belongs to by its kind, if it went on from there.
    #[n(4)]
    pub from: Option<String>,
    /// Since when it has waited for what is to be done now, in whichever queue; where it did not go on from another one, as long as it waits here.
    #[n(5)]
    pub waits_since: Option<i64>,
    /// When the first time that it had was over, if one was.
    #[n(6)]
    pub missed: Option<i64>,
}

impl InQueue {
    /// Since when it waits, in whichever queue.
    #[must_use]
    pub fn waits_since(&self) -> i64 {
        self.waits_since.unwrap_or(self.since)
    }

    /// Until when it was to be done, or is: the first time that it had.
    #[must_use]
    pub fn first_due(&self) -> Option<i64> {
        self.missed.or(self.due)
    }

    /// Whether it was to be done by then.
    #[must_use]
    pub fn is_late(&self, now: i64) -> bool {
        self.first_due().is_some_and(|due| due <= now)
    }
}

/// How a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Standing {
    /// It is asked for.
    #[n(0)]
    Requested,
    /// It was handed in.
    #[n(1)]
    Submitted,
    /// It is good.
    #[n(2)]
    Approved,
    /// It is not.
    #[n(3)]
    Rejected,
    /// It did not come in time, or is not valid any more.
    #[n(4)]
    Expired,
}

impl Standing {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 5] =
        [Self::Requested, Self::Submitted, Self::Approved, Self::Rejected, Self::Expired];

    /// Its name, a promise.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
        }
    }
}

/// A document of a case.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Document {
    /// How it stands.
    #[n(1)]
    pub standing: Standing,
    /// Since when.
    #[n(2)]
    pub since: i64,
    /// Until when it is to be handed in.
    #[n(3)]
    pub due: Option<i64>,
    /// How often it was handed in.
    #[n(4)]
    pub attempts: u32,
    /// The SHA-256 of what was handed in last.
    #[n(5)]
    pub hash: Option<ByteArray<32>>,
    /// Where the host keeps that.
    #[n(6)]
    pub file: Option<String>,
    /// When it is not valid any more.
    #[n(7)]
    pub valid_until: Option<i64>,
    /// Why it is asked for, or is not good.
    #[n(8)]
    pub reasons: Vec<String>,
    /// Who handed it in.
    #[n(9)]
    pub by: Option<String>,
}

/// Something that a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Evidence {
    /// The SHA-256 of its bytes.
    #[n(1)]
    pub hash: ByteArray<32>,
    /// Where the host keeps it.
    #[n(2)]
    pub file: Option<String>,
    /// Since when it is there.
    #[n(3)]
    pub since: i64,
    /// Who brought it.
    #[n(4)]
    pub by: String,
}

/// A decision that not enough people have voted for yet.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Pending {
    /// Which.
    #[n(1)]
    pub decision: String,
    /// The digest of the evidence that all of them saw.
    #[n(2)]
    pub seen: ByteArray<32>,
    /// Their votes, the first first.
    #[n(3)]
    pub votes: Vec<Vote>,
    /// What the chart is told with the decision, as the first of them said: the others vote for that.
    #[n(4)]
    pub data: Option<Json>,
}

/// A vote.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Vote {
    /// Whose.
    #[n(1)]
    pub by: String,
    /// As what.
    #[n(2)]
    pub role: String,
    /// When.
    #[n(3)]
    pub at: i64,
    /// With which reason codes.
    #[n(4)]
    pub reasons: Vec<String>,
}

/// A decision that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Decided {
    /// Which.
    #[n(1)]
    pub decision: String,
    /// When.
    #[n(2)]
    pub at: i64,
    /// Since when the case had waited for it.
    #[n(3)]
    pub since: i64,
    /// The digest of the evidence that it rests on.
    #[n(4)]
    pub seen: ByteArray<32>,
    /// The votes.
    #[n(5)]
    pub votes: Vec<Vote>,
    /// Until when it was to be taken.
    #[n(6)]
    pub due: Option<i64>,
}

impl Decided {
    /// Whether it came after its time.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.due.is_some_and(|due| self.at > due)
    }
}

/// What was decided beside the rules and holds for a time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InForce {
    /// By whom.
    #[n(1)]
    pub by: String,
    /// Why.
    #[n(2)]
    pub why: String,
    /// Since when.
    #[n(3)]
    pub since: i64,
    /// Until when.
    #[n(4)]
    pub until: i64,
}

/// A request that was done.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Request {
    /// Its id.
    #[n(1)]
    pub id: String,
    /// The version that it led to.
    #[n(2)]
    pub version: u64,
    /// The SHA-256 of who asked, and for what.
    #[n(3)]
    pub asked: ByteArray<32>,
}

impl Case {
    /// The session of its chart.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session.0
    }

    /// Whom it is about, as its chart is told: a party of the register or, where there is none, whom the chart says that it is about; null where
    /// neither is known.
    #[must_use]
    pub fn whom(&self) -> Value {
        match &self.party {
            Some(party) => Value::from(&**party),
            None => self.session().data().get_str("party").cloned().unwrap_or(Value::Null),
        }
    }

    /// The SHA-256 of its session's bytes.
    #[must_use]
    pub fn session_digest(&self) -> [u8; 32] {
        Sha256::digest(self.session().to_bytes()).into()
    }

    /// Whether it goes on.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }

    /// What the register of parties is to be told, and was not told yet.
    #[must_use]
    pub fn untold(&self) -> Option<&PartyStanding> {
        self.standing.as_ref().filter(|standing| self.told.as_ref() != Some(standing))
    }

    /// What of it the register has to be told: what differs from what it was told last, or all of it, where that is not known.
    #[must_use]
    pub fn news_of_party(&self) -> Option<PartyStanding> {
        let standing = self.untold()?;
        let Some(told) = &self.told else { return Some(standing.clone()) };
        let changed = |(name, is_set): &(&String, &bool)| told.flags.get(*name) != Some(*is_set);
        let flags =
            standing.flags.iter().filter(changed).map(|(name, is_set)| (name.clone(), *is_set));
        // A flag that the kind does not know any more is nobody's to take away later.
        let gone = told
            .flags
            .iter()
            .filter(|(name, is_set)| **is_set && !standing.flags.contains_key(*name));
        Some(PartyStanding {
            kyc_level: standing.kyc_level.filter(|level| told.kyc_level != Some(*level)),
            risk: standing.risk.clone().filter(|risk| told.risk.as_ref() != Some(risk)),
            flags: flags.chain(gone.map(|(name, _)| (name.clone(), false))).collect(),
        })
    }

    /// Whether it rests at an instant.
    #[must_use]
    pub fn rests(&self, now: i64) -> bool {
        self.snoozed_until.is_some_and(|until| until > now)
    }

    /// Whether its chart came to an end by itself.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.session().status() == Status::Done
    }

    /// When the next of what waits in it is due.
    #[must_use]
    pub fn next_due(&self) -> Option<i64> {
        if !self.is_open() {
            return None;
        }
        let overrides = self.overrides.iter().map(|force| force.until);
        if self.paused_at.is_some() {
            return self.snoozed_until.into_iter().chain(overrides).min();
        }
        let queued = self.place.as_ref().and_then(|place| place.due);
        let papers = self.documents.values().filter_map(Document::next_due);
        let alone = [self.session().next_due(), queued, self.snoozed_until];
        alone.into_iter().flatten().chain(papers).chain(overrides).min()
    }

    /// The digest of all that a decision rests on: the documents and how they stand, other evidence, and variables of the chart. One that is only
    /// asked for counts, too: who asks for more does not think that what is there is enough.
    #[must_use]
    pub fn evidence_digest(&self, variables: &Value) -> [u8; 32] {
        let hex = |hash: &ByteArray<32>| Value::from(crate::audit::merkle::hex(&**hash));
        let papers = self.documents.iter().map(|(name, paper)| {
            let fields = [
                ("standing", Value::from(paper.standing.name())),
                ("hash", paper.hash.as_ref().map_or(Value::Null, hex)),
                ("valid_until", paper.valid_until.map_or(Value::Null, Value::int)),
            ];
            (Value::from(&**name), Value::fields(fields))
        });
        let evidence = self.evidence.iter().map(|(name, it)| (Value::from(&**name), hex(&it.hash)));
        let all = Value::fields([
            ("documents", Value::object(papers)),
            ("evidence", Value::object(evidence)),
            ("variables", variables.clone()),
        ]);
        let mut digest = Sha256::new();
        digest.update(b"thalium.evidence.v1\0");
        digest.update(all.to_json());
        digest.finalize().into()
    }
}

impl Document {
    /// Another one comes in its place. That of one that was decided about, or is over, is looked at as often as that was: it is a matter of its own.
    pub(super) const fn makes_room(&mut self) {
        if matches!(self.standing, Standing::Approved | Standing::Rejected | Standing::Expired) {
            self.attempts = 0;
        }
    }

    fn next_due(&self) -> Option<i64> {
        match self.standing {
            Standing::Requested => self.due,
            Standing::Approved => self.valid_until,
            Standing::Submitted | Standing::Rejected | Standing::Expired => None,
        }
    }

    /// Whether it was handed in and is to be looked at, and could still be good then.
    #[must_use]
    pub(super) fn waits_for_somebody(&self, now: i64) -> bool {
        self.standing == Standing::Submitted && self.valid_until.is_none_or(|until| until > now)
    }

    /// Whether it is over at an instant.
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        self.next_due().is_some_and(|due| due <= now)
    }
}
