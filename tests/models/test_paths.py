"""Path models: coefficients, effects, explained shares and classical errors.

Expected values come from lavaan (``tests/oracles/paths.R``), from ``pt.regress``, from pingouin and statsmodels, and from
matrix algebra on models drawn at random.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy import stats

import pebbletrail as pt
from pebbletrail.models.path_model import path_model, read_paths

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
NUMBERS = ["estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]
KEYS = ["kind", "source", "target", "via"]
LAVAAN = {
    "simple": "m1 ~ x; y ~ m1 + x",
    "parallel": "m1 ~ x; m2 ~ x; y ~ m1 + m2 + x",
    "serial": "m1 ~ x; m2 ~ x + m1; y ~ x + m1 + m2",
    "five": "m1 ~ x; m2 ~ x + m1; m3 ~ x + m1 + m2; y ~ x + m1 + m2 + m3",
    "seven": "m1 ~ x + c; m2 ~ m1 + d; m3 ~ m1 + m2; y ~ x + m3 + w",
}
SATURATED = ["simple", "parallel", "serial", "five"]


@pytest.fixture(scope="module")
def rows():
    """120 rows in 14 groups of unlike size; disturbances of side-by-side variables go together."""
    return pd.read_csv(ORACLES / "paths-rows.csv", comment="#")


@pytest.fixture(scope="module")
def lavaan():
    table = pd.read_csv(ORACLES / "paths-fits.csv", comment="#", keep_default_na=False)
    numbers = ["est", "se", "corrected", "std", "std_se", "std_corrected"]
    table[numbers] = table[numbers].apply(pd.to_numeric)
    return table.set_index(["case", *KEYS])


def by_name(fit):
    """Coefficients and effects of a fit as one table, by kind, source, target and stations."""
    table = fit.table.rename(columns={"predictor": "source", "outcome": "target"}).assign(kind="coefficient", via="")
    return pd.concat([table, fit.effects]).set_index(KEYS)[NUMBERS]


def free(model, n):
    """n − k − 1 of each outcome's equation."""
    lines = [line.split("~") for line in model.split(";")]
    return {left.strip(): n - 2 - right.count("+") for left, right in lines}


# --- against lavaan --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("case", LAVAAN)
def test_coefficients_are_lavaans_and_errors_differ_by_the_divisor_alone(rows, lavaan, case):
    """lavaan divides by n, least squares by n − k − 1: the factor is exact for every single coefficient."""
    expected = lavaan.loc[case].loc["coefficient"]
    found = by_name(pt.paths(rows, LAVAAN[case])).loc["coefficient"]
    assert set(found.index) == set(expected.index)
    expected = expected.loc[found.index]
    left = found.index.get_level_values("target").map(free(LAVAAN[case], 120))
    np.testing.assert_allclose(found["estimate"], expected["est"], rtol=1e-9)
    np.testing.assert_allclose(found["se"], expected["se"] * np.sqrt(120 / left), rtol=1e-9)
    np.testing.assert_array_equal(found["df"], left)


@pytest.mark.parametrize("case", SATURATED)
@pytest.mark.parametrize("source", ["rows", "correlations", "covariances"])
def test_standardised_coefficients_and_errors_are_lavaans(rows, lavaan, case, source):
    """From rows, from a table of correlations with n alone, and from one with standard deviations: the same."""
    R = rows.drop(columns="group").corr()
    data = {"rows": rows, "correlations": pt.Moments.from_correlations(R, n=120),
            "covariances": pt.Moments.from_correlations(R, n=120, sd=rows[list(R)].std())}[source]
    fit = pt.paths(data, LAVAAN[case], standardized=source != "correlations")
    assert fit.standardized
    assert fit.errors == "of a correlation structure"
    found = by_name(fit)
    coefficients, expected = found.loc["coefficient"], lavaan.loc[case].loc["coefficient"]
    expected = expected.loc[coefficients.index]
    left = coefficients.index.get_level_values("target").map(free(LAVAAN[case], 120))
    np.testing.assert_allclose(coefficients["estimate"], expected["std"], rtol=1e-9)
    # lavaan differentiates numerically here
    np.testing.assert_allclose(coefficients["se"], expected["std_se"] * np.sqrt(120 / left), rtol=1e-7)
    effects = lavaan.loc[case].query("kind in ('indirect', 'total')")
    assert len(effects) >= 2
    np.testing.assert_allclose(found.loc[effects.index, "estimate"], effects["std"], rtol=1e-9)
    np.testing.assert_allclose(found.loc[effects.index, "se"], effects["std_corrected"], rtol=1e-7)


