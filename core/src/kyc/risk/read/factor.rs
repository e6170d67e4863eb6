//! Factors, and the ways in which they come to their points.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::{Band, FACTORS, Factor, Guard, POINTS, Way};
use super::Reader;
use crate::kyc::reader::cursor::{Cursor, Fields};
use crate::kyc::reader::node::NodeKind;
use crate::value::Number;

const FACTOR: [&str; 10] = [
    "id",
    "description",
    "weight",
    "value",
    "points",
    "bands",
    "when",
    "sum",
    "otherwise",
    "missing",
];

impl Reader {
    pub(super) fn factors(&mut self, at: &Cursor<'_>) -> Vec<Factor> {
        let mut factors = Vec::new();
        let mut ids = BTreeSet::new();
        for at in &self.list(at, FACTORS) {
            let Some(factor) = self.factor(at) else { continue };
            if !ids.insert(factor.id.clone()) {
                self.wrong(at, format!("another factor is called `{}`", factor.id));
            }
            factors.push(factor);
        }
        factors
    }

    fn factor(&mut self, at: &Cursor<'_>) -> Option<Factor> {
        let fields = self.fields(at, "a factor", &FACTOR)?;
        let id = self.needed(fields, "id").and_then(|at| self.name(&at));
        let description = self.needed(fields, "description").and_then(|at| self.told(&at));
        let weight = self.needed(fields, "weight").and_then(|at| {
            self.number(&at).inspect(|weight| {
                // A weight below zero would let more points mean a lower score.
                if weight.signum() <= 0 {
                    self.wrong(&at, "a weight is above zero: leave out a factor that does not count, and give points below zero to what lowers the risk");
                }
            })
        });
        let way = self.way(fields);
        let missing = fields.get("missing").and_then(|at| match &at.node.kind {
            NodeKind::Text(text) if **text == *"refuse" => None,
            NodeKind::Number(_) => {
                let points = self.points(&at)?;
                let most = way.as_ref().and_then(most)?;
                if points < most {
                    self.wrong(
                        &at,
                        format!("a fact that is not told has at least the {most} points of the worst that could be told; where it may be unknown, write `{{var: [NAME, unknown]}}` and points for `unknown`"),
                    );
                }
                Some(points)
            }
            _ => {
                self.expected(&at, "`refuse` or points");
                None
            }
        });
        Some(Factor { id: id?, description: description?, weight: weight?, way: way?, missing })
    }

    fn way(&mut self, fields: Fields<'_>) -> Option<Way> {
        let has = |name: &str| fields.get(name).is_some();
        let otherwise = fields.get("otherwise").and_then(|at| self.points(&at));
        if has("sum") && !has("when") {
            self.wrong(fields.of(), "`sum` belongs to `when`");
        }
        match (has("value"), has("points"), has("bands"), has("when")) {
            (true, true, false, false) => {
                let value = fields.get("value").and_then(|at| self.ask(&at));
                let points = fields.get("points").and_then(|at| self.table(&at));
                Some(Way::Table { value: value?, points: points?, otherwise })
            }
            (true, false, true, false) => {
                let value = fields.get("value").and_then(|at| self.ask(&at));
                let bands = fields.get("bands").and_then(|at| self.bands(&at, otherwise.is_some()));
                Some(Way::Bands { value: value?, bands: bands?, otherwise })
            }
            (false, false, false, true) => {
                let sum = fields.get("sum").is_some_and(|at| self.boolean(&at));
                if sum && has("otherwise") {
                    self.wrong(fields.of(), "a sum of nothing is zero: leave out `otherwise`");
                } else if !sum && !has("otherwise") {
                    self.wrong(fields.of(), "`otherwise` is missing: the points if no guard holds");
                }
                let guards = fields.get("when").map(|at| self.guards(&at))?;
                Some(Way::When { guards, sum, otherwise })
            }
            _ => {
                self.wrong(
                    fields.of(),
                    "a factor has one way to its points: `value` with `points`, `value` with `bands`, or `when`",
                );
                None
            }
        }
    }

