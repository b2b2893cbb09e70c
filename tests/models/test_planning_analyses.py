"""Simulated studies are analysed as this kit analyses rows, and drawn as studies of rows would come out.

The expected values are those of ``pt.regress`` and ``pt.paths`` on rows, or the spread of estimates in rows drawn here.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import pebbletrail as pt
from pebbletrail.models.planning.groups import Groups, arm_of, compared
from pebbletrail.models.planning.mediation import Mediation
from pebbletrail.models.planning.moderation import Moderation, kept_of_rows

ALIKE = 1e-3  # the p value of a Kolmogorov-Smirnov test below which two samples are taken to differ


def same_distribution(first, second):
    return stats.ks_2samp(first, second).pvalue > ALIKE


# --- groups ---------------------------------------------------------------------------------------------------------

def rows_of_groups(sizes, waves, treated, seed=1):
    """Rows of groups of unlike sizes, the same people at each time; the first ``treated`` groups are treated."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    parts = []
    for after in range(2 - waves, 2):
        level = rng.normal(size=len(sizes)) + 0.5 * after * (np.arange(len(sizes)) < treated)
        parts.append(pd.DataFrame({"group": group, "treated": (group < treated).astype(int), "after": after,
                                   "y": level[group] + rng.normal(size=len(group))}))
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("errors", ["cluster", "cluster-cr2"])
@pytest.mark.parametrize(("sizes", "treated"), [([3, 8, 5, 2, 9, 4, 7], 3), ([6] * 8, 4), ([5, 1, 1, 12, 3], 2)])
@pytest.mark.parametrize("waves", [1, 2])
def test_groups_are_compared_as_regress_does_to_the_last_digits(errors, sizes, treated, waves):
    data = rows_of_groups(sizes, waves, treated)
    formula, term = ("y ~ treated", "treated") if waves == 1 else ("y ~ treated*after", "treated:after")
    expected = pt.regress(data, formula, errors=errors, by="group").table.set_index("term").loc[term]
    means = data.pivot_table(index="group", columns="after", values="y").to_numpy()
    values = (means[:, -1] - (means[:, 0] if waves == 2 else 0))[None]
    n = np.array(sizes)[None]
    arms = [arm_of(values[:, part], n[:, part], errors) for part in (slice(0, treated), slice(treated, None))]
    estimate, reach = compared(*arms, len(sizes), waves, errors)
    assert estimate[0] == pytest.approx(expected["estimate"], rel=1e-10)
    assert reach[0] == pytest.approx((expected["ci_high"] - expected["ci_low"]) / 2, rel=1e-9)


@dataclass(frozen=True)
class GroupByGroup(Groups):
    """The same design, drawn one group at a time."""

    _alike = False


@pytest.mark.parametrize("errors", ["cluster", "cluster-cr2"])
@pytest.mark.parametrize(("size", "share"), [(5, 0.5), (20, 0.3)])
def test_groups_that_are_alike_may_be_drawn_by_their_sums(errors, size, share):
    given = (0.3, 0.1, 0.9, 12, 0.0, share, errors, 0.0, 1)
    by_sums, by_group = (kind(*given).draw(np.random.default_rng(seed), size, 20_000)
                         for seed, kind in enumerate((Groups, GroupByGroup)))
    for column in range(2):
        assert same_distribution(by_sums[:, column], by_group[:, column])


def simulated_rows(rng, draws, groups, people, between, within):
    """The mean of each group from rows: a part of the group's own, and one of each person's."""
    return rng.normal(scale=between**0.5, size=(draws, groups)) \
        + rng.normal(scale=within**0.5, size=(draws, groups, people)).mean(axis=2)


def test_a_clustered_estimate_is_spread_as_in_rows():
    sd, icc, people, groups, draws = 2.0, 0.2, 7, 9, 20_000
    made = Groups.clustered(1.0, sd, icc, people, 0.0, 0.5, "cluster", 0.0)
    assert made.treated(groups) == 5
    rng = np.random.default_rng(3)
    means = simulated_rows(rng, draws, groups, people, icc * sd**2, (1 - icc) * sd**2)
    errors = made.draw(np.random.default_rng(4), groups, draws)[:, 0]
    assert same_distribution(errors, means[:, :5].mean(axis=1) - means[:, 5:].mean(axis=1))


