"""The explorer of page 10: the world's own numbers, a picture that holds them, and words that are true at every setting."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from pebbletrail.explorers.controls import told as set_to
from pebbletrail.explorers.explore import explore
from pebbletrail.explorers.trust import BELIEFS, LEVELS, LIMITS, Beliefs, Learned, apart, learn_and_earn
from pebbletrail.explorers.trust_words import HIGHEST, LOWEST, euros, when
from pebbletrail.worlds.relationship import Relationship
from pebbletrail.worlds.relationship.pictures import LINES

START = {"contacts": 6, "changes": 0.36, "forgetting": 2, "care": 0.4, "cost": 2.5, "exit_cost": 0.0, "reading": 0,
         "relational": 0.5}
EXTREMES = [dict(zip(START, values, strict=True)) for values in itertools.product(
    *(LIMITS[name] for name in tuple(START)[:6]), (-1, 1), (0, 1))]
STEPS = {"contacts": 1, "changes": 0.04, "forgetting": 1, "care": 0.1, "cost": 0.5, "exit_cost": 0.25, "reading": 1,
         "relational": 0.5}


def between(seed=0, how_many=150):
    """Settings that the controls can make, drawn over all of them."""
    luck = np.random.default_rng(seed)
    for _ in range(how_many):
        yield {name: round(low + STEPS[name] * luck.integers(0, round((high - low) / STEPS[name]), endpoint=True), 6)
               for name, (low, high) in LIMITS.items()}


def world_of(given):
    """The world at a setting, with the units changed by hand."""
    return Relationship(contacts=given["contacts"] / 12, turnover=given["changes"] / 12, care=given["care"],
                        forgetting=given["forgetting"] / 100, care_cost=given["cost"], exit_cost=given["exit_cost"],
                        reading=given["reading"], relational=given["relational"])


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


@pytest.fixture(scope="module")
def explorer():
    return explore("trust")


@pytest.fixture(scope="module")
def extremes():
    return [(given, learn_and_earn(**given)) for given in EXTREMES]


@pytest.fixture(scope="module")
def told():
    """Settings with their result, sentence and description; and the world itself, asked directly."""
    scene, found = Beliefs(), []
    edges = [{**START, "cost": 5}, {**START, "care": 0, "cost": 0}, {**START, "care": 0.2},
             {**START, "contacts": 12, "cost": 1.5}]
    for given in (START, *edges, *between(how_many=50), *EXTREMES[::11]):
        result, world = learn_and_earn(**given), world_of(given)
        found.append((given, result, scene.sentence(result), scene.alt(result), world.expected(),
                      world.horizon(customers=None).table["difference"].to_numpy()))
    return found


def wide(path, what):
    return path.pivot(index="month", columns="level", values=what)[list(LEVELS)].to_numpy()


def test_the_start_is_the_world_as_it_is(explorer):
    assert explorer.start == START
    world = world_of(START)
    assert (world.table["value"] == world.table["default"]).all()


def test_beliefs_and_euros_are_the_worlds(told):
    for at, (given, result, _, _, path, difference) in enumerate(told):
        assert result.mean == pytest.approx(wide(path, "mean"), abs=1e-12)
        assert result.sd == pytest.approx(wide(path, "sd"), abs=1e-12)
        assert result.gain == pytest.approx(difference, abs=1e-9)
        if at % 4 == 0:
            cared = world_of(given).expected(quality=0.6 + given["care"])
            assert result.cared == pytest.approx(wide(cared, "mean"), abs=1e-12)


def test_the_sentence_tells_each_belief_after_one_and_ten_years(told):
    for _, _, sentence, _, path, _ in told:
        means = path.set_index(["level", "month"])["mean"]
        for level in LEVELS:
            one, ten = re.search(rf"of the {level} ([−\d.]+) after one year and ([−\d.]+) after ten", sentence).groups()
            assert number(one) == pytest.approx(means[level, 12], abs=0.00501)
            assert number(ten) == pytest.approx(means[level, 120], abs=0.00501)
        assert len(re.findall(r"\.(?= [A-Z]|$)", sentence)) == 3


def test_what_a_contact_truly_is_is_told_with_what_exit_costs_make_of_the_brand(told):
    """Second way: the brand's belief of somebody with very many contacts in a year, none outstanding, nothing forgotten."""
    seen = set()
    for given, result, sentence, alt, _, _ in told:
        sure = replace(world_of(given), contacts=8, noise_brand=0.1, peak=1, forgetting=0)
        brand = sure.expected(1).query("level == 'brand'")["mean"].iloc[-1]
        seen.add(bound := given["exit_cost"] * given["reading"] != 0)
        words = r"a contact is truly 0\.6" + (r" \(([−\d.]+) of the brand, with its exit costs\)" if bound else "") + ";"
        found = re.search(words, sentence)
        assert found, sentence
        assert result.quality + result.shift == pytest.approx(brand, abs=0.01)
        if bound:
            assert number(found[1]) == pytest.approx(brand, abs=0.011)
        assert f"Dotted, what a contact truly is: {found[0].removeprefix('a contact is truly ')[:-1]}." in alt
    assert seen == {True, False}


