"""The answer sheet, in practice and in a class, on the toy module."""

import json

import numpy as np
import pytest
from toy_module import toy

import pebbletrail as pt
from pebbletrail.exercises import sheet as sheets
from pebbletrail.exercises.module import make_variant
from pebbletrail.exercises.packet import handed_out, practice_variant, write_folder


@pytest.fixture
def variant(tmp_path):
    return practice_variant(toy(tmp_path))


@pytest.fixture
def right(variant):
    return {question.id: question.right for question in variant.questions if question.kind == "number"}


@pytest.fixture
def sheet(variant, tmp_path, monkeypatch, capsys):
    """The practice sheet, opened as its notebook does."""
    write_folder(tmp_path / "work", handed_out(variant, practice=True))
    monkeypatch.chdir(tmp_path / "work")
    made = pt.exercise("04-toy")
    capsys.readouterr()
    return made


@pytest.fixture
def class_sheet(variant, tmp_path, monkeypatch, capsys):
    mine = make_variant(variant.module, "s007", b"a secret of this course")
    write_folder(tmp_path / "class" / "s007", handed_out(mine))
    monkeypatch.chdir(tmp_path / "class" / "s007")
    made = pt.exercise("04-toy")
    capsys.readouterr()
    return made


def test_it_says_which_variant_is_opened(sheet, capsys):
    assert pt.exercise("04-toy") is sheet
    assert "practice variant, marked at once" in capsys.readouterr().out


def test_right_names_the_tolerance(sheet, right, capsys):
    sheet.answer("q3", round(right["q3"], 3))
    said = capsys.readouterr().out
    assert said.startswith("✓ q3 right")
    assert "3 decimals; anything within 0.0005 counts" in said


def test_help_grows_with_attempts_and_ends_with_the_way(sheet, right, capsys):
    said = []
    for wrong in (-right["q3"], 99.0, 99.0, 98.0):
        sheet.answer("q3", wrong)
        said.append(capsys.readouterr().out)
    first, second = "Look again at which agents are meant.", "Take the mean of the one group, then of the other."
    assert "○ q3 not yet" in said[0]
    assert "Which group is taken from which?" in said[0]  # the mistake is named
    assert first not in said[0]
    assert first in said[1]
    assert second in said[1]
    assert "The way:" not in said[1]
    assert said[2] == said[1]  # the same answer again is no new attempt
    assert "The way:" in said[3]
    assert "after" not in said[3].split("The way")[0]
    assert str(right["q3"]) not in "".join(said[:3])


def test_an_unknown_mistake_gets_one_general_hint_at_a_time(sheet, capsys):
    sheet.answer("q3", 99.0)
    said = capsys.readouterr().out
    assert "Look again at which agents are meant." in said
    assert "Take the mean of the one group" not in said


def test_what_follows_from_a_mistake_counts(sheet, right, capsys):
    sheet.answer("q3", -right["q3"])
    sheet.answer("q3b", -right["q3"] * sheet.given["cost"])
    assert "follows correctly from your own earlier answer" in capsys.readouterr().out
    assert sheet.progress().table.set_index("question").loc["q3b", "earned"] == 2


def test_text_and_prediction_are_noted_and_judged_by_oneself(sheet, capsys):
    sheet.answer("q1", "b")
    assert "No guess is wrong here" in capsys.readouterr().out
    sheet.answer("q8", "Watched agents do worse.")
    said = capsys.readouterr().out
    assert "4 words; 60 to 150 are asked for" in said
    assert said.count("A specimen worth") == 6  # three, each with its text and its reason


def test_progress_counts_points_and_what_is_open(sheet, right):
    for id in ("q1b", "q3", "q7"):
        sheet.answer(id, right[id])
    sheet.answer("q8", "words " * 70)
    made = sheet.progress()
    assert made.open == ["q1", "q2", "q3b", "q4", "q5", "q6"]
    assert "4 of 10 answered" in made.text
    assert "5 of 20 points" in made.text  # 1 + 2 + 2
    assert "3 more are for your text" in made.text
    assert "by a person" in made._repr_html_()


def test_taking_an_answer_back_and_starting_again(sheet, right):
    sheet.answer("q3", right["q3"])
    sheet.answer("q3", ...)
    assert sheet.answers == {}
    sheet.answer("q3", 99.0)
    sheet.reset()
    assert sheet.progress().table["attempts"].sum() == 0


def test_a_wrong_kind_of_answer_leaves_the_sheet_as_it_was(sheet, right):
    sheet.answer("q3", right["q3"])
    with pytest.raises(ValueError, match="q3 takes one number"):
        sheet.answer("q3", "a")
    assert sheet.answers == {"q3": right["q3"]}
    with pytest.raises(ValueError, match="there is no 'q9'; there are q1, q1b"):
        sheet.answer("q9", 1)


