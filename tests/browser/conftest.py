"""A reader at a running JupyterLab, shared by the browser tests."""

import os

import pytest
from lab import FLAGS, Reader, find_chromium, lab


@pytest.fixture(scope="session")
def reader(tmp_path_factory, playing):
    """A reader at a running JupyterLab."""
    chromium = find_chromium()
    if chromium is None:
        told = "no Chromium on this machine (Debian: apt install chromium; elsewhere name one in CHROMIUM)"
        if os.environ.get("CI"):
            pytest.fail(f"{told}; under CI the browser test must run")
        pytest.skip(told)
    folder = tmp_path_factory.mktemp("lab")
    with lab(folder) as (address, token):
        context = playing.chromium.launch_persistent_context(
            str(folder / "profile"), executable_path=chromium, headless=True, args=FLAGS,
            viewport={"width": 1280, "height": 900})
        yield Reader(context.new_page(), address, token)
        context.close()
