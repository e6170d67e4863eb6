//! States. An object of events says their transitions if it can say their order; a list can always.

use super::action::{actions, blocks, names};
use super::given::{content, data, expr, is_object, marked, object, params, text};
use super::out::Out;
use super::{are_distinct, chart, initial, targets};
use crate::kyc::chart::document::{
    Content, Done, Given, Invoke, Kind, Restore, State, Timer, Transition,
};
use crate::kyc::chart::read::{INVOKE_DONE, INVOKE_ERROR, done_event, timer_event};

/// States by their names, or a list if some have none.
pub(super) fn states(states: &[State]) -> Out {
    let names: Vec<&str> = states.iter().filter_map(|state| state.id.as_deref()).collect();
    if names.len() < states.len() || !are_distinct(names.iter().copied()) {
        let item = |each: &State| {
            let mut out = Out::object();
            out.put_if("id", each.id.as_deref().map(Out::text));
            state(each, out)
        };
        return Out::List(states.iter().map(item).collect());
    }
    let mut out = Out::object();
    for (name, each) in names.iter().zip(states) {
        out.put(name, state(each, Out::object()));
    }
    out
}

fn state(state: &State, mut out: Out) -> Out {
    let (kind, history) = match state.kind {
        Kind::State => (None, None),
        Kind::Parallel => (Some("parallel"), None),
        Kind::Final => (Some("final"), None),
        Kind::History { deep } => (Some("history"), deep.then_some("deep")),
    };
    out.put_if("type", kind.map(Out::text));
    out.put_if("history", history.map(Out::text));
    out.put_if("description", state.description.as_deref().map(Out::text));
    out.put_if("context", (!state.data.is_empty()).then(|| data(&state.data)));
    out.put_if("initial", state.initial.as_ref().map(initial));
    out.put_if("entry", (!state.entry.is_empty()).then(|| blocks(&state.entry)));
    out.put_if("exit", (!state.exit.is_empty()).then(|| blocks(&state.exit)));
    for (key, part) in Parts::of(state).written(state) {
        out.put(key, part);
    }
    if let Some(done) = &state.done {
        output(done, &mut out);
    }
    out.put_if("states", (!state.states.is_empty()).then(|| states(&state.states)));
    out
}

fn output(done: &Done, out: &mut Out) {
    match (&done.content, done.params.as_slice()) {
        (Some(whole), []) => {
            let object = matches!(whole, Content::Value(value) if value.as_object().is_some());
            out.put("output", if object { marked(whole) } else { content(whole) });
        }
        (None, parts) if is_object(parts) => out.put("output", object(parts)),
        (whole, parts) => {
            out.put_if("output", whole.as_ref().map(marked));
            out.put("with", params(parts));
        }
    }
}

/// Under which key a transition can stand, and with which of several things there.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Key {
    On,
    Always,
    Target,
    Done,
    After(usize),
    /// Of what is invoked, whether its error is meant.
    Invoke(usize, bool),
}

impl Key {
    const fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Always => "always",
            Self::Target => "target",
            Self::Done => "done",
            Self::After(_) => "after",
            Self::Invoke(..) => "invoke",
        }
    }

    fn of(state: &State, transition: &Transition) -> Self {
        let [event] = transition.events.as_slice() else {
            let history = matches!(state.kind, Kind::History { .. }) && is_target(transition);
            let alone = history && state.transitions.len() == 1;
            return match transition.events.as_slice() {
                [] if alone => Self::Target,
                [] => Self::Always,
                _ => Self::On,
            };
        };
        if done_event(state).as_ref() == Some(event) {
            return Self::Done;
        }
        let named = |(at, timer): (usize, &Timer)| {
            timer.event.clone().or_else(|| timer_event(state, at)).as_ref() == Some(event)
        };
        if !says_nothing(transition)
            && let Some(at) = state.timers.iter().enumerate().position(named)
        {
            return Self::After(at);
        }
        let told = |prefix: &str| {
            let id = event.strip_prefix(prefix)?;
            state.invokes.iter().position(|invoke| invoke.id.as_deref() == Some(id))
        };
        if let Some(at) = told(INVOKE_DONE) {
            return Self::Invoke(at, false);
        }
        told(INVOKE_ERROR).map_or(Self::On, |at| Self::Invoke(at, true))
    }
}

