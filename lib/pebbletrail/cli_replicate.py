"""The command for those who bring data of their own: ``pebbletrail replicate``."""

import re
import sys

from pebbletrail.signals import Ended, tidy_end

MONEY = {
    "worth": "euro that one unit more of the outcome is worth, for one case",
    "volume": "cases a year",
    "change": "how far what the firm can change would be moved, in its own unit (default: 1)",
    "cost": "euro a year that the change costs",
    "causal": "share of an association assumed to be causal, from 0 to 1; without it an association gives no euro",
}


def add(commands):
    """The command ``replicate``."""
    run = commands.add_parser("replicate", help="run a practice notebook on your own tables, and write the report",
                              description="Without --data a made-up firm is taken. Nothing leaves this machine.")
    run.add_argument("practice", nargs="?", metavar="PRACTICE", help="without it: the practices, and what each asks")
    run.add_argument("--needs", action="store_true", help="print the tables and columns that the practice needs")
    run.add_argument("--template", metavar="FOLDER", help="write empty tables, their codebook, the questionnaire, the notes")
    run.add_argument("--example", metavar="FOLDER", help="write the made-up firm's files, and the command that takes them")
    run.add_argument("--data", action="append", nargs="+", default=[], metavar="[TABLE=]FILE",
                     help="CSV, Excel (file.xlsx#Sheet), parquet, or name@connection; one for each table")
    run.add_argument("--map", action="append", nargs="+", default=[], metavar="STUDY=OWN",
                     help="your heading for a name of the study; quality=q1+q2+q3 joins items, -q2 turns one round")
    run.add_argument("--scale", action="append", nargs="+", default=[], metavar="NAME=LOW..HIGH",
                     help="the ends of a rating scale")
    run.add_argument("--dates", choices=("dmy", "mdy", "ymd"), help="the order in your dates, where they do not show it")
    run.add_argument("--most-set-aside", type=_share, default=0.2, metavar="SHARE",
                     help="the largest share of a table's rows that may be set aside (default: 0.2)")
    run.add_argument("--engine", choices=("duckdb",), help="let an engine hold the rows: for files larger than memory")
    run.add_argument("--lang", default="en", metavar="en|fr", help="the report's language")
    run.add_argument("--out", default="report.html", metavar="FILE.html", help="default: %(default)s")
    for name, meaning in MONEY.items():
        run.add_argument(f"--{name}", metavar="X|LOW..HIGH", help=meaning)
    run.set_defaults(run=_replicate)


def with_signs(arguments):
    """``--change -20..-10`` as ``--change=-20..-10``: what begins with a minus would be taken for an option."""
    options, made = {f"--{name}" for name in MONEY}, []
    for word in arguments:
        if made and made[-1] in options and re.match(r"-\.?\d", word):
            made[-1] += f"={word}"
        else:
            made.append(word)
    return made


def _share(text):
    import argparse

    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1, such as 0.2")
    return value


def _replicate(given):
    try:
        with tidy_end():
            return _replicated(given)
    except Ended as ended:
        print("\npebbletrail: ended from outside. Nothing was half-written.", file=sys.stderr)
        return ended.code


def _replicated(given):
    from pebbletrail.practice.definition import practice

    name = practice_of(given)
    if name is None:
        from pebbletrail.practice.overview import overview

        print(overview())
        return 0
    about = practice(name)
    if given.needs or given.template or given.example:
        return _shown(given, about)
    from pebbletrail.practice.replicate import replicate

    made = replicate(about.name, out=given.out, language=given.lang, dates=given.dates,
                     most_set_aside=given.most_set_aside, engine=given.engine, **_typed(given, about))
    print(made.text)
    return 0


def _typed(given, about):
    """The options that are read here; whatever is wrong with them is told at once."""
    from pebbletrail.at_once import AtOnce
    from pebbletrail.practice.arguments import mapping_of, scales_of, sources_of
    from pebbletrail.report.money import Money

    texts = {name: getattr(given, name) for name in MONEY if getattr(given, name) is not None}
    read = {"sources": lambda: sources_of(_flat(given.data), about), "mapping": lambda: mapping_of(_flat(given.map), about),
            "scales": lambda: scales_of(_flat(given.scale), about), "money": lambda: Money.read(texts) if texts else None}
    made, told = {}, AtOnce()
    for name, one in read.items():
        with told.later():
            made[name] = one()
    told.now()
    return made


def _flat(groups):
    return [word for group in groups for word in group]


def practice_of(given):
    """The practice, also where it stands last behind an option of several words: ``--map quality=q control-and-quality``.

    Raises
    ------
    ValueError
        Tables or headings are given and no practice.
    """
    from pebbletrail.practice.definition import practices

    if given.practice is not None:
        return given.practice
    groups = [*given.data, *given.map, *given.scale]
    for words in groups:
        if len(words) > 1 and words[-1] in practices():
            return words.pop()
    if groups:
        raise ValueError(f"PRACTICE: name it before the options, one of {', '.join(practices())}.")
    return None


def _shown(given, about):
    from pebbletrail.practice import overview, template

    if given.needs:
        print(overview.needs(about, given.lang))
    if given.template:
        print(template.write(about, given.template, given.lang))
    if given.example:
        print(template.write_example_with_command(about, given.example))
    return 0
