//! How a session begins and ends.

use std::sync::Arc;

use super::effect::Effect;
use super::event::Event;
use super::model::DataModel;
use super::program::{Nature, Program};
use super::run::{Run, Stop};
use super::session::{Held, Status};
use super::step::StepError;
use crate::value::Value;

impl<M: DataModel> Run<'_, '_, M> {
    /// Begins a session: its variables come to be, its script runs, its first states are entered; then it runs until it waits.
    pub(super) fn begin(&mut self, at: usize, given: &Value) -> Result<(), StepError> {
        if self.is_over(at) {
            return Ok(());
        }
        let program = self.program(at)?;
        self.turn(at, None);
        match self.ask(at, |model, scope| model.begin(scope)) {
            Ok(()) => {}
            Err(Stop::Step(error)) => return Err(error),
            Err(Stop::Fault(fault) | Stop::Sending(fault, _)) => {
                let chart = program.name.to_string();
                return Err(StepError::Model { chart, fault });
            }
        }
        self.first_variables(at, &program, given)?;
        if let Some((script, place)) = &program.script
            && let Err(stop) = self.ask(at, |model, scope| model.run(scope, script))
        {
            self.told_of(at, stop, place)?;
        }
        self.enter_chart(at, &program)?;
        self.macrostep(at, &program)
    }

    /// The variables come to be: those of the chart, and those of its states, which have no values before they are entered where binding is late.
    fn first_variables(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        given: &Value,
    ) -> Result<(), StepError> {
        let mut nodes = program.nodes.iter();
        let own: Vec<_> = nodes.next().into_iter().flat_map(|chart| &chart.data).collect();
        self.variables(at, &own, Some(given))?;
        let below = nodes.flat_map(|state| &state.data);
        if program.is_late {
            let below: Vec<_> = below.map(|variable| (variable, None)).collect();
            self.declare_all(at, &below)
        } else {
            self.variables(at, &below.collect::<Vec<_>>(), None)
        }
    }

    /// Ends a session: all its states are left. Whoever invoked it is told if it came to its end by itself.
    pub(super) fn exit_all(&mut self, at: usize, by_itself: bool) -> Result<(), StepError> {
        if self.is_over(at) {
            return Ok(());
        }
        let program = self.program(at)?;
        self.turn(at, None);
        let Some(live) = self.lives.get_mut(at) else { return Ok(()) };
        let active = live.session.active.clone();
        live.session.status = Status::Done;
        let mut end = u32::try_from(program.nodes.len()).unwrap_or(u32::MAX);
        let mut data = None;
        while let Some(state) = active.previous(end).filter(|state| *state != 0) {
            end = state;
            self.leave_one(at, &program, state)?;
            if by_itself && is_last(&program, state) {
                data = self.done_data(at, &program, state)?;
            }
        }
        let Some(live) = self.lives.get_mut(at) else { return Ok(()) };
        // The states that it ended in are what its end is known by.
        live.session.active = active;
        live.session.timers.clear();
        live.session.history.clear();
        live.internal.clear();
        live.to_invoke.clear();
        let (id, parent, via) = (Arc::clone(&live.session.id), live.parent, live.via.clone());
        live.is_over = parent.is_some();
        self.starts.retain(|(other, _)| *other != at);
        self.model.end(&id);
        let (Some(parent), Some(via)) = (parent, via) else {
            if by_itself {
                self.effect(at, Effect::Done { session: id, data })?;
            }
            return Ok(());
        };
        if !by_itself {
            return Ok(());
        }
        if let Some(above) = self.lives.get_mut(parent)
            && let Some(invoked) =
                above.session.invoked.iter_mut().find(|invoked| invoked.id == via)
        {
            invoked.held = Held::Ended;
        }
        let invoke_id = Some(via.as_ref().to_owned());
        let event =
            Event { name: format!("done.invoke.{via}"), invoke_id, data, ..Event::default() };
        self.enqueue(parent, Arc::new(event))
    }
}

fn is_last<C>(program: &Program<C>, state: u32) -> bool {
    program.node(state).is_some_and(|node| node.nature == Nature::Final && node.parent == 0)
}
