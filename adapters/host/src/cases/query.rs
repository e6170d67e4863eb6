//! Cases, seen: one, many, their log, what a back office reports, and all of it decided once more.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thalium::api::case::CaseRecord;
use thalium::api::party::check_reason;
use thalium::api::{PAGE_DEFAULT, PAGE_MAX};
use thalium::kyc::case::{Case, Cases, Command, Fact, InQueue, Replay, told_command};
use thalium::kyc::chart::{mermaid, svg};
use thalium::policy::rego::Value;
use thalium::port::subjects::NoKey;

use super::report::CaseReport;
use super::view::{
    CaseEntry, CaseLogPage, CasePage, CaseView, KindView, QueueView, StaffView, evidence_digest,
    status_of,
};
use super::{CaseFault, DOSSIER, Loaded, invalid};
use crate::charts::lend;
use crate::sealed::{OpenSealed, Readings};
use crate::{ChartFault, Error, Thalium, hex, time};

/// How many bytes of bodies a page of a log has, unless its first entry has more.
const PAGE_BYTES: usize = 16 << 20;
/// How many queues are told to who asks for one that is none.
const QUEUES: usize = 16;
/// How many differences a replay tells.
const DIFFERENCES: usize = 100;

/// Which cases; all that is said must hold. They come by key; those of a queue, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CaseQuery {
    /// Those that wait in this queue.
    pub queue: Option<String>,
    /// Those that this person works on.
    pub assignee: Option<String>,
    /// Those on which nobody works.
    pub unassigned: bool,
    /// Those of this kind.
    pub kind: Option<String>,
    /// Those about this party, as it was named when they were opened.
    pub party: Option<String>,
    /// Those that were opened for this case.
    pub parent: Option<String>,
    /// `open`, `ended` or `cancelled`.
    pub status: Option<String>,
    /// Those that have waited too long.
    pub overdue: bool,
    /// Those that rest, too: where a queue is asked for, they are left out otherwise.
    pub snoozed: bool,
    /// Behind the one with this key.
    pub after: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
    /// The instant by which something is overdue. By default that of the clock.
    pub now: Option<String>,
}

/// A case that is to be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetCase {
    /// Its key.
    pub case: String,
    /// Opens what is sealed, for a reason. Whom it is about gets a reading on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenSealed>,
}

/// What of the log of cases is to be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CaseLogQuery {
    /// Only what happened to this case.
    pub case: Option<String>,
    /// Behind the entry with this number.
    pub after: Option<u64>,
    /// How many at most.
    pub limit: Option<u32>,
    /// Opens what is sealed, for a reason. Each party whose cases that are gets a reading on record.
    pub open: Option<OpenSealed>,
}

/// When a report is made for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ReportCases {
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    pub now: Option<String>,
}

/// A picture of a case: its chart, with the active states brought out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DrawCase {
    /// Its key.
    pub case: String,
    /// `svg`, which is the default, or `mermaid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

/// What deciding all cases once more came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CasesReplayed {
    /// How many facts there are: kinds, the register of staff, and changes.
    pub facts: u64,
    /// How many changes were decided once more.
    pub changes: u64,
    /// How many cases they are of.
    pub cases: u64,
    /// Whether everything came to the same, to the byte.
    pub same: bool,
    /// What did not, the first first; at most 100 are told.
    pub differences: Vec<CaseDifference>,
    /// How many changes could not be decided, because they were sealed to someone who was forgotten.
    pub subject_forgotten: u64,
    /// The digest of all cases as they came to be.
    pub digest: String,
}

/// A change that came to something else when it was decided once more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseDifference {
    /// The number of the fact, from zero.
    pub fact: u64,
    /// The case.
    pub case: String,
    /// Which of its changes.
    pub version: u64,
    /// What is different.
    pub what: String,
}

fn limit(limit: Option<u32>) -> Result<usize, Error> {
    let limit = limit.unwrap_or(PAGE_DEFAULT);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(invalid("limit", format!("is out of range: 1 to {PAGE_MAX}")).into());
    }
    Ok(usize::try_from(limit).unwrap_or(usize::MAX))
}

impl CaseQuery {
    fn is(&self, case: &Case, now: i64) -> bool {
        let same = |wanted: &Option<String>, found: Option<&String>| {
            wanted.is_none() || wanted.as_ref() == found
        };
        let place = case.place.as_ref();
        same(&self.queue, place.map(|place| &place.queue))
            && same(&self.assignee, case.assignee.as_ref())
            && same(&self.kind, Some(&case.kind))
            && same(&self.party, case.party.as_ref())
            && same(&self.parent, case.parent.as_ref())
            && (!self.unassigned || case.assignee.is_none())
            && (!self.overdue || place.is_some_and(|place| place.is_late(now)))
            && (self.snoozed || self.queue.is_none() || !case.rests(now))
            && self.status.as_deref().is_none_or(|status| status == status_of(case))
    }
}

