"""The decision model of complaint handling.

Expected values come from customers drawn one by one in two worlds with the same luck, from discounted sums in fractions,
from scipy's distributions and rank correlation, from nested simulation, and from putting a break-even back into the model.
"""

import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

import pebbletrail as pt
from pebbletrail.models.complaints.inputs import INPUTS, mean, quantile, read_ranges, share_below
from pebbletrail.models.complaints.learning import Expects
from pebbletrail.models.complaints.money import OUTCOMES, break_evens, outcomes, worth
from pebbletrail.models.complaints.words import amount, cell

LIKELY = {name: one.default[1] for name, one in INPUTS.items()}
DRAWS = 2_000
COLUMNS = ["quantity", "needed", "likely", "unit", "within_reach"]


def decide(**given):
    return pt.complaint_return(**({"draws": DRAWS} | given))


# --- customers one by one ---------------------------------------------------------------------------------------------

CASES = {
    "as assumed": {}, "all causal": {"causal_share": 1.0}, "nothing causal": {"causal_share": 0.0},
    "silence is worst": {"leave_silent": 0.4, "speak_up": 0.3, "causal_share": 0.8},
    "silence is best": {"leave_silent": 0.02, "speak_up": 0.5, "causal_share": 0.9, "satisfied_better": 0.5},
    "all complain": {"complain": 1.0, "causal_share": 0.7}, "talk": {"told": 6.0, "lost_by_word": 0.05, "causal_share": 0.6},
    "no discount": {"discount": 0.0, "leave_no_problem": 0.0, "causal_share": 0.6}}


def lived(x, years, customers, seed):
    """Each customer's money and cost, and whether she leaves, today and with better handling; the same luck in both."""
    rng = np.random.default_rng(seed)
    u = rng.random((4, customers))
    complains = u[0] < x["complain"]
    speaks = ~complains & (u[1] < x["speak_up"])
    happy, happier = u[2] < x["satisfied_now"], u[2] < x["satisfied_better"]
    end = {True: x["leave_satisfied"], False: x["leave_unsatisfied"]}
    today = np.where(complains, np.where(happy, end[True], end[False]), x["leave_silent"])
    apart = np.where(complains | speaks, np.where(happier, end[True], end[False]), x["leave_silent"])
    better = today + x["causal_share"] * (apart - today)  # what handling itself changes of her chance to leave
    gone, gone_better = u[3] < today, u[3] < better
    later = rng.random((years - 1, customers)) >= x["leave_no_problem"]
    there = np.vstack([np.ones(customers), np.cumprod(later, axis=0)])
    purse = x["margin"] * ((1 + x["discount"]) ** -np.arange(1, years + 1) @ there)  # if she stays after the problem
    cost = np.where(complains | speaks, x["cost"], 0) + np.where(speaks, x["ordinary_cost"], 0)
    lost = [rng.binomial(int(x["told"]), x["lost_by_word"], customers) * unhappy for unhappy in (
        complains & ~happy, (complains | speaks) & ~happier)]
    usual = rng.random(customers) >= x["leave_no_problem"]  # who would still be there without a problem
    return pd.DataFrame({
        "customers kept": gone.astype(int) - gone_better, "retained value": purse * (gone.astype(int) - gone_better),
        "total cost": cost, "value at risk": purse * (usual.astype(int) - ~gone), "complaints": (complains | speaks) * 1.0,
        "word of mouth": x["causal_share"] * (lost[0] - lost[1]) * purse})


@pytest.mark.parametrize("case", CASES)
def test_customers_drawn_one_by_one_give_what_the_closed_forms_say(case):
    """Differences in standard errors of the simulation; of 48 comparisons none should lie beyond 4."""
    x, years, customers = {**LIKELY, **CASES[case]}, 6, 200_000
    found = outcomes({**x, "problems": 1.0}, years)
    drawn = lived(x, years, customers, seed=sorted(CASES).index(case))
    for name, values in drawn.items():
        error = values.std() / np.sqrt(customers)
        if error == 0:
            assert values.mean() == pytest.approx(found[name], abs=1e-12)
        else:
            assert abs(values.mean() - found[name]) / error < 4, name
    assert found["net"] == pytest.approx(found["retained value"] + found["word of mouth"] - found["total cost"])


