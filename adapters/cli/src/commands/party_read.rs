//! `thalium party read`, `export` and `access-log`: personal data that is opened, and who opened it.

use std::path::PathBuf;

use clap::Args;
use thalium_host::api::party::{AccessQuery, AccessView, PersonalText, ReadData};
use thalium_host::{self as api, Thalium};

use super::close;
use super::party_show::word;
use super::viewer::Viewer;
use crate::failure::Failure;
use crate::output::Rows;
use crate::session::Global;

/// Open personal data for a reason; it is recorded who read what, when and why
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium party read c42 name --why \"a complaint\" --actor ann")]
pub(crate) struct ReadArgs {
    /// The party: its key or id
    party: String,
    /// The fields; all, where nothing is named
    fields: Vec<String>,
    /// A transfer whose sealed description and metadata are meant: its key or id; may be given again
    #[arg(long = "transfer", value_name = "KEY")]
    transfers: Vec<String>,
    /// An account whose sealed name and metadata are meant: its key or id; may be given again
    #[arg(long = "account", value_name = "KEY")]
    accounts: Vec<String>,
    /// Why
    #[arg(long)]
    why: String,
    #[command(flatten)]
    viewer: Viewer,
}

/// All that is known of a party, as it is given to the person; recorded as a reading
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  thalium party export c42 --why \"asked on 2026-01-31\" > c42.json
  thalium party export c42 --why \"asked on 2026-01-31\" --page c42.html")]
pub(crate) struct Export {
    /// The party: its key or id
    party: String,
    /// Why
    #[arg(long)]
    why: String,
    /// Write a page to read instead
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    #[command(flatten)]
    viewer: Viewer,
}

/// Who read personal data, what and why; for those who were granted it
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  thalium party access-log --party c42 --actor ann")]
pub(crate) struct AccessLog {
    /// Whose: a key or id; of all, where nothing is said
    #[arg(long)]
    party: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = api::PAGE_DEFAULT)]
    limit: u32,
    /// Behind the page that ended with this cursor
    #[arg(long, value_name = "CURSOR")]
    after: Option<u64>,
}

impl ReadArgs {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let call = ReadData {
            fields: self.fields.clone(),
            transfers: self.transfers.clone(),
            accounts: self.accounts.clone(),
            ..call(&self.party, &self.why, &self.viewer)
        };
        let thalium = global.open()?;
        let data = thalium.read_data(&call)?;
        close(thalium);
        let output = global.output();
        if output.json {
            return output.json(&data);
        }
        let mut rows = Rows::new(&["field", "value", "purpose", "basis"]);
        for field in &data.fields {
            let lost = || format!("lost: {}", field.lost.as_deref().unwrap_or("?"));
            let value = field.value.as_ref().map_or_else(lost, |value| value.as_str().to_owned());
            rows.push([field.name.clone(), value, field.purpose.clone(), word(&field.basis)]);
        }
        if !rows.is_empty() {
            output.table(&rows)?;
        }
        let mut words = Rows::new(&["of", "description", "metadata", "basis"]);
        for detail in &data.details {
            let of = detail.transfer.as_deref().or(detail.account.as_deref()).unwrap_or_default();
            let lost = || detail.lost.as_ref().map(|why| format!("lost: {why}"));
            let description = detail.description.as_ref().map(|text| text.as_str().to_owned());
            let pair =
                |(name, value): (&String, &PersonalText)| format!("{name}={}", value.as_str());
            let metadata: Vec<String> = detail.metadata.iter().map(pair).collect();
            words.push([
                of.to_owned(),
                description.or_else(lost).unwrap_or_default(),
                metadata.join(", "),
                word(&detail.basis),
            ]);
        }
        match (rows.is_empty(), words.is_empty()) {
            (true, true) => output.line("no fields"),
            (_, true) => Ok(()),
            (_, false) => output.table(&words),
        }
    }
}

impl Export {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let thalium: Thalium = global.open()?;
        let export = thalium.export_party(&call(&self.party, &self.why, &self.viewer))?;
        close(thalium);
        match &self.page {
            None => global.output().json(&export),
            Some(file) => {
                let failed = |error| Failure::Output(format!("`{}`: {error}", file.display()));
                std::fs::write(file, export.to_page()).map_err(failed)?;
                global.output().line(format!("wrote {}", file.display()))
            }
        }
    }
}

impl AccessLog {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let query = AccessQuery {
            party: self.party.clone(),
            after: self.after,
            limit: Some(self.limit),
            actor: None,
        };
        let thalium = global.open_to_read()?;
        let page = thalium.access_log(&query)?;
        let output = global.output();
        if output.json {
            return output.json(&page);
        }
        if page.entries.is_empty() {
            return output.line("no one read personal data");
        }
        let mut rows = Rows::new(&["when", "who", "party", "fields", "why"]);
        for entry in &page.entries {
            rows.push([
                entry.timestamp.clone(),
                entry.actor.clone(),
                entry.party.clone(),
                what_was_read(entry),
                entry.why.clone(),
            ]);
        }
        output.table(&rows)?;
        match page.next {
            Some(next) => output.line(format!("more with --after {next}")),
            None => Ok(()),
        }
    }
}

/// What someone read, in a line.
fn what_was_read(entry: &AccessView) -> String {
    let mut what = entry.fields.clone();
    what.extend(entry.transfers.iter().map(|name| format!("transfer {name}")));
    what.extend(entry.accounts.iter().map(|name| format!("account {name}")));
    if entry.details {
        what.push("all details".to_owned());
    }
    what.join(", ")
}

fn call(party: &str, why: &str, viewer: &Viewer) -> ReadData {
    let (party, why, viewer) = (party.to_owned(), why.to_owned(), viewer.viewer.clone());
    ReadData { party, why, viewer, ..ReadData::default() }
}
