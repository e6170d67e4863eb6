//! Deliveries: first, again, late, forgotten and full; and that all of it is as a plain list would say.

use proptest::prelude::*;

use super::*;

const PERSONA: Provider = Provider::Persona;

#[test]
fn deliveries_in_the_order_in_which_they_came() {
    let mut inbox = Inbox::new(100, 10).unwrap();
    let late = |newest| Ok(Delivery::Late { newest });
    let again = |first_seen| Ok(Delivery::Again { first_seen });
    let new = Ok(Delivery::New);
    let steps = [
        ("the first of a check", PERSONA, "evt_1", Some(50), "inq_1", 1_000, new.clone()),
        ("the same once more", PERSONA, "evt_1", Some(50), "inq_1", 1_001, again(1_000)),
        ("a newer one", PERSONA, "evt_2", Some(60), "inq_1", 1_002, new.clone()),
        ("one that was overtaken", PERSONA, "evt_0", Some(40), "inq_1", 1_003, late(60)),
        ("that one once more", PERSONA, "evt_0", Some(40), "inq_1", 1_004, again(1_003)),
        ("one of the same instant", PERSONA, "evt_3", Some(60), "inq_1", 1_005, new.clone()),
        ("one that says no instant", PERSONA, "evt_4", None, "inq_1", 1_006, new.clone()),
        ("an old one of another check", PERSONA, "evt_5", Some(1), "inq_2", 1_007, new.clone()),
        (
            "an id of another provider",
            Provider::Veriff,
            "evt_1",
            Some(1),
            "inq_1",
            1_008,
            new.clone(),
        ),
        ("at the end of the window", PERSONA, "evt_1", Some(50), "inq_1", 1_100, again(1_000)),
        ("after the window", PERSONA, "evt_1", Some(50), "inq_1", 1_101, late(60)),
    ];
    for (name, provider, id, occurred_at, about, now, wanted) in steps {
        assert_eq!(inbox.take(provider, id, occurred_at, about, now), wanted, "{name}");
    }
}

#[test]
fn a_second_delivery_changes_nothing() {
    let mut inbox = Inbox::new(100, 10).unwrap();
    inbox.take(PERSONA, "evt_1", Some(1), "inq_1", 0).unwrap();
    inbox.take(PERSONA, "evt_2", Some(2), "inq_1", 150).unwrap();
    let before = inbox.clone();
    inbox.take(PERSONA, "evt_2", Some(9), "inq_9", 160).unwrap();
    assert_eq!(inbox, before);
}

#[test]
fn a_full_inbox_says_so_and_forgets_nothing_before_its_time() {
    let mut inbox = Inbox::new(100, 2).unwrap();
    inbox.take(PERSONA, "evt_1", None, "inq_1", 10).unwrap();
    inbox.take(PERSONA, "evt_2", None, "inq_2", 20).unwrap();
    let before = inbox.clone();
    let full = inbox.take(PERSONA, "evt_3", None, "inq_3", 110);
    assert_eq!(full, Err(InboxError::Full { capacity: 2, until: 110 }));
    assert_eq!(inbox, before);
    // What is known is told, though it is full.
    let again = inbox.take(PERSONA, "evt_1", None, "inq_1", 110);
    assert_eq!(again, Ok(Delivery::Again { first_seen: 10 }));
    assert_eq!(inbox.take(PERSONA, "evt_3", None, "inq_3", 111), Ok(Delivery::New));
    assert_eq!((inbox.len(), inbox.checks.len(), inbox.is_empty()), (2, 2, false));
}

#[test]
fn what_cannot_be_taken() {
    let mut inbox = Inbox::default();
    let long = "x".repeat(257);
    let cases = [
        ("", "a", "the id of the event has 0 bytes: it must have 1 to 256"),
        ("a", "", "the id of the check has 0 bytes: it must have 1 to 256"),
        (&*long, "a", "the id of the event has 257 bytes: it must have 1 to 256"),
        ("a", &*long, "the id of the check has 257 bytes: it must have 1 to 256"),
    ];
    for (id, about, wanted) in cases {
        let error = inbox.take(PERSONA, id, None, about, 0).unwrap_err();
        assert_eq!(error.to_string(), wanted);
    }
    assert!(inbox.is_empty());
    for (window, capacity) in [(0, 1), (-1, 1), (1, 0), (1, CAPACITY + 1)] {
        assert_eq!(Inbox::new(window, capacity), Err(InboxError::Settings { capacity, window }));
    }
}

#[test]
fn a_clock_that_stands_at_an_end_is_no_reason_to_panic() {
    let mut inbox = Inbox::default();
    for (at, now) in [i64::MIN, i64::MAX, 0, i64::MIN].into_iter().enumerate() {
        let taken = inbox.take(PERSONA, &at.to_string(), Some(now), "inq_1", now);
        assert!(taken.is_ok(), "{now}");
    }
}

#[derive(Clone, Debug)]
pub(in crate::kyc::callback) struct Step {
    id: u8,
    about: u8,
    occurred_at: Option<i64>,
    pub(in crate::kyc::callback) after: i64,
}

pub(in crate::kyc::callback) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..12_u8, 0..3_u8, prop::option::of(0..20_i64), 0..9_i64);
    let step =
        step.prop_map(|(id, about, occurred_at, after)| Step { id, about, occurred_at, after });
    prop::collection::vec(step, 0..80)
}

pub(in crate::kyc::callback) fn take(
    inbox: &mut Inbox,
    step: &Step,
    now: i64,
) -> Result<Delivery, InboxError> {
    let (id, about) = (format!("evt_{}", step.id), format!("inq_{}", step.about));
    inbox.take(PERSONA, &id, step.occurred_at, &about, now)
}

proptest! {
    #[test]
    fn an_inbox_is_what_a_plain_list_would_say(steps in steps(), capacity in 1..9_u32) {
        let mut inbox = Inbox::new(20, capacity).unwrap();
        // When it came, its id, its check.
        let mut list: Vec<(i64, u8, u8)> = Vec::new();
        let mut newest: BTreeMap<u8, Option<i64>> = BTreeMap::new();
        let mut now = 0;
        for step in steps {
            now += step.after;
            let told = take(&mut inbox, &step, now);
            let held = |list: &[(i64, u8, u8)]| -> Vec<(i64, u8, u8)> {
                list.iter().copied().filter(|(at, ..)| at + 20 >= now).collect()
            };
            let known = held(&list).into_iter().find(|(_, id, _)| *id == step.id);
            let wanted = if let Some((first_seen, ..)) = known {
                Ok(Delivery::Again { first_seen })
            } else if held(&list).len() >= capacity as usize {
                let until = held(&list).iter().map(|(at, ..)| at + 20).min().unwrap();
                Err(InboxError::Full { capacity, until })
            } else {
                list = held(&list);
                newest.retain(|about, _| list.iter().any(|(_, _, other)| other == about));
                let before = newest.get(&step.about).copied().flatten();
                newest.insert(step.about, before.max(step.occurred_at));
                list.push((now, step.id, step.about));
                match (before, step.occurred_at) {
                    (Some(newest), Some(occurred_at)) if occurred_at < newest => {
                        Ok(Delivery::Late { newest })
                    }
                    _ => Ok(Delivery::New),
                }
            };
            prop_assert_eq!(told, wanted);
            prop_assert_eq!(inbox.seen.len(), inbox.order.len());
            let deliveries: u32 = inbox.checks.values().map(|check| check.deliveries).sum();
            prop_assert_eq!(deliveries as usize, inbox.len());
        }
    }
}
