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
        let exact = |error: &dyn std::fmt::Display| Failure::usage(format!("trade {}: {error}", trade.id));
        let rate = Rate::parse_decimal(&trade.price.to_text(SCALE)).map_err(|error| exact(&error))?;
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
            rate.convert(amount, scale, scale, RoundingMode::Up).map(|fee| fee.amount).map_err(|error| exact(&error))
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
        let extra =
            Extra { effective_date: Some(self.trade.date()), user_data_64: id, code: Some(2), ..Extra::default() };
        let (base, quote) = (self.base.to_text(BASE_SCALE), self.quote.to_text(QUOTE_SCALE));
        let (base_fee, quote_fee) = (self.base_fee.to_text(BASE_SCALE), self.quote_fee.to_text(QUOTE_SCALE));
        let account = |number, asset| client(number, asset);
        let mut commands = Vec::with_capacity(3);
        let mut legs = Vec::with_capacity(8);
        let mut leg = |from: String, to: String, amount: &str, units: Amount| {
            if !units.is_zero() {
                legs.extend([Leg::debit(from, amount), Leg::credit(to, amount)]);
            }
        };
        let is_base_held = self.is_held() && self.trade.is_buyer_maker;
        let is_quote_held = self.is_held() && !self.trade.is_buyer_maker;
        if !is_base_held {
            leg(account(self.seller, BASE), account(self.buyer, BASE), &base, self.base);
        }
        if !is_quote_held {
            leg(account(self.buyer, QUOTE), account(self.seller, QUOTE), &quote, self.quote);
        }
        leg(account(self.buyer, BASE), format!("fees:{BASE}"), &base_fee, self.base_fee);
        leg(account(self.seller, QUOTE), format!("fees:{QUOTE}"), &quote_fee, self.quote_fee);
        if self.is_held() {
            let (asset, from, to, amount) = if is_base_held {
                (BASE, self.seller, self.buyer, base)
            } else {
                (QUOTE, self.buyer, self.seller, quote)
            };
            let (order, fill) = (format!("ord-{id}"), format!("fill-{id}"));
            let hold = Hold::new(&order, account(from, asset), format!("holds:{asset}"), &amount);
            commands.push(Hold { extra: extra.clone(), ..hold }.into());
            // The capture and the rest of the trade succeed or fail together. A capture has its hold's code.
            let linked = Extra { linked: true, ..extra.clone() };
            let capture = Capture::new(fill, order).amount(amount);
            commands.push(Capture { to: Some(account(to, asset)), extra: linked, ..capture }.into());
        }
        commands.push(Transaction { key: self.key(), legs, extra, ..Transaction::default() }.into());
        commands
    }

    /// What it must do to every account, reckoned apart from the ledger.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let (base, quote) = (self.base.units(), self.quote.units());
        let (base_fee, quote_fee) = (self.base_fee.units(), self.quote_fee.units());
        let mut entries = vec![
            (client(self.seller, BASE), base, 0),
            (client(self.buyer, BASE), base_fee, base),
            (format!("fees:{BASE}"), 0, base_fee),
            (client(self.buyer, QUOTE), quote, 0),
            (client(self.seller, QUOTE), quote_fee, quote),
            (format!("fees:{QUOTE}"), 0, quote_fee),
        ];
        if self.is_held() {
            let (asset, amount) = if self.trade.is_buyer_maker { (BASE, base) } else { (QUOTE, quote) };
            entries.push((format!("holds:{asset}"), amount, amount));
        }
        entries
    }
}

#[cfg(test)]
#[path = "settle_tests.rs"]
mod tests;
