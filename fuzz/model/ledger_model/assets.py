"""Assets: code, scale, kind and ledger number. Those of ISO 4217 that the vectors use are there from the start."""

from dataclasses import dataclass

KINDS = {"fiat": 1, "crypto": 2, "security": 3, "points": 4}


@dataclass(frozen=True)
class Asset:
    ledger: int
    code: str
    scale: int
    kind: str
    number: int = 0  # of ISO 4217, for a fiat currency


# Numbers and minor units from list one of ISO 4217.
ISO = tuple(
    Asset(number, code, scale, "fiat", number)
    for code, number, scale in (
        ("BHD", 48, 3), ("CHF", 756, 2), ("EUR", 978, 2), ("GBP", 826, 2), ("JPY", 392, 0), ("KES", 404, 2),
        ("KWD", 414, 3), ("NGN", 566, 2), ("USD", 840, 2), ("UYW", 927, 4), ("XAU", 959, 0), ("ZAR", 710, 2),
    )
)
ISO_BY_CODE = {asset.code: asset for asset in ISO}
ISO_BY_LEDGER = {asset.ledger: asset for asset in ISO}

# Ledger numbers of assets that name none begin here: ISO 4217 keeps to three digits.
FIRST_FREE = 1_000