@pytest.mark.parametrize("years", [1, 2, 5, 12])
@pytest.mark.parametrize(("leaving", "discount"), [(Fraction(8, 100), Fraction(8, 100)), (Fraction(0), Fraction(0)),
                                                   (Fraction(1), Fraction(1, 10)), (Fraction(1, 4), Fraction(0))])
def test_what_a_customer_is_worth_is_the_sum_of_discounted_margins(years, leaving, discount):
    total, staying = Fraction(0), Fraction(1)
    for year in range(1, years + 1):
        total += 250 * staying / (1 + discount) ** year
        staying *= 1 - leaving
    assert worth(250, float(leaving), float(discount), years) == pytest.approx(float(total), rel=1e-12)


def test_a_year_by_hand():
    """1,000 customers, half complain, 40 then 60 of 100 satisfied, 10 against 30 of 100 leave, all of it causal: 20 kept."""
    found = decide(problems=1000, complain=0.5, speak_up=0, satisfied_now=0.4, satisfied_better=0.6, leave_no_problem=0,
                   leave_silent=0.2, leave_satisfied=0.1, leave_unsatisfied=0.3, causal_share=1, margin=110, discount=0.1,
                   cost=2, years=1).table.set_index("quantity")
    assert found["likely"].to_dict() == pytest.approx({
        "value at risk": 1000 * (0.5 * 0.2 + 0.5 * (0.4 * 0.1 + 0.6 * 0.3)) * 100, "customers kept": 20,
        "retained value": 2000, "word of mouth": 0, "total cost": 1000, "net": 1000, "return": 1})
    assert_allclose(found[["mean", "median", "low_95", "low_80", "high_80", "high_95"]],
                    np.tile(found[["likely"]], 6))  # everything is known


def test_what_is_paid_however_many_complain_comes_on_top():
    one, other = (outcomes({**LIKELY, "fixed_cost": euros}, 5) for euros in (0.0, 1234.0))
    assert other["total cost"] - one["total cost"] == pytest.approx(1234)
    assert one["net"] - other["net"] == pytest.approx(1234)


# --- break-even -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("case", [*CASES, "cheap", "dear"])
def test_a_break_even_put_back_leaves_nothing(case):
    more = {"cheap": {"cost": 0.5}, "dear": {"cost": 60.0, "fixed_cost": 1000.0}}
    x = {**LIKELY, **CASES.get(case, {}), **more.get(case, {})}
    table = pd.DataFrame(break_evens(x, 5), columns=COLUMNS).set_index("quantity")
    for name in ("causal_share", "satisfied_better", "cost", "margin"):
        needed = table.loc[name, "needed"]
        assert table.loc[name, "likely"] == x[name]
        if np.isnan(needed):
            continue
        assert abs(outcomes({**x, name: needed}, 5)["net"]) < 1e-7 * outcomes(x, 5)["total cost"]
        low, high = (0, 1) if name in ("causal_share", "satisfied_better") else (0, np.inf)
        assert table.loc[name, "within_reach"] == (low <= needed <= high)
    found = outcomes(x, 5)
    kept = table.loc["customers kept of 1,000 complaints"]
    value = worth(x["margin"], x["leave_no_problem"], x["discount"], 5)
    assert kept["needed"] * found["complaints"] / 1000 * value + found["word of mouth"] == pytest.approx(found["total cost"])
    assert kept["likely"] == pytest.approx(found["customers kept"] / found["complaints"] * 1000)
    assert (kept["likely"] > kept["needed"]) == (found["net"] > 0)


@pytest.mark.parametrize(("change", "none"), [
    ({"leave_satisfied": 0.3, "speak_up": 0.0}, {"causal_share", "satisfied_better", "margin"}),
    ({"leave_satisfied": 0.5, "leave_silent": 0.01}, {"causal_share", "satisfied_better", "margin"}),
    ({"causal_share": 0.0}, {"satisfied_better", "margin"}),
    ({"margin": 0.0}, {"customers kept of 1,000 complaints", "causal_share", "satisfied_better"}),
    ({"problems": 0.0}, {"customers kept of 1,000 complaints", "causal_share", "satisfied_better", "cost", "margin"})])
