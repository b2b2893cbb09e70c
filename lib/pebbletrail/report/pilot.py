"""The pilot that would settle it: how large, by ``pt.plan``, and when it ends."""

import math
import shlex
from dataclasses import dataclass

import numpy as np

TARGET, DRAWS, SEED = 0.8, 2000, 11
SMALL = 0.2         # standard deviations: taken where no smallest worthwhile effect was entered
STATED_ICC = 0.05
TIMES, OFTEN, FEW = ("period", "date"), 4, 10  # least periods of a unit, and units, for halves to be told apart
BOUND = 3.0         # standard errors at the one look half-way (Haybittle and Peto)
HIGHEST = 0.95      # a correlation above that would promise too much


@dataclass(frozen=True)
class Spread:
    """How the outcome lies in the firm's rows: its standard deviation, the share of the variance between units, units,
    rows in a unit. ``estimated`` is False where the share had to be assumed, ``grouped`` where no row names its unit."""

    sd: float
    icc: float
    units: int
    size: int
    estimated: bool = True
    grouped: bool = True
    halves: object = None  # Halves, where units were measured again and again


@dataclass(frozen=True)
class Halves:
    """Means of each unit's earlier and later half: their standard deviation between units, how they go together, and the
    usual number of periods in a half. Whatever lasts in a unit, from week to week too, is in the correlation."""

    sd: float
    correlation: float
    periods: int


@dataclass(frozen=True)
class Pilot:
    """A planned pilot. ``size`` is None where no size finds so small an effect."""

    design: str          # "clustered", "difference-in-differences" or "two groups"
    effect: float        # difference in the outcome that is to be found
    entered: bool        # whether it follows from entered values
    spread: Spread
    size: int | None
    bound: float | None  # how much worse the treated may do half-way before it is stopped
    command: str

    @property
    def deviations(self):
        """The effect in standard deviations of the outcome."""
        return self.effect / self.spread.sd


def spread_of(about, prepared):
    """The ``Spread`` of the outcome, from rows or, where an engine holds them, from one aggregate query.

    The share between units is the intraclass correlation of a one-way analysis of variance. None where the outcome is not
    among the columns, or does not vary.
    """
    from pebbletrail.moments import Moments
    from pebbletrail.moments.accept import is_table

    data = prepared.table if prepared.frame is None else prepared.frame
    if data is None or about.outcome not in data.columns:
        return None
    by = about.unit if about.unit in data.columns and about.unit != about.outcome else None
    if is_table(data):
        rows = data.select(about.outcome, *([by] if by else []))
        rows = rows.mutate(**{about.outcome: rows[about.outcome].cast("float64")})
    else:
        rows = data[[about.outcome, *([by] if by else [])]].assign(**{about.outcome: data[about.outcome].astype(float)})
    try:
        m = (Moments.from_table if is_table(rows) else Moments.from_frame)(rows, [about.outcome], by=by)
    except ValueError:  # fewer than two rows with an outcome
        return None
    sd = float(m.sd[about.outcome]) if m.n > 1 else 0.0
    if not sd > 0:
        return None
    sizes = np.asarray(m._sizes, float) if by else np.ones(1)
    if len(sizes) < 2 or m.n == len(sizes):
        return Spread(sd, STATED_ICC, len(sizes) if by else m.n, 1, False, bool(by))
    halves = halves_of(about, data) if about.plan == "difference-in-differences" else None
    return Spread(sd, _icc(m, about.outcome, sizes), len(sizes), max(round(m.n / len(sizes)), 1), halves=halves)


