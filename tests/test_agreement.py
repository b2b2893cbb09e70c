"""When a recomputed figure agrees with a printed one. Expected values are read off the printed text by eye."""

import math

import numpy as np
import pytest

from pebbletrail.agreement import Printed


@pytest.mark.parametrize(("text", "number", "half_unit", "sign"), [
    ("3.76", 3.76, 0.005, None),
    ("-5.13", -5.13, 0.005, None),
    ("−.18", -0.18, 0.005, None),  # a true minus, as journals print it
    ("-.18", -0.18, 0.005, None),
    ("+.5", 0.5, 0.05, None),
    (".071", 0.071, 0.0005, None),
    ("0.0", 0.0, 0.05, None),
    ("12", 12.0, 0.5, None),
    ("17,806", 17806.0, 0.5, None),
    ("1,234,567.8", 1234567.8, 0.05, None),
    ("18.00", 18.0, 0.005, None),  # zeros at the end are digits too
    ("63.150", 63.15, 0.0005, None),
    (" 3.76 ", 3.76, 0.005, None),
    ("<.001", 0.001, 0.0005, "<"),
    ("< .001", 0.001, 0.0005, "<"),
    ("≤ .05", 0.05, 0.005, "≤"),
    ("<=.05", 0.05, 0.005, "≤"),
    ("> 3", 3.0, 0.5, ">"),
    (">=−2.5", -2.5, 0.05, "≥"),
    ("≥ 100", 100.0, 0.5, "≥"),
])
def test_a_printed_figure_is_read_with_its_half_unit_and_sign(text, number, half_unit, sign):
    printed = Printed.read(text)
    assert (printed.number, printed.half_unit, printed.sign, printed.text) == (number, half_unit, sign, text)


@pytest.mark.parametrize("text", [
    "about 3", "", " ", "3.7.6", "--3", "−-3", "3-4", "3.", ".", "-", "<", "< <3", "=3", "~3", "3 %", "1e-3", "nan", "inf",
    "1 000", "3.76*", "(.18)", "12 of 38", "4/5", None,
])
def test_what_is_not_one_printed_number_is_refused_with_the_text(text):
    with pytest.raises(ValueError, match=r"^published: .* is not a printed number") as error:
        Printed.read(text)
    assert repr(text) in str(error.value)


@pytest.mark.parametrize("text", ["0,42", "3,76", ",5", "1,2,3", "17,80", "17,8065", "3.7,6", "1,,000"])
def test_a_comma_that_parts_no_thousands_is_refused(text):
    """A decimal comma must never become a number a hundred times as large."""
    with pytest.raises(ValueError, match=r"^published: "):
        Printed.read(text)


# --- agreement ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("printed", "value"), [
    ("3.76", 3.7631578947), ("3.76", 3.755), ("3.76", 3.765), ("-5.13", -5.132075), ("−.18", -0.1849), (".071", 0.0712),
    ("0.0", -0.05), ("17,806", 17806), ("18.00", 17.995),
])
def test_within_half_a_unit_it_agrees(printed, value):
    assert Printed.read(printed).agrees(value)


@pytest.mark.parametrize(("printed", "value"), [
    ("3.76", 3.7549), ("3.76", 3.7651), ("3.76", -3.76), ("-5.13", 5.13), ("−.18", 0.18), (".071", 0.0716), ("18.00", 17.99),
    ("18.0", 18.051), ("17,806", 17806.6), ("63.15", 63.1578947), ("77.34", 77.358), (".75", 0.735), ("3.76", math.nan),
    ("3.76", math.inf), ("12", 12.6),
])
def test_beyond_half_a_unit_it_does_not(printed, value):
    assert not Printed.read(printed).agrees(value)


