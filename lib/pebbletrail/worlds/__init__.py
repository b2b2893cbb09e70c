"""Worlds that are made up and whose truth is therefore known. What is drawn from them is never evidence for a claim."""

from pebbletrail.worlds.call_centre import CallCentre, Rollout
from pebbletrail.worlds.circle import Circle
from pebbletrail.worlds.firestorm import Firestorm
from pebbletrail.worlds.relationship import Relationship

__all__ = ["CallCentre", "Circle", "Firestorm", "Relationship", "Rollout"]
