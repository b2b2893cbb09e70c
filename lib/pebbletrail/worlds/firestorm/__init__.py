"""An incident that spreads on a network of customers, the firm's answer, and what is left of it."""

from pebbletrail.worlds.firestorm.world import Firestorm

__all__ = ["Firestorm"]