@pytest.mark.parametrize("case", SATURATED)
def test_indirect_and_total_effects_are_lavaans_with_the_corrected_covariance(rows, lavaan, case):
    """Parallel mediators' disturbances go together here (M1 ~~ M2 free): the total effect's error must hold that."""
    effects = lavaan.loc[case].query("kind in ('indirect', 'total')")
    found = by_name(pt.paths(rows, LAVAAN[case])).loc[effects.index]
    np.testing.assert_allclose(found["estimate"], effects["est"], rtol=1e-9)
    np.testing.assert_allclose(found["se"], effects["corrected"], rtol=1e-9)
    np.testing.assert_allclose(found["se"], effects["se"], rtol=0.03)  # lavaan's own, before the correction
    z = stats.norm.ppf(0.975)
    np.testing.assert_allclose(found["ci_low"], found["estimate"] - z * found["se"], rtol=1e-12)
    np.testing.assert_allclose(found["ci_high"], found["estimate"] + z * found["se"], rtol=1e-12)
    np.testing.assert_allclose(found["p_value"], 2 * stats.norm.sf(np.abs(found["estimate"] / found["se"])), rtol=1e-10)
    assert found["df"].isna().all()


def test_the_error_of_a_total_effect_is_another_where_disturbances_go_together(rows):
    """Were the two mediators' equations independent, the error would be the sum over the routes' coefficients alone."""
    fit = pt.paths(rows, LAVAAN["parallel"])
    b, se = (fit.table.set_index(["predictor", "outcome"])[name] for name in ("estimate", "se"))
    found = by_name(fit).loc[("total", "x", "y", "")]["se"]
    y = pt.regress(rows, "y ~ m1 + m2 + x").covariance.loc[["m1", "m2", "x"], ["m1", "m2", "x"]].to_numpy()
    weights = np.array([b["x", "m1"], b["x", "m2"], 1])
    apart = np.sqrt(weights @ y @ weights + (b["m1", "y"] * se["x", "m1"]) ** 2 + (b["m2", "y"] * se["x", "m2"]) ** 2)
    assert abs(found / apart - 1) > 1e-3
    together = pt.regress(rows, "y ~ x").table.set_index("term").loc["x", "se"]  # the total effect in one regression
    assert found == pytest.approx(together, rel=0.005)  # the factors n / (n − k − 1) are those of several equations


@pytest.mark.parametrize("case", SATURATED)
def test_explained_shares_are_lavaans(rows, lavaan, case):
    expected = lavaan.loc[case].loc["r2"]["est"]
    found = pt.paths(rows, LAVAAN[case]).r2
    assert list(found.index) == [line.split("~")[0].strip() for line in LAVAAN[case].split(";")]
    np.testing.assert_allclose(found, [expected["", name, ""] for name in found.index], rtol=1e-7)


@pytest.mark.parametrize("standardized", [False, True])
def test_coefficients_have_t_tests_and_intervals(rows, standardized):
    table = pt.paths(rows, LAVAAN["serial"], standardized=standardized).table
    np.testing.assert_allclose(table["statistic"], table["estimate"] / table["se"])
    np.testing.assert_allclose(table["p_value"], 2 * stats.t.sf(np.abs(table["statistic"]), table["df"]), rtol=1e-9)
    half = stats.t.ppf(0.975, table["df"]) * table["se"]
    np.testing.assert_allclose(table["ci_low"], table["estimate"] - half)
    np.testing.assert_allclose(table["ci_high"], table["estimate"] + half)


def test_a_direct_effect_is_its_coefficient_in_every_number(rows):
    fit = pt.paths(rows, LAVAAN["seven"])
    direct = fit.effects[fit.effects["kind"] == "direct"].set_index(["source", "target"])[NUMBERS]
    table = fit.table.set_index(["predictor", "outcome"])[NUMBERS]
    assert_frame_equal(direct.loc[table.index], table, check_names=False)
    alone = by_name(fit).loc[("total", "w", "y", "")]  # a total effect of one arrow is that arrow
    np.testing.assert_array_equal(alone[NUMBERS], table.loc[("w", "y"), NUMBERS])


