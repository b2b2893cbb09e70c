"""Levels and labels of unlike parts: what is added, and found again, stands for what it says.

Expected values come from the joined rows, and from numpy's least squares on dummies made by hand.
"""

import datetime

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail.moments import Moments

EXACT = {"rtol": 1e-9, "atol": 1e-11}
TERMS = ["y", "x", "C(w)", "C(w):x", "x:C(team)", "C(w):C(team)"]


def rows(weeks, n=60, seed=0):
    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"x": rng.normal(size=n), "w": np.resize(weeks, n), "team": rng.choice(["a", "b"], n),
                         "shop": np.arange(n) % 7})
    return data.assign(y=data["x"] + 3 * data["w"] + rng.normal(size=n))


def same(made, expected):
    assert set(made.names) == set(expected.names)
    assert set(made.labels) == set(expected.labels)
    for label, group in expected.groups.items():
        own = made.groups[label].select(expected.names)
        assert own.n == group.n
        np.testing.assert_allclose(own._products[0], group._products[0], **EXACT)
        np.testing.assert_allclose(own.mean, group.mean, **EXACT)


# --- dummies of parts -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("by", [None, "shop"])
@pytest.mark.parametrize("parts", [
    pytest.param([[1, 3, 4], [1, 2, 4]], id="each lacks one"), pytest.param([[1, 2, 3], [1, 2]], id="the second lacks one"),
    pytest.param([[1, 2], [1, 2, 3]], id="the first lacks one"), pytest.param([[1, 2], [1, 3], [1, 4]], id="three parts"),
])
def test_a_level_that_a_part_has_not_is_a_dummy_of_0_there(parts, by):
    split = [rows(weeks, seed=seed) for seed, weeks in enumerate(parts)]
    merged = sum(Moments.from_frame(part, TERMS, by=by) for part in split)
    joined = pd.concat(split, ignore_index=True)
    same(merged, Moments.from_frame(joined, TERMS, by=by))
    found = pt.regress(merged, "y ~ x + C(w)").table.set_index("term")["estimate"]
    dummies = pd.get_dummies(joined["w"], dtype=float, drop_first=True)
    X = np.column_stack([np.ones(len(joined)), joined["x"], dummies])
    expected = np.linalg.lstsq(X, joined["y"], rcond=None)[0]
    np.testing.assert_allclose(found[["Intercept", "x", *(f"C(w)[{week}]" for week in dummies)]], expected, **EXACT)


def test_parts_of_unlike_first_levels_are_not_added():
    one, other = (Moments.from_frame(rows(weeks), ["y", "x", "C(w)"]) for weeks in ([1, 3, 4], [2, 3, 4]))
    assert one.names == other.names
    told = (r"^C\(w\): one side has the levels 1, 3, 4, the other 2, 3, 4, and .* leave out the first, .* the same; "
            r"make both of rows in which 'w' is a Categorical whose first category both have, such as 3, or join the rows")
    with pytest.raises(ValueError, match=told):
        one + other
    with pytest.raises(ValueError, match=r"levels 3, 4, the other 1, 2, .* the same; join the rows first"):
        Moments.from_frame(rows([3, 4]), ["x", "C(w)"]) + Moments.from_frame(rows([1, 2]), ["x", "C(w)"])


def test_a_categorical_with_a_first_category_of_both_is_added_as_the_message_says():
    split = [rows([1, 3, 4]), rows([2, 3, 4], seed=1)]
    split = [part.assign(w=pd.Categorical(part["w"], categories=[3, 1, 2, 4], ordered=True)) for part in split]
    joined = pd.concat(split, ignore_index=True)
    same(sum(Moments.from_frame(part, ["y", "C(w)"]) for part in split), Moments.from_frame(joined, ["y", "C(w)"]))


def test_levels_that_no_name_uses_do_not_matter():
    split = [rows([1, 3, 4]), rows([2, 3, 4], seed=1)]
    merged = sum(Moments.from_frame(part, ["y", "x", "C(w)"]).select(["x", "y"]) for part in split)
    same(merged, Moments.from_frame(pd.concat(split), ["x", "y"]))


def test_dummies_without_their_levels_are_not_added_to_dummies_with_them():
    made = Moments.from_frame(rows([1, 2]), ["y", "C(w)"])
    printed = Moments.from_correlations(made.cor, n=60, sd=made.sd, mean=made.mean)
    for left, right in ((made, printed), (printed, made)):
        with pytest.raises(ValueError, match=r"^C\(w\): only one side tells the levels"):
            left + right
    assert (printed + printed).n == 120


def test_a_dummy_that_one_side_has_left_out_is_a_missing_variable():
    made = Moments.from_frame(rows([1, 2, 3]), ["y", "C(w)"])
    with pytest.raises(ValueError, match=r"same variables; only one side holds C\(w\)\[3\]\.$"):
        made + made.select(["y", "C(w)[2]"])
    with pytest.raises(ValueError, match=r"same variables; only one side holds C\(w\)\[2\], x\.$"):
        Moments.from_frame(rows([1, 2]), ["y", "x", "C(w)"]) + made.select(["y", "C(w)[3]"])


def test_numbers_and_floats_of_one_level_are_the_same_level():
    split = [rows([1, 2]), rows([1, 2, 3], seed=1).astype({"w": float})]
    same(sum(Moments.from_frame(part, ["y", "C(w)"]) for part in split),
         Moments.from_frame(pd.concat(split), ["y", "C(w)"]))


# --- C(w) when not all of its dummies are there ---------------------------------------------------------------------

