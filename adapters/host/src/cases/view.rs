//! Cases as plain data.
//!
//! Data of cases is JSON whose numbers are exact: where it is answered, it is the text of JSON, so that no reader makes a float of an amount.

use serde::Serialize;
use thalium::api::Invalid;
use thalium::kyc::case::{
    Case, Cases, Desk, Document, Done, InQueue, Person, Refusal, Standing, Told, Vote,
};

use crate::wire::{ChartEffect, chart_effect};
use crate::{hex, time};

/// The reasons that a rehearsal tells.
const REFUSED: usize = 100;

/// A kind of case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KindView {
    /// Its name.
    pub kind: String,
    /// What it is for.
    pub description: String,
    /// The digest of this version: of the kind, and of its charts.
    pub digest: String,
    /// The chart that its cases run on.
    pub chart: String,
    /// Its queues, in their order.
    pub queues: Vec<String>,
    /// What can be decided.
    pub decisions: Vec<String>,
    /// The documents that it knows.
    pub documents: Vec<String>,
    /// The kind as JSON.
    pub text: String,
}

impl KindView {
    pub(super) fn of(desk: &Desk) -> Self {
        let kind = desk.kind();
        Self {
            kind: kind.id.clone(),
            description: kind.description.clone().unwrap_or_default(),
            digest: hex(desk.digest()),
            chart: kind.chart.clone(),
            queues: kind.queues.iter().map(|queue| queue.id.clone()).collect(),
            decisions: kind.decisions.keys().cloned().collect(),
            documents: kind.documents.keys().cloned().collect(),
            text: kind.to_json(),
        }
    }
}

/// Somebody on the register of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StaffView {
    /// Who.
    pub person: String,
    /// What they may do; nothing, if they are not on it.
    pub roles: Vec<String>,
    /// Whether they are away and are given no work.
    pub away: bool,
    /// How many cases they work on.
    pub cases: u64,
}

impl StaffView {
    pub(super) fn of(name: &str, person: Option<&Person>, cases: usize) -> Self {
        Self {
            person: name.to_owned(),
            roles: person.map(|it| it.roles.iter().cloned().collect()).unwrap_or_default(),
            away: person.is_some_and(|person| !person.is_present),
            cases: cases as u64,
        }
    }
}

/// A queue in which cases wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueView {
    /// Its name.
    pub queue: String,
    /// How many cases wait in it, without those that rest.
    pub waiting: u64,
    /// How many rest.
    pub snoozed: u64,
    /// How many of those that wait nobody works on.
    pub unassigned: u64,
    /// How many of them have waited too long.
    pub overdue: u64,
    /// Since when the oldest waits, also of those that rest: RFC 3339.
    pub oldest: String,
}

/// A case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseView {
    /// Its key.
    pub case: String,
    /// The kind that it is of.
    pub kind: String,
    /// The digest of the version of the kind that it is pinned to.
    pub definition: String,
    /// How often it changed.
    pub version: u64,
    /// `open`, `ended` or `cancelled`.
    pub status: String,
    /// The active states of its chart without children, in document order.
    pub states: Vec<String>,
    /// Whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// The case that it was opened for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// When it was opened: RFC 3339.
    pub opened_at: String,
    /// By whom.
    pub opened_by: String,
    /// When it changed last: RFC 3339.
    pub changed_at: String,
    /// When it ended: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// How often it was opened again.
    pub reopened: u32,
    /// Where it waits, if it waits for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<CasePlace>,
    /// Who works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Until when it rests: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<String>,
    /// Since when its time rests, too: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_at: Option<String>,
    /// When the next of what waits in it is due: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_due: Option<String>,
    /// The digest of all that a decision rests on: who votes says which they saw.
    pub evidence_digest: String,
    /// Its documents, by name.
    pub documents: Vec<CaseDocument>,
    /// Other evidence, by name.
    pub evidence: Vec<CaseEvidence>,
    /// The decision that is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<CaseDecision>,
    /// What was decided, the oldest first.
    pub decided: Vec<CaseDecision>,
    /// What was decided beside the rules and holds.
    pub overrides: Vec<CaseOverride>,
    /// What its kind tells the register of parties of whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<CaseStanding>,
    /// Its variables: the text of a JSON object, whose numbers are exact. Left out where the case is sealed and was not opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Whether it is sealed to whom it is about.
    pub sealed: bool,
    /// Why what is sealed is not told, though it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

