//! Messages and timers, in the notation of [`super::super::toy`].

use super::super::step::Interpreter;
use super::super::toy::{Case, check_all as all};
use crate::time::parse_instant;

#[test]
fn messages() {
    all(&[
        (
            "to itself: after what is raised",
            "state a\n  in: send s; raise r\n  on s / log 's'\n  on r / log 'r'",
            "",
            "a",
            "r s",
        ),
        (
            "into the internal queue",
            "state a\n  in: send s; send i to=#_internal\n  on s / log _event.type\n  on i / log _event.type",
            "",
            "a",
            "Internal External",
        ),
        (
            "with parts, names, content",
            "data x = 1\nstate a\n  in: send s names=x p:y=2; send t content='all'\n  on s / log _event.data\n  on t / log _event.data",
            "",
            "a",
            "{\"x\":1,\"y\":2} all",
        ),
        (
            "a part without value is left out",
            "state a\n  in: send s p:x=missing p:y=2\n  on s / log _event.data\n  on error.* / log 'error'",
            "",
            "a",
            "error {\"y\":2}",
        ),
        (
            "a name without variable: nothing is sent",
            "state a\n  in: send s names=missing; log 'never'\n  on s / log 's'\n  on error.* / log 'error'",
            "",
            "a",
            "error",
        ),
        (
            "an id that is given is told",
            "state a\n  in: send s id=mine\n  on s / log _event.sendid",
            "",
            "a",
            "mine",
        ),
        (
            "an id that is made",
            "data v = 0\nstate a\n  in: send s idvar=v; log v\n  on s if _event.sendid == v / log 'same'",
            "",
            "a",
            "send.0 same",
        ),
        (
            "to what is not known",
            "state a\n  in: send s id=mine to=nowhere; log 'never'\n  on error.execution / log _event.sendid",
            "",
            "a",
            "mine",
        ),
        (
            "of a kind that is not known",
            "state a\n  in: send s kind=unknown\n  on error.execution / log 'error'",
            "",
            "a",
            "error",
        ),
        (
            "to a session that is not there",
            "state a\n  in: send s to=#_scxml_gone; log 'on'\n  on error.communication / log 'error'",
            "",
            "a",
            "on error",
        ),
        (
            "to a parent that is not there",
            "state a\n  in: send s to=#_parent\n  on error.communication / log 'error'",
            "",
            "a",
            "error",
        ),
        (
            "to what was not invoked",
            "state a\n  in: send s to=#_screening\n  on error.communication / log 'error'",
            "",
            "a",
            "error",
        ),
        (
            "an answer to where it came from",
            "state a\n  in: send s\n  on s / send t tovar=_event.origin\n  on t / log 't'",
            "",
            "a",
            "t",
        ),
        (
            "to the host",
            "state a\n  in: send notify to=host p:case=1",
            "",
            "a",
            "send(host:notify={\"case\":1})",
        ),
        (
            "delayed",
            "state a\n  in: send s delay=100ms\n  on s / log _now",
            "+99 +1 +1",
            "a",
            "100000000",
        ),
        (
            "the earlier first, then the first",
            "state a\n  in: send s delay=2s; send t delay=1s; send u delay=1s\n  on * / log _event.name",
            "+5000",
            "a",
            "t u s",
        ),
        (
            "cancelled",
            "state a\n  in: send s id=x delay=1s; send t delay=1s; cancel x\n  on * / log _event.name",
            "+1000",
            "a",
            "t",
        ),
        (
            "what is due cancels what is due with it",
            "state a\n  in: send s delay=1s; send t id=x delay=1s\n  on s / log 's'; cancel x\n  on t / log 't'",
            "+1000",
            "a",
            "s",
        ),
        (
            "delayed to the host",
            "state a\n  in: send remind to=host delay=P3D",
            "+259200000",
            "a",
            "send(host:remind)",
        ),
        (
            "a delay that is none",
            "data d = 'soon'\nstate a\n  in: send s delayvar=d\n  on error.execution / log 'error'",
            "+1",
            "a",
            "error",
        ),
        (
            "what cannot be delivered any more",
            "state a\n  in: send s to=#_parent delay=1s\n  on error.communication -> b\nstate b",
            "+1000",
            "b",
            "",
        ),
        (
            "what has ended sends nothing",
            "state a\n  in: send s to=host delay=1s\n  on e -> end\nfinal end",
            "e",
            "end",
            "done()",
        ),
        (
            "a timer of a state",
            "state a\n  after PT1H expired\n  on expired -> b\nstate b",
            "+3600000",
            "b",
            "",
        ),
        (
            "a timer without a name of its event",
            "state a\n  after 1s -\n  on after.0.a -> b\nstate b",
            "+1000",
            "b",
            "",
        ),
        (
            "a timer ends with its state",
            "state a\n  after 1s x\n  on e -> b\n  on x -> c\nstate b\n  on x -> c\nstate c",
            "e +1000",
            "b",
            "",
        ),
        (
            "a timer begins anew with its state",
            "state a\n  after 1s x\n  on e -> a\n  on x -> c\nstate c",
            "+500 e +600",
            "a",
            "",
        ),
    ]);
}

#[test]
fn a_month_that_begins_anew_is_the_month_of_then() {
    let instant = |text: &str| parse_instant(&format!("{text}T09:00:00Z")).unwrap();
    for (delay, begins, suspended, goes_on, due) in [
        // A month of 31 days does not make a February longer, nor the other way round.
        ("P1M", "2026-01-15", "2026-01-20", "2026-02-10", "2026-03-10"),
        ("P1M", "2026-02-15", "2026-02-20", "2026-03-10", "2026-04-10"),
        ("P1M", "2026-01-15", "2026-01-20", "2026-01-31", "2026-02-28"),
        ("P1Y", "2023-03-01", "2023-04-01", "2024-03-01", "2025-03-01"),
        ("P1M2D", "2026-01-15", "2026-01-20", "2026-02-10", "2026-03-12"),
        ("P30D", "2026-01-15", "2026-01-20", "2026-02-10", "2026-03-12"),
    ] {
        let mut case = Case::of(&format!(
            "state a\n  on go -> w\nstate w\n  after {delay} late restart\n  on late -> b\nstate b"
        ));
        case.now = instant(begins);
        case.tell("go");
        let mut interpreter = Interpreter::new(&case.program, &mut case.model);
        let rested = interpreter
            .resume(&case.session, instant(suspended), instant(goes_on))
            .unwrap()
            .session;
        assert_eq!(rested.next_due(), Some(instant(due)), "{delay} from {goes_on}");
        // It stands in the bytes, and a second rest finds it.
        let kept = super::super::Session::from_bytes(&rested.to_bytes()).unwrap();
        assert_eq!(kept, rested);
        let again = interpreter.resume(&kept, instant(goes_on), instant(goes_on)).unwrap().session;
        assert_eq!(again.next_due(), Some(instant(due)), "{delay} again");
    }
}
