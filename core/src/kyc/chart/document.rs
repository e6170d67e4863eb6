//! A chart as it is written: what JSON, YAML and SCXML are read into and written from, before anything is checked or resolved.
//!
//! Names are SCXML's where it has one. An expression is opaque here: what it means is the business of the data model that a program runs with.

use crate::value::Value;

/// Where something stands in the text that it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The path to it: `states/review/on/approve`, or an XPath such as `/scxml/state[2]`.
    pub path: String,
    /// The row, from one; zero where it was not read from a text.
    pub row: u32,
    /// The column, from one.
    pub column: u32,
}

/// A chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// Its name: what `_name` is, and what other charts invoke it by.
    pub id: Option<String>,
    /// The data model that its expressions are written for; none is the reader's default.
    pub datamodel: Option<String>,
    /// When data of states is made.
    pub binding: Binding,
    /// Where it begins; the first state, if it does not say.
    pub initial: Option<Initial>,
    /// What it knows from the start.
    pub data: Vec<Datum>,
    /// JSON Schema of what it knows.
    pub schema: Option<Value>,
    /// What runs once, before it begins.
    pub script: Option<Expr>,
    /// Its states, in document order.
    pub states: Vec<State>,
    /// A description for people.
    pub description: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// When the data of states is made: with the chart, or when the state is entered for the first time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Binding {
    /// With the chart.
    #[default]
    Early,
    /// When its state is entered for the first time.
    Late,
}

/// A state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Its name. SCXML lets a state have none; none can be a target then.
    pub id: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Where a compound state begins; its first child, if it does not say.
    pub initial: Option<Initial>,
    /// What is done on entry, as blocks: an error ends its block, and the next one runs.
    pub entry: Vec<Vec<Action>>,
    /// What is done on exit, as blocks.
    pub exit: Vec<Vec<Action>>,
    /// Its transitions, in document order. A history state has exactly one, without event and guard: where it leads if there is no history.
    pub transitions: Vec<Transition>,
    /// What is invoked while it is active.
    pub invokes: Vec<Invoke>,
    /// Timers that run while it is active.
    pub timers: Vec<Timer>,
    /// Data that belongs to it.
    pub data: Vec<Datum>,
    /// What a final state tells.
    pub done: Option<Done>,
    /// Its children, in document order.
    pub states: Vec<Self>,
    /// A description for people.
    pub description: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// What a state is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Atomic without children, compound with some.
    #[default]
    State,
    /// All its children are active at once.
    Parallel,
    /// Its parent is done when it is entered.
    Final,
    /// Stands for the children that were active when its parent was left.
    History {
        /// Their descendants, too.
        deep: bool,
    },
}

/// Where a compound state or a chart begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Initial {
    /// The states, by name.
    pub targets: Vec<String>,
    /// What is done on the way, after the entry of the parent and before that of the children.
    pub actions: Vec<Action>,
    /// Where it stands.
    pub place: Place,
}

/// A transition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transition {
    /// Descriptors of events: `document`, `document.*`, `*`. None: it is taken without an event.
    pub events: Vec<String>,
    /// What must hold.
    pub guard: Option<Expr>,
    /// The states it leads to; none: it only acts.
    pub targets: Vec<String>,
    /// Whether a compound source is not left when all targets are its descendants.
    pub internal: bool,
    /// What is done on the way.
    pub actions: Vec<Action>,
    /// A description for people.
    pub description: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// An expression of the data model: a text of its language, or data such as JSON Logic.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What is evaluated.
    pub source: Value,
    /// Where it stands.
    pub place: Place,
}

impl Expr {
    /// A script that stands elsewhere, as `{"src": ADDRESS}`: its data model fetches it when it compiles it.
    #[must_use]
    pub fn elsewhere(address: &str, place: Place) -> Self {
        Self { source: Value::fields([("src", Value::string(address))]), place }
    }

    /// The address of a script that stands elsewhere.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.source.get_str("src").filter(|_| self.source.len() == 1)?.as_str()
    }
}

/// Something that is written down, or evaluated when it is needed.
#[derive(Clone, Debug, PartialEq)]
pub enum Given<T> {
    /// Written down.
    Known(T),
    /// Evaluated.
    Expr(Expr),
}

/// A variable of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    /// Its name.
    pub id: String,
    /// What it begins with; undefined, if nothing is said.
    pub value: Option<Content>,
    /// Where it stands.
    pub place: Place,
}

