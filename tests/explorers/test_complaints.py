"""The explorer of page 12: its numbers are those of the decision model, and its words are true at every setting."""

import itertools
import re

import numpy as np
import pytest

import pebbletrail as pt
from pebbletrail.explorers.complaints import (
    CAUSAL,
    CEILING,
    FLOOR,
    LIMITS,
    MOST_AT_RISK,
    NAMES,
    Ledger,
    _draws,
    _span,
    account,
    complaints,
    luck,
)
from pebbletrail.explorers.complaints_words import euros, percent
from pebbletrail.models.complaints.inputs import INPUTS, quantile

START = {"complain": 35, "speak_up": 5, "satisfied_now": 45, "satisfied_better": 60, "leave_satisfied": 12,
         "leave_unsatisfied": 30, "causal": 50, "margin": 250, "years": 5, "cost": 8, "unsure": 100}
SHARES = ("complain", "speak_up", "satisfied_now", "satisfied_better", "leave_satisfied", "leave_unsatisfied")
FREE = ("speak_up", "causal", "cost", "satisfied_better", "unsure", "years")  # both ends of these, with all of the others


def between(seed, times):
    """Settings drawn from all controls."""
    rng = np.random.default_rng(seed)
    return [{name: int(rng.integers(low, high + 1)) for name, (low, high) in LIMITS.items()} for _ in range(times)]


EXTREMES = [{**START, **dict(zip(FREE, ends, strict=True))} for ends in itertools.product(*(LIMITS[name] for name in FREE))]


@pytest.fixture(scope="module")
def explorer():
    return complaints()


@pytest.fixture(scope="module")
def results():
    return [(given, account(**given)) for given in [START, *EXTREMES, *between(0, 150)]]


def number(text):
    """A number as the words write it."""
    sign = -1 if text.startswith("−") else 1
    size, _, unit = text.lstrip("−").partition(" ")
    return sign * float(size.replace(",", "")) * (1e6 if unit.startswith("million") else 1)


EUROS = r"(−?\d[\d,.]*(?: million)?)"


def inputs(given):
    """The same setting as the decision model has it."""
    own = {name: given[name] / 100 for name in SHARES}
    rest = {name: one.default[1] for name, one in INPUTS.items()}
    return {**rest, **own, "causal_share": given["causal"] / 100, "margin": given["margin"], "cost": given["cost"],
            "problems": 10_000}


# --- numbers ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("given", [START, *between(1, 12)])
def test_at_what_is_set_it_gives_what_the_decision_model_gives(given):
    found = account(**given)
    line = pt.complaint_return(**inputs(given), years=given["years"], draws=100).table.set_index("quantity")["likely"]
    assert (found.customers, found.kept, found.cost, found.net, found.at_risk) == pytest.approx(tuple(
        line[["customers kept", "retained value", "total cost", "net", "value at risk"]]))
    assert found.complaints == pytest.approx(100 * (given["complain"] + given["speak_up"] * (100 - given["complain"]) / 100))


@pytest.mark.parametrize("part", [0.3, 1.0])
def test_what_is_left_open_spreads_as_far_as_in_the_decision_model(part):
    """40,000 draws there against 1,000 here."""
    given = {**START, "unsure": int(100 * part)}
    spans = {}
    for name, one in INPUTS.items():
        low, likely, high = one.default
        spans[name] = (likely - part * (likely - low), likely, likely + part * (high - likely))
    there = pt.complaint_return(**{**spans, "problems": 10_000}, draws=40_000)
    found, line = account(**given), there.table.set_index("quantity")
    for name, row in (("kept", "retained value"), ("cost", "total cost"), ("net", "net")):
        width = line.loc[row, "high_80"] - line.loc[row, "low_80"]
        assert np.abs(np.array(found.spans[name]) - line.loc[row, ["low_80", "high_80"]].astype(float)).max() < 0.08 * width
    assert found.pays == pytest.approx(there.pays, abs=0.04)
    known = pt.complaint_return(**{**spans, "problems": 10_000, "causal_share": 0.75}, draws=40_000)
    row = known.table.set_index("quantity").loc["net"]
    at = int(np.argmin(np.abs(CAUSAL - 0.75)))
    assert np.abs(np.array([found.low[at], found.high[at]]) - [row["low_80"], row["high_80"]]).max() < 0.08 * (
        row["high_80"] - row["low_80"])


