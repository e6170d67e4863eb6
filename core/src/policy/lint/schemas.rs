//! References into `input` and into documents that a schema says have no such part: the annotation `schemas`, as Open Policy Agent's type checker
//! reads it.
//!
//! A schema that says which `properties` there are has no others, unless it says `additionalProperties` or `patternProperties`: so OPA has it. Nothing
//! is said where it is not certain, as of keys that are variables, or of schemas that are elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::walk::{Seen, declared, whole};
use super::{Report, is_test, meant};
use crate::policy::bundle::{Contents, SCHEMAS};
use crate::policy::rego::ast::{Module, Rule, Term, TermKind};
use crate::policy::rego::{Annotations, Value};
use crate::policy::snapshot::Snapshot;

/// How deep schemas are looked at within one another, references among them.
const DEPTH: usize = 64;
/// How many are looked at for a reference.
const LOOKS: u32 = 10_000;

/// Checks all modules.
pub(super) fn check(snapshot: &Snapshot, modules: &[Module], report: &mut Report) {
    // What could not be attached was refused when the bundle was loaded.
    let Ok(annotations) = Annotations::new(modules) else { return };
    for (at, module) in modules.iter().enumerate().filter(|(_, module)| !is_test(module)) {
        report.module = at;
        let imports = imports(module);
        for (number, rule) in module.rules.iter().enumerate() {
            let Some((chain, _)) = annotations.of(at, number) else { continue };
            let given = given(&chain);
            if !given.is_empty() {
                let schemas = Schemas::of(&given, snapshot.contents(), rule, report);
                schemas.check(rule, &imports, report);
            }
        }
    }
}

/// What the annotations of a rule say, the outermost first.
fn given(chain: &Value) -> Vec<&Value> {
    let entries = chain.as_array().into_iter().flat_map(|chain| chain.iter());
    let lists = entries.filter_map(|entry| entry.get_str("annotations")?.get_str("schemas"));
    let lists: Vec<&Value> = lists.collect();
    lists.into_iter().rev().filter_map(Value::as_array).flat_map(|list| list.iter()).collect()
}

/// What names mean that are imported from `input` or `data`.
fn imports(module: &Module) -> BTreeMap<&str, Vec<Value>> {
    let paths = module.imports.iter().filter_map(|import| {
        let root = import.path.first()?;
        let name = import.name()?;
        let path = import.path.iter().cloned().map(Value::String).collect();
        ["input", "data"].contains(&&**root).then_some((&**name, path))
    });
    paths.collect()
}

/// The schemas of a rule, by the paths that they are for: that of two which is written nearer to the rule.
struct Schemas<'s>(BTreeMap<Vec<Value>, &'s Value>);

