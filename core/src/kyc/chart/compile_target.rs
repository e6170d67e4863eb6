//! Where transitions lead: states by their names, and whether they can be active together.

use super::compile::{Compiler, at};
use super::document::Place;
use super::model::DataModel;
use super::program::Nature;
use crate::near;

/// To how many of them the name is guessed that was meant: each looks at all names.
const GUESSES: usize = 20;
/// The most targets of a transition.
const TARGETS: usize = 64;

impl<M: DataModel> Compiler<'_, M> {
    /// The numbers of states that are to be active together.
    pub(super) fn targets(&mut self, names: &[String], place: &Place) -> Box<[u32]> {
        if names.len() > TARGETS {
            self.error(place, format!("has more than {TARGETS} targets"));
            return Box::default();
        }
        let mut targets: Vec<u32> = Vec::with_capacity(names.len());
        for name in names {
            match self.names.get(name.as_str()) {
                Some(state) if targets.contains(state) => {}
                Some(state) => targets.push(*state),
                None => {
                    let names = self.names.keys().copied().filter(|_| self.errors.len() < GUESSES);
                    let near = near::nearest(name, names);
                    let near = near.map(|near| format!("; is `{near}` meant?")).unwrap_or_default();
                    self.error(
                        place,
                        format!("leads to `{name}`, and there is no such state{near}"),
                    );
                }
            }
        }
        for (behind, first) in (1..).zip(&targets) {
            for second in targets.get(behind..).unwrap_or_default() {
                if !self.are_together(*first, *second) {
                    let (first, second) = (self.called(*first), self.called(*second));
                    self.error(place, format!("leads to `{first}` and `{second}`, which cannot be active together: they are to stand in different states of a parallel one"));
                }
            }
        }
        targets.into()
    }

    /// Whether two targets can be active together: the nearest state around both is parallel. A history stands for its parent.
    fn are_together(&self, first: u32, second: u32) -> bool {
        let stands = |state: u32| match self.flat.get(at(state)) {
            Some(flat) if flat.nature.is_history() => flat.parent,
            _ => state,
        };
        let (first, second) = (stands(first), stands(second));
        if first == second || self.is_within(first, second) || self.is_within(second, first) {
            return false;
        }
        let mut state = first;
        while state != 0 && !self.is_within(second, state) {
            state = self.flat.get(at(state)).map_or(0, |flat| flat.parent);
        }
        self.flat.get(at(state)).is_some_and(|flat| flat.nature == Nature::Parallel)
    }

    pub(super) fn is_within(&self, state: u32, other: u32) -> bool {
        other < state && self.flat.get(at(other)).is_some_and(|flat| state < flat.end)
    }

    pub(super) fn called(&self, state: u32) -> String {
        let id = self.flat.get(at(state)).and_then(|flat| flat.state?.id.clone());
        id.unwrap_or_else(|| format!("state.{state}"))
    }
}
