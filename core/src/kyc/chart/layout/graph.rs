//! The layers of one state, and the order in each of them that crosses few links.

use std::collections::BTreeMap;

use super::cells::{Cell, Part, What, Wire};
use super::links::{Link, Links, child};
use super::{DOT, Frame, Inner, LOOP, PX};
use crate::kyc::chart::document::Kind;
use crate::kyc::chart::draw::Tree;

/// How often the layers are put in order, down and up.
const SWEEPS: usize = 12;
/// The room that a link takes in a layer.
const BEND: i64 = 8 * PX;
/// Where the line stands in the cell of a label, and where the text begins.
const LINE: i64 = 4 * PX;
pub(super) const LABEL: i64 = 10 * PX;

/// The layers of one state.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) cells: Vec<Cell>,
    pub(super) wires: Vec<Wire>,
    pub(super) parts: Vec<Part>,
    /// The cells of each layer, from the left.
    pub(super) layers: Vec<Vec<usize>>,
    is_top_aligned: bool,
}

impl Graph {
    /// The layers of a state, in order; none if they had more cells than may be.
    pub(super) fn new(
        tree: &Tree<'_>,
        links: &Links,
        at: usize,
        frames: &[Frame],
        inner: &[Inner],
        most: usize,
    ) -> Option<Self> {
        let is_top_aligned = tree.kind(at) == Kind::Parallel;
        let mut graph = Self {
            cells: Vec::new(),
            wires: Vec::new(),
            parts: Vec::new(),
            layers: Vec::new(),
            is_top_aligned,
        };
        let begins = !tree.begins(at).is_empty();
        let mut states = BTreeMap::new();
        let mut last = 4;
        for &child in &tree.node(at).children {
            let Some(frame) = frames.get(child) else { continue };
            let rank = links.ranks.get(child).copied().unwrap_or_default() + usize::from(begins);
            let layer = 2 * rank + 2;
            last = last.max(layer + 2);
            let is_round = matches!(tree.kind(child), Kind::Final | Kind::History { .. });
            let loops = links.loops.get(&child).map_or(&[][..], Vec::as_slice);
            let loops = loops.iter().filter_map(|&link| links.all.get(link));
            let loops = loops.map(|link| LOOP + link.label_width() + 6 * PX).max();
            let cell =
                graph.cell(What::State { at: child, is_round }, layer, frame.width, frame.height);
            if let Some(cell) = graph.cells.get_mut(cell) {
                cell.width += loops.unwrap_or_default();
            }
            states.insert(child, cell);
        }
        let dot = begins.then(|| graph.cell(What::Dot, 2, 2 * DOT, 2 * DOT));
        for &number in links.parts.get(&at).into_iter().flatten() {
            let Some(link) = links.all.get(number) else { continue };
            graph.link(tree, (number, link), at, (&states, dot), last);
            if graph.cells.len() > most {
                return None;
            }
        }
        graph.fix(links, inner);
        graph.order();
        graph.spread();
        Some(graph)
    }

    pub(super) const fn is_top_aligned(&self) -> bool {
        self.is_top_aligned
    }

    pub(super) fn cell_at(&self, at: usize) -> Option<&Cell> {
        self.cells.get(at)
    }

    fn cell(&mut self, what: What, layer: usize, width: i64, height: i64) -> usize {
        let at = self.cells.len();
        let (above, below) = (Vec::new(), Vec::new());
        self.cells.push(Cell { what, width, height, layer, above, below, x: 0, body: width });
        if self.layers.len() <= layer {
            self.layers.resize(layer + 1, Vec::new());
        }
        if let Some(layer) = self.layers.get_mut(layer) {
            layer.push(at);
        }
        at
    }

