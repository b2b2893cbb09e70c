"""The class report: what it says is counted here from the plans of a made-up class; and it is opened in a real Chromium."""

import re
from collections import Counter
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from tests.browser.lab import FLAGS, find_chromium
from tests.grading.known import OPEN, build, plan, results

from pebbletrail.grading.class_report import earned, html, number, state
from pebbletrail.grading.isolation import BUBBLEWRAP, IN_WORDS, LIMITS
from pebbletrail.grading.pair import Pair
from pebbletrail.grading.report_section import bars
from pebbletrail.grading.results import PERSON, WAITING, Problem, Results

MODULES = ("01-minimum", "04-control")
NOBODY = SimpleNamespace(pairs=(), text="No pair stands out among 23 works.")
HOSTILE = ("<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">\"'</td></textarea>\u202e"
           "{{ 7*7 }}")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return build(tmp_path_factory.mktemp("report") / "class", 12, MODULES)


@pytest.fixture(scope="module")
def graded(place):
    """s002 handed in nothing for 01-minimum."""
    return results(place, MODULES, absent={("s002", "01-minimum")})


@pytest.fixture(scope="module")
def shown(graded):
    return html(graded, NOBODY, {"04-control": "texts/04-control.html"})


class Reader(HTMLParser):
    """The tables of a page as lists of rows of texts, and its links and ids."""

    def __init__(self, page):
        super().__init__()
        self.tables, self.links, self.ids, self._cell = [], [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_data(self, data):
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def headed(self, first):
        """The tables whose heading begins with a word, without their heading."""
        return [table[1:] for table in self.tables if table[0][0] == first]


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


# --- what it says ---------------------------------------------------------------------------------------------------

def test_how_much_was_graded_is_said_first(shown):
    assert "12 students, 2 modules: 23 works graded, 1 not handed in." in text_of(shown)


def test_every_student_stands_there_with_the_points_that_the_plan_earns(shown, place):
    tables = Reader(shown).headed("student")
    assert len(tables) == 2
    for module, table in zip(MODULES, tables, strict=True):
        found = {row[1]: row for row in table}
        assert list(found) == [one["id"] for one in place.students()]
        for one in place.students():
            planned = plan(place, one["id"], module)
            given = sum(answer.points or 0 for answer in planned.values())
            absent = (one["id"], module) == ("s002", "01-minimum")
            assert found[one["id"]][0] == one["name"]
            assert found[one["id"]][2] == ("–" if absent else f"{given:g}")
            assert found[one["id"]][3] == "20"
            without = sum(answer.points for id, answer in planned.items() if id != "q8")
            assert found[one["id"]][4] == ("–" if absent else f"{without:g}")  # as the histogram has it
            expected = "not handed in" if absent else "final" if planned["q8"].kind == OPEN else "so far: q8 to be marked"
            assert found[one["id"]][5] == expected


def test_the_sums_leave_out_texts_that_wait(shown, place):
    """So that all are sums of the same questions, whoever left the text out."""
    sums = [sum(one.points for id, one in plan(place, student["id"], "04-control").items() if id != "q8")
            for student in place.students()]
    told = f"Of 17 points (without q8, still to be marked), 12 works earned {min(sums):g} to {max(sums):g}; "
    assert f"{told}mean {sum(sums) / 12:.1f}," in text_of(shown)


def test_the_questions_stand_in_a_table_with_their_difficulty(shown, place):
    table = {row[0].split()[0]: row for row in Reader(shown).headed("question")[-2]}
    plans = [plan(place, student["id"], "04-control") for student in place.students()]
    assert list(table) == list(plans[0])
    for id in set(table) - {"q8"}:
        earned, possible = sum(one[id].points for one in plans) / 12, float(table[id][0].split()[2])
        assert table[id][1].startswith(f"{earned / possible:.2f} ±")
        answered = sum(one[id].kind != OPEN for one in plans)
        assert table[id][3].startswith(f"{answered} of 12 answered")
    assert table["q8"][1:3] == ["–", "waits for marks"]


def test_the_commonest_mistakes_come_with_the_words_that_students_read(shown, graded):
    rows = Reader(shown).headed("question")[-1]
    wrong = Counter((item.id, item.route, item.hint) for work in graded.of("04-control") for item in work.items
                    if item.kind == "number" and item.route)
    counts = {(row[0], row[1], " ".join(row[3].split())): int(row[2]) for row in rows}
    numbers = {key: count for key, count in counts.items() if (key[0], key[1]) in {key[:2] for key in wrong}}
    assert numbers
    for (id, route, hint), count in numbers.items():
        assert count == sum(number for key, number in wrong.items() if key[:2] == (id, route))
        assert hint in {" ".join(key[2].split()) for key in wrong}
    assert [int(row[2]) for row in rows] == sorted((int(row[2]) for row in rows), reverse=True)


def test_what_is_left_to_do_leads_somewhere(shown):
    reader = Reader(shown)
    inside = {link[1:] for link in reader.links if link.startswith("#")}
    assert inside <= set(reader.ids)
    assert len(reader.ids) == len(set(reader.ids))
    assert "texts/04-control.html" in reader.links  # to mark there; for the other module no page was given
    assert not [link for link in reader.links if link.startswith("texts/01")]
    assert "feedback/s001/01-minimum.html" in reader.links


def test_every_term_of_the_tables_is_explained(shown):
    after = text_of(shown).split("What the columns say")[-1]
    for term in ("share of points", "difficulty", "not the probability that these two did", "standard error",
                 "discrimination", "95 % interval", "follows", "Cronbach's alpha", "standard error of measurement"):
        assert term in after


@pytest.mark.parametrize(("runs", "warns"), [({BUBBLEWRAP: 23}, False), ({LIMITS: 23}, True), ({}, False),
                                            ({BUBBLEWRAP: 22, LIMITS: 1}, True), ({"another": 2}, True)])
def test_a_box_warns_of_anything_weaker_than_the_sandbox(graded, runs, warns):
    told = text_of(html(replace(graded, isolation=runs), NOBODY, {}))
    assert ("⚠ Not everything ran in a sandbox" in told) == warns
    assert ("--require-sandbox" in told) == warns
    for level, count in runs.items():
        assert f"{count} run{'s' * (count != 1)}: {IN_WORDS.get(level, level)}" in told
    assert ("Nothing was executed." in told) == (not runs)


def test_files_that_were_not_graded_stand_there_with_what_to_do(graded):
    what = "It is no zip file. Put it into a folder named by the student's id."
    problems = (Problem("week 4/x.zip", what, "s003", "04-control"), Problem("y.docx", "It is not a submission."),
                Problem("week 4/x.zip", "It says more.", "s003", "04-control"))
    page = html(replace(graded, problems=problems), NOBODY, {})
    assert Reader(page).headed("file") == [[
        ["week 4/x.zip", what + "It says more.", "s003", "04-control"],
        ["y.docx", "It is not a submission.", "not known", "not known"]]]
    assert "2 things to look at" in text_of(page)


def test_works_in_doubt_are_left_for_the_teacher_with_what_to_do(graded):
    first, *others = graded.of("04-control")
    doubted = replace(first, doubts=("It was made with the tables of s002: ask both students.",))
    page = html(Results((doubted, *others)), NOBODY, {})
    told = text_of(page)
    assert "04-control: 1 work in doubt" in told
    assert "#04-control-doubts" in Reader(page).links
    assert "Ada Lind ( s001 ) It was made with the tables of s002: ask both students." in told.split("In doubt")[-1]
    assert "with empty points it stands, with 0 it earns nothing" in told
    assert Reader(page).headed("student")[0][0][5].endswith("in doubt")
    assert "; 1 is in doubt." in told


def test_works_with_fewer_than_half_of_the_answers_are_left_for_the_teacher(graded):
    first, *others = graded.of("04-control")
    stopped = replace(first, items=tuple(replace(item, answer=None, state="open", points=0.0) for item in first.items))
    page = html(Results((stopped, *others)), NOBODY, {})
    assert "04-control: 1 work with fewer than half of the answers" in text_of(page)
    assert "Fewer than half of the answers (1): Ada Lind ( s001 ). Where a notebook stopped" in text_of(page)
    assert "#04-control-few" in Reader(page).links


def test_works_that_wait_and_works_with_notes_are_listed_apart(graded):
    first, second, *others = graded.of("04-control")
    waits = replace(first, state=WAITING, notes=("The machine went down.",))
    noted = replace(second, notes=("The notebook stopped in cell 7.", "q3: another answer than at handing in."))
    page = html(Results((waits, noted, *others)), NOBODY, {})
    told = text_of(page)
    assert "12 of 12 students handed in; 1 could not be run yet." in told
    waiting, with_notes = told.split("Handed in, not run yet")[1].split("Handed in with notes")
    assert "The machine went down." in waiting
    assert "The machine went down." not in with_notes
    assert re.search(r"\(\s*s002\s*\) The notebook stopped in cell 7. q3: another answer", with_notes)
    assert Reader(page).headed("student")[0][0][2] == "–"  # no points, and not 0
    assert "11 works were handed in and run." in told


def test_pairs_are_shown_with_what_is_alike_and_without_a_verdict(graded):
    pair = Pair("04-control", "s001", "s002", "the same code", 4, 0.00004, "Four lines are the same.", ("x = 1  # <why>",))
    group = replace(pair, more=("s003", "s004"))
    alike = SimpleNamespace(pairs=(pair, group), text="1 pair. Likeness is a reason to talk to them, not a verdict.")
    page = html(graded, alike, {})
    told = text_of(page)
    assert "Likeness is a reason to talk to them, not a verdict. They may have learnt together" in told
    assert "the same code · 04-control · s001 and s002 Four lines" in told  # odds stand in the sentence, where there are any
    assert "the same code · 04-control · s001 , s002 , s003 and s004 Four lines" in told
    assert "x = 1 # &lt;why&gt;" in " ".join(page.split())
    assert "1 pair and 1 group of works alike" in told
    assert "They may have learnt together" not in text_of(html(graded, NOBODY, {}))


def test_the_same_results_give_the_same_page(graded, shown):
    assert html(graded, NOBODY, {"04-control": "texts/04-control.html"}) == shown


# --- small parts ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("sums", "top", "counts"), [
    ([0, 0.5, 1, 1.5, 2.5, 3, 3], 3, [2, 2, 1, 2]),  # a bar holds its lower end; the top has a bar of its own
    ([0.1 + 0.2 + 0.7, 2.9999999999999996], 4, [0, 1, 0, 1, 0]),  # both a hair below where they belong
    ([], 2, [0, 0, 0]),
    ([24, 41, 42], 42, [0] * 12 + [1] + [0] * 7 + [1, 1]),  # two points a bar
    ([0.5], 0.5, [1]),
])
def test_a_histogram_counts_every_sum_once(sums, top, counts):
    found = bars(sums, top)
    assert [bar.count for bar in found] == counts
    highest = max(found, key=lambda bar: bar.count)
    assert highest.y == (0 if sums else 150)
    assert all(bar.y + bar.height == pytest.approx(150) for bar in found)
    assert found[-1].x + found[-1].width == pytest.approx(500)


