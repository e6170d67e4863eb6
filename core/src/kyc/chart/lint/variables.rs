//! Variables that are read and nowhere made, and those that are made and never read.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::place;
use super::walk::Act;
use super::{Known, Report, walk};
use crate::kyc::chart::document::{ActionKind, Content, Datum, Expr, Given, Param, Place};
use crate::kyc::chart::draw::Tree;
use crate::near::nearest;
use crate::value::Value;

pub(super) fn check(tree: &Tree<'_>, known: &Known<'_>, report: &mut Report) {
    let Some(reads) = known.reads else { return };
    let mut told = Variables {
        reads,
        read: BTreeMap::new(),
        made: BTreeSet::new(),
        has_script: false,
        reads_all: false,
    };
    told.walk(tree);
    let declared: Vec<(usize, &Datum)> = data(tree).collect();
    told.made.extend(declared.iter().map(|(_, datum)| datum.id.clone()));
    let schema = tree.chart.schema.as_ref().and_then(|schema| schema.get_str("properties"));
    let schema = schema.and_then(Value::as_object);
    let schema = schema.into_iter().flat_map(|of| of.keys().filter_map(Value::as_str));
    told.made.extend(schema.map(str::to_owned));
    for (at, datum) in declared {
        if !told.reads_all && !told.read.contains_key(&datum.id) {
            let message = format!("no expression reads `{}`", datum.id);
            report.add("unused-variable", place(tree, at, &datum.place), message);
        }
    }
    // What a script makes is not known.
    if told.has_script {
        return;
    }
    for (name, (at, own)) in &told.read {
        if !told.made.contains(name) && !name.starts_with('_') {
            let meant = nearest(name, told.made.iter().map(String::as_str));
            let meant = meant.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = format!("`{name}` is read, and neither declared nor assigned{meant}");
            report.add("undeclared-variable", place(tree, *at, own), message);
        }
    }
}

fn data<'c>(tree: &Tree<'c>) -> impl Iterator<Item = (usize, &'c Datum)> {
    let of_states = tree.nodes.iter().enumerate().filter_map(|(at, node)| Some((at, node.state?)));
    let of_states =
        of_states.flat_map(|(at, state)| state.data.iter().map(move |datum| (at, datum)));
    let of_states: Vec<_> = of_states.collect();
    tree.chart.data.iter().map(|datum| (0, datum)).chain(of_states)
}

struct Variables<'a> {
    reads: &'a dyn Fn(&Expr) -> Option<Vec<String>>,
    /// Where each variable is read first.
    read: BTreeMap<String, (usize, Place)>,
    made: BTreeSet<String>,
    has_script: bool,
    /// An expression reads whatever it likes.
    reads_all: bool,
}

