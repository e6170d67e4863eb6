//! Values written as YAML, as `sigs.k8s.io/yaml` writes what JSON has: its text is read by Go's `yaml.v2` and written by the same package's emitter,
//! whose rules of layout and quoting stand here.

use super::super::super::value::Value;
use super::super::super::yaml::{Rules, Scalar, resolve};
use super::super::{Context, Exhausted, Fault, gofloat};
use super::order::sorted;
use super::text::{Shape, Style, is_printable};

/// A document.
///
/// # Errors
///
/// It holds what Go's parser refuses, or what nobody can tell how Go writes it.
pub(super) fn emit(context: &mut Context<'_>, value: &Value) -> Result<String, Fault> {
    let mut emitter = Emitter {
        context,
        out: String::new(),
        column: 0,
        indent: None,
        whitespace: true,
        indention: true,
    };
    emitter.node(value, false, false)?;
    emitter.indent = None;
    emitter.new_line()?;
    Ok(emitter.out)
}

/// Spaces of each level.
const INDENT: usize = 2;
/// Lines longer than this are folded at the next space.
const WIDTH: usize = 80;
/// Keys longer than this, in bytes, stand behind a question mark.
const SIMPLE: usize = 128;
/// Go's parser takes no key of JSON that is much longer; where exactly it stops is not worth knowing.
const LONGEST: usize = 1000;

struct Emitter<'a, 'c> {
    context: &'a mut Context<'c>,
    out: String,
    column: usize,
    /// Of the innermost collection; none outside of all.
    indent: Option<usize>,
    /// The last that was written is white space, or all of the line is indicators and indentation.
    whitespace: bool,
    indention: bool,
}

type Done = Result<(), Fault>;

impl Emitter<'_, '_> {
    // INVARIANT: values nest no deeper than `DEPTH`, and so does this.
    fn node(&mut self, value: &Value, in_map: bool, as_key: bool) -> Done {
        match value {
            Value::Array(_) | Value::Set(_) if value.is_empty() => self.empty("[", "]"),
            Value::Object(_) if value.is_empty() => self.empty("{", "}"),
            Value::Array(_) | Value::Set(_) => {
                let items = value.as_elements().unwrap_or_default();
                // A list in a map stands as far left as its key.
                let stays = in_map && !self.indention;
                let before = self.enter(false, stays);
                for item in items {
                    self.new_line()?;
                    self.mark("-", true, true)?;
                    self.node(item, false, false)?;
                }
                self.indent = before;
                Ok(())
            }
            Value::Object(members) => {
                let mut named = Vec::with_capacity(members.len());
                for (key, member) in members.iter() {
                    let key = key.as_str().map_or_else(|| key.to_json(), str::to_owned);
                    if Value::string(&key).to_html_safe_json().chars().count() > LONGEST {
                        return Err(Exhausted::Unsupported.into());
                    }
                    named.push((key, member));
                }
                let before = self.enter(false, false);
                for (key, member) in sorted(self.context, named)? {
                    self.new_line()?;
                    let is_simple = key.len() <= SIMPLE && !key.contains(['\n', '\r']);
                    if is_simple {
                        self.text(&key, true)?;
                        self.mark(":", false, false)?;
                    } else {
                        self.mark("?", true, true)?;
                        self.text(&key, false)?;
                        self.new_line()?;
                        self.mark(":", true, true)?;
                    }
                    self.node(member, true, false)?;
                }
                self.indent = before;
                Ok(())
            }
            Value::String(text) => self.text(text, as_key),
            Value::Number(number) => {
                let text = number.to_string();
                match resolve(&text, Rules::Json)? {
                    Scalar::Int(int) => self.word(&int.to_string()),
                    Scalar::Large(int) => self.word(&int.to_string()),
                    Scalar::Float(float) => self.word(&gofloat::text(float, 'g', None)),
                    // Beyond what 64 bits hold it is a text to Go.
                    _ => self.text(&text, as_key),
                }
            }
            Value::Null => self.word("null"),
            Value::Bool(true) => self.word("true"),
            Value::Bool(false) => self.word("false"),
        }
    }

    fn empty(&mut self, open: &str, close: &str) -> Done {
        self.mark(open, true, false)?;
        self.mark(close, false, false)
    }

    /// A scalar that is plain whatever it looks like.
    fn word(&mut self, text: &str) -> Done {
        let before = self.enter(true, false);
        self.plain(text, false)?;
        self.indent = before;
        Ok(())
    }

    fn text(&mut self, text: &str, as_key: bool) -> Done {
        self.context.charge(text.len() / 4)?;
        let style = Shape::of(text)?.style(text, as_key)?;
        let before = self.enter(true, false);
        match style {
            Style::Plain => self.plain(text, !as_key)?,
            Style::Single => self.single(text, !as_key)?,
            Style::Double => self.double(text, !as_key)?,
            Style::Literal => self.literal(text)?,
        }
        self.indent = before;
        Ok(())
    }

