//! The variables of a session that is moved: set, kept or dropped, each as the map says.

use std::collections::BTreeSet;

use super::graft::Tree;
use super::states::{Found, Level, near};
use crate::kyc::chart::document::Content;
use crate::kyc::chart::model::{DataModel, Role};
use crate::kyc::chart::program::{Block, OpKind, Program};
use crate::kyc::chart::run::{Run, Stop};
use crate::kyc::chart::session::Session;
use crate::kyc::logic::Budget;
use crate::kyc::migration::{Beside, MigrationError, Weight};
use crate::kyc::rules::{Code, Names, shown};
use crate::value::Value;

/// What all expressions of a move may take.
pub(super) const BUDGET: Budget = Budget::new(1_000_000, 16 << 20);

/// What variables are set to, in the order of their names.
pub(super) struct Assignments<'a> {
    set: Vec<(&'a str, Set<'a>)>,
    /// Those of the new chart.
    new: Variables,
}

enum Set<'a> {
    Value(&'a Value),
    Code(Code),
}

/// The variables of a chart.
struct Variables {
    /// Those that every session has.
    always: BTreeSet<String>,
    /// Those that its loops make.
    loops: BTreeSet<String>,
}

impl Variables {
    fn of(program: &Program<Code>) -> Self {
        let data = program.nodes.iter().flat_map(|node| &node.data);
        let always = data.map(|variable| variable.name.to_string()).collect();
        let mut loops = BTreeSet::new();
        let mut open: Vec<&Block<Code>> = Vec::new();
        for node in &program.nodes {
            open.extend(node.entry.iter().chain(&node.exit));
            open.push(&node.on_initial);
            open.extend(node.invokes.iter().filter_map(|call| call.finalize.as_ref()));
        }
        open.extend(program.edges.iter().map(|edge| &edge.block));
        while let Some(block) = open.pop() {
            for op in block {
                match &op.kind {
                    OpKind::If(branches) => open.extend(branches.iter().map(|(_, block)| block)),
                    OpKind::Foreach { item, index, block, .. } => {
                        loops.extend(index.iter().chain([item]).map(ToString::to_string));
                        open.push(block);
                    }
                    _ => {}
                }
            }
        }
        Self { always, loops }
    }

    fn has(&self, name: &str) -> bool {
        self.always.contains(name) || self.loops.contains(name)
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.always.iter().chain(&self.loops).map(String::as_str)
    }
}

impl<'a> Level<'a> {
    /// What is set, compiled, with what is wrong about it.
    pub(super) fn assignments(&self, beside: Beside<'_>, found: &mut Found) -> Assignments<'a> {
        let context = &self.mapping.context;
        let (old, new) = (Variables::of(&self.old), Variables::of(&self.new));
        let names = Names {
            variables: old.all().map(str::to_owned).collect(),
            states: self.old.states().map(str::to_owned).collect(),
        };
        // They are written with the new version, and ask what it asks.
        let rules = beside.new.rules(BUDGET).naming(&names);
        let mut set = Vec::new();
        for (name, (content, place)) in &context.set {
            if !new.has(name) {
                let near = near(name, new.all());
                let what = format!("the new chart has no variable `{}`{near}", shown(name));
                found.tell(Weight::Wrong, place, what);
                continue;
            }
            let value = match content {
                Content::Value(value) => Ok(Set::Value(value)),
                Content::Expr(expr) => rules.compile(Role::Value, expr).map(Set::Code),
                _ => continue,
            };
            match value {
                Ok(value) => set.push((&**name, value)),
                Err(fault) => found.tell(Weight::Wrong, place, fault.message),
            }
        }
        for (name, place) in &context.drop {
            if !old.has(name) {
                let near = near(name, old.all());
                let what = format!("the old chart has no variable `{}`{near}", shown(name));
                found.tell(Weight::Wrong, place, what);
            }
        }
        let place = &self.mapping.place;
        let is_named =
            |name: &str| context.set.contains_key(name) || context.drop.contains_key(name);
        for name in old.all().filter(|name| !is_named(name)) {
            if !(context.keep && new.has(name)) {
                let weight =
                    if old.always.contains(name) { Weight::Wrong } else { Weight::Refused };
                found.tell(weight, place, self.unplaced(name, &new));
            }
        }
        for name in new.always.iter().filter(|name| !context.set.contains_key(*name)) {
            if !old.always.contains(name) || context.drop.contains_key(name) {
                found.tell(Weight::Wrong, place, missing(name));
            }
        }
        Assignments { set, new }
    }

    /// That nothing is said of a variable that the old session has.
    fn unplaced(&self, name: &str, new: &Variables) -> String {
        let name = shown(name);
        if new.has(&name) {
            return format!(
                "nothing is said of the variable `{name}`: set or drop it under `context`, or write `keep: true`"
            );
        }
        let near = near(&name, new.all());
        format!(
            "the new chart has no variable `{name}`: write it under `drop`, once what is to stay of it is set{near}"
        )
    }

    /// The variables of the new session.
    pub(super) fn variables(
        &self,
        tree: &Tree<'_, '_>,
        assignments: &Assignments<'_>,
        session: &Session,
    ) -> Result<Value, MigrationError> {
        let context = &self.mapping.context;
        let new = &assignments.new;
        let mut pairs: Vec<(Value, Value)> = Vec::new();
        let old = session.data.as_object().into_iter().flat_map(|data| data.iter());
        for (key, value) in old {
            let name = key.as_str().unwrap_or_default();
            if context.drop.contains_key(name) || context.set.contains_key(name) {
                continue;
            }
            if !(context.keep && new.has(name)) {
                return Err(MigrationError::Context(self.unplaced(name, new)));
            }
            pairs.push((key.clone(), value.clone()));
        }
        let mut rules = tree.beside.new.rules(BUDGET);
        let mut run = Run::new(&mut rules, tree.now, false);
        run.load(self.old.clone(), session.clone());
        for (name, set) in &assignments.set {
            let value = match set {
                Set::Value(value) => (*value).clone(),
                Set::Code(code) => {
                    let told = run.ask(0, |model, scope| model.value(scope, code));
                    told.map_err(|stop| match stop {
                        Stop::Step(error) => MigrationError::from(error),
                        Stop::Fault(fault) | Stop::Sending(fault, _) => MigrationError::Context(
                            format!("`{}` cannot be told: {}", shown(name), fault.message),
                        ),
                    })?
                }
            };
            pairs.push((Value::from(*name), value));
        }
        let data = Value::object(pairs);
        match new.always.iter().find(|name| data.get_str(name).is_none()) {
            Some(name) => Err(MigrationError::Context(missing(name))),
            None => Ok(data),
        }
    }
}

/// That the new chart has a variable that would not be there.
fn missing(name: &str) -> String {
    format!(
        "the new chart has the variable `{0}`, and a case would not: write `{0}: …` under `set`",
        shown(name)
    )
}
