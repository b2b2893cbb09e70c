"""Intervals of ``pt.regress`` hold the truth in 95 of 100 samples, or fall short where theory says that they do."""

import pytest
from designs import ENOUGH, REGRESSIONS, TO_SHOW_A_FAILURE, assert_nominal

import pebbletrail as pt

pytestmark = pytest.mark.slow


def of(formula, **given):
    return lambda data, seed: pt.regress(data, formula, **given).table


TEAMS = "y ~ style + load"
CR1 = of(TEAMS, errors="cluster", by="team")
CR2 = of(TEAMS, errors="cluster-cr2", by="team")


@pytest.mark.parametrize(("name", "fit"), [
    ("classical, n = 30", of("y ~ x + z")),
    ("classical, n = 100", of("y ~ x + z")),
    ("HC3, uniform x", of("y ~ x", errors="HC3")),
    ("CR2, 12 clusters", CR2),
    ("CR1, 40 clusters", CR2),  # where CR1 falls short
    ("within, CR1, 40 clusters", of("y ~ load", errors="cluster", by="team", within=True)),
])
def test_ninety_five_percent_intervals_cover(name, fit):
    assert_nominal(REGRESSIONS[name].coverage(fit))


@pytest.mark.parametrize("name", ["CR1, 40 clusters, half treated", "CR1, 60 clusters, half treated"])
def test_cr1_covers_a_treatment_and_what_differs_within_clusters(name):
    """The intercept, the mean of the untreated, is left out: it rests on half of the clusters only."""
    found = REGRESSIONS[name].coverage(CR1)
    print(found.to_dict())
    assert_nominal(found[["style", "load"]])


@pytest.mark.parametrize(("name", "fit", "short"), [
    ("HC3, lognormal x", of("y ~ x", errors="HC3"), ["x"]),
    ("CR1, 40 clusters", CR1, ["style"]),
    ("CR1, 60 clusters", CR1, ["style"]),
])
def test_a_predictor_of_few_far_values_falls_short_by_a_few_percent(name, fit, short):
    """Known: rows (or clusters) of high leverage pull the fit, their residuals are too small, and HC3 and CR1 mend only a
    part of it. A normal predictor of 40 or 60 whole clusters is such a case; CR2 allows for it."""
    found = REGRESSIONS[name].coverage(fit)
    print(found.to_dict())
    assert found[short].between(0.90, ENOUGH).all()
    assert found.drop(short).between(0.92, 0.97).all()


def test_classical_errors_do_not_cover_where_the_variance_grows():
    found = REGRESSIONS["HC3, lognormal x"].coverage(of("y ~ x"), TO_SHOW_A_FAILURE)
    print(found.to_dict())
    assert found["x"] < 0.8


def test_classical_errors_do_not_cover_where_rows_go_together():
    found = REGRESSIONS["CR1, 40 clusters"].coverage(of(TEAMS), TO_SHOW_A_FAILURE)
    print(found.to_dict())
    assert found["style"] < 0.7


@pytest.mark.parametrize(("limit", "at_most"), [("t", 0.91), ("normal", 0.88)])
def test_with_twelve_clusters_cr1_does_not_cover(limit, at_most):
    """Neither with a t distribution of 11 degrees of freedom nor, still less, with the normal distribution."""
    def fit(data, seed):
        table = CR1(data, seed)
        assert (table["df"] == 11).all()
        half = 1.959963985 * table["se"]
        normal = {"ci_low": table["estimate"] - half, "ci_high": table["estimate"] + half}
        return table if limit == "t" else normal

    found = REGRESSIONS["CR2, 12 clusters"].coverage(fit, TO_SHOW_A_FAILURE)
    print(found.to_dict())
    assert found["style"] < at_most
    assert (found < 0.95).all()
