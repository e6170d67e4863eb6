//! Timers: those of states, and events that were sent with a delay.

use std::sync::Arc;

use super::document::{Place, Restore};
use super::event::Event;
use super::model::DataModel;
use super::program::Clock;
use super::run::Run;
use super::step::StepError;

impl<M: DataModel> Run<'_, '_, M> {
    /// Starts the timers of a state that is entered.
    pub(super) fn start_timers(
        &mut self,
        at: usize,
        state: u32,
        clocks: &[Clock<M::Code>],
    ) -> Result<(), StepError> {
        for clock in clocks {
            let due = self.due(at, &clock.delay);
            self.mapped(&clock.place, None);
            match due {
                Ok((due, duration)) => {
                    let is_anew = clock.restore == Restore::Restart && duration.fixed().is_none();
                    let anew = is_anew.then_some(duration);
                    self.wait(
                        at,
                        Some(state),
                        due,
                        anew,
                        clock.restore,
                        Arc::clone(&clock.message),
                    )?;
                }
                Err(stop) => self.told_of(at, stop, &clock.place)?,
            }
        }
        Ok(())
    }

    /// Sends all that is due, one after another.
    pub(super) fn fire(&mut self) -> Result<(), StepError> {
        // What these start that is due at once has a later number and is due last: it is taken when they are done.
        let mut due = Vec::new();
        loop {
            if due.is_empty() {
                due = self.all_due();
            }
            let Some((_, sequence, at)) = due.pop() else { break };
            let Some(live) = self.lives.get_mut(at).filter(|live| !live.is_over) else { continue };
            let timers = &mut live.session.timers;
            // What one brings about may cancel the next.
            let Ok(place) = timers.binary_search_by_key(&sequence, |waiting| waiting.sequence)
            else {
                continue;
            };
            let waiting = timers.remove(place);
            let program = self.program(at)?;
            if waiting.state.is_some() {
                let name = waiting.message.event.clone().unwrap_or_default();
                self.hear(at, Arc::new(Event::platform(name, None)))?;
            } else {
                self.dispatch(at, waiting.message, &Place::default())?;
                // It may be that there is nobody to send to any more: that is answered at once.
                self.macrostep(at, &program)?;
            }
            self.drain()?;
        }
        Ok(())
    }

    /// What is due: when, its number, and whose it is; the first stands last.
    fn all_due(&self) -> Vec<(i64, u64, usize)> {
        let mut due = Vec::new();
        for (at, live) in self.lives.iter().enumerate().filter(|(_, live)| !live.is_over) {
            let waiting = live.session.timers.iter().filter(|waiting| waiting.due <= self.now);
            due.extend(waiting.map(|waiting| (waiting.due, waiting.sequence, at)));
        }
        due.sort_unstable_by(|one, other| other.cmp(one));
        due
    }

    /// Puts the timers of all sessions to when they are due after a rest.
    pub(super) fn restore(&mut self, suspended_at: i64) {
        let now = self.now;
        for waiting in self.lives.iter_mut().flat_map(|live| &mut live.session.timers) {
            match waiting.restore {
                Restore::Deadline => {}
                Restore::Remaining => {
                    let left = waiting.due.saturating_sub(suspended_at).max(0);
                    waiting.due = now.saturating_add(left);
                }
                // What would be over behind the last instant is never over.
                Restore::Restart => {
                    let due = waiting.anew.map(|anew| anew.after(now).unwrap_or(i64::MAX));
                    waiting.due = due.unwrap_or_else(|| now.saturating_add(waiting.span));
                }
            }
        }
    }
}
