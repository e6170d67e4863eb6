//! The pure step: of a program, a session, an event and an instant, the next session, and what the host is to do.

use std::sync::Arc;

use super::document::Place;
use super::effect::Effect;
use super::event::Event;
use super::model::{DataModel, Fault};
use super::program::{Handle, Program};
use super::run::Run;
use super::schema::Violation;
use super::session::{Session, Status};
use super::trace::Trace;
use crate::value::Value;

/// The most microsteps of a step.
pub const MICROSTEPS: u32 = 10_000;
/// The most events that are queued in a step.
pub const EVENTS: u32 = 10_000;
/// The most actions of a step; each turn of a `foreach`, each guard that is asked and each transition that is taken is one.
pub const ACTIONS: u32 = 100_000;
/// The most transitions, states, timers and variables that a step looks at or copies on its way, about.
pub const LOOKS: u32 = 2_000_000;
/// The most bytes of the effects of a step, about.
pub const EFFECTS: u64 = 4 << 20;
/// The most timers and delayed events of a session that wait at once.
pub const TIMERS: usize = 4_096;
/// How deep charts invoke charts at most.
pub const NESTED: u32 = 16;
/// The most sessions of a tree.
pub const SESSIONS: usize = 256;
/// The most faults that a step tells.
pub const FAULTS: usize = 100;
/// The most bytes of a session and all below it, about.
pub const BYTES: u64 = 1 << 20;

/// What came of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The session now.
    pub session: Session,
    /// Whether the event was heard: a transition was taken for it, here or in a chart that was invoked, or it went on to a service. True where there
    /// was no event.
    pub heard: bool,
    /// What the host is to do once it has stored the session, in order.
    pub effects: Vec<Effect>,
    /// What went wrong in expressions, and where, at most [`FAULTS`] of it. A guard that fails does not hold, an action that fails ends its block.
    pub faults: Vec<(Place, String)>,
    /// What happened; empty unless it was asked for.
    pub trace: Trace,
}

/// Why there is no step. The session that was given stands as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// The session has come to an end.
    #[error("the session `{session}` has ended: send nothing more to it")]
    Ended {
        /// Its id.
        session: String,
    },
    /// The session's states are not such as the chart can have.
    #[error(
        "the session `{session}` is not one of the chart `{chart}`: step it with the version that it was started with"
    )]
    Foreign {
        /// Its id.
        session: String,
        /// The chart's name.
        chart: String,
    },
    /// No session of the tree has that id.
    #[error("there is no session `{session}`: it has ended, or its id is another")]
    Unknown {
        /// The id.
        session: String,
    },
    /// The data that a session was to begin with is no object.
    #[error(
        "the data that the session `{session}` begins with is no object of its variables by name"
    )]
    Given {
        /// Its id.
        session: String,
    },
    /// The chart does not come to rest.
    #[error(
        "the chart `{chart}` does not come to rest in {MICROSTEPS} microsteps: look for transitions without events that lead in a circle"
    )]
    Microsteps {
        /// Its name.
        chart: String,
    },
    /// The event is one that only the interpreter or a service can tell.
    #[error(
        "`{name}` is no event for a case: `done…`, `after…` and `error…` are told by the case itself, or by a service that it invoked and that goes on, with its `invoke_id`"
    )]
    Reserved {
        /// Its name.
        name: String,
    },
    /// Too many events were raised or sent.
    #[error(
        "the chart `{chart}` raises or sends more than {EVENTS} events in a step: look for one that raises itself"
    )]
    Events {
        /// Its name.
        chart: String,
    },
    /// Too many actions were executed.
    #[error(
        "the chart `{chart}` needs more than {ACTIONS} actions and guards in a step: have its `foreach` walk shorter arrays"
    )]
    Actions {
        /// Its name.
        chart: String,
    },
    /// Too much is looked at.
    #[error(
        "the chart `{chart}` looks at more than {LOOKS} transitions, states and timers in a step: have it answer an event with fewer transitions, or in fewer states at once"
    )]
    Looks {
        /// Its name.
        chart: String,
    },
    /// The host would have too much to do.
    #[error(
        "the effects of a step of the chart `{chart}` have more than {EFFECTS} bytes: tell less, and keep documents elsewhere"
    )]
    Effects {
        /// Its name.
        chart: String,
    },
    /// Contexts would not be as their schemas have them.
    #[error("the context would not be as its schema has it, at {} places", .found.len())]
    Context {
        /// What is not.
        found: Vec<Violation>,
    },
    /// The contexts of a step are too large to be looked at.
    #[error(
        "the context is too large to be held against its schema: keep documents elsewhere, and their references in it"
    )]
    Unchecked,
    /// What tells an event is no service that goes on.
    #[error(
        "`{invoke_id}` is no service that goes on, and what it tells as `{name}` is not heard: it was cancelled, or told its last, or another one goes on under its id"
    )]
    Stale {
        /// The event's name.
        name: String,
        /// What tells it.
        invoke_id: String,
    },
    /// Too much waits.
    #[error(
        "more than {TIMERS} delayed events and timers of the session `{session}` wait: cancel what is of no use any more"
    )]
    Timers {
        /// Its id.
        session: String,
    },
    /// Charts invoke charts without end.
    #[error(
        "the chart `{chart}` invokes deeper than {NESTED} charts, or more than {SESSIONS} in all: look for one that invokes itself"
    )]
    Invokes {
        /// Its name.
        chart: String,
    },
    /// The session has grown too large.
    #[error(
        "the session `{session}` has more than {BYTES} bytes: keep documents elsewhere, and their references in it"
    )]
    Size {
        /// Its id.
        session: String,
    },
    /// The chart of a session that was invoked is not to be found any more.
    #[error("the chart that the session `{session}` runs is not to be found: {fault}")]
    Chart {
        /// Its id.
        session: String,
        /// Why.
        fault: Fault,
    },
    /// The data model gave up.
    #[error("the data model of the chart `{chart}` gave up: {fault}")]
    Model {
        /// The chart's name.
        chart: String,
        /// Why.
        fault: Fault,
    },
}

