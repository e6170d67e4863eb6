//! YAML read into values: block and flow collections, all styles of scalars, anchors and merged mappings. Of several documents the first counts.

use std::collections::BTreeMap;

use super::super::super::value::{DEPTH, Value};
use super::lines::Lines;
use super::scalar;

/// The value of a document.
///
/// # Errors
///
/// It is no YAML, or has what JSON has not.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let text = text.replace("\r\n", "\n");
    let mut parser =
        Parser { lines: Lines::new(&text), anchors: BTreeMap::new(), count: 0, depth: 0 };
    parser.lines.space();
    while parser.lines.rest().starts_with('%') {
        parser.lines.skip(parser.lines.line().len());
        parser.lines.space();
    }
    if parser.is_mark("---") {
        parser.lines.skip(3);
    }
    let value = parser.node(None, true)?;
    parser.lines.space();
    if parser.lines.rest().is_empty() || parser.is_mark("---") || parser.is_mark("...") {
        return Ok(value);
    }
    Err(parser.wrong("did not find expected node content"))
}

/// So many values the aliases of a document may make in all: a few lines could stand for billions.
const VALUES: usize = 100_000;

struct Parser<'a> {
    lines: Lines<'a>,
    /// Anchored values, and of how many values each is made.
    anchors: BTreeMap<String, (Value, usize)>,
    count: usize,
    depth: u32,
}

type Parsed<T> = Result<T, String>;

