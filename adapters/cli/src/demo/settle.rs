//! A trade as commands: exact amounts, and what each of them does to the accounts.
//!
//! - quote = price × quantity, rounded to the smallest unit half to even; what rounds to nothing is left out.
//! - The maker pays 10 basis points, the taker 20, each out of what it receives: the buyer in base, the seller in
//!   quote. A fee is rounded up, so it never exceeds what it is taken from.
//! - A trade is one transaction. Of every tenth the taker's money is held first, and captured for the maker in one
//!   linked step with the rest.

use thalium_host::money::{Amount, Rate, RoundingMode};
use thalium_host::{Capture, Command, Extra, Hold, Leg, Transaction};

use super::chart::{BASE, BASE_SCALE, QUOTE, QUOTE_SCALE, client};
use super::trades::{SCALE, Trade, draw};
use crate::failure::Failure;

/// The maker's fee, in basis points.
pub(super) const MAKER_FEE: u32 = 10;
/// The taker's fee, in basis points.
pub(super) const TAKER_FEE: u32 = 20;
/// Every so many trades the taker's money is held first.
const HELD_EVERY: u64 = 10;

/// A trade with its parties and amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settlement {
    pub(super) trade: Trade,
    /// The buyer's number.
    pub(super) buyer: u64,
    /// The seller's number.
    pub(super) seller: u64,
    /// What the seller delivers, in smallest units of the base.
    pub(super) base: Amount,
    /// What the buyer pays, in smallest units of the quote.
    pub(super) quote: Amount,
    /// The buyer's fee, in smallest units of the base.
    pub(super) base_fee: Amount,
    /// The seller's fee, in smallest units of the quote.
    pub(super) quote_fee: Amount,
}

/// One account's side of a movement: what is debited and what is credited, in smallest units.
pub(super) type Entry = (String, u128, u128);

impl Settlement {
    /// The settlement of a trade between two of so many clients.
    pub(super) fn new(trade: Trade, clients: u64) -> Result<Self, Failure> {
        let exact =
            |error: &dyn std::fmt::Display| Failure::usage(format!("trade {}: {error}", trade.id));
        let rate =
            Rate::parse_decimal(&trade.price.to_text(SCALE)).map_err(|error| exact(&error))?;
        let base = Rate::ONE
            .convert(trade.quantity, SCALE, BASE_SCALE, RoundingMode::Unnecessary)
            .map_err(|error| exact(&error))?
            .amount;
        let quote = rate
            .convert(base, BASE_SCALE, QUOTE_SCALE, RoundingMode::HalfEven)
            .map_err(|error| exact(&error))?
            .amount;
        let fee = |amount: Amount, scale: u8, is_maker: bool| {
            let rate = Rate::basis_points(if is_maker { MAKER_FEE } else { TAKER_FEE });
            rate.convert(amount, scale, scale, RoundingMode::Up)
                .map(|fee| fee.amount)
                .map_err(|error| exact(&error))
        };
        let mut state = trade.id;
        let buyer = draw(&mut state) % clients;
        let seller = (buyer + 1 + draw(&mut state) % clients.saturating_sub(1).max(1)) % clients;
        Ok(Self {
            trade,
            buyer: buyer + 1,
            seller: seller + 1,
            base,
            quote,
            base_fee: fee(base, BASE_SCALE, trade.is_buyer_maker)?,
            quote_fee: fee(quote, QUOTE_SCALE, !trade.is_buyer_maker)?,
        })
    }

    /// Whether the taker's money is held first.
    pub(super) fn is_held(&self) -> bool {
        self.trade.id.is_multiple_of(HELD_EVERY) && !self.quote.is_zero()
    }

    /// The key of the transaction.
    pub(super) fn key(&self) -> String {
        format!("trade-{}", self.trade.id)
    }

    /// The commands that settle it.
    pub(super) fn commands(&self) -> Vec<Command> {
        let id = self.trade.id;
        let extra = Extra {
            effective_date: Some(self.trade.date()),
            user_data_64: id,
            code: Some(2),
            ..Extra::default()
        };
        let mut commands = Vec::with_capacity(3);
        let mut legs = Vec::with_capacity(6);
        for side in self.sides() {
            let mut leg = |leg: fn(String, String) -> Leg, account: &str, units: Amount| {
                if !units.is_zero() {
                    legs.push(leg(account.to_owned(), units.to_text(side.scale)));
                }
            };
            // An account stands on one side of a transaction: the receiver gets the rest, or pays out of a capture.
            if side.is_captured {
                leg(Leg::debit, &side.receiver, side.fee);
            } else {
                leg(Leg::debit, &side.payer, side.amount);
                leg(Leg::credit, &side.receiver, side.rest());
            }
            leg(Leg::credit, &format!("fees:{}", side.asset), side.fee);
            if !side.is_captured {
                continue;
            }
            let amount = side.amount.to_text(side.scale);
            let (order, fill) = (format!("ord-{id}"), format!("fill-{id}"));
            let hold = Hold::new(&order, side.payer, format!("holds:{}", side.asset), &amount);
            commands.push(Hold { extra: extra.clone(), ..hold }.into());
            // The capture and the rest of the trade succeed or fail together. A capture has its hold's code.
            let linked = Extra { linked: true, ..extra.clone() };
            let capture = Capture::new(fill, order).amount(amount);
            commands.push(Capture { to: Some(side.receiver), extra: linked, ..capture }.into());
        }
        commands
            .push(Transaction { key: self.key(), legs, extra, ..Transaction::default() }.into());
        commands
    }

    /// What it must do to every account, reckoned apart from the ledger.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(8);
        for side in self.sides() {
            let (amount, fee) = (side.amount.units(), side.fee.units());
            entries.push((format!("fees:{}", side.asset), 0, fee));
            entries.push((side.payer.clone(), amount, 0));
            if side.is_captured {
                entries.push((side.receiver, fee, amount));
                entries.push((format!("holds:{}", side.asset), amount, amount));
            } else {
                entries.push((side.receiver.clone(), 0, side.rest().units()));
            }
        }
        entries
    }

    /// What is delivered, and what is paid for it.
    fn sides(&self) -> [Delivery; 2] {
        let is_base_held = self.is_held() && self.trade.is_buyer_maker;
        let is_quote_held = self.is_held() && !self.trade.is_buyer_maker;
        [
            Delivery {
                asset: BASE,
                scale: BASE_SCALE,
                payer: client(self.seller, BASE),
                receiver: client(self.buyer, BASE),
                amount: self.base,
                fee: self.base_fee,
                is_captured: is_base_held,
            },
            Delivery {
                asset: QUOTE,
                scale: QUOTE_SCALE,
                payer: client(self.buyer, QUOTE),
                receiver: client(self.seller, QUOTE),
                amount: self.quote,
                fee: self.quote_fee,
                is_captured: is_quote_held,
            },
        ]
    }
}

/// One asset's part of a trade.
struct Delivery {
    asset: &'static str,
    scale: u8,
    payer: String,
    receiver: String,
    amount: Amount,
    fee: Amount,
    /// Whether a hold was captured for it.
    is_captured: bool,
}

impl Delivery {
    /// What the receiver keeps.
    fn rest(&self) -> Amount {
        // INVARIANT: a fee of at most 20 basis points, rounded up, is never above a whole number of units.
        self.amount.checked_sub(self.fee).unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "settle_tests.rs"]
mod tests;
