"""Pooling without each study in turn: against metafor's ``leave1out`` (tests/oracles/pooling.R) and pools of the rest."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pebbletrail.models.pooling.studies import pool

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
STUDIES = pd.read_csv(ORACLES / "pooling-studies.csv", comment="#")
LEFT = pd.read_csv(ORACLES / "pooling-left-out.csv", comment="#")
NAMES = {"knha": "knapp-hartung", "FE": "fixed"}
COLUMNS = ["left_out", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "i2"]


def studies(case):
    chosen = STUDIES[STUDIES["case"] == case]
    return chosen["yi"].to_numpy(), chosen["vi"].to_numpy()


@pytest.mark.parametrize(("case", "method", "test"), [group for group, _ in LEFT.groupby(["case", "method", "test"])])
def test_metafor_gives_the_same_to_six_digits(case, method, test):
    found = pool(*studies(case), NAMES.get(method, method), NAMES.get(test, test)).leave_one_out()
    expected = LEFT[(LEFT["case"] == case) & (LEFT["method"] == method) & (LEFT["test"] == test)]
    assert found.columns.to_list() == COLUMNS
    assert found["left_out"].to_list() == [f"study {i}" for i in expected["study"]]
    np.testing.assert_allclose(found[COLUMNS[1:]], expected[COLUMNS[1:]], rtol=1e-6, atol=1e-8)


def test_it_is_the_pool_of_the_others_under_their_own_names():
    y = pd.Series({"Zurich": 0.1, "Trento": 0.5, "Jena": -0.2, "Boston": 0.9})
    v = pd.Series([0.001, 0.02, 0.001, 0.15], index=y.index)
    found = pool(y, v).leave_one_out().set_index("left_out")
    for name in y.index:
        rest = pool(y.drop(name), v.drop(name))
        expected = [rest.estimate, rest.se, *rest.ci, rest.p_value, rest.tau2, rest.i2]
        assert found.loc[name].to_list() == pytest.approx(expected)


def test_the_pool_is_not_bent_by_what_a_reader_does_to_its_table():
    found = pool(*studies("bcg"))
    before = found.leave_one_out()
    found.table["se"] = 1.0
    pd.testing.assert_frame_equal(found.leave_one_out(), before)


def test_the_sentence_names_the_study_that_moves_the_mean_most():
    """Left out, trial 4 moves the mean from −0.71 to −0.63, the largest difference in metafor's table."""
    text = pool(*studies("bcg")).leave_one_out_text
    expected = LEFT.query("case == 'bcg' and method == 'REML'")
    assert (expected["estimate"] + 0.7145).abs().idxmax() == expected.index[3]
    assert text == ("Without study 4 the mean would be -0.63 (95 % interval -1.03 to -0.23) instead of -0.71 (-1.11 to "
                    "-0.32); no other study moves it more. The interval lies below 0 whichever study is left out: no single "
                    "one decides.")


def test_the_sentence_says_when_the_interval_holds_0_in_any_case():
    text = pool(*studies("hidden-costs")).leave_one_out_text
    assert "The interval holds 0 whichever study is left out: no single one decides." in text


def test_the_sentence_says_when_one_study_decides():
    y, v = [0.9, 0.05, 0.1, 0.0, -0.03], [0.001] * 5
    text = pool(y, v, "fixed", "z").leave_one_out_text  # equal weights: 0.204 ± 0.028, without the first 0.030 ± 0.031
    assert "Without study 1 the mean would be 0.03" in text
    assert text.endswith("With all studies the interval lies above 0; without study 1 it does not: the conclusion is "
                         "fragile.")
    turned = pool([-0.9, 0.05, 0.6, 0.6], [0.01] * 4, "fixed", "z").leave_one_out_text  # 0.0875 ± 0.098
    assert "With all studies the interval holds 0; without study 1 it does not: the conclusion is fragile." in turned


def test_many_studies_that_turn_it_are_counted_not_listed():
    """1.96 √(0.0245 / 8) = 0.108 and 1.96 √(0.0245 / 7) = 0.116; the mean is 0.11."""
    whole = pool([0.11] * 8, [0.0245] * 8, "fixed", "z")
    assert whole.ci[0] > 0
    told = "without any one of study 1, study 2, study 3, study 4, study 5 and 3 more it does not"
    assert told in whole.leave_one_out_text
    assert "holds 0 whichever" in pool([0.11] * 8, [0.098] * 8, "fixed", "z").leave_one_out_text


def test_of_two_studies_none_can_be_left_out():
    with pytest.raises(ValueError, match=r"^effects: leaving one study out needs at least 3 studies, .* there are 2"):
        pool([0, 1], [0.1, 0.1]).leave_one_out()
