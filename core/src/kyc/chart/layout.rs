//! Where everything in a picture of a chart stands: in each state, its children in layers from top to bottom, the inner states first.
//!
//! The layers are those of K. Sugiyama, S. Tagawa and M. Toda, *Methods for Visual Understanding of Hierarchical System Structures* (1981). A transition
//! that crosses the border of a state is cut there: each part is laid out in its own state, and the parts meet at a port of the border. Labels are cells
//! of the layers as states are, so nothing stands on them. All lengths are whole hundredths of a pixel: the same chart has the same picture everywhere.

mod cells;
mod graph;
mod links;
mod place;
pub(super) mod text;

use std::collections::BTreeMap;

use super::document::Kind;
use super::draw::{DrawError, Tree, label, lines};
use graph::Graph;
use links::{Link, Links};

/// The most states of a picture.
pub const DRAWN_STATES: usize = 1000;
/// The deepest that they stand in one another.
const DEPTH: usize = 64;
/// The most heads of arrows, and the most cells of all layers.
const ARROWS: usize = 5000;
const CELLS: usize = 100_000;

/// A pixel.
pub(super) const PX: i64 = 100;
/// The room in a state around its children.
pub(super) const PAD: i64 = 14 * PX;
/// The height of a row of a name, and of a row of anything else.
pub(super) const NAME_ROW: i64 = 18 * PX;
pub(super) const ROW: i64 = 14 * PX;
/// The letters of a name in a row, those of a label, and those of what a state does.
const NAME_LETTERS: usize = 24;
const LETTERS: usize = 30;
const ROW_LETTERS: usize = 44;
/// The sizes of the fonts, in pixels.
pub(super) const NAME_FONT: i64 = 14;
pub(super) const FONT: i64 = 11;
/// The radius of a final state and of a history, and that of the dot where something begins.
pub(super) const CIRCLE: i64 = 11 * PX;
pub(super) const DOT: i64 = 6 * PX;
/// How far a loop stands out, and how high it is.
pub(super) const LOOP: i64 = 26 * PX;
pub(super) const LOOP_HEIGHT: i64 = 24 * PX;

/// A place.
pub(super) type Point = (i64, i64);

/// A state in the picture.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub(super) at: Point,
    pub(super) width: i64,
    pub(super) height: i64,
    /// Its name in rows, and what it does.
    pub(super) name: Vec<String>,
    pub(super) rows: Vec<String>,
    /// Where the name begins, from the left of it.
    pub(super) name_at: i64,
}

/// An arrow in the picture.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// The transition; none where something begins.
    pub(super) arrow: Option<usize>,
    /// From its source to its target: where two points are not above one another, a curve leads from one to the other.
    pub(super) path: Vec<Point>,
    /// Whether it leads from a state's right side back to it.
    pub(super) is_loop: bool,
    /// The left end of the first row's middle, and the rows.
    pub(super) label: Option<(Point, Vec<String>)>,
}

/// A picture.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) width: i64,
    pub(super) height: i64,
    /// By the numbers of states.
    pub(super) frames: Vec<Frame>,
    /// Where something begins.
    pub(super) dots: Vec<Point>,
    pub(super) routes: Vec<Route>,
}

/// What is laid out in one state, as seen from its upper left corner.
#[derive(Clone, Debug, Default)]
pub(super) struct Inner {
    width: i64,
    height: i64,
    name_at: i64,
    /// Where its children stand.
    children: Vec<(usize, Point)>,
    dot: Option<Point>,
    /// The parts of links in it, each from top to bottom.
    parts: Vec<(usize, Vec<Point>)>,
    labels: Vec<(usize, Point)>,
    /// Where links cross its border, from the left.
    ports: BTreeMap<usize, i64>,
}

/// Lays a chart out.
pub(super) fn picture(tree: &Tree<'_>) -> Result<Picture, DrawError> {
    let states = tree.nodes.len() - 1;
    if states > DRAWN_STATES {
        return Err(DrawError::States { states, most: DRAWN_STATES });
    }
    let depth = tree.nodes.iter().map(|node| node.depth).max().unwrap_or_default();
    if depth > DEPTH {
        return Err(DrawError::Depth { depth, most: DEPTH });
    }
    let links = Links::new(tree);
    if links.all.len() > ARROWS {
        return Err(DrawError::Arrows);
    }
    let mut inner = vec![Inner::default(); tree.nodes.len()];
    let mut frames: Vec<Frame> = (0..tree.nodes.len()).map(|at| frame(tree, at)).collect();
    for (&at, loops) in &links.loops {
        let heights = loops.iter().filter_map(|&link| links.all.get(link)).map(Link::loop_height);
        let height = heights.sum::<i64>() + 4 * PX;
        if let Some(frame) = frames.get_mut(at) {
            frame.height = frame.height.max(height);
        }
    }
    let mut cells = 0;
    // Children have greater numbers: they are laid out before what they stand in.
    for at in (0..tree.nodes.len()).rev() {
        if tree.node(at).children.is_empty() {
            continue;
        }
        let graph = Graph::new(tree, &links, at, &frames, &inner, CELLS.saturating_sub(cells));
        let graph = graph.ok_or(DrawError::Arrows)?;
        cells += graph.cells.len();
        let told = place::place(graph, frames.get(at), at == 0);
        if let Some(frame) = frames.get_mut(at) {
            (frame.width, frame.height, frame.name_at) = (told.width, told.height, told.name_at);
        }
        if let Some(inner) = inner.get_mut(at) {
            *inner = told;
        }
    }
    Ok(whole(tree, &links, frames, &inner))
}

