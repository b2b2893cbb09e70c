"""What may be given as an answer, and the one message that says so where it may not."""

import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from pebbletrail.exercises.answers import _ARROW, AnswerError, cleaned

NUMBER = {"id": "q3", "kind": "number", "unit": "points", "decimals": 3}
CHOICE = {"id": "q5", "kind": "choice", "options": {"a": "this", "b": "that"}}
ARROWS = {"id": "q5", "kind": "arrows", "nodes": ["staffing", "listening", "quality"]}
TEXT = {"id": "q8", "kind": "text", "words": [60, 150]}


@pytest.mark.parametrize("given", [0.42, np.float64(0.42), np.float32(0.42), np.array(0.42), np.array([0.42]),
                                   pd.Series([0.42]), pd.Series([0.42], index=["quality"])])
def test_one_number_in_any_wrapping(given):
    assert cleaned(NUMBER, given) == pytest.approx(0.42, abs=1e-7)
    assert type(cleaned(NUMBER, given)) is float


@pytest.mark.parametrize("question", [NUMBER, CHOICE, ARROWS, TEXT])
@pytest.mark.parametrize("given", [..., None, "", "  \n"])
def test_nothing_yet(question, given):
    assert cleaned(question, given) is None


@pytest.mark.parametrize(("given", "told"), [
    ("0.42", "without quotation marks"), (float("nan"), "no number"), (float("inf"), "no number"), (True, "True"),
    (1 + 2j, "not"), (pd.Series([1.0, 2.0]), "2 values (Series)"), ([0.4], "1 values (list)"), ({}, "0 values (dict)"),
    (np.array([]), "0 values (ndarray)"), (pd.DataFrame({"a": [1, 2]}), "2 values (DataFrame)"),
    (np.array(["x"]), "not 'x'"),
    ("very long " * 30, "is text")])
def test_what_is_no_number_is_named(given, told):
    with pytest.raises(AnswerError, match=r"q3 takes one number.*points, 3 decimals") as error:
        cleaned(NUMBER, given)
    assert told in str(error.value)


def test_letters_in_any_case_and_nothing_else():
    assert cleaned(CHOICE, " B ") == "b"
    for wrong in ("c", "ab", 2, ["a"]):
        with pytest.raises(AnswerError, match=r"q5 takes one of the letters a, b"):
            cleaned(CHOICE, wrong)


@pytest.mark.parametrize("given", ["staffing -> listening, staffing -> quality", "Staffing->Quality;staffing-->listening",
                                   "staffing → listening\nstaffing → quality\n",
                                   ["staffing -> quality", "staffing -> listening"],
                                   [("staffing", "quality"), ("staffing", "listening")],
                                   "staffing -> quality, staffing -> quality, staffing -> listening"])
def test_arrows_in_any_writing(given):
    assert cleaned(ARROWS, given) == ["staffing -> listening", "staffing -> quality"]


@pytest.mark.parametrize(("given", "told"), [
    ("staffing - quality", "no arrow"), ("staffing", "no arrow"),
    ("staffing -> mood", "no 'mood'"), ("quality -> quality", "cannot point at itself"),
    (7, "gave 7"), ([7], "no arrow")])
def test_arrows_that_cannot_be_read_are_named(given, told):
    with pytest.raises(AnswerError, match=told):
        cleaned(ARROWS, given)


def test_a_chain_is_one_arrow_after_the_other():
    assert cleaned(ARROWS, "staffing -> listening -> quality") == ["listening -> quality", "staffing -> listening"]


def test_a_comma_for_a_point_is_explained():
    """48,8 is two numbers to Python; the likeliest slip of a French student."""
    with pytest.raises(AnswerError, match=r"48,8 is two numbers to Python: write a point, 48\.8\."):
        cleaned(NUMBER, (48, 8))


def test_numbers_of_other_makes():
    assert cleaned(NUMBER, Decimal("0.42")) == 0.42
    assert cleaned(NUMBER, Fraction(1, 4)) == 0.25
    with pytest.raises(AnswerError, match="too large"):
        cleaned(NUMBER, 10 ** 400)


