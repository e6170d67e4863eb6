//! Whoever listens to a ledger learns counts and times, and nothing of whom they are of.
//!
//! Alone in its process: who listens to traces listens to all of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::path::Path;
use std::sync::{Arc, Mutex};

use thalium_host::money::AssetKind;
use thalium_host::{
    Account, Capture, Command, Context, Extra, Genesis, Hold, KeyText, Keys, Leg, NewAsset,
    Options, Post, Release, Sample, Stage, Telemetry, Thalium, Transaction, Transfer, Until,
    backup, rehearse, restore, verify,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const CANARY: &str = "canary";
const ASSET: &str = "CNRY";
/// Digits that no count and no time comes to by chance: those of every amount, id and number of a caller.
const DIGITS: &str = "314159265358";
const AMOUNT: &str = "314159265358.97";
const NUMBER: u64 = 314_159_265_358_979;
const ID: &str = "31415926535897932384";
const DATE: &str = "1987-06-05";

fn text(what: &str) -> String {
    format!("{CANARY}-{what}")
}

fn extra() -> Extra {
    Extra {
        description: text("description"),
        metadata: [(text("name"), text("value"))].into(),
        effective_date: Some(DATE.to_owned()),
        user_data_128: Some(ID.to_owned()),
        user_data_64: NUMBER,
        ..Extra::default()
    }
}

fn account(account: Account) -> Command {
    Account {
        name: text("name"),
        metadata: [(text("name"), text("value"))].into(),
        user_data_128: Some(ID.to_owned()),
        user_data_64: NUMBER,
        ..account
    }
    .into()
}

/// Commands of every kind, with a canary wherever there is room for one: each with whether it is booked.
fn commands() -> Vec<(Command, bool)> {
    let [bank, client, other] = [text("bank"), text("client"), text("other")];
    let post = |key: &str, from: &str, to: &str, amount: &str| Post {
        extra: extra(),
        ..Post::new(text(key), from, to, amount)
    };
    let hold = |key: &str| Hold { extra: extra(), ..Hold::new(text(key), &client, &bank, AMOUNT) };
    let legs = vec![Leg::debit(&bank, AMOUNT), Leg::credit(&other, AMOUNT)];
    let transfer = Transfer {
        key: text("transfer"),
        id: Some(ID.to_owned()),
        from: Some(bank.clone()),
        to: Some(client.clone()),
        amount: Some(AMOUNT.to_owned()),
        extra: extra(),
        ..Transfer::default()
    };
    let asset =
        NewAsset { code: ASSET.to_owned(), scale: 2, kind: AssetKind::Crypto, ledger: None };
    vec![
        (asset.into(), true),
        (account(Account::asset(&bank, ASSET)), true),
        (account(Account::liability(&client, ASSET)), true),
        (account(Account { id: Some(ID.to_owned()), ..Account::liability(&other, ASSET) }), true),
        (account(Account::liability(text("stranger"), "CNRYX")), false),
        (post("post", &bank, &client, AMOUNT).into(), true),
        (post("post", &bank, &client, AMOUNT).into(), true),
        (post("refused", &client, &client, AMOUNT).into(), false),
        (post("too-fine", &bank, &client, "314159265358.979").into(), false),
        (post("invalid", &text("nobody"), &client, "canary").into(), false),
        (hold("hold-2").into(), true),
        (Release { extra: extra(), ..Release::new(text("release"), text("hold-2")) }.into(), true),
        (Release { extra: extra(), ..Release::new(text("again"), text("hold-2")) }.into(), false),
        (hold("hold-1").into(), true),
        (Capture { extra: extra(), ..Capture::new(text("capture"), text("hold-1")) }.into(), true),
        (Transaction { key: text("trade"), legs, extra: extra(), id: None }.into(), true),
        (transfer.into(), true),
    ]
}

/// Writes down everything that is told.
#[derive(Debug, Default)]
struct Told(Mutex<String>);

impl Told {
    fn note(&self, what: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push_str(&format!("{what:?}\n"));
    }
}

impl Telemetry for Told {
    fn record(&self, sample: Sample) {
        self.note(&sample);
    }
}

struct Log(Arc<Told>);

struct Fields<'a>(&'a Told);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.note(&(field.name(), value));
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.0.note(&("span", span.metadata().name()));
        span.record(&mut Fields(&self.0));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&self.0));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        self.0.note(event.metadata().level());
        event.record(&mut Fields(&self.0));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// A ledger that is used in every way, and stops in the end for a part that cannot be read.
