//! Events that nothing makes, and events that nobody hears.

use std::collections::BTreeSet;

use super::heard::{Heard, has_beside};
use super::paths::{called, place, plain, wider};
use super::reach::Reach;
use super::walk::{Act, For};
use super::{Known, Report, walk};
use crate::kyc::chart::document::{ActionKind, Chart, Content, Given, Invoke, Kind, Send};
use crate::kyc::chart::draw::Tree;
use crate::kyc::chart::is_chart;
use crate::near::nearest;

pub(super) fn check(tree: &Tree<'_>, known: &Known<'_>, report: &mut Report) {
    let heard = Heard::new(tree);
    check_sent(tree, &heard, report);
    check_invokes(tree, &heard, report);
    check_timers(tree, &heard, report);
    if let Some(outside) = known.outside {
        check_known(tree, outside, report);
    }
}

/// The event that is sent to the chart itself.
fn own(send: &Send) -> Option<&str> {
    let is_own = match &send.target {
        None => true,
        Some(Given::Known(target)) => target.is_empty() || target == "#_internal",
        Some(Given::Expr(_)) => false,
    };
    match &send.event {
        Some(Given::Known(event)) if is_own && send.kind.is_none() => Some(event),
        _ => None,
    }
}

fn check_sent(tree: &Tree<'_>, heard: &Heard<'_>, report: &mut Report) {
    let eventless = tree.arrows.iter().filter(|arrow| arrow.transition.events.is_empty());
    let eventless: BTreeSet<usize> = eventless.map(|arrow| arrow.source).collect();
    for act in walk::actions(tree) {
        let Act { at, action, .. } = act;
        let (word, event) = match &action.kind {
            ActionKind::Raise(event) => ("raises", event.as_str()),
            ActionKind::Send(send) => match own(send) {
                Some(event) => ("sends itself", event),
                None => continue,
            },
            _ => continue,
        };
        if !heard.hears(tree, event, 0) {
            let (name, meant) = (tree.name(at), heard.meant(event));
            let message = format!("`{name}` {word} `{event}`, and no transition is for it{meant}");
            report.add("unheard-event", place(tree, at, &action.place), message);
        } else if word == "raises"
            && let Some(then) = then(tree, &act).filter(|then| {
                // Where something is left without an event, or for one that was raised before, nobody knows where the case is by then.
                let is_near =
                    |&at: &usize| has_beside(tree, &eventless, at) || heard.hears(tree, event, at);
                !then.iter().any(is_near)
            })
        {
            let names: Vec<_> = then.iter().map(|&at| format!("`{}`", tree.name(at))).collect();
            let message = format!(
                "`{}` raises `{event}`, which is heard elsewhere, and not in {}, where the case is then",
                tree.name(at),
                names.join(" and ")
            );
            report.add("unheard-raise", place(tree, at, &action.place), message);
        }
    }
}

/// The states that are active after an action was done, if it can be told.
fn then(tree: &Tree<'_>, act: &Act<'_>) -> Option<Vec<usize>> {
    match act.of {
        For::Arrow(arrow) => {
            let arrow = tree.arrows.get(arrow)?;
            let targets = &arrow.targets;
            let is_known = !targets.iter().any(|&target| tree.is_history(target));
            // What goes on to a history's own states does so without an event.
            let stays = targets.is_empty() && !tree.is_history(arrow.source);
            (is_known && (stays || !targets.is_empty()))
                .then(|| if stays { vec![arrow.source] } else { targets.clone() })
        }
        For::Entry => Some(vec![act.at]),
        For::Exit => None,
    }
}

fn check_invokes(tree: &Tree<'_>, heard: &Heard<'_>, report: &mut Report) {
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(state) = node.state else { continue };
        for (number, invoke) in state.invokes.iter().enumerate() {
            // An id that is made up or kept in a variable is known to nobody who writes a chart: any `done.invoke` is taken for it.
            let id = invoke.id.clone().unwrap_or_else(|| format!("{}.{number}", tree.name(at)));
            let done = format!("done.invoke.{id}");
            let (hears_done, hears_errors) =
                (heard.hears(tree, &done, at), heard.hears_errors(tree, at));
            let name = tree.name(at);
            if hears_done != hears_errors && is_fallible(invoke) {
                let what = if hears_done {
                    format!("`{done}`, and no error")
                } else {
                    format!("an error, and not `{done}`")
                };
                let message = format!("`{name}` invokes `{id}`, and hears {what}");
                report.add("half-heard-invoke", place(tree, at, &invoke.place), message);
            }
            if hears_done || hears_errors {
                continue;
            }
            let loose = invoke.id.is_none() && heard.has_beginning("done.invoke");
            if !loose {
                let message =
                    format!("`{name}` invokes `{id}`, and hears neither `{done}` nor an error");
                report.add("unheard-invoke", place(tree, at, &invoke.place), message);
            }
        }
    }
}

/// Whether what is invoked is a service of the host, which comes to its end or fails. A chart of a library may have no end, and does not fail.
fn is_fallible(invoke: &Invoke) -> bool {
    match &invoke.kind {
        Some(Given::Known(kind)) => !is_chart(Some(kind)),
        Some(Given::Expr(_)) => true,
        None => false,
    }
}

fn timer_event(tree: &Tree<'_>, at: usize, number: usize, event: Option<&String>) -> String {
    event.cloned().unwrap_or_else(|| format!("after.{number}.{}", tree.name(at)))
}

