//! A chart as a picture, without another program: SVG that stands alone, for light and dark pages.

use std::fmt::Write as _;

use super::document::{Chart, Kind};
use super::draw::{DrawError, Tree, shorten};
use super::layout::{CIRCLE, DOT, Frame, LOOP, NAME_ROW, PX, Picture, Point, ROW, Route, picture};

/// The most letters of a description.
const DESCRIPTION: usize = 1000;
/// The most active states that the description names.
const NAMED: usize = 20;

/// How everything looks. A reader without style sheets for dark pages shows the light one.
const STYLE: &str = "\
.b{fill:#fff}\
.g,.r{fill:none;stroke:#7a8699;stroke-width:1.2}.r{stroke-dasharray:6 4}\
.s{fill:#eef3fa;stroke:#44546a;stroke-width:1.3}\
.h,.f{fill:#fff;stroke:#44546a;stroke-width:1.5}.d,.i{fill:#44546a}\
.q{stroke:#b4c0d0}.e{fill:none;stroke:#56657a;stroke-width:1.3}.a{fill:#56657a}\
text{font:11px Helvetica,Arial,'Liberation Sans',sans-serif;fill:#333f50}\
text.n{font-size:14px;fill:#111827}text.t{font-size:14px;font-weight:bold;fill:#111827}\
text.m,text.n{text-anchor:middle}\
text.t,text.l,text.w{stroke:#fff;stroke-width:3px;stroke-linejoin:round;paint-order:stroke}\
.on>.s{fill:#ffedb8;stroke:#a15c00;stroke-width:2.6}.on>.g,.on>.r{stroke:#a15c00;stroke-width:2}\
.on>.f,.on>.h{fill:#ffedb8;stroke:#a15c00;stroke-width:2.6}.on>.d{fill:#a15c00}\
@media (prefers-color-scheme:dark){\
.b,.f,.h{fill:#11161d}.g,.r{stroke:#8592a6}.s{fill:#212b39;stroke:#a9b8cc}\
.h,.f{stroke:#a9b8cc}.q{stroke:#4a5a70}.d,.i{fill:#a9b8cc}.e{stroke:#a3b1c4}.a{fill:#a3b1c4}\
text{fill:#cbd5e1}text.n,text.t{fill:#f1f5f9}text.t,text.l,text.w{stroke:#11161d}\
.on>.s,.on>.f,.on>.h{fill:#5a4206;stroke:#f5b83d}.on>.g,.on>.r{stroke:#f5b83d}.on>.d{fill:#f5b83d}}";

