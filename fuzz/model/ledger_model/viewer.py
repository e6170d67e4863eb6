"""What is seen by whom: without a viewer all, with one what is the broker's."""

from .text import Invalid, date_of, named


class Everything:
    """Who asks without a viewer sees all."""

    def party(self, party):
        return True

    def account(self, id):
        return True

    def transfer(self, transfer):
        return True

    def is_named(self, id):
        """Whether the name of the account on the other side is told."""
        return True


EVERYTHING = Everything()
# The roles by which an account is a broker's, if its client has it.
ROLES = ("owner", "operator")


class Broker:
    def __init__(self, books, broker):
        self.broker = broker
        today, registry = date_of(books.clock), books.parties
        self.accounts = {
            account for (owner, account, role), (since, until, _) in registry.accounts.items()
            if role in ROLES and self.party(registry.party(owner))
            and (since is None or since <= today) and (until is None or today <= until)
        }
        self.others = {
            account for owner, account, _ in registry.accounts if not self.party(registry.party(owner))
        }

    def party(self, party):
        return party is self.broker or party.broker == self.broker.id

    def account(self, id):
        return id in self.accounts

    def transfer(self, transfer):
        return self.account(transfer.debit) or self.account(transfer.credit)

    def is_named(self, id):
        """Its own, and what is nobody's, as the house's are."""
        return self.account(id) or id not in self.others


def seen(books, q):
    if q.get("viewer") is None:
        return EVERYTHING
    found = books.parties.party(named("party", q["viewer"], "viewer"))
    if not found or found.kind != "broker":
        raise Invalid("viewer")
    return Broker(books, found)
