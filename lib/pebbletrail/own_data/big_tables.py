"""A table in an engine, from the firm's headings to the study's names: laid out, checked, and bad rows left out."""

from dataclasses import dataclass, replace

import pandas as pd

from pebbletrail.moments.fetching import fetched
from pebbletrail.own_data.big_checks import LISTED, Field, other_ends, problem, reasons, seen
from pebbletrail.own_data.big_engine import ROW
from pebbletrail.own_data.big_keys import different
from pebbletrail.own_data.big_words import all_beside, read_by_word, to_understand, words_of
from pebbletrail.own_data.checks import all_unread, shares
from pebbletrail.own_data.given import Problem, Step

AGAIN = "pebbletrail again"
ASIDE = ["table", "row", "column", "own", "value", "reason", "allowed"]


@dataclass(frozen=True)
class Laid:
    """The own columns that the study uses, read: a value and a text for each, under neutral names."""

    rows: object
    fields: tuple
    problems: tuple
    texts: bool = False  # whether texts are taken apart

    def settled(self, there, table):
        """Values read from texts once, and not again in every query; where nothing is to be read, the rows as they lie."""
        if not (self.texts and there.settles):
            return self
        return replace(self, rows=there.settled(self.rows, f"pebbletrail_read_{table}"))


@dataclass(frozen=True)
class Kept:
    """The good rows of a table in the study's names, and what became of the others."""

    rows: object
    steps: tuple
    problems: tuple
    aside: pd.DataFrame
    bad: int
    read: int
    empty: tuple   # optional columns without any value
    gaps: tuple = ()  # columns in which some rows have none

    def with_rows(self, rows, steps, problems):
        return replace(self, rows=rows, steps=steps, problems=problems)


def laid_out(there, source, table, chosen, dates):
    """The own columns of ``chosen`` (``{name: (definition.Column, own columns)}``), read.

    Every own column becomes two of the engine's: no heading of the firm's is a name in any later query.
    """
    rows, used = source.rows, [(column, own) for column, owns in _used(chosen) for own, _ in owns]
    words = words_of(there, rows, used, table)
    made, fields, problems, lookups = {}, [], [], {}
    for place, (column, own) in enumerate(used):
        got, lookup = read_by_word(rows, words.get(own), own, column, source.decimal, table, dates)
        read, raw = f"value {place}", f"value {place}" if got.raw is got.read else f"given {place}"
        if lookup is None:
            made |= {read: got.read, raw: got.raw}
        else:
            made[f"text {place}"] = rows[own]
            lookups[f"text {place}"] = (lookup, read, raw)
        summary = source.summary(own) if got.plain else None
        fields.append(Field(column.name, own, column, read, raw, summary))
        problems += got.problems
    if ROW in rows.columns:
        made[ROW] = rows[ROW]
    rows = all_beside(there, rows.select(**made), lookups, table)
    return Laid(rows, tuple(fields), tuple(problems), any(to_understand(source.rows, own, column) for column, own in used))


def _used(chosen):
    """Free words are never analysed, and never in a report: they are not taken up at all."""
    return [(column, owns) for column, owns in chosen.values() if column.kind != "text"]


def kept(laid, table, chosen, latest, skipped=(), first=1):
    """The rows of a table that the study can use.

    ``skipped`` are the numbers of rows that could not be taken apart when the file was read; ``first`` is the first row's.
    """
    rows, found = _without_nan(laid)
    gone, silent = _without_values(laid, found, table)
    why = [one for one in reasons(rows, laid.fields, found, latest) if one.field.name not in gone]
    good, problems, bad, lines = rows, [*laid.problems, *silent], 0, _unread(table, skipped)
    if why:
        good, counts, bad, listed = _set_aside(rows, why, table, skipped, first)
        aside = pd.DataFrame(listed, columns=ASIDE)
        lines += listed
        for one, count in zip(why, counts, strict=True):
            there = found[f"there{laid.fields.index(one.field)}"]
            if count:
                problems.append(other_ends(rows, one, table, there) or problem(one, table, count, aside))
    read, bad = found["rows"] + len(skipped), bad + len(skipped)
    steps = (Step("set-aside", table, read, read - bad),) if bad else ()
    problems += [one for place, field in enumerate(laid.fields) if isinstance(found.get(f"high{place}"), int | float)
                 and (one := shares(field.column, found[f"high{place}"], found[f"there{place}"], table, field.own))]
    good = _in_study_names(good, laid.fields, chosen)
    good = good.drop(*(name for name in good.columns if name.partition(".")[0] in gone))
    gaps = tuple(dict.fromkeys(field.name for place, field in enumerate(laid.fields)
                               if found[f"there{place}"] < found["rows"] and field.column.may_lack))
    return Kept(good, steps, tuple(problems), _table(lines), bad, read, gone, gaps)


