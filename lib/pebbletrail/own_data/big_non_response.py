"""Who has no answer, where an engine holds the rows: counted there by group, compared as in memory."""

import pandas as pd

from pebbletrail.moments.fetching import fetched
from pebbletrail.own_data.non_response import compared

COUNT = "pebbletrail rows"  # never a name of a study


def without_answer(about, asked, columns, personal):
    """The problems of ``non_response.non_response``.

    Parameters
    ----------
    about : definition.Practice
    asked : (Ibis table, Ibis table) or None
        Every row that might have an answer, and those that have one, with the groups' columns.
    columns : dict
        By table, what ``mapping.chosen`` found.
    personal : iterable of str
        Columns that may name a person; nothing is told by them.
    """
    if asked is None:
        return []
    known = {name: chosen for one in columns.values() for name, chosen in one.columns.items()}
    owns = {name: owns[0][0] for name, (column, owns) in known.items()
            if column.kind == "group" and name in asked[0].columns and name not in personal}
    if not owns:
        return []
    every, those = (_counted(one, list(owns)) for one in asked)
    counts = {name: _by(every, those, name) for name in owns}
    return compared(counts, int(those[COUNT].sum()), int(every[COUNT].sum()), owns, about.few, about.unit)


def _counted(rows, names):
    """One look at the rows for all groups: how many there are of each combination."""
    return fetched(rows.group_by(names).aggregate(**{COUNT: rows.count()})).to_pandas()


def _by(every, those, name):
    size, some = (one.groupby(name)[COUNT].sum() for one in (every, those))
    return pd.DataFrame({"sum": some.reindex(size.index, fill_value=0), "size": size})
