//! Transitions, and what is done on the way.

use thalium::kyc::chart::{Action, ActionKind, Given, Param, Send, Transition};

use crate::guard::guard;
use crate::json::At;
use crate::make::{Make, action, known};
use crate::names::Names;
use crate::report::{listed, shown};

const FIELDS: [&str; 8] =
    ["target", "cond", "actions", "internal", "description", "meta", "in", "event"];

/// A transition, with the numbers of the states it leads to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Way {
    pub(crate) transition: Transition,
    pub(crate) targets: Vec<usize>,
}

impl Way {
    fn is_idle(&self) -> bool {
        self.targets.is_empty() && self.transition.actions.is_empty()
    }
}

/// What a state does for its events.
pub(crate) fn on(make: &mut Make<'_>, names: &Names, source: usize, state: &At<'_>) -> Vec<Way> {
    let Some(on) = state.get("on") else { return Vec::new() };
    let mut ways = Vec::new();
    if let Some(items) = on.items() {
        for item in items {
            if let Some(event) = make.report.needed(&item, "event") {
                ways.extend(ways_for(make, names, source, &item, Some(event)));
            }
        }
    } else if on.is_map() {
        make.report.once(&on);
        for (event, told) in on.fields() {
            ways.extend(ways_for(make, names, source, &told, Some(event)));
        }
    } else {
        make.report.refuse(
            &on,
            format!("is {}, and an object of events should stand here", on.node.told()),
        );
    }
    ways
}

/// The transitions for one event, or for none.
pub(crate) fn ways_for(
    make: &mut Make<'_>,
    names: &Names,
    source: usize,
    at: &At<'_>,
    event: Option<&str>,
) -> Vec<Way> {
    let event = event.filter(|event| !event.is_empty());
    if let Some(event) = event {
        if event == "*" {
            make.report.tolerate(at, "wildcard-never-heard", "an event is refused there before a transition for `*` is looked for: name the events, or remove this");
            return Vec::new();
        }
        let first = event.split('.').next().unwrap_or_default();
        let is_done = event.starts_with("done.state.") || event.starts_with("done.invoke.");
        if matches!(first, "done" | "error" | "after" | "xstate") && !is_done {
            make.report.refuse(
                at,
                format!("`{}` begins as what a chart tells itself: rename the event", shown(event)),
            );
            return Vec::new();
        }
        if is_done {
            make.report.refuse(
                at,
                format!("`{}` is told by the chart itself: write `onDone`", shown(event)),
            );
            return Vec::new();
        }
        if !make.report.name(at, "an event", event) {
            return Vec::new();
        }
    }
    let items = at.items().unwrap_or_else(|| vec![at.clone()]);
    let mut ways: Vec<Way> = Vec::new();
    for item in &items {
        if ways.last().is_some_and(|last| last.transition.guard.is_none()) {
            make.report.tolerate(item, "transition-never-taken", "the transition before this has no guard, so that this is never taken: remove it, or give that one a `cond`");
        }
        if let Some(way) = way(make, names, source, item) {
            ways.push(way);
        }
    }
    if event.is_some() && !ways.is_empty() && ways.iter().all(Way::is_idle) {
        make.report.tolerate(at, "forbidden-event", "nothing is done for this event, and it is refused there where nothing around hears it: remove it");
    }
    for way in &mut ways {
        way.transition.events = event.map(str::to_owned).into_iter().collect();
    }
    ways
}

fn way(make: &mut Make<'_>, names: &Names, source: usize, at: &At<'_>) -> Option<Way> {
    let mut way = Way::default();
    way.transition.place = at.place();
    if at.node.told() == "nothing" {
        return Some(way);
    }
    if at.text().is_some() {
        return lead(make, names, source, std::slice::from_ref(at), &mut way).then_some(way);
    }
    if !at.is_map() {
        make.report.refuse(
            at,
            format!(
                "is {}, and a transition should stand here: the name of a state, or an object",
                at.node.told()
            ),
        );
        return None;
    }
    make.report.known(at, &FIELDS);
    if let Some(inside) = at.get("in") {
        make.report.refuse(
            &inside,
            "`in` asks for another state: write a guard with `In('STATE')` after the import",
        );
        return None;
    }
    if let Some(meta) = at.get("meta") {
        make.report.tolerate(
            &meta,
            "not-carried",
            "`meta` is nothing that a chart has: remove it, or keep it beside the chart",
        );
    }
    let guard = guard(make, at)?;
    way.transition.guard = guard;
    way.transition.actions = actions(make, at, "actions");
    way.transition.description = make.report.text(at, "description").map(str::to_owned);
    if let Some(target) = at.get("target") {
        let targets = target.items().unwrap_or_else(|| vec![target.clone()]);
        if !lead(make, names, source, &targets, &mut way) {
            return None;
        }
    }
    if let Some(internal) = at.get("internal") {
        let told = internal.node.to_value().as_bool();
        if told.is_none() {
            make.report.refuse(&internal, "is `true` or `false`");
        }
        way.transition.internal = told.unwrap_or_default();
        // A state without children that is not left and leads to itself stays.
        if way.transition.internal && way.targets == [source] && names.is_atomic(source) {
            way.targets.clear();
        }
    }
    Some(way)
}

fn lead(
    make: &mut Make<'_>,
    names: &Names,
    source: usize,
    targets: &[At<'_>],
    way: &mut Way,
) -> bool {
    for target in targets {
        let Some(text) = target.text() else {
            make.report.refuse(
                target,
                format!("is {}, and the name of a state should stand here", target.node.told()),
            );
            return false;
        };
        let Some(found) = names.target(source, text) else {
            make.report.refuse(target, format!("leads to `{}`, and there is no such state here: there a definition with it takes no event at all; beside it are {}", shown(text), listed(&names.beside(source))));
            return false;
        };
        way.transition.internal |= text.starts_with('.');
        way.targets.push(found);
    }
    true
}

/// Actions of a state or a transition: the host does them, by their names.
pub(crate) fn actions(make: &mut Make<'_>, at: &At<'_>, key: &str) -> Vec<Action> {
    let Some(field) = at.get(key) else { return Vec::new() };
    let items = field.items().unwrap_or_else(|| vec![field.clone()]);
    items.iter().filter_map(|item| effect(make, item)).collect()
}

fn effect(make: &mut Make<'_>, at: &At<'_>) -> Option<Action> {
    let name = match at.text() {
        Some(name) => name,
        None if at.is_map() => make.report.needed(at, "type")?,
        None => {
            make.report.refuse(at, format!("is {}, and an action should stand here: its name, or an object with its `type`", at.node.told()));
            return None;
        }
    };
    if name.starts_with("xstate.") {
        make.report.refuse(
            at,
            format!(
                "`{}` is the interpreter's own: write what it does into the chart after the import",
                shown(name)
            ),
        );
        return None;
    }
    make.report.name(at, "an action", name).then_some(())?;
    let others = at.fields().into_iter().filter(|(key, _)| *key != "type");
    let params = others.map(|(key, field)| known(key, field.node.to_value())).collect();
    Some(ask(at, name, params))
}

/// Something that the host is asked for and that it tells nothing of.
pub(crate) fn ask(at: &At<'_>, name: &str, params: Vec<Param>) -> Action {
    let send = Send {
        event: Some(Given::Known(name.to_owned())),
        target: Some(Given::Known("host".to_owned())),
        params,
        ..Send::default()
    };
    action(at, ActionKind::Send(Box::new(send)))
}