def test_the_draws_of_each_input_are_even_and_independent():
    drawn = luck()
    assert list(drawn) == list(INPUTS)
    for values in drawn.values():
        assert sorted(values) == pytest.approx((np.arange(1000) + 0.5) / 1000)
    table = np.corrcoef(list(drawn.values())) - np.eye(len(INPUTS))
    assert np.abs(table).max() < 4.5 / np.sqrt(1000)


@pytest.mark.parametrize(("name", "value", "part", "span"), [
    ("problems", 10_000, 1, (10_000, 10_000, 10_000)), ("margin", 250, 0.5, (200, 250, 300)), ("cost", 2, 1, (0, 2, 6)),
    ("causal_share", 0.8, 1, (0.3, 0.8, 1)), ("satisfied_now", 0.5, 0, (0.5, 0.5, 0.5))])
def test_ranges_lie_about_what_is_set_and_within_their_limits(name, value, part, span):
    assert _span(name, value, part) == pytest.approx(span)


@pytest.mark.parametrize(("name", "span"), [("margin", (150, 250, 350)), ("causal_share", (0, 0.2, 0.7)),
                                            ("cost", (0, 0, 4)), ("speak_up", (0.9, 1, 1))])
def test_draws_read_off_a_table_are_those_of_the_range(name, span):
    drawn, exact = _draws(name, *span), quantile("pert", span, luck()[name])
    assert np.abs(drawn - exact).max() < 0.002 * (span[2] - span[0])


def test_nothing_left_open_has_no_spread():
    found = account(**{**START, "unsure": 0})
    for name in NAMES:
        assert found.spans[name] == pytest.approx((getattr(found, name),) * 2)
    assert found.low == pytest.approx(found.high)
    assert found.pays == 1
    assert not found.open


def test_the_needed_share_put_back_leaves_nothing(results):
    some = 0
    for given, found in results:
        if found.needed is None:
            assert found.whole <= found.cost
            continue
        again = pt.complaint_return(**{**inputs(given), "causal_share": found.needed}, years=given["years"], draws=100)
        assert abs(again.table.set_index("quantity").loc["net", "likely"]) < 1e-6 * max(found.cost, 1)
        some += 1
        if some == 25:
            break
    assert some == 25


def test_nobody_is_more_than_kept_of_what_is_at_risk(results):
    for _, found in results:
        assert found.at_risk >= 0
        assert found.kept <= found.at_risk + 1e-6


# --- words ------------------------------------------------------------------------------------------------------------

def test_the_sentence_is_true_at_every_setting(results):
    scene = Ledger()
    for given, found in results:
        text = scene.sentence(found)
        start = re.match(r"Of 10,000 customers with a problem ([\d,]+) complain; handling them better (keeps|loses) "
                         rf"(less than 1|[\d,]+) customers?, worth {EUROS} euros "
                         rf"over (\d+) years?, and costs {EUROS} euros: it "
                         rf"(leaves|loses) {EUROS} euros \((.*?)\)\. ", text)
        assert start, text
        complain, does, moved, worth, years, cost, left, net, drawn = start.groups()
        assert number(complain) == pytest.approx(found.complaints, abs=0.501)
        moved = "0" if moved == "less than 1" else moved
        assert number(moved) * (1 if does == "keeps" else -1) == pytest.approx(found.customers, abs=0.501)
        assert number(worth) == pytest.approx(abs(found.kept), rel=0.006, abs=0.6)
        assert number(cost) == pytest.approx(found.cost, rel=0.006, abs=0.6)
        assert number(net) * (1 if left == "leaves" else -1) == pytest.approx(found.net, rel=0.006, abs=0.6)
        assert int(years) == given["years"]
        if given["unsure"]:
            low, high, above = re.match(rf"of 1,000 draws about what is set 800 lie between {EUROS} and {EUROS}, and "
                                        r"([\d,]+) are above 0", drawn).groups()
            assert (number(low), number(high)) == pytest.approx(found.spans["net"], rel=0.006, abs=0.6)
            assert number(above) == round(1000 * found.pays)
        else:
            assert drawn == "with nothing left open"
        assert text.count("correlation") == 1
        assert "All of these numbers are assumed." in text
        needed = re.search(r"at least ([\d.]+) % of the differences in leaving; (\d+) % is set", text)
        if needed:
            assert int(needed[2]) == given["causal"]
            assert (float(needed[1]) <= given["causal"]) == (found.net >= -1e-9)  # what is said is what one sees
            assert float(needed[1]) == pytest.approx(100 * found.needed, abs=0.1)
        elif "Even if handling made the whole of the differences" in text:
            assert account(**{**given, "causal": 100}).net <= 0
        elif "pays as soon as handling makes any" in text:
            assert found.cost == 0
            assert account(**{**given, "causal": 1}).net > 0
        else:
            losing = "it costs nothing, and loses customers as soon as" in text
            assert losing or "it costs nothing and keeps nobody" in text
            assert found.cost == 0
            assert (account(**{**given, "causal": 100}).customers < 0) == losing
            assert account(**{**given, "causal": 100}).net <= 0


