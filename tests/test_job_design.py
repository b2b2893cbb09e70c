"""Page 3: its own cells, run here, against R, statsmodels and brute force; and its table against a second print."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import pebbletrail as pt
from pebbletrail.ledger_table import ledger
from pebbletrail.page_source import all_pages, source

ORACLES = Path(__file__).parent / "oracles"
# the cells of the page that compute, in order; what they print is caught by pytest
CELLS = ("load", "autonomy-sorted", "one-slope", "square", "square-look", "two-formula", "weigh", "seven", "explained",
         "entry", "ten", "satisfaction", "library-fit", "library-agree", "sets", "fair", "orders", "fair-table", "level",
         "pattern", "level-pattern-share", "harmonic", "wiernik", "nudge", "together", "delta", "chance", "chance-weight",
         "parts", "uncorrected", "slip-matters")

# Wiernik and others 2021, Table 1, example 1: the lower triangle row by row, the features of `ten`, then performance
SECOND_PRINT = """
.64
.46 .52
.50 .62 .52
.55 .37 .39 .39
.53 .50 .40 .56 .49
.43 .51 .62 .31 .22 .21
.29 .61 .18 .50 .19 .41 .37
.48 .37 .10 .36 .31 .57 .01 .33
.38 .36 .21 .39 .24 .27 .12 .46 .38
.23 .07 .23 .23 .17 .20 .37 .18 .28 .12
"""


@pytest.fixture(scope="module")
def page():
    """The names that the page's own cells define."""
    cells = {cell["id"]: source(cell) for cell in all_pages()[3].cells}
    names = {"pt": pt, "np": np, "pd": pd}
    for id in CELLS:
        if id == "delta":  # reads what a cell defines that shows its result
            names["ours"] = names["figures"](names["r"].loc[names["names"], names["names"]].to_numpy())
        exec(cells[id], names)
    return names


@pytest.fixture(scope="module")
def oracle():
    return pd.read_csv(ORACLES / "job_design-weights.csv", comment="#")


@pytest.fixture(scope="module")
def intervals():
    return pd.read_csv(ORACLES / "job_design-intervals.csv", comment="#").set_index("figure")


def rows_with(R, n=400, seed=7):
    """Rows whose correlations are exactly ``R``, to ask a program that reads rows alone."""
    z = np.random.default_rng(seed).standard_normal((n, len(R)))
    z = np.linalg.qr(z - z.mean(axis=0))[0] * np.sqrt(n - 1)
    return pd.DataFrame(z @ np.linalg.cholesky(R).T, columns=list(R))


def test_table_is_the_one_of_the_second_print(page):
    """55 of the correlations were printed again, in another article; they were typed from there."""
    printed = [float(number) for number in SECOND_PRINT.split()]
    ours = page["r"].loc[page["names"], page["names"]].to_numpy()
    assert len(printed) == 55
    assert ours[np.tril_indices(11, -1)].tolist() == printed


def test_what_the_passport_says_of_the_table():
    pairs = pt.load("job-design-correlations")
    names = set(pairs["one"]) | set(pairs["other"])
    there = set(map(frozenset, zip(pairs["one"], pairs["other"], strict=True)))
    assert (len(names), len(there)) == (16, 115)
    missing = {frozenset(pair) for pair in itertools.combinations(names, 2)} - there
    assert len(missing) == 5
    assert all("performance" in pair for pair in missing)
    assert (pairs["n"].min(), pairs["n"].max()) == (268, 91_109)
    turned = pairs[np.sign(pairs["observed"]) != np.sign(pairs["corrected"])]
    assert turned[["one", "other"]].to_numpy().tolist() == [["task_variety", "physical_ease"]]
    assert (pairs["observed"].abs() <= pairs["corrected"].abs()).all()
    halves = 2 * 100 * 1.96 * np.sqrt(pairs["variance"])  # the inference that the variances come from printed intervals
    assert (halves - halves.round()).abs().max() < 1e-5


