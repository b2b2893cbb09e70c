"""The panel to fill in, without a browser: what it keeps, says and shows. tests/browser fills it in by keyboard."""

import json

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.instruments.definition import LANGUAGES, definition, names

EVERY = [(name, form, language) for name in names() for form in pt.instrument(name).forms for language in LANGUAGES]
AGREED = [one for one in EVERY if definition(one[0]).answers == "agreement"]


@pytest.fixture
def panel():
    return pt.instrument("levels-of-trust").fill_in()


def sent(panel):
    """What the browser is told from now on."""
    messages = []
    panel.widget.send = lambda content, buffers=None: messages.append(json.loads(json.dumps(content)))
    return messages


def say(panel, press, turn=None, view="one", **ticked):
    """What the browser says; all that is ticked comes with it."""
    turn = panel._turns.get(view, 0) + 1 if turn is None else turn
    panel._heard(panel.widget, {"press": press, "view": view, "turn": turn, "answers": {**panel._ticked, **ticked}})


def tick(panel, **answers):
    for item, value in answers.items():
        say(panel, "tick", **{item: str(value)})


@pytest.mark.parametrize(("name", "form", "language"), AGREED)
def test_every_form_is_filled_in_and_scored(name, form, language):
    """Scores by hand: the mean of 1 + n mod 7, reversed items turned round."""
    instrument = pt.instrument(name, language)
    panel = instrument.fill_in(form)
    lines = instrument.table.query("form == @form").reset_index(drop=True)
    tick(panel, **{item: n % 7 + 1 for n, item in enumerate(lines["item"])})
    assert str(len(lines)) in panel.sentence
    messages = sent(panel)
    say(panel, "show")
    heads = [one["head"] for one in messages[-1]["results"]]
    for scale, rows in lines.groupby("scale", sort=False):
        values = [8 - (n % 7 + 1) if turned else n % 7 + 1 for n, turned in rows["reversed"].items()]
        mean = f"{np.mean(values):.2f}".replace(".", "," if language == "fr" else ".")
        title = instrument.meaning.query("form == @form and scale == @scale")["title"].iloc[0]
        assert any(head.startswith(title) and mean in head for head in heads)
        assert panel.scores.table[scale][0] == pytest.approx(np.mean(values))
    told = [line for one in messages[-1]["results"] for line in one["lines"]]
    assert all(limit in told for limit in instrument.limits)
    assert "{" not in json.dumps(told) + json.dumps(heads) + panel.sentence


def test_answers_are_a_table_with_one_row(panel):
    assert panel.answers.isna().all(axis=None)
    tick(panel, trade1=5, brand2=7)
    panel.answer("person3", 1)
    panel.answer("person3", 1.0)  # as numpy and pandas give it
    panel.answer("person3", np.int64(1))
    assert panel.answers.shape == (1, 12)
    assert panel.answers[["trade1", "brand2", "person3"]].iloc[0].tolist() == [5, 7, 1]
    assert panel.answers.notna().sum(axis=1)[0] == 3
    assert panel.sentence == "3 of 12 lines answered."


def test_cannot_say_is_no_answer_and_takes_one_back(panel):
    tick(panel, trade1=5)
    tick(panel, trade1="")
    assert np.isnan(panel.answers["trade1"][0])
    assert panel.sentence == "0 of 12 lines answered."
    messages = sent(panel)
    say(panel, "hello", turn=0)
    assert messages[-1]["answers"] == {"trade1": ""}  # another view shows the box that was ticked


def test_a_scale_with_too_few_answers_says_what_is_needed(panel):
    messages = sent(panel)
    tick(panel, trade1=6, trade2=7, brand1=3)
    panel.show()
    heads = [one["head"] for one in messages[-1]["results"]]
    assert heads[0] == "Trust in the trade: 6.50 of 7, from 2 of 3 lines"
    assert heads[1] == "Trust in the brand: no score (1 of 3 lines answered, at least 2 needed)"


