//! Executable content: blocks of actions, of which one ends with its first error.

use std::sync::Arc;

use super::effect::Effect;
use super::event::{Event, Source};
use super::model::DataModel;
use super::model::Fault;
use super::program::{Carried, Named, Op, OpKind, Text, Told, Variable};
use super::run::{Run, Stop};
use super::step::StepError;
use crate::value::{DEPTH, Exhausted, Value};

/// How many variables are copied in the time of a look.
const COPIED: usize = 8;

impl<M: DataModel> Run<'_, '_, M> {
    /// Executes a block; the chart is told of an error, and the rest of the block is left out.
    pub(super) fn block(&mut self, at: usize, block: &[Op<M::Code>]) -> Result<(), StepError> {
        for op in block {
            if let Err(stop) = self.op(at, op) {
                return self.told_of(at, stop, &op.place);
            }
        }
        Ok(())
    }

    /// Executes what stands within an action; an error ends what is around it, too.
    fn inner(&mut self, at: usize, block: &[Op<M::Code>]) -> Result<(), Stop> {
        block.iter().try_for_each(|op| self.op(at, op))
    }

    fn op(&mut self, at: usize, op: &Op<M::Code>) -> Result<(), Stop> {
        self.count_action(at)?;
        let done = self.act(at, op);
        self.mapped(&op.place, None);
        done
    }

    // INVARIANT: how deep actions nest is bounded when a chart is compiled.
    fn act(&mut self, at: usize, op: &Op<M::Code>) -> Result<(), Stop> {
        match &op.kind {
            OpKind::Raise(event) => {
                let event = Event { source: Source::Internal, ..Event::named(&**event) };
                Ok(self.raise(at, Arc::new(event))?)
            }
            OpKind::Send(sending) => self.send(at, sending, &op.place),
            OpKind::Cancel(id) => {
                let id = self.text(at, id)?;
                let waiting = self.lives.get(at).map_or(0, |live| live.session.timers.len());
                self.look(at, waiting)?;
                if let Some(live) = self.lives.get_mut(at) {
                    live.session.timers.retain(|waiting| {
                        waiting.state.is_some() || waiting.message.id.as_deref() != Some(&*id)
                    });
                }
                Ok(())
            }
            OpKind::Log { label, value } => {
                let value = match value {
                    Some(value) => Some(self.ask(at, |model, scope| model.value(scope, value))?),
                    None => None,
                };
                let session = self.id(at);
                Ok(self.effect(at, Effect::Log { session, label: label.clone(), value })?)
            }
            OpKind::Assign { location, value } => match value {
                Carried::Code(value) => {
                    self.ask(at, |model, scope| model.assign(scope, location, value))
                }
                Carried::Value(value) => {
                    self.ask(at, |model, scope| model.set(scope, location, value))
                }
                Carried::Src(address) => self.ask(at, |model, scope| {
                    let value = model.resource(address)?;
                    model.set(scope, location, &value)
                }),
                Carried::Chart(_) => Ok(()),
            },
            OpKind::If(branches) => {
                for (condition, block) in branches {
                    let holds = match condition {
                        None => true,
                        Some(condition) => {
                            let held =
                                self.ask(at, |model, scope| model.condition(scope, condition));
                            self.mapped(&op.place, held.as_ref().ok().copied());
                            match held {
                                Ok(holds) => holds,
                                // A condition that cannot be told is a no, and no error of the block.
                                Err(stop) => self.told_of(at, stop, &op.place).map(|()| false)?,
                            }
                        }
                    };
                    if holds {
                        return self.inner(at, block);
                    }
                }
                Ok(())
            }
            OpKind::Foreach { array, item, index, block } => {
                let items = self.ask(at, |model, scope| model.items(scope, array))?;
                self.mapped(&op.place, None);
                for (place, value) in items.into_iter().enumerate() {
                    self.count_action(at)?;
                    self.ask(at, |model, scope| model.declare(scope, item, Some(&value)))?;
                    if let Some(index) = index {
                        let place = Value::from(place);
                        self.ask(at, |model, scope| model.declare(scope, index, Some(&place)))?;
                    }
                    self.inner(at, block)?;
                }
                Ok(())
            }
            OpKind::Script(script) => self.ask(at, |model, scope| model.run(scope, script)),
        }
    }

    pub(super) fn id(&self, at: usize) -> Arc<str> {
        self.lives.get(at).map(|live| Arc::clone(&live.session.id)).unwrap_or_default()
    }

    /// A text that is written down, or the value of an expression that is one.
    pub(super) fn text(&mut self, at: usize, text: &Text<M::Code>) -> Result<String, Stop> {
        match text {
            Text::Known(text) => Ok(text.to_string()),
            Text::Code(code) => match self.ask(at, |model, scope| model.value(scope, code))? {
                Value::String(text) => Ok(text.as_ref().to_owned()),
                Value::Number(number) => Ok(number.to_string()),
                other => {
                    Err(Fault::new(format!("a text is wanted, and there is a {}", other.kind()))
                        .into())
                }
            },
        }
    }

