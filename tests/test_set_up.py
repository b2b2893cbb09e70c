"""The files that make the environment agree with one another and name no registry."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import make_environment  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_conda_environment_is_made_from_pyproject():
    written = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert written == make_environment.environment(PROJECT), "run `make lock`"


def test_conda_environment_names_every_dependency_with_its_bounds():
    """Read independently of the generator: every requirement of pyproject stands in the file."""
    lines = {line.strip("- ") for line in (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()}
    extras = [extra for name, extra in PROJECT["optional-dependencies"].items() if name != "spark"]
    wanted = [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]
    renamed = {"build": "python-build", "playwright": "playwright-python", "duckdb": "python-duckdb",
               "ibis-framework[duckdb]": "ibis-duckdb"}
    for requirement in wanted:
        name = re.split(r"[<>=]", requirement)[0]
        assert "pyspark" not in name, "Spark is left out: half a gigabyte"
        assert requirement.replace(name, renamed.get(name, name), 1) in lines


def test_lock_holds_every_dependency_with_hashes_and_no_address():
    lock = (ROOT / "locks" / "requirements.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([A-Za-z0-9_.-]+)==", lock, flags=re.M))
    wanted = {re.split(r"[<>=\[]", requirement)[0].lower() for requirement in make_environment.requirements(PROJECT)}
    assert wanted <= locked
    assert "pyspark" in (ROOT / "locks" / "spark.txt").read_text(encoding="utf-8")
    for name in ("requirements.txt", "spark.txt", "bootstrap.txt"):
        text = (ROOT / "locks" / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
        assert entries
        assert all("--hash=sha256:" in entry for entry in entries)
