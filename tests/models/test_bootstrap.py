"""``pt.bootstrap``: its errors and intervals, what a statistic may be, groups, and what is refused.

Expected values come from closed forms, from R's boot (``tests/oracles/bootstrap.R``), from scipy, and from resampling row by
row. Where replicates are compared with a truth, the tolerance is four of their own Monte Carlo errors.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import pebbletrail as pt
from pebbletrail.models import draws
from pebbletrail.models.callables import values_of

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
FOUND = pd.read_csv(ORACLES / "bootstrap.csv", comment="#").set_index(["statistic", "interval", "replicates"])
INFLUENCE = pd.read_csv(ORACLES / "bootstrap-influence.csv", comment="#", dtype={"unit": str})
ATTITUDE = pd.read_csv(ORACLES / "alpha-rows.csv", comment="#")
SLEEP = pd.read_csv(ORACLES / "bootstrap-rows.csv", comment="#")
CHAIN = "learning ~ complaints; rating ~ learning + complaints"


def rows(n=60, seed=0, teams=12):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    m = 0.5 * x + rng.normal(size=n)
    y = 0.5 * m + 0.2 * x + rng.normal(size=n)
    return pd.DataFrame({"x": x, "m": m, "y": y, "team": rng.permutation(np.resize(np.arange(teams), n))})


def within_monte_carlo_error(found, expected, drawn, slack=0.0):
    """Whether the standard deviation of replicates is the expected one, to four of its own errors."""
    away = drawn - drawn.mean()
    kurtosis = (away**4).mean() / (away**2).mean() ** 2
    error = found * np.sqrt((kurtosis - 1) / (4 * len(drawn)))
    assert abs(found - expected) < 4 * error + slack * expected


# --- closed forms ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("statistic", [
    pytest.param("y ~ 1", id="a text"),
    pytest.param(lambda m: m.mean["y"], id="of moments"),
    pytest.param(lambda d: d["y"].to_numpy().mean(), id="of rows"),
])
def test_the_error_of_a_mean_is_the_closed_form(statistic):
    data = rows(40)[["y"]]
    replicates = 4000 if isinstance(statistic, str) else 1000
    found = pt.bootstrap(data, statistic, replicates=replicates, seed=1)
    (row,) = found.table.itertuples()
    assert row.estimate == pytest.approx(data["y"].mean())
    within_monte_carlo_error(row.se, data["y"].std(ddof=0) / np.sqrt(40), found.draws.iloc[:, 0])
    assert abs(row.bias) < 4 * row.se / np.sqrt(replicates)
    assert row.se == pytest.approx(found.draws.iloc[:, 0].std())
    assert row.bias == pytest.approx(found.draws.iloc[:, 0].mean() - row.estimate)


def test_the_error_of_a_slope_is_whites():
    """HC0 and the bootstrap of rows agree to the order of 1/n; classical errors are a third smaller in these data."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=1000)
    data = pd.DataFrame({"x": x, "y": x + np.abs(x) * rng.normal(size=1000)})
    away = x - x.mean()
    b = away @ data["y"] / (away @ away)
    hc0 = np.sqrt(np.sum((away * (data["y"] - data["y"].mean() - b * away)) ** 2)) / (away @ away)
    found = pt.bootstrap(data, "y ~ x", replicates=4000, seed=2)
    assert found.table["estimate"][1] == pytest.approx(b)
    within_monte_carlo_error(found.table["se"][1], hc0, found.draws["x"], slack=5 / 1000)
    assert hc0 > 1.3 * pt.regress(data, "y ~ x").table["se"][1]


def test_the_error_of_a_mean_with_clusters_of_one_size_is_that_of_the_cluster_means():
    data = rows(60).assign(y=lambda d: d["y"] + d["team"])
    means = data.groupby("team")["y"].mean()
    for statistic in ("y ~ 1", lambda d: d["y"].to_numpy().mean()):
        found = pt.bootstrap(data, statistic, replicates=2000, seed=1, by="team")
        assert found.units == "groups"
        within_monte_carlo_error(found.table["se"][0], means.std(ddof=0) / np.sqrt(12), found.draws.iloc[:, 0])


def test_a_mean_of_a_billion_with_a_spread_of_one_keeps_its_error():
    data = (rows(50)[["x", "y"]] * 2**20).round() / 2**20  # a billion more of these values is exact
    near, far = (pt.bootstrap(frame, "y ~ x", replicates=500, seed=3) for frame in (data, data + 1e9))
    np.testing.assert_allclose(near.draws["x"], far.draws["x"], rtol=1e-9, atol=1e-12)
    means = pt.bootstrap(data + 1e9, "y ~ 1", replicates=500, seed=3).draws["Intercept"]
    expected = pt.bootstrap(data, "y ~ 1", replicates=500, seed=3).draws["Intercept"]
    np.testing.assert_allclose(means - 1e9, expected, atol=1e-6)


# --- R's boot -------------------------------------------------------------------------------------------------------

def correlation(m):
    return m.cor.loc["complaints", "rating"]


