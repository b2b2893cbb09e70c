"""Studies on earning customers' trust, re-run from their data and held against the printed figures.

Notebooks say ``import pebbletrail as pt`` and use the names below. Each name is imported when it is first used, so that
``import pebbletrail`` itself stays light: no seaborn, pingouin, statsmodels, scipy.stats or pyplot.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOME = {
    # data
    "load": "catalogue",
    "datasets": "catalogue",
    "passport": "catalogue",
    "DataUnavailable": "fetch",
    "Moments": "moments",
    # models
    "regress": "models.regress",
    "paths": "models.paths",
    "sem": "models.sem.estimate",
    "bootstrap": "models.resample",
    "pls": "models.pls",
    "pool": "models.pooling.studies",
    "pool_correlations": "models.pooling.correlations",
    "meta_regress": "models.pooling.meta_regression",
    "combine_evidence": "models.pooling.evidence",
    "plan": "models.planning.planned",
    "staggered": "models.staggered.estimate",
    "variance_shares": "models.multilevel",
    "mixed": "models.multilevel",
    "multilevel_mediation": "models.multilevel",
    "logistic": "models.logistic",
    "floodlight": "models.floodlight",
    "survival": "models.survival",
    "complaint_return": "models.complaints",
    # worlds
    "CallCentre": "worlds.call_centre",
    "Rollout": "worlds.call_centre",
    "Circle": "worlds.circle",
    "Relationship": "worlds.relationship",
    "Firestorm": "worlds.firestorm",
    # measures
    "omega": "measures.omega",
    "item_analysis": "measures.items",
    "correlations": "measures.correlation_table",
    "compare_correlations": "measures.dependent_correlations",
    "steiger": "measures.dependent_correlations",
    "steiger_four": "measures.dependent_correlations",
    "kappa": "measures.kappa",
    "krippendorff": "measures.krippendorff_alpha",
    "halves": "measures.median_split",
    "both_halves": "measures.median_split",
    # the ledger
    "compare": "ledger",
    "compare_all": "ledger",
    "cite": "ledger",
    "verdict": "ledger",
    # pictures and panels
    "theme": "figures",
    "show": "figures",
    "diagram": "diagrams",
    "belief": "explorers.belief",
    "control_game": "explorers.control_game",
    "chain_builder": "explorers.chain",
    "explore": "explorers.explore",
    # questionnaires
    "instrument": "instruments.registry",
    "instrument_list": "instruments.registry",
    # coding what customers write
    "verbatims": "coding.codebook",
    "codebook": "coding.codebook",
    "coding_workshop": "coding.panel",
    "simulated_coder": "coding.simulated",
    "compare_codings": "coding.compared",
    # exercises
    "exercise": "exercises.sheet",
    # the reader's own data
    "study": "practice.study",
    # the map of the kit
    "pages": "course",
    "claims": "course",
    "verdict_map": "claims_map",
    "syllabus": "course",
}

__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"pebbletrail has no {name!r}. Public names: {', '.join(__all__)}")
    value = getattr(import_module(f"pebbletrail.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
