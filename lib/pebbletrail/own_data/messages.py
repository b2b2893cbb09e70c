"""What was found in a firm's data, in one sentence each, in English or French."""

import re
import tomllib
from functools import cache
from pathlib import Path

from pebbletrail.own_data.dates import TURNED
from pebbletrail.words import some

LISTED = 40  # headings that a message names
SHOWN = 8    # row numbers that a sentence names
_STATED = re.compile(r"--scale \S+?=(\S+?)\.\.(\S+?)\.?$")
ABOUT_COLUMNS = ("personal-dropped",)  # what their count counts; elsewhere it is rows
NOTES = ("non-response", "non-response.unit")  # told in a report; nothing to be mended, so no part of a refusal
PARTS = ("early", "late", "undated", "alone")


@cache
def _texts():
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def told(problems, language="en"):
    """One sentence, or a few, for each problem.

    Parameters
    ----------
    problems : iterable of given.Problem
    language : {"en", "fr"}

    Returns
    -------
    list of str
    """
    return [_told(problem, language) for problem in problems]


def refusal(problems, language="en", read=()):
    """The whole message of data that cannot be used: what stops first, then what else is wrong.

    ``read`` has messages that came with their problems, when a file was opened.
    """
    ordered = sorted((one for one in problems if one.code not in NOTES), key=lambda problem: not problem.stops)
    lines = [*read, *told(ordered, language)]
    return "\n- ".join([_word("refused", language), *lines])


def refusal_in(error, language):
    """The message of a ``NotUsable`` in a language; its own where the language has no text for one of its problems."""
    texts = _texts()["problems"]
    if language == "en" or not error.problems or not all(problem.code in texts for problem in error.problems):
        return str(error)
    return refusal(error.problems, language)


def told_step(step, language="en"):
    """What one step did, in a few words; the counts before and after stand beside them.

    Parameters
    ----------
    step : given.Step
    language : {"en", "fr"}
    """
    text = _texts()["steps"].get(step.code)
    if text is None:
        return f"{step.table}: {step.code}"
    values = {name: number(value, language) for name, value in step.values.items()}
    if step.code != "joined":
        return text[language].format_map(_Blank(values, table=step.table))
    more = [_texts()["steps"][name][language].format_map(_Blank(values)) for name in PARTS if step.values.get(name)]
    between = "\u202f; " if language == "fr" else "; "
    return between.join([text[language].format_map(_Blank(values, table=step.table)), *more])


def number(value, language):
    """A count or a measure as sentences say it; a text as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    return text.translate({ord(","): "\u202f", ord("."): ","}) if language == "fr" else text


class _Blank(dict):
    """Gaps whose value nobody gave stay empty: an engine tells less than rows do."""

    def __missing__(self, name):
        return ""


def _told(problem, language):
    text = _texts()["problems"].get(problem.code)
    if text is None:
        place = ", ".join(part for part in (problem.table, _name(problem)) if part)
        return f"{place}: {problem.code} {problem.found} {problem.mend}".strip()
    said = text[language].format_map(_gaps(problem, language))
    return re.sub(r"^[,: \u00a0]+", "", said).replace(" ()", "").replace(" : .", ".").replace(": .", ".").strip()


def _gaps(problem, language):
    values = {name: number(value, language) for name, value in problem.values.items()}
    near = problem.values.get("whole") or problem.found
    kind = "column" if problem.code in ABOUT_COLUMNS else "row"
    gaps = {"table": problem.table, "column": problem.column, "own": problem.own, "name": _name(problem),
            "rows": _rows(problem, language), "count": _counted(problem.count, kind, language),
            "found": problem.found, "allowed": _allowed(problem.allowed, language), "mend": problem.mend,
            "aside": _word("aside", language), "guess": f"'{near}'" if near else _word("guess", language)}
    return _Blank({**gaps, **values, **_more(problem, language)})


def _more(problem, language):
    """Parts of a sentence that only some problems have."""
    if problem.code in ("missing-column", "unknown-name", "unknown-table"):
        names = problem.allowed.split(", ")
        shown = some(names, LISTED)
        return {"near": _word("near", language, found=problem.found) if problem.found else "", "allowed": shown,
                "headings": _word("headings", language, allowed=shown) if problem.allowed else ""}
    if problem.code == "nothing-matches":
        would = _counted(int(problem.found), "row", language) if problem.found else ""
        return {"near": _word("padded", language, found=would) if would else ""}
    if problem.code in NOTES:  # elsewhere a number may be part of a command, whose minus is the keyboard's
        return {end: number(problem.values[end], language).replace("-", "\u2212") for end in ("low", "high")
                if end in problem.values}
    if problem.code == "constant":
        return {"of": _word("of", language, count=_counted(problem.count, "row", language)) if problem.count else ""}
    if problem.code == "wrong-ends" and (stated := _STATED.search(problem.mend)):
        return {"ends": _word("ends", language, column=problem.column, low=stated[1], high=stated[2])}
    if problem.code == "not-a-number" and "%" in problem.found:
        return {"allowed": _allowed(problem.allowed, language) + _word("no_percent", language)}
    if problem.code == "not-a-date" and any(TURNED.match(one) for one in problem.found.split(", ")):
        return {"aside": _word("either_order", language) + _word("aside", language)}
    if problem.code in ("all-missing", "all-unread"):
        return {"rest": _word("needed" if problem.stops else "left_out", language)}
    if problem.code == "looks-personal":
        return {"found": _word(problem.found, language)}
    return {}


def _name(problem):
    own = problem.own if problem.own != problem.column else ""
    return f"{problem.column} ({own})" if problem.column and own else problem.column or own


def _rows(problem, language):
    if not problem.rows:
        return _word("engine_rows", language)
    shown = ", ".join(map(str, problem.rows[:SHOWN]))
    kind = "such" if problem.count > min(len(problem.rows), SHOWN) else "row" if len(problem.rows) == 1 else "rows"
    return _word(kind, language, rows=shown)


def _counted(count, kind, language):
    if count == 1:
        return _word(f"one_{kind}", language)
    return _word(f"many_{kind}s", language, n=number(count, language))


def _word(name, language, **values):
    return _texts()["words"][name][language].format_map(values)


def _allowed(text, language):
    """What is allowed was said in English where it was checked; French says it with the same numbers."""
    if language == "en":
        return text
    for english, french in _texts()["allowed"].items():
        text = re.sub(english, french, text)
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text)