def _without_values(laid, found, table):
    """``(columns that are left out, problems)`` of those in which no row has a value, as in memory."""
    silent, told = {}, {one.column for one in laid.problems if one.stops}
    for place, field in enumerate(laid.fields):
        if found["rows"] and not found[f"there{place}"] and field.name not in told:
            silent.setdefault(field.name, []).append((field, found.get(f"given{place}", 0)))
    problems = []
    for name, some in silent.items():
        column, unread = some[0][0].column, [one for one in some if one[1]]
        if unread and not column.required:
            problems += [all_unread(table, column, field.own, given) for field, given in unread]
        else:
            own = ", ".join(field.own for field, _ in some)
            problems.append(Problem("all-missing", table, name, own, stops=column.required))
    return tuple(name for name, some in silent.items() if not some[0][0].column.required), problems


def _without_nan(laid):
    """Where a file has NaN it says so that there is no value: such columns are read again, as missing.

    Only those: a condition on every value costs more than to count them once.
    """
    import ibis

    rows = laid.rows
    found = seen(rows, laid.fields)
    holed = [field.read for place, field in enumerate(laid.fields) if found.get(f"nan{place}")]
    if not holed:
        return rows, found
    fields = [replace(field, summary=None) if field.read in holed else field for field in laid.fields]
    rows = rows.mutate(**{name: rows[name].isnan().ifelse(ibis.null("float64"), rows[name]) for name in holed})
    return rows, seen(rows, fields)


def _set_aside(rows, why, table, skipped, first):
    """``(good rows, how many are bad for each reason, how many are bad, lines for the first of them)``."""
    import ibis

    bad = [one.bad.fill_null(False) for one in why]
    any_bad = ibis.or_(*bad)
    counts = fetched(rows.aggregate(total=any_bad.cast("int64").sum(),
                                    **{f"c{place}": one.cast("int64").sum() for place, one in enumerate(bad)}))
    each = [counts[f"c{place}"][0].as_py() or 0 for place in range(len(bad))]
    total = counts["total"][0].as_py() or 0
    if not total:
        return rows, each, 0, []
    flags = rows.mutate(**{f"why {place}": one for place, one in enumerate(bad)}).filter(any_bad)
    if ROW in rows.columns:
        flags = flags.order_by(ROW)
    listed = fetched(flags.limit(LISTED)).to_pandas()
    return rows.filter(~any_bad), each, total, _listed(listed, why, table, skipped, first)


def _listed(found, why, table, skipped, first):
    """One row for each reason that a row was set aside."""
    lines = []
    for place, one in enumerate(why):
        for _, row in found[found[f"why {place}"]].iterrows():
            given, number = row[one.field.raw], _row_number(row[ROW] + first, skipped) if ROW in found else None
            lines.append({"table": table, "row": number, "column": one.field.name, "own": one.field.own,
                          "value": "" if pd.isna(given) else str(given),
                          "reason": one.code, "allowed": one.allowed})
    return lines


def _row_number(number, skipped):
    """A row's number as the reader's program shows it: what was skipped counts too."""
    number = int(number)
    for row in skipped:
        if row > number:
            break
        number += 1
    return number


def _unread(table, skipped):
    told = {"column": "", "own": "", "value": "", "reason": "ragged", "allowed": "as many values as headings"}
    return [{"table": table, "row": row, **told} for row in skipped[:LISTED]]


def _table(lines):
    """One row for each reason that a row was set aside, in the order of the file where it is known."""
    return pd.DataFrame(lines, columns=ASIDE).sort_values("row", kind="stable", ignore_index=True)


def _in_study_names(rows, fields, chosen):
    """Each column of the study: the own column, or the mean of its items, those turned round from the scale's other end."""
    made, place = {}, 0
    for column, owns in _used(chosen):
        values = []
        for field, (_, turned) in zip(fields[place:place + len(owns)], owns, strict=True):
            values.append(column.low + column.high - rows[field.read] if turned else rows[field.read])
        place += len(owns)
        if len(values) > 1:  # a scale's reliability is that of its items
            made |= {f"{column.name}.{number}": item for number, item in enumerate(values, 1)}
        made[column.name] = sum(values[1:], values[0]) / len(values) if len(values) > 1 else values[0]
    return rows.select(**made, **{name: rows[name] for name in (ROW,) if name in rows.columns})


def once_each(rows, key, table):
    """``(rows, step or None, problem or None)``: of rows that share a key that ought to be alone, the first stays."""
    import ibis

    size = fetched(rows.aggregate(rows=rows.count(), there=rows[key].count()))
    before, spare = size["rows"][0].as_py(), size["there"][0].as_py() - different(rows, key)
    if not spare:
        return rows, None, None
    order = [rows[ROW]] if ROW in rows.columns else [rows[name] for name in rows.columns]
    place = ibis.row_number().over(group_by=key, order_by=order)
    placed = rows.mutate(**{AGAIN: place})
    good = placed.filter((placed[AGAIN] == 0) | placed[key].isnull()).drop(AGAIN)  # noqa: PD003 (Ibis, not pandas)
    told = Problem("duplicate-key", table, key, key, count=spare, allowed="each only once",
                   mend="Find out which of them is right; until then the first one is used.")
    return good, Step("duplicates", table, before, before - spare), told
