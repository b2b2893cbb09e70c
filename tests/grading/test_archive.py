"""A received file opened: what ``sheet.submit()`` writes comes back, and whatever else there is gives one sentence."""

import io
import json
import struct
import sys
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pebbletrail.exercises.packet import as_json
from pebbletrail.exercises.receipt import packed
from pebbletrail.exercises.saved import read
from pebbletrail.grading.archive import MOST_PARTS, NotASubmission, opened
from pebbletrail.grading.claim import plain
from pebbletrail.grading.intake import Received

DIGEST = "ab" * 32
NOTEBOOK = {"cells": [{"cell_type": "code", "id": "c1", "metadata": {}, "source": ["a = 1\n", "b = 'ü'"], "outputs": [],
                       "execution_count": None},
                      {"cell_type": "markdown", "id": "m1", "metadata": {"tags": ["x"]}, "source": "# Title"}],
            "metadata": {"pebbletrail": {"module": "04-control", "student": "s001"}}, "nbformat": 4, "nbformat_minor": 5}
CLAIM = {"format": 1, "module": "04-control", "version": 2, "student": "s001", "practice": False,
         "time": "2026-03-01T12:00:00Z", "pebbletrail": "0.1.0", "files": {"calls.csv": DIGEST},
         "notebook": {"name": "mine.ipynb", "sha256": DIGEST},
         "answers": {"q1": 0.42, "q2": "b", "q3": ["a -> b", "b -> c"], "q4": "Two\n\tlines, ü"}, "unanswered": ["q5"],
         "error": {"section": "4", "code": "x", "name": "NameError", "message": "no x"}, "differs": ["q1"], "anyway": True}


def of(content, name="x.zip"):
    return opened(Received(name, content, ""))


def zipped(notebook=None, claim=None, **more):
    notebook = as_json(NOTEBOOK) if notebook is None else notebook
    return packed({"notebook.ipynb": notebook, "submission.json": as_json(CLAIM) if claim is None else claim, **more})


def refused(content, said, name="x.zip"):
    with pytest.raises(NotASubmission, match=said) as caught:
        of(content, name)
    assert type(caught.value) is NotASubmission
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def bare(**changes):
    return json.dumps(NOTEBOOK | changes).encode()


def cell(**changes):
    return bare(cells=[NOTEBOOK["cells"][0] | changes])


# --- what is read --------------------------------------------------------------------------------------------------------


def test_what_was_handed_in_comes_back():
    made = of(zipped())
    assert made.claim == CLAIM
    assert made.notebook == NOTEBOOK
    assert json.loads(made.content) == NOTEBOOK


def test_as_the_sheet_reads_it(tmp_path):
    """Outputs and counts go; what remains is what ``saved.read`` hands in."""
    shown = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    with_outputs = bare(cells=[NOTEBOOK["cells"][0] | {"outputs": shown, "execution_count": 3}])
    (tmp_path / "n.ipynb").write_bytes(with_outputs)
    handed_in = read(tmp_path / "n.ipynb")
    for made in (of(with_outputs, "a/N.IPYNB"), of(zipped(with_outputs)), of(zipped(handed_in.content))):
        assert made.notebook == handed_in.notebook
        assert made.content == of(cell(), "n.ipynb").content
        assert b"stdout" not in made.content


def test_a_bare_notebook_says_what_its_metadata_say():
    assert of(bare(), "x.ipynb").claim == {"student": "s001", "module": "04-control"}


@pytest.mark.parametrize("owner", [None, 7, [], "s001", {}, {"student": 7, "module": None}, {"student": ["s001"]}])
def test_odd_metadata_say_nothing(owner):
    assert of(bare(metadata={"pebbletrail": owner}), "x.ipynb").claim == {}


def test_other_entries_are_left_alone():
    assert of(zipped(**{"../../evil": b"x", "deep/notebook.ipynb": b"other", "data.csv": b"1"})).notebook == NOTEBOOK


# --- what is no submission -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip", b"PK\x05\x06" + b"\0" * 17, zipped()[:-30], b"\0" * 100])
def test_what_is_no_zip(content):
    refused(content, "The zip is damaged, or it is no zip")


def test_a_zip_without_the_two_files():
    refused(packed({}), "no notebook.ipynb at its top")
    refused(packed({"notebook.ipynb": b"{}"}), "no submission.json at its top")
    refused(packed({"a/notebook.ipynb": b"{}", "a/submission.json": b"{}"}), "no notebook.ipynb at its top")
    refused(packed({"./notebook.ipynb": b"{}", "Submission.json": b"{}"}), "no notebook.ipynb at its top")
    cut = packed({"notebook.ipynb": as_json(NOTEBOOK), "submission.jsonX": as_json(CLAIM)})
    refused(cut.replace(b"submission.jsonX", b"submission.json\0"), "no submission.json at its top")  # zipfile cuts it there


