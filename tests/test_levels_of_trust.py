"""Page 10: its own arithmetic, run here, against other routes; and what its prose says of seeds and rounding."""

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import integrate, stats
from statsmodels.duration.survfunc import SurvfuncRight

import pebbletrail as pt
from page_cells import run_and_listen
from pebbletrail.ledger_table import ledger

# the cells of the page that compute, in order
CELLS = ("setup", "look-load", "look-heat", "look-tool", "two-by-hand", "two-apart", "two-library", "mediates",
         "distrust-corrected", "distrust-paths", "distrust-r2", "distrust-accuracy", "learn-hand",
         "learn-library", "learn-figure", "recover-draw", "recover-fit", "recover-truth", "time-four",
         "time-z", "time-stouffer", "time-library", "horizon-run", "horizon-other", "horizon-others",
         "bayes-hand", "bayes-product", "bayes-patterns", "bayes-prior", "bayes-r", "factors-fit",
         "factors-cor", "factors-alpha", "factors-confidence", "factors-do", "leaving-draw", "leaving-km",
         "leaving-select", "multi-draw", "multi-shares", "multi-hand", "multi-fit", "multi-truth",
         "multi-one", "multi-none", "compare-trust", "compare-distrust", "compare-r2", "compare-two",
         "compared-rival")
INDIRECT = "kind == 'indirect'"


@pytest.fixture(scope="module")
def page():
    """What the cells leave; under ``after`` the names behind each cell, under ``said`` what each has printed or shown."""
    with pytest.MonkeyPatch.context() as patch:
        compared = {}
        patch.setattr(pt, "compare", lambda id, value: compared.update({id: value}))
        last = run_and_listen(10, CELLS)
    return {**last, "compared": compared}


def rows_with(correlations, n, seed=0):
    """Made-up rows whose correlations are exactly these."""
    names = list(correlations.index)
    raw = np.random.default_rng(seed).standard_normal((n, len(names)))
    raw -= raw.mean(axis=0)
    white = np.linalg.qr(raw)[0]
    frame = pd.DataFrame(white @ np.linalg.cholesky(correlations.to_numpy()).T, columns=names)
    return (frame - frame.mean()) / frame.std()


# --- the agent, the company and the tool ------------------------------------------------------------------------------

def test_the_weights_by_hand_are_those_of_least_squares_on_rows(page):
    rows = rows_with(page["r"], 340)
    fit = sm.OLS(rows["loyalty"], sm.add_constant(rows[["atrust", "ctrust"]])).fit()
    assert [page["agent"], page["company"]] == pytest.approx(fit.params[["atrust", "ctrust"]].tolist(), abs=1e-10)
    assert page["both"].r2["loyalty"] == pytest.approx(fit.rsquared, abs=1e-10)


@pytest.mark.parametrize(("way", "source", "via"), [("through the company", "atrust", "ctrust"),
                                                    ("through the agent", "ctrust", "atrust")])
def test_either_road_is_the_product_of_two_regressions(page, way, source, via):
    rows = rows_with(page["r"], 340)
    first = sm.OLS(rows[via], rows[[source]]).fit().params[source]
    second = sm.OLS(rows["loyalty"], rows[[source, via]]).fit().params[via]
    (found,) = page["effects"][way].query(INDIRECT)["estimate"]
    assert found == pytest.approx(first * second, abs=1e-10)


def test_no_rounding_of_the_tools_correlations_gives_the_printed_weights():
    """Each correlation anywhere in its half unit: the extremes of a ratio that is monotone in each lie at corners."""
    weights, shares = [], []
    for trust, distrust, between in product(*([r - 0.005, r, r + 0.005] for r in (0.39, -0.39, -0.56))):
        b = np.linalg.solve([[1, between], [between, 1]], [trust, distrust])
        weights.append(b)
        shares.append(b @ [trust, distrust])
    nearest_trust, nearest_distrust = np.max(weights, axis=0)
    assert nearest_trust < 0.335
    assert nearest_distrust < -0.185
    assert max(shares) < 0.225
    assert min(shares) < 0.195 < max(shares)  # whether it prints as 19 or 20 percent is for the rounding


