"""What floating-point numbers can hold: a sum of squares leaves their range long before the values do."""

import numpy as np

SMALLEST = 1e-290  # below about 1e-308 a number loses digits, and then becomes 0
VALUE = 1e-146  # of values this small


def checked_range(names, sizes, means, products, values=None, argument="columns"):
    """Refuse, by name, columns whose sums of squares are too large or too small to be held.

    Parameters
    ----------
    names : sequence
    sizes, means, products : arrays
        As in ``centred_sums``, by group.
    values : array (rows, columns), optional
        What they were made of, NaN where a value is missing. Without it a column of tiny values whose products are 0 is told
        from a constant one by its means.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        apart = np.ptp(means, axis=0)
        own = np.einsum("gii->i", products)
        total = own + sizes.sum() * apart**2  # not less than what the groups have together
    beyond = ~np.isfinite(total) | ~np.isfinite(products).all(axis=(0, 1))
    _refuse(beyond, names, "large", "Divide", argument)
    small = total < SMALLEST
    if small.any():
        if values is None:
            near_0 = (means != 0).any(axis=0) & (np.abs(means) < VALUE).all(axis=0)
            varies = (own > 0) | (apart > 0) | near_0
        else:
            varies = np.zeros(len(small), dtype=bool)
            some = values[:, small]
            varies[small] = np.fmax.reduce(some, axis=0) > np.fmin.reduce(some, axis=0)
        _refuse(small & varies, names, "small", "Multiply", argument)


def _refuse(wrong, names, kind, what, argument):
    if wrong.any():
        odd = ", ".join(repr(name) for name, one in zip(names, wrong, strict=True) if one)
        raise ValueError(f"{argument}: the values of {odd} are too {kind}: a computer's numbers cannot hold their squares. "
                         f"{what} them by a constant first, as when a unit is changed.")
