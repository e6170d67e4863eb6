//! Events: what was decided, numbered, in one canonical encoding.
//!
//! Every event starts with a header of 32 bytes; hot events have a fixed little-endian body, the others deterministic
//! CBOR. `docs/format.md` writes the layouts down byte by byte. The kinds and their numbers are a registry: a number
//! is never reused, and how an event of a version is folded never changes.

mod cbor;
pub(crate) mod frame;
mod reader;
mod recorded;
mod records;

use crate::Id;
use crate::codec::{Canonical, CodecError};
use crate::ledger::account::NewAccount;
use crate::ledger::status::TransferStatus;
use crate::ledger::transfer::{EffectiveDate, Transfer};
use crate::money::Asset;
use crate::party::{Change, ChangeKind};
pub(crate) use reader::Reader;
pub use recorded::{Joiner, Recorded, RecordedError};

pub(crate) use records::{TRANSFER_LEN, account, long_transfer, plain_transfer};

/// Bytes of the header.
pub const HEADER_LEN: usize = 32;
/// The largest event: no sum of bounded parts reaches it, which is tested.
pub const EVENT_MAX: usize = 16 * 1024;

const SHORT_LEN: usize = 64;
const VERSION: u8 = 1;
/// Where the flags stand in the header.
const FLAGS_AT: usize = 7;
/// Where the effective date of a transfer stands in its event.
const EFFECTIVE_DATE_AT: usize = 104;
/// Header flag: a reader that does not know the kind must stop.
const MUST_UNDERSTAND: u8 = 1;
/// Header flag of a transfer: the fields that most transfers leave at zero follow.
const EXTENDED: u8 = 2;

/// The registry of event kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The first event of a log.
    Genesis,
    /// Who asked for the events that follow.
    Request,
    /// An asset was registered.
    AssetRegistered,
    /// An account was opened.
    AccountCreated,
    /// A transfer was booked: single, pending, post or void.
    TransferCreated,
    /// A pending transfer timed out.
    TransferExpired,
    /// An attempt failed for a reason that may pass, so its id is spent.
    TransferFailed,
    /// The registry of parties changed.
    Party(ChangeKind),
}

impl Kind {
    const OF_BOOKS: [Self; 7] = [
        Self::Genesis,
        Self::Request,
        Self::AssetRegistered,
        Self::AccountCreated,
        Self::TransferCreated,
        Self::TransferExpired,
        Self::TransferFailed,
    ];

    /// The stable number.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Genesis => 1,
            Self::Request => 2,
            Self::AssetRegistered => 3,
            Self::AccountCreated => 4,
            Self::TransferCreated => 5,
            Self::TransferExpired => 6,
            Self::TransferFailed => 7,
            Self::Party(kind) => kind.number(),
        }
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Genesis => "genesis",
            Self::Request => "request",
            Self::AssetRegistered => "asset_registered",
            Self::AccountCreated => "account_created",
            Self::TransferCreated => "transfer_created",
            Self::TransferExpired => "transfer_expired",
            Self::TransferFailed => "transfer_failed",
            Self::Party(kind) => kind.name(),
        }
    }

    fn from_number(number: u16) -> Option<Self> {
        let of_books = Self::OF_BOOKS.into_iter().find(|kind| kind.number() == number);
        of_books.or_else(|| ChangeKind::from_number(number).map(Self::Party))
    }
}

/// What every event starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The place in the log, from zero; the leaf's index in the Merkle tree.
    pub sequence: u64,
    /// Nanoseconds since 1970.
    pub timestamp: i64,
    /// The sequence of the request event that says who asked; its own for a request, zero for what no one asked for.
    pub request: u64,
}

/// An event's meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// See [`Kind::Genesis`].
    Genesis(Genesis),
    /// See [`Kind::Request`].
    Request(Envelope),
    /// See [`Kind::AssetRegistered`].
    AssetRegistered(AssetRegistered),
    /// See [`Kind::AccountCreated`].
    AccountCreated(NewAccount),
    /// See [`Kind::TransferCreated`].
    TransferCreated(Transfer),
    /// See [`Kind::TransferExpired`].
    TransferExpired(TransferExpired),
    /// See [`Kind::TransferFailed`].
    TransferFailed(TransferFailed),
    /// See [`Kind::Party`].
    Party(Change),
}

/// The head of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// The version of the event formats.
    pub format: u32,
    /// The version of the rules that decided.
    pub rules: u32,
    /// The tenant that the log belongs to.
    pub tenant: String,
}

impl Default for Genesis {
    fn default() -> Self {
        Self { format: 1, rules: 1, tenant: "default".to_owned() }
    }
}

