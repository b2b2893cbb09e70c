"""The slope of a predictor along a moderator, and where its interval excludes 0 (Johnson and Neyman)."""

from pebbletrail.models.floodlight.estimate import floodlight

__all__ = ["floodlight"]
