//! What the formats of this room are read with: a text of JSON or YAML as a tree that knows where everything stands, and a reader that goes on
//! when something is wrong, so that everything is told at once.

pub(in crate::kyc) mod cursor;
pub(in crate::kyc) mod node;

use self::cursor::{Cursor, Fields, Step};
use self::node::{ERRORS_MAX, Node, NodeKind};
use super::chart::ChartError;
use super::rules::shown;
use crate::near::nearest;
use crate::value::Number;

/// A format that is read.
pub(in crate::kyc) trait Format {
    /// Names that others have for what has another one here.
    const FOREIGN: &'static [(&'static str, &'static str)] = &[];
}

/// Reads a text of a format, and reads on when something is wrong.
pub(in crate::kyc) struct Reader<F> {
    errors: Vec<ChartError>,
    /// What the format keeps beside.
    pub(in crate::kyc) own: F,
}

impl<F: Format> Reader<F> {
    /// Reads a text.
    ///
    /// # Errors
    /// Everything that is wrong, up to a hundred places, in the order of the text; of what is neither JSON nor YAML or too large, that alone.
    pub(in crate::kyc) fn read<T>(
        text: &str,
        own: F,
        read: impl FnOnce(&mut Self, &Cursor<'_>) -> T,
    ) -> Result<T, Vec<ChartError>> {
        let node = Node::parse(text)?;
        let mut reader = Self { errors: Vec::new(), own };
        let found = read(&mut reader, &Cursor::new(&node));
        reader.errors.sort_by_key(|error| (error.place.row, error.place.column));
        if reader.errors.is_empty() { Ok(found) } else { Err(reader.errors) }
    }

    /// Notes what is wrong.
    pub(in crate::kyc) fn wrong(&mut self, at: &Cursor<'_>, message: impl Into<String>) {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(ChartError { place: at.place(), message: message.into() });
        }
    }

    /// Notes that something else belongs there.
    pub(in crate::kyc) fn expected(&mut self, at: &Cursor<'_>, what: &str) {
        self.wrong(at, format!("{what} belongs here, and not {}", at.node.kind()));
    }

    /// The fields of an object, of which only some are known.
    pub(in crate::kyc) fn fields<'c>(
        &mut self,
        at: &'c Cursor<'c>,
        what: &str,
        known: &[&str],
    ) -> Option<Fields<'c>> {
        let Some(fields) = at.fields() else {
            self.expected(at, &format!("an object that is {what}"));
            return None;
        };
        for field in fields.iter() {
            if let Step::Key(key) = field.step
                && !known.contains(&key)
            {
                self.wrong(&field, unknown(F::FOREIGN, key, known));
            }
        }
        Some(fields)
    }

    /// A field that has to be there.
    pub(in crate::kyc) fn needed<'c>(
        &mut self,
        fields: Fields<'c>,
        key: &str,
    ) -> Option<Cursor<'c>> {
        let found = fields.get(key);
        if found.is_none() {
            self.wrong(fields.of(), format!("`{key}` is missing"));
        }
        found
    }

    /// That a text is of the one version of its format, which stands behind the name of the format.
    pub(in crate::kyc) fn version(&mut self, fields: Fields<'_>, key: &str, version: u64) {
        let what = match fields.get(key) {
            Some(at) if at.node.as_number().and_then(Number::to_u64) == Some(version) => return,
            Some(at) => (at, format!("the format has version {version}")),
            None => (*fields.of(), "the version of the format is missing".to_owned()),
        };
        self.wrong(&what.0, format!("{}: write `{key}: {version}`", what.1));
    }

    pub(in crate::kyc) fn text(&mut self, at: &Cursor<'_>) -> Option<String> {
        let text = at.node.as_text();
        if text.is_none() {
            self.expected(at, "a text");
        }
        text.map(|text| text.to_string())
    }

    pub(in crate::kyc) fn boolean(&mut self, at: &Cursor<'_>) -> bool {
        if let NodeKind::Bool(value) = at.node.kind {
            return value;
        }
        self.expected(at, "`true` or `false`");
        false
    }

    /// One of the words that are known.
    pub(in crate::kyc) fn word<T: Copy>(
        &mut self,
        at: &Cursor<'_>,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(at)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(at, unknown(F::FOREIGN, &text, &names));
        }
        found.map(|(_, value)| *value)
    }
}

/// That something is not known, and what may be meant.
pub(in crate::kyc) fn unknown(foreign: &[(&str, &str)], written: &str, known: &[&str]) -> String {
    let what = shown(written);
    let foreign = foreign.iter().find(|(name, meant)| *name == written && known.contains(meant));
    let near = || nearest(written, known.iter().copied());
    match foreign.map(|(_, meant)| *meant).or_else(near) {
        Some(meant) => format!("`{what}` is not known here: did you mean `{meant}`?"),
        None => format!("`{what}` is not known here; there are: {}", known.join(", ")),
    }
}
