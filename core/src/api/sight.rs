//! What someone may see who asks: everything, or what is a broker's.
//!
//! A broker is a subtree of the book: it sees itself, its clients and the accounts that one of them owns or operates. Of what moves
//! between those and others it sees its own side.

use super::party::the_party;
use super::resolve::{Invalid, invalid};
use super::view::{
    AccountView, EntryView, StatementView, TransferView, account_view, entry_view, name_of,
    statement_with, transfer_name, transfer_view,
};
use crate::ledger::book::{Account, Record};
use crate::ledger::query::Entry;
use crate::ledger::transfer::Transfer;
use crate::ledger::{Book, View};
use crate::party::{AccountRole, Party, PartyKind, Registry};
use crate::time::date_of;
use crate::{Engine, Id};

/// What may be seen.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    engine: &'a Engine,
    /// The broker whose sight it is; everything, where there is none.
    broker: Option<Id>,
    /// The day of the newest event.
    today: i32,
}

impl<'a> Sight<'a> {
    /// Everything.
    #[must_use]
    pub fn whole(engine: &'a Engine) -> Self {
        Self { engine, broker: None, today: date_of(engine.book().clock()) }
    }

    /// What a broker sees; everything, where no viewer is named.
    ///
    /// # Errors
    /// A viewer that is not there, or that is no broker.
    pub fn of(engine: &'a Engine, viewer: Option<&str>) -> Result<Self, Invalid> {
        let whole = Self::whole(engine);
        let Some(viewer) = viewer else { return Ok(whole) };
        let party = the_party(&whole, "viewer", viewer)?;
        if party.kind != PartyKind::Broker {
            return Err(invalid("viewer", "is no broker: name one, or leave it out to see all"));
        }
        Ok(Self { broker: Some(party.id), ..whole })
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &'a Engine {
        self.engine
    }

