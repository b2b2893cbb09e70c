"""A long query shows its progress and ends when the user asks for it."""

import os
import signal
import sys
import threading
import time

import pandas as pd
import pytest

from pebbletrail.moments import Moments, fetching

ibis = pytest.importorskip("ibis")
pytest.importorskip("duckdb")


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard():
    """A shell that starts the tests in the background has Ctrl-C ignored, and Python hears none."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def endless(connection):
    """A query that would last for many minutes."""
    connection.con.execute("create view pairs as select hash(a.range + b.range) % 7 as x "
                           "from range(10000000) a, range(100000) b")
    return connection.table("pairs").aggregate(x=ibis._.x.sum())


@pytest.mark.timeout(120)
def test_ctrl_c_ends_the_query_and_is_passed_on():
    connection = ibis.duckdb.connect()
    timer = threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        fetching.fetched(endless(connection))
    assert connection.con.execute("select 42").fetchone() == (42,)  # the connection is of use still


def test_ctrl_c_before_the_query_has_begun_ends_it_too(monkeypatch):
    connection = ibis.duckdb.connect()
    real, waits = fetching.wait, []

    def interrupted_at_once(*given):
        waits.append(given)
        if len(waits) == 1:
            raise KeyboardInterrupt
        return real(*given)

    class Late:
        """Begins its query half a second after it is asked to."""

        query = endless(connection)
        get_backend = query.get_backend

        def to_pyarrow(self):
            time.sleep(0.5)
            return self.query.to_pyarrow()

    monkeypatch.setattr(fetching, "wait", interrupted_at_once)
    with pytest.raises(KeyboardInterrupt):
        fetching.fetched(Late())
    assert len(waits) > 2


class Watched:
    """Stands in for the progress bar."""

    def __init__(self, total, unit):
        self.total, self.done, self.steps = total, 0, []
        Watched.last = self

    def add(self, amount):
        self.done += amount
        self.steps.append(amount)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class Slow:
    """An expression on DuckDB whose query lasts until all of its progress was asked for."""

    class Connection:
        told, asked = [-1.0, 20.0, 20.0, 55.0, 90.0, 100.0], threading.Event()

        @classmethod
        def query_progress(cls):
            if len(cls.told) == 1:
                cls.asked.set()
                return cls.told[0]
            return cls.told.pop(0)

    def get_backend(self):
        return type("Backend", (), {"name": "duckdb", "con": self.Connection})

    def to_pyarrow(self):
        assert self.Connection.asked.wait(60)
        return "the table"


def test_progress_is_what_duckdb_says_and_never_goes_back(monkeypatch):
    monkeypatch.setattr(fetching, "Progress", Watched)
    monkeypatch.setattr(fetching, "STEP", 0.01)
    assert fetching.fetched(Slow()) == "the table"
    assert Watched.last.total == 100
    assert Watched.last.steps == [20, 35, 35, 10]


def test_another_engine_is_asked_plainly():
    class Elsewhere:
        def get_backend(self):
            return type("Backend", (), {"name": "pyspark"})

        def to_pyarrow(self):
            return threading.current_thread()

    assert fetching.fetched(Elsewhere()) is threading.main_thread()


def test_an_error_of_the_query_comes_through():
    connection = ibis.duckdb.connect()
    connection.con.execute("create view words as select range::varchar || 'x' as word from range(3)")
    with pytest.raises(Exception, match=r"(?i)could not convert"):
        fetching.fetched(connection.table("words").select(y=ibis._.word.cast("int64")))


def test_a_short_query_loads_no_progress_bar(tmp_path):
    import subprocess

    pd.DataFrame({"x": [1.0, 2, 4]}).to_parquet(tmp_path / "x.parquet")
    code = ("import sys, ibis, pebbletrail as pt\n"
            f"print(pt.Moments.from_table(ibis.duckdb.connect().read_parquet({str(tmp_path / 'x.parquet')!r})).n)\n"
            "print('tqdm' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "False"]
    assert done.stderr == ""


def test_tables_in_memory_are_fetched_too():
    assert Moments.from_table(ibis.memtable(pd.DataFrame({"x": [1.0, 2, 4]}))).n == 3
