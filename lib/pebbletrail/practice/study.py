"""``pt.study(name)``: what a practice notebook works with, on the reader's own data or on a made-up example.

The command ``pebbletrail replicate`` prepares the reader's tables, names their folder in ``PEBBLETRAIL_PRACTICE``, and
executes the notebook. Opened by hand, without that, the notebook draws its example from a world, writes it as files such as
a firm has, and prepares these in the same way.
"""

import hashlib
import json
import os
from dataclasses import asdict
from datetime import datetime
from html import escape

import pandas as pd

from pebbletrail.practice.definition import practice as definition_of
from pebbletrail.practice.findings import DESIGNS, STATUS, Finding

OWN, LANGUAGE, MADE_UP = "PEBBLETRAIL_PRACTICE", "PEBBLETRAIL_LANGUAGE", "PEBBLETRAIL_MADE_UP"
VERDICTS = ("speaks for it", "speaks against it", "cannot tell")
ESTIMATES = {"estimate": "estimate", "se": "se", "df": "df", "p_value": "p", "ci_low": "low", "ci_high": "high"}


class NotSpecified(ValueError):
    """A result before the specification: what is to be estimated is said first."""


def study(name, data=None, map=None, **options):
    """Open a practice: on the tables given, or those of ``pebbletrail replicate``, or else on a made-up example.

    Parameters
    ----------
    name : str
        ``"control-and-quality"``, ``"removing-control"``, ``"relational-chain"``, ``"trust-across-stages"`` or
        ``"incidents-and-staying"``.
    data : dict, optional
        Files by table: ``{"calls": "calls.csv", "survey": "answers.xlsx"}``.
    map : dict, optional
        The files' headings by the study's names: ``{"quality": "q1+q2"}``.
    **options
        ``scales={"quality": (1, 5)}``, ``dates="dmy"``, ``most_set_aside=0.2``, as in the command.

    Returns
    -------
    Study

    Raises
    ------
    ValueError
        There is no practice of that name; the folder of prepared data belongs to another one; the tables cannot be used
        (``NotUsable``, with every problem).
    """
    about = definition_of(name)
    folder = os.environ.get(OWN)
    prepared = _prepared(about, folder, data, map, options)
    if prepared.practice != name:
        raise ValueError(f"name: the data in {OWN} was prepared for {prepared.practice!r}, not for {name!r}.")
    made_up = os.environ.get(MADE_UP) == "1" if folder else data is None
    return Study(about, prepared, made_up)


def _prepared(about, folder, data, map, options):
    from pebbletrail.own_data.prepare import prepare
    from pebbletrail.own_data.stored import load_prepared
    from pebbletrail.practice.examples import prepared_example

    if folder:
        return load_prepared(folder)
    if data is None:
        return prepared_example(about.name)
    return prepare(about, dict(data), dict(map or {}), **options)


