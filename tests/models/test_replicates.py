"""How replicates are computed: by whatever workers with the same result, stopped by Ctrl-C, in bounded memory."""

import os
import signal
import subprocess
import sys
import time
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail import progress
from pebbletrail.models import draws
from pebbletrail.models.replicates import seeds


def rows(n=80, teams=10):
    rng = np.random.default_rng(0)
    x = rng.normal(size=n)
    m = 0.5 * x + rng.normal(size=n)
    return pd.DataFrame({"x": x, "m": m, "y": 0.5 * m + rng.normal(size=n), "team": np.resize(np.arange(teams), n)})


def of_moments(m):
    return m.cov.loc["x", "y"]


def of_rows(d):
    return {"median": d["x"].median(), "process": os.getpid()}


def median(d):
    return d["x"].median()


def share_of_small(d):
    return (d["x"].to_numpy() < 0).mean()


# --- workers --------------------------------------------------------------------------------------------------------

kinds = pytest.mark.parametrize(("statistic", "given"), [
    pytest.param("m ~ x; y ~ m + x", {}, id="text"),
    pytest.param("y ~ x", {"by": "team"}, id="text of groups"),
    pytest.param(of_moments, {"interval": "bca"}, id="moments, bca"),
    pytest.param(of_moments, {"by": "team"}, id="moments of groups"),
    pytest.param(median, {}, id="rows"),
    pytest.param(median, {"by": "team", "interval": "bca"}, id="rows of groups, bca"),
])


@kinds
def test_the_answer_is_the_same_bit_for_bit_whoever_computes_it(statistic, given, monkeypatch):
    monkeypatch.setattr(draws, "BATCH", 30)  # several batches of each kind
    given = {"replicates": 100, "seed": 5} | given
    alone = pt.bootstrap(rows(), statistic, **given)
    with ThreadPoolExecutor(3) as threads, ProcessPoolExecutor(2) as processes:
        for workers in (2, threads, processes):
            found = pt.bootstrap(rows(), statistic, workers=workers, **given)
            pd.testing.assert_frame_equal(found.draws, alone.draws, check_exact=True)
            pd.testing.assert_frame_equal(found.table, alone.table, check_exact=True)
        assert threads.submit(int, 7).result() == processes.submit(int, 7).result() == 7  # left open


def test_rows_that_stream_through_are_the_same_for_any_workers(monkeypatch):
    monkeypatch.setattr(draws, "KEPT", 0)
    monkeypatch.setattr(draws, "WEIGHTS", 2**11)
    data = rows(2000)
    alone, shared = (pt.bootstrap(data, "y ~ x + m", replicates=300, seed=1, workers=n).draws for n in (1, 2))
    pd.testing.assert_frame_equal(alone, shared, check_exact=True)


def test_two_workers_are_two_other_processes():
    found = pt.bootstrap(rows(), of_rows, replicates=200, seed=1, workers=2)
    assert 1 <= found.draws["process"].nunique() <= 2
    assert os.getpid() not in set(found.draws["process"])
    assert set(pt.bootstrap(rows(), of_rows, replicates=50, seed=1).draws["process"]) == {os.getpid()}


def test_what_cannot_be_sent_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"workers: the statistic cannot be sent .*Write it with def instead of lambda"):
        pt.bootstrap(rows(), lambda m: m.mean["x"], workers=2)
    with ThreadPoolExecutor(2) as threads:  # nothing is sent to a thread
        pt.bootstrap(rows(), lambda m: m.mean["x"], replicates=50, workers=threads)


@pytest.mark.parametrize("workers", [0, -1, True, 1.0, 2.5, "2", None, os])
def test_a_number_of_workers_that_is_none_is_refused(workers):
    with pytest.raises(ValueError, match=r"workers: a whole number from 1 on, or a concurrent\.futures\.Executor, not "):
        pt.bootstrap(rows(), "y ~ x", replicates=50, workers=workers)


def failing(d):
    if d.index.is_unique:
        return 1.0
    raise TypeError("a slip of the pen")


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_a_worker_is_the_statistics_own(workers):
    with pytest.raises(TypeError, match="a slip of the pen"):
        pt.bootstrap(rows(), failing, workers=workers)


