//! The part of YAML that annotations are written in: block maps and lists, flow maps and lists, plain, quoted and block texts. Anchors, tags and several documents are refused.

use super::number::Number;
use super::value::Value;

/// How deep maps and lists nest.
const DEPTH: usize = 32;

/// A text that is no YAML of this part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("yaml: line {line}: {what}")]
pub(super) struct YamlError {
    /// The line, from one.
    pub(super) line: usize,
    what: &'static str,
}

/// The value of a text: null if nothing stands in it.
pub(super) fn parse(text: &str) -> Result<Value, YamlError> {
    let lines = text.lines().enumerate().map(|(at, text)| {
        let body = text.trim_start_matches(' ');
        Line { number: at + 1, indent: text.len() - body.len(), body: body.to_owned() }
    });
    let mut reader = Reader { lines: lines.collect(), at: 0 };
    reader.skip();
    let Some(indent) = reader.peek().map(|line| line.indent) else { return Ok(Value::Null) };
    let value = reader.block(indent, 0)?;
    reader.skip();
    match reader.peek() {
        Some(line) => Err(YamlError { line: line.number, what: "unexpected indentation" }),
        None => Ok(value),
    }
}

#[derive(Clone)]
struct Line {
    number: usize,
    indent: usize,
    body: String,
}

struct Reader {
    lines: Vec<Line>,
    at: usize,
}

