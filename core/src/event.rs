//! Events: what was decided, numbered, in one canonical encoding.
//!
//! Every event starts with a header of 32 bytes; hot events have a fixed little-endian body, the others deterministic
//! CBOR. `docs/format.md` writes the layouts down byte by byte. The kinds and their numbers are a registry: a number
//! is never reused, and how an event of a version is folded never changes.

use minicbor::{Decoder, Encoder};

use crate::Id;
use crate::codec::{self, Canonical, CodecError};
use crate::ledger::account::{AccountFlags, AccountKind, NewAccount};
use crate::ledger::detail::Detail;
use crate::ledger::status::TransferStatus;
use crate::ledger::transfer::{EffectiveDate, Group, Transfer, TransferFlags};
use crate::money::{Asset, AssetCode, AssetKind};

/// Bytes of the header.
pub const HEADER_LEN: usize = 32;
/// Bytes of a transfer without a tail.
pub const TRANSFER_LEN: usize = 160;
/// The largest event: no sum of bounded parts comes near it.
pub const EVENT_MAX: usize = 16 * 1024;

const ACCOUNT_LEN: usize = 128;
const SHORT_LEN: usize = 64;
const VERSION: u8 = 1;
/// Header flag: a reader that does not know the kind must stop.
const MUST_UNDERSTAND: u8 = 1;

/// The registry of event kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Kind {
    /// The first event of a log.
    Genesis = 1,
    /// Who asked for the events that follow.
    Request = 2,
    /// An asset was registered.
    AssetRegistered = 3,
    /// An account was opened.
    AccountCreated = 4,
    /// A transfer was booked: single, pending, post or void.
    TransferCreated = 5,
    /// A pending transfer timed out.
    TransferExpired = 6,
    /// An attempt failed for a reason that may pass, so its id is spent.
    TransferFailed = 7,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Genesis,
        Self::Request,
        Self::AssetRegistered,
        Self::AccountCreated,
        Self::TransferCreated,
        Self::TransferExpired,
        Self::TransferFailed,
    ];

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
        }
    }

    fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u16 == number)
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
    #[error("event kind {0} is unknown: the log was written by a newer version")]
    Kind(u16),
    /// The version is not known.
    #[error("event version {0} is unknown: the log was written by a newer version")]
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
    if at.u8()? != MUST_UNDERSTAND {
        return Err(EventError::Value(7));
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
        Kind::TransferCreated => Body::TransferCreated(at.transfer(header.timestamp)?),
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
    };
    if matches!(kind, Kind::Genesis | Kind::Request) || at.at == bytes.len() {
        Ok((header, body))
    } else {
        Err(EventError::Size)
    }
}

/// Writes an event behind what `to` holds.
pub fn encode(header: Header, body: &Body, to: &mut Vec<u8>) {
    match body {
        Body::Genesis(genesis) => encode_parts(header, Kind::Genesis, &[], &genesis.to_bytes(), to),
        Body::Request(envelope) => {
            encode_parts(header, Kind::Request, &[], &envelope.to_bytes(), to)
        }
        Body::AssetRegistered(asset) => {
            encode_parts(header, Kind::AssetRegistered, &asset_bytes(asset), &[], to);
        }
        Body::AccountCreated(account) => encode_account(header, account, to),
        Body::TransferCreated(transfer) => encode_transfer(header, transfer, to),
        Body::TransferExpired(expired) => {
            let mut bytes = [0; SHORT_LEN - HEADER_LEN];
            bytes[0..16].copy_from_slice(&expired.pending_id.0.to_be_bytes());
            bytes[16..24].copy_from_slice(&expired.pending_sequence.to_le_bytes());
            encode_parts(header, Kind::TransferExpired, &bytes, &[], to);
        }
        Body::TransferFailed(failed) => {
            let mut bytes = [0; SHORT_LEN - HEADER_LEN];
            bytes[0..16].copy_from_slice(&failed.id.0.to_be_bytes());
            bytes[16..18].copy_from_slice(&failed.status.number().to_le_bytes());
            encode_parts(header, Kind::TransferFailed, &bytes, &[], to);
        }
    }
}

