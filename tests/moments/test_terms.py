"""Products and dummies as columns. Expected values come from pandas: the columns made by hand with ``get_dummies``."""

import datetime

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from pebbletrail.moments import Moments
from pebbletrail.moments.design import CHUNK
from pebbletrail.moments.terms import expand, factors_of

EXACT = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture
def frame():
    rng = np.random.default_rng(2)
    return pd.DataFrame({"x": rng.normal(3, 1, 90), "w": rng.normal(-1, 2, 90), "z": rng.normal(size=90),
                         "week": rng.choice([201004, 201002, 201010], 90), "team": rng.choice(["south", "north"], 90),
                         "late": rng.random(90) < 0.4})


def columns_by_hand(frame):
    """The columns that the tests ask for, made with pandas."""
    week = pd.get_dummies(frame["week"], dtype=float)
    south = (frame["team"] == "south") * 1.0
    made = {"x": frame["x"], "x:w": frame["x"] * frame["w"], "x:w:z": frame["x"] * frame["w"] * frame["z"]}
    made |= {"x:late": frame["x"] * frame["late"], "C(team)[south]": south, "z:C(team)[south]": frame["z"] * south}
    for level in (201004, 201010):
        made |= {f"C(week)[{level}]": week[level], f"C(week)[{level}]:x": week[level] * frame["x"]}
        made[f"C(week)[{level}]:C(team)[south]"] = week[level] * south
    return pd.DataFrame(made)


TERMS = {
    "x:w": ["x:w"], "x:w:z": ["x:w:z"], "x:late": ["x:late"], "C(team)": ["C(team)[south]"],
    "C(week)": ["C(week)[201004]", "C(week)[201010]"], "C(week):x": ["C(week)[201004]:x", "C(week)[201010]:x"],
    "z:C(team)": ["z:C(team)[south]"],
    "C(week):C(team)": ["C(week)[201004]:C(team)[south]", "C(week)[201010]:C(team)[south]"],
}


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("by", [None, "team", "week"])
def test_a_term_has_the_moments_of_the_column_made_by_hand(frame, term, by):
    expected = columns_by_hand(frame)[["x", *TERMS[term]]]
    m = Moments.from_frame(frame, ["x", term], by=by)
    assert m.names == tuple(expected)
    assert_frame_equal(m.cov, expected.cov(), **EXACT)
    np.testing.assert_allclose(m.mean, expected.mean(), **EXACT)
    for label, group in m.groups.items():
        own = expected if by is None else expected[frame[by] == label]
        assert_frame_equal(group.cov, own.cov(), **EXACT)


def test_many_rows_are_all_there(frame):
    many = pd.concat([frame] * 250, ignore_index=True)  # more rows than are filled at a time
    many["x"] += np.arange(len(many)) % 17
    assert len(many) > 2 * CHUNK
    expected = columns_by_hand(many)[["x", "x:w", "C(team)[south]"]]
    m = Moments.from_frame(many, ["x", "x:w", "C(team)"])
    assert_frame_equal(m.cov, expected.cov(), rtol=1e-10)
    np.testing.assert_allclose(m.mean, expected.mean(), rtol=1e-10)


def test_blanks_around_the_colon_do_not_matter(frame):
    assert Moments.from_frame(frame, ["x : w", "C( week ): x"]).names == ("x:w", "C(week)[201004]:x", "C(week)[201010]:x")


def test_a_column_that_has_the_very_name_of_a_term_wins(frame):
    data = frame.assign(**{"x:w": frame["z"], "C(week)": frame["w"]})
    m = Moments.from_frame(data, ["x:w", "C(week)"])
    assert m.names == ("x:w", "C(week)")
    np.testing.assert_allclose(m.cov, frame[["z", "w"]].cov(), **EXACT)


