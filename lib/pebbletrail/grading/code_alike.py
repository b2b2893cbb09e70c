"""Lines of code that two students share and hardly anybody else wrote, as they stand or with names changed."""

import keyword
import re
from functools import lru_cache
from itertools import combinations

from pebbletrail.grading.given_out import course_cells
from pebbletrail.grading.pair import CODE, RARE, Pair, together

SHORTEST, LONGEST, TOKENS = 25, 400, 12  # characters of a line that tells something; tokens, whatever the names' length
LARGEST = 200_000  # characters of a work: nobody writes more by hand
WRITERS, FEWEST, FEWEST_RENAMED = 3, 4, 6
SHOWN = 12
_USUAL = re.compile(r"(from|import) |sheet\.\w+\([\w\s\"',.()-]*\)$|\W*$")
_TEXT = re.compile(r"(\"{3}|'{3})[\s\S]*?\1")
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|#.*|[^\W\d]\w*|\d[\w.]*|\S")


def code_alike(works, cells, named):
    """Pairs that share lines of their own, and groups whose own code is one.

    A line is somebody's own when it stands in no hand-out of the class and on no page of the course; it counts when at most
    three of the class wrote it (two in a class below nine) in whatever spelling: quotation marks, blanks and names evened
    out, since one habit of writing makes all obvious lines of two people alike. Comments count. Four such lines make a pair,
    or six when only the names differ, if so many are improbable by what all other pairs share: a Poisson count whose rate is
    known from those alone (negative binomial), so that a small class must share more, and two alone tell nothing. Lines are
    not independent (one recipe, one chatbot), so that this is a bar, and no probability to be printed.

    More than three whose own code is the same line by line are a group, if six of its lines stand nowhere else.

    Parameters
    ----------
    works : sequence of Work
        Of one module, handed in.
    cells : Cells
        Of the hand-outs.
    named : dict of str to str
        Students as they are named in sentences.

    Returns
    -------
    list of Pair
    """
    written = _plain_lines(cells) | _course_lines()
    own = {work.student: {line: form for line, form in _own(work.handed.cells, cells.code).items() if line not in written}
           for work in works}
    mine = {student: [line for line in lines if len(line) >= SHORTEST] for student, lines in own.items()}
    module = works[0].module
    found = [_said(module, students, lines, lines, named, "") for students, lines in _groups(mine)]
    found += [_said(module, pair, lines, lines, named, "")
              for pair, lines in _improbable(_shared(mine), FEWEST, len(mine)).items()]
    there = {(pair.one, pair.other) for pair in found}
    forms = _own_forms(own, cells)
    for pair, same in _improbable(_shared(forms), FEWEST_RENAMED, len(mine)).items():
        if pair not in there:
            shown = [f"{forms[pair[0]][form]}   |   {forms[pair[1]][form]}" for form in same]
            found.append(_said(module, pair, same, shown, named, " but for the names in them"))
    return found