def of_boot(name, interval, replicates):
    given = {"replicates": replicates, "seed": 4, "interval": interval}
    if name == "group_slope":
        return pt.bootstrap(SLEEP, "Reaction ~ Days", by="Subject", **given), "Days"
    if name == "indirect":
        return pt.bootstrap(ATTITUDE, CHAIN, **given), "complaints → learning → rating"
    if name == "slope":
        return pt.bootstrap(ATTITUDE, "rating ~ complaints", **given), "complaints"
    return pt.bootstrap(ATTITUDE, correlation, columns=["complaints", "rating"], **given), "statistic"


@pytest.mark.parametrize("interval", ["percentile", "bca"])
@pytest.mark.parametrize("name", ["correlation", "slope", "indirect", "group_slope"])
def test_boot_gives_the_same_errors_and_intervals(name, interval):
    """The share of our replicates beyond an end of boot's must be boot's, within four Monte Carlo errors of both."""
    expected = FOUND.loc[(name, interval, 19999)]
    replicates = 20000 if name != "correlation" else 600
    found, term = of_boot(name, interval, replicates)
    row = found.table.set_index("term").loc[term]
    drawn = found.draws[term]
    assert row["estimate"] == pytest.approx(expected["estimate"], rel=1e-9)
    within_monte_carlo_error(row["se"], expected["se"], drawn, slack=0.02)  # boot's has errors of its own
    for theirs, ours, rank in ((expected["low"], row["ci_low"], expected["rank_low"]),
                               (expected["high"], row["ci_high"], expected["rank_high"])):
        level = rank / 20000
        error = 4 * np.sqrt(level * (1 - level) * (1 / replicates + 1 / 19999))
        if interval == "bca":  # z0 is drawn too: near the middle a share moves a level at its end by about a quarter of it
            error += 0.4 * 4 * 0.5 * np.sqrt(1 / replicates + 1 / 19999)
        assert abs((drawn < theirs).mean() - level) < error
        assert abs((drawn < ours).mean() - level) < error


@pytest.mark.parametrize("name", ["correlation", "slope", "indirect", "group_slope"])
def test_boot_finds_the_same_influence_of_each_unit(name):
    """boot's derivative is a forward difference with a step of 0.001 / n, right to about a thousandth."""
    from pebbletrail.models.callables import of_callable
    from pebbletrail.models.statistics import of_text

    expected = INFLUENCE.loc[INFLUENCE["statistic"] == name, "influence"].to_numpy()
    if name == "correlation":
        job, names, *_ = of_callable(ATTITUDE, correlation, None, ["complaints", "rating"], None)
    elif name == "group_slope":
        job, names, *_ = of_text(SLEEP, "Reaction ~ Days", "Subject")
    else:
        job, names, *_ = of_text(ATTITUDE, CHAIN if name == "indirect" else "rating ~ complaints", None)
    column = {"indirect": "complaints → learning → rating", "slope": "complaints", "group_slope": "Days"}
    found = np.vstack(list(job.influences()))[:, list(names).index(column.get(name, "statistic"))] * len(expected)
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-3 * np.abs(expected).max())


def test_scipy_gives_the_same_bca_interval_of_a_median():
    """Both leave out one row at a time; the replicates differ, so ends are held against shares of our replicates."""
    values = np.random.default_rng(8).exponential(size=45)
    found = pt.bootstrap(pd.DataFrame({"x": values}), lambda d: np.mean(d["x"].to_numpy() ** 2), replicates=3000, seed=1,
                         interval="bca", of="rows")
    theirs = stats.bootstrap((values,), lambda x, axis: np.mean(x**2, axis=axis), n_resamples=50000, method="BCa",
                             rng=np.random.default_rng(1))
    row, drawn = found.table.iloc[0], found.draws["statistic"]
    within_monte_carlo_error(row["se"], theirs.standard_error, drawn, slack=0.02)
    for ours, end in zip((row["ci_low"], row["ci_high"]), theirs.confidence_interval, strict=True):
        level = (theirs.bootstrap_distribution < end).mean()
        assert abs((drawn < end).mean() - level) < 4 * np.sqrt(level * (1 - level) / 3000)
        assert abs((drawn < ours).mean() - level) < 4 * np.sqrt(level * (1 - level) / 3000) + 0.4 * 4 * 0.5 / np.sqrt(3000)


# --- what a statistic may be ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("formula", ["y ~ x + m", "y ~ x + m - 1", "y ~ x*m", "y ~ 1"])
def test_a_formula_gives_the_coefficients_that_regress_gives_in_each_resample(formula, monkeypatch):
    """In batches of one size the same seed draws the same resamples for a text and for a callable of Moments."""
    monkeypatch.setattr(draws, "BATCH", 20)
    data = rows(30) + 3
    found = pt.bootstrap(data, formula, replicates=60, seed=1)
    fits = pt.bootstrap(data, lambda m: pt.regress(m, formula), columns=["y", "x", "m", "x:m"], replicates=60, seed=1)
    pd.testing.assert_frame_equal(found.draws, fits.draws, rtol=1e-9)
    np.testing.assert_allclose(found.table["estimate"], pt.regress(data, formula).table["estimate"])


