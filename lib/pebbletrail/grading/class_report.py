"""The report on a class, for its teacher: what was graded, how questions and students did, and which works are alike."""

import math
from collections import Counter

from pebbletrail.exercises.feedback import wanted
from pebbletrail.grading.feedback_page import time
from pebbletrail.grading.isolation import BUBBLEWRAP, IN_WORDS, INSTALL
from pebbletrail.grading.item_analysis import items
from pebbletrail.grading.pages import page, points
from pebbletrail.grading.report_section import HIGH, WIDE, Section
from pebbletrail.grading.results import ABSENT, GRADED, PERSON, WAITING
from pebbletrail.words import counted, fixed

TERMS = {
    "share of points": "the mean share of its points that a question earned; an answer left out earns 0. Near 1 it was "
                       "easy, near 0 hard (books call it the difficulty, though it is high where a question is easy). After "
                       "± stands its standard error: how far it would typically move if other students like these had taken "
                       "the module.",
    "discrimination": "the correlation between the points for a question and the points for all others. Above 0, who does "
                      "well elsewhere does well here too; near 0 or below, the question asks for something else, or "
                      "misleads. In brackets its 95 % interval: the values that a class of this size leaves open.",
    "follows": "correct, if the student's own earlier answer is taken as given. It counts in full: a mistake is not "
               "punished twice.",
    "Cronbach's alpha": "how well the questions go together: the share of the variance of the sums that is more than "
                        "luck, if all of them ask for one ability. Many ask for 0.70 before a sum decides anything; a short "
                        "sheet has less, and one that asks for several abilities too.",
    "standard error of measurement": "how far a sum typically lies from what the same student would earn on average over "
                                     "many sheets of this kind. The difference between two students holds the errors of "
                                     "both: up to 2.8 times as much it may be luck.",
    "by chance, in any pair": "how often at least so much would agree in some pair of the module if everybody had worked "
                              "alone. It is not the probability that these two did: that depends on all else you know.",
}


def html(results, alike, open_texts):
    """The report as one self-contained page.

    Parameters
    ----------
    results : Results
    alike : Alike
        What the works have in common: ``.pairs`` and ``.text``.
    open_texts : dict of str to str
        By module, the page on which a person marks its texts, as a path from the report; modules without one are not in it.

    Returns
    -------
    str
        The same results give the same page.
    """
    sections = [Section(name, title, works := results.of(name), items(works), open_texts.get(name, ""))
                for name, title in results.modules.items()]
    return page("report.html", "report.css", sections=sections, problems=to_look_at(results.problems), pairs=alike.pairs,
                alike=alike.text, lead=lead(results), isolation=isolation(results.isolation), install=INSTALL, terms=TERMS,
                weak=set(results.isolation) - {BUBBLEWRAP}, todo=todo(results, sections, alike.pairs), state=state,
                time=time, share=share, number=number, earned=earned, wanted=wanted, wide=WIDE, high=HIGH, absent=ABSENT,
                waiting=WAITING)


def lead(results):
    """How much was graded, in one sentence."""
    states = Counter(work.state for work in results.works)
    students = len({work.student for work in results.works})
    told = f"{counted(students, 'student')}, {counted(len(results.modules), 'module')}: "
    told += f"{counted(states[GRADED], 'work')} graded"
    told += f", {states[WAITING]} not run yet" if states[WAITING] else ""
    return f"{told}, {states[ABSENT]} not handed in."


def isolation(runs):
    """Under what the works were executed: a sentence for each level, weaker ones first."""
    levels = sorted(runs, key=lambda level: (level == BUBBLEWRAP, level))
    return [f"{counted(runs[level], 'run')}: {IN_WORDS.get(level, level)}" for level in levels] or ["Nothing was executed."]


def todo(results, sections, pairs):
    """What is left for the teacher: words, and where to go."""
    files = len(to_look_at(results.problems))
    found = [(f"{counted(files, 'thing')} to look at", "#files")] if files else []
    for section in sections:
        if section.doubted:
            found.append((f"{section.name}: {counted(len(section.doubted), 'work')} in doubt", f"#{section.name}-doubts"))
        if section.hardly_answered:
            few = counted(len(section.hardly_answered), "work")
            found.append((f"{section.name}: {few} with fewer than half of the answers", f"#{section.name}-few"))
        if section.texts:
            where = section.queue or f"#{section.name}"
            found.append((f"{section.name}: {counted(section.texts, 'answer')} to mark", where))
        if waiting := len(section.state(WAITING)):
            found.append((f"{section.name}: {counted(waiting, 'work')} not run yet", f"#{section.name}-waiting"))
    groups = sum(bool(pair.more) for pair in pairs)
    alike = [counted(count, what) for count, what in ((len(pairs) - groups, "pair"), (groups, "group")) if count]
    return [*found, (f"{' and '.join(alike)} of works alike", "#alike")] if pairs else found


def to_look_at(problems):
    """One row for each file: its name, every sentence on it, its students and modules."""
    by = {}
    for one in problems:
        by.setdefault(one.file, []).append(one)
    return [(file, *([*dict.fromkeys(filter(None, column))] for column in
                     zip(*((one.what, one.student, one.module) for one in rows), strict=True))) for file, rows in by.items()]


def state(work):
    """Where one work stands, in a word or two."""
    if work.state != GRADED:
        return work.state
    told = [f"{', '.join(work.unmarked)} to be marked"] if work.unmarked else []
    told += ["in doubt"] if work.doubts else []
    return f"so far: {'; '.join(told)}" if told else "final"


def earned(work, value):
    """Points of a work; a dash where nothing was handed in or run, and no person gave any."""
    return points(value) if work.state == GRADED or any(item.by == PERSON for item in work.items) else "–"


def share(value):
    """A share of works, in percent."""
    return f"{100 * value:.0f} %"


def number(value, decimals=2):
    """A number with its decimals and a true minus; a dash where there is none."""
    return "–" if math.isnan(value) else fixed(value, decimals)
