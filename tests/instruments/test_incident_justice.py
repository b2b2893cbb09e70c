"""Justice in incidents: scores worked by hand, what a score does not say, and the made-up table."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import pebbletrail as pt


@pytest.fixture(scope="module")
def justice():
    return pt.instrument("justice-in-incidents")


def answers(justice, value=4, rows=1, **changed):
    items = justice.table["item"]
    return pd.DataFrame(float(value), index=range(rows), columns=items).assign(**changed)


def test_scores_worked_by_hand(justice):
    """distributive 6 5 4 and a reversed 2, which counts as 6: 21/4. procedural 1 1 1 1 and a reversed 7: 1. interactional
    7 7 and a reversed 1, then 4, missing, 5: (7 + 7 + 7 + 4 + 5)/5 = 6."""
    row = justice.score(answers(
        justice, distributive1=6, distributive2=5, distributive3=4, distributive4=2, procedural1=1, procedural2=1,
        procedural3=1, procedural4=1, procedural5=7, interactional1=7, interactional2=7, interactional3=1, interactional4=4,
        interactional5=None, interactional6=5)).table.iloc[0]
    assert row[["distributive", "procedural", "interactional", "satisfaction", "stay"]].tolist() == [5.25, 1, 6, 4, 4]


@pytest.mark.parametrize("scale", ["distributive", "procedural", "interactional"])
def test_ticking_one_column_is_no_extreme(justice, scale):
    assert justice.score(answers(justice, 7)).table[scale][0] < 7


def test_interactional_justice_has_two_facets_of_three_items(justice):
    facets = justice.table.query("scale == 'interactional'")["facet"].tolist()
    assert facets == ["interpersonal"] * 3 + ["informational"] * 3


@pytest.mark.parametrize(("language", "words"), [
    ("en", "A favourable outcome is not a fair one"), ("fr", "Un résultat favorable n'est pas un résultat juste")])
def test_what_was_got_is_told_apart_from_what_was_fair(language, words):
    meaning = pt.instrument("justice-in-incidents", language).meaning.set_index("scale")["does_not_say"]
    assert words in meaning["distributive"]


def test_an_intention_is_said_not_to_be_behaviour(justice):
    assert "An intention is no behaviour" in justice.meaning.set_index("scale").loc["stay", "does_not_say"]


def test_customers_of_one_incident_are_not_independent(justice):
    made = justice.example(0)
    assert "share the same incident are not independent" in justice.reliability(made).text
    few = answers(justice, rows=40, incident=[f"i{n % 3}" for n in range(40)], respondent=range(40))
    assert "The answers belong to 3 incidents" in justice.score(few).text


def test_the_example_hangs_together_as_it_was_made(justice):
    """Satisfaction rests most on distributive and interactional justice, least on procedural; over many rows."""
    made = justice.example(2, rows=4000)
    scores = justice.score(made).table
    together = scores[["distributive", "interactional", "procedural", "satisfaction"]].corr()["satisfaction"]
    assert together["distributive"] > together["interactional"] + 0.02
    assert together["interactional"] > together["procedural"] + 0.05
    reliability = justice.reliability(made).table["estimate"]
    assert reliability.between(0.75, 0.95).all()  # reversed items are turned: otherwise alpha would fall


def test_the_example_says_that_it_is_made_up_and_is_the_same_for_a_seed(justice):
    made = justice.example(5)
    assert_frame_equal(made, justice.example(5))
    assert len(made) == 120
    assert made["respondent"].is_unique
    assert made[["respondent", "incident"]].map(lambda one: one.startswith("made-up")).all(axis=None)
    assert justice.score(made).text.startswith("Made up: drawn by chance")
    assert pt.instrument("justice-in-incidents", "fr").example(5).attrs["made_up"].startswith("Inventé")


@pytest.mark.parametrize(("name", "form"), [("levels-of-trust", "customer"), ("control-and-quality", "agent"),
                                            ("control-and-quality", "customer")])
def test_every_instrument_has_an_example(name, form):
    instrument = pt.instrument(name)
    made = instrument.example(rows=30, form=form)
    values = made[instrument.table.query("form == @form")["item"]]
    assert (values.isin(range(1, 8)) | values.isna()).all(axis=None)
    assert instrument.score(made, form).summary["n"].gt(20).all()


def test_real_answers_are_not_called_made_up(justice):
    assert "Made up" not in justice.score(answers(justice, rows=20)).text
    assert np.isfinite(justice.score(answers(justice, rows=20)).summary["mean"]).all()
