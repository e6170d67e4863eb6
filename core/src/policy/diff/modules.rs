//! Packages, rules and annotations of two bundles.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::shape::{Names, Packages, Shape, shape};
use super::values::{both, compare};
use super::{Change, ENTRIES, Listed, NOTES, PackageChange, Row, RuleChange, Site};
use crate::policy::rego::ast::{Annotation, Module, Rule, TermKind};
use crate::policy::rego::{Value, parse_module};
use crate::policy::snapshot::Snapshot;
use crate::value::yaml;

/// What the modules of a bundle mean.
#[derive(Default)]
pub(super) struct Code {
    packages: BTreeMap<Path, Notes>,
    rules: BTreeMap<Path, Group>,
    modules: BTreeMap<String, Meaning>,
    /// What is annotated as an entry point.
    pub(super) entry_points: BTreeMap<String, ()>,
}

/// The keys of a path under `data`.
type Path = Vec<Value>;

/// Annotations in the order in which they stand.
type Notes = Vec<Value>;

/// The rules of one path.
#[derive(Default)]
struct Group {
    package: String,
    rules: Vec<(Shape, Site)>,
    notes: Notes,
}

/// What one module says.
#[derive(Default, PartialEq, Eq)]
struct Meaning {
    package: Path,
    rules: Vec<(Path, Shape)>,
    notes: Vec<String>,
}

impl Code {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let sources = snapshot.policy().sources();
        // What was loaded once is read again.
        let modules: Vec<Module> = sources
            .filter_map(|of| parse_module(&Arc::from(of.file), of.text, of.dialect).ok())
            .collect();
        let packages = Packages::of(&modules);
        let mut code = Self::default();
        for module in &modules {
            code.packages.entry(package_of(module)).or_default();
            for rule in &module.rules {
                let group = code.rules.entry(path_of(module, rule)).or_default();
                group.package =
                    written(&package_of(module)).max(std::mem::take(&mut group.package));
            }
            module.annotations.iter().for_each(|block| code.note(module, block));
        }
        let digests = code.digests();
        for module in &modules {
            let names = Names::of(module, &packages);
            for rule in &module.rules {
                let path = path_of(module, rule);
                let (shape, reads_notes) = shape(rule, &names);
                let shape = if reads_notes { with_notes(shape, &path, &digests) } else { shape };
                code.meaning(module).rules.push((path.clone(), shape));
                let site = Site { file: module.file.to_string(), row: rule.at.row };
                code.rules.entry(path).or_default().rules.push((shape, site));
            }
            let meaning = code.meaning(module);
            meaning.package = package_of(module);
            meaning.rules.sort();
        }
        code
    }

    fn meaning(&mut self, module: &Module) -> &mut Meaning {
        self.modules.entry(module.file.to_string()).or_default()
    }

    /// Adds a block of annotations to what it is attached to: the first package or rule after it.
    fn note(&mut self, module: &Module, block: &Annotation) {
        // What was loaded once is read again.
        let Ok(note) = yaml::parse(&block.text, yaml::Rules::Annotations) else { return };
        let scope = note.get_str("scope").and_then(Value::as_str);
        let is_packages = module.at > block.at || matches!(scope, Some("package" | "subpackages"));
        let after = module.rules.iter().filter(|rule| rule.at >= block.at);
        let rule = after.min_by_key(|rule| rule.at).filter(|_| !is_packages);
        let path = rule.map_or_else(|| package_of(module), |rule| path_of(module, rule));
        if note.get_str("entrypoint") == Some(&Value::Bool(true)) {
            self.entry_points.insert(written(&path), ());
        }
        let told = format!("{} {}", written(&path), note.to_json());
        self.meaning(module).notes.push(told);
        match rule {
            Some(_) => self.rules.entry(path).or_default().notes.push(note),
            None => self.packages.entry(path).or_default().push(note),
        }
    }

    /// What all annotations of a path say, by the path.
    fn digests(&self) -> BTreeMap<Path, Shape> {
        let rules = self.rules.iter().map(|(path, group)| (path, &group.notes));
        let mut all: BTreeMap<Path, Sha256> = BTreeMap::new();
        for (path, notes) in rules.chain(&self.packages).filter(|(_, notes)| !notes.is_empty()) {
            let digest = Sha256::digest(Value::array(notes.iter().cloned()).to_json());
            all.entry(path.clone()).or_default().update(digest);
        }
        all.into_iter().map(|(path, hash)| (path, hash.finalize().into())).collect()
    }

    /// How a module changes whose text does.
    pub(super) fn module_change(&self, after: &Self, file: &str) -> Change {
        let (old, new) = (self.modules.get(file), after.modules.get(file));
        match (old, new) {
            (Some(old), Some(new)) if old == new => Change::Text,
            (Some(old), Some(new)) if old.package == new.package && old.rules == new.rules => {
                Change::Notes
            }
            _ => Change::Changed,
        }
    }
}

/// What a rule means that reads annotations: those of its own path and of all above it are a part of that.
fn with_notes(shape: Shape, path: &[Value], digests: &BTreeMap<Path, Shape>) -> Shape {
    let mut hash = Sha256::new();
    hash.update(shape);
    for length in 0..=path.len() {
        let digest = digests.get(path.get(..length).unwrap_or_default());
        hash.update(digest.copied().unwrap_or_default());
    }
    hash.finalize().into()
}

