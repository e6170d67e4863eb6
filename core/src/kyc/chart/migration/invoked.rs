//! What a session that is moved has invoked: it goes on under an invocation of the new chart, or it is told to end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::context::BUDGET;
use super::graft::{Tree, graft};
use super::states::{Before, Found, Level, near, of_chart};
use crate::kyc::chart::bits::Bits;
use crate::kyc::chart::effect::Effect;
use crate::kyc::chart::invoke::is_chart;
use crate::kyc::chart::program::{Call, Carried, Handle, Node, Program, Text};
use crate::kyc::chart::session::{Held, Invoked, Session};
use crate::kyc::definition::Definition;
use crate::kyc::migration::{
    Beside, InvokedChange, InvokedFate, Mapping, MigrationError, SessionChanges, Weight,
};
use crate::kyc::rules::{Code, shown};
use crate::value::Value;

/// The chart that an invocation runs: shared, as it is written down there, or found by its id.
type Shared = Arc<Program<Code>>;
/// How many services are past, by their ids.
type Past = BTreeMap<Arc<str>, u64>;

/// What a session goes on with of what it invoked.
pub(super) struct Going {
    pub(super) invoked: Vec<Invoked>,
    pub(super) past: Past,
    /// The new ids of what has another one.
    pub(super) renamed: BTreeMap<Arc<str>, Arc<str>>,
}

fn calls(program: &Program<Code>, state: u32) -> &[Call<Code>] {
    program.node(state).map_or(&[][..], |node| &node.invokes)
}

fn call(program: &Program<Code>, state: u32, index: u32) -> Option<&Call<Code>> {
    calls(program, state).get(usize::try_from(index).ok()?)
}

/// The kind of what is invoked, where that is written down.
fn kind(call: &Call<Code>) -> Option<Option<&str>> {
    match &call.kind {
        None => Some(None),
        Some(Text::Known(kind)) => Some(Some(kind)),
        Some(Text::Code(_)) => None,
    }
}

/// What an invocation finds its chart by; none within, if the chart stands there.
fn source(call: &Call<Code>) -> Option<Option<Value>> {
    match (&call.src, &call.told.content) {
        (Some(Text::Known(src)), _) => Some(Some(Value::from(&**src))),
        (None, Some(Carried::Chart(_))) => Some(None),
        (None, Some(Carried::Src(address))) => Some(Some(Value::from(&**address))),
        _ => None,
    }
}

/// The chart, if it is known here.
fn found(
    program: &Program<Code>,
    state: u32,
    index: u32,
    source: Option<&Value>,
    definition: &Definition,
) -> Option<Shared> {
    program.chart_of(state, index, source, &mut definition.rules(BUDGET)).ok()
}

/// What the host knows by an id: of a service its number belongs to it.
fn known(session: &Session, own: &Invoked, id: &Arc<str>) -> String {
    match own.held {
        Held::Service => session.known_as(id).to_string(),
        _ => id.to_string(),
    }
}

/// That something has no place.
fn unplaced(id: &str) -> String {
    let id = shown(id);
    format!(
        "`{id}` was invoked and has no place: write `{id}: …` under `invoked`, with an id that the new state invokes by, or `{id}: drop`"
    )
}

impl<'a> Level<'a> {
    /// The new invocation that an old one is; none if it is none.
    fn same_call(
        &self,
        id: Option<&str>,
        state: u32,
        index: u32,
        wanted: Option<&str>,
    ) -> Option<(u32, u32)> {
        let target = self.to(state).ok()?;
        let own = (0_u32..).zip(calls(&self.new, target));
        let by_id = |id: &str| own.clone().find(|(_, call)| call.id.as_deref() == Some(id));
        let is_nameless = call(&self.old, state, index).is_some_and(|call| call.id.is_none());
        let found = match wanted.or(id.filter(|_| !is_nameless)) {
            Some(id) => by_id(id),
            None => own.clone().find(|(own, call)| *own == index && call.id.is_none()),
        };
        found.map(|(index, _)| (target, index))
    }

