//! Which transitions are taken: the innermost of each active state, in document order, and of those that would leave the same state only one.

use super::event::Event;
use super::model::DataModel;
use super::program::{Domain, Edge, Program};
use super::run::{Run, Stop};
use super::step::StepError;
use super::trace::{Asked, Way};

impl<M: DataModel> Run<'_, '_, M> {
    /// The transitions that answer an event, or are taken without one.
    pub(super) fn select(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        event: Option<&Event>,
        enabled: &mut Vec<u32>,
    ) -> Result<(), StepError> {
        let topic = event.map(|event| program.topics.of(&event.name));
        let mut from = 0;
        while let Some(state) = self.lives.get(at).and_then(|live| live.session.active.next(from)) {
            from = state.saturating_add(1);
            if program.atomic.contains(state)
                && let Some(edge) = self.innermost(at, program, state, topic)?
                && !enabled.contains(&edge)
            {
                self.count_action(at)?;
                enabled.push(edge);
            }
        }
        if enabled.len() > 1 {
            self.resolve(at, program, enabled);
        }
        Ok(())
    }

    /// The first transition of a state or, failing that, of one around it.
    fn innermost(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        state: u32,
        topic: Option<u32>,
    ) -> Result<Option<u32>, StepError> {
        let mut state = state;
        while let Some(node) = program.node(state).filter(|_| state != 0) {
            for number in node.edges.clone() {
                let Some(edge) = program.edge(number) else { continue };
                let matches = match topic {
                    None => edge.topics.is_empty(),
                    Some(topic) => edge.topics.iter().any(|row| row.holds(topic)),
                };
                if matches && self.holds(at, program, edge)? {
                    return Ok(Some(number));
                }
            }
            state = node.parent;
        }
        Ok(None)
    }

    fn holds(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        edge: &Edge<M::Code>,
    ) -> Result<bool, StepError> {
        let Some(guard) = &edge.guard else { return Ok(true) };
        self.count_action(at)?;
        let held = self.ask(at, |model, scope| model.condition(scope, guard));
        if let Some(note) = &mut self.note {
            let held = held.as_ref().ok().copied();
            let asked = Asked { way: way(program, edge), held, read: self.model.read() };
            note.guards.push(asked);
        }
        match held {
            Ok(held) => Ok(held),
            Err(Stop::Step(error)) => Err(error),
            Err(stop) => self.told_of(at, stop, &edge.place).map(|()| false),
        }
    }

    /// Of transitions that leave a state in common, the one of the inner state is taken, or else the first.
    fn resolve(&self, at: usize, program: &Program<M::Code>, enabled: &mut Vec<u32>) {
        let left = |edge: u32| {
            let edge = program.edge(edge)?;
            Some((edge.source, self.domain(at, program, edge)))
        };
        let mut kept: Vec<(u32, u32, Option<u32>)> = Vec::with_capacity(enabled.len());
        for number in enabled.iter() {
            let Some((source, domain)) = left(*number) else { continue };
            // What two transitions leave are the descendants of two states, in each of which something is active: they have a state in common
            // if one lies in the other.
            let conflicts = |other: Option<u32>| {
                domain.zip(other).is_some_and(|(own, other)| {
                    own == other || program.is_within(own, other) || program.is_within(other, own)
                })
            };
            let gives_way = |(_, other, domain): &(u32, u32, Option<u32>)| {
                conflicts(*domain) && !program.is_within(source, *other)
            };
            if kept.iter().any(gives_way) {
                continue;
            }
            kept.retain(|(_, _, domain)| !conflicts(*domain));
            kept.push((*number, source, domain));
        }
        enabled.clear();
        enabled.extend(kept.iter().map(|(number, _, _)| *number));
    }

    /// The state whose descendants a transition leaves now; none if it leaves none.
    pub(super) fn domain(
        &self,
        at: usize,
        program: &Program<M::Code>,
        edge: &Edge<M::Code>,
    ) -> Option<u32> {
        match edge.domain {
            Domain::None => None,
            Domain::Fixed(state) => Some(state),
            Domain::History => {
                let targets = self.effective(at, program, &edge.targets);
                Some(program.domain(edge.source, edge.is_internal, &targets))
            }
        }
    }

    /// The targets, with what history states stand for in their place.
    pub(super) fn effective(
        &self,
        at: usize,
        program: &Program<M::Code>,
        targets: &[u32],
    ) -> Vec<u32> {
        let history = self.lives.get(at).map_or(&[][..], |live| &live.session.history);
        let (mut found, mut open) = (Vec::new(), targets.to_vec());
        while let Some(target) = open.pop() {
            let Some(node) = program.node(target).filter(|node| node.nature.is_history()) else {
                found.push(target);
                continue;
            };
            match history.iter().find(|(state, _)| *state == target) {
                Some((_, states)) => found.extend(states.iter()),
                // INVARIANT: a history leads inwards, to no history beside it: this ends.
                None => open.extend(node.initial.iter().copied()),
            }
        }
        found
    }
}

pub(super) fn way<C>(program: &Program<C>, edge: &Edge<C>) -> Way {
    Way {
        source: program.name_of(edge.source).to_owned(),
        index: edge.index,
        targets: edge.targets.iter().map(|target| program.name_of(*target).to_owned()).collect(),
        place: edge.place.clone(),
    }
}
