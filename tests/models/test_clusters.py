"""Regressions whose errors allow for groups: CR1, and CR2 with Satterthwaite's degrees of freedom.

Expected values come from R (``tests/oracles/regress.R``: sandwich and clubSandwich), from statsmodels, and from the
definitions written out with one row of data a row of a matrix, a dummy for each group where means are taken out
(``rows_of_matrices``): CR2 with its matrix square roots, the degrees of freedom from all n × n covariances of residuals.
"""

import hashlib
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import pebbletrail as pt

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ROWS = pd.read_csv(ORACLES / "regress-rows.csv", comment="#")
FITS = pd.read_csv(ORACLES / "regress.csv", comment="#")
BOTH = ("cluster", "cluster-cr2")
CLOSE = {"rtol": 1e-9, "atol": 1e-12}

FORMULAS = {
    "unequal": "y ~ x + z + x:z", "few": "y ~ x", "predictor-of-groups": "y ~ z + x", "within": "y ~ x + C(week)",
    "within-few": "y ~ x", "singletons": "y ~ x + z", "within-singletons": "y ~ x", "no-intercept": "y ~ x + z - 1",
    "one-group": "y ~ z + x", "rows": "y ~ x + z",
}
steady = settings(deadline=None, max_examples=40, derandomize=True)  # the same examples on every machine


def people(seed=0, sizes=(3, 8, 5, 12, 2, 7, 9, 4)):
    """Rows of groups of unlike sizes; w is one number a group."""
    rng = np.random.default_rng(seed)
    g = np.repeat(np.arange(len(sizes)), sizes)
    n, own = len(g), rng.normal(size=(3, len(sizes)))
    frame = pd.DataFrame({"x": rng.normal(size=n) + own[0, g], "z": rng.normal(size=n), "w": own[1, g],
                          "week": rng.integers(1, 5, size=n), "team": g * 10})
    return frame.assign(y=2 + 0.7 * frame["x"] - 0.4 * frame["w"] + own[2, g] + (1 + abs(frame["x"])) * rng.normal(size=n))


def matrix(data, *columns, intercept=True):
    return np.column_stack(([np.ones(len(data))] if intercept else []) + [data[name] for name in columns]).astype(float)


def dummies(values):
    """One column a level, none left out."""
    return (np.asarray(values)[:, None] == np.unique(values)).astype(float)


def powered(M, power):
    """A symmetric matrix to a power, what is 0 in it left at 0 (the pseudo-inverse)."""
    values, vectors = np.linalg.eigh(M)
    there = values > 1e-9
    return (vectors[:, there] * values[there] ** power) @ vectors[:, there].T


def rows_of_matrices(X, y, groups):
    """``(coefficients, CR1 without its factor, CR2, degrees of freedom)`` from their definitions."""
    bread = np.linalg.inv(X.T @ X)
    b = bread @ X.T @ y
    e, M = y - X @ b, np.eye(len(y)) - X @ bread @ X.T
    cr0, cr2, weighed = np.zeros_like(bread), np.zeros_like(bread), []
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        A = powered(M[np.ix_(rows, rows)], -0.5)
        W = M[:, rows] @ A @ X[rows] @ bread  # (n, k): what each coefficient's variance makes of the observations
        weighed.append(W)
        plain, adjusted = (bread @ X[rows].T @ one @ e[rows] for one in (np.eye(len(rows)), A))
        cr0 += np.outer(plain, plain)
        cr2 += np.outer(adjusted, adjusted)
    df = []
    for column in range(X.shape[1]):
        P = np.column_stack([W[:, column] for W in weighed])
        df.append(np.trace(P.T @ P) ** 2 / np.sum((P.T @ P) ** 2))
    return b, cr0, cr2, np.array(df)


def cr1_factor(groups, counted):
    G, n = len(np.unique(groups)), len(groups)
    return G / (G - 1) * (n - 1) / (n - counted)


