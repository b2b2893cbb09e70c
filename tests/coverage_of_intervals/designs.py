"""What the tests of coverage share: designs with a known truth, and how often an interval holds it.

A design was written down, with its seed, before its coverage was looked at, and kept whatever it showed. 2,000 samples leave
a Monte Carlo error of half a percentage point: an interval that holds the truth in 95 of 100 samples lies between 93 and 97
in the count. Where a method is known to fall short, fewer samples show it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

SAMPLES, TO_SHOW_A_FAILURE = 2000, 600
ENOUGH, TOO_MUCH = 0.93, 0.97


@dataclass(frozen=True)
class Design:
    """A world, ``sample(rng) -> data``, and the ``truth``, a value for each name."""

    sentence: str
    sample: object
    truth: dict
    seed: int

    def coverage(self, fit, samples=SAMPLES):
        """How often each interval holds its truth; ``fit(data, seed)`` gives ``ci_low``, ``ci_high`` in the same order."""
        rng, truth = np.random.default_rng(self.seed), np.array(list(self.truth.values()))
        held = np.zeros(len(truth))
        for number in range(samples):
            found = fit(self.sample(rng), np.random.SeedSequence([self.seed, number]))
            low, high = np.asarray(found["ci_low"], dtype=float), np.asarray(found["ci_high"], dtype=float)
            assert low.shape == truth.shape
            assert (low < high).all()
            held += (low <= truth) & (truth <= high)
        return pd.Series(held / samples, index=list(self.truth))


def assert_nominal(found):
    """Every share lies between 93 and 97 of 100."""
    print(found.round(4).to_dict())
    assert found.between(ENOUGH, TOO_MUCH).all(), found.to_dict()


# --- regressions ----------------------------------------------------------------------------------------------------

def two_predictors(n):
    def sample(rng):
        x = rng.normal(size=n)
        z = 0.5 * x + rng.normal(size=n)
        return pd.DataFrame({"x": x, "z": z, "y": 1 + 0.5 * x - 0.3 * z + rng.normal(size=n)})

    return sample


def growing_variance(n):
    def sample(rng):
        x = rng.lognormal(sigma=0.5, size=n)
        return pd.DataFrame({"x": x, "y": 1 + 0.5 * x + x * rng.normal(size=n)})

    return sample


def spread_over_a_range(n):
    def sample(rng):
        x = rng.uniform(0, 3, size=n)
        return pd.DataFrame({"x": x, "y": 1 + 0.5 * x + (0.2 + x) * rng.normal(size=n)})

    return sample


def teams(count, treated=False):
    """Teams of 5 to 25, in which answers go together; the style is the team's, the workload partly each member's own.

    The style is a normal variable; or every other team is treated, which is 1, and the others are 0.
    """
    def sample(rng):
        team = np.repeat(np.arange(count), rng.integers(5, 26, size=count))
        style, load, mood = rng.normal(size=(3, count))
        style = np.arange(count) % 2 if treated else style
        x = 0.5 * load[team] + rng.normal(size=len(team))
        y = 1 + 0.3 * style[team] + 0.5 * x + 0.7 * mood[team] + rng.normal(size=len(team))
        return pd.DataFrame({"team": team, "style": style[team], "load": x, "y": y})

    return sample


def teams_with_slopes_of_their_own(count):
    """The workload depends on the team's level, which a team's mean takes out; its effect differs from team to team."""
    def sample(rng):
        team = np.repeat(np.arange(count), rng.integers(5, 26, size=count))
        level, own = rng.normal(size=(2, count))
        x = level[team] + rng.normal(size=len(team))
        y = 2 * level[team] + (0.5 + 0.4 * own[team]) * x + rng.normal(size=len(team))
        return pd.DataFrame({"team": team, "load": x, "y": y})

    return sample


LINE = {"Intercept": 1.0, "x": 0.5, "z": -0.3}
SLOPE = {"Intercept": 1.0, "x": 0.5}
TEAMS = {"Intercept": 1.0, "style": 0.3, "load": 0.5}
REGRESSIONS = {
    "classical, n = 30": Design("Normal errors of one variance, two correlated predictors.", two_predictors(30), LINE, 1),
    "classical, n = 100": Design("The same with 100 rows.", two_predictors(100), LINE, 2),
    "HC3, lognormal x": Design("100 rows; the errors' standard deviation is x, which is lognormal.", growing_variance(100),
                               SLOPE, 3),
    "HC3, uniform x": Design("100 rows; the errors' standard deviation grows with x, uniform.", spread_over_a_range(100),
                             SLOPE, 8),
    "CR1, 40 clusters": Design("40 teams of 5 to 25; a normal predictor of the team, one of its members.", teams(40),
                               TEAMS, 4),
    "CR1, 60 clusters": Design("The same with 60 teams.", teams(60), TEAMS, 5),
    "CR2, 12 clusters": Design("The same with 12 teams.", teams(12), TEAMS, 6),
    "CR1, 40 clusters, half treated": Design("40 teams, half of them treated.", teams(40, treated=True), TEAMS, 9),
    "CR1, 60 clusters, half treated": Design("60 teams, half of them treated.", teams(60, treated=True), TEAMS, 10),
    "within, CR1, 40 clusters": Design("Fixed effects of 40 teams whose slopes differ.", teams_with_slopes_of_their_own(40),
                                       {"load": 0.5}, 7),
}


# --- paths ----------------------------------------------------------------------------------------------------------

def mediation(n, a, b, direct):
    """X acts on Y through M (a, then b) and directly; all disturbances have variance 1."""
    def sample(rng):
        x = rng.normal(size=n)
        m = a * x + rng.normal(size=n)
        return pd.DataFrame({"x": x, "m": m, "y": b * m + direct * x + rng.normal(size=n)})

    return sample


def standardised(a, b, direct):
    """The paths of ``mediation`` in standard deviations."""
    of_m = np.sqrt(a**2 + 1)
    of_y = np.sqrt((a * b + direct) ** 2 + b**2 + 1)
    return {"m ~ x": a / of_m, "y ~ m": b * of_m / of_y, "y ~ x": direct / of_y}


INDIRECT = {"x → m → y": 0.25}
PATHS = {
    "indirect, n = 100": Design("a = b = 0.5, direct effect 0.2.", mediation(100, 0.5, 0.5, 0.2), INDIRECT, 11),
    "indirect, n = 200": Design("The same with 200 rows.", mediation(200, 0.5, 0.5, 0.2), INDIRECT, 12),
    "no indirect effect, n = 200": Design("a = b = 0: the product's distribution is far from normal.",
                                          mediation(200, 0.0, 0.0, 0.2), {"x → m → y": 0.0}, 13),
    "standardised, n = 100": Design("A strong first path (0.8 standard deviations), then weaker ones.",
                                    mediation(100, 4 / 3, 0.5, 0.3), standardised(4 / 3, 0.5, 0.3), 14),
}


# --- the bootstrap --------------------------------------------------------------------------------------------------

def correlated(n):
    def sample(rng):
        x = rng.normal(size=n)
        return pd.DataFrame({"x": x, "y": 0.5 * x + np.sqrt(0.75) * rng.normal(size=n)})

    return sample


RESAMPLED = {
    "clusters, 50": Design("50 teams of 5 to 25, resampled whole; a normal predictor of the team.", teams(50), TEAMS, 21),
    "clusters, 200": Design("200 teams of 5 to 25, resampled whole; a normal predictor of the team.", teams(200), TEAMS, 26),
    "clusters, 50, half treated": Design("50 teams, half of them treated.", teams(50, treated=True), TEAMS, 24),
    "slope, lognormal x": Design("As for HC3, rows resampled.", growing_variance(100), SLOPE, 22),
    "slope, n = 100": Design("Normal errors of one variance, rows resampled.", two_predictors(100), LINE, 25),
    "correlation, n = 100": Design("Two normal variables with a correlation of 0.5.", correlated(100), {"r": 0.5}, 23),
}
