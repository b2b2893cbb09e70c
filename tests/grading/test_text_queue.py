"""The page of texts as it is written: whose texts, in which order, with which specimens; nothing foreign runs."""

import base64
import hashlib
import json
import random
import re
from dataclasses import replace

import pytest
from known import build
from known import results as graded

from pebbletrail.grading.results import PERSON, Results
from pebbletrail.grading.text_queue import html, label

OWN, SHARED = "04-control", "07-audit"  # specimens with a student's own numbers; the same for everybody
HOSTILE = '</script><script>document.title = "taken"</script><!--<img src=x onerror=alert(1)>\u202edrow\x07\u2066 & =cmd()'
FIRST = "says with numbers of its own what the picture…"
SECOND = "says how far that goes: what was held still and…"
THIRD = "recommends something that can be done: whose…"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return build(tmp_path_factory.mktemp("class") / "class", 8, [OWN, SHARED])


@pytest.fixture(scope="module")
def results(place):
    return graded(place, [OWN, SHARED], absent={("s008", OWN), ("s008", SHARED)})


def text_of(work):
    return next(item for item in work.items if item.kind == "text")


def changed(results, student, module, **values):
    """The class with something else in one student's text question."""
    works = [replace(work, items=tuple(replace(item, **values) if item.kind == "text" else item for item in work.items))
             if (work.student, work.module) == (student, module) else work for work in results.works]
    return replace(results, works=tuple(works))


def without(results, *students):
    return replace(results, works=tuple(work for work in results.works if work.student not in students))


