//! The places of the cells of one state: each as near to what it is linked with as its layer lets it.

use super::cells::{Cell, What};
use super::graph::{Graph, LABEL};
use super::{DOT, Frame, Inner, NAME_FONT, NAME_ROW, PAD, PX, Point, ROW, text};

/// How often the places are mended, down and up.
const SWEEPS: usize = 24;
/// The room between two cells.
const BETWEEN: i64 = 16 * PX;
/// The least room between two layers, and the most.
const GAP: i64 = 16 * PX;
const GAP_MOST: i64 = 56 * PX;

/// Lays the cells of a state out.
pub(super) fn place(mut graph: Graph, frame: Option<&Frame>, is_chart: bool) -> Inner {
    align(&mut graph);
    let (name, rows, height) = frame
        .map_or((&[][..], &[][..], 0), |frame| (&frame.name[..], &frame.rows[..], frame.height));
    let wide = |rows: &[String], size: i64| rows.iter().map(|row| text::width(row, size)).max();
    let name_width = wide(name, NAME_FONT).max(wide(rows, super::FONT)).unwrap_or_default();
    let many = |rows: &[String], row: i64| row * i64::try_from(rows.len()).unwrap_or_default();
    let header = if is_chart { PAD } else { many(name, NAME_ROW) + many(rows, ROW) + 14 * PX };
    let left = graph.cells.iter().map(|cell| cell.x).min().unwrap_or_default();
    let right = graph.cells.iter().map(|cell| cell.x + cell.width).max().unwrap_or_default();
    let (mut shift, mut width) = (PAD - left, (right - left).max(name_width) + 2 * PAD);
    let mut name_at = PAD;
    // The name stands beside the links that come from above: left of them, right of them, or in room made for it.
    let ports = graph.layers.first().into_iter().flatten().filter_map(|&cell| graph.cell_at(cell));
    let ports: Vec<i64> = ports.map(|cell| cell.x + cell.width / 2 + shift).collect();
    if let (Some(&first), Some(&last), true) =
        (ports.iter().min(), ports.iter().max(), name_width > 0)
    {
        let room = name_width + 8 * PX;
        if first < PAD + room {
            if width - PAD - room > last {
                name_at = width - PAD - name_width;
            } else {
                let more = PAD + room - first;
                shift += more;
                width += more;
            }
        }
    }
    for cell in &mut graph.cells {
        cell.x += shift;
    }
    let (rows, bottom) = rows_of(&graph, header);
    let height = (bottom + PAD).max(height);
    let mut inner = Inner { width, height, name_at, ..Inner::default() };
    let top_of = |cell: &Cell| {
        let (top, bottom) = rows.get(cell.layer).copied().unwrap_or_default();
        if graph.is_top_aligned() { top } else { top + (bottom - top - cell.height) / 2 }
    };
    for cell in &graph.cells {
        let y = top_of(cell);
        match cell.what {
            What::State { at, .. } => inner.children.push((at, (cell.x, y))),
            What::Dot => inner.dot = Some((cell.x + DOT, y + DOT)),
            What::Port { link } => drop(inner.ports.insert(link, cell.x + cell.width / 2)),
            What::Label { link } => inner.labels.push((link, (cell.x + LABEL, y + ROW / 2))),
            What::Bend => {}
        }
    }
    for part in &graph.parts {
        let mut path: Vec<Point> = Vec::new();
        for &wire in &part.wires {
            let Some(wire) = graph.wires.get(wire) else { continue };
            let ends = (graph.cell_at(wire.upper), graph.cell_at(wire.lower));
            let (Some(upper), Some(lower)) = ends else { continue };
            let x = upper.x + wire.upper_dx.unwrap_or_default();
            let from = if upper.layer == 0 { 0 } else { top_of(upper) + upper.height };
            path.push((x, from));
            path.push((x, rows.get(upper.layer).map_or(from, |row| row.1)));
            let x = lower.x + wire.lower_dx.unwrap_or_default();
            path.push((x, rows.get(lower.layer).map_or(0, |row| row.0)));
            let is_port = matches!(lower.what, What::Port { .. });
            path.push((x, if is_port { height } else { top_of(lower) }));
        }
        path.dedup();
        inner.parts.push((part.link, path));
    }
    inner
}

