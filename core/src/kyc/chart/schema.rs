//! The schema of a chart's context: JSON Schema of the drafts that are understood, of which every keyword is known.
//!
//! A keyword that is not known is one that does not hold: what it was to forbid would pass. So it is an error here, and nothing is skipped.
//! Rego's `json.match_schema` takes schemas as OPA does, and is no business of this file.

use std::collections::BTreeSet;

use super::document::Place;
use super::model::ChartError;
use crate::kyc::rules::{meant, shown};
use crate::value::schema::{Kept, Schema, SchemaError};
use crate::value::{Exhausted, Value};

/// The most steps of a schema that is compiled, and of all contexts that a step holds against theirs.
pub(super) const STEPS: usize = 1_000_000;
/// The most errors of a schema that are told.
const ERRORS: usize = 20;

/// What of a context is not as its schema has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The session below the case whose context it is, by its id; none if it is that of the case itself.
    pub session: Option<String>,
    /// Where: `(root)`, or names joined by dots.
    pub at: String,
    /// What is wrong there.
    pub what: String,
}

/// What a schema may take to be compiled, or contexts to be held against theirs.
pub(super) fn steps() -> impl FnMut(usize) -> Result<(), Exhausted> {
    let mut left = STEPS;
    move |steps| {
        left = left.checked_sub(steps).ok_or(Exhausted::Steps)?;
        Ok(())
    }
}

/// Checks and compiles the schema of the chart at a place.
pub(super) fn compile(schema: &Value, chart: &Place) -> Result<Kept, Vec<ChartError>> {
    let mut check = Check { chart, draft: Draft::Any, trail: Vec::new(), errors: Vec::new() };
    check.schema(schema);
    if !check.errors.is_empty() {
        return Err(check.errors);
    }
    Schema::compile(schema, &mut steps()).map(Kept::new).map_err(|error| {
        let what = match error {
            SchemaError::Invalid(what) => what,
            SchemaError::Exhausted(what) => what.to_string(),
        };
        check.wrong(None, format!("is no JSON Schema (draft 4, 6 or 7): {what}"));
        check.errors
    })
}

/// A draft, by which keywords are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Draft {
    Four,
    Six,
    Seven,
    /// It is not said: the keywords of all three.
    Any,
}

const DRAFTS: [(&str, Draft); 3] = [
    ("http://json-schema.org/draft-04/schema", Draft::Four),
    ("http://json-schema.org/draft-06/schema", Draft::Six),
    ("http://json-schema.org/draft-07/schema", Draft::Seven),
];

/// What stands under a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// Nothing that is a schema.
    Data,
    /// The same, and it forbids nothing.
    Note,
    Schema,
    /// Schemas in a list, or one.
    Schemas,
    /// Schemas by names that are the author's own; under `dependencies` some are lists of names.
    Named,
}