/// Writes an account's event.
pub(crate) fn encode_account(header: Header, account: &NewAccount, to: &mut Vec<u8>) {
    let detail = account.detail.as_ref().filter(|detail| !detail.is_empty());
    let tail = detail.map(|detail| detail.to_bytes()).unwrap_or_default();
    encode_parts(header, Kind::AccountCreated, &account_bytes(account), &tail, to);
}

/// Writes a transfer's event: the hot one, which allocates nothing.
#[inline]
pub(crate) fn encode_transfer(header: Header, transfer: &Transfer, to: &mut Vec<u8>) {
    to.extend_from_slice(&transfer_bytes(header, transfer));
    if let Some(detail) = transfer.detail.as_ref().filter(|detail| !detail.is_empty()) {
        let at = to.len() - TRANSFER_LEN;
        to.extend_from_slice(&detail.to_bytes());
        let size = u32::try_from(to.len() - at).unwrap_or(u32::MAX);
        if let Some(first) = to.get_mut(at..).and_then(|bytes| bytes.first_chunk_mut()) {
            *first = size.to_le_bytes();
        }
    }
}

/// The id of an event that spends one: a transfer booked or failed, an account; `None` for the others.
#[must_use]
pub(crate) fn spent_id(bytes: &[u8]) -> Option<Id> {
    let id = bytes.get(HEADER_LEN..)?.first_chunk::<16>()?;
    Some(Id(u128::from_be_bytes(*id)))
}

fn encode_parts(header: Header, kind: Kind, fixed: &[u8], tail: &[u8], to: &mut Vec<u8>) {
    let size = HEADER_LEN + fixed.len() + tail.len();
    to.extend_from_slice(&header_bytes(header, kind, size));
    to.extend_from_slice(fixed);
    to.extend_from_slice(tail);
}

fn header_bytes(header: Header, kind: Kind, size: usize) -> [u8; HEADER_LEN] {
    let mut bytes = [0; HEADER_LEN];
    // INVARIANT: the parts of an event are bounded far below 4 GiB.
    bytes[0..4].copy_from_slice(&u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes());
    bytes[4..6].copy_from_slice(&(kind as u16).to_le_bytes());
    bytes[6] = VERSION;
    bytes[7] = MUST_UNDERSTAND;
    bytes[8..16].copy_from_slice(&header.sequence.to_le_bytes());
    bytes[16..24].copy_from_slice(&header.timestamp.to_le_bytes());
    bytes[24..32].copy_from_slice(&header.request.to_le_bytes());
    bytes
}

/// The fixed part of a transfer event, on the stack: the accept path allocates nothing.
#[inline]
fn transfer_bytes(header: Header, transfer: &Transfer) -> [u8; TRANSFER_LEN] {
    let mut bytes = [0; TRANSFER_LEN];
    bytes[0..32].copy_from_slice(&header_bytes(header, Kind::TransferCreated, TRANSFER_LEN));
    bytes[32..48].copy_from_slice(&transfer.id.0.to_be_bytes());
    bytes[48..64].copy_from_slice(&transfer.debit_account_id.0.to_be_bytes());
    bytes[64..80].copy_from_slice(&transfer.credit_account_id.0.to_be_bytes());
    bytes[80..96].copy_from_slice(&transfer.amount.to_le_bytes());
    bytes[96..112].copy_from_slice(&transfer.pending_id.0.to_be_bytes());
    bytes[112..128].copy_from_slice(&transfer.user_data_128.to_le_bytes());
    bytes[128..136].copy_from_slice(&transfer.user_data_64.to_le_bytes());
    bytes[136..140].copy_from_slice(&transfer.user_data_32.to_le_bytes());
    bytes[140..144].copy_from_slice(&transfer.timeout.to_le_bytes());
    bytes[144..148].copy_from_slice(&transfer.ledger.to_le_bytes());
    bytes[148..150].copy_from_slice(&transfer.code.to_le_bytes());
    bytes[150..152].copy_from_slice(&transfer.flags.0.to_le_bytes());
    bytes[152..156].copy_from_slice(&transfer.effective_date.raw().to_le_bytes());
    bytes[156..158].copy_from_slice(&transfer.group.index.to_le_bytes());
    bytes[158..160].copy_from_slice(&transfer.group.size.to_le_bytes());
    bytes
}

