//! Many commands from a file: read, submit in batches, tell every outcome.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use thalium_host::ledger::status::TransferStatus;
use thalium_host::wire::Unreadable;
use thalium_host::{Command, Outcome, Thalium, new_id};

use super::post::Many;
use super::why;
use crate::failure::Failure;
use crate::input::{Format, Line, Reader};
use crate::output::{self, Rows, count, csv_failure, is_watched, note};
use crate::session::Global;

/// The status of a line that is no command.
const UNREADABLE: &str = "unreadable";
/// Complaints that are shown; all of them are in the results.
const SHOWN_MAX: u64 = 20;
/// The longest chain that is kept together beyond the size of a batch.
const CHAIN_MAX: usize = 65_536;

pub(super) fn run(global: &Global, many: &Many, file: &str) -> Result<(), Failure> {
    let format = many.format.or_else(|| Format::of(file)).ok_or_else(|| {
        Failure::usage(format!(
            "`{file}` does not tell its form: add `--format jsonl` or `--format csv`"
        ))
    })?;
    let (stream, size): (Box<dyn BufRead>, u64) = if file == "-" {
        (Box::new(BufReader::new(io::stdin().lock())), 0)
    } else {
        let cannot = |error| Failure::usage(format!("cannot read `{file}`: {error}"));
        let opened = File::open(file).map_err(cannot)?;
        let size = opened.metadata().map_err(cannot)?.len();
        (Box::new(BufReader::with_capacity(1 << 20, opened)), size)
    };
    let results = many.results.as_deref();
    if results.is_some_and(|results| is_same_file(results, file)) {
        let message = format!("`{file}` cannot be both the commands and the results: name another");
        return Err(Failure::usage(message));
    }
    let thalium = global.open()?;
    let results = results.map(Results::open).transpose()?;
    let name = if file == "-" { "standard input" } else { file };
    let mut run = Run {
        thalium: &thalium,
        name,
        batch: if many.stop_on_error { 1 } else { many.batch.get() },
        waiting: Vec::new(),
        results,
        tally: Tally::default(),
        complaints: 0,
        progress: progress(size),
    };
    let ended = run.read(&mut Reader::new(stream, format), many.stop_on_error);
    run.progress.finish_and_clear();
    let (tally, hidden) = (run.tally, run.complaints.saturating_sub(SHOWN_MAX));
    if hidden > 0 {
        note(format!("… and {} more; `--results FILE` has them all", count(hidden)));
    }
    // What was booked before a failure is told all the same.
    let told = tally.tell(global, many.results.as_deref() == Some("-"));
    super::close(thalium);
    if let Err(failure) = ended {
        let lines = count(tally.lines());
        note(format!("stopped: {lines} lines were decided, those after them were not submitted"));
        return Err(failure);
    }
    told?;
    if tally.rejected + tally.unreadable > 0 { Err(Failure::Rejected) } else { Ok(()) }
}

struct Run<'a> {
    thalium: &'a Thalium,
    name: &'a str,
    batch: usize,
    waiting: Vec<Line>,
    results: Option<Results>,
    tally: Tally,
    complaints: u64,
    progress: ProgressBar,
}

