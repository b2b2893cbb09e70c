"""Tables put beside each other inside an engine: by key and window, counted at each step, never multiplying rows."""

from dataclasses import dataclass

from pebbletrail.moments.fetching import fetched
from pebbletrail.own_data.big_keys import different

# columns of the engine's own, never a name of a study
PLACE, ORDER, OTHER = "pebbletrail place", "pebbletrail order", "pebbletrail other key"
DAY = 86_400
SOME = 5  # keys that a message names


@dataclass(frozen=True)
class Joined:
    """The rows after a join, and how many there were of what."""

    rows: object       # Ibis table; None where a row would have become two
    before: int        # rows of the table before
    beside: int        # rows of the table put beside it
    same_key: int      # rows of the table before whose key the other has
    matched: int       # those that found a row inside the window too
    taken: int         # rows of the other table with a partner inside the window
    several: int       # rows of the table before that found more than one
    keys: tuple = ()   # some keys of these


def joined(left, right, join, keep, window):
    """Each row of ``left`` with its row of ``right``.

    Parameters
    ----------
    left, right : Ibis table
        In the study's names; they share no column but the key.
    join : definition.Join
    keep : bool
        Whether rows of ``left`` that find none stay, with nothing beside them.
    window : bool
        Whether both have the dates that the window is about. Without them nothing tells the first of several rows, and
        several are as many as too many.

    Returns
    -------
    Joined
    """
    alone = different(right, join.on) == _number(right.count())  # then nobody can find two
    if not alone:
        left, right = _numbered(left, PLACE), _numbered(right, ORDER)
    pairs = _pairs(left, right, join, window, "inner")
    counts = _counts(left, right, pairs, join, alone)
    if counts["several"] and (join.take == "only" or not window):
        return Joined(None, **counts, keys=_keys_of_several(pairs, join))
    rows = _pairs(left, right, join, window, "left") if keep else pairs
    if counts["several"]:
        rows = _one_each(rows, join)
    own = [name for name in rows.columns if name in (PLACE, ORDER, OTHER)]
    return Joined(rows.drop(*own), **counts)


def _numbered(table, name):
    """A number for each row, so that two alike are two; the engine is free in which it gives to whom."""
    import ibis

    return table.mutate(**{name: ibis.row_number()})


def _pairs(left, right, join, window, how):
    """Rows that belong to each other."""
    right = right.rename({OTHER: join.on})
    fits = [left[join.on] == right[OTHER]]
    if window:
        early, late = outside(left[join.when_to], right[join.when], join)
        fits += [~early, ~late]
    return left.join(right, fits, how=how)


def outside(start, then, join):
    """Whether a row's date lies before its window, and whether it lies after it."""
    import ibis

    early = then < start + ibis.interval(seconds=round(join.least * DAY))
    if join.most == float("inf"):  # nothing is too late; a column all the same, since its rows are counted
        return early, then != then
    return early, then > start + ibis.interval(seconds=round(join.most * DAY))


def _counts(left, right, pairs, join, alone):
    counts = {"before": left.count(), "beside": right.count(), "same_key": left.semi_join(right, join.on).count(),
              "taken": pairs[OTHER if alone else ORDER].nunique()}
    counts = {name: _number(count) for name, count in counts.items()}
    if alone:
        return {**counts, "matched": _number(pairs.count()), "several": 0}
    each = pairs.group_by(PLACE).aggregate(found=pairs.count())
    most = fetched(each.aggregate(matched=each.count(), several=(each["found"] > 1).cast("int64").sum()))
    return {**counts, **{name: most[name][0].as_py() or 0 for name in ("matched", "several")}}


def _number(count):
    return fetched(count.as_table())[0][0].as_py()


def _keys_of_several(pairs, join):
    each = pairs.group_by([PLACE, join.on]).aggregate(found=pairs.count())
    some = each.filter(each["found"] > 1).select(join.on).distinct().order_by(join.on).limit(SOME)
    return tuple(fetched(some)[join.on].to_pylist())


def _one_each(pairs, join):
    """The first or the last of several by date; of several at the same time, the one that the engine puts first."""
    import ibis

    when = pairs[join.when] if join.take == "first" else pairs[join.when].desc()
    order = pairs.mutate(**{f"{ORDER} of date": ibis.row_number().over(group_by=PLACE, order_by=[when, pairs[ORDER]])})
    return order.filter(order[f"{ORDER} of date"] == 0).drop(f"{ORDER} of date")
