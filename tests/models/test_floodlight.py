"""Slopes along a moderator, and where their interval excludes 0.

Expected values come from R (``tests/oracles/floodlight.R``: lm, sandwich; edges by bisection), from regressions with dummies
instead of group means, and from the sign of the interval's ends on both sides of an edge.
"""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import pebbletrail as pt
from pebbletrail.models.floodlight.line import BANDS, Line
from pebbletrail.models.floodlight.region import precisely, region_table, regions

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ROWS, SLOPES, EDGES = (pd.read_csv(ORACLES / f"floodlight-{name}.csv", comment="#") for name in ("rows", "slopes", "edges"))
FORMULAS = {"outside": "y ~ x*z", "between": "y ~ x*z + w", "none": "y ~ x*z", "far": "y ~ x*z", "beside": "y ~ x*z + w"}
KINDS = {"classical": {}, "hc3": {"errors": "HC3"}, "cr1": {"errors": "cluster", "by": "team"}}
CASES = list(SLOPES[["design", "kind", "band"]].drop_duplicates().itertuples(index=False, name=None))


def rows(design):
    return ROWS[ROWS["design"] == design]


def lit(design, **how):
    return pt.floodlight(rows(design), FORMULAS[design], "z", **how)


def of(table, *case):
    return table[(table[["design", "kind", "band"]] == list(case)).all(axis=1)]


# --- R ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("design", "kind", "band"), CASES)
def test_lm_and_sandwich_give_the_same_line(design, kind, band):
    expected, light = of(SLOPES, design, kind, band), lit(design, band=band, **KINDS[kind])
    assert light.table["at"].tolist() == ["lowest", "mean − 1 SD", "mean", "mean + 1 SD", "highest"]
    for name in ("z", "estimate", "se", "df", "ci_low", "ci_high"):
        assert_allclose(light.table[name], expected[name], rtol=1e-9, atol=1e-10)
    assert_allclose(light.at(light.table["z"]), light.table.drop(columns="at"), rtol=1e-12)


@pytest.mark.parametrize(("design", "kind", "band"), CASES)
def test_edges_are_where_bisection_finds_them(design, kind, band):
    expected = of(EDGES, design, kind, band)["edge"].to_numpy()
    light = lit(design, band=band, **KINDS[kind])
    assert len(light.edges) == len(expected)
    assert_allclose(light.edges, expected, atol=1e-8)
    if len(expected):
        at = light.at(light.edges)
        assert_allclose(at["p_value"], 0.05, rtol=1e-5)
        assert_allclose(at[["ci_low", "ci_high"]].abs().min(axis=1), 0, atol=1e-10)


def test_all_kinds_of_regions_are_among_these_designs():
    kinds = {tuple(np.isinf(lit(design).regions[["low", "high"]].to_numpy()).any(axis=1)) for design in FORMULAS}
    assert {(), (False,), (True, True)} <= kinds


# --- the closed form --------------------------------------------------------------------------------------------------

numbers = st.floats(-3, 3, allow_nan=False).map(lambda value: round(value, 3))


@settings(max_examples=200, deadline=None)
@given(b=st.tuples(numbers, numbers), sd=st.tuples(st.floats(0.05, 2), st.floats(0.05, 2)), r=st.floats(-0.95, 0.95),
       c=st.floats(1.5, 3.5))
def test_the_interval_excludes_0_inside_the_regions_and_nowhere_else(b, sd, r, c):
    V = np.array([[sd[0] ** 2, r * sd[0] * sd[1]], [r * sd[0] * sd[1], sd[1] ** 2]])
    found = regions(np.array(b), V, c)
    ends = [end for low, high, _ in found for end in (low, high) if np.isfinite(end)]
    z = np.concatenate([np.linspace(-40, 40, 401), *([end - 1e-3 * (1 + abs(end)), end + 1e-3 * (1 + abs(end))]
                                                     for end in ends)])
    slope, se = b[0] + b[1] * z, np.sqrt(V[0, 0] + 2 * z * V[0, 1] + z**2 * V[1, 1])
    distance = np.abs(slope) - c * se
    inside = np.zeros(len(z), dtype=bool)
    for low, high, sign in found:
        part = (z > low) & (z < high)
        inside |= part
        assert (np.sign(slope[part]) == sign).all()
    clear = np.abs(distance) > 1e-6
    assert (inside == (distance > 0))[clear].all()


