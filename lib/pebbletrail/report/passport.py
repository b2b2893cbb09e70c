"""The data passport: what was given, what became of every row, and what computed the numbers."""

import pandas as pd

from pebbletrail.own_data.messages import NOTES, told, told_step
from pebbletrail.report.suppress import shown_counts

LOST = ("set-aside", "duplicates")  # steps at which rows are set aside


def passport(prepared, about, w, versions, dated):
    """Files, flow, rows set aside, versions, for the template."""
    steps = [{"text": told_step(step, w.language), "before": step.before, "after": step.after} for step in prepared.flow]
    silent = [one for one in prepared.problems if one.code in NOTES]
    known = about.columns
    absent = [(name, known[name].what[w.language]) for name in prepared.absent if name in known]
    engine = w("passport.engine-note", engine=prepared.engine) if prepared.frame is None else ""
    files = [(one, read_as(one.read_as, w)) for one in prepared.passports]
    wrong = told(found_wrong(prepared, w), w.language)
    return {"files": files, "headings": prepared.headings, "steps": steps, "problems": wrong,
            "silent": told(silent, w.language), "absent": absent,
            "aside": aside_counts(prepared, about.few, w), "personal": ", ".join(prepared.personal),
            "versions": list(versions.items()), "engine": prepared.engine, "engine_note": engine, "dated": w.day(dated),
            "used": w("passport.used", **row_counts(prepared))}


def found_wrong(prepared, w):
    """The problems but those whose rows are listed as set aside, and those that tell of who did not answer."""
    return [one for one in prepared.problems if not w.has(f"aside.{one.code}") and one.code not in NOTES]


def read_as(told, w):
    """How a file was read, piece by piece in the report's language: what is a name stays as it is."""
    return ", ".join(_piece(piece, w) for piece in told.split(", "))


def _piece(piece, w):
    if w.has(f"read-as.{piece}"):
        return w(f"read-as.{piece}")
    first, _, last = piece.partition(" ")
    if first == "sheet":
        return w("read-as.a sheet", sheet=last)
    return w("read-as.files", count=int(first)) if first.isdecimal() and last == "files" else piece


def row_counts(prepared):
    """Rows read in all tables, set aside, and used in the analysis."""
    lost = sum(step.before - step.after for step in prepared.flow if step.code in LOST)
    listed = len(prepared.set_aside[["table", "row"]].drop_duplicates()) if len(prepared.set_aside) else 0
    used = len(prepared.frame) if prepared.frame is not None else prepared.flow[-1].after if prepared.flow else 0
    return {"read": sum(one.rows for one in prepared.passports), "aside": max(lost, listed), "used": used}


def aside_counts(prepared, few, w):
    """``(table, column, reason, count or None)`` of the rows set aside, small counts hidden; empty where there are none.

    An engine lists a thousand rows only, so its counts are those of its problems.
    """
    if prepared.frame is None:
        found = pd.Series({(one.table, one.column, one.code): one.count for one in prepared.problems
                           if w.has(f"aside.{one.code}")}, dtype=int)
    else:
        found = prepared.set_aside.astype(str).groupby(["table", "column", "reason"], sort=True).size()
    if found.empty:
        return []
    shown = shown_counts(pd.DataFrame({"rows": found.to_numpy()}), few)["rows"]
    return [(table, column, w(f"aside.{reason}") if w.has(f"aside.{reason}") else reason, count)
            for (table, column, reason), count in zip(found.index, shown, strict=False)]  # the total is in the flow
