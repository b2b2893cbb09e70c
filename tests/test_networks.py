"""Page 13: its own arithmetic, run here, against other routes; and what its prose says of waves, shares and coders."""

import re
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep

import pebbletrail as pt
from page_cells import run_cells
from pebbletrail.explorers.firestorm import CUSTOMERS, FIRST, burn
from pebbletrail.ledger_table import ledger
from pebbletrail.page_source import all_pages, source

# the cells of the page that compute, in order
CELLS = ("setup", "look-load", "look-product", "elasticity-hand", "elasticity-storm", "ranking-draw", "ranking-hand",
         "ranking-library", "wilson-hand", "wilson-hand-run", "printed", "z-hand", "z-library", "z-all", "z-all-run",
         "z-ends", "trend", "trend-sure", "break-others", "rage-steps", "rage-all", "workshop", "machine", "kappa-hand",
         "kappa-library", "kinds", "kappa-seeds", "yours", "independent", "possible", "millions", "billions", "world",
         "world-one", "world-many", "world-answers", "world-justice", "open-load", "open-library", "open-weights",
         "rare-yes-no", "rare-seeds", "margin", "compare-2015", "compare-2020", "rest", "compare-rest")


@pytest.fixture(scope="module")
def page():
    """What the cells leave; under ``said`` what each has printed."""
    told, compared = {}, {}

    def keep(id, now):
        told[id] = printed.getvalue()
        printed.seek(0)
        printed.truncate()

    with redirect_stdout(StringIO()) as printed, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pt, "compare", lambda id, value: compared.update({id: value}))
        patch.setattr(pt, "compare_all", lambda values, fold: compared.update(values))
        last = run_cells(13, CELLS, after=keep)
    return {**last, "said": told, "compared": compared}


@pytest.fixture(scope="module")
def prose():
    """The text of a cell, with its line breaks taken out, by the cell's id."""
    return {cell["id"]: " ".join(source(cell).split()) for cell in all_pages()[13].cells if cell["cell_type"] == "markdown"}


def numbers(text):
    """The numbers in a text, as they were printed."""
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", text.replace(",", "").replace("−", "-"))]


def quoted(id):
    return float(ledger()[id].published)


# --- talk and sales ---------------------------------------------------------------------------------------------------

def test_what_elasticities_are_worth(page, prose):
    """By logarithms instead of powers, from the figures of the ledger."""
    volume, tone = quoted("you-vol"), quoted("you-val")
    assert (page["volume"], page["tone"]) == (volume, tone)

    def percent(*moves):
        return round(100 * np.expm1(sum(e * np.log(factor) for e, factor in moves)), 1)

    assert numbers(page["said"]["elasticity-hand"]) == [
        one for factor in (1.1, 2, 0.9, 0.8) for one in (factor, percent((volume, factor)), percent((tone, factor)))]
    for number in ("2.3 percent", "4.1", "17.8", "8.9 percent", "4.3 percent"):
        assert number in prose["elasticity-hand-read"]
    assert numbers(page["said"]["elasticity-storm"]) == [percent((volume, 2), (tone, 0.8))] == [7.3]


def test_one_world_gives_both_rankings(page, prose):
    fit = smf.ols("log_sales ~ log_talk + log_stars", page["made_up"]).fit()
    ours = page["fit"].table.set_index("term")
    for term in ("log_talk", "log_stars"):
        assert ours.loc[term, "estimate"] == pytest.approx(fit.params[term])
        low, high = fit.conf_int().loc[term]
        assert f"{fit.params[term]:.3f} ({low:.3f} to {high:.3f})" in prose["ranking-library-read"]
    # what theory says of the correlations: elasticity times spread over the spread of sales
    total = np.sqrt(page["volume"] ** 2 + (0.15 * page["tone"]) ** 2 + 0.5**2)
    r = page["made_up"].corr()["log_sales"]
    assert r["log_talk"] == pytest.approx(page["volume"] / total, abs=0.02)
    assert r["log_stars"] == pytest.approx(0.15 * page["tone"] / total, abs=0.02)
    assert [round(r[one], 2) for one in ("log_talk", "log_stars")] == [0.43, 0.12]
    wide, narrow = (ours.loc[one, "ci_high"] - ours.loc[one, "ci_low"] for one in ("log_stars", "log_talk"))
    assert 6 < wide / narrow < 7
    # spread of stars: two of three between 3.4 and 4.6
    assert np.round(4 * np.exp([-0.15, 0.15]), 1).tolist() == [3.4, 4.6]


