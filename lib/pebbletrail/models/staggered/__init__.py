"""Roll-outs that reach some units earlier than others: effects by imputation, beside the two-way regression."""

from pebbletrail.models.staggered.estimate import staggered

__all__ = ["staggered"]
