"""Which works tell so little of a module's questions that no number on questions rests on them."""

from pebbletrail.grading.results import PERSON

STOPPED = "fewer than half of the questions that rules mark are answered, as where a notebook stopped"
DOUBTED = "the file is in doubt"
SET_BY_HAND = "a person set the points of every question"


def why_left_out(work):
    """Why a work is left out, in words; empty where it counts.

    A notebook that stopped earns 0 everywhere after that place, as does a sanction: neither says how hard a question is,
    and both make questions seem to go together.
    """
    ruled = [item for item in work.items if item.kind != "text"]
    if 2 * sum(item.answer is not None for item in ruled) < len(ruled):
        return STOPPED
    if work.doubts:
        return DOUBTED
    return SET_BY_HAND if all(item.by == PERSON for item in work.items) else ""
