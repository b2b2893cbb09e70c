"""One entry of a zip that may be hostile: what speaks against reading it, and its content, in memory and bounded."""

import re
import stat
import zipfile

RATIO = 200  # times that an entry may grow when it is unpacked; a notebook grows 5 to 50 times
SMALL = 1024 ** 2  # bytes up to which it may grow as it likes
_ENCRYPTED, _UTF_8 = 0x1, 0x800  # flags of an entry


class BadEntry(ValueError):
    """An entry that is not read; one sentence says why."""


def entry_name(entry):
    """The name of an entry. Some platforms write UTF-8 and do not say so."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def fault(entry, most):
    """Why an entry must not be read, as a sentence; None where nothing speaks against it.

    Parameters
    ----------
    entry : zipfile.ZipInfo
    most : int
        Bytes that it may have when it is unpacked.
    """
    name = entry.orig_filename
    if re.search(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|\\|\0", name):
        return "Its name leads to another place (.., / or \\), so it was not read."
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "It is a link or a device and no file, so it was not read."
    if entry.flag_bits & _ENCRYPTED:
        return "It is encrypted, so it cannot be read."
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others are unpacked without a bound
        return "It is packed in an unusual way (neither stored nor deflated), so it was not read."
    if entry.file_size > most:
        return f"It is larger than {most // 1024 ** 2} MB when it is unpacked, so it was not read."
    if entry.file_size > max(SMALL, RATIO * entry.compress_size):
        return f"It grows more than {RATIO} times when it is unpacked, as no notebook does, so it was not read."
    return None


def entry_content(archive, entry, most):
    """The bytes of an entry.

    Raises
    ------
    BadEntry
        Something speaks against reading it (``fault``), or it is damaged.
    """
    if why := fault(entry, most):
        raise BadEntry(why)
    try:
        with archive.open(entry) as file:
            content = file.read(most + 1)
    except Exception:  # zipfile and zlib raise a dozen kinds of errors for bytes made to hurt
        raise BadEntry("It is damaged: it cannot be unpacked.") from None
    if len(content) != entry.file_size:
        raise BadEntry("It is damaged: it has another size than the zip says.")
    return content
