//! Rules by their heads: defaults, branches, names, annotations, and rules that are the same or contradict one another.

use std::collections::BTreeMap;

use super::walk::{Shape, branches, value};
use super::{Report, is_test};
use crate::policy::rego::ast::{Head, Module, Rule, Term, TermKind};
use crate::policy::rego::{Value, is_taken, keys_of};

/// What annotations may have.
const ATTRIBUTES: [&str; 10] = [
    "authors",
    "compile",
    "custom",
    "description",
    "entrypoint",
    "organizations",
    "related_resources",
    "schemas",
    "scope",
    "title",
];

/// What names of rules that permit begin with.
const PERMITS: [&str; 6] = ["allow", "approve", "authori", "grant", "is_allowed", "permit"];

/// What one module's heads tell.
pub(super) fn check(module: &Module, report: &mut Report) {
    let test = is_test(module);
    let package = module.package.last().is_some_and(|name| name.ends_with("_test"));
    for rule in &module.rules {
        let name = rule.name.as_ref();
        if is_taken(name) {
            report.add(
                "rule-shadows-builtin",
                rule.at,
                format!("`{name}` is a built-in function's name"),
            );
        }
        if rule.default && !test && permits(rule) {
            let message = format!("`{name}` permits what no rule decides");
            report.add("permissive-default", rule.at, message);
        }
        if (name.starts_with("test_") || name.starts_with("todo_test_")) && rule.args.is_none() {
            if !package {
                let message = format!("the test `{name}` is in a package of rules");
                report.add("test-outside-test-package", rule.at, message);
            }
            if !module.file.ends_with("_test.rego") {
                let message = format!("the test `{name}` is in a file of rules");
                report.add("file-missing-test-suffix", rule.at, message);
            }
        }
        for branch in branches(rule) {
            let always =
                branch.body.is_empty() && matches!(value(branch).kind, TermKind::Scalar(_));
            if let Some(other) = branch.otherwise.as_deref().filter(|_| always) {
                let message = format!("this branch of `{name}` is never tried");
                report.add("unreachable-else", other.at, message);
            }
        }
    }
    for block in &module.annotations {
        for key in keys_of(block) {
            if !ATTRIBUTES.contains(&key.as_str()) {
                let message =
                    format!("annotations have no attribute `{key}`, so that it means nothing");
                report.add("invalid-metadata-attribute", block.at, message);
            }
        }
    }
}

/// Rules of one name with the same conditions.
pub(super) fn check_same(modules: &[Module], report: &mut Report) {
    let mut found: BTreeMap<String, (String, bool)> = BTreeMap::new();
    for (at, module) in modules.iter().enumerate() {
        report.module = at;
        for rule in module.rules.iter().filter(|rule| !rule.default && rule.otherwise.is_none()) {
            let adds = matches!(rule.head, Head::Contains(_));
            let mut made = Shape::default();
            made.terms([value(rule)]);
            let mut key = Shape(format!("{:?}.{}", module.package, rule.name));
            key.terms(&rule.path);
            key.terms(rule.args.iter().flatten());
            key.body(&rule.body);
            if adds {
                // A set takes any number of elements.
                key.0.push_str(&made.0);
            }
            let constant = matches!(value(rule).kind, TermKind::Scalar(_));
            let name = &rule.name;
            match found.get(&key.0) {
                None => _ = found.insert(key.0, (made.0, constant)),
                Some((before, _)) if *before == made.0 => {
                    let message = format!("`{name}` is the same as a rule before it");
                    report.add("duplicate-rule", rule.at, message);
                }
                Some((_, true)) if constant => {
                    let message = format!(
                        "`{name}` has another value than a rule before it whenever both hold"
                    );
                    report.add("conflicting-rules", rule.at, message);
                }
                Some(_) => {}
            }
        }
    }
}

/// Whether a rule's value permits: true by its name, or the outcome `allow`.
fn permits(rule: &Rule) -> bool {
    let text = |term: &Term, wanted: &str| matches!(&term.kind, TermKind::Scalar(Value::String(text)) if text.as_ref() == wanted);
    match &value(rule).kind {
        TermKind::Scalar(Value::Bool(true)) => {
            PERMITS.iter().any(|permits| rule.name.starts_with(permits))
        }
        TermKind::Object(pairs) => {
            pairs.iter().any(|(key, value)| text(key, "outcome") && text(value, "allow"))
        }
        _ => false,
    }
}
