"""The file of a gradebook: its tables, and how it is opened, begun, held and refused."""

import contextlib
import json
import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path

from pebbletrail.exercises.class_folder import PRIVATE, disk_trouble
from pebbletrail.exercises.packet import MAKING
from pebbletrail.holding import hold

FILE, LOCK, RECEIVED = "gradebook.sqlite", ".grading", "received"
FORMAT = 1
OURS = int.from_bytes(b"PtGb", "big")  # SQLite's application_id
PATIENCE = 10.0  # seconds, for a program that shows the file
_COPY = "Put it back from where you keep a copy; without one, name a new folder. Nothing was written"
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE received (sha256 TEXT PRIMARY KEY, suffix TEXT NOT NULL, bytes INTEGER NOT NULL, seen TEXT NOT NULL, held TEXT);
CREATE TABLE received_names (sha256 TEXT NOT NULL REFERENCES received, name TEXT NOT NULL, seen TEXT NOT NULL,
    UNIQUE (sha256, name));
CREATE TABLE placed (sha256 TEXT NOT NULL REFERENCES received, student TEXT NOT NULL, module TEXT NOT NULL,
    name TEXT NOT NULL, claim TEXT NOT NULL, notes TEXT NOT NULL, problems TEXT NOT NULL, PRIMARY KEY (sha256, student));
CREATE TABLE noticed (file TEXT NOT NULL, what TEXT NOT NULL, student TEXT NOT NULL, module TEXT NOT NULL);
CREATE TABLE runs (number INTEGER PRIMARY KEY, work TEXT NOT NULL, student TEXT NOT NULL, module TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES received, answers TEXT NOT NULL, error TEXT NOT NULL, seconds REAL NOT NULL,
    isolation TEXT NOT NULL, ended TEXT NOT NULL, notes TEXT NOT NULL, made TEXT NOT NULL);
CREATE INDEX runs_by_work ON runs (work);
CREATE TABLE people (number INTEGER PRIMARY KEY, batch INTEGER NOT NULL, student TEXT NOT NULL, module TEXT NOT NULL,
    question TEXT NOT NULL, points REAL, comment TEXT NOT NULL, source TEXT NOT NULL, answer TEXT, sha256 TEXT,
    given TEXT NOT NULL);
CREATE TABLE current_marks (student TEXT NOT NULL, name TEXT NOT NULL, module TEXT NOT NULL, question TEXT NOT NULL,
    kind TEXT NOT NULL, answer TEXT NOT NULL, state TEXT NOT NULL, points REAL, possible REAL NOT NULL,
    marked_by TEXT NOT NULL, ruled REAL, route TEXT NOT NULL, comment TEXT NOT NULL, UNIQUE (student, module, question));
CREATE TABLE current_works (student TEXT NOT NULL, name TEXT NOT NULL, module TEXT NOT NULL, title TEXT NOT NULL,
    state TEXT NOT NULL, points REAL NOT NULL, possible REAL NOT NULL, unmarked INTEGER NOT NULL, complete INTEGER NOT NULL,
    handed_in TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, notes TEXT NOT NULL, doubts TEXT NOT NULL,
    UNIQUE (student, module));
CREATE VIEW marks AS SELECT student, name, module, question, kind, answer, state, points, possible, marked_by,
    ruled AS points_by_rules, route AS mistake, comment FROM current_marks;
CREATE VIEW totals AS SELECT student, name, module, title, state, points, possible, unmarked AS questions_to_mark, doubts,
    complete, handed_in, file FROM current_works;
