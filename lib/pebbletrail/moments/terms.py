"""Terms as columns: a column's name, a product ``a:b``, dummies ``C(week)``, or a product with dummies ``C(week):x``.

The same few rules turn terms into columns of rows, into cells of a table, and back into names that a ``Moments`` holds.
"""

import re
from dataclasses import dataclass
from itertools import product

from pebbletrail.moments.checks import meant
from pebbletrail.moments.levels import MOST_LEVELS

# a factor ends at a colon; a colon inside C(…) or inside the […] of a level belongs to the factor
FACTOR = re.compile(r"\s*C\(.*?\)(?:\[.*?\])?\s*(?=:|$)|[^:]+")
DUMMIES = re.compile(r"C\((.+)\)")


@dataclass(frozen=True)
class Factor:
    """A column inside a term: its values, or the dummies of its levels."""

    column: object
    dummies: bool


@dataclass(frozen=True)
class Term:
    """A wanted term and the columns whose product it is."""

    name: object
    factors: tuple


def factors_of(name):
    """The factors of a product, as texts; one factor when ``name`` is no product."""
    if not isinstance(name, str):
        return (name,)
    parts = FACTOR.findall(name)
    if ":".join(parts) != name:
        return (name,)
    return tuple(part.strip() for part in parts)


def parsed(wanted, there, argument="columns"):
    """The terms ``wanted``, each with its factors.

    Parameters
    ----------
    wanted : list
        Column names, products and ``C()`` terms. A column that literally has the name wins over the expansion.
    there : iterable
        The columns that there are.

    Raises
    ------
    ValueError
        An unknown column, a term named twice (in either order of its factors), a factor that stands twice in a product.
    """
    there = list(there)
    columns, terms, missing, seen, twice = set(there), [], {}, set(), []
    for name in wanted:
        factors = (Factor(name, False),) if name in columns else tuple(_factor(part, columns) for part in factors_of(name))
        if len(set(factors)) < len(factors):
            raise ValueError(f"{argument}: a factor stands twice in {name!r}; make the square a column of its own.")
        missing |= {factor.column: name for factor in factors if factor.column not in columns}
        if frozenset(factors) in seen:
            twice.append(name)
        seen.add(frozenset(factors))
        literal = name in columns or not isinstance(name, str)
        terms.append(Term(name if literal else ":".join(factors_of(name)), factors))
    if missing:
        told = ", ".join(repr(column) + ("" if column == name else f" (for {name!r})") for column, name in missing.items())
        guess = meant(next(iter(missing)), there)
        raise ValueError(f"{argument}: there is no {told}; there are {', '.join(map(str, there))}.{guess}")
    if twice:
        raise ValueError(f"{argument}: {', '.join(map(str, twice))} is named more than once.")
    return terms


def _factor(part, columns):
    found = DUMMIES.fullmatch(part) if isinstance(part, str) and part not in columns else None
    return Factor(found[1].strip(), True) if found else Factor(part, False)


def used_columns(terms, dummies):
    """The columns inside ``C()`` (``dummies=True``), or those used as numbers, each once and in order."""
    return list(dict.fromkeys(f.column for term in terms for f in term.factors if f.dummies == dummies))


def products_of(terms, texts):
    """What each column of the expanded terms multiplies.

    Parameters
    ----------
    terms : list of Term
    texts : dict
        For each ``C()`` column the texts of its levels, the reference (first) level among them.

    Returns
    -------
    dict
        From the column's name to a tuple of ``(column, level)``: ``level`` is the number of the level whose dummy is
        meant, None for the column's own values.
    """
    made = {}
    for term in terms:
        found = [("", ())]
        for number, factor in enumerate(term.factors):
            own = term.name if len(term.factors) == 1 else factor.column
            choices = [(f"C({factor.column})[{text}]", level) for level, text in enumerate(texts[factor.column]) if level
                       ] if factor.dummies else [(own, None)]
            found = [(f"{name}:{text}" if number else text, (*parts, (factor.column, level)))
                     for name, parts in found for text, level in choices]
        if len(found) > MOST_LEVELS:
            raise ValueError(f"columns: {term.name!r} makes {len(found)} columns; one term makes at most {MOST_LEVELS}.")
        if clash := made.keys() & {name for name, _ in found}:
            raise ValueError(f"columns: {', '.join(map(str, clash))} is named more than once.")
        made |= dict(found)
    return made


