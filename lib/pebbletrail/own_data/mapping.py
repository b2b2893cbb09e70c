"""Which own heading stands for which column of the study, and what of a file is left out."""

import re
import unicodedata
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase

from pebbletrail.own_data.expression import taken_apart
from pebbletrail.own_data.given import NotUsable, Problem

TURNED = "\u2212"
SEVERAL = ("code", "group")  # two of these may be one column of the file: teams that are the clusters too
_WORDS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
_DENIED = ("not", "non", "no", "pas", "sans", "without")
NEEDS_ENDS = "--scale {}=1..7"


@dataclass(frozen=True)
class Chosen:
    """The study's tables in one source, and its own columns, ``{name: (Column, ((own, turned round), …))}``."""

    tables: tuple
    columns: dict


def headings(columns):
    """``(table, study's name, own headings)`` of every column taken up; free words are not.

    ``columns`` are ``Chosen`` by table. Items stand as ``q1 + q2``, one turned round behind a minus, a constant as ``= 1``.
    """
    made = []
    for table, one in columns.items():
        for name, (column, owns) in one.columns.items():
            signs = [f"{TURNED if turned else '+'} {own}" for own, turned in owns]
            text = " ".join(signs).removeprefix("+ ")
            if column.kind != "text":
                made.append((table, name, f"= {text[1:]}" if text.startswith("=") else text))
    return tuple(made)


def chosen(about, headings, mapping, scales=None):
    """What each source gives, and the optional columns that no source has.

    Parameters
    ----------
    about : definition.Practice
    headings : dict
        Own headings by the table that each source was given for.
    mapping : dict
        ``{study: own}`` or ``{"table.study": own}``; ``own`` is a heading, a sum of items (``q1+q2``), or an item turned
        round (``-q2``). A study's name that is not mapped is found under the same name, if only one heading reads so.
    scales : dict, optional
        Ends of rating scales that the reader stated, by the study's name.

    Returns
    -------
    (dict of Chosen by table, tuple of str)

    Raises
    ------
    NotUsable
        With everything that is wrong at once, and the nearest name for each.
    """
    from pebbletrail.own_data.messages import refusal

    problems, made, absent = _unknown(about, headings, mapping), {}, []
    for table in about.tables:
        place = table.name if table.name in headings else next(iter(headings), None)
        if place is None:
            continue
        found, wrong = _of_table(about, table, place, headings, mapping, scales)
        problems += wrong
        absent += [column.name for column in table.columns if column.name not in (found or ())]
        if found is not None:
            held = made.setdefault(place, Chosen((), {}))
            more = {name: one for name, one in found.items() if name not in held.columns}
            made[place] = Chosen((*held.tables, table), {**held.columns, **more})
    for place, one in made.items():
        problems += _twice(place, one.columns)
    if problems:
        raise NotUsable(refusal(problems), problems)
    given = {name for one in made.values() for name in one.columns}
    return made, tuple(dict.fromkeys(name for name in absent if name not in given))


def folded(name):
    """A name without accents, capitals, blanks and lines: as two people write the same heading."""
    plain = unicodedata.normalize("NFKD", str(name))
    return "".join(sign for sign in plain if sign.isalnum() and not unicodedata.combining(sign)).casefold()


def _unknown(about, headings, mapping):
    """Tables and names of the study that it does not have."""
    tables = [table.name for table in about.tables]
    names = [*about.columns, *(f"{table.name}.{column.name}" for table in about.tables for column in table.columns)]
    wrong = [Problem("unknown-table", table, found=_nearest(table, tables), allowed=", ".join(tables), stops=True)
             for table in headings if table not in tables]
    return wrong + [Problem("unknown-name", "", name, str(mapping[name]), found=_nearest(name, names),
                            allowed=", ".join(about.columns), stops=True) for name in mapping if name not in names]


def _of_table(about, table, place, headings, mapping, scales):
    """``({name: (Column, owns)} or None, problems)`` of one table of the study, in the source ``place``."""
    there, found, missing, wrong = list(headings[place]), {}, [], []
    spoken_for = {own for name in _asked_of(table, mapping) for own, _ in taken_apart(name, there)}
    for column in table.columns:
        asked = _asked(table, column, headings, mapping, there)
        owns = taken_apart(asked, there) if asked else _same_name(column, there, spoken_for)
        problem = _wrong(table, column, owns, asked, there, scales)
        if problem:
            wrong.append(problem)
        elif owns:
            found[column.name] = (_with_ends(column, scales), owns)
        elif column.required:
            missing.append(column)
    if place == table.name or about.tables[0].name == table.name:
        missing = [column for column in missing if not _needless(about, column, headings)]
        return found, wrong + [_missing(table, column, column.name, there, asked=False) for column in missing]
    return _inside(table, place, found, missing, wrong, there)