def test_the_tools_weights_are_those_of_least_squares_on_rows(page):
    names = ["trust", "distrust", "perceived_accuracy", "reliance"]
    rows = rows_with(page["tool"].cor.loc[names, names], 553)
    for predictors, fit in ((names[:2], page["two"]), (names[:3], page["after"]["distrust-accuracy"]["three"])):
        ols = sm.OLS(rows["reliance"], sm.add_constant(rows[predictors])).fit()
        assert fit.table["estimate"].tolist() == pytest.approx(ols.params[predictors].tolist(), abs=1e-10)
    assert page["explained"] == pytest.approx(0.195)


# --- four studies ------------------------------------------------------------------------------------------------------

def test_the_four_together_are_scipys(page):
    theirs = stats.combine_pvalues(stats.norm.sf(page["z"]), method="stouffer").statistic
    assert page["together"].z == pytest.approx(theirs)
    assert round(theirs, 2) == 13.68


def test_a_bayes_factor_is_the_ratio_of_two_integrals(page):
    """Likelihood times a flat prior, above zero and below."""
    past, factors = page["past"], page["factors"]
    for study in past.index[:2]:
        b, se = past.loc[study, ["beta", "se"]].astype(float)
        above, below = (integrate.quad(lambda x, b=b, se=se: stats.norm.pdf(b, x, se), *ends)[0]
                        for ends in ((0, b + 12 * se), (b - 12 * se, 0)))
        assert factors[study] == pytest.approx(above / below, rel=1e-5)


def test_partial_correlations_come_back_to_their_z(page):
    """r of a predictor gives t = r √(df / (1 − r²)); with df = n it is the z that went in."""
    r, n = page["partial"], page["past"]["n"]
    assert (r * np.sqrt(n / (1 - r**2))).tolist() == pytest.approx(page["z"].tolist())


# --- the world ---------------------------------------------------------------------------------------------------------

def test_the_belief_by_hand_is_the_posterior_by_quadrature(page):
    def posterior(mean, sd, seen, noise):
        at = np.linspace(-12, 12, 24001)
        weight = stats.norm.pdf(at, mean, sd) * stats.norm.pdf(seen, at, noise)
        middle = np.average(at, weights=weight)
        return middle, np.sqrt(np.average((at - middle) ** 2, weights=weight))

    hand = page["after"]["learn-hand"]
    assert hand["before"] + hand["gain"] * (hand["call"] - hand["before"]) == pytest.approx(posterior(-0.3, 1, 1, 1)[0])
    assert np.round(posterior(0, 2, 3, 1), 2).tolist() == [2.4, 0.89]  # the fifth question of 10.8


def test_what_the_person_and_the_brand_have_learned():
    world = pt.Relationship()
    last = {level: world.learn([1] * 6, level=level)["mean"].iloc[-1] for level in ("person", "brand", "trade")}
    assert {level: round(value, 2) for level, value in last.items()} == {"person": 0.81, "brand": 0.43, "trade": -0.25}


def test_the_moderation_is_the_difference_of_two_regressions_by_statsmodels(page):
    scores = page["scores"]
    slopes = {one: smf.ols("intention ~ trade + brand + person", rows).fit().params
              for one, rows in scores.groupby("context", observed=True)}
    found = page["moderated"].table.set_index("term")["estimate"]
    for level in ("trade", "brand", "person"):
        apart = slopes["relational"][level] - slopes["transactional"][level]
        assert found[f"{level}:relational"] == pytest.approx(apart, abs=1e-8)


def test_the_order_of_the_weights_holds_with_other_seeds():
    for seed in range(3):
        asked = pt.Relationship().survey(customers=2000, seed=seed)
        scores = pt.instrument("levels-of-trust").score(asked).table
        found = {one: smf.ols("intention ~ trade + brand + person", rows).fit().params
                 for one, rows in scores.groupby("context", observed=True)}
        assert found["transactional"][1:].idxmax() == "brand"
        assert found["relational"][1:].idxmax() == "person"