# --- against other programs and pt.regress ---------------------------------------------------------------------------

@pytest.mark.parametrize("case", LAVAAN)
def test_every_equation_is_that_of_pt_regress(rows, case):
    fit = pt.paths(rows, LAVAAN[case])
    for line in LAVAAN[case].split(";"):
        one = pt.regress(rows, line.strip())
        outcome = line.split("~")[0].strip()
        mine = fit.table[fit.table["outcome"] == outcome].set_index("predictor")[NUMBERS]
        assert_frame_equal(mine, one.table.set_index("term").iloc[1:][NUMBERS], check_names=False, rtol=1e-10)
        assert fit.r2[outcome] == pytest.approx(one.r2, rel=1e-12)


def test_effects_are_those_of_pingouins_mediation_analysis(rows):
    import pingouin as pg

    theirs = pg.mediation_analysis(rows, "x", ["m1", "m2"], "y", n_boot=10, seed=1).set_index("path")["coef"]
    mine = by_name(pt.paths(rows, LAVAAN["parallel"]))["estimate"]
    expected = {"m1 ~ X": ("direct", "x", "m1", ""), "m2 ~ X": ("direct", "x", "m2", ""), "Total": ("total", "x", "y", ""),
                "Direct": ("direct", "x", "y", ""), "Indirect m1": ("indirect", "x", "y", "m1"),
                "Indirect m2": ("indirect", "x", "y", "m2")}
    for path, name in expected.items():
        assert mine[name] == pytest.approx(theirs[path], rel=1e-9), path


def test_effects_are_those_of_statsmodels_mediation(rows):
    """Its effects are means over 300 simulated sets of coefficients: the tolerance is four Monte Carlo errors."""
    import statsmodels.api as sm
    from statsmodels.stats.mediation import Mediation

    np.random.seed(5)  # noqa: NPY002 statsmodels draws from the global generator
    X = sm.add_constant(rows[["x", "m1"]].to_numpy())
    outcome, mediator = sm.OLS(rows["y"].to_numpy(), X), sm.OLS(rows["m1"].to_numpy(), X[:, :2])
    fit = Mediation(outcome, mediator, [1, 1], mediator=2).fit(n_rep=300)
    mine = by_name(pt.paths(rows, LAVAAN["simple"]))
    for name, theirs in {("indirect", "x", "y", "m1"): fit.ACME_avg, ("direct", "x", "y", ""): fit.ADE_avg,
                         ("total", "x", "y", ""): fit.total_effect}.items():
        assert abs(mine.loc[name, "estimate"] - np.mean(theirs)) < 4 * np.std(theirs) / np.sqrt(300), name


def test_moments_by_group_and_a_table_give_what_the_rows_give(rows):
    ibis = pytest.importorskip("ibis")
    fit = pt.paths(rows, LAVAAN["serial"])
    for data in (pt.Moments.from_frame(rows, by="group"), ibis.memtable(rows)):
        other = pt.paths(data, LAVAAN["serial"])
        assert_frame_equal(by_name(other), by_name(fit), rtol=1e-9)
        assert other.n == fit.n
        assert other.clusters is None


def test_regressions_within_groups_are_those_with_fixed_effects(rows):
    within = pt.Moments.from_frame(rows, by="group").within()
    fit = pt.paths(within, LAVAAN["serial"])
    for line in LAVAAN["serial"].split(";"):
        one = pt.regress(rows, line.strip(), by="group", within=True)
        mine = fit.table[fit.table["outcome"] == line.split("~")[0].strip()].set_index("predictor")[NUMBERS]
        assert_frame_equal(mine, one.table.set_index("term")[NUMBERS], check_names=False, rtol=1e-9)
    assert list(fit.table["df"]) == [120 - 14 - k for k in (1, 2, 2, 3, 3, 3)]
    assert "deviations from the means of 14 groups" in fit.text


