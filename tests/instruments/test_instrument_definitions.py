"""What holds for every instrument that is written down, in both languages."""

import re
from itertools import product

import pytest

import pebbletrail as pt
from pebbletrail.instruments.definition import (
    GAP,
    LANGUAGES,
    NARROW,
    common,
    definition,
    design,
    filled,
    names,
    typeset,
)
from pebbletrail.instruments.kinds import KINDS

ALL = names()
EVERY = [(name, language) for name, language in product(ALL, LANGUAGES)]


def texts(name, language):
    """Every text of an instrument that a respondent or an analyst reads, with its place."""
    found = definition(name)
    yield "title", found.titles[language]
    for form in found.forms:
        for part in ("titles", "intro", "privacy", "slip"):
            if getattr(form, part) is not None:
                yield f"{form.name}.{part}", getattr(form, part)[language]
    for scale in found.scales:
        for part in ("titles", "says", "does_not_say"):
            yield f"{scale.form}.{scale.name}.{part}", getattr(scale, part)[language]
        for item in scale.items:
            yield item.id, item.texts[language]


def agreed(name):
    """Whether an instrument asks for agreement with statements."""
    return definition(name).answers == "agreement"


def test_the_list_of_instruments_says_what_there_is():
    table = pt.instrument_list()
    assert callable(pt.instrument_list)  # and not the package's folder, which has been imported above
    assert list(table["name"]) == ALL == ["control-and-quality", "ethics-stages", "justice-in-incidents", "levels-of-trust",
                                          "openness-to-dialogue"]
    assert table.set_index("name").loc["levels-of-trust", ["scales", "items", "forms"]].tolist() == [4, 12, "customer"]
    assert table.set_index("name").loc["control-and-quality", ["scales", "items", "forms"]].tolist() == [
        10, 35, "agent, customer"]
    assert table.set_index("name").loc["justice-in-incidents", ["scales", "items", "forms"]].tolist() == [5, 21, "customer"]


@pytest.mark.parametrize("name", ALL)
def test_both_languages_have_the_same_items_scales_and_reversals(name):
    english, french = (pt.instrument(name, language) for language in LANGUAGES)
    same = ["number", "item", "form", "scale", "reversed", "facet"]
    assert english.table[same].equals(french.table[same])
    assert (english.table["text"] != french.table["text"]).all()
    assert english.meaning[["scale", "form", "items"]].equals(french.meaning[["scale", "form", "items"]])
    assert len(english.limits) == len(french.limits)
    for words in (common(), *(common().get(kind, {}) for kind in KINDS)):
        for group in {"page", "panel", "readme", "parts"} & words.keys():
            assert words[group]["en"].keys() == words[group]["fr"].keys()
    both = [instrument.options for instrument in (english, french)]
    assert both[0][["item", "value"]].equals(both[1][["item", "value"]])


@pytest.mark.parametrize("name", ALL)
def test_an_instrument_is_whole(name):
    found = definition(name)
    assert found.name == name
    assert found.answers in KINDS
    ids = [item.id for scale in found.scales for item in scale.items]
    assert len(ids) == len(set(ids))
    assert {scale.form for scale in found.scales} == {form.name for form in found.forms}
    for form in found.forms:
        assert form.keys
        assert set(form.keys) == set(form.key_titles)
        assert not {*form.keys} & {*ids, *(scale.name for scale in found.scales)}
    for scale in found.scales if agreed(name) else ():
        assert [item.id for item in scale.items] == [f"{scale.name}{n}" for n in range(1, len(scale.items) + 1)]
        assert len(scale.items) >= 3
        if len(scale.items) >= 4:
            assert any(item.reversed for item in scale.items), f"{scale.name} can be answered by ticking one column"
        assert not all(item.reversed for item in scale.items)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_gaps_are_known_and_all_of_them_used(name, language):
    found = definition(name)
    used = {gap for _, text in texts(name, language) for gap in GAP.findall(text)}
    assert used == {word.name for word in found.words}
    instrument = pt.instrument(name, language, **{gap: f"<{gap}>" for gap in used})
    written = dict(texts(name, language))
    for item, text in instrument.table[["item", "text"]].to_numpy():
        assert re.findall(r"<(\w+)>", text) == GAP.findall(written[item])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_an_item_stands_in_two_places(language):
    items = [text for name in ALL for text in pt.instrument(name, language).table["text"]]
    assert len(items) == len({text.casefold() for text in items})


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_texts_are_written_out(name, language):
    for place, text in texts(name, language):
        assert text == " ".join(text.split(" ")).strip(), place
        assert "  " not in text, place
        if not place.endswith("titles") and place != "title":
            question = not agreed(name) and "." not in place
            assert text.endswith(("?", ":") if question else "."), place
    for text in (*pt.instrument(name, language).limits, *pt.instrument(name, language).options["text"]):
        assert text == " ".join(text.split(" ")).strip()
    assert all(limit.endswith(".") for limit in pt.instrument(name, language).limits)
    for text in pt.instrument(name, language).table["text"]:
        assert text[0].isupper()


