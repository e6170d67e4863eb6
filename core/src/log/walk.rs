//! The history of an account, newest first: by links in memory, by lists in the parts.

use super::EventLog;
use super::sealed::List;
use crate::Id;

/// A walk backward over the events that moved an account.
pub(crate) struct Walk<'a> {
    log: &'a EventLog,
    account: Id,
    at: u64,
    /// Where the event at hand stands, if it stands in a part.
    list: Option<(List, u32)>,
}

impl<'a> Walk<'a> {
    /// A walk that begins with `last`, which moved the account; zero for an account that nothing has moved.
    pub(crate) fn new(log: &'a EventLog, account: Id, last: u64) -> Self {
        let mut walk = Self { log, account, at: 0, list: None };
        walk.go_to(last);
        walk
    }

    /// The account whose history it is. An event names it by its id, never by that of its key.
    pub(crate) fn account(&self) -> Id {
        self.account
    }

    /// The event at hand; `None` at the end.
    pub(crate) fn at(&self) -> Option<u64> {
        (self.at != 0).then_some(self.at)
    }

    /// Goes on to the event before; `is_debit` says on which side of the one at hand the account is.
    pub(crate) fn back(&mut self, is_debit: bool) {
        let before = match self.list {
            None => self.log.links(self.at).map(|links| match is_debit {
                true => links.debit,
                false => links.credit,
            }),
            Some((list, 0)) => Some(list.directory.before),
            Some((list, number)) => {
                let before = self.log.sealed.listed(list, number - 1);
                self.list = Some((list, number - 1));
                self.at = before.unwrap_or(0);
                return;
            }
        };
        // A history leads backward: whatever an index says, a walk comes to its end.
        self.go_to(before.filter(|before| *before < self.at).unwrap_or(0));
    }

    /// Goes back to the newest event before a sequence; whole lists are passed over.
    pub(crate) fn before(mut self, end: u64) -> Self {
        while self.at >= end && self.at != 0 {
            let Some((list, _)) = self.list else {
                match self.log.debits(self.at, self.account) {
                    Some(is_debit) => self.back(is_debit),
                    None => self.at = 0,
                }
                continue;
            };
            match self.log.sealed.listed_before(list, end).unwrap_or(0).checked_sub(1) {
                Some(number) => {
                    self.at = self.log.sealed.listed(list, number).unwrap_or(0);
                    self.list = Some((list, number));
                }
                None => self.go_to(list.directory.before.min(self.at - 1)),
            }
        }
        self
    }

    fn go_to(&mut self, sequence: u64) {
        self.at = sequence;
        self.list = None;
        if sequence == 0 || sequence >= self.log.sealed.end() {
            return;
        }
        let list = self.log.sealed.list(self.account, sequence);
        let numbered = list.and_then(|list| Some((list, self.number_of(list, sequence)?)));
        match numbered {
            Some(numbered) => self.list = Some(numbered),
            None => {
                self.log.sealed.broken(self.account, sequence);
                self.at = 0;
            }
        }
    }

    /// The number in a list of an event: nearly always the last, unless the log is read as it was.
    fn number_of(&self, list: List, sequence: u64) -> Option<u32> {
        let last = list.directory.count.checked_sub(1)?;
        if self.log.sealed.listed(list, last)? == sequence {
            return Some(last);
        }
        let number = self.log.sealed.listed_before(list, sequence)?;
        (self.log.sealed.listed(list, number)? == sequence).then_some(number)
    }
}
