//! A body with its names resolved, before its goals are put in order.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::builtin::Builtin;
use super::error::Place;
use super::tree::NodeId;
use super::value::Value;

/// A variable's place in its rule's frame.
pub(super) type Slot = u32;

#[derive(Clone, Debug)]
pub(super) enum T {
    Const(Value),
    Var(Slot),
    Ref(Root, Vec<T>),
    Array(Vec<T>),
    Object(Vec<(T, T)>),
    Set(Vec<T>),
    /// With the row where it stands.
    Call(Callee, Vec<T>, u32),
    Closure(Box<Closure>),
    Template(Vec<Piece>),
}

/// What a reference starts from.
#[derive(Clone, Debug)]
pub(super) enum Root {
    Input,
    Data,
    Term(Box<T>),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Callee {
    Builtin(&'static Builtin),
    Function(NodeId),
}

/// A comprehension. Slots from `first` on are its own.
#[derive(Clone, Debug)]
pub(super) struct Closure {
    pub(super) make: Make,
    pub(super) head: Vec<T>,
    pub(super) body: Vec<Goal>,
    pub(super) first: Slot,
    pub(super) at: Place,
}

/// What a comprehension makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Make {
    Array,
    Set,
    Object,
}

/// A part of a template: a text, or the set of an expression's values, which is empty where it is undefined.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(Arc<str>),
    Expr(T),
}

#[derive(Clone, Debug)]
pub(super) struct Goal {
    pub(super) at: Place,
    pub(super) kind: GoalKind,
}

#[derive(Clone, Debug)]
pub(super) enum GoalKind {
    Test(T),
    Unify(T, T),
    Not(Box<NotGoal>),
    SomeIn(Option<T>, T, T),
    Every(Box<EveryGoal>),
    With(Vec<(Target, Replacement)>, Vec<Goal>),
}

/// One negated literal.
#[derive(Clone, Debug)]
pub(super) struct NotGoal {
    /// What is evaluated directly before it and fails the body where it is undefined.
    pub(super) before: Vec<Goal>,
    pub(super) body: Vec<Goal>,
    /// The variables that were made for it; all others must be bound outside.
    pub(super) own: BTreeSet<Slot>,
}

#[derive(Clone, Debug)]
pub(super) struct EveryGoal {
    pub(super) key: Option<T>,
    pub(super) value: T,
    pub(super) domain: T,
    pub(super) body: Vec<Goal>,
    pub(super) first: Slot,
}

/// What a `with` replaces.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    Input(Vec<Value>),
    Data(Vec<Value>),
    Builtin(&'static str),
    Function(NodeId),
}

#[derive(Clone, Debug)]
pub(super) enum Replacement {
    Value(T),
    Function(Callee),
}

impl T {
    /// Calls on every slot within, those of closures too.
    pub(super) fn each_slot(&self, on: &mut dyn FnMut(Slot)) {
        match self {
            Self::Const(_) => {}
            Self::Var(slot) => on(*slot),
            Self::Ref(root, path) => {
                if let Root::Term(term) = root {
                    term.each_slot(on);
                }
                path.iter().for_each(|term| term.each_slot(on));
            }
            Self::Array(items) | Self::Set(items) | Self::Call(_, items, _) => {
                items.iter().for_each(|term| term.each_slot(on));
            }
            Self::Object(pairs) => pairs.iter().for_each(|(key, value)| {
                key.each_slot(on);
                value.each_slot(on);
            }),
            Self::Closure(closure) => {
                closure.head.iter().for_each(|term| term.each_slot(on));
                closure.body.iter().for_each(|goal| goal.each_slot(on));
            }
            Self::Template(pieces) => pieces.iter().for_each(|piece| {
                if let Piece::Expr(term) = piece {
                    term.each_slot(on);
                }
            }),
        }
    }
}

impl Goal {
    /// Calls on every slot within.
    pub(super) fn each_slot(&self, on: &mut dyn FnMut(Slot)) {
        match &self.kind {
            GoalKind::Test(term) => term.each_slot(on),
            GoalKind::Unify(a, b) => {
                a.each_slot(on);
                b.each_slot(on);
            }
            GoalKind::Not(not) => {
                not.before.iter().chain(&not.body).for_each(|goal| goal.each_slot(on));
            }
            GoalKind::SomeIn(key, value, domain) => {
                if let Some(key) = key {
                    key.each_slot(on);
                }
                value.each_slot(on);
                domain.each_slot(on);
            }
            GoalKind::Every(every) => {
                if let Some(key) = &every.key {
                    key.each_slot(on);
                }
                every.value.each_slot(on);
                every.domain.each_slot(on);
                every.body.iter().for_each(|goal| goal.each_slot(on));
            }
            GoalKind::With(with, body) => {
                for (_, replacement) in with {
                    if let Replacement::Value(term) = replacement {
                        term.each_slot(on);
                    }
                }
                body.iter().for_each(|goal| goal.each_slot(on));
            }
        }
    }
}
