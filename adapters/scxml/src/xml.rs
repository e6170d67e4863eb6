//! Elements with their places, and elements as texts.

use std::collections::BTreeMap;

use roxmltree::{Document, Node, ParsingOptions};
use thalium::kyc::chart::{ChartError, Place};

use crate::bounds;

/// SCXML's namespace.
pub(crate) const SCXML: &str = "http://www.w3.org/2005/07/scxml";
/// The namespace of what a chart has and SCXML has not.
pub(crate) const OWN: &str = "urn:thalium:chart:1";
/// How many errors are told.
const ERRORS: usize = 100;

/// An element, and where it stands.
#[derive(Clone)]
pub(crate) struct Element<'a, 'i> {
    pub(crate) node: Node<'a, 'i>,
    pub(crate) place: Place,
}

impl<'a> Element<'a, '_> {
    /// Its name without a prefix.
    pub(crate) fn name(&self) -> &'a str {
        self.node.tag_name().name()
    }

    /// An attribute of SCXML.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        attribute(self.node, None, name)
    }

    /// An attribute of our own.
    pub(crate) fn own(&self, name: &str) -> Option<&'a str> {
        attribute(self.node, Some(OWN), name)
    }

    /// Where an attribute stands: with its element.
    pub(crate) fn at(&self, attribute: &str) -> Place {
        Place { path: format!("{}/@{attribute}", self.place.path), ..self.place.clone() }
    }

    /// Its text, without that of its children.
    pub(crate) fn text(&self) -> String {
        self.node.children().filter(Node::is_text).filter_map(|node| node.text()).collect()
    }

    /// Whether it has children that are elements.
    pub(crate) fn has_elements(&self) -> bool {
        self.node.children().any(|node| node.is_element())
    }
}

fn attribute<'a>(node: Node<'a, '_>, space: Option<&str>, name: &str) -> Option<&'a str> {
    node.attributes()
        .find(|held| held.namespace() == space && held.name() == name)
        .map(|held| held.value())
}

/// Parses a text within the [`bounds`].
pub(crate) fn parse(text: &str) -> Result<Document<'_>, ChartError> {
    if let Some((at, message)) = bounds::exceeded(text) {
        let (row, column) = position(text, at);
        return Err(ChartError { place: Place { path: "/".to_owned(), row, column }, message });
    }
    let options = ParsingOptions { nodes_limit: bounds::NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        let message = match error {
            roxmltree::Error::DtdDetected => {
                "a document type is not read: remove the `<!DOCTYPE`".to_owned()
            }
            roxmltree::Error::NodesLimitReached => {
                format!("there are more than {} nodes: split the document", bounds::NODES)
            }
            _ => format!("this is no XML: {error}"),
        };
        ChartError { place: Place { path: "/".to_owned(), row: at.row, column: at.col }, message }
    })
}

fn position(text: &str, at: usize) -> (u32, u32) {
    let mut reader = Reader::new(text);
    reader.go_to(at);
    (reader.row, reader.column)
}

/// What goes along while a document is read: where it is, and what was wrong so far.
pub(crate) struct Reader<'i> {
    text: &'i str,
    at: usize,
    row: u32,
    column: u32,
    /// How many bytes of XML are held as texts so far: what they declare can be longer than the document.
    pub(crate) held: usize,
    pub(crate) errors: Vec<ChartError>,
}

impl<'i> Reader<'i> {
    pub(crate) const fn new(text: &'i str) -> Self {
        Self { text, at: 0, row: 1, column: 1, held: 0, errors: Vec::new() }
    }

    /// Tells an error; what is beyond a hundred is not told.
    pub(crate) fn error(&mut self, place: &Place, message: impl Into<String>) {
        if self.errors.len() < ERRORS {
            self.errors.push(ChartError { place: place.clone(), message: message.into() });
        }
    }

    // A document is walked in its order, so that all its characters are counted once.
    fn go_to(&mut self, at: usize) {
        if at < self.at {
            (self.at, self.row, self.column) = (0, 1, 1);
        }
        for char in self.text.get(self.at..at).unwrap_or("").chars() {
            if char == '\n' {
                self.row = self.row.saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.at = at;
    }

    /// An element with its place.
    pub(crate) fn element<'a>(&mut self, node: Node<'a, 'i>, path: String) -> Element<'a, 'i> {
        self.go_to(node.range().start);
        Element { node, place: Place { path, row: self.row, column: self.column } }
    }

    /// The children of an element that are SCXML's. Others are passed over, and are an error where things are done.
    pub(crate) fn children<'a>(
        &mut self,
        parent: &Element<'a, 'i>,
        executable: bool,
    ) -> Vec<Element<'a, 'i>> {
        let mut counts = BTreeMap::<&str, usize>::new();
        let mut children = Vec::new();
        for node in parent.node.children() {
            if node.is_text() && !node.text().unwrap_or("").trim().is_empty() {
                let message = format!("text in `<{}>` means nothing: remove it", parent.name());
                self.error(&parent.place, message);
            }
            if !node.is_element() {
                continue;
            }
            let name = node.tag_name();
            let path = |count: usize| format!("{}/{}[{count}]", parent.place.path, name.name());
            if name.namespace() == Some(SCXML) {
                let count = counts.entry(name.name()).or_default();
                *count += 1;
                let path = path(*count);
                children.push(self.element(node, path));
            } else if executable {
                let place = self.element(node, path(1)).place;
                let message = format!(
                    "`<{}>` of the namespace `{}` is executable content that is not SCXML's and cannot be run: use `<send>` to ask the host",
                    name.name(),
                    name.namespace().unwrap_or(""),
                );
                self.error(&place, message);
            }
        }
        children
    }

