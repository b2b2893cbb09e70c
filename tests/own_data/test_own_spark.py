"""A real Spark session on this machine: the same rows give the same numbers as DuckDB, and nothing stays behind."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail.own_data import big
from pebbletrail.own_data.stored import load_prepared, save_prepared
from pebbletrail.practice.definition import practice

pytest.importorskip("ibis")
pytest.importorskip("duckdb")
CALLS, TEAMS = 4000, 25
MAPPING = {"call": "Call `id`", "survey.call": "Call `id`", "team": "équipe; drop", "quality": "q1+q2",
           "time": "when", "handling_time": "secondes"}


@pytest.fixture(scope="module")
def _java():
    """Where tests must not be left out, a missing Java fails them."""
    missing = [what for what, there in (("Java", shutil.which("java")), ("pyspark", _pyspark())) if not there]
    if missing and os.environ.get("CI"):
        pytest.fail(f"{' and '.join(missing)} not installed, and nothing may be left out here")
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed: no Spark on this machine")


def _pyspark():
    from importlib.util import find_spec

    return find_spec("pyspark")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Calls and answers, with decimals as texts, dates as texts, and a few rows that are wrong."""
    rng, folder = np.random.default_rng(11), tmp_path_factory.mktemp("été 'n {1}")
    control = rng.uniform(0, 100, CALLS)
    time = pd.Timestamp("2026-01-05") + pd.to_timedelta(rng.integers(0, 90 * 1440, CALLS), "min")
    calls = pd.DataFrame({"Call `id`": [f"A{number}" for number in range(CALLS)], "control": control,
                          "équipe; drop": [f" team {number % TEAMS}" for number in range(CALLS)],
                          "when": time.strftime("%d/%m/%Y %H:%M"), "secondes": rng.integers(60, 900, CALLS).astype(str)})
    calls.loc[5:9, "control"] = [101, -1, np.nan, np.inf, np.nan]
    picked = rng.choice(CALLS, 2500)
    answered = time[picked] + pd.to_timedelta(rng.integers(-5 * 1440, 40 * 1440, 2500), "min")
    survey = pd.DataFrame({"Call `id`": calls["Call `id`"].to_numpy()[picked], "answered": answered,
                           "q1": rng.integers(1, 8, 2500), "q2": rng.integers(1, 8, 2500)})
    survey.loc[:40, "q2"] = 8
    made = {"calls": folder / "appels.parquet", "survey": folder / "answers.parquet"}
    for path, frame in zip(made.values(), (calls, survey), strict=True):
        frame.to_parquet(path)
    return {name: str(path) for name, path in made.items()}


@pytest.fixture(scope="module")
def both(files, _java):
    """Prepared by DuckDB and by Spark."""
    about, options = practice("control-and-quality"), {"most_set_aside": 0.3}
    on_spark = {name: f"{path}@spark:local" for name, path in files.items()}
    return [big.prepare_big(about, sources, MAPPING, **options) for sources in (files, on_spark)]


def test_spark_sets_aside_and_joins_the_rows_that_duckdb_does(both):
    (one, _), (other, _) = both
    assert (one.engine, other.engine) == ("duckdb", "spark")
    assert one.flow == other.flow
    counts = [[(problem.code, problem.own, problem.count) for problem in held.problems] for held in (one, other)]
    assert counts[0] == counts[1]
    silent = [[problem for problem in held.problems if problem.code.startswith("non-response")] for held in (one, other)]
    assert silent[0] == silent[1] != []
    assert one.flow[-1].after > 500


def test_control_and_quality_with_clusters_is_the_same_to_nine_digits(both):
    tables = [big.table_of(recipe) for _, recipe in both]
    formulas = ("quality ~ control", "quality ~ control + handling_time")
    for formula in formulas:
        ours, theirs = (pt.regress(table, formula, errors="cluster", by="team").table for table in tables)
        columns = ["estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]
        np.testing.assert_allclose(theirs[columns], ours[columns], rtol=1e-9)


def test_the_regression_is_that_of_the_rows_in_memory(both):
    rows = both[0][0].table.execute()
    rows = rows.dropna(subset=["quality", "control"])
    in_memory = pt.regress(rows, "quality ~ control", errors="cluster", by="team").table
    on_spark = pt.regress(both[1][0].table, "quality ~ control", errors="cluster", by="team").table
    np.testing.assert_allclose(on_spark[["estimate", "se"]], in_memory[["estimate", "se"]], rtol=1e-9)


SCRIPT = """
import sys
import pebbletrail as pt
from pebbletrail.own_data.stored import load_prepared
held = load_prepared(sys.argv[1])
print(pt.Moments.from_table(held.table, ["control", "quality"]).n, held.table.get_backend()._session.sparkContext.uiWebUrl)
"""


def test_another_process_finds_the_rows_quietly_and_leaves_nothing(both, tmp_path):
    prepared, recipe = both[1]
    folder, temporary = tmp_path / "private", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    save_prepared(prepared, folder, recipe)
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(folder)], capture_output=True, text=True, cwd=tmp_path,
                          env={**os.environ, "TMPDIR": str(temporary)}, check=True)
    assert done.stdout.split() == [str(pt.Moments.from_table(prepared.table, ["control", "quality"]).n), "None"]
    assert done.stderr == ""
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["private", "temporary"]
    assert load_prepared(folder).flow == prepared.flow
