"""Every attack fails, and costs only its author: of one class, two answer honestly and all others attack."""

import os
import socket
import sys
import zipfile
from pathlib import Path

import psutil
import pytest
from tests.grading import attacks, submissions
from tests.grading.known import build, sheet_of

from pebbletrail.exercises.packet import as_json
from pebbletrail.grading import bubblewrap, isolation, run, supervise
from pebbletrail.grading.isolation import BUBBLEWRAP, Isolation
from pebbletrail.grading.limits import MB, Limits
from pebbletrail.grading.run import grade_class

pytestmark = pytest.mark.skipif(sys.platform != "linux" or (not bubblewrap.program() and not os.environ.get("CI")),
                                reason="the sandbox is bubblewrap's, on Linux; .ci/run installs it")
MODULE = "04-control"
HONEST = ("s001", "s002")
SMALL = Limits(seconds=25, memory=700 * MB, disk=64 * MB, output=MB)
MARKER = f"pebbletrail-daemon-{os.getpid()}"
REPORTING = {"read keys": attacks.READ_KEYS, "network": attacks.NETWORK, "write outside": attacks.WRITE_OUTSIDE,
             "memory of nobody": attacks.MEMORY_OF_NOBODY, "printing": attacks.PRINTING, "forge": attacks.FORGE,
             "patch": attacks.PATCH, "daemon": attacks.DAEMON, "doors": attacks.DOORS}
BLUNT = {"fork bomb": attacks.FORK_BOMB, "memory bomb": attacks.MEMORY_BOMB,
         "memory bomb of many": attacks.MEMORY_BOMB_OF_MANY, "loop": attacks.LOOP,
         "deaf loop": attacks.DEAF_LOOP, "flood": attacks.FLOOD, "own end": attacks.OWN_END,
         "segmentation": attacks.SEGMENTATION, "kill": attacks.KILL}