    /// Tells of every attribute of SCXML that an element has and may not have.
    pub(crate) fn allow(&mut self, element: &Element<'_, '_>, names: &[&str]) {
        for attribute in element.node.attributes() {
            let known = match attribute.namespace() {
                None => names.contains(&attribute.name()),
                Some(space) => space != SCXML,
            };
            if !known {
                let allowed = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                let message = format!(
                    "`{}` is no attribute of `<{}>`, which may have: {allowed}",
                    attribute.name(),
                    element.name()
                );
                self.error(&element.at(attribute.name()), message);
            }
        }
    }

    /// Tells that an element may not stand where it stands.
    pub(crate) fn misplaced(&mut self, element: &Element<'_, '_>, parent: &str) {
        let message = format!(
            "`<{}>` is nothing that SCXML lets stand in `<{parent}>`: remove it",
            element.name()
        );
        self.error(&element.place, message);
    }

    /// Tells of an element that may have no children and has some.
    pub(crate) fn empty(&mut self, element: &Element<'_, '_>) {
        if element.has_elements() || !element.text().trim().is_empty() {
            let message =
                format!("`<{}>` may hold nothing: remove what stands in it", element.name());
            self.error(&element.place, message);
        }
    }
}

/// A text with its white space normalised, as SCXML says: none at the ends, and one blank for any between.
pub(crate) fn normalise(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands in an element, as a text of XML that stands for itself: it declares every namespace of its names. None if it has more than `room` bytes.
pub(crate) fn inner(element: Node<'_, '_>, room: usize) -> Option<String> {
    let mut writer = Inner { text: String::new(), scope: Vec::new(), room };
    for node in element.children() {
        writer.node(node);
    }
    (writer.text.len() <= room).then(|| writer.text.trim().to_owned())
}

struct Inner<'a> {
    text: String,
    // What is declared so far, the innermost last.
    scope: Vec<(Option<&'a str>, &'a str)>,
    room: usize,
}

impl<'a> Inner<'a> {
    // It recurs as deep as the document nests, which is bounded.
    fn node(&mut self, node: Node<'a, '_>) {
        if node.is_text() {
            escape(node.text().unwrap_or(""), false, &mut self.text);
        }
        if !node.is_element() || self.text.len() > self.room {
            return;
        }
        let outside = self.scope.len();
        let mut attributes = String::new();
        let name = self.name(
            node,
            node.tag_name().namespace(),
            node.tag_name().name(),
            true,
            &mut attributes,
        );
        for held in node.attributes() {
            let name = self.name(node, held.namespace(), held.name(), false, &mut attributes);
            attributes.push_str(&format!(" {name}=\""));
            escape(held.value(), true, &mut attributes);
            attributes.push('"');
        }
        self.text.push_str(&format!("<{name}{attributes}"));
        if node.has_children() {
            self.text.push('>');
            for child in node.children() {
                self.node(child);
            }
            self.text.push_str(&format!("</{name}>"));
        } else {
            self.text.push_str("/>");
        }
        self.scope.truncate(outside);
    }

    /// A name with its prefix; what it is in is declared, if it is not yet.
    fn name(
        &mut self,
        node: Node<'a, '_>,
        space: Option<&'a str>,
        name: &str,
        element: bool,
        out: &mut String,
    ) -> String {
        let (prefix, uri) = match space {
            None if !element => return name.to_owned(),
            None => (None, ""),
            Some(uri) => {
                let mut held = node
                    .namespaces()
                    .filter(|held| held.uri() == uri && (element || held.name().is_some()));
                // The prefix `xml` is declared by XML itself.
                (held.next().map_or(Some("xml"), roxmltree::Namespace::name), uri)
            }
        };
        let known = self.scope.iter().rev().find(|held| held.0 == prefix).map(|held| held.1);
        if known != Some(uri) && prefix != Some("xml") {
            self.scope.push((prefix, uri));
            let colon = prefix.map(|prefix| format!(":{prefix}")).unwrap_or_default();
            out.push_str(&format!(" xmlns{colon}=\""));
            escape(uri, true, out);
            out.push('"');
        }
        prefix.map_or_else(|| name.to_owned(), |prefix| format!("{prefix}:{name}"))
    }
}

/// Writes a text so that it is read as it is.
pub(crate) fn escape(text: &str, attribute: bool, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' if attribute => out.push_str("&#10;"),
            '\t' if attribute => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            _ => out.push(char),
        }
    }
}

/// The first character that no text of XML can have.
pub(crate) fn forbidden(text: &str) -> Option<char> {
    text.chars().find(|char| {
        !matches!(char, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
    })
}