def test_two_of_a_name():
    buffer = io.BytesIO(zipped())
    with zipfile.ZipFile(buffer, "a") as twice, pytest.warns(UserWarning, match="Duplicate"):
        twice.writestr("submission.json", as_json(CLAIM | {"student": "s002"}))
    refused(buffer.getvalue(), "2 entries submission.json")


def with_entry(name, **fields):
    """A submission, one entry of whose table of contents says something else."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for one, content in (("notebook.ipynb", as_json(NOTEBOOK)), ("submission.json", as_json(CLAIM))):
            entry = zipfile.ZipInfo(one)
            if one == name:
                for field, value in fields.items():
                    setattr(entry, field, value)
            made.writestr(entry, content)
    return buffer.getvalue()


@pytest.mark.parametrize(("fields", "said"), [
    ({"external_attr": 0o120777 << 16}, "is a link or a device"),
    ({"external_attr": 0o060644 << 16}, "is a link or a device"),
    ({"external_attr": 0o040755 << 16}, "is a link or a device"),
    ({"compress_type": zipfile.ZIP_BZIP2}, "neither stored nor deflated"),
    ({"compress_type": zipfile.ZIP_LZMA}, "neither stored nor deflated")])
@pytest.mark.parametrize("name", ["notebook.ipynb", "submission.json"])
def test_odd_entries(name, fields, said):
    refused(with_entry(name, **fields), f"{name} in the zip: .*{said}")


def poked(content, offset, value, form="<H"):
    """The last entry of the table of contents (``submission.json``) with other bytes at a place of its header."""
    at = content.rindex(b"PK\x01\x02") + offset
    return content[:at] + struct.pack(form, value) + content[at + struct.calcsize(form):]


def test_entries_that_lie():
    refused(poked(zipped(), 8, 1), "is encrypted")
    refused(poked(zipped(), 24, 2 ** 31, "<I"), "larger than 1 MB when it is unpacked")
    refused(poked(zipped(), 24, len(as_json(CLAIM)) - 1, "<I"), "is damaged")
    refused(poked(zipped(), 24, len(as_json(CLAIM)) + 1, "<I"), "is damaged")
    refused(poked(zipped(), 16, 12345, "<I"), "is damaged")  # the checksum
    refused(poked(zipped(), 42, 2 ** 31, "<I"), "is damaged")  # where it begins
    refused(poked(zipped(), 20, 3, "<I"), "is damaged")  # how long it is


def test_bombs():
    refused(zipped(b" " * (20 * 1024 ** 2 + 1)), "larger than 20 MB when it is unpacked")
    refused(zipped(b" " * (20 * 1024 ** 2 - 1)), "grows more than 200 times")
    refused(zipped(claim=b" " * (1024 ** 2 + 1)), "larger than 1 MB when it is unpacked")
    refused(b"PK\x01\x02" * 6_000_000, "far more entries")
    refused(packed({f"{number}": b"" for number in range(1_001)}), "far more entries")


@pytest.mark.parametrize(("content", "said"), [
    (b"", "damaged"), (b"[]", "damaged"), (b"{}", "damaged"), (b"\xff", "damaged"), (b"\xef\xbb\xbf" + bare(), "damaged"),
    (b"[" * 60, "damaged"), (b"[" * 61, "nested more than 60 deep"), (b'{"a":' * 50_000, "nested more than 60"),
    (bare(nbformat=3), "damaged"), (bare(cells=7), "damaged"),
    (bare(cells=[7]), "damaged"), (bare(cells=["code"]), "damaged"), (bare(metadata=[]), "damaged"),
    (bare().replace(b'"s001"', b"NaN"), "damaged"), (bare().replace(b'"s001"', b"1e999"), "damaged"),
    (bare().replace(b'"s001"', b'"\\ud800"'), "damaged"), (bare().replace(b'"s001"', b"9" * 5_000), "damaged"),
    (bare(nbformat=4.0), "nbformat is no small number"), (bare(nbformat_minor="5"), "nbformat_minor is no small number"),
    (bare(nbformat_minor=10 ** 9), "nbformat_minor is no small number"),
    (bare(cells=[NOTEBOOK["cells"][1]] * 2_001), "more than 2,000 cells"),
    (cell(source="x" * (1024 ** 2 + 1)), "cell 1 has more than 1,048,576 characters"),
    (cell(source=["xy" * 1024] * 512 + ["x"]), "cell 1 has more than 1,048,576 characters"),
    (cell(source={"print(1)": 1}), "cell 1 has no text"), (cell(source=None), "damaged"), (cell(id=7), "cell 1 has no text"),
    (cell(cell_type="script"), "cell 1 is neither code nor text"), (cell(cell_type=["code"]), "cell 1 is neither"),
    (cell(metadata={"tags": [7]}), "cell 1 has a tag that is no text"), (cell(metadata={"tags": "x"}), "damaged"),
    (b'{"x": [' + b"[]," * 130_000 + b"1]}", "too many parts"),
    (b'"' + b"x" * (20 * 1024 ** 2) + b'"', "larger than 20 MB")])
def test_what_is_no_notebook(content, said):
    refused(content, said, "x.ipynb")


def test_what_is_just_small_enough():
    assert len(of(bare(cells=[NOTEBOOK["cells"][1]] * 2_000), "x.ipynb").notebook["cells"]) == 2_000
    assert of(cell(source="x" * 1024 ** 2), "x.ipynb").notebook["cells"][0]["source"] == "x" * 1024 ** 2
    assert of(bare(x="[,{" * 1_000_000), "x.ipynb").notebook["x"]  # parts are what stands outside texts


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"7", b"null", b"{}", b'{"format": 2}', b'{"format": true}', b"\xff\xfe{}", b'{"format": 1, "x": NaN}',
    b'{"format": 1, "x": ' + b"[" * 100_000])
def test_what_is_no_claim(content):
    refused(zipped(claim=content), "submission.json")


@pytest.mark.parametrize(("name", "values"), [
    ("module", [7, None, ["04-control"]]), ("student", [7, {}, None]), ("version", ["1", 1.0, True, -1, 10 ** 30, None]),
    ("practice", [0, "no", None]), ("anyway", [1, "yes"]), ("pebbletrail", [1]),
    ("time", [7, "", "yesterday", "2026-03-01", "2026-13-01T12:00:00Z", "2026-3-1T12:00:00Z", "2026-03-01T12:00:00+00:00",
              "٢٠٢٦-03-01T12:00:00Z"]),
    ("files", [[], {"a.csv": 7}, {"a.csv": "x"}, {"a.csv": DIGEST.upper()}, {"a.csv": DIGEST + "\n"},
               {f"{number}": DIGEST for number in range(201)}]),
    ("notebook", ["n", {}, {"name": "n"}, {"name": 7, "sha256": DIGEST}, {"name": "n", "sha256": ""}]),
    ("answers", [[], {"q1": None}, {"q1": True}, {"q1": {}}, {"q1": [1]}, {"q1": 10 ** 400},
                 {f"{number}": 1 for number in range(201)}]),
    ("unanswered", ["q1", [1], ["q"] * 201]), ("differs", [{}, [None]]),
    ("error", ["x", {}, {"section": "", "code": "", "name": "", "message": 7}])])
def test_fields_of_the_wrong_kind(name, values):
    for value in values:
        refused(zipped(claim=json.dumps(CLAIM | {name: value}).encode()), f"submission.json: '{name}' is not of the kind")
    infinite = json.dumps(CLAIM | {"answers": {"q1": 0}}).replace('"q1": 0', '"q1": 1e999').encode()
    refused(zipped(claim=infinite), "submission.json: 'answers'")


def test_what_is_unknown_is_dropped_and_what_is_not_there_is_left_out():
    assert of(zipped(claim=as_json({"format": 1, "student": "s001", "path": "/etc", "": 1}))).claim == {"format": 1,
                                                                                                        "student": "s001"}
    assert of(zipped(claim=as_json(CLAIM | {"error": None}))).claim["error"] is None


def test_texts_are_cleaned_and_bounded():
    odd = "s\ud800\x00\x1b[31m\u202e\u2028\n" + "x" * 1_000
    claim = CLAIM | {"student": odd, "answers": {odd: odd, "q2": "y" * 30_000, "q3": 3},
                     "error": dict.fromkeys(("section", "code", "name", "message"), odd)}
    made = of(zipped(claim=json.dumps(claim).encode())).claim
    assert made["student"].startswith("s?[31mxxx")
    assert len(made["student"]) <= 200
    assert len(made["error"]["message"]) <= 300
    assert made["answers"][made["student"]].startswith("s?[31m\nxxx")  # in an answer lines stay
    assert made["answers"]["q2"] == "y" * 20_000
    assert made["answers"]["q3"] == 3.0
    assert type(made["answers"]["q3"]) is float
    json.dumps(made, allow_nan=False).encode("ascii")


# --- how deep it is nested -----------------------------------------------------------------------------------------------


def deeper(levels, call):
    """What a call gives, made so many frames from the bottom of the stack."""
    frame, depth = sys._getframe(), 0
    while frame:
        frame, depth = frame.f_back, depth + 1
    return call() if depth >= levels else deeper(levels, call)


def nested(place, levels):
    """A submission that is nested so many levels deep at a place, everything around it counted."""
    notebook, claim, around = json.loads(json.dumps(NOTEBOOK)), dict(CLAIM), 2
    if place == "outputs":
        notebook["cells"][0]["outputs"], around = "@@", 3
    elif place == "widgets":
        notebook["metadata"]["widgets"] = "@@"
    elif place == "kept metadata":
        notebook["metadata"]["x"] = "@@"
    else:
        claim["unknown"], around = "@@", 1
    deep = b"[" * (levels - around) + b"]" * (levels - around)
    return zipped(as_json(notebook).replace(b'"@@"', deep), as_json(claim).replace(b'"@@"', deep))


@pytest.mark.parametrize("place", ["outputs", "widgets", "kept metadata", "claim"])
def test_the_verdict_does_not_depend_on_how_deep_the_caller_is(place):
    """Python's own reader counts the frames of whoever calls it: what it opens here it may not open there."""
    for levels in (55, 59, 60, 61, *range(900, 1_001, 4), 981, 982, 983, 985, 986, 987, 989, 100_000):
        content = nested(place, levels)
        shallow, deep = outcome(content, "x.zip"), deeper(700, lambda content=content: outcome(content, "x.zip"))
        assert shallow == deep
        assert ("nested more than 60 deep" in str(shallow)) == (levels > 60)
        assert isinstance(shallow, str) == (levels > 60)