@pytest.mark.parametrize(("levels", "expected"), [
    pytest.param(pd.to_datetime(["2010-03-01", "2010-02-01"]), ["2010-03-01"], id="days"),
    pytest.param(pd.to_datetime(["2010-03-01 12:30", "2010-03-01 00:00"]), ["2010-03-01T12:30:00"], id="times"),
    pytest.param([datetime.date(2010, 3, 1), datetime.date(2010, 2, 1)], ["2010-03-01"], id="dates of Python"),
    pytest.param([2.0, 1.0], ["2"], id="whole numbers that a missing value made floats"),
    pytest.param([2.5, 1.0], ["2.5"], id="decimals"),
    pytest.param([True, False], ["True"], id="yes and no"),
    pytest.param(pd.Categorical(["low", "high"], categories=["none", "low", "high"], ordered=True), ["high"],
                 id="categories in their own order, without the unused"),
    pytest.param(pd.to_timedelta([2, 1], unit="D"), ["2 days 00:00:00"], id="durations"),
])
def test_levels_are_sorted_the_first_is_the_reference_and_dates_are_iso(levels, expected):
    data = pd.DataFrame({"x": [1.0, 2, 4, 8], "when": [*levels, *levels]})
    data["when"] = data["when"].astype(levels.dtype) if hasattr(levels, "dtype") else data["when"]
    assert Moments.from_frame(data, ["C(when)"]).names == tuple(f"C(when)[{text}]" for text in expected)


def test_a_row_that_lacks_a_column_used_in_any_term_is_incomplete(frame):
    frame.loc[3, "w"] = np.nan
    frame.loc[[5, 6], "team"] = None
    m = Moments.from_frame(frame, ["z", "x:w", "C(team)"])
    complete = frame.drop(index=[3, 5, 6])
    assert m.rule == "90 rows, 3 of them left out for missing values (listwise)"
    assert_frame_equal(m.cov, columns_by_hand(complete).assign(z=complete["z"])[list(m.names)].cov(), **EXACT)


def test_a_level_that_only_incomplete_rows_have_makes_no_column():
    data = pd.DataFrame({"x": [np.nan, 1, 2, 4, 3], "week": [1, 2, 2, 3, 3]})
    assert Moments.from_frame(data, ["x", "C(week)"]).names == ("x", "C(week)[3]")


def test_the_callers_frame_is_not_changed(frame):
    before = frame.copy(deep=True)
    Moments.from_frame(frame, ["x:w", "C(week):x", "C(team)"], by="team")
    assert_frame_equal(frame, before)


@pytest.mark.parametrize(("columns", "message"), [
    pytest.param(["x:q"], r"^columns: there is no 'q' \(for 'x:q'\); there are x, w", id="unknown factor"),
    pytest.param(["C(day)"], r"^columns: there is no 'day' \(for 'C\(day\)'\)", id="unknown column of dummies"),
    pytest.param(["x:"], r"^columns: there is no 'x:'", id="no second factor"),
    pytest.param(["x::w"], r"^columns: there is no 'x::w'", id="an empty factor"),
    pytest.param(["x:team"], r"^columns: 'team' holds .*, not numbers; 'C\(team\)' makes dummies", id="words in a product"),
    pytest.param(["x:x"], r"^columns: a factor stands twice in 'x:x'; make the square a column", id="a square"),
    pytest.param(["x:w", "w:x"], r"^columns: w:x is named more than once", id="both orders of a product"),
    pytest.param(["C(week)", "C(week)"], r"^columns: C\(week\) is named more than once", id="dummies twice"),
    pytest.param(["C(one)"], r"^columns: C\(one\) has one level \(7\) in the complete rows", id="one level"),
    pytest.param(["C(many)"], r"^columns: C\(many\) has 501 levels; at most 500 .* by='many'.*within", id="too many levels"),
    pytest.param(["C(fifty):C(forty)"], r"^columns: 'C\(fifty\):C\(forty\)' makes 1911 columns", id="too many products"),
    pytest.param(["C(alike)"], r"^columns: two levels of C\(alike\) are both shown as '1'", id="levels that look the same"),
    pytest.param(["C(x)"], r"^columns: 'x' holds an infinite value", id="an infinite level"),
    pytest.param(["w:huge"], r"^columns: 'w:huge' is too large a product in row 0", id="a product beyond the numbers"),
])
def test_a_wrong_term_is_an_error_that_names_it(columns, message):
    rows = np.arange(1002)
    data = pd.DataFrame({"x": 1.0 * rows, "w": 1e200 + rows, "week": rows % 3, "team": "a", "one": 7, "many": rows % 501,
                         "fifty": rows % 50, "forty": rows % 40, "huge": 1e200})
    data["alike"] = pd.Series([1, "1"] * 501, dtype=object)
    if columns == ["C(x)"]:
        data.loc[4, "x"] = np.inf
    with pytest.raises(ValueError, match=message):
        Moments.from_frame(data, columns)