impl Parser<'_> {
    /// A node whose lines are indented more than `parent`. A mapping may begin on a line that something else began only where it is `compact`.
    fn node(&mut self, parent: Option<usize>, compact: bool) -> Parsed<Value> {
        if self.depth >= DEPTH {
            return Err("yaml: exceeded max depth".to_owned());
        }
        self.depth += 1;
        let value = self.nested(parent, compact);
        self.depth -= 1;
        value
    }

    fn nested(&mut self, parent: Option<usize>, compact: bool) -> Parsed<Value> {
        let (mut anchor, mut tag) = (None, String::new());
        let ended = self.lines.space();
        let started = self.lines.column();
        let within = |column: usize| parent.is_none_or(|parent| column > parent);
        if (ended && !within(started)) || self.lines.rest().is_empty() || self.is_end() {
            return Ok(Value::Null);
        }
        let before = self.count;
        let mut may_map = ended || compact;
        while let Some(mark @ ('&' | '!')) = self.lines.peek() {
            let word = self.word();
            if mark == '&' {
                anchor = Some(word.trim_start_matches('&').to_owned());
            } else {
                tag = word;
            }
            let ended = self.lines.space();
            may_map |= ended;
            if (ended && !within(self.lines.column())) || self.lines.rest().is_empty() {
                return Ok(if tag == "!!str" { Value::string("") } else { Value::Null });
            }
        }
        self.count = self.count.saturating_add(1);
        let value = self.content(parent, may_map, &tag)?;
        if let Some(anchor) = anchor {
            let made = self.count.saturating_sub(before);
            self.anchors.insert(anchor, (value.clone(), made));
        }
        Ok(value)
    }

    fn content(&mut self, parent: Option<usize>, may_map: bool, tag: &str) -> Parsed<Value> {
        let column = self.lines.column();
        if self.is_item() {
            return self.sequence(column);
        }
        if may_map && self.is_key() {
            return self.mapping(column);
        }
        match self.lines.peek() {
            Some('[' | '{') => self.flow(),
            Some('"') => self.double(),
            Some('\'') => self.single(),
            Some('|' | '>') => self.block(parent),
            Some('*') => self.alias(),
            Some(c @ ('@' | '`' | '%')) => {
                Err(self.wrong(&format!("found character that cannot start any token: {c:?}")))
            }
            _ => {
                let text = self.plain(parent, false);
                if colon(self.lines.line()) == Some(0) {
                    return Err(self.wrong("mapping values are not allowed in this context"));
                }
                if tag == "!!str" { Ok(Value::from(text)) } else { scalar::resolve(&text) }
            }
        }
    }

    fn sequence(&mut self, column: usize) -> Parsed<Value> {
        let mut items = Vec::new();
        loop {
            self.lines.skip(1);
            items.push(self.node(Some(column), true)?);
            self.lines.space();
            if self.lines.column() != column || !self.is_item() || self.is_end() {
                return Ok(Value::array(items));
            }
        }
    }

    fn mapping(&mut self, column: usize) -> Parsed<Value> {
        let (mut pairs, mut merged) = (Vec::new(), Vec::new());
        loop {
            let key = self.key()?;
            let is_merge = key.as_str() == Some("<<");
            // A sequence may stand as far left as the key that it belongs to.
            let save = self.lines.at;
            let ended = self.lines.space();
            let value = if ended && self.lines.column() == column && self.is_item() {
                self.sequence(column)?
            } else {
                self.lines.at = save;
                self.node(Some(column), false)?
            };
            if is_merge {
                match &value {
                    Value::Object(_) => merged.push(value),
                    Value::Array(all) => merged.extend(all.iter().rev().cloned()),
                    _ => {
                        return Err(
                            self.wrong("map merge requires map or sequence of maps as the value")
                        );
                    }
                }
            } else {
                pairs.push((named(&key), value));
            }
            self.lines.space();
            if self.lines.column() != column || self.is_end() || self.lines.rest().is_empty() {
                if self.lines.column() > column && !self.lines.rest().is_empty() {
                    return Err(self.wrong("did not find expected key"));
                }
                return Ok(merge(merged, pairs));
            }
            if !self.is_key() {
                return Err(self.wrong("could not find expected ':'"));
            }
        }
    }

    /// A key of a block mapping, with its colon.
    fn key(&mut self) -> Parsed<Value> {
        let key = match self.lines.peek() {
            Some('"') => self.double()?,
            Some('\'') => self.single()?,
            Some('[' | '{') => return Err(self.wrong("invalid map key")),
            _ => {
                let line = self.lines.line();
                let end = colon(line).unwrap_or(line.len());
                let text = line.get(..end).unwrap_or_default();
                self.lines.skip(end);
                scalar::resolve(text.trim_end())?
            }
        };
        self.lines.blanks();
        if self.lines.peek() != Some(':') {
            return Err(self.wrong("could not find expected ':'"));
        }
        self.lines.skip(1);
        Ok(key)
    }

    fn flow(&mut self) -> Parsed<Value> {
        if self.depth >= DEPTH {
            return Err("yaml: exceeded max depth".to_owned());
        }
        self.depth += 1;
        self.count = self.count.saturating_add(1);
        let value = match self.lines.peek() {
            Some('[') => self.flow_sequence(),
            Some('{') => self.flow_mapping(),
            Some('"') => self.double(),
            Some('\'') => self.single(),
            Some('*') => self.alias(),
            _ => scalar::resolve(&self.plain(None, true)),
        };
        self.depth -= 1;
        value
    }

    fn flow_sequence(&mut self) -> Parsed<Value> {
        self.lines.skip(1);
        let mut items = Vec::new();
        loop {
            self.lines.space();
            if self.lines.peek() == Some(']') {
                self.lines.skip(1);
                return Ok(Value::array(items));
            }
            items.push(self.flow()?);
            self.comma(']')?;
        }
    }

    fn flow_mapping(&mut self) -> Parsed<Value> {
        self.lines.skip(1);
        let mut pairs = Vec::new();
        loop {
            self.lines.space();
            if self.lines.peek() == Some('}') {
                self.lines.skip(1);
                return Ok(Value::object(pairs));
            }
            let key = self.flow()?;
            self.lines.space();
            let value = if self.lines.peek() == Some(':') {
                self.lines.skip(1);
                self.lines.space();
                match self.lines.peek() {
                    Some(',' | '}') => Value::Null,
                    _ => self.flow()?,
                }
            } else {
                Value::Null
            };
            pairs.push((named(&key), value));
            self.comma('}')?;
        }
    }

    fn comma(&mut self, end: char) -> Parsed<()> {
        self.lines.space();
        match self.lines.peek() {
            Some(',') => {
                self.lines.skip(1);
                Ok(())
            }
            Some(c) if c == end => Ok(()),
            _ => Err(self.wrong(&format!("did not find expected ',' or '{end}'"))),
        }
    }

    fn alias(&mut self) -> Parsed<Value> {
        let word = self.word();
        let name = word.trim_start_matches('*');
        let Some((value, made)) = self.anchors.get(name) else {
            return Err(format!("yaml: unknown anchor '{name}' referenced"));
        };
        self.count = self.count.saturating_add(*made);
        if self.count > VALUES {
            return Err("yaml: document contains excessive aliasing".to_owned());
        }
        Ok(value.clone())
    }

    /// A plain scalar, of which lines that are indented more than `parent` go on.
    fn plain(&mut self, parent: Option<usize>, flow: bool) -> String {
        let mut out = String::new();
        loop {
            // Within a flow no further than to what ends the scalar: a document may be one long line.
            let rest = self.lines.rest();
            let stops: &[char] = if flow { &[',', '[', ']', '{', '}', '\n'] } else { &['\n'] };
            let stop = rest.find(stops).unwrap_or(rest.len());
            let line = rest.get(..stop).unwrap_or_default();
            let comment = line.find(" #").unwrap_or(stop);
            let end = colon(line).map_or(comment, |at| at.min(comment));
            out.push_str(line.get(..end).unwrap_or_default().trim_end());
            self.lines.skip(end);
            if end < stop || !rest.get(stop..).is_some_and(|rest| rest.starts_with('\n')) {
                return out;
            }
            let save = self.lines.at;
            let breaks = self.breaks();
            let goes_on = !self.lines.rest().is_empty()
                && !self.is_end()
                && self.lines.peek() != Some('#')
                && (flow || parent.is_none_or(|parent| self.lines.column() > parent))
                && (flow || !self.is_key());
            if breaks == 0 || !goes_on {
                self.lines.at = save;
                return out;
            }
            fold(&mut out, breaks);
        }
    }

    fn single(&mut self) -> Parsed<Value> {
        self.lines.skip(1);
        let mut out = String::new();
        loop {
            match self.lines.next() {
                None => return Err(self.wrong("found unexpected end of stream")),
                Some('\'') if self.lines.peek() == Some('\'') => {
                    self.lines.skip(1);
                    out.push('\'');
                }
                Some('\'') => return Ok(Value::from(out)),
                Some('\n') => self.folded(&mut out),
                Some(c) => out.push(c),
            }
        }
    }

    fn double(&mut self) -> Parsed<Value> {
        self.lines.skip(1);
        let mut out = String::new();
        loop {
            match self.lines.next() {
                None => return Err(self.wrong("found unexpected end of stream")),
                Some('"') => return Ok(Value::from(out)),
                Some('\n') => self.folded(&mut out),
                Some('\\') => self.escape(&mut out)?,
                Some(c) => out.push(c),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Parsed<()> {
        let digits = match self.lines.next() {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some('\n') => {
                self.breaks();
                self.lines.blanks();
                return Ok(());
            }
            Some(c) => {
                out.push(match c {
                    '0' => '\0',
                    'a' => '\u{7}',
                    'b' => '\u{8}',
                    't' | '\t' => '\t',
                    'n' => '\n',
                    'v' => '\u{b}',
                    'f' => '\u{c}',
                    'r' => '\r',
                    'e' => '\u{1b}',
                    ' ' | '"' | '/' | '\\' | '\'' => c,
                    'N' => '\u{85}',
                    '_' => '\u{a0}',
                    'L' => '\u{2028}',
                    'P' => '\u{2029}',
                    _ => return Err(self.wrong("found unknown escape character")),
                });
                return Ok(());
            }
            None => return Err(self.wrong("found unexpected end of stream")),
        };
        let text = self.lines.rest().get(..digits).unwrap_or_default();
        let found = u32::from_str_radix(text, 16).ok().and_then(char::from_u32);
        out.push(found.ok_or_else(|| self.wrong("did not find expected hexdecimal number"))?);
        self.lines.skip(digits);
        Ok(())
    }

    /// A line ended within quotes: spaces around it do not count.
    fn folded(&mut self, out: &mut String) {
        out.truncate(out.trim_end_matches([' ', '\t']).len());
        let breaks = self.breaks().saturating_add(1);
        self.lines.blanks();
        fold(out, breaks);
    }

    /// Skips line ends, and spaces before the next text; answers how many lines ended.
    fn breaks(&mut self) -> usize {
        let mut breaks: usize = 0;
        loop {
            self.lines.blanks();
            if self.lines.peek() != Some('\n') {
                return breaks;
            }
            self.lines.skip(1);
            breaks = breaks.saturating_add(1);
        }
    }

    /// A literal (`|`) or folded (`>`) scalar.
    fn block(&mut self, parent: Option<usize>) -> Parsed<Value> {
        let literal = self.lines.next() == Some('|');
        let (mut keep, mut strip, mut indent) = (false, false, None);
        while let Some(c @ ('+' | '-' | '1'..='9')) = self.lines.peek() {
            self.lines.skip(1);
            match c {
                '+' => keep = true,
                '-' => strip = true,
                _ => {
                    let digit = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
                    let base = parent.unwrap_or(0);
                    indent = digit.map(|digit| base.saturating_add(digit));
                }
            }
        }
        if !self.lines.ends() {
            return Err(self.wrong("did not find expected comment or line break"));
        }
        self.lines.skip(self.lines.line().len().saturating_add(1));
        let least = parent.map_or(0, |parent| parent.saturating_add(1));
        let mut lines: Vec<&str> = Vec::new();
        while !self.lines.rest().is_empty() {
            let line = self.lines.line();
            let spaces = line.len().saturating_sub(line.trim_start_matches(' ').len());
            if line.trim_start_matches(' ').is_empty()
                && indent.is_none_or(|indent| spaces <= indent)
            {
                lines.push("");
            } else {
                let indent = *indent.get_or_insert(spaces.max(least));
                if spaces < indent || self.is_end() {
                    break;
                }
                lines.push(line.get(indent..).unwrap_or_default());
            }
            self.lines.skip(line.len().saturating_add(1));
        }
        let end =
            lines.iter().rposition(|line| !line.is_empty()).map_or(0, |at| at.saturating_add(1));
        let (text, blank) = lines.split_at(end.min(lines.len()));
        let mut out = if literal { text.join("\n") } else { fold_lines(text) };
        if !strip && !text.is_empty() {
            out.push('\n');
        }
        if keep {
            out.push_str(&"\n".repeat(blank.len()));
        }
        Ok(Value::from(out))
    }

    fn word(&mut self) -> String {
        let rest = self.lines.rest();
        let end = rest.find([' ', '\t', '\n', ',', '[', ']', '{', '}']).unwrap_or(rest.len());
        self.lines.skip(end);
        rest.get(..end).unwrap_or_default().to_owned()
    }

    /// Whether an item of a sequence begins here.
    fn is_item(&self) -> bool {
        let rest = self.lines.rest();
        let rest = rest.strip_prefix('-');
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\t']))
            && !self.is_mark("---")
    }

    /// Whether the line begins with a key.
    fn is_key(&self) -> bool {
        let line = self.lines.line();
        let Some(quote) = line.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return !line.starts_with(['[', '{', '#', '|', '>', '*', '&', '!'])
                && colon(line).is_some();
        };
        let mut rest = line.get(1..).unwrap_or_default().char_indices();
        while let Some((at, c)) = rest.next() {
            if c == '\\' && quote == '"' {
                rest.next();
            } else if c == quote {
                let after = line.get(at.saturating_add(2)..).unwrap_or_default();
                return colon(after.trim_start_matches([' ', '\t'])) == Some(0);
            }
        }
        false
    }

    fn is_end(&self) -> bool {
        self.is_mark("---") || self.is_mark("...")
    }

    fn is_mark(&self, mark: &str) -> bool {
        let rest = self.lines.rest().strip_prefix(mark);
        self.lines.column() == 0
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\t']))
    }

    fn wrong(&self, what: &str) -> String {
        let lines = self.lines.before().matches('\n').count().saturating_add(1);
        format!("yaml: line {lines}: {what}")
    }
}

/// Where the colon is that ends a key.
fn colon(line: &str) -> Option<usize> {
    let mut found = line.match_indices(':').map(|(at, _)| at);
    let colon = found.find(|at| {
        let after = line.as_bytes().get(at.saturating_add(1));
        after.is_none_or(|byte| matches!(byte, b' ' | b'\t'))
    })?;
    let comment = line.find(" #").unwrap_or(line.len());
    (colon < comment).then_some(colon)
}

/// One line end is a space, more are one less.
fn fold(out: &mut String, breaks: usize) {
    if breaks <= 1 {
        out.push(' ');
    } else {
        out.push_str(&"\n".repeat(breaks.saturating_sub(1)));
    }
}

/// Lines of a folded scalar: what is indented more, or empty, keeps its line ends.
fn fold_lines(lines: &[&str]) -> String {
    let mut out = String::new();
    let keeps = |line: &str| line.is_empty() || line.starts_with([' ', '\t']);
    let mut before: Option<&str> = None;
    for line in lines {
        if let Some(before) = before {
            let joins = !keeps(before) && !keeps(line);
            let after_blank = before.is_empty() && !keeps(line) && out.ends_with('\n');
            if joins {
                out.push(' ');
            } else if !after_blank {
                out.push('\n');
            }
        }
        out.push_str(line);
        before = Some(line);
    }
    out
}

/// A key as JSON has it.
fn named(key: &Value) -> Value {
    match key {
        Value::String(_) => key.clone(),
        other => Value::from(other.to_json()),
    }
}

/// Merged mappings give what the mapping itself does not.
fn merge(merged: Vec<Value>, pairs: Vec<(Value, Value)>) -> Value {
    let members = |value: &Value| {
        let members = value.as_object().map(|it| it.as_slice().to_vec());
        members.unwrap_or_default()
    };
    Value::object(merged.iter().flat_map(members).chain(pairs))
}
