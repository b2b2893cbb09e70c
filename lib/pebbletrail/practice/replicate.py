"""``pebbletrail replicate``: a practice notebook on the firm's own tables, as one report.

The tables are prepared, the notebook is executed in a kernel of its own, and what it found becomes the report. Nothing is
written before all of that is done; nothing leaves this machine; the tables are never changed.
"""

import errno
import json
import os
import platform
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pebbletrail.home import project_folder
from pebbletrail.own_data.given import NotUsable
from pebbletrail.own_data.messages import number, refusal, refusal_in, told
from pebbletrail.practice import harvested
from pebbletrail.practice.definition import LANGUAGES, practice
from pebbletrail.practice.findings import Finding
from pebbletrail.practice.record import Record, data_print
from pebbletrail.practice.study import LANGUAGE, MADE_UP, OWN
from pebbletrail.practice.targets import targets, write_all
from pebbletrail.progress import Progress

LIMIT = 3600  # seconds for the whole notebook: tables in a warehouse take their time
PACKAGES = ("pebbletrail", "pandas", "numpy", "scipy", "statsmodels", "duckdb", "ibis-framework", "pyspark")
REST = ("specification", "main")
ASIDE = ("set-aside", "duplicates")  # steps whose rows go into the file beside the report
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
WHY = ("all-missing", "all-unread", "not-a-number", "not-yes-or-no", "not-a-date", "missing", "out-of-range")
DONE = {
    "en": {"report": "{}: the report, on {}. Open it in a browser; print it from there for a PDF.",
           "made-up": "a made-up example", "own": "{} of your own", "row": "{} row", "rows": "{} rows",
           "aside": "{}: {} set aside, with the reason. Mend what is wrong at its source, then give the same command again.",
           "record": "{}: which specification was fixed when. Keep it beside the report."},
    "fr": {"report": "{} : le rapport, sur {}. Ouvrez-le dans un navigateur ; imprimez-le de là pour un PDF.",
           "made-up": "un exemple inventé", "own": "{} de vos données", "row": "{} ligne", "rows": "{} lignes",
           "aside": "{} : {} à part, avec le motif. Corrigez à la source, puis redonnez la même commande.",
           "record": "{} : quelle spécification a été fixée quand. Gardez-le près du rapport."},
}


class NoRoom(ValueError):
    """The folder for what is made on the way took no more."""


class NotebookFailed(ValueError):
    """The practice notebook could not be finished on this data."""


@dataclass(frozen=True)
class Replicated:
    """What was written: the report, the rows set aside (None when there were none), the record of specifications."""

    report: Path
    set_aside: Path | None
    record: Path
    rows: int
    aside: int
    main: str
    made_up: bool
    language: str = "en"
    wrong: tuple = ()  # sentences on what was found wrong and sets no row aside, such as a column left out

    @property
    def text(self):
        """What was done, and what to do next."""
        words = DONE[self.language]
        rows, aside = (words["row" if count == 1 else "rows"].format(number(count, self.language))
                       for count in (self.rows, self.aside))
        whose = words["made-up"] if self.made_up else words["own"].format(rows)
        lines = [words["report"].format(self.report, whose), self.main]
        if self.set_aside:
            lines += [words["aside"].format(self.set_aside, aside)]
        lines += [f"- {sentence}" for sentence in self.wrong]
        return "\n".join([*lines, words["record"].format(self.record)])


def replicate(name, sources, mapping, out, language="en", money=None, **options):
    """Run a practice on a firm's tables and write its report.

    Parameters
    ----------
    name : str
        The practice.
    sources : dict
        Files, or tables in a warehouse (``name@connection``), by table. Empty: the made-up example.
    mapping : dict
        The firm's headings by the study's names.
    out : path
        The report, ``.html``.
    language : {"en", "fr"}
    money : report.money.Money, optional
        What the decision is reckoned from.
    **options
        For ``own_data.prepare.prepare`` (or ``own_data.big``): ``scales, dates, most_set_aside, engine``.

    Returns
    -------
    Replicated

    Raises
    ------
    ValueError
        Anything that is wrong with the arguments or the data (``NotUsable``: every problem at once), with the output, or
        with the run of the notebook. Nothing is written then.
    """
    from pebbletrail.own_data.spreadsheet_out import csv_bytes
    from pebbletrail.report.page import html
    from pebbletrail.report.passport import found_wrong
    from pebbletrail.report.wording import Wording

    if language not in LANGUAGES:
        raise ValueError(f"--lang: {language!r} is not one of {', '.join(LANGUAGES)}.")
    about, files = practice(name), targets(out)
    record = Record.read(files.record)
    if money is not None:
        money.suits(about)  # before the tables are read: a wrong word should not cost minutes
    with _room(), tempfile.TemporaryDirectory(prefix="pebbletrail-", ignore_cleanup_errors=True) as folder:
        try:
            prepared = _prepared(about, sources, mapping, Path(folder), options)
        except NotUsable as error:
            raise NotUsable(refusal_in(error, language), error.problems) from None
        notebook = _executed(prepared, Path(folder), language, made_up=not sources)
        seen = Record((*Record.around(files.record).entries, *record.entries))
        found, entry = _with_record(harvested.findings(notebook), about, prepared, seen)
        dated = datetime.now().astimezone().isoformat(timespec="minutes")
        made = html(about, prepared, found, harvested.figures(notebook), money, language, versions(), dated,
                    made_up=not sources)  # while an engine still has its rows in the folder
    texts = {files.report: made, files.record: record.with_entry(entry).text()}
    if len(prepared.set_aside):
        texts[files.set_aside] = csv_bytes(prepared.set_aside, language)
    write_all(texts)
    main = next(one for one in found if one.kind == "main").text(about.words, language)
    aside = sum(step.before - step.after for step in prepared.flow if step.code in ASIDE)
    beside = files.set_aside if files.set_aside in texts else None
    wrong = told(found_wrong(prepared, Wording(language)), language) if sources else ()
    return Replicated(files.report, beside, files.record, _rows(prepared), aside, main, not sources, language, tuple(wrong))


