"""Each instrument filled in with the keyboard alone, in a real JupyterLab, and its questionnaire printed on A4."""

import json
import re
import urllib.request

import pytest
from lab import IDLE, Reader

import pebbletrail as pt

pytestmark = pytest.mark.browser

FORMS = [(name, form) for name in pt.instrument_list()["name"] for form in pt.instrument(name).forms]
AGREED = [(name, form) for name, form in FORMS if pt.instrument(name).kind.name == "agreement"]
PAGES = {"ethics-stages": 2, "openness-to-dialogue": 2}  # of the others: one up to 13 lines, two above
PANEL = ".pebbletrail-instrument"
COUNT = "([selector, words]) => document.querySelector(selector).textContent.includes(words)"
STANDS = """() => { const { model, activeCellIndex } = window.jupyterapp.shell.currentWidget.content;
            return [activeCellIndex, ...model.toJSON().cells.map(cell => cell.cell_type + cell.id)] }"""
A4 = {"width": 186, "height": 277}  # millimetres that are left between the margins
HOSTILE = '<script>alert(1)</script>"\'&{brand}' + "W" * 40
# what a page loads, and every element that reaches beyond the sheet or whose text does not fit it
CUT = """width => [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > width + 1
         || (one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)).map(one => one.outerHTML.slice(0, 120))"""


