//! A case that rests: it is not listed in its queue, and where it is paused, its time does not go on.

use super::act::Work;
use super::command::Command;
use super::refusal::Refusal;
use super::registry::written;
use super::state::Standing;

/// Whether a command leaves a case that is paused as it is: what is written down, who works on it, that time has passed.
pub(super) const fn is_quiet(command: &Command) -> bool {
    matches!(
        command,
        Command::Advance
            | Command::Note { .. }
            | Command::Assign { .. }
            | Command::Claim
            | Command::Release
    )
}

impl Work<'_> {
    /// The case rests until an instant.
    pub(super) fn snooze(&mut self, until: i64, why: &str, is_paused: bool) -> Result<(), Refusal> {
        let resting = self.desk.kind().resting.as_ref();
        self.may("let it rest", resting.map(|it| &*it.roles))?;
        written("why", why)?;
        let what = "is later than the kind lets a case rest";
        self.within("until", until, resting.map(|it| it.most), what)?;
        self.case.snoozed_until = Some(until);
        self.case.paused_at = is_paused.then_some(self.by.at);
        Ok(())
    }

    /// A case that is paused goes on where its rest is over, where something is done to it, or where an override ends in it. Its timers are due as
    /// their `restore` says; what it waits for in a queue, and documents that are asked for, have the time that was left.
    pub(super) fn go_on(&mut self, is_woken: bool) -> Result<(), Refusal> {
        let Some(since) = self.case.paused_at else { return Ok(()) };
        let now = self.by.at;
        let ends = self.case.overrides.iter().map(|force| force.until).min();
        let ends = self.case.snoozed_until.into_iter().chain(ends).min();
        // Nobody may have looked for long: it went on when its rest was over.
        let at = match ends.filter(|ends| *ends <= now) {
            Some(ends) => ends.max(since),
            None if is_woken => now,
            None => return Ok(()),
        };
        (self.case.paused_at, self.case.snoozed_until) = (None, None);
        if let Some(place) = &mut self.case.place {
            let rested = at.saturating_sub(since.max(place.since));
            place.due = place.due.map(|due| due.saturating_add(rested));
        }
        let asked = |standing: Standing| standing == Standing::Requested;
        for document in self.case.documents.values_mut().filter(|it| asked(it.standing)) {
            let rested = at.saturating_sub(since.max(document.since));
            document.due = document.due.map(|due| due.saturating_add(rested));
        }
        if self.case.is_done() {
            return Ok(());
        }
        self.by.at = at;
        let resumed = self.resume(since);
        self.by.at = now;
        resumed
    }
}

#[cfg(test)]
#[path = "rest_tests.rs"]
mod tests;