def test_means_a_thousand_million_times_the_spread_cost_nothing(rows):
    """Sixteen digits leave seven for deviations from a mean of 1e9, here with a spread of 1; limits may lie near 0."""
    near = (rows - rows.mean()) / rows.std()
    near = (near * 2**20).round() / 2**20  # both sets hold exactly the same deviations
    for errors in ({}, {"errors": "cluster", "by": "group"}, {"standardized": True}):
        one, other = (pt.paths(data.assign(group=rows["group"]), LAVAAN["serial"], **errors) for data in (near, near + 1e9))
        one, other = by_name(one), by_name(other)
        for name in ("estimate", "se"):
            np.testing.assert_allclose(other[name], one[name], rtol=1e-6)
        for name in ("ci_low", "ci_high"):
            np.testing.assert_array_less(np.abs(other[name] - one[name]), 1e-6 * one["se"])


# --- without a sample size -------------------------------------------------------------------------------------------

@pytest.fixture
def printed(rows):
    return rows.drop(columns="group").corr().round(2)


def test_a_matrix_without_a_sample_size_gives_standardised_estimates_alone(printed):
    fit, known = (pt.paths(pt.Moments.from_correlations(printed, n=n), LAVAAN["five"]) for n in (None, 200))
    np.testing.assert_allclose(by_name(fit)["estimate"], by_name(known)["estimate"], rtol=1e-12)
    assert by_name(fit).drop(columns="estimate").isna().all(axis=None)
    assert by_name(known)[["se", "ci_low"]].notna().all(axis=None)
    assert fit.standardized
    assert fit.n is None
    assert fit.errors == "none"
    assert fit.text.startswith("A table without a sample size: the effect of x on ")
    assert "No intervals, since the sample size is unknown." in fit.text


@pytest.mark.parametrize("given_", [{"intervals": "monte-carlo"}, {"intervals": "bootstrap"}, {"intervals": "bootstrap-bca"},
                                    {"errors": "cluster"}], ids=str)
def test_without_a_sample_size_errors_are_refused(printed, given_):
    with pytest.raises(ValueError, match=r"needs a sample size|resampled by group"):
        pt.paths(pt.Moments.from_correlations(printed), LAVAAN["simple"], **given_)


def test_with_standard_deviations_a_printed_table_gives_coefficients_in_units(rows):
    data = rows.drop(columns="group")
    m = pt.Moments.from_correlations(data.corr(), n=120, sd=data.std())
    fit = pt.paths(m, LAVAAN["simple"])
    assert not fit.standardized
    assert_frame_equal(fit.table, pt.paths(rows, LAVAAN["simple"]).table, rtol=1e-9)


# --- models drawn at random ------------------------------------------------------------------------------------------

@st.composite
def graphs(draw):
    """``(rows, model text, coefficients' graph)`` of a recursive model of two to six variables in unlike units."""
    size, seed = draw(st.integers(2, 6)), draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    A = np.tril(rng.random((size, size)) < 0.7, k=-1)
    A[-1, 0] = True  # at least one arrow
    values = rng.normal(size=(40, size)) @ rng.normal(size=(size, size)) * np.exp(rng.normal(size=size))
    names = [f"v{number}" for number in rng.permutation(size)]
    lines = [f"{names[i]} ~ {' + '.join(names[j] for j in np.flatnonzero(A[i]))}" for i in range(size) if A[i].any()]
    return pd.DataFrame(values, columns=names), "; ".join(rng.permutation(lines))


@settings(max_examples=25, deadline=None)
@given(graphs(), st.booleans())
def test_totals_are_the_reduced_form_and_the_sum_of_their_routes(graph, standardized):
    """With x = Bx + e, x = (I − B)⁻¹ e."""
    rows, model = graph
    fit, names = pt.paths(rows, model, standardized=standardized), list(rows)
    B = np.zeros((len(names), len(names)))
    for row in fit.table.itertuples():
        B[names.index(row.outcome), names.index(row.predictor)] = row.estimate
    reduced = np.linalg.inv(np.eye(len(names)) - B)
    totals = fit.effects[fit.effects["kind"] == "total"].set_index(["source", "target"])["estimate"]
    parts = fit.effects[fit.effects["kind"] != "total"].groupby(["source", "target"])["estimate"].sum()
    size = np.abs(reduced).max()
    for (source, target), value in totals.items():
        assert value == pytest.approx(reduced[names.index(target), names.index(source)], rel=1e-9, abs=1e-9 * size)
        assert value == pytest.approx(parts[source, target], rel=1e-9, abs=1e-9 * size)
    assert len(totals) == np.count_nonzero(np.abs(np.linalg.inv(np.eye(len(names)) - (B != 0))) > 0.5) - len(names)


