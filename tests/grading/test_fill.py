"""A table from a platform is filled in by the command: known by its heading, never written over, nothing half."""

import csv
import io

import pytest
from tests.grading import submissions
from tests.grading.known import answers, build, plan

from pebbletrail import cli
from pebbletrail.grading.run import grade_class

MODULE = "04-control"
WORKSHEET = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed",
             "Last modified (grade)", "Feedback comments"]
CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "04 Does watching do what it goes with? (4711)"]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Two students of Moodle, graded; their texts marked."""
    root = tmp_path_factory.mktemp("fill")
    place = build(root / "class", 2, [MODULE])
    for number, one in enumerate(place.students(), start=31):
        given = answers(plan(place, one["id"], MODULE))
        name = f"{one['name']}_{number}_assignsubmission_file/work.zip"
        submissions.write(root / "handed-in", place, one["id"], MODULE, submissions.answering(MODULE, given), given, name)
    found = grade_class(root / "handed-in", root / "class", root / "grades").results
    lines = [f"{work.student},{MODULE},{id},1," for work in found.works for id in work.unmarked]
    (root / "marks.csv").write_text("\n".join(["student,module,question,points,comment", *lines]) + "\n")
    assert cli.main(["class", "marks", str(root / "marks.csv"), *where(root)]) == 0
    return root, {work.name: work.earned + len(work.unmarked) for work in found.works}


def where(root):
    return ["--class", str(root / "class"), "--grades", str(root / "grades")]


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def written(root, name, heading, rows):
    with (root / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading, *rows])
    return root / name


def test_a_worksheet_from_moodle(graded, tmp_path, capsys):
    root, sums = graded
    rows = [[f"Participant {number}", name, "", "Submitted", "", "20.00", "Yes", "-", ""]
            for number, name in enumerate(sums, start=31)]
    file = written(tmp_path, "worksheet.csv", WORKSHEET, rows)
    assert cli.main(["class", "fill", str(file), "--out", str(tmp_path / "new.csv"), *where(root)]) == 0
    assert {row["Full name"]: float(row["Grade"]) for row in table(tmp_path / "new.csv")} == sums
    assert "2 students" in capsys.readouterr().out


def test_a_folder_without_a_gradebook_is_named_and_not_made(graded, tmp_path, capsys):
    root, _ = graded
    file = written(tmp_path, "worksheet.csv", WORKSHEET, [])
    nowhere = tmp_path / "nowhere"
    assert cli.main(["class", "fill", str(file), "--out", str(tmp_path / "new.csv"), "--class", str(root / "class"),
                     "--grades", str(nowhere)]) == 2
    assert f"--grades: there is no gradebook in {nowhere}." in capsys.readouterr().err
    assert not nowhere.exists()
    assert not (tmp_path / "new.csv").exists()


def test_a_gradebook_from_canvas(graded, tmp_path):
    root, sums = graded
    worth = ["    Points Possible", "", "", "", "", "20"]
    rows = [worth, *([name, "", f"s00{number}", "", "", ""] for number, name in enumerate(sums, start=1))]
    file = written(tmp_path, "gradebook.csv", CANVAS, rows)
    before = file.read_bytes()
    assert cli.main(["class", "fill", str(file), "--out", str(tmp_path / "new.csv"), *where(root)]) == 0
    assert {row["Student"]: float(row[CANVAS[-1]]) for row in table(tmp_path / "new.csv")[1:]} == sums
    assert file.read_bytes() == before


@pytest.mark.parametrize(("content", "out", "said"), [
    ("id,grade\n1,2\n", "new.csv", "neither a grading worksheet from Moodle"),
    ("Identifier,Grade\n", "there.csv", "already"),
    (None, "new.csv", "no such file")])
def test_what_cannot_be_filled_is_one_sentence(graded, tmp_path, capsys, content, out, said):
    root, _ = graded
    (tmp_path / "there.csv").write_text("mine")
    if content is not None:
        (tmp_path / "file.csv").write_text(content)
    assert cli.main(["class", "fill", str(tmp_path / "file.csv"), "--out", str(tmp_path / out), *where(root)]) == 2
    assert said in capsys.readouterr().err
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert not (tmp_path / "new.csv").exists()


def test_of_two_modules_a_worksheet_says_which(graded, tmp_path, capsys):
    root, _ = graded
    file = written(tmp_path, "worksheet.csv", WORKSHEET, [])
    assert cli.main(["class", "fill", str(file), "--module", "9", "--out", str(tmp_path / "new.csv"), *where(root)]) == 2
    assert "--module" in capsys.readouterr().err