/// Who asked, and from where; once per request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Who asked.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// The caller's id of the request, for tracing.
    pub request_id: String,
    /// Where the request came from: a channel, a service.
    pub origin: String,
}

/// An asset and its ledger number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetRegistered {
    /// The ledger number.
    pub ledger: u32,
    /// The asset.
    pub asset: Asset,
}

/// A pending transfer whose time ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferExpired {
    /// The pending transfer.
    pub pending_id: Id,
    /// The pending transfer's place in the log.
    pub pending_sequence: u64,
}

/// An id that is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferFailed {
    /// The id.
    pub id: Id,
    /// Why the attempt failed.
    pub status: TransferStatus,
}

/// Bytes that are no event, or one that this build does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Fewer bytes than the event needs, or its size does not fit its kind.
    #[error("an event is cut short or has the wrong size")]
    Size,
    /// The kind is not in the registry.
    #[error(
        "event kind {0} is unknown: the log was written by a newer version, open it with a newer build"
    )]
    Kind(u16),
    /// The version is not known.
    #[error(
        "it has event version {0}, this build knows versions up to {VERSION}: open it with a newer build"
    )]
    Version(u8),
    /// A reserved byte is not zero, or a number stands for nothing.
    #[error("an event has a value that stands for nothing at byte {0}")]
    Value(usize),
    /// The CBOR part is wrong.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// The size that the event at the start of `bytes` says it has.
#[must_use]
pub fn size_of(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(*bytes.first_chunk()?))
        .ok()
        .filter(|size| (HEADER_LEN..=EVENT_MAX).contains(size))
}

/// The events in bytes that hold one after another; ends at the first that is cut short.
pub fn split(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (event, rest) = bytes.split_at_checked(size_of(bytes)?)?;
        bytes = rest;
        Some(event)
    })
}

/// Reads the header and kind of an event.
///
/// # Errors
/// What is wrong with the bytes.
pub fn header(bytes: &[u8]) -> Result<(Header, Kind), EventError> {
    let mut at = Reader { bytes, at: 0 };
    let size = at.u32()?;
    if usize::try_from(size) != Ok(bytes.len()) || bytes.len() > EVENT_MAX {
        return Err(EventError::Size);
    }
    let kind = at.u16()?;
    let kind = Kind::from_number(kind).ok_or(EventError::Kind(kind))?;
    let version = at.u8()?;
    if version != VERSION {
        return Err(EventError::Version(version));
    }
    let known = if kind == Kind::TransferCreated { EXTENDED } else { 0 };
    if at.u8()? & !known != MUST_UNDERSTAND {
        return Err(EventError::Value(FLAGS_AT));
    }
    Ok((Header { sequence: at.u64()?, timestamp: at.i64()?, request: at.u64()? }, kind))
}

/// Reads an event.
///
/// # Errors
/// What is wrong with the bytes; bytes that this accepts are exactly those that [`encode`] writes.
pub fn decode(bytes: &[u8]) -> Result<(Header, Body), EventError> {
    let (header, kind) = header(bytes)?;
    let mut at = Reader { bytes, at: HEADER_LEN };
    let body = match kind {
        Kind::Genesis => Body::Genesis(Genesis::from_bytes(at.rest())?),
        Kind::Request => Body::Request(Envelope::from_bytes(at.rest())?),
        Kind::AssetRegistered => Body::AssetRegistered(at.asset()?),
        Kind::AccountCreated => Body::AccountCreated(at.account(header.timestamp)?),
        Kind::TransferCreated => {
            let flags = bytes.get(FLAGS_AT).copied().unwrap_or(0);
            Body::TransferCreated(at.transfer(header.timestamp, flags)?)
        }
        Kind::TransferExpired => {
            let body = TransferExpired { pending_id: at.id()?, pending_sequence: at.u64()? };
            at.zeros(8)?;
            Body::TransferExpired(body)
        }
        Kind::TransferFailed => {
            let id = at.id()?;
            let status = at.u16()?;
            let status = TransferStatus::from_number(status).filter(|status| status.is_transient());
            let body =
                TransferFailed { id, status: status.ok_or(EventError::Value(HEADER_LEN + 16))? };
            at.zeros(14)?;
            Body::TransferFailed(body)
        }
        Kind::Party(kind) => Body::Party(Change::from_bytes(kind, at.rest())?),
    };
    if matches!(kind, Kind::Genesis | Kind::Request | Kind::Party(_)) || at.at == bytes.len() {
        Ok((header, body))
    } else {
        Err(EventError::Size)
    }
}

/// Writes an event behind what `to` holds.
pub fn encode(header: Header, body: &Body, to: &mut Vec<u8>) {
    to.extend_from_slice(&bytes(header, body));
}

