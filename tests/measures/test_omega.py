"""McDonald's omega.

Expected values come from psych's ``fa`` and lavaan's unweighted least squares (``tests/oracles/measures.R``), from the
closed form for three items, and from what defines least squares: at the best loadings no small step gains anything.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pebbletrail as pt
from pebbletrail.measures.omega import Omega, noise, omega, one_factor

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
ITEMS = pd.read_csv(ORACLES / "measures-items.csv", comment="#")
SCALES = [pytest.param(name, rows, id=name) for name, rows in ITEMS.dropna(subset="minres").groupby("scale", sort=False)]


def data_of(rows):
    """The moments or rows that a scale of the oracle comes from, its items first."""
    source, scale = rows[["source", "scale"]].iloc[0]
    if source != "attitude":
        return pt.load(source)
    attitude = pd.read_csv(ORACLES / "alpha-rows.csv", comment="#")
    return attitude if scale == "attitude" else attitude.assign(privileges=100 - attitude["privileges"])


def table(names, *above):
    """A correlation matrix from the entries above its diagonal, row by row."""
    R = np.eye(len(names))
    R[np.triu_indices(len(names), 1)] = above
    return pd.DataFrame(R + np.triu(R, 1).T, list(names), list(names))


def moments(R, n=200, sd=None):
    return pt.Moments.from_correlations(R, n=n, sd=sd)


# --- psych and lavaan -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("name", "rows"), SCALES)
def test_loadings_are_those_of_psych(name, rows):
    found = omega(data_of(rows), list(rows["item"]))
    assert list(found.table["item"]) == list(rows["item"])
    stops = {"abs": 3e-3} if name == "CUSL" else {"abs": 2e-5}  # psych keeps a unique variance of .005; else stops at 1e-5
    assert list(found.table["loading"]) == pytest.approx(list(rows["minres"]), **stops)


@pytest.mark.parametrize(("name", "rows"), [one for one in SCALES if one.id != "CUSL"])
def test_loadings_are_those_of_lavaans_unweighted_least_squares(name, rows):
    found = omega(data_of(rows), list(rows["item"]))
    assert list(found.table["loading"]) == pytest.approx(list(rows["uls"]), abs=3e-6)


@pytest.mark.parametrize(("name", "rows"), [one for one in SCALES if one.id != "CUSL"])
def test_omega_is_the_factors_share_of_the_variance_of_the_sum_with_lavaans_loadings(name, rows):
    data, names, loading = data_of(rows), list(rows["item"]), rows["uls"].to_numpy()
    m = data.select(names) if isinstance(data, pt.Moments) else pt.Moments.from_frame(data, names)
    found = omega(data, names)
    assert found.estimate == pytest.approx(loading.sum() ** 2 / m.cor.to_numpy().sum(), abs=1e-5)
    assert found.raw == pytest.approx((loading @ m.sd.to_numpy()) ** 2 / m.cov.to_numpy().sum(), abs=1e-5)
    assert found.total == pytest.approx(1 - (1 - loading**2).sum() / m.cor.to_numpy().sum(), abs=1e-5)


# --- closed forms ---------------------------------------------------------------------------------------------------

def test_three_items_have_the_loadings_of_the_closed_form():
    """λ₁² = r₁₂ r₁₃ / r₂₃, and so on round."""
    r12, r13, r23 = 0.48, 0.42, 0.56
    found = omega(moments(table("abc", r12, r13, r23)))
    expected = np.sqrt([r12 * r13 / r23, r12 * r23 / r13, r13 * r23 / r12])
    np.testing.assert_allclose(found.table["loading"], expected, rtol=1e-9)
    np.testing.assert_allclose(found.table["unique"], 1 - expected**2, rtol=1e-9)
    assert found.estimate == pytest.approx(expected.sum() ** 2 / (3 + 2 * (r12 + r13 + r23)), rel=1e-9)
    assert found.total == pytest.approx(found.estimate, rel=1e-9)  # three items fit exactly


def test_equal_correlations_give_standardised_alpha():
    R = table("abcd", *[0.4] * 6)
    assert omega(moments(R)).estimate == pytest.approx(4 * 0.4 / (1 + 3 * 0.4), rel=1e-9)
    assert omega(moments(R)).raw == pytest.approx(moments(R).alpha(list("abcd")), rel=1e-9)


def test_the_raw_one_follows_the_units_of_the_items_and_the_other_does_not():
    R, sd = table("abc", 0.5, 0.4, 0.3), [1.0, 5.0, 0.2]
    plain, spread = omega(moments(R)), omega(moments(R, sd=sd))
    assert spread.estimate == pytest.approx(plain.estimate, rel=1e-9)
    loading = plain.table["loading"].to_numpy() * sd
    assert spread.raw == pytest.approx(loading.sum() ** 2 / (R.to_numpy() * np.outer(sd, sd)).sum(), rel=1e-9)
    assert abs(spread.raw - plain.raw) > 0.02


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.lists(st.floats(0.2, 0.95), min_size=3, max_size=9))
def test_a_true_factor_is_found(true):
    true = np.array(true)
    R = np.outer(true, true)
    np.fill_diagonal(R, 1.0)
    loading, improper = one_factor(R)
    np.testing.assert_allclose(loading, true, atol=1e-7)
    assert not improper.any()


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.integers(3, 7), st.integers(8, 200), st.integers(0, 2**31))
def test_no_other_start_and_no_small_step_finds_a_better_fit(k, n, seed):
    rng = np.random.default_rng(seed)
    true = rng.uniform(-0.3, 0.95, k)
    X = rng.normal(size=(n, 1)) * true + rng.normal(size=(n, k)) * np.sqrt(1 - true**2)
    R = np.corrcoef(X.T)
    loading, _ = one_factor(R)
    if loading is None:
        return
    off = ~np.eye(k, dtype=bool)

    def loss(one):
        return ((R - np.outer(one, one))[off] ** 2).sum()

    best = loss(loading)
    others = np.clip(loading + rng.normal(size=(200, k)) * rng.choice([1e-4, 1e-2, 0.5], size=(200, 1)), -1, 1)
    assert all(loss(one) >= best - 1e-12 for one in others)


def test_the_factor_is_looked_for_from_more_than_one_side():
    """From the first component alone, the search ends with squares that sum to 0.340 instead of 0.272."""
    R = table("abcd", -0.3, -0.2, 0.4, -0.4, 0.2, 0.0).to_numpy()
    loading, improper = one_factor(R)
    off = (R - np.outer(loading, loading))[np.triu_indices(4, 1)]
    lesser = np.array([-0.33133326, -0.33133326, 0.46054353, -0.46054353])
    assert (off**2).sum() < ((R - np.outer(lesser, lesser))[np.triu_indices(4, 1)] ** 2).sum() - 0.03
    assert np.flatnonzero(improper).tolist() == [0]


# --- what data it takes ---------------------------------------------------------------------------------------------

def rows(n=120, seed=1):
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=n)
    return pd.DataFrame({name: trait + rng.normal(size=n) for name in ("t1", "t2", "t3", "t4")}).assign(other="x")


def test_rows_and_their_moments_and_printed_correlations_give_the_same():
    data = rows()
    names = ["t1", "t2", "t3", "t4"]
    printed = pt.Moments.from_correlations(data[names].corr(), sd=data[names].std())
    found = [omega(data), omega(data, names), omega(pt.Moments.from_frame(data[names])), omega(printed)]
    for one in found[1:]:
        assert one.estimate == pytest.approx(found[0].estimate, rel=1e-9)
        assert one.raw == pytest.approx(found[0].raw, rel=1e-9)
    assert found[0].n == 120
    assert found[3].n is None


def test_rows_of_a_warehouse_give_the_same():
    ibis = pytest.importorskip("ibis")
    data = rows().drop(columns="other")
    assert omega(ibis.memtable(data)).estimate == pytest.approx(omega(data).estimate, rel=1e-9)


def test_the_callers_rows_are_left_as_they_are():
    data = rows()
    before = data.copy()
    omega(data, ["t1", "t2", "t3"])
    pd.testing.assert_frame_equal(data, before)


def test_rows_that_lack_an_item_are_left_out_and_counted():
    data = rows()
    data.loc[3:5, "t2"] = np.nan
    found = omega(data)
    assert found.n == 117
    assert "3 of them left out" in found.text


def test_the_bootstrap_takes_it():
    found = pt.bootstrap(rows(60).drop(columns="other"), lambda m: omega(m).estimate, replicates=60, seed=3)
    assert found.of == "moments"
    assert found.table["ci_low"].item() < found.table["estimate"].item() < found.table["ci_high"].item()


# --- signs of trouble -----------------------------------------------------------------------------------------------

def test_an_item_coded_backwards_is_named_and_not_turned_round():
    data = rows().assign(t3=lambda d: -d["t3"])
    found = omega(data)
    assert found.backwards == ("t3",)
    assert found.table.set_index("item")["loading"]["t3"] < 0
    assert "t3 runs against the other items" in found.text
    assert found.estimate < omega(rows()).estimate


def test_a_loading_that_would_pass_one_is_reported():
    """λ₁² = .6 · .5 / .1 = 3 has no real error variance left."""
    found = omega(moments(table("abc", 0.6, 0.5, 0.1)))
    assert found.improper == ("a",)
    assert found.table["loading"].iloc[0] == pytest.approx(1.0)
    assert "Not to be relied on: the loading of a stops" in found.text


def test_perfect_items_are_no_trouble():
    found = omega(moments(table("abc", 1.0, 1.0, 1.0)))
    assert found.estimate == pytest.approx(1.0)
    assert found.improper == ()
    assert "hardly any of the differences between scores is noise" in found.text


def test_the_sentence_says_what_omega_is_good_for():
    """(.4 · 4) / (1 + 3 · .4) = .727; a correlation of .50 shrinks to .5 √.727 = .43."""
    found = omega(moments(table("abcd", *[0.4] * 6)))
    assert isinstance(found, Omega)
    assert "is 0.73" in found.text
    assert "about 73 % of the differences between scores are real" in found.text
    assert "would show as 0.43" in found.text


def test_a_reliability_of_nothing_is_said_to_be_none():
    assert "no reliability at all" in noise(-0.2, "…")
    assert "no reliability at all" in noise(0.0, "…")


@pytest.mark.parametrize(("given_items", "message"), [
    pytest.param(["t1"], r"^items: at least 3 are needed, not 1 \(t1\)", id="one item"),
    pytest.param(["t1", "t2"], r"two do not tell how strong .* Take alpha", id="two items"),
    pytest.param([], r"^items: at least 3 are needed, not 0 \(none\)", id="none"),
    pytest.param("t1", r"^items: give a list of names, such as \['t1'\]", id="a text"),
    pytest.param(["t1", "t2", "T3"], r"there is no 'T3'.*Did you mean 't3'\?", id="a misspelt item"),
    pytest.param(["t1", "t2", "t2"], r"t2 is named more than once", id="an item twice"),
    pytest.param(["t1", "t2", "other"], r"'other' holds .*, not numbers", id="words"),
])
def test_wrong_items_are_an_error(given_items, message):
    with pytest.raises(ValueError, match=message):
        omega(rows(), given_items)


def test_data_of_another_kind_is_an_error():
    with pytest.raises(ValueError, match=r"^data: a DataFrame, a Moments or an Ibis table is needed, not ndarray"):
        omega(np.eye(3))


def test_an_item_that_does_not_vary_is_named():
    with pytest.raises(ValueError, match=r"^items: t2 does not vary"):
        omega(rows().assign(t2=4.0))


@pytest.mark.parametrize("R", [
    pytest.param(table("abc", 0.0, 0.0, 0.0), id="no links at all"),
    pytest.param(table("abcd", 0.6, 0, 0, 0, 0, 0.5), id="two pairs"),
])
def test_items_without_a_common_factor_are_an_error(R):
    with pytest.raises(ValueError, match=r"^items: too few of them go together for a common factor"):
        omega(moments(R))


def test_items_whose_sum_does_not_vary_are_an_error():
    """Three items that add up to nothing have correlations of −1/2."""
    with pytest.raises(ValueError, match=r"^items: the sum of a, b, c does not vary"):
        omega(moments(table("abc", -0.5, -0.5, -0.5)))


def test_with_no_more_rows_than_items_noise_would_look_like_a_perfect_scale_and_is_refused():
    rng = np.random.default_rng(1)
    noise = pd.DataFrame(rng.normal(size=(4, 4)), columns=list("abcd"))
    with pytest.raises(ValueError, match=r"^data: 4 rows are too few for 4 items"):
        omega(noise)
    analysed = pt.item_analysis(noise)
    assert np.isnan(analysed.omega)
    assert "omega" not in analysed.text


def test_an_omega_that_stops_at_its_limit_is_not_read_as_a_reliability():
    told = omega(pt.load("ecsi-mobile-correlations"), ["CUSL1", "CUSL2", "CUSL3"]).text
    assert "Not to be relied on: the loading of CUSL3 stops at the limit of 1" in told
    assert "of the differences between scores" not in told
