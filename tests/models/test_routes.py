"""Direct, indirect and total effects: by hand on a small graph, by matrix algebra on many."""

import numpy as np
import pytest

from pebbletrail.models.routes import effects

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
