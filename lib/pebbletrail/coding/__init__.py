"""Coding what customers write: a codebook, a panel for thirty made-up comments, a simulated second coder, agreement."""