@pytest.mark.parametrize(("b", "V", "expected"), [
    ((3, 2), ((1, 0), (0, 4)), [(-8 / 12, np.inf, 1)]), ((3, -2), ((1, 0), (0, 4)), [(-np.inf, 8 / 12, 1)]),
    ((-3, -2), ((1, 0), (0, 4)), [(-8 / 12, np.inf, -1)]), ((0, 2), ((1, 0), (0, 4)), [])])
def test_one_edge_alone_where_the_product_is_on_the_border(b, V, expected):
    """b₃² = c² V₃₃: the quadratic is a line, 2 b₁ b₃ z + b₁² − V₁₁."""
    found = regions(np.array(b, float), np.array(V, float), 1.0)
    assert_allclose(np.array(found, float), np.array(expected, float))


@pytest.mark.parametrize("how", [{}, {"errors": "HC3"}, {"errors": "cluster", "by": "team"}, {"by": "team", "within": True}])
@pytest.mark.parametrize("formula", ["y ~ x*z", "y ~ x*z + w*z", "y ~ x + x:z"])
def test_a_far_moderator_loses_no_digits(formula, how):
    """A calendar year, and the same counted from its mean: one line."""
    data = rows("far")
    mean = data["z"].mean()
    near = data.assign(z=data["z"] - mean)
    one, other = (pt.floodlight(frame, formula, "z", predictor="x", **how) for frame in (data, near))
    assert_allclose(one.table[["estimate", "se", "ci_low", "ci_high"]], other.table[["estimate", "se", "ci_low", "ci_high"]],
                    rtol=1e-7)
    assert_allclose(one.edges, np.array(other.edges) + mean, rtol=1e-9)


@pytest.mark.parametrize("formula", ["y ~ x*z + w:z", "y ~ x*z - 1", "y ~ x + x:z - 1"])
def test_a_model_that_depends_on_the_origin_is_left_as_it_is(formula):
    data = rows("outside")
    light = pt.floodlight(data, formula, "z", predictor="x")
    fit = pt.regress(data, formula).table.set_index("term")
    product = next(term for term in fit.index if set(term.split(":")) == {"x", "z"})
    slope, more = fit["estimate"][["x", product]]
    assert_allclose(light.at([0, 5])["estimate"], [slope, slope + 5 * more])
    assert_allclose(light.at(0)["se"], fit["se"]["x"])


# --- what is given ----------------------------------------------------------------------------------------------------

def same(one, other, moments=True):
    shown = one.table[one.table["at"].str.startswith("mean")] if moments else one.table
    assert_allclose(shown.drop(columns="at"), other.table.drop(columns="at"), rtol=1e-9)
    assert_allclose(one.edges, other.edges, rtol=1e-9)


@pytest.mark.parametrize("band", ["pointwise", "simultaneous"])
def test_moments_and_tables_give_the_same_without_a_range(band, tmp_path):
    ibis = pytest.importorskip("ibis")
    data = rows("outside")
    light = pt.floodlight(data, "y ~ x*z", "z", band=band)
    moments = pt.floodlight(pt.Moments.from_frame(data, ["y", "z:x", "z", "x"]), "y ~ x*z", "z", band=band)
    same(light, moments)
    assert (moments.observed, moments.covered) == (None, None)
    assert moments.regions[["inside", "share"]].isna().all(axis=None)
    assert "Which values were observed is not known here." in moments.text
    data.to_csv(tmp_path / "rows.csv", index=False)
    table = ibis.duckdb.connect().read_csv(tmp_path / "rows.csv")
    same(light, pt.floodlight(table, "y ~ x*z", "z", band=band))


