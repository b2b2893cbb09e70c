"""The circle world, call by call: against a loop over agents in plain Python, as one would first write it."""

import random

from tests.benchmarks.measure import Line, once, seconds

import pebbletrail as pt

AGENTS, ROUNDS = 1000, 480
LOOPED = 48  # rounds that the loop is timed on
MILLION = 1e6


def loop(world, seed, rounds, agents):
    """The same story, one agent after the other; the number of calls. Nothing is kept but the states."""
    chance = random.Random(seed)
    fresh, worn, vacant = range(3)
    seats, upset, calls = [fresh] * agents, 0, 0
    mean = world.demand * agents
    for _ in range(rounds):
        new = max(0, round(chance.gauss(mean, mean**0.5)))  # the standard library draws no Poisson
        callers = [True] * upset + [False] * new
        chance.shuffle(callers)
        order = list(range(agents))
        chance.shuffle(order)
        solved = 0
        for seat in order:
            before = state = seats[seat]
            if state == vacant:
                if chance.random() < world.hire:
                    seats[seat] = fresh
                continue
            if chance.random() < world.breaks:
                if state == worn and chance.random() < world.rest:
                    state = fresh
            elif callers:
                upset_caller = callers.pop()
                calls += 1
                works = world.resolve * (1 - world.worn_loss * (state == worn)) * (1 - world.upset_loss * upset_caller)
                if state == worn and not upset_caller:
                    works *= 1 - world.rub
                well = chance.random() < works
                solved += well
                if state == fresh and upset_caller:
                    if chance.random() < world.drain:
                        state = worn
                elif before == worn and not upset_caller and well and chance.random() < world.thanks:
                    state = fresh
            elif state == worn and chance.random() < world.lull:
                state = fresh
            if state == worn and chance.random() < world.quit:
                state = vacant
            seats[seat] = state
        upset = sum(chance.random() < world.returns for _ in range(upset + new - solved))
    return calls


def lines():
    for name, world in (("calm", pt.Circle()), ("a queue", pt.Circle(demand=0.75))):
        took = once(lambda w=world: loop(w, 1, LOOPED, AGENTS)) / loop(world, 1, LOOPED, AGENTS)  # seconds a call
        done = world.draw(1, ROUNDS, AGENTS)["calls"].sum() * AGENTS
        own = seconds(lambda w=world: w.draw(1, ROUNDS, AGENTS), repeats=5)
        note = f"{done / own / MILLION:.1f} million calls a second (aim: at least 1), the loop {1 / took / MILLION:.2f}"
        what = f"circle, {name}: {AGENTS:,} agents, {ROUNDS} rounds: loop over agents / Circle.draw"
        yield Line(what, took * done / own, own, "", note)
    own, rows = seconds(lambda: pt.Circle().calls(1, ROUNDS, AGENTS), repeats=5), len(pt.Circle().calls(1, ROUNDS, AGENTS))
    plain = once(lambda: loop(pt.Circle(), 1, LOOPED, AGENTS)) / loop(pt.Circle(), 1, LOOPED, AGENTS)
    what = "circle, with a table of calls: loop over agents, which keeps none / Circle.calls"
    yield Line(what, plain * rows / own, own, "", f"{rows / own / MILLION:.1f} million calls a second")