"""
_KEPT = "CREATE TRIGGER {table}_{change} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, 'rows of {table} stay'); END;"
SCHEMA = _TABLES + "\n".join(_KEPT.format(table=table, change=change) for table in ("runs", "people")
                             for change in ("UPDATE", "DELETE"))


class GradebookError(ValueError):
    """A gradebook that cannot be used as it is; the message says what to do."""


class BookFile:
    """The file of a gradebook, opened or begun, and held while a command is at work.

    Parameters
    ----------
    folder : str or Path
        Made if need be, for its owner alone.

    Raises
    ------
    GradebookError
        On entering: the folder is not a gradebook's, its file is damaged or of another version, or another command is at
        work there.
    ClassFolderError
        The disk is full, or cannot be written.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.path = self.folder / FILE

    def __enter__(self):
        _usable(self.folder)
        self._lock = _lock(self.folder)
        try:
            self._database = _opened(self.path)
            _sweep(self.folder)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, *_):
        self._database.close()
        self._lock.release()

    def begin(self, class_fingerprint, class_folder=None):
        """See that the book is this class's, and note where the class lies; another class's is refused."""
        with self._transaction() as write:
            if self.about("class") not in (None, class_fingerprint):
                raise GradebookError(f"{self.folder}: these are the grades of another class. Name the class that they are "
                                     "of, or a new folder for the grades. Nothing was written.")
            new = {"class": class_fingerprint} | ({"folder": str(Path(class_folder).resolve())} if class_folder else {})
            for name, value in new.items():
                if self.about(name) != value:
                    write("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def about(self, name):
        """What is known of the class: ``"class"``, its fingerprint, or ``"folder"``; None as long as it is not."""
        found = self._rows("SELECT value FROM about WHERE name = ?", (name,))
        return found[0][0] if found else None

    def _rows(self, query, values=()):
        with _trouble(self.path):
            return self._database.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self):
        """What is written in it is written together, or not at all."""
        with _trouble(self.path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database.execute
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:  # a full disk ends it by itself
                    self._database.execute("ROLLBACK")
                raise


def _usable(folder):
    """See that a folder is a gradebook's, or may become one; nothing is written.

    Raises
    ------
    GradebookError
    """
    with disk_trouble(folder):
        here = sorted(one.name for one in folder.iterdir() if not one.name.startswith(".")) if folder.exists() else []
    if FILE in here and (RECEIVED not in here or (folder / FILE).stat().st_size):
        return
    if RECEIVED in here:
        raise GradebookError(f"{folder / FILE}: it is gone, or empty. {_COPY}.")
    if here:
        raise GradebookError(f"{folder}: this folder holds {here[0]!r}, and no gradebook. Name a new folder for the grades. "
                             "Nothing was written.")


def _lock(folder):
    """Hold the folder, for its owner alone; the system lets go when the process ends, however it ends.

    Raises
    ------
    GradebookError
        Another command is at work there.
    """
    with disk_trouble(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(OSError):  # some drives know no modes
            folder.chmod(0o700)
        return hold(folder, LOCK, GradebookError(f"{folder}: another command is at work in this folder; wait until it has "
                                                 "ended, and give yours again."))


def _sweep(folder):
    """Take away what an interrupted run left unfinished. Only for who holds the folder."""
    for path in list(folder.rglob(f"{MAKING}*")):
        if path.is_file():
            path.unlink(missing_ok=True)


def _opened(path):
    """The database, begun if it is not there yet or still empty; another file is refused and stays as it is.

    Returns
    -------
    sqlite3.Connection
        It begins no transaction by itself.
    """
    with disk_trouble(path), contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    with _trouble(path):
        database = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        try:
            _check(database, path)
            database.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            database.close()
            raise
    with contextlib.suppress(OSError):
        path.chmod(PRIVATE)
    return database


def _check(database, path):
    whose, number = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    if (whose, number) == (0, 0) and not database.execute("SELECT 1 FROM sqlite_master").fetchone():
        database.executescript(f"BEGIN EXCLUSIVE;\n{SCHEMA}\nPRAGMA application_id = {OURS};\n"
                               f"PRAGMA user_version = {FORMAT};\nCOMMIT;")
        return
    if whose != OURS:
        raise GradebookError(f"{path}: this is a database of another program, not a gradebook. {_COPY}.")
    if number != FORMAT:
        raise GradebookError(f"{path}: written by another version of Pebbletrail (format {number}, this one writes "
                             f"{FORMAT}). Use that version. Nothing was written.")
    found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(found)


@contextmanager
def _trouble(path):
    """What SQLite says about a file, as one sentence; faults of ours stay what they are."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise GradebookError(f"{path}: another program is writing to it. Close it there, and give the command again; it "
                                 "goes on from where it is.") from None
        what = "the disk, or your share of it, is full" if "full" in str(error) else f"it cannot be used ({error})"
        raise GradebookError(f"{path}: {what}. What was written stays; when that is mended, the same command goes on from "
                             "there.") from None
    except sqlite3.DatabaseError as error:
        raise GradebookError(f"{path}: it is damaged, or no gradebook ({_first_line(error)}). {_COPY}.") from None


def must_be_there(out):
    """Refuse a folder of grades without a gradebook, which only grading begins."""
    if not (out / "gradebook.sqlite").is_file():
        raise ValueError(f"--grades: there is no gradebook in {out}. `pebbletrail class grade` begins one.")


def as_text(data):
    """JSON for a column; not-a-number is an error."""
    return storable(json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True))


def storable(text):
    """Half a character cannot be stored."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _first_line(error):
    return str(error).strip().splitlines()[0]
