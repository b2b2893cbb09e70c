"""Page 12: its own arithmetic, run here, against other routes; and what its prose says of seeds, counts and rounding."""

import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import integrate, optimize, stats
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.proportion import confint_proportions_2indep, power_proportions_2indep, proportion_confint

import pebbletrail as pt
from page_cells import run_and_listen
from pebbletrail.explorers.complaints import account
from pebbletrail.explorers.complaints_words import euros
from pebbletrail.ledger_table import ledger
from pebbletrail.page_source import all_pages, source

# the cells of the page that compute, in order
CELLS = ("setup", "instrument-new", "example", "example-summary", "look-years", "look-names", "look-table",
         "look-wilson", "look-figure", "look-sample", "difference-hand", "difference-library", "odds-hand",
         "odds-error", "logistic-rows", "logistic-simple", "logistic-curve", "logistic-margins", "logistic-kind",
         "logistic-full", "logistic-held", "logistic-channel", "selection-kinds", "selection-product", "selection-firms",
         "selection-marks", "selection-figure", "selection-cuts", "selection-evalue",
         "f-load", "f-d", "f-p", "range-draws", "range-n", "range-150",
         "pays-value", "pays-needed", "pays-kept", "pays-model", "pays-break-even", "pays-causal", "pays-tornado",
         "hidden-draw", "hidden-models", "noncentral-hand", "noncentral-library", "apology-n", "lot-now",
         "lot-hand", "lot-size", "lot-check", "compare-trust", "compare-place", "compare-price", "compare-rest")


@pytest.fixture(scope="module")
def page():
    """What the cells leave; under ``after`` the names behind each cell, under ``said`` what each has printed."""
    with pytest.MonkeyPatch.context() as patch:
        compared = {}
        patch.setattr(pt, "compare", lambda id, value: compared.update({id: value}))
        patch.setattr(pt, "compare_all", lambda values, fold=None: compared.update(values))
        patch.setattr(pt, "show", lambda fig, alt=None: None)
        last = run_and_listen(12, CELLS)
    return {**last, "compared": compared}


def numbers(text):
    """The numbers in a text, as they were printed."""
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", text.replace(",", ""))]


def run_open(ids):
    """What the cells on open data print, run here."""
    return run_and_listen(12, ("setup", "clusters-import", *ids))["said"]


def prose(id):
    cells = {cell["id"]: source(cell) for cell in all_pages()[12].cells}
    return cells[id]


# --- shares, odds, the logistic model ---------------------------------------------------------------------------------

def test_the_table_counts_the_four_answers(page):
    assert page["table"]["answered"].tolist() == [2468, 66, 380, 215]
    assert page["table"]["disputed"].tolist() == [525, 13, 41, 16]
    assert page["counts"]["complaints"].sum() == 3186


def test_intervals_by_hand_are_those_of_statsmodels(page):
    table = page["table"]
    low, high = proportion_confint(table["disputed"], table["answered"], alpha=2 * stats.norm.sf(1.96), method="wilson")
    assert table["low"].to_numpy() == pytest.approx(low.to_numpy(), abs=1e-12)
    assert table["high"].to_numpy() == pytest.approx(high.to_numpy(), abs=1e-12)
    gap = page["after"]["difference-hand"]
    theirs = confint_proportions_2indep(525, 2468, 16, 215, method="newcomb", alpha=2 * stats.norm.sf(1.96))
    assert (gap["gap"] - gap["down"], gap["gap"] + gap["up"]) == pytest.approx(theirs, abs=1e-12)
    assert numbers(page["said"]["difference-hand"]) == [13.8, 9.2, 17.1]


def test_the_agencys_shares_lie_in_our_intervals(page):
    kinds = page["kinds"]
    names = {"Mortgage": "mortgage", "Consumer Loan": "loan", "Credit card": "card", "Prepaid card": "prepaid"}
    for kind, id in names.items():
        theirs = float(ledger()[f"cfpb-2017.{id}"].published) / 100
        assert kinds.loc[kind, "low"] < theirs < kinds.loc[kind, "high"]


def test_the_odds_ratio_and_its_interval_by_a_two_by_two_table(page):
    two = Table2x2([[525, 1943], [16, 199]])
    now = page["after"]["odds-error"]
    assert now["ratio"] == pytest.approx(two.oddsratio)
    assert (now["low"], now["high"]) == pytest.approx(two.oddsratio_confint(), rel=1e-4)
    assert numbers(page["said"]["odds-error"]) == [3.36, 2.00, 5.64, 16]
    terms = 1 / np.array([16, 525, 1943, 199])
    assert round(terms[0] / terms[1:].sum()) == 8
    assert round(two.riskratio, 2) == 2.86


def grouped(page, formula):
    """The same model by another route: least squares made again and again on the counts of each cell."""
    cells = page["kept"].groupby(["answer", "kind", "timely", "year", "channel"], observed=True)["disputes"]
    cells = cells.agg(["sum", "size"]).reset_index()
    cells["silent"] = cells["size"] - cells["sum"]
    return smf.glm(f"sum + silent ~ {formula}", cells, family=sm.families.Binomial()).fit(), cells


@pytest.mark.parametrize(("name", "formula"), [
    ("full", "C(answer) + C(kind) + C(timely) + C(year)"),
    ("more", "C(answer) + C(kind) + C(timely) + C(year) + C(channel)")])
