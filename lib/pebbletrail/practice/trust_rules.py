"""Trust across stages: assumptions and rival explanations, each judged by a rule that its sentence states."""

import numpy as np
from scipy import stats

from pebbletrail.models.regress import regress
from pebbletrail.moments.accept import is_table
from pebbletrail.practice.control_fit import moments, row
from pebbletrail.practice.judged import AGAINST, FOR, OPEN, Judged, by_adjusting, by_size
from pebbletrail.practice.trust_fit import fit, levels, over_time, terms


def enough(main):
    """Whether there are rows enough for a slope beside others."""
    return Judged(by_size(-main.n, -199.5, -49.5), "enough", {"n": main.n})


def apart(study):
    """Whether trust in the person can be told from the other levels: the share of it that these explain."""
    others = [name for name in levels(study) if name != "person"]
    share = 100 * regress(moments(study.data, ["person", *others], None), f"person ~ {' + '.join(others)}").r2
    return Judged(by_size(share, 50, 80), "apart", {"share": float(share)})


def straight(study):
    """Whether the square of trust in the person adds to the line."""
    data, square = study.data, {"person_squared": study.data["person"] * study.data["person"]}
    data = data.mutate(**square) if is_table(data) else data.assign(**square)
    p = float(row(fit(study, [*terms(study), "person_squared"], data), "person_squared")["p_value"])
    return Judged("pass" if p >= 0.05 else "doubtful", "straight", {"p": p})


def straight_in_time(study):
    """Whether the square of months adds to the line of trust in the person; None where months take too few values."""
    data, square = study.data, {"months_squared": study.data["months"] * study.data["months"]}
    data = data.mutate(**square) if is_table(data) else data.assign(**square)
    try:
        p = float(row(over_time(data, "person", ["months", "months_squared"]), "months_squared")["p_value"])
    except ValueError:
        return None
    return Judged("pass" if p >= 0.05 else "doubtful", "straight.time", {"p": p}) if np.isfinite(p) else None


def ceiling(study):
    """Whether intention has room to rise: the share of answers at the top of the scale."""
    data = study.data  # the highest answer given: the firm's scale may end lower than the study's
    if is_table(data):
        top = data["intention"].max().to_pandas()
        share = 100 * (data["intention"] == top).cast("float64").mean().to_pandas()
    else:
        given = data["intention"].dropna()
        share = 100 * float((given == given.max()).mean())
    return Judged(by_size(share, 30, 60), "ceiling", {"share": float(share)})


def one_mouth(study):
    """Trust and intention come from one person's answers on one day: a doubt, even where leaving was observed besides."""
    return Judged("doubtful", "mouth.two" if study.has("left") else "mouth.one")


def good_feeling(study):
    """Rival: one good feeling about everything. Do the other levels take a fifth of the person's slope?"""
    return _moved(study, ["person", "months"], terms(study), "feeling")


def long_time(study):
    """Rival: time. Does how long people have been customers move the estimate by a fifth?"""
    return _moved(study, levels(study), terms(study), "time")


def _moved(study, fewer, all_terms, name):
    found = [row(fit(study, of), "person") for of in (fewer, all_terms)]
    return by_adjusting(f"rival.{name}", *(one["estimate"] for one in found), [one["p_value"] for one in found])


def survivors(study):
    """Rival: who distrusts is gone before anyone asks. Did those who left afterwards trust the person less?"""
    if study.in_engine or not study.has("left"):
        return Judged(OPEN, "rival.gone.unseen")
    rows = study.data.dropna(subset=["left", "person"])
    gone, stayed = (rows.loc[rows["left"] == one, "person"] for one in (1.0, 0.0))
    if min(len(gone), len(stayed)) < study.about.few:
        return Judged(OPEN, "rival.gone.unseen")
    found = stats.ttest_ind(gone, stayed, equal_var=False).confidence_interval()
    low, high = float(found.low), float(found.high)
    values = {"difference": float(gone.mean() - stayed.mean()), "low": low, "high": high}
    if high < 0:
        return Judged(FOR, "rival.gone.less", values)
    small = 0.2 * rows["person"].std()  # a fifth of a standard deviation is little
    if np.isfinite(low) and low > -small:
        return Judged(AGAINST, "rival.gone.same", values)
    return Judged(OPEN, "rival.gone.open", values)
