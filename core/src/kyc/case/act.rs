//! What becomes of one case by one command. It is worked out on a copy: whatever fails, the case stands as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::callback::is_of_provider;
use super::command::{By, Command};
use super::desk::Desk;
use super::fact::Change;
use super::json::{Json, Kept};
use super::kind::Part;
use super::refusal::Refusal;
use super::registry::{Cases, NESTED, named, written};
use super::rest::is_quiet;
use super::state::{Case, Evidence, Request, Vote};
use super::told::{self, instant};
use super::vote::texts;
use crate::kyc::chart::{Duration, Effect, Event, Fault, Interpreter, Session, Step, StepError};
use crate::kyc::rules::{meant, shown};
use crate::kyc::{Refused, Rules};
use crate::value::{DEPTH, Value};

/// The most pieces of evidence of a case, beside its documents.
const EVIDENCE: usize = 256;
/// The most people who are remembered of those who had a part in a case, of each part.
const PEOPLE: usize = 64;

/// What came of it.
pub(super) struct Worked {
    pub(super) change: Change,
    pub(super) effects: Vec<Effect>,
    /// Whether the chart heard.
    pub(super) heard: bool,
    /// Whether what was told has been overtaken.
    pub(super) late: bool,
    /// What the parent of the case is told.
    pub(super) told: Option<(String, Command)>,
}

/// A case that something is done to.
pub(super) struct Work<'a> {
    pub(super) cases: &'a Cases,
    pub(super) desk: &'a Arc<Desk>,
    pub(super) by: By,
    pub(super) case: Case,
    pub(super) steps: Vec<Json>,
    pub(super) effects: Vec<Effect>,
    pub(super) heard: bool,
    pub(super) late: bool,
    /// The documents that the chart asked for, and was told are there.
    pub(super) handed_over: BTreeSet<String>,
}

impl<'a> Work<'a> {
    /// Opens a case.
    pub(super) fn open(
        cases: &'a Cases,
        key: &str,
        command: Command,
        by: &By,
    ) -> Result<Worked, Refusal> {
        let Command::Open { kind, party, parent, given, retention } = &command else {
            return Err(Refusal::NoCase(key.to_owned()));
        };
        if cases.get(key).is_some() {
            return Err(Refusal::CaseExists(key.to_owned()));
        }
        party.as_ref().map_or(Ok(()), |party| named("party", party))?;
        retention.as_ref().map_or(Ok(()), |class| named("retention", class))?;
        parent.as_ref().map_or(Ok(()), |parent| named("parent", parent))?;
        if let Some(parent) = parent {
            let found = cases.existing(parent)?;
            if !found.is_open() {
                return Err(Refusal::Ended(parent.clone()));
            }
            // Told here, and not when the innermost ends and could not: all that it was opened for would have to end with it.
            if cases.is_nested(found) {
                let what = "cases that are opened for one another";
                return Err(Refusal::TooMany { what, most: NESTED });
            }
        }
        let desk = cases.kind(kind)?;
        let given = given.as_ref().map_or(Value::Null, |given| given.0.clone());
        if let Some(opening) = &desk.kind().opening {
            opening.allows(cases, kind, party.as_ref(), &given)?;
        }
        let begun = desk.definition().begin(true, key, by.at, &given);
        let step = begun.map_err(|why| chart_refusal(key, why))?;
        let case = Case {
            key: key.to_owned(),
            kind: kind.clone(),
            desk: (*desk.digest()).into(),
            version: 0,
            opened_at: by.at,
            opened_by: by.actor.clone(),
            changed_at: by.at,
            party: party.clone(),
            parent: parent.clone(),
            ended_at: None,
            cancelled: false,
            reopened: 0,
            session: Kept(step.session.clone()),
            place: None,
            assignee: None,
            snoozed_until: None,
            documents: BTreeMap::new(),
            evidence: BTreeMap::new(),
            pending: None,
            decided: Vec::new(),
            overrides: Vec::new(),
            submitters: BTreeSet::new(),
            requests: Vec::new(),
            retention: retention.clone(),
            standing: None,
            told: None,
            callbacks: None,
            openers: None,
            overriders: None,
            paused_at: None,
        };
        let mut work = Self::new(cases, desk, case, by);
        work.took(None, None, step)?;
        work.settled(command)
    }