def halves_of(about, data):
    """The ``Halves`` of rows or of an engine's table; None without a time, or where few units were measured often."""
    when = next((name for name in TIMES if name in data.columns), None)
    if when is None:
        return None
    keys, outcome = [about.unit, when], about.outcome
    if hasattr(data, "execute"):
        rows = data.group_by(keys).aggregate(**{outcome: data[outcome].cast("float64").mean()}).execute()
    else:
        rows = data.astype({outcome: float}).groupby(keys, as_index=False)[outcome].mean()
    rows = rows.dropna().sort_values(keys)
    units = rows.groupby(about.unit)[outcome]
    count = units.transform("size")
    rows = rows.assign(late=units.cumcount() >= count / 2)[count >= OFTEN]
    means = rows.groupby([about.unit, "late"])[outcome].mean().unstack()
    if len(means) < FEW or not (means.std() > 0).all():
        return None
    correlation = float(np.clip(means[False].corr(means[True]), 0.0, HIGHEST))
    periods = rows.groupby(about.unit).size().median() // 2
    return Halves(float(np.sqrt(means.var().mean())), correlation, int(periods))


def _icc(m, name, sizes):
    """Intraclass correlation by analysis of variance, never below 0."""
    units, n = len(sizes), m.n
    within = float(m.within().cov.loc[name, name])
    between = (float(m.cov.loc[name, name]) * (n - 1) - within * (n - units)) / (units - 1)
    usual = (n - (sizes**2).sum() / n) / (units - 1)
    share = (between - within) / (between + (usual - 1) * within)
    return float(np.clip(share, 0.0, HIGHEST)) if math.isfinite(share) else STATED_ICC


def pilot(about, prepared, money=None):
    """The pilot that finds the smallest worthwhile effect in 80 of 100 cases, or None where the spread is not known.

    Parameters
    ----------
    about : definition.Practice
    prepared : given.Prepared
    money : Money, optional
        The effect that just pays is looked for; without it 0.2 standard deviations.
    """
    if (spread := spread_of(about, prepared)) is None:
        return None
    pays = abs(money.worthwhile or 0.0) if money is not None else 0.0
    effect = _short(pays or SMALL * spread.sd)
    design, assumed = _assumed(about.plan, spread)
    size, bound = _planned("clustered" if design == "two groups" else design, effect, assumed)
    return Pilot(design, effect, bool(pays), spread, size, bound, _command(design, effect, assumed))


def _assumed(plan, spread):
    """The design, and what ``pt.plan`` is told besides the effect; rounded, so that the printed command says the same."""
    sd, icc = _short(spread.sd), _short(spread.icc)
    if plan == "difference-in-differences":  # two values of one unit go together as far as units differ
        if spread.halves:
            sd, icc = _short(spread.halves.sd), _short(spread.halves.correlation)
        return plan, {"sd": sd, "correlation": icc, "errors": "cluster-cr2"}
    if plan == "clustered" and spread.grouped:  # without units, lots are drawn for each row alone
        return plan, {"sd": sd, "icc": icc, "cluster_size": spread.size, "errors": "cluster-cr2"}
    return "two groups", {"sd": sd, "icc": 0.0, "cluster_size": 1, "errors": "cluster-cr2"}


def _planned(design, effect, assumed):
    from scipy.special import stdtrit

    from pebbletrail.models.planning.planned import plan

    try:
        made = plan(design, effect=effect, target=TARGET, draws=DRAWS, seed=SEED, **assumed)
    except ValueError:  # TooSmall: beyond a million units
        return None, None
    if made.smallest is None:
        return None, None
    size = made.smallest.size
    row = made.curve.iloc[(made.curve["size"] - size).abs().argmin()]
    error = float(row["half_width"]) / stdtrit(max(size - 2, 1), 0.975)
    return size, BOUND * math.sqrt(2) * error  # half of the units: the standard error is larger by the root of 2


def _command(design, effect, assumed):
    words = ["pebbletrail", "plan", "clustered" if design == "two groups" else design, "--effect", f"{effect:g}"]
    for name, value in assumed.items():
        words += [f"--{name.replace('_', '-')}", f"{value:g}" if isinstance(value, float) else str(value)]
    return shlex.join([*words, "--target", f"{TARGET:g}", "--draws", str(DRAWS), "--seed", str(SEED)])


def _short(value):
    """Three significant digits: what a reader can type again."""
    return float(f"{value:.3g}")
