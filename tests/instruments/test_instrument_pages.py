"""The printable questionnaire: valid, whole, harmless, the same lines in the same order as the template."""

import re
from html.parser import HTMLParser

import pytest

import pebbletrail as pt
from pebbletrail.instruments.definition import LANGUAGES, names, words

EVERY = [(name, form, language) for name in names() for form in pt.instrument(name).forms for language in LANGUAGES]
HOSTILE = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
VOID = {"meta", "br", "img", "link", "hr", "input"}
KNOWN = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "div", "p", "span", "table", "thead", "tbody",
         "tr", "th", "td", "footer", "section"}


class Strict(HTMLParser):
    """Reads a page as written, and refuses what a browser would have to mend. A browser reads it in tests/browser."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.texts, self.cells, self.heads = [], [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in KNOWN, tag
        names_ = [name for name, _ in attrs]
        assert len(names_) == len(set(names_))
        assert not [name for name in names_ if name.startswith("on") or name in ("src", "href", "srcset")]
        if tag in ("p", "h1", "h2", "table", "div"):
            assert "p" not in self.open, f"<{tag}> inside <p>"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)
        if "td" in self.open:
            self.cells[-1] += data
        if "h2" in self.open:
            self.heads.append(data)


@pytest.mark.parametrize(("name", "form", "language"), EVERY)
def test_a_page_is_valid_and_whole(name, form, language):
    instrument = pt.instrument(name, language)
    page = instrument.questionnaire(form=form)
    read = Strict(page.html)
    text = re.sub(r"[ \n]+", " ", " ".join(read.texts))  # narrow spaces stay
    assert page.html.startswith("<!DOCTYPE html>\n")
    assert ("html", {"lang": language}) in read.tags
    assert ("meta", {"charset": "utf-8"}) in read.tags
    lines = instrument.table.query("form == @form")
    boxes = instrument.options[instrument.options["item"].isin(lines["item"])]
    if instrument.kind.listed:
        second = {item.id for item in instrument.definition.items_of(form) if item.second}  # on a page of its own
        ordered = sorted(lines.itertuples(), key=lambda row: row.item in second)
        assert read.heads == [f"{row.number}. {row.text}" for row in ordered]
        assert all((one.text or one.label) in text for one in boxes.itertuples())
        unsure = words("page", instrument.kind.name, language)["unsure_meaning"]
        assert sum(unsure == one.strip() for one in read.texts) == boxes["item"].nunique()
    else:
        assert [cell.strip() for cell in read.cells if cell.strip()] == [
            part for row in lines.itertuples() for part in (str(row.number), row.text)]
        assert all(word in text for word in instrument.kind.words(language).values())
    assert sum(attrs.get("class") == "box" for _, attrs in read.tags) == len(boxes) + boxes["item"].nunique()
    asked = instrument.definition.form(form)
    assert instrument.filled(asked.privacy) in text
    assert instrument.filled(asked.intro) in text
    for key in asked.keys:
        assert asked.key_titles[key][language] in text
    assert f"{instrument.version} ({instrument.definition.date.isoformat()})" in text
    assert "http" not in page.html
    written = len(lines) - boxes["item"].nunique()  # a number is written where there is no box
    assert sum(attrs.get("class") == "line" for _, attrs in read.tags) == (
        len(asked.keys) + 3 + (2 if asked.slip else 0) + written + bool(instrument.kind.listed and second))
    assert not asked.slip or asked.slip[language] in text


def test_a_page_does_not_say_what_it_is_after():
    """Neither the names of the scales nor the identifiers of the items stand on a respondent's sheet."""
    for name, form, language in EVERY:
        instrument = pt.instrument(name, language)
        text = " ".join(Strict(instrument.questionnaire(form=form).html).texts)
        if instrument.kind.name == "contacts":
            continue  # filled in by those who make the study
        if instrument.kind.name == "agreement":
            assert not [item for item in instrument.table["item"] if item in text]
        assert name not in text
        assert instrument.definition.titles[language] not in text
        assert not [title for title in instrument.meaning["title"] if title in text and len(title.split()) > 1]
        for word in ("control", "contrôl", "trust", "confiance", "script", "ethic", "éthiq", "amoral", "justice"):
            assert not re.search(rf"\b{word}", text.lower().replace("the script", ""))


def test_each_sheet_is_called_by_a_number_of_its_own():
    sheets = [form.sheet for name in names() for form in pt.instrument(name).definition.forms]
    assert len(sheets) == len(set(sheets))
    assert all(sheet.isdigit() for sheet in sheets)
    assert "Sheet 3, version" in pt.instrument("control-and-quality").questionnaire(form="customer").html


def test_what_the_answers_mean_is_printed_large_enough():
    label = re.search(r"th \.label {[^}]*font-size: ([\d.]+)pt", pt.instrument("levels-of-trust").questionnaire().html)
    assert float(label[1]) >= 7.5


def test_a_page_is_shown_in_a_frame_that_can_run_nothing():
    shown = pt.instrument("levels-of-trust").questionnaire()._repr_html_()
    assert re.search(r"<iframe [^>]*\bsandbox srcdoc=", shown)


def test_who_asks_may_be_printed_or_left_to_be_written():
    page = pt.instrument("levels-of-trust").questionnaire(asked_by="Institut X", contact="x@example.org", until="June 2027")
    read = Strict(page.html)
    assert {"Institut X", "x@example.org", "June 2027"} <= {text.strip() for text in read.texts}
    assert sum(attrs.get("class") == "line" for _, attrs in read.tags) == 2


@pytest.mark.parametrize(("name", "form", "language"), EVERY)
def test_a_hostile_name_stays_a_name(name, form, language):
    plain = pt.instrument(name, language)
    hostile = pt.instrument(name, language, **dict.fromkeys(plain.words, HOSTILE))
    before = Strict(plain.questionnaire(form=form, asked_by="x", contact="x", until="x").html)
    page = hostile.questionnaire(form=form, asked_by=HOSTILE, contact=HOSTILE, until=HOSTILE)
    after = Strict(page.html)
    assert after.tags == before.tags
    assert HOSTILE in " ".join(after.texts)
    assert "<script" not in page._repr_html_().lower()
    assert page._repr_html_().count("<") == 2  # a frame and its end; the page inside is an attribute


@pytest.mark.parametrize("given", ["", "  ", 5])
def test_a_line_that_is_no_text_is_told(given):
    with pytest.raises(ValueError, match="contact: a text is needed, or nothing"):
        pt.instrument("levels-of-trust").questionnaire(contact=given)


def test_a_form_has_to_be_named_where_there_are_several():
    kit = pt.instrument("control-and-quality")
    for make in (kit.questionnaire, kit.template, kit.fill_in):
        with pytest.raises(ValueError, match="has 2 forms; say which one, form='agent' or form='customer'"):
            make()


def test_a_page_is_saved_as_it_is_shown(tmp_path):
    trust = pt.instrument("levels-of-trust", "fr")
    path = trust.questionnaire(tmp_path / "q.html")
    assert path.read_text(encoding="utf-8") == trust.questionnaire().html
    assert "save" in repr(trust.questionnaire())
