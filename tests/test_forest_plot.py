"""The forest plot: everything is in it, nothing lies on anything else, and one tiny study does not squash the rest."""

import itertools

import numpy as np
import pytest

from pebbletrail.models.pooling.studies import pool


def made(k, seed=3):
    rng = np.random.default_rng(seed)
    v = np.exp(rng.normal(-3.5, 1.2, size=k))
    return 0.3 + rng.normal(size=k) * np.sqrt(v + 0.05), v


def drawn(pooled, **options):
    fig = pooled.figure(**options)
    fig.draw_without_rendering()
    return fig, fig.axes[0]


def boxes(texts):
    return sorted((text.get_window_extent() for text in texts), key=lambda box: box.y0)


LONG = "A study with a very long name, in services, business to customers, North America, {} (wave {})"


@pytest.mark.parametrize("k", [3, 13, 20, 30, 60])
def test_names_and_numbers_do_not_overlap_and_stay_inside(k):
    y, v = made(k)
    names = [LONG.format(1960 + i, i) if i % 3 == 0 else f"Smith & Lee {1960 + i}" for i in range(k)]
    fig, ax = drawn(pool(y, v, labels=names))
    labels = ax.get_yticklabels()
    assert len(labels) == k + 2
    assert all(low.y1 <= high.y0 + 0.5 for low, high in itertools.pairwise(boxes(labels)))
    assert all(text.get_fontsize() >= 7 for text in [*labels, *ax.texts])
    whole = fig.get_tightbbox().padded(0.02)
    width, height = fig.get_size_inches()
    assert (width, whole.width <= width + 0.06) == (7.5, True)
    assert height == pytest.approx(1.75 + (0.36 if k <= 20 else 0.185) * (k + 2))
    plot = ax.get_window_extent()
    assert plot.width > 0.3 * fig.bbox.width  # names and numbers leave room for the plot
    numbers = [text.get_window_extent() for text in ax.texts if text.get_text().strip().endswith("]")]
    assert all(box.x0 >= plot.x1 - 1 for box in numbers)


def test_every_number_is_shown_with_its_weight():
    y, v = [0.1, 0.5, 0.3], [0.04, 0.01, 0.0225]
    found = pool(y, v)
    _, ax = drawn(found)
    texts = [text.get_text().strip() for text in ax.texts]
    for row in found.table.itertuples():
        assert f"{row.estimate:.2f} [{row.ci_low:.2f}, {row.ci_high:.2f}]" in texts
        assert f"{row.weight:.1f} %" in texts
    assert f"{found.estimate:.2f} [{found.ci[0]:.2f}, {found.ci[1]:.2f}]" in texts
    assert f"[{found.prediction[0]:.2f}, {found.prediction[1]:.2f}]" in texts
    assert "95 % interval   weight" in texts


def test_the_line_below_says_how_much_studies_differ():
    fig, _ = drawn(pool(*made(13)))
    assert " ".join(fig.get_supxlabel().split()) == f"How much studies differ: {pool(*made(13)).heterogeneity}"


def test_a_common_effect_has_no_row_for_a_new_study():
    _, ax = drawn(pool([0.1, 0.5, 0.3], [0.04, 0.01, 0.02], "fixed", "z"))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["study 1", "study 2", "study 3", "mean"]


def test_weights_are_neither_rounded_to_nothing_nor_to_all():
    _, ax = drawn(pool([0.1, 0.5, 0.3], [1e-6, 1, 1], "fixed", "z"))
    texts = [text.get_text().strip() for text in ax.texts]
    assert ">99.9 %" in texts
    assert texts.count("<0.1 %") == 2


def arrows(ax):
    return [(line.get_marker(), round(float(line.get_ydata()[0]))) for line in ax.lines if line.get_marker() in "<>"]


def test_one_tiny_study_does_not_squash_the_rest():
    y, v = [0.2, 0.3, 0.25, 0.4, 3.0], [0.01, 0.01, 0.02, 0.01, 25.0]
    _, ax = drawn(pool(y, v))
    low, high = ax.get_xlim()
    assert -1.5 < low < high < 1.5
    assert sorted(arrows(ax)) == [("<", 2), (">", 2)]  # the fifth study of five: the second row from below
    assert "3.00 [-6.80, 12.80]" in [text.get_text().strip() for text in ax.texts]


def test_without_a_tiny_study_nothing_is_cut():
    y, v = made(13)
    found = pool(y, np.clip(v, 0.01, 0.05))
    _, ax = drawn(found)
    low, high = ax.get_xlim()
    assert arrows(ax) == []
    assert low < min(found.table["ci_low"].min(), found.prediction[0])
    assert high > max(found.table["ci_high"].max(), found.prediction[1])


def test_a_prediction_interval_of_two_studies_is_cut_with_arrows():
    _, ax = drawn(pool([0, 1], [0.1, 0.1]))
    assert sorted(arrows(ax)) == [("<", 0), (">", 0)]