def test_logistic_models_on_the_counts(page, name, formula):
    fit, cells = grouped(page, formula)
    ours = page[name].table.set_index("term")
    assert ours["estimate"].to_numpy() == pytest.approx(fit.params.to_numpy(), abs=1e-6)
    assert ours["se"].to_numpy() == pytest.approx(fit.bse.to_numpy(), rel=1e-5)
    shares = [np.average(fit.predict(cells.assign(answer=pd.Categorical([one] * len(cells), page["answers"]))),
                         weights=cells["size"]) for one in page["answers"]]
    margins = page[name].margins("C(answer)")["estimate"].to_numpy()
    assert margins == pytest.approx(np.subtract(shares[1:], shares[0]), abs=1e-8)


def test_with_one_category_the_model_is_the_cross_table(page):
    found = page["simple"].table.set_index("term").loc["C(answer)[money]"]
    assert 1 / found["odds_ratio"] == pytest.approx(page["ratio"])
    margins = page["simple"].margins("C(answer)").set_index("change")["estimate"]
    assert -margins["from explanation to money"] == pytest.approx(page["after"]["difference-hand"]["gap"])


def test_the_points_that_the_prose_gives(page):
    points = {name: (100 * page[name].margins("C(answer)")[["estimate", "ci_low", "ci_high"]]).round(1).iloc[-1].tolist()
              for name in ("simple", "full", "more")}
    assert points == {"simple": [-13.8, -17.7, -10.0], "full": [-13.6, -17.6, -9.6], "more": [-13.9, -17.7, -10.0]}
    timely = (100 * page["full"].margins("C(timely)")[["estimate", "ci_low", "ci_high"]]).round(1).iloc[0].tolist()
    assert timely == [3.0, -6.2, 12.3]
    letters = page["more"].margins("C(channel)").set_index("change").loc["from Web to Postal mail", "estimate"]
    assert round(100 * letters) == -14
    product_alone = pt.logistic(page["kept"], "disputes ~ C(answer) + C(kind)").margins("C(answer)")["estimate"].iloc[-1]
    alone = pt.logistic(page["kept"], "disputes ~ C(answer)").margins("C(answer)")["estimate"].iloc[-1]
    assert 100 * (product_alone - alone) == pytest.approx(0.25, abs=0.05)  # the quiz: a quarter of a point


def test_the_two_of_2017_are_refused_and_left_out(page):
    assert "2017" in page["said"]["logistic-kind"]
    assert "separation" in page["said"]["logistic-kind"]
    assert len(page["rows"]) - len(page["kept"]) == 2
    assert page["rows"].loc[page["rows"]["year"] == 2017, "disputes"].tolist() == [1, 1]


def test_late_answers_and_no_answers(page):
    marked, counts = page["marked"], page["counts"]
    assert marked.loc[marked["timely"] == "No", "answered"].sum() == 59
    assert counts.loc[counts["response"] == "Untimely response", "complaints"].sum() == 26


def test_the_made_up_answers_scored_by_hand(page):
    """Means of the items, the reversed ones turned round; no score where fewer than two thirds are answered."""
    asked, names = page["asked"], ["distributive", "procedural", "interactional", "stay"]
    turned = {"distributive4", "procedural5", "interactional3"}
    scores = {}
    for name in names:
        items = asked[[column for column in asked if re.fullmatch(rf"{name}\d", column)]]
        items = items.apply(lambda one: 8 - one if one.name in turned else one)
        scores[name] = items.mean(axis=1).where(3 * items.notna().sum(axis=1) >= 2 * items.shape[1])
    by_hand_ = pd.DataFrame(scores)
    ours = page["scores"].table[names]
    assert ours.to_numpy() == pytest.approx(by_hand_.to_numpy(), nan_ok=True)
    assert ours.mean().round(1).tolist()[:3] == [4.1, 4.2, 4.6]
    assert ours.corr().loc["stay"].round(2).tolist()[:3] == [0.47, 0.22, 0.35]
    assert asked["incident"].nunique() == 8


# --- who gets relief --------------------------------------------------------------------------------------------------

def test_who_gets_relief_by_a_loop(page):
    shares = page["after"]["selection-kinds"]["shares"]
    for kind in ("Credit card", "Debt collection", "Credit reporting"):
        rows = page["kept"][page["kept"]["kind"] == kind]
        assert shares.loc[kind, "money"] == pytest.approx(sum(rows["answer"] == "money") / len(rows))
        relief = [one in ("money", "relief, no money") for one in rows["answer"]]
        assert shares.loc[kind, "relief"] == pytest.approx(sum(relief) / len(rows))
    assert (100 * shares.loc[["Credit card", "Debt collection"], "money"]).round(1).tolist() == [24.6, 1.0]
    assert shares["money"].max() / shares["money"].min() > 20
    explained = page["after"]["selection-kinds"]["explained"]
    assert 0.17 < explained.min() < explained.max() <= 0.25


def test_generous_firms(page):
    firms = pt.load("cfpb-company-counts").query("company != 'all others'")
    relief = firms["relief"] / firms["answered"]
    assert (len(firms), (relief == 0).sum(), round(relief.max(), 2), (relief > 0.25).sum()) == (17, 2, 0.51, 6)
    refused, disputed = firms["answered"] - firms["relief"], firms["disputed"] - firms["disputed_after_relief"]
    counts = [(disputed[some].sum(), refused[some].sum()) for some in (relief <= 0.25, relief > 0.25)]
    assert counts == [(253, 1088), (74, 400)]
    shares = [one / of for one, of in counts]
    low, high = proportion_confint(*zip(*counts, strict=True), method="wilson")
    gap = shares[0] - shares[1]
    ends = (gap - np.hypot(shares[0] - low[0], high[1] - shares[1]), gap + np.hypot(high[0] - shares[0], shares[1] - low[1]))
    assert [round(100 * one, 1) + 0.0 for one in (gap, *ends)] == [4.8, 0.0, 9.1]
    printed = [numbers(one) for one in page["said"]["selection-cuts"].splitlines()]
    assert [one[0] for one in printed] == [15, 25, 27, 31]
    assert printed[1] == [25, 23.3, 18.5, 4.8, 0.0, 9.1]
    for cut, *rest in printed:
        two = [(disputed[some].sum(), refused[some].sum()) for some in (100 * relief <= cut, 100 * relief > cut)]
        low, high = proportion_confint(*zip(*two, strict=True), method="wilson")
        first, second = (one / of for one, of in two)
        ends = -np.hypot(first - low[0], high[1] - second), np.hypot(high[0] - first, second - low[1])
        by_loop = first, second, first - second, *(first - second + one for one in ends)
        assert rest == pytest.approx([100 * one for one in by_loop], abs=0.051)
    small = (refused < 20) & (disputed / refused > 0.4)
    assert (disputed[small].item(), refused[small].item()) == (7, 16)  # the cross at the top right