# --- storms -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("count", "told"), [(45, "47 to 68"), (31, "30 to 51")])
def test_wilsons_interval_is_what_a_score_test_does_not_reject(page, prose, count, told):
    def score(share):
        return abs(count / 78 - share) / np.sqrt(share * (1 - share) / 78) - 1.96

    found = [optimize.brentq(score, *ends) for ends in ((1e-6, count / 78 - 1e-6), (count / 78 + 1e-6, 1 - 1e-6))]
    assert page["wilson"](count, 78) == pytest.approx(found, abs=1e-6)
    assert f"{100 * found[0]:.0f} to {100 * found[1]:.0f}" == told
    assert told in prose["wilson-library-read"] or told in prose["wilson-library-read"].replace(" percent fell at first", "")


def test_which_percentages_are_possible(page, prose):
    """By asking of each percentage whether some count rounds to it."""
    def can(percent, n):
        return any(abs(100 * k / n - percent) <= 0.5 for k in range(n + 1))

    possible = [percent for percent in range(101) if can(percent, 78)]
    assert page["possible"] == set(possible)
    assert len(possible) == 79
    assert not can(39, 78)
    assert can(58, 78)
    assert can(40, 78)
    assert round((79 / 101) ** 2, 2) == 0.61
    assert round(79 / 101, 3) == 0.782
    assert sum(can(percent, 20) for percent in range(101)) == 21
    assert round((101 / 21) ** 2) == 23


def test_how_much_many_numbers_of_one_study_are_worth(page):
    """By the variance of a mean of correlated numbers."""
    for line, rho in zip(page["said"]["independent"].splitlines(), (0, 0.1, 0.3, 0.5), strict=True):
        variances = [(1 + (k - 1) * rho) / k for k in (339 / 51, 271 / 51)]
        assert numbers(line) == [rho, *(round(51 / one) for one in variances)]
    assert round(51 / ((1 + (339 / 51 - 1) * 0.1) / (339 / 51))) == 217


# --- rage -------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("id", "measure", "year"), [
    *[(f"rage-p-{year}", "problem", year) for year in (1976, 2011, 2013, 2015, 2017, 2020, 2023, 2025)],
    *[(f"rage-r-{year}", "rage", year) for year in (2011, 2013, 2015, 2017, 2023, 2025)],
    *[(f"rage-usd-{year}", "revenue at risk", year) for year in (2013, 2023, 2025)]])
def test_the_table_and_the_ledger_say_the_same(id, measure, year):
    """Both are typed off print by us; ``test_the_waves_are_as_they_were_first_written_down`` is the other source."""
    waves = pt.load("customer-rage-waves")
    row = waves[(waves["measure"] == measure) & (waves["year"] == year)].iloc[0]
    assert row["value"] == quoted(id)
    assert row["seen"] == ledger()[id].seen


# typed off a second time, from the releases and reports themselves: year, problem, rage, revenue at risk
AGAIN = {2011: (45, 60, None), 2013: (50, 68, 76), 2015: (54, None, 202), 2017: (56, None, 313), 2020: (66, None, 494),
         2023: (74, 63, 887), 2025: (77, 64, 596)}


@pytest.mark.parametrize("year", AGAIN)
def test_the_waves_are_as_they_were_first_written_down(year):
    waves = pt.load("customer-rage-waves").set_index(["measure", "year"])["value"]
    for measure, value in zip(("problem", "rage", "revenue at risk"), AGAIN[year], strict=True):
        assert value is None or waves[(measure, year)] == value


def test_numbers_in_the_printed_words_are_the_numbers_of_the_table():
    waves = pt.load("customer-rage-waves").dropna(subset=["value"])
    assert [numbers(text)[0] for text in waves["printed"]] == waves["value"].tolist()
    assert len(pt.load("customer-rage-waves")) == 48


def test_the_step_is_the_chi_square_of_a_table_of_four(page):
    yes = np.array([0.56 * 1000, 0.66 * 1026])
    chi2 = stats.chi2_contingency([yes, [1000, 1026] - yes], correction=False)
    assert page["z"] ** 2 == pytest.approx(chi2.statistic)
    assert numbers(page["said"]["z-library"]) == [4.62, round(chi2.pvalue, 7)]
    assert chi2.pvalue == pytest.approx(4e-6, rel=0.05)


