"""Logistic regression of rows: odds ratios, changes in probability, predictions."""

from pebbletrail.models.logistic.estimate import logistic

__all__ = ["logistic"]
