"""Answers in words, English and French, as places on a scale."""

import unicodedata

SCALES = (  # from the low end to the high one; several wordings of one place are separated by |
    ("strongly disagree", "disagree", "neither agree nor disagree|neutral|undecided", "agree", "strongly agree"),
    ("strongly disagree", "disagree", "somewhat disagree|slightly disagree", "neither agree nor disagree|neutral|undecided",
     "somewhat agree|slightly agree", "agree", "strongly agree"),
    ("pas du tout d'accord|tout a fait en desaccord", "plutot pas d'accord|pas d'accord|en desaccord",
     "ni d'accord ni pas d'accord|ni d'accord ni en desaccord|neutre", "plutot d'accord|d'accord", "tout a fait d'accord"),
    ("pas du tout d'accord|tout a fait en desaccord", "pas d'accord|en desaccord", "plutot pas d'accord|plutot en desaccord",
     "ni d'accord ni pas d'accord|ni d'accord ni en desaccord|neutre", "plutot d'accord", "d'accord",
     "tout a fait d'accord"),
    ("very dissatisfied", "dissatisfied", "neither satisfied nor dissatisfied|neutral", "satisfied", "very satisfied"),
    ("tres insatisfait|pas du tout satisfait", "insatisfait|plutot pas satisfait|peu satisfait",
     "ni satisfait ni insatisfait|neutre", "satisfait|plutot satisfait", "tres satisfait|tout a fait satisfait"),
    ("never", "rarely|seldom", "sometimes|occasionally", "often", "always"),
    ("jamais", "rarement", "parfois|quelquefois", "souvent", "toujours"),
    ("very unlikely", "unlikely", "neither likely nor unlikely|neutral", "likely", "very likely"),
    ("tres improbable", "improbable", "ni probable ni improbable|neutre", "probable", "tres probable"),
)
CANNOT_SAY = {"don't know", "dont know", "do not know", "cannot say", "can't say", "no opinion", "no answer",
              "not applicable",
              "ne sait pas", "ne sais pas", "je ne sais pas", "nsp", "sans opinion", "sans reponse", "non concerne",
              "sans objet", "?"}


def folded(text):
    """A text without accents, capitals, odd apostrophes and blanks: as two people write the same words."""
    plain = unicodedata.normalize("NFKD", str(text).replace("’", "'").replace("´", "'"))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).casefold().split())


def _known(scale):
    return {word: place / (len(scale) - 1) for place, one in enumerate(scale) for word in one.split("|")}


def _most(words, scales):
    """``{word: place}`` of the scale that has most of the words; of several, the first."""
    return max(map(_known, scales), key=lambda known: len(set(words) & set(known)), default={})


def scales_of(words):
    """The numbers of points of the scales that have most of these words, each at a place of its own.

    A word that is none does not hide the others; and seven answers are no scale of five, though two may mean the same there.
    """
    counts = {}
    for scale in SCALES:
        known = _known(scale)
        found = len({known[word] for word in words if word in known})
        counts[len(scale)] = max(found, counts.get(len(scale), 0))
    most = max(counts.values())
    return {points for points, found in counts.items() if found == most and most}


def places_of(words, points):
    """``{word: place from 0 to 1}`` on the scale of so many points that has most of the words; empty where there is none."""
    known = _most(words, [scale for scale in SCALES if len(scale) == points])
    return known if set(words) & set(known) else {}
