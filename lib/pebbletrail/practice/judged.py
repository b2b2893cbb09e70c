"""A judgement made by a stated rule: its status, its sentence, and the numbers it rests on."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Judged:
    """What a rule said. ``status`` and ``id`` are those of a Finding; ``values`` fill its sentence."""

    status: str
    id: str
    values: dict = field(default_factory=dict)

    def tell(self, say):
        """Hand it to ``study.assumption`` or ``study.rival``."""
        say(self.status, self.id, **self.values)


def side(name, row):
    """``name`` with what the interval says: ``.more`` above 0, ``.less`` below it, ``.open`` where it holds 0.

    Sentences are chosen by this, so that none assumes a sign.
    """
    low, high = row["ci_low"], row["ci_high"]
    return f"{name}.{'more' if low > 0 else 'less' if high < 0 else 'open'}"


def by_size(value, pass_below, doubtful_below):
    """``pass`` below the first number, ``doubtful`` below the second, ``fail`` from there on (and for no number)."""
    return "pass" if value < pass_below else "doubtful" if value < doubtful_below else "fail"
