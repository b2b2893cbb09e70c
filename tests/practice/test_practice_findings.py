"""What a notebook says, as data and in two languages."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from pebbletrail.own_data.given import Prepared, Step
from pebbletrail.practice.definition import Column, Practice, Table
from pebbletrail.practice.findings import FINDING, Finding
from pebbletrail.practice.harvested import figures, findings
from pebbletrail.practice.study import NotSpecified, Study

SAID = {"en": "what", "fr": "quoi"}
PRACTICE = Practice("firm", "1", "2026-11-22", SAID, SAID, SAID, SAID, "", (), "team", "control", "quality", SAID, SAID,
                    (Table("calls", "", SAID, (Column("control", "number", SAID, SAID),)),), (), "", {})
WORDS = {"main": {"en": "It is {estimate} ({low} to {high}; {n} rows).",
                  "fr": "C'est {estimate} ({low} à {high} ; {n} lignes)."},
         "specification": {"en": "{formula} at {at}", "fr": "{formula} le {at}"}, "printed": {"en": "{p}", "fr": "{p}"}}


@pytest.fixture
def study():
    frame = pd.DataFrame({"team": ["a", "b"], "control": [1.0, 2.0], "quality": [3.0, np.nan]})
    ready = Prepared("firm", frame, (Step("read", "calls", 2, 2),), (), pd.DataFrame(), (), (), ())
    return Study(dataclasses.replace(PRACTICE, words=WORDS), ready, made_up=False)


def test_numbers_are_written_as_each_language_writes_them():
    found = Finding("main", "main", {"estimate": -1234.56, "low": -0.5, "high": 0.25, "n": 12345})
    assert found.text(WORDS) == "It is −1,230 (−0.5 to 0.25; 12,345 rows)."
    assert found.text(WORDS, "fr") == "C'est −1\u202f230 (−0,5 à 0,25 ; 12\u202f345 lignes)."
    assert Finding("beside", "printed", {"p": "−.18"}).text(WORDS, "fr") == "−,18"
    assert Finding("beside", "printed", {"p": "A. Smith 2.0"}).text(WORDS, "fr") == "A. Smith 2.0"


def test_a_sentence_that_is_not_there():
    with pytest.raises(ValueError, match="no sentence for 'nowhere'"):
        Finding("main", "nowhere").text(WORDS)


def test_no_result_before_the_specification(study):
    result = {"estimate": 1.0, "low": 0.0, "high": 2.0, "n": 2}
    with pytest.raises(NotSpecified, match="what will be estimated first"):
        study.main(result)
    study.specify(formula="quality ~ control", outcome="quality", exposure="control")
    study.main(result)
    with pytest.raises(ValueError, match="stands already"):
        study.specify(formula="quality ~ team", outcome="quality", exposure="team")


def test_one_row_of_a_result_is_picked(study, capsys):
    class Result:
        table = pd.DataFrame({"term": ["Intercept", "control"], "estimate": [1.0, 2.0], "ci_low": [0.0, 1.0],
                              "ci_high": [2.0, 3.0], "p_value": [0.1, 0.2]})
        n = 7

    study.specify(formula="quality ~ control", outcome="quality", exposure="control")
    study.main(Result(), term="control")
    assert "It is 2 (1 to 3; 7 rows)." in capsys.readouterr().out
    with pytest.raises(ValueError, match="picks 0 rows"):
        study.main(Result(), term="skill")
    with pytest.raises(ValueError, match="picks 2 rows"):
        study.main(Result())


def test_words_outside_what_is_allowed(study):
    with pytest.raises(ValueError, match="status: 'good' is not one of pass, doubtful, fail"):
        study.assumption("good", "main")
    with pytest.raises(ValueError, match="is not one of association, before-after, randomised"):
        study.design("trial", "main")
    with pytest.raises(ValueError, match="ledger_id: 'nowhere' is not in the ledger"):
        study.beside("nowhere")


def test_the_rows_are_a_copy(study):
    taken = study.data
    taken.loc[0, "control"] = 99
    assert study.data.loc[0, "control"] == 1
    assert study.has("team", "quality")
    assert not study.has("team", "skill")


def test_findings_and_figures_are_harvested_from_an_executed_notebook():
    carried = {"kind": "main", "id": "main", "values": {"estimate": 1.0}, "status": ""}
    image = '<figure><img alt="a &amp; b &quot;c&quot; d e f" style="x" src="data:image/png;base64,iVBORw0KGgo="></figure>'
    cell = {"cell_type": "code", "outputs": [{"data": {FINDING: carried}}, {"data": {"text/html": image}},
                                             {"data": {"text/html": ["<p>", "no picture</p>"]}}]}
    notebook = {"cells": [{"cell_type": "markdown", "source": ""}, cell]}
    assert findings(notebook) == [Finding("main", "main", {"estimate": 1.0})]
    [figure] = figures(notebook)
    assert (figure.alt, figure.png_base64) == ('a & b "c" d e f', "iVBORw0KGgo=")
