//! What runs beside a state while it is active: charts, whose sessions belong to the tree, and services, which are the host's.

use std::sync::Arc;

use super::bits::Bits;
use super::effect::Effect;
use super::event::Event;
use super::model::{DataModel, Fault};
use super::program::{Call, Carried, Handle, Program};
use super::read::INVOKE_DONE;
use super::run::{Live, Run, Stop};
use super::session::{Held, Invoked, Session};
use super::step::{NESTED, SESSIONS, StepError};
use crate::value::Value;

/// The names of charts as a kind of service.
const CHARTS: [&str; 3] = ["scxml", "http://www.w3.org/TR/scxml/", "http://www.w3.org/TR/scxml"];

/// Whether what is invoked is a chart, and no service of the host.
pub(in crate::kyc) fn is_chart(kind: Option<&str>) -> bool {
    kind.is_none_or(|kind| CHARTS.contains(&kind))
}

/// A chart, and what the model finds it by if it is not written down.
type Found<C> = (Option<Value>, Arc<Program<C>>);

/// The chart that is written down in an invocation.
pub(super) fn inline<C>(program: &Program<C>, state: u32, index: u32) -> Option<Arc<Program<C>>> {
    match &call(program, state, index)?.told.content {
        Some(Carried::Chart(chart)) => Some(Arc::clone(chart)),
        _ => None,
    }
}

fn call<C>(program: &Program<C>, state: u32, index: u32) -> Option<&Call<C>> {
    program.node(state)?.invokes.get(usize::try_from(index).ok()?)
}