@settings(max_examples=15, deadline=None)
@given(graphs(), st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_rows_columns_lines_and_predictors_changes_nothing(graph, random, standardized):
    rows, model = graph
    lines = [line.split(" ~ ") for line in model.split("; ")]
    random.shuffle(lines)
    shuffled = "\n".join(f"{left} ~ {' + '.join(random.sample(right.split(' + '), len(right.split(' + '))))}"
                         for left, right in lines)
    columns = random.sample(list(rows), rows.shape[1])
    other = pt.paths(rows[columns].sample(frac=1, random_state=random.randrange(99)), shuffled, standardized=standardized)
    one = by_name(pt.paths(rows, model, standardized=standardized))
    assert_frame_equal(by_name(other).loc[one.index], one, rtol=1e-7, atol=1e-10)


@settings(max_examples=15, deadline=None)
@given(graphs(), st.integers(0, 10**6))
def test_units_scale_coefficients_and_leave_every_statistic(graph, seed):
    rows, model = graph
    units = pd.Series(np.exp(np.random.default_rng(seed).normal(scale=4, size=rows.shape[1])), index=list(rows))
    one, other = by_name(pt.paths(rows, model)), by_name(pt.paths(rows * units + 3 * units, model))
    factor = units[one.index.get_level_values("target")].to_numpy() / units[one.index.get_level_values("source")].to_numpy()
    for name in ("estimate", "se", "ci_low", "ci_high"):
        np.testing.assert_allclose(other[name], one[name] * factor, rtol=1e-7, atol=1e-9 * factor.max() * one["se"].max())
    np.testing.assert_allclose(other["statistic"], one["statistic"], rtol=1e-6, atol=1e-9)
    z, scaled = (by_name(pt.paths(data, model, standardized=True)) for data in (rows, rows * units))
    assert_frame_equal(z, scaled, rtol=1e-7, atol=1e-10)


@settings(max_examples=20, deadline=None)
@given(graphs(), st.booleans(), st.integers(0, 10**6))
def test_derivatives_are_the_numerical_derivatives_of_the_effects(graph, standardized, seed):
    rows, model = graph
    variables, products, regressions = read_paths(model)
    made = path_model(pt.Moments.from_frame(rows, variables), variables, products, regressions, standardized)
    b = np.random.default_rng(seed).normal(size=len(made.equations.arrows))
    step = 1e-5 * np.eye(len(b))
    numerical = (made.quantities(b + step) - made.quantities(b - step)) / 2e-5
    np.testing.assert_allclose(made.derivatives(b), numerical.T, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("how", [{}, {"standardized": True}, {"errors": "cluster", "by": "team"}])
def test_an_exact_fit_has_no_error_and_no_test(seed, how):
    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"x": rng.normal(size=50), "team": np.arange(50) % 10})
    data = data.assign(m=0.7 * data["x"] + 1, y=0.7 * data["x"] + rng.normal(size=50))
    row = pt.paths(data, "m ~ x; y ~ m", **how).table.iloc[0]
    assert row["estimate"] == pytest.approx(1 if "standardized" in how else 0.7, rel=1e-12)
    assert row["se"] == 0
    assert row[["statistic", "p_value"]].isna().all()


def test_a_path_that_rests_on_one_group_has_no_clustered_error_nor_has_what_it_is_part_of():
    """A treatment that differs between two groups only: the groups' scores are zero by construction."""
    rng = np.random.default_rng(3)
    data = pd.DataFrame({"g": np.repeat([0, 1], 100)})
    data = data.assign(t=data["g"] * 1.0, m=3 * data["g"] + rng.normal(size=200))
    data["y"] = data["m"] + rng.normal(size=200)
    fit = pt.paths(data, "m ~ t; y ~ m", errors="cluster", by="g")
    table = fit.table.set_index(["predictor", "outcome"])
    assert table.loc[("t", "m"), ["se", "p_value", "ci_low", "ci_high"]].isna().all()
    effects = fit.effects.set_index(["source", "target", "kind"])
    assert effects.loc[("t", "y", "indirect"), ["se", "ci_low", "ci_high"]].isna().all()
    one = pt.regress(data, "y ~ m", errors="cluster", by="g").table.iloc[1]
    assert table.loc[("m", "y"), "se"] == pytest.approx(one["se"], rel=1e-9, nan_ok=True)
    with pytest.raises(ValueError, match="rests on a single group has no error, so 'monte-carlo' cannot draw it"):
        pt.paths(data, "m ~ t; y ~ m", errors="cluster", by="g", intervals="monte-carlo")


