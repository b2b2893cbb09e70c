"""A folder held for one command at a time, by the system: it lets go when the process ends, however it ends."""


def hold(folder, name, busy):
    """Hold a folder that is there.

    Parameters
    ----------
    folder : Path
    name : str
        Of the empty file that is locked in it; it stays.
    busy : Exception
        Raised when another command holds the folder.

    Returns
    -------
    filelock.FileLock
        To be released.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder.resolve() / name, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise busy from None
    return lock
