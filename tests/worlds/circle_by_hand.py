"""The circle's round a second time, from the story: agent by agent, caller by caller. No line of it is the library's."""


def hand_round(world, upset, worn, vacant):
    """The next (upset, worn, vacant) per seat, added up over who may meet whom."""
    waiting = world.demand + upset
    seats = {"fresh": 1 - vacant - worn, "worn": worn}
    at_desk = {agent: (1 - world.breaks) * share for agent, share in seats.items()}
    desks = sum(at_desk.values())
    got_call = min(1.0, waiting / desks) if desks else 0.0
    solved = became_worn = 0.0
    recovered = worn * world.breaks * world.rest + at_desk["worn"] * (1 - got_call) * world.lull
    for agent in seats:
        for caller, callers in (("calm", world.demand), ("upset", upset)):
            meet = at_desk[agent] * got_call * callers / waiting
            works = world.resolve * (1 - world.worn_loss * (agent == "worn")) * (1 - world.upset_loss * (caller == "upset"))
            if (agent, caller) == ("worn", "calm"):
                works *= 1 - world.rub
                recovered += meet * works * world.thanks
            if (agent, caller) == ("fresh", "upset"):
                became_worn += meet * world.drain * (1 - world.autonomy * world.relief)
            solved += meet * works
    worn_at_end = worn + became_worn - recovered
    quits = world.quit * worn_at_end
    return world.returns * (waiting - solved), worn_at_end - quits, vacant + quits - world.hire * vacant