KEPT = {
    "select": lambda m: m.select(["y", "C(w)[2]"]),
    "after adding": lambda m: (m + m).select(["y", "C(w)[2]"]),
    "added": lambda m: m.select(["y", "C(w)[2]"]) + m.select(["y", "C(w)[2]"]),
    "within": lambda m: m.within().select(["y", "C(w)[2]"]),
    "between": lambda m: m.between().select(["y", "C(w)[2]"]),
    "a group": lambda m: m.groups[3].select(["y", "C(w)[2]"]),
    "scales": lambda m: m.scales({"y": ["y", "x"], "C(w)[2]": ["C(w)[2]"]}),
}


@pytest.mark.parametrize("how", KEPT)
@pytest.mark.parametrize("kind", ["frame", "table"])
def test_dummies_of_some_levels_are_not_taken_for_all(how, kind):
    data, columns = rows([1, 2, 3, 4]), ["y", "x", "C(w)"]
    if kind == "table":
        ibis = pytest.importorskip("ibis")
        made = Moments.from_table(ibis.memtable(data), columns, by="shop")
    else:
        made = Moments.from_frame(data, columns, by="shop")
    told = (r"^names: 'C\(w\)' stands for the dummies of all levels, and C\(w\)\[3\], C\(w\)\[4\] is not there, so its rows "
            r"would count as the first level, 1\. Keep all dummies")
    with pytest.raises(ValueError, match=told):
        pt.regress(KEPT[how](made), "y ~ C(w)")


def test_products_with_dummies_are_held_to_all_levels_too():
    made = Moments.from_frame(rows([1, 2, 3]), ["y", "C(w):x", "C(w):C(team)", "x", "C(w)", "C(team)"])
    assert len(pt.regress(made, "y ~ x + C(w) + C(w):x").table) == 6
    assert len(pt.regress(made, "y ~ C(team) + C(w) + C(team):C(w)").table) == 6
    some = made.select([name for name in made.names if name not in ("C(w)[3]:x", "C(w)[2]:C(team)[b]")])
    with pytest.raises(ValueError, match=r"'x:C\(w\)' stands .* and x:C\(w\)\[3\] is not there"):
        pt.regress(some, "y ~ x + C(w) + x:C(w)")
    with pytest.raises(ValueError, match=r"and C\(w\)\[2\]:C\(team\)\[b\] is not there, .* the first level, 1, a\."):
        pt.regress(some, "y ~ C(w) + C(team) + C(w):C(team)")


# --- labels ---------------------------------------------------------------------------------------------------------

def days(kind):
    day = [datetime.date(2024, 5, 1 + number % 5) for number in range(30)]
    data = pd.DataFrame({"x": np.arange(30.0) ** 2, "day": pd.to_datetime(day) if kind == "times" else day})
    if kind != "table":
        return data
    ibis = pytest.importorskip("ibis")
    table = ibis.memtable(data)
    assert str(table.day.type()) == "date"
    return table


@pytest.mark.parametrize("kind", ["times", "dates", "table"])
def test_a_day_is_the_same_label_and_level_whatever_holds_it(kind):
    def made(kind, columns, by=None):
        return (Moments.from_table if kind == "table" else Moments.from_frame)(days(kind), columns, by=by)

    m = made(kind, ["x"], "day")
    assert m.labels == tuple(pd.date_range("2024-05-01", periods=5))
    assert len((m + made("times", ["x"], "day")).labels) == 5
    assert m.groups[datetime.date(2024, 5, 3)].n == m.groups[pd.Timestamp("2024-05-03")].n == 6
    assert m.groups[datetime.date(2024, 5, 3)].rule.startswith("6 rows of the group 2024-05-03")
    both = made(kind, ["x", "C(day)"]) + made("times", ["x", "C(day)"])
    assert both.names == ("x", *(f"C(day)[2024-05-0{day}]" for day in (2, 3, 4, 5)))


def grouped(labels):
    return Moments.from_frame(pd.DataFrame({"x": [1.0, 2, 3, 5], "g": labels}), ["x"], by="g")


@pytest.mark.parametrize(("one", "other", "told"), [
    pytest.param([1, 2], ["1", "3"], r"The group '1' is 1 \(int\) on one side and '1' \(str\) on", id="int and text"),
    pytest.param([1.0, 2.0], ["1", "3"], r"The group '1' is 1\.0 \(float\) .* '1' \(str\)", id="float and text"),
    pytest.param(pd.to_datetime(["2024-05-01", "2024-06-01"]), ["2024-05-01", "x"],
                 r"The group '2024-05-01' is Timestamp.* '2024-05-01' \(str\)", id="date and text"),
])
def test_labels_that_only_differ_in_kind_are_refused(one, other, told):
    left, right = (grouped([*labels, *labels]) for labels in (one, other))
    with pytest.raises(ValueError, match=told) as error:
        left + right
    assert "the same type on both sides" in str(error.value)


def test_equal_labels_of_two_number_types_are_one_group():
    left, right = (grouped(pd.array([1, 2, 1, 2], dtype=kind)) for kind in ("int64", "Float64"))
    assert (left + right).labels == (1, 2)


# --- one group of others --------------------------------------------------------------------------------------------

def test_a_group_speaks_of_its_own_rows():
    data = pd.DataFrame({"x": [1.0, 2, 3, np.nan, 5, 6], "g": list("aaabbb")})
    m = Moments.from_frame(data, ["x"], by="g")
    group = m.groups["b"]
    assert (group.n, group.read, group.lost) == (2, 2, 0)
    assert group.rule == "2 rows of the group 'b'"
    assert (group + m.groups["b"]).rule == "4 rows of the group 'b'"
    assert (group + m.groups["a"]).rule == "5 rows"
    assert (m.read, m.lost) == (6, 1)
    alone = Moments.from_frame(data, ["x"])
    assert alone.groups[None].rule == alone.rule
