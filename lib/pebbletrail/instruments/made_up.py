"""Made-up answers, to see how an instrument works. Nobody gave them, and the tables say so."""

import numpy as np
import pandas as pd

from pebbletrail.instruments.definition import common

ROWS = {"agreement": 120, "stages": 7, "contacts": 40}
MOST = 100_000
SIDES = {"en": ("manager", "employee", "customer"), "fr": ("encadrement", "salarié", "client")}
WATCHED = 72.0
# How three made-up brands treat messages: share answered, typical hours, tone, share resolved when answered, share of public
# messages deleted, and moved. The first is quick and curt, the second slow and kind, the third mostly silent.
BRANDS = {"made-up A": (0.85, 3.0, 2.9, 0.50, 0.10, 0.35), "made-up B": (0.70, 16.0, 4.2, 0.75, 0.0, 0.15),
          "made-up C": (0.40, 30.0, 3.2, 0.40, 0.30, 0.50)}


def example(instrument, form, seed=0, rows=None):
    """A made-up table; ``Instrument.example`` says more."""
    kind = instrument.kind.name
    rows = ROWS[kind] if rows is None else rows
    if isinstance(rows, bool) or not isinstance(rows, int | np.integer) or not 1 <= rows <= MOST:
        raise ValueError(f"rows: a whole number from 1 to {MOST:,} is needed, not {rows!r}.")
    rng = np.random.default_rng(seed)
    made = {"agreement": _respondents, "stages": _raters, "contacts": _messages}[kind](instrument, form, rows, rng, seed)
    columns = list(instrument.template(form=form).columns)
    made = made[[one for one in columns if one in made]]
    made.attrs["made_up"] = common()["example"][instrument.language]
    return made


def _respondents(instrument, form, rows, rng, seed):
    """Scales that share a mood and rest on one another as the definition's ``example`` says; a few answers are missing."""
    asked, definition = instrument.definition.form(form), instrument.definition
    mood, latent, made = rng.normal(size=rows), {}, {}
    for scale in definition.scales_of(form):
        rests = definition.example.get(scale.name, {})
        shared = sum((weight * latent[other] for other, weight in rests.items()), np.zeros(rows))
        own = np.sqrt(max(1 - sum(weight**2 for weight in rests.values()), 0.1))
        latent[scale.name] = shared + own * (0.4 * mood + 0.9 * rng.normal(size=rows))
        centre = rng.uniform(3.6, 4.8)
        for item in scale.items:
            value = np.clip(np.round(centre + 1.2 * latent[scale.name] + 0.9 * rng.normal(size=rows)), 1, 7)
            made[item.id] = np.where(rng.random(rows) < 0.02, np.nan, 8 - value if item.reversed else value)
    keys = {asked.keys[0]: [f"made-up {n:03}" for n in range(1, rows + 1)]}
    if asked.clustered_in in asked.keys:
        keys[asked.clustered_in] = [f"made-up {'ABCDEFGH'[n]}" for n in rng.integers(8, size=rows)]
    return pd.DataFrame({**keys, **made})


def _raters(instrument, form, rows, rng, seed):
    """One firm, with a stage of its own on each dimension; managers see it half a stage higher; some cannot say."""
    dimensions = [item.id for item in instrument.definition.items_of(form)]
    firm = rng.normal(2.6, 0.9, len(dimensions))
    sides = np.resize(SIDES[instrument.language], rows)
    higher = np.where(sides == SIDES[instrument.language][0], 0.5, 0.0)
    stages = np.clip(np.round(firm + higher[:, None] + rng.normal(0, 0.7, (rows, len(dimensions)))), 1, 5)
    stages = np.where(rng.random(stages.shape) < 0.06, np.nan, stages)
    name = f"made-up firm {seed}" if isinstance(seed, int | np.integer) else "made-up firm"
    keys = {"rater": [f"made-up {n}" for n in range(1, rows + 1)], "firm": name, "side": sides}
    return pd.DataFrame({**keys, **dict(zip(dimensions, stages.T, strict=True))})


def _messages(instrument, form, rows, rng, seed):
    """The same messages to three brands, each watched for three days; two coders who mostly agree."""
    channel = rng.choice(["public", "private", "email"], rows, p=[0.5, 0.25, 0.25])
    about = rng.choice(["question", "complaint", "suggestion"], rows, p=[0.4, 0.4, 0.2])
    parts = []
    for brand, (answers, hours, tone, resolved, deleted, moved) in BRANDS.items():
        delay = np.maximum(np.round(hours * np.exp(0.8 * rng.normal(size=rows)), 1), 0.1)
        answered = (rng.random(rows) < answers) & (delay <= WATCHED)
        heard = tone + 0.8 * rng.normal(size=rows)
        codes = [np.clip(np.round(heard + 0.35 * rng.normal(size=rows)), 1, 5) for _ in range(2)]
        public = channel == "public"

        def yes(share, where, column=None, draw=rng):
            return np.where(where, np.where(draw.random(rows) < share, "yes", "no"), column)

        parts.append(pd.DataFrame({
            "message": [f"{brand[-1].lower()}{n:03}" for n in range(1, rows + 1)], "brand": brand, "channel": channel,
            "about": about, "watched": WATCHED, "answered": np.where(answered, "yes", "no"),
            "hours": np.where(answered, delay, np.nan), "tone_a": np.where(answered, codes[0], np.nan),
            "tone_b": np.where(answered, codes[1], np.nan), "resolved": yes(resolved, answered, "no"),
            "moved": yes(moved, answered & public), "deleted": yes(deleted, public)}))
    return pd.concat(parts, ignore_index=True)
