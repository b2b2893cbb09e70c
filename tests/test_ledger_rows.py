"""Every row of the ledger, the claims and the references keeps the rules of honesty."""

import re

import pytest

from pebbletrail.agreement import Printed
from pebbletrail.home import project_folder
from pebbletrail.ledger_table import claims, ledger, references, short_citation
from pebbletrail.passports import all_passports

LINES = list(ledger().values())
COUNTED = [line for line in LINES if line.counts]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_row_is_complete_and_known(line):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)?", line.id)
    assert line.study in references()
    assert line.claim in claims()
    assert 1 <= int(line.page) <= 13
    assert line.how in ("recomputed", "consistency", "quoted")
    assert line.seen in ("primary", "secondary")
    for field in ("quantity", "published", "unit", "where", "source"):
        assert getattr(line, field).strip(), field
    assert set(line.needs) <= set(all_passports())


@pytest.mark.parametrize("line", COUNTED, ids=lambda line: line.id)
def test_compared_row_can_be_judged(line):
    Printed.read(line.published)
    assert line.expected in ("agrees", "differs")
    assert bool(line.because) == (line.expected == "differs"), "a line that differs says why, and only such a line"
    if line.tolerance:
        number, told = line.tolerance.split(":", 1)
        assert float(number) > 0
        assert len(told.split()) >= 4, "a stated tolerance says how it was got"
    if line.how == "recomputed":
        assert line.needs, "a recomputed line names the data it is computed from"


@pytest.mark.parametrize("line", [line for line in LINES if not line.counts], ids=lambda line: line.id)
def test_quoted_row_expects_nothing(line):
    assert not line.expected
    assert not line.because
    assert not line.tolerance


def test_claims_are_the_thirty_six_with_a_home():
    assert len(claims()) == 36
    for claim in claims().values():
        assert 1 <= int(claim.home_page) <= 13
        assert claim.kind.split(",")[0].split(" ")[0] in ("finding", "belief", "aim", "question", "forecast")
        assert claim.claim
        assert claim.speaker
        assert set(claim.source.split(", ")) <= {"P12a", "P12b", "R13", "K", "D"}


def test_references_are_read_whole():
    """Counted independently: as many entries as there are @-lines, each with author, title and year."""
    text = (project_folder("datasets") / "references.bib").read_text(encoding="utf-8")
    assert len(references()) == len(re.findall(r"^@", text, flags=re.M))
    for key, entry in references().items():
        assert {"author", "title", "year"} <= set(entry), key
        assert re.fullmatch(r"\d{4}", entry["year"])
        assert re.fullmatch(r"10\.\d{4,}/\S+", entry.get("doi", "10.1234/x")), key


def test_short_citations():
    assert short_citation("burdin-halliday-landini-2018") == "Burdin, Halliday & Landini 2018"
    assert short_citation("monecke-leisch-2012") == "Monecke & Leisch 2012"
    assert short_citation("palmatier-2006") == "Palmatier and others 2006"
