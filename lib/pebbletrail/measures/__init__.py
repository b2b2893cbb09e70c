"""Measurement: how well items make a scale, how raters agree, and what two variables share, each with its uncertainty."""
