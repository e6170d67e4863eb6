//! Semantic versions, as OPA reads them: also with a `v` before, and with zeros before numbers.

use std::cmp::Ordering;

use super::{Builtin, Context, Fault, operand, string};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("semver.compare", 2, compare),
    Builtin::new("semver.is_valid", 1, |context, args| {
        let text = operand(args, 1)?.as_str();
        context.charge(text.map_or(0, str::len) / 16)?;
        Ok(Some(Value::Bool(text.and_then(Version::parse).is_some())))
    }),
];

fn compare(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let (a, b) = (string(args, 1)?, string(args, 2)?);
    context.charge((a.len() + b.len()) / 16)?;
    let version = |at, text| {
        let quoted = super::gofmt::quote(text, '"', false);
        let wrong =
            || Fault::builtin(format!("operand {at}: string {quoted} is not a valid SemVer"));
        Version::parse(text).ok_or_else(wrong)
    };
    let order = version(1, a)?.order(&version(2, b)?);
    Ok(Some(Value::int(match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    })))
}

struct Version<'a> {
    numbers: [i64; 3],
    pre: &'a str,
}

impl<'a> Version<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, meta) = text.split_once('+').unwrap_or((text, ""));
        let (text, pre) = text.split_once('-').unwrap_or((text, ""));
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let words =
            |text: &str| text.split('.').all(|part| !part.is_empty() && part.chars().all(word));
        let named = |text: &str| text.is_empty() || words(text);
        let mut numbers = text.split('.').map(|part| part.parse::<i64>().ok());
        let (major, minor, patch) = (numbers.next()??, numbers.next()??, numbers.next()??);
        let whole = numbers.next().is_none() && named(meta) && named(pre);
        whole.then_some(Self { numbers: [major, minor, patch], pre })
    }

    /// What was made of it does not count (<https://semver.org/#spec-item-11>).
    fn order(&self, other: &Self) -> Ordering {
        let numbers = self.numbers.cmp(&other.numbers);
        match (self.pre, other.pre) {
            _ if numbers != Ordering::Equal => numbers,
            ("", "") => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (a, b) => a.split('.').map(Part::of).cmp(b.split('.').map(Part::of)),
        }
    }
}

/// A number comes before every name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Number(i64),
    Name(&'a str),
}

impl<'a> Part<'a> {
    fn of(text: &'a str) -> Self {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Number(text.parse().unwrap_or(i64::MAX))
        } else {
            Self::Name(text)
        }
    }
}

#[cfg(test)]
#[path = "semver_tests.rs"]
mod tests;
