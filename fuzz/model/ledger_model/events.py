"""Events as docs/format.md has them byte by byte, the Merkle tree over them, and the digest of a state."""

import hashlib
import struct

from .assets import KINDS as ASSET_KINDS
from .text import NO_DATE

ACCOUNT_KINDS = {None: 0, "asset": 1, "liability": 2, "equity": 3, "income": 4, "expense": 5}
GENESIS, REQUEST, ASSET, ACCOUNT, TRANSFER, EXPIRED, FAILED = range(1, 8)
MUST_UNDERSTAND, EXTENDED = 1, 2


def _head(major, number):
    """The shortest head of a CBOR item."""
    for limit, extra, size in ((24, None, 0), (2**8, 24, 1), (2**16, 25, 2), (2**32, 26, 4)):
        if number < limit:
            first = major << 5 | (number if extra is None else extra)
            return bytes([first]) + (number.to_bytes(size, "big") if size else b"")
    return bytes([major << 5 | 27]) + number.to_bytes(8, "big")


def cbor(value):
    """Deterministic CBOR of numbers, bytes, texts, lists, maps and true."""
    if value is True:
        return b"\xf5"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, str):
        raw = value.encode()
        return _head(3, len(raw)) + raw
    # Keys in the order of their encodings, byte by byte: RFC 8949, 4.2.1.
    pairs = sorted((cbor(key), cbor(item)) for key, item in value.items())
    return _head(5, len(pairs)) + b"".join(key + item for key, item in pairs)


def read_cbor(raw):
    """What deterministic CBOR of numbers, bytes, texts and maps stands for."""
    value, end = _read(raw, 0)
    assert end == len(raw)
    return value


def _read(raw, at):
    major, number, at = raw[at] >> 5, raw[at] & 31, at + 1
    if number >= 24:
        size = 1 << number - 24
        number, at = int.from_bytes(raw[at:at + size], "big"), at + size
    if major == 0:
        return number, at
    if major in (2, 3):
        end = at + number
        return (raw[at:end] if major == 2 else raw[at:end].decode()), end
    assert major == 5
    found = {}
    for _ in range(number):
        key, at = _read(raw, at)
        found[key], at = _read(raw, at)
    return found, at


def present(fields):
    return cbor({number: value for number, value in fields.items() if value})


def _detail(record):
    fields = {1: record.key, 2: record.description, 3: record.metadata, 4: _sealed(record.sealed)}
    return present(fields) if any(fields.values()) else b""


def _sealed(sealed):
    if sealed is None:
        return None
    fields = {1: big(sealed.subject), 2: sealed.years, 3: sealed.bytes, 4: sealed.retention}
    # Zero years are the law's too.
    return {number: value for number, value in fields.items() if value is not None}


def big(number):
    return number.to_bytes(16, "big")


def little(number):
    return number.to_bytes(16, "little")


def encode(kind, sequence, timestamp, request, body, flags=MUST_UNDERSTAND):
    return struct.pack("<IHBBQqQ", 32 + len(body), kind, 1, flags, sequence, timestamp, request) + body


def genesis(tenant):
    return cbor({1: 1, 2: 1, 3: tenant})


def envelope(context):
    return present({1: context["actor"], 2: context["role"], 3: context["request_id"], 4: context["origin"]})


def asset(new):
    fixed = struct.pack("<IBBH", new.ledger, new.scale, ASSET_KINDS[new.kind], new.number)
    return fixed + new.code.encode().ljust(16, b"\0") + bytes(8)


def account(new):
    fixed = big(new.id) + big(new.parent) + little(new.user_data_128)
    kind = ACCOUNT_KINDS[new.kind]
    fixed += struct.pack("<QIIHHB", new.user_data_64, new.user_data_32, new.ledger, new.code, new.flags, kind)
    return fixed + bytes(27) + _detail(new)


def transfer(new):
    """The body and the header's flags."""
    body = big(new.id) + big(new.debit) + big(new.credit) + little(new.amount)
    date = NO_DATE if new.date is None else new.date
    body += struct.pack("<IHHiHH", new.ledger, new.code, new.flags, date, new.part, new.parts)
    extension = big(new.pending) + little(new.user_data_128)
    extension += struct.pack("<QII", new.user_data_64, new.user_data_32, new.timeout)
    flags = MUST_UNDERSTAND
    if any(extension):
        body, flags = body + extension, flags | EXTENDED
    return body + _detail(new), flags


def expired(hold):
    return big(hold.id) + struct.pack("<Q", hold.sequence) + bytes(8)


def failed(spent, status):
    return big(spent) + struct.pack("<H", status) + bytes(14)


def root(log):
    """RFC 6962, 2.1."""
    if not log:
        return hashlib.sha256().digest()
    if len(log) == 1:
        return hashlib.sha256(b"\0" + log[0]).digest()
    split = 1 << (len(log) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(log[:split]) + root(log[split:])).digest()


def state_hash(books):
    parts = [b"thalium.state.v1\0", struct.pack("<qQ", books.clock, len(books.log))]
    for registered in sorted(books.assets, key=lambda asset: asset.ledger):
        parts.append(struct.pack("<IB", registered.ledger, registered.scale) + registered.code.encode() + b"\0")
    for found in sorted(books.accounts, key=lambda account: account.id):
        parts.append(big(found.id) + big(found.parent))
        parts.append(struct.pack("<IHB", found.ledger, found.flags, ACCOUNT_KINDS[found.kind]))
        parts.extend(little(balance) for balance in found.balances)
    parts.extend(big(hold.id) for hold in sorted(books.open_holds(), key=lambda hold: hold.id))
    parts.append(books.parties.digest())
    return hashlib.sha256(b"".join(parts)).digest()