fn account_bytes(account: &NewAccount) -> [u8; ACCOUNT_LEN - HEADER_LEN] {
    let mut bytes = [0; ACCOUNT_LEN - HEADER_LEN];
    bytes[0..16].copy_from_slice(&account.id.0.to_be_bytes());
    bytes[16..32].copy_from_slice(&account.parent.0.to_be_bytes());
    bytes[32..48].copy_from_slice(&account.user_data_128.to_le_bytes());
    bytes[48..56].copy_from_slice(&account.user_data_64.to_le_bytes());
    bytes[56..60].copy_from_slice(&account.user_data_32.to_le_bytes());
    bytes[60..64].copy_from_slice(&account.ledger.to_le_bytes());
    bytes[64..66].copy_from_slice(&account.code.to_le_bytes());
    bytes[66..68].copy_from_slice(&account.flags.0.to_le_bytes());
    bytes[68] = account.kind.map_or(0, AccountKind::number);
    bytes
}

fn asset_bytes(registered: &AssetRegistered) -> [u8; SHORT_LEN - HEADER_LEN] {
    let mut bytes = [0; SHORT_LEN - HEADER_LEN];
    let (kind, number) = match registered.asset.kind() {
        AssetKind::Fiat { number } => (1, number),
        AssetKind::Crypto => (2, 0),
        AssetKind::Security => (3, 0),
        AssetKind::Points => (4, 0),
    };
    bytes[0..4].copy_from_slice(&registered.ledger.to_le_bytes());
    bytes[4] = registered.asset.scale();
    bytes[5] = kind;
    bytes[6..8].copy_from_slice(&number.to_le_bytes());
    for (to, from) in bytes[8..24].iter_mut().zip(registered.asset.code().as_str().bytes()) {
        *to = from;
    }
    bytes
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Result<&'a [u8; N], EventError> {
        let taken = self
            .bytes
            .get(self.at..)
            .and_then(|bytes| bytes.first_chunk())
            .ok_or(EventError::Size)?;
        self.at += N;
        Ok(taken)
    }

    fn u8(&mut self) -> Result<u8, EventError> {
        self.take::<1>().map(|&[byte]| byte)
    }

    fn u16(&mut self) -> Result<u16, EventError> {
        self.take().map(|bytes| u16::from_le_bytes(*bytes))
    }

    fn u32(&mut self) -> Result<u32, EventError> {
        self.take().map(|bytes| u32::from_le_bytes(*bytes))
    }

    fn u64(&mut self) -> Result<u64, EventError> {
        self.take().map(|bytes| u64::from_le_bytes(*bytes))
    }

    fn i64(&mut self) -> Result<i64, EventError> {
        self.take().map(|bytes| i64::from_le_bytes(*bytes))
    }

    fn u128(&mut self) -> Result<u128, EventError> {
        self.take().map(|bytes| u128::from_le_bytes(*bytes))
    }

    fn id(&mut self) -> Result<Id, EventError> {
        self.take().map(|bytes| Id(u128::from_be_bytes(*bytes)))
    }

    fn zeros(&mut self, count: usize) -> Result<(), EventError> {
        for _ in 0..count {
            if self.u8()? != 0 {
                return Err(EventError::Value(self.at - 1));
            }
        }
        Ok(())
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn detail(&mut self) -> Result<Option<Box<Detail>>, EventError> {
        if self.rest().is_empty() {
            return Ok(None);
        }
        let detail = Detail::from_bytes(self.rest())?;
        self.at = self.bytes.len();
        // An empty detail is left out, so its presence is not canonical.
        detail.boxed().map(Some).ok_or(EventError::Codec(CodecError::NotCanonical))
    }

    fn transfer(&mut self, timestamp: i64) -> Result<Transfer, EventError> {
        Ok(Transfer {
            id: self.id()?,
            debit_account_id: self.id()?,
            credit_account_id: self.id()?,
            amount: self.u128()?,
            pending_id: self.id()?,
            user_data_128: self.u128()?,
            user_data_64: self.u64()?,
            user_data_32: self.u32()?,
            timeout: self.u32()?,
            ledger: self.u32()?,
            code: self.u16()?,
            flags: {
                let flags = TransferFlags(self.u16()?);
                if flags.has_unknown() {
                    return Err(EventError::Value(150));
                }
                flags
            },
            effective_date: {
                let days = i32::from_le_bytes(*self.take()?);
                if days == i32::MIN { EffectiveDate::NONE } else { EffectiveDate::days(days) }
            },
            group: Group { index: self.u16()?, size: self.u16()? },
            timestamp,
            detail: self.detail()?,
        })
    }

    fn account(&mut self, timestamp: i64) -> Result<NewAccount, EventError> {
        let mut account = NewAccount {
            id: self.id()?,
            parent: self.id()?,
            user_data_128: self.u128()?,
            user_data_64: self.u64()?,
            user_data_32: self.u32()?,
            ledger: self.u32()?,
            code: self.u16()?,
            flags: AccountFlags(self.u16()?),
            timestamp,
            ..NewAccount::default()
        };
        if account.flags.has_unknown() {
            return Err(EventError::Value(98));
        }
        let kind = self.u8()?;
        account.kind = AccountKind::from_number(kind);
        if kind != 0 && account.kind.is_none() {
            return Err(EventError::Value(100));
        }
        self.zeros(27)?;
        account.detail = self.detail()?;
        Ok(account)
    }

    fn asset(&mut self) -> Result<AssetRegistered, EventError> {
        let ledger = self.u32()?;
        let (scale, kind, number) = (self.u8()?, self.u8()?, self.u16()?);
        let kind = match (kind, number) {
            (1, number) => AssetKind::Fiat { number },
            (2, 0) => AssetKind::Crypto,
            (3, 0) => AssetKind::Security,
            (4, 0) => AssetKind::Points,
            _ => return Err(EventError::Value(37)),
        };
        let text = self.take::<16>()?;
        let length = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
        let (code, padding) = text.split_at_checked(length).ok_or(EventError::Value(40))?;
        let code: AssetCode = std::str::from_utf8(code)
            .ok()
            .and_then(|code| code.parse().ok())
            .ok_or(EventError::Value(40))?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(EventError::Value(40));
        }
        self.zeros(8)?;
        let asset = Asset::new(code, scale, kind).map_err(|_| EventError::Value(36))?;
        Ok(AssetRegistered { ledger, asset })
    }
}

