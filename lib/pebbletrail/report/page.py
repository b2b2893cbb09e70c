"""The report as one HTML file: page one for the board, the rest says what it stands on. Nothing is fetched from anywhere."""

from functools import cache
from importlib.resources import files

from pebbletrail.grading.pages import policy, seen
from pebbletrail.practice.targets import MARK
from pebbletrail.report import parts
from pebbletrail.report.careful import careful, personal_values, without
from pebbletrail.report.methods import methods, reference_list
from pebbletrail.report.passport import passport
from pebbletrail.report.pilot import pilot
from pebbletrail.report.robustness import picture
from pebbletrail.report.wording import Wording, french


def html(about, prepared, findings, figures, money, language, versions, dated, made_up=False):
    """The report as text; the same values give the same text.

    Parameters
    ----------
    about : practice.definition.Practice
    prepared : own_data.given.Prepared
    findings : list of practice.findings.Finding
    figures : list of practice.harvested.Figure
    money : report.money.Money or None
    language : {"en", "fr"}
    versions : dict
        By name of package.
    dated : str
        When the report was made, ISO 8601.
    made_up : bool
        Whether the rows are the made-up example: then every page says so.

    Raises
    ------
    ValueError
        An unknown language, no main finding, a finding that the practice has no sentence for, or a change that cannot be.
    """
    if money is not None:
        money.suits(about)
    w, personal = Wording(language), personal_values(prepared)
    found, hidden = careful(findings, personal, about.few)
    material = parts.Material.of(about, found, money, w)
    figured = material.reckoned()
    on_board, other_rivals = parts.rivals(material)
    slider, decision = parts.slider(material, figured), material.decision(figured)
    look, script = _file("report.css") + (_made_up(w) if made_up else ""), _file("slider.js") if slider else ""
    page = _environment().get_template("report.html").render(
        w=w, about=about, language=language, mark=_safe(MARK), policy=policy(look, script), style=_safe(look),
        script=_safe(script), made_up=made_up, dated=w.day(dated),
        advice=parts.advice(material, decision), cards=parts.cards(material, figured), slider=slider,
        strength=parts.strength(material), rivals=on_board, other_rivals=other_rivals,
        pilot=parts.pilot_part(material, pilot(about, prepared, money), decision.choice), entered=parts.entered(material),
        results=parts.results(material), hidden=hidden, before=parts.seen_before(material),
        figures=[(one, without(one.alt, personal), without(one.caption, personal)) for one in figures],
        assumptions=parts.assumptions(material), robustness=picture(material), beside=parts.beside(material),
        specification=parts.specification(material), left=[material.text(one) for one in material.all("left out")],
        passport=passport(prepared, about, w, versions, dated),
        methods=methods(material, prepared, versions, dated), references=reference_list(material))
    return french(page) if language == "fr" else page


def _made_up(w):
    """The banner in the margin of every printed page."""
    text = w("page.made-up").replace("\\", "").replace('"', "")
    return f'\n@page {{ @top-center {{ content: "{text}"; font: 700 9pt system-ui, sans-serif; color: #a4243b; }} }}\n'


@cache
def _environment():
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("pebbletrail.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
                       undefined=StrictUndefined, finalize=seen)


def _safe(text):
    from markupsafe import Markup

    return Markup(text)


@cache
def _file(name):
    return (files("pebbletrail.report") / "templates" / name).read_text(encoding="utf-8")
