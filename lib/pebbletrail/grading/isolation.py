"""How a run is kept apart, at the best that this machine offers; what holds is tried out before, not hoped for."""

import os
import secrets
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pebbletrail.grading import bubblewrap, system_calls
from pebbletrail.grading.limits import Limits
from pebbletrail.grading.supervise import ENDED, supervised

BUBBLEWRAP, LIMITS, PROCESS = "bubblewrap", "limits", "process"
IN_WORDS = {
    BUBBLEWRAP: "Each submission runs in a sandbox of its own (bubblewrap): no network, no file of this computer but Python "
                "and the student's own tables, limits on time, memory, processes and output.",
    LIMITS: "There is no sandbox here: each submission runs in a process of its own with limits on time, memory and output, "
            "but it can read and write what you can, and reach the network.",
    PROCESS: "There is no sandbox here: each submission runs in a process of its own, watched for time and memory, but it "
             "can read and write what you can, and reach the network.",
}
INSTALL = ("On Linux, install the package bubblewrap (on Debian and Ubuntu: apt install bubblewrap); on other systems, "
           "grade on a Linux machine, a virtual one will do.")


class NoSandbox(ValueError):
    """The sandbox was required and is not to be had; the message says why and what to do."""


@dataclass(frozen=True)
class Isolation:
    """One level of isolation. ``hidden``: folders and files that no run may see; ``why``: why it is no better, in words."""

    level: str
    hidden: tuple = ()
    why: str = ""

    @property
    def text(self):
        return IN_WORDS[self.level] + (f" Why: {self.why}." if self.why else "")

    def run(self, arguments, folder, limits):
        """Run ``python -m arguments`` on what lies in a folder; ``{folder}`` in an argument is where the run sees it.

        Returns
        -------
        Seen
        """
        seen_at = bubblewrap.INPUT if self.level == BUBBLEWRAP else str(folder)
        inner = [sys.executable, "-P", "-m", *(argument.replace("{folder}", seen_at) for argument in arguments)]
        if self.level == BUBBLEWRAP:
            with system_calls.as_file() as filter:
                command = bubblewrap.command(inner, folder, limits, self.hidden, filter)
                return supervised(command, {}, limits, (filter,) if filter is not None else ())
        with tempfile.TemporaryDirectory(prefix="pebbletrail-", ignore_cleanup_errors=True) as home:
            return supervised(inner, _plain_environment(home), limits, folder=home)

    def user(self):
        """The user number that a run takes on; None where it stays ours."""
        strange = self.level == BUBBLEWRAP and bubblewrap.is_root()
        return bubblewrap.STRANGER + secrets.randbelow(1 << 24) if strange else None


def _plain_environment(home):
    """Without a sandbox: no word in the environment of where anything else is."""
    system = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG") if name in os.environ}
    return {**system, "HOME": home, "USERPROFILE": home, "TMPDIR": home, "TEMP": home, **bubblewrap.quiet(home)}


def choose(require=False, hidden=()):
    """The best isolation of this machine, tried out.

    Parameters
    ----------
    require : bool
        Refuse anything less than the sandbox.
    hidden : iterable of Path

    Raises
    ------
    NoSandbox
        It was required and does not hold here.
    """
    sandbox = Isolation(BUBBLEWRAP, tuple(hidden))
    why = fault(sandbox)
    if why is None:
        return sandbox
    if require:
        raise NoSandbox(f"--require-sandbox: there is no sandbox here ({why}). {INSTALL} Nothing was executed.")
    return Isolation(LIMITS if os.name == "posix" else PROCESS, tuple(hidden), why)


def fault(isolation):
    """What of a sandbox does not hold on this machine; None when it was tried and all of it held."""
    if sys.platform != "linux":
        return "bubblewrap is a program for Linux"
    if bubblewrap.program() is None:
        return "bubblewrap is not installed"
    with tempfile.TemporaryDirectory(prefix="pebbletrail-") as place, socket.create_server(("127.0.0.1", 0)) as server:
        folder, canary = Path(place) / "in", Path(place) / "canary"
        folder.mkdir(mode=0o755)
        canary.write_text("seen")
        own = folder / "own"
        own.write_text("seen")
        folder.chmod(0o755)
        own.chmod(0o644)
        plan = [str(canary), str(server.getsockname()[1]), str(isolation.user() or "")]
        seen = isolation.run(["pebbletrail.grading.walls", *plan], folder, Limits(seconds=30))
    if seen.ended == ENDED and seen.output.startswith(b"holds"):
        return None
    told = [*seen.output.decode("utf-8", "replace").split("\n"), *seen.noise.strip().split("\n")[-1:]]
    why = next((line for line in told if line), "bubblewrap did not start")
    return f"{why}; it needs bubblewrap 0.7 or newer" if "nknown option" in why else why