def test_where_no_value_would_do_there_is_no_break_even(change, none):
    table = pd.DataFrame(break_evens({**LIKELY, **change}, 5), columns=COLUMNS)
    assert set(table.loc[table["needed"].isna(), "quantity"]) == none
    assert not table.loc[table["needed"].isna(), "within_reach"].any()
    assert isinstance(decide(**change).text, str)


# --- ranges and draws -------------------------------------------------------------------------------------------------

SPANS = [(0, 0.5, 1), (150, 250, 350), (0, 0, 3), (2, 9, 9), (0.1, 0.11, 0.4)]


@pytest.mark.parametrize("span", SPANS)
def test_ranges_are_drawn_as_scipy_has_them(span):
    low, likely, high = span
    place, u = (likely - low) / (high - low), np.linspace(0.001, 0.999, 57)
    pert = stats.beta(1 + 4 * place, 5 - 4 * place, loc=low, scale=high - low)
    triangle = stats.triang(place, loc=low, scale=high - low)
    for shape, theirs in (("pert", pert), ("triangular", triangle)):
        assert_allclose(quantile(shape, span, u), theirs.ppf(u), rtol=1e-9, atol=1e-12)
        assert mean(shape, span) == pytest.approx(theirs.mean())
    assert_allclose(share_below(span, pert.ppf(u)), u, rtol=1e-9)
    assert mean("pert", span) == pytest.approx((low + 4 * likely + high) / 6)


def test_draws_come_from_the_ranges_and_keep_their_luck():
    one, other = decide(seed=4), decide(seed=4, margin=(10, 20, 30), told=(0, 1, 2))
    for name, (low, _, high) in read_ranges({}).items():
        assert one.draws[name].between(low, high).all()
        if name not in ("margin", "told"):
            assert (one.draws[name] == other.draws[name]).all()
    assert stats.spearmanr(one.draws["margin"], other.draws["margin"]).statistic == pytest.approx(1)
    moving = [name for name in INPUTS if np.ptp(one.draws[name]) > 0]
    apart = np.abs(one.draws[moving].corr().to_numpy() - np.eye(len(moving))).max()
    assert apart < 4.5 / np.sqrt(DRAWS)  # independent of each other
    pd.testing.assert_frame_equal(decide(seed=4).draws, one.draws)
    assert (decide(seed=5).draws["net"] != one.draws["net"]).any()
    assert (decide(seed=4, draws=500).draws["margin"] == one.draws["margin"][:500]).all()  # more draws begin with the fewer


def test_the_table_describes_the_draws():
    found = decide(told=(0, 2, 4), lost_by_word=(0, 0.01, 0.02))
    again = outcomes({name: found.draws[name] for name in INPUTS}, 5)
    for name in OUTCOMES:
        assert_allclose(found.draws[name], again[name])
        row, values = found.table.set_index("quantity").loc[name], found.draws[name]
        assert row["mean"] == pytest.approx(values.mean())
        assert (row["low_95"], row["low_80"], row["median"], row["high_80"], row["high_95"]) == pytest.approx(
            tuple(values.quantile([0.025, 0.1, 0.5, 0.9, 0.975])))
        assert row["likely"] == pytest.approx(outcomes({**LIKELY, "told": 2, "lost_by_word": 0.01}, 5)[name])
    assert_allclose(found.draws["return"], found.draws["net"] / found.draws["total cost"])
    assert found.pays == (found.draws["net"] > 0).mean()


def test_what_costs_nothing_has_no_return():
    found = decide(cost=0, ordinary_cost=0)
    assert found.table.set_index("quantity").loc["return"].drop("unit").isna().all()
    assert "With the likely values it costs nothing: it pays if it keeps any customer, and it keeps 11.8 of" in found.text


@pytest.mark.parametrize("shape", ["pert", "triangular"])
@pytest.mark.parametrize("given", [{}, {"told": (2, 5, 9), "lost_by_word": (0.0, 0.01, 0.05)}, {"years": 12}])
def test_the_expected_value_is_the_mean_of_very_many_draws(shape, given):
    found = decide(shape=shape, draws=40_000, **given)
    net = found.draws["net"]
    assert abs(found.expected - net.mean()) < 4 * net.std() / np.sqrt(len(net))