def test_numbers_for_people():
    assert [number(value) for value in (-0.104, 0.0, -0.001, float("nan"))] == ["−0.10", "0.00", "0.00", "–"]


def test_who_handed_in_nothing_has_a_dash_unless_a_person_gave_points(graded):
    absent = next(work for work in graded.works if work.state == "not handed in")
    oral = replace(absent, items=tuple(replace(item, points=1.0, by=PERSON) for item in absent.items))
    assert (earned(absent, absent.earned), earned(oral, oral.earned)) == ("–", f"{len(oral.items)}")
    zero = replace(graded.of("04-control")[0], items=())
    assert earned(zero, zero.earned) == "0"


def test_a_work_is_final_when_nothing_waits(graded):
    assert {state(work) for work in graded.works} >= {"so far: q8 to be marked", "not handed in"}
    marked = [replace(work, items=tuple(replace(item, points=item.points or 0.0) for item in work.items))
              for work in graded.of("04-control")]
    assert {state(work) for work in marked} == {"final"}
    assert "12 sums are final. " in text_of(html(Results(tuple(marked)), NOBODY, {}))
    assert "Of 20 points, 12 works" in text_of(html(Results(tuple(marked)), NOBODY, {}))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_small_classes_have_a_report(graded, count):
    told = text_of(html(Results(graded.of("04-control")[:count]), NOBODY, {}))
    assert f"{count} student{'s' * (count != 1)}, {min(count, 1)} module" in told
    assert told.lower().count("fewer than 10 works") == min(count, 1)  # once, and not beside every question


