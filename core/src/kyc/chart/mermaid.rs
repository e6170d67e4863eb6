//! A chart as a state diagram of [Mermaid](https://mermaid.js.org/syntax/stateDiagram.html), for documents that draw it themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::document::{Chart, Kind};
use super::draw::{Tree, label, lines, shorten};

/// The deepest indentation.
const INDENT: usize = 20;
/// The most letters of a name.
const NAME: usize = 80;
/// What cannot be a name of a state, as it means something else.
const WORDS: [&str; 14] = [
    "accdescr",
    "acctitle",
    "active",
    "as",
    "class",
    "classdef",
    "click",
    "default",
    "direction",
    "end",
    "hide",
    "note",
    "state",
    "style",
];

/// A chart in Mermaid's language, with those states marked that are active. The same chart gives the same text.
///
/// A history is a state `(H)`, a deep one `(H*)`, as Mermaid has none; what a transition without target does is a note at its state. Mermaid itself
/// may refuse to draw a transition between a state and one that it stands in.
///
/// ```
/// use thalium::kyc::chart::{Chart, Kind, State, Transition, mermaid};
///
/// let decide = Transition { events: vec!["decided".into()], targets: vec!["closed".into()], ..Transition::default() };
/// let review = State { id: Some("review".into()), transitions: vec![decide], ..State::default() };
/// let closed = State { id: Some("closed".into()), kind: Kind::Final, ..State::default() };
/// let chart = Chart { states: vec![review, closed], ..Chart::default() };
/// let text = mermaid(&chart, &|state| state == "review");
/// assert!(text.contains("    review --> closed : decided\n"));
/// assert!(text.ends_with("    class review active\n"));
/// ```
#[must_use]
pub fn mermaid(chart: &Chart, active: &dyn Fn(&str) -> bool) -> String {
    let tree = Tree::new(chart);
    let names = names(&tree);
    let name = |at: usize| names.get(at).map_or("", String::as_str);
    let mut arrows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for arrow in &tree.arrows {
        let told = escape(&label(arrow.transition));
        let tail = if told.is_empty() { String::new() } else { format!(" : {told}") };
        if arrow.targets.is_empty() {
            let notes = arrows.entry(tree.node(arrow.source).parent).or_default();
            notes.push(format!("note right of {}{tail}", name(arrow.source)));
        }
        for (number, &target) in arrow.targets.iter().enumerate() {
            // One label is enough for an arrow with several heads.
            let tail = if number == 0 { tail.as_str() } else { "" };
            let common = tree.chain(arrow.source).skip(1);
            let mut common = common.filter(|&at| tree.kind(at) != Kind::Parallel);
            let at = common.find(|&at| tree.is_inside(target, at)).unwrap_or_default();
            let line = format!("{} --> {}{tail}", name(arrow.source), name(target));
            arrows.entry(at).or_default().push(line);
        }
    }
    let mut text = "stateDiagram-v2\n".to_owned();
    let mut marked = Vec::new();
    let mut waiting = vec![Step::Close(0)];
    open(&tree, 0, &names, &mut text, &mut waiting);
    while let Some(step) = waiting.pop() {
        match step {
            Step::Open(at) => {
                let id = tree.node(at).state.and_then(|state| state.id.as_ref());
                if id.is_some_and(|id| active(id)) {
                    marked.push(name(at));
                }
                let shown = escape(&shown(&tree, at));
                row(&mut text, &tree, at, &format!("state \"{shown}\" as {}", name(at)));
                if tree.node(at).children.is_empty() {
                    continue;
                }
                text.truncate(text.trim_end().len());
                text.push_str(" {\n");
                waiting.push(Step::Close(at));
                open(&tree, at, &names, &mut text, &mut waiting);
            }
            Step::Region(at) => row(&mut text, &tree, at, "--"),
            Step::Close(at) => {
                for &child in &tree.node(at).children {
                    if tree.kind(child) == Kind::Final {
                        row(&mut text, &tree, child, &format!("{} --> [*]", name(child)));
                    }
                    let state = tree.node(child).state;
                    for told in state.map(lines).unwrap_or_default() {
                        let note = format!("note right of {} : {}", name(child), escape(&told));
                        row(&mut text, &tree, child, &note);
                    }
                }
                for line in arrows.get(&at).into_iter().flatten() {
                    indent(&mut text, tree.node(at).depth + 1);
                    let _ = writeln!(text, "{line}");
                }
                if at != 0 {
                    row(&mut text, &tree, at, "}");
                }
            }
        }
    }
    if !marked.is_empty() {
        text.push_str(
            "    classDef active fill:#1f6feb,color:#ffffff,stroke:#0b3d91,stroke-width:3px\n",
        );
        let _ = writeln!(text, "    class {} active", marked.join(","));
    }
    text
}

enum Step {
    Open(usize),
    Region(usize),
    Close(usize),
}

/// Where a state begins, and then its children.
fn open(tree: &Tree<'_>, at: usize, names: &[String], text: &mut String, waiting: &mut Vec<Step>) {
    for target in tree.begins(at) {
        indent(text, tree.node(at).depth + 1);
        let _ = writeln!(text, "[*] --> {}", names.get(target).map_or("", String::as_str));
    }
    let is_parallel = tree.kind(at) == Kind::Parallel;
    for (number, &child) in tree.node(at).children.iter().enumerate().rev() {
        waiting.push(Step::Open(child));
        if is_parallel && number > 0 {
            waiting.push(Step::Region(child));
        }
    }
}

fn indent(text: &mut String, depth: usize) {
    for _ in 0..depth.min(INDENT) {
        text.push_str("    ");
    }
}

fn row(text: &mut String, tree: &Tree<'_>, at: usize, line: &str) {
    indent(text, tree.node(at).depth);
    text.push_str(line);
    text.push('\n');
}

fn shown(tree: &Tree<'_>, at: usize) -> String {
    let name = shorten(&tree.name(at), NAME);
    match tree.kind(at) {
        Kind::History { deep: false } => format!("(H) {name}"),
        Kind::History { deep: true } => format!("(H*) {name}"),
        _ => name,
    }
}

/// What each state is called in the text: its own name if Mermaid can have it, else `s` and its number.
fn names(tree: &Tree<'_>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names: Vec<String> = Vec::new();
    for at in 0..tree.nodes.len() {
        let own = tree.node(at).state.and_then(|state| state.id.as_deref()).unwrap_or_default();
        let is_plain = own.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && own.starts_with(|first: char| first.is_ascii_alphabetic())
            && own.len() <= NAME
            && !WORDS.contains(&own.to_ascii_lowercase().as_str());
        let is_own = is_plain && taken.insert(own.to_owned());
        names.push(if is_own { own.to_owned() } else { String::new() });
    }
    for (at, name) in names.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
        *name = format!("s{at}");
        while !taken.insert(name.clone()) {
            name.push('_');
        }
    }
    names
}

/// A text in which Mermaid sees no sign of its own.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '"' | '#' | '%' | '&' | ':' | ';' | '<' | '>' | '\\' | '`' | '{' | '}')
        {
            let _ = write!(escaped, "#{};", u32::from(letter));
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

#[cfg(test)]
#[path = "mermaid_tests.rs"]
mod tests;
