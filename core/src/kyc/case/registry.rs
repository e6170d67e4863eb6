//! All cases, with the kinds that they are of and those who work on them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::act::{Work, Worked};
use super::command::{By, Command, NAME, TEXT};
use super::desk::Desk;
use super::fact::{Change, Defined, Fact, PolicyFile, Staffed};
use super::kind::Kind;
use super::looked::Looked;
use super::refusal::Refusal;
use super::state::{Case, Request};
use crate::kyc::chart::{Chart, ChartError, Effect, Place};
use crate::kyc::logic::Dialect;
use crate::kyc::rules::{meant, shown};
use crate::kyc::{ChartErrors, Policies, Surroundings};

/// The most people on the register of staff.
pub const STAFF: usize = 100_000;
/// The most roles of a person.
const ROLES: usize = 64;
/// How deep cases are opened for cases.
pub(super) const NESTED: usize = 16;

/// How a host lends the policies of a bundle, whose files are kept with the kind that asks them. It says why it cannot.
pub type Lend = fn(&[PolicyFile]) -> Result<Arc<dyn Policies>, String>;

/// All cases.
///
/// ```
/// use thalium::kyc::case::{By, Cases, Command, Fact, Kind};
/// use thalium::kyc::chart::Chart;
///
/// let kind = "{case: 1, id: papers, chart: papers, queues: [{id: reviews, states: [sent], roles: [compliance]}],
///     decisions: {approve: {states: [sent], roles: [compliance], quorum: 2, event: approved}}}";
/// let chart = "{chart: 1, id: papers, states: {waiting: {on: {sent: sent}}, sent: {on: {approved: settled}}, settled: {type: final}}}";
/// let mut cases = Cases::default();
/// let by = |actor: &str, at| By { at, actor: actor.to_owned(), request_id: None };
/// let defined = cases.define(kind, &[chart.to_owned()], false, None, &by("host", 0))?;
/// cases.fold(defined)?;
/// for person in ["reviewer-1", "reviewer-2"] {
///     let staffed = cases.staff(person, &["compliance".to_owned()], true, &by("host", 0))?;
///     cases.fold(staffed)?;
/// }
/// let mut ask = |key: &str, command, actor: &str, at| -> Result<(), Box<dyn std::error::Error>> {
///     for change in cases.decide(key, command, &by(actor, at))?.changes {
///         cases.fold(Fact::from(change))?;
///     }
///     Ok(())
/// };
/// let open = Command::Open { kind: "papers".to_owned(), party: None, parent: None, given: None, retention: None };
/// ask("c42", open, "host", 1)?;
/// let sent = Command::Send { event: "sent".to_owned(), data: None, session: None, invoke_id: None };
/// ask("c42", sent, "host", 2)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// Every version that was defined, by its digest.
    desks: BTreeMap<[u8; 32], Arc<Desk>>,
    /// The newest of each.
    kinds: BTreeMap<String, Arc<Desk>>,
    staff: BTreeMap<String, Person>,
    cases: BTreeMap<String, Case>,
    /// What is due, in order.
    due: BTreeSet<(i64, String)>,
    /// How many cases each person works on.
    load: BTreeMap<String, usize>,
    /// The cases that wait, by queue, the oldest first.
    waiting: BTreeMap<String, BTreeSet<(i64, String)>>,
    /// Of whom the register of parties is to be told.
    untold: BTreeSet<String>,
    /// The case of a party, of kinds of which it has one: by kind and party.
    only: BTreeMap<(String, String), String>,
    /// What was found of documents.
    pub(super) looked: Looked,
    lend: Option<Lend>,
    facts: u64,
}

/// Somebody on the register of staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// What they may do.
    pub roles: BTreeSet<String>,
    /// Whether they are there, and are given work.
    pub is_present: bool,
    /// The number of the fact by which they were given a case last.
    pub given: u64,
}

