"""Which heading stands for which column: items, signs within headings, files that hold several tables, refusals."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_firms import PRACTICE, column

from pebbletrail.own_data.expression import taken_apart
from pebbletrail.own_data.given import NotUsable
from pebbletrail.own_data.mapping import chosen, folded, headings
from pebbletrail.practice.definition import Table, practice

CALLS = ["call", "team", "control", "time", "agent", "restarts"]
ANSWERS = ["call", "answered", "q1", "q2", "stayed"]
BOTH = {"calls": CALLS, "answers": ANSWERS}


def owns(mapping, headings=BOTH, about=PRACTICE, **options):
    """``({name: its own columns} by source, absent)``."""
    made, absent = chosen(about, headings, mapping, **options)
    return {place: {name: owns for name, (_, owns) in one.columns.items()} for place, one in made.items()}, absent


def test_the_nearest_heading_is_put_into_the_whole_that_was_asked_for():
    problems, message = refused({"quality": "q1+q2x"})
    assert problems["missing-column"].found == "q2"
    assert "--map quality='q1+q2'" in message


def test_one_column_may_be_a_yes_or_no_and_its_contrary():
    left = replace(PRACTICE.tables[1], columns=(*PRACTICE.tables[1].columns, column("left", "yes-no", required=False)))
    about = replace(PRACTICE, tables=(PRACTICE.tables[0], left))
    there, ends = {**BOTH, "answers": [*ANSWERS[:-1], "gone"]}, {"stayed": (0, 1)}
    found, _ = owns({"quality": "q1", "stayed": "-gone", "left": "gone"}, there, about, scales=ends)
    assert (found["answers"]["stayed"], found["answers"]["left"]) == ((("gone", True),), (("gone", False),))
    problems, _ = refused({"quality": "q1", "stayed": "gone", "left": "gone"}, there, about)
    assert problems["one-column-twice"].own == "gone"


@pytest.mark.parametrize(("heading", "name", "contrary"), [
    ("Parti", "stayed", True), ("Exited", "stayed", True), ("ConsumerDisputed", "stayed", True),
    ("CHURN_FLAG", "stayed", True), ("Contrat résilié", "stayed", True), ("encore client", "stayed", False),
    ("non parti", "stayed", False),
    ("Participe au programme", "stayed", False), ("Département", "stayed", False), ("client_retained", "left", True),
    ("churn", "left", False), ("resté", "left", True), ("restaurant", "left", False)])
def test_a_heading_that_tells_the_contrary_is_taken_only_with_a_sign(heading, name, contrary):
    """Who left, mapped as who stayed, would give every result the wrong sign in silence."""
    about = practice("incidents-and-staying")
    there = {"incidents": ["incident", "just", "stayed" if name != "stayed" else "left", heading]}
    for sign in "+-":
        made, _ = chosen(about, there, {name: sign + heading})
        assert made["incidents"].columns[name][1] == ((heading, sign == "-"),)
    if not contrary:
        assert chosen(about, there, {name: heading})[0]["incidents"].columns[name][1] == ((heading, False),)
        return
    problems, message = refused({name: heading}, there, about)
    assert (problems["contrary"].column, list(problems)) == (name, ["contrary"])
    assert f"--map {name}='-{heading}'" in message
    assert f"--map {name}='+{heading}'" in message


def test_the_headings_taken_up_are_told_as_they_were_mapped():
    made, _ = chosen(PRACTICE, {**BOTH, "calls": [*CALLS, "=12"]}, {"quality": "q1-q2", "control": "=12"})
    assert headings(made) == (
        ("calls", "call", "call"), ("calls", "team", "team"), ("calls", "control", "= 12"), ("calls", "time", "time"),
        ("calls", "agent", "agent"), ("calls", "restarts", "restarts"), ("answers", "call", "call"),
        ("answers", "answered", "answered"), ("answers", "quality", "q1 \u2212 q2"), ("answers", "stayed", "stayed"))


def refused(mapping, headings=BOTH, about=PRACTICE, **options):
    with pytest.raises(NotUsable) as error:
        chosen(about, headings, mapping, **options)
    return {problem.code: problem for problem in error.value.problems}, str(error.value)


@pytest.mark.parametrize(("asked", "headings", "expected"), [
    ("q1", ["q1"], [("q1", False)]),
    ("q1+q2", ["q1", "q2"], [("q1", False), ("q2", False)]),
    ("-q1 - q2", ["q1", "q2"], [("q1", True), ("q2", True)]),
    ("q1+q2", ["q1", "q2", "q1+q2"], [("q1+q2", False)]),
    ("Note - accueil+Note", ["Note - accueil", "Note", "accueil"], [("Note - accueil", False), ("Note", False)]),
    ("q-1-q-2", ["q-1", "q-2"], [("q-1", False), ("q-2", True)]),
    ("q1 q2", ["q1", "q2"], [("q1 q2", False)]),
    ("nowhere+q1", ["q1"], [("nowhere", False), ("q1", False)]),
    ("e\u0301tat", ["\u00e9tat"], [("\u00e9tat", False)]),
    ("\u00e9tat", ["e\u0301tat"], [("e\u0301tat", False)]),
])
def test_expressions(asked, headings, expected):
    assert taken_apart(asked, headings) == tuple(expected)


names = st.text(st.sampled_from("ab1 é"), min_size=1, max_size=4).map(str.strip).filter(bool)


@given(st.lists(st.tuples(names, st.booleans()), min_size=1, max_size=5, unique_by=lambda one: one[0]))
def test_any_sum_of_headings_is_found_again(items):
    text = "".join(("-" if turned else "+") + own for own, turned in items)
    assert taken_apart(text, [own for own, _ in items]) == tuple(items)


def test_headings_are_found_by_their_names_but_for_accents_and_capitals():
    found, absent = owns({"quality": "q1-q2"}, {"calls": ["Call ", "TÉAM", "contrôle", "Control"], "answers": ANSWERS})
    assert found["calls"] == {"call": (("Call ", False),), "team": (("TÉAM", False),), "control": (("Control", False),)}
    assert found["answers"]["quality"] == (("q1", False), ("q2", True))
    assert absent == ("time", "agent", "restarts")
    assert folded("Re-Starts d’été") == "restartsdete"


def test_two_headings_that_read_alike_are_not_guessed_between():
    problems, told = refused({"quality": "q1"}, {"calls": ["call", "Team", "TEAM", "control"], "answers": ANSWERS})
    assert problems["ambiguous-column"].found == "Team, TEAM"
    assert "--map team=" in told


def test_a_name_for_one_of_two_files_leaves_the_other_alone():
    found, _ = owns({"call": "N°", "quality": "q1"}, {"calls": ["N°", *CALLS[1:]], "answers": ANSWERS})
    assert found["calls"]["call"] == (("N°", False),)
    assert found["answers"]["call"] == (("call", False),)


def test_a_mapped_column_is_not_taken_a_second_time_by_its_name():
    found, absent = owns({"quality": "q1", "control": "restarts"})
    assert found["calls"]["control"] == (("restarts", False),)
    assert "restarts" in absent


def test_everything_that_is_wrong_is_said_at_once_with_the_nearest_name():
    problems, told = refused({"qualty": "q1", "team": "temas", "control": "time+agent"},
                             {**BOTH, "answrs": ["call"]})
    assert problems["unknown-name"].found == "quality"
    assert problems["unknown-table"].found == "answers"
    assert problems["no-items"].column == "control"
    assert problems["missing-column"].own == "quality"
    assert "there is no column 'temas'. The nearest name is 'team'." in told
    assert all(problem.stops for problem in problems.values())
    assert "The nearest name is 'quality'." in told


def test_one_column_cannot_stand_for_what_explains_and_what_is_explained():
    one = {"calls": [*CALLS, "q1"]}
    problems, _ = refused({"quality": "q1", "control": "q1"}, one)
    assert problems["one-column-twice"].own == "q1"
    found, _ = owns({"quality": "q1", "agent": "team"}, one)
    assert found["calls"]["agent"] == found["calls"]["team"] == (("team", False),)


def test_a_file_that_holds_all_tables_needs_no_key():
    found, _ = owns({"quality": "q1"}, {"calls": ["team", "control", "q1", "stayed"]})
    assert set(found["calls"]) == {"team", "control", "quality", "stayed"}
    assert set(found) == {"calls"}


def test_a_table_that_is_nowhere_is_named_with_what_it_would_hold():
    problems, told = refused({}, {"calls": CALLS})
    assert problems["missing-table"].table == "answers"
    assert "--data answers=FILE" in told


def test_a_table_that_may_lack_lacks():
    more = Table("mood", "agent", {}, (column("agent", "code"), column("autonomy", "scale", low=1, high=7, items=True)),
                 required=False)
    about = PRACTICE.__class__(**{**PRACTICE.__dict__, "tables": (*PRACTICE.tables, more)})
    assert "autonomy" in owns({"quality": "q1"}, about=about)[1]
    found, absent = owns({"quality": "q1", "autonomy": "free"}, {"calls": [*CALLS, "free"], "answers": ANSWERS}, about=about)
    assert found["calls"]["autonomy"] == (("free", False),)
    assert "autonomy" not in absent


def test_an_item_is_turned_round_only_where_the_ends_are_known():
    about = PRACTICE.__class__(**{**PRACTICE.__dict__, "tables": (PRACTICE.tables[0], Table("answers", "call", {}, (
        column("call", "code"), column("quality", "number", items=True))))})
    assert "--scale quality=1..7" in refused({"quality": "q1-q2"}, about=about)[1]
    assert "item-twice" in refused({"quality": "q1+q1"}, about=about)[0]
    made, _ = chosen(about, BOTH, {"quality": "q1-q2"}, {"quality": (1, 5)})
    ends = made["answers"].columns["quality"][0]
    assert (ends.low, ends.high) == (1.0, 5.0)


def test_a_count_is_never_below_nought():
    made, _ = chosen(PRACTICE, BOTH, {"quality": "q1"})
    assert made["calls"].columns["restarts"][0].low == 0
