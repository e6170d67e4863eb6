//! Timers: those of states, and events that were sent with a delay.

use std::sync::Arc;

use super::document::{Place, Restore};
use super::effect::Message;
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
            match self.due(at, &clock.delay) {
                Ok(due) => {
                    let message =
                        Message { event: Some(clock.event.to_string()), ..Message::default() };
                    let span = due.saturating_sub(self.now);
                    self.wait(at, Some(state), due, span, clock.restore, Arc::new(message))?;
                }
                Err(stop) => self.told_of(at, stop, &clock.place)?,
            }
        }
        Ok(())
    }

    /// Sends all that is due, one after another: what one brings about may cancel the next.
    pub(super) fn fire(&mut self) -> Result<(), StepError> {
        while let Some((at, sequence)) = self.first_due() {
            let Some(live) = self.lives.get_mut(at) else { break };
            let timers = &mut live.session.timers;
            let Some(place) = timers.iter().position(|waiting| waiting.sequence == sequence) else {
                break;
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

    /// Of what is due the first: whose it is, and its number.
    fn first_due(&self) -> Option<(usize, u64)> {
        let mut first: Option<(i64, u64, usize)> = None;
        for (at, live) in self.lives.iter().enumerate().filter(|(_, live)| !live.is_over) {
            for waiting in live.session.timers.iter().filter(|waiting| waiting.due <= self.now) {
                let this = (waiting.due, waiting.sequence, at);
                first = Some(first.map_or(this, |first| first.min(this)));
            }
        }
        first.map(|(_, sequence, at)| (at, sequence))
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
                Restore::Restart => waiting.due = now.saturating_add(waiting.span),
            }
        }
    }
}