/// Transitions by the keys under which they stand, in their order.
struct Parts<'a> {
    runs: Vec<(Key, Vec<&'a Transition>)>,
    /// Their order is that of the keys, of which each stands once.
    keyed: bool,
}

impl<'a> Parts<'a> {
    fn of(state: &'a State) -> Self {
        let mut runs: Vec<(Key, Vec<&Transition>)> = Vec::new();
        for transition in &state.transitions {
            let key = Key::of(state, transition);
            match runs.last_mut() {
                Some((last, run)) if *last == key => run.push(transition),
                _ => runs.push((key, vec![transition])),
            }
        }
        // Each key once, and what stands together in the order in which it stands there.
        let mut names: Vec<&str> = runs.iter().map(|(key, _)| key.name()).collect();
        names.dedup();
        let ordered = runs.windows(2).all(|pair| match pair {
            [(one, _), (next, _)] => one.name() != next.name() || one < next,
            _ => true,
        });
        let said = |(key, run): &(Key, Vec<&Transition>)| match key {
            // An object of one timer has room for one transition beside what else it says.
            Key::After(at) => {
                run.len() == 1
                    || (is_keyed(&state.timers) && state.timers.get(*at).is_some_and(is_bare))
            }
            _ => true,
        };
        let keyed = ordered && are_distinct(names) && runs.iter().all(said);
        Self { runs, keyed }
    }

