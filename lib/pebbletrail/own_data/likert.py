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


def scales_of(words):
    """The numbers of points of all scales that have these words."""
    found = set()
    for scale in SCALES:
        known = {word for one in scale for word in one.split("|")}
        if set(words) <= known:
            found.add(len(scale))
    return found


def places_of(words, points):
    """``{word: place from 0 to 1}`` on the scale of so many points; empty where there is none."""
    for scale in SCALES:
        known = {word: place / (len(scale) - 1) for place, one in enumerate(scale) for word in one.split("|")}
        if len(scale) == points and set(words) <= set(known):
            return known
    return {}
