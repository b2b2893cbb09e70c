"""What is said of an estimator over many years of a world."""

import numpy as np


def clear(differences):
    """The mean difference in Monte Carlo errors: how clearly it is not zero."""
    return np.mean(differences) / (np.std(differences, ddof=1) / np.sqrt(len(differences)))
