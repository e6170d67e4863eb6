//! Success that leads to failure, and the other way round: told by the names of states, and so a hint only.

use std::collections::BTreeMap;

use super::Report;
use super::paths::{called, place, plain};
use super::reach::is_free;
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
    for arrow in &tree.arrows {
        let transition = arrow.transition;
        for event in &transition.events {
            let event = plain(event);
            let is_alone = transitions.get(&(arrow.source, event)).is_none_or(|&many| many == 1);
            let is_sure = is_alone && is_free(transition.guard.as_ref());
            let (id, words) = if is_sure && starts(event, "done") {
                ("outcome-on-success", &FAILURE[..])
            } else if starts(event, "error") {
                ("outcome-on-error", &SUCCESS[..])
            } else {
                continue;
            };
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