    /// Adds the part of a link that lies in this state.
    fn link(
        &mut self,
        tree: &Tree<'_>,
        (number, link): (usize, &Link),
        at: usize,
        (states, dot): (&BTreeMap<usize, usize>, Option<usize>),
        last: usize,
    ) {
        let of = |end: usize| child(tree, at, end).and_then(|child| states.get(&child).copied());
        let is_common = at == link.common;
        let is_out = !is_common && tree.is_within(link.source_at, at);
        let source = if is_common && link.arrow.is_none() {
            dot
        } else if is_common || is_out {
            of(link.source)
        } else {
            None
        };
        let target = if is_out { None } else { of(link.target) };
        let (upper, lower) = if link.is_upward { (target, source) } else { (source, target) };
        // What has no end here crosses the border.
        let upper = upper.unwrap_or_else(|| self.cell(What::Port { link: number }, 0, BEND, 0));
        let lower = lower.unwrap_or_else(|| self.cell(What::Port { link: number }, last, BEND, 0));
        let layer = |graph: &Self, cell: usize| {
            graph.cells.get(cell).map(|cell| cell.layer).unwrap_or_default()
        };
        let (from, to) = (layer(self, upper), layer(self, lower));
        // The label stands near the source.
        let told = if link.is_upward { to.saturating_sub(1) } else { from + 1 };
        let mut cells = vec![upper];
        for layer in from + 1..to {
            let is_label = is_common && layer == told && !link.label.is_empty();
            cells.push(if is_label {
                self.cell(
                    What::Label { link: number },
                    layer,
                    link.label_width() + LABEL + 4 * PX,
                    link.label_height(),
                )
            } else {
                self.cell(What::Bend, layer, BEND, 0)
            });
        }
        cells.push(lower);
        let mut wires = Vec::new();
        for pair in cells.windows(2) {
            let &[upper, lower] = pair else { continue };
            let wire = self.wires.len();
            self.wires.push(Wire { upper, lower, upper_dx: None, lower_dx: None });
            if let Some(cell) = self.cells.get_mut(upper) {
                cell.below.push(wire);
            }
            if let Some(cell) = self.cells.get_mut(lower) {
                cell.above.push(wire);
            }
            wires.push(wire);
        }
        self.parts.push(Part { link: number, wires });
    }

    /// Where wires meet cells that leave no choice.
    fn fix(&mut self, links: &Links, inner: &[Inner]) {
        let cells = &self.cells;
        let fixed = |at: usize, link: usize| -> Option<i64> {
            let cell = cells.get(at)?;
            match cell.what {
                What::State { is_round: true, .. } => Some(cell.body / 2),
                // Inside, the link has its place at the border already.
                What::State { at, .. } => {
                    let told =
                        links.all.get(link).filter(|link| link.source == at || link.target == at);
                    if told.is_some() { None } else { inner.get(at)?.ports.get(&link).copied() }
                }
                What::Dot | What::Port { .. } | What::Bend => Some(cell.body / 2),
                What::Label { .. } => Some(LINE),
            }
        };
        for part in &self.parts {
            for &wire in &part.wires {
                if let Some(wire) = self.wires.get_mut(wire) {
                    wire.upper_dx = fixed(wire.upper, part.link);
                    wire.lower_dx = fixed(wire.lower, part.link);
                }
            }
        }
    }

