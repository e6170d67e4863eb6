//! A chart that was checked and compiled: states by numbers in document order, so that what belongs to what is told by comparing two of them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, Range};
use std::sync::Arc;

use super::bits::Bits;
use super::document::{Place, Restore};
use super::duration::Duration;
use super::effect::Message;
use super::event::Event;
use super::invoke::inline;
use super::model::{DataModel, Fault};
use super::session::{Held, Session};
use super::topics::{Row, Topics};
use crate::value::Value;
use crate::value::schema::Kept;

/// The most states of a chart.
pub const STATES: usize = 4_096;
/// How deep states nest at most, and executable content likewise.
pub const DEPTH: u32 = 64;

/// A chart, checked and compiled for a data model whose compiled expressions are `C`.
#[derive(Debug)]
pub struct Program<C> {
    pub(super) name: Box<str>,
    /// Zero is the chart itself.
    pub(super) nodes: Box<[Node<C>]>,
    pub(super) edges: Box<[Edge<C>]>,
    /// The states that have a name.
    pub(super) names: BTreeMap<Box<str>, u32>,
    pub(super) topics: Topics,
    /// The states without children.
    pub(super) atomic: Bits,
    /// The states that have transitions without events.
    pub(super) eventless: Bits,
    pub(super) is_late: bool,
    pub(super) script: Option<(C, Place)>,
    /// What its context has to be like.
    pub(super) schema: Option<Arc<Kept>>,
}

/// What a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    Atomic,
    Compound,
    Parallel,
    Final,
    Shallow,
    Deep,
}

impl Nature {
    pub(super) const fn is_history(self) -> bool {
        matches!(self, Self::Shallow | Self::Deep)
    }
}

/// A state.
#[derive(Debug)]
pub(super) struct Node<C> {
    pub(super) name: Box<str>,
    pub(super) nature: Nature,
    /// Of the chart itself: its own.
    pub(super) parent: u32,
    /// Its descendants are those between it and this one.
    pub(super) end: u32,
    /// Without history states.
    pub(super) children: Box<[u32]>,
    pub(super) histories: Box<[u32]>,
    /// Where it begins, if it is compound; where it leads without a history, if it is one.
    pub(super) initial: Box<[u32]>,
    pub(super) on_initial: Block<C>,
    pub(super) entry: Box<[Block<C>]>,
    pub(super) exit: Box<[Block<C>]>,
    pub(super) edges: Range<u32>,
    pub(super) timers: Box<[Clock<C>]>,
    pub(super) invokes: Box<[Call<C>]>,
    pub(super) data: Box<[Variable<C>]>,
    pub(super) done: Option<Told<C>>,
    /// What the chart is told when it is done, if nothing is told along with it.
    pub(super) on_done: Arc<Event>,
}

/// A transition.
#[derive(Debug)]
pub(super) struct Edge<C> {
    pub(super) source: u32,
    /// Which of its state's.
    pub(super) index: u32,
    /// None: it is taken without an event.
    pub(super) topics: Box<[Row]>,
    pub(super) guard: Option<C>,
    pub(super) targets: Box<[u32]>,
    pub(super) domain: Domain,
    pub(super) is_internal: bool,
    pub(super) block: Block<C>,
    pub(super) place: Place,
}

/// The state whose descendants a transition leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// It leaves nothing.
    None,
    /// That.
    Fixed(u32),
    /// It depends on what a history state stands for.
    History,
}

/// Actions; an error ends them.
pub(super) type Block<C> = Box<[Op<C>]>;

/// Something that is done.
#[derive(Debug)]
pub(super) struct Op<C> {
    pub(super) kind: OpKind<C>,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) enum OpKind<C> {
    Raise(Box<str>),
    Send(Box<Sending<C>>),
    Cancel(Text<C>),
    Log { label: Option<Arc<str>>, value: Option<C> },
    Assign { location: C, value: Carried<C> },
    If(Box<[(Option<C>, Block<C>)]>),
    Foreach { array: C, item: Box<str>, index: Option<Box<str>>, block: Block<C> },
    Script(C),
}

/// A text that is written down, or evaluated.
#[derive(Debug)]
pub(super) enum Text<C> {
    Known(Box<str>),
    Code(C),
}

/// How long something waits.
#[derive(Debug)]
pub(super) enum Wait<C> {
    Known(Duration),
    Code(C),
}

/// What is carried.
#[derive(Debug)]
pub(super) enum Carried<C> {
    Code(C),
    Value(Value),
    Src(Box<str>),
    Chart(Arc<Program<C>>),
}

