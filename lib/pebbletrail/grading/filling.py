"""Somebody else's CSV file, filled in: what is not written to keeps its bytes, and every row has one owner or none."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from pebbletrail.grading.spreadsheet import MARK, neutral

IN_DOUBT = "Left as they were, because their work is in doubt until you settle it (see the class report): {}."
SHOWN = 10  # rows or people that one sentence names
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
_END = re.compile(r"\r\n|\r|\n")


class CannotFill(ValueError):
    """A file that cannot be filled in; the message says what to do."""


@dataclass(frozen=True)
class Filled:
    """A file filled in.

    Attributes
    ----------
    content : bytes
    students : tuple of str
        Whose row it was written to.
    notes : tuple of str
        What was left as it was, and why, in sentences for the teacher.
    """

    content: bytes
    students: tuple
    notes: tuple


class Table:
    """A CSV file by rows and cells, as a spreadsheet counts them less one: row 0 is the heading.

    Parameters
    ----------
    content : bytes
        In UTF-8, with or without its mark; commas, semicolons or tabs between the cells.
    what : str
        What the file is, for messages: ``"the worksheet"``.

    Raises
    ------
    CannotFill
        It is not such a file.
    """

    def __init__(self, content, what):
        self.what, self._mark = what, MARK * content.startswith(MARK)
        try:
            text = content[len(self._mark):].decode("utf-8")
        except UnicodeDecodeError:
            raise CannotFill(f"{what}: its letters are not UTF-8. Give the file as the platform gave it, not as a "
                             "spreadsheet saved it.") from None
        if not text.strip():
            raise CannotFill(f"{what}: the file is empty.")
        first = _END.split(text, maxsplit=1)[0]
        self.separator = max(",;\t", key=lambda one: len(_row(first, 0, one, what, 1)[0]))
        self._rows, self._ends, at = [], [], 0
        while at < len(text):
            cells, end, at = _row(text, at, self.separator, what, len(self._rows) + 1)
            self._rows.append(cells)
            self._ends.append(end)

    def __len__(self):
        return len(self._rows)

    def cell(self, row, column):
        """What a cell says, bare; empty where the row has no such cell, or there is no such column."""
        cells = self._rows[row]
        return _bare(cells[column]).strip() if column is not None and column < len(cells) else ""

    def row(self, row):
        return [_bare(cell).strip() for cell in self._rows[row]]

    def column(self, name):
        """Where a column stands, whatever its capitals; None where there is none, or more than one."""
        found = [place for place, one in enumerate(self.row(0)) if one.casefold() == name.casefold()]
        return found[0] if len(found) == 1 else None

    def put(self, row, column, text):
        """Write a text, made harmless."""
        cells, text, width = self._rows[row], neutral(text), len(self._rows[0])
        if len(cells) > width:
            raise CannotFill(f"{self.what}, row {row + 1}: it has {len(cells)} cells, the heading has {width}. A cell with "
                             f"{self.separator!r} in it needs quotation marks.")
        cells += [""] * (column + 1 - len(cells))
        quoted = cells[column].startswith('"') or re.search(rf'[{self.separator}"\r\n]|^\s|\s$', text)
        cells[column] = '"' + text.replace('"', '""') + '"' if quoted else text

    def content(self):
        """The file's bytes."""
        lines = (self.separator.join(cells) + end for cells, end in zip(self._rows, self._ends, strict=True))
        return self._mark + "".join(lines).encode("utf-8")


def _row(text, at, separator, what, number):
    """The cells of the row that begins here, each as it is written; the row's end; and where the next begins."""
    cells, plain = [], re.compile(rf"[^{separator}\r\n]*")
    while True:
        found = _QUOTED.match(text, at) or (None if text.startswith('"', at) else plain.match(text, at))
        after = len(text) if found is None else found.end()
        end = _END.match(text, after)
        more = text.startswith(separator, after)
        if found is None or not (end or more or after == len(text)):
            raise CannotFill(f"{what}, row {number}: a quotation mark is missing, or one too many.")
        cells.append(found[0])
        if not more:
            return cells, end[0] if end else "", end.end() if end else after
        at = after + 1


def _bare(cell):
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def name_key(name):
    """By what two spellings of a name are the same: accents, capitals, signs and the order of words are forgiven."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return tuple(sorted(re.findall(r"\w+", plain.casefold())))


def owners(lines, people):
    """Whose row each row is.

    A number or an id counts before a name. A name counts when it is one student's only, and stands in one row only.

    Parameters
    ----------
    lines : dict of int to (set of str, str)
        By row: the students that its numbers and ids point to, and the name that stands in it.
    people : dict of str to str
        Names by student id.

    Returns
    -------
    dict of int to str
        The student by row.
    dict of int to str
        Why a row has no owner, by row.
    """
    known, there = Counter(map(name_key, people.values())), Counter(name_key(name) for _, name in lines.values())
    by_name = {name_key(name): id for id, name in people.items() if known[name_key(name)] == 1}
    found, doubts = {}, {}
    for row, (pointed, name) in lines.items():
        key = name_key(name)
        if len(pointed) > 1:
            doubts[row] = f"its number and ids are those of {' and '.join(sorted(pointed))}"
        elif pointed:
            found[row] = next(iter(pointed))
        elif not key or key not in known:
            doubts[row] = "nobody in the class"
        elif key not in by_name or there[key] > 1:
            doubts[row] = "more than one has this name"
        else:
            found[row] = by_name[key]
    count = Counter(found.values())
    doubts |= {row: f"{student} has another row as well" for row, student in found.items() if count[student] > 1}
    return {row: student for row, student in found.items() if count[student] == 1}, doubts


def sentences(said):
    """Those sentences of which there is something to list, with what there is: a few of them in full, the rest by number."""
    made = []
    for ones, sentence in said:
        more = f" and {len(ones) - SHOWN} more" if len(ones) > SHOWN else ""
        made += [sentence.format(", ".join(ones[:SHOWN]) + more)] if ones else []
    return made