def test_moments_by_group_and_rows_give_the_same_from_the_same_groups():
    data = rows(40)
    slope = pt.bootstrap(data, lambda m: pt.regress(m, "y ~ x"), by="team", replicates=50, seed=1).draws
    by_rows = pt.bootstrap(data, lambda d: pt.regress(d, "y ~ x"), by="team", replicates=50, seed=1, of="rows").draws
    np.testing.assert_allclose(slope, by_rows)
    assert list(slope) == list(by_rows) == ["Intercept", "x"]


def test_a_path_model_gives_coefficients_and_effects():
    data = rows(50)
    found = pt.bootstrap(data, "m ~ x; y ~ m + x", replicates=100, seed=1)
    fit = pt.paths(data, "m ~ x; y ~ m + x")
    terms = ["m ~ x", "y ~ m", "y ~ x"]
    estimates = found.table.set_index("term")["estimate"]
    np.testing.assert_allclose(estimates[terms], fit.table["estimate"])
    indirect = fit.effects.query("kind == 'indirect'")["estimate"].item()
    assert estimates["x → m → y"] == pytest.approx(indirect)
    np.testing.assert_allclose(found.draws["x → m → y"], found.draws["m ~ x"] * found.draws["y ~ m"])
    np.testing.assert_allclose(found.draws["x → y (total)"], found.draws["x → m → y"] + found.draws["y ~ x"])


def test_the_bootstrap_of_paths_is_the_same():
    data = rows(50)
    found = pt.bootstrap(data, "m ~ x; y ~ m + x", replicates=200, seed=9).table.set_index("term")
    fit = pt.paths(data, "m ~ x; y ~ m + x", intervals="bootstrap", replicates=200, seed=9)
    numbers = ["estimate", "se", "ci_low", "ci_high"]
    np.testing.assert_allclose(found.loc[["m ~ x", "y ~ m", "y ~ x"], numbers], fit.table[numbers])
    np.testing.assert_allclose(found.loc["x → m → y", numbers].astype(float),
                               fit.effects.query("kind == 'indirect'")[numbers].iloc[0].astype(float))


@pytest.mark.parametrize(("interval", "intervals"), [("percentile", "bootstrap"), ("bca", "bootstrap-bca")])
def test_a_correlation_is_the_only_standardised_path(interval, intervals, monkeypatch):
    monkeypatch.setattr(draws, "BATCH", 20)  # so that both draw the same resamples
    data = rows(50)[["x", "y"]]
    found = pt.bootstrap(data, lambda m: m.cor.loc["x", "y"], replicates=200, seed=9, interval=interval).table
    path = pt.paths(data, "y ~ x", standardized=True, intervals=intervals, replicates=200, seed=9).table
    numbers = ["estimate", "se", "ci_low", "ci_high"]
    np.testing.assert_allclose(found[numbers], path[numbers], rtol=1e-6)
    assert found["estimate"][0] == pytest.approx(data.corr().loc["x", "y"])


def test_a_moderated_path_model_names_every_number_once():
    data = rows(80).assign(w=np.random.default_rng(1).normal(size=80))
    found = pt.bootstrap(data, "m ~ x + w + x:w; y ~ m + x", replicates=60, seed=1)
    assert found.table["term"].is_unique
    assert "x → m → y (index, w)" in set(found.table["term"])


@pytest.mark.parametrize(("statistic", "terms"), [
    pytest.param(lambda m: m.mean["x"], ["statistic"], id="a number"),
    pytest.param(lambda m: int(m.mean["x"] > 0), ["statistic"], id="a whole number"),
    pytest.param(lambda m: m.mean["x"] > 0, ["statistic"], id="true or false"),
    pytest.param(lambda m: np.array(m.mean["x"]), ["statistic"], id="an array without dimensions"),
    pytest.param(lambda m: m.mean, ["x", "m", "y", "team"], id="a Series"),
    pytest.param(lambda m: {"mean": m.mean["x"], "sd": m.sd["x"]}, ["mean", "sd"], id="a dict"),
    pytest.param(lambda m: m.mean.to_numpy(), [f"statistic {i}" for i in (1, 2, 3, 4)], id="an array"),
    pytest.param(lambda m: [1.0, m.mean["x"]], ["statistic 1", "statistic 2"], id="a list"),
    pytest.param(lambda m: pt.regress(m, "y ~ x"), ["Intercept", "x"], id="a regression"),
    pytest.param(lambda m: pt.regress(m, "y ~ x").table, ["Intercept", "x"], id="a table"),
    pytest.param(lambda m: pt.paths(m, "m ~ x"), ["m ~ x"], id="a path model"),
])
def test_a_statistic_of_moments_may_give(statistic, terms):
    found = pt.bootstrap(rows(), statistic, replicates=50, seed=1)
    assert list(found.table["term"]) == list(found.draws.columns) == terms
    assert found.of == "moments"
    assert found.draws.shape == (50, len(terms))


