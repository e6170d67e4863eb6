//! How a text is written as YAML: plain, in quotes, or in lines of its own.

use super::super::super::yaml::{Rules, Scalar, resolve};
use super::super::{Exhausted, Fault};
use crate::value::time::parse as time;

/// How a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes, with escapes.
    Double,
    /// Behind `|`.
    Literal,
}

/// What of a text decides how it may stand.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// It could not be told from something else.
    indicates: bool,
    /// A space or a line's end is at one of its ends.
    edged: bool,
    ends_with_space: bool,
    breaks: bool,
    /// A space stands before a line's end.
    space_break: bool,
    /// A character that is not shown.
    special: bool,
}

impl Shape {
    /// Of a text.
    ///
    /// # Errors
    ///
    /// It has characters that Go's parser refuses, or that end lines there and not here.
    pub(super) fn of(text: &str) -> Result<Self, Fault> {
        let mut shape = Self {
            indicates: text.starts_with("---") || text.starts_with("..."),
            edged: text.starts_with([' ', '\n', '\r']) || text.ends_with([' ', '\n', '\r']),
            ends_with_space: text.ends_with(' '),
            ..Self::default()
        };
        let mut before = None;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek();
            let spaced = next.is_none_or(|next| matches!(next, ' ' | '\t'));
            match c {
                '\u{85}' | '\u{2028}' | '\u{2029}' => return Err(Exhausted::Unsupported.into()),
                '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                    return Err(Fault::builtin("yaml: control characters are not allowed"));
                }
                _ => {}
            }
            shape.indicates |= match (c, before) {
                ('?' | ':' | '-', None) | (':', Some(_)) => spaced,
                (c, None) => "#,[]{}&*!|>'\"%@`".contains(c),
                ('#', Some(before)) => matches!(before, ' ' | '\t' | '\n' | '\r'),
                _ => false,
            };
            shape.special |= !is_printable(c);
            shape.breaks |= matches!(c, '\n' | '\r');
            shape.space_break |= matches!(c, '\n' | '\r') && before == Some(' ');
            before = Some(c);
        }
        Ok(shape)
    }

    /// How a text of this shape stands.
    ///
    /// # Errors
    ///
    /// Go's versions differ in it.
    pub(super) fn style(&self, text: &str, as_key: bool) -> Result<Style, Fault> {
        let quoted = if self.special || self.space_break { Style::Double } else { Style::Single };
        if text.contains('\n') {
            let fits = !as_key && !self.special && !self.space_break && !self.ends_with_space;
            return Ok(if fits { Style::Literal } else { Style::Double });
        }
        // What would be read as something else.
        if !is_text(text)? || is_sexagesimal(text) {
            return Ok(Style::Double);
        }
        let plain = !self.indicates && !self.edged && !self.breaks && !self.special;
        Ok(if plain { Style::Plain } else { quoted })
    }
}

/// Whether a text is one where it stands plain.
fn is_text(text: &str) -> Result<bool, Fault> {
    Ok(resolve(text, Rules::Json)? == Scalar::Text && !is_time(text))
}

/// Times as Go's package reads them.
fn is_time(text: &str) -> bool {
    const LAYOUTS: [&str; 4] = [
        "2006-1-2T15:4:5.999999999Z07:00",
        "2006-1-2t15:4:5.999999999Z07:00",
        "2006-1-2 15:4:5.999999999",
        "2006-1-2",
    ];
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let dated = digits == 4 && text.as_bytes().get(4) == Some(&b'-');
    dated && LAYOUTS.iter().any(|layout| time::parse(layout, text).is_ok())
}

/// `190:20:30`: a number of base 60 in YAML 1.1, which nobody reads and everybody quotes.
fn is_sexagesimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or_default();
    let of_number = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !first.bytes().all(of_number) {
        return false;
    }
    let mut parts = parts.peekable();
    let mut any = false;
    while let Some(part) = parts.next() {
        // A fraction may follow the last.
        let (part, fraction) = match part.split_once('.') {
            Some((part, fraction)) if parts.peek().is_none() => (part, fraction),
            Some(_) => return false,
            None => (part, ""),
        };
        let fits = match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [tens, digit] => matches!(tens, b'0'..=b'5') && digit.is_ascii_digit(),
            _ => false,
        };
        if !fits || !fraction.bytes().all(of_number) {
            return false;
        }
        any = true;
    }
    any
}

/// Whether Go's emitter shows a character as it is. What is beyond 16 bits it does not.
pub(super) const fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}
