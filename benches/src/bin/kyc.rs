//! What stands around cases: guards, risk, machine-readable zones, callbacks of providers, the linter, migrations, and imports of other formats.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "rates of a benchmark are no money"
)]

use std::error::Error;
use std::hint::black_box;

use clap::Parser;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thalium::kyc::callback::{Key, Keys, Provider, verify};
use thalium::kyc::chart::{Chart, Event, lint};
use thalium::kyc::jmespath::JmesPath;
use thalium::kyc::logic::{Budget, Logic};
use thalium::kyc::mrz::Mrz;
use thalium::kyc::risk::RiskModel;
use thalium::kyc::{ChartErrors, Definition, Migration, Surroundings};
use thalium::value::Value;
use thalium_ballerine::Mode;
use thalium_benches::{Figure, print, timed};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Guards, risk, machine-readable zones, callbacks, the linter, migrations, and imports
#[derive(Parser)]
struct Arguments {
    /// How often each is done; what takes longer is done less often
    #[arg(long, default_value_t = 200_000)]
    times: u32,
    /// A JSON line for each figure
    #[arg(long)]
    json: bool,
}

/// 2026-01-01.
const NOW: i64 = 1_767_225_600_000_000_000;
const INDIVIDUAL: &str = include_str!("../../../examples/kyc/individual.yaml");
const BESIDE: [&str; 4] = [
    include_str!("../../../examples/kyc/each.yaml"),
    include_str!("../../../examples/kyc/document.yaml"),
    include_str!("../../../examples/kyc/decision.yaml"),
    include_str!("../../../examples/kyc/monitoring.yaml"),
];
const RISK: &str = include_str!("../../../examples/kyc/risk.yaml");
const FACTS: &str = r#"{"occupation": "self_employed", "source_of_funds": "business", "country_risk": "medium", "product": "crypto_assets",
    "delivery_channel": "remote_verified", "expected_volume": 250000, "alerts": 1, "adverse_media": false, "pep": false}"#;
/// ICAO Doc 9303, part 4: the specimen of a passport.
const PASSPORT: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
const SECRET: &str = "a shared secret of a webhook";
const BODY: &str = r#"{"payload":{"resource_type":"workflow_run","action":"workflow_run.completed","object":{"id":"run-1","status":"declined","completed_at_iso8601":"2026-01-31T09:30:00Z","href":"h"},"resource":{"id":"run-1","customer_user_id":"customer-7","reasons":["document_expired"]}}}"#;
const VARIABLES: &str = r#"{"risk": "low", "pep": false, "hits": [], "attempts": 2, "event": {"name": "screening.done", "data": {"score": 0.97, "hits": []}}}"#;
const LOGIC: &str = r#"{"and": [{"<": [{"var": "attempts"}, 3]}, {">=": [{"var": "event.data.score"}, 0.92]}, {"in": [{"var": "risk"}, ["low", "medium"]]}]}"#;
const PATH: &str =
    "hits == `[]` && !pep && contains(['low', 'medium'], risk) && length(event.data.hits) == `0`";
const OLD: &str = "{chart: 1, id: person, context: {attempts: 0, note: null}, states: {
    collecting: {on: {submitted: checking}, after: {P30D: expired}},
    checking: {type: parallel, done: review, states: {
        identity: {states: {verifying: {on: {ok: verified}, after: {PT1H: {event: retry}}}, verified: {type: final}}},
        screening: {states: {running: {invoke: {id: screen, type: screening, onDone: screened}}, screened: {type: final}}}}},
    review: {on: {approved: open}}, open: {type: final}, expired: {type: final}}}";
const MAP: &str = "{migration: 1, states: {checking: checks}, same: true, context: {set: {tries: {expr: {var: attempts}}}, drop: [attempts, note]}}";

/// How long each of many takes, in microseconds of CPU.
fn each<T>(times: u32, mut work: impl FnMut() -> T) -> f64 {
    let ((), time) = timed(|| {
        for _ in 0..times {
            black_box(work());
        }
    });
    time.as_secs_f64() * 1e6 / f64::from(times)
}

fn guards(times: u32, figures: &mut Vec<Figure>) -> Result<()> {
    let data = Value::from_json(VARIABLES)?;
    let logic = Logic::compile(&Value::from_json(LOGIC)?)?;
    let path = JmesPath::compile(PATH)?;
    let budget = || Budget::new(1_000_000, 16 << 20);
    assert!(logic.holds(&data, &mut budget())? && path.holds(&data, &mut budget())?);
    let took = each(times, || logic.holds(black_box(&data), &mut budget()));
    figures.push(Figure::limit("a guard in JSON Logic", took, "µs"));
    let took = each(times, || path.holds(black_box(&data), &mut budget()));
    figures.push(Figure::limit("a guard in JMESPath", took, "µs"));
    let took = each(times / 10, || JmesPath::compile(black_box(PATH)));
    figures.push(Figure::limit("  compiled", took, "µs"));
    Ok(())
}

