//! Reading what Blnk's API returned.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;

use crate::record::{Balance, Identity, Ledger, Transaction};

/// The most bytes of a file that are read.
pub const FILE_MAX: u64 = 4 << 30;

/// What Blnk holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// The ledgers.
    pub ledgers: Vec<Ledger>,
    /// The balances.
    pub balances: Vec<Balance>,
    /// The transactions.
    pub transactions: Vec<Transaction>,
    /// The identities.
    pub identities: Vec<Identity>,
    /// Records that came twice: pages of a list may overlap.
    pub repeated: u64,
}

/// An export that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file cannot be read.
    #[error("`{file}` cannot be read: {source}")]
    File {
        /// The file.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// Neither balances nor transactions are there.
    #[error(
        "`{0}` has no balances.json and no transactions.json: put what GET /balances and GET /transactions return there"
    )]
    Nothing(String),
    /// A file is too long.
    #[error("`{0}` has more than {FILE_MAX} bytes: import fewer transactions at a time")]
    Long(String),
    /// A record cannot be read.
    #[error("`{file}`, record {record}: {why}")]
    Record {
        /// The file.
        file: String,
        /// Which record, from one.
        record: usize,
        /// What is wrong with it.
        why: String,
    },
}

impl Export {
    /// Reads `ledgers`, `balances`, `transactions` and `identities` of a directory, each as `.json` or `.jsonl`: arrays as
    /// the API returns them, one page behind the other or in one, or a record a line. Ledgers and identities may lack.
    ///
    /// # Errors
    /// What cannot be read, and where.
    pub fn read(directory: &Path) -> Result<Self, ReadError> {
        let mut export = Self::default();
        let mut found = [false; 4];
        for (index, name) in
            ["ledgers", "balances", "transactions", "identities"].into_iter().enumerate()
        {
            for extension in ["json", "jsonl"] {
                let path = directory.join(format!("{name}.{extension}"));
                let shown = path.display().to_string();
                let Some(bytes) = bytes_of(&path, &shown)? else { continue };
                if let Some(found) = found.get_mut(index) {
                    *found = true;
                }
                match index {
                    0 => export.ledgers.extend(records(&shown, &bytes)?),
                    1 => export.balances.extend(records(&shown, &bytes)?),
                    2 => export.transactions.extend(records(&shown, &bytes)?),
                    _ => export.identities.extend(records(&shown, &bytes)?),
                }
            }
        }
        if !found[1] && !found[2] {
            return Err(ReadError::Nothing(directory.display().to_string()));
        }
        export.settle();
        Ok(export)
    }

    /// Reads the four lists from memory, as [`Export::read`] does from files.
    ///
    /// # Errors
    /// What cannot be read, and where.
    pub fn from_json(
        ledgers: &[u8],
        balances: &[u8],
        transactions: &[u8],
        identities: &[u8],
    ) -> Result<Self, ReadError> {
        let mut export = Self {
            ledgers: records("ledgers", ledgers)?,
            balances: records("balances", balances)?,
            transactions: records("transactions", transactions)?,
            identities: records("identities", identities)?,
            repeated: 0,
        };
        export.settle();
        Ok(export)
    }

    /// Drops what came twice: Blnk's lists have no stable order, so pages that were fetched one after another overlap.
    fn settle(&mut self) {
        let before = self.balances.len() + self.transactions.len();
        let mut seen = BTreeSet::new();
        self.balances.retain(|balance| seen.insert(balance.balance_id.clone()));
        seen.clear();
        self.transactions.retain(|own| seen.insert(own.transaction_id.clone()));
        self.repeated = (before - self.balances.len() - self.transactions.len()) as u64;
    }
}

fn bytes_of(path: &Path, shown: &str) -> Result<Option<Vec<u8>>, ReadError> {
    let failed = |source| ReadError::File { file: shown.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut bytes = Vec::new();
    file.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(ReadError::Long(shown.to_owned()));
    }
    Ok(Some(bytes))
}

/// A page as a filtered list returns it.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    data: Option<Vec<&'a RawValue>>,
}

/// Whether an object is a page.
#[derive(Deserialize)]
struct Probe {
    data: Option<IgnoredAny>,
    total_count: Option<IgnoredAny>,
}

/// The records of values that follow one another: arrays, pages, or records themselves.
fn records<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<Vec<T>, ReadError> {
    let mut found = Vec::new();
    let broken = |record: usize, why: serde_json::Error| ReadError::Record {
        file: file.to_owned(),
        record: record + 1,
        why: why.to_string(),
    };
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>() {
        let value = value.map_err(|why| broken(found.len(), why))?;
        let text = value.get();
        let rows = match text.as_bytes().first() {
            // An empty list may be written so.
            Some(b'n') => continue,
            Some(b'[') => serde_json::from_str(text).map_err(|why| broken(found.len(), why))?,
            _ => page(text).unwrap_or_else(|| vec![value]),
        };
        for row in rows {
            let record = serde_json::from_str(row.get()).map_err(|why| broken(found.len(), why))?;
            found.push(record);
        }
    }
    Ok(found)
}

fn page(text: &str) -> Option<Vec<&RawValue>> {
    let probe: Probe = serde_json::from_str(text).ok()?;
    probe.data.as_ref().or(probe.total_count.as_ref())?;
    serde_json::from_str::<Page<'_>>(text).ok().map(|page| page.data.unwrap_or_default())
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
