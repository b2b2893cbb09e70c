"""Partial least squares path models: structure, weights, fit, stages, quality, result."""

from pebbletrail.models.pls.estimate import pls
from pebbletrail.models.pls.result import PLS

__all__ = ["PLS", "pls"]
