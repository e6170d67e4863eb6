//! Decisions that are on record, told with what of them may be seen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thalium::Id;
use thalium::api::decision::{Body, DecisionRecord, Masks, SealedTo, told};
use thalium::api::party::{ReadData, the_party};
use thalium::api::{Invalid, PAGE_DEFAULT, PAGE_MAX, Sight};
use thalium::policy::Outcome;
use thalium::policy::rego::Value;
use thalium::port::subjects::NoKey;

use super::{field_of, invalid};
use crate::{Error, Thalium, time};

/// Which decisions; all that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DecisionQuery {
    /// The decision of this id.
    pub decision_id: Option<String>,
    /// Those of this path, such as `aml/verdict`.
    pub path: Option<String>,
    /// Those with this outcome.
    pub outcome: Option<Outcome>,
    /// Those about this party, by key or id.
    pub subject: Option<String>,
    /// Those about this, by the caller's own key.
    pub concerns: Option<String>,
    /// From this instant or date on.
    pub from: Option<String>,
    /// Before this instant, or up to this date.
    pub until: Option<String>,
    /// Behind the one with this number.
    pub after: Option<u64>,
    /// How many at most.
    pub limit: Option<u32>,
    /// Opens what is sealed, for a reason. Each party whose data that is gets a reading on record.
    pub open: Option<OpenDecisions>,
    /// What is left out: pointers such as `/input/name`, or objects with `op` (`remove`, `upsert`), `path` and `value`.
    pub masks: Option<serde_json::Value>,
}

/// Who opens what is sealed, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenDecisions {
    /// Why. It stands in the log in the clear: put no personal data here.
    pub why: String,
    /// Who reads; by default who opened the ledger.
    #[serde(default)]
    pub actor: Option<String>,
    /// In which role.
    #[serde(default)]
    pub role: Option<String>,
    /// The caller's id of the request, for tracing.
    #[serde(default)]
    pub request_id: Option<String>,
    /// Where the request came from.
    #[serde(default)]
    pub origin: Option<String>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// Which decisions, resolved.
pub(super) struct Wanted {
    id: Option<Id>,
    path: Option<String>,
    outcome: Option<u8>,
    subjects: Option<Vec<Id>>,
    concerns: Option<String>,
    from: i64,
    until: i64,
}

impl Wanted {
    pub(super) fn is(&self, decision: &DecisionRecord) -> bool {
        let of_subject = |to: &Option<SealedTo>| match (&self.subjects, to) {
            (None, _) => true,
            (Some(wanted), Some(to)) => wanted.contains(&to.party),
            (Some(_), None) => false,
        };
        self.id.is_none_or(|id| decision.id == id)
            && self.path.as_ref().is_none_or(|path| decision.path == *path)
            && self.outcome.is_none_or(|outcome| decision.outcome == Some(outcome))
            && (self.concerns.is_none() || self.concerns == decision.concerns)
            && (self.from..self.until).contains(&decision.at)
            && of_subject(&decision.sealed)
    }
}

impl Thalium {
    pub(super) fn wanted(&self, query: &DecisionQuery) -> Result<Wanted, Error> {
        let id = query
            .decision_id
            .as_deref()
            .map(|text| text.parse().map_err(|_| invalid("decision_id", "is no UUID")));
        let instant = |field: &'static str,
                       text: &Option<String>,
                       read: fn(&str) -> Option<i64>,
                       else_: i64| {
            let none = || {
                invalid(
                    field,
                    "is neither an instant nor a date: write 2026-01-31 or 2026-01-31T12:00:00Z",
                )
            };
            text.as_deref().map_or(Ok(else_), |text| read(text).ok_or_else(none))
        };
        let subjects = query.subject.as_ref().map(|subject| {
            self.read_state(|engine| {
                let sight = Sight::of(engine, None)?;
                let party = the_party(&sight, "subject", subject)?;
                Ok::<_, Invalid>(engine.parties().members(party).map(|party| party.id).collect())
            })
        });
        Ok(Wanted {
            id: id.transpose()?,
            path: query.path.clone(),
            outcome: query.outcome.map(Outcome::number),
            subjects: subjects.transpose()?.transpose()?,
            concerns: query.concerns.clone(),
            from: instant("from", &query.from, time::parse_from, i64::MIN)?,
            until: instant("until", &query.until, time::parse_until, i64::MAX)?,
        })
    }

