//! From a chart as written to a program: states get their numbers, and all that is wrong is found at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compile_action::not_a_name;
use super::document::{Binding, Chart, Initial, Invoke, Kind, Place, State, Timer, Transition};
use super::event::Event;
use super::model::{ChartError, DataModel};
use super::program::{DEPTH, Domain, Edge, Nature, Node, Program, STATES};
use super::read::{INVOKE_DONE, INVOKE_ERROR, done_event, timer_event};
use super::schema;
use super::topics::{Topics, stem};

/// How many errors are told.
const ERRORS: usize = 1_000;
/// The most transitions of a chart.
const TRANSITIONS: u32 = 65_536;

impl<C> Program<C> {
    /// Checks and compiles a chart for a data model.
    ///
    /// # Errors
    /// All that is wrong with it, each with its place: names that are unknown, illegal or there twice, states that cannot be what they are said
    /// to be or not be active together, expressions that the model does not know, and what is out of bounds.
    pub fn compile<M: DataModel<Code = C>>(
        chart: &Chart,
        model: &M,
    ) -> Result<Self, Vec<ChartError>> {
        Self::compile_nested(chart, model, 0)
    }

    pub(super) fn compile_nested<M: DataModel<Code = C>>(
        chart: &Chart,
        model: &M,
        nested: u32,
    ) -> Result<Self, Vec<ChartError>> {
        let mut compiler = Compiler {
            model,
            flat: Vec::new(),
            names: BTreeMap::new(),
            errors: Vec::new(),
            nested,
        };
        let program = compiler.chart(chart);
        match program {
            Some(program) if compiler.errors.is_empty() => Ok(program),
            _ => Err(compiler.errors),
        }
    }
}

pub(super) struct Compiler<'a, M> {
    pub(super) model: &'a M,
    pub(super) flat: Vec<Flat<'a>>,
    pub(super) names: BTreeMap<&'a str, u32>,
    pub(super) errors: Vec<ChartError>,
    /// In how many charts this one stands.
    pub(super) nested: u32,
}

/// A state that has its number.
pub(super) struct Flat<'a> {
    /// None: the chart itself.
    pub(super) state: Option<&'a State>,
    pub(super) nature: Nature,
    pub(super) parent: u32,
    pub(super) end: u32,
    children: Vec<u32>,
    histories: Vec<u32>,
}

impl<'a, M: DataModel> Compiler<'a, M> {
    pub(super) fn error(&mut self, place: &Place, message: impl Into<String>) {
        if self.errors.len() < ERRORS {
            self.errors.push(ChartError { place: place.clone(), message: message.into() });
        }
    }

    pub(super) fn errors(&mut self, errors: Vec<ChartError>) {
        for ChartError { place, message } in errors {
            self.error(&place, message);
        }
    }

    fn chart(&mut self, chart: &'a Chart) -> Option<Program<M::Code>> {
        self.flatten(None, &chart.states, Nature::Compound, 0, 0);
        if !self.errors.is_empty() {
            // Numbers are not to be relied on: what else is wrong is told once these are mended.
            return None;
        }
        if chart.states.is_empty() {
            self.error(&chart.place, "a chart needs a state");
            return None;
        }
        if let Some(id) = &chart.id {
            self.name("chart", id, &chart.place);
        }
        let descriptors = self.flat.iter().filter_map(|flat| flat.state);
        let descriptors = descriptors.flat_map(|state| &state.transitions);
        let topics = Topics::new(descriptors.flat_map(|edge| &edge.events).map(|name| stem(name)));
        let script = chart.script.as_ref().and_then(|script| {
            Some((self.code(super::model::Role::Script, script)?, script.place.clone()))
        });
        let schema = chart.schema.as_ref().map(|schema| schema::compile(schema, &chart.place));
        let schema = match schema.transpose() {
            Ok(schema) => schema.map(Arc::new),
            Err(errors) => {
                self.errors(errors);
                None
            }
        };
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        for number in 0..count(self.flat.len()) {
            nodes.extend(self.node(number, chart, &topics, &mut edges));
        }
        if !self.errors.is_empty() {
            return None;
        }
        let places = |is: &dyn Fn(&Node<M::Code>) -> bool| {
            let numbered = (0..).zip(&nodes);
            numbered.filter(|(_, node)| is(node)).map(|(number, _)| number).collect()
        };
        let eventless = |edge: &&Edge<M::Code>| edge.topics.is_empty();
        let mut program = Program {
            name: chart.id.as_deref().unwrap_or_default().into(),
            names: self.names.iter().map(|(name, state)| (Box::from(*name), *state)).collect(),
            topics,
            atomic: places(&|node| matches!(node.nature, Nature::Atomic | Nature::Final)),
            eventless: edges.iter().filter(eventless).map(|edge| edge.source).collect(),
            is_late: chart.binding == Binding::Late,
            script,
            schema,
            nodes: nodes.into(),
            edges: Box::default(),
        };
        for edge in &mut edges {
            let is_history = |target: &u32| program.nature(*target).is_some_and(Nature::is_history);
            edge.domain = if edge.targets.is_empty() {
                Domain::None
            } else if edge.targets.iter().any(is_history) {
                Domain::History
            } else {
                Domain::Fixed(program.domain(edge.source, edge.is_internal, &edge.targets))
            };
        }
        program.edges = edges.into();
        Some(program)
    }

