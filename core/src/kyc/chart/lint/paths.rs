//! Paths of transitions: what is never entered, never left, never taken, and what never ends.

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use super::reach::{Reach, is_free, is_literally};
use crate::kyc::chart::document::{Kind, Place, Transition};
use crate::kyc::chart::draw::{Tree, label};

pub(super) fn check(tree: &Tree<'_>, report: &mut Report) {
    check_initial(tree, report);
    let dead = dead(tree, report);
    let reach = Reach::begin(tree, &dead);
    check_reached(tree, &reach, report);
    check_left(tree, &dead, &reach, report);
    check_history(tree, &dead, &reach, report);
    check_endless(tree, &dead, &reach, report);
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(state) = node.state else { continue };
        let regions = node.children.iter().filter(|&&child| !tree.is_history(child)).count();
        if state.kind == Kind::Parallel && regions == 1 {
            let message = format!("`{}` is parallel and has one region only", tree.name(at));
            report.add("single-region", &state.place, message);
        }
        let told = state.description.as_ref().is_some_and(|text| !text.trim().is_empty());
        if state.kind == Kind::Final && node.parent == 0 && !told {
            let message = format!("the end `{}` has no description", tree.name(at));
            report.add("undescribed-final", &state.place, message);
        }
    }
}

/// What a transition is called in a message.
pub(super) fn called(transition: &Transition) -> String {
    let label = label(transition);
    if label.is_empty() { "a transition without event".to_owned() } else { format!("`{label}`") }
}

/// A descriptor without what means nothing: `a`, `a.` and `a.*` are the same, and `*` is empty.
pub(super) fn plain(descriptor: &str) -> &str {
    let mut plain = descriptor.trim();
    while let Some(shorter) = plain.strip_suffix(".*").or_else(|| plain.strip_suffix('.')) {
        plain = shorter;
    }
    if plain == "*" { "" } else { plain }
}

/// A name without its last tokens, one by one, down to nothing: the descriptors that match it.
pub(super) fn wider(name: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(name);
    std::iter::from_fn(move || {
        let told = next?;
        next = match told.rfind('.') {
            Some(dot) => told.get(..dot),
            None => (!told.is_empty()).then_some(""),
        };
        Some(told)
    })
}

/// The transitions that are never taken, whatever happens.
fn dead(tree: &Tree<'_>, report: &mut Report) -> BTreeSet<usize> {
    let mut dead = BTreeSet::new();
    // What a state always answers to already, and whether it is always left without an event.
    let mut free: BTreeSet<&str> = BTreeSet::new();
    let mut is_left = BTreeMap::new();
    let mut source = 0;
    for (at, arrow) in tree.arrows.iter().enumerate() {
        if arrow.source != source {
            source = arrow.source;
            free.clear();
        }
        let transition = arrow.transition;
        if tree.is_history(arrow.source) {
            continue;
        }
        let is_eventless = transition.events.is_empty();
        let is_covered = |event: &String| wider(plain(event)).any(|wide| free.contains(wide));
        let message = if is_literally(transition.guard.as_ref(), false) {
            let message = format!("the guard of {} never holds", called(transition));
            Some(("false-guard", message))
        } else if is_eventless && is_left.contains_key(&source) {
            Some((
                "shadowed-transition",
                "without event, an earlier transition is always taken".to_owned(),
            ))
        } else if !is_eventless && transition.events.iter().all(is_covered) {
            let message =
                format!("{} is never taken: an earlier transition is, always", called(transition));
            Some(("shadowed-transition", message))
        } else {
            None
        };
        if let Some((id, message)) = message {
            let message = format!("in `{}`: {message}", tree.name(source));
            report.add(id, place(tree, source, &transition.place), message);
            dead.insert(at);
        } else if is_free(transition.guard.as_ref()) {
            if is_eventless {
                is_left.entry(source).or_insert(at);
            }
            free.extend(transition.events.iter().map(|event| plain(event)));
        }
    }
    for (at, arrow) in tree.arrows.iter().enumerate() {
        let transition = arrow.transition;
        if is_left.contains_key(&arrow.source) && !transition.events.is_empty() && dead.insert(at) {
            let state = tree.name(arrow.source);
            let what = called(transition);
            let message =
                format!("in `{state}`: {what} is never taken, as the state waits for no event");
            report.add(
                "unreachable-transition",
                place(tree, arrow.source, &transition.place),
                message,
            );
        }
    }
    dead
}