/// Where each layer begins and ends, and where the last one ends. A layer without cells takes no room.
fn rows_of(graph: &Graph, header: i64) -> (Vec<(i64, i64)>, i64) {
    let mut rows = Vec::with_capacity(graph.layers.len());
    let mut y = header;
    let mut is_first = true;
    for layer in &graph.layers {
        let cells = || layer.iter().filter_map(|&cell| graph.cell_at(cell));
        if layer.is_empty() {
            rows.push((y, y));
            continue;
        }
        let wires = cells().flat_map(|cell| &cell.above).filter_map(|&wire| graph.wires.get(wire));
        let far = wires.filter_map(|wire| {
            let upper = graph.cell_at(wire.upper)?.x + wire.upper_dx?;
            Some((graph.cell_at(wire.lower)?.x + wire.lower_dx?).abs_diff(upper))
        });
        let far = i64::try_from(far.max().unwrap_or_default()).unwrap_or(GAP_MOST);
        if !is_first {
            y += (GAP + far / 12).min(GAP_MOST);
        }
        is_first = false;
        let height = cells().map(|cell| cell.height).max().unwrap_or_default();
        rows.push((y, y + height));
        y += height;
    }
    (rows, y)
}

/// Gives each cell its left end.
fn align(graph: &mut Graph) {
    for layer in &graph.layers {
        let mut x = 0;
        for &at in layer {
            if let Some(cell) = graph.cells.get_mut(at) {
                cell.x = x;
                x += cell.width + BETWEEN;
            }
        }
    }
    for sweep in 0..SWEEPS {
        let many = graph.layers.len();
        for step in 0..many {
            let at = if sweep.is_multiple_of(2) { step } else { many - 1 - step };
            mend(graph, at, sweep);
        }
    }
}

/// Moves the cells of a layer to where their links want them: the sum of the squares of what is missing is the least, as they keep their order.
fn mend(graph: &mut Graph, layer: usize, sweep: usize) {
    let Some(cells) = graph.layers.get(layer).cloned() else { return };
    // Groups of cells that stand as near as they may: what they want, without the cells before them; and where the first of them stands.
    let mut groups: Vec<(i64, i64, usize)> = Vec::new();
    let mut before = 0;
    let mut offsets = Vec::with_capacity(cells.len());
    for &at in &cells {
        let Some(cell) = graph.cells.get(at) else { continue };
        let (wanted, weight) = wish(graph, cell, sweep);
        offsets.push((at, before));
        groups.push(((wanted - before) * weight, weight, 1));
        before += cell.width + BETWEEN;
        while let [.., (one, one_weight, one_many), (other, other_weight, other_many)] = groups[..]
        {
            if one / one_weight <= other / other_weight {
                break;
            }
            groups.truncate(groups.len() - 2);
            groups.push((one + other, one_weight + other_weight, one_many + other_many));
        }
    }
    let mut offsets = offsets.into_iter();
    for (sum, weight, many) in groups {
        for (at, before) in offsets.by_ref().take(many) {
            if let Some(cell) = graph.cells.get_mut(at) {
                cell.x = sum / weight + before;
            }
        }
    }
}

/// Where a cell wants to stand, and how much: a link that passes by wants to be straight.
fn wish(graph: &Graph, cell: &Cell, sweep: usize) -> (i64, i64) {
    let is_down = sweep.is_multiple_of(2);
    let sides: &[bool] = if sweep + 2 >= SWEEPS {
        &[true, false]
    } else if is_down {
        &[true]
    } else {
        &[false]
    };
    let (mut sum, mut weights) = (0, 0);
    for &is_above in sides {
        for &wire in if is_above { &cell.above } else { &cell.below } {
            let Some(wire) = graph.wires.get(wire) else { continue };
            let (other, dx, own) = if is_above {
                (wire.upper, wire.upper_dx, wire.lower_dx)
            } else {
                (wire.lower, wire.lower_dx, wire.upper_dx)
            };
            let Some(other) = graph.cells.get(other) else { continue };
            let passes =
                |cell: &Cell| i64::from(!matches!(cell.what, What::State { .. } | What::Dot));
            let weight = 1 + 2 * (passes(cell) + passes(other)) + 8 * passes(cell) * passes(other);
            sum += (other.x + dx.unwrap_or_default() - own.unwrap_or_default()) * weight;
            weights += weight;
        }
    }
    if weights == 0 { (cell.x, 1) } else { (sum / weights, weights) }
}