@pytest.mark.parametrize(("statistic", "told"), [
    (lambda m: "large", "it must give a number, a Series, .* not str"),
    (lambda m: None, "not NoneType"),
    (lambda m: m, "not Moments"),
    (lambda m: m.cov, "not DataFrame"),
    (lambda m: np.eye(2), "not ndarray"),
    (lambda m: 1j, "not complex"),
    (lambda m: {"a": 1.0, "b": "x"}, "b is 'x'; every value must be a number"),
    (lambda m: [1, [2, 3]], r"statistic 2 is \[2, 3\]; every value"),
    (lambda m: {}, "it gives nothing"),
    (lambda m: pd.Series([1.0, 2.0], index=["a", "a"]), "two values named 'a'"),
    (lambda m: pd.DataFrame({"term": ["a", "a"], "estimate": [1, 2]}), "two values named 'a'"),
    (lambda m: np.nan, "statistic is nan on the whole data"),
    (lambda m: {"a": 1, "b": np.inf}, "b is inf on the whole data"),
])
def test_what_is_no_statistic_is_refused(statistic, told):
    with pytest.raises(ValueError, match=f"statistic: .*{told}"):
        pt.bootstrap(rows(), statistic, of="moments")


def test_a_table_without_terms_is_named_by_its_index():
    assert values_of(pd.DataFrame({"estimate": [1, 2]}, index=["a", "b"])) == {"a": 1.0, "b": 2.0}


def test_a_statistic_of_rows_is_found_by_trying():
    found = pt.bootstrap(rows(), lambda d: d["x"].median(), replicates=200, seed=1)
    assert found.of == "rows"
    assert set(found.draws["statistic"]) - {np.nan} <= {(a + b) / 2 for a in rows()["x"] for b in rows()["x"]}
    assert found.table["estimate"][0] == rows()["x"].median()


def test_of_settles_what_a_statistic_takes():
    both = rows()[["x", "y"]]
    assert pt.bootstrap(both, len_or_n, replicates=50).of == "moments"
    assert pt.bootstrap(both, len_or_n, replicates=50, of="rows").of == "rows"
    with pytest.raises(AttributeError, match="median"):
        pt.bootstrap(both, lambda d: d.median(), of="moments")


def len_or_n(data):
    return len(data) if isinstance(data, pd.DataFrame) else data.n


def test_columns_say_what_the_moments_hold():
    data = rows().assign(gap=lambda d: np.where(d.index < 20, np.nan, 1.0))
    with pytest.raises(ValueError, match=r"columns: 20 of 60 rows lack a value in gap, which the statistic may not use"):
        pt.bootstrap(data, lambda m: m.mean["x"], replicates=50)
    assert "20 of them left out" in pt.bootstrap(data, lambda m: m.mean["x"], columns=["x", "gap"], replicates=50).rule
    found = pt.bootstrap(data, lambda m: m.mean, columns=["x", "x:y"], replicates=50)
    assert list(found.table["term"]) == ["x", "x:y"]
    assert found.rule == "60 rows"
    with pytest.raises(ValueError, match="columns: there is no 'z'"):
        pt.bootstrap(data, lambda m: 1.0, columns=["z"])


# --- failures -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("size", [20, 23, 50])
@pytest.mark.parametrize("by", [None, "row"])
def test_resamples_without_a_value_are_counted_and_left_out(size, by):
    """A dummy that two rows carry is lost in (1 − 2/n)^n of the resamples; rounding must not lend it a variance."""
    rng = np.random.default_rng(0)
    data = pd.DataFrame({"d": [0.1] * 2 + [0.7] * (size - 2), "y": rng.normal(size=size), "row": np.arange(size)})
    for statistic, replicates in (("y ~ d", 4000), (lambda m: pt.regress(m, "y ~ d"), 200)):
        lost = stats.binom(replicates, (1 - 2 / size) ** size)
        found = pt.bootstrap(data, statistic, replicates=replicates, seed=1, by=by)
        assert lost.ppf(0.001) <= found.failed <= lost.ppf(0.999)
        assert found.failed == found.draws["d"].isna().sum()
        assert found.replicates == replicates
        assert found.table.drop(columns="term").notna().all(axis=None)
        assert found.table["se"][1] == pytest.approx(found.draws["d"].dropna().std())
        assert f"{found.failed} of them could not be computed" in found.text


def test_an_outcome_that_is_lost_has_no_standardised_path():
    """Two rows differ in y: where neither is drawn, the slope is 0 and its standardised version 0 / 0."""
    data = pd.DataFrame({"x": np.random.default_rng(0).normal(size=20), "y": [0.3] * 2 + [0.7] * 18})
    lost = stats.binom(1000, 0.9**20)
    plain = pt.bootstrap(data, "y ~ x", replicates=1000, seed=1)
    assert plain.failed == 0
    assert lost.ppf(0.001) <= (plain.draws["x"] == 0).sum() <= lost.ppf(0.999)
    beta = pt.paths(data, "y ~ x", standardized=True, intervals="bootstrap", replicates=1000, seed=1)
    assert beta.failed == (plain.draws["x"] == 0).sum()


@pytest.mark.parametrize("error", [
    ValueError, ZeroDivisionError, OverflowError, KeyError, IndexError, np.linalg.LinAlgError])
def test_a_statistic_may_refuse_some_resamples(error):
    def refusing(d):
        if d.index[0] == 3:
            raise error("this one not")
        return d["x"].mean()

    found = pt.bootstrap(rows(20), refusing, replicates=400, seed=1)
    assert 5 <= found.failed <= 45  # 1 in 20
    assert found.draws["statistic"].isna().sum() == found.failed


