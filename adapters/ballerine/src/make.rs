//! What all parts of an import add to: expressions that are checked, and the variables that they need.

use std::collections::{BTreeMap, BTreeSet};

use thalium::kyc::RESERVED;
use thalium::kyc::chart::{Action, ActionKind, Content, Expr, Given, Param, Place};
use thalium::kyc::jmespath::JmesPath;
use thalium::kyc::logic::{Dialect, Logic, Roots};
use thalium::value::Value;

use crate::json::At;
use crate::path;
use crate::report::{Report, shown};

/// What the parts of one definition add to.
#[derive(Debug)]
pub(crate) struct Make<'r> {
    pub(crate) report: &'r mut Report,
    /// The variables that are needed.
    pub(crate) variables: BTreeSet<String>,
    /// Names that something gives a value: of the context, of its schema, of what plugins write.
    pub(crate) given: BTreeSet<String>,
    /// Names that guards read, and where first.
    read: BTreeMap<String, Place>,
}

const BACKTICKS: &str = "has a text between backticks that is no JSON, which is taken as that text: write it in single quotes";

/// Names that the service around the interpreter gives a value.
const GIVEN: [&str; 6] =
    ["childWorkflows", "documents", "entity", "metadata", "pluginsOutput", "workflowRuntimeId"];

impl<'r> Make<'r> {
    pub(crate) fn new(report: &'r mut Report) -> Self {
        let given = GIVEN.map(str::to_owned).into();
        Self { report, variables: BTreeSet::new(), given, read: BTreeMap::new() }
    }

    /// Needs a variable.
    pub(crate) fn variable(&mut self, at: &At<'_>, name: &str) {
        if self.variables.contains(name) {
            return;
        }
        let is_location = !name.is_empty()
            && !name.contains(|c: char| c == '.' || c.is_control() || c.is_whitespace());
        if RESERVED.contains(&name) || name.starts_with('_') || !is_location {
            self.report.refuse(at, format!("`{}` can be no variable of a chart: rename it in the context; a name has no white space and no dots, does not begin with `_`, and is not `event`, `now` or `states`", shown(name)));
            return;
        }
        self.variables.insert(name.to_owned());
    }

    fn reads(&mut self, at: &At<'_>, roots: &Roots, is_guard: bool) {
        for name in &roots.names {
            self.variable(at, name);
            if is_guard {
                self.read.entry(name.to_string()).or_insert_with(|| at.place());
            }
        }
    }

    /// Tells of names that guards read and that nothing gives a value.
    pub(crate) fn tell_unread(&mut self) {
        for (name, place) in std::mem::take(&mut self.read) {
            if !self.given.contains(&name) {
                self.report.tolerate_at(place, "guard-reads-nothing", format!("a guard reads `{}`, and neither the context, nor its schema, nor a plugin gives it a value: it is null; name it in `definition/context`", shown(&name)));
            }
        }
    }

    /// Something that is asked of other data than the context: what it reads are no variables.
    pub(crate) fn quiet<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let (variables, given) = (self.variables.clone(), self.given.clone());
        let told = read(self);
        (self.variables, self.given) = (variables, given);
        told
    }

    /// A text of JMESPath that compiles here, with the variables that it reads.
    pub(crate) fn path(&mut self, at: &At<'_>, text: &str, is_guard: bool) -> Option<String> {
        let text = self.inner(at, text)?;
        let compiled = JmesPath::compile(&text).ok()?;
        self.reads(at, &compiled.roots(), is_guard);
        Some(text)
    }

    /// The same for a text that is asked of something else than the context.
    pub(crate) fn inner(&mut self, at: &At<'_>, text: &str) -> Option<String> {
        let (text, is_other) = path::literals(text);
        if is_other {
            self.report.tolerate(at, "backtick-text", BACKTICKS);
        }
        match JmesPath::compile(&text) {
            Ok(_) => Some(text),
            Err(error) => {
                self.report.refuse(at, format!("is no JMESPath: {error}"));
                None
            }
        }
    }

    /// A rule of JSON Logic that compiles here, with the variables that it reads.
    pub(crate) fn logic(&mut self, at: &At<'_>, rule: &Value) -> Option<()> {
        match Logic::compile_as(rule, Dialect::JavaScript) {
            Ok(compiled) => {
                self.reads(at, &compiled.roots(), true);
                Some(())
            }
            Err(error) => {
                self.report.refuse(at, format!("is no JSON Logic: {error}"));
                None
            }
        }
    }

    /// A text whose braces are filled in; the host fills in secrets.
    pub(crate) fn template(&mut self, at: &At<'_>, text: &str) -> Option<Given<Value>> {
        match path::template(text) {
            None => Some(Given::Known(Value::string(text))),
            Some(filled) => {
                let filled = self.path(at, &filled, false)?;
                Some(Given::Expr(expr(at, filled)))
            }
        }
    }
}

/// An expression of JMESPath.
pub(crate) fn expr(at: &At<'_>, text: impl Into<String>) -> Expr {
    Expr { source: Value::fields([("jmespath", Value::from(text.into()))]), place: at.place() }
}

/// An action.
pub(crate) fn action(at: &At<'_>, kind: ActionKind) -> Action {
    Action { kind, place: at.place() }
}

/// A value that is given to a variable or a part of one.
pub(crate) fn assign(at: &At<'_>, location: impl Into<String>, text: impl Into<String>) -> Action {
    let value = Content::Expr(expr(at, text));
    action(at, ActionKind::Assign { location: location.into(), value })
}

/// A named part that is known.
pub(crate) fn known(name: &str, value: impl Into<Value>) -> Param {
    Param { name: name.to_owned(), value: Given::Known(value.into()) }
}

/// A named part that is evaluated.
pub(crate) fn told(at: &At<'_>, name: &str, text: impl Into<String>) -> Param {
    Param { name: name.to_owned(), value: Given::Expr(expr(at, text)) }
}
