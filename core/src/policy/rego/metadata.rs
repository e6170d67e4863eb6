//! Annotations: what `rego.metadata.chain()` and `rego.metadata.rule()` answer in each rule.

use std::sync::Arc;

use super::ast::{Annotation, Module, Rule};
use super::error::{LoadError, Place, Refusal, Refused};
use super::tree::ground_prefix;
use super::value::Value;
use super::yaml;

/// The annotations of all modules.
pub(in crate::policy) struct Metadata<'a> {
    modules: &'a [Module],
    notes: Vec<Note>,
}

/// One block of annotations, and what it is attached to.
struct Note {
    scope: Scope,
    /// The package's or the rule's path.
    path: Vec<Value>,
    /// The module and, for a rule's, the row of the rule.
    module: usize,
    rule: Option<Place>,
    at: Place,
    annotations: Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Rule,
    Document,
    Package,
    Subpackages,
}

impl<'a> Metadata<'a> {
    /// Of all modules.
    pub(in crate::policy) fn new(modules: &'a [Module]) -> Result<Self, LoadError> {
        let mut notes = Vec::new();
        for (of, module) in modules.iter().enumerate() {
            for block in &module.annotations {
                let note = note(of, module, block).map_err(|error| error.within(&module.file))?;
                notes.push(note);
            }
        }
        Ok(Self { modules, notes })
    }

    /// The chain from a rule outwards, and the rule's own annotations.
    pub(in crate::policy) fn of(&self, module: usize, rule: usize) -> Option<(Value, Value)> {
        let of = self.modules.get(module)?;
        let rule = of.rules.get(rule)?;
        let path = rule_path(of, rule);
        let mut own: Vec<&Note> = self
            .notes
            .iter()
            .filter(|note| note.scope == Scope::Rule)
            .filter(|note| note.module == module && note.rule == Some(rule.at))
            .collect();
        own.sort_by_key(|note| std::cmp::Reverse(note.at));
        let mut chain: Vec<Value> = own.iter().map(|note| entry(note)).collect();
        if chain.is_empty() {
            let bare = (Value::from("path"), Value::array(path.iter().cloned()));
            chain.push(Value::object([bare]));
        }
        let package: Vec<Value> = package_path(of);
        let first = |scope, path: &[Value]| {
            self.notes.iter().find(move |note| note.scope == scope && note.path == path)
        };
        chain.extend(first(Scope::Document, &path).map(entry));
        chain.extend(first(Scope::Package, &package).map(entry));
        for length in (0..=package.len()).rev() {
            let outer = package.get(..length).unwrap_or_default();
            chain.extend(first(Scope::Subpackages, outer).map(entry));
        }
        let rule = own.first().map_or_else(|| Value::object([]), |note| note.annotations.clone());
        Some((Value::array(chain), rule))
    }
}

fn entry(note: &Note) -> Value {
    Value::object([
        (Value::from("annotations"), note.annotations.clone()),
        (Value::from("path"), Value::array(note.path.iter().cloned())),
    ])
}

fn package_path(module: &Module) -> Vec<Value> {
    module.package.iter().map(|name| Value::String(Arc::clone(name))).collect()
}

fn rule_path(module: &Module, rule: &Rule) -> Vec<Value> {
    let mut path = package_path(module);
    path.push(Value::String(Arc::clone(&rule.name)));
    path.extend(ground_prefix(rule));
    path
}

/// A block, attached to the first package or rule after it.
fn note(of: usize, module: &Module, block: &Annotation) -> Result<Note, Refusal> {
    let refuse = |message: String| Refusal::new(Refused::Parse, block.at, message);
    let yaml = yaml::parse(&block.text, yaml::Rules::Annotations)
        .map_err(|error| refuse(error.to_string()))?;
    let fields = yaml.as_object().ok_or_else(|| refuse("expected annotations".to_owned()))?;
    let rule = module.rules.iter().filter(|rule| rule.at >= block.at).min_by_key(|rule| rule.at);
    let on_package = module.at > block.at;
    let entrypoint = fields.get_str("entrypoint") == Some(&Value::Bool(true));
    let scope = match fields.get_str("scope").and_then(Value::as_str) {
        Some("rule") => Scope::Rule,
        Some("document") => Scope::Document,
        Some("package") => Scope::Package,
        Some("subpackages") => Scope::Subpackages,
        Some(other) => return Err(refuse(format!("invalid annotation scope `{other}`"))),
        None if on_package => Scope::Package,
        None if entrypoint => Scope::Document,
        None => Scope::Rule,
    };
    let mut pairs = Vec::new();
    for (key, value) in fields.iter() {
        let value = match key.as_str() {
            Some("scope") => continue,
            Some(
                "title" | "description" | "entrypoint" | "custom" | "schemas" | "compile"
                | "organizations",
            ) => value.clone(),
            Some("authors") => each(value, author),
            Some("related_resources") => each(value, resource),
            // What OPA does not know it drops.
            _ => continue,
        };
        pairs.push((key.clone(), value));
    }
    let name = match scope {
        Scope::Rule => "rule",
        Scope::Document => "document",
        Scope::Package => "package",
        Scope::Subpackages => "subpackages",
    };
    pairs.push((Value::from("scope"), Value::from(name)));
    let (path, attached) = match (scope, rule) {
        (Scope::Package | Scope::Subpackages, _) => (package_path(module), None),
        (_, Some(rule)) if !on_package => (rule_path(module, rule), Some(rule.at)),
        _ => return Err(refuse(format!("annotation scope `{name}` must be applied to a rule"))),
    };
    let annotations = Value::object(pairs);
    Ok(Note { scope, path, module: of, rule: attached, at: block.at, annotations })
}

/// The attributes that a block has.
pub(in crate::policy) fn keys_of(block: &Annotation) -> Vec<String> {
    let fields = yaml::parse(&block.text, yaml::Rules::Annotations);
    let fields = fields.as_ref().ok().and_then(Value::as_object);
    let keys = fields.into_iter().flat_map(|fields| fields.keys());
    keys.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn each(value: &Value, of: impl Fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(items) => Value::array(items.iter().map(of)),
        other => other.clone(),
    }
}

/// `Name Surname <mail@example.com>`, or an object.
fn author(value: &Value) -> Value {
    let Some(text) = value.as_str() else { return value.clone() };
    let words: Vec<&str> = text.split_whitespace().collect();
    let mail = words.last().and_then(|word| word.strip_prefix('<')?.strip_suffix('>'));
    let names = if mail.is_some() { words.split_last().map(|(_, names)| names) } else { None };
    let name = names.unwrap_or(&words).join(" ");
    let mut pairs = Vec::new();
    if !name.is_empty() {
        pairs.push((Value::from("name"), Value::from(name)));
    }
    pairs.extend(mail.map(|mail| (Value::from("email"), Value::from(mail))));
    Value::object(pairs)
}

/// An address, or an object with one.
fn resource(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::object([(Value::from("ref"), value.clone())]),
        other => other.clone(),
    }
}