ATTACKERS = {attack: f"s{number + 3:03d}" for number, attack in enumerate([*REPORTING, *BLUNT])}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class, graded; and what the attacks could have left behind."""
    root = tmp_path_factory.mktemp("attacked")
    place = build(root / "class", 2 + len(ATTACKERS), [MODULE])
    handed = root / "handed-in"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as service, \
            socket.socket(socket.AF_UNIX) as abstract:
        service.bind(str(root / "service"))
        service.listen()
        abstract.bind(f"\0{MARKER}")
        abstract.listen()
        places = (place.keys, place.key_file(HONEST[0], MODULE), root / "class", handed, root / "grades",
                  root / "grades" / "received", root, Path(__file__).parent)
        outside = [str(path) for path in places]
        known = {"outside": outside, "port": server.getsockname()[1], "service": str(root / "service"), "abstract": MARKER,
                 "pids": [os.getpid(), os.getppid()], "marker": MARKER, "module": MODULE, "letter": "a"}
        for student in HONEST:
            answers = right(place, student)
            submissions.write(handed, place, student, MODULE, submissions.answering(MODULE, answers), answers)
        for attack, code in {**REPORTING, **BLUNT}.items():
            cells = [attacks.filled(cell, **known) for cell in (attacks.REPORT, attacks.ENDLESS, code, attacks.TELL)]
            submissions.write(handed, place, ATTACKERS[attack], MODULE, cells)
        before = listing(root)
        result = grade_class(handed, root / "class", root / "grades", require=True, limits=SMALL)
    return {"result": result, "place": place, "root": root, "before": before}


def right(place, student):
    """The right answer to every question but the text, which a person marks."""
    keys = place.key(student, MODULE)["questions"]
    return {key["id"]: key.get("right", "a") for key in keys if key["kind"] != "text"}


def listing(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def work_of(graded, who):
    return next(work for work in graded["result"].results.works if work.student == ATTACKERS.get(who, who))


def answer_of(graded, who, question):
    return next(item.answer for item in work_of(graded, who).items if item.id == question)


@pytest.mark.parametrize("student", HONEST)
def test_who_answers_honestly_gets_all_points_beside_them(graded, student):
    work = work_of(graded, student)
    assert {item.id: item.points for item in work.items if item.kind != "text"} == {
        item.id: item.possible for item in work.items if item.kind != "text"}
    assert not work.notes


def test_every_run_was_in_the_sandbox(graded):
    assert graded["result"].results.isolation == {BUBBLEWRAP: len(HONEST) + len(ATTACKERS)}
    assert not graded["result"].waiting
    assert not graded["result"].results.problems


@pytest.mark.parametrize("attack", [one for one in REPORTING if one != "patch"])
def test_an_attack_finds_nothing(graded, attack):
    assert answer_of(graded, attack, "q8") == "nothing"


@pytest.mark.parametrize("attack", BLUNT)
def test_what_ends_a_run_is_told_to_its_author_and_leaves_what_came_before(graded, attack):
    work = work_of(graded, attack)
    assert work.state == "graded"
    assert answer_of(graded, attack, "q8") is None
    assert [note for note in work.notes if "did not reach its end" in note]
    if attack != "own end":
        assert answer_of(graded, attack, "q1") == "a"


@pytest.mark.parametrize(("attack", "why"), [
    ("loop", "25 seconds"), ("deaf loop", "25 seconds"), ("fork bomb", "25 seconds"), ("memory bomb of many", "memory"),
    ("flood", "output"), ("own end", "ended by it"), ("segmentation", "ended by it"), ("kill", "ended by it")])
def test_the_limit_that_was_met_is_named(graded, attack, why):
    assert why in " ".join(work_of(graded, attack).notes)


def test_nobody_earns_by_attacking(graded):
    """Beside the point for the prediction, which each of them gave."""
    for attack in ATTACKERS:
        work = work_of(graded, attack)
        given = {item.id for item in work.items if item.points}
        assert given <= {"q1"}, attack
        assert work.earned <= 1, attack


def test_a_forged_sheet_is_no_answer(graded):
    for question in ("q3", "q3b", "q7"):
        assert answer_of(graded, "forge", question) is None


def test_nothing_outside_was_changed(graded):
    now = listing(graded["root"])
    assert {path: content for path, content in now.items() if "grades" not in path.parts} == graded["before"]
    assert not list(graded["root"].rglob("written-by-a-student"))
    assert not (Path(bubblewrap.PACKAGE) / "written-by-a-student").exists()
    received = {path.read_bytes() for path in (graded["root"] / "grades" / "received").iterdir()}
    assert received == {content for path, content in graded["before"].items() if "handed-in" in path.parts}


def test_no_process_outlives_the_run(graded):
    left = [one for one in psutil.process_iter(["cmdline"]) if MARKER in " ".join(one.info["cmdline"] or [])]
    assert not [one for one in left if one.pid != os.getpid()]


def test_what_a_submission_holds_besides_is_neither_read_nor_written(tmp_path):
    place = build(tmp_path / "class", 3, [MODULE])
    handed = tmp_path / "handed-in"
    good = submissions.write(handed, place, "s001", MODULE, submissions.answering(MODULE, right(place, "s001")))
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr("../../class/keys/roster.json", "[]")
        archive.writestr("/etc/pebbletrail", "x")
        link = zipfile.ZipInfo("exercise.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, str(place.key_file("s002", MODULE)))
    stolen = handed / "stolen.zip"
    with zipfile.ZipFile(stolen, "w") as archive:
        for name in ("notebook.ipynb", "submission.json"):
            link = zipfile.ZipInfo(name)
            link.external_attr = 0o120777 << 16
            archive.writestr(link, str(place.key_file("s002", MODULE)))
    (handed / "linked.zip").symlink_to(place.key_file("s002", MODULE))
    before = listing(tmp_path / "class")
    found = grade_class(handed, tmp_path / "class", tmp_path / "grades", require=True).results
    assert listing(tmp_path / "class") == before
    assert [work.earned for work in found.works if work.student == "s001"] == [17.0]
    assert {problem.file for problem in found.problems} == {"stolen.zip", "linked.zip"}


def test_a_notebook_made_to_hurt_costs_only_its_author(tmp_path):
    place = build(tmp_path / "class", 2, [MODULE])
    handed = tmp_path / "handed-in"
    submissions.write(handed, place, "s001", MODULE, submissions.answering(MODULE, right(place, "s001")))
    said = as_json(submissions.claim(place, "s002", MODULE))
    form = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    hostile = {"deep": b"[" * 3_000_000, "deep objects": b'{"a":' * 2_000_000,
               "number": b'{"nbformat": ' + b"9" * 10_000_000 + b"}",
               "types": as_json({**form, "metadata": [], "cells": {"a": 1}}),
               "cells": as_json({**form, "cells": [[], None, "x", {"source": {}}]}),
               "huge": as_json(submissions.notebook("x" * 15_000_000)), "bomb": b" " * 400_000_000}
    for name, content in hostile.items():
        with zipfile.ZipFile(handed / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("notebook.ipynb", content)
            archive.writestr("submission.json", said)
    found = grade_class(handed, tmp_path / "class", tmp_path / "grades", require=True).results
    assert [(work.student, work.earned, work.state) for work in found.works] == [
        ("s001", 17.0, "graded"), ("s002", 0.0, "not handed in")]
    assert {problem.file for problem in found.problems} == {f"{name}.zip" for name in hostile}


def test_one_who_claims_to_be_another_harms_nobody(tmp_path):
    place = build(tmp_path / "class", 3, [MODULE])
    handed = tmp_path / "handed-in"
    answers = right(place, "s001")
    submissions.write(handed, place, "s001", MODULE, submissions.answering(MODULE, answers), answers)
    later = {"time": "2027-01-01T00:00:00Z", "files": sheet_of(place, "s002", MODULE)["files"]}
    submissions.write(handed, place, "s001", MODULE, [submissions.opening(MODULE)], name="forged.zip", **later)
    found = grade_class(handed, tmp_path / "class", tmp_path / "grades", require=True).results
    assert {work.student: work.earned for work in found.works} == {"s001": 17.0, "s002": 0.0, "s003": 0.0}
    assert [problem.file for problem in found.problems] == ["forged.zip"]


def test_who_starves_the_machine_takes_nothing_from_others(tmp_path):
    """Fifty busy processes beside an honest run that needs its time: that one is run again, alone."""
    place = build(tmp_path / "class", 2, [MODULE])
    handed, answers = tmp_path / "handed-in", right(place, "s002")
    submissions.write(handed, place, "s001", MODULE, [submissions.opening(MODULE), attacks.STARVE])
    work = "import time\nstart = time.process_time()\nwhile time.process_time() - start < 6: pass"
    cells = [submissions.opening(MODULE), work, *submissions.answering(MODULE, answers)[1:]]
    submissions.write(handed, place, "s002", MODULE, cells, answers)
    limits = Limits(seconds=20)
    found = grade_class(handed, tmp_path / "class", tmp_path / "grades", require=True, limits=limits).results
    assert {work.student: work.earned for work in found.works} == {"s001": 0.0, "s002": 17.0}
    assert "20 seconds" in found.works[0].notes[0]


def test_a_machine_short_of_memory_ends_runs_and_says_so(tmp_path, monkeypatch):
    """Memory that belongs to no process is seen by what is left of the machine's alone."""
    walls = isolation.choose(require=True)
    monkeypatch.setattr(supervise, "SCARCE", 2.0)
    monkeypatch.setattr(run, "choose", lambda *given: walls)
    place = build(tmp_path / "class", 1, [MODULE])
    submissions.write(tmp_path / "handed-in", place, "s001", MODULE, submissions.answering(MODULE, right(place, "s001")))
    found = grade_class(tmp_path / "handed-in", tmp_path / "class", tmp_path / "grades", require=True).results
    assert "memory of the machine" in found.works[0].notes[0]
    assert "memory of this machine was running out" in found.works[0].doubts[0]
    assert not found.works[0].complete


