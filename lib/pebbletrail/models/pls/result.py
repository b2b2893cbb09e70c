"""What a PLS path model found."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from pebbletrail.models.pls import quality
from pebbletrail.models.pls.stages import OneStage, TwoStages, Whole
from pebbletrail.models.pls.tables import table
from pebbletrail.moments import Moments
from pebbletrail.shown import Shown


@dataclass(frozen=True, repr=False)
class PLS(Shown):
    """A fitted PLS path model; its tables are made when they are asked for.

    With intervals, every table below also has ``se, bias, p_value, ci_low, ci_high`` from the resamples.

    Attributes
    ----------
    table : DataFrame
        ``outcome, predictor, estimate``: the standardised paths. A product's is what one standard deviation more of one
        factor adds to the path of the other.
    effects : DataFrame
        ``source, target, via, kind, estimate``: direct, each indirect route, total. With interactions: at the mean of the
        other factor.
    moderation : DataFrame
        ``source, target, moderator, value, estimate``: the path where the moderator lies at its mean (0) and one standard
        deviation to either side. Empty without interactions.
    r2 : Series
        Share of variance explained, one value an outcome; ``shares`` has its intervals.
    shares : DataFrame
        ``outcome, estimate``: the same.
    weights, loadings : DataFrame
        ``construct, indicator, estimate``; weights are for standardised indicators and give the construct variance 1.
    htmt : DataFrame
        ``first, second, estimate``: heterotrait-monotrait ratios. Near 1: the items cannot tell the two constructs apart,
        if all items of a construct are about equally good. NaN for Mode B.
    construct_cor : DataFrame
        Correlations of the constructs' scores.
    n : int or None
    scheme : str
    iterations : int
    intervals, rule : str
        Kind of interval, or ``none``; the data and what was missing.
    confidence : float
    replicates, failed, turned : int
        Resamples done; those in which the model could not be computed (an item did not vary, predictors were collinear, or
        the weights did not settle), which are left out; those in which a construct's own sign would have pointed the other
        way, and was turned to agree with the whole data.
    units, size : str, int
        What was resampled, and how many there are.
    interrupted : bool
    """

    n: int | None
    scheme: str
    iterations: int
    intervals: str = "none"
    rule: str = ""
    confidence: float = 0.95
    replicates: int = 0
    failed: int = 0
    turned: int = 0
    interrupted: bool = False
    units: str = ""
    size: int = 0
    _values: np.ndarray = field(default=None, repr=False)
    _further: dict = field(default=None, repr=False)
    _model: OneStage | TwoStages = field(default=None, repr=False)
    _whole: Whole = field(default=None, repr=False)
    _moments: Moments = field(default=None, repr=False)

    def _made(self, kind):
        return table(self._model.numbers, kind, self._values, self._further)

    @cached_property
    def table(self):
        return self._made("paths")

    @cached_property
    def effects(self):
        return self._made("effects")

    @cached_property
    def moderation(self):
        return self._made("slopes")

    @cached_property
    def shares(self):
        return self._made("r2")

    @cached_property
    def r2(self):
        part = self._values[self._model.numbers.parts["r2"]].copy()
        return pd.Series(part, index=list(self._structure.regressions), name="r2")

    @cached_property
    def weights(self):
        return self._made("weights")

    @cached_property
    def loadings(self):
        return self._made("loadings")

    @cached_property
    def htmt(self):
        return self._made("htmt")

    @cached_property
    def construct_cor(self):
        return pd.DataFrame(self._whole.fit.C[0], self._structure.names, self._structure.names)

    @property
    def _structure(self):
        return self._model.numbers.structure

    @property
    def text(self):
        """The strongest path and the explained shares, how sure one can be, and what stands against it."""
        from pebbletrail.models.pls.words import told

        return told(self)

    @cached_property
    def reliability(self):
        """``construct, mode, items, alpha, rho_a, composite, ave``, one row a construct.

        ``alpha`` is the raw one, as ``Moments.alpha``; ``rho_a`` Dijkstra & Henseler's (2015); ``composite`` is from the
        loadings, and too high in PLS; ``ave`` is the mean squared loading. NaN for single items and for Mode B.
        """
        return quality.reliability(self._whole.fit, self._moments, self._structure)

    @cached_property
    def vif(self):
        """``outcome, predictor, vif``: how far a predictor goes with the others; from about 5 on, paths are shaky."""
        return quality.vif(self._whole.fit.C[0], self._structure)

    @cached_property
    def indicator_vif(self):
        """``construct, indicator, vif``: the same among the indicators of a block; it matters for Mode B."""
        return quality.indicator_vif(self._whole.R, self._structure)

    @cached_property
    def f2(self):
        """``outcome, predictor, f2``: what an arrow adds to R², over what stays unexplained (the model refitted without)."""
        return quality.f_squared(self._model, self._structure, self._moments, self.r2)

    def figure(self, alt=None, indicators=True):
        """The path diagram; ``alt`` describes it for readers who cannot see it.

        Arrows carry the paths: broken where negative, grey where the interval holds 0 (without intervals: below 0.10). Bars
        are explained shares. With ``indicators``, the loadings stand below their constructs.
        """
        from pebbletrail.figures import described
        from pebbletrail.measurement_picture import measured_diagram

        s = self._structure
        blocks = {} if not indicators else {
            name: list(zip(part["indicator"], part["estimate"], strict=True))
            for name, part in self.loadings.groupby("construct") if len(part) > 1 or part["indicator"].item() != name}
        fig = measured_diagram(self.table, s.regressions, self.r2, blocks, s.modes)
        return described(fig, alt, f"Path diagram. {self.text}")