    /// Gives a state and all below it their numbers.
    fn flatten(
        &mut self,
        state: Option<&'a State>,
        below: &'a [State],
        nature: Nature,
        parent: u32,
        depth: u32,
    ) {
        let number = count(self.flat.len());
        let own = Flat {
            state,
            nature,
            parent,
            end: number,
            children: Vec::new(),
            histories: Vec::new(),
        };
        self.flat.push(own);
        if let Some(state) = state
            && let Some(id) = &state.id
        {
            self.name("state", id, &state.place);
            if self.names.insert(id, number).is_some() {
                self.error(
                    &state.place,
                    format!("there are two states `{id}`: give one another name"),
                );
            }
        }
        let (mut children, mut histories) = (Vec::new(), Vec::new());
        for child in below {
            if depth >= DEPTH {
                self.error(&child.place, format!("states nest deeper than {DEPTH}"));
                break;
            }
            if self.flat.len() > STATES {
                if self.flat.len() == STATES + 1 {
                    self.error(&child.place, format!("a chart has at most {STATES} states: invoke parts of it as charts of their own"));
                }
                break;
            }
            let nature = nature_of(child);
            let list = if nature.is_history() { &mut histories } else { &mut children };
            list.push(count(self.flat.len()));
            self.flatten(Some(child), &child.states, nature, number, depth + 1);
        }
        let end = count(self.flat.len());
        if let Some(flat) = self.flat.get_mut(at(number)) {
            (flat.end, flat.children, flat.histories) = (end, children, histories);
        }
    }

