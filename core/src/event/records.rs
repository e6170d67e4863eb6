//! The fixed layouts: transfers, accounts, assets, byte for byte as `docs/format.md` has them.

use super::reader::Reader;
use super::{
    AssetRegistered, EXTENDED, EventError, HEADER_LEN, Header, Kind, MUST_UNDERSTAND, encode_parts,
    header_bytes,
};
use crate::codec::{Canonical, CodecError};
use crate::ledger::account::{AccountFlags, AccountKind, NewAccount};
use crate::ledger::detail::Detail;
use crate::ledger::transfer::{EffectiveDate, Group, Transfer, TransferFlags};
use crate::money::{Asset, AssetCode, AssetKind};

/// Bytes of a transfer without extension and detail.
pub(crate) const TRANSFER_LEN: usize = 112;
const EXTENSION_LEN: usize = 48;
const ACCOUNT_LEN: usize = 128;
const ASSET_LEN: usize = 64;

/// An account's event.
pub(crate) fn account(header: Header, account: &NewAccount) -> Vec<u8> {
    let detail = account.detail.as_ref().filter(|detail| !detail.is_empty());
    let tail = detail.map(|detail| detail.to_bytes()).unwrap_or_default();
    encode_parts(header, Kind::AccountCreated, &account_bytes(account), &tail)
}

/// The event of a transfer that has neither extension nor detail: the hot one, which allocates nothing. Its timestamp
/// is the header's.
#[inline]
pub(crate) fn plain_transfer(
    header: Header,
    transfer: &Transfer,
    group: &Group,
) -> Option<[u8; TRANSFER_LEN]> {
    is_plain(transfer)
        .then(|| transfer_bytes(header, transfer, group, TRANSFER_LEN, MUST_UNDERSTAND))
}

/// The event of any transfer.
#[cold]
pub(crate) fn long_transfer(header: Header, transfer: &Transfer, group: &Group) -> Vec<u8> {
    let detail = transfer.detail.as_ref().filter(|detail| !detail.is_empty());
    let tail = detail.map(|detail| detail.to_bytes()).unwrap_or_default();
    let mut extension: &[u8] = &[];
    let mut flags = MUST_UNDERSTAND;
    let extended = extension_bytes(transfer);
    if is_extended(transfer) {
        extension = &extended;
        flags |= EXTENDED;
    }
    let len = TRANSFER_LEN + extension.len() + tail.len();
    [&transfer_bytes(header, transfer, group, len, flags), extension, &tail].concat()
}

/// Whether every field of the extension is zero and there is no detail.
#[inline]
fn is_plain(transfer: &Transfer) -> bool {
    !is_extended(transfer) && transfer.detail.is_none()
}

#[inline]
fn is_extended(transfer: &Transfer) -> bool {
    transfer.pending_id.0 | transfer.user_data_128 != 0
        || transfer.user_data_64 != 0
        || transfer.user_data_32 | transfer.timeout != 0
}

/// The fixed part of a transfer event, on the stack: the accept path allocates nothing.
#[inline]
fn transfer_bytes(
    header: Header,
    transfer: &Transfer,
    group: &Group,
    len: usize,
    flags: u8,
) -> [u8; TRANSFER_LEN] {
    let mut bytes = [0; TRANSFER_LEN];
    bytes[0..32].copy_from_slice(&header_bytes(header, Kind::TransferCreated, len, flags));
    bytes[32..48].copy_from_slice(&transfer.id.0.to_be_bytes());
    bytes[48..64].copy_from_slice(&transfer.debit_account_id.0.to_be_bytes());
    bytes[64..80].copy_from_slice(&transfer.credit_account_id.0.to_be_bytes());
    bytes[80..96].copy_from_slice(&transfer.amount.to_le_bytes());
    bytes[96..100].copy_from_slice(&transfer.ledger.to_le_bytes());
    bytes[100..102].copy_from_slice(&transfer.code.to_le_bytes());
    bytes[102..104].copy_from_slice(&transfer.flags.0.to_le_bytes());
    bytes[104..108].copy_from_slice(&transfer.effective_date.raw().to_le_bytes());
    bytes[108..110].copy_from_slice(&group.index.to_le_bytes());
    bytes[110..112].copy_from_slice(&group.size.to_le_bytes());
    bytes
}

fn extension_bytes(transfer: &Transfer) -> [u8; EXTENSION_LEN] {
    let mut bytes = [0; EXTENSION_LEN];
    bytes[0..16].copy_from_slice(&transfer.pending_id.0.to_be_bytes());
    bytes[16..32].copy_from_slice(&transfer.user_data_128.to_le_bytes());
    bytes[32..40].copy_from_slice(&transfer.user_data_64.to_le_bytes());
    bytes[40..44].copy_from_slice(&transfer.user_data_32.to_le_bytes());
    bytes[44..48].copy_from_slice(&transfer.timeout.to_le_bytes());
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

pub(super) fn asset_bytes(registered: &AssetRegistered) -> [u8; ASSET_LEN - HEADER_LEN] {
    let mut bytes = [0; ASSET_LEN - HEADER_LEN];
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

impl Reader<'_> {
    fn detail(&mut self) -> Result<Option<Box<Detail>>, EventError> {
        if self.rest().is_empty() {
            return Ok(None);
        }
        let detail = Detail::from_bytes(self.rest())?;
        self.at = self.bytes.len();
        // An empty detail is left out, so its presence is not canonical.
        detail.boxed().map(Some).ok_or(EventError::Codec(CodecError::NotCanonical))
    }

    pub(super) fn transfer(&mut self, timestamp: i64, flags: u8) -> Result<Transfer, EventError> {
        let mut transfer = Transfer {
            id: self.id()?,
            debit_account_id: self.id()?,
            credit_account_id: self.id()?,
            amount: self.u128()?,
            ledger: self.u32()?,
            code: self.u16()?,
            flags: TransferFlags(self.u16()?),
            effective_date: match self.i32()? {
                i32::MIN => EffectiveDate::NONE,
                days => EffectiveDate::days(days),
            },
            group: Group { index: self.u16()?, size: self.u16()? },
            timestamp,
            ..Transfer::default()
        };
        if transfer.flags.has_unknown() {
            return Err(EventError::Value(102));
        }
        if flags & EXTENDED != 0 {
            transfer.pending_id = self.id()?;
            transfer.user_data_128 = self.u128()?;
            transfer.user_data_64 = self.u64()?;
            transfer.user_data_32 = self.u32()?;
            transfer.timeout = self.u32()?;
            // An extension of zeros is left out, so its presence is not canonical.
            if !is_extended(&transfer) {
                return Err(EventError::Value(TRANSFER_LEN));
            }
        }
        transfer.detail = self.detail()?;
        Ok(transfer)
    }

    pub(super) fn account(&mut self, timestamp: i64) -> Result<NewAccount, EventError> {
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

    pub(super) fn asset(&mut self) -> Result<AssetRegistered, EventError> {
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
