"""What TEACHING.md and the exam bank say in numbers is computed here; their links and names exist."""

import math
import re
import statistics

import numpy as np
import pytest
from scipy import stats

from pebbletrail.course import read_syllabus
from pebbletrail.explorers.explore import EXPLORERS
from pebbletrail.home import CHECKOUT
from pebbletrail.page_source import all_pages

FOLDER = CHECKOUT / "exercises"
TEACHING = (FOLDER / "TEACHING.md").read_text(encoding="utf-8")
TEST = (FOLDER / "CONCEPT-TEST.md").read_text(encoding="utf-8")
BANK = (FOLDER / "EXAM-BANK.md").read_text(encoding="utf-8")


def item(name):
    """One question of the bank, with its answer."""
    return " ".join(re.search(rf"\*\*{name}\*\*(.*?)(?=\n\*\*\d|\n## |\Z)", BANK, re.DOTALL)[1].split())


def holds(name, *figures):
    text = item(name)
    missing = [figure for figure in figures if not re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", text)]
    assert missing == [], text


def test_paired_difference():
    differences = np.array([20, 30, 10, 40, 25]) - np.array([15, 30, 12, 30, 18])
    result = stats.ttest_1samp(differences, 0)
    error = stats.sem(differences)
    holds("1a", "5, 0, −2, 10, 7", f"{differences.mean():.1f}", f"{statistics.stdev(map(int, differences)):.2f}",
          f"{error:.2f}", f"{result.statistic:.2f}")


def test_correlations():
    holds("2a", f"{100 * 0.2 ** 2:.0f} percent", f"{0.2 * 1.5:.1f}")
    holds("2b", f".{100 * math.sqrt(.16):.0f}", f"{100 * .16 ** 2:.1f}")
    low, high = np.arctanh(0.6) - 1.96 / math.sqrt(9), np.arctanh(0.6) + 1.96 / math.sqrt(9)
    holds("3a", f"{np.arctanh(0.6):.3f}", f"{low:.3f}", f"{high:.3f}", f"{np.tanh(low):.2f}", f"{np.tanh(high):.2f}")


def test_regression_from_correlations():
    weights = np.linalg.solve([[1, 0.5], [0.5, 1]], [0.3, 0.4])
    holds("4a", f"{weights[0]:.3f}", f"{weights[1]:.3f}", f"{weights @ [0.3, 0.4]:.3f}")


def test_difference_in_differences_and_its_error():
    holds("5a", f"{(-0.02 - 0.00) - (-0.21 - 0.01):.2f}")
    reach = stats.t.ppf(0.975, 249) * 0.06
    holds("5b", f"{0.20 / 0.06:.1f}", f"{0.20 - reach:.2f}", f"{0.20 + reach:.2f}")


def test_pooling():
    effects, weights = np.array([0.1, 0.3, 0.5]), 1 / np.array([0.1, 0.1, 0.2]) ** 2
    holds("6a", f"{np.average(effects, weights=weights):.3f}", f"{weights.sum() ** -0.5:.3f}")
    reach = stats.t.ppf(0.975, 7) * math.hypot(0.05, 0.15)
    holds("6b", f"{reach:.3f}", f"−{reach - 0.2:.2f}", f"{reach + 0.2:.2f}")


def test_chain_and_alpha():
    total = 0.1 + 0.6 * 0.5
    holds("8a", f"{0.6 * 0.5:.2f}", f"{total:.2f}", f"{100 * 0.3 / total:.0f} percent")
    holds("8b", f"{4 * 0.4 / (1 + 3 * 0.4):.3f}", f"{5 * 0.4 / (1 + 4 * 0.4):.3f}")


def test_learning_and_moderation():
    belief, weight = 0.5, 4
    for call in (1, 1, 1, 0):
        belief, weight = belief + (call - belief) / (weight + 1), weight + 1
    holds("9a", f"{belief:.3f}")
    holds("9b", f"{0.4 - 0.2:.1f} and {0.4 + 0.2:.1f}")


def test_shares_and_effects():
    error = 100 * math.sqrt(0.1 * 0.9 / 200 + 0.2 * 0.8 / 300)
    holds("10a", f"{error:.2f}", f"{10 - 1.96 * error:.1f}", f"{10 + 1.96 * error:.1f}", f"{(60 * 180) / (240 * 20):.2f}")
    holds("10b", f"{math.sqrt(6.25) * math.sqrt(2 / 50):.2f}")


def test_loop_and_kappa():
    holds("11a", f"{sum(0.6 ** round for round in range(200)):.1f}")
    table = np.array([[5, 5], [5, 85]])
    chance = (table.sum(0) * table.sum(1)).sum() / 100 ** 2
    holds("11c", f"{chance:.2f}", f"{(0.90 - chance) / (1 - chance):.2f}")
    assert np.trace(table) == 90


def test_value_before_the_board():
    error = 0.8 * 40_000
    low, high = 30_000 - 1.96 * error, 30_000 + 1.96 * error
    holds("12a", "30,000", f"{error:,.0f}", f"−{round(-low, -2):,.0f}", f"{round(high, -2):,.0f}",
          f"{stats.norm.cdf(30_000 / error):.2f}")
    assert 0.75 * 40_000 - 30_000 == 0
    holds("12b", "0.50")


def test_every_week_has_its_three_questions_and_every_concept_its_key():
    expected = [f"{week}{part}" for week in range(1, 13) for part in "abc"]
    assert re.findall(r"^\*\*(\d+[abc])\*\*", BANK, re.MULTILINE) == expected
    asked, key = TEST.split("## Key")
    numbers = re.findall(r"^\*\*(\d+)\*\*", asked, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 17)]
    assert re.findall(r"^\| (\d+) \| [abcd] \|", key, re.MULTILINE) == numbers
    blocks = re.split(r"^\*\*\d+\*\*", asked, flags=re.MULTILINE)[1:]
    assert all(re.findall(r"^- \(([a-d])\)", block, re.MULTILINE) == list("abcd") for block in blocks)


