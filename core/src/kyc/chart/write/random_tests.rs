//! Charts of every shape, and charts without their places, for tests that read what was written.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use crate::kyc::chart::document::{
    Action, ActionKind, Binding, Branch, Chart, Content, Datum, Done, Expr, Given, Initial, Invoke,
    Kind, Param, Place, Restore, Send, State, Timer, Transition,
};
use crate::value::Value;

/// The chart as if it had been read from nowhere.
pub(super) fn without_places(mut chart: Chart) -> Chart {
    forget_chart(&mut chart);
    chart
}

fn forget(place: &mut Place) {
    *place = Place::default();
}

fn forget_chart(chart: &mut Chart) {
    forget(&mut chart.place);
    chart.initial.iter_mut().for_each(forget_initial);
    chart.data.iter_mut().for_each(forget_datum);
    chart.script.iter_mut().for_each(|expr| forget(&mut expr.place));
    chart.states.iter_mut().for_each(forget_state);
}

fn forget_initial(initial: &mut Initial) {
    forget(&mut initial.place);
    forget_actions(&mut initial.actions);
}

fn forget_datum(datum: &mut Datum) {
    forget(&mut datum.place);
    datum.value.iter_mut().for_each(forget_content);
}

fn forget_state(state: &mut State) {
    forget(&mut state.place);
    state.initial.iter_mut().for_each(forget_initial);
    state.entry.iter_mut().chain(&mut state.exit).for_each(|block| forget_actions(block));
    for transition in &mut state.transitions {
        forget(&mut transition.place);
        transition.guard.iter_mut().for_each(|expr| forget(&mut expr.place));
        forget_actions(&mut transition.actions);
    }
    for invoke in &mut state.invokes {
        forget(&mut invoke.place);
        invoke.kind.iter_mut().chain(&mut invoke.src).for_each(forget_given);
        invoke.params.iter_mut().for_each(|param| forget_given(&mut param.value));
        invoke.content.iter_mut().for_each(forget_content);
        invoke.finalize.iter_mut().for_each(|actions| forget_actions(actions));
    }
    for timer in &mut state.timers {
        forget(&mut timer.place);
        forget_given(&mut timer.delay);
    }
    state.data.iter_mut().for_each(forget_datum);
    if let Some(done) = &mut state.done {
        forget(&mut done.place);
        done.content.iter_mut().for_each(forget_content);
        done.params.iter_mut().for_each(|param| forget_given(&mut param.value));
    }
    state.states.iter_mut().for_each(forget_state);
}

fn forget_given<T>(given: &mut Given<T>) {
    if let Given::Expr(expr) = given {
        forget(&mut expr.place);
    }
}

fn forget_content(content: &mut Content) {
    match content {
        Content::Expr(expr) => forget(&mut expr.place),
        Content::Chart(chart) => forget_chart(chart),
        Content::Value(_) | Content::Src(_) => {}
    }
}

fn forget_actions(actions: &mut [Action]) {
    for action in actions {
        forget(&mut action.place);
        match &mut action.kind {
            ActionKind::Raise(_) => {}
            ActionKind::Send(send) => {
                let given = [&mut send.event, &mut send.target, &mut send.kind, &mut send.delay];
                given.into_iter().flatten().for_each(forget_given);
                send.params.iter_mut().for_each(|param| forget_given(&mut param.value));
                send.content.iter_mut().for_each(forget_content);
            }
            ActionKind::Cancel(id) => forget_given(id),
            ActionKind::Log { value, .. } => {
                value.iter_mut().for_each(|expr| forget(&mut expr.place))
            }
            ActionKind::Assign { value, .. } => forget_content(value),
            ActionKind::If(branches) => {
                for branch in branches {
                    branch.condition.iter_mut().for_each(|expr| forget(&mut expr.place));
                    forget_actions(&mut branch.actions);
                }
            }
            ActionKind::Foreach { array, actions, .. } => {
                forget(&mut array.place);
                forget_actions(actions);
            }
            ActionKind::Script(expr) => forget(&mut expr.place),
        }
    }
}

