"""The walls of one run, by bubblewrap: what it sees is this list; what is not on it is not there.

No network, processes of its own, Python and the system read-only, one private folder in memory of limited size.
"""

import os
import shutil
import site
import sys
import sysconfig
from pathlib import Path

from pebbletrail.home import CHECKOUT, PACKAGE, in_checkout

HOME, INPUT = "/tmp", "/in"
STRANGER = 0x50000000  # the first of the user numbers that a run gets where root grades: nobody has them
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/fonts", "/etc/localtime")
PARTS = ("bin", "lib", "lib64", "share/jupyter", "pyvenv.cfg")  # of an environment
SHARED_MEMORY = 64 << 20  # bytes


def program():
    """Where bubblewrap is; None where it is not."""
    return shutil.which("bwrap")


def environment():
    """All that a run finds in its environment."""
    return {"HOME": HOME, "TMPDIR": HOME, "USER": "student", "LOGNAME": "student",
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LANG": "C.UTF-8", **quiet(HOME)}


def quiet(home):
    """What makes Python, Jupyter and the numerical libraries behave in a run, wherever it is."""
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
    return {**threads, "MPLBACKEND": "agg", "MPLCONFIGDIR": f"{home}/matplotlib", "IPYTHONDIR": f"{home}/ipython",
            "JUPYTER_PREFER_ENV_PATH": "1", "JUPYTER_PLATFORM_DIRS": "1", "PEBBLETRAIL_OFFLINE": "1",
            "PEBBLETRAIL_HANDING_IN": "1", "PEBBLETRAIL_UNSEEN": "1",
            "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8",
            "PYTHONPATH": str(PACKAGE.parent)}


def command(inner, folder, limits, hidden=(), filter=None):
    """The command that runs another one behind walls.

    Parameters
    ----------
    inner : list of str
    folder : Path
        What the run may read, seen as ``/in``.
    limits : Limits
    hidden : iterable of Path
        What must not be seen even if it lies in a folder that is, such as a class inside the environment's folder.
    filter : int, optional
        An open file with the filter of system calls.
    """
    walls = [program(), "--die-with-parent", "--new-session", "--unshare-ipc", "--unshare-pid", "--unshare-net",
             "--unshare-uts", "--unshare-cgroup-try", "--hostname", "grading", "--cap-drop", "ALL", "--clearenv"]
    if is_root():  # limits of processes do not hold for root's own number, so the run becomes somebody else
        walls += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        walls += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    for name, value in environment().items():
        walls += ["--setenv", name, value]
    walls += ["--perms", "1777", "--size", str(limits.disk), "--tmpfs", HOME]
    for path in _parents(seen()):  # made by itself, bubblewrap would let nobody but root through them
        walls += ["--dir", str(path)]
    for path in seen():
        walls += ["--symlink", os.readlink(path), str(path)] if path.is_symlink() else ["--ro-bind", str(path), str(path)]
    for path in _inside(hidden, seen()):
        empty = ["--perms", "0555", "--size", "4096", "--tmpfs", str(path), "--remount-ro", str(path)]
        walls += empty if path.is_dir() else ["--ro-bind", os.devnull, str(path)]
    walls += ["--ro-bind", str(folder), INPUT, "--proc", "/proc", "--dev", "/dev",
              "--perms", "1777", "--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm",
              "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME]
    walls += ["--seccomp", str(filter)] if filter is not None else []
    return [*walls, "--", *inner]


def is_root():
    return os.geteuid() == 0


def seen():
    """Folders and files of this machine that a run may read: Python, the packages, the kit's public files, the system."""
    public = [CHECKOUT / name for name in ("datasets", "notebooks", "pyproject.toml")] if in_checkout() else []
    # not sys.path: the folder in which the command was given may be on it, and holds the class
    packages = [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]
    places = {Path(sys.prefix), Path(sys.base_prefix), _real(sys.executable).parent.parent}
    # not whole: an environment may have been made in the folder of a course, among its secrets
    parts = [place / part for place in places for part in PARTS]
    python = [*parts, *(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
              *map(Path, packages)]
    wanted = [*map(Path, SYSTEM), *map(Path, SETTINGS), *python, *map(_real, python), PACKAGE, *public]
    there = sorted({path for path in wanted if path.exists()}, key=lambda path: len(path.parts))
    kept = []
    for path in there:
        if not any(path != above and path.is_relative_to(above) for above in kept):
            kept.append(path)
    return kept


def _parents(paths):
    """The folders on the way to these, from the root down."""
    above = {folder for path in paths for folder in path.parents if len(folder.parts) > 1}
    return sorted(above, key=lambda one: len(one.parts))


def _real(path):
    return Path(path).resolve()


def _inside(hidden, seen):
    """Those of the hidden ones that would be seen."""
    return [path for path in map(_real, hidden) if path.exists() and any(path.is_relative_to(_real(one)) for one in seen)]
