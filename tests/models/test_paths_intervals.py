"""Intervals of path models: cluster-robust errors, Monte Carlo draws, and the bootstrap of rows and of groups.

Expected values come from lavaan (``tests/oracles/paths.R``) and R's boot (``tests/oracles/paths_boot.R``), from
``pt.regress`` and ``pt.bootstrap``, from pingouin, and from numerical integration.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy import optimize, stats

import pebbletrail as pt

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
NUMBERS = ["estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]
KEYS = ["kind", "source", "target", "via"]
SIMPLE = "m1 ~ x; y ~ m1 + x"
PARALLEL = "m1 ~ x; m2 ~ x; y ~ m1 + m2 + x"
FIVE = "m1 ~ x; m2 ~ x + m1; m3 ~ x + m1 + m2; y ~ x + m1 + m2 + m3"
MODERATED = "m1 ~ x + w + x:w; y ~ m1 + x"
Z = 1.959963984540054


@pytest.fixture(scope="module")
def rows():
    """120 rows in 14 groups of unlike size."""
    return pd.read_csv(ORACLES / "paths-rows.csv", comment="#")


@pytest.fixture(scope="module")
def lavaan():
    table = pd.read_csv(ORACLES / "paths-fits.csv", comment="#", keep_default_na=False)
    numbers = ["est", "se", "corrected", "std", "std_se", "std_corrected"]
    table[numbers] = table[numbers].apply(pd.to_numeric)
    return table[table["kind"] != "r2"].set_index(["case", *KEYS])


def by_name(fit):
    table = fit.table.rename(columns={"predictor": "source", "outcome": "target"}).assign(kind="coefficient", via="")
    return pd.concat([table, fit.effects]).set_index(KEYS)[NUMBERS]


def indirect(fit):
    return fit.effects.query("kind == 'indirect'").iloc[0]


# --- clusters --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize("model", [SIMPLE, FIVE])
def test_each_equation_has_the_cluster_errors_of_pt_regress(rows, model, within):
    """Every number: errors, G − 1 degrees of freedom, p values, limits; with group means taken out, too."""
    m = pt.Moments.from_frame(rows, by="group")
    fit = pt.paths(m.within() if within else m, model, errors="cluster")
    for line in model.split(";"):
        one = pt.regress(rows, line.strip(), errors="cluster", by="group", within=within).table.set_index("term")
        mine = fit.table[fit.table["outcome"] == line.split("~")[0].strip()].set_index("predictor")
        assert_frame_equal(mine[NUMBERS], one.loc[mine.index, NUMBERS], check_names=False, rtol=1e-9)
    assert set(fit.table["df"]) == {13}


@pytest.mark.parametrize(("case", "model"), [("simple", SIMPLE), ("parallel", PARALLEL), ("five", FIVE)])
@pytest.mark.parametrize("standardized", [False, True])
def test_cluster_errors_across_equations_are_lavaans(rows, lavaan, case, model, standardized):
    """lavaan's cluster = with estimator MLR, times (n − 1) / (n − k − 1) of each equation; it has G / (G − 1) already."""
    expected = lavaan.loc[f"{case}-cluster"]
    found = by_name(pt.paths(rows, model, errors="cluster", by="group", standardized=standardized)).loc[expected.index]
    part = "std_" if standardized else ""
    np.testing.assert_allclose(found["estimate"], expected["std" if standardized else "est"], rtol=1e-8)
    np.testing.assert_allclose(found["se"], expected[f"{part}corrected"], rtol=1e-7)
    left = found.index.get_level_values("target").map({"m1": 118, "m2": 118, "y": 117} if case == "simple" else
                                                     {"m1": 118, "m2": 118, "y": 116} if case == "parallel" else
                                                     {"m1": 118, "m2": 117, "m3": 116, "y": 115})
    single = found.index.get_level_values("kind") == "coefficient"
    np.testing.assert_allclose(found["se"][single], (expected[f"{part}se"] * np.sqrt(119 / left))[single], rtol=1e-7)
    np.testing.assert_allclose(found["ci_high"][~single], (found["estimate"] + Z * found["se"])[~single], rtol=1e-12)


