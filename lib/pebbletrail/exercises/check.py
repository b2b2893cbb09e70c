"""What an author asks before a module goes out: ``python -m pebbletrail.exercises.check exercises/04-control``."""

import argparse
import math
import re
import statistics
import sys
import time
from collections import Counter
from itertools import combinations
from pathlib import Path

from pebbletrail.exercises.marking import NOT_YET, RIGHT, mark, within
from pebbletrail.exercises.module import load_module, make_variant
from pebbletrail.exercises.packet import handed_out, practice_variant
from pebbletrail.exercises.source import BrokenSource, answered, read_source, student_notebook
from pebbletrail.exercises.trial import marks, solved

MIX = [f"q{number}" for number in range(1, 9)]
MINUTES, POINTS = (45, 90), 20
MOST_LONGEST = 0.4
_GAP = re.compile(r"\w [.,;](?=\s|$)")


def faults(module):
    """What is wrong with a module's questions and its notebook, as sentences; empty when nothing is."""
    variant = practice_variant(module)
    questions, found = variant.questions, []
    numbers = list(dict.fromkeys(question.id[:2] for question in questions))
    wanted = [one for one in MIX if not (one == "q7" and module.week == 1)]
    if numbers != wanted:
        found.append(f"questions: {numbers}; the mix is {wanted}")
    minutes, points = sum(one.minutes for one in questions), sum(one.points for one in questions)
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        found.append(f"minutes: {minutes}; {MINUTES[0]} to {MINUTES[1]} are allowed")
    if points != POINTS:
        found.append(f"points: {points}; a module has {POINTS}")
    notebook = student_notebook(read_source(module.solution))
    try:
        handed_out(variant, practice=True)
    except BrokenSource as broken:
        found.append(str(broken))
    if answered(notebook) != [one.id for one in questions]:
        found.append(f"answered in the notebook: {answered(notebook)}; the questions are {[one.id for one in questions]}")
    if lost := set(module.code.REAL) - {one.id for one in questions}:
        found.append(f"REAL names {sorted(lost)}, which are no questions")
    if not module.code.REAL:
        found.append("no question is on real data")
    return found + [fault for question in questions for fault in _of(question, variant)]


def _of(question, variant):
    key, found = question.key(), []
    if question.kind == "number":
        if not key["routes"] and not key["follows"]:
            found.append(f"{question.id}: no wrong route")
        if any(isinstance(value, float) and within(value, question.right, question.margin)
               for value in variant.given.values()):
            found.append(f"{question.id}: the right answer stands among the words that a student sees")
    if question.kind in ("number", "choice", "arrows") and (len(key["hints"]) < 2 or not key["worked"]):
        found.append(f"{question.id}: two general hints and a worked way are needed")
    if question.kind == "choice" and (share := longest_is_right(question.bank)) > MOST_LONGEST:
        found.append(f"{question.id}: the right option is the longest in {100 * share:.0f} % of its bank; at most "
                     f"{100 * MOST_LONGEST:.0f} % are allowed")
    if question.kind == "choice" and (often := likeliest_rank(question.bank)) > math.ceil((len(question.bank) - 1) / 2):
        found.append(f"{question.id}: one rank of length is the right option's in {often} of {len(question.bank) - 1} "
                     "graded cases; at most half, rounded up, are allowed")
    found += [f"{question.id}: a blank before a full stop or comma: …{text[max(0, at.start() - 30):at.end()]}"
              for text in texts([question.public(variant.module.week), key]) if (at := _GAP.search(text))]
    if question.kind in ("choice", "arrows") and len(question.bank) < 4:
        found.append(f"{question.id}: its bank has {len(question.bank)} cases; 4 are needed")
    if question.kind == "text":
        if sum(line.points for line in question.rubric) != question.points:
            found.append(f"{question.id}: the rubric's points do not add up to {question.points}")
        if len(question.specimens) != 3:
            found.append(f"{question.id}: three specimens are needed")
    return found


def longest_is_right(bank):
    """The share of a bank's cases in which whoever picks the longest option is right."""
    return statistics.mean(float(max(case.options, key=lambda option: len(option.text)).right) for case in bank)


def likeliest_rank(bank):
    """In how many graded cases (all but the first) is right who always picks one rank of length, the one that pays best.

    Options of the same length share their ranks: each of these counts.
    """
    ranks = Counter()
    for case in bank[1:]:
        right = next(len(option.text) for option in case.options if option.right)
        lengths = [len(option.text) for option in case.options]
        ranks.update(range(sum(one < right for one in lengths), sum(one <= right for one in lengths)))
    return max(ranks.values(), default=0)


def texts(data):
    """Every text in nested data."""
    if isinstance(data, str):
        return [data]
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [text for one in inner for text in texts(one)]


def wrong_routes(variant):
    """Each wrong route of a variant that does not earn what it should, as sentences."""
    found = []
    for question in (one for one in variant.questions if one.kind == "number"):
        for route in question.routes:
            result = mark(question.key(), float(route.value))
            best = max(one.earns for one in question.routes if within(route.value, one.value, question.margin))
            state = RIGHT if best == 1 else NOT_YET
            if (result.state, result.points) != (state, question.points * best) or not result.hint:
                found.append(f"{question.id}: the route {route.name!r} is taken for {result}")
    return found


def variants(module, count):
    """Variants for made-up students."""
    return [make_variant(module, f"student {number}", b"a secret for checks only") for number in range(count)]


def shared(made):
    """For each number: the share of pairs of variants in which one's right answer is right for the other too."""
    numbers = {question.id for one in made for question in one.questions if question.kind == "number"}
    pairs = list(combinations([{question.id: question for question in one.questions} for one in made], 2))
    return {id: statistics.mean(within(one[id].right, other[id].right, one[id].margin) for one, other in pairs)
            for id in sorted(numbers)}


def main(arguments=None):
    """Check one module, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m pebbletrail.exercises.check", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--variants", type=int, default=20)
    given = parser.parse_args(arguments)
    module = load_module(given.folder.resolve())
    found = faults(module)
    start = time.perf_counter()
    made = variants(module, given.variants)
    each = (time.perf_counter() - start) / len(made)
    practice = practice_variant(module)
    for one in [practice, *made]:
        answers = solved(one)
        for id, result in marks(one, answers).items():
            question = next(question for question in one.questions if question.id == id)
            if question.kind in ("number", "choice", "arrows") and result.state != RIGHT:
                right = question.key()["right"]
                found.append(f"{one.student}: the solution's {id} is {answers.get(id)!r}, right is {right!r}: {result}")
            if question.kind in ("text", "prediction") and id not in answers:
                found.append(f"{one.student}: the solution does not answer {id}")
        found += [f"{one.student}: {fault}" for fault in wrong_routes(one)]
    draws = [one.draws for one in made]
    print(f"{module.name}: {each * 1000:.0f} ms a variant; drawn {statistics.mean(draws):.2f} times on average, at most "
          f"{max(draws)}; CSV {sum(map(len, practice.files.values())) / 1000:.1f} kB")
    for id, share in shared(made).items():
        print(f"  {id}: right for another student too in {100 * share:.1f} % of pairs")
    for fault in found:
        print(f"  ✗ {fault}")
    print("✓ nothing wrong found" if not found else f"{len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
