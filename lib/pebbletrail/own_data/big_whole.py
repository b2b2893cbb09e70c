"""The tables of a practice as one: joined in the engine, and looked at as a whole."""

from pebbletrail.moments.fetching import fetched
from pebbletrail.own_data.big_engine import ROW
from pebbletrail.own_data.big_joins import joined, outside
from pebbletrail.own_data.given import Problem, Step

FEW_UNITS = 10
HEAD = 1_000  # rows that mostly show whether a column changes


def put_together(about, parts, columns):
    """Every table given beside the first, in the order of the definition.

    Returns
    -------
    (Ibis table, list of Step, list of Problem, tuple or None)
        Last, the rows that might have an outcome, and those that have one; None where all have, or a problem stops.
    """
    held = {table.name: place for place, one in columns.items() for table in one.tables}
    done, rows, steps, problems, asked, fitted = [], None, [], [], None, []
    for place, part in parts.items():
        if rows is None:
            rows, done = _numberless(part.rows), [place]
    for join in about.joins:
        place = held.get(join.table)
        if place is None or place in done:
            continue
        right = _numberless(parts[place].rows)
        window = bool(join.when) and join.when in right.columns and join.when_to in rows.columns
        spare = [name for name in right.columns if name in rows.columns and name != join.on]
        found = joined(rows, right.drop(*spare), join, keep=not about.table(join.table).required, window=window)
        steps.append(Step("joined", join.table, found.before, found.before if not about.table(join.table).required
                          else found.matched, {"on": join.on, "beside": found.beside, "same_key": found.same_key,
                                               "taken": found.taken}))
        if problem := _wrong(join, found):
            return rows, steps, [*problems, problem], None
        if asked is None and about.table(join.table).column(about.outcome) and about.table(join.table).required:
            asked = (rows, found.rows)
        rows, done = found.rows, [*done, place]
    if len(held) > len(done):
        rows, fitted = _in_window(rows, about)
        steps += fitted
    if asked is None and (fitted or any(about.outcome in part.gaps for part in parts.values())):
        asked = (rows, rows.filter(rows[about.outcome].notnull()))
    return rows, steps, problems, asked


def _in_window(rows, about):
    """Rows that came joined already, held to the same windows: nothing from before its time counts."""
    import ibis

    steps = []
    for join in about.joins:
        if not join.when or join.when not in rows.columns or join.when_to not in rows.columns:
            continue
        early, late = (side.fill_null(False) for side in outside(rows[join.when_to], rows[join.when], join))
        seen = fetched(rows.aggregate(rows=rows.count(), early=early.cast("int64").sum(), late=late.cast("int64").sum()))
        before, counts = seen["rows"][0].as_py(), {name: seen[name][0].as_py() or 0 for name in ("early", "late")}
        if not sum(counts.values()):
            continue
        table = about.table(join.table)
        steps.append(Step("outside-window", join.table, before, before - table.required * sum(counts.values()), counts))
        if table.required:
            rows = rows.filter(~(early | late))
            continue
        own = [column.name for column in table.columns if column.name in rows.columns and column.name != join.on]
        rows = rows.mutate(**{name: (early | late).ifelse(ibis.null(rows[name].type()), rows[name]) for name in own})
    return rows, steps


def _numberless(rows):
    return rows.drop(ROW) if ROW in rows.columns else rows


def _wrong(join, found):
    if found.rows is None:
        return Problem("multiplies", join.table, join.on, join.on, count=found.several,
                       found=", ".join(map(str, found.keys)), stops=True, allowed="one row each",
                       mend=f"{found.several:,} rows of {join.to} find more than one row of {join.table} with the same "
                            f"{join.on}: keep the one that counts.")
    if not found.matched:
        return Problem("nothing-matches", join.table, join.on, join.on, found="", stops=True,
                       mend=f"No row of {join.table} has the {join.on} of a row of {join.to} inside the window: are the "
                            "codes written alike (007 and 7), and the dates in order?")
    return None


def finished(about, rows, looking_personal=()):
    """``(rows, problems, personal columns)`` of the whole: constant columns, few units, no codes of persons."""
    personal = tuple(name for name in rows.columns if name in looking_personal)
    rows = rows.mutate(**{name: rows[name].hash().cast("string") for name in personal}) if personal else rows
    problems = [Problem("constant", "", name, name, allowed="values that differ", stops=True,
                        mend="It is the same in every row: nothing can be learnt from it.")
                for name in _constant(rows, [name for name in (about.exposure, about.outcome) if name in rows.columns])]
    if about.unit in rows.columns:
        problems += _units(about, rows)
    return rows, problems, personal


def _constant(rows, names):
    """Those of the columns that never change. Mostly the first rows show that they do."""
    heads = {name: fetched(rows.select(name).limit(HEAD).distinct())[name].drop_null() for name in names}
    names = [name for name, head in heads.items() if len(head) < 2]
    if not names:
        return []
    counts = fetched(rows.aggregate(**{f"c{place}": rows[name].nunique() for place, name in enumerate(names)}))
    return [name for place, name in enumerate(names) if counts[f"c{place}"][0].as_py() < 2]


def _units(about, rows):
    units = fetched(rows.aggregate(found=rows[about.unit].nunique()))["found"][0].as_py()
    if units >= FEW_UNITS:
        return []
    code = "few-clusters" if units > 1 else "one-cluster"
    return [Problem(code, "", about.unit, about.unit, count=units, found=str(units),
                    allowed="at least 2, better 40 or more", stops=units < 2,
                    mend=f"Errors by {about.unit} need at least 2, and are trustworthy from about 40 on.")]