    /// Does something to a case that is there.
    pub(super) fn on(
        cases: &'a Cases,
        case: &Case,
        command: Command,
        by: &By,
    ) -> Result<Worked, Refusal> {
        if let Command::RegisterTold { .. } = command {
            // What was told elsewhere does nothing to the case: it does not let its time pass either.
            let mut work = Self::new(cases, cases.desk_of(case)?, case.clone(), by);
            work.act(&command)?;
            return Ok(work.done(command, None));
        }
        let needs_open = !matches!(
            command,
            Command::Reopen { .. }
                | Command::Note { .. }
                | Command::Advance
                | Command::Callback { .. }
        );
        let mut work = Self::begun(cases, case, by, needs_open, !is_quiet(&command))?;
        work.act(&command)?;
        work.settled(command)
    }

    /// A case that is there, after what was due.
    pub(super) fn begun(
        cases: &'a Cases,
        case: &Case,
        by: &By,
        needs_open: bool,
        is_woken: bool,
    ) -> Result<Self, Refusal> {
        let desk = cases.desk_of(case)?;
        let mut work = Self::new(cases, desk, case.clone(), by);
        work.go_on(is_woken)?;
        work.overdue()?;
        // A chart that has just come to its end, because of what was due, is not worked on any more: time ends its case.
        if needs_open && (work.case.is_done() || !work.case.is_open()) {
            return Err(Refusal::Ended(work.case.key));
        }
        Ok(work)
    }

    fn new(cases: &'a Cases, desk: &'a Arc<Desk>, case: Case, by: &By) -> Self {
        // A clock that is behind does not turn a case back.
        let by = By { at: by.at.max(case.changed_at), ..by.clone() };
        Self {
            cases,
            desk,
            by,
            case,
            steps: Vec::new(),
            effects: Vec::new(),
            heard: true,
            late: false,
            handed_over: BTreeSet::new(),
        }
    }

