"""The printed figure beside ours: ``compare``, ``cite`` and ``verdict``.

Each call shows the pair to the reader and carries it as data in the cell's output, where ``pebbletrail reproduce`` finds
it. Nothing else records what a page computed.
"""

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass

from pebbletrail import ledger_view as view
from pebbletrail.agreement import Printed
from pebbletrail.ledger_table import claims, ledger, look_up
from pebbletrail.shown import publish

LINES = "application/vnd.pebbletrail.lines+json"
VERDICT = "application/vnd.pebbletrail.verdict+json"
VERDICTS = ("supported", "mixed", "contradicted", "untested")
NOT_FOR = {"aim": ("contradicted",), "question": ("supported", "contradicted")}


@dataclass(frozen=True)
class Comparison:
    """One line of the ledger with the value a page computed for it."""

    id: str
    value: float
    status: str

    @property
    def line(self):
        return ledger()[self.id]

    @property
    def as_expected(self):
        return self.status == self.line.expected

    @property
    def text(self):
        """The pair in one sentence: what was printed, what came out, and what that means."""
        line = self.line
        start = (f"{line.quantity}: printed {line.published}, ours "
                 f"{line.shown(self.value)} ({line.unit}).")
        if self.as_expected and self.status == "agrees":
            margin = f"within the stated tolerance ({line.tolerance})" if line.tolerance else "to the last printed digit"
            return f"{start} It agrees{'' if Printed.read(line.published).sign else ' ' + margin}."
        if self.as_expected:
            return f"{start} It differs, as the ledger expects: {line.because}."
        return f"{start} It {self.status}, and the ledger expects that it {line.expected}."

    def __repr__(self):
        return self.text

    def _ipython_display_(self):
        """Nothing more: ``compare`` has already shown it, wherever in the cell it was called."""


def compare(id, value):
    """Hold a recomputed figure against the printed one.

    Parameters
    ----------
    id : str
        A line of ``datasets/ledger.csv`` that is recomputed or checked for consistency.
    value : float
        What the page computed, in the unit of the line. Never a literal.

    Returns
    -------
    Comparison
        ``.status`` is ``"agrees"`` or ``"differs"``; ``.text`` says it in a sentence. The pair is shown at once.

    Raises
    ------
    ValueError
        Unknown id, a quoted figure (``pt.cite`` shows those), or a value that is not one finite number.
    """
    made = _comparison(id, value)
    publish({LINES: _as_data([made]), "text/html": view.comparison(made), "text/plain": made.text})
    return made


def compare_all(values, fold=None):
    """Hold several recomputed figures against the printed ones, in one table.

    Parameters
    ----------
    values : mapping of str to float, or Series
        Ledger id to computed value.
    fold : str, optional
        A title under which the table is folded away until a reader opens it.

    Returns
    -------
    list of Comparison
    """
    if not isinstance(values, Mapping) and not hasattr(values, "items"):
        raise ValueError("values: give a mapping or a Series from ledger id to computed value, "
                         f"not {type(values).__name__}.")
    made = [_comparison(id, value) for id, value in values.items()]
    if not made:
        raise ValueError("values: it is empty; give at least one ledger id with its computed value.")
    publish({LINES: _as_data(made), "text/html": view.comparisons(made, fold),
              "text/plain": "\n".join(one.text for one in made)})
    return view.Quiet(made)


def cite(id):
    """Show a printed figure that the kit quotes and does not recompute, with its source. It counts nowhere."""
    line = look_up(ledger(), id, "figure")
    return view.Citation(line)


def verdict(claim, verdict, because, supports=(), opposes=(), directness=""):
    """Say what the evidence does to a claim. Given once, on the claim's home page.

    Parameters
    ----------
    claim : str
        A claim of ``datasets/claims.csv``.
    verdict : {"supported", "mixed", "contradicted", "untested"}
        An aim cannot be contradicted by data, and a question cannot be supported.
    because : str
        The reason, in a sentence that names the evidence.
    supports, opposes : sequence of str
        Ledger ids that speak for and against.
    directness : str
        How far the evidence is from the claim: other people, other measures, other countries.
    """
    about = look_up(claims(), claim, "claim")
    if verdict not in VERDICTS:
        raise ValueError(f"verdict: {verdict!r} is not one of {', '.join(VERDICTS)}.")
    if verdict in NOT_FOR.get(about.kind, ()):
        raise ValueError(f"verdict: {claim!r} is a claim of the kind {about.kind!r}, which cannot be {verdict!r}.")
    if not because.strip():
        raise ValueError("because: a verdict needs its reason.")
    for given in (*supports, *opposes):
        look_up(ledger(), given, "figure")
    data = {"claim": claim, "verdict": verdict, "because": because, "supports": list(supports),
            "opposes": list(opposes), "directness": directness, "home_page": int(about.home_page)}
    plain = f"{about.claim}. Verdict: {verdict}, because {because}"
    publish({VERDICT: data, "text/html": view.verdict(about, data), "text/plain": plain})


def _comparison(id, value):
    line = look_up(ledger(), id, "figure")
    if not line.counts:
        raise ValueError(f"{id!r} is a quoted figure: it is shown by pt.cite({id!r}) and compared with nothing.")
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not math.isfinite(value):
        raise ValueError(f"value: {id!r} needs one finite number, not {value!r}.")
    return Comparison(id, float(value), line.status(float(value)))


def _as_data(made):
    return {"lines": [{"id": one.id, "value": one.value, "status": one.status} for one in made]}
