"""The twelve modules: the mix, the keys by a second way, the wrong routes, and no solution in what students get."""

import json
import math
import re
import statistics

import nbformat
import pytest

from pebbletrail.course import read_syllabus
from pebbletrail.exercises.arithmetic import evaluate
from pebbletrail.exercises.check import faults, shared, texts, variants, wrong_routes
from pebbletrail.exercises.marking import FAR, RIGHT, mark
from pebbletrail.exercises.module import all_modules
from pebbletrail.exercises.packet import handed_out, practice_variant
from pebbletrail.exercises.source import END, parts, read_source, student_notebook
from pebbletrail.exercises.trial import marks, run, solved
from pebbletrail.home import CHECKOUT
from pebbletrail.page_source import source

MODULES = list(all_modules().values())
NAMED = {"ids": lambda module: module.name}
VARIANTS = 20
MAIN = ("q1b", "q3", "q3b", "q4")  # numbers that must tell students apart
each = pytest.mark.parametrize("module", MODULES, **NAMED)


@pytest.fixture(scope="module")
def drawn():
    """Twenty variants of each module, drawn once."""
    return {module.name: variants(module, VARIANTS) for module in MODULES}


@pytest.fixture(scope="module")
def students():
    """The student's notebook of each module."""
    return {module.name: student_notebook(read_source(module.solution)) for module in MODULES}


def code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def lines(cell):
    return [line for line in source(cell).splitlines() if line.strip()]


def test_there_is_one_for_each_week():
    assert [module.week for module in MODULES] == list(range(1, 13))
    assert all(module.name == module.code.NAME for module in MODULES)
    assert {week["week"]: week["module"] for week in read_syllabus()["weeks"]} == {
        module.week: module.name for module in MODULES}


@each
def test_the_mix_is_the_same_in_every_module(module):
    assert faults(module) == []


@each
def test_the_solution_earns_full_marks_on_twenty_variants(module, drawn):
    """The keys stand in module.py, in numpy; the solution uses the students' own tools: two ways to each number."""
    for one in [practice_variant(module), *drawn[module.name]]:
        results = marks(one, solved(one))
        assert {id: result for id, result in results.items() if result.state not in (RIGHT, "noted")} == {}, one.student


@each
def test_every_wrong_route_earns_what_it_should(module, drawn):
    assert [fault for one in drawn[module.name] for fault in wrong_routes(one)] == []


@each
def test_no_mistake_is_counted_twice(module, drawn):
    """Each wrong route of an earlier question, typed rounded as asked, and carried on unrounded: it must count in full."""
    tried = 0
    for one in drawn[module.name][:5]:
        keys = {key["id"]: key for key in one.keys()["questions"]}
        for key in (key for key in keys.values() if key.get("follows")):
            uses = key["follows"]["uses"]
            for used, route in [(id, route) for id in uses for route in keys[id]["routes"]]:
                values = {id: keys[id]["right"] for id in uses} | {used: route["value"]}
                carried = evaluate(key["follows"]["formula"], values)
                near = 1 / FAR <= abs(route["value"] / keys[used]["right"]) <= FAR
                if not near or carried is None or abs(carried) * FAR < abs(key["right"]):
                    continue  # nothing follows from nonsense
                typed = {id: float(round(value, keys[id]["decimals"])) for id, value in values.items()}
                result = mark(key, float(round(carried, key["decimals"])), typed)
                assert result.points == key["points"], (one.student, key["id"], route["name"])
                tried += 1
    assert tried >= 5


@each
def test_students_numbers_are_their_own(module, drawn):
    files = [content for one in drawn[module.name] for content in [b"".join(one.files.values())]]
    assert len(set(files)) == VARIANTS
    told = {id: share for id, share in shared(drawn[module.name]).items() if id in MAIN}
    assert {id: share for id, share in told.items() if share > 0.05} == {}


@each
def test_few_draws_are_made_again(module, drawn):
    assert statistics.mean(one.draws for one in drawn[module.name]) < 1.5


