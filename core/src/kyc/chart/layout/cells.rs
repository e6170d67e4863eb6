//! What stands in the layers of one state.

/// Something in a layer.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) what: What,
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) layer: usize,
    /// The wires to the layer above, and those to the layer below.
    pub(super) above: Vec<usize>,
    pub(super) below: Vec<usize>,
    /// Its left end.
    pub(super) x: i64,
    /// How wide that part of it is that wires lead to.
    pub(super) body: i64,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A state, whose circle is met in its middle if it is one.
    State { at: usize, is_round: bool },
    /// Where something begins.
    Dot,
    /// Where a link crosses the border.
    Port { link: usize },
    /// Where a link passes by.
    Bend,
    /// The label of a link.
    Label { link: usize },
}

/// A part of a link between a layer and the next one.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    pub(super) upper: usize,
    pub(super) lower: usize,
    /// Where it meets them, from their left ends; none until the order of the layers is known.
    pub(super) upper_dx: Option<i64>,
    pub(super) lower_dx: Option<i64>,
}

/// A part of a link in one state: the wires between its cells from top to bottom.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) link: usize,
    pub(super) wires: Vec<usize>,
}