def test_squares_grow_with_the_weight_and_stay_in_their_rows():
    for k in (5, 60):
        y, v = made(k)
        v[0] = 1e-5
        found = pool(y, v, "fixed", "z")
        _, ax = drawn(found)
        sizes = np.sqrt(next(one for one in ax.collections if len(one.get_sizes()) == k).get_sizes())
        assert (np.argsort(sizes) == np.argsort(found.table["weight"])).all()
        row = np.ptp(ax.transData.transform([(0, 1), (0, 2)])[:, 1])
        assert sizes.max() <= row * 72 / ax.figure.dpi


@pytest.mark.parametrize(("shift", "zero", "shown"), [(0, "no effect", True), (0, None, False), (1000, "no effect", False)])
def test_the_line_at_0_is_drawn_where_0_is_near(shift, zero, shown):
    y, v = made(8)
    _, ax = drawn(pool(y + shift, v), unit="points", zero=zero)
    at_0 = [line for line in ax.lines if list(line.get_xdata()) == [0, 0]]
    assert bool(at_0) == shown
    assert ax.get_xlabel() == ("points (dashed line: no effect)" if shown else "points")


def test_a_mean_of_no_width_is_still_seen():
    _, ax = drawn(pool([0.3, 0.3, 0.3], [0.1, 0.2, 0.3]))
    diamond = ax.patches[0].get_path().get_extents()
    low, high = ax.get_xlim()
    assert diamond.width > 0.005 * (high - low)


def test_long_names_keep_their_beginning_and_their_end():
    y, v = made(21)
    names = [LONG.format(1960 + i, i) for i in range(21)]
    _, ax = drawn(pool(y, v, labels=names))
    shown = [label.get_text() for label in ax.get_yticklabels()][:21]
    assert all(text.startswith("A study with a very") and "…" in text and len(text) <= 34 for text in shown)
    assert len(set(shown)) == 21
    two = drawn(pool(y[:5], v[:5], labels=names[:5]))[1].get_yticklabels()
    assert all(text.get_text().count("\n") == 1 for text in two[:5])


def test_a_name_in_two_lines_ends_as_it_does_and_stays_its_own():
    """Long words fill lines badly: three would be needed for what two have letters for."""
    names = [f"Internationalization of entrepreneurship-oriented telecommunication enterprises {year}"
             for year in (1998, 1999, 2004)]
    shown = [label.get_text() for label in drawn(pool([0.1, 0.2, 0.3], [0.1] * 3, labels=names))[1].get_yticklabels()[:3]]
    assert all(text.count("\n") <= 1 and len(max(text.split("\n"), key=len)) <= 26 for text in shown)
    assert [text[-4:] for text in shown] == ["1998", "1999", "2004"]
    assert len(set(shown)) == 3


def test_dollar_signs_are_no_formulas():
    names = ["US$ 5 to US$ 9", r"a $\frac$ b", "plain"]
    _, ax = drawn(pool([0.1, 0.2, 0.3], [0.1] * 3, labels=names), unit="$x^2$ in $", zero="$0 or $1")
    assert [label.get_text().replace("\\$", "$") for label in ax.get_yticklabels()[:2]] == names[:2]
    labels = [*ax.get_yticklabels(), ax.xaxis.label]
    assert not any(label._preprocess_math(label.get_text())[1] for label in labels)  # matplotlib's word for: is a formula
    assert "$x^2$ in $ (dashed line: $0 or $1)" in ax.get_xlabel().replace("\\$", "$")


def test_a_long_unit_is_wrapped():
    unit = "difference between the gifts of agents left free and of agents under control, in points"
    fig, ax = drawn(pool(*made(5)), unit=unit)
    assert ax.get_xlabel().count("\n") == 1
    assert ax.xaxis.label.get_window_extent().x1 <= fig.bbox.width


def test_an_interval_four_times_as_wide_as_the_others_does_not_set_the_axis():
    _, ax = drawn(pool([0.3] * 5, [0.01] * 4 + [0.16], "fixed", "z"))
    assert sorted(arrows(ax)) == [("<", 1), (">", 1)]
    _, ax = drawn(pool([0.3] * 5, [0.01] * 4 + [0.04], "fixed", "z"))
    assert arrows(ax) == []


def test_a_prediction_interval_of_no_width_is_still_seen():
    _, ax = drawn(pool([0.3, 0.3, 0.3], [0.1, 0.2, 0.3]))
    bar = next(line for line in ax.lines if list(line.get_ydata()) == [0, 0])
    assert np.ptp(bar.get_xdata()) > 0.005 * np.ptp(ax.get_xlim())
    assert np.mean(bar.get_xdata()) == pytest.approx(0.3)


def test_the_picture_brings_its_words():
    found = pool(*made(5))
    assert found.figure().alt == f"Forest plot of 5 studies. {found.text}"
