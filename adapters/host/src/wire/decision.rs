//! Policies that a ledger decides by, and what it decided: what is called by name.
//!
//! An input is JSON whose numbers are exact: the request is read by the reader of policies, so that no amount becomes a float on its way.

use serde::de::DeserializeOwned;
use thalium::api::decision::Masks;
use thalium::policy::rego::Value;

use super::failure::Failure;
use super::{Nothing, Surface, json, operation, read, read_json};
use crate::{DecideOnRecord, DecisionQuery, INPUT_BYTES, PolicyError, ReplayDecisions, Thalium};

/// Calls an operation of policies and decisions.
pub(super) fn call(ledger: &Thalium, op: &str, request: &str) -> Result<String, Failure> {
    match op {
        "load_policy" => json(&ledger.load_policy(&whole(request)?)?),
        "roll_back_policy" => json(&ledger.roll_back_policy(&whole(request)?)?),
        "drop_policy" => json(&ledger.drop_policy(&whole(request)?)?),
        "list_policies" => {
            let Nothing {} = whole(request)?;
            json(&ledger.list_policies())
        }
        "decide_on_record" => {
            let (call, input): (DecideOnRecord, _) = apart(request, "input")?;
            let is_large = |input: &Value| input.to_json().len() > INPUT_BYTES;
            if request.len() > INPUT_BYTES && input.as_ref().is_some_and(is_large) {
                return Err(PolicyError::InputTooLarge.into());
            }
            json(&ledger.decide_on_record(&call, input)?)
        }
        "list_decisions" => {
            let (query, masks): (DecisionQuery, _) = apart(request, "masks")?;
            let masks = masks.filter(|masks| !matches!(masks, Value::Null));
            let masks = masks.map_or_else(|| Ok(Masks::default()), |masks| Masks::read(&masks));
            let masks = masks.map_err(|error| Failure::usage("masks", error.to_string()))?;
            Ok(ledger.list_decisions(&query, &masks)?.to_json())
        }
        "replay_decisions" => {
            let call: ReplayDecisions = whole(request)?;
            json(&ledger.replay_decisions(&call.bundle.open()?, &call)?)
        }
        op => Err(operation::unknown(op, Surface::Ledger)),
    }
}

/// Reads a request.
pub(super) fn whole<T: DeserializeOwned>(request: &str) -> Result<T, Failure> {
    Ok(apart(request, "")?.0)
}

/// Reads a request of which one field is kept apart, exactly as it was written.
pub(super) fn apart<T: DeserializeOwned>(
    request: &str,
    field: &str,
) -> Result<(T, Option<Value>), Failure> {
    let (fields, kept) = without(&parsed(request)?, field);
    Ok((read(read_json(&fields)?)?, kept))
}

/// A request, whose numbers are exact.
pub(super) fn parsed(request: &str) -> Result<Value, Failure> {
    Value::from_json_strict(request)
        .map_err(|error| Failure::usage("request", format!("is no JSON: {error}")))
}

/// A request as JSON without one of its fields, and that field.
pub(super) fn without(request: &Value, field: &str) -> (String, Option<Value>) {
    let fields = request.as_object().into_iter().flat_map(|fields| fields.iter());
    let fields = fields.filter(|(name, _)| name.as_str() != Some(field));
    let fields = Value::object(fields.map(|(name, value)| (name.clone(), value.clone())));
    (fields.to_json(), request.get_str(field).cloned())
}