def test_infinite_values_count_as_failed():
    found = pt.bootstrap(rows(20), lambda d: np.inf if d.index[0] == 3 else d["x"].mean(), replicates=400, seed=1)
    assert found.failed == found.draws["statistic"].isna().sum() > 0
    assert np.isfinite(found.table["se"][0])


def test_other_errors_in_a_resample_end_the_work():
    def broken(d):
        if d.index.is_unique:
            return 1.0
        raise AttributeError("a slip of the pen")

    with pytest.raises(AttributeError, match="a slip of the pen"):
        pt.bootstrap(rows(20), broken, replicates=50)


def test_a_name_that_a_resample_does_not_give_is_missing_there():
    def some(d):
        return {"mean": d["x"].mean()} | ({"row 3": 1.0} if 3 in d.index else {})

    found = pt.bootstrap(rows(20), some, of="rows", replicates=400, seed=1)
    assert found.draws["mean"].notna().all()
    assert 0.25 < found.draws["row 3"].isna().mean() < 0.47  # (19/20)^20 = 36 %
    assert found.failed == found.draws["row 3"].isna().sum()


def test_a_statistic_that_fails_in_more_than_half_of_the_resamples_is_refused():
    with pytest.raises(ValueError, match=r"^data: it could not be computed in 200 of 200 resamples"):
        pt.bootstrap(rows(20), lambda d: 1.0 if d.index.is_unique else 1 / 0, replicates=200, of="rows")
    lost = pd.DataFrame({"d": [1.0] + [0.0] * 9, "y": np.arange(10.0)})  # the 1 is lost in 35 % of the resamples
    assert 100 < pt.bootstrap(lost, "y ~ d", replicates=400, seed=1).failed < 200


def test_an_error_on_the_whole_data_is_the_statistics_own_and_says_what_was_tried():
    both = (r"of Moments it failed with TypeError: .*not subscriptable; of rows, with AttributeError: .*nope.*"
            r"of='moments' or of='rows'")
    with pytest.raises(ValueError, match=both):
        pt.bootstrap(rows(), lambda d: d["x"].nope())
    with pytest.raises(ZeroDivisionError):
        pt.bootstrap(rows(), lambda d: 1 / 0, of="rows")


def test_bca_holds_where_leaving_out_one_row_leaves_nothing():
    """One statistic fails without row 3: it has no influence there, and its neighbour of another size is left alone."""
    def two(d):
        if 3 not in d.index:
            return {"small": np.nan, "large": 1e6 + d["y"].mean()}
        return {"small": d["x"].mean(), "large": 1e6 + d["y"].mean()}

    data = rows(20)
    found = pt.bootstrap(data, two, replicates=300, seed=1, interval="bca", of="rows")
    assert found.failed > 50
    from pebbletrail.models.callables import of_callable

    ((made,),) = [of_callable(data, two, "rows", None, None)[0].influences()]
    x, y = data["x"].to_numpy(), data["y"].to_numpy()
    left = np.array([np.delete(x, out).mean() for out in range(20) if out != 3])
    np.testing.assert_allclose(np.delete(made[:, 0], 3), 19 * (left.mean() - left))
    assert made[3, 0] == 0
    np.testing.assert_allclose(made[:, 1], y - y.mean(), atol=1e-6)  # of a mean, leaving out one is exact


# --- groups ---------------------------------------------------------------------------------------------------------

def test_groups_are_resampled_whole():
    """Each resample consists of whole groups, as many as there are."""
    data = rows(61).assign(one=1.0)
    sizes = data.groupby("team").size()
    found = pt.bootstrap(data, lambda d: {"rows": len(d), "teams": d["team"].nunique(), "different": d["x"].nunique()},
                         by="team", of="rows", replicates=200, seed=1).draws
    assert (found["teams"] == 12).all()  # drawn twice is two groups
    assert found["rows"].between(12 * sizes.min(), 12 * sizes.max()).all()
    assert found["different"].mean() < 50
    exact = pt.bootstrap(data.sort_values("x"), lambda d: (d.groupby("team").size() - 5).abs().max(), by="team", of="rows",
                         replicates=50)
    assert (exact.draws["statistic"] <= 1).all()


def test_a_group_drawn_twice_counts_as_two():
    """Group sizes of a resample are group sizes of the data; joined groups would have the sum of two."""
    data, largest = rows(61), 6
    of_moments = pt.bootstrap(data, lambda m: {"groups": len(m.groups), "largest": max(g.n for g in m.groups.values()),
                                               "absorbed": m.within().absorbed}, by="team", replicates=100, seed=1)
    of_rows = pt.bootstrap(data, lambda d: {"groups": d["team"].nunique(), "largest": d.groupby("team").size().max()},
                           by="team", replicates=100, seed=1)
    assert (of_moments.of, of_rows.of) == ("moments", "rows")
    for found in (of_moments, of_rows):
        assert (found.draws["groups"] == 12).all()
        assert found.draws["largest"].max() == largest
    assert (of_moments.draws["absorbed"] == 12).all()


