"""The computed tables are what tools/make_tables.py makes from the open rows, and agree with a second way."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import make_tables  # noqa: E402


def test_tables_are_made_from_the_rows(open_data):
    made = make_tables.make_all()
    assert len(made) == 4
    for name, table in made.items():
        committed = pd.read_csv(ROOT / "datasets" / "tables" / name)
        pd.testing.assert_frame_equal(table.reset_index(drop=True), committed, check_dtype=False, rtol=0, atol=1e-8)


def test_counts_and_summary_tell_the_same():
    """Independent of the rows: means and spreads of the counts are those of the summary."""
    summary = pt.load("hidden-costs-summary").set_index("laboratory")
    choices, differences = pt.load("hidden-costs-choices"), pt.load("hidden-costs-differences")
    for laboratory, row in summary.iterrows():
        for condition in ("free", "controlled"):
            one = choices[(choices["laboratory"] == laboratory) & (choices["condition"] == condition)]
            points = np.repeat(one["points"].to_numpy(), one["agents"])
            assert len(points) == row["agents"]
            assert points.mean() == pytest.approx(row[f"mean_{condition}"], abs=1e-6)
            assert points.std(ddof=1) == pytest.approx(row[f"sd_{condition}"], abs=1e-6)
        one = differences[differences["laboratory"] == laboratory]
        shown = np.repeat(one["difference"].to_numpy(), one["agents"])
        assert shown.std(ddof=1) == pytest.approx(row["sd_difference"], abs=1e-6)
        assert (shown > 0).sum() == row["gave_less"]
        assert (shown == 0).sum() == row["gave_the_same"]


def test_ecsi_moments_are_those_of_the_rows(open_data):
    m, rows = pt.load("ecsi-mobile-correlations"), pt.load("ecsi-mobile")
    assert m.n == len(rows)
    assert np.abs(m.cov - rows.cov()).to_numpy().max() < 1e-6
    assert np.abs(m.mean - rows.mean()).max() < 1e-8
