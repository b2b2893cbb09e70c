"""The groups of a ``Moments`` as a mapping, so that a million groups cost nothing until one is asked for."""

from collections.abc import Mapping
from dataclasses import replace


class Groups(Mapping):
    """The groups of a ``Moments``, each one made when it is asked for."""

    def __init__(self, whole):
        self._whole = whole
        self._at = {label: number for number, label in enumerate(whole.labels)}

    def __getitem__(self, label):
        if label not in self._at:
            raise KeyError(f"no group {label!r}; there are {len(self)}, the first is {self._whole.labels[0]!r}")
        at, whole = [self._at[label]], self._whole
        sizes = None if whole._sizes is None else whole._sizes[at]
        return replace(whole, labels=(None,), _sizes=sizes, _means=whole._means[at], _products=whole._products[at])

    def __iter__(self):
        return iter(self._at)

    def __len__(self):
        return len(self._at)
