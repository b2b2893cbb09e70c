"""When does a recomputed figure agree with a printed one?

A printed figure is known to half a unit of its last digit, no better and no worse. So ours agrees when it lies within that
distance. Where our inputs are themselves rounded, or the print is a Monte Carlo figure, the ledger row states a wider
tolerance and how it was got. A printed inequality is checked as an inequality.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_PRINTED = re.compile(r"^(?P<sign><=|>=|<|>|≤|≥)?\s*(?P<number>[-−+]?((\d{1,3}(,\d{3})+|\d+)(\.\d+)?|\.\d+))$")
_SIGNS = {"<=": "≤", ">=": "≥"}
NOISE = 1e-12  # of a number: what floating-point arithmetic may add or lose; never more than a sliver of the last digit


@dataclass(frozen=True)
class Printed:
    """A figure as printed: its number, the half unit of its last digit, and the inequality sign if it has one."""

    text: str
    number: float
    half_unit: float
    sign: str | None = None

    @classmethod
    def read(cls, text):
        """Read a printed figure such as ``3.76``, ``−.18``, ``17,806`` or ``<.001``.

        Raises
        ------
        ValueError
            When the text is not one number with at most an inequality sign.
        """
        match = _PRINTED.match(str(text).strip())
        if not match:
            raise ValueError(f"published: {text!r} is not a printed number (allowed: 3.76, −.18, 17,806, <.001).")
        number = Decimal(match["number"].replace("−", "-").replace(",", ""))
        half_unit = Decimal(5).scaleb(number.as_tuple().exponent - 1)
        return cls(str(text), float(number), float(half_unit), _SIGNS.get(match["sign"], match["sign"]))

    def agrees(self, value, tolerance=None):
        """Whether ``value`` is what was printed, within ``tolerance`` (default: half a unit of the last digit).

        An inequality is true or false; no tolerance applies to it.
        """
        if self.sign:
            return {"<": value < self.number, "≤": value <= self.number,
                    ">": value > self.number, "≥": value >= self.number}[self.sign]
        allowed = self.half_unit if tolerance is None else tolerance
        return abs(value - self.number) <= allowed + min(NOISE * abs(self.number), self.half_unit / 1000)

    def like(self, value, extra=1):
        """``value`` written with the printed number of decimals and ``extra`` more, so that a reader sees the rounding."""
        decimals = max(0, -Decimal(str(self.half_unit)).as_tuple().exponent - 1)
        text = f"{value:,.{decimals + extra}f}"
        # 0.512545 shown as 0.51255 would seem to round to 0.5126, and not to the printed 0.5125
        return f"{value:,.{decimals + extra + 1}f}" if extra and text.endswith("5") else text
