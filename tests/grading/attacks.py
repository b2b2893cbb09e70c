"""What a hostile student might put into a notebook. Each attack says in the text answer q8 what it came to.

What the attacker knows of the computer, real paths and a real port, is filled in where «a word» stands. An attack that came
to nothing says ``nothing``: who reads that knows that it ran, and failed.
"""

REPORT = """
import pebbletrail as pt
sheet = pt.exercise(«module»)
found = []
def tried(what, call):
    try:
        found.append(f"{what}: {str(call())[:200]}")
    except BaseException as error:
        pass
"""
TELL = """
sheet.answer("q8", "found " + "; ".join(found) if found else "nothing")
"""

READ_KEYS = """
import glob, os
for path in «outside»:
    tried(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path).read())
for root in glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/cwd"):
    for path in «outside»:
        tried(root + path, lambda: os.listdir(root + path) if os.path.isdir(root + path) else open(root + path).read())
for path in glob.glob("/proc/[0-9]*/environ"):
    tried(path, lambda: next(word for word in open(path).read().split(chr(0)) if "PEBBLETRAIL_DATA" in word))
for top in set(os.listdir("/")) - {"proc", "usr", "lib", "sys"}:
    for folder, _, names in os.walk("/" + top):
        if "roster.json" in names or "gradebook.sqlite" in names:
            found.append(folder)
"""

NETWORK = """
import socket, urllib.request
tried("this computer", lambda: socket.create_connection(("127.0.0.1", «port»), 2).recv(10))
tried("any address", lambda: socket.create_connection(("10.0.0.1", 80), 2))
tried("names", lambda: socket.getaddrinfo("example.org", 80))
tried("pages", lambda: urllib.request.urlopen("http://example.org", timeout=2).read())
tried("a datagram", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("10.0.0.1", 53)))
tried("a service", lambda: socket.socket(socket.AF_UNIX).connect(«service»))
tried("an abstract service", lambda: socket.socket(socket.AF_UNIX).connect(chr(0) + «abstract»))
tried("the host of a virtual machine", lambda: socket.socket(40, socket.SOCK_STREAM))
tried("packets", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
"""

WRITE_OUTSIDE = """
import os, sys, pebbletrail
for folder in [*«outside», "/", "/in", "/in/files", "/usr", "/etc", "/dev", "/proc/sys/kernel", sys.prefix,
               os.path.dirname(pebbletrail.__file__), *filter(None, sys.path)]:
    tried(folder, lambda: open(os.path.join(folder, "written-by-a-student"), "w").write("x"))
tried("link", lambda: (os.symlink(«outside»[0], "/tmp/there"), open("/tmp/there/written-by-a-student", "w")))
tried("core", lambda: open("/proc/sys/kernel/core_pattern", "w").write("|/bin/false"))
tried("mode", lambda: os.chmod(os.path.dirname(pebbletrail.__file__), 0o777))
"""

FORK_BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""

STARVE = """
import os
for _ in range(50):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
while True:
    pass
"""

MEMORY_BOMB = """
import numpy
held = []
while True:
    held.append(numpy.ones(10_000_000))
"""

MEMORY_BOMB_OF_MANY = """
import os, time
for number in range(40):
    if os.fork() == 0:
        held = bytearray(80_000_000)
        for place in range(0, len(held), 4096):
            held[place] = 1
        time.sleep(100)
time.sleep(100)
"""

MEMORY_OF_NOBODY = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
tried("memfd", lambda: os.memfd_create("x"))
def segment():
    id = libc.shmget(0, 1 << 26, 0o1600)
    assert id >= 0
    return id
tried("segment", segment)
def fill(path):
    with open(path, "wb") as file:
        for _ in range(2_000):
            file.write(bytes(1 << 20))
    return "2 GB"
tried("temporary", lambda: fill("/tmp/large"))
tried("shared", lambda: fill("/dev/shm/large"))
tried("devices", lambda: fill("/dev/large"))
tried("work", lambda: fill("large"))
"""

ENDLESS = """
sheet.answer("q1", «letter»)
"""
LOOP = """
while True:
    pass
"""
DEAF_LOOP = """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
"""

PRINTING = """
for _ in range(1_000):
    print("x" * 1_000_000)
"""

FLOOD = """
import os
block = b"x" * 1_000_000
while True:
    for number in range(1, 64):
        try:
            os.write(number, block)
        except OSError:
            pass
"""

FORGE = """
import json, os
forged = [dict(answer=dict(question="q1", value=[[[[1]]]])), dict(answer=dict(question="q3", value=dict(points=20))),
          dict(answer=dict(question="no such", value=1)), dict(answer=dict(question="q3b", value="9" * 5000)),
          dict(points=20, earned=20, total=20, state="right"), dict(marks=dict(q3=20.0)), dict(end=True), [1], "text"]
for number in range(1, 64):
    try:
        os.write(number, ("".join(chr(10) + json.dumps(line) + chr(10) for line in forged)).encode())
    except OSError:
        pass
from IPython.display import display
answer = "application/vnd.pebbletrail.answer+json"
display({answer: {"question": "q3", "value": "20 points", "state": "right", "points": 20}}, raw=True)
display({answer: {"question": "q7", "value": True}}, raw=True)
display({answer: [[[]]]}, raw=True)
"""

PATCH = """
import json, math, sys
import numpy
import pebbletrail.exercises.answers as answers
import pebbletrail.exercises.marking as marking
marking.mark = lambda *given: marking.Mark("right", 20.0)
marking.within = lambda *given: True
answers.cleaned = lambda question, given: given
numpy.mean = numpy.isclose = lambda *given, **more: 1.0
json.dumps = lambda *given, **more: "{}"
math.isfinite = lambda value: True
for name in list(sys.modules):
    if name.startswith("pebbletrail.grading"):
        sys.modules[name] = None
"""

OWN_END = """
import os
os._exit(0)
"""
SEGMENTATION = """
import ctypes
ctypes.string_at(0)
"""

KILL = """
import os, signal
for number in (os.getppid(), 1, -1, 0, *«pids»):
    try:
        os.kill(number, signal.SIGKILL)
    except OSError:
        pass
"""

DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(300)", «marker»])
    os._exit(0)
time.sleep(0.5)
"""

DOORS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *given):
    if getattr(libc, name)(*given) == -1:
        raise OSError(ctypes.get_errno(), name)
    return "done"
tried("unshare", lambda: call("unshare", 0x10000000))
tried("mount", lambda: call("mount", b"none", b"/tmp", b"tmpfs", 0, None))
tried("ptrace", lambda: call("ptrace", 16, 1, 0, 0))
tried("setuid", lambda: os.setuid(0))
tried("chroot", lambda: os.chroot("/tmp"))
tried("limit", lambda: __import__("resource").setrlimit(__import__("resource").RLIMIT_NPROC, (10_000, 10_000)))
tried("another namespace", lambda: call("clone", None, None, 0x10000000))
"""


def filled(attack, **outside):
    """An attack with what the attacker knows."""
    for name, value in outside.items():
        attack = attack.replace(f"«{name}»", repr(value))
    return attack
