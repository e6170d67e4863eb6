//! What leaves a ledger as a table and comes again, and what other ledgers hold, as plain data.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::{Thalium, TransferQuery};

/// Which table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TableName {
    /// The accounts with their balances.
    Accounts,
    /// Transfers, oldest first.
    #[default]
    Transfers,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TableForm {
    /// Comma-separated, with a head.
    Csv,
    /// An object a line.
    Jsonl,
    /// Parquet.
    Parquet,
}

/// A table to write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExportTable {
    /// Which.
    pub table: TableName,
    /// The file, which is there whole or not at all.
    pub file: PathBuf,
    /// How; by default as the file's name tells.
    #[serde(default)]
    pub form: Option<TableForm>,
    /// Which transfers.
    #[serde(default)]
    pub query: TransferQuery,
}

/// Tables to take in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ImportTables {
    /// The accounts, as they were exported.
    pub accounts: Option<PathBuf>,
    /// The transfers.
    pub transfers: Option<PathBuf>,
    /// How they are written; by default as their names tell.
    pub form: Option<TableForm>,
}

/// What to take over from Blnk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportBlnk {
    /// The directory with the lists that its API returned.
    pub from: PathBuf,
    /// The asset that stands for a currency, where it is not the one of the same code.
    #[serde(default)]
    pub assets: BTreeMap<String, String>,
    /// Leaves out the metadata of its records.
    #[serde(default)]
    pub without_metadata: bool,
    /// Only tells what would come out.
    #[serde(default)]
    pub dry_run: bool,
    /// Imports although money is missing or counted otherwise.
    #[serde(default)]
    pub accept_differences: bool,
}

/// What came of what Blnk holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlnkReport {
    /// Whether it was imported.
    pub imported: bool,
    /// Its balances.
    pub balances: u64,
    /// Its transactions.
    pub transactions: u64,
    /// Of them, those that moved or held nothing.
    pub not_booked: u64,
    /// Accounts here.
    pub accounts: u64,
    /// Transfers here.
    pub transfers: u64,
    /// What differs.
    pub differences: Vec<BlnkDifference>,
}

/// What differs from what Blnk holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlnkDifference {
    /// What kind it is, by its stable name.
    pub kind: String,
    /// Whether money is missing or counted otherwise.
    pub is_serious: bool,
    /// The record of Blnk's.
    pub record: String,
    /// What differs.
    pub detail: String,
}

#[cfg(not(all(feature = "tables", feature = "blnk")))]
fn unsupported(what: &str) -> Failure {
    Failure::unsupported(&format!("this build writes and reads no {what}"))
}

#[cfg(feature = "tables")]
pub(super) fn export_table(ledger: &Thalium, call: &ExportTable) -> Result<u64, Failure> {
    use crate::Exported;

    let form = form_of("file", call.form, &call.file)?;
    let what = match call.table {
        TableName::Accounts => Exported::Accounts,
        TableName::Transfers => Exported::Transfers(&call.query),
    };
    Ok(ledger.export_file(what, form, &call.file, |_| {})?)
}

#[cfg(feature = "tables")]
pub(super) fn import_tables(
    ledger: &Thalium,
    call: &ImportTables,
) -> Result<crate::TablesReport, Failure> {
    if call.accounts.is_none() && call.transfers.is_none() {
        return Err(Failure::usage("accounts", "is missing, and so is `transfers`: give a file"));
    }
    fn given<'a>(
        field: &str,
        path: &'a Option<PathBuf>,
        form: Option<TableForm>,
    ) -> Result<Option<(&'a std::path::Path, thalium_tables::Form)>, Failure> {
        let Some(path) = path.as_deref() else { return Ok(None) };
        Ok(Some((path, form_of(field, form, path)?)))
    }
    let accounts = given("accounts", &call.accounts, call.form)?;
    Ok(ledger.import_files(accounts, given("transfers", &call.transfers, call.form)?, |_| {})?)
}

#[cfg(feature = "tables")]
fn form_of(
    field: &str,
    named: Option<TableForm>,
    path: &std::path::Path,
) -> Result<thalium_tables::Form, Failure> {
    use thalium_tables::Form;

    let named = named.map(|form| match form {
        TableForm::Csv => Form::Csv,
        TableForm::Jsonl => Form::JsonLines,
        TableForm::Parquet => Form::Parquet,
    });
    named.or_else(|| Form::of(path)).ok_or_else(|| {
        Failure::usage(
            field,
            "does not tell its form: name it .csv, .jsonl or .parquet, or say `form`",
        )
    })
}

#[cfg(feature = "blnk")]
pub(super) fn import_blnk(ledger: &Thalium, call: &ImportBlnk) -> Result<BlnkReport, Failure> {
    use crate::blnk::{Export, Options, Plan};

    let export = Export::read(&call.from).map_err(|error| Failure::usage("from", error))?;
    let options = Options { assets: call.assets.clone(), without_metadata: call.without_metadata };
    let plan = Plan::of(&export, &options);
    drop(export);
    let (imported, differences) = match call.dry_run {
        true => (false, crate::rehearse_blnk(&plan, |_| {})?),
        false => ledger.import_blnk_rehearsed(&plan, call.accept_differences, |_, _| {})?,
    };
    let told = |own: &crate::blnk::Difference| BlnkDifference {
        kind: own.kind.name().to_owned(),
        is_serious: own.kind.is_serious(),
        record: own.record.clone(),
        detail: own.detail.clone(),
    };
    Ok(BlnkReport {
        imported,
        balances: plan.counts.balances,
        transactions: plan.counts.transactions,
        not_booked: plan.counts.not_booked,
        accounts: plan.accounts.len() as u64,
        transfers: plan.transfers.len() as u64,
        differences: differences.iter().map(told).collect(),
    })
}

#[cfg(not(feature = "tables"))]
pub(super) fn export_table(_: &Thalium, _: &ExportTable) -> Result<u64, Failure> {
    Err(unsupported("tables"))
}

#[cfg(not(feature = "tables"))]
pub(super) fn import_tables(_: &Thalium, _: &ImportTables) -> Result<(), Failure> {
    Err(unsupported("tables"))
}

#[cfg(not(feature = "blnk"))]
pub(super) fn import_blnk(_: &Thalium, _: &ImportBlnk) -> Result<BlnkReport, Failure> {
    Err(unsupported("lists of Blnk's"))
}
