//! The data model of cases: variables are JSON with exact numbers, and what is asked of them is JSON Logic, JMESPath, or a policy.
//!
//! An expression sees the variables by their names and, beside them, `event` (with `name` and `data`), `now` (RFC 3339) and `states`, the names of
//! the active states; no variable has one of these names.

mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

pub(super) use self::place::variable;
use self::place::{location, member, placed, put};
use super::chart::{DataModel, Expr, Fault, Program, Role, Scope};
use super::jmespath::{JmesPath, Read, is_true};
use super::logic::data::{Data, Parts};
use super::logic::{Budget, Dialect, GuardError, Logic, Record, Roots};
use crate::near::nearest;
use crate::time::format_instant;
use crate::value::{DEPTH, Exhausted, Object, Value};

/// Names that are no variable's.
pub const RESERVED: [&str; 3] = ["event", "now", "states"];

/// The most names that one which is not known is compared with.
const NEAR: usize = 500;

/// Policies that guards ask; a host lends them.
pub trait Policies: fmt::Debug + Send + Sync {
    /// Whether something can be asked there.
    ///
    /// # Errors
    /// Why not.
    fn check(&self, path: &str) -> Result<(), String>;

    /// What stands at a path for an input, at an instant; none, if it is undefined.
    ///
    /// # Errors
    /// Why that cannot be told.
    fn ask(&self, path: &str, input: Value, now: i64) -> Result<Option<Value>, String>;

    /// What names the content of the policies, and no other: a case belongs to them as it belongs to its charts.
    fn digest(&self) -> [u8; 32];
}

/// What guards are compiled with.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// How JSON Logic takes values of other kinds.
    pub dialect: Dialect,
    /// What `{"rego": PATH}` asks.
    pub policies: Option<Arc<dyn Policies>>,
}

/// An expression or a location, compiled.
#[derive(Debug)]
pub struct Code(Kind);

impl Code {
    /// The names that it reads.
    pub(super) fn roots(&self) -> Roots {
        match &self.0 {
            Kind::Logic(rule, _) => rule.roots(),
            Kind::Path(path, ..) => path.roots(),
            Kind::Policy(_) => Roots { is_all: true, ..Roots::default() },
            Kind::Active(_) => Roots::default(),
            Kind::Location(parts) => {
                let mut roots = Roots::default();
                roots.add(parts.first().map(|name| &**name));
                roots
            }
        }
    }
}

#[derive(Debug)]
enum Kind {
    Logic(Logic, Reads),
    Path(JmesPath, Reads, Places),
    Policy(Box<str>),
    /// `In('STATE')`, the one expression of SCXML's null data model.
    Active(Box<str>),
    Location(Vec<Box<str>>),
}

/// The places of the data that an expression can read; none, if it reads the data as a whole.
type Places = Option<Box<[Read]>>;

/// Which of the names beside the variables an expression can read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reads {
    event: bool,
    now: bool,
    states: bool,
}

impl Reads {
    const ALL: Self = Self { event: true, now: true, states: true };

    fn of(roots: &Roots) -> Self {
        let [event, now, states] = RESERVED.map(|name| roots.can_be(name));
        Self { event, now, states }
    }
}

/// What the charts that are loaded together know: a name that none of them has is a slip of the pen.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The variables of any of them.
    pub(super) variables: BTreeSet<String>,
    /// The states of any of them.
    pub(super) states: BTreeSet<String>,
}

impl Names {
    fn check(&self, roots: &Roots) -> Result<(), Fault> {
        let is_known = |name: &str| self.variables.contains(name) || RESERVED.contains(&name);
        let Some(name) = roots.names.iter().find(|name| !is_known(name)) else { return Ok(()) };
        let all = self.variables.iter().map(String::as_str).chain(RESERVED);
        let meant = meant(name, all).unwrap_or_else(|| "declare it in `context`".to_owned());
        Err(Fault::new(format!("reads `{}`, and there is no such variable: {meant}", shown(name))))
    }

    fn check_state(&self, name: &str) -> Result<(), Fault> {
        if self.states.contains(name) {
            return Ok(());
        }
        let meant = meant(name, self.states.iter().map(String::as_str));
        let meant = meant.map(|meant| format!(": {meant}")).unwrap_or_default();
        Err(Fault::new(format!(
            "asks for the state `{}`, and no chart has one{meant}",
            shown(name)
        )))
    }
}

/// As much of a name as a message has room for.
pub(super) fn shown(name: &str) -> String {
    name.chars().take(64).collect()
}