class Study:
    """A practice with its data. What it finds is shown in the notebook and carried, as data, to the report."""

    def __init__(self, about, prepared, made_up):
        self.about, self.prepared, self.made_up = about, prepared, made_up
        self.language = os.environ.get(LANGUAGE, "en")
        self._specified = False

    def say(self, id, **values):
        """A sentence or a label of the practice's words, in the report's language: for axes and descriptions of figures."""
        return Finding("finding", id, values).text(self.about.words, self.language)

    @property
    def data(self):
        """The rows, in the study's names: a copy as a DataFrame, or an Ibis table when an engine holds them."""
        return self.prepared.table if self.prepared.frame is None else self.prepared.frame.copy()

    @property
    def in_engine(self):
        """Whether the rows stay in an engine: then moments can be had, and what needs rows is left out aloud."""
        return self.prepared.frame is None

    def has(self, *names):
        """Whether all of these columns were given."""
        held = self.data.columns
        return all(name in held for name in names)

    @property
    def needs(self):
        """What the practice needs: one row a column."""
        return pd.DataFrame([
            {"table": table.name, "column": column.name, "kind": column.kind, "required": column.required,
             "low": column.low, "high": column.high, "unit": column.unit.get("en", ""), "what": column.what["en"],
             "why": column.why["en"]} for table in self.about.tables for column in table.columns])

    @property
    def flow(self):
        """How many rows there were before and after each step."""
        return pd.DataFrame([asdict(step) for step in self.prepared.flow])

    def specify(self, *, formula, outcome, exposure, errors="classical", by="", adjusted_for=None, **more):
        """Say what will be estimated, once, before any result. The date, and a fingerprint, go into the report.

        ``adjusted_for`` is left out where the formula says all; empty says that nothing is held equal.
        """
        if self._specified:
            raise ValueError("specify: the specification stands already. Start the notebook again to make another one.")
        fixed = {"formula": formula, "outcome": outcome, "exposure": exposure, "errors": errors, "by": by, **more}
        if adjusted_for is not None:
            fixed["adjusted_for"] = ", ".join(adjusted_for)
        print_of = hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()
        self._specified = True
        self._add("specification", "specification",
                  {**fixed, "at": datetime.now().astimezone().isoformat(timespec="seconds"), "fingerprint": print_of[:12]})

    def design(self, status, id, **values):
        """How strong the design is: ``association``, ``before-after`` or ``randomised``, and why."""
        self._add("design", id, values, _one_of("status", status, DESIGNS))

    def main(self, result, id="main", **where):
        """The one estimate that the decision rests on: the row of ``result.table`` that ``where`` picks, or a dict."""
        self._found("main", result, id, where)

    def finding(self, result, id, **where):
        """Another estimate. A text among ``where`` that is no column of the table fills the sentence."""
        self._found("finding", result, id, where)

    def robustness(self, result, id, **where):
        """The main estimate again, under another specification or with rows left out."""
        self._found("robustness", result, id, where)

    def assumption(self, status, id, **values):
        """An assumption: ``pass``, ``doubtful`` or ``fail``, with the numbers it was judged by."""
        self._add("assumption", id, values, _one_of("status", status, STATUS))

    def rival(self, status, id, **values):
        """A rival explanation, and whether the data speaks for it, against it, or cannot tell."""
        self._result_allowed()
        self._add("rival", id, values, _one_of("status", status, VERDICTS))

    def beside(self, ledger_id, id="beside", **values):
        """A published figure that the main estimate can be held against, from the ledger, with its source."""
        from pebbletrail.ledger_table import ledger

        if ledger_id not in ledger():
            raise ValueError(f"ledger_id: {ledger_id!r} is not in the ledger.")
        line = ledger()[ledger_id]
        self._add("beside", id, {"ledger_id": ledger_id, "published": line.published, "study": line.study,
                                 "quantity": line.quantity, **values})

    def leave_out(self, id, **values):
        """Something that this data does not allow, said aloud."""
        self._add("left out", id, values)

    def _found(self, kind, result, id, where):
        self._result_allowed()
        self._add(kind, id, _estimates(result, where))

    def _result_allowed(self):
        if not self._specified:
            raise NotSpecified("study: say what will be estimated first: study.specify(formula=…, outcome=…, exposure=…).")

    def _add(self, kind, id, values, status=""):
        values = {name: value.item() if hasattr(value, "item") else value for name, value in values.items()}
        Finding(kind, id, values, status).publish(self.about.words)

    def _repr_html_(self):
        whose = "a made-up example, drawn from a world whose truth is known" if self.made_up else "your own data"
        title, question = escape(self.about.title["en"]), escape(self.about.question["en"])
        return f"<p><b>{title}</b>: {question}<br>The rows are {whose}.</p>"

    def __repr__(self):
        return f"{self.about.title['en']}: {'made-up example' if self.made_up else 'own data'}"


def _estimates(result, where):
    """Values for the sentence, from a row of a result's table or from a dict."""
    if isinstance(result, dict):
        return {**result, **where}
    table = result if isinstance(result, pd.DataFrame) else result.table
    picked = {name: value for name, value in where.items() if name in table.columns}
    for name, value in picked.items():
        table = table[table[name] == value]
    if len(table) != 1:
        raise ValueError(f"where: {picked or 'nothing'} picks {len(table)} rows of the result's table; one is needed.")
    row = table.iloc[0]
    values = {ours: row[theirs] for theirs, ours in ESTIMATES.items() if theirs in table.columns and pd.notna(row[theirs])}
    for name in ("n", "clusters"):
        if isinstance(found := getattr(result, name, None), int):
            values[name] = found
    return {**values, **where}


def _one_of(name, value, allowed):
    if value not in allowed:
        raise ValueError(f"{name}: {value!r} is not one of {', '.join(allowed)}.")
    return value