    pub(super) fn check_invoked(&self, told: &mut Found, beside: Beside<'_>) {
        let place = &self.mapping.place;
        let all = || self.old.nodes.iter().flat_map(|node| &node.invokes);
        let ids = || all().filter_map(|call| call.id.as_deref());
        for (id, (_, place)) in &self.mapping.invoked {
            // An id that was made up can be any.
            if !ids().any(|own| own == id) && all().all(|call| call.id.is_some()) {
                let near = near(id, ids());
                let what = format!("the old chart invokes nothing as `{}`{near}", shown(id));
                told.tell(Weight::Wrong, place, what);
            }
        }
        let mut taken = BTreeSet::new();
        let mut reached = BTreeSet::new();
        for (state, node) in (0_u32..).zip(&self.old.nodes) {
            reached.extend(self.to(state).ok().filter(|_| state != 0));
            for (index, call) in (0_u32..).zip(&node.invokes) {
                let id = call.id.as_deref();
                let wanted = match id.and_then(|id| self.mapping.invoked.get(id)) {
                    Some((None, _)) => continue,
                    Some((Some(wanted), _)) => Some(&**wanted),
                    None => None,
                };
                if self.to(state).is_err() {
                    continue;
                }
                let Some((target, at)) = self.same_call(id, state, index, wanted) else {
                    told.tell(Weight::Refused, place, unplaced(id.unwrap_or(&node.name)));
                    continue;
                };
                taken.insert((target, at));
                let charts = self.charts(call, state, index, target, at, beside);
                if let Some((old, new, mapping)) = charts {
                    match mapping {
                        Some(mapping) => {
                            let found = old.check_move(&new, mapping, beside);
                            told.0.extend(of_chart(found, &old.name));
                        }
                        None => told.tell(Weight::Refused, place, no_charts(&old.name, id)),
                    }
                }
            }
        }
        let calling = |(_, node): &(u32, &Node<Code>)| !node.invokes.is_empty();
        for (state, node) in (0_u32..).zip(&self.new.nodes).filter(calling) {
            if !reached.contains(&state) {
                continue;
            }
            for (index, call) in (0_u32..).zip(&node.invokes) {
                if !taken.contains(&(state, index)) {
                    let what = format!(
                        "`{}` is invoked by `{}`, which no case enters by a migration: nothing begins it before the state is entered again",
                        shown(call.id.as_deref().unwrap_or("something")),
                        shown(&node.name)
                    );
                    told.tell(Weight::Told, place, what);
                }
            }
        }
    }

    /// Both charts of an invocation, where they are known, and what leads from one to the other.
    fn charts(
        &self,
        of: &Call<Code>,
        state: u32,
        index: u32,
        target: u32,
        at: u32,
        beside: Beside<'_>,
    ) -> Option<(Shared, Shared, Option<&'a Mapping>)> {
        if !kind(of).is_some_and(is_chart) {
            return None;
        }
        let old = found(&self.old, state, index, source(of)?.as_ref(), beside.old)?;
        let new = source(call(&self.new, target, at)?)?;
        let new = found(&self.new, target, at, new.as_ref(), beside.new)?;
        let mapping = self.mapping_of(&old.name, of.id.as_deref());
        Some((old, new, mapping))
    }

