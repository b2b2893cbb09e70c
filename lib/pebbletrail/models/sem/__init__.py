"""Structural equation models of covariances, through semopy."""

from pebbletrail.models.sem.estimate import SEM, sem

__all__ = ["SEM", "sem"]