@pytest.mark.parametrize("name", ALL)
def test_french_gaps_stand_where_nothing_before_them_would_change(name):
    """Before a gap no word that would melt with an article or lose its vowel (de + le, à + le, que + il)."""
    for place, text in texts(name, "fr"):
        assert not re.search(r"\b(de|à|que|quoique|lorsque|puisque|si|se|ne|je|le|la|du|au|des|aux)\s*\{", text, re.I), place
        assert not re.search(r"['’]\{", text), place
        assert not re.search(rf"[^{NARROW}][:;?!»](?!\w)|«[^{NARROW}]", text), place


def test_french_punctuation_has_narrow_spaces_and_code_is_left_alone():
    assert typeset("« Qui ? » : lui ; non !") == "«_Qui_?_»_: lui_; non_!".replace("_", NARROW)
    told = design("control-and-quality", "fr")
    code = "".join(re.findall(r"```python\n.*?```", told, re.S))
    assert "kit.score" in code
    assert NARROW not in code
    for prose in re.split(r"```python\n.*?```|`[^`]*`", told, flags=re.S):
        assert not re.search(r"\w [:;?!»]", prose)
    assert NARROW not in design("control-and-quality", "en")
    for texts_ in (common()["page"], common()["panel"], common()["readme"]):
        assert not [text for text in texts_["fr"].values() if re.search(r" [:;?!»](\W|$)", text)]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_study_is_described_in_both_languages(name, language):
    text = design(name, language)
    assert text.startswith("## ")
    other = design(name, "fr" if language == "en" else "en")
    assert [line.count("#") for line in text.splitlines() if line.startswith("#")] == [
        line.count("#") for line in other.splitlines() if line.startswith("#")]


def test_what_fills_a_gap_is_never_read_as_a_gap_and_keeps_its_own_capitals():
    words = {"brand": "{person}", "person": "Karim"}
    assert filled("{brand} and {person}.", words) == "{person} and Karim."
    assert filled("{brand} is here.", {"brand": "my bank"}) == "My bank is here."
    assert filled("{brand} is here.", {"brand": "iBank"}) == "iBank is here."
    assert filled("With {brand}.", {"brand": "my bank"}) == "With my bank."


def test_gaps_are_filled_in_items_and_title():
    bank = pt.instrument("levels-of-trust", trade="banks", brand="Banque X", person="my adviser")
    text = bank.table.set_index("item")["text"]
    assert text["trade2"] == "Even where I could not check it, I would rely on banks to tell me the truth."
    assert text["brand1"] == "If much were at stake for me, I would rely on Banque X to find the right solution."
    assert text["person3"] == "I would rely on my adviser to protect my interest, even at their own expense."


@pytest.mark.parametrize("language", LANGUAGES)
def test_trust_has_the_same_three_sentences_at_each_level(language):
    """Word for word: only the name changes, so that a difference between levels is not one of wording."""
    items = pt.instrument("levels-of-trust", language, trade="X", brand="X", person="X").table.set_index("item")
    for number, facet in enumerate(("competence", "honesty", "goodwill"), 1):
        levels = items.loc[[f"{level}{number}" for level in ("trade", "brand", "person")]]
        assert levels["text"].nunique() == 1
        assert set(levels["facet"]) == {facet}
    calls = pt.instrument("control-and-quality", language, brand="X").table.set_index("item")["text"]
    assert [calls[f"firm_trust{n}"] for n in (1, 2, 3)] == [items.loc[f"brand{n}", "text"] for n in (1, 2, 3)]
    spoken = {"en": "the person I spoke with", "fr": "la personne à qui j'ai parlé"}[language]
    assert [calls[f"person_trust{n}"] for n in (1, 2, 3)] == [
        items.loc[f"person{n}", "text"].replace("X", spoken) for n in (1, 2, 3)]


