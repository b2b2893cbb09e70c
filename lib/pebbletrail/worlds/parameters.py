"""Parameters of a world: each with its unit, its limits, what it means and where its value comes from."""

import math
import numbers
from dataclasses import field, fields

import pandas as pd


def parameter(default, low, high, unit, meaning, source="assumed"):
    """A field of a world's frozen dataclass.

    Parameters
    ----------
    default, low, high : float
        The default, and the limits that a value must keep to, both included.
    unit, meaning : str
    source : str
        "assumed", or the ids of the evidence with what was taken from it.
    """
    return field(default=default, metadata={"low": low, "high": high, "unit": unit, "meaning": meaning, "source": source})


def checked(name, value, low, high, whole=False):
    """The value as a float (or an int where ``whole``); a ValueError says what is allowed."""
    kind = "a whole number" if whole else "a number"
    fine = isinstance(value, numbers.Integral) or (isinstance(value, numbers.Real) and math.isfinite(value))
    if isinstance(value, bool) or not fine or not low <= value <= high or (whole and value != int(value)):
        limits = f"from {low:g} on" if math.isinf(high) else f"from {low:g} to {high:g}"
        raise ValueError(f"{name}: {kind} {limits} is needed, not {value!r}.")
    return int(value) if whole else float(value)


def check_all(world):
    """Every parameter of a world within its limits, kept as a float."""
    for one in fields(world):
        try:
            value = checked(one.name, getattr(world, one.name), one.metadata["low"], one.metadata["high"])
        except ValueError as error:
            raise ValueError(f"{error} It is the {one.metadata['meaning']} ({one.metadata['unit']}).") from None
        object.__setattr__(world, one.name, value)


def parameter_table(world):
    """One row a parameter: parameter, value, unit, default, low, high, meaning, source."""
    return pd.DataFrame([{
        "parameter": one.name, "value": getattr(world, one.name), "unit": one.metadata["unit"], "default": one.default,
        "low": one.metadata["low"], "high": one.metadata["high"], "meaning": one.metadata["meaning"],
        "source": one.metadata["source"]} for one in fields(world)])
