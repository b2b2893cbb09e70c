"""The three real tables as a firm's files, the command that takes each, and ways in which such files come broken."""

import csv
import io
import os
from copy import deepcopy
from dataclasses import dataclass
from functools import cache

import pandas as pd

import pebbletrail as pt
from pebbletrail.catalogue import passport
from pebbletrail.fetch import find

ITEMS = {"image": "IMAG1+IMAG2+IMAG3+IMAG4+IMAG5", "expectation": "CUEX1+CUEX2+CUEX3",
         "quality": "PERQ1+PERQ2+PERQ3+PERQ4+PERQ5+PERQ6+PERQ7", "value": "PERV1+PERV2",
         "satisfaction": "CUSA1+CUSA2+CUSA3", "loyalty": "CUSL1+CUSL2+CUSL3"}


@dataclass(frozen=True)
class Real:
    """A real table: its practice, the study's name for it, what the command says of it; and headings to break."""

    practice: str
    table: str
    mapping: tuple
    more: tuple
    heading: str   # one that is needed, and the study's name for it
    study: str
    measure: str   # one with numbers or dates
    width: int
    rows: int

    def words(self, path, *mapping):
        return [self.practice, "--data", f"{self.table}={path}", "--map", *self.mapping, *mapping, *self.more]


REAL = {
    "ctrip": Real("removing-control", "panel", ("unit=personid", "period=year_week", "outcome=perform1", "treated=expgroup",
                                                "start==201050", "announced==201049"), ("--most-set-aside", "0.4"),
                  "personid", "unit", "perform1", 16, 28_894),
    "ecsi": Real("relational-chain", "survey", tuple(f"{name}={own}" for name, own in ITEMS.items()),
                 ("--scale", *(f"{name}=1..10" for name in ITEMS)), "PERQ1", "quality", "CUSL1", 24, 250),
    "cfpb": Real("incidents-and-staying", "incidents",
                 ("just=Timely response?", "stayed=-Consumer disputed?", "kind=Product", "time=Date received",
                  "answer=Company response to consumer"), (), "Product", "kind", "Date received", 14, 3_186),
}


@cache
def _read(name):
    if name == "ecsi":
        text = pt.load("ecsi-mobile").to_csv(index=False)
    else:
        path, _ = find(passport({"ctrip": "ctrip-performance", "cfpb": "cfpb-complaints"}[name]))
        text = path.read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def rows_of(name):
    """The headings and the rows, to be changed at will."""
    return deepcopy(_read(name))


