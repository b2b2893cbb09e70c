"""Which own column stands for which of the study, by headings alone: an engine's rows are not needed for that."""

import re
import unicodedata
from dataclasses import dataclass, replace
from difflib import get_close_matches

from pebbletrail.own_data.given import NotUsable, Problem

_ITEM = re.compile(r"\s*([+-]?)\s*([^+-]+)")


@dataclass(frozen=True)
class Chosen:
    """The study's tables in one source, and its own columns, ``{name: (Column, ((own, turned round), …))}``."""

    tables: tuple
    columns: dict


def chosen(about, headings, mapping, scales):
    """What each source gives, and the optional columns that no source has.

    Parameters
    ----------
    about : definition.Practice
    headings : dict
        Own headings by the table that each source was given for.
    mapping : dict
    scales : dict, optional
        Ends of rating scales that the reader stated, by name.

    Returns
    -------
    (dict of Chosen by table, tuple of str)

    Raises
    ------
    NotUsable
        With every column that is missing, and the nearest heading for each.
    """
    made, problems, absent = {}, [], []
    for table in about.tables:
        # a table that is not given may be part of the first one: some firms have all in one file already
        place = table.name if table.name in headings else next(iter(headings))
        columns, missing, wrong = _of_table(table, headings[place], mapping, scales)
        problems += wrong
        asked = table.required or table.name in headings
        if asked:
            problems += missing
        if missing and not asked:
            absent += [column.name for column in table.columns if column.name != table.key]
            continue
        absent += [column.name for column in table.columns if column.name not in columns and not column.required]
        held = made.setdefault(place, Chosen((), {}))
        made[place] = Chosen((*held.tables, table), {**columns, **held.columns})
    if problems:
        raise NotUsable("--map: " + " ".join(map(_told, problems)), problems)
    given = {name for one in made.values() for name in one.columns}
    return made, tuple(dict.fromkeys(name for name in absent if name not in given))


def _of_table(table, headings, mapping, scales):
    """``({name: (Column, owns)}, missing, wrong)`` of one table of the study."""
    columns, missing, wrong = {}, [], []
    for column in table.columns:
        asked = mapping.get(f"{table.name}.{column.name}", mapping.get(column.name))
        owns = _items(asked, headings) if asked else _same_name(column.name, headings)
        unknown = [own for own, _ in owns if own not in headings]
        if unknown and asked and table.required:
            wrong += [_missing(table, column, own, headings) for own in unknown]
        elif unknown or not owns:
            missing += [_missing(table, column, column.name, headings)] if column.required else []
        elif len(owns) > 1 and not column.items:
            wrong.append(Problem("no-items", table.name, column.name, asked, found=asked, stops=True,
                                 mend=f"{column.name} is one column, not several joined by +."))
        else:
            columns[column.name] = (_with_ends(column, scales), owns)
    return columns, missing, wrong


def _items(asked, headings):
    """``q1+q2-q3`` taken apart, unless the file has a heading that reads so."""
    if asked in headings:
        return ((asked, False),)
    return tuple((own.strip(), sign == "-") for sign, own in _ITEM.findall(asked))


def _same_name(name, headings):
    near = [own for own in headings if _folded(own) == _folded(name)]
    return ((near[0], False),) if len(near) == 1 else ((name, False),) if name in headings else ()


def _folded(name):
    plain = unicodedata.normalize("NFKD", str(name))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold().replace(" ", "").replace("_", "")


def _with_ends(column, scales):
    ends = (scales or {}).get(column.name)
    return replace(column, low=ends[0], high=ends[1]) if ends else column


def _missing(table, column, own, headings):
    folded = {_folded(one): one for one in headings}
    near = next((folded[one] for one in get_close_matches(_folded(own), folded, 1)), "")
    mend = f"Say which it is: --map {column.name}=" + (f"{near!r}" if near else "HEADING") + "."
    return Problem("missing-column", table.name, column.name, own, found=near, mend=mend, stops=True)


def _told(problem):
    if problem.code == "no-items":
        return problem.mend
    near = f"; the nearest heading is {problem.found!r}" if problem.found else ""
    return f"{problem.table} has no column {problem.own!r}{near}. {problem.mend}"
