"""The page for a student: what it says of each answer, that no key is in it, and that hostile words stay words."""

import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import mistune
import pytest
from tests.browser.lab import FLAGS, find_chromium
from tests.grading.known import build, made_up_students, plan, results

from pebbletrail.exercises.marking import FOLLOWS, NOT_YET, NOTED, RIGHT
from pebbletrail.exercises.module import module_folders
from pebbletrail.grading.feedback_page import html
from pebbletrail.grading.results import ABSENT, GRADED, PERSON, WAITING, Handed, Item, Work
from pebbletrail.grading.stories import story
from pebbletrail.words import fixed

OWN = "This paragraph is mine, and no specimen."
ABSENTEE = ("s003", "12-board")
NUMBER = {"id": "q3b", "kind": "number", "does": "Compute and interpret", "points": 2, "minutes": 8, "unit": "points of 120",
          "decimals": 2, "tolerance": 0.005}
CHOICE = {"id": "q6", "kind": "choice", "does": "Find the flaw", "points": 2, "minutes": 6, "story": "Which *one*?",
          "options": {"a": "The first.", "b": "The second."}}
ARROWS = {"id": "q5", "kind": "arrows", "does": "Draw the arrows", "points": 2, "minutes": 8, "story": "A story.",
          "nodes": ["lot", "calls", "sales"]}
GUESS = {"id": "q1", "kind": "prediction", "does": "Predict, then run", "points": 1, "minutes": 3, "story": "",
         "options": {"a": "It rises.", "b": "It falls."}}
TEXT = {"id": "q8", "kind": "text", "does": "A paragraph for the board", "points": 3, "minutes": 15, "words": [4, 6],
        "rubric": [{"text": "names the interval", "points": 1}, {"text": "claims no cause", "points": 2}]}


class Reader(HTMLParser):
    """The words that a reader sees, the rows of the tables, and each question's own words."""

    def __init__(self, page):
        super().__init__()
        self.words, self.rows, self.questions, self._in = [], [], {}, ""
        self._hidden = self._cell = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._hidden = self._hidden or tag in ("style", "title")
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell = True
            self.rows[-1].append("")
        elif tag == "section":
            self._in = dict(attrs)["id"]

    def handle_endtag(self, tag):
        self._hidden = self._hidden and tag not in ("style", "title")
        self._in = "" if tag == "section" else self._in
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data):
        if self._hidden or not data.strip():
            return
        self.words.append(data)
        if self._in:
            self.questions[self._in] = " ".join([*self.questions.get(self._in, "").split(), *data.split()])
        if self._cell:
            self.rows[-1][-1] += data.strip()

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def work(*items, **values):
    handed = Handed("second try/2/mine.zip", "ab" * 32, {"time": "2026-03-01T12:00:00Z"})
    return Work(**{"student": "s001", "name": "Ada Lind", "module": "04-control", "title": "A title", "items": items,
                   "state": GRADED, "handed": handed} | values)


def said(item):
    """What the page says of one question."""
    return Reader(html(work(item))).questions[item.id]


# --- what it says -----------------------------------------------------------------------------------------------------

def test_a_right_number_with_its_unit_and_how_exact_it_had_to_be():
    told = said(Item(NUMBER, -4.7, RIGHT, 2.0, ruled=2.0))
    assert "✓ right · 2 of 2 points" in told
    assert "You gave −4.7 (points of 120)." in told
    assert "Unit: points of 120. Asked for: 2 decimals; anything within 0.005 counts." in told
    assert "What is asked stands in your notebook, under q3b." in told


def test_a_mistake_is_named_and_half_the_points_are_not_called_wrong():
    wrong = said(Item(NUMBER, 4.7, NOT_YET, 0.0, ruled=0.0, route="turned round", hint="It is `free` minus controlled."))
    assert "○ not right · 0 of 2 points" in wrong
    assert "It is free minus controlled." in wrong  # the backticks have become code
    assert "turned round" not in wrong
    half = said(Item(NUMBER, 4.7, NOT_YET, 1.0, ruled=1.0, hint="Rounded too early."))
    assert "◐ right in part · 1 of 2 points" in half
    assert "not right" not in half


def test_without_a_hint_it_says_where_to_practise():
    assert "none of the usual slips" in said(Item(NUMBER, 1e9, NOT_YET, 0.0, ruled=0.0))
    assert "You gave 1000000000 (points of 120)." in said(Item(NUMBER, 1e9, NOT_YET, 0.0, ruled=0.0))


def test_what_follows_from_a_mistake_and_what_carries_one_on():
    assert "counts in full: a mistake is not counted twice" in said(Item(NUMBER, 1.0, FOLLOWS, 2.0, ruled=2.0))
    assert "It counts in full. Mind the sign." in said(Item(NUMBER, 1.0, RIGHT, 2.0, ruled=2.0, hint="Mind the sign."))


