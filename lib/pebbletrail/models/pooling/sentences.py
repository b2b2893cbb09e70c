"""What a pool says: the mean, how much studies differ, a new study, and what stands against them; also of correlations."""

import numpy as np

from pebbletrail.models.pooling.effect_words import places, span, told, told_p, told_share, told_shares

SURPRISING = 0.05


def of_pool(shown, what, decimals, back=None):
    """The sentences of a pool.

    Parameters
    ----------
    shown : Pooled or PooledCorrelations
    what : str
        What was pooled: an effect, a correlation.
    decimals : int or None
        Of the mean and its intervals.
    back : callable, optional
        Takes an end of an interval from the scale of the pool to the one that is shown, whose numbers lie within −1 and 1.
    """
    within = back is not None
    mean = f"{told(shown.estimate, decimals, within)} (95 % interval {span(shown.ci, decimals, within=within)})"
    if shown.method == "fixed":
        return _common(shown, what, mean, back)
    return (f"Across {shown.k} studies the mean {what} is {mean}; {told_share(shown.i2)} % of the variation lies between "
            f"studies{how_sure(shown.i2_ci)}. If the model holds, a new study's true {what} would lie between "
            f"{span(shown.prediction, decimals, ' and ', within)} ({of_new(shown.k, shown.i2)})."
            f"{_short(getattr(shown, 'pooled', shown), back)}")


def _common(shown, what, mean, back):
    """The sentences where one common effect is supposed, and whether the studies contradict that."""
    start = f"If all {shown.k} studies estimate one and the same {what}, it is {mean}."
    if shown.test == "knapp-hartung":
        start += (f" This interval rests on the spread of the {what}s; on the variances alone, as is usual here "
                  f"(test='z'), it is {_told_ends(getattr(shown, 'pooled', shown).classical, back)}.")
    found = f"(Q = {told(shown.q, 1)} on {shown.q_df} degrees of freedom, {told_p(shown.q_p)})"
    if shown.q_p < SURPRISING:
        return (f"{start} They differ more than that allows {found}: about {told_share(shown.i2)} % of the variation lies "
                "between studies. This model makes no room for it; method='REML' does.")
    return f"{start} The studies do not contradict this {found}, but few or small ones seldom can."


def _short(whole, back):
    """The caution where Knapp-Hartung's interval is the shorter one, since studies differ less than chance allows."""
    return shorter(whole.ci, whole.classical, whole.tau2, "The studies", "the mean", back) \
        if whole.test == "knapp-hartung" else ""


def shorter(ci, classical, tau2, who, of, back=None):
    """What to say where an interval is shorter than the classical one, and nothing where it is not."""
    if np.ptp(ci) >= np.ptp(classical):
        return ""
    less = "chance makes studies differ on average" if tau2 == 0 else "the variance estimated between them lets expect"
    return (f" {who} differ less than {less}, which shortens the intervals; test='z' gives {_told_ends(classical, back)} "
            f"for {of}, which is safer here.")


def _told_ends(ends, back):
    ends = ends if back is None else tuple(float(back(end)) for end in ends)
    return span(ends, places(np.ptp(ends) / 3.92), within=back is not None)


def how_sure(i2_ci):
    """The interval of I², where it has one."""
    return f" ({told_shares(i2_ci)})" if i2_ci[1] > 0 else ""


def of_new(k, i2):
    """Of how many new studies a prediction interval holds, which is 95 % only where τ² is known well enough."""
    if (k >= 10 and i2 >= 80) or (k >= 30 and i2 >= 60):
        return "95 % in theory, some 90 to 95 % in practice"
    return ("95 % in theory; nearer 85 to 90 % where studies differ about as much as chance makes them, and "
            f"{k} studies hardly show which")
