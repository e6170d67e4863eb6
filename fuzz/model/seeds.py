"""Writes the seeds of the fuzz targets `event`, `segment`, `backup`, `part` and `image` from docs/format.md alone.

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


def transfer(number, debit, credit, amount, flags=0, pending=0, timeout=0, date=-(2**31)):
    """The body of a transfer, and the header's flags: 2 where the extension is not all zero."""
    body = big(number) + big(debit) + big(credit) + little(amount)
    body += struct.pack("<IHHiHH", 840, 1, flags, date, 0, 0)
    if not (pending or timeout):
        return body, 1
    return body + big(pending) + little(0) + struct.pack("<QII", 0, 0, timeout), 3


def log():
    """A ledger with two accounts, a transfer of the next day, a hold, its capture, a hold that runs out and a spent id."""
    bodies = [
        (1, 0, 0, b"\xa3\x01\x01\x02\x01\x03\x67default"),
        (2, 1, 1, b"\xa1\x01\x64desk"),
        (4, 1, 1, account(1, 0, 1)),
        (4, 2, 1, account(2, 2, 2)),
        (5, 3, 1, *transfer(10, 1, 2, 500, date=1)),
        (5, 4, 1, *transfer(11, 1, 2, 30, flags=2)),
        (5, 5, 1, *transfer(12, 1, 2, 20, flags=4, pending=11)),
        (5, 6, 1, *transfer(13, 1, 2, 7, flags=2, timeout=1)),
        (6, 2_000_000_000, 0, big(13) + struct.pack("<Q", 7) + bytes(8)),
        (7, 2_000_000_001, 1, big(14) + struct.pack("<H", 690) + bytes(14)),
    ]
    return [event(kind, n, *rest) for n, (kind, *rest) in enumerate(bodies)]


def sealed():
    """An account whose name is sealed to a party, by law; and a reading of it."""
    detail = b"\xa2\x01\x63c42\x04\xa3\x01\x50" + big(9) + b"\x02\x05\x03\x43abc"
    read = b"\xa4\x01\x50" + big(9) + b"\x02\x80\x03\x61w\x05\x81\x50" + big(4)
    return event(4, 1, 5, 0, account(4, 0, 2) + detail) + event(18, 2, 6, 0, read)


def retained():
    """A retention class, and an account whose name is sealed to a party under it."""
    defined = b"\xa3\x01\x63aml\x02\x05\x03\x68Art. 40."
    detail = b"\xa2\x01\x63c42\x04\xa3\x01\x50" + big(9) + b"\x03\x43abc\x04\x63aml"
    return event(21, 1, 5, 0, defined) + event(4, 2, 6, 0, account(4, 0, 2) + detail)


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


def end(blocks):
    """Where a journal of these blocks ends, and where its last block begins."""
    before, previous, last, offset = [], bytes(32), 0, 4096
    for number, events in enumerate(blocks, 1):
        written, previous = block(number, len(before), events, before, previous)
        before, last, offset = before + events, offset, offset + len(written)
    peaks, at = b"", 0
    for bit in reversed(range(len(before).bit_length())):
        if len(before) >> bit & 1:
            peaks, at = peaks + root(before[at : at + (1 << bit)]), at + (1 << bit)
    body = struct.pack("<QQQQ", 1, offset, len(blocks) + 1, 1) + previous
    return body + struct.pack("<Q", len(before)) + peaks, last, previous


def backup(blocks):
    """The state of a backup that holds these blocks, as docs/format.md has it."""
    body = b"THBKUP1\0" + end(blocks)[0]
    return body + struct.pack("<I", crc32c(body))


def id_hash(number):
    low, high = number & (2**64 - 1), number >> 64
    turned = (high << 32 | high >> 32) & (2**64 - 1)
    mixed = (low ^ turned) * 0x9E3779B97F4A7C15
    return (mixed & (2**64 - 1)) ^ (mixed >> 64)


def pages(entries):
    """Entries of one length in pages of 4,080 bytes."""
    if not entries:
        return []
    most = 4080 // len(entries[0])
    return [b"".join(entries[at : at + most]).ljust(4080, b"\0") for at in range(0, len(entries), most)]


