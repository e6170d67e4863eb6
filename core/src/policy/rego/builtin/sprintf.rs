//! `sprintf`: Go's `fmt.Sprintf` on the values that a policy passes.

use std::str::Chars;

use super::gofmt::{self, Arg, Flags, Out};
use super::{Builtin, Context, Exhausted, Fault, operand, string};
use crate::policy::rego::value::Value;

pub(super) const ALL: &[Builtin] = &[Builtin::new("sprintf", 2, sprintf)];

/// So many bytes may the widths of a format add.
const MOST: usize = 1 << 22;
/// Greatest width, precision or index but for one more digit, as in Go.
const LARGE: usize = 1_000_000;

fn sprintf(context: &mut Context<'_>, args: &[Value]) -> Result<Option<Value>, Fault> {
    let format = string(args, 1)?;
    let values = operand(args, 2)?;
    let items = values.as_array().ok_or_else(|| Fault::operand(2, "array", values))?;
    context.charge(format.len() / 16 + items.len() + 1)?;
    let args: Vec<Arg> = items.iter().map(arg).collect();
    Ok(Some(self::format(context, format, &args)?.into()))
}

/// A format with its arguments, which is paid.
pub(super) fn format(
    context: &mut Context<'_>,
    format: &str,
    args: &[Arg],
) -> Result<String, Fault> {
    let texts = args.iter().map(|arg| if let Arg::Text(text) = arg { text.len() } else { 0 });
    let length = texts.sum::<usize>().saturating_add(format.len());
    context.allocate(length)?;
    let text = write(format, args, length.saturating_mul(2).saturating_add(MOST));
    let text = text.ok_or(Exhausted::Size)?;
    context.allocate(text.len().saturating_sub(length))?;
    Ok(text)
}

/// What OPA hands to Go: a number as it is written, and what is neither a number nor a text as its text.
fn arg(value: &Value) -> Arg {
    match value {
        Value::String(text) => Arg::Text(text.to_string()),
        Value::Number(number) => {
            let whole = number.to_bigint().filter(|_| number.is_integer_text());
            match (whole, number.to_string()) {
                (Some(whole), _) => i64::try_from(&whole).map_or(Arg::Big(whole), Arg::Int),
                (None, text) => match text.parse::<f64>() {
                    Ok(float) if float.is_finite() => Arg::Float(float),
                    _ => Arg::Text(text),
                },
            }
        }
        other => Arg::Text(gofmt::term(other)),
    }
}

/// A format with its arguments, unless it gets longer than `most` bytes.
fn write(format: &str, args: &[Arg], most: usize) -> Option<String> {
    let mut printer =
        Printer { rest: format.chars(), args, next: 0, reordered: false, bad_index: false };
    let mut out = Out::new(most);
    while let Some(start) = printer.rest.as_str().find('%') {
        let (text, rest) = printer.rest.as_str().split_at_checked(start)?;
        out.push(text);
        printer.rest = rest.chars();
        printer.rest.next();
        printer.directive(&mut out);
        if out.is_full() {
            return None;
        }
    }
    out.push(printer.rest.as_str());
    printer.extra(&mut out);
    out.finish()
}

struct Printer<'a> {
    rest: Chars<'a>,
    args: &'a [Arg],
    /// Which argument comes next.
    next: usize,
    /// An index was given, so that arguments may be left over.
    reordered: bool,
    /// The directive has an index that is none, or that stands where none may.
    bad_index: bool,
}