fn checks(times: u32, figures: &mut Vec<Figure>) -> Result<()> {
    let model = RiskModel::from_text(RISK).map_err(ChartErrors)?;
    let facts = Value::from_json(FACTS)?;
    model.score(&facts, NOW, &[])?;
    let took = each(times / 10, || model.score(black_box(&facts), NOW, &[]));
    figures.push(Figure::limit("a risk score, explained factor by factor", took, "µs"));
    Mrz::read(PASSPORT)?;
    let took = each(times, || Mrz::read(black_box(PASSPORT)));
    figures.push(Figure::limit("a machine-readable zone read and checked", took, "µs"));

    // The limit is the signature itself.
    let keys = Keys::new([Key::new("2026", SECRET)?])?;
    let sign = || -> Result<[u8; 32]> {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())?;
        mac.update(black_box(BODY).as_bytes());
        Ok(mac.finalize().into_bytes().into())
    };
    let signature: String = sign()?.iter().map(|byte| format!("{byte:02x}")).collect();
    let headers = [("x-sha2-signature", signature.as_str())];
    let proven = || verify(Provider::Onfido, &headers, black_box(BODY.as_bytes()), &keys, NOW);
    proven()?.read(BODY.as_bytes())?;
    let bare = each(times, sign);
    let took = each(times, || proven().map(|it| it.read(BODY.as_bytes())));
    figures.push(Figure::limit("the bare HMAC-SHA-256 of a callback's body", bare, "µs"));
    figures.push(Figure::at_most(
        "a callback proven, digested and read, by the bare HMAC",
        took / bare,
        "times",
        10.0,
    ));
    Ok(())
}

fn definitions(times: u32, figures: &mut Vec<Figure>) -> Result<()> {
    let charts = || -> std::result::Result<Vec<Chart>, ChartErrors> {
        BESIDE.into_iter().map(|text| Chart::from_text(text).map_err(ChartErrors)).collect()
    };
    let load = || -> Result<Definition> {
        let chart = Chart::from_text(INDIVIDUAL).map_err(ChartErrors)?;
        Ok(Definition::load(chart, charts()?, Surroundings::default())?)
    };
    load()?;
    let rounds = (times / 2_000).max(1);
    let took = each(rounds, load) / 1_000.0;
    figures.push(Figure::limit("the shipped individual read and loaded, five charts", took, "ms"));
    let mut all = charts()?;
    all.push(Chart::from_text(INDIVIDUAL).map_err(ChartErrors)?);
    let took = each(rounds, || all.iter().map(|chart| lint(chart).len()).sum::<usize>()) / 1_000.0;
    figures.push(Figure::limit("  and linted", took, "ms"));

    let definition = |text: &str| -> Result<Definition> {
        let chart = Chart::from_text(text).map_err(ChartErrors)?;
        Ok(Definition::load(chart, Vec::new(), Surroundings::default())?)
    };
    let new = OLD.replace("checking", "checks").replace("attempts: 0, note: null", "tries: 0");
    let (old, new) = (definition(OLD)?, definition(&new)?);
    let begun = old.start("case-1", NOW, &Value::Null)?.session;
    let case = old.step(&begun, Event::named("submitted"), NOW)?.session;
    let map = Migration::from_text(MAP)?;
    let mut plan = map.plan(&old, &new)?;
    plan.apply(&case, NOW)?;
    let took = each(times / 10, || plan.apply(black_box(&case), NOW));
    figures.push(Figure::limit("a case moved to another version", took, "µs"));

    let chart = Chart::from_text(OLD).map_err(ChartErrors)?;
    let written = thalium_scxml::export(&chart)?;
    let read = || thalium_scxml::import(black_box(&written)).map_err(ChartErrors);
    read()?;
    let took = each(times / 100, read);
    figures.push(Figure::limit("a chart read from SCXML", took, "µs"));
    let ballerine = r#"{"id": "score", "definitionType": "statechart-json", "definition": {"initial": "idle", "context": {"score": 55}, "states": {
        "idle": {"on": {"SCORED": [{"target": "high", "cond": {"type": "json-logic", "options": {"rule": {">": [{"var": "score"}, 80]}}}}, {"target": "low"}]}},
        "high": {"type": "final"}, "low": {"type": "final"}}}}"#;
    let read = || {
        thalium_ballerine::import(black_box(ballerine), Mode::Lenient)
            .map_err(|it| format!("{it:?}"))
    };
    read()?;
    let took = each(times / 100, read);
    figures.push(Figure::limit("a workflow read from Ballerine's format", took, "µs"));
    Ok(())
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut figures = Vec::new();
    guards(arguments.times, &mut figures)?;
    checks(arguments.times, &mut figures)?;
    definitions(arguments.times, &mut figures)?;
    print(&figures, arguments.json);
    Ok(())
}