fn name() -> BoxedStrategy<String> {
    prop_oneof![
        "[a-d]",
        "[a-c]\\.[0-2x]",
        Just("after.0.a".to_owned()),
        Just("done.state.a".to_owned()),
        Just("done.invoke.b".to_owned()),
        Just("error.invoke.b".to_owned()),
        Just("host".to_owned()),
        Just("expr".to_owned()),
        Just("literal".to_owned())
    ]
    .boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        name(),
        "[ -~é\n]{0,12}",
        Just("null".to_owned()),
        Just("12".to_owned()),
        Just("".to_owned())
    ]
    .boxed()
}

fn value() -> BoxedStrategy<Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::int),
        Just(Value::from_json("123456789012345678901234567890.125").unwrap()),
        text().prop_map(Value::from),
    ];
    scalar
        .prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..3).prop_map(Value::array),
                vec((text(), inner), 0..3).prop_map(|fields| Value::object(
                    fields.into_iter().map(|(key, value)| (Value::from(key), value))
                )),
            ]
        })
        .boxed()
}

fn expr() -> BoxedStrategy<Expr> {
    let some = value().prop_filter("an expression is something", |value| *value != Value::Null);
    some.prop_map(|source| Expr { source, place: Place::default() }).boxed()
}

fn given() -> BoxedStrategy<Given<String>> {
    prop_oneof![name().prop_map(Given::Known), expr().prop_map(Given::Expr)].boxed()
}

fn delay() -> BoxedStrategy<Given<String>> {
    let known = prop::sample::select(vec!["P1D", "PT1H", "1.5s", "0"]);
    prop_oneof![3 => known.prop_map(|text| Given::Known(text.to_owned())), 1 => expr().prop_map(Given::Expr)]
        .boxed()
}

fn params() -> BoxedStrategy<Vec<Param>> {
    let value = prop_oneof![value().prop_map(Given::Known), expr().prop_map(Given::Expr)];
    vec((name(), value).prop_map(|(name, value)| Param { name, value }), 0..3).boxed()
}

fn content() -> BoxedStrategy<Content> {
    prop_oneof![
        value().prop_map(Content::Value),
        expr().prop_map(Content::Expr),
        text().prop_map(Content::Src),
        name().prop_map(|id| Content::Chart(Box::new(Chart { id: Some(id), ..Chart::default() }))),
    ]
    .boxed()
}

/// What is carried: parts or a whole, not both.
fn carried() -> BoxedStrategy<(Vec<Param>, Option<Content>)> {
    prop_oneof![
        params().prop_map(|params| (params, None)),
        of(content()).prop_map(|content| (vec![], content))
    ]
    .boxed()
}

fn action() -> BoxedStrategy<Action> {
    let send = (
        of(given()),
        of(given()),
        of(given()),
        of(name()),
        of(text()),
        of(delay()),
        vec(text(), 0..2),
        carried(),
    );
    let effect = (given(), of(name()), carried()).prop_map(|(event, id, (params, content))| Send {
        event: Some(event),
        target: Some(Given::Known("host".to_owned())),
        id,
        params,
        content,
        ..Send::default()
    });
    let send =
        send.prop_map(|(event, target, kind, id, id_location, delay, names, (params, content))| {
            Send { event, target, kind, id, id_location, delay, names, params, content }
        });
    let kind = prop_oneof![
        name().prop_map(ActionKind::Raise),
        prop_oneof![send, effect].prop_map(|send| ActionKind::Send(Box::new(send))),
        given().prop_map(ActionKind::Cancel),
        (of(text()), of(expr())).prop_map(|(label, value)| ActionKind::Log { label, value }),
        (text(), content()).prop_map(|(location, value)| ActionKind::Assign { location, value }),
        (text(), content()).prop_map(|(location, value)| ActionKind::Assign { location, value }),
        expr().prop_map(ActionKind::Script),
    ];
    let whole = |kind| Action { kind, place: Place::default() };
    kind.prop_map(whole)
        .prop_recursive(2, 6, 2, move |inner| {
            let branch = (expr(), vec(inner.clone(), 0..3));
            let choice =
                (vec(branch, 1..3), of(vec(inner.clone(), 0..2))).prop_map(|(branches, last)| {
                    let first = branches
                        .into_iter()
                        .map(|(condition, actions)| Branch { condition: Some(condition), actions });
                    let last = last.map(|actions| Branch { condition: None, actions });
                    ActionKind::If(first.chain(last).collect())
                });
            let walk = (expr(), text(), of(text()), vec(inner, 0..2)).prop_map(
                |(array, item, index, actions)| ActionKind::Foreach { array, item, index, actions },
            );
            prop_oneof![choice, walk].prop_map(whole)
        })
        .boxed()
}

