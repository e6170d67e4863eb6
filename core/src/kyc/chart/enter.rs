//! Which states are entered, and what is done on entry.

use std::sync::Arc;

use super::bits::Bits;
use super::event::Event;
use super::model::DataModel;
use super::program::{Nature, Program};
use super::run::Run;
use super::step::StepError;

/// The states that are to be entered.
struct Entry<'a, C> {
    program: &'a Program<C>,
    history: &'a [(u32, Bits)],
    states: Bits,
    /// Of them, those of which the initial state is entered.
    defaults: Bits,
    /// The history states that stood for nothing yet, by their parents.
    without: Vec<(u32, u32)>,
    /// How many states were looked at.
    looks: usize,
}

// INVARIANT: the two call each other along the tree of states, whose depth is bounded.
impl<C> Entry<'_, C> {
    /// A state, and what is active with it below.
    fn descend(&mut self, state: u32) {
        self.looks += 1;
        let program = self.program;
        let Some(node) = program.node(state) else { return };
        match node.nature {
            Nature::Shallow | Nature::Deep => {
                let history = self.history;
                let held = history.iter().find(|(known, _)| *known == state);
                if let Some((_, held)) = held {
                    held.iter().for_each(|state| self.descend(state));
                    held.iter().for_each(|state| self.ascend(state, node.parent));
                } else {
                    self.without.retain(|(parent, _)| *parent != node.parent);
                    self.without.push((node.parent, state));
                    self.all(&node.initial, node.parent);
                }
            }
            Nature::Compound => {
                self.states.insert(state);
                self.defaults.insert(state);
                self.all(&node.initial, state);
            }
            Nature::Parallel => {
                self.states.insert(state);
                self.children(&node.children);
            }
            Nature::Atomic | Nature::Final => {
                self.states.insert(state);
            }
        }
    }

    /// The targets, and what lies between them and the state around them.
    fn all(&mut self, targets: &[u32], around: u32) {
        targets.iter().for_each(|target| self.descend(*target));
        targets.iter().for_each(|target| self.ascend(*target, around));
    }

    /// The states between a state and one around it, and what is active with them.
    fn ascend(&mut self, state: u32, around: u32) {
        let program = self.program;
        let mut state = state;
        while let Some(node) = program.node(state) {
            self.looks += 1;
            state = node.parent;
            if state == around || state == 0 {
                return;
            }
            self.states.insert(state);
            if let Some(parent) = program.node(state).filter(|node| node.nature == Nature::Parallel)
            {
                self.children(&parent.children);
            }
        }
    }

    /// The children of a parallel state in which nothing is entered yet.
    fn children(&mut self, children: &[u32]) {
        self.looks += children.len();
        for child in children {
            let end = self.program.node(*child).map_or(0, |node| node.end);
            if !self.states.any(child.saturating_add(1), end) {
                self.descend(*child);
            }
        }
    }
}

impl<M: DataModel> Run<'_, '_, M> {
    /// Enters what transitions lead to.
    pub(super) fn enter(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        enabled: &[u32],
    ) -> Result<(), StepError> {
        let history = self.lives.get(at).map_or(&[][..], |live| &live.session.history);
        let mut entry = Entry {
            program,
            history,
            states: Bits::default(),
            defaults: Bits::default(),
            without: Vec::new(),
            looks: 0,
        };
        for edge in enabled {
            let Some(edge) = program.edge(*edge) else { continue };
            edge.targets.iter().for_each(|target| entry.descend(*target));
            let Some(domain) = self.domain(at, program, edge) else { continue };
            if edge.domain == super::program::Domain::History {
                for target in self.effective(at, program, &edge.targets) {
                    entry.ascend(target, domain);
                }
            } else {
                edge.targets.iter().for_each(|target| entry.ascend(*target, domain));
            }
        }
        let Entry { states, defaults, without, looks, .. } = entry;
        self.look(at, looks)?;
        self.enter_all(at, program, &states, &defaults, &without)
    }