def test_the_e_value_by_search(page):
    """The least strength, the same with both, at which a hidden yes or no could make the whole ratio."""
    said = [float(one) for one in page["said"]["selection-evalue"].split()]

    def most(strength):  # Ding and VanderWeele's bound on the ratio that a hidden cause of this strength can make
        return strength * strength / (2 * strength - 1)

    for ratio, value in (said[:2], said[2:]):
        assert value == pytest.approx(optimize.brentq(lambda s, r=ratio: most(s) - r, 1, 50), abs=0.015)
    two = Table2x2([[525, 1943], [16, 199]])
    assert said[2] == pytest.approx(two.riskratio_confint()[0], abs=0.005)


def test_no_hidden_cause_weaker_than_the_e_value_does_it():
    """By brute force: a yes or no with any shares in both groups; disputes depend on it alone."""
    rng = np.random.default_rng(0)
    strength = 5.0
    in_paid, base = rng.uniform(0.001, 1, 200_000), rng.uniform(0.001, 1, 200_000)
    in_explained = np.minimum(1, in_paid * rng.uniform(1, strength, 200_000))
    times = rng.uniform(1, strength, 200_000)
    explained = base * (1 + (times - 1) * in_explained)
    paid = base * (1 + (times - 1) * in_paid)
    assert (explained / paid).max() < 2.86


def test_the_world_in_which_relief_does_nothing(page):
    """Its shares in closed form, and the same for other seeds."""
    plain, given = 0.24, np.array([0.293, 0.0127])
    weights = np.array([plain, 1 - plain]) * given
    among_paid = weights[0] / weights.sum()
    rest = np.array([plain, 1 - plain]) * (1 - given)
    among_explained = rest[0] / rest.sum()
    assert (round(100 * among_paid), round(100 * among_explained)) == (88, 18)
    truth = [0.25 - 0.2 * among_explained, 0.25 - 0.2 * among_paid]
    assert page["world"].groupby("money")["disputes"].mean().to_numpy() == pytest.approx(truth, abs=0.004)
    assert round((1 - among_explained) / (1 - among_paid), 1) == pytest.approx(6.8, abs=0.1)
    found = {name: one["estimate"].item() for name, one in page["models"].items()}
    assert found["as in our data"] == pytest.approx(truth[1] - truth[0], abs=0.004)
    inside = page["models"]["with the box"].iloc[0]
    assert inside["ci_low"] < 0 < inside["ci_high"]


# --- a printed F ------------------------------------------------------------------------------------------------------

def test_d_and_sd_give_the_printed_f_again(page):
    cells, effect = page["cells"], page["effect"]
    difference = (cells["mean_old"] - cells["mean_recent"]).to_numpy()
    again = cells["n_per_arm"].to_numpy() / 2 * (difference / effect["sd"].to_numpy()) ** 2
    assert again == pytest.approx(cells["f_time"].to_numpy())
    assert effect["d"].round(2).tolist() == [0.58, 0.45, 0.64]


def test_p_values_by_t_and_which_degrees_of_freedom_fit(page):
    assert set(page["compared"]) == {line.id for line in ledger().values() if line.page == "12" and line.counts}
    cells = page["cells"]
    rows = {"cha-trust.p": ("trust", "f_time"), "cha-pi.p": ("purchase intention", "f_time"),
            "cha-pp.p": ("price premium", "f_time"), "cha-disp": ("trust", "f_place"),
            "cha-disp.pi": ("purchase intention", "f_place"), "cha-disp.pp": ("price premium", "f_place")}
    for id, value in page["compared"].items():
        f = cells.loc[rows[id]]
        assert value == pytest.approx(2 * stats.t.sf(np.sqrt(f), 236), rel=1e-9)
        assert ledger()[id].status(value) == "agrees"
    judgements = {"cha-disp": 3.553, "cha-disp.pi": 2.320}
    assert [ledger()[id].status(stats.f.sf(f, 1, 956)) for id, f in judgements.items()] == ["differs", "differs"]
    assert [ledger()[id].status(stats.f.sf(f, 1, 237)) for id, f in judgements.items()] == ["agrees", "agrees"]


def noncentral_cdf(t, df, shift):
    """P(T < t) by integrating the normal curve over the spread of the estimated standard deviation."""
    def inside(q):
        return stats.norm.cdf(t * np.sqrt(q / df) - shift) * stats.chi2.pdf(q, df)

    wide = 12 * np.sqrt(2 * df)
    return integrate.quad(inside, max(0, df - wide), df + wide, limit=200)[0]