def test_the_curve_by_hand_is_that_of_statsmodels(page):
    spells = page["spells"]
    curve = SurvfuncRight(spells["months"], spells["left"].astype(int))
    theirs = pd.Series(curve.surv_prob, index=curve.surv_times)
    ours = pd.Series(page["stay"], index=page["month"])
    assert ours[theirs.index].tolist() == pytest.approx(theirs.tolist())
    assert curve.quantile(0.5) == 54


def test_the_horizons_that_the_page_names(page):
    gain = page["plan"].table.set_index("years")["difference"]
    assert gain.idxmin() == 2
    assert page["plan"].break_even == 5
    assert pt.Relationship().horizon(customers=None).break_even == 4


def test_firm_means_by_statsmodels(page):
    means = page["firms"].groupby("firm")[["firm_trust", "felt_trust", "customer_trust"]].mean()
    a = smf.ols("felt_trust ~ firm_trust", means).fit().params["firm_trust"]
    b = smf.ols("customer_trust ~ felt_trust + firm_trust", means).fit().params["felt_trust"]
    assert (page["a"], page["b"]) == pytest.approx((a, b))
    observed = page["chain"].both.query("means == 'observed' and term == 'indirect'")["estimate"].item()
    assert observed == pytest.approx(a * b, rel=1e-3)


def test_one_rater_finds_a_chain_where_there_is_none_and_separate_sources_do_not():
    """Over other seeds than the page's."""
    idle = pt.Relationship(trickle=0, direct=0, service_between=0, service_within=0, service_noise=0)
    nested, roles = ["firm", "employee"], {"x": "firm_trust", "mediator": "felt_trust", "outcome": "customer_trust"}
    model = "rated_service ~ rated_firm_trust\nrated_customer_trust ~ rated_service + rated_firm_trust"
    one, separate = [], []
    for seed in range(8):
        none = idle.firms(firms=60, employees=8, customers=10, seed=seed)
        people = none.drop_duplicates(["firm", "employee"])
        one.append(pt.paths(people, model).effects.query(INDIRECT)["ci_low"].item())
        found = pt.multilevel_mediation(none, **roles, levels=nested, seed=seed, replicates=1000).effects.query(INDIRECT)
        separate.append(found["ci_low"].item() <= 0 <= found["ci_high"].item())
    assert min(one) > 0.06
    assert sum(separate) >= 7


@pytest.mark.parametrize(("reliabilities", "weights"), [
    ((1, 1), (0.33, 0.48)), ((0.95, 0.95), (0.31, 0.50)), ((0.9, 0.9), (0.27, 0.55)), ((0.85, 0.95), (0.46, 0.35)),
    ((0.95, 0.85), (0.07, 0.75))])
def test_the_exercise_by_a_measurement_model(page, reliabilities, weights):
    """A linear system with the noise taken off the diagonal, instead of corrected correlations."""
    pair = ["atrust", "ctrust"]
    spread = np.sqrt(reliabilities)  # standard deviations of the true scores
    moments = page["r"].loc[pair, pair].to_numpy() - np.diag(1 - np.square(spread))
    slopes = np.linalg.solve(moments, page["r"].loc[pair, "loyalty"]) * spread
    assert np.round(slopes, 2).tolist() == list(weights)


def test_the_tolerance_of_the_twenty_percent_is_the_rounding_of_three_correlations(page):
    """By the delta method: each input is uniform over its last digit; half a unit of the print is added."""
    line = ledger()["sch-r2.two"]
    at = np.array([0.39, -0.39, -0.56])

    def explained(inputs):
        trust, distrust, between = inputs
        return 100 * np.array([trust, distrust]) @ np.linalg.solve([[1, between], [between, 1]], [trust, distrust])

    slopes = [(explained(at + step) - explained(at - step)) / 2e-6 for step in 1e-6 * np.eye(3)]
    spread = 0.01 / np.sqrt(12) * np.linalg.norm(slopes)
    assert line.allowed == pytest.approx(0.5 + 1.96 * spread, abs=0.005)
    assert page["explained"] * 100 == pytest.approx(explained(at))


# --- what the prose says ------------------------------------------------------------------------------------------------

def numbers(text):
    """The numbers in a text, as they were printed."""
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", text.replace(",", ""))]