impl Loaded {
    /// A case that has to be there.
    fn case(&self, key: &str) -> Result<&Case, Error> {
        if self.lost.contains(key) {
            return Err(invalid("case", format!("cannot be read any more: {FORGOTTEN}")).into());
        }
        Ok(self.cases.existing(key).map_err(|refusal| invalid("case", refusal.to_string()))?)
    }
}

/// That some kind has a queue, or that some case waits in it still.
fn known_queue(cases: &Cases, queue: &str) -> Result<(), Error> {
    let names = || cases.kinds().flat_map(|desk| &desk.kind().queues).map(|queue| &*queue.id);
    if names().any(|name| name == queue) || cases.waiting(queue).next().is_some() {
        return Ok(());
    }
    let names: BTreeSet<&str> = names().collect();
    let told: Vec<&str> = names.iter().copied().take(QUEUES).collect();
    let what = match told.is_empty() {
        true => "is no queue: no kind of cases has one".to_owned(),
        false => format!("is no queue of any kind of cases; there are {}", told.join(", ")),
    };
    Err(invalid("queue", what).into())
}

impl Thalium {
    /// A case. What is sealed is told where that is asked for, for a reason.
    ///
    /// # Errors
    /// There is no such case, or whom it is about was forgotten; a reason that is none; a log that cannot be read.
    pub fn get_case(&self, call: &GetCase) -> Result<CaseView, Error> {
        let Some(open) = &call.open else {
            return self.see_cases(|loaded| {
                Ok(CaseView::of(&loaded.cases, loaded.case(&call.case)?, false))
            });
        };
        check_reason(&open.why)?;
        let about = self.see_cases(|loaded| {
            let case = loaded.case(&call.case)?;
            Ok(case.party.clone().map(|party| (party, case.retention.clone())))
        })?;
        // Before anything of it is handed out.
        let withheld = match about {
            None => None,
            Some((party, retention)) => {
                let now = self.now();
                let to = self.sealed_to(&DOSSIER, ("case", &party), retention.as_deref(), now)?;
                let mut readings = Readings::default();
                readings.add(&DOSSIER, &to);
                self.note_readings(open, &readings)?.remove(&to.party)
            }
        };
        self.see_cases(|loaded| {
            let view = CaseView::of(&loaded.cases, loaded.case(&call.case)?, withheld.is_none());
            Ok(CaseView { withheld, ..view })
        })
    }

    /// Cases, by key, or those of a queue, the oldest first. What is sealed is not told.
    ///
    /// # Errors
    /// A query that means nothing; a log that cannot be read.
    pub fn list_cases(&self, query: &CaseQuery) -> Result<CasePage, Error> {
        let most = limit(query.limit)?;
        let now = self.instant(query.now.as_deref())?;
        if query.status.as_deref().is_some_and(|it| !matches!(it, "open" | "ended" | "cancelled")) {
            return Err(invalid("status", "is `open`, `ended` or `cancelled`").into());
        }
        self.see_cases(|loaded| {
            let cases = &loaded.cases;
            query.queue.as_deref().map_or(Ok(()), |queue| known_queue(cases, queue))?;
            let after = query.after.as_deref();
            let all: Box<dyn Iterator<Item = &Case>> = match (&query.queue, after) {
                (Some(queue), None) => Box::new(cases.waiting(queue)),
                (Some(queue), Some(after)) => {
                    let at = cases.waiting(queue).position(|case| case.key == after);
                    let gone = "waits in the queue no more: ask from its beginning";
                    let at = at.ok_or_else(|| invalid("after", gone))?;
                    Box::new(cases.waiting(queue).skip(at + 1))
                }
                (None, None) => Box::new(cases.iter()),
                (None, Some(after)) => Box::new(cases.after(after)),
            };
            let mut found = all.filter(|case| query.is(case, now));
            let page: Vec<CaseView> =
                found.by_ref().take(most).map(|case| CaseView::of(cases, case, false)).collect();
            let next = found.next().and_then(|_| page.last().map(|case| case.case.clone()));
            Ok(CasePage { cases: page, next })
        })
    }

