"""PLS against a textbook loop on rows, moments against pandas, and the time of an import."""

import subprocess
import sys

import numpy as np
import pandas as pd
from tests.benchmarks.measure import Line, seconds

import pebbletrail as pt

MODEL = """
A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; C =~ c1 + c2 + c3
B ~ A; C ~ A + B
"""


def survey(rows):
    """A made-up survey: three constructs in a chain, three items each."""
    rng = np.random.default_rng(20260101)
    a = rng.normal(size=rows)
    b = 0.6 * a + 0.8 * rng.normal(size=rows)
    c = 0.3 * a + 0.5 * b + 0.8 * rng.normal(size=rows)
    return pd.DataFrame({f"{name}{item}": score + rng.normal(size=rows)
                         for name, score in zip("abc", (a, b, c), strict=True) for item in (1, 2, 3)})


def scores_loop(data, rounds=12):
    """PLS on rows, as textbooks write it: the peer that moments are measured against."""
    Z = ((data - data.mean()) / data.std()).to_numpy()
    blocks = [slice(0, 3), slice(3, 6), slice(6, 9)]
    joined = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]])
    scores = np.column_stack([Z[:, block].sum(axis=1) for block in blocks])
    for _ in range(rounds):
        scores = (scores - scores.mean(axis=0)) / scores.std(axis=0)
        inner = scores @ (np.sign(np.corrcoef(scores.T)) * joined)
        scores = np.column_stack([Z[:, block] @ (Z[:, block].T @ inner[:, i]) for i, block in enumerate(blocks)])
    return scores


def import_seconds(module):
    """The time that a fresh interpreter spends on an import, as it says itself; the best of five."""
    code = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    return min(float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
               for _ in range(5))


def lines():
    for rows in (1_000, 100_000):
        data = survey(rows)
        moments = pt.Moments.from_frame(data)
        kept, fresh, loop = (seconds(lambda m=moments: pt.pls(m, MODEL)), seconds(lambda d=data: pt.pls(d, MODEL)),
                             seconds(lambda d=data: scores_loop(d)))
        yield Line(f"PLS, {rows:,} rows: textbook loop on rows / pt.pls from rows", loop / fresh, fresh)
        yield Line(f"PLS, {rows:,} rows: textbook loop on rows / pt.pls from moments kept before", loop / kept, kept)
    data = survey(100_000)
    own = seconds(lambda: pt.Moments.from_frame(data))
    yield Line("Moments, 100,000 × 9: pandas' DataFrame.cov / Moments.from_frame", seconds(data.cov) / own, own)
    ours, heavy = import_seconds("pebbletrail"), import_seconds("pingouin")
    yield Line("import pingouin / import pebbletrail", heavy / ours, ours)
