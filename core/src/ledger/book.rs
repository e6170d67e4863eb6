//! The books in memory: assets, accounts with their balances, and the log that they follow from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::account::{AccountFlags, AccountKind, Balances, NewAccount};
use super::accounts::Accounts;
use super::image::Image;
use super::spent::SpentIds;
use super::status::TransferStatus;
use super::transfer::{PendingState, Transfer, TransferFlags};
use super::view::{Booked, Head, Newest, Spent, View};
use crate::Id;
use crate::PartError;
use crate::event::{self, AssetRegistered, Body, Kind};
use crate::log::{EventBytes, EventLog};
use crate::money::{Asset, AssetCode, AssetKind, iso4217};
use crate::pages::Pages;
use crate::part::{Cut, Part, Unreadable};

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
    /// Open holds, by sequence.
    pub(super) holds: BTreeMap<u64, OpenHold>,
    /// Those with a timeout: when they are due, and their sequences.
    pub(super) timeouts: BTreeSet<(i64, u64)>,
    pub(super) assets: BTreeMap<u32, Asset>,
    pub(super) asset_codes: BTreeMap<AssetCode, u32>,
    /// An image under way, but for its accounts.
    pub(super) image: Option<Box<Image>>,
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

/// A pending transfer that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenHold {
    pub(super) id: Id,
    /// When its time runs out, if it ever does.
    pub(super) due: Option<i64>,
}

