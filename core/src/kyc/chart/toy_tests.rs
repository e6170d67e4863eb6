//! What tests run charts with: a data model of a few words, and charts in a few letters.
//!
//! An expression is `A`, `A == B`, `A != B`, `A < B` or `A + B`, of integers, `'texts'`, `true`, `false`, names of variables, `In(state)`,
//! `[items]` of single words, and paths into `_event` such as `_event.data.x`. Anything that is not there is a fault.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kyc::chart::model::{DataModel, Fault, Role, Scope};
use crate::kyc::chart::{Effect, Event, Expr, Interpreter, Program, Session, Step};
use crate::value::{Number, Value};

pub(crate) use notation::chart;

#[path = "toy_chart_tests.rs"]
mod notation;

/// The model: charts by name, to be invoked.
#[derive(Clone, Default, Debug)]
pub(crate) struct Toy {
    pub(crate) charts: BTreeMap<String, Arc<Program<Code>>>,
    pub(crate) ended: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Code {
    Word(Word),
    Pair(Word, char, Word),
    Set(String, Box<Code>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Word {
    Value(Value),
    Path(Vec<String>),
    In(String),
}

fn word(text: &str) -> Result<Word, Fault> {
    let text = text.trim();
    if let Ok(number) = Number::parse(text) {
        return Ok(Word::Value(number.into()));
    }
    if let Some(text) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return Ok(Word::Value(text.into()));
    }
    if let Some(items) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        let items = items.split_whitespace().map(|item| match word(item)? {
            Word::Value(value) => Ok(value),
            _ => Err(Fault::new("an array of words")),
        });
        return Ok(Word::Value(Value::array(items.collect::<Result<Vec<_>, Fault>>()?)));
    }
    if let Some(state) = text.strip_prefix("In(").and_then(|text| text.strip_suffix(')')) {
        return Ok(Word::In(state.to_owned()));
    }
    match text {
        "true" | "false" => Ok(Word::Value((text == "true").into())),
        _ if text.is_empty() || text.contains(['%', ' ']) => {
            Err(Fault::new(format!("`{text}` is no expression")))
        }
        _ => Ok(Word::Path(text.split('.').map(str::to_owned).collect())),
    }
}

fn code(text: &str) -> Result<Code, Fault> {
    for (name, sign) in [(" == ", '='), (" != ", '!'), (" < ", '<'), (" + ", '+')] {
        if let Some((left, right)) = text.split_once(name) {
            return Ok(Code::Pair(word(left)?, sign, word(right)?));
        }
    }
    word(text).map(Code::Word)
}

fn read(scope: &Scope<'_>, word: &Word) -> Result<Value, Fault> {
    let path = match word {
        Word::Value(value) => return Ok(value.clone()),
        Word::In(state) => return Ok((scope.is_active)(state).into()),
        Word::Path(path) => path,
    };
    let missing = || Fault::new(format!("there is no `{}`", path.join(".")));
    if path == &["_sessionid"] {
        return Ok(scope.session.into());
    }
    if path == &["_name"] {
        return Ok(scope.name.into());
    }
    if path == &["_now"] {
        return Ok(scope.now.into());
    }
    if path[0] != "_event" {
        return scope.data.get_str(&path[0]).cloned().ok_or_else(missing);
    }
    let event = scope.event.ok_or_else(missing)?;
    let text = |text: &Option<String>| text.as_deref().map(Value::from).ok_or_else(missing);
    match path.get(1).map(String::as_str) {
        Some("name") => Ok(event.name.as_str().into()),
        Some("type") => Ok(format!("{:?}", event.source).into()),
        Some("sendid") => text(&event.send_id),
        Some("origin") => text(&event.origin),
        Some("invokeid") => text(&event.invoke_id),
        Some("data") => {
            let mut value = event.data.as_ref().ok_or_else(missing)?;
            for key in &path[2..] {
                value = value.get_str(key).ok_or_else(missing)?;
            }
            Ok(value.clone())
        }
        _ => Err(missing()),
    }
}

fn put(scope: &mut Scope<'_>, name: &str, value: Value) {
    let object = scope.data.as_object().cloned().unwrap_or_default();
    *scope.data = Value::Object(Arc::new(object.with(name.into(), value)));
}

impl DataModel for Toy {
    type Code = Code;