def test_that_beliefs_may_pass_the_truth_is_told_and_why():
    assert Relationship().peak == 2
    above = [given for given in between(4, 80) if given["reading"] == 0 and learn_and_earn(**given).mean[-1].max() > 0.6]
    flat = {**START, "contacts": 12, "forgetting": 0, "relational": 1}
    assert learn_and_earn(**flat).mean[-1, 1] > 0.6
    assert above
    for given in (START, flat, *above):
        assert "; outstanding contacts count twice, so that beliefs may pass that. " in Beliefs().sentence(
            learn_and_earn(**given))


def test_that_somebody_else_answers_is_told_where_there_are_transactions(told):
    assert Relationship().strangers == 0.5
    seen = set()
    for given, _, sentence, alt, _, _ in told:
        seen.add(given["relational"])
        for words in (sentence, alt):
            assert ("; in transactions somebody else answers in half of the months, however seldom a regular agent leaves."
                    in words) == (given["relational"] < 1)
    assert seen == {0, 0.5, 1}
    # and the control does little there: the whole of it moves the person's belief less than in a relationship
    change = [np.ptp([learn_and_earn(**{**START, "relational": which, "changes": often}).mean[-1, 2] for often in (0, 3)])
              for which in (0, 1)]
    assert change[0] < 0.2 * change[1]


def test_the_sentence_tells_what_caring_brings_and_when(told):
    kinds = set()
    for _, _, sentence, alt, _, difference in told:
        shown = re.search(r"brings ([+−\d.,]+) euros a customer over one year and ([+−\d.,]+) over ten", sentence).groups()
        for text, value in zip(shown, (difference[0], difference[-1]), strict=True):
            assert number(text) == pytest.approx(value, abs=0.501 if abs(value) >= 9.94 else 0.0501)
        words = re.search(r"within these ten years it ([^,(]+?)(?:,| \(|\.$)", sentence)[1]
        assert f"caring {words}" in alt
        pays = difference > 0
        kinds.add(words.split(" from ")[0])
        if years := re.fullmatch(r"pays from (\d+) years on", words):
            first = int(years[1])
            assert not pays[:first - 1].any()
            assert pays[first - 1:].all()
            assert 1 < first < 10
        elif words == "pays at every horizon":
            assert pays.all()
        elif words == "pays at no horizon":
            assert not pays.any()
            assert difference.any()
        elif words == "pays at 10 years only":
            assert pays.tolist() == [False] * 9 + [True]
        else:
            assert words == "makes no difference"
            assert difference == pytest.approx(np.zeros(10), abs=1e-9)
    assert kinds == {"pays", "pays at every horizon", "pays at no horizon", "pays at 10 years only", "makes no difference"}


def test_a_loss_that_turns_back_is_told_where_caring_never_pays(told):
    seen = 0
    for _, _, sentence, _, _, difference in told:
        worst = re.search(r", but the loss is largest at (\d+) years? \((−[\d.,]+)\) and shrinks beyond", sentence)
        inside = 0 < difference.argmin() < 9
        assert bool(worst) == (inside and not (difference > 0).any())
        if worst:
            seen += 1
            assert difference.argmin() == int(worst[1]) - 1
            assert number(worst[2]) == pytest.approx(difference.min(), abs=0.501)
            assert (np.diff(difference[difference.argmin():]) > 0).all()
    assert seen > 3


