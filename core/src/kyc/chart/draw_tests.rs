//! Charts for the tests of pictures, of the linter and of the export.

use crate::kyc::chart::document::{Action, ActionKind};
use crate::kyc::chart::document::{
    Chart, Content, Datum, Delay, Expr, Given, Initial, Invoke, Kind, Place, Restore, State, Timer,
    Transition,
};
use crate::value::Value;

pub(in crate::kyc::chart) fn expr(text: &str) -> Expr {
    Expr { source: Value::string(text), place: Place::default() }
}

/// A chart from rows such as `review: documents, screening`; a row's depth is its indentation by two spaces.
///
/// `+` begins a parallel state, `!` a final one, `~` and `~~` a history; `->` a transition of the state above it, written as
/// `-> event [guard] / raised > target`, with `=>` where it is internal; `@` a timer, `@ delay event`; `$` an invocation; `>` where it begins; `^` an event that is raised on entry; `#` a description.
pub(in crate::kyc::chart) fn chart(text: &str) -> Chart {
    let rows: Vec<(usize, u32, &str)> = text
        .lines()
        .zip(1..)
        .filter(|(row, _)| !row.trim().is_empty())
        .map(|(row, number)| (row.len() - row.trim_start().len(), number, row.trim()))
        .collect();
    let mut chart = Chart { id: Some("case".to_owned()), ..Chart::default() };
    let mut rows = &rows[..];
    while let Some((first, rest)) = rows.split_first() {
        if let Some(name) = first.2.strip_prefix("> ") {
            chart.initial = Some(initial(name));
            rows = rest;
        } else if let Some(data) = first.2.strip_prefix("data ") {
            let (id, value) =
                data.split_once(" = ").map_or((data, None), |(id, value)| (id, Some(value)));
            let value = value.map(|value| Content::Expr(expr(value)));
            chart.data.push(Datum { id: id.to_owned(), value, place: place(first.1) });
            rows = rest;
        } else {
            let (state, rest) = state(rows);
            chart.states.push(state);
            rows = rest;
        }
    }
    chart
}

fn place(row: u32) -> Place {
    Place { path: String::new(), row, column: 1 }
}

fn initial(names: &str) -> Initial {
    let targets = names.split(' ').map(str::to_owned).collect();
    Initial { targets, ..Initial::default() }
}

