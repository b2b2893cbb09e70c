"""How effects are written: every number as exact as it deserves to be, and none that is not true."""

import numpy as np
import pytest

from pebbletrail.models.pooling.effect_words import literal, places, span, told, told_p, told_shares


@pytest.mark.parametrize(("error", "decimals"), [
    (0.18, 2), (0.05, 2), (0.029, 3), (0.018, 3), (0.0004, 4), (0.00025, 5), (1.3, 2), (9.9, 2), (25, 1), (400, 0), (0, 2),
    (np.nan, 2), (np.inf, 2), (1e-8, None), (1e8, None)])
def test_decimals_follow_the_error(error, decimals):
    assert places(error) == decimals


@pytest.mark.parametrize(("value", "decimals", "text"), [
    (0.456, 2, "0.46"), (-0.001, 2, "0.00"), (1234.5, 1, "1,234.5"), (7.15e-10, None, "7.15e-10")])
def test_numbers(value, decimals, text):
    assert told(value, decimals) == text


@pytest.mark.parametrize(("ends", "text"), [
    ((-0.5, 0.25), "-0.50 to 0.25"), ((0.003, 0.4), "0.003 to 0.40"), ((-0.4, -0.0021), "-0.40 to -0.002"),
    ((0.0, 0.4), "0.00 to 0.40"), ((1e-17, 0.4), "0.00 to 0.40")])
def test_an_end_of_an_interval_keeps_its_side_of_0(ends, text):
    assert span(ends, 2) == text


@pytest.mark.parametrize(("value", "decimals", "text"), [
    (0.996, 2, "over 0.99"), (-0.9996, 2, "under -0.99"), (0.9996, 3, "over 0.999"), (0.994, 2, "0.99"),
    (1.0, 2, "over 0.99"),
    (0.99999999, None, "over 0.999"), (0.5, 0, "0"), (0.96, 1, "over 0.9")])
def test_a_correlation_is_not_rounded_to_1(value, decimals, text):
    assert told(value, decimals, within=True) == text
    assert span((value, value), decimals, within=True) == (f"{text} to {text}" if text != "0" else "0.5 to 0.5")


def test_what_may_reach_1_may_be_rounded_to_it():
    assert told(0.996, 2) == "1.00"


def test_a_dollar_sign_is_no_formula():
    assert literal("US$ 5 to US$ 9") == r"US\$ 5 to US\$ 9"


@pytest.mark.parametrize(("p", "text"), [(0.0371, "p = .037"), (0.0004, "p < .001"), (0.0005, "p = .001"), (0.5, "p = .500"),
                                         (0.99951, "p > .999"), (1.0, "p > .999"), (0.9994, "p = .999")])
def test_p_values(p, text):
    assert told_p(p) == text


@pytest.mark.parametrize(("ends", "text"), [
    ((20.4, 93.6), "20 to 94 %"), ((0, 100), "0 to 100 %"), ((0.2, 99.7), "0.2 to 99.7 %"),
    ((0.004, 99.99), "under 0.1 to over 99.9 %")])
def test_shares_are_not_rounded_to_none_or_all(ends, text):
    assert told_shares(ends) == text