@pytest.mark.parametrize(("outcome", "name"), [("performance", "seven"), ("performance", "ten"), ("satisfaction", "eight"),
                                               ("satisfaction", "twelve"), ("satisfaction", "fourteen")])
def test_weights_and_r2_are_those_of_psych(page, oracle, outcome, name):
    features = page[name]
    theirs = oracle[(oracle["outcome"] == outcome) & (oracle["features"] == len(features))].set_index("term")
    assert set(theirs.index) == set(features)
    weights = page["weigh"](outcome, features)
    assert weights.to_numpy() == pytest.approx(theirs.loc[features, "weight"].to_numpy(), abs=1e-12)
    assert page["explained"](outcome, features) == pytest.approx(theirs["r2"].iloc[0], abs=1e-12)
    used = [*features, outcome]
    fit = pt.regress(pt.Moments.from_correlations(page["r"].loc[used, used]), f"{outcome} ~ {' + '.join(features)}")
    assert fit.table["estimate"].to_numpy() == pytest.approx(weights.to_numpy(), abs=1e-10)
    assert fit.r2 == pytest.approx(theirs["r2"].iloc[0], abs=1e-10)


def test_two_features_by_the_formula_are_those_of_statsmodels(page):
    used = ["autonomy", "job_complexity", "performance"]
    rows = rows_with(page["r"].loc[used, used])
    fit = sm.OLS(rows["performance"], rows[used[:2]]).fit()
    assert [page["b_autonomy"], page["b_complexity"]] == pytest.approx(list(fit.params), abs=1e-10)
    assert page["explained"]("performance", used[:2]) == pytest.approx(fit.rsquared, abs=1e-10)


def test_weight_is_the_slope_among_what_the_others_leave_over(page):
    """Frisch and Waugh: holding the others still is regressing what they leave of one on what they leave of the other."""
    used = [*page["ten"], "performance"]
    rows = rows_with(page["r"].loc[used, used])
    rest = rows[page["ten"][1:]]
    left = {name: sm.OLS(rows[name], rest).fit().resid for name in ("autonomy", "performance")}
    slope = (left["autonomy"] @ left["performance"]) / (left["autonomy"] @ left["autonomy"])
    assert page["weigh"]("performance", page["ten"])["autonomy"] == pytest.approx(slope, abs=1e-10)


def test_fair_shares_are_means_over_all_orders_by_cholesky(page):
    """For each of the 5,040 orders, the squares of the last row of the Cholesky root are what each feature adds."""
    seven, r = page["seven"], page["r"]
    orders = np.array(list(itertools.permutations(range(7))))
    full = r.loc[[*seven, "performance"], [*seven, "performance"]].to_numpy()
    places = np.hstack([orders, np.full((len(orders), 1), 7)])
    last = np.linalg.cholesky(full[places[:, :, None], places[:, None, :]])[:, 7, :7] ** 2
    shares = pd.Series([last[orders == feature].mean() for feature in range(7)], index=seven)
    assert page["shares"].to_numpy() == pytest.approx(100 * shares.to_numpy(), abs=1e-9)
    assert page["table"]["fair share"].to_numpy() == pytest.approx(100 * shares.to_numpy(), abs=1e-9)
    assert page["table"].loc["autonomy", "last"] == pytest.approx(100 * last[orders[:, 6] == 0, 6].mean(), abs=1e-9)
    assert page["table"].loc["autonomy", "first"] == pytest.approx(100 * last[orders[:, 0] == 0, 0].mean(), abs=1e-9)


