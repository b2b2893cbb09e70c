"""Beliefs stay on this machine, and the page's end knows what was said at its top."""

import json
import threading

import pytest

import pebbletrail as pt
from pebbletrail.explorers.belief import UNSAID, WORDS, keep_belief, read_beliefs
from pebbletrail.ledger_table import claims

CLAIM = "relational-chain"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PEBBLETRAIL_HOME", str(tmp_path))
    return tmp_path


def test_nothing_is_said_until_something_is_chosen(home):
    made = pt.belief(CLAIM)
    assert made.slider.value == UNSAID
    assert not (home / "beliefs.json").exists()
    made.slider.value = "cannot tell"
    assert read_beliefs()[CLAIM]["before"]["value"] == "cannot tell"


def test_the_end_of_the_page_knows_the_answer_given_at_its_top():
    before, after = pt.belief(CLAIM), pt.belief(CLAIM, when="after")
    assert "You set no belief" in after.note.value
    before.slider.value = WORDS[3]
    assert f"you said: <b>{WORDS[3]}</b>" in after.note.value


def test_a_belief_can_be_taken_back():
    before, after = pt.belief(CLAIM), pt.belief(CLAIM, when="after")
    before.slider.value = WORDS[0]
    before.slider.value = UNSAID
    assert "before" not in read_beliefs()[CLAIM]
    assert "You set no belief" in after.note.value


def test_a_belief_is_found_again_and_others_stay(home):
    keep_belief("trust-is-transitive", "before", WORDS[0])
    pt.belief(CLAIM).slider.value = WORDS[4]
    assert pt.belief(CLAIM).slider.value == WORDS[4]
    kept = json.loads((home / "beliefs.json").read_text(encoding="utf-8"))
    assert set(kept) == {CLAIM, "trust-is-transitive"}


@pytest.mark.parametrize("damage", ["", "{", "[1, 2", "not json"])
def test_a_damaged_file_is_no_obstacle(home, damage):
    (home / "beliefs.json").write_text(damage, encoding="utf-8")
    pt.belief(CLAIM).slider.value = WORDS[1]
    assert read_beliefs()[CLAIM]["before"]["value"] == WORDS[1]


def test_unknown_claims_and_moments_are_refused():
    with pytest.raises(ValueError, match="Did you mean 'relational-chain'"):
        pt.belief("relational-chains")
    with pytest.raises(ValueError, match="not one of before, after"):
        pt.belief(CLAIM, when="during")


def test_a_sentence_of_the_page_stands_for_a_claim_that_is_none():
    shown = pt.belief("campus-autonomy", sentence="Without control of the individual, customers are served better.")
    assert "served better" in shown.static()
    assert "add value to brands" not in shown.static()
    assert shown.claim.id == "campus-autonomy", "it is kept under the claim all the same"


def test_the_static_twin_lists_the_answers():
    bundle = pt.belief(CLAIM)._repr_mimebundle_()
    assert all(word in bundle["text/html"] for word in WORDS)


def test_beliefs_set_in_two_threads_are_both_kept():
    """JupyterLab may have two sliders heard in two threads: each reads the file, adds its own and writes it."""
    ids = list(claims())
    threads = [threading.Thread(target=keep_belief, args=(one, "before", WORDS[1])) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read_beliefs()) == sorted(ids)