/// The question whether a name was meant that is near. Of many names only some are looked at: a large chart may be wrong in many places.
pub(super) fn meant<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    nearest(name, names.into_iter().take(NEAR)).map(|near| format!("did you mean `{near}`?"))
}

/// The data model, for one step.
#[derive(Debug)]
pub struct Rules<'a> {
    surroundings: &'a Surroundings,
    /// Charts that are invoked by their names.
    charts: Option<&'a BTreeMap<String, Arc<Program<Code>>>>,
    /// While charts are loaded: the names that an expression can read.
    names: Option<&'a Names>,
    budget: Budget,
    is_recorded: bool,
    read: Vec<(String, Value)>,
}

impl<'a> Rules<'a> {
    /// For the charts that `surroundings` are given for.
    #[must_use]
    pub const fn new(surroundings: &'a Surroundings, budget: Budget) -> Self {
        Self {
            surroundings,
            charts: None,
            names: None,
            budget,
            is_recorded: false,
            read: Vec::new(),
        }
    }

    /// With the charts that can be invoked.
    #[must_use]
    pub const fn of(mut self, charts: &'a BTreeMap<String, Arc<Program<Code>>>) -> Self {
        self.charts = Some(charts);
        self
    }

    /// For loading charts that know these names.
    pub(super) const fn naming(mut self, names: &'a Names) -> Self {
        self.names = Some(names);
        self
    }

    /// With a record of what guards read.
    #[must_use]
    pub const fn recorded(mut self) -> Self {
        self.is_recorded = true;
        self
    }

