"""The computed tables of page 12: complaints about financial firms, counted by what the firm answered and who disputed it.

The rows are other people's; only counts are kept. Firms have no names in these tables: by which rule the sample was drawn
is not known, and a share of thirty complaints out of such a sample is nothing to hang on a name.
"""

import pandas as pd

CELLS = ["product", "response", "timely", "year", "channel"]
FEWEST = 30  # answered complaints of a firm that gets a row of its own
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RELIEF = ("Closed with monetary relief", "Closed with non-monetary relief")


def counts(rows):
    """One row a cell that is not empty: complaints, those with a yes or no to *disputed*, and those with a yes."""
    marked = rows.assign(answered=rows["disputed"].notna().astype(int), yes=(rows["disputed"] == "Yes").astype(int))
    cells = marked.groupby(CELLS, as_index=False).agg(
        complaints=("yes", "size"), answered=("answered", "sum"), disputed=("yes", "sum"))
    return cells.sort_values(CELLS, kind="stable", ignore_index=True)


def company_counts(rows):
    """One row a firm with at least ``FEWEST`` answered complaints, the largest first; the last row is all others."""
    kept = rows[rows["disputed"].notna()]
    sizes = kept["company"].value_counts()
    large = sorted(sizes[sizes >= FEWEST].index, key=lambda name: (-sizes[name], name))
    letter = dict(zip(large, LETTERS, strict=False))
    marked = kept.assign(
        company=kept["company"].map(letter).fillna("all others"), yes=(kept["disputed"] == "Yes").astype(int),
        money=(kept["response"] == RELIEF[0]).astype(int), relief=kept["response"].isin(RELIEF).astype(int))
    marked["disputed_after_relief"] = marked["yes"] * marked["relief"]
    return marked.groupby("company", as_index=False).agg(
        answered=("yes", "size"), relief=("relief", "sum"), monetary_relief=("money", "sum"), disputed=("yes", "sum"),
        disputed_after_relief=("disputed_after_relief", "sum"), main_product=("product", _most_common))


def _most_common(products):
    return products.value_counts().index[0]


def make(rows):
    """Both tables by file name."""
    rows = rows.assign(year=pd.to_datetime(rows["received"]).dt.year)
    return {"cfpb-dispute-counts.csv": counts(rows), "cfpb-company-counts.csv": company_counts(rows)}
