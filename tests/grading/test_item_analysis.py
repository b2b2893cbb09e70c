"""How questions did in a class.

Expected values come from psych (``tests/oracles/item_analysis.R``), pingouin, the plans of a made-up class, a count by eye.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.grading.known import FAR, LETTER, OPEN, RIGHT, ROUTE, TEXT, build, plan, results

from pebbletrail.grading.item_analysis import items
from pebbletrail.grading.item_flags import NOT_APART, TOO_EASY, TOO_HARD, UNKNOWN
from pebbletrail.grading.left_out import DOUBTED, SET_BY_HAND, STOPPED, why_left_out
from pebbletrail.grading.results import PERSON, Item, Work
from pebbletrail.measures.items import item_analysis

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ROWS, OF_ITEMS, OF_SCALES = (pd.read_csv(ORACLES / f"item_analysis-{name}.csv", comment="#")
                             for name in ("points", "items", "scales"))
POSSIBLE = {"q1": 1, "q2": 2, "q3": 5, "q4": 3, "q5": 2, "q6": 4}
WRONG = {"state": "not yet", "points": 0.0}


def told(id, possible=1, kind="number", **more):
    return {"id": id, "kind": kind, "does": "Compute and interpret", "points": possible, "minutes": 5, **more}


def state_of(points, possible):
    return "noted" if points is None else "right" if points == possible else "not yet"


def work(points, number=0, possible=POSSIBLE, state="graded", kinds=None):
    """A work with these points by question; full points are right, None waits for a person."""
    made = [Item(told(id, possible[id], (kinds or {}).get(id, "number")), 1.0, state_of(one, possible[id]), one)
            for id, one in points.items()]
    return Work(f"s{number:03d}", f"Name {number}", "04-control", "Control", tuple(made), state)


def of_rows(rows, **more):
    return [work(row, number, **more) for number, row in enumerate(rows.to_dict("records"))]


def single(*given, id="q1"):
    """Works of one question each, as ``Item`` s."""
    return [Work(f"s{number}", "A", "04-control", "Control", (one,), "graded") for number, one in enumerate(given)]


def row_of(found, question):
    return found.table.set_index("question").loc[question]


# --- psych and pingouin ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["forty", "twelve"])
def test_each_question_is_as_psych_finds_it(name):
    expected = OF_ITEMS[OF_ITEMS["class"] == name].set_index("question")
    found = items(of_rows(ROWS.loc[ROWS["class"] == name, list(POSSIBLE)])).table.set_index("question")
    pairs = {"possible": "possible", "difficulty": "difficulty", "difficulty_se": "se", "discrimination": "r_drop",
             "ci_low": "low", "ci_high": "high"}
    for ours, theirs in pairs.items():
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=1e-9, err_msg=ours)


@pytest.mark.parametrize("name", ["forty", "twelve"])
def test_the_reliability_is_as_psych_finds_it(name):
    expected = OF_SCALES[OF_SCALES["class"] == name].iloc[0]
    found = items(of_rows(ROWS.loc[ROWS["class"] == name, list(POSSIBLE)]))
    assert found.n == expected["n"]
    assert found.reliability == pytest.approx(expected["raw"], rel=1e-9)
    assert found.interval == pytest.approx((expected["ci_low"], expected["ci_high"]), rel=1e-9)
    assert found.standard_error_of_measurement == pytest.approx(expected["sem"], rel=1e-9)
    assert found.possible == 17


def test_alpha_and_its_interval_are_pingouins():
    pingouin = pytest.importorskip("pingouin")
    rows = ROWS.loc[ROWS["class"] == "forty", list(POSSIBLE)]
    alpha, ci = pingouin.cronbach_alpha(rows)
    found = items(of_rows(rows))
    assert found.reliability == pytest.approx(alpha, rel=1e-12)
    np.testing.assert_allclose(found.interval, ci, atol=5.1e-4)  # printed with three decimals


def test_discrimination_is_what_the_kit_finds_for_scales():
    rows = ROWS.loc[ROWS["class"] == "forty", list(POSSIBLE)]
    found = items(of_rows(rows)).table["discrimination"]
    np.testing.assert_allclose(found, item_analysis(rows).table["item_rest"], rtol=1e-9)


# --- a class with known answers -------------------------------------------------------------------------------------

MODULE = "04-control"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return build(tmp_path_factory.mktemp("items") / "class", 14, [MODULE])


@pytest.fixture(scope="module")
def planned(place):
    return [plan(place, f"s{number:03d}", MODULE) for number in range(1, 13)]


@pytest.fixture(scope="module")
def found(place):
    return items(results(place, [MODULE], absent={("s013", MODULE), ("s014", MODULE)}).works)


def test_shares_and_difficulties_are_those_of_the_plans(found, planned):
    assert found.n == 12
    for row in found.table.itertuples():
        plans = [one[row.question] for one in planned]
        kinds = [one.kind for one in plans]
        assert row.handed_in == 12
        assert row.answered == 12 - kinds.count(OPEN)
        assert row.unanswered == pytest.approx(kinds.count(OPEN) / 12)
        if row.question == "q8":
            assert np.isnan(row.difficulty)
            continue
        assert row.difficulty == pytest.approx(sum(one.points for one in plans) / 12 / row.possible)
        if row.question != "q1":
            assert row.right == pytest.approx(kinds.count(RIGHT) / 12)
            assert row.not_yet == pytest.approx(sum(kinds.count(kind) for kind in (ROUTE, FAR, LETTER)) / 12)


def test_the_shares_of_a_question_sum_to_one(found):
    shares = found.table[["right", "follows", "not_yet", "noted", "unanswered"]].sum(axis=1)
    np.testing.assert_allclose(shares, 1.0)


def test_a_text_that_nobody_marked_is_left_out_and_said(found, planned):
    waiting = sum(one["q8"].kind == TEXT for one in planned)
    assert found.unmarked == {"q8": waiting}
    assert f"q8 is left out: {waiting} answers wait for a person's mark." in found.text
    assert row_of(found, "q8")["why"] == "waits for marks"
    assert found.possible == 17


def test_wrong_numbers_that_no_way_explains_are_counted_as_such(found, planned):
    far = {id: sum(one[id].kind == FAR for one in planned) for id in planned[0]}
    unknown = found.mistakes[found.mistakes["way"] == UNKNOWN].set_index("question")["count"].to_dict()
    assert unknown == {id: count for id, count in far.items() if count}
    assert unknown  # else the plans show nothing


# --- mistakes -------------------------------------------------------------------------------------------------------

def wrong(route, hint="", answer=1.0, **more):
    return Item(told("q1", **more), answer, "not yet", 0.0, route=route, hint=hint)


def test_the_commonest_known_way_comes_first_and_the_unknown_last():
    given = [wrong("z instead of t", "take t"), wrong("sign", "mind the sign"), wrong("sign", "mind the sign"),
             wrong(""), wrong(""), wrong("")]
    found = items(single(*given))
    assert found.mistakes.to_dict("split")["data"] == [
        ["q1", "sign", 2, "mind the sign"], ["q1", "z instead of t", 1, "take t"], ["q1", UNKNOWN, 3, ""]]
    assert row_of(found, "q1")[["mistake", "mistake_count"]].to_list() == ["sign", 2]


def test_options_go_by_their_words_since_letters_are_dealt():
    first, second = {"a": "Two groups.", "b": "A trend."}, {"a": "A trend.", "b": "Two groups."}
    given = [wrong("option a", "pairs", "a", kind="choice", options=first), wrong("option b", "pairs", "b", kind="choice",
             options=second), wrong("option a", "no trend", "a", kind="choice", options=second)]
    assert items(single(*given)).mistakes.to_dict("split")["data"] == [
        ["q1", "Two groups.", 2, "pairs"], ["q1", "A trend.", 1, "no trend"]]


def test_what_a_person_gave_full_points_for_is_no_mistake():
    forgiven = Item(told("q1"), 1.0, "not yet", 1.0, by=PERSON, ruled=0.0, route="sign")
    ruled = Item(told("q2"), 1.0, "right", 1.0)
    found = items([replace(one, items=(*one.items, ruled)) for one in single(forgiven, wrong("sign"))])
    assert found.mistakes["count"].to_list() == [1]
    assert row_of(found, "q1")["difficulty"] == 0.5


# --- what counts ----------------------------------------------------------------------------------------------------

def test_works_not_handed_in_and_not_run_count_nowhere():
    ran = [work({"q1": 1.0, "q2": 0.0}), work({"q1": 0.0, "q2": 0.0})]
    others = [work({"q1": 0.0, "q2": 0.0}, state=state) for state in ("waiting", "not handed in")]
    found = items([*ran, *others])
    assert found.n == 2
    assert row_of(found, "q1")["difficulty"] == 0.5
    assert row_of(found, "q1")["difficulty_se"] == pytest.approx(0.5)  # √(.5 / 2)


def test_one_answer_that_waits_leaves_its_question_out_of_everything():
    rows = ROWS.loc[ROWS["class"] == "forty", list(POSSIBLE)]
    first, *others = of_rows(rows)
    waits = replace(first, items=(*first.items[:-1], replace(first.items[-1], state="noted", points=None)))
    found, without = items([waits, *others]), items(of_rows(rows.drop(columns="q6")))
    assert found.unmarked == {"q6": 1}
    assert "q6 is left out: 1 answer waits" in found.text
    assert np.isnan(row_of(found, "q6")["difficulty"])
    assert (found.reliability, found.possible) == (without.reliability, 13)
    assert row_of(found, "q1")["discrimination"] == row_of(without, "q1")["discrimination"]


def test_marked_texts_count_like_every_question():
    rows = ROWS.loc[ROWS["class"] == "forty", list(POSSIBLE)]
    assert items(of_rows(rows, kinds={"q6": "text"})).reliability == items(of_rows(rows)).reliability


@pytest.mark.parametrize("count", [9, 10])
def test_below_ten_works_there_is_no_discrimination_no_alpha_no_flag(count):
    rows = ROWS.loc[ROWS["class"] == "forty", list(POSSIBLE)].iloc[:count].assign(q1=0.0)
    found = items(of_rows(rows))
    few = count < 10
    assert found.table["discrimination"].isna().all() == few
    assert np.isnan(found.reliability) == few
    assert (row_of(found, "q2")["why"] == "fewer than 10 works") == few
    assert ("With fewer than 10 works" in found.text) == few
    assert (row_of(found, "q1")["flag"] == "") == few
    assert row_of(found, "q1")["difficulty"] == 0


@pytest.mark.parametrize(("share", "kind", "flag"), [
    (1.0, "number", TOO_EASY), (0.95, "number", ""), (0.96, "number", TOO_EASY), (0.0, "number", TOO_HARD),
    (0.2, "number", ""), (0.19, "number", TOO_HARD), (1.0, "prediction", "")])
def test_flags_of_difficulty(share, kind, flag):
    """q1 alone, so that nothing else is there to go together with."""
    given = np.r_[np.ones(round(share * 100)), np.zeros(100 - round(share * 100))]
    found = items([work({"q1": one}, number, kinds={"q1": kind}) for number, one in enumerate(given)])
    assert row_of(found, "q1")["difficulty"] == pytest.approx(share)
    assert row_of(found, "q1")["flag"] == flag


def test_a_question_that_goes_against_the_rest_is_flagged_with_what_to_do():
    found = items(of_rows(ROWS.loc[ROWS["class"] == "forty", list(POSSIBLE)]))
    assert found.table.set_index("question")["flag"].to_dict() == {
        "q1": "", "q2": "", "q3": "", "q4": "", "q5": "", "q6": NOT_APART}
    assert "Look at q6 (does not go with the rest): who does well elsewhere does no better here." in found.text


def test_where_chance_may_be_the_reason_there_is_no_flag():
    found = items(of_rows(ROWS.loc[ROWS["class"] == "twelve", list(POSSIBLE)]))
    low = found.table[found.table["discrimination"] < 0.1]
    assert list(low["question"]) == ["q2", "q4", "q6"]  # their intervals reach .50 and more
    assert set(low["flag"]) == {""}


def normal_class(rng, loading, count, questions=10):
    """Points of one ability: 0 or 1, with thresholds that differ."""
    ability = rng.standard_normal((count, 1))
    scores = loading * ability + np.sqrt(1 - loading ** 2) * rng.standard_normal((count, questions))
    return pd.DataFrame((scores < np.linspace(-0.2, 1, questions)) * 1.0, columns=[f"q{k}" for k in range(questions)])


@pytest.mark.parametrize(("count", "classes"), [(10, 40), (60, 20)])
def test_sound_questions_are_flagged_in_fewer_than_five_of_a_hundred(count, classes):
    rng = np.random.default_rng(20)
    possible = {f"q{k}": 1 for k in range(10)}
    flags = pd.concat([items(of_rows(normal_class(rng, 0.5, count), possible=possible)).table["flag"]
                       for _ in range(classes)])
    assert flags.str.contains(NOT_APART).mean() < 0.05


# --- the ends of what is possible -----------------------------------------------------------------------------------

def test_the_same_points_for_all_have_no_discrimination_and_say_so():
    found = items(of_rows(ROWS.loc[ROWS["class"] == "twelve", list(POSSIBLE)]))
    assert np.isnan(row_of(found, "q5")["discrimination"])
    assert row_of(found, "q5")["why"] == "all the same"
    alone = items([work({"q1": float(number % 2), "q2": 2.0}, number) for number in range(12)])
    assert row_of(alone, "q1")["why"] == "nothing to compare with"
    assert np.isnan(alone.reliability)
    assert "There is no reliability" in alone.text


def test_questions_that_cancel_out_have_no_reliability():
    found = items([work({"q1": float(number % 2), "q2": 1.0 - number % 2}, number) for number in range(12)])
    assert np.isnan(found.reliability)
    assert row_of(found, "q1")["discrimination"] == pytest.approx(-1)


def test_an_alpha_below_zero_is_shown_and_its_error_is_the_deviation_of_the_sums():
    rows = pd.DataFrame({"q1": [1.0, 0, 1, 0, 1, 0, 1, 0, 1, 1], "q2": [0.0, 2, 0, 2, 0, 2, 0, 2, 0, 2]})
    found = items(of_rows(rows))
    expected = 2 * (1 - (rows["q1"].var() + rows["q2"].var()) / rows.sum(axis=1).var())
    assert found.reliability == pytest.approx(expected)
    assert found.reliability < -1
    assert found.standard_error_of_measurement == pytest.approx(rows.sum(axis=1).std())
    assert "fewer than 20 works cannot tell" in found.text
    larger = items(of_rows(pd.concat([rows] * 40)))  # the same alpha, but for n - 1, and an interval of .46
    assert larger.interval[1] - larger.interval[0] > 0.6
    assert "so wide an interval cannot tell" in larger.text
    rng = np.random.default_rng(5)
    luck = items(of_rows(pd.DataFrame(rng.integers(0, 2, (300, 3)) * 1.0, columns=["q1", "q2", "q3"])))
    assert -0.6 < luck.interval[0] < luck.reliability < 0
    assert "the questions do not go together" in luck.text


def test_alpha_is_a_share_of_the_variance_and_a_difference_needs_2_8_errors():
    found = items(of_rows(ROWS.loc[ROWS["class"] == "forty", list(POSSIBLE)]))
    low, high = (100 * end for end in found.interval)
    assert f"about {100 * found.reliability:.0f} % of the variance of the sums ({low:.0f} to {high:.0f} %)" in found.text
    least = 1.959964 * np.sqrt(2) * found.standard_error_of_measurement
    said = float(found.text.split("differ by ")[1].split()[0])
    assert said == pytest.approx(least, abs=0.08)  # printed with one decimal, 2.8 for 2.772


def test_from_twenty_works_on_words_are_made_of_alpha():
    rows = normal_class(np.random.default_rng(2), 0.8, 20)
    possible = dict.fromkeys(rows, 1)
    assert "more than luck" in items(of_rows(rows, possible=possible)).text
    assert "fewer than 20 works cannot tell" in items(of_rows(rows.iloc[:19], possible=possible)).text


# --- works that say little of the questions -------------------------------------------------------------------------

def stopped(work, answered):
    """The same work, of which only so many questions are answered."""
    return replace(work, items=tuple(item if at < answered else replace(item, answer=None, state="open", points=0.0)
                                     for at, item in enumerate(work.items)))


def test_three_notebooks_that_stopped_change_no_number():
    whole = of_rows(ROWS.loc[ROWS["class"] == "forty", list(POSSIBLE)])
    found, without = items([*whole, *(stopped(work, 2) for work in whole[:3])]), items(whole)
    assert (found.n, found.analysed, found.left_out) == (43, 40, {STOPPED: 3})
    assert (found.reliability, found.interval) == (without.reliability, without.interval)
    for column in ("difficulty", "discrimination", "flag"):
        assert found.table[column].to_list() == without.table[column].to_list()
    assert row_of(found, "q6")["unanswered"] == pytest.approx(3 / 43)  # what happened is still said
    assert "3 of them are left out of the share of points, discrimination, alpha and flags (3: fewer than half" in found.text


@pytest.mark.parametrize(("answered", "gone"), [(0, True), (2, True), (3, False), (6, False)])
def test_half_of_the_answers_is_enough(answered, gone):
    one = stopped(work(dict.fromkeys(POSSIBLE, 1.0)), answered)
    assert (why_left_out(one) == STOPPED) == gone
    text = Item(told("q9", kind="text"), "words", "noted", None)
    assert (why_left_out(replace(one, items=(*one.items, text, text))) == STOPPED) == gone  # texts are not for the rules


def test_works_in_doubt_and_points_set_by_hand_are_left_out():
    sound = work({"q1": 1.0, "q2": 2.0})
    doubted = replace(sound, doubts=("It was made with the tables of s002.",))
    zeros = replace(sound, items=tuple(replace(item, points=0.0, by=PERSON) for item in sound.items))
    appeal = replace(sound, items=(replace(sound.items[0], points=0.5, by=PERSON), sound.items[1]))
    found = items([sound, doubted, zeros, appeal])
    assert found.left_out == {DOUBTED: 1, SET_BY_HAND: 1}
    assert row_of(found, "q1")["difficulty"] == 0.75


def test_works_that_are_left_out_do_not_make_ten():
    rows = ROWS.loc[ROWS["class"] == "forty", list(POSSIBLE)].iloc[:10]
    first, *others = of_rows(rows)
    assert np.isnan(items([stopped(first, 1), *others]).reliability)
    assert not np.isnan(items([first, *others]).reliability)


@pytest.mark.parametrize("works", [[], [work({"q1": 0.0}, state="not handed in")]])
def test_without_a_work_that_ran_there_are_no_numbers(works):
    found = items(works)
    assert found.n == 0
    assert "0 works were handed in" in found.text
    assert found.table.get("difficulty", pd.Series(dtype=float)).isna().all()
    assert found.mistakes.empty
