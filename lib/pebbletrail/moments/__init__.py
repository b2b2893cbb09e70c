"""Sample sizes, means and covariances: all that a linear question needs of its data."""

from pebbletrail.moments.core import Moments

__all__ = ["Moments"]