def held(page):
    """What the page holds, read as a browser reads it: the element ends at the first ``</script``."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script', page, re.DOTALL)[1])


def entry(page, student):
    return next(one for one in held(page)["texts"] if one["student"] == student)


def test_who_handed_in_a_text_is_there_once_and_nobody_else(place, results):
    for module in (OWN, SHARED):
        there = [work.student for work in results.of(module) if text_of(work).answer is not None]
        assert 1 < len(there) < 8
        assert sorted(one["student"] for one in held(html(results, place, module))["texts"]) == there


def test_without_any_text_there_is_no_page(place, results):
    nobody = graded(place, [OWN], absent={(f"s00{number}", OWN) for number in range(1, 9)})
    assert html(nobody, place, OWN) == ""
    assert html(Results(()), place, OWN) == ""


def test_the_same_class_gives_the_same_bytes_in_whatever_order_its_works_come(place, results):
    page, works = html(results, place, OWN), list(results.works)
    random.Random(1).shuffle(works)
    assert html(replace(results, works=tuple(works)), place, OWN) == html(results, place, OWN) == page


def test_the_order_is_that_of_hashes_and_not_the_rosters(place, results):
    shown = [one["student"] for one in held(html(results, place, OWN))["texts"]]
    texts = {work.student: text_of(work).answer for work in results.of(OWN) if text_of(work).answer is not None}
    hashed = {student: hashlib.sha256(json.dumps([OWN, student, texts[student]]).encode()).hexdigest() for student in texts}
    assert shown == sorted(texts, key=hashed.get)
    assert shown != sorted(shown)


def test_names_stand_in_the_data_alone(place, results):
    page = html(results, place, OWN)
    data, names = held(page), [work.name for work in results.of(OWN)]
    around = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    assert {one["name"] for one in data["texts"]} < set(names)
    assert not any(name in around for name in names)
    assert "s001" not in around


def test_the_policy_allows_exactly_the_script_and_the_style_that_are_there(place, results):
    page = html(changed(results, "s001", OWN, answer=HOSTILE), place, OWN)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert [len(scripts), len(styles)] == [1, 1]
    for kind, (content,) in (("script", scripts), ("style", styles)):
        assert f"{kind}-src 'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\(|https?:", scripts[0])


def test_a_hostile_text_stays_text_and_loses_only_what_no_reader_sees(place, results):
    page = html(changed(results, "s001", OWN, answer=HOSTILE, comment=HOSTILE), place, OWN)
    assert page.count("<script") == 2  # the data and the page's own
    assert "<img" not in page
    seen = HOSTILE.replace("\u202e", "").replace("\u2066", "").replace("\x07", "")
    assert entry(page, "s001")["text"] == entry(page, "s001")["comment"] == seen
    assert "\u202e" not in page


def test_half_characters_and_20_000_characters_without_a_blank_are_written(place, results):
    page = html(changed(results, "s001", OWN, answer="\ud83d" + "W" * 19_999), place, OWN)
    assert entry(page, "s001")["text"] == "\ufffd" + "W" * 19_999
    assert entry(page, "s001")["words"] == 1
    assert page.encode("utf-8")


def test_specimens_that_are_the_same_are_held_once_and_a_students_own_beside_the_student(place, results):
    shared, own = held(html(results, place, SHARED)), held(html(results, place, OWN))
    assert len(shared["specimens"]) == 1
    assert len(own["specimens"]) > 1
    for data, module in ((shared, SHARED), (own, OWN)):
        for one in data["texts"]:
            key = place.key(one["student"], module)["questions"]
            assert data["specimens"][one["specimens"]] == next(each["specimens"] for each in key if each["id"] == "q8")


def test_the_rubric_and_the_range_of_words_are_those_that_were_handed_out(place, results):
    data = held(html(results, place, OWN))
    told = text_of(results.of(OWN)[0]).told
    assert [[(line["text"], line["points"]) for line in rubric] for rubric in data["rubrics"]] == [
        [(line["text"], line["points"]) for line in told["rubric"]]]
    assert {(one["low"], one["high"], one["possible"], one["question"]) for one in data["texts"]} == {(60, 150, 3.0, "q8")}
    assert [line["label"] for line in data["rubrics"][0]] == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(("text", "short"), [
    ("The comparison.", "The comparison"), ("x" * 48, "x" * 48), ("x" * 49, "x" * 48 + "…"),
    ("a number, with its unit, of whom, and how sure, (or which of these is missing)",
     "a number, with its unit, of whom, and how sure…")])
def test_a_line_of_the_rubric_is_named_by_its_beginning(text, short):
    assert label(text) == short


def test_what_a_person_gave_before_comes_with_its_comment(place, results):
    marked = changed(results, "s001", OWN, points=2.5, by=PERSON, comment="Good numbers.")
    one = entry(html(marked, place, OWN), "s001")
    assert (one["before"], one["lines"], one["comment"]) == (2.5, None, "Good numbers.")
    one = entry(html(changed(results, "s001", OWN, comment="Wait."), place, OWN), "s001")
    assert (one["before"], one["lines"], one["comment"]) == (None, None, "Wait.")


@pytest.mark.parametrize("own", ["", "Good numbers.", "Two lines\nof it; 1 of 1."])
def test_points_by_line_are_read_back_out_of_a_comment_that_this_page_wrote(place, results, own):
    said = f"{own}{own and chr(10)}{FIRST}: 1 of 1; {SECOND}: 0.5 of 1; {THIRD}: 0 of 1."
    one = entry(html(changed(results, "s001", OWN, points=1.5, by=PERSON, comment=said), place, OWN), "s001")
    assert (one["before"], one["lines"], one["comment"]) == (1.5, [1.0, 0.5, 0.0], own)


@pytest.mark.parametrize(("points", "said"), [
    (3.0, f"{FIRST}: 1 of 1; {SECOND}: 0.5 of 1; {THIRD}: 0 of 1."),  # an appeal changed the sum
    (3.0, f"{FIRST}: 2 of 1; {SECOND}: 1 of 1; {THIRD}: 0 of 1."),  # more than a line earns
    (0.7, f"{FIRST}: 0.7 of 1; {SECOND}: 0 of 1; {THIRD}: 0 of 1."),  # no button gives that
    (1.5, f"{FIRST}: 1 of 1; {SECOND}: 0.5 of 1."),
    (1.5, f"{FIRST}: 1 of 1; {SECOND}: 0.5 of 1; {THIRD}: 0 of 1. And more.")])
def test_a_comment_that_does_not_fit_its_points_stays_as_it_is(place, results, points, said):
    one = entry(html(changed(results, "s001", OWN, points=points, by=PERSON, comment=said), place, OWN), "s001")
    assert (one["before"], one["lines"], one["comment"]) == (points, None, said)


def test_work_kept_in_a_browser_belongs_to_a_text_as_it_is_and_not_to_the_others(place, results):
    before = {one["student"]: one["keep"] for one in held(html(results, place, OWN))["texts"]}
    late = {one["student"]: one["keep"] for one in held(html(without(results, "s002"), place, OWN))["texts"]}
    assert len(set(before.values())) == len(before)
    assert late == {student: keep for student, keep in before.items() if student != "s002"}
    assert all(re.fullmatch(rf"pebbletrail-texts-{OWN}-[0-9a-f]{{64}}", keep) for keep in before.values())
    for values in ({"answer": "Another text."}, {"points": 2.0, "by": PERSON}, {"comment": "Look again."}):
        page = html(changed(results, "s001", OWN, **values), place, OWN)
        after = {one["student"]: one["keep"] for one in held(page)["texts"]}
        assert {student for student in before if before[student] != after[student]} == {"s001"}
