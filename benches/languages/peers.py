"""Makes one-minute bars of ticks with Polars, DuckDB or whole numbers of Python; prints what each way took, as JSON.

For `cargo xtask bench peers`: peers.py polars|duckdb|model TICKS FOLDER [ROWS]. Ticks are a Parquet file; the bars of each
way are written into the folder, a line each, so that they can be compared. Reading and writing are not in the CPU seconds.

Each peer does what is exact: 128 bits for turnovers, rows left out in which something is missing, and of ticks at one instant
the order by their sequence, since the first row of a minute is not its first tick. Of the ways to say that, these were the
fastest of each: paired keys, instant and sequence, as one would write it, and packed keys, one number of both, which holds for
up to 150 million ticks. Of Polars it is the streaming engine: the other took twice as long, and so did sorting first.
"""

import json
import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "1"

import duckdb  # noqa: E402
import polars  # noqa: E402

MINUTE = 60_000_000_000
FIELDS = ["minute", "open", "high", "low", "close", "volume", "turnover", "trades"]
SYMBOLS = ["code", "symbol"]


def tell(peer, symbol, way, seconds, bars):
    print(json.dumps({"peer": peer, "symbol": symbol, "way": way, "seconds": seconds, "bars": bars}))


def by_polars(ticks, folder):
    ticks = polars.read_parquet(ticks)
    column, whole = polars.col, polars.Int128
    price, quantity, instant = column("price"), column("quantity"), column("instant")
    packed = instant % MINUTE * ticks.height + column("sequence")
    ways = {"paired": polars.struct("instant", "sequence"), "packed": column("order")}
    for symbol in SYMBOLS:
        for way, order in ways.items():
            query = ticks.lazy().drop_nulls(["price", "quantity"])
            if way == "packed":
                query = query.with_columns(order=packed)
            query = query.group_by(symbol, minute=instant - instant % MINUTE).agg(
                open=price.min_by(order),
                high=price.max(),
                low=price.min(),
                close=price.max_by(order),
                volume=quantity.sum(),
                turnover=(price.cast(whole) * quantity.cast(whole)).sum(),
                trades=polars.len(),
            )
            begun = time.process_time()
            bars = query.collect(engine="streaming")
            seconds = time.process_time() - begun
            to = os.path.join(folder, f"polars-{symbol}-{way}")
            bars.select(symbol, *FIELDS).write_csv(to, include_header=False)
            tell(f"Polars {polars.__version__}", symbol, way, seconds, to)


def by_duckdb(ticks, folder):
    with duckdb.connect(config={"threads": 1, "temp_directory": folder}) as connection:
        connection.execute("CREATE TABLE ticks AS FROM read_parquet(?)", [ticks])
        [rows] = connection.execute("SELECT count(*) FROM ticks").fetchone()
        ways = {"paired": "(instant, sequence)", "packed": f"instant % {MINUTE} * {rows} + sequence"}
        for symbol in SYMBOLS:
            for way, order in ways.items():
                query = f"""
                    CREATE OR REPLACE TABLE bars AS
                    SELECT {symbol}, instant - instant % {MINUTE} AS minute,
                        arg_min(price, {order}) AS open, max(price) AS high, min(price) AS low, arg_max(price, {order}) AS close,
                        sum(quantity) AS volume, sum(price::HUGEINT * quantity) AS turnover, count(*) AS trades
                    FROM ticks WHERE price IS NOT NULL AND quantity IS NOT NULL GROUP BY ALL"""
                begun = time.process_time()
                connection.execute(query)
                seconds = time.process_time() - begun
                to = os.path.join(folder, f"duckdb-{symbol}-{way}")
                # Every symbol is a plain word.
                connection.execute(f"COPY (SELECT {symbol}, {', '.join(FIELDS)} FROM bars) TO '{to}' (FORMAT csv, HEADER false)")
                tell(f"DuckDB {duckdb.__version__}", symbol, way, seconds, to)


def by_model(ticks, folder, rows):
    """A tick after another, with whole numbers that have no bounds; Polars only reads them."""
    ticks = polars.read_parquet(ticks, n_rows=rows)
    columns = [ticks[name].to_list() for name in ["symbol", "instant", "sequence", "price", "quantity"]]
    bars = {}
    begun = time.process_time()
    for symbol, instant, sequence, price, quantity in zip(*columns, strict=True):
        if price is None or quantity is None:
            continue
        when = (instant, sequence)
        bar = bars.get((symbol, instant // MINUTE))
        if bar is None:
            bars[symbol, instant // MINUTE] = [when, when, price, price, price, price, quantity, price * quantity, 1]
            continue
        if when < bar[0]:
            bar[0], bar[2] = when, price
        if when > bar[1]:
            bar[1], bar[5] = when, price
        bar[3] = max(bar[3], price)
        bar[4] = min(bar[4], price)
        bar[6] += quantity
        bar[7] += price * quantity
        bar[8] += 1
    seconds = time.process_time() - begun
    to = os.path.join(folder, "model")
    with open(to, "w", encoding="utf-8") as file:
        for (symbol, minute), (_, _, *fields) in bars.items():
            print(symbol, minute * MINUTE, *fields, sep=",", file=file)
    tell("plain Python", "symbol", None, seconds, to)


if __name__ == "__main__":
    peer, of, into, *rest = sys.argv[1:]
    if peer == "model":
        by_model(of, into, int(rest[0]))
    else:
        {"polars": by_polars, "duckdb": by_duckdb}[peer](of, into)
