"""From an executed practice notebook to what its report is made of: findings, and figures with their descriptions."""

import html
import re
from dataclasses import dataclass

from pebbletrail.practice.findings import FINDING, Finding
from pebbletrail.reproduce.harvest import outputs

_IMAGE = re.compile(r'<img alt="(?P<alt>[^"]*)"[^>]* src="data:image/png;base64,(?P<png>[A-Za-z0-9+/=]+)">')


@dataclass(frozen=True)
class Figure:
    """A picture of the notebook: PNG in base64, and its description."""

    png_base64: str
    alt: str
    caption: str = ""


def findings(notebook):
    """Every finding of an executed notebook, in order."""
    return [Finding(**one) for one in outputs(notebook, FINDING)]


def figures(notebook):
    """Every figure that ``pt.show`` showed, in order."""
    shown = [shown if isinstance(shown, str) else "".join(shown) for shown in outputs(notebook, "text/html")]
    return [Figure(match["png"], html.unescape(match["alt"])) for one in shown for match in _IMAGE.finditer(one)]
