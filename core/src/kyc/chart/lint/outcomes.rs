//! Success that leads to failure, and the other way round: told by the names of states, events and statuses, and so a hint only.

use std::collections::BTreeMap;

use super::Report;
use super::paths::{called, place, plain};
use super::reach::is_free;
use super::walk::{self, For};
use crate::kyc::chart::document::{ActionKind, Content, Given};
use crate::kyc::chart::draw::Tree;

/// Words of technical failure. A rejection is an outcome like others.
const FAILURE: [&str; 9] =
    ["broken", "crashed", "error", "errored", "errors", "fail", "failed", "failure", "unavailable"];
const SUCCESS: [&str; 10] = [
    "accepted",
    "approved",
    "cleared",
    "ok",
    "passed",
    "succeeded",
    "success",
    "successful",
    "valid",
    "verified",
];
/// Words that turn the others round.
const NOT: [&str; 4] = ["no", "not", "non", "un"];

pub(super) fn check(tree: &Tree<'_>, report: &mut Report) {
    // How many transitions of a state are for an event: the last of several is what remains, and may be a failure.
    let mut transitions: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for arrow in &tree.arrows {
        for event in &arrow.transition.events {
            *transitions.entry((arrow.source, plain(event))).or_default() += 1;
        }
    }
    let mut swapped: BTreeMap<usize, Outcome> = BTreeMap::new();
    for (at, arrow) in tree.arrows.iter().enumerate() {
        let transition = arrow.transition;
        for event in &transition.events {
            let event = plain(event);
            let is_alone = transitions.get(&(arrow.source, event)).is_none_or(|&many| many == 1);
            let is_sure = is_alone && is_free(transition.guard.as_ref());
            let outcome = if is_sure && starts(event, "done") {
                ("outcome-on-success", &FAILURE[..])
            } else if starts(event, "error") {
                ("outcome-on-error", &SUCCESS[..])
            } else {
                continue;
            };
            swapped.insert(at, outcome);
            let (id, words) = outcome;
            for &target in &arrow.targets {
                let name = tree.name(target);
                if tells(&name, words) {
                    let from = tree.name(arrow.source);
                    let message = format!("in `{from}`: {} leads to `{name}`", called(transition));
                    report.add(id, place(tree, arrow.source, &transition.place), message);
                }
            }
        }
    }
    for act in walk::actions(tree).into_iter().filter(|act| !act.is_nested) {
        let For::Arrow(arrow) = act.of else { continue };
        let Some((id, words)) = swapped.get(&arrow) else { continue };
        let Some((does, said)) = said(&act.action.kind).filter(|(_, said)| tells(said, words))
        else {
            continue;
        };
        let Some(transition) = tree.arrows.get(arrow).map(|arrow| arrow.transition) else {
            continue;
        };
        let from = tree.name(act.at);
        let message = format!("in `{from}`: {} {does} `{said}`", called(transition));
        report.add(id, place(tree, act.at, &act.action.place), message);
    }
}

/// The rule, and the words that tell of it.
type Outcome = (&'static str, &'static [&'static str]);

/// What an action tells others, or notes, in a word.
fn said(action: &ActionKind) -> Option<(&'static str, &str)> {
    match action {
        ActionKind::Raise(event) => Some(("raises", event)),
        ActionKind::Send(send) => match &send.event {
            Some(Given::Known(event)) => Some(("sends", event)),
            _ => None,
        },
        ActionKind::Assign { value: Content::Value(value), .. } => {
            Some(("assigns", value.as_str()?))
        }
        _ => None,
    }
}

fn starts(event: &str, token: &str) -> bool {
    event.split('.').next() == Some(token)
}

/// Whether one of a name's words is one of these.
fn tells(name: &str, wanted: &[&str]) -> bool {
    let words = words(name);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    has(wanted) && !has(&NOT)
}

/// The words of a name such as `screening_failed`, `screening.failed` and `screeningFailed`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() && was_small {
            words.push(String::new());
        }
        was_small = letter.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words
}
