"""Rolls bars of a minute up to bars of an hour and of a day in UTC, by a program that shares no code with the library.

    python3 fuzz/model/klines.py FILE   FILE: gzipped CSV of timestamp,open,high,low,close,volume

One line a bucket, hours first: WIDTH,START,OPEN,HIGH,LOW,CLOSE,VOLUME,COUNT. START is in nanoseconds since 1970, amounts are in
units of 10^-18, COUNT is how many minutes there are.
"""

import csv
import datetime
import decimal
import gzip
import sys

EPOCH = datetime.datetime(1970, 1, 1)
WIDTHS = (("1h", 3_600), ("1d", 86_400))


def units(text, line):
    """A decimal in units of 10^-18, as an integer."""
    with decimal.localcontext(prec=60, traps=[decimal.InvalidOperation]):
        scaled = decimal.Decimal(text).scaleb(18)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"line {line}: {text} has more than 18 fraction digits")
        return int(scaled)


def read(file):
    """The minutes by time: seconds since 1970, and the five amounts."""
    minutes = {}
    with gzip.open(file, "rt", newline="") as text:
        for line, row in enumerate(csv.DictReader(text), start=2):
            moment = datetime.datetime.strptime(row["timestamp"], "%Y-%m-%d %H:%M:%S.%f")
            second = (moment - EPOCH) // datetime.timedelta(seconds=1)
            if second in minutes:
                raise ValueError(f"line {line}: {row['timestamp']} stands above already")
            minutes[second] = [units(row[name], line) for name in ("open", "high", "low", "close", "volume")]
    return sorted(minutes.items())


def rolled(minutes, seconds):
    """The bars of a width, by time."""
    buckets = {}
    for second, bar in minutes:
        buckets.setdefault(second - second % seconds, []).append(bar)
    for start, bars in buckets.items():
        opens, highs, lows, closes, volumes = zip(*bars)
        yield start, opens[0], max(highs), min(lows), closes[-1], sum(volumes), len(bars)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        minutes = read(sys.argv[1])
    except (OSError, ValueError, KeyError, decimal.InvalidOperation) as error:
        print(f"{sys.argv[1]} cannot be read: {error}", file=sys.stderr)
        sys.exit(2)
    for width, seconds in WIDTHS:
        for start, *amounts in rolled(minutes, seconds):
            print(width, start * 10**9, *amounts, sep=",")


if __name__ == "__main__":
    main()