    /// The books.
    #[must_use]
    pub fn book(&self) -> &'a Book {
        self.engine.book()
    }

    /// The registry.
    #[must_use]
    pub fn parties(&self) -> &'a Registry {
        self.engine.parties()
    }

    /// Whether all is seen.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.broker.is_none()
    }

    /// Refuses a question that is about all of the book.
    ///
    /// # Errors
    /// It is a broker's sight.
    pub fn must_be_whole(&self) -> Result<(), Invalid> {
        if self.is_whole() {
            return Ok(());
        }
        Err(invalid("viewer", "is a broker, and this is about all of the book: leave it out"))
    }

    /// The broker whose sight it is.
    pub(super) fn broker(&self) -> Option<Id> {
        self.broker
    }

    /// Whether a party is seen.
    #[must_use]
    pub fn sees_party(&self, party: &Party) -> bool {
        self.broker.is_none_or(|broker| party.id == broker || party.broker == broker)
    }

    /// Whether the party is seen that is found under an id.
    pub(super) fn sees_party_of(&self, id: Id) -> bool {
        self.is_whole() || self.parties().party(id).is_some_and(|party| self.sees_party(party))
    }

    /// Whether an account is seen.
    #[must_use]
    pub fn sees_account(&self, account: Id) -> bool {
        self.is_whole()
            || self.parties().holders_of(self.own(account)).any(|(party, role, span)| {
                role != AccountRole::Viewer && span.holds(self.today) && self.sees_party(party)
            })
    }

    /// Whether one side of a transfer is seen.
    #[must_use]
    pub fn sees_transfer(&self, transfer: &Transfer) -> bool {
        self.sees_account(transfer.debit_account_id)
            || self.sees_account(transfer.credit_account_id)
    }

    /// Whether an account is another party's, so that not even its name is told.
    fn hides(&self, account: Id) -> bool {
        let is_other = |(party, ..): (&Party, _, _)| !self.sees_party(party);
        !self.sees_account(account) && self.parties().holders_of(self.own(account)).any(is_other)
    }

    /// Whether one side of a transfer is another party's.
    fn hides_side(&self, transfer: &Transfer) -> bool {
        self.hides(transfer.debit_account_id) || self.hides(transfer.credit_account_id)
    }

    /// Whether what a transfer says may be of another party: it, another of its transaction, or that by which captured money goes on
    /// touches an account of another's.
    fn tells_of_others(&self, record: &Record) -> bool {
        if self.is_whole() {
            return false;
        }
        let transfer = &record.transfer;
        let book = self.book();
        let hides = |other: &Record| self.hides_side(&other.transfer);
        hides(record)
            || book.transfer(transfer.id.part(1)).is_some_and(|onward| hides(&onward))
            || transfer.group.size > 1 && book.transaction(transfer.id).iter().any(hides)
    }

    /// To whom a detail is sealed, where that is seen.
    fn subject(&self, subject: Option<Id>) -> Option<Id> {
        subject.filter(|id| self.sees_party_of(*id))
    }

    /// An account that is there and seen, by its id or that of its key.
    #[must_use]
    pub fn account(&self, id: Id) -> Option<Account> {
        self.book().account(id).filter(|account| self.sees_account(account.opened.id))
    }

    /// An account as it is seen.
    #[must_use]
    pub fn account_view(&self, account: &Account) -> AccountView {
        let mut view = account_view(self.book(), account);
        if !self.sees_account(account.opened.parent) {
            view.parent = None;
        }
        view.subject = self.subject(view.subject);
        view
    }

    /// A transfer as it is seen.
    #[must_use]
    pub fn transfer_view(&self, record: &Record) -> TransferView {
        let mut view = transfer_view(self.book(), record);
        let sides = [
            (record.transfer.debit_account_id, &mut view.from),
            (record.transfer.credit_account_id, &mut view.to),
        ];
        for (account, name) in sides {
            if self.hides(account) {
                name.clear();
            }
        }
        view.subject = self.subject(view.subject);
        // Whose words they are, nobody knows: they may tell of the other party.
        if self.tells_of_others(record) {
            view.key.clear();
            view.description.clear();
            view.metadata.clear();
            view.hold = view.pending.map(|hold| hold.to_string());
        }
        view
    }

    /// A line of an account's as it is seen.
    #[must_use]
    pub fn entry_view(&self, account: &Account, entry: &Entry) -> EntryView {
        let mut view = entry_view(self.book(), account.opened.kind, entry);
        view.subject = self.subject(view.subject);
        if self.is_whole() {
            return view;
        }
        if self.hides_side(&entry.record.transfer) {
            view.counterparty.clear();
        }
        if self.tells_of_others(&entry.record) {
            view.description.clear();
            view.transfer = self.first_of(&entry.record).to_string();
        }
        view
    }

    /// The key of a transfer or of the transaction that it is part of, where it tells of no one else; the id of its first transfer
    /// otherwise.
    pub(super) fn transfer_name(&self, record: &Record) -> String {
        if self.tells_of_others(record) {
            self.first_of(record).to_string()
        } else {
            transfer_name(self.book(), record)
        }
    }

    /// The id of a transfer; of one that is part of a transaction, that of its first.
    fn first_of(&self, record: &Record) -> Id {
        let behind = u64::from(record.transfer.group.index);
        let first = self.book().record(record.sequence.saturating_sub(behind));
        first.map_or(record.transfer.id, |first| first.transfer.id)
    }

    /// The transfers of a transaction, or one of its own, as far as they are seen.
    #[must_use]
    pub fn transaction(&self, id: Id) -> Vec<TransferView> {
        let found = self.book().transaction(id);
        let seen = found.iter().filter(|record| self.sees_transfer(&record.transfer));
        seen.map(|record| self.transfer_view(record)).collect()
    }

    /// The name of a transfer that was read; its id where it is not seen.
    pub(super) fn transfer_named(&self, id: Id) -> String {
        let record = self.book().transfer(id);
        let seen = record.filter(|record| self.is_whole() || self.sees_transfer(&record.transfer));
        seen.map_or_else(|| id.to_string(), |record| self.transfer_name(&record))
    }

    /// The name of an account that was read; its id where it is not seen.
    pub(super) fn account_named(&self, id: Id) -> String {
        if self.sees_account(id) { name_of(self.book(), id) } else { id.to_string() }
    }

    /// The statement of an account that is seen, between two instants, both included; zero: open.
    #[must_use]
    pub fn statement(&self, id: Id, from: i64, to: i64) -> Option<StatementView> {
        let account = self.account(id)?;
        let statement = self.book().statement(id, from, to)?;
        Some(statement_with(self.book(), &statement, |entry| self.entry_view(&account, entry)))
    }

    /// The own id of an account.
    fn own(&self, account: Id) -> Id {
        let book = self.book();
        View::account(book, account).map_or(account, |index| book.head(index).id)
    }
}
