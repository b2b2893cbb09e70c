"""Texts read once each: of ten million values few differ, and to take one apart costs more than to look it up."""

from pebbletrail.moments.fetching import fetched
from pebbletrail.own_data.big_values import TEXTS, value

AT_ONCE = 6       # look-ups of one query: each holds memory of its own, however small it is
MOST = 1_000_000  # different texts of a column; with more of them a look-up saves nothing


def to_understand(rows, own, column):
    """Whether a column holds texts that stand for something else: a number, a date, an answer."""
    return column.kind not in TEXTS and rows[own].type().is_string()


def words_of(there, rows, used, table):
    """``{own column: its different texts}``, each a table of one column, for the columns whose texts are to be understood.

    ``used`` are pairs of a definition's column and an own one. Empty where the engine keeps nothing of ours.
    """
    owns = list(dict.fromkeys(own for column, own in used if to_understand(rows, own, column)))
    if not owns or not there.settles:
        return {}
    about = fetched(rows.aggregate(**{f"c{place}": rows[own].approx_nunique() for place, own in enumerate(owns)}))
    few = [(place, own) for place, own in enumerate(owns) if about[f"c{place}"][0].as_py() <= MOST]
    return {own: there.settled(rows.select(own).distinct(), f"pebbletrail_words_{table}_{place}") for place, own in few}


def read_by_word(rows, words, own, column, decimal, table, dates):
    """``(Value, look-up)`` of an own column: the value, and a table that has it beside each text.

    Without ``words`` the value is one of ``rows`` itself, and there is no look-up.
    """
    if words is None:
        return value(rows, own, column, decimal, table, dates), None
    got = value(words, own, column, decimal, table, dates)
    return got, words.select(word=words[own], read=got.read, raw=got.raw)


def all_beside(there, rows, lookups, table):
    """The rows with what each text's look-up, ``{text column: (look-up, read, raw)}``, says in place of the text."""
    before = None
    for place, (text, (lookup, read, raw)) in enumerate(lookups.items()):
        if place and place % AT_ONCE == 0:
            name = f"pebbletrail_beside_{table}_{place}"
            rows = there.settled(rows, name)
            if before:
                there.forget(before)
            before = name
        rows = _beside(rows, text, lookup, read, raw)
    return rows


def _beside(rows, text, lookup, read, raw):
    lookup = lookup.rename({f"{text} word": "word", read: "read", raw: "raw"})
    both = rows.left_join(lookup, rows[text] == lookup[f"{text} word"])
    return both.drop(text, f"{text} word")