def test_doubling_the_customers_doubles_everything_but_the_return():
    one, two = (decide(problems=size).table.set_index("quantity") for size in ((800, 1000, 1200), (1600, 2000, 2400)))
    numbers = one.columns.drop("unit")
    assert_allclose(two.loc[[*OUTCOMES], numbers], 2 * one.loc[[*OUTCOMES], numbers])
    assert_allclose(two.loc["return", numbers].astype(float), one.loc["return", numbers].astype(float))


# --- what matters -----------------------------------------------------------------------------------------------------

def test_swings_are_those_of_one_input_moved_alone():
    found = decide().tornado.set_index("input")
    assert found["swing"].is_monotonic_decreasing
    assert set(found.index) == set(INPUTS) - {"fixed_cost", "told", "lost_by_word"}  # these do not move
    for name, row in found.iterrows():
        for end in ("low", "high"):
            known = pt.complaint_return(**{**LIKELY, name: row[end]}, draws=100)
            assert known.table.set_index("quantity").loc["net", "likely"] == pytest.approx(row[f"net_at_{end}"])
            assert known.expected == pytest.approx(row[f"net_at_{end}"])
        assert row["swing"] == pytest.approx(abs(row["net_at_high"] - row["net_at_low"]))


def test_rank_correlations_are_scipys():
    found = decide()
    for _, row in found.tornado.iterrows():
        expected = stats.spearmanr(found.draws[row["input"]], found.draws["net"]).statistic
        assert row["rank_correlation"] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("shape", ["pert", "triangular"])
@pytest.mark.parametrize("name", ["causal_share", "satisfied_better", "cost", "leave_no_problem", "discount", "margin"])
def test_what_knowing_is_worth_agrees_with_nested_simulation(name, shape):
    """At 120 places of the input, the mean over 4,000 draws of all others."""
    ranges = read_ranges({"margin": (100, 215, 500), "leave_no_problem": (0.0, 0.1, 0.6), "discount": (0.0, 0.1, 0.9)})
    rng = np.random.default_rng(8)
    others = {one: quantile(shape, span, rng.random(4_000)) for one, span in ranges.items()}
    places = quantile(shape, ranges[name], (np.arange(120) + 0.5) / 120)
    net = np.array([outcomes({**others, name: place}, 5)["net"].mean() for place in places])
    noise = outcomes(others, 5)["net"].std() / np.sqrt(4_000)
    expects = Expects(ranges, shape, 5)
    mine = np.interp((np.arange(120) + 0.5) / 120, expects.at, np.broadcast_to(expects.of_net(name), 400))
    assert_allclose(mine, net, atol=4 * noise)
    expected = np.maximum(net, 0).mean() - max(net.mean(), 0)
    assert expects.worth_knowing(name) == pytest.approx(expected, abs=4 * noise)


def test_what_knowing_is_worth_by_hand():
    """Net is 100 κ − 50 a customer, κ drawn from a triangle over 0 to 1: its mean distance from 1/2 is 1/6."""
    given = {"problems": 100, "complain": 1, "speak_up": 0, "satisfied_now": 0, "satisfied_better": 1, "leave_no_problem": 0,
             "leave_silent": 0, "leave_satisfied": 0, "leave_unsatisfied": 1, "margin": 100, "discount": 0, "cost": 50,
             "years": 1}
    found = pt.complaint_return(**given, ordinary_cost=0, causal_share=(0, 0.5, 1), shape="triangular", draws=200)
    assert found.expected == pytest.approx(0, abs=1e-9)
    # half of it lies above 1/2: 1/12 of 100 · 100 euros
    assert found.tornado["worth_knowing"].tolist() == pytest.approx([10_000 / 12], rel=1e-4)
    sure = pt.complaint_return(**{**given, "cost": 1}, ordinary_cost=0, causal_share=(0.4, 0.5, 0.6), draws=200)
    assert sure.tornado["worth_knowing"].tolist() == pytest.approx([0], abs=1e-9)
    assert "Knowing any one input for sure would not change the decision." in sure.text


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_knowing_is_never_worth_less_than_nothing(data):
    shares = st.floats(0, 1).map(lambda value: round(value, 3))
    given = {name: tuple(sorted(data.draw(shares) for _ in range(3))) for name in (
        "complain", "speak_up", "satisfied_now", "satisfied_better", "leave_satisfied", "leave_unsatisfied", "leave_silent",
        "causal_share")}
    found = pt.complaint_return(**given, draws=100)
    assert (found.tornado["worth_knowing"] >= -1e-6).all()
    assert found.text.count("correlation") == 1
    assert np.isfinite(found.table.set_index("quantity").loc[[*OUTCOMES], "mean"].astype(float)).all()


