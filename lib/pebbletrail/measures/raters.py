"""What the measures of agreement share: categories, their order, and packages that may not be installed."""

from importlib import import_module

import numpy as np
import pandas as pd

from pebbletrail.moments.levels import plain


def extra(module, what):
    """A package of the ``models`` extra, or an error that says how to install it."""
    try:
        return import_module(module)
    except ImportError:
        raise ImportError(f"{what} needs the package {module.split('.')[0]}: pip install 'pebbletrail[models]'") from None


def ordered_categories(values, columns, categories, ordered):
    """The categories in order.

    Parameters
    ----------
    values : Series
        All ratings that are there.
    columns : list of Series
        As given: an ordered Categorical brings its own order.
    categories : sequence, optional
        The caller's order.
    ordered : bool
        Whether the order matters; texts then need ``categories``.
    """
    used = [whole(one) for one in pd.unique(values)]
    if endless := [one for one in used if isinstance(one, float) and np.isinf(one)]:
        raise ValueError(f"ratings: {endless[0]} is no category; leave such a rating empty, or take the case out.")
    if categories is not None:
        if isinstance(categories, str):
            raise ValueError(f"categories: a list is needed, such as ['low', 'high'], not {categories!r}.")
        categories = list(categories)
        if len(set(categories)) < len(categories):
            raise ValueError("categories: each may stand once only.")
        if strange := [one for one in used if one not in categories]:
            raise ValueError(f"categories: the ratings hold {strange[0]!r} too, which is not among "
                             f"{', '.join(map(repr, categories))}.")
        return categories
    own = [list(column.cat.categories) for column in columns
           if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered]
    if len(own) == len(columns) and all(one == own[0] for one in own):
        return own[0]
    texts = not numeric(used)
    if ordered and texts:
        raise ValueError(f"categories: {', '.join(sorted(map(repr, used)))} have no order of their own; give it, such as "
                         "categories=['low', 'middle', 'high'].")
    return sorted(used, key=str) if texts else sorted(used)


def numeric(values):
    """Whether all of them are numbers; True and False are not."""
    return all(isinstance(one, int | float | np.number) and not isinstance(one, bool) for one in values)


def whole(value):
    """A value without numpy's type, and a whole number without its point: 3 and not 3.0, which gaps make of it."""
    value = plain(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
