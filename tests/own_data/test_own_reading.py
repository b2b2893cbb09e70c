"""Files as firms keep them, and files that are broken: each is read as it stands, or refused in one clear message."""

import hashlib
import io
import os

import pandas as pd
import pytest

from pebbletrail.own_data.given import NotUsable
from pebbletrail.own_data.read import read

TABLE = pd.DataFrame({"Équipe": ["Nord", "Süd; Ost", '5" x'], "Note": [4.5, 3.25, None],
                      "Le": ["01/02/2026", "", "03/02/2026"]})


def refused(path):
    with pytest.raises(NotUsable) as error:
        read(path, "calls")
    [problem] = error.value.problems
    assert str(error.value).startswith("--data calls: ")
    assert problem.stops
    assert problem.mend
    assert problem.mend in str(error.value)
    return problem.code, str(error.value)


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_and_encodings(tmp_path, encoding, separator):
    path = tmp_path / "à voir.csv"
    TABLE.to_csv(path, sep=separator, encoding=encoding, index=False)
    found = read(path, "calls")
    assert list(found.frame.columns) == ["Équipe", "Note", "Le"]
    assert list(found.frame["Équipe"]) == ["Nord", "Süd; Ost", '5" x']
    assert list(found.frame.index) == [2, 3, 4]
    assert found.frame["Note"].tolist()[:2] == ["4.5", "3.25"]
    assert found.frame["Note"].isna().tolist() == [False, False, True]
    assert found.decimal == "."


def test_the_decimal_comma_is_seen(tmp_path):
    path = tmp_path / "a.csv"
    TABLE.to_csv(path, sep=";", decimal=",", index=False)
    assert read(path, "calls").decimal == ","
    assert "decimal comma" in read(path, "calls").passport.read_as


def test_the_passport_is_that_of_the_file(tmp_path):
    path = put(tmp_path, "a.csv", "a;b\r\n1;2\r\n3;4\r\n")
    about = read(path, "calls").passport
    assert about.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (about.source, about.bytes, about.rows, about.columns) == ("a.csv", 15, 2, 2)


def test_rows_keep_their_numbers_over_blank_lines_and_values_of_two_lines(tmp_path):
    path = put(tmp_path, "a.csv", 'a;b\n1;"x\ny"\n;\n\n2;z\n')
    assert read(path, "calls").frame["b"].to_dict() == {2: "x\ny", 5: "z"}


def test_excels_own_first_line_and_a_column_of_row_numbers(tmp_path):
    found = read(put(tmp_path, "a.csv", "sep=;\r\n;a;b\r\n0;1;2\r\n"), "calls").frame
    assert list(found.columns) == ["(column 1)", "a", "b"]


def test_ragged_rows_are_named_and_left_out(tmp_path):
    found = read(put(tmp_path, "a.csv", "a;b\n1;2\n1;2;3\n4;5\n6\n7;8;\n"), "calls")
    assert found.frame["a"].to_dict() == {2: "1", 4: "4", 6: "7"}
    [problem] = found.problems
    assert (problem.code, problem.rows, problem.count) == ("ragged", (3, 5), 2)
    assert found.passport.rows == 5