# --- R ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", FORMULAS)
def test_sandwich_and_clubsandwich_give_the_same(name):
    rows, expected = ROWS[ROWS["design"] == name], FITS[FITS["design"] == name]
    within = {"within": True, "count_absorbed": True} if name.startswith("within") else {}
    cr1 = pt.regress(rows, FORMULAS[name], errors="cluster", by="g", **within)
    np.testing.assert_allclose(cr1.table["estimate"], expected["estimate"], rtol=1e-9)
    np.testing.assert_allclose(cr1.table["se"], expected["cr1"], rtol=1e-9)
    cr2 = pt.regress(rows, FORMULAS[name], errors="cluster-cr2", by="g", **within)
    np.testing.assert_allclose(cr2.table["estimate"], expected["estimate"], rtol=1e-9)
    np.testing.assert_allclose(cr2.table["se"], expected["cr2"], rtol=1e-8)
    np.testing.assert_allclose(cr2.table["df"], expected["df"], rtol=1e-8)
    np.testing.assert_allclose(cr2.table["p_value"], expected["p"], rtol=1e-7)
    assert cr1.clusters == cr2.clusters == rows["g"].nunique()
    assert cr1.n == cr2.n == len(rows)


# --- statsmodels ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("formula", ["y ~ x", "y ~ x*z", "y ~ x + w", "y ~ C(week)*x", "y ~ x + z - 1", "y ~ 1"])
def test_statsmodels_gives_the_same_cr1(formula):
    smf = pytest.importorskip("statsmodels.formula.api")
    data = people(1)
    expected = smf.ols(formula, data).fit(cov_type="cluster", cov_kwds={"groups": data["team"]}, use_t=True)
    terms = expected.params.index.str.replace("[T.", "[")
    for found in (pt.regress(data, formula, errors="cluster", by="team"),
                  pt.regress(pt.Moments.from_frame(data, ["x", "z", "w", "C(week)", "x:z", "C(week):x", "y"], by="team"),
                             formula, errors="cluster")):
        table = found.table.set_index("term").loc[terms]
        np.testing.assert_allclose(table["estimate"], expected.params, **CLOSE)
        np.testing.assert_allclose(table["se"], expected.bse, **CLOSE)
        np.testing.assert_allclose(table["statistic"], expected.tvalues, **CLOSE)
        np.testing.assert_allclose(table["p_value"], expected.pvalues, rtol=1e-7)
        np.testing.assert_allclose(table[["ci_low", "ci_high"]], expected.conf_int(), **CLOSE)
        np.testing.assert_allclose(found.covariance.loc[terms, terms], expected.cov_params(), **CLOSE)
        assert set(table["df"]) == {7}


# --- definitions ------------------------------------------------------------------------------------------------------