    /// The queues in which cases wait.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn list_queues(&self, call: &ReportCases) -> Result<Vec<QueueView>, Error> {
        let now = self.instant(call.now.as_deref())?;
        self.see_cases(|loaded| {
            let cases = &loaded.cases;
            let queues = cases.queues().map(|(queue, _)| {
                let places = cases.waiting(queue).filter_map(|case| case.place.as_ref());
                let oldest = places.map(InQueue::waits_since).min();
                // Those that rest are not listed either.
                let (rest, waiting): (Vec<&Case>, Vec<&Case>) =
                    cases.waiting(queue).partition(|case| case.rests(now));
                let is_late = |case: &&&Case| case.place.as_ref().is_some_and(|it| it.is_late(now));
                QueueView {
                    queue: queue.to_owned(),
                    waiting: waiting.len() as u64,
                    snoozed: rest.len() as u64,
                    unassigned: waiting.iter().filter(|case| case.assignee.is_none()).count()
                        as u64,
                    overdue: waiting.iter().filter(is_late).count() as u64,
                    oldest: oldest.map(time::format_instant).unwrap_or_default(),
                }
            });
            Ok(queues.collect())
        })
    }

    /// The kinds of cases, each in its newest version.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn list_kinds(&self) -> Result<Vec<KindView>, Error> {
        self.see_cases(|loaded| Ok(loaded.cases.kinds().map(|desk| KindView::of(desk)).collect()))
    }

    /// The register of staff, by name.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn list_staff(&self) -> Result<Vec<StaffView>, Error> {
        self.see_cases(|loaded| {
            let cases = &loaded.cases;
            let people = cases
                .people()
                .map(|(name, person)| StaffView::of(name, Some(person), cases.load_of(name)));
            Ok(people.collect())
        })
    }

    /// What a back office is asked at the end of a day.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn case_report(&self, call: &ReportCases) -> Result<CaseReport, Error> {
        let now = self.instant(call.now.as_deref())?;
        self.see_cases(|loaded| Ok(CaseReport::of(&loaded.cases.report(now))))
    }

    /// A picture of a case.
    ///
    /// # Errors
    /// There is no such case; it is too large to be drawn.
    pub fn draw_case(&self, call: &DrawCase) -> Result<String, CaseFault> {
        let drawn = self.see_cases(|loaded| {
            let case = loaded.case(&call.case)?;
            let desk = loaded.cases.desk_of(case);
            let desk = desk.map_err(|refusal| Error::from(invalid("case", refusal.to_string())))?;
            let (definition, session) = (desk.definition(), case.session());
            let is_active = |state: &str| definition.program().is_active(session, state);
            match call.format.as_deref() {
                None | Some("svg") => Ok(svg(definition.chart(), &is_active)),
                Some("mermaid") => Ok(Ok(mermaid(definition.chart(), &is_active))),
                Some(_) => Err(invalid("format", "is `svg` or `mermaid`").into()),
            }
        })?;
        Ok(drawn.map_err(ChartFault::from)?)
    }

    /// What happened to cases, the oldest first: an outbox as well, since what the host is to do stands in it.
    ///
    /// # Errors
    /// A query that means nothing; a log that cannot be read.
    pub fn case_log(&self, query: &CaseLogQuery) -> Result<CaseLogPage, Error> {
        let most = limit(query.limit)?;
        if let Some(open) = &query.open {
            check_reason(&open.why)?;
        }
        let (mut found, mut next, mut bytes) = (Vec::new(), None, 0);
        self.cases.log.read(query.after, &mut |number, record| {
            if query.case.is_some() && query.case != record.case {
                return true;
            }
            bytes += record.body.len();
            if !found.is_empty() && (found.len() >= most || bytes > PAGE_BYTES) {
                next = found.last().map(|(number, _): &(u64, CaseRecord)| *number);
                return false;
            }
            found.push((number, record));
            true
        })?;
        let mut readings = Readings::default();
        let mut entries = Vec::with_capacity(found.len());
        for (number, record) in &found {
            let (fact, withheld) = match (&record.sealed, &query.open) {
                (Some(_), None) => (None, None),
                _ => self.opened_fact(record)?,
            };
            if let (Some(to), true) = (&record.sealed, fact.is_some()) {
                readings.add(&DOSSIER, to);
            }
            let evidence = match &fact {
                Some(Fact::Changed(change)) => {
                    self.see_cases(|loaded| Ok(evidence_digest(&loaded.cases, &change.case)))?
                }
                _ => None,
            };
            entries.push(entry(*number, record, fact.as_ref(), evidence, withheld));
        }
        if let Some(open) = &query.open {
            let withheld = self.note_readings(open, &readings)?;
            for ((number, record), told) in found.iter().zip(&mut entries) {
                let party = record.sealed.as_ref().map(|to| to.party);
                if let Some(why) = party.and_then(|party| withheld.get(&party)) {
                    *told = entry(*number, record, None, None, Some(why.clone()));
                }
            }
        }
        Ok(CaseLogPage { entries, next })
    }

    /// The fact of a record, or why it cannot be had.
    fn opened_fact(&self, record: &CaseRecord) -> Result<(Option<Fact>, Option<String>), Error> {
        let damaged = |error: &dyn std::fmt::Display| Error::Cases(error.to_string());
        let Some(to) = &record.sealed else {
            return Ok((Some(record.fact(&record.body).map_err(|error| damaged(&error))?), None));
        };
        let vault = &self.privacy()?.vault;
        match vault.open(to.party, to.basis, &record.context(), &record.body) {
            Ok(plain) => Ok((Some(record.fact(&plain).map_err(|error| damaged(&error))?), None)),
            Err(NoKey::Destroyed) => Ok((None, Some(FORGOTTEN.to_owned()))),
            Err(error) => Ok((None, Some(error.to_string()))),
        }
    }

    /// Decides all cases once more from their log: everything has to come to the same, to the byte.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn replay_cases(&self) -> Result<CasesReplayed, Error> {
        let (mut replay, mut forgotten, mut failed) = (Replay::lending(lend), 0, None);
        let mut sealed = BTreeSet::new();
        self.cases.log.read(None, &mut |_, record| match self.opened_fact(&record) {
            Ok((Some(fact), _)) => {
                if record.sealed.is_some() {
                    sealed.extend(record.case);
                }
                replay.take(fact);
                true
            }
            Ok((None, Some(why))) if why != FORGOTTEN => {
                failed = Some(Error::Cases(why));
                false
            }
            Ok((None, _)) => {
                forgotten += 1;
                replay.pass_over(record.case);
                true
            }
            Err(error) => {
                failed = Some(error);
                false
            }
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        let replayed = replay.finish();
        let differences = replayed.differences.iter().take(DIFFERENCES).map(|it| CaseDifference {
            fact: it.fact,
            case: it.case.clone(),
            version: it.version,
            // What is sealed is not told without a reason.
            what: match sealed.contains(&it.case) {
                true => "something that is sealed: ask for its log, for a reason".to_owned(),
                false => it.what.to_string(),
            },
        });
        Ok(CasesReplayed {
            facts: replayed.facts,
            changes: replayed.changes,
            cases: replayed.cases,
            same: replayed.differences.is_empty(),
            differences: differences.collect(),
            subject_forgotten: forgotten,
            digest: hex(&replayed.digest),
        })
    }
}

