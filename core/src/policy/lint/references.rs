//! References into `data`: those that lead nowhere, those into what is another package's own, and what is always defined where it is negated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::walk::{Seen, declared, whole};
use super::{Report, is_test, meant};
use crate::policy::rego::ast::{LiteralKind, Module, Term, TermKind};
use crate::policy::rego::{RuleKind, Value};
use crate::policy::snapshot::Snapshot;

/// What there is for references to lead to.
struct Known<'a> {
    snapshot: &'a Snapshot,
    kinds: BTreeMap<&'a [Value], RuleKind>,
    /// What a `with` puts somewhere.
    replaced: Vec<Vec<Value>>,
}

/// How many names are looked at for the one that was meant.
const NAMES: usize = 1000;

/// Checks all modules.
pub(super) fn check(snapshot: &Snapshot, modules: &[Module], report: &mut Report) {
    let packages = packages(modules);
    let kinds = snapshot.policy().rules().map(|rules| (rules.path, rules.kind)).collect();
    let replaced = modules.iter().flat_map(|module| {
        let names = Names::of(module, &packages);
        let none = BTreeSet::new();
        let paths = module.replaced.iter().filter_map(|target| names.path(target, &none));
        paths.map(|(path, _)| path).collect::<Vec<_>>()
    });
    let mut replaced: Vec<Vec<Value>> = replaced.collect();
    replaced.sort();
    replaced.dedup();
    let known = Known { snapshot, kinds, replaced };
    for (at, module) in modules.iter().enumerate() {
        report.module = at;
        known.check(module, &Names::of(module, &packages), report);
    }
}

impl Known<'_> {
    fn check(&self, module: &Module, names: &Names, report: &mut Report) {
        let test = is_test(module);
        for import in &module.imports {
            let Some((root, path)) = import.path.split_first() else { continue };
            let path: Vec<Value> = path.iter().cloned().map(Value::String).collect();
            if root.as_ref() == "data" && !test && !self.leads(&path) {
                report.add("unresolved-reference", import.at, self.nowhere(&path));
            }
        }
        for rule in &module.rules {
            let local = declared(rule);
            whole(rule, &mut |seen| match seen {
                Seen::Literal(literal) if literal.negated => {
                    if let LiteralKind::Term(term) = &literal.kind
                        && let Some((path, true)) = names.path(term, &local)
                        && let Some(RuleKind::Set | RuleKind::Partial) =
                            self.kinds.get(path.as_slice())
                    {
                        let message = format!(
                            "`{}` is always defined, so that this never holds",
                            dotted(&path)
                        );
                        report.add("impossible-not", literal.at, message);
                    }
                }
                Seen::Literal(_) => {}
                Seen::Term(term) if test || !matches!(term.kind, TermKind::Ref(..)) => {}
                Seen::Term(term) => {
                    let Some((path, _)) = names.path(term, &local) else { return };
                    let imported = names.imported(term);
                    // An import that leads nowhere is told once.
                    if imported.is_none_or(|import| self.leads(import)) && !self.leads(&path) {
                        report.add("unresolved-reference", term.at, self.nowhere(&path));
                    }
                    let own = path.starts_with(&names.package);
                    let is_private =
                        |key: &Value| key.as_str().is_some_and(|key| key.starts_with('_'));
                    if !own && path.iter().any(is_private) {
                        let message = format!("`{}` is another package's own", dotted(&path));
                        report.add("leaked-internal-reference", term.at, message);
                    }
                }
            });
        }
    }

    /// Whether a rule, a document or what a `with` puts there stands at a path, above it or below it.
    fn leads(&self, path: &[Value]) -> bool {
        let stored = || path.iter().try_fold(self.snapshot.data(), |value, key| value.get(key));
        // INVARIANT: sorted, what begins with a path stands right after it.
        let after = self.replaced.partition_point(|other| other.as_slice() < path);
        let below = self.replaced.get(after).is_some_and(|other| other.starts_with(path));
        let above = (0..=path.len()).any(|length| {
            let prefix = path.get(..length).unwrap_or_default();
            self.replaced.binary_search_by(|other| other.as_slice().cmp(prefix)).is_ok()
        });
        self.snapshot.policy().has(path) || below || above || stored().is_some()
    }

    /// What is told of a path that leads nowhere: with the name that was meant, perhaps.
    fn nowhere(&self, path: &[Value]) -> String {
        let first =
            (1..=path.len()).find(|length| !self.leads(path.get(..*length).unwrap_or_default()));
        let (last, above) = first
            .and_then(|length| path.get(..length)?.split_last())
            .unwrap_or((&Value::Null, &[]));
        let stored = above.iter().try_fold(self.snapshot.data(), |value, key| value.get(key));
        let documents =
            stored.and_then(Value::as_object).into_iter().flat_map(|object| object.keys());
        let rules = self.kinds.range(above..).map(|(path, _)| path);
        let rules = rules.take_while(|path| path.starts_with(above));
        let rules = rules.filter_map(|path| path.get(above.len()));
        let names: BTreeSet<&str> =
            documents.chain(rules).filter_map(Value::as_str).take(NAMES).collect();
        let meant = meant(last.as_str().unwrap_or_default(), names);
        format!("`{}` is neither a rule nor a document of the bundle{meant}", dotted(path))
    }
}

