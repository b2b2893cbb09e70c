"""Replicates of a statistic: what is resampled, and how batches of replicates are computed, here or by workers."""

import pickle
import signal
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from pebbletrail.models.draws import Clusters, Rows, draw, influences, layout, moments_of_sums
from pebbletrail.moments import Moments
from pebbletrail.moments.accept import is_table
from pebbletrail.moments.design import design
from pebbletrail.moments.terms import expand
from pebbletrail.progress import Progress

FEWEST = 50  # replicates below which an interval is not worth printing


@dataclass(frozen=True, eq=False)
class Drawn:
    """Replicates ``draws (replicates, statistics)``, NaN where a statistic could not be computed."""

    draws: np.ndarray
    interrupted: bool = False

    @property
    def failed(self):
        return int(np.isnan(self.draws).any(axis=1).sum())

    @property
    def counts(self):
        return len(self.draws), self.failed, self.interrupted


@dataclass(frozen=True, eq=False)
class SumsJob:
    """A statistic of sums: ``evaluate(sizes, means, products)`` of replicates gives ``(replicates, statistics)``."""

    units: object  # Rows or Clusters
    evaluate: object

    def layout(self, replicates):
        return layout(self.units, replicates, getattr(self.evaluate, "at_once", None))

    def batch(self, seed, size):
        return self.of_sums(*moments_of_sums(draw(self.units, seed, size), len(self.units.names)))

    def __len__(self):
        return len(self.units)

    def of_sums(self, sizes, away, products):
        with np.errstate(divide="ignore", invalid="ignore"):  # where a resample has no variation, the value is NaN
            return self.evaluate(sizes, self.units.centre + away, products)

    def influences(self):
        return influences(self.units, self.of_sums)


def units_of(data, terms, by):
    """``(units, moments)``: what is resampled of a frame, or of Moments kept by group."""
    if is_table(data):
        if by is None:
            raise ValueError("data: rows of a table are not resampled, groups are: name their column with by=….")
        data, by = Moments.from_table(data, terms, by=by), None
    if isinstance(data, Moments):
        if by is not None:
            raise ValueError("by: Moments hold no rows to group; leave by= out.")
        if len(data.labels) < 2:
            raise ValueError("data: Moments are resampled by group; keep them by two groups or more (by=…), or give rows.")
        moments = data.select(expand(terms, data.names, data._levels)) if terms is not None else data
        return Clusters.of(moments), moments
    moments = Moments.from_frame(data, terms, by=by)
    if by is None:
        made = design(data, terms)
        return Rows.of(made.names, made.values), moments
    if len(moments.labels) < 2:
        raise ValueError(f"by: {by!r} has one group only, {moments.labels[0]!r}; at least two are needed to resample.")
    return Clusters.of(moments), moments


def checked_replicates(replicates):
    whole = isinstance(replicates, int | np.integer) and not isinstance(replicates, bool)
    if not whole or replicates < FEWEST:
        raise ValueError(f"replicates: a whole number from {FEWEST} on, not {replicates!r}.")
    return int(replicates)


def seeds(seed, count):
    """``count`` independent SeedSequences from an int, a SeedSequence, a Generator, or from the system."""
    if isinstance(seed, np.random.Generator):
        seed = seed.integers(2**63)
    if not isinstance(seed, np.random.SeedSequence):
        try:
            if isinstance(seed, bool):
                raise TypeError
            seed = np.random.SeedSequence(seed)
        except (TypeError, ValueError):
            raise ValueError(f"seed: a whole number from 0 on, a SeedSequence or a Generator, not {seed!r}.") from None
    return np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key).spawn(count)  # the caller's own is left as it is


def collect(job, replicates, seed, workers=1):
    """``Drawn`` replicates of a job, the same for any number of workers.

    Raises
    ------
    ValueError
        Where more than half of the replicates could not be computed.
    KeyboardInterrupt
        Only where fewer than 50 replicates were done when Ctrl-C came; otherwise those that are done are returned.
    """
    sizes = job.layout(checked_replicates(replicates))
    tasks = list(zip(seeds(seed, len(sizes)), sizes, strict=True))
    done, interrupted = {}, False
    with Progress(replicates, "replicates") as progress:
        try:
            for number, values in _computed(job, tasks, workers):
                done[number] = values
                progress.add(len(values))
        except KeyboardInterrupt:
            interrupted = True
    if interrupted and sum(map(len, done.values())) < FEWEST:
        raise KeyboardInterrupt
    drawn = Drawn(np.concatenate([done[number] for number in sorted(done)]), interrupted)
    if drawn.failed > len(drawn.draws) / 2:
        raise ValueError(f"data: it could not be computed in {drawn.failed} of {len(drawn.draws)} resamples; the data are "
                         "too few, a column hardly varies, or the weights of a model do not settle.")
    return drawn


def _computed(job, tasks, workers):
    """``(number, values)`` of each task, as they come."""
    if not isinstance(workers, Executor) and (not isinstance(workers, int) or isinstance(workers, bool) or workers < 1):
        raise ValueError(f"workers: a whole number from 1 on, or a concurrent.futures.Executor, not {workers!r}.")
    if workers == 1:
        for number, task in enumerate(tasks):
            yield number, job.batch(*task)
        return
    with _pool(job, workers) as (pool, work):
        waiting = {pool.submit(work, *task): number for number, task in enumerate(tasks)}
        try:
            for one in as_completed(waiting):
                yield waiting[one], one.result()
        finally:
            for one in waiting:
                one.cancel()


@contextmanager
def _pool(job, workers):
    """``(executor, function of seed and size)``: the caller's executor, or processes that are given the job once."""
    if isinstance(workers, Executor):
        yield workers, job.batch
        return
    import multiprocessing  # in a browser's Python there is none
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    try:
        packed = pickle.dumps(job)
    except Exception as error:
        raise ValueError(f"workers: the statistic cannot be sent to other processes ({error}). Write it with def instead of "
                         "lambda, use workers=1, or give an executor that can send it.") from None
    ended = multiprocessing.RawValue("b", 0)  # no lock: a worker that dies holding one would hang everybody
    with ProcessPoolExecutor(workers, initializer=_remember, initargs=(packed, ended)) as pool:
        try:
            yield pool, _work
        except BrokenProcessPool as error:
            raise ValueError("workers: a worker process ended before its work was done. Either memory ran out, or it could "
                             "not read the statistic: where processes start afresh (macOS, Windows), one that is defined "
                             "in a notebook is unknown to them. Put it into a .py file and import it, or use workers=1."
                             ) from error
        finally:
            ended.value = 1


_given = []  # in a worker process: the job it was given, and whether its work is ended


def _remember(packed, ended):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the main process, which tells its workers
    _given[:] = pickle.loads(packed), ended


def _work(seed, size):
    return _given[0].batch(seed, size)


def end_when_told():
    """In a worker process: stop amid a batch when the main process has stopped. Elsewhere: nothing."""
    if _given and _given[1].value:
        raise KeyboardInterrupt
