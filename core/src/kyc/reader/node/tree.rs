//! The tree, built from what the parser tells.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::scalar;
use super::{
    DEPTH_MAX, ERRORS_MAX, Field, KEY_MAX, Mark, NODES_MAX, Node, NodeKind, TEXT_MAX, is_refused,
    join,
};
use crate::kyc::chart::ChartError;
use crate::value::Value;

/// Reads one document.
pub(super) fn parse(text: &str) -> Result<Node, Vec<ChartError>> {
    let mut builder = Builder::default();
    match builder.read(text) {
        Err(error) => {
            builder.errors.push(error);
            Err(builder.errors)
        }
        Ok(_) if !builder.errors.is_empty() => Err(builder.errors),
        Ok(node) => Ok(node),
    }
}

/// Refuses what is too long and what no text has.
fn admit(text: &str) -> Result<(), ChartError> {
    let mut mark = Mark { row: 1, column: 1 };
    if text.len() > TEXT_MAX {
        return Err(wrong(
            mark,
            String::new(),
            format!("the text is longer than {TEXT_MAX} bytes"),
        ));
    }
    for c in text.chars() {
        match c {
            '\n' => mark = Mark { row: mark.row.saturating_add(1), column: 0 },
            c if is_refused(c) => {
                let what =
                    "a control character stands here: write it as `\\u` with its four digits";
                return Err(wrong(mark, String::new(), what.to_owned()));
            }
            _ => {}
        }
        mark.column = mark.column.saturating_add(1);
    }
    Ok(())
}

