"""Moments by group of a parquet file: against DuckDB's own query, pandas and polars, each in a process of its own."""

import json
import sys
import tempfile
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
from tests.benchmarks.measure import Line, in_fresh_process, once, peak_megabytes, seconds

ROWS, GROUPS = 10_000_000, 100
NAMES = [f"x{number}" for number in range(1, 9)]
PAIRS = list(combinations_with_replacement(NAMES, 2))


def write(path):
    """Made-up rows: a common factor, so that the columns go together."""
    import duckdb

    columns = ", ".join(f"({number} + f + random()) AS {name}" for number, name in enumerate(NAMES))
    con = duckdb.connect()
    con.execute("SELECT setseed(0.5)")
    rows = f"SELECT range AS i, random() AS f FROM range({ROWS})"
    con.execute(f"COPY (SELECT (i * 7919) % {GROUPS} AS g, {columns} FROM ({rows})) TO '{path}' (FORMAT parquet)")


def pebbletrail(path):
    import ibis

    import pebbletrail as pt

    return pt.Moments.from_table(ibis.duckdb.connect().read_parquet(path), NAMES, by="g").groups[7].cov.iloc[0, 1]


def duckdb(path):
    """What one would write by hand: sizes, means and every covariance, by group."""
    import duckdb

    means = ", ".join(f"avg({name})" for name in NAMES)
    pairs = ", ".join(f"covar_pop({a}, {b})" for a, b in PAIRS)
    rows = duckdb.connect().execute(f"SELECT g, count(*), {means}, {pairs} FROM '{path}' GROUP BY g ORDER BY g").fetchall()
    size, at = rows[7][1], 2 + len(NAMES) + PAIRS.index(("x1", "x2"))
    return rows[7][at] * size / (size - 1)


def pandas(path):
    import pandas as pd

    return pd.read_parquet(path).groupby("g").cov().loc[(7, "x1"), "x2"]


def polars(path):
    import polars as pl

    pairs = [pl.cov(a, b).alias(f"{a},{b}") for a, b in PAIRS]
    means = [pl.col(name).mean() for name in NAMES]
    found = pl.scan_parquet(path).group_by("g").agg(pl.len(), *means, *pairs).collect(engine="streaming")
    return found.filter(pl.col("g") == 7)["x1,x2"].item()


def scan(path):
    """The floor: every number read and added up once."""
    import duckdb

    return duckdb.connect().execute(f"SELECT {', '.join(f'sum({name})' for name in NAMES)} FROM '{path}'").fetchone()[0]


WAYS = {"pebbletrail": pebbletrail, "duckdb": duckdb, "pandas": pandas, "polars": polars, "scan": scan}


def lines():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "calls.parquet")
        write(path)
        found = {way: in_fresh_process("tests.benchmarks.table", way, path) for way in WAYS}
    for way in ("duckdb", "polars", "pandas"):
        np.testing.assert_allclose(found[way]["value"], found["pebbletrail"]["value"], rtol=1e-9)
    own = found["pebbletrail"]
    what = f"moments of {len(NAMES)} columns in {GROUPS} groups, {ROWS:,} rows of parquet"
    note = (f"most memory: ours {own['peak']:.0f} MB (aim: under 600), DuckDB {found['duckdb']['peak']:.0f}, polars "
            f"{found['polars']['peak']:.0f}, pandas {found['pandas']['peak']:.0f}; reading and adding up the file alone: "
            f"{found['scan']['seconds'] / own['seconds']:.0%} of our time")
    for way, peer in (("duckdb", "DuckDB's own covar_pop query"), ("polars", "polars"), ("pandas", "pandas")):
        ratio, aimed = found[way]["seconds"] / own["seconds"], ("≥ 0.83", note) if way == "duckdb" else ()
        yield Line(f"{what}: {peer} / Moments.from_table", ratio, own["seconds"], *aimed)


def main(way, path):
    value = WAYS[way](path)
    took = once(lambda: WAYS[way](path)) if way == "pandas" else seconds(lambda: WAYS[way](path), repeats=3)
    json.dump({"value": float(value), "seconds": took, "peak": peak_megabytes()}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
