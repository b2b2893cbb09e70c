"""What a pool rests on: the same without each study in turn."""

import pandas as pd

from pebbletrail.models.pooling.effect_words import places, span, told

FEWEST = 3
STATES = {1: "lies above 0", 0: "holds 0", -1: "lies below 0"}


def leave_one_out(whole):
    """The table of a Pooled without each of its studies."""
    from pebbletrail.models.pooling.pooled import pooled

    if whole.k < FEWEST:
        raise ValueError(f"effects: leaving one study out needs at least {FEWEST} studies, since one alone cannot be "
                         f"pooled, and there are {whole.k}.")
    names, y, v, rows = whole.names, whole.around.y, whole.around.v, []
    for i, name in enumerate(names):
        kept = [at for at in range(whole.k) if at != i]
        rest = pooled(tuple(names[at] for at in kept), y[kept], v[kept], whole.method, whole.test)
        rows.append((name, rest.estimate, rest.se, *rest.ci, rest.p_value, rest.tau2, rest.i2))
    return pd.DataFrame(rows, columns=["left_out", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "i2"])


def sentence(table, estimate, ci, error, within=False):
    """Which study moves the mean most, and whether leaving one out turns the conclusion; ``within``: as in ``told``."""
    decimals = places(error)
    most = table.loc[(table["estimate"] - estimate).abs().idxmax()]
    start = (f"Without {most['left_out']} the mean would be {told(most['estimate'], decimals, within)} (95 % interval "
             f"{span(most[['ci_low', 'ci_high']], decimals, within=within)}) instead of {told(estimate, decimals, within)} "
             f"({span(ci, decimals, within=within)}); no other study moves it more.")
    sides, side = [_side(ends) for ends in zip(table["ci_low"], table["ci_high"], strict=True)], _side(ci)
    turning = [str(name) for name, other in zip(table["left_out"], sides, strict=True) if other != side]
    if not turning:
        return f"{start} The interval {STATES[side]} whichever study is left out: no single one decides."
    listed = turning[0] if len(turning) == 1 else f"any one of {', '.join(turning[:5])}" + (
        f" and {len(turning) - 5} more" if len(turning) > 5 else "")
    return f"{start} With all studies the interval {STATES[side]}; without {listed} it does not: the conclusion is fragile."


def _side(ends):
    """1 and −1 for an interval above or below 0, else 0."""
    return (ends[0] > 0) - (ends[1] < 0)
