"""What the pages share: a policy for one style and one script, text without what turns or hides it, stories as HTML."""

import base64
import hashlib
import re

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from pebbletrail.grading.feedback_page import html
from pebbletrail.grading.pages import page, points, policy, seen
from pebbletrail.grading.results import ABSENT, Work
from pebbletrail.grading.stories import story

LETTERS = "👩\u200d🔬 می\u200cخواهم e\u0301 א\u200fב"  # joiners and marks that belong to their letters


def sha256(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_names_the_style_and_the_script_that_are_in_the_page():
    told = policy("p { color: red }", "alert(1)")
    assert f"style-src 'sha256-{sha256('p { color: red }')}'" in told
    assert f"script-src 'sha256-{sha256('alert(1)')}'" in told
    assert "script-src 'none'" in policy("p {}")
    for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'none'"):
        assert rule in told
    assert "unsafe" not in told


def test_a_page_carries_its_policy_before_anything_else_and_no_script():
    made = html(Work("s001", "Ada Lind", "04-control", "A title", (), ABSENT))
    style = re.search(r"<style>(.*?)</style>", made, re.DOTALL)[1]
    assert f"&#39;sha256-{sha256(style)}&#39;" in made
    assert made.index("Content-Security-Policy") < made.index("<title>") < made.index("<style>")
    assert "<script" not in made
    assert not re.search(r"\bstyle=|\bon\w+=|https?:", made)


def test_what_a_template_needs_and_does_not_get_is_an_error():
    with pytest.raises(UndefinedError, match="work"):
        page("feedback.html")


@pytest.mark.parametrize(("given", "left"), [
    ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
    ("a\u202eb\u202cc\u2066d\u2069e\ufefff", "abcdef"),
    ("a\x00b\x1bc\x7fd\x9be", "abcde"),
    ("half \ud83d a smile", "half \ufffd a smile"),
    ("tab\tand line\n stay", "tab\tand line\n stay"),
    (LETTERS, LETTERS),
])
def test_what_nobody_sees_or_what_turns_the_text_is_left_out(given, left):
    assert seen(given) == left
    left.encode("utf-8")


def test_numbers_and_ready_html_stay():
    assert seen(1.5) == 1.5
    assert seen(None) is None
    assert seen(Markup("<b>\u202e</b>")) == "<b>\u202e</b>"


@pytest.mark.parametrize(("value", "told"), [(7.0, "7"), (12.5, "12.5"), (0.0, "0"), (-0.0, "0"), (2 / 3, "0.67"),
                                             (1e3, "1000"), (0.1 + 0.2, "0.3"), (123456.5, "123456.5")])
def test_points_are_written_as_people_write_them(value, told):
    assert points(value) == told


@pytest.mark.parametrize(("markdown", "made"), [
    ("One line\nand the next.\n\nA second.", "<p>One line and the next.</p><p>A second.</p>"),
    ("> **Head**\n>\n> - first\n> - second\n>   goes on\n\nAfter.",
     "<blockquote><p><b>Head</b></p><ul><li>first</li><li>second goes on</li></ul></blockquote><p>After.</p>"),
    ("Before:\n1. one\n2. *two*", "<p>Before:</p><ol><li>one</li><li><i>two</i></li></ol>"),
    ("`a < b` and 2 * 3 * 4", "<p><code>a &lt; b</code> and 2 * 3 * 4</p>"),
    ("<script>alert(1)</script> & \"so\"", "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;so&#34;</p>"),
    ("`n**2` or **`n*2`** or `n*m`", "<p><code>n**2</code> or <b><code>n*2</code></b> or <code>n*m</code></p>"),
    ("**bold *and* slanted**", "<p><b>bold <i>and</i> slanted</b></p>"),
    ("*slanted, **and** bold*", "<p><i>slanted, <b>and</b> bold</i></p>"),
    ("", ""),
])
def test_a_story_as_html(markdown, made):
    assert story(markdown) == made
    assert isinstance(story(markdown), Markup)
