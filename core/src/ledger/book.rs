//! The books in memory: assets, accounts with their balances, and the log that they follow from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::account::{AccountFlags, Balances, NewAccount};
use super::accounts::Accounts;
use super::spent::SpentIds;
use super::status::TransferStatus;
use super::transfer::{PendingState, Transfer};
use super::view::{Booked, Head, Newest, Spent, View};
use crate::Id;
use crate::event::{self, AssetRegistered, Body, Kind};
use crate::log::{EventLog, Position};
use crate::money::{Asset, AssetCode, AssetKind, iso4217};
use crate::pages::Pages;

/// How many commands are touched ahead: enough misses to overlap, few enough to stay near until their turn.
pub(crate) const TOUCHED: usize = 32;
/// Every so many transfers their timestamp is kept, so that an instant is found without a scan.
pub(super) const STRIDE: u64 = 256;

/// The books of one tenant.
///
/// Reading is free; writing happens through [`Engine::execute`](crate::Engine::execute) and by folding events.
#[derive(Debug)]
pub struct Book {
    pub(super) log: EventLog,
    pub(super) clock: i64,
    pub(super) newest: Newest,
    pub(super) transfer_count: u64,
    /// Timestamp and sequence of every [`STRIDE`]-th transfer.
    pub(super) times: Vec<(i64, u64)>,
    pub(super) accounts: Accounts,
    pub(super) spent: SpentIds,
    /// Open holds with a timeout: (due, sequence) to position.
    pub(super) timeouts: BTreeMap<(i64, u64), Position>,
    pub(super) assets: BTreeMap<u32, Asset>,
    pub(super) asset_codes: BTreeMap<AssetCode, u32>,
}

/// An account as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The request that opened it, with its timestamp.
    pub opened: NewAccount,
    /// Its flags now, with `CLOSED` while it is closed.
    pub flags: AccountFlags,
    /// Its balances now.
    pub balances: Balances,
}

/// A transfer as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The transfer as it was booked.
    pub transfer: Transfer,
    /// Its place in the log.
    pub sequence: u64,
    /// What has become of it, if it is a pending one.
    pub state: PendingState,
}

impl Book {
    pub(crate) fn new(pages: Arc<dyn Pages>) -> Self {
        Self {
            spent: SpentIds::new(Arc::clone(&pages)),
            log: EventLog::new(pages),
            clock: 0,
            newest: Newest::default(),
            transfer_count: 0,
            times: Vec::new(),
            accounts: Accounts::default(),
            timeouts: BTreeMap::new(),
            assets: BTreeMap::new(),
            asset_codes: BTreeMap::new(),
        }
    }

    /// The newest instant in the log.
    #[must_use]
    pub fn clock(&self) -> i64 {
        self.clock
    }

    /// How many events the log holds.
    #[must_use]
    pub fn event_count(&self) -> u64 {
        self.log.count()
    }

    /// How many transfers are booked.
    #[must_use]
    pub fn transfer_count(&self) -> u64 {
        self.transfer_count
    }

    /// How many accounts there are.
    #[must_use]
    pub fn account_count(&self) -> usize {
        usize::try_from(self.accounts.count()).unwrap_or(usize::MAX)
    }

    /// Bytes of history in memory.
    #[must_use]
    pub fn history_bytes(&self) -> usize {
        self.log.bytes()
    }

    /// The bytes of an event.
    #[must_use]
    pub fn event(&self, sequence: u64) -> Option<&[u8]> {
        self.log.by_sequence(sequence)
    }

    /// The bytes of the events from a sequence on.
    pub fn events_from(&self, sequence: u64) -> impl Iterator<Item = &[u8]> {
        self.log.from(sequence).map(|(_, event)| event)
    }

    /// The asset with this ledger number: registered, or a currency of ISO 4217 under its own number.
    #[must_use]
    pub fn asset(&self, ledger: u32) -> Option<Asset> {
        if let Some(asset) = self.assets.get(&ledger) {
            return Some(*asset);
        }
        let currency = iso4217::by_number(u16::try_from(ledger).ok()?)?;
        // A currency whose code was registered under another number keeps to that one.
        (!self.asset_codes.contains_key(&currency.code())).then_some(currency)
    }

    /// The ledger number of an asset code.
    #[must_use]
    pub fn ledger_of(&self, code: AssetCode) -> Option<u32> {
        if let Some(ledger) = self.asset_codes.get(&code) {
            return Some(*ledger);
        }
        match iso4217::by_code(code)?.kind() {
            AssetKind::Fiat { number } if !self.assets.contains_key(&u32::from(number)) => {
                Some(u32::from(number))
            }
            _ => None,
        }
    }