/// A place, or that of the state if nothing is known of it.
pub(super) fn place<'a>(tree: &'a Tree<'_>, at: usize, own: &'a Place) -> &'a Place {
    if own.path.is_empty() && own.row == 0 {
        return tree.node(at).state.map_or(&tree.chart.place, |state| &state.place);
    }
    own
}

fn check_initial(tree: &Tree<'_>, report: &mut Report) {
    for at in 1..tree.nodes.len() {
        let Some(initial) = tree.initial(at) else { continue };
        for target in &initial.targets {
            let Some(to) = tree.find(target).filter(|&to| !tree.is_inside(to, at)) else {
                continue;
            };
            let what = if tree.is_within(at, to) {
                "itself or what it stands in"
            } else {
                "a state elsewhere"
            };
            let message = format!("`{}` begins at {what}: `{target}`", tree.name(at));
            report.add("misplaced-initial", place(tree, at, &initial.place), message);
        }
    }
}

fn check_reached(tree: &Tree<'_>, reach: &Reach, report: &mut Report) {
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(state) = node.state else { continue };
        // What stands in a state that is never entered is not told again.
        if reach.has(at) || !reach.has(node.parent) {
            continue;
        }
        let (id, what) = match state.kind {
            Kind::Final => ("unreachable-final", "the final state"),
            Kind::History { .. } => ("unreachable-state", "the history"),
            Kind::State | Kind::Parallel => ("unreachable-state", "the state"),
        };
        let message = format!("no path leads to {what} `{}`", tree.name(at));
        report.add(id, &state.place, message);
    }
}

fn check_left(tree: &Tree<'_>, dead: &BTreeSet<usize>, reach: &Reach, report: &mut Report) {
    // Where a state has a transition that leads elsewhere, and which states a transition of something in them leaves.
    let mut moves: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); tree.nodes.len()];
    let mut left = vec![false; tree.nodes.len()];
    for (number, arrow) in tree.arrows.iter().enumerate() {
        if dead.contains(&number) || !reach.has(arrow.source) {
            continue;
        }
        let Some(domain) = tree.domain(arrow) else { continue };
        if let Some(moves) = moves.get_mut(arrow.source) {
            moves.extend(&arrow.targets);
        }
        for at in tree.chain(arrow.source).take_while(|&at| at != domain) {
            if let Some(left) = left.get_mut(at) {
                *left = true;
            }
        }
    }
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(state) = node.state.filter(|_| node.children.is_empty() && reach.has(at)) else {
            continue;
        };
        let is_end = state.kind == Kind::Final && node.parent == 0;
        if is_end || tree.is_history(at) {
            continue;
        }
        let is_left = tree.chain(at).any(|above| {
            let moves = moves.get(above).is_some_and(|to| to.iter().any(|&to| to != at));
            // Another region may take the whole of a parallel state along.
            moves
                || tree.kind(above) == Kind::Parallel
                    && left.get(above).copied().unwrap_or_default()
        });
        if !is_left {
            let name = tree.name(at);
            let message = match state.kind {
                Kind::Final => {
                    format!(
                        "`{name}` ends `{}`, and nothing leads on from there",
                        tree.name(node.parent)
                    )
                }
                _ => format!("nothing leads on from `{name}`, and it is no final state"),
            };
            report.add("dead-end", &state.place, message);
        }
    }
}

