"""Where an engine is found: ``calls@duckdb:///firm.db``, ``calls@postgres://…``; secrets stay unsaid."""

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from pebbletrail.own_data.given import NotUsable, Problem

_AT = re.compile(r"(?P<name>.+?)@(?P<address>[A-Za-z][A-Za-z0-9+]*:.*)", re.DOTALL)
ENVIRONMENT = "env:"
KEPT = "PEBBLETRAIL_CONNECTION_"  # the environment hands an address with a secret to the notebook's kernel; no file does
MEMORY = "800MB"  # what DuckDB may hold; beyond it writes to the private folder


def parted(source):
    """``(name, address)`` of ``name@address``, or None for a file."""
    source = str(source)
    found = None if Path(source).exists() else _AT.fullmatch(source)
    return (found["name"], found["address"]) if found else None


def plain(address, table="data"):
    """The address as it may be written down: one that holds a secret becomes a variable of the environment.

    Raises
    ------
    NotUsable
        ``env:NAME`` names a variable that is not set, or the address cannot be read.
    """
    if address.startswith(ENVIRONMENT):
        _looked_up(address, table)
        return address
    if not _secret(address, table):
        return address
    name = KEPT + hashlib.sha256(address.encode()).hexdigest()[:12].upper()
    os.environ[name] = address
    return ENVIRONMENT + name


def shown(address, table="data"):
    """The address for a reader: without user, password and options."""
    address = _looked_up(address, table)
    if is_spark(address) or not _secret(address, table):
        return address
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def is_spark(address):
    return address.startswith("spark:")


def is_duckdb(address):
    return address.startswith("duckdb:")


def duckdb_path(address, table):
    """The file of ``duckdb:///folder/firm.db`` (absolute) or ``duckdb://firm.db`` (beside where the command runs).

    Raises
    ------
    NotUsable
        There is no such file: an engine asked for it would make an empty one.
    """
    path = Path(unquote(address.removeprefix("duckdb:").removeprefix("//")))
    if not path.is_file():
        raise not_usable("no-such-file", table, path.name, f"--data {table}: there is no DuckDB file {str(path)!r}.",
                         "Write NAME@duckdb:///folder/file.db, with three slashes where the path is absolute.")
    return path


def in_memory(folder):
    """A DuckDB that holds little, writes what is too much to ``folder``, and fetches nothing from anywhere.

    Rows keep no order there: that saves memory, and no sum depends on it.
    """
    import ibis

    spill = Path(folder, "spill")
    spill.mkdir(exist_ok=True)
    return ibis.duckdb.connect(memory_limit=MEMORY, temp_directory=str(spill), preserve_insertion_order=False,
                               autoinstall_known_extensions=False)


def attached(backend, number, path, table):
    """A DuckDB file beside the tables in memory, for reading alone; gives the name it goes by."""
    name, text = f"firm{number}", str(path).replace("'", "''")
    try:
        backend.raw_sql(f"ATTACH '{text}' AS {name} (TYPE duckdb, READ_ONLY)")
    except Exception as error:  # DuckDB has its own error for each cause; the reader needs the cause alone
        raise not_usable("not-readable", table, path.name, f"--data {table}: DuckDB cannot read {path.name!r}: "
                         f"{first_line(error)}", "Close the program that has it open, or give a copy.") from error
    return name


def reached(address, table):
    """The backend of any other address that Ibis knows.

    Raises
    ------
    NotUsable
        Nothing answers, or the driver is not installed. The message holds neither user nor password.
    """
    import ibis

    full = _looked_up(address, table)
    try:
        return ibis.connect(full)
    except Exception as error:  # each driver has errors of its own
        kind = urlsplit(full).scheme
        mend = (f"Is its driver installed? pip install 'ibis-framework[{kind}]'" if isinstance(error, ImportError)
                else "Check the address, the user and the password, and that this machine may reach it.")
        raise not_usable("no-connection", table, shown(address, table), f"--data {table}: no connection to "
                         f"{shown(address, table)}: {_without_secrets(first_line(error), full)}", mend) from None


def not_usable(code, table, found, told, mend):
    """The error of one problem that stops."""
    return NotUsable(f"{told} {mend}", [Problem(code, table, found=found, mend=mend, stops=True)])


def first_line(error):
    """An engine's message without its query."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _looked_up(address, table):
    if not address.startswith(ENVIRONMENT):
        return address
    name = address.removeprefix(ENVIRONMENT)
    if name not in os.environ:
        raise not_usable("no-connection", table, name, f"--data {table}: the environment has no variable {name!r}.",
                         f"Set it to the address, for example export {name}=postgres://…")
    return os.environ[name]


def _secret(address, table):
    """Whether the address may hold a secret: a user's password, or options, where tokens stand."""
    try:
        parts = urlsplit(address)
        return bool(parts.password or parts.query)
    except ValueError as error:
        raise not_usable("no-connection", table, "", f"--data {table}: the address after @ cannot be read.",
                         "Write NAME@kind://user@host/database; a password with : / @ is written as %3A %2F %40.") from error


def _without_secrets(text, address):
    """A driver's message may repeat the address, or parts of it."""
    parts = urlsplit(address)
    for secret in (address, parts.netloc, parts.password, unquote(parts.password or ""), parts.query):
        if secret:
            text = text.replace(secret, "…")
    return text
