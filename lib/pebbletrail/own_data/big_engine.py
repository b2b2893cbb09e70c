"""An engine and the tables that were found in it; both can be found again by another process."""

from dataclasses import dataclass, field
from glob import escape
from pathlib import Path

from pebbletrail.moments.fetching import written
from pebbletrail.own_data.connection import (
    attached,
    duckdb_path,
    in_memory,
    is_duckdb,
    is_spark,
    not_usable,
    plain,
    reached,
)

MEMORY_ADDRESS = "duckdb:"  # DuckDB over files
ROW = "pebbletrail row"     # a parquet file's rows, counted from 0; DuckDB's own name for it may be a column of the file
SPARK = "spark"


@dataclass
class Engine:
    """Where the rows are. ``address`` holds no secret; ``views`` say how each table was reached."""

    address: str
    folder: str
    backend: object
    views: list = field(default_factory=list)

    @property
    def name(self):
        return self.backend.name if not is_spark(self.address) else SPARK

    def files(self, paths):
        """The rows of parquet files, as one table."""
        return self._viewed({"kind": "parquet", "name": f"pebbletrail_{len(self.views)}",
                             "paths": [str(path.resolve()) for path in paths]}, "data")

    def table(self, name, table, address=""):
        """A table by its name, ``schema.table`` or ``catalog.schema.table`` where it is not in the usual place."""
        view = {"kind": "table", "name": name}
        if is_duckdb(address):
            view = {"kind": "attached", "name": name, "path": str(duckdb_path(address, table).resolve())}
        return self._viewed(view, table)

    @property
    def settles(self):
        """Whether rows can be worked out once and kept: a warehouse gets no table of ours."""
        return is_duckdb(self.address)

    def settled(self, expression, name):
        """The rows of an expression, worked out once, as parquet in the private folder: no later query does it again."""
        path = Path(self.folder, f"{name}.parquet")
        written(expression, path)
        rows = self._viewed({"kind": "parquet", "name": name, "paths": [str(path.resolve())]}, "data")
        return rows.drop(*(held for held in rows.columns if held not in expression.columns))

    def forget(self, name):
        """Take away what was settled on the way, and is in no later query: the disk may be small."""
        Path(self.folder, f"{name}.parquet").unlink()

    def recipe(self, expression):
        """What ``table_of`` needs to find the rows of an expression again: no secret, no rows."""
        import ibis

        sql = str(ibis.to_sql(expression))
        used = [view for view in self.views if view["kind"] != "parquet" or view["name"] in sql]
        return {"address": self.address, "folder": str(self.folder), "views": used, "sql": sql}

    def _viewed(self, view, table):
        places = {one["path"]: one["number"] for one in self.views if one["kind"] == "attached"}
        if view["kind"] == "attached":
            view["number"] = places.get(view["path"], len(places))
            view["attach"] = view["path"] not in places
        found = _opened(self.backend, view, table)
        self.views.append(view)
        return found


def engine(address, folder, table="data"):
    """The engine of an address; files and DuckDB's own files share one, so that they can be joined."""
    address = plain(address, table)
    if is_duckdb(address):
        return Engine(MEMORY_ADDRESS, folder, in_memory(folder))
    if is_spark(address):
        from pebbletrail.own_data.big_spark import spark

        return Engine(address, folder, spark(address))
    return Engine(address, folder, reached(address, table))


def table_of(recipe):
    """The Ibis table of a recipe, in this process: the notebook's kernel finds the prepared rows where they lie."""
    found = engine(recipe["address"], recipe["folder"])
    for view in recipe["views"]:
        _opened(found.backend, view, "data")
    return found.backend.sql(recipe["sql"])


def _opened(backend, view, table):
    if view["kind"] == "parquet":
        return _parquet(backend, view, table)
    if view["kind"] == "attached" and view["attach"]:
        attached(backend, view["number"], Path(view["path"]), table)
    *place, name = view["name"].split(".")
    if view["kind"] == "attached":
        place = [f"firm{view['number']}", *(place or ["main"])]
    try:
        return backend.table(name, database=tuple(place) or None)
    except Exception as error:  # Ibis's TableNotFound, or the engine's own
        near = _nearest(backend, name, tuple(place) or None)
        told = f"there is no table {view['name']!r} there" + (f"; the nearest is {near!r}." if near else ".")
        raise not_usable("no-such-table", table, view["name"], f"--data {table}: {told}",
                         "Name it as TABLE@… or SCHEMA.TABLE@….") from error


def _parquet(backend, view, table):
    try:
        if backend.name == "pyspark":
            backend._session.read.parquet(*map(_unglobbed, view["paths"])).createOrReplaceTempView(view["name"])
            return backend.table(view["name"])
        return _duckdb_parquet(backend, view["name"], [escape(path) for path in view["paths"]])
    except Exception as error:
        from pebbletrail.own_data.connection import first_line

        name = Path(view["paths"][0]).name
        raise not_usable("not-readable", table, name, f"--data {table}: {name!r} cannot be read as parquet: "
                         f"{first_line(error)}", "Give it again: it may have been cut while it was copied.") from error


def _duckdb_parquet(backend, name, paths):
    options = {"table_name": name, "hive_partitioning": False, "union_by_name": len(paths) > 1}
    rows = backend.read_parquet(paths, **options)
    if {"file_row_number", ROW} & set(rows.columns):  # the file's own, or rows numbered when they were rewritten
        return rows
    return backend.read_parquet(paths, file_row_number=True, **options).rename({ROW: "file_row_number"})


def _unglobbed(path):
    """Spark reads a path as a pattern: what has a meaning there loses it."""
    return "".join(f"\\{sign}" if sign in "*?[]{}\\" else sign for sign in path)


def _nearest(backend, name, place):
    from difflib import get_close_matches

    try:
        names = backend.list_tables(database=place)
    except Exception:  # a catalogue that may not be listed: the sentence goes without a suggestion
        return ""
    folded = {one.casefold(): one for one in names}
    return next((folded[one] for one in get_close_matches(name.casefold(), folded, 1)), "")
