//! A policy: modules loaded once, and the queries that it answers.

use std::sync::Arc;

use super::builtin::{Cache, Context};
use super::compile::{Compiled, QueryCode, compile};
use super::error::{EvalError, LoadError};
use super::machine::{Flow, Machine};
use super::parser::{Dialect, parse_module};
use super::trace::Observer;
use super::tree::Foreign;
use super::value::Value;

/// The steps that a query may take if nothing else is said.
pub const STEPS: u64 = 10_000_000;

/// The bytes that a query may allocate if nothing else is said.
pub const BYTES: u64 = 256 << 20;

/// Modules, compiled.
///
/// ```
/// use thalium::policy::rego::{Dialect, Policy, Request, Value};
///
/// let access = r#"
/// package access
///
/// default allow := false
///
/// allow if "compliance" in input.roles
///
/// allow if {
///     some limit in data.limits
///     limit.level == input.level
///     input.amount * 100 <= limit.cents
/// }
/// "#;
/// let policy = Policy::load(&[("access.rego", access)], Dialect::V1)?;
/// let query = policy.query("allowed := data.access.allow")?;
/// let data = Value::from_json(r#"{"limits": [{"level": "L1", "cents": 1999}]}"#)?;
/// let asked = |input: &str| {
///     let input = Some(Value::from_json(input).unwrap());
///     let told = policy.run(&query, &Request { input, data: data.clone(), ..Request::default() });
///     told.map(|ways| ways[0][0].1.clone())
/// };
/// assert_eq!(asked(r#"{"roles": [], "level": "L1", "amount": 19.99}"#)?, Value::Bool(true));
/// assert_eq!(asked(r#"{"roles": [], "level": "L1", "amount": 20}"#)?, Value::Bool(false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Policy {
    pub(super) compiled: Compiled,
    pub(super) files: Vec<Arc<str>>,
    /// The modules' texts, for those who explain an answer.
    pub(super) texts: Vec<(Arc<str>, Dialect)>,
}

/// A module's text.
#[derive(Clone, Copy, Debug)]
pub struct Module<'a> {
    /// Its name, which errors tell.
    pub file: &'a str,
    /// The text.
    pub text: &'a str,
    /// Which Rego it is written in.
    pub dialect: Dialect,
}

/// A query, compiled for its policy.
#[derive(Debug)]
pub struct Query {
    code: QueryCode,
}

/// What a query is asked with: all that it can know.
#[derive(Clone, Debug)]
pub struct Request {
    /// The `input`, if there is one.
    pub input: Option<Value>,
    /// The documents under `data`.
    pub data: Value,
    /// The command's clock, in nanoseconds since 1970.
    pub now_ns: i64,
    /// What chance follows from.
    pub seed: u64,
    /// Whether errors of built-in functions end the query.
    pub strict: bool,
    /// The most steps.
    pub steps: u64,
    /// The most bytes.
    pub bytes: u64,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            input: None,
            data: Value::object([]),
            now_ns: 0,
            seed: 0,
            strict: false,
            steps: STEPS,
            bytes: BYTES,
        }
    }
}

/// One way in which a query holds: its variables' values.
pub type Bindings = Vec<(Arc<str>, Value)>;

impl Policy {
    /// Of modules: the name of each and its text.
    ///
    /// # Errors
    ///
    /// The first module, rule or expression that is refused.
    pub fn load(modules: &[(&str, &str)], dialect: Dialect) -> Result<Self, LoadError> {
        Self::load_modules(modules.iter().map(|(file, text)| Module { file, text, dialect }))
    }

    /// Of modules in whatever dialects.
    ///
    /// # Errors
    ///
    /// As [`Policy::load`].
    pub fn load_modules<'a>(
        modules: impl IntoIterator<Item = Module<'a>>,
    ) -> Result<Self, LoadError> {
        Self::load_beside(modules, Vec::new())
    }

    /// As [`Policy::load_modules`], beside what is foreign to them: what reads it, here or in a query, is refused.
    pub(in crate::policy) fn load_beside<'a>(
        modules: impl IntoIterator<Item = Module<'a>>,
        foreign: Vec<Foreign>,
    ) -> Result<Self, LoadError> {
        let (mut parsed, mut texts) = (Vec::new(), Vec::new());
        for module in modules {
            parsed.push(parse_module(&Arc::from(module.file), module.text, module.dialect)?);
            texts.push((Arc::from(module.text), module.dialect));
        }
        let files = parsed.iter().map(|module| Arc::clone(&module.file)).collect();
        Ok(Self { compiled: compile(&parsed, foreign)?, files, texts })
    }

    /// Compiles a query: a body, such as `data.app.allow == true` or `x = data.app.limits[name]`.
    ///
    /// # Errors
    ///
    /// The query is refused.
    pub fn query(&self, text: &str) -> Result<Query, LoadError> {
        let code = self.compiled.query(text);
        Ok(Query { code: code.map_err(|refusal| refusal.within(&Arc::from("query")))? })
    }

    /// All ways in which a query holds.
    ///
    /// # Errors
    ///
    /// Rules contradict one another, the query used up what it may, or, if strict, a built-in function failed.
    pub fn run(&self, query: &Query, request: &Request) -> Result<Vec<Bindings>, EvalError> {
        self.run_watched(query, request, None)
    }

    /// As [`Policy::run`]; an observer is told what happens.
    pub(in crate::policy) fn run_watched(
        &self,
        query: &Query,
        request: &Request,
        observer: Option<&mut dyn Observer>,
    ) -> Result<Vec<Bindings>, EvalError> {
        let mut cache = Cache::over(&self.compiled.cache);
        let context =
            Context::new(request.now_ns, request.seed, request.steps, request.bytes, &mut cache);
        let (input, data) = (request.input.clone(), Some(request.data.clone()));
        let mut machine =
            Machine::new(&self.compiled.nodes, &self.files, input, data, context, request.strict);
        if let Some(observer) = observer {
            machine.observer = Some(observer);
        }
        let mut results = Vec::new();
        machine.framed(query.code.slots, &[], &query.code.body, &mut |machine| {
            let bindings = query.code.bindings.iter();
            let bindings: Bindings = bindings
                .map(|(name, slot)| (Arc::clone(name), machine.slot(*slot).clone()))
                .collect();
            machine.allocate(64 * (bindings.len() + 1))?;
            // The answer can be written down within the bytes that are left.
            for (_, value) in &bindings {
                machine.write_down(value)?;
            }
            results.push(bindings);
            Ok(Flow::More)
        })?;
        Ok(results)
    }
}