/// Runs a program with a data model: each call is one step, and nothing is kept between two.
///
/// ```
/// use thalium::kyc::chart::{Chart, Event, Interpreter, Program, Session, State, Transition};
/// # use thalium::kyc::chart::{DataModel, Expr, Fault, Role, Scope};
/// use thalium::value::Value;
/// # struct NoData;
/// # impl DataModel for NoData {
/// #     type Code = ();
/// #     fn compile(&self, _: Role, _: &Expr) -> Result<(), Fault> { Err(Fault::new("knows no expressions")) }
/// #     fn declare(&mut self, _: &mut Scope<'_>, _: &str, _: Option<&Value>) -> Result<(), Fault> { Ok(()) }
/// #     fn declare_as(&mut self, _: &mut Scope<'_>, _: &str, _: &()) -> Result<(), Fault> { Ok(()) }
/// #     fn condition(&mut self, _: &mut Scope<'_>, _: &()) -> Result<bool, Fault> { Ok(true) }
/// #     fn value(&mut self, _: &mut Scope<'_>, _: &()) -> Result<Value, Fault> { Ok(Value::Null) }
/// #     fn assign(&mut self, _: &mut Scope<'_>, _: &(), _: &()) -> Result<(), Fault> { Ok(()) }
/// #     fn set(&mut self, _: &mut Scope<'_>, _: &(), _: &Value) -> Result<(), Fault> { Ok(()) }
/// #     fn items(&mut self, _: &mut Scope<'_>, _: &()) -> Result<Vec<Value>, Fault> { Ok(Vec::new()) }
/// #     fn run(&mut self, _: &mut Scope<'_>, _: &()) -> Result<(), Fault> { Ok(()) }
/// # }
///
/// // A chart is read from text as a rule; this one is written by hand: `collecting` leads to `review`.
/// let state = |id: &str| State { id: Some(id.to_owned()), ..State::default() };
/// let submitted = Transition {
///     events: vec!["submitted".to_owned()],
///     targets: vec!["review".to_owned()],
///     ..Transition::default()
/// };
/// let collecting = State { transitions: vec![submitted], ..state("collecting") };
/// let chart = Chart { states: vec![collecting, state("review")], ..Chart::default() };
///
/// let mut model = NoData;
/// let program = Program::compile(&chart, &model).unwrap();
/// let mut interpreter = Interpreter::new(&program, &mut model);
/// let begun = interpreter.start("case-1", 0, &Value::Null)?;
/// let stored = begun.session.to_bytes();
///
/// let session = Session::from_bytes(&stored)?;
/// let step = interpreter.step(&session, Event::named("submitted"), 1)?;
/// assert!(program.is_active(&step.session, "review"));
/// // The session that was given stands as it was.
/// assert!(program.is_active(&session, "collecting"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Interpreter<'p, 'm, M: DataModel> {
    program: &'p Program<M::Code>,
    model: &'m mut M,
    is_traced: bool,
}

impl<'p, 'm, M: DataModel> Interpreter<'p, 'm, M> {
    /// Of a program and the model that it was compiled for.
    pub const fn new(program: &'p Program<M::Code>, model: &'m mut M) -> Self {
        Self { program, model, is_traced: false }
    }

