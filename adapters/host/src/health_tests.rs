use std::collections::BTreeMap;

use thalium::api::{Account, Post};

use super::*;
use crate::{Options, Thalium};

/// A ledger with two accounts, a posting, its retry and a rejection.
fn used(address: &str, options: Options) -> Thalium {
    let t = Thalium::open_with(address, options).unwrap();
    t.submit(&[
        Account::asset("bank:ZAR", "ZAR").into(),
        Account::liability("c42:ZAR", "ZAR").into(),
        Post::new("dep-1", "bank:ZAR", "c42:ZAR", "5.00").into(),
        Post::new("dep-1", "bank:ZAR", "c42:ZAR", "5.00").into(),
    ])
    .unwrap();
    assert!(!t.do_one(Post::new("dep-2", "c42:ZAR", "c42:ZAR", "1.00")).unwrap().ok);
    t
}

/// The figures of a text, by name with labels.
fn figures(text: &str) -> BTreeMap<String, String> {
    assert!(text.ends_with("# EOF\n"), "{text}");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, figure)| (name.to_owned(), figure.to_owned()))
        .collect()
}

#[test]
fn a_ledger_that_takes_requests_is_well() {
    let directory = tempfile::tempdir().unwrap();
    let address = directory.path().display().to_string();
    let options = Options { disk_reserve: 0, ..Options::default() };
    let t = used(&address, options.clone());
    let health = t.health().unwrap();
    assert!(health.is_well());
    assert_eq!((health.condition, health.not_durable), (Condition::Ready, 0));
    assert!(health.disk_left.is_some_and(|left| left > 0));
    let reader = Thalium::open_to_read(&address).unwrap();
    assert_eq!(reader.health().unwrap().condition, Condition::Reading);
    assert_eq!(reader.health().unwrap().events, health.events);
    assert_eq!(Thalium::open("memory:").unwrap().health().unwrap().disk_left, None);
}

#[test]
fn a_disk_with_less_than_the_reserve_raises_the_alarm() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options { disk_reserve: u64::MAX, ..Options::default() };
    let t = used(&directory.path().display().to_string(), options);
    let health = t.health().unwrap();
    assert!(health.disk_is_low && !health.is_well());
    assert_eq!(health.condition, Condition::Ready);
    assert_eq!(figures(&t.metrics().unwrap())["thalium_disk_low"], "1");
}

#[test]
fn figures_are_told_in_open_metrics_and_name_no_one() {
    let directory = tempfile::tempdir().unwrap();
    let t = used(&directory.path().display().to_string(), Options::default());
    // A question is no request.
    assert!(t.account("c42:ZAR").unwrap().is_some());
    let text = t.metrics().unwrap();
    let told = figures(&text);
    for (name, figure) in [
        ("thalium_requests_total", "2"),
        ("thalium_commands_total{outcome=\"booked\"}", "3"),
        ("thalium_commands_total{outcome=\"replayed\"}", "1"),
        ("thalium_commands_total{outcome=\"rejected\"}", "1"),
        ("thalium_stage_seconds_count{stage=\"decide\"}", "2"),
        ("thalium_stage_seconds_count{stage=\"durable\"}", "2"),
        ("thalium_ready", "1"),
        ("thalium_stopped", "0"),
        ("thalium_accounts", "2"),
        ("thalium_transfers", "1"),
        ("thalium_open_holds", "0"),
        ("thalium_events_not_durable", "0"),
    ] {
        assert_eq!(told.get(name).map(String::as_str), Some(figure), "{name}\n{text}");
    }
    for name in ["c42", "bank", "dep-1", "ZAR"] {
        assert!(!text.contains(name), "{text}");
    }
}
