//! Cases, seen: one, many, those of a queue, and a picture.

use std::path::PathBuf;

use clap::Args;
use thalium_host::{
    CaseFault, CaseQuery, CaseView, DrawCase, GetCase, OpenSealed, ReportCases, Thalium,
};

use super::{look, look_at};
use crate::commands::kyc::draw::Form;
use crate::commands::kyc::hand_out;
use crate::commands::page_of;
use crate::failure::Failure;
use crate::output::{Output, Rows, count, one_line};
use crate::session::Global;

/// How many are read at a time.
const PAGE: u32 = 1_000;

/// Tell all of a case: where it stands, its documents, its evidence with the digest, votes, decisions
#[derive(Args, Debug)]
#[command(after_help = "\
A case about a party is sealed: its data, and where its files are, are told with --why, and the party gets a reading on record.
Exit code 1: there is no such case, or whom it is about was forgotten.

Examples:
  thalium kyc case show case-7
  thalium kyc case show case-7 --why 'the review of january' --actor reviewer-1")]
pub(crate) struct Show {
    /// The case, by its key
    case: String,
    /// Open what is sealed, for this reason: it is recorded who read what
    #[arg(long, value_name = "REASON")]
    why: Option<String>,
}

impl Show {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let case = shown(global, &self.case, self.why.as_deref())?;
        let output = global.output();
        if output.json { output.json(&case) } else { tell(output, &case) }
    }
}

/// A case that has to be there, opened for a reason.
pub(in crate::commands::kyc) fn shown(
    global: &Global,
    case: &str,
    why: Option<&str>,
) -> Result<CaseView, Failure> {
    let open = why.map(|why| OpenSealed { why: why.to_owned(), ..OpenSealed::default() });
    let call = GetCase { case: case.to_owned(), open };
    look_at(global, case, |thalium| Ok(thalium.get_case(&call)?))
}

/// All of a case, for people.
pub(in crate::commands::kyc) fn tell(output: Output, case: &CaseView) -> Result<(), Failure> {
    let place = case.place.as_ref().map(|place| {
        let due = place.due.as_ref().map(|due| format!(", due {due}")).unwrap_or_default();
        let from = place.from.as_ref().map(|from| format!(", from {from}")).unwrap_or_default();
        format!("{} since {}{due}{from}", place.queue, place.since)
    });
    let sealed = case.sealed.then(|| match (&case.withheld, &case.data) {
        (Some(why), _) => format!("withheld: {why}"),
        (None, Some(_)) => "to the party; opened".to_owned(),
        (None, None) => "to the party; --why REASON opens it".to_owned(),
    });
    let all = [
        ("case", Some(case.case.clone())),
        ("kind", Some(format!("{}  version {}", case.kind, short(&case.definition)))),
        ("status", Some(case.status.clone())),
        ("states", Some(case.states.join(", "))),
        ("party", case.party.clone()),
        ("parent", case.parent.clone()),
        ("opened", Some(format!("{} by {}", case.opened_at, case.opened_by))),
        ("changed", Some(format!("{} ({} changes)", case.changed_at, count(case.version)))),
        ("ended", case.ended_at.clone()),
        ("reopened", (case.reopened > 0).then(|| count(case.reopened))),
        ("queue", place),
        ("with", case.assignee.clone()),
        ("rests until", case.snoozed_until.clone()),
        ("its time rests since", case.paused_at.clone()),
        ("next due", case.next_due.clone()),
        ("sealed", sealed),
        ("data", case.data.clone()),
        ("evidence", Some(case.evidence_digest.clone())),
    ];
    let pairs: Vec<(&str, String)> =
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    output.pairs(&pairs)?;
    let tables =
        [("documents", documents(case)), ("attached", evidence(case)), ("votes", votes(case))];
    for (title, rows) in tables.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        output.line(title)?;
        output.indented(&rows)?;
    }
    if let Some(it) = &case.standing {
        let level = it.kyc_level.map(|level| format!("level {level}"));
        let risk = it.risk.as_ref().map(|risk| format!("risk {risk}"));
        let flags = (!it.flags.is_empty()).then(|| format!("flags {}", it.flags.join(", ")));
        let parts: Vec<String> = [level, risk, flags].into_iter().flatten().collect();
        let told = if it.told { "" } else { ", which the register was not told yet" };
        output.line(one_line(&format!("register of parties: {}{told}", parts.join(", "))))?;
    }
    case.overrides.iter().try_for_each(|it| {
        let why = it.why.as_deref().unwrap_or("(sealed)");
        output.line(one_line(&format!(
            "beside the rules until {}, by {} since {}: {why}",
            it.until, it.by, it.since
        )))
    })
}

