//! `regex.globs_match`: whether a text may fit both of two patterns of characters, `.`, `[a-z]`, `*` and `+`.
//!
//! OPA asks the package `glob-intersection`, which takes tokens of one pattern by those of the other. It misses some texts that fit
//! both (of `ab*` and `ac*` the text `a`), and so does this, since policies are written for its answers.

use std::collections::BTreeMap;

use super::{Builtin, Context, Exhausted, Fault, string};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[Builtin::new("regex.globs_match", 2, globs_match)];

fn globs_match(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (one, other) = (string(args, 1)?, string(args, 2)?);
    context.charge(one.len().saturating_add(other.len()))?;
    context.allocate(one.len().saturating_add(other.len()).saturating_mul(64))?;
    let (one, other) =
        (tokens(one).map_err(Fault::builtin)?, tokens(other).map_err(Fault::builtin)?);
    let Some((one, other)) = trimmed(&one, &other) else {
        return Ok(Some(Value::Bool(false)));
    };
    let found = Search::default().meet(context, &Pair { one, other, swapped: false }, 0)?;
    Ok(Some(Value::Bool(found)))
}

/// One character of a pattern, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    /// None is any.
    ranges: Option<Vec<(char, char)>>,
    flag: Flag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flag {
    Once,
    Plus,
    Star,
}

impl Token {
    /// Whether there is a character of both.
    fn meets(&self, other: &Self) -> bool {
        match (&self.ranges, &other.ranges) {
            (Some(own), Some(others)) => own
                .iter()
                .any(|(low, high)| others.iter().any(|(from, to)| low <= to && from <= high)),
            _ => true,
        }
    }
}

/// A pattern's tokens, without those that repeat what the one before repeats already.
fn tokens(pattern: &str) -> Result<Vec<Token>, String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut reader = Reader { pattern, chars: &chars, at: 0 };
    let mut tokens: Vec<Token> = Vec::new();
    while reader.at < chars.len() {
        let token = reader.token()?;
        match tokens.last_mut() {
            Some(last) if last.repeats() && token.repeats() && last.ranges == token.ranges => {
                if token.flag == Flag::Plus {
                    last.flag = Flag::Plus;
                }
            }
            _ => tokens.push(token),
        }
    }
    Ok(tokens)
}

impl Token {
    fn repeats(&self) -> bool {
        self.flag != Flag::Once
    }
}

struct Reader<'a> {
    pattern: &'a str,
    chars: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn token(&mut self) -> Result<Token, String> {
        let ranges = match self.next()? {
            (']', false) => return Err(self.invalid("set-close ']' with no preceding '['")),
            (c @ ('+' | '*'), false) => {
                return Err(self.invalid(&format!("flag '{c}' must be preceded by a non-flag")));
            }
            ('.', false) => None,
            ('[', false) => Some(self.set()?),
            (c, _) => Some(vec![(c, c)]),
        };
        let flag = match self.chars.get(self.at) {
            Some('+') => Flag::Plus,
            Some('*') => Flag::Star,
            // A backslash that nothing follows is found now already.
            Some('\\') if self.at + 1 == self.chars.len() => return Err(self.ends()),
            _ => Flag::Once,
        };
        self.at += usize::from(flag != Flag::Once);
        Ok(Token { ranges, flag })
    }

    /// The next character, and whether it was escaped.
    fn next(&mut self) -> Result<(char, bool), String> {
        let (found, length) = match (self.chars.get(self.at), self.chars.get(self.at + 1)) {
            (Some('\\'), Some(c)) => ((*c, true), 2),
            (Some('\\'), None) => return Err(self.ends()),
            (Some(c), _) => ((*c, false), 1),
            (None, _) => return Err(self.invalid("found [ without matching ]")),
        };
        self.at += length;
        Ok(found)
    }

    fn set(&mut self) -> Result<Vec<(char, char)>, String> {
        let mut ranges = Vec::new();
        let mut before = None;
        loop {
            match self.next()? {
                (']', false) => return Ok(ranges),
                ('-', false) => {
                    let what = "range character '-' must be preceded by a Unicode character";
                    let low: char = before.ok_or_else(|| self.invalid(what))?;
                    if self.at + 1 >= self.chars.len() {
                        let what = "range character '-' must be followed by a Unicode character";
                        return Err(self.invalid(what));
                    }
                    let (high, escaped) = self.next()?;
                    if !escaped && matches!(high, ']' | '-') {
                        let what = "range character '-' cannot be followed by a special symbol";
                        return Err(self.invalid(what));
                    }
                    if high < low {
                        let what = format!("'{high}' comes before '{low}' in Unicode");
                        return Err(self.invalid(&format!("range is out of order: {what}")));
                    }
                    ranges.push((low, high));
                    before = None;
                }
                (c, _) => {
                    ranges.push((c, c));
                    before = Some(c);
                }
            }
        }
    }

    fn ends(&self) -> String {
        self.invalid("input ends with a \\ (escape) character")
    }

    fn invalid(&self, what: &str) -> String {
        let Self { pattern, at, .. } = self;
        format!("input:{pattern}, pos:{at}, {what}: the input provided is invalid")
    }
}