def test_ends_of_d_by_integration(page):
    said = re.findall(r"\[([\d.]+) ([\d.]+)\]", page["said"]["noncentral-hand"])
    for f, (low, high) in zip(page["cells"]["f_time"], said, strict=True):
        for end, p in ((float(low), 0.975), (float(high), 0.025)):
            assert noncentral_cdf(np.sqrt(f), 236, end * np.sqrt(60)) == pytest.approx(p, abs=0.002)
    assert said[0] == ("0.325", "0.842")
    close = page["effect"][["low", "high"]].to_numpy() - np.array(said, float)
    assert np.abs(close).max() < 0.0015


# --- ranges, apologies, lots ------------------------------------------------------------------------------------------

def test_how_far_apart_sixty_draws_lie(page):
    expected = integrate.quad(lambda x: 1 - stats.norm.cdf(x) ** 60 - stats.norm.sf(x) ** 60, -10, 10)[0]
    assert page["apart"] == pytest.approx(expected, abs=0.02)
    people = [3 + (expected / (np.arctanh(high) - np.arctanh(low))) ** 2 for low, high in page["ranges"].values()]
    assert np.round(people).tolist() == [8, 12, 16]
    assert list(page["needed"].values()) == pytest.approx(people, rel=0.02)
    printed = {line.published for line in ledger().values() if line.id in ("ors-dj", "ors-ij", "ors-pj")}
    assert printed == {f"{low} to {high}" for low, high in page["ranges"].values()}
    fewer = integrate.quad(lambda x: 1 - stats.norm.cdf(x) ** 30 - stats.norm.sf(x) ** 30, -10, 10)[0]
    assert fewer < expected, "with fewer correlations the studies would have to be smaller still"


def test_the_lot_is_planned_for_what_the_account_book_expects(page):
    """Each size gives a power of four fifths by statsmodels' route; the effects are those of the decision model."""
    lots = page["lots"]
    before, after = (one * 0.12 + (1 - one) * 0.30 for one in (0.45, 0.60))
    assert lots["now"].tolist() == pytest.approx([before] * 3)
    assert lots["fewer"].tolist()[:2] == pytest.approx([before - after, (before - after) / 2])
    assert 1000 * lots.loc["just pays", "fewer"] == pytest.approx(page["plan"].break_even["needed"].iloc[0])
    for lot in lots.itertuples():
        power = power_proportions_2indep(-lot.fewer, lot.now, lot.each, ratio=1, alpha=0.05, return_results=False)
        assert power == pytest.approx(0.8, abs=0.01)
        assert (lot.years, lot.outlay) == pytest.approx((2 * lot.each / 3500, 8 * lot.each))
    each = numbers(page["said"]["lot-check"])
    assert each[0::2] == [1750, 14_400]
    powers = [power_proportions_2indep(-0.0135, 0.219, n, ratio=1, alpha=0.05, return_results=False) for n in each[0::2]]
    assert each[1::2] == pytest.approx(powers, abs=0.01)


def test_a_lot_of_one_year_costs_more_than_knowing_is_worth(page):
    known = page["plan"].tornado.set_index("input").loc["causal_share", "worth_knowing"]
    assert known < page["lots"]["outlay"].min()
    likely = page["lots"].loc["causal share 0.5"]
    assert likely["each"] * likely["fewer"] * page["worth"] > likely["outlay"], "who is kept brings back more"


def test_even_25_each_would_tell_37_from_74(page):
    first = page["said"]["apology-n"].splitlines()[0]
    assert numbers(first)[0] == 25
    assert numbers(first)[1] > 0.05


# --- does it pay ------------------------------------------------------------------------------------------------------

LIKELY = {"problems": 10_000, "complain": 0.35, "speak_up": 0.05, "now": 0.45, "better": 0.60, "silent": 0.18,
          "content": 0.12, "angry": 0.30, "margin": 250, "leave": 0.08, "rate": 0.08, "cost": 8, "ordinary": 10}


def by_hand(causal, **changes):
    """Customers followed one kind after the other: who complains, who is satisfied, who is gone, with and without."""
    x = {**LIKELY, **changes}
    talk, new = x["problems"] * x["complain"], x["problems"] * (1 - x["complain"]) * x["speak_up"]
    rate = {True: x["content"], False: x["angry"]}
    before = talk * (x["now"] * rate[True] + (1 - x["now"]) * rate[False]) + new * x["silent"]
    after = (talk + new) * (x["better"] * rate[True] + (1 - x["better"]) * rate[False])
    worth = sum(x["margin"] * (1 - x["leave"]) ** year / (1 + x["rate"]) ** (year + 1) for year in range(5))
    cost = (talk + new) * x["cost"] + new * x["ordinary"]
    kept = causal * (before - after)
    return {"customers kept": kept, "retained value": kept * worth, "total cost": cost,
            "net": kept * worth - cost, "worth": worth, "complaints": talk + new}


def test_the_decision_model_at_its_likely_values(page):
    ours, hand = page["plan"].table.set_index("quantity")["likely"], by_hand(0.5)
    for quantity in ("customers kept", "retained value", "total cost", "net"):
        assert ours[quantity] == pytest.approx(hand[quantity]), quantity
    assert page["worth"] == pytest.approx(hand["worth"])
    needs = page["plan"].break_even.set_index("quantity")["needed"]
    assert needs["causal_share"] == pytest.approx(optimize.brentq(lambda share: by_hand(share)["net"], 0, 1))
    assert needs["cost"] == pytest.approx(optimize.brentq(lambda cost: by_hand(0.5, cost=cost)["net"], 0, 50))
    assert needs["satisfied_better"] == pytest.approx(optimize.brentq(lambda one: by_hand(0.5, better=one)["net"], 0.4, 0.9))
    assert needs["margin"] == pytest.approx(optimize.brentq(lambda one: by_hand(0.5, margin=one)["net"], 10, 900))
    assert needs.iloc[0] == pytest.approx(1000 * hand["total cost"] / hand["worth"] / hand["complaints"])
    kept = numbers(page["said"]["pays-kept"])
    assert kept == [1, 94.5, 53424, 0.5, 47.2, 12712, 0, 0, -28000]
    assert numbers(page["said"]["pays-value"]) == [862]
    assert numbers(page["said"]["pays-needed"])[:1] == [32.5]


