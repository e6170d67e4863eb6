//! Links: what leads from one thing of a picture to another, and in which state they meet.

use std::collections::BTreeMap;

use super::{LETTERS, LOOP_HEIGHT, PX, ROW, text};
use crate::kyc::chart::draw::{Tree, parts};

/// A head of an arrow.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// The transition; none where something begins.
    pub(super) arrow: Option<usize>,
    /// The state it leads from, or the one that begins.
    pub(super) source: usize,
    /// The state it leads to.
    pub(super) target: usize,
    /// The innermost state that both are in, or one of both.
    pub(super) common: usize,
    /// The innermost states that both stand in; for what the other one stands in, that state itself.
    pub(super) source_at: usize,
    pub(super) target_at: usize,
    /// The rows of its label.
    pub(super) label: Vec<String>,
    /// Whether its target stands above its source.
    pub(super) is_upward: bool,
}

impl Link {
    pub(super) fn is_loop(&self) -> bool {
        self.arrow.is_some() && self.source == self.target
    }

    pub(super) fn label_height(&self) -> i64 {
        ROW * i64::try_from(self.label.len()).unwrap_or_default()
    }

    pub(super) fn label_width(&self) -> i64 {
        let widths = self.label.iter().map(|row| text::width(row, super::FONT));
        widths.max().unwrap_or_default()
    }

    pub(super) fn loop_height(&self) -> i64 {
        LOOP_HEIGHT.max(self.label_height() + 6 * PX)
    }
}

/// All links, and where they are laid out.
#[derive(Debug)]
pub(super) struct Links {
    pub(super) all: Vec<Link>,
    /// By states: the loops at them.
    pub(super) loops: BTreeMap<usize, Vec<usize>>,
    /// By states: the links that have a part in them.
    pub(super) parts: BTreeMap<usize, Vec<usize>>,
    /// The layers of states, each among those that it stands with.
    pub(super) ranks: Vec<usize>,
}

impl Links {
    pub(super) fn new(tree: &Tree<'_>) -> Self {
        let mut all = Vec::new();
        for at in 0..tree.nodes.len() {
            for target in tree.begins(at) {
                all.push(link(tree, None, at, target, Vec::new()));
            }
        }
        for (number, arrow) in tree.arrows.iter().enumerate() {
            for (head, &target) in arrow.targets.iter().enumerate() {
                // One label is enough for an arrow with several heads.
                let rows = if head == 0 { rows(&parts(arrow.transition)) } else { Vec::new() };
                all.push(link(tree, Some(number), arrow.source, target, rows));
            }
        }
        let mut links = Self {
            all,
            loops: BTreeMap::new(),
            parts: BTreeMap::new(),
            ranks: vec![0; tree.nodes.len()],
        };
        let mut edges: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, link) in links.all.iter().enumerate() {
            if link.is_loop() {
                links.loops.entry(link.source).or_default().push(at);
                continue;
            }
            for end in [link.source_at, link.target_at] {
                for state in tree.chain(end).take_while(|&state| state != link.common) {
                    links.parts.entry(state).or_default().push(at);
                }
            }
            links.parts.entry(link.common).or_default().push(at);
            if let (Some(source), Some(target)) = (link.upper(tree), link.lower(tree)) {
                edges.entry(link.common).or_default().push((source, target));
            }
        }
        for (at, node) in tree.nodes.iter().enumerate() {
            rank(&node.children, edges.get(&at).map_or(&[][..], Vec::as_slice), &mut links.ranks);
        }
        for link in &mut links.all {
            let ranks = (link.upper(tree), link.lower(tree));
            if let (Some(source), Some(target)) = ranks {
                link.is_upward = links.ranks.get(source) > links.ranks.get(target);
            }
        }
        links
    }
}

impl Link {
    /// The child of the common state in which the source is; none if it is the common state.
    pub(super) fn upper(&self, tree: &Tree<'_>) -> Option<usize> {
        (self.arrow.is_some()).then(|| child(tree, self.common, self.source)).flatten()
    }

    pub(super) fn lower(&self, tree: &Tree<'_>) -> Option<usize> {
        child(tree, self.common, self.target)
    }
}

/// The rows of a label: each part begins one, if they have no room in one together.
fn rows(parts: &[String]) -> Vec<String> {
    let whole = parts.join(" ");
    if whole.is_empty() {
        Vec::new()
    } else if whole.chars().count() <= LETTERS {
        vec![whole]
    } else {
        parts.iter().flat_map(|part| text::wrap(part, LETTERS)).collect()
    }
}

/// The child of a state that another one is in.
pub(super) fn child(tree: &Tree<'_>, of: usize, at: usize) -> Option<usize> {
    tree.chain(at)
        .find(|&above| above != of && tree.node(above).parent == of)
        .filter(|_| tree.is_inside(at, of))
}

fn link(
    tree: &Tree<'_>,
    arrow: Option<usize>,
    source: usize,
    target: usize,
    label: Vec<String>,
) -> Link {
    let is_loop = arrow.is_some() && source == target;
    let mut chain = tree.chain(source);
    let common = if is_loop {
        tree.node(source).parent
    } else {
        chain.find(|&at| tree.is_within(target, at)).unwrap_or_default()
    };
    let at = |end: usize| if end == common { common } else { tree.node(end).parent };
    Link {
        arrow,
        source,
        target,
        common,
        source_at: at(source),
        target_at: at(target),
        label,
        is_upward: false,
    }
}

/// Gives layers to states that stand together: each below those that lead to it, but for links that lead back.
fn rank(children: &[usize], edges: &[(usize, usize)], ranks: &mut [usize]) {
    let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(source, target) in edges.iter().filter(|(source, target)| source != target) {
        next.entry(source).or_default().push(target);
    }
    // Depth first, in document order: what is found again on the way leads back.
    let mut done: Vec<usize> = Vec::new();
    let mut seen: BTreeMap<usize, bool> = BTreeMap::new();
    let mut forward: Vec<(usize, usize)> = Vec::new();
    for &begin in children {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if let std::collections::btree_map::Entry::Vacant(entry) = seen.entry(begin) {
            entry.insert(true);
            path.push((begin, 0));
        }
        while let Some((at, tried)) = path.last_mut() {
            let at = *at;
            match next.get(&at).and_then(|next| next.get(*tried)) {
                Some(&then) => {
                    *tried += 1;
                    match seen.get(&then) {
                        Some(true) => {}
                        Some(false) => forward.push((at, then)),
                        None => {
                            forward.push((at, then));
                            seen.insert(then, true);
                            path.push((then, 0));
                        }
                    }
                }
                None => {
                    seen.insert(at, false);
                    done.push(at);
                    path.pop();
                }
            }
        }
    }
    let mut below: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (source, target) in forward {
        below.entry(source).or_default().push(target);
    }
    // Whoever was finished last comes first.
    for at in done.into_iter().rev() {
        let rank = ranks.get(at).copied().unwrap_or_default();
        for &target in below.get(&at).into_iter().flatten() {
            if let Some(lower) = ranks.get_mut(target) {
                *lower = (*lower).max(rank + 1);
            }
        }
    }
}
