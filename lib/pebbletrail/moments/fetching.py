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
    if connection is None:
        return expression.to_pyarrow()
    with ThreadPoolExecutor(1) as pool, Progress(100, "%") as progress:
        query = pool.submit(expression.to_pyarrow)
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