def vanishing(d):
    if not d.index.is_unique:
        os._exit(3)
    return 1.0


def test_a_worker_that_ends_is_told_with_what_may_be_wrong():
    with pytest.raises(ValueError, match=r"workers: a worker process ended before .* memory ran out, .*\.py file"):
        pt.bootstrap(rows(), vanishing, workers=2)


IN_A_NOTEBOOK = """
import multiprocessing, sys
import numpy as np, pandas as pd
import pebbletrail as pt

def spread(data):
    return data["x"].max() - data["x"].min()

data = pd.DataFrame({"x": np.random.default_rng(0).normal(size=50)})
one = pt.bootstrap(data, spread, replicates=60, seed=1)
multiprocessing.set_start_method(sys.argv[1])
try:
    two = pt.bootstrap(data, spread, replicates=60, seed=1, workers=2)
except ValueError as error:
    print(error)
else:
    print(one.draws.equals(two.draws))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
def test_a_function_written_in_a_notebook_is_sent_where_processes_are_forked():
    done = subprocess.run([sys.executable, "-c", IN_A_NOTEBOOK, "fork"], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_a_function_written_in_a_notebook_is_refused_where_processes_start_afresh():
    done = subprocess.run([sys.executable, "-c", IN_A_NOTEBOOK, "spawn"], capture_output=True, text=True, check=True)
    assert "Put it into a .py file and import it, or use workers=1." in done.stdout


# --- seeds ----------------------------------------------------------------------------------------------------------

def drawn(seed):
    return pt.bootstrap(rows(), "y ~ x", replicates=50, seed=seed).draws


def test_a_seed_settles_the_replicates():
    assert drawn(3).equals(drawn(3))
    assert drawn(3).equals(drawn(np.int64(3)))
    assert drawn(3).equals(drawn(np.random.SeedSequence(3)))
    assert not drawn(3).equals(drawn(4))
    assert not drawn(None).equals(drawn(None))


def test_a_seed_sequence_is_left_as_it_was():
    seed = np.random.SeedSequence(3)
    assert drawn(seed).equals(drawn(seed))
    assert seed.n_children_spawned == 0
    child = np.random.SeedSequence(3).spawn(1)[0]
    assert not drawn(child).equals(drawn(seed))


def test_a_generator_gives_new_replicates_each_time():
    rng = np.random.default_rng(3)
    first, second = drawn(rng), drawn(rng)
    assert not first.equals(second)
    assert first.equals(drawn(np.random.default_rng(3)))


@pytest.mark.parametrize("seed", [-1, "x", 1.5, np.nan, {"a": 1}])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(ValueError, match="seed: a whole number from 0 on, a SeedSequence or a Generator, not "):
        drawn(seed)


def test_batches_have_seeds_of_their_own():
    made = seeds(1, 200)
    assert len({tuple(one.generate_state(4)) for one in made}) == 200
    found = pt.bootstrap(rows(), median, replicates=400, seed=1).draws["statistic"]
    assert found.groupby(np.arange(400) // 20).first().nunique() > 15  # a batch does not begin like the one before


def test_more_replicates_begin_with_the_same_ones():
    few, many = (pt.bootstrap(rows(), median, replicates=n, seed=1).draws for n in (60, 200))
    pd.testing.assert_frame_equal(few, many.iloc[:60])


# --- Ctrl-C ---------------------------------------------------------------------------------------------------------

def stopping_at(call, of="rows"):
    """A statistic during whose given call Ctrl-C is pressed; the first call is on the whole data."""
    calls = []

    def statistic(data):
        calls.append(1)
        if len(calls) == call + 1:
            raise KeyboardInterrupt
        return data["x"].mean() if of == "rows" else data.mean["x"]

    return statistic


@pytest.mark.parametrize("of", ["rows", "moments"])
@pytest.mark.parametrize("by", [None, "team"])
def test_ctrl_c_ends_with_what_is_there(of, by):
    found = pt.bootstrap(rows(), stopping_at(131, of), replicates=5000, seed=1, of=of, by=by)
    assert found.interrupted
    assert found.replicates == len(found.draws) == 120  # batches of 20 that were complete
    assert found.failed == 0
    assert "(percentile, 120 replicates, stopped early of" in found.text
    whole = pt.bootstrap(rows(), stopping_at(10**9, of), replicates=200, seed=1, of=of, by=by)
    pd.testing.assert_frame_equal(found.draws, whole.draws.iloc[:120])
    assert not whole.interrupted


def test_ctrl_c_with_fewer_than_fifty_replicates_is_ctrl_c():
    with pytest.raises(KeyboardInterrupt):
        pt.bootstrap(rows(), stopping_at(59), replicates=5000, of="rows")
    assert pt.bootstrap(rows(), stopping_at(61), replicates=5000, of="rows").replicates == 60


def test_ctrl_c_while_a_model_is_bootstrapped(monkeypatch):
    monkeypatch.setattr(draws, "BATCH", 70)
    add = progress.Progress.add

    def add_and_stop(self, amount=1):
        add(self, amount)
        if self.done >= 200:
            raise KeyboardInterrupt

    monkeypatch.setattr(progress.Progress, "add", add_and_stop)
    found = pt.bootstrap(rows(), "y ~ x", replicates=5000, seed=1)
    assert (found.interrupted, found.replicates) == (True, 210)
    fit = pt.paths(rows(), "m ~ x; y ~ m", intervals="bootstrap", replicates=5000, seed=1)
    assert (fit.interrupted, fit.replicates) == (True, 210)
    assert "stopped early" in fit.text


def test_ctrl_c_leaves_no_work_in_an_executor_of_the_callers():
    calls = []

    def statistic(data):
        calls.append(1)
        time.sleep(0.001)
        if len(calls) == 150:
            raise KeyboardInterrupt
        return data["x"].iloc[0]

    with ThreadPoolExecutor(1) as threads:
        found = pt.bootstrap(rows(), statistic, replicates=5000, of="rows", workers=threads)
        assert found.interrupted
        assert threads.submit(int, 7).result(timeout=60) == 7
    assert len(calls) < 400


def test_ctrl_c_gives_a_bca_interval_too_without_more_calls():
    """Leaving out each unit comes first: 81 calls, then the replicates."""
    statistic = stopping_at(80 + 131)
    found = pt.bootstrap(rows(), statistic, replicates=5000, seed=1, of="rows", interval="bca")
    assert found.replicates == 120
    assert np.isfinite(found.table.loc[0, ["ci_low", "ci_high"]].astype(float)).all()


LONG = """
import multiprocessing, os, signal, sys, time
import numpy as np, pandas as pd
import pebbletrail as pt
from pebbletrail import progress
from pebbletrail.models import replicates

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are started deaf to it

