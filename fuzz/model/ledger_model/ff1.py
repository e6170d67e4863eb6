"""FF1 (NIST SP 800-38G Rev. 1) with AES-256: text of the same form. Only encryption: no call takes a mask off."""

import struct

from .sealing import Aes256

ROUNDS = 10


def encrypt(key, tweak, numerals, radix):
    aes, left = Aes256(key), len(numerals) // 2
    a, b = numerals[:left], numerals[left:]
    # The bytes that hold every number of the longer half.
    width = ((radix ** len(b) - 1).bit_length() + 7) // 8
    head = b"\1\2\1" + radix.to_bytes(3, "big") + bytes([ROUNDS, left % 256])
    head += struct.pack(">II", len(numerals), len(tweak)) + tweak + bytes(-(len(tweak) + width + 1) % 16)
    for number in range(ROUNDS):
        message = head + bytes([number]) + _number(b, radix).to_bytes(width, "big")
        drawn = _drawn(aes, message, 4 * -(-width // 4) + 4)
        a, b = b, _numerals(_number(a, radix) + drawn, radix, len(a))
    return a + b


def _number(numerals, radix):
    number = 0
    for numeral in numerals:
        number = number * radix + numeral
    return number


def _numerals(number, radix, count):
    """The last numerals of a number, the first of them in front."""
    told = []
    for _ in range(count):
        number, numeral = divmod(number, radix)
        told.insert(0, numeral)
    return told


def _exclusive(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def _drawn(aes, message, length):
    """The number that the cipher makes of a message: its CBC-MAC, and further blocks where that is too short."""
    block = bytes(16)
    for at in range(0, len(message), 16):
        block = aes.encrypt(_exclusive(block, message[at:at + 16]))
    told = block
    for counter in range(1, -(-length // 16)):
        told += aes.encrypt(_exclusive(block, counter.to_bytes(16, "big")))
    return int.from_bytes(told[:length], "big")
