"""The words of the firestorm explorer: true at every setting."""

from itertools import groupby

from pebbletrail.explorers.halves import two

CUSTOMERS, FIRST, ROUNDS = 300, 3, 8  # in each storm; of them, those hit; rounds of telling that are shown
SEEN = 5e-4  # a share below this would read 0.0 %
CLUSTERED = ("small world", "communities")  # where the acquaintances of a customer know each other


def alt(result):
    """What the picture shows."""
    reach, top = result.reach, result.tell.argmax()
    answer = "no answer" if result.after is None else f"an answer {result.where} after {_hours(result.after)}"
    return (f"Left, a week of eight storms among {CUSTOMERS} customers ({result.network}), with {answer}: on average "
            f"{_percent(reach.mean())} know in the end, from {_percent(reach.min())} to {_percent(reach.max())}; most "
            f"tell in hour {top} ({_percent(result.tell[top])}). Without an answer "
            f"{_percent(result.alone[:, -1].mean())} know in the end. Right, the further tellers that one teller makes: "
            f"{_both(result)}; and below, who know after a week, storm by storm.")


def sentence(result):
    """What is seen, and what it means."""
    reach, answered = result.reach, result.after is not None
    clustered = ""
    if result.network in CLUSTERED:
        clustered = " (if her acquaintances did not know each other; here many do, so that it is fewer)"
    out = "With the answer out that" if answered else "That"
    still = f"; {_percent(result.tell[-1])} still tell then" if result.tell[-1] >= SEEN else ""
    return (f"In eight storms that each hit {FIRST} of {CUSTOMERS} customers, {_percent(reach.mean())} know of it after "
            f"a week, on average (from {_percent(reach.min())} to {_percent(reach.max())}: that is luck alone{still}). "
            f"{_saved(result)} While nearly all have yet to hear it, one teller makes so many further "
            f"tellers{clustered}: {_both(result)}. {out} is more than one {_above(result.rounds[1])}; a story can "
            f"grow while it is, and dies away while it is not.")


def _percent(share):
    return f"{100 * share:.0f} %" if 100 * share >= 0.95 else f"{100 * share:.1f} %"


def _hours(number):
    return "1 hour" if number == 1 else f"{number} hours"


def _both(result):
    """Further tellers in the first round and the last, without an answer and with it."""
    (first, last), (first_out, last_out) = (numbers[[0, -1]] for numbers in result.rounds)
    alone = f"{two(first)} in the first round and {two(last)} in the eighth"
    if result.after is None:
        return alone
    return f"{alone} without an answer, {two(first_out)} and {two(last_out)} with the answer out"


def _above(rounds):
    """In which rounds one teller makes more than one."""
    found = groupby(enumerate(rounds > 1, 1), key=lambda pair: pair[1])
    runs = [[number for number, _ in run] for above, run in found if above]
    if not runs:
        return "in no round"
    if len(runs[0]) == ROUNDS:
        return "in all eight rounds"
    told = [f"round {run[0]}" if len(run) == 1 else f"rounds {run[0]} {'and' if len(run) == 2 else 'to'} {run[-1]}"
            for run in runs]
    return f"in {' and '.join(told)} only"


def _saved(result):
    if result.after is None:
        return "The firm does not answer."
    without = f"without an answer {_percent(result.alone[:, -1].mean())} would"
    if abs(result.saved) < 0.5 or (result.saved < 0 and result.where == "in private"):  # luck: nobody is louder
        return f"The answer changes next to nothing: {without}."
    return f"The answer {'holds it back' if result.saved > 0 else 'feeds it'}: {without}."
