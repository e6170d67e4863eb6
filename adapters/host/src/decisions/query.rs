//! Decisions that are on record, told with what of them may be seen.

use serde::{Deserialize, Serialize};
use thalium::Id;
use thalium::api::decision::{Body, DecisionRecord, Masks, SealedTo, told};
use thalium::api::party::{check_reason, the_party};
use thalium::api::{Invalid, PAGE_DEFAULT, PAGE_MAX, Sight, instant};
use thalium::policy::Outcome;
use thalium::policy::rego::Value;
use thalium::policy::snapshot::canonical_path;
use thalium::port::subjects::NoKey;

use super::{DOSSIER, invalid};
use crate::sealed::{OpenSealed, Readings};
use crate::{Error, Thalium, time};

/// How many bytes of inputs and answers a page has, unless its first decision has more.
const PAGE_BYTES: usize = 16 << 20;

/// Which decisions; all that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DecisionQuery {
    /// The decision of this id.
    pub decision_id: Option<String>,
    /// Those of this path, such as `aml/verdict`.
    pub path: Option<String>,
    /// Those by the policy that was loaded under this name.
    pub policy: Option<String>,
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
    pub open: Option<OpenSealed>,
    /// What is left out: pointers such as `/input/name`, or objects with `op` (`remove`, `upsert`), `path` and `value`.
    pub masks: Option<serde_json::Value>,
}

/// Which decisions, resolved.
pub(super) struct Wanted {
    id: Option<Id>,
    path: Option<String>,
    policy: Option<String>,
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
            && self.policy.as_ref().is_none_or(|policy| decision.policy == *policy)
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
        let subjects = query.subject.as_ref().map(|subject| {
            self.read_state(|engine| {
                let sight = Sight::of(engine, None)?;
                let party = the_party(&sight, "subject", subject)?;
                Ok::<_, Invalid>(engine.parties().members(party).map(|party| party.id).collect())
            })
        });
        Ok(Wanted {
            id: id.transpose()?,
            path: query.path.as_deref().map(canonical_path),
            policy: query.policy.clone(),
            outcome: query.outcome.map(Outcome::number),
            subjects: subjects.transpose()?.transpose()?,
            concerns: query.concerns.clone(),
            from: instant("from", query.from.as_deref(), time::parse_from)?,
            until: match instant("until", query.until.as_deref(), time::parse_until)? {
                0 => i64::MAX,
                until => until,
            },
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
        if let Some(open) = &query.open {
            check_reason(&open.why)?;
        }
        let (wanted, mut found, mut next) = (self.wanted(query)?, Vec::new(), None);
        let mut bytes = 0;
        self.decisions.read(query.after, &mut |number, decision| {
            if !wanted.is(&decision) {
                return true;
            }
            bytes += decision.body.len();
            let is_full = found.len() as u64 == u64::from(limit) || bytes > PAGE_BYTES;
            if is_full && !found.is_empty() {
                next = found.last().map(|(number, _)| *number);
                return false;
            }
            found.push((number, decision));
            true
        })?;
        let bodies = found.iter().map(|(_, decision)| self.body(decision, query.open.is_some()));
        let mut bodies = bodies.collect::<Result<Vec<_>, _>>()?;
        if let Some(open) = &query.open {
            let mut readings = Readings::default();
            for ((_, decision), body) in found.iter().zip(&bodies) {
                if let (Body::Open(_), Some(to)) = (body, &decision.sealed) {
                    readings.add(&DOSSIER, to);
                }
            }
            let withheld = self.note_readings(open, &readings)?;
            for ((_, decision), body) in found.iter().zip(&mut bodies) {
                let party = decision.sealed.as_ref().map(|to| to.party);
                if let Some(why) = party.and_then(|party| withheld.get(&party)) {
                    *body = Body::Lost(why.clone());
                }
            }
        }
        let decisions = found
            .iter()
            .zip(&bodies)
            .map(|((number, decision), body)| masks.apply(&told(*number, decision, body)));
        let next = next.map(|number: u64| ("next", Value::from(number)));
        Ok(Value::fields([("decisions", Value::array(decisions))].into_iter().chain(next)))
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
            // That of one hides no other.
            Err(error @ (NoKey::Absent | NoKey::Lost(_))) => Ok(Body::Lost(error.to_string())),
        }
    }
}