    fn compile(&self, role: Role, expr: &Expr) -> Result<Code, Fault> {
        let text = expr.source.as_str().ok_or_else(|| Fault::new("is no text"))?;
        if role == Role::Script {
            let (name, value) = text.split_once(" = ").ok_or_else(|| Fault::new("is no script"))?;
            return Ok(Code::Set(name.to_owned(), Box::new(code(value)?)));
        }
        code(text)
    }

    fn end(&mut self, session: &str) {
        self.ended.push(session.to_owned());
    }

    fn declare(
        &mut self,
        scope: &mut Scope<'_>,
        name: &str,
        value: Option<&Value>,
    ) -> Result<(), Fault> {
        if name.starts_with('_') {
            return Err(Fault::new("names of variables do not begin with `_`"));
        }
        put(scope, name, value.cloned().unwrap_or(Value::Null));
        Ok(())
    }

    fn declare_as(&mut self, scope: &mut Scope<'_>, name: &str, value: &Code) -> Result<(), Fault> {
        let value = self.value(scope, value);
        put(scope, name, value.as_ref().map_or(Value::Null, Value::clone));
        value.map(|_| ())
    }

    fn condition(&mut self, scope: &mut Scope<'_>, condition: &Code) -> Result<bool, Fault> {
        self.value(scope, condition)?.as_bool().ok_or_else(|| Fault::new("is no yes and no no"))
    }

    fn value(&mut self, scope: &mut Scope<'_>, expr: &Code) -> Result<Value, Fault> {
        match expr {
            Code::Word(word) => read(scope, word),
            Code::Pair(left, sign, right) => {
                let (left, right) = (read(scope, left)?, read(scope, right)?);
                match sign {
                    '=' => Ok((left == right).into()),
                    '!' => Ok((left != right).into()),
                    '<' => Ok((left < right).into()),
                    _ => match (&left, &right) {
                        (Value::Number(left), Value::Number(right)) => Ok(left
                            .add(right)
                            .map_err(|error| Fault::new(error.to_string()))?
                            .into()),
                        _ => Ok(format!("{}{}", plain(&left), plain(&right)).into()),
                    },
                }
            }
            Code::Set(..) => Err(Fault::new("a script has no value")),
        }
    }

    fn assign(
        &mut self,
        scope: &mut Scope<'_>,
        location: &Code,
        value: &Code,
    ) -> Result<(), Fault> {
        let value = self.value(scope, value)?;
        self.set(scope, location, &value)
    }

    fn set(&mut self, scope: &mut Scope<'_>, location: &Code, value: &Value) -> Result<(), Fault> {
        match location {
            Code::Word(Word::Path(path))
                if path.len() == 1 && scope.data.get_str(&path[0]).is_some() =>
            {
                put(scope, &path[0], value.clone());
                Ok(())
            }
            _ => Err(Fault::new("there is no such variable")),
        }
    }

    fn items(&mut self, scope: &mut Scope<'_>, array: &Code) -> Result<Vec<Value>, Fault> {
        let array = self.value(scope, array)?;
        array.as_array().map(<[Value]>::to_vec).ok_or_else(|| Fault::new("is no array"))
    }

    fn run(&mut self, scope: &mut Scope<'_>, script: &Code) -> Result<(), Fault> {
        let Code::Set(name, value) = script else { return Err(Fault::new("is no script")) };
        let value = self.value(scope, value)?;
        put(scope, name, value);
        Ok(())
    }

    fn supports(&self, kind: Option<&str>, target: Option<&str>) -> bool {
        kind != Some("unknown") && target != Some("nowhere")
    }

