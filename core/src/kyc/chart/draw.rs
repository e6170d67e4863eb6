//! What the pictures of a chart have in common: its states as a flat list, and the labels that people read.

mod label;
mod logic;
mod tree;

pub(super) use label::{expression, label, lines, parts, shorten};
pub(super) use tree::Tree;

/// Why no picture is drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// There are too many states.
    #[error(
        "the chart has {states} states, and a picture shows at most {most}: draw its parts as charts of their own, or export it as text"
    )]
    States {
        /// How many it has.
        states: usize,
        /// How many it may have.
        most: usize,
    },
    /// There are too many arrows.
    #[error(
        "the chart has too many arrows, or too long ones, for a picture: draw its parts as charts of their own, or export it as text"
    )]
    Arrows,
    /// States stand in states too deeply.
    #[error(
        "states stand in states {depth} deep, and a picture shows at most {most}: draw its parts as charts of their own, or export it as text"
    )]
    Depth {
        /// How deep they stand.
        depth: usize,
        /// How deep they may stand.
        most: usize,
    },
}

#[cfg(test)]
#[path = "draw_tests.rs"]
pub(super) mod tests;
