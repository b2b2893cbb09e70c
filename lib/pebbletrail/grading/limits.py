"""What one submission may use. What is beyond it ends that submission's run and no other."""

from dataclasses import asdict, dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one run.

    Attributes
    ----------
    seconds : int
        By the clock on the wall, and of processor in all its processes.
    memory : int
        Bytes, all its processes together.
    processes : int
        At a time, threads counted.
    disk : int
        Bytes in its private temporary folder, which lies in memory.
    file : int
        Bytes of one file.
    output : int
        Bytes that come back.
    """

    seconds: int = 180
    memory: int = 2048 * MB
    processes: int = 64
    disk: int = 256 * MB
    file: int = 64 * MB
    output: int = 2 * MB

    def data(self):
        return asdict(self)
