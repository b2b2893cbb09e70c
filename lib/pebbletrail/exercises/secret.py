"""The secret of a course: from it, a student's id and a module follow that student's numbers."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

SHORTEST = 32  # bytes
COMMAND = "pebbletrail class secret"
_FEW = 11  # different characters: below, it is digits alone, or a word again and again
_MARK = b"\xef\xbb\xbf"  # what some editors put before UTF-8


class BadSecret(ValueError):
    """A secret file that cannot be used; the message never shows what is in it."""


def make_secret(path):
    """Write a fresh secret, readable by its owner alone. A file that is there already stays.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    BadSecret
        Something is there already, or the file cannot be written.
    """
    path = Path(path)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadSecret(f"{path}: there is a file already, and it stays as it is. A secret that is written over is lost, "
                        "and with it the way to make the same data again. Name another file.") from None
    except OSError as error:
        raise BadSecret(f"{path}: it cannot be written ({error.strerror}).") from None
    with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
        file.write(secrets.token_hex(SHORTEST) + "\n")


def read_secret(path):
    """The secret in a file, without the white space around it.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    bytes

    Raises
    ------
    BadSecret
        No such file, it cannot be read, or it is too short.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadSecret(f"{path}: there is no such file. `{COMMAND} {path}` makes one; keep it where students cannot "
                        "read it.") from None
    except OSError as error:
        raise BadSecret(f"{path}: it cannot be read ({error.strerror}).") from None
    secret = content.removeprefix(_MARK).strip()
    if len(secret) < SHORTEST:
        raise BadSecret(f"{path}: a secret has at least {SHORTEST} characters, this one has {len(secret)}. `{COMMAND} FILE` "
                        "makes one that nobody can guess.")
    return secret


def fingerprint(secret):
    """By which a secret is known again; the secret cannot be had back from it."""
    return hmac.new(secret, b"pebbletrail: the fingerprint of a class secret", hashlib.sha256).hexdigest()


def cautions(path, out):
    """What is unwise about where a secret lies and what it is, as sentences.

    Parameters
    ----------
    path : str or Path
        The secret file.
    out : str or Path
        The folder of the class, from which hand-outs are taken.
    """
    path, found = Path(path), []
    if path.resolve().is_relative_to(Path(out).resolve()):
        found.append(f"The secret file {path} lies inside {out}, from which you hand out. Move it elsewhere: whoever has it "
                     "can work out every key.")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        found.append(f"Others on this machine can open the secret file {path}. `chmod 600 {path}` keeps it to you.")
    if _looks_typed(read_secret(path)):
        found.append(f"The secret in {path} looks typed by hand: few different characters, or words. It can be guessed; "
                     f"`{COMMAND} FILE` makes one that cannot, for a class that is not yet begun.")
    return found


def _looks_typed(secret):
    """Few different characters, letters alone, or words: what chance makes has no blanks, and hardly ever letters alone."""
    text = secret.decode("utf-8", errors="replace")
    return len(set(text)) < _FEW or text.isalpha() or any(sign.isspace() for sign in text)
