//! Rows as commands that book the same again: under the same ids, at the same times.
//!
//! A hold whose time ran out moved nothing in the end and is left out; one that is open loses its time, since what is
//! imported has none. Both are told.

use std::collections::BTreeMap;

use thalium::api::{Account, Command, Extra, NewAsset, Transfer, TransferFlag};
use thalium::money::{AssetCode, AssetKind, iso4217};

use crate::read::Row;

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What books it; nothing for a row that is left out.
    pub command: Option<Command>,
    /// What is otherwise than in the row.
    pub told: Option<String>,
}

/// The asset of an account's row, if it is one that has to be registered.
///
/// # Errors
/// A cell that cannot be read.
pub fn asset(row: &Row) -> Result<Option<Command>, String> {
    let code = required(row, "asset")?;
    let parsed: AssetCode = code.parse().map_err(|error| format!("asset: {error}"))?;
    if iso4217::by_code(parsed).is_some() {
        return Ok(None);
    }
    let kind: AssetKind =
        named("asset_kind", row.get("asset_kind").map_or("crypto", String::as_str))?;
    let scale = required(row, "scale")?;
    let scale = scale.parse().map_err(|_| format!("scale: `{scale}` is no number from 0 to 38"))?;
    Ok(Some(NewAsset { code: code.to_owned(), scale, kind, ledger: None }.into()))
}

/// The account of a row.
///
/// # Errors
/// A cell that cannot be read.
pub fn account(row: &Row) -> Result<Made, String> {
    let mut flags: Vec<thalium::api::Flag> = words(row, "flags")?;
    let is_closed = flags.contains(&thalium::api::Flag::Closed);
    flags.retain(|flag| {
        !matches!(
            flag,
            thalium::api::Flag::Closed | thalium::api::Flag::Linked | thalium::api::Flag::Imported
        )
    });
    flags.push(thalium::api::Flag::Imported);
    let limit = thalium::api::Flag::DebitsMustNotExceedCredits;
    let account = Account {
        id: Some(required(row, "id")?.to_owned()),
        key: text(row, "key"),
        name: text(row, "name"),
        asset: required(row, "asset")?.to_owned(),
        kind: row.get("kind").map(|kind| named("kind", kind)).transpose()?,
        parent: row.get("parent").cloned(),
        code: number(row, "code")?,
        overdraft: !flags.contains(&limit),
        flags,
        user_data_128: row.get("user_data_128").cloned(),
        user_data_64: number(row, "user_data_64")?.unwrap_or(0),
        user_data_32: number(row, "user_data_32")?.unwrap_or(0),
        metadata: metadata(row)?,
        timestamp: Some(required(row, "opened_at")?.to_owned()),
        ..Account::default()
    };
    let told =
        is_closed.then(|| "it is closed there; a transfer of the table closes it here".to_owned());
    Ok(Made { command: Some(account.into()), told })
}

/// The transfer of a row.
///
/// # Errors
/// A cell that cannot be read.
pub fn transfer(row: &Row) -> Result<Made, String> {
    let mut flags: Vec<TransferFlag> = words(row, "flags")?;
    let is = |flag| flags.contains(&flag);
    let (is_post, is_void) = (is(TransferFlag::PostPending), is(TransferFlag::VoidPending));
    let state = row.get("state").map(String::as_str);
    if state == Some("expired") {
        let told = "the hold ran out and moved nothing: left out".to_owned();
        return Ok(Made { command: None, told: Some(told) });
    }
    // Amounts are what was moved, so nothing is to be balanced again; chains were decided.
    flags.retain(|flag| {
        use TransferFlag::{BalancingCredit, BalancingDebit, Imported, Linked};
        !matches!(flag, BalancingCredit | BalancingDebit | Imported | Linked)
    });
    flags.push(TransferFlag::Imported);
    let resolves = is_post || is_void;
    let amount = format!("{} {}", required(row, "amount")?, required(row, "asset")?);
    let side = |name| {
        if resolves { Ok(None) } else { required(row, name).map(|name| Some(name.to_owned())) }
    };
    let transfer = Transfer {
        id: Some(required(row, "id")?.to_owned()),
        key: text(row, "key"),
        from: side("from")?,
        to: side("to")?,
        amount: (!is_void).then_some(amount),
        pending: row.get("pending").cloned(),
        timeout: 0,
        flags,
        timestamp: Some(required(row, "timestamp")?.to_owned()),
        extra: Extra {
            description: text(row, "description"),
            metadata: metadata(row)?,
            effective_date: row.get("effective_date").cloned(),
            code: number(row, "code")?,
            user_data_128: row.get("user_data_128").cloned(),
            user_data_64: number(row, "user_data_64")?.unwrap_or(0),
            user_data_32: number(row, "user_data_32")?.unwrap_or(0),
            linked: false,
            ..Extra::default()
        },
    };
    let timed = number::<u32>(row, "timeout")?.is_some_and(|timeout| timeout > 0);
    let told = (timed && state == Some("pending"))
        .then(|| "the hold is open and has no time here: release it when it is due".to_owned());
    Ok(Made { command: Some(transfer.into()), told })
}

fn required<'a>(row: &'a Row, name: &str) -> Result<&'a str, String> {
    row.get(name).map(String::as_str).ok_or_else(|| format!("{name} is missing"))
}

fn text(row: &Row, name: &str) -> String {
    row.get(name).cloned().unwrap_or_default()
}

fn number<N: std::str::FromStr>(row: &Row, name: &str) -> Result<Option<N>, String> {
    let Some(text) = row.get(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| format!("{name}: `{text}` is no whole number, or too large"))
}

/// Names with spaces between them.
fn words<F: serde::de::DeserializeOwned>(row: &Row, name: &str) -> Result<Vec<F>, String> {
    let words = row.get(name).map(String::as_str).unwrap_or_default();
    words.split_whitespace().map(|word| named(name, word)).collect()
}

fn named<F: serde::de::DeserializeOwned>(name: &str, word: &str) -> Result<F, String> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|error| format!("{name}: {error}"))
}

fn metadata(row: &Row) -> Result<BTreeMap<String, String>, String> {
    let Some(text) = row.get("metadata") else { return Ok(BTreeMap::new()) };
    serde_json::from_str(text).map_err(|error| format!("metadata: {error}"))
}
