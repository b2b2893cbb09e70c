"""One storm, customer by customer and hour by hour."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.firestorm.crowd import crowd, lucks, trust
from pebbletrail.worlds.firestorm.networks import Network
from pebbletrail.worlds.firestorm.outcomes import left, sizes, telling
from pebbletrail.worlds.firestorm.spread import spread
from pebbletrail.worlds.parameters import checked


@dataclass(frozen=True, repr=False)
class Storm(Shown):
    """One storm.

    Attributes
    ----------
    hours : DataFrame
        hour, from 0 (the incident) to the last in which somebody tells; heard (customers who know by the end of the hour),
        new (those who heard in it), telling (customers warm enough to tell in it), emotion (mean of all customers at its
        end; who has not heard has 0).
    people : DataFrame
        One row a customer: customer (from 1), degree, trust, heard_at (hour; missing: never), told_by (customer; missing for
        those hit and those who never heard), emotion (the strongest: when she heard), answered_at (hour in which the answer
        reached her; missing: never), resentment (what stays), left (within the months that are counted), because (she would
        have stayed without the storm).
    table : DataFrame
        One row: reach (share of customers who heard), peak_hour (in which most tell), length (hours until the last one
        heard), leavers (customers who leave because of the storm), answering and cost (euros; the cost is what the leavers
        would have brought, and the answer), lasting (share of customers whose resentment is still above the world's
        ``line`` after its ``days``: our definition, no measure that a study used).
    text : str
    """

    hours: pd.DataFrame
    people: pd.DataFrame
    table: pd.DataFrame
    network: Network
    world: object

    @property
    def text(self):
        world, row, heard = self.world, self.table.iloc[0], self.people["heard_at"].notna().sum()
        others = heard - world.first
        spread_ = "nobody else heard of it" if others == 0 else (
            f"{heard:,} had heard of it after {_hours(row['length'])} ({said(100 * row['reach'])} %)")
        days = "1 day" if world.days == 1 else f"{world.days} days"
        return (f"The incident hit {world.first} of {world.customers:,} customers; {spread_}. {self._peak()}"
                f"{self._answer()} Within {_months(world.months)} {self._leavers(row)} and "
                f"{said(100 * row['lasting'])} % of all customers still bear a grudge after {days}.")

    def _peak(self):
        most = self.hours["telling"].max()
        if most == 0:
            return "Nobody was angry enough to tell."
        return f"Most were telling in hour {self.table['peak_hour'].iloc[0]} ({most:,})."

    def _answer(self):
        if np.isinf(self.world.answer_after):
            return " The firm did not answer."
        where = "in public" if self.world.public else "in private"
        reached = self.people["answered_at"].notna().sum()
        return f" The answer, {where} after {_hours(self.world.answer_after)}, reached {reached:,} of those who know."

    def _leavers(self, row):
        many = int(row["leavers"])
        who = {0: "nobody leaves", 1: "1 customer leaves"}.get(many, f"{many:,} customers leave")
        paid = f", of them {said(row['answering'])} for the answer" if row["answering"] else ""
        return f"{who} because of it, at a cost of {said(row['cost'])} euros{paid};"

    def figure(self, alt=None):
        """The customers around the incident by the hour in which they heard, and the storm hour by hour."""
        from pebbletrail.worlds.firestorm.pictures import of_storm

        return of_storm(self, alt)


def _hours(number):
    return "1 hour" if number == 1 else f"{number:,.0f} hours"


def _months(number):
    return "a month" if number == 1 else f"{number} months"


def storm(world, seed):
    """See ``Firestorm.storm``."""
    network, luck = lucks(world, checked("seed", seed, 0, np.inf, whole=True))
    heard = spread(crowd(world, network, luck))
    goes, would, resent = left(world, luck, heard)
    people = pd.DataFrame({
        "customer": np.arange(1, world.customers + 1), "degree": network.degree, "trust": trust(world, luck),
        "heard_at": _known(heard.hour), "told_by": _known(heard.by) + 1, "emotion": heard.peak,
        "answered_at": _known(heard.answered), "resentment": resent, "left": goes, "because": goes & ~would})
    table = pd.DataFrame([sizes(world, luck, heard)])
    return Storm(_by_hour(world, heard), people, table, network, world)


def _known(numbers):
    return np.where(numbers < 0, np.nan, numbers)


def _by_hour(world, heard):
    active = telling(heard, max(heard.hour.max(), 0))
    hours = len(active)
    told = heard.hour >= 0
    new = np.bincount(heard.hour[told], minlength=hours)
    came = np.bincount(heard.hour[told], heard.peak[told], hours)
    keep = 2 ** (-1 / world.half_life)
    reached = (heard.answered >= 0) & (heard.answered < hours)
    cooled = heard.peak[reached] * keep ** (heard.answered - heard.hour)[reached]  # at the end of the hour
    lost = 1 - np.where(heard.hour[reached] == 0, world.kept(True), world.kept(False))
    gone = np.bincount(heard.answered[reached], lost * cooled, hours)
    emotion, now = np.empty(hours), 0.0
    for hour in range(hours):
        now = keep * now + came[hour] - gone[hour]
        emotion[hour] = now
    return pd.DataFrame({"hour": np.arange(hours), "heard": np.cumsum(new), "new": new, "telling": active,
                         "emotion": np.maximum(emotion, 0) / world.customers})