def test_a_printed_table_with_standard_deviations_will_do():
    data = rows("outside").assign(**{"x:z": lambda d: d["x"] * d["z"]})[["y", "x", "z", "x:z"]]
    m = pt.Moments.from_correlations(data.corr(), n=len(data), sd=data.std(), mean=data.mean())
    same(lit("outside"), pt.floodlight(m, "y ~ x*z", "z"))


@pytest.mark.parametrize("errors", ["classical", "HC3"])
def test_group_means_taken_out_give_what_dummies_give(errors):
    data = rows("outside")
    within = pt.floodlight(data, "y ~ x*z", "z", by="team", within=True, errors=errors)
    dummies = pt.floodlight(data, "y ~ x*z + C(team)", "z", errors=errors)
    same(dummies, within, moments=False)
    assert within.regression.absorbed == 20


def test_rows_without_a_value_or_a_group_are_left_out_and_the_data_stay_as_they_were():
    data = rows("outside").reset_index(drop=True).astype({"team": float})
    data.loc[3, "y"], data.loc[9, "z"], data.loc[12, "team"] = np.nan, np.nan, np.nan
    data.loc[3, "z"] = 99  # beyond all others, and without an outcome
    before = data.copy(deep=True)
    light = pt.floodlight(data, "y ~ x*z", "z", errors="cluster", by="team")
    pd.testing.assert_frame_equal(data, before)
    complete = data.dropna()
    assert light.observed == (complete["z"].min(), complete["z"].max())
    same(pt.floodlight(complete, "y ~ x*z", "z", errors="cluster", by="team"), light, moments=False)
    assert "3 of them left out for missing values" in light.text


def test_a_dummy_may_be_the_predictor_and_other_products_may_stand_beside():
    data = rows("outside").assign(g=lambda d: np.resize(["a", "b"], len(d)), h=lambda d: np.resize(["a", "b", "c"], len(d)))
    by_hand = data.assign(b=(data["g"] == "b") * 1.0)
    one = pt.floodlight(data, "y ~ C(g)*z", "z")
    assert one.predictor == "C(g)[b]"
    same(pt.floodlight(by_hand, "y ~ b*z", "z"), one, moments=False)
    same(one, pt.floodlight(data, "y ~ C(g)*z", "z", predictor="C(g)"), moments=False)
    named = pt.floodlight(data, "y ~ C(h)*z", "z", predictor="C(h)[c]")
    fit = named.regression.table.set_index("term")["estimate"]
    assert named.at(2)["estimate"].iloc[0] == pytest.approx(fit["C(h)[c]"] + 2 * fit["C(h)[c]:z"])
    both = pt.floodlight(data, "y ~ x*z + w*z + x*w", "z", predictor="w")
    fit = both.regression.table.set_index("term")["estimate"]
    assert both.at(3)["estimate"].iloc[0] == pytest.approx(fit["w"] + 3 * fit.get("w:z", fit.get("z:w")))


