"""What stands for a value outside of the ledger, for one purpose: tokens of identifiers, and masks of digits."""

import unicodedata

from . import ff1, identifiers
from .sealing import IDENTIFIER
from .text import Invalid

PURPOSE_MAX, VALUES_MAX, TEXT_MAX = 64, 10_000, 1_024
DIGITS, DIGITS_MIN, DIGITS_MAX = "0123456789", 6, 64


def make_tokens(keys, q):
    _check(q)
    kind = q["identifier"]
    forms = [identifiers.normalise(kind, value) for value in q["values"]]
    return [form and keys.token(identifiers.KINDS[kind], form, q["purpose"]).hex() for form in forms]


def mask_digits(keys, q):
    _check(q)
    key, tweak = keys.of_purpose(q["purpose"])[1], q["purpose"].encode()
    return [_masked(key, tweak, value) for value in q["values"]]


def _check(q):
    # A token of the purpose by which parties are found is what the log has sealed.
    if not 1 <= len(q["purpose"].encode()) <= PURPOSE_MAX or q["purpose"] == IDENTIFIER:
        raise Invalid("purpose")
    if not 1 <= len(q["values"]) <= VALUES_MAX:
        raise Invalid("values")


def _masked(key, tweak, text):
    """The text with other digits, or None where it has too few, too many, or those of another script."""
    digits = [int(char) for char in text if char in DIGITS]
    numeric = [char for char in text if unicodedata.category(char) in ("Nd", "Nl", "No")]
    if len(text.encode()) > TEXT_MAX or len(numeric) != len(digits) or not DIGITS_MIN <= len(digits) <= DIGITS_MAX:
        return None
    others = iter(ff1.encrypt(key, tweak, digits, 10))
    return "".join(DIGITS[next(others)] if char in DIGITS else char for char in text)