/// The first digits of a digest, as a table has them.
pub(in crate::commands::kyc) fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn documents(case: &CaseView) -> Rows {
    let mut rows = Rows::new(&["document", "is", "since", "due", ">attempts", "why", "sha-256"]);
    for it in &case.documents {
        let due = it.due.as_ref().or(it.valid_until.as_ref());
        rows.push([
            it.document.clone(),
            it.standing.clone(),
            it.since.clone(),
            due.cloned().unwrap_or_default(),
            it.attempts.to_string(),
            it.reasons.join(", "),
            it.hash.clone().unwrap_or_default(),
        ]);
    }
    rows
}

fn evidence(case: &CaseView) -> Rows {
    let mut rows = Rows::new(&["name", "since", "by", "file", "sha-256"]);
    for it in &case.evidence {
        let file = it.file.clone().unwrap_or_default();
        rows.push([it.name.clone(), it.since.clone(), it.by.clone(), file, it.hash.clone()]);
    }
    rows
}

fn votes(case: &CaseView) -> Rows {
    let mut rows = Rows::new(&["decision", "is", "by", "as", "at", "reasons", "on evidence"]);
    for decision in case.decided.iter().chain(&case.pending) {
        let is = if decision.at.is_some() { "taken" } else { "pending" };
        for vote in &decision.votes {
            rows.push([
                decision.decision.clone(),
                is.to_owned(),
                vote.by.clone(),
                vote.role.clone(),
                vote.at.clone(),
                vote.reasons.join(", "),
                short(&decision.seen).to_owned(),
            ]);
        }
    }
    rows
}

/// List cases by key
#[derive(Args, Debug)]
#[command(after_help = "\
All that is said must hold. With --json each case is a line.

Examples:
  thalium kyc case list --status open --kind individual
  thalium kyc case list --assignee reviewer-1")]
pub(crate) struct List {
    /// Those on which this person works
    #[arg(long, value_name = "PERSON")]
    assignee: Option<String>,
    /// Those of this kind
    #[arg(long)]
    kind: Option<String>,
    /// Those about this party, as it was named when they were opened
    #[arg(long)]
    party: Option<String>,
    /// Those that were opened for this case
    #[arg(long, value_name = "CASE")]
    parent: Option<String>,
    /// Those that are so
    #[arg(long, value_parser = ["open", "ended", "cancelled"])]
    status: Option<String>,
    #[command(flatten)]
    narrow: Narrow,
}

/// Which of many.
#[derive(Args, Debug)]
struct Narrow {
    /// Those on which nobody works
    #[arg(long)]
    unassigned: bool,
    /// Those that have waited too long
    #[arg(long)]
    overdue: bool,
    /// How many at most [default: all]
    #[arg(long, value_name = "COUNT")]
    limit: Option<u64>,
    /// The instant by which something is overdue, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl List {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let query = CaseQuery {
            assignee: self.assignee.clone(),
            kind: self.kind.clone(),
            party: self.party.clone(),
            parent: self.parent.clone(),
            status: self.status.clone(),
            ..CaseQuery::default()
        };
        self.narrow.list(global, query, "no case fits")
    }
}

