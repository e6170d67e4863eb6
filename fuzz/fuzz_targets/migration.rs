//! Attacks `core/src/kyc/migration`: whatever a text says, it is a migration or refused with places in it; what it makes of cases are cases of
//! the new chart, written and read the same, and the old ones stand as they were.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use thalium::kyc::chart::{Chart, Event, Session};
use thalium::kyc::{Definition, Migration, Surroundings};
use thalium::value::Value;

const OLD: &str = "
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
      identity: {states: {verifying: {on: {ok: verified}, after: {PT1H: {event: retry}}}, verified: {type: final}, back: {type: history, target: verifying}}}
      screening: {states: {running: {invoke: {id: screen, type: screening, onDone: screened}}, screened: {type: final}}}
  rest: {on: {go: back}}
  review: {invoke: {id: one, chart: {id: owner, context: {name: none}, states: {asked: {after: {P1D: late}}, late: {}}}}}
  expired: {type: final}
";

const NEW: &str = "
chart: 1
id: person
context: {tries: 0, hits: [], level: 1}
schema: {properties: {level: {enum: [1, 2]}}}
states:
  intake: {on: {submitted: checks}, after: {P7D: {actions: [{effect: remind}]}, P60D: expired}}
  checks:
    type: parallel
    done: review
    on: {pause: rest}
    states:
      identity: {states: {verifying: {on: {ok: verified}, after: {PT2H: {event: retry}}}, verified: {type: final}, back: {type: history, target: verifying}}}
      screening: {states: {running: {invoke: {id: screen, type: screening, onDone: screened}}, screened: {type: final}}}
      address: {states: {asked: {after: {P14D: {event: remind}}}, proven: {type: final}}}
  rest: {on: {go: back}}
  review: {invoke: {id: one, chart: {id: owner, context: {name: none, share: 0}, states: {open: {after: {P1D: late}}, late: {}}}}}
  expired: {type: final}
";

const NOW: i64 = 1_767_225_600_000_000_000;

struct Stage {
    old: Definition,
    new: Definition,
    cases: Vec<Session>,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let load = |text: &str| {
        let chart = Chart::from_text(text).expect("the chart is one");
        Definition::load(chart, Vec::new(), Surroundings::default()).expect("the chart runs")
    };
    let (old, new) = (load(OLD), load(NEW));
    let runs =
        ["", "submitted", "submitted ok", "submitted ok pause", "submitted ok done.invoke.screen"];
    let cases = runs.map(|events| {
        let mut session = old.start("case", NOW, &Value::Null).expect("it starts").session;
        for name in events.split_whitespace() {
            let invoke_id = name.strip_prefix("done.invoke.").map(str::to_owned);
            let event = Event { name: name.to_owned(), invoke_id, ..Event::default() };
            session = old.step(&session, event, NOW).expect("it goes on").session;
        }
        session
    });
    Stage { old, new, cases: cases.into() }
});

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let migration = match Migration::from_text(&text) {
        Ok(migration) => migration,
        Err(errors) => {
            assert!(!errors.0.is_empty() && errors.0.iter().all(|error| error.place.row > 0));
            return;
        }
    };
    let Stage { old, new, cases } = &*STAGE;
    let _ = migration.check(old, new);
    let later = NOW + 3_600_000_000_000;
    for case in cases {
        let before = case.to_bytes();
        let moved = migration.apply(old, new, case, later);
        assert_eq!(case.to_bytes(), before);
        assert_eq!(migration.apply(old, new, case, later), moved);
        let Ok(moved) = moved else { continue };
        assert!(new.program().accepts(&moved.session));
        let bytes = moved.session.to_bytes();
        assert_eq!(Session::from_bytes(&bytes).expect("it is read"), moved.session);
        let _ = new.advance(&moved.session, later);
    }
    assert_eq!(migration.dry_run(old, new, cases, later).total, 5);
});
