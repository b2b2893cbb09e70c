"""The tables of a PLS model: its numbers beside their names, with or without intervals."""

import numpy as np
import pandas as pd

from pebbletrail.models.intervals import bca, percentile, two_sided

FIXED = 1e-9  # an error below which a number is the same in every resample


def beside(values, job, drawn, intervals, confidence):
    """Error, bias, p value and interval of every number, from replicates whose last column is a mark."""
    draws = drawn.draws[:, :-1]
    if intervals == "bca":
        influences = (block[:, :-1] for block in job.influences())
        (low, high), p_values = bca(draws, values, influences, null=0, level=confidence)
    else:
        (low, high), p_values = percentile(draws, confidence), two_sided(draws)
    se = np.nanstd(draws, axis=0, ddof=1)
    p_values = np.where(se > FIXED, p_values, np.nan)  # a single item's weight is 1, and no test of anything
    found = {"se": se, "bias": np.nanmean(draws, axis=0) - values, "p_value": p_values, "ci_low": low, "ci_high": high}
    return {name: np.where(np.isfinite(values), column, np.nan) for name, column in found.items()}


def table(numbers, kind, values, further):
    """One kind of number beside its names: ``paths, effects, slopes, r2, weights, loadings`` or ``htmt``."""
    names, rows = _keys(numbers, kind)
    keys = list(map(list, zip(*rows, strict=True))) if rows else [np.empty(0, dtype=object)] * len(names)
    if kind in ("r2", "htmt"):  # where 0 is no hypothesis
        further = {name: column for name, column in further.items() if name != "p_value"}
    part = numbers.parts[kind]
    given = {name: column[part] for name, column in ({"estimate": values} | further).items()}
    return pd.DataFrame(dict(zip(names, keys, strict=True)) | given)


def _keys(numbers, kind):
    s = numbers.structure
    if kind == "paths":
        return ("outcome", "predictor"), [(outcome, predictor) for predictor, outcome in s.arrows]
    if kind == "effects":
        return ("source", "target", "via", "kind"), [(one.source, one.target, one.via, one.kind) for one in numbers.effects]
    if kind == "slopes":
        return ("source", "target", "moderator", "value"), numbers.slopes
    if kind == "r2":
        return ("outcome",), [(name,) for name in s.regressions]
    if kind == "htmt":
        return ("first", "second"), s.pairs
    where = zip(*numbers.belongs, strict=True)
    return ("construct", "indicator"), [(s.names[row], s.indicators[column]) for row, column in where]