impl Canonical for Genesis {
    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> codec::Encoded {
        to.map(3)?.u32(1)?.u32(self.format)?.u32(2)?.u32(self.rules)?.u32(3)?.str(&self.tenant)?;
        Ok(())
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError> {
        let (mut format, mut rules, mut tenant) = (None, None, None);
        codec::read_fields(from, |field, from| {
            match field {
                1 => format = Some(from.u32()?),
                2 => rules = Some(from.u32()?),
                3 => tenant = Some(from.str()?.to_owned()),
                _ => return Err(CodecError::UnknownField(field)),
            }
            Ok(())
        })?;
        Ok(Self {
            format: format.ok_or(CodecError::MissingField(1))?,
            rules: rules.ok_or(CodecError::MissingField(2))?,
            tenant: tenant.ok_or(CodecError::MissingField(3))?,
        })
    }
}

impl Canonical for Envelope {
    fn encode(&self, to: &mut Encoder<&mut Vec<u8>>) -> codec::Encoded {
        let texts = [&self.actor, &self.role, &self.request_id, &self.origin];
        let present: Vec<(u32, bool)> =
            (1..).zip(texts).map(|(field, text)| (field, !text.is_empty())).collect();
        codec::fields(to, &present, |field, to| {
            let text = match field {
                1 => &self.actor,
                2 => &self.role,
                3 => &self.request_id,
                _ => &self.origin,
            };
            to.str(text).map(|_| ())
        })
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError> {
        let mut envelope = Self::default();
        codec::read_fields(from, |field, from| {
            let text = from.str()?.to_owned();
            match field {
                1 => envelope.actor = text,
                2 => envelope.role = text,
                3 => envelope.request_id = text,
                4 => envelope.origin = text,
                _ => return Err(CodecError::UnknownField(field)),
            }
            Ok(())
        })?;
        Ok(envelope)
    }
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