def test_an_estimate_of_unlike_groups_is_spread_as_in_rows():
    """Groups of very unlike sizes, whose people have little in common."""
    groups, draws = 6, 20_000
    made = Groups.clustered(1.0, 1.0, 0.05, 8, 1.0, 0.5, "cluster", 0.2)
    rng = np.random.default_rng(25)
    n = made._sizes(rng, (draws, groups))
    starts = np.concatenate([[0], np.cumsum(n)[:-1]])
    people = np.add.reduceat(rng.normal(scale=0.95**0.5, size=n.sum()), starts).reshape(n.shape)
    sums = people + n * rng.normal(scale=0.05**0.5, size=n.shape)
    arms = [sums[:, part].sum(axis=1) / n[:, part].sum(axis=1) for part in (slice(0, 3), slice(3, None))]
    errors = made.draw(np.random.default_rng(26), groups, draws)[:, 0]
    assert same_distribution(errors, arms[0] - arms[1])
    assert errors.std() == pytest.approx((arms[0] - arms[1]).std(), rel=0.03)


@pytest.mark.parametrize(("person_correlation", "of_people"), [(None, 0.6), (0.0, 0.0), (0.8, 0.8)])
def test_a_difference_in_differences_of_groups_is_spread_as_in_rows(person_correlation, of_people):
    """Rows: group levels and people's own parts at both times, each pair with its correlation."""
    sd, icc, people, groups, draws, correlation = 1.5, 0.3, 4, 8, 20_000, 0.6
    made = Groups.before_and_after(1.0, sd, correlation, people, icc, person_correlation, 0.0, 0.5, "cluster", 0.0)
    rng = np.random.default_rng(5)

    def pair(variance, correlation, shape):
        first, second = rng.normal(size=(2, *shape))
        return variance**0.5 * first, variance**0.5 * (correlation * first + (1 - correlation**2) ** 0.5 * second)

    level = pair(icc * sd**2, correlation, (draws, groups))
    own = pair((1 - icc) * sd**2, of_people, (draws, groups, people))
    change = level[1] - level[0] + (own[1] - own[0]).mean(axis=2)
    errors = made.draw(np.random.default_rng(6), groups, draws)[:, 0]
    assert same_distribution(errors, change[:, :4].mean(axis=1) - change[:, 4:].mean(axis=1))


def test_people_one_by_one_change_as_their_correlation_says():
    made = Groups.before_and_after(1.0, 2.0, 0.7, 1, None, None, 0.0, 0.5, "cluster", 0.0)
    rng = np.random.default_rng(7)
    before = rng.normal(size=(20_000, 12))
    change = 2 * (0.7 * before + 0.51**0.5 * rng.normal(size=before.shape)) - 2 * before
    errors = made.draw(np.random.default_rng(8), 12, 20_000)[:, 0]
    assert same_distribution(errors, change[:, :6].mean(axis=1) - change[:, 6:].mean(axis=1))


def test_sizes_vary_as_said_and_dropout_takes_people():
    rng, shape = np.random.default_rng(9), (400, 50)
    sizes = Groups.clustered(1.0, 1.0, 0.1, 40, 0.4, 0.5, "cluster", 0.0)._sizes(rng, shape)
    assert sizes.mean() == pytest.approx(40, abs=4 * 16 / 20_000**0.5)
    assert sizes.std() / sizes.mean() == pytest.approx(0.4, abs=0.01)
    left = Groups.clustered(1.0, 1.0, 0.1, 40, 0.0, 0.5, "cluster", 0.25)._sizes(rng, shape)
    assert left.mean() == pytest.approx(30, abs=4 * 7.5**0.5 / 20_000**0.5)
    assert left.var() == pytest.approx(40 * 0.25 * 0.75, rel=0.05)
    few = Groups.clustered(1.0, 1.0, 0.1, 2, 0.0, 0.5, "cluster", 0.9)._sizes(rng, shape)
    assert few.min() == 1  # a group that would be empty keeps one


@pytest.mark.parametrize("errors", ["cluster", "cluster-cr2"])
def test_unlike_groups_that_lose_people_have_the_power_that_a_loop_over_regress_finds(errors):
    given = {"effect": 0.9, "sd": 1.0, "icc": 0.15, "cluster_size": 6, "size_cv": 0.5, "share": 0.4, "errors": errors,
             "dropout": 0.2}
    made = Groups.clustered(**given)
    studies = made.draw(np.random.default_rng(10), 12, 20_000)
    rng, found, widths = np.random.default_rng(11), [], []
    for _ in range(300):
        n = made._sizes(rng, (1, 12))[0]
        group = np.repeat(np.arange(12), n)
        treated = group < made.treated(12)
        y = 0.9 * treated + rng.normal(scale=0.15**0.5, size=12)[group] + rng.normal(scale=0.85**0.5, size=len(group))
        table = pt.regress(pd.DataFrame({"y": y, "treated": treated.astype(int), "group": group}), "y ~ treated",
                           errors=errors, by="group").table.iloc[1]
        found.append(table["ci_low"] > 0 or table["ci_high"] < 0)
        widths.append((table["ci_high"] - table["ci_low"]) / 2)
    power = made.found(studies, 0.9).mean()
    assert 0.3 < power < 0.9
    assert np.mean(found) == pytest.approx(power, abs=3 * (power * (1 - power) / 300) ** 0.5)
    assert np.mean(widths) == pytest.approx(made.half_widths(studies, 0.9).mean(), abs=3 * np.std(widths) / 300**0.5)