def dummies_in(names, levels):
    """For each name made of dummies, the ``(column, level)`` of each; ``levels`` maps a column to its levels' texts."""
    dummies = {f"C({column})[{text}]": (column, text) for column in levels for text in levels[column][1:]}
    found = {name: [dummies[part] for part in factors_of(name) if part in dummies] for name in names} if dummies else {}
    return {name: made for name, made in found.items() if made}


def expand(names_wanted, names_there, levels=None):
    """The names in a ``Moments`` that the terms stand for.

    Parameters
    ----------
    names_wanted : list
        Terms: names, products with their factors in any order, ``C(week)`` for all its dummies.
    names_there : iterable
        The names of a ``Moments``.
    levels : dict, optional
        For each ``C()`` column the texts of all its levels, the reference first.

    Returns
    -------
    list
        Names that are there, in the order wanted, the dummies of a term in the order in which they are there.

    Raises
    ------
    ValueError
        A term that is not there; a missing product needs rows, and the message says so. A ``C()`` term some of whose dummies
        are not there: the rows of those levels would be pooled with the reference without a word.
    """
    there = list(names_there)
    names, split = set(there), None
    found = []
    for wanted in names_wanted:
        if wanted in names:
            found.append(wanted)
            continue
        split = split or {name: factors_of(name) for name in there}  # only where a name is no plain one
        factors = factors_of(wanted)
        meant = [name for name, parts in split.items() if _stands_for(factors, parts)]
        if not meant:
            raise _missing(wanted, factors, there)
        _refuse_part_of_the_levels(wanted, factors, split.values(), levels or {})
        found.extend(meant)
    return found


def _refuse_part_of_the_levels(wanted, factors, there, levels):
    choices, references = [], []
    for factor in factors:
        known = levels.get(found[1], ()) if (found := DUMMIES.fullmatch(str(factor))) else ()
        choices.append([f"{factor}[{text}]" for text in known[1:]] or [factor])
        references.extend(known[:1])
    if references:
        kept = {frozenset(parts) for parts in there}
        if gone := [":".join(parts) for parts in product(*choices) if frozenset(parts) not in kept]:
            told = ", ".join(gone[:6]) + (", …" if len(gone) > 6 else "")
            raise ValueError(f"names: {wanted!r} stands for the dummies of all levels, and {told} is not there, so its rows "
                             f"would count as the first level, {', '.join(references)}. Keep all dummies when selecting; to "
                             "pool levels, change the column itself.")


def _stands_for(wanted, parts):
    if len(wanted) != len(parts):
        return False
    left = list(parts)
    for factor in wanted:
        at = next((part for part in left if part == factor or _is_dummy_of(factor, part)), None)
        if at is None:
            return False
        left.remove(at)
    return True


def _is_dummy_of(factor, part):
    both = isinstance(factor, str) and isinstance(part, str)
    return both and bool(DUMMIES.fullmatch(factor)) and part.startswith(f"{factor}[")


def _missing(wanted, factors, there):
    shown = ", ".join(map(str, there))
    advice = ""
    if len(factors) > 1:
        advice = f" A product needs rows: make the Moments with columns=[..., {wanted!r}]."
    elif isinstance(wanted, str) and DUMMIES.fullmatch(wanted):
        advice = f" Dummies need rows: make the Moments with columns=[..., {wanted!r}]."
    return ValueError(f"names: there is no {wanted!r}; there are {shown}.{advice}{meant(wanted, there)}")
