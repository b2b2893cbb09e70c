"""The explorer of exit costs: closed forms against drawn surveys and fitted regressions; words at every setting."""

import itertools
import re

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.explorers.exit_costs import LEAST, Beam, Z, _pieces, lens, spread_left

SETTINGS = [{"slope": s, "change": c, "own": o, "together": r, "customers": n} for s, c, o, r, n in itertools.product(
    (-0.2, 0.0, 0.05, 0.45, 0.7), (-0.2, -0.05, 0.0, 0.03, 0.2), (-0.2, 0.1), (-0.5, 0.0, 0.7), (100, 340, 3000))]


@pytest.fixture(scope="module")
def scene():
    return Beam()


@pytest.mark.parametrize("set_to", [{}, {"slope": 0.2, "change": 0.15, "own": -0.1, "together": -0.5, "customers": 400}])
def test_slope_and_interval_are_those_that_surveys_find(set_to):
    """400 surveys, drawn and fitted by least squares: mean and standard deviation of the slope at three exit costs."""
    told = lens(**set_to)
    rng = np.random.default_rng(3)
    found, spreads = [], []
    for _ in range(400):
        x, e = rng.normal(size=(2, told.customers))
        z = told.together * x + np.sqrt(1 - told.together**2) * rng.normal(size=told.customers)
        noise = np.sqrt(spread_left(told.slope, told.change, told.own, told.together))
        y = told.slope * x + told.own * z + told.change * x * z + noise * e
        b = np.linalg.lstsq(np.column_stack([np.ones_like(x), x, z, x * z]), y)[0]
        found.append([b[1] + b[3] * at for at in (-1.5, 0, 2)])
        spreads.append(y.var())
    found = np.array(found)
    at = [np.argmin(np.abs(Z - one)) for one in (-1.5, 0, 2)]
    errors = found.std(axis=0)
    assert np.abs(found.mean(axis=0) - told.slopes[at]).max() < 4 * (errors / np.sqrt(400)).max()
    assert errors == pytest.approx(told.reach[at] / 1.959964, rel=0.12)
    assert np.mean(spreads) == pytest.approx(1, abs=0.03)  # loyalty has the SD 1 that the picture's axis says


def test_a_regression_of_such_moments_has_the_same_interval():
    """Second way: the library's regression on a table of the exact moments."""
    told = lens(slope=0.3, change=-0.1, own=0.2, together=0.4, customers=500)
    import pandas as pd

    names = ["y", "x", "z", "xz"]
    r, var = 0.4, 1 + 0.4**2
    cov = np.array([[1, 0.3 + 0.2 * r, 0.3 * r + 0.2, -0.1 * var], [0, 1, r, 0], [0, 0, 1, 0], [0, 0, 0, var]])
    cov = np.triu(cov) + np.triu(cov, 1).T
    sd = np.sqrt(np.diag(cov))
    cor = pd.DataFrame(cov / np.outer(sd, sd), names, names)
    moments = pt.Moments.from_correlations(cor, n=500, sd=pd.Series(sd, names))
    row = pt.regress(moments, "y ~ x + z + xz").table.set_index("term")
    assert row.loc["x", "estimate"] == pytest.approx(told.slope)
    assert row.loc["x", "se"] * 1.959964 == pytest.approx(told.reach[60], rel=0.01)  # n − 4 against n
    assert row.loc["xz", "se"] * 1.959964 == pytest.approx(told.change_reach, rel=0.01)


@pytest.mark.parametrize("set_to", SETTINGS)
def test_the_grey_is_where_the_interval_holds_zero(set_to):
    """By trying 20,001 values one by one, weighted by the normal curve."""
    told = lens(**set_to)
    z = np.linspace(-6, 6, 20_001)
    slopes = told.slope + told.change * z
    left = spread_left(told.slope, told.change, told.own, told.together) / told.customers
    reach = 1.959964 * np.sqrt(left / (1 - told.together**2) + left * z**2 / (1 + told.together**2))
    inside = np.any([(z > low) & (z < high) for low, high in _pieces(told.region)] or [np.zeros(len(z), bool)], axis=0)
    unlike = inside != (np.abs(slopes) < reach)
    assert unlike.sum() <= 4  # at the ends
    weight = np.exp(-z**2 / 2)
    assert told.unsure == pytest.approx(weight[np.abs(slopes) < reach].sum() / weight.sum(), abs=2e-3)


@pytest.mark.parametrize("set_to", SETTINGS)
def test_the_words_are_true(scene, set_to):
    told = lens(**set_to)
    said, alt = scene.sentence(told), scene.alt(told)
    low, high = (round(told.slope + sign * told.change, 2) for sign in (-1, 1))
    words = [f"{abs(v):.2f} SD {'more' if v > 0 else 'less'} loyal" if v else "just as loyal" for v in (low, high)]
    assert said.startswith("Of customers with low exit costs")
    assert words[0] in said
    assert f"with high ones {words[1]}." in said
    assert ("change nothing" in said) == (told.change == 0)
    if told.change:
        from scipy.stats import norm

        errors = told.change / (told.change_reach / 1.959964)
        hits = 100 * (norm.sf(1.959964 - errors) + norm.cdf(-1.959964 - errors))
        words = re.search(r"about (\d+) of 100 surveys", said)
        assert (words is None) == ("nearly all surveys" in said) == (hits >= 99.5)
        assert words is None or float(words[1]) == pytest.approx(hits, abs=0.501)
    share = re.search(r"for (over 99\.9|\d+\.\d) % of customers", said)
    assert (share is None) == (told.unsure < 0.0005)
    assert "nan" not in alt
    if share and "over" not in share[1]:
        assert float(share[1]) == pytest.approx(100 * told.unsure, abs=0.05)


@pytest.mark.parametrize("wrong", [{"customers": 0}, {"together": 1.0}, {"together": -1.0}])
def test_no_survey_and_no_two_names_of_one_thing(wrong):
    with pytest.raises(ValueError, match=r"^customers: .*, together: .*Allowed are"):
        lens(**wrong)


def test_what_cannot_be_is_refused_in_words_and_no_setting_of_the_panel_is():
    # 0.81 + 0.09 + 2 × 0.9 × 0.3 × 0.7 + 0.09 × 1.49
    with pytest.raises(ValueError, match="would explain 141 % of the differences in loyalty; at most 98 %"):
        lens(slope=0.9, change=0.3, own=0.3, together=0.7)
    controls = pt.explore("exit-costs").controls
    ends = itertools.product(*[(one.min, one.max) for one in controls.values()])
    assert all(spread_left(*values[:4]) > LEAST for values in ends)


def test_nothing_leaves_the_picture(scene):
    for set_to in SETTINGS:
        told = lens(**set_to)
        scene.update(told)
        low, high = scene.fig.axes[1].get_ylim()
        assert low < (told.slopes - told.reach).min()
        assert (told.slopes + told.reach).max() < high
