//! A step that runs: the sessions of a tree side by side, and the events between them, first come, first served.

use std::collections::VecDeque;
use std::sync::Arc;

use super::bits::Bits;
use super::document::Place;
use super::effect::Effect;
use super::event::Event;
use super::model::{DataModel, Fault, Scope};
use super::program::{Handle, Program};
use super::schema::{self, Violation};
use super::session::{Checked, Held, Session, Status};
use super::step::{ACTIONS, BYTES, EFFECTS, EVENTS, FAULTS, LOOKS, MICROSTEPS, Step, StepError};
use super::trace::{Mapping, Microstep, Trace};
use crate::value::schema::Kept;
use crate::value::{DEPTH, Value, length};

pub(super) struct Run<'p, 'm, M: DataModel> {
    pub(super) model: &'m mut M,
    pub(super) now: i64,
    /// Parents before their children; the first is the root.
    pub(super) lives: Vec<Live<'p, M::Code>>,
    /// External events, and whose they are.
    pub(super) queue: VecDeque<(usize, Arc<Event>)>,
    /// Sessions that have not begun, and the data that they get.
    pub(super) starts: VecDeque<(usize, Value)>,
    pub(super) effects: Vec<Effect>,
    /// What went wrong in expressions, at most [`FAULTS`] of it.
    faults: Vec<(Place, String)>,
    /// Whether the event from outside was heard; where there was none, it is true.
    pub(super) is_heard: bool,
    /// The event from outside, as it goes on to what was invoked.
    pub(super) given: Option<Arc<Event>>,
    /// The number of the next timer.
    pub(super) sequence: u64,
    pub(super) note: Option<Box<Microstep>>,
    trace: Trace,
    microsteps: u32,
    events: u32,
    actions: u32,
    looks: u32,
    /// About how many bytes the effects have.
    told: u64,
    /// Transitions of the last microstep: memory that is used again.
    pub(super) spare: Vec<u32>,
}

/// A session while a step runs.
pub(super) struct Live<'p, C> {
    pub(super) session: Session,
    /// Its variables as the step found them; none if it begins in this step, or is put there anew.
    pub(super) before: Option<Value>,
    /// None until it is needed.
    pub(super) program: Option<Handle<'p, C>>,
    pub(super) parent: Option<usize>,
    /// The id that its parent invoked it under.
    pub(super) via: Option<Arc<str>>,
    pub(super) internal: VecDeque<Arc<Event>>,
    /// The states that were entered, and whose invocations begin at the end of the macrostep.
    pub(super) to_invoke: Bits,
    /// It has reached a final state.
    pub(super) is_final: bool,
    /// It was cancelled: its parent hears nothing more of it.
    pub(super) is_mute: bool,
    pub(super) is_over: bool,
}

impl<'p, C> Live<'p, C> {
    pub(super) fn new(
        session: Session,
        program: Option<Handle<'p, C>>,
        parent: Option<usize>,
        via: Option<Arc<str>>,
    ) -> Self {
        Self {
            session,
            before: None,
            program,
            parent,
            via,
            internal: VecDeque::new(),
            to_invoke: Bits::default(),
            is_final: false,
            is_mute: false,
            is_over: false,
        }
    }
}

impl<C> Live<'_, C> {
    /// Whether variables were written: those that were not are still the same in memory.
    fn is_changed(&self) -> bool {
        match (&self.before, &self.session.data) {
            (Some(Value::Object(before)), Value::Object(now)) => !Arc::ptr_eq(before, now),
            _ => true,
        }
    }

    /// What its variables have to be like.
    fn schema(&self) -> Option<&Arc<Kept>> {
        self.program.as_deref()?.schema.as_ref()
    }
}

/// Why a block of actions ends early.
pub(super) enum Stop {
    /// The chart is told.
    Fault(Fault),
    /// The same, of a message that was to be sent under an id.
    Sending(Fault, Option<String>),
    /// There is no step.
    Step(StepError),
}

