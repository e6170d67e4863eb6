//! Reports: trial balance, statement, the tree of accounts, and the reconciliation that must come to zero.

use std::collections::BTreeMap;

use super::account::{AccountKind, Balances};
use super::book::{Account, Book};
use super::query::Entry;
use crate::Id;
use crate::money::Net;

/// One line of a trial balance: the posted balance of an account on its own side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialLine {
    /// The account.
    pub account: Account,
    /// Posted debits less posted credits, if above zero.
    pub debit: u128,
    /// Posted credits less posted debits, if above zero.
    pub credit: u128,
}

/// The trial balance of one asset: the two columns add up to the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialBalance {
    /// The ledger number of the asset.
    pub ledger: u32,
    /// The accounts that hold it, in the order in which they were opened.
    pub lines: Vec<TrialLine>,
    /// The sum of the debit column; `None` past 2¹²⁸−1, which the columns of a valid book can reach together.
    pub debit: Option<u128>,
    /// The sum of the credit column.
    pub credit: Option<u128>,
}

/// An account's history over a span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The account as it is now.
    pub account: Account,
    /// The balances before the first entry.
    pub opening: Balances,
    /// What happened, oldest first; expiries among it.
    pub entries: Vec<Entry>,
    /// The balances after the last entry.
    pub closing: Balances,
}

/// The posted balance of an asset over all accounts of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Debits less credits of the accounts of each kind; kind `None` for accounts outside the chart.
    pub kinds: Vec<(Option<AccountKind>, Net)>,
    /// Debits less credits of all accounts. Anything but zero is a fault of this library.
    pub difference: Net,
}

impl Book {
    /// The trial balances of all assets that are in use, or at an instant in the past.
    #[must_use]
    pub fn trial_balance(&self, at: Option<i64>) -> Vec<TrialBalance> {
        let mut by_ledger: BTreeMap<u32, Vec<TrialLine>> = BTreeMap::new();
        for mut account in self.accounts() {
            if let Some(at) = at {
                let Some(balances) = self.balances_at(account.opened.id, at) else { continue };
                account.balances = balances;
            }
            let Balances { debits_posted, credits_posted, .. } = account.balances;
            by_ledger.entry(account.opened.ledger).or_default().push(TrialLine {
                debit: debits_posted.saturating_sub(credits_posted),
                credit: credits_posted.saturating_sub(debits_posted),
                account,
            });
        }
        let sum = |column: fn(&TrialLine) -> u128, lines: &[TrialLine]| {
            lines.iter().try_fold(0_u128, |sum, line| sum.checked_add(column(line)))
        };
        by_ledger
            .into_iter()
            .map(|(ledger, lines)| TrialBalance {
                ledger,
                debit: sum(|line| line.debit, &lines),
                credit: sum(|line| line.credit, &lines),
                lines,
            })
            .collect()
    }

    /// The statement of an account from an instant to another, both included; zero: open.
    #[must_use]
    pub fn statement(&self, id: Id, from: i64, to: i64) -> Option<Statement> {
        let account = self.account(id)?;
        let mut entries = Vec::new();
        let mut opening = Balances::default();
        let mut closing = None;
        for entry in self.account_history(id) {
            if to != 0 && entry.timestamp > to {
                continue;
            }
            closing.get_or_insert(entry.balances);
            if entry.timestamp < from {
                opening = entry.balances;
                break;
            }
            entries.push(entry);
        }
        entries.reverse();
        Some(Statement { account, opening, entries, closing: closing.unwrap_or_default() })
    }

    /// The accounts below an account in the chart, itself first, each with its depth below it.
    #[must_use]
    pub fn subtree(&self, id: Id) -> Vec<(Account, u32)> {
        let mut children: BTreeMap<Id, Vec<Account>> = BTreeMap::new();
        for account in self.accounts() {
            children.entry(account.opened.parent).or_default().push(account);
        }
        let Some(root) = self.account(id) else { return Vec::new() };
        let mut stack = vec![(root, 0)];
        let mut found = Vec::new();
        while let Some((account, depth)) = stack.pop() {
            // INVARIANT: a parent exists before its child, so the chart has no cycle.
            let below = children.remove(&account.opened.id).unwrap_or_default();
            stack.extend(below.into_iter().rev().map(|child| (child, depth + 1)));
            found.push((account, depth));
        }
        found
    }

    /// Debits against credits of one asset, by kind of account.
    #[must_use]
    pub fn position(&self, ledger: u32) -> Position {
        let mut kinds: BTreeMap<Option<AccountKind>, (Wide, Wide)> = BTreeMap::new();
        let mut all = (Wide::default(), Wide::default());
        for account in self.accounts().filter(|account| account.opened.ledger == ledger) {
            let sides = kinds.entry(account.opened.kind).or_default();
            for (debits, credits) in [sides, &mut all] {
                debits.add(account.balances.debits_posted);
                credits.add(account.balances.credits_posted);
            }
        }
        let net = |(debits, credits): (Wide, Wide)| debits.less(credits);
        Position {
            kinds: kinds.into_iter().map(|(kind, sides)| (kind, net(sides))).collect(),
            difference: net(all),
        }
    }
}

/// A sum of many u128: the columns of a book may pass 2¹²⁸−1 together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wide {
    high: u64,
    low: u128,
}

impl Wide {
    pub(crate) fn add(&mut self, amount: u128) {
        let (low, carry) = self.low.overflowing_add(amount);
        self.low = low;
        self.high += u64::from(carry);
    }

    /// The difference, saturating at ±(2¹²⁸−1); zero only if the sums are equal.
    fn less(self, other: Self) -> Net {
        let difference = |larger: Self, smaller: Self| {
            let (low, borrow) = larger.low.overflowing_sub(smaller.low);
            if larger.high - smaller.high - u64::from(borrow) == 0 { low } else { u128::MAX }
        };
        if self >= other {
            Net::between(difference(self, other), 0)
        } else {
            Net::between(0, difference(other, self))
        }
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
