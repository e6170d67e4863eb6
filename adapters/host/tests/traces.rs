//! Whoever listens to a ledger learns counts and times, and nothing of whom they are of.
//!
//! Alone in its process: who listens to traces listens to all of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::sync::{Arc, Mutex};

use thalium_host::{
    Account, Command, Extra, Hold, Options, Post, Sample, Telemetry, Thalium, backup, rehearse,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const CANARY: &str = "canary";

/// Commands with the canary wherever there is room for text.
fn commands() -> Vec<Command> {
    let text = |what: &str| format!("{CANARY}-{what}");
    let extra = || Extra {
        description: text("description"),
        metadata: [(text("name"), text("value"))].into(),
        ..Extra::default()
    };
    let post = Post {
        extra: extra(),
        ..Post::new(text("post"), text("bank"), text("client"), "77777.77")
    };
    let refused = Post::new(text("refused"), text("client"), text("client"), "77777.77");
    let hold =
        Hold { extra: extra(), ..Hold::new(text("hold"), text("client"), text("bank"), "7777.77") };
    let invalid = Post::new(text("invalid"), text("nobody"), text("client"), "77777.777");
    let account =
        |name: &str| Account { name: text("name"), ..Account::liability(text(name), "ZAR") };
    vec![
        Account { name: text("name"), ..Account::asset(text("bank"), "ZAR") }.into(),
        account("client").into(),
        post.clone().into(),
        post.into(),
        refused.into(),
        hold.into(),
        invalid.into(),
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
        span.record(&mut Fields(&self.0));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&self.0));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&self.0));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Traces, samples and metrics tell counts and times, and nothing of whom they are of.
#[test]
fn no_name_key_text_or_amount_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let address = directory.path().join("books").display().to_string();
    let (traced, sampled) = (Arc::new(Told::default()), Arc::new(Told::default()));
    let telemetry: Arc<dyn Telemetry> = Arc::clone(&sampled) as _;
    let options = Options { telemetry: Some(telemetry), memory: 1 << 12, ..Options::default() };
    let metrics = {
        tracing::subscriber::set_global_default(Log(Arc::clone(&traced))).unwrap();
        let t = Thalium::open_with(&address, options.clone()).unwrap();
        t.submit(&commands()).unwrap();
        for n in 0..40 {
            let key = format!("{CANARY}-{n}");
            t.do_one(Post::new(key, "canary-bank", "canary-client", "77777.77")).unwrap();
        }
        let metrics = t.metrics().unwrap();
        t.drain().unwrap();
        t.close().unwrap();
        let to = directory.path().join("copy");
        backup(address.as_ref(), &to, None, &mut |_| ()).unwrap();
        rehearse(&to, None).unwrap();
        metrics
    };
    let (traced, sampled) = (traced.0.lock().unwrap(), sampled.0.lock().unwrap());
    for (what, told, must_have) in [
        ("traces", &*traced, "decided"),
        ("samples", &*sampled, "Took(Write"),
        ("metrics", &metrics, "thalium_stage_seconds_bucket"),
    ] {
        assert!(told.contains(must_have), "{what}: {told}");
        for canary in [CANARY, "7777", "ZAR"] {
            assert!(!told.contains(canary), "{canary} in {what}: {told}");
        }
    }
    for told in ["opened", "durable", "draining", "backed up", "restored", "verified"] {
        assert!(traced.contains(told), "{told}: {traced}");
    }
    for told in [
        "Took(Open",
        "Took(Decide",
        "Took(Hash",
        "Took(Durable",
        "Decided {",
        "Level(\"ready\", 1)",
    ] {
        assert!(sampled.contains(told), "{told}: {sampled}");
    }
}
