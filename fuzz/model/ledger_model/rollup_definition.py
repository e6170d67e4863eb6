"""What a rollup is defined as, and what is refused of it, in the order in which it is looked at."""

from dataclasses import dataclass

from .rollup_calendar import CENTURY, nests, parse_offset, parse_span, parse_width, parse_zone
from .text import Invalid, parse_local

LEVELS_MAX, SCALE_MAX = 16, 18
LEVELS, DELAY, HORIZON, SCALE = ("1m", "5m", "15m", "1h", "4h", "1d", "1w", "1M"), "5s", "1h", 8
POLICIES = ("refuse", "merge", "correct")
SCALES = ("price_scale", "quantity_scale")


@dataclass(frozen=True)
class Definition:
    of: str | None
    levels: list
    zone_name: str | None
    zone: object
    # What a clock shows from which buckets are counted, and by how much they are moved.
    origin: int | None
    offset: int
    delay: int
    late: str
    horizon: int | None
    keep: dict
    price_scale: int
    quantity_scale: int


def read_definition(rollups, q, known):
    """The definition that is asked for; `known` is the rollup that has the name already."""
    late = q.get("late", "correct")
    widths = [parse_width(text, "levels") for text in q.get("levels", LEVELS)]
    zone = parse_zone(q["zone"]) if "zone" in q else None
    origin = parse_local(q["origin"]) if "origin" in q else None
    if "origin" in q and origin is None:
        raise Invalid("origin")
    offset = parse_offset(q.get("offset", "0s"))
    delay = 0 if q.get("delay") == "0s" else parse_span(q.get("delay", DELAY), "delay")
    if late == "refuse" and "horizon" in q:
        raise Invalid("horizon")
    horizon = None if late == "refuse" else parse_span(q.get("horizon", HORIZON), "horizon")
    keep = read_keep(q.get("keep", {}), widths)
    rollups.check_name(q["name"])
    levels = read_levels(widths, origin)
    for field in SCALES:
        if q.get(field, SCALE) > SCALE_MAX:
            raise Invalid(field)
    # What others are made of, and what has trades, is what it is.
    is_held = known is not None and (known.has_trades() or bool(rollups.made_of(known.name)))
    of = q.get("of")
    root = rollups.rollups.get(of)
    if of is not None and (root is None or of == q["name"] or root.definition.of or rollups.made_of(q["name"])):
        raise Invalid("of")
    if is_held and known.definition.of != of:
        raise Invalid("of")
    scales = []
    for field in SCALES:
        scale = q.get(field, getattr(root.definition, field) if root else SCALE)
        is_other = root is not None and scale != getattr(root.definition, field)
        was_other = is_held and scale != getattr(known.definition, field)
        if is_other or was_other:
            raise Invalid(field)
        scales.append(scale)
    return Definition(of, levels, q.get("zone"), zone, origin, offset, delay, late, horizon, keep, *scales)


def read_levels(widths, origin):
    """Widths of which each is made of one before it."""
    levels = []
    for width in widths:
        if width in levels or (levels and not any(nests(finer, width, origin) for finer in levels)):
            raise Invalid("levels")
        levels.append(width)
    if not 1 <= len(levels) <= LEVELS_MAX:
        raise Invalid("levels")
    return levels


def read_keep(told, levels):
    keep = {}
    for text, span in told.items():
        width = parse_width(text, "keep")
        if width not in levels or width in keep:
            raise Invalid("keep")
        keep[width] = parse_span(span, "keep")
    return keep
