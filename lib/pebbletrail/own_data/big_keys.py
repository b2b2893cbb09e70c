"""How many different keys there are, where there are more than fit into an engine's memory at once."""

from pebbletrail.moments.fetching import fetched

AT_ONCE = 20_000_000  # keys counted by one query


def different(rows, key):
    """How many different values a column has, those missing aside.

    Equal keys have equal hashes, so keys are dealt out by their hash and each part is counted by itself: the counts add up.
    """
    there = fetched(rows.aggregate(found=rows[key].count()))["found"][0].as_py()
    parts = 1 + there // AT_ONCE
    if parts == 1:
        return fetched(rows.aggregate(found=rows[key].nunique()))["found"][0].as_py()
    dealt = (rows[key].hash() % parts).abs()  # an engine may have negative hashes
    return sum(fetched(some.aggregate(found=some[key].nunique()))["found"][0].as_py()
               for some in (rows.filter(dealt == part) for part in range(parts)))
