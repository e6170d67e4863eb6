//! What is done: one object, one action; assignments that follow one another share theirs.

use std::collections::BTreeSet;

use super::given::{content, expr, is_mark, one, params, text};
use super::out::Out;
use crate::kyc::chart::document::{Action, ActionKind, Branch, Given, Send};
use crate::kyc::chart::read::HOST;

/// Blocks of actions: one is a list of actions.
pub(super) fn blocks(blocks: &[Vec<Action>]) -> Out {
    match blocks {
        [one] if !one.is_empty() => actions(one),
        all => Out::List(all.iter().map(|block| actions(block)).collect()),
    }
}

pub(super) fn actions(actions: &[Action]) -> Out {
    let mut out = Vec::new();
    let mut rest = actions;
    while let Some((first, behind)) = rest.split_first() {
        let assigned = assignments(rest);
        if assigned > 0 {
            let (together, behind) = rest.split_at_checked(assigned).unwrap_or((rest, &[]));
            let mut values = Out::object();
            for action in together {
                if let ActionKind::Assign { location, value } = &action.kind {
                    values.put(location, content(value));
                }
            }
            out.push(one("assign", values));
            rest = behind;
        } else {
            out.push(action(&first.kind));
            rest = behind;
        }
    }
    Out::List(out)
}

/// How many assignments begin it that can share an object.
fn assignments(actions: &[Action]) -> usize {
    let mut seen = BTreeSet::new();
    for action in actions {
        match &action.kind {
            ActionKind::Assign { location, .. }
                if !is_mark(location) && seen.insert(location.as_str()) => {}
            _ => break,
        }
    }
    seen.len()
}

fn action(kind: &ActionKind) -> Out {
    match kind {
        ActionKind::Raise(event) => one("raise", Out::text(event)),
        ActionKind::Send(send) => sent(send),
        ActionKind::Cancel(id) => one("cancel", text(id)),
        ActionKind::Log { label, value } => {
            let mut out = one("log", label.as_deref().map_or(Out::null(), Out::text));
            out.put_if("value", value.as_ref().map(expr));
            out
        }
        // Only what cannot be a key comes here.
        ActionKind::Assign { location, value } => {
            let mut item = one("name", Out::text(location));
            item.put("value", content(value));
            one("assign", Out::List(vec![item]))
        }
        ActionKind::If(branches) => choice(branches),
        ActionKind::Foreach { array, item, index, actions: body } => {
            let mut out = one("foreach", expr(array));
            out.put("as", Out::text(item));
            out.put_if("index", index.as_deref().map(Out::text));
            out.put("do", actions(body));
            out
        }
        ActionKind::Script(script) => one("script", expr(script)),
    }
}

fn choice(branches: &[Branch]) -> Out {
    let mut out = Out::object();
    let mut more = Vec::new();
    for (at, branch) in branches.iter().enumerate() {
        match &branch.condition {
            Some(condition) if at == 0 => {
                out.put("if", expr(condition));
                out.put("then", actions(&branch.actions));
            }
            Some(condition) => {
                let mut next = one("if", expr(condition));
                next.put("then", actions(&branch.actions));
                more.push(next);
            }
            None => {}
        }
    }
    out.put_if("elseif", (!more.is_empty()).then_some(Out::List(more)));
    let last = branches.last().filter(|branch| branch.condition.is_none());
    out.put_if("else", last.map(|branch| actions(&branch.actions)));
    out
}

fn sent(send: &Send) -> Out {
    let to_host = matches!(&send.target, Some(Given::Known(target)) if target == HOST);
    let plain = send.kind.is_none() && send.id_location.is_none() && send.delay.is_none();
    let mut out = Out::object();
    match &send.event {
        Some(event) if to_host && plain && send.names.is_empty() => out.put("effect", text(event)),
        event => {
            out.put("send", event.as_ref().map_or(Out::null(), text));
            out.put_if("to", send.target.as_ref().map(text));
        }
    }
    out.put_if("type", send.kind.as_ref().map(text));
    out.put_if("id", send.id.as_deref().map(Out::text));
    out.put_if("idLocation", send.id_location.as_deref().map(Out::text));
    out.put_if("delay", send.delay.as_ref().map(text));
    out.put_if("namelist", names(&send.names));
    out.put_if("with", (!send.params.is_empty()).then(|| params(&send.params)));
    out.put_if("content", send.content.as_ref().map(content));
    out
}

/// Names of variables, if there are some.
pub(super) fn names(names: &[String]) -> Option<Out> {
    (!names.is_empty()).then(|| Out::List(names.iter().map(|name| Out::text(name)).collect()))
}