/// What a message, a service or a final state gets.
#[derive(Debug)]
pub(super) struct Told<C> {
    pub(super) names: Box<[Named<C>]>,
    pub(super) params: Box<[(Arc<str>, Carried<C>)]>,
    pub(super) content: Option<Carried<C>>,
    pub(super) place: Place,
}

/// A variable that is carried by its name.
#[derive(Debug)]
pub(super) struct Named<C> {
    pub(super) name: Arc<str>,
    pub(super) value: C,
    pub(super) location: C,
}

#[derive(Debug)]
pub(super) struct Sending<C> {
    pub(super) event: Option<Text<C>>,
    pub(super) target: Option<Text<C>>,
    pub(super) kind: Option<Text<C>>,
    pub(super) id: Option<Box<str>>,
    pub(super) id_location: Option<C>,
    pub(super) delay: Option<Wait<C>>,
    pub(super) told: Told<C>,
}

#[derive(Debug)]
pub(super) struct Call<C> {
    pub(super) id: Option<Arc<str>>,
    pub(super) id_location: Option<C>,
    pub(super) kind: Option<Text<C>>,
    pub(super) src: Option<Text<C>>,
    pub(super) told: Told<C>,
    pub(super) is_forwarding: bool,
    pub(super) finalize: Option<Block<C>>,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) struct Clock<C> {
    pub(super) delay: Wait<C>,
    pub(super) event: Box<str>,
    /// What is sent when it is over: that event.
    pub(super) message: Arc<Message>,
    pub(super) restore: Restore,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) struct Variable<C> {
    pub(super) name: Box<str>,
    pub(super) value: Option<Carried<C>>,
    pub(super) place: Place,
}

impl<C> Program<C> {
    /// The chart's name; empty if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of its states in document order; those without a name are called `state.N`.
    pub fn states(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().skip(1).map(|node| &*node.name)
    }

    /// The active states of a session, in document order.
    pub fn active<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a str> {
        self.named(&session.active)
    }

    /// The states that are active in a session and in those below it. The model finds the charts that they invoked by their addresses.
    ///
    /// # Errors
    /// The model does not find one, or a session is not one of its chart.
    pub fn active_below<M: DataModel<Code = C>>(
        &self,
        session: &Session,
        model: &mut M,
    ) -> Result<BTreeSet<String>, Fault> {
        let mut active = BTreeSet::new();
        let mut open = vec![(Handle::Lent(self), session)];
        while let Some((program, session)) = open.pop() {
            if !program.accepts(session) {
                let (id, name) = (session.id(), program.name());
                return Err(Fault::new(format!(
                    "the session `{id}` is none of the chart `{name}`"
                )));
            }
            active.extend(program.active(session).map(str::to_owned));
            for invoked in &session.invoked {
                if let Held::Chart { source, session: Some(child) } = &invoked.held {
                    let (state, index) = (invoked.state, invoked.index);
                    let found = program.chart_of(state, index, source.as_ref(), model)?;
                    open.push((Handle::Shared(found), child));
                }
            }
        }
        Ok(active)
    }

    /// The chart that an invocation runs: what the model finds at an address, or what is written down there.
    pub(super) fn chart_of<M: DataModel<Code = C>>(
        &self,
        state: u32,
        index: u32,
        source: Option<&Value>,
        model: &mut M,
    ) -> Result<Arc<Self>, Fault> {
        match source {
            Some(source) => model.chart(source),
            None => inline(self, state, index)
                .ok_or_else(|| Fault::new("the chart above has none there")),
        }
    }

    pub(super) fn named<'a>(&'a self, active: &'a Bits) -> impl Iterator<Item = &'a str> {
        // The first is the chart itself.
        active.iter().filter(|state| *state != 0).filter_map(|state| Some(&*self.node(state)?.name))
    }

    /// The active states that have no children, in document order.
    pub fn atomic<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a str> {
        let atomic = session.active.iter().filter(|state| self.atomic.contains(*state));
        atomic.filter_map(|state| Some(&*self.node(state)?.name))
    }

    /// Whether the state of a name is active in a session.
    #[must_use]
    pub fn is_active(&self, session: &Session, name: &str) -> bool {
        self.holds(&session.active, name)
    }

    pub(super) fn holds(&self, active: &Bits, name: &str) -> bool {
        self.names.get(name).is_some_and(|state| active.contains(*state))
    }