def rare(count):
    """How many of a class may have written what still tells something."""
    return min(WRITERS, max(2, count // 3))


def _shared(mine):
    """What pairs share that few others have."""
    writers, alike, shared = {}, _writers(mine), {}
    for student, lines in mine.items():
        for line in lines:
            writers.setdefault(line, []).append(student)
    for line, students in writers.items():
        if len(students) > 1 and len(alike[evened(line)]) <= rare(len(mine)):
            for pair in combinations(students, 2):
                shared.setdefault(pair, []).append(line)
    return shared


def _writers(mine):
    """Who wrote a line in whatever spelling."""
    writers = {}
    for student, lines in mine.items():
        for line in lines:
            writers.setdefault(evened(line), set()).add(student)
    return writers


def _groups(mine):
    """Students, more than lines may have writers, whose own code is one, and its lines that nobody else wrote."""
    by, writers = {}, _writers(mine)
    for student, lines in mine.items():
        by.setdefault(tuple(lines), []).append(student)
    for lines, students in by.items():
        if len(students) > rare(len(mine)):
            alone = [line for line in lines if len(writers[evened(line)]) == len(students)]
            if len(alone) >= FEWEST_RENAMED:
                yield students, alone


def _improbable(shared, fewest, count):
    """Pairs that share more than chance makes any pair of the class share."""
    from scipy import stats

    tries, total, found = count * (count - 1) // 2, sum(map(len, shared.values())), {}
    for pair, lines in shared.items():
        if len(lines) < fewest or tries == 1:
            continue
        others = total - len(lines) + 1  # shared by all other pairs; the 1 because nothing seen is not impossible
        chance = min(1.0, float(stats.nbinom.sf(len(lines) - 1, others, (tries - 1) / tries)) * tries)
        if chance < RARE:
            found[pair] = lines
    return found


def _said(module, students, same, shown, named, but):
    names = [named[student] for student in students]
    rest = "nobody else" if len(students) > 2 else "hardly anybody else"
    said = (f"{together(names)} wrote {len(same)} lines that are the same{but}, and that {rest} of the class wrote. Who "
            "follows the same recipe, or asks the same chatbot, writes the same lines too.")
    one, other, *more = students
    return Pair(module, one, other, CODE, len(same), None, said, tuple(shown[:SHOWN]), tuple(more))


def _own(cells, handed_out):
    """Lines of a work that tell something, in order, each with its form without names."""
    found, room = {}, LARGEST
    for cell in cells:
        if cell not in handed_out:
            found |= {line: form for line, form in lines_of(cell[:room]).items() if not _USUAL.match(line)}
            room = max(0, room - len(cell))
    return found


def lines_of(cell):
    """Lines of a cell, blanks evened out, each with its form without names (empty where it is too short to tell anything).

    Lines inside a longer text are left out: what stands there is words, and not code.
    """
    code = _TEXT.sub(lambda text: "\n" if "\n" in text[0] else text[0], cell)
    lines = [" ".join(row.split()) for row in code.split("\n") if len(row) <= LONGEST]
    return {line: form for line in lines if (form := form_of(line)) or len(line) >= SHORTEST}


def form_of(line):
    """A line evened out; empty where it is too short to tell anything."""
    return evened(line) if len(_code(line)) >= TOKENS else ""


@lru_cache(maxsize=50_000)
def evened(line):
    """A line without its comment, with one kind of quotation marks and blanks, and with its names numbered as they come.

    What follows a dot, or names an argument, stays, as does a line that is nothing but a comment. By our own reading, line
    by line: Python's tokenizer gives up at the first mistake of a cell, and is ten times slower.
    """
    tokens = _code(line) or [line]
    numbered, form = {}, []
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        fixed = keyword.iskeyword(token) or before == "." or (before in ("(", ",") and after == "=")
        if token[:1] in ("\"", "'"):
            form.append(f'"{token[1:-1]}"')
        else:
            form.append(f"name{numbered.setdefault(token, len(numbered))}" if token.isidentifier() and not fixed else token)
    return " ".join(form)


@lru_cache(maxsize=50_000)
def _code(line):
    return [token for token in _TOKEN.findall(line) if token[0] != "#"]


def _own_forms(own, cells):
    """Forms of each one's lines, with the line. What hand-outs and pages have is asked for only when something is shared."""
    forms = {student: {form: line for line, form in lines.items() if form} for student, lines in own.items()}
    if all(len(same) < FEWEST_RENAMED for same in _shared(forms).values()):
        return {}
    known = _course_forms().union(*(lines_of(cell).values() for cell in cells.code))
    return {student: {form: line for form, line in by.items() if form not in known} for student, by in forms.items()}


def _plain_lines(cells):
    return {" ".join(row.split()) for cell in cells.every for row in cell.split("\n")}


@lru_cache(maxsize=1)
def _course_lines():
    return frozenset(_plain_lines(course_cells()))


@lru_cache(maxsize=1)
def _course_forms():
    return frozenset().union(*(lines_of(cell).values() for cell in course_cells().code))