impl Printer<'_> {
    /// What stands after a percent sign.
    fn directive(&mut self, out: &mut Out) {
        self.bad_index = false;
        let mut flags = self.flags();
        let mut indexed = self.index();
        if self.eat('*') {
            match self.size() {
                Some(width) => {
                    flags.width = Some(width.unsigned_abs());
                    if width < 0 {
                        flags.minus = true;
                        flags.zero = false;
                    }
                }
                None => out.push("%!(BADWIDTH)"),
            }
            indexed = false;
        } else {
            flags.width = self.digits();
            self.bad_index |= indexed && flags.width.is_some();
        }
        // At the very end it is the verb.
        if self.rest.as_str().len() > 1 && self.eat('.') {
            self.bad_index |= indexed;
            indexed = self.index();
            if self.eat('*') {
                flags.precision = self.size().and_then(|size| usize::try_from(size).ok());
                out.push(if flags.precision.is_none() { "%!(BADPREC)" } else { "" });
                indexed = false;
            } else {
                flags.precision = Some(self.digits().unwrap_or(0));
            }
        }
        if !indexed {
            self.index();
        }
        self.verb(flags, out);
    }

    fn verb(&mut self, mut flags: Flags, out: &mut Out) {
        let Some(verb) = self.rest.next() else {
            out.push("%!(NOVERB)");
            return;
        };
        let arg = self.args.get(self.next);
        match arg {
            _ if verb == '%' => out.push("%"),
            _ if self.bad_index => out.push(&format!("%!{verb}(BADINDEX)")),
            None => out.push(&format!("%!{verb}(MISSING)")),
            Some(arg) => {
                if matches!(verb, 'v' | 'w') {
                    flags.sharp_v = std::mem::take(&mut flags.sharp);
                    flags.plus_v = std::mem::take(&mut flags.plus);
                }
                arg.write(verb, &flags, out);
                self.next += 1;
            }
        }
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        loop {
            match self.rest.as_str().bytes().next() {
                Some(b'#') => flags.sharp = true,
                Some(b'0') => flags.zero = true,
                Some(b'+') => flags.plus = true,
                Some(b'-') => flags.minus = true,
                Some(b' ') => flags.space = true,
                _ => return flags,
            }
            self.rest.next();
        }
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.rest.as_str().starts_with(c);
        if found {
            self.rest.next();
        }
        found
    }

    /// A number, which is none and takes the whole rest if it is too large.
    fn digits(&mut self) -> Option<usize> {
        let mut number: Option<usize> = None;
        while let Some(digit) = self.rest.as_str().chars().next().and_then(|c| c.to_digit(10)) {
            if number.is_some_and(|number| number > LARGE) {
                self.rest = "".chars();
                return None;
            }
            let digit = usize::try_from(digit).unwrap_or(0);
            number = Some(number.unwrap_or(0) * 10 + digit);
            self.rest.next();
        }
        number
    }

    /// An argument's index in brackets, if there is one, and whether it holds.
    fn index(&mut self) -> bool {
        let Some(inner) = self.rest.as_str().strip_prefix('[') else {
            return false;
        };
        self.reordered = true;
        let Some((number, rest)) = inner.split_once(']') else {
            self.bad_index = true;
            self.rest = inner.chars();
            return false;
        };
        self.rest = rest.chars();
        let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let index = number.parse::<usize>().ok().filter(|_| plain).and_then(|at| at.checked_sub(1));
        match index.filter(|index| *index < self.args.len()) {
            Some(index) => {
                self.next = index;
                true
            }
            None => {
                self.bad_index = true;
                plain
            }
        }
    }

    /// A width or precision that is an argument.
    fn size(&mut self) -> Option<isize> {
        let arg = self.args.get(self.next)?;
        self.next += 1;
        let Arg::Int(size) = arg else {
            return None;
        };
        let limit = isize::try_from(LARGE).unwrap_or(isize::MAX);
        isize::try_from(*size).ok().filter(|size| (-limit..=limit).contains(size))
    }

    /// Arguments that are left over.
    fn extra(&self, out: &mut Out) {
        let Some(left) = self.args.get(self.next..).filter(|left| !left.is_empty()) else {
            return;
        };
        if self.reordered {
            return;
        }
        out.push("%!(EXTRA ");
        for (position, arg) in left.iter().enumerate() {
            out.push(if position > 0 { ", " } else { "" });
            out.push(arg.kind());
            out.push("=");
            arg.write('v', &Flags::default(), out);
        }
        out.push(")");
    }
}

#[cfg(test)]
#[path = "sprintf_tests.rs"]
mod tests;
