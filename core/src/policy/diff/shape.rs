//! What a rule means, as a digest: equal for two rules only if they mean the same.
//!
//! A name that stands for a rule or an import is told by its path, and a variable by the number of its first use; so other names for the same are no
//! change, and the same name for another is. A name that stands for either, by where it is used, is told by both.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::policy::rego::ast::{Head, Literal, LiteralKind, Module, Part, Rule, Term, TermKind};
use crate::policy::rego::{Value, is_taken};
use crate::value::length;

/// What a rule means.
pub(super) type Shape = [u8; 32];

/// The names of the rules of each package.
pub(super) struct Packages<'a>(BTreeMap<&'a [Arc<str>], BTreeSet<&'a str>>);

/// What names mean in a module.
pub(super) struct Names<'a> {
    package: &'a [Arc<str>],
    rules: Option<&'a BTreeSet<&'a str>>,
    /// The path of each import, `data` or `input` first.
    imports: BTreeMap<&'a str, &'a [Arc<str>]>,
    /// What `not` means.
    negation: &'static str,
}

impl<'a> Packages<'a> {
    pub(super) fn of(modules: &'a [Module]) -> Self {
        let mut packages: BTreeMap<&[Arc<str>], BTreeSet<&str>> = BTreeMap::new();
        for module in modules {
            let names = packages.entry(&module.package).or_default();
            names.extend(module.rules.iter().map(|rule| rule.name.as_ref()));
        }
        Self(packages)
    }
}

impl<'a> Names<'a> {
    pub(super) fn of(module: &'a Module, packages: &'a Packages<'_>) -> Self {
        let mut imports = BTreeMap::new();
        let mut negation = "not";
        for import in &module.imports {
            let path: Vec<&str> = import.path.iter().map(AsRef::as_ref).collect();
            match path.as_slice() {
                ["future", "keywords", "not"] => negation = "whole not",
                ["future", "keywords"] if negation == "not" => negation = "unclear not",
                ["data" | "input", ..] => {
                    if let Some(name) = import.name() {
                        imports.insert(name.as_ref(), import.path.as_slice());
                    }
                }
                _ => {}
            }
        }
        let rules = packages.0.get(module.package.as_slice());
        Self { package: &module.package, rules, imports, negation }
    }

    /// The path that a name stands for where it is no variable: a rule of the package counts before an import of its name.
    fn path(&self, name: &str) -> Option<Vec<&str>> {
        if self.rules.is_some_and(|rules| rules.contains(name)) {
            let package = self.package.iter().map(AsRef::as_ref);
            // The name comes from what is asked, and the path from here.
            let own = self.rules.and_then(|rules| rules.get(name)).copied();
            return Some(["data"].into_iter().chain(package).chain(own).collect());
        }
        match name {
            "data" => Some(vec!["data"]),
            "input" => Some(vec!["input"]),
            _ => self.imports.get(name).map(|path| path.iter().map(AsRef::as_ref).collect()),
        }
    }
}

/// What a rule means, and whether it reads annotations: then these are a part of that.
pub(super) fn shape(rule: &Rule, names: &Names<'_>) -> (Shape, bool) {
    // What is declared anywhere has to be known from the beginning.
    let mut first = Writer::new(names, BTreeSet::new());
    first.rule(rule);
    let mut writer = Writer::new(names, first.declares);
    writer.rule(rule);
    (writer.hash.finalize().into(), writer.reads_notes)
}

struct Writer<'n> {
    names: &'n Names<'n>,
    hash: Sha256,
    /// The names that are variables somewhere in the rule.
    declared: BTreeSet<Arc<str>>,
    declares: BTreeSet<Arc<str>>,
    /// The variables by the order of their first use; none of a name that a built-in function has.
    numbers: BTreeMap<Arc<str>, Option<usize>>,
    reads_notes: bool,
}

impl<'n> Writer<'n> {
    fn new(names: &'n Names<'n>, declared: BTreeSet<Arc<str>>) -> Self {
        Self {
            names,
            hash: Sha256::new(),
            declared,
            declares: BTreeSet::new(),
            numbers: BTreeMap::new(),
            reads_notes: false,
        }
    }