def beta(low, likely, high, size, rng):
    """Draws of a PERT range, by numpy's own beta."""
    return low + (high - low) * rng.beta(1 + 4 * (likely - low) / (high - low), 1 + 4 * (high - likely) / (high - low), size)


def test_how_often_it_pays_and_what_the_causal_share_is_worth(page):
    """Drawn again with numpy's beta, and the worth of knowing by integration over the causal share alone."""
    rng, spans = np.random.default_rng(1), page["plan"].inputs.set_index("input")[["low", "likely", "high"]]
    names = {"problems": "problems", "complain": "complain", "speak_up": "speak_up", "now": "satisfied_now",
             "better": "satisfied_better", "silent": "leave_silent", "content": "leave_satisfied",
             "angry": "leave_unsatisfied", "margin": "margin", "leave": "leave_no_problem", "rate": "discount",
             "cost": "cost", "ordinary": "ordinary_cost"}
    drawn = {mine: beta(*spans.loc[theirs], 100_000, rng) for mine, theirs in names.items()}
    whole = by_hand(1.0, **drawn)
    for share, pays in page["pays"].items():
        assert np.mean(share * whole["retained value"] > whole["total cost"]) == pytest.approx(pays, abs=0.012)
    causal = beta(0, 0.5, 1, 100_000, rng)
    net = causal * whole["retained value"] - whole["total cost"]
    assert np.mean(net > 0) == pytest.approx(page["plan"].pays, abs=0.012)
    gain, cost = whole["retained value"].mean(), whole["total cost"].mean()
    known = integrate.quad(lambda k: max(k * gain - cost, 0) * stats.beta.pdf(k, 3, 3), 0, 1)[0] - max(gain / 2 - cost, 0)
    table = page["plan"].tornado.set_index("input")["worth_knowing"]
    assert table["causal_share"] == pytest.approx(known, rel=0.03)
    assert table.idxmax() == "causal_share"
    assert table["discount"] == 0


def test_the_folded_answers_of_12_2():
    """What the explorer says at its settings, by customers followed one kind after the other."""
    tried = [({"causal": 0}, 0, {}), ({"causal": 100}, 1, {}), ({"speak_up": 30}, 0.5, {"speak_up": 0.3}),
             ({"speak_up": 30, "satisfied_better": 80}, 0.5, {"speak_up": 0.3, "better": 0.8})]
    told = prose("after-explorer")
    for settings, causal, changes in tried:
        net = by_hand(causal, **changes)["net"]
        assert account(**settings).net == pytest.approx(net)
        assert euros(abs(net)) in told
    assert account(years=1).needed is None
    assert [round(100 * one.needed, 1) for one in (account(), account(years=2))] == [43.4, 87.2]
    assert [one * 0.12 + (1 - one) * 0.30 for one in (0.6, 0.8)] == pytest.approx([0.192, 0.156])
    assert round(account().pays, 2) == 0.51
    assert (round(account().at_risk, -3), round(account().kept, -3)) == (979_000, 39_000)


def test_what_the_prose_says_of_the_model(page):
    likely = page["plan"].table.set_index("quantity")
    in_thousands = likely["likely"].round(-3)
    assert in_thousands[["value at risk", "retained value", "total cost"]].tolist() == [979_000, 39_000, 34_000]
    assert likely.loc["net", ["low_95", "median", "high_95"]].round(-2).tolist() == [-32_900, 500, 62_100]
    assert round(likely.loc["retained value", "likely"] / likely.loc["value at risk", "likely"], 2) == 0.04
    assert page["plan"].break_even["needed"].round(2).tolist() == [10.27, 0.43, 0.58, 9.35, 216.81]
    assert (page["plan"].inputs["low"] < page["plan"].inputs["high"]).sum() == 14
    assert numbers(page["said"]["pays-causal"]) == [0, 0, 0.25, 8, 0.5, 56, 0.75, 81, 1, 91]


def test_the_exercise(page):
    credit = page["marked"].query("product == 'Credit reporting'").groupby("answer")[["disputed", "answered"]].sum()
    assert credit.loc["explanation"].tolist() == [90, 447]
    assert credit.loc["relief, no money"].tolist() == [12, 179]
    two = Table2x2([[90, 357], [12, 167]])
    low, high = confint_proportions_2indep(90, 447, 12, 179, method="newcomb")
    e_value = two.riskratio + np.sqrt(two.riskratio * (two.riskratio - 1))
    told = prose("exercise-answer").split("</details>")[0].split("```")[-1]
    for number in (f"{100 * 90 / 447:.1f}", f"{100 * 12 / 179:.1f}", f"{100 * (90 / 447 - 12 / 179):.1f} points",
                   f"{100 * low:.1f} to {100 * high:.1f}", f"{two.oddsratio:.2f}", f"{two.riskratio:.2f}", f"{e_value:.2f}"):
        assert number in told, number


def test_the_quiz_about_f():
    t = np.sqrt(9.0)
    d = t * np.sqrt(2 / 50)
    error = np.sqrt(2 / 50 + d**2 / 200)
    assert (round(d, 2), round(d - 1.96 * error, 1), round(d + 1.96 * error, 1)) == (0.6, 0.2, 1.0)


# --- the prose: each number that is said, from what the cells have computed -------------------------------------------

