"""The one door to the instruments: ``pt.instrument(name)`` and ``pt.instrument_list()``."""

import pandas as pd

from pebbletrail.instruments.definition import LANGUAGES, definition, names
from pebbletrail.instruments.instrument import Instrument

LONGEST = 80  # characters of what fills a gap


def instrument_list():
    """The instruments there are.

    Returns
    -------
    DataFrame
        One row an instrument: ``name, title, forms`` (who is asked), ``scales, items, languages, version``.
    """
    known = [definition(name) for name in names()]
    return pd.DataFrame([
        {"name": one.name, "title": one.titles["en"], "forms": ", ".join(form.name for form in one.forms),
         "scales": len(one.scales), "items": sum(len(scale.items) for scale in one.scales),
         "languages": ", ".join(LANGUAGES), "version": one.version} for one in known])


def instrument(name, language="en", **words):
    """An instrument: a questionnaire in our own wording, with its scoring and with what a score does not say.

    Parameters
    ----------
    name : str
        ``"levels-of-trust"``: trust in the trade, the brand and the person, and confidence. ``"control-and-quality"``: how
        agents are controlled, and how good their calls are, asked of agents and of customers. ``"justice-in-incidents"``:
        how fair customers find what was done after something went wrong. ``"ethics-stages"``: where raters place a firm on
        nine dimensions, in five stages. ``"openness-to-dialogue"``: what brands did with messages, counted.
    language : {"en", "fr"}
    **words : str
        What stands in the gaps of the items, instead of the operator of the box call: ``trade``, ``brand``, ``person`` for
        levels-of-trust, ``employer``, ``brand`` for control-and-quality, ``brand`` for justice-in-incidents, ``firm`` for
        ethics-stages.

    Returns
    -------
    Instrument
        ``.table`` (items), ``.options``, ``.meaning``, ``.limits``; ``.fill_in()``, ``.questionnaire()``, ``.template()``,
        ``.example()`` (made up), ``.read(path)``, ``.score(answers)``, ``.reliability(answers)``, ``.kit(folder)``.

    Raises
    ------
    ValueError
        An unknown instrument, language or gap; something in a gap that is no short text.
    """
    if name not in names():
        raise ValueError(f"name: there is no instrument {name!r}; there are {', '.join(names())}.")
    if language not in LANGUAGES:
        raise ValueError(f"language: {language!r} is not one of {', '.join(LANGUAGES)}.")
    found = definition(name)
    gaps = {word.name: word for word in found.words}
    for gap, given in words.items():
        if gap not in gaps:
            raise ValueError(f"{gap}: {name} has no such gap; it has {', '.join(gaps) or 'none'}.")
        if not isinstance(given, str) or not given.strip() or len(given) > LONGEST or not given.isprintable():
            raise ValueError(f"{gap}: a text of one line and at most {LONGEST} characters is needed "
                             f"({gaps[gap].meaning}), not {given!r}.")
    return Instrument(found, language, {gap: words.get(gap, word.defaults[language]).strip() for gap, word in gaps.items()})
