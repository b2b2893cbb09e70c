"""Two groups that wear each other out, or keep each other calm: agents and callers, round after round."""

from pebbletrail.worlds.circle.world import Circle

__all__ = ["Circle"]
