//! Transactions: N debits and M credits in one or several assets, all or nothing, balanced in each asset.
//!
//! A transaction is booked as transfers, so everything that reads transfers reads transactions too. Per asset the
//! debits and the credits are walked side by side in the order given, and each step moves what both still have: at
//! most N + M − 1 transfers. The first transfer carries the transaction's id and detail; [`Id::part`] names the rest.

use std::collections::BTreeMap;

use super::detail::Detail;
use super::status::TransferStatus;
use super::transfer::{EffectiveDate, Group, Transfer};
use crate::Id;

/// The most legs of a transaction.
pub const LEGS_MAX: usize = 1024;

/// The side of an account that a leg adds to.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The left side: *from*.
    Debit,
    /// The right side: *to*.
    Credit,
}

/// One entry of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The account.
    pub account_id: Id,
    /// Its side.
    pub side: Side,
    /// Smallest units of the asset; not zero.
    pub amount: u128,
    /// The ledger number of the asset.
    pub ledger: u32,
}

/// A request to book several legs together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// The transaction's id; zero and 2¹²⁸−1 are refused.
    pub id: Id,
    /// The legs, at most [`LEGS_MAX`], in the order in which they are booked: an account that receives before it pays
    /// can pay from what it received.
    pub legs: Vec<Leg>,
    /// Why the money moves, by the caller's own list; not zero.
    pub code: u16,
    /// For the caller's use.
    pub user_data_128: u128,
    /// For the caller's use.
    pub user_data_64: u64,
    /// For the caller's use.
    pub user_data_32: u32,
    /// This command and the next succeed or fail together.
    pub linked: bool,
    /// The civil date that the books give it.
    pub effective_date: EffectiveDate,
    /// Key, description and public metadata, when there are any.
    pub detail: Option<Box<Detail>>,
}

/// The transfers that book a transaction.
///
/// # Errors
/// Legs that are empty, do not balance, or pair an account with itself.
pub(crate) fn transfers(transaction: &Transaction) -> Result<Vec<Transfer>, TransferStatus> {
    if transaction.legs.is_empty() || transaction.legs.iter().any(|leg| leg.amount == 0) {
        return Err(TransferStatus::LegsMustNotBeEmpty);
    }
    let mut assets: BTreeMap<u32, (Vec<&Leg>, Vec<&Leg>)> = BTreeMap::new();
    for leg in &transaction.legs {
        let (debits, credits) = assets.entry(leg.ledger).or_default();
        if leg.side == Side::Debit { debits.push(leg) } else { credits.push(leg) }
    }
    let mut transfers = Vec::with_capacity(transaction.legs.len());
    for (ledger, (debits, credits)) in assets {
        pair(transaction, ledger, &debits, &credits, &mut transfers)?;
    }
    let size = u16::try_from(transfers.len()).map_err(|_| TransferStatus::LegsMustNotBeEmpty)?;
    for (index, transfer) in (0_u16..).zip(&mut transfers) {
        transfer.id = transaction.id.part(u32::from(index));
        transfer.group = Group { index, size };
        transfer.detail = if index == 0 { transaction.detail.clone() } else { None };
    }
    Ok(transfers)
}

fn pair(
    transaction: &Transaction,
    ledger: u32,
    debits: &[&Leg],
    credits: &[&Leg],
    to: &mut Vec<Transfer>,
) -> Result<(), TransferStatus> {
    let (mut debits, mut credits) = (debits.iter(), credits.iter());
    let (mut debit, mut credit) = (debits.next(), credits.next());
    let (mut debited, mut credited) = (0_u128, 0_u128);
    while let (Some(from), Some(into)) = (debit, credit) {
        // INVARIANT: `debited` and `credited` are parts of the leg at hand, so neither difference goes below zero.
        let amount = (from.amount - debited).min(into.amount - credited);
        if from.account_id == into.account_id {
            return Err(TransferStatus::AccountsMustBeDifferent);
        }
        to.push(Transfer {
            debit_account_id: from.account_id,
            credit_account_id: into.account_id,
            amount,
            user_data_128: transaction.user_data_128,
            user_data_64: transaction.user_data_64,
            user_data_32: transaction.user_data_32,
            ledger,
            code: transaction.code,
            effective_date: transaction.effective_date,
            ..Transfer::default()
        });
        debited += amount;
        credited += amount;
        if debited == from.amount {
            (debit, debited) = (debits.next(), 0);
        }
        if credited == into.amount {
            (credit, credited) = (credits.next(), 0);
        }
    }
    if debit.is_some() || credit.is_some() { Err(TransferStatus::LegsMustBalance) } else { Ok(()) }
}

#[cfg(test)]
#[path = "transaction_tests.rs"]
mod tests;