impl<'s> Schemas<'s> {
    fn of(given: &[&'s Value], contents: &'s Contents, rule: &Rule, report: &mut Report) -> Self {
        let mut schemas = BTreeMap::new();
        for entry in given {
            let pair = entry.as_object().filter(|entry| entry.len() == 1);
            let Some((path, schema)) = pair.and_then(|entry| entry.iter().next()) else {
                let message = format!("`{}` is no path with a schema", entry.to_json());
                report.add("unresolved-schema", rule.at, message);
                continue;
            };
            let path = path.as_str().unwrap_or_default();
            let schema = match schema.as_str() {
                None => Some(schema),
                Some(name) => file_of(name).and_then(|file| contents.get(&file)?.value.as_ref()),
            };
            match schema {
                Some(schema) => {
                    let path = path.split('.').map(Value::from).collect();
                    schemas.insert(path, schema);
                }
                None => {
                    let message = format!("`{path}` is to have a schema that is not in the bundle");
                    report.add("unresolved-schema", rule.at, message);
                }
            }
        }
        Self(schemas)
    }

    fn check(&self, rule: &Rule, imports: &BTreeMap<&str, Vec<Value>>, report: &mut Report) {
        let local = declared(rule);
        whole(rule, &mut |seen| {
            let Seen::Term(term) = seen else { return };
            let Some(path) = path(term, imports, &local) else { return };
            if let Some(message) = self.wrong(&path) {
                report.add("schema-mismatch", term.at, message);
            }
        });
    }

    /// What is wrong with a path; a key that is a variable is none.
    fn wrong(&self, path: &[Option<Value>]) -> Option<String> {
        let known: Vec<Value> = path.iter().map_while(Clone::clone).collect();
        // The longest path with a schema that it begins with.
        let (from, root) = (1..=known.len())
            .rev()
            .find_map(|length| Some((length, *self.0.get(known.get(..length)?)?)))?;
        let mut schema = root;
        let mut search = Search { root, left: LOOKS };
        for (at, key) in path.iter().enumerate().skip(from) {
            match search.part(schema, key.as_ref(), 0) {
                Part::At(next) => schema = next,
                Part::Open | Part::Silent => return None,
                Part::None(names) => {
                    let above = dotted(path.get(..at).unwrap_or_default());
                    let told = dotted(path.get(..=at).unwrap_or_default());
                    let Some(names) = names else {
                        return Some(format!("`{told}`: by its schema `{above}` has no parts"));
                    };
                    let name = key.as_ref().and_then(Value::as_str).unwrap_or_default();
                    let meant = meant(name, names.iter().copied());
                    return Some(format!(
                        "`{told}` is not in the schema of its input or document{meant}"
                    ));
                }
            }
        }
        None
    }
}

/// The file of a schema: `schema.a.b`, or `schema["a"]`.
fn file_of(name: &str) -> Option<String> {
    let name = name.strip_prefix("schema")?;
    let name = name.replace("[\"", ".").replace("\"]", "");
    let name = name.strip_prefix('.')?;
    Some(format!("{SCHEMAS}{}.json", name.replace('.', "/")))
}

/// The path that a reference leads along, with its root; a key that is no constant is none.
fn path(
    term: &Term,
    imports: &BTreeMap<&str, Vec<Value>>,
    local: &BTreeSet<Arc<str>>,
) -> Option<Vec<Option<Value>>> {
    let TermKind::Ref(head, keys) = &term.kind else { return None };
    let TermKind::Var(name) = &head.kind else { return None };
    if local.contains(name) {
        return None;
    }
    let mut path: Vec<Option<Value>> = match &**name {
        "input" | "data" => vec![Some(Value::String(Arc::clone(name)))],
        name => imports.get(name)?.iter().cloned().map(Some).collect(),
    };
    path.extend(keys.iter().map(|key| match &key.kind {
        TermKind::Scalar(value) => Some(value.clone()),
        _ => None,
    }));
    Some(path)
}

/// What a schema says of a part.
enum Part<'s> {
    /// It has this schema.
    At(&'s Value),
    /// It may be there, and nothing is known of it.
    Open,
    /// Nothing.
    Silent,
    /// It cannot be there; these are the names of those that can, if any can.
    None(Option<Vec<&'s str>>),
}

impl<'s> Part<'s> {
    /// What two say that both hold. A part that both know is not looked into: it would have to be as both say.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Silent, said) | (said, Self::Silent) => said,
            (Self::Open, _) | (_, Self::Open) | (Self::At(_), Self::At(_)) => Self::Open,
            (Self::At(at), Self::None(_)) | (Self::None(_), Self::At(at)) => Self::At(at),
            (Self::None(some), Self::None(more)) => Self::None(match (some, more) {
                (Some(mut some), Some(more)) => {
                    some.extend(more);
                    Some(some)
                }
                (some, more) => some.or(more),
            }),
        }
    }

    /// What several say of which one holds, or some do.
    fn any(branches: impl Iterator<Item = Self>) -> Self {
        let mut found = None;
        for branch in branches {
            found = Some(match (found, branch) {
                (None, Self::Silent) => Self::Open,
                (None, branch) => branch,
                (Some(Self::None(some)), Self::None(more)) => Self::None(Some(
                    some.into_iter().flatten().chain(more.into_iter().flatten()).collect(),
                )),
                (Some(Self::At(at)), Self::None(_)) | (Some(Self::None(_)), Self::At(at)) => {
                    Self::At(at)
                }
                _ => Self::Open,
            });
        }
        found.unwrap_or(Self::Silent)
    }
}

/// A schema that is looked through, so far and no further: schemas refer to one another, and to themselves.
struct Search<'s> {
    root: &'s Value,
    left: u32,
}