def test_level_and_pattern_are_what_rows_would_show(page):
    """Rows with these correlations: the mean of ten features, and their weighted sum, correlated with performance."""
    used = [*page["ten"], "performance"]
    rows = rows_with(page["r"].loc[used, used])
    features, outcome = rows[page["ten"]], rows["performance"]
    level, pattern = features.mean(axis=1), features @ page["star"]
    assert page["star"].sum() == pytest.approx(0, abs=1e-12)  # a pattern is what stands out from the job's own mean
    assert np.diff(page["star"]) == pytest.approx(np.diff(sm.OLS(outcome, features).fit().params), abs=1e-10)
    assert page["level"] == pytest.approx(level.corr(outcome), abs=1e-10)
    assert page["pattern"] == pytest.approx(pattern.corr(outcome), abs=1e-10)
    assert page["level_pattern"] == pytest.approx(level.corr(pattern), abs=1e-10)
    both = sm.OLS(outcome, pd.DataFrame({"level": level, "pattern": pattern})).fit()
    assert both.rsquared == pytest.approx(page["explained"]("performance", page["ten"]), abs=1e-10)


def test_intervals_by_nudges_are_those_by_formulas_in_r(page, intervals):
    ours, half = page["ours"], page["half"]
    for column, found in (("estimate", ours), ("low", ours - half), ("high", ours + half)):
        assert found == pytest.approx(intervals[column].to_numpy(), abs=1e-8)


def test_which_ends_miss_the_print_without_covariances(intervals):
    """The page names four more; with covariances, only the two of the pattern."""
    figures = {"R": "wie21-r2.r", "R2": "wie21-r2.r2", "level": "wie21-pattern.level", "pattern": "wie21-pattern.pattern"}
    missed = {column: {(name, end) for name, id in figures.items() for end in ("low", "high")
                       if ledger()[f"{id}-{end}"].status(intervals.loc[name, f"{end}{column}"]) == "differs"}
              for column in ("", "_apart")}
    pattern = {("pattern", "low"), ("pattern", "high")}
    assert missed[""] == pattern
    assert missed["_apart"] - pattern == {("level", "low"), ("level", "high"), ("R", "low"), ("R2", "high")}


def test_what_the_page_says_of_the_line_that_differs(page):
    """The alternatives that were tried, and how far rounding of the correlations can move the step."""
    r, seven, ten, explained = page["r"], page["seven"], page["ten"], page["explained"]
    base = explained("performance", seven)
    adjusted = [1 - (1 - explained("performance", one)) * (page["harmonic"] - 1) / (page["harmonic"] - len(one) - 1)
                for one in (seven, ten)]
    raw = page["square"]("observed")
    steps = [adjusted[1] - adjusted[0],
             explained("performance", ten, raw) - explained("performance", seven, raw),
             explained("performance", [f for f in ten if f != "interdependence"]) - base,
             explained("performance", [f for f in ten if f != "social_support"]) - base]
    assert np.round(100 * np.array(steps), 1).tolist() == [8.1, 4.7, 7.7, 8.1]
    off = np.triu(np.random.default_rng(20260103).uniform(-0.005, 0.005, (20_000, 11, 11)), 1)
    drawn = r.loc[page["names"], page["names"]].to_numpy() + off + np.swapaxes(off, 1, 2)
    share = [np.einsum("ni,ni->n", np.linalg.solve(drawn[:, :k, :k], drawn[:, :k, 10:])[..., 0], drawn[:, :k, 10])
             for k in (7, 10)]
    step = 100 * (share[1] - share[0])
    b7, b10 = (np.append(page["weigh"]("performance", one), np.zeros(10 - len(one))) for one in (seven, ten))
    # d R²: twice the weight where a correlation with performance moves, minus twice the product of two weights elsewhere
    rates = np.array([2 * (b10[j] - b7[j]) if i == 10 else -2 * (b10[i] * b10[j] - b7[i] * b7[j]) for i, j in page["cells"]])
    half = 100 * 1.959964 * np.sqrt(rates @ page["errors"] @ rates)
    now = 100 * (explained("performance", ten) - base)
    assert [now - half, now, now + half] == pytest.approx([-0.3, 8.2, 16.7], abs=0.05)
    assert step.std() == pytest.approx(0.33, abs=0.01)  # "0.3"
    assert (step >= 8.5).mean() == pytest.approx(0.18, abs=0.01)  # "nearly one of five draws"


