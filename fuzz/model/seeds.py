"""Writes the seeds of the fuzz targets `event`, `segment` and `backup` from docs/format.md alone.

It shares no code with the library, so that a seed that the library accepts shows that the page says what the code does.
Run it from the repository: python3 fuzz/model/seeds.py
"""

import hashlib
import pathlib
import struct

ROOT = pathlib.Path(__file__).resolve().parents[1] / "seeds"


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def event(kind, sequence, timestamp, request, body, flags=1):
    header = struct.pack("<IHBBQqQ", 32 + len(body), kind, 1, flags, sequence, timestamp, request)
    return header + body


def big(number):
    return number.to_bytes(16, "big")


def little(number):
    return number.to_bytes(16, "little")


def account(number, flags, kind):
    data = little(0) + struct.pack("<QIIHHB", 0, 0, 840, 1, flags, kind)
    return big(number) + big(0) + data + bytes(27)


def transfer(number, debit, credit, amount, flags=0, pending=0, timeout=0):
    """The body of a transfer, and the header's flags: 2 where the extension is not all zero."""
    body = big(number) + big(debit) + big(credit) + little(amount)
    body += struct.pack("<IHHiHH", 840, 1, flags, -(2**31), 0, 0)
    if not (pending or timeout):
        return body, 1
    return body + big(pending) + little(0) + struct.pack("<QII", 0, 0, timeout), 3


def log():
    """A ledger with two accounts, a transfer, a hold, its capture, a hold that runs out and a spent id."""
    bodies = [
        (1, 0, 0, b"\xa3\x01\x01\x02\x01\x03\x67default"),
        (2, 1, 1, b"\xa1\x01\x64desk"),
        (4, 1, 1, account(1, 0, 1)),
        (4, 2, 1, account(2, 2, 2)),
        (5, 3, 1, *transfer(10, 1, 2, 500)),
        (5, 4, 1, *transfer(11, 1, 2, 30, flags=2)),
        (5, 5, 1, *transfer(12, 1, 2, 20, flags=4, pending=11)),
        (5, 6, 1, *transfer(13, 1, 2, 7, flags=2, timeout=1)),
        (6, 2_000_000_000, 0, big(13) + struct.pack("<Q", 7) + bytes(8)),
        (7, 2_000_000_001, 1, big(14) + struct.pack("<H", 690) + bytes(14)),
    ]
    return [event(kind, n, *rest) for n, (kind, *rest) in enumerate(bodies)]


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + root(leaves[:split]) + root(leaves[split:])).digest()


def block(number, first, events, before, previous):
    payload = b"".join(events)
    header = struct.pack("<4sHHQQQIIQ", b"THB1", 1, 0, number, 1, first, len(events), len(payload), first + len(events))
    header += root(before + events) + previous + bytes(16)
    assert len(header) == 128
    stream = header + payload
    units = b""
    for index, at in enumerate(range(0, len(stream), 496)):
        rest = struct.pack("<IQ", index, number) + stream[at : at + 496].ljust(496, b"\0")
        units += struct.pack("<I", crc32c(rest)) + rest
    return units.ljust(-(-len(units) // 4096) * 4096, b"\0"), hashlib.sha256(header).digest()


def segment(blocks):
    header = b"THALIUM1" + struct.pack("<H6xQQQQ", 1, 1, 1, 1, 0) + bytes(32)
    header = header.ljust(508, b"\0")
    bytes_ = (header + struct.pack("<I", crc32c(header))).ljust(4096, b"\0")
    before, previous = [], bytes(32)
    for number, events in enumerate(blocks, 1):
        written, previous = block(number, len(before), events, before, previous)
        bytes_ += written
        before = before + events
    return bytes_


def backup(blocks):
    """The state of a backup that holds these blocks, as docs/format.md has it."""
    before, previous, offset = [], bytes(32), 4096
    for number, events in enumerate(blocks, 1):
        written, previous = block(number, len(before), events, before, previous)
        before, offset = before + events, offset + len(written)
    peaks, at = b"", 0
    for bit in reversed(range(len(before).bit_length())):
        if len(before) >> bit & 1:
            peaks, at = peaks + root(before[at : at + (1 << bit)]), at + (1 << bit)
    body = b"THBKUP1\0" + struct.pack("<QQQQ", 1, offset, len(blocks) + 1, 1) + previous
    body += struct.pack("<Q", len(before)) + peaks
    return body + struct.pack("<I", crc32c(body))


def main():
    events = log()
    (ROOT / "event").mkdir(parents=True, exist_ok=True)
    (ROOT / "segment").mkdir(parents=True, exist_ok=True)
    (ROOT / "event" / "log").write_bytes(b"".join(events))
    (ROOT / "event" / "genesis").write_bytes(events[0])
    (ROOT / "backup").mkdir(parents=True, exist_ok=True)
    blocks = [events[:1], events[1:5], events[5:]]
    (ROOT / "backup" / "two_blocks").write_bytes(backup(blocks[:2]))
    (ROOT / "backup" / "three_blocks").write_bytes(backup(blocks))
    whole = segment(blocks)
    (ROOT / "segment" / "three_blocks").write_bytes(whole)
    (ROOT / "segment" / "torn_tail").write_bytes(whole[: 3 * 4096 + 512] + bytes(4096 - 512))


if __name__ == "__main__":
    main()