@pytest.mark.parametrize("intervals", ["delta", "monte-carlo", "bootstrap", "bootstrap-bca"])
def test_moments_by_group_and_a_frame_with_by_give_the_same(rows, intervals):
    options = {"errors": "cluster", "intervals": intervals, "replicates": 200, "seed": 3}
    one = pt.paths(rows, SIMPLE, by="group", **options)
    other = pt.paths(pt.Moments.from_frame(rows, by="group"), SIMPLE, **options)
    assert_frame_equal(by_name(one), by_name(other), rtol=1e-9)
    assert one.clusters == other.clusters == 14
    assert "120 observations in 14 groups: the effect" in one.text
    assert one.text == other.text


def test_text_names_the_errors_and_the_groups_only_where_they_are_used(rows):
    assert "errors: cluster-robust (CR1)" in pt.paths(rows, SIMPLE, errors="cluster", by="group").text
    plain = pt.paths(pt.Moments.from_frame(rows, by="group"), SIMPLE)
    assert plain.clusters is None
    assert "groups" not in plain.text


# --- Monte Carlo -----------------------------------------------------------------------------------------------------

def quantile_of_product(p, a, se_a, b, se_b):
    """Of the product of two independent normals, by integrating P(b < q / a) over a."""
    z = np.linspace(-9, 9, 40_000)
    first, weight = a + se_a * z, stats.norm.pdf(z) * (z[1] - z[0])

    def below(q):
        value = stats.norm.cdf((q / first - b) / se_b)
        return np.sum(weight * np.where(first > 0, value, 1 - value)) - p

    far = 9 * (abs(a) * se_b + abs(b) * se_a + se_a * se_b)
    return optimize.brentq(below, a * b - far, a * b + far, xtol=1e-10)


