"""Gives a table of Arrow with trades to a rollup; prints millions a second. For `cargo xtask bench languages`."""

import sys
import time

import numpy
import pyarrow
import thalium

place, rows = sys.argv[1], int(sys.argv[2])
SYMBOLS = 500
START = 1_767_225_600_000_000_000
DAY = 86_400_000_000_000


def decimals(units):
    """Units as decimals of eight digits behind the point."""
    words = numpy.zeros((rows, 2), dtype="i8")
    words[:, 0] = units
    return pyarrow.Array.from_buffers(pyarrow.decimal128(38, 8), rows, [None, pyarrow.py_buffer(words)])


row = numpy.arange(rows, dtype="i8")
codes = pyarrow.array((row * 7_919 % SYMBOLS).astype("i4"))
table = pyarrow.table(
    {
        "at": pyarrow.array(START + row * (DAY // rows)).cast(pyarrow.timestamp("ns", "UTC")),
        "id": pyarrow.array(row.astype("u8")),
        "symbol": pyarrow.DictionaryArray.from_arrays(codes, [f"COIN{n}-USD" for n in range(SYMBOLS)]),
        "price": decimals(5_000_000_000_000 + row * 104_729 % 100_000_000_000),
        "quantity": decimals(1 + row * 7_919 % 500_000_000),
    }
)
with thalium.open(place) as t:
    t.rollups.define("klines", levels=["1m", "5m", "1h"], late="merge")
    begun = time.perf_counter()
    told = t.rollups.ingest("klines", table)
    took = time.perf_counter() - begun
    assert told.taken == rows, told
print(rows / took / 1e6)
