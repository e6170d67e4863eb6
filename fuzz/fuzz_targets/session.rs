//! Attacks `core/src/kyc/chart/codec.rs`: any bytes are a session or refused, and a session is written and read again the same; one that its chart
//! accepts goes on, or is refused, and stands as it was.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use thalium::kyc::chart::{Chart, Event, Session};
use thalium::kyc::{Definition, Surroundings};

const CHART: &str = "
chart: 1
id: person
context: {attempts: 0, hits: [], note: null}
states:
  collecting: {on: {submitted: checking}, after: {P7D: {actions: [{effect: remind}]}, P30D: expired}}
  checking:
    type: parallel
    done: review
    on: {pause: rest}
    states:
      identity: {states: {verifying: {on: {ok: verified}, after: {PT1H: {event: retry, restore: restart}}}, verified: {type: final}, back: {type: history, target: verifying}}}
      screening: {states: {running: {invoke: {id: screen, type: screening, onDone: screened}}, screened: {type: final}}}
  rest: {on: {go: back}}
  review: {invoke: {id: one, chart: {id: owner, context: {name: none}, states: {asked: {after: {P1D: late}}, late: {}}}, autoforward: true}}
  expired: {type: final}
";

const NOW: i64 = 1_767_225_600_000_000_000;

static DEFINITION: LazyLock<Definition> = LazyLock::new(|| {
    let chart = Chart::from_text(CHART).expect("the chart is one");
    Definition::load(chart, Vec::new(), Surroundings::default()).expect("the chart runs")
});

fuzz_target!(|data: &[u8]| {
    let Ok(session) = Session::from_bytes(data) else { return };
    let bytes = session.to_bytes();
    assert_eq!(Session::from_bytes(&bytes).as_ref(), Ok(&session));
    if !DEFINITION.program().accepts(&session) {
        return;
    }
    for name in ["submitted", "ok", "pause", "go"] {
        let _ = DEFINITION.step(&session, Event::named(name), NOW);
    }
    if let Ok(step) = DEFINITION.advance(&session, NOW) {
        assert!(DEFINITION.program().accepts(&step.session));
        let bytes = step.session.to_bytes();
        assert_eq!(Session::from_bytes(&bytes), Ok(step.session));
    }
    assert_eq!(session.to_bytes(), bytes);
});