class Told(progress.Progress):
    def add(self, amount=1):
        super().add(amount)
        print(self.done, flush=True)

replicates.Progress = Told

def slow(data):
    print("begun", flush=True)
    time.sleep(float(sys.argv[1]))
    return {"mean": data["x"].mean(), "process": os.getpid()}

data = pd.DataFrame({"x": np.random.default_rng(0).normal(size=50)})
found = pt.bootstrap(data, slow, replicates=int(sys.argv[2]), seed=1, workers=int(sys.argv[3]), of="rows")
print("ended", found.interrupted, found.replicates, len(multiprocessing.active_children()),
      *found.draws["process"].unique().astype(int))
"""


def interrupt(seconds, until, send, replicates=100_000, workers=2):
    """Output and errors of long work in a process of its own, each call of ``seconds``; Ctrl-C when ``until(line)``."""
    child = subprocess.Popen([sys.executable, "-c", LONG, str(seconds), str(replicates), str(workers)],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        for line in child.stdout:
            if until(line.strip()):
                break
        send(child.pid, signal.SIGINT)
        return child.communicate(timeout=60)
    finally:
        child.kill()


@pytest.mark.skipif(os.name != "posix", reason="signals are sent to a process and to its group on POSIX")
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["the main process", "all processes"])
def test_a_real_ctrl_c_ends_long_work_with_two_workers(send):
    """A notebook's stop button interrupts the kernel's process group, `kill -INT` one process; both end within seconds."""
    out, err = interrupt(0.01, lambda line: line.isdigit() and int(line) >= 100, send)
    assert err == ""
    interrupted, replicates, left, *processes = out.splitlines()[-1].removeprefix("ended ").split()
    assert interrupted == "True"
    assert 100 <= int(replicates) < 10_000
    assert left == "0"
    assert len(processes) == 2
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(int(process), 0)


@pytest.mark.skipif(os.name != "posix", reason="signals are sent on POSIX")
def test_a_real_ctrl_c_does_not_wait_for_the_rest_of_a_batch():
    """Each call takes half a second and a batch ten: with nothing done, Ctrl-C ends after the calls that are under way.

    Three batches for five workers: what two idle ones do when they are interrupted too must not be seen.
    """
    seen = []
    _, err = interrupt(0.5, lambda line: seen.append(line) or len(seen) == 4, os.killpg, replicates=50, workers=5)
    assert err.rstrip().endswith("KeyboardInterrupt")
    assert err.count("Traceback") == 1
    assert "Process ForkProcess" not in err


# --- progress -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("statistic", "given"), [
    ("y ~ x", {}), (of_moments, {}), (of_moments, {"by": "team"}), (median, {}), (median, {"workers": 2})])
def test_the_bar_counts_every_replicate(statistic, given, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    monkeypatch.setattr(draws, "BATCH", 30)
    seen = []

    class Bar:
        def __init__(self, total, unit, leave):
            seen.append(total)

        def update(self, amount):
            seen.append(amount)

        def close(self):
            seen.append("closed")

    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    pt.bootstrap(rows(), statistic, replicates=110, seed=1, **given)
    total, *amounts, closed = seen
    assert (total, sum(amounts), closed) == (110, 110, "closed")
    assert len(amounts) >= 4


def test_leaving_out_units_shows_its_progress_too(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PATIENCE", -1)
    pt.bootstrap(rows(), median, replicates=50, seed=1, interval="bca")
    assert "units left out" in capsys.readouterr().err


# --- memory ---------------------------------------------------------------------------------------------------------

def peak(work):
    """The most memory, in MB, that ``work`` has in use at once beyond what is in use before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("statistic", ["m ~ x; y ~ m + x", of_moments], ids=["text", "moments"])