/// A chart as a picture, with those states marked that are active. The same chart gives the same bytes.
///
/// States stand in the states that they are in; the regions of a parallel state have dashed borders. An arrow that leaves a state on its way from an inner one
/// starts at the inner one. What a state does, and its transitions without target, stand in it. It shows no letter of a data model that is not in a label.
///
/// # Errors
/// If the chart has more than [`DRAWN_STATES`](super::DRAWN_STATES) states, or too many arrows for anyone to read.
///
/// ```
/// use thalium::kyc::chart::{Chart, Kind, State, Transition, svg};
///
/// let decide = Transition { events: vec!["decided".into()], targets: vec!["closed".into()], ..Transition::default() };
/// let review = State { id: Some("review".into()), transitions: vec![decide], ..State::default() };
/// let closed = State { id: Some("closed".into()), kind: Kind::Final, ..State::default() };
/// let chart = Chart { states: vec![review, closed], ..Chart::default() };
/// let picture = svg(&chart, &|state| state == "review")?;
/// assert!(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
/// # Ok::<(), thalium::kyc::chart::DrawError>(())
/// ```
pub fn svg(chart: &Chart, active: &dyn Fn(&str) -> bool) -> Result<String, DrawError> {
    let tree = Tree::new(chart);
    let picture = picture(&tree)?;
    let is_active = |at: usize| {
        let id = tree.node(at).state.and_then(|state| state.id.as_ref());
        id.is_some_and(|id| active(id))
    };
    let on: Vec<bool> = (0..tree.nodes.len()).map(is_active).collect();
    let is_on = |at: usize| on.get(at).copied().unwrap_or_default();
    let mut text = String::new();
    head(&mut text, &tree, &picture, &on);
    for at in 1..tree.nodes.len() {
        if let Some(frame) = picture.frames.get(at) {
            state(&mut text, &tree, at, frame, is_on(at));
        }
    }
    for route in &picture.routes {
        arrow(&mut text, &tree, route);
    }
    for &(x, y) in &picture.dots {
        let _ =
            writeln!(text, r#"<circle class="i" cx="{}" cy="{}" r="{}"/>"#, px(x), px(y), px(DOT));
    }
    for at in 1..tree.nodes.len() {
        if let Some(frame) = picture.frames.get(at) {
            names(&mut text, &tree, at, frame);
        }
    }
    for (place, rows) in picture.routes.iter().filter_map(|route| route.label.as_ref()) {
        for (row, y) in rows.iter().zip((place.1..).step_by(step(ROW))) {
            write_row(&mut text, "l", (place.0, y + 4 * PX), row);
        }
    }
    text.push_str("</svg>\n");
    Ok(text)
}

fn head(text: &mut String, tree: &Tree<'_>, picture: &Picture, on: &[bool]) {
    let (width, height) = (px(picture.width), px(picture.height));
    let title = escape(&shorten(&tree.name(0), DESCRIPTION));
    let begins: Vec<String> = tree.begins(0).into_iter().map(|at| tree.name(at)).collect();
    let active = on.iter().enumerate().filter(|(_, on)| **on).map(|(at, _)| tree.name(at));
    let active: Vec<String> = active.take(NAMED).collect();
    let mut told = format!(
        "A statechart of {} states and {} transitions.",
        tree.nodes.len() - 1,
        tree.arrows.len()
    );
    if !begins.is_empty() {
        let _ = write!(told, " It begins at {}.", begins.join(", "));
    }
    if !active.is_empty() {
        let _ = write!(told, " Active: {}.", active.join(", "));
    }
    let told = escape(&shorten(&told, DESCRIPTION));
    let _ = write!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{title}</title>\n<desc>{told}</desc>\n<style>{STYLE}</style>\n\
         <defs><marker id=\"head\" viewBox=\"0 0 10 8\" refX=\"9.5\" refY=\"4\" markerWidth=\"10\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">\
         <path class=\"a\" d=\"M0 0L10 4L0 8L2.5 4Z\"/></marker></defs>\n\
         <rect class=\"b\" width=\"{width}\" height=\"{height}\"/>\n"
    );
}