    fn chart(&mut self, source: &Value) -> Result<Arc<Program<Code>>, Fault> {
        let found = source.as_str().and_then(|name| self.charts.get(name));
        found.cloned().ok_or_else(|| Fault::new("there is no such chart"))
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json(), str::to_owned)
}

/// A case of a test: a chart that runs, what it logged and did, and its clock.
pub(crate) struct Case {
    pub(crate) program: Program<Code>,
    pub(crate) model: Toy,
    pub(crate) session: Session,
    pub(crate) effects: Vec<Effect>,
    pub(crate) now: i64,
}

pub(crate) fn compiled(text: &str) -> Program<Code> {
    Program::compile(&chart(text), &Toy::default())
        .unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

impl Case {
    pub(crate) fn of(text: &str) -> Self {
        Self::with(text, Toy::default())
    }

    pub(crate) fn with(text: &str, mut model: Toy) -> Self {
        let program = compiled(text);
        let Step { session, effects, .. } =
            Interpreter::new(&program, &mut model).start("case", 0, &Value::Null).unwrap();
        Self { program, model, session, effects, now: 0 }
    }

    fn take(&mut self, step: Step) {
        let bytes = step.session.to_bytes();
        self.session = Session::from_bytes(&bytes).unwrap();
        assert_eq!(self.session, step.session, "a session is its bytes");
        assert!(self.program.accepts(&self.session), "legal: {}", self.states());
        self.effects.extend(step.effects);
    }

    /// `+MS` lets time pass, `@SESSION:EVENT` tells another session, `EVENT=V` carries data, `EVENT#ID` comes from what was invoked.
    pub(crate) fn tell(&mut self, text: &str) {
        if let Some(ms) = text.strip_prefix('+') {
            self.now += ms.parse::<i64>().unwrap() * 1_000_000;
            let mut interpreter = Interpreter::new(&self.program, &mut self.model);
            let step = interpreter.advance(&self.session, self.now).unwrap();
            return self.take(step);
        }
        let (to, text) =
            text.strip_prefix('@').and_then(|text| text.split_once(':')).unwrap_or(("case", text));
        let (name, data) =
            text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let (name, id) = name.split_once('#').map_or((name, None), |(name, id)| (name, Some(id)));
        let mut event = Event::named(name);
        event.data = data.map(|data| Value::from_json(data).unwrap());
        event.invoke_id = id.map(str::to_owned);
        let mut interpreter = Interpreter::new(&self.program, &mut self.model);
        let step = interpreter.deliver(&self.session, to, event, self.now).unwrap();
        self.take(step);
    }

    pub(crate) fn states(&self) -> String {
        self.program.atomic(&self.session).collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn log(&self) -> String {
        let told = self.effects.iter().map(|effect| match effect {
            Effect::Log { value, .. } => value.as_ref().map_or_else(String::new, plain),
            Effect::Send { message, .. } => {
                let data = message
                    .data
                    .as_ref()
                    .map_or_else(String::new, |data| format!("={}", data.to_json()));
                let event = message.event.as_deref().unwrap_or_default();
                format!(
                    "send({}:{event}{data})",
                    message.target.as_deref().or(message.kind.as_deref()).unwrap_or_default()
                )
            }
            Effect::Invoke { id, kind, data, .. } => {
                let data =
                    data.as_ref().map_or_else(String::new, |data| format!("={}", data.to_json()));
                format!("invoke({kind}:{id}{data})")
            }
            Effect::CancelInvoke { id, .. } => format!("cancel({id})"),
            Effect::Forward { id, event, .. } => format!("forward({id}:{})", event.name),
            Effect::Done { data, .. } => {
                format!("done({})", data.as_ref().map_or_else(String::new, Value::to_json))
            }
        });
        told.collect::<Vec<_>>().join(" ")
    }
}

/// Runs a chart through events, and compares the states without children and the log at the end.
pub(crate) fn check(name: &str, text: &str, events: &str, states: &str, log: &str) {
    let mut case = Case::of(text);
    events.split_whitespace().for_each(|event| case.tell(event));
    assert_eq!((case.states().as_str(), case.log().as_str()), (states, log), "{name}");
}

/// What the case is about, the chart, the events, the states at the end, the log.
pub(crate) type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

pub(crate) fn check_all(rows: &[Row]) {
    for (name, chart, events, states, log) in rows {
        check(name, chart, events, states, log);
    }
}
