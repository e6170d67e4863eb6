//! Values as Go's package `fmt` writes them: verbs, flags, widths and precisions.
//!
//! Policies are written against an engine in Go, of which `sprintf` is Go's own. So everything is as there, down to what a verb says
//! that does not fit its value (<https://pkg.go.dev/fmt>).

use num_bigint::BigInt;
use num_traits::Signed as _;

use super::gofloat;
use crate::policy::rego::value::Value;

/// How many bytes a text may get. A width alone can ask for ten million.
#[derive(Debug)]
pub(super) struct Out {
    text: String,
    most: usize,
    full: bool,
}

/// What is written, with the type that it has in Go.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Arg {
    /// `int`.
    Int(i64),
    /// `*big.Int`.
    Big(BigInt),
    /// `float64`.
    Float(f64),
    /// `string`.
    Text(String),
}

/// What stands between the percent sign and the verb.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own in Go")]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    /// Least number of characters.
    pub(super) width: Option<usize>,
    /// Digits or characters.
    pub(super) precision: Option<usize>,
    /// `-`.
    pub(super) minus: bool,
    /// `+`.
    pub(super) plus: bool,
    /// `#`.
    pub(super) sharp: bool,
    /// A space.
    pub(super) space: bool,
    /// `0`.
    pub(super) zero: bool,
    /// `+` of the verb `v`.
    pub(super) plus_v: bool,
    /// `#` of the verb `v`.
    pub(super) sharp_v: bool,
}

impl Out {
    /// Empty, and of so many bytes at most.
    pub(super) const fn new(most: usize) -> Self {
        Self { text: String::new(), most, full: false }
    }

    /// The text, unless it got too long.
    pub(super) fn finish(self) -> Option<String> {
        (!self.full).then_some(self.text)
    }

    /// Whether nothing more is written.
    pub(super) const fn is_full(&self) -> bool {
        self.full
    }

    /// Adds a text.
    pub(super) fn push(&mut self, text: &str) {
        if self.full || self.most.saturating_sub(self.text.len()) < text.len() {
            self.full = true;
        } else {
            self.text.push_str(text);
        }
    }

    /// Adds a character.
    pub(super) fn push_char(&mut self, c: char) {
        self.push(c.encode_utf8(&mut [0; 4]));
    }

    fn repeat(&mut self, c: char, times: usize) {
        if self.full || self.most.saturating_sub(self.text.len()) < times {
            self.full = true;
        } else {
            self.text.extend(std::iter::repeat_n(c, times));
        }
    }

    fn padding(&mut self, times: usize, flags: &Flags) {
        self.repeat(if flags.zero && !flags.minus { '0' } else { ' ' }, times);
    }

    fn pad(&mut self, text: &str, flags: &Flags) {
        let padding = flags.width.unwrap_or(0).saturating_sub(text.chars().count());
        if flags.minus {
            self.push(text);
            self.padding(padding, flags);
        } else {
            self.padding(padding, flags);
            self.push(text);
        }
    }
}

impl Arg {
    /// Its type's name in Go.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Int(_) => "int",
            Self::Big(_) => "*big.Int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
        }
    }

    /// Writes it by a verb.
    pub(super) fn write(&self, verb: char, flags: &Flags, out: &mut Out) {
        let fits = match (verb, self) {
            ('T', _) => {
                text(self.kind(), flags, out);
                true
            }
            (_, Self::Int(value)) => int(*value, verb, flags, out),
            (_, Self::Big(value)) => big(value, verb, flags, out),
            (_, Self::Float(value)) => float(*value, verb, flags, out),
            (_, Self::Text(value)) => string(value, verb, flags, out),
        };
        if !fits {
            out.push("%!");
            out.push_char(verb);
            out.push("(");
            out.push(self.kind());
            out.push("=");
            self.write('v', flags, out);
            out.push(")");
        }
    }
}