def points(margins, row, columns=("estimate", "ci_low", "ci_high")):
    return (100 * margins.set_index("change").loc[row, list(columns)]).tolist()


def said_lot(p, column):
    return p["lots"][column].round(-2 if column == "each" else -3).tolist()


MONEY, OTHER = "from explanation to money", "from explanation to relief, no money"
SAID = [  # cell, its words, what stands in the gaps
    ("look-table-read", "Of {:,} explanations {} were disputed, {:.1f} percent; of {} answers with money {}, or "
     "{:.1f} percent",
     lambda p: [2468, 525, 100 * 525 / 2468, 215, 16, 100 * 16 / 215]),
    ("look-sample-read", "{:.1f}, {:.1f}, {:.1f} and {:.1f} percent here", lambda p: [
        100 * p["kinds"].loc[one, "share"] for one in ("Mortgage", "Consumer Loan", "Credit card", "Prepaid card")]),
    ("look-sample-read", "{:.0f} of {:.0f}, {:.0f} to {:.0f} percent", lambda p: [
        *p["kinds"].loc["Prepaid card", ["disputed", "answered"]],
        *(100 * p["kinds"].loc["Prepaid card", ["low", "high"]])]),
    ("difference-hand-read", "{} percentage points, {} to {}.", lambda p: numbers(p["said"]["difference-hand"])),
    ("difference-library-read", "The same {:.3f} to {:.3f}; and for relief without money {:.3f} to {:.3f}",
     lambda p: re.findall(r"0\.\d+", p["said"]["difference-library"])),
    ("odds-hand-read", "{:.3f} against {:.3f}: the odds ratio is {:.2f}.",
     lambda p: [p["odds"]["explanation"], p["odds"]["money"], p["ratio"]]),
    ("odds-error-read", "{:.2f}, with {:.2f} to {:.2f}", lambda p: [p["ratio"], *Table2x2([[525, 1943], [16, 199]])
                                                                   .oddsratio_confint()]),
    ("logistic-simple-read", "log odds lower by {:.3f}.", lambda p: [-np.log(1 / p["ratio"])]),
    ("logistic-simple-read", "`np.exp(-{:.3f})`, and you have an odds ratio of {:.3f}.",
     lambda p: [np.log(p["ratio"]), 1 / p["ratio"]]),
    ("logistic-curve-read", "is {:.0f} points around the middle",
     lambda p: [100 * (1 / (1 + np.exp(-0.5)) - 1 / (1 + np.exp(0.5)))]),
    ("logistic-margins-read", "{:.1f} points, {:.1f} to {:.1f}.", lambda p: points(p["simple"].margins(), MONEY)),
    ("logistic-full-read", "Money: {:.1f} points ({:.1f} to {:.1f}), against {:.1f} without the rest.",
     lambda p: [*points(p["full"].margins(), MONEY), points(p["simple"].margins(), MONEY)[0]]),
    ("logistic-full-read", "Relief without money: {:.1f} against {:.1f}.",
     lambda p: [points(p[one].margins(), OTHER)[0] for one in ("full", "simple")]),
    ("logistic-full-read", "{:+.1f} points *more* disputes, {:.1f} to {:+.1f}.",
     lambda p: points(p["full"].margins("C(timely)"), "from No to Yes")),
    ("selection-kinds-read", "Credit cards: {:.1f} percent end in money. Debt collection: {:.1f} percent.",
     lambda p: (100 * p["after"]["selection-kinds"]["shares"].loc[["Credit card", "Debt collection"], "money"]).tolist()),
    ("selection-kinds-read", "after an explanation, {:.0f} to {:.0f} percent dispute.", lambda p: [
        100 * p["after"]["selection-kinds"]["explained"].min(), 100 * p["after"]["selection-kinds"]["explained"].max()]),
    ("selection-firms-read", "{} percent of the refused dispute with six generous firms, {} with eleven others, {} points "
     "fewer ({} to {}).", lambda p: [numbers(p["said"]["selection-cuts"].splitlines()[1])[one] for one in (2, 1, 3, 4, 5)]),
    ("selection-firms-read", "Cut at {:.0f} percent, and it is {} ({} to {}); at {:.0f}, {} ({} to {}); at {:.0f}, {} ({} "
     "to {}).", lambda p: [numbers(p["said"]["selection-cuts"].splitlines()[row])[one] for row in (0, 2, 3)
                        for one in (0, 3, 4, 5)]),
    ("selection-evalue-read", "For {} it is {}:", lambda p: numbers(p["said"]["selection-evalue"])[:2]),
    ("f-d-read", "Trust: d = {:.2f}, {:.2f} to {:.2f}.", lambda p: p["effect"].loc["trust", ["d", "low", "high"]]),
    ("f-d-read", "Intention to buy {:.2f}, price {:.2f}.", lambda p: p["effect"]["d"].iloc[1:]),
    ("f-p-read", "{:.3f}, {:.3f} and {:.3f} with 236", lambda p: p["place"][236]),
    ("range-150-read", "From {} to {}.", lambda p: numbers(p["said"]["range-150"])),
    ("pays-kept-read", "{} customers kept and {:,.0f} euros gained", lambda p: [94.5, round(by_hand_simple(1), -2)]),
    ("pays-kept-read", "At 0.5 it pays {:,.0f}.", lambda p: [round(by_hand_simple(0.5), -2)]),
    ("pays-model-read", "from {:,.0f} to {:,.0f} euros in 95 of 100 draws, around a middle of {:,.0f}.",
     lambda p: [round(one, -3) if abs(one) > 1000 else round(one, -2)
                for one in p["plan"].table.set_index("quantity").loc["net", ["low_95", "high_95", "median"]]]),
    ("pays-tornado-read", "from {:,.0f} to {:,.0f} euros, more than anything else",
     lambda p: p["plan"].tornado.set_index("input").loc["causal_share", ["net_at_low", "net_at_high"]]),
    ("pays-tornado-read", "{:,.0f} euros for the causal share",
     lambda p: [p["plan"].tornado.set_index("input").loc["causal_share", "worth_knowing"]]),
    ("pays-tornado-read", "lays out {:,.0f} euros", lambda p: said_lot(p, "outlay")[1:2]),
    ("hidden-draw-read", "{:.1f} and {:.1f} percent", lambda p: 100 * p["world"].groupby("money")["disputes"].mean()),
    ("hidden-models-read", "{:.1f} points, and with the box {:.1f} points",
     lambda p: [100 * one["estimate"].item() for one in p["models"].values()]),
    ("noncentral-read", "Trust {:.3f} to {:.3f}, intention {:.3f} to {:.3f}, price {:.3f} to {:.3f}:",
     lambda p: [float(one) for one in re.findall(r"0\.\d+", p["said"]["noncentral-hand"])]),
    ("lot-size-read", "keeps {:.2f} in a hundred, and that takes {:,.0f} complaints", lambda p: [
        100 * p["lots"]["fewer"].iloc[1], said_lot(p, "each")[1]]),
    ("lot-size-read", "it would take {:,.0f} a group, two years.", lambda p: said_lot(p, "each")[:1]),
    ("lot-size-read", "on it just pays: {:,.0f} a group, {:.0f} years.",
     lambda p: [said_lot(p, "each")[2], p["lots"]["years"].iloc[2]]),
    ("lot-read", "One year finds it in {:.0f} of 100 tries, 14,400 a group in {:.0f}.",
     lambda p: [100 * one for one in numbers(p["said"]["lot-check"])[1::2]]),
    ("lot-read", "{:,.0f}, {:,.0f} or {:,.0f} euros, from top to bottom", lambda p: said_lot(p, "outlay")),
    ("verdict-after", "{:,.0f} complaints a group with our guesses", lambda p: said_lot(p, "each")[1:2]),
]


