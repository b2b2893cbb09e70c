"""One module of a class marked: our grading in the sandbox beside nbgrader's autograder on the same solved notebooks.

Every student has tables of their own. Both sides run the same cells with the same versions of every package, all bytecode
compiled, and both as they come: nbgrader marks one after the other, ours uses every core; a note has nbgrader by two
processes. nbgrader keeps the pictures that cells draw, ours does not draw them; the second line has nbgrader, on half the
class, without them too. A quarter of an hour; ``python -m tests.benchmarks.grading 6`` tries it with 6 submissions. As
``python -m tests.benchmarks.grading SUBMISSIONS CLASS OUT`` it grades once and prints what memory that took.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import mean

from tests.benchmarks import nbgrader_class as peer
from tests.benchmarks.measure import ROOT, Line, in_fresh_process, peak_megabytes, shown

import pebbletrail
from pebbletrail.figures import UNSEEN

MODULE, SUBMISSIONS, FEW = "04-control", 60, 6
WARM, HALVES = "warm", ("a", "b")  # ids begin with these: one to warm up with, and two halves for two processes
SECRET = b"a secret for measuring, which marks nobody"
USED = ("pebbletrail", "matplotlib.pyplot", "pandas", "scipy.stats", "seaborn", "IPython.core.interactiveshell")
OURS = (*USED, "pebbletrail.cli", "pebbletrail.grading.run", "pebbletrail.grading.inside")
THEIRS = (*USED, "nbgrader.apps", "nbgrader.converters.autograde", "nbclient", "ipykernel.kernelapp")


def took(step):
    """``(seconds on the clock, seconds of processor in all processes that it started, step())``."""
    before, start = os.times(), time.perf_counter()
    result = step()
    wall, after = time.perf_counter() - start, os.times()
    cpu = sum(getattr(after, name) - getattr(before, name) for name in ("children_user", "children_system"))
    return wall, cpu, result


def make_class(place, students):
    """A class built in ``place/class``; returns the module and everybody's variant."""
    from pebbletrail.exercises.class_build import build_class
    from pebbletrail.exercises.module import all_modules, make_variant
    from pebbletrail.exercises.roster import Student

    module = all_modules()[MODULE]
    build_class([Student(student, "Somebody") for student in students], SECRET, place / "class", [module])
    return module, [make_variant(module, student, SECRET) for student in students]


def hand_in(folder, module, variants):
    """The solved notebooks as ``sheet.submit()`` hands them in."""
    from pebbletrail.exercises.packet import as_json
    from pebbletrail.exercises.receipt import file_name, packed
    from pebbletrail.exercises.trial import run

    folder.mkdir()
    cells = peer.assignment(module)
    for variant in variants:
        notebook, sheet = peer.as_submitted(module, variant, cells), variant.public()
        content, answers = as_json(notebook), run(notebook, variant)
        about = {"format": 1, "module": module.name, "version": module.version, "student": variant.student,
                 "practice": False, "time": "2026-03-01T12:00:00Z", "pebbletrail": pebbletrail.__version__,
                 "files": sheet["files"],
                 "notebook": {"name": f"{module.name}.ipynb", "sha256": hashlib.sha256(content).hexdigest()},
                 "answers": answers, "unanswered": [], "error": None, "differs": [], "anyway": False}
        name = f"{file_name(module.name, variant.student)}-20260301T120000Z.zip"
        (folder / name).write_bytes(packed({"notebook.ipynb": content, "submission.json": as_json(about)}))


def grade(submissions, class_folder, out):
    """Grade in this process, as the command does; returns the most memory of this process, in megabytes."""
    from pebbletrail.grading.run import grade_class

    grade_class(submissions, class_folder, out, require=True)
    return peak_megabytes()


class Watch(threading.Thread):
    """Looks at every run in the sandbox from outside, while the block lasts: bubblewrap passes up nothing of what it used.

    ``peak``: megabytes of each run's Python; ``cpu``: its seconds of processor; both by process.
    """

    def __init__(self):
        super().__init__(daemon=True)
        self.peak, self.cpu, self._over = {}, {}, threading.Event()

    def run(self):
        import psutil

        while not self._over.wait(0.05):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error, OSError, StopIteration):
                    if process.name() != "bwrap" and "pebbletrail.grading.inside" in process.cmdline():
                        self.peak[process.pid] = peak_of(process.pid)
                        self.cpu[process.pid] = sum(process.cpu_times()[:2])

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.join()