# --- what better handling may do --------------------------------------------------------------------------------------

def test_without_any_cause_everything_is_cost():
    found = decide(causal_share=0)
    assert (found.draws["customers kept"] == 0).all()
    assert found.pays == 0
    assert "is set to 0 here" in found.text
    assert found.table["likely"][2] == 0


def test_a_complaint_that_ends_badly_may_cost_more_than_silence():
    few, many = (outcomes({**LIKELY, "speak_up": share}, 5) for share in (0.0, 0.5))
    assert many["customers kept"] < few["customers kept"]  # 18 of 100 silent ones leave, 19.2 of those who now complain
    assert many["total cost"] > few["total cost"]
    loud, quiet = (outcomes({**LIKELY, "speak_up": share, "leave_silent": 0.4}, 5) for share in (0.5, 0.0))
    assert loud["customers kept"] > quiet["customers kept"]


def test_word_of_mouth_is_off_by_default_and_counts_only_with_both_its_inputs():
    assert (decide().draws["word of mouth"] == 0).all()
    assert (decide(told=5).draws["word of mouth"] == 0).all()
    assert (decide(told=5, lost_by_word=0.01, speak_up=0, satisfied_better=(0.55, 0.6, 0.7), causal_share=1).draws[
        "word of mouth"] > 0).all()


# --- mistakes ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("given", "told"), [
    ({"complaining": 0.3}, r"complaining: there is no such input; there are problems, complain.* Did you mean 'complain'"),
    ({"complain": 1.2}, r"complain: every number must be from 0 to 1, not 1\.2. It is: of them, those who complain today"),
    ({"complain": 35}, "complain: every number must be from 0 to 1, not 35"),
    ({"margin": -1}, "margin: every number must be 0 or more, not -1"),
    ({"margin": (1, 2, np.inf)}, "margin: every number must be 0 or more"),
    ({"margin": np.nan}, "margin: every number must be 0 or more, not nan"),
    ({"cost": (5, 3, 8)}, r"cost: a range rises: \(low, likely, high\), not \(5, 3, 8\)"),
    ({"cost": (5, 8)}, r"cost: a number that is known, or a range \(low, likely, high\) is needed, not \(5, 8\)"),
    ({"cost": "5"}, "cost: a number that is known, or a range"), ({"cost": (1, "2", 3)}, "cost: a number that is known"),
    ({"cost": True}, "cost: a number that is known"), ({"cost": None}, "cost: a number that is known"),
    ({"years": 0}, "years: a whole number from 1 to 50 is needed, not 0"), ({"years": 2.5}, "years: a whole number"),
    ({"years": (1, 2, 3)}, "years: a whole number"), ({"draws": 10}, "draws: a whole number from 100"),
    ({"seed": -1}, "seed: a whole number"), ({"shape": "normal"}, "shape: 'normal' is not one of pert, triangular"),
])
def test_mistakes_are_told(given, told):
    with pytest.raises(ValueError, match=told):
        pt.complaint_return(**given)


# --- what is said and drawn -------------------------------------------------------------------------------------------

def test_every_input_is_explained_and_says_whether_it_was_given():
    found = decide(margin=300, complain=(0.2, 0.3, 0.4))
    table = found.inputs.set_index("input")
    assert set(table.index) == set(INPUTS)
    assert set(table.index[table["source"] == "given"]) == {"margin", "complain"}
    assert table.loc["margin", ["low", "likely", "high"]].tolist() == [300, 300, 300]
    assert table["meaning"].str.len().gt(10).all()
    assert "15 of 17 inputs are assumed: they describe no firm, and are no evidence." in found.text
    assert "All inputs are the reader's own." in pt.complaint_return(**LIKELY, draws=100).text
    assert "Every input is taken as known." in pt.complaint_return(**LIKELY, draws=100).text