impl<'s> Search<'s> {
    /// What a schema says of the part with a key, or of one with any.
    fn part(&mut self, schema: &'s Value, key: Option<&Value>, depth: usize) -> Part<'s> {
        let Some(object) = schema.as_object() else { return Part::Silent };
        let Some(left) = self.left.checked_sub(1).filter(|_| depth < DEPTH) else {
            return Part::Open;
        };
        self.left = left;
        let list = |name: &str| object.get_str(name).and_then(Value::as_array);
        if let Some(reference) = object.get_str("$ref") {
            let target = reference.as_str().and_then(|reference| at(self.root, reference));
            return target.map_or(Part::Open, |target| self.part(target, key, depth + 1));
        }
        let mut found = own(schema, key);
        for each in list("allOf").into_iter().flat_map(|all| all.iter()) {
            found = found.and(self.part(each, key, depth + 1));
        }
        for name in ["anyOf", "oneOf"] {
            let branches = list(name).into_iter().flat_map(|all| all.iter());
            let branches: Vec<Part<'s>> =
                branches.map(|each| self.part(each, key, depth + 1)).collect();
            found = found.and(Part::any(branches.into_iter()));
        }
        found
    }
}

/// What a schema says by itself, and not by others within it.
fn own<'s>(schema: &'s Value, key: Option<&Value>) -> Part<'s> {
    let member = |name: &str| schema.get_str(name);
    let is = |wanted: &str| match member("type") {
        Some(Value::String(one)) => **one == *wanted,
        Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(wanted)),
        _ => true,
    };
    let is_index = key.is_none_or(|key| matches!(key, Value::Number(_)));
    let is_name = key.is_none_or(|key| matches!(key, Value::String(_)));
    let parts = ["properties", "additionalProperties", "patternProperties", "items", "prefixItems"];
    let says = parts.iter().any(|name| member(name).is_some());
    match (is("array") && is_index, is("object") && is_name) {
        (false, false) => Part::None(None),
        _ if !says => Part::Silent,
        // A key may be either where both are there.
        (true, true) => Part::Open,
        (true, false) => {
            let items = member("items").filter(|items| items.as_object().is_some());
            items.filter(|_| member("prefixItems").is_none()).map_or(Part::Open, Part::At)
        }
        (false, true) => named(schema, key),
    }
}

/// What a schema of an object says of a member.
fn named<'s>(schema: &'s Value, key: Option<&Value>) -> Part<'s> {
    let properties = schema.get_str("properties").and_then(Value::as_object);
    let others = schema.get_str("additionalProperties");
    let has_patterns = schema.get_str("patternProperties").is_some();
    let Some(key) = key else {
        // One of any name: of one schema, if there is no other.
        let only = others.filter(|it| it.as_object().is_some() && properties.is_none());
        return only.filter(|_| !has_patterns).map_or(Part::Open, Part::At);
    };
    if let Some(found) = properties.and_then(|properties| properties.get(key)) {
        return Part::At(found);
    }
    match others {
        _ if has_patterns => Part::Open,
        Some(others) if others.as_object().is_some() => Part::At(others),
        Some(Value::Bool(false)) | None if properties.is_some() => {
            let names = properties.into_iter().flat_map(|it| it.keys()).filter_map(Value::as_str);
            Part::None(Some(names.collect()))
        }
        Some(Value::Bool(false)) => Part::None(None),
        _ => Part::Open,
    }
}

/// What a reference within a schema leads to: `#/definitions/money`.
fn at<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    let pointer = reference.strip_prefix('#')?;
    pointer
        .split('/')
        .skip(1)
        .try_fold(root, |value, name| value.get_str(&name.replace("~1", "/").replace("~0", "~")))
}

fn dotted(path: &[Option<Value>]) -> String {
    let mut text = String::new();
    for key in path {
        match key {
            Some(Value::String(name)) if text.is_empty() => text.push_str(name),
            Some(Value::String(name)) => {
                text.push('.');
                text.push_str(name);
            }
            Some(key) => text.push_str(&format!("[{key}]")),
            None => text.push_str("[_]"),
        }
    }
    text
}

#[cfg(test)]
#[path = "schemas_tests.rs"]
mod tests;
