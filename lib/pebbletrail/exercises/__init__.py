"""Exercises: personal data, the answer sheet, and what builds them from a module's solution notebook."""
