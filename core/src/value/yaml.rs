//! YAML read into values, of built-in functions and of annotations: what the parser of the crate `saphyr-parser` tells, with the types that Go's
//! packages give to scalars. Of several documents the first counts.

mod scalar;

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::Exhausted;
use super::number::Number;
use super::{DEPTH, Value};

pub(crate) use self::scalar::{Scalar, resolve};

/// Whose rules a document is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// Of `sigs.k8s.io/yaml`, which makes JSON of it: `yes` is true, and keys are texts.
    Json,
    /// Of `yaml.v3`, which annotations are read with: `yes` is a text, and no key stands twice.
    Annotations,
}

impl Rules {
    /// How deep maps and lists nest. What annotations say stands within other values.
    fn depth(self) -> usize {
        match self {
            Self::Json => usize::try_from(DEPTH).unwrap_or(usize::MAX),
            Self::Annotations => 32,
        }
    }
}

/// Why a text is no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum YamlError {
    /// It is no YAML.
    #[error("yaml: line {line}: {what}")]
    Wrong {
        /// The line, from one.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// It is YAML, and JSON has no such value.
    #[error("json: {0}")]
    Json(&'static str),
    /// It is more than this engine takes.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
}

/// The value of a text: null if nothing stands in it.
///
/// # Errors
///
/// It is no YAML, has what JSON has not, or is too much.
pub(crate) fn parse(text: &str, rules: Rules) -> Result<Value, YamlError> {
    read(text, rules, false)
}

/// As [`parse`] by JSON's rules, and refuses decimals that a float does not hold: in documents they are money.
///
/// # Errors
///
/// As [`parse`], or such a decimal.
pub(crate) fn parse_exact(text: &str) -> Result<Value, YamlError> {
    read(text, Rules::Json, true)
}

fn read(text: &str, rules: Rules, exact: bool) -> Result<Value, YamlError> {
    admit(text)?;
    // The lines of annotations all end, and of others the crate wants the same.
    let torn = rules == Rules::Json && !text.is_empty() && !text.ends_with('\n');
    let text = if text.ends_with('\n') { Cow::from(text) } else { Cow::from(format!("{text}\n")) };
    let text = text.as_ref();
    let mut reader = Reader {
        rules,
        exact,
        source: Source { rules, chars: text.chars().collect(), torn, read: Vec::new() },
        frames: Vec::new(),
        anchors: BTreeMap::new(),
        made: 0,
        aliased: 0,
        unfit: None,
        value: None,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| reader.refused(&error))?;
        if matches!(event, Event::DocumentEnd | Event::StreamEnd) {
            reader.source.check_tabs(span.start.index())?;
            break;
        }
        reader.event(event, &span)?;
    }
    match (reader.unfit, reader.value) {
        (Some(what), _) => Err(YamlError::Json(what)),
        (None, value) => Ok(value.unwrap_or(Value::Null)),
    }
}

/// Whether a decimal became another number on its way.
fn is_rounded(text: &str, number: &Number) -> bool {
    let text = text.strip_prefix('+').unwrap_or(text);
    let whole = if text.starts_with('.') { format!("0{text}") } else { text.to_owned() };
    let whole = whole.replace("-.", "-0.");
    Number::parse(&whole).is_ok_and(|exact| exact != *number)
}

/// Refuses what Go refuses before it parses, and what YAML 1.1, which Go reads, takes for something else than YAML 1.2, which the crate reads.
fn admit(text: &str) -> Result<(), YamlError> {
    let mut line = 1;
    for c in text.chars() {
        match c {
            '\n' => line += 1,
            // Ends of lines there, and characters here.
            '\u{85}' | '\u{2028}' | '\u{2029}' => return Err(Exhausted::Unsupported.into()),
            '\t' | '\r' => {}
            '\0'..' ' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                return Err(wrong(line, "control characters are not allowed"));
            }
            _ => {}
        }
    }
    let said = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    match text.lines().find(said) {
        Some(line) if line.starts_with('%') && line.trim_end() != "%YAML 1.1" => {
            Err(Exhausted::Unsupported.into())
        }
        _ => Ok(()),
    }
}

fn wrong(line: usize, what: &str) -> YamlError {
    YamlError::Wrong { line, what: what.to_owned() }
}

/// So many values the aliases of a document may make in all: a few lines could stand for billions.
const VALUES: usize = 100_000;

/// What both parsers refuse, as the crate begins to tell it.
const SHARED: [&str; 18] = [
    "block sequence entries are not allowed",
    "did not find expected next token",
    "mapping keys are not allowed",
    "mapping values are not allowed",
    "simple key expect",
    "unexpected character",
    "unexpected eof",
    "while parsing a block",
    "while parsing a flow",
    "while parsing a node",
    "while parsing a quoted scalar",
    "while parsing a tag",
    "while parsing anchor",
    "while parsing node",
    "while scanning a block scalar",
    "while scanning a quoted scalar",
    "while scanning a tag",
    "while scanning an anchor",
];

