"""``q1+q2-q3`` taken apart into headings, though headings may hold plus and minus signs themselves."""

import re
import unicodedata

_ITEM = re.compile(r"\s*([+-]?)\s*([^+-]+)")
_SIGN = re.compile(r"\s*([+-]?)\s*")


def taken_apart(asked, headings):
    """The own columns that an expression names, and whether each is turned round.

    Parameters
    ----------
    asked : str
        A heading; or headings joined by ``+``, where ``-`` turns the item after it round.
    headings : list of str

    Returns
    -------
    tuple of (str, bool)
        A heading that reads like the whole expression comes first. Else the longest heading that fits each place is
        taken, so that ``Note - accueil+Note`` is two items where there is a heading ``Note - accueil``. What is no
        heading is cut at its signs, and stands as it is.
    """
    known = {_composed(one): one for one in headings}
    whole = _composed(asked)
    if whole in known:
        return ((known[whole], False),)
    by_length = sorted(known, key=len, reverse=True)
    found = _by_headings(whole, by_length)
    if found is None:
        found = [(own.strip(), sign == "-") for sign, own in _ITEM.findall(whole)]
    return tuple((known.get(own, own), turned) for own, turned in found)


def _by_headings(text, known):
    """``[(heading, turned)]`` where the text is nothing but headings and signs, or None."""
    found, rest = [], text
    while rest:
        sign = _SIGN.match(rest)
        if found and not sign[1]:
            return None
        rest = rest[sign.end():]
        own = next((one for one in known if one and rest.startswith(one) and _ends(rest[len(one):])), None)
        if own is None:
            return None
        found.append((own, sign[1] == "-"))
        rest = rest[len(own):].rstrip()
    return found


def _ends(rest):
    """Whether a heading may end here: before a sign, or at the end."""
    return not rest.strip() or rest.strip()[0] in "+-"


def _composed(text):
    """Accents in one piece: some systems write them in two, and nobody sees the difference."""
    return unicodedata.normalize("NFC", str(text)).strip()
