"""What models accept: a frame, moments, an Ibis table. The three must give the same moments."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from pebbletrail.moments import Moments
from pebbletrail.moments.accept import is_table, moments_of

TERMS = ["y", "x:w", "C(team)"]


@pytest.fixture
def frame():
    rng = np.random.default_rng(5)
    return pd.DataFrame(rng.normal(size=(50, 3)), columns=["y", "x", "w"]).assign(team=rng.choice(list("abc"), 50),
                                                                                 shop=rng.choice([1, 2], 50))


@pytest.mark.parametrize("by", [None, "shop"])
def test_a_frame_moments_and_a_table_give_the_same(frame, by):
    ibis = pytest.importorskip("ibis")
    expected = Moments.from_frame(frame, TERMS, by=by)
    made = Moments.from_frame(frame, ["w", "C(team)", "w:x", "y"], by=by)
    for m in (moments_of(frame, TERMS, by=by), moments_of(made, TERMS), moments_of(ibis.memtable(frame), TERMS, by=by)):
        assert m.labels == expected.labels
        assert [set(name.split(":")) for name in m.names] == [set(name.split(":")) for name in expected.names]
        np.testing.assert_allclose(m.cov, expected.cov, rtol=1e-9, atol=1e-12)


def test_moments_keep_what_was_done_to_them(frame):
    m = moments_of(Moments.from_frame(frame, ["y", "x"], by="shop").within(), ["x"])
    assert m.absorbed == 2
    assert_frame_equal(m.cov, Moments.from_frame(frame, ["x"], by="shop").within().cov)


@pytest.mark.parametrize(("made_by", "message"), [
    pytest.param(None, r"^by: by='shop' is for rows, .* is not kept by group: make it with by=", id="without groups"),
    pytest.param("shop", r"^by: by='shop' is for rows, .* is kept by group already: leave by= out", id="with groups"),
])
def test_by_beside_moments_is_an_error_that_says_what_to_do(frame, made_by, message):
    with pytest.raises(ValueError, match=message):
        moments_of(Moments.from_frame(frame, ["y", "x"], by=made_by), ["x"], by="shop")


@pytest.mark.parametrize("data", [[[1.0, 2.0]], {"y": [1, 2]}, None, "calls.csv", np.eye(3)])
def test_data_of_another_kind_is_an_error_that_names_data(data):
    allowed = "a DataFrame, a Moments or an Ibis table"
    with pytest.raises(ValueError, match=rf"^data: {allowed} is needed, not {type(data).__name__}"):
        moments_of(data, ["y"])


def test_a_term_that_is_not_there_is_an_error_whatever_the_data(frame):
    with pytest.raises(ValueError, match=r"^columns: there is no 'q'"):
        moments_of(frame, ["y", "q"])
    with pytest.raises(ValueError, match=r"^names: there is no 'x:w'; .*A product needs rows"):
        moments_of(Moments.from_frame(frame, ["x", "w"]), ["x:w"])


def test_only_ibis_tables_count_as_tables(frame):
    ibis = pytest.importorskip("ibis")
    table = ibis.memtable(frame)
    assert is_table(table)
    assert not is_table(table.x)
    assert not is_table(type("Table", (), {})())


def test_frames_and_moments_are_accepted_without_loading_ibis():
    code = ("import sys, pandas as pd\nfrom pebbletrail.moments.accept import moments_of\n"
            "m = moments_of(pd.DataFrame({'x': [1.0, 2, 4], 'g': [1, 1, 2]}), ['x', 'C(g)'], by='g')\nmoments_of(m, ['x'])\n"
            "print(*[name for name in ('ibis', 'duckdb', 'pyarrow', 'tqdm') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"pyarrow"}  # pandas itself may use it
