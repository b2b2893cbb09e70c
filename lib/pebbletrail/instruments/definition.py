"""An instrument as it is written down: forms, scales and items in two languages, read from ``definitions/*.toml``."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "fr")
GAP = re.compile(r"\{(\w+)\}")
NARROW = "\u202f"  # the space of French before : ; ? ! and inside « », at which no line breaks
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.S)


@dataclass(frozen=True)
class Option:
    """One possible answer to an item that has answers of its own; ``texts`` is by language."""

    value: object
    texts: dict


@dataclass(frozen=True)
class Item:
    """One line of a questionnaire. ``texts`` is by language; ``facet`` is the side of the scale's idea it is meant for.

    ``type`` says what is answered, where the lines of a form are of several kinds; ``options`` are answers of its own.
    ``second`` lines are for another person, and are printed on a page of their own.
    """

    id: str
    texts: dict
    facet: str
    reversed: bool
    type: str = ""
    options: tuple = ()
    second: bool = False


@dataclass(frozen=True)
class Scale:
    """Items that make one score, with what the score says and what it does not; the dicts are by language."""

    name: str
    form: str
    titles: dict
    says: dict
    does_not_say: dict
    items: tuple


@dataclass(frozen=True)
class Form:
    """What one kind of respondent is given.

    ``keys`` are the columns that stand beside the answers, the first of them one for each respondent. ``clustered_in`` names
    what several respondents share, so that they are not independent. ``sheet`` is what a printed sheet calls itself, which
    does not tell what is asked for. ``slip`` stands below it, to be cut off and kept; None where nobody's answers are asked.
    """

    name: str
    keys: tuple
    key_titles: dict
    titles: dict
    intro: dict
    privacy: dict
    slip: dict | None
    sheet: str
    clustered_in: str | None


@dataclass(frozen=True)
class Word:
    """A gap of the items: what may fill it, and what does where nothing is given."""

    name: str
    meaning: str
    defaults: dict


@dataclass(frozen=True)
class Definition:
    """A whole instrument.

    ``links`` are tables that join the forms: ``{file: columns}``. ``limits`` (by language) stand in place of those of every
    instrument. ``example`` says which scales rest on which in a made-up table: ``{scale: {scale: weight}}``.
    """

    name: str
    version: str
    date: date
    answers: str
    titles: dict
    words: tuple
    forms: tuple
    scales: tuple
    links: dict
    limits: dict
    example: dict

    def form(self, name):
        return next(one for one in self.forms if one.name == name)

    def scales_of(self, form):
        return tuple(scale for scale in self.scales if scale.form == form)

    def items_of(self, form):
        """The items in the order in which they are asked."""
        return tuple(item for scale in self.scales_of(form) for item in scale.items)


def _folder():
    return files("pebbletrail.instruments") / "definitions"


def names():
    """Every instrument there is, in the order of the alphabet."""
    ends = ".toml"
    return sorted(one.name.removesuffix(ends) for one in _folder().iterdir()
                  if one.name.endswith(ends) and one.name != f"common{ends}")


@cache
def common():
    """What every instrument says: words of answers, of the page and of the panel, and the limits of scores."""
    return _read("common")


def words(group, kind, language):
    """The words of a group (page, panel, readme): those of every instrument, with this kind's own where it has any."""
    return {**common()[group][language], **common().get(kind, {}).get(group, {}).get(language, {})}


@cache
def definition(name):
    """One instrument, by a name of ``names()``."""
    given = _read(name)
    gaps = tuple(Word(key, one["meaning"], _both(one)) for key, one in given.get("words", {}).items())
    forms = tuple(Form(one["name"], tuple(one["keys"]), one["key_titles"], one["title"], one["intro"], one["privacy"],
                       one.get("slip"), one["sheet"], one.get("clustered_in")) for one in given["forms"])
    scales = tuple(Scale(one["name"], one["form"], one["title"], one["says"], one["does_not_say"],
                         tuple(map(_item, one["items"]))) for one in given["scales"])
    links = {one["file"]: tuple(one["columns"]) for one in given.get("links", ())}
    return Definition(given["name"], given["version"], given["date"], given["answers"], given["title"], gaps, forms, scales,
                      links, given.get("limits", common()["limits"]), given.get("example", {}))


def _item(given):
    options = tuple(Option(one.get("value", number), _both(one)) for number, one in enumerate(given.get("options", ()), 1))
    return Item(given["id"], _both(given), given["facet"], given.get("reversed", False), given.get("type", ""), options,
                given.get("second", False))


def design(name, language):
    """The text that says how a study with this instrument is made, or None where there is none."""
    text = _folder() / f"{name}.{language}.md"
    if not text.is_file():
        return None
    told = text.read_text(encoding="utf-8")
    if language == "fr":  # code is left as it is
        told = "".join(part if at % 2 else typeset(part) for at, part in enumerate(CODE.split(told)))
    return told


def typeset(text):
    """A French text with the narrow spaces that its punctuation asks for."""
    return re.sub(r"(?<=«) | (?=[:;?!»%](?:\W|$))", NARROW, text)


def _read(name):
    """A file of definitions; what stands under ``fr`` is set as French is."""
    def set_(given, french):
        if isinstance(given, dict):
            return {key: set_(value, french or key == "fr") for key, value in given.items()}
        if isinstance(given, list):
            return [set_(one, french) for one in given]
        return typeset(given) if french and isinstance(given, str) else given

    return set_(tomllib.loads((_folder() / f"{name}.toml").read_text(encoding="utf-8")), False)


def _both(given):
    return {language: given[language] for language in LANGUAGES}


def filled(text, words):
    """The text with its gaps filled, in one pass: what fills a gap is never read as a gap itself.

    A sentence begins with a capital, unless its first word has capitals of its own (as some names do).
    """
    done = GAP.sub(lambda gap: words[gap[1]], text)
    return done[0].upper() + done[1:] if done.split()[0].islower() else done
