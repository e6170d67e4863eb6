//! States as they are written, before what plugins do is woven in.

use thalium::kyc::chart::{Given, Kind, Restore, State, Timer};
use thalium::value::Value;

use crate::child::{Callback, tells};
use crate::json::At;
use crate::make::Make;
use crate::names::Names;
use crate::plugin::Steps;
use crate::report::shown;
use crate::transition::{Way, actions, on, ways_for};

const FIELDS: [&str; 19] = [
    "id",
    "key",
    "type",
    "initial",
    "states",
    "on",
    "always",
    "entry",
    "exit",
    "onEntry",
    "onExit",
    "after",
    "onDone",
    "tags",
    "meta",
    "description",
    "invoke",
    "activities",
    "history",
];

/// A state whose transitions lead to numbers.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) number: usize,
    pub(crate) state: State,
    pub(crate) ways: Vec<Way>,
    pub(crate) initial: Option<usize>,
    pub(crate) children: Vec<Raw>,
    pub(crate) has_always: bool,
    /// The events that it does something for.
    pub(crate) events: Vec<String>,
}

/// What states are read with.
#[derive(Debug)]
pub(crate) struct States<'a, 'n> {
    pub(crate) names: &'a Names,
    pub(crate) steps: &'a Steps<'n>,
    /// What parents are told of it.
    pub(crate) told: &'a [Callback<'n>],
    /// Whether the definition has transitions for all its states.
    pub(crate) has_outer: bool,
}

impl States<'_, '_> {
    /// The states within something.
    pub(crate) fn within(&self, make: &mut Make<'_>, at: &At<'_>, parent: usize) -> Vec<Raw> {
        let Some(states) = at.get("states") else { return Vec::new() };
        if !states.is_map() {
            make.report.refuse(
                &states,
                format!(
                    "is {}, and an object of states by their names should stand here",
                    states.node.told()
                ),
            );
            return Vec::new();
        }
        make.report.once(&states);
        let mut found: Vec<Raw> = Vec::new();
        for (key, state) in states.fields() {
            let Some(number) = self.names.child(parent, key) else { continue };
            if !state.is_map() {
                make.report.refuse(&state, format!("is {}, and a state should stand here: an object, empty if there is nothing to say", state.node.told()));
                continue;
            }
            found.extend(self.state(make, key, &state, number));
        }
        found
    }

    fn state(&self, make: &mut Make<'_>, key: &str, at: &At<'_>, number: usize) -> Option<Raw> {
        make.report.known(at, &FIELDS);
        for (field, told) in [
            (
                "invoke",
                "`invoke` runs code there: make it a plugin, or write `invoke` into the chart after the import",
            ),
            (
                "activities",
                "`activities` run code there: write `invoke` into the chart after the import",
            ),
            (
                "history",
                "a history is forgotten between two events there: write it into the chart after the import",
            ),
        ] {
            if let Some(field) = at.get(field) {
                make.report.refuse(&field, told);
            }
        }
        if let Some(meta) = at.get("meta") {
            make.report.tolerate(
                &meta,
                "not-carried",
                "`meta` is nothing that a chart has: remove it, or keep it beside the chart",
            );
        }
        let is_atomic = self.names.is_atomic(number);
        let kind = match make.report.text(at, "type") {
            None | Some("atomic" | "compound") => Kind::State,
            Some("parallel") => Kind::Parallel,
            Some("final") => Kind::Final,
            Some(other) => {
                let field = at.get("type").unwrap_or_else(|| at.clone());
                make.report.refuse(
                    &field,
                    format!(
                        "`{}` is no type of a state: write `final`, `parallel`, or nothing",
                        shown(other)
                    ),
                );
                return None;
            }
        };
        let (names, mut ways) = (self.names, on(make, self.names, number, at));
        let is_done_for = |way: &Way| !way.targets.is_empty() || !way.transition.actions.is_empty();
        let events: Vec<String> = ways
            .iter()
            .filter(|way| is_done_for(way))
            .flat_map(|way| way.transition.events.clone())
            .collect();
        if let Some(always) = at.get("always") {
            ways.extend(ways_for(make, names, number, &always, None));
        }
        let has_always = ways.iter().any(|way| way.transition.events.is_empty());
        if let Some(done) = at.get("onDone") {
            let event = format!("done.state.{}", names.id(number));
            ways.extend(ways_for(make, names, number, &done, None).into_iter().map(|mut way| {
                way.transition.events = vec![event.clone()];
                way
            }));
        }
        let timers = self.timers(make, at, number, &mut ways);
        let has_ways = ways.iter().any(|way| !way.targets.is_empty());
        let has_steps = self.steps.get(&number).is_some_and(|steps| !steps.is_empty());
        if kind == Kind::Final && (!ways.is_empty() || !is_atomic) {
            make.report.refuse(at, "a final state has ways out or states within it, which nothing comes of: remove them, or `type`");
            return None;
        }
        if kind == Kind::State
            && is_atomic
            && !has_ways
            && !self.has_outer
            && names.parent(number) == 0
        {
            make.report.tolerate(at, "final-without-type", format!("nothing leads out of `{}`, so that a case stays there for good and never ends{}: write `type: final`", shown(key), if has_steps { ", though plugins run in it" } else { "" }));
        }
        let initial = self.initial(make, at, number, kind == Kind::State && !is_atomic);
        let mut entry = vec![actions(make, at, "entry"), actions(make, at, "onEntry")];
        if names.parent(number) == 0 {
            entry.push(tells(make, key, kind == Kind::Final, self.told));
        }
        entry.retain(|block| !block.is_empty());
        let mut exit = vec![actions(make, at, "exit"), actions(make, at, "onExit")];
        exit.retain(|block| !block.is_empty());
        let state = State {
            id: Some(names.id(number).to_owned()),
            kind,
            entry,
            exit,
            timers,
            description: description(make, at),
            place: at.place(),
            ..State::default()
        };
        let children = self.within(make, at, number);
        Some(Raw { number, state, ways, initial, children, has_always, events })
    }

