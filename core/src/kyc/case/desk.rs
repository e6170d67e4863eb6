//! A kind of cases that was loaded with its charts: what it asks of a case, answered.

mod known;
mod register;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use self::known::Known;
pub use self::register::RISKS;
use super::kind::{Kind, Ruling};
use super::state::PartyStanding;
use crate::kyc::chart::{
    Chart, ChartError, DataModel as _, Event, Expr, Fault, Role, Scope, Session,
};
use crate::kyc::logic::Budget;
use crate::kyc::{ChartErrors, Code, Definition, Rules, Surroundings};
use crate::value::Value;

/// What all guards of one question may take.
const BUDGET: Budget = Budget::new(1_000_000, 16 << 20);

/// A kind of cases, with the definition that its cases run on.
///
/// ```
/// use thalium::kyc::case::{Desk, Kind};
/// use thalium::kyc::chart::Chart;
/// use thalium::kyc::{ChartErrors, Surroundings};
/// use thalium::value::Value;
///
/// let chart = Chart::from_text("
/// chart: 1
/// id: papers
/// context: {risk: low}
/// states:
///   review: {on: {decided: settled}}
///   settled: {type: final}
/// ").map_err(ChartErrors)?;
/// let kind = Kind::from_text("
/// case: 1
/// id: papers
/// chart: papers
/// evidence: [risk]
/// queues:
///   - {id: urgent, states: [review], when: \"risk == 'high'\", roles: [senior]}
///   - {id: usual, states: [review], roles: [compliance]}
/// ").map_err(ChartErrors)?;
/// let desk = Desk::load(kind, vec![chart], Surroundings::default())?;
/// let begun = desk.definition().start("case-1", 0, &Value::Null)?;
/// assert_eq!(desk.queue_of(&begun.session, 0)?, Some(1));
/// assert_eq!(desk.evidence_of(&begun.session).to_json(), r#"{"risk":"low"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Desk {
    kind: Kind,
    definition: Arc<Definition>,
    digest: [u8; 32],
    /// Of the queues, in their order.
    queues: Vec<Option<Code>>,
    /// When a decision needs people of higher rank, where it says.
    seniors: BTreeMap<String, Code>,
    /// What the register of parties is told.
    register: register::Asked,
}

impl Desk {
    /// Loads a kind with its charts: that of its cases, and those that it invokes by their ids, in any order.
    ///
    /// # Errors
    /// All that is wrong with them: the chart of the kind is not given; states that no chart has; events that none hears; variables that the
    /// chart of the kind does not declare; guards that do not compile; what [`Kind::from_text`] refuses, in a kind that was made by hand; and
    /// all that [`Definition::load`] tells of charts.
    pub fn load(
        kind: Kind,
        charts: Vec<Chart>,
        surroundings: Surroundings,
    ) -> Result<Self, ChartErrors> {
        // A kind that was made by hand keeps to what a text can say: its rules stand in one place.
        let text = kind.to_json();
        Kind::from_text(&text)?;
        let mut others = charts;
        let Some(at) = others.iter().position(|chart| chart.id.as_ref() == Some(&kind.chart))
        else {
            return Err(ChartErrors(vec![known::no_chart(&kind, &others)]));
        };
        let root = others.remove(at);
        let known = Known::of(&root, &others);
        let mut errors = known.check(&kind);
        let names = known.names();
        let rules = Rules::new(&surroundings, BUDGET).naming(&names);
        let mut compile = |role, expr: &Expr| {
            let compiled = rules.compile(role, expr).map_err(|fault| {
                errors.push(ChartError { place: expr.place.clone(), message: fault.message });
            });
            compiled.ok()
        };
        let mut guard = |expr: &Expr| compile(Role::Condition, expr);
        let queues = kind.queues.iter().map(|queue| queue.when.as_ref().and_then(&mut guard));
        let queues = queues.collect();
        let seniors = kind.decisions.iter().filter_map(|(name, ruling)| {
            let when = ruling.senior.as_ref()?.when.as_ref()?;
            Some((name.clone(), guard(when)?))
        });
        let seniors = seniors.collect();
        let register = register::Asked::of(&kind, &mut compile);
        errors.sort_by_key(|error| (error.place.row, error.place.column));
        let definition = match Definition::load(root, others, surroundings) {
            Ok(definition) if errors.is_empty() => definition,
            Ok(_) => return Err(ChartErrors(errors)),
            Err(found) => {
                errors.extend(found.0);
                return Err(ChartErrors(errors));
            }
        };
        let mut digest = Sha256::new();
        digest.update(text);
        // A separator that no text of JSON has.
        digest.update([0]);
        digest.update(definition.digest());
        let digest = digest.finalize().into();
        Ok(Self { kind, definition: Arc::new(definition), digest, queues, seniors, register })
    }

