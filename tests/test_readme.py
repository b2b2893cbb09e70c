"""The README's Python runs as it stands, on made-up calls."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """Made-up calls where the README looks for them."""
    rng = np.random.default_rng(1)
    team, week = rng.integers(0, 20, 600), rng.integers(1, 5, 600)
    control, skill = rng.normal(size=(2, 600))
    quality = -0.3 * control + 0.5 * skill + rng.normal(size=20)[team] + rng.normal(size=600)
    trust = 0.4 * quality + rng.normal(size=600)
    rows = pd.DataFrame({"team": team, "week": week, "control": control, "skill": skill, "quality": quality, "trust": trust,
                         "staying": 0.5 * trust + rng.normal(size=600)})
    rows.to_csv(tmp_path / "calls.csv", index=False)
    (tmp_path / "calls").mkdir()
    rows.to_parquet(tmp_path / "calls" / "part.parquet")
    monkeypatch.chdir(tmp_path)
    return rows


def test_the_python_of_the_readme_runs_in_order(calls, capsys):
    names = {}
    for block in BLOCKS:
        exec(compile(block, "README.md", "exec"), names)
    assert len(BLOCKS) == 2
    # the printed sentences carry the numbers of the tables
    said = capsys.readouterr().out
    assert "600 observations in 20 groups" in said
    slope = np.linalg.lstsq(np.column_stack([np.ones(600), calls["control"], calls["skill"]]), calls["quality"])[0][1]
    assert f"{slope:+.3g} of quality" in said
    assert names["teams"].n == 600


def test_every_call_that_the_readme_lists_exists():
    import pebbletrail as pt

    listed = set(re.findall(r"`pt\.(\w+)`", README))
    assert listed >= {"regress", "paths", "pls", "bootstrap", "pool"}
    assert all(callable(getattr(pt, name)) for name in listed)
    row = next(line for line in README.splitlines() if "`.within()`" in line)
    methods = re.findall(r"`\.(\w+)\(…?\)`", row) + re.findall(r"(from_\w+)`", README)
    assert {"within", "between", "icc", "each", "from_frame", "from_table", "from_correlations"} == set(methods)
    assert all(callable(getattr(pt.Moments, name)) for name in methods)


def test_the_commands_for_classes_are_listed_with_all_their_options():
    import argparse

    from pebbletrail.cli import build_parser

    def below(parser):
        return next(one.choices for one in parser._actions if isinstance(one, argparse._SubParsersAction))

    listed = re.findall(r"^\| `pebbletrail class (\w+)(.*?)` \|", README, re.MULTILINE)
    commands = below(below(build_parser())["class"])
    assert {name: set(re.findall(r"--[\w-]+", usage)) for name, usage in listed} == {
        name: {one for one in command._option_string_actions if one.startswith("--")} - {"--help"}
        for name, command in commands.items()}