def test_a_folder_inside_what_is_seen_is_hidden_and_takes_no_room(tmp_path, monkeypatch):
    """A class that lies in the environment's own folder: there, and empty."""
    monkeypatch.setattr(bubblewrap, "SYSTEM", (*bubblewrap.SYSTEM, str(tmp_path)))
    place = build(tmp_path / "class", 1, [MODULE])
    known = {"outside": [str(place.keys), str(place.key_file("s001", MODULE))], "module": MODULE}
    fill = f"tried('room', lambda: open({str(place.path / 'large')!r}, 'wb').write(bytes(1 << 20)))"
    cells = [attacks.filled(cell, **known) for cell in (attacks.REPORT, attacks.READ_KEYS, fill, attacks.TELL)]
    submissions.write(tmp_path / "handed-in", place, "s001", MODULE, cells)
    found = grade_class(tmp_path / "handed-in", place.path, tmp_path / "grades", require=True).results
    assert next(item.answer for item in found.works[0].items if item.id == "q8") == "nothing"


def test_what_lies_beside_the_packages_is_not_seen():
    """An environment may have been made in the folder of a course."""
    seen = bubblewrap.seen()
    assert Path(sys.prefix) not in seen
    assert Path(sys.prefix) / "lib" in seen
    assert not [path for path in seen if (Path(sys.prefix) / "secret.key").is_relative_to(path)]


def test_the_walls_hold_for_who_is_not_root_too(monkeypatch):
    monkeypatch.setattr(bubblewrap, "is_root", lambda: False)
    assert isolation.fault(Isolation(BUBBLEWRAP)) is None


def test_a_sandbox_that_leaks_is_not_believed(monkeypatch, tmp_path):
    """The trial of the walls finds a hole when there is one."""
    whole = bubblewrap.command

    def leaky(*given, **more):
        return [one for one in whole(*given, **more) if one != "--unshare-net"]

    monkeypatch.setattr(bubblewrap, "command", leaky)
    assert isolation.fault(Isolation(BUBBLEWRAP)) == "this computer's network can be reached"
    monkeypatch.setattr(bubblewrap, "command", whole)
    monkeypatch.setattr(bubblewrap, "SYSTEM", (*bubblewrap.SYSTEM, "/tmp"))
    assert isolation.fault(Isolation(BUBBLEWRAP)) is not None
