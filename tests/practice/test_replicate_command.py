"""``pebbletrail replicate`` as people give it: in a process of its own, on a firm's files, good and broken ones."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest

from pebbletrail.practice.examples import write_example

NAME = "control-and-quality"


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    """The made-up firm's files in a folder with a space and an accent, and what the command is given for them."""
    folder = tmp_path_factory.mktemp("à nous")
    sources, mapping = write_example(NAME, folder)
    data = [word for table, path in sources.items() for word in ("--data", f"{table}={path}")]
    return folder, data, [f"{study}={own}" for study, own in mapping.items()]


def started(folder, *words, **more):
    scratch = Path(folder) / "tmp"
    scratch.mkdir(exist_ok=True)
    command, environment = [sys.executable, "-m", "pebbletrail", "replicate", *words], {**os.environ, "TMPDIR": str(scratch)}
    return subprocess.Popen(command, cwd=folder, text=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            **more)


def given(folder, *words):
    """``(status, what was printed, what was complained of)``; nothing temporary may stay."""
    process = started(folder, *words)
    out, complaints = process.communicate(timeout=300)
    assert left_in(folder) == []
    return process.returncode, out, complaints


def until(stage, process, folder):
    """Wait for a stage: its private folder is there (``kept``), or its kernel runs as well (``executed``)."""
    family = []
    if stage == "begun":
        time.sleep(0.7)  # into Python's beginning; the whole takes several times that
    while stage != "begun" and (not left_in(folder) or len(family) < (2 if stage == "executed" else 0)):
        time.sleep(0.02)
        family = psutil.Process(process.pid).children(recursive=True)
        assert process.poll() is None, process.communicate()
    return family


def left_in(folder):
    return [path.name for path in (Path(folder) / "tmp").iterdir() if path.name.startswith(("pebbletrail-", "tmp"))]


def told(complaints):
    """The complaint without the progress bar's traces."""
    return "\n".join(line for line in complaints.replace("\r", "\n").splitlines() if line.strip() and "steps/s" not in line
                     and "s/ steps" not in line)


def test_the_whole_way_and_again_with_another_specification(firm, tmp_path):
    _, data, mapping = firm
    status, out, complaints = given(tmp_path, NAME, *data, "--map", *mapping, "--out", "à lire.html")
    assert status == 0, complaints
    assert "à lire.html: the report, on 2,1" in out
    page = (tmp_path / "à lire.html").read_text(encoding="utf-8")
    aside = pd.read_csv(tmp_path / "à lire.set-aside.csv")
    assert {"élevée", "650"} <= set(aside["value"])
    assert [aside["table"].iloc[0], aside["own"].iloc[0]] == ["calls", "Part prescrite (%)"]
    assert "association" in page
    assert "://" not in page.replace("https://doi.org", "").replace("http://www.w3.org", "")
    [first] = json.loads((tmp_path / "à lire.specifications.json").read_text(encoding="utf-8"))
    fewer = [one for one in mapping if not one.startswith(("tenure=", "difficulty=", "waiting="))]
    status, out, complaints = given(tmp_path, NAME, *data, "--map", *fewer, "tenure==vingt", "--out", "à lire.html")
    assert status == 0, complaints
    assert "- calls, tenure (=vingt): no row has a value that can be used" in out
    record = json.loads((tmp_path / "à lire.specifications.json").read_text(encoding="utf-8"))
    assert record[0] == first
    assert record[1]["formula"] != first["formula"]
    assert record[1]["data"] == first["data"]
    assert "Results had been seen before" in (tmp_path / "à lire.html").read_text(encoding="utf-8")


def test_in_french_on_the_made_up_firm_with_euro(tmp_path):
    status, out, complaints = given(tmp_path, NAME, "--lang", "fr", "--out", "rapport.html", "--worth", "2..4", "--volume",
                                    "100000", "--change", "-20..-10", "--cost", "50000", "--causal", "0.5")
    assert status == 0, complaints
    page = (tmp_path / "rapport.html").read_text(encoding="utf-8")
    assert '<html lang="fr"' in page
    assert "sur un exemple inventé" in out
    assert "€" in page
    assert page.count("inventé") >= 1 or page.count("fictive") >= 1


