"""What a page's source says: its number, title, cells, tags and calls. Nothing is executed."""

import ast
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pebbletrail.home import project_folder

_FILE = re.compile(r"^(\d\d)-[\w-]+\.ipynb$")
NEEDS = "needs:"


@dataclass(frozen=True)
class Page:
    """One notebook of ``notebooks/``; ``number`` is 0 for the start page."""

    number: int
    path: Path

    @cached_property
    def notebook(self):
        return json.loads(self.path.read_text(encoding="utf-8"))

    @cached_property
    def cells(self):
        return self.notebook["cells"]

    @cached_property
    def headings(self):
        """Every heading as ``(level, text)``, in order."""
        lines = [line for cell in self.cells if cell["cell_type"] == "markdown" for line in source(cell).splitlines()]
        return [(len(match[1]), match[2].strip()) for line in lines if (match := re.match(r"^(#{1,6}) (.*)$", line))]

    @cached_property
    def title(self):
        """The title without its number."""
        return re.sub(r"^\d+\s+", "", self.headings[0][1])

    def calls(self, name):
        """Every call of ``pt.<name>`` as ``(cell number from 1, ast.Call)``."""
        found = []
        for number, cell in enumerate(self.cells, start=1):
            if cell["cell_type"] == "code":
                nodes = [node for node in ast.walk(ast.parse(source(cell))) if isinstance(node, ast.Call)]
                found += [(number, node) for node in nodes if _is_ours(node.func, name)]
        return found

    def verdicts(self):
        """The literal ``pt.verdict`` calls, as dicts of their arguments."""
        names = ("claim", "verdict", "because", "supports", "opposes", "directness")
        return [dict(zip(names, map(ast.literal_eval, call.args), strict=False))
                | {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
                for _, call in self.calls("verdict")]


def source(cell):
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)


def tags(cell):
    return cell.get("metadata", {}).get("tags", [])


def needs(cell):
    """Names of the open data sets that a cell's tags ask for."""
    return [tag.removeprefix(NEEDS) for tag in tags(cell) if tag.startswith(NEEDS)]


def _is_ours(func, name):
    return isinstance(func, ast.Attribute) and func.attr == name and getattr(func.value, "id", "") == "pt"


def all_pages():
    """Every page by number."""
    found = {}
    for path in sorted(project_folder("notebooks").glob("*.ipynb")):
        if match := _FILE.match(path.name):
            found[int(match[1])] = Page(int(match[1]), path)
    return found
