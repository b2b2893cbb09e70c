"""Power by simulation against what is known exactly: noncentral t distributions, statsmodels, the level of a test.

Shares are held to four Monte Carlo standard errors of what is exact; the seeds were not chosen.
"""

from functools import partial

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestIndPower, TTestPower

from pebbletrail.models.planning.planned import plan

MANY = 20_000


def held(share, exact, draws=MANY):
    return abs(share - exact) <= 4 * np.sqrt(exact * (1 - exact) / draws)


def rejection(df, noncentrality, critical):
    law = stats.nct(df, noncentrality)
    return law.sf(critical) + law.cdf(-critical) if noncentrality else 2 * stats.t(df).sf(critical)


def of_groups(groups, effect, variance, rows, coefficients, errors):
    """Power with equal arms of groups whose means (or changes) have this variance, all of one size.

    The groups' means follow a t test with groups − 2 degrees of freedom. CR2 is that test. CR1's variance is that of the
    test times (groups − 2) / (groups − 1) · (rows − 1) / (rows − coefficients), with groups − 1 degrees of freedom.
    """
    noncentrality = effect / np.sqrt(4 * variance / groups)
    if errors == "cluster-cr2":
        return rejection(groups - 2, noncentrality, stats.t(groups - 2).ppf(0.975))
    factor = (groups - 2) / (groups - 1) * (rows - 1) / (rows - coefficients)
    return rejection(groups - 2, noncentrality, stats.t(groups - 1).ppf(0.975) * np.sqrt(factor))


def clustered(groups, effect=0.4, sd=1.0, icc=0.1, cluster_size=8, errors="cluster"):
    variance = sd**2 * (icc + (1 - icc) / cluster_size)
    return of_groups(groups, effect, variance, groups * cluster_size, 2, errors)


def changes(groups, effect=0.4, sd=1.0, icc=0.1, cluster_size=8, correlation=0.5, person_correlation=0.5, errors="cluster"):
    variance = 2 * sd**2 * (icc * (1 - correlation) + (1 - icc) * (1 - person_correlation) / cluster_size)
    return of_groups(groups, effect, variance, 2 * groups * cluster_size, 4, errors)


# --- power at given sizes -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("effect", "size"), [(1.5, 5), (0.5, 30), (0.1, 400), (-0.5, 30)])
def test_paired_power_is_that_of_the_noncentral_t_distribution(effect, size):
    found = plan("paired", size=size, effect=effect, sd_difference=1, draws=MANY, seed=1).table.iloc[0]
    assert held(found["power"], TTestPower().power(abs(effect), size, 0.05))
    s = stats.chi(size - 1).mean() / np.sqrt(size - 1)  # what the estimated standard deviation is on average
    assert found["half_width"] == pytest.approx(stats.t(size - 1).ppf(0.975) * s / np.sqrt(size), rel=0.01)


def test_a_paired_design_may_be_told_the_correlation_instead():
    """sd · √(2 (1 − r)): 3 · √0.8."""
    one = plan("paired", size=20, effect=1.0, sd=3, correlation=0.6, draws=200, seed=1)
    other = plan("paired", size=20, effect=1.0, sd_difference=3 * np.sqrt(0.8), draws=200, seed=1)
    assert one.table.equals(other.table)
    assert one.assumptions.set_index("assumption").loc["sd_difference", "value"] == pytest.approx(2.6833, abs=1e-4)


@pytest.mark.parametrize("errors", ["cluster", "cluster-cr2"])
@pytest.mark.parametrize("groups", [4, 10, 40])
def test_clustered_power_is_exact_for_equal_groups(errors, groups):
    found = plan("clustered", size=groups, effect=0.4, icc=0.1, cluster_size=8, errors=errors, draws=MANY, seed=2)
    assert held(found.table["power"][0], clustered(groups, errors=errors))


def test_groups_of_one_person_are_a_plain_t_test_under_cr2():
    found = plan("clustered", size=60, effect=0.7, icc=0, cluster_size=1, errors="cluster-cr2", draws=MANY, seed=3)
    assert held(found.table["power"][0], TTestIndPower().power(0.7, 30, 0.05))


