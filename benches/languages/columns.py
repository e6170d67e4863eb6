"""Books columns of numbers from numpy; prints millions a second. For `cargo xtask bench languages`."""

import sys
import time

import numpy
import thalium

place, rows = sys.argv[1], int(sys.argv[2])
ACCOUNTS = 10_000
with thalium.open(place) as t:
    t.assets.create(code="USDX", scale=2, ledger=1_000)
    for first in range(1, ACCOUNTS + 1, 1_000):
        t.submit([thalium.commands.account(id=n, asset="USDX") for n in range(first, first + 1_000)])
    row = numpy.arange(rows, dtype="u8")
    table = {
        "id": row + 1_000_000,
        "src": row * 7_919 % ACCOUNTS + 1,
        "dst": (row * 7_919 + 1) % ACCOUNTS + 1,
        "units": row % 1_000 + 1,
    }
    begun = time.perf_counter()
    done = t.post_columns(table, asset="USDX")
    took = time.perf_counter() - begun
    assert done.booked == rows, done
print(rows / took / 1e6)
