"""The results of a class, put together from its gradebook and its folder; nothing is executed here."""

import hashlib
from collections import Counter
from dataclasses import replace

from pebbletrail.exercises.class_folder import ClassFolderError
from pebbletrail.exercises.class_variant import stored
from pebbletrail.exercises.feedback import said, stopped
from pebbletrail.exercises.submission import same
from pebbletrail.grading.archive import NotASubmission, opened
from pebbletrail.grading.execution import ENGINE, IN_WORDS, claimed_answers
from pebbletrail.grading.intake import Received
from pebbletrail.grading.results import ABSENT, GRADED, WAITING, Handed, Problem, Results, Work
from pebbletrail.grading.scoring import scored
from pebbletrail.grading.standing import nothing_before, outlived, settled, standing
from pebbletrail.grading.supervise import MACHINE
from pebbletrail.page_source import source
from pebbletrail.progress import Progress
from pebbletrail.words import minus

NOT_RUN = "It was handed in, and could not be run yet. Nothing is lost: it is run when your teacher grades again."
UNTIL = ("until you say in a marks file that it stands (question *, points empty) or earns nothing (question *, points 0), "
         "it has no sum in the tables.")


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
    doubts = {who: () if settled(people.get(who, ()), row.sha256) else row.problems for who, row in counting.items()}
    problems = _unsettled(_problems(book), counting, doubts)
    modules = sorted({module for _, module in [*counting, *people]})
    students = place.students()
    files_of = Counter((one.student, one.module) for one in (*counting.values(), *book.others()))
    wanted = [(module, one) for module in modules for one in students]
    with Progress(len(wanted), "works marked") as progress:
        for module, one in wanted:
            progress.add()
            who = one["id"], module
            row, said_of = counting.get(who), people.get(who, ())
            if row is None and (one["left"] or not place.key_file(one["id"], module).is_file()):
                continue
            try:
                sheet, key, files = stored(place, one["id"], module)
                submission = opened_again(book, row) if row else None
            except (ClassFolderError, NotASubmission) as error:
                problems.append(Problem(row.name if row else "", str(error), one["id"], module))
                works.append(Work(one["id"], one["name"], module, module, (), WAITING if row else ABSENT,
                                  notes=(NOT_RUN,) if row else ()))
                continue
            row_notes = (*row.notes, *_several(row, files_of[who])) if row else ()
            known = doubts.get(who, ())
            works.append(_work(book, row, submission, one, sheet, key, files, said_of, known, row_notes, isolation))
            if new := works[-1].doubts[len(known):]:
                problems.append(Problem(row.name, f"{' '.join(new).rstrip('.')}; {UNTIL}", *who))
            if what := outlived(works[-1], said_of):
                problems.append(Problem(row.name if row else "", what, *who))
    return Results(tuple(works), tuple(problems), isolation)


def _problems(book):
    """What is to be looked at: files that are nobody's or could not be run, and what is odd about the others."""
    filed = sorted([*book.counting().values(), *book.others()], key=lambda one: (one.module, one.student, one.name))
    odd = [Problem(one.name, what, one.student, one.module) for one in filed for what in one.problems]
    return [*book.held(), *odd, *book.noticed()]


def _unsettled(problems, counting, doubts):
    """The same without what the teacher has settled; the last on each work in doubt says how to settle it."""
    kept, last = [], {}
    for one in problems:
        row = counting.get(who := (one.student, one.module))
        doubt = row and one.file == row.name and any(what in one.what for what in row.problems)
        if doubt and not doubts[who]:
            continue
        if doubt:
            last[who] = len(kept)
        kept.append(one)
    for place in last.values():
        kept[place] = replace(kept[place], what=f"{kept[place].what.rstrip('.')}; {UNTIL}")
    return kept


def _work(book, row, submission, one, sheet, key, files, said_of, doubts, row_notes, isolation):
    """One work, marked; ``isolation`` counts under which its run was made."""
    def given(answers):
        return standing(said_of, [told["id"] for told in sheet["questions"]], answers, row.sha256 if row else "").given

    if row is None:
        return scored(sheet, key, one["id"], one["name"], {}, given({}), ABSENT)
    cells = tuple(source(cell) for cell in submission.notebook["cells"] if cell["cell_type"] == "code")
    handed = Handed(row.name, row.sha256, submission.claim, cells)
    run = book.run(digest(submission, files))
    if run is None:
        return scored(sheet, key, one["id"], one["name"], {}, given({}), WAITING, handed, (*row_notes, NOT_RUN), doubts)
    isolation[run.isolation] = isolation.get(run.isolation, 0) + 1
    questions = {told["id"]: told for told in sheet["questions"]}
    claimed = claimed_answers(submission.claim, sheet, questions)
    notes = [*row_notes, *_stopped(run), *_differs(questions, claimed, run.answers, run.error is None)]
    if not settled(said_of, row.sha256):
        doubts = (*doubts, *_halted(run, claimed), *nothing_before(said_of, row.sha256))
    return scored(sheet, key, one["id"], one["name"], run.answers, given(run.answers), GRADED, handed, notes, doubts)


def _several(row, count):
    """Which of several files counts, for the student."""
    if count == 1:
        return ()
    return (f"{count} files came from you for this module. The one that counts is {row.name.split('/')[-1]}.",)


def _halted(run, claimed):
    """A notebook that stopped here, and may have gone on elsewhere: the student may not be to blame."""
    if run.ended == MACHINE:
        return ("The memory of this machine was running out while its notebook ran here, with no other beside it. Close "
                "other programs and run it once more with --again; if it ends so again, look at the notebook.",)
    lost = [id for id in claimed or () if id not in run.answers]
    if not run.error or not lost:
        return ()
    return (f"Its notebook stopped when it was run here; the student's own run had answers to {', '.join(lost)} too. Look "
            "at the notebook, or run it once more with --again.",)


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