/// What a case tells the register of parties of whom it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseStanding {
    /// How far they were identified; zero: not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kyc_level: Option<u8>,
    /// How much risk they are: `low`, `medium`, `high` or `prohibited`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<String>,
    /// The flags that they have.
    pub flags: Vec<String>,
    /// Whether the register says so already.
    pub told: bool,
}

/// Where a case waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CasePlace {
    /// The queue.
    pub queue: String,
    /// Since when: RFC 3339.
    pub since: String,
    /// Until when it may: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The queue that it belongs to by its kind, if it went on from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Since when it waits for what is to be done, in whichever queue: RFC 3339.
    pub waits_since: String,
}

/// A document of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseDocument {
    /// Which.
    pub document: String,
    /// How it stands: `requested`, `submitted`, `approved`, `rejected` or `expired`.
    pub standing: String,
    /// Since when: RFC 3339.
    pub since: String,
    /// Until when it is to be handed in: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// How often it was handed in.
    pub attempts: u32,
    /// The SHA-256 of what was handed in last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Where the host keeps that. Left out where the case is sealed and was not opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// When it is not valid any more: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// Why it is asked for, or is not good.
    pub reasons: Vec<String>,
    /// Who handed it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Something that a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseEvidence {
    /// Its name.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub hash: String,
    /// Where the host keeps it. Left out where the case is sealed and was not opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Since when it is there: RFC 3339.
    pub since: String,
    /// Who brought it.
    pub by: String,
}

/// A decision, with its votes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseDecision {
    /// Which.
    pub decision: String,
    /// When it was taken; none while it is pending: RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The digest of the evidence that it rests on.
    pub seen: String,
    /// The votes, the first first.
    pub votes: Vec<CaseVote>,
}

/// A vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseVote {
    /// Whose.
    pub by: String,
    /// As what.
    pub role: String,
    /// When: RFC 3339.
    pub at: String,
    /// With which reason codes.
    pub reasons: Vec<String>,
}

/// What was decided beside the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseOverride {
    /// By whom.
    pub by: String,
    /// Why. Left out where the case is sealed and was not opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Since when: RFC 3339.
    pub since: String,
    /// Until when: RFC 3339.
    pub until: String,
}

/// The SHA-256 of the evidence of a case, by the version of its kind.
pub(super) fn evidence_digest(cases: &Cases, case: &Case) -> Option<String> {
    let desk = cases.desk_of(case).ok()?;
    Some(hex(&case.evidence_digest(&desk.evidence_of(case.session()))))
}