@pytest.mark.parametrize(("moved", "told"), [
    ({"cost": 0, "speak_up": 0}, "it costs nothing: it pays as soon as handling makes any of the differences in leaving."),
    ({"cost": 0, "speak_up": 0, "satisfied_better": 45}, "it costs nothing and keeps nobody, whatever share"),
    ({"cost": 0, "speak_up": 0, "satisfied_better": 20}, "better loses 79 customers, worth 67,900 euros"),
    ({"cost": 0, "speak_up": 0, "satisfied_better": 20}, "it costs nothing, and loses customers as soon as handling makes"),
    ({"leave_satisfied": 40, "leave_unsatisfied": 30}, "How leaving differs between satisfied and unsatisfied complainers"),
    ({"cost": 40}, "Even if handling made the whole of the differences in leaving, it would not pay."),
    ({"years": 1}, "euros over 1 year, and"), ({"unsure": 0}, "(with nothing left open)"),
    ({"causal": 43}, "it loses 283 euros"), ({"causal": 44}, "it leaves 498 euros")])
def test_the_sentence_has_words_for_what_is_odd(moved, told):
    assert told in Ledger().sentence(account(**{**START, **moved}))


def test_the_description_says_what_the_sentence_says(results):
    scene = Ledger()
    for given, found in results:
        alt = scene.alt(found)
        assert f"what is left {euros(found.net)}" in alt
        assert f"At risk, at most: {euros(found.at_risk)} euros" in alt
        assert ("80 of 100 draws" in alt) == (given["unsure"] > 0)
        assert ("never rises above 0" in alt) == (found.needed is None)
        ends = re.search(rf"makes: {EUROS} at 0 %, {EUROS} at 100 %", alt)
        assert (number(ends[1]), number(ends[2])) == pytest.approx((-found.cost, found.whole - found.cost), rel=0.006,
                                                                   abs=0.6)


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (0.4, "0"), (-282.3, "−282"), (38_987, "39,000"),
                                             (1_234_567, "1.23 million"), (-2_000_000, "−2 million")])
def test_euros(value, text):
    assert euros(value) == text


@pytest.mark.parametrize(("share", "text"), [(0.4336, "43.4"), (0.43, "43"), (0.43001, "43.1"), (0.0001, "0.1"), (1, "100"),
                                             (0, "0")])
def test_a_share_is_rounded_up(share, text):
    assert percent(share) == text


# --- picture ----------------------------------------------------------------------------------------------------------