/// The keywords, what stands under them, and in which drafts.
const KEYWORDS: [(&str, Holds, Draft, Draft); 48] = [
    ("$schema", Holds::Note, Draft::Four, Draft::Seven),
    ("$ref", Holds::Data, Draft::Four, Draft::Seven),
    ("id", Holds::Note, Draft::Four, Draft::Four),
    ("$id", Holds::Note, Draft::Six, Draft::Seven),
    ("title", Holds::Note, Draft::Four, Draft::Seven),
    ("description", Holds::Note, Draft::Four, Draft::Seven),
    ("default", Holds::Note, Draft::Four, Draft::Seven),
    ("format", Holds::Data, Draft::Four, Draft::Seven),
    // Notes forbid nothing in any draft, and are known in all.
    ("$comment", Holds::Note, Draft::Four, Draft::Seven),
    ("examples", Holds::Note, Draft::Four, Draft::Seven),
    ("readOnly", Holds::Note, Draft::Four, Draft::Seven),
    ("writeOnly", Holds::Note, Draft::Four, Draft::Seven),
    ("deprecated", Holds::Note, Draft::Four, Draft::Seven),
    ("contentEncoding", Holds::Note, Draft::Four, Draft::Seven),
    ("contentMediaType", Holds::Note, Draft::Four, Draft::Seven),
    ("type", Holds::Data, Draft::Four, Draft::Seven),
    ("enum", Holds::Data, Draft::Four, Draft::Seven),
    ("const", Holds::Data, Draft::Six, Draft::Seven),
    ("multipleOf", Holds::Data, Draft::Four, Draft::Seven),
    ("maximum", Holds::Data, Draft::Four, Draft::Seven),
    ("exclusiveMaximum", Holds::Data, Draft::Four, Draft::Seven),
    ("minimum", Holds::Data, Draft::Four, Draft::Seven),
    ("exclusiveMinimum", Holds::Data, Draft::Four, Draft::Seven),
    ("maxLength", Holds::Data, Draft::Four, Draft::Seven),
    ("minLength", Holds::Data, Draft::Four, Draft::Seven),
    ("pattern", Holds::Data, Draft::Four, Draft::Seven),
    ("items", Holds::Schemas, Draft::Four, Draft::Seven),
    ("additionalItems", Holds::Schema, Draft::Four, Draft::Seven),
    ("maxItems", Holds::Data, Draft::Four, Draft::Seven),
    ("minItems", Holds::Data, Draft::Four, Draft::Seven),
    ("uniqueItems", Holds::Data, Draft::Four, Draft::Seven),
    ("contains", Holds::Schema, Draft::Six, Draft::Seven),
    ("maxProperties", Holds::Data, Draft::Four, Draft::Seven),
    ("minProperties", Holds::Data, Draft::Four, Draft::Seven),
    ("required", Holds::Data, Draft::Four, Draft::Seven),
    ("properties", Holds::Named, Draft::Four, Draft::Seven),
    ("patternProperties", Holds::Named, Draft::Four, Draft::Seven),
    ("additionalProperties", Holds::Schema, Draft::Four, Draft::Seven),
    ("propertyNames", Holds::Schema, Draft::Six, Draft::Seven),
    ("dependencies", Holds::Named, Draft::Four, Draft::Seven),
    ("definitions", Holds::Named, Draft::Four, Draft::Seven),
    ("allOf", Holds::Schemas, Draft::Four, Draft::Seven),
    ("anyOf", Holds::Schemas, Draft::Four, Draft::Seven),
    ("oneOf", Holds::Schemas, Draft::Four, Draft::Seven),
    ("not", Holds::Schema, Draft::Four, Draft::Seven),
    ("if", Holds::Schema, Draft::Seven, Draft::Seven),
    ("then", Holds::Schema, Draft::Seven, Draft::Seven),
    ("else", Holds::Schema, Draft::Seven, Draft::Seven),
];

/// Keywords of later drafts, and how the same is said in those that are understood.
const LATER: [(&str, &str); 11] = [
    ("$defs", "write `definitions`"),
    ("$anchor", "write `$id: \"#name\"`"),
    ("$dynamicAnchor", "refer by `$ref`"),
    ("$dynamicRef", "write `$ref`"),
    ("$recursiveRef", "write `$ref`"),
    ("prefixItems", "write `items` as a list, and `additionalItems`"),
    ("dependentRequired", "write `dependencies`"),
    ("dependentSchemas", "write `dependencies`"),
    ("unevaluatedProperties", "write `additionalProperties`"),
    ("unevaluatedItems", "write `additionalItems`"),
    ("minContains", "write `contains` alone"),
];

/// A part of a path, and where the part before it stands in the trail.
type Mark<'a> = (Option<usize>, Part<'a>);

#[derive(Clone, Copy)]
enum Part<'a> {
    Name(&'a str),
    Place(usize),
}

struct Check<'a, 'p> {
    chart: &'p Place,
    draft: Draft,
    /// Of all that is looked at, whence it was come to: a path is put together where one is told.
    trail: Vec<Mark<'a>>,
    errors: Vec<ChartError>,
}