def test_unanswered_is_said_kindly_and_never_called_wrong():
    told = said(Item(NUMBER, None, "open", 0.0, ruled=0.0))
    assert "… unanswered · 0 of 2 points" in told
    assert "not right" not in told
    assert "You gave" not in told


def test_a_choice_is_marked_among_its_options():
    told = said(Item(CHOICE, "b", NOT_YET, 0.0, ruled=0.0, hint="Look at the first."))
    assert "Which one ?" in told
    assert "a) The first. b) The second. ← yours Look at the first." in told


def test_a_guess_and_arrows():
    guess = said(Item(GUESS, "a", NOTED, 1.0, ruled=1.0))
    assert "• noted · 1 of 1 point" in guess
    assert "a) It rises. ← yours b) It falls." in guess
    arrows = said(Item(ARROWS, ["calls -> sales", "lot -> calls"], RIGHT, 2.0, ruled=2.0))
    assert "Arrows between: lot, calls, sales. You drew calls -> sales, lot -> calls." in arrows


def test_a_text_before_and_after_a_person_has_marked_it():
    waits = said(Item(TEXT, "Three words\nhere.", NOTED, None))
    assert "… still to be marked · up to 3 points" in waits
    assert "names the interval 1 claims no cause 2" in waits
    assert "You wrote (3 words): Three words here. It has 3 words; 4 to 6 are asked for." in waits
    marked = said(Item(TEXT, "Just the four words.", NOTED, 2.5, by=PERSON, comment="Where is\nthe interval?"))
    assert "◐ marked by a person · 2.5 of 3 points" in marked
    assert "A person's words to you Where is the interval?" in marked
    assert "are asked for" not in marked
    assert "still" not in marked


@pytest.mark.parametrize(("points", "sign"), [(2.0, "✓"), (1.5, "◐"), (0.0, "○")])
def test_a_person_overrules_the_rules_and_both_are_said(points, sign):
    told = said(Item(NUMBER, 3.0, NOT_YET, points, by=PERSON, ruled=1.0, hint="Too early.", comment="Seen."))
    assert f"{sign} marked by a person · {points:g} of 2 points" in told
    assert f"The rules gave 1 point; a person looked at it and gave {points:g}, which counts." in told
    assert ("Too early." in told) == (points < 2)  # whoever has all the points made no mistake


def test_points_given_where_nothing_was_answered_are_not_held_against_the_rules():
    assert "The rules" not in said(Item(NUMBER, None, "open", 2.0, by=PERSON, ruled=0.0))


def test_the_sum_says_what_is_still_open():
    number, text = Item(NUMBER, 1.0, RIGHT, 2.0, ruled=2.0), Item(TEXT, "Four words are here.", NOTED, None)
    open_sum = Reader(html(work(number, text))).text
    assert "You have 2 of 5 points so far. A person still marks q8: up to 3 more." in open_sum
    assert "1 right, 1 still to be marked." in open_sum
    final = Reader(html(work(number, replace(text, points=2.5, by=PERSON)))).text
    assert "You have 4.5 of 5 points." in final
    assert "so far" not in final


def test_nothing_handed_in_is_a_short_page():
    item = Item(NUMBER, None, "open", 0.0, ruled=0.0)
    absent = Reader(html(work(item, state=ABSENT, handed=None)))
    assert "Nothing has come from you for this module." in absent.text
    assert "receipt" in absent.text
    assert not absent.questions
    assert "Unanswered" not in absent.text
    assert " points" not in absent.text
    given = Reader(html(work(replace(item, points=2.0, by=PERSON, comment="On paper."), state=ABSENT, handed=None)))
    assert "You have 2 of 2 points, given by a person." in given.text
    assert "On paper." in given.questions["q3b"]


def test_a_work_that_waits_counts_nothing_against_anybody():
    waits = Reader(html(work(Item(NUMBER, None, "open", 0.0, ruled=0.0), state=WAITING, notes=("It is run later.",))))
    assert "nothing is counted against you" in waits.text
    assert "It is run later." in waits.text
    assert "0 of 2" not in waits.text
    assert "open your notebook" not in waits.text
    assert not waits.questions
    assert ["file", "mine.zip"] in waits.rows


def test_notes_file_and_fingerprint():
    page = Reader(html(work(Item(NUMBER, 1.0, RIGHT, 2.0, ruled=2.0), notes=("It stopped in section “4.3 q3”.",))))
    assert "It stopped in section “4.3 q3”. If a note surprises you: open your notebook" in page.text
    assert page.rows[-3:] == [["file", "mine.zip"], ["SHA-256", "ab" * 32],
                              ["handed in", "2026-03-01 12:00:00 UTC, by your computer's clock"]]
    assert "second try" not in page.text  # the folders are the teacher's
    assert "which question, by its name" in page.text
    assert "If a note" not in html(work(Item(NUMBER, 1.0, RIGHT, 2.0, ruled=2.0)))
    assert "clock" not in html(work(handed=Handed("a\\b.ipynb", "cd" * 32)))