/// What deciding knows of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountState {
    /// Its id.
    pub id: Id,
    /// The account above it in the chart; zero for none.
    pub parent: Id,
    /// The ledger number of its asset.
    pub ledger: u32,
    /// Its kind in the chart.
    pub kind: Option<AccountKind>,
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
            holds: BTreeMap::new(),
            timeouts: BTreeSet::new(),
            assets: BTreeMap::new(),
            asset_codes: BTreeMap::new(),
            image: None,
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

    /// How many parts of the history the host keeps, and how many events stand in them.
    #[must_use]
    pub fn parts(&self) -> (usize, u64) {
        (self.log.sealed.parts(), self.log.sealed.end())
    }

    /// Whether all of the history that was asked for could be read. If not, no answer of these books counts any more.
    ///
    /// # Errors
    /// What could not be read first.
    pub fn is_readable(&self) -> Result<(), Unreadable> {
        self.log.sealed.unreadable().map_or(Ok(()), |unreadable| Err(unreadable.clone()))
    }

    pub(crate) fn uncut(&self) -> usize {
        self.log.uncut()
    }

    pub(crate) fn cut(&mut self) -> Cut {
        self.spent.cut();
        self.log.cut()
    }

    pub(crate) fn take_back(&mut self, cut: Cut) {
        self.log.take_back(cut);
    }

    pub(crate) fn attach(&mut self, summary: &[u8], part: Box<dyn Part>) -> Result<(), PartError> {
        let count = self.log.count();
        for (hash, sequence) in self.log.sealed.attach(summary, part, count)? {
            self.spent.insert_stray(hash, sequence);
        }
        self.spent.attached(&self.log.sealed);
        self.log.free_sealed();
        Ok(())
    }

    /// Bytes of history in memory.
    #[must_use]
    pub fn history_bytes(&self) -> usize {
        self.log.bytes()
    }

    /// The bytes of an event.
    #[must_use]
    pub fn event(&self, sequence: u64) -> Option<EventBytes<'_>> {
        self.log.event(sequence)
    }

    /// The bytes of the events from a sequence on.
    pub fn events_from(&self, sequence: u64) -> impl Iterator<Item = EventBytes<'_>> {
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

    /// The smallest ledger number from 1,000 on that no asset has and that is not `taken`: ISO 4217 keeps to three
    /// digits. Zero, which no asset can have, where all are in use.
    #[must_use]
    pub fn free_ledger(&self, taken: impl Fn(u32) -> bool) -> u32 {
        let is_free = |ledger: &u32| !self.assets.contains_key(ledger) && !taken(*ledger);
        (1_000..=u32::MAX).find(is_free).unwrap_or(0)
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
        self.accounts_from(0)
    }

    /// The accounts behind so many, in the order in which they were opened.
    pub fn accounts_from(&self, behind: u32) -> impl Iterator<Item = Account> {
        (behind..self.accounts.count()).filter_map(|index| self.account_at(index))
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
        match event::decode(&self.log.event(self.sequence_of_spent(id)?)?).ok()? {
            (_, Body::TransferFailed(failed)) => Some(failed.status),
            _ => None,
        }
    }

    /// The transfer whose event has this sequence.
    #[must_use]
    pub fn record(&self, sequence: u64) -> Option<Record> {
        self.record_in(&self.log.event(sequence)?)
    }

    /// All transfers, oldest first.
    pub fn transfers(&self) -> impl Iterator<Item = Record> {
        self.log.from(0).filter_map(|(_, event)| self.record_in(&event))
    }

    /// The transfers of the transaction that a transfer belongs to; of a transfer alone, itself.
    #[must_use]
    pub fn transaction(&self, id: Id) -> Vec<Record> {
        let Some(record) = self.transfer(id) else { return Vec::new() };
        let first = record.sequence.saturating_sub(u64::from(record.transfer.group.index));
        let size = usize::from(record.transfer.group.size.max(1));
        self.log.from(first).take(size).filter_map(|(_, event)| self.record_in(&event)).collect()
    }

    /// The ids of the holds that are open, in the order in which they were placed.
    pub fn open_holds(&self) -> impl ExactSizeIterator<Item = Id> {
        self.holds.values().map(|hold| hold.id)
    }

    /// All accounts as far as deciding goes, in the order in which they were opened: nothing is read of the history.
    pub fn states(&self) -> impl Iterator<Item = AccountState> {
        (0..self.accounts.count()).filter_map(|index| {
            let (head, record) = (self.accounts.head(index)?, self.accounts.record(index)?);
            Some(AccountState {
                id: head.id,
                parent: record.parent,
                ledger: head.ledger,
                kind: record.kind,
                flags: head.flags,
                balances: self.accounts.balances(index)?,
            })
        })
    }

    /// How many open holds have a timeout.
    #[must_use]
    pub fn timeout_count(&self) -> usize {
        self.timeouts.len()
    }

    /// When the next hold runs out.
    #[must_use]
    pub fn next_timeout(&self) -> Option<i64> {
        self.timeouts.first().map(|(due, _)| *due)
    }

    pub(super) fn account_at(&self, index: u32) -> Option<Account> {
        Some(Account {
            opened: self.account_record(index)?,
            flags: self.accounts.head(index)?.flags,
            balances: self.accounts.balances(index)?,
        })
    }

    /// The transfer of an event.
    pub(super) fn record_in(&self, event: &[u8]) -> Option<Record> {
        match event::decode(event).ok()? {
            (header, Body::TransferCreated(transfer)) => {
                let state = self.pending_state(&transfer, header.sequence);
                Some(Record { transfer, sequence: header.sequence, state })
            }
            _ => None,
        }
    }

    /// What has become of a transfer, if it is a pending one.
    pub(super) fn pending_state(&self, transfer: &Transfer, sequence: u64) -> PendingState {
        match transfer.flags.has(TransferFlags::PENDING) {
            true => self.log.states.get(sequence),
            false => PendingState::None,
        }
    }

    /// Whether an event spends this id, under itself or under its key.
    fn spends(&self, sequence: u64, id: Id) -> bool {
        let Some(bytes) = self.log.event(sequence) else { return false };
        event::spent_id(&bytes) == Some(id) || self.is_keyed(&bytes, id)
    }

    #[cold]
    fn is_keyed(&self, bytes: &[u8], id: Id) -> bool {
        match event::decode(bytes) {
            Ok((_, Body::TransferCreated(transfer))) => {
                super::retry::transfer_key(&transfer) == Some(id)
            }
            _ => false,
        }
    }

    /// The event that spent an id, if one did.
    #[inline]
    pub(crate) fn sequence_of_spent(&self, id: Id) -> Option<u64> {
        self.spent.find(&self.log.sealed, id, |sequence| self.spends(sequence, id))
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
            last: 0,
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
        self.accounts.record(index).map_or((0, 0), |record| (record.timestamp, record.sequence))
    }

    fn account_record(&self, index: u32) -> Option<NewAccount> {
        let record = self.accounts.record(index)?;
        match event::decode(&self.log.event(record.sequence)?).ok()? {
            (_, Body::AccountCreated(account)) => Some(account),
            _ => None,
        }
    }

    #[inline]
    fn spent(&self, id: Id) -> Option<Spent> {
        let sequence = self.sequence_of_spent(id)?;
        self.spent_at(sequence)
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
    fn spent_at(&self, sequence: u64) -> Option<Spent> {
        let event = self.log.event(sequence)?;
        match event::header(&event).ok()?.1 {
            Kind::TransferFailed => Some(Spent::Failed),
            _ => self.record_in(&event).map(|Record { transfer, state, sequence }| {
                Spent::Booked(Box::new(Booked { transfer, state, sequence, is_planned: false }))
            }),
        }
    }

    /// A sequence before which no transfer is dated at an instant or after it. Transfers are dated in the order of the
    /// log: an import may not go behind the newest.
    pub(super) fn not_before(&self, timestamp: i64) -> u64 {
        let stride = self.times.partition_point(|(at, _)| *at < timestamp).saturating_sub(1);
        self.times.get(stride).map_or(self.log.count(), |(_, sequence)| *sequence)
    }

    /// A sequence from which on every transfer is dated after an instant; zero: the log's end.
    pub(super) fn not_after(&self, timestamp: i64) -> u64 {
        let later = self.times.partition_point(|(at, _)| *at <= timestamp);
        let first_later = self.times.get(later).filter(|_| timestamp != 0);
        first_later.map_or(self.log.count(), |(_, sequence)| *sequence)
    }

    /// The transfers booked at an instant or after it, oldest first.
    pub(super) fn transfers_from(&self, timestamp: i64) -> impl Iterator<Item = Record> {
        let first = self.not_before(timestamp);
        self.log
            .from(first)
            .filter_map(|(_, event)| self.record_in(&event))
            .skip_while(move |record| record.transfer.timestamp < timestamp)
    }
}