    fn act(&mut self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::Open { .. } => return Err(Refusal::CaseExists(self.case.key.clone())),
            Command::Advance => {}
            Command::Send { event, data, session, invoke_id } => {
                self.may_send(event)?;
                let event = Event {
                    name: event.clone(),
                    data: data.as_ref().map(|data| data.0.clone()),
                    invoke_id: invoke_id.clone(),
                    ..Event::default()
                };
                let before = self.desk.evidence_of(self.case.session());
                self.heard = self.hear(event, session.as_deref())?;
                // Variables that are evidence were handed in with it.
                if self.desk.evidence_of(self.case.session()) != before {
                    self.submitted()?;
                }
            }
            Command::Assign { to } => {
                self.registered()?;
                self.may_work(to)?;
                self.case.assignee = Some(to.clone());
            }
            Command::Claim => {
                let actor = self.by.actor.clone();
                self.may_work(&actor)?;
                if let Some(other) = self.case.assignee.as_ref().filter(|other| **other != actor) {
                    let (case, assignee) = (self.case.key.clone(), other.clone());
                    return Err(Refusal::Assigned { case, assignee });
                }
                self.case.assignee = Some(actor);
            }
            Command::Release => {
                self.registered()?;
                self.case.assignee = None;
            }
            Command::Note { text } => {
                self.registered()?;
                written("text", text)?;
            }
            Command::Snooze { until, why, pause } => {
                self.snooze(*until, why, pause.unwrap_or_default())?;
            }
            Command::Wake => {
                self.registered()?;
                self.case.snoozed_until = None;
            }
            Command::RequestDocument { document, why } => self.request(document, why.as_deref())?,
            Command::SubmitDocument { document, hash, file, valid_until, data } => {
                self.submit(document, *hash, file.as_deref(), *valid_until, data.as_ref())?;
            }
            Command::DecideDocument { document, finding, reasons, seen, valid_until, data } => {
                self.decide_document(
                    document,
                    *finding,
                    reasons,
                    seen,
                    *valid_until,
                    data.as_ref(),
                )?;
            }
            Command::Attach { name, hash, file } => {
                named("name", name)?;
                if is_of_provider(name) {
                    let what = "is that of a provider's callbacks: give it another";
                    return Err(Refusal::Text { field: "name", what: what.to_owned() });
                }
                file.as_ref().map_or(Ok(()), |file| written("file", file))?;
                let (since, by) = (self.by.at, self.by.actor.clone());
                let evidence = Evidence { hash: *hash, file: file.clone(), since, by };
                self.has_room(name)?;
                self.is_evidence(name.clone(), evidence)?;
            }
            Command::Decide { decision, reasons, seen, comment, data } => {
                self.vote(decision, reasons, seen, comment.as_deref(), data.as_ref())?;
            }
            Command::Return { why } => {
                self.registered()?;
                written("why", why)?;
                if self.case.pending.is_none() {
                    return Err(Refusal::NothingPending(self.case.key.clone()));
                }
                self.take_back(why)?;
            }
            Command::Override { data, why, until } => self.set_aside(data.as_ref(), why, *until)?,
            Command::Escalate { queue, why } => {
                self.registered()?;
                written("why", why)?;
                let index = self.queue_index(queue)?;
                let Some(place) = self.case.place.take() else {
                    return Err(self.no_place());
                };
                // Its time would begin anew.
                if place.queue == *queue {
                    let what = format!("is `{queue}`, where the case waits already: name another");
                    return Err(Refusal::Text { field: "queue", what });
                }
                self.wait_in(index, self.by.at, Some(&place));
                // Nobody gives a case more time by moving it.
                if let (Some(due), Some(place)) = (place.due, &mut self.case.place) {
                    place.due = Some(place.due.map_or(due, |own| own.min(due)));
                }
            }
            Command::Reopen { why } => self.reopen(why)?,
            Command::Cancel { why } => {
                let roles = self.desk.kind().cancelling.as_ref().map(|it| &*it.roles);
                self.may("end it from outside", roles)?;
                written("why", why)?;
                self.run(None, |it, session, at| it.cancel(session, at))?;
                self.case.cancelled = true;
            }
            Command::ChildEnded { child, data } => {
                if let Some(name) = &self.desk.kind().child_ended {
                    named("child", child)?;
                    let event = Event::named(name.clone());
                    let data = data.as_ref().map_or(Value::Null, |data| data.0.clone());
                    self.heard = self.hear(event.with(data), None)?;
                }
            }
            Command::Migrate { map } => self.migrate(map)?,
            Command::RegisterTold { standing } => self.case.told = Some(standing.clone()),
            Command::Callback { data, body } => self.deliver(data.as_ref(), body.as_deref())?,
        }
        Ok(())
    }

    /// The chart hears an event; whether it listened. One that has ended hears nothing.
    pub(super) fn hear(&mut self, event: Event, to: Option<&str>) -> Result<bool, Refusal> {
        if self.case.is_done() {
            return Ok(false);
        }
        let heard = event.clone();
        self.run(Some(&event), |it, session, at| match to {
            Some(to) => it.deliver(session, to, heard, at),
            None => it.step(session, heard, at),
        })
    }

    /// A step of the chart; whether it listened.
    fn run(
        &mut self,
        event: Option<&Event>,
        step: impl FnOnce(&mut Interpreter<'_, '_, Rules<'_>>, &Session, i64) -> Result<Step, StepError>,
    ) -> Result<bool, Refusal> {
        let (session, at) = (self.case.session().clone(), self.by.at);
        let stepped = self.desk.definition().run(true, |it| step(it, &session, at));
        let step = stepped.map_err(|why| chart_refusal(&self.case.key, why))?;
        let heard = step.heard;
        self.took(event, Some(session.data()), step)?;
        Ok(heard)
    }

    /// The same, and it must listen.
    pub(super) fn must_hear(&mut self, event: Event) -> Result<(), Refusal> {
        let name = event.name.clone();
        let active = self.active();
        if self.hear(event, None)? { Ok(()) } else { Err(Refusal::Unheard { event: name, active }) }
    }

    /// A step was taken.
    pub(super) fn took(
        &mut self,
        event: Option<&Event>,
        before: Option<&Value>,
        step: Step,
    ) -> Result<(), Refusal> {
        self.tells(told::step(event, before, &step))?;
        self.case.session = Kept(step.session);
        let told = self.effects.len();
        self.effects.extend(step.effects);
        self.chart_asks(told)
    }

    /// What is told of a step nests a little deeper than what it is told of. What could not be read again is not kept.
    pub(super) fn tells(&mut self, told: Value) -> Result<(), Refusal> {
        if told.depth() > DEPTH {
            let most = usize::try_from(DEPTH).unwrap_or(usize::MAX);
            return Err(Refusal::TooMany { what: "levels of what a step tells", most });
        }
        self.steps.push(Json(told));
        Ok(())
    }

    /// What is due happens first, so that nothing is decided that would have been over.
    fn overdue(&mut self) -> Result<(), Refusal> {
        let now = self.by.at;
        if !self.case.is_open() || self.case.paused_at.is_some() {
            return Ok(());
        }
        self.on_time()?;
        self.papers_over()?;
        let (over, holding): (Vec<_>, Vec<_>) =
            self.case.overrides.drain(..).partition(|force| force.until <= now);
        self.case.overrides = holding;
        if let Some(overriding) = self.desk.kind().overrides.as_ref() {
            for force in over {
                let data = Value::fields([
                    ("by", Value::from(&*force.by)),
                    ("since", instant(force.since)),
                    ("until", instant(force.until)),
                ]);
                self.hear(Event::named(overriding.expired.clone()).with(data), None)?;
            }
        }
        if self.case.snoozed_until.is_some_and(|until| until <= now) {
            self.case.snoozed_until = None;
        }
        self.missed()?;
        // What the chart heard may have begun something that is due at once.
        self.on_time()?;
        // Who votes now votes with those who saw the same, or is the first.
        self.still_seen()
    }

    /// The chart hears what time it is: votes count the states and the evidence as they are then.
    fn on_time(&mut self) -> Result<(), Refusal> {
        let is_due = self.case.session().next_due().is_some_and(|due| due <= self.by.at);
        if is_due && !self.case.is_done() {
            self.run(None, |it, session, at| it.advance(session, at))?;
        }
        Ok(())
    }

    /// The chart goes on after a rest.
    pub(super) fn resume(&mut self, since: i64) -> Result<(), Refusal> {
        self.run(None, |it, session, at| it.resume(session, since, at)).map(|_| ())
    }

    /// What follows from what was done: where the case waits now, whether it has ended, what its parent is told.
    pub(super) fn settled(mut self, command: Command) -> Result<Worked, Refusal> {
        let was_open = self.case.is_open();
        if was_open {
            self.still_seen()?;
        }
        let is_over = was_open && (self.case.is_done() || self.case.cancelled);
        if is_over {
            self.case.ended_at = Some(self.by.at);
            (self.case.place, self.case.assignee, self.case.pending) = (None, None, None);
            (self.case.snoozed_until, self.case.paused_at) = (None, None);
            self.case.overrides = Vec::new();
        } else if was_open {
            self.queue_again()?;
        }
        let told = if is_over { self.parent_is_told() } else { None };
        if self.case.party.is_some() {
            // What was to be told may have reached the register without the case's knowledge: from then on it is not known what that says.
            if self.case.untold().is_some() {
                self.case.told = None;
            }
            match self.desk.party_standing(self.case.session(), self.by.at) {
                Ok(standing) => self.case.standing = standing,
                // Whatever is wrong with the kind, a case can be cancelled: what it has found stays as it was.
                Err(_) if self.case.cancelled => {}
                Err(why) => return Err(self.guard_fault(&why)),
            }
            // What was granted by a case that is given up is not granted any more: nobody watches it.
            if self.case.cancelled
                && let Some(level) =
                    self.case.standing.as_mut().and_then(|it| it.kyc_level.as_mut())
            {
                *level = 0;
            }
            // Whoever opens a case says what it begins with: that is nothing that the office has found.
            if let Command::Open { .. } = command {
                self.case.told.clone_from(&self.case.standing);
            }
        }
        Ok(self.done(command, told))
    }

    /// The change as it is kept.
    fn done(mut self, command: Command, told: Option<(String, Command)>) -> Worked {
        self.case.version = self.case.version.saturating_add(1);
        self.case.changed_at = self.by.at;
        if let Some(id) =
            self.by.request_id.clone().filter(|_| !matches!(command, Command::ChildEnded { .. }))
        {
            let asked = command.digest(&self.by.actor).into();
            self.case.remember(Request { id, version: self.case.version, asked });
        }
        let Self { by, case, steps, effects, heard, late, .. } = self;
        Worked { change: Change { by, command, steps, case }, effects, heard, late, told }
    }

    /// Votes do not stand where the evidence is another now, nor beside what one of those who voted has handed in since.
    fn still_seen(&mut self) -> Result<(), Refusal> {
        let Some(pending) = &self.case.pending else { return Ok(()) };
        let ruling = self.desk.kind().decisions.get(&pending.decision);
        let keeps_out = ruling.is_some_and(|ruling| ruling.not_by.contains(&Part::Submitter));
        let has_part = |vote: &Vote| keeps_out && self.case.submitters.contains(&vote.by);
        if *pending.seen != self.evidence() {
            self.take_back("the evidence has changed")
        } else if pending.votes.iter().any(has_part) {
            self.take_back("somebody who voted has handed something in")
        } else if pending.votes.iter().any(|vote| !self.still_may(vote)) {
            self.take_back("somebody who voted may not any more")
        } else {
            Ok(())
        }
    }

    /// Whether somebody still has the role in which they voted.
    fn still_may(&self, vote: &Vote) -> bool {
        self.cases.person(&vote.by).is_ok_and(|person| person.roles.contains(&vote.role))
    }

    /// What the parent is told of a case that has ended.
    fn parent_is_told(&self) -> Option<(String, Command)> {
        let parent = self.case.parent.clone()?;
        let open = self.cases.get(&parent).filter(|parent| parent.is_open())?;
        // Of a parent that listens for nothing there is nothing to record.
        self.cases.desk_of(open).ok()?.kind().child_ended.as_ref()?;
        // What is sealed to one is not written into the case of another. In which state it ended is, and about whom, where that case is sealed, too.
        let is_same = open.party == self.case.party && open.retention == self.case.retention;
        let output = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Done { data, .. } if is_same => data.clone(),
            _ => None,
        });
        let is_told = is_same || open.party.is_some();
        let party = if is_told { self.case.whom() } else { Value::Null };
        let states = if is_told { texts(&self.active()) } else { Value::Null };
        let data = Value::fields([
            ("case", Value::from(&*self.case.key)),
            ("kind", Value::from(&*self.case.kind)),
            ("party", party),
            ("cancelled", Value::from(self.case.cancelled)),
            ("states", states),
            ("output", output.unwrap_or(Value::Null)),
        ]);
        Some((parent, Command::ChildEnded { child: self.case.key.clone(), data: Some(Json(data)) }))
    }

    /// That a guard of the kind cannot be told.
    pub(super) fn guard_fault(&self, fault: &Fault) -> Refusal {
        Refusal::Guard { kind: self.case.kind.clone(), why: fault.to_string() }
    }

    /// That the kind has nothing of a name.
    pub(super) fn unknown<'n>(
        &self,
        what: &'static str,
        name: &str,
        known: impl IntoIterator<Item = &'n String>,
    ) -> Refusal {
        Refusal::Unknown {
            kind: self.case.kind.clone(),
            what,
            name: shown(name),
            meant: meant(name, known.into_iter().map(String::as_str)),
        }
    }

    /// That the one who asks is on the register of staff.
    pub(super) fn registered(&self) -> Result<(), Refusal> {
        self.cases.person(&self.by.actor).map(|_| ())
    }

    /// That the one who asks has one of the roles; where the kind names none, that they are on the register of staff.
    pub(super) fn may(&self, what: &str, roles: Option<&[String]>) -> Result<(), Refusal> {
        match roles {
            Some(roles) => self.role_of(&self.by.actor, what, roles).map(drop),
            None => self.registered(),
        }
    }

    /// The first of the roles that somebody has; any role will do, where none is named.
    pub(super) fn role_of(
        &self,
        person: &str,
        what: &str,
        needed: &[String],
    ) -> Result<String, Refusal> {
        let found = self.cases.person(person)?;
        let role = needed.iter().find(|role| found.roles.contains(*role));
        let any = if needed.is_empty() { found.roles.first() } else { None };
        role.or(any).cloned().ok_or_else(|| Refusal::Role {
            actor: person.to_owned(),
            what: what.to_owned(),
            needed: needed.to_vec(),
            has: found.roles.iter().cloned().collect(),
        })
    }

    /// That one more piece of evidence finds room. What providers tell always does, and what staff attach, however much whom it is about does.
    fn has_room(&self, name: &str) -> Result<(), Refusal> {
        let party = self.case.party.as_deref();
        let of_party = |evidence: &Evidence| Some(&*evidence.by) == party;
        let is_party = party == Some(&*self.by.actor);
        let people = self.case.evidence.iter().filter(|(name, _)| !is_of_provider(name));
        let own = people.filter(|(_, it)| !is_party || of_party(it)).count();
        let (most, what) = if is_party {
            (EVIDENCE / 4, "pieces of evidence that whom it is about attaches")
        } else {
            (EVIDENCE / 2, "pieces of evidence that people attach")
        };
        if own >= most && !self.case.evidence.contains_key(name) {
            return Err(Refusal::TooMany { what, most });
        }
        Ok(())
    }

    /// That an instant is still to come, and no later than the kind lets it be.
    pub(super) fn within(
        &self,
        field: &'static str,
        at: i64,
        most: Option<Duration>,
        what: &'static str,
    ) -> Result<(), Refusal> {
        self.later(field, at)?;
        let most = most.and_then(|most| most.after(self.by.at).ok());
        if most.is_some_and(|most| at > most) {
            return Err(Refusal::Instant { field, at, what });
        }
        Ok(())
    }

    /// That an instant is still to come.
    pub(super) fn later(&self, field: &'static str, at: i64) -> Result<(), Refusal> {
        if at > self.by.at {
            return Ok(());
        }
        Err(Refusal::Instant { field, at, what: "is past" })
    }

    /// The states that the case is in.
    pub(super) fn active(&self) -> Vec<String> {
        let program = self.desk.definition().program();
        program.atomic(self.case.session()).map(str::to_owned).collect()
    }

    /// The digest of all that a decision rests on.
    pub(super) fn evidence(&self) -> [u8; 32] {
        self.case.evidence_digest(&self.desk.evidence_of(self.case.session()))
    }

    /// What the one who asks has brought is evidence; what has that name is replaced.
    pub(super) fn is_evidence(&mut self, name: String, evidence: Evidence) -> Result<(), Refusal> {
        if !self.case.evidence.contains_key(&name) && self.case.evidence.len() >= EVIDENCE {
            return Err(Refusal::TooMany { what: "pieces of evidence", most: EVIDENCE });
        }
        self.case.evidence.insert(name, evidence);
        self.submitted()
    }

    /// The one who asks has handed something in.
    pub(super) fn submitted(&mut self) -> Result<(), Refusal> {
        let what = "people who hand something in to one case";
        remembered(&mut self.case.submitters, &self.by.actor, what)
    }
}

