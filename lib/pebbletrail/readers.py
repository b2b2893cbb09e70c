"""How each file becomes a tidy table: one function a format, named in the passport."""

import warnings

import pandas as pd


def read_csv(path, **options):
    return pd.read_csv(path, **options)


def read_correlations(path, sd=None, mean=None, n=None, drop=()):
    """A square table of correlations, with sample size, means and standard deviations beside it, as ``Moments``."""
    from pebbletrail.moments import Moments

    table = pd.read_csv(path, index_col=0).drop(columns=list(drop))
    beside = [column for column in (n, mean, sd) if column]
    matrix = table.drop(columns=beside)
    size = None if n is None else int(table[n].iloc[0])
    return Moments.from_correlations(matrix, n=size, sd=table[sd] if sd else None, mean=table[mean] if mean else None)


def read_rda(path, name, missing=None):
    """One data frame of an R workspace file; ``missing`` is the number that stands for no answer there."""
    import rdata

    with warnings.catch_warnings():  # old files do not say their encoding; ours hold ASCII alone
        warnings.filterwarnings("ignore", message="Unknown encoding")
        found = rdata.read_rda(path)
    if name not in found:
        raise ValueError(f"{path.name} holds {', '.join(found)}, not {name!r}.")
    table = found[name].reset_index(drop=True)
    return table if missing is None else table.astype(float).replace(missing, float("nan"))


LABORATORIES = {  # the file's label of a sample: our name for it
    "FK": "Zurich", "PSZ1": "Jena 1", "PSZ2": "Trento", "PSZ3": "Jena 2", "PSZ5": "Jena 3", "PSZ4": "Jena, flat fee",
    "BHL1": "Massachusetts", "BHL2": "Massachusetts, third party",
}


def read_hidden_costs(path):
    """The agents of the hidden-costs game, one row each, with names that say what they hold.

    The file has CR line ends and four empty trailing columns. Rows marked SV come without permission to
    redistribute, so they are left out; bosses and third parties made no transfer, so they are too.
    """
    raw = pd.read_csv(path, lineterminator="\r").dropna(axis="columns", how="all")
    agents = raw[(raw["Role"] == "Agent") & (raw["Experiment"] != "SV")]
    return pd.DataFrame({
        "laboratory": agents["Experiment"].map(LABORATORIES).to_numpy(),
        "treatment": agents["Treatment"].to_numpy(),
        "controlled": agents["x_C"].to_numpy(dtype=float),
        "free": agents["x_NC"].to_numpy(dtype=float),
    })


PLACES = {0: "office", 1: "home", 2: "did not volunteer"}  # expgroup, the file's label of a group: our name for it
EXPERIMENT_BEGINS = 201050  # the week of 6 December 2010, as the file writes it


def read_ctrip(path):
    """The weekly scores of the home-working experiment, one row a person and week.

    Weeks are counted from the first week of the experiment: the file's labels (201001 to 201053, then 201101 to 201133)
    leave a gap between the years that is none. What else the file holds on people (age, pay, family) is left out.
    """
    raw = pd.read_csv(path)
    labels = raw["year_week"].astype(int)
    in_order = {label: number for number, label in enumerate(sorted(labels.unique()))}
    return pd.DataFrame({
        "person": raw["personid"].to_numpy(),
        "group": raw["expgroup"].map(PLACES).to_numpy(),
        "week": labels.map(in_order).to_numpy() - in_order[EXPERIMENT_BEGINS],
        "label": labels.to_numpy(),
        "performance": raw["perform1"].to_numpy(dtype=float),
    })


def read_years(path, value, names, missing=()):
    """A wide table with one column a year, as one row a line and year.

    It has the columns of ``names`` (the file's name: ours), ``year`` and ``value``. Years without a number are left out;
    ``missing`` are the words that stand for none. A column of ``names`` that the file does not have is a ValueError.
    """
    wide = pd.read_csv(path, na_values=list(missing))
    if absent := [column for column in names if column not in wide]:
        raise ValueError(f"{path.name}: no column {' or '.join(map(repr, absent))}. It has {', '.join(map(repr, wide))}.")
    wide = wide.rename(columns=names)
    years = [column for column in wide if column.isdigit()]
    long = wide.melt(list(names.values()), years, "year", value).dropna(subset=[value])
    long = long.astype({"year": int, value: float})
    return long.sort_values([*names.values(), "year"], kind="stable", ignore_index=True)


READERS = {"csv": read_csv, "correlations": read_correlations, "rda": read_rda, "hidden-costs": read_hidden_costs,
           "ctrip": read_ctrip, "years": read_years}
