"""Decisions on record: what is asked for, and what is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Literal, TypedDict
from uuid import UUID

from ._instant import instant_text
from ._json import exact_request, json_text
from ._policy import Bundle, PolicyKey, bundle_text, input_text
from ._types import VerdictOutcome
from ._value import Value
from .commands import Name, name_text


class Mask(TypedDict, total=False):
    """What is left out of decisions or replaced: ``dict(op="upsert", path="/input/name", value="**")``."""

    op: Literal["remove", "upsert"]
    """Whether it goes, or another value takes its place."""
    path: str
    """Where it stands: a JSON pointer below ``/input`` or ``/result``."""
    value: Any
    """What takes its place (``upsert``): what an input may be."""


class DecisionPage(Value):
    """A page of decisions on record."""

    __slots__ = ("decisions", "next")
    _fields: ClassVar[tuple[str, ...]] = __slots__
    _shapes: ClassVar[dict[str, str]] = {"decisions": "texts"}

    decisions: tuple[dict[str, Any], ...]
    """The decisions, the oldest first, with the names of Open Policy Agent's decision logs; numbers are ``int`` and ``Decimal``."""
    next: int | None
    """What the next page comes ``after``; nothing if this is the last."""


class DecisionQuery:
    """Which decisions, as a request says it."""

    def __init__(self, fields: dict[str, Any], masks: Iterable[str | Mask | Mapping[str, Any]] | None) -> None:
        self._fields = fields
        self._masks = None if masks is None else _masks_text(masks)

    def request(self, after: int | None, limit: int | None) -> str:
        """The request for a page; without ``after`` for the first."""
        fields = {**self._fields, "limit": limit}
        if after is not None:
            fields["after"] = after
        return exact_request("list_decisions", fields, masks=self._masks)


def load_request(
    bundle: Bundle,
    name: str | None,
    keys: Iterable[PolicyKey | Mapping[str, str]] | None,
    shadow: bool,
    now: datetime | str | None,
) -> str:
    fields = {"name": name, "shadow": shadow, "now": instant_text(now, "now")}
    return exact_request("load_policy", fields, bundle=bundle_text(bundle, keys))


def decide_request(
    path: str,
    input: Any,
    policy: str | None,
    now: datetime | str | None,
    strict: bool,
    subject: Name | None,
    retention: str | None,
    concerns: str | None,
    actor: str | None,
    request_id: str | None,
    decision_id: UUID | str | None,
) -> str:
    fields = {
        "policy": policy,
        "path": path,
        "now": instant_text(now, "now"),
        "strict": strict,
        "subject": None if subject is None else name_text(subject, "subject"),
        "retention": retention,
        "concerns": concerns,
        "actor": actor,
        "request_id": request_id,
        "decision_id": None if decision_id is None else str(decision_id),
    }
    return exact_request("decide_on_record", fields, input=input_text(input, "input"))


def opening(
    why: str | None,
    now: datetime | str | None,
    actor: str | None,
    role: str | None,
    request_id: str | None,
    origin: str | None,
) -> dict[str, Any] | None:
    """Who opens what is sealed, and why; nothing where nothing is said. Who reads without a reason is refused."""
    reading = {
        "why": why,
        "now": instant_text(now, "now"),
        "actor": actor,
        "role": role,
        "request_id": request_id,
        "origin": origin,
    }
    return {name: value for name, value in reading.items() if value is not None} or None


def decision_query(
    decision_id: UUID | str | None,
    path: str | None,
    policy: str | None,
    outcome: VerdictOutcome | None,
    subject: Name | None,
    concerns: str | None,
    start: datetime | date | str | None,
    end: datetime | date | str | None,
    after: int | None,
    masks: Iterable[str | Mask | Mapping[str, Any]] | None,
    why: str | None,
    now: datetime | str | None,
    actor: str | None,
    role: str | None,
    request_id: str | None,
    origin: str | None,
) -> DecisionQuery:
    fields = {
        "decision_id": None if decision_id is None else str(decision_id),
        "path": path,
        "policy": policy,
        "outcome": outcome,
        "subject": None if subject is None else name_text(subject, "subject"),
        "concerns": concerns,
        "from": instant_text(start, "start"),
        "until": instant_text(end, "end"),
        "after": after,
        "open": opening(why, now, actor, role, request_id, origin),
    }
    return DecisionQuery(fields, masks)


def replay_request(
    bundle: Bundle,
    keys: Iterable[PolicyKey | Mapping[str, str]] | None,
    path: str | None,
    policy: str | None,
    start: datetime | date | str | None,
    end: datetime | date | str | None,
    limit: int | None,
) -> str:
    until = instant_text(end, "end")
    fields = {"path": path, "policy": policy, "from": instant_text(start, "start"), "until": until, "limit": limit}
    return exact_request("replay_decisions", fields, bundle=bundle_text(bundle, keys))


def _masks_text(masks: Iterable[str | Mask | Mapping[str, Any]]) -> str:
    if isinstance(masks, str | bytes | Mapping) or not isinstance(masks, Iterable):
        raise TypeError(f"masks: give a list, as ['/input/name'], not {type(masks).__name__}")
    return json_text([*masks], "masks")