    pub(super) fn maybe_text(
        &mut self,
        at: usize,
        text: Option<&Text<M::Code>>,
    ) -> Result<Option<String>, Stop> {
        text.map(|text| self.text(at, text)).transpose()
    }

    pub(super) fn carried(&mut self, at: usize, carried: &Carried<M::Code>) -> Result<Value, Stop> {
        match carried {
            Carried::Code(code) => self.ask(at, |model, scope| model.value(scope, code)),
            Carried::Value(value) => Ok(value.clone()),
            Carried::Src(address) => self.ask(at, |model, _| model.resource(address)),
            Carried::Chart(_) => Err(Fault::new("a chart is no value").into()),
        }
    }

    /// What a message, a service or a final state gets: the content, or an object of the named parts. Parts without a value are left out, and
    /// the chart is told.
    pub(super) fn told(&mut self, at: usize, told: &Told<M::Code>) -> Result<Option<Value>, Stop> {
        if let Some(content) = &told.content {
            return self.carried(at, content).map(Some);
        }
        self.parts(at, told)
    }

    pub(super) fn parts(&mut self, at: usize, told: &Told<M::Code>) -> Result<Option<Value>, Stop> {
        let mut parts = Vec::with_capacity(told.names.len() + told.params.len());
        for Named { name, value, .. } in &told.names {
            let value = self.ask(at, |model, scope| model.value(scope, value))?;
            parts.push((Value::String(Arc::clone(name)), value));
        }
        for (name, value) in &told.params {
            match self.carried(at, value) {
                Ok(value) => parts.push((Value::String(Arc::clone(name)), value)),
                Err(stop) => self.told_of(at, stop, &told.place)?,
            }
        }
        let told = (!parts.is_empty()).then(|| Value::object(parts));
        // What carries what it was told, again and again, has no end.
        if told.as_ref().is_some_and(|told| told.depth() > DEPTH) {
            return Err(Fault::new(Exhausted::Depth.to_string()).into());
        }
        Ok(told)
    }

    /// Variables come to be; those that are given with the given values.
    pub(super) fn variables(
        &mut self,
        at: usize,
        data: &[&Variable<M::Code>],
        given: Option<&Value>,
    ) -> Result<(), StepError> {
        let is_given = |name: &str| given.is_some_and(|given| given.get_str(name).is_some());
        let mut rest = data;
        while let Some(variable) = rest.first() {
            let name = &*variable.name;
            let made = match &variable.value {
                Some(Carried::Code(code)) if !is_given(name) => {
                    self.copying(at)?;
                    self.ask(at, |model, scope| model.declare_as(scope, name, code))
                }
                Some(Carried::Src(address)) if !is_given(name) => {
                    self.copying(at)?;
                    self.ask(at, |model, scope| {
                        let value = model.resource(address);
                        model.declare(scope, name, value.as_ref().ok())?;
                        value.map(|_| ())
                    })
                }
                _ => {
                    let is_known = |variable: &&&Variable<M::Code>| {
                        is_given(&variable.name)
                            || !matches!(variable.value, Some(Carried::Code(_) | Carried::Src(_)))
                    };
                    let known = rest.iter().take_while(is_known).map(|variable| {
                        let own = match &variable.value {
                            Some(Carried::Value(value)) => Some(value),
                            _ => None,
                        };
                        let given = given.and_then(|given| given.get_str(&variable.name));
                        (*variable, given.or(own))
                    });
                    let known: Vec<_> = known.collect();
                    self.declare_all(at, &known)?;
                    rest = rest.get(known.len()..).unwrap_or_default();
                    continue;
                }
            };
            self.mapped(&variable.place, None);
            if let Err(stop) = made {
                self.told_of(at, stop, &variable.place)?;
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        Ok(())
    }

    /// Variables come to be whose values are known: together, for each alone would copy all that are there.
    pub(super) fn declare_all(
        &mut self,
        at: usize,
        variables: &[(&Variable<M::Code>, Option<&Value>)],
    ) -> Result<(), StepError> {
        let named: Vec<_> =
            variables.iter().map(|(variable, value)| (&*variable.name, *value)).collect();
        let mut from = 0;
        while let Some(rest) = named.get(from..).filter(|rest| !rest.is_empty()) {
            let mut wrong = None;
            let made = self.ask(at, |model, scope| {
                model.declare_all(scope, rest).map_err(|(place, fault)| {
                    wrong = Some(place);
                    fault
                })
            });
            let Err(stop) = made else { break };
            let place = from.saturating_add(wrong.unwrap_or_default());
            if let Some((variable, _)) = variables.get(place) {
                self.told_of(at, stop, &variable.place)?;
            }
            from = place.saturating_add(1);
        }
        Ok(())
    }

    /// A variable is made, for which all that are there are copied.
    fn copying(&mut self, at: usize) -> Result<(), StepError> {
        let there = self.lives.get(at).map_or(0, |live| live.session.data.len());
        self.look(at, there / COPIED)
    }
}
