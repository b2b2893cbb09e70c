"""Work done by many workers: processes of this machine, or whatever executor the caller has."""

import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager

WAITING = 4  # tasks a worker, waiting or at work: what is held in memory does not grow with the work


class WorkerLost(ValueError):
    """A worker process ended before its work was done."""


@contextmanager
def workers(executor, jobs, tasks):
    """``(executor, tasks at a time)``: the caller's, or processes; this one alone where a single one is enough.

    Parameters
    ----------
    executor : concurrent.futures.Executor or None
    jobs : int or None
        How many processes; default: the number of cores.
    tasks : int
        How many tasks there are.

    Raises
    ------
    WorkerLost
        From inside the block, when a process of ours was lost.
    """
    if executor is not None:
        yield executor, WAITING * (os.cpu_count() or 1)
        return
    jobs = min(jobs or os.cpu_count() or 1, tasks)
    if jobs <= 1:
        yield _Here(), 1
        return
    from concurrent.futures.process import BrokenProcessPool

    try:
        with process_pool(jobs) as pool:
            yield pool, WAITING * jobs
    except BrokenProcessPool:
        raise WorkerLost("A worker process ended before its work was done; memory may have run out. What was made stays; "
                         "the same command with --jobs 1 goes on from there.") from None


@contextmanager
def process_pool(jobs):
    """Processes of this machine, which are gone when the block ends, however it ends."""
    from concurrent.futures.process import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, initializer=_begin_worker) as pool:
        try:
            yield pool
        except KeyboardInterrupt:  # what is half done is not waited for
            for process in list((pool._processes or {}).values()):  # from Python 3.14 on: pool.kill_workers()
                process.kill()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def few_at_a_time(pool, function, tasks, most):
    """What ``function(*task)`` returns, as it comes; never more than ``most`` tasks are given out."""
    out = set()
    try:
        for task in tasks:
            if len(out) >= most:
                done, out = wait(out, return_when=FIRST_COMPLETED)
                yield from [one.result() for one in done]
            out.add(pool.submit(function, *task))
        while out:
            done, out = wait(out, return_when=FIRST_COMPLETED)
            yield from [one.result() for one in done]
    finally:
        for one in out:
            one.cancel()


class _Here(Executor):
    """Work in this process."""

    def submit(self, function, /, *arguments):
        done = Future()
        done.set_result(function(*arguments))
        return done


def _begin_worker():
    """In a worker: Ctrl-C is for the main process, and when that one is killed, so is this."""
    from multiprocessing import connection, parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    threading.Thread(target=lambda: (connection.wait([parent.sentinel]), os._exit(1)), daemon=True).start()
