"""What stands on the report's pages, part by part, ready for the template: texts, and numbers already said."""

import math
from dataclasses import dataclass, replace

from pebbletrail.ledger_table import ledger, short_citation
from pebbletrail.practice.findings import DESIGNS, STATUS
from pebbletrail.report.decision import decide
from pebbletrail.report.money import DRAWS, EVERYTHING, reckoned
from pebbletrail.report.pilot import DRAWS as STUDIES

MARKS = {"pass": ("✓", "good"), "doubtful": ("?", "partly"), "fail": ("✗", "bad")}
VERDICTS = {"speaks for it": ("for", "✗", "bad"), "speaks against it": ("against", "✓", "good"),
            "cannot tell": ("open", "?", "partly")}
ON_BOARD = 3  # rival explanations on page one


@dataclass(frozen=True)
class Material:
    """What the parts are made of: the practice, its findings by kind, money, the language's words."""

    about: object
    found: dict
    money: object
    w: object

    @classmethod
    def of(cls, about, findings, money, w):
        """Findings sorted by kind; there must be a main one.

        Raises
        ------
        ValueError
            There is none, or it is no number.
        """
        found = {}
        for one in findings:
            found.setdefault(one.kind, []).append(one)
        if "main" not in found:
            raise ValueError("findings: there is no main finding, and without it no report.")
        if not all(math.isfinite(found["main"][0].values.get(name, math.nan)) for name in ("estimate", "low", "high")):
            raise ValueError("findings: the main estimate and its interval could not be computed, so there is no report.")
        return cls(about, found, money, w)

    def all(self, kind):
        return self.found.get(kind, [])

    def one(self, kind):
        return next(iter(self.all(kind)), None)

    def text(self, finding):
        """A finding's sentence in the report's language."""
        return finding.text(self.about.words, self.w.language)

    @property
    def main(self):
        return self.one("main")

    @property
    def design(self):
        """The design's status; where the notebook said nothing, the weakest."""
        design = self.one("design")
        return design.status if design else DESIGNS[0]

    def reckoned(self):
        return reckoned(self.money, self.main.values, self.design)

    def decision(self, figures):
        """The advice, given what the money comes to (or None)."""
        failed = sum(one.status == "fail" for one in self.all("assumption"))
        rivals = sum(one.status == "speaks for it" for one in self.all("rival"))
        short = self.money is not None and self.money.falls_short(self.main.values)
        return decide(self.design, figures and figures.chance, falls_short=short, failed=failed, rivals=rivals)


def advice(material, decision):
    """The word, its reason, and the rules with the one that held."""
    w = material.w
    values = {name: w.percent(value) if name == "chance" else value for name, value in decision.values.items()}
    held = {"short": "nothing", "unlikely": "nothing", "association": "association", "likely": "rollout", "open": "pilot"}
    rules = [(w(f"decision.rule-{rule}"), held.get(decision.reason, "doubt") == rule)
             for rule in ("nothing", "association", "doubt", "rollout", "pilot")]
    return {"choice": decision.choice, "word": w(f"choice.{decision.choice}"),
            "reason": w(f"reason.{decision.reason}", **values), "rules": rules}


def cards(material, figures):
    """Benefit and chance as the board reads them, or why there is no figure."""
    w, money, about = material.w, material.money, material.about
    if figures is None:
        why = w("board.none-money" if money is None else "board.none-share")
        return {"benefit": w("board.none"), "benefit_note": why, "chance": w("board.none"),
                "chance_note": w("board.none-chance"), "share_note": ""}
    share = w("board.share", share=w.span(figures.share)) if figures.share != EVERYTHING else w("board.share-whole")
    moved = _with_unit(about, about.exposure, w.span(money.change, w.entered), w)
    note = [w("board.median", median=w.euro(figures.median), cost=w.span(money.cost, w.euro)),
            *([w("board.change", change=moved)] if about.exposure in about.columns else [])]
    return {"benefit": w("board.range", low=w.euro(figures.low), high=w.euro(figures.high)), "benefit_note": " ".join(note),
            "chance": w.percent(figures.chance), "chance_note": w("board.chance-note"), "share_note": share}


def slider(material, figures):
    """The texts for each share from 0 to 1, for an association of which a share was stated; otherwise None."""
    if figures is None or material.design != DESIGNS[0]:
        return None
    w = material.w
    said = [w("board.slider-said", share=w.number(round(share, 2)), low=w.euro(low), high=w.euro(high),
              median=w.euro(median), chance=w.percent(chance)) for share, low, median, high, chance in figures.grid]
    at = round(material.money.likely("causal") * (len(said) - 1))
    return {"said": said, "at": at}


def strength(material):
    """The design among the three, weakest first, and its sentence."""
    at, design = DESIGNS.index(material.design), material.one("design")
    w = material.w
    return {"at": at, "names": [w(f"design.{name}") for name in DESIGNS], "text": material.text(design) if design else "",
            "said": w("design.said", design=w(f"design.{material.design}"), step=at + 1)}


def rivals(material):
    """Rival explanations: those for page one, and the others."""
    made = []
    for one in material.all("rival"):
        name, mark, look = VERDICTS[one.status]
        made.append({"text": material.text(one), "verdict": material.w(f"rival.{name}"), "mark": mark, "look": look})
    return made[:ON_BOARD], made[ON_BOARD:]


def assumptions(material):
    """Assumptions, those that failed first."""
    order = sorted(material.all("assumption"), key=lambda one: -STATUS.index(one.status))
    return [{"text": material.text(one), "verdict": material.w(f"status.{one.status}"), "mark": MARKS[one.status][0],
             "look": MARKS[one.status][1]} for one in order]