@contextmanager
def _room():
    """The private folder may be on a disk that is full: that is no fault of the data, and is said so."""
    place = os.environ.get("TMPDIR") or tempfile.gettempdir()
    mend = ("Make room there, or set TMPDIR to a folder with room, then give the same command again. Nothing "
            "was written.")
    try:
        yield
    except json.JSONDecodeError:  # the executed notebook, cut short
        raise NoRoom(f"TMPDIR: the run could not be kept whole in {place}; is that disk full? {mend}") from None
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoom(f"TMPDIR: {place} took no more ({os.strerror(error.errno)}). {mend}") from None


def _prepared(about, sources, mapping, folder, options):
    """The data, prepared and stored for the notebook. Without sources: the made-up firm's files, taken the same way."""
    from pebbletrail.own_data import big
    from pebbletrail.own_data.prepare import prepare
    from pebbletrail.own_data.stored import save_prepared
    from pebbletrail.practice.examples import write_example

    if not sources:
        if mapping:
            raise ValueError("--map: there is nothing to map without --data calls=calls.csv (or another file).")
        example = folder / "example"
        example.mkdir()
        sources, mapping = write_example(about.name, example)
    engine, recipe = options.pop("engine", None), None
    if engine or any(map(big.wanted, sources.values())):
        prepared, recipe = big.prepare_big(about, sources, mapping, folder=folder, **options)
    else:
        prepared = prepare(about, sources, mapping, **options)
    save_prepared(prepared, folder, recipe)
    return prepared


def _executed(prepared, folder, language, made_up):
    """The executed notebook."""
    from pebbletrail.page_source import source
    from pebbletrail.reproduce.process import located, numbered, run_in_process

    name = prepared.practice
    raw = json.loads((project_folder("notebooks") / "practice" / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = [numbered(number, cell) for number, cell in enumerate(raw["cells"], start=1)]
    work = folder / "run"
    work.mkdir()
    code = sum(cell["cell_type"] == "code" and bool(source(cell).strip()) for cell in cells)
    seen = {OWN: str(folder), LANGUAGE: language, MADE_UP: str(int(made_up)),
            "TMPDIR": str(work)}  # what a kernel leaves behind when it is ended goes with the rest
    with Progress(code, "steps") as progress:
        notebook, error = run_in_process({**raw, "cells": cells}, work, LIMIT, on_cell=lambda _: progress.add(),
                                         cell_limit=LIMIT, **seen)
    if error and error["name"] == NotUsable.__name__:  # it lies in the data; what was wrong with a column may be why
        before = [one for one in prepared.problems if one.code in WHY]
        raise NotUsable(refusal(before, language, read=[error["message"]]), before)
    if error:
        where = located(error, raw["cells"])
        place = f" in {where['section']!r}" if where.get("section") else ""
        raise NotebookFailed(f"{name}: the notebook stopped{place}: {error['name']}: {error['message']} Nothing was "
                             f"written. `pebbletrail lab` opens practice/{name}.ipynb, to see each step.")
    return notebook


def _with_record(found, about, prepared, record):
    """The findings, with a word on earlier specifications of the same data; and this run's entry in the record."""
    kinds = {one.kind: one for one in found}
    for kind in REST:
        if kind not in kinds:
            raise NotebookFailed(f"{about.name}: the notebook ended without a {kind}. Nothing was written.")
    fixed = kinds["specification"].values
    entry = {"at": fixed["at"], "practice": about.name, "fingerprint": fixed["fingerprint"], "formula": fixed["formula"],
             "data": data_print(prepared.passports)}
    if others := record.others(entry):
        first = others[0]
        told = {"count": len({one["fingerprint"] for one in others}), "first": first["at"], "formula": first["formula"]}
        found = [*found, Finding("finding", "specified-before", told)]
    return found, entry


def _rows(prepared):
    return prepared.flow[-1].after if prepared.frame is None else len(prepared.frame)


def versions():
    """Versions of what the numbers come from, by name."""
    found = {"Python": platform.python_version(), platform.system(): platform.machine()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