# --- mediation ------------------------------------------------------------------------------------------------------

MODEL = "m ~ x; y ~ m + x"
MEDIATED = Mediation.of(0.4, 0.3, 0.2, 0.0)


def chain(rng, n, made=MEDIATED):
    """Rows of the world that the design supposes."""
    x = rng.normal(size=n)
    m = made.a * x + (1 - made.a**2) ** 0.5 * rng.normal(size=n)
    rest = 1 - (made.b**2 + made.direct**2 + 2 * made.a * made.b * made.direct)
    return pd.DataFrame({"x": x, "m": m, "y": made.b * m + made.direct * x + rest**0.5 * rng.normal(size=n)})


def as_study(data, made):
    """What is kept of a study, from its rows."""
    steps = [pt.regress(data, formula).table.set_index("term") for formula in ("m ~ x", "y ~ m + x")]
    n, own_m = len(data), 1 - made.a**2
    own_y = 1 - (made.b**2 + made.direct**2 + 2 * made.a * made.b * made.direct)
    x = ((data["x"] - data["x"].mean()) ** 2).sum()
    of_m = steps[0].loc["x", "se"] ** 2 * (n - 2) * x
    of_y = steps[1].loc["m", "se"] ** 2 * (n - 3) * of_m
    return [(steps[0].loc["x", "estimate"] - made.a) * (x / own_m) ** 0.5, x, of_m / own_m,
            (steps[1].loc["m", "estimate"] - made.b) * (of_m / own_y) ** 0.5, of_y / own_y, n, np.nan]


def test_the_worlds_variables_have_a_standard_deviation_of_1():
    data = chain(np.random.default_rng(12), 200_000)
    assert data.std().to_list() == pytest.approx([1, 1, 1], abs=0.01)


def test_an_indirect_effect_is_found_where_the_monte_carlo_interval_of_paths_leaves_out_0():
    """With 20,000 replicates the interval of pt.paths is that of the closed form, but for cases on the edge."""
    rng, agree, near = np.random.default_rng(13), 0, 0
    for _ in range(30):
        data = chain(rng, 60)
        fit = pt.paths(data, MODEL, intervals="monte-carlo", replicates=20_000, seed=1)
        row = fit.effects.query("kind == 'indirect'").iloc[0]
        expected = row["ci_low"] > 0 or row["ci_high"] < 0
        found = MEDIATED.found(np.array([as_study(data, MEDIATED)]), MEDIATED.effect)[0]
        agree += found == expected
        near += found != expected and abs(row["p_value"] - 0.05) < 0.01
    assert agree + near == 30
    assert near <= 2


def test_both_steps_are_estimated_as_paths_does():
    data = chain(np.random.default_rng(14), 50)
    table = pt.paths(data, MODEL).table
    estimates = np.ravel(MEDIATED._estimates(np.array([as_study(data, MEDIATED)])))
    np.testing.assert_allclose(estimates, table[["estimate", "se"]].iloc[:2].to_numpy().ravel(), rtol=1e-9)


def test_both_steps_are_spread_as_in_rows():
    rng = np.random.default_rng(15)
    by_rows = []
    for _ in range(3000):
        data = chain(rng, 15).to_numpy()
        X = np.column_stack([np.ones(15), data[:, 0]])
        a, rss = np.linalg.lstsq(X, data[:, 1], rcond=None)[:2]
        Z = np.column_stack([X, data[:, 1]])
        b, left = np.linalg.lstsq(Z, data[:, 2], rcond=None)[:2]
        by_rows.append([a[1], (rss[0] / 13 * np.linalg.inv(X.T @ X)[1, 1]) ** 0.5,
                        b[2], (left[0] / 12 * np.linalg.inv(Z.T @ Z)[2, 2]) ** 0.5])
    of_a, of_b = MEDIATED._estimates(MEDIATED.draw(np.random.default_rng(16), 15, 20_000))
    drawn = [*of_a, *of_b]
    for ours, theirs in zip(drawn, np.transpose(by_rows), strict=True):
        assert same_distribution(ours, theirs)