fn actions() -> BoxedStrategy<Vec<Action>> {
    vec(action(), 0..3).boxed()
}

fn initial() -> BoxedStrategy<Initial> {
    (vec(name(), 0..3), prop_oneof![3 => Just(vec![]), 1 => actions()])
        .prop_map(|(targets, actions)| Initial { targets, actions, place: Place::default() })
        .boxed()
}

fn data() -> BoxedStrategy<Vec<Datum>> {
    let datum = (text(), prop_oneof![5 => content().prop_map(Some), 1 => Just(None)]);
    vec(datum.prop_map(|(id, value)| Datum { id, value, place: Place::default() }), 0..3).boxed()
}

fn transition() -> BoxedStrategy<Transition> {
    let events = prop_oneof![4 => vec(name(), 1..2), 1 => vec(name(), 0..3)];
    let rest = prop_oneof![2 => Just((None, vec![], false, None)), 1 => (of(expr()), actions(), any::<bool>(), of(text()))];
    (events, vec(name(), 0..2), rest)
        .prop_map(|(events, targets, (guard, actions, internal, description))| Transition {
            events,
            guard,
            targets,
            internal,
            actions,
            description,
            place: Place::default(),
        })
        .boxed()
}

fn invoke() -> BoxedStrategy<Invoke> {
    let flags = (any::<bool>(), of(actions()));
    (
        of(name()),
        of(text()),
        of(given()),
        of(given()),
        vec(text(), 0..2),
        (params(), of(content())),
        flags,
    )
        .prop_map(
            |(id, id_location, kind, src, names, (params, content), (autoforward, finalize))| {
                Invoke {
                    id,
                    id_location,
                    kind,
                    src,
                    names,
                    params,
                    content,
                    autoforward,
                    finalize,
                    place: Place::default(),
                }
            },
        )
        .boxed()
}

fn timer() -> BoxedStrategy<Timer> {
    let restore = prop::sample::select(vec![
        Restore::Deadline,
        Restore::Deadline,
        Restore::Remaining,
        Restore::Restart,
    ]);
    (delay(), of(name()), restore)
        .prop_map(|(delay, event, restore)| Timer {
            delay,
            event,
            restore,
            place: Place::default(),
        })
        .boxed()
}

fn state() -> BoxedStrategy<State> {
    let kind = prop::sample::select(vec![
        Kind::State,
        Kind::State,
        Kind::Parallel,
        Kind::Final,
        Kind::History { deep: false },
        Kind::History { deep: true },
    ]);
    let id = prop_oneof![5 => text().prop_map(Some), 3 => "[ab]".prop_map(Some), 1 => Just(None)];
    let done = of((of(content()), params()).prop_map(|(content, params)| Done {
        content,
        params,
        place: Place::default(),
    }));
    let acts = (vec(actions(), 0..3), vec(actions(), 0..2), vec(transition(), 0..4));
    let runs = (vec(invoke(), 0..3), vec(timer(), 0..3));
    let leaf = (id, kind, of(initial()), acts, runs, data(), done, of(text())).prop_map(
        |(
            id,
            kind,
            initial,
            (entry, exit, transitions),
            (invokes, timers),
            data,
            done,
            description,
        )| State {
            id,
            kind,
            initial,
            entry,
            exit,
            transitions,
            invokes,
            timers,
            data,
            done,
            states: vec![],
            description,
            place: Place::default(),
        },
    );
    leaf.prop_recursive(2, 4, 2, |inner| {
        (inner.clone(), vec(inner, 0..3)).prop_map(|(state, states)| State { states, ..state })
    })
    .boxed()
}

/// Any chart that a text can say.
pub(super) fn chart() -> BoxedStrategy<Chart> {
    let head = (of(text()), of(text()), of(text()), any::<bool>());
    (head, of(initial()), data(), of(value()), of(expr()), vec(state(), 0..3))
        .prop_map(|((id, datamodel, description, late), initial, data, schema, script, states)| {
            Chart {
                id,
                datamodel,
                binding: if late { Binding::Late } else { Binding::Early },
                initial,
                data,
                schema,
                script,
                states,
                description,
                place: Place::default(),
            }
        })
        .boxed()
}