def test_figures_of_the_concept_test():
    assert "36 × 0.05 = 1.8" in TEST
    assert round(36 * 0.05, 6) == 1.8
    assert "The odds ratio is 2.67" in TEST
    assert round((0.4 / 0.6) / (0.2 / 0.8), 2) == 2.67
    assert round(math.sqrt(2.67), 2) == 1.63


@pytest.mark.parametrize("mark", [10, 14, 17])
def test_other_scales(mark):
    column = {10: 0, 14: 1, 17: 2}[mark]
    rows = {line.split("|")[1].strip()[:4]: [cell.strip() for cell in line.split("|")[3:6]]
            for line in TEACHING.splitlines() if line.startswith("|") and line.count("|") == 6}
    assert rows["perc"][column] == f"{5 * mark}"
    assert rows["Germ"][column] == f"{1 + 3 * (20 - mark) / 10:.1f}"
    assert rows["Swit"][column] == f"{4 + 2 * (mark - 10) / 10:.1f}"


def test_sections_explorers_and_links_that_are_named_exist():
    titles = [text for page in all_pages().values() for _, text in page.headings]
    headings = {match[0] for text in titles if (match := re.match(r"[\d.]+", text))}
    named = set(re.findall(r"(?<![\d.])(\d{1,2}\.\d(?:\.\d+)?)(?![\d.]| %| point)", TEACHING.split("## 6 Marks")[0]))
    sections = {one for one in named if one.count(".") == 2}
    assert len(sections) >= 20
    assert sections <= headings
    for name in re.findall(r"[Tt]he explorer \*([\w-]+)\*", TEACHING):
        assert name in EXPLORERS
    for target in re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", TEACHING):
        assert (FOLDER / target).exists(), target


def test_the_weeks_are_those_of_the_syllabus():
    for week in read_syllabus()["weeks"]:
        title = re.search(rf"^### Week {week['week']} · (.*)$", TEACHING, re.MULTILINE)[1]
        pages = [step["page"] for step in week["steps"] if "page" in step and step["page"] is not None]
        assert all(re.search(rf"\b{page}\b", title.split("(")[1]) for page in pages), title
        assert f"E{week['week']}" in title


def test_shares_of_the_course_mark_make_a_whole():
    assert sum(map(int, re.findall(r"\| (\d+) % \|", TEACHING))) == 100
    points = [int(cell) for cell in re.findall(r"\| (\d) \|$", TEACHING.split("## 10 The capstone")[1], re.MULTILINE)]
    assert sum(points) == 20


def test_the_minutes_of_a_session_are_three_hours():
    table = TEACHING.split("## 2 A session")[1].split("Home work")[0]
    assert sum(map(int, re.findall(r"^\| (\d+) \|", table, re.MULTILINE))) == 180
