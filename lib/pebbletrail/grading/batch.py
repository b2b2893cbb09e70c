"""Many runs, a few at a time: one that fails, hangs or takes its worker down costs no other."""

import os
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from contextlib import nullcontext

from pebbletrail.grading.execution import DIED, IN_WORDS, NotRun, Ran, execute, starved
from pebbletrail.workers import WAITING, process_pool


def executed(tasks, executor=None, jobs=None):
    """Execute tasks, in the order in which they come to an end.

    Parameters
    ----------
    tasks : iterable of Task
        Drawn as they are needed: what is held in memory does not grow with the class.
    executor : concurrent.futures.Executor, optional
        Where the work is done; it must have Pebbletrail. Default: processes of this machine. They also do what is left when
        it breaks, and once more, alone, what may have suffered by others.
    jobs : int, optional
        How many processes; default: the number of cores.

    Yields
    ------
    (Task, Ran or str)
        What the run gave; or why it could not be begun, in words.
    """
    jobs, alone, again = jobs or os.cpu_count() or 1, [], []
    tasks, most = iter(tasks), jobs + 1 if executor is None else WAITING * (os.cpu_count() or 1)
    while True:
        with process_pool(jobs) if executor is None else nullcontext(executor) as pool:
            lost = []
            for task, ran in _through(pool, tasks, most, lost):
                if isinstance(ran, Ran) and starved(task, ran):
                    again.append(task)
                else:
                    yield task, ran
        if not lost:
            break
        alone += lost
        executor, most = None, jobs + 1
    for task in (*alone, *again):  # each alone, so that no other suffers by it, nor it by others
        yield task, _alone(task)


def _through(pool, tasks, most, lost):
    """Results as they come. Where the pool breaks, the tasks that were out go to ``lost``, and no more are drawn."""
    out = {}
    for task in tasks:
        try:
            out[pool.submit(attempt, task)] = task
        except BrokenExecutor:
            lost.append(task)
            break
        if len(out) >= most:
            yield from _done(out, lost)
        if lost:
            break
    while out:
        yield from _done(out, lost)


def _done(out, lost):
    for one in wait(out, return_when=FIRST_COMPLETED).done:
        task = out.pop(one)
        try:
            yield task, one.result()
        except BrokenExecutor:
            lost.append(task)


def _alone(task):
    try:
        with process_pool(1) as pool:
            return pool.submit(attempt, task).result()
    except BrokenExecutor:
        error = {"section": "", "code": "", "name": DIED, "message": IN_WORDS[DIED]}
        return Ran({}, error, DIED, 0.0, task.isolation.level)


def attempt(task):
    """In a worker: what a run gave, or why it could not be begun, in words."""
    try:
        return execute(task)
    except NotRun as error:
        return f"the run could not be begun ({error})"
    except Exception as error:  # whatever it is, the others are to be graded
        return f"the run failed on this machine ({type(error).__name__}: {error})"
