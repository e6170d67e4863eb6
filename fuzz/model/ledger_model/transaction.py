"""Transactions: debits and credits in one or several assets, booked as transfers."""

from dataclasses import dataclass, field

from .books import Transfer
from .details import Sealed
from .refused import refuse
from .text import part_id


@dataclass
class Leg:
    account: int
    side: str
    amount: int
    ledger: int


@dataclass
class Transaction:
    id: int
    legs: list
    code: int = 1
    user_data_128: int = 0
    user_data_64: int = 0
    user_data_32: int = 0
    date: int | None = None
    key: str = ""
    description: str = ""
    metadata: dict = field(default_factory=dict)
    sealed: Sealed | None = None
    linked: bool = False


def transfers_of(new):
    """The transfers that book a transaction: asset by asset, in the order of their ledger numbers, debits and credits
    side by side."""
    if not new.legs or any(leg.amount == 0 for leg in new.legs):
        refuse("legs_must_not_be_empty")
    moves = []
    for ledger in sorted({leg.ledger for leg in new.legs}):
        sides = {"debit": [], "credit": []}
        for leg in new.legs:
            if leg.ledger == ledger:
                sides[leg.side].append([leg.account, leg.amount])
        debits, credits = sides["debit"], sides["credit"]
        while debits and credits:
            amount = min(debits[0][1], credits[0][1])
            if debits[0][0] == credits[0][0]:
                refuse("accounts_must_be_different")
            moves.append((debits[0][0], credits[0][0], amount, ledger))
            for side in (debits, credits):
                side[0][1] -= amount
                if side[0][1] == 0:
                    side.pop(0)
        if debits or credits:
            refuse("legs_must_balance")
    first = {"key": new.key, "description": new.description, "metadata": new.metadata, "sealed": new.sealed}
    return [
        Transfer(
            id=part_id(new.id, part), debit=debit, credit=credit, amount=amount, ledger=ledger, code=new.code,
            date=new.date, user_data_128=new.user_data_128, user_data_64=new.user_data_64,
            user_data_32=new.user_data_32,
            part=part, parts=len(moves), **(first if part == 0 else {}),
        )
        for part, (debit, credit, amount, ledger) in enumerate(moves)
    ]