def test_what_the_teacher_doubts_and_what_the_file_claims_are_not_in_the_page():
    claim = {"student": "s014", "answers": {"q3b": 77.25}, "time": "2026-03-01T12:00:00Z"}
    handed = Handed("mine.zip", "ab" * 32, claim, ("print('my cell')",))
    item = Item(NUMBER, 1.0, NOT_YET, 0.0, ruled=0.0, route="the name of a slip", hint="A hint.")
    made = html(work(item, handed=handed, doubts=("It was made with the tables of s014.",)))
    assert "A hint." in made
    for secret in ("s014", "77.25", "my cell", "the name of a slip", "tables of"):
        assert secret not in made


# --- a whole class: points as planned, no key ---------------------------------------------------------------------------

@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return build(tmp_path_factory.mktemp("class") / "class", 3, list(module_folders()))


@pytest.fixture(scope="module")
def works(place):
    """Every work with a paragraph of the student's own."""
    graded = results(place, list(module_folders()), {ABSENTEE}).works
    return [replace(work, items=tuple(replace(item, answer=OWN) if item.kind == "text" and item.answer else item
                                      for item in work.items)) for work in graded]


def test_the_glance_shows_the_points_that_the_plan_implies(place, works):
    for one in works:
        if (one.student, one.module) == ABSENTEE:
            continue
        planned = plan(place, one.student, one.module)
        worth = {key["id"]: key["points"] for key in place.key(one.student, one.module)["questions"]}
        cells = {row[0]: row[3] for row in Reader(html(one)).rows if row and row[0] in planned}
        assert cells == {id: f"{'–' if told.points is None else f'{told.points:g}'} of {worth[id]}"
                         for id, told in planned.items()}


def tokens(text):
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


def test_no_right_number_is_in_a_page(place, works):
    """Neither with the decimals asked for nor with one or two more, unless the student gave it or the question has it."""
    asked = 0
    for one in works:
        numbers = [item for item in one.items if item.kind == "number" and item.answer is not None]
        given = {token for item in numbers for token in tokens(f"{round(item.answer, item.told['decimals'] + 2):.15g}")}
        page = tokens(Reader(html(one)).text) - tokens(json.dumps([item.told for item in one.items])) - given
        for key, item in zip(place.key(one.student, one.module)["questions"], one.items, strict=True):
            if key["kind"] != "number" or item.state in (RIGHT, FOLLOWS):
                continue
            size, decimals = abs(key["right"]), key["decimals"]
            forms = {form for more in range(3) for form in (f"{size:.{decimals + more}f}", fixed(size, decimals + more))}
            assert not forms & page, (one.student, one.module, item.id)
            asked += 1
    assert asked > 50


def test_no_words_of_a_key_are_in_a_page(place, works):
    """Not the way, not why options are wrong but the one chosen, not where other slips lead, no specimen, no afterword."""
    looked = 0
    for one in works:
        page, keys = re.sub(r"[`*\[\]']", "", Reader(html(one)).text), place.key(one.student, one.module)["questions"]
        free = " ".join(f"{json.dumps(item.told, ensure_ascii=False)} {item.hint} {item.answer}." for item in one.items)
        free = re.sub(r"[`*\[\]']", "", free)
        for key in keys:
            secret = [key.get("worked", ""), key.get("afterwards", ""), *(key.get("why") or {}).values(),
                      *(key.get("traps") or {}).values(), *(route["hint"] for route in key.get("routes", [])),
                      *(words for specimen in key.get("specimens", []) for words in (specimen["text"], specimen["why"]))]
            pieces = {piece.strip() for words in secret for piece in re.split(r"(?<=[.?!]) ", words)}
            for piece in pieces:
                plain = re.sub(r"[`*\[\]']", "", piece)
                if len(plain) > 25 and plain not in free:
                    assert plain not in page, (one.student, one.module, key["id"])
                    looked += 1
    assert looked > 2000


def test_nobody_else_is_in_a_page(works):
    for one in works:
        page = html(one)
        others = [student for student in made_up_students(3) if student.id != one.student]
        assert not [other for other in others if other.id in page or other.name in unescape(page)]


def test_the_same_work_gives_the_same_page(works):
    assert [html(one) for one in works] == [html(replace(one)) for one in works]


def test_every_story_reads_as_another_reader_of_markdown_reads_it(works):
    """Against mistune, with which Jupyter shows Markdown outside of a browser."""
    markdown = mistune.create_markdown(escape=True)
    stories = {item.told["story"] for one in works for item in one.items if item.told.get("story")}
    assert len(stories) > 40
    for text in stories:
        theirs = markdown(text).replace("strong>", "b>").replace("em>", "i>")
        assert flat(str(story(text))) == flat(theirs)