def test_every_step_by_statsmodels(page):
    problem = page["problem"]["value"] / 100
    n = page["problem"]["n"]
    years = [2011, 2013, 2015, 2017, 2020, 2023, 2025]
    for a, b in pairwise(years):
        found = page["step"](page["problem"].loc[a], page["problem"].loc[b])
        low, high = confint_proportions_2indep(problem[b] * n[b], n[b], problem[a] * n[a], n[a], method="wald")
        assert [found["low"], found["high"]] == pytest.approx([100 * low, 100 * high], abs=0.01)
    ends = page["step"](page["problem"].loc[2011], page["problem"].loc[2017])
    assert (ends["points"], round(ends["z"], 2)) == (pytest.approx(11), 4.92)


def test_the_telephone_trend(page, prose):
    """Least squares by hand: years −3, −1, 1, 3 about their middle."""
    y = [quoted(f"rage-p-{year}") for year in (2011, 2013, 2015, 2017)]
    slope = np.dot([-3, -1, 1, 3], y) / 20
    expected = np.mean(y) + slope * 6
    assert numbers(page["said"]["trend"]) == pytest.approx([slope, expected, 66 - expected], abs=0.051)
    assert "1.85 points a year, 62.35 in 2020" in prose["trend-read"]
    assert 66 - expected < numbers(ledger()["pew15-mode"].published)[0]


def test_the_surplus_has_an_interval_that_holds_nothing(page, prose):
    """Its error from the weights of the dots, 1/4 + 6 (year - 2014) / 20; the bent line by Newton's differences."""
    weights = 0.25 + 6 * np.array([-3, -1, 1, 3]) / 20
    y = np.array([45, 50, 54, 56])
    se = np.sqrt((weights**2 * y * (100 - y)).sum() / 1000 + 66 * 34 / 1026)
    surplus = 66 - weights @ y
    assert page["weights"] == pytest.approx(weights)
    assert page["se"] == pytest.approx(se)
    assert [round(one, 1) for one in (surplus - 1.96 * se, surplus + 1.96 * se)] == [-1.6, 8.9]
    assert "Between −1.6 and 8.9" in prose["trend-sure-read"]
    x = np.array([-3, -1, 1, 3])
    bend = (y @ (x**2 - 5)) / ((x**2 - 5) @ (x**2 - 5))
    assert round(weights @ y + bend * (6**2 - 5), 1) == numbers(page["said"]["trend-sure"])[-1] == 56.5


def test_rage_of_all_who_were_asked(page, prose):
    years = (2011, 2013, 2015, 2017, 2023, 2025)
    shares = {year: quoted(f"rage-p-{year}") * quoted(f"rage-r-{year}") / 100 for year in years}
    assert [round(one, 1) for one in shares.values()] == [27.0, 34.0, 35.6, 31.4, 46.6, 49.3]
    assert page["enraged"]["value"].to_dict() == pytest.approx(shares)
    low, high = confint_proportions_2indep(313.6, 1000, 270, 1000, method="wald")
    ends = page["of_all"]["2011 to 2017"]
    assert [ends["low"], ends["high"]] == pytest.approx([100 * low, 100 * high], abs=0.01)
    assert round(ends["z"], 2) == round(np.sqrt(stats.chi2_contingency([[313.6, 270], [686.4, 730]],
                                                                       correction=False).statistic), 2) == 2.14
    assert f"{ends['points']:.1f} points more, {ends['low']:.1f} to {ends['high']:.1f}" in prose["rage-all-read"]


def test_rage_by_steps_and_in_all_people(page, prose):
    rage = page["rage"]
    assert rage["n"].astype(float).to_dict() == {2011: 450, 2013: 500, 2015: 540, 2017: 560, 2023: 740, 2025: 770}
    table = pd.DataFrame(page["steps"]).T.astype(float)
    assert table["points"].round().tolist() == [8, -2, -10, 7, 1]
    assert (table["z"].abs() > 1.96).tolist() == [True, False, True, True, False]
    assert round(0.64 * 77) == 49
    assert round(0.60 * 45) == 27
    assert round(0.56 * 56) == 31
    assert "27 of a hundred in 2011, 31 in 2017 by the same telephone, 49 in 2025" in prose["look-show-read"]