    /// What stands under each key, in order.
    fn written(&self, state: &State) -> Vec<(&'static str, Out)> {
        let mut parts: Vec<(&'static str, Out)> = Vec::new();
        let run = |key: Key| {
            let found = self.runs.iter().find(|(found, _)| self.keyed && *found == key);
            found.map(|(_, run)| run.as_slice()).unwrap_or_default()
        };
        if self.keyed {
            for (key, transitions) in &self.runs {
                let name = key.name();
                let part = match key {
                    Key::On => on(transitions),
                    Key::Always | Key::Done | Key::Target => several(transitions),
                    Key::After(_) => timers(state, run),
                    Key::Invoke(..) => invokes(state, run),
                };
                if !parts.iter().any(|(known, _)| *known == name) {
                    parts.push((name, part));
                }
            }
        } else {
            let all = state.transitions.iter().map(|each| transition(each, event_of(each)));
            parts.push(("on", Out::List(all.collect())));
        }
        let is_there = |name: &str| parts.iter().any(|(known, _)| *known == name);
        let (after, invoke) = (is_there("after"), is_there("invoke"));
        if !after && !state.timers.is_empty() {
            parts.push(("after", timers(state, run)));
        }
        if !invoke && !state.invokes.is_empty() {
            parts.push(("invoke", invokes(state, run)));
        }
        parts
    }
}

/// Whether it does nothing but lead somewhere.
fn is_target(transition: &Transition) -> bool {
    let acts = transition.guard.is_some() || transition.internal || !transition.actions.is_empty();
    !acts && transition.description.is_none()
}

fn says_nothing(transition: &Transition) -> bool {
    is_target(transition) && transition.targets.is_empty()
}

/// Events and their transitions: an object, if those of the same events stand together.
fn on(transitions: &[&Transition]) -> Out {
    let mut runs: Vec<(String, Vec<&Transition>)> = Vec::new();
    for each in transitions {
        let events = each.events.join(" ");
        match runs.last_mut() {
            Some((last, run)) if *last == events => run.push(each),
            _ => runs.push((events, vec![each])),
        }
    }
    if !are_distinct(runs.iter().map(|(events, _)| events.as_str())) {
        return Out::List(
            transitions.iter().map(|each| transition(each, event_of(each))).collect(),
        );
    }
    let mut out = Out::object();
    for (events, run) in runs {
        out.put(&events, several(&run));
    }
    out
}

/// The events of a transition in a list.
fn event_of(transition: &Transition) -> Out {
    let mut out = Out::object();
    let events = transition.events.join(" ");
    out.put_if("event", (!transition.events.is_empty()).then(|| Out::text(&events)));
    out
}

fn several(transitions: &[&Transition]) -> Out {
    let item = |each: &&Transition| match each.targets.as_slice() {
        [one] if is_target(each) => Out::text(one),
        _ => transition(each, Out::object()),
    };
    match transitions {
        [one] => item(one),
        all => Out::List(all.iter().map(item).collect()),
    }
}

fn transition(transition: &Transition, mut out: Out) -> Out {
    let to = &transition.targets;
    out.put_if("target", (!to.is_empty()).then(|| targets(to)));
    out.put_if("guard", transition.guard.as_ref().map(expr));
    out.put_if("actions", (!transition.actions.is_empty()).then(|| actions(&transition.actions)));
    out.put_if("internal", transition.internal.then(|| Out::Raw("true".to_owned())));
    out.put_if("description", transition.description.as_deref().map(Out::text));
    out
}

/// Whether timers can be the fields of an object.
fn is_keyed(timers: &[Timer]) -> bool {
    let delays = timers.iter().filter_map(|timer| match &timer.delay {
        Given::Known(delay) => Some(delay.as_str()),
        Given::Expr(_) => None,
    });
    let delays: Vec<&str> = delays.collect();
    delays.len() == timers.len() && are_distinct(delays)
}

/// Whether nothing is said of it but how long.
fn is_bare(timer: &Timer) -> bool {
    timer.event.is_none() && timer.restore == Restore::Deadline
}

fn timers<'a>(state: &State, run: impl Fn(Key) -> &'a [&'a Transition]) -> Out {
    let keyed = is_keyed(&state.timers);
    let (mut fields, mut items) = (Out::object(), Vec::new());
    for (at, timer) in state.timers.iter().enumerate() {
        let transitions = run(Key::After(at));
        let mut out = Out::object();
        out.put_if("delay", (!keyed).then(|| text(&timer.delay)));
        out.put_if("event", timer.event.as_deref().map(Out::text));
        let says = timer.restore != Restore::Deadline;
        out.put_if("restore", says.then(|| Out::text(timer.restore.name())));
        let part = match transitions {
            [] => out,
            more if keyed && is_bare(timer) => several(more),
            [one, ..] => transition(one, out),
        };
        match &timer.delay {
            Given::Known(delay) if keyed => fields.put(delay, part),
            _ => items.push(part),
        }
    }
    if keyed { fields } else { Out::List(items) }
}

fn invokes<'a>(state: &State, run: impl Fn(Key) -> &'a [&'a Transition]) -> Out {
    let item = |(at, each): (usize, &Invoke)| {
        invoke(each, run(Key::Invoke(at, false)), run(Key::Invoke(at, true)))
    };
    let mut all: Vec<Out> = state.invokes.iter().enumerate().map(item).collect();
    match all.pop() {
        Some(one) if all.is_empty() => one,
        last => {
            all.extend(last);
            Out::List(all)
        }
    }
}

fn invoke(invoke: &Invoke, done: &[&Transition], error: &[&Transition]) -> Out {
    let mut out = Out::object();
    out.put_if("id", invoke.id.as_deref().map(Out::text));
    out.put_if("idLocation", invoke.id_location.as_deref().map(Out::text));
    out.put_if("type", invoke.kind.as_ref().map(text));
    out.put_if("src", invoke.src.as_ref().map(text));
    out.put_if("namelist", names(&invoke.names));
    out.put_if("with", (!invoke.params.is_empty()).then(|| params(&invoke.params)));
    match &invoke.content {
        Some(Content::Chart(inner)) => out.put("chart", chart(inner, false)),
        given => out.put_if("content", given.as_ref().map(content)),
    }
    out.put_if("autoforward", invoke.autoforward.then(|| Out::Raw("true".to_owned())));
    out.put_if("finalize", invoke.finalize.as_ref().map(|finalize| actions(finalize)));
    out.put_if("onDone", (!done.is_empty()).then(|| several(done)));
    out.put_if("onError", (!error.is_empty()).then(|| several(error)));
    out
}
