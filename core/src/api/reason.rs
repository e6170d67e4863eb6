//! Why a command was refused, for people: in the names that the caller used, with what stands in the books.

use super::command::Command;
use super::legs;
use super::outcome::{Outcome, kind_name, text};
use super::party;
use super::view::name_of;
use crate::ledger::Book;
use crate::ledger::account::AccountFlags;
use crate::ledger::status::{AccountStatus, AssetStatus, TransferStatus};
use crate::ledger::transfer::Transfer;
use crate::outcome::Status;
use crate::{Engine, Id};

/// Fills in the reason, and which account lacks what.
pub(super) fn explain(
    engine: &Engine,
    asked: &Command,
    command: &crate::Command,
    status: Status,
    told: &mut Outcome,
) {
    let book = engine.book();
    told.reason = Some(match (status, command) {
        (Status::Asset(status), crate::Command::Asset(asset)) => of_asset(book, asset, status),
        (Status::Account(status), crate::Command::Account(account)) => {
            of_account(book, asked, account, status)
        }
        (Status::Transfer(status), crate::Command::Transfer(transfer)) => {
            lacking(book, asked, transfer, status, told);
            of_transfer(book, asked, transfer, status)
        }
        (Status::Transfer(status), crate::Command::Transaction(transaction)) => {
            let of_legs = match asked {
                Command::Transaction(asked) => {
                    legs::explain(book, asked, transaction, status, told)
                }
                _ => None,
            };
            of_legs
                .or_else(|| spent(book, asked, transaction.id, status))
                .unwrap_or_else(|| plain(status.name()))
        }
        (Status::Party(status), crate::Command::Party(change)) => {
            party::explain(engine, change, status).unwrap_or_else(|| plain(status.name()))
        }
        _ => plain(status.name()),
    });
}

fn plain(name: &str) -> String {
    name.replace('_', " ")
}

fn of_asset(book: &Book, asked: &crate::event::AssetRegistered, status: AssetStatus) -> String {
    use AssetStatus as S;
    let there = |ledger| book.asset(ledger);
    match status {
        S::LedgerAlreadyTaken => match there(asked.ledger) {
            Some(asset) => format!("ledger number {} is `{}`'s", asked.ledger, asset.code()),
            None => plain(status.name()),
        },
        S::ExistsWithDifferentScale | S::ExistsWithDifferentKind | S::ExistsWithDifferentLedger => {
            let ledger = book.ledger_of(asked.asset.code());
            match ledger.and_then(|ledger| Some((ledger, there(ledger)?))) {
                Some((ledger, asset)) => format!(
                    "`{}` is there as {} with {} digits and ledger number {ledger}",
                    asset.code(),
                    kind_name(asset.kind()),
                    asset.scale()
                ),
                None => plain(status.name()),
            }
        }
        _ => plain(status.name()),
    }
}

fn of_account(
    book: &Book,
    asked: &Command,
    account: &crate::NewAccount,
    status: AccountStatus,
) -> String {
    use AccountStatus as S;
    let parent = match asked {
        Command::Account(account) => account.parent.clone().unwrap_or_default(),
        _ => String::new(),
    };
    match status {
        S::ParentNotFound => format!("there is no account `{parent}` to stand under"),
        S::ExistsWithDifferentParent => match book.account(account.id) {
            Some(old) if old.opened.parent == Id::ZERO => {
                "it was opened under no other account".to_owned()
            }
            Some(old) => format!("it was opened under `{}`", name_of(book, old.opened.parent)),
            None => plain(status.name()),
        },
        S::ExistsWithDifferentLedger => match book.account(account.id) {
            Some(old) => match book.asset(old.opened.ledger) {
                Some(asset) => format!("it was opened in `{}`", asset.code()),
                None => plain(status.name()),
            },
            None => plain(status.name()),
        },
        S::ExistsWithDifferentKind => match book.account(account.id).and_then(|a| a.opened.kind) {
            Some(kind) => format!("it was opened as {}", kind.name()),
            None => "it was opened without a kind".to_owned(),
        },
        _ => plain(status.name()),
    }
}

fn of_transfer(
    book: &Book,
    asked: &Command,
    transfer: &Transfer,
    status: TransferStatus,
) -> String {
    use TransferStatus as S;
    if let Some(reason) = spent(book, asked, transfer.id, status) {
        return reason;
    }
    let no_account = |name: String| format!("there is no account `{name}`");
    match status {
        S::DebitAccountNotFound => no_account(account_name(book, asked, transfer, true)),
        S::CreditAccountNotFound => no_account(account_name(book, asked, transfer, false)),
        _ => of_hold(book, asked, transfer, status).unwrap_or_else(|| plain(status.name())),
    }
}

/// What is said of a hold that a capture or a release names.
fn of_hold(
    book: &Book,
    asked: &Command,
    transfer: &Transfer,
    status: TransferStatus,
) -> Option<String> {
    use TransferStatus as S;
    let hold = hold_name(asked, transfer);
    let held = || {
        let held = book.transfer(transfer.pending_id)?.transfer;
        Some(text(book, held.ledger, held.amount))
    };
    Some(match status {
        S::PendingTransferNotFound => format!("there is no hold `{hold}`"),
        S::PendingTransferNotPending => format!("`{hold}` is no hold"),
        S::PendingTransferAlreadyPosted => format!("hold `{hold}` was captured before"),
        S::PendingTransferAlreadyVoided => format!("hold `{hold}` was released before"),
        S::PendingTransferExpired => format!("hold `{hold}` has run out"),
        S::ExceedsPendingTransferAmount | S::PendingTransferHasDifferentAmount => {
            let ledger = book.transfer(transfer.pending_id)?.transfer.ledger;
            format!("hold `{hold}` is of {}, not {}", held()?, text(book, ledger, transfer.amount))
        }
        _ => return None,
    })
}

