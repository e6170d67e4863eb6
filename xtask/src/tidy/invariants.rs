//! Every `Invariant:` of ARCHITECTURE.md names what holds it, and what it names exists.

use super::source::{is_word, tokens};
use super::tree::Tree;
use super::{Finding, RULES};

const FILE: &str = "ARCHITECTURE.md";
const HOW: &str = "end it with `[tidy: RULE]` or `[test: crate::path::name]`";

/// A paragraph or list item that starts with `Invariant:`.
#[derive(Debug, PartialEq, Eq)]
struct Invariant {
    line: usize,
    text: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Reference {
    Tidy(String),
    Test(String),
    Unknown(String),
}

/// `invariant-references`: an invariant without a check is a wish.
pub(crate) fn invariant_references(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(FILE) else {
        return vec![Finding::error(
            FILE,
            1,
            "is missing",
            "write down the invariants of the code",
        )];
    };
    let invariants = invariants(text);
    if invariants.is_empty() {
        return vec![Finding::error(FILE, 1, "has no `Invariant:` line", HOW)];
    }
    let mut findings = Vec::new();
    for Invariant { line, text } in invariants {
        let references = references(&text);
        if references.is_empty() {
            findings.push(Finding::error(FILE, line, "an invariant that nothing holds", HOW));
        }
        for reference in references {
            if let Some((what, remedy)) = fault(tree, &reference) {
                findings.push(Finding::error(FILE, line, what, remedy));
            }
        }
    }
    findings
}

fn fault(tree: &Tree, reference: &Reference) -> Option<(String, &'static str)> {
    match reference {
        Reference::Tidy(name) if RULES.iter().any(|rule| rule.name == name) => None,
        Reference::Tidy(name) => {
            Some((format!("no rule is called `{name}`"), "see `cargo xtask tidy --list`"))
        }
        Reference::Test(path) if test_exists(tree, path) => None,
        Reference::Test(path) => {
            Some((format!("no test is called `{path}`"), "name a test function that exists"))
        }
        Reference::Unknown(text) => Some((format!("`[{text}]` is no reference"), HOW)),
    }
}

fn invariants(text: &str) -> Vec<Invariant> {
    let mut found: Vec<Invariant> = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start_matches([' ', '\t', '-', '*', '_', '>']);
        if trimmed.starts_with("Invariant:") {
            found.push(Invariant { line: index + 1, text: trimmed.trim().to_owned() });
            open = true;
        } else if line.trim().is_empty() || line.trim_start().starts_with(['-', '*', '#', '|']) {
            open = false;
        } else if let (true, Some(last)) = (open, found.last_mut()) {
            last.text.push(' ');
            last.text.push_str(line.trim());
        }
    }
    found
}

/// The bracketed references at the end of an invariant; a bracket may hold several, separated by commas.
fn references(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut rest = text.trim_end_matches(['.', '*', '_', ' ']);
    while let Some((before, inside)) = rest.strip_suffix(']').and_then(|open| open.rsplit_once('['))
    {
        let mut kind = "";
        for part in inside.split(',').map(str::trim) {
            let name = match part.split_once(": ") {
                Some((given, name)) => {
                    kind = given;
                    name.trim()
                }
                None => part,
            };
            found.push(match kind {
                "tidy" => Reference::Tidy(name.to_owned()),
                "test" => Reference::Test(name.trim_matches('`').to_owned()),
                _ => Reference::Unknown(inside.to_owned()),
            });
        }
        rest = before.trim_end_matches([' ', ',']);
    }
    found
}

/// Whether a test function of that name exists in a place that fits the path before it.
fn test_exists(tree: &Tree, path: &str) -> bool {
    let (place, name) = path.rsplit_once("::").unwrap_or(("", path));
    if name.is_empty() || !name.bytes().all(is_word) {
        return false;
    }
    tree.sources().any(|(file, _, source)| {
        let tokens = tokens(&source.all_code);
        let has_pair = |first: &str, second: &str| {
            tokens
                .windows(2)
                .any(|pair| matches!(pair, [a, b] if a.text == first && b.text == second))
        };
        // A suite that runs against several adapters is a macro that holds the tests.
        let is_tests = has_pair("[", "test") || has_pair("macro_rules", "!");
        is_tests
            && has_pair("fn", name)
            && fits(tree, file, place, |module| has_pair("mod", module))
    })
}

/// Whether the last part of `place`, a file or a module, is where `file` is.
fn fits(tree: &Tree, file: &str, place: &str, has_module: impl Fn(&str) -> bool) -> bool {
    if place.contains('/') || place.ends_with(".rs") {
        let place = place.trim_end_matches(".rs");
        let stem = file.trim_end_matches(".rs");
        return stem == place || stem.ends_with(&format!("/{place}"));
    }
    // The last module may be the `tests` that a file beside the source stands for.
    let part = place.rsplit("::").find(|part| !matches!(*part, "tests" | "test")).unwrap_or("");
    let stem = file.trim_end_matches(".rs");
    part.is_empty()
        || has_module(part)
        || stem
            .split('/')
            .any(|folder| folder == part || folder.strip_suffix("_tests") == Some(part))
        || is_in_crate(tree, file, part)
}

fn is_in_crate(tree: &Tree, file: &str, name: &str) -> bool {
    file.match_indices('/')
        .filter_map(|(at, _)| tree.text(&format!("{}/Cargo.toml", file.get(..at)?)))
        .filter_map(|text| super::manifest::Manifest::parse(text).package)
        .any(|package| package.replace('-', "_") == name.replace('-', "_"))
}

#[cfg(test)]
#[path = "invariants_tests.rs"]
mod tests;
