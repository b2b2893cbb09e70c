"""The relational chain: a path model of the constructs that were given, from moments, so that rows and engines agree."""

import numpy as np
import pandas as pd

from pebbletrail.models.paths import paths
from pebbletrail.models.regress import regress
from pebbletrail.moments.accept import is_table
from pebbletrail.practice.control_fit import moments, times

# Each construct, and what leads to it: the satisfaction index's arrows, with trust and commitment between satisfaction
# and loyalty, as in relationship marketing. An order in which every arrow points forward.
ARROWS = {
    "image": (),
    "expectation": ("image",),
    "quality": ("expectation",),
    "value": ("expectation", "quality"),
    "satisfaction": ("image", "expectation", "quality", "value"),
    "trust": ("satisfaction",),
    "commitment": ("satisfaction", "trust"),
    "loyalty": ("image", "satisfaction", "trust", "commitment"),
}
SOURCE, TARGET = "quality", "loyalty"
UNITS = 10  # groups from which errors by group are better than errors by row


def given(study):
    """The constructs that were given, in the chain's order."""
    return tuple(name for name in ARROWS if study.has(name))


def arrows(constructs):
    """``{outcome: predictors}`` among some constructs: what led to an absent one leads to what it led to."""
    def leading(name):
        found = [one if one in constructs else leading(one) for one in ARROWS[name]]
        flat = [part for one in found for part in ([one] if isinstance(one, str) else one)]
        return list(dict.fromkeys(flat))

    made = {name: sorted(leading(name), key=list(ARROWS).index) for name in constructs}
    return {name: tuple(predictors) for name, predictors in made.items() if predictors}


def model(constructs):
    """The path model in lavaan's words, a line an outcome."""
    return "\n".join(f"{name} ~ {' + '.join(predictors)}" for name, predictors in arrows(constructs).items())


def by_unit(study):
    """The column that errors are clustered by: the unit, where there are enough of them; else none."""
    if not study.has("unit"):
        return ""
    data = study.data
    units = data["unit"].nunique().to_pandas() if is_table(data) else data["unit"].nunique()
    return "unit" if units >= UNITS else ""


def summed(study, data=None):
    """Moments of the constructs that were given, by unit where errors are clustered."""
    return moments(study.data if data is None else data, given(study), by_unit(study) or None)


def fit(study, m, **options):
    """The path model, with errors by unit where there are units enough."""
    return paths(m, model(given(study)), errors="cluster" if by_unit(study) else "classical", **options)


def effect(found, source=SOURCE, target=TARGET, kind="total"):
    """One effect of a fitted model, as a dict for the study."""
    rows = found.effects.query("source == @source and target == @target and kind == @kind")
    row = rows.iloc[0]
    values = {"estimate": row["estimate"], "low": row["ci_low"], "high": row["ci_high"], "se": row["se"], "n": int(found.n)}
    return {name: value.item() if hasattr(value, "item") else value for name, value in values.items()}


def called(study, name):
    """A construct, or a way of several (``satisfaction → trust``), in the report's language."""
    return " → ".join(study.say(f"label.{one.strip()}") for one in str(name).split("→"))


def ways(study, found):
    """The values of every indirect way from quality to loyalty, the strongest first."""
    rows = found.effects
    rows = rows[(rows["source"] == SOURCE) & (rows["target"] == TARGET) & (rows["kind"] == "indirect")]
    rows = rows[rows["via"].notna() & (rows["via"] != "")]
    rows = rows.reindex(rows["estimate"].abs().sort_values(ascending=False).index)
    for row in rows.itertuples():
        yield {"way": called(study, row.via), "estimate": row.estimate, "low": row.ci_low, "high": row.ci_high}


def ancestors(constructs, name=SOURCE):
    """What comes before a construct in the model."""
    before = arrows(constructs).get(name, ())
    return tuple(one for one in constructs if one in before or any(one in ancestors(constructs, other) for other in before))


def in_one(study, m):
    """The total effect by one regression: loyalty on quality and what comes before it, with nothing between held equal."""
    terms = [SOURCE, *ancestors(given(study))]
    errors = "cluster" if by_unit(study) else "classical"
    return times(regress(m, f"{TARGET} ~ {' + '.join(terms)}", errors=errors), 1.0, SOURCE)


def bare(study, m):
    """Loyalty on quality alone."""
    return times(regress(m, f"{TARGET} ~ {SOURCE}", errors="cluster" if by_unit(study) else "classical"), 1.0, SOURCE)


def without_one(study):
    """The total effect without the unit that moves it most, and the range over all; None without units, or in an engine."""
    if not by_unit(study) or study.in_engine:
        return None
    data = study.data.dropna(subset=list(given(study)))
    whole = effect(fit(study, summed(study, data)))["estimate"]
    found = [effect(fit(study, summed(study, data[data["unit"] != unit]))) for unit in data["unit"].unique()]
    slopes = [one["estimate"] for one in found]
    return {**max(found, key=lambda one: abs(one["estimate"] - whole)), "least": min(slopes), "most": max(slopes)}


def items(study):
    """``{construct: its items}`` where a construct was joined from several columns and these were kept."""
    held = list(study.data.columns)
    found = {name: [one for one in held if one.startswith(f"{name}.")] for name in given(study)}
    return {name: tuple(some) for name, some in found.items() if len(some) > 1}


def alphas(study):
    """Cronbach's alpha of each construct whose items were kept: a Series, the weakest first."""
    data = study.data
    return pd.Series({name: moments(data, some, None).alpha(list(some)) for name, some in items(study).items()},
                     dtype=float).sort_values()


def standardised(study, m, source, target):
    """One standardised path: what its printed fellows are measured in."""
    table = paths(m, model(given(study)), standardized=True).table
    return float(table.query("predictor == @source and outcome == @target")["estimate"].iloc[0])


def shared(m):
    """The share of all constructs' variance that their first common direction holds."""
    cor = m.cor.to_numpy()
    return float(np.linalg.eigvalsh(cor)[-1] / len(cor))