def test_bars_strokes_and_line_show_the_numbers_and_say_where_they_are_cut(results):
    scene, cut = Ledger(), 0
    for _, found in results:
        scene.update(found)
        for name in NAMES:
            value = getattr(found, name) / 1000
            assert scene.bars[name].get_height() == pytest.approx(min(max(value, FLOOR), CEILING))
            words = scene.words[name].get_text()
            assert number(words.rstrip(" ↑↓")) == pytest.approx(1000 * value, rel=0.006, abs=0.6)
            assert words.endswith("↑") == (value > CEILING)
            assert words.endswith("↓") == (value < FLOOR)
            cut += words[-1] in "↑↓"
            low, high = (end / 1000 for end in found.spans[name])
            assert scene.strokes[name].get_ydata() == pytest.approx([min(max(end, FLOOR), CEILING) for end in (low, high)])
        assert scene.even.get_visible() == (found.cost / 1000 <= CEILING)
        assert scene.line.get_ydata() == pytest.approx([-found.cost / 1000, (found.whole - found.cost) / 1000])
        x, y = (float(values[0]) for values in scene.here.get_data())
        if FLOOR <= found.net / 1000 <= CEILING:  # the dot lies on the line
            assert y == pytest.approx(np.interp(x, [0, 100], scene.line.get_ydata()))
            assert scene.here.get_marker() == "o"
        else:
            assert scene.here.get_marker() == ("^" if found.net > 0 else "v")
        if found.needed is None:
            assert not scene.turn.get_visible()
        else:
            assert np.interp(scene.turn.get_xdata()[0], [0, 100], scene.line.get_ydata()) == pytest.approx(0, abs=1e-6)
        risk, part = scene.risk.get_height(), scene.part.get_height()
        assert risk == pytest.approx(min(found.at_risk / 1000, MOST_AT_RISK))
        assert part * found.at_risk == pytest.approx(risk * max(found.kept, 0), rel=1e-9, abs=1e-6)
        verts = scene.band.get_paths()[0].vertices[: 2 * len(CAUSAL)]
        assert verts[: len(CAUSAL), 1] * 1000 == pytest.approx(found.low)
        assert verts[len(CAUSAL):, 1][::-1] * 1000 == pytest.approx(found.high)
    assert cut > 50


def test_no_words_overlap_and_none_leaves_the_picture(explorer, results):
    renderer = explorer.stage.canvas.get_renderer()
    width, height = explorer.stage.canvas.get_width_height()
    legend = explorer.scene.fig.legends[0].get_window_extent(renderer)
    for given, found in results:
        explorer.scene.update(found)
        texts = [explorer.scene.risk_words, *explorer.scene.words.values(), explorer.scene.turn_words]
        boxes = [text.get_window_extent(renderer) for text in texts]
        for one, other in itertools.combinations([*boxes, legend], 2):
            assert not one.overlaps(other), given
        for box in boxes:
            assert box.x0 >= 0, given
            assert box.x1 <= width, given
            assert box.y1 <= height, given
    assert legend.x1 <= width


def look(artist):
    """All that an update may change, as text."""
    ask = ("get_xydata", "get_text", "get_position", "get_visible", "get_marker", "get_height", "get_ylim", "get_xlim")
    found = [np.asarray(getattr(artist, name)()).tolist() for name in ask if hasattr(artist, name)]
    return str([*found, *([path.vertices.tolist() for path in artist.get_paths()] if hasattr(artist, "get_paths") else [])])


def test_every_artist_that_an_update_changes_is_moving():
    scene = Ledger()
    artists, changed = scene.fig.findobj(), set()
    scene.update(account(**START))
    for given in (*EXTREMES[::7], *between(4, 12)):
        before = [look(artist) for artist in artists]
        scene.update(account(**given))
        changed |= {artist for artist, was in zip(artists, before, strict=True) if look(artist) != was}
    assert changed <= set(scene.moving)
    assert len(changed) > 12


# --- controls ---------------------------------------------------------------------------------------------------------

def test_controls_keep_to_the_limits_and_start_at_the_likely_values(explorer):
    explorer.reset()
    assert {name: control.value for name, control in explorer.controls.items()} == START
    for name, control in explorer.controls.items():
        assert (control.min, control.max) == LIMITS[name]
        assert len(control.description) <= 55
    assert inputs(START) == pytest.approx({name: one.default[1] for name, one in INPUTS.items()})
    assert account().net == account(**START).net


@pytest.mark.parametrize(("name", "value"), [
    ("complain", 5), ("speak_up", 40), ("leave_satisfied", 5), ("causal", 101), ("margin", 0), ("years", 0), ("cost", -1),
    ("unsure", np.nan), ("satisfied_now", "half"), ("years", 11)])
def test_what_cannot_be_is_told(name, value):
    low, high = LIMITS[name]
    with pytest.raises(ValueError, match=rf"{name}: a number from {low} to {high} is needed, not"):
        account(**{**START, name: value})