def test_nothing_is_shown_of_nothing(panel):
    messages = sent(panel)
    panel.show()
    assert messages[-1]["results"] == []
    assert panel.sentence.startswith("No scale has enough answers yet")


def test_scores_go_when_an_answer_changes_and_everything_goes_on_starting_again(panel):
    messages = sent(panel)
    tick(panel, trade1=6, trade2=7)
    panel.show()
    assert panel.scores.table["trade"][0] == 6.5
    tick(panel, trade1=1)
    assert panel.scores is None
    assert messages[-1]["results"] == []
    panel.show()
    say(panel, "again")
    assert panel.scores is None
    assert panel.answers.isna().all(axis=None)
    assert messages[-1] == {"answers": {}, "sentence": "All answers are taken back.", "results": [], "view": None}


def test_the_view_where_it_was_ticked_is_named_so_that_it_is_not_set_back(panel):
    messages = sent(panel)
    tick(panel, trade1=6)
    assert messages[-1]["view"] == "one"
    panel.answer("trade2", 2)
    assert messages[-1]["view"] is None


def test_a_message_that_comes_late_is_left_aside(panel):
    """Fast keys: the browser said 2, then 3, then "show"; the kernel hears 3, then "show", then 2."""
    say(panel, "tick", turn=2, trade1="3", trade2="3")
    say(panel, "show", turn=3, trade1="3", trade2="4")
    say(panel, "tick", turn=1, trade1="2")
    assert panel.answers[["trade1", "trade2"]].iloc[0].tolist() == [3, 4]
    assert panel.scores.table["trade"][0] == 3.5
    say(panel, "tick", turn=3, trade1="1")  # once more what was heard already
    assert panel.answers["trade1"][0] == 3
    assert panel.scores is not None
    say(panel, "tick", turn=1, view="another", trade1="7")  # each view has its own count
    assert panel.answers["trade1"][0] == 7


def test_answers_are_no_part_of_what_a_saved_notebook_holds(panel):
    """Of the widget's state, and of what a cell's output keeps, nothing changes when it is filled in."""
    state, bundle = json.dumps(panel.widget.get_state(), default=str), panel.static()
    tick(panel, **dict.fromkeys(panel.answers, 7))
    panel.show()
    assert json.dumps(panel.widget.get_state(), default=str) == state
    assert panel.static() == bundle


@pytest.mark.parametrize(("item", "value", "told"), [
    ("trade4", 5, "item: 'trade4' is not one of trade1"),
    ("trade1", 8, "value: '8' is not allowed; a whole number from 1 to 7"),
    ("trade1", 4.5, "value: '4.5' is not allowed"),
    ("trade1", "x", "value: 'x' is not allowed"),
    ("trade1", True, "value: 'True' is not allowed"),
    ("trade1", float("nan"), "value: 'nan' is not allowed"),
    ("trade1", float("inf"), "value: 'inf' is not allowed"),
])
def test_an_answer_that_is_not_allowed_is_told(panel, item, value, told):
    with pytest.raises(ValueError, match=told):
        panel.answer(item, value)
    assert panel.answers.isna().all(axis=None)


@pytest.mark.parametrize(("name", "form", "language"), EVERY)
def test_the_twin_has_every_line_and_no_markup_of_others(name, form, language):
    plain = pt.instrument(name, language)
    panel = pt.instrument(name, language, **dict.fromkeys(plain.words, "<b>x</b>")).fill_in(form)
    twin = panel.static()
    lines = plain.table.query("form == @form")["item"]
    boxes = plain.options[plain.options["item"].isin(lines)] if plain.kind.listed else ()
    own = 1 if name == "openness-to-dialogue" else 0  # to whom it was sent
    assert twin.count("<li>") == len(lines) + len(boxes) + own
    assert "<b>x" not in twin
    assert f'lang="{language}"' in twin
    bundle = panel._repr_mimebundle_()
    assert bundle["text/html"] == twin
    assert "application/vnd.jupyter.widget-view+json" in bundle