def as_csv(rows, separator=","):
    made = io.StringIO()
    csv.writer(made, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return made.getvalue().encode()


def changed(rows, heading, change):
    """``change`` gets the row's number in the file and its value."""
    place = rows[0].index(heading)
    for number, row in enumerate(rows[1:], 2):
        row[place] = change(number, row[place])
    return rows


def every(step, value):
    """``value`` in the place of one value in ``step``, from row 3 on."""
    return lambda number, old: value if number % step == 3 % step else old


def half_a_parquet(rows):
    made = io.BytesIO()
    pd.DataFrame(rows[1:], columns=rows[0]).to_parquet(made)
    return made.getvalue()[:len(made.getvalue()) // 2]


def _renamed(real, rows, old, new):
    return as_csv([[new if one == old else one for one in rows[0]], *rows[1:]])


def _quote(rows):
    """A mark at the beginning of row 175, where no table has another one in the six rows after it."""
    lines = as_csv(rows).split(b"\r\n")
    lines[174] = b'"' + lines[174]
    return b"\r\n".join(lines)


def _mixed(rows):
    lines = as_csv(rows).split(b"\r\n")
    place = rows[0].index(rows[0][1])
    for number, accent in ((5, "é".encode("latin-1")), (8, "é".encode())):
        cells = lines[number].split(b",")
        lines[number] = b",".join([*cells[:place], accent, *cells[place + 1:]])
    return b"\r\n".join(lines)


FAULTS = {  # what is done to the rows, and what has to be said
    "nothing in it": (lambda real, rows: b"", lambda real: ["is empty", "Export it again"]),
    "headings only": (lambda real, rows: as_csv(rows[:1]), lambda real: ["headings and no row"]),
    "another separator midway": (lambda real, rows: as_csv(rows[:9]) + as_csv(rows[9:], ";"), lambda real: [
        f"{real.rows - 8:,} of {real.rows:,} rows", f"the {real.width} values of the headings", "apart at ','"]),
    "an unknown separator": (lambda real, rows: as_csv(rows, "~"), lambda real: ["one column only", "is it '~'?"]),
    "one column": (lambda real, rows: as_csv([[row[rows[0].index(real.heading)]] for row in rows]), lambda real: [
        "there is no column", "Say which it is: --map", f"The file has: {real.heading}."]),
    "UTF-16 without its mark": (lambda real, rows: _renamed(real, rows, real.heading, "Ü").decode().encode("utf-16-le"),
                                lambda real: [f"no column '{real.heading}'", "Ü"]),
    "two encodings": (lambda real, rows: _mixed(rows), lambda real: ["two encodings", "line 6 is not in UTF-8"]),
    "no text": (lambda real, rows: os.urandom(5_000), lambda real: ["is no text", ".parquet"]),
    "a heading twice": (lambda real, rows: _renamed(real, rows, rows[0][-1], real.heading), lambda real: [
        f"more than one column '{real.heading}'", "a name of its own"]),
    "a heading gone": (lambda real, rows: _renamed(real, rows, real.heading, f"{real.heading}_2"), lambda real: [
        f"no column '{real.heading}'", f"--map {real.study}='{real.heading}_2", "The file has:"]),
    "cut in half": (lambda real, rows: as_csv(rows[:99]) + b"a,b", lambda real: ["ends inside row 100", "cut short"]),
    "a quotation mark": (lambda real, rows: _quote(rows), lambda real: ["in row 175 a quotation mark", "swallows"]),
    "half a parquet": (lambda real, rows: half_a_parquet(rows), lambda real: ["damaged or was cut short", "again"]),
    "words for numbers": (lambda real, rows: as_csv(changed(rows, real.measure, every(2, "élevé"))), lambda real: [
        "rows would be set aside, more than", f"({real.measure})", "rows 3, 5, 7", "élevé", "--most-set-aside"]),
    "formulas": (lambda real, rows: as_csv(changed(rows, real.measure, every(2, "=cmd()"))), lambda real: [
        f"({real.measure})", "rows 3, 5, 7", "=cmd()"]),
}
OF_ONE = [  # table, what is done to its rows, more for --map, what has to be said
    ("ctrip", lambda rows: changed(rows, "perform1", lambda *_: ""), (), ["outcome (perform1): no row", "needed"]),
    ("ecsi", lambda rows: changed(rows, "CUSL1", lambda *_: "NA"), (), ["loyalty (CUSL1): no row has a value", "needed"]),
    ("cfpb", lambda rows: changed(rows, "Consumer disputed?", lambda *_: ""), (), ["stayed (Consumer disputed?): no row"]),
    ("ctrip", lambda rows: changed(rows, "perform1", lambda *_: "140 %"), (), ["140 %", "a number, without a percent sign"]),
    ("ctrip", lambda rows: changed(rows, "expgroup", every(2, "perhaps")), (), [
        "treated (expgroup)", "neither yes nor no (rows 3, 5, 7", "perhaps"]),
    ("cfpb", lambda rows: changed(rows, "Consumer disputed?", every(2, "perhaps")), (), [
        "1,593 of 3,186 rows", "(Consumer disputed?)", "neither yes nor no (rows 3, 5, 7", "--most-set-aside 0.51"]),
    ("ctrip", lambda rows: [rows[0], *(row for row in rows if row[1] == rows[1][1])], (), ["unit: one only", "others too"]),
    ("cfpb", lambda rows: changed(rows, "Company", lambda *_: "Nord"), ("unit=Company",), ["unit: one only", "at least 2"]),
    ("ecsi", lambda rows: rows[:2], (), ["quality: it is the same in every row that is left (1 row)"]),
    ("cfpb", lambda rows: changed(rows, "Date received", lambda number, old: (
        "2013-07-29", "29/7/2013", "July 29, 2013")[number % 3]), (), [
        "time (Date received): 1,062 rows", "rows 2, 5, 8", "July 29, 2013", "Write dates as 2026-03-31"]),
    ("cfpb", lambda rows: changed(rows, "Date received", lambda number, old: (
        "2013-07-09", "9/7/2013", "9 July 2013")[number % 3]), (), ["such as 9/7/2013 nothing tells", "--dates dmy"]),
]
