"""Who is still there after a time: Kaplan-Meier curves and the log-rank test."""

from pebbletrail.models.survival.estimate import survival

__all__ = ["survival"]
