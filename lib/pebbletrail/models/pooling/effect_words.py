"""How effects, p values and heterogeneity are written in sentences and beside figures."""

import numpy as np

from pebbletrail.words import said


def places(error):
    """How many decimals a number with this standard error deserves: down to the error's first figure, and two at least.

    Down to the second where the first is 1 or 2. None where a fixed number of decimals would be long or say nothing.
    """
    if not np.isfinite(error) or error <= 0:
        return 2
    if not 1e-7 <= error < 1e7:
        return None
    return max(2, -int(np.floor(np.log10(error / 3)))) if error < 10 else int(error < 100)


def told(value, decimals, within=False):
    """A number with so many decimals; ``said`` where these are None. ``within`` −1 and 1 it is not rounded to either."""
    text = said(value) if decimals is None else f"{round(value, decimals) + 0.0:,.{decimals}f}"  # + 0.0: no −0.00
    if not within or abs(float(text.replace(",", ""))) < 1:
        return text
    shown = max(1, 3 if decimals is None else decimals)
    edge = f"{1 - 10.0**-shown:.{shown}f}"
    return f"over {edge}" if value > 0 else f"under -{edge}"


def span(ends, decimals, joint=" to ", within=False):
    """``low to high``; an end that is not 0 does not become it, since on which side of 0 it lies matters."""
    return joint.join(
        told(end, decimals, within) if decimals is None or abs(end) < 10.0 ** -(decimals + 3) or round(end, decimals)
        else f"{end:.1g}" for end in ends)


def told_p(p):
    """``p = .037``, ``p < .001``, ``p > .999``."""
    if p < 0.0005:
        return "p < .001"
    return "p > .999" if p > 0.9995 else f"p = {p:.3f}".replace("0.", ".")


def told_shares(ends):
    """``20 to 94 %``; an end that is not quite 0 or 100 is not rounded to it."""
    low, high = map(told_share, ends)
    return f"{low} to {high} %"


def told_share(percent):
    """A percentage, without its sign."""
    if 0 < percent < 0.05:
        return "under 0.1"
    if 99.95 <= percent < 100:
        return "over 99.9"
    return f"{percent:.1f}" if 0 < percent < 0.5 or 99.5 <= percent < 100 else f"{percent:.0f}"


def literal(text):
    """A text as a figure shows it letter by letter: matplotlib takes what stands between two dollar signs for a formula."""
    return text.replace("$", r"\$")
