"""What the class report says of one module."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from statistics import mean, median, stdev

from pebbletrail.grading.item_analysis import Items
from pebbletrail.grading.item_flags import UNKNOWN
from pebbletrail.grading.left_out import STOPPED, why_left_out
from pebbletrail.grading.pages import points
from pebbletrail.grading.results import ABSENT, GRADED, WAITING
from pebbletrail.words import counted

MOST_MISTAKES = 12  # in a table
MOST_BARS = 21  # of a histogram, about
WIDE, HIGH = 500, 150  # where its bars may stand, in pixels


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram: from how many points, how many students; and where it stands, in pixels."""

    low: float
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Section:
    """One module.

    Attributes
    ----------
    name, title : str
    works : tuple of Work
        At least one.
    items : Items
    queue : str
        The page on which a person marks its texts; empty for none.
    """

    name: str
    title: str
    works: tuple
    items: Items
    queue: str

    def state(self, state):
        """The works in one state."""
        return [work for work in self.works if work.state == state]

    @property
    def noted(self):
        """Works with something to say, but for those that wait: these stand by themselves."""
        return [work for work in self.works if work.notes and work.state != WAITING]

    @property
    def doubted(self):
        """Works of which something speaks against the file."""
        return [work for work in self.works if work.doubts]

    @property
    def hardly_answered(self):
        """Works with fewer than half of the answers that rules mark: most of these notebooks stopped."""
        return [work for work in self.state(GRADED) if why_left_out(work) == STOPPED]

    @property
    def texts(self):
        """How many answers wait for a person."""
        return sum(self.items.unmarked.values())

    @property
    def counts(self):
        """How many handed in, and how many sums are final."""
        absent, waiting = (len(self.state(one)) for one in (ABSENT, WAITING))
        final = sum(work.complete for work in self.works if work.state == GRADED)
        told = f"{len(self.works) - absent} of {counted(len(self.works), 'student')} handed in"
        told += f"; {waiting} could not be run yet" if waiting else ""
        told += f". {counted(final, 'sum')} {'is' if final == 1 else 'are'} final"
        left, doubted = sum(bool(work.unmarked) for work in self.state(GRADED)), len(self.doubted)
        told += f"; {left} {'waits' if left == 1 else 'wait'} for a person's marks" if left else ""
        return f"{told}; {doubted} {'is' if doubted == 1 else 'are'} in doubt." if doubted else f"{told}."

    @cached_property
    def sums(self):
        """The points of each work that was run, without questions that wait: all are sums of the same questions."""
        return [self.sum_of(work) for work in self.state(GRADED)]

    def sum_of(self, work):
        """The points of one work, without questions that wait."""
        return math.fsum(item.points for item in self._marked(work))

    @cached_property
    def top(self):
        """The most that such a sum can be."""
        return math.fsum(item.possible for item in self._marked(self.example or self.works[0]))

    def _marked(self, work):
        return [item for item in work.items if item.id not in self.items.unmarked]

    @property
    def average(self):
        return mean(self.sums or [math.nan])

    @property
    def spread(self):
        """The sums in one sentence."""
        if not self.sums:
            return "There are no sums yet."
        left = self.items.unmarked
        told = f"Of {points(self.top)} points"
        told += f" (without {' and '.join(left)}, still to be marked)" if left else ""
        told += f", {counted(len(self.sums), 'work')} earned {points(min(self.sums))} to {points(max(self.sums))}"
        told += f"; mean {mean(self.sums):.1f}, median {median(self.sums):.1f}"
        return f"{told}, standard deviation {stdev(self.sums):.1f}." if len(self.sums) > 1 else f"{told}."

    @property
    def bars(self):
        return bars(self.sums, self.top)

    @property
    def rows(self):
        """The table of questions, row by row."""
        return self.items.table.to_dict("records")

    @property
    def mistakes(self):
        """The commonest wrong ways that have a name."""
        known = self.items.mistakes[self.items.mistakes["way"] != UNKNOWN]
        return known.sort_values("count", ascending=False, kind="stable").head(MOST_MISTAKES).to_dict("records")

    @property
    def unknown(self):
        """By question, how many were wrong in no known way."""
        others = self.items.mistakes[self.items.mistakes["way"] == UNKNOWN]
        return ", ".join(f"{question} {count}" for question, count in zip(others["question"], others["count"], strict=True))

    @property
    def example(self):
        """A work whose questions show how they read; None where nobody handed in."""
        return next(iter(self.state(GRADED)), None)


def bars(sums, top):
    """A histogram of sums from 0 to the top; each bar holds its lower end and what is below the next."""
    step = max(1, math.ceil(top / MOST_BARS))
    count = int(top // step) + 1
    tally = Counter(min(int((one + 1e-9) // step), count - 1) for one in sums)  # 1e-9: what adding up leaves
    highest, width = max(tally.values(), default=1), WIDE / count
    heights = [HIGH * tally[place] / highest for place in range(count)]
    return tuple(Bar(place * step, tally[place], place * width, HIGH - height, width, height)
                 for place, height in enumerate(heights))