impl CaseView {
    /// `opens` tells what is sealed.
    pub(super) fn of(cases: &Cases, case: &Case, opens: bool) -> Self {
        let is_sealed = case.party.is_some();
        let is_told = opens || !is_sealed;
        let desk = cases.desk_of(case).ok();
        let program = desk.map(|desk| desk.definition().program());
        let states =
            program.map(|program| program.atomic(case.session()).map(str::to_owned).collect());
        let told = |text: &Option<String>| text.clone().filter(|_| is_told);
        let evidence = case.evidence.iter().map(|(name, it)| CaseEvidence {
            name: name.clone(),
            hash: hex(&*it.hash),
            file: told(&it.file),
            since: time::format_instant(it.since),
            by: it.by.clone(),
        });
        let overrides = case.overrides.iter().map(|it| CaseOverride {
            by: it.by.clone(),
            why: told(&Some(it.why.clone())),
            since: time::format_instant(it.since),
            until: time::format_instant(it.until),
        });
        let decided = case.decided.iter().map(|it| CaseDecision {
            decision: it.decision.clone(),
            at: Some(time::format_instant(it.at)),
            seen: hex(&*it.seen),
            votes: it.votes.iter().map(CaseVote::of).collect(),
        });
        let documents = case.documents.iter();
        Self {
            case: case.key.clone(),
            kind: case.kind.clone(),
            definition: hex(&*case.desk),
            version: case.version,
            status: status_of(case).to_owned(),
            states: states.unwrap_or_default(),
            party: case.party.clone(),
            parent: case.parent.clone(),
            opened_at: time::format_instant(case.opened_at),
            opened_by: case.opened_by.clone(),
            changed_at: time::format_instant(case.changed_at),
            ended_at: case.ended_at.map(time::format_instant),
            reopened: case.reopened,
            place: case.place.as_ref().map(CasePlace::of),
            assignee: case.assignee.clone(),
            snoozed_until: case.snoozed_until.map(time::format_instant),
            paused_at: case.paused_at.map(time::format_instant),
            next_due: case.next_due().map(time::format_instant),
            evidence_digest: evidence_digest(cases, case).unwrap_or_default(),
            documents: documents.map(|(name, it)| CaseDocument::of(name, it, is_told)).collect(),
            evidence: evidence.collect(),
            pending: case.pending.as_ref().map(|it| CaseDecision {
                decision: it.decision.clone(),
                at: None,
                seen: hex(&*it.seen),
                votes: it.votes.iter().map(CaseVote::of).collect(),
            }),
            decided: decided.collect(),
            overrides: overrides.collect(),
            standing: case.standing.as_ref().map(|it| CaseStanding {
                kyc_level: it.kyc_level,
                risk: it.risk.clone(),
                flags: it
                    .flags
                    .iter()
                    .filter(|(_, is_set)| **is_set)
                    .map(|(name, _)| name.clone())
                    .collect(),
                told: case.untold().is_none(),
            }),
            data: is_told.then(|| case.session().data().to_json()),
            sealed: is_sealed,
            withheld: None,
        }
    }
}

/// Whether a case goes on, has ended by itself, or was ended.
pub(super) const fn status_of(case: &Case) -> &'static str {
    match (case.is_open(), case.cancelled) {
        (true, _) => "open",
        (false, true) => "cancelled",
        (false, false) => "ended",
    }
}

impl CasePlace {
    fn of(place: &InQueue) -> Self {
        Self {
            queue: place.queue.clone(),
            since: time::format_instant(place.since),
            due: place.due.map(time::format_instant),
            from: place.from.clone(),
            waits_since: time::format_instant(place.waits_since()),
        }
    }
}

impl CaseDocument {
    fn of(name: &str, document: &Document, is_told: bool) -> Self {
        Self {
            document: name.to_owned(),
            standing: document.standing.name().to_owned(),
            since: time::format_instant(document.since),
            due: document.due.map(time::format_instant),
            attempts: document.attempts,
            hash: document.hash.map(|hash| hex(&*hash)),
            file: document.file.clone().filter(|_| is_told),
            valid_until: document.valid_until.map(time::format_instant),
            by: document.by.clone(),
            // While it is asked for, that is what somebody wrote.
            reasons: match is_told || document.standing != Standing::Requested {
                true => document.reasons.clone(),
                false => Vec::new(),
            },
        }
    }
}

impl CaseVote {
    fn of(vote: &Vote) -> Self {
        Self {
            by: vote.by.clone(),
            role: vote.role.clone(),
            at: time::format_instant(vote.at),
            reasons: vote.reasons.clone(),
        }
    }
}

/// What came of something that was done to a case. A refusal is not `ok`, and has changed nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseOutcome {
    /// Whether it was done.
    pub ok: bool,
    /// The case, by its key.
    pub case: String,
    /// Why it was not done: a code, a promise. With `ok` it is `register`: the register of parties could not be told what follows from it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The same in words, with what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the chart heard what it was told; true where it was told nothing.
    pub heard: bool,
    /// Whether the same request was done before, or the same callback came before: nothing was done now.
    pub replayed: bool,
    /// Whether a callback was overtaken by a newer one about the same check: it is in the log, and the chart did not hear it.
    pub late: bool,
    /// What the host is to do, in order. It stands in the log of the case, too.
    pub effects: Vec<CaseEffect>,
    /// What the case is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<CaseView>,
}