impl From<StepError> for Stop {
    fn from(error: StepError) -> Self {
        Self::Step(error)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<'p, 'm, M: DataModel> Run<'p, 'm, M> {
    pub(super) fn new(model: &'m mut M, now: i64, is_traced: bool) -> Self {
        Self {
            model,
            now,
            lives: Vec::with_capacity(1),
            queue: VecDeque::new(),
            starts: VecDeque::new(),
            effects: Vec::new(),
            faults: Vec::new(),
            is_heard: true,
            given: None,
            sequence: 0,
            note: is_traced.then(Box::default),
            trace: Trace::default(),
            microsteps: 0,
            events: 0,
            actions: 0,
            looks: 0,
            told: 0,
            spare: Vec::new(),
        }
    }

    /// Takes up a session at rest, and all below it; their variables were held against their schemas when they were put there.
    pub(super) fn load(&mut self, program: Handle<'p, M::Code>, session: Session) {
        self.sequence = session.sequence;
        self.lives.push(Live::new(session, Some(program), None, None));
        let mut at = 0;
        while let Some(live) = self.lives.get_mut(at) {
            let mut children = Vec::new();
            for invoked in &mut live.session.invoked {
                if let Held::Chart { session, .. } = &mut invoked.held
                    && let Some(session) = session.take()
                {
                    children.push(Live::new(
                        *session,
                        None,
                        Some(at),
                        Some(Arc::clone(&invoked.id)),
                    ));
                }
            }
            self.lives.append(&mut children);
            at += 1;
        }
        for live in &mut self.lives {
            live.before = Some(live.session.data.clone());
        }
    }

    /// Puts all sessions to rest.
    pub(super) fn finish(mut self) -> Result<Step, StepError> {
        self.turn(0, None);
        self.check()?;
        while let Some(live) = self.lives.pop_if(|live| live.parent.is_some()) {
            let parent = live.parent.and_then(|parent| self.lives.get_mut(parent));
            let Some(parent) = parent.filter(|_| !live.is_over) else { continue };
            let mut invoked = parent.session.invoked.iter_mut();
            let own = invoked.find(|invoked| Some(&invoked.id) == live.via.as_ref());
            if let Some(Held::Chart { session, .. }) = own.map(|invoked| &mut invoked.held) {
                *session = Some(Box::new(live.session));
            }
        }
        // INVARIANT: a run begins with its root.
        let Some(root) = self.lives.pop() else {
            return Err(StepError::Unknown { session: String::new() });
        };
        let mut session = root.session;
        session.sequence = self.sequence;
        if session.size() > BYTES || session.depth() > DEPTH {
            return Err(StepError::Size { session: session.id.to_string() });
        }
        Ok(Step {
            session,
            heard: self.is_heard,
            effects: self.effects,
            faults: self.faults,
            trace: self.trace,
        })
    }

    /// Holds the variables of all sessions that changed against their schemas, those of sessions that ended in this step, too.
    fn check(&mut self) -> Result<(), StepError> {
        if !self.all_still_hold() {
            self.check_all()?;
        }
        for live in self.lives.iter_mut().filter(|live| live.is_changed()) {
            let checked = live.schema().filter(|schema| !live.session.checked.is_by(schema));
            if let Some(checked) = checked.map(Checked::by) {
                live.session.checked = checked;
            }
        }
        Ok(())
    }

    /// Whether the variables are as the schemas have them because they were, and each that changed is. What can take more steps than there are is
    /// not told, so that the answer is that of the whole check.
    fn all_still_hold(&self) -> bool {
        let mut most = 0_u64;
        self.lives.iter().filter(|live| live.is_changed()).all(|live| {
            let Some(schema) = live.schema() else { return true };
            most = most.saturating_add(schema.most(&live.session.data));
            let before = live.before.as_ref().filter(|_| live.session.checked.is_by(schema));
            match (before, &live.session.data) {
                (Some(Value::Object(before)), Value::Object(now)) => {
                    most <= length(schema::STEPS) && schema.still_holds(before, now)
                }
                _ => false,
            }
        })
    }

    fn check_all(&self) -> Result<(), StepError> {
        let (mut steps, mut found) = (schema::steps(), Vec::new());
        for live in self.lives.iter().filter(|live| live.is_changed()) {
            let Some(schema) = live.schema() else { continue };
            let wrong = schema.schema().validate(&live.session.data, &mut steps);
            let session = live.parent.map(|_| live.session.id.to_string());
            found.extend(wrong.map_err(|_| StepError::Unchecked)?.into_iter().map(|wrong| {
                Violation { session: session.clone(), at: wrong.field, what: wrong.description }
            }));
        }
        if found.is_empty() { Ok(()) } else { Err(StepError::Context { found }) }
    }

    /// The session of an id.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        let is_meant = |live: &Live<'p, M::Code>| &*live.session.id == id;
        self.lives.iter().position(|live| is_meant(live) && live.session.status == Status::Running)
    }

    /// The session that a session invoked under an id.
    pub(super) fn child(&self, at: usize, id: &str) -> Option<usize> {
        self.lives.iter().position(|live| {
            live.parent == Some(at) && live.via.as_deref() == Some(id) && !live.is_over
        })
    }

    /// The program of a session, which is looked for when it is needed first.
    pub(super) fn program(&mut self, at: usize) -> Result<Handle<'p, M::Code>, StepError> {
        let unknown = || StepError::Unknown { session: String::new() };
        let live = self.lives.get(at).ok_or_else(unknown)?;
        if let Some(program) = &live.program {
            return Ok(program.clone());
        }
        let id = live.session.id.to_string();
        let (parent, via) =
            (live.parent.ok_or_else(unknown)?, live.via.clone().ok_or_else(unknown)?);
        // INVARIANT: the depth of a tree is bounded, and parents stand before their children.
        let above = self.program(parent)?;
        let invoked = self.lives.get(parent).map_or(&[][..], |parent| &parent.session.invoked);
        let invoked = invoked.iter().find(|invoked| invoked.id == via).ok_or_else(unknown)?;
        let source = match &invoked.held {
            Held::Chart { source, .. } => source.as_ref(),
            _ => None,
        };
        let found = above.chart_of(invoked.state, invoked.index, source, &mut *self.model);
        let program = found.map_err(|fault| StepError::Chart { session: id, fault })?;
        let program = Handle::Shared(program);
        let live = self.lives.get_mut(at).ok_or_else(unknown)?;
        if !program.accepts(&live.session) {
            let (session, chart) = (live.session.id.to_string(), program.name.to_string());
            return Err(StepError::Foreign { session, chart });
        }
        live.program = Some(program.clone());
        Ok(program)
    }

