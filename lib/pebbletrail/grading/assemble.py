"""The results of a class, put together from its gradebook and its folder; nothing is executed here."""

import hashlib

from pebbletrail.exercises.class_folder import ClassFolderError
from pebbletrail.exercises.class_variant import stored
from pebbletrail.exercises.feedback import said, stopped
from pebbletrail.exercises.submission import same
from pebbletrail.grading.archive import opened
from pebbletrail.grading.execution import ENGINE, IN_WORDS, claimed_answers
from pebbletrail.grading.intake import Received
from pebbletrail.grading.results import ABSENT, GRADED, WAITING, Handed, Problem, Results, Work
from pebbletrail.grading.scoring import scored
from pebbletrail.page_source import source
from pebbletrail.progress import Progress
from pebbletrail.words import minus

NOT_RUN = "It was handed in, and could not be run yet. Nothing is lost: it is run when your teacher grades again."


def results(book, place):
    """Every student's work in every module of which a submission came.

    Parameters
    ----------
    book : Gradebook
    place : ClassFolder

    Returns
    -------
    Results
    """
    counting, people, works, isolation = book.counting(), book.people(), [], {}
    problems = _problems(book)
    modules = sorted({module for _, module in [*counting, *people]})
    students = place.students()
    wanted = [(module, one) for module in modules for one in students]
    with Progress(len(wanted), "works marked") as progress:
        for module, one in wanted:
            progress.add()
            row, given = counting.get((one["id"], module)), people.get((one["id"], module))
            if row is None and (one["left"] or not place.key_file(one["id"], module).is_file()):
                continue
            try:
                sheet, key, files = stored(place, one["id"], module)
            except ClassFolderError as error:
                problems.append(Problem(row.name if row else "", str(error), one["id"], module))
                works.append(Work(one["id"], one["name"], module, module, (), WAITING if row else ABSENT, notes=(NOT_RUN,)))
                continue
            works.append(_work(book, row, one, sheet, key, files, given, isolation))
    return Results(tuple(works), tuple(problems), isolation)


def _problems(book):
    """What is to be looked at: files that are nobody's or could not be run, and what is odd about the others."""
    filed = sorted([*book.counting().values(), *book.others()], key=lambda one: (one.module, one.student, one.name))
    odd = [Problem(one.name, what, one.student, one.module) for one in filed for what in one.problems]
    return [*book.held(), *odd, *book.noticed()]


def _work(book, row, one, sheet, key, files, given, isolation):
    """One work, marked; ``isolation`` counts under which its run was made."""
    if row is None:
        return scored(sheet, key, one["id"], one["name"], {}, given, ABSENT)
    submission = opened_again(book, row)
    cells = tuple(source(cell) for cell in submission.notebook["cells"] if cell["cell_type"] == "code")
    handed = Handed(row.name, row.sha256, submission.claim, cells)
    run = book.run(digest(submission, files))
    if run is None:
        return scored(sheet, key, one["id"], one["name"], {}, given, WAITING, handed, (*row.notes, NOT_RUN))
    isolation[run.isolation] = isolation.get(run.isolation, 0) + 1
    questions = {told["id"]: told for told in sheet["questions"]}
    claimed = claimed_answers(submission.claim, sheet, questions)
    notes = [*row.notes, *_stopped(run), *_differs(questions, claimed, run.answers, run.error is None)]
    return scored(sheet, key, one["id"], one["name"], run.answers, given, GRADED, handed, notes)


def opened_again(book, filed):
    """A submission, from the copy that the gradebook keeps."""
    return opened(Received(filed.name, book.content(filed.sha256), filed.sha256))


def digest(submission, files):
    """Names what is executed: the notebook, the tables it runs on, and the engine that runs it."""
    named = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    named |= {"notebook": hashlib.sha256(submission.content).hexdigest(), "engine": ENGINE}
    return hashlib.sha256(repr(sorted(named.items())).encode()).hexdigest()


def _stopped(run):
    """Where the notebook stopped, for the student."""
    error = run.error
    if not error:
        return []
    where = f"In section “{error['section']}”, it" if error["section"] else "It"
    what = error["message"] if run.ended in IN_WORDS else f"{error['name']}: {error['message']}".rstrip(": ")
    at = f" The cell begins with “{error['code']}”." if error["code"] else ""
    return [f"Run once more from the start, your notebook did not reach its end. {where} stopped: {stopped(what)}{at} "
            "Answers after that cell are not in."]


def _differs(questions, claimed, answers, reached):
    """Which answers are not those of the student's own run; those after a stop are told by it."""
    return [f"{id}: when you handed in, your notebook gave {_short(told, claimed.get(id))}; run once more, it gave "
            f"{_short(told, answers.get(id))}. The latter counts." for id, told in questions.items()
            if claimed is not None and (reached or id in answers) and not same(claimed.get(id), answers.get(id))]


def _short(told, value):
    return "no answer" if value is None else minus(said(told, value).rstrip("."))
