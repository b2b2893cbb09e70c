"""The words that every module shares, and the places in a notebook where a variant's own words go."""

import re

from pebbletrail.exercises.kinds import does
from pebbletrail.exercises.sheet import OWNER
from pebbletrail.exercises.source import BrokenSource
from pebbletrail.page_source import source

_PLACE = re.compile(r"\{\{([\w.-]+)\}\}")
_QUOTED = re.compile(r"\"\{\{(q\d[a-c]?)\.right\}\}\"")

PRACTICE_HOW = """**How it works.** Write your lines where the cell says `...`, run the cell (`Shift` + `Enter`), and the
sheet tells you at once: *right*, or *not yet* with a hint. After each further attempt it says more, after
three it shows the way. Attempts cost nothing here. A mistake is not counted twice: what follows correctly
from your own earlier answer is accepted.

The tables of this practice variant are the same for everybody. A teacher can give you a variant of your
own, with other numbers. `sheet.progress()` shows where you stand. Letters and texts stand in
quotation marks, numbers do not; in numbers use a point, not a comma."""

CLASS_HOW = """**How it works.** These tables are yours alone: another student's numbers are wrong here. Write your lines
where the cell says `...`, run the cell (`Shift` + `Enter`), and the sheet notes your answer. You may
change it until you hand in; the last one counts. A mistake is not counted twice: what follows correctly
from your own earlier answer is accepted.

Nothing here says whether an answer is right. The practice variant of this module does, on other numbers.
`sheet.progress()` shows what is still open. Letters and texts stand in
quotation marks, numbers do not; in numbers use a point, not a comma."""

HAND_IN = """`sheet.progress()` shows what is answered. To hand in, save the notebook (`Ctrl` + `S`), take away the `#`
in the last cell and run it. In about ten seconds the sheet runs your saved notebook once more from the
start, then writes **one file** and a **receipt**. Hand in the file; keep the receipt."""

TRY_IT = "\n\nThis is the practice variant: here you can try it, and nothing is sent anywhere."


def heading(module, questions, number):
    """``## 4.3 q3 · Compute and interpret · 5 points · 20 minutes``, summed over the parts of a question."""
    group = [one for one in questions if one.id[:2] == number]
    points, minutes = sum(one.points for one in group), sum(one.minutes for one in group)
    return (f"## {module.week}.{number[1:]} {number} · {does(number, module.week)} · {points} point{'s' * (points != 1)} · "
            f"{minutes} minutes")


def places(variant, practice):
    """What each ``{{place}}`` of a notebook is replaced by."""
    module, questions = variant.module, variant.questions
    made = {"title": f"{module.name[:2]} {module.title}", "how": PRACTICE_HOW if practice else CLASS_HOW,
            "hand-in": HAND_IN + (TRY_IT if practice else ""),
            "minutes": str(sum(one.minutes for one in questions))}
    made |= {name: str(value) for name, value in variant.given.items()}
    numbers = dict.fromkeys(one.id[:2] for one in questions)
    made |= {f"{number}.head": heading(module, questions, number) for number in numbers}
    made |= {one.id: told(one.public(module.week)) for one in questions if one.kind != "number"}
    return made


def told(question):
    """A question's story and what may be answered, in Markdown."""
    if question["kind"] == "text":
        low, high = question["words"]
        lines = "\n".join(f"| {line['text']} | {line['points']:g} |" for line in question["rubric"])
        return f"{low} to {high} words. A person marks it, along these lines:\n\n| | points |\n|---|---|\n{lines}"
    if question["kind"] == "arrows":
        nodes = ", ".join(f"`{node}`" for node in question["nodes"])
        return (f"{question['story']}\n\nDraw the arrows from cause to effect between {nodes}. Write them in quotation "
                "marks, with a minus and a greater-than sign: `\"this -> that, that -> another\"`.")
    options = "\n".join(f"- **{letter}** {text}" for letter, text in question["options"].items())
    return f"{question['story']}\n\n{options}".strip()


def fill(notebook, variant, practice):
    """The notebook with the variant's words in its places.

    Raises
    ------
    BrokenSource
        A place that the variant has no words for.
    """
    words = places(variant, practice)
    rights = {question.id: _right(question) for question in variant.questions}
    cells = []
    for cell in notebook["cells"]:
        text = _QUOTED.sub(lambda match: repr(rights[match[1]]), source(cell))
        if cell["cell_type"] == "markdown":
            text = _PLACE.sub(lambda match: words.get(match[1], match[0]), text)
        if left := _PLACE.search(text):
            raise BrokenSource(f"cell {cell['id']!r}: there is nothing for the place {left[0]!r}.")
        cells.append({**cell, "source": text})
    mine = {} if practice else {OWNER: {"module": variant.module.name, "student": variant.student}}
    return {**notebook, "metadata": {**notebook["metadata"], **mine}, "cells": cells}


def _right(question):
    """What a solution writes for a question that is no number."""
    key = question.key()
    return {"text": lambda: max(key["specimens"], key=lambda one: one["points"])["text"],
            "arrows": lambda: ", ".join(key["right"]),
            "prediction": lambda: "a"}.get(key["kind"], lambda: key["right"])()