@each
def test_no_solution_is_in_what_students_get(module, students, drawn):
    """Line by line: what stands between the marks occurs nowhere in a hand-out, and no key does."""
    notebook = read_source(module.solution)
    hidden = [line.strip() for cell in notebook["cells"] for line in parts(cell)[1] if len(line.strip()) > 3]
    assert len(hidden) >= 8
    one = drawn[module.name][0]
    files = handed_out(one, notebook=students[module.name])
    text = "\n".join(source(cell) for cell in json.loads(files[f"{module.name}.ipynb"])["cells"])
    assert [line for line in hidden if line in [given.strip() for given in text.splitlines()]] == []
    assert not re.search(r"(BEGIN|END)\s+SOLUTION", "".join(content.decode("utf-8") for content in files.values()))
    sheet = files["exercise.json"].decode("utf-8")
    for question in one.questions:
        key = question.key()
        told = [route["hint"] for route in key.get("routes", [])] + [key.get("worked") or "", *key.get("hints", [])]
        assert [words for words in told if words and json.dumps(words, ensure_ascii=False)[1:-1] in sheet] == []
    assert set(files) == {f"{module.name}.ipynb", "exercise.json", *one.files}


@each
def test_the_practice_keys_are_values_and_words(module, students):
    """No step of a solution stands in what ships for practice, but where the notebook itself teaches it."""
    taught = "\n".join(source(cell) for cell in students[module.name]["cells"])
    steps = [line.strip().rpartition(" = ")[2] for cell in code(read_source(module.solution)) for line in parts(cell)[1]]
    told = "\n".join(texts(practice_variant(module).keys()))
    long = [step for step in steps if len(step) > 14 and step.endswith((")", "]")) and not step.startswith('"{{')]
    assert [step for step in long if step in told and step not in taught] == []


@each
def test_the_leak_test_fails_on_a_broken_mark(module):
    """Each end mark is broken in turn: the build must stop each time."""
    notebook = read_source(module.solution)
    marked = [at for at, cell in enumerate(notebook["cells"]) if END in source(cell)]
    for at in marked:
        broken = json.loads(json.dumps(notebook))
        broken["cells"][at]["source"] = source(broken["cells"][at]).replace(END, END.replace("END", "ND"))
        with pytest.raises(ValueError, match=broken["cells"][at]["id"]):
            student_notebook(broken)


@each
def test_every_line_of_the_student_stands_in_the_solution(module, students):
    """And in the same order: what students get is the source with lines left out, and nothing else."""
    whole = iter([line for cell in read_source(module.solution)["cells"] for line in lines(cell)])
    given = [line for cell in students[module.name]["cells"] for line in lines(cell)]
    assert len(given) > 50
    assert [line for line in given if line not in whole] == []


@each
def test_the_students_notebook_runs_as_it_is_handed_out(module, drawn, students):
    """Stubs run without an error, and earn nothing."""
    one = drawn[module.name][0]
    made = json.loads(handed_out(one, notebook=students[module.name])[f"{module.name}.ipynb"])
    assert run(made, one) == {}


@each
def test_cells_are_short_and_stored_without_outputs(module, students):
    source_notebook = read_source(module.solution)
    for notebook in (source_notebook, students[module.name]):
        nbformat.validate(nbformat.from_dict(notebook))
        lengths = [len(lines(cell)) for cell in code(notebook)]
        assert max(lengths) <= 15
        assert statistics.median(lengths) <= 3
        assert [line for cell in code(notebook) for line in source(cell).splitlines() if len(line) > 100] == []
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code(notebook))


@each
def test_the_practice_variant_is_built_from_its_source(module):
    folder = CHECKOUT / "notebooks" / "exercises" / module.name
    stored = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    built = handed_out(practice_variant(module), practice=True)
    keys, again = (json.loads(files.pop("practice.json")) for files in (stored, built))
    assert stored == built, "python tools/make_exercises.py builds it again"
    assert alike(keys, again), "python tools/make_exercises.py builds it again"


def alike(one, other):
    """The same data; numbers but for what another processor's linear algebra may change."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and one == other


def test_what_is_alike_and_what_is_not():
    assert alike({"right": [0.1 + 0.2, "a"]}, {"right": [0.3, "a"]})
    assert not alike({"right": [0.3]}, {"right": [0.3000001]})
    assert not alike({"right": "0.3"}, {"right": 0.3})
    assert not alike({"right": 1, "way": 2}, {"way": 2, "right": 1})
    assert not alike([1], [1, 2])


@each
def test_tables_are_small_and_nothing_ships_that_is_a_third_partys(module, drawn):
    assert max(sum(map(len, one.files.values())) for one in drawn[module.name]) <= 30_000
