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
fn what_fails_is_told_and_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let missing = Shipper::start(at("books"), at("copy"), None, Duration::from_millis(10));
    assert!(missing.unwrap_err().is_missing());
    let t = open(&at("books"));
    let shipper = Shipper::start(at("books"), at("copy"), None, Duration::from_millis(10)).unwrap();
    // The ledger's directory is away for a while.
    std::fs::rename(at("books"), at("away")).unwrap();
    let failed = (0..2_000).find_map(|_| {
        std::thread::sleep(Duration::from_millis(5));
        shipper.shipment().failed
    });
    assert!(failed.unwrap().contains("there is no store"));
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
