"""Formulas of what follows from an earlier answer: computed here by Python itself, written out."""

import math

import pytest

from pebbletrail.exercises.arithmetic import evaluate


@pytest.mark.parametrize(("formula", "expected"), [
    ("q2 * 1240 / 0.6", 0.25 * 1240 / 0.6),
    ("-(q2 + q3) ** 2", -(0.25 + 3.0) ** 2),
    ("sqrt(q3) - log(q2)", math.sqrt(3.0) - math.log(0.25)),
    ("ceil(q3 / q2)", 12),
    ("max(q2, q3, 1) - min(q2, q3)", 2.75),
    ("abs(-q3) + exp(0)", 4.0),
])
def test_formulas_are_computed(formula, expected):
    assert evaluate(formula, {"q2": 0.25, "q3": 3.0}) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("formula", ["1 / q2", "sqrt(q2 - 1)", "log(q2)", "(0 - 1) ** 0.5", "10.0 ** 99 ** 2", "exp(1000)",
                                     "(0 - 1) ** (1e308 * 10 - 1e308 * 10)", "(1e308 * 10 - 1e308 * 10) ** 0",
                                     "(1e308 * 10) ** 0", "2 ** (0 - 1e308 * 10)"])
def test_what_has_no_finite_value_is_none(formula):
    assert evaluate(formula, {"q2": 0.0}) is None


@pytest.mark.parametrize("formula", [
    "__import__('os').system('true')", "q9 + 1", "q2.real", "[q2][0]", "'a' * 3", "q2 if q2 else 1", "lambda: 1",
    "sqrt(x=2)", "print(1)", "q2 < 1", "q2 +", "True + 1"])
def test_anything_else_is_refused(formula):
    with pytest.raises(ValueError, match="formula"):
        evaluate(formula, {"q2": 1.0})
