"""Texts marked in a real Chromium: by keyboard and mouse, saved as a file that is taken in; hostile texts stay texts."""

import csv
import io
import json
import random
import sys
from dataclasses import replace

import pytest
from lab import ROOT

from pebbletrail.grading.people import outdated, read
from pebbletrail.grading.results import PERSON
from pebbletrail.grading.spreadsheet import neutral
from pebbletrail.grading.text_queue import html

sys.path.insert(0, str(ROOT / "tests" / "grading"))
from known import build
from known import results as graded

pytestmark = pytest.mark.browser
MODULE = "04-control"
FIRST = "says with numbers of its own what the picture…"
SECOND = "says how far that goes: what was held still and…"
THIRD = "recommends something that can be done: whose…"
TAKE_OVER = "window.taken = true; document.title = 'taken'; alert('taken')"
HOSTILE = {
    "s001": f"</script><script>{TAKE_OVER}</script>",
    "s002": f"<img src=x onerror=\"{TAKE_OVER}\"><svg onload=\"{TAKE_OVER}\"><a href=\"javascript:{TAKE_OVER}\">here</a>",
    "s003": "W" * 20_000,
    "s004": "=cmd()|' /C calc'!A0\n\n\u202eturned\u202c round\u2066\n<!--<script>\n\tindented &lt;b&gt; ]]>",
    "s005": "First paragraph.\n\nSecond one,\nin two lines.",
}
NAME = f"<img src=x onerror=\"{TAKE_OVER}\"> \u202eadA"
OUTSIDE = """() => [...document.querySelectorAll('body *')].filter(one => one.getClientRects().length
             && one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return build(tmp_path_factory.mktemp("class") / "class", 6, [MODULE])


@pytest.fixture(scope="module")
def results(place):
    """Everybody handed in a text; five are hostile or odd, and the first has a hostile name."""
    return with_texts(graded(place, [MODULE]), {"s006": "A plain text of seven words, no more."} | HOSTILE)


def with_texts(results, texts, **values):
    """The class with other texts, and other values of their questions."""
    works = [replace(work, name=NAME if work.student == "s001" else work.name, items=tuple(
        replace(item, answer=texts[work.student], **values) if item.kind == "text" and work.student in texts else item
        for item in work.items)) for work in results.works]
    return replace(results, works=tuple(works))


class Marker:
    """A professor at the page; ``wrong`` has what must never come: dialogs, errors, messages of the console, requests."""

    def __init__(self, page, folder):
        self.page, self.folder, self.wrong = page, folder, []
        page.set_default_timeout(10_000)
        page.on("dialog", lambda dialog: (self.wrong.append(dialog.message), dialog.accept()))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("request", lambda request: self.wrong.append(request.url) if not request.url.startswith(("file:", "blob:"))
                else None)

    def open(self, page):
        path = self.folder / "texts.html"
        path.write_text(page, encoding="utf-8", newline="")
        self.page.goto(path.as_uri())

    def go(self, student):
        """To a student's text, as somebody does who knows its number."""
        order = json.loads(self.text("data"))["texts"]
        place = next(number for number, one in enumerate(order) if one["student"] == student)
        self.page.evaluate("() => { document.getElementById('all').open = true }")
        self.page.locator("#list button").nth(place).click()

    def press(self, keys):
        for key in keys:
            self.page.keyboard.press(key)

    def text(self, id):
        return self.page.locator(f"#{id}").text_content()

    def points(self):
        """The pressed button of each line, None where there is none."""
        return self.page.evaluate("""() => [...document.querySelectorAll('fieldset')].map(set =>
            (set.querySelector('[aria-pressed=true]') || {value: null}).value)""")

    def save(self):
        """The bytes of the file that is saved, and its name."""
        with self.page.expect_download() as coming:
            self.page.locator("#save").click()
        return coming.value.path().read_bytes(), coming.value.suggested_filename


@pytest.fixture
def marker(reader, tmp_path):
    page = reader.page.context.new_page()
    yield Marker(page, tmp_path)
    page.evaluate("() => { try { localStorage.clear() } catch { return } }")
    page.close()


def rows(content):
    """Without the codes of the answers, which ``outdated`` looks at."""
    assert content.startswith(b"\xef\xbb\xbfstudent,module,question,points,answer-code,comment\r\n")
    assert content.endswith(b"\r\n")
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))[1:]
    return [[*row[:4], *row[5:]] for row in found]