impl CaseOutcome {
    pub(super) fn refused(case: &str, refusal: &Refusal) -> Self {
        Self {
            case: case.to_owned(),
            code: Some(refusal.code().to_owned()),
            reason: Some(refusal.to_string()),
            ..Self::default()
        }
    }

    /// It cannot be kept.
    pub(super) fn unkept(case: &str, error: &Invalid) -> Self {
        Self {
            case: case.to_owned(),
            code: Some("unkept".to_owned()),
            reason: Some(error.to_string()),
            ..Self::default()
        }
    }

    /// It was done, and the register of parties cannot be told.
    pub(super) fn untold(self, why: String) -> Self {
        Self { code: Some("register".to_owned()), reason: Some(why), ..self }
    }

    /// It was done; `done` has no changes any more.
    pub(super) fn done(now: CaseView, done: &Done) -> Self {
        Self {
            ok: true,
            case: now.case.clone(),
            code: None,
            reason: None,
            heard: done.heard,
            replayed: done.replayed.is_some(),
            late: done.late,
            effects: done.effects.iter().map(CaseEffect::of).collect(),
            now: Some(now),
        }
    }
}

/// Something that a case asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseEffect {
    /// The case, by its key.
    pub case: String,
    /// What its chart asks for.
    pub effect: ChartEffect,
}

impl CaseEffect {
    pub(super) fn of(told: &Told) -> Self {
        Self { case: told.case.clone(), effect: chart_effect(&told.effect) }
    }
}

/// What came of letting time pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CasesAdvanced {
    /// How many cases changed.
    pub changed: u64,
    /// What the host is to do, in order.
    pub effects: Vec<CaseEffect>,
    /// The cases that refused: each stands as it was, and is due still. Of those with the code `register`, the register of parties could not be
    /// told what follows from them yet.
    pub refused: Vec<CaseOutcome>,
    /// Whether more is due.
    pub more: bool,
}

/// What would become of cases that were moved to the newest version of their kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MigrationRehearsed {
    /// How many open cases are not in the newest version.
    pub cases: u64,
    /// How many of them can be moved.
    pub movable: u64,
    /// Why the others cannot, at most 100 reasons.
    pub refused: Vec<MigrationRefused>,
}

/// Why cases cannot be moved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MigrationRefused {
    /// Why: a code, a promise.
    pub code: String,
    /// The same in words, of the first of them.
    pub why: String,
    /// How many.
    pub cases: u64,
    /// The first of them, by its key.
    pub example: String,
}

impl MigrationRehearsed {
    pub(super) fn refuse(&mut self, case: &str, refusal: &Refusal) {
        let why = match refusal {
            Refusal::Migration { why, .. } => why.clone(),
            other => other.to_string(),
        };
        if let Some(found) = self.refused.iter_mut().find(|found| found.why == why) {
            found.cases += 1;
        } else if self.refused.len() < REFUSED {
            let (code, example) = (refusal.code().to_owned(), case.to_owned());
            self.refused.push(MigrationRefused { code, why, cases: 1, example });
        }
    }
}

/// Some cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CasePage {
    /// The cases.
    pub cases: Vec<CaseView>,
    /// The key to go on behind, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Something that happened to cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseEntry {
    /// Its number in the log.
    pub number: u64,
    /// When: RFC 3339.
    pub at: String,
    /// Who asked.
    pub actor: String,
    /// The caller's id of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What: the name of what was done to a case, or `define` or `staff`.
    #[serde(rename = "do")]
    pub what: String,
    /// The case, by its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Which of its changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// What was asked: the text of a JSON object. Left out where it is sealed and was not opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// What happened in the chart, step by step: the text of a JSON array. Left out where it is sealed and was not opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<String>,
    /// The SHA-256 of the session that it led to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The SHA-256 of the version of the kind, with its charts, that the case was in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// The SHA-256 of the evidence that the case had then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Whether it is sealed.
    pub sealed: bool,
    /// Why what is sealed is not told, though it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

/// Some of the log of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseLogPage {
    /// What happened, the oldest first.
    pub entries: Vec<CaseEntry>,
    /// The number to go on behind, if there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}