/// Without what stands once at both beginnings, and at both ends, but for one of each; none where it does not fit.
fn trimmed<'a>(one: &'a [Token], other: &'a [Token]) -> Option<(&'a [Token], &'a [Token])> {
    let once = |(a, b): &(&Token, &Token)| !a.repeats() && !b.repeats();
    let mut start = 0;
    for (a, b) in one.iter().zip(other).take_while(once) {
        if !a.meets(b) {
            return None;
        }
        start += 1;
    }
    let start = usize::saturating_sub(start, 1);
    let (one, other) = (one.get(start..)?, other.get(start..)?);
    let mut end = 0;
    for (a, b) in one.iter().rev().zip(other.iter().rev()).take_while(once) {
        if !a.meets(b) {
            return None;
        }
        end += 1;
    }
    let end = usize::saturating_sub(end, 1);
    Some((one.get(..one.len().checked_sub(end)?)?, other.get(..other.len().checked_sub(end)?)?))
}

/// The rests of both patterns.
#[derive(Clone, Copy)]
struct Pair<'a> {
    one: &'a [Token],
    other: &'a [Token],
    /// The first is of the second pattern.
    swapped: bool,
}

/// What was found of rests, by their lengths and whether they are swapped.
#[derive(Default)]
struct Search {
    known: BTreeMap<(usize, usize, bool), bool>,
}

/// So deep goes the search, which takes at least one token of a pattern in each.
const DEEP: u32 = 500;

impl Search {
    fn meet(
        &mut self,
        context: &mut Context<'_>,
        pair: &Pair<'_>,
        depth: u32,
    ) -> Result<bool, Fault> {
        let key = (pair.one.len(), pair.other.len(), pair.swapped);
        if let Some(found) = self.known.get(&key) {
            return Ok(*found);
        }
        let found = self.look(context, *pair, depth)?;
        context.allocate(48)?;
        self.known.insert(key, found);
        Ok(found)
    }

    fn look(
        &mut self,
        context: &mut Context<'_>,
        pair: Pair<'_>,
        depth: u32,
    ) -> Result<bool, Fault> {
        if depth > DEEP {
            return Err(Exhausted::Depth.into());
        }
        let Pair { mut one, mut other, swapped } = pair;
        while let (Some((a, after_a)), Some((b, after_b))) =
            (one.split_first(), other.split_first())
        {
            context.charge(1)?;
            if a.repeats() {
                return self.repeated(context, a, after_a, &Pair { one, other, swapped }, depth);
            }
            if b.repeats() {
                let pair = Pair { one: other, other: one, swapped: !swapped };
                return self.repeated(context, b, after_b, &pair, depth);
            }
            if !a.meets(b) {
                return Ok(false);
            }
            (one, other) = (after_a, after_b);
        }
        Ok(one.is_empty() && other.is_empty())
    }

    /// The first pattern's rest begins with a token that repeats, and goes on with `rest`.
    fn repeated(
        &mut self,
        context: &mut Context<'_>,
        token: &Token,
        rest: &[Token],
        pair: &Pair<'_>,
        depth: u32,
    ) -> Result<bool, Fault> {
        let mut other = pair.other;
        if token.flag == Flag::Plus {
            match other.split_first() {
                Some((first, after)) if token.meets(first) => other = after,
                _ => return Ok(false),
            }
        }
        while let Some((found, after)) = other.split_first() {
            context.charge(1)?;
            let next = rest.first().is_some_and(|next| found.meets(next));
            let pair = Pair { one: rest, other, swapped: pair.swapped };
            if next && self.meet(context, &pair, depth + 1)? {
                return Ok(true);
            }
            if !found.meets(token) {
                return Ok(false);
            }
            other = after;
        }
        Ok(rest.is_empty())
    }
}

#[cfg(test)]
#[path = "globs_tests.rs"]
mod tests;
