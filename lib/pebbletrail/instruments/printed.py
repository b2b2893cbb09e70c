"""The printable questionnaire: one HTML file without scripts, which prints on A4."""

from dataclasses import dataclass
from html import escape

from pebbletrail.instruments.definition import NARROW, words
from pebbletrail.instruments.writing import write_new


@dataclass(frozen=True)
class Printable:
    """A page to print. ``html`` is all of it; ``save(path)`` writes it, never over another file."""

    title: str
    html: str

    def save(self, path):
        """Write the page to a new file; the path."""
        return write_new(path, self.html)

    def __repr__(self):
        return f"Questionnaire “{self.title}”: .save(\"questionnaire.html\") writes it; open the file and print it."

    def _repr_html_(self):
        """The page in a frame of its own, so that neither's styles touch the other's."""
        return (f'<iframe title="{escape(self.title, quote=True)}" sandbox srcdoc="{escape(self.html, quote=True)}" '
                'style="width:100%;height:36em;border:1px solid #999;background:white"></iframe>')


def questionnaire(instrument, form, asked_by=None, contact=None, until=None):
    """The ``Printable`` of one form; what is not given is left as a line to write on."""
    from jinja2 import Environment, PackageLoader

    given = {"asked_by": asked_by, "contact": contact, "until": until}
    for name, value in given.items():
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise ValueError(f"{name}: a text is needed, or nothing (then a line is left to write on), not {value!r}.")
    # everything is escaped, whatever the template is called
    environment = Environment(loader=PackageLoader("pebbletrail.instruments"), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True)
    definition, language, kind = instrument.definition, instrument.language, instrument.kind
    asked = definition.form(form)
    title, says = instrument.filled(asked.titles), words("page", kind.name, language)
    items = definition.items_of(form)
    page = environment.get_template("sheet.html" if kind.listed else "questionnaire.html").render(
        language=language, title=title, intro=instrument.filled(asked.intro), privacy=instrument.filled(asked.privacy),
        says=says, given=given, colon=f"{NARROW}:" if language == "fr" else ":", version=definition.version,
        date=definition.date.isoformat(), sheet=asked.sheet, slip=asked.slip and asked.slip[language],
        words={} if kind.listed else kind.words(language), keys=[asked.key_titles[key][language] for key in asked.keys],
        lines=[instrument.filled(item.texts) for item in items], second=[item.second for item in items],
        options=[[(value if isinstance(value, int) else "", text or label) for value, label, text in
                  kind.options(item, language)] for item in items])
    return Printable(title, page)
