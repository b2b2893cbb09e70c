"""The ``pebbletrail`` command."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pebbletrail import __version__, cli_class, cli_replicate


def main(arguments=None):
    """Run a command; returns the exit status. A user's error is one line, not a traceback."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not be set to UTF-8
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = build_parser()
    given = parser.parse_args(cli_replicate.with_signs(sys.argv[1:] if arguments is None else arguments))
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

    cli_replicate.add(commands)
    cli_class.add(commands, _at_least_one)
    return parser


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