def test_cut_bars_are_told_in_words(told):
    seen = set()
    for _, _, sentence, alt, _, difference in told:
        cut = difference.min() < -120 or difference.max() > 240
        seen.add(cut)
        for words in (sentence, alt):
            assert ("(bars beyond −120 or +240 are cut, their numbers are not)" in words) == cut
    assert seen == {True, False}


def test_the_description_tells_how_unsure_and_what_caring_does(told):
    for given, _, _, alt, path, difference in told:
        rows = path.set_index(["level", "month"])
        for level in LEVELS:
            start, end, first, last, cared = map(number, re.search(
                rf"the {level} from (\S+) to (\S+) \(± 1 SD: first (\S+), then (\S+); where the firm cares, to (\S+?)\)",
                alt).groups())
            assert (start, end) == pytest.approx(rows.loc[level, "mean"].iloc[[0, -1]].tolist(), abs=0.00501)
            assert (first, last) == pytest.approx(rows.loc[level, "sd"].iloc[[0, -1]].tolist(), abs=0.00501)
            assert cared >= end - 0.011
            assert given["care"] > 0 or cared == end
        assert f"from {euros(difference[0])} to {euros(difference[-1])} euros" in alt or not difference.any()


def made(signs):
    gain = np.array([float(sign + "1") if sign != "0" else 0.0 for sign in signs])
    return Learned(0.6, 0.0, 0.5, *np.zeros((3, 121, 3)), gain)


@pytest.mark.parametrize(("signs", "words"), [
    ("+" * 10, "pays at every horizon"), ("-" * 10, "pays at no horizon"), ("0" * 10, "makes no difference"),
    ("0" * 9 + "-", "pays at no horizon"), ("---+++++++", "pays from 4 years on"), ("-" * 9 + "+", "pays at 10 years only"),
    ("+++-------", "pays at 1 to 3 years only"), ("+---------", "pays at 1 year only"),
    ("--+++-----", "pays at 3 to 5 years only"), ("---0+-----", "pays at 5 years only"),
    ("++------++", "pays at 1 to 2 years and 9 to 10 years only"), ("0+++++++++", "pays from 2 years on")])
def test_every_pattern_of_horizons_has_its_words(signs, words):
    result, scene = made(signs), Beliefs()
    assert when(result) == words
    assert f"within these ten years it {words}" in scene.sentence(result)
    scene.update(result)
    assert scene.turn.get_text() == f"caring {words}"
    pays = [year for year, sign in enumerate(signs, 1) if sign == "+"]
    edges = {year - 0.5 for year in pays if year > 1 and year - 1 not in pays} | {
        year + 0.5 for year in pays if year < 10 and year + 1 not in pays}
    assert set(scene.edge.get_xdata()) == edges


def test_no_line_band_or_bar_leaves_its_axes(extremes):
    scene, reach = Beliefs(), []
    left, right = scene.fig.axes
    low, high = right.get_ylim()
    for _, result in extremes:
        scene.update(result)
        drawn = np.concatenate([*(line.get_ydata() for line in (*scene.lines.values(), *scene.thin.values(), scene.truth,
                                                                scene.bound, *scene.reach.values())),
                                *(band.get_xy()[:, 1] for band in scene.bands.values())])
        reach += [drawn.min(), drawn.max()]
        for bar, cut, gain in zip(scene.bars, scene.cuts, result.gain, strict=True):
            assert low < bar.get_height() < high
            assert bar.get_height() == min(max(gain, LOWEST), HIGHEST)
            assert cut.get_visible() == (not LOWEST <= gain <= HIGHEST)
            assert cut.get_marker() == ("^" if gain > 0 else "v")
        beyond = [note.get_position()[1] / bar.get_height() for note, bar in zip(scene.notes, scene.bars, strict=True)
                  if bar.get_height()]
        assert min(beyond, default=2) > 1  # the number stands outside its bar, on the side to which it points
    assert left.get_ylim() == BELIEFS
    assert BELIEFS[0] < min(reach) < BELIEFS[0] + 0.5  # all inside, and little room wasted
    assert BELIEFS[1] - 0.5 < max(reach) < BELIEFS[1]


