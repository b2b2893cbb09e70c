"""Findings and prepared rows that a report is made of, written down by hand: no notebook is needed to test a page."""

import base64
from dataclasses import replace

import ibis
import numpy as np
import pandas as pd

from pebbletrail.own_data.given import FilePassport, Prepared, Problem, Step
from pebbletrail.practice.definition import practice
from pebbletrail.practice.findings import Finding
from pebbletrail.practice.harvested import Figure
from pebbletrail.report.money import Money

VERSIONS = {"Python": "3.13.1", "pebbletrail": "0.1", "pandas": "3.0.1"}
DATED = "2026-11-23T10:15+01:00"
MONEY = {"worth": "4", "volume": "50000", "change": "10", "cost": "60000"}
MAIN = {"estimate": 0.5, "low": 0.304, "high": 0.696, "se": 0.1, "p": 1e-6, "n": 2400, "clusters": 24, "term": "control"}
SPECIFICATION = {"formula": "quality ~ control + difficulty", "outcome": "quality", "exposure": "control",
                 "errors": "cluster", "by": "team", "adjusted_for": "difficulty",
                 "at": "2026-11-23T10:14:05+01:00", "fingerprint": "0123456789ab"}
ABOUT = replace(practice("control-and-quality"), words={id: {"en": en, "fr": fr} for id, en, fr in (
    ("specification", "Specified at {at}: {formula}.", "Spécifié le {at} : {formula}."),
    ("specified-before", "Seen before: {count} from {first} on ({formula}).", "Déjà vus : {count}, {first} ({formula})."),
    ("design", "Whether lots were drawn, and who decided.", "Si le sort a décidé, ou quelqu'un."),
    ("main", "One point more of control goes with {estimate} of quality ({low} to {high}; {n} calls, {clusters} teams).",
     "Un point de contrôle de plus va avec {estimate} de qualité ({low} à {high} ; {n} appels, {clusters} équipes)."),
    ("ten", "Ten points more: {estimate} ({low} to {high}).", "Dix points de plus : {estimate} ({low} à {high})."),
    ("support", "Adjusting explains {share} percent.", "L'ajustement explique {share} %."),
    ("teams", "There are {clusters} teams.", "Il y a {clusters} équipes."),
    ("source", "Both come from one file.", "Les deux viennent d'un fichier."),
    ("rival.calls", "Hard calls, not control: with {what}, {before} becomes {after}.",
     "Les appels difficiles, non le contrôle : avec {what}, {before} devient {after}."),
    ("rival.teams", "Good teams: {within} within, {between} between.", "Les bonnes équipes : {within}, puis {between}."),
    ("rival.reverse", "The other way round: {estimate} ({low} to {high}).", "L'inverse : {estimate} ({low} à {high})."),
    ("rival.fourth", "Something else.", "Autre chose."),
    ("plain", "Nothing adjusted for: {estimate}.", "Sans ajustement : {estimate}."),
    ("cr2", "Errors for few teams: {estimate}.", "Erreurs pour peu d'équipes : {estimate}."),
    ("in-teams", "Within teams: {estimate}.", "Dans les équipes : {estimate}."),
    ("beside", "In {study} it is {published}; here {ours}.", "Dans {study} : {published} ; ici {ours}."),
    ("left.months", "Months were left out.", "Les mois sont laissés de côté."))})
ASIDE = ["table", "row", "column", "own", "value", "reason", "allowed"]


def png():
    """A small picture, made by the figures' own library."""
    from pebbletrail.figures import new_figure
    from pebbletrail.figures import png as drawn

    figure, axes = new_figure(5, 3)
    axes.plot([0, 1, 2], [1, 3, 2])
    return base64.b64encode(drawn(figure, dpi=100)).decode("ascii")


def rows(teams=24, each=100, personal=False):
    """One row a call; the teams' means lie 3 apart in standard deviation, calls 10."""
    rng = np.random.default_rng(5)
    team = np.repeat([f"Team {number}" for number in range(teams)], each)
    quality = np.repeat(rng.normal(60, 3, teams), each) + rng.normal(0, 10, teams * each)
    frame = pd.DataFrame({"team": team, "control": rng.uniform(20, 90, teams * each), "quality": quality})
    return frame.assign(agent=[f"AG-{number % 97:03d}" for number in range(len(frame))]) if personal else frame


