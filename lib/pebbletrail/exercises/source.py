"""From the solution notebook to the student's: what stands between the marks is taken out, and nothing of it may be left."""

import ast
import copy
import json
import re

from pebbletrail.page_source import source, tags

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
JOINED = "joined"  # tag of a cell that students get as the end of the one before it
_LEFT = re.compile(r"\bsolution\b.*(begin|end)|(begin|end).{0,3}solution|###+\s*\w+\s+sol", re.IGNORECASE)
_FIELDS = {"cell_type", "id", "metadata", "source"}  # of every cell


class BrokenSource(ValueError):
    """A solution notebook from which no student's notebook may be built."""


def read_source(path):
    """The solution notebook, as a dict.

    Raises
    ------
    BrokenSource
        There is none, or the file is no notebook; the message names it.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BrokenSource(f"{path.name}: the module {path.parent.name} has no solution notebook.") from None
    except (OSError, ValueError) as error:
        raise BrokenSource(f"{path.parent.name}/{path.name}: it cannot be read as a notebook ({error}).") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) and cell.keys() >= _FIELDS for cell in cells):
        raise BrokenSource(f"{path.parent.name}/{path.name}: it is no notebook, or one of its cells has no "
                           f"{', '.join(sorted(_FIELDS))}.")
    return notebook


def parts(cell):
    """A cell's lines as ``(kept, solution)``; kept are those that a student gets."""
    kept, taken, inside = [], [], False
    for line in source(cell).split("\n"):
        bare = line.strip()
        if bare == BEGIN and not inside:
            inside = True
        elif bare == END and inside:
            inside = False
        elif _LEFT.search(line):
            raise BrokenSource(f"cell {cell['id']!r}: the line {bare!r} looks like a mark that is broken or out of place. "
                               f"Marks are {BEGIN!r} and {END!r}, alone on their line, one after the other.")
        else:
            (taken if inside else kept).append(line)
    if inside:
        raise BrokenSource(f"cell {cell['id']!r}: {BEGIN!r} has no {END!r}.")
    return kept, taken


def student_notebook(notebook):
    """The student's notebook: without what stands between the marks, without outputs, without cells left empty.

    Raises
    ------
    BrokenSource
        A mark is broken, a line of a solution is also left outside, or an answer is given away.
    """
    made = {**notebook, "cells": []}
    solutions = {}
    for cell in notebook["cells"]:
        kept, taken = parts(cell)
        solutions.update({bare: cell["id"] for line in taken if len(bare := line.strip()) > 3})
        text = "\n".join(kept).strip("\n")
        if JOINED in tags(cell):
            _join(made["cells"], cell, text)
        elif text.strip():
            made["cells"].append(_bare({**copy.deepcopy(cell), "source": text}))
    _check_nothing_left(made, solutions)
    return made


def _join(cells, cell, text):
    """Put a cell's lines under those of the cell before: a source has short cells, a student writes and runs in one."""
    if not cells or cells[-1]["cell_type"] != "code" or cell["cell_type"] != "code":
        raise BrokenSource(f"cell {cell['id']!r}: it is tagged {JOINED!r}, and no code cell stands before it.")
    cells[-1]["source"] += f"\n{text}"


def solved_notebook(notebook):
    """The solution notebook without its marks: what a student who knew everything would hand in."""
    made = {**notebook, "cells": []}
    for cell in notebook["cells"]:
        parts(cell)  # broken marks are an error here too
        lines = [line for line in source(cell).split("\n") if line.strip() not in (BEGIN, END)]
        made["cells"].append(_bare({**copy.deepcopy(cell), "source": "\n".join(lines)}))
    return made


def _bare(cell):
    cell["metadata"] = {name: value for name, value in cell["metadata"].items() if name == "tags"}
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None
    return cell


def _check_nothing_left(made, solutions):
    """Marks that are gone altogether leave no trace but this: a solution's line, or an answer that is not a stub."""
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            if left := [line for line in cell["source"].split("\n") if line.strip() in solutions]:
                raise BrokenSource(f"cell {cell['id']!r}: the line {left[0].strip()!r} also stands in the solution of cell "
                                   f"{solutions[left[0].strip()]!r}.")
            _check_stubs(cell)


def _check_stubs(cell):
    """Each ``sheet.answer("q", name)`` that a student gets must stand in a cell where the name is still ``...``."""
    tree = ast.parse(cell["source"])
    stubs, others = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}
            is_stub = isinstance(node.value, ast.Constant) and node.value.value is ...
            (stubs if is_stub else others).update(names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "answer":
            value = node.args[1] if len(node.args) > 1 else None
            is_open = isinstance(value, ast.Constant) and value.value is ...
            if not is_open and not (isinstance(value, ast.Name) and value.id in stubs - others):
                raise BrokenSource(f"cell {cell['id']!r}: what it answers must be a name that the same cell sets to ... and "
                                   "nothing else outside the solution; otherwise the answer is given away.")


def answered(notebook):
    """The ids of ``sheet.answer`` calls in a notebook, in order."""
    found = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            calls = [node for node in ast.walk(ast.parse(source(cell))) if isinstance(node, ast.Call)
                     and isinstance(node.func, ast.Attribute) and node.func.attr == "answer"]
            found += [call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)]
    return found
