"""Many storms, under what is known and what is not: how far they spread, and what they cost."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pebbletrail.shown import Shown
from pebbletrail.words import said
from pebbletrail.worlds.firestorm import shares as split
from pebbletrail.worlds.firestorm.inputs import drawn
from pebbletrail.worlds.firestorm.many import run
from pebbletrail.worlds.parameters import checked

SUMMARISED = ("reach", "peak_hour", "length", "leavers", "cost", "lasting")
ANSWERS_SIZES = {"noticed", "known", "cools", "feeds", "soothes", "mends", "by_distributive", "by_interactional"}
QUANTILES = {"median": 0.5, "low80": 0.1, "high80": 0.9, "low95": 0.025, "high95": 0.975}


@dataclass(frozen=True, repr=False)
class Storms(Shown):
    """Many storms.

    Attributes
    ----------
    table : DataFrame
        One row a storm: storm (from 0), inputs (which draw of the unknown sizes), and reach, peak_hour, length, leavers,
        answering, cost, lasting: as in ``Storm.table``.
    inputs : DataFrame
        One row a draw of the unknown sizes: inputs, and a column for each size. Where nothing was drawn: one row, as set.
    summary : DataFrame
        quantity, median, low80, high80, low95, high95: the ranges in which 80 and 95 % of these storms lie.
    shares : DataFrame
        Of the variance of the cost: source ("unknown inputs", "luck"), variance, share, ci_low, ci_high. Luck is who is hit,
        who tells whom, who leaves and the network itself.
    drivers : DataFrame
        input, low, high (between which it was drawn), correlation (of ranks, with the mean cost of its storms): the furthest
        from 0 first. Sizes that can do nothing under this answer are left out. It rests on as many points as inputs were
        drawn: small ones may be luck.
    text : str
    """

    table: pd.DataFrame
    inputs: pd.DataFrame
    world: object

    @property
    def summary(self):
        columns = self.table[list(SUMMARISED)]
        return pd.DataFrame({"quantity": SUMMARISED, **{name: columns.quantile(at).to_numpy()
                                                        for name, at in QUANTILES.items()}})

    @property
    def repeats(self):
        """How many storms were drawn with the same inputs."""
        return len(self.table) // len(self.inputs)

    @property
    def shares(self):
        cost = self.table["cost"].to_numpy()
        if len(self.inputs) == 1:
            return pd.DataFrame({"source": ["unknown inputs", "luck"], "variance": [0.0, float(cost.var(ddof=1))],
                                 "share": [0.0, 1.0], "ci_low": np.nan, "ci_high": np.nan})
        return split.shares(cost.reshape(-1, self.repeats))

    @property
    def drivers(self):
        cost = self.table.groupby("inputs")["cost"].mean()
        sizes = self.inputs.drop(columns=["inputs", *self._idle()])
        sizes = sizes.loc[:, (sizes != sizes.iloc[0]).any() & (cost != cost.iloc[0]).any()]
        found = pd.DataFrame({
            "input": sizes.columns.astype(object), "low": sizes.min().to_numpy(), "high": sizes.max().to_numpy(),
            "correlation": sizes.rank().corrwith(cost.rank().set_axis(sizes.index)).to_numpy(float)})
        return found.sort_values("correlation", key=abs, ascending=False, ignore_index=True)

    def _idle(self):
        """Drawn sizes that can do nothing: private ones under a public answer, public under a private; all under none."""
        idle = {"known"} if self.world.public else {"feeds", "soothes"}
        idle = ANSWERS_SIZES if np.isinf(self.world.answer_after) else idle
        return [name for name in self.inputs.columns if name in idle]

    @property
    def text(self):
        rows = self.summary.set_index("quantity")
        reach, cost = 100 * rows.loc["reach"], rows.loc["cost"]
        return (f"{len(self.table):,} storms. In half of them {said(reach['median'])} % of the customers or more hear of it "
                f"(80 % range {said(reach['low80'])} to {said(reach['high80'])}); half of them cost {said(cost['median'])} "
                f"euros or more (80 % range {said(cost['low80'])} to {said(cost['high80'])}, 95 % range "
                f"{said(cost['low95'])} to {said(cost['high95'])}). {self._sources()}")

    def _sources(self):
        share = self.shares.set_index("source")["share"]
        if len(self.inputs) == 1:
            return "All sizes are as set, so that this spread is luck alone: what nobody knows would add to it."
        if share.isna().any():
            return "The cost does not vary."
        return (f"Of the variance of the cost {100 * share['unknown inputs']:.0f} % come from sizes that nobody knows, "
                f"{100 * share['luck']:.0f} % from luck, under the ranges that are assumed here.")

    def figure(self, alt=None):
        """How many storms cost how much; and which unknown sizes go with the cost."""
        from pebbletrail.worlds.firestorm.pictures import of_storms

        return of_storms(self, alt)


def storms(world, draws, seed, repeats, inputs):
    """See ``Firestorm.storms``."""
    draws = checked("draws", draws, 4, 100_000, whole=True)
    seed = checked("seed", seed, 0, np.inf, whole=True)
    check_yes("inputs", inputs)
    if inputs:
        repeats = checked("repeats", repeats, 2, draws // 2, whole=True)
        if draws % repeats:
            raise ValueError(f"draws: a multiple of repeats ({repeats}) is needed, not {draws}: each draw of the unknown "
                             f"sizes gets that many storms.")
        worlds, sizes = drawn(world, seed, draws // repeats)
    else:
        worlds, sizes, repeats = [world], drawn(world, seed, 1)[1], draws
        sizes.loc[0] = [getattr(world, name) for name in sizes]
    sizes.insert(0, "inputs", np.arange(len(sizes)))
    table = pd.DataFrame(run([(worlds[storm // repeats], storm) for storm in range(draws)], seed))
    table.insert(0, "storm", np.arange(draws))
    table.insert(1, "inputs", np.arange(draws) // repeats)
    return Storms(table, sizes, world)


def check_yes(name, value):
    """A ValueError where it is not True or False."""
    if not isinstance(value, bool):
        raise ValueError(f"{name}: True or False is needed, not {value!r}.")