@pytest.mark.parametrize(("name", "content", "code", "words"), [
    ("a.csv", b"", "empty", "is empty"),
    ("a.csv", b"  \r\n", "empty", "is empty"),
    ("a.csv", b"a;b;c\r\n", "headings-only", "has headings and no row"),
    ("a.csv", b"a;b;a\r\n1;2;3\r\n", "duplicated-headings", "more than one column 'a'"),
    ("a.csv", b"PK\x03\x04xxxx", "other-format", "an Excel file under another name"),
    ("a.csv", b"PAR1xxxx", "other-format", "a parquet file under another name"),
    ("a.csv", b"<!DOCTYPE html><html>", "other-format", "is a web page"),
    ("a.csv", b"a;b\0\0\0\n", "other-format", "is no text"),
    ("a.csv", b"\xff\xfea", "wrong-encoding", "begins as utf-16"),
    ("a.csv", b"a~b,c\n1~2\n3~4\n5~6\n", "wrong-separator", "3 of 3 rows do not have the 2 values"),
    ("a.csv", b"a:b\n1:2\n", "wrong-separator", "is it ':'?"),
    ("a.csv", b"a;b\n" + "é;1\n".encode() + b"\xe9;2\n", "mixed-encodings", "line 3 is not in UTF-8"),
    ("a.csv", b"a;b;c\n1;2;3\n4;5", "cut-short", "ends inside row 3"),
    ("a.csv", b'a;b;c\n1;2;3\n"4;5;6\n7;8;9\n', "open-quote", "in row 3 a quotation mark opens a value"),
    ("a.csv", b'a;b;c\n1;2;3\n"4;5;6\n7;8;9\n7;8;9\n7;8;9\n"4;5;6\n1;2;3', "open-quote", "in row 3 a quotation mark"),
    ("a.csv", b'a;b\n"' + b"1;2\n" * 60_000, "open-quote", "for 60,001 lines more"),
    ("a.csv", b"a;b\n\x01\x02\x03;\x04\n", "other-format", "is no text"),
    ("a.xlsx", b"no workbook", "not-readable", "is damaged, or is no Excel file"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0rest", "not-readable", "protected by a password"),
    ("a.parquet", b"PAR1 and no more", "not-readable", "is damaged"),
    ("a.doc", b"words", "other-format", "is no .csv, .xlsx or .parquet"),
])
def test_files_that_cannot_be_used(tmp_path, name, content, code, words):
    found, told = refused(put(tmp_path, name, content))
    assert found == code
    assert words in told


@pytest.mark.parametrize(("content", "read_as", "rows"), [
    ("a;b\n1;é\n".encode("utf-16-le"), "utf-16-le", 1), ("a;b\n1;é\n".encode("utf-16-be"), "utf-16-be", 1),
    (b"a;b\n\xe9;1\n\xe9;2\n", "cp1252", 2),
    (b'a;b;c\n1;"a note,\nof two lines;\nand a third";3\n', "utf-8", 1),
    (b"a;b;c\n1;2;3\nthe end", "utf-8", 1)])
def test_files_that_look_broken_and_are_not(tmp_path, content, read_as, rows):
    """UTF-16 without its mark, one old encoding throughout, a value of several lines, a note at the end."""
    found = read(put(tmp_path, "a.csv", content), "calls")
    assert found.passport.read_as.endswith(read_as)
    assert len(found.frame) == rows


def test_a_parquet_cut_in_half(tmp_path):
    made = io.BytesIO()
    pd.DataFrame({"a": range(1000)}).to_parquet(made)
    code, told = refused(put(tmp_path, "a.parquet", made.getvalue()[:len(made.getvalue()) // 2]))
    assert code == "not-readable"
    assert "cut short" in told


def test_no_file_a_near_one_and_a_folder(tmp_path):
    put(tmp_path, "appels.csv", "a;b\n1;2\n")
    code, told = refused(tmp_path / "apels.csv")
    assert code == "no-file"
    assert "Did you mean" in told
    assert "appels.csv?" in told
    assert refused(tmp_path)[0] == "folder"


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs a file that root cannot read either")
def test_a_file_that_cannot_be_opened(tmp_path):
    (tmp_path / "a.csv").symlink_to("/proc/self/mem")
    assert refused(tmp_path / "a.csv")[0] in ("not-readable", "empty")


def test_a_file_too_large_is_for_an_engine(tmp_path):
    path = put(tmp_path, "a.csv", "a;b\n1;2\n")
    os.truncate(path, 300_000_000)  # sparse: it takes no room
    code, told = refused(path)
    assert code == "too-large"
    assert "--engine duckdb" in told


def test_a_sheet_with_its_rows_as_excel_numbers_them(tmp_path):
    path = tmp_path / "réponses.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"x": []}).to_excel(book, sheet_name="Leer", index=False)
        TABLE.to_excel(book, sheet_name="Antworten", index=False)
    found = read(path, "calls")
    assert list(found.frame.index) == [2, 3, 4]
    assert found.frame["Note"].tolist()[:2] == [4.5, 3.25]
    assert found.passport.read_as == "Excel, sheet Antworten"


def test_several_sheets_must_be_told_apart(tmp_path):
    path = tmp_path / "a.xlsx"
    with pd.ExcelWriter(path) as book:
        TABLE.to_excel(book, sheet_name="Mai", index=False)
        TABLE[:1].to_excel(book, sheet_name="Juni 1", index=False)
    code, told = refused(path)
    assert code == "several-sheets"
    assert "Mai, Juni 1" in told
    assert len(read(f"{path}#Juni 1", "calls").frame) == 1
    assert refused(f"{path}#Juli")[0] == "no-sheet"


def test_the_file_is_not_changed(tmp_path):
    path = put(tmp_path, "a.csv", "a;b\n1;2\n")
    path.chmod(0o444)
    before = path.read_bytes(), path.stat().st_mtime_ns
    read(path, "calls")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
