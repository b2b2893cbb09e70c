"""Which executed pages make the run fail, and with which words."""

from pebbletrail.ledger import LINES, VERDICT
from pebbletrail.ledger_table import ledger
from pebbletrail.reproduce.execute import Executed
from pebbletrail.reproduce.harvest import harvest
from pebbletrail.reproduce.report import counts, html
from pebbletrail.reproduce.run import table


def executed(number, lines=(), verdicts=(), error=None):
    outputs = [{"output_type": "display_data", "data": {LINES: {"lines": list(lines)}}}]
    outputs += [{"output_type": "display_data", "data": {VERDICT: one}} for one in verdicts]
    return Executed(number, {"cells": [{"cell_type": "code", "outputs": outputs}]}, 1.0, 0, (), error)


def right_values(page):
    """A value for every line of a page that comes out as the ledger expects."""
    lines = [line for line in ledger().values() if line.counts and int(line.page) == page]
    off = {"agrees": 0.0, "differs": 1.0}
    return [{"id": line.id, "value": float(line.published) + off[line.expected], "status": ""} for line in lines]


def test_all_right_is_no_problem():
    for page in (1, 9):
        results, _, problems = harvest([executed(page, right_values(page))])
        assert problems == []
        assert all(result.as_expected for result in results)
        assert counts(results)["unexpected"] == 0


def test_a_line_off_by_a_digit_is_named_with_both_numbers():
    values = right_values(9)
    values[0]["value"] += 0.001
    results, _, problems = harvest([executed(9, values)])
    assert len(problems) == 1
    assert values[0]["id"] in problems[0]
    assert ledger()[values[0]["id"]].published in problems[0]
    assert counts(results)["unexpected"] == 1
    assert "UNEXPECTED" in table(results)


def test_a_line_that_should_differ_and_agrees_is_a_problem():
    values = right_values(9)
    one = next(value for value in values if ledger()[value["id"]].expected == "differs")
    one["value"] = float(ledger()[one["id"]].published)
    assert any(one["id"] in problem for problem in harvest([executed(9, values)])[2])


def test_a_line_compared_twice_or_on_another_page_is_a_problem():
    values = right_values(9)
    assert any("2 times" in problem for problem in harvest([executed(9, [*values, values[0]])])[2])
    stray = right_values(1)[0]
    assert any("gives to page 1" in problem for problem in harvest([executed(9, [*values, stray])])[2])


def test_a_line_never_compared_is_a_problem_unless_its_data_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PEBBLETRAIL_HOME", str(tmp_path))
    monkeypatch.delenv("PEBBLETRAIL_DATA", raising=False)
    results, _, problems = harvest([executed(1)])
    status = {result.id: result for result in results}
    open_lines = [line.id for line in ledger().values() if line.data == "hidden-costs-of-control"]
    assert open_lines
    for line in open_lines:
        assert status[line].status == "not run"
        assert status[line].because == "data not downloaded: hidden-costs-of-control"
        assert not any(line in problem for problem in problems)
    assert any("bhl18-c10:" in problem for problem in problems)


def test_a_verdict_away_from_home_is_a_problem():
    verdict = {"claim": "relational-chain", "verdict": "mixed", "because": "x", "home_page": 9}
    assert harvest([executed(9, right_values(9), [verdict])])[2] == []
    told = harvest([executed(1, right_values(1), [verdict])])[2]
    assert told == ["page 1 judges relational-chain, whose home is page 9"]


def test_the_report_escapes_what_it_shows():
    error = {"cell": 2, "name": "ValueError", "message": "<script>alert(1)</script>", "section": "1.2", "code": "x"}
    page = executed(1, right_values(1), error=error)
    results, verdicts, problems = harvest([page])
    text = html([page], results, verdicts, problems)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