def test_exactly_500_levels_are_allowed():
    data = pd.DataFrame({"x": np.arange(1000.0), "many": np.arange(1000) % 500})
    assert len(Moments.from_frame(data, ["C(many)"]).names) == 499


# --- names found again ----------------------------------------------------------------------------------------------

THERE = ("y", "x", "x:w", "w:z:x", "C(week)[201004]", "C(week)[201010]", "C(week)[201004]:x", "C(week)[201010]:x",
         "x:C(team)[a:b]", "C(team)[a:b]", "C(weekday)[3]", 7)


@pytest.mark.parametrize(("wanted", "expected"), [
    pytest.param(["x", "y"], ["x", "y"], id="plain names, in the order wanted"),
    pytest.param([7], [7], id="a number as a name"),
    pytest.param(["w:x"], ["x:w"], id="a product with its factors the other way round"),
    pytest.param(["x:z:w"], ["w:z:x"], id="three factors"),
    pytest.param(["C(week)"], ["C(week)[201004]", "C(week)[201010]"], id="dummies without products, and no other column's"),
    pytest.param(["C(week)[201010]"], ["C(week)[201010]"], id="one dummy"),
    pytest.param(["x:C(week)"], ["C(week)[201004]:x", "C(week)[201010]:x"], id="a product with dummies"),
    pytest.param(["x:C(week)[201010]"], ["C(week)[201010]:x"], id="a product with one dummy"),
    pytest.param(["C(team):x", "C(team)"], ["x:C(team)[a:b]", "C(team)[a:b]"], id="a level with a colon"),
])
def test_a_term_is_found_among_the_names(wanted, expected):
    assert expand(wanted, THERE) == expected


@pytest.mark.parametrize(("wanted", "message"), [
    pytest.param("q", r"^names: there is no 'q'; there are y, x, x:w, .*7\.$", id="a name"),
    pytest.param("y:x", r"^names: there is no 'y:x'; .* A product needs rows: .*columns=\[\.\.\., 'y:x'\]", id="a product"),
    pytest.param("x:x", r"^names: there is no 'x:x'", id="a square is not the product of x with another"),
    pytest.param("x:w:z:y", r"^names: there is no", id="a factor more"),
    pytest.param("C(day)", r"^names: there is no 'C\(day\)'; .* Dummies need rows", id="dummies"),
])
def test_a_term_that_is_not_there_is_named_with_what_is(wanted, message):
    with pytest.raises(ValueError, match=message):
        expand(["x", wanted], THERE)


def test_what_is_made_of_rows_is_found_again(frame):
    m = Moments.from_frame(frame, ["x", "x:w", "C(week)", "C(week):x", "C(team)"])
    for term in ("x", "x:w", "w:x", "C(week)", "x:C(week)", "C(team)"):
        made = Moments.from_frame(frame, [term])
        assert [set(factors_of(name)) for name in expand([term], m.names)] == [set(factors_of(name)) for name in made.names]
        np.testing.assert_allclose(m.select(expand([term], m.names)).cov, made.cov, **EXACT)