    fn node(
        &mut self,
        number: u32,
        chart: &'a Chart,
        topics: &Topics,
        edges: &mut Vec<Edge<M::Code>>,
    ) -> Option<Node<M::Code>> {
        let flat = self.flat.get_mut(at(number))?;
        let (state, nature, parent, end) = (flat.state, flat.nature, flat.parent, flat.end);
        let (children, histories) =
            (std::mem::take(&mut flat.children), std::mem::take(&mut flat.histories));
        let first = children.first().copied();
        let place = state.map_or(&chart.place, |state| &state.place);
        let begins = state.map_or(&chart.initial, |state| &state.initial);
        let name =
            state.and_then(|state| state.id.clone()).unwrap_or_else(|| format!("state.{number}"));
        let mut node = Node {
            on_done: Arc::new(Event::platform(format!("done.state.{name}"), None)),
            name: name.into(),
            nature,
            parent,
            end,
            children: children.into(),
            histories: histories.into(),
            initial: Box::default(),
            on_initial: Box::default(),
            entry: Box::default(),
            exit: Box::default(),
            edges: count(edges.len())..count(edges.len()),
            timers: Box::default(),
            invokes: Box::default(),
            data: self.variables(state.map_or(&chart.data, |state| &state.data)),
            done: None,
        };
        match (nature, begins) {
            (Nature::Compound, Some(initial)) => {
                node.initial = self.initial(number, initial);
                node.on_initial = self.block(&initial.actions, 0);
            }
            (Nature::Compound, None) if first.is_none() => {
                self.error(place, "needs a state to begin with besides its history");
            }
            (Nature::Compound, None) => node.initial = first.into_iter().collect(),
            (_, Some(initial)) => {
                self.error(&initial.place, "has an initial state, and is no state of which one child is active at a time: take it away");
            }
            (_, None) => {}
        }
        let Some(state) = state else { return Some(node) };
        self.shape(state, nature, parent);
        if nature.is_history() {
            (node.initial, node.on_initial) = self.history(number, parent, state);
            return Some(node);
        }
        node.entry = state.entry.iter().map(|block| self.block(block, 0)).collect();
        node.exit = state.exit.iter().map(|block| self.block(block, 0)).collect();
        node.invokes = state.invokes.iter().filter_map(|invoke| self.invoke(invoke)).collect();
        let timers = (0_u32..).zip(&state.timers);
        let name = node.name.clone();
        node.timers = timers.filter_map(|(index, timer)| self.timer(index, &name, timer)).collect();
        node.done = state
            .done
            .as_ref()
            .and_then(|done| self.told(&[], &done.params, done.content.as_ref(), &done.place));
        for (index, transition) in (0..).zip(&state.transitions) {
            if count(edges.len()) >= TRANSITIONS {
                self.error(
                    &transition.place,
                    format!("a chart has at most {TRANSITIONS} transitions"),
                );
                break;
            }
            let edge = self.edge(number, index, transition, topics);
            edges.extend(edge);
        }
        node.edges.end = count(edges.len());
        Some(node)
    }

    /// What a state cannot have, being what it is.
    fn shape(&mut self, state: &State, nature: Nature, parent: u32) {
        let acts = !state.entry.is_empty() || !state.exit.is_empty();
        let runs = !state.invokes.is_empty() || !state.timers.is_empty();
        let lasts = !state.transitions.is_empty() || runs;
        let place = &state.place;
        match nature {
            Nature::Final => {
                if !state.states.is_empty() {
                    self.error(
                        place,
                        "is final, and has states: make it a state, with a final one in it",
                    );
                }
                if self.flat.get(at(parent)).is_some_and(|flat| flat.nature == Nature::Parallel) {
                    self.error(place, "is final, and in a parallel state, which is done when its states are: put it into one of them");
                }
                if lasts {
                    self.error(place, "is final, and has transitions, timers or invocations: nothing comes of them, take them away");
                }
            }
            Nature::Shallow | Nature::Deep => {
                if parent == 0 {
                    self.error(
                        place,
                        "is a history, and in no state: put it into the state whose history it is",
                    );
                }
                if !state.states.is_empty() || acts || runs || !state.data.is_empty() {
                    self.error(
                        place,
                        "is a history, and has more than its transition: take that away",
                    );
                }
            }
            Nature::Atomic | Nature::Compound | Nature::Parallel => {}
        }
        if state.done.is_some() && nature != Nature::Final {
            self.error(place, "tells what came of it, and is not final");
        }
    }

    fn initial(&mut self, state: u32, initial: &Initial) -> Box<[u32]> {
        if initial.targets.is_empty() {
            self.error(
                &initial.place,
                "has an initial transition that leads nowhere: name a state",
            );
        }
        let targets = self.targets(&initial.targets, &initial.place);
        for target in &targets {
            if !self.is_within(*target, state) {
                let name = self.called(*target);
                self.error(&initial.place, format!("begins with `{name}`, which is not in it"));
            }
        }
        targets
    }

    fn history(
        &mut self,
        number: u32,
        parent: u32,
        state: &State,
    ) -> (Box<[u32]>, super::program::Block<M::Code>) {
        let [transition] = state.transitions.as_slice() else {
            self.error(
                &state.place,
                "is a history, and needs one transition: where it leads as long as there is none",
            );
            return Default::default();
        };
        let place = &transition.place;
        if !transition.events.is_empty()
            || transition.guard.is_some()
            || transition.targets.is_empty()
        {
            self.error(
                place,
                "the transition of a history has a target, and neither event nor guard",
            );
        }
        let targets = self.targets(&transition.targets, place);
        for target in &targets {
            let flat = self.flat.get(at(*target));
            // A history that stands for another beside it could stand for itself.
            let beside = flat.is_some_and(|flat| flat.nature.is_history() && flat.parent == parent);
            if *target == number || beside || !self.is_within(*target, parent) {
                let name = self.called(*target);
                self.error(place, format!("a history leads to states in the state whose history it is, and `{name}` is none"));
            }
        }
        (targets, self.block(&transition.actions, 0))
    }

