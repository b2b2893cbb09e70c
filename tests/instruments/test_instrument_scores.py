"""Scores against cases worked by hand, against psych's scoreItems, and everything that may be wrong with answers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import pebbletrail as pt
from pebbletrail.instruments.definition import definition, names
from pebbletrail.instruments.kinds import Agreement

ORACLES = Path(__file__).parents[1] / "oracles"
FORMS = [(name, form) for name in names() if definition(name).answers == "agreement" for form in pt.instrument(name).forms]
TRUST = ["trade1", "trade2", "trade3", "brand1", "brand2", "brand3", "person1", "person2", "person3", "confidence1",
         "confidence2", "confidence3"]


def trust(*rows, **other):
    return pd.DataFrame([list(row) for row in rows], columns=TRUST, dtype=float).assign(**other)


def agents(value=4, rows=1, **changed):
    columns = pt.instrument("control-and-quality").template(form="agent").columns[2:]
    return pd.DataFrame(float(value), index=range(rows), columns=columns).assign(**changed)


def test_scores_worked_by_hand():
    """trade (7+6+2)/3 = 5; brand 1; person (4+5)/2 = 4.5 from two of three; confidence: one of three is not enough."""
    scores = pt.instrument("levels-of-trust").score(trust([7, 6, 2, 1, 1, 1, 4, None, 5, None, 3, None]))
    row = scores.table.iloc[0]
    assert row[["trade", "brand", "person"]].tolist() == [5, 1, 4.5]
    assert np.isnan(row["confidence"])
    assert row[["trade_answered", "brand_answered", "person_answered", "confidence_answered"]].tolist() == [3, 3, 2, 1]


def test_reversed_items_are_turned_round():
    """process: 2, 3, 7 and a reversed 6, which counts as 2: (2+3+7+2)/4 = 3.5. autonomy: all 7, the reversed one too:
    (7+7+7+1)/4 = 5.5. Ticking one column throughout is no extreme."""
    answers = agents(process1=2, process2=3, process3=7, process4=6, autonomy1=7, autonomy2=7, autonomy3=7, autonomy4=7)
    row = pt.instrument("control-and-quality").score(answers).table.iloc[0]
    assert row["process"] == 3.5
    assert row["autonomy"] == 5.5
    assert row["felt_trust"] == 4


@pytest.mark.parametrize(("given", "expected"), [
    ((2, 3, 7, 6), 3.5),
    ((2, 3, 7, None), 4.0),  # three of four: (2+3+7)/3
    ((2, 3, None, 6), 7 / 3),  # three of four with the reversed one: (2+3+2)/3
    ((2, 3, None, None), None),  # two of four are fewer than two thirds
    ((None, None, None, None), None),
])
def test_four_items_need_three_answers(given, expected):
    answers = agents(**dict(zip(["process1", "process2", "process3", "process4"], given, strict=True)))
    scores = pt.instrument("control-and-quality").score(answers)
    row = scores.table.iloc[0]
    assert row["process_answered"] == sum(one is not None for one in given)
    if expected is None:
        assert np.isnan(row["process"])
        assert "Without a score, of 1: process 1." in scores.text
    else:
        assert row["process"] == pytest.approx(expected, abs=1e-12)
        assert "Nobody lacks a score." in scores.text


@pytest.mark.parametrize(("items", "needed"), [(2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (9, 6)])
def test_two_thirds_are_counted_in_whole_items(items, needed):
    assert Agreement().needed(items) == needed


def test_scores_are_those_of_psych():
    rows, expected, scales = (pd.read_csv(ORACLES / f"instruments-{name}.csv", comment="#")
                              for name in ("rows", "scores", "scales"))
    scores = pt.instrument("control-and-quality").score(rows)
    assert scores.form == "customer"
    ours = scores.table[list(expected)]
    assert list(scales["scale"]) == list(expected)
    pd.testing.assert_frame_equal(ours.dropna(), expected[ours.notna().all(axis=1)], rtol=1e-9)
    assert ours.isna().sum().tolist() == [3, 1, 0, 0]


def test_summary_counts_means_and_spread():
    scores = pt.instrument("levels-of-trust").score(trust([1] * 12, [4] * 12, [None] * 12))
    summary = scores.summary.set_index("scale")
    assert summary["n"].tolist() == [2, 2, 2, 2]
    assert summary["missing"].tolist() == [1, 1, 1, 1]
    assert summary["mean"].tolist() == [2.5] * 4
    assert summary["sd"].tolist() == pytest.approx([np.sqrt(4.5)] * 4)  # (1.5² + 1.5²) / (2 − 1)
    assert "1 respondent answered nothing." in scores.text
    assert "Without a score, of 3: trade 1, brand 1, person 1, confidence 1." in scores.text


def test_other_columns_index_and_the_callers_table_stay_as_they_were():
    answers = trust([4] * 12, [5] * 12, respondent=["a", "b"], context=["relational", None])
    answers = answers[["context", *TRUST, "respondent"]]
    answers.index = ["x", "x"]
    before = answers.copy(deep=True)
    scores = pt.instrument("levels-of-trust").score(answers)
    assert_frame_equal(answers, before)
    assert list(scores.table.index) == ["x", "x"]
    assert list(scores.table.columns)[:3] == ["context", "respondent", "trade"]
    assert scores.others == ("context", "respondent")
    scores.table.loc["x", "context"] = "changed"
    assert_frame_equal(answers, before)


@pytest.mark.parametrize("dtype", [int, float, "Int64", object, "int8"])
def test_answers_may_come_as_any_kind_of_number(dtype):
    answers = trust([1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5]).astype(dtype)
    row = pt.instrument("levels-of-trust").score(answers).table.iloc[0]
    assert row[["trade", "brand", "person"]].tolist() == [2, 5, 10 / 3]


def test_missing_answers_may_come_as_anything_that_means_nothing():
    answers = trust([4] * 12).astype(object)
    for column, nothing in zip(["trade1", "brand1", "person1", "confidence1"], [None, pd.NA, np.nan, " "], strict=True):
        answers[column] = pd.Series([nothing], dtype=object)
    row = pt.instrument("levels-of-trust").score(answers).table.iloc[0]
    assert row[["trade_answered", "brand_answered", "person_answered", "confidence_answered"]].tolist() == [2] * 4


@pytest.mark.parametrize("wrong", [0, 8, -1, 99, 4.5, "5", "yes", True, np.inf, 3 + 1j])
def test_an_answer_that_is_not_allowed_is_named_with_row_and_column(wrong):
    answers = trust([4] * 12, [4] * 12).astype(object)
    answers.index = ["p17", "p18"]
    answers.loc["p18", "brand2"] = wrong
    with pytest.raises(ValueError, match=r"row 'p18', column 'brand2'.*Allowed is a whole number from 1 to 7") as told:
        pt.instrument("levels-of-trust").score(answers)
    assert (".read(path)" in str(told.value)) == isinstance(wrong, str)


def test_a_column_of_truths_is_no_answer():
    with pytest.raises(ValueError, match="column 'trade1': "):
        pt.instrument("levels-of-trust").score(trust([4] * 12).assign(trade1=True))


def test_a_column_of_complex_numbers_is_no_answer():
    """Not even where the imaginary part is 0: no table of answers holds such numbers, so something went wrong before."""
    for value in (3 + 9j, 3 + 0j):
        with pytest.raises(ValueError, match="column 'trade1': "):
            pt.instrument("levels-of-trust").score(trust([4] * 12).assign(trade1=np.array([value])))


def test_an_identifier_that_is_a_list_is_told():
    with pytest.raises(ValueError, match="the column 'respondent' holds lists or the like"):
        pt.instrument("levels-of-trust").score(trust([4] * 12, [4] * 12).assign(respondent=[[1], [1]]))


def test_many_wrong_answers_are_counted():
    with pytest.raises(ValueError, match="; and 7 more"):
        pt.instrument("levels-of-trust").score(trust([9] * 12))


@pytest.mark.parametrize(("change", "told"), [
    (lambda one: one.drop(columns="trade2"), "missing: trade2. An item that nobody answered is an empty column"),
    (lambda one: one.rename(columns={"trade2": "Trade2"}), r"missing: trade2 \(is it 'Trade2'\?\)"),
    (lambda one: one.rename(columns={"trade2": "trade_2"}), r"trade2 \(is it 'trade_2'\?\)"),
    (lambda one: one.assign(trade4=3), "'trade4' looks like an item"),
    (lambda one: one.assign(trade=3), "'trade' has a name that the scores need"),
    (lambda one: one.assign(brand_answered=3), "'brand_answered' has a name that the scores need"),
    (lambda one: pd.concat([one, one[["trade1"]]], axis=1), "trade1 is there more than once"),
    (lambda one: one.iloc[:0], "there is no row in it"),
    (lambda one: one.to_numpy(), "a DataFrame with one row a respondent is needed, not ndarray"),
])
def test_a_table_that_does_not_fit_is_told(change, told):
    with pytest.raises(ValueError, match=told):
        pt.instrument("levels-of-trust").score(change(trust([4] * 12)))


def test_the_form_is_told_from_the_columns():
    kit = pt.instrument("control-and-quality")
    customers = kit.template(form="customer").drop(columns="call")
    customers.loc[0] = 4.0
    assert kit.score(agents()).form == "agent"
    assert kit.score(customers).form == "customer"
    both = agents().join(customers)
    with pytest.raises(ValueError, match="columns of agent and customer are there"):
        kit.score(both)
    assert kit.score(both, form="customer").others == tuple(agents().columns)
    with pytest.raises(ValueError, match="no column is an item of any of them"):
        kit.score(pd.DataFrame({"a": [1]}))
    with pytest.raises(ValueError, match="'boss' is not one of agent, customer"):
        kit.score(agents(), form="boss")


def test_repeated_identifiers_are_told_and_kept():
    answers = trust(*[[4] * 12] * 5, respondent=["a", "b", "a", None, None])
    scores = pt.instrument("levels-of-trust").score(answers)
    assert scores.repeated == ("a",)
    assert "the same identifier: a; find out why" in scores.text
    assert len(scores.table) == 5
    assert "identifier" not in pt.instrument("levels-of-trust").score(answers.iloc[:2]).text


def test_small_groups_are_warned_about():
    score = pt.instrument("levels-of-trust").score
    assert "may tell who said what" in score(trust(*[[4] * 12] * 9)).text
    assert "may tell who said what" not in score(trust(*[[4] * 12] * 10)).text
    nine = [f"p{n % 9}" for n in range(20)]
    assert "fewer than 10 respondents a table" in score(trust(*[[4] * 12] * 20, respondent=nine)).text  # rows are no people
    blank = [*(f"p{n}" for n in range(9)), None]
    assert "may tell" not in score(trust(*[[4] * 12] * 10, respondent=blank)).text


def customers(agents_of_calls):
    items = pt.instrument("control-and-quality").template(form="customer").columns[1:]
    return pd.DataFrame(4.0, index=range(len(agents_of_calls)), columns=items).assign(
        agent=agents_of_calls, call=[f"c{n}" for n in range(len(agents_of_calls))])


def test_agents_behind_the_calls_and_teams_are_counted_and_not_rows():
    score = pt.instrument("control-and-quality").score
    one = score(customers(["a1"] * 30)).text
    assert "The answers belong to 1 agent: with fewer than 10 they may tell what was said of which" in one
    assert "respondents a table" not in one
    ten = score(customers([f"a{n // 10}" for n in range(100)])).text
    assert "belong to" not in ten
    assert "fewer than 10 respondents" not in ten
    nine = score(customers([f"a{n % 10}" for n in range(99)])).text
    assert "Of 10 agents, 1 has fewer than 10 respondents: report no results of these by themselves." in nine
    pairs = score(agents(rows=40, team=[f"t{n // 2}" for n in range(40)], agent=range(40))).text
    assert "Of 20 teams, 20 have fewer than 10 respondents" in pairs
    assert "belong to" not in pairs
    assert "belong to 4 teams" in score(agents(rows=40, team=[f"t{n // 10}" for n in range(40)])).text
    assert "team" not in score(agents(rows=40, team=None)).text


@pytest.mark.parametrize(("name", "form"), FORMS)
@pytest.mark.parametrize("rows", [1, 40])
def test_every_form_can_be_scored_told_and_drawn(name, form, rows):
    instrument = pt.instrument(name, "fr")
    items = instrument.table.query("form == @form")["item"]
    draw = np.random.default_rng(5).integers(1, 8, (rows, len(items)))
    scores = instrument.score(pd.DataFrame(draw, columns=items), form)
    assert list(scores.summary["scale"]) == list(instrument.meaning.query("form == @form")["scale"])
    assert scores.table[list(scores.summary["scale"])].apply(lambda column: column.between(1, 7)).all(axis=None)
    for part in (scores.text, repr(scores), scores._repr_html_()):
        assert "no score judges a single person" in part
    fig = scores.figure()
    assert fig.alt.startswith("Bars of how often each score")
    assert len(fig.axes[0].get_yticks()) == len(scores.summary)
    assert scores.figure(alt="my own words for what this figure shows").alt == "my own words for what this figure shows"


def test_the_figure_counts_scores_where_they_are():
    """Three respondents at 7, one at 5⅓: the bar at 7 is three times as high, and no other place has one."""
    answers = trust(*[[7] * 12] * 3, [5, 5, 6] * 4)
    ax = pt.instrument("levels-of-trust").score(answers).figure().axes[0]
    first = [bar for bar in ax.patches if bar.get_y() == 0 and bar.get_height()]
    heights = {round(bar.get_x() + bar.get_width() / 2, 6): -bar.get_height() for bar in first}
    assert set(heights) == {5.333333, 7}
    assert heights[7] == pytest.approx(3 * heights[5.333333])
    below, above = ax.get_ylim()
    assert below > above  # rows run downwards, as the names beside them do, and bars stand up


def test_nobody_with_a_score_can_be_told_and_drawn():
    scores = pt.instrument("levels-of-trust").score(trust([None] * 12, [None] * 12))
    assert "trade: no score" in scores.text
    assert "Trust in the trade: no score" in scores.figure().alt


def test_rows_of_people_are_not_shown_unasked():
    scores = pt.instrument("levels-of-trust").score(trust([4] * 12, respondent=["Nadia"]))
    assert "Nadia" not in repr(scores) + scores._repr_html_()