def test_a_notebook_at_every_limit_is_not_made_longer():
    """Written with a new line and blanks for every part, as it once was, this would be thirty times as much."""
    around = 2
    zeros = b",".join([b"0"] * (MOST_PARTS - bare().count(b",") - 100))
    deep = b"[" * (60 - around) + zeros + b"]" * (60 - around)
    metadata = NOTEBOOK["metadata"] | {"x": "@@"}
    made = of(bare(metadata=metadata).replace(b'"@@"', deep), "x.ipynb")
    assert len(made.content) < 2 * len(deep)


# --- whatever bytes there are --------------------------------------------------------------------------------------------


def outcome(content, name):
    """Opened, or that one error; what comes back can be stored."""
    try:
        made = of(content, name)
    except NotASubmission as error:
        return str(error)
    json.dumps(made.claim, allow_nan=False, ensure_ascii=False).encode("utf-8")
    assert json.loads(made.content) == made.notebook
    return made


ANY = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("code"),
                   lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
                   max_leaves=15)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["x.zip", "x.ipynb", ""]))
def test_any_bytes(content, name):
    assert isinstance(outcome(content, name), str)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10 ** 6), st.integers(0, 255)), min_size=1, max_size=6), st.integers(0, 40))
def test_a_submission_with_some_bytes_changed(changes, cut):
    content = bytearray(zipped())
    for at, value in changes:
        content[at % len(content)] = value
    outcome(bytes(content[:len(content) - cut]), "x.zip")


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(CLAIM)), ANY)
@example("version", 10 ** 400)
def test_a_claim_with_any_value_in_a_field(name, value):
    outcome(zipped(claim=json.dumps(CLAIM | {name: value}).encode("utf-8")), "x.zip")


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["nbformat", "nbformat_minor", "metadata", "cells"]), ANY)
def test_a_notebook_with_any_value_in_a_field(name, value):
    outcome(json.dumps(NOTEBOOK | {name: value}).encode("utf-8"), "x.ipynb")


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["cell_type", "source", "metadata", "id", "outputs", "tags"]), ANY)
def test_a_cell_with_any_value_in_a_field(name, value):
    outcome(cell(**{name: value}), "x.ipynb")


@given(st.text(), st.integers(0, 50), st.booleans())
def test_plain_text_can_be_stored(text, most, lines):
    made = plain(text + "\ud800", most, lines)
    made.encode("utf-8")
    assert len(made) <= most
    assert made.isprintable() or set(made) - {sign for sign in made if sign.isprintable()} <= {
        sign for sign in text if not sign.isprintable()}
    assert len(made.splitlines()) <= 1 or lines
