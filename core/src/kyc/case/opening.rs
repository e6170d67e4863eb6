//! A case that is opened: what whoever opens it may say of it, and how many of its kind a party has.

use super::kind::Opening;
use super::refusal::Refusal;
use super::registry::Cases;
use crate::kyc::rules::shown;
use crate::value::Value;

impl Opening {
    /// That a case may be opened with these variables about a party. What a case needs and grants is the chart's business, and not said by
    /// whoever opens it.
    pub(super) fn allows(
        &self,
        cases: &Cases,
        kind: &str,
        party: Option<&String>,
        given: &Value,
    ) -> Result<(), Refusal> {
        if let Some(known) = &self.given {
            let keys = given.as_object().into_iter().flat_map(|fields| fields.keys());
            let is_other = |name: &&str| !known.iter().any(|known| known == name);
            if let Some(name) = keys.filter_map(Value::as_str).find(is_other) {
                let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                let what = format!(
                    "says what `{}` is: of a new case of this kind one says {}, and nothing else",
                    shown(name),
                    if known.is_empty() { "nothing".to_owned() } else { known.join(", ") }
                );
                return Err(Refusal::Text { field: "data", what });
            }
        }
        let said = given.get_str("party").and_then(Value::as_str);
        match (party, said) {
            (None, _) if self.is_once => {
                let what =
                    "is missing: a party has one case of this kind, so say whose it is".to_owned();
                return Err(Refusal::Text { field: "party", what });
            }
            (Some(party), Some(said)) if party != said => {
                let what = format!(
                    "is `{}`, and the case is about `{}`: say the same",
                    shown(said),
                    shown(party)
                );
                return Err(Refusal::Text { field: "data.party", what });
            }
            _ => {}
        }
        if self.is_once
            && let Some(case) = party.and_then(|party| cases.only_about(kind, party))
        {
            let what = format!(
                "has the case `{}` of this kind, and no second one: open that again when it has ended",
                shown(case)
            );
            return Err(Refusal::Text { field: "party", what });
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "opening_tests.rs"]
mod tests;
