"""Direct, indirect and total effects: by hand on a small graph, by matrix algebra on many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pebbletrail.models.routes import along, effects, slopes_of, traced

DIAMOND = {("A", "B"): 0.5, ("A", "C"): -0.4, ("B", "D"): 0.3, ("C", "D"): 0.2, ("A", "D"): 0.1, ("B", "C"): 2.0}


def rows(table):
    return {(row.source, row.target, row.via, row.kind): row.estimate for row in table.itertuples()}


def test_a_diamond_by_hand():
    """A → B → D, A → C → D, A → D, and B → C across."""
    expected = {
        ("A", "B", "", "direct"): 0.5, ("A", "B", "", "total"): 0.5,
        ("A", "C", "", "direct"): -0.4, ("A", "C", "B", "indirect"): 1.0, ("A", "C", "", "total"): 0.6,
        ("A", "D", "", "direct"): 0.1, ("A", "D", "B", "indirect"): 0.15, ("A", "D", "C", "indirect"): -0.08,
        ("A", "D", "B → C", "indirect"): 0.2, ("A", "D", "", "total"): 0.37,
        ("B", "C", "", "direct"): 2.0, ("B", "C", "", "total"): 2.0,
        ("B", "D", "", "direct"): 0.3, ("B", "D", "C", "indirect"): 0.4, ("B", "D", "", "total"): 0.7,
        ("C", "D", "", "direct"): 0.2, ("C", "D", "", "total"): 0.2,
    }
    found = rows(effects(DIAMOND))
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected)


def test_each_pair_reads_direct_then_indirect_from_short_to_long_then_total():
    table = effects(DIAMOND)
    assert list(table.columns) == ["source", "target", "via", "kind", "estimate"]
    pair = table[(table["source"] == "A") & (table["target"] == "D")]
    assert list(pair["kind"]) == ["direct", "indirect", "indirect", "indirect", "total"]
    assert list(pair["via"]) == ["", "B", "C", "B → C", ""]
    assert not table.duplicated(["source", "target", "via", "kind"]).any()


def test_a_pair_without_a_route_has_no_row_and_one_without_an_arrow_no_direct_effect():
    table = effects({("A", "B"): 0.5, ("B", "C"): 0.5, ("X", "C"): 1.0})
    assert rows(table)[("A", "C", "B", "indirect")] == 0.25
    assert ("A", "C", "", "direct") not in rows(table)
    assert not ((table["source"] == "C") | (table["target"] == "A") | (table["target"] == "X")).any()


def test_the_order_of_the_arrows_does_not_change_the_effects():
    backwards = dict(reversed(DIAMOND.items()))
    assert rows(effects(backwards)) == pytest.approx(rows(effects(DIAMOND)))


@pytest.mark.parametrize("seed", range(8))
def test_totals_are_the_inverse_of_identity_minus_paths_minus_identity(seed):
    """With x = Bx + e, x = (I − B)⁻¹ e: what e_j moves in x_i, all routes together."""
    rng = np.random.default_rng(seed)
    size = 6
    B = np.tril(rng.normal(size=(size, size)) * (rng.random((size, size)) < 0.7), k=-1)
    names = [f"x{number}" for number in rng.permutation(size)]  # no hint of the order in the names
    paths = {(names[j], names[i]): B[i, j] for i, j in rng.permutation(np.argwhere(B)).tolist()}
    table = effects(paths)
    totals = np.linalg.inv(np.eye(size) - B) - np.eye(size)
    found = np.zeros((size, size))
    for row in table[table["kind"] == "total"].itertuples():
        found[names.index(row.target), names.index(row.source)] = row.estimate
    np.testing.assert_allclose(found, totals, atol=1e-12)
    parts = table[table["kind"] != "total"].groupby(["source", "target"])["estimate"].sum()
    for (source, target), estimate in parts.items():
        assert estimate == pytest.approx(totals[names.index(target), names.index(source)], abs=1e-12)


def test_no_arrows_make_no_rows():
    assert effects({}).empty
    assert list(effects({}).columns) == ["source", "target", "via", "kind", "estimate"]


# --- routes, what slopes make of them, and derivatives ---------------------------------------------------------------

ARROWS = list(DIAMOND)


def named(effect):
    return "".join(station[0] for station in (effect.source, *effect.stations, effect.target)), effect.kind


def test_routes_name_their_stations_and_number_their_arrows():
    """The arrows are AB 0, AC 1, BD 2, CD 3, AD 4, BC 5."""
    found = {named(one): one.routes for one in traced(ARROWS) if one.target == "D" and one.source == "A"}
    assert found == {("AD", "direct"): ((4,),), ("ABD", "indirect"): ((0, 2),), ("ACD", "indirect"): ((1, 3),),
                     ("ABCD", "indirect"): ((0, 5, 3),), ("AD", "total"): ((4,), (0, 2), (1, 3), (0, 5, 3))}
    longest = next(one for one in traced(ARROWS) if len(one.stations) == 2)
    assert (longest.source, longest.target, longest.via) == ("A", "D", "B → C")
    assert next(one for one in traced(ARROWS) if one.kind == "total").via == ""


def test_along_takes_many_sets_of_slopes_at_once():
    every = traced(ARROWS)
    slopes = np.random.default_rng(0).normal(size=(3, 4, len(ARROWS)))
    values = along(every, slopes)
    assert values.shape == (3, 4, len(every))
    single = effects(dict(zip(ARROWS, slopes[2, 1], strict=True)))["estimate"]
    np.testing.assert_allclose(values[2, 1], single)
    assert along([], slopes).shape == (3, 4, 0)


@pytest.mark.parametrize("zero", [(), (0,), (0, 2), (0, 3, 5)], ids=str)
def test_slopes_of_are_the_derivatives_even_where_slopes_are_zero(zero):
    """An effect is linear in each slope: its derivative is the difference that one unit of the slope makes, exactly."""
    every = traced(ARROWS)
    slopes = np.array(list(DIAMOND.values()))
    slopes[list(zero)] = 0
    unit = along(every, slopes + np.eye(len(ARROWS))) - along(every, slopes)
    found = slopes_of(every, slopes)
    assert found.shape == (len(every), len(ARROWS))
    np.testing.assert_allclose(found, unit.T, atol=1e-14)


@settings(max_examples=30, deadline=None)
@given(size=st.integers(2, 6), density=st.floats(0.3, 1), seed=st.integers(0, 10**6))
def test_on_any_graph_without_circles_totals_are_sums_of_routes_and_there_are_as_many_routes_as_powers_count(
        size, density, seed):
    """The k-th power of the table of arrows counts the routes with k steps."""
    rng = np.random.default_rng(seed)
    A = np.tril(rng.random((size, size)) < density, k=-1).astype(int)
    arrows = [(f"x{j}", f"x{i}") for i, j in np.argwhere(A)]
    every = traced(arrows)
    slopes = rng.normal(size=len(arrows))
    values = along(every, slopes)
    powers = [np.linalg.matrix_power(A, steps) for steps in range(1, size)]
    count = sum(powers)
    for j in range(size):
        for i in range(size):
            rows = [at for at, one in enumerate(every) if (one.source, one.target) == (f"x{j}", f"x{i}")]
            assert len(rows) == (count[i, j] + 1 if count[i, j] else 0)
            if rows:
                assert every[rows[-1]].kind == "total"
                assert values[rows[-1]] == pytest.approx(values[rows[:-1]].sum(), abs=1e-12)
    np.testing.assert_allclose(slopes_of(every, slopes), along(every, slopes + 0.5 * np.eye(len(arrows))).T * 2
                               - 2 * values[:, None], atol=1e-10)
