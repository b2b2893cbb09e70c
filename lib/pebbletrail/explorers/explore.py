"""``pt.explore(name)``: the one door to the explorers."""

from importlib import import_module

EXPLORERS = {  # name: (module, function), in the order of the pages
    "minimum": ("minimum", "minimum"),
    "two-groups": ("two_groups", "two_groups"),
    "job-features": ("job_features", "job_features"),
    "call-centre": ("call_centre", "call_centre"),
    "circle": ("circle", "circle"),
    "halves": ("halves", "compare_groups"),
    "ranking": ("ranking", "ranking"),
    "memory": ("memory", "memory"),
    "trust": ("trust", "trust"),
    "exit-costs": ("exit_costs", "exit_costs"),
    "complaints": ("complaints", "complaints"),
    "firestorm": ("firestorm", "firestorm"),
}


def explore(name):
    """Open an explorer: a picture that follows what you move.

    Parameters
    ----------
    name : str
        ``"minimum"`` (page 1): where a minimum pays. ``"two-groups"`` (page 2): what a comparison of changes can and
        cannot tell. ``"job-features"`` (page 3): what a weight says beside other features. ``"call-centre"`` (page 4):
        what makes control and quality go together. ``"circle"`` (page 5): when a day settles, and when it runs away.
        ``"halves"`` (page 6): what a contrast of high and low makes of a modest link. ``"ranking"`` (page 7): whether
        the best of eleven measures comes first. ``"memory"`` (page 8): what a rule of memory keeps of a call.
        ``"trust"`` (page 10): what a customer learns of trade, brand and person, and from which horizon caring pays.
        ``"exit-costs"`` (page 11): how far satisfaction counts where leaving costs, and what a survey knows of it.
        ``"complaints"`` (page 12): whether better handling of complaints pays, and what that hangs on.
        ``"firestorm"`` (page 13): how far an incident spreads, by who knows whom and by the firm's answer.

    Returns
    -------
    Explorer
        Live in JupyterLab, with a button to start again. In a static page: the picture for the starting values;
        ``.static(name=value)`` gives the twin for others.

    Raises
    ------
    ValueError
        For a name that is none of these.
    """
    if name not in EXPLORERS:
        raise ValueError(f"name: there is no explorer {name!r}; there are {', '.join(EXPLORERS)}.")
    module, function = EXPLORERS[name]
    return getattr(import_module(f"pebbletrail.explorers.{module}"), function)()
