use proptest::prelude::*;
use thalium::kyc::chart::{ActionKind, Branch, Expr, Given, Invoke, Param, Restore, Send};
use thalium::value::Value;

use super::*;
use crate::import;

/// A chart without its places.
fn bare(chart: &Chart) -> String {
    let text = format!("{chart:?}");
    let mut parts = text.split("Place {");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |all, part| all + part.split_once('}').unwrap().1)
}

fn assert_same_after_a_round(chart: &Chart) {
    let text = export(chart).unwrap_or_else(|error| panic!("{error}: {chart:?}"));
    let again = import(&text).unwrap_or_else(|errors| panic!("{errors:?} in\n{text}"));
    assert_eq!(bare(&again), bare(chart), "\n{text}");
    assert_eq!(export(&again).unwrap(), text, "what is written is stable");
}

/// Choices made from bytes: when they are used up, the first is taken, so that every chart is finite.
struct Dice(std::vec::IntoIter<u8>);

impl Dice {
    fn of(&mut self, sides: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % sides
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.of(of.len())]
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.of(2) == 1).then(|| make(self))
    }

    fn some<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.of(3)).map(|_| make(self)).collect()
    }

    fn text(&mut self) -> String {
        self.one(&[
            "",
            "open",
            " two  words ",
            "a < b && c > \"d\"",
            "12",
            "{\"a\": 1}",
            "tab\tline\nend\r",
            "<a/>",
            "]]>",
            "é中𝄞",
        ])
        .to_owned()
    }

    fn name(&mut self) -> String {
        self.one(&["open", "review", "done.state.*", "*", "übung"]).to_owned()
    }

    fn value(&mut self) -> Value {
        match self.of(7) {
            0 => Value::string(&self.text()),
            1 => Value::Null,
            2 => Value::from(true),
            3 => Value::from_json("1234567890123456789.10").unwrap(),
            4 => Value::array([Value::string("<&>"), Value::int(-1)]),
            5 => Value::fields([("limit", Value::string("1 < 2"))]),
            _ => Value::string("<list xmlns=\"\"><item name=\"x &amp; y\">  text </item></list>"),
        }
    }

    fn expr(&mut self) -> Expr {
        let source = match self.of(4) {
            0 => Value::fields([("==", Value::array([Value::int(1), Value::string("\"")]))]),
            _ => Value::string(&self.text()),
        };
        Expr { source, place: Place::default() }
    }

    fn given(&mut self) -> Given<String> {
        if self.of(2) == 0 { Given::Known(self.text()) } else { Given::Expr(self.expr()) }
    }

    fn delay(&mut self) -> Given<String> {
        let known = self.one(&["30s", "P30D", "PT1H30M", "P2W", "PT0.5S", "soon"]).to_owned();
        if self.of(2) == 0 { Given::Known(known) } else { self.given() }
    }

    fn param(&mut self) -> Param {
        let value =
            if self.of(2) == 0 { Given::Known(self.value()) } else { Given::Expr(self.expr()) };
        Param { name: self.text(), value }
    }

    fn carried(&mut self) -> Content {
        if self.of(2) == 0 { Content::Value(self.value()) } else { Content::Expr(self.expr()) }
    }

    fn action(&mut self, depth: usize) -> Action {
        let kind = match self.of(if depth == 0 { 6 } else { 8 }) {
            0 => ActionKind::Raise(self.name()),
            1 => ActionKind::Cancel(self.given()),
            2 => ActionKind::Log { label: self.maybe(Self::text), value: self.maybe(Self::expr) },
            3 => ActionKind::Assign { location: self.text(), value: self.carried() },
            4 => ActionKind::Script(if self.of(2) == 0 {
                self.expr()
            } else {
                Expr::elsewhere("rules.js", Place::default())
            }),
            5 => ActionKind::Send(Box::new(self.send())),
            6 => {
                let mut branches = vec![self.branch(depth, true)];
                branches.extend(self.some(|dice| dice.branch(depth, true)));
                branches.extend(self.maybe(|dice| dice.branch(depth, false)));
                ActionKind::If(branches)
            }
            _ => ActionKind::Foreach {
                array: self.expr(),
                item: self.name(),
                index: self.maybe(Self::name),
                actions: self.some(|dice| dice.action(depth - 1)),
            },
        };
        Action { kind, place: Place::default() }
    }

    fn actions(&mut self) -> Vec<Action> {
        self.some(|dice| dice.action(2))
    }

    fn branch(&mut self, depth: usize, condition: bool) -> Branch {
        Branch {
            condition: condition.then(|| self.expr()),
            actions: self.some(|dice| dice.action(depth - 1)),
        }
    }

    fn send(&mut self) -> Send {
        let whole = self.of(2) == 0;
        Send {
            event: self.maybe(Self::given),
            target: self.maybe(Self::given),
            kind: self.maybe(Self::given),
            id: self.maybe(Self::text),
            delay: self.maybe(Self::delay),
            names: if whole { Vec::new() } else { self.some(Self::name) },
            params: if whole { Vec::new() } else { self.some(Self::param) },
            content: if whole { self.maybe(Self::carried) } else { None },
            ..Send::default()
        }
    }

    fn invoke(&mut self, depth: usize) -> Invoke {
        let content = match self.of(3) {
            0 => None,
            1 if depth > 0 => Some(Content::Chart(Box::new(self.chart(depth - 1)))),
            _ => Some(self.carried()),
        };
        Invoke {
            id_location: self.maybe(Self::name),
            kind: self.maybe(Self::given),
            src: if content.is_none() { self.maybe(Self::given) } else { None },
            params: self.some(Self::param),
            content,
            autoforward: self.of(2) == 1,
            finalize: self.maybe(Self::actions),
            ..Invoke::default()
        }
    }

    fn data(&mut self) -> Datum {
        let value = self.maybe(|dice| {
            if dice.of(3) == 0 { Content::Src("rules.json".to_owned()) } else { dice.carried() }
        });
        Datum { id: self.name(), value, place: Place::default() }
    }

    fn transition(&mut self) -> Transition {
        Transition {
            events: self.some(Self::name),
            guard: self.maybe(Self::expr),
            targets: self.some(Self::name),
            internal: self.of(2) == 1,
            actions: self.actions(),
            description: self.maybe(Self::text),
            ..Transition::default()
        }
    }

    fn initial(&mut self) -> Initial {
        Initial { targets: vec![self.name()], ..Initial::default() }
    }

    fn state(&mut self, depth: usize) -> State {
        let kind = self.one(&[
            Kind::State,
            Kind::Parallel,
            Kind::Final,
            Kind::History { deep: true },
            Kind::History { deep: false },
        ]);
        let mut state = State {
            id: self.maybe(Self::name),
            kind,
            description: self.maybe(Self::text),
            ..State::default()
        };
        let history = matches!(kind, Kind::History { .. });
        if !history {
            state.entry = self.some(Self::actions);
            state.exit = self.some(Self::actions);
            state.timers = self.some(|dice| Timer {
                delay: dice.delay(),
                event: dice.maybe(Self::name),
                restore: dice.one(&[Restore::Deadline, Restore::Remaining, Restore::Restart]),
                place: Place::default(),
            });
        }
        if kind == Kind::Final {
            state.done =
                self.maybe(|dice| Done { content: dice.maybe(Self::carried), ..Done::default() });
            return state;
        }
        state.transitions = self.some(Self::transition);
        if history {
            return state;
        }
        if kind == Kind::State {
            state.initial =
                self.maybe(|dice| Initial { actions: dice.actions(), ..dice.initial() });
        }
        state.invokes = self.some(|dice| dice.invoke(depth));
        state.data = self.some(Self::data);
        if depth > 0 {
            state.states = self.some(|dice| dice.state(depth - 1));
        }
        state
    }

    fn chart(&mut self, depth: usize) -> Chart {
        Chart {
            id: self.maybe(Self::text),
            datamodel: self.maybe(Self::text),
            binding: self.one(&[Binding::Early, Binding::Late]),
            initial: self.maybe(Self::initial),
            data: self.some(Self::data),
            schema: self.maybe(Self::value),
            script: self.maybe(Self::expr),
            description: self.maybe(Self::text),
            states: self.some(|dice| dice.state(depth)),
            ..Chart::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same_chart(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        assert_same_after_a_round(&Dice(bytes.into_iter()).chart(3));
    }
}

#[test]
fn a_timer_is_written_as_an_event_that_is_sent_and_cancelled() {
    let timer = Timer {
        delay: Given::Known("30s".to_owned()),
        event: None,
        restore: Restore::Remaining,
        place: Place::default(),
    };
    let state = State { id: Some("review".to_owned()), timers: vec![timer], ..State::default() };
    let text = export(&Chart { states: vec![state], ..Chart::default() }).unwrap();
    let entry = "<onentry thalium:timer=\"remaining\">\n      <send event=\"after.0.review\" id=\"after.0.review\" delay=\"30s\"/>";
    assert!(text.contains(entry) && text.contains("<cancel sendid=\"after.0.review\"/>"), "{text}");
}

#[test]
fn a_wait_that_scxml_cannot_write_is_written_in_seconds() {
    let cases = [
        ("30s", "delay=\"30s\"/>"),
        ("P30D", "delay=\"2592000s\" thalium:delay=\"P30D\"/>"),
        ("PT1H", "delay=\"3600s\" thalium:delay=\"PT1H\"/>"),
        ("PT0.5S", "delay=\"0.5s\" thalium:delay=\"PT0.5S\"/>"),
        ("PT1.000000001S", "delay=\"1.000000001s\" thalium:delay=\"PT1.000000001S\"/>"),
        ("PT0S", "delay=\"0s\" thalium:delay=\"PT0S\"/>"),
        ("soon", "delay=\"soon\"/>"),
    ];
    for (delay, expected) in cases {
        let text = waiting(delay).unwrap();
        assert!(text.contains(&format!("<send {expected}")), "{delay}: {text}");
    }
    // Four years have as many days from many days on, and not from all.
    for delay in ["P1M", "P1Y", "P48M", "P1M2DT3H"] {
        let told = waiting(delay).unwrap_err().message;
        assert!(told.contains(&format!("`{delay}` has months or years")), "{told}");
    }
}

fn waiting(delay: &str) -> Result<String, ChartError> {
    let send = Send { delay: Some(Given::Known(delay.to_owned())), ..Send::default() };
    let action = Action { kind: ActionKind::Send(Box::new(send)), place: Place::default() };
    let state = State { entry: vec![vec![action]], ..State::default() };
    export(&Chart { states: vec![state], ..Chart::default() })
}

#[test]
fn what_has_no_form_in_scxml_is_refused() {
    let state = |state: State| Chart { states: vec![state], ..Chart::default() };
    let entry = |kind: ActionKind| {
        state(State {
            entry: vec![vec![Action { kind, place: Place::default() }]],
            ..State::default()
        })
    };
    let child = || vec![State::default()];
    let cases = [
        (
            "an end with children",
            state(State { kind: Kind::Final, states: child(), ..State::default() }),
            "no children",
        ),
        (
            "a history with an invocation",
            state(State {
                kind: Kind::History { deep: false },
                invokes: vec![Invoke::default()],
                ..State::default()
            }),
            "no invocations",
        ),
        (
            "a parallel state with a beginning",
            state(State {
                kind: Kind::Parallel,
                initial: Some(Initial::default()),
                ..State::default()
            }),
            "a beginning",
        ),
        (
            "a target with a blank",
            state(State {
                transitions: vec![Transition {
                    targets: vec!["two words".to_owned()],
                    ..Transition::default()
                }],
                ..State::default()
            }),
            "white space",
        ),
        ("a choice without branches", entry(ActionKind::If(Vec::new())), "begins with a condition"),
        (
            "a zero byte in a name",
            entry(ActionKind::Raise("a\0".to_owned())),
            "no character of XML",
        ),
        (
            "a set",
            entry(ActionKind::Assign {
                location: "x".to_owned(),
                value: Content::Value(Value::set([Value::int(1)])),
            }),
            "a set",
        ),
    ];
    for (name, chart, expected) in cases {
        let error = export(&chart).expect_err(name).to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
}

#[test]
fn states_that_nest_too_deep_are_refused() {
    let deep = (0..1000)
        .fold(State::default(), |inner, _| State { states: vec![inner], ..State::default() });
    assert!(
        export(&Chart { states: vec![deep], ..Chart::default() })
            .unwrap_err()
            .message
            .contains("deep")
    );
}
