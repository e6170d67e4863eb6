//! Cases of a back office: what a change costs and takes, many at once when time passes, and how many become durable a second.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::hint::black_box;

use clap::Parser;
use thalium::kyc::case::{By, Cases, Command, Fact, replay};
use thalium_benches::decisions::syncs;
use thalium_benches::{Figure, cpu_time, print, timed};
use thalium_host::{CaseChange, ChangeCase, DefineCases, OpenCase, SetStaff, Thalium};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What a change of a case costs and takes, and how many become durable a second
#[derive(Parser)]
struct Arguments {
    /// How many cases go their whole way
    #[arg(long, default_value_t = 5_000)]
    cases: usize,
    /// How many cases are open when time passes
    #[arg(long, default_value_t = 100_000)]
    open: usize,
    /// How many changes are made durable one by one
    #[arg(long, default_value_t = 2_000)]
    durable: usize,
    /// A JSON line for each figure
    #[arg(long)]
    json: bool,
}

const KIND: &str = "{case: 1, id: onboarding, chart: onboarding, evidence: [risk],
    queues: [{id: reviews, states: [review], roles: [officer], within: P2D, assign: least_loaded}],
    decisions: {approve: {states: [review], roles: [officer], quorum: 2, reasons: [fine], event: approved}}}";
const CHART: &str = "{chart: 1, id: onboarding, context: {risk: low, name: ''}, states: {
    collecting: {on: {sent: review}, after: {P30D: closed}},
    review: {on: {approved: settled}}, settled: {type: final}, closed: {type: final}}}";
/// 2026-01-01.
const NOW: i64 = 1_767_225_600_000_000_000;
const DAY: i64 = 86_400_000_000_000;
const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];

fn by(actor: &str, at: i64) -> By {
    By { at, actor: actor.to_owned(), request_id: None }
}

/// A back office in which nothing has happened yet, with the facts that it came of.
fn office() -> Result<(Cases, Vec<Fact>)> {
    let mut cases = Cases::default();
    let mut facts = vec![cases.define(KIND, &[CHART.to_owned()], false, None, &by("host", NOW))?];
    for officer in OFFICERS {
        facts.push(cases.staff(officer, &["officer".to_owned()], true, &by("host", NOW))?);
    }
    for fact in &facts {
        cases.fold(fact.clone())?;
    }
    Ok((cases, facts))
}

/// Does something, and takes it in.
fn change(cases: &mut Cases, key: &str, command: Command, by: &By) -> Result<Vec<Fact>> {
    let facts: Vec<Fact> =
        cases.decide(key, command, by)?.changes.into_iter().map(Fact::from).collect();
    for fact in &facts {
        cases.fold(fact.clone())?;
    }
    Ok(facts)
}

fn open() -> Command {
    let kind = "onboarding".to_owned();
    Command::Open { kind, party: None, parent: None, given: None, retention: None }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let (mut cases, mut facts) = office()?;
    let (done, time) = timed(|| -> Result<usize> {
        let mut changes = 0;
        for number in 0..arguments.cases {
            let key = format!("case-{number}");
            facts.extend(change(&mut cases, &key, open(), &by("host", NOW))?);
            let sent = Command::Send {
                event: "sent".to_owned(),
                data: None,
                session: None,
                invoke_id: None,
            };
            facts.extend(change(&mut cases, &key, sent, &by("host", NOW + 1))?);
            let case = cases.existing(&key)?;
            let first = case.assignee.clone().ok_or("it is given to somebody")?;
            let desk = cases.desk_of(case)?;
            let seen = case.evidence_digest(&desk.evidence_of(case.session())).into();
            let second = if first == OFFICERS[0] { OFFICERS[1] } else { OFFICERS[0] };
            for officer in [first.as_str(), second] {
                let vote = Command::Decide {
                    decision: "approve".to_owned(),
                    reasons: vec!["fine".to_owned()],
                    seen,
                    comment: None,
                    data: None,
                };
                facts.extend(change(&mut cases, &key, vote, &by(officer, NOW + 2))?);
            }
            changes += 4;
        }
        Ok(changes)
    });
    let changes = done?;
    let each = time.as_secs_f64() * 1e6 / changes as f64;
    let bytes = |fact: &Fact| thalium::api::case::CaseRecord::of(fact).body.len();
    let record = facts.iter().map(bytes).sum::<usize>() as f64 / facts.len() as f64;
    let at_rest =
        cases.iter().map(|case| minicbor::to_vec(case).map_or(0, |bytes| bytes.len())).max();
    let count = facts.len();
    let (replayed, time) = timed(|| replay(facts));
    assert!(replayed.differences.is_empty(), "it comes to the same");
    let again = time.as_secs_f64() * 1e6 / count as f64;

    // One in a hundred waits for its customer no longer.
    let (mut many, _) = office()?;
    for number in 0..arguments.open {
        let at = if number % 100 == 0 { NOW } else { NOW + 10 * DAY };
        // What is to be kept goes at once: freed together, it would be the allocator's work that is measured.
        drop(change(&mut many, &format!("case-{number}"), open(), &by("host", at))?);
    }
    let before = cpu_time();
    let advanced = many.advance(&by("clock", NOW + 31 * DAY), usize::MAX);
    let passed = (cpu_time() - before).as_secs_f64();
    assert_eq!(black_box(advanced).changes.len(), arguments.open.div_ceil(100));

    let folder = tempfile::tempdir()?;
    let t = Thalium::open(&format!("file:{}", folder.path().join("books").display()))?;
    let define = DefineCases {
        kind: KIND.to_owned(),
        charts: vec![CHART.to_owned()],
        ..DefineCases::default()
    };
    t.define_cases(&define)?;
    let roles = vec!["officer".to_owned()];
    t.set_staff(&SetStaff { person: OFFICERS[0].to_owned(), roles, ..SetStaff::default() })?;
    let (opened, time) = timed(|| -> Result<()> {
        for number in 0..arguments.durable {
            let kind = "onboarding".to_owned();
            let change = CaseChange::Open(OpenCase { kind, ..OpenCase::default() });
            let call = ChangeCase {
                case: format!("case-{number}"),
                change,
                data: None,
                actor: Some("host".to_owned()),
                request_id: None,
                now: None,
            };
            assert!(t.change_case(&call, None)?.ok);
        }
        Ok(())
    });
    opened?;
    let durable = arguments.durable as f64 / time.as_secs_f64();
    let limit = syncs(folder.path(), arguments.durable)?;

    print(
        &[
            Figure::limit("a change of a case: decided and taken in", each, "µs"),
            Figure::limit("a change decided once more", again, "µs"),
            Figure::limit("what is kept of a change", record, "bytes"),
            Figure::at_most(
                "a case with its decision, at rest",
                at_rest.unwrap_or_default() as f64,
                "bytes",
                1024.0,
            ),
            Figure::at_most(
                format!("{} open cases advanced, 1 % of them due", arguments.open),
                passed,
                "s of CPU",
                0.2,
            ),
            Figure::limit("changes durable, one by one", durable, "changes/s"),
            Figure::limit("  limit: blocks written and synced one by one", limit, "blocks/s"),
            Figure::target("  share of the limit", durable / limit, "of 1", 0.5),
        ],
        arguments.json,
    );
    Ok(())
}