def test_a_module_of_which_nothing_was_handed_in_says_so(graded):
    absent = next(work for work in graded.works if work.state == "not handed in")
    told = text_of(html(Results((absent,)), NOBODY, {}))
    assert "0 of 1 student handed in. 0 sums are final. Sums There are no sums yet." in told
    assert "Questions" not in told


# --- in a browser ---------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def browser(playing):
    if find_chromium() is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium; elsewhere name one in CHROMIUM)")
    chromium = playing.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield chromium
    chromium.close()


def hostile(graded):
    """The class with hostile words wherever words come from outside."""
    works = []
    for work in graded.works:
        items = tuple(replace(item, route=item.route and HOSTILE, hint=HOSTILE) for item in work.items)
        handed = work.handed and replace(work.handed, name=HOSTILE, claim={**work.handed.claim, "time": HOSTILE})
        works.append(replace(work, name=HOSTILE + "x" * 5000, notes=(HOSTILE, "y" * 5000), items=items, handed=handed))
    pair = Pair("04-control", "s001", "s002", "the same code", 4, 0.1, HOSTILE, (HOSTILE, "z" * 5000))
    problem = Problem(HOSTILE + "w" * 5000, HOSTILE, HOSTILE, HOSTILE)
    return html(Results((replace(works[0], state=WAITING), *works[1:]), (problem,), {BUBBLEWRAP: 3}),
                SimpleNamespace(pairs=(pair,), text=HOSTILE), {})


@pytest.mark.browser
def test_hostile_words_stay_words(graded, browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(hostile(graded), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.title() == "Class report"
    assert page.locator("script, img").count() == 0
    assert asked == [path.as_uri()]
    assert page.get_by_text("<script>document.title='run'</script>").count() > 20
    assert "{{ 7*7 }}" in page.inner_text("body")
    assert "\u202e" not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_the_report_leaves_the_screen(shown, browser, tmp_path, width, scheme):
    path = tmp_path / "report.html"
    path.write_text(shown, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = """[...document.querySelectorAll('svg text')].filter(text => {
        const box = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();
        return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
    }).length"""
    assert page.evaluate(cut) == 0


@pytest.mark.browser
def test_no_table_is_cut_on_paper(shown, browser, tmp_path):
    """A4 less its margins is 672 pixels wide."""
    path = tmp_path / "report.html"
    path.write_text(shown, encoding="utf-8")
    page = browser.new_page(viewport={"width": 672, "height": 900})
    page.emulate_media(media="print")
    page.goto(path.as_uri())
    cut = "[...document.querySelectorAll('.wide')].filter(table => table.scrollWidth > table.clientWidth + 1).length"
    assert page.evaluate(cut) == 0