def by_hand_simple(causal):
    """What 12.5.6 works out by hand: 15 in a hundred of 3,500 leave at 12 and not at 30 percent."""
    worth = sum(250 * 0.92**year / 1.08 ** (year + 1) for year in range(5))
    return 3500 * 0.15 * 0.18 * causal * worth - 28_000


@pytest.mark.parametrize(("id", "words", "values"), SAID, ids=[f"{one[0]}-{i}" for i, one in enumerate(SAID)])
def test_each_number_of_the_prose(page, id, words, values):
    told = words.format(*(float(one) if isinstance(one, str) else one for one in values(page)))
    assert re.sub(r"-(?=\d)", "−", told) in re.sub(r"-(?=\d)", "−", prose(id))


def test_the_verdicts():
    found = {one["claim"]: one for one in all_pages()[12].verdicts()}
    assert {name: one["verdict"] for name, one in found.items()} == {"justice-pebble": "mixed", "complaint-roi": "mixed"}
    assert found["justice-pebble"]["opposes"] == ["hal22-worse", "kno-offset"]
    assert found["complaint-roi"]["opposes"] == ["coh22-when", "hal22-worse", "gol21-public"]
    assert found["complaint-roi"]["supports"] == ["coh22-pays", "lar05-behav", "sta20-match", "ma-eff"]


def test_what_the_figures_show_lies_inside_their_axes(page):
    import matplotlib.pyplot as plt

    for id in ("look-figure", "logistic-curve", "selection-figure"):
        ax = page["after"][id]["ax"]
        (left, right), ys = sorted(ax.get_xlim()), sorted(ax.get_ylim())
        drawn = [one.get_xydata() for one in ax.lines] + [np.asarray(one.get_offsets()) for one in ax.collections
                                                          if hasattr(one, "get_sizes") and len(one.get_offsets())]
        assert drawn
        for dots in drawn:
            x, y = np.asarray(dots, float).T
            assert ((x >= left) & (x <= right)).all(), id
            assert ((y >= ys[0]) & (y <= ys[1])).all(), id
    plt.close("all")


# --- the rows ---------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def complaints(open_data):
    rows = pt.load("cfpb-complaints").dropna(subset=["disputed"])
    rows = rows[~rows["received"].str.endswith("2017")]
    relief = rows["response"].str.contains("relief").astype(int)
    return rows.assign(relief=relief, yes=(rows["disputed"] == "Yes").astype(int))


def test_tables_of_counts_by_loops(complaints):
    counts, firms = pt.load("cfpb-dispute-counts"), pt.load("cfpb-company-counts")
    everything = pt.load("cfpb-complaints")
    year = everything["received"].str[-4:].astype(int)
    for cell in counts.sample(25, random_state=1).itertuples():
        rows = everything[(everything["product"] == cell.product) & (everything["response"] == cell.response)
                          & (everything["timely"] == cell.timely) & (everything["channel"] == cell.channel)
                          & (year == cell.year)]
        assert (len(rows), rows["disputed"].notna().sum(), (rows["disputed"] == "Yes").sum()) == (
            cell.complaints, cell.answered, cell.disputed)
    marked = everything.dropna(subset=["disputed"])
    sizes = marked["company"].value_counts()
    assert firms["answered"].tolist()[:-1] == sizes[sizes >= 30].tolist()
    assert firms["answered"].sum() == len(marked) == 3129
    assert not set(firms["company"]) & set(sizes.index), "no firm is named"
    assert (sizes < 30).sum() == 441