    /// Asks an expression of what it sees: variables alone as they are, and what it reads beside them lent along with them. That is charged as
    /// the object of all of it would be.
    fn lend<T>(
        &mut self,
        scope: &Scope<'_>,
        reads: Reads,
        ask: impl FnOnce(&mut Self, Data<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let variables = match &*scope.data {
            Value::Object(variables) if reads != Reads::default() => variables,
            alone => return ask(self, Data::Value(alone)),
        };
        self.budget.list(2 * variables.len()).map_err(spent)?;
        let event = scope.event.filter(|_| reads.event);
        let event = event.map(|event| {
            [
                ("name", Some(Data::Text(&event.name))),
                ("data", event.data.as_ref().map(Data::Value)),
                ("invoke_id", event.invoke_id.as_ref().map(Data::Text)),
            ]
        });
        let event = event.as_ref().map(|event| Parts { named: event, others: None });
        let now = reads.now.then(|| format_instant(scope.now));
        let mut states = None;
        if reads.states {
            let active = (scope.active)();
            self.budget.list(active.len()).map_err(spent)?;
            states = Some(Value::array(active));
        }
        let beside = [
            ("event", event.as_ref().map(Data::Parts)),
            ("now", now.as_ref().map(Data::Text)),
            ("states", states.as_ref().map(Data::Value)),
        ];
        ask(self, Data::Parts(&Parts { named: &beside, others: Some(variables) }))
    }

    /// What a rule of JSON Logic answers, with a record of what it reads where that is wanted.
    fn told<T>(
        &mut self,
        scope: &Scope<'_>,
        reads: Reads,
        rule: impl FnOnce(Data<'_>, &mut Budget, Option<&mut Record<'_>>) -> Result<T, GuardError>,
    ) -> Result<T, Fault> {
        self.lend(scope, reads, |rules, data| {
            let Self { budget, read, is_recorded, .. } = rules;
            let mut record =
                |path: &str, value: &Value| read.push((path.to_owned(), value.clone()));
            rule(data, budget, is_recorded.then_some(&mut record as &mut Record<'_>)).map_err(fault)
        })
    }

    fn ask(&mut self, scope: &Scope<'_>, code: &Code) -> Result<Value, Fault> {
        let is_recorded = self.is_recorded;
        match &code.0 {
            Kind::Logic(rule, reads) => self.told(scope, *reads, |data, budget, record| {
                rule.evaluate_with(data, budget, record)
            }),
            Kind::Path(path, reads, places) => self.lend(scope, *reads, |rules, data| {
                if is_recorded {
                    rules.keep(data, places.as_deref());
                }
                path.evaluate_lent(data, &mut rules.budget).map_err(fault)
            }),
            Kind::Policy(path) => {
                let input = self.lend(scope, Reads::ALL, |_, data| Ok(data.to_value()))?;
                if is_recorded {
                    // A policy reads of it what it likes.
                    self.read.push(("input".to_owned(), input.clone()));
                }
                let told = self.policies()?.ask(path, input, scope.now).map_err(Fault::new)?;
                let told = told.unwrap_or(Value::Null);
                if is_recorded {
                    self.read.push((path.to_string(), told.clone()));
                }
                // A set is no JSON: it goes on as the array of its elements.
                Value::from_json(&told.to_json()).map_err(|error| Fault::new(error.to_string()))
            }
            Kind::Active(name) => {
                let is_active = (scope.is_active)(name);
                if is_recorded {
                    self.read.push((format!("In('{name}')"), Value::from(is_active)));
                }
                Ok(Value::from(is_active))
            }
            Kind::Location(parts) => {
                let (root, path) =
                    parts.split_first().ok_or_else(|| Fault::new("there is no name"))?;
                let mut found = scope.data.get_str(root);
                for part in path {
                    found = found.and_then(|value| member(value, part));
                }
                found
                    .cloned()
                    .ok_or_else(|| Fault::new(format!("there is no `{}`", parts.join("."))))
            }
        }
    }

    /// Keeps what stands at places that are read, as it is now.
    fn keep(&mut self, data: Data<'_>, places: Option<&[Read]>) {
        match places {
            Some(places) => {
                let read = |place: &Read| Some((place.path(), place.of(data)?));
                self.read.extend(places.iter().filter_map(read));
            }
            None => self.read.push(("@".to_owned(), data.to_value())),
        }
    }

    fn policies(&self) -> Result<&Arc<dyn Policies>, Fault> {
        let missing = || Fault::new("there is no policy to ask: load the chart together with one");
        self.surroundings.policies.as_ref().ok_or_else(missing)
    }
}

impl DataModel for Rules<'_> {
    type Code = Code;

    fn compile(&self, role: Role, expr: &Expr) -> Result<Code, Fault> {
        let kind = match (role, &expr.source) {
            (Role::Script, _) => {
                return Err(Fault::new(
                    "is a script, which this data model has none of: assign values with `assign`",
                ));
            }
            (Role::Location, Value::String(text)) => Kind::Location(location(text)?),
            (Role::Location, _) => {
                return Err(Fault::new("is no location: write `name` or `name.part`"));
            }
            (_, Value::String(text)) => match active(text) {
                Some(state) => {
                    self.names.map_or(Ok(()), |names| names.check_state(state))?;
                    Kind::Active(state.into())
                }
                None => self.path(text)?,
            },
            (_, Value::Object(members)) if members.len() == 1 => {
                let language = |name: &str| members.get_str(name).and_then(Value::as_str);
                match (language("jmespath"), language("rego")) {
                    (Some(text), _) => self.path(text)?,
                    (_, Some(text)) => {
                        let text = text.strip_prefix("data.").unwrap_or(text);
                        self.policies()?.check(text).map_err(Fault::new)?;
                        Kind::Policy(text.into())
                    }
                    _ => self.logic(&expr.source)?,
                }
            }
            (_, rule) => self.logic(rule)?,
        };
        Ok(Code(kind))
    }

    fn variable(&self, name: &str) -> Result<(), Fault> {
        variable(name)
    }

    fn declare(
        &mut self,
        scope: &mut Scope<'_>,
        name: &str,
        value: Option<&Value>,
    ) -> Result<(), Fault> {
        variable(name)?;
        let value = value.cloned().unwrap_or(Value::Null);
        let value = placed(scope.data, &[], name, value, &mut self.budget)?;
        put(scope.data, name, value)
    }

    fn declare_all(
        &mut self,
        scope: &mut Scope<'_>,
        variables: &[(&str, Option<&Value>)],
    ) -> Result<(), (usize, Fault)> {
        for (at, (name, _)) in variables.iter().enumerate() {
            variable(name).map_err(|fault| (at, fault))?;
        }
        let held = scope.data.as_object().map(Object::iter).into_iter().flatten();
        let held = held.map(|(name, value)| (name.clone(), value.clone()));
        let made = variables
            .iter()
            .map(|(name, value)| (Value::from(*name), value.cloned().unwrap_or(Value::Null)));
        *scope.data = Value::object(held.chain(made));
        Ok(())
    }

    fn declare_as(&mut self, scope: &mut Scope<'_>, name: &str, value: &Code) -> Result<(), Fault> {
        self.declare(scope, name, None)?;
        let value = self.ask(scope, value)?;
        self.declare(scope, name, Some(&value))
    }

    fn condition(&mut self, scope: &mut Scope<'_>, condition: &Code) -> Result<bool, Fault> {
        if let Kind::Logic(rule, reads) = &condition.0 {
            return self
                .told(scope, *reads, |data, budget, record| rule.holds_with(data, budget, record));
        }
        let told = self.ask(scope, condition)?;
        match (&condition.0, &told) {
            (Kind::Path(..), told) => Ok(is_true(told)),
            (_, Value::Bool(held)) => Ok(*held),
            // What a policy leaves undefined does not hold.
            (Kind::Policy(_), Value::Null) => Ok(false),
            (_, other) => Err(Fault::new(format!(
                "a condition is true or false, and this is a {}",
                other.kind()
            ))),
        }
    }

    fn value(&mut self, scope: &mut Scope<'_>, expr: &Code) -> Result<Value, Fault> {
        self.ask(scope, expr)
    }

    fn assign(
        &mut self,
        scope: &mut Scope<'_>,
        location: &Code,
        value: &Code,
    ) -> Result<(), Fault> {
        let value = self.ask(scope, value)?;
        self.set(scope, location, &value)
    }

    fn set(&mut self, scope: &mut Scope<'_>, location: &Code, value: &Value) -> Result<(), Fault> {
        let Kind::Location(parts) = &location.0 else {
            return Err(Fault::new("is no location"));
        };
        let Some((root, path)) = parts.split_first() else {
            return Err(Fault::new("there is no name"));
        };
        if scope.data.get_str(root).is_none() {
            return Err(Fault::new(format!(
                "there is no variable `{root}`: declare it in `context`"
            )));
        }
        let value = placed(scope.data, path, root, value.clone(), &mut self.budget)?;
        let is_deep =
            |(name, other): (&Value, &Value)| name.as_str() != Some(root) && other.depth() >= DEPTH;
        let others = scope.data.as_object().filter(|others| others.depth() > DEPTH);
        // What is put into itself again and again has no end.
        if value.depth() >= DEPTH || others.is_some_and(|others| others.iter().any(is_deep)) {
            return Err(Fault::new(Exhausted::Depth.to_string()));
        }
        put(scope.data, root, value)
    }

    fn items(&mut self, scope: &mut Scope<'_>, array: &Code) -> Result<Vec<Value>, Fault> {
        match self.ask(scope, array)? {
            Value::Array(items) => Ok(items.to_vec()),
            other => {
                Err(Fault::new(format!("a loop walks an array, and this is a {}", other.kind())))
            }
        }
    }

    fn run(&mut self, _: &mut Scope<'_>, _: &Code) -> Result<(), Fault> {
        Err(Fault::new("there are no scripts in this data model"))
    }

    fn read(&mut self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.read)
    }

    fn chart(&mut self, source: &Value) -> Result<Arc<Program<Code>>, Fault> {
        let name = source.as_str().ok_or_else(|| Fault::new("a chart is invoked by its name"))?;
        let found = self.charts.and_then(|charts| charts.get(name));
        found.cloned().ok_or_else(|| {
            Fault::new(format!("there is no chart `{name}`: load it together with this one"))
        })
    }
}

impl Rules<'_> {
    fn logic(&self, rule: &Value) -> Result<Kind, Fault> {
        let compiled = Logic::compile_as(rule, self.surroundings.dialect).map_err(fault)?;
        let reads = self.reads(&compiled.roots())?;
        Ok(Kind::Logic(compiled, reads))
    }