def test_what_is_reversed_is_what_was_meant_to_be():
    """By hand: in these five, agreement speaks against what the scale is named after."""
    turned = {name: list(pt.instrument(name).table.query("reversed")["item"]) for name in ALL}
    assert turned == {"control-and-quality": ["process4", "autonomy4", "felt_trust4", "own_quality4", "quality4"],
                      "justice-in-incidents": ["distributive4", "procedural5", "interactional3"],
                      "levels-of-trust": [], "ethics-stages": [], "openness-to-dialogue": []}
    against = pt.instrument("control-and-quality").table.set_index("item")["text"]
    assert [against[item] for item in turned["control-and-quality"]] == [
        "The way I handle a call stays between the customer and me.",
        "What I can do for a customer has been decided by others beforehand.",
        "My firm assumes that I have to be watched to work well.",
        "I often end a call knowing that the customer will have to call again.",
        "After this call I still have questions."]
    against = pt.instrument("justice-in-incidents").table.set_index("item")["text"]
    assert [against[item] for item in turned["justice-in-incidents"]] == [
        "In the end the loss stayed with me.",
        "I had to run after this firm to get my case dealt with.",
        "I was treated as if the problem were my own fault."]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_no_item_needs_a_no_to_a_no(name, language):
    """Whoever disagrees with a sentence that denies something has to turn it round twice."""
    no = {"en": r"\b(no|not|never|nobody|nothing|none|hardly|without)\b|n't",
          "fr": r"\b(ne|pas|jamais|rien|aucun\w*)\b|\bn'"}[language]
    table = pt.instrument(name, language).table
    denied = table[table["text"].str.contains(no.replace("(", "(?:"), case=False)]["item"]
    beside = r"(trade|brand|firm_trust|person|person_trust)2"  # "where I could not check it" is the setting
    assert [item for item in denied if not re.fullmatch(beside, item)] == []


def test_the_seven_answers_are_in_their_order():
    labels = [list(pt.instrument("levels-of-trust", language).kind.words(language).items()) for language in LANGUAGES]
    assert labels == [
        list(enumerate(("strongly disagree", "disagree", "somewhat disagree", "neither", "somewhat agree", "agree",
                        "strongly agree"), 1)),
        list(enumerate(("pas du tout d'accord", "pas d'accord", "plutôt pas d'accord", "ni l'un ni l'autre",
                        "plutôt d'accord", "d'accord", "tout à fait d'accord"), 1))]


@pytest.mark.parametrize(("arguments", "told"), [
    (("trust",), "there is no instrument 'trust'; there are control-and-quality, ethics-stages, justice-in-incidents, "
                     "levels-of-trust, openness-to-dialogue"),
    (("levels-of-trust", "de"), "'de' is not one of en, fr"),
])
def test_an_unknown_instrument_or_language_is_named(arguments, told):
    with pytest.raises(ValueError, match=told):
        pt.instrument(*arguments)


@pytest.mark.parametrize(("words", "told"), [
    ({"bank": "X"}, "bank: levels-of-trust has no such gap; it has trade, brand, person"),
    ({"brand": ""}, "brand: a text of one line"),
    ({"brand": "  "}, "brand: a text of one line"),
    ({"brand": "a\nb"}, "brand: a text of one line"),
    ({"brand": "x" * 81}, "at most 80 characters"),
    ({"brand": "a\tb"}, "brand: a text of one line"),
    ({"brand": "a\u202eb"}, "brand: a text of one line"),  # a mark that turns the direction of writing
    ({"brand": 7}, "not 7"),
])
def test_what_cannot_fill_a_gap_is_told(words, told):
    with pytest.raises(ValueError, match=told):
        pt.instrument("levels-of-trust", **words)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_an_instrument_shows_itself_with_its_first_limit(name, language):
    instrument = pt.instrument(name, language, **dict.fromkeys(pt.instrument(name).words, "<b>"))
    assert instrument.limits[0] in repr(instrument)
    assert "<b></b>" not in instrument._repr_html_()
    gaps_in_items = any("<b>" in text for text in instrument.table["text"])
    assert ("&lt;b&gt;" in instrument._repr_html_()) == gaps_in_items
