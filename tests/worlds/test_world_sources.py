"""What a world's parameters cite stands in the ledger, so that a reader can look it up."""

import re

import pytest

import pebbletrail as pt
from pebbletrail.ledger_table import ledger

ID = re.compile(r"\b[a-z]+\d*-[a-z0-9]+(?:\.[a-z0-9-]+)?\b")


@pytest.mark.parametrize("world", [pt.CallCentre, pt.Circle, pt.Relationship, pt.Firestorm])
def test_cited_lines_stand_in_the_ledger(world):
    cited = {id for source in world().table["source"] for id in ID.findall(source)}
    assert cited, "no parameter of this world rests on evidence"
    assert cited - set(ledger()) == set()
