"""The explorers of the pages in a real JupyterLab, from the keyboard: the picture and the words follow, and go back."""

import pytest
from lab import shown_picture

pytestmark = pytest.mark.browser

EXPLORERS = {  # notebook: the label of a slider, or of a box to tick
    "01-hidden-costs-of-control.ipynb": "held back of what lies above (%)",
    "02-working-from-home.ipynb": None,
    "03-autonomy-and-the-job.ipynb": None,
    "04-watched-scripted-timed.ipynb": "managers control more after a poor score (SD for an SD)",
    "05-vicious-and-virtuous-circles.ipynb": "agents who arrive worn (%)",
    "06-five-times-the-growth.ipynb": "spread of the outcome (SD for a mean of 1)",
    "07-ambassadors-and-growth.ipynb": "firms in a study",
    "08-preference-capital.ipynb": "weight of the average (parts)",
    "10-three-levels-of-trust.ipynb": "caring costs (euros a contact)",
    "11-trap-or-pledge.ipynb": "customers asked",
    "12-incidents-and-justice.ipynb": "better handling of a complaint costs more by (euros)",
    "13-networks-rage-and-voices.ipynb": "a story is told (times as hot as it is felt)",
}


CHANGED = "([selector, words]) => document.querySelector(selector).textContent !== words"
CUT = """panel => [...document.querySelectorAll(`${panel} .widget-label`)].filter(one => one.scrollWidth > one.clientWidth)
         .map(one => one.textContent)"""
BACK = CHANGED.replace("!==", "===")


@pytest.mark.parametrize("notebook", EXPLORERS)
def test_an_explorer_follows_the_keyboard(reader, notebook):
    page = reader.page
    reader.open(notebook)
    reader.run_all(timeout=240_000)
    assert reader.cell_errors() == []
    assert reader.unfinished_cells() == 0

    panel = ".jp-OutputArea-output:has(button[title='set every control back to where it stood'])"
    picture, words = f"{panel} .pebbletrail-picture", f"{panel} .pebbletrail-sentence"
    page.locator(picture).first.scroll_into_view_if_needed()
    start = shown_picture(page, picture)
    said = page.locator(words).first.text_content()
    assert page.locator(words).first.get_attribute("aria-live") == "polite"

    cut = page.evaluate(CUT, panel)
    assert cut == [], "labels that do not fit"

    label = EXPLORERS[notebook]
    handle = page.locator(f"{panel} .widget-slider:has(label:text-is('{label}')) .noUi-handle").first if label else (
        page.locator(f"{panel} .noUi-handle, {panel} input[type=checkbox]").first)
    handle.focus()
    page.keyboard.press("ArrowRight" if "noUi" in (handle.get_attribute("class") or "") else "Space")
    page.wait_for_function(CHANGED, arg=[words, said])
    moved = shown_picture(page, picture)
    assert moved[1] != start[1], "the words changed and the picture did not"

    cells = page.locator(".jp-Notebook-cell").count()
    for at in (handle, page.locator(panel).get_by_role("button", name="start again").first):
        at.focus()
        for key in ("x", "b", "d", "d"):  # JupyterLab's own: cut the cell, add one, delete it
            page.keyboard.press(key)
        assert at.evaluate("one => one === document.activeElement")
    assert page.locator(".jp-Notebook-cell").count() == cells

    page.locator(panel).get_by_role("button", name="start again").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(BACK, arg=[words, said])
    assert shown_picture(page, picture) == start
    assert reader.script_errors == []
    assert reader.outside == set()
