//! ECMAScript as a data model, by QuickJS: a context for each session. For tests: variables are kept in the contexts and not in the sessions.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use rquickjs::context::EvalOptions;
use rquickjs::{CatchResultExt as _, Context, Ctx, Function, Object, Runtime};
use thalium::kyc::chart::{
    Chart, DataModel, Event, Expr, Fault, Program, Role, Scope, Source, State,
};
use thalium::value::Value;

const PRELUDE: &str = include_str!("prelude.js");
/// How often QuickJS asks whether it is to stop, before it is.
const PATIENCE: u32 = 10_000;

pub(crate) struct Ecmascript {
    /// Where the addresses of a chart are relative to.
    folder: PathBuf,
    /// The states of all charts that were loaded: `In()` is asked for them before each evaluation.
    states: RefCell<BTreeSet<String>>,
    charts: BTreeMap<String, Arc<Program<String>>>,
    sessions: BTreeMap<String, Session>,
}

struct Session {
    context: Context,
    patience: Rc<Cell<u32>>,
    event: Option<Event>,
}

impl Ecmascript {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            states: RefCell::default(),
            charts: BTreeMap::new(),
            sessions: BTreeMap::new(),
        }
    }

    /// Reads and compiles a chart.
    pub(crate) fn load(&self, text: &str) -> Result<Program<String>, String> {
        let tell =
            |errors: Vec<_>| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let chart = thalium_scxml::import(text).map_err(tell)?;
        self.note_chart(&chart);
        Program::compile(&chart, self).map_err(tell)
    }

    fn note_chart(&self, chart: &Chart) {
        chart.states.iter().for_each(|state| self.note(state));
    }

    fn note(&self, state: &State) {
        self.states.borrow_mut().extend(state.id.clone());
        for invoke in &state.invokes {
            if let Some(thalium::kyc::chart::Content::Chart(chart)) = &invoke.content {
                self.note_chart(chart);
            }
        }
        state.states.iter().for_each(|child| self.note(child));
    }

    fn file(&self, address: &str) -> Result<String, Fault> {
        let path = self.folder.join(address.strip_prefix("file:").unwrap_or(address));
        std::fs::read_to_string(&path)
            .map_err(|error| Fault::new(format!("`{address}` cannot be read: {error}")))
    }

    /// Evaluates a text in a session's context, which is told first what the interpreter knows.
    fn evaluate<V: for<'js> rquickjs::FromJs<'js>>(
        &mut self,
        scope: &Scope<'_>,
        held: Option<&Value>,
        code: &str,
    ) -> Result<V, Fault> {
        let active: Vec<String> =
            self.states.borrow().iter().filter(|state| (scope.is_active)(state)).cloned().collect();
        let session = self
            .sessions
            .get_mut(scope.session)
            .ok_or_else(|| Fault::new("there is no such session"))?;
        session.patience.set(PATIENCE);
        let event = scope.event.filter(|event| session.event.as_ref() != Some(event));
        let result = session.context.with(|ctx| {
            let tell = || -> rquickjs::Result<()> {
                let host: Object<'_> = ctx.globals().get("__host")?;
                host.get::<_, Function<'_>>("activate")?.call::<_, ()>((active,))?;
                if let Some(event) = event {
                    host.get::<_, Function<'_>>("happen")?.call::<_, ()>((as_json(event),))?;
                }
                if let Some(value) = held {
                    host.get::<_, Function<'_>>("hold")?.call::<_, ()>((value.to_json(),))?;
                }
                Ok(())
            };
            tell().catch(&ctx).map_err(|error| Fault::new(error.to_string()))?;
            strictly(&ctx, code)
        });
        if let Some(event) = event {
            session.event = Some(event.clone());
        }
        result
    }
}

fn strictly<'js, V: rquickjs::FromJs<'js>>(ctx: &Ctx<'js>, code: &str) -> Result<V, Fault> {
    let mut options = EvalOptions::default();
    options.global = true;
    options.strict = true;
    ctx.eval_with_options(code, options).catch(ctx).map_err(|error| Fault::new(error.to_string()))
}

/// An event for the prelude; what it carries is JSON in JSON, so that it is loaded as any value is.
fn as_json(event: &Event) -> String {
    let kind = match event.source {
        Source::Platform => "platform",
        Source::Internal => "internal",
        Source::External => "external",
    };
    let texts = [
        ("name", Some(event.name.clone())),
        ("type", Some(kind.to_owned())),
        ("sendid", event.send_id.clone()),
        ("origin", event.origin.clone()),
        ("origintype", event.origin_kind.clone()),
        ("invokeid", event.invoke_id.clone()),
        ("data", event.data.as_ref().map(Value::to_json)),
    ];
    let given =
        texts.iter().filter_map(|(name, text)| Some((*name, Value::string(text.as_deref()?))));
    Value::fields(given).to_json()
}

/// XML as the prelude takes it: `[name, attributes, children]`; nothing if it is none.
fn tree(text: String) -> String {
    fn of(node: roxmltree::Node<'_, '_>) -> Value {
        if !node.is_element() {
            return Value::string(node.text().unwrap_or(""));
        }
        let attributes =
            node.attributes().map(|held| (Value::string(held.name()), Value::string(held.value())));
        let children = node.children().filter(|node| node.is_element() || node.is_text()).map(of);
        Value::array([
            Value::string(node.tag_name().name()),
            Value::object(attributes),
            Value::array(children),
        ])
    }
    roxmltree::Document::parse(&text)
        .map(|document| of(document.root_element()).to_json())
        .unwrap_or_default()
}