/// The text, where it says what the parser does not.
struct Source {
    rules: Rules,
    chars: Vec<char>,
    /// Its last line did not end.
    torn: bool,
    /// From where to where scalars were read.
    read: Vec<(usize, usize)>,
}

impl Source {
    /// The text of a scalar as Go reads it.
    fn scalar<'t>(
        &mut self,
        text: &'t str,
        style: ScalarStyle,
        flow: bool,
        span: &Span,
    ) -> Result<&'t str, Exhausted> {
        let end = span.end.index();
        self.read.push((span.start.index(), end));
        match style {
            ScalarStyle::Plain => {
                // YAML 1.1 has other ends of plain scalars within brackets, and the newer package one less.
                let after = self.chars.get(end..).unwrap_or_default();
                let glued = matches!(after, [':', ',' | '[' | ']' | '{' | '}', ..]);
                let asks = self.rules == Rules::Json && text.contains('?');
                if glued || (flow && (asks || text.starts_with(':'))) {
                    return Err(Exhausted::Unsupported);
                }
                Ok(text)
            }
            ScalarStyle::Literal | ScalarStyle::Folded if self.torn && end >= self.chars.len() => {
                // A last line that does not end gives no end of a line, and one of spaces none that would be kept.
                let last = self.chars.rsplit(|c| *c == '\n').nth(1).unwrap_or_default();
                let blank = last.iter().all(|c| *c == ' ');
                let kept = text.ends_with("\n\n") || text == "\n";
                let shorter = text.strip_suffix('\n').filter(|_| !blank || kept);
                Ok(shorter.unwrap_or(text))
            }
            _ => Ok(text),
        }
    }

    /// Whether a bracket opens there, behind an anchor or a tag.
    fn is_bracket(&self, at: usize) -> bool {
        let mut rest = self.chars.get(at..).unwrap_or_default();
        while let Some('&' | '!') = rest.first() {
            let word = rest.iter().take_while(|c| !c.is_ascii_whitespace()).count();
            rest = rest.get(word..).unwrap_or_default();
            let space = rest.iter().take_while(|c| c.is_ascii_whitespace()).count();
            rest = rest.get(space..).unwrap_or_default();
        }
        matches!(rest.first(), Some('[' | '{'))
    }

    /// Refuses tabs between tokens: where they may stand is what the parsers differ in. Before a comment or a line's end they say nothing.
    fn check_tabs(&self, end: usize) -> Result<(), Exhausted> {
        let mut read = self.read.iter().peekable();
        let (mut begins, mut before, mut commented) = (true, '\n', false);
        let mut chars = self.chars.iter().enumerate().take(end).peekable();
        while let Some((at, c)) = chars.next() {
            while read.next_if(|(_, to)| *to <= at).is_some() {}
            let within = read.peek().is_some_and(|(from, _)| *from <= at);
            if *c == '\n' {
                (begins, commented) = (true, false);
            } else if *c == '\t' && !within && !commented {
                while chars.next_if(|(_, c)| matches!(c, ' ' | '\t')).is_some() {}
                let follows = chars.peek().map(|(_, c)| **c);
                if begins || !matches!(follows, None | Some('\n' | '\r' | '#')) {
                    return Err(Exhausted::Unsupported);
                }
                before = '\t';
                continue;
            } else if *c != ' ' {
                commented |= !within && *c == '#' && matches!(before, ' ' | '\t' | '\n');
                begins = false;
            }
            before = *c;
        }
        Ok(())
    }
}

struct Reader {
    rules: Rules,
    /// Whether what a float would round is refused.
    exact: bool,
    source: Source,
    /// Lists and maps that are open.
    frames: Vec<Frame>,
    /// Anchored values, and of how many values each is made; none while it is open.
    anchors: BTreeMap<usize, Option<(Value, usize)>>,
    /// How many values there are, with those of aliases, and how many of them are aliases'.
    made: usize,
    aliased: usize,
    /// What JSON has not.
    unfit: Option<&'static str>,
    /// The document's, once it is there.
    value: Option<Value>,
}

struct Frame {
    anchor: usize,
    /// It is in brackets, or in something that is.
    flow: bool,
    /// How many values there were before it.
    before: usize,
    items: Items,
}

enum Items {
    List(Vec<Value>),
    Map {
        pairs: Vec<(Value, Value)>,
        /// What the map itself does not have to have: of merged maps.
        merged: Vec<(Value, Value)>,
        key: Option<Key>,
    },
}