def test_what_is_compared_is_least_squares_on_rows(page):
    """Lines that are expected to differ would accept any value."""
    names = ["trust", "distrust", "reliance"]
    rows = rows_with(page["tool"].cor.loc[names, names], 553)
    ols = sm.OLS(rows["reliance"], sm.add_constant(rows[names[:2]])).fit()
    theirs = {"sch-trust-rel": ols.params["trust"], "sch-dis-rel": ols.params["distrust"], "sch-r2": ols.rsquared,
              "sch-r2.two": 100 * ols.rsquared}
    assert page["compared"] == pytest.approx(theirs)


def test_how_far_apart_the_two_weights_are(page):
    """By the covariance matrix of least squares on rows with these correlations."""
    rows = rows_with(page["r"], 340)
    fit = sm.OLS(rows["loyalty"], sm.add_constant(rows[["atrust", "ctrust"]])).fit()
    contrast = fit.t_test("ctrust - atrust = 0")
    assert page["after"]["two-apart"]["apart"] == pytest.approx(1.96 * contrast.sd.item(), rel=1e-9)
    assert numbers(page["said"]["two-apart"])[1:] == [0.15, 0.22]
    assert contrast.pvalue > 0.05


def test_the_printed_numbers_of_the_core(page):
    said = page["said"]
    r = 0.56 / np.sqrt(0.96 * 0.91)
    assert numbers(said["distrust-corrected"]) == [-round(r, 2)]
    theirs = stats.combine_pvalues(stats.norm.sf(page["z"]), method="stouffer").statistic
    assert numbers(said["time-stouffer"]) == [round(theirs, 2)]
    assert numbers(said["compared-rival"]) == [0.203]


def test_the_truth_of_10_5_4_by_a_loop(page):
    asked, weights = page["asked"], pt.Relationship().weights.set_index(["context", "stage"])
    for context in ("transactional", "relational"):
        stages = asked.loc[asked["context"] == context, "stage"]
        mean = sum(weights.loc[(context, stage), "brand"] for stage in stages) / len(stages)
        assert round(mean, 2) == {"transactional": 0.66, "relational": 0.28}[context]
        rows = asked[asked["context"] == context]
        fit = smf.ols("true_trust ~ true_trade + true_brand + true_person", rows).fit().params
        assert fit["true_brand"] == pytest.approx(mean, abs=0.03)
    assert len(pt.Relationship().survey(customers=2000, seed=10, survivors=True)) == 1266


def test_what_moves_the_year(page):
    years = {name: (one.break_even, round(one.table["difference"].iloc[4], 1)) for name, one in page["plans"].items()}
    assert list(years.values()) == [(5, 2.6), (6, -3.5), (5, 0.1), (4, 17.6), (6, -0.8), (3, 21.6), (8, -13.4), (9, -15.1)]
    fifth = page["plans"]["agents change four times as often"].table.iloc[4]
    assert (round(fifth["ci_low"], 1), round(fifth["ci_high"], 1)) == (-1.2, 1.5)


def test_bayes_factors_against_other_rivals(page):
    """All 16 patterns of signs, one by one."""
    z = page["z"].to_numpy()
    up, down = stats.norm.cdf(z), stats.norm.sf(z)
    weight = {signs: np.prod(np.where(signs, up, down)) for signs in product((True, False), repeat=4)}
    rest = [value for signs, value in weight.items() if not all(signs)]
    assert numbers(page["said"]["bayes-patterns"]) == [round(weight[(True,) * 4] / np.mean(rest))]
    assert numbers(page["said"]["bayes-product"])[0] == round(np.log10(weight[(True,) * 4] / weight[(False,) * 4]), 1)


def test_factors_and_what_they_do(page):
    asked, scores = page["asked"], page["scores"]
    for name in ("three", "one"):
        assert page["fits"][name].n == 2000
    assert page["fits"]["three"].fit["chi2"] < 40 < 4000 < page["fits"]["one"].fit["chi2"]
    trust = scores[["trade", "brand", "person"]].mean(axis=1)
    for outcome, values in (("bought", asked["bought"]), ("gone", asked["left"].astype(float))):
        ols = sm.OLS(values, sm.add_constant(np.column_stack([trust, scores["confidence"]]))).fit()
        found = page["both_do"].loc[outcome, "estimate"]
        assert found.to_numpy() == pytest.approx(ols.params.to_numpy(), abs=1e-9)
    bought, gone = page["both_do"].loc["bought"], page["both_do"].loc["gone"]
    assert bought.loc["confidence", "ci_low"] < 0 < bought.loc["confidence", "ci_high"]
    assert gone.loc["confidence", "ci_high"] < 0


