"""What several tests share: the open data, when it is on this machine, and the pages, executed once."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from pebbletrail.catalogue import passport
from pebbletrail.fetch import available
from pebbletrail.page_source import all_pages, needs

OPEN = ("acsi-prices", "acsi-scores", "cfpb-complaints", "corporate-reputation", "ctrip-performance", "ecsi-mobile",
        "hidden-costs-of-control", "privacy-answers")
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"

# The same examples in each run, however long one takes: a busy machine is no mistake of the code.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Open data is not in the repository; where a folder with the registered files lies beside the checkout, tests read it.
if "PEBBLETRAIL_DATA" not in os.environ and BESIDE.is_dir():
    os.environ["PEBBLETRAIL_DATA"] = str(BESIDE)


def missing_open_data():
    return [name for name in OPEN if not available(passport(name))]


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    """No test reaches out by accident; the tests of downloading serve their own files on this machine."""
    before = os.environ.get("PEBBLETRAIL_OFFLINE")
    os.environ["PEBBLETRAIL_OFFLINE"] = "1"
    yield
    if before is None:
        del os.environ["PEBBLETRAIL_OFFLINE"]
    else:
        os.environ["PEBBLETRAIL_OFFLINE"] = before


@pytest.fixture(scope="session")
def open_data():
    """Skips, saying why, where the open data is not on this machine."""
    if missing := missing_open_data():
        pytest.skip(f"open data not on this machine: {', '.join(missing)}; `pebbletrail data fetch`, or PEBBLETRAIL_DATA")


@pytest.fixture(scope="session")
def executed_pages():
    """Every page, the start page too, executed with the data that is here: ``{number: Executed}``."""
    from pebbletrail.reproduce.execute import execute

    pages = list(all_pages().values())
    wanted = {name for page in pages for cell in page.cells for name in needs(cell)}
    missing = [name for name in wanted if not available(passport(name))]
    return {one.number: one for one in execute(pages, missing)}


@pytest.fixture(scope="session")
def playing():
    """Playwright, started once: a second one beside it refuses to start, and the reader of JupyterLab lives to the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        yield play