impl Run<'_> {
    fn read<R: BufRead>(
        &mut self,
        reader: &mut Reader<R>,
        stop_on_error: bool,
    ) -> Result<(), Failure> {
        loop {
            let line =
                reader.next_line().map_err(|why| Failure::usage(place(self.name, None, &why)))?;
            let Some(line) = line else { break };
            self.progress.inc(line.bytes);
            self.waiting.push(line);
            // A chain is decided in one request.
            let in_chain = self.waiting.last().is_some_and(is_linked);
            if self.waiting.len() >= if in_chain { CHAIN_MAX } else { self.batch } {
                self.submit()?;
                if stop_on_error && self.tally.rejected + self.tally.unreadable > 0 {
                    note(
                        "stopped at the first line that was not booked; the lines after it were not submitted",
                    );
                    return Ok(());
                }
            }
        }
        self.submit()
    }

    fn submit(&mut self) -> Result<(), Failure> {
        let mut lines = std::mem::take(&mut self.waiting);
        let spoilt = spoilt_chains(&lines);
        let mut commands = Vec::with_capacity(lines.len());
        for (line, spoilt) in lines.iter_mut().zip(&spoilt) {
            if let (Ok(command), false) = (&mut line.command, spoilt) {
                identify(command);
                commands.push(command.clone());
            }
        }
        let mut outcomes = self.thalium.submit(&commands)?.into_iter();
        for (line, spoilt) in lines.iter().zip(spoilt) {
            let outcome = match &line.command {
                Err(why) => unreadable(why),
                Ok(_) if spoilt => Outcome {
                    status: TransferStatus::LinkedEventFailed.name().to_owned(),
                    number: TransferStatus::LinkedEventFailed.number(),
                    key: key(line),
                    reason: Some("another line of the linked chain cannot be read".to_owned()),
                    ..Outcome::default()
                },
                Ok(_) => outcomes.next().unwrap_or_default(),
            };
            self.tell(line.number, &outcome)?;
        }
        match &mut self.results {
            Some(results) => results.flush(),
            None => Ok(()),
        }
    }

    fn tell(&mut self, line: u64, outcome: &Outcome) -> Result<(), Failure> {
        self.tally.add(outcome);
        if let Some(results) = &mut self.results {
            results.write(line, outcome)?;
        }
        if outcome.ok {
            return Ok(());
        }
        self.complaints += 1;
        if self.complaints <= SHOWN_MAX {
            let field = outcome.field.clone().unwrap_or_default();
            let message = if outcome.status == UNREADABLE {
                outcome.reason.clone().unwrap_or_default()
            } else {
                let said = why(outcome);
                let said = said.strip_prefix(&format!("{field}: ")).unwrap_or(&said);
                format!("{}: {said}", outcome.status)
            };
            let text = place(self.name, Some(line), &Unreadable { field, message });
            self.progress.suspend(|| note(text));
        }
        Ok(())
    }
}

/// Where something is wrong, and what: `day.csv:7: amount: …`.
fn place(name: &str, line: Option<u64>, why: &Unreadable) -> String {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let field = if why.field.is_empty() { String::new() } else { format!(" {}:", why.field) };
    format!("{name}{line}:{field} {}", why.message)
}

fn unreadable(why: &Unreadable) -> Outcome {
    Outcome {
        status: UNREADABLE.to_owned(),
        number: u16::MAX,
        field: (!why.field.is_empty()).then(|| why.field.clone()),
        reason: Some(why.message.clone()),
        ..Outcome::default()
    }
}

/// Which lines belong to a linked chain with a line that cannot be read: none of them may be booked. A line that
/// cannot be read ends its chain.
fn spoilt_chains(lines: &[Line]) -> Vec<bool> {
    let mut spoilt = vec![false; lines.len()];
    let mut chain_start = 0;
    for (index, line) in lines.iter().enumerate() {
        if line.command.is_err() {
            spoilt.iter_mut().take(index).skip(chain_start).for_each(|spoilt| *spoilt = true);
        }
        if !is_linked(line) {
            chain_start = index + 1;
        }
    }
    spoilt
}

fn is_linked(line: &Line) -> bool {
    line.command.as_ref().is_ok_and(Command::is_linked)
}

/// Gives a command without key and id a new id.
fn identify(command: &mut Command) {
    let (key, id) = match command {
        Command::Account(account) => (&account.key, &mut account.id),
        Command::Post(post) => (&post.key, &mut post.id),
        Command::Hold(hold) => (&hold.key, &mut hold.id),
        Command::Capture(capture) => (&capture.key, &mut capture.id),
        Command::Release(release) => (&release.key, &mut release.id),
        Command::Transaction(transaction) => (&transaction.key, &mut transaction.id),
        Command::Transfer(transfer) => (&transfer.key, &mut transfer.id),
        Command::RegisterParty(party) => (&party.key, &mut party.id),
        // What changes a party names it.
        _ => return,
    };
    if key.is_empty() && id.is_none() {
        *id = Some(new_id().to_string());
    }
}

/// A bar on the error stream, if a person watches it and the end is known.
fn progress(size: u64) -> ProgressBar {
    if size == 0 || !is_watched() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent}%  {bytes_per_sec}  {eta} left");
    ProgressBar::new(size).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[derive(Default)]
struct Tally {
    booked: u64,
    replayed: u64,
    rejected: u64,
    unreadable: u64,
    statuses: BTreeMap<String, u64>,
}

impl Tally {
    fn add(&mut self, outcome: &Outcome) {
        let counter = match outcome {
            Outcome { ok: true, replayed: false, .. } => &mut self.booked,
            Outcome { ok: true, .. } => &mut self.replayed,
            _ if outcome.status == UNREADABLE => &mut self.unreadable,
            _ => &mut self.rejected,
        };
        *counter += 1;
        *self.statuses.entry(outcome.status.clone()).or_default() += 1;
    }

