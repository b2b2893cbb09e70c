"""One student's variant: drawn by HMAC, rounded, stored; the keys from the stored file."""

import dataclasses
import hashlib
import hmac
import io
import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from toy_module import toy

from pebbletrail.exercises.authoring import Draw, Number, Redraw, Route
from pebbletrail.exercises.banks import Case, Option
from pebbletrail.exercises.check import faults, likeliest_rank, shared, variants, wrong_routes
from pebbletrail.exercises.marking import RIGHT, mark
from pebbletrail.exercises.module import Module, make_variant
from pebbletrail.exercises.packet import handed_out, practice_variant, write_folder
from pebbletrail.exercises.trial import marks, solved

SECRET = b"a secret of this course"


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    return toy(tmp_path_factory.mktemp("toy"))


def plain(module, draw, questions):
    code = SimpleNamespace(VERSION=1, TITLE="", draw=draw, questions=questions)
    return Module(module.folder, code)


def test_the_draw_is_the_hmac_of_secret_module_version_student_and_attempt(module):
    """Recomputed from its definition; the first attempt of this student is good."""
    digest = hmac.new(SECRET, b"pebbletrail exercise\n04-toy\n1\nana\n1", hashlib.sha256).digest()
    expected = module.code.draw(np.random.default_rng(int.from_bytes(digest, "big")), False).tables["agents"]
    made = make_variant(module, "ana", SECRET)
    assert made.draws == 1
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(made.files["agents.csv"])), expected)


def test_the_same_student_gets_the_same_bytes_and_others_do_not(module):
    ana, again = (make_variant(module, "ana", SECRET) for _ in range(2))
    assert handed_out(ana) == handed_out(again)
    newer = dataclasses.replace(module, code=SimpleNamespace(**{**vars(module.code), "VERSION": 2}))
    others = [make_variant(module, "ben", SECRET), make_variant(module, "ana", b"another secret"),
              make_variant(newer, "ana", SECRET)]
    assert len({one.files["agents.csv"] for one in [ana, *others]}) == 4


def test_keys_come_from_the_stored_file(module):
    made = make_variant(module, "ana", SECRET)
    table = pd.read_csv(io.BytesIO(made.files["agents.csv"]))
    means = table.groupby("watched")["quality"].mean()
    key = {question.id: question.key() for question in made.questions}
    assert key["q3"]["right"] == pytest.approx(means[1] - means[0], rel=1e-12)
    assert key["q7"]["right"] == pytest.approx(table["quality"].std(), rel=1e-12)


def test_one_students_answers_are_wrong_for_another(module):
    ana, ben = make_variant(module, "ana", SECRET), make_variant(module, "ben", SECRET)
    for mine, yours in zip(ana.questions, ben.questions, strict=True):
        if mine.kind == "number":
            assert mark(mine.key(), mine.right).state == RIGHT
            assert mark(yours.key(), mine.right).state != RIGHT
    assert all(share < 0.05 for share in shared(variants(module, 20)).values())


def test_the_students_sheet_holds_no_key(module):
    made = make_variant(module, "ana", SECRET)
    sheet = json.dumps(made.public())
    for question in made.questions:
        key = question.key()
        for hidden in ("right", "routes", "worked", "hints", "why", "traps", "specimens", "follows", "afterwards"):
            assert f'"{hidden}"' not in sheet
        if question.kind == "number":
            assert repr(key["right"]) not in sheet
    assert set(handed_out(made)) == {"04-toy.ipynb", "agents.csv", "exercise.json"}
    assert "practice.json" in handed_out(practice_variant(module), practice=True)


def test_a_draw_whose_wrong_route_is_right_too_is_drawn_again(module):
    """Half of the draws put the route on the right answer; none of these may be handed out."""
    def draw(rng, practice):
        return Draw({"t": pd.DataFrame({"x": [float(rng.integers(0, 2))]})})

    def questions(tables, words):
        x = float(tables["t"]["x"].iloc[0])
        return [Number("q3", 5, 5, right=1.0, decimals=2, unit="", routes=[Route("wrong", 1.0 + x * 0.5, "no")])]

    made = [make_variant(plain(module, draw, questions), f"s{number}", SECRET) for number in range(40)]
    assert all(one.files["t.csv"] == b"x\n1.0\n" for one in made)
    assert sum(one.draws > 1 for one in made) > 8


@pytest.mark.parametrize(("questions", "told"), [
    (lambda tables, words: [Number("q3", 5, 5, right=float("nan"), decimals=2, unit="")], "q3: the right answer is nan"),
    (lambda tables, words: [Number("q3", 5, 5, right=1.0, decimals=2, unit="", routes=[Route("r", float("inf"), "")])],
     "the route 'r' leads to inf"),
    (lambda tables, words: [Number("q3", 5, 5, right=1.0, decimals=2, unit="", routes=[Route("r", 1.009, "")])],
     "no draw is good for 'ana' in 200 attempts.*lands on the right answer"),
])
def test_a_module_that_cannot_be_drawn_says_why(module, questions, told):
    broken = plain(module, lambda rng, practice: Draw({"t": pd.DataFrame({"x": [1.0]})}), questions)
    with pytest.raises(ValueError, match=told):
        make_variant(broken, "ana", SECRET)