fn is_name(name: &str) -> bool {
    let letter = |char: char| char.is_alphabetic() || char == '_' || char == '$';
    name.chars().next().is_some_and(letter)
        && name.chars().all(|char| letter(char) || char.is_ascii_digit())
}

/// What stands at an address: JSON, XML as it is, or text with its white space normalised.
fn read(text: &str) -> Value {
    let text = text.trim();
    Value::from_json(text).unwrap_or_else(|_| {
        if text.starts_with('<') {
            return Value::string(text);
        }
        Value::string(&text.split_whitespace().collect::<Vec<_>>().join(" "))
    })
}

impl DataModel for Ecmascript {
    type Code = String;

    // SCXML has a wrong expression be an error when it is evaluated.
    fn compile(&self, role: Role, expr: &Expr) -> Result<String, Fault> {
        match (role, expr.address(), expr.source.as_str()) {
            (Role::Script, Some(address), _) => self.file(address),
            (Role::Script, _, Some(text)) => Ok(text.to_owned()),
            // An expression may end as a statement does, as it may for `eval`; the W3C's tests have such.
            (_, _, Some(text)) => Ok(text.trim().trim_end_matches(';').to_owned()),
            _ => Err(Fault::new("an expression of ECMAScript is a text")),
        }
    }

    fn begin(&mut self, scope: &mut Scope<'_>) -> Result<(), Fault> {
        let begin = || -> rquickjs::Result<Session> {
            let runtime = Runtime::new()?;
            let patience = Rc::new(Cell::new(PATIENCE));
            let left = Rc::clone(&patience);
            runtime.set_interrupt_handler(Some(Box::new(move || {
                left.set(left.get().saturating_sub(1));
                left.get() == 0
            })));
            let context = Context::full(&runtime)?;
            context.with(|ctx| {
                let prelude: Function<'_> = ctx.eval(PRELUDE)?;
                prelude.call::<_, ()>((
                    Function::new(ctx.clone(), tree)?,
                    scope.session,
                    scope.name,
                ))
            })?;
            Ok(Session { context, patience, event: None })
        };
        let session = begin().map_err(|error| Fault::new(error.to_string()))?;
        self.sessions.insert(scope.session.to_owned(), session);
        Ok(())
    }

    fn end(&mut self, session: &str) {
        self.sessions.remove(session);
    }

    fn declare(
        &mut self,
        scope: &mut Scope<'_>,
        name: &str,
        value: Option<&Value>,
    ) -> Result<(), Fault> {
        if !is_name(name) {
            return Err(Fault::new(format!("`{name}` is no name of a variable")));
        }
        let given = if value.is_some() { "__host.held" } else { "undefined" };
        self.evaluate(scope, value, &format!("var {name}; {name} = {given}; undefined"))
    }

    fn declare_as(
        &mut self,
        scope: &mut Scope<'_>,
        name: &str,
        value: &String,
    ) -> Result<(), Fault> {
        self.declare(scope, name, None)?;
        self.evaluate(scope, None, &format!("{name} = (\n{value}\n); undefined"))
    }

    fn condition(&mut self, scope: &mut Scope<'_>, condition: &String) -> Result<bool, Fault> {
        self.evaluate(scope, None, &format!("!!(\n{condition}\n)"))
    }

    fn value(&mut self, scope: &mut Scope<'_>, expr: &String) -> Result<Value, Fault> {
        let json: String = self.evaluate(scope, None, &format!("__host.save((\n{expr}\n))"))?;
        Value::from_json(&json).map_err(|error| Fault::new(error.to_string()))
    }

    fn assign(
        &mut self,
        scope: &mut Scope<'_>,
        location: &String,
        value: &String,
    ) -> Result<(), Fault> {
        self.evaluate(scope, None, &format!("{location} = (\n{value}\n); undefined"))
    }

    fn set(
        &mut self,
        scope: &mut Scope<'_>,
        location: &String,
        value: &Value,
    ) -> Result<(), Fault> {
        self.evaluate(scope, Some(value), &format!("{location} = __host.held; undefined"))
    }

    fn items(&mut self, scope: &mut Scope<'_>, array: &String) -> Result<Vec<Value>, Fault> {
        let json: String = self.evaluate(scope, None, &format!("__host.items((\n{array}\n))"))?;
        let items = Value::from_json(&json).map_err(|error| Fault::new(error.to_string()))?;
        items.as_array().map(<[Value]>::to_vec).ok_or_else(|| Fault::new("this is no array"))
    }

    fn run(&mut self, scope: &mut Scope<'_>, script: &String) -> Result<(), Fault> {
        self.evaluate(scope, None, &format!("{script}\n;undefined"))
    }

    fn supports(&self, kind: Option<&str>, target: Option<&str>) -> bool {
        let spoken = kind
            .is_none_or(|kind| kind == "scxml" || kind.starts_with("http://www.w3.org/TR/scxml"));
        spoken && target.is_none_or(|target| target.starts_with("#_"))
    }

    fn resource(&self, address: &str) -> Result<Value, Fault> {
        self.file(address).map(|text| read(&text))
    }

    fn chart(&mut self, source: &Value) -> Result<Arc<Program<String>>, Fault> {
        let source =
            source.as_str().ok_or_else(|| Fault::new("a chart is a text or its address"))?;
        if let Some(program) = self.charts.get(source) {
            return Ok(Arc::clone(program));
        }
        let text = if source.starts_with('<') { source.to_owned() } else { self.file(source)? };
        let program = Arc::new(self.load(&text).map_err(Fault::new)?);
        self.charts.insert(source.to_owned(), Arc::clone(&program));
        Ok(program)
    }
}
