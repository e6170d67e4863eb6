//! Charts of tests, in a few letters.
//!
//! A chart is indented lines: `state a`, `parallel p`, `final f`, `history h`, `deep h`; below one, `initial b`, `on E [guard] -> targets / actions`,
//! `in: actions`, `out: actions`, `after DELAY E`, `data x = expr`, `done x = expr`; actions are parted by `;`, as [`action`] reads them.

use crate::kyc::chart::{
    Action, ActionKind, Binding, Branch, Chart, Content, Datum, Done, Expr, Given, Initial, Invoke,
    Kind, Param, Place, Restore, Send, State, Timer, Transition,
};

fn expr(text: &str) -> Expr {
    Expr { source: text.into(), place: Place::default() }
}

fn strings(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Cuts at a sign that stands in no brackets.
fn cut(text: &str, sign: char) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            c if c == sign && depth == 0 => {
                parts.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Actions: `raise E`, `log V`, `x = V`, `run x = V`, `cancel ID`, `if C { … } else { … }`, `each V as x { … }`, and
/// `send E` with `to=V`, `kind=K`, `id=I`, `idvar=x`, `delay=D`, `names=x,y`, `p:name=V`, `content=V` behind it (V without spaces).
pub(crate) fn actions(text: &str) -> Vec<Action> {
    cut(text, ';')
        .into_iter()
        .map(|text| Action { kind: action(text), place: Place::default() })
        .collect()
}

fn action(text: &str) -> ActionKind {
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    match verb {
        "raise" => ActionKind::Raise(rest.to_owned()),
        "log" => ActionKind::Log { label: None, value: Some(expr(rest)) },
        "cancel" => ActionKind::Cancel(Given::Known(rest.to_owned())),
        "run" => ActionKind::Script(expr(rest)),
        "if" => {
            let mut branches = Vec::new();
            for part in rest.split(" else ") {
                let (condition, block) = part.split_once('{').unwrap();
                let condition = condition.trim().trim_start_matches("if ");
                branches.push(Branch {
                    condition: (!condition.is_empty()).then(|| expr(condition)),
                    actions: actions(block.trim().trim_end_matches('}')),
                });
            }
            ActionKind::If(branches)
        }
        "each" => {
            let (head, block) = rest.split_once('{').unwrap();
            let (array, item) = head.trim().split_once(" as ").unwrap();
            let (item, index) =
                item.split_once(',').map_or((item, None), |(item, index)| (item, Some(index)));
            ActionKind::Foreach {
                array: expr(array),
                item: item.trim().to_owned(),
                index: index.map(|index| index.trim().to_owned()),
                actions: actions(block.trim().trim_end_matches('}')),
            }
        }
        "send" => ActionKind::Send(Box::new(send(rest))),
        _ => {
            let (location, value) =
                text.split_once(" = ").unwrap_or_else(|| panic!("no action: {text}"));
            ActionKind::Assign {
                location: location.trim().to_owned(),
                value: Content::Expr(expr(value)),
            }
        }
    }
}

fn send(text: &str) -> Send {
    let mut send = Send::default();
    for part in text.split_whitespace() {
        let Some((key, value)) = part.split_once('=') else {
            send.event = Some(Given::Known(part.to_owned()));
            continue;
        };
        let known = || Some(Given::Known(value.to_owned()));
        match key {
            "to" => send.target = known(),
            "tovar" => send.target = Some(Given::Expr(expr(value))),
            "kind" => send.kind = known(),
            "id" => send.id = Some(value.to_owned()),
            "idvar" => send.id_location = Some(value.to_owned()),
            "delay" => send.delay = known(),
            "delayvar" => send.delay = Some(Given::Expr(expr(value))),
            "names" => send.names = value.split(',').map(str::to_owned).collect(),
            "content" => send.content = Some(Content::Expr(expr(value))),
            key => send.params.push(Param {
                name: key.strip_prefix("p:").unwrap().to_owned(),
                value: Given::Expr(expr(value)),
            }),
        }
    }
    send
}

/// Of `chart` lines; [`Chart::id`] and the binding may stand on top: `name x`, `late`.
pub(crate) fn chart(text: &str) -> Chart {
    let mut chart = Chart::default();
    let lines: Vec<(usize, &str)> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| (line.len() - line.trim_start().len(), line.trim()))
        .collect();
    let mut at = 0;
    let mut root = State::default();
    let least = lines.first().map_or(0, |(indent, _)| *indent);
    body(&lines, &mut at, least, &mut root, &mut chart);
    chart.initial = root.initial;
    chart.states = root.states;
    chart.data = root.data;
    chart
}

fn body(
    lines: &[(usize, &str)],
    at: &mut usize,
    indent: usize,
    state: &mut State,
    chart: &mut Chart,
) {
    while let Some((own, line)) = lines.get(*at).copied() {
        if own < indent {
            return;
        }
        *at += 1;
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let kind = match word {
            "state" => Some(Kind::State),
            "parallel" => Some(Kind::Parallel),
            "final" => Some(Kind::Final),
            "history" => Some(Kind::History { deep: false }),
            "deep" => Some(Kind::History { deep: true }),
            _ => None,
        };
        if let Some(kind) = kind {
            let id = (!rest.is_empty()).then(|| rest.to_owned());
            let place = Place { path: rest.to_owned(), ..Place::default() };
            let mut child = State { id, kind, place, ..State::default() };
            if lines.get(*at).is_some_and(|(below, _)| *below > own) {
                body(lines, at, lines[*at].0, &mut child, chart);
            }
            state.states.push(child);
            continue;
        }
        match word {
            "name" => chart.id = Some(rest.to_owned()),
            "late" => chart.binding = Binding::Late,
            "script" => chart.script = Some(expr(rest)),
            "initial" => {
                let (targets, acts) = rest.split_once(" / ").unwrap_or((rest, ""));
                state.initial = Some(Initial {
                    targets: strings(targets),
                    actions: actions(acts),
                    place: Place::default(),
                });
            }
            "in:" => state.entry.push(actions(rest)),
            "out:" => state.exit.push(actions(rest)),
            "data" => {
                let (id, value) =
                    rest.split_once(" = ").map_or((rest, None), |(id, value)| (id, Some(value)));
                let value = value.map(|value| Content::Expr(expr(value)));
                state.data.push(Datum { id: id.to_owned(), value, place: Place::default() });
            }
            "done" => {
                let done = state.done.get_or_insert_with(Done::default);
                match rest.split_once(" = ") {
                    Some((name, value)) => done
                        .params
                        .push(Param { name: name.to_owned(), value: Given::Expr(expr(value)) }),
                    None => done.content = Some(Content::Expr(expr(rest))),
                }
            }
            "after" => {
                let parts: Vec<&str> = rest.split_whitespace().collect();
                let restore = match parts.get(2) {
                    Some(&"remaining") => Restore::Remaining,
                    Some(&"restart") => Restore::Restart,
                    _ => Restore::Deadline,
                };
                let event =
                    parts.get(1).filter(|event| **event != "-").map(|event| (*event).to_owned());
                state.timers.push(Timer {
                    delay: Given::Known(parts[0].to_owned()),
                    event,
                    restore,
                    place: Place::default(),
                });
            }
            "on" | "always" => state.transitions.push(transition(word == "always", rest)),
            "invoke" => state.invokes.push(invoke(rest, lines, at, own)),
            other => panic!("no line: {other} {rest}"),
        }
    }
}

fn transition(is_eventless: bool, text: &str) -> Transition {
    let (head, acts) =
        text.split_once(" / ").unwrap_or((text.strip_suffix(" /").unwrap_or(text), ""));
    let (head, targets) = head.split_once("->").unwrap_or((head, ""));
    let (events, guard) =
        match head.split_once(" if ").or_else(|| head.strip_prefix("if ").map(|guard| ("", guard)))
        {
            Some((events, guard)) => (events, Some(expr(guard.trim()))),
            None => (head, None),
        };
    let (targets, internal) = match targets.trim().strip_prefix("inside ") {
        Some(targets) => (targets, true),
        None => (targets, false),
    };
    Transition {
        events: if is_eventless { Vec::new() } else { strings(events) },
        guard,
        targets: strings(targets),
        internal,
        actions: actions(acts),
        ..Transition::default()
    }
}

/// `invoke ID kind=K src=S names=x p:x=V forward finalize{…}`; the lines below it are a chart of its own.
fn invoke(text: &str, lines: &[(usize, &str)], at: &mut usize, own: usize) -> Invoke {
    let mut invoke = Invoke::default();
    let (head, finalize) =
        text.split_once(" finalize").map_or((text, None), |(head, rest)| (head, Some(rest)));
    if let Some(finalize) = finalize {
        invoke.finalize =
            Some(actions(finalize.trim().trim_start_matches('{').trim_end_matches('}')));
    }
    for part in head.split_whitespace() {
        let known = |value: &str| Some(Given::Known(value.to_owned()));
        match part.split_once('=') {
            None if part == "forward" => invoke.autoforward = true,
            None => invoke.id = Some(part.to_owned()),
            Some(("idvar", value)) => invoke.id_location = Some(value.to_owned()),
            Some(("kind", value)) => invoke.kind = known(value),
            Some(("src", value)) => invoke.src = known(value),
            Some(("names", value)) => invoke.names = value.split(',').map(str::to_owned).collect(),
            Some((key, value)) => invoke.params.push(Param {
                name: key.strip_prefix("p:").unwrap().to_owned(),
                value: Given::Expr(expr(value)),
            }),
        }
    }
    let below: Vec<(usize, &str)> =
        lines[*at..].iter().take_while(|(indent, _)| *indent > own).copied().collect();
    if !below.is_empty() {
        *at += below.len();
        let text: Vec<String> =
            below.iter().map(|(indent, line)| format!("{}{line}", " ".repeat(*indent))).collect();
        invoke.content = Some(Content::Chart(Box::new(chart(&text.join("\n")))));
    }
    invoke
}