@pytest.mark.parametrize(("formula", "how", "told"), [
    ("y ~ x + z", {}, r"moderator: 'y ~ x \+ z' has no product with 'z'; write x \* z"),
    ("y ~ x*C(team)", {"moderator": "team"}, "moderator: 'team' is a category in"),
    ("y ~ x*z*w", {}, "in x:z:w the slope depends on 2 moderators at once"),
    ("y ~ x:z + z", {}, "formula: without x itself, its slope is held at 0 where z is 0; add x"),
    ("y ~ x*z + w*z", {}, "predictor: 'z' is multiplied with x, w; say whose slope you want, such as predictor='x'"),
    ("y ~ x*z", {"predictor": "w"}, "predictor: no product of 'z' with 'w' in .*; there is one with x"),
    ("y ~ C(three)*z", {}, r"predictor: C\(three\) has the dummies C\(three\)\[1\], C\(three\)\[2\]; name one of them"),
    ("y ~ C(three)*z", {"predictor": "C(three)[7]"}, r"has the dummies .* name one of them"),
    ("y ~ x*z", {"band": "wide"}, "band: 'wide' is not one of pointwise, simultaneous"),
    ("y ~ x*z", {"errors": "cluster-cr2", "by": "team"}, "other degrees of freedom at each value"),
    ("y ~ x*z", {"errors": "HC0"}, "errors: 'HC0' is not one of"),
    ("y ~ x*q", {"moderator": "q"}, "there is no 'q'"),
    ("exact ~ x*z", {}, "x:z has no error .the fit is exact., so the slope has no interval"),
])
def test_what_has_no_answer_is_told(formula, how, told):
    data = rows("outside").assign(three=lambda d: np.resize([0, 1, 2], len(d)), exact=lambda d: d["x"] + d["x"] * d["z"])
    with pytest.raises(ValueError, match=told):
        pt.floodlight(data, formula, how.pop("moderator", "z"), **how)


def test_tables_that_cannot_tell_are_refused():
    data = rows("outside").assign(**{"x:z": lambda d: d["x"] * d["z"]})[["y", "x", "z", "x:z"]]
    plain = pt.Moments.from_correlations(data.corr(), n=160)
    with pytest.raises(ValueError, match="without standard deviations does not say how large the product is"):
        pt.floodlight(plain, "y ~ x*z", "z")
    unknown = pt.Moments.from_correlations(data.corr(), sd=data.std())
    with pytest.raises(ValueError, match="the sample size is unknown"):
        pt.floodlight(unknown, "y ~ x*z", "z")
    within = pt.Moments.from_frame(rows("outside"), ["y", "x", "z", "x:z"], by="team").within()
    with pytest.raises(ValueError, match="the moderator's own values are gone; give the rows with within=True"):
        pt.floodlight(within, "y ~ x*z", "z")


@pytest.mark.parametrize("values", [[np.nan], [np.inf, 1], [[1, 2], [3, 4]]])
def test_odd_values_are_refused(values):
    with pytest.raises(ValueError, match="values: finite numbers of z are needed"):
        lit("outside").at(values)


# --- what is said and drawn -------------------------------------------------------------------------------------------

def test_shares_are_counted_and_say_what_lies_inside():
    light = lit("outside")
    z, (low, high) = rows("outside")["z"], light.edges
    assert light.regions["sign"].tolist() == ["positive", "negative"]
    assert light.regions["inside"].tolist() == [True, True]
    assert_allclose(light.regions["share"], [(z < low).mean(), (z > high).mean()])
    assert light.covered == pytest.approx(((z < low) | (z > high)).mean())
    assert light.observed == (z.min(), z.max())
    assert (f"The interval excludes 0 with z below {low:.3g} (slope positive) and above {high:.3g} (slope negative), "
            f"{100 * light.covered:.3g} % of the rows. Elsewhere it cannot be told from 0") in light.text
    assert "So it is not shown" not in light.text
    assert light.text.count("taken alone, not for the whole line") == 1


def test_a_region_beyond_the_rows_is_told_apart():
    light = lit("beside")
    assert light.regions["inside"].tolist() == [False, True] or light.regions["inside"].tolist() == [True]
    near = rows("outside").query("z > 5")
    one = pt.floodlight(near, "y ~ x*z", "z")
    z = near["z"]
    for _, row in one.regions.iterrows():
        assert row["inside"] == (row["low"] < z.max() and row["high"] > z.min())


