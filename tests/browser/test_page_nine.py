"""Page 9 in a real JupyterLab: arrows are taken away and drawn, a circle is refused in words, and all can be undone."""

import pytest

pytestmark = pytest.mark.browser
PANEL = ".jp-OutputArea-output:has(input[title='Image → Expectation'])"
PICTURE = f"{PANEL} .pebbletrail-picture"
WAIT = "([selector, words]) => document.querySelector(selector).alt.includes(words)"


def tick(page, arrow):
    """Click the check box of an arrow, as ``Quality → Loyalty``."""
    page.locator(f"{PANEL} input[title='{arrow}']").click(timeout=20_000)


def test_the_chain_can_be_rebuilt_and_restored(reader):
    page = reader.page
    reader.open("09-relational-chain.ipynb")
    reader.run_all()
    assert reader.cell_errors() == []
    assert reader.unfinished_cells() == 0

    picture = page.locator(PICTURE).first
    picture.scroll_into_view_if_needed()
    assert "numbers are hidden until you guess" in picture.get_attribute("alt")
    page.locator(PANEL).get_by_role("button", name="Satisfaction", exact=True).click()
    page.wait_for_function(WAIT, arg=[PICTURE, "12 arrows. Strongest arrow of all"])
    start = picture.get_attribute("alt")
    assert "Satisfaction 0.48" in start

    tick(page, "Satisfaction → Loyalty")
    page.wait_for_function(WAIT, arg=[PICTURE, "11 arrows"])
    assert "Satisfaction 0.48" not in picture.get_attribute("alt")

    tick(page, "Loyalty → Image")
    page.get_by_text("the arrows run in a circle").first.wait_for()

    page.get_by_role("button", name="start again").click()
    page.wait_for_function(WAIT, arg=[PICTURE, "12 arrows"])
    assert picture.get_attribute("alt") == start
    assert reader.script_errors == []
    assert reader.outside == set()
