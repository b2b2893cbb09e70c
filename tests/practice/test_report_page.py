"""The report as a page: what it says is computed here by hand; what it must not say is looked for."""

import re
from dataclasses import replace
from html import unescape
from string import Formatter

import pytest
from tests.practice.report_made import ABOUT, MONEY, SPECIFICATION, findings, made, prepared, rows, sorts

from pebbletrail.own_data.given import Problem
from pebbletrail.practice.definition import practice
from pebbletrail.practice.findings import Finding
from pebbletrail.practice.targets import MARK
from pebbletrail.report.wording import FOLDER, Wording, words


def text_of(page):
    """What a reader sees, on one line."""
    body = re.sub(r"<(style|script).*?</\1>", "", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def part(page, heading):
    """The text of the section that has this heading."""
    return next(text_of(one) for one in re.split(r"<section[^>]*>", page) if f">{heading}</h" in one)


@pytest.fixture(scope="module")
def pages():
    return {(name, language): made(language, **given) for name, given in sorts().items() for language in ("en", "fr")}


# --- words ----------------------------------------------------------------------------------------------------------

def test_both_languages_have_the_same_words_with_the_same_gaps():
    gaps = [{name: {field for _, field, _, _ in Formatter().parse(text) if field is not None} for name, text in
             words(language).items()} for language in ("en", "fr")]
    assert gaps[0] == gaps[1]


def test_every_word_is_used():
    """By its name, or with others of its part: w(f"status.{…}")."""
    sources = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*") if path.suffix in (".py", ".html"))
    for name in words("en"):
        part_of = name.split(".")[0]
        assert f'"{name}"' in sources or f'"{part_of}.{{' in sources or f'"{part_of}.rule-{{' in sources, name


def test_numbers_for_people():
    english, french = Wording("en"), Wording("fr")
    assert english.euro(1_234_567) == "€1,230,000"
    assert french.euro(-1_234_567) == "−1\u202f230\u202f000\u00a0€"
    assert english.euro(0.2) == "€0"
    assert (english.entered_euro(4.5), english.entered_euro(-23456.78), english.entered(412345)) == (
        "€4.5", "−€23,456.78", "412,345")
    assert french.entered_euro(1234.25) == "1\u202f234,25\u00a0€"
    assert [english.percent(share) for share in (1, 0.996, 0.5, 0.004, 0)] == [
        "more than 99 %", "more than 99 %", "50\u00a0%", "less than 1 %", "less than 1 %"]
    assert english.day("2026-08-03T09:05:00+02:00") == "3 August 2026, 09:05"
    assert french.day("2026-08-03") == "3 août 2026"
    assert english.day("soon") == "soon"
    assert english.span((2, 3, 5)) == "2 to 5, most likely 3"
    assert (english.span((2, 3.5, 5)), english.span((2, 2, 2))) == ("2 to 5", "2")
    with pytest.raises(ValueError, match="--lang: 'de'"):
        Wording("de")


def test_no_french_line_begins_with_a_sign(pages):
    page = pages["association", "fr"]
    shown = re.sub(r"<(style|script|pre|code)\b.*?</\1>", "", page, flags=re.S)
    assert not re.findall(r" [;:!?%»]", re.sub(r"<[^>]*>", "", shown))
    assert "\u202f;" in shown
    styles = [re.findall(r"<style>.*?</style>", pages["association", language], flags=re.S) for language in ("en", "fr")]
    assert styles[0] == styles[1] != []


# --- what page one says ---------------------------------------------------------------------------------------------

def test_an_association_gives_no_euro_and_says_why(pages):
    told = text_of(pages["association", "en"])
    assert "Advice Pilot The data shows what goes together" in told
    assert "€" not in told
    assert "Nothing was entered on worth and cost" in told
    told = text_of(made(money=MONEY))
    assert "State a share to see a figure: --causal 0.5" in told
    board = part(made(money=MONEY), "Rival explanations, and what the data says")
    assert "€" not in board
    assert "%" not in re.sub(r"95 %", "", board)
    assert "<script" not in made(money=MONEY)


def test_a_stated_share_gives_euro_and_a_slider(pages):
    """0.4 of a million; 1.645 x 80,000 to either side."""
    page = pages["share", "en"]
    told = text_of(page)
    assert "Benefit a year €268,000 to €532,000 Median €400,000; 90 % range. Cost a year: €60,000." in told
    assert "For a change of 10 (percent). If 0.4 of the estimate is causal, which is assumed, not known." in told
    assert page.count("<script>") == 1
    assert re.search(r'type="range" min="0" max="20" value="8"', page)
    assert "Share 1: €671,000 to €1,330,000 a year, median €1,000,000; chance more than 99 %" in told
    assert "Share 0: €0 to €0 a year, median €0; chance less than 1 %" in told


@pytest.mark.parametrize(("language", "points"), [("en", "percentage points"), ("fr", "points de pourcentage")])
def test_a_share_of_people_is_told_in_points(language, points):
    """A yes or no changes by points: 4 x 50,000 x 0.3 euro of cost is paid by 30 points."""
    frame = rows().assign(stayed=lambda given: (given["quality"] > 60).astype(float))
    about = replace(ABOUT, outcome="stayed", tables=practice("incidents-and-staying").tables, unit="team")
    main = {"estimate": 0.125, "low": 0.0875, "high": 0.25, "se": 0.02}
    told = text_of(made(language, {"worth": "4", "volume": "50000", "cost": "60000"}, findings(main=main), prepared(frame),
                        about=about)).replace("\xa0", " ").replace("\u202f", " ")
    comma = str.maketrans(".", "," if language == "fr" else ".")
    assert ("12.5 {} (8.75 {} 25)".format(points, "to" if language == "en" else "à")).translate(comma) in told
    assert told.count(f"30 {points}") == 3, "what pays, on the pages behind; what the pilot finds, there and on page one"


def test_a_stronger_design_counts_whole(pages):
    told = text_of(pages["before-after", "en"])
    assert "Advice Roll out The chance that the benefit exceeds the cost is more than 99 %" in told
    assert "€671,000 to €1,330,000" in told
    assert "The whole estimate is taken as the effect of the change." in told
    assert "<script" not in pages["before-after", "en"]
    assert "Roll out, if the chance that the benefit exceeds the cost is nine in ten or more. ← this one held" in told
    chance = text_of(made(money={**MONEY, "cost": "900000"}, found=findings("before-after")))
    assert "Chance that it exceeds the cost 69 %" in chance  # the normal distribution half a standard error above


def test_a_failed_assumption_and_earlier_results_are_on_page_one(pages):
    page = pages["failed", "en"]
    board = part(page, "Rival explanations, and what the data says")
    assert "Advice Pilot 1 of the assumptions failed" in board
    assert "had been seen before this specification was fixed" in board
    assert "Seen before: 2 from 2026-11-20T09:00 on (quality ~ control)." in part(page, "Specification")
    assert part(page, "Assumptions").index("✗ fail") < part(page, "Assumptions").index("? doubtful")


def test_three_rivals_are_on_page_one_and_the_others_behind_it():
    page = made(found=[*findings(rival="speaks for it"), Finding("rival", "rival.fourth", {}, "cannot tell")])
    board = part(page, "Rival explanations, and what the data says")
    assert "✓ the data speaks against it. Hard calls" in board
    assert "✗ the data speaks for it. Good teams" in board
    assert "Something else" not in board
    assert "Something else" in part(page, "Results")


def test_the_made_up_example_says_so(pages):
    for language, told in (("en", "Made-up example"), ("fr", "Exemple inventé")):
        page = pages["made-up", language]
        assert f'@top-center {{ content: "{told}' in page
        assert text_of(page).startswith(f"Contrôle et qualité : rapport {told}" if language == "fr" else
                                        f"Control and quality: report {told}")
        assert "made-up" not in pages["share", language].split("</style>")[1]


# --- the pages behind it --------------------------------------------------------------------------------------------

def test_the_passport_counts_every_row(pages):
    told = part(pages["before-after", "en"], "Data passport")
    assert "Rows read in all tables: 4,840. Set aside: 17. Used in the analysis: 2,400." in told
    assert "ab" * 32 in told
    assert "CSV, separated by semicolons (;), decimal comma, utf-8" in told
    assert "calls, control : not a number ·" in told  # 14, which with 17 in all would tell the 3
    assert "Python 3.13.1, pebbletrail 0.1, pandas 3.0.1." in told
    assert "23 November 2026, 10:15" in told


def test_the_passport_says_which_column_is_which_and_how_files_were_read():
    silent = Problem("non-response", "", "segment", "Segment", values={
        "share": 60.0, "count": 90, "low": -3.0, "high": 9.0, "difference": 3.0, "most": "A", "most_share": 62.0,
        "least": "B", "least_share": 59.0, "pairs": 1})
    held = prepared(problems=[silent], headings=(("calls", "control", "Part de <script>"), ("survey", "quality", "q1 + q2")))
    for language, heading, read, who in (("en", "Data passport", "separated by semicolons (;), decimal comma, utf-8",
                                          "Who did not answer"),
                                         ("fr", "Passeport des données",
                                          "séparé par des points-virgules (;), virgule décimale, utf-8",
                                          "Qui n'a pas répondu")):
        told = part(made(language, rows_of=held), heading)
        assert f"CSV, {read}" in told
        assert "calls control Part de <script> survey quality q1 + q2" in told
        assert who in told
        assert ("feuille Answers" if language == "fr" else "sheet Answers") in told
    assert "Part de <script>" not in made(rows_of=held)


def test_an_engine_is_named(pages):
    told = text_of(pages["engine", "en"])
    assert "The rows stayed in duckdb" in part(pages["engine", "en"], "Left out")
    assert "engine: duckdb." in told


def test_a_published_figure_stands_with_its_source(pages):
    told = part(pages["association", "en"], "Beside published figures")
    assert "In Siegel, König & Lazar 2022 it is −0.01; here 0.12." in told
    assert "mean correlation of electronic monitoring with performance" in told
    told = part(pages["association", "en"], "Methods and references, to paste")
    assert "(quality ~ control + difficulty; standard errors: cluster team; adjusted for: difficulty; fingerprint " in told
    assert "Assumptions checked: 3, of which passed 1, doubtful 2, failed 0; other specifications run: 3." in told
    assert "Siegel, Rudolf; König, Cornelius J.; Lazar, Veronika (2022). The impact of electronic monitoring" in told


@pytest.mark.parametrize(("adjusted", "english", "french"), [
    ({"adjusted_for": ""}, "; adjusted for: nothing; fingerprint", " ; ajustements : aucun ; empreinte"), ({}, "", "")])
def test_nothing_is_said_of_adjusting_where_the_formula_says_all(adjusted, english, french):
    """The arrows of a chain say what each path holds equal; "adjusted for: nothing" would be wrong there."""
    fixed = {name: value for name, value in SPECIFICATION.items() if name != "adjusted_for"} | adjusted
    found = [Finding("specification", "specification", fixed), *findings()[1:]]
    for language, clause, begins in (("en", english, "; adjusted for:"), ("fr", french, "; ajustements :")):
        told = text_of(made(language, found=found)).replace("\u202f", " ").replace("\u00a0", " ")
        assert told.count(begins) == bool(clause)
        assert clause in told


def test_the_picture_of_robustness_is_to_scale(pages):
    """Dots lie where a line through two of the axis' ticks puts them."""
    picture = re.search(r'<svg class="dots".*?</svg>', pages["association", "en"], re.S)[0]
    ticks = [(float(x), float(text.replace("−", "-"))) for x, text in
             re.findall(r'<text x="([\d.]+)" y="[\d.]+" text-anchor="middle">(.*?)</text>', picture)]
    (x0, first), (x1, last) = ticks[0], ticks[-1]
    values = [first + (float(x) - x0) * (last - first) / (x1 - x0) for x in re.findall(r'cx="([\d.]+)"', picture)]
    assert values == pytest.approx([0.5, 0.52, 0.5, 0.3], abs=1e-3)
    assert "0: 0.5 (0.304 to 0.696); 1: 0.52 (0.31 to 0.73)" in unescape(picture)


# --- what must not be seen ------------------------------------------------------------------------------------------

def test_values_of_persons_never_appear():
    frame = rows(personal=True)
    values = {"what": "agent AG-017", "before": 1.0, "after": 2.0}
    found = [*findings(), Finding("rival", "rival.calls", values, "cannot tell")]
    problems = [Problem("duplicate-key", "calls", "agent", "agent", rows=(3, 9), count=2, found="AG-017, AG-044")]
    page = made(found=found, rows_of=prepared(frame, personal=("agent",), problems=problems))
    assert "AG-0" not in page
    assert "with agent …, 1 becomes 2" in text_of(page)


def test_results_of_few_rows_are_not_shown():
    few = {"estimate": 8.765, "low": 1.0, "high": 9.0, "n": 9}
    told = text_of(made(found=[*findings(), Finding("finding", "ten", few)]))
    assert "8.7" not in told
    assert "One result is not shown: it rests on fewer than 10 rows." in told


def test_html_in_values_stays_text():
    hostile = "<img src=x onerror=alert(1)></script><b>{{ 7*7 }}"
    found = [*findings(), Finding("rival", "rival.calls", {"what": hostile, "before": 1.0, "after": 2.0}, "cannot tell")]
    page = made(found=found, rows_of=replace(prepared(), engine=hostile))
    assert "<img src=x" not in page
    assert "<b>" not in page
    assert text_of(page).count("{{ 7*7 }}") >= 2


@pytest.mark.parametrize("kind", list(sorts()))
def test_nothing_is_fetched_from_anywhere(pages, kind):
    page = pages[kind, "en"]
    assert MARK in page[:4000]
    assert "default-src 'none'" in unescape(page)
    addresses = set(re.findall(r"(?:src|href|action|url)\s*[=(]\s*[\"']?([^\"')>\s]+)", page))
    assert {address.split(",")[0] for address in addresses} <= {"data:image/png;base64"}


# --- what cannot be told --------------------------------------------------------------------------------------------

def test_without_a_main_estimate_there_is_no_report():
    with pytest.raises(ValueError, match="no main finding"):
        made(found=[one for one in findings() if one.kind != "main"])
    with pytest.raises(ValueError, match="could not be computed"):
        made(found=findings(low=float("nan")))


def test_a_silent_notebook_still_has_a_page():
    told = text_of(made(found=[one for one in findings() if one.kind == "main"], figures=False))
    assert "None was examined." in told
    assert "No other specification was run." in told
    assert "● association" in told


def test_the_same_findings_give_the_same_page(pages):
    assert made("fr", **sorts()["share"]) == pages["share", "fr"]
    assert ABOUT.question["fr"] in text_of(pages["share", "fr"]).replace("\u202f", " ")