def test_hostile_texts_are_read_marked_and_saved_and_nothing_of_them_runs(marker, place, results, tmp_path):
    marker.open(html(results, place, MODULE))
    page, title = marker.page, marker.page.title()
    for student, text in HOSTILE.items():
        marker.go(student)
        seen = text.replace("\u202e", "").replace("\u202c", "").replace("\u2066", "")
        assert page.locator("#text").evaluate("one => one.textContent") == seen
        assert page.locator("#text *").count() == 0
        assert page.evaluate(OUTSIDE) == []
    page.locator("#names").check()
    marker.go("s001")
    assert marker.text("head").endswith(f": {NAME.replace(chr(0x202e), '')} (s001)")
    own = {"s001": '=HYPERLINK("http://x";"y")', "s002": "Good, \"clear\"; é 漢 😀\nand a second line", "s003": "",
           "s004": "-1 for the tone;@SUM(1)", "s005": "  plain  "}
    given = {"s001": ("111", "3"), "s002": ("0h10h", "2"), "s003": ("000", "0"), "s004": ("10h0", "1.5"),
             "s005": ("011", "2")}
    page.locator("#append").uncheck()
    for student, comment in own.items():
        marker.go(student)
        marker.press(given[student][0])
        page.locator("#comment").fill(comment)
    content, name = marker.save()
    assert name == f"marks-{MODULE}.csv"
    assert sorted(rows(content)) == [[student, MODULE, "q8", given[student][1], neutral(comment.strip())]
                                     for student, comment in own.items()]
    assert marker.text("said").startswith("5 texts marked on this page")
    assert page.locator("#said code").text_content() == f"pebbletrail class marks marks-{MODULE}.csv --grades grades"
    (tmp_path / name).write_bytes(content)
    taken = {one.student: (one.question, one.points, one.comment) for one in read(tmp_path / name, results)}
    assert outdated(read(tmp_path / name, results), results) == ()
    anew = with_texts(results, {"s005": "Other words."})
    assert [one.student for one in outdated(read(tmp_path / name, anew), anew)] == ["s005"]
    assert taken == {student: ("q8", float(given[student][1]), neutral(comment.strip())) for student, comment in own.items()}
    assert [page.title(), page.evaluate("() => window.taken")] == [title, None]
    assert page.locator("img, svg, a, script").count() == 2  # the two scripts
    assert marker.wrong == []


def test_points_by_line_stand_in_the_comment_and_come_back_when_the_page_is_made_again(marker, place, results, tmp_path):
    marker.open(html(results, place, MODULE))
    marker.go("s005")
    marker.press("10h1")
    marker.page.locator("#comment").fill("Clear.")
    marker.go("s006")
    marker.press("000")
    content, name = marker.save()
    said = f"{FIRST}: 1 of 1; {SECOND}: 0.5 of 1; {THIRD}: 1 of 1."
    none = f"{FIRST}: 0 of 1; {SECOND}: 0 of 1; {THIRD}: 0 of 1."
    assert sorted(rows(content)) == [["s005", MODULE, "q8", "2.5", f"Clear.\n{said}"], ["s006", MODULE, "q8", "0", none]]
    (tmp_path / name).write_bytes(content)
    for one in read(tmp_path / name, results):
        results = with_texts(results, {one.student: HOSTILE.get(one.student, "A plain text of seven words, no more.")},
                             points=one.points, by=PERSON, comment=one.comment)
    marker.open(html(results, place, MODULE))
    assert marker.text("progress") == "2 of 6 marked, 4 left"
    marker.go("s005")
    assert marker.points() == ["1", "0.5", "1"]
    assert marker.page.locator("#comment").input_value() == "Clear."
    marker.page.locator("#comment").fill("Clear, and brief.")
    content, _ = marker.save()
    assert rows(content) == [["s005", MODULE, "q8", "2.5", f"Clear, and brief.\n{said}"]]  # nothing that was not touched
    assert marker.wrong == []


def test_a_mark_given_elsewhere_counts_until_every_line_has_points(marker, place, results):
    before = with_texts(results, {"s006": "A plain text of seven words, no more."}, points=1.5, by=PERSON, comment="So.")
    marker.open(html(before, place, MODULE))
    marker.go("s006")
    assert marker.text("sum") == "1.5 of 3 points, given by a person before"
    assert marker.points() == [None, None, None]
    marker.page.locator("#comment").fill("So be it.")
    content, _ = marker.save()
    assert rows(content) == [["s006", MODULE, "q8", "1.5", "So be it."]]
    marker.go("s006")
    marker.press("1")
    assert marker.text("sum") == "1 of 3 points; 2 lines without points"
    marker.page.locator("#save").click()
    assert marker.text("said").startswith("1 text without points for every line: not in the file. Nothing was marked")
    marker.press("11")
    assert rows(marker.save()[0])[0][3:] == ["3", f"So be it.\n{FIRST}: 1 of 1; {SECOND}: 1 of 1; {THIRD}: 1 of 1."]


