//! Cases on statecharts: steps of a KYC level by CPU time, what a case takes at rest, and many open cases when time passes.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::hint::black_box;

use clap::Parser;
use thalium::kyc::chart::{Chart, Event, Session};
use thalium::kyc::{ChartErrors, Definition, Surroundings};
use thalium::value::Value;
use thalium_benches::{Figure, cpu_time, print, timed};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Steps of cases, what one takes at rest, and many at once
#[derive(Parser)]
struct Arguments {
    /// How many cases go their whole way
    #[arg(long, default_value_t = 20_000)]
    cases: usize,
    /// How many cases are open when time passes
    #[arg(long, default_value_t = 100_000)]
    open: usize,
    /// A JSON line for each figure
    #[arg(long)]
    json: bool,
}

const LEVEL: &str = include_str!("charts.yaml");

/// 2026-01-01.
const NOW: i64 = 1_767_225_600_000_000_000;
const SECOND: i64 = 1_000_000_000;

/// The way of a case to its level: an event, with what it carries.
const WAY: [(&str, &str); 8] = [
    ("document", r#"{"type": "national-id"}"#),
    ("document", r#"{"type": "passport"}"#),
    ("document", r#"{"type": "utility-bill"}"#),
    ("face", r#"{"likeness": 0.97}"#),
    ("sanctions.clear", "{}"),
    ("pep.answered", r#"{"is": false}"#),
    ("scored", r#"{"score": 35, "by": "scoring"}"#),
    ("approve", r#"{"by": "officer-2", "role": "officer"}"#),
];

/// The shipped case of an individual: six charts, of which up to seven run at once.
const INDIVIDUAL: &str = include_str!("../../../examples/kyc/individual.yaml");
const BESIDE: [&str; 4] = [
    include_str!("../../../examples/kyc/each.yaml"),
    include_str!("../../../examples/kyc/document.yaml"),
    include_str!("../../../examples/kyc/decision.yaml"),
    include_str!("../../../examples/kyc/monitoring.yaml"),
];

/// What happens until a customer has the second level.
fn to_the_second_level() -> Result<Vec<Event>> {
    let mut way = Vec::new();
    let mut tell = |name: &str, data: &str| -> Result<()> {
        let data = Some(Value::from_json(data)?);
        way.push(Event { name: name.to_owned(), data, ..Event::default() });
        Ok(())
    };
    let levels: [(&str, &[&str]); 3] = [
        ("L0", &["wallet"]),
        ("L1", &["email", "phone"]),
        ("L2", &["national_id", "proof_of_address", "biometric"]),
    ];
    for (level, papers) in levels {
        tell("application.requested", &format!(r#"{{"level": "{level}"}}"#))?;
        for &paper in papers {
            // Of these an identity card and an address are not good for ever.
            let until = match paper {
                "national_id" | "proof_of_address" => r#", "valid_until": "2031-01-01""#,
                _ => "",
            };
            for what in ["uploaded", "processing", "verified"] {
                let data =
                    format!(r#"{{"party": "c42", "document": "{paper}", "file": "f1"{until}}}"#);
                tell(&format!("document.{what}"), &data)?;
            }
        }
        if level != "L0" {
            tell(
                "screening.done",
                &format!(
                    r#"{{"party": "c42", "for": "application", "level": "{level}", "hits": [], "pep": false, "risk": "low"}}"#
                ),
            )?;
        }
    }
    Ok(way)
}

/// How long a step of the shipped case takes on its way to the second level, in microseconds, and how many bytes it has there and at most.
fn shipped(cases: usize) -> Result<(f64, usize, usize)> {
    let charts = BESIDE.into_iter().map(Chart::from_text).collect::<std::result::Result<_, _>>();
    let chart = Chart::from_text(INDIVIDUAL).map_err(ChartErrors)?;
    let definition =
        Definition::load(chart, charts.map_err(ChartErrors)?, Surroundings::default())?;
    let way = to_the_second_level()?;
    let given = Value::from_json(r#"{"party": "c42"}"#)?;
    let go = |each: &mut dyn FnMut(&Session)| -> Result<Session> {
        let mut session = definition.start("case-0000000001", NOW, &given)?.session;
        for (event, at) in way.iter().zip(NOW + SECOND..) {
            session = definition.step(&session, event.clone(), at)?.session;
            each(&session);
        }
        Ok(session)
    };
    let mut largest = 0;
    let last = go(&mut |session| largest = largest.max(session.to_bytes().len()))?;
    assert!(last.data().to_json().contains(r#""granted":{"level":"L2""#));
    let (gone, time) = timed(|| (0..cases).try_for_each(|_| go(&mut |_| ()).map(drop)));
    gone?;
    let step = time.as_secs_f64() * 1e6 / (cases * (way.len() + 1)) as f64;
    Ok((step, last.to_bytes().len(), largest))
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let chart = Chart::from_text(LEVEL).map_err(ChartErrors)?;
    let level = Definition::load(chart, Vec::new(), Surroundings::default())?;
    let event = |(name, data): (&str, &str)| -> Result<Event> {
        Ok(Event { name: name.to_owned(), data: Some(Value::from_json(data)?), ..Event::default() })
    };
    let way = WAY.into_iter().map(event).collect::<Result<Vec<_>>>()?;

    let (ends, time) = timed(|| -> Result<usize> {
        let mut approved = 0;
        for case in 0..arguments.cases {
            let mut session = level.start("case", NOW, &Value::Null)?.session;
            for (event, at) in way.iter().zip(NOW + SECOND..) {
                session = level.step(&session, event.clone(), at)?.session;
            }
            approved += usize::from(level.program().is_active(&session, "approved"));
            black_box(case);
        }
        Ok(approved)
    });
    assert_eq!(ends?, arguments.cases, "every case comes to its level");
    let steps = arguments.cases * (WAY.len() + 1);
    let step = time.as_secs_f64() * 1e6 / steps as f64;

    // Cases at every point of their way, as they are kept.
    let mut points: Vec<Session> = vec![level.start("case-0000000001", NOW, &Value::Null)?.session];
    for (event, at) in way.iter().zip(NOW + SECOND..) {
        let last = points.last().ok_or("there is a first")?;
        points.push(level.step(last, event.clone(), at)?.session);
    }
    let kept: Vec<Vec<u8>> = points.iter().map(Session::to_bytes).collect();
    let largest = kept.iter().map(Vec::len).max().unwrap_or_default();
    let rounds = arguments.cases.div_ceil(kept.len());
    let (read, time) = timed(|| -> Result<usize> {
        let mut bytes = 0;
        for _ in 0..rounds {
            for text in &kept {
                bytes += Session::from_bytes(black_box(text))?.to_bytes().len();
            }
        }
        Ok(bytes)
    });
    read?;
    let codec = time.as_secs_f64() * 1e6 / (rounds * kept.len()) as f64;

    // Of the open ones one in a hundred waits for a timer that is due.
    let waiting = points.first().ok_or("there is a first")?;
    let open: Vec<Session> = points.iter().cycle().take(arguments.open).cloned().collect();
    let later = NOW + 3_600 * SECOND;
    let due = waiting.next_due().ok_or("it waits")?;
    let before = cpu_time();
    let mut fired = 0;
    for (place, session) in open.iter().enumerate() {
        let (session, now) = if place % 100 == 0 { (waiting, due) } else { (session, later) };
        if session.next_due().is_some_and(|at| at <= now) {
            black_box(level.advance(session, now)?);
            fired += 1;
        }
    }
    let advanced = (cpu_time() - before).as_secs_f64();
    assert_eq!(fired, arguments.open.div_ceil(100));

    let (shipped_step, shipped_kept, shipped_largest) = shipped(arguments.cases.div_ceil(20))?;

    print(
        &[
            Figure::at_most("a step of a case of the second level", step, "µs", 1.0),
            Figure::at_most(
                "the largest case on its way, at rest",
                largest as f64,
                "bytes",
                1024.0,
            ),
            Figure::limit(
                "a step of the shipped case, with the charts that it runs",
                shipped_step,
                "µs",
            ),
            Figure::at_most("  at rest at its second level", shipped_kept as f64, "bytes", 1024.0),
            Figure::limit("  at most on its way", shipped_largest as f64, "bytes"),
            Figure::limit("a case read from its bytes and written again", codec, "µs"),
            Figure::at_most(
                format!("{} open cases advanced, 1 % of them due", arguments.open),
                advanced,
                "s of CPU",
                0.2,
            ),
        ],
        arguments.json,
    );
    Ok(())
}
