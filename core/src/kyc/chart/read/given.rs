//! What is written down, and what is evaluated.
//!
//! One rule holds wherever a value stands that is not always an expression: `{expr: E}` alone in its object is evaluated, everything else is
//! data as it is. Data that looks like that is written as `{literal: …}`, and a name that looks like that stands in a list: what could be meant
//! as an expression and would end as data is refused.

use super::super::document::{Content, Datum, Expr, Given, Param};
use super::super::node::{Node, NodeKind};
use super::Reader;
use super::cursor::{Cursor, Fields};
use crate::value::Value;

/// What an object of one field is, if the field is one of these.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::kyc::chart) enum Marker {
    /// Evaluated.
    Expr,
    /// Data, whatever it looks like.
    Literal,
    /// To be found at an address.
    Src,
    /// A chart.
    Chart,
}

impl Marker {
    /// By its key.
    pub(in crate::kyc::chart) fn of(key: &str) -> Option<Self> {
        Some(match key {
            "expr" => Self::Expr,
            "literal" => Self::Literal,
            "$src" => Self::Src,
            "$chart" => Self::Chart,
            _ => return None,
        })
    }
}

impl Reader {
    /// An expression: whatever stands there.
    pub(super) fn expr(&mut self, at: &Cursor<'_>) -> Option<Expr> {
        if at.node.kind == NodeKind::Null {
            self.wrong(at, "an expression is missing");
            return None;
        }
        Some(Expr { source: at.node.to_value(), place: at.place() })
    }

    /// A text that is written down, or `{expr: …}`.
    pub(super) fn given(&mut self, at: &Cursor<'_>) -> Option<Given<String>> {
        match marked(at) {
            Some((Marker::Expr, at)) => self.expr(&at).map(Given::Expr),
            _ if at.node.as_text().is_some() => self.text(at).map(Given::Known),
            _ => {
                self.expected(at, "a text, or `{expr: …}`,");
                None
            }
        }
    }

    /// A value by the rule, and what SCXML can say besides.
    pub(super) fn content(&mut self, at: &Cursor<'_>) -> Option<Content> {
        Some(match marked(at) {
            Some((Marker::Expr, at)) => Content::Expr(self.expr(&at)?),
            Some((Marker::Literal, at)) => Content::Value(at.node.to_value()),
            Some((Marker::Src, at)) => Content::Src(self.text(&at)?),
            Some((Marker::Chart, at)) => Content::Chart(Box::new(self.chart(&at, false))),
            None => Content::Value(self.data_of(at)),
        })
    }

    /// A value by the rule.
    fn value(&mut self, at: &Cursor<'_>) -> Option<Given<Value>> {
        Some(match marked(at) {
            Some((Marker::Expr, at)) => Given::Expr(self.expr(&at)?),
            Some((Marker::Literal, at)) => Given::Known(at.node.to_value()),
            Some((Marker::Src | Marker::Chart, at)) => {
                self.wrong(&at, "this cannot be one part of several: make it the `content`");
                return None;
            }
            None => Given::Known(self.data_of(at)),
        })
    }

    /// Data as it is. An expression within it would be data, too, which nobody means.
    fn data_of(&mut self, at: &Cursor<'_>) -> Value {
        if hides(at.node) {
            self.wrong(
                at,
                "an `{expr: …}` within data is not evaluated, nor one with other keys beside it, and `literal`, `$src` and `$chart` are not taken there either: make the whole value an expression, or write `{literal: …}` if it is data",
            );
        }
        at.node.to_value()
    }

    /// Named parts: an object, or a list of `{name, value}`, in which a name may stand twice.
    pub(super) fn params(&mut self, at: &Cursor<'_>) -> Vec<Param> {
        let mut params = Vec::new();
        if let Some(fields) = at.fields() {
            self.check_names(at, "{name: …, value: …}");
            for field in fields.iter() {
                let name = field.key().to_owned();
                params.extend(self.value(&field).map(|value| Param { name, value }));
            }
        } else if at.node.as_list().is_some() {
            for item in at.items() {
                let Some(fields) = self.fields(&item, "a name and a value", &["name", "value"])
                else {
                    continue;
                };
                let name = self.required(&item, "name").and_then(|at| self.text(&at));
                let value = fields.get("value").and_then(|at| self.value(&at));
                if fields.get("value").is_none() {
                    self.wrong(&item, "`value` is missing");
                }
                params.extend(name.zip(value).map(|(name, value)| Param { name, value }));
            }
        } else {
            self.expected(at, "an object of names and values");
        }
        params
    }

    /// Variables: an object, or a list of `{id, value}`, in which one may have no value.
    pub(super) fn data(&mut self, at: &Cursor<'_>) -> Vec<Datum> {
        let mut data = Vec::new();
        if let Some(fields) = at.fields() {
            self.check_names(at, "{id: …, value: …}");
            for field in fields.iter() {
                let value = self.content(&field);
                data.push(Datum { id: field.key().to_owned(), value, place: field.place() });
            }
        } else if at.node.as_list().is_some() {
            for item in at.items() {
                let Some(fields) = self.fields(&item, "a variable", &["id", "value"]) else {
                    continue;
                };
                let id = self.required(&item, "id").and_then(|at| self.text(&at));
                let value = fields.get("value").and_then(|at| self.content(&at));
                data.extend(id.map(|id| Datum { id, value, place: item.place() }));
            }
        } else {
            self.expected(at, "an object of variables and what they begin with");
        }
        data
    }

    /// That no key of an object of names is what marks a value: the object would be taken for that value by whoever reads it.
    pub(super) fn check_names(&mut self, at: &Cursor<'_>, item: &str) {
        for field in at.fields().into_iter().flat_map(Fields::iter) {
            if Marker::of(field.key()).is_some() {
                let key = field.key();
                self.wrong(
                    &field,
                    format!(
                        "names stand here, and `{key}` marks a value: write `NAME: {{{key}: …}}`, or the list `[{item}]` if `{key}` is the name"
                    ),
                );
            }
        }
    }

    /// A field that has to be there.
    pub(super) fn required<'c>(&mut self, at: &'c Cursor<'c>, key: &str) -> Option<Cursor<'c>> {
        let found = at.fields().and_then(|fields| fields.get(key));
        if found.is_none() {
            self.wrong(at, format!("`{key}` is missing"));
        }
        found
    }
}

/// What an object of one field is marked as, and what is marked.
pub(super) fn marked<'c>(at: &'c Cursor<'c>) -> Option<(Marker, Cursor<'c>)> {
    let mut fields = at.fields()?.iter();
    let field = fields.next()?;
    let marker = Marker::of(field.key())?;
    fields.next().is_none().then_some((marker, field))
}

/// Whether a mark stands within data. INVARIANT: it nests no deeper than a text may.
pub(in crate::kyc::chart) fn hides(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Map(fields) => {
            fields.iter().any(|field| Marker::of(&field.key).is_some() || hides(&field.value))
        }
        NodeKind::List(items) => items.iter().any(hides),
        _ => false,
    }
}