def test_work_outlives_the_browser_and_undo_takes_back_one_change_after_the_other(marker, place, results):
    page = html(results, place, MODULE)
    marker.open(page)
    marker.go("s005")
    marker.press("01")
    marker.page.locator("#comment").press_sequentially("Typed letter by letter")
    marker.page.reload()
    assert marker.text("said").startswith("This browser still had what you gave to 1 text before")
    marker.go("s005")
    assert marker.points() == ["0", "1", None]
    assert marker.page.locator("#comment").input_value() == "Typed letter by letter"
    assert marker.page.locator("#undo").is_disabled()
    marker.press("1")
    marker.page.locator("#comment").press_sequentially(", and more")
    marker.go("s006")
    marker.page.locator("fieldset").nth(1).get_by_role("button", name="0.5").click()
    marker.page.locator("fieldset").nth(1).get_by_role("button", name="0.5").click()  # the same again takes it back
    assert marker.points() == [None, None, None]
    marker.press("z")
    assert marker.points() == [None, "0.5", None]
    marker.press("zz")
    assert marker.text("head").startswith("Text ")
    assert marker.points() == ["0", "1", "1"]  # back at the text whose comment went on
    assert marker.page.locator("#comment").input_value() == "Typed letter by letter"
    marker.press("z")
    assert marker.points() == ["0", "1", None]
    assert marker.page.locator("#undo").is_disabled()
    marker.open(html(replace(results, works=results.works[1:]), place, MODULE))  # one text fewer: the work stays
    marker.go("s005")
    assert marker.points() == ["0", "1", None]
    assert marker.wrong == []


@pytest.mark.parametrize("kept", ["{", "null", '{"lines": [9, 0, 0], "comment": ""}', '{"lines": [0, 0], "comment": ""}',
                                  '{"lines": [0, 0, "<b>"], "comment": ""}', '{"lines": [0, 0, 0], "comment": 7}'])
def test_what_the_browser_kept_is_taken_only_when_it_fits(marker, place, results, kept):
    page = html(results, place, MODULE)
    marker.open(page)
    marker.page.evaluate("kept => { for (const text of JSON.parse(document.getElementById('data').textContent).texts)"
                         " localStorage.setItem(text.keep, kept) }", kept)
    marker.page.reload()
    assert marker.text("progress") == "0 of 6 marked, 6 left"
    assert marker.text("said") == ""
    marker.press("111")
    assert marker.text("progress") == "1 of 6 marked, 5 left"
    assert marker.wrong == []


def test_without_a_memory_of_the_browser_it_works_and_warns(marker, place, results):
    marker.page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    marker.open(html(results, place, MODULE))
    marker.go("s005")
    marker.press("1")
    assert marker.text("said") == "This browser keeps nothing of this page: save your marks before you close it."
    marker.press("11")
    assert marker.wrong == []
    marker.page.reload()  # asks first
    assert marker.wrong == [""]
    marker.go("s005")
    marker.press("111")
    assert rows(marker.save()[0])[0][3] == "3"
    marker.page.reload()  # all is saved: asks nothing
    assert marker.wrong == [""]


def test_names_are_hidden_until_they_are_asked_for(marker, place, results):
    marker.open(html(results, place, MODULE))
    names = [work.name for work in results.works if work.student != "s001"]
    marker.page.locator("#all summary").click()
    shown = marker.page.locator("body").inner_text()
    assert not any(name in shown for name in [*names, "s002"])
    marker.page.locator("#names").check()
    shown = marker.page.locator("#list").inner_text()
    assert all(name in shown for name in names)
    marker.page.locator("#names").uncheck()
    shown = marker.page.locator("body").inner_text()
    assert not any(name in shown for name in names)
    marker.page.locator("#names").check()
    marker.page.reload()
    assert not marker.page.locator("#names").is_checked()


