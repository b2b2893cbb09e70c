"""Values of an engine's columns, read as the study's kinds: what is plain by the engine, what is odd as in a small file.

A text such as ``4.5`` or ``2026-03-02`` is read by the engine. All others ("4,5 €", "plutôt d'accord", "oui") are few: their
distinct values are fetched, read by ``own_data.values`` as those of a file are, and put into the query as a list.
"""

from dataclasses import dataclass

import pandas as pd

from pebbletrail.moments.fetching import fetched
from pebbletrail.own_data.numbers import MISSING, decimal_of

MOST_ODD = 1_000   # distinct texts that are fetched to be read one by one
NUMBERS = ("number", "count", "scale")
TEXTS = ("code", "group", "text")
_SPACES = "[\u0009\u0020\u00a0\u2007\u2009\u202f'\u2019]"
_PLAIN = {".": r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$", ",": r"^[+-]?\d+(,\d+)?$"}
_GROUPED = {".": r"^[+-]?\d{1,3}(,\d{3})+\.\d+$", ",": r"^[+-]?\d{1,3}(\.\d{3})+,\d+$"}  # both marks: no doubt is possible
_SPACED = rf"^[+-]?\d{{1,3}}({_SPACES}\d{{3}})+([.,]\d+)?$"
_ISO = r"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?$"
_TURNED = r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})((?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?)$"


@dataclass(frozen=True)
class Value:
    """A column of the study over one own column: the value, and the text it stands for where there is a text to misread."""

    read: object            # Ibis: float64, string or timestamp; null where missing or not understood
    raw: object             # Ibis: the text or the value as it stands; null where missing
    problems: tuple = ()
    plain: bool = False     # whether it is the own column as it stands, at most in another type


def value(rows, own, kind_of, decimal, table, dates=None):
    """An own column read as a column of the study.

    Parameters
    ----------
    rows : Ibis table
    own : str
        The column of it.
    kind_of : definition.Column
    decimal : {".", ","}
        The decimal mark of numbers in texts.
    table : str
        The study's name, for the problems.
    dates : {"dmy", "mdy", "ymd"}, optional

    Returns
    -------
    Value
    """
    column, kind = rows[own], kind_of.kind
    held = column.type()
    if kind in TEXTS:
        text = _clean(rows, column, kind) if held.is_string() else _written(column, held)
        return Value(text, text, plain=text is column)
    if held.is_string():
        return _of_text(rows, _trimmed(column), kind_of, decimal, table, own, dates)
    if kind == "date":
        # a number is no date: which day it counts from, only the file's own program knows
        read = column.cast("timestamp") if held.is_temporal() else column.cast("string").try_cast("timestamp")
        return Value(read, column.cast("string"), plain=held.is_timestamp() and held.timezone is None)
    if not (held.is_numeric() or held.is_boolean()):
        text = column.cast("string")
        return Value(text.try_cast("float64"), text)
    read = column.cast("float64")  # a NaN is left as it is: see ``big_tables``
    if kind == "yes-no" and not held.is_boolean():
        return Value(read.isin([0.0, 1.0]).ifelse(read, _null("float64")), read)
    return Value(read, read, plain=held.is_numeric())


def _written(column, held):
    """A number used as a code, as a text: 7 and 7.0, which is what becomes of it beside a missing one, are the same."""
    if not held.is_floating():
        return column.cast("string")
    whole = (column == column.floor()).ifelse(column.cast("int64").cast("string"), column.cast("string"))
    return column.isnan().ifelse(_null("string"), whole)


def _clean(rows, column, kind):
    """Trimmed only where something needs it: of a group that is seen from its few names, and saves a look at every row."""
    trimmed = _trimmed(column)
    if kind != "group":
        return trimmed
    names = rows.select(name=column).distinct()
    untidy = fetched(names.aggregate(found=(~names["name"].identical_to(_trimmed(names["name"]))).cast("int64").sum()))
    return trimmed if untidy["found"][0].as_py() else column


def _trimmed(text):
    """Without blanks around it, and null where nobody wrote anything or wrote that there is nothing."""
    import ibis

    text = text.strip()
    gone = text.lower().isin(sorted(MISSING))
    return gone.ifelse(ibis.null("string"), text)


def _of_text(rows, text, kind_of, decimal, table, own, dates):
    kind = kind_of.kind
    if kind == "date":
        plain, order_problems = _dates(rows, text, dates)
    elif kind == "yes-no":
        plain, order_problems = _null("float64"), ()
    else:
        decimal = _mark(rows, text, decimal)
        plain, order_problems = _number(text, decimal), ()
    known, problems, said = _odd(rows, text, plain, kind_of, decimal, table, own, dates)
    if said:
        text = text.isin(said).ifelse(_null("string"), text)
    read = plain
    if known:
        type_ = "timestamp" if kind == "date" else "float64"
        read = read.coalesce(_looked_up(text, known, type_))
    return Value(read, text, (*order_problems, *problems))


def _mark(rows, text, decimal):
    """The decimal mark of a column, which may differ from the rest of its file."""
    marked = rows.filter(text.re_search("[.,]")).select(text=text).distinct().limit(MOST_ODD)
    return decimal_of(fetched(marked)["text"].to_pandas(), decimal) or decimal


def _number(text, decimal):
    """Numbers as computers write them, with the file's decimal mark, and with thousands set apart beyond doubt."""
    import ibis

    bare = text.re_search(_SPACED).ifelse(text.re_replace(_SPACES, ""), text)
    other = "." if decimal == "," else ","
    bare = bare.re_search(_GROUPED[decimal]).ifelse(bare.replace(other, ""), bare)
    plain = bare.re_search(_PLAIN[decimal]).ifelse(bare.replace(",", ".") if decimal == "," else bare, ibis.null("string"))
    return plain.try_cast("float64")


def _dates(rows, text, dates):
    """Dates as ISO writes them, and in the order that the column shows or that was stated."""
    import ibis

    order, problems = dates, ()
    if order is None:
        first, second = (text.re_extract(_TURNED, place).try_cast("int64") for place in (1, 2))
        day_first, month_first = first.between(13, 31) & (second <= 12), second.between(13, 31) & (first <= 12)
        seen = fetched(rows.aggregate(first=day_first.sum(), second=month_first.sum()))
        late = {name: seen[name][0].as_py() or 0 for name in ("first", "second")}
        order = "dmy" if late["first"] and not late["second"] else "mdy" if late["second"] and not late["first"] else None
    iso = text.re_search(_ISO).ifelse(text, ibis.null("string"))
    if order in ("dmy", "mdy"):
        day, month = (1, 2) if order == "dmy" else (2, 1)
        year, month, day, time = (text.re_extract(_TURNED, part) for part in (3, month, day, 4))
        iso = iso.coalesce(text.re_search(_TURNED).ifelse(year + "-" + month + "-" + day + time, ibis.null("string")))
    return iso.try_cast("timestamp"), problems


def _odd(rows, text, plain, kind_of, decimal, table, own, dates):
    """What the engine did not read, read as in a file: values by text, problems that stop, answers such as *don't know*."""
    both = rows.select(text=text, plain=plain)
    left = both["text"].notnull() & both["plain"].isnull()  # noqa: PD003, PD004 (Ibis, not pandas)
    odd = both.filter(left).select("text").distinct().limit(MOST_ODD)
    found = pd.Series(sorted(fetched(odd)["text"].to_pylist()), dtype=object)
    if found.empty:
        return {}, (), []
    from pebbletrail.own_data.likert import CANNOT_SAY, folded
    from pebbletrail.own_data.values import parsed

    read, problems = parsed(found, kind_of, decimal, table, own, dates=dates)
    known = {was: now for was, now in zip(found, read, strict=True) if pd.notna(now)}
    said = [was for was in found if kind_of.kind == "scale" and folded(was) in CANNOT_SAY]
    return known, tuple(problem for problem in problems if problem.stops), said


def _looked_up(text, known, type_):
    import ibis

    pairs = [(text == was, ibis.literal(now.isoformat() if type_ == "timestamp" else repr(float(now))).cast(type_))
             for was, now in known.items()]
    return ibis.cases(*pairs, else_=_null(type_))


def _null(type_):
    import ibis

    return ibis.null(type_)