@pytest.mark.parametrize("errors", ["cluster", "cluster-cr2"])
@pytest.mark.parametrize("people", [{"person_correlation": 0.0}, {"person_correlation": None}])
def test_power_of_a_difference_in_differences_of_groups_is_exact(errors, people):
    found = plan("difference-in-differences", size=16, effect=0.4, correlation=0.5, icc=0.1, cluster_size=8, errors=errors,
                 draws=MANY, seed=4, **people)
    own = 0.5 if people["person_correlation"] is None else 0.0
    assert held(found.table["power"][0], changes(16, person_correlation=own, errors=errors))


@pytest.mark.parametrize("errors", ["cluster", "cluster-cr2"])
def test_power_of_a_difference_in_differences_of_people_is_that_of_their_changes(errors):
    found = plan("difference-in-differences", size=50, effect=0.6, correlation=0.7, sd=1.2, errors=errors, draws=MANY,
                 seed=5)
    assert held(found.table["power"][0], of_groups(50, 0.6, 2 * 1.44 * 0.3, 100, 4, errors))


def test_unequal_arms_under_cr2_are_welchs_test():
    """By a loop over scipy's Welch test; its degrees of freedom come from the variances, CR2's from the sizes alone."""
    found = plan("clustered", size=30, effect=0.9, icc=0, cluster_size=1, share=0.3, errors="cluster-cr2", draws=MANY,
                 seed=6)
    assert found.table["treated"][0] == 9
    rng = np.random.default_rng(7)
    p = stats.ttest_ind(rng.normal(0.9, size=(MANY, 9)), rng.normal(size=(MANY, 21)), axis=1, equal_var=False).pvalue
    assert found.table["power"][0] == pytest.approx((p < 0.05).mean(), abs=0.02)


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_power_of_an_interaction_is_that_of_the_noncentral_t_distribution_given_the_predictors(correlation):
    """Averaged over predictors that are drawn here."""
    size, effect = 60, 0.3
    found = plan("moderation", size=size, effect=effect, correlation=correlation, slope_x=0.4, draws=5000, seed=8)
    rng, exact = np.random.default_rng(9), []
    residual = np.sqrt(1 - 0.4**2 - effect**2 * (1 + correlation**2))
    for _ in range(300):
        x, w = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], size=size).T
        X = np.column_stack([np.ones(size), x, w])
        product = x * w - X @ np.linalg.lstsq(X, x * w, rcond=None)[0]
        exact.append(rejection(size - 4, effect / residual * np.sqrt(product @ product), stats.t(size - 4).ppf(0.975)))
    error = np.hypot(np.std(exact) / 300**0.5, (0.25 / 5000) ** 0.5)
    assert found.table["power"][0] == pytest.approx(np.mean(exact), abs=4 * error)


@pytest.mark.parametrize(("a", "b", "direct"), [(0.4, 0.3, 0.0), (0.5, 0.2, 0.3), (-0.4, 0.3, 0.0)])
def test_power_of_an_indirect_effect_is_nearly_that_of_both_steps_together(a, b, direct):
    """Joint significance (MacKinnon et al. 2002): both steps differ from 0; its power is a product of noncentral t's.

    The second step's error rests on what of m x leaves, which is drawn here. Power of the two tests is known to be close,
    not equal.
    """
    size = 100
    found = plan("mediation", size=size, a=a, b=b, direct=direct, draws=4000, seed=10).table["power"][0]
    rng = np.random.default_rng(11)
    x = rng.chisquare(size - 1, 60)
    rest = (1 - a**2) * rng.chisquare(size - 2, 60)
    own = 1 - b**2 - direct**2 - 2 * a * b * direct
    first = np.mean([rejection(size - 2, abs(a) * np.sqrt(one / (1 - a**2)), 1.984) for one in x])
    second = np.mean([rejection(size - 3, b * np.sqrt(one / own), 1.985) for one in rest])
    assert found == pytest.approx(first * second, abs=0.03)


