"""The ``pebbletrail`` command."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pebbletrail import __version__


def main(arguments=None):
    """Run a command; returns the exit status. A user's error is one line, not a traceback."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not be set to UTF-8
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = build_parser()
    given = parser.parse_args(arguments)
    if not hasattr(given, "run"):
        parser.print_help()
        return 0
    try:
        return given.run(given) or 0
    except (ValueError, FileNotFoundError) as error:
        print(f"pebbletrail: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        print(f"pebbletrail: {error.name} is not installed. pip install 'pebbletrail[lab,data,models]' brings what the "
              "commands need.", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `pebbletrail data list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("\npebbletrail: stopped. Nothing was half-written.", file=sys.stderr)
        return 130


def build_parser():
    parser = argparse.ArgumentParser(prog="pebbletrail", description="Studies on earning customers' trust, re-run.")
    parser.add_argument("--version", action="version", version=f"pebbletrail {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    run = commands.add_parser("reproduce", help="execute the pages and hold every figure against the print")
    run.add_argument("pages", nargs="*", type=int, metavar="PAGE", help="page numbers; default: all")
    run.add_argument("--out", default="build", help="folder for the report (default: build)")
    run.add_argument("--jobs", type=_at_least_one, help="pages at a time (default: number of cores)")
    run.add_argument("--offline", action="store_true", help="fetch nothing")
    run.set_defaults(run=_reproduce)

    lab = commands.add_parser("lab", help="open the notebooks in JupyterLab")
    lab.add_argument("--folder", default="pebbletrail-notebooks",
                     help="where an installed copy puts notebooks that you may change (default: %(default)s)")
    lab.set_defaults(run=_lab)

    plan = commands.add_parser("plan", help="how large a study must be: power and precision by simulation")
    plan.add_argument("rest", nargs=argparse.REMAINDER, metavar="DESIGN …",
                      help="a design and what is assumed of it; without it: the designs, and what each needs")
    plan.set_defaults(run=_plan)

    data = commands.add_parser("data", help="see, fetch and check the data")
    inner = data.add_subparsers(title="commands", metavar="COMMAND", required=True)
    inner.add_parser("list", help="every data set, and whether it is here").set_defaults(run=_data_list)
    fetch = inner.add_parser("fetch", help="download open data")
    fetch.add_argument("names", nargs="*", metavar="NAME", help="data sets; default: all open ones")
    fetch.set_defaults(run=_data_fetch)
    inner.add_parser("check", help="read every data set that is here, against its passport").set_defaults(run=_data_check)

    _add_class(commands)
    return parser


def _add_class(commands):
    classes = commands.add_parser("class", help="exercises with a data set for each student, for those who teach")
    inner = classes.add_subparsers(title="commands", metavar="COMMAND", required=True)
    build = inner.add_parser("build", help="make every student's notebooks and data, and the keys apart")
    build.add_argument("modules", nargs="*", metavar="MODULE", help="such as 04-control, or 4; default: all")
    build.add_argument("--students", required=True, metavar="roster.csv", help="a CSV file with the columns id and name")
    build.add_argument("--secret-file", required=True, metavar="FILE", help="from `pebbletrail class secret FILE`")
    build.add_argument("--out", required=True, metavar="FOLDER", help="the class's folder; a second run goes on there")
    build.add_argument("--jobs", type=_at_least_one, help="variants at a time (default: number of cores)")
    build.set_defaults(run=_class_build)

    secret = inner.add_parser("secret", help="make the secret from which each student's numbers follow")
    secret.add_argument("file", metavar="FILE", help="a new file, where students cannot read it")
    secret.set_defaults(run=_class_secret)

    solution = inner.add_parser("solution", help="write a module's solution notebook, for the practice variant or a student")
    solution.add_argument("module", metavar="MODULE", help="such as 04-control, or 4")
    solution.add_argument("--student", metavar="ID", help="whose; default: the public practice variant")
    solution.add_argument("--class", dest="folder", default="class", metavar="FOLDER", help="default: %(default)s")
    solution.add_argument("--out", required=True, metavar="FILE.ipynb", help="a new file")
    solution.set_defaults(run=_class_solution)


def _at_least_one(text):
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def _reproduce(given):
    from pebbletrail.reproduce.run import reproduce

    return reproduce(given.pages, given.out, given.jobs, given.offline)


def _lab(given):
    from pebbletrail.home import child_environment, in_checkout, project_folder

    folder = project_folder("notebooks")
    if not in_checkout():
        folder = writable_copy(folder, Path(given.folder))
    print(f"Opening {folder}. Stop JupyterLab with Ctrl+C. If no browser opens, copy the address below that begins with "
          "http://127.0.0.1 into one, then click on 00-start-here.ipynb.", file=sys.stderr)
    command = [sys.executable, "-m", "jupyter", "lab", "00-start-here.ipynb"]
    if getattr(os, "geteuid", lambda: 1)() == 0:  # in a container there is often no one else
        print("You are root: JupyterLab is told to allow it.", file=sys.stderr)
        command.append("--allow-root")
    server = subprocess.Popen(command, cwd=folder, env=child_environment())
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:  # JupyterLab hears Ctrl+C too, and asks whether it is meant
            continue


def writable_copy(source, target):
    """Notebooks to work on; a file that is there already is the reader's own work, and stays."""
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_file() and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    return target


def _plan(given):
    from pebbletrail.models.planning.command import run

    return run(given.rest)


def _data_list(given):
    from pebbletrail.fetch import available
    from pebbletrail.passports import all_passports

    for about in all_passports().values():
        here = "here" if available(about) else "to be fetched"
        print(f"{about.name:28} {about.kind:10} {about.rows:>6} rows  {here:14} {about.title}")
        if about.kind == "open":
            print(f"{'':28} file {about.file}, licence: {about.licence}")
    print("\nWhat a data set's columns mean: pt.passport(NAME) in a notebook.")


def _data_fetch(given):
    from pebbletrail.fetch import available, fetch
    from pebbletrail.passports import all_passports, passport

    chosen = [passport(name) for name in given.names] or [p for p in all_passports().values() if p.kind == "open"]
    for about in chosen:
        if about.kind != "open":
            print(f"{about.name}: travels with the project, nothing to fetch")
        elif available(about):
            print(f"{about.name}: here already ({fetch(about)})")
        else:
            print(f"{about.name}: fetched to {fetch(about)}")


def _data_check(given):
    from pebbletrail.catalogue import load
    from pebbletrail.fetch import DataUnavailable
    from pebbletrail.passports import all_passports

    bad = 0
    for name in all_passports():
        try:
            load(name)
            print(f"✓ {name}: as its passport says")
        except DataUnavailable as absent:
            print(f"○ {name}: not here. {absent}")
        except ValueError as wrong:
            bad += 1
            print(f"✗ {name}: {wrong}")
    return 1 if bad else 0


def _class_build(given):
    from pebbletrail.exercises.class_build import build_class
    from pebbletrail.exercises.class_modules import chosen, sound
    from pebbletrail.exercises.module import module_folders
    from pebbletrail.exercises.roster import read_roster
    from pebbletrail.exercises.secret import cautions, read_secret

    modules, broken = sound(chosen(given.modules, module_folders()))
    for sentence in broken:
        print(f"pebbletrail: {sentence}{' This module is left out.' if modules else ''}", file=sys.stderr)
    if not modules:
        return 2
    secret = read_secret(given.secret_file)
    students = read_roster(given.students)
    for caution in cautions(given.secret_file, given.out):
        print(f"pebbletrail: mind: {caution}", file=sys.stderr)
    try:
        built = build_class(students, secret, given.out, modules, jobs=given.jobs)
    except KeyboardInterrupt:
        print("\npebbletrail: stopped. What is made stays, and the same command goes on from there.", file=sys.stderr)
        return 130
    print(built.text)
    return 1 if built.failed or broken else 0


def _class_secret(given):
    from pebbletrail.exercises.secret import make_secret

    make_secret(given.file)
    print(f"{given.file}: a fresh secret. Keep it, and a copy, where students cannot read it; never hand it out. With it,\n"
          f"pebbletrail class build --students roster.csv --secret-file {given.file} --out class\nmakes a class.")


def _class_solution(given):
    from pebbletrail.exercises.class_modules import chosen, load
    from pebbletrail.exercises.class_solution import write_solution
    from pebbletrail.exercises.module import module_folders

    module = load(*chosen([given.module], module_folders()))
    written = write_solution(module, given.out, given.student, given.folder)
    print(f"{written[0]}: the solution of {module.name}, for {given.student or 'the practice variant'}. Not for students.")
    if len(written) > 1:
        print(f"Beside it: {', '.join(path.name for path in written[1:])}. Run it where it is.")
