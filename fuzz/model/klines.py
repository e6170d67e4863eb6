"""Rolls bars of a minute up to bars of an hour and of a day in UTC, by a model that shares no code with the library.

    python3 fuzz/model/klines.py FILE  FILE is a gzipped CSV with the header timestamp,open,high,low,close,volume

Tells, for 1h and then for 1d, one line a bucket by time: WIDTH,START,OPEN,HIGH,LOW,CLOSE,VOLUME,COUNT. START is in
nanoseconds since 1970, the five amounts are in units of 10^-18, and COUNT is how many minutes the bucket has.
"""

import csv
import datetime
import decimal
import gzip
import sys
import zlib

HEADER = ["timestamp", "open", "high", "low", "close", "volume"]
WIDTHS = {"1h": 3_600, "1d": 86_400}
EPOCH = datetime.datetime(1970, 1, 1)
DIGITS = 18
# Whatever would round is an error.
EXACT = decimal.Context(prec=1_000, traps=[decimal.Inexact, decimal.InvalidOperation])


def units(text):
    """A decimal in units of 10^-DIGITS, as an integer. Zeros at the end of a fraction do not count as digits."""
    try:
        value = EXACT.create_decimal(text)
        return int(value.quantize(decimal.Decimal((0, (1,), -DIGITS)), context=EXACT).scaleb(DIGITS, context=EXACT))
    except decimal.Inexact:
        raise ValueError(f"{text!r} has more than {DIGITS} fraction digits") from None
    except (decimal.InvalidOperation, ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a number") from None


def minute(text):
    """The seconds since 1970 at which a minute begins."""
    since = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f") - EPOCH
    if since % datetime.timedelta(minutes=1):
        raise ValueError(f"{text!r} is not the beginning of a minute")
    return since // datetime.timedelta(seconds=1)


def read(path):
    """The bars of the file by the second they begin at, in the order of time."""
    bars = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if next(rows, None) != HEADER:
            raise ValueError(f"line 1: the header is not {','.join(HEADER)}")
        for row in rows:
            try:
                if len(row) != len(HEADER):
                    raise ValueError(f"{len(row)} fields instead of {len(HEADER)}")
                start = minute(row[0])
                if start in bars:
                    raise ValueError(f"{row[0]!r} is the timestamp of a line before")
                bars[start] = [units(text) for text in row[1:]]
            except ValueError as error:
                raise ValueError(f"line {rows.line_num}: {error}") from None
    return dict(sorted(bars.items()))


def rolled(bars, seconds):
    """The buckets of a width: where each starts, its five amounts and its count."""
    buckets = {}
    for start, bar in bars.items():
        buckets.setdefault(start - start % seconds, []).append(bar)
    for start, members in buckets.items():
        opens, highs, lows, closes, volumes = zip(*members)
        yield start, opens[0], max(highs), min(lows), closes[-1], sum(volumes), len(members)


def main(arguments):
    if len(arguments) != 1:
        print("one FILE is needed: python3 fuzz/model/klines.py FILE", file=sys.stderr)
        return 2
    try:
        bars = read(arguments[0])
    except (OSError, EOFError, ValueError, csv.Error, zlib.error) as error:
        print(f"{arguments[0]} cannot be read: {error}; give a gzipped CSV of {','.join(HEADER)}", file=sys.stderr)
        return 2
    for width, seconds in WIDTHS.items():
        for start, *rest in rolled(bars, seconds):
            print(width, start * 1_000_000_000, *rest, sep=",")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
