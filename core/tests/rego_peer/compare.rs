//! What two engines make of a policy.

use regorus::{Engine, Value as Theirs};
use thalium::policy::rego::{Dialect, Policy, Request, Value};

use super::write::{INPUT, Written};

type Told = Option<serde_json::Value>;

/// Of how many rules both say the same.
///
/// The other one gives up at more than ours does: what it refuses says nothing about us.
///
/// # Errors
/// What they differ in.
pub(crate) fn compare(written: &Written) -> Result<usize, String> {
    let mut engine = Engine::new();
    let is_read = engine.add_policy("peer.rego".to_owned(), written.module.clone()).is_ok()
        && engine.set_input_json(INPUT).is_ok();
    if !is_read {
        return Ok(0);
    }
    let policy = Policy::load(&[("peer.rego", &written.module)], Dialect::V1)
        .map_err(|error| format!("refused: {error}"))?;
    let input = Some(Value::from_json(INPUT).map_err(|error| error.to_string())?);
    let request = Request { input, ..Request::default() };
    let mut same = 0;
    for rule in &written.rules {
        let Some(theirs) = theirs(&mut engine, rule) else { continue };
        let own = own(&policy, rule, &request);
        if own.as_ref() != Ok(&theirs) {
            let own = own.as_ref().map_or_else(Clone::clone, shown);
            return Err(format!("{rule}: ours is {own}, theirs {}", shown(&theirs)));
        }
        same += 1;
    }
    Ok(same)
}

fn shown(told: &Told) -> String {
    told.as_ref().map_or_else(|| "undefined".to_owned(), ToString::to_string)
}

fn own(policy: &Policy, rule: &str, request: &Request) -> Result<Told, String> {
    let query = policy.query(&format!("told = data.peer.{rule}"));
    let ways = policy
        .run(&query.map_err(|error| error.to_string())?, request)
        .map_err(|error| error.to_string())?;
    let told = ways.first().and_then(|way| way.iter().find(|(name, _)| &**name == "told"));
    let read = |text: String| serde_json::from_str(&text).map_err(|error| error.to_string());
    told.map(|(_, told)| read(told.to_json())).transpose()
}

/// What the other one tells, if it can.
fn theirs(engine: &mut Engine, rule: &str) -> Option<Told> {
    let told = engine.eval_rule(format!("data.peer.{rule}")).ok()?;
    match told {
        Theirs::Undefined => Some(None),
        told => serde_json::from_str(&told.to_json_str().ok()?).ok().map(Some),
    }
}
