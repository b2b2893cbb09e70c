"""The explorer of exit costs: closed forms against drawn surveys and fitted regressions; words at every setting."""

import itertools
import re

import numpy as np
import pytest
from scipy.stats import norm

import pebbletrail as pt
from pebbletrail.explorers.exit_costs import LEAST, Beam, Z, _pieces, lens, spread_left

SETTINGS = [{"slope": s, "change": c, "own": o, "together": r, "customers": n} for s, c, o, r, n in itertools.product(
    (-0.2, 0.0, 0.05, 0.45, 0.7), (-0.2, -0.05, 0.0, 0.03, 0.2), (-0.2, 0.1), (-0.5, 0.0, 0.7), (100, 340, 3000))]

DRAWN = SETTINGS[::7]  # for what is read from the picture: 7 shares no divisor with the numbers of steps


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


# --- the picture and its words, read back --------------------------------------------------------------------------------

FINE = np.linspace(-8, 8, 40_001)
WEIGHT = norm.pdf(FINE)


def by_moments(slope, change, own, together, customers):
    """Half the interval of the slope as a function of z, half that of the change, and the share of customers in grey.

    Second way: the moments of (satisfaction, costs, product), their matrix inverted, the share by a fine grid.
    """
    b = np.array([slope, own, change])
    C = np.array([[1, together, 0], [together, 1, 0], [0, 0, 1 + together**2]])
    V = (1 - b @ C @ b) / customers * np.linalg.inv(C)

    def half(z):
        return norm.ppf(0.975) * np.sqrt(V[0, 0] + 2 * z * V[0, 2] + z**2 * V[2, 2])

    share = WEIGHT[np.abs(slope + change * FINE) < half(FINE)].sum() / WEIGHT.sum()
    return half, norm.ppf(0.975) * np.sqrt(V[2, 2]), share


def number(text):
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("set_to", DRAWN)
def test_the_three_lines_and_their_names_are_those_of_the_setting(scene, set_to):
    scene.update(lens(**set_to))
    left = scene.fig.axes[0]
    keys = [line for line in left.lines if line not in scene.lines]
    for z, word, line, name, key in zip((-1, 0, 1), ("low", "average", "high"), scene.lines, scene.names, keys, strict=True):
        slope = set_to["slope"] + set_to["change"] * z
        x = line.get_xdata()
        assert list(x) == [-2, 2]
        assert line.get_ydata() == pytest.approx([set_to["own"] * z + slope * one for one in x])
        told = re.fullmatch(rf"{word} exit costs: slope (−?\d\.\d\d)", name.get_text())
        assert number(told[1]) == pytest.approx(slope, abs=0.00501)
        assert (key.get_color(), key.get_linestyle()) == (line.get_color(), line.get_linestyle())
        assert 0 < name.get_position()[1] - key.get_ydata()[0] < 0.2  # the key lies beside its name, not the next one's
    assert len({(line.get_color(), line.get_linestyle()) for line in scene.lines}) == 3


@pytest.mark.parametrize("set_to", DRAWN)
def test_the_line_of_slopes_its_band_and_the_grey_are_those_of_the_setting(scene, set_to):
    scene.update(lens(**set_to))
    half, _, share = by_moments(**set_to)
    x = scene.line.get_xdata()
    slopes = set_to["slope"] + set_to["change"] * x
    assert (x[0], x[-1]) == (-3, 3)
    assert scene.line.get_ydata() == pytest.approx(slopes)
    corners = scene.band.get_xy()
    low, high = (np.array([pick(corners[np.isclose(corners[:, 0], one), 1]) for one in x]) for pick in (min, max))
    assert low == pytest.approx(slopes - half(x), abs=1e-6)
    assert high == pytest.approx(slopes + half(x), abs=1e-6)
    fine = np.linspace(-2.999, 2.999, 6000)
    spans = [(shade.get_xy()[:, 0].min(), shade.get_xy()[:, 0].max()) for shade in scene.shades]
    grey = np.any([(fine > left) & (fine < right) for left, right in spans], axis=0)
    unlike = grey != (np.abs(set_to["slope"] + set_to["change"] * fine) < half(fine))
    assert unlike.sum() <= 4  # at the ends
    for shade in scene.shades:
        assert shade.get_xy()[:, 1].min() < -1
        assert shade.get_xy()[:, 1].max() > 1.5
    said = "grey: here the survey cannot tell" if share >= 0.0005 else "nearly everywhere the survey tells the slope from 0"
    assert scene.note.get_text().startswith(said)


