//! Accounts and transfers as rows.

use std::collections::BTreeMap;

use thalium::Id;
use thalium::api::rollup::KlineView;
use thalium::api::{account_view, transfer_view};
use thalium::ledger::Book;
use thalium::ledger::book::{Account, Record};
use thalium::money::Amount;
use thalium::time::parse_instant;

use crate::table::Cell;

/// The row of an account, in the columns of [`Table::Accounts`](crate::Table::Accounts).
#[must_use]
pub fn account_row(book: &Book, account: &Account) -> Vec<Cell> {
    let (opened, balances) = (&account.opened, &account.balances);
    let view = account_view(book, account);
    vec![
        Cell::text(view.id.to_string()),
        Cell::text(view.key),
        Cell::text(view.name),
        Cell::text(view.asset),
        Cell::text(view.asset_kind),
        scale(book, opened.ledger),
        view.kind.map_or(Cell::Nothing, |kind| Cell::text(kind.name())),
        view.parent.map_or(Cell::Nothing, Cell::text),
        Cell::Count(view.code.into()),
        Cell::text(view.flags.join(" ")),
        Cell::Instant(opened.timestamp),
        Cell::Units(balances.debits_pending),
        Cell::Units(balances.debits_posted),
        Cell::Units(balances.credits_pending),
        Cell::Units(balances.credits_posted),
        Cell::text(view.balances.balance),
        Cell::text(view.balances.available),
        user_data(opened.user_data_128),
        count(opened.user_data_64),
        count(opened.user_data_32.into()),
        metadata(&view.metadata),
    ]
}

/// The row of a transfer, in the columns of [`Table::Transfers`](crate::Table::Transfers).
#[must_use]
pub fn transfer_row(book: &Book, record: &Record) -> Vec<Cell> {
    let transfer = &record.transfer;
    let view = transfer_view(book, record);
    let asset = book.asset(transfer.ledger);
    vec![
        Cell::Count(record.sequence),
        Cell::Instant(transfer.timestamp),
        Cell::Date(transfer.date()),
        Cell::text(view.id.to_string()),
        Cell::text(view.key),
        Cell::text(view.from),
        Cell::text(view.to),
        asset.map_or(Cell::Nothing, |asset| Cell::text(asset.code().as_str())),
        scale(book, transfer.ledger),
        Cell::Units(transfer.amount),
        asset.map_or(Cell::Nothing, |asset| {
            Cell::text(Amount::from_units(transfer.amount).to_text(asset.scale()))
        }),
        match view.state.as_str() {
            "none" => Cell::Nothing,
            state => Cell::text(state),
        },
        view.pending.map_or(Cell::Nothing, |id| Cell::text(id.to_string())),
        count(view.timeout.into()),
        Cell::Count(view.code.into()),
        Cell::text(view.flags.join(" ")),
        view.transaction.map_or(Cell::Nothing, Cell::Count),
        user_data(transfer.user_data_128),
        count(transfer.user_data_64),
        count(transfer.user_data_32.into()),
        Cell::text(view.description),
        metadata(&view.metadata),
    ]
}

/// The row of a candle, in the columns of [`Table::Klines`](crate::Table::Klines).
#[must_use]
pub fn kline_row(symbol: &str, width: &str, kline: &KlineView) -> Vec<Cell> {
    let instant = |text: &str| parse_instant(text).map_or(Cell::Nothing, Cell::Instant);
    let text = |text: &String| Cell::text(text.clone());
    vec![
        Cell::text(symbol),
        Cell::text(width),
        instant(&kline.start),
        instant(&kline.end),
        text(&kline.open),
        text(&kline.high),
        text(&kline.low),
        text(&kline.close),
        text(&kline.volume),
        text(&kline.turnover),
        kline.average.as_ref().map_or(Cell::Nothing, text),
        Cell::Count(kline.trades),
        text(&kline.buy_volume),
        text(&kline.buy_turnover),
        text(&kline.sell_volume),
        text(&kline.sell_turnover),
        Cell::text(kline.closed.to_string()),
        Cell::Count(kline.revision.into()),
    ]
}

fn scale(book: &Book, ledger: u32) -> Cell {
    book.asset(ledger).map_or(Cell::Nothing, |asset| Cell::Count(asset.scale().into()))
}

fn user_data(number: u128) -> Cell {
    if number == 0 { Cell::Nothing } else { Cell::text(Id(number).to_string()) }
}

fn count(number: u64) -> Cell {
    if number == 0 { Cell::Nothing } else { Cell::Count(number) }
}

/// Metadata is one JSON object in a cell.
fn metadata(metadata: &BTreeMap<String, String>) -> Cell {
    match metadata.is_empty() {
        true => Cell::Nothing,
        // INVARIANT: a map of texts is always JSON.
        false => Cell::text(serde_json::to_string(metadata).unwrap_or_default()),
    }
}
