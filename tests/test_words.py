"""Numbers in sentences are those of the tables, in figures that can be read aloud."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pebbletrail.exercises.authoring import Number, Prediction
from pebbletrail.words import counted, fixed, minus, said


@pytest.mark.parametrize(("value", "shown"), [
    (12345, "12,300"), (-12345.6, "-12,300"), (0.01234, "0.0123"), (0, "0"), (999.6, "1,000"), (1.5, "1.5"),
    (1e-7, "1e-07"), (2.5e9, "2.5e+09"), (float("nan"), "nan"), (float("-inf"), "-inf"),
])
def test_three_digits_without_a_power_of_ten_where_people_read_them(value, shown):
    assert said(value) == shown


def test_a_plus_stands_before_what_is_positive_when_asked():
    assert [said(value, sign=True) for value in (0.5, -0.5, 1e9)] == ["+0.5", "-0.5", "+1e+09"]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_what_is_said_is_the_number_to_half_a_unit_of_its_third_digit(value):
    assert float(said(value).replace(",", "")) == pytest.approx(value, rel=0.0051, abs=1e-300)


@pytest.mark.parametrize(("value", "decimals", "shown"), [
    (-12345.6, 1, "−12,345.6"), (1234567, 0, "1,234,567"), (-999.96, 1, "−1,000.0"), (0.5, 3, "0.500"), (-7, 2, "−7.00"),
    (-0.004, 2, "0.00"), (-0.006, 2, "−0.01"), (-0.4, 0, "0"), (-0.0, 1, "0.0"), (0.004, 2, "0.00"),
    (np.float64(-0.004), 2, "0.00"), (np.int64(-12345), 0, "−12,345"), (float("nan"), 2, "nan"), (float("-inf"), 1, "−inf"),
])
def test_a_number_with_its_decimals_has_a_true_minus_and_none_before_nothing(value, decimals, shown):
    assert fixed(value, decimals) == shown


def test_a_numpy_number_is_rounded_as_the_same_number_of_python():
    assert fixed(np.float64(2.675), 2) == fixed(2.675, 2) == "2.67"  # the double lies just below 2.675


@given(st.floats(min_value=-1e9, max_value=1e9), st.integers(0, 6))
def test_decimals_are_those_of_the_exact_value(value, decimals):
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    shown = fixed(value, decimals)
    assert Decimal(shown.replace(",", "").replace("−", "-")) == exact
    assert shown.startswith("−") == (exact < 0)
    assert "-" not in shown


@pytest.mark.parametrize(("text", "shown"), [
    ("from -0.3 to 5", "from −0.3 to 5"), ("-12,345.6 euros", "−12,345.6 euros"), ("(-0.3 + 2) · -1", "(−0.3 + 2) · −1"),
    ("it fell to -3\n-4 is less", "it fell to −3\n−4 is less"), ("“-2”, =-3", "“−2”, =−3"), ("−0.3 is less", "−0.3 is less"),
])
def test_numbers_below_zero_get_a_true_minus(text, shown):
    assert minus(text) == shown


@pytest.mark.parametrize("text", [
    "3-5 calls", "on 2024-03-01", "a t-test", "a two-sided 95-percent end", "x[-1]", "x[-1:]", "1e-5", "2.5e-07", "4.-1",
    ".-1", "week-1", "- 5 is a list", "a -> b", "--", "-", "",
])
def test_ranges_dates_hyphens_and_code_in_brackets_keep_theirs(text):
    assert minus(text) == text


def test_the_words_of_a_key_have_a_true_minus_and_its_numbers_do_not_change():
    number = Number("q3", 5, 2, right=-0.5, decimals=1, unit="points", hints=["np.tanh(-1)"], worked="0.5 - 1 is -0.5").key()
    assert (number["worked"], number["right"], number["hints"]) == ("0.5 - 1 is −0.5", -0.5, ["np.tanh(-1)"])
    assert Prediction("q1", 3, 1, options=("more", "less"), afterwards="It was -2.").key()["afterwards"] == "It was −2."


def test_one_has_no_s():
    assert [counted(number, "work") for number in (0, 1, 2, 1234)] == ["0 works", "1 work", "2 works", "1,234 works"]
