"""Does the sandbox hold? Tried from its inside, by reaching for what must be out of reach.

    python -P -m pebbletrail.grading.walls CANARY PORT USER

CANARY is a file outside, PORT one on which somebody listens outside, USER the user number to take on or empty. Prints
``holds``, or what does not.
"""

import os
import socket
import sys
import tempfile
from pathlib import Path


def holes(canary, port):
    """What can be reached and must not be, in words."""
    if Path(canary).exists():
        yield "files of this computer can be seen"
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=2).close()
        yield "this computer's network can be reached"
    except OSError:
        pass
    if len([name for name in os.listdir("/proc") if name.isdigit()]) > 10:
        yield "other processes can be seen"
    for folder in ("/", "/dev", "/usr", "/in", *sys.path, sys.prefix):
        private = folder.startswith("/tmp/") and not os.path.ismount(folder)  # on the way to what is bound there
        if os.path.isdir(folder) and os.access(folder, os.W_OK) and not private:
            yield f"{folder} can be written to"
    if not os.access("/in/own", os.R_OK):
        yield "its own files cannot be read"
    try:
        tempfile.TemporaryFile().close()
    except OSError:
        yield "there is no temporary folder to write to"


def main(canary, port, user):
    if user:
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))
    print("\n".join(holes(canary, port)) or "holds")


if __name__ == "__main__":
    main(*sys.argv[1:])
