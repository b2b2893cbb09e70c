"""Values as people write them: read as they are meant, or refused; never guessed."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_firms import column

from pebbletrail.own_data.likert import SCALES
from pebbletrail.own_data.values import parsed


def read(values, kind, decimal=",", dates=None, **more):
    found = pd.Series(values, index=range(2, len(values) + 2), dtype=object)
    return parsed(found, column("x", kind, **more), decimal, "calls", "Spalte", dates=dates)


def numbers(values, **more):
    found, problems = read(values, "number", **more)
    assert problems == ()
    return found.tolist()


def test_numbers_with_a_decimal_comma():
    assert numbers(["1 234,5", "1\u202f234,5", "1.234,5", "-3", "+0,5", "4,50 €", "−2", "1'234,5"]) == [
        1234.5, 1234.5, 1234.5, -3, 0.5, 4.5, -2, 1234.5]


def test_numbers_with_a_decimal_point():
    assert numbers(["1,234.5", "12", ".5", "1e3", "$4.50"], decimal=".") == [1234.5, 12, 0.5, 1000, 4.5]


def test_percent_where_a_share_is_asked():
    assert numbers(["12 %", "50%"], high=1) == [0.12, 0.5]
    assert numbers(["12 %", "50"], high=100) == [12, 50]
    assert read(["12 %"], "number")[1][0].code == "not-a-number"


def test_a_mark_that_may_mean_either_stops():
    """1.234 is a little more than one, or more than a thousand: nothing in the column tells."""
    _, (problem,) = read(["1.234", "2.500"], "number")
    assert (problem.code, problem.stops) == ("ambiguous-numbers", True)
    assert numbers(["1.234", "2.500,5"]) == [1234, 2500.5]
    assert numbers(["1.234", "1.234.567"]) == [1234, 1234567]
    assert numbers(["1.5", "2.25"]) == [1.5, 2.25]


@pytest.mark.parametrize("text", ["", " ", "NA", "n/a", "null", "-", ".", "#N/A", "sans objet", "None"])
def test_what_says_that_there_is_nothing(text):
    found, problems = read([text, "1"], "number")
    assert problems == ()
    assert math.isnan(found.iloc[0])


def test_words_among_numbers_are_named_with_their_rows():
    found, (problem,) = read(["1", "viel", "3", "etwas"], "number", low=0, high=9)
    assert (problem.code, problem.rows, problem.count, problem.stops) == ("not-a-number", (3, 5), 2, False)
    assert problem.found == "viel, etwas"
    assert problem.allowed == "a number from 0 to 9"
    assert found.isna().tolist() == [False, True, False, True]


@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), min_size=1, max_size=20), st.sampled_from(" \u202f'"))
def test_numbers_come_back_in_french_dress(values, blank):
    texts = [f"{value:,.2f}".replace(",", blank).replace(".", ",") for value in values]
    assert numbers(texts) == values


# --- scales ---

def scale(values, low=1, high=5):
    return read(values, "scale", low=low, high=high)


def test_english_and_french_words_take_their_places():
    found, problems = scale(["Strongly disagree", "neutral", "AGREE", "strongly agree", "don't know", ""])
    assert problems == ()
    assert found.tolist()[:4] == [1, 3, 4, 5]
    assert found.isna().tolist() == [False] * 4 + [True] * 2
    french, _ = scale(["Pas du tout d’accord", "Plutôt d'accord", "TOUT À FAIT D'ACCORD", "ne sait pas"])
    assert french.tolist()[:3] == [1, 4, 5]


def test_seven_points_and_numbers_beside_words():
    found, _ = scale(["somewhat agree", "strongly agree", "disagree"], high=7)
    assert found.tolist() == [5, 7, 2]
    assert scale(["7 = tout à fait d'accord", "1 - pas du tout d'accord", "4"], high=7)[0].tolist() == [7, 1, 4]


@pytest.mark.parametrize("words", SCALES)
def test_each_scale_runs_from_end_to_end(words):
    first = [one.split("|")[0] for one in words]
    found, problems = scale(first, low=1, high=len(first))
    assert problems == ()
    assert found.tolist() == list(range(1, len(first) + 1))


def test_a_word_that_is_none_does_not_hide_the_others():
    found, (problem,) = scale(["Plutôt d'accord", "je pars", "D'accord", "Pas d'accord"], high=7)
    assert found.tolist()[0] == 5
    assert found.tolist()[2:] == [6, 2]
    assert (problem.code, problem.rows, problem.found) == ("not-a-number", (3,), "je pars")


def test_seven_answers_are_no_scale_of_five():
    """Seven words in use, two of which may stand for the same place of five: spread over five, they would be falsified."""
    words = ["Pas du tout d'accord", "Pas d'accord", "Plutôt pas d'accord", "Ni d'accord ni pas d'accord", "Plutôt d'accord",
             "D'accord", "Tout à fait d'accord"]
    _, (problem,) = read(words, "scale", low=1, high=5)
    assert (problem.code, problem.stops) == ("wrong-ends", True)
    assert "7 points" in problem.mend
    assert read(words, "scale", low=1, high=7)[0].tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_words_of_another_scale_stop():
    _, (problem,) = scale(["somewhat agree", "strongly agree"], high=5)
    assert (problem.code, problem.stops) == ("wrong-ends", True)
    assert "--scale x=1..7" in problem.mend


# --- dates ---

def days(values, **more):
    found, problems = read(values, "date", **more)
    assert problems == ()
    return [f"{day:%Y-%m-%d %H:%M}" for day in found]


def test_iso_and_times():
    assert days(["2026-03-04", "2026-03-04T10:30", "2026-03-04 10:30:59", "2026/3/4"]) == [
        "2026-03-04 00:00", "2026-03-04 10:30", "2026-03-04 10:30", "2026-03-04 00:00"]


def test_one_day_beyond_twelve_decides_for_the_column():
    assert days(["04/03/2026", "25/03/2026"]) == ["2026-03-04 00:00", "2026-03-25 00:00"]
    assert days(["04/03/2026", "03/25/2026"]) == ["2026-04-03 00:00", "2026-03-25 00:00"]
    assert days(["4.3.2026 7:05"]) == ["2026-03-04 07:05"]


def test_a_date_of_no_order_leaves_the_order_of_the_others():
    found, (problem,) = read(["16.05.2024", "10.07.2024", "99.99.2024", "00.00.0000"], "date")
    assert found.dropna().tolist() == [pd.Timestamp(2024, 5, 16), pd.Timestamp(2024, 7, 10)]
    assert (problem.code, problem.rows) == ("not-a-date", (4, 5))


def test_an_order_that_nothing_shows_stops_until_it_is_stated():
    _, (problem,) = read(["04/03/2026", "05/06/2026"], "date")
    assert (problem.code, problem.stops, problem.rows) == ("ambiguous-dates", True, (2, 3))
    assert "--dates dmy" in problem.mend
    assert days(["04/03/2026"], dates="mdy") == ["2026-04-03 00:00"]


def test_three_formats_in_one_column():
    """What can be read in one way only is read; what could be either is named."""
    found, (problem,) = read(["2026-03-04", "25/03/2026", "03/26/2026", "04/05/2026", "soon"], "date")
    assert found.notna().tolist() == [True, True, True, False, False]
    assert (problem.code, problem.rows) == ("not-a-date", (5, 6))


def test_days_that_do_not_exist_and_excels_own():
    found, (problem,) = read(["31/02/2026", "28/02/2026"], "date")
    assert problem.rows == (2,)
    assert found.iloc[1] == pd.Timestamp(2026, 2, 28)
    assert read([46000.5], "date")[0].iloc[0] == pd.Timestamp(2025, 12, 9, 12)


@given(st.lists(st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2040-01-01")), min_size=1, max_size=9))
def test_dates_come_back(values):
    whole = [pd.Timestamp(value).floor("min") for value in values]
    assert read([f"{value:%d/%m/%Y %H:%M}" for value in whole], "date", dates="dmy")[0].tolist() == whole


# --- yes and no, and names ---

def test_yes_and_no():
    found, problems = read(["Oui", "NON", "yes", "0", "vrai", "x", ""], "yes-no")
    assert problems == ()
    assert found.tolist()[:6] == [1, 0, 1, 0, 1, 1]
    _, (problem,) = read(["oui", "peut-être"], "yes-no")
    assert (problem.code, problem.rows) == ("not-yes-or-no", (3,))


def test_codes_are_texts_whatever_the_program_made_of_them():
    assert read([" 007 ", "A-1", None], "code")[0].tolist()[:2] == ["007", "A-1"]
    assert parsed(pd.Series([7.0, None]), column("x", "code"), ".", "calls", "x")[0].tolist() == ["7", None]
    assert read(["<b>Nord</b>"], "group")[0].tolist() == ["<b>Nord</b>"]
