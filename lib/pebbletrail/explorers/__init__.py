"""Panels to try things without code, on one small base (``panel.py``). Each has a static twin for print and reports."""
