//! Plugins woven into states: what the host is asked for in a state, one thing after the other, and what its answers bring about.
//!
//! A state in which one plugin runs invokes it. Where several run, where one has to be looked at before it is asked, or where the state is entered in
//! a way that runs none (a case begins in it, or it leads to itself), the state has states within it: `STATE.run.PLUGIN` for each, and `STATE.waiting`.

use std::collections::BTreeMap;

use thalium::kyc::chart::{Action, Expr, Given, Initial, Kind, State, Transition};

use crate::json::At;
use crate::make::{Make, assign, expr, known};
use crate::names::Names;
use crate::plugin::{Asked, Step, StepKind, Steps};
use crate::report::shown;
use crate::state::Raw;
use crate::transition::ask;

/// What is known of all states before the first is written.
#[derive(Debug)]
pub(crate) struct Weave<'a, 'n> {
    names: &'a Names,
    steps: &'a Steps<'n>,
    /// Where those are entered that have states for their plugins.
    first: BTreeMap<usize, String>,
}

impl<'a, 'n> Weave<'a, 'n> {
    pub(crate) fn new(
        names: &'a Names,
        steps: &'a Steps<'n>,
        raws: &[Raw],
        initial: Option<usize>,
    ) -> Self {
        let mut weave = Self { names, steps, first: BTreeMap::new() };
        for raw in raws.iter().filter(|raw| raw.state.kind != Kind::Final) {
            let Some(steps) = steps.get(&raw.number).filter(|steps| !steps.is_empty()) else {
                continue;
            };
            let leads_to_itself = raw.ways.iter().any(|way| way.targets.contains(&raw.number));
            if initial == Some(raw.number) || leads_to_itself || !is_plain(steps) {
                let id = weave.run(raw.number, steps.first());
                weave.first.insert(raw.number, id);
            }
        }
        weave
    }

    fn run(&self, state: usize, step: Option<&Step<'_>>) -> String {
        format!("{}.run.{}", self.names.id(state), step.map_or("", |step| &step.name))
    }

    fn waiting(&self, state: usize) -> String {
        format!("{}.waiting", self.names.id(state))
    }

    /// A state as the chart has it.
    pub(crate) fn state(&self, make: &mut Make<'_>, raw: Raw) -> State {
        let Raw { number, mut state, ways, initial, children, has_always, events } = raw;
        let asks = |step: &Step<'_>| matches!(&step.kind, StepKind::Ask(asked) if !asked.callbacks.is_empty());
        let steps = self.steps.get(&number).map_or(&[][..], Vec::as_slice);
        state.transitions = ways
            .into_iter()
            .map(|way| {
                let lead = |target: &usize| match self.first.get(target) {
                    Some(first) if *target != number => first.clone(),
                    _ => self.names.id(*target).to_owned(),
                };
                Transition { targets: way.targets.iter().map(lead).collect(), ..way.transition }
            })
            .collect();
        state.initial = initial.map(|initial| Initial {
            targets: vec![self.names.id(initial).to_owned()],
            place: state.place.clone(),
            ..Initial::default()
        });
        state.states = children.into_iter().map(|child| self.state(make, child)).collect();
        if state.kind == Kind::Final {
            for step in steps {
                self.at_the_end(make, step, &mut state);
            }
            return state;
        }
        if let Some(step) = steps.iter().find(|step| asks(step)).filter(|_| has_always) {
            make.report.tolerate(&step.at, "always-beside-plugins", format!("`{}` has ways without an event, too: they are asked there once the event of the answer was taken, and here as soon as the answer is written: ask in a state of its own", shown(self.names.id(number))));
        }
        for (step, next) in steps.iter().zip(steps.iter().skip(1)) {
            if asks(step) {
                make.report.tolerate(&next.at, "plugins-after-leaving", format!("runs after `{}`, whose event may lead out of the state: there it runs even then, and here only if the case is still in it: give it a state of its own", shown(&step.name)));
            }
        }
        for step in steps {
            let StepKind::Ask(asked) = &step.kind else { continue };
            for event in asked.callbacks.iter().filter(|event| !events.contains(event)) {
                make.report.tolerate(&step.at, "callback-not-heard", format!("tells `{}`, and `{}` does nothing for it: there the event is refused with an error, and here it is not heard", shown(event), shown(self.names.id(number))));
            }
        }
        if self.first.contains_key(&number) {
            self.chain(number, steps, &mut state);
        } else {
            for step in steps {
                match &step.kind {
                    StepKind::Do(actions) => state.entry.push(actions.clone()),
                    StepKind::Ask(asked) => {
                        state.entry.extend((!asked.entry.is_empty()).then(|| asked.entry.clone()));
                        state.invokes.push(asked.invoke.clone());
                        state.transitions.extend(answers(step, asked, &[]));
                    }
                }
            }
        }
        state
    }

