"""The report in a real Chromium: on a screen, on a telephone, in the dark, and on A4."""

import re
from dataclasses import replace
from string import Formatter

import pytest
from tests.browser.lab import FLAGS, find_chromium
from tests.practice.report_made import ABOUT, MONEY, findings, made, prepared, rows, sorts

from pebbletrail.own_data.given import FilePassport, Step
from pebbletrail.practice.definition import practice, practices
from pebbletrail.practice.findings import Finding

pytestmark = pytest.mark.browser
HOSTILE = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\"> {{ 7*7 }} \u202e"
PAPER = 665  # pixels: A4 less its margins
CUT = """[...document.querySelectorAll('body *')].filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
         && getComputedStyle(one).display !== 'inline').map(one => one.outerHTML.slice(0, 80))"""
OUTSIDE = """[...document.querySelectorAll('svg text')].filter(text => {
    const box = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1; }).length"""


@pytest.fixture(scope="module")
def browser(playing):
    if find_chromium() is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium; elsewhere name one in CHROMIUM)")
    chromium = playing.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Open a report's text; gives the page and the addresses it asked for."""
    def open_page(text, width=1000, scheme="light"):
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        page, asked = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page, [one for one in asked if one != path.as_uri() and not one.startswith("data:image/png;base64,")]

    return open_page


def pages_of(pdf):
    """How many pages a PDF of Chromium's has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def board_alone(page):
    """How many sheets page one takes, the pages behind it taken away."""
    page.evaluate("document.querySelectorAll('section:not(.board)').forEach(one => one.remove())")
    return pages_of(page.pdf(prefer_css_page_size=True))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", list(sorts()))
def test_page_one_is_one_sheet_and_nothing_is_cut(opened, kind, language):
    page, asked = opened(made(language, **sorts()[kind]), PAPER)
    page.emulate_media(media="print")
    assert asked == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(OUTSIDE) == 0
    assert 3 <= pages_of(page.pdf(prefer_css_page_size=True)) <= 8
    assert board_alone(page) == 1


def longest(about, language):
    """The practice's longest sentences on page one, with gaps as long as they come."""
    def filled(id):
        gaps = {name for _, name, _, _ in Formatter().parse(about.words[id][language]) if name}
        return {name: "tenure, difficulty, waiting" if name in ("what", "names") else -1234.5 for name in gaps}

    def most(part):
        ids = [id for id in about.words if id.split(".")[0] == part]
        return sorted(ids, key=lambda id: -len(about.words[id][language]))

    groups = {}
    for id in most("rival"):
        groups.setdefault(id.split(".")[1], id)
    made_of = [Finding("rival", id, filled(id), "speaks against it") for id in list(groups.values())[:3]]
    made_of += [Finding("design", id, filled(id), "association") for id in most("design")[:1]]
    made_of += [Finding("main", id, {**filled(id), "estimate": 0.5, "low": 0.3, "high": 0.7}) for id in most("main")[:1]]
    before = {"count": 2, "first": "2026-11-20", "formula": "y ~ x"}
    return [*made_of, Finding("finding", "specified-before", before)]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", practices())
def test_the_longest_sentences_of_every_practice_fit_on_page_one(opened, name, language):
    about = practice(name)
    money = {"worth": "3.25..4.5", "volume": "50000..90000", "cost": "50000..70000", "causal": "0.2..0.8"}
    page, _ = opened(made(language, money, longest(about, language), made_up=True, about=about), PAPER)
    assert board_alone(page) == 1


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_leaves_the_screen(opened, width, scheme):
    page, asked = opened(made("fr", **sorts()["share"]), width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == 0
    assert asked == []


def test_the_slider_shows_what_its_share_comes_to(opened):
    """0.7 of a million; below half of a percent at no share at all."""
    page, _ = opened(made(**sorts()["share"]))
    said = page.locator("#share-said")
    assert said.inner_text().startswith("Share 0.4: €268,000 to €532,000 a year")
    page.locator("#share").fill("14")
    assert said.inner_text().startswith("Share 0.7: €470,000 to €930,000 a year, median €700,000")
    page.locator("#share").fill("0")
    assert said.inner_text().endswith("chance less than 1 %")
    page.emulate_media(media="print")
    assert not page.locator(".slider").is_visible()
    assert page.get_by_text("€268,000 to €532,000").first.is_visible()


def test_hostile_words_stay_words(opened):
    values = {"what": HOSTILE + "x" * 3000, "before": 1.0, "after": 2.0}
    found = [*findings("before-after"), Finding("rival", "rival.calls", values, "cannot tell"),
             Finding("assumption", "rival.calls", values, "fail")]
    strange = replace(
        prepared(rows().assign(team=HOSTILE), aside=[(HOSTILE, row, HOSTILE, HOSTILE) for row in range(30)]),
        engine=HOSTILE, passports=(FilePassport("calls", HOSTILE + "y" * 3000, HOSTILE, 3, 2, 1, HOSTILE),),
        flow=(Step(HOSTILE, HOSTILE, 30, 20),), absent=(HOSTILE,), personal=(HOSTILE,))
    text = made(found=found, rows_of=strange, money=MONEY, about=replace(ABOUT, unit=HOSTILE))
    page, asked = opened(text)
    assert page.title() == "Control and quality: report"
    assert asked == []
    assert page.locator("script").count() == 0
    assert page.locator("img").count() == 1
    assert page.get_by_text("<script>document.title='run'</script>").count() >= 6
    assert "{{ 7*7 }}" in page.inner_text("body")
    assert "\u202e" not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000


def test_every_figure_has_its_description(opened):
    page, _ = opened(made())
    assert page.locator("img:not([alt]), svg[role=img]:not([aria-label])").count() == 0
    assert page.locator("img").get_attribute("alt") == "A line that rises and falls: quality by control."