def made(b, V, observed):
    """A floodlight with given coefficients: 21 rows between the observed ends, evenly."""
    light, values = lit("outside"), np.linspace(*observed, 21)
    line = Line(np.array(b, float), np.array(V, float), 200.0, 0.0, "pointwise")
    table = line.at("z", np.linspace(*observed, 5))
    table.insert(0, "at", light.table["at"])
    return replace(light, table=table, observed=observed, regions=region_table(line.regions, values, observed), _line=line,
                   _values=values)


WORDS = [
    ((1, 0.01), ((0.01, 0), (0, 1e-4)), (0, 4), 1,
     "At every observed value of z (0 to 4) the interval excludes 0, and the slope is positive."),
    ((-1, 0.01), ((0.01, 0), (0, 1e-4)), (0, 4), 1,
     "At every observed value of z (0 to 4) the interval excludes 0, and the slope is negative."),
    ((0, 0.001), ((0.01, 0), (0, 0.01)), (0, 4), 0,
     "At no value of z does the interval exclude 0: the slope cannot be told from 0, which does not mean that it is 0."),
    ((-1, 0.5), ((0.04, 0), (0, 0.0001)), (1.3, 2.6), 0,
     "At no observed value of z (1.3 to 2.6) does the interval exclude 0; only beyond them, with z below 1.21 (slope "
     "negative) and above 2.8 (slope positive), where no row lies and only the straight line speaks."),
    ((-1, 0.5), ((0.04, 0), (0, 0.0001)), (1.3, 4), 1,
     "The interval excludes 0 with z above 2.8 (slope positive), 42.9 % of the rows. Elsewhere it cannot be told from 0, "
     "which does not mean that it is 0. It would exclude 0 with z below 1.21 (slope negative) as well, but no row lies "
     "there: only the straight line says so."),
    ((1, 0.01), ((0.01, 0), (0, 0.01)), (-9, 9), 1,
     "The interval excludes 0 with z between -4.73 and 5.24 (slope positive), 52.4 % of the rows. Elsewhere it"),
]


@pytest.mark.parametrize(("b", "V", "observed", "bands", "told"), WORDS)
def test_the_words_fit_every_kind_of_region(b, V, observed, bands, told):
    """The edges of the fourth and fifth: (−1 + z/2)² = 3.888 (0.04 + 0.0001 z²), by hand z = 1.21 and 2.80."""
    light = made(b, V, observed)
    assert told in light.where
    assert light.where in light.text
    assert light.where in light.figure().alt
    ax = light.figure().axes[0]
    assert len([one for one in ax.collections if one.get_hatch()]) == bands


def test_the_sentence_says_where_the_slope_change_itself_is_not_shown():
    light = lit("none")
    product = light.regression.table.set_index("term").loc["x:z"]
    assert product["ci_low"] < 0 < product["ci_high"]
    assert "So it is not shown that the slope changes with z at all." in light.text
    first = light.table.iloc[0]
    assert (f"one more of x goes with {first['estimate']:+.3g} of y (95 % interval {first['ci_low']:.3g} to "
            f"{first['ci_high']:.3g}) where z is {first['z']:.3g} (lowest) and with ") in light.text
    assert f"changes that slope by {product['estimate']:+.3g} (95 % interval" in light.text
    assert "holds for the whole line at once (Scheffé)" in lit("none", band="simultaneous").text


def test_the_simultaneous_band_covers_the_whole_line_and_the_pointwise_one_does_not():
    """2,000 samples about a known line, seen at many values at once, far ones too: Scheffé's band is exact for the line."""
    rng = np.random.default_rng(6)
    V, df, z = np.array([[1.0, 0.3], [0.3, 0.5]]), 20.0, np.tan(np.linspace(-1.57, 1.57, 301))
    covered = dict.fromkeys(BANDS, 0)
    for _ in range(2000):
        b = np.linalg.cholesky(V) @ rng.normal(size=2)  # the truth is 0 everywhere
        for band in covered:
            line = Line(b, V * rng.chisquare(df) / df, df, 0.0, band).at("z", z)
            covered[band] += ((line["ci_low"] < 0) & (line["ci_high"] > 0)).all()
    assert abs(covered["simultaneous"] / 2000 - 0.95) < 3.5 * np.sqrt(0.95 * 0.05 / 2000)
    assert covered["pointwise"] / 2000 < 0.92


