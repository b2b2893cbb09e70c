"""A decision model of complaint handling: what better handling keeps, what it costs, and how unsure both are."""

from pebbletrail.models.complaints.estimate import complaint_return

__all__ = ["complaint_return"]