    fn lines(&self) -> u64 {
        self.booked + self.replayed + self.rejected + self.unreadable
    }

    fn tell(&self, global: &Global, results_on_output: bool) -> Result<(), Failure> {
        let out = global.output();
        let lines = self.lines();
        let summary = serde_json::json!({
            "summary": true, "lines": lines, "booked": self.booked, "replayed": self.replayed,
            "rejected": self.rejected, "unreadable": self.unreadable, "statuses": self.statuses,
        });
        if results_on_output {
            note(summary.to_string());
            return Ok(());
        }
        if out.json {
            return out.json(&summary);
        }
        let mut rows = Rows::new(&["status", ">lines"]);
        for (status, lines) in &self.statuses {
            rows.push([status.as_str(), &count(*lines)]);
        }
        rows.push(["all", &count(lines)]);
        out.table(&rows)
    }
}

/// Where outcomes go, line by line.
struct Results {
    name: String,
    form: Form,
}

enum Form {
    Jsonl(Box<dyn Write>),
    Csv(Box<csv::Writer<File>>),
}

/// An outcome with its line.
#[derive(Serialize)]
struct Told<'a> {
    line: u64,
    #[serde(flatten)]
    outcome: &'a Outcome,
}

impl Results {
    fn open(name: &str) -> Result<Self, Failure> {
        let shown = if name == "-" { "standard output" } else { name };
        let form = Self::form(name)?;
        Ok(Self { name: shown.to_owned(), form })
    }

    fn form(name: &str) -> Result<Form, Failure> {
        if name == "-" {
            return Ok(Form::Jsonl(Box::new(BufWriter::new(io::stdout().lock()))));
        }
        let format = Format::of(name).ok_or_else(|| {
            Failure::usage(format!("`{name}` does not tell its form: name it .jsonl or .csv"))
        })?;
        let file = File::create(name)
            .map_err(|error| Failure::usage(format!("cannot write `{name}`: {error}")))?;
        if format == Format::Jsonl {
            return Ok(Form::Jsonl(Box::new(BufWriter::new(file))));
        }
        let mut writer = csv::Writer::from_writer(file);
        let header = [
            "line", "ok", "status", "replayed", "key", "id", "sequence", "amount", "field",
            "reason",
        ];
        writer.write_record(header).map_err(csv_failure)?;
        Ok(Form::Csv(Box::new(writer)))
    }

    fn write(&mut self, line: u64, outcome: &Outcome) -> Result<(), Failure> {
        let written = match &mut self.form {
            Form::Jsonl(out) => output::write_json(out, &Told { line, outcome }),
            Form::Csv(out) => {
                let row = [
                    line.to_string(),
                    outcome.ok.to_string(),
                    outcome.status.clone(),
                    outcome.replayed.to_string(),
                    outcome.key.clone(),
                    outcome.id.map(|id| id.to_string()).unwrap_or_default(),
                    outcome.sequence.map(|sequence| sequence.to_string()).unwrap_or_default(),
                    outcome.amount.clone().unwrap_or_default(),
                    outcome.field.clone().unwrap_or_default(),
                    if outcome.ok { String::new() } else { why(outcome) },
                ];
                out.write_record(row).map_err(csv_failure)
            }
        };
        written.map_err(|failure| self.failed(&failure))
    }

    /// Hands on what is known to be durable.
    fn flush(&mut self) -> Result<(), Failure> {
        let flushed = match &mut self.form {
            Form::Jsonl(out) => out.flush(),
            Form::Csv(out) => out.flush(),
        };
        flushed.map_err(|error| self.failed(&Failure::from(error)))
    }

    /// Booking goes no further than it can be told: whoever waits for the results learns of every line.
    fn failed(&self, failure: &Failure) -> Failure {
        Failure::Output(format!(
            "the results cannot be written to `{}`: {failure}; what was booked is safe, and running the file again \
             recognises it by its keys",
            self.name
        ))
    }
}

/// Whether two names lead to one file.
fn is_same_file(results: &str, file: &str) -> bool {
    match (std::fs::canonicalize(results), std::fs::canonicalize(file)) {
        (Ok(results), Ok(file)) => results == file,
        _ => false,
    }
}

/// The key of the command on a line.
fn key(line: &Line) -> String {
    let Ok(command) = &line.command else { return String::new() };
    thalium_host::key_of(command).to_owned()
}
