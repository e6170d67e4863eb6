//! Which states of the new chart are active: those that old ones stand for, and what is active with them.

use super::states::{Before, Level};
use crate::kyc::chart::bits::Bits;
use crate::kyc::chart::enter::is_done;
use crate::kyc::chart::program::Nature;
use crate::kyc::migration::MigrationError;
use crate::kyc::rules::shown;

impl Level<'_> {
    /// The active states of the new chart, of those of the old one.
    pub(super) fn configuration(
        &self,
        old: &Bits,
        before: &Before,
    ) -> Result<Bits, MigrationError> {
        let refused = |message: String| MigrationError::Configuration(message);
        let mut active = Bits::default();
        active.insert(0);
        for state in old.iter().filter(|state| self.old.atomic.contains(*state)) {
            let mut at = self.to(state).map_err(|why| MigrationError::State(why.to_owned()))?;
            while active.insert(at) {
                at = self.new.node(at).map_or(0, |node| node.parent);
            }
        }
        self.complete(&mut active)?;
        for state in old.iter() {
            if let Ok(target) = self.to(state)
                && !active.contains(target)
            {
                return Err(refused(format!(
                    "`{}` is active and stands for `{}`, in which no active state lies then: map it, or those within it, otherwise",
                    shown(self.old.name_of(state)),
                    shown(self.new.name_of(target))
                )));
            }
        }
        for state in active.iter() {
            if !self.new.is_legal(&active, state) {
                let around = match state {
                    0 => "the chart".to_owned(),
                    state => format!("`{}`", shown(self.new.name_of(state))),
                };
                return Err(refused(format!(
                    "more than one state of {around} would be active: {}",
                    self.children(&active, state)
                )));
            }
        }
        for state in active.iter() {
            self.check_end(old, before, &active, state)?;
        }
        Ok(active)
    }

    /// Adds what `enter` leads to. A parent has a lower number than its children: one walk does.
    fn complete(&self, active: &mut Bits) -> Result<(), MigrationError> {
        // What begins because something around it does.
        let mut free = self.enter.clone();
        let mut from = 0;
        while let Some(state) = active.next(from) {
            from = state.saturating_add(1);
            let Some(node) = self.new.node(state) else { break };
            let is_empty = !active.any(from, node.end);
            let is_free = free.contains(state);
            match node.nature {
                Nature::Parallel => {
                    for child in &node.children {
                        if active.contains(*child) {
                            continue;
                        }
                        if !is_free && !free.contains(*child) {
                            return Err(MigrationError::Configuration(self.uncovered(*child)));
                        }
                        self.begin(active, &mut free, *child)?;
                    }
                    // What the next of its regions holds may be empty still.
                    for child in node.children.iter().filter(|_| is_free) {
                        free.insert(*child);
                    }
                }
                Nature::Compound if is_empty => {
                    if !is_free {
                        let name = shown(&node.name);
                        return Err(MigrationError::Configuration(format!(
                            "no child of `{name}` would be active: map a state to one of them, or write `{name}: initial` under `enter`"
                        )));
                    }
                    for target in &node.initial {
                        self.begin_at(active, &mut free, *target, state)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A state begins, with those between it and one around it.
    fn begin_at(
        &self,
        active: &mut Bits,
        free: &mut Bits,
        target: u32,
        around: u32,
    ) -> Result<(), MigrationError> {
        let mut at = target;
        if let Some(history) = self.new.node(target).filter(|node| node.nature.is_history()) {
            // It stands for nothing yet: it leads where it says. INVARIANT: that is no history state.
            for target in &history.initial {
                if self.new.nature(*target).is_some_and(|nature| !nature.is_history()) {
                    self.begin_at(active, free, *target, around)?;
                }
            }
            return Ok(());
        }
        while at != around && at != 0 {
            self.begin(active, free, at)?;
            at = self.new.node(at).map_or(0, |node| node.parent);
        }
        Ok(())
    }

    fn begin(&self, active: &mut Bits, free: &mut Bits, state: u32) -> Result<(), MigrationError> {
        if self.new.nature(state) == Some(Nature::Final) {
            return Err(MigrationError::Configuration(format!(
                "`enter` leads to the final state `{}`: a migration brings nothing to its end",
                shown(self.new.name_of(state))
            )));
        }
        active.insert(state);
        free.insert(state);
        Ok(())
    }

    /// That `done.state.…` was told of what has come to its end: nobody tells it later.
    fn check_end(
        &self,
        old: &Bits,
        before: &Before,
        active: &Bits,
        state: u32,
    ) -> Result<(), MigrationError> {
        if state == 0 || !is_done(&self.new, active, state, &mut 0) {
            return Ok(());
        }
        let mut before = before.get(&state).into_iter().flatten();
        if before.any(|before| is_done(&self.old, old, *before, &mut 0)) {
            return Ok(());
        }
        let name = shown(self.new.name_of(state));
        Err(MigrationError::Configuration(format!(
            "`{name}` would have come to its end, and `done.state.{name}` would never be told: map a state to it that has ended, or those within it otherwise"
        )))
    }

    fn children(&self, active: &Bits, state: u32) -> String {
        let children = self.new.node(state).map_or(&[][..], |node| &node.children);
        let active = children.iter().filter(|child| active.contains(**child));
        let names = active.map(|child| format!("`{}`", shown(self.new.name_of(*child))));
        names.take(8).collect::<Vec<_>>().join(", ")
    }
}
