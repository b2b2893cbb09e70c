"""Small-study methods: against metafor's ``regtest`` and R's ``lm`` (tests/oracles/pooling.R), statsmodels, closed forms."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pebbletrail.models.pooling.correlations import pool_correlations
from pebbletrail.models.pooling.small_studies import CAUTION
from pebbletrail.models.pooling.studies import pool

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
STUDIES = pd.read_csv(ORACLES / "pooling-studies.csv", comment="#")
EXPECTED = pd.read_csv(ORACLES / "pooling-small.csv", comment="#")
COLUMNS = ["estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high"]
CASES = ["bcg", "made-up"]


def studies(case):
    chosen = STUDIES[STUDIES["case"] == case]
    return chosen["yi"].to_numpy(), chosen["vi"].to_numpy()


def made(k=12, bias=0.0, effect=0.3, seed=1, spread=1.0):
    """Effects that differ by chance, more from 0 the larger their error where there is a ``bias``."""
    rng = np.random.default_rng(seed)
    error = np.linspace(0.05, 0.5, k)
    return effect + bias * error + spread * error * rng.normal(size=k), error**2


def expected(case, term):
    return EXPECTED[(EXPECTED["case"] == case) & (EXPECTED["term"] == term)].iloc[0]


@pytest.mark.parametrize("case", CASES)
def test_metafor_gives_the_same_test_and_limit(case):
    found, theirs = pool(*studies(case)).egger(), expected(case, "regtest")
    assert (found.statistic, found.df) == (pytest.approx(theirs["statistic"], rel=1e-7), theirs["df"])
    assert found.p_value == pytest.approx(theirs["p_value"], rel=1e-7)
    limit = found.table.set_index("term").loc["intercept"]
    assert limit[["estimate", "ci_low", "ci_high"]].to_list() == pytest.approx(
        [theirs["estimate"], theirs["ci_low"], theirs["ci_high"]], rel=1e-7)


@pytest.mark.parametrize("case", CASES)
def test_r_gives_the_same_pet_and_peese(case):
    found = pool(*studies(case)).pet_peese().table
    assert found["term"].to_list() == ["PET", "PEESE", "PET slope", "PEESE slope"]
    for _, row in found.iterrows():
        np.testing.assert_allclose(row[COLUMNS].to_list(), expected(case, row["term"])[COLUMNS].to_list(), rtol=1e-7)


def test_statsmodels_gives_the_same_weighted_regression():
    import statsmodels.api as sm

    y, v = made(30, bias=0.5)
    theirs = sm.WLS(y, sm.add_constant(v**0.5), weights=1 / v).fit()
    table = pool(y, v).egger().table
    np.testing.assert_allclose(table["estimate"], theirs.params, rtol=1e-9)
    np.testing.assert_allclose(table["se"], theirs.bse, rtol=1e-9)
    np.testing.assert_allclose(table["p_value"], theirs.pvalues, rtol=1e-7)
    np.testing.assert_allclose(table[["ci_low", "ci_high"]], theirs.conf_int(), rtol=1e-8)


def test_effects_on_a_line_in_their_errors_are_taken_back_to_it():
    """Without chance PET finds the line in errors, PEESE the line in variances, exactly."""
    y, v = made(bias=0.8, spread=0.0)
    table = pool(y, v).pet_peese().table.set_index("term")["estimate"]
    assert (table["PET"], table["PET slope"]) == (pytest.approx(0.3), pytest.approx(0.8))
    v = made()[1]
    table = pool(0.3 + 2 * v, v).pet_peese().table.set_index("term")["estimate"]
    assert (table["PEESE"], table["PEESE slope"]) == (pytest.approx(0.3), pytest.approx(2))


@pytest.mark.parametrize(("effect", "chosen"), [(0.5, "PEESE"), (-0.5, "PEESE"), (0.0, "PET")])
def test_peese_is_chosen_where_pet_finds_an_effect_in_the_direction_of_the_mean(effect, chosen):
    found = pool(*made(effect=effect, bias=np.sign(effect))).pet_peese()
    table = found.table.set_index("term")
    assert found.chosen == chosen
    assert (found.estimate, found.se, found.p_value) == tuple(table.loc[chosen, ["estimate", "se", "p_value"]])
    assert found.ci == tuple(table.loc[chosen, ["ci_low", "ci_high"]])


def test_an_effect_against_the_mean_is_no_reason_for_peese():
    """PET turns the sign: −0.5 at an error of 0, and yet the pooled mean is above 0."""
    y, v = made(effect=-0.5, bias=5.0, spread=0.1)
    found = pool(y, v)
    pet = found.pet_peese()
    assert found.estimate > 0
    assert pet.table.loc[0, "p_value"] < 0.01
    assert (pet.chosen, pet.estimate < 0) == ("PET", True)
    assert ("PET was chosen since PET's effect does not differ from 0 in the direction of the pooled mean (one-sided test "
            "at "
            ".05).") in pet.text


def test_effects_on_a_line_leave_nothing_to_test():
    v = made()[1]
    for y, effect in (([0.3] * 12, "0.30"), ([0.0] * 12, "0.00"), (0.3 + 2 * v**0.5, "0.30")):
        found = pool(y, v)
        egger, pet = found.egger(), found.pet_peese()
        assert np.isnan(egger.statistic)
        assert (egger.table["se"] == 0).all()
        assert egger.text == ("Egger's test: the effects lie exactly on a line over their standard errors, so there is no "
                              f"error to test against, and no test. {CAUTION}")
        found = f"would find {effect} (no interval, since the fit is exact), if effects change with the error as PET"
        assert found in pet.text
        assert "PET was chosen since the effects lie exactly on its line, so that there is nothing to test." in pet.text
    peese = pool(0.3 + 2 * v, v).pet_peese()  # here PET has an error, and the line that PEESE draws has none
    assert peese.chosen == "PEESE"
    assert "would find 0.30 (no interval, since the fit is exact), if effects change with the error as PEESE" in peese.text


def test_one_sided_at_five_percent_is_two_sided_at_ten():
    """An effect with a two-sided p between .05 and .10 is enough for PEESE."""
    between = 0
    for seed in range(100):
        found = pool(*made(seed=seed, effect=0.15))
        pet = found.pet_peese().table.loc[0]
        if 0.05 < pet["p_value"] < 0.10 and pet["estimate"] * found.estimate > 0:
            between += 1
            assert found.pet_peese().chosen == "PEESE"
        if pet["p_value"] > 0.10:
            assert found.pet_peese().chosen == "PET"
    assert between > 0


# --- sentences ------------------------------------------------------------------------------------------------------

def test_egger_says_what_it_found_and_what_it_cannot_tell():
    clear = pool(*made(40, bias=3.0)).egger()
    assert clear.p_value < 0.001
    assert clear.text.startswith("Egger's test: studies with larger errors find higher effects (t = ")
    assert clear.text.endswith(f"{CAUTION} The test does not tell which.")
    assert "find lower effects" in pool(*made(40, bias=-3.0)).egger().text
    nothing = pool(*studies("bcg")).egger().text
    assert nothing == ("Egger's test: no sign that effects go with the size of a study's error (t = -1.40 on 11 degrees of "
                       "freedom, p = .189). With 13 studies it finds only strong asymmetry: this does not show that no "
                       f"study is missing. {CAUTION}")


def test_pet_peese_says_which_was_chosen_why_and_how_far_it_can_be_trusted():
    text = pool(*studies("bcg")).pet_peese().text
    assert text == ("A study without sampling error would find -0.19 (95 % interval -0.68 to 0.29), if effects change with "
                    "the error as PET supposes; the pooled mean is -0.71. PET was chosen since PET's effect does not differ "
                    "from 0 in the direction of the pooled mean (one-sided test at .05). With only 13 studies and "
                    "92 % of the variation between studies this is "
                    f"unreliable. It is a check, no better estimate. {CAUTION}")
    many = pool(*made(60, effect=0.6))
    assert many.i2 < 50
    assert "unreliable" not in many.pet_peese().text
    assert "PEESE was chosen since PET's effect differs from 0" in many.pet_peese().text


@pytest.mark.parametrize(("k", "i2", "told"), [
    (19, 49, "With only 19 studies this"), (20, 49, ""), (20, 51, "With 51 % of the variation between studies this")])
def test_few_or_unlike_studies_make_it_unreliable(k, i2, told):
    text = replace(pool(*made(30)).pet_peese(), k=k, i2=i2).text
    assert f"{told} is unreliable" in text if told else "unreliable" not in text


@pytest.mark.parametrize(("apart", "enough"), [(1e-8, False), (1e-4, True)])
def test_errors_that_hardly_differ_are_equal(apart, enough):
    found = pool(made()[0], 0.04 * (1 + apart * np.arange(12)))
    if enough:
        assert np.isfinite(found.egger().statistic)
    else:
        with pytest.raises(ValueError, match=r"^egger: all 12 standard errors are 0.2, so no study"):
            found.egger()


def test_on_fishers_z_they_say_so():
    found = pool_correlations(np.tanh(made()[0]), np.arange(20, 140, 10))
    assert "p = " in found.egger().text
    assert ", in Fisher's z)" in found.egger().text
    assert ", in Fisher's z)" in found.pet_peese().text
    same = pool(np.arctanh(found.table["estimate"]), 1 / (found.table["n"] - 3)).egger()
    assert found.egger().statistic == pytest.approx(same.statistic)


# --- refusals -------------------------------------------------------------------------------------------------------

WAYS = ["egger", "pet_peese", "funnel"]


@pytest.mark.parametrize("way", WAYS)
def test_fewer_than_ten_studies_are_refused(way):
    with pytest.raises(ValueError, match=f"^{way}: 9 studies are too few. With fewer than 10, .*chance"):
        getattr(pool(*made(9)), way)()
    getattr(pool(*made(10)), way)()


@pytest.mark.parametrize("way", WAYS)
def test_equal_standard_errors_are_refused(way):
    with pytest.raises(ValueError, match=f"^{way}: all 12 standard errors are 0.2, so no study is smaller or larger"):
        getattr(pool(made()[0], [0.04] * 12), way)()


def test_correlations_without_sample_sizes_are_refused_before_any_of_it():
    table = pd.Series([0.68, 0.235, 0.155, 0.78] * 4)
    told = r"^n: no sample sizes are given\. .*funnel, Egger's test and PET-PEESE have nothing"
    with pytest.raises(ValueError, match=told):
        pool_correlations(table)


# --- the funnel -----------------------------------------------------------------------------------------------------

def test_the_funnel_shows_every_study_the_mean_and_the_lines_of_chance():
    found = pool(*studies("bcg"))
    fig = found.funnel(unit="log risk ratio")
    ax = fig.axes[0]
    points = ax.collections[-1].get_offsets()
    np.testing.assert_allclose(points[:, 0], studies("bcg")[0])
    np.testing.assert_allclose(points[:, 1], studies("bcg")[1] ** 0.5)
    assert ax.get_ylim()[0] > ax.get_ylim()[1] == 0  # the most precise on top
    line = next(line for line in ax.lines if len(line.get_xdata()) == 3)
    ends, depth = line.get_xdata(), line.get_ydata()
    np.testing.assert_allclose(ends, found.estimate + 1.959964 * depth * np.array([-1, 0, 1]))
    assert ax.get_xlabel() == "log risk ratio"
    outside = (np.abs(studies("bcg")[0] - found.estimate) > 1.959964 * studies("bcg")[1] ** 0.5).sum()
    assert "Funnel plot of 13 studies" in fig.alt
    assert f"{outside} lie outside the lines" in fig.alt
    assert CAUTION in fig.alt
    assert " ".join(fig.get_supxlabel().split()) == CAUTION  # also for those who see it


def test_the_funnel_takes_other_words():
    words = "Thirteen trials scattered about their mean, wider than chance alone allows."
    assert pool(*studies("bcg")).funnel(alt=words).alt == words
    with pytest.raises(ValueError, match="alt"):
        pool(*studies("bcg")).funnel(alt="short")


def test_the_funnels_unit_is_text_and_is_wrapped():
    fig = pool(*studies("bcg")).funnel(unit="from US$ 5 to US$ 9 " + "and a word more " * 8)
    fig.draw_without_rendering()
    label = fig.axes[0].xaxis.label
    assert label.get_text().startswith(r"from US\$ 5 to US\$ 9")
    assert label.get_window_extent().width < fig.bbox.width
