//! What is told of a ledger's files, as plain data.

use serde::Serialize;
use serde_json::{Value, json};
use thalium::audit::merkle::hex;

use crate::{Backup, Inspection, Restored, Torn, Verified};

/// What verifying found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyReport {
    /// Always true: what does not fit is a failure.
    pub ok: bool,
    /// Segments of the journal.
    pub segments: u64,
    /// Blocks in them.
    pub blocks: u64,
    /// Events in the log.
    pub events: u64,
    /// Accounts in the books that it leads to.
    pub accounts: u64,
    /// Transfers in them.
    pub transfers: u64,
    /// A block at the end that never came whole: it was never acknowledged.
    pub torn: Option<TornReport>,
    /// The root of the log's Merkle tree, in hexadecimal.
    pub root: String,
    /// The digest of the state, in hexadecimal.
    pub state_hash: String,
    /// What was found of its rollups, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollups: Option<RollupsReport>,
    /// What was found of the decisions on record, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decisions: Option<DecisionsReport>,
    /// What was found of its cases, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<CasesReport>,
}

/// What verifying found of cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CasesReport {
    /// How many facts there are: kinds, the register of staff, and changes.
    pub facts: u64,
    /// Records that they take.
    pub records: u64,
    /// The root of the Merkle tree over those, in hexadecimal.
    pub root: String,
}

/// What verifying found of decisions on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecisionsReport {
    /// How many decisions there are.
    pub decisions: u64,
    /// Records that they take.
    pub records: u64,
    /// The root of the Merkle tree over those, in hexadecimal.
    pub root: String,
}

/// What verifying found of rollups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RollupsReport {
    /// How many rollups there are.
    pub rollups: u64,
    /// Records of what happened to them.
    pub records: u64,
    /// The root of the Merkle tree over those, in hexadecimal.
    pub root: String,
}

/// A block that was being written when the power failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TornReport {
    /// The file.
    pub file: String,
    /// Where in it the block begins.
    pub byte: u64,
    /// The block's number.
    pub block: u64,
}

impl From<&Verified> for VerifyReport {
    fn from(verified: &Verified) -> Self {
        let recovery = &verified.recovery;
        let torn = |Torn { name, offset, block }: &Torn| TornReport {
            file: name.clone(),
            byte: *offset,
            block: *block,
        };
        Self {
            ok: true,
            segments: recovery.segments,
            blocks: recovery.blocks,
            events: recovery.events,
            accounts: verified.accounts as u64,
            transfers: verified.transfers,
            torn: recovery.torn.as_ref().map(torn),
            root: hex(&verified.root),
            state_hash: hex(&verified.state_hash),
            rollups: verified.rollups.as_ref().map(|found| RollupsReport {
                rollups: found.rollups as u64,
                records: found.records,
                root: hex(&found.root),
            }),
            decisions: verified.decisions.as_ref().map(|found| DecisionsReport {
                decisions: found.entries,
                records: found.records,
                root: hex(&found.root),
            }),
            cases: verified.cases.as_ref().map(|found| CasesReport {
                facts: found.entries,
                records: found.records,
                root: hex(&found.root),
            }),
        }
    }
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackupReport {
    /// Always true.
    pub ok: bool,
    /// Where it is.
    pub backup: String,
    /// Events in it.
    pub events: u64,
    /// Events that were copied this time.
    pub copied: u64,
    /// The root over all of them, in hexadecimal.
    pub root: String,
    /// The generation of the journal: each restoring begins a new one.
    pub generation: u64,
}

impl BackupReport {
    /// What a backup holds.
    #[must_use]
    pub fn new(place: String, copied: &Backup) -> Self {
        Self {
            ok: true,
            backup: place,
            events: copied.events,
            copied: copied.copied,
            root: hex(&copied.root),
            generation: copied.generation,
        }
    }
}

/// What was restored, and verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RestoreReport {
    /// Always true.
    pub ok: bool,
    /// Events in the new journal.
    pub events: u64,
    /// Events in the backup.
    pub of: u64,
    /// Accounts in the books.
    pub accounts: u64,
    /// Transfers in them.
    pub transfers: u64,
    /// The root of the log's Merkle tree, in hexadecimal.
    pub root: String,
    /// The digest of the state, in hexadecimal.
    pub state_hash: String,
    /// The generation of the new journal.
    pub generation: u64,
}

impl RestoreReport {
    /// What was restored, and verified.
    #[must_use]
    pub fn new(restored: &Restored, verified: &Verified) -> Self {
        Self {
            ok: true,
            events: restored.events,
            of: restored.of,
            accounts: verified.accounts as u64,
            transfers: verified.transfers,
            root: hex(&restored.root),
            state_hash: hex(&verified.state_hash),
            generation: restored.generation,
        }
    }
}

/// What a look at the files of a ledger found, as JSON.
#[must_use]
pub fn inspection(found: &Inspection) -> Value {
    let files = found.files.iter().map(|file| {
        json!({
            "name": file.name, "kind": file.kind.name(), "bytes": file.len, "used": file.used,
            "first_event": file.events.map(|(first, _)| first),
            "events": file.events.map(|(_, events)| events),
            "first_block": file.blocks.map(|(first, _)| first),
            "blocks": file.blocks.map(|(_, blocks)| blocks),
            "prewritten": file.used.map(|used| file.len.saturating_sub(used)),
            "version": file.version, "generation": file.generation, "data_key": file.data_key,
            "torn": file.torn, "is_closed": file.is_closed, "wrong": file.wrong,
        })
    });
    let genesis = found
        .genesis
        .as_ref()
        .map(|head| json!({ "tenant": head.tenant, "format": head.format, "rules": head.rules }));
    json!({
        "genesis": genesis, "is_written": found.is_written, "writer": found.writer,
        "marked": found.marked, "data_keys": found.data_keys,
        "files": files.collect::<Vec<_>>(),
    })
}
