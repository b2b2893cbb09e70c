"""A class graded: taken in, executed, marked, told; as often as it is interrupted or asked for again."""

import compileall
import time
from dataclasses import dataclass
from pathlib import Path

from pebbletrail.exercises.class_folder import ClassFolder, ClassFolderError
from pebbletrail.exercises.class_variant import stored
from pebbletrail.grading import archive, identity, intake, outputs
from pebbletrail.grading.assemble import digest, opened_again, results
from pebbletrail.grading.batch import executed
from pebbletrail.grading.execution import Ran, Task, claimed_answers
from pebbletrail.grading.gradebook import Gradebook
from pebbletrail.grading.isolation import BUBBLEWRAP, Isolation, choose
from pebbletrail.grading.limits import Limits
from pebbletrail.grading.results import GRADED, WAITING, Problem, Results
from pebbletrail.grading.sender import sender
from pebbletrail.home import PACKAGE
from pebbletrail.progress import Progress
from pebbletrail.words import counted, some

SHOWN = 10  # works that wait, named in the text


@dataclass(frozen=True)
class Graded:
    """What a grading did.

    Attributes
    ----------
    results : Results
    made : dict of str to Path
        What there is to open: see ``outputs.write``.
    executed : int
        Submissions that were run now; the others had been run before.
    isolation : Isolation
        In force now.
    seconds : float
    """

    results: Results
    made: dict
    executed: int
    isolation: Isolation
    seconds: float

    @property
    def waiting(self):
        return sum(work.state == WAITING for work in self.results.works)

    @property
    def text(self):
        """How it went, and what to do next."""
        works = [work for work in self.results.works if work.state == GRADED]
        unmarked = sum(len(work.unmarked) for work in works)
        lines = [f"{counted(len(works), 'submission')} graded, of {', '.join(self.results.modules) or 'no module'}; "
                 f"{self.executed:,} run now, {self.seconds:.0f} s.", self.isolation.text]
        if self.waiting:
            names = sorted({f"{work.student}, {work.module}" for work in self.results.works if work.state == WAITING})
            lines.append(f"{counted(self.waiting, 'submission')} not run yet ({some(names, SHOWN, '; ')}): no mark is "
                         "lost. See below why, and give the command again.")
        if self.results.problems:
            lines.append(f"{counted(len(self.results.problems), 'thing')} to look at: see the report. The first: "
                         f"{told(self.results.problems[0])}")
        lines += ["", f"Class report:      {self.made['report']}  (open it in a browser)",
                  f"For students:      {self.made['feedback']}/<id>/  (no keys; once nobody can hand in any more)",
                  f"Moodle, Canvas:    {self.made['moodle']}/<module>.csv, {self.made['canvas']}"]
        if unmarked:
            lines.append(f"Yours to mark:     {counted(unmarked, 'text')}, in {self.made['texts']}/<module>.html; then "
                         "`pebbletrail class marks FILE.csv`. Until then these students have no sum in the tables.")
        return "\n".join(lines)


def told(problem):
    """A problem in one line."""
    return ": ".join(part for part in (problem.file, problem.student, problem.what) if part)