def test_groups_of_one_row_are_no_groups_within(rows):
    """One group of many rows beside single rows: within groups there is nothing to compare."""
    lone = rows.assign(team=np.r_[np.zeros(100), np.arange(1, len(rows) - 99)])
    part = pt.Moments.from_frame(lone, ["y", "m1", "x"], by="team").within()
    with pytest.raises(ValueError, match="errors: 'cluster' needs at least two groups"):
        pt.paths(part, "m1 ~ x; y ~ m1 + x", errors="cluster")


def test_a_column_with_the_name_of_a_product_must_be_that_product(rows):
    """Effects at means are computed as if it were; a centred one would give other slopes."""
    product = rows["x"] * rows["m1"]
    centred = (rows["x"] - rows["x"].mean()) * (rows["m1"] - rows["m1"].mean())
    model = "y ~ x + m1 + x:m1"
    pd.testing.assert_frame_equal(pt.paths(rows.assign(**{"x:m1": product}), model).effects, pt.paths(rows, model).effects)
    for name in ("x:m1", "m1:x"):
        with pytest.raises(ValueError, match=f"data: the column '{name}' is not known to be the product of x and m1"):
            pt.paths(rows.assign(**{name: centred}), model)


# --- what a result says ----------------------------------------------------------------------------------------------

def test_text_gives_the_first_indirect_effect_its_interval_and_the_data(rows):
    gappy = rows.copy()
    gappy.loc[[3, 7, 50], "m1"] = np.nan
    fit = pt.paths(gappy, LAVAAN["simple"])
    row = fit.effects[fit.effects["kind"] == "indirect"].iloc[0]
    assert fit.text == (f"117 observations: the effect of x on y through m1 is {row['estimate']:.3g} (95 % interval "
                        f"{row['ci_low']:.3g} to {row['ci_high']:.3g}; delta; errors: classical). Data: 120 rows, 3 of them "
                        "left out for missing values (listwise).")


def test_text_without_an_indirect_effect_gives_the_first_path(rows):
    fit = pt.paths(rows, "y ~ x + w; m1 ~ x", standardized=True)
    row = fit.table.iloc[0]
    assert f"the path x → y is {row['estimate']:.3g} standard deviations (95 % interval {row['ci_low']:.3g} to" in fit.text
    assert "t distribution; errors: of a correlation structure" in fit.text


def test_tables_have_the_houses_columns_in_the_order_of_the_text(rows):
    fit = pt.paths(rows, LAVAAN["simple"])
    assert list(fit.table.columns) == ["outcome", "predictor", *NUMBERS]
    assert list(fit.effects.columns) == ["source", "target", "via", "kind", *NUMBERS]
    assert list(fit.table["outcome"] + fit.table["predictor"]) == ["m1x", "ym1", "yx"]
    assert fit.moderation.empty
    assert list(fit.moderation.columns) == ["source", "target", "via", "moderator", "kind", "at", "value", *NUMBERS]


@pytest.mark.parametrize("options", [{}, {"intervals": "bootstrap", "replicates": 60, "seed": 1},
                                     {"errors": "cluster", "by": "group"}], ids=str)
def test_the_callers_data_is_left_alone(rows, options):
    mine = rows.sample(frac=1, random_state=0)
    before = mine.copy(deep=True)
    pt.paths(mine, "m1 ~ x + w + x:w; y ~ m1 + x", **options)
    assert_frame_equal(mine, before)


