"""What people type after ``pebbletrail replicate``."""

import pytest

from pebbletrail import cli_replicate
from pebbletrail.cli import build_parser, main
from pebbletrail.practice.arguments import mapping_of, scales_of, sources_of
from pebbletrail.practice.definition import Column, Practice, Table

SAID = {"en": "what", "fr": "quoi"}


def column(name, kind="number"):
    return Column(name, kind, SAID, SAID)


ABOUT = Practice(name="made-up", version="1", date="2026-11-22", title=SAID, question=SAID, grain=SAID, estimand=SAID,
                 instrument="", pages=(), unit="team", exposure="control", outcome="quality", privacy=SAID, council=SAID,
                 tables=(Table("calls", "call", SAID, (column("call", "code"), column("team", "group"), column("control"))),
                         Table("survey", "call", SAID, (column("call", "code"), column("quality", "scale")))),
                 joins=(), plan="", words={})


def test_files_by_table_and_a_file_alone_is_the_first_table():
    assert sources_of(["calls=a b.csv", "survey=é.xlsx#Feuille 1"], ABOUT) == {
        "calls": "a b.csv", "survey": "é.xlsx#Feuille 1"}
    assert sources_of(["all.csv"], ABOUT) == {"calls": "all.csv"}
    assert sources_of(["folder/a=b.csv"], ABOUT) == {"calls": "folder/a=b.csv"}
    assert sources_of(["calls=t@postgres://host/db?sslmode=require"], ABOUT) == {
        "calls": "t@postgres://host/db?sslmode=require"}


def test_a_file_whose_name_holds_an_equals_sign_is_found_where_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a=b.csv").write_text("x")
    assert sources_of(["a=b.csv"], ABOUT) == {"calls": "a=b.csv"}


@pytest.mark.parametrize(("given", "words"), [
    (["cals=x.csv"], ("--data", "'cals'", "calls, survey", "Did you mean calls?")),
    (["x.csv", "y.csv"], ("which table is which", "--data calls=x.csv --data survey=y.csv")),
    (["calls=x.csv", "calls=y.csv"], ("--data", "calls is given twice", "x.csv", "y.csv"))])
def test_tables_that_are_unknown_or_given_twice(given, words):
    with pytest.raises(ValueError, match="--data") as error:
        sources_of(given, ABOUT)
    assert all(word in str(error.value) for word in words)


def test_headings_with_signs_of_their_own():
    assert mapping_of(["quality=q1+q2", "control = Part = dictée", "survey.quality=n"], ABOUT) == {
        "quality": "q1+q2", "control": "Part = dictée", "survey.quality": "n"}


@pytest.mark.parametrize(("given", "words"), [
    (["quality"], ("STUDY=OWN", "'quality'")), (["=x"], ("STUDY=OWN",)), (["quality="], ("STUDY=OWN",)),
    (["qualty=x"], ("'qualty'", "Did you mean quality?")), (["team=a", "team=b"], ("team is given twice", "a", "b"))])
def test_maps_that_cannot_be_meant(given, words):
    with pytest.raises(ValueError, match="--map") as error:
        mapping_of(given, ABOUT)
    assert all(word in str(error.value) for word in words)


def test_scales():
    assert scales_of(["quality=0,5..7"], ABOUT) == {"quality": (0.5, 7.0)}
    assert scales_of(["quality = -3 .. 3"], ABOUT) == {"quality": (-3.0, 3.0)}


@pytest.mark.parametrize(("given", "words"), [
    (["quality=7"], ("NAME=LOW..HIGH",)), (["quality=7..1"], ("not below",)), (["quality=5..5"], ("not below",)),
    (["team=1..5"], ("'team' is no rating scale", "quality")), (["qualit=1..5"], ("Did you mean quality?",))])
def test_scales_that_cannot_be_meant(given, words):
    with pytest.raises(ValueError, match="--scale") as error:
        scales_of(given, ABOUT)
    assert all(word in str(error.value) for word in words)


def test_whatever_is_wrong_with_the_options_is_told_at_once(capsys):
    assert main(["replicate", "control-and-quality", "--data", "cals=a.csv", "--map", "qualty=a", "zzz=b",
                 "--scale", "quality=7", "--worth", "much", "--volume", "lots"]) == 2
    told = capsys.readouterr().err
    for word in ("'cals'", "'qualty'", "'zzz'", "'quality=7'", "--cost", "'much'", "'lots'"):
        assert word in told
    assert len(told.splitlines()) == 7


def test_tables_behind_one_option_and_the_practice_last():
    parse = build_parser().parse_args
    given = parse(["replicate", "--data", "calls=a.csv", "survey=b.csv", "--map", "quality=q", "control-and-quality"])
    assert cli_replicate.practice_of(given) == "control-and-quality"
    assert (given.data, given.map) == ([["calls=a.csv", "survey=b.csv"]], [["quality=q"]])
    given = parse(["replicate", "relational-chain", "--data", "answers=a.csv"])
    assert cli_replicate.practice_of(given) == "relational-chain"


@pytest.mark.parametrize("options", [["--data", "calls.csv"], ["--map", "quality=q"], ["--data", "control-and-quality"]])
def test_options_without_a_practice_are_not_left_aside(capsys, options):
    assert main(["replicate", *options]) == 2
    assert "PRACTICE" in capsys.readouterr().err
