//! `kill -9` under load: what was acknowledged is there, and nothing is there twice.
//!
//! Rounds: `THALIUM_CRASH_ROUNDS`, else 50 with `THALIUM_TEST_TIER=full`, else 5. The seed is printed, and
//! `THALIUM_CRASH_SEED` gives it again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn thalium(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thalium"));
    // A part of the history for every 8,000 postings or so: kills come while parts and images are made, too.
    command.env("THALIUM_DIR", directory).env("THALIUM_MEMORY", "1");
    // The key of a store that is encrypted stands beside it.
    let key = directory.with_file_name("key");
    if key.exists() {
        command.env("THALIUM_KEY_FILE", key);
    }
    command
}

fn json(directory: &Path, arguments: &[&str]) -> Value {
    let output = thalium(directory).args(arguments).arg("--json").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// SplitMix64.
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The cents of the posting with a number.
fn cents(number: u64) -> u64 {
    number % 997 + 1
}

fn line(number: u64) -> String {
    let cents = cents(number);
    let amount = format!("{}.{:02}", cents / 100, cents % 100);
    format!(
        "{{\"op\":\"post\",\"key\":\"p-{number}\",\"from\":\"bank:ZAR\",\"to\":\"c1:ZAR\",\"amount\":\"{amount}\"}}\n"
    )
}

#[test]
fn what_was_acknowledged_survives_every_kill() {
    kill_over_and_over(false);
}

#[test]
fn what_was_acknowledged_and_encrypted_survives_every_kill() {
    kill_over_and_over(true);
}

/// Beside the one who posts, one ships and one waits to take over. Those who post and ship are killed at once.
fn kill_over_and_over(encrypted: bool) {
    let full = std::env::var("THALIUM_TEST_TIER").is_ok_and(|tier| tier == "full");
    let rounds = variable("THALIUM_CRASH_ROUNDS").unwrap_or(if full { 50 } else { 5 });
    let seed = variable("THALIUM_CRASH_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    println!("seed {seed}");
    let mut state = seed;
    let directory = tempfile::tempdir().unwrap();
    let (store, copy) = (directory.path().join("books"), directory.path().join("copy"));
    if encrypted {
        json(&store, &["keys", "new", directory.path().join("key").to_str().unwrap()]);
    }
    json(&store, &["init"]);
    for (key, kind) in [("bank:USD", "asset"), ("c1:USD", "liability")] {
        json(&store, &["account", "add", key, "--asset", "USD", "--kind", kind]);
    }
    json(&store, &["account", "add", "bank:ZAR", "--asset", "ZAR", "--kind", "asset"]);
    json(&store, &["account", "add", "c1:ZAR", "--asset", "ZAR", "--kind", "liability"]);

    let mut acknowledged: BTreeMap<u64, bool> = BTreeMap::new();
    let mut first = 0;
    for round in 0..rounds {
        let batch = (1 + draw(&mut state) % 64).to_string();
        // Every fifth kill may come while the store is still being opened.
        let under_load = round % 5 != 4;
        let after = Duration::from_millis(draw(&mut state) % 200);
        if encrypted && round % 3 == 1 {
            json(&store, &["keys", "rotate"]);
        }
        let mut shipping = ship(&store, &copy).spawn().unwrap();
        let told = load_and_kill(&store, first, &batch, after, under_load);
        shipping.kill().unwrap();
        shipping.wait().unwrap();
        for (number, replayed) in told {
            // What an earlier round was told is booked must be recognised by this one.
            assert!(replayed || !acknowledged.contains_key(&number), "p-{number} was booked twice");
            acknowledged.insert(number, true);
        }
        check(&store, &acknowledged, round);
        check_copy(&store, &copy);
        // The next round begins somewhat before the last acknowledged one, so that it retries what was in doubt.
        first = acknowledged
            .keys()
            .next_back()
            .map_or(0, |last| last.saturating_sub(draw(&mut state) % 200));
    }
    assert!(ship(&store, &copy).arg("--once").status().unwrap().success());
    assert_eq!(verify(&store, &copy)["root"], verify(&store, &store)["root"]);
    assert_eq!(json(&store, &["balance", "c1:USD"])["balances"]["balance"], format!("{rounds}.00"));
    println!("rounds={rounds} acknowledged={} lost=0 doubled=0", acknowledged.len());
    assert!(!acknowledged.is_empty(), "every kill came before the first acknowledgement");
}

fn ship(store: &Path, copy: &Path) -> Command {
    let mut command = thalium(store);
    command.args(["ship", copy.to_str().unwrap(), "--every", "0"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn verify(store: &Path, directory: &Path) -> Value {
    json(store, &["verify", directory.to_str().unwrap()])
}

/// However its shipper was killed, a copy is a whole one of fewer events, if there is one yet.
fn check_copy(store: &Path, copy: &Path) {
    let has_segment = |copy: &Path| copy.join("segment-00000001.log").exists();
    if has_segment(copy) {
        let events = verify(store, copy)["events"].as_u64().unwrap();
        assert!(events <= json(store, &["stats"])["events"].as_u64().unwrap());
    }
}

/// Feeds postings from a number on, kills the process after a while, and gives what it acknowledged.
fn load_and_kill(
    store: &Path,
    first: u64,
    batch: &str,
    after: Duration,
    under_load: bool,
) -> Vec<(u64, bool)> {
    let mut child = thalium(store)
        .args(["post", "--file", "-", "--format", "jsonl", "--results", "-", "--batch", batch])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // Ends when the pipe does.
    let feeder = std::thread::spawn(move || {
        (first..).try_for_each(|number| input.write_all(line(number).as_bytes()))
    });
    let output = BufReader::new(child.stdout.take().unwrap());
    let (heard, hears) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        // The last line may have been cut by the kill; then nothing was acknowledged.
        let lines = output.lines().map_while(Result::ok);
        let lines = lines.map_while(|line| serde_json::from_str::<Value>(&line).ok());
        let read = |told: Value| {
            let _ = heard.send(());
            assert_eq!(told["ok"], true, "{told}");
            let number = told["key"].as_str().unwrap().strip_prefix("p-").unwrap().parse().unwrap();
            (number, told["replayed"].as_bool().unwrap())
        };
        lines.map(read).collect::<Vec<(u64, bool)>>()
    });
    if under_load {
        hears.recv_timeout(Duration::from_secs(60)).unwrap();
    }
    // Takes over from whom it finds, be it killed, and posts a dollar.
    let waiting = thalium(store)
        .args(["post", "--from", "bank:USD", "--to", "c1:USD", "--amount", "1", "--wait", "60"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(waiting.wait_with_output().unwrap().status.success(), "it takes over");
    let _ = feeder.join().unwrap();
    reader.join().unwrap()
}

/// Every acknowledged posting is booked exactly once, and the balance is the sum of what is booked.
fn check(store: &Path, acknowledged: &BTreeMap<u64, bool>, round: u64) {
    let verified = json(store, &["verify"]);
    let stats = json(store, &["stats"]);
    assert_eq!(
        (&verified["events"], &verified["transfers"]),
        (&stats["events"], &stats["transfers"]),
        "round {round}"
    );
    let output = thalium(store)
        .args(["history", "c1:ZAR", "--json", "--limit", "4000000000"])
        .output()
        .unwrap();
    let mut booked: BTreeMap<u64, u64> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let transfer: Value = serde_json::from_str(line).unwrap();
        let number: u64 =
            transfer["transfer"].as_str().unwrap().strip_prefix("p-").unwrap().parse().unwrap();
        assert_eq!(
            booked.insert(number, cents(number)),
            None,
            "round {round}: p-{number} is there twice"
        );
    }
    // With one dollar a round, of whoever has taken over.
    assert_eq!(stats["transfers"], booked.len() as u64 + round + 1);
    if booked.len() > 40_000 {
        assert!(stats["parts"].as_u64().unwrap() > 0, "{stats}");
    }
    let lost: Vec<_> = acknowledged.keys().filter(|number| !booked.contains_key(number)).collect();
    assert!(lost.is_empty(), "round {round}: lost {lost:?}");
    let sum: u64 = booked.values().sum();
    let balance = json(store, &["balance", "c1:ZAR"]);
    assert_eq!(
        balance["balances"]["balance"],
        format!("{}.{:02}", sum / 100, sum % 100),
        "round {round}"
    );
    if let Some(last) = acknowledged.keys().next_back() {
        assert_eq!(json(store, &["get", &format!("p-{last}")])["what"], "transfer");
    }
    println!("round {round}: {} acknowledged, {} booked", acknowledged.len(), booked.len());
}