    /// Indents by a level more, unless a list stays where it is; answers how far it was before.
    fn enter(&mut self, flow: bool, stays: bool) -> Option<usize> {
        let before = self.indent;
        self.indent = Some(match before {
            None if flow => INDENT,
            None => 0,
            Some(indent) if stays => indent,
            Some(indent) => indent.saturating_add(INDENT),
        });
        before
    }

    fn push(&mut self, c: char) -> Done {
        if self.out.len() == self.out.capacity() {
            self.context.allocate(self.out.len().saturating_add(64))?;
        }
        self.out.push(c);
        self.column = if c == '\n' { 0 } else { self.column.saturating_add(1) };
        Ok(())
    }

    /// On to where the collection's lines begin: on this line, if nothing stands there yet.
    fn new_line(&mut self) -> Done {
        let indent = self.indent.unwrap_or(0);
        let here = self.column == indent && !self.whitespace;
        if !self.indention || self.column > indent || here {
            self.push('\n')?;
        }
        while self.column < indent {
            self.push(' ')?;
        }
        self.whitespace = true;
        self.indention = true;
        Ok(())
    }

    fn mark(&mut self, mark: &str, spaced: bool, indents: bool) -> Done {
        if spaced && !self.whitespace {
            self.push(' ')?;
        }
        for c in mark.chars() {
            self.push(c)?;
        }
        // Behind an opening bracket no space is needed.
        self.whitespace = matches!(mark, "[" | "{");
        self.indention &= indents;
        Ok(())
    }

    fn plain(&mut self, text: &str, folds: bool) -> Done {
        if !self.whitespace {
            self.push(' ')?;
        }
        self.folded(text, folds, |emitter, c| emitter.push(c))?;
        self.whitespace = false;
        self.indention = false;
        Ok(())
    }

    fn single(&mut self, text: &str, folds: bool) -> Done {
        self.mark("'", true, false)?;
        self.folded(text, folds, |emitter, c| {
            if c == '\'' {
                emitter.push('\'')?;
            }
            emitter.push(c)
        })?;
        self.mark("'", false, false)
    }

    /// Characters, of which a single space is the end of a line where the line is long.
    fn folded(&mut self, text: &str, folds: bool, write: impl Fn(&mut Self, char) -> Done) -> Done {
        let mut spaces = false;
        for (at, c) in text.char_indices() {
            if c != ' ' {
                write(self, c)?;
                self.indention = false;
                spaces = false;
                continue;
            }
            let rest = text.get(at.saturating_add(1)..).unwrap_or_default();
            let within = at > 0 && !rest.is_empty() && !rest.starts_with(' ');
            if folds && !spaces && self.column > WIDTH && within {
                self.new_line()?;
            } else {
                self.push(' ')?;
            }
            spaces = true;
        }
        Ok(())
    }

    fn double(&mut self, text: &str, folds: bool) -> Done {
        self.mark("\"", true, false)?;
        let mut spaces = false;
        for (at, c) in text.char_indices() {
            if c == ' ' {
                let rest = text.get(at.saturating_add(1)..).unwrap_or_default();
                if folds && !spaces && self.column > WIDTH && at > 0 && !rest.is_empty() {
                    self.new_line()?;
                    if rest.starts_with(' ') {
                        self.push('\\')?;
                    }
                } else {
                    self.push(' ')?;
                }
                spaces = true;
                continue;
            }
            spaces = false;
            if is_printable(c) && c != '\n' && c != '"' && c != '\\' {
                self.push(c)?;
            } else {
                for c in escaped(c).chars() {
                    self.push(c)?;
                }
            }
        }
        self.mark("\"", false, false)
    }

    fn literal(&mut self, text: &str) -> Done {
        self.mark("|", true, false)?;
        if text.starts_with([' ', '\n']) {
            self.push('2')?;
        }
        match text.strip_suffix('\n') {
            None => self.push('-')?,
            Some(before) if before.is_empty() || before.ends_with('\n') => self.push('+')?,
            Some(_) => {}
        }
        self.push('\n')?;
        self.indention = true;
        self.whitespace = true;
        let mut begins = true;
        for c in text.chars() {
            if c == '\n' {
                self.push(c)?;
                self.indention = true;
                begins = true;
                continue;
            }
            if begins {
                self.new_line()?;
            }
            self.push(c)?;
            self.indention = false;
            begins = false;
        }
        Ok(())
    }
}

/// An escape of a text in double quotes.
fn escaped(c: char) -> String {
    let letter = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        c => {
            let point = u32::from(c);
            return match point {
                0..=0xff => format!("\\x{point:02X}"),
                0x100..=0xffff => format!("\\u{point:04X}"),
                _ => format!("\\U{point:08X}"),
            };
        }
    };
    format!("\\{letter}")
}
