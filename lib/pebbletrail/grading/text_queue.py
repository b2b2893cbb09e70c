"""The page on which a person marks the texts of a module, one by one, without names, beside the rubric and specimens.

All runs in the teacher's browser: what is given there is saved as the CSV file that ``people.read`` takes in.
"""

import hashlib
import json
import re

from pebbletrail.exercises.answers import word_count
from pebbletrail.grading import pages, spreadsheet
from pebbletrail.grading.pages import page, points, seen
from pebbletrail.grading.people import COLUMNS, TEXT, code_of

LABEL = 48  # characters of a rubric's line that stand in a comment
# What the page replaces in a cell before it saves it, in this order: the rules of ``spreadsheet.neutral``.
_RULES = ((pages.LINE_ENDS, "\n"), (pages.UNSEEN, ""), (spreadsheet._FORMULA, "'"))


def html(results, place, module):
    """The page with every text that was handed in to one module.

    Parameters
    ----------
    results : Results
    place : ClassFolder
        Whose keys hold the specimens.
    module : str

    Returns
    -------
    str
        A self-contained HTML page, the same for the same class; empty when nobody handed in a text.
    """
    found = [(work, item) for work in results.of(module) for item in work.items
             if item.kind == "text" and item.answer is not None]
    if not found:
        return ""
    found.sort(key=lambda one: _digest(module, one[0].student, one[1].answer))
    rubrics, specimens = [], []
    texts = [_text(work, item, _number(rubrics, _rubric(item)), _number(specimens, _specimens(place, work, item)))
             for work, item in found]
    return _page(found[0][0].title, {
        "module": module, "file": f"marks-{module}.csv", "columns": (*COLUMNS[:-1], TEXT, COLUMNS[-1]), "rubrics": rubrics,
        "specimens": specimens, "rules": [[pattern.pattern, by] for pattern, by in _RULES], "texts": texts})


def _text(work, item, rubric, specimens):
    """One text as the page holds it. ``keep`` names it in the browser's memory: a new text or a later mark is another."""
    low, high = item.told["words"]
    comment, lines = _parted(seen(item.comment), _rubric(item), item.points)
    keep = _digest(work.module, work.student, item.told, item.answer, item.points, item.comment)
    return {"student": work.student, "name": seen(work.name), "question": item.id, "code": code_of(item.answer),
            "does": item.told["does"], "text": seen(item.answer), "words": word_count(item.answer), "low": low, "high": high,
            "possible": item.possible, "rubric": rubric, "specimens": specimens, "before": item.points, "lines": lines,
            "comment": comment, "keep": f"pebbletrail-texts-{work.module}-{keep}"}


def _rubric(item):
    return [{**line, "label": label(line["text"])} for line in item.told["rubric"]]


def label(text):
    """The beginning of a rubric's line, by which a comment names it."""
    if len(text) <= LABEL:
        return text.rstrip(" .")
    return text[:LABEL + 1].rsplit(" ", 1)[0][:LABEL].rstrip(" ,;:.(") + "…"


def _specimens(place, work, item):
    keys = place.key(work.student, work.module)["questions"]
    return next(key["specimens"] for key in keys if key["id"] == item.id)


def _parted(comment, rubric, total):
    """A comment that this page wrote, as the person's own words and each line's points; any other as it is, and None."""
    lines = "; ".join(rf"{re.escape(line['label'])}: (\d+(?:\.\d+)?) of {points(line['points'])}" for line in rubric)
    found = re.fullmatch(rf"(?:(.*)\n)?{lines}\.", comment, re.DOTALL)
    given = [float(one) for one in found.groups()[1:]] if found else []
    allowed = all(one in _steps(line["points"]) for one, line in zip(given, rubric, strict=False))
    return (found[1] or "", given) if found and allowed and sum(given) == total else (comment, None)


def _steps(most):
    """What a line may earn: halves, and the whole of it."""
    return {half / 2 for half in range(int(2 * most) + 1)} | {most}


def _number(known, one):
    """The place of one among those that are known, each kept once."""
    if one not in known:
        known.append(one)
    return known.index(one)


def _digest(*parts):
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def _page(title, data):
    from markupsafe import Markup

    held = json.dumps(data, allow_nan=False).replace("<", "\\u003c")  # so no text can end the element that it stands in
    return page("texts.html", "texts.css", "texts.js", data=Markup(held), module=data["module"], title=title)