type Rows<'a> = &'a [(usize, u32, &'a str)];

fn state(rows: Rows<'_>) -> (State, Rows<'_>) {
    let ((depth, row, text), mut rows) = rows.split_first().map(|(a, b)| (*a, b)).unwrap();
    let (kind, name) = match text.split_once(' ') {
        Some(("+", name)) => (Kind::Parallel, name),
        Some(("!", name)) => (Kind::Final, name),
        Some(("~", name)) => (Kind::History { deep: false }, name),
        Some(("~~", name)) => (Kind::History { deep: true }, name),
        _ => (Kind::State, text),
    };
    let mut told = State { id: Some(name.to_owned()), kind, place: place(row), ..State::default() };
    while let Some(&(inner, row, text)) = rows.first().filter(|(inner, ..)| *inner > depth) {
        assert!(inner > depth);
        if let Some(text) = text.strip_prefix("-> ").or_else(|| text.strip_prefix("=> ")) {
            let is_internal = rows[0].2.starts_with('=');
            told.transitions.push(transition(text, is_internal, row));
        } else if let Some(timer) = text.strip_prefix("@ ") {
            let (delay, event) = timer.split_once(' ').map_or((timer, None), |(d, e)| (d, Some(e)));
            let delay: Delay = Given::Known(delay.to_owned());
            let event = event.map(str::to_owned);
            told.timers.push(Timer { delay, event, restore: Restore::Deadline, place: place(row) });
        } else if let Some(id) = text.strip_prefix("$ ") {
            told.invokes.push(Invoke {
                id: Some(id.to_owned()),
                place: place(row),
                ..Invoke::default()
            });
        } else if let Some(id) = text.strip_prefix("$$ ") {
            told.invokes.push(Invoke {
                id: Some(id.to_owned()),
                kind: Some(Given::Known("service".to_owned())),
                place: place(row),
                ..Invoke::default()
            });
        } else if let Some(names) = text.strip_prefix("> ") {
            told.initial = Some(Initial { place: place(row), ..initial(names) });
        } else if let Some(event) = text.strip_prefix("^ ") {
            let kind = ActionKind::Raise(event.to_owned());
            told.entry.push(vec![Action { kind, place: place(row) }]);
        } else if let Some(description) = text.strip_prefix("# ") {
            told.description = Some(description.to_owned());
        } else {
            let (child, rest) = state(rows);
            told.states.push(child);
            rows = rest;
            continue;
        }
        rows = &rows[1..];
    }
    (told, rows)
}

fn transition(text: &str, internal: bool, row: u32) -> Transition {
    let (text, targets) = text.rsplit_once("> ").unwrap_or((text, ""));
    let (text, raised) = text.split_once("/ ").unwrap_or((text, ""));
    let (text, guard) = text.split_once('[').unwrap_or((text, ""));
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let raise = |event| Action { kind: ActionKind::Raise(event), place: place(row) };
    Transition {
        events: words(text),
        guard: (!guard.is_empty()).then(|| expr(guard.trim().trim_end_matches(']'))),
        targets: words(targets),
        internal,
        actions: words(raised).into_iter().map(raise).collect(),
        place: place(row),
        ..Transition::default()
    }
}

/// A case as a bank has them.
pub(in crate::kyc::chart) const CASE: &str = "
opened
  -> application.received [applicant.country != 'XX'] / case.numbered > collecting
  -> application.withdrawn > withdrawn
collecting
  @ P30D document.overdue
  ^ documents.requested
  -> documents.requested
  -> document.received / document.filed
  -> document.filed [count(documents) < required] > collecting
  -> document.filed > checks
  -> document.overdue > reminded
reminded
  @ P14D after.reminder
  -> document.received > collecting
  -> after.reminder > closed_without_documents
+ checks
  -> done.state.checks > decision
  -> hold.requested > on_hold
  -> error.* > on_hold
  identity
    verifying
      $ identity-provider
      -> done.invoke.identity-provider [_event.data.score >= 0.92] > identity_verified
      -> done.invoke.identity-provider > manual_identity_review
    manual_identity_review
      -> identity.confirmed > identity_verified
      -> identity.refused > verifying
    ! identity_verified
  screening
    sanctions
      $ screening
      -> done.invoke.screening [hits > 0] > match_review
      -> done.invoke.screening > screened
    match_review
      -> match.discounted [four_eyes and reviewer != maker] / note.written > screened
      -> match.confirmed > rejected
    ! screened
  ~~ checks.history
    -> > verifying sanctions
on_hold
  -> hold.released > checks.history
decision
  rating
    -> [risk = 'low'] > approved
    -> [risk != 'low'] > senior_review
  senior_review
    -> review.approved > approved
    -> review.rejected > rejected
    -> review.returned > rating
  -> application.withdrawn > withdrawn
! approved
  # The customer is taken.
! rejected
  # The customer is not taken.
! withdrawn
  # The customer does not want to be taken.
! closed_without_documents
  # The customer sent no documents in time.
";

/// A chart of a seed, the names of its states, and the events of its transitions, each of which stands in one label.
pub(in crate::kyc::chart) fn random(seed: u64) -> (Chart, Vec<String>, Vec<String>) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    let names: Vec<String> = (0..1 + draw(25)).map(|at| format!("n{at}n")).collect();
    let mut labels = Vec::new();
    let mut states: Vec<(usize, State)> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let deepest = states.last().map_or(0, |(depth, _)| depth + 1);
        let kind = match draw(8) {
            0 => Kind::Parallel,
            1 => Kind::Final,
            2 => Kind::History { deep: draw(2) == 0 },
            _ => Kind::State,
        };
        let mut told = State { id: Some(name.clone()), kind, ..State::default() };
        for number in 0..draw(4) {
            let label = format!("e{at}_{number}e");
            let targets = (0..draw(3)).map(|_| names[draw(names.len())].clone()).collect();
            let guard = (draw(3) == 0).then(|| expr("a < b & \"c\""));
            let events = vec![label.clone()];
            told.transitions.push(Transition {
                events,
                targets,
                guard,
                internal: draw(2) == 0,
                ..Transition::default()
            });
            labels.push(label);
        }
        if draw(4) == 0 {
            told.initial = Some(initial(&names[draw(names.len())]));
        }
        states.push((draw(deepest + 1), told));
    }
    let mut chart = Chart::default();
    for (depth, told) in states {
        let mut into = &mut chart.states;
        for _ in 0..depth {
            if into.is_empty() {
                break;
            }
            into = &mut into.last_mut().unwrap().states;
        }
        into.push(told);
    }
    (chart, names, labels)
}
