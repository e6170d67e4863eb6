//! What a migration did to a case, as data: for the log of its decisions, and for whoever looks at it before it is kept.

use super::super::chart::{Effect, Session};
use super::super::difference::Change;
use crate::time::format_instant;
use crate::value::Value;

/// A case that was moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Migrated {
    /// The session, of the new definition: keep it with the new digest.
    pub session: Session,
    /// What became of each session of the tree, its own first.
    pub changes: Vec<SessionChanges>,
    /// What the host is to do once it has kept the session: services that were dropped are cancelled. Nothing else.
    pub effects: Vec<Effect>,
}

/// What became of a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionChanges {
    /// Its id.
    pub session: String,
    /// Its active states without children, old and new, in the old chart's order.
    pub states: Vec<(String, String)>,
    /// States of the new chart that it is in now and that no old one stands for: those around a mapped one, and those that `enter` names or
    /// leads to. None of their actions ran.
    pub entered: Vec<String>,
    /// What is different in its variables.
    pub context: Vec<Change>,
    /// Its timers.
    pub timers: Vec<TimerChange>,
    /// What it invoked.
    pub invoked: Vec<InvokedChange>,
    /// Whether what its history states stood for was forgotten.
    pub history_forgotten: bool,
}

/// What became of a timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimerChange {
    /// The state that it belongs to: the new one, or the old one if it was dropped.
    pub state: String,
    /// Its event, there.
    pub event: String,
    /// What became of it.
    pub fate: TimerFate,
    /// When it was due, nanoseconds UTC; none, if it did not run.
    pub was_due: Option<i64>,
    /// When it is due, nanoseconds UTC; none, if it does not run.
    pub due: Option<i64>,
}

/// What became of a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerFate {
    /// It is due when it was.
    Kept,
    /// It begins now: it began anew, or its state had none such before.
    Started,
    /// It does not run any more.
    Dropped,
}

impl TimerFate {
    /// The word for it: `kept`, `started`, `dropped`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Started => "started",
            Self::Dropped => "dropped",
        }
    }
}

/// What became of a service or a chart that was invoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvokedChange {
    /// The id that it has, as the host knows it; of what was dropped, the id that it had.
    pub id: String,
    /// The id that it had, as the host knew it; none, if it did not run.
    pub was: Option<String>,
    /// What became of it.
    pub fate: InvokedFate,
}

/// What became of something that was invoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvokedFate {
    /// It goes on.
    Kept,
    /// It is cancelled: a chart ends without a word, a service by an effect.
    Dropped,
    /// The new state invokes it, the old one did not, and nobody began it: it begins when its state is entered again.
    NotBegun,
}

impl InvokedFate {
    /// The word for it: `kept`, `dropped`, `not_begun`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Dropped => "dropped",
            Self::NotBegun => "not_begun",
        }
    }
}

impl SessionChanges {
    /// As an object with the names of its fields; instants are RFC 3339.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let text = |text: &String| Value::from(&**text);
        let instant = |at: Option<i64>| at.map_or(Value::Null, |at| format_instant(at).into());
        let pair = |(old, new): &(String, String)| Value::array([text(old), text(new)]);
        let timer = |timer: &TimerChange| {
            Value::fields([
                ("state", text(&timer.state)),
                ("event", text(&timer.event)),
                ("fate", timer.fate.name().into()),
                ("was_due", instant(timer.was_due)),
                ("due", instant(timer.due)),
            ])
        };
        let invoked = |invoked: &InvokedChange| {
            Value::fields([
                ("id", text(&invoked.id)),
                ("was", invoked.was.as_ref().map_or(Value::Null, text)),
                ("fate", invoked.fate.name().into()),
            ])
        };
        Value::fields([
            ("session", text(&self.session)),
            ("states", Value::array(self.states.iter().map(pair))),
            ("entered", Value::array(self.entered.iter().map(text))),
            ("context", Value::array(self.context.iter().map(Change::to_value))),
            ("timers", Value::array(self.timers.iter().map(timer))),
            ("invoked", Value::array(self.invoked.iter().map(invoked))),
            ("history_forgotten", self.history_forgotten.into()),
        ])
    }
}
