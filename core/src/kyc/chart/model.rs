//! The port to a data model: what expressions mean, and where variables are kept.
//!
//! The interpreter knows no language. It compiles every expression once, through [`DataModel::compile`], and asks for its value when a step needs it.
//! A model that is given the same asks in the same order answers the same: it reads no clock and draws no random number; the instant is in its [`Scope`].

use std::fmt;
use std::sync::Arc;

use super::document::{Expr, Place};
use super::event::Event;
use super::program::Program;
use crate::value::Value;

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Whether something holds.
    Condition,
    /// A value.
    Value,
    /// A place to which a value is assigned.
    Location,
    /// Statements.
    Script,
}

/// What could not be evaluated, and why. In a chart it is an event `error.execution`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// Why, as a sentence.
    pub message: String,
    /// Whether the step must end with an error instead of an event of the chart: a budget was used up.
    pub fatal: bool,
}

impl Fault {
    /// A fault that the chart is told of.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), fatal: false }
    }
}

/// What a model sees of the session that asks, and the variables of that session.
pub struct Scope<'a> {
    /// The session's id: `_sessionid`.
    pub session: &'a str,
    /// The chart's name: `_name`.
    pub name: &'a str,
    /// The event that is processed, or the last one that was: `_event`.
    pub event: Option<&'a Event>,
    /// Whether a state is active: `In()`.
    pub is_active: &'a dyn Fn(&str) -> bool,
    /// The names of the active states of the session that asks, in document order.
    pub active: &'a dyn Fn() -> Vec<Value>,
    /// The instant of the step, nanoseconds UTC.
    pub now: i64,
    /// The session's variables, an object; stored with it. A model that keeps them elsewhere leaves it alone.
    pub data: &'a mut Value,
}

impl fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("session", &self.session)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// What gives a chart's expressions their meaning.
pub trait DataModel {
    /// A compiled expression.
    type Code: fmt::Debug;

    /// Compiles an expression when a chart is loaded.
    ///
    /// # Errors
    /// Says what is wrong with it; the place is added by the caller.
    fn compile(&self, role: Role, expr: &Expr) -> Result<Self::Code, Fault>;

    /// Whether a variable can have this name: asked of each that a chart has or makes, when it is compiled.
    ///
    /// # Errors
    /// Why it cannot.
    fn variable(&self, name: &str) -> Result<(), Fault> {
        let _ = name;
        Ok(())
    }

    /// A session begins: before anything of its chart is evaluated.
    ///
    /// # Errors
    /// If there can be no such session.
    fn begin(&mut self, scope: &mut Scope<'_>) -> Result<(), Fault> {
        let _ = scope;
        Ok(())
    }

    /// A session has ended, and is asked nothing any more.
    fn end(&mut self, session: &str) {
        let _ = session;
    }

    /// A variable comes to be, undefined or with a value: one that the interpreter knows. One that is there already gets the value, as the
    /// item of a `foreach` does.
    ///
    /// # Errors
    /// If there can be no such variable.
    fn declare(
        &mut self,
        scope: &mut Scope<'_>,
        name: &str,
        value: Option<&Value>,
    ) -> Result<(), Fault>;

    /// Variables come to be, one after another: as [`DataModel::declare`] of each, and a model that can make them together does.
    ///
    /// # Errors
    /// Of the first that cannot be: at which place it stands, and why. Those behind it are not made.
    fn declare_all(
        &mut self,
        scope: &mut Scope<'_>,
        variables: &[(&str, Option<&Value>)],
    ) -> Result<(), (usize, Fault)> {
        for (at, (name, value)) in variables.iter().enumerate() {
            self.declare(scope, name, *value).map_err(|fault| (at, fault))?;
        }
        Ok(())
    }

    /// A variable comes to be with the value of an expression.
    ///
    /// # Errors
    /// If it has no value. The variable is there all the same, undefined.
    fn declare_as(
        &mut self,
        scope: &mut Scope<'_>,
        name: &str,
        value: &Self::Code,
    ) -> Result<(), Fault>;

    /// Whether a condition holds.
    ///
    /// # Errors
    /// If that cannot be told: the interpreter takes it as no and raises `error.execution`.
    fn condition(&mut self, scope: &mut Scope<'_>, condition: &Self::Code) -> Result<bool, Fault>;

    /// The value of an expression.
    ///
    /// # Errors
    /// If it has none.
    fn value(&mut self, scope: &mut Scope<'_>, expr: &Self::Code) -> Result<Value, Fault>;

    /// A location gets the value of an expression.
    ///
    /// # Errors
    /// If either is not there, or the location takes no value, as those that begin with `_`.
    fn assign(
        &mut self,
        scope: &mut Scope<'_>,
        location: &Self::Code,
        value: &Self::Code,
    ) -> Result<(), Fault>;

    /// A location gets a value that the interpreter knows.
    ///
    /// # Errors
    /// If the location takes none.
    fn set(
        &mut self,
        scope: &mut Scope<'_>,
        location: &Self::Code,
        value: &Value,
    ) -> Result<(), Fault>;

    /// The items of the array of a `foreach`: a copy, which the body cannot change.
    ///
    /// # Errors
    /// If it is no array.
    fn items(&mut self, scope: &mut Scope<'_>, array: &Self::Code) -> Result<Vec<Value>, Fault>;

    /// Runs a script.
    ///
    /// # Errors
    /// If it fails.
    fn run(&mut self, scope: &mut Scope<'_>, script: &Self::Code) -> Result<(), Fault>;

    /// Whether a message can go to such a place, or such a service be invoked: what is none of the tree of sessions. A chart is told
    /// `error.execution` where not.
    fn supports(&self, kind: Option<&str>, target: Option<&str>) -> bool {
        let _ = (kind, target);
        true
    }

    /// What the last condition read, by name, and forgets it: asked for traces only.
    fn read(&mut self) -> Vec<(String, Value)> {
        Vec::new()
    }

    /// What stands at an address (`src`) that a chart was loaded with.
    ///
    /// # Errors
    /// If nothing stands there, which is the answer of a model that knows no addresses.
    fn resource(&self, address: &str) -> Result<Value, Fault> {
        Err(Fault::new(format!("there is nothing at `{address}`")))
    }

    /// The chart of an address or a value, to be invoked.
    ///
    /// # Errors
    /// If there is no such chart.
    fn chart(&mut self, source: &Value) -> Result<Arc<Program<Self::Code>>, Fault> {
        let _ = source;
        Err(Fault::new("there is no such chart"))
    }
}

/// What is wrong with a chart, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", at(.place))]
pub struct ChartError {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub message: String,
}

fn at(place: &Place) -> String {
    if place.row == 0 {
        place.path.clone()
    } else {
        format!("{}:{}: {}", place.row, place.column, place.path)
    }
}
