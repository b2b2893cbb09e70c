"""What ``submission.json`` says of itself: every field of the right type and bounded. Any of it may be forged."""

import json
import math
import re
import unicodedata
from datetime import datetime

from pebbletrail.exercises.answers import LONGEST as LONGEST_TEXT
from pebbletrail.exercises.rerun import LONGEST as LONGEST_ERROR
from pebbletrail.grading.json_size import DEEPEST, json_size

FORMAT = 1
SHORT = 200  # characters of a name
MOST = 200  # entries of a list, or of a dict
LARGEST_VERSION = 1_000_000
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they make text look other than it is
_CONTROLS = ("Cc", "Zl", "Zp")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


class BadClaim(ValueError):
    """No ``submission.json`` as ``sheet.submit()`` writes it; one sentence says why."""


def plain(text, most=SHORT, lines=False):
    """Text that can be stored and shown: no control characters, no half characters, at most so many characters.

    Parameters
    ----------
    text : str
    most : int
    lines : bool
        Whether line ends and tabs stay.
    """
    text = _TURNS.sub("", text[:most].encode("utf-8", "replace").decode("utf-8"))
    return "".join(sign for sign in text if unicodedata.category(sign) not in _CONTROLS or (lines and sign in "\n\t"))


def read_claim(content):
    """The claim in the bytes of a ``submission.json``; fields that it does not have are left out, unknown ones too.

    Raises
    ------
    BadClaim
        It is no JSON, or a field is not of the type that ``sheet.submit()`` writes.
    """
    if json_size(content)[1] > DEEPEST:
        raise BadClaim(f"submission.json is not what sheet.submit() writes: it is nested more than {DEEPEST} deep.")
    try:
        said = json.loads(content.decode("utf-8"), parse_constant=_refused)
    except (ValueError, RecursionError):
        raise BadClaim("submission.json cannot be read: it is not JSON in UTF-8.") from None
    if not isinstance(said, dict):
        raise BadClaim("submission.json is not what sheet.submit() writes.")
    if type(said.get("format")) is not int or said["format"] != FORMAT:
        raise BadClaim("submission.json has another format than this Pebbletrail reads; which version wrote it?")
    return {name: _field(name, read, said[name]) for name, read in _FIELDS.items() if name in said}


def owner_claim(owner):
    """The claim of a bare notebook: what its metadata say of whose it is."""
    said = owner if isinstance(owner, dict) else {}
    return {name: plain(said[name]) for name in ("student", "module") if isinstance(said.get(name), str)}


def _field(name, read, value):
    try:
        return read(value)
    except (ValueError, TypeError, OverflowError, KeyError):
        raise BadClaim(f"submission.json: {name!r} is not of the kind that sheet.submit() writes.") from None


def _is(value, kind):
    if type(value) is not kind:
        raise TypeError(value)
    return value


def _name(value):
    return plain(_is(value, str))


def _digest(value):
    if not _SHA256.fullmatch(_is(value, str)):
        raise ValueError(value)
    return value


def _version(value):
    if not 0 <= _is(value, int) <= LARGEST_VERSION:
        raise ValueError(value)
    return value


def _time(value):
    if f"{datetime.strptime(_is(value, str), _TIME):{_TIME}}" != value:
        raise ValueError(value)
    return value


def _some(value, kind):
    if len(_is(value, kind)) > MOST:
        raise ValueError(len(value))
    return value


def _names(value):
    return [_name(one) for one in _some(value, list)]


def _answer(value):
    if isinstance(value, str):
        return plain(value, LONGEST_TEXT, lines=True)
    if isinstance(value, list):
        return _names(value)
    if type(value) not in (int, float) or not math.isfinite(float(value)):
        raise TypeError(value)
    return float(value)


def _error(value):
    if value is None:
        return None
    return {name: plain(_is(value[name], str), LONGEST_ERROR) for name in ("section", "code", "name", "message")}


def _flag(value):
    return _is(value, bool)


_FIELDS = {
    "format": _version, "module": _name, "version": _version, "student": _name, "practice": _flag, "time": _time,
    "pebbletrail": _name, "files": lambda value: {_name(name): _digest(one) for name, one in _some(value, dict).items()},
    "notebook": lambda value: {"name": _name(value["name"]), "sha256": _digest(value["sha256"])},
    "answers": lambda value: {_name(id): _answer(one) for id, one in _some(value, dict).items()},
    "unanswered": _names, "error": _error, "differs": _names, "anyway": _flag}


def _refused(constant):
    raise ValueError(constant)
