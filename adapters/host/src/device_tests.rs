//! A device over restarts, against a ledger, on a line that loses what it likes.

use proptest::prelude::*;
use thalium::api::{Account, Hold, Post, Release, SyncCall};
use thalium::device::IntentState;

use super::line::{Line, exchange, lines};
use super::*;
use crate::Thalium;

fn ledger() -> Thalium {
    let t = Thalium::open("memory:").unwrap();
    let opened = t.submit(&[
        Account::asset("bank:ZAR", "ZAR").into(),
        Account::liability("holds:ZAR", "ZAR").into(),
        Account::liability("c1:ZAR", "ZAR").into(),
        Account::liability("c2:ZAR", "ZAR").into(),
        Post::new("dep-1", "bank:ZAR", "c1:ZAR", "100.00").into(),
    ]);
    assert!(opened.unwrap().iter().all(|told| told.ok));
    t
}

fn answer(t: &Thalium, start: &SyncStart) -> SyncReply {
    t.sync(&SyncCall {
        customer: "c1".to_owned(),
        accounts: vec!["c1:ZAR".to_owned()],
        payees: vec!["c2:ZAR".to_owned()],
        request: start.request.clone().unwrap(),
        ..SyncCall::default()
    })
    .unwrap()
}

#[test]
fn what_was_given_offline_is_booked_when_the_line_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("device").display().to_string();
    let t = ledger();
    {
        let device = Device::open(&address).unwrap();
        device.follow("c1:ZAR").unwrap();
        device.intend(Post::new("p1", "c1:ZAR", "c2:ZAR", "30.00").into()).unwrap();
        let hold = Hold {
            key: "h1".to_owned(),
            from: "c1:ZAR".to_owned(),
            amount: "20.00".to_owned(),
            ..Hold::default()
        };
        device.intend(hold.into()).unwrap();
        device.intend(Post::new("p2", "c1:ZAR", "c2:ZAR", "60.00").into()).unwrap();
        // Sent, and the process ends before anything is heard.
        device.begin_sync().unwrap();
    }
    let device = Device::open(&address).unwrap();
    assert!(device.intents(true).unwrap().iter().all(|one| one.state == IntentState::Sent));
    let reply = answer(&t, &device.begin_sync().unwrap());
    // The first reply is lost too; the second tells the same.
    let device = Device::open(&address).unwrap();
    let again = answer(&t, &device.begin_sync().unwrap());
    assert!(again.outcomes[0].outcome.replayed && !reply.outcomes[0].outcome.replayed);
    let done = device.end_sync(&again).unwrap();
    let states: Vec<_> = done.intents.iter().map(|one| (one.key.as_str(), one.state)).collect();
    let expected =
        [("p1", IntentState::Booked), ("h1", IntentState::Booked), ("p2", IntentState::Rejected)];
    assert_eq!(states, expected);
    // Why it was refused is told however often it is asked.
    for told in [&reply.outcomes[2].outcome, done.intents[2].outcome.as_ref().unwrap()] {
        assert_eq!((told.status.as_str(), told.ok), ("exceeds_credits", false), "{told:?}");
    }
    assert_eq!(reply.outcomes[2].outcome.have.as_deref(), Some("50.00 ZAR"));
    // What it knows survives, and says of when it is.
    let device = Device::open(&address).unwrap();
    let known = device.account("c1:ZAR").unwrap().unwrap();
    assert_eq!(known.account.unwrap().balances.available, "50.00");
    assert_eq!(known.as_of, Some(again.time));
    assert_eq!(device.holds("c1:ZAR").unwrap().unwrap().holds[0].key, "device/c1/h1");
    let statement = device.statement("c1:ZAR", None, None).unwrap().unwrap();
    assert_eq!(Some(statement.statement), t.statement("c1:ZAR", 0, 0).unwrap());
    assert!(statement.complete);
    // Old intents are forgotten on the disk too.
    assert_eq!(device.prune(i64::MAX).unwrap().len(), 3);
    assert!(Device::open(&address).unwrap().intents(false).unwrap().is_empty());
    device.unfollow("c1:ZAR").unwrap();
    assert!(Device::open(&address).unwrap().accounts().unwrap().is_empty());
}