    fn path(&self, text: &str) -> Result<Kind, Fault> {
        let compiled = JmesPath::compile(text).map_err(fault)?;
        let reads = self.reads(&compiled.roots())?;
        let places = compiled.reads().ok().map(|places| places.into_iter().collect());
        Ok(Kind::Path(compiled, reads, places))
    }

    /// What an expression reads beside the variables, and that every name it reads is known.
    fn reads(&self, roots: &Roots) -> Result<Reads, Fault> {
        self.names.map_or(Ok(()), |names| names.check(roots))?;
        Ok(Reads::of(roots))
    }
}

/// The state of `In('STATE')`.
fn active(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("In(")?.strip_suffix(')')?.trim();
    let quoted = |quote: char| inner.strip_prefix(quote)?.strip_suffix(quote);
    quoted('\'').or_else(|| quoted('"')).filter(|name| !name.contains(['\'', '"']))
}

/// Whether a step ends where that ran out: what is left for its other guards is nothing.
const fn is_fatal(what: Exhausted) -> bool {
    matches!(what, Exhausted::Steps | Exhausted::Memory)
}

fn spent(what: Exhausted) -> Fault {
    Fault { message: what.to_string(), fatal: is_fatal(what) }
}

fn fault(error: GuardError) -> Fault {
    Fault { message: error.to_string(), fatal: error.exhausted.is_some_and(is_fatal) }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