def test_a_graded_folder_unpacked_over_the_practice_one_is_graded(variant, tmp_path, monkeypatch, capsys):
    """The public keys would call a right answer wrong."""
    mine = make_variant(variant.module, "s007", b"a secret of this course")
    write_folder(tmp_path / "both", {**handed_out(variant, practice=True), **handed_out(mine)})
    monkeypatch.chdir(tmp_path / "both")
    made = pt.exercise("04-toy")
    assert not made.practice
    assert "variant of s007" in capsys.readouterr().out
    made.answer("q3", mine.questions[3].right)
    assert "noted" in capsys.readouterr().out


def test_a_notebook_moved_away_from_its_folder_does_not_pass_for_practice(variant, tmp_path, monkeypatch, capsys):
    """Else a whole evening goes into the public tables, and nothing of it counts."""
    mine = handed_out(make_variant(variant.module, "s007", b"a secret of this course"))
    write_folder(tmp_path / "moved", {**handed_out(variant, practice=True), "mine.ipynb": mine["04-toy.ipynb"]})
    monkeypatch.chdir(tmp_path / "moved")
    monkeypatch.setenv("JPY_SESSION_NAME", "mine.ipynb")
    with pytest.raises(ValueError, match="notebook is that of s007, and the sheet beside it is the public practice"):
        pt.exercise("04-toy")
    monkeypatch.setenv("JPY_SESSION_NAME", "04-toy.ipynb")
    assert pt.exercise("04-toy").practice
    with pytest.raises(ValueError, match="notebook is that of s007"):
        pt.exercise("04-toy").submit("mine.ipynb")


@pytest.mark.parametrize(("broken", "told"), [
    ("[]", "missing"), ("{}", "missing"), ('"x"', "missing"), ("7", "cannot be read"),
    ('{"module": "04-toy", "version": 1, "student": "a", "questions": [{}], "files": {}}', "cannot be read"),
    ('{"module": "04-toy", "version": 1, "student": "a", "questions": [], "files": {"../../x.csv": ""}}', "no plain file")])
def test_a_damaged_or_hostile_sheet_is_one_sentence(broken, told, tmp_path, monkeypatch):
    (tmp_path / "exercise.json").write_text(broken, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=told):
        pt.exercise("04-toy")


def test_a_class_sheet_notes_and_tells_nothing(class_sheet, capsys):
    assert not class_sheet.practice
    class_sheet.answer("q2", 1.5)
    first = capsys.readouterr().out
    class_sheet.answer("q2", class_sheet.data("agents")["quality"].median())
    assert first.split("Noted")[0] == capsys.readouterr().out.split("Noted")[0] == "• q2 noted:\n  "
    assert list(class_sheet.progress().table) == ["question", "asks for", "points", "minutes", "state"]
    assert "points" not in class_sheet.progress().text


def test_the_table_is_the_one_handed_out(class_sheet, tmp_path):
    agents = class_sheet.data("agents")
    assert agents.shape[1] == 4
    file = class_sheet.folder / "agents.csv"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(ValueError, match=r"agents.csv is not as it was handed out.*Take the\s+file again"):
        class_sheet.data("agents")
    file.unlink()
    with pytest.raises(ValueError, match=r"agents.csv is not beside exercise.json"):
        class_sheet.data("agents")
    with pytest.raises(ValueError, match="no table 'calls'; there is agents"):
        class_sheet.data("calls")


def test_words_that_a_student_may_use_and_not_change(sheet):
    assert set(sheet.given) == {"firm", "cost"}
    with pytest.raises(TypeError):
        sheet.given["cost"] = 1
    with pytest.raises(ValueError, match=r"there is no 'price'; there are (firm, cost|cost, firm)"):
        sheet.given["price"]


def test_an_unknown_exercise_names_a_near_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sheets, "practice_folder", lambda: tmp_path / "made")
    write_folder(tmp_path / "made" / "04-toy", handed_out(practice_variant(toy(tmp_path)), practice=True))
    with pytest.raises(ValueError, match=r"no exercise '04-tyo'\. Did you mean '04-toy'"):
        pt.exercise("04-tyo")
    assert pt.exercise("04-toy").practice


def test_a_sheet_that_cannot_be_read_says_so(sheet, tmp_path, monkeypatch):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "exercise.json").write_text("{", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "broken")
    with pytest.raises(ValueError, match=r"exercise.json beside the notebook cannot be read"):
        pt.exercise("04-toy")


def test_markup_in_an_answer_is_shown_as_text(sheet, monkeypatch):
    """An answer is the student's own text: it must not become part of the page."""
    from pebbletrail.exercises import feedback

    shown = []
    monkeypatch.setattr(feedback, "publish", shown.append)
    sheet.questions["q1"]["options"]["a"] = "<script>alert(1)</script>"
    sheet.answer("q1", "a")
    assert "<script>" not in shown[0]["text/html"]
    assert "&lt;script&gt;" in shown[0]["text/html"]
    assert shown[0][feedback.ANSWER] == {"question": "q1", "value": "a", "state": "noted"}


def test_answers_are_data_that_json_can_hold(sheet, right):
    sheet.answer("q3", np.float64(right["q3"]))
    sheet.answer("q5", [("calls", "agents")])
    assert json.loads(json.dumps(sheet.answers)) == sheet.answers
