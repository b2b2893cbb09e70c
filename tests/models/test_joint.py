"""The joint test of coefficients: against pingouin's Hotelling test, statsmodels' Wald test, and its own level."""

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.api as sm

import pebbletrail as pt
from pebbletrail.models.joint import joint


@pytest.mark.parametrize("q", [2, 3, 7])
def test_with_clusters_it_is_hotellings_test_of_their_means(q):
    """Means of independent rows: each a cluster of its own, whose covariance has n - 1 degrees of freedom."""
    X = np.random.default_rng(q).normal(0.3, 1, (11, q)) @ np.tri(q)
    statistic, df, p = joint(X.mean(axis=0), np.cov(X.T) / 11, 10, clustered=True)
    theirs = pingouin.multivariate_ttest(X)
    assert df == (q, 11 - q)
    assert statistic == pytest.approx(theirs["F"].item(), rel=1e-9)
    assert p == pytest.approx(theirs["pval"].item(), rel=1e-9)


def test_without_clusters_it_is_statsmodels_f():
    rng = np.random.default_rng(1)
    X, y = sm.add_constant(rng.normal(size=(30, 3))), rng.normal(size=30)
    fit = sm.OLS(y, X).fit()
    theirs = fit.f_test(np.eye(4)[1:])
    statistic, df, p = joint(fit.params[1:], fit.cov_params()[1:, 1:], fit.df_resid)
    assert (statistic, p) == pytest.approx((float(theirs.fvalue), float(theirs.pvalue)), rel=1e-9)
    assert df == (3, 26)


def test_with_ten_clusters_it_says_not_0_about_as_often_as_it_says():
    """Four coefficients that are 0: the usual F, on 4 and 9 degrees of freedom, finds them other than 0 far more often."""
    p = {False: [], True: []}
    for seed in range(400):
        rng = np.random.default_rng(seed)
        names = ["a", "b", "c", "d"]
        frame = pd.DataFrame(rng.normal(size=(200, 4)), columns=names).assign(shop=np.arange(200) % 10)
        frame["y"] = rng.normal(size=200) + rng.normal(size=10)[frame["shop"]]
        fit = pt.regress(frame, "y ~ a + b + c + d", errors="cluster", by="shop")
        b, V = fit.table.set_index("term").loc[names, "estimate"].to_numpy(), fit.covariance.loc[names, names].to_numpy()
        for clustered, found in p.items():
            found.append(joint(b, V, 9, clustered)[2])
    usual, adjusted = (np.mean(np.array(p[clustered]) < 0.05) for clustered in (False, True))
    assert usual > 0.12
    assert 0.02 < adjusted < 0.09  # of 400 at 5 %, so few or so many less than once in a thousand times


@pytest.mark.parametrize("V", [np.array([[1, np.nan], [np.nan, 1]]), np.ones((2, 2)), np.zeros((2, 2))])
def test_what_has_no_error_has_no_test(V):
    statistic, df, p = joint(np.ones(2), V, 9, clustered=True)
    assert np.isnan([statistic, p]).all()
    assert df == (2, 8)
    assert np.isnan(joint(np.ones(2), np.eye(2), 1, clustered=True)[2])
