"""A fit in each group, as one table. Expected values come from pandas on each group's rows."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pebbletrail.moments import Moments


@pytest.fixture
def frame():
    rng = np.random.default_rng(6)
    data = pd.DataFrame({"x": rng.normal(size=40), "team": list("abcd") * 10})
    return data.assign(y=2 * data["x"] + rng.normal(size=40))


def slope(m):
    if m.n < 3:
        raise ValueError(f"data: {m.n} observations are too few.")
    return m.cov.loc["x", "y"] / m.cov.loc["x", "x"]


def slopes(frame):
    return [np.polyfit(rows["x"], rows["y"], 1)[0] for _, rows in frame.groupby("team")]


@pytest.mark.parametrize(("fit", "column"), [
    pytest.param(slope, "estimate", id="a number"),
    pytest.param(lambda m: {"slope": slope(m), "n": m.n}, "slope", id="a dict"),
    pytest.param(lambda m: pd.Series({"slope": slope(m), "n": m.n}), "slope", id="a Series"),
    pytest.param(lambda m: pd.DataFrame({"term": ["x"], "estimate": [slope(m)]}), "estimate", id="a DataFrame"),
    pytest.param(lambda m: SimpleNamespace(table=pd.DataFrame({"estimate": [slope(m)]})), "estimate", id="a result"),
])
def test_every_group_is_a_row_with_its_label_first(frame, fit, column):
    made = Moments.from_frame(frame, ["x", "y"], by="team").each(fit)
    assert made.columns[0] == "group"
    assert made["group"].tolist() == list("abcd")
    np.testing.assert_allclose(made[column], slopes(frame), rtol=1e-10)
    assert "problem" not in made


def test_a_table_of_several_rows_keeps_them_all_and_its_index(frame):
    made = Moments.from_frame(frame, ["x", "y"], by="team").each(lambda m: m.cov)
    assert made["group"].tolist() == list("aabbccdd")
    assert made["term"].tolist() == ["x", "y"] * 4
    np.testing.assert_allclose(made[["x", "y"]], frame.groupby("team")[["x", "y"]].cov(), rtol=1e-10)


def test_a_group_that_cannot_be_fitted_is_a_row_with_the_reason(frame):
    few = frame.drop(frame.index[frame["team"] == "b"][2:])
    made = Moments.from_frame(few, ["x", "y"], by="team").each(slope)
    assert made["group"].tolist() == list("abcd")
    assert made.columns.tolist() == ["group", "estimate", "problem"]
    assert np.isnan(made["estimate"][1])
    assert made["problem"][1] == "data: 2 observations are too few."
    assert made["problem"][[0, 2, 3]].isna().all()


def test_when_no_group_can_be_fitted_every_reason_is_there(frame):
    few = frame.groupby("team").head(2)
    made = Moments.from_frame(few, ["x", "y"], by="team").each(slope)
    assert made["problem"].notna().sum() == 4


def test_the_callers_table_is_not_changed(frame):
    table = pd.DataFrame({"estimate": [1.0]})
    Moments.from_frame(frame, ["x", "y"], by="team").each(lambda m: table)
    assert list(table) == ["estimate"]


def test_dates_as_labels_stay_dates():
    data = pd.DataFrame({"x": [1.0, 2, 3, 5], "day": pd.to_datetime(["2024-05-01", "2024-05-02"] * 2)})
    assert Moments.from_frame(data, ["x"], by="day").each(lambda m: m.mean["x"])["group"].dtype.kind == "M"


def test_what_cannot_be_put_in_a_table_or_has_no_groups_is_an_error(frame):
    m = Moments.from_frame(frame, ["x", "y"], by="team")
    with pytest.raises(TypeError, match=r"^fit: it must return .*, not list"):
        m.each(lambda m: [1, 2])
    with pytest.raises(ValueError, match=r"^fit: its result has a column 'group' already"):
        m.each(lambda m: {"group": 1})
    with pytest.raises(ValueError, match=r"^each: these moments are not kept by group"):
        m.groups["a"].each(slope)


def test_another_error_in_fit_is_not_hidden(frame):
    with pytest.raises(KeyError, match="nothing"):
        Moments.from_frame(frame, ["x", "y"], by="team").each(lambda m: m.mean["nothing"])


def test_what_is_fitted_must_be_a_function():
    data = pd.DataFrame({"g": [1, 1, 2, 2], "x": [1.0, 2, 3, 5]})
    with pytest.raises(ValueError, match="fit: a function of one group's Moments is needed, not 'x'"):
        Moments.from_frame(data, by="g").each("x")