enum Key {
    Named(Value),
    Merge,
}

/// A value, and what it is as a key.
struct Node {
    value: Value,
    key: Result<Key, NoKey>,
}

/// Why a value is no key.
#[derive(Clone, Copy)]
enum NoKey {
    /// It is a list or a map.
    Wrong,
    /// JSON has no such key.
    Json,
    /// Go names it by 32 bits of it.
    Long,
}

type Done = Result<(), YamlError>;

impl Reader {
    /// Why the parser refused the text. Only what Go's parser refuses too is wrong: it is the older and takes more.
    fn refused(&self, error: &ScanError) -> YamlError {
        let (what, mark) = (error.info(), error.marker());
        if what.starts_with("recursion limit") {
            return Exhausted::Depth.into();
        }
        // Behind a document's end Go asks for one more token, and not whether it fits there. Tabs it skips where the crate does not.
        let done = self.frames.is_empty() && self.value.is_some();
        let done = done && what.starts_with("while parsing");
        let within = what.starts_with("invalid trailing content") && !self.frames.is_empty();
        let known = within || SHARED.iter().any(|shared| what.starts_with(shared));
        if done || !known || self.source.chars.contains(&'\t') {
            return Exhausted::Unsupported.into();
        }
        wrong(mark.line(), &format!("{what} at column {}", mark.col()))
    }

    fn event(&mut self, event: Event<'_>, span: &Span) -> Done {
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.made += 1;
                let flow = self.frames.last().is_some_and(|frame| frame.flow);
                let text = self.source.scalar(&text, style, flow, span)?;
                let node = self.scalar(text, style, tag.as_deref(), line)?;
                self.anchor(anchor, &node.value, 1);
                self.add(node, line)
            }
            Event::SequenceStart(anchor, _) => self.open(anchor, Items::List(Vec::new()), span),
            Event::MappingStart(anchor, _) => {
                let (pairs, merged) = (Vec::new(), Vec::new());
                self.open(anchor, Items::Map { pairs, merged, key: None }, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(line),
            Event::Alias(anchor) => self.alias(anchor, line),
            _ => Ok(()),
        }
    }

    fn open(&mut self, anchor: usize, items: Items, span: &Span) -> Done {
        if self.frames.len() >= self.rules.depth() {
            return Err(Exhausted::Depth.into());
        }
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        let flow = self.frames.last().is_some_and(|frame| frame.flow)
            || self.source.is_bracket(span.start.index());
        self.frames.push(Frame { anchor, flow, before: self.made, items });
        self.made += 1;
        Ok(())
    }

    fn close(&mut self, line: usize) -> Done {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let value = match frame.items {
            Items::List(items) => Value::array(items),
            Items::Map { pairs, merged, .. } => {
                if self.rules == Rules::Annotations && is_twice(&pairs) {
                    return Err(wrong(line, "key is there already"));
                }
                // Of equal keys the last counts.
                Value::object(merged.into_iter().chain(pairs))
            }
        };
        self.anchor(frame.anchor, &value, self.made.saturating_sub(frame.before));
        self.add(Node { value, key: Err(NoKey::Wrong) }, line)
    }