impl Reader {
    fn block(&mut self, indent: usize, depth: usize) -> Result<Value, YamlError> {
        let Some(line) = self.peek().cloned() else { return Ok(Value::Null) };
        if depth > DEPTH {
            return Err(YamlError { line: line.number, what: "nests too deep" });
        }
        if line.body == "-" || line.body.starts_with("- ") {
            return self.list(indent, depth);
        }
        if split_key(&line.body).is_some() {
            return self.map(indent, depth);
        }
        // A text over several lines, or a flow collection over several.
        let mut text = String::new();
        while let Some(next) = self.peek() {
            if next.indent < indent {
                break;
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(uncommented(&next.body));
            self.advance();
        }
        scalar(&text, line.number)
    }

    fn list(&mut self, indent: usize, depth: usize) -> Result<Value, YamlError> {
        let mut items = Vec::new();
        while let Some(line) = self.peek().cloned() {
            let Some(rest) = line.body.strip_prefix('-').filter(|_| line.indent == indent) else {
                break;
            };
            if !rest.is_empty() && !rest.starts_with(' ') {
                break;
            }
            let rest = rest.trim_start();
            if uncommented(rest).is_empty() {
                self.advance();
                items.push(self.nested(indent, depth)?);
                continue;
            }
            // What follows the dash is a block of its own, as far in as it stands.
            let inner = indent + line.body.len() - rest.len();
            if let Some(place) = self.lines.get_mut(self.at) {
                *place = Line { number: line.number, indent: inner, body: rest.to_owned() };
            }
            items.push(self.inline(inner, indent, depth)?);
        }
        Ok(Value::array(items))
    }

    /// An item that starts on its dash's line.
    fn inline(&mut self, inner: usize, indent: usize, depth: usize) -> Result<Value, YamlError> {
        let Some(line) = self.peek().cloned() else { return Ok(Value::Null) };
        let block = line.body.starts_with("- ") || split_key(&line.body).is_some();
        if block {
            return self.block(inner, depth + 1);
        }
        self.advance();
        self.value(&line.body, line.number, indent)
    }

    fn map(&mut self, indent: usize, depth: usize) -> Result<Value, YamlError> {
        let mut pairs: Vec<(Value, Value)> = Vec::new();
        while let Some(line) = self.peek().cloned() {
            if line.indent != indent {
                break;
            }
            let Some((key, rest)) = split_key(&line.body) else { break };
            let key = scalar(key, line.number)?;
            if pairs.iter().any(|(other, _)| *other == key) {
                return Err(YamlError { line: line.number, what: "key is there already" });
            }
            self.advance();
            let rest = rest.trim();
            let value = if uncommented(rest).is_empty() {
                // A list may stand as far out as its key.
                let listed = self.next_indent().is_some_and(|(next, list)| next == indent && list);
                if listed { self.list(indent, depth + 1)? } else { self.nested(indent, depth)? }
            } else {
                self.value(rest, line.number, indent)?
            };
            pairs.push((key, value));
        }
        Ok(Value::object(pairs))
    }

    /// What stands further in than a line that said nothing.
    fn nested(&mut self, indent: usize, depth: usize) -> Result<Value, YamlError> {
        match self.next_indent() {
            Some((next, _)) if next > indent => self.block(next, depth + 1),
            _ => Ok(Value::Null),
        }
    }

    /// What stands after a key or a dash, which may go on in lines further in.
    fn value(&mut self, first: &str, line: usize, indent: usize) -> Result<Value, YamlError> {
        if let Some(style) = first.strip_prefix(['|', '>']) {
            return self.literal(first.starts_with('>'), style, line, indent);
        }
        let mut text = uncommented(first).to_owned();
        while let Some(next) = self.lines.get(self.at) {
            if next.body.is_empty() || next.indent <= indent {
                break;
            }
            text.push(' ');
            text.push_str(uncommented(&next.body));
            self.at += 1;
        }
        scalar(&text, line)
    }

    /// A text in lines of its own after `|` or `>`.
    fn literal(
        &mut self,
        folded: bool,
        style: &str,
        line: usize,
        indent: usize,
    ) -> Result<Value, YamlError> {
        let keep = match uncommented(style) {
            "" => 1,
            "-" => 0,
            "+" => 2,
            _ => return Err(YamlError { line, what: "unsupported block style" }),
        };
        let rest = self.lines.get(self.at..).unwrap_or_default();
        let inner = rest.iter().find(|line| !line.body.is_empty()).map_or(0, |line| line.indent);
        let mut texts: Vec<String> = Vec::new();
        while let Some(next) = self.lines.get(self.at) {
            if !next.body.is_empty() && (next.indent <= indent || next.indent < inner) {
                break;
            }
            let spaces = next.indent.saturating_sub(inner);
            texts.push(format!("{}{}", " ".repeat(spaces), next.body));
            self.at += 1;
        }
        let kept = texts.iter().rposition(|text| !text.trim().is_empty()).map_or(0, |at| at + 1);
        let blank = texts.len() - kept;
        texts.truncate(kept);
        let mut text = if folded { fold(&texts) } else { texts.join("\n") };
        if keep > 0 && kept > 0 {
            text.push('\n');
        }
        if keep == 2 {
            text.push_str(&"\n".repeat(blank));
        }
        Ok(Value::from(text))
    }

    /// Skips lines that say nothing.
    fn skip(&mut self) {
        while self.lines.get(self.at).is_some_and(|line| uncommented(&line.body).is_empty()) {
            self.at += 1;
        }
    }

    fn next_indent(&mut self) -> Option<(usize, bool)> {
        self.skip();
        self.peek().map(|line| (line.indent, line.body == "-" || line.body.starts_with("- ")))
    }

    fn peek(&self) -> Option<&Line> {
        self.lines.get(self.at)
    }

    fn advance(&mut self) {
        self.at += 1;
        self.skip();
    }
}

/// Lines as one: a line's end is a space, an empty line is a line's end.
fn fold(texts: &[String]) -> String {
    let mut text = String::new();
    let mut gap = true;
    for line in texts {
        if line.is_empty() {
            text.push('\n');
            gap = true;
            continue;
        }
        if !gap {
            text.push(' ');
        }
        text.push_str(line);
        gap = false;
    }
    text
}

/// Key and rest of `key: rest`.
fn split_key(body: &str) -> Option<(&str, &str)> {
    let quote = body.chars().next().filter(|c| matches!(c, '"' | '\''));
    let from = match quote {
        Some(quote) => body.get(1..)?.find(quote)? + 2,
        None if body.starts_with(['{', '[', '#', '|', '>', '&', '*', '!', '%', '@', '`']) => {
            return None;
        }
        None => 0,
    };
    let rest = body.get(from..)?;
    let at = rest.match_indices(':').map(|(at, _)| at).find(|at| {
        rest.get(at + 1..).is_some_and(|after| after.is_empty() || after.starts_with(' '))
    })?;
    if quote.is_some() && at != 0 {
        return None;
    }
    Some((body.get(..from + at)?.trim_end(), rest.get(at + 1..)?))
}

/// Without the comment at its end.
fn uncommented(body: &str) -> &str {
    if body.starts_with(['"', '\'']) {
        return body.trim_end();
    }
    if body.starts_with('#') {
        return "";
    }
    body.find(" #").map_or(body, |at| body.get(..at).unwrap_or(body)).trim_end()
}

/// A text on one line: quoted, a flow collection, a number, a word, or plain.
fn scalar(text: &str, line: usize) -> Result<Value, YamlError> {
    let mut flow = Flow { text: text.trim(), at: 0, line };
    if flow.text.starts_with(['{', '[', '"', '\'']) {
        let value = flow.value(0)?;
        flow.space();
        if flow.at < flow.text.len() && !flow.rest().starts_with('#') {
            return Err(flow.refuse("unexpected text after a value"));
        }
        return Ok(value);
    }
    if flow.text.starts_with(['&', '*', '!', '%', '@', '`']) {
        return Err(flow.refuse("anchors, tags and directives are not supported"));
    }
    Ok(plain(flow.text))
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => Number::parse(text).map_or_else(|_| Value::from(text), Value::Number),
    }
}