    /// Lets all sessions answer what they were sent, until there is nothing more.
    pub(super) fn drain(&mut self) -> Result<(), StepError> {
        loop {
            if let Some((at, given)) = self.starts.pop_front() {
                self.begin(at, &given)?;
            } else if let Some((at, event)) = self.queue.pop_front() {
                let is_given = self.given.as_ref().is_some_and(|own| Arc::ptr_eq(own, &event));
                let is_heard = self.hear(at, event)?;
                self.is_heard |= is_heard && is_given;
            } else {
                return Ok(());
            }
        }
    }

    /// Gives an external event to a session. Whether it led to something: to a transition, to what `finalize` does, or to a service.
    pub(super) fn hear(&mut self, at: usize, event: Arc<Event>) -> Result<bool, StepError> {
        if self.is_over(at) {
            return Ok(false);
        }
        let program = self.program(at)?;
        self.microstep_begins(at)?;
        self.turn(at, Some(&event));
        let mut is_heard = false;
        if let Some(live) = self.lives.get_mut(at) {
            live.session.event = Some(Arc::clone(&event));
            if !live.session.invoked.is_empty() {
                is_heard = self.finalize(at, &program, &event)?;
            }
        }
        is_heard |= self.answer(at, &program, Some(&event))?;
        self.macrostep(at, &program)?;
        Ok(is_heard)
    }

