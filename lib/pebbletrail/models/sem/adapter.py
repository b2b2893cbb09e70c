"""Our model and correlations to semopy, and its solution back.

semopy is given names and starting values of our own, so that neither odd names of columns nor the order of its sets can
change a digit; it fits correlations, so that units cannot either.
"""

import logging
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

SETTLED, SHARP = 1e-5, 1e-7  # the steepest slope of the discrepancy that counts as none, and at which no solver goes on
# semopy's own stopping rule, a change below 1e-6, is too lax where constructs are nearly collinear (see sem)
SOLVERS = (("SLSQP", {"ftol": 1e-15, "maxiter": 1000}), ("BFGS", {"gtol": 1e-9, "maxiter": 1000}))


@dataclass(frozen=True)
class Found:
    """What semopy found: values of the unknowns, and the expected information in one observation."""

    values: np.ndarray
    information: np.ndarray
    settled: bool


def found_by_semopy(model, R):
    """Fit a ``SemModel`` to the correlations ``R`` of its indicators (array, in their order) by maximum likelihood."""
    names = [f"p{number}" for number in range(len(model.unknowns))]
    items = [f"y{number}" for number in range(len(model.items))]
    with _semopy() as semopy:
        fitted = semopy.Model(description(model, names))
        for name, value in zip(names, model.start(R), strict=True):
            parameter = fitted.parameters[name]
            # variances may become negative: a bound would hide what is wrong with the model, and leave no valid errors
            parameter.start, parameter.bound = float(value), (None, None)
        fitted.load(cov=pd.DataFrame(R, items, items), n_samples=1)
        for solver, options in SOLVERS:  # the second goes on from where the first stopped
            try:
                fitted.fit(solver=solver, options=options)
                steepest = np.abs(fitted.grad_mlw(fitted.param_vals)).max()
            except (ArithmeticError, ValueError, np.linalg.LinAlgError):
                steepest = np.inf
            if steepest < SHARP:
                break
        settled = bool(steepest < SETTLED)
        order = [names.index(name) for name, one in fitted.parameters.items() if one.active]
        values, information = np.empty(len(names)), np.full((len(names), len(names)), np.nan)
        values[order] = fitted.param_vals
        if settled:
            fitted.update_matrices(fitted.param_vals)
            information[np.ix_(order, order)] = fitted.calc_fim()
    return Found(values, information, settled)


def description(model, names):
    """The model in semopy's text form: constructs f0, f1, …, indicators y0, y1, … and a name for each unknown."""
    f, y = "f{}".format, "y{}".format
    left = {"loading": lambda row, column: f"{f(column)} =~ {{}}*{y(row)}", "path": lambda row, column:
            f"{f(row)} ~ {{}}*{f(column)}", "construct": lambda row, column: f"{f(row)} ~~ {{}}*{f(column)}",
            "error": lambda row, column: f"{y(row)} ~~ {{}}*{y(column)}"}
    fixed = [left["loading"](model.items.index(block[0]), column).format(1)
             for column, block in enumerate(model.blocks.values())]
    exact = [model.items.index(model.blocks[name][0]) for name in model.alone]
    fixed += [left["error"](row, row).format(0) for row in exact]
    free = [left[kind](row, column).format(name)
            for name, (kind, row, column) in zip(names, model.unknowns, strict=True)]
    return "\n".join([*fixed, *free])


def _needed(name):
    try:
        return import_module(name)
    except ImportError as error:
        missing = error.name or name
        raise ImportError(f"pt.sem needs semopy and what comes with it, and {missing} is not installed: pip install "
                          "'pebbletrail[models]'", name=missing) from error


@contextmanager
def _semopy():
    """semopy, quietly: what it logs and numpy and scipy warn of on the way stays here; what matters is checked at the end.

    It speaks to the root logger, when it is imported too, and that would set up logging for the whole session: a handler
    that does nothing keeps it from that.
    """
    root, nothing = logging.getLogger(), logging.NullHandler()
    root.addHandler(nothing)
    root.addFilter(_not_of_semopy)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            semopy = _needed("semopy")
            # One thread, since for matrices so small more only wait for each other, and the last digits would hang on their
            # number. The limit holds for libraries loaded before it; threadpoolctl comes with semopy, through scikit-learn.
            with _needed("threadpoolctl").threadpool_limits(1):
                yield semopy
    finally:
        root.removeFilter(_not_of_semopy)
        root.removeHandler(nothing)


def _not_of_semopy(record):
    return "semopy" not in Path(record.pathname).parts