@pytest.mark.parametrize("design", ["outside", "between", "none"])
def test_the_figure_shows_line_band_edges_and_rows(design):
    light = lit(design)
    fig = light.figure()
    upper, lower = fig.axes
    line = next(one for one in upper.lines if one.get_label() == "slope of x")
    x, y = line.get_data()
    assert_allclose(y, light.at(x)["estimate"])
    assert (x[0], x[-1]) == light.observed == upper.get_xlim()
    inside = [edge for edge in light.edges if light.observed[0] < edge < light.observed[1]]
    assert [text.get_text() for text in upper.texts] == [f"{edge:.3g}" for edge in inside]
    assert sum(bar.get_height() for bar in lower.patches) == len(rows(design))
    assert light.where in fig.alt
    assert lit(design).figure(alt="A line with a band that widens to both sides.").alt.startswith("A line")


def test_moments_draw_one_panel_and_few_values_become_bars():
    moments = pt.floodlight(pt.Moments.from_frame(rows("outside"), ["y", "x", "z", "x:z"]), "y ~ x*z", "z").figure()
    assert len(moments.axes) == 1
    assert moments.axes[0].get_xlabel() == "z (mean ± 2.5 SD; its range is not known)"
    whole = pt.floodlight(rows("outside").assign(z=lambda d: d["z"].round()), "y ~ x*z", "z")
    counts = rows("outside")["z"].round().value_counts().sort_index()
    assert [bar.get_height() for bar in whole.figure().axes[1].patches] == counts.tolist()


def test_a_result_shows_its_sentence_and_its_table():
    light = lit("between")
    assert repr(light).startswith(light.text)
    assert re.search(r"lowest\s+\d", repr(light))
    assert "<table" in light._repr_html_()


def test_a_calendar_year_keeps_its_digits():
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"x": rng.normal(size=400), "year": np.resize(np.arange(2015, 2025), 400)})
    data["y"] = 0.15 * data["x"] * (data["year"] - 2019.4) + rng.normal(size=400)
    light = pt.floodlight(data, "y ~ x*year", "year")
    assert "where year is 2,015 (lowest) and with" in light.text
    assert "where year is 2,024 (highest)" in light.text
    low, high = light.edges
    assert f"with year below {low:,.1f} (slope negative) and above {high:,.1f} (slope positive)" in light.where


@pytest.mark.parametrize(("value", "low", "high", "told"), [
    (2019.437, 2015, 2024, "2,019.4"), (2019.437, 1900, 2024, "2,019"), (-1.234, -2, 4, "-1.23"), (1e-17, -1, 1, "0"),
    (0.0012345, 0, 0.002, "0.00123"), (12_345, 0, 20_000, "12,300"), (1.70407e9, 1.704e9, 1.705e9, "1,704,070,000"),
    (-250.127, 2015, 2024, "-250")])
def test_values_of_the_moderator_have_digits_by_its_range(value, low, high, told):
    assert precisely(value, low, high) == told


def test_a_centred_moderator_has_a_mean_of_nothing():
    data = rows("outside").assign(z=lambda d: d["z"] - d["z"].mean())
    assert pt.floodlight(data, "y ~ x*z", "z").table["z"][2] == 0.0


@pytest.mark.parametrize("name", ["at", "estimate", "se", "ci_high"])
def test_a_moderator_named_like_a_column_of_the_table_is_refused(name):
    with pytest.raises(ValueError, match=f"moderator: a column named '{name}' cannot be told from the table's own; rename"):
        pt.floodlight(rows("outside").rename(columns={"z": name}), f"y ~ x*{name}", name)