/// The bytes of an event.
#[must_use]
pub fn bytes(header: Header, body: &Body) -> Vec<u8> {
    match body {
        Body::Genesis(genesis) => encode_parts(header, Kind::Genesis, &[], &genesis.to_bytes()),
        Body::Request(envelope) => encode_parts(header, Kind::Request, &[], &envelope.to_bytes()),
        Body::AssetRegistered(asset) => {
            encode_parts(header, Kind::AssetRegistered, &records::asset_bytes(asset), &[])
        }
        Body::AccountCreated(account) => records::account(header, account),
        Body::TransferCreated(transfer) => long_transfer(header, transfer, &transfer.group),
        Body::TransferExpired(expired) => {
            let mut bytes = [0; SHORT_LEN - HEADER_LEN];
            bytes[0..16].copy_from_slice(&expired.pending_id.0.to_be_bytes());
            bytes[16..24].copy_from_slice(&expired.pending_sequence.to_le_bytes());
            encode_parts(header, Kind::TransferExpired, &bytes, &[])
        }
        Body::TransferFailed(failed) => {
            let mut bytes = [0; SHORT_LEN - HEADER_LEN];
            bytes[0..16].copy_from_slice(&failed.id.0.to_be_bytes());
            bytes[16..18].copy_from_slice(&failed.status.number().to_le_bytes());
            encode_parts(header, Kind::TransferFailed, &bytes, &[])
        }
        Body::Party(change) => {
            encode_parts(header, Kind::Party(change.kind()), &[], &change.to_bytes())
        }
    }
}

/// The sequence of an event.
#[must_use]
pub(crate) fn sequence_of(bytes: &[u8]) -> Option<u64> {
    bytes.get(8..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The ids of a transfer's event: its own, its debit and its credit account's.
#[must_use]
pub(crate) fn transfer_ids(bytes: &[u8]) -> Option<[Id; 3]> {
    let ids = bytes.get(HEADER_LEN..)?.first_chunk::<48>()?;
    let [id, debit, credit] = ids.as_chunks::<16>().0 else { return None };
    Some([id, debit, credit].map(|id| Id(u128::from_be_bytes(*id))))
}

/// The effective date of a transfer's event.
#[must_use]
pub(crate) fn effective_date(bytes: &[u8]) -> EffectiveDate {
    let days = bytes.get(EFFECTIVE_DATE_AT..).and_then(|bytes| bytes.first_chunk());
    days.map_or(EffectiveDate::NONE, |days| EffectiveDate::days(i32::from_le_bytes(*days)))
}

/// The sequence of the pending transfer whose time ran out, if that is what an event says.
#[must_use]
pub(crate) fn pending_sequence(bytes: &[u8]) -> Option<u64> {
    let kind = bytes.get(4..)?.first_chunk().map(|kind| u16::from_le_bytes(*kind))?;
    let sequence = bytes.get(HEADER_LEN + 16..)?.first_chunk()?;
    (kind == Kind::TransferExpired.number()).then(|| u64::from_le_bytes(*sequence))
}

/// Whether a transfer's event may have a detail: only such a one may have a key.
#[must_use]
pub(crate) fn has_detail(bytes: &[u8]) -> bool {
    bytes.len() > TRANSFER_LEN
}

/// The id of an event that spends one: a transfer booked or failed, an account; `None` for the others.
#[must_use]
pub(crate) fn spent_id(bytes: &[u8]) -> Option<Id> {
    let id = bytes.get(HEADER_LEN..)?.first_chunk::<16>()?;
    Some(Id(u128::from_be_bytes(*id)))
}

fn encode_parts(header: Header, kind: Kind, fixed: &[u8], tail: &[u8]) -> Vec<u8> {
    let size = HEADER_LEN + fixed.len() + tail.len();
    [&header_bytes(header, kind, size, MUST_UNDERSTAND), fixed, tail].concat()
}

#[inline]
fn header_bytes(header: Header, kind: Kind, size: usize, flags: u8) -> [u8; HEADER_LEN] {
    let mut bytes = [0; HEADER_LEN];
    // INVARIANT: the parts of an event are bounded far below 4 GiB.
    bytes[0..4].copy_from_slice(&u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes());
    bytes[4..6].copy_from_slice(&kind.number().to_le_bytes());
    bytes[6] = VERSION;
    bytes[FLAGS_AT] = flags;
    bytes[8..16].copy_from_slice(&header.sequence.to_le_bytes());
    bytes[16..24].copy_from_slice(&header.timestamp.to_le_bytes());
    bytes[24..32].copy_from_slice(&header.request.to_le_bytes());
    bytes
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