def test_the_caution_of_the_passport_counts_right(open_data):
    rows = pt.load("cfpb-complaints")
    received = pd.to_datetime(rows["received"], format="%m/%d/%Y")
    assert received.dt.year.value_counts().to_dict() == {2013: 350, 2016: 2814, 2017: 22}
    assert ((received.dt.year == 2016) & (received.dt.month > 2)).sum() == 31
    unmarked = rows[rows["disputed"].isna()]
    assert unmarked["response"].isin(["Untimely response"]).sum() == 26
    others = received[unmarked.index][~unmarked["response"].isin(["Untimely response", "In progress"])]
    assert (len(unmarked), len(others), (others >= "2016-12-01").sum()) == (57, 28, 22)


def test_inside_a_firm_by_the_exact_conditional_likelihood(complaints):
    """Given how many of a firm's complaints are disputed, the number after relief is a noncentral hypergeometric draw."""
    mixed = complaints
    for column in ("yes", "relief"):
        mixed = mixed[mixed.groupby("company")[column].transform("nunique") == 2]
    assert (len(mixed), mixed["company"].nunique()) == (2052, 47)
    thrown_together = Table2x2(pd.crosstab(mixed["relief"], mixed["yes"]).to_numpy())
    assert round(thrown_together.oddsratio, 3) == 0.415
    firms = mixed.groupby("company").agg(size=("yes", "size"), yes=("yes", "sum"), relief=("relief", "sum"),
                                         both=("yes", lambda one: (one * mixed.loc[one.index, "relief"]).sum()))

    def loglikelihood(log_odds):
        return sum(stats.nchypergeom_fisher.logpmf(one.both, one.size_, one.yes, one.relief, np.exp(log_odds))
                   for one in firms.rename(columns={"size": "size_"}).itertuples())

    best = optimize.minimize_scalar(lambda b: -loglikelihood(b), bounds=(-2, 0.5), method="bounded").x
    step = 1e-3
    curvature = -(loglikelihood(best + step) - 2 * loglikelihood(best) + loglikelihood(best - step)) / step**2
    ends = np.exp(best + 1.96 / np.sqrt(curvature) * np.array([-1, 1]))
    assert (round(np.exp(best), 3), *np.round(ends, 3)) == pytest.approx((0.457, 0.331, 0.633), abs=0.0015)
    told = run_open(("clusters-inside",))["clusters-inside"]
    assert numbers(told) == [2052, 47, 0.46, 0.33, 0.63]
    told = "2,052 complaints of 47 firms say something: 0.46, 0.33 to 0.63. These 47 firms thrown together give 0.415"
    assert told in prose("clusters-inside-read")


def test_firms_as_clusters_by_a_sandwich_by_hand(complaints):
    design = sm.add_constant(complaints["relief"])
    fit = sm.Logit(complaints["yes"], design).fit(disp=0)
    scores = pd.DataFrame((complaints["yes"] - fit.predict()).to_numpy()[:, None] * design.to_numpy())
    by_firm = scores.groupby(complaints["company"].to_numpy()).sum().to_numpy()
    bread, groups, n = fit.cov_params().to_numpy(), by_firm.shape[0], len(complaints)
    factor = groups / (groups - 1) * (n - 1) / (n - 2)
    error = np.sqrt((bread @ (by_firm.T @ by_firm) @ bread * factor)[1, 1])
    ends = np.exp(fit.params["relief"] + stats.t.ppf(0.975, groups - 1) * error * np.array([-1, 1]))
    assert (groups, (complaints["company"].value_counts() > 200).sum()) == (458, 4)
    assert np.round([np.exp(fit.params["relief"]), *ends], 3).tolist() == [0.395, 0.300, 0.518]
    assert np.round(np.exp(fit.conf_int().loc["relief"]), 3).tolist() == [0.295, 0.527]
    told = run_open(("clusters-errors",))["clusters-errors"]
    assert numbers(told) == pytest.approx([0.395, 0.295, 0.527, 0.395, 0.300, 0.518])
    assert "odds ratio 0.395; 0.295 to 0.527 with complaints as pieces, 0.300 to 0.518 with firms" in prose(
        "clusters-errors-read")


def test_points_inside_firms_by_loops(complaints):
    """Mantel and Haenszel's difference with Sato's error, a firm at a time, and the prose that gives it."""
    told = numbers(run_open(("clusters-points",))["clusters-points"].replace("\n", " "))
    found = []
    for relief in ("Closed with monetary relief", "Closed with non-monetary relief"):
        top = weight = p = q = 0.0
        firms = 0
        for _, rows in complaints.groupby("company"):
            yes = [rows.loc[rows["response"] == one, "yes"] for one in ("Closed with explanation", relief)]
            (n0, n1), (y0, y1) = map(len, yes), (one.sum() for one in yes)
            if n0 and n1:
                firms += 1
                top += (n1 * y0 - n0 * y1) / (n0 + n1)
                weight += n0 * n1 / (n0 + n1)
                p += (n0**2 * y1 - n1**2 * y0 + n0 * n1 * (n1 - n0) / 2) / (n0 + n1) ** 2
                q += (y1 * (n0 - y0) + y0 * (n1 - y1)) / (2 * (n0 + n1))
        reach = 1.96 * np.sqrt(top / weight * p + q) / weight
        found.append([firms, *(round(100 * (top / weight + one), 1) for one in (0, -reach, reach))])
    assert told == found[0] + found[1]
    money, other = found
    assert "Money: {} points fewer disputes inside firms ({} to {})".format(*money[1:]) in prose("clusters-points-read")
    assert "Other relief: {} ({} to {})".format(*other[1:]) in prose("clusters-points-read")