def test_millions_and_billions(page, prose):
    shares = {year: quoted(f"rage-p-{year}") for year in (2011, 2013, 2017)}
    found = [round(112 * share / 100, 1) for share in shares.values()]
    assert found == [50.4, 56.0, 62.7]
    assert numbers(page["said"]["millions"])[1:6:2] == found
    each = page["table"]["dollars each"].round()
    assert each.astype(int).to_dict() == {2011: 1151, 2013: 1357, 2015: 3340, 2017: 4990, 2020: 6683, 2023: 10702,
                                          2025: 6911}
    assert each[2023] / each[2011] > 9
    assert round(1 - each[2025] / each[2023], 2) == 0.35
    assert 887 - 596 == 291 > page["money"][2015]


def test_the_compared_lines_from_the_ledgers_own_figures(page):
    """Lines that are expected to differ would accept any value, so each is worked out again, from quoted lines and n."""
    def margin(share, n):
        return 1.96 * np.sqrt(100 * share * (100 - 100 * share) / n)

    wanted = {"rage-moe-2015.high": margin(0.5, 1000),
              "rage-moe-2020.high": margin(0.5, 1026), "rage-moe-2020.low": margin(0.1, 1026),
              "rage-hh-2013.angry": quoted("rage-hh-2013") * quoted("rage-r-2013") / 100,
              "rage-revenge-2025.times": 7 / 3}
    assert page["compared"] == pytest.approx(wanted)
    counted = {line.id for line in ledger().values() if line.counts and int(line.page) == 13}
    assert set(wanted) == counted


def test_what_is_said_of_the_two_that_differ(page):
    margin = page["margin"]
    fits = [share for share in range(5, 51, 5) if round(margin(share / 100, 1000), 1) == 1.9]
    assert fits == [10]
    assert [round(margin(0.45, n), 1) for n in (1000, 1026)] == [3.1, 3.0]
    assert [round(margin(0.45, n), 2) for n in (1000, 1026)] == [3.08, 3.04]
    assert 7.4999 / 2.5 < 3
    assert "dipped slightly since 2023" in ledger()["rage-revenge-2025.times"].because


# --- the world, and a brand's openness --------------------------------------------------------------------------------

def reached(**values):
    """Who know after a week, in percent: mean, lowest, highest, and the mean without an answer."""
    fire = burn(**values)
    shares = fire.reach.mean(), fire.reach.min(), fire.reach.max(), fire.alone[:, -1].mean()
    return [round(100 * float(one)) for one in shares]


def test_the_folded_answers_of_13_2(prose):
    told = prose["after-explorer"]
    silent = {heat: reached(heat=heat, where="not at all") for heat in (0.8, 0.6, 0.5, 0.4, 0.2)}
    assert [one[0] for one in silent.values()] == [28, 13, 7, 4, 1]
    assert silent[0.8][1:3] == [5, 65]
    networks = {name: reached(network=name, where="not at all") for name in ("random", "hubs", "small world", "communities")}
    assert [one[0] for one in networks.values()] == [28, 43, 13, 17]
    assert networks["hubs"][1:3] == [13, 83]
    assert [reached(hours=hours)[0] for hours in (1, 24, 72)] == [9, 22, 28]
    cold, kind = {"outcome": 1, "tone": 0}, {"outcome": 0, "tone": 1}
    assert [reached(**cold)[0], reached(**kind)[0], reached(**cold, where="in private")[0]] == [36, 18, 28]
    for words in ("At 0.80 28 percent", "at 0.60 13, at 0.40 4", "between 5 and 65", "from 13 to 83",
                  "hubs 43, small world 13, communities 17", "1 hour 9 percent instead of 28", "36 percent, *more*",
                  "then 18", "leaves it at 28"):
        assert words in told, words
    assert f"hits {FIRST} of {CUSTOMERS} customers" in prose["try-it"]


