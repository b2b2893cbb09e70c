"""Incidents and staying beside page 12: the complaint sample, mapped as on the command line.

Page 12's model of timeliness (12.5.3) holds answer, product and year still, and its outcome is a dispute: the practice fits
the same model of its absence, so that the effect has the other sign. A mapped date makes the eleven rows that agree in
every column of the file count once; page 12, which has counts, keeps them. Page 12's odds ratio of relief (12.5.4) cannot
be had by the command line alone, since relief is a part of a text there; of a column that says it, the practice has it.
"""

import pandas as pd
import pytest
from control_firms import study_of

import pebbletrail as pt
from pebbletrail.catalogue import passport
from pebbletrail.fetch import find
from pebbletrail.own_data.prepare import prepare
from pebbletrail.practice import incident_fit, incident_rules
from pebbletrail.practice.definition import practice
from pebbletrail.practice.study import Study

NAME = "incidents-and-staying"
MAPPING = {"just": "Timely response?", "stayed": "-Consumer disputed?", "kind": "Product", "time": "Date received",
           "answer": "Company response to consumer"}


def page_12(rows):
    """Timeliness in the words of 12.5.3: small products are one kind, the two complaints of 2017 are out."""
    sizes = rows["product"].value_counts()
    kind = rows["product"].where(rows["product"].map(sizes) >= 100, "smaller kinds")
    kept = rows.assign(kind=kind)[rows["year"] < 2017]
    full = pt.logistic(kept, "disputes ~ C(response) + C(kind) + C(timely) + C(year)")
    return full.margins("C(timely)").iloc[0], full.n


def test_the_counts_of_page_12_give_its_figures():
    counts = pt.load("cfpb-dispute-counts")
    silent = counts["answered"] - counts["disputed"]
    rows = pd.concat([counts.loc[counts.index.repeat(counts["disputed"])].assign(disputes=1),
                      counts.loc[counts.index.repeat(silent)].assign(disputes=0)])
    theirs, n = page_12(rows)
    assert [round(float(theirs[name]), 3) for name in ("estimate", "ci_low", "ci_high")] == [0.03, -0.062, 0.123]
    frame = pd.DataFrame({"just": (rows["timely"] == "Yes").astype(float), "stayed": 1.0 - rows["disputes"],
                          "kind": rows["product"], "answer": rows["response"],
                          "time": pd.to_datetime(rows["year"].astype(str) + "-06-01")})
    cases = incident_fit.cases(study_of(NAME, frame))
    ours = incident_fit.effect(incident_fit.fitted(cases), "just")
    assert (cases.still, ours["n"]) == (2, n)
    assert [ours["estimate"], ours["low"], ours["high"]] == pytest.approx(
        [-theirs["estimate"], -theirs["ci_high"], -theirs["ci_low"]], rel=1e-6)


def test_the_file_mapped_by_the_command_line_agrees(open_data):
    path, _ = find(passport("cfpb-complaints"))
    ready = prepare(practice(NAME), {"incidents": str(path)}, MAPPING)
    cases = incident_fit.cases(Study(practice(NAME), ready, made_up=False))
    assert cases.formula == "stayed ~ just + C(kind) + C(answer) + C(year)"
    raw = pd.read_csv(path, dtype=str)
    once = raw[~raw.duplicated()].dropna(subset=["Consumer disputed?"])
    assert len(raw) - raw.drop_duplicates().shape[0] == 11
    theirs, n = page_12(pd.DataFrame({
        "product": once["Product"], "response": once["Company response to consumer"], "timely": once["Timely response?"],
        "year": once["Date received"].str[-4:].astype(int), "disputes": (once["Consumer disputed?"] == "Yes").astype(int)}))
    ours = incident_fit.effect(incident_fit.fitted(cases), "just")
    assert ours["n"] == n
    assert [ours["estimate"], ours["low"], ours["high"]] == pytest.approx(
        [-theirs["estimate"], -theirs["ci_high"], -theirs["ci_low"]], rel=1e-6)
    late = incident_rules.silent(ready.frame, "just")
    assert late.status == "fail", "late answers lack a mark far more often, as page 12 says"


def test_relief_as_a_yes_or_no_has_the_odds_ratio_of_page_12(open_data):
    rows = pt.load("cfpb-complaints").dropna(subset=["disputed"])
    rows = rows[~rows["received"].str.endswith("2017")]
    frame = pd.DataFrame({"just": rows["response"].str.contains("relief").astype(float), "unit": rows["company"],
                          "stayed": (rows["disputed"] == "No").astype(float)})
    cases = incident_fit.cases(study_of(NAME, frame))
    found = incident_fit.odds(incident_fit.fitted(cases), "just")
    assert [round(1 / found[name], 3) for name in ("estimate", "high", "low")] == [0.395, 0.3, 0.518]
