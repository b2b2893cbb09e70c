"""Names and comments as CSV: they come back as they were, and none of them runs in a spreadsheet."""

import csv
import io

import pandas as pd
import pytest

from pebbletrail.grading.spreadsheet import MARK, csv_bytes, neutral

ATTACKS = ["=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "-", "\t=1", "\r=1", "\n=1", "  =1", '"=1"', "“=1”", "\xa0-1",
           "\u200b=1", "\ufeff=1", "\x00=1", "\u202e=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20A1", "\ufe661",
           '=HYPERLINK("https://x","y")']
HARMLESS = ["Ada Lind", "Bo O'Brien", "Émile Müller-Costa", "12.5", "a=b", "x@y.org", "s-001", "", "q1: 2 of 3 · q2: 0 of 1",
            "good, -1 for the unit", "'=1", "    Points Possible", "Ada; Bo", '"Ada"']


def runs(cell):
    """Whether a spreadsheet would take a cell for a formula, by a reading that knows no regular expression."""
    bare = cell.lstrip(" \t\r\n\xa0\u200b\ufeff\x00\u202e\"“”")
    return cell[:1] in ("\t", "\r") or bare[:1] in tuple("=+-@＝＋－＠﹦")


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_gets_an_apostrophe_and_stays_recognisable(text):
    assert runs(text)
    assert neutral(text).startswith("'")
    kept = [sign for sign in text if sign.isalnum()]
    assert [sign for sign in neutral(text) if sign.isalnum()] == kept
    assert neutral(neutral(text)) == neutral(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_as_it_is(text):
    assert neutral(text) == text


@pytest.mark.parametrize("text", ["Ada;=1+1", "Ada; =1+1;b", "Ada\n=1+1", "Ada\n+1\n-2", "x\t@SUM(1)", "a;;＝1", 'b;"=1"',
                                  "c;\u2066=1"])
def test_a_spreadsheet_that_splits_elsewhere_runs_nothing_either(text):
    for separator in ";\t\n":
        assert not any(runs(part) for part in neutral(text).split(separator))
    assert neutral(text).replace("'", "") == text.replace("\u2066", "")


def test_marks_that_turn_the_direction_of_text_and_half_characters_are_left_out():
    assert neutral("Ada\u202e dniL\x00\x07") == "Ada dniL"
    assert csv_bytes([["a\ud800b"]]).decode("utf-8") == "a\ufffdb\r\n"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("sign", "\t ;\"'\n")
def test_a_long_text_does_not_take_the_square_of_its_length(sign):
    """Two million signs take less than a second, their square hours."""
    assert neutral(sign * 2_000_000) == "'" * (sign == "\t") + sign * 2_000_000


NAMES = ["Bo O'Brien", 'Ada "Lovely" Lind', "Lind, Ada", "Chen\nCosta", "Émile; Müller", "de Vries\\", " spaced ",
         "\u0417\u043e\u044f \u674e", *HARMLESS[:3]]


def test_rows_come_back_through_the_csv_module_and_pandas():
    rows = [["id", "name"], *([f"s{place}", name] for place, name in enumerate(NAMES))]
    content = csv_bytes(rows)
    assert list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)) == rows
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    assert table.name.tolist() == NAMES


def test_no_cell_of_a_file_runs():
    content = csv_bytes([["name"], *([name] for name in ATTACKS)])
    cells = [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)]
    assert len(cells) == 1 + len(ATTACKS)
    assert not any(map(runs, cells))


def test_lines_end_as_the_standard_has_it_and_the_mark_is_there_when_asked_for():
    assert csv_bytes([["a", "b"], ["1", "é,"]]) == b'a,b\r\n1,"\xc3\xa9,"\r\n'
    assert csv_bytes([["a"]], mark=True) == MARK + b"a\r\n" == "a\r\n".encode("utf-8-sig")
