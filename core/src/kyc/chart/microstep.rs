//! One microstep: states are left, transitions act, states are entered.

use super::bits::Bits;
use super::model::DataModel;
use super::program::{Nature, Program};
use super::run::Run;
use super::select::way;
use super::step::StepError;

impl<M: DataModel> Run<'_, '_, M> {
    pub(super) fn microstep(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        enabled: &[u32],
    ) -> Result<(), StepError> {
        let leaving = self.leaving(at, program, enabled)?;
        if !leaving.is_empty() {
            self.record(at, program, &leaving);
            self.leave(at, program, &leaving)?;
        }
        for edge in enabled {
            let Some(edge) = program.edge(*edge) else { continue };
            if let Some(note) = &mut self.note {
                note.taken.push(way(program, edge));
            }
            self.block(at, &edge.block)?;
        }
        self.enter(at, program, enabled)
    }

    fn leaving(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        enabled: &[u32],
    ) -> Result<Bits, StepError> {
        let (mut leaving, mut looks) = (Bits::default(), 0);
        let Some(live) = self.lives.get(at) else { return Ok(leaving) };
        for edge in enabled {
            let Some(edge) = program.edge(*edge) else { continue };
            let Some(domain) = self.domain(at, program, edge) else { continue };
            let end = program.node(domain).map_or(0, |node| node.end);
            let mut from = domain.saturating_add(1);
            while let Some(state) = live.session.active.next(from).filter(|state| *state < end) {
                looks += 1;
                leaving.insert(state);
                from = state.saturating_add(1);
            }
        }
        self.look(at, looks)?;
        Ok(leaving)
    }

    /// What history states will stand for.
    fn record(&mut self, at: usize, program: &Program<M::Code>, leaving: &Bits) {
        let Some(live) = self.lives.get_mut(at) else { return };
        let session = &mut live.session;
        for state in leaving.iter() {
            let Some(node) = program.node(state) else { continue };
            for history in &node.histories {
                let held: Bits = if program.nature(*history) == Some(Nature::Deep) {
                    let active = session.active.iter().skip_while(|below| *below <= state);
                    let below = active.take_while(|below| *below < node.end);
                    below.filter(|below| program.atomic.contains(*below)).collect()
                } else {
                    let children = node.children.iter().copied();
                    children.filter(|child| session.active.contains(*child)).collect()
                };
                match session.history.binary_search_by_key(history, |(state, _)| *state) {
                    Ok(found) => {
                        if let Some((_, states)) = session.history.get_mut(found) {
                            *states = held;
                        }
                    }
                    Err(place) => session.history.insert(place, (*history, held)),
                }
            }
        }
    }

    /// Leaves states, the last in document order first.
    pub(super) fn leave(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        leaving: &Bits,
    ) -> Result<(), StepError> {
        let mut end = u32::try_from(program.nodes.len()).unwrap_or(u32::MAX);
        while let Some(state) = leaving.previous(end) {
            end = state;
            self.leave_one(at, program, state)?;
        }
        Ok(())
    }

    pub(super) fn leave_one(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        state: u32,
    ) -> Result<(), StepError> {
        let Some(node) = program.node(state) else { return Ok(()) };
        if let Some(note) = &mut self.note {
            note.exited.push(node.name.to_string());
        }
        for block in &node.exit {
            self.block(at, block)?;
        }
        if !node.timers.is_empty() {
            let waiting = self.lives.get(at).map_or(0, |live| live.session.timers.len());
            self.look(at, waiting)?;
        }
        if !node.timers.is_empty()
            && let Some(live) = self.lives.get_mut(at)
        {
            live.session.timers.retain(|waiting| waiting.state != Some(state));
        }
        if !node.invokes.is_empty() {
            self.cancel_all(at, program, state)?;
        }
        if let Some(live) = self.lives.get_mut(at) {
            live.session.active.remove(state);
            live.to_invoke.remove(state);
        }
        Ok(())
    }
}