/// What was done to cases: the changes are to be made durable, in their order, before it is told.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "what is not made durable is not there after opening again"]
pub struct Done {
    /// The changes.
    pub changes: Vec<Change>,
    /// What the host is to do, in order.
    pub effects: Vec<Told>,
    /// Whether the chart heard what it was told; true where it was told nothing.
    pub heard: bool,
    /// The version that the same request led to when it was done, or that the case has, where the same callback came before: nothing is done now.
    pub replayed: Option<u64>,
    /// Whether a callback was overtaken by a newer one about the same check: it is written down, and the chart does not hear it.
    pub late: bool,
}

/// An effect, and the case that asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The case.
    pub case: String,
    /// The effect.
    pub effect: Effect,
}

/// What came of letting time pass.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "what is not made durable is not there after opening again"]
pub struct Advanced {
    /// The changes, in order. They are folded in.
    pub changes: Vec<Change>,
    /// What the host is to do, in order.
    pub effects: Vec<Told>,
    /// The cases that refused: each stands as it was, and is due still.
    pub refused: Vec<(String, Refusal)>,
    /// Whether more is due.
    pub is_more: bool,
}

impl Cases {
    /// None yet; `lend` makes the policies that guards ask.
    #[must_use]
    pub fn lending(lend: Lend) -> Self {
        Self { lend: Some(lend), ..Self::default() }
    }

