"""What page 11 computes and says: its cells run once for all the tests that ask, its prose by cell, its numbers by name."""

import re
from functools import cache

import numpy as np
from scipy import stats

import pebbletrail as pt
from page_cells import run_and_listen
from pebbletrail.explorers.exit_costs import lens
from pebbletrail.ledger_table import ledger
from pebbletrail.page_source import all_pages, source
from reputation_model import reputation_rows

# the cells that compute and need no rows, in order
CELLS = ("setup", "look-steps", "look-near", "look-privacy", "interaction-fit", "interaction-hand", "floodlight-hand",
         "floodlight-library", "which-fit", "contract-worlds", "contract-draw", "contract-year", "contract-trust",
         "privacy-paths", "privacy-effects", "privacy-reverse", "stages-example", "stages-hand", "stages-score",
         "stages-agreement", "printed-model", "printed-paths", "ceiling-draw", "ceiling-fit", "latent-fit", "slogan-hand",
         "slogan-table")
ROWS = ("setup", "printed-model", "printed-paths", "printed-fit", "printed-f2", "printed-bootstrap", "ceiling-model",
        "ceiling-tobit")  # those of the open data


@cache
def computed(cells=CELLS):
    """What the cells leave; under ``said`` what each has printed. Shared, so not to be changed."""
    return run_and_listen(11, cells)


def prose(id):
    return next(source(cell) for cell in all_pages()[11].cells if cell["id"] == id)


def weights(fit, column="estimate"):
    return fit.table.set_index("term")[column]


def arrow(fit, outcome, predictor, column="estimate"):
    return fit.table.set_index(["outcome", "predictor"]).loc[(outcome, predictor), column]


def print_of(id):
    return float(ledger()[id].published)


# --- what the cells compute, as lists of the numbers that the page names in order ----------------------------------------

def steps(p):
    """How many gave each of three answers, and the one cost that all of them have."""
    told = [p["first"].query(f"answer == {answer} and customers > 0") for answer in (7, 6, 5)]
    assert [len(one) for one in told] == [1, 1, 1]
    (a, b, c) = (one.iloc[0] for one in told)
    assert a["cost"] == b["cost"]
    return a["customers"], a["cost"], b["customers"], c["customers"], c["cost"], p["first"]["customers"].sum()


def interaction(p):
    b, row = weights(p["fit"]), p["fit"].table.set_index("term").loc["satisfaction:costs"]
    mean, change = b["satisfaction"], b["satisfaction:costs"]
    return mean, mean - change, mean + change, -change, row["ci_low"], row["ci_high"]


def edges(p):
    """Roots of (b1 + b3 z)² = t² (V11 + 2 V13 z + V33 z²), by numpy."""
    b, V, x, xz = p["b"], p["V"], "satisfaction", "satisfaction:costs"
    t2 = stats.t.ppf(0.975, 340) ** 2
    line = np.array([b[xz], b[x]])
    return sorted(np.roots(np.polymul(line, line) - t2 * np.array([V.loc[xz, xz], 2 * V.loc[x, xz], V.loc[x, x]])))


def staying(p, month, *kinds):
    at = p["stayed"].at([month]).set_index("group")["staying"]
    return [100 * at[kind] for kind in kinds]


def year_after(p, *kinds):
    """By counting rows: of those free to go from month 25 on, who left by month 36, in percent."""
    shares = []
    for kind in kinds:
        spells = p["drawn"][kind].spells
        there = spells[(spells["months"] > 24) | ((spells["months"] == 24) & ~spells["left"])]
        shares.append(100 * (there["left"] & (there["months"] <= 36)).mean())
    return shares


def trust(p, *kinds):
    return [p["drawn"][kind].panel.query("month == 24")["trust"].mean() for kind in kinds]


def by_road(p):
    effects = p["from_concern"].set_index(["kind", "via"])["estimate"]
    return [effects.xs(via, level="via").iloc[0] for via in ("trust", "risk")]


def total(p):
    return p["young"].cor.loc["concern", "intention"]


def side(p, name):
    row = p["profile"].table.set_index("dimension").loc[name]
    assert row["median_low"] == row["median_high"]
    return row["median_low"]


def contracts(p):
    row = p["profile"].table.set_index("dimension").loc["contracts"]
    return row["lowest"], row["highest"], row["dissent"]


def alpha(p):
    row = p["profile"].agreement.table.iloc[0]
    return row["estimate"], row["ci_low"], row["ci_high"], 100 * row["near"]


def ceiling(p, outcome):
    y = p["made"][outcome]
    X = np.column_stack([np.ones(len(y)), p["x"], p["z"], p["x"] * p["z"]])
    return np.linalg.lstsq(X, y / y.std())[0][3]


@cache
def controls():
    return pt.explore("exit-costs").controls


def panel(**changed):
    """The explorer's numbers at its start, but for what is changed."""
    return lens(**{name: one.value for name, one in controls().items()} | changed)


def enough():
    """The first number of customers on the slider at which the sentence says 80 of 100."""
    slider = controls()["customers"]
    return next(n for n in range(slider.min, slider.max + 1, slider.step) if round(100 * panel(customers=n).power) == 80)


def quality(p):
    q = weights(p["same"])
    slope, change = q["satisfaction"], q["satisfaction:quality"]
    return slope - change, slope, slope + change, -slope / change


def of_the_question():
    """Slope at costs 2 and where it is zero, from the equation as the question writes it."""
    b1, b3 = re.search(r"\+ (0\.\d) · satisfaction \+ .* − (0\.\d) · satisfaction · costs", prose("check")).groups()
    b1, b3 = float(b1), float(b3)
    return b1, b3, 2, b1 - 2 * b3, b1 / b3


def once_more(p):
    """The product's weight if the product of the two standardised scores is standardised itself."""
    rows = reputation_rows()
    z, w = (rows - rows.mean()) / rows.std(), p["whole"].weights.set_index(["construct", "indicator"])["estimate"]
    costs = z[w["SC"].index] @ w["SC"]
    return arrow(p["whole"], "CUSL", "CUSA:SC") * (z["cusa"] * costs / costs.std()).std()


def other_scheme(p):
    return arrow(pt.pls(reputation_rows(), p["MODERATED"], scheme="factorial"), "CUSL", "CUSA:SC")
