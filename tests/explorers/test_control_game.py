"""The game: what it says is what the tables say, and nothing of the others shows before a prediction."""

import itertools

import pytest

import pebbletrail as pt
from pebbletrail.explorers import control_game_pictures as game

SIX = ["Zurich", "Jena 1", "Trento", "Jena 2", "Jena 3", "Massachusetts"]


@pytest.fixture(scope="module")
def summary():
    return pt.load("hidden-costs-summary").set_index("laboratory")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def bars(fig):
    return [bar for container in fig.axes[0].containers for bar in container]


def test_laboratories_are_the_six_with_real_points_and_a_deciding_boss():
    assert game.laboratories() == SIX


@pytest.mark.parametrize("laboratory", SIX)
@pytest.mark.parametrize("condition", ["free", "controlled"])
def test_mean_gift_is_the_summary_s(summary, laboratory, condition):
    assert game.mean_gift(laboratory, condition) == pytest.approx(summary.loc[laboratory, f"mean_{condition}"], abs=1e-6)
    assert game.gifts(laboratory, condition).sum() == summary.loc[laboratory, "agents"]


@pytest.mark.parametrize("gift", [0, 1, 9, 10, 11, 20, 21, 30, 31, 40, 41, 120])
def test_every_gift_has_one_bin(gift):
    assert sum(low <= gift <= high for low, high in game.BINS) == 1


@pytest.mark.parametrize(("free", "controlled", "ending"), [
    (40, 15, "Being controlled makes you give 25 less."),
    (20, 20, "Nothing changes."),
    (0, 12, "Under control you give 12 more; the minimum alone forces 10 of them."),
    (20, 25, "Under control you give 5 more."),
])
def test_agent_is_told_what_control_does_to_the_own_gift(free, controlled, ending):
    fig, alt, sentence = game.draw_agent(free, controlled)
    assert sentence.endswith(ending)
    assert f"you keep {120 - free}, the boss gets {2 * free}." in sentence
    assert [bar.get_width() for bar in bars(fig)] == [120 - free, 2 * free, 120 - controlled, 2 * controlled]
    assert sentence.startswith(alt.split(". ", 1)[1])


@pytest.mark.parametrize(("values", "named"), [((-1, 10), "free"), ((121, 10), "free"), ((0, 9), "controlled")])
def test_an_impossible_gift_is_a_user_s_error_that_names_it(values, named):
    for draw in (game.draw_agent, lambda *own: game.draw_among(*own, "Zurich", True)):
        with pytest.raises(ValueError, match=rf"^{named}: .* allowed: "):
            draw(*values)


def test_other_unknown_values_are_named_too():
    with pytest.raises(ValueError, match=r"^laboratory: 'Jena, flat fee' is not one of Zurich"):
        game.draw_boss(game.TRUST, "Jena, flat fee")
    with pytest.raises(ValueError, match=r"^decision: 'fire them' is not one of"):
        game.draw_boss("fire them", "Zurich")


def test_a_prediction_hides_the_answer_until_it_is_made():
    fig, alt, sentence = game.draw_prediction(40, 20, 15, shown=False)
    assert "Zurich" not in alt + sentence + " ".join(texts(fig.axes[0]))
    assert [bar.get_width() for bar in bars(fig)] == [40, 20, 15]


def test_a_made_prediction_stands_beside_the_measured_values(summary):
    fig, _, sentence = game.draw_prediction(40, 20, 15, shown=True)
    zurich = summary.loc["Zurich"]
    measured = [100 * zurich["gave_less"] / zurich["agents"], zurich["mean_free"], zurich["mean_controlled"]]
    widths = [bar.get_width() for bar in bars(fig)]
    assert widths[::2] == [40, 20, 15]
    assert widths[1::2] == pytest.approx(measured, abs=1e-5)
    assert "56.9 of 100 give less (41 of 72)" in sentence
    assert "You expected that control lowers the gift by 5.0 points; there it lowers the gift by 5.5 points." in sentence


@pytest.mark.parametrize(("difference", "words"), [(2, "lowers"), (-2, "raises"), (0, "leaves the gift where it is")])
def test_the_direction_of_a_change_in_words(difference, words):
    assert game._change(difference).startswith(words)


