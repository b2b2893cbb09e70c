"""Numbers in sentences are those of the tables, in figures that can be read aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pebbletrail.words import said


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