    /// In a final state nothing waits for an answer.
    fn at_the_end(&self, make: &mut Make<'_>, step: &Step<'_>, state: &mut State) {
        match &step.kind {
            StepKind::Do(actions) => state.entry.push(actions.clone()),
            StepKind::Ask(asked) => {
                make.report.tolerate(&step.at, "callback-not-heard", format!("asks for an answer in the final state `{}`: there it is written and its event is refused with an error, and here nothing waits for it: ask before the end, or name no `successAction` and `errorAction`", state.id.as_deref().map(shown).unwrap_or_default()));
                let kind = match &asked.invoke.kind {
                    Some(Given::Known(kind)) => kind.clone(),
                    _ => {
                        make.report.refuse(&step.at, "starts a child in a final state, with which it would end: start it before");
                        return;
                    }
                };
                let mut params = vec![known("name", step.name.as_str())];
                params.extend(asked.invoke.params.clone());
                state.entry.push(vec![ask(&step.at, &kind, params)]);
            }
        }
    }

    /// One state for each step, and one to wait in.
    fn chain(&self, number: usize, steps: &[Step<'_>], state: &mut State) {
        let waiting = self.waiting(number);
        for (at, step) in steps.iter().enumerate() {
            let id = self.run(number, Some(step));
            let next = match steps.get(at + 1) {
                Some(next) => self.run(number, Some(next)),
                None => waiting.clone(),
            };
            let place = step.at.place();
            let mut run = State { id: Some(id.clone()), place: place.clone(), ..State::default() };
            match &step.kind {
                StepKind::Do(actions) => {
                    run.entry.push(actions.clone());
                    run.transitions.push(Transition {
                        targets: vec![next],
                        place,
                        ..Transition::default()
                    });
                }
                StepKind::Ask(asked) => {
                    let mut asking = run.clone();
                    if !asked.check.is_empty() {
                        asking.id = Some(format!("{}.ask.{}", self.names.id(number), step.name));
                        run.transitions =
                            checks(step, asked, asking.id.as_deref().unwrap_or_default(), &next);
                        state.states.push(run);
                    }
                    asking.entry.extend((!asked.entry.is_empty()).then(|| asked.entry.clone()));
                    asking.invokes.push(asked.invoke.clone());
                    asking.transitions = answers(step, asked, std::slice::from_ref(&next));
                    run = asking;
                }
            }
            state.states.push(run);
        }
        let place = state.place.clone();
        state.states.push(State {
            id: Some(waiting.clone()),
            place: place.clone(),
            ..State::default()
        });
        state.initial = Some(Initial { targets: vec![waiting], place, ..Initial::default() });
    }
}

/// Whether a state can invoke what its plugins ask for itself: what tells nothing stands first, and at most one asks.
fn is_plain(steps: &[Step<'_>]) -> bool {
    let last = steps.len().saturating_sub(1);
    steps.iter().enumerate().all(|(at, step)| match &step.kind {
        StepKind::Do(_) => true,
        StepKind::Ask(asked) => at == last && asked.check.is_empty(),
    })
}

/// What comes of the answers.
fn answers(step: &Step<'_>, asked: &Asked, targets: &[String]) -> Vec<Transition> {
    let on = |event: &str, guard: Option<Expr>, actions| Transition {
        events: vec![format!("{event}.invoke.{}", step.name)],
        guard,
        targets: targets.to_vec(),
        actions,
        place: step.at.place(),
        ..Transition::default()
    };
    let mut found = Vec::new();
    if !asked.done.is_empty() || !targets.is_empty() {
        let guard =
            asked.answer.as_ref().map(|answer| whether(&step.at, std::slice::from_ref(answer)));
        found.push(on("done", guard, asked.done.clone()));
    }
    if asked.answer.is_some() {
        found.push(on("done", None, failed(step, asked, "'the answer cannot be read'")));
    }
    let actions = failed(step, asked, "not_null(event.data.message, event.data)");
    if !actions.is_empty() || !targets.is_empty() {
        found.push(on("error", None, actions));
    }
    found
}

/// What is done where there is no answer.
fn failed(step: &Step<'_>, asked: &Asked, why: &str) -> Vec<Action> {
    let written = asked
        .error
        .iter()
        .map(|location| assign(&step.at, location.clone(), format!("{{error: {why}}}")));
    written.chain(asked.failed.iter().cloned()).collect()
}

/// What is asked for is looked at before it is asked: what cannot be made is an answer that failed.
fn checks(step: &Step<'_>, asked: &Asked, ask: &str, next: &str) -> Vec<Transition> {
    let place = step.at.place();
    let good = Transition {
        guard: Some(whether(&step.at, &asked.check)),
        targets: vec![ask.to_owned()],
        place: place.clone(),
        ..Transition::default()
    };
    let actions = failed(step, asked, "'what is asked for cannot be made'");
    vec![
        good,
        Transition { targets: vec![next.to_owned()], actions, place, ..Transition::default() },
    ]
}

/// Whether expressions have values at all, whatever they are.
fn whether(at: &At<'_>, expressions: &[String]) -> Expr {
    let all: Vec<String> = expressions.iter().map(|own| format!("({own})")).collect();
    expr(at, format!("[{}] != `null`", all.join(", ")))
}