    fn table(&mut self, at: &Cursor<'_>) -> Option<BTreeMap<Arc<str>, Number>> {
        let Some(fields) = at.fields() else {
            self.expected(at, "an object of values and their points");
            return None;
        };
        if fields.iter().next().is_none() {
            self.wrong(at, "the table is empty");
        }
        let points = fields.iter().map(|at| Some((Arc::from(at.key()), self.points(&at)?)));
        Some(points.collect::<Vec<_>>().into_iter().flatten().collect())
    }

    /// Bands in the order of their numbers.
    fn bands(&mut self, list: &Cursor<'_>, otherwise: bool) -> Option<Vec<Band>> {
        let mut bands: Vec<(&Cursor<'_>, Band)> = Vec::new();
        let items = self.list(list, POINTS);
        for at in &items {
            let Some(fields) = self.fields(at, "a band", &["from", "to", "points"]) else {
                continue;
            };
            let from = fields.get("from").map(|at| self.number(&at));
            let to = fields.get("to").map(|at| self.number(&at));
            let points = self.needed(fields, "points").and_then(|at| self.points(&at));
            let (Some(from), Some(to)) = (ended(from), ended(to)) else { continue };
            if let (Some(from), Some(to)) = (&from, &to)
                && from >= to
            {
                self.wrong(at, "the band is empty: `to` is not above `from`");
            }
            if let Some(points) = points {
                bands.push((at, Band { from, to, points }));
            }
        }
        bands.sort_by(|(_, one), (_, other)| one.from.cmp(&other.from));
        let mut before: Option<&Band> = None;
        for (at, band) in &bands {
            let end = before.map(|before| &before.to);
            match (end, &band.from) {
                (None, Some(from)) if !otherwise => {
                    let what = format!(
                        "no band has what is below {from}: leave out its `from`, or write `otherwise`"
                    );
                    self.wrong(at, what);
                }
                (Some(Some(end)), Some(from)) if end < from && !otherwise => {
                    let what = format!(
                        "no band has what is from {end} to {from}: close the gap, or write `otherwise`"
                    );
                    self.wrong(at, what);
                }
                (Some(None), _) | (Some(_), None) => {
                    self.wrong(at, "overlaps with another band, which has no end there");
                }
                (Some(Some(end)), Some(from)) if end > from => {
                    let what = format!("overlaps with the band that ends at {end}");
                    self.wrong(at, what);
                }
                _ => {}
            }
            before = Some(band);
        }
        if let Some((at, Band { to: Some(to), .. })) = bands.last()
            && !otherwise
        {
            let what = format!(
                "no band has what is from {to} on: leave out its `to`, or write `otherwise`"
            );
            self.wrong(at, what);
        }
        Some(bands.into_iter().map(|(_, band)| band).collect())
    }

    fn guards(&mut self, at: &Cursor<'_>) -> Vec<Guard> {
        let mut guards = Vec::new();
        for at in &self.list(at, POINTS) {
            let known = ["guard", "points", "description"];
            let Some(fields) = self.fields(at, "a guard with its points", &known) else {
                continue;
            };
            let guard = self.needed(fields, "guard").and_then(|at| self.ask(&at));
            let points = self.needed(fields, "points").and_then(|at| self.points(&at));
            let description = fields.get("description").and_then(|at| self.told(&at));
            if let (Some(guard), Some(points)) = (guard, points) {
                guards.push(Guard { guard, points, description });
            }
        }
        guards
    }
}

/// An end that is not written, or one that is; none if it is written and is no number.
fn ended(end: Option<Option<Number>>) -> Option<Option<Number>> {
    match end {
        Some(None) => None,
        Some(Some(number)) => Some(Some(number)),
        None => Some(None),
    }
}

/// The most points that a factor can come to.
fn most(way: &Way) -> Option<Number> {
    match way {
        Way::Table { points, otherwise, .. } => points.values().chain(otherwise).max().cloned(),
        Way::Bands { bands, otherwise, .. } => {
            bands.iter().map(|band| &band.points).chain(otherwise).max().cloned()
        }
        Way::When { guards, sum: false, otherwise } => {
            guards.iter().map(|guard| &guard.points).chain(otherwise).max().cloned()
        }
        Way::When { guards, .. } => {
            let above = guards.iter().map(|guard| &guard.points).filter(|it| it.signum() > 0);
            above.into_iter().try_fold(Number::ZERO, |sum, points| sum.add(points)).ok()
        }
    }
}