def test_the_error_of_a_mean_of_group_means_is_the_closed_form():
    """Were a group drawn twice counted once, the error would be a quarter too small."""
    data = rows(60).assign(y=lambda d: d["y"] + 3 * d["team"])
    means = data.groupby("team")["y"].mean()
    for statistic in (lambda m: m.between().mean["y"], lambda d: d.groupby("team")["y"].mean().mean()):
        found = pt.bootstrap(data, statistic, by="team", replicates=600, seed=1)
        within_monte_carlo_error(found.table["se"][0], means.std(ddof=0) / np.sqrt(12), found.draws["statistic"])


def test_the_intraclass_correlation_of_each_resample_is_that_of_its_rows():
    data = rows(61).assign(y=lambda d: d["y"] + 0.3 * d["team"])
    seen = []

    def of_rows(d):
        seen.append(d)
        return pt.Moments.from_frame(d, ["y"], by="team").icc().loc[0, "estimate"]

    expected = pt.bootstrap(data, of_rows, by="team", replicates=50, seed=5, of="rows").draws
    found = pt.bootstrap(data, lambda m: m.icc(["y"]).loc[0, "estimate"], by="team", replicates=50, seed=5).draws
    np.testing.assert_allclose(found, expected)
    assert len(seen) == 51


def test_within_moments_are_resampled_group_by_group():
    """Fixed effects: the text's weights are those of dummies in the resampled rows, group by group."""
    data = rows(60)
    within = pt.Moments.from_frame(data, ["y", "x"], by="team").within()
    kept = pt.bootstrap(within, lambda m: {"absorbed": m.absorbed, "df": m.n - m.absorbed}, replicates=50, seed=2).draws
    assert (kept["absorbed"] == 12).all()
    assert (kept["df"] == 60 - 12).all()
    found = pt.bootstrap(within, "y ~ x", replicates=300, seed=2)
    assert list(found.table["term"]) == ["x"]
    expected = pt.regress(data, "y ~ x", by="team", within=True).table
    assert found.table["estimate"][0] == pytest.approx(expected["estimate"][0])
    away = data[["y", "x"]] - data.groupby("team")[["y", "x"]].transform("mean")
    rows_of = [part.index.to_numpy() for _, part in data.groupby("team")]
    rng = np.random.default_rng(0)
    by_hand = []
    for _ in range(2000):
        y, x = away.to_numpy()[np.concatenate([rows_of[one] for one in rng.integers(0, 12, 12)])].T
        by_hand.append(x @ y / (x @ x))
    within_monte_carlo_error(found.table["se"][0], np.std(by_hand), found.draws["x"], slack=0.05)


def test_moments_by_group_and_rows_with_by_are_the_same_bootstrap():
    data = rows(61)
    for text in ("y ~ x + m", "m ~ x; y ~ m + x"):
        rows_way = pt.bootstrap(data, text, by="team", replicates=100, seed=1)
        moments_way = pt.bootstrap(pt.Moments.from_frame(data, ["y", "m", "x"], by="team"), text, replicates=100, seed=1)
        pd.testing.assert_frame_equal(rows_way.draws, moments_way.draws, check_exact=False, rtol=1e-12)
        assert rows_way.units == moments_way.units == "groups"


@pytest.mark.parametrize("statistic", ["y ~ x", lambda m: m.mean["y"], lambda d: d["y"].to_numpy().mean()],
                         ids=["text", "moments", "rows"])
def test_rows_without_a_group_are_left_out_and_counted(statistic):
    data = rows(61).astype({"team": float})
    data.loc[[4, 17], "team"] = np.nan
    found = pt.bootstrap(data, statistic, by="team", replicates=50, seed=1)
    expected = pt.bootstrap(data.dropna(), statistic, by="team", replicates=50, seed=1)
    assert "2 of them left out for" in found.rule
    pd.testing.assert_frame_equal(found.draws, expected.draws)


@pytest.mark.parametrize("labels", [list("abc"), [2, 10, 1], [True, False, True]], ids=str)
def test_groups_are_taken_in_the_same_order_by_moments_and_by_rows(labels):
    data = rows(60).assign(team=np.resize(labels, 60))
    found = pt.bootstrap(data, lambda m: m.mean["x"], by="team", replicates=50, seed=1).draws
    by_rows = pt.bootstrap(data, lambda d: d["x"].to_numpy().mean(), by="team", replicates=50, seed=1).draws
    np.testing.assert_allclose(found, by_rows)


def test_bca_of_a_statistic_of_groups_leaves_out_each_group_once():
    data = rows(61)
    found = pt.bootstrap(data, lambda m: m.mean["y"], by="team", replicates=500, seed=1, interval="bca")
    of_rows = pt.bootstrap(data, lambda d: d["y"].to_numpy().mean(), by="team", replicates=500, seed=1, interval="bca")
    pd.testing.assert_frame_equal(found.table, of_rows.table)
    from pebbletrail.models.intervals import bca

    left = np.array([data.loc[data["team"] != team, "y"].mean() for team in range(12)])
    expected = bca(found.draws.to_numpy(), np.array([data["y"].mean()]), [(left.mean() - left)[:, None]])
    assert found.table.loc[0, ["ci_low", "ci_high"]].to_list() == pytest.approx(expected[:, 0])


