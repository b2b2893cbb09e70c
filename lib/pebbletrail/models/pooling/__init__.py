"""Pooling studies: means and heterogeneity, correlations, moderators, small-study effects, signed evidence."""