/// Why a case cannot be read whose party was forgotten.
pub(super) const FORGOTTEN: &str = "subject_forgotten: whom it is about was forgotten";

/// What is told of a record: of one whose fact is not given, only what stands in the clear.
fn entry(
    number: u64,
    record: &CaseRecord,
    fact: Option<&Fact>,
    evidence: Option<String>,
    withheld: Option<String>,
) -> CaseEntry {
    let change = match fact {
        Some(Fact::Changed(change)) => Some(change),
        _ => None,
    };
    let steps =
        change.map(|change| Value::array(change.steps.iter().map(|step| step.0.clone())).to_json());
    let asked = match fact {
        None => None,
        Some(Fact::Changed(change)) => {
            // What is told by the case itself has nothing more to say.
            let is_said = !matches!(change.command, Command::Advance);
            is_said.then(|| told_command(&change.command).to_json())
        }
        Some(Fact::Defined(defined)) => {
            Some(Value::fields([("kind", Value::from(&*defined.kind))]).to_json())
        }
        Some(Fact::Staffed(staffed)) => {
            let roles = staffed.roles.iter().map(|role| Value::from(&**role));
            let fields = [
                ("person", Value::from(&*staffed.person)),
                ("roles", Value::array(roles)),
                ("away", Value::from(!staffed.is_present)),
            ];
            Some(Value::fields(fields).to_json())
        }
    };
    CaseEntry {
        number,
        at: time::format_instant(record.at),
        actor: record.actor.clone(),
        request_id: record.request_id.clone(),
        what: record.name().to_owned(),
        case: record.case.clone(),
        version: record.version,
        asked,
        steps,
        session: change.map(|change| hex(&change.case.session_digest())),
        definition: change.map(|change| hex(&*change.case.desk)),
        evidence,
        sealed: record.sealed.is_some(),
        withheld,
    }
}
