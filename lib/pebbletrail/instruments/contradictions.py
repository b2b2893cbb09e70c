"""What cannot be true together in a row about a contact: told of a table by its columns, and of a form by its lines."""

import numpy as np

from pebbletrail.instruments.contacts import PUBLIC
from pebbletrail.instruments.definition import NARROW, common


def contradictions(rows):
    """``[(row, rule)]`` of checked rows, by place; ``of_columns`` and ``of_line`` put a rule into words."""
    answered, hours, watched, public = rows["answered"], rows["hours"], rows["watched"], rows["channel"] == PUBLIC
    coded = rows["tone_a"].notna() | rows["tone_b"].notna()
    found = {
        "channel": rows["channel"].isna(),
        "answered": answered.isna(),
        "not-watched": (answered == "no") & ~(watched > 0),
        "no-hours": (answered == "yes") & hours.isna(),
        "no-resolved": (answered == "yes") & rows["resolved"].isna(),
        "hours-of-none": (answered == "no") & hours.notna(),
        "too-late": hours > watched,
        "tone-of-none": (answered == "no") & coded,
        "moved-without": (answered == "no") & (rows["moved"] == "yes"),
        "moved-private": (rows["moved"] == "yes") & rows["channel"].notna() & ~public,
        "deleted-private": (rows["deleted"] == "yes") & rows["channel"].notna() & ~public,
        "no-deleted": public & rows["deleted"].isna(),
    }
    order = {name: at for at, name in enumerate(found)}
    return sorted(((int(row), name) for name, where in found.items() for row in np.flatnonzero(where)),
                  key=lambda one: (one[0], order[one[1]]))


def of_columns(rule):
    """What is wrong with a row of a table, which has columns."""
    return common()["contradictions"][rule]["columns"]


def of_line(rule, lines, language):
    """What is wrong with a form, which has lines: the number and the text of the line, then why."""
    told = common()["contradictions"][rule]
    return at_line(told["item"], lines, language, told[language])


def at_line(item, lines, language, why):
    """A line of a form by its number and text, and what is to be said of it. ``lines`` are those that are shown."""
    number, text = next((number, line["text"]) for number, line in enumerate(lines, 1) if line["item"] == item)
    if language == "fr":
        return f"Ligne {number}, «{NARROW}{text}{NARROW}»{NARROW}: {why}"
    return f"Line {number}, “{text}”: {why}"
