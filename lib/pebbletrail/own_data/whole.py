"""The tables of a practice as one, in memory: joined, looked at as a whole, without codes that tell who somebody is."""

from pebbletrail.own_data.big_whole import FEW_UNITS, _wrong
from pebbletrail.own_data.given import Problem, Step
from pebbletrail.own_data.joins import joined
from pebbletrail.own_data.personal import coded


def put_together(about, parts, columns):
    """``(rows, steps, problems)``: every table given beside the first, in the order of the definition."""
    held = {table.name: place for place, one in columns.items() for table in one.tables}
    first = next(iter(parts))
    done, rows, steps, problems = [first], parts[first], [], []
    for join in about.joins:
        place = held.get(join.table)
        if place is None or place in done:
            continue
        right, keep = parts[place], not about.table(join.table).required
        window = bool(join.when) and join.when in right.columns and join.when_to in rows.columns
        spare = [name for name in right.columns if name in rows.columns and name != join.on]
        found = joined(rows, right.drop(columns=spare), join, keep, window)
        steps.append(Step("joined", join.table, found.before, found.before if keep else found.matched,
                          {"on": join.on, "beside": found.beside, "same_key": found.same_key, "taken": found.taken}))
        if problem := _wrong(join, found):
            return rows, steps, [*problems, problem]
        rows, done = found.rows, [*done, place]
    return rows.reset_index(drop=True), steps, problems


def finished(about, rows, looking_personal=()):
    """``(rows, problems, personal columns)``: constant columns, few units, neutral codes instead of persons' own."""
    personal = tuple(name for name in rows.columns if name in looking_personal)
    rows = rows.assign(**{name: coded(rows[name], f"{name}-") for name in personal})
    problems = []
    for name in (about.exposure, about.outcome):
        if name in rows.columns and len(rows[name].dropna().unique()) == 1:
            problems.append(Problem("constant", "", name, name, count=len(rows), found=str(rows[name].dropna().iloc[0]),
                                    allowed="values that differ", stops=True,
                                    mend="It is the same in every row: nothing can be learnt from it."))
    if about.unit in rows.columns and (units := rows[about.unit].nunique()) < FEW_UNITS:
        problems.append(Problem("few-clusters" if units > 1 else "one-cluster", "", about.unit, about.unit, count=units,
                                found=str(units), allowed="at least 2, better 40 or more", stops=units < 2,
                                mend=f"Errors by {about.unit} need at least 2, and are trustworthy from about 40 on."))
    return rows, problems, personal