def test_the_others_are_hidden_before_the_prediction_and_counted_after():
    fig, alt, _ = game.draw_among(0, 10, "Trento", shown=False)
    assert bars(fig) == []
    assert not any(sign.isdigit() for sign in alt)
    fig, _, sentence = game.draw_among(40, 10, "Trento", shown=True)
    assert sum(bar.get_height() for bar in bars(fig)) == 2 * 30
    assert sentence == ("Trento, 30 agents. Left free, you give 40: 29 gave less than you, 1 as much, 0 more. "
                        "Minimum of 10 enforced, you give 10: 0 gave less than you, 17 as much, 13 more.")


def test_the_reader_s_places_add_up_to_all_agents():
    for gift, laboratory in itertools.product((0, 10, 33, 120), SIX):
        counts = game.gifts(laboratory, "free")
        said = game._place("free", gift, counts).split(": ")[1]
        assert sum(int(word) for word in said.replace(",", "").split() if word.isdigit()) == counts.sum()


def test_the_boss_sees_nothing_of_the_agents_before_deciding():
    for laboratory in SIX:
        fig, _, sentence = game.draw_boss(game.UNDECIDED, laboratory)
        assert laboratory not in sentence + " ".join(texts(fig.axes[0]))
        assert "from 20 to 240" in sentence


@pytest.mark.parametrize("laboratory", SIX)
def test_the_boss_earns_each_point_twice_and_learns_what_the_decision_did(summary, laboratory):
    trust, control = 2 * summary.loc[laboratory, "mean_free"], 2 * summary.loc[laboratory, "mean_controlled"]
    told = {decision: game.draw_boss(decision, laboratory)[2] for decision in (game.TRUST, game.CONTROL)}
    assert f"earn you {trust:.1f} points each" in told[game.TRUST]
    assert f"earn you {control:.1f} points each" in told[game.CONTROL]
    better, worse = (game.TRUST, game.CONTROL) if trust > control else (game.CONTROL, game.TRUST)
    assert f"brought you {abs(trust - control):.1f}" in told[better]
    assert f"cost you {abs(trust - control):.1f}" in told[worse]


class TestPanels:
    @pytest.fixture
    def panels(self):
        pytest.importorskip("ipywidgets")
        return pt.control_game()

    def test_the_reader_s_gifts_travel_to_the_third_tab(self, panels):
        panels.prediction.controls["shown"].value = True
        panels.agent.controls["free"].value = 33
        assert "Left free, you give 33" in panels.agent.picture.sentence
        assert "Left free, you give 33" in panels.among.picture.sentence

    def test_nothing_measured_is_on_screen_before_the_reader_commits(self, panels):
        for panel in panels.panels:
            assert "Zurich" not in panel.picture.sentence
            assert "Trento" not in panel.picture.sentence
        assert panels.among.picture.png.startswith(b"\x89PNG")

    def test_a_prediction_is_locked_when_the_answer_shows(self, panels):
        controls = panels.prediction.controls
        assert [name for name, control in controls.items() if control.disabled] == ["shown"], "nothing was predicted yet"
        controls["less"].value = 40
        assert not any(control.disabled for control in controls.values())
        controls["shown"].value = True
        assert all(control.disabled for control in controls.values())
        assert "Zurich" in panels.prediction.picture.sentence
        assert "Zurich, 72 agents" in panels.among.picture.sentence

    def test_the_boss_meets_a_laboratory_that_was_not_predicted(self, panels):
        assert game.PREDICTED not in panels.boss.controls["laboratory"].options
        panels.boss.controls["decision"].value = game.TRUST
        assert "your decision cost you 5.9 points an agent" in panels.boss.picture.sentence

    def test_a_new_laboratory_asks_for_a_new_decision(self, panels):
        panels.boss.controls["decision"].value = game.TRUST
        panels.boss.controls["laboratory"].value = "Jena 1"
        assert panels.boss.controls["decision"].value == game.UNDECIDED
        assert "your decision" not in panels.boss.picture.sentence

    def test_the_static_twin_folds_every_answer_away(self, panels):
        bundle = panels._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in bundle
        seen = bundle["text/html"].split("<details>")
        assert len(seen) == 4
        assert "Zurich" not in seen[0]
        assert all("<img alt=" in part and "<summary>" in part for part in seen[1:])

    def test_the_static_twin_moves_no_control(self, panels):
        before = {panel.title: panel.values for panel in panels.panels}
        _ = panels.static()
        assert {panel.title: panel.values for panel in panels.panels} == before


def test_drawing_leaves_pyplot_alone():
    import subprocess
    import sys

    code = ("import sys; from pebbletrail.explorers import control_game as g; g.draw_agent(0, 10); "
            "g.draw_boss(g.TRUST, 'Trento'); sys.exit('matplotlib.pyplot' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
