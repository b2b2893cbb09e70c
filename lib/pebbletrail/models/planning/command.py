"""``pebbletrail plan``: a plan from the command line, printed, or written as a page, a picture or a table."""

import argparse
import re
import shlex
from contextlib import suppress
from pathlib import Path
from textwrap import wrap

from pebbletrail.models.planning.asked import COMMON, NEEDED, QUESTIONS, guess, question

KINDS, WIDTH = (".html", ".png", ".csv"), 100


class _Parser(argparse.ArgumentParser):
    """Its errors are one line, like every other of the command."""

    def error(self, message):
        raise ValueError(message)


def run(arguments):
    """Carry out ``pebbletrail plan`` with the arguments behind it; returns the exit status.

    Raises
    ------
    ValueError
        For whatever is wrong with the arguments, with the option that is at fault.
    """
    if not arguments:
        print(overview())
        return 0
    asked = question(arguments[0])
    given, unknown = _parser(asked).parse_known_args(arguments[1:])
    if unknown:
        if unknown[0].startswith("--effect"):
            raise ValueError("--effect: mediation has two steps instead; give --a and --b, whose product is the effect.")
        options = [_option(name) for name in (*(one.name for one in asked.asked), *COMMON, "out")]
        meant = guess(unknown[0].split("=")[0], options) or guess(unknown[0].lstrip("-"), [one[2:] for one in options])
        raise ValueError(f"{unknown[0]}: {asked.name} has no such option; pebbletrail plan {asked.name} --help lists them."
                         + meant)
    out = _target(given.out)
    made = _planned(asked, given)
    command = repeating(asked, given, made)
    print(f"{made}\n\nThe same again: {command}")
    if out is not None:
        _write(out, made, command)
        print(f"Written: {out}")
    return 0


def overview():
    """The designs, and what each needs, in plain words."""
    lines = ["How large must a study be? It is simulated from what you assume, in one of these designs:", ""]
    for one in QUESTIONS.values():
        lines += [one.name, *wrap(f"{one.what[0].upper()}{one.what[1:]}. Its size counts {one.counted}.", WIDTH,
                                  initial_indent="    ", subsequent_indent="    ")]
        for asked in one.asked:
            if asked.default in (NEEDED, None):
                lines += wrap(f"{_option(asked.name)}: {asked.meaning} ({asked.unit}){_said_default(asked)}", WIDTH,
                              initial_indent="      ", subsequent_indent="          ")
        lines += [""]
    return "\n".join([*lines, "What else a design may be told, with defaults: pebbletrail plan DESIGN --help. For example:",
                      "pebbletrail plan clustered --effect 0.3 --sd 1 --icc 0.05 --cluster-size 15"])


def _parser(asked):
    parser = _Parser(prog=f"pebbletrail plan {asked.name}", allow_abbrev=False,
                     description=f"{asked.what[0].upper()}{asked.what[1:]}.")
    assumptions = parser.add_argument_group("what is assumed")
    for one in asked.asked:
        told = f"{one.meaning} ({one.unit}){_said_default(one)}"
        assumptions.add_argument(_option(one.name), metavar="|".join(one.choices) or "X", help=told.replace("%", "%%"))
    parser.add_argument("--size", metavar="N[,N…]", help=f"{asked.counted}; left out: sizes about the smallest that will do")
    parser.add_argument("--target", metavar="X", default="0.8", help="the power that is wanted; default: 0.8")
    parser.add_argument("--draws", metavar="N", default="5000", help="simulated studies of each size; default: 5000")
    parser.add_argument("--seed", metavar="N", help="a whole number; the same one gives the same plan")
    parser.add_argument("--workers", metavar="N", default="1", help="processes at work; the plan is the same; default: 1")
    parser.add_argument("--out", metavar="FILE", help="write a page (.html), the figure (.png) or the table (.csv)")
    return parser


def _option(name):
    return f"--{name.replace('_', '-')}"


def _said_default(one):
    if one.default == NEEDED:
        return ": needed"
    if one.default is None:
        return f"; left out: {one.absent}"
    return f"; default: {one.default if isinstance(one.default, str) else format(one.default, 'g')}"


def _planned(asked, given):
    from pebbletrail.models.planning.planned import plan

    sizes = None if given.size is None else [one.strip() for one in given.size.split(",")]
    try:
        assumptions = {one.name: _with_point(one.name, getattr(given, one.name)) for one in asked.asked
                       if getattr(given, one.name) is not None}
        return plan(asked.name, size=sizes, target=_with_point("target", given.target), draws=given.draws,
                    seed=_whole("seed", given.seed, 0), workers=_whole("workers", given.workers, 1), **assumptions)
    except ValueError as error:
        name, colon, rest = str(error).partition(":")
        known = [*(one.name for one in asked.asked), "size", "target", "draws"]
        raise ValueError(f"{_option(name)}{colon}{rest}" if name in known else str(error)) from None


def _with_point(name, text):
    """``0,3`` as ``0.3``; a comma before three digits may part thousands, and is asked about."""
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", text):
        raise ValueError(f"{name}: {text!r} may be {text.replace(',', '')} or {text.replace(',', '.')}; write one of them, "
                         "without a comma.")
    return text.replace(",", ".") if re.fullmatch(r"[-+]?\d*,\d+([eE][-+]?\d+)?", text) else text


def _whole(name, text, least):
    if text is None:
        return None
    if not text.isdecimal() or int(text) < least:
        raise ValueError(f"{_option(name)}: a whole number from {least} on, not {text!r}.")
    return int(text)


def _target(given):
    """Where to write, checked before anything is computed."""
    if given is None:
        return None
    path = Path(given)
    if path.suffix.lower() not in KINDS:
        raise ValueError(f"--out: the file's name must end in {', '.join(KINDS)}, not {path.name!r}.")
    if not path.parent.is_dir():
        raise ValueError(f"--out: there is no folder {str(path.parent)!r}.")
    if path.is_dir():
        raise ValueError(f"--out: {given!r} is a folder; give a file's name.")
    return path


def repeating(asked, given, made):
    """The command line that gives the same plan again."""
    words = ["pebbletrail", "plan", asked.name]
    for one in asked.asked:
        if (value := getattr(given, one.name)) is not None:
            words += [_option(one.name), value]
    words += ["--size", given.size] if given.size is not None else []
    return shlex.join([*words, "--target", given.target, "--draws", given.draws, "--seed", str(made.seed)])


def _write(path, made, command):
    """The file, complete or not at all."""
    if path.suffix.lower() == ".html":
        from pebbletrail.models.planning.page import page

        content = page(made, command).encode("utf-8")
    elif path.suffix.lower() == ".png":
        from pebbletrail.figures import png

        content = png(made.figure(), dpi=150)
    else:
        content = made.table.to_csv(index=False).encode("utf-8")
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise ValueError(f"--out: {str(path)!r} cannot be written: {error.strerror or error}.") from None