    // Each text stands behind its length and each list behind its count, so that no two rules are written alike.
    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.hash.update(text.as_bytes());
    }

    fn count(&mut self, count: usize) {
        self.hash.update(length(count).to_le_bytes());
    }

    fn rule(&mut self, rule: &Rule) {
        self.text(if rule.default { "default" } else { "rule" });
        self.branch(rule);
        let mut branch = rule;
        while let Some(next) = branch.otherwise.as_deref() {
            self.text("else");
            self.branch(next);
            branch = next;
        }
        self.text("end");
    }

    fn branch(&mut self, rule: &Rule) {
        match &rule.args {
            Some(args) => {
                args.iter().for_each(|arg| self.declare(arg));
                self.terms("args", args);
            }
            None => self.text("value"),
        }
        self.terms("path", &rule.path);
        match &rule.head {
            Head::Value(term) => self.terms("is", [term]),
            Head::Contains(term) => self.terms("contains", [term]),
        }
        self.body(&rule.body);
    }

    fn body(&mut self, literals: &[Literal]) {
        self.count(literals.len());
        literals.iter().for_each(|one| self.literal(one));
    }

    fn literal(&mut self, literal: &Literal) {
        let negation = self.names.negation;
        self.text(if literal.negated { negation } else { "holds" });
        match &literal.kind {
            LiteralKind::Term(one) => self.terms("term", [one]),
            LiteralKind::Assign(a, b) => {
                self.declare(a);
                self.terms(":=", [a, b]);
            }
            LiteralKind::Unify(a, b) => self.terms("=", [a, b]),
            LiteralKind::Declare(names) => {
                self.text("some");
                self.count(names.len());
                for name in names {
                    self.declares.insert(Arc::clone(name));
                    self.name(name, false, &[]);
                }
            }
            LiteralKind::SomeIn(key, value, domain) => {
                key.iter().chain([value]).for_each(|pattern| self.declare(pattern));
                self.terms("in", key.iter().chain([value, domain]));
            }
            LiteralKind::Every(every) => {
                every.key.iter().chain([&every.value]).for_each(|pattern| self.declare(pattern));
                self.terms("every", every.key.iter().chain([&every.value, &every.domain]));
                self.body(&every.body);
            }
        }
        self.count(literal.with.len());
        for with in &literal.with {
            self.terms("with", [&with.target, &with.value]);
        }
    }

    /// The variables that a pattern declares.
    fn declare(&mut self, pattern: &Term) {
        match &pattern.kind {
            TermKind::Var(name) => _ = self.declares.insert(Arc::clone(name)),
            TermKind::Array(items) => items.iter().for_each(|item| self.declare(item)),
            TermKind::Object(pairs) => pairs.iter().for_each(|(_, value)| self.declare(value)),
            _ => {}
        }
    }

    fn terms<'a>(&mut self, tag: &str, terms: impl IntoIterator<Item = &'a Term>) {
        let terms: Vec<&Term> = terms.into_iter().collect();
        self.text(tag);
        self.count(terms.len());
        terms.into_iter().for_each(|one| self.term(one));
    }

    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Scalar(value) => self.scalar(value),
            TermKind::Var(_) | TermKind::Ref(..) => self.reference(term, false),
            TermKind::Call(name, args) => {
                self.text("call");
                self.reference(name, true);
                self.terms("args", args);
            }
            TermKind::Op(name, args) => {
                self.text("op");
                self.terms(name, args);
            }
            TermKind::Array(items) => self.terms("array", items),
            TermKind::Set(items) => self.terms("set", items),
            TermKind::Object(pairs) => {
                self.terms("object", pairs.iter().flat_map(|(key, value)| [key, value]));
            }
            TermKind::ArrayOf(head, body) => {
                self.terms("each array", [&**head]);
                self.body(body);
            }
            TermKind::SetOf(head, body) => {
                self.terms("each set", [&**head]);
                self.body(body);
            }
            TermKind::ObjectOf(pair, body) => {
                self.terms("each object", [&pair.0, &pair.1]);
                self.body(body);
            }
            TermKind::Template(parts) => {
                self.text("template");
                self.count(parts.len());
                for part in parts {
                    match part {
                        Part::Text(text) => {
                            self.text("text");
                            self.text(text);
                        }
                        Part::Expr(one) => {
                            self.text("expression");
                            self.literal(one);
                        }
                    }
                }
            }
        }
    }

    fn scalar(&mut self, value: &Value) {
        self.text("scalar");
        self.text(value.kind());
        self.text(&value.to_json());
    }

    /// A name and the keys behind it: `rule.key` is `data.package.rule.key`.
    fn reference(&mut self, term: &Term, is_called: bool) {
        let (mut head, mut paths) = (term, Vec::new());
        while let TermKind::Ref(inner, path) = &head.kind {
            paths.push(path);
            head = inner;
        }
        let keys: Vec<&Term> = paths.into_iter().rev().flatten().collect();
        if let TermKind::Var(name) = &head.kind {
            return self.name(name, is_called, &keys);
        }
        self.text("of");
        self.term(head);
        self.terms("keys", keys);
    }

    fn name(&mut self, name: &Arc<str>, is_called: bool, keys: &[&Term]) {
        let is_variable = self.declared.contains(name);
        match self.names.path(name) {
            Some(path) if !is_variable => {
                self.text("path");
                self.count(path.len() + keys.len());
                for (at, key) in path.into_iter().enumerate() {
                    if at == 0 { self.text(key) } else { self.scalar(&Value::from(key)) }
                }
                return keys.iter().for_each(|key| self.term(key));
            }
            Some(path) => {
                self.text("either");
                self.text(name);
                self.count(path.len());
                path.into_iter().for_each(|key| self.text(key));
            }
            None if name.as_ref() == "_" => self.text("_"),
            None => match self.number(name) {
                Some(number) if !is_called => {
                    self.text("variable");
                    self.count(number);
                }
                _ => {
                    self.text("name");
                    self.text(name);
                    self.reads_notes |= name.as_ref() == "rego";
                }
            },
        }
        self.terms("keys", keys.iter().copied());
    }

    /// A variable's number; none of a name that a built-in function has, or begins with: that may mean the function.
    fn number(&mut self, name: &Arc<str>) -> Option<usize> {
        let next = self.numbers.len();
        let number = self.numbers.entry(Arc::clone(name));
        *number.or_insert_with(|| (!is_taken(name)).then_some(next))
    }
}
