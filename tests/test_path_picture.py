"""The picture of a path model: every number can be read, and colours, lines and widths say what is stated."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

import pebbletrail as pt
from pebbletrail.figures import MUTED, PALETTE, png
from pebbletrail.path_picture import path_diagram, picture, plain, signed

MODELS = {
    "one arrow": "Loyalty ~ Quality",
    "simple": "Trust ~ Quality; Loyalty ~ Trust + Quality",
    "parallel": "Trust ~ Quality; Commitment ~ Quality; Loyalty ~ Trust + Commitment + Quality",
    "serial": "Trust ~ Quality; Commitment ~ Quality + Trust; Loyalty ~ Trust + Commitment + Quality",
    "moderated": "Trust ~ Quality + Week + Quality:Week; Loyalty ~ Trust + Quality",
    "twice moderated": "Trust ~ Quality + Week + Quality:Week; Loyalty ~ Trust + Week + Trust:Week",
    "two outcomes": "Trust ~ Quality + Week; Loyalty ~ Quality + Week",
}
CONSTRUCTS = ["Image", "Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty"]
SEVEN = ("Expectation ~ Image; Quality ~ Expectation; Value ~ Expectation + Quality; Complaints ~ Satisfaction;"
         "Satisfaction ~ Image + Expectation + Quality + Value; Loyalty ~ Image + Satisfaction + Complaints")
COMPLETE = "; ".join(f"{name} ~ {' + '.join(CONSTRUCTS[:at])}" for at, name in enumerate(CONSTRUCTS) if at)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    quality, week = rng.normal(size=200), rng.normal(size=200) + 3
    trust = 0.5 * quality + 0.2 * quality * week + rng.normal(size=200)
    commitment = rng.normal(size=200) - 0.4 * quality
    loyalty = 0.4 * trust - 0.5 * commitment + 0.02 * quality + rng.normal(size=200)
    return pd.DataFrame({"Quality": quality, "Week": week, "Trust": trust, "Commitment": commitment, "Loyalty": loyalty})


@pytest.fixture(scope="module")
def seven():
    """Rows of seven variables whose units lie up to ten powers of ten apart."""
    rng = np.random.default_rng(6)
    mixed = rng.normal(size=(80, 7)) @ rng.normal(size=(7, 7))
    return pd.DataFrame(mixed * [1, 100, 1e4, 1, 1e-3, 1e5, 1], columns=CONSTRUCTS)


def drawn(fig):
    """``(labels, boxes, arrows)``: texts and boxes with their places in pixels, and arrows."""
    fig.canvas.draw()
    ax = fig.axes[0]
    texts = [(text, text.get_window_extent()) for text in ax.texts if text.get_text()]
    boxes = [patch.get_window_extent() for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    return texts, boxes, [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]


def words(fig):
    return [text.get_text() for text in fig.axes[0].texts if text.get_text()]


def by_arrow(fit):
    """Each arrow of the table with the patch that draws it: they go in the same order."""
    arrows = drawn(fit.figure())[2]
    assert len(arrows) == len(fit.table)
    return zip(fit.table.itertuples(), arrows, strict=True)


def overlaps(one, other, room=0.5):
    """Whether two places share more than half a pixel."""
    return min(one.x1, other.x1) - max(one.x0, other.x0) > room and min(one.y1, other.y1) - max(one.y0, other.y0) > room


def check_readable(fig):
    texts, boxes, _ = drawn(fig)
    inside = [place for box in boxes for text, place in texts if overlaps(place, box)]
    for (one, its), (other, place) in combinations(texts, 2):
        assert not overlaps(its, place), (one.get_text(), other.get_text())
    for text, place in texts:
        touched = [box for box in boxes if overlaps(place, box)]
        assert len(touched) <= 1, text.get_text()
        for box in touched:  # what touches a box stands in it altogether, four pixels from its edges
            assert box.x0 + 4 < place.x0, text.get_text()
            assert place.x1 < box.x1 - 4, text.get_text()
            assert box.y0 + 4 < place.y0, text.get_text()
            assert place.y1 < box.y1 - 4, text.get_text()
    assert len(inside) >= len(boxes)
    whole = fig.bbox
    for text, place in texts:
        assert whole.x0 <= place.x0, text.get_text()
        assert place.x1 <= whole.x1, text.get_text()
        assert whole.y0 <= place.y0, text.get_text()
        assert place.y1 <= whole.y1, text.get_text()


@pytest.mark.parametrize("standardized", [False, True])
@pytest.mark.parametrize("model", MODELS)
def test_every_model_can_be_read(rows, model, standardized):
    how = "bootstrap" if standardized and ":" in MODELS[model] else "delta"
    fit = pt.paths(rows, MODELS[model], standardized=standardized, intervals=how, replicates=60, seed=1)
    check_readable(fit.figure())


@pytest.mark.parametrize("model", [SEVEN, COMPLETE], ids=["a chain", "every arrow"])
@pytest.mark.parametrize("standardized", [False, True])
def test_seven_constructs_can_be_read_with_very_large_and_very_small_coefficients(seven, model, standardized):
    fit = pt.paths(seven, model, standardized=standardized)
    assert standardized or fit.table["estimate"].abs().max() / fit.table["estimate"].abs().min() > 1e10
    check_readable(fit.figure())


@pytest.mark.parametrize("name", ["perceived_service_quality", "WWWWWWWWWWWW", "average_wait_time", "customer_satisfaction",
                                  "a_b", "Zufriedenheit_x_y_z"])
@pytest.mark.parametrize("model", [
    pytest.param("Trust ~ {0}; Loyalty ~ Trust", id="first"),
    pytest.param("{0} ~ Quality; Loyalty ~ {0}", id="middle"),
    pytest.param("Loyalty ~ Trust; {0} ~ Loyalty", id="last"),
    pytest.param("Trust ~ {0} + Week + {0}:Week; Loyalty ~ Trust", id="product"),
])
def test_long_names_stay_in_their_boxes(rows, name, model):
    fig = pt.paths(rows.rename(columns={"Commitment": name}), model.format(name)).figure()
    check_readable(fig)
    sizes = [text.get_fontsize() for text in fig.axes[0].texts if text.get_text()]
    assert min(sizes) >= (5 if "W" in name else 7.5)  # a name that cannot be cut is written smaller


@pytest.mark.parametrize("model", MODELS)
def test_a_box_for_each_variable_and_product_and_a_number_for_each_arrow(rows, model):
    fit = pt.paths(rows, MODELS[model])
    fig = fit.figure()
    texts, boxes, arrows = drawn(fig)
    names = list(dict.fromkeys([*fit.table["predictor"], *fit.table["outcome"]]))
    shown = [text.get_text().replace("\n", " ") for text, _ in texts]
    assert len(boxes) == len(names)
    assert len(arrows) == len(fit.table)
    assert all(shown.count(name.replace(":", " × ")) == 1 for name in names)
    for row in fit.table.itertuples():
        assert plain(row.estimate) in shown
    for value in fit.r2:
        assert f"R² {value:.2f}" in shown
    assert len(shown) == len(names) + len(fit.table) + len(fit.r2)


@pytest.mark.parametrize("model", [
    "Trust ~ Quality:Week + Week + Quality; Loyalty ~ Trust",
    "Loyalty ~ Trust:Week + Trust; Trust ~ Quality; Week ~ Quality",
])
def test_a_product_stands_right_of_its_factors(rows, model):
    names = [text.replace("\n", " ") for text in words(pt.paths(rows, model).figure())]
    product = next(name for name in names if " × " in name)
    assert names.index(product) > max(names.index(factor) for factor in product.split(" × "))


def test_standardised_coefficients_have_two_decimals_and_are_as_wide_as_they_are_strong(rows):
    fit = pt.paths(rows, MODELS["serial"], standardized=True)
    assert {signed(value) for value in fit.table["estimate"]} <= set(words(fit.figure()))
    widths = [(abs(row.estimate), arrow.get_linewidth()) for row, arrow in by_arrow(fit)]
    np.testing.assert_allclose([width for _, width in widths], [0.8 + 3.6 * min(value, 1) for value, _ in widths])


def test_unstandardised_arrows_are_equally_wide(rows):
    assert len({arrow.get_linewidth() for _, arrow in by_arrow(pt.paths(rows, MODELS["serial"]))}) == 1


@pytest.mark.parametrize("options", [{}, {"standardized": True}, {"intervals": "bootstrap", "replicates": 200, "seed": 1}],
                         ids=["delta", "standardised", "bootstrap"])
def test_grey_is_where_the_interval_holds_zero_broken_is_negative(rows, options):
    fit = pt.paths(rows, MODELS["serial"], **options)
    kinds = set()
    for row, arrow in by_arrow(fit):
        holds = row.ci_low <= 0 <= row.ci_high
        expected = MUTED if holds else PALETTE[0] if row.estimate > 0 else PALETTE[1]
        assert to_hex(arrow.get_edgecolor()).lower() == expected.lower()
        assert (arrow.get_linestyle() == "--") == (row.estimate < 0)
        kinds.add((holds, row.estimate > 0))
    assert len(kinds) >= 3


def test_a_small_but_certain_coefficient_is_not_grey_and_a_large_uncertain_one_is():
    table = pd.DataFrame({"outcome": ["y", "y"], "predictor": ["x", "w"], "estimate": [0.05, 0.9], "ci_low": [0.04, -0.1],
                          "ci_high": [0.06, 1.9]})
    arrows = drawn(path_diagram(table, {"y": ("x", "w")}, pd.Series({"y": 0.5}), True))[2]
    assert [to_hex(arrow.get_edgecolor()).lower() for arrow in arrows] == [PALETTE[0].lower(), MUTED.lower()]


def test_without_a_sample_size_nothing_is_grey():
    R = pd.DataFrame(0.04 + 0.96 * np.eye(7), CONSTRUCTS, CONSTRUCTS)
    fit = pt.paths(pt.Moments.from_correlations(R), SEVEN)
    assert (fit.table["estimate"].abs() < 0.1).all()
    assert {to_hex(arrow.get_edgecolor()).lower() for _, arrow in by_arrow(fit)} == {PALETTE[0].lower()}
    check_readable(fit.figure())
    assert png(fit.figure())[:4] == b"\x89PNG"


def test_arrows_start_and_end_at_the_edges_of_their_own_boxes(rows):
    """Neighbours are joined straight at half height, others by arcs from upper edge to upper edge, onward."""
    fit = pt.paths(rows, MODELS["moderated"])
    fig = fit.figure()
    names = [text.get_text().replace("\n", " ").replace(" × ", ":") for text in fig.axes[0].texts]
    order = [name for name in names if name in {*fit.table["predictor"], *fit.table["outcome"]}]
    assert order == ["Quality", "Week", "Quality:Week", "Trust", "Loyalty"]
    boxes = [patch.get_bbox().padded(0.05) for patch in fig.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    at = dict(zip(order, boxes, strict=True))
    arrows = [patch for patch in fig.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    for row, arrow in zip(fit.table.itertuples(), arrows, strict=True):
        (x0, y0), *_, (x1, y1) = arrow._path_original.vertices
        source, target = at[row.predictor], at[row.outcome]
        jump = order.index(row.outcome) - order.index(row.predictor)
        assert jump > 0
        assert y0 == y1 == pytest.approx(0 if jump == 1 else source.y1)
        if jump == 1:
            assert (x0, x1) == pytest.approx((source.x1, target.x0))
        else:
            assert source.x0 < x0 < source.x1
            assert target.x0 < x1 < target.x1


def test_the_last_outcome_has_the_heavy_box(rows):
    fig = pt.paths(rows, MODELS["serial"]).figure()
    boxes = [patch.get_linewidth() for patch in fig.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    assert np.argmax(boxes) == len(boxes) - 1
    heavy = [text.get_text() for text in fig.axes[0].texts if text.get_weight() == "bold"]
    assert heavy == ["Loyalty"]


def test_bars_are_as_long_as_the_shares_explained(rows):
    from matplotlib.patches import Rectangle

    fit = pt.paths(rows, MODELS["serial"])
    bars = [patch.get_width() for patch in fit.figure().axes[0].patches if isinstance(patch, Rectangle)]
    np.testing.assert_allclose(np.array(bars[1::2]) / np.array(bars[::2]), fit.r2)


def test_jumps_alone_and_a_number_too_wide_for_the_usual_gap_can_be_drawn():
    check_readable(picture(["a", "b", "c"], {("a", "c"): 0.3}, {"c": 0.1}, "c"))
    narrow, wide = (picture(["a", "b"], {("a", "b"): value}, {"b": 0.1}, "b", even=True) for value in (0.5, -1.5e-11))
    assert wide.get_size_inches()[0] > narrow.get_size_inches()[0]
    check_readable(wide)


@pytest.mark.parametrize(("value", "shown"), [
    (0, "0.00"), (-0.0, "0.00"), (0.5, "0.50"), (-0.5, "−0.50"), (0.1, "0.10"), (0.0999, "0.10"), (-0.0999, "−0.10"),
    (0.0994, "0.099"), (0.05, "0.05"), (-0.0123, "−0.012"), (0.001, "0.001"), (0.000999, "0.001"), (0.00099, "9.9e−4"),
    (-2.24e-8, "−2.2e−8"), (99.994, "99.99"), (99.996, "100"), (123.4, "123"), (-12345.6, "−12,346"), (99_999.4, "99,999"),
    (99_999.6, "1.0e5"), (1.23e12, "1.2e12"),
])
def test_a_coefficient_in_its_own_units_has_at_least_two_digits_and_few_signs(value, shown):
    assert plain(value) == shown
    assert len(plain(value)) <= 7


@pytest.mark.parametrize(("value", "shown"), [
    (0.006, "0.01"), (-0.004, "0.00"), (-0.25, "−0.25"), (1.2, "1.20"), (-0.0, "0.00"),
])
def test_a_standardised_coefficient_has_two_decimals_and_a_true_minus(value, shown):
    assert signed(value) == shown
