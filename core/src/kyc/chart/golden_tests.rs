//! Sessions that were kept by builds before this one: each is read by every later one, and written as it was.

use super::super::step::Interpreter;
use super::super::toy::{Toy, compiled};
use super::super::{Event, Session};

/// The first version, by a build that knew no other: a chart with a timer that begins anew after a month, and a service.
const FIRST: &str = "018b6463617365f481038080a0f6818a1b000983fd989100001b000983fd98910000000201f6f6f6646c617465f781856673637265656e0100f5f70001";

fn bytes(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn a_session_of_the_first_version_is_read_and_goes_on() {
    let program = compiled(
        "state a\n  invoke screen kind=screening\n  after P1M late restart\n  on late -> b\n  on done.invoke.screen -> b\nstate b",
    );
    let kept = bytes(FIRST);
    let session = Session::from_bytes(&kept).unwrap();
    assert!(program.accepts(&session));
    assert_eq!(session.to_bytes(), kept, "it is written as it was");
    let mut model = Toy::default();
    let mut runs = Interpreter::new(&program, &mut model);
    let day = 86_400_000_000_000;
    let rested = runs.resume(&session, 0, day).unwrap().session;
    assert_eq!(rested.next_due(), Some(32 * day), "as long as it was then");
    let event =
        Event { invoke_id: Some("screen".to_owned()), ..Event::named("done.invoke.screen") };
    assert!(runs.step(&session, event, 1).unwrap().heard);
}