def agrees_with_definitions(data, formula, X, shown, absorbed=0):
    """CR1 under both counts, CR2 and its degrees of freedom, of the first ``shown`` columns of X."""
    groups = data["team"].to_numpy()
    b, cr0, cr2, df = rows_of_matrices(X, data["y"].to_numpy(), groups)
    how = {"by": "team", "within": bool(absorbed)}
    slopes = X.shape[1] - absorbed
    for counted, K in ((True, X.shape[1]), (False, slopes + bool(absorbed))):
        found = pt.regress(data, formula, errors="cluster", count_absorbed=counted, **how)
        np.testing.assert_allclose(found.table["estimate"], b[:shown], rtol=1e-8)
        count = groups if counted or not absorbed else groups[pd.Series(groups).map(pd.Series(groups).value_counts()) > 1]
        np.testing.assert_allclose(found.covariance, cr1_factor(count, K) * cr0[:shown, :shown], rtol=1e-8, atol=1e-12)
        assert set(found.table["df"]) == {len(np.unique(count)) - 1}
    for counted in (True, False):  # CR2 has no such factor
        found = pt.regress(data, formula, errors="cluster-cr2", count_absorbed=counted, **how)
        np.testing.assert_allclose(found.covariance, cr2[:shown, :shown], rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(found.table["df"], df[:shown], rtol=1e-7)
        reach = stats.t(df[:shown]).ppf(0.975) * np.sqrt(np.diag(cr2)[:shown])
        np.testing.assert_allclose(found.table["ci_high"] - found.table["estimate"], reach, rtol=1e-7)


@pytest.mark.parametrize("sizes", [(3, 8, 5, 12, 2, 7, 9, 4), (6, 6, 6, 6, 6), (1, 1, 1, 9, 1, 14), (20, 30, 5)])
@pytest.mark.parametrize("intercept", [True, False])
def test_rows_of_matrices_give_the_same(sizes, intercept):
    data = people(2, sizes)
    X = matrix(data, "x", "z", intercept=intercept)
    agrees_with_definitions(data, "y ~ x + z" + ("" if intercept else " - 1"), X, X.shape[1])


@pytest.mark.parametrize("sizes", [(3, 8, 5, 12, 2, 7, 9, 4), (6, 6, 6, 6, 6), (1, 1, 1, 9, 1, 14), (20, 30, 5)])
def test_taking_out_groups_is_a_dummy_for_each_of_them(sizes):
    data = people(3, sizes)
    X = np.column_stack([matrix(data, "x", "z", intercept=False), dummies(data["team"])])
    agrees_with_definitions(data, "y ~ x + z", X, 2, absorbed=len(sizes))


def test_a_second_fixed_effect_is_a_factor_beside_the_groups():
    data = people(4)
    X = np.column_stack([data["x"], dummies(data["week"])[:, 1:], dummies(data["team"])])
    agrees_with_definitions(data, "y ~ x + C(week)", X, 4, absorbed=8)


def test_a_predictor_of_groups_beside_others():
    data = people(5)
    agrees_with_definitions(data, "y ~ w + x", matrix(data, "w", "x"), 3)


def rests_on(data, X):
    """One over the sum of the groups' squared shares in each coefficient, from the rows."""
    L = np.linalg.cholesky(np.linalg.inv(X.T @ X))
    shares = [L @ L.T @ X[data["team"] == team].T @ X[data["team"] == team] @ L for team in data["team"].unique()]
    return np.sum(L**2, axis=1) / np.sum([np.sum(share**2, axis=1) for share in shares], axis=0)


@pytest.mark.parametrize("times", [1, 20])
def test_a_group_that_nearly_settles_a_coefficient_alone(times):
    """It holds up to 99 % of the information on x, and is no exception yet; the sentence warns."""
    data = people(20)
    data["x"] *= np.where(data["team"] == 30, times, 1)
    X = matrix(data, "x", "z")
    agrees_with_definitions(data, "y ~ x + z", X, 3)
    found = pt.regress(data, "y ~ x + z", errors="cluster-cr2", by="team")
    np.testing.assert_allclose(found.rests_on, rests_on(data, X), rtol=1e-8)
    assert (found.rests_on["x"] < 2) == ("x rests on about 1.0 groups: no error of it can be trusted" in found.text)
    assert (found.rests_on["x"] < 2) == (times == 20)


@pytest.mark.parametrize("errors", ["cluster", "cluster-cr2"])
def test_a_coefficient_that_rests_on_hardly_more_than_one_group_has_no_error(errors):
    """Two groups, a predictor of groups, and a covariate: the formulas give a tiny error, and reject a true null often."""
    rng = np.random.default_rng(21)
    data = pd.DataFrame({"team": np.repeat([0, 1], 40), "x": rng.normal(size=80)})
    data = data.assign(t=data["team"] * 1.0, y=3 * data["team"] + rng.normal(size=80))
    found = pt.regress(data, "y ~ t + x", errors=errors, by="team")
    assert found.rests_on["t"] == pytest.approx(rests_on(data, matrix(data, "t", "x"))[1], rel=1e-8)
    assert found.rests_on["t"] < 1.01
    row = found.table.set_index("term").loc["t"]
    assert row[["se", "statistic", "p_value", "ci_low", "ci_high"]].isna().all()
    assert "No interval, since hardly more than one group stands behind it" in found.text


def test_as_many_groups_as_there_are_stand_behind_a_coefficient_where_all_are_alike():
    data = pd.DataFrame({"team": np.repeat(range(7), 4), "x": np.tile([1.0, 2, 3, 5], 7)})
    data["y"] = np.random.default_rng(22).normal(size=28)
    found = pt.regress(data, "y ~ x", errors="cluster", by="team")
    assert found.rests_on.to_numpy() == pytest.approx(7)


@steady
@given(sizes=st.lists(st.integers(1, 9), min_size=3, max_size=7).filter(lambda sizes: sum(sizes) > 8),
       seed=st.integers(0, 1000), within=st.booleans())
def test_any_sizes_of_groups(sizes, seed, within):
    data = people(seed, sizes)
    if not within:
        agrees_with_definitions(data, "y ~ x + z", matrix(data, "x", "z"), 3)
    elif sum(size > 1 for size in sizes) > 2 and sum(sizes) - len(sizes) > 3:
        X = np.column_stack([matrix(data, "x", "z", intercept=False), dummies(data["team"])])
        agrees_with_definitions(data, "y ~ x + z", X, 2, absorbed=len(sizes))


def test_groups_of_one_row_are_hc1_and_hc2():
    data = people(6).assign(row=lambda d: np.arange(len(d)))
    X, n = matrix(data, "x", "z"), len(data)
    bread = np.linalg.inv(X.T @ X)
    e = data["y"].to_numpy() - X @ bread @ X.T @ data["y"]
    left = 1 - np.einsum("ij,jk,ik->i", X, bread, X)
    for errors, squared in (("cluster", e**2 * n / (n - 3)), ("cluster-cr2", e**2 / left)):
        found = pt.regress(data, "y ~ x + z", errors=errors, by="row")
        np.testing.assert_allclose(found.covariance, bread @ (X.T * squared) @ X @ bread, **CLOSE)
        assert found.clusters == n


def test_cr2_has_the_variance_of_independent_observations_on_average():
    """Were they independent, its expectation is σ² (X'X)⁻¹ exactly: that is what CR2 is made for. CR1's is smaller here."""
    data, rng = people(7, (2, 3, 12, 25)), np.random.default_rng(7)
    X = matrix(data, "x", "w")
    found = {errors: [] for errors in BOTH}
    for _ in range(200):
        drawn = data.assign(y=rng.normal(size=len(data)))
        for errors in BOTH:
            found[errors].append(np.diag(pt.regress(drawn, "y ~ x + w", errors=errors, by="team").covariance))
    truth = np.diag(np.linalg.inv(X.T @ X))
    drawn = np.array(found["cluster-cr2"]) / truth
    assert (abs(drawn.mean(axis=0) - 1) < 4 * drawn.std(axis=0) / 200**0.5).all()
    assert (np.mean(found["cluster"], axis=0) < 0.9 * truth).all()


# --- the same from moments --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize("errors", BOTH)
def test_moments_parts_of_them_and_sums_of_them_give_the_same(errors, within):
    data = people(8)
    columns = ["y", "x", "C(week)", "z", "x:z"]
    rows = pt.regress(data, "y ~ x*z + C(week)", errors=errors, by="team", within=within)
    moments = pt.Moments.from_frame(data, columns, by="team")
    halves = [pt.Moments.from_frame(half, columns, by="team") for half in (data[::2], data[1::2])]  # through the groups
    parts = data[data["team"] < 40], data[data["team"] >= 40]
    teams = [pt.Moments.from_frame(part, columns, by="team") for part in parts]
    made = [moments, halves[0] + halves[1], teams[1] + teams[0]]
    if within:
        made += [moments.within(), (halves[0] + halves[1]).within()]
    for one in made:
        found = pt.regress(one, "y ~ x*z + C(week)", errors=errors, within=within)
        np.testing.assert_allclose(found.table.iloc[:, 1:], rows.table.iloc[:, 1:], rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(found.covariance, rows.covariance, rtol=1e-8, atol=1e-12)
        assert (found.n, found.clusters, found.absorbed) == (rows.n, 8, 8 * within)


@pytest.mark.parametrize("errors", BOTH)
def test_what_the_groups_are_called_does_not_matter(errors):
    data = people(9)
    plain = pt.regress(data, "y ~ x + w", errors=errors, by="team")
    names = np.array(["é", "b", "", "0", "Z", "a b", "NaN", "None"])
    for labels in (names[data["team"] // 10], pd.Timestamp("2024-02-27") + pd.to_timedelta(-data["team"], "D"),
                   pd.Categorical(names[data["team"] // 10]), -data["team"] / 7):
        found = pt.regress(data.assign(team=labels), "y ~ x + w", errors=errors, by="team")
        np.testing.assert_allclose(found.table.iloc[:, 1:].astype(float), plain.table.iloc[:, 1:].astype(float), **CLOSE)


def test_a_group_of_one_row_changes_nothing_within_groups():
    """Its own mean is taken out, and nothing is left of it. With count_absorbed it counts, as it does with dummies."""
    few, many = people(10, (8, 5, 12, 7, 9)), people(10, (8, 5, 12, 7, 9))
    many = pd.concat([many, people(11, (1, 1, 1)).assign(team=lambda d: d["team"] + 5000)])
    one, other = (pt.regress(data, "y ~ x + z", errors="cluster-cr2", by="team", within=True) for data in (few, many))
    np.testing.assert_allclose(other.table.iloc[:, 1:], one.table.iloc[:, 1:], **CLOSE)
    one, other = (pt.regress(data, "y ~ x + z", errors="cluster", by="team", within=True) for data in (few, many))
    np.testing.assert_allclose(other.covariance, one.covariance, **CLOSE)
    np.testing.assert_array_equal(other.table["df"], one.table["df"])
    assert (one.clusters, other.clusters, one.absorbed, other.absorbed) == (5, 5, 5, 8)
    assert "3 groups of one observation hold nothing within and are not counted" in other.text
    assert "of one observation" not in one.text
    one, other = (pt.regress(data, "y ~ x + z", errors="cluster", by="team", within=True, count_absorbed=True)
                  for data in (few, many))
    np.testing.assert_allclose(other.covariance, one.covariance * (8 / 7 * 43 / 34) / (5 / 4 * 40 / 34), **CLOSE)
    assert (set(one.table["df"]), set(other.table["df"])) == ({4}, {7})


def test_count_absorbed_counts_only_what_was_absorbed():
    data = people(12)
    for errors, within in (("cluster", False), ("cluster-cr2", False), ("classical", True), ("HC3", True)):
        one, other = (pt.regress(data, "y ~ x", errors=errors, by="team", within=within, count_absorbed=counted)
                      for counted in (True, False))
        np.testing.assert_array_equal(one.covariance, other.covariance)


# --- where groups cannot tell -----------------------------------------------------------------------------------------

def without_an_error(found, terms):
    table = found.table.set_index("term")
    assert table.loc[terms, ["se", "statistic", "p_value", "ci_low", "ci_high"]].isna().all(axis=None)
    if "CR2" in found.errors:
        assert table.loc[terms, "df"].isna().all()
    assert np.isfinite(table["estimate"]).all()
    assert found.covariance.loc[terms].isna().all(axis=None)
    assert found.covariance[terms].isna().all(axis=None)
    others = [term for term in table.index if term not in terms]
    assert np.isfinite(table.loc[others]).all(axis=None)
    assert np.isfinite(found.covariance.loc[others, others]).all(axis=None)


@pytest.mark.parametrize("errors", BOTH)
def test_a_predictor_that_varies_in_one_group_alone_has_no_error(errors):
    """Its group's residuals add up to zero along it by construction: the formula's answer would be an error of 0."""
    data = people(13).assign(tried=lambda d: d["x"] * (d["team"] == 30))
    found = pt.regress(data, "y ~ tried", errors=errors, by="team", within=True)
    without_an_error(found, ["tried"])
    assert found.text.startswith("50 observations in 8 groups: one more of tried goes with ")
    assert "No interval, since hardly more than one group stands behind it." in found.text
    both = pt.regress(data, "y ~ z + tried", errors=errors, by="team", within=True)
    assert np.isfinite(both.table.iloc[:, 1:]).all(axis=None)  # z is in every group, and tells of tried too


@pytest.mark.parametrize("errors", BOTH)
def test_two_groups_cannot_tell_what_goes_with_being_one_of_them(errors):
    data = people(14, (9, 6)).assign(second=lambda d: (d["team"] == 10) * 1.0)
    found = pt.regress(data, "y ~ second", errors=errors, by="team")
    without_an_error(found, ["Intercept", "second"])
    assert np.isfinite(pt.regress(data, "y ~ x", errors=errors, by="team").table.iloc[:, 1:]).all(axis=None)


@pytest.mark.parametrize("errors", BOTH)
def test_a_dummy_of_one_group_without_other_predictors_in_it(errors):
    """Each group's mean is a coefficient, and only those of groups alone in their dummy have no error."""
    data = people(15, (5, 6, 7, 8))
    data = data.assign(d0=data["team"] == 0, d1=data["team"] == 10, rest=data["team"] > 10)
    without_an_error(pt.regress(data, "y ~ d0 + d1 + rest - 1", errors=errors, by="team"), ["d0", "d1"])


def test_many_groups_in_few_directions_have_errors():
    """Three groups, three coefficients, each shared by all groups."""
    data = people(16, (10, 12, 9))
    for errors in BOTH:
        assert np.isfinite(pt.regress(data, "y ~ x + z", errors=errors, by="team").table.iloc[:, 1:]).all(axis=None)


@pytest.mark.parametrize("errors", BOTH)
@pytest.mark.parametrize("within", [False, True])
def test_one_group_is_refused(errors, within):
    data = people(17).assign(team="north")
    with pytest.raises(ValueError, match=rf"^errors: '{errors}' needs at least two groups; there is only 'north'"):
        pt.regress(data, "y ~ x", errors=errors, by="team", within=within)


def test_moments_without_groups_are_refused():
    moments = pt.Moments.from_frame(people(18), ["y", "x"], by="team")
    for one in (pt.Moments.from_frame(people(18), ["y", "x"]), moments.groups[30], moments.between()):
        for errors in BOTH:
            with pytest.raises(ValueError, match=rf"^errors: '{errors}' needs groups; name their column with by="):
                pt.regress(one, "y ~ x", errors=errors)


def test_absorbed_means_that_leave_no_observation_are_refused():
    data = people(19, (2, 1, 1, 1))
    for errors in ("classical", *BOTH):
        with pytest.raises(ValueError, match=r"^data: 5 observations are too few for 5 coefficients"):
            pt.regress(data, "y ~ x", errors=errors, by="team", within=True)


# --- a published figure -------------------------------------------------------------------------------------------------

CTRIP = "ctrip_experimental_data.csv"
CTRIP_SHA256 = "b35f39539e91a2553bae48e0d4e7c07002f9d8df257ef2d87c84b39149dd968e"
PRINTED = (0.232, 0.063, 17_806)  # Bloom, Liang, Roberts & Ying 2015, Table II, column 1


@pytest.fixture(scope="module")
def ctrip():
    """Person-weeks of the home-working experiment: volunteers with the performance score, without week 201049."""
    path = Path(os.environ.get("PEBBLETRAIL_DATA", ".")) / CTRIP
    if not path.is_file():
        pytest.skip(f"open data not on this machine: {CTRIP} in the folder PEBBLETRAIL_DATA")
    if hashlib.sha256(path.read_bytes()).hexdigest() != CTRIP_SHA256:
        pytest.skip(f"{CTRIP} is another version than the one that these figures are of")
    data = pd.read_csv(path, usecols=["personid", "year_week", "expgroup", "perform1"])
    data = data[data["perform1"].notna() & data["expgroup"].isin([0, 1]) & (data["year_week"] != 201049)]
    return data.assign(treated=(data["expgroup"] == 1) & (data["year_week"] >= 201050))


@pytest.fixture(scope="module")
def ctrip_halves(ctrip):
    """Moments by person of two halves of the people."""
    half = ctrip["personid"].rank(method="dense") % 2 == 0
    columns = ["perform1", "treated", "C(year_week)"]
    return [pt.Moments.from_frame(rows, columns, by="personid") for rows in (ctrip[half], ctrip[~half])]


@pytest.fixture(scope="module")
def ctrip_by_hand(ctrip):
    """A dummy for each person and week taken out of outcome and treatment, then the two sums of each person."""
    D = np.column_stack([dummies(ctrip["personid"]), dummies(ctrip["year_week"])[:, 1:]])
    Z = ctrip[["perform1", "treated"]].to_numpy(dtype=float)
    y, d = (Z - D @ np.linalg.solve(D.T @ D, D.T @ Z)).T
    person = pd.factorize(ctrip["personid"])[0]
    products, squares = np.bincount(person, d * y), np.bincount(person, d * d)
    b = products.sum() / squares.sum()
    return b, np.sqrt(np.sum((products - b * squares) ** 2)) / squares.sum()


FORMULA = "perform1 ~ treated + C(year_week)"


@pytest.mark.parametrize(("count_absorbed", "slopes_and_more", "printed"), [(False, 85 + 1, 0.062), (True, 85 + 249, 0.063)])
def test_home_working_raised_performance_as_printed(ctrip_halves, ctrip_by_hand, count_absorbed, slopes_and_more, printed):
    """The printed error of 0.063 counts the 249 people among the coefficients; otherwise it is 0.062."""
    b, plain = ctrip_by_hand
    moments = ctrip_halves[0] + ctrip_halves[1]
    found = pt.regress(moments, FORMULA, errors="cluster", within=True, count_absorbed=count_absorbed)
    row = found.table.set_index("term").loc["treated"]
    assert (found.n, found.clusters, found.absorbed, row["df"]) == (17_806, 249, 249, 248)
    assert row["estimate"] == pytest.approx(b, rel=1e-9)
    assert row["se"] == pytest.approx(plain * (249 / 248 * 17_805 / (17_806 - slopes_and_more)) ** 0.5, rel=1e-9)
    assert (round(row["estimate"], 4), round(row["se"], 3)) == (0.2324, printed)
    if count_absorbed:
        assert (round(row["estimate"], 3), round(row["se"], 3), found.n) == PRINTED


def test_two_halves_of_the_people_are_the_whole(ctrip, ctrip_halves):
    merged = pt.regress(ctrip_halves[0] + ctrip_halves[1], FORMULA, errors="cluster", within=True)
    whole = pt.regress(ctrip, FORMULA, errors="cluster", by="personid", within=True)
    np.testing.assert_allclose(merged.table.iloc[:, 1:], whole.table.iloc[:, 1:], rtol=1e-8)
    assert merged.table["term"].to_list() == whole.table["term"].to_list()
    assert merged.rule == whole.rule == "deviations from the means of 249 groups, 17,806 rows"
    assert merged.text.startswith("17,806 observations in 249 groups: one more of treated goes with +0.232 of perform1, "
                                  "with 84 others held constant ")