    /// The registered assets with their ledger numbers; built-in currencies are not listed.
    pub fn assets(&self) -> impl Iterator<Item = AssetRegistered> {
        self.assets.iter().map(|(ledger, asset)| AssetRegistered { ledger: *ledger, asset: *asset })
    }

    /// The smallest ledger number from 1,000 on that no asset has: ISO 4217 keeps to three digits.
    #[must_use]
    pub fn free_ledger(&self) -> u32 {
        self.assets.keys().next_back().map_or(1_000, |ledger| ledger.saturating_add(1).max(1_000))
    }

    /// An account by its id or the id of its key.
    #[must_use]
    pub fn account(&self, id: Id) -> Option<Account> {
        self.account_at(View::account(self, id)?)
    }

    /// The balances of an account.
    #[must_use]
    pub fn balances(&self, id: Id) -> Option<Balances> {
        self.accounts.balances(View::account(self, id)?)
    }

    /// All accounts, in the order in which they were opened.
    pub fn accounts(&self) -> impl Iterator<Item = Account> {
        (0..self.accounts.count()).filter_map(|index| self.account_at(index))
    }

    /// A transfer by its id or the id of its key.
    #[must_use]
    pub fn transfer(&self, id: Id) -> Option<Record> {
        match View::spent(self, id)? {
            Spent::Booked(booked) => Some(Record {
                transfer: booked.transfer,
                sequence: booked.sequence,
                state: booked.state,
            }),
            Spent::Failed => None,
        }
    }

    /// Why the attempt that spent an id failed, if one did.
    #[must_use]
    pub fn failure(&self, id: Id) -> Option<TransferStatus> {
        match event::decode(self.log.event(self.position_of_spent(id)?)).ok()? {
            (_, Body::TransferFailed(failed)) => Some(failed.status),
            _ => None,
        }
    }

    /// The transfer whose event has this sequence.
    #[must_use]
    pub fn record(&self, sequence: u64) -> Option<Record> {
        self.record_at(self.log.position_of(sequence)?)
    }

    /// All transfers, oldest first.
    pub fn transfers(&self) -> impl Iterator<Item = Record> {
        self.log.from(0).filter_map(|(position, _)| self.record_at(position))
    }

    /// The transfers of the transaction that a transfer belongs to; of a transfer alone, itself.
    #[must_use]
    pub fn transaction(&self, id: Id) -> Vec<Record> {
        let Some(record) = self.transfer(id) else { return Vec::new() };
        let first = record.sequence.saturating_sub(u64::from(record.transfer.group.index));
        let size = usize::from(record.transfer.group.size.max(1));
        self.log
            .from(first)
            .take(size)
            .filter_map(|(position, _)| self.record_at(position))
            .collect()
    }

    /// How many open holds have a timeout.
    #[must_use]
    pub fn timeout_count(&self) -> usize {
        self.timeouts.len()
    }

    /// When the next hold runs out.
    #[must_use]
    pub fn next_timeout(&self) -> Option<i64> {
        self.timeouts.keys().next().map(|(due, _)| *due)
    }

    pub(super) fn account_at(&self, index: u32) -> Option<Account> {
        Some(Account {
            opened: self.account_record(index)?,
            flags: self.accounts.head(index)?.flags,
            balances: self.accounts.balances(index)?,
        })
    }

    /// The transfer event at a position.
    pub(crate) fn record_at(&self, position: Position) -> Option<Record> {
        match event::decode(self.log.event(position)).ok()? {
            (header, Body::TransferCreated(transfer)) => Some(Record {
                transfer,
                sequence: header.sequence,
                state: self.log.pending_state(position),
            }),
            _ => None,
        }
    }

    /// Whether the event at a position spends this id, under itself or under its key.
    fn spends(&self, position: Position, id: Id) -> bool {
        let bytes = self.log.event(position);
        event::spent_id(bytes) == Some(id) || self.is_keyed(bytes, id)
    }

    #[cold]
    fn is_keyed(&self, bytes: &[u8], id: Id) -> bool {
        match event::decode(bytes) {
            Ok((_, Body::TransferCreated(transfer))) => {
                super::retry::keyed("transfer", transfer.detail.as_deref()) == Some(id)
            }
            _ => false,
        }
    }

    pub(crate) fn position_of_spent(&self, id: Id) -> Option<Position> {
        self.spent.find(id, |position| self.spends(position, id))
    }
}

impl View for Book {
    fn asset(&self, ledger: u32) -> Option<AssetRegistered> {
        Self::asset(self, ledger).map(|asset| AssetRegistered { ledger, asset })
    }

    fn asset_by_code(&self, code: AssetCode) -> Option<AssetRegistered> {
        let ledger = *self.asset_codes.get(&code)?;
        Self::asset(self, ledger).map(|asset| AssetRegistered { ledger, asset })
    }