@pytest.mark.parametrize("decimals", [0, 1, 2, 3, 4, 6])
@pytest.mark.parametrize("whole", [0, 1, 7, 42, 999, 17806, 1_234_567])
def test_exactly_half_a_unit_away_agrees_on_both_sides_whatever_the_machine_rounds(decimals, whole):
    """0.125 is as far from 0.12 as from 0.13, and most such numbers have no exact binary form."""
    for digits in range(0, 10**decimals, max(1, 10**decimals // 97)):
        low = f"{whole}.{digits:0{decimals}d}" if decimals else f"{whole}"
        edge = float(f"{low}5" if decimals else f"{low}.5")
        up = digits + 1
        high = (f"{whole + up // 10**decimals}.{up % 10**decimals:0{decimals}d}" if decimals else f"{whole + 1}")
        for printed in (low, high):
            assert Printed.read(printed).agrees(edge)
            assert Printed.read(f"−{printed}").agrees(-edge)
        step = 0.01 * 10.0**-decimals
        assert not Printed.read(low).agrees(edge + step)
        assert not Printed.read(high).agrees(edge - step)


def test_one_eighth_agrees_with_both_roundings():
    assert Printed.read("0.12").agrees(0.125)
    assert Printed.read("0.13").agrees(0.125)
    assert Printed.read(".12").agrees(np.float64(0.1) + np.float64(0.025))
    assert not Printed.read("0.12").agrees(0.1251)


@pytest.mark.parametrize(("value", "tolerance", "agrees"), [
    (3.80, 0.05, True), (3.81, 0.05, True), (3.82, 0.05, False), (3.71, 0.05, True), (3.70, 0.05, False),
    (3.764, 0.001, False), (3.761, 0.001, True), (3.76, 0, True), (3.7601, 0, False),
])
def test_a_stated_tolerance_takes_the_place_of_half_a_unit_wider_or_narrower(value, tolerance, agrees):
    assert Printed.read("3.76").agrees(value, tolerance) is agrees


@pytest.mark.parametrize(("printed", "value", "agrees"), [
    ("<.001", 0.0009999, True), ("<.001", 0.001, False), ("<.001", 0.0011, False), ("<.001", 0.0, True),
    ("<.001", math.nan, False),
    ("≤ .05", 0.05, True), ("≤ .05", 0.0501, False), ("<=.05", 0.05, True),
    ("> 3", 3.0001, True), ("> 3", 3.0, False), (">=3", 3.0, True), ("≥ 3", 2.999, False),
    ("< −2", -2.5, True), ("< −2", -1.0, False),
])
def test_a_printed_inequality_is_checked_as_an_inequality(printed, value, agrees):
    assert Printed.read(printed).agrees(value) is agrees


@pytest.mark.parametrize("value", [np.float64(3.76), np.float32(3.76), 3.76])
def test_any_kind_of_number_can_be_compared(value):
    assert bool(Printed.read("3.76").agrees(value)) is True


# --- like -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("printed", "value", "like"), [
    ("3.76", 3.7631578947, "3.763"),
    ("-5.13", -5.132075, "-5.132"),
    (".071", 0.07123241, "0.0712"),
    ("0.5047", 0.50470564, "0.50471"),
    ("17,806", 17806.25, "17,806.2"),
    ("1,234,567.8", 1234567.89, "1,234,567.89"),
    ("12", 3, "3.0"),
    ("<.001", 0.00042, "0.0004"),
    ("18.00", 18, "18.000"),
    ("0.00004", 0.0000412, "0.000041"),
])
def test_ours_is_written_with_one_decimal_more_than_the_print(printed, value, like):
    assert Printed.read(printed).like(value) == like


def test_how_many_decimals_more_can_be_chosen():
    printed = Printed.read("3.76")
    assert [printed.like(3.7631578947, extra) for extra in (0, 1, 2, 4)] == ["3.76", "3.763", "3.7632", "3.763158"]


@pytest.mark.parametrize(("printed", "value", "shown"), [
    ("0.5125", 0.512545, "0.512545"), ("0.5572", 0.557248, "0.557248"), ("3.76", 3.763158, "3.763"),
    (".42", 0.416, "0.416")])
def test_a_value_is_never_shown_as_if_it_rounded_the_other_way(printed, value, shown):
    """Shown with one digit more than the print, or two where the last one would be a 5."""
    assert Printed.read(printed).like(value) == shown
