//! Which transitions are taken: the innermost of each active state, in document order, and of those that would leave the same state only one.

use std::collections::BTreeMap;

use super::bits::Bits;
use super::event::Event;
use super::model::DataModel;
use super::program::{Domain, Edge, Program};
use super::run::{Run, Stop};
use super::step::StepError;
use super::topics::Topic;
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
        let mut taken = Bits::default();
        let mut from = 0;
        while let Some(state) = self.lives.get(at).and_then(|live| live.session.active.next(from)) {
            from = state.saturating_add(1);
            if program.atomic.contains(state)
                && let Some(edge) = self.innermost(at, program, state, topic)?
                && self.is_first(program, state, edge, &mut taken)
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

    /// Whether a transition is chosen for the first time: that of a state around several is chosen for each of them.
    fn is_first(
        &self,
        program: &Program<M::Code>,
        state: u32,
        edge: u32,
        taken: &mut Bits,
    ) -> bool {
        program.edge(edge).is_some_and(|found| found.source == state) || taken.insert(edge)
    }

    /// The first transition of a state or, failing that, of one around it.
    fn innermost(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        state: u32,
        topic: Option<Topic>,
    ) -> Result<Option<u32>, StepError> {
        let mut state = state;
        while let Some(node) = program.node(state).filter(|_| state != 0) {
            self.look(at, 1)?;
            for number in node.edges.clone() {
                self.look(at, 1)?;
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
        // What two transitions leave are the descendants of two states, in each of which something is active: they have a state in common if one
        // lies in the other. Of those that are kept none does, so that the one around another, and those within it, are found by their numbers.
        let mut kept: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        let mut dropped = Bits::default();
        for number in enabled.iter() {
            let Some(edge) = program.edge(*number) else { continue };
            let Some(domain) = self.domain(at, program, edge) else { continue };
            let end = program.node(domain).map_or(0, |node| node.end);
            let around = kept.range(..domain).next_back();
            let around = around.filter(|(other, _)| program.is_within(domain, **other));
            let within = kept.range(domain..end.max(domain.saturating_add(1)));
            let conflicts: Vec<_> =
                around.into_iter().chain(within).map(|(domain, held)| (*domain, *held)).collect();
            if conflicts.iter().any(|(_, (_, other))| !program.is_within(edge.source, *other)) {
                dropped.insert(*number);
                continue;
            }
            for (domain, (number, _)) in conflicts {
                kept.remove(&domain);
                dropped.insert(number);
            }
            kept.insert(domain, (*number, edge.source));
        }
        enabled.retain(|number| !dropped.contains(*number));
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