def test_the_sentence_has_the_numbers_of_the_tables():
    found = decide()
    line, even = found.table.set_index("quantity"), found.break_even.set_index("quantity")["needed"]
    kept, net = line.loc["customers kept"], line.loc["net"]
    assert (f"Of some 10,000 customers with a problem in a year, better handling keeps {kept['mean']:.3g} on average (80 % "
            f"range {kept['low_80']:.3g} to {kept['high_80']:.3g})") in found.text
    numbers = [float(text.replace(",", "")) for text in re.findall(r"-?\d[\d,]*(?:\.\d+)?(?= euros)", found.text)]
    first = found.tornado.iloc[0]
    expected = [line.loc["retained value", "mean"], line.loc["total cost", "mean"], net["mean"], first["net_at_high"],
                found.tornado["worth_knowing"].max()]
    assert numbers == pytest.approx(expected, rel=0.006)
    assert f"above 0 in {100 * found.pays:.3g} of 100 draws" in found.text
    assert (f"it pays from {even.iloc[0]:.3g} customers kept of 1,000 complaints on; they give 11.8. That takes a causal "
            f"share of {even['causal_share']:.3g}. That satisfied complainers leave less is a correlation: how much of the "
            "difference handling itself makes (causal_share) ranges from 0 to 1 here.") in found.text
    assert f"Over its range {first['input']} moves the net value most, from " in found.text
    assert "over 1 year," in decide(years=1).text


@pytest.mark.parametrize(("given", "told", "silent"), [
    ({"cost": 60}, "No causal share up to 1 would do.", "That takes"),
    ({"margin": 0}, "a customer who stays is worth nothing (margin 0): keeping them cannot pay.", "kept of 1,000"),
    ({"problems": 0}, "nobody complains: there is nothing to handle better.", "from 0 to 0"),
    ({"cost": 5000}, "of 1,000 complaints not even 1,000 customers kept would do; it keeps", "it pays from"),
    ({"cost": 0, "ordinary_cost": 0, "satisfied_better": 0.3}, "if it keeps any customer, and it loses 15.2 of", "-0 "),
    ({"told": 3, "lost_by_word": 0.01, "satisfied_better": 0.3}, "euros more by word of mouth, and costs", "keeps"),
    ({"problems": (0, 0, 0)}, "No input moves the net value over its range", "moves the net value most"),
    ({"satisfied_better": (0.3, 0.45, 0.6)}, "of 100 draws better handling satisfies fewer: look at", "leave less:"),
    ({"leave_unsatisfied": (0.05, 0.12, 0.2)}, "of 100 draws unsatisfied complainers leave less: look", "satisfies fewer"),
    ({"leave_satisfied": 0.02}, "leave less here than customers without a problem: a recovery paradox", "look at these"),
    ({"causal_share": (0.2, 0.3, 0.6)}, "(causal_share) ranges from 0.2 to 0.6 here", "is set to"),
    ({"problems": 2_000_000}, "Of some 2 million customers", "e+"),
    ({}, "Worth most to know before deciding: ", "paradox")])
def test_the_sentence_says_what_is_odd_and_only_that(given, told, silent):
    text = decide(**given).text
    assert told in text
    assert silent not in text


@pytest.mark.parametrize("given", [{}, {"told": (2, 4, 8), "lost_by_word": (0, 0.01, 0.03)}, {"problems": 5_000_000},
                                   {"cost": 300}])
def test_the_money_is_drawn_with_its_ranges_and_what_must_be_kept(given):
    found = decide(**given)
    fig = found.figure()
    left, right = fig.axes
    line = found.table.set_index("quantity")
    names = ["retained value", *(["word of mouth"] if "told" in given else []), "total cost", "net"]
    for ax, shown in ((left, ["value at risk"]), (right, names)):
        divisor = {"euros": 1, "thousand euros": 1e3, "million euros": 1e6}[ax.get_ylabel()]
        assert_allclose([bar.get_height() * divisor for bar in ax.patches], line.loc[shown, "mean"].astype(float))
        spans = [np.array([path.vertices[:, 1] for path in one.get_paths()]) * divisor for one in ax.collections]
        assert_allclose(np.vstack(spans[0::2]), line.loc[shown, ["low_95", "high_95"]].astype(float))
        assert_allclose(np.vstack(spans[1::2]), line.loc[shown, ["low_80", "high_80"]].astype(float))
    needed = line.loc["total cost", "mean"] - line.loc["word of mouth", "mean"]
    assert right.lines[1].get_ydata()[0] * divisor == pytest.approx(needed)
    assert "e+" not in fig.alt
    assert "must be kept" in fig.legends[0].get_texts()[0].get_text()