@pytest.mark.parametrize("count", [120, 12], ids=["all rows", "twelve rows, a skewed product"])
def test_monte_carlo_limits_are_the_quantiles_of_a_product_of_normals(rows, count):
    """a and b are independent here, x being a predictor of y. Tolerance: four Monte Carlo errors of a quantile."""
    some, replicates = rows.iloc[:: 120 // count], 100_000
    found = indirect(pt.paths(some, SIMPLE, intervals="monte-carlo", replicates=replicates, seed=11))
    table = pt.paths(some, SIMPLE).table.set_index(["predictor", "outcome"])[["estimate", "se"]]
    a, b = table.loc[("x", "m1")], table.loc[("m1", "y")]
    for p, name in ((0.025, "ci_low"), (0.975, "ci_high")):
        expected, near = (quantile_of_product(level, *a, *b) for level in (p, p + 0.002))
        density = 0.002 / (near - expected)
        assert abs(found[name] - expected) < 4 * np.sqrt(p * (1 - p) / replicates) / density
    spread = np.sqrt(a["estimate"] ** 2 * b["se"] ** 2 + b["estimate"] ** 2 * a["se"] ** 2 + a["se"] ** 2 * b["se"] ** 2)
    assert found["se"] == pytest.approx(spread, rel=0.01)  # the variance of a product, exactly
    assert not abs((found["ci_high"] - found["estimate"]) / (found["estimate"] - found["ci_low"]) - 1) < 0.02  # skewed


def test_monte_carlo_draws_hold_the_covariances_of_all_coefficients(rows):
    """A total effect over parallel mediators, against 400,000 draws with the SUR covariance worked out on the rows."""
    found = pt.paths(rows, PARALLEL, intervals="monte-carlo", replicates=100_000, seed=12).effects
    found = found.query("kind == 'total' and source == 'x' and target == 'y'").iloc[0]
    one = np.ones(120)
    X, M = np.column_stack([one, rows["x"]]), rows[["m1", "m2"]].to_numpy()
    a = np.linalg.lstsq(X, M)[0]
    e = M - X @ a
    both = np.kron(e.T @ e / 118, np.linalg.inv(X.T @ X))[np.ix_([1, 3], [1, 3])]
    W = np.column_stack([one, M, rows["x"]])
    b = np.linalg.lstsq(W, rows["y"])[0]
    V = np.sum((rows["y"] - W @ b) ** 2) / 116 * np.linalg.inv(W.T @ W)
    rng = np.random.default_rng(13)
    A, B = rng.multivariate_normal(a[1], both, 400_000), rng.multivariate_normal(b[1:], V[1:, 1:], 400_000)
    total = A[:, 0] * B[:, 0] + A[:, 1] * B[:, 1] + B[:, 2]
    error = 4 * np.sqrt(0.025 * 0.975 * (1 / 100_000 + 1 / 400_000)) / (stats.norm.pdf(Z) / total.std())
    assert abs(found["ci_low"] - np.quantile(total, 0.025)) < error
    assert abs(found["ci_high"] - np.quantile(total, 0.975)) < error


def test_direct_effects_keep_their_t_interval_and_only_products_are_drawn(rows):
    delta, drawn = (pt.paths(rows, MODERATED, intervals=how, replicates=500, seed=1) for how in ("delta", "monte-carlo"))
    assert_frame_equal(drawn.table, delta.table)
    for name in ("effects", "moderation"):
        one, other = getattr(delta, name), getattr(drawn, name)
        exact = one["via"] == ""  # one arrow, or the slope of one arrow at a value
        exact &= ~((one["kind"] == "total") & (one["target"] == "y") & (one["source"] != "m1"))
        assert_frame_equal(other[exact], one[exact])
        assert (one["df"].notna() == exact).all()
        assert (other["df"].notna() == exact).all()
        assert other.loc[~exact, "statistic"].isna().all()
        assert (other.loc[~exact, "ci_low"] != one.loc[~exact, "ci_low"]).all()
        np.testing.assert_allclose(other["estimate"], one["estimate"], rtol=1e-12)
        assert len(one[exact])
        assert len(one[~exact])


@pytest.mark.parametrize("intervals", ["monte-carlo", "bootstrap", "bootstrap-bca"])
def test_a_seed_repeats_and_another_does_not(rows, intervals):
    def fit(seed):
        return pt.paths(rows, SIMPLE, intervals=intervals, replicates=300, seed=seed)

    assert_frame_equal(fit(1).effects, fit(1).effects)
    assert_frame_equal(fit(1).effects, fit(np.random.SeedSequence(1)).effects)
    assert indirect(fit(1))["ci_low"] != indirect(fit(2))["ci_low"]
    assert fit(1).replicates == 300
    assert "300 draws" in fit(1).text


def test_p_values_of_draws_go_with_the_percentile_interval(rows):
    """p < .05 says that 0 lies outside; its size is twice the smaller share of draws beyond 0."""
    fit = pt.paths(rows, FIVE, intervals="bootstrap", replicates=1999, seed=5)
    table = by_name(fit)
    outside = (table["ci_low"] > 0) | (table["ci_high"] < 0)
    assert outside.any()
    assert not outside.all()
    assert ((table["p_value"] < 0.05) == outside).all()
    assert table["p_value"].min() == pytest.approx(2 / 2000)
    assert table["p_value"].max() <= 1


# --- bootstrap -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("by", [None, "group"])
@pytest.mark.parametrize("model", [PARALLEL, MODERATED])
@pytest.mark.parametrize(("intervals", "interval"), [("bootstrap", "percentile"), ("bootstrap-bca", "bca")])
def test_a_bootstrap_is_that_of_pt_bootstrap_with_the_same_seed(rows, by, model, intervals, interval):
    fit = pt.paths(rows, model, intervals=intervals, replicates=400, seed=9, by=by)
    other = pt.bootstrap(rows, model, interval=interval, replicates=400, seed=9, by=by).table
    mine = pd.concat([fit.table, fit.effects, fit.moderation], ignore_index=True)
    columns = ["estimate", "se", "ci_low", "ci_high"]
    np.testing.assert_allclose(mine[columns], other[columns], rtol=1e-12)
    first = fit.table.iloc[0]
    assert other["term"][0] == f"{first['outcome']} ~ {first['predictor']}"
    assert fit.clusters == (14 if by else None)


@pytest.mark.parametrize("standardized", [False, True])
@pytest.mark.parametrize(("intervals", "kind"), [("bootstrap", "perc"), ("bootstrap-bca", "bca")])
def test_bootstrap_intervals_are_those_of_rs_boot_within_the_monte_carlo_error(rows, standardized, intervals, kind):
    """20,000 resamples on either side: a limit's Monte Carlo error is 0.019 standard errors, of a difference 0.027."""
    boot = pd.read_csv(ORACLES / "paths_boot.csv", comment="#")
    boot = boot.query("type == @kind and standardized == @standardized").iloc[0]
    found = indirect(pt.paths(rows, SIMPLE, standardized=standardized, intervals=intervals, replicates=20_000, seed=21))
    assert found["estimate"] == pytest.approx(boot["estimate"], rel=1e-10)
    assert found["se"] == pytest.approx(boot["se"], rel=0.03)
    assert abs(found["ci_low"] - boot["low"]) < 0.11 * boot["se"]
    assert abs(found["ci_high"] - boot["high"]) < 0.11 * boot["se"]


def test_percentiles_are_those_of_pingouins_draws_within_the_monte_carlo_error(rows):
    """1,000 of pingouin's own draws: a limit's Monte Carlo error is 0.085 standard errors."""
    import pingouin as pg

    theirs, draws = pg.mediation_analysis(rows, "x", "m1", "y", n_boot=1000, seed=2, return_dist=True)
    found = indirect(pt.paths(rows, SIMPLE, intervals="bootstrap", replicates=20_000, seed=22))
    low, high = np.quantile(draws, [0.025, 0.975])
    assert abs(found["ci_low"] - low) < 0.34 * draws.std()
    assert abs(found["ci_high"] - high) < 0.34 * draws.std()
    assert found["estimate"] == pytest.approx(theirs.set_index("path").loc["Indirect", "coef"], rel=1e-9)


def test_groups_are_resampled_whole(rows):
    """The spread over resampled groups is that of a loop over groups of rows; over resampled rows it is another."""
    by_group = indirect(pt.paths(rows, SIMPLE, intervals="bootstrap", replicates=4000, seed=2, by="group"))["se"]
    by_row = indirect(pt.paths(rows, SIMPLE, intervals="bootstrap", replicates=4000, seed=2))["se"]
    values = rows[["x", "m1", "y"]].to_numpy()
    parts = [values[at] for at in rows.groupby("group").indices.values()]
    rng, drawn = np.random.default_rng(3), []
    for _ in range(4000):
        S = np.cov(np.concatenate([parts[at] for at in rng.integers(0, 14, 14)]).T)
        a, b = S[0, 1] / S[0, 0], np.linalg.solve(S[:2, :2], S[:2, 2])[1]
        drawn.append(a * b)
    assert by_group == pytest.approx(np.std(drawn), rel=0.08)  # five times the error of two standard deviations
    assert abs(by_row / by_group - 1) > 0.08


def test_workers_change_nothing(rows):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        fits = [pt.paths(rows, PARALLEL, intervals="bootstrap", replicates=9000, seed=4, workers=how) for how in (1, pool)]
    assert_frame_equal(fits[0].effects, fits[1].effects)


@pytest.mark.parametrize(("data", "message"), [
    (pt.Moments.from_frame, "Moments are resampled by group"),
    (lambda rows: pt.Moments.from_frame(rows.assign(group=1), by="group"), "two groups or more"),
    (lambda rows: pt.Moments.from_correlations(rows[["x", "m1", "y"]].corr(), n=120), "Moments are resampled by group"),
], ids=["one group", "a group of that name", "a table"])
def test_moments_without_groups_cannot_be_resampled(rows, data, message):
    with pytest.raises(ValueError, match=message):
        pt.paths(data(rows), SIMPLE, intervals="bootstrap", replicates=60)


def test_resamples_that_cannot_be_computed_are_counted():
    """A predictor that varies in two rows of twenty is constant in (18/20)²⁰ = 12 % of resamples, collinear never."""
    rng = np.random.default_rng(6)
    data = pd.DataFrame(rng.normal(size=(20, 2)), columns=["m", "y"]).assign(x=[0.0] * 18 + [1, 2])
    fit = pt.paths(data, "m ~ x; y ~ m", intervals="bootstrap", replicates=2000, seed=1)
    assert fit.failed / 2000 == pytest.approx(0.9**20, abs=4 * np.sqrt(0.12 * 0.88 / 2000))
    assert f"{fit.failed} could not be computed" in fit.text
    assert by_name(fit)[["se", "ci_low", "ci_high"]].notna().all(axis=None)


def test_a_coefficient_far_from_zero_and_one_at_zero_are_told_apart_by_every_interval():
    rng = np.random.default_rng(7)
    x, w = rng.normal(size=(2, 500))
    m = 0.8 * x + rng.normal(size=500)
    data = pd.DataFrame({"x": x, "w": w, "m": m, "y": 0.7 * m + rng.normal(size=500)})
    for how in ("delta", "monte-carlo", "bootstrap", "bootstrap-bca"):
        effects = pt.paths(data, "m ~ x + w; y ~ m", intervals=how, replicates=1000, seed=1).effects
        effects = effects.query("kind == 'indirect'").set_index("source")
        assert effects.loc["x", "ci_low"] > 0.3
        assert effects.loc["w", "ci_low"] < 0 < effects.loc["w", "ci_high"]
        assert effects.loc["x", "p_value"] < 0.01 < effects.loc["w", "p_value"]
