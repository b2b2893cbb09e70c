"""A firm's hundred million rows, from parquet to the chain's moments by team: against DuckDB's own query, in one run.

    PEBBLETRAIL_BENCHMARK_ROWS=10000000 python -m tests.benchmarks own_data      (a tenth, for a machine that is busy)
"""

import json
import os
import sys
import tempfile
import time
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
from tests.benchmarks.measure import ROOT, Line, in_fresh_process, peak_megabytes

ROWS, PIECE, TEAMS = int(os.environ.get("PEBBLETRAIL_BENCHMARK_ROWS", "100_000_000")), 10_000_000, 200
CHAIN = ("image", "expectation", "quality", "value", "satisfaction", "trust", "commitment", "loyalty")
PAIRS = list(combinations_with_replacement(CHAIN, 2))
MODEL = "satisfaction ~ quality + value\ntrust ~ satisfaction\ncommitment ~ trust\nloyalty ~ commitment + satisfaction"


def write(folder):
    """Made-up answers on scales from 1 to 7, means of three items: a common factor, so that the columns go together."""
    import duckdb

    con = duckdb.connect()
    con.execute("SELECT setseed(0.5)")
    con.execute("SET preserve_insertion_order = false")
    scales = ", ".join(f"(3 + floor(19 * (0.6 * f + 0.4 * random()))) / 3 AS {name}" for name in CHAIN)
    for piece in range(max(1, ROWS // PIECE)):
        rows = f"SELECT range AS i, random() AS f FROM range({min(ROWS, PIECE)})"
        con.execute(f"COPY (SELECT 'team ' || ((i * 7919) % {TEAMS}) AS team, {scales} FROM ({rows})) "
                    f"TO '{folder}/answers-{piece:02}.parquet' (FORMAT parquet)")


def definition():
    """A practice of one table: a team, and the eight constructs on scales from 1 to 7."""
    from pebbletrail.practice.definition import Column, Practice, Table

    columns = [Column("team", "group", {}, {}, may_lack=False), *(Column(name, "scale", {}, {}, low=1, high=7)
                                                                for name in CHAIN)]
    return Practice("chain", "1", "", {}, {}, {}, {}, "", (), "team", "quality", "loyalty", {}, {},
                    (Table("answers", "", {}, tuple(columns)),), (), "", {})


def ours(folder):
    """As the command and the notebook do it: prepared here, found again by its recipe, and one query for the moments."""
    import pebbletrail as pt
    from pebbletrail.own_data import big

    prepared, recipe = big.prepare_big(definition(), {"answers": folder}, {})
    parts = {"prepare": time.perf_counter()}
    moments = pt.Moments.from_table(big.table_of(recipe), list(CHAIN), by="team")
    parts["moments"] = time.perf_counter()
    fitted = pt.paths(moments, MODEL)
    assert prepared.flow[-1].after == moments.n
    assert len(fitted.table)
    return moments.groups["team 7"].cov.loc["image", "expectation"], parts


def duckdb(folder):
    """What one would write by hand: sizes, means and every covariance, by team."""
    import duckdb

    means = ", ".join(f"avg({name})" for name in CHAIN)
    pairs = ", ".join(f"covar_pop({a}, {b})" for a, b in PAIRS)
    con = duckdb.connect()
    rows = con.execute(f"SELECT team, count(*), {means}, {pairs} FROM '{folder}/*.parquet' GROUP BY team").fetchall()
    row = next(row for row in rows if row[0] == "team 7")
    return row[2 + len(CHAIN) + PAIRS.index(("image", "expectation"))] * row[1] / (row[1] - 1), {}


WAYS = {"ours": ours, "duckdb": duckdb}


def lines():
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build) as folder:
        write(folder)
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
        found = {way: in_fresh_process("tests.benchmarks.own_data", way, folder) for way in WAYS}
    np.testing.assert_allclose(found["duckdb"]["value"], found["ours"]["value"], rtol=1e-9)
    mine, peer = found["ours"], found["duckdb"]
    note = (f"most memory: ours {mine['peak']:.0f} MB (aim: under 1000), DuckDB {peer['peak']:.0f}; checks and fingerprints "
            f"{mine['parts']['prepare']:.1f} s, {size:.0f} MB of parquet; DuckDB's query {peer['seconds']:.1f} s")
    yield Line(f"chain by {TEAMS} teams, {ROWS:,} rows of parquet: DuckDB's own covar_pop query / checks, moments and fit",
               peer["seconds"] / mine["seconds"], mine["seconds"], "≥ 0.77", note)


def main(way, folder):
    WAYS[way](folder)  # what is imported and read for the first time is not what is measured
    start = time.perf_counter()
    value, parts = WAYS[way](folder)
    took = time.perf_counter() - start
    json.dump({"value": float(value), "seconds": took, "parts": {name: at - start for name, at in parts.items()},
               "peak": peak_megabytes()}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
