"""Values whose squares floating-point numbers cannot hold are refused by name; what only looks like it is not."""

import warnings

import numpy as np
import pandas as pd
import pytest

from pebbletrail.moments import Moments

LARGE = r"^columns: the values of 'x' are too large: .* Divide them by a constant"
SMALL = r"^columns: the values of 'x' are too small: .* Multiply them by a constant"


def frame(scale, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"x": rng.normal(size=40) * scale, "y": rng.normal(size=40), "g": np.arange(40) % 4})


def of_table(data, **more):
    ibis = pytest.importorskip("ibis")
    return Moments.from_table(ibis.memtable(data), ["x", "y"], **more)


MAKERS = {
    "frame": lambda data: Moments.from_frame(data, ["x", "y"]),
    "by group": lambda data: Moments.from_frame(data, ["x", "y"], by="g"),
    "pairwise": lambda data: Moments.from_frame(data, ["x", "y"], missing="pairwise"),
    "table": of_table,
    "table by group": lambda data: of_table(data, by="g"),
}


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize(("scale", "message"), [(1e160, LARGE), (1e300, LARGE), (1e-160, SMALL), (1e-200, SMALL)])
def test_squares_beyond_the_numbers_are_refused_by_name(make, scale, message):
    with pytest.raises(ValueError, match=message):
        MAKERS[make](frame(scale))


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("scale", [1e140, 1e-140])
def test_squares_that_are_held_keep_their_correlation(make, scale):
    data = frame(scale)
    np.testing.assert_allclose(MAKERS[make](data).cor.loc["x", "y"], frame(1)["x"].corr(frame(1)["y"]), rtol=1e-9)


def test_numpys_warnings_are_not_shown_beside_the_error():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for make in ("frame", "by group", "pairwise"):
            with pytest.raises(ValueError, match="too large"):
                MAKERS[make](frame(1e160))


def test_groups_that_are_too_far_from_each_other_are_refused():
    data = frame(1).assign(x=lambda rows: rows["g"] * 1e160)
    with pytest.raises(ValueError, match=LARGE):
        MAKERS["by group"](data)
    one, other = (Moments.from_frame(data[data["g"] == g], ["x", "y"]) for g in (0, 1))
    with pytest.raises(ValueError, match=LARGE):
        one + other


@pytest.mark.parametrize(("sd", "kind"), [(1e160, "large"), (1e-160, "small")])
def test_a_printed_standard_deviation_is_held_to_the_same(sd, kind):
    R = pd.DataFrame(np.eye(2), ["x", "y"], ["x", "y"])
    for n in (None, 30):
        with pytest.raises(ValueError, match=rf"^sd: the values of 'x' are too {kind}"):
            Moments.from_correlations(R, n=n, sd=[sd, 1])


@pytest.mark.parametrize("make", ["frame", "by group", "pairwise"])
@pytest.mark.parametrize("constant", [0.0, 1e-200, 3.0, -1e200])
def test_a_constant_column_is_not_taken_for_small_values(make, constant):
    assert MAKERS[make](frame(1).assign(x=constant)).cov.loc["x", "x"] == 0


@pytest.mark.parametrize("make", ["table", "table by group"])
@pytest.mark.parametrize("constant", [0.0, 3.0])
def test_a_constant_column_of_a_table_is_not_either(make, constant):
    assert MAKERS[make](frame(1).assign(x=constant)).cov.loc["x", "x"] == 0


@pytest.mark.parametrize("make", ["by group", "table by group"])
def test_one_group_may_have_tiny_values(make):
    """Such as p values: what is tiny is judged beside the whole column."""
    data = frame(1)
    data.loc[data["g"] == 2, "x"] *= 1e-200
    np.testing.assert_allclose(MAKERS[make](data).cov.loc["x", "x"], data["x"].var(), rtol=1e-9)


@pytest.mark.parametrize("make", ["by group", "table by group"])
def test_groups_of_one_value_each_may_differ(make):
    data = frame(1).assign(x=lambda rows: rows["g"] * 2.0)
    np.testing.assert_allclose(MAKERS[make](data).cov.loc["x", "x"], data["x"].var(), rtol=1e-9)