def pilot_part(material, planned, choice):
    """The pilot in sentences, and the command that plans it again; where it is not the advice, that is said."""
    made, w = _planned(material, planned), material.w
    return made if choice == "pilot" else {**made, "texts": [*made["texts"], w("pilot.anyway")]}


def _planned(material, planned):
    w = material.w
    if planned is None:
        return {"texts": [w("pilot.unknown"), w("pilot.stop-plain")], "rests": [], "command": ""}
    spread, effect = planned.spread, _of_outcome(material, planned.effect)
    alone, known = planned.design == "two groups", "estimated" if spread.estimated else "stated"
    halves = spread.halves
    if halves:
        how = w("pilot.halves", sd=halves.sd, correlation=halves.correlation)
    else:
        how = w("pilot.alone", sd=spread.sd) if alone else w(f"pilot.{known}", sd=spread.sd, icc=spread.icc)
    rests = [w("pilot.rests", draws=STUDIES), how]
    if planned.size is None:
        return {"texts": [w("pilot.none", effect=effect), w("pilot.stop-plain")], "rests": rests, "command": planned.command}
    unit = f" ({material.about.unit})" if material.about.unit not in ("", "unit") else ""
    size = w(f"pilot.{'halved' if halves else planned.design.replace(' ', '-')}", size=planned.size, unit=unit,
             rows=halves.periods if halves else spread.size)
    have = _have(planned, material)
    texts = [size, w("pilot.effect", effect=effect, deviations=planned.deviations),
             w("pilot.pays" if planned.entered else "pilot.small"), *have,
             w("pilot.stop", bound=_of_outcome(material, planned.bound))]
    return {"texts": [" ".join(texts[:-1]), texts[-1]], "rests": rests, "command": planned.command}


def _have(planned, material):
    """How many units there are; where they are too few, what they could find: an effect goes with 1 / √units."""
    if planned.design == "two groups":
        return []
    w = material.w
    have = [w("pilot.have", units=planned.spread.units)]
    if planned.size > planned.spread.units:
        effect = planned.effect * math.sqrt(planned.size / planned.spread.units)
        have.append(w("pilot.few", effect=_of_outcome(material, effect)))
    return have


def entered(material):
    """What the euro rest on: ``(quantity, value)``."""
    w, money, about = material.w, material.money, material.about
    if money is None:
        return {"rows": [], "formula": "", "pays": ""}
    share = w.span(money.causal) if money.causal else w("decision.not-stated" if material.design == DESIGNS[0]
                                                        else "decision.whole")
    ends = {end: _of_outcome(material, material.main.values[end], bare=True) for end in ("low", "high")}
    estimate = f"{_of_outcome(material, material.main.values['estimate'])} ({w('number.span', **ends)})"
    rows = [("estimate", estimate), ("change", _with_unit(about, about.exposure, w.span(money.change, w.entered), w)),
            ("worth", w.span(money.worth, w.entered_euro)), ("volume", w.span(money.volume, w.entered)),
            ("cost", w.span(money.cost, w.entered_euro)), ("causal", share)]
    pays = money.worthwhile
    told = None if pays is None else _with_unit(about, about.outcome, _of_outcome(material, pays), w)
    return {"rows": [(w(f"decision.{name}"), value) for name, value in rows],
            "pays": "" if told is None else w("decision.pays", effect=told),
            "formula": w("decision.formula", draws=DRAWS)}


def _of_outcome(material, value, bare=False):
    """A difference in the outcome: of a yes or no in percentage points, else in its own unit."""
    column, w = material.about.columns.get(material.about.outcome), material.w
    if column is None or column.kind != "yes-no":
        return w.number(value)
    return w.number(100 * value) if bare else w("number.points", value=100 * value)


def _with_unit(about, name, text, w):
    column = about.columns.get(name)
    unit = column.unit.get(w.language, "") if column else ""
    return f"{text} ({unit})" if unit else text


def results(material):
    """Sentences of the main and the other estimates; what was known before is told elsewhere."""
    others = [one for one in material.all("finding") if one.id != "specified-before"]
    return [material.text(one) for one in (*material.all("main"), *others)]


def seen_before(material):
    """The sentence on results that had appeared before, or nothing."""
    return next((material.text(one) for one in material.all("finding") if one.id == "specified-before"), "")


def beside(material):
    """Published figures with their sentence and their row of the ledger."""
    made = []
    for one in material.all("beside"):
        line = ledger()[one.values["ledger_id"]]
        study = short_citation(line.study).replace("and others", material.w("beside.others"))
        told = replace(one, values={**one.values, "study": study})
        made.append({"text": material.text(told), "line": line, "study": study})
    return made


def specification(material):
    """``(name, value)`` of what was fixed, and the sentence on when."""
    one, w = material.one("specification"), material.w
    if one is None:
        return {"fixed": "", "rows": []}
    values = {**one.values, "at": w.day(str(one.values.get("at", "")))}
    known = ("formula", "outcome", "exposure", "errors", "by", "adjusted_for", "method")
    names = [name for name in (*known, *sorted(set(values) - {*known, "at", "fingerprint"})) if name in values]
    rows = [(w(f"specification.{name}") if name in known else name, str(values[name]) or w("specification.nothing"))
            for name in names]
    return {"fixed": w("specification.fixed", at=values["at"], fingerprint=values.get("fingerprint", "")), "rows": rows}