    /// Enters the chart itself.
    pub(super) fn enter_chart(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
    ) -> Result<(), StepError> {
        let mut entry = Entry {
            program,
            history: &[],
            states: Bits::default(),
            defaults: Bits::default(),
            without: Vec::new(),
            looks: 0,
        };
        entry.descend(0);
        let Entry { states, defaults, without, looks, .. } = entry;
        self.look(at, looks)?;
        self.enter_all(at, program, &states, &defaults, &without)
    }

    fn enter_all(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        states: &Bits,
        defaults: &Bits,
        without: &[(u32, u32)],
    ) -> Result<(), StepError> {
        let mut from = 0;
        while let Some(state) = states.next(from) {
            from = state.saturating_add(1);
            let Some(node) = program.node(state) else { break };
            let Some(live) = self.lives.get_mut(at) else { break };
            live.session.active.insert(state);
            if !node.invokes.is_empty() {
                live.to_invoke.insert(state);
            }
            // The data of the chart itself is there already.
            if program.is_late
                && state != 0
                && !node.data.is_empty()
                && live.session.entered.insert(state)
            {
                self.variables(at, &node.data.iter().collect::<Vec<_>>(), None)?;
            }
            if let Some(note) = self.note.as_mut().filter(|_| state != 0) {
                note.entered.push(node.name.to_string());
            }
            for block in &node.entry {
                self.block(at, block)?;
            }
            if !node.timers.is_empty() {
                self.start_timers(at, state, &node.timers)?;
            }
            if !node.on_initial.is_empty() && defaults.contains(state) {
                self.block(at, &node.on_initial)?;
            }
            if let Some((_, history)) = without.iter().find(|(parent, _)| *parent == state)
                && let Some(history) = program.node(*history)
            {
                self.block(at, &history.on_initial)?;
            }
            if node.nature == Nature::Final {
                self.done(at, program, state)?;
            }
        }
        Ok(())
    }

    /// A final state was entered: its parent is done, and what is parallel with it may be.
    fn done(&mut self, at: usize, program: &Program<M::Code>, state: u32) -> Result<(), StepError> {
        let Some(node) = program.node(state) else { return Ok(()) };
        if node.parent == 0 {
            if let Some(live) = self.lives.get_mut(at) {
                live.is_final = true;
            }
            return Ok(());
        }
        let data = self.done_data(at, program, state)?;
        let Some(parent) = program.node(node.parent) else { return Ok(()) };
        let told = match data {
            None => Arc::clone(&parent.on_done),
            data => Arc::new(Event { data, ..Event::clone(&parent.on_done) }),
        };
        self.raise(at, told)?;
        let around = program.node(parent.parent).filter(|around| around.nature == Nature::Parallel);
        let Some(around) = around else { return Ok(()) };
        let mut looks = 0;
        let is_done = self.lives.get(at).is_some_and(|live| {
            let active = &live.session.active;
            around.children.iter().all(|child| is_done(program, active, *child, &mut looks))
        });
        self.look(at, looks)?;
        if is_done {
            self.raise(at, Arc::clone(&around.on_done))?;
        }
        Ok(())
    }

    /// What a final state tells.
    pub(super) fn done_data(
        &mut self,
        at: usize,
        program: &Program<M::Code>,
        state: u32,
    ) -> Result<Option<crate::value::Value>, StepError> {
        let Some(told) = program.node(state).and_then(|node| node.done.as_ref()) else {
            return Ok(None);
        };
        let said = self.told(at, told);
        self.mapped(&told.place, None);
        match said {
            Ok(data) => Ok(data),
            Err(stop) => self.told_of(at, stop, &told.place).map(|()| None),
        }
    }
}

/// Whether a state has come to its end, and how many states were looked at for it. INVARIANT: the depth of states is bounded.
pub(super) fn is_done<C>(
    program: &Program<C>,
    active: &Bits,
    state: u32,
    looks: &mut usize,
) -> bool {
    *looks += 1;
    let Some(node) = program.node(state) else { return false };
    let is_final = |child: &u32| program.nature(*child) == Some(Nature::Final);
    match node.nature {
        Nature::Compound => node.children.iter().any(|child| {
            *looks += 1;
            is_final(child) && active.contains(*child)
        }),
        Nature::Parallel => {
            node.children.iter().all(|child| is_done(program, active, *child, looks))
        }
        _ => false,
    }
}
