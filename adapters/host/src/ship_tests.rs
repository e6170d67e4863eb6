use thalium::api::{Account, Post};

use super::*;
use crate::{NewKeys, Thalium, Until, rehearse, restore, verify};

fn open(path: &Path) -> Thalium {
    let t = Thalium::open(&path.display().to_string()).unwrap();
    t.submit(&[Account::asset("bank", "ZAR").into(), Account::liability("client", "ZAR").into()])
        .unwrap();
    t
}

fn post(t: &Thalium, key: usize) {
    assert!(t.do_one(Post::new(format!("k{key}"), "bank", "client", "1.00")).unwrap().ok);
}

fn until(shipper: &Shipper, events: u64) -> Shipment {
    for _ in 0..2_000 {
        let told = shipper.shipment();
        if told.events >= events && told.behind == 0 {
            return told;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{:?}", shipper.shipment());
}

#[test]
fn a_copy_follows_its_ledger_and_is_restored_at_any_time() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let t = open(&at("books"));
    let shipper = Shipper::start(at("books"), at("copy"), None, Duration::from_millis(10)).unwrap();
    for round in 0..5 {
        (0..20).for_each(|n| post(&t, round * 20 + n));
        let events = t.read(|book| book.event_count()).unwrap();
        let told = until(&shipper, events);
        assert_eq!((told.events, told.behind_for, told.failed), (events, Duration::ZERO, None));
        assert_eq!(rehearse(&at("copy"), None).unwrap().0.root, t.root().unwrap().1);
    }
    // What became durable after the last step is what is behind.
    let last = shipper.stop().unwrap();
    post(&t, 1_000);
    let mut told = Vec::new();
    ship(&at("books"), &at("copy"), None, |now| {
        told.push(now.clone());
        if told.len() == 1 {
            post(&t, 1_001);
        }
        told.len() < 2
    })
    .unwrap();
    assert_eq!((told[0].copied, told[1].copied), (2, 2));
    assert_eq!(told[1].events, last.events + 4);
    t.close().unwrap();
    restore(&at("copy"), &at("again"), Until::End, None, NewKeys::Same).unwrap();
    assert_eq!(verify(&at("again"), None).unwrap().transfers, 102);
}

#[test]
fn a_copy_is_restored_and_verified_beside_the_step_that_writes_it() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let options = crate::Options { segment_len: 16 << 10, ..crate::Options::default() };
    let t = Thalium::open_with(&at("books").display().to_string(), options).unwrap();
    t.submit(&[Account::asset("bank", "ZAR").into(), Account::liability("client", "ZAR").into()])
        .unwrap();
    let shipper = Shipper::start(at("books"), at("copy"), None, Duration::from_millis(1)).unwrap();
    for n in 0..300 {
        post(&t, n);
        if n % 20 == 19 {
            let (restored, _) = rehearse(&at("copy"), None).unwrap();
            assert!(restored.events <= t.root().unwrap().0);
            verify(&at("copy"), None).unwrap();
        }
    }
    shipper.stop().unwrap();
}

#[test]
fn a_copy_that_is_none_of_its_ledger_any_more_is_told_and_ends_it() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let t = open(&at("books"));
    t.close().unwrap();
    // The directory is put back to an earlier state, from which it goes on another way.
    let segment = "segment-00000001.log";
    let earlier = std::fs::read(at("books").join(segment)).unwrap();
    let t = Thalium::open(&at("books").display().to_string()).unwrap();
    post(&t, 1);
    t.close().unwrap();
    let shipper = Shipper::start(at("books"), at("copy"), None, Duration::from_millis(10)).unwrap();
    std::fs::write(at("earlier"), &earlier).unwrap();
    std::fs::rename(at("earlier"), at("books").join(segment)).unwrap();
    let failed = (0..2_000).find_map(|_| {
        std::thread::sleep(Duration::from_millis(5));
        shipper.shipment().failed
    });
    assert!(failed.unwrap().contains("put back to an earlier state"));
    assert!(shipper.stop().unwrap_err().is_occupied());
}

#[test]
fn a_step_ends_when_it_is_asked_to_with_what_it_has_copied() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let t = open(&at("books"));
    let commands = |n: usize| {
        (0..10_000).map(move |m| Post::new(format!("{n}-{m}"), "bank", "client", "1").into())
    };
    for n in 0..10 {
        let posts: Vec<_> = commands(n).collect();
        t.submit_all(&posts, |_, _| true).unwrap();
    }
    let mut told = Vec::new();
    let mut ship_once = |is_ending: bool| {
        ship_until(&at("books"), &at("copy"), None, &|| is_ending, |now| {
            told.push(now.clone());
            false
        })
        .unwrap();
    };
    ship_once(true);
    ship_once(false);
    let events = t.root().unwrap().0;
    assert_eq!((told[1].events, told[1].behind, told[1].behind_bytes), (events, 0, 0));
    assert!(told[0].events < events && told[0].behind == events - told[0].events, "{told:?}");
    assert!(told[0].behind_bytes > 0 && told[0].behind_for > Duration::ZERO);
}

#[test]
fn what_fails_is_told_and_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let missing = Shipper::start(at("books"), at("copy"), None, Duration::from_millis(10));
    assert!(missing.unwrap_err().is_missing());
    let t = open(&at("books"));
    let shipper = Shipper::start(at("books"), at("copy"), None, Duration::from_millis(10)).unwrap();
    // The ledger's directory is away for a while. A step that was under way misses a file; the steps after it miss the store.
    std::fs::rename(at("books"), at("away")).unwrap();
    let is_told = (0..2_000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        shipper.shipment().failed.is_some_and(|failed| failed.contains("there is no store"))
    });
    assert!(is_told, "{:?}", shipper.shipment());
    std::fs::rename(at("away"), at("books")).unwrap();
    post(&t, 1);
    let told = until(&shipper, t.read(|book| book.event_count()).unwrap());
    assert_eq!(told.failed, None);
}

#[cfg(feature = "objects")]
#[test]
fn an_object_store_takes_a_backup_as_a_directory_does() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let t = open(&at("books"));
    std::fs::create_dir(at("objects")).unwrap();
    let address = format!("file://{}", at("objects").display());
    let address = Path::new(&address);
    for round in 0..3 {
        (0..20).for_each(|n| post(&t, round * 20 + n));
        ship(&at("books"), address, None, |_| false).unwrap();
        assert_eq!(verify(address, None).unwrap().root, t.root().unwrap().1);
    }
    assert_eq!(rehearse(address, None).unwrap().0.root, t.root().unwrap().1);
    restore(address, &at("again"), Until::Size(30), None, NewKeys::Same).unwrap();
    assert!(verify(&at("again"), None).unwrap().recovery.events <= 30);
}