def test_selection_is_a_fifth_of_the_rise(page):
    rise = {name: one[60] - one[1] for name, one in page["after"]["leaving-select"]["trust"].items()}
    assert page["kept"].spells["left"].sum() == 10
    assert rise["if hardly anybody left"] == pytest.approx(0.50, abs=0.005)
    share = 1 - rise["if hardly anybody left"] / rise["whoever is there"]
    assert 0.2 < share < 0.25


def test_the_numbers_of_the_last_further_part(page):
    said = page["said"]
    assert numbers(said["multi-hand"]) == [0.417, 0.43, 0.179]
    effects = page["rater"].effects.query("target == 'rated_customer_trust' and kind == 'indirect'")
    people = page["firms"].drop_duplicates(["firm", "employee"])
    first = smf.ols("rated_service ~ rated_firm_trust", people).fit().params["rated_firm_trust"]
    second = smf.ols("rated_customer_trust ~ rated_service + rated_firm_trust", people).fit().params["rated_service"]
    assert effects["estimate"].item() == pytest.approx(first * second)
    assert page["none"]["service"].std() == pytest.approx(0, abs=1e-12)


def test_the_folded_answers_of_10_2():
    def over_ten(**changes):
        return pt.Relationship(**changes).horizon(customers=None)

    stay, change = over_ten(relational=1, turnover=0), over_ten(relational=1, turnover=1 / 12)
    assert (stay.break_even, change.break_even) == (4, 4)
    assert [round(one.table["save"].iloc[-1]) for one in (stay, change)] == [1092, 993]
    exits = [over_ten(exit_cost=2, reading=reading) for reading in (-1, 0, 1)]
    assert [one.break_even for one in exits] == [8, 9, 9]
    assert [round(one.table["care"].iloc[-1]) for one in exits] == [1122, 1269, 1415]
    assert [over_ten(forgetting=share).break_even for share in (0, 0.2)] == [4, 5]
    assert [round(over_ten(forgetting=share).table["difference"].iloc[-1]) for share in (0, 0.2)] == [96, 55]


def test_page_5s_call_centre_and_unfair_management():
    scales = pt.load("singh-2000-correlations").set_index("construct")
    assert round(scales.loc["quality", "management_unfairness"], 2) == 0.03


def test_the_prose_of_the_made_up_survey(page):
    """Slopes, moderation and factors as sections 10.5.4 and 10.5.8 print them, by statsmodels where it can."""
    scores = page["scores"]
    slopes = {one: smf.ols("intention ~ trade + brand + person", rows).fit().params.round(2).to_dict()
              for one, rows in scores.groupby("context", observed=True)}
    assert (slopes["transactional"]["brand"], slopes["transactional"]["person"]) == (0.49, 0.14)
    assert (slopes["relational"]["brand"], slopes["relational"]["person"]) == (0.27, 0.56)
    more = smf.ols("intention ~ (trade + brand + person) * relational", scores).fit()
    products = ["trade:relational", "brand:relational", "person:relational"]
    assert more.params[products].round(2).tolist() == [-0.10, -0.22, 0.42]
    assert more.conf_int().loc["person:relational"].round(2).tolist() == [0.35, 0.49]
    assert page["fits"]["three"].fit["chi2"] == pytest.approx(12.9, abs=0.05)
    assert page["fits"]["one"].fit["chi2"] == pytest.approx(4036, abs=0.5)
    apart = page["apart"].construct_cor.loc["Confidence", ["Person", "Brand", "Trade"]]
    assert apart.round(2).tolist() == [0.38, 0.14, 0.02]
    done = page["both_do"]["estimate"]
    assert done[("bought", "trust")] == pytest.approx(0.56, abs=0.005)
    assert done[("gone", "trust")] == pytest.approx(-0.09, abs=0.005)
