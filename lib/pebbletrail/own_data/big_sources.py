"""Sources as an engine takes them: tables of a warehouse, parquet as it lies, and other files rewritten once as parquet."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pebbletrail.own_data.big_engine import MEMORY_ADDRESS, ROW
from pebbletrail.own_data.big_files import LARGE, TEXT, as_parquet, file_passport, parquet_files, summary
from pebbletrail.own_data.connection import is_duckdb, is_spark, not_usable, parted, shown
from pebbletrail.own_data.constants import stated_in
from pebbletrail.own_data.given import FilePassport


@dataclass(frozen=True)
class Opened:
    """A source in the engine, with the firm's headings."""

    rows: object        # Ibis table
    source: str
    files: tuple = ()   # what its passport is made of
    parquet: tuple = ()  # what the engine reads
    decimal: str = "."
    read_as: str = ""
    problems: tuple = ()
    skipped: tuple = ()  # numbers of rows that could not be taken apart
    first: int = 1      # the number of the first row: 2 where a row of headings is above it
    stated: tuple = ()  # headings of constants, which no file holds

    def with_constants(self, mapping):
        """A column for each constant that the mapping states, as ``constants.with_constants`` makes it in memory."""
        import ibis

        more = {own: ibis.literal(text) for own, text in stated_in(mapping, self.rows.columns).items()}
        return replace(self, rows=self.rows.mutate(**more), stated=tuple(more)) if more else self

    def summary(self, own):
        """What the files tell of a column without a look at the rows; None where they do not."""
        return summary(self.parquet, own)

    @property
    def headings(self):
        return tuple(name for name in self.rows.columns if name != ROW)

    @property
    def columns(self):
        return len(self.headings) - len(self.stated)

    def passport(self, table, rows):
        if self.files:
            return file_passport(table, self.source, self.files, rows, self.columns, self.read_as)
        return FilePassport(table, self.source, "", -1, rows, self.columns, self.read_as)


def is_large(source):
    """Whether a file is too large for memory, or several."""
    files, path = parquet_files(source), Path(str(source))
    if files:
        return len(files) > 1 or path.is_dir() or files[0].stat().st_size > LARGE
    return path.is_file() and path.suffix.lower() in TEXT and path.stat().st_size > LARGE


def address_of(sources):
    """The one engine that can hold all of the sources.

    Raises
    ------
    NotUsable
        Tables of two engines: rows of one would have to travel to the other.
    """
    addresses = {}
    for table, source in sources.items():
        place = parted(source)
        address = place[1] if place else ""
        addresses[MEMORY_ADDRESS if is_duckdb(address) else address] = table
    engines = [one for one in addresses if one]
    if len(engines) > 1:
        told = " and ".join(shown(one) for one in engines)
        raise not_usable("two-engines", addresses[engines[1]], told, f"--data: {told} cannot be joined by either.",
                         "Bring the tables into one of them, or export the smaller one as a file.")
    one = engines[0] if engines else MEMORY_ADDRESS
    if "" in addresses and not (is_duckdb(one) or one == "spark:local"):
        raise not_usable("two-engines", addresses[""], shown(one), f"--data {addresses['']}: {shown(one)} cannot see a file "
                         "of this machine.", "Load it into the warehouse as a table, or export the other tables as files.")
    return one


def opened(engine, source, table, folder):
    """A source as a table of the engine.

    Raises
    ------
    NotUsable
        No such table or file, or one that cannot be read.
    """
    place = parted(source)
    if place is not None:
        name, address = place
        files = parquet_files(name) if is_spark(address) else ()
        if not files:
            return Opened(engine.table(name, table, address), name, read_as=engine.name)
        return Opened(engine.files(files), Path(name).name, files, files, read_as=f"parquet, {engine.name}")
    if files := parquet_files(source):
        return Opened(engine.files(files), Path(source).name, files, files, read_as="parquet")
    made = as_parquet(source, table, Path(folder))
    return Opened(engine.files([made.file]), Path(source).name, (Path(source),), (made.file,), made.decimal, made.read_as,
                  made.problems, made.skipped, first=2)


def private_folder(folder):
    """A folder that nobody else can read; one of its own is removed when Python ends.

    Raises
    ------
    NotUsable
        Nothing can be written there.
    """
    made = folder is None
    place = Path(tempfile.mkdtemp(prefix="pebbletrail-") if made else folder)
    if made:
        atexit.register(shutil.rmtree, place, ignore_errors=True)
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"0")
    except OSError as error:
        raise not_usable("not-writable", "data", str(place), f"Nothing can be written in {str(place)!r}: {error.strerror}.",
                         "Make room there, or set TMPDIR to a folder with room.") from error
    return place