impl Variables<'_> {
    fn walk(&mut self, tree: &Tree<'_>) {
        self.script(0, tree.chart.script.as_ref());
        for (at, datum) in data(tree) {
            self.content(at, datum.value.as_ref());
        }
        for (at, node) in tree.nodes.iter().enumerate() {
            let Some(state) = node.state else { continue };
            for guard in state.transitions.iter().filter_map(|transition| transition.guard.as_ref())
            {
                self.expr(at, guard);
            }
            for timer in &state.timers {
                self.given(at, Some(&timer.delay));
            }
            if let Some(done) = &state.done {
                self.content(at, done.content.as_ref());
                self.params(at, &done.params);
            }
            for invoke in &state.invokes {
                self.given(at, invoke.kind.as_ref());
                self.given(at, invoke.src.as_ref());
                self.content(at, invoke.content.as_ref());
                self.params(at, &invoke.params);
                self.names(at, &invoke.names, &invoke.place);
                self.location(at, invoke.id_location.as_ref(), &invoke.place);
            }
        }
        for Act { at, action, .. } in walk::actions(tree) {
            self.action(at, &action.kind, &action.place);
        }
    }

    fn action(&mut self, at: usize, action: &ActionKind, own: &Place) {
        match action {
            ActionKind::Raise(_) => {}
            ActionKind::Send(send) => {
                for given in [&send.event, &send.target, &send.kind, &send.delay] {
                    self.given(at, given.as_ref());
                }
                self.content(at, send.content.as_ref());
                self.params(at, &send.params);
                self.names(at, &send.names, own);
                self.location(at, send.id_location.as_ref(), own);
            }
            ActionKind::Cancel(id) => self.given(at, Some(id)),
            ActionKind::Log { value, .. } => {
                if let Some(value) = value {
                    self.expr(at, value);
                }
            }
            ActionKind::Assign { location, value } => {
                self.location(at, Some(location), own);
                self.content(at, Some(value));
            }
            ActionKind::If(branches) => {
                for condition in branches.iter().filter_map(|branch| branch.condition.as_ref()) {
                    self.expr(at, condition);
                }
            }
            ActionKind::Foreach { array, item, index, .. } => {
                self.expr(at, array);
                self.made.insert(item.clone());
                self.made.extend(index.clone());
            }
            ActionKind::Script(script) => self.script(at, Some(script)),
        }
    }

    fn expr(&mut self, at: usize, expr: &Expr) {
        let Some(names) = (self.reads)(expr) else {
            self.reads_all = true;
            return;
        };
        for name in names {
            self.read.entry(root(&name).to_owned()).or_insert_with(|| (at, expr.place.clone()));
        }
    }

    fn script(&mut self, at: usize, script: Option<&Expr>) {
        if let Some(script) = script {
            self.has_script = true;
            self.expr(at, script);
        }
    }

    fn given<T>(&mut self, at: usize, given: Option<&Given<T>>) {
        if let Some(Given::Expr(expr)) = given {
            self.expr(at, expr);
        }
    }

    fn content(&mut self, at: usize, content: Option<&Content>) {
        if let Some(Content::Expr(expr)) = content {
            self.expr(at, expr);
        }
    }

    fn params(&mut self, at: usize, params: &[Param]) {
        for param in params {
            self.given(at, Some(&param.value));
        }
    }

    fn names(&mut self, at: usize, names: &[String], own: &Place) {
        for name in names {
            self.read.entry(root(name).to_owned()).or_insert_with(|| (at, own.clone()));
        }
    }

    /// A place that gets a value. A path such as `risks[at]` reads what stands in it.
    fn location(&mut self, at: usize, location: Option<&String>, own: &Place) {
        let Some(location) = location else { return };
        let made = root(location);
        self.made.insert(made.to_owned());
        if made != location.as_str() {
            self.expr(at, &Expr { source: Value::string(location), place: own.clone() });
        }
    }
}

/// The variable of a path.
fn root(path: &str) -> &str {
    path.split(['.', '[', '/']).next().map_or(path, str::trim)
}

/// The variables that something changes; none, if a script may change any.
pub(super) fn changed<'c>(tree: &Tree<'c>) -> Option<BTreeSet<&'c str>> {
    if tree.chart.script.is_some() {
        return None;
    }
    let mut changed = BTreeSet::new();
    let invokes = tree.nodes.iter().filter_map(|node| node.state).flat_map(|state| &state.invokes);
    changed.extend(invokes.filter_map(|invoke| invoke.id_location.as_deref()).map(root));
    for Act { action, .. } in walk::actions(tree) {
        match &action.kind {
            ActionKind::Assign { location, .. } => changed.extend([root(location)]),
            ActionKind::Foreach { item, index, .. } => {
                changed.insert(item);
                changed.extend(index.as_deref());
            }
            ActionKind::Send(send) => changed.extend(send.id_location.as_deref().map(root)),
            ActionKind::Script(_) => return None,
            ActionKind::Raise(_)
            | ActionKind::Cancel(_)
            | ActionKind::Log { .. }
            | ActionKind::If(_) => {}
        }
    }
    Some(changed)
}
