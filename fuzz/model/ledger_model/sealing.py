"""Sealing: AES-256-GCM-SIV (RFC 8452), HKDF-SHA256 (RFC 5869), and the keys of people, made of a seed."""

import hashlib
import hmac
import struct

CONSENT, LAW = 1, 2
BLOCK = 32
# The purpose of the tokens by which a party is found.
IDENTIFIER = "identifier"


# AES with a key of 256 bits, FIPS 197. Only encryption: GCM-SIV and FF1 need no more.


def _double(byte):
    return (byte << 1 ^ (0x11B if byte & 0x80 else 0)) & 0xFF


def _make_box():
    """The S-box: the inverse in GF(2^8), then the affine map."""
    box, p, q = [0] * 256, 1, 1
    while True:
        p ^= _double(p)  # times three
        for shift in (1, 2, 4):  # divided by three
            q ^= q << shift & 0xFF
        if q & 0x80:
            q ^= 0x09
        rotated = q
        for shift in (1, 2, 3, 4):
            rotated ^= (q << shift | q >> 8 - shift) & 0xFF
        box[p] = rotated ^ 0x63
        if p == 1:
            break
    box[0] = 0x63
    return box


BOX = _make_box()
DOUBLE = [_double(byte) for byte in range(256)]


class Aes256:
    def __init__(self, key):
        words = [list(key[at:at + 4]) for at in range(0, 32, 4)]
        power = 1
        for index in range(8, 60):
            word = list(words[-1])
            if index % 8 == 0:
                word = [BOX[byte] for byte in word[1:] + word[:1]]
                word[0] ^= power
                power = _double(power)
            elif index % 8 == 4:
                word = [BOX[byte] for byte in word]
            words.append([a ^ b for a, b in zip(words[-8], word)])
        self.rounds = [sum(words[at:at + 4], []) for at in range(0, 60, 4)]

    def encrypt(self, block):
        state = [a ^ b for a, b in zip(block, self.rounds[0])]
        for number in range(1, 15):
            # Bytes are substituted, and row r of column c comes from column c + r.
            state = [BOX[state[(place + 4 * (place % 4)) % 16]] for place in range(16)]
            if number < 14:
                state = _mix(state)
            state = [a ^ b for a, b in zip(state, self.rounds[number])]
        return bytes(state)


def _mix(state):
    mixed = []
    for at in range(0, 16, 4):
        column = state[at:at + 4]
        every = column[0] ^ column[1] ^ column[2] ^ column[3]
        mixed += [column[row] ^ every ^ DOUBLE[column[row] ^ column[(row + 1) % 4]] for row in range(4)]
    return mixed


# POLYVAL: bit i of a block, read as a little-endian number, is the coefficient of x^i.

POLYNOMIAL = 1 << 128 | 1 << 127 | 1 << 126 | 1 << 121 | 1


def _dot(a, b):
    """a · b · x^-128 in GF(2^128)."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a, b = a << 1, b >> 1
    for _ in range(128):
        if product & 1:
            product ^= POLYNOMIAL
        product >>= 1
    return product


def _polyval(key, data):
    key, sum = int.from_bytes(key, "little"), 0
    for at in range(0, len(data), 16):
        sum = _dot(sum ^ int.from_bytes(data[at:at + 16], "little"), key)
    return sum.to_bytes(16, "little")


# GCM-SIV.


def _padded(data):
    return data + bytes(-len(data) % 16)


class GcmSiv:
    def __init__(self, key, nonce):
        aes = Aes256(key)
        halves = [aes.encrypt(struct.pack("<I", counter) + nonce)[:8] for counter in range(6)]
        self.nonce, self.authentication = nonce, b"".join(halves[:2])
        self.cipher = Aes256(b"".join(halves[2:]))

    def seal(self, plain, associated):
        tag = self._tag(plain, associated)
        return self._stream(tag, plain) + tag

    def open(self, sealed, associated):
        """What was sealed, or None."""
        plain = self._stream(sealed[-16:], sealed[:-16])
        return plain if len(sealed) >= 16 and self._tag(plain, associated) == sealed[-16:] else None

    def _tag(self, plain, associated):
        lengths = struct.pack("<QQ", 8 * len(associated), 8 * len(plain))
        sum = bytearray(_polyval(self.authentication, _padded(associated) + _padded(plain) + lengths))
        for place, byte in enumerate(self.nonce):
            sum[place] ^= byte
        sum[15] &= 0x7F
        return self.cipher.encrypt(sum)

    def _stream(self, tag, data):
        counter, rest = int.from_bytes(tag[:4], "little"), tag[4:15] + bytes([tag[15] | 0x80])
        told = bytearray()
        for at in range(0, len(data), 16):
            key = self.cipher.encrypt(struct.pack("<I", counter) + rest)
            told += bytes(a ^ b for a, b in zip(data[at:at + 16], key))
            counter = counter + 1 & 0xFFFF_FFFF
        return bytes(told)


# What is sealed, as docs/format.md has it.


def _mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf(key, info, length=32):
    """HKDF-SHA256 without salt."""
    drawn, block, told = _mac(bytes(32), key), b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = _mac(drawn, block + info + bytes([number]))
        told += block
    return told[:length]


def _cipher(key):
    return GcmSiv(hkdf(key, b"thalium.subject-data.v1"), bytes(12))


def _place(what, party, name):
    return what + b"\0" + party.to_bytes(16, "big") + name


def sealed_length(plain):
    return 1 + BLOCK * (plain // BLOCK + 1) + 16


def seal(key, what, party, name, plain):
    padded = plain + b"\x80"
    padded += bytes(-len(padded) % BLOCK)
    return b"\1" + _cipher(key).seal(padded, _place(what, party, name))


def open_sealed(key, what, party, name, sealed):
    assert sealed[0] == 1
    padded = _cipher(key).open(sealed[1:], _place(what, party, name))
    assert padded is not None
    plain = padded.rstrip(b"\0")
    assert plain.endswith(b"\x80")
    return plain[:-1]


class Keys:
    """The keys of people and of the tenant, made of a seed. One that was destroyed is never made again."""

    def __init__(self, seed):
        self.seed = bytes.fromhex(seed)
        self.destroyed = set()

    def subject(self, party, basis):
        if (party, basis) in self.destroyed:
            return None
        return _mac(self.seed, b"subject\0" + party.to_bytes(16, "big") + bytes([basis]))

    def root(self, number):
        return _mac(self.seed, b"root\0" + struct.pack("<I", number))

    def destroy(self, party, basis):
        self.destroyed.add((party, basis))

    def of_purpose(self, purpose):
        """The keys of tokens and of masks: the tenant's first root key is number one."""
        both = hkdf(self.root(1), b"thalium.token.v1\0" + purpose.encode(), 64)
        return both[:32], both[32:]

    def token(self, kind, normalised, purpose=IDENTIFIER):
        return _mac(self.of_purpose(purpose)[0], bytes([kind]) + normalised.encode())[:16]
