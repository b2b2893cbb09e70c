"""Firms for the tests of the control practices, and their notebooks executed on them."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from pebbletrail.home import project_folder
from pebbletrail.own_data.given import FilePassport, Prepared, Step
from pebbletrail.own_data.stored import save_prepared
from pebbletrail.practice.definition import practice
from pebbletrail.practice.harvested import findings
from pebbletrail.practice.study import Study
from pebbletrail.reproduce.process import numbered, run_in_process

ASIDE = pd.DataFrame(columns=["table", "row", "column", "own", "value", "reason", "allowed"])


def prepared(name, frame, calls=None, table=None):
    """Rows as ``prepare`` would hand them over."""
    first = practice(name).tables[0].name
    rows = len(frame)
    return Prepared(practice=name, frame=None if table is not None else frame.reset_index(drop=True),
                    flow=(Step("read", first, calls or rows, calls or rows), Step("join", first, calls or rows, rows)),
                    problems=(), set_aside=ASIDE, passports=(FilePassport(first, "made.csv", "0" * 64, 1, rows, 3, "CSV"),),
                    absent=(), personal=(), table=table, engine="pandas" if table is None else "duckdb")


def study_of(name, frame, **more):
    return Study(practice(name), prepared(name, frame, **more), made_up=False)


def run(name, ready=None):
    """``(findings, error)`` of a practice's notebook, on prepared rows or else on its own example."""
    notebook = json.loads((project_folder("notebooks") / "practice" / f"{name}.ipynb").read_text(encoding="utf-8"))
    notebook["cells"] = [numbered(place, cell) for place, cell in enumerate(notebook["cells"], 1)]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        scratch, data = Path(folder) / "run", Path(folder) / "data"
        scratch.mkdir(), data.mkdir()
        more = {}
        if ready is not None:
            save_prepared(ready, data)
            more["PEBBLETRAIL_PRACTICE"] = str(data)
        executed, error = run_in_process(notebook, scratch, 240, **more)
    return ([] if executed is None else findings(executed)), error


def of_kind(found, kind):
    return [one for one in found if one.kind == kind]


def numbers(found):
    """What fills a sentence."""
    return asdict(found)["values"]


def calls(seed, slope, n=1500, teams=30, confounded=0.0, minimal=False):
    """Made-up calls: quality moves by ``slope`` for a point of control; hard calls are controlled more if ``confounded``."""
    rng = np.random.default_rng(seed)
    team = rng.integers(0, teams, n)
    difficulty = rng.uniform(0, 100, n)
    control = np.clip(50 + confounded * (difficulty - 50) + rng.normal(0, 12, n), 0, 100)
    rating = 4 + slope * (control - 50) - 0.01 * (difficulty - 50) + rng.normal(0, 0.2, teams)[team] + rng.normal(0, 0.8, n)
    frame = pd.DataFrame({"call": [f"c{number}" for number in range(n)], "team": [f"T<b>{one}" for one in team],
                          "control": control, "quality": rating.clip(1, 7)})
    return frame if minimal else frame.assign(
        difficulty=difficulty, waiting=rng.gamma(2, 40, n), agent=[f"a{one}-{rng.integers(5)}" for one in team],
        time=pd.Timestamp("2024-01-08") + pd.to_timedelta(rng.integers(0, 120 * 24, n), unit="h"),
        handling_time=300 - 2 * control + rng.normal(0, 30, n))


def weeks(seed, effect, units=40, periods=24, waves=(8, 12, 16), never=0.4, leave=0.0):
    """A made-up panel: the outcome moves by ``effect`` where control is gone; some units may leave."""
    rng = np.random.default_rng(seed)
    starts = np.where(rng.random(units) < never, np.nan, rng.choice(waves, units))
    grid = pd.MultiIndex.from_product([range(units), range(1, periods + 1)], names=["unit", "period"]).to_frame(index=False)
    grid["start"] = starts[grid["unit"]]
    gone = grid["period"] >= grid["start"]
    grid["outcome"] = (10 + rng.normal(0, 1, units)[grid["unit"]] + rng.normal(0, 0.3, periods)[grid["period"] - 1]
                       + effect * gone + rng.normal(0, 0.5, len(grid)))
    last = np.where(rng.random(units) < leave, rng.integers(3 * periods // 4, periods, units), periods)
    grid = grid[grid["period"] <= last[grid["unit"]]]
    return grid.assign(unit=grid["unit"].map("u{}".format))