/// The packages that change.
pub(super) fn packages(before: &Code, after: &Code) -> Listed<PackageChange> {
    // A package changes with its rules, too.
    let mut changed: BTreeMap<&str, Change> = BTreeMap::new();
    for (_, old, new) in both(&before.rules, &after.rules) {
        let Some(difference) = Difference::of(old, new) else { continue };
        let is_notes = difference.change == Change::Notes;
        let change = if is_notes { Change::Notes } else { Change::Changed };
        for group in [old, new].into_iter().flatten() {
            let told = changed.entry(&group.package).or_insert(change);
            *told = (*told).min(change);
        }
    }
    let mut listed = Listed::default();
    for (path, old, new) in both(&before.packages, &after.packages) {
        let package = written(path);
        let notes = noted(old, new);
        let change = match (old, new) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => match changed.get(package.as_str()) {
                Some(change) => *change,
                None if notes.is_empty() => continue,
                None => Change::Notes,
            },
        };
        listed.add(ENTRIES, || PackageChange { package, change, notes });
    }
    listed
}

/// The rules that change.
pub(super) fn rules(before: &Code, after: &Code) -> Listed<RuleChange> {
    let mut listed = Listed::default();
    for (path, old, new) in both(&before.rules, &after.rules) {
        let Some(Difference { change, before, after, notes }) = Difference::of(old, new) else {
            continue;
        };
        listed.add(ENTRIES, || {
            let packages = [old, new].into_iter().flatten().map(|group| &group.package);
            let package = packages.max().cloned().unwrap_or_default();
            let (before, after) = (first(before), first(after));
            RuleChange { path: written(path), package, change, before, after, notes }
        });
    }
    listed
}

/// How the rules of one path differ.
struct Difference<'g> {
    change: Change,
    before: Vec<&'g Site>,
    after: Vec<&'g Site>,
    notes: Listed<Row>,
}

impl<'g> Difference<'g> {
    fn of(old: Option<&'g Group>, new: Option<&'g Group>) -> Option<Self> {
        let (own, other) = (rules_of(old), rules_of(new));
        let (mut before, mut after) = (unmatched(own, other), unmatched(other, own));
        let notes = noted(old.map(|group| &group.notes), new.map(|group| &group.notes));
        let change = match (old, new) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ if !before.is_empty() || !after.is_empty() => Change::Changed,
            _ if notes.is_empty() => return None,
            _ => {
                before = own.iter().map(|(_, site)| site).collect();
                after = other.iter().map(|(_, site)| site).collect();
                Change::Notes
            }
        };
        Some(Self { change, before, after, notes })
    }
}

fn rules_of(group: Option<&Group>) -> &[(Shape, Site)] {
    group.map_or(&[], |group| &group.rules)
}

/// The first places, sorted.
fn first(mut sites: Vec<&Site>) -> Vec<Site> {
    sites.sort();
    sites.into_iter().take(NOTES).cloned().collect()
}

/// The places of rules that have no equal among the others, or not as many.
fn unmatched<'g>(own: &'g [(Shape, Site)], others: &[(Shape, Site)]) -> Vec<&'g Site> {
    let mut left: BTreeMap<&Shape, usize> = BTreeMap::new();
    others.iter().for_each(|(shape, _)| *left.entry(shape).or_default() += 1);
    let alone = own.iter().filter(|(shape, _)| match left.get_mut(shape) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    alone.map(|(_, site)| site).collect()
}

/// How annotations change. One block alone, which is what there is as a rule, is told without its place among others.
fn noted(before: Option<&Notes>, after: Option<&Notes>) -> Listed<Row> {
    let all = |notes: Option<&Notes>| match notes.map(Vec::as_slice) {
        Some([one]) => one.clone(),
        None | Some([]) => Value::object([]),
        Some(several) => Value::array(several.iter().cloned()),
    };
    compare(&all(before), &all(after), NOTES)
}

fn package_of(module: &Module) -> Path {
    module.package.iter().map(|name| Value::String(Arc::clone(name))).collect()
}

/// The path of a rule: its package, its name, and the keys of its head up to the first that is no constant.
fn path_of(module: &Module, rule: &Rule) -> Path {
    let mut path = package_of(module);
    path.push(Value::String(Arc::clone(&rule.name)));
    path.extend(rule.path.iter().map_while(|term| match &term.kind {
        TermKind::Scalar(value) => Some(value.clone()),
        _ => None,
    }));
    path
}

/// The path as it is written: `data.aml.verdict`; a key that is no name stands in brackets.
fn written(path: &[Value]) -> String {
    let is_name = |key: &&str| {
        let of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !key.is_empty()
            && key.bytes().all(of_name)
            && !key.starts_with(|c: char| c.is_ascii_digit())
    };
    path.iter().fold("data".to_owned(), |text, key| match key.as_str().filter(is_name) {
        Some(name) => format!("{text}.{name}"),
        None => format!("{text}[{}]", key.to_json()),
    })
}
