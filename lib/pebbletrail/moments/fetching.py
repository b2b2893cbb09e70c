"""A query's result, with its progress shown when it takes long, and an end when the user asks for one."""

from concurrent.futures import ThreadPoolExecutor, wait

from pebbletrail.progress import Progress

STEP = 0.2  # seconds between two looks at the progress


def fetched(expression):
    """The result of an Ibis expression as an Arrow table.

    On DuckDB the query runs in a thread, so that its progress can be shown and Ctrl-C ends it; other engines have their own
    way to show where they are.
    """
    connection = _duckdb(expression)
    return expression.to_pyarrow() if connection is None else _watched(connection, expression.to_pyarrow)


def written(expression, path):
    """The result of an Ibis expression as a parquet file, on DuckDB: shown and ended like a query."""
    _watched(_duckdb(expression), lambda: expression.to_parquet(path))


def _watched(connection, asked):
    """What a call to DuckDB gives. It runs in a thread."""
    with ThreadPoolExecutor(1) as pool, Progress(100, "%") as progress:
        query = pool.submit(asked)
        try:
            while not wait([query], STEP).done:
                if (done := connection.query_progress()) > progress.done:  # -1 before the query has begun
                    progress.add(done - progress.done)
            return query.result()
        except KeyboardInterrupt:
            while not wait([query], STEP).done:  # again and again: the first call may come before the query has begun
                connection.interrupt()
            raise


def _duckdb(expression):
    from ibis.common.exceptions import IbisError

    try:
        backend = expression.get_backend()
    except IbisError:  # tables in memory alone, or of two engines: what to do about it is Ibis's to say
        return None
    return backend.con if backend.name == "duckdb" else None
