"""The firestorm world: against a loop over tellers and acquaintances in plain Python, as one would first write it."""

import math
import random

from tests.benchmarks.measure import Line, once, seconds

import pebbletrail as pt
from pebbletrail.worlds.firestorm.networks import network

STORMS, LOOPED = 200, 4  # storms, and how many of them the loop is timed on


def loop(world, seed):
    """One storm and who leaves after it: a new random number for each tie and hour; the numbers of a row."""
    import networkx as nx

    chance = random.Random(seed)
    graph = nx.gnm_random_graph(world.customers, world.customers * world.friends // 2, seed=seed)
    known = [list(graph[one]) for one in range(world.customers)]
    trust = [min(1.0, max(0.0, chance.gauss(world.trust, world.trust_spread))) for _ in known]
    hit = set(chance.sample(range(world.customers), world.first))
    peak, heat = dict.fromkeys(hit, world.heat), dict.fromkeys(hit, world.heat)
    reached, hour, keep = set(), 0, 0.5 ** (1 / world.half_life)
    while True:
        hour += 1
        tellers = [one for one, emotion in heat.items() if emotion >= world.warm]
        if not tellers:
            break
        heard = {}
        for one in tellers:
            if hour > world.answer_after and one not in reached and chance.random() < world.noticed:
                reached.add(one)
                heat[one] *= world.kept(one in hit)
                if heat[one] < world.warm:
                    continue
            emotion = heat[one]
            passes = 1 - math.exp(-world.tell * emotion * (world.louder if one in reached else 1))
            for other in known[one]:
                if other not in peak and chance.random() < passes:
                    caught = min(1.0, emotion * world.retold * (1 - world.shield * trust[other]))
                    heard[other] = max(caught, heard.get(other, 0.0))
        for one in heat:
            heat[one] *= keep
        for one, caught in heard.items():
            peak[one] = heat[one] = caught
    leavers, lasting = 0, 0
    for one in range(world.customers):
        stays = world.sticks * peak.get(one, 0.0) * (1 - world.mended(one in hit) if one in reached else 1)
        lasting += stays * 2 ** (-world.days / world.fades) > world.line
        luck, stay, would = chance.random(), 1.0, 1.0
        for month in range(world.months):
            odds = math.log(world.leave / (1 - world.leave)) - world.trust_on_leaving * (trust[one] - world.trust)
            more = world.resentment_on_leaving * stays * 2 ** (-(month + 0.5) * 30.4 / world.fades)
            stay *= 1 / (1 + math.exp(odds + more))
            would *= 1 / (1 + math.exp(odds))
        leavers += 1 - would <= luck < 1 - stay
    return len(peak) / world.customers, leavers, lasting


def lines():
    world = pt.Firestorm()
    plain = once(lambda: [loop(world, seed) for seed in range(LOOPED)]) * STORMS / LOOPED
    own = seconds(lambda: world.storms(STORMS, inputs=False), repeats=3)
    what = f"firestorm, {STORMS} storms of {world.customers:,} customers: loop / Firestorm.storms"
    yield Line(what, plain / own, own, "", f"aim: our own time under 2 s; the loop was timed on {LOOPED} storms, networks "
               "included; ours has its 40 networks from the call before")
    drawn = once(lambda: [network(world, (9, seed)) for seed in range(10)]) * 4
    yield Line("firestorm, the same with 40 networks drawn first", plain / (own + drawn), own + drawn)
    mean = seconds(world.expected)
    yield Line("firestorm, mean path of a week: 200 storms in its place / Firestorm.expected", own / mean, mean, "",
               "aim: our own time under 5 ms")
    yield Line("firestorm, four answers and none, 100 storms each: loop / Firestorm.answers",
               plain * 500 / STORMS / (ahead := seconds(lambda: world.answers(inputs=False), repeats=3)), ahead)
