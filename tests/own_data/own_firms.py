"""A small practice, and a firm's files for it, for the tests of reading and preparing."""

import dataclasses

from pebbletrail.practice.definition import Column, Join, Practice, Table

SAID = {"en": "what", "fr": "quoi"}


def column(name, kind, **more):
    return Column(name, kind, SAID, SAID, **more)


CALLS = Table("calls", "call", SAID, (
    column("call", "code", unique=True, may_lack=False), column("team", "group", may_lack=False),
    column("control", "number", low=0, high=100, may_lack=False), column("time", "date", required=False),
    column("agent", "code", required=False, personal=True), column("restarts", "count", low=0, required=False)))
ANSWERS = Table("answers", "call", SAID, (
    column("call", "code", may_lack=False), column("answered", "date", required=False),
    column("quality", "scale", low=1, high=7, items=True), column("stayed", "yes-no", required=False)))
AFTER = Join("answers", "calls", "call", take="first", when="answered", when_to="time", least=0, most=30)
PRACTICE = Practice(name="firm", version="1", date="2026-11-22", title=SAID, question=SAID, grain=SAID, estimand=SAID,
                    instrument="", pages=(), unit="team", exposure="control", outcome="quality", privacy=SAID, council=SAID,
                    tables=(CALLS, ANSWERS), joins=(AFTER,), plan="", words={})
HEAD = "call;team;control;time;agent;restarts"
ROWS = tuple(f"A{number};Team {number % 3};{10 + number},5;{number + 1:02}/03/2026 10:00;Ada {number};{number % 2}"
             for number in range(24))
ANSWER_HEAD = "call;answered;q1;q2;stayed"
ANSWER_ROWS = tuple(f"A{number};{number + 2:02}/03/2026;{1 + number % 7};{7 - number % 7};{'oui' if number % 2 else 'non'}"
                    for number in range(24))
MAPPING = {"quality": "q1-q2"}


def with_ends(low, high):
    """The practice with another scale of quality."""
    columns = tuple(dataclasses.replace(one, low=low, high=high) if one.name == "quality" else one
                    for one in ANSWERS.columns)
    return dataclasses.replace(PRACTICE, tables=(CALLS, dataclasses.replace(ANSWERS, columns=columns)))


def files(folder, calls=(HEAD, *ROWS), answers=(ANSWER_HEAD, *ANSWER_ROWS), encoding="cp1252"):
    """The firm's two files, as lines; ``{table: path}``."""
    paths = {"calls": folder / "appels été.csv", "answers": folder / "réponses.csv"}
    for path, lines in zip(paths.values(), (calls, answers), strict=True):
        path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return {table: str(path) for table, path in paths.items()}
