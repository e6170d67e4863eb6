//! A file per command.

pub(crate) mod account;
pub(crate) mod asset;
pub(crate) mod backup;
pub(crate) mod balance;
pub(crate) mod completions;
pub(crate) mod export;
pub(crate) mod get;
pub(crate) mod history;
pub(crate) mod holds;
pub(crate) mod import;
pub(crate) mod import_tables;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod keys;
pub(crate) mod kyc;
pub(crate) mod movement;
pub(crate) mod party;
mod party_read;
mod party_show;
mod party_tokens;
pub(crate) mod policy;
pub(crate) mod post;
mod post_file;
pub(crate) mod rollup;
pub(crate) mod ship;
pub(crate) mod statement;
pub(crate) mod stats;
pub(crate) mod sync;
pub(crate) mod transfers;
pub(crate) mod trial_balance;
pub(crate) mod upgrade;
pub(crate) mod verify;
mod viewer;
pub(crate) mod volumes;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use thalium_host::{Command, INPUT_BYTES, Outcome, Thalium, time};

use crate::failure::Failure;
use crate::output::{note, one_line};
use crate::session::Global;

/// Submits one command and tells its outcome.
fn submit_one(global: &Global, command: impl Into<Command>) -> Result<(), Failure> {
    let thalium = global.open()?;
    let outcome = thalium.do_one(command)?;
    // What is durable is told before anything else can fail.
    let output = global.output();
    let told = if output.json { output.json(&outcome) } else { output.line(sentence(&outcome)) };
    close(thalium);
    told?;
    if outcome.ok { Ok(()) } else { Err(Failure::Rejected) }
}

/// Closes a store. All that was told is durable by then: a snapshot that cannot be written costs the next opening time.
fn close(thalium: Thalium) {
    if let Err(error) = thalium.close() {
        note(format!("warning: {error}; everything is booked, the next opening takes longer"));
    }
}

/// An outcome in a line.
fn sentence(outcome: &Outcome) -> String {
    let name = if outcome.key.is_empty() {
        outcome.id.map(|id| id.to_string()).unwrap_or_default()
    } else {
        outcome.key.clone()
    };
    if outcome.ok {
        let what = if outcome.replayed { "already booked" } else { "booked" };
        let amount =
            outcome.amount.as_ref().map(|amount| format!("  {amount}")).unwrap_or_default();
        let place =
            outcome.sequence.map(|sequence| format!("  event {sequence}")).unwrap_or_default();
        return one_line(&format!("{what}  {name}{amount}{place}"));
    }
    let name = if name.is_empty() { name } else { format!("  {name}") };
    one_line(&format!("rejected{name}  {}: {}", outcome.status, why(outcome)))
}

/// Why a command was rejected, for people.
fn why(outcome: &Outcome) -> String {
    let mut text = outcome.reason.clone().unwrap_or_else(|| outcome.status.clone());
    if let Some(account) = &outcome.account
        && !text.contains(account.as_str())
    {
        text = format!("{text}: `{account}`");
    }
    if let (Some(have), Some(need)) = (&outcome.have, &outcome.need) {
        text = format!("{text} has {have}, needs {need}");
    }
    text
}

/// Reads `name=value`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as name=value".to_owned()),
    }
}

fn metadata(pairs: &[(String, String)]) -> BTreeMap<String, String> {
    pairs.iter().cloned().collect()
}

/// Reads an instant from which on is asked.
fn instant(text: &str) -> Result<i64, String> {
    known(time::parse_from(text))
}

/// Reads an instant up to which is asked.
fn last_instant(text: &str) -> Result<i64, String> {
    known(time::parse_until(text))
}

fn known(nanos: Option<i64>) -> Result<i64, String> {
    nanos.filter(|nanos| *nanos >= 0).ok_or_else(|| {
        "is no instant: write 2026-01-31, 2026-01-31T09:30:00Z or nanoseconds since 1970".to_owned()
    })
}

/// How many to ask for next, where so many are still wanted.
fn page_of(left: u64, most: u32) -> u32 {
    u32::try_from(left).unwrap_or(most).min(most)
}

/// Refuses a span of time that ends before it begins.
fn check_span(from: Option<i64>, to: Option<i64>) -> Result<(), Failure> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(Failure::usage(format!(
            "--from {} is after --to {}: swap them",
            time::format_instant(from),
            time::format_instant(to)
        ))),
        _ => Ok(()),
    }
}

/// What is asked for is not in the books.
fn missing(what: &str, name: &str, output: crate::output::Output) -> Failure {
    if output.json {
        let told =
            serde_json::json!({ "ok": false, "status": "not_found", "what": what, "name": name });
        if let Err(failure) = output.json(&told) {
            return failure;
        }
    } else {
        crate::output::note(format!("thalium: there is no {what} `{name}`"));
    }
    Failure::Rejected
}

/// An enum's name as it is serialised, and the other way round, for names that the arguments share with JSON.
fn named<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|error| error.to_string())
}

/// What a file holds, or the standard input.
pub(crate) fn text_of(path: &Path) -> Result<String, Failure> {
    let fault = |error| Failure::usage(format!("cannot read `{}`: {error}", path.display()));
    let mut text = String::new();
    let limit = INPUT_BYTES as u64 + 1;
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_string(&mut text).map_err(fault)?;
    } else {
        let file = std::fs::File::open(path).map_err(fault)?;
        file.take(limit).read_to_string(&mut text).map_err(fault)?;
    }
    Ok(text)
}

/// The exit code is that of the answer, also where nobody reads it: a denial that is not printed is one all the same.
pub(crate) fn answered(told: Result<(), Failure>, is_good: bool) -> Result<(), Failure> {
    match told {
        Err(Failure::Closed) | Ok(()) if !is_good => Err(Failure::Rejected),
        told => told,
    }
}

#[cfg(test)]
#[path = "mod_tests.rs"]
mod tests;
