"""The stored oracles are what their R scripts write: each script is run again, where R and its package are installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.glob("*.R"))
NOT_FROM_R = {"smartpls-paths.csv", "smartpls-weights.csv", "seminr.csv",
              "vignette-cbsem.csv", "staggered.csv", "staggered-rows.csv"}  # copied from what cannot be run again here


def run(*command):
    return subprocess.run(["Rscript", "--vanilla", *map(str, command)],
                          capture_output=True, text=True, timeout=120, check=False)


def skip_without(script):
    """Skip, saying why, where R or a package that the script loads is missing."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    for package in re.findall(r"library\((\w+)\)", script.read_text(encoding="utf-8")):
        if run("-e", f"quit(status = !requireNamespace('{package}', quietly = TRUE))").returncode:
            pytest.skip(f"the R package {package} is not installed")


def stored(script):
    return sorted({*HERE.glob(f"{script.stem}.csv"), *HERE.glob(f"{script.stem}-*.csv")})


@pytest.mark.parametrize("script", [pytest.param(script, id=script.name) for script in SCRIPTS])
def test_a_script_writes_what_is_stored(script, tmp_path):
    skip_without(script)
    made = run(script, tmp_path)
    assert made.returncode == 0, made.stderr
    assert [path.name for path in stored(script)] == sorted(path.name for path in tmp_path.iterdir())
    for path in stored(script):
        now, then = (pd.read_csv(folder / path.name, comment="#") for folder in (tmp_path, HERE))
        # another R, BLAS or package version may differ in the last digits; the tests ask for six to nine
        assert_frame_equal(now, then, check_exact=False, rtol=1e-8, atol=1e-10)


def test_every_stored_file_has_a_script_or_says_where_it_comes_from():
    of_scripts = {path.name for script in SCRIPTS for path in stored(script)}
    files = {path.name for path in HERE.glob("*.csv")}
    assert files == of_scripts | NOT_FROM_R
    for name in files:
        first = (HERE / name).read_text(encoding="utf-8").splitlines()[0]
        assert re.match(r"# (made by \w+\.R with \w+ [\d.]+ on R [\d.]+|SmartPLS 2|seminr 3.6|semPLS|diff-diff 3.13)", first)
