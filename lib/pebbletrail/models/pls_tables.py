"""The tables of a PLS model: its numbers beside their names, with or without intervals."""

import numpy as np
import pandas as pd

from pebbletrail.models.intervals import bca, percentile, two_sided


def beside(values, job, drawn, intervals, confidence):
    """Error, bias, p value and interval of every number, from replicates whose last column is a mark."""
    draws = drawn.draws[:, :-1]
    if intervals == "bca":
        influences = (block[:, :-1] for block in job.influences())
        (low, high), p_values = bca(draws, values, influences, null=0, level=confidence)
    else:
        (low, high), p_values = percentile(draws, confidence), two_sided(draws)
    return {"se": np.nanstd(draws, axis=0, ddof=1), "bias": np.nanmean(draws, axis=0) - values, "p_value": p_values,
            "ci_low": low, "ci_high": high}


def tables(numbers, values, further):
    """The tables of a fit: ``table, effects, moderation, shares, weights, loadings, htmt``."""
    s = numbers.structure
    columns = {"estimate": values} | further
    unproven = {name: column for name, column in columns.items() if name != "p_value"}  # where 0 is no hypothesis

    def made(names, rows, kind, shown=columns):
        keys = list(map(list, zip(*rows, strict=True))) if rows else [np.empty(0, dtype=object)] * len(names)
        given = {name: column[numbers.parts[kind]] for name, column in shown.items()}
        return pd.DataFrame(dict(zip(names, keys, strict=True)) | given)

    belongs = [(s.names[row], s.indicators[column]) for row, column in zip(*numbers.belongs, strict=True)]
    return {
        "table": made(("outcome", "predictor"), [(outcome, predictor) for predictor, outcome in s.arrows], "paths"),
        "effects": made(("source", "target", "via", "kind"),
                        [(one.source, one.target, one.via, one.kind) for one in numbers.effects], "effects"),
        "moderation": made(("source", "target", "moderator", "value"), numbers.slopes, "slopes"),
        "shares": made(("outcome",), [(name,) for name in s.regressions], "r2", unproven),
        "weights": made(("construct", "indicator"), belongs, "weights"),
        "loadings": made(("construct", "indicator"), belongs, "loadings"),
        "htmt": made(("first", "second"), s.pairs, "htmt", unproven),
    }