    /// Runs a session until it waits for an external event.
    pub(super) fn macrostep(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
    ) -> Result<(), StepError> {
        loop {
            loop {
                let Some(live) = self.lives.get_mut(at) else { return Ok(()) };
                if live.is_final {
                    return self.exit_all(at, true);
                }
                let is_quiet = !live.session.active.intersects(&program.eventless);
                if is_quiet && live.internal.is_empty() {
                    break;
                }
                self.microstep_begins(at)?;
                self.turn(at, None);
                if !is_quiet && self.answer(at, program, None)? {
                    continue;
                }
                let Some(live) = self.lives.get_mut(at) else { return Ok(()) };
                let Some(event) = live.internal.pop_front() else { break };
                live.session.event = Some(Arc::clone(&event));
                self.turn(at, Some(&event));
                self.answer(at, program, Some(&event))?;
            }
            let Some(live) = self.lives.get_mut(at) else { return Ok(()) };
            if live.to_invoke.is_empty() {
                return Ok(());
            }
            let states = std::mem::take(&mut live.to_invoke);
            self.invoke_all(at, program, &states)?;
        }
    }

    /// Chooses transitions, and takes them. Whether there were any.
    fn answer(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        event: Option<&Event>,
    ) -> Result<bool, StepError> {
        let mut enabled = std::mem::take(&mut self.spare);
        enabled.clear();
        self.select(at, program, event, &mut enabled)?;
        let is_answered = !enabled.is_empty();
        if is_answered {
            self.microstep(at, program, &enabled)?;
        }
        self.spare = enabled;
        Ok(is_answered)
    }