fn int(value: i64, verb: char, flags: &Flags, out: &mut Out) -> bool {
    let size = value.unsigned_abs();
    let digits = match verb {
        'v' | 'd' => size.to_string(),
        'b' => format!("{size:b}"),
        'o' | 'O' => format!("{size:o}"),
        'x' => format!("{size:x}"),
        'X' => format!("{size:X}"),
        'c' => {
            out.pad(character(value).encode_utf8(&mut [0; 4]), flags);
            return true;
        }
        'q' => {
            let quoted = quote(character(value).encode_utf8(&mut [0; 4]), '\'', flags.plus);
            out.pad(&quoted, flags);
            return true;
        }
        'U' => {
            unicode(value, flags, out);
            return true;
        }
        _ => return false,
    };
    whole(&digits, value < 0, verb, flags, out);
    true
}

/// A whole number's digits with zeros, prefix, sign and padding.
fn whole(digits: &str, negative: bool, verb: char, flags: &Flags, out: &mut Out) {
    // Both mean leading zeros, `%.3d` and `%03d`; where both are given, that of the width is of spaces.
    let spaces = Flags { zero: false, ..*flags };
    let signed = negative || flags.plus || flags.space;
    let zeros = match (flags.precision, flags.width) {
        (Some(0), _) if digits == "0" => return out.pad("", &spaces),
        (Some(precision), _) => precision,
        (None, Some(width)) if flags.zero && !flags.minus => {
            width.saturating_sub(usize::from(signed))
        }
        _ => 0,
    };
    let zeros = zeros.saturating_sub(digits.len());
    let prefix = match verb {
        'b' if flags.sharp => "0b",
        'x' if flags.sharp => "0x",
        'X' if flags.sharp => "0X",
        'o' if flags.sharp && zeros == 0 && !digits.starts_with('0') => "0",
        'O' if flags.sharp && zeros == 0 && !digits.starts_with('0') => "0o0",
        'O' => "0o",
        _ => "",
    };
    let sign = sign(negative, flags.plus, flags.space);
    let length = sign.len() + prefix.len() + zeros + digits.len();
    let padding = flags.width.unwrap_or(0).saturating_sub(length);
    if !flags.minus {
        out.repeat(' ', padding);
    }
    out.push(sign);
    out.push(prefix);
    out.repeat('0', zeros);
    out.push(digits);
    if flags.minus {
        out.repeat(' ', padding);
    }
}

const fn sign(negative: bool, plus: bool, space: bool) -> &'static str {
    match (negative, plus, space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (.., true) => " ",
        _ => "",
    }
}

