"""Sentences in two languages, columns that tell about a person, and who did not answer."""

import string
import tomllib
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from own_firms import ANSWER_HEAD, ANSWER_ROWS, HEAD, MAPPING, PRACTICE, ROWS, files
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from pebbletrail.own_data import messages
from pebbletrail.own_data.given import Problem, Step
from pebbletrail.own_data.messages import told, told_step
from pebbletrail.own_data.non_response import compared, newcombe, non_response, wilson
from pebbletrail.own_data.personal import coded, looks_personal
from pebbletrail.own_data.prepare import prepare

TEXTS = tomllib.loads(Path(messages.__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def gaps(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(("part", "name"), [(part, name) for part in ("problems", "steps", "words") for name in TEXTS[part]])
def test_each_sentence_has_both_languages_and_the_same_gaps(part, name):
    said = TEXTS[part][name]
    assert set(said) == {"en", "fr"}
    assert gaps(said["en"]) == gaps(said["fr"])
    assert " ;" not in said["en"]


@pytest.mark.parametrize("code", TEXTS["problems"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_sentence_breaks_where_little_is_known(code, language):
    [text] = told([Problem(code, "calls", "team", "Équipe", found="heading" if code == "looks-personal" else "")], language)
    assert text.endswith((".", "?"))
    assert "{" not in text


def test_what_a_code_without_a_sentence_says():
    assert told([Problem("odd", "calls", "team", found="x", mend="Mend it.")]) == ["calls, team: odd x Mend it."]
    assert told_step(Step("odd", "calls", 2, 1)) == "calls: odd"


def test_rows_and_ranges_are_said_as_people_say_them():
    problem = Problem("out-of-range", "calls", "control", "Part", (42,), 1, "650", "a number from 0.5 to 100")
    assert told([problem])[0].startswith(
        "calls, control (Part): 1 row out of range (row 42): 650. Allowed: a number from 0.5 ")
    assert "1 ligne hors des bornes (ligne 42) : 650. Admis : un nombre de 0,5 à 100." in told([problem], "fr")[0]
    many = Problem("missing", "calls", "team", rows=tuple(range(2, 22)), count=1234)
    assert "1,234 rows without a value (rows 2, 3, 4, 5, 6, 7, 8, 9 …)" in told([many])[0]
    assert "1\u202f234 lignes" in told([many], "fr")[0]


def test_what_became_of_rows_that_found_no_place():
    counts = {"on": "call", "beside": 1200, "taken": 1190, "early": 3, "late": 0, "alone": 7}
    said = told_step(Step("joined", "survey", 2000, 1190, counts))
    assert said.endswith("1,200 rows, 1,190 of them find their place; 3 dated before their time; "
                         "7 whose call the other table does not have")
    assert "1\u202f200 lignes" in told_step(Step("joined", "survey", 2000, 1190, counts), "fr")


@pytest.mark.parametrize(("heading", "values", "why"), [
    ("Nom", ["x"], "heading"), ("Prénom client", ["x"], "heading"), ("agent_name", ["x"], "heading"),
    ("FirstName", ["x"], "heading"), ("Nom de l'équipe", ["x"], ""), ("Campaign name", ["x"], ""), ("team", ["Nord"], ""),
    ("contact", ["ada@example.org", "bob@example.org"], "e-mail"), ("n", ["+33 6 12 34 56 78", "06 12 34 56 78"], "phone"),
    ("n", ["FR76 3000 6000 0112 3456 7890 189"], "iban"), ("n", ["FR7630006000011234567890188"], ""),
    ("call", ["A100417", "2026-03-02", "0000012345"], ""), ("e-mail", [1.5, 2.5], ""),
])
def test_what_looks_like_a_person(heading, values, why):
    assert looks_personal(heading, pd.Series(values)) == why


def test_codes_keep_who_is_the_same_and_nothing_else():
    rows = pd.DataFrame({"agent": ["Zoé", "Ada", None, "Zoé"]})
    assert coded(rows, ["agent"])["agent"].tolist() == ["c0001", "c0002", None, "c0001"]
    assert rows["agent"].tolist()[0] == "Zoé"


def test_a_team_called_after_its_leader_is_known_by_a_code_alone(tmp_path):
    calls = [row.replace("Team ", "chef@firme.fr ") for row in ROWS]
    mails = [row.replace("chef@firme.fr ", f"chef{place % 3}@firme.fr;", 1) for place, row in enumerate(calls)]
    calls = [";".join([cells[0], cells[1], *cells[3:]]) for cells in (row.split(";") for row in mails)]
    ready = prepare(PRACTICE, files(tmp_path, calls=(HEAD, *calls[:23], calls[3].replace(",5", ",9"), calls[23])), MAPPING)
    assert set(ready.frame["team"]) == {"c0001", "c0002", "c0003"}
    assert ready.personal == ("team", "agent")
    assert "firme.fr" not in "".join(told(ready.problems)) + ready.set_aside.to_csv() + ready.frame.to_csv()
    assert ready.set_aside["reason"].tolist() == ["duplicate-key"]


@pytest.mark.parametrize(("a", "n", "b", "m", "alpha"), [
    (56, 70, 48, 80, 0.05), (10, 10, 0, 20, 0.05), (9, 10, 3, 10, 0.01)])
def test_the_intervals_are_those_of_statsmodels(a, n, b, m, alpha):
    expected = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff", alpha=alpha)
    np.testing.assert_allclose(newcombe(a, n, b, m, alpha), expected, atol=1e-12)
    np.testing.assert_allclose(wilson(a, n, alpha), proportion_confint(a, n, alpha, "wilson"), atol=1e-12)


def test_who_did_not_answer():
    rows = pd.DataFrame({"team": ["a"] * 20 + ["b"] * 30 + ["c"] * 40 + ["d"] * 50 + ["few"] * 9})
    answered = np.array([1] * 10 + [0] * 10 + [1] * 27 + [0] * 3 + [1] * 30 + [0] * 10 + [1] * 40 + [0] * 10 + [1] * 9,
                        dtype=bool)  # b has but three who kept silent: nothing is told of them
    [problem] = non_response(rows, answered, ["team", "absent"], {"team": "Équipe"})
    assert not problem.stops
    values = asdict(problem)["values"]
    assert (values["most_group"], values["least_group"], values["gap"], values["pairs"]) == ("d", "a", 30.0, 3)
    low, high = confint_proportions_2indep(40, 50, 10, 20, method="newcomb", compare="diff", alpha=0.05 / 3)
    np.testing.assert_allclose([values["low"], values["high"]], [100 * low, 100 * high], atol=0.05)
    assert "between d (80\u00a0%) and a (50\u00a0%): 30 points" in told([problem])[0]
    [unit] = non_response(rows, answered, ["team"], {"team": "Équipe"}, unit="team")
    assert "lies between 50\u00a0% and 80\u00a0% (3 of them; difference 30 points" in told([unit])[0]
    assert "50\u00a0% à 80\u00a0% (nombre\u00a0: 3" in told([unit], "fr")[0].replace(" :", "\u00a0:")
    assert non_response(rows, np.ones(149), ["team"], {}) == []


def test_no_difference_among_ten_million_is_no_minus_nothing():
    half = pd.DataFrame({"sum": [5_000_000] * 2, "size": [10_000_000] * 2}, index=["a", "b"])
    [said] = told(compared({"team": half}, 10_000_000, 20_000_000, {}))
    assert "between a (50 %) and b (50 %): 0 points (95 % interval 0 to 0," in said.replace("\u00a0", " ")


def test_calls_without_an_answer_are_told_of_by_team(tmp_path):
    calls = [row.replace("A", f"{copy}A", 1) for copy in range(6) for row in ROWS]
    answers = [row.replace("A", f"{copy}A", 1) for copy in range(6) for row in ANSWER_ROWS
               if copy > 3 or not {"5", "3", "2"} & set(row.split(";"))]
    ready = prepare(PRACTICE, files(tmp_path, (HEAD, *calls), (ANSWER_HEAD, *answers)), MAPPING)
    [problem] = [problem for problem in ready.problems if problem.code.startswith("non-response")]
    assert problem.code == "non-response.unit"  # a team may go by its leader's name
    assert "Team" not in told([problem])[0]
    assert asdict(problem)["values"]["of"] == 144
    assert problem.count == 144 - len(ready.frame) >= 30


def test_a_few_without_an_answer_are_not_told_of_by_team(tmp_path):
    """Fewer than ten, and no group clearly apart: the share by group would tell who they are, and nothing else."""
    few = [row.replace("A", f"{copy}A", 1) for copy in range(2) for row in ROWS]
    answers = [row.replace("A", f"{copy}A", 1) for copy in range(2) for row in ANSWER_ROWS if copy or ";5;" not in row]
    ready = prepare(PRACTICE, files(tmp_path, (HEAD, *few), (ANSWER_HEAD, *answers)), MAPPING)
    assert 0 < 48 - len(ready.frame) < 10
    assert not [problem for problem in ready.problems if problem.code.startswith("non-response")]