    /// Puts the cells of each layer in an order that crosses few wires.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for sweep in 0..SWEEPS {
            if best.0 == 0 {
                break;
            }
            let many = self.layers.len();
            let mut places = self.places();
            for step in 1..many {
                let is_down = sweep.is_multiple_of(2);
                self.sort(if is_down { step } else { many - 1 - step }, is_down, &mut places);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    /// Where each cell stands in its layer, in thousandths.
    fn places(&self) -> Vec<i64> {
        let mut places = vec![0; self.cells.len()];
        for layer in &self.layers {
            for (&cell, place) in layer.iter().zip((0_i64..).step_by(1000)) {
                if let Some(own) = places.get_mut(cell) {
                    *own = place;
                }
            }
        }
        places
    }

    /// Where a wire's end stands among the cells of its layer.
    fn end(&self, places: &[i64], cell: usize, dx: Option<i64>) -> i64 {
        let place = places.get(cell).copied().unwrap_or_default();
        let width = self.cells.get(cell).map_or(1, |cell| cell.width.max(1));
        place + dx.map_or(500, |dx| dx * 1000 / width)
    }

    fn sort(&mut self, layer: usize, is_down: bool, places: &mut [i64]) {
        let key = |at: usize| -> i64 {
            let own = places.get(at).copied().unwrap_or_default() + 500;
            let Some(cell) = self.cells.get(at) else { return own };
            let wires = if is_down { &cell.above } else { &cell.below };
            let ends = wires.iter().filter_map(|&wire| self.wires.get(wire)).map(|wire| {
                if is_down {
                    self.end(places, wire.upper, wire.upper_dx)
                } else {
                    self.end(places, wire.lower, wire.lower_dx)
                }
            });
            let sum: i64 = ends.sum();
            i64::try_from(wires.len()).ok().and_then(|many| sum.checked_div(many)).unwrap_or(own)
        };
        let Some(cells) = self.layers.get(layer) else { return };
        let mut keyed: Vec<(i64, usize)> = cells.iter().map(|&cell| (key(cell), cell)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        for (&(_, cell), place) in keyed.iter().zip((0_i64..).step_by(1000)) {
            if let Some(own) = places.get_mut(cell) {
                *own = place;
            }
        }
        if let Some(cells) = self.layers.get_mut(layer) {
            *cells = keyed.into_iter().map(|(_, cell)| cell).collect();
        }
    }

    /// How many pairs of wires cross.
    fn crossings(&self) -> usize {
        let places = self.places();
        let mut crossings = 0;
        for layer in &self.layers {
            let below =
                layer.iter().filter_map(|&cell| self.cells.get(cell)).flat_map(|cell| &cell.below);
            let mut ends: Vec<(i64, i64)> = below
                .filter_map(|&wire| self.wires.get(wire))
                .map(|wire| {
                    let upper = self.end(&places, wire.upper, wire.upper_dx);
                    (upper, self.end(&places, wire.lower, wire.lower_dx))
                })
                .collect();
            ends.sort_unstable();
            crossings += inversions(&ends.into_iter().map(|(_, lower)| lower).collect::<Vec<_>>());
        }
        crossings
    }

    /// Spreads the wires that meet a state over its width, in the order of their other ends.
    fn spread(&mut self) {
        let places = self.places();
        for at in 0..self.cells.len() {
            let Some(cell) = self.cells.get(at) else { continue };
            let body = cell.body;
            for (wires, is_below) in [(cell.below.clone(), true), (cell.above.clone(), false)] {
                let mut ends: Vec<(i64, usize)> = Vec::new();
                let mut taken: Vec<i64> = Vec::new();
                for &wire in &wires {
                    let Some(told) = self.wires.get(wire) else { continue };
                    let (own, other, dx) = if is_below {
                        (told.upper_dx, told.lower, told.lower_dx)
                    } else {
                        (told.lower_dx, told.upper, told.upper_dx)
                    };
                    match own {
                        None => ends.push((self.end(&places, other, dx), wire)),
                        Some(own) => taken.push(own),
                    }
                }
                ends.sort_unstable();
                let many = i64::try_from(ends.len()).unwrap_or(i64::MAX).saturating_add(1);
                for ((_, wire), number) in ends.into_iter().zip(1..) {
                    let Some(wire) = self.wires.get_mut(wire) else { continue };
                    // Beside what has its place already.
                    let mut dx = body * number / many;
                    if taken.iter().any(|taken| taken.abs_diff(dx) < BEND.unsigned_abs()) {
                        dx += 2 * BEND;
                    }
                    let dx = Some(dx.min(body));
                    if is_below { wire.upper_dx = dx } else { wire.lower_dx = dx }
                }
            }
        }
    }
}

/// How many pairs of numbers stand in the wrong order: counted while they are merged.
fn inversions(numbers: &[i64]) -> usize {
    let mut sorted = numbers.to_vec();
    let mut inversions = 0;
    let mut size = 1;
    while size < sorted.len() {
        let mut merged = Vec::with_capacity(sorted.len());
        for pair in sorted.chunks(2 * size) {
            let (mut left, mut right) = pair.split_at(size.min(pair.len()));
            loop {
                match (left.split_first(), right.split_first()) {
                    (Some((one, rest)), Some((other, _))) if one <= other => {
                        merged.push(*one);
                        left = rest;
                    }
                    (Some(_), Some((other, rest))) => {
                        inversions += left.len();
                        merged.push(*other);
                        right = rest;
                    }
                    _ => break,
                }
            }
            merged.extend(left.iter().chain(right));
        }
        sorted = merged;
        size *= 2;
    }
    inversions
}
