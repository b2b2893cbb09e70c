"""One indirect effect with all its paths, bootstrapped: against pingouin (bias-corrected) and R's boot (percentile)."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from tests.benchmarks.measure import Line, forget_peak, in_fresh_process, once, peak_megabytes, seconds

import pebbletrail as pt

MODEL = "M ~ X\nY ~ M + X"
R_BOOT = """
library(boot)
arguments <- commandArgs(TRUE)
d <- as.matrix(read.csv(arguments[1]))
replicates <- as.integer(arguments[2])
one <- cbind(1, d[, "X"]); two <- cbind(1, d[, "M"], d[, "X"])
m <- d[, "M"]; y <- d[, "Y"]
effects <- function(d, i) {
  a <- .lm.fit(one[i, ], m[i])$coefficients[2]
  b <- .lm.fit(two[i, ], y[i])$coefficients[2:3]
  c(a, b, a * b[1], a * b[1] + b[2])
}
set.seed(1)
times <- replicate(2, system.time({
  drawn <- boot(d, effects, R = replicates)
  for (k in 1:5) boot.ci(drawn, type = "perc", index = k)
})["elapsed"])
cat(min(times), "\\n")
"""


def chain(rows):
    """Made-up data with an indirect effect."""
    rng = np.random.default_rng(20260102)
    x = rng.normal(size=rows)
    m = 0.5 * x + rng.normal(size=rows)
    return pd.DataFrame({"X": x, "M": m, "Y": 0.4 * m + 0.2 * x + rng.normal(size=rows)})


def ours(data, replicates, kind):
    return pt.paths(data, MODEL, intervals=kind, replicates=replicates, seed=1)


def pingouins(data, replicates):
    import pingouin

    return pingouin.mediation_analysis(data=data, x="X", m="M", y="Y", n_boot=replicates, seed=1)


def r_seconds(data, replicates):
    """Seconds of R's boot with the fastest fit it has, or None where it is not installed."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        script, rows = Path(folder, "boot.R"), Path(folder, "rows.csv")
        script.write_text(R_BOOT)
        data.to_csv(rows, index=False)
        done = subprocess.run(["Rscript", "--vanilla", script, rows, str(replicates)], capture_output=True, text=True,
                              check=False)
    return float(done.stdout.split()[-1]) if done.returncode == 0 else None


def floor(data, replicates):
    """``(seconds of drawing and counting alone, seconds of reading the weights once at the speed of memory)``."""
    n = len(data)
    rng, size = np.random.default_rng(1), max(1, min(replicates, 2**16 // n))

    def draw():
        for start in range(0, replicates, size):
            now = min(size, replicates - start)
            picked = rng.integers(0, n, size=(now, n)) + np.arange(now)[:, None] * n
            np.bincount(picked.ravel(), minlength=now * n)

    block = np.ones(2**24)
    return seconds(draw, repeats=3), seconds(block.sum, repeats=5) / block.nbytes * 8 * n * replicates


def lines():
    for rows, aim in ((300, "≥ 30"), (10_000, "≥ 15")):
        data = chain(rows)
        bca, percentile = (seconds(lambda d=data, k=kind: ours(d, 5000, k), repeats=5) for kind in
                           ("bootstrap-bca", "bootstrap"))
        peer = min(once(lambda d=data: pingouins(d, 5000)) for _ in range(2))
        what = f"indirect effect, n = {rows:,}, 5,000 resamples"
        yield Line(f"{what}: pingouin / pt.paths, corrected intervals", peer / bca, bca, aim)
        drawing, reading = floor(data, 5000)
        note = (f"drawing and counting alone: {drawing / percentile:.0%} of our time; one pass over the weights at memory "
                f"speed: {reading / percentile:.0%}")
        boot = r_seconds(data, 5000)
        if boot is None:
            yield Line(f"{what}: R's boot is not installed here", np.nan, percentile, "≥ 8", note)
        else:
            ratio = boot / percentile
            yield Line(f"{what}: R boot + .lm.fit / pt.paths, percentile intervals", ratio, percentile, "≥ 8", note)
    many = in_fresh_process("tests.benchmarks.mediation")
    yield Line("indirect effect, n = 1,000,000, 50 resamples: pingouin / pt.paths, corrected intervals",
               many["pingouin"] / many["ours"], many["ours"], "≥ 15",
               f"memory beyond the data: {many['more']:.0f} MB (aim: under 300); the data: {many['data']:.0f} MB")


def main():
    """At a million rows: time and the memory beyond the data, in a process of its own."""
    data = chain(1_000_000)
    ours(data.head(1000), 50, "bootstrap-bca")  # what is imported once is not counted
    before = forget_peak()
    took = once(lambda: ours(data, 50, "bootstrap-bca"))
    more = peak_megabytes() - before
    json.dump({"ours": took, "more": more, "data": data.memory_usage().sum() / 2**20,
               "pingouin": once(lambda: pingouins(data, 50))}, sys.stdout)


if __name__ == "__main__":
    main()
