"""What a PLS fit says in sentences."""

from pebbletrail.words import said

SMALL = 30  # observations below which the sentence warns
FEW = {"rows": 10, "groups": 30}  # units resampled below which intervals are too short
AGAINST = -0.1  # a loading below which an item points against its block


def told(fit):
    """The strongest path, what is explained, interactions, warnings, and how the intervals were got."""
    size = "A table without a sample size" if fit.n is None else f"{fit.n:,} observations"
    shares = ", ".join(f"{name} {100 * share:.0f} %" for name, share in fit.r2.items())
    parts = [f"{size}: {_strongest(fit)}.", f"Of the differences between observations the model accounts for: {shares}."]
    for row in fit.table[fit.table["predictor"].str.contains(":")].itertuples():
        first, second = row.predictor.split(":")
        parts.append(f"With each standard deviation more of {second}, the path {first} → {row.outcome} changes by "
                     f"{said(row.estimate, sign=True)}{_between(fit, row._asdict())}.")
    against = _against(fit)
    if against:
        parts.append(f"{', '.join(against)} {'loads' if len(against) == 1 else 'load'} against the other items of the "
                     "construct: coded backwards?")
    if fit.n is not None and fit.n < SMALL:
        parts.append("So few observations say little.")
    return " ".join([*parts, *_resampled(fit), f"Data: {fit.rule}."])


def _strongest(fit):
    plain = fit.table[~fit.table["predictor"].str.contains(":")]
    top = plain.loc[plain["estimate"].abs().idxmax()]
    cause, outcome = top["predictor"], top["outcome"]
    others = [name for name in fit.table.loc[fit.table["outcome"] == outcome, "predictor"] if name != cause]
    partners = [other for name in others if ":" in name and cause in name.split(":") for other in name.split(":")
                if other != cause]
    still = ""
    if partners:
        still = f", where {' and '.join(partners)} {'lies at its' if len(partners) == 1 else 'lie at their'} mean"
    if any(":" not in name and name not in partners for name in others):
        still += f"{' and' if partners else ','} what else points at {outcome} held still"
    more = "more" if top["estimate"] >= 0 else "less"
    return (f"the strongest path is {cause} → {outcome}. One standard deviation more of {cause} goes with "
            f"{said(abs(top['estimate']))} {more} of {outcome}{still}{_between(fit, top)}")


def _between(fit, row):
    if fit.intervals == "none":
        return ""
    if not row["ci_low"] <= row["ci_high"]:
        return " (no interval)"
    return f" ({100 * fit.confidence:.3g} % interval {said(row['ci_low'])} to {said(row['ci_high'])})"


def _against(fit):
    modes = fit._structure.modes
    return [row.indicator for row in fit.loadings.itertuples() if row.estimate < AGAINST and modes[row.construct] == "A"]


def _resampled(fit):
    """How the intervals were got, and what went wrong in resamples."""
    if fit.intervals == "none":
        return
    early = ", stopped early" if fit.interrupted else ""
    yield f"Intervals: {fit.intervals}, {fit.replicates:,} resamples of {fit.size:,} {fit.units}{early}."
    if fit.size < FEW[fit.units]:
        yield f"With {fit.size} {fit.units} such intervals are too short."
    if fit.failed:
        yield (f"In {fit.failed:,} resamples the model could not be computed (an item did not vary, predictors were "
               "collinear, or the weights did not settle); they are left out.")
    if fit.turned:
        yield (f"In {fit.turned:,} a construct's sign was turned to agree with the whole data: the construct is weak, or "
               "its items point both ways.")