    /// The same, with steps that tell what happened.
    #[must_use]
    pub const fn traced(mut self) -> Self {
        self.is_traced = true;
        self
    }

    /// Begins a session, and runs it until it waits.
    ///
    /// `given` is null or an object: the variables of the chart that it names begin with its values, as those of an invoked chart do.
    ///
    /// # Errors
    /// A budget is used up, or there can be no such session.
    pub fn start(&mut self, id: &str, now: i64, given: &Value) -> Result<Step, StepError> {
        if !matches!(given, Value::Null | Value::Object(_)) {
            return Err(StepError::Given { session: id.to_owned() });
        }
        let mut run = Run::new(self.model, now, self.is_traced);
        run.begin_root(Handle::Lent(self.program), Session::new(Arc::from(id)), given)?;
        run.drain()?;
        run.finish()
    }

    /// Gives an external event to a session, and runs it until it waits. What is due by `now` happens before.
    ///
    /// # Errors
    /// The session has ended, is of another chart, or a budget is used up.
    pub fn step(&mut self, session: &Session, event: Event, now: i64) -> Result<Step, StepError> {
        self.tell(session, None, event, now)
    }

    /// Gives an external event to one of the sessions below a session, or to itself, by its id: what a service tells that was invoked there.
    ///
    /// # Errors
    /// As [`Interpreter::step`], or no session has that id.
    pub fn deliver(
        &mut self,
        session: &Session,
        to: &str,
        event: Event,
        now: i64,
    ) -> Result<Step, StepError> {
        self.tell(session, Some(to), event, now)
    }

    /// What is due happens first: a case whose deadline has passed does not take an event as if it had not.
    fn tell(
        &mut self,
        session: &Session,
        to: Option<&str>,
        event: Event,
        now: i64,
    ) -> Result<Step, StepError> {
        let mut run = self.run(session, now)?;
        if let Some(to) = to.filter(|to| run.find(to).is_none()) {
            return Err(StepError::Unknown { session: to.to_owned() });
        }
        run.admit(to, &event)?;
        run.fire()?;
        let event = Arc::new(event);
        // What was due may have ended the session that is told, or the service that tells.
        let told = to.map_or(Some(0), |to| run.find(to));
        let told = told.and_then(|at| Some((at, run.known(at, event)?)));
        run.is_heard = match told {
            Some((at, event)) => {
                run.given = Some(Arc::clone(&event));
                run.hear(at, event)?
            }
            None => false,
        };
        // A chart that was invoked may hear what the one that invoked it does not.
        run.drain()?;
        run.finish()
    }

    /// Lets time pass: what is due by `now` happens, in the order in which it is due, each as an external event of its own.
    ///
    /// Whoever keeps cases calls it when [`Session::next_due`] has come; what a step starts without a delay is due in that instant. What waits
    /// from here on waits from `now`, however long ago it was that brought it about.
    ///
    /// # Errors
    /// As [`Interpreter::step`].
    pub fn advance(&mut self, session: &Session, now: i64) -> Result<Step, StepError> {
        let mut run = self.run(session, now)?;
        run.fire()?;
        run.finish()
    }

    /// Goes on with a session that rested since `suspended_at`: its timers are due as their [`Restore`](super::Restore) says; then time passes.
    ///
    /// # Errors
    /// As [`Interpreter::step`].
    pub fn resume(
        &mut self,
        session: &Session,
        suspended_at: i64,
        now: i64,
    ) -> Result<Step, StepError> {
        let mut run = self.run(session, now)?;
        run.restore(suspended_at);
        run.fire()?;
        run.finish()
    }

    /// Ends a session from outside: its states are left, and what it invoked is cancelled. There is no [`Effect::Done`].
    ///
    /// # Errors
    /// As [`Interpreter::step`].
    pub fn cancel(&mut self, session: &Session, now: i64) -> Result<Step, StepError> {
        let mut run = self.run(session, now)?;
        run.exit_all(0, false)?;
        run.finish()
    }

    fn run(&mut self, session: &Session, now: i64) -> Result<Run<'p, '_, M>, StepError> {
        if session.status == Status::Done {
            return Err(StepError::Ended { session: session.id.to_string() });
        }
        if !self.program.accepts(session) {
            let chart = self.program.name.to_string();
            return Err(StepError::Foreign { session: session.id.to_string(), chart });
        }
        let mut run = Run::new(self.model, now, self.is_traced);
        run.load(Handle::Lent(self.program), session.clone());
        Ok(run)
    }
}

#[cfg(test)]
#[path = "step_tests.rs"]
mod tests;
