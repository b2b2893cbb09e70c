"""Write ``environment.yml`` for conda users from ``pyproject.toml``.

    python tools/make_environment.py

Same packages, same bounds; a test fails when the two differ.
"""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONDA_NAMES = {  # where conda-forge has another name
    "build": "python-build",
    "duckdb": "python-duckdb",
    "ibis-framework[duckdb]": "ibis-duckdb",
    "playwright": "playwright-python",
}

FROM_PIP = ("semopy",)  # not known to be on conda-forge
LEFT_OUT = ("spark",)  # half a gigabyte, for those who have a cluster


def requirements(project):
    """Every dependency, of the core and of the extras but those left out, once, in alphabetical order."""
    extras = [extra for name, extra in project["optional-dependencies"].items() if name not in LEFT_OUT]
    return sorted({*project["dependencies"], *(item for extra in extras for item in extra)})


def conda_name(requirement):
    """A requirement under its name on conda-forge, with the same bounds."""
    name, bounds = re.match(r"^([A-Za-z0-9_.-]+(?:\[[\w,-]+\])?)(.*)$", requirement).groups()
    return CONDA_NAMES.get(name, name) + bounds


def environment(project):
    """The text of ``environment.yml``."""
    wanted = sorted(map(conda_name, requirements(project)))
    from_pip = [item for item in wanted if item.startswith(FROM_PIP)]
    lines = [
        "# Made from pyproject.toml by tools/make_environment.py; change that file, then run `make lock`.",
        "name: pebbletrail", "channels:", "  - conda-forge", "dependencies:",
        f"  - python{project['requires-python']}", "  - pip",
        *(f"  - {item}" for item in wanted if item not in from_pip),
        "  - pip:", *(f"      - {item}" for item in from_pip), "      - -e .", "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (ROOT / "environment.yml").write_text(environment(project), encoding="utf-8")
