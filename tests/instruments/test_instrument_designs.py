"""The designs of studies: their code runs as it is written, and their numbers are right."""

import re

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.instruments.definition import LANGUAGES, design

ANSWERS = {"ethics-stages": "answers-rater.csv", "justice-in-incidents": "answers-customer.csv",
           "openness-to-dialogue": "answers-message.csv"}
Z = 1.959963984540054


def said(value, language, decimals=2):
    return f"{value:.{decimals}f}".replace(".", "," if language == "fr" else ".").replace("-", "−")


def holds(text, pattern, *values):
    """That the text has the pattern, with these words in its places."""
    found = re.search(pattern, text)
    assert found, pattern
    assert found.groups() == values


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ANSWERS)
def test_the_code_of_a_design_runs_as_it_is_written(tmp_path, monkeypatch, capsys, name, language):
    """On a made-up table, written as a spreadsheet of that language writes it."""
    instrument = pt.instrument(name, language)
    instrument.kit(tmp_path / "kit")
    monkeypatch.chdir(tmp_path / "kit")
    made = instrument.example(1)
    assert list(made.columns) == list(instrument.template().columns)
    assert ANSWERS[name] in {path.name for path in (tmp_path / "kit").iterdir()}
    separator, point = (";", ",") if language == "fr" else (",", ".")
    made.to_csv(ANSWERS[name], index=False, sep=separator, decimal=point, encoding="utf-8-sig")
    found = {}
    for block in re.findall(r"```python\n(.*?)```", design(name, language), re.S):
        exec(block, found)  # our own lines
    told = capsys.readouterr().out
    assert len(told.splitlines()) > 10
    expected = instrument.score(made).text.removeprefix(made.attrs["made_up"]).strip()
    assert expected[:60] in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_often_few_raters_miss_a_stage(language):
    """The binomial: the median of an odd number is stage 3 where more than half of them tick it."""
    from math import comb

    def missed(raters, share=0.4):
        return sum(comb(raters, k) * share**k * (1 - share)**(raters - k) for k in range(raters // 2 + 1, raters + 1))

    pattern = {"en": r"median of 3 raters drawn by lot is then stage 3 in (\d+) of 100 such studies; of 9 raters in (\d+); "
                     r"of 15 raters in (\d+)\.",
               "fr": r"médiane de 3 personnes tirées au sort est alors le stade 3 dans (\d+) études sur 100.; de 9 "
                     r"personnes, dans (\d+).; de 15 personnes, dans (\d+)\."}
    holds(design("ethics-stages", language), pattern[language], *(said(100 * missed(n), language, 0) for n in (3, 9, 15)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_sure_a_correlation_is_and_what_shared_incidents_cost(language):
    """Fisher's interval, and the design effect 1 + (15 − 1) · 0.1."""
    ends = [np.tanh(np.arctanh(0.3) + side * Z / np.sqrt(n - 3)) for n in (100, 400) for side in (-1, 1)]
    pattern = {"en": r"With 100 customers .* correlation of 0.30 runs from (\S+) to (\S+); with 400 from (\S+) to (\S+)\. ",
               "fr": r"Avec 100 clients, .* corrélation de 0,30 va de (\S+) à (\S+).; avec 400, de (\S+) à (\S+)\. "}
    text = design("justice-in-incidents", language)
    holds(text, pattern[language], *(said(end, language) for end in ends))
    pattern = {"en": r"120 customers tell as much about a mean as (\d+) ", "fr": r"120 clients en disent .* que (\d+) "}
    holds(text, pattern[language], said(120 / (1 + 14 * 0.1), language, 0))


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_sure_shares_of_messages_are(language):
    """Wilson's intervals, and Newcombe's of a difference, as statsmodels has them."""
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

    ends = [*proportion_confint(12, 20, method="wilson"), *proportion_confint(60, 100, method="wilson")]
    pattern = {"en": r"runs from (\d+) % to (\d+) %; of 60 in 100, from (\d+) % to (\d+) %",
               "fr": r"va de (\d+)\u202f% à (\d+)\u202f%.; pour 60 sur 100, de (\d+)\u202f% à (\d+)\u202f%"}
    text = design("openness-to-dialogue", language)
    holds(text, pattern[language], *(said(100 * end, language, 0) for end in ends))
    low, high = confint_proportions_2indep(32, 40, 24, 40, method="newcomb")
    pattern = {"en": r"\(20 points\) runs from (\S+) to (\d+) points", "fr": r"\(20 points\) va de (\S+) à (\d+) points"}
    holds(text, pattern[language], said(100 * low, language, 1), said(100 * high, language, 0))
