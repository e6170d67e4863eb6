//! Statecharts with the semantics of [SCXML](https://www.w3.org/TR/scxml/): written as data, compiled once, and run by a pure step.

mod act;
mod admit;
mod bits;
mod codec;
mod compile;
mod compile_action;
mod compile_target;
mod document;
mod draw;
mod duration;
mod effect;
mod enter;
mod event;
mod invoke;
mod layout;
mod life;
mod lint;
mod mermaid;
mod microstep;
mod migration;
mod model;
mod program;
mod read;
mod run;
mod schema;
mod select;
mod send;
mod session;
mod step;
mod svg;
mod timer;
mod topics;
mod trace;
mod write;

use super::reader::node;

pub use codec::SessionError;
pub use document::{
    Action, ActionKind, Binding, Branch, Chart, Content, Datum, Delay, Done, Expr, Given, Initial,
    Invoke, Kind, Param, Place, Restore, Send, State, Timer, Transition,
};
pub use draw::DrawError;
pub use duration::{Duration, DurationError};
pub use effect::{Effect, Message};
pub use event::{Event, Source};
pub(in crate::kyc) use invoke::is_chart;
pub use layout::DRAWN_STATES;
pub use lint::{FINDINGS, Finding, Known, RULES, Rule, Severity, lint, lint_with};
pub(in crate::kyc) use lint::{Hearing, cut_off, is_free, is_literally, told_by};
pub use mermaid::mermaid;
pub(in crate::kyc) use migration::Plans;
pub use model::{ChartError, DataModel, Fault, Role, Scope};
pub use program::{DEPTH, Program, STATES};
pub use schema::Violation;
pub use send::{SCXML_PROCESSOR, SCXML_TARGET};
pub use session::{Pending, Session, Status};
pub use step::{
    ACTIONS, BYTES, EFFECTS, EVENTS, FAULTS, Interpreter, LOOKS, MICROSTEPS, NESTED, SESSIONS,
    Step, StepError, TIMERS,
};
pub use svg::svg;
pub(in crate::kyc) use topics::{stem, stems_for};
pub use trace::{Asked, Mapping, Microstep, Trace, Way};

#[cfg(test)]
#[path = "toy_tests.rs"]
pub(crate) mod toy;
