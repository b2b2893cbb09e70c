"""What a structural equation model says, and what its reader must know before believing it, in sentences."""

import numpy as np

from pebbletrail.models.sem.fit import GUIDES, implied
from pebbletrail.words import said

ALIKE = 0.9  # two constructs that correlate beyond this are hardly told apart
FEW = 5  # observations for each unknown (Bentler and Chou 1987)


def found_wrong(model, matrices):
    """Sentences on what no covariance matrix can have (Heywood cases); none where the solution is proper."""
    L, _, P, T = matrices
    S, C = implied(matrices)
    told = []
    for own, total, names, what in ((T, S, model.items, "error"), (P, C, model.constructs, "remaining")):
        shares = [(names[at], value / total[at, at]) for at, value in enumerate(np.diag(own)) if value < 0]
        if shares:
            each = ", ".join(f"{name} ({share:.0%} of all its variance)" if share < 0 else name for name, share in shares)
            told.append(f"the {what} variance of {each} came out negative, which no variance can be (a Heywood case)")
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = L * np.sqrt(np.diag(C)) / np.sqrt(np.diag(S))[:, None]
    beyond = [(name, item, scaled[model.items.index(item), model.constructs.index(name)]) for name, item in model.loadings]
    if beyond := [(name, item, size) for name, item, size in beyond if abs(size) > 1 + 1e-9]:
        each = ", ".join(f"{item} on {name} ({said(size)})" for name, item, size in beyond)
        told.append(f"the standardised loading of {each} lies beyond 1")
    for square, what in ((C, "constructs"), (P, "disturbances"), (T, "errors")):
        d = np.diag(square)
        if (d < 0).any():
            continue  # said above
        inside = square[np.ix_(d > 0, d > 0)]
        if len(inside) and np.linalg.eigvalsh(inside / np.sqrt(np.outer(np.diag(inside), np.diag(inside))))[0] < -1e-9:
            told.append(f"no {what} can have the covariances estimated (not positive definite)")
    return told


def notes(model, matrices, settled, n, moments):
    """Sentences that a reader must know, the gravest first."""
    if not settled:
        return ("The search for the best values did not settle: numbers that are shown are where it stopped, and no "
                "estimates. Usual causes: constructs with few or weak indicators, indicators that are nearly the same, too "
                "many arrows.",)
    found = []
    if wrong := found_wrong(model, matrices):
        found.append(f"Improper solution: {'; '.join(wrong)}. The model or so small a sample may be at fault; do not report "
                     "these estimates as they stand.")
    _, C = implied(matrices)
    if (np.diag(C) > 0).all():
        correlations = C / np.sqrt(np.outer(np.diag(C), np.diag(C)))
        pairs = [(abs(correlations[a, b]), b, a) for a in range(len(C)) for b in range(a)
                 if abs(correlations[a, b]) > ALIKE]
        if pairs:
            _, a, b = max(pairs)
            others = f"{len(pairs) - 1} other {'pair' if len(pairs) == 2 else 'pairs'}"
            more = f" (and {others} beyond {ALIKE})" if len(pairs) > 1 else ""
            found.append(f"{model.constructs[a]} and {model.constructs[b]} correlate {said(correlations[a, b])}{more}: the "
                         "data hardly tell them apart, so paths from both at once are very uncertain.")
    if n is not None and n < FEW * (k := len(model.unknowns)):
        found.append(f"{n:,} observations for {k} unknowns (fewer than {FEW} for each) are few: errors and fit are rough.")
    if moments.pair_counts is not None:
        found.append("Pairwise moments: errors and fit count as if the rows of the smallest pair had been complete.")
    if model.alone:
        found.append(f"Taken as measured without error: {', '.join(model.alone)}.")
    return tuple(found)


def headline(fit):
    """The strongest path and the explained shares; without arrows, the weakest loading."""
    if not (fit.table if len(fit.table) else fit.loadings)["standardized"].notna().all():
        return "not every estimate has a standardised value, as some variance came out negative"
    if not len(fit.table):
        return _weakest(fit)
    row = fit.table.loc[fit.table["standardized"].abs().idxmax()]
    others = [name for name in fit.table.query("outcome == @row.outcome")["predictor"] if name != row["predictor"]]
    held = f" and {', '.join(others)} {'is' if len(others) == 1 else 'are'} the same" if others else ""
    interval = f"95 % interval {said(row['ci_low'])} to {said(row['ci_high'])}"
    if not np.isfinite(row["ci_low"]):
        interval = "no interval"
    elif not fit.standardized:
        unit = "in the units of the first indicators" if len(fit.loadings) else "in the data's own units"
        interval = f"{said(row['estimate'])} {unit}, {interval}"
    shares = ", ".join(f"{name} {share:.0%}" for name, share in fit.r2.items() if 0 <= share <= 1)
    shares = f"; explained: {shares}" if shares else ""
    way = "lower" if row["standardized"] < 0 else "higher"
    return (f"the strongest path is {row['predictor']} → {row['outcome']}: where {row['predictor']} is one standard "
            f"deviation higher{held}, {row['outcome']} is {said(abs(row['standardized']))} standard deviations {way} "
            f"({interval}){shares}")


def _weakest(fit):
    """The indicator of which the constructs explain least, by its error variance: loadings alone do not tell, where two
    constructs share it."""
    errors = fit.variances[fit.variances["kind"] == "error"].set_index("term")["standardized"]
    if len(errors) < 2:
        return "constructs without arrows among them"
    explained, of = 1 - errors, fit.loadings["indicator"].nunique()
    name = explained.idxmin()
    if not 0 <= explained[name] <= 1:
        return f"constructs behind {of} indicators, without arrows among them"
    behind = fit.loadings.loc[fit.loadings["indicator"] == name, "construct"]
    verb = "explains" if len(behind) == 1 else "together explain"
    return (f"of the {of} indicators {name} is the weakest: {' and '.join(behind)} {verb} {explained[name]:.0%} of its "
            "variation")


def fit_told(fit):
    """How well the model reproduces the correlations, with the usual guide values."""
    f, gaps = fit.fit, fit.residuals.to_numpy()
    if f["df"] == 0:
        return ("The model has as many unknowns as there are variances and covariances, so it reproduces them whatever they "
                "are: its fit says nothing.")
    row, column = np.unravel_index(np.abs(np.tril(gaps, -1)).argmax(), gaps.shape)
    names = fit.residuals.columns
    told = (f"Of the observed correlations the model misses that of {names[column]} and {names[row]} most, by "
            f"{said(abs(gaps[row, column]))}")
    if fit.n is None:
        return f"{told} (SRMR {said(f['srmr'])}; guide value at most {GUIDES['srmr']}); other measures need a sample size."
    met = sum([bool(f["cfi"] >= GUIDES["cfi"]), bool(f["rmsea"] <= GUIDES["rmsea"]), bool(f["srmr"] <= GUIDES["srmr"])])
    return (f"{told}; of three usual guide values it meets {('none', 'one', 'two', 'all')[met]}: CFI {f['cfi']:.3f} (at "
            f"least {GUIDES['cfi']}), RMSEA {f['rmsea']:.3f} (at most {GUIDES['rmsea']}), SRMR {f['srmr']:.3f} (at most "
            f"{GUIDES['srmr']}).")