@pytest.mark.parametrize("name", ["removing-control", "relational-chain", "trust-across-stages", "incidents-and-staying"])
def test_every_practice_says_the_same_in_an_engine(name, tmp_path):
    sources, mapping = write_example(name, tmp_path)
    data = [word for table, path in sources.items() for word in ("--data", f"{table}={path}")]
    given_map = ["--map", *(f"{study}={own}" for study, own in mapping.items())] if mapping else []
    folders = [tmp_path / way for way in ("memory", "engine")]
    for folder in folders:
        folder.mkdir()
    runs = [started(folder, name, *data, *given_map, "--out", "report.html", *more)
            for folder, more in zip(folders, ([], ["--engine", "duckdb"]), strict=True)]
    said = [run.communicate(timeout=300) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    memory, engine = (out.splitlines()[1] for out, _ in said)
    assert memory == engine
    assert [left_in(folder) for folder in folders] == [[], []]
    assert "Engine: duckdb" in (folders[1] / "report.html").read_text(encoding="utf-8")


def test_an_engine_holds_the_rows_and_the_report_says_the_same(firm, tmp_path):
    """The same files, Excel aside, in memory and in DuckDB: one sentence, and the engine is named."""
    folder, _, mapping = firm
    calls, answers = folder / "appels.csv", tmp_path / "answers.csv"
    pd.read_excel(folder / "enquête clients.xlsx").to_csv(answers, index=False)
    kept = [one for one in mapping if not one.startswith(("agents.", "autonomy="))]
    words = [NAME, "--data", f"calls={calls}", "--data", f"survey={answers}", "--map", *kept]
    status, memory, complaints = given(tmp_path, *words, "--out", "memory.html")
    assert status == 0, complaints
    status, engine, complaints = given(tmp_path, *words, "--out", "engine.html", "--engine", "duckdb")
    assert status == 0, complaints
    assert engine.splitlines()[1] == memory.splitlines()[1]
    assert "Engine: duckdb" in (tmp_path / "engine.html").read_text(encoding="utf-8")


def broken(firm, change):
    """The firm's words, with one file replaced by a broken copy; ``change`` gets its lines."""
    folder, data, mapping = firm
    path = Path(next(word.partition("=")[2] for word in data if word.startswith("calls=")))
    made = folder / "cassé.csv"
    lines = path.read_bytes().decode("cp1252").splitlines()
    content = change(lines)
    made.write_bytes(content if isinstance(content, bytes) else "\r\n".join(content).encode("cp1252"))
    return [word.replace(str(path), str(made)) for word in data], mapping


BROKEN = {
    "an empty file": (lambda lines: b"", ["is empty"]),
    "headings only": (lambda lines: lines[:1], ["has headings and no row"]),
    "another separator": (lambda lines: [line.replace(";", "~") for line in lines], ["~"]),
    "another encoding": (lambda lines: b"\xff\xfe" + b"x" * 31, ["UTF-8"]),
    "a heading twice": (lambda lines: [lines[0].replace("Équipe", "Part prescrite (%)"), *lines[1:]],
                        ["more than one column"]),
    "a heading gone": (lambda lines: [lines[0].replace("Équipe", "Equippe"), *lines[1:]],
                       ["Équipe", "Equippe", "--map team="]),
    "one team": (lambda lines: [lines[0], *(_cell(line, 1, "Nord") for line in lines[1:])], ["team"]),
    "no value at all": (lambda lines: [lines[0], *(_cell(line, lines[0].split(";").index("Part prescrite (%)"), "")
                                                   for line in lines[1:])], ["control"]),
}


def _cell(line, place, value):
    cells = line.split(";")
    cells[place] = value
    return ";".join(cells)


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_are_refused_in_one_message(firm, tmp_path, case):
    change, words = BROKEN[case]
    data, mapping = broken(firm, change)
    status, out, complaints = given(tmp_path, NAME, *data, "--map", *mapping, "--out", "r.html")
    assert status == 2
    assert out == ""
    assert told(complaints).startswith("pebbletrail: ")
    assert "Traceback" not in complaints
    assert all(word in complaints for word in words), complaints
    assert [path.name for path in tmp_path.iterdir()] == ["tmp"]


@pytest.mark.parametrize(("words", "said"), [
    (["controle-and-quality"], "there is no 'controle-and-quality'"),
    ([NAME, "--out", "nowhere/r.html"], "there is no folder"),
    ([NAME, "--lang", "de"], "'de' is not one of en, fr"),
    ([NAME, "--map", "quality=q"], "nothing to map without --data"),
    ([NAME, "--worth", "2"], "--volume: cases a year"),
    ([NAME, "--worth", "viel", "--volume", "9", "--cost", "9", "--change", "1"], "--worth"),
    ([NAME, "--data", "calls=nowhere.csv"], "there is no file"),
])
def test_words_that_cannot_be_meant(tmp_path, words, said):
    status, _, complaints = given(tmp_path, *words)
    assert status == 2
    assert said in complaints
    assert "Traceback" not in complaints
    assert [path.name for path in tmp_path.iterdir()] == ["tmp"]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C reaches a process elsewhere in another way")
@pytest.mark.parametrize("stage", ["begun", "kept", "executed"])
def test_ctrl_c_leaves_nothing_half_written(firm, tmp_path, stage):
    """While Python begins, while tables are prepared, while the notebook runs."""
    _, data, mapping = firm
    process = started(tmp_path, NAME, *data, "--map", *mapping, "--out", "r.html", start_new_session=True,
                      preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    until(stage, process, tmp_path)
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT)
    assert not [path.name for path in tmp_path.iterdir() if path.name != "tmp"]
    assert left_in(tmp_path) == []
    if process.returncode == 130:
        assert "Nothing was half-written" in complaints


def test_what_is_needed_templates_and_the_example(tmp_path):
    status, out, _ = given(tmp_path)
    assert status == 0
    assert NAME in out
    assert "pebbletrail replicate" in out
    status, out, _ = given(tmp_path, NAME, "--needs", "--lang", "fr")
    assert status == 0
    assert "nécessaire" in out
    status, out, complaints = given(tmp_path, NAME, "--template", "to fill in")
    assert status == 0, complaints
    written = {path.name for path in (tmp_path / "to fill in").iterdir()}
    assert {"calls.csv", "codebook.txt", "before-you-start.txt"} <= written
    assert any(name.startswith("questionnaire") for name in written)
    status, _, complaints = given(tmp_path, NAME, "--template", "to fill in")
    assert status == 2
    assert "is there already" in complaints
    status, out, complaints = given(tmp_path, NAME, "--example", "example")
    assert status == 0, complaints
    assert "--data" in out.splitlines()[-1]