fn use_ledger(path: &Path, options: &Options) -> String {
    let address = path.display().to_string();
    let t = Thalium::open_with(&address, options.clone()).unwrap();
    let (commands, booked): (Vec<_>, Vec<_>) = commands().into_iter().unzip();
    let outcomes = t.submit(&commands).unwrap();
    for (outcome, booked) in outcomes.iter().zip(booked) {
        assert_eq!(outcome.ok, booked, "{outcome:?}");
    }
    let part = path.join("part-00000001.idx");
    let mut n = 0;
    while !part.exists() || !path.join("image").exists() {
        n += 1;
        assert!(n < 5_000, "there is no part");
        t.do_one(Post::new(text(&n.to_string()), text("bank"), text("client"), AMOUNT)).unwrap();
    }
    t.rotate_keys().unwrap();
    t.drain().unwrap();
    t.close().unwrap();

    let keys = || options.keys.clone();
    let (copy, restored) = (path.with_extension("copy"), path.with_extension("restored"));
    backup(path, &copy, keys(), &mut |_| ()).unwrap();
    rehearse(&copy, keys()).unwrap();
    restore(&copy, &restored, Until::End, keys(), Default::default()).unwrap();
    verify(&restored, keys()).unwrap();

    let t = Thalium::open_with(&address, options.clone()).unwrap();
    let metrics = t.metrics().unwrap();
    let whole = std::fs::read(&part).unwrap();
    std::fs::write(&part, vec![0; whole.len()]).unwrap();
    for _ in 0..2 {
        t.statement(&text("bank"), 0, 0).unwrap_err();
        t.do_one(Post::new(text("late"), text("bank"), text("client"), AMOUNT)).unwrap_err();
    }
    metrics
}

/// Traces, samples and metrics tell counts and times, and nothing of whom they are of.
#[test]
fn no_name_key_text_or_amount_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("books");
    let (traced, sampled) = (Arc::new(Told::default()), Arc::new(Told::default()));
    let telemetry: Arc<dyn Telemetry> = Arc::clone(&sampled) as _;
    let key = Arc::new(KeyText::generate().unwrap());
    let context = Context {
        actor: text("actor"),
        role: text("role"),
        request_id: text("request"),
        origin: text("origin"),
    };
    let options = Options {
        telemetry: Some(telemetry),
        memory: 1 << 12,
        keys: Some(Arc::clone(&key) as Arc<dyn Keys>),
        context,
        genesis: Genesis { tenant: text("tenant"), ..Genesis::default() },
        ..Options::default()
    };
    tracing::subscriber::set_global_default(Log(Arc::clone(&traced))).unwrap();
    let metrics = use_ledger(&path, &options);
    let (heard, traced) = (traced.clone(), traced.0.lock().unwrap().clone());
    let sampled = sampled.0.lock().unwrap();
    let whole_key = key.text();
    let secret = whole_key.trim_end().rsplit('-').next().unwrap();
    assert!(secret.len() >= 64);
    for (what, told, must_have) in [
        ("traces", &traced, "decided"),
        ("samples", &*sampled, "Took(Write"),
        ("metrics", &metrics, "thalium_stage_seconds_bucket"),
    ] {
        assert!(told.contains(must_have), "{what}: {told}");
        for canary in [CANARY, ASSET, DIGITS, "1987-06", secret] {
            assert!(!told.contains(canary), "{canary} in {what}: {told}");
        }
    }
    for told in [
        "opened",
        "decided",
        "durable",
        "cut",
        "part written",
        "image written",
        "draining",
        "rotated",
        "backed up",
        "restored",
        "verified",
    ] {
        assert!(traced.contains(told), "{told}: {traced}");
    }
    for span in ["open", "submit", "backup", "restore", "verify"] {
        assert!(traced.contains(&format!("(\"span\", \"{span}\")")), "{span}: {traced}");
    }
    assert_eq!(traced.matches("the ledger stopped").count(), 1, "{traced}");
    assert_eq!(traced.matches("Error").count(), 1, "{traced}");
    // What is told is heard, be it the name of a field.
    tracing::trace!(canary = 1, "control");
    assert!(heard.0.lock().unwrap().contains(CANARY));
    for stage in Stage::ALL {
        assert!(sampled.contains(&format!("Took({stage:?},")), "{stage:?}: {sampled}");
    }
    for told in ["Decided {", "Level(\"ready\", 1)"] {
        assert!(sampled.contains(told), "{told}: {sampled}");
    }
}
