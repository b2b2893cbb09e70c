"""The coding panel in a real JupyterLab: with the keyboard alone, saved to a file, taken from it, after a restart too."""

import pytest
from lab import IDLE
from test_instruments import COUNT, STANDS, put_notebook

import pebbletrail as pt
from pebbletrail.coding.codebook import codes
from pebbletrail.coding.codings import from_text

pytestmark = pytest.mark.browser
PANEL = ".pebbletrail-coding"
SENTENCE = f"{PANEL} .pebbletrail-sentence"
CODE = "import pebbletrail as pt\npanel = pt.coding_workshop({})\npanel"


def chosen(page):
    """What is chosen, by id of the comment."""
    return page.evaluate("""selector => Object.fromEntries([...document.querySelectorAll(`${selector} fieldset`)].map(set =>
        [set.dataset.id, (set.querySelector('input:checked') || {value: null}).value]))""", PANEL)


def saved(page):
    """The text of the file that the save button gives."""
    with page.expect_download() as waiting:
        page.locator(f"{PANEL} .pebbletrail-save").click()
    assert waiting.value.suggested_filename == "my-coding.csv"
    return waiting.value.path().read_text(encoding="utf-8")


@pytest.mark.parametrize(("given", "ids"), [("", pt.verbatims()["id"]), ("'fr', 'fr'", pt.verbatims("fr")["id"])])
def test_comments_are_coded_with_the_keyboard(reader, given, ids):
    page = reader.page
    put_notebook(reader, f"coding-{len(ids)}.ipynb", CODE.format(given))
    reader.open(f"coding-{len(ids)}.ipynb")
    reader.run_all()
    assert reader.cell_errors() == []
    page.wait_for_function(COUNT, arg=[SENTENCE, "0 "])
    page.locator(f"{PANEL} .pebbletrail-translate").focus()
    before = page.evaluate(STANDS)
    page.keyboard.press("Space")  # the other language appears
    assert page.locator(f"{PANEL} .pebbletrail-translation").first.is_visible()
    page.keyboard.press("Tab")
    wanted = {}
    for at, id in enumerate(ids):
        page.keyboard.press("Space")
        for _ in range(at % len(codes())):
            page.keyboard.press("ArrowRight" if at % 2 else "ArrowDown")
        page.keyboard.press("Tab")
        wanted[id] = codes()[at % len(codes())]
    assert chosen(page) == wanted
    page.wait_for_function(COUNT, arg=[SENTENCE, f"{len(ids)} "])
    page.keyboard.press("Shift+Tab")
    for key in ("x", "1", "b"):  # JupyterLab's own: cut the cell, make it a heading, add one
        page.keyboard.press(key)
    assert page.evaluate(STANDS) == before
    assert page.locator(f"{PANEL} legend").count() == len(ids)
    assert page.locator(f"{PANEL} legend span[lang=fr]").count() == len(ids)  # what a screen reader reads as French
    assert from_text(saved(page), "x.csv").dropna().to_dict() == wanted
    assert reader.script_errors == []
    assert reader.outside == set()


def test_codes_outlive_the_kernel_in_a_file(reader, tmp_path):
    page = reader.page
    put_notebook(reader, "coding-restart.ipynb", CODE.format(""))
    reader.open("coding-restart.ipynb")
    reader.run_all()
    page.locator(f"{PANEL} fieldset[data-id=v03] input[value=helped]").check()
    page.wait_for_function(COUNT, arg=[SENTENCE, "1 of 30"])
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_function(IDLE)
    page.locator(f"{PANEL} fieldset[data-id=v11] input[value=charge]").check()
    page.wait_for_function(COUNT, arg=[SENTENCE, "save them as CSV"])
    path = tmp_path / "kept.csv"
    path.write_text(saved(page), encoding="utf-8")
    assert from_text(path.read_text(encoding="utf-8"), "x").dropna().to_dict() == {"v03": "helped", "v11": "charge"}

    reader.run_all()
    page.wait_for_function(COUNT, arg=[SENTENCE, "0 of 30"])
    page.locator(f"{PANEL} input[type=file]").set_input_files(path)
    page.wait_for_function(COUNT, arg=[SENTENCE, "2 of 30 coded, from kept.csv"])
    kept = {"v03": "helped", "v05": "waiting", "v11": "charge"}  # a file adds to what is there
    more = tmp_path / "more.csv"
    more.write_text("id,code\nv05,waiting\n", encoding="utf-8")
    page.locator(f"{PANEL} input[type=file]").set_input_files(more)
    page.wait_for_function(COUNT, arg=[SENTENCE, "3 of 30 coded, from more.csv"])
    page.locator(f"{PANEL} input[type=file]").set_input_files(path)
    page.wait_for_function(COUNT, arg=[SENTENCE, "3 of 30 coded, from kept.csv"])
    assert {id: code for id, code in chosen(page).items() if code} == kept

    wrong = tmp_path / "wrong.csv"
    wrong.write_text("id,code\nv01,<img src=x onerror=alert(1)>\n", encoding="utf-8")
    page.locator(f"{PANEL} input[type=file]").set_input_files(wrong)
    page.wait_for_function(COUNT, arg=[SENTENCE, "wrong.csv was not taken"])
    assert page.locator(f"{SENTENCE} img").count() == 0
    assert {id: code for id, code in chosen(page).items() if code} == kept

    again = page.locator(f"{PANEL} .pebbletrail-again")
    again.click()
    assert again.inner_text() == "yes, clear all codes"  # it asks before it takes all back
    page.locator(f"{PANEL} fieldset[data-id=v01] input[value=waiting]").check()
    page.wait_for_function(COUNT, arg=[SENTENCE, "4 of 30"])
    again.click()
    again.click()
    page.wait_for_function(f"() => document.querySelectorAll('{PANEL} fieldset input:checked').length === 0")


def test_the_saved_notebook_holds_no_code_and_a_second_view_follows(reader):
    page = reader.page
    twice = CODE.format("") + "\nfrom IPython.display import display\ndisplay(panel)\npanel"
    put_notebook(reader, "coding-two.ipynb", twice)
    reader.open("coding-two.ipynb")
    reader.run_all()
    page.locator(PANEL).nth(1).wait_for()
    page.locator(PANEL).nth(0).locator("fieldset[data-id=v07] input[value=data]").check()
    other = page.locator(PANEL).nth(1).locator("fieldset[data-id=v07] input[value=data]")
    page.wait_for_function("one => one.checked", arg=other.element_handle())
    state = page.evaluate("""async () => { const panel = window.jupyterapp.shell.currentWidget;
        await panel.context.save(); return JSON.stringify(panel.content.model.toJSON()) }""")
    assert '"codes"' not in state
    assert "checked" not in state
    page.wait_for_function(IDLE)