    /// A case.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Case> {
        self.cases.get(key)
    }

    /// A case that has to be there.
    ///
    /// # Errors
    /// It is not.
    pub fn existing(&self, key: &str) -> Result<&Case, Refusal> {
        self.get(key).ok_or_else(|| Refusal::NoCase(key.to_owned()))
    }

    /// All cases, by key.
    pub fn iter(&self) -> impl Iterator<Item = &Case> {
        self.cases.values()
    }

    /// Those behind a key, by key.
    pub fn after<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Case> {
        use std::ops::Bound::{Excluded, Unbounded};
        self.cases.range::<str, _>((Excluded(key), Unbounded)).map(|(_, case)| case)
    }

    /// The cases that wait in a queue, the oldest first.
    pub fn waiting<'a>(&'a self, queue: &str) -> impl Iterator<Item = &'a Case> {
        let keys = self.waiting.get(queue).into_iter().flatten();
        keys.filter_map(|(_, key)| self.cases.get(key))
    }

    /// The queues in which cases wait, with how many.
    pub fn queues(&self) -> impl Iterator<Item = (&str, usize)> {
        self.waiting.iter().map(|(queue, cases)| (queue.as_str(), cases.len()))
    }

    /// The kinds, each in its newest version.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<Desk>> {
        self.kinds.values()
    }

    /// The version of its kind that a case is pinned to.
    ///
    /// # Errors
    /// It is not there.
    pub fn desk_of(&self, case: &Case) -> Result<&Arc<Desk>, Refusal> {
        self.desks
            .get(&*case.desk)
            .ok_or_else(|| Refusal::Version { case: case.key.clone(), kind: case.kind.clone() })
    }

    /// The newest version of a kind.
    ///
    /// # Errors
    /// There is none.
    pub fn kind(&self, name: &str) -> Result<&Arc<Desk>, Refusal> {
        self.kinds.get(name).ok_or_else(|| Refusal::NoKind {
            name: shown(name),
            meant: meant(name, self.kinds.keys().map(String::as_str)),
        })
    }

    /// The register of staff.
    pub fn people(&self) -> impl Iterator<Item = (&str, &Person)> {
        self.staff.iter().map(|(name, person)| (name.as_str(), person))
    }

    /// Somebody on the register.
    ///
    /// # Errors
    /// They are not there.
    pub fn person(&self, name: &str) -> Result<&Person, Refusal> {
        self.staff.get(name).ok_or_else(|| Refusal::NoPerson(shown(name)))
    }

    /// How many cases somebody works on.
    #[must_use]
    pub fn load_of(&self, person: &str) -> usize {
        self.load.get(person).copied().unwrap_or_default()
    }

    /// When the next of what waits in any case is due.
    #[must_use]
    pub fn next_due(&self) -> Option<i64> {
        self.due.first().map(|(due, _)| *due)
    }

    /// The cases of which the register of parties is to be told something, by key.
    pub fn untold(&self) -> impl Iterator<Item = &Case> {
        self.untold.iter().filter_map(|key| self.get(key))
    }

    /// Takes a case out of which nothing can be read any more. Its facts are counted still.
    pub fn forget_case(&mut self, key: &str) {
        if let Some(case) = self.cases.remove(key) {
            self.forget(&case);
            let of = case.party.map(|party| (case.kind, party));
            if let Some(of) = of.filter(|of| self.only.get(of).is_some_and(|known| known == key)) {
                self.only.remove(&of);
            }
        }
    }

    /// Counts a fact that cannot be read any more, so that the others have the numbers that they had.
    pub const fn pass_over(&mut self) {
        self.facts += 1;
    }

    /// How many facts there are.
    #[must_use]
    pub const fn facts(&self) -> u64 {
        self.facts
    }

    /// Defines a kind of case, or defines it anew: cases that are there stay with the version that they were opened in. Its guards ask the
    /// bundle of `policy`, whose files are kept with it.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn define(
        &self,
        kind: &str,
        charts: &[String],
        javascript: bool,
        policy: Option<Vec<PolicyFile>>,
        by: &By,
    ) -> Result<Fact, ChartErrors> {
        let charts = read_charts(charts)?;
        let texts = charts.iter().map(Chart::to_json).collect();
        let desk = self.desk(kind, charts, javascript, policy.as_deref())?;
        let (by, kind) = (by.clone(), desk.kind().to_json());
        Ok(Fact::Defined(Defined { by, kind, charts: texts, javascript, policy }))
    }

    /// A kind with its charts, ready to work with.
    fn desk(
        &self,
        kind: &str,
        charts: Vec<Chart>,
        javascript: bool,
        policy: Option<&[PolicyFile]>,
    ) -> Result<Desk, ChartErrors> {
        let dialect = if javascript { Dialect::JavaScript } else { Dialect::Strict };
        let lend = |files| match self.lend {
            Some(lend) => lend(files),
            None => Err("there is nobody who lends one here".to_owned()),
        };
        let policies = policy.map(lend).transpose().map_err(|why| {
            let place = Place { path: "policy".to_owned(), ..Place::default() };
            ChartErrors(vec![ChartError { place, message: why }])
        })?;
        Desk::load(Kind::from_text(kind)?, charts, Surroundings { dialect, policies })
    }

    /// Puts somebody on the register of staff, with other roles, or off it, where there are none.
    ///
    /// # Errors
    /// A name or a role that is none, or too many.
    pub fn staff(
        &self,
        person: &str,
        roles: &[String],
        is_present: bool,
        by: &By,
    ) -> Result<Fact, Refusal> {
        named("person", person)?;
        roles.iter().try_for_each(|role| named("roles", role))?;
        if roles.len() > ROLES {
            return Err(Refusal::TooMany { what: "roles", most: ROLES });
        }
        if !self.staff.contains_key(person) && self.staff.len() >= STAFF {
            return Err(Refusal::TooMany { what: "people on the register", most: STAFF });
        }
        let roles: BTreeSet<&String> = roles.iter().collect();
        Ok(Fact::Staffed(Staffed {
            by: by.clone(),
            person: person.to_owned(),
            roles: roles.into_iter().cloned().collect(),
            is_present,
        }))
    }

    /// What becomes of a case by a command. Nothing has changed yet: what was done is to be made durable and [folded](Cases::fold) in.
    ///
    /// What is due by then happens before. When a case ends that was opened for another, that one is told.
    ///
    /// # Errors
    /// Why nothing was done.
    pub fn decide(&self, key: &str, command: Command, by: &By) -> Result<Done, Refusal> {
        named("case", key)?;
        named("actor", &by.actor)?;
        by.request_id.as_ref().map_or(Ok(()), |id| named("request_id", id))?;
        if let Some(again) = self.delivered_again(key, &command, by.at)? {
            return Ok(again);
        }
        let is_it = |request: &&Request| Some(&request.id) == by.request_id.as_ref();
        let before = self.get(key).and_then(|case| case.requests.iter().find(is_it));
        if let Some(request) = before {
            if *request.asked != command.digest(&by.actor) {
                return Err(Refusal::OtherRequest(request.id.clone()));
            }
            let replayed = Some(request.version);
            return Ok(Done { replayed, heard: true, ..Done::default() });
        }
        let done = Done { heard: true, ..Done::default() };
        if let Command::ChildEnded { .. } = command {
            let what = "is told by the case itself that has ended: nobody else can know".to_owned();
            return Err(Refusal::Text { field: "command", what });
        }
        self.follow(key, command, by, done)
    }

    /// What becomes of a case by a command, and of those above it by its end.
    pub(super) fn follow(
        &self,
        key: &str,
        command: Command,
        by: &By,
        mut done: Done,
    ) -> Result<Done, Refusal> {
        let mut by = by.clone();
        let mut next = Some((key.to_owned(), command));
        while let Some((key, command)) = next.take() {
            if done.changes.len() > NESTED {
                return Err(Refusal::TooMany {
                    what: "cases that were opened for cases",
                    most: NESTED,
                });
            }
            let is_first = done.changes.is_empty();
            let worked = match command {
                Command::Open { .. } => Work::open(self, &key, command, &by)?,
                command => Work::on(self, self.existing(&key)?, command, &by)?,
            };
            let Worked { change, effects, heard, late, told } = worked;
            if is_first {
                (done.heard, done.late) = (heard, late);
            }
            // What follows is not before what it follows from.
            by.at = change.by.at;
            done.effects
                .extend(effects.into_iter().map(|effect| Told { case: key.clone(), effect }));
            done.changes.push(change);
            next = told;
        }
        Ok(done)
    }

    /// Lets time pass for all cases: at most `most` of those that are due change, in the order in which they are due. The changes are folded in.
    pub fn advance(&mut self, by: &By, most: usize) -> Advanced {
        let mut advanced = Advanced::default();
        let due: Vec<String> = self.due(by.at).cloned().collect();
        let mut refusing = BTreeSet::new();
        let mut changed = 0;
        // Those that refuse stay due, and first: they do not keep the others from their turn.
        for key in due {
            if changed >= most {
                break;
            }
            // What happened to another may have been what it waited for.
            let is_due = |case: &Case| case.next_due().is_some_and(|due| due <= by.at);
            if !self.get(&key).is_some_and(is_due) {
                continue;
            }
            match self.decide(&key, Command::Advance, by) {
                Ok(done) => {
                    changed += 1;
                    advanced.effects.extend(done.effects);
                    for change in done.changes {
                        self.put(change.case.clone());
                        advanced.changes.push(change);
                    }
                }
                Err(refusal) => {
                    refusing.insert(key.clone());
                    advanced.refused.push((key, refusal));
                }
            }
        }
        advanced.is_more = self.due(by.at).any(|key| !refusing.contains(key));
        advanced
    }

    /// The cases in which something is due by an instant, in the order in which it is.
    pub fn due(&self, at: i64) -> impl Iterator<Item = &String> {
        self.due.iter().take_while(move |(due, _)| *due <= at).map(|(_, key)| key)
    }

    /// Whether as many cases are opened for one another as may be, from this one up.
    pub(super) fn is_nested(&self, case: &Case) -> bool {
        let up = std::iter::successors(Some(case), |case| self.get(case.parent.as_ref()?));
        up.take(NESTED).count() >= NESTED
    }

    /// Takes a fact in. Facts are folded in the order in which they were made.
    ///
    /// # Errors
    /// A kind that cannot be loaded any more.
    pub fn fold(&mut self, fact: Fact) -> Result<(), ChartErrors> {
        match fact {
            Fact::Defined(defined) => {
                let Defined { kind, charts, javascript, policy, .. } = defined;
                let charts = read_charts(&charts)?;
                let desk = Arc::new(self.desk(&kind, charts, javascript, policy.as_deref())?);
                self.kinds.insert(desk.kind().id.clone(), Arc::clone(&desk));
                self.desks.insert(*desk.digest(), desk);
                self.facts += 1;
            }
            Fact::Staffed(staffed) => {
                if staffed.roles.is_empty() {
                    self.staff.remove(&staffed.person);
                } else {
                    let person = self.staff.entry(staffed.person).or_default();
                    person.roles = staffed.roles.into_iter().collect();
                    person.is_present = staffed.is_present;
                }
                self.facts += 1;
            }
            Fact::Changed(change) => {
                self.looked.count(&change, &self.cases);
                self.put(change.case);
            }
        }
        Ok(())
    }

    /// The case that a party has of a kind of which it has one.
    pub(super) fn only_about(&self, kind: &str, party: &str) -> Option<&str> {
        self.only.get(&(kind.to_owned(), party.to_owned())).map(String::as_str)
    }

    fn is_only(&mut self, case: &Case) {
        let opening = self.desk_of(case).ok().and_then(|desk| desk.kind().opening.as_ref());
        if let Some(party) = case.party.as_ref()
            && opening.is_some_and(|opening| opening.is_once)
        {
            self.only.insert((case.kind.clone(), party.clone()), case.key.clone());
        }
    }

    /// A case as a change left it, with what is looked up by it.
    fn put(&mut self, case: Case) {
        self.facts += 1;
        let before = self.cases.remove(&case.key);
        match &before {
            Some(before) => self.forget(before),
            None => self.is_only(&case),
        }
        if let Some(due) = case.next_due() {
            self.due.insert((due, case.key.clone()));
        }
        if let Some(place) = &case.place {
            let queue = self.waiting.entry(place.queue.clone()).or_default();
            queue.insert((place.since, case.key.clone()));
        }
        if case.untold().is_some() {
            self.untold.insert(case.key.clone());
        }
        if let Some(assignee) = &case.assignee {
            *self.load.entry(assignee.clone()).or_default() += 1;
            let is_new = before.is_none_or(|before| before.assignee.as_ref() != Some(assignee));
            if let Some(person) = self.staff.get_mut(assignee).filter(|_| is_new) {
                person.given = self.facts;
            }
        }
        self.cases.insert(case.key.clone(), case);
    }

    fn forget(&mut self, before: &Case) {
        self.untold.remove(&before.key);
        if let Some(due) = before.next_due() {
            self.due.remove(&(due, before.key.clone()));
        }
        if let Some(place) = &before.place
            && let Some(queue) = self.waiting.get_mut(&place.queue)
        {
            queue.remove(&(place.since, before.key.clone()));
            if queue.is_empty() {
                self.waiting.remove(&place.queue);
            }
        }
        if let Some(assignee) = &before.assignee
            && let Some(load) = self.load.get_mut(assignee)
        {
            *load = load.saturating_sub(1);
            if *load == 0 {
                self.load.remove(assignee);
            }
        }
    }
}

fn read_charts(texts: &[String]) -> Result<Vec<Chart>, ChartErrors> {
    Ok(texts.iter().map(|text| Chart::from_text(text)).collect::<Result<_, _>>()?)
}

/// That a text is a name.
pub(super) fn named(field: &'static str, text: &str) -> Result<(), Refusal> {
    let what = if text.trim().is_empty() {
        "is empty"
    } else if text.len() > NAME {
        "has more than 128 bytes"
    } else if text.chars().any(char::is_control) {
        "has a control character"
    } else {
        return Ok(());
    };
    Err(Refusal::Text { field, what: what.to_owned() })
}

/// That people wrote something, and not too much.
pub(super) fn written(field: &'static str, text: &str) -> Result<(), Refusal> {
    let what = if text.trim().is_empty() {
        "is empty: say why".to_owned()
    } else if text.len() > TEXT {
        format!("has more than {} KiB", TEXT >> 10)
    } else {
        return Ok(());
    };
    Err(Refusal::Text { field, what })
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "properties_tests.rs"]
mod properties;
