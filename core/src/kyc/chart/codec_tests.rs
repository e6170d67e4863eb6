//! Sessions as bytes.

use proptest::prelude::*;

use super::super::step::Interpreter;
use super::super::toy::Case;
use super::*;

/// A session with something of everything: timers, a child, a service, a history, an event with data.
fn rich() -> Session {
    rich_case().session
}

fn rich_case() -> Case {
    let mut case = Case::of(
        "data x = [1 -0 1.0 1e400 12345678901234567890 'text']\nparallel p\n  state l\n    invoke sub\n      state s\n        in: send late to=#_parent delay=1h p:n=1\n    invoke screen kind=screening\n    invoke gone\n      final f\n    after P3D lost remaining\n  state r\n    on out -> z\n    state k\n      history h\n        always -> m\n      state m\n        on e -> n\n      state n\n    state z\n      on e -> k",
    );
    ["e", "out", "e={\"n\": 1.50, \"s\": [null, true, {\"a\": -7}]}"]
        .iter()
        .for_each(|event| case.tell(event));
    assert!(
        case.session.children().count() == 1
            && case.session.services().count() == 1
            && !case.session.history.is_empty()
    );
    case
}

#[test]
fn bytes_are_one_session_and_no_other() {
    let session = rich();
    let bytes = session.to_bytes();
    let read = Session::from_bytes(&bytes).unwrap();
    assert_eq!(read, session);
    assert_eq!(read.data().to_json(), session.data().to_json(), "numbers keep their text");
    for length in 0..bytes.len() {
        assert!(Session::from_bytes(&bytes[..length]).is_err(), "cut at {length}");
    }
    assert!(Session::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    let mut newer = bytes;
    newer[0] = 3;
    assert_eq!(Session::from_bytes(&newer), Err(SessionError::Version { version: 3 }));
    assert!(matches!(Session::from_bytes(&vec![0; 3 << 20]), Err(SessionError::TooLong { .. })));
}

#[test]
fn values_that_nest_deep_are_no_session() {
    let mut session = rich();
    let deep = |depth: u32| (0..depth).fold(Value::Null, |inner, _| Value::array([inner]));
    session.data = deep(DEPTH);
    assert_eq!(Session::from_bytes(&session.to_bytes()).as_ref(), Ok(&session));
    session.data = deep(DEPTH + 1);
    assert!(Session::from_bytes(&session.to_bytes()).is_err());
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "-?[0-9]{1,30}(\\.[0-9]{1,9})?(e[0-9]{1,2})?"
            .prop_filter_map("a number", |text| Number::parse(&text).ok())
            .prop_map(Value::from),
        ".{0,9}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::array),
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::set),
            prop::collection::vec((inner.clone(), inner), 0..5).prop_map(Value::object),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_comes_back(value in values()) {
        let mut session = Session::new("case".into());
        session.data = value;
        let read = Session::from_bytes(&session.to_bytes()).unwrap();
        prop_assert_eq!(read.data().to_json(), session.data.to_json());
        prop_assert_eq!(read, session);
    }

    #[test]
    fn garbage_is_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Session::from_bytes(&bytes).is_err() || Session::from_bytes(&bytes).unwrap().to_bytes() == bytes);
    }

    #[test]
    fn a_damaged_session_is_an_error_or_another(at in 0_usize..400, byte in any::<u8>()) {
        let mut case = rich_case();
        let mut bytes = case.session.to_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(session) = Session::from_bytes(&bytes) {
            prop_assert_eq!(session.to_bytes(), bytes);
            // It may be none of the chart; it is no reason to panic.
            let mut interpreter = Interpreter::new(&case.program, &mut case.model);
            for event in ["e", "out"] {
                let _ = interpreter.step(&session, Event::named(event), 0);
            }
            let _ = interpreter.advance(&session, i64::MAX);
        }
    }
}
