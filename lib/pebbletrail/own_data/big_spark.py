"""A Spark session that is quiet, keeps to this machine unless told otherwise, and leaves nothing behind."""

import atexit
import contextlib
import logging
import os
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

from pebbletrail.own_data.connection import first_line, not_usable

_LOG = """
status = error
rootLogger.level = off
"""


@cache
def spark(address):
    """The Ibis backend of ``spark:local`` or ``spark://host:7077``; one a process, since Java holds no second.

    The session listens on this machine alone when it is local, has no page of its own, and keeps its files in a folder that
    is removed when Python ends.

    Raises
    ------
    NotUsable
        pyspark or Java is not there, or the cluster does not answer.
    """
    try:
        import ibis
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise _refused(address, "pyspark is not installed", "Install it: pip install 'pebbletrail[spark]'.") from error
    folder = Path(tempfile.mkdtemp(prefix="pebbletrail-spark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    builder = SparkSession.builder.appName("pebbletrail")
    for name, value in _settings(address, folder).items():
        builder = builder.config(name, value)
    try:
        with _hushed(folder / "start.log"), _at_home(address == "spark:local"):
            session = builder.getOrCreate()
            session.sparkContext.setLogLevel("OFF")
            # pyspark repeats each error as a page of JSON before it raises it
            logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
            backend = ibis.pyspark.connect(session)
    except Exception as error:  # Java missing, a cluster that is silent: py4j and pyspark have many errors for it
        java = "" if shutil.which("java") or os.environ.get("JAVA_HOME") else "Java is missing: "
        raise _refused(address, java + first_line(error), "Spark 4 needs Java 17: install it (for example "
                       "openjdk-17-jre-headless), or set JAVA_HOME; for a cluster, check its address.") from error
    atexit.register(_stopped, session)  # before the folder goes: what was registered last is done first
    return backend


def _settings(address, folder):
    log = folder / "log4j2.properties"
    log.write_text(_LOG, encoding="utf-8")
    local = address == "spark:local"
    settings = {
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.session.timeZone": "UTC",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file:{log} -Dderby.system.home={folder} "
                                         f"-Djava.io.tmpdir={folder}",
    }
    if not local:  # the cluster's own settings say where its tables are
        return {"spark.master": address, **settings}
    # a table made of few rows gains nothing from the two hundred parts that Spark cuts a result into
    return {"spark.master": "local[*]", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": str(folder), "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.sql.catalogImplementation": "in-memory", "spark.sql.shuffle.partitions": str(os.cpu_count() or 2),
            **settings}


@contextlib.contextmanager
def _hushed(log):
    """What Java says while it starts goes to a file: it comes from another process, past ``sys.stderr``."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def _at_home(local):
    """While a local session starts, Spark looks up no name for this machine."""
    before = os.environ.get("SPARK_LOCAL_IP")
    if local:
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    try:
        yield
    finally:
        if local:
            os.environ.pop("SPARK_LOCAL_IP") if before is None else os.environ.__setitem__("SPARK_LOCAL_IP", before)


def _stopped(session):
    with contextlib.suppress(Exception):  # Ctrl-C may have ended Java before
        session.stop()
    spark.cache_clear()


def _refused(address, why, mend):
    return not_usable("no-connection", "data", address, f"Spark at {address}: {why}.", mend)