/// A state without what stands in it.
fn frame(tree: &Tree<'_>, at: usize) -> Frame {
    let Some(state) = tree.node(at).state else { return Frame::default() };
    let name = text::wrap(&super::draw::shorten(&tree.name(at), 96), NAME_LETTERS);
    let mut told = lines(state);
    let inside = state.transitions.iter().filter(|transition| transition.targets.is_empty());
    let inside = inside.map(label).filter(|label| !label.is_empty());
    told.extend(inside.map(|label| format!("on {label}")));
    let rows: Vec<String> = told.iter().flat_map(|line| text::wrap(line, ROW_LETTERS)).collect();
    let name_width = name.iter().map(|row| text::width(row, NAME_FONT)).max().unwrap_or_default();
    let rows_width = rows.iter().map(|row| text::width(row, FONT)).max().unwrap_or_default();
    let high = |many: usize, row: i64| row.saturating_mul(i64::try_from(many).unwrap_or(i64::MAX));
    let text_height = high(name.len(), NAME_ROW) + high(rows.len(), ROW);
    let (width, height) = match state.kind {
        Kind::Final | Kind::History { .. } => {
            (name_width.max(rows_width).max(2 * CIRCLE), 2 * CIRCLE + text_height)
        }
        Kind::State | Kind::Parallel => {
            ((name_width.max(rows_width) + 2 * PAD).max(72 * PX), text_height + 18 * PX)
        }
    };
    Frame { at: (0, 0), width, height, name, rows, name_at: PAD }
}

/// Puts the parts together.
fn whole(tree: &Tree<'_>, links: &Links, mut frames: Vec<Frame>, inner: &[Inner]) -> Picture {
    let mut dots = Vec::new();
    let mut parts: BTreeMap<usize, Vec<(usize, Vec<Point>)>> = BTreeMap::new();
    let mut labels: BTreeMap<usize, Point> = BTreeMap::new();
    for (at, inner) in inner.iter().enumerate() {
        let (left, top) = frames.get(at).map(|frame| frame.at).unwrap_or_default();
        let absolute = |(x, y): Point| (left + x, top + y);
        for &(child, place) in &inner.children {
            if let Some(frame) = frames.get_mut(child) {
                frame.at = absolute(place);
            }
        }
        dots.extend(inner.dot.map(absolute));
        for (link, path) in &inner.parts {
            let path = path.iter().copied().map(absolute).collect();
            parts.entry(*link).or_default().push((at, path));
        }
        labels.extend(inner.labels.iter().map(|&(link, place)| (link, absolute(place))));
    }
    let mut routes = Vec::new();
    for (at, link) in links.all.iter().enumerate() {
        let path = if link.is_loop() {
            looped(tree, links, at, link, &frames)
        } else {
            joined(tree, link, parts.remove(&at).unwrap_or_default())
        };
        let beside = path.iter().copied().reduce(|one, other| (one.0, (one.1 + other.1) / 2));
        let beside = beside.filter(|_| link.is_loop() && !link.label.is_empty());
        let beside = beside.map(|(x, y)| (x + LOOP * 9 / 10, y + (ROW - link.label_height()) / 2));
        let label = labels.get(&at).copied().or(beside).map(|place| (place, link.label.clone()));
        routes.push(Route { arrow: link.arrow, path, is_loop: link.is_loop(), label });
    }
    let size = inner.first().map(|inner| (inner.width, inner.height)).unwrap_or_default();
    Picture { width: size.0, height: size.1, frames, dots, routes }
}

/// The path of a link: out of the states around its source, and into those around its target.
fn joined(tree: &Tree<'_>, link: &Link, parts: Vec<(usize, Vec<Point>)>) -> Vec<Point> {
    let place = |at: usize| {
        let depth = i64::try_from(tree.node(at).depth).unwrap_or_default();
        let common = i64::try_from(tree.node(link.common).depth).unwrap_or_default();
        let is_out = at != link.common && tree.is_within(link.source_at, at);
        if is_out { common - depth } else { depth - common }
    };
    let mut parts: Vec<(i64, Vec<Point>)> =
        parts.into_iter().map(|(at, path)| (place(at), path)).collect();
    parts.sort_by_key(|(place, _)| *place);
    let mut path: Vec<Point> = Vec::new();
    for (_, mut part) in parts {
        // All parts of one that leads upwards do.
        if link.is_upward {
            part.reverse();
        }
        path.extend(part);
    }
    path.dedup();
    // A point on a straight line between two others says nothing.
    let mut straight: Vec<Point> = Vec::with_capacity(path.len());
    for point in path {
        if let [.., one, other] = straight[..]
            && one.0 == other.0
            && other.0 == point.0
        {
            straight.pop();
        }
        straight.push(point);
    }
    straight
}

/// The path of a loop at the right side of its state.
fn looped(tree: &Tree<'_>, links: &Links, at: usize, link: &Link, frames: &[Frame]) -> Vec<Point> {
    let Some(frame) = frames.get(link.source) else { return Vec::new() };
    let own = links.loops.get(&link.source).map_or(&[][..], Vec::as_slice);
    let before = own.iter().take_while(|&&other| other != at);
    let before: i64 = before.filter_map(|&other| links.all.get(other)).map(Link::loop_height).sum();
    let is_round = matches!(tree.kind(link.source), Kind::Final | Kind::History { .. });
    let (x, y) = frame.at;
    let right = if is_round { x + frame.width / 2 + CIRCLE } else { x + frame.width };
    let middle = y + before + link.loop_height() / 2 + 2 * PX;
    vec![(right, middle - 7 * PX), (right, middle + 7 * PX)]
}