def test_what_the_page_says_of_many_storms(page, prose):
    storms = page["storms"]
    summary = storms.summary.set_index("quantity")
    cost = np.sort(storms.table["cost"])
    low, middle, high = (np.interp(at * 199, range(200), cost) for at in (0.1, 0.5, 0.9))
    assert summary.loc["cost", ["low80", "median", "high80"]].tolist() == pytest.approx([low, middle, high])
    assert f"costs {middle:,.0f} euros" in prose["world-many-read"]
    assert f"between {low:,.0f} and {high:,.0f}" in prose["world-many-read"]
    assert f"{100 * summary.loc['reach', 'median']:.0f} percent of the 2,000" in prose["world-many-read"]
    assert f"{summary.loc['leavers', 'median']:.0f} leave" in prose["world-many-read"]
    inputs = storms.shares.set_index("source").loc["unknown inputs"]
    for share in (inputs["share"], inputs["ci_low"], inputs["ci_high"]):
        assert f"{100 * share:.0f}" in prose["world-shares-read"]
    assert storms.table["inputs"].nunique() == 50
    assert round(1.96 / np.sqrt(49), 2) == 0.28
    drivers = storms.drivers.set_index("input")["correlation"]
    assert drivers.index[:2].tolist() == ["tell", "retold"]
    assert "known" not in drivers, "it can do nothing where the answer is public"


def test_whom_the_firm_knows_of_does_nothing_where_it_answers_in_public():
    few, many = (pt.Firestorm(known=known).storms(draws=8, seed=13, inputs=False).table for known in (0.2, 0.45))
    pd.testing.assert_frame_equal(few, many)


def test_what_the_page_says_of_answers(page, prose):
    table = page["answers"].table.set_index("hours")
    told = prose["world-answers-read"]
    assert f"saves {table.loc[1, 'saved']:,.0f} euros" in told
    assert f"({table.loc[1, 'ci_low']:,.0f} to {table.loc[1, 'ci_high']:,.0f})" in told
    assert f"a day {table.loc[24, 'saved']:,.0f}" in told
    assert table.loc[72, "ci_low"] < 0 < table.loc[72, "ci_high"]
    assert "67, 54 and 25 of 100" in told
    assert (100 * table.loc[[1, 24, 72], "cheaper"]).round().tolist() == [67, 54, 25]
    just = page["just"].table.set_index("justice")
    told = prose["world-justice-read"]
    assert f"costs {-just.loc['compensation', 'saved']:,.0f} euros *more*" in told
    assert f"({-just.loc['compensation', 'ci_high']:,.0f} to {-just.loc['compensation', 'ci_low']:,.0f})" in told
    assert f"saves {just.loc['apology', 'saved']:,.0f} ({just.loc['apology', 'ci_low']:,.0f} to" in told


def test_what_the_page_says_of_openness(page, prose):
    messages, index = page["messages"], page["found"].index.set_index("brand")["estimate"]
    answered = messages.groupby("brand")["answered"].apply(lambda one: (one == "yes").mean())
    assert page["parts"]["answered"].tolist() == pytest.approx(answered.tolist())
    assert [f"{100 * one:.0f}" for one in answered] == ["85", "68", "48"]  # 47.5 to the even number
    a, b, c = (f"made-up {letter}" for letter in "ABC")
    assert f"A {index[a]:.1f}, B {index[b] + 1e-9:.1f}, C {index[c] - 1e-9:.1f}" in prose["open-index-read"]
    # with all weights alike the index is the plain mean of five shares
    five = page["parts"][["answered", "within", "tone", "resolved", "kept"]]
    assert (100 * five.mean(axis=1)).tolist() == pytest.approx(index[five.index].tolist())
    ranks = {name: one["estimate"] for name, one in page["ranks"].items()}
    assert round(ranks["tone three times"][b] - ranks["tone three times"][a]) == 7
    assert round(ranks["speed three times"][a] - ranks["speed three times"][b]) == 14
    pairs = page["found"].pairs.set_index(["first", "second"])["of_weightings"]
    assert round(pairs[(a, b)], 2) == 0.48
    assert pairs[(a, c)] == pairs[(b, c)] == 1


# --- thirty comments --------------------------------------------------------------------------------------------------

def test_kappa_by_counting(page, prose):
    reader, machine = page["reader"], page["machine"].coding
    same = sum(reader[id] == machine[id] for id in reader.index)
    chance = sum((reader == code).sum() * (machine == code).sum() for code in set(reader)) / 900
    assert (same, numbers(page["said"]["kappa-hand"])) == (
        24, [0.8, round(chance, 3), round((0.8 - chance) / (1 - chance), 3)])
    low, high = page["both"].summary.set_index("statistic").loc["Cohen's kappa", ["ci_low", "ci_high"]]
    assert f"{low:.2f} to {high:.2f}" in prose["kappa-library-read"]


