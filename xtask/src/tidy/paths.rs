//! The paths that a source mentions, spelled out: `use` trees are expanded and names resolved through the file's own
//! imports, so that `use std::{fs, io}` and `use std::time; time::Instant::now()` hide nothing.

use std::collections::BTreeMap;

use super::source::{Token, closing, tokens};

/// A path at an offset of the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) segments: Vec<String>,
    pub(crate) at: usize,
    /// Comes from a `use`.
    pub(crate) imported: bool,
    /// A macro is called by it.
    pub(crate) called_as_macro: bool,
    /// The number of generic arguments written after it.
    pub(crate) arguments: usize,
    /// The name that a `use` gives it.
    name: String,
}

/// Every path of the code, resolved through its imports.
pub(crate) fn paths(code: &str) -> Vec<Path> {
    let mut found = collect(&tokens(code));
    let names = names(&found);
    for path in &mut found {
        path.segments = resolve(&names, &path.segments, path.imported);
    }
    found
}

/// What the names that a file imports or exports stand for.
pub(crate) fn imported_names(code: &str) -> BTreeMap<String, Vec<String>> {
    names(&collect(&tokens(code)))
}

impl Path {
    /// Whether the path is `start`, lies below it, or is a glob that brings it in.
    pub(crate) fn reaches(&self, start: &[&str]) -> bool {
        let same = |length: usize| {
            self.segments
                .iter()
                .take(length)
                .map(String::as_str)
                .eq(start.iter().copied().take(length))
        };
        match self.segments.split_last() {
            Some((last, above)) if last == "*" && above.len() < start.len() => same(above.len()),
            _ => self.segments.len() >= start.len() && same(start.len()),
        }
    }

    pub(crate) fn ends_with(&self, end: &[&str]) -> bool {
        self.segments.len() >= end.len()
            && self
                .segments
                .iter()
                .rev()
                .map(String::as_str)
                .take(end.len())
                .eq(end.iter().rev().copied())
    }

    pub(crate) fn last(&self) -> &str {
        self.segments.last().map_or("", String::as_str)
    }

    pub(crate) fn shown(&self) -> String {
        self.segments.join("::")
    }
}

fn names(paths: &[Path]) -> BTreeMap<String, Vec<String>> {
    paths
        .iter()
        .filter(|path| path.imported && path.name != "*" && path.name != "_")
        .map(|path| (path.name.clone(), path.segments.clone()))
        .collect()
}

fn resolve(names: &BTreeMap<String, Vec<String>>, path: &[String], imported: bool) -> Vec<String> {
    let mut segments = path.to_vec();
    // An import may rest on an import; a name that stands for itself (`use rand::rand`) ends the search.
    for _ in 0..if imported { 1 } else { 2 } {
        let Some((first, rest)) = segments.split_first() else { break };
        match names.get(first) {
            Some(full) if full.first() != Some(first) && full.as_slice() != path => {
                segments = full.iter().chain(rest).cloned().collect();
            }
            Some(full) if !imported && full.first() == Some(first) => {
                return full.iter().chain(rest).cloned().collect();
            }
            _ => break,
        }
    }
    segments
}

fn collect(tokens: &[Token<'_>]) -> Vec<Path> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let before = at.checked_sub(1).map_or("", text);
        // `impl Trait + use<'a>` captures and imports nothing.
        if text(at) == "use" && before != "." && text(at + 1) != "<" {
            let mut position = at + 1;
            use_tree(tokens, &mut position, &[], &mut found);
            at = position.max(at + 1);
        } else if starts_name(text(at)) && !matches!(before, "." | "'") {
            at = plain_path(tokens, at, &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads the path that starts at `start`; gives the place after it.
fn plain_path(tokens: &[Token<'_>], start: usize, found: &mut Vec<Path>) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let mut segments = vec![text(start).to_owned()];
    let mut arguments = 0;
    let mut inside = None;
    let mut at = start + 1;
    loop {
        let colons = text(at) == "::";
        let next = if colons { at + 1 } else { at };
        if text(next) == "<"
            && (colons || text(start).starts_with(char::is_uppercase) || segments.len() > 1)
        {
            let (end, count) = generic_arguments(tokens, next);
            if end == 0 {
                break;
            }
            inside.get_or_insert(next + 1);
            (arguments, at) = (count, end);
        } else if colons && starts_name(text(next)) {
            segments.push(text(next).to_owned());
            at = next + 1;
        } else {
            break;
        }
    }
    let called_as_macro = text(at) == "!" && text(at + 1) != "=";
    let place = tokens.get(start).map_or(0, |token| token.at);
    let name = String::new();
    found.push(Path { segments, at: place, imported: false, called_as_macro, arguments, name });
    // The arguments hold paths of their own.
    inside.unwrap_or(at)
}

/// The place after the `>` that closes the `<` at `open` and the number of arguments; zeros if it is a comparison.
fn generic_arguments(tokens: &[Token<'_>], open: usize) -> (usize, usize) {
    let mut depth = 0_usize;
    let mut commas = 0;
    let mut at = open;
    while let Some(token) = tokens.get(at) {
        match token.text {
            "<" => depth += 1,
            ">" => {
                depth -= 1;
                if depth == 0 {
                    let trailing = tokens.get(at - 1).is_some_and(|token| token.text == ",");
                    return (at + 1, if trailing { commas } else { commas + 1 });
                }
            }
            "," if depth == 1 => commas += 1,
            "(" | "[" => at = closing(tokens, at),
            ";" | "{" | "}" | ")" | "]" | "=>" => break,
            _ => {}
        }
        at += 1;
    }
    (0, 0)
}

fn use_tree(tokens: &[Token<'_>], at: &mut usize, prefix: &[String], found: &mut Vec<Path>) {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let mut segments = prefix.to_vec();
    let start = *at;
    loop {
        match text(*at) {
            "::" => *at += 1,
            // `r#name`
            "r" if text(*at + 1) == "#" => *at += 2,
            "{" => {
                let end = closing(tokens, *at);
                *at += 1;
                while *at < end {
                    use_tree(tokens, at, &segments, found);
                    *at += usize::from(text(*at) == ",");
                }
                *at = end + 1;
                return;
            }
            word if word == "*" || starts_name(word) => {
                segments.push(word.to_owned());
                *at += 1;
                if text(*at) != "::" {
                    break;
                }
            }
            _ => {
                // Not a use tree; whoever called has to get past it.
                *at += 1;
                return;
            }
        }
    }
    if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
        segments.pop();
    }
    let mut name = segments.last().cloned().unwrap_or_default();
    if text(*at) == "as" {
        name = text(*at + 1).to_owned();
        *at += 2;
    }
    let place = tokens.get(start).map_or(0, |token| token.at);
    found.push(Path {
        segments,
        at: place,
        imported: true,
        called_as_macro: false,
        arguments: 0,
        name,
    });
}

fn starts_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
#[path = "paths_tests.rs"]
mod tests;
