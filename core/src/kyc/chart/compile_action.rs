//! From actions as written to a program.

use std::sync::Arc;

use super::compile::Compiler;
use super::document::{
    Action, ActionKind, Branch, Content, Datum, Delay, Expr, Given, Invoke, Param, Place, Send,
    Timer,
};
use super::duration::Duration;
use super::effect::Message;
use super::model::{DataModel, Role};
use super::program::{
    Block, Call, Carried, Clock, DEPTH, Named, Op, OpKind, Program, Sending, Text, Told, Variable,
    Wait,
};
use super::session::NUMBERED;
use super::step::NESTED;
use crate::value::Value;

/// The longest name of a state or an event.
const NAME: usize = 256;

/// Whether a text cannot name a state or an event.
pub(super) fn not_a_name(name: &str) -> bool {
    name.is_empty()
        || name.len() > NAME
        || name.chars().any(|c| c.is_whitespace() || c.is_control())
}

impl<M: DataModel> Compiler<'_, M> {
    pub(super) fn code(&mut self, role: Role, expr: &Expr) -> Option<M::Code> {
        match self.model.compile(role, expr) {
            Ok(code) => Some(code),
            Err(fault) => {
                self.error(&expr.place, fault.message);
                None
            }
        }
    }

    /// Of an expression that need not be there; the outer is none if there was an error.
    fn maybe(&mut self, role: Role, expr: Option<&Expr>) -> Option<Option<M::Code>> {
        match expr {
            Some(expr) => self.code(role, expr).map(Some),
            None => Some(None),
        }
    }

    fn location(&mut self, location: &str, place: &Place) -> Option<M::Code> {
        self.code(Role::Location, &Expr { source: Value::string(location), place: place.clone() })
    }

    fn maybe_location(
        &mut self,
        location: Option<&String>,
        place: &Place,
    ) -> Option<Option<M::Code>> {
        match location {
            Some(location) => self.location(location, place).map(Some),
            None => Some(None),
        }
    }

    fn text(&mut self, text: &Given<String>) -> Option<Text<M::Code>> {
        match text {
            Given::Known(text) => Some(Text::Known(text.as_str().into())),
            Given::Expr(expr) => self.code(Role::Value, expr).map(Text::Code),
        }
    }

    fn maybe_text(&mut self, text: Option<&Given<String>>) -> Option<Option<Text<M::Code>>> {
        match text {
            Some(text) => self.text(text).map(Some),
            None => Some(None),
        }
    }

    fn wait(&mut self, delay: &Delay, place: &Place) -> Option<Wait<M::Code>> {
        match delay {
            Given::Known(text) => match text.parse::<Duration>() {
                Ok(duration) => Some(Wait::Known(duration)),
                Err(error) => {
                    self.error(place, error.to_string());
                    None
                }
            },
            Given::Expr(expr) => self.code(Role::Value, expr).map(Wait::Code),
        }
    }

    /// What is carried; a chart only where one can be invoked.
    fn content(
        &mut self,
        content: &Content,
        invokes: bool,
        place: &Place,
    ) -> Option<Carried<M::Code>> {
        match content {
            Content::Expr(expr) => self.code(Role::Value, expr).map(Carried::Code),
            Content::Value(value) => Some(Carried::Value(value.clone())),
            Content::Src(address) => Some(Carried::Src(address.as_str().into())),
            Content::Chart(_) if !invokes => {
                self.error(place, "a chart can be invoked, and is nothing else");
                None
            }
            Content::Chart(_) if self.nested >= NESTED => {
                self.error(place, format!("charts stand in one another more than {NESTED} deep"));
                None
            }
            Content::Chart(chart) => {
                match Program::compile_nested(chart, self.model, self.nested + 1) {
                    Ok(program) => Some(Carried::Chart(Arc::new(program))),
                    Err(errors) => {
                        self.errors(errors);
                        None
                    }
                }
            }
        }
    }

    fn carried(
        &mut self,
        names: &[String],
        params: &[Param],
        content: Option<&Content>,
        invokes: bool,
        place: &Place,
    ) -> Option<Told<M::Code>> {
        let names: Vec<_> = names
            .iter()
            .map(|name| {
                let expr = Expr { source: Value::string(name), place: place.clone() };
                let (value, location) =
                    (self.code(Role::Value, &expr), self.code(Role::Location, &expr));
                Some(Named { name: Arc::from(name.as_str()), value: value?, location: location? })
            })
            .collect();
        let params: Vec<_> = params
            .iter()
            .map(|param| {
                let value = match &param.value {
                    Given::Known(value) => Carried::Value(value.clone()),
                    Given::Expr(expr) => Carried::Code(self.code(Role::Value, expr)?),
                };
                Some((Arc::from(param.name.as_str()), value))
            })
            .collect();
        let content = content.map(|content| self.content(content, invokes, place));
        Some(Told {
            names: names.into_iter().collect::<Option<_>>()?,
            params: params.into_iter().collect::<Option<_>>()?,
            content: match content {
                Some(content) => Some(content?),
                None => None,
            },
            place: place.clone(),
        })
    }

    pub(super) fn told(
        &mut self,
        names: &[String],
        params: &[Param],
        content: Option<&Content>,
        place: &Place,
    ) -> Option<Told<M::Code>> {
        if content.is_some() && !(names.is_empty() && params.is_empty()) {
            self.error(place, "carries content and named parts: decide for one");
        }
        self.carried(names, params, content, false, place)
    }

    pub(super) fn variables(&mut self, data: &[Datum]) -> Box<[Variable<M::Code>]> {
        let mut sorted: Vec<&Datum> = data.iter().collect();
        sorted.sort_by_key(|datum| &datum.id);
        for pair in sorted.windows(2) {
            if let [first, second] = pair
                && first.id == second.id
            {
                let told = format!("there are two variables `{}`: give one another name", first.id);
                self.error(&second.place, told);
            }
        }
        for datum in data {
            self.variable(&datum.id, &datum.place);
        }
        let one = |datum: &Datum| {
            let value = match &datum.value {
                Some(value) => Some(self.content(value, false, &datum.place)?),
                None => None,
            };
            Some(Variable { name: datum.id.as_str().into(), value, place: datum.place.clone() })
        };
        data.iter().filter_map(one).collect()
    }

    pub(super) fn timer(
        &mut self,
        index: u32,
        state: &str,
        timer: &Timer,
    ) -> Option<Clock<M::Code>> {
        let event = timer.event.clone().unwrap_or_else(|| format!("after.{index}.{state}"));
        self.event(&event, &timer.place);
        Some(Clock {
            delay: self.wait(&timer.delay, &timer.place)?,
            event: event.as_str().into(),
            message: Arc::new(Message { event: Some(event), ..Message::default() }),
            restore: timer.restore,
            place: timer.place.clone(),
        })
    }

    pub(super) fn invoke(&mut self, invoke: &Invoke) -> Option<Call<M::Code>> {
        let place = &invoke.place;
        let (kind, src) =
            (self.maybe_text(invoke.kind.as_ref()), self.maybe_text(invoke.src.as_ref()));
        let id_location = self.maybe_location(invoke.id_location.as_ref(), place);
        if let Some(id) = &invoke.id {
            self.name("invocation", id, place);
            if id.contains(NUMBERED) {
                self.error(place, format!("`{id}` has a `{NUMBERED}`, behind which stands which service of an id it is: give it an id without one"));
            }
        }
        if invoke.src.is_some() && invoke.content.is_some() {
            self.error(place, "says where it is to be found, and what it is: decide for one");
        }
        let told =
            self.carried(&invoke.names, &invoke.params, invoke.content.as_ref(), true, place);
        let finalize = invoke.finalize.as_ref().map(|actions| self.block(actions, 0));
        Some(Call {
            id: invoke.id.as_deref().map(Arc::from),
            id_location: id_location?,
            kind: kind?,
            src: src?,
            told: told?,
            is_forwarding: invoke.autoforward,
            finalize,
            place: place.clone(),
        })
    }

    /// Actions, `depth` others around them.
    pub(super) fn block(&mut self, actions: &[Action], depth: u32) -> Block<M::Code> {
        let one = |action: &Action| {
            if depth >= DEPTH {
                self.error(&action.place, format!("actions nest deeper than {DEPTH}"));
                return None;
            }
            let kind = self.action(&action.kind, depth, &action.place)?;
            Some(Op { kind, place: action.place.clone() })
        };
        actions.iter().filter_map(one).collect()
    }

    fn action(
        &mut self,
        action: &ActionKind,
        depth: u32,
        place: &Place,
    ) -> Option<OpKind<M::Code>> {
        Some(match action {
            ActionKind::Raise(event) => {
                self.event(event, place);
                OpKind::Raise(event.as_str().into())
            }
            ActionKind::Send(send) => OpKind::Send(Box::new(self.send(send, place)?)),
            ActionKind::Cancel(id) => OpKind::Cancel(self.text(id)?),
            ActionKind::Log { label, value } => OpKind::Log {
                label: label.as_deref().map(Arc::from),
                value: self.maybe(Role::Value, value.as_ref())?,
            },
            ActionKind::Assign { location, value } => {
                let (location, value) =
                    (self.location(location, place), self.content(value, false, place));
                OpKind::Assign { location: location?, value: value? }
            }
            ActionKind::If(branches) => self.branches(branches, depth, place)?,
            ActionKind::Foreach { array, item, index, actions } => {
                let (array, block) =
                    (self.code(Role::Value, array), self.block(actions, depth + 1));
                self.variable(item, place);
                index.iter().for_each(|index| self.variable(index, place));
                let index = index.as_deref().map(Box::from);
                OpKind::Foreach { array: array?, item: item.as_str().into(), index, block }
            }
            ActionKind::Script(script) => OpKind::Script(self.code(Role::Script, script)?),
        })
    }

    fn branches(
        &mut self,
        branches: &[Branch],
        depth: u32,
        place: &Place,
    ) -> Option<OpKind<M::Code>> {
        let last = branches.len().saturating_sub(1);
        if branches.iter().take(last).any(|branch| branch.condition.is_none()) {
            self.error(
                place,
                "has branches behind the one without a condition: nothing comes of them",
            );
        }
        let one = |branch: &Branch| {
            let condition = self.maybe(Role::Condition, branch.condition.as_ref());
            let block = self.block(&branch.actions, depth + 1);
            Some((condition?, block))
        };
        let branches: Vec<_> = branches.iter().map(one).collect();
        branches.into_iter().collect::<Option<_>>().map(OpKind::If)
    }

    fn send(&mut self, send: &Send, place: &Place) -> Option<Sending<M::Code>> {
        if let Some(Given::Known(event)) = &send.event {
            self.event(event, place);
        }
        if send.event.is_none() && send.content.is_none() {
            self.error(place, "sends neither an event nor content: name the event");
        }
        if send.id.is_some() && send.id_location.is_some() {
            self.error(place, "has an id, and a variable for a made-up one: decide for one");
        }
        let is_inner = matches!(&send.target, Some(Given::Known(target)) if target == "#_internal");
        if is_inner && send.delay.is_some() {
            self.error(
                place,
                "sends into the internal queue, where nothing waits: take the delay away",
            );
        }
        let (event, target) =
            (self.maybe_text(send.event.as_ref()), self.maybe_text(send.target.as_ref()));
        let kind = self.maybe_text(send.kind.as_ref());
        let id_location = self.maybe_location(send.id_location.as_ref(), place);
        let delay = send.delay.as_ref().map(|delay| self.wait(delay, place));
        let told = self.told(&send.names, &send.params, send.content.as_ref(), place);
        Some(Sending {
            event: event?,
            target: target?,
            kind: kind?,
            id: send.id.as_deref().map(Box::from),
            id_location: id_location?,
            delay: match delay {
                Some(delay) => Some(delay?),
                None => None,
            },
            told: told?,
        })
    }

    fn variable(&mut self, name: &str, place: &Place) {
        if let Err(fault) = self.model.variable(name) {
            self.error(place, fault.message);
        }
    }

    fn event(&mut self, event: &str, place: &Place) {
        self.name("event", event, place);
    }
}