    /// Decisions that are on record, the oldest first: `{"decisions": […], "next": …}`, each with the names that the decision logs of Open
    /// Policy Agent have. `next` is there where there are more.
    ///
    /// # Errors
    /// A party that is not there, masks that are none, data that is to be opened for no reason; a log that cannot be read.
    pub fn list_decisions(&self, query: &DecisionQuery, masks: &Masks) -> Result<Value, Error> {
        let limit = query.limit.unwrap_or(PAGE_DEFAULT);
        if !(1..=PAGE_MAX).contains(&limit) {
            return Err(invalid("limit", format!("is out of range: 1 to {PAGE_MAX}")).into());
        }
        let (wanted, mut found, mut next) = (self.wanted(query)?, Vec::new(), None);
        self.decisions.read(query.after, &mut |number, decision| {
            if !wanted.is(&decision) {
                return true;
            }
            if found.len() as u64 == u64::from(limit) {
                next = found.last().map(|(number, _)| *number);
                return false;
            }
            found.push((number, decision));
            true
        })?;
        let bodies = found.iter().map(|(_, decision)| self.body(decision, query.open.is_some()));
        let bodies = bodies.collect::<Result<Vec<_>, _>>()?;
        if let Some(open) = &query.open {
            self.note_readings(open, found.iter().zip(&bodies))?;
        }
        let decisions = found
            .iter()
            .zip(&bodies)
            .map(|((number, decision), body)| masks.apply(&told(*number, decision, body)));
        let page = [("decisions", Some(Value::array(decisions))), ("next", next.map(number_value))];
        let present =
            page.into_iter().filter_map(|(name, value)| Some((Value::from(name), value?)));
        Ok(Value::object(present))
    }

    /// What was asked and answered, as far as it can be had.
    pub(super) fn body(&self, decision: &DecisionRecord, opens: bool) -> Result<Body, Error> {
        let read = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).map_err(|error| error.to_string());
            let value =
                text.and_then(|text| Value::from_json(text).map_err(|error| error.to_string()));
            value.map(Body::Open).map_err(Error::Decisions)
        };
        let Some(to) = &decision.sealed else { return read(&decision.body) };
        if !opens {
            return Ok(Body::Sealed);
        }
        match self.privacy()?.vault.open(to.party, to.basis, &decision.context(), &decision.body) {
            Ok(plain) => read(&plain),
            Err(NoKey::Destroyed) => Ok(Body::Forgotten),
            Err(error @ (NoKey::Absent | NoKey::Lost(_))) => {
                Err(thalium::port::keys::KeyError(error.to_string()).into())
            }
        }
    }

    /// Records who opened what of whom, before any of it is handed out.
    fn note_readings<'a>(
        &self,
        open: &OpenDecisions,
        found: impl Iterator<Item = (&'a (u64, DecisionRecord), &'a Body)>,
    ) -> Result<(), Error> {
        let mut read: BTreeMap<Id, Vec<String>> = BTreeMap::new();
        for ((_, decision), body) in found {
            if let (Some(to), Body::Open(_)) = (&decision.sealed, body) {
                let (fields, field) =
                    (read.entry(to.party).or_default(), field_of(to.retention.as_deref()));
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        for (party, fields) in read {
            let OpenDecisions { why, actor, role, request_id, origin, now } = open.clone();
            let at = self.instant(now.as_deref())?;
            let party = party.to_string();
            let call = ReadData {
                party,
                fields,
                why,
                actor,
                role,
                request_id,
                origin,
                ..ReadData::default()
            };
            self.read_data_at(at, &call)?;
        }
        Ok(())
    }
}

fn number_value(number: u64) -> Value {
    Value::from(usize::try_from(number).unwrap_or(usize::MAX))
}