    /// Where something begins.
    pub(crate) fn initial(
        &self,
        make: &mut Make<'_>,
        at: &At<'_>,
        number: usize,
        is_needed: bool,
    ) -> Option<usize> {
        let first = || {
            let states = at.get("states")?;
            states.fields().into_iter().find_map(|(key, _)| self.names.child(number, key))
        };
        let Some(name) = make.report.text(at, "initial") else {
            if is_needed && at.get("initial").is_none() {
                make.report.tolerate(at, "initial-missing", "there is no `initial`, and a case would be in no state at all there, and take no event; here it begins in the first: name it");
            }
            return first().filter(|_| is_needed);
        };
        let found = self.names.child(number, name);
        if found.is_none() {
            let field = at.get("initial").unwrap_or_else(|| at.clone());
            make.report.refuse(
                &field,
                format!("begins in `{}`, and there is no such state within it", shown(name)),
            );
        }
        found
    }

    fn timers(
        &self,
        make: &mut Make<'_>,
        at: &At<'_>,
        number: usize,
        ways: &mut Vec<Way>,
    ) -> Vec<Timer> {
        let Some(after) = at.get("after") else { return Vec::new() };
        make.report.tolerate(&after, "after-by-chance", "a timer lives in the memory of the process that took the last event there, and is lost with it; here it is kept with the case");
        let mut timers = Vec::new();
        for (delay, told) in after.fields() {
            if delay.is_empty()
                || delay.len() > 15
                || !delay.bytes().all(|byte| byte.is_ascii_digit())
            {
                make.report.refuse(
                    &told,
                    format!(
                        "`{}` is no delay in milliseconds: one by its name stands in code there",
                        shown(delay)
                    ),
                );
                continue;
            }
            let event = format!("after.{}.{}", timers.len(), self.names.id(number));
            ways.extend(ways_for(make, self.names, number, &told, None).into_iter().map(
                |mut way| {
                    way.transition.events = vec![event.clone()];
                    way
                },
            ));
            timers.push(Timer {
                delay: Given::Known(format!("{delay}ms")),
                event: None,
                restore: Restore::default(),
                place: told.place(),
            });
        }
        timers
    }
}

/// What people read of a state: its description, and its tags, which nothing else here has.
fn description(make: &mut Make<'_>, at: &At<'_>) -> Option<String> {
    let own = make.report.text(at, "description").map(str::to_owned);
    let tags = at.get("tags").map(|tags| match tags.node.to_value() {
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => text(&other),
    });
    match (own, tags) {
        (Some(own), Some(tags)) => Some(format!("{own} Tags: {tags}.")),
        (None, Some(tags)) => Some(format!("Tags: {tags}.")),
        (own, None) => own,
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json(), str::to_owned)
}
