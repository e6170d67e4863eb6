//! One key of what rules make together, looked up without the others.
//!
//! As in OPA the key is known before the rules' bodies run, and only what contradicts itself under that key is a conflict.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::code::{KeyedCode, NodeCode, RuleCode};
use super::data::{conflict, needs_itself};
use super::error::Failure;
use super::expr::ITEM;
use super::machine::{Eval, Flow, Machine, Memo};
use super::part::Part;
use super::tree::{Kind, NodeId};
use super::value::Value;

/// After so many keys, all are found out at once: each lookup may go through all that the rules go through.
const LOOKUPS: u32 = 32;

impl<'p> Machine<'p, '_> {
    /// The element of a node's set.
    pub(super) fn element(
        &mut self,
        id: NodeId,
        node: &'p NodeCode,
        key: &Value,
    ) -> Eval<Option<Value>> {
        if self.all_at_once(id, node)? {
            let all = self.value_of(id)?;
            return Ok(all.as_ref().and_then(|all| all.get(key)).cloned());
        }
        let found = self.keyed(id, node, key)?;
        Ok(found.is_some().then(|| key.clone()))
    }

    /// What a node's own rules make, at least as far as a key is concerned.
    pub(super) fn part_of(
        &mut self,
        id: NodeId,
        node: &'p NodeCode,
        key: &Value,
    ) -> Eval<Option<Arc<Part>>> {
        if self.all_at_once(id, node)? {
            self.own_part(id, node).map(Some)
        } else {
            self.keyed(id, node, key)
        }
    }

    /// Whether the whole is known, or is better found out.
    fn all_at_once(&mut self, id: NodeId, node: &'p NodeCode) -> Eval<bool> {
        let found = &self.world.found;
        let known =
            found.parts.contains_key(&id) || matches!(found.memo.get(&id), Some(Memo::Known(_)));
        if known || !node.keyed || node.kind == Kind::Package {
            return Ok(true);
        }
        if found.lookups.get(&id) != Some(&LOOKUPS) {
            return Ok(false);
        }
        let running: BTreeSet<NodeId> = found
            .memo
            .iter()
            .filter(|(_, memo)| matches!(memo, Memo::Running))
            .map(|(id, _)| *id)
            .collect();
        let whole = if node.kind == Kind::Set {
            self.value_of(id).map(|_| ())
        } else {
            self.own_part(id, node).map(|_| ())
        };
        match whole {
            Ok(()) => Ok(true),
            Err(error)
                if matches!(
                    error.kind(),
                    Failure::Exhausted(_) | Failure::Refused | Failure::Internal
                ) =>
            {
                Err(error)
            }
            // What is wrong under another key is no error of this one.
            Err(_) => {
                let memo = &mut self.world.found.memo;
                memo.retain(|id, memo| !matches!(memo, Memo::Running) || running.contains(id));
                self.world.found.lookups.insert(id, LOOKUPS + 1);
                Ok(false)
            }
        }
    }

    fn keyed(&mut self, id: NodeId, node: &'p NodeCode, key: &Value) -> Eval<Option<Arc<Part>>> {
        self.seek(key)?;
        let place = (id, key.clone());
        if let Some(found) = self.world.found.keyed.get(&place) {
            return Ok(found.clone());
        }
        if matches!(self.world.found.memo.get(&id), Some(Memo::Running)) {
            return Err(needs_itself());
        }
        let count = self.world.found.lookups.entry(id).or_insert(0);
        if *count < LOOKUPS {
            *count += 1;
        }
        self.allocate(4 * ITEM)?;
        let mut part: Option<Part> = None;
        self.tell_skipped(node, &[]);
        for at in self.candidates(node, &[]) {
            let Some(rule) = node.rules.get(at) else { continue };
            let Some(keyed) = &rule.keyed else { continue };
            self.step()?;
            let mark = self.tell_entered(rule, std::slice::from_ref(key), false);
            self.framed_with(
                keyed.slots,
                &[],
                Some((keyed.key, key)),
                &keyed.body,
                &mut |machine| machine.way(node, rule, keyed, &mut part),
            )?;
            self.tell_left(mark);
            if node.kind == Kind::Set && part.is_some() {
                break;
            }
        }
        let part = part.map(Arc::new);
        self.world.found.keyed.insert(place, part.clone());
        Ok(part)
    }

    /// Adds what one way of a rule makes under the key.
    fn way(
        &mut self,
        node: &'p NodeCode,
        rule: &'p RuleCode,
        keyed: &'p KeyedCode,
        part: &mut Option<Part>,
    ) -> Eval<Flow> {
        let mut path = Vec::with_capacity(keyed.path.len());
        for key in &keyed.path {
            let Some(key) = self.expr(key)? else { return Ok(Flow::More) };
            path.push(key);
        }
        let Some(value) = self.expr(&keyed.value)? else { return Ok(Flow::More) };
        self.tell_held(rule, &value);
        self.allocate(ITEM * (path.len() + 2))?;
        if node.kind == Kind::Set {
            *part = Some(Part::empty());
            return Ok(Flow::Stop);
        }
        path.iter().chain([&value]).try_for_each(|key| self.seek(key))?;
        let leaf =
            if rule.contains { Part::Set(BTreeSet::from([value])) } else { Part::Leaf(value) };
        let whole = part.get_or_insert_with(Part::empty);
        let added = whole.insert(&path, leaf).map_err(conflict);
        added.map_err(|error| self.located(error, rule.at))?;
        Ok(Flow::More)
    }
}

#[cfg(test)]
#[path = "lookup_tests.rs"]
mod tests;
