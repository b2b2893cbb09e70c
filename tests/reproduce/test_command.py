"""``pebbletrail reproduce`` as a person runs it, on a copy of the project."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pebbletrail.ledger_table import ledger

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.notebooks


@pytest.fixture
def copy(tmp_path):
    """``(folder, run)``: a copy of the project, and a way to run its command."""
    for name in ("lib", "datasets", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def run(*arguments, **environment):
        given = {**os.environ, "PYTHONPATH": str(tmp_path / "lib"), "PEBBLETRAIL_HOME": str(tmp_path / "home")}
        return subprocess.run([sys.executable, "-m", "pebbletrail", "reproduce", *arguments], cwd=tmp_path,
                              env=given | environment, capture_output=True, text=True, check=False)

    return tmp_path, run


def change(folder, id, **fields):
    path = folder / "datasets" / "ledger.csv"
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["id"] == id:
            row.update(fields)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_changed_printed_value_fails_and_names_the_line(copy):
    folder, run = copy
    change(folder, "ecsi-quality-value", published="0.5573")
    done = run("9", "--offline")
    assert done.returncode == 1
    assert "UNEXPECTED  ecsi-quality-value differs" in done.stdout
    data = json.loads((folder / "build" / "reproduction.json").read_text(encoding="utf-8"))
    changed = next(line for line in data["lines"] if line["id"] == "ecsi-quality-value")
    assert (changed["status"], changed["expected"], changed["published"]) == ("differs", "agrees", "0.5573")
    report = (folder / "build" / "reproduction.html").read_text(encoding="utf-8")
    assert "differs: unexpected" in report


def test_offline_without_data_says_which_lines_were_not_run_and_how_to_fetch(copy):
    folder, run = copy
    done = run("1", "--offline", PEBBLETRAIL_DATA="")
    assert done.returncode == 0, done.stdout
    needing = [line.id for line in ledger().values() if line.data == "hidden-costs-of-control"]
    told = next(line for line in done.stdout.splitlines() if line.startswith("Not on this machine"))
    assert all(id in told for id in needing)
    assert "pebbletrail data fetch hidden-costs-of-control" in done.stdout
    data = json.loads((folder / "build" / "reproduction.json").read_text(encoding="utf-8"))
    assert sorted(line["id"] for line in data["lines"] if line["status"] == "not run") == sorted(needing)
    assert f"{len(needing)} were not run" in done.stdout


def test_a_page_that_raises_is_named_and_the_others_are_run(copy):
    folder, run = copy
    path = next((folder / "notebooks").glob("01-*.ipynb"))
    page = json.loads(path.read_text(encoding="utf-8"))
    number = next(i for i, cell in enumerate(page["cells"], start=1) if cell["cell_type"] == "code")
    page["cells"][number - 1]["source"] = "import pebbletrail as pt\npt.load('hidden-cost')"
    path.write_text(json.dumps(page), encoding="utf-8")
    done = run("--offline")
    assert done.returncode == 1
    assert f"page 1, cell {number}" in done.stdout
    assert "No data set is called 'hidden-cost'" in done.stdout
    data = json.loads((folder / "build" / "reproduction.json").read_text(encoding="utf-8"))
    assert data["pages"][0]["error"].startswith("ValueError")
    nine = [line for line in data["lines"] if line["page"] == 9]
    assert nine
    assert all(line["status"] == line["expected"] for line in nine)


def test_json_holds_what_others_rely_on(copy):
    folder, run = copy
    assert run("9", "--offline", "--out", "elsewhere").returncode == 0
    data = json.loads((folder / "elsewhere" / "reproduction.json").read_text(encoding="utf-8"))
    assert set(data["lines"][0]) == {"id", "page", "how", "published", "reproduced", "status", "expected", "because"}
    assert {"claim", "verdict", "because", "page"} == set(data["verdicts"][0])
    assert {"page", "seconds", "retries", "error"} == set(data["pages"][0])


def test_an_unknown_page_is_one_line(copy):
    _, run = copy
    done = run("99")
    assert done.returncode == 2
    assert done.stderr.startswith("pebbletrail: PAGE: there is no page 99; there are 1,")
    assert "Traceback" not in done.stderr
