"""A refusal: a status, and the record that stands in the way when it is a retry."""

from . import status


class Refused(Exception):
    def __init__(self, status, existing=None):
        super().__init__(status.name)
        self.status = status
        self.existing = existing


def refuse_asset(name):
    raise Refused(status.ASSET[name])


def refuse_account(name, existing=None):
    raise Refused(status.ACCOUNT[name], existing)


def refuse(name, existing=None):
    raise Refused(status.TRANSFER[name], existing)