    /// The state whose descendants a transition leaves that leads from a state to others, none of which stands for a history.
    pub(super) fn domain(&self, source: u32, is_internal: bool, targets: &[u32]) -> u32 {
        let holds = |state| targets.iter().all(|target| self.is_within(*target, state));
        let is_compound = |state| self.nature(state) == Some(Nature::Compound);
        if is_internal && is_compound(source) && holds(source) {
            return source;
        }
        let mut state = source;
        while let Some(node) = self.node(state).filter(|_| state != 0) {
            state = node.parent;
            if is_compound(state) && holds(state) {
                break;
            }
        }
        state
    }

    pub(super) fn node(&self, state: u32) -> Option<&Node<C>> {
        self.nodes.get(usize::try_from(state).ok()?)
    }

    pub(super) fn edge(&self, edge: u32) -> Option<&Edge<C>> {
        self.edges.get(usize::try_from(edge).ok()?)
    }

    pub(super) fn nature(&self, state: u32) -> Option<Nature> {
        self.node(state).map(|node| node.nature)
    }

    pub(super) fn name_of(&self, state: u32) -> &str {
        self.node(state).map_or("", |node| &node.name)
    }

    /// Whether a state lies within another, and is not that one.
    pub(super) fn is_within(&self, state: u32, other: u32) -> bool {
        other < state && self.node(other).is_some_and(|node| state < node.end)
    }

    /// Whether the active states of a session can be active together in this chart: of each compound state one child, of each parallel all.
    #[must_use]
    pub fn accepts(&self, session: &Session) -> bool {
        let is_active = |state: u32| session.active.contains(state);
        let calls = |state| self.node(state).map_or(0, |node| node.invokes.len());
        session.active.contains(0)
            && session.active.iter().all(|state| self.is_legal(&session.active, state))
            && session.history.iter().all(|(state, held)| self.can_remember(*state, held))
            && session.timers.iter().all(|waiting| waiting.state.is_none_or(is_active))
            && session.invoked.iter().all(|invoked| {
                let index = usize::try_from(invoked.index).unwrap_or(usize::MAX);
                is_active(invoked.state) && index < calls(invoked.state)
            })
    }

    /// Whether a history state can hold these: a shallow one children, a deep one what has none, that can be active together below its parent.
    pub(super) fn can_remember(&self, history: u32, held: &Bits) -> bool {
        let Some(node) = self.node(history).filter(|node| node.nature.is_history()) else {
            return false;
        };
        let is_deep = node.nature == Nature::Deep;
        let mut below = Bits::default();
        below.insert(node.parent);
        for state in held.iter() {
            let Some(own) = self.node(state).filter(|own| !own.nature.is_history()) else {
                return false;
            };
            let is_meant = if is_deep {
                self.atomic.contains(state) && self.is_within(state, node.parent)
            } else {
                own.parent == node.parent
            };
            if !is_meant {
                return false;
            }
            let mut at = state;
            while !below.contains(at) {
                below.insert(at);
                at = self.node(at).map_or(0, |node| node.parent);
            }
        }
        let mut whole = below.iter().filter(|state| is_deep || *state == node.parent);
        whole.all(|state| self.is_legal(&below, state))
    }

    /// Whether as many children of an active state are active as its nature asks for, and it is a child of one that is active.
    pub(super) fn is_legal(&self, active: &Bits, state: u32) -> bool {
        let Some(node) = self.node(state) else { return false };
        let wanted = match node.nature {
            Nature::Atomic | Nature::Final => 0,
            Nature::Compound => 1,
            Nature::Parallel => node.children.len(),
            Nature::Shallow | Nature::Deep => return false,
        };
        let (mut found, mut from) = (0, state.saturating_add(1));
        // What is active within stands behind its child: children are found by leaps.
        while let Some(child) = active.next(from).filter(|child| *child < node.end) {
            let Some(below) = self.node(child).filter(|below| below.parent == state) else {
                return false;
            };
            (found, from) = (found + 1, below.end);
        }
        found == wanted
    }
}

/// A program that is lent, or shared because a model found it.
#[derive(Debug)]
pub(super) enum Handle<'p, C> {
    Lent(&'p Program<C>),
    Shared(Arc<Program<C>>),
}

impl<C> Clone for Handle<'_, C> {
    fn clone(&self) -> Self {
        match self {
            Self::Lent(program) => Self::Lent(program),
            Self::Shared(program) => Self::Shared(Arc::clone(program)),
        }
    }
}

impl<C> Deref for Handle<'_, C> {
    type Target = Program<C>;

    fn deref(&self) -> &Program<C> {
        match self {
            Self::Lent(program) => program,
            Self::Shared(program) => program,
        }
    }
}