# --- no effect ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("design", "given"), [
    ("paired", {"size": 12, "sd_difference": 1}),
    ("clustered", {"size": 8, "icc": 0.2, "cluster_size": 5, "errors": "cluster-cr2"}),
    ("difference-in-differences", {"size": 10, "correlation": 0.5, "errors": "cluster-cr2"}),
    ("moderation", {"size": 30, "correlation": 0.5}),
])
def test_5_of_100_studies_claim_an_effect_that_is_not_there(design, given):
    draws = 20_000
    found = plan(design, effect=0, draws=draws, seed=12, **given)
    assert held(found.table["power"][0], 0.05, draws)
    assert found.table["false_alarms"][0] == found.table["power"][0]
    assert found.smallest is None


def test_an_indirect_effect_with_one_step_missing_is_claimed_by_5_of_100():
    found = plan("mediation", size=400, a=0.6, b=0.3, draws=10_000, seed=13)
    assert held(found.table["false_alarms"][0], 0.05, 10_000)


@pytest.mark.parametrize("groups", [4, 8, 12])
def test_cr1_claims_too_much_with_few_groups_and_the_plan_says_so(groups):
    exact = clustered(groups, effect=0)
    found = plan("clustered", size=groups, effect=0.4, icc=0.1, cluster_size=8, draws=MANY, seed=14)
    assert held(found.table["false_alarms"][0], exact)
    assert found.table["false_alarms"][0] > 0.05 + 4 * np.sqrt(0.05 * 0.95 / MANY)
    told = f"With only {groups} groups the clustered errors (CR1) come out too small: about {100 * exact:.0f} of 100 such"
    assert told in found.text
    assert "cluster-cr2" in found.text
    other = plan("clustered", size=groups, effect=0.4, icc=0.1, cluster_size=8, errors="cluster-cr2", draws=200, seed=14)
    assert "With only" not in other.text


@pytest.mark.parametrize(("given", "why"), [
    ({"size": 40, "share": 0.1}, "With so few treated groups (4 of 40) the clustered errors (CR1) come out too small: "),
    ({"size": 40, "share": 0.9}, "With so few untreated groups (4 of 40) the clustered errors"),
    ({"size": 40, "size_cv": 2}, "With so few treated groups (20 of 40), or groups so unequal, the clustered errors (CR1)"),
])
def test_cr1_claims_too_much_with_lopsided_groups_and_the_plan_says_so(given, why):
    found = plan("clustered", icc=0.05, cluster_size=15, draws=4000, seed=14, **given)
    assert found.table["false_alarms"][0] > 0.1
    assert why in found.text
    assert f"about {100 * found.table['false_alarms'][0]:.0f} of 100 such studies would claim" in found.text
    other = plan("clustered", icc=0.05, cluster_size=15, draws=400, seed=14, errors="cluster-cr2", **given)
    assert "(CR1)" not in other.text


def test_the_recommended_design_is_warned_of_where_other_sizes_were_asked_for():
    found = plan("clustered", effect=1, icc=0.05, cluster_size=15, size=100, draws=4000, seed=1)
    assert f"With only {found.smallest.size} groups the clustered errors (CR1) come out too small: about " in found.text
    assert found.text.count("(CR1)") == 1


def test_an_indirect_effect_of_few_people_is_claimed_too_often_and_the_plan_says_so():
    told = "With so few people this interval comes out too short: about"
    found = plan("mediation", size=6, a=0.9, b=0.3, draws=10_000, seed=13)
    alarms = found.table["false_alarms"][0]
    assert alarms > 0.06
    assert f"{told} {100 * alarms:.0f} of 100 such studies would claim an indirect effect where there is none" in found.text
    assert told not in plan("mediation", size=400, a=0.6, b=0.6, draws=10_000, seed=13).text


def test_without_a_first_step_the_second_is_still_there():
    """Joint significance: with a = 0, b is found almost always, a in 5 of 100 studies."""
    found = plan("mediation", size=400, a=0, b=0.4, draws=10_000, seed=13)
    assert held(found.table["power"][0], 0.05, 10_000)
    assert found.table["false_alarms"][0] == found.table["power"][0]


