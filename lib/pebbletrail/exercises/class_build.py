"""A class built: every student's variant of every module, by many workers, as often as it is interrupted."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pebbletrail.exercises.class_folder import LOCK, ClassFolder, ClassFolderError, disk_trouble
from pebbletrail.exercises.class_modules import handed_out_notebook
from pebbletrail.exercises.class_variant import AGAIN, CHANGED, FAILED, MADE, THERE, Settled, settle
from pebbletrail.exercises.roster import id_fault
from pebbletrail.exercises.source import BrokenSource
from pebbletrail.holding import hold
from pebbletrail.progress import Progress
from pebbletrail.words import counted
from pebbletrail.workers import few_at_a_time, workers

AT_ONCE = 4  # students a task
SHOWN = 10  # problems told in the text; the table has them all


@dataclass(frozen=True)
class Built:
    """What a build did. ``.table`` has a row for each variant, ``.text`` says what to do next, ``.notes`` what to mind."""

    folder: Path
    table: pd.DataFrame
    former: tuple
    seconds: float
    notes: tuple = ()

    def count(self, *states):
        return int(self.table["state"].isin(states).sum())

    @property
    def failed(self):
        """How many variants could not be made."""
        return self.count(FAILED)

    @property
    def text(self):
        students, modules = self.table["student"].nunique(), self.table["module"].nunique()
        made = f"{self.count(MADE, AGAIN):,} made" + (f" (of these {again:,} again)" if (again := self.count(AGAIN)) else "")
        lines = [f"{self.folder}: {counted(students, 'student')} × {counted(modules, 'module')}: {made}, "
                 f"{self.count(THERE, CHANGED):,} there before, {self.failed:,} not made; {self.seconds:.0f} s."]
        lines += [f"Mind: {note}" for note in self.notes]
        lines += self._told(FAILED, "Not made")
        lines += self._told(CHANGED, "Changed since they were built, and left as they are")
        if self.former:
            lines.append(f"No longer on the roster, and left as they are: {_some(self.former)}.")
        first = self.table["student"].iloc[0]
        lines += ["", f"Hand out to each student the folder with the student's id, such as {self.folder / first}.",
                  f"Keep {self.folder / 'keys'} and the secret file to yourself: the keys mark the answers, the secret "
                  "makes what a longer roster, a further module or a lost folder needs."]
        return "\n".join(lines)

    def _told(self, state, heading):
        rows = self.table[self.table["state"] == state]
        lines = [f"  {row.module}, {row.student}: {row.detail}" for row in rows.head(SHOWN).itertuples()]
        lines += [f"  … and {len(rows) - SHOWN:,} more"] if len(rows) > SHOWN else []
        return [f"{heading} ({len(rows):,}):", *lines] if lines else []


def build_class(students, secret, out, modules, executor=None, jobs=None):
    """Build a class, or go on building it: what is there already stays as it is.

    Parameters
    ----------
    students : sequence of Student
        As ``read_roster`` returns them.
    secret : bytes
    out : str or Path
        The folder of the class.
    modules : iterable of Module
    executor : concurrent.futures.Executor, optional
        Where the work is done; it must see the same files. Default: processes on this machine.
    jobs : int, optional
        How many processes; default: the number of cores. What is built does not depend on it.

    Returns
    -------
    Built

    Raises
    ------
    ClassFolderError
        The folder may not be built on, or cannot be written, or another build is at work there.
    WorkerLost
        A process was ended from outside; what was made stays.
    BrokenSource
        A module's solution notebook cannot be made into a student's. Nothing was written.
    """
    start, place, modules = time.monotonic(), ClassFolder(Path(out)), list(modules)
    if not students or not modules:
        raise ValueError("students and modules: there must be at least one of each.")
    if bad := [fault for student in students if (fault := id_fault(student.id))]:
        raise ValueError(f"students: {bad[0]}.")
    try:
        notebooks = {module: handed_out_notebook(module) for module in modules}
    except BrokenSource as error:
        raise BrokenSource(f"{error} Nothing was written.") from None
    ids = [student.id for student in students]
    place.found()  # what is no class gets no lock either
    with building(place.path):
        notes = place.begin(secret, modules)
        former = place.enrol(students)
        place.sweep()
        try:
            settled = _settled(place, notebooks, secret, ids, executor, jobs)
        finally:
            if executor is None:  # our workers are gone by now, perhaps amid a file; a caller's may still write
                place.sweep()
    table = _table(settled, [module.name for module in modules], ids)
    return Built(place.path, table, tuple(former), time.monotonic() - start, tuple(notes))


@contextmanager
def building(folder):
    """Hold the folder of a class for one build; it is made if need be.

    The system lets go of the lock when the process ends, however it ends, so nothing is ever left to be cleared away.

    Raises
    ------
    ClassFolderError
        Another build is at work there.
    """
    with disk_trouble(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = hold(folder, LOCK, ClassFolderError(f"{folder}: another build is at work in this folder; wait until it has "
                                                   "ended, and give the command again."))
    try:
        yield
    finally:
        lock.release()


def _settled(place, notebooks, secret, ids, executor, jobs):
    """What became of every variant, in the order in which the work came back."""
    tasks = [(place, module.folder, notebooks[module], secret, ids[first:first + AT_ONCE])
             for module in notebooks for first in range(0, len(ids), AT_ONCE)]
    settled = []
    with Progress(len(ids) * len(notebooks), "variants") as progress, workers(executor, jobs, len(tasks)) as (pool, most):
        for done in few_at_a_time(pool, settle, tasks, most):
            settled += done
            progress.add(len(done))
    return settled


def _table(settled, modules, ids):
    """One row a variant, in the order of modules and roster, however the work came back."""
    order = {(module, id): number for number, (module, id) in enumerate((module, id) for module in modules for id in ids)}
    rows = sorted(settled, key=lambda one: order[one.module, one.student])
    return pd.DataFrame(rows, columns=list(Settled.__dataclass_fields__))


def _some(ids):
    return ", ".join(ids[:SHOWN]) + (f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else "")
