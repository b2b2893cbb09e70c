"""What is left when a storm is over: resentment, who leaves because of it, and what that costs."""

import numpy as np
from scipy.special import expit, logit

from pebbletrail.worlds.firestorm.crowd import trust

DAYS_A_MONTH = 365.25 / 12
SIZES = ("reach", "peak_hour", "length", "leavers", "answering", "cost", "lasting")


def resentment(world, peak, reached, hit):
    """What stays of the strongest emotion; less where the answer has reached one, however late it came."""
    return world.sticks * peak * np.where(reached, 1 - np.where(hit, world.mended(True), world.mended(False)), 1.0)


def lasts(world, resent):
    """Whether resentment is still above the line, so many days later."""
    return resent * 2 ** (-world.days / world.fades) > world.line


def leaving(world, resent, trusts):
    """The probability of leaving within the months that are counted; shapes as ``resent`` and ``trusts``.

    Month after month, each with the resentment of its middle.
    """
    odds = logit(world.leave) - world.trust_on_leaving * (trusts - world.trust)
    stays = 1.0
    for month in range(world.months):
        left = 2 ** (-(month + 0.5) * DAYS_A_MONTH / world.fades)
        stays = stays * expit(-odds - world.resentment_on_leaving * left * resent)
    return 1 - stays


def answering(world, hit_reached, reached):
    """What the answer costs, in euros, when it has reached so many of those hit, and so many in all."""
    if np.isinf(world.answer_after):
        return 0.0
    private = 0.0 if world.public else world.handling * reached
    return world.answer_cost + private + world.compensation * world.distributive * hit_reached


def telling(heard, hours=None):
    """How many tell in each hour, from hour 0 (nobody yet) on; ``hours``: up to which."""
    tells = heard.hours > 0
    first, last = heard.hour[tells] + 1, (heard.hour + heard.hours)[tells]
    end = 1 + max(hours or 0, last.max(initial=0))
    return np.cumsum(np.bincount(first, minlength=end + 1) - np.bincount(last + 1, minlength=end + 1))[:end]


def left(world, luck, heard):
    """Who leaves after the storm, who would have left without it, and the resentment of each.

    The same luck decides both: so nobody stays because of a storm.
    """
    trusts, resent = trust(world, luck), resentment(world, heard.peak, heard.answered >= 0, heard.hour == 0)
    goes = luck.leaves < leaving(world, resent, trusts)
    return goes, luck.leaves < leaving(world, np.zeros(len(resent)), trusts), resent


def sizes(world, luck, heard):
    """The numbers of ``SIZES`` of one storm, as a dict: what they mean says ``Storm.table``."""
    goes, would, resent = left(world, luck, heard)
    active, told = telling(heard), heard.hour >= 0
    leavers, reached = int(goes.sum() - would.sum()), heard.answered >= 0
    paid = answering(world, int((reached & (heard.hour == 0)).sum()), int(reached.sum()))
    return {"reach": told.mean(), "peak_hour": int(active.argmax()), "length": int(heard.hour.max()), "leavers": leavers,
            "answering": paid, "cost": paid + world.value * leavers, "lasting": lasts(world, resent).mean()}