def test_bands_reach_one_sd_to_either_side_and_bars_show_their_sign(explorer):
    result = learn_and_earn(**START)
    explorer.reset()
    scene = explorer.scene
    for at, level in enumerate(LEVELS):
        y = scene.bands[level].get_xy()[:121, 1], scene.bands[level].get_xy()[121:242, 1][::-1]
        assert (y[0] - y[1]) / 2 == pytest.approx(result.sd[:, at])
        assert (y[0] + y[1]) / 2 == pytest.approx(scene.lines[level].get_ydata())
        assert scene.reach[level].get_ydata() == pytest.approx([y[1][-1], y[0][-1]])
    filled = [bar.get_facecolor()[0] < 0.5 for bar in scene.bars]
    assert filled == [False] * 3 + [True] * 7
    assert [note.get_text() for note in scene.notes][:5] == ["−8.0", "−8.2", "−4.0", "+3.6", "+14"]


def test_the_dotted_lines_are_at_the_truth_and_the_brands_shows_only_where_it_is_another():
    scene = Beliefs()
    for exit_cost, reading, shift in ((0, -1, 0), (2, 0, 0), (2, -1, -1.0), (0.5, 1, 0.25)):
        scene.update(learn_and_earn(**{**START, "exit_cost": exit_cost, "reading": reading}))
        assert list(scene.truth.get_ydata()) == [0.6, 0.6]
        assert scene.bound.get_visible() == (shift != 0)
        assert scene.bound.get_ydata() == pytest.approx([0.6 + shift] * 2)
    assert scene.bound.get_color() == scene.lines["brand"].get_color()
    assert scene.bound.get_linestyle() == scene.truth.get_linestyle() == ":"


def test_a_cut_bar_keeps_its_own_number():
    scene, cut = Beliefs(), 0
    for given in ({**START, "contacts": 12, "cost": 5}, {**START, "care": 1, "cost": 0, "contacts": 12, "relational": 1}):
        result = learn_and_earn(**given)
        scene.update(result)
        for note, gain in zip(scene.notes, result.gain, strict=True):
            assert number(note.get_text()) == pytest.approx(gain, abs=0.501)
            cut += not LOWEST <= gain <= HIGHEST
    assert cut > 4


def test_the_words_around_the_picture(explorer):
    left, right = explorer.scene.fig.axes
    assert [text.get_text() for text in left.get_legend().get_texts()] == [
        "firm saves on care; band, stroke: how unsure (± 1 SD)", "firm cares (same colours and dashes)",
        "what a contact truly is, if the firm saves on care\n(in the brand's colour: with exit costs)"]
    marks = [(line.get_linestyle(), line.get_linewidth()) for line in left.get_legend().get_lines()]
    lines = (explorer.scene.lines["person"], explorer.scene.thin["person"], explorer.scene.truth)
    assert marks == [(line.get_linestyle(), line.get_linewidth()) for line in lines]
    assert left.get_xlabel() == "years"
    assert left.get_ylabel() == "expected of the next contact\n(SD of trades; 0: an average trade)"
    assert right.get_xlabel() == "years that the firm looks ahead"
    assert right.get_ylabel() == "euros a customer, caring less saving"


def test_each_level_has_one_colour_and_one_dash_as_in_the_worlds_own_picture(explorer):
    scene = explorer.scene
    assert len(set(LINES.values())) == len({colour for colour, _ in LINES.values()}) == len(
        {dash for _, dash in LINES.values()}) == 3
    for level, (colour, dash) in LINES.items():
        for line in (scene.lines[level], scene.thin[level]):
            assert (line.get_color(), line.get_linestyle()) == (colour, dash)
        assert scene.reach[level].get_color() == scene.ends[level].get_color() == colour
        assert to_hex(scene.bands[level].get_facecolor()) == colour.lower()


def look(artist):
    """All that an update may change, as text."""
    ask = ("get_xydata", "get_xy", "get_text", "get_position", "get_visible", "get_facecolor", "get_marker", "get_height",
           "get_ylim", "get_xlim", "get_label")
    return str([np.asarray(getattr(artist, name)()).tolist() for name in ask if hasattr(artist, name)])