def test_memory_does_not_grow_with_replicates(statistic):
    data = rows(60_000)
    few, many = (peak(lambda n=n: pt.bootstrap(data, statistic, replicates=n, seed=1)) for n in (60, 240))
    assert many < few + 2


def test_memory_does_not_grow_with_replicates_of_groups():
    moments = pt.Moments.from_frame(rows(40_000, teams=10_000), ["x", "m", "y"], by="team")
    few, many = (peak(lambda n=n: pt.bootstrap(moments, "y ~ m + x", replicates=n, seed=1)) for n in (60, 240))
    assert many < few + 2


MANY_ROWS = """
import resource
import numpy as np, pandas as pd
import pebbletrail as pt

def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

rng = np.random.default_rng(0)
n = 300_000
x = rng.normal(size=n)
m = 0.5 * x + rng.normal(size=n)
data = pd.DataFrame({"x": x, "m": m, "y": 0.5 * m + rng.normal(size=n)})
del x, m
model = "m ~ x; y ~ m + x"
pt.paths(data.head(1000), model, intervals="bootstrap-bca", replicates=50, seed=1)  # everything is imported
before = megabytes()
fit = pt.paths(data, model, intervals="bootstrap-bca", replicates=50, seed=1)
print(megabytes() - before, fit.replicates)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is counted in kilobytes on Linux")
def test_fifty_replicates_of_a_path_model_at_300_000_rows_need_less_than_100_megabytes():
    done = subprocess.run([sys.executable, "-c", MANY_ROWS], capture_output=True, text=True, check=True)
    more, replicates = done.stdout.split()
    assert int(replicates) == 50
    assert 0 <= float(more) < 100
