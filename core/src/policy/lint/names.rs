//! Names that nothing uses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Report;
use super::walk::{Seen, branch, branches, term, whole};
use crate::policy::rego::ast::{LiteralKind, Module, Rule, Term, TermKind};
use crate::policy::rego::{Place, Value};

/// Imports, arguments and variables.
pub(super) fn check(module: &Module, report: &mut Report) {
    let mut used = BTreeSet::new();
    for rule in &module.rules {
        whole(rule, &mut |seen| {
            if let Some((name, _)) = var(&seen) {
                used.insert(Arc::clone(name));
            }
        });
        arguments(rule, report);
        branches(rule).for_each(|rule| variables(rule, report));
    }
    for import in &module.imports {
        let documents =
            import.path.first().is_some_and(|root| matches!(root.as_ref(), "data" | "input"));
        let name = import.name();
        if let Some(name) = name.filter(|name| documents && !used.contains(*name)) {
            report.add("unused-import", import.at, format!("nothing uses the import `{name}`"));
        }
    }
}

/// Rules of one package only, whose names begin with `_`.
pub(super) fn check_private(modules: &[Module], report: &mut Report) {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for rule in modules.iter().flat_map(|module| &module.rules) {
        whole(rule, &mut |seen| match seen {
            Seen::Term(Term { kind: TermKind::Var(name), .. }) => _ = used.insert(name),
            Seen::Term(Term { kind: TermKind::Scalar(Value::String(key)), .. }) => {
                used.insert(key);
            }
            _ => {}
        });
    }
    let imports = modules.iter().flat_map(|module| &module.imports);
    used.extend(imports.flat_map(|import| &import.path).map(AsRef::as_ref));
    for (at, module) in modules.iter().enumerate() {
        report.module = at;
        for rule in &module.rules {
            let name = rule.name.as_ref();
            if name.starts_with('_') && !used.contains(name) {
                report.add("unused-rule", rule.at, format!("nothing uses the rule `{name}`"));
            }
        }
    }
}

/// The arguments that no branch uses. What stands in them twice is compared, and so used.
fn arguments(rule: &Rule, report: &mut Report) {
    let mut given = BTreeMap::new();
    let args = rule.args.iter().flatten();
    args.for_each(|arg| term(arg, &mut |seen| count(&seen, &mut given)));
    let mut used = BTreeMap::new();
    branches(rule).for_each(|rule| branch(rule, &mut |seen| count(&seen, &mut used)));
    for (name, (times, at)) in given {
        if times == 1 && !name.starts_with('_') && !used.contains_key(&name) {
            let message = format!("nothing uses the argument `{name}`");
            report.add("unused-argument", at, message);
        }
    }
}

/// The variables that are assigned and stand nowhere else in their rule.
fn variables(rule: &Rule, report: &mut Report) {
    let mut assigned: BTreeMap<Arc<str>, Place> = BTreeMap::new();
    let mut used = BTreeMap::new();
    branch(rule, &mut |seen| {
        if let Seen::Literal(literal) = &seen
            && let LiteralKind::Assign(target, _) = &literal.kind
            && let TermKind::Var(name) = &target.kind
        {
            assigned.insert(Arc::clone(name), target.at);
        }
        count(&seen, &mut used);
    });
    for (name, at) in assigned {
        let once = used.get(&name).is_some_and(|(times, _)| *times == 1);
        if once && !name.starts_with('_') {
            let message = format!("nothing uses the variable `{name}`");
            report.add("unused-variable", at, message);
        }
    }
}

fn count(seen: &Seen<'_>, names: &mut BTreeMap<Arc<str>, (usize, Place)>) {
    if let Some((name, at)) = var(seen) {
        names.entry(Arc::clone(name)).or_insert((0, at)).0 += 1;
    }
}

fn var<'a>(seen: &Seen<'a>) -> Option<(&'a Arc<str>, Place)> {
    match seen {
        Seen::Term(Term { at, kind: TermKind::Var(name), .. }) => Some((name, *at)),
        _ => None,
    }
}
