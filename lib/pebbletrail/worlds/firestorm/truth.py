"""The parameters of the firestorm world, each with its unit, limits, meaning, source, and how unsure it is."""

import math
from dataclasses import dataclass, field, fields

import numpy as np

from pebbletrail.worlds.parameters import checked, parameter, parameter_table

NETWORKS = ("random", "hubs", "small world", "communities")
WHOLE = ("customers", "friends", "circle", "first", "days", "months")
NEVER = math.inf
LATEST = 720  # hours: what the answer mends counts from the start, so that it cannot come months later


def unsure(times, *given):
    """A parameter that nobody has measured: the truth may be ``times`` more, or as many times less."""
    known = parameter(*given)
    return field(default=known.default, metadata={**known.metadata, "unsure": times})


def _either(default, options, meaning):
    return field(default=default, metadata={"options": options, "low": None, "high": None, "meaning": meaning,
                                            "unit": " or ".join(map(str, options)), "source": "chosen"})


@dataclass(frozen=True)
class Truth:
    """What is true of the customers, the incident and the answer in ``Firestorm``, and can be set.

    Raises
    ------
    ValueError
        A parameter outside its limits, or two that do not go together.
    """

    network: str = _either("random", NETWORKS, "shape of the network of customers who know each other")
    customers: int = parameter(2_000, 50, 20_000, "customers", "how many customers the firm has", "chosen")
    friends: int = parameter(8, 2, 40, "customers, even", "how many others a customer knows, on average, in every network")
    shortcuts: float = parameter(0.1, 0, 1, "share", "small world: acquaintances who are not neighbours on the ring")
    circle: int = parameter(40, 3, 1_000, "customers", "communities: how large a circle of customers is")
    outside: float = parameter(0.1, 0, 1, "share", "communities: acquaintances who are not of one's own circle")

    first: int = parameter(10, 1, 1_000, "customers", "how many the incident hits", "chosen")
    heat: float = parameter(0.8, 0, 1, "0: calm, 1: furious", "emotion of those whom the incident hits", "chosen")
    tell: float = unsure(1.5, 0.03, 0, 5, "an hour and acquaintance", "how much a furious customer tells; others less")
    retold: float = unsure(1.25, 1.5, 0, 5, "times", "how hot a story is told: 1, as hot as the teller is in that hour")
    half_life: float = unsure(1.5, 12, 0.1, 72, "hours", "in which emotion cools to half")
    warm: float = parameter(0.1, 0.02, 1, "emotion", "a customer tells as long as emotion is not below this")
    trust: float = unsure(1.25, 0.5, 0, 1, "0: none, 1: full", "mean trust in the firm before the incident")
    trust_spread: float = parameter(0.2, 0, 0.5, "SD", "how far customers differ in trust (normal, kept within 0 and 1)")
    shield: float = unsure(1.5, 0.5, 0, 1, "share", "of the emotion in a story, how much full trust keeps off")

    answer_after: float = field(default=24, metadata={
        "low": 0, "high": NEVER, "unit": "whole hours, to 720; or inf: never", "meaning": "when the firm's answer comes out",
        "source": "chosen"})
    public: bool = _either(True, (True, False), "whether the firm answers in public or in private")
    distributive: float = parameter(0.5, 0, 1, "0: none, 1: full", "justice of the outcome: what is made good", "chosen")
    procedural: float = parameter(0.5, 0, 1, "0: none, 1: full", "justice of the way: quick, open, easy", "chosen")
    interactional: float = parameter(0.5, 0, 1, "0: none, 1: full", "justice of the tone: respect, empathy", "chosen")
    noticed: float = unsure(1.5, 0.15, 0, 1, "probability an hour", "that the answer reaches somebody whom it can reach")
    known: float = unsure(1.5, 0.3, 0, 1, "share", "of those who only heard, whom the firm knows of and can write to")
    by_distributive: float = parameter(0.5, 0, 1, "share", "weight of the outcome in how just an answer is",
                                       "order of the three: ors-order; size assumed")
    by_interactional: float = parameter(0.35, 0, 1, "share", "weight of the tone; what is left is the weight of the way",
                                        "order of the three: ors-order; size assumed")
    cools: float = unsure(1.25, 0.8, 0, 1, "share", "of the emotion, how much a fully just answer takes away")
    feeds: float = unsure(1.5, 0.5, 0, 3, "log rate", "what full compensation, in public, adds to telling",
                          "direction: her-comp (read at second hand); size assumed")
    soothes: float = unsure(1.5, 0.5, 0, 3, "log rate", "what full empathy, in public, takes from telling",
                            "direction: her-comp (read at second hand); size assumed")
    mends: float = unsure(1.25, 0.8, 0, 1, "share", "of the resentment, how much a fully just answer takes away",
                          "that it mends all at most, and wins nobody beyond: mat-rep; size assumed")

    sticks: float = unsure(1.5, 0.3, 0, 1, "share", "of the strongest emotion, how much stays as resentment",
                           "that in some cases harm lasts and in others not: han-st, han-lt; size assumed")
    fades: float = unsure(1.5, 90, 5, 1_000, "days", "in which resentment fades to half",
                          "that what is old counts less: cha-trust; size assumed")
    line: float = parameter(0.1, 0.01, 1, "emotion", "resentment above this counts as lasting", "our definition")
    days: int = parameter(30, 1, 365, "whole days", "after which it is looked whether resentment lasts", "our definition")
    leave: float = parameter(0.02, 0.0001, 0.5, "probability a month", "a customer of mean trust leaves, storm or not")
    months: int = parameter(6, 1, 36, "whole months", "for how long leaving is counted", "chosen")
    trust_on_leaving: float = unsure(1.5, 1.0, 0, 5, "log odds", "how far full trust, against none, lowers leaving")
    resentment_on_leaving: float = unsure(1.5, 4.0, 0, 20, "log odds", "how far resentment of 1 raises leaving in a month")
    value: float = parameter(300, 0, 1e6, "euros", "what a customer who leaves would still have brought", "chosen")
    answer_cost: float = parameter(1_000, 0, 1e9, "euros", "what an answer costs whomever it reaches", "chosen")
    handling: float = parameter(10, 0, 1e6, "euros a customer", "what writing to a customer in private costs", "chosen")
    compensation: float = parameter(50, 0, 1e6, "euros a customer", "full compensation of one who was hit and is reached",
                                    "chosen")

    def __post_init__(self):
        for one in fields(self):
            self._check(one.name, getattr(self, one.name), one.metadata)
        self._check_together()

    def _check(self, name, value, about):
        if "options" in about:
            same = [option for option in about["options"] if type(option) is type(value) and option == value]
            if not same:
                told = ", ".join(map(repr, about["options"]))
                raise ValueError(f"{name}: {value!r} is none of {told}. It is the {about['meaning']}.")
            return
        never = name == "answer_after" and isinstance(value, float) and value == NEVER
        try:
            high = LATEST if name == "answer_after" else about["high"]
            value = value if never else checked(name, value, about["low"], high, name in (*WHOLE, "answer_after"))
        except ValueError as error:
            raise ValueError(f"{error} It is: {about['meaning']} ({about['unit']}).") from None
        object.__setattr__(self, name, value)

    def _check_together(self):
        if self.friends % 2:
            raise ValueError(f"friends: an even number is needed, so that all networks can have it, not {self.friends}.")
        if self.friends >= self.customers / 2:
            raise ValueError(f"friends: fewer than half of the customers ({self.customers}) are needed, not {self.friends}.")
        if self.first > self.customers:
            raise ValueError(f"first: at most as many as there are customers ({self.customers}), not {self.first}.")
        if self.by_distributive + self.by_interactional > 1:
            raise ValueError("by_distributive, by_interactional: together at most 1 (what is left is the way's), not "
                             f"{self.by_distributive + self.by_interactional:g}.")
        least = math.ceil((self.friends * (1 - self.outside) + 1) / 0.8)  # circles come out up to a fifth smaller
        if self.network == "communities" and not least <= self.circle <= self.customers / 2:
            raise ValueError(f"circle: with {self.friends} friends, {self.outside:g} of them outside, and {self.customers} "
                             f"customers, from {least} to {self.customers // 2} are needed, not {self.circle}.")

    @property
    def table(self):
        """One row a parameter: parameter, value, unit, default, low, high, unsure, meaning, source.

        ``unsure``: where the size is assumed and nobody knows it, ``storms`` and ``answers`` draw it between the value
        divided by this and the value times this. Missing: it is taken as set.
        """
        table = parameter_table(self)
        table.insert(6, "unsure", [one.metadata.get("unsure", np.nan) for one in fields(self)])
        return table

    def justice(self, hit):
        """How just the answer is to one who was hit (True), or who only heard (False); from 0 to 1.

        The mean of its three parts, weighted. What is made good is made good to those hit: to others that part is 0.
        """
        way = 1 - self.by_distributive - self.by_interactional
        outcome = self.by_distributive * self.distributive if hit else 0.0
        return outcome + self.by_interactional * self.interactional + way * self.procedural

    def kept(self, hit):
        """The share of emotion that is left when the answer has reached somebody who was hit, or who only heard."""
        return 1 - self.cools * self.justice(hit)

    def mended(self, hit):
        """The share of resentment that the answer takes away from somebody whom it has reached."""
        return self.mends * self.justice(hit)

    @property
    def louder(self):
        """How many times as much somebody tells whom the answer has reached, at the same emotion."""
        return math.exp(self.feeds * self.distributive - self.soothes * self.interactional) if self.public else 1.0


UNSURE = {one.name: one.metadata["unsure"] for one in fields(Truth) if "unsure" in one.metadata}