def test_keys_go_from_text_to_text_and_never_into_a_comment(marker, place, results):
    marker.open(html(results, place, MODULE))
    head = lambda: int(marker.text("head").split()[1])  # noqa: E731
    assert head() == 1
    marker.press("p")
    assert head() == 1
    marker.press("nn")
    assert head() == 3
    marker.press("111u")
    assert head() == 4
    marker.press("ppu")
    assert head() == 4  # 3 is marked
    marker.press("nnnnnn")
    assert head() == 6
    marker.press("000u")
    assert head() == 1  # on from the beginning
    marker.press("c")
    marker.page.keyboard.type("nupz 0h1")
    assert head() == 1
    assert marker.page.locator("#comment").input_value() == "nupz 0h1"
    marker.press(["Escape", "n"])
    assert head() == 2
    assert marker.points() == [None, None, None]
    marker.press("3")
    assert marker.text("said") == "This line earns at most 1."
    marker.press("1h")
    assert marker.points() == ["1", None, None]
    marker.press(["Control+1", "Alt+1"])
    assert marker.points() == ["1", None, None]
    marker.page.locator("#help summary").click()
    marker.page.locator("#keys").uncheck()
    marker.press("n1")
    assert head() == 2
    assert marker.text("progress") == "2 of 6 marked, 4 left"
    assert marker.page.locator("#list button").evaluate_all("all => all.map(one => one.textContent)") == [
        "1 ◐ begun", "2 ◐ begun", "3 ✓ 3 of 3", "4 ○ not marked", "5 ○ not marked", "6 ✓ 0 of 3"]


def test_a_key_that_is_held_down_gives_points_once(marker, place, results):
    marker.open(html(results, place, MODULE))
    for _ in range(3):
        marker.page.keyboard.down("1")
    marker.page.keyboard.up("1")
    assert marker.points() == ["1", None, None]


def test_all_is_reached_with_the_tab_key_in_the_order_in_which_one_works(marker, place, results):
    marker.open(html(results, place, MODULE))
    marker.press("nT")
    reached = []
    for _ in range(12):
        marker.press(["Tab"])
        reached.append(marker.page.evaluate("""() => { const one = document.activeElement;
            const line = getComputedStyle(one).outlineStyle;
            return [one.id || one.closest('details')?.id || one.textContent, line] }"""))
    buttons = ["0", "0.5", "1"] * 3
    assert [name for name, _ in reached] == ["back", "on", "fold", *buttons]
    assert {line for _, line in reached} == {"solid"}
    marker.press(["Space"])
    assert marker.points() == [None, None, "1"]
    marker.press(["Tab"])
    assert marker.page.evaluate("() => document.activeElement.id") == "comment"
    for control in marker.page.locator("button, input, textarea, progress").all():
        assert control.evaluate("""one => (one.getAttribute('aria-label') || one.labels?.[0]?.textContent
            || one.textContent).trim().length > 0""")
    assert marker.page.locator("fieldset > legend").count() == 3


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 600), (480, 800)])
def test_it_fits_a_small_screen(marker, place, results, width, height):
    marker.page.set_viewport_size({"width": width, "height": height})
    marker.open(html(graded(place, [MODULE]), place, MODULE))
    marker.page.locator("#fold summary").click()
    marker.page.locator("#help summary").click()
    marker.page.locator("#names").check()
    assert marker.page.evaluate(OUTSIDE) == []
    marker.page.locator("#help summary").click()
    if width >= 1280:  # text, rubric and comment at once
        bottom = marker.page.locator("#comment").evaluate("one => one.getBoundingClientRect().bottom")
        assert bottom <= height
    assert marker.page.locator("#specimens h3").all_inner_texts() == ["Worth 3 of 3", "Worth 2 of 3", "Worth 0 of 3"]


def test_specimens_change_with_the_student_whose_numbers_they_hold(marker, place, results):
    marker.open(html(results, place, MODULE))
    for student in ("s002", "s005"):
        marker.go(student)
        key = next(one for one in place.key(student, MODULE)["questions"] if one["kind"] == "text")
        shown = marker.page.locator("#specimens .typed").evaluate_all("all => all.map(one => one.textContent)")
        assert shown == [one["text"] for one in key["specimens"]]


def test_a_cell_is_made_harmless_by_the_rule_that_the_other_tables_follow(marker, place, results):
    signs = list("=+-@＝﹢'\"`;,\t\n\r \xa0\u200b\ufeff\u2028\u202e\x0b\x1d\x85«a1é漢😀")
    luck = random.Random(8)
    cells = ["".join(luck.choices(signs, k=luck.randrange(1, 7))) for _ in range(4000)]
    marker.open(html(results, place, MODULE))
    saved = marker.page.evaluate("cells => cells.map(cell)", cells)
    read_back = [list(csv.reader(io.StringIO(f"{one},end", newline=""), strict=True)) for one in saved]
    assert read_back == [[[neutral(given), "end"]] for given in cells]
