"""A PLS model of the size of ECSI, bootstrapped: against the package plspm, in an environment of its own.

plspm 0.5.7 raises on pandas 3, so it is installed beside, under build/benchmarks, the first time.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from tests.benchmarks.measure import ROOT, Line, seconds

import pebbletrail as pt
from pebbletrail.models.model_text import read_model

ENVIRONMENT = ROOT / "build" / "benchmarks" / "plspm"
PEERS, OURS = 200, 5000  # resamples timed
MODEL = """Image =~ i1 + i2 + i3 + i4 + i5
Expectation =~ e1 + e2 + e3
Quality =~ q1 + q2 + q3 + q4 + q5 + q6 + q7
Value =~ v1 + v2
Satisfaction =~ s1 + s2 + s3
Complaints =~ c1
Loyalty =~ l1 + l2 + l3
Expectation ~ Image
Quality ~ Expectation
Value ~ Expectation + Quality
Satisfaction ~ Image + Expectation + Quality + Value
Complaints ~ Satisfaction
Loyalty ~ Image + Satisfaction + Complaints"""
PEER = """
import json, sys, time
import pandas as pd
import plspm.config as c
from plspm.mode import Mode
from plspm.plspm import Plspm
from plspm.scheme import Scheme
data, model, times = pd.read_csv(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3])
def run(resamples):
    structure = c.Structure()
    for source, target in model["arrows"]:
        structure.add_path([source], [target])
    config = c.Config(structure.path(), scaled=True)
    for name, items in model["blocks"].items():
        config.add_lv(name, Mode.A, *(c.MV(item) for item in items))
    start = time.perf_counter()
    fit = Plspm(data, config, Scheme.CENTROID, bootstrap=bool(resamples), bootstrap_iterations=resamples or 100, processes=2)
    took = time.perf_counter() - start
    effects = fit.inner_model()
    return took, dict(zip(effects["from"] + "|" + effects["to"], effects["estimate"]))
run(0)
without, paths = run(0)
with_resamples, _ = run(times)
print(json.dumps({"seconds": with_resamples - without, "paths": paths}))
"""


def survey(rows=250):
    """Made-up answers with the shape of the ECSI survey: 24 items of seven constructs."""
    model, rng = read_model(MODEL), np.random.default_rng(20260103)
    scores, columns = {}, {}
    for name, items in model.blocks.items():
        before = [scores[other] for other in model.regressions.get(name, ())]
        scores[name] = sum(0.45 * one for one in before) + 0.7 * rng.normal(size=rows)
        columns |= {item: scores[name] + 0.8 * rng.normal(size=rows) for item in items}
    return pd.DataFrame(columns)


def peer(data):
    """What plspm needs for ``PEERS`` resamples on two processes, and its paths; None where it cannot be installed."""
    python = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        made = subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=False)
        if made.returncode or subprocess.run([python, "-m", "pip", "install", "--quiet", "plspm==0.5.7", "pandas<3"],
                                             check=False, capture_output=True).returncode:
            return None
    model = read_model(MODEL)
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder, "rows.csv")
        # plspm divides all items by one standard deviation; standardised before, they give the paths that others give
        ((data - data.mean()) / data.std()).to_csv(rows, index=False)
        given = json.dumps({"arrows": model.arrows, "blocks": model.blocks})
        done = subprocess.run([python, "-W", "ignore", "-c", PEER, rows, given, str(PEERS)], capture_output=True, text=True,
                              check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def lines():
    data = survey()
    fit = pt.pls(data, MODEL)
    theirs = peer(data)
    for intervals in ("percentile", "bca"):
        took = seconds(lambda kind=intervals: pt.pls(data, MODEL, intervals=kind, replicates=OURS, seed=1), repeats=3)
        what = f"PLS as ECSI, {OURS:,} resamples: plspm on two processes / pt.pls ({intervals}) on one"
        if theirs is None:
            yield Line(f"{what}: plspm could not be installed here", np.nan, took, "≥ 50")
            continue
        ours = fit.table.assign(name=fit.table["predictor"] + "|" + fit.table["outcome"]).set_index("name")["estimate"]
        apart = max(abs(ours[name] - value) for name, value in theirs["paths"].items() if name in ours)
        yield Line(what, theirs["seconds"] * OURS / PEERS / took, took, "≥ 50",
                   f"plspm timed on {PEERS} resamples and scaled; largest difference of a path: {apart:.0e}")
