//! A session of the new chart, of one of the old: whole, or none.

use std::collections::BTreeMap;
use std::ptr;
use std::sync::Arc;

use super::context::{Assignments, BUDGET};
use super::invoked::Going;
use super::states::{Found, Level};
use super::timers::readdressed;
use crate::kyc::chart::bits::Bits;
use crate::kyc::chart::effect::Effect;
use crate::kyc::chart::program::{Handle, Program};
use crate::kyc::chart::run::Run;
use crate::kyc::chart::session::{Checked, Session, Status};
use crate::kyc::difference::difference;
use crate::kyc::migration::{
    Beside, History, Mapping, Migrated, MigrationError, MigrationFinding, SessionChanges,
    TimerChange, TimerFate, Weight,
};
use crate::kyc::rules::{Code, shown};

/// What is the same for all sessions of a chart that are moved to another one by a map.
struct Planned<'a> {
    level: Level<'a>,
    assignments: Assignments<'a>,
    wrong: Vec<MigrationFinding>,
}

/// The plans of a migration: of a chart and of those that its sessions invoke, each made when the first session needs it.
///
/// INVARIANT: a definition has its charts for as long as it lives, so that there are no more plans than pairs of them.
#[derive(Default)]
pub(in crate::kyc) struct Plans<'a>(Vec<Arc<Planned<'a>>>);

impl<'a> Plans<'a> {
    fn of(
        &mut self,
        beside: Beside<'a>,
        old: &Handle<'a, Code>,
        new: &Handle<'a, Code>,
        mapping: &'a Mapping,
    ) -> Arc<Planned<'a>> {
        let is_it = |plan: &&Arc<Planned<'a>>| {
            let level = &plan.level;
            ptr::eq(&*level.old, &**old)
                && ptr::eq(&*level.new, &**new)
                && ptr::eq(level.mapping, mapping)
        };
        if let Some(plan) = self.0.iter().find(is_it) {
            return Arc::clone(plan);
        }
        let mut found = Found(Vec::new());
        let level = Level::new(old.clone(), new.clone(), mapping, &mut found);
        let assignments = level.assignments(beside, &mut found);
        found.0.retain(|finding| finding.weight == Weight::Wrong);
        let plan = Arc::new(Planned { level, assignments, wrong: found.0 });
        self.0.push(Arc::clone(&plan));
        plan
    }
}

/// A tree of sessions that is moved.
pub(super) struct Tree<'t, 'a> {
    plans: &'t mut Plans<'a>,
    pub(super) now: i64,
    pub(super) beside: Beside<'a>,
    /// Parents before their children.
    pub(super) changes: Vec<SessionChanges>,
    /// The timers that begin, by their sessions: states, and which of their timers.
    pub(super) starts: BTreeMap<Arc<str>, Vec<(u32, usize)>>,
    /// When those of them were due that ran before.
    pub(super) was_due: BTreeMap<(Arc<str>, u32, usize), i64>,
    pub(super) effects: Vec<Effect>,
}

impl Program<Code> {
    /// A session of this chart as one of another, with what became of its parts.
    pub(in crate::kyc) fn moved<'a>(
        &'a self,
        new: &'a Self,
        mapping: &'a Mapping,
        beside: Beside<'a>,
        plans: &mut Plans<'a>,
        session: &Session,
        now: i64,
    ) -> Result<Migrated, MigrationError> {
        let mut tree = Tree {
            plans,
            now,
            beside,
            changes: Vec::new(),
            starts: BTreeMap::new(),
            was_due: BTreeMap::new(),
            effects: Vec::new(),
        };
        let moved = graft(&mut tree, Handle::Lent(self), Handle::Lent(new), mapping, session)?;
        if !new.accepts(&moved) {
            return Err(MigrationError::Configuration(
                "the states cannot be active together in the new chart".to_owned(),
            ));
        }
        tree.start(new, moved)
    }
}

/// INVARIANT: the depth of a tree of sessions is bounded where it arises.
pub(super) fn graft<'a>(
    tree: &mut Tree<'_, 'a>,
    old: Handle<'a, Code>,
    new: Handle<'a, Code>,
    mapping: &'a Mapping,
    session: &Session,
) -> Result<Session, MigrationError> {
    if !old.accepts(session) {
        return Err(MigrationError::Foreign);
    }
    if session.status == Status::Done {
        return Err(MigrationError::Ended);
    }
    let plan = tree.plans.of(tree.beside, &old, &new, mapping);
    let Planned { level, assignments, wrong } = &*plan;
    if !wrong.is_empty() {
        return Err(MigrationError::Unfit(wrong.clone()));
    }
    let before = level.before(&session.active);
    let active = level.configuration(&session.active, &before)?;
    let data = level.variables(tree, assignments, session)?;
    let mut changes = level.changes(session, &active);
    changes.context = difference(&session.data, &data);
    let history = level.history(session)?;
    changes.history_forgotten = history.is_empty() && !session.history.is_empty();
    let mut timers = level.timers(tree, session, &active, &before, &mut changes)?;
    let at = tree.changes.len();
    tree.changes.push(SessionChanges::default());
    let Going { invoked, past, renamed } =
        level.invoked(tree, session, &active, &before, &mut changes)?;
    readdressed(&mut timers, &renamed);
    if let Some(own) = tree.changes.get_mut(at) {
        *own = changes;
    }
    Ok(Session {
        id: Arc::clone(&session.id),
        status: Status::Running,
        entered: level.entered(session, &active),
        active,
        history,
        data,
        event: session.event.clone(),
        timers,
        invoked,
        made: session.made,
        sequence: session.sequence,
        past,
        checked: Checked::default(),
    })
}

