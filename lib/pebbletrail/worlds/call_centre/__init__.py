"""A call centre, week by week: control, quality, burnout and quitting, with a truth that is set by parameters."""

from pebbletrail.worlds.call_centre.rollout import Rollout
from pebbletrail.worlds.call_centre.world import CallCentre

__all__ = ["CallCentre", "Rollout"]