# --- what is refused ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("replicates", [49, 0, -1, True, 1.5, 5000.0, "5000", None])
def test_a_number_of_replicates_that_is_none_is_refused(replicates):
    with pytest.raises(ValueError, match=r"replicates: a whole number from 50 on, not "):
        pt.bootstrap(rows(), "y ~ x", replicates=replicates)


def refused(data, told, statistic="y ~ x", **given):
    with pytest.raises(ValueError, match=told):
        pt.bootstrap(data, statistic, **({"replicates": 50} | given))


def test_options_that_do_not_exist_are_refused():
    refused(rows(), "interval: 'normal' is not one of percentile, bca", interval="normal")
    refused(rows(), "of: 'groups' is not one of moments, rows", of="groups")
    refused(rows(), "of, columns: they are for a callable", of="rows")
    refused(rows(), "of, columns: they are for a callable", columns=["y", "x"])
    refused(rows(), "statistic: a callable or a model's text is needed, not int", statistic=5)
    refused(rows(), "by: there is no column 'club'; there are x, m, y, team", by="club")
    refused(rows(), r"by: the name of one column, not \['team'\]", by=["team"])
    refused(pd.concat([rows(), rows()["team"]], axis=1), "by: 'team' stands more than once", by="team",
            statistic=lambda d: 1.0, of="rows")


@pytest.mark.parametrize("statistic", ["y ~ x", lambda data: 1.0], ids=["text", "callable"])
def test_data_that_cannot_be_resampled_are_refused(statistic):
    import ibis

    moments = pt.Moments.from_frame(rows(), ["y", "x"])
    by_team = pt.Moments.from_frame(rows(), ["y", "x"], by="team")
    refused([1, 2, 3], "data: a DataFrame, or Moments kept by group, not list", statistic)
    refused(moments, r"data: Moments are resampled by group; keep them by two groups or more \(by=…\), or give r", statistic)
    refused(pt.Moments.from_correlations(pd.DataFrame(np.eye(2), list("xy"), list("xy"))), "Moments are resampled by group",
            statistic)
    refused(by_team, "by: Moments hold no rows to group; leave by= out", statistic, by="team")
    refused(by_team.groups[3], "Moments are resampled by group", statistic)
    one_team = pt.Moments.from_frame(rows().query("team == 3"), ["y", "x"], by="team")
    refused(one_team, "Moments are resampled by group; keep them by two groups or more", statistic)
    refused(ibis.memtable(rows()), r"rows of a table are not resampled, groups are: name their column with by=", statistic)
    refused(rows().assign(team=1), r"by: 'team' has (one group only|1 groups)", statistic, by="team")
    for wrong in (by_team, ibis.memtable(rows())):
        if callable(statistic):
            refused(wrong, "of: only a DataFrame has rows", statistic, of="rows")


def test_one_group_of_rows_is_refused():
    refused(rows().assign(team=1), "by: 'team' has 1 groups with a label; at least two", lambda d: 1.0, of="rows", by="team")


@pytest.mark.parametrize(("change", "statistic", "told"), [
    (lambda d: d.head(3), "y ~ x + m", "data: 3 observations are too few for 3 coefficients"),
    (lambda d: d.head(3).assign(z=[1.0, 0, 4]), "y ~ x + m + z", "data: 3 observations are too few for 4 coefficients"),
    (lambda d: d.head(3), "y ~ x + m; m ~ x", "data: 3 observations are too few for y ~ x . m"),
    (lambda d: d.head(1), "y ~ x", "data: 1 complete rows are left of 1"),
    (lambda d: d.assign(x=2.0), "y ~ x", "x does not vary"),
    (lambda d: d.assign(y=2.0), "y ~ x", "y does not vary"),
    (lambda d: d.assign(x=2.0), "m ~ x; y ~ m", "x does not vary"),
    (lambda d: d.assign(m=3 * d["x"]), "y ~ x + m", "m is a combination of x"),
    (lambda d: d.assign(m=3 * d["x"]), "y ~ x + m; x ~ team", "m is a combination of x"),
    (lambda d: d.assign(x=d["x"].where(d.index > 0, np.inf)), "y ~ x", "'x' holds an infinite value in row 0"),
    (lambda d: d.assign(x="a"), "y ~ x", "'x' holds .*, not numbers"),
    (lambda d: d.assign(x=np.nan), "y ~ x", "data: 0 complete rows are left of 60"),
    (lambda d: pd.concat([d, d["x"]], axis=1), "y ~ x", "'x' stands more than once in the data"),
    (lambda d: d, "y ~ z", "there is no 'z'"),
    (lambda d: d, "y ~~ x", "MODEL|formula"),
    (lambda d: d, "q =~ x + m", "formula"),
])
def test_degenerate_data_are_refused_with_the_reason(change, statistic, told):
    refused(change(rows()), told, statistic)