def prepared(frame=None, aside=(), problems=(), **more):
    """Prepared rows with two files, three steps, and the rows set aside that are given as (table, row, column, reason)."""
    frame = rows() if frame is None else frame
    listed = pd.DataFrame([(table, row, column, column, "?", reason, "0 to 100") for table, row, column, reason in aside],
                          columns=ASIDE)
    read_as = "CSV, separated by semicolons (;), decimal comma, utf-8"
    passports = (FilePassport("calls", "calls.csv", "ab" * 32, 81_234, len(frame) + 40, 6, read_as),
                 FilePassport("survey", "answers.xlsx", "cd" * 32, 55_321, len(frame), 3, "Excel, sheet Answers"))
    flow = (Step("read", "calls", len(frame) + 40, len(frame) + 40),
            Step("set-aside", "calls", len(frame) + 40, len(frame) + 40 - len(aside)),
            Step("joined", "survey", len(frame) + 40 - len(aside), len(frame), {"on": "call"}))
    given = {"engine": "pandas", "personal": (), **more}
    return Prepared("control-and-quality", frame, flow, tuple(problems), listed, passports, ("tenure", "waiting"), **given)


def findings(design="association", main=None, failed=False, rival="cannot tell", robust=3, beside=True, **values):
    """What the notebook on control and quality says; ``values`` go into the main estimate."""
    main = {**MAIN, **(main or {}), **values}
    made = [Finding("specification", "specification", SPECIFICATION),
            Finding("design", "design", {}, design),
            Finding("main", "main", main),
            Finding("finding", "ten", {"estimate": 5.0, "low": 3.04, "high": 6.96}),
            Finding("assumption", "support", {"share": 34.5}, "pass"),
            Finding("assumption", "teams", {"clusters": 8 if failed else 24}, "fail" if failed else "doubtful"),
            Finding("assumption", "source", {}, "doubtful"),
            Finding("rival", "rival.calls", {"what": "difficulty", "before": 0.52, "after": 0.5}, "speaks against it"),
            Finding("rival", "rival.teams", {"within": 0.3, "between": 0.9}, rival),
            Finding("rival", "rival.reverse", {"estimate": 0.01, "low": -0.05, "high": 0.07}, "cannot tell"),
            Finding("left out", "left.months")]
    lines = [("plain", 0.52, 0.31, 0.73), ("cr2", 0.5, 0.27, 0.73), ("in-teams", 0.3, -0.1, 0.7)]
    made += [Finding("robustness", id, {"estimate": estimate, "low": low, "high": high})
             for id, estimate, low, high in lines[:robust]]
    if beside:
        values = {"ledger_id": "skl22-perf", "study": "siegel-konig-lazar-2022", "published": "-0.01",
                  "quantity": "electronic monitoring", "ours": 0.12, "low": 0.05, "high": 0.19}
        made.append(Finding("beside", "beside", values))
    return made


def made(language="en", money=None, found=None, rows_of=None,
         made_up=False, figures=True, about=ABOUT):
    """A whole page."""
    from pebbletrail.report.page import html

    shown = [Figure(png(), "A line that rises and falls: quality by control.")] if figures else []
    return html(about, rows_of or prepared(), found or findings(), shown,
                Money.read(money) if isinstance(money, dict) else money, language, VERSIONS, DATED, made_up)


def sorts():
    """``(name, keywords for made)`` of reports of several kinds."""
    aside = [("calls", row, "control", "not-a-number") for row in range(14)]
    aside += [("survey", row, "quality", "out-of-range") for row in range(3)]
    engine = replace(prepared(), engine="duckdb", frame=None, table=ibis.memtable(rows()))
    problem = Problem("few-clusters", "calls", "team", "team", count=8, found="8", mend="Few teams.")
    before = {"count": 2, "first": "2026-11-20T09:00", "formula": "quality ~ control"}
    return {
        "association": {},
        "share": {"money": {**MONEY, "causal": "0.4"}},
        "before-after": {"money": MONEY, "found": findings("before-after"), "rows_of": prepared(aside=aside)},
        "randomised": {"money": {**MONEY, "worth": "3..4..6", "cost": "50000..70000"}, "found": findings("randomised")},
        "failed": {"money": MONEY, "rows_of": prepared(problems=[problem]),
                   "found": [*findings("before-after", failed=True), Finding("finding", "specified-before", before)]},
        "engine": {"rows_of": engine, "found": findings(robust=0, beside=False)},
        "made-up": {"made_up": True, "money": {**MONEY, "causal": "0.2..0.8"}},
    }
