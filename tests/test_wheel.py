"""A wheel works away from the checkout: data sets and pages travel in it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
                   check=True, capture_output=True, text=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """``(folder, run)``: the wheel unpacked away from the checkout, and a way to run Python on it there."""
    place, work = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("work")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place)
    environment = {**os.environ, "PYTHONPATH": str(place), "PEBBLETRAIL_OFFLINE": "1",
                   "PEBBLETRAIL_HOME": str(work / "home")}
    environment.pop("PEBBLETRAIL_DATA", None)

    def run(*arguments):
        return subprocess.run([sys.executable, *arguments], cwd=work, env=environment, capture_output=True, text=True,
                              check=False)

    return work, run


def test_wheel_holds_datasets_pages_and_licences(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, packed in (("datasets", "_datasets"), ("notebooks", "_notebooks")):
        tracked = [path for path in (ROOT / folder).rglob("*") if path.is_file() and ".ipynb_checkpoints" not in path.parts]
        assert tracked
        assert {f"pebbletrail/{packed}/{path.relative_to(ROOT / folder).as_posix()}" for path in tracked} <= names
    for folder in ("instruments/definitions", "instruments/templates", "reproduce/templates", "grading/templates"):
        data = [path for path in (ROOT / "lib/pebbletrail" / folder).iterdir() if path.is_file() and path.suffix != ".py"]
        assert data
        assert {f"pebbletrail/{folder}/{path.name}" for path in data} <= names
    assert {Path(name).name for name in names if "/licenses/" in name} == {"LICENSE", "LICENSE-TEXTS"}
    assert not [name for name in names if ".ipynb_checkpoints" in name or name.endswith((".rda", ".RData"))]


def test_wheel_holds_the_practice_variants_and_no_solution(wheel):
    """The sources of the exercises would solve graded ones; the public variant's keys are values and words."""
    packed = zipfile.ZipFile(wheel)
    names = packed.namelist()
    assert sum(name.endswith("/practice.json") for name in names) == 12
    assert not [name for name in names if name.endswith(("solution.ipynb", "/module.py", "/banks.py"))
                and not name.startswith("pebbletrail/exercises/")]
    notebooks = [packed.read(name).decode("utf-8") for name in names if name.endswith(".ipynb")]
    assert len(notebooks) == 31
    assert not [text for text in notebooks if "BEGIN SOLUTION" in text or "END SOLUTION" in text]
    keys = [packed.read(name).decode("utf-8") for name in names if name.endswith("/practice.json")]
    assert not [text for text in keys if "import " in text or "sheet.answer" in text]


def test_the_installed_copy_is_the_one_that_runs(installed):
    _, run = installed
    done = run("-c", "import pebbletrail as pt; print(pt.__file__)\n"
                     "print(len(pt.load('hidden-costs-summary')), len(pt.pages()))")
    path, counts = done.stdout.split("\n")[:2]
    assert str(ROOT) not in path
    assert counts.split()[0] == "8"
    assert int(counts.split()[1]) >= 3


def test_pages_run_from_the_installed_copy(installed):
    work, run = installed
    done = run("-m", "pebbletrail", "reproduce", "9", "--offline", "--out", "report")
    assert done.returncode == 0, done.stdout + done.stderr
    data = json.loads((work / "report" / "reproduction.json").read_text(encoding="utf-8"))
    assert sum(line["status"] == "agrees" for line in data["lines"]) >= 12


def test_lab_opens_a_copy_that_may_be_changed(installed, tmp_path):
    from pebbletrail.cli import writable_copy

    target = tmp_path / "mine"
    writable_copy(ROOT / "notebooks", target)
    page = target / "00-start-here.ipynb"
    assert page.is_file()
    page.write_text("my own work", encoding="utf-8")
    writable_copy(ROOT / "notebooks", target)
    assert page.read_text(encoding="utf-8") == "my own work"


def test_lab_opens_the_start_page_beside_the_users_own_data(monkeypatch, tmp_path):
    """What is started, where, and with which environment; JupyterLab itself runs in the browser tests."""
    from pebbletrail import cli

    started = {}

    class Server:
        def __init__(self, command, cwd, env):
            started.update(command=command, cwd=cwd, env=env)
            self.interrupted = False

        def wait(self):
            if not self.interrupted:
                self.interrupted = True
                raise KeyboardInterrupt
            return 0

    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PEBBLETRAIL_DATA", "data")
    monkeypatch.setattr(cli.subprocess, "Popen", Server)
    assert cli.main(["lab"]) == 0
    assert started["command"][1:5] == ["-m", "jupyter", "lab", "00-start-here.ipynb"]
    assert (started["cwd"] / "00-start-here.ipynb").is_file()
    assert started["env"]["PEBBLETRAIL_DATA"] == str(tmp_path / "data")
