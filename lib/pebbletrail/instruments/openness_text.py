"""What is said of openness to dialogue: the index, how sure its order is, and what to be careful about."""

import numpy as np

from pebbletrail.instruments.openness_weights import WEIGHTINGS
from pebbletrail.instruments.scoring import counted
from pebbletrail.measures.kappa import percent

FEW = 30  # messages of a brand below which its intervals are rough
APART = 0.2  # a difference in what was sent to two brands from which they are not compared like with like
EDGE = 0.05  # a part as near as this to 0 or 1, at which the intervals of the index are too short
SURE = 0.95  # share of weightings from which the order of two brands is called one that weights hardly change


def told(found):
    """The text of an ``Openness``."""
    index = found.index
    parts = [f"{found.made_up}"] if found.made_up else []
    parts.append(f"{counted(len(found.rows), 'message')} to {counted(len(index), 'brand')}. Index of openness, 0 to 100 "
                 f"(ours; no value is good or bad in itself): {'; '.join(map(_one, index.itertuples()))}.")
    parts.append("Weights: " + ", ".join(f"{name} {percent(weight)}" for name, weight in found.weights.items()) + ".")
    parts += list(_order(found))
    parts.append("The parts overlap: a message that nobody answers is neither quickly nor kindly answered, so the index "
                 "leans on answering whatever the weights are.")
    parts += list(_cautions(found))
    parts.append(f"Tone, two coders: {found.agreement.text}")
    parts.append("It tells what these brands did with these messages, not why, and not how they treat other people.")
    return " ".join(parts)


def _one(row):
    if row.estimate != row.estimate:
        return f"{row.brand} {row.note}"
    interval = f"{row.ci_low:.0f} to {row.ci_high:.0f}" if row.ci_low == row.ci_low else "no interval"
    return f"{row.brand} {row.estimate:.0f} ({interval}, {counted(row.messages, 'message')})"


def _order(found):
    """Of each brand and the next one below it: how sure that order is."""
    brands = list(found.index["brand"])
    for pair in found.pairs.itertuples():
        if brands.index(pair.second) != brands.index(pair.first) + 1:
            continue
        if tied(found.estimates.loc[[pair.first, pair.second]].to_numpy()):
            yield f"{pair.first} and {pair.second} tie under all weights."
            continue
        moved = ("weights hardly change that" if pair.of_weightings >= SURE else
                 "it is the weights that put it there" if pair.of_weightings < 0.5 else
                 "the order of these two hangs on the weights")
        zero = "; the interval of their difference holds 0" if pair.ci_low <= 0 <= pair.ci_high else ""
        share = f" in {percent(pair.of_weightings)} of {WEIGHTINGS:,} weightings drawn at random: {moved}."
        if pair.of_resamples != pair.of_resamples:
            yield (f"{pair.first} stands above {pair.second}: too few or too uniform messages to say how sure that is. It "
                   f"does{share}")
        else:
            yield (f"{pair.first} stands above {pair.second} in {percent(pair.of_resamples)} of resamples of the messages"
                   f"{zero}, and{share}")


def tied(parts):
    """Whether two brands are the same in every part that is known of both, so that no weights part them."""
    apart = np.abs(parts[0] - parts[1])
    return bool((apart[~np.isnan(apart)] < 1e-9).all())


def _cautions(found):
    rows = found.rows
    sizes = rows["brand"].value_counts()
    if few := [brand for brand in found.index["brand"] if sizes[brand] < FEW]:
        yield f"Fewer than {FEW} messages ({', '.join(few)}): these intervals are rough."
    if edges := list(_edges(found)):
        yield (f"At or near 0 or 1: {'; '.join(edges)}. There the interval of the index is too short: messages that did not "
               "turn up cannot be drawn again.")
    watched = rows["watched"].dropna()
    if watched.nunique() > 1:
        yield (f"Messages were not all watched for the same time ({watched.min():g} to {watched.max():g} hours): who is "
               "watched for longer has more time to answer, and shares of those answered do not compare as they stand.")
    for column in ("about", "channel"):
        if mixes_apart(rows, column) > APART:
            yield (f"The brands were not sent the same mix ({column}): compare like with like, for example the rows of one "
                   f"{column} only.")
    answered = rows["answered"] == "yes"
    if silent := int(rows["resolved"].isna().sum()):  # of answered ones it is asked for
        yield f"Taken as not resolved, since nothing is said of it: {counted(silent, 'unanswered message')}."
    if uncoded := int((answered & rows["tone_a"].isna() & rows["tone_b"].isna()).sum()):
        yield f"The tone of {counted(uncoded, 'answer')} is not coded: taken to be as friendly as that of the others."


def _edges(found):
    """Of each brand the parts in the index that are at or near 0 or 1."""
    for brand in found.index["brand"]:
        parts = found.estimates.loc[brand]
        near = [name for name, value in parts.items()
                if found.weights[name] > 0 and (value <= EDGE + 1e-9 or value >= 1 - EDGE - 1e-9)]
        if near:
            yield f"{brand} ({', '.join(near)})"


def mixes_apart(rows, column):
    """How far two brands are apart at most in what they were sent: the share of messages that would have to be exchanged."""
    shares = [part[column].value_counts(normalize=True) for _, part in rows.dropna(subset=[column]).groupby("brand")]
    apart = [float(first.sub(second, fill_value=0).abs().sum() / 2) for first in shares for second in shares]
    return max(apart, default=0.0)