def test_with_many_groups_nothing_is_said_of_cr1():
    assert "CR1" not in plan("clustered", size=30, effect=0.4, icc=0.1, cluster_size=8, draws=200, seed=14).text


# --- the smallest design --------------------------------------------------------------------------------------------

def smallest(power, target, start, step):
    size = start
    while power(size) < target:
        size += step
    return size


def paired(size, effect):
    return TTestPower().power(effect, size, 0.05)


SEARCHED = [
    ("paired", {"effect": 0.3, "sd_difference": 1}, partial(paired, effect=0.3), 3, 1),
    ("paired", {"effect": 1.2, "sd_difference": 1}, partial(paired, effect=1.2), 4, 1),
    ("paired", {"effect": -0.1, "sd_difference": 2}, partial(paired, effect=0.05), 1000, 1),
    ("clustered", {"effect": 0.4, "icc": 0.1, "cluster_size": 8}, clustered, 4, 2),
    ("clustered", {"effect": 1.5, "icc": 0.3, "cluster_size": 30, "errors": "cluster-cr2"},
     partial(clustered, effect=1.5, icc=0.3, cluster_size=30, errors="cluster-cr2"), 4, 2),
    ("difference-in-differences", {"effect": 0.2, "correlation": 0.6},
     lambda size: of_groups(size, 0.2, 0.8, 2 * size, 4, "cluster"), 100, 2),
]


@pytest.mark.parametrize("target", [0.5, 0.8, 0.95])
@pytest.mark.parametrize(("design", "given", "power", "start", "step"), SEARCHED)
def test_the_smallest_design_is_the_exact_one_within_its_monte_carlo_error(design, given, power, start, step, target):
    exact = smallest(power, target, start, step)
    found = plan(design, target=target, draws=MANY, seed=15, **given).smallest
    assert found.low <= exact <= found.high
    assert found.low <= found.size <= found.high
    assert found.size % step == 0
    assert abs(found.size - exact) <= max(step, 0.02 * exact)
    assert found.high - found.low <= max(step, 0.04 * exact)
    assert power(found.size) == pytest.approx(found.power, abs=0.01)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("effect", "stay"), [(0.3, 90), (1.0, 10), (2.5, 4)])
def test_where_most_people_are_lost_the_smallest_design_is_the_first_that_keeps_one_more(effect, stay, seed):
    """Exact numbers of those who stay: noncentral t; with 1 in 10 staying, ten sizes in a row have the same power."""
    assert smallest(partial(paired, effect=effect), 0.8, 3, 1) == stay
    found = plan("paired", effect=effect, sd_difference=1, dropout=0.9, draws=MANY, seed=seed).smallest
    assert found.low <= 10 * stay <= found.high
    assert found.size % 10 == found.low % 10 == found.high % 10 == 0
    assert abs(found.size - 10 * stay) <= 0.2 * stay


def unequal_arms(size, effect, share, errors, icc=0.1, cluster_size=15, draws=200_000):
    """Power of groups of one size by a t statistic made of each arm's mean and variance, with their own draws."""
    treated = int(share * size + 0.5)
    arms, df = (treated, size - treated), np.array([treated - 1, size - treated - 1])
    rng, variance = np.random.default_rng(21), icc + (1 - icc) / cluster_size
    s2 = [variance * rng.chisquare(n - 1, draws) / (n - 1) for n in arms]
    if errors == "cluster-cr2":
        square = sum(one / n for one, n in zip(s2, arms, strict=True))
        df = (1 / arms[0] + 1 / arms[1]) ** 2 / sum(1 / n**2 / (n - 1) for n in arms)
    else:
        rows = size * cluster_size
        square = sum(one * (n - 1) / n**2 for one, n in zip(s2, arms, strict=True))
        square, df = square * size / (size - 1) * (rows - 1) / (rows - 2), size - 1
    spread = np.sqrt(variance * sum(1 / n for n in arms))
    reach = stats.t(df).ppf(0.975) * np.sqrt(square)
    return np.mean(stats.norm.sf((reach - effect) / spread) + stats.norm.cdf((-reach - effect) / spread))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("errors", "exact"), [("cluster-cr2", 75), ("cluster", 55)])