def put_notebook(reader: Reader, name, source, last="1 + 1"):
    """Write a notebook with a panel's cell, and one below it, into the folder that the server shows."""
    cell = {"cell_type": "code", "id": "panel", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
    below = {"cell_type": "code", "id": "below", "metadata": {}, "outputs": [], "execution_count": None, "source": last}
    content = {"cells": [cell, below], "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
               "nbformat": 4, "nbformat_minor": 5}
    request = urllib.request.Request(f"{reader.address}/api/contents/{name}?token={reader.token}", method="PUT",
                                     data=json.dumps({"type": "notebook", "content": content}).encode(),
                                     headers={"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=20).read()


def ticked(page):
    """What is ticked, by item."""
    return page.evaluate("""selector => Object.fromEntries([...document.querySelectorAll(`${selector} fieldset`)].map(set =>
        [set.dataset.item, (set.querySelector('input:checked') || {value: null}).value]))""", PANEL)


@pytest.mark.parametrize(("name", "form"), AGREED)
def test_an_instrument_is_filled_in_with_the_keyboard(reader, name, form):
    language = "fr" if form == "agent" else "en"
    instrument = pt.instrument(name, language)
    rows = instrument.table[instrument.table["form"] == form]
    page, notebook = reader.page, f"{name}-{form}.ipynb"
    put_notebook(reader, notebook, "import pebbletrail as pt\n"
                 f"pt.instrument({name!r}, language={language!r}).fill_in({form!r})")
    reader.open(notebook)
    reader.run_all()
    assert reader.cell_errors() == []
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", "0"])

    page.locator(f"{PANEL} input").first.focus()
    before = page.evaluate(STANDS)
    answers = {}
    for at, item in enumerate(rows["item"]):
        page.keyboard.press("Space")
        for _ in range(at % 7):
            page.keyboard.press("ArrowRight" if at % 2 else "ArrowDown")
        page.keyboard.press("Tab")
        answers[item] = str(at % 7 + 1)
    assert ticked(page) == answers
    full = f"{len(rows)} {'sur' if language == 'fr' else 'of'} {len(rows)}"
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", full])
    for key in ("x", "1", "b"):  # JupyterLab's own: cut the cell, make it a heading, add one
        page.keyboard.press(key)
    assert page.evaluate(STANDS) == before
    assert page.locator(PANEL).locator("legend").count() == len(rows)  # what a screen reader says of each line
    assert page.locator(f"{PANEL} .pebbletrail-sentence").get_attribute("aria-live") == "polite"

    assert page.evaluate("() => document.activeElement.textContent") == ("voir mes scores" if language == "fr" else
                                                                          "show my scores")
    page.keyboard.press("Enter")
    page.locator(f"{PANEL} .pebbletrail-scores p").first.wait_for()
    shown = page.locator(f"{PANEL} .pebbletrail-scores").inner_text()
    for scale, items in rows.groupby("scale", sort=False):
        values = [8 - int(answers[row.item]) if row.reversed else int(answers[row.item]) for row in items.itertuples()]
        mean = f"{sum(values) / len(values):.2f}".replace(".", "," if language == "fr" else ".")
        title = instrument.meaning.set_index(["form", "scale"]).loc[(form, scale), "title"]
        assert re.search(rf"{re.escape(title)}\s?: {mean} ", shown), (scale, mean, shown)
    for limit in instrument.limits:
        assert limit in shown

    heads = page.locator(f"{PANEL} .pebbletrail-scores h4").all_inner_texts()  # what a screen reader jumps between
    assert len(heads) == rows["scale"].nunique() + 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sure = "oui, tout effacer" if language == "fr" else "yes, clear all answers"
    assert page.evaluate("() => document.activeElement.textContent") == sure  # it asks before it takes all back
    assert ticked(page) == answers
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => document.querySelectorAll('{PANEL} input:checked').length === 0")
    assert page.locator(f"{PANEL} .pebbletrail-scores").inner_text() == ""
    assert reader.script_errors == []
    assert reader.outside == set()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_firm_is_placed_in_stages_with_the_keyboard(reader, language):
    """One rater: a description a dimension, one "cannot say"; the profile names stages, and nothing is averaged."""
    grid = pt.instrument("ethics-stages", language)
    page, notebook = reader.page, f"stages-{language}.ipynb"
    put_notebook(reader, notebook, "import pebbletrail as pt\n"
                 f"panel = pt.instrument('ethics-stages', language={language!r}).fill_in()\npanel")
    reader.open(notebook)
    reader.run_all()
    assert reader.cell_errors() == []
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", "0"])
    page.locator(f"{PANEL} input").first.focus()
    answers = {}
    for at, item in enumerate(grid.table["item"]):
        page.keyboard.press("Space")
        for _ in range(at % 6):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        answers[item] = str(at % 6 + 1) if at % 6 < 5 else ""
    assert ticked(page) == answers
    for row in grid.options.itertuples():  # each description is read in full, and none says its stage's name
        seen = page.locator(f"{PANEL} fieldset[data-item={row.item}] label").nth(row.value - 1)
        assert seen.inner_text().strip() == f"{row.value} {row.text}"
        assert seen.locator("input").get_attribute("aria-label") == f"{row.value}, {row.text}"
    page.keyboard.press("Enter")
    page.locator(f"{PANEL} .pebbletrail-scores p").first.wait_for()
    heads = page.locator(f"{PANEL} .pebbletrail-scores h4").all_inner_texts()
    labels = grid.options.drop_duplicates("value")["label"].tolist()
    for head, title, answer in zip(heads, grid.meaning["title"], answers.values(), strict=False):
        assert head.startswith(title)
        assert head.endswith(labels[int(answer) - 1]) if answer else labels[0] not in head
    shown = page.locator(f"{PANEL} .pebbletrail-scores").inner_text()
    assert not re.search(r"\d[.,]\d", shown)  # a stage has no decimals
    assert all(limit in shown for limit in grid.limits)
    assert reader.script_errors == []


def test_messages_are_written_down_one_after_the_other_with_the_keyboard(reader):
    page = reader.page
    source = "import pebbletrail as pt\npanel = pt.instrument('openness-to-dialogue').fill_in()\npanel"
    put_notebook(reader, "messages.ipynb", source, "print(panel.answers.to_csv(index=False))")
    reader.open("messages.ipynb")
    reader.run_all()
    assert reader.cell_errors() == []
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", "0 messages kept"])
    before = page.evaluate(STANDS)

    def message(*keys):
        """From the brand on: what is typed or pressed in each line, then the button."""
        page.locator(f"{PANEL} input").first.focus()
        for pressed in keys:
            for key in pressed:
                page.keyboard.press(key) if len(key) > 1 else page.keyboard.type(key)
            page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.textContent") == "keep this message"
        page.keyboard.press("Enter")

    second = ("Space", "ArrowDown")
    fourth = ("Space", *["ArrowDown"] * 3)
    message("dxb", ("Space",), second, "72", ("Space",), "2.5", fourth, second, ("Space",), second, second)
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", "Message 1 is kept"])
    assert page.evaluate(STANDS)[1:] == before[1:]  # letters typed into a box are no commands of JupyterLab
    assert {item: value for item, value in ticked(page).items() if value is not None} == {}  # empty for the next
    first = page.locator(f"{PANEL} input").first
    assert first.input_value() == "dxb"
    assert first.evaluate("one => one === document.activeElement")  # the next message begins where the form begins
    message("", ("Space",), (), "72", second, "5", (), (), (), (), second)  # no answer, and yet hours: that cannot be
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", "nobody answered, and yet hours are filled in."])
    box = page.locator(f"{PANEL} fieldset[data-item=hours] input")
    box.fill("")
    box.press("Tab")
    page.locator(f"{PANEL} .pebbletrail-show").press("Enter")
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", "Message 2 is kept"])
    heads = page.locator(f"{PANEL} .pebbletrail-scores h4").all_inner_texts()
    assert heads[0] == "dxb: 2 kept, 1 answered, 1 resolved"
    page.evaluate("async () => { const panel = window.jupyterapp.shell.currentWidget.content; panel.activeCellIndex = 1;"
                  " await window.jupyterapp.commands.execute('notebook:run-cell') }")
    page.wait_for_function(IDLE)
    told = page.locator(".jp-OutputArea-output pre").last
    told.filter(has_text="m002").wait_for()
    assert told.inner_text().strip().splitlines()[1:] == [
        "m001,dxb,public,complaint,72.0,yes,2.5,4.0,2.0,yes,no,no", "m002,dxb,public,,72.0,no,,,,,,no"]
    assert reader.script_errors == []
    assert reader.outside == set()


def test_the_weights_of_an_index_are_moved_in_the_browser(reader):
    page = reader.page
    put_notebook(reader, "weights.ipynb", "import pebbletrail as pt\n"
                 "contacts = pt.instrument('openness-to-dialogue')\ncontacts.score(contacts.example(0)).move()")
    reader.open("weights.ipynb")
    reader.run_all()
    assert reader.cell_errors() == []
    picture = page.locator(".pebbletrail-picture")
    picture.wait_for()
    first = picture.get_attribute("alt")
    handle = page.locator(".noUi-handle").nth(2)  # tone
    handle.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("([selector, before]) => document.querySelector(selector).alt !== before",
                           arg=[".pebbletrail-picture", first])
    page.wait_for_function(COUNT, arg=[".pebbletrail-sentence", "made-up B stands highest"])
    assert reader.script_errors == []


def test_a_second_view_shows_what_is_ticked_and_the_saved_notebook_does_not(reader):
    page = reader.page
    put_notebook(reader, "two-views.ipynb", "import pebbletrail as pt\nfrom IPython.display import display\n"
                 "panel = pt.instrument('levels-of-trust').fill_in()\ndisplay(panel)\n"
                 "panel.answer('trade2', 6)\nprint('ready')\ndisplay(panel)")
    reader.open("two-views.ipynb")
    reader.run_all()
    page.locator(PANEL).nth(1).wait_for()
    six = f"{PANEL} fieldset[data-item=trade2] input[value='6']"
    page.wait_for_function("selector => [...document.querySelectorAll(selector)].every(one => one.checked)", arg=six)
    page.locator(PANEL).nth(0).locator("fieldset[data-item=brand1] input[value='3']").check()
    other = page.locator(PANEL).nth(1).locator("fieldset[data-item=brand1] input[value='3']")
    page.wait_for_function("one => one.checked", arg=other.element_handle())
    state = page.evaluate("""async () => { const panel = window.jupyterapp.shell.currentWidget;
        await panel.context.save(); return JSON.stringify(panel.content.model.toJSON()) }""")
    assert "trade2" not in state.replace("panel.answer('trade2', 6)", "")
    page.wait_for_function(IDLE)


def test_starting_again_is_given_up_by_doing_anything_else(reader):
    page = reader.page
    put_notebook(reader, "again.ipynb", "import pebbletrail as pt\npt.instrument('levels-of-trust').fill_in()")
    reader.open("again.ipynb")
    reader.run_all()
    page.locator(f"{PANEL} fieldset[data-item=trade1] input[value='3']").check()
    again = page.locator(f"{PANEL} .pebbletrail-again")
    again.click()
    assert again.inner_text() == "yes, clear all answers"
    assert page.locator(f"{PANEL} .pebbletrail-sentence").inner_text().startswith("This takes back every answer")
    page.locator(f"{PANEL} fieldset[data-item=trade2] input[value='4']").check()
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", "2 of 12"])
    assert again.inner_text() == "start again"
    assert {item: value for item, value in ticked(page).items() if value} == {"trade1": "3", "trade2": "4"}


def test_after_a_restart_of_the_kernel_no_score_stands_and_the_reader_is_told_what_to_do(reader):
    page = reader.page
    put_notebook(reader, "restart.ipynb", "import pebbletrail as pt\npanel = pt.instrument('levels-of-trust').fill_in()\n"
                 "for item in panel.answers:\n    panel.answer(item, 5)\npanel")
    reader.open("restart.ipynb")
    reader.run_all()
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", "12 of 12"])
    page.locator(f"{PANEL} .pebbletrail-show").click()
    page.locator(f"{PANEL} .pebbletrail-scores h4").first.wait_for()
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_function(IDLE)
    page.locator(f"{PANEL} fieldset[data-item=trade1] input[value='2']").check()
    page.wait_for_function(COUNT, arg=[f"{PANEL} .pebbletrail-sentence", "run the cell again"])
    assert page.locator(f"{PANEL} .pebbletrail-scores").inner_text() == ""


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("name", "form"), FORMS)
def test_a_questionnaire_prints_on_a4_with_nothing_cut(reader, tmp_path, name, form, language):
    """Long and hostile words in the gaps: they stay words, nothing runs, nothing is loaded, nothing reaches beyond."""
    plain = pt.instrument(name, language)
    hostile = pt.instrument(name, language, **dict.fromkeys(plain.words, HOSTILE))
    page = reader.page.context.new_page()
    loaded, dialogs = [], []
    page.on("request", lambda request: loaded.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    try:
        for number, instrument in enumerate((plain, hostile)):
            path = instrument.questionnaire(tmp_path / f"{number}.html", form=form, asked_by=HOSTILE if number else None)
            page.goto(path.as_uri())
            page.emulate_media(media="print")
            page.set_viewport_size({"width": round(A4["width"] / 25.4 * 96), "height": round(A4["height"] / 25.4 * 96)})
            assert page.evaluate(CUT, round(A4["width"] / 25.4 * 96)) == []
            assert page.evaluate("() => document.compatMode") == "CSS1Compat"
            assert page.locator("script").count() == 0
            text = page.locator("body").inner_text()
            assert all(line in text for line in instrument.table.query("form == @form")["text"])
            assert (HOSTILE in text) == (number == 1)
            items = instrument.table.query("form == @form")["item"]
            boxes = instrument.options[instrument.options["item"].isin(items)]
            assert page.locator(".box").count() == len(boxes) + boxes["item"].nunique()  # and one for "cannot say"
            if not number:
                pages = PAGES.get(name, 1 if len(items) < 14 else 2)
                assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == pages
    finally:
        page.close()
    assert dialogs == []
    assert {url.split("/")[-1] for url in loaded} == {"0.html", "1.html"}