    #[inline]
    fn account(&self, id: Id) -> Option<u32> {
        self.accounts.find(id)
    }

    #[inline(always)]
    fn account_near(&self, id: Id, likely: u32) -> Option<u32> {
        if self.accounts.is(likely, id) { Some(likely) } else { View::account(self, id) }
    }

    fn account_count(&self) -> u32 {
        self.accounts.count()
    }

    #[inline(always)]
    fn head(&self, index: u32) -> Head {
        // INVARIANT: an index comes from `account`, so the head is there.
        self.accounts.head(index).unwrap_or(Head {
            id: Id::ZERO,
            ledger: 0,
            flags: AccountFlags::CLOSED,
            last: Position::NONE,
        })
    }

    #[inline(always)]
    fn balances(&self, index: u32) -> Balances {
        self.accounts.balances(index).unwrap_or_default()
    }

    fn account_timestamp(&self, index: u32) -> i64 {
        self.accounts.record(index).map_or(0, |record| record.timestamp)
    }

    fn opening(&self, index: u32) -> (i64, u64) {
        let event = self.accounts.record(index).map(|record| self.log.event(record.position));
        let header = event.and_then(|event| event::header(event).ok());
        header.map_or((0, 0), |(header, _)| (header.timestamp, header.sequence))
    }

    fn account_record(&self, index: u32) -> Option<NewAccount> {
        let record = self.accounts.record(index)?;
        match event::decode(self.log.event(record.position)).ok()? {
            (_, Body::AccountCreated(account)) => Some(account),
            _ => None,
        }
    }

    #[inline]
    fn spent(&self, id: Id) -> Option<Spent> {
        let position = self.position_of_spent(id)?;
        self.spent_at(position)
    }

    fn newest(&self) -> Newest {
        self.newest
    }

    fn is_account_timestamp(&self, timestamp: i64) -> bool {
        self.accounts.is_timestamp(timestamp)
    }

    fn is_transfer_timestamp(&self, timestamp: i64) -> bool {
        self.transfers_from(timestamp)
            .next()
            .is_some_and(|record| record.transfer.timestamp == timestamp)
    }
}

/// What was looked up ahead of their turn for a run of commands.
pub(crate) struct Ahead([[u32; 2]; TOUCHED]);

impl Ahead {
    pub(crate) const NONE: [u32; 2] = [u32::MAX; 2];

    pub(crate) fn new() -> Self {
        Self([Self::NONE; TOUCHED])
    }

    /// Where the accounts of the command at a place of the run most likely are.
    #[inline]
    pub(crate) fn likely(&self, place: usize) -> [u32; 2] {
        self.0.get(place).copied().unwrap_or(Self::NONE)
    }
}

impl Book {
    /// Looks up what a run of at most [`TOUCHED`] commands will read, all at once: the misses of one overlap with
    /// those of the next, where deciding one after another would wait for each.
    #[inline(never)]
    pub(crate) fn look_ahead(&self, commands: &[crate::Command], ahead: &mut Ahead) {
        let mut seen = 0;
        // Short loops, so that many turns of each are under way at once.
        for (command, likely) in commands.iter().zip(&mut ahead.0) {
            *likely = match command {
                crate::Command::Transfer(transfer) => [
                    self.accounts.guess(transfer.debit_account_id),
                    self.accounts.guess(transfer.credit_account_id),
                ],
                _ => Ahead::NONE,
            };
        }
        for [debit, credit] in &ahead.0 {
            seen ^= self.accounts.touch(*debit) ^ self.accounts.touch(*credit);
        }
        for command in commands {
            if let crate::Command::Transfer(transfer) = command {
                seen ^= self.spent.touch(transfer.id);
            }
        }
        std::hint::black_box(seen);
    }

    #[cold]
    fn spent_at(&self, position: Position) -> Option<Spent> {
        match event::header(self.log.event(position)).ok()?.1 {
            Kind::TransferFailed => Some(Spent::Failed),
            _ => self.record_at(position).map(|record| {
                Spent::Booked(Box::new(Booked {
                    transfer: record.transfer,
                    state: record.state,
                    position: Some(position),
                    sequence: record.sequence,
                }))
            }),
        }
    }

    /// The transfers booked at an instant or after it, oldest first.
    pub(super) fn transfers_from(&self, timestamp: i64) -> impl Iterator<Item = Record> {
        let stride = self.times.partition_point(|(at, _)| *at <= timestamp).saturating_sub(1);
        let first = self.times.get(stride).map_or(self.log.count(), |(_, sequence)| *sequence);
        self.log
            .from(first)
            .filter_map(|(position, _)| self.record_at(position))
            .skip_while(move |record| record.transfer.timestamp < timestamp)
    }
}
