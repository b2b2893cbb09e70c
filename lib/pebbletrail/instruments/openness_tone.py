"""The tone of answers as two coders heard it: how often each tone, and how far the two agree."""

import pandas as pd

from pebbletrail.instruments.raters import agreement

CODERS = ("tone_a", "tone_b")
LEVELS = 5


def tones(instrument, rows):
    """Answers at each tone: ``brand, tone, meaning, coder_a, coder_b``, one row a brand and tone."""
    items = [item for form in instrument.forms for item in instrument.definition.items_of(form) if item.id == CODERS[0]]
    meaning = {option.value: option.texts[instrument.language] for option in items[0].options}
    return pd.DataFrame([
        {"brand": brand, "tone": tone, "meaning": meaning[tone],
         **{coder.replace("tone", "coder"): int((mine[coder] == tone).sum()) for coder in CODERS}}
        for brand, mine in rows.groupby("brand", sort=False) for tone in meaning])


def coders_agreement(rows, replicates=1000, seed=0):
    """The ``Agreement`` of the two coders over all answers that both coded."""
    codes = rows.loc[rows["answered"] == "yes", list(CODERS)].reset_index(drop=True)
    return agreement({"coders": codes.T}, None, (1, LEVELS), replicates, seed, units="answers")