def peak_of(pid):
    """The most memory that a process has held so far, in megabytes (Linux, as bubblewrap is)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(float(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def compiled():
    """Compile our own sources, and see that nothing on either side is compiled anew at each start.

    Raises
    ------
    RuntimeError
        Names a file without bytecode.
    """
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(ROOT / "lib" / "pebbletrail")], check=True)
    for python, modules in ((sys.executable, OURS), (peer.PLACE / "bin" / "python", THEIRS)):
        if left := peer.not_compiled(python, *modules):
            raise RuntimeError(f"{left[0]}: its bytecode is missing or old, so a measurement would say nothing.")


def check_marks(found, expected, who):
    """Full marks for every solved notebook, or else something other than marking was measured."""
    if found != expected:
        odd = next(student for student in expected if found.get(student) != expected[student])
        raise RuntimeError(f"{who}: {odd} has {found.get(odd)} points, and should have {expected[odd]}.")


def lines(submissions=SUBMISSIONS):
    try:
        peer.environment()
    except peer.NoNbgrader as reason:
        print(reason)
        return
    compiled()
    students = [WARM, *(f"{HALVES[number % 2]}{number:03d}" for number in range(submissions))]
    with tempfile.TemporaryDirectory(prefix="pebbletrail-") as place:
        yield from _measured(Path(place), students, submissions)


def _measured(place, students, submissions):
    module, variants = make_class(place, students)
    marks = variants[0].keys()["questions"]
    total = sum(key["points"] for key in marks)
    earned = total - sum(key["points"] for key in marks if key["kind"] == "text")

    hand_in(place / "few", module, variants[:FEW])
    hand_in(place / "all", module, variants[1:])
    course = peer.lay_out(place, module, variants)
    with Watch() as watch:
        few = _ours(place, "few")
    peer.finish(peer.autograde(course, WARM))
    halved, blank = (shutil.copytree(course, place / name) for name in ("halved", "blank"))

    ours, ours_cpu, memory = took(lambda: _ours(place, "all"))
    one, one_cpu, _ = took(lambda: peer.finish(peer.autograde(course)))
    check_marks(our_points(place / "grades-all"), dict.fromkeys(students[1:], earned), "our grading")
    full = dict.fromkeys(students, (earned, total))
    check_marks(peer.points(course), full, "nbgrader")
    some = [student for student in students if student.startswith(HALVES[0])]
    undrawn, _, _ = took(lambda: peer.finish(peer.autograde(blank, f"{HALVES[0]}*", **{UNSEEN: "1"})))
    check_marks(peer.points(blank), dict.fromkeys([WARM, *some], (earned, total)), "nbgrader without pictures")
    halves = _by_two(halved, full, submissions)
    alone, alone_cpu, own, outside = (seconds / submissions for seconds in (one, one_cpu, ours, ours_cpu))
    note = (f"seconds for one: nbgrader {alone:.2f} ({alone_cpu:.2f} of processor), by two processes {halves}, ours "
            f"{own:.2f} ({outside:.2f} of processor, and {mean(watch.cpu.values()):.2f} in the sandbox); memory: our main "
            f"process {memory:.0f} MB ({few:.0f} with {FEW} submissions), the largest run in the sandbox "
            f"{max(watch.peak.values()):.0f} MB")
    what = f"{submissions} submissions of {MODULE}: nbgrader {peer.VERSION} autograde / ours in the sandbox, for one of them"
    yield Line(what, alone / own, own, "≥ 3", note)
    undrawn /= len(some)
    note = f"nbgrader then {undrawn:.2f} for one"
    yield Line("the same, nbgrader drawing no pictures either", undrawn / own, own, "", note)


def _ours(place, name):
    return in_fresh_process("tests.benchmarks.grading", place / name, place / "class", place / f"grades-{name}")


def _by_two(course, full, submissions):
    """nbgrader's seconds a submission by two processes on one gradebook, in words: this has been seen to fail."""
    try:
        seconds, _, _ = took(lambda: peer.finish(*[peer.autograde(course, f"{half}*") for half in HALVES]))
        check_marks(peer.points(course), full, "nbgrader by two processes")
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return "of which one failed"
    return f"{seconds / submissions:.2f}"


def our_points(out):
    """What our grading gave by its rules, from the gradebook: ``{student: points}``; only for runs in the sandbox."""
    with contextlib.closing(sqlite3.connect(out / "gradebook.sqlite")) as book:
        return dict(book.execute("SELECT student, points FROM totals WHERE student IN "
                                 "(SELECT student FROM runs WHERE isolation = 'bubblewrap' AND ended = 'ended')"))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(grade(*sys.argv[1:])))
    else:
        print(shown(lines(*map(int, sys.argv[1:]))))
