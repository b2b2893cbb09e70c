"""The belief slider: what a reader believed before the evidence, and believes after. It stays on the reader's machine."""

import json
from datetime import date
from html import escape
from weakref import WeakSet

from pebbletrail.explorers.panel import WithTwin
from pebbletrail.explorers.turns import in_turn
from pebbletrail.home import user_folder
from pebbletrail.ledger_table import claims, look_up

UNSAID = "not said yet"  # a slider always stands somewhere, and "cannot tell" is an answer
WORDS = ["surely wrong", "probably wrong", "cannot tell", "probably right", "surely right"]
_LIVE = WeakSet()  # what is on the page now: an answer at its top must be known at its end


def _file():
    return user_folder() / "beliefs.json"


def read_beliefs():
    """Every belief kept on this machine: ``{claim: {"before": …, "after": …}}``."""
    try:
        return json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


@in_turn
def keep_belief(claim, when, value):
    """Write one belief down, or take it back with ``UNSAID``; the others stay as they are."""
    kept = read_beliefs()
    if value == UNSAID:
        kept.get(claim, {}).pop(when, None)
    else:
        kept.setdefault(claim, {})[when] = {"value": value, "on": date.today().isoformat()}
    _file().parent.mkdir(parents=True, exist_ok=True)
    draft = _file().with_suffix(".draft")
    draft.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    draft.replace(_file())


class Belief(WithTwin):
    """A slider from "surely wrong" to "surely right" for one claim."""

    def __init__(self, claim, when, sentence=None):
        from ipywidgets import HTML, Layout, SelectionSlider, VBox

        self.claim, self.when = claim, when
        self.sentence = sentence or claim.claim
        self.title = f"How far do you believe this? {self.sentence}"
        kept = read_beliefs().get(claim.id, {})
        start = kept.get(when, {}).get("value", UNSAID)
        self.slider = SelectionSlider(options=[UNSAID, *WORDS], value=start if start in WORDS else UNSAID,
                                      description="I believe it is", layout=Layout(width="32em"), continuous_update=False,
                                      style={"description_width": "initial"})
        self.note = HTML(self._note(kept))
        self.slider.observe(self._moved, names="value")
        _LIVE.add(self)
        self.widget = VBox([HTML(f"<p><i>{escape(self.sentence)}</i></p>"), self.slider, self.note])

    @in_turn
    def _moved(self, change):
        keep_belief(self.claim.id, self.when, change["new"])
        kept = read_beliefs().get(self.claim.id, {})
        for shown in _LIVE:
            if shown.claim.id == self.claim.id:
                shown.note.value = shown._note(kept)

    def _note(self, kept):
        if self.when == "after" and "before" in kept:
            return f"<p>Before the evidence you said: <b>{escape(kept['before']['value'])}</b>.</p>"
        return "<p>Kept on this machine only. You will be asked again at the end of the page.</p>" \
            if self.when == "before" else "<p>You set no belief before the evidence.</p>"

    def static(self):
        return f"<p>{escape(self.title)}<br><b>{' · '.join(WORDS)}</b></p>"


def belief(claim, when="before", sentence=None):
    """A slider for what you believe of a claim; it is kept on this machine and sent nowhere.

    Parameters
    ----------
    claim : str
        A claim of ``pt.claims()``.
    when : {"before", "after"}
        Before the evidence, or after it (then your first answer is shown beside it).
    sentence : str, optional
        What is to be believed or doubted, where the claim's own words are no such sentence (an aim, two claims in one).
    """
    about = look_up(claims(), claim, "claim")
    if when not in ("before", "after"):
        raise ValueError(f"when: {when!r} is not one of before, after.")
    return Belief(about, when, sentence)
