"""Make the computed tables in ``datasets/tables`` from the open data, and seal every passport.

    pebbletrail data fetch
    python tools/make_tables.py

A table of kind ``computed`` is ours: summaries of rows that others published. It is made here and nowhere else, so that
anyone who fetches the rows can make it again; ``tests/test_tables.py`` does.
"""

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import acsi_tables
import cfpb_tables
import ctrip_tables
import pebbletrail as pt
import trap_tables
from pebbletrail.passports import all_passports, sha256_of

DATASETS = Path(__file__).resolve().parents[1] / "datasets"
CONTROL_MINIMUM = 10  # points that the boss can enforce in the treatments C10 and TP10

STUDIES = {
    "Zurich": ("Falk & Kosfeld 2006", "real"),
    "Jena 1": ("Ziegelmeyer, Schmelz & Ploner 2012", "real"),
    "Trento": ("Ziegelmeyer, Schmelz & Ploner 2012", "real"),
    "Jena 2": ("Ziegelmeyer, Schmelz & Ploner 2012", "real"),
    "Jena 3": ("Ziegelmeyer, Schmelz & Ploner 2012", "real"),
    "Massachusetts": ("Burdin, Halliday & Landini 2018", "real"),
    "Jena, flat fee": ("Ziegelmeyer, Schmelz & Ploner 2012", "flat fee"),
    "Massachusetts, third party": ("Burdin, Halliday & Landini 2018", "real"),
}


def hidden_costs_summary(rows):
    """One row a laboratory: sizes, means, standard deviations, and how many gave less, the same, more."""
    made = []
    for laboratory, (study, incentives) in STUDIES.items():
        one = rows[rows["laboratory"] == laboratory]
        difference = one["free"] - one["controlled"]
        # what control costs beyond what its minimum brings: a free gift below the minimum would be lifted to it
        hidden = np.maximum(one["free"], CONTROL_MINIMUM) - one["controlled"]
        made.append({
            "laboratory": laboratory, "study": study, "incentives": incentives, "treatment": one["treatment"].iloc[0],
            "agents": len(one),
            "mean_controlled": one["controlled"].mean(), "sd_controlled": one["controlled"].std(),
            "mean_free": one["free"].mean(), "sd_free": one["free"].std(),
            "mean_difference": difference.mean(), "sd_difference": difference.std(),
            "gave_less": int((difference > 0).sum()), "gave_the_same": int((difference == 0).sum()),
            "gave_more": int((difference < 0).sum()),
            "mean_hidden_cost": hidden.mean(), "sd_hidden_cost": hidden.std(),
        })
    return pd.DataFrame(made).round(6)


def hidden_costs_choices(rows):
    """How many agents gave each number of points, in each laboratory, free and controlled."""
    long = rows.melt(["laboratory"], ["free", "controlled"], "condition", "points")
    counts = long.groupby(["laboratory", "condition", "points"], as_index=False).size()
    return counts.rename(columns={"size": "agents"}).astype({"points": int})


def hidden_costs_differences(rows):
    """How many agents showed each difference, free minus controlled, in each laboratory."""
    difference = (rows["free"] - rows["controlled"]).astype(int)
    counts = rows.assign(difference=difference).groupby(["laboratory", "difference"], as_index=False).size()
    return counts.rename(columns={"size": "agents"})


def ecsi_correlations(rows):
    """Sample size, means, standard deviations and correlations of the 24 items."""
    beside = pd.DataFrame({"n": len(rows), "mean": rows.mean(), "sd": rows.std()}).round(8)
    return pd.concat([beside, rows.corr().round(8)], axis="columns").rename_axis("item").reset_index()


def make_all():
    """Every computed table by file name."""
    game, ecsi = pt.load("hidden-costs-of-control"), pt.load("ecsi-mobile")
    return {
        "hidden-costs-summary.csv": hidden_costs_summary(game),
        "hidden-costs-choices.csv": hidden_costs_choices(game),
        "hidden-costs-differences.csv": hidden_costs_differences(game),
        "ecsi-mobile-correlations.csv": ecsi_correlations(ecsi),
        **ctrip_tables.make(pt.load("ctrip-performance")),
        **acsi_tables.make(pt.load("acsi-scores"), pt.load("acsi-prices")),
        **trap_tables.make(pt.load("corporate-reputation"), pt.load("privacy-answers")),
        **cfpb_tables.make(pt.load("cfpb-complaints")),
    }


def seal():
    """Write the SHA-256 of every table of ours into its passport."""
    for about in all_passports().values():
        if about.kind != "open":
            path = DATASETS / "passports" / f"{about.name}.toml"
            now = f'sha256 = "{sha256_of(DATASETS / "tables" / about.file)}"'
            path.write_text(re.sub(r'^sha256 = ".*"$', now, path.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")


if __name__ == "__main__":
    for name, table in make_all().items():
        table.to_csv(DATASETS / "tables" / name, index=False, lineterminator="\n")
        print(f"{name}: {len(table)} rows", file=sys.stderr)
    seal()
