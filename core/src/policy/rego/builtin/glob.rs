//! `glob.match`: patterns with `*`, `**`, `?`, `[a-z]`, `[!abc]` and `{a,b}`, as the package `gobwas/glob` has them.

use super::elements::element;
use super::{Builtin, Context, Fault, operand, string};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("glob.match", 3, matches),
    Builtin::new("glob.quote_meta", 1, |context, args| {
        let text = string(args, 1)?;
        context.charge(text.len() / 16)?;
        context.allocate(text.len().saturating_mul(2))?;
        let special = |c| matches!(c, '*' | '?' | '\\' | '[' | ']' | '{' | '}');
        let quoted = text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c]));
        Ok(Some(quoted.collect::<String>().into()))
    }),
];

fn matches(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let pattern = string(args, 1)?;
    let delimiters = match operand(args, 2)? {
        Value::Null => Vec::new(),
        all @ Value::Array(items) => {
            let given = items.iter().map(|item| delimiter(all, item));
            let given = given.collect::<Result<Vec<char>, Fault>>()?;
            if given.is_empty() { vec!['.'] } else { given }
        }
        other => return Err(Fault::operand(2, "one of {array, null}", other)),
    };
    let text = string(args, 3)?;
    let glob = context.cached("glob", pattern, |context| {
        context.charge(pattern.len())?;
        context.allocate(pattern.len().saturating_mul(16))?;
        Glob::parse(pattern).map_err(Fault::builtin)
    })?;
    let looks = delimiters.len().saturating_add(glob.steps.len());
    context.charge(text.len().saturating_mul(looks) / 8)?;
    context.allocate(glob.steps.len().saturating_mul(32))?;
    Ok(Some(Value::Bool(glob.matches(text, &delimiters))))
}

fn delimiter(all: &Value, item: &Value) -> Result<char, Fault> {
    let text = item.as_str().ok_or_else(|| element(2, all, item, "string"))?;
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(c),
        _ => Err(element(2, all, item, "rune")),
    }
}

/// A pattern, as steps that are taken one for each character.
#[derive(Debug, PartialEq, Eq)]
struct Glob {
    steps: Vec<Step>,
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// This character.
    Char(char),
    /// Any that is no delimiter.
    One,
    /// As many as there are that are no delimiters.
    Many,
    /// As many as there are.
    All,
    /// One of these, or none of them.
    List { chars: Vec<char>, not: bool },
    /// One between these, or none of them.
    Range { low: char, high: char, not: bool },
    /// On at any of these.
    Either(Vec<usize>),
    /// On there.
    Jump(usize),
}

/// Alternatives that are being read: where they begin, the beginning of each, and the ends of those before the last.
struct Open {
    at: usize,
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Glob {
    fn parse(pattern: &str) -> Result<Self, String> {
        let mut glob = Self { steps: Vec::new() };
        let mut open: Vec<Open> = Vec::new();
        let mut rest = pattern.chars();
        while let Some(c) = rest.next() {
            match c {
                '*' if rest.as_str().starts_with('*') => {
                    rest.next();
                    glob.steps.push(Step::All);
                }
                '*' => glob.steps.push(Step::Many),
                '?' => glob.steps.push(Step::One),
                '[' => {
                    let (step, after) = class(rest.as_str())?;
                    glob.steps.push(step);
                    rest = after.chars();
                }
                '{' => {
                    let at = glob.steps.len();
                    glob.steps.push(Step::Either(Vec::new()));
                    open.push(Open { at, starts: vec![at + 1], ends: Vec::new() });
                }
                ',' if !open.is_empty() => {
                    let end = glob.steps.len();
                    glob.steps.push(Step::Jump(0));
                    if let Some(open) = open.last_mut() {
                        open.ends.push(end);
                        open.starts.push(end + 1);
                    }
                }
                '}' if !open.is_empty() => glob.close(open.pop()),
                // What is behind a backslash at the end is nothing.
                '\\' => glob.steps.extend(rest.next().map(Step::Char)),
                c => glob.steps.push(Step::Char(c)),
            }
        }
        // Alternatives that nothing closes end with the pattern.
        while !open.is_empty() {
            glob.close(open.pop());
        }
        Ok(glob)
    }

    fn close(&mut self, open: Option<Open>) {
        let Some(Open { at, starts, ends }) = open else {
            return;
        };
        let after = self.steps.len();
        for end in ends {
            if let Some(step) = self.steps.get_mut(end) {
                *step = Step::Jump(after);
            }
        }
        if let Some(step) = self.steps.get_mut(at) {
            *step = Step::Either(starts);
        }
    }

    /// All ways through the pattern side by side, so that no text takes longer than its length and the pattern's.
    fn matches(&self, text: &str, delimiters: &[char]) -> bool {
        let end = self.steps.len();
        let (mut now, mut next) = (vec![false; end + 1], vec![false; end + 1]);
        let mut todo = Vec::new();
        self.enter(0, &mut now, &mut todo);
        for c in text.chars() {
            next.fill(false);
            let plain = !delimiters.contains(&c);
            for (at, step) in self.steps.iter().enumerate() {
                if now.get(at) != Some(&true) {
                    continue;
                }
                let (stay, go) = match step {
                    Step::Char(own) => (false, *own == c),
                    Step::One => (false, plain),
                    Step::Many => (plain, false),
                    Step::All => (true, false),
                    Step::List { chars, not } => (false, chars.contains(&c) != *not),
                    Step::Range { low, high, not } => (false, (*low..=*high).contains(&c) != *not),
                    Step::Either(_) | Step::Jump(_) => (false, false),
                };
                if stay || go {
                    self.enter(if stay { at } else { at + 1 }, &mut next, &mut todo);
                }
            }
            std::mem::swap(&mut now, &mut next);
        }
        now.get(end) == Some(&true)
    }

    /// Marks a step and those that are reached from it without a character.
    fn enter(&self, at: usize, marked: &mut [bool], todo: &mut Vec<usize>) {
        todo.push(at);
        while let Some(at) = todo.pop() {
            match marked.get_mut(at) {
                Some(mark) if !*mark => *mark = true,
                _ => continue,
            }
            match self.steps.get(at) {
                Some(Step::Many | Step::All) => todo.push(at + 1),
                Some(Step::Either(starts)) => todo.extend(starts),
                Some(Step::Jump(to)) => todo.push(*to),
                _ => {}
            }
        }
    }
}

/// What is behind a bracket: a range of two characters, or a list, in which a dash is one of them.
fn class(text: &str) -> Result<(Step, &str), String> {
    let end = || "unexpected end of input".to_owned();
    let (not, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
    let mut rest = text.chars();
    let low = rest.next().ok_or_else(end)?;
    if rest.as_str().starts_with('-') {
        rest.next();
        let high = rest.next().ok_or_else(end)?;
        let close = rest.next().ok_or_else(end)?;
        if close != ']' {
            return Err("expected close range character".to_owned());
        }
        if high < low {
            return Err(format!("hi character '{high}' should be greater than lo '{low}'"));
        }
        return Ok((Step::Range { low, high, not }, rest.as_str()));
    }
    let mut chars = Vec::new();
    let mut rest = text.chars();
    loop {
        match rest.next().ok_or_else(end)? {
            ']' if chars.is_empty() => return Err("could not parse range".to_owned()),
            ']' => return Ok((Step::List { chars, not }, rest.as_str())),
            '\\' => chars.push(rest.next().ok_or_else(end)?),
            c => chars.push(c),
        }
    }
}

#[cfg(test)]
#[path = "glob_tests.rs"]
mod tests;
