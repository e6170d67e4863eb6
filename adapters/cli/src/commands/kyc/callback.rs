//! `thalium kyc callback`.

use std::path::{Path, PathBuf};

use clap::Args;
use thalium_host::policy::rego::Value;
use thalium_host::wire::{CallbackHeader, CallbackKey, CallbackView, ReadCallback, read_callback};
use thalium_host::{CaseCallback, CaseChange};

use super::cases::{Which, nanos};
use crate::commands::{answered, pair, text_of};
use crate::failure::Failure;
use crate::output::one_line;
use crate::session::Global;

/// Prove who sent a callback of an identity provider, and tell what it says, in the same words for every provider
#[derive(Args, Debug)]
#[command(after_help = "\
Providers: onfido, persona, sumsub, veriff, jumio, ballerine. Secrets come from the environment, so that they stand in no history of a shell.
Jumio signs nothing: give the address of the connection, and those that it sends from. With --case it is delivered: the case knows one that came
before, and one that was overtaken by a newer one is written down and not heard. Without, no store is needed.
Exit code 1: it is not proven, or says nothing that the provider would say, or the case refuses it.

Examples:
  thalium kyc callback onfido --headers headers.txt --body body.json --key 2026=ONFIDO_SECRET
  thalium kyc callback jumio --body body.json --from 203.0.113.7 --allow 203.0.113.7
  thalium kyc callback onfido --headers headers.txt --body body.json --key 2026=ONFIDO_SECRET --case case-7 --keep --actor onfido")]
pub(crate) struct Callback {
    /// Who says that they sent it
    provider: String,
    /// Its headers: a file with a line `Name: value` for each
    #[arg(long, value_name = "FILE")]
    headers: Option<PathBuf>,
    /// Its body, as it came: a file, or `-` for the standard input
    #[arg(long, value_name = "FILE")]
    body: PathBuf,
    /// A key that may have signed it: its id, and the variable of the environment with the secret; repeat it while keys change
    #[arg(long = "key", value_name = "ID=ENVVAR", value_parser = pair)]
    keys: Vec<(String, String)>,
    /// How old what is signed with a time may be, in seconds [default: 300]
    #[arg(long, value_name = "SECONDS")]
    tolerance: Option<u32>,
    /// The address of the connection, of a provider that signs nothing
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// An address that such a provider sends from; repeat it
    #[arg(long = "allow", value_name = "ADDRESS")]
    allowed: Vec<String>,
    /// The instant, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
    /// Deliver it to this case
    #[arg(long, value_name = "CASE")]
    case: Option<String>,
    /// Keep its body in the log of the case, sealed to whom that is about
    #[arg(long, requires = "case")]
    keep: bool,
}

impl Callback {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let call = ReadCallback {
            provider: self.provider.clone(),
            headers: self.headers.as_deref().map(headers).transpose()?.unwrap_or_default(),
            body: text_of(&self.body)?,
            keys: self.keys.iter().map(key).collect::<Result<_, _>>()?,
            tolerance: self.tolerance,
            from: self.from.clone(),
            allowed: self.allowed.clone(),
            now: nanos(self.now),
        };
        let output = global.output();
        match (read_callback(&call), &self.case) {
            (Ok(read), Some(case)) => {
                let data = Value::from_json(&read.data).map_err(Failure::usage)?;
                let body = self.keep.then_some(call.body);
                let change = CaseChange::Callback(CaseCallback { body });
                Which::at(case.clone(), self.now).change(global, change, Some(data))
            }
            (Ok(read), None) if output.json => output.json(&read),
            (Ok(read), None) => output.pairs(&pairs(&read)),
            (Err(failure), _) if failure.code == REFUSED => {
                let told = if output.json {
                    output.json(&serde_json::json!({
                        "ok": false, "status": failure.code, "reason": failure.message,
                    }))
                } else {
                    output.line(one_line(&format!("rejected  {}", failure.message)))
                };
                answered(told, false)
            }
            (Err(failure), _) => Err(Failure::usage(failure)),
        }
    }
}

/// The code of a callback that is not proven.
const REFUSED: &str = "refused";

/// A secret, from the environment.
fn key((id, variable): &(String, String)) -> Result<CallbackKey, Failure> {
    let secret = std::env::var(variable).map_err(|_| {
        Failure::usage(format!("the variable `{variable}` is not set: it has the secret of `{id}`"))
    })?;
    Ok(CallbackKey { id: id.clone(), secret, ..CallbackKey::default() })
}

/// Headers, as programs write them into a file.
fn headers(path: &Path) -> Result<Vec<CallbackHeader>, Failure> {
    let text = text_of(path)?;
    let mut headers = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let Some((name, value)) = line.split_once(':') else {
            let place = format!("{}:{}", path.display(), index + 1);
            return Err(Failure::usage(format!("{place}: is no header: write `Name: value`")));
        };
        let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
        headers.push(CallbackHeader { name, value });
    }
    Ok(headers)
}

fn pairs(read: &CallbackView) -> Vec<(&'static str, String)> {
    let sandbox = read.sandbox.map(|is| if is { "yes" } else { "no" }.to_owned());
    let some = [
        ("provider", Some(read.provider.clone())),
        ("key", read.key.clone()),
        ("signed", read.signed_at.clone()),
        ("outcome", Some(read.outcome.clone())),
        ("reasons", Some(read.reasons.join(", ")).filter(|reasons| !reasons.is_empty())),
        ("they say", Some(read.kind.clone())),
        ("about", Some(read.about.clone())),
        ("subject", read.subject.clone()),
        ("happened", read.occurred_at.clone()),
        ("sandbox", sandbox),
        ("event id", Some(read.event_id.clone())),
        ("evidence", Some(read.evidence.clone())),
        ("event", Some(read.event.clone())),
        ("data", Some(read.data.clone())),
    ];
    some.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