    /// What becomes of the sessions of a chart: by its id, or by that of its invocation if it has none.
    fn mapping_of(&self, chart: &str, id: Option<&str>) -> Option<&'a Mapping> {
        let mapping: &'a Mapping = self.mapping;
        let charts = &mapping.charts;
        if chart.is_empty() { charts.get(id?) } else { charts.get(chart) }
    }

    /// What goes on of what was invoked.
    pub(super) fn invoked(
        &self,
        tree: &mut Tree<'_, 'a>,
        session: &Session,
        active: &Bits,
        before: &Before,
        changes: &mut SessionChanges,
    ) -> Result<Going, MigrationError> {
        let refused = |message: String| Err(MigrationError::Invoked(message));
        let mut kept: Vec<Invoked> = Vec::new();
        let mut ids = BTreeSet::new();
        let mut renamed = BTreeMap::new();
        let mut named_anew = Vec::new();
        // What goes on under an id no more is told apart from what will.
        let mut past = session.clone();
        let is_written = |own: &Invoked| {
            own.held == Held::Service
                && call(&self.old, own.state, own.index).is_some_and(|call| call.id.is_some())
        };
        for own in &session.invoked {
            let named = self.mapping.invoked.get(&*own.id).map(|(id, _)| id.as_deref());
            let is_over = own.held == Held::Ended;
            if named == Some(None) {
                if !is_over {
                    tree.end(session, own);
                    if is_written(own) {
                        past.service_is_past(&own.id);
                    }
                    let id = known(session, own, &own.id);
                    changes.invoked.push(InvokedChange {
                        id: id.clone(),
                        was: Some(id),
                        fate: InvokedFate::Dropped,
                    });
                }
                continue;
            }
            let wanted = named.flatten();
            let found = self.same_call(Some(&own.id), own.state, own.index, wanted);
            let Some((state, index)) = found.filter(|(state, _)| active.contains(*state)) else {
                if is_over {
                    continue;
                }
                return refused(unplaced(&own.id));
            };
            let id = wanted.map_or_else(|| Arc::clone(&own.id), Arc::from);
            if !ids.insert(Arc::clone(&id)) {
                return refused(format!(
                    "two would be invoked as `{}`: name one otherwise",
                    shown(&id)
                ));
            }
            let held = self.held(tree, own, state, index)?;
            if id != own.id {
                renamed.insert(Arc::clone(&own.id), Arc::clone(&id));
                if is_written(own) {
                    past.service_is_past(&own.id);
                }
            }
            if !is_over {
                named_anew.push((changes.invoked.len(), own, Arc::clone(&id)));
                changes.invoked.push(InvokedChange {
                    id: String::new(),
                    was: Some(known(session, own, &own.id)),
                    fate: InvokedFate::Kept,
                });
            }
            kept.push(Invoked { id, state, index, held });
        }
        // What a service is known by from now on depends on all that are not any more.
        for (at, own, id) in named_anew {
            if let Some(change) = changes.invoked.get_mut(at) {
                change.id = known(&past, own, &id);
            }
        }
        self.not_begun(active, before, &kept, changes);
        Ok(Going { invoked: kept, past: past.past, renamed })
    }

    /// What goes on under an invocation of the new chart.
    fn held(
        &self,
        tree: &mut Tree<'_, 'a>,
        own: &Invoked,
        state: u32,
        index: u32,
    ) -> Result<Held, MigrationError> {
        let refused = |message: String| MigrationError::Invoked(message);
        let (before, after) =
            (call(&self.old, own.state, own.index), call(&self.new, state, index));
        let (Some(before), Some(after)) = (before, after) else {
            return Err(refused(unplaced(&own.id)));
        };
        if let (Some(one), Some(other)) = (kind(before), kind(after))
            && one != other
            && !(is_chart(one) && is_chart(other))
        {
            return Err(refused(format!(
                "`{0}` would be another kind of service: write `{0}: drop` under `invoked`",
                shown(&own.id)
            )));
        }
        let Held::Chart { source: by, session: Some(child) } = &own.held else {
            return Ok(own.held.clone());
        };
        let unknown = |which: &str| {
            refused(format!(
                "the {which} chart that `{0}` runs is not to be found: write `{0}: drop` under `invoked`",
                shown(&own.id)
            ))
        };
        let old = found(&self.old, own.state, own.index, by.as_ref(), tree.beside.old)
            .ok_or_else(|| unknown("old"))?;
        // What is computed names what it named.
        let by = source(after).or_else(|| by.clone().map(Some)).ok_or_else(|| unknown("new"))?;
        let new = found(&self.new, state, index, by.as_ref(), tree.beside.new)
            .ok_or_else(|| unknown("new"))?;
        let mapping = self
            .mapping_of(&old.name, Some(&own.id))
            .ok_or_else(|| refused(no_charts(&old.name, Some(&own.id))))?;
        let moved = graft(tree, Handle::Shared(old), Handle::Shared(new), mapping, child)?;
        Ok(Held::Chart { source: by, session: Some(Box::new(moved)) })
    }

    /// Notes what new states invoke that old ones did not.
    fn not_begun(
        &self,
        active: &Bits,
        before: &Before,
        kept: &[Invoked],
        changes: &mut SessionChanges,
    ) {
        let running: BTreeSet<(u32, u32)> = kept.iter().map(|own| (own.state, own.index)).collect();
        let had = |target: u32, at: u32| {
            before.get(&target).into_iter().flatten().copied().any(|state| {
                (0_u32..).zip(calls(&self.old, state)).any(|(index, call)| {
                    let id = call.id.as_deref();
                    let wanted = id.and_then(|id| self.mapping.invoked.get(id));
                    match wanted {
                        Some((None, _)) => false,
                        wanted => {
                            let wanted = wanted.and_then(|(id, _)| id.as_deref());
                            self.same_call(id, state, index, wanted) == Some((target, at))
                        }
                    }
                })
            })
        };
        for target in active.iter() {
            for (at, call) in (0_u32..).zip(calls(&self.new, target)) {
                if !running.contains(&(target, at)) && !had(target, at) {
                    let made_up = || self.new.name_of(target).to_owned();
                    changes.invoked.push(InvokedChange {
                        id: call.id.as_deref().map_or_else(made_up, str::to_owned),
                        was: None,
                        fate: InvokedFate::NotBegun,
                    });
                }
            }
        }
    }
}

/// That nothing is said of the sessions of a chart.
fn no_charts(chart: &str, id: Option<&str>) -> String {
    let name = if chart.is_empty() { id.unwrap_or_default() } else { chart };
    format!(
        "nothing is said of the sessions of the chart `{0}`: write `{0}: {{…}}` under `charts`, or drop what invoked it",
        shown(name)
    )
}

impl Tree<'_, '_> {
    /// Ends what was invoked. INVARIANT: the depth of a tree of sessions is bounded.
    fn end(&mut self, session: &Session, own: &Invoked) {
        match &own.held {
            Held::Service => self.effects.push(Effect::CancelInvoke {
                session: Arc::clone(&session.id),
                id: session.known_as(&own.id),
            }),
            Held::Chart { session: Some(child), .. } => {
                child.invoked.iter().for_each(|own| self.end(child, own));
            }
            _ => {}
        }
    }
}