def test_the_six_that_differ_are_of_the_kinds_that_are_told(page, prose):
    differences = page["both"].differences.set_index("id")
    assert differences["kind"].to_dict() == {"v05": "irony", "v09": "mixed", "v10": "irony", "v15": "thin", "v17": "plain",
                                             "v29": "plain"}
    assert (differences.loc[["v05", "v10"], "simulated coder"] == "helped").all()
    assert differences.loc["v09", ["made-up reader", "simulated coder"]].tolist() == ["not believed", "doing it again"]
    for id in differences.index:
        assert id in prose["differ-read"]
    kinds = page["both"].kinds.set_index("kind")
    assert kinds.loc["plain", ["same", "comments"]].tolist() == [15, 17]
    assert kinds.loc[["irony", "thin"], "share"].tolist() == [0.5, 0.5]


def test_how_lucky_the_machine_of_the_page_is(page, prose):
    """Over the same 200 seeds, from the counts of same codes and of chance."""
    reader, found = page["reader"], []
    for seed in range(200):
        other = pt.simulated_coder(seed).coding
        chance = sum((reader == code).sum() * (other == code).sum() for code in set(reader)) / 900
        found.append(((reader == other).mean() - chance) / (1 - chance))
    low, middle, high = np.quantile(found, [0.05, 0.5, 0.95])
    told = prose["kappa-seeds-read"]
    assert f"In the middle {middle:.2f}, and nine of ten between {low:.2f} and {high:.2f}" in told
    assert f"Only {sum(one > found[2] + 1e-9 for one in found)} of the 200" in told
    meant = {one["id"]: one["meant"] for one in pt.compare_codings(
        reader, {id: "data" if reader[id] != "data" else "helped" for id in reader.index}).differences.to_dict("records")}
    names, machine = pt.codebook().names, page["machine"].coding
    beside = [id for id in reader.index if reader[id] == machine[id] and names[reader[id]] != meant[id]]
    assert beside == ["v14", "v19", "v25"]
    assert (meant["v25"], reader["v25"]) == ("data, privacy", "waiting")


def test_codes_that_are_rare(page, prose):
    assert numbers(page["said"]["rare-yes-no"]) == [1, 1]
    assert page["mine"].sum() == page["its"].sum() == 2
    found = page["many"].quantile([0.05, 0.5, 0.95]).round(2)
    assert found["share agreed"].tolist() == [0.93, 0.97, 1]
    assert found["kappa"].tolist() == [0.46, 0.78, 1]
    assert "0.46 and 1" in prose["rare-seeds-read"]


def test_the_box_for_the_readers_own_codes():
    """With ten codes it compares; the prose's box has none."""
    cell = next(source(one) for one in all_pages()[13].cells if one["id"] == "yours")
    shown = []
    names = {"pt": pt, "workshop": pt.coding_workshop(coding=pt.coding_workshop().example.head(10)),
             "machine": pt.simulated_coder(seed=2), "display": shown.append}
    exec(cell, names)
    assert shown[0]["n"].tolist() == [10, 10, 10]
    assert isinstance(names["own"], type(pt.compare_codings(names["workshop"].example, names["machine"])))
    pt.compare_codings(names["workshop"], names["workshop"].example)  # the panel is still a panel


@pytest.mark.parametrize(("counts", "kappa"), [((45, 45, 5, 5), 0.8), ((5, 85, 5, 5), 4 / 9), ((0, 96, 2, 2), -0.0204)])
def test_the_exercise_and_the_fifth_question(counts, kappa):
    both, neither, one, other = counts
    rows = np.repeat([[1, 1], [0, 0], [1, 0], [0, 1]], counts, axis=0)
    assert pt.kappa(rows[:, 0], rows[:, 1]).estimate == pytest.approx(kappa, abs=1e-4)
    agreed, yes = (both + neither) / 100, (both + one) * (both + other) / 1e4
    chance = yes + (neither + one) * (neither + other) / 1e4
    assert (agreed - chance) / (1 - chance) == pytest.approx(kappa, abs=1e-4)
