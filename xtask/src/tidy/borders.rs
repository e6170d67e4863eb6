//! What holds where one language calls another.

use super::Finding;
use super::tree::Tree;

/// Marks of functions that another language can call, and what each needs beside its guard.
const MARKS: [(&str, &str); 4] = [
    ("#[napi", "catch_unwind"),
    ("#[pyfunction", ""),
    ("#[pymethods", ""),
    ("#[uniffi::export", ""),
];
/// What every such function does all its work in.
const GUARDS: [&str; 2] = ["border(", "guard("];
/// What asks for a panic cannot be guarded from it.
const HOOK: &str = "panic_next";

/// `guarded-exports`: a panic never leaves a function that another language calls.
pub(crate) fn guarded_exports(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _, source) in
        tree.product_sources().filter(|(path, ..)| path.starts_with("bindings"))
    {
        let lines: Vec<&str> = source.code.lines().collect();
        let mut at = 0;
        let mut is_in_methods = false;
        let mut mark = None;
        while let Some(line) = lines.get(at) {
            let trimmed = line.trim_start();
            if let Some((found, needed)) =
                MARKS.iter().find(|(found, _)| trimmed.starts_with(found))
            {
                is_in_methods =
                    *found == "#[pymethods" || (is_in_methods && *found != "#[pyfunction");
                mark = (*found != "#[pymethods").then_some((*needed, trimmed));
            } else if *line == "}" {
                (is_in_methods, mark) = (false, None);
            } else if trimmed.starts_with("impl ")
                && mark.is_some_and(|(_, attribute)| attribute.starts_with("#[uniffi"))
            {
                (is_in_methods, mark) = (true, None);
            } else if let Some(name) = function(trimmed) {
                let end = end_of(&lines, at);
                let body = lines.get(at..end).unwrap_or_default().join("\n");
                let attribute = mark.take();
                let is_export = is_in_methods || attribute.is_some();
                let is_guarded = GUARDS.iter().any(|guard| body.contains(guard))
                    && attribute.is_none_or(|(needed, attribute)| attribute.contains(needed));
                if is_export && !is_guarded && !name.ends_with(HOOK) {
                    let what = format!("`{name}` lets a panic out");
                    let remedy =
                        "do its work in `border` or `guard`, and say `catch_unwind` to napi";
                    findings.push(Finding::error(path, at + 1, what, remedy));
                }
                at = end;
                continue;
            } else if !trimmed.is_empty()
                && !trimmed.starts_with("#[")
                && !trimmed.starts_with("pub struct")
            {
                mark = mark.filter(|_| trimmed.starts_with("pub fn") || trimmed.starts_with("fn"));
            }
            at += 1;
        }
    }
    findings
}

/// The name of the function that a line begins.
fn function(line: &str) -> Option<&str> {
    let rest =
        line.strip_prefix("pub(super) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
    let rest = rest.strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// The line behind a function: the first brace that stands as deep as its first line.
fn end_of(lines: &[&str], start: usize) -> usize {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let own = lines.get(start).map_or(0, |line| depth(line));
    let closes = |line: &&str| line.trim_start() == "}" && depth(line) == own;
    let behind = lines.get(start..).unwrap_or_default();
    behind.iter().position(closes).map_or(lines.len(), |end| start + end + 1)
}

#[cfg(test)]
#[path = "borders_tests.rs"]
mod tests;
