"""What a practice notebook says, as data: the report is made of these, in the reader's language, and of nothing else."""

import re
from dataclasses import asdict, dataclass, field

from pebbletrail.shown import publish
from pebbletrail.words import minus, said

FINDING = "application/vnd.pebbletrail.practice+json"
_PRINTED = re.compile(r"^[-−+]?\d*\.\d+$")
STATUS = ("pass", "doubtful", "fail")
DESIGNS = ("association", "before-after", "randomised")
KINDS = ("specification", "design", "main", "finding", "assumption", "robustness", "rival", "beside", "left out")


@dataclass(frozen=True)
class Finding:
    """One thing found. ``kind`` is one of ``KINDS``, ``id`` names its sentence in the practice's ``words``.

    ``values`` fill the sentence. Those of ``main``, ``finding`` and ``robustness`` hold at least ``estimate, low, high``
    (95 % interval), and where there is one ``se, df, p, n, clusters, term``. ``status`` belongs to
    assumptions (``STATUS``) and to rivals ("speaks for it", "speaks against it", "cannot tell"); of a design it is one of
    ``DESIGNS``.
    """

    kind: str
    id: str
    values: dict = field(default_factory=dict)
    status: str = ""

    def text(self, words, language="en"):
        """Its sentence, from the practice's words."""
        if self.id not in words:
            raise ValueError(f"{self.kind}: no sentence for {self.id!r} in the practice's words.")
        template = words[self.id][language]
        return minus(template.format_map({name: _said(value, language) for name, value in self.values.items()}))

    def publish(self, words):
        """Show it in the notebook, and carry it as data in the cell's output."""
        mark = f"[{self.status}] " if self.status else ""
        publish({"text/plain": mark + self.text(words), FINDING: asdict(self)})


def _said(value, language):
    if isinstance(value, bool) or not isinstance(value, int | float):
        printed = language == "fr" and _PRINTED.match(str(value))  # a published figure, digit by digit as printed
        return str(value).replace(".", ",") if printed else str(value)
    shown = said(value) if isinstance(value, float) else f"{value:,}"
    return shown.translate(str.maketrans({",": "\u202f", ".": ","})) if language == "fr" else shown