def test_every_artist_that_an_update_changes_is_moving():
    scene = Beliefs()
    artists, changed = scene.fig.findobj(), set()
    scene.update(learn_and_earn(**START))
    for given in EXTREMES[::17]:
        before = [look(artist) for artist in artists]
        scene.update(learn_and_earn(**given))
        changed |= {artist for artist, was in zip(artists, before, strict=True) if look(artist) != was}
    # what says how a whole axis looks is redrawn only with all: none of it may have changed
    assert changed <= set(scene.moving)
    assert len(changed) > 30
    assert {*scene.thin.values(), *scene.reach.values(), scene.bound} <= changed


def test_a_loss_that_does_not_shrink_steadily_is_not_said_to_shrink():
    scene, zero = Beliefs(), np.zeros((3, 121, 3))
    for gain, told in (([-1, -5, -4, -3, -2, -2, -1, -1, -1, -1], False),
                       ([-1, -5, -3, -4, -2, -1.5, -1, -0.9, -0.8, -0.7], False),
                       ([-1, -5, -4.5, -4, -3, -2, -1.5, -1, -0.9, -0.8], True), (list(range(-1, -11, -1)), False),
                       (list(range(-10, 0)), False)):
        words = scene.sentence(Learned(0.6, 0.0, 0.5, *zero, np.array(gain, float)))
        assert ("but the loss is largest at 2 years (−5.0) and shrinks beyond" in words) == told


def test_each_word_on_a_button_sets_its_value(explorer):
    assert dict(explorer.controls["reading"].options) == {"a trap": -1, "neither": 0, "a pledge": 1}
    assert dict(explorer.controls["relational"].options) == {"half and half": 0.5, "transactions": 0, "a relationship": 1}
    trap, pledge = (learn_and_earn(exit_cost=1, reading=dict(explorer.controls["reading"].options)[word])
                    for word in ("a trap", "a pledge"))
    assert trap.mean[-1, 1] < learn_and_earn().mean[-1, 1] < pledge.mean[-1, 1]


def test_controls_say_what_they_move_and_in_which_unit(explorer):
    assert [control.description for control in explorer.controls.values()] == [
        "contacts (a year)", "a regular agent leaves (times a year)", "forgotten of what was learned (% a month)",
        "a contact is better if the firm cares (by SD of trades)", "caring costs (euros a contact)",
        "exit cost (0: none, 1: noticeable, 2: high)", "exit costs, if any, are read as", "context"]


def boxes(artists, renderer):
    return [artist.get_window_extent(renderer) for artist in artists if artist.get_text()]


def test_no_words_overlap_and_none_leaves_the_picture(explorer, extremes):
    renderer = explorer.stage.canvas.get_renderer()
    width, height = explorer.stage.canvas.get_width_height()
    left, right = explorer.scene.fig.axes
    aside = right.get_tightbbox(renderer).x0
    others = [(given, learn_and_earn(**given)) for given in (START, *between(1, 30))]
    for given, result in (*extremes[::3], *extremes[1::3], *others):
        explorer.scene.update(result)
        found = boxes((*explorer.scene.ends.values(), *explorer.scene.notes, explorer.scene.turn), renderer)
        for one, other in itertools.combinations(found, 2):
            assert not one.overlaps(other), given
        for box in found:
            assert box.x0 >= 0, given
            assert box.y0 >= 0, given
            assert box.x1 <= width, given
            assert box.y1 <= height, given
        for box in found[:3]:
            assert left.bbox.y0 - 1 <= box.y0, given
            assert box.x1 < aside, given
        for box in found[3:-1]:
            assert box.y0 > right.bbox.y0, given


@pytest.mark.parametrize(("heights", "moved"), [
    ([0.0, 1.0, 2.0], [0.0, 1.0, 2.0]), ([0.0, 0.0, 0.0], [-0.3, 0.0, 0.3]), ([1.0, 0.9, -1.0], [1.1, 0.8, -1.0]),
    ([5.0, 5.0, 5.0], [1.4, 1.7, 2.0]), ([-5.0, 1.0, -5.0], [-2.0, 1.0, -1.7])])
def test_words_are_moved_apart_and_stay_inside(heights, moved):
    assert apart(heights, 0.3, -2, 2) == pytest.approx(moved)


