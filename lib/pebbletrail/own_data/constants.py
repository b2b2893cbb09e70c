"""Columns that no file holds because they are the same in every row: ``--map start==201050``."""

from dataclasses import replace


def with_constants(found, mapping):
    """A table with a column for each stated constant, under the constant's own text as its heading.

    Parameters
    ----------
    found : given.Read
    mapping : dict
        An own column that begins with an equals sign, and is no heading of the file, is a constant.
    """
    more = stated_in(mapping, found.frame.columns)
    return replace(found, frame=found.frame.assign(**more)) if more else found


def stated_in(mapping, headings):
    """``{own: text}`` of the constants that the mapping states and no heading is called as."""
    stated = [own for own in (mapping or {}).values() if own.startswith("=") and own not in headings]
    return {own: own.removeprefix("=").strip() for own in stated}
