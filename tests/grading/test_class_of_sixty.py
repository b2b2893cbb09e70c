"""A class of sixty in three modules: built, answered with known mistakes, attacked by five, graded, exported, appealed.

What every student must have is added up from the plans of ``known.py`` and from the points printed with the specimens.
"""

import csv
import io
import os
import sys

import pytest
from tests.grading import attacks, submissions
from tests.grading.known import OPEN, TEXT, answers, build, plan

from pebbletrail import cli
from pebbletrail.grading import bubblewrap
from pebbletrail.grading.run import grade_class

pytestmark = pytest.mark.skipif(sys.platform != "linux" or (not bubblewrap.program() and not os.environ.get("CI")),
                                reason="the sandbox is bubblewrap's, on Linux; .ci/run installs it")
MODULES = ("04-control", "07-audit", "10-incidents")
ATTACKED = "04-control"
COMMAND, SCRIPT = "=cmd|' /C calc'!A0", "<script>document.title = 'taken over'</script>"
NAMES = {"s059": COMMAND, "s060": SCRIPT}
NOTHING, FIRST, OTHERS = "nothing", "the first answer", "all answers but the first"  # what an attack costs its author
ATTACKERS = {"s010": (attacks.READ_KEYS, NOTHING), "s020": (attacks.FORGE, FIRST),  # which it writes nonsense over
             "s030": (attacks.KILL, OTHERS), "s040": (attacks.FLOOD, OTHERS), "s050": (attacks.MEMORY_BOMB_OF_MANY, OTHERS)}


@pytest.fixture(scope="module")
def sixty(tmp_path_factory):
    """Built, handed in, graded by the command, texts marked by a person, one appeal granted."""
    root = tmp_path_factory.mktemp("sixty")
    place = build(root / "class", 60, MODULES, NAMES)
    plans = {(one["id"], module): plan(place, one["id"], module) for one in place.students() for module in MODULES}
    for (student, module), planned in plans.items():
        given = answers(planned)
        cells = submissions.answering(module, given)
        if module == ATTACKED and student in ATTACKERS:
            cells = attacked(module, given, ATTACKERS[student][0], place, root)
        submissions.write(root / "handed-in", place, student, module, cells, None if student in ATTACKERS else given)
    status = command("grade", root / "handed-in", "--class", root / "class", "--out", root / "grades", "--require-sandbox")
    assert status == 0
    return {"root": root, "place": place, "plans": plans, "expected": expected(plans)}


def command(*given):
    return cli.main(["class", *map(str, given)])


def attacked(module, given, attack, place, root):
    """Honest answers, with an attack after the first of them."""
    known = {"outside": [str(place.keys), str(root / "handed-in"), str(root / "grades")], "pids": [], "module": module}
    first, *others = submissions.answering(module, given)[1:]
    return [attacks.filled(attacks.REPORT, **known), first, attacks.filled(attack, **known), *others]


def expected(plans):
    """Points by student and module, without the texts."""
    sums = {}
    for (student, module), planned in plans.items():
        points = {id: one.points for id, one in planned.items() if one.points is not None}
        lost = cost(student, module)
        points = {id: one for id, one in points.items() if (lost != FIRST or id != "q1") and (lost != OTHERS or id == "q1")}
        sums[student, module] = sum(points.values())
    return sums


def cost(student, module):
    return ATTACKERS[student][1] if module == ATTACKED and student in ATTACKERS else NOTHING


def texts(sixty):
    """What each text earns: the points printed with the specimen that it is."""
    found = {}
    for (student, module), planned in sixty["plans"].items():
        if planned["q8"].kind == TEXT and cost(student, module) != OTHERS:
            key = next(one for one in sixty["place"].key(student, module)["questions"] if one["id"] == "q8")
            found[student, module] = next(one["points"] for one in key["specimens"] if one["text"] == planned["q8"].answer)
    return found


def test_the_class_from_the_first_grading_to_the_appeal(sixty, capsys):
    root, sums, marks = sixty["root"], sixty["expected"], texts(sixty)
    found = grade_class(root / "handed-in", root / "class", root / "grades")
    assert found.executed == 0
    assert {(work.student, work.module): work.earned for work in found.results.works} == sums
    assert found.results.isolation == {"bubblewrap": 180}
    assert not found.results.problems

    rows = [(student, module, "q8", f"{points:g}", "") for (student, module), points in marks.items()]
    assert take(root, "texts.csv", rows) == 0
    final = {who: sums[who] + marks.get(who, 0) for who in sums}
    assert canvas(root) == final
    for module in MODULES:
        assert moodle(root, module) == {student: points for (student, one), points in final.items() if one == module}

    student, module = "s005", "07-audit"
    item = next(one for work in found.results.works if (work.student, work.module) == (student, module)
                for one in work.items if one.points == 0)
    assert take(root, "appeal.csv", [(student, module, item.id, f"{item.possible:g}", "Granted")]) == 0
    assert f"{student}, {module}:" in capsys.readouterr().out
    final[student, module] += item.possible
    assert canvas(root) == final
    assert "Granted" in (root / "grades" / "feedback" / student / f"{module}.html").read_text()


def take(root, name, rows):
    with (root / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("student", "module", "question", "points", "comment"), *rows])
    return command("marks", root / name, "--class", root / "class", "--grades", root / "grades")


def read(path):
    """A table as the platforms read it."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def canvas(root):
    """What Canvas would take in: sums by SIS User ID and module."""
    heading, worth, *rows = read(root / "grades" / "canvas.csv")
    assert heading[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert worth[0].strip() == "Points Possible"
    assert set(worth[5:]) == {"20"}
    return {(row[2], module): float(cell) for row in rows for module, cell in zip(MODULES, row[5:], strict=True)}


def moodle(root, module):
    """What Moodle would take in: sums by ID number."""
    heading, *rows = read(root / "grades" / "moodle" / f"{module}.csv")
    return {row[heading.index("ID number")]: float(row[heading.index(module)]) for row in rows}


def test_a_name_is_no_formula_and_no_script(sixty):
    grades = sixty["root"] / "grades"
    for path in (grades / "canvas.csv", *(grades / "moodle").iterdir()):
        cells = [cell for row in read(path) for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@", "\t"))], path
        assert any("cmd|" in cell for cell in cells)
    for path in grades.rglob("*.html"):
        assert SCRIPT not in path.read_text(encoding="utf-8"), path
    assert "&lt;script&gt;" in (grades / "report.html").read_text(encoding="utf-8")


def test_no_page_of_a_student_holds_another_students_name_or_answer(sixty):
    pages = sixty["root"] / "grades" / "feedback"
    names = {one["id"]: one["name"] for one in sixty["place"].students()}
    for student in ("s001", "s017", "s059"):
        for module in MODULES:
            page = (pages / student / f"{module}.html").read_text(encoding="utf-8")
            assert not [id for id in names if id != student and id in page]
    assert len(list(pages.rglob("*.html"))) == 180


def test_unanswered_is_not_marked_as_wrong(sixty):
    (student, module), id = next((who, id) for who, planned in sixty["plans"].items() for id, one in planned.items()
                                 if one.kind == OPEN and id != "q8" and who[0] not in ATTACKERS)
    page = (sixty["root"] / "grades" / "feedback" / student / f"{module}.html").read_text(encoding="utf-8")
    assert "no answer" in page.lower() or "unanswered" in page.lower(), id