def test_what_chance_alone_would_make_of_the_errors(page):
    """The variance of a correlation, (1 − r²)² / n, divided as the correlation itself was."""
    names, size, seen, rho = page["names"], page["size"], page["seen"], page["rho"]
    at = tuple(np.array(page["cells"]).T)
    alone = (1 - seen[at] ** 2) ** 2 / size[at] * (rho[at] / seen[at]) ** 2
    assert page["by_chance"] == pytest.approx(alone, rel=1e-10)
    listed = page["variance"][at]
    assert (listed < alone).sum() == 7
    assert np.median(listed / alone) == pytest.approx(9.9, abs=0.05)
    half = page["half_chance"]
    assert [page["ours"][4] - half, page["ours"][4] + half] == pytest.approx([-0.07, 0.19], abs=0.005)
    part = page["part"].set_index("pair")["part"]
    assert part.sum() == pytest.approx(100)
    assert part["autonomy, job_complexity"] == part.max() == pytest.approx(31.2, abs=0.05)
    assert part["job_complexity, performance"] == pytest.approx(5.5, abs=0.05)
    key = page["cells"].index((names.index("performance"), names.index("job_complexity")))
    assert np.sqrt([listed[key], alone[key]]) == pytest.approx([0.056, 0.063], abs=0.0005)
    of_r2 = page["rates"][1] ** 2 * listed
    assert of_r2.argmax() == key  # "the one that matters most for R²"


def test_numbers_of_the_text_that_no_cell_prints(page):
    weigh, explained = page["weigh"], page["explained"]
    seven, ten = page["seven"], page["ten"]
    assert weigh("performance", [*seven, "feedback_from_others"])["autonomy"] == pytest.approx(0.02, abs=0.0005)
    assert weigh("satisfaction", ten)["autonomy"] == pytest.approx(0.06, abs=0.005)
    assert weigh("satisfaction", ten).idxmax() == "social_support"
    assert weigh("satisfaction", ten)["social_support"] == pytest.approx(0.43, abs=0.005)
    assert weigh("satisfaction", page["fourteen"])["autonomy"] == pytest.approx(-0.03, abs=0.005)
    assert 100 * page["raw"].loc["autonomy", "performance"] ** 2 == pytest.approx(3.2, abs=0.05)
    given = [100 * explained("performance", one, page["raw"]) for one in (seven, ten)]
    assert given == pytest.approx([13.8, 18.5], abs=0.05)
    both = weigh("performance", ["task_significance", "autonomy"])
    assert both.to_numpy() == pytest.approx([0.153, 0.153], abs=0.0005)
    others = [feature for feature in ten if feature != "task_significance"]
    assert 100 * (explained("performance", ten) - explained("performance", others)) == pytest.approx(2.1, abs=0.05)
    assert 100 * (page["context"][1] - page["context"][0]) == pytest.approx(4.0, abs=0.05)


def test_the_other_readings_of_the_step_that_does_not_agree(page):
    """What the page says it tried: by solving the normal equations, not by the page's function."""

    def share(R, features):
        c = R.loc[features, "performance"].to_numpy()
        return 100 * c @ np.linalg.solve(R.loc[features, features].to_numpy(), c)

    r, raw, seven, ten = (page[name] for name in ("r", "raw", "seven", "ten"))

    def adjusted(features, size):
        return 100 - (100 - share(r, features)) * (size - 1) / (size - len(features) - 1)

    def without(name):
        return share(r, [one for one in ten if one != name]) - share(r, seven)

    size = 3444  # the harmonic mean that Wiernik and others print
    assert adjusted(ten, size) - adjusted(seven, size) == pytest.approx(8.1, abs=0.05)
    assert share(raw, ten) - share(raw, seven) == pytest.approx(4.7, abs=0.05)
    assert without("interdependence") == pytest.approx(7.7, abs=0.05)
    assert without("social_support") == pytest.approx(8.1, abs=0.05)