impl<'a> Check<'a, '_> {
    fn schema(&mut self, root: &'a Value) {
        if let Some(named) = root.get_str("$schema").and_then(Value::as_str) {
            let plain = named.strip_suffix('#').unwrap_or(named);
            match DRAFTS.iter().find(|(name, _)| *name == plain) {
                Some((_, draft)) => self.draft = *draft,
                None => {
                    let at = self.mark(None, Part::Name("$schema"));
                    let shown = shown(named);
                    self.wrong(at, format!("`{shown}` is no draft that is understood, and its keywords would not hold: write the schema in draft 4, 6 or 7, as `http://json-schema.org/draft-07/schema#`"));
                    return;
                }
            }
        }
        let mut seen = BTreeSet::new();
        let mut open = vec![(root, None)];
        while let Some((schema, at)) = open.pop() {
            // What a reference leads to is looked at once, wherever it stands.
            if self.errors.len() >= ERRORS || !seen.insert(std::ptr::from_ref(schema).addr()) {
                continue;
            }
            let Value::Object(members) = schema else { continue };
            let refers = members.get_str("$ref").is_some();
            for (name, held) in members.iter() {
                let Some(name) = name.as_str() else { continue };
                let below = self.mark(at, Part::Name(name));
                let Some(holds) = self.keyword(name, below) else { continue };
                if name == "$schema" && at.is_some() {
                    self.wrong(below, "stands at the root of a schema alone: take it away".into());
                }
                if refers
                    && !matches!(holds, Holds::Note)
                    && !matches!(name, "$ref" | "definitions")
                {
                    self.wrong(below, format!("`{name}` stands beside `$ref`, where it does not hold: put both into `allOf`"));
                }
                if let Some(target) = held.as_str().filter(|_| name == "$ref") {
                    open.extend(pointed(root, target).map(|target| (target, below)));
                }
                self.below(holds, held, below, &mut open);
            }
        }
    }

    /// The schemas under a keyword.
    fn below(
        &mut self,
        holds: Holds,
        held: &'a Value,
        at: Option<usize>,
        open: &mut Vec<(&'a Value, Option<usize>)>,
    ) {
        match (holds, held) {
            (Holds::Schemas, Value::Array(items)) => {
                for (place, item) in items.iter().enumerate() {
                    open.push((item, self.mark(at, Part::Place(place))));
                }
            }
            (Holds::Schema | Holds::Schemas, one) => open.push((one, at)),
            (Holds::Named, Value::Object(named)) => {
                for (name, item) in named.iter() {
                    let name = name.as_str().unwrap_or_default();
                    open.push((item, self.mark(at, Part::Name(name))));
                }
            }
            _ => {}
        }
    }

    /// What stands under a keyword; none if it is not known, which is told.
    fn keyword(&mut self, name: &str, at: Option<usize>) -> Option<Holds> {
        if name.starts_with("x-") {
            return Some(Holds::Note);
        }
        let is_of = |first: Draft, last: Draft| {
            self.draft == Draft::Any || (first..=last).contains(&self.draft)
        };
        let known = KEYWORDS.iter().find(|(known, ..)| *known == name);
        if let Some((_, holds, first, last)) = known
            && is_of(*first, *last)
        {
            return Some(*holds);
        }
        let shown = shown(name);
        let told = if known.is_some() {
            format!(
                "`{shown}` is no keyword of the draft that `$schema` names, and would not hold: name a later one"
            )
        } else if let Some((_, instead)) = LATER.iter().find(|(later, _)| *later == name) {
            format!("`{shown}` is of a later draft than 7, and would not hold: {instead}")
        } else {
            let names = KEYWORDS.iter().filter(|(_, _, first, last)| is_of(*first, *last));
            let near = meant(name, names.map(|(known, ..)| *known));
            let near = near.unwrap_or_else(|| {
                "take it away, or have its name begin with `x-` if it is a note".to_owned()
            });
            format!("`{shown}` is no keyword of JSON Schema, and would not hold: {near}")
        };
        self.wrong(at, told);
        None
    }

    fn mark(&mut self, before: Option<usize>, part: Part<'a>) -> Option<usize> {
        self.trail.push((before, part));
        self.trail.len().checked_sub(1)
    }

    fn wrong(&mut self, at: Option<usize>, message: String) {
        if self.errors.len() >= ERRORS {
            return;
        }
        let (mut parts, mut at) = (Vec::new(), at);
        while let Some((before, part)) = at.and_then(|at| self.trail.get(at)) {
            parts.push(match part {
                Part::Name(name) => shown(name),
                Part::Place(place) => place.to_string(),
            });
            at = *before;
        }
        parts.push("schema".to_owned());
        parts.extend((!self.chart.path.is_empty()).then(|| self.chart.path.clone()));
        parts.reverse();
        let place = Place { path: parts.join("/"), ..self.chart.clone() };
        self.errors.push(ChartError { place, message });
    }
}

/// What a pointer (RFC 6901) into the schema itself leads to. Other references are for schemas that have an address.
fn pointed<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    let mut at = root;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        at = match at {
            Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
            other => other.get_str(&token)?,
        };
    }
    Some(at)
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
