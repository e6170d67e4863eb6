//! What a file may look like, whatever it says.

use super::source::{line_of, tokens};
use super::tree::Tree;
use super::{Finding, Severity};

const LINES_MAX: usize = 700;
const LINES_WARN: usize = 450;

/// Files that may hold unsafe code.
const UNSAFE_ALLOWED: &[&str] = &["bindings-python/src/arrow.rs"];

/// Folders at the top of a disk whose contents exist on one machine only.
const MACHINE_FOLDERS: [&str; 4] = ["work", "root", "home", "Users"];

/// The currency that is no currency is called like the third marker.
const MONEY: &str = "core/src/money/";

/// `file-length`: a file holds one concept.
pub(crate) fn file_length(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text, _) in tree.product_sources() {
        let lines = text.lines().count();
        let what = format!("has {lines} lines");
        if lines > LINES_MAX {
            let remedy = format!("split it by concept; {LINES_MAX} is the limit");
            findings.push(Finding::error(path, LINES_MAX + 1, what, remedy));
        } else if lines > LINES_WARN {
            let remedy = format!("think of splitting it before it reaches {LINES_MAX}");
            let finding = Finding::error(path, LINES_WARN + 1, what, remedy);
            findings.push(Finding { severity: Severity::Warning, ..finding });
        }
    }
    findings
}

/// `no-unsafe`: in no file but those at a border of C, tests and fuzz targets included.
pub(crate) fn no_unsafe(tree: &Tree) -> Vec<Finding> {
    let keyword = concat!("un", "safe");
    let mut findings = Vec::new();
    for (path, text, source) in tree.sources().filter(|(path, ..)| !UNSAFE_ALLOWED.contains(path)) {
        for token in tokens(&source.all_code).into_iter().filter(|token| token.text == keyword) {
            let remedy = "write it in safe Rust; the exceptions are files at a border of C";
            findings.push(Finding::error(path, line_of(text, token.at), "unsafe code", remedy));
        }
    }
    findings
}

/// `foreign-words`: the repository speaks of the project alone and holds no notes of unfinished work.
pub(crate) fn foreign_words(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let machine_paths = MACHINE_FOLDERS.map(|folder| format!("/{folder}/"));
    for (path, text) in tree.texts() {
        for start in &machine_paths {
            for at in places(text, start, is_inside_path) {
                let what = format!("names a path of one machine (`{start}…`)");
                let remedy = "use a path relative to the repository or a variable";
                findings.push(Finding::error(path, line_of(text, at), what, remedy));
            }
        }
        if is_code(path) {
            for marker in [concat!("TO", "DO"), concat!("FIX", "ME")] {
                findings.extend(markers(path, text, text, marker));
            }
        }
    }
    let marker = concat!("X", "XX");
    for (path, text, source) in tree.sources().filter(|(path, ..)| !path.starts_with(MONEY)) {
        findings.extend(markers(path, text, &source.comments, marker));
    }
    findings
}

/// `fuzz-seeds`: a target that starts from nothing spends its time on finding the format.
pub(crate) fn fuzz_seeds(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _) in tree.under("fuzz/fuzz_targets/") {
        let name = path.rsplit('/').next().and_then(|file| file.strip_suffix(".rs"));
        let Some(name) = name else { continue };
        let folder = format!("fuzz/seeds/{name}/");
        if !tree.under(&folder).any(|(_, file)| file.bytes > 0) {
            let what = format!("`{folder}` holds no seed");
            let remedy = "commit at least one input that the target accepts";
            findings.push(Finding::error(path, 1, what, remedy));
        }
    }
    findings
}

fn markers(path: &str, text: &str, view: &str, marker: &str) -> Vec<Finding> {
    let place = |at| {
        let remedy = "do it, or open an issue and say in the code what is true today";
        Finding::error(path, line_of(text, at), format!("`{marker}`"), remedy)
    };
    places(view, marker, is_inside_word)
        .filter(|at| !view.get(at + marker.len()..).is_some_and(|rest| rest.starts_with(in_word)))
        .map(place)
        .collect()
}

/// Where `word` stands in `text`, unless the character before it says that it is a part of something longer.
fn places<'a>(
    text: &'a str,
    word: &'a str,
    is_inside: fn(char) -> bool,
) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        !text.get(..*at).and_then(|before| before.chars().next_back()).is_some_and(is_inside)
    })
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_inside_word(before: char) -> bool {
    in_word(before)
}

/// `../work/` is relative, `example.com/home/` belongs to an address.
fn is_inside_path(before: char) -> bool {
    in_word(before) || "-.}>)".contains(before)
}

fn is_code(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    path.starts_with(".ci/") || !matches!(extension, "md" | "json" | "lock")
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