/// What is said of a key or id that is taken.
fn spent(book: &Book, asked: &Command, id: Id, status: TransferStatus) -> Option<String> {
    use TransferStatus as S;
    if status == S::IdAlreadyFailed {
        let why = book.failure(id)?.name();
        return Some(format!(
            "an earlier attempt under this name was refused ({why}), which spent the name: use a new one"
        ));
    }
    let booked = book.transfer(id)?.transfer;
    let asked_for = match asked {
        Command::Post(post) => Some(post.amount.clone()),
        Command::Hold(hold) => Some(hold.amount.clone()),
        Command::Capture(capture) => capture.amount.clone(),
        Command::Transfer(transfer) => transfer.amount.clone(),
        _ => None,
    };
    Some(match status {
        S::ExistsWithDifferentAmount => {
            let amount = text(book, booked.ledger, booked.amount);
            match asked_for {
                Some(other) => format!("it is booked with {amount}, this asks for {other}"),
                None => format!("it is booked with {amount}"),
            }
        }
        S::ExistsWithDifferentDebitAccountId => {
            format!("it is booked from `{}`", name_of(book, booked.debit_account_id))
        }
        S::ExistsWithDifferentCreditAccountId => {
            let onward = matches!(asked, Command::Capture(_)).then(|| booked.id.part(1));
            let onward = onward.and_then(|id| book.transfer(id)).map(|record| record.transfer);
            let to = onward.map_or(booked.credit_account_id, |onward| onward.credit_account_id);
            format!("it is booked to `{}`", name_of(book, to))
        }
        S::ExistsWithDifferentLedger => {
            format!("it is booked in `{}`", book.asset(booked.ledger)?.code())
        }
        S::ExistsWithDifferentTimeout => {
            format!("it is booked with a timeout of {} s", booked.timeout)
        }
        S::ExistsWithDifferentDetail => {
            "it is booked with another description or other metadata, or its key is another's"
                .to_owned()
        }
        _ => return None,
    })
}

/// Says which account lacks what, in the customer's view.
fn lacking(
    book: &Book,
    asked: &Command,
    transfer: &Transfer,
    status: TransferStatus,
    told: &mut Outcome,
) {
    use TransferStatus as S;
    let is_debit = match status {
        S::ExceedsCredits | S::DebitAccountNotFound | S::DebitAccountAlreadyClosed => true,
        S::ExceedsDebits | S::CreditAccountNotFound | S::CreditAccountAlreadyClosed => false,
        _ => return,
    };
    told.account = Some(account_name(book, asked, transfer, is_debit));
    let Some(account) = book.account(side_of(book, transfer, is_debit)) else { return };
    let balances = account.balances;
    let limited = account.flags.has(AccountFlags::DEBITS_MUST_NOT_EXCEED_CREDITS)
        || account.flags.has(AccountFlags::CREDITS_MUST_NOT_EXCEED_DEBITS);
    if limited && matches!(status, S::ExceedsCredits | S::ExceedsDebits) {
        let left = if is_debit { balances.debits_left() } else { balances.credits_left() };
        told.have = Some(text(book, transfer.ledger, left));
        told.need = Some(text(book, transfer.ledger, transfer.amount));
    }
}

/// The account on a side; what resolves a hold names none, and has the hold's.
fn side_of(book: &Book, transfer: &Transfer, is_debit: bool) -> Id {
    let side = |transfer: &Transfer| {
        if is_debit { transfer.debit_account_id } else { transfer.credit_account_id }
    };
    match side(transfer) {
        Id::ZERO => book.transfer(transfer.pending_id).map_or(Id::ZERO, |h| side(&h.transfer)),
        own => own,
    }
}

/// The account's key; of one that does not exist, the name that the caller gave.
fn account_name(book: &Book, asked: &Command, transfer: &Transfer, is_debit: bool) -> String {
    let id = side_of(book, transfer, is_debit);
    if book.account(id).is_some() {
        return name_of(book, id);
    }
    let given = match asked {
        Command::Post(post) => Some(if is_debit { &post.from } else { &post.to }),
        Command::Hold(hold) if is_debit => Some(&hold.from),
        Command::Hold(hold) => hold.to.as_ref(),
        Command::Capture(capture) if !is_debit => capture.to.as_ref(),
        Command::Transfer(transfer) if is_debit => transfer.from.as_ref(),
        Command::Transfer(transfer) => transfer.to.as_ref(),
        _ => None,
    };
    match (given, asked, book.asset(transfer.ledger)) {
        (Some(name), ..) => name.clone(),
        // A hold without a destination stands in the account of its asset's holds.
        (None, Command::Hold(_), Some(asset)) => format!("holds:{}", asset.code()),
        _ => id.to_string(),
    }
}

fn hold_name(asked: &Command, transfer: &Transfer) -> String {
    match asked {
        Command::Capture(capture) => capture.hold.clone(),
        Command::Release(release) => release.hold.clone(),
        Command::Transfer(asked) => {
            asked.pending.clone().unwrap_or_else(|| transfer.pending_id.to_string())
        }
        _ => transfer.pending_id.to_string(),
    }
}