def test_what_is_hostile_gets_a_sentence_too():
    nested = []
    for _ in range(5_000):
        nested = [nested]
    for question, given in ((NUMBER, {"a": nested}), (CHOICE, nested), (ARROWS, nested),
                            (ARROWS, "staffing -> quality," * 60), (TEXT, "x" * 20_001), (TEXT, nested)):
        with pytest.raises(AnswerError, match="takes"):
            cleaned(question, given)
    assert cleaned(TEXT, "half a character \ud800") == "half a character ?"


DEEP = json.loads("[" * 900 + "]" * 900)
LARGE = {  # up to 100 KB of JSON each
    "dashes": "-" * 100_000, "arrows": "->" * 50_000, "commas": "," * 100_000, "blanks": " " * 99_999 + "x",
    "lines": "\n" * 99_999 + "x", "dots": "." * 100_000, "one piece": ["-" * 100_000], "pieces": ["–" * 1_000] * 33,
    "ends": [["staffing", "quality"] * 4_000], "a chain": "staffing->quality->" * 5_000, "empty": [""] * 30_000,
    "an end": [["staffing", "x" * 99_000]], "digits": "9" * 100_000, "a number": 10 ** 4_000, "numbers": [10 ** 4_000] * 24,
    "shares": [2.2250738585072011e-308] * 4_000, "deep": DEEP, "deeper": {"a": [DEEP] * 50},
    "pairs": {str(number): number for number in range(9_000)}, "wide": "\u0130" * 16_000, "signs": ["\u0001" * 500] * 30,
    "halves": "\ud800" * 16_000}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("question", [NUMBER, CHOICE, ARROWS, TEXT], ids=lambda question: question["kind"])
def test_large_answers_are_dealt_with(question, name):
    """The square of such a length took hours; a message says no more than its reader can use."""
    said = ""
    try:
        cleaned(question, LARGE[name])
    except AnswerError as error:
        said = str(error)
    assert len(said) < 400


def test_the_longest_arrows():
    line = "staffing -> listening -> quality"
    assert cleaned(ARROWS, line.ljust(1_000)) == cleaned(ARROWS, [line.ljust(1_000)]) == cleaned(ARROWS, line)
    with pytest.raises(AnswerError, match="at most 1,000 characters; yours has 1,001"):
        cleaned(ARROWS, line.ljust(1_001))
    with pytest.raises(AnswerError, match="is no arrow"):
        cleaned(ARROWS, [line.ljust(1_001)])
    assert len(cleaned(ARROWS, [["staffing", "quality"] * 25])) == 2
    with pytest.raises(AnswerError, match="is no arrow"):
        cleaned(ARROWS, [["staffing", "quality"] * 25 + ["staffing"]])


@pytest.mark.timeout(60)
def test_dashes_do_not_take_the_square_of_their_number():
    """A million takes a moment, its square an hour: asked of the pattern, as answers are refused before they are so long."""
    for line in ("staffing " + "-" * 40 + "> quality", "staffing " + "–=" * 20 + "> quality"):
        assert cleaned(ARROWS, line) == ["staffing -> quality"]
    with pytest.raises(AnswerError, match="is no arrow"):
        cleaned(ARROWS, "-" * 1_000)
    assert _ARROW.split("-" * 1_000_000) == ["-" * 1_000_000]


def test_a_message_looks_at_the_beginning_alone():
    class Counted:
        def __repr__(self):
            shown.append(self)
            return "something"

    shown = []
    for given in ([Counted()] * 10_000, [[Counted()] * 100] * 100, {number: Counted() for number in range(10_000)}):
        with pytest.raises(AnswerError, match="something"):
            cleaned(CHOICE, given)
    assert len(shown) < 1_000


@pytest.mark.parametrize(("question", "given", "expected"), [
    (CHOICE, "b)", "b"), (CHOICE, "B.", "b"), (ARROWS, "staffing -> quality.", ["staffing -> quality"]),
    (ARROWS, "staffing => quality", ["staffing -> quality"]), (ARROWS, "staffing –> quality", ["staffing -> quality"])])
def test_small_habits_of_writing_do_no_harm(question, given, expected):
    assert cleaned(question, given) == expected


def test_a_text_is_text():
    assert cleaned(TEXT, "  Nobody drew lots. ") == "Nobody drew lots."
    with pytest.raises(AnswerError, match="q8 takes a text"):
        cleaned(TEXT, 12)


def test_a_notebook_shows_the_sentence_without_our_traceback():
    assert AnswerError("q3 takes one number")._render_traceback_() == ["AnswerError: q3 takes one number"]
