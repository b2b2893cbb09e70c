"""What a panel shows of one respondent's answers: a score, or a stage, with what it says and does not say."""

import numpy as np

from pebbletrail.instruments.definition import NARROW


def results(instrument, form, scores, says):
    """``(lines, whether there is anything)``: ``{"head", "lines"}`` for each scale or dimension."""
    colon = f"{NARROW}:" if instrument.language == "fr" else ":"
    told = {"agreement": _score, "stages": _stage}[instrument.kind.name]
    made = [told(instrument, scale, scores, says, colon) for scale in instrument.definition.scales_of(form)]
    return [{"head": f"{scale.titles[instrument.language]}{colon} {head}", "lines": lines}
            for scale, (head, lines, _) in zip(instrument.definition.scales_of(form), made, strict=True)], any(
                there for _, _, there in made)


def _meaning(scale, language, says, colon):
    return [f"{says['says']}{colon} {scale.says[language]}", f"{says['does_not_say']}{colon} {scale.does_not_say[language]}"]


def _score(instrument, scale, scores, says, colon):
    """The mean of a scale's answered items."""
    language, row = instrument.language, scores.table.iloc[0]
    counts = {"answered": int(row[f"{scale.name}_answered"]), "items": len(scale.items),
              "needed": instrument.kind.needed(len(scale.items))}
    value = row[scale.name]
    if np.isnan(value):
        told = says["missing"].format(**counts)
    else:
        number = f"{value:.2f}".replace(".", "," if language == "fr" else ".")
        told = says["score"].format(score=number, **counts)
    return told, _meaning(scale, language, says, colon), not np.isnan(value)


def _stage(instrument, scale, scores, says, colon):
    """The stage that one rater gave, and the description that was ticked."""
    language, item = instrument.language, scale.items[0]
    given = scores.values[item.id].iloc[0]
    if np.isnan(given):
        return says["missing"], _meaning(scale, language, says, colon), False
    _, label, text = instrument.kind.options(item, language)[int(given) - 1]
    head = says["score"].format(stage=int(given), stages=instrument.kind.high, label=label)
    return head, [f"{says['saw']}{colon} {text}", *_meaning(scale, language, says, colon)], True