fn check_timers(tree: &Tree<'_>, heard: &Heard<'_>, report: &mut Report) {
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(state) = node.state else { continue };
        for (number, timer) in state.timers.iter().enumerate() {
            let event = timer_event(tree, at, number, timer.event.as_ref());
            if !heard.hears(tree, &event, at) {
                let meant = heard.meant(&event);
                let message = format!(
                    "no transition hears `{event}` while `{}` is active{meant}",
                    tree.name(at)
                );
                report.add("unheard-timer", place(tree, at, &timer.place), message);
            }
        }
    }
}

/// What can come.
#[derive(Default)]
struct Made {
    /// Descriptors: all that is as narrow can come.
    wide: BTreeSet<String>,
    /// Names.
    exact: BTreeSet<String>,
}

impl Made {
    /// Whether something can come that a descriptor is for.
    fn has(&self, descriptor: &str) -> bool {
        let dotted = format!("{descriptor}.");
        let below = |made: &BTreeSet<String>| {
            let mut below = made.range(dotted.clone()..);
            made.contains(descriptor) || below.next().is_some_and(|name| name.starts_with(&dotted))
        };
        descriptor.is_empty()
            || below(&self.exact)
            || below(&self.wide)
            || wider(descriptor).any(|wide| self.wide.contains(wide))
    }
}

/// Transitions for what nothing makes. Nothing is said if an event's name is made up when it is sent.
fn check_known(tree: &Tree<'_>, outside: &[String], report: &mut Report) {
    let Some(made) = made(tree, outside) else { return };
    for arrow in &tree.arrows {
        for event in arrow.transition.events.iter().map(|event| plain(event)) {
            if made.has(event) {
                continue;
            }
            let names = made.wide.iter().chain(&made.exact).map(String::as_str);
            let meant = nearest(event, names).map(|near| format!("; did you mean `{near}`?"));
            let message = format!(
                "in `{}`: {} waits for `{event}`, which nothing makes{}",
                tree.name(arrow.source),
                called(arrow.transition),
                meant.unwrap_or_default()
            );
            let at = place(tree, arrow.source, &arrow.transition.place);
            report.add("unknown-event", at, message);
        }
    }
}

/// The ends of a chart that paths of transitions lead to, but none for events that something makes, by their names.
pub(in crate::kyc) fn cut_off(chart: &Chart, outside: &[String]) -> Vec<String> {
    let tree = Tree::new(chart);
    let Some(made) = made(&tree, outside) else { return Vec::new() };
    let never = tree.arrows.iter().enumerate().filter(|(_, arrow)| {
        let events = &arrow.transition.events;
        !events.is_empty() && !events.iter().any(|event| made.has(plain(event)))
    });
    let never: BTreeSet<usize> = never.map(|(at, _)| at).collect();
    let (all, told) = (Reach::begin(&tree, &BTreeSet::new()), Reach::begin(&tree, &never));
    let is_end = |at: usize| tree.kind(at) == Kind::Final && tree.node(at).parent == 0;
    let ends = (1..tree.nodes.len()).filter(|&at| is_end(at) && all.has(at) && !told.has(at));
    ends.map(|at| tree.name(at)).collect()
}

/// What can come; none if anything can.
fn made(tree: &Tree<'_>, outside: &[String]) -> Option<Made> {
    let wide = outside.iter().map(|event| plain(event).to_owned());
    // Errors are the platform's.
    let wide = wide.chain(["error".to_owned()]).collect();
    let mut made = Made { wide, exact: BTreeSet::new() };
    told(tree, &mut made.exact)?;
    for (at, node) in tree.nodes.iter().enumerate() {
        let Some(state) = node.state else { continue };
        if !node.children.is_empty() {
            made.exact.insert(format!("done.state.{}", tree.name(at)));
        }
        for (number, timer) in state.timers.iter().enumerate() {
            made.exact.insert(timer_event(tree, at, number, timer.event.as_ref()));
        }
        for invoke in &state.invokes {
            match &invoke.id {
                Some(id) => made.exact.insert(format!("done.invoke.{id}")),
                None => made.wide.insert("done.invoke".to_owned()),
            };
            if let Some(Content::Chart(chart)) = &invoke.content {
                made.exact.extend(told_by(chart)?);
            }
        }
    }
    Some(made)
}

/// The names of all events that a chart tells others or itself; none, if one's name is made up when it is sent.
pub(in crate::kyc) fn told_by(chart: &Chart) -> Option<BTreeSet<String>> {
    let mut made = BTreeSet::new();
    let mut open = vec![chart];
    while let Some(chart) = open.pop() {
        let tree = Tree::new(chart);
        told(&tree, &mut made)?;
        open.extend(super::written(&tree));
    }
    Some(made)
}

/// What a chart raises and sends. What it sends to others may come back: it is not asked who they are.
fn told(tree: &Tree<'_>, made: &mut BTreeSet<String>) -> Option<()> {
    for Act { action, .. } in walk::actions(tree) {
        let event = match &action.kind {
            ActionKind::Raise(event) => event,
            ActionKind::Send(send) => match &send.event {
                Some(Given::Known(event)) => event,
                Some(Given::Expr(_)) => return None,
                None => continue,
            },
            _ => continue,
        };
        made.insert(event.clone());
    }
    Some(())
}