impl Narrow {
    fn list(&self, global: &Global, query: CaseQuery, none: &str) -> Result<(), Failure> {
        let query = CaseQuery {
            unassigned: self.unassigned,
            overdue: self.overdue,
            now: super::nanos(self.now),
            ..query
        };
        let most = self.limit.unwrap_or(u64::MAX);
        let cases = look(global, |thalium| all(thalium, &query, most))?;
        let output = global.output();
        if output.json {
            return cases.iter().try_for_each(|case| output.json(case));
        }
        let mut rows = Rows::new(&["case", "kind", "states", "queue", "due", "with"]);
        for case in &cases {
            let states = if case.status == "open" {
                case.states.join(", ")
            } else {
                format!("({})", case.status)
            };
            let place = case.place.as_ref();
            rows.push([
                case.case.clone(),
                case.kind.clone(),
                states,
                place.map(|place| place.queue.clone()).unwrap_or_default(),
                place.and_then(|place| place.due.clone()).unwrap_or_default(),
                case.assignee.clone().unwrap_or_default(),
            ]);
        }
        output.listed(&rows, self.csv, none)
    }
}

/// All cases that are asked for, page after page.
pub(in crate::commands::kyc) fn all(
    thalium: &Thalium,
    query: &CaseQuery,
    most: u64,
) -> Result<Vec<CaseView>, CaseFault> {
    let mut cases = Vec::new();
    let mut query = query.clone();
    loop {
        let left = most.saturating_sub(cases.len() as u64);
        if left == 0 {
            return Ok(cases);
        }
        query.limit = Some(page_of(left, PAGE));
        let page = thalium.list_cases(&query)?;
        cases.extend(page.cases);
        query.after = page.next;
        if query.after.is_none() {
            return Ok(cases);
        }
    }
}

/// Tell the queues in which cases wait, or the cases of one, the oldest first
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  thalium kyc queue
  thalium kyc queue senior --unassigned")]
pub(crate) struct Queue {
    /// The queue [default: all are told, with what waits in them]
    queue: Option<String>,
    /// Those that rest, too
    #[arg(long, requires = "queue")]
    snoozed: bool,
    #[command(flatten)]
    narrow: Narrow,
}

impl Queue {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        if let Some(queue) = &self.queue {
            let (queue, snoozed) = (Some(queue.clone()), self.snoozed);
            let query = CaseQuery { queue, snoozed, ..CaseQuery::default() };
            return self.narrow.list(global, query, "no case waits there");
        }
        let Narrow { unassigned, overdue, limit, now, csv } = &self.narrow;
        if *unassigned || *overdue || limit.is_some() {
            let message = "--unassigned, --overdue and --limit are for the cases of one: name it";
            return Err(Failure::usage(message));
        }
        let call = ReportCases { now: super::nanos(*now) };
        let queues = look(global, |thalium| Ok(thalium.list_queues(&call)?))?;
        let output = global.output();
        if output.json {
            return queues.iter().try_for_each(|queue| output.json(queue));
        }
        let mut rows =
            Rows::new(&["queue", ">waiting", ">unassigned", ">overdue", ">rest", "oldest"]);
        for it in &queues {
            let numbers = [it.waiting, it.unassigned, it.overdue, it.snoozed].map(count);
            let cells = [it.queue.clone()].into_iter().chain(numbers);
            rows.push(cells.chain([it.oldest.clone()]));
        }
        output.listed(&rows, *csv, "no case waits")
    }
}

/// Draw where a case stands: its chart, with the active states brought out
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  thalium kyc case draw case-7 --output case-7.svg
  thalium kyc case draw case-7 --format mermaid")]
pub(crate) struct Draw {
    /// The case, by its key
    case: String,
    /// The form
    #[arg(long, value_enum, default_value_t = Form::Svg)]
    format: Form,
    /// Write it there [default: the standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Draw {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let format = Some(self.format.name().to_owned());
        let call = DrawCase { case: self.case.clone(), format };
        let text = look_at(global, &self.case, |thalium| thalium.draw_case(&call))?;
        hand_out(global, &text, self.output.as_ref())
    }
}