def test_the_interval_is_as_wide_as_that_of_paths_on_average():
    rng, widths = np.random.default_rng(17), []
    for number in range(100):
        effects = pt.paths(chain(rng, 80), MODEL, intervals="monte-carlo", replicates=999, seed=number).effects
        row = effects.query("kind == 'indirect'").iloc[0]
        widths.append((row["ci_high"] - row["ci_low"]) / 2)
    studies = MEDIATED.draw(np.random.default_rng(18), 80, 400)
    expected = MEDIATED.half_widths(studies, None)
    assert len(expected) == 250
    assert np.mean(widths) == pytest.approx(expected.mean(), abs=4 * np.std(widths) / 100**0.5)


# --- moderation -----------------------------------------------------------------------------------------------------

def moderated(**given):
    assumed = {"effect": 0.3, "sd": 2.0, "correlation": 0.4, "slope_x": 0.5, "slope_w": -0.3, "reliability_x": 1.0,
               "reliability_w": 1.0, "dropout": 0.0}
    return Moderation.of(**(assumed | given))


def moderated_rows(rng, made, n):
    """``x, w, e, measured x, measured w`` of rows, and the outcome."""
    x, w, e = rng.normal(size=(3, n))
    w = made.correlation * x + (1 - made.correlation**2) ** 0.5 * w
    seen_x = x + (1 / made.reliability_x - 1) ** 0.5 * rng.normal(size=n)
    seen_w = w + (1 / made.reliability_w - 1) ** 0.5 * rng.normal(size=n)
    linear = made.slope_x * x + made.slope_w * w + made.effect * x * w
    explained = made.slope_x**2 + made.slope_w**2 + 2 * made.correlation * made.slope_x * made.slope_w \
        + made.effect**2 * (1 + made.correlation**2)
    return (x, w, e, seen_x, seen_w), linear + (made.sd**2 - explained) ** 0.5 * e


@pytest.mark.parametrize("reliability", [1.0, 0.7])
def test_an_interaction_is_estimated_as_regress_does(reliability):
    made = moderated(reliability_x=reliability, reliability_w=reliability)
    parts, y = moderated_rows(np.random.default_rng(19), made, 40)
    expected = pt.regress(pd.DataFrame({"x": parts[3], "w": parts[4], "y": y}), "y ~ x*w").table.set_index("term").loc["x:w"]
    kept = kept_of_rows(*(part[None] for part in parts))
    estimate, reach = made._estimates(kept, made.effect)
    assert estimate[0] == pytest.approx(expected["estimate"], rel=1e-9)
    assert reach[0] == pytest.approx((expected["ci_high"] - expected["ci_low"]) / 2, rel=1e-9)
    assert made.found(kept, made.effect)[0] == (expected["ci_low"] > 0 or expected["ci_high"] < 0)


def test_without_measurement_error_the_predictors_are_enough():
    """The estimate and its reach are spread as in whole rows."""
    made, rng = moderated(), np.random.default_rng(23)
    x, w, e = rng.normal(size=(3, 10_000, 12))
    w = made.correlation * x + (1 - made.correlation**2) ** 0.5 * w
    by_rows = made._estimates(kept_of_rows(x, w, e, x, w), made.effect)
    drawn = made._estimates(made.draw(np.random.default_rng(24), 12, 10_000), made.effect)
    for ours, theirs in zip(drawn, by_rows, strict=True):
        assert same_distribution(ours, theirs)


def test_the_outcomes_standard_deviation_is_the_one_that_was_said():
    _, y = moderated_rows(np.random.default_rng(20), moderated(), 400_000)
    assert y.std() == pytest.approx(2.0, rel=0.01)


@pytest.mark.parametrize("given", [{"reliability_x": 0.8, "reliability_w": 0.6}, {"reliability_w": 0.7, "correlation": 0.0}])
def test_an_interaction_of_measures_with_error_is_drawn_as_rows_are_and_shrinks_as_theory_says(given):
    made = moderated(**given)
    estimates = made._estimates(made.draw(np.random.default_rng(21), 200, 3000), made.effect)
    assert estimates[0].mean() / made.effect == pytest.approx(made.shrinking, abs=4 * estimates[0].std() / 3000**0.5 / 0.3)
    rng, by_rows = np.random.default_rng(22), []
    for _ in range(250):
        (_, _, _, x, w), y = moderated_rows(rng, made, 200)
        row = pt.regress(pd.DataFrame({"x": x, "w": w, "y": y}), "y ~ x*w").table.iloc[3]
        by_rows.append((row["estimate"], (row["ci_high"] - row["ci_low"]) / 2))
    for ours, theirs in zip(estimates, np.transpose(by_rows), strict=True):
        assert same_distribution(ours, theirs)