    fn anchor(&mut self, anchor: usize, value: &Value, made: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, Some((value.clone(), made)));
        }
    }

    fn alias(&mut self, anchor: usize, line: usize) -> Done {
        let (value, made) = match self.anchors.get(&anchor) {
            Some(Some(found)) => found.clone(),
            Some(None) => return Err(wrong(line, "anchor value contains itself")),
            None => return Err(wrong(line, "unknown anchor referenced")),
        };
        self.made = self.made.saturating_add(made).saturating_add(1);
        self.aliased = self.aliased.saturating_add(made);
        // As Go has it: of many values, nearly all are aliases'.
        let most = self.made.saturating_mul(99);
        if self.aliased > 100 && self.made > 1000 && self.aliased.saturating_mul(100) > most {
            return Err(wrong(line, "document contains excessive aliasing"));
        }
        let depth = usize::try_from(value.depth()).unwrap_or(usize::MAX);
        if self.aliased > VALUES {
            return Err(Exhausted::Memory.into());
        }
        if self.frames.len().saturating_add(depth) > self.rules.depth() {
            return Err(Exhausted::Depth.into());
        }
        let key = match &value {
            Value::Array(_) | Value::Object(_) => Err(NoKey::Wrong),
            other => self.named(other).map(Key::Named),
        };
        self.add(Node { value, key }, line)
    }

    /// Puts a value where it belongs.
    fn add(&mut self, node: Node, line: usize) -> Done {
        let (rules, Some(frame)) = (self.rules, self.frames.last_mut()) else {
            self.value = Some(node.value);
            return Ok(());
        };
        let (pairs, merged, key) = match &mut frame.items {
            Items::List(items) => {
                items.push(node.value);
                return Ok(());
            }
            Items::Map { pairs, merged, key } => (pairs, merged, key),
        };
        match key.take() {
            None => {
                *key = Some(match node.key {
                    Ok(key) => key,
                    Err(NoKey::Wrong) => return Err(wrong(line, "invalid map key")),
                    Err(NoKey::Long) => return Err(Exhausted::Unsupported.into()),
                    Err(NoKey::Json) => {
                        self.unfit = self.unfit.or(Some("unsupported map key"));
                        Key::Named(Value::Null)
                    }
                });
            }
            Some(Key::Merge) => {
                let found = merge(&node.value).ok_or_else(|| {
                    wrong(line, "map merge requires map or sequence of maps as the value")
                })?;
                // In the older package what is merged comes in its turn, and replaces what stands before it.
                if rules == Rules::Json { pairs.extend(found) } else { merged.extend(found) }
            }
            Some(Key::Named(key)) => {
                pairs.push((key, node.value));
            }
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        line: usize,
    ) -> Result<Node, YamlError> {
        let tag = tag.map(|tag| format!("{}{}", tag.handle, tag.suffix));
        let tag = tag.as_deref().map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag));
        let plain = style == ScalarStyle::Plain;
        let named = |value: Value| Node { key: Ok(Key::Named(value.clone())), value };
        let found = match tag {
            None if plain && text == "<<" => {
                return Ok(Node { value: Value::from(text), key: Ok(Key::Merge) });
            }
            None if plain => resolve(text, self.rules)?,
            None | Some("str") => Scalar::Text,
            // What these two mean to Go is not what they mean here.
            Some("binary" | "!" | "merge" | "timestamp") => {
                return Err(Exhausted::Unsupported.into());
            }
            Some(kind @ ("bool" | "int" | "float" | "null")) => {
                let found = resolve(text, self.rules)?;
                let fits = match found {
                    Scalar::Null => kind == "null",
                    Scalar::Bool(_) => kind == "bool",
                    Scalar::Int(_) => kind == "int" || kind == "float",
                    Scalar::Large(_) => kind == "int",
                    Scalar::Float(_) => kind == "float",
                    Scalar::Text => false,
                };
                if !fits {
                    return Err(wrong(line, &format!("cannot decode `{text}` as a !!{kind}")));
                }
                found
            }
            Some(_) => Scalar::Text,
        };
        let value = match found {
            Scalar::Text => return Ok(named(Value::from(text))),
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Int(int) => Value::int(int),
            Scalar::Large(int) => Value::Number(Number::from(int)),
            Scalar::Float(float) => match scalar::json(float) {
                Some(number) if self.exact && is_rounded(text, &number) => {
                    let why = format!(
                        "`{text}` is no number that YAML holds exactly: write it in JSON, or in quotes"
                    );
                    return Err(wrong(line, &why));
                }
                Some(number) => Value::Number(number),
                None => {
                    self.unfit = self.unfit.or(Some("unsupported value"));
                    Value::Null
                }
            },
        };
        if self.rules == Rules::Annotations {
            return Ok(named(value));
        }
        let key = match found {
            Scalar::Null | Scalar::Large(_) => Err(NoKey::Json),
            Scalar::Float(float) => match scalar::short(float) {
                Some(name) => Ok(Key::Named(Value::from(name))),
                None => Err(NoKey::Long),
            },
            _ => self.named(&value).map(Key::Named),
        };
        Ok(Node { value, key })
    }

    /// A key as JSON has it.
    fn named(&self, key: &Value) -> Result<Value, NoKey> {
        match (self.rules, key) {
            (Rules::Annotations, _) | (_, Value::String(_)) => Ok(key.clone()),
            (_, Value::Null) => Err(NoKey::Json),
            (_, other) => Ok(Value::from(other.to_json())),
        }
    }
}

/// Whether a key stands twice.
fn is_twice(pairs: &[(Value, Value)]) -> bool {
    let mut keys: Vec<&Value> = pairs.iter().map(|(key, _)| key).collect();
    keys.sort();
    keys.windows(2).any(|pair| pair.first() == pair.last())
}

/// The pairs of a map, or of the maps of a list, of which the first counts.
fn merge(value: &Value) -> Option<Vec<(Value, Value)>> {
    match value {
        Value::Object(pairs) => Some(pairs.as_slice().to_vec()),
        Value::Array(all) => {
            let mut pairs = Vec::new();
            for one in all.iter().rev() {
                pairs.extend(one.as_object()?.as_slice().iter().cloned());
            }
            Some(pairs)
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "yaml_tests.rs"]
mod tests;
