"""Page 1 in a real JupyterLab in a real Chromium: run it, move a slider, see the picture change, find no error."""

import pytest
from lab import shown_picture

pytestmark = pytest.mark.browser
SLIDER = ".widget-slider:has(label:text-is('left free, I give')) .noUi-handle"
PICTURE = ".widget-tab .pebbletrail-picture"


def test_page_one_runs_and_its_game_can_be_played(reader):
    page = reader.page
    reader.open("01-hidden-costs-of-control.ipynb")
    reader.run_all()
    assert reader.cell_errors() == []
    assert reader.unfinished_cells() == 0

    handle = page.locator(SLIDER).first
    handle.scroll_into_view_if_needed()
    page.locator(PICTURE).first.wait_for()
    alt, drawn = shown_picture(page, PICTURE)
    assert "you give 0: you keep 120" in alt
    for gift in (1, 2, 3):
        handle.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "([selector, words]) => document.querySelector(selector).alt.includes(words)",
            arg=[PICTURE, f"you give {gift}: you keep {120 - gift}"], timeout=20_000)
        now = shown_picture(page, PICTURE)
        assert now[1] != drawn, "the words changed and the picture did not"
        alt, drawn = now

    assert reader.script_errors == []
    assert reader.outside == set(), "the page asked for something outside this machine"