    /// Asks the model something of a session.
    pub(super) fn ask<T>(
        &mut self,
        at: usize,
        question: impl FnOnce(&mut M, &mut Scope<'_>) -> Result<T, Fault>,
    ) -> Result<T, Stop> {
        let unknown = || StepError::Unknown { session: String::new() };
        let live = self.lives.get_mut(at).ok_or_else(unknown)?;
        let program = live.program.as_deref().ok_or_else(unknown)?;
        let Session { id, active, event, data, .. } = &mut live.session;
        let active = &*active;
        let is_active = |name: &str| program.holds(active, name);
        let names = || program.named(active).map(Value::from).collect();
        let mut scope = Scope {
            session: id,
            name: &program.name,
            event: event.as_deref(),
            is_active: &is_active,
            active: &names,
            now: self.now,
            data,
        };
        question(self.model, &mut scope).map_err(|fault| {
            if fault.fatal {
                Stop::Step(StepError::Model { chart: program.name.to_string(), fault })
            } else {
                Stop::Fault(fault)
            }
        })
    }

    /// The chart is told of what went wrong.
    pub(super) fn told_of(
        &mut self,
        at: usize,
        stop: Stop,
        place: &Place,
    ) -> Result<(), StepError> {
        match stop {
            Stop::Fault(fault) => self.fail(at, "error.execution", &fault.message, None, place),
            Stop::Sending(fault, id) => self.fail(at, "error.execution", &fault.message, id, place),
            Stop::Step(error) => Err(error),
        }
    }

    pub(super) fn fail(
        &mut self,
        at: usize,
        name: &str,
        message: &str,
        send_id: Option<String>,
        place: &Place,
    ) -> Result<(), StepError> {
        if self.faults.len() < FAULTS {
            self.faults.push((place.clone(), message.to_owned()));
        }
        if let Some(note) = &mut self.note {
            note.faults.push((place.clone(), message.to_owned()));
        }
        let data =
            Value::fields([("message", message.into()), ("path", place.path.as_str().into())]);
        let event = Event { send_id, ..Event::platform(name, Some(data)) };
        self.raise(at, Arc::new(event))
    }

    /// Puts an event into the internal queue of a session.
    pub(super) fn raise(&mut self, at: usize, event: Arc<Event>) -> Result<(), StepError> {
        self.count_event(at)?;
        if let Some(live) = self.lives.get_mut(at) {
            live.internal.push_back(event);
        }
        Ok(())
    }

    /// Puts an event into the external queue of a session.
    pub(super) fn enqueue(&mut self, at: usize, event: Arc<Event>) -> Result<(), StepError> {
        self.count_event(at)?;
        self.queue.push_back((at, event));
        Ok(())
    }

    pub(super) fn count_event(&mut self, at: usize) -> Result<(), StepError> {
        self.events += 1;
        if self.events > EVENTS { Err(StepError::Events { chart: self.chart(at) }) } else { Ok(()) }
    }

    pub(super) fn count_action(&mut self, at: usize) -> Result<(), StepError> {
        self.actions += 1;
        if self.actions > ACTIONS {
            Err(StepError::Actions { chart: self.chart(at) })
        } else {
            Ok(())
        }
    }

    /// Counts what is looked at on the way, which costs time where no action is.
    pub(super) fn look(&mut self, at: usize, looks: usize) -> Result<(), StepError> {
        self.looks = self.looks.saturating_add(u32::try_from(looks).unwrap_or(u32::MAX));
        if self.looks > LOOKS { Err(StepError::Looks { chart: self.chart(at) }) } else { Ok(()) }
    }

    /// Has the host do something.
    pub(super) fn effect(&mut self, at: usize, effect: Effect) -> Result<(), StepError> {
        self.told = self.told.saturating_add(effect.size());
        if self.told > EFFECTS {
            return Err(StepError::Effects { chart: self.chart(at) });
        }
        self.effects.push(effect);
        Ok(())
    }

    fn microstep_begins(&mut self, at: usize) -> Result<(), StepError> {
        self.microsteps += 1;
        if self.microsteps > MICROSTEPS {
            return Err(StepError::Microsteps { chart: self.chart(at) });
        }
        Ok(())
    }

    pub(super) fn chart(&self, at: usize) -> String {
        let program = self.lives.get(at).and_then(|live| live.program.as_deref());
        program.map(|program| program.name.to_string()).unwrap_or_default()
    }

    /// Notes what was read in a place since the last note, and how a condition was answered there. INVARIANT: whatever asks the model for a value
    /// comes here afterwards, so that nothing is taken for what a guard reads.
    pub(super) fn mapped(&mut self, place: &Place, held: Option<bool>) {
        let Some(note) = &mut self.note else { return };
        let read = self.model.read();
        if held.is_some() || !read.is_empty() {
            note.mappings.push(Mapping { place: place.clone(), held, read });
        }
    }

    /// A new leaf of the trace.
    pub(super) fn turn(&mut self, at: usize, event: Option<&Arc<Event>>) {
        let Some(note) = &mut self.note else { return };
        let id = self.lives.get(at).map(|live| Arc::clone(&live.session.id)).unwrap_or_default();
        let next = Microstep { session: id, event: event.cloned(), ..Microstep::default() };
        let last = std::mem::replace(&mut **note, next);
        if !last.is_empty() {
            self.trace.microsteps.push(last);
        }
    }

    /// Begins the session of the host.
    pub(super) fn begin_root(
        &mut self,
        program: Handle<'p, M::Code>,
        session: Session,
        given: &Value,
    ) -> Result<(), StepError> {
        self.lives.push(Live::new(session, Some(program), None, None));
        self.begin(0, given)
    }

    /// Whether a session has come to an end.
    pub(super) fn is_over(&self, at: usize) -> bool {
        self.lives.get(at).is_none_or(|live| live.session.status == Status::Done || live.is_over)
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
