//! What a document has wrong.

use super::super::Number;
use super::node::Type;

/// Something of a document that is not as the schema has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// What kind it is: `required`, `invalid_type`.
    pub(crate) kind: &'static str,
    /// Where: `(root)`, or names and places from there, with points between.
    pub(crate) field: String,
    /// What is wrong.
    pub(crate) description: String,
}

impl Violation {
    /// Where and what.
    pub(crate) fn text(&self) -> String {
        format!("{}: {}", self.field, self.description)
    }
}

/// The way from the root to a value.
pub(super) struct Path<'a> {
    above: Option<&'a Path<'a>>,
    name: &'a str,
}

impl<'a> Path<'a> {
    /// The root.
    pub(super) const ROOT: Self = Self { above: None, name: "(root)" };

    /// A member or an item of it.
    pub(super) const fn at(&'a self, name: &'a str) -> Self {
        Self { above: Some(self), name }
    }

    fn field(&self) -> String {
        let mut names = Vec::new();
        let mut at = self;
        while let Some(above) = at.above {
            names.push(at.name);
            at = above;
        }
        if names.is_empty() {
            return at.name.to_owned();
        }
        names.reverse();
        names.join(".")
    }
}

/// What a value has wrong, and how well it fits: of alternatives that all fail, the one that fits best is told.
#[derive(Default)]
pub(super) struct Report {
    pub(super) violations: Vec<Violation>,
    pub(super) score: i64,
}

impl Report {
    /// Whether nothing is wrong.
    pub(super) const fn is_valid(&self) -> bool {
        self.violations.is_empty()
    }

    /// Something fits.
    pub(super) const fn fits(&mut self) {
        self.score = self.score.saturating_add(1);
    }

    /// Takes in another one.
    pub(super) fn merge(&mut self, other: Self) {
        self.violations.extend(other.violations);
        self.score = self.score.saturating_add(other.score);
    }

    /// Something is wrong.
    pub(super) fn add(
        &mut self,
        kind: &'static str,
        path: &Path<'_>,
        description: impl Into<String>,
    ) {
        let description = description.into();
        self.violations.push(Violation { kind, field: path.field(), description });
        self.score = self.score.saturating_sub(2);
    }

    /// Something is wrong of which the description begins with the field.
    pub(super) fn add_of_field(&mut self, kind: &'static str, path: &Path<'_>, description: &str) {
        let field = path.field();
        self.add(kind, path, format!("{field} {description}"));
    }
}

/// The better of two reports; of equal ones the first.
pub(super) fn better(best: Option<Report>, other: Report) -> Option<Report> {
    match best {
        Some(best) if best.score >= other.score => Some(best),
        _ => Some(other),
    }
}

/// Types as messages show them: the only one, or a list.
pub(super) fn types(types: &[Type]) -> String {
    match types {
        [only] => only.name().to_owned(),
        types => {
            let names: Vec<&str> = types.iter().map(|kind| kind.name()).collect();
            format!("[{}]", names.join(","))
        }
    }
}

/// A number as messages show it: Go's `%g`, with an exponent below 10⁻⁴ and from 10⁶.
pub(super) fn shown(number: &Number) -> String {
    let (mantissa, exponent) = number.decimal();
    let text = mantissa.to_string();
    let (sign, text) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.as_str()),
    };
    let digits = text.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let len = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let power = len(text).saturating_add(exponent).saturating_sub(1);
    if !(-4..6).contains(&power) {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let mark = if power < 0 { '-' } else { '+' };
        return format!("{sign}{first}{dot}{rest}e{mark}{:02}", power.abs());
    }
    match usize::try_from(power) {
        Err(_) => {
            let zeros = "0".repeat(usize::try_from(-power - 1).unwrap_or(0));
            format!("{sign}0.{zeros}{digits}")
        }
        Ok(power) => match digits.split_at_checked(power.saturating_add(1)) {
            Some((whole, "")) => format!("{sign}{whole}"),
            Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
            None => {
                let width = power.saturating_add(1);
                format!("{sign}{digits:0<width$}")
            }
        },
    }
}
