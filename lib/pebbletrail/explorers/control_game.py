"""The game of the hidden costs of control, in four tabs: give, predict, compare, decide as the boss.

What others did stays hidden until the reader has committed to a prediction. The tabs pass their values on to the pictures.
"""

from pebbletrail.explorers.control_game_pictures import (
    CONTROL,
    MINIMUM,
    POINTS,
    PREDICTED,
    TRUST,
    UNDECIDED,
    draw_agent,
    draw_among,
    draw_boss,
    draw_prediction,
    laboratories,
)
from pebbletrail.explorers.panel import Panel, WithTwin, folded


def _slider(label, least=0, most=POINTS, value=None):
    from ipywidgets import IntSlider

    # the sliders start where an agent would stay who counts nothing but own points
    return IntSlider(min=least, max=most, value=least if value is None else value, description=label,
                     continuous_update=False, style={"description_width": "14em"}, layout={"width": "42em"})


class ControlGame(WithTwin):
    """The four tabs. ``agent``, ``prediction``, ``among`` and ``boss`` are the panels in them."""

    title = "The game of the hidden costs of control, in four tabs"

    def __init__(self):
        from ipywidgets import Tab, ToggleButton, ToggleButtons

        narrow = {"style": {"button_width": "auto"}}

        own = {"free": _slider("left free, I give"), "controlled": _slider("controlled, I give", MINIMUM)}
        shown = ToggleButton(description=f"I stand by it: show {PREDICTED}", layout={"width": "18em"})
        guess = {"less": _slider("of 100 agents give less", most=100, value=50), "mean_free": _slider("mean gift when free"),
                 "mean_controlled": _slider("mean gift when controlled", MINIMUM), "shown": shown}
        new = [laboratory for laboratory in laboratories() if laboratory != PREDICTED]
        pick = ToggleButtons(options=laboratories(), value=PREDICTED, description="laboratory", **narrow)
        self.agent = Panel(own, draw_agent, "1 You give")
        self.prediction = Panel(guess, draw_prediction, "2 You predict")
        self.among = Panel({**own, "laboratory": pick, "shown": shown}, draw_among, "3 You compare",
                           layout=lambda controls: controls["laboratory"])
        # a laboratory the reader has not seen yet, where the first one's lesson does not hold
        self.boss = Panel({"laboratory": ToggleButtons(options=new, value="Trento", description="laboratory", **narrow),
                           "decision": ToggleButtons(options=[UNDECIDED, TRUST, CONTROL])}, draw_boss, "4 You decide")
        self.boss.controls["laboratory"].observe(self._undecide, names="value")
        shown.disabled = True  # sliders that nobody moved are no prediction
        for name in ("less", "mean_free", "mean_controlled"):
            guess[name].observe(self._ready, names="value")
        shown.observe(self._lock, names="value")
        self.panels = (self.agent, self.prediction, self.among, self.boss)
        self.widget = Tab([panel.widget for panel in self.panels], titles=[panel.title for panel in self.panels])

    def _ready(self, change):
        self.prediction.controls["shown"].disabled = False

    def _lock(self, change):
        """A prediction that can move after the answer is none: its sliders stay where they were."""
        for control in self.prediction.controls.values():
            control.disabled = True

    def _undecide(self, change):
        """A new laboratory asks for a new decision."""
        self.boss.controls["decision"].value = UNDECIDED

    def static(self):
        """The game without controls: the answers are folded away, as a button hides them in the live game."""
        answers = {self.prediction: {"shown": True}, self.among: {"shown": True}, self.boss: {"decision": TRUST}}
        later = "open it once you have written down your own answer"
        return self.agent.static() + "".join(folded(f"{panel.title}: {later}", panel.draw(**{**panel.values, **answer}))
                                           for panel, answer in answers.items())


def control_game():
    """Play the game as the agent, as a forecaster of others, and as the boss.

    An agent has 120 points and gives some to the boss, who receives each twice over. The boss may leave the agent free
    or enforce a minimum of 10. The others' gifts are real ones (``pt.passport("hidden-costs-choices")``).

    Returns
    -------
    ControlGame
        Four tabs in JupyterLab; in a static page the starting picture, with the answers folded away.
    """
    return ControlGame()