impl<'p, M: DataModel> Run<'p, '_, M> {
    /// Invokes what states ask for that were entered in this macrostep and are still active.
    pub(super) fn invoke_all(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        states: &Bits,
    ) -> Result<(), StepError> {
        for state in states.iter() {
            let calls = program.node(state).map_or(&[][..], |node| &node.invokes);
            for (index, call) in (0..).zip(calls) {
                let made = self.invoke(at, program, state, index, call);
                self.mapped(&call.place, None);
                if let Err(stop) = made {
                    self.told_of(at, stop, &call.place)?;
                }
            }
        }
        Ok(())
    }

    fn invoke(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        state: u32,
        index: u32,
        call: &Call<M::Code>,
    ) -> Result<(), Stop> {
        self.count_action(at)?;
        let id: Arc<str> = match &call.id {
            Some(id) => Arc::clone(id),
            None => format!("{}.{}", program.name_of(state), self.made(at)).into(),
        };
        let beside = self.lives.get(at).map_or(0, |live| live.session.invoked.len());
        self.look(at, beside)?;
        let is_taken =
            |live: &Live<'p, M::Code>| live.session.invoked.iter().any(|invoked| invoked.id == id);
        if self.lives.get(at).is_some_and(is_taken) {
            let told = format!(
                "`{id}` is invoked by another state that is active: give this one another id"
            );
            return Err(Fault::new(told).into());
        }
        if let Some(location) = &call.id_location {
            let value = Value::String(Arc::clone(&id));
            self.ask(at, |model, scope| model.set(scope, location, &value))?;
        }
        let kind = self.maybe_text(at, call.kind.as_ref())?;
        let src = self.maybe_text(at, call.src.as_ref())?;
        let held = if is_chart(kind.as_deref()) {
            let given = self.parts(at, &call.told)?.unwrap_or(Value::Null);
            let (source, found) = self.chart_of(at, call, src)?;
            self.begins(at, &id, found, given)?;
            Held::Chart { source, session: None }
        } else {
            if !self.model.supports(kind.as_deref(), src.as_deref()) {
                return Err(Fault::new(format!(
                    "there is no service `{}`",
                    kind.unwrap_or_default()
                ))
                .into());
            }
            let data = self.told(at, &call.told)?;
            let (session, kind) = (self.id(at), kind.unwrap_or_default());
            let id = self.known_as(at, &id);
            self.effect(at, Effect::Invoke { session, id, kind, src, data })?;
            Held::Service
        };
        if let Some(live) = self.lives.get_mut(at) {
            live.session.invoked.push(Invoked { id, state, index, held });
        }
        Ok(())
    }

    /// The chart, and what the model finds it by if it is not written down.
    fn chart_of(
        &mut self,
        at: usize,
        call: &Call<M::Code>,
        src: Option<String>,
    ) -> Result<Found<M::Code>, Stop> {
        let source = match (&call.told.content, src) {
            (_, Some(src)) => Value::from(src),
            (Some(Carried::Chart(chart)), None) => return Ok((None, Arc::clone(chart))),
            (Some(Carried::Src(address)), None) => Value::from(&**address),
            (Some(content), None) => self.carried(at, content)?,
            (None, None) => return Err(Fault::new("does not say which chart is invoked").into()),
        };
        let found = self.ask(at, |model, _| model.chart(&source))?;
        Ok((Some(source), found))
    }

    /// Makes the session of a chart, which begins before any other event is answered.
    fn begins(
        &mut self,
        at: usize,
        id: &Arc<str>,
        program: Arc<Program<M::Code>>,
        given: Value,
    ) -> Result<(), StepError> {
        let (mut depth, mut above) = (0, Some(at));
        while let Some(live) = above.and_then(|above| self.lives.get(above)) {
            (depth, above) = (depth + 1, live.parent);
        }
        if depth > NESTED || self.lives.len() >= SESSIONS {
            return Err(StepError::Invokes { chart: self.chart(at) });
        }
        let session = Session::new(format!("{}.{}", self.id(at), self.made(at)).into());
        let live =
            Live::new(session, Some(Handle::Shared(program)), Some(at), Some(Arc::clone(id)));
        self.starts.push_back((self.lives.len(), given));
        self.lives.push(live);
        Ok(())
    }

    /// Ends what a state invoked that is left.
    pub(super) fn cancel_all(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        state: u32,
    ) -> Result<(), StepError> {
        while let Some(live) = self.lives.get_mut(at) {
            let invoked = &mut live.session.invoked;
            let Some(place) = invoked.iter().position(|invoked| invoked.state == state) else {
                break;
            };
            let id = invoked.get(place).map(|invoked| Arc::clone(&invoked.id)).unwrap_or_default();
            if let Some(child) = self.child(at, &id) {
                if let Some(live) = self.lives.get_mut(child) {
                    live.is_mute = true;
                }
                self.exit_all(child, false)?;
            }
            let Some(live) = self.lives.get_mut(at) else { break };
            if place >= live.session.invoked.len() {
                break;
            }
            let Invoked { index, held, .. } = live.session.invoked.remove(place);
            if held == Held::Service {
                let known = live.session.known_as(&id);
                if call(program, state, index).is_some_and(|call| call.id.is_some()) {
                    live.session.service_is_past(&id);
                }
                let session = self.id(at);
                self.effect(at, Effect::CancelInvoke { session, id: known })?;
            }
        }
        Ok(())
    }

    /// Runs what its parent does with what an invoked session or service tells, and hands on what others are to hear.
    pub(super) fn finalize(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        event: &Arc<Event>,
    ) -> Result<bool, StepError> {
        let mut is_told = false;
        let beside = self.lives.get(at).map_or(0, |live| live.session.invoked.len());
        self.look(at, beside)?;
        let invoked = self.lives.get(at).map_or(&[][..], |live| &live.session.invoked);
        let concerns = |invoked: &&Invoked| {
            event.invoke_id.as_deref() == Some(&*invoked.id)
                || call(program, invoked.state, invoked.index)
                    .is_some_and(|call| call.is_forwarding)
        };
        let concerned: Vec<_> = invoked
            .iter()
            .filter(concerns)
            .map(|invoked| {
                (
                    Arc::clone(&invoked.id),
                    invoked.state,
                    invoked.index,
                    invoked.held == Held::Service,
                )
            })
            .collect();
        for (id, state, index, is_service) in concerned {
            let Some(call) = call(program, state, index) else { continue };
            let is_own = event.invoke_id.as_deref() == Some(&*id);
            let ends = is_own && is_service && event.name.strip_prefix(INVOKE_DONE) == Some(&*id);
            if ends {
                self.service_ends(at, &id, call.id.is_some());
            }
            if is_own && let Some(block) = &call.finalize {
                is_told = true;
                if block.is_empty() {
                    self.take_over(at, call, event)?;
                } else {
                    self.block(at, block)?;
                }
            }
            // One that has told its last hears nothing more.
            if !call.is_forwarding || ends {
                continue;
            }
            if is_service {
                is_told = true;
                let (session, event) = (self.id(at), Arc::clone(event));
                let id = self.known_as(at, &id);
                self.effect(at, Effect::Forward { session, id, event })?;
            } else if let Some(child) = self.child(at, &id) {
                self.enqueue(child, Arc::clone(event))?;
            }
        }
        Ok(is_told)
    }

    /// A service has told all that it has to tell: it is not cancelled, and not heard any more.
    fn service_ends(&mut self, at: usize, id: &Arc<str>, is_written: bool) {
        let Some(live) = self.lives.get_mut(at) else { return };
        let own = live.session.invoked.iter_mut().find(|own| own.id == *id);
        if let Some(own) = own.filter(|own| own.held == Held::Service) {
            own.held = Held::Ended;
            if is_written {
                live.session.service_is_past(id);
            }
        }
    }

    /// What the host knows the service of an id by.
    pub(super) fn known_as(&self, at: usize, id: &Arc<str>) -> Arc<str> {
        self.lives.get(at).map_or_else(|| Arc::clone(id), |live| live.session.known_as(id))
    }

    /// What a `finalize` without actions does: the variables that were handed over get what comes back under their names.
    fn take_over(
        &mut self,
        at: usize,
        call: &Call<M::Code>,
        event: &Event,
    ) -> Result<(), StepError> {
        for named in &call.told.names {
            let Some(value) = event.data.as_ref().and_then(|data| data.get_str(&named.name)) else {
                continue;
            };
            if let Err(stop) = self.ask(at, |model, scope| model.set(scope, &named.location, value))
            {
                self.told_of(at, stop, &call.place)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "invoke_tests.rs"]
mod tests;