def flat(made):
    """HTML without the blanks in which two writers may differ."""
    return re.sub(r"\s+", " ", re.sub(r"\s*(</?(?:p|ul|ol|li|blockquote)>)\s*", r"\1", unescape(made)))


# --- in a browser -------------------------------------------------------------------------------------------------------

TAKE = "window.taken = true; document.title = 'taken'; fetch('https://example.org/')"
HOSTILE = (f"<script>{TAKE}</script></textarea></div></section><img src=x onerror=\"{TAKE}\"><svg onload=\"{TAKE}\">"
           f"<meta http-equiv=refresh content='0;url=https://example.org/'><style>* {{ display: none }}</style>"
           f"<a href=\"javascript:{TAKE}\">here</a>{{{{ 7 * 7 }}}}{{% raw %}}\u202edrow\u2066 \x07" + "W" * 400
           + " Z" + "\u0301\u0316" * 60 + " \ud83d end")
OUTSIDE = """() => [...document.querySelectorAll('body *')].filter(one => one.getClientRects().length
             && one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def chromium(playing):
    if find_chromium() is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium; elsewhere name one in CHROMIUM)")
    browser = playing.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a page's HTML; gives the browser's page, and what it asked for and complained about."""
    def show(made, width=1000, scheme="light", media="screen"):
        path = tmp_path / "feedback.html"
        path.write_text(made, encoding="utf-8")
        page, heard = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme), []
        page.emulate_media(media=media, color_scheme=scheme)
        page.on("request", lambda request: heard.append(request.url))
        page.on("console", lambda message: heard.append(message.text))
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.goto(path.as_uri())
        heard.remove(path.as_uri())
        return page, heard
    return show


def hostile_work():
    text = (HOSTILE + "\n" + "a b " * 5000)[:20_000]
    items = (Item(TEXT, text, NOTED, 1.0, by=PERSON, comment=HOSTILE),
             Item(CHOICE, "a", NOT_YET, 1.0, by=PERSON, ruled=0.0, hint=HOSTILE, comment="Z" * 500))
    return work(*items, name=HOSTILE, student="s" * 200, notes=(HOSTILE,),
                handed=Handed(f"folder/{HOSTILE.replace('/', '|')}", "ab" * 32, {"time": HOSTILE}))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1000, "light"), (360, "dark")])
def test_hostile_words_stay_words_and_inside_the_page(opened, width, scheme):
    page, heard = opened(html(hostile_work()), width, scheme)
    page.wait_for_timeout(300)  # whatever would begin by itself
    assert heard == []
    assert page.title() == "04-control A title: feedback"
    assert page.evaluate("window.taken") is None
    assert page.locator("script, img, textarea, body style, body meta, a[href^=javascript]").count() == 0
    assert page.locator("section").count() == 2
    assert page.get_by_text("<script>window.taken").count() == 7  # name, note, text, comment, hint, file, time
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x07\ud83d]", page.content())
    assert "{{ 7 * 7 }}" in page.inner_text("body")
    assert page.inner_text(".typed").startswith("<script>")
    assert page.inner_text(".typed").rstrip().endswith("a b") or page.inner_text(".typed").rstrip().endswith("a")
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_the_policy_stops_what_would_get_past_the_escaping(opened):
    """The page's own style holds, and a script or a style that somehow stood in it would not."""
    made = html(hostile_work()).replace("<h1>", f"<script>{TAKE}</script><img src=x onerror=\"{TAKE}\">"
                                        "<style>h1 { color: red }</style><h1 style=\"color: red\">")
    page, heard = opened(made)
    page.wait_for_timeout(300)
    assert page.evaluate("window.taken") is None
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(34, 34, 34)"
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "1088px"
    assert len([one for one in heard if "Content Security Policy" in one]) >= 4


@pytest.mark.browser
def test_a_page_of_every_module_fits_the_screen_and_the_sheet(opened, works):
    for width, scheme, media in ((1000, "light", "screen"), (360, "dark", "screen"), (672, "dark", "print")):
        page, heard = opened(html(works[0]), width, scheme, media)
        dark = scheme == "dark" and media == "screen"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(27, 29, 31)" if dark else "rgb(255, 255, 255)")
        if media == "print":  # small print stays small: nothing keeps the screen's size
            assert page.evaluate("Math.max(...[...document.querySelectorAll('td, p, li')].map(one => "
                                 "parseFloat(getComputedStyle(one).fontSize)))") < 13
        for one in works[::4]:
            page.set_content(html(one))
            assert page.evaluate(OUTSIDE) == [], one.module
        assert heard == []
