"""A small module with every kind of question, written where a test wants it: ``toy(tmp_path)``."""

import json
from pathlib import Path

from pebbletrail.exercises.module import load_module

TOY = Path(__file__).with_name("toy") / "module.py"
ANSWER = '{name} = ...\n### BEGIN SOLUTION\n{name} = {way}\n### END SOLUTION\nsheet.answer("{id}", {name})'
WAYS = {  # question: the name that the student fills, and how the solution does it
    "q1": ("pick", '"a"'),
    "q1b": ("mean", 'agents.loc[agents["watched"] == 1, "quality"].mean()'),
    "q2": ("line", 'agents["quality"].median()'),
    "q3": ("difference", 'agents.groupby("watched")["quality"].mean().diff().iloc[-1]'),
    "q3b": ("money", 'difference * sheet.given["cost"]'),
    "q4": ("mended", 'agents["quality"].mean()'),
    "q5": ("arrows", '"{{q5.right}}"'),
    "q6": ("flaw", '"{{q6.right}}"'),
    "q7": ("spread", 'agents["quality"].std()'),
    "q8": ("text", '"{{q8.right}}"'),
}


def notebook(name="04-toy"):
    """The toy's solution notebook, as a dict."""
    cells = [_markdown("title", "# {{title}}\n\n{{firm}} watches some of its agents. Made up."), _markdown("how", "{{how}}"),
             _code("tools", f'import pebbletrail as pt\n\nsheet = pt.exercise("{name}")'),
             _code("data", 'agents = sheet.data("agents")\nagents.head()')]
    for id, (word, way) in WAYS.items():
        told = f"{{{{{id}}}}}" if id in ("q1", "q5", "q6", "q8") else f"The number `{word}`, at {{{{cost}}}} euros a point."
        words = [f"{{{{{id}.head}}}}", told] if len(id) == 2 else [told]
        cells.append(_markdown(f"{id}-text", "\n\n".join(words)))
        if id == "q4":
            cells.append(_code("q4-broken", 'agents.groupby("team")["quality"].mean().mean()  # the mean of all agents'))
        cells.append(_code(id, ANSWER.format(id=id, name=word, way=way)))
    cells += [_markdown("hand-in", "{{hand-in}}"), _code("progress", "sheet.progress()"),
              _code("submit", "# sheet.submit()")]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def toy(tmp_path, name="04-toy"):
    """The toy as a module, with its sources in ``tmp_path/exercises/<name>``."""
    folder = Path(tmp_path) / "exercises" / name
    folder.mkdir(parents=True)
    (folder / "module.py").write_text(TOY.read_text(encoding="utf-8").replace("04-toy", name), encoding="utf-8")
    (folder / "solution.ipynb").write_text(json.dumps(notebook(name), ensure_ascii=False), encoding="utf-8")
    return load_module(folder)


def _markdown(id, text):
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": text}


def _code(id, text):
    return {"cell_type": "code", "id": id, "metadata": {}, "source": text, "outputs": [], "execution_count": None}