def test_where_few_groups_are_treated_the_smallest_design_is_the_first_with_one_more(errors, exact, seed):
    power = partial(unequal_arms, effect=0.5, share=0.1, errors=errors)
    assert power(exact - 1) < 0.797
    assert power(exact) > 0.83
    found = plan("clustered", effect=0.5, icc=0.1, cluster_size=15, share=0.1, errors=errors, draws=MANY, seed=seed).smallest
    assert (found.low, found.size, found.high) == (exact, exact, exact)
    assert power(exact) == pytest.approx(found.power, abs=0.015)


@pytest.mark.parametrize(("share", "effect"), [(0.3, 1), (0.75, 1), (0.3, 0.6)])
def test_few_groups_in_unlike_arms_are_each_simulated(share, effect):
    """Power jumps from one size to the next, such as from .75 with 14 groups to .93 with 15."""
    power = partial(unequal_arms, effect=effect, share=share, errors="cluster-cr2")
    exact = smallest(power, 0.8, 9, 1)
    found = plan("clustered", effect=effect, icc=0.1, cluster_size=15, share=share, errors="cluster-cr2", draws=MANY, seed=3)
    assert (found.smallest.low, found.smallest.size) == (exact, exact)
    assert power(exact) == pytest.approx(found.smallest.power, abs=0.015)


def test_the_interval_for_the_smallest_design_holds_the_exact_one_as_often_as_it_says():
    exact = smallest(partial(paired, effect=0.1), 0.8, 700, 1)
    intervals = [plan("paired", effect=0.1, sd_difference=1, draws=500, seed=seed).smallest for seed in range(100)]
    held_it = np.mean([one.low <= exact <= one.high for one in intervals])
    assert 0.90 <= held_it <= 0.99
    assert np.mean([one.size for one in intervals]) == pytest.approx(exact, rel=0.01)


# --- what can be detected -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("size", "target"), [(10, 0.8), (50, 0.9), (500, 0.5)])
def test_the_smallest_detectable_effect_is_that_of_statsmodels_within_its_monte_carlo_error(size, target):
    exact = TTestPower().solve_power(nobs=size, alpha=0.05, power=target)
    found = plan("paired", size=size, sd_difference=2, target=target, draws=MANY, seed=16).detectable.iloc[0]
    assert found["low"] < 2 * exact < found["high"]
    assert found["effect"] == pytest.approx(2 * exact, rel=0.02)


def test_the_interval_for_the_detectable_effect_holds_the_exact_one_as_often_as_it_says():
    exact = TTestPower().solve_power(nobs=20, alpha=0.05, power=0.8)
    tables = [plan("paired", size=20, sd_difference=1, draws=1000, seed=seed).detectable.iloc[0] for seed in range(120)]
    assert 0.91 <= np.mean([one["low"] <= exact <= one["high"] for one in tables]) <= 0.99


@pytest.mark.parametrize(("design", "given"), [
    ("clustered", {"icc": 0.1, "cluster_size": 8}),
    ("moderation", {"correlation": 0.3, "reliability_x": 0.8}),
    ("mediation", {"a": 0.3, "b": 0.4}),
    ("mediation", {"a": 0.9, "b": 0.5}),  # stronger ones are found less often again: m hardly differs from x
])
def test_what_is_said_to_be_detectable_has_the_target_power_on_the_same_studies(design, given):
    given = given | {"size": 60, "draws": 4000, "seed": 17, "target": 0.6}
    found = plan(design, **given).table.iloc[0]["detectable"]
    if design == "mediation":
        factor = (found / (given["a"] * given["b"])) ** 0.5
        again = plan(design, **given | {"a": given["a"] * factor, "b": given["b"] * factor})
    else:
        again = plan(design, effect=found, **given)
    assert again.table["power"][0] == pytest.approx(0.6, abs=0.001)