#[test]
fn what_is_refused_changes_nothing() {
    let device = Device::open("memory:").unwrap();
    device.intend(Post::new("p1", "c1:ZAR", "c2:ZAR", "1.00").into()).unwrap();
    let refused = [
        device.intend(Post::new("p1", "c1:ZAR", "c2:ZAR", "2.00").into()).map(drop),
        device.intend(Account::asset("c1:BTC", "BTC").into()).map(drop),
        device.cancel("none").map(drop),
        device.follow(""),
        device.statement("c1:ZAR", None, None).map(|told| assert!(told.is_none())),
    ];
    assert_eq!(refused.iter().filter(|told| told.is_err()).count(), 4);
    assert_eq!(device.intents(false).unwrap().len(), 1);
    assert!(Device::open("postgres://localhost").is_err());
}

#[derive(Clone, Debug)]
enum Step {
    Pay(u8, u8),
    Hold(u8, u8),
    Release(u8, u8),
    Cancel(u8),
    Sync(Line),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (any::<u8>(), 1..40_u8).prop_map(|(key, amount)| Step::Pay(key, amount)),
        (any::<u8>(), 1..40_u8).prop_map(|(key, amount)| Step::Hold(key, amount)),
        (any::<u8>(), any::<u8>()).prop_map(|(key, hold)| Step::Release(key, hold)),
        any::<u8>().prop_map(Step::Cancel),
        lines().prop_map(Step::Sync),
    ];
    proptest::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_intent_is_booked_twice_or_told_wrongly(steps in steps()) {
        let folder = tempfile::tempdir().unwrap();
        let address = folder.path().display().to_string();
        let t = ledger();
        let mut device = Device::open(&address).unwrap();
        device.follow("c1:ZAR").unwrap();
        for step in steps {
            match step {
                Step::Pay(key, amount) => {
                    let pay = Post::new(format!("k{key}"), "c1:ZAR", "c2:ZAR", format!("{amount}.00"));
                    let _ = device.intend(pay.into());
                }
                Step::Hold(key, amount) => {
                    let hold = Hold::new(format!("k{key}"), "c1:ZAR", "c2:ZAR", format!("{amount}.00"));
                    let _ = device.intend(hold.into());
                }
                Step::Release(key, hold) => {
                    let release = Release { key: format!("k{key}"), hold: format!("k{hold}"), ..Release::default() };
                    let _ = device.intend(release.into());
                }
                Step::Cancel(key) => {
                    let _ = device.cancel(&format!("k{key}"));
                }
                Step::Sync(line) => device = exchange(device, &address, line, |start| answer(&t, start)),
            }
        }
        // At last the line is good.
        device.hurry().unwrap();
        while device.end_sync(&answer(&t, &device.begin_sync().unwrap())).unwrap().more {}
        for intent in device.intents(false).unwrap() {
            let booked = t.transfer(&format!("device/c1/{}", intent.key)).unwrap();
            prop_assert_eq!(booked.is_some(), intent.state == IntentState::Booked, "{:?}", intent);
            prop_assert!(!intent.state.is_open());
            if let Some(booked) = booked {
                prop_assert_eq!(booked.metadata.get("made_at"), Some(&intent.made_at));
            }
        }
        let known = device.account("c1:ZAR").unwrap().unwrap().account;
        prop_assert_eq!(known, t.account("c1:ZAR").unwrap());
        let told = device.statement("c1:ZAR", None, None).unwrap().unwrap();
        prop_assert_eq!(Some(told.statement), t.statement("c1:ZAR", 0, 0).unwrap());
        prop_assert_eq!(t.check().is_ok(), true);
    }
}
