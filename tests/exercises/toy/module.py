"""A small module for tests: every kind of question, one table, nothing real."""

import numpy as np
import pandas as pd

from pebbletrail.exercises.authoring import (
    ArrowCase,
    Arrows,
    Case,
    Choice,
    Criterion,
    Draw,
    Follow,
    Number,
    Option,
    Prediction,
    Redraw,
    Route,
    Specimen,
    Text,
    deal,
)

NAME, VERSION = "04-toy", 1
TITLE = "Does watching help?"
PAGES = (3, 4)
REAL = {"q7": "a toy: nothing here is real"}

HINTS = ["Look again at which agents are meant.", "Take the mean of the one group, then of the other."]

ARROWS = [ArrowCase(f"In {town} the number of calls decides how many agents are on. How many are on decides the wait.",
                    nodes=("calls", "agents", "wait"), arrows=[("calls", "agents"), ("agents", "wait")],
                    traps={("calls", "wait"): "The story lets calls reach the wait through the agents only."},
                    worked="Calls decide agents, agents decide the wait.") for town in ("Lille", "Lyon", "Metz", "Nice")]

FLAWS = [Case(f"{firm} reports: watched agents are better, so watching works.",
              [Option(f"Nobody drew {lots}.", right=True), Option("The table is short.", hint="More rows would not help."),
               Option("The unit is missing.", hint="It stands in the codebook."),
               Option("The mean is rounded.", hint="Rounding is harmless here.")],
              worked="Those watched may have been chosen for being good.")
         for firm, lots in (("Ash", "lots"), ("Birch", "lots"), ("Cedar", "any lots"), ("Dogwood", "a lot"))]


def draw(rng, practice):
    """Some agents, in teams, half of them watched."""
    size = int(rng.integers(60, 91))
    watched = rng.permutation(np.arange(size) % 2)
    quality = 70 - rng.uniform(2, 6) * watched + rng.normal(0, 5, size)
    agents = pd.DataFrame({"agent": np.arange(1, size + 1), "team": rng.integers(1, 9, size), "watched": watched,
                           "quality": quality.round(3)})
    words = {"firm": str(rng.choice(["Altona", "Bréda", "Celle"])), "cost": int(rng.integers(800, 1600)),
             "q5": deal(rng, ARROWS, practice), "q6": deal(rng, FLAWS, practice)}
    return Draw({"agents": agents}, words)


def questions(tables, words):
    """The keys, from the table as it is stored."""
    agents = tables["agents"]
    quality, watched = agents["quality"].to_numpy(), agents["watched"].to_numpy() == 1
    on, off = float(quality[watched].mean()), float(quality[~watched].mean())
    if on > off:
        raise Redraw("the watched are better by luck")
    difference, spread = on - off, float(quality.std(ddof=1))
    by_team = float(np.mean([quality[agents["team"] == team].mean() for team in np.unique(agents["team"])]))
    reverse = Route("groups reversed", -difference, "Which group is taken from which?")
    return [
        Prediction("q1", minutes=4, points=1, options=["It rises.", "It stays the same.", "It falls."],
                   afterwards="In this toy it falls."),
        Number("q1b", minutes=4, points=1, right=on, decimals=3, unit="points", hints=HINTS, worked=f"The mean is {on:.3f}.",
               routes=[Route("those not watched", off, "These are the agents whom nobody watches.")]),
        Number("q2", minutes=6, points=2, right=float(np.median(quality)), decimals=3, unit="points", hints=HINTS,
               worked="Half of the dots lie below the line.",
               routes=[Route("mean for median", float(quality.mean()), "This is the mean, the median was asked for.")]),
        Number("q3", minutes=12, points=2, right=difference, decimals=3, unit="points", hints=HINTS,
               worked=f"{on:.3f} − {off:.3f}", routes=[reverse, Route("all agents", on - float(quality.mean()),
                                                                      "This compares the watched with everybody.", 0.5)]),
        Number("q3b", minutes=6, points=2, right=difference * words["cost"], decimals=1, unit="euros", hints=HINTS,
               worked="The difference times the cost.", follows=Follow(f"q3 * {words['cost']}", uses=("q3",))),
        Number("q4", minutes=10, points=3, right=float(quality.mean()), decimals=3, unit="points", hints=HINTS,
               worked="Every agent counts once.",
               routes=[Route("mean of means", by_team, "Small teams count as much as large ones here.")]),
        Arrows("q5", minutes=8, points=2, bank=ARROWS, dealt=words["q5"], fill=words, hints=HINTS),
        Choice("q6", minutes=8, points=2, bank=FLAWS, dealt=words["q6"], fill=words, hints=HINTS),
        Number("q7", minutes=6, points=2, right=spread, decimals=4, unit="points", hints=HINTS, worked="n − 1, a sample.",
               routes=[Route("population", float(quality.std(ddof=0)), "Divide by n − 1: this is a sample.")]),
        Text("q8", minutes=15, points=3, words=(60, 150), rubric=[Criterion("says what was found", 1),
                                                                  Criterion("says what it does not show", 2)],
             specimens=[Specimen(3, "Watched agents do worse here; who is watched was not drawn by lot.", "both parts"),
                        Specimen(1, "Watched agents do worse here.", "half of it"),
                        Specimen(0, "Watch them all.", "neither part")]),
    ]