@pytest.mark.parametrize("data", [
    pytest.param(rows().assign(x=lambda d: d["x"].where(d.index > 0, np.inf)), id="infinite"),
    pytest.param(rows().assign(x="a"), id="no numbers"),
    pytest.param(pd.concat([rows(), rows()["x"]], axis=1), id="named twice"),
])
def test_moments_of_degenerate_data_are_refused_when_columns_are_named(data):
    refused(data, "'x' (holds|stands)", lambda m: m.mean["y"], columns=["x", "y"])


def test_missing_values_are_left_out_and_counted():
    data = rows()
    data.loc[[3, 5], "x"] = np.nan
    found = pt.bootstrap(data, "y ~ x", replicates=50, seed=1)
    pd.testing.assert_frame_equal(found.draws, pt.bootstrap(data.dropna(), "y ~ x", replicates=50, seed=1).draws)
    assert "2 of them left out for missing values" in found.text


# --- the caller's data, and what is shown ---------------------------------------------------------------------------

@pytest.mark.parametrize("by", [None, "team"])
@pytest.mark.parametrize("of", ["moments", "rows"])
def test_the_callers_data_stay_as_they_are(of, by):
    def meddling(data):
        if isinstance(data, pd.DataFrame):
            data["ratio"] = data["x"] / data["y"]
            data.loc[data.index[0], "x"] = 1e9
        else:
            data._means[:] = 0
            data._products[:] = 1
        return 1.0

    data = rows()
    before = data.copy()
    for interval in ("percentile", "bca"):
        pt.bootstrap(data, meddling, replicates=50, of=of, by=by, interval=interval)
    pd.testing.assert_frame_equal(data, before)


def test_a_statistic_that_changes_its_rows_changes_no_other_resample():
    def meddling(d):
        d["x"] = d["x"] + 1
        return d["x"].mean()

    found = pt.bootstrap(rows(), meddling, replicates=50, seed=1, of="rows")
    clean = pt.bootstrap(rows(), lambda d: d["x"].mean() + 1, replicates=50, seed=1, of="rows")
    pd.testing.assert_frame_equal(found.draws, clean.draws)


def test_the_text_gives_the_numbers_of_the_first_predictor_and_how_they_were_got():
    found = pt.bootstrap(rows(), "y ~ x + m", replicates=1000, seed=1, interval="bca")
    row = found.table.iloc[1]
    assert found.text == (f"x: {row['estimate']:.3g}, 95 % interval {row['ci_low']:.3g} to {row['ci_high']:.3g} "
                          "(bca, 1,000 replicates of 60 rows). Data: 60 rows.")
    mean = pt.bootstrap(rows(), "y ~ 1", replicates=1000, seed=1, by="team")
    assert mean.text.startswith("Intercept: ")
    assert "(percentile, 1,000 replicates of 12 groups)" in mean.text


def test_the_figure_shows_the_replicates_the_estimate_and_the_interval(tmp_path):
    found = pt.bootstrap(rows(), "y ~ x + m", replicates=400, seed=1)
    for given, term in ((None, "x"), ("m", "m"), ("Intercept", "Intercept")):
        fig = found.figure(given)
        (ax,) = fig.axes
        row = found.table.set_index("term").loc[term]
        assert sum(bar.get_height() for bar in ax.patches[:-1]) == 400
        assert ax.get_xlabel() == term
        assert ax.lines[0].get_xdata()[0] == row["estimate"]
        span = ax.patches[-1]
        assert (span.get_x(), span.get_x() + span.get_width()) == pytest.approx((row["ci_low"], row["ci_high"]))
        fig.savefig(tmp_path / "figure.png")
    with pytest.raises(ValueError, match="term: there is no 'z'; there are Intercept, x, m"):
        found.figure("z")


def test_the_figure_leaves_out_failed_replicates():
    found = pt.bootstrap(rows(20), lambda d: np.nan if d.index[0] == 3 else d["x"].mean(), replicates=400, seed=1)
    assert sum(bar.get_height() for bar in found.figure().axes[0].patches[:-1]) == 400 - found.failed


def test_few_groups_are_said_to_give_too_short_an_interval():
    data = rows().assign(g=lambda d: d.index % 4)
    found = pt.bootstrap(data, "y ~ x", by="g", replicates=200, seed=1)
    assert found.size == 4
    assert "200 replicates of 4 groups" in found.text
    assert "With 4 groups such an interval is too short." in found.text
    assert "too short" not in pt.bootstrap(data, "y ~ x", replicates=200, seed=1).text


def test_true_is_no_seed():
    with pytest.raises(ValueError, match="seed: a whole number from 0 on, a SeedSequence or a Generator, not True"):
        pt.bootstrap(rows(), "y ~ x", replicates=50, seed=True)


@pytest.mark.parametrize("statistic", ["y ~ x", lambda m: m.cor.loc["x", "y"]])
def test_groups_of_a_table_are_resampled_as_those_of_the_frame(statistic):
    import ibis

    data = rows()[["team", "x", "y"]]
    table, frame = (pt.bootstrap(one, statistic, by="team", replicates=60, seed=3) for one in (ibis.memtable(data), data))
    np.testing.assert_allclose(table.draws, frame.draws, rtol=1e-9)


def test_a_word_is_no_statistic():
    with pytest.raises(ValueError, match="'median' is neither a formula nor a path model"):
        pt.bootstrap(rows(), "median")
