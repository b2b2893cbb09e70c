"""The chance in a year: every random number, drawn before anything happens, each kind from a stream of its own.

Because no number depends on what happens, the same seed gives the same people, the same luck and the same lots with and
without a roll-out, and under other parameters: two years differ by nothing but what was changed. A longer year begins with
the shorter one.
"""

from dataclasses import dataclass

import numpy as np

from pebbletrail.worlds.parameters import checked

BEFORE = 20  # hidden weeks before week 1, in which managers' reactions settle; nobody quits in them

# The order is part of what a seed means: new streams go to the end.
OF_TEAMS = ("habit", "coaching", "queue", "response", "team_lot", "site_lot")
OF_SEATS = ("tenure", "seat_lot")
OF_WEEKS = ("skill", "liking", "form", "calls", "order", "monitoring", "script", "customer", "firm", "worn", "burnout",
            "content", "autonomy", "handling", "quit")
UNIFORM = ("team_lot", "site_lot", "tenure", "seat_lot", "quit")  # the rest is normal


@dataclass(frozen=True)
class Size:
    """How large a year is: teams as equal as they can be, and so are sites; by default one site for ten teams."""

    weeks: int = 52
    agents: int = 2000
    team_size: int = 20
    sites: int | None = None

    def __post_init__(self):
        # a roll-out needs weeks before it; the upper limits keep a slip of the finger from filling the memory
        limits = {"weeks": (1, 1040), "agents": (2, 1_000_000), "team_size": (1, np.inf), "sites": (1, np.inf)}
        if self.sites is None:
            del limits["sites"]
        for name, (low, high) in limits.items():
            object.__setattr__(self, name, checked(name, getattr(self, name), low, high, whole=True))
        if self.sites is None:
            object.__setattr__(self, "sites", max(1, round(self.teams / 10)))
        if self.sites > self.teams:
            raise ValueError(f"sites: {self.agents} agents in teams of {self.team_size} make {self.teams} teams, too few "
                             f"for {self.sites} sites; give fewer sites, smaller teams or more agents.")

    @property
    def teams(self):
        return max(1, round(self.agents / self.team_size))

    @property
    def team(self):
        """The team of each seat (agents,)."""
        return np.arange(self.agents) * self.teams // self.agents

    @property
    def site(self):
        """The site of each seat (agents,)."""
        return (np.arange(self.teams) * self.sites // self.teams)[self.team]


def noise(size, seed):
    """The random numbers of a year, by name: (teams,), (sites,), (seats,) or (BEFORE + weeks, seats) each."""
    names = (*OF_TEAMS, *OF_SEATS, *OF_WEEKS)
    streams = dict(zip(names, np.random.SeedSequence(checked("seed", seed, 0, np.inf, whole=True)).spawn(len(names)),
                       strict=True))
    drawn = {}
    for name, stream in streams.items():
        shape = {"site_lot": size.sites}.get(name, size.teams) if name in OF_TEAMS else size.agents
        shape = (BEFORE + size.weeks, size.agents) if name in OF_WEEKS else shape
        generator = np.random.default_rng(stream)
        drawn[name] = generator.random(shape) if name in UNIFORM else generator.standard_normal(shape)
    return drawn
