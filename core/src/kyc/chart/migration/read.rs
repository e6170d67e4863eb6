//! Migrations read from YAML and JSON, with everything that is wrong told at once.

use std::collections::BTreeMap;

use crate::audit::merkle::from_hex;
use crate::kyc::chart::document::{Content, Expr, Place};
use crate::kyc::chart::read::{Marker, hides};
use crate::kyc::definition::ChartErrors;
use crate::kyc::migration::{Context, History, Mapping, Migration, Timers};
use crate::kyc::reader::cursor::{Cursor, Fields};
use crate::kyc::reader::node::NodeKind;
use crate::kyc::reader::{self, Format};
use crate::kyc::rules::shown;

/// The version of the format.
const VERSION: u64 = 1;

const MAPPING: [&str; 9] =
    ["states", "same", "enter", "context", "timers", "drop_timers", "history", "invoked", "charts"];
const MIGRATION: [&str; 4] = ["migration", "from", "to", "description"];
const CONTEXT: [&str; 3] = ["set", "drop", "keep"];

impl Migration {
    /// Reads a migration from a text of YAML or JSON.
    ///
    /// # Errors
    /// Everything that is wrong, up to a hundred places, in the order of the text: what is neither YAML nor JSON (then that alone), keys that
    /// are not known or stand twice, values of another kind, and what is too large, as with charts. Whether its names are those of the
    /// definitions is told by [`Migration::check`].
    pub fn from_text(text: &str) -> Result<Self, ChartErrors> {
        Ok(Reader::read(text, Migrations, |reader, at| reader.migration(at))?)
    }
}

/// The format of migrations.
struct Migrations;

impl Format for Migrations {}

type Reader = reader::Reader<Migrations>;

impl Reader {
    fn migration(&mut self, at: &Cursor<'_>) -> Migration {
        let known: Vec<&str> = MIGRATION.iter().chain(&MAPPING).copied().collect();
        let mut migration = Migration { from: None, to: None, mapping: Mapping::default() };
        let Some(fields) = self.fields(at, "a migration", &known) else { return migration };
        self.version(fields, "migration", VERSION);
        migration.from = fields.get("from").and_then(|at| self.digest(&at));
        migration.to = fields.get("to").and_then(|at| self.digest(&at));
        if let Some(at) = fields.get("description") {
            self.text(&at);
        }
        migration.mapping = self.mapping(fields);
        migration
    }

    /// INVARIANT: charts stand in one another no deeper than a text may nest.
    fn mapping(&mut self, fields: Fields<'_>) -> Mapping {
        let timers = [("keep", Timers::Keep), ("restart", Timers::Restart)];
        let history = [("keep", History::Keep), ("forget", History::Forget)];
        Mapping {
            states: self.names(fields, "states", Self::state),
            same: fields.get("same").is_some_and(|at| self.boolean(&at)),
            enter: self.names(fields, "enter", |reader, at| {
                reader.word(at, &[("initial", ())])?;
                Some(at.place())
            }),
            context: fields.get("context").map(|at| self.context(&at)).unwrap_or_default(),
            timers: fields.get("timers").and_then(|at| self.word(&at, &timers)).unwrap_or_default(),
            drop_timers: fields.get("drop_timers").is_some_and(|at| self.boolean(&at)),
            history: fields
                .get("history")
                .and_then(|at| self.word(&at, &history))
                .unwrap_or_default(),
            invoked: self.names(fields, "invoked", |reader, at| {
                let (id, place) = reader.state(at)?;
                Some(((id != "drop").then_some(id), place))
            }),
            charts: self.names(fields, "charts", |reader, at| {
                let fields =
                    reader.fields(at, "what becomes of the sessions of a chart", &MAPPING)?;
                Some(reader.mapping(fields))
            }),
            place: fields.of().place(),
        }
    }

    fn context(&mut self, at: &Cursor<'_>) -> Context {
        let Some(fields) = self.fields(at, "what becomes of variables", &CONTEXT) else {
            return Context::default();
        };
        let context = Context {
            set: self.names(fields, "set", Self::set),
            drop: fields.get("drop").map(|at| self.list(&at)).unwrap_or_default(),
            keep: fields.get("keep").is_some_and(|at| self.boolean(&at)),
        };
        let set = fields.get("set");
        let set = set.as_ref().and_then(Cursor::fields).into_iter().flat_map(Fields::iter);
        for at in set.filter(|at| context.drop.contains_key(at.key())) {
            let what = format!("`{}` is set and dropped: do one of them", shown(at.key()));
            self.wrong(&at, what);
        }
        context
    }

    /// A name, and where it stands.
    fn state(&mut self, at: &Cursor<'_>) -> Option<(String, Place)> {
        let name = self.text(at)?;
        if name.is_empty() {
            self.wrong(at, "a name is missing");
            return None;
        }
        Some((name, at.place()))
    }

    /// A value by the rule of charts: `{expr: E}` alone in its object is evaluated, `{literal: V}` is `V`, everything else is data as it is.
    fn set(&mut self, at: &Cursor<'_>) -> Option<(Content, Place)> {
        let place = at.place();
        let marked = match at.node.as_map() {
            Some([only]) => Marker::of(&only.key).map(|marker| (marker, &only.value)),
            _ => None,
        };
        let content = match marked {
            Some((Marker::Expr, node)) if node.kind != NodeKind::Null => {
                Content::Expr(Expr { source: node.to_value(), place: place.clone() })
            }
            Some((Marker::Literal, node)) => Content::Value(node.to_value()),
            None if !hides(at.node) => Content::Value(at.node.to_value()),
            _ => {
                self.wrong(
                    at,
                    "is neither `{expr: …}` with an expression, alone in its object, nor data: write `{literal: …}` if it is data",
                );
                return None;
            }
        };
        Some((content, place))
    }

    /// What stands under the names of an object.
    fn names<T>(
        &mut self,
        fields: Fields<'_>,
        key: &str,
        read: impl Fn(&mut Self, &Cursor<'_>) -> Option<T>,
    ) -> BTreeMap<String, T> {
        let Some(at) = fields.get(key) else { return BTreeMap::new() };
        let Some(fields) = at.fields() else {
            self.expected(&at, "an object of names");
            return BTreeMap::new();
        };
        let named = fields.iter().map(|at| Some((at.key().to_owned(), read(self, &at)?)));
        named.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// A list of names.
    fn list(&mut self, at: &Cursor<'_>) -> BTreeMap<String, Place> {
        if at.node.as_list().is_none() {
            self.expected(at, "a list of names");
        }
        let mut found = BTreeMap::new();
        for item in at.items() {
            match item.node.as_text() {
                Some(name) => drop(found.insert(name.to_string(), item.place())),
                None => self.expected(&item, "a name"),
            }
        }
        found
    }

    /// A digest: 64 hexadecimal digits.
    fn digest(&mut self, at: &Cursor<'_>) -> Option<([u8; 32], Place)> {
        let text = self.text(at)?;
        let Some(digest) = from_hex(&text) else {
            self.wrong(
                at,
                "is no digest: it has 64 hexadecimal digits, as the definition tells it",
            );
            return None;
        };
        Some((digest, at.place()))
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