def part(blocks):
    """The part of these blocks, whose events are those of `log`: no id is dated now."""
    count = sum(len(events) for events in blocks)
    moves = {1: [4, 5, 6, 7, 8], 2: [4, 5, 6, 7, 8]}
    moves = {account: [at for at in places if at < count] for account, places in moves.items()}
    spent = {4: 10, 5: 11, 6: 12, 7: 13, 9: 14}
    strays = sorted((id_hash(number), at) for at, number in spent.items() if at < count)
    directory, lists = [], []
    for account, places in sorted(moves.items()):
        if places:
            directory.append(big(account) + struct.pack("<QII", 0, len(lists), len(places)))
            lists += [struct.pack("<I", at) for at in places]
    dates = [(1 + 2**31 << 32) | at for at in [4] if at < count]
    index = pages(directory) + pages(lists) + pages([struct.pack("<QI", *stray) for stray in strays])
    index += pages([struct.pack("<Q", date) for date in dates])
    summary = struct.pack("<H6xQQ", 2, 0, count) + struct.pack("<QQ", 2**64 - 1, 0)
    summary += struct.pack("<QQQQQ", 0, len(directory), len(lists), len(strays), len(dates)) + bytes(8)
    summary += struct.pack("<I", dates[0] >> 32) if dates else b""
    summary += directory[0][:16] if directory else b""
    places, offset, ordinal, sector = [], 0, 0, 1
    for events in blocks:
        for nth, bytes_ in enumerate(events):
            if nth % 8 == 0:
                places.append(struct.pack("<IIII", ordinal, 1, sector, offset))
            ordinal, offset = ordinal + 1, offset + len(bytes_)
        sector, offset = sector + 1, 0
    place_pages = pages(places)
    tail = b"".join(page[:16] + bytes(4) for page in place_pages) + summary
    lengths = [len(index), len(place_pages), len(tail), len(places)]
    header = b"THPART1\0" + struct.pack("<QQQQ", 1, 1, 0, count) + struct.pack("<QQQQ", *lengths)
    header += bytes(32) + end(blocks)[2] + hashlib.sha256(tail).digest()
    header = header.ljust(508, b"\0")
    header = (header + struct.pack("<I", crc32c(header))).ljust(4096, b"\0")
    stamp = hashlib.sha256(header).digest()[:8]
    body = b""
    for number, page in enumerate(index + place_pages):
        rest = struct.pack("<I", number) + stamp + page
        body += struct.pack("<I", crc32c(rest)) + rest
    return header + body + tail


def state():
    """The state that `log` leads to: 500 and 20 moved, no hold open, one posted and one run out."""
    bytes_ = struct.pack("<H6xQqqqQ", 1, 10, 2_000_000_001, 2, 6, 4)
    bytes_ += struct.pack("<QQQQQQ", 2, 0, 0, 0, 1, 1)
    accounts = [(1, 2, 1, 0, 1, (0, 520, 0, 0)), (2, 3, 2, 2, 2, (0, 0, 0, 520))]
    for number, opened, timestamp, flags, kind, lows in accounts:
        bytes_ += big(number) + struct.pack("<Qq", opened, timestamp) + big(0)
        bytes_ += struct.pack("<QIHBB", 8, 840, flags, kind, 0) + struct.pack("<QQQQ", *lows)
    bytes_ += struct.pack("<qQ", 3, 4)
    words = [0] * 4096
    words[0] = 1 << (2 * 5) | 3 << (2 * 7)
    return bytes_ + struct.pack("<I4096Q", 0, *words)


def image(blocks):
    where, last, _ = end(blocks)
    body = b"THIMAG1\0" + struct.pack("<QQ", last, len(where)) + where + state()
    return body + struct.pack("<I", crc32c(body))


def main():
    events = log()
    (ROOT / "event").mkdir(parents=True, exist_ok=True)
    (ROOT / "segment").mkdir(parents=True, exist_ok=True)
    (ROOT / "event" / "log").write_bytes(b"".join(events))
    (ROOT / "event" / "genesis").write_bytes(events[0])
    (ROOT / "event" / "sealed").write_bytes(sealed())
    (ROOT / "event" / "retained").write_bytes(retained())
    (ROOT / "backup").mkdir(parents=True, exist_ok=True)
    blocks = [events[:1], events[1:5], events[5:]]
    (ROOT / "backup" / "two_blocks").write_bytes(backup(blocks[:2]))
    (ROOT / "backup" / "three_blocks").write_bytes(backup(blocks))
    whole = segment(blocks)
    (ROOT / "segment" / "three_blocks").write_bytes(whole)
    for target in ["part", "image"]:
        (ROOT / target).mkdir(parents=True, exist_ok=True)
    (ROOT / "part" / "three_blocks").write_bytes(part(blocks))
    (ROOT / "part" / "two_blocks").write_bytes(part(blocks[:2]))
    (ROOT / "image" / "file").write_bytes(image(blocks))
    (ROOT / "image" / "state").write_bytes(state())
    (ROOT / "segment" / "torn_tail").write_bytes(whole[: 3 * 4096 + 512] + bytes(4096 - 512))


if __name__ == "__main__":
    main()