# --- what is refused -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("model", "message"), [
    ("m1 ~ x; y ~ m1; x ~ y", "MODEL: the arrows run in a circle, .*; take one of them away"),
    ("y ~ x; x ~ y", "circle, (x → y → x|y → x → y)"),
    ("y ~ x:m1; m1 ~ y", "circle"),
    ("y ~ y + x", "y cannot point at itself"),
    ("m1 ~ x; y ~ m1 + nosuch", "there is no 'nosuch'; there are group, x"),
    ("m1 ~ nosuch:x; y ~ m1", "there is no 'nosuch'"),
    ("Trust =~ m1 + m2; y ~ Trust", "Trust is a construct with indicators, and paths takes observed variables"),
    ("Trust <~ m1 + m2; y ~ Trust", "Trust is a construct"),
    ("y ~ x + twice", "MODEL: twice is a combination of x"),
    ("y ~ x + w + x_plus_w", "x_plus_w is a combination of x, w"),
    ("y ~ flat + x", "MODEL: flat does not vary"),
    ("flat ~ x", "MODEL: flat does not vary"),
    ("y ~ w + x:x", "x:x multiplies a variable by itself; add a column for its square"),
    ("y ~ x + x", "x stands twice"),
    ("y ~ x; y ~ x", "the arrow x → y was written before"),
    ("y ~ x:w; y ~ w:x", "the arrow x:w → y was written twice"),
    ("y ~ words", "'words' holds"),
    ("y ~ endless", "'endless' holds an infinite value in row 5"),
    ("m1 ~ x; x:m1 ~ w", "is not a name"),
    ("", "a text is needed"),
    (None, "a text is needed"),
    ("x + y", "cannot be read"),
], ids=str)
def test_a_model_that_cannot_be_fitted_is_refused_with_its_reason(rows, model, message):
    data = rows.assign(twice=2 * rows["x"], x_plus_w=rows["x"] + rows["w"], flat=1.0, words="none",
                       endless=rows["x"].where(rows.index != 5, np.inf))
    with pytest.raises(ValueError, match=message):
        pt.paths(data, model)


@pytest.mark.parametrize(("options", "message"), [
    ({"intervals": "wald"}, "intervals: 'wald' is not one of delta, monte-carlo, bootstrap, bootstrap-bca"),
    ({"intervals": None}, "intervals: None is not one of"),
    ({"errors": "HC3"}, "errors: 'HC3' is not one of classical, cluster"),
    ({"by": "group"}, "by: 'group' would not be used; add errors='cluster'"),
    ({"by": "group", "intervals": "monte-carlo"}, "by: 'group' would not be used"),
    ({"by": "nosuch", "errors": "cluster"}, "there is no column 'nosuch'"),
    ({"errors": "cluster"}, "errors: 'cluster' needs at least two groups; name their column with by="),
    ({"errors": "cluster", "by": "one"}, "needs at least two groups"),
    ({"errors": "cluster", "intervals": "bootstrap"}, "errors: 'cluster' with a bootstrap resamples whole groups"),
    ({"intervals": "monte-carlo", "replicates": 10}, "replicates: a whole number from 50 on, not 10"),
    ({"intervals": "bootstrap", "replicates": 0}, "replicates: a whole number"),
    ({"intervals": "monte-carlo", "seed": "today"}, "seed: a whole number"),
], ids=str)
def test_options_that_cannot_be_are_refused(rows, options, message):
    with pytest.raises(ValueError, match=message):
        pt.paths(rows.assign(one=1), LAVAAN["simple"], **options)


def test_data_of_another_kind_too_few_rows_and_columns_that_stand_twice_are_refused(rows):
    with pytest.raises(ValueError, match="data: a DataFrame, a Moments or an Ibis table is needed, not list"):
        pt.paths([1, 2], LAVAAN["simple"])
    with pytest.raises(ValueError, match="data: 3 observations are too few for y ~ m1 \\+ x; at least 4 are needed"):
        pt.paths(rows.head(3), LAVAAN["simple"])
    assert pt.paths(rows.head(4), LAVAAN["simple"]).table["df"].to_list() == [2, 1, 1]
    with pytest.raises(ValueError, match="'x' stands more than once"):
        pt.paths(rows.rename(columns={"w": "x"}), LAVAAN["simple"])
    m = pt.Moments.from_frame(rows, by="group")
    with pytest.raises(ValueError, match="leave by= out"):
        pt.paths(m, LAVAAN["simple"], errors="cluster", by="group")
    with pytest.raises(ValueError, match="there is no 'nosuch'"):
        pt.paths(m, "y ~ nosuch")