def grade_class(submissions, folder, out, executor=None, jobs=None, require=False, again=False, limits=None):
    """Grade a class, or go on grading it.

    Parameters
    ----------
    submissions : str or Path
        A folder with what was handed in, or the one zip that a learning platform gives.
    folder : str or Path
        The class, as ``build_class`` made it.
    out : str or Path
        The folder of the grades; made, or gone on with.
    executor : concurrent.futures.Executor, optional
        Where submissions are run. Default: processes of this machine.
    jobs : int, optional
        How many processes; default: the number of cores. The marks do not depend on it.
    require : bool
        Refuse anything less than the sandbox.
    again : bool
        Run everything once more.
    limits : Limits, optional
        Of one submission.

    Returns
    -------
    Graded

    Raises
    ------
    ValueError
        Nothing was executed; the message says why and what to do.
    """
    start, place, submissions, out = time.monotonic(), ClassFolder(Path(folder)), Path(submissions), Path(out)
    record = place.record()
    _apart(submissions, place.path, out)
    isolation = choose(require, (place.path, submissions, out))
    files = intake.received(submissions)
    compileall.compile_dir(PACKAGE, quiet=2)  # a run cannot keep what it compiles
    with Gradebook(out) as book:
        book.begin(record["secret"], place.path)
        loose = _take_in(book, files, place, intake.how_many(submissions))
        wanted = _to_run(book, place, again, require)
        book.notice(loose)
        failed = _run(book, place, wanted, isolation, limits or Limits(), executor, jobs)
        book.notice([*loose, *failed])
        found = results(book, place)
        book.write(found)
        made = outputs.write(out, found, place)
    return Graded(found, made, len(wanted) - len(failed), isolation, time.monotonic() - start)


def _apart(submissions, folder, out):
    """The three folders may not lie in each other: keys would be handed out, or pages taken for submissions."""
    named = {"SUBMISSIONS": submissions.resolve(), "--class": folder.resolve(), "--out": out.resolve()}
    for name, path in named.items():
        for other, around in named.items():
            if name != other and path.is_relative_to(around):
                raise ValueError(f"{name}: {path} lies in {around}, which is {other}. Name another folder, beside it.")


def _take_in(book, files, place, count):
    """Keep every file, and say whose it is, or why it is nobody's; returns what is no submission at all."""
    students, loose = place.students(), []
    with Progress(count, "files read") as progress:
        for found in files:
            if isinstance(found, Problem):
                loose.append(found)
            else:
                _keep(book, found, students, place)
            progress.add()
    return loose


def _keep(book, found, students, place):
    book.receive(found)
    try:
        submission = archive.opened(found)
        placed = identity.whose(submission, sender(found.name, students), place)
    except (archive.NotASubmission, identity.Held) as error:
        book.hold(found.sha256, str(error))
    except ClassFolderError:
        raise
    except Exception as error:  # whatever a file does to us, the others are to be graded
        book.hold(found.sha256, f"It could not be opened ({type(error).__name__}).")
    else:
        book.place(found.sha256, placed.student, placed.module, submission.claim, placed.notes, placed.problems, found.name)


def _to_run(book, place, again, require):
    """The files that count and are to be run."""
    wanted = []
    for filed in book.counting().values():
        try:
            _, _, files = stored(place, filed.student, filed.module)
            run = book.run(digest(opened_again(book, filed), files))
        except (ClassFolderError, archive.NotASubmission):
            continue  # nothing to run, or to run it on; the results say so
        if again or run is None or (require and run.isolation != BUBBLEWRAP):
            wanted.append(filed)
    return wanted


def _run(book, place, wanted, isolation, limits, executor, jobs):
    """Run what has to be run, and keep each result as soon as it is there; returns what could not be run."""
    failed = []
    tasks = (_task(book, place, filed, isolation, limits) for filed in wanted)
    with Progress(len(wanted), "submissions") as progress:
        for task, ran in executed(tasks, executor, jobs):
            if isinstance(ran, Ran):
                book.add_run(task.work, task.student, task.module, task.sha256, ran.answers, ran.error, ran.seconds,
                             ran.isolation, ran.ended)
            else:
                failed.append(Problem(task.name, f"{ran}. Give the command again.", task.student, task.module))
            progress.add()
    return sorted(failed, key=lambda one: (one.module, one.student))


def _task(book, place, filed, isolation, limits):
    submission = opened_again(book, filed)
    sheet, _, files = stored(place, filed.student, filed.module)
    questions = {told["id"]: told for told in sheet["questions"]}
    claimed = claimed_answers(submission.claim, sheet, questions)
    return Task(digest(submission, files), filed.name, filed.student, filed.module, filed.sha256,
                submission.notebook["cells"], files, questions, claimed, isolation, limits)