/// The rules of each package by their names.
type Packages<'a> = BTreeMap<&'a [Arc<str>], Arc<BTreeSet<Arc<str>>>>;

fn packages(modules: &[Module]) -> Packages<'_> {
    let mut packages: BTreeMap<&[Arc<str>], BTreeSet<Arc<str>>> = BTreeMap::new();
    for module in modules {
        let names = module.rules.iter().map(|rule| Arc::clone(&rule.name));
        packages.entry(&module.package).or_default().extend(names);
    }
    packages.into_iter().map(|(package, names)| (package, Arc::new(names))).collect()
}

/// What names mean in a module.
struct Names {
    package: Vec<Value>,
    imports: BTreeMap<Arc<str>, Vec<Value>>,
    rules: Arc<BTreeSet<Arc<str>>>,
}

impl Names {
    fn of(module: &Module, packages: &Packages<'_>) -> Self {
        let mut imports = BTreeMap::new();
        for import in &module.imports {
            let Some((root, path)) = import.path.split_first() else { continue };
            if let Some(name) = import.name()
                && root.as_ref() == "data"
            {
                let path = path.iter().cloned().map(Value::String).collect();
                imports.insert(Arc::clone(name), path);
            }
        }
        let package = module.package.iter().cloned().map(Value::String).collect();
        let rules = packages.get(module.package.as_slice()).cloned().unwrap_or_default();
        Self { package, imports, rules }
    }

    /// The path under `data` that a term means, as far as its keys are constants, and whether all are.
    fn path(&self, term: &Term, local: &BTreeSet<Arc<str>>) -> Option<(Vec<Value>, bool)> {
        let (head, keys): (&Term, &[Term]) = match &term.kind {
            TermKind::Ref(head, keys) => (head, keys),
            _ => (term, &[]),
        };
        let TermKind::Var(name) = &head.kind else { return None };
        if local.contains(name) {
            return None;
        }
        let mut path = if name.as_ref() == "data" {
            Vec::new()
        } else if self.rules.contains(name) {
            let mut path = self.package.clone();
            path.push(Value::String(Arc::clone(name)));
            path
        } else {
            self.imports.get(name)?.clone()
        };
        let constants = keys.iter().map_while(|key| match &key.kind {
            TermKind::Scalar(value) => Some(value.clone()),
            _ => None,
        });
        let before = path.len();
        path.extend(constants);
        let whole = path.len() - before == keys.len();
        Some((path, whole))
    }

    /// The path of the import that a reference begins with.
    fn imported(&self, term: &Term) -> Option<&[Value]> {
        let TermKind::Ref(head, _) = &term.kind else { return None };
        let TermKind::Var(name) = &head.kind else { return None };
        self.imports.get(name).map(Vec::as_slice)
    }
}

fn dotted(path: &[Value]) -> String {
    path.iter().fold("data".to_owned(), |text, key| match key.as_str() {
        Some(name) => format!("{text}.{name}"),
        None => format!("{text}[{key}]"),
    })
}
