//! `thalium kyc report`: what a back office is asked at the end of a day.

use clap::Args;
use thalium_host::{CaseReport, QueueReport, ReasonCount, ReportCases};

use super::cases::{look, nanos};
use crate::failure::Failure;
use crate::output::{Rows, count};
use crate::session::Global;

/// Report how cases stand: what waits where and for how long, what was decided and how fast, who did it, and which documents are out
#[derive(Args, Debug)]
#[command(after_help = "\
`ages` is a picture of how long cases wait: under a day, one to three, three to seven, seven to thirty, thirty days or more.

Examples:
  thalium kyc report
  thalium kyc report --now 2026-01-31 --json")]
pub(crate) struct Report {
    /// The instant, such as 2026-01-31T09:30:00Z [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::instant)]
    now: Option<i64>,
}

impl Report {
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let call = ReportCases { now: nanos(self.now) };
        let report = look(global, |thalium| Ok(thalium.case_report(&call)?))?;
        let output = global.output();
        if output.json {
            return output.json(&report);
        }
        output.line(format!("at {}", report.at))?;
        let tables = [
            ("kinds", kinds(&report)),
            ("queues", queues(&report)),
            ("decisions", decisions(&report)),
            ("people", people(&report)),
            ("votes", votes(&report)),
            ("documents", documents(&report)),
            ("looked at", looked_at(&report)),
        ];
        for (title, rows) in tables.iter().filter(|(_, rows)| !rows.is_empty()) {
            output.line(format!("\n{title}"))?;
            output.indented(rows)?;
        }
        Ok(())
    }
}

fn kinds(report: &CaseReport) -> Rows {
    let columns = ["kind", ">opened", ">open", ">elsewhere", ">ended", ">cancelled", ">reopened"];
    let mut rows = Rows::new(&columns);
    for it in &report.kinds {
        let numbers = [it.opened, it.open, it.elsewhere, it.ended, it.cancelled, it.reopened];
        rows.push([it.kind.clone()].into_iter().chain(numbers.map(count)));
    }
    rows
}

fn queues(report: &CaseReport) -> Rows {
    let columns = [
        "kind",
        "queue",
        ">cases",
        "ages",
        ">< 1 d",
        ">1-3 d",
        ">3-7 d",
        ">7-30 d",
        ">30+ d",
        ">overdue",
        ">unassigned",
        ">rest",
        "oldest",
    ];
    let mut rows = Rows::new(&columns);
    for it in &report.queues {
        let ages = ages(it);
        let names = [it.kind.clone(), it.queue.clone(), count(it.cases), bar(ages)];
        let numbers = ages.into_iter().chain([it.overdue, it.unassigned, it.snoozed]).map(count);
        let oldest = it.oldest.clone().unwrap_or_default();
        rows.push(names.into_iter().chain(numbers).chain([oldest]));
    }
    rows
}

const fn ages(queue: &QueueReport) -> [u64; 5] {
    [
        queue.under_a_day,
        queue.one_to_three_days,
        queue.three_to_seven_days,
        queue.seven_to_thirty_days,
        queue.thirty_days_or_more,
    ]
}

/// How many are of each age, beside the most: nothing is a dot, and few are not nothing.
fn bar(ages: [u64; 5]) -> String {
    let most = ages.into_iter().max().unwrap_or_default().max(1);
    let block = |number: u64| {
        let eighths = number.saturating_mul(8).div_ceil(most);
        let eighths = usize::try_from(eighths).unwrap_or(usize::MAX);
        ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'].get(eighths).copied().unwrap_or('█')
    };
    ages.into_iter().map(block).collect()
}

fn decisions(report: &CaseReport) -> Rows {
    let columns = [
        "kind", "decision", ">taken", ">late", ">least", ">median", ">9 of 10", ">most", "reasons",
    ];
    let mut rows = Rows::new(&columns);
    for it in &report.decisions {
        let waited =
            [it.least_seconds, it.median_seconds, it.ninetieth_seconds, it.most_seconds].map(span);
        let names = [it.kind.clone(), it.decision.clone(), count(it.taken), count(it.late)];
        rows.push(names.into_iter().chain(waited).chain([reasons(&it.reasons)]));
    }
    rows
}

fn reasons(counts: &[ReasonCount]) -> String {
    let each = counts.iter().map(|it| format!("{} {}", it.reason, count(it.count)));
    each.collect::<Vec<_>>().join(", ")
}

/// A time in its two largest units: `3d 4h`.
fn span(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
    let mut left = seconds;
    let mut parts = Vec::new();
    for (size, unit) in units {
        let number = left / size;
        left %= size;
        if number > 0 {
            parts.push(format!("{}{unit}", count(number)));
        }
    }
    parts.truncate(2);
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

fn people(report: &CaseReport) -> Rows {
    let mut rows = Rows::new(&["person", ">works on", ">voted", ">votes pending", ""]);
    for it in &report.people {
        let gone = if it.registered { "" } else { "not on the register" };
        let numbers = [it.assigned, it.voted, it.pending].map(count);
        rows.push([it.person.clone()].into_iter().chain(numbers).chain([gone.to_owned()]));
    }
    rows
}

fn votes(report: &CaseReport) -> Rows {
    let mut rows = Rows::new(&["person", "kind", "decision", ">voted", "reasons"]);
    for (person, it) in
        report.people.iter().flat_map(|one| one.decisions.iter().map(|it| (&one.person, it)))
    {
        let (kind, decision) = (it.kind.clone(), it.decision.clone());
        rows.push([person.clone(), kind, decision, count(it.voted), reasons(&it.reasons)]);
    }
    rows
}

fn documents(report: &CaseReport) -> Rows {
    let columns = [
        "kind",
        "document",
        ">requested",
        ">submitted",
        ">approved",
        ">rejected",
        ">expired",
        ">looked at",
        ">least",
        ">median",
        ">9 of 10",
        ">most",
    ];
    let mut rows = Rows::new(&columns);
    for it in &report.documents {
        let standing = [it.requested, it.submitted, it.approved, it.rejected, it.expired];
        let numbers = standing.into_iter().chain([it.looked_at]).map(count);
        let waited =
            [it.least_seconds, it.median_seconds, it.ninetieth_seconds, it.most_seconds].map(span);
        let names = [it.kind.clone(), it.document.clone()];
        rows.push(names.into_iter().chain(numbers).chain(waited));
    }
    rows
}

fn looked_at(report: &CaseReport) -> Rows {
    let mut rows = Rows::new(&["person", "kind", "document", "finding", ">found", "reasons"]);
    for (person, it) in
        report.people.iter().flat_map(|one| one.documents.iter().map(|it| (&one.person, it)))
    {
        let names = [person, &it.kind, &it.document, &it.finding].map(Clone::clone);
        rows.push(names.into_iter().chain([count(it.found), reasons(&it.reasons)]));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{bar, span};

    #[test]
    fn ages_are_a_picture() {
        assert_eq!(bar([8, 4, 1, 0, 0]), "█▄▁··");
        assert_eq!(bar([0; 5]), "·····");
        assert_eq!(bar([1_000_000, 1, 0, 0, u64::MAX / 8]), "▁▁··█");
    }

    #[test]
    fn times_have_two_units() {
        let spans = [(0, "0s"), (59, "59s"), (3_661, "1h 1m"), (86_400, "1d"), (90_061, "1d 1h")];
        for (seconds, text) in spans {
            assert_eq!(span(seconds), text);
        }
    }
}