/// The border or the circle of a state.
fn state(text: &mut String, tree: &Tree<'_>, at: usize, frame: &Frame, is_on: bool) {
    let node = tree.node(at);
    let Some(state) = node.state else { return };
    text.push_str(if is_on { "<g class=\"on\">" } else { "<g>" });
    if let Some(told) = &state.description {
        let _ = write!(text, "<title>{}</title>", escape(&shorten(told, DESCRIPTION)));
    }
    let (x, y) = frame.at;
    let (middle, center) = (px(x + frame.width / 2), px(y + CIRCLE));
    let mut circle = |class: &str, radius: i64| {
        let radius = px(radius);
        let _ =
            write!(text, r#"<circle class="{class}" cx="{middle}" cy="{center}" r="{radius}"/>"#);
    };
    match state.kind {
        Kind::Final => {
            circle("f", CIRCLE - PX);
            circle("d", CIRCLE - 5 * PX);
        }
        Kind::History { .. } => circle("h", CIRCLE - PX),
        Kind::State | Kind::Parallel => {
            let class = if node.children.is_empty() {
                "s"
            } else if tree.kind(node.parent) == Kind::Parallel {
                "r"
            } else {
                "g"
            };
            let (x, y, width, height) = (px(x), px(y), px(frame.width), px(frame.height));
            let _ = write!(
                text,
                r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="9"/>"#
            );
        }
    }
    text.push_str("</g>\n");
}

/// The name of a state and what it does.
fn names(text: &mut String, tree: &Tree<'_>, at: usize, frame: &Frame) {
    let (x, y) = frame.at;
    let kind = tree.kind(at);
    let is_round = matches!(kind, Kind::Final | Kind::History { .. });
    let is_frame = !is_round && !tree.node(at).children.is_empty();
    let (x, name, row) =
        if is_frame { (x + frame.name_at, "t", "w") } else { (x + frame.width / 2, "n", "m") };
    if let Kind::History { deep } = kind {
        write_row(text, "m", (x, y + CIRCLE + 4 * PX), if deep { "H*" } else { "H" });
    }
    let used = i64::try_from(frame.name.len()).unwrap_or_default() * NAME_ROW
        + i64::try_from(frame.rows.len()).unwrap_or_default() * ROW;
    let mut top = y + if is_round {
        2 * CIRCLE
    } else if is_frame {
        9 * PX
    } else {
        (frame.height - used) / 2
    };
    for line in &frame.name {
        write_row(text, name, (x, top + 13 * PX), line);
        top += NAME_ROW;
    }
    // What it does stands below a line.
    if kind == Kind::State && !is_frame && !frame.rows.is_empty() {
        let (left, right) = (px(frame.at.0), px(frame.at.0 + frame.width));
        let _ = writeln!(text, r#"<path class="q" d="M{left} {}H{right}"/>"#, px(top + PX));
        top += 3 * PX;
    }
    for line in &frame.rows {
        write_row(text, row, (x, top + 10 * PX), line);
        top += ROW;
    }
}

fn arrow(text: &mut String, tree: &Tree<'_>, route: &Route) {
    let mut points = route.path.iter().copied();
    let Some((mut x, mut y)) = points.next() else { return };
    let mut path = format!("M{} {}", px(x), px(y));
    for (to_x, to_y) in points {
        if route.is_loop {
            let out = px(x + LOOP);
            let (above, below) = (px(y - 6 * PX), px(to_y + 6 * PX));
            let _ = write!(path, "C{out} {above} {out} {below} {} {}", px(to_x), px(to_y));
        } else if to_x == x {
            let _ = write!(path, "V{}", px(to_y));
        } else {
            let middle = px((y + to_y) / 2);
            let _ =
                write!(path, "C{} {middle} {} {middle} {} {}", px(x), px(to_x), px(to_x), px(to_y));
        }
        (x, y) = (to_x, to_y);
    }
    let told = route.arrow.and_then(|at| tree.arrows.get(at));
    let told = told.and_then(|arrow| arrow.transition.description.as_ref());
    let _ = write!(text, r#"<path class="e" d="{path}" marker-end="url(#head)""#);
    match told {
        Some(told) => {
            let told = escape(&shorten(told, DESCRIPTION));
            let _ = writeln!(text, "><title>{told}</title></path>");
        }
        None => text.push_str("/>\n"),
    }
}

fn write_row(text: &mut String, class: &str, (x, y): Point, row: &str) {
    let _ = writeln!(
        text,
        r#"<text class="{class}" x="{}" y="{}">{}</text>"#,
        px(x),
        px(y),
        escape(row)
    );
}

fn step(row: i64) -> usize {
    usize::try_from(row).unwrap_or(1)
}

/// A length in pixels.
fn px(length: i64) -> String {
    let sign = if length < 0 { "-" } else { "" };
    let length = length.unsigned_abs();
    let (whole, part) = (length / 100, length % 100);
    match (part, part % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", part / 10),
        _ => format!("{sign}{whole}.{part:02}"),
    }
}

/// A text in XML; what XML cannot have is the sign of a letter that is not known.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
#[path = "svg_tests.rs"]
mod tests;
