"""What cutting units into high and low makes of a correlation: ``halves`` and ``both_halves``."""

from math import log1p, sqrt

from pebbletrail.measures.normal_orthants import both_above, both_and_median, mean_both, mean_one, one_and_median
from pebbletrail.measures.split import Split, is_number

SINGULAR = 1e-10
SMALLEST = 1e-8  # share of all units in a group, below which differences of probabilities hold no digit worth showing
ROUNDING = 1e-12  # of a probability, with a wide margin
SKEWED = 1e-3, 1e3  # σ/μ between which a log-normal outcome is worked out
SHAPES = ("normal", "log-normal")


def halves(r, cv=None, part=0.5, shape="normal"):
    """Units high on one variable against units low on it.

    Parameters
    ----------
    r : float
        Correlation of the variable with the outcome; with the logarithm of the outcome where it is log-normal.
    cv : float, optional
        Standard deviation of the outcome over its mean. The gap in standard deviations and the shares do not need it; the
        ratio of the means does.
    part : float
        Which share is high, and which low: .5 for halves, .25 for the top and bottom quarter. At least 1e-8, at most .5.
    shape : {"normal", "log-normal"}
        Of the outcome. A normal one with a large ``cv`` is often below zero (``below_zero`` says how often), which growth or
        profit may be and sales may not: those may be log-normal.

    Returns
    -------
    Split

    Raises
    ------
    ValueError
        For what is not a correlation, a ``cv`` not above 0 (log-normal: outside 0.001 to 1000), a ``part`` or ``shape``
        that there is not.

    Notes
    -----
    Two normal variables. At the median the gap is 2√(2/π) · r = 1.596 r standard deviations, and the share above the median
    is ½ ± asin(r)/π. Checked against simulation and numerical integration (scipy's ``quad`` and ``multivariate_normal``).
    """
    from scipy.special import ndtr, ndtri

    _correlation("r", r)
    _spread(cv, part, shape)
    h = float(-ndtri(part))
    share = _share(float(one_and_median(h, r)) / part, part)
    high = float(mean_one(h, r))
    means = high, 0.0 - high
    if shape == "log-normal":
        s = sqrt(log1p(cv**2))
        means = ((float(ndtr(sign * r * s - h)) / part - 1) / cv for sign in (1, -1))
    return Split((float(r),), float(part), _plain(cv), shape, float(part), *means, share, 1 - share)


def both_halves(r_first, r_second, r_between, cv=None, part=0.5, shape="normal"):
    """Units high on two variables against units low on both; all others are left out.

    Parameters
    ----------
    r_first, r_second : float
        Correlations of the two with the outcome (its logarithm where it is log-normal).
    r_between : float
        Correlation of the two with each other: it says how many units are high on both, and how much alike the two are.
    cv, part, shape
        As for ``halves``.

    Returns
    -------
    Split

    Raises
    ------
    ValueError
        As for ``halves``, for three correlations that no data can have together, and where fewer than 1e-8 of all units are
        high on both.

    Notes
    -----
    Three normal variables. At the median the group holds ¼ + asin(r_between)/2π of all units, its mean is
    (r_first + r_second) / 2√(2π) over that share, and the share above the median is
    (⅛ + (asin r_first + asin r_second + asin r_between) / 4π) over it. Checked as ``halves``.
    """
    from scipy.special import ndtri

    given = {"r_first": r_first, "r_second": r_second, "r_between": r_between}
    for name, r in given.items():
        _correlation(name, r)
    _spread(cv, part, shape)
    _possible(given)
    h = float(-ndtri(part))
    size = float(both_above(h, h, r_between))
    _enough(size, part, r_between)
    share = _share(both_and_median(h, r_first, r_second, r_between) / size, size)
    high = mean_both(h, r_first, r_second, r_between)
    means = high, 0.0 - high
    if shape == "log-normal":
        s = sqrt(log1p(cv**2))
        means = ((float(both_above(h - sign * r_first * s, h - sign * r_second * s, r_between)) / size - 1) / cv
                 for sign in (1, -1))
    return Split(tuple(map(float, given.values())), float(part), _plain(cv), shape, size, *means, share, 1 - share)


def _share(found, size):
    """A share of a group, free of rounding: what cannot be told from none or all is none or all."""
    noise = ROUNDING / size
    if not -noise <= found <= 1 + noise:
        raise ValueError("correlations: they lie so near to what no data can have that the share comes out as "
                         f"{found:g}; take them a little less extreme.")
    return 0.0 if found < noise else 1.0 if found > 1 - noise else found


def _enough(size, part, between):
    if size < SMALLEST:
        raise ValueError(f"part, r_between: with part = {part:g} and r_between = {between:g} hardly a unit is high on both; "
                         f"a share of at least {SMALLEST:g} of all is needed. Take a larger part, or a higher r_between.")


def _plain(cv):
    return None if cv is None else float(cv)


def _correlation(name, r):
    if not is_number(r) or not -1 < r < 1:
        raise ValueError(f"{name}: a correlation between -1 and 1 is needed, neither included, not {r!r}.")


def _spread(cv, part, shape):
    if cv is not None and (not is_number(cv) or cv <= 0):
        raise ValueError(f"cv: standard deviation over mean, a number above 0, is needed, not {cv!r}. Where the mean is not "
                         "above 0 there is no ratio of means: leave cv out.")
    if not is_number(part) or not SMALLEST <= part <= 0.5:
        raise ValueError(f"part: a share of at least {SMALLEST:g} and at most 0.5 is needed (0.25: top and bottom quarter), "
                         f"not {part!r}.")
    if shape not in SHAPES:
        raise ValueError(f"shape: {shape!r} is not one of {', '.join(SHAPES)}.")
    if shape == "log-normal" and cv is None:
        raise ValueError("cv: a log-normal outcome needs it; it says how skewed the outcome is.")
    if shape == "log-normal" and not SKEWED[0] <= cv <= SKEWED[1]:
        raise ValueError(f"cv: for a log-normal outcome a number from {SKEWED[0]:g} to {SKEWED[1]:g} is needed, not {cv!r}. "
                         "With a smaller one it is as good as normal: leave shape out.")


def _possible(given):
    first, second, between = given.values()
    left = 1 - first**2 - second**2 - between**2 + 2 * first * second * between
    if left < SINGULAR:
        ends = (first * second + sign * sqrt((1 - first**2) * (1 - second**2)) for sign in (-1, 1))
        low, high = (f"{end:.3f}" for end in ends)
        told = ", ".join(f"{name} = {r:g}" for name, r in given.items())
        raise ValueError(f"{', '.join(given)}: no data can have {told} together. With these two for the outcome, r_between "
                         f"must lie between {low} and {high}.")