    fn edge(
        &mut self,
        source: u32,
        index: u32,
        transition: &Transition,
        topics: &Topics,
    ) -> Option<Edge<M::Code>> {
        let place = &transition.place;
        for event in &transition.events {
            let stem = stem(event);
            if !matches!(event.as_str(), "*" | ".*") && (not_a_name(stem) || stem.contains('*')) {
                self.error(place, format!("`{event}` describes no event: write `document.received`, `document.*` or `*`"));
            }
        }
        let is_bare = transition.events.is_empty()
            && transition.guard.is_none()
            && transition.targets.is_empty();
        // With actions, what they change may let one before it be taken in the end.
        if is_bare && transition.actions.is_empty() {
            self.error(
                place,
                "has no event, no guard, no target and no action: it would be taken for ever",
            );
        }
        let guard = transition.guard.as_ref();
        let guard = guard.map(|guard| self.code(super::model::Role::Condition, guard));
        let targets = self.targets(&transition.targets, place);
        let block = self.block(&transition.actions, 0);
        // What a state tells itself is heard by its whole name: `done.state.a` is none of `a.b`.
        let state = self.flat.get(at(source)).and_then(|flat| flat.state);
        let row = |event: &String| match state {
            Some(state) if transition.events.len() == 1 && is_own(state, event) => {
                topics.whole(event)
            }
            _ => topics.row(stem(event)),
        };
        Some(Edge {
            source,
            index,
            topics: transition.events.iter().map(row).collect(),
            guard: match guard {
                Some(guard) => Some(guard?),
                None => None,
            },
            targets,
            domain: Domain::None,
            is_internal: transition.internal,
            block,
            place: place.clone(),
        })
    }

    pub(super) fn name(&mut self, what: &str, name: &str, place: &Place) {
        if not_a_name(name) {
            let shown: String = name.chars().take(64).collect();
            self.error(place, format!("`{shown}` is no name of a {what}: names have 1 to 256 bytes without white space"));
        }
    }
}

/// Whether an event is one that comes of what stands in a state itself: that its children are done, that a timer without a name of its own is
/// due, or how it went with what it invokes. In text these are `done`, `after`, `onDone` and `onError`.
fn is_own(state: &State, event: &str) -> bool {
    let is_timer = || {
        let place = event.strip_prefix("after.").and_then(|rest| rest.split_once('.'));
        let place = place.and_then(|(place, _)| place.parse::<usize>().ok());
        place.is_some_and(|place| {
            let is_bare = |timer: &Timer| timer.event.is_none();
            state.timers.get(place).is_some_and(is_bare)
                && timer_event(state, place).as_deref() == Some(event)
        })
    };
    let is_told = |invoke: &Invoke| {
        let told = event.strip_prefix(INVOKE_DONE).or_else(|| event.strip_prefix(INVOKE_ERROR));
        told.is_some() && told == invoke.id.as_deref()
    };
    matches!(event.split('.').next(), Some("done" | "after" | "error"))
        && (done_event(state).as_deref() == Some(event)
            || is_timer()
            || state.invokes.iter().any(is_told))
}

fn nature_of(state: &State) -> Nature {
    let is_child = |child: &State| !matches!(child.kind, Kind::History { .. });
    match state.kind {
        Kind::Final => Nature::Final,
        Kind::History { deep: true } => Nature::Deep,
        Kind::History { deep: false } => Nature::Shallow,
        Kind::State | Kind::Parallel if !state.states.iter().any(is_child) => Nature::Atomic,
        Kind::State => Nature::Compound,
        Kind::Parallel => Nature::Parallel,
    }
}

/// INVARIANT: states and transitions are bounded far below.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

pub(super) fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[path = "compile_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "own_events_tests.rs"]
mod own_events;