/// What is carried: the value of an expression, or what is written there.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Evaluated.
    Expr(Expr),
    /// As it is. A text of SCXML that is no JSON is a text with its white space normalised.
    Value(Value),
    /// To be found elsewhere, by its address (`src`): the data model is asked for it.
    Src(String),
    /// A chart, to be invoked.
    Chart(Box<Chart>),
}

/// A named part of what is carried.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its value: written down, or an expression, or a location, which is evaluated alike but has to exist.
    pub value: Given<Value>,
}

/// What a final state tells: `done.state.…` carries it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Done {
    /// The whole of it.
    pub content: Option<Content>,
    /// Or its parts.
    pub params: Vec<Param>,
    /// Where it stands.
    pub place: Place,
}

/// Executable content, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What is done.
    pub kind: ActionKind,
    /// Where it stands.
    pub place: Place,
}

/// What is done.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionKind {
    /// An event into the internal queue.
    Raise(String),
    /// An event to somewhere, now or later.
    Send(Box<Send>),
    /// What was sent and is not due yet is not sent.
    Cancel(Given<String>),
    /// Something for the log of the host.
    Log {
        /// What it is about.
        label: Option<String>,
        /// What is told.
        value: Option<Expr>,
    },
    /// A variable gets a value.
    Assign {
        /// Where: a name or a path of the data model.
        location: String,
        /// What.
        value: Content,
    },
    /// The first branch whose condition holds.
    If(Vec<Branch>),
    /// Once for each item of an array, of which a copy is walked.
    Foreach {
        /// The array.
        array: Expr,
        /// The variable of the item.
        item: String,
        /// The variable of its place, from zero.
        index: Option<String>,
        /// What is done.
        actions: Vec<Action>,
    },
    /// A script of the data model.
    Script(Expr),
}

/// A branch of a choice; without a condition it is the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// What must hold.
    pub condition: Option<Expr>,
    /// What is done then.
    pub actions: Vec<Action>,
}

/// How long something waits: text such as `1.5s`, `250ms`, or a duration of ISO 8601 such as `P30D` and `PT1H`.
pub type Delay = Given<String>;

/// An event that is sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Send {
    /// Its name; none if its content says all.
    pub event: Option<Given<String>>,
    /// Where it goes: none is this session, `#_internal`, `#_parent`, `#_ID` of what was invoked; anything else is the host's business.
    pub target: Option<Given<String>>,
    /// By what kind of processor; none is SCXML's own.
    pub kind: Option<Given<String>>,
    /// What it can be cancelled by.
    pub id: Option<String>,
    /// The variable that gets a made-up id instead.
    pub id_location: Option<String>,
    /// How long it waits.
    pub delay: Option<Delay>,
    /// Variables that it carries by their names.
    pub names: Vec<String>,
    /// Named parts that it carries.
    pub params: Vec<Param>,
    /// Or the whole of what it carries.
    pub content: Option<Content>,
}

/// What runs beside a state while it is active: another chart, or a service of the host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Invoke {
    /// Its id; made up as `STATE.N` if none is given.
    pub id: Option<String>,
    /// The variable that gets the id.
    pub id_location: Option<String>,
    /// What it is: none or `scxml` is a chart, anything else the host's business.
    pub kind: Option<Given<String>>,
    /// Where it is to be found: the id of a chart, or the host's business.
    pub src: Option<Given<String>>,
    /// Variables that it gets by their names.
    pub names: Vec<String>,
    /// Named parts that it gets.
    pub params: Vec<Param>,
    /// What it is, or what it gets.
    pub content: Option<Content>,
    /// Whether it hears every external event that its parent hears.
    pub autoforward: bool,
    /// What is done with what comes back, before transitions are chosen.
    pub finalize: Option<Vec<Action>>,
    /// Where it stands.
    pub place: Place,
}

/// A timer that runs while its state is active and then gives its event to the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Timer {
    /// How long.
    pub delay: Delay,
    /// Its event: `after.N.STATE` if none is given, with its place in the state from zero.
    pub event: Option<String>,
    /// What becomes of it when its case rested.
    pub restore: Restore,
    /// Where it stands.
    pub place: Place,
}

/// What becomes of a timer when its case was suspended and goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Restore {
    /// It is due when it was: at once, if that has passed.
    #[default]
    Deadline,
    /// It is due after the time that was left when its case was suspended.
    Remaining,
    /// It begins anew.
    Restart,
}

impl Restore {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Deadline, Self::Remaining, Self::Restart];

    /// The word for it, in every form that a chart is written in: `deadline`, `remaining`, `restart`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deadline => "deadline",
            Self::Remaining => "remaining",
            Self::Restart => "restart",
        }
    }
}