def test_an_author_may_ask_for_another_draw(module):
    seen = []

    def draw(rng, practice):
        seen.append(rng.uniform())
        return Draw({"t": pd.DataFrame({"x": [1.0]})})

    def questions(tables, words):
        if len(seen) < 3:
            raise Redraw("not yet")
        return []

    assert make_variant(plain(module, draw, questions), "ana", SECRET).draws == 3
    assert len(set(seen)) == 3


def test_graded_variants_never_hold_the_practice_story(module):
    practice = practice_variant(module)
    assert practice.words["q5"]["case"] == practice.words["q6"]["case"] == 0
    cases = [{one.words[id]["case"] for one in variants(module, 30)} for id in ("q5", "q6")]
    assert cases == [{1, 2, 3}, {1, 2, 3}]


def test_the_order_of_nodes_does_not_tell_the_direction_of_arrows(module):
    """Authors write causes first; students get the nodes mixed. About half of the arrows run forward in what they see."""
    forward = []
    for one in variants(module, 40):
        question = next(question for question in one.questions if question.kind == "arrows")
        nodes = question.public(4)["nodes"]
        assert sorted(nodes) == sorted(question.case.nodes)
        forward += [nodes.index(start) < nodes.index(end) for start, end in question.case.arrows]
    assert 0.3 < np.mean(forward) < 0.7


def test_keys_say_which_case_and_order_a_letter_stands_for(module):
    key = {key["id"]: key for key in make_variant(module, "ana", SECRET).keys()["questions"]}
    assert module.code.FLAWS[key["q6"]["case"]].options[key["q6"]["order"]["abcd".index(key["q6"]["right"])]].right
    assert key["q5"]["case"] in (1, 2, 3)
    assert key["q3b"]["follows"]["rights"] == {"q3": key["q3"]["right"]}
    assert key["q3b"]["follows"]["decimals"] == {"q3": 3}


def test_the_order_of_options_is_the_students_own(module):
    rights = {one.student: next(q.key()["right"] for q in one.questions if q.id == "q6") for one in variants(module, 30)}
    assert set(rights.values()) == set("abcd")


def test_the_solution_earns_full_marks_and_wrong_routes_earn_what_they_should(module):
    for one in variants(module, 3):
        assert all(result.state in (RIGHT, "noted") for result in marks(one, solved(one)).values())
        assert wrong_routes(one) == []


def test_check_finds_what_is_wrong_with_a_module(module):
    assert faults(module) == []
    code = SimpleNamespace(**{**vars(module.code), "REAL": {}})
    shorter = SimpleNamespace(**{**vars(code), "questions": lambda tables, words: module.code.questions(tables, words)[1:]})
    assert faults(dataclasses.replace(module, code=code)) == ["no question is on real data"]
    assert any("points: 19" in fault for fault in faults(dataclasses.replace(module, code=shorter)))


def of_lengths(right, *others):
    options = [Option("r" * right, right=True), *(Option("w" * length, hint="no") for length in others)]
    return Case("", options, worked="Count.")


@pytest.mark.parametrize(("graded", "often"), [
    ([], 0),
    ([(1, 2, 3, 4), (2, 1, 3, 4), (3, 1, 2, 4), (4, 1, 2, 3)], 1),
    ([(20, 10, 30, 40), (2, 1, 3, 4), (3, 1, 2, 4)], 2),  # the rank counts, and not the length
    ([(2, 1, 2, 3), (2, 1, 3, 4), (3, 1, 2, 4)], 2),  # tied for the second and third place: right for both
    ([(5, 5, 5, 5), (4, 1, 2, 3), (4, 1, 2, 3)], 3),
])
def test_the_rank_of_length_that_pays_best_is_counted_over_graded_cases(graded, often):
    """Counted by hand; the first case is the practice's, and would raise each number."""
    assert likeliest_rank([of_lengths(9, 9, 9, 9), *(of_lengths(*case) for case in graded)]) == often


def test_a_bank_in_which_a_rank_of_length_gives_the_answer_away_is_refused(module):
    def questions(tables, words):
        bank = [of_lengths(2, 1, 3, 4)] * 4 + [of_lengths(1, 2, 3, 4)]
        return [dataclasses.replace(one, bank=bank) if one.id == "q6" else one
                for one in module.code.questions(tables, words)]

    code = SimpleNamespace(**{**vars(module.code), "questions": questions})
    told = "q6: one rank of length is the right option's in 3 of 4 graded cases; at most half, rounded up, are allowed"
    assert faults(dataclasses.replace(module, code=code)) == [told]


def test_a_folder_is_there_whole_or_not_at_all(tmp_path):
    with pytest.raises(TypeError):
        write_folder(tmp_path / "a" / "b", {"one.csv": b"x", "two.csv": "text, not bytes"})
    assert list((tmp_path / "a").iterdir()) == []