def _inside(table, place, found, missing, wrong, there):
    """A table that was not given: some firms have the columns of all tables in one file."""
    keys = {table.key, ""}
    own = [name for name in found if name not in keys]
    missing = [column for column in missing if column.name not in keys]
    if wrong or (own and not missing):
        return found, wrong
    if not table.required:
        return None, []
    if not own:
        names = ", ".join(column.name for column in missing)
        return None, [Problem("missing-table", table.name, own=place, found=names, stops=True)]
    return None, [_missing(table, column, column.name, there, asked=False) for column in missing]


def _needless(about, column, headings):
    """Whether a column is for putting tables beside each other only, and there is one file."""
    return len(headings) == 1 and len(about.tables) > 1 and column.name in {join.on for join in about.joins}


def _asked(table, column, headings, mapping, there):
    """What the reader mapped to this column; a heading that another of the files has is meant for that file."""
    exact = mapping.get(f"{table.name}.{column.name}")
    asked = exact or mapping.get(column.name)
    if exact or not asked or _all_in(asked, there):
        return asked
    elsewhere = any(_all_in(asked, others) for others in headings.values() if list(others) != there)
    return None if elsewhere else asked


def _asked_of(table, mapping):
    names = [column.name for column in table.columns]
    return [own for name, own in mapping.items() if name.removeprefix(f"{table.name}.") in names]


def _all_in(asked, there):
    return all(own in there for own, _ in taken_apart(asked, list(there)))


def _same_name(column, there, spoken_for):
    """The heading that reads like the study's name: exactly, or alone but for accents, capitals and blanks.

    A heading that was mapped to another column is not taken as well, for a column that may lack.
    """
    name, free = column.name, [own for own in there if column.required or own not in spoken_for]
    near = [own for own in free if folded(own) == folded(name)]
    picked = name if name in free else near[0] if len(near) == 1 else None
    return ((picked, False),) if picked is not None else ()


def _wrong(table, column, owns, asked, there, scales):
    """The problem of what was mapped to a column, if there is one."""
    unknown = [own for own, _ in owns if own not in there]
    if unknown:
        lacking = _missing(table, column, unknown[0], there, asked=True)
        whole = str(asked).replace(unknown[0], lacking.found)
        return replace(lacking, values={"whole": whole}) if lacking.found and len(owns) > 1 else lacking
    if len(owns) > 1 and not column.items:
        return Problem("no-items", table.name, column.name, str(asked), stops=True)
    if len({own for own, _ in owns}) < len(owns):
        return Problem("item-twice", table.name, column.name, str(asked), stops=True)
    ends = _with_ends(column, scales)
    if any(turned for _, turned in owns) and (ends.low is None or ends.high is None):
        return Problem("no-ends", table.name, column.name, str(asked), mend=NEEDS_ENDS.format(column.name), stops=True)
    if asked and len(owns) == 1 and str(asked).strip() == owns[0][0] and _contrary(column, owns[0][0]):
        return Problem("contrary", table.name, column.name, owns[0][0], stops=True)
    return None


def _contrary(column, own):
    """Whether a heading reads like the contrary of a yes or no: who left, for who stayed. With a word that denies: no."""
    words = [folded(word) for word in _WORDS.findall(_HUMP.sub(" ", str(own)))]
    told = any(fnmatchcase(word, one) for word in words for one in column.opposite)
    return told and not any(word in _DENIED for word in words)


def _twice(place, columns):
    """An own column that stands for two of the study: what explains and what is explained cannot be one."""
    users, wrong = {}, []
    for name, (column, owns) in columns.items():
        for own, turned in owns:
            users.setdefault(own, []).append((name, column.kind, turned))
    for own, pairs in users.items():
        if len(pairs) > 1 and not all(kind in SEVERAL for _, kind, _ in pairs) and not _opposites(pairs):
            names = ", ".join(name for name, *_ in pairs)
            wrong.append(Problem("one-column-twice", place, pairs[-1][0], own, found=names, stops=True))
    return wrong


def _opposites(pairs):
    """A yes or no and its contrary: who left, and who stayed."""
    return len(pairs) == 2 and all(kind == "yes-no" for _, kind, _ in pairs) and pairs[0][2] != pairs[1][2]


def _with_ends(column, scales):
    """The column with the ends that hold here: those stated, and for counts 0 at the least."""
    ends = (scales or {}).get(column.name)
    if ends:
        return replace(column, low=float(ends[0]), high=float(ends[1]))
    return replace(column, low=0.0) if column.kind == "count" and column.low is None else column


def _missing(table, column, own, there, asked):
    """A heading that is not there: the nearest is suggested, and all are told."""
    there = [one for one in there if not str(one).startswith("=")]  # constants are no headings of the file
    same = [one for one in there if folded(one) == folded(own)]
    if len(same) > 1 and not asked:
        return Problem("ambiguous-column", table.name, column.name, own, found=", ".join(same), stops=True)
    known = {folded(one): one for one in there}
    near = known.get(_nearest(folded(own), known), "")
    names = ", ".join(map(str, there))
    return Problem("missing-column", table.name, column.name, own, found=near, allowed=names, stops=True)


def _nearest(name, known):
    return next(iter(get_close_matches(name, list(known), 1)), "")
