"""Grading a class: submissions executed under isolation, marked by the stored keys, and told to those concerned."""
