"""Text answers that share passages: runs of five words that stand in both, and nowhere else in the class."""

import json
import re
import unicodedata

from pebbletrail.exercises.sheet import KEYS, practice_folder
from pebbletrail.grading.pair import WORDS, Pair, together

RUN, FEWEST, SHARE = 5, 12, 0.4  # words of a run; runs that a pair must share, and their share of the shorter text's
LONGEST, SHOWN = 300, 3  # characters of a passage, passages
_QUOTED = re.compile(r"“[^“”]{1,600}”|„[^„“”]{1,600}[“”]|«[^«»]{1,600}»|»[^«»]{1,600}«|\"[^\"]{1,600}\""
                     r"|‘[^‘\n]{1,600}’(?!\w)|^[ \t]*>.*$", re.M)
_WORD = re.compile(r"\d[\d.,]*|[^\W\d_]+")


def texts_alike(works, keys, cells, named):
    """Pairs whose text answers share much of their own words, and groups whose own words are one.

    Runs of five words are compared, all numbers taken for the same. Left out are passages in quotation marks (a claim that a
    question asks for word for word), runs of the hand-outs, of any specimen of the class or of the practice variant, and
    those that three or more students wrote. A pair shares at least 40 % of the shorter text's other runs, and twelve. Three
    or more with the same runs, all of them, are a group.

    Parameters
    ----------
    works : sequence of Work
        Of one module, handed in.
    keys : dict of str to dict
        Every student's key of that module.
    cells : Cells
        Of the hand-outs.
    named : dict of str to str
        Students as they are named in sentences.

    Returns
    -------
    list of Pair
    """
    texts = {}
    for work in works:
        for item in work.items:
            if item.kind == "text" and item.answer:
                texts.setdefault(item.id, {})[work.student] = plain(item.answer)
    return [_pair(works[0].module, id, students, runs, by, named) for id, by in texts.items()
            for students, runs in _alike(id, by, works, keys, cells)]


def _alike(id, texts, works, keys, cells):
    """Students and the runs that they share. What everybody could have is asked for only when something is shared at all."""
    own = {student: set(runs_of(text, quoted=False)) for student, text in texts.items()}
    if not (_sharing(own) or _groups(own)):
        return []
    known = _everybodys(id, works, keys, cells)
    own = {student: runs - known for student, runs in own.items()}
    pairs = [(pair, shared) for pair, shared in _sharing(own).items()
             if len(shared) >= SHARE * min(len(own[student]) for student in pair)]
    return [*_groups(own), *pairs]


def _sharing(own):
    writers, shared = {}, {}
    for student, runs in own.items():
        for run in runs:
            writers.setdefault(run, []).append(student)
    for run, students in writers.items():
        if len(students) == 2:
            shared.setdefault(tuple(students), set()).add(run)
    return {pair: runs for pair, runs in shared.items() if len(runs) >= FEWEST}


def _groups(own):
    """Three or more with the same runs."""
    by = {}
    for student, runs in own.items():
        by.setdefault(frozenset(runs), []).append(student)
    return [(students, runs) for runs, students in by.items() if len(students) > 2 and len(runs) >= FEWEST]


def plain(text):
    """A text without invisible characters and look-alike forms of one letter, by which a copy might be hidden."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")


def runs_of(text, quoted=True):
    """Every run of five words, and where it begins and ends (the last place, where it comes more than once).

    Without what is ``quoted``, no run stands in quotation marks, or goes on behind them.
    """
    found, begin = {}, 0
    for end, after in [*(() if quoted else (one.span() for one in _QUOTED.finditer(text))), (len(text), len(text))]:
        words = list(_WORD.finditer(text, begin, end))
        tokens = ["0" if word[0][0].isdigit() else word[0].casefold() for word in words]
        found |= {tuple(tokens[at:at + RUN]): (words[at].start(), words[at + RUN - 1].end())
                  for at in range(len(words) - RUN + 1)}
        begin = after
    return found


def _everybodys(id, works, keys, cells):
    """Runs that stand where everybody, or each one, could read them."""
    texts = cells.every | _specimens(keys.values(), id)
    for work in works:
        told = [text for item in work.items if item.id == id for text in _strings(item.told)]
        texts |= {*told, " ".join(told)}
    practice = practice_folder() / works[0].module / KEYS
    if practice.is_file():
        texts |= _specimens([json.loads(practice.read_text(encoding="utf-8"))], id)
    return {run for text in texts for run in runs_of(plain(text))}


def _specimens(keys, id):
    return {specimen["text"] for key in keys for one in key["questions"] if one["id"] == id for specimen in one["specimens"]}


def _strings(data):
    if isinstance(data, str):
        yield data
    elif isinstance(data, (dict, list)):
        for part in data.values() if isinstance(data, dict) else data:
            yield from _strings(part)


def _pair(module, id, students, shared, texts, named):
    one, other, *more = students
    passages = _passages(texts[one], shared)
    said = (f"{together([named[one] for one in students])} share passages in their texts on {id}: {len(shared)} runs of "
            f"five words that nobody else of the class wrote, the longest “{passages[0]}”.")
    return Pair(module, one, other, WORDS, len(shared), None, said, tuple(passages[:SHOWN]), tuple(more))


def _passages(text, shared):
    """What is shared, as the first wrote it: runs that touch are one passage; the longest first."""
    places = sorted(place for run, place in runs_of(text, quoted=False).items() if run in shared)
    joined = [places[0]]
    for begin, end in places[1:]:
        if begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    passages = sorted((" ".join(text[begin:end].split()) for begin, end in joined), key=len, reverse=True)
    return [passage if len(passage) <= LONGEST else f"{passage[:LONGEST]}…" for passage in passages]
