use super::*;

fn core(code: &str) -> Vec<Finding> {
    core_imports(&Tree::of([("core/src/a.rs", code)]))
}

fn domain(path: &str, code: &str) -> Vec<Finding> {
    let root =
        "pub use ledger::account::Balances;\npub use crate::engine::Engine;\npub use id::Id;";
    domain_imports(&Tree::of([("core/src/lib.rs", root), (path, code)]))
}

#[test]
fn a_core_that_only_decides_is_accepted() {
    let good = "
        //! Reads no `std::fs` and never calls `Instant::now()`.
        use std::collections::{BTreeMap, HashMap};
        use std::time::Duration;
        use std::fmt::{self, Write as _};
        use chrono::{DateTime, Utc};
        use uuid::Uuid;
        type Fast<K, V> = HashMap<K, V, FixedState>;
        fn due(now: DateTime<Utc>, rand: u64) -> Fast<u8, (u8, u8)> {
            let name = \"std::fs and println!\";
            let env = rand.checked_add(1);
            if a < b && c > d { HashMap::default() } else { HashMap::with_hasher(FixedState) }
        }
        #[cfg(test)]
        mod tests { use std::fs; fn a() { println!(\"{}\", Uuid::new_v4()); } }
    ";
    assert_eq!(core(good), []);
    let elsewhere = Tree::of([
        ("adapters/store/src/a.rs", "use std::fs;"),
        ("core/src/a_tests.rs", "use std::fs;"),
        ("core/tests/b.rs", "use std::fs;"),
    ]);
    assert_eq!(core_imports(&elsewhere), []);
}

#[test]
fn a_core_that_does_more_is_reported() {
    for bad in [
        "use std::fs;",
        "use std::{fmt, fs::File};",
        "use std::*;",
        "use std as s;",
        "fn a() { std::fs::read(b) }",
        "fn a() { ::std::net::TcpStream::connect(b) }",
        "use std::thread;",
        "use std::process::Command;",
        "fn a() { std::env::var(b) }",
        "use std::time::{Duration, Instant};",
        "use std::time::*;",
        "use std::time; fn a() { time::SystemTime::now() }",
        "fn a() { std::io::stdout() }",
        "fn a() { chrono::Utc::now() }",
        "use chrono::Local;",
        "use tokio::sync::Mutex;",
        "async fn a() {}",
        "fn a() { b().await }",
        "fn a() { rand::random() }",
        "use getrandom::fill;",
        "fn a() { Uuid::now_v7() }",
        "fn a() { uuid::Uuid::new_v4() }",
        "use std::collections::HashMap; fn a() { HashMap::new() }",
        "fn a() { std::collections::HashSet::with_capacity(3) }",
        "fn a() { HashMap::<u8, u8>::default() }",
        "struct A { b: HashMap<u8, Vec<(u8, u8)>> }",
        "struct A { b: HashSet<u8> }",
        "use std::collections::hash_map::RandomState;",
        "fn a() { println!() }",
        "fn a() { std::eprintln!(b) }",
    ] {
        assert!(!core(bad).is_empty(), "{bad}");
    }
}

#[test]
fn a_finding_names_the_line_and_the_remedy() {
    let expected = Finding::error("core/src/a.rs", 2, "uses `std::fs`", TO_ADAPTER);
    assert_eq!(core("\nuse std::{fmt,\n fs};"), [Finding { line: 3, ..expected }]);
}

#[test]
fn domains_may_use_themselves_and_the_floor() {
    for (path, good) in [
        (
            "core/src/ledger/apply.rs",
            "use crate::ledger::state; use super::account; use crate::money::Amount;",
        ),
        (
            "core/src/ledger/mod.rs",
            "use self::state::kyc; use crate::Id; pub(crate) use account::*;",
        ),
        (
            "core/src/kyc/chart.rs",
            "// use crate::ledger;\nlet ledger = policy.party; crate::audit::x();",
        ),
        ("core/src/engine.rs", "use crate::{kyc, ledger, port};"),
        ("core/src/money/rate.rs", "use crate::time; use super::Amount;"),
        ("core/src/ledger/a_tests.rs", "use crate::engine::Engine;"),
        ("core/src/ledger/field.rs", "self.policy.check(); thing.ledger(); Self::kyc();"),
    ] {
        assert_eq!(domain(path, good), [], "{path}: {good}");
    }
}

#[test]
fn domains_that_see_what_they_may_not_are_reported() {
    for (path, bad) in [
        ("core/src/kyc/chart.rs", "use crate::ledger::state;"),
        ("core/src/kyc/chart.rs", "use crate::{money, rollup::{window}};"),
        ("core/src/kyc/chart.rs", "fn a() { crate::engine::run() }"),
        ("core/src/policy.rs", "use crate::port::Journal;"),
        ("core/src/policy.rs", "use super::party;"),
        ("core/src/policy/limits.rs", "use super::super::rollup::window;"),
        ("core/src/policy/mod.rs", "use super::*;"),
        ("core/src/rollup/candle.rs", "use crate::*;"),
        ("core/src/rollup/candle.rs", "use crate::Balances;"),
        ("core/src/rollup/candle.rs", "fn a(b: &crate::Engine) {}"),
        ("core/src/party.rs", "use crate as core; fn a() { core::kyc::b() }"),
        ("core/src/money/amount.rs", "use crate::ledger::account;"),
    ] {
        assert_eq!(domain(path, bad).len(), 1, "{path}: {bad}");
    }
}

#[test]
fn modules_follow_from_files() {
    let module = |path: &str| module_of(path).map(|module| module.join("::"));
    assert_eq!(module("core/src/ledger/validate.rs").as_deref(), Some("ledger::validate"));
    assert_eq!(module("core/src/ledger/mod.rs").as_deref(), Some("ledger"));
    assert_eq!(module("core/src/lib.rs").as_deref(), Some(""));
    assert_eq!(module("adapters/host/src/lib.rs"), None);
}