impl Level<'_> {
    fn changes(&self, session: &Session, active: &Bits) -> SessionChanges {
        let old = session.active.iter().filter(|state| self.old.atomic.contains(*state));
        let pairs = old.filter_map(|state| {
            let new = self.to(state).ok()?;
            Some((self.old.name_of(state).to_owned(), self.new.name_of(new).to_owned()))
        });
        let before: Bits = session.active.iter().filter_map(|state| self.to(state).ok()).collect();
        let entered = active.iter().filter(|state| !before.contains(*state));
        SessionChanges {
            session: session.id.to_string(),
            states: pairs.collect(),
            entered: entered.map(|state| self.new.name_of(state).to_owned()).collect(),
            ..SessionChanges::default()
        }
    }

    /// The states whose data is there, where it is made with them.
    fn entered(&self, session: &Session, active: &Bits) -> Bits {
        if !self.new.is_late {
            return Bits::default();
        }
        let before = session.entered.iter().filter_map(|state| self.to(state).ok());
        let has_data =
            |state: &u32| self.new.node(*state).is_some_and(|node| !node.data.is_empty());
        before.chain(active.iter()).filter(|state| *state != 0).filter(has_data).collect()
    }

    /// What history states stand for.
    fn history(&self, session: &Session) -> Result<Vec<(u32, Bits)>, MigrationError> {
        if self.mapping.history == History::Forget {
            return Ok(Vec::new());
        }
        let mut found: BTreeMap<u32, Bits> = BTreeMap::new();
        for (state, held) in &session.history {
            let refused = |why: &str| {
                MigrationError::History(format!(
                    "what `{}` stands for has no place: {why}; or write `history: forget`",
                    shown(self.old.name_of(*state))
                ))
            };
            let target = self.to(*state).map_err(refused)?;
            let mut meant = Bits::default();
            for state in held.iter() {
                meant.insert(self.to(state).map_err(refused)?);
            }
            if !self.new.can_remember(target, &meant) {
                return Err(refused("its states cannot be active together below its parent"));
            }
            if found.insert(target, meant).is_some() {
                return Err(refused("another history state has its place"));
            }
        }
        Ok(found.into_iter().collect())
    }
}

impl Tree<'_, '_> {
    /// Starts the timers that begin, and holds the whole against the bounds of sessions.
    fn start(self, new: &Program<Code>, moved: Session) -> Result<Migrated, MigrationError> {
        let Self { now, beside, mut changes, starts, was_due, effects, .. } = self;
        let mut rules = beside.new.rules(BUDGET);
        let mut run = Run::new(&mut rules, now, false);
        run.load(Handle::Lent(new), moved);
        for at in 0..run.lives.len() {
            let program = run.program(at)?;
            let Some(id) = run.lives.get(at).map(|live| Arc::clone(&live.session.id)) else {
                break;
            };
            // What is put there anew is held against its schema where the run ends; what it finds is not.
            if let Some(live) = run.lives.get_mut(at) {
                live.before = None;
            }
            let own = changes.iter_mut().find(|changes| *changes.session == *id);
            let mut told = Vec::new();
            for (state, which) in starts.get(&id).into_iter().flatten() {
                let Some(node) = program.node(*state) else { continue };
                let clocks = node.timers.get(*which..=*which).unwrap_or_default();
                run.start_timers(at, *state, clocks)?;
                let timers = run.lives.get(at).map_or(&[][..], |live| &live.session.timers);
                let due = timers.last().map(|waiting| waiting.due);
                told.extend(clocks.iter().map(|clock| TimerChange {
                    state: node.name.to_string(),
                    event: clock.event.to_string(),
                    fate: TimerFate::Started,
                    was_due: was_due.get(&(Arc::clone(&id), *state, *which)).copied(),
                    due,
                }));
            }
            if let Some(own) = own {
                own.timers.append(&mut told);
            }
        }
        let step = run.finish()?;
        if let Some((_, fault)) = step.faults.first() {
            return Err(MigrationError::Timer(format!("a timer cannot begin: {fault}")));
        }
        Ok(Migrated { session: step.session, changes, effects })
    }
}
