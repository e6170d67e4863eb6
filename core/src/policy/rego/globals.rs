//! What names mean outside of bodies: the rules of a module's package, and its imports.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ast::Module;
use super::error::{Refusal, Refused};
use super::value::Value;

/// What a name means.
#[derive(Clone, Debug)]
pub(super) enum Global {
    Data(Vec<Value>),
    Input(Vec<Value>),
}

/// What `not` means in a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Negation {
    /// What is nested is evaluated before it.
    #[default]
    Plain,
    /// All is evaluated within it: `import future.keywords.not`.
    Whole,
    /// One or the other by OPA's release: `import future.keywords`.
    Unclear,
}

/// What names mean in one module.
#[derive(Default)]
pub(super) struct Globals {
    rules: Arc<Rules>,
    imports: BTreeMap<Arc<str>, Global>,
    pub(super) negation: Negation,
    /// Whether what v1 forbids is refused.
    pub(super) v1: bool,
}

/// The rules of each package by their names: collected once for all modules.
pub(super) struct Packages<'a> {
    packages: BTreeMap<&'a [Arc<str>], Arc<Rules>>,
}

/// A package's rules by their names.
#[derive(Default)]
struct Rules(BTreeMap<Arc<str>, Global>);

impl<'a> Packages<'a> {
    pub(super) fn new(modules: &'a [Module]) -> Self {
        let mut packages: BTreeMap<&[Arc<str>], Rules> = BTreeMap::new();
        for module in modules {
            let rules = packages.entry(&module.package).or_default();
            for rule in &module.rules {
                rules.0.entry(Arc::clone(&rule.name)).or_insert_with(|| {
                    let mut path = texts(&module.package);
                    path.push(Value::String(Arc::clone(&rule.name)));
                    Global::Data(path)
                });
            }
        }
        let packages = packages.into_iter().map(|(path, rules)| (path, Arc::new(rules)));
        Self { packages: packages.collect() }
    }
}

impl Globals {
    /// The rules of a module's package and its imports.
    pub(super) fn new(module: &Module, packages: &Packages<'_>) -> Result<Self, Refusal> {
        for rule in &module.rules {
            if is_document(&rule.name) {
                let name = &rule.name;
                let message = format!("rules must not shadow `{name}` (use a different rule name)");
                return Err(Refusal::new(Refused::Compile, rule.at, message));
            }
        }
        let rules = packages.packages.get(module.package.as_slice()).cloned().unwrap_or_default();
        let mut imports = BTreeMap::new();
        let mut negation = Negation::Plain;
        for import in &module.imports {
            let path: Vec<&str> = import.path.iter().map(AsRef::as_ref).collect();
            match (path.as_slice(), negation) {
                (["future", "keywords", "not"], _) => negation = Negation::Whole,
                (["future", "keywords"], Negation::Plain) => negation = Negation::Unclear,
                _ => {}
            }
            let Some((root, path)) = import.path.split_first() else { continue };
            let name = import.name();
            let (Some(name), "data" | "input") = (name, root.as_ref()) else { continue };
            let path = texts(path);
            let global =
                if root.as_ref() == "data" { Global::Data(path) } else { Global::Input(path) };
            if imports.insert(Arc::clone(name), global).is_some() {
                let message = format!("import must not shadow import `{name}`");
                return Err(Refusal::new(Refused::Compile, import.at, message));
            }
        }
        Ok(Self { rules, imports, negation, v1: module.v1 })
    }

    /// What a name means: a rule of the package counts before an import of its name.
    pub(super) fn get(&self, name: &str) -> Option<&Global> {
        self.rules.0.get(name).or_else(|| self.imports.get(name))
    }
}

/// Whether a name is that of a document.
pub(super) fn is_document(name: &str) -> bool {
    matches!(name, "data" | "input")
}

fn texts(path: &[Arc<str>]) -> Vec<Value> {
    path.iter().map(|name| Value::String(Arc::clone(name))).collect()
}
