"""A filter of system calls for a run: what no analysis needs, and what would get round a limit of memory, is refused.

Memory that belongs to no process (``memfd_create``, System V) escapes the watch; the others are doors to the system.
The filter is a program for the kernel's own small machine: see the manual pages seccomp(2) and bpf, and ``linux/filter.h``.
"""

import contextlib
import errno
import os
import platform
import struct
import tempfile

# numbers by machine, from the kernel's tables (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h)
REFUSED = {
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432),
    "vmsplice": (278, 75), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104), "reboot": (169, 142),
}
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # the kernel's name of the machine, and the column above
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
SOCKET = {"x86_64": 41, "aarch64": 198}
# within a machine, IPv4, IPv6, netlink (by which a Jupyter kernel asks for its addresses): all of them end at the walls;
# others do not, such as AF_VSOCK, which leads out of a virtual machine
SOCKETS = (1, 2, 10, 16)
NEW_NAMESPACES = 0x7E020080  # flags of clone that begin a namespace
OTHER_NUMBERS = 0x40000000  # x32: the same calls under other numbers

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, MACHINE, FIRST = 0, 4, 16  # where a call's parts stand


def program(machine=None):
    """The filter as bytes; None where the machine's numbers are not known here."""
    machine = machine or platform.machine()
    if machine not in MACHINES:
        return None
    name, column = MACHINES[machine]
    steps = [_step(LOAD, MACHINE), _step(EQUAL, name, skip=1), _step(RETURN, KILL), _step(LOAD, NUMBER)]
    if machine == "x86_64":
        steps += [_step(AT_LEAST, OTHER_NUMBERS, other=1), _step(RETURN, FAIL | errno.ENOSYS)]
    # clone3's flags lie where a filter cannot read them; told that there is no clone3, programs take clone
    steps += [_step(EQUAL, CLONE3, other=1), _step(RETURN, FAIL | errno.ENOSYS)]
    for numbers in REFUSED.values():
        steps += [_step(EQUAL, numbers[column], other=1), _step(RETURN, FAIL | errno.EPERM)]
    kinds = [_step(EQUAL, kind, skip=len(SOCKETS) - place) for place, kind in enumerate(SOCKETS)]
    steps += [_step(EQUAL, SOCKET[machine], other=len(SOCKETS) + 3), _step(LOAD, FIRST), *kinds,
              _step(RETURN, FAIL | errno.EAFNOSUPPORT), _step(RETURN, ALLOW)]
    steps += [_step(EQUAL, CLONE[machine], other=3), _step(LOAD, FIRST), _step(ANY_BIT, NEW_NAMESPACES, other=1),
              _step(RETURN, FAIL | errno.EPERM), _step(RETURN, ALLOW)]
    return b"".join(steps)


def _step(code, value, skip=0, other=0):
    """One instruction: where it holds, so many are passed over; else so many others."""
    return struct.pack("=HBBI", code, skip, other, value)


@contextlib.contextmanager
def as_file():
    """The number of an open file that holds the filter; None where there is no filter."""
    content = program()
    if content is None:
        yield None
        return
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        yield file.fileno()