struct Flow<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Flow<'a> {
    fn value(&mut self, depth: usize) -> Result<Value, YamlError> {
        if depth > DEPTH {
            return Err(self.refuse("nests too deep"));
        }
        self.space();
        if self.take('[') {
            let mut items = Vec::new();
            loop {
                self.space();
                if self.take(']') {
                    return Ok(Value::array(items));
                }
                items.push(self.value(depth + 1)?);
                self.space();
                if !self.take(',') && !self.rest().starts_with(']') {
                    return Err(self.refuse("expected `,` or `]`"));
                }
            }
        }
        if self.take('{') {
            let mut pairs = Vec::new();
            loop {
                self.space();
                if self.take('}') {
                    return Ok(Value::object(pairs));
                }
                let key = self.value(depth + 1)?;
                self.space();
                if !self.take(':') {
                    return Err(self.refuse("expected `:`"));
                }
                pairs.push((key, self.value(depth + 1)?));
                self.space();
                if !self.take(',') && !self.rest().starts_with('}') {
                    return Err(self.refuse("expected `,` or `}`"));
                }
            }
        }
        if self.take('\'') {
            return self.single();
        }
        if self.rest().starts_with('"') {
            return self.double();
        }
        let rest = self.rest();
        let end = rest.find([',', ']', '}', ':']).unwrap_or(rest.len());
        let text = rest.get(..end).unwrap_or_default();
        self.at += end;
        Ok(plain(text.trim()))
    }

    fn single(&mut self) -> Result<Value, YamlError> {
        let mut out = String::new();
        loop {
            let end = self.rest().find('\'').ok_or_else(|| self.refuse("unterminated text"))?;
            out.push_str(self.rest().get(..end).unwrap_or_default());
            self.at += end + 1;
            if !self.take('\'') {
                return Ok(Value::from(out));
            }
            out.push('\'');
        }
    }

    /// A text in double quotes has JSON's escapes.
    fn double(&mut self) -> Result<Value, YamlError> {
        let rest = self.rest();
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        });
        let (end, _) = end.ok_or_else(|| self.refuse("unterminated text"))?;
        let value = Value::from_json(rest.get(..=end).unwrap_or_default());
        self.at += end + 1;
        value.map_err(|_| self.refuse("illegal escape in a text"))
    }

    fn take(&mut self, wanted: char) -> bool {
        let is = self.rest().starts_with(wanted);
        self.at += if is { wanted.len_utf8() } else { 0 };
        is
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    const fn refuse(&self, what: &'static str) -> YamlError {
        YamlError { line: self.line, what }
    }
}