fn check_history(tree: &Tree<'_>, dead: &BTreeSet<usize>, reach: &Reach, report: &mut Report) {
    let domains: Vec<_> = tree.arrows.iter().map(|arrow| tree.domain(arrow)).collect();
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(state) = node.state.filter(|_| tree.is_history(at) && reach.has(at)) else {
            continue;
        };
        let parent = node.parent;
        let mut targets = BTreeSet::new();
        for (number, (arrow, domain)) in tree.arrows.iter().zip(&domains).enumerate() {
            let is_live = !dead.contains(&number) && reach.has(arrow.source);
            let domain = domain.filter(|_| is_live);
            // It leaves the parent if that stands in what it leaves everything in, and can be active with its source.
            if domain.is_some_and(|domain| tree.is_inside(parent, domain))
                && is_beside(tree, arrow.source, parent)
            {
                targets.extend(arrow.targets.iter().copied());
            }
        }
        let targets: Vec<usize> = targets.into_iter().collect();
        let after = Reach::after(tree, dead, &targets, reach);
        if !after.has(at) {
            let parent = tree.name(parent);
            let message = format!(
                "the history `{}` is never found: no path leaves `{parent}` and comes back to it",
                tree.name(at)
            );
            report.add("idle-history", &state.place, message);
        }
    }
}

/// Whether two states can be active at once.
fn is_beside(tree: &Tree<'_>, one: usize, other: usize) -> bool {
    if tree.is_within(one, other) || tree.is_within(other, one) {
        return true;
    }
    let common = tree.chain(one).find(|&at| tree.is_within(other, at));
    common.is_some_and(|at| tree.kind(at) == Kind::Parallel)
}

/// Circles of transitions that need nothing: each state of them is left at once, and no guard in it may lead elsewhere.
fn check_endless(tree: &Tree<'_>, dead: &BTreeSet<usize>, reach: &Reach, report: &mut Report) {
    let mut moves: BTreeMap<usize, usize> = BTreeMap::new();
    let mut may: BTreeSet<usize> = BTreeSet::new();
    for (number, arrow) in tree.arrows.iter().enumerate() {
        let transition = arrow.transition;
        let is_eventless = transition.events.is_empty() && !tree.is_history(arrow.source);
        if !is_eventless || dead.contains(&number) || !reach.has(arrow.source) {
            continue;
        }
        if is_free(transition.guard.as_ref()) {
            moves.entry(arrow.source).or_insert(number);
        } else {
            may.insert(arrow.source);
        }
    }
    let next = |at: usize| -> Option<usize> {
        let arrow = tree.arrows.get(*moves.get(&at)?)?;
        // One that only acts leaves all as it is.
        let targets = if arrow.targets.is_empty() { &[at] } else { &arrow.targets[..] };
        let is_plain = !arrow.targets.is_empty() || tree.node(at).children.is_empty();
        let entered = entered(tree, targets).filter(|_| is_plain)?;
        if entered.iter().any(|at| may.contains(at)) {
            return None;
        }
        // The innermost state that is left at once: it comes before those around it.
        entered.into_iter().filter(|at| moves.contains_key(at)).max()
    };
    let mut seen = BTreeSet::new();
    for &begin in moves.keys() {
        let mut path = BTreeSet::new();
        let mut at = begin;
        while seen.insert(at) {
            path.insert(at);
            match next(at) {
                Some(then) if path.contains(&then) => {
                    let arrow = moves.get(&then).and_then(|&number| tree.arrows.get(number));
                    if let Some(arrow) = arrow {
                        let name = tree.name(then);
                        let message = format!(
                            "from `{name}`, transitions without event and guard lead back to it"
                        );
                        report.add(
                            "endless-transition",
                            place(tree, then, &arrow.transition.place),
                            message,
                        );
                    }
                    break;
                }
                Some(then) => at = then,
                None => break,
            }
        }
    }
}

/// All states that are active for certain once these were entered; none if a history or another region decides, or the chart ends.
fn entered(tree: &Tree<'_>, targets: &[usize]) -> Option<BTreeSet<usize>> {
    let &[target] = targets else { return None };
    let mut entered: BTreeSet<usize> = tree.chain(target).collect();
    let mut at = target;
    loop {
        entered.insert(at);
        if entered.iter().any(|&at| tree.is_history(at) || tree.kind(at) == Kind::Parallel)
            || tree.kind(at) == Kind::Final && tree.node(at).parent == 0
        {
            return None;
        }
        match tree.begins(at)[..] {
            [] => return Some(entered),
            [then] if !tree.is_within(at, then) => {
                entered.extend(tree.chain(then).take_while(|&above| above != at));
                at = then;
            }
            _ => return None,
        }
    }
}