def test_the_hill_is_the_normal_curve_of_customers(scene):
    """Of scipy, to scale: its foot on the axis."""
    (hill,) = scene.fig.axes[1].collections
    corners = hill.get_paths()[0].vertices
    foot = corners[:, 1].min()
    assert foot == scene.fig.axes[1].get_ylim()[0]
    tops = {round(z, 3): corners[np.isclose(corners[:, 0], z), 1].max() - foot for z in (-3, -1.5, -1, 0, 0.5, 2, 3)}
    for z, top in tops.items():
        assert top / tops[0] == pytest.approx(norm.pdf(z) / norm.pdf(0), abs=1e-6)


ALT = re.compile(
    r"Left, three lines of loyalty against satisfaction, with slope (N) at low, (N) at average and (N) at high exit costs\. "
    r"Right, the slope along exit costs, (N) at 3 SD below the mean and (N) at 3 SD above, with an interval of ± (N) at the "
    r"mean and ± (N) at the ends; (.*)\.".replace("N", r"−?\d\.\d\d"))
CHANGES = re.compile(r"With each SD more of exit costs the slope changes by (−?\d\.\d\d) \(± (\d\.\d\d)\): ")
GREY = re.compile(r"the slope cannot be told from 0 for (over 99\.9|\d+\.\d) % of customers, those in grey", re.IGNORECASE)
NO_GREY = "or nearly all customers the slope can be told from 0"


@pytest.mark.parametrize("set_to", SETTINGS)
def test_every_number_of_the_words_is_that_of_the_moments(scene, set_to):
    told = lens(**set_to)
    half, change_half, share = by_moments(**set_to)
    alt, sentence = ALT.fullmatch(scene.alt(told)), scene.sentence(told)
    slopes = [set_to["slope"] + set_to["change"] * z for z in (-1, 0, 1, -3, 3)]
    wanted = [*slopes, *half(np.array([0.0, 3.0]))]
    assert [number(one) for one in alt.groups()[:7]] == pytest.approx(wanted, abs=0.00501)
    if changes := CHANGES.search(sentence):
        assert [number(one) for one in changes.groups()] == pytest.approx([set_to["change"], change_half], abs=0.00501)
    assert (changes is None) == (set_to["change"] == 0)
    for words in (alt[8], sentence):
        grey = GREY.search(words)
        assert (grey is None) == (NO_GREY in words)
        if grey is None:
            assert share < 0.0006
        elif grey[1].startswith("over"):
            assert share > 0.999
        else:
            assert float(grey[1]) == pytest.approx(100 * share, abs=0.06)


def test_the_panel_begins_where_the_page_says_and_each_label_names_its_own_control():
    """Page 11 asks the reader to begin at these values; its answers are tied to them in test_trap_prose.py."""
    controls = pt.explore("exit-costs").controls
    begins = {"slope": 0.45, "change": -0.07, "own": 0.1, "together": 0.4, "customers": 340}
    assert {name: one.value for name, one in controls.items()} == begins
    assert lens().slopes.tolist() == lens(**begins).slopes.tolist()
    assert lens().reach.tolist() == lens(**begins).reach.tolist()
    labels = {"slope": "slope of satisfaction at average", "change": "change of that slope", "customers": "customers asked",
              "own": "what exit costs add", "together": "correlation of satisfaction and exit costs"}
    for name, label in labels.items():
        assert controls[name].description.startswith(label)