def test_words_stand_in_the_order_of_their_lines():
    scene = Beliefs()
    for given in between(2, 60):
        result = learn_and_earn(**given)
        scene.update(result)
        heights = [scene.ends[level].get_position()[1] for level in LEVELS]
        assert (np.argsort(heights) == np.argsort(result.mean[-1], kind="stable")).all()
        assert np.diff(sorted(heights)).min() > 0.26
        assert [scene.ends[level].get_text().split()[0] for level in LEVELS] == list(LEVELS)


@pytest.mark.parametrize(("amount", "text"), [(0, "0"), (-8.001, "−8.0"), (91.87, "+92"), (-0.5392, "−0.54"),
                                              (0.996, "+1.0"), (9.96, "+10"), (-1364.2, "−1,364")])
def test_euros(amount, text):
    assert euros(amount) == text


def test_the_same_setting_gives_the_same_numbers_and_nothing_is_kept():
    first = learn_and_earn(**START)
    learn_and_earn(**EXTREMES[-1])
    again = learn_and_earn(**START)
    for name in ("mean", "sd", "cared", "gain"):
        assert (getattr(first, name) == getattr(again, name)).all()
    assert (learn_and_earn().gain == first.gain).all()


@pytest.mark.parametrize(("name", "value", "says"), [
    ("contacts", 0, "contacts: a number from 1 to 12 is needed, not 0"), ("changes", 3.5, "changes: a number from 0 to 3"),
    ("forgetting", -1, "forgetting: a number from 0 to 20"), ("care", "much", "care: a number from 0 to 1 is needed"),
    ("cost", np.nan, "cost: a number from 0 to 5 is needed, not nan"), ("exit_cost", 2.5, "exit_cost: a number from 0 to 2"),
    ("reading", 2, "reading: a number from -1 to 1"), ("relational", 1.2, "relational: a number from 0 to 1")])
def test_what_cannot_be_is_told(name, value, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        learn_and_earn(**{**START, name: value})


def test_controls_cannot_leave_the_limits_and_say_what_they_are_set_to(explorer):
    assert set(explorer.controls) == set(LIMITS)
    for name, control in explorer.controls.items():
        if hasattr(control, "min"):
            assert (control.min, control.max) == LIMITS[name]
            assert control.step == STEPS[name]
            steps = (START[name] - control.min) / control.step
            assert steps == pytest.approx(round(steps))
        assert len(set_to(control)) > len(control.description)
        assert len(control.description) <= 55  # letters: what fits beside a control



@pytest.mark.parametrize(("moved", "person", "brand", "trade", "ends", "words"), [
    ({}, "0.40", "0.59", "−0.14", "+92", "pays from 4 years on"),
    ({"relational": 1, "changes": 0}, "0.72", "0.59", "−0.14", "+96", "pays from 4 years on"),
    ({"relational": 1, "changes": 1}, "0.50", "0.59", "−0.14", "+95", "pays from 4 years on"),
    ({"contacts": 1}, "0.08", "0.25", "−0.27", "+75", "pays from 2 years on"),
    ({"contacts": 12}, "0.52", "0.66", "−0.02", "−18", "pays at no horizon"),
    ({"forgetting": 0}, "0.41", "0.68", "0.03", "+96", "pays from 4 years on"),
    ({"forgetting": 20}, "0.31", "0.16", "−0.28", "+55", "pays from 5 years on"),
    ({"exit_cost": 2, "reading": -1}, "0.40", "−0.22", "−0.14", "+22", "pays from 8 years on"),
    ({"exit_cost": 2}, "0.40", "0.59", "−0.14", "+11", "pays from 9 years on"),
    ({"exit_cost": 2, "reading": 1}, "0.40", "1.39", "−0.14", "+6.5", "pays from 9 years on"),
    ({"cost": 5}, "0.40", "0.59", "−0.14", "−14", "pays at no horizon")])
def test_the_tasks_answers(explorer, moved, person, brand, trade, ends, words):
    """What page 10 says of its tasks, and that the controls can be set so."""
    explorer.reset()
    for name, value in moved.items():
        explorer.controls[name].value = value
    shown = [explorer.scene.ends[level].get_text() for level in LEVELS]
    assert shown == [f"trade {trade}", f"brand {brand}", f"person {person}"]
    assert explorer.scene.notes[-1].get_text() == ends
    assert explorer.scene.turn.get_text() == f"caring {words}"
    explorer.reset()