/// The text with characters where JSON has pairs of surrogates, which YAML does not know: what was told in two halves is told whole. With it,
/// where these characters stand now.
fn whole(text: &str) -> (Cow<'_, str>, Vec<Mark>) {
    let has_half = |text: &str| {
        text.match_indices("\\u").any(|(at, _)| high(text.get(at..).unwrap_or_default()).is_some())
    };
    // In YAML's other texts it would be no escape.
    if !has_half(text) || Value::from_json(text).is_err() {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut out = String::with_capacity(text.len());
    let (mut marks, mut mark) = (Vec::new(), Mark { row: 1, column: 1 });
    let mut put = |part: &str| {
        for c in part.chars() {
            mark = match c {
                '\n' => Mark { row: mark.row.saturating_add(1), column: 1 },
                _ => Mark { column: mark.column.saturating_add(1), ..mark },
            };
        }
        out.push_str(part);
        mark
    };
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let here = put(before);
        let pair = high(escape).zip(escape.get(6..).and_then(|next| code(next, 0xDC00)));
        let point = pair.map(|(high, low)| 0x10000 + (high << 10) + low).and_then(char::from_u32);
        let length = if let Some(point) = point {
            marks.push(here);
            put(point.encode_utf8(&mut [0; 4]));
            PAIR
        } else {
            // A backslash and what it escapes, which may be a backslash.
            let length = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
            put(escape.get(..length).unwrap_or_default());
            length
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    put(rest);
    (Cow::Owned(out), marks)
}

/// How long a pair of escapes is.
const PAIR: usize = 12;

fn high(escape: &str) -> Option<u32> {
    code(escape, 0xD800)
}

/// How far a `\uXXXX` is behind the first of a block of 1,024.
fn code(escape: &str, first: u32) -> Option<u32> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    let code = u32::from_str_radix(digits, 16).ok()?.checked_sub(first)?;
    (code < 0x400).then_some(code)
}

fn wrong(mark: Mark, path: String, message: String) -> ChartError {
    ChartError { place: mark.place(path), message }
}

/// What an alias stands for.
struct Anchored {
    node: Node,
    /// Of how many values it is made.
    size: usize,
    depth: usize,
}

#[derive(Default)]
struct Builder {
    /// Where one character stands for a pair of escapes, in the order of the text.
    pairs: Vec<Mark>,
    /// Lists and maps that are open.
    frames: Vec<Frame>,
    /// None while it is open.
    anchors: BTreeMap<usize, Option<Anchored>>,
    /// How many values there are, with all copies.
    made: usize,
    document: Option<Node>,
    errors: Vec<ChartError>,
}

struct Frame {
    anchor: usize,
    mark: Mark,
    /// How many values there were before it.
    before: usize,
    /// How deep what stands in it nests.
    inner: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map { fields: Vec<Field>, seen: BTreeMap<Arc<str>, Mark>, key: Option<(Arc<str>, Mark)> },
}

type Done = Result<(), ChartError>;

impl Builder {
    fn read(&mut self, text: &str) -> Result<Node, ChartError> {
        admit(text)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (mut text, pairs) = whole(text);
        self.pairs = pairs;
        // The crate wants a last line that ends.
        if !text.ends_with('\n') {
            text = Cow::Owned(format!("{text}\n"));
        }
        let mut parser = Parser::new_from_str(&text);
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| {
                let what = format!("this is neither JSON nor YAML: {}", error.info());
                self.wrong(self.mark_of(error.marker()), what)
            })?;
            self.event(event, &span)?;
        }
        let start = Mark { row: 1, column: 1 };
        let none = || wrong(start, String::new(), "nothing is written here".to_owned());
        self.document.take().ok_or_else(none)
    }

    fn event(&mut self, event: Event<'_>, span: &Span) -> Done {
        let mark = self.mark_of(&span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), mark)
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(anchor, tag.as_deref(), "seq", Items::List(Vec::new()), mark)
            }
            Event::MappingStart(anchor, tag) => {
                let (fields, seen) = (Vec::new(), BTreeMap::new());
                self.open(
                    anchor,
                    tag.as_deref(),
                    "map",
                    Items::Map { fields, seen, key: None },
                    mark,
                )
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, mark),
            Event::DocumentStart(_) if self.document.is_some() => {
                Err(self.wrong(mark, "a second document begins here: write one in a text"))
            }
            _ => Ok(()),
        }
    }

    /// A place in the text as it was written.
    fn mark_of(&self, marker: &Marker) -> Mark {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mark =
            Mark { row: number(marker.line()), column: number(marker.col()).saturating_add(1) };
        let before = |row: u32, column: u32| {
            self.pairs.partition_point(|pair| (pair.row, pair.column) < (row, column))
        };
        let pairs = before(mark.row, mark.column).saturating_sub(before(mark.row, 0));
        let shorter = number(pairs.saturating_mul(PAIR - 1));
        Mark { column: mark.column.saturating_add(shorter), ..mark }
    }

    /// An error where the reading stands.
    fn wrong(&self, mark: Mark, what: impl Into<String>) -> ChartError {
        let steps = self.frames.iter().filter_map(|frame| match &frame.items {
            Items::List(items) => Some(Cow::Owned(items.len().to_string())),
            Items::Map { key, .. } => key.as_ref().map(|(key, _)| Cow::Borrowed(key.as_ref())),
        });
        wrong(mark, join(steps.collect::<Vec<_>>().into_iter()), what.into())
    }

    fn count(&mut self, values: usize, mark: Mark) -> Done {
        self.made = self.made.saturating_add(values);
        if self.made > NODES_MAX {
            let what = format!(
                "there are more than {NODES_MAX} values, with those that aliases stand for"
            );
            return Err(self.wrong(mark, what));
        }
        Ok(())
    }

    /// Whether the next value of the innermost map is a key.
    fn awaits_key(&self) -> bool {
        let items = self.frames.last().map(|frame| &frame.items);
        matches!(items, Some(Items::Map { key: None, .. }))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        mark: Mark,
    ) -> Done {
        self.count(1, mark)?;
        if self.awaits_key() {
            return self.key(text, style, mark);
        }
        let kind = scalar::resolve(text, style, tag).map_err(|what| self.wrong(mark, what))?;
        let node = Node { mark, kind };
        self.anchor(anchor, &node, 1, 0)?;
        self.add(node, 0);
        Ok(())
    }

    /// A key is the text that is written there, whatever it would be as a value: `404` is `"404"`.
    fn key(&mut self, text: &str, style: ScalarStyle, mark: Mark) -> Done {
        let missing = style == ScalarStyle::Plain && (text.is_empty() || text == "~");
        if missing {
            return Err(self.wrong(mark, "a key is missing before `:`"));
        }
        if text.chars().nth(KEY_MAX).is_some() {
            return Err(self.wrong(mark, format!("a key is longer than {KEY_MAX} characters")));
        }
        if let Some(Frame { items: Items::Map { key, .. }, .. }) = self.frames.last_mut() {
            *key = Some((Arc::from(text), mark));
        }
        Ok(())
    }

    fn open(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        kind: &str,
        items: Items,
        mark: Mark,
    ) -> Done {
        self.count(1, mark)?;
        if self.awaits_key() {
            return Err(self.wrong(mark, "a list or an object is no key: write a text"));
        }
        if tag.is_some_and(|tag| tag.suffix != kind && !tag.suffix.is_empty()) {
            return Err(self.wrong(mark, "a tag stands here that is not read"));
        }
        if self.frames.len() >= DEPTH_MAX {
            return Err(self.wrong(mark, format!("this nests deeper than {DEPTH_MAX}")));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        self.frames.push(Frame { anchor, mark, before: self.made, inner: 0, items });
        Ok(())
    }

    fn close(&mut self) -> Done {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let kind = match frame.items {
            Items::List(items) => NodeKind::List(items),
            Items::Map { fields, .. } => NodeKind::Map(fields),
        };
        let node = Node { mark: frame.mark, kind };
        let (size, depth) = (self.made.saturating_sub(frame.before) + 1, frame.inner + 1);
        self.anchor(frame.anchor, &node, size, depth)?;
        self.add(node, depth);
        Ok(())
    }

    /// Keeps what aliases may stand for. The copy counts, so that anchors in anchors cost no more than what stands there.
    fn anchor(&mut self, anchor: usize, node: &Node, size: usize, depth: usize) -> Done {
        if anchor > 0 {
            self.count(size, node.mark)?;
            self.anchors.insert(anchor, Some(Anchored { node: node.clone(), size, depth }));
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, mark: Mark) -> Done {
        if self.awaits_key() {
            return Err(self.wrong(mark, "an alias is no key: write a text"));
        }
        let Some(Some(found)) = self.anchors.get(&anchor) else {
            return Err(self.wrong(mark, "this alias stands within what it stands for"));
        };
        let (size, depth) = (found.size, found.depth);
        if self.frames.len() + depth > DEPTH_MAX {
            return Err(self.wrong(mark, format!("this nests deeper than {DEPTH_MAX}")));
        }
        self.count(size, mark)?;
        if let Some(Some(found)) = self.anchors.get(&anchor) {
            let node = found.node.clone();
            self.add(node, depth);
        }
        Ok(())
    }

    /// Puts a value where it belongs.
    fn add(&mut self, node: Node, depth: usize) {
        let Some(frame) = self.frames.last_mut() else {
            self.document = Some(node);
            return;
        };
        frame.inner = frame.inner.max(depth);
        let (fields, seen, key) = match &mut frame.items {
            Items::List(items) => return items.push(node),
            Items::Map { fields, seen, key } => (fields, seen, key),
        };
        let Some((name, mark)) = key.take() else { return };
        let Some(first) = seen.get(&name).copied() else {
            seen.insert(Arc::clone(&name), mark);
            fields.push(Field { key: name, mark, value: node });
            return;
        };
        let shown: String = name.chars().take(64).collect();
        let what = format!(
            "`{shown}` stands here twice, first in row {}, column {}: keep one of them",
            first.row, first.column
        );
        *key = Some((name, mark));
        let error = self.wrong(mark, what);
        if let Some(Frame { items: Items::Map { key, .. }, .. }) = self.frames.last_mut() {
            *key = None;
        }
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(error);
        }
    }
}
