"""A received file opened: the notebook and what the file says of itself, both checked. Nothing is written to disk."""

import io
import json
import zipfile
from dataclasses import dataclass

from pebbletrail.exercises.saved import LARGEST, without_outputs
from pebbletrail.exercises.sheet import OWNER
from pebbletrail.grading.claim import BadClaim, owner_claim, read_claim
from pebbletrail.grading.json_size import DEEPEST, json_size
from pebbletrail.grading.zip_entry import BadEntry, entry_content
from pebbletrail.page_source import source

NOTEBOOK, CLAIM = "notebook.ipynb", "submission.json"
LARGEST_CLAIM = 1024 ** 2  # bytes
LARGEST_CELL = 1024 ** 2  # characters
MOST_CELLS, MOST_ENTRIES = 2_000, 1_000
MOST_PARTS = 250_000  # of the notebook's JSON, a number among them; 20 MB of brackets would take gigabytes of memory
_ENTRY = b"PK\x01\x02"  # begins each entry of a zip's table of contents
_KINDS = ("code", "markdown", "raw")


class NotASubmission(ValueError):
    """A file that cannot be graded; one sentence for the teacher says why."""


@dataclass(frozen=True)
class Opened:
    """What was handed in.

    Attributes
    ----------
    notebook : dict
        As ``exercises.saved.parse`` returns it: cells as written, without outputs.
    content : bytes
        The same as JSON: what a run is named by.
    claim : dict
        What the file says of itself: the fields of ``submission.json`` that it has, of the right types and bounded. Of a
        bare notebook, at most ``student`` and ``module``. Any of it may be forged.
    """

    notebook: dict
    content: bytes
    claim: dict


def opened(received):
    """Open a received file.

    Parameters
    ----------
    received : intake.Received
        By its name a bare ``.ipynb``; anything else is taken for the zip that ``sheet.submit()`` writes.

    Returns
    -------
    Opened

    Raises
    ------
    NotASubmission
        Whatever else it is; no other error comes out, whatever the bytes are.
    """
    if received.name.lower().endswith(".ipynb"):
        notebook, content = _notebook(received.content)
        return Opened(notebook, content, owner_claim(notebook["metadata"].get(OWNER)))
    found = _unpacked(received.content)
    try:
        claim = read_claim(found[CLAIM])
    except BadClaim as error:
        raise NotASubmission(str(error)) from None
    return Opened(*_notebook(found[NOTEBOOK]), claim)


def _unpacked(content):
    """The two files of a submission, by name."""
    if content.count(_ENTRY) > MOST_ENTRIES:
        raise NotASubmission("The zip has far more entries than the two of a submission, so it was not opened.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception:  # zipfile raises a dozen kinds of errors for bytes made to hurt
        raise NotASubmission("The zip is damaged, or it is no zip.") from None
    with archive:
        return {name: _only(archive, name, most) for name, most in ((NOTEBOOK, LARGEST), (CLAIM, LARGEST_CLAIM))}


def _only(archive, name, most):
    """The one entry of this name at the top of a zip."""
    entries = [entry for entry in archive.infolist() if entry.orig_filename == name]
    if len(entries) > 1:
        raise NotASubmission(f"The zip has {len(entries)} entries {name}; which one counts is not said.")
    if not entries:
        raise NotASubmission(f"The zip has no {name} at its top, so sheet.submit() did not write it; if it is what a "
                             "learning platform packed, give it to the command by itself.")
    try:
        return entry_content(archive, entries[0], most)
    except BadEntry as error:
        raise NotASubmission(f"{name} in the zip: {error}") from None


def _notebook(content):
    if len(content) > LARGEST:
        raise NotASubmission(f"The notebook is larger than {LARGEST // 1024 ** 2} MB.")
    parts, levels = json_size(content)
    if parts > MOST_PARTS:
        raise NotASubmission("The notebook has too many parts; Edit, Clear Outputs of All Cells may help.")
    if levels > DEEPEST:
        raise NotASubmission(f"The notebook is not one that Jupyter saved: it is nested more than {DEEPEST} deep.")
    try:
        notebook = without_outputs(NOTEBOOK, content)
        why = _fault(notebook)
        canonical = b"" if why else json.dumps(notebook, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except ValueError:
        raise NotASubmission("The notebook is damaged, or not one that Jupyter saved (format 4).") from None
    if why:
        raise NotASubmission(f"The notebook is not one that Jupyter saved: {why}.")
    return notebook, canonical


def _fault(notebook):
    """What Jupyter would not have written, in words; None where all is well."""
    for name in ("nbformat", "nbformat_minor"):
        if type(notebook.get(name)) is not int or not 0 <= notebook[name] < 100:
            return f"{name} is no small number"
    if len(notebook["cells"]) > MOST_CELLS:
        return f"it has more than {MOST_CELLS:,} cells"
    for number, cell in enumerate(notebook["cells"], start=1):
        if why := _cell_fault(cell):
            return f"cell {number} {why}"
    return None


def _cell_fault(cell):
    if cell["cell_type"] not in _KINDS:
        return "is neither code nor text"
    text = cell["source"]
    if not isinstance(text, (str, list)) or not isinstance(cell.get("id", ""), str):
        return "has no text"
    if not all(isinstance(tag, str) for tag in cell["metadata"].get("tags", [])):
        return "has a tag that is no text"
    return f"has more than {LARGEST_CELL:,} characters" if len(source(cell)) > LARGEST_CELL else None
