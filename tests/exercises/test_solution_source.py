"""From the solution notebook to the student's: nothing between the marks may be left, and a broken mark stops the build."""

import json

import pytest

from pebbletrail.exercises.source import BrokenSource, answered, solved_notebook, student_notebook

SOLUTION = """effect = ...
### BEGIN SOLUTION
effect = calls["quality"].mean()
### END SOLUTION
sheet.answer("q3", effect)"""


def notebook(*cells):
    made = [{"id": f"c{at}", "cell_type": kind, "metadata": {"tags": ["t"], "author": "me"}, "source": text}
            | ({"outputs": [{"output_type": "stream"}], "execution_count": 3} if kind == "code" else {})
            for at, (kind, text) in enumerate(cells)]
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_the_student_gets_the_lines_outside_the_marks():
    given = notebook(("code", SOLUTION), ("markdown", "Read.\n### BEGIN SOLUTION\nIt is 0.42.\n### END SOLUTION\nGo on."))
    before = json.dumps(given)
    made = student_notebook(given)
    assert [cell["source"] for cell in made["cells"]] == ['effect = ...\nsheet.answer("q3", effect)', "Read.\nGo on."]
    assert made["cells"][0]["outputs"] == []
    assert made["cells"][0]["execution_count"] is None
    assert made["cells"][0]["metadata"] == {"tags": ["t"]}
    assert json.dumps(given) == before


def test_a_cell_of_a_solution_alone_is_gone():
    made = student_notebook(notebook(("markdown", "Read."), ("code", "### BEGIN SOLUTION\nx = 12345\n### END SOLUTION\n")))
    assert [cell["id"] for cell in made["cells"]] == ["c0"]


def joined(*cells):
    """The second and last cell is tagged as the end of the student's first."""
    made = notebook(*cells)
    made["cells"][-1]["metadata"] = {"tags": ["joined"]}
    return made


WAY = '### BEGIN SOLUTION\neffect = calls["quality"].mean()\n### END SOLUTION'
APART = (("code", "effect = ..."), ("code", WAY), ("code", 'sheet.answer("q3", effect)'))


def test_a_source_in_short_cells_gives_the_student_one():
    made = student_notebook(joined(*APART))
    assert [cell["source"] for cell in made["cells"]] == ['effect = ...\nsheet.answer("q3", effect)']
    assert len(solved_notebook(joined(*APART))["cells"]) == 3


@pytest.mark.parametrize("lost", [WAY.replace("### BEGIN SOLUTION\n", ""),
                                  WAY.replace("### END SOLUTION", "### ED SOLUTION"),
                                  'effect = calls["quality"].mean()'])
def test_a_broken_mark_in_a_cell_of_its_own_stops_the_build(lost):
    with pytest.raises(BrokenSource, match="c1"):
        student_notebook(joined(APART[0], ("code", lost), APART[2]))


@pytest.mark.parametrize("before", [(), (("markdown", "Read."),), (("code", WAY),)])
def test_what_is_joined_needs_a_code_cell_before_it(before):
    with pytest.raises(BrokenSource, match="no code cell stands before it"):
        student_notebook(joined(*before, APART[2]))


def test_the_solved_notebook_keeps_all_but_the_marks():
    made = solved_notebook(notebook(("code", SOLUTION)))
    assert made["cells"][0]["source"] == 'effect = ...\neffect = calls["quality"].mean()\nsheet.answer("q3", effect)'


@pytest.mark.parametrize("broken", [
    SOLUTION.replace("### BEGIN SOLUTION", "### BEGIN SOLUTON"),
    SOLUTION.replace("### END SOLUTION", "### END SOLUTON"),
    SOLUTION.replace("### BEGIN SOLUTION", "## BEGIN SOLUTION"),
    SOLUTION.replace("### BEGIN SOLUTION", "###BEGIN SOLUTION"),
    SOLUTION.replace("### BEGIN SOLUTION", "### Begin solution"),
    SOLUTION.replace("### BEGIN SOLUTION", "### SOLUTION BEGIN"),
    SOLUTION.replace("### BEGIN SOLUTION\n", ""),
    SOLUTION.replace("### END SOLUTION\n", ""),
    SOLUTION.replace("### END SOLUTION", "x = 1  ### END SOLUTION"),
    SOLUTION.replace("### BEGIN SOLUTION", "### BEGIN SOLUTION\n### BEGIN SOLUTION"),
    SOLUTION.replace("### BEGIN SOLUTION\n", "").replace("### END SOLUTION\n", ""),
    SOLUTION.replace("SOLUTION", "SOLUTON"),
])
def test_a_broken_mark_stops_the_build(broken):
    """The last two have lost their marks altogether: what tells is an answer that is no stub any more."""
    with pytest.raises(BrokenSource, match="c0"):
        student_notebook(notebook(("code", broken)))


def test_a_solutions_line_outside_its_marks_stops_the_build():
    with pytest.raises(BrokenSource, match="also stands in the solution of cell 'c0'"):
        student_notebook(notebook(("code", SOLUTION), ("code", 'effect = calls["quality"].mean()\nprint(effect)')))


@pytest.mark.parametrize("given_away", [
                                        'sheet.answer("q3", 0.42)', 'sheet.answer("q3", calls.mean())',
                                        'x = 1\nsheet.answer("q3", x)',
                                        'x = ...\nx = 0.42\nsheet.answer("q3", x)', 'sheet.answer("q3", value=0.42)',
                                        'x = ...\nx += 1\nsheet.answer("q3", x)'])
def test_an_answer_that_is_no_stub_stops_the_build(given_away):
    with pytest.raises(BrokenSource, match="given away"):
        student_notebook(notebook(("code", given_away)))


def test_the_questions_that_a_notebook_answers():
    assert answered(notebook(("code", SOLUTION), ("markdown", "x"), ("code", 'sheet.answer("q1", ...)'))) == ["q3", "q1"]
