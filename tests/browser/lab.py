"""A real JupyterLab on a copy of the notebooks, and a real Chromium to look at it."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from pebbletrail.reproduce.process import end_with_children

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
IDLE = """() => { const panel = window.jupyterapp.shell.currentWidget; const session = panel && panel.sessionContext;
          return session && session.session && session.session.kernel && session.session.kernel.status === 'idle' }"""


BYTES = """async selector => { const image = document.querySelector(selector);
           const blob = await (await fetch(image.src)).blob();
           return await new Promise(done => { const reader = new FileReader();
               reader.onload = () => done(reader.result); reader.readAsDataURL(blob) }) }"""


def shown_picture(page, selector):
    """``(description, bytes)`` of the picture that a selector finds first."""
    return page.locator(selector).first.get_attribute("alt"), page.evaluate(BYTES, selector)


def find_chromium():
    """The system's Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def lab(folder):
    """Serve ``folder/notebooks``; yields ``(address, token)``. Nothing of the user's own settings is read or written."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    home = folder / "home"
    settings = home / "config" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet), encoding="utf-8")
    environment = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"),
                   "JUPYTER_DATA_DIR": str(home / "data"), "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
                   "IPYTHONDIR": str(home / "ipython"), "JUPYTER_PREFER_ENV_PATH": "1",
                   "PEBBLETRAIL_HOME": str(home / "pebbletrail")}
    port, token = free_port(), secrets.token_hex(16)
    with open(home / "lab.log", "wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
             "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
             f"--ServerApp.root_dir={folder / 'notebooks'}", "--LabApp.expose_app_in_browser=True",
             "--LabApp.extension_manager=readonly"],
            env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server, home / "lab.log")
            yield f"http://127.0.0.1:{port}", token
        finally:
            end_with_children(server.pid)
            server.wait(20)


def _wait_for(address, server, log):
    give_up = time.monotonic() + 90
    while True:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=2).read()
            return
        if server.poll() is not None or time.monotonic() > give_up:
            raise RuntimeError(f"JupyterLab did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


class Reader:
    """A person at a page: opens it, runs it, looks, moves things."""

    def __init__(self, page, address, token):
        self.page, self.address, self.token = page, address, token
        self.script_errors, self.outside = [], set()
        page.on("pageerror", lambda error: self.script_errors.append(str(error)))
        page.on("request", self._note)

    def _note(self, request):
        host = request.url.split("://", 1)[-1]
        if request.url.startswith(("http", "ws")) and not host.startswith("127.0.0.1"):
            self.outside.add(host.split("/")[0])

    def open(self, notebook):
        self.page.goto(f"{self.address}/doc/tree/{notebook}?token={self.token}", wait_until="domcontentloaded")
        self.page.wait_for_function("() => window.jupyterapp && window.jupyterapp.restored", timeout=90_000)
        self.page.evaluate("async () => { await window.jupyterapp.restored }")
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        self.page.wait_for_function(IDLE, timeout=90_000)

    def run_all(self, timeout=120_000):
        """Run every cell, as the menu does, and wait until all of them have finished or one has ended in an error."""
        self.page.set_default_timeout(30_000)
        self.page.evaluate("async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        give_up = time.monotonic() + timeout / 1000
        while self.unfinished_cells() and not self.cell_errors() and time.monotonic() < give_up:
            time.sleep(0.1)  # the kernel may be idle before its last word has arrived
        self.page.wait_for_function(IDLE, timeout=timeout)

    def cell_errors(self):
        return self.page.evaluate(
            """() => { const cells = window.jupyterapp.shell.currentWidget.content.model.cells; const found = [];
                for (let i = 0; i < cells.length; i++) { const outputs = cells.get(i).outputs; if (!outputs) continue;
                    for (let j = 0; j < outputs.length; j++) if (outputs.get(j).type === 'error')
                        found.push(`cell ${i + 1}: ${outputs.get(j).toJSON().evalue}`) } return found }""")

    def unfinished_cells(self):
        return self.page.evaluate(
            """() => { const cells = window.jupyterapp.shell.currentWidget.content.model.cells; let n = 0;
                for (let i = 0; i < cells.length; i++) if (cells.get(i).type === 'code' && !cells.get(i).executionCount) n++;
                return n }""")
