"""Do nothing, pilot or roll out: by rules that the report prints, the first one that holds."""

from dataclasses import dataclass, field

UNLIKELY, LIKELY = 0.1, 0.9
CHOICES = ("nothing", "pilot", "rollout")


@dataclass(frozen=True)
class Decision:
    """What is advised; ``reason`` names the rule that held, and its sentence, which ``values`` fill."""

    choice: str
    reason: str
    values: dict = field(default_factory=dict)


def decide(design, chance=None, *, falls_short=False, failed=0, rivals=0):
    """The advice.

    Parameters
    ----------
    design : {"association", "before-after", "randomised"}
        An association is never more than a reason for a pilot.
    chance : float, optional
        That the benefit exceeds the cost; None where there is no figure.
    falls_short : bool
        Whether the interval leaves out every effect that would pay.
    failed : int
        Assumptions that failed.
    rivals : int
        Rival explanations that the data speaks for.

    Returns
    -------
    Decision
    """
    chance = None if chance is None else round(chance, 2)  # as it is printed: 10 % is one in ten
    if falls_short:
        return Decision("nothing", "short")
    if chance is not None and chance <= UNLIKELY:
        return Decision("nothing", "unlikely", {"chance": chance})
    if design == "association":
        return Decision("pilot", "association")
    if chance is None:
        return Decision("pilot", "unpriced")
    if failed:
        return Decision("pilot", "failed", {"count": failed})
    if rivals:
        return Decision("pilot", "rival", {"count": rivals})
    if chance >= LIKELY:
        return Decision("rollout", "likely", {"chance": chance})
    return Decision("pilot", "open", {"chance": chance})