    /// The kind as it was written.
    #[must_use]
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What its cases run on.
    #[must_use]
    pub const fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// What names this content and no other: SHA-256 over the kind as JSON, a zero byte, and the digest of its definition.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The queue that a case belongs to, by its place among those of the kind: the first of which one of its states is active, in the case or
    /// in a session below it, and whose guard holds.
    ///
    /// # Errors
    /// A guard that is reached cannot be told, or the states cannot.
    pub fn queue_of(&self, session: &Session, now: i64) -> Result<Option<usize>, Fault> {
        let active = self.active(session)?;
        for (at, (queue, when)) in self.kind.queues.iter().zip(&self.queues).enumerate() {
            let fits = has(&active, &queue.states)
                && match when {
                    Some(when) => self.holds(when, None, session, &active, now)?,
                    None => true,
                };
            if fits {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// Whether a decision needs people of higher rank now. One that the kind does not have needs none. Its guard sees what the votes say, if they
    /// say something, as `event.data`.
    ///
    /// # Errors
    /// The guard cannot be told, or the states cannot: then nothing may be decided without them.
    pub fn needs_senior(
        &self,
        decision: &str,
        said: Option<&Value>,
        session: &Session,
        now: i64,
    ) -> Result<bool, Fault> {
        let ruling = self.kind.decisions.get(decision).filter(|ruling| ruling.senior.is_some());
        let Some(ruling) = ruling else { return Ok(false) };
        let Some(when) = self.seniors.get(decision) else { return Ok(true) };
        let event = Event { data: said.cloned(), ..Event::named(ruling.event.clone()) };
        let active = self.active(session)?;
        self.holds(when, Some(&event), session, &active, now)
    }

    /// Whether one of these states is active, in the case or in a session below it; of none, it is so. Where that cannot be told, it is not so.
    #[must_use]
    pub fn in_states(&self, states: &[String], session: &Session) -> bool {
        states.is_empty() || self.active(session).is_ok_and(|active| has(&active, states))
    }

    /// What can be decided in the states that a case is in, as [`in_states`](Self::in_states) has it of each.
    pub(super) fn open_rulings(&self, session: &Session) -> Vec<&Ruling> {
        let active = self.active(session);
        let is_open = |ruling: &&Ruling| {
            ruling.states.is_empty()
                || active.as_ref().is_ok_and(|active| has(active, &ruling.states))
        };
        self.kind.decisions.values().filter(is_open).collect()
    }

    /// The variables that are evidence, with their values: an object. One that has none is null.
    #[must_use]
    pub fn evidence_of(&self, session: &Session) -> Value {
        picked(&self.kind.evidence, session)
    }

    /// The variables that a case begins with when it is opened again, as they are: an object.
    #[must_use]
    pub fn starts_with(&self, session: &Session) -> Value {
        let keep = self.kind.reopening.as_ref().map(|reopening| &*reopening.keep);
        picked(keep.unwrap_or_default(), session)
    }

    /// The names of all states that are active in a case and in the sessions below it.
    fn active(&self, session: &Session) -> Result<BTreeSet<String>, Fault> {
        self.definition.program().active_below(session, &mut self.definition.rules(BUDGET))
    }

    /// What the register of parties is to say of whom a case is about; none, if its kind tells it nothing.
    ///
    /// # Errors
    /// An expression that ends with an error, or comes to something else than what is told.
    pub fn party_standing(
        &self,
        session: &Session,
        now: i64,
    ) -> Result<Option<PartyStanding>, Fault> {
        let Some(registering) = &self.kind.party else { return Ok(None) };
        let active = self.active(session)?;
        let ask = |code: &Code, role| self.ask(code, role, None, session, &active, now);
        self.register.standing(registering, ask).map(Some)
    }

    /// Whether a guard holds.
    fn holds(
        &self,
        when: &Code,
        event: Option<&Event>,
        session: &Session,
        active: &BTreeSet<String>,
        now: i64,
    ) -> Result<bool, Fault> {
        Ok(self.ask(when, Role::Condition, event, session, active, now)? == Value::from(true))
    }

    /// What an expression comes to, over the variables of the case itself.
    fn ask(
        &self,
        code: &Code,
        role: Role,
        event: Option<&Event>,
        session: &Session,
        active: &BTreeSet<String>,
        now: i64,
    ) -> Result<Value, Fault> {
        let mut data = session.data().clone();
        let mut scope = Scope {
            session: session.id(),
            name: self.definition.program().name(),
            event,
            is_active: &|state| active.contains(state),
            active: &|| active.iter().map(|state| Value::from(&**state)).collect(),
            now,
            data: &mut data,
        };
        let mut rules = self.definition.rules(BUDGET);
        match role {
            Role::Condition => rules.condition(&mut scope, code).map(Value::from),
            _ => rules.value(&mut scope, code),
        }
    }
}

/// Whether one of some states is active; of none, it is so.
fn has(active: &BTreeSet<String>, states: &[String]) -> bool {
    states.is_empty() || states.iter().any(|state| active.contains(state))
}

fn picked(names: &[String], session: &Session) -> Value {
    let value = |name: &String| session.data().get_str(name).cloned().unwrap_or(Value::Null);
    Value::object(names.iter().map(|name| (Value::from(&**name), value(name))))
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