/// Adds somebody to those who had a part in a case, as far as there is room.
pub(super) fn remembered(
    people: &mut BTreeSet<String>,
    person: &str,
    what: &'static str,
) -> Result<(), Refusal> {
    if people.contains(person) {
        return Ok(());
    }
    if people.len() >= PEOPLE {
        return Err(Refusal::TooMany { what, most: PEOPLE });
    }
    people.insert(person.to_owned());
    Ok(())
}

/// What an event carries: what the kind says, what the caller says, and what is so.
pub(super) fn with_data<'a>(
    given: Option<&Json>,
    constant: Option<&Value>,
    own: impl IntoIterator<Item = (&'a str, Value)>,
) -> Result<Value, Refusal> {
    let own: Vec<(&str, Value)> = own.into_iter().collect();
    let mut fields: BTreeMap<String, Value> = BTreeMap::new();
    for (source, is_given) in [(given.map(|given| &given.0), true), (constant, false)] {
        let Some(source) = source else { continue };
        let Some(members) = source.as_object() else {
            let what = "is no object of what the chart is told".to_owned();
            return Err(Refusal::Text { field: "data", what });
        };
        for (name, value) in members.iter() {
            let Some(name) = name.as_str() else { continue };
            if is_given && own.iter().any(|(own, _)| *own == name) {
                let what =
                    format!("has `{}`, which the case tells by itself: leave it out", shown(name));
                return Err(Refusal::Text { field: "data", what });
            }
            fields.insert(name.to_owned(), value.clone());
        }
    }
    fields.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Ok(Value::object(fields.into_iter().map(|(name, value)| (Value::from(name), value))))
}

pub(super) fn chart_refusal(case: &str, why: Refused) -> Refusal {
    Refusal::Chart { case: case.to_owned(), why: Box::new(why) }
}

#[cfg(test)]
#[path = "act_tests.rs"]
mod tests;
