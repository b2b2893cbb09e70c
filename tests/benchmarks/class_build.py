"""A class of 500 built: by one process and by many, and once more when all is there; its memory and its place on the disk.

As a command, ``python -m tests.benchmarks.class_build STUDENTS JOBS FOLDER`` builds once and prints what it took.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measure import Line, in_fresh_process, peak_megabytes

STUDENTS, SOME = 500, 50
SECRET = b"a secret for measuring, which marks nobody"


def build(students, jobs, folder):
    """Build in this process; returns seconds, how many were made, the most memory of this process and of a worker."""
    import resource

    from pebbletrail.exercises.class_build import build_class
    from pebbletrail.exercises.module import all_modules
    from pebbletrail.exercises.roster import Student

    class_of = [Student(f"s{number:04d}", "Somebody") for number in range(students)]
    modules = all_modules().values()
    start = time.perf_counter()
    built = build_class(class_of, SECRET, folder / f"class-{jobs}", modules, jobs=jobs)
    took = time.perf_counter() - start
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": took, "modules": len(modules), "made": built.count("made"), "failed": built.failed,
            "main": peak_megabytes(), "worker": worker}


def megabytes(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def lines():
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="pebbletrail-") as place:
        def run(students, jobs, folder):
            return in_fresh_process("tests.benchmarks.class_build", students, jobs, Path(place) / folder)

        few = run(SOME, cores, "few")
        alone, many = run(STUDENTS, 1, "many"), run(STUDENTS, cores, "many")
        again = run(STUDENTS, cores, "many")
        size = megabytes(Path(place) / "many" / f"class-{cores}")
    what = f"{STUDENTS} students × {many['modules']} modules"
    note = (f"main process {many['main']:.0f} MB, a worker {many['worker']:.0f} MB ({few['main']:.0f} and "
            f"{few['worker']:.0f} with {SOME} students); {size:.0f} MB on the disk; {many['failed']} not made")
    yield Line(f"{what}: one process / {cores} processes", alone["seconds"] / many["seconds"], many["seconds"], "", note)
    yield Line(f"{what}: building / finding all of it there", many["seconds"] / again["seconds"], again["seconds"])


if __name__ == "__main__":
    students, jobs, folder = sys.argv[1:]
    Path(folder).mkdir(exist_ok=True)
    print(json.dumps(build(int(students), int(jobs), Path(folder))))