fn character(value: i64) -> char {
    u32::try_from(value).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// A character as Go's `%#U` writes it.
pub(super) fn unicode_point(c: char) -> String {
    let mut out = Out::new(64);
    let flags = Flags { sharp: true, ..Flags::default() };
    unicode(i64::from(u32::from(c)), &flags, &mut out);
    out.finish().unwrap_or_default()
}

fn unicode(value: i64, flags: &Flags, out: &mut Out) {
    let digits = format!("{:X}", value.cast_unsigned());
    let zeros = flags.precision.unwrap_or(0).max(4).saturating_sub(digits.len());
    let shown = u32::try_from(value).ok().and_then(char::from_u32).filter(|c| is_print(*c));
    let shown = shown.filter(|_| flags.sharp).map_or_else(String::new, |c| format!(" '{c}'"));
    let length = 2 + zeros + digits.len() + shown.chars().count();
    let padding = flags.width.unwrap_or(0).saturating_sub(length);
    if !flags.minus {
        out.repeat(' ', padding);
    }
    out.push("U+");
    out.repeat('0', zeros);
    out.push(&digits);
    out.push(&shown);
    if flags.minus {
        out.repeat(' ', padding);
    }
}

/// As the type writes itself, which differs from how the package writes `int`.
fn big(value: &BigInt, verb: char, flags: &Flags, out: &mut Out) -> bool {
    let digits = match verb {
        'd' | 's' | 'v' => value.magnitude().to_str_radix(10),
        'b' => value.magnitude().to_str_radix(2),
        'o' | 'O' => value.magnitude().to_str_radix(8),
        'x' => value.magnitude().to_str_radix(16),
        'X' => value.magnitude().to_str_radix(16).to_ascii_uppercase(),
        _ => {
            out.push(&format!("%!{verb}(big.Int={value})"));
            return true;
        }
    };
    let prefix = match verb {
        'b' if flags.sharp => "0b",
        'o' if flags.sharp => "0",
        'x' if flags.sharp => "0x",
        'X' if flags.sharp => "0X",
        'O' => "0o",
        _ => "",
    };
    if digits == "0" && flags.precision == Some(0) {
        return true;
    }
    let sign = sign(value.is_negative(), flags.plus || flags.plus_v, flags.space);
    let mut zeros = flags.precision.unwrap_or(0).saturating_sub(digits.len());
    let length = sign.len() + prefix.len() + zeros + digits.len();
    let padding = flags.width.unwrap_or(0).saturating_sub(length);
    let (mut left, mut right) = (0, 0);
    match flags {
        Flags { minus: true, .. } => right = padding,
        Flags { zero: true, precision: None, .. } => zeros = padding,
        _ => left = padding,
    }
    out.repeat(' ', left);
    out.push(sign);
    out.push(prefix);
    out.repeat('0', zeros);
    out.push(&digits);
    out.repeat(' ', right);
    true
}

fn float(value: f64, verb: char, flags: &Flags, out: &mut Out) -> bool {
    let (form, usual) = match verb {
        'v' => ('g', None),
        'b' | 'g' | 'G' | 'x' | 'X' => (verb, None),
        'F' => ('f', Some(6)),
        'f' | 'e' | 'E' => (verb, Some(6)),
        _ => return false,
    };
    // Beyond this there are only zeros, and the exact form is costly.
    let precision = flags.precision.or(usual).map(|precision| precision.min(1_100));
    let zeros = flags.precision.map_or(0, |given| given.saturating_sub(1_100));
    if zeros > 0 && (flags.sharp || !matches!(form, 'f' | 'g' | 'G')) {
        // Where zeros stand within the number there may not be so many.
        out.full = true;
        return true;
    }
    let mut number = gofloat::text(value, form, precision);
    if zeros > 0 && matches!(form, 'f') {
        number.extend(std::iter::repeat_n('0', zeros.min(out.most)));
    }
    let negative = number.starts_with('-');
    let mut unsigned = number.trim_start_matches('-').to_owned();
    if flags.sharp && form != 'b' {
        unsigned = with_point(&unsigned, form, flags.precision);
    }
    let sign = sign(negative, flags.plus, flags.space);
    let width = flags.width.unwrap_or(0);
    if flags.zero && !flags.minus && !sign.is_empty() && width > unsigned.len() + 1 {
        out.push(sign);
        out.repeat('0', width - unsigned.len() - 1);
        out.push(&unsigned);
    } else {
        out.pad(&format!("{sign}{unsigned}"), flags);
    }
    true
}

/// With a decimal point, and for `g` also the zeros at its end.
fn with_point(number: &str, form: char, precision: Option<usize>) -> String {
    let hex = matches!(form, 'x' | 'X');
    let tail = number.find(|c| matches!(c, 'p' | 'P') || (!hex && matches!(c, 'e' | 'E')));
    let (head, tail) = number.split_at(tail.unwrap_or(number.len()));
    let wanted = match form {
        'g' | 'G' | 'x' => precision.unwrap_or(6),
        _ => 0,
    };
    let digits = head.chars().filter(|c| *c != '.');
    let mut shown = digits.skip_while(|c| *c == '0').count();
    let point = if head.contains('.') { "" } else { "." };
    if !point.is_empty() && head == "0" {
        shown += 1;
    }
    let zeros = "0".repeat(wanted.saturating_sub(shown).min(1_100));
    format!("{head}{point}{zeros}{tail}")
}

fn string(value: &str, verb: char, flags: &Flags, out: &mut Out) -> bool {
    match verb {
        'v' if flags.sharp_v => quoted(value, flags, out),
        'v' | 's' => text(value, flags, out),
        'q' => quoted(value, flags, out),
        'x' => hex(value, 'x', flags, out),
        'X' => hex(value, 'X', flags, out),
        _ => return false,
    }
    true
}

fn truncated<'a>(value: &'a str, flags: &Flags) -> &'a str {
    let end = flags.precision.and_then(|precision| value.char_indices().nth(precision));
    end.and_then(|(end, _)| value.get(..end)).unwrap_or(value)
}

