//! Labels: what stands at an arrow and in a state, short enough to be read.

use super::logic;
use crate::kyc::chart::document::{
    Action, ActionKind, Content, Expr, Given, Send, State, Transition,
};
use crate::value::Value;

/// The most letters of a guard, and of an action.
const PART: usize = 40;
/// The most actions that are told.
const ACTIONS: usize = 3;
/// The most descriptors of events that are told.
const EVENTS: usize = 4;

/// An expression as people read it: a text as it is, and JSON Logic in a short form.
fn readable(expr: &Expr) -> String {
    expr.source.as_str().map_or_else(|| logic::readable(&expr.source), str::to_owned)
}

/// An expression as a text.
pub(in crate::kyc::chart) fn expression(expr: &Expr) -> String {
    expr.source.as_str().map_or_else(|| expr.source.to_json(), str::to_owned)
}

/// A text in one row, without control characters, and cut after so many letters.
pub(in crate::kyc::chart) fn shorten(text: &str, most: usize) -> String {
    let mut short = String::new();
    let mut letters = 0;
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        if word.is_empty() {
            continue;
        }
        if letters > 0 {
            short.push(' ');
            letters += 1;
        }
        for letter in word.chars() {
            if letters >= most {
                short.truncate(short.trim_end().len());
                short.push('…');
                return short;
            }
            short.push(letter);
            letters += 1;
        }
    }
    short
}

/// The label of a transition: `event [guard] / actions`. Empty if it has none of them.
pub(in crate::kyc::chart) fn label(transition: &Transition) -> String {
    parts(transition).join(" ")
}

/// The parts of the label, in that order.
pub(in crate::kyc::chart) fn parts(transition: &Transition) -> Vec<String> {
    let mut parts = Vec::new();
    if !transition.events.is_empty() {
        let told = transition.events.iter().take(EVENTS).map(|event| shorten(event, 2 * PART));
        let mut told = told.collect::<Vec<_>>().join(", ");
        if transition.events.len() > EVENTS {
            told.push_str(", …");
        }
        parts.push(told);
    }
    if let Some(guard) = &transition.guard {
        parts.push(format!("[{}]", shorten(&readable(guard), PART)));
    }
    if !transition.actions.is_empty() {
        parts.push(format!("/ {}", actions(transition.actions.iter())));
    }
    parts
}

/// What a state does while it is active, a row each.
pub(in crate::kyc::chart) fn lines(state: &State) -> Vec<String> {
    let mut lines = Vec::new();
    for (word, blocks) in [("entry", &state.entry), ("exit", &state.exit)] {
        if blocks.iter().any(|block| !block.is_empty()) {
            lines.push(format!("{word} / {}", actions(blocks.iter().flatten())));
        }
    }
    for invoke in state.invokes.iter().take(ACTIONS) {
        let what = match (&invoke.src, &invoke.kind, &invoke.id) {
            (Some(src), _, _) => given(src),
            (None, _, Some(id)) => id.clone(),
            (None, Some(kind), None) => given(kind),
            (None, None, None) => "a chart".to_owned(),
        };
        lines.push(format!("do / {}", shorten(&what, PART)));
    }
    for timer in state.timers.iter().take(ACTIONS) {
        let event = timer.event.as_ref().map(|event| format!(" → {}", shorten(event, PART)));
        let delay = shorten(&given(&timer.delay), PART);
        lines.push(format!("after {delay}{}", event.unwrap_or_default()));
    }
    lines
}

fn actions<'a>(mut actions: impl Iterator<Item = &'a Action>) -> String {
    let told = actions.by_ref().take(ACTIONS).map(|action| shorten(&one(&action.kind), PART));
    let mut told = told.collect::<Vec<_>>().join("; ");
    if actions.next().is_some() {
        told.push_str("; …");
    }
    told
}

fn one(action: &ActionKind) -> String {
    match action {
        ActionKind::Raise(event) => format!("raise {event}"),
        ActionKind::Send(send) => sent(send),
        ActionKind::Cancel(id) => format!("cancel {}", given(id)),
        ActionKind::Log { label: Some(label), .. } => format!("log {label}"),
        ActionKind::Log { .. } => "log".to_owned(),
        ActionKind::Assign { location, value } => match value {
            Content::Expr(expr) => format!("{location} := {}", readable(expr)),
            Content::Value(value) => format!("{location} := {}", value.to_json()),
            Content::Src(_) | Content::Chart(_) => format!("{location} := …"),
        },
        ActionKind::If(branches) => {
            let first = branches.first().and_then(|branch| branch.condition.as_ref());
            format!("if {} …", first.map(readable).unwrap_or_default())
        }
        ActionKind::Foreach { array, .. } => format!("for each of {} …", readable(array)),
        ActionKind::Script(_) => "script".to_owned(),
    }
}

fn sent(send: &Send) -> String {
    let event = send.event.as_ref().map_or_else(|| "message".to_owned(), given);
    match &send.target {
        Some(target) => format!("send {event} to {}", given(target)),
        None => format!("send {event}"),
    }
}

fn given(given: &Given<String>) -> String {
    match given {
        Given::Known(text) => text.clone(),
        Given::Expr(expr) => match &expr.source {
            Value::String(text) => format!("({text})"),
            other => format!("({})", logic::readable(other)),
        },
    }
}