def test_the_draws_are_counted_on_the_side_of_0_on_which_they_lie():
    found = decide()
    ax = found.figure("net").axes[0]
    bars = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in ax.patches]
    assert sum(height for _, _, height in bars) == DRAWS
    assert sum(height for x, width, height in bars if x + width / 2 > 0) == (found.draws["net"] > 0).sum()
    assert f"{100 * found.pays:.3g} of 100 pay" in found.figure("net").alt
    assert pt.complaint_return(**LIKELY, draws=100).figure("net").axes[0].patches  # all draws alike


def test_the_tornado_has_a_row_an_input():
    found = decide()
    ax = found.figure("tornado").axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == found.tornado["input"].tolist()
    likely = found.table.set_index("quantity").loc["net", "likely"]
    ends = [(bar.get_x() + bar.get_width()) * 1000 for bar in ax.patches]
    assert_allclose(ends, found.tornado[["net_at_low", "net_at_high"]].to_numpy().ravel())
    assert_allclose([bar.get_x() * 1000 for bar in ax.patches], likely)
    with pytest.raises(ValueError, match="every input is taken as known, so nothing moves"):
        pt.complaint_return(**LIKELY, draws=100).figure("tornado")
    with pytest.raises(ValueError, match="show: 'pie' is not one of money, net, tornado"):
        found.figure("pie")
    assert found.figure("net", alt="A hill of draws with a line at nought.").alt.startswith("A hill")


def test_a_result_shows_its_sentence_and_its_table_in_whole_euros():
    found = decide(problems=50_000)
    assert repr(found).startswith(found.text)
    assert "e+" not in repr(found)
    assert f"{found.table['mean'][0]:,.0f}" in repr(found)
    assert f"{found.table['mean'][0]:,.0f}" in found._repr_html_()


def test_word_of_mouth_is_told_apart_from_customers_kept():
    found = decide(told=20, lost_by_word=0.05, causal_share=1, leave_satisfied=0.3, speak_up=0)
    line = found.table.set_index("quantity")["mean"]
    assert (f", worth {amount(line['retained value'])} euros over 5 years, saves {amount(line['word of mouth'])} euros more "
            "by word of mouth, and costs ") in found.text
    assert line["retained value"] + line["word of mouth"] - line["total cost"] == pytest.approx(line["net"])
    assert "word of mouth alone pays for it, as long as it does not lose 141 customers of 1,000" in found.text


def test_customers_lost_are_said_to_be_lost():
    kept = (found := decide(satisfied_better=0.3)).table.set_index("quantity").loc["customers kept"]
    assert kept["mean"] < 0
    assert (f"better handling loses {-kept['mean']:.3g} customers on average (80 % range {-kept['low_80']:.3g} lost to "
            f"{-kept['high_80']:.3g} lost)") in found.text


def test_a_margin_of_nothing_has_a_margin_that_would_do():
    """The same as from any other margin: what is brought is a multiple of it."""
    needed = [pd.DataFrame(break_evens({**LIKELY, "margin": margin}, 5), columns=COLUMNS).set_index("quantity").loc[
        "margin", "needed"] for margin in (0.0, 1.0, 250.0)]
    assert_allclose(needed, needed[2])


@pytest.mark.parametrize(("given", "settles"), [
    ({}, True), ({"cost": (0, 0, 5), "ordinary_cost": 0}, False), ({"cost": (0, 1, 5), "speak_up": (0, 0.1, 0.2)}, False),
    ({"cost": (0, 1, 5), "fixed_cost": 5000}, True)])
def test_a_mean_return_is_left_out_where_the_cost_may_come_near_nothing(given, settles):
    line = decide(**given).table.set_index("quantity").loc["return"]
    assert np.isfinite(line["mean"]) == settles
    assert np.isfinite(line["median"])


@pytest.mark.parametrize("value", [-0.0, 1e-14, -1e-14])
def test_rounding_is_nothing_and_has_no_sign(value):
    assert (amount(value), cell(value)) == ("0", "0")