fn text(value: &str, flags: &Flags, out: &mut Out) {
    out.pad(truncated(value, flags), flags);
}

fn quoted(value: &str, flags: &Flags, out: &mut Out) {
    let value = truncated(value, flags);
    let raw = |c: char| c != '`' && c != '\u{feff}' && (c == '\t' || !c.is_ascii_control());
    if flags.sharp && value.chars().all(raw) {
        out.pad(&format!("`{value}`"), flags);
    } else {
        out.pad(&quote(value, '"', flags.plus), flags);
    }
}

fn hex(value: &str, verb: char, flags: &Flags, out: &mut Out) {
    let bytes = value.as_bytes();
    let bytes = bytes.get(..flags.precision.unwrap_or(bytes.len())).unwrap_or(bytes);
    let mut written = String::new();
    for (position, byte) in bytes.iter().enumerate() {
        if flags.space && position > 0 {
            written.push(' ');
        }
        if flags.sharp && (flags.space || position == 0) {
            written.push('0');
            written.push(verb);
        }
        let digits = if verb == 'x' { format!("{byte:02x}") } else { format!("{byte:02X}") };
        written.push_str(&digits);
        if written.len() > out.most {
            break;
        }
    }
    out.pad(&written, flags);
}

/// A value as OPA shows its terms: Rego's text, in which texts are quoted as Go quotes them.
// INVARIANT: values nest no deeper than `DEPTH`, and so does this.
pub(in crate::policy::rego) fn term(value: &Value) -> String {
    let mut out = String::new();
    write_term(value, &mut out);
    out
}

fn write_term(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(&quote(text, '"', false)),
        Value::Set(set) if set.is_empty() => out.push_str("set()"),
        Value::Array(_) | Value::Set(_) => {
            let (open, close) =
                if matches!(value, Value::Set(_)) { ('{', '}') } else { ('[', ']') };
            out.push(open);
            for (at, item) in value.as_elements().unwrap_or_default().iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_term(item, out);
            }
            out.push(close);
        }
        Value::Object(object) => {
            out.push('{');
            for (at, (key, item)) in object.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_term(key, out);
                out.push_str(": ");
                write_term(item, out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_json()),
    }
}

/// A text in quotes, as a literal of Go.
pub(super) fn quote(text: &str, mark: char, ascii: bool) -> String {
    let mut quoted = String::from(mark);
    for c in text.chars() {
        match c {
            _ if c == mark || c == '\\' => quoted.extend(['\\', c]),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            _ if is_print(c) && (c.is_ascii() || !ascii) => quoted.push(c),
            _ if c.is_ascii() => quoted.push_str(&format!("\\x{:02x}", u32::from(c))),
            '\u{80}'..='\u{ffff}' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    quoted.push(mark);
    quoted
}

/// Whether it is shown as it is: a letter, mark, number, sign or the plain space. Rust escapes the others; a mark only where it would
/// stand at the beginning.
fn is_print(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\') || format!("a{c}").escape_debug().nth(1) == Some(c)
}

#[cfg(test)]
#[path = "gofmt_tests.rs"]
mod tests;
