"""A storm told customer by customer and hour by hour, in plain Python: one telling, one emotion, one answer at a time."""

import math

CALM = 1e-9  # how far an emotion may be below ``warm`` and still be called warm: the last digit


def neighbours(network):
    """Who knows whom, as lists; and the place of each tie in the arrays."""
    start, friend = network.start.tolist(), network.friend.tolist()
    return [[(friend[at], at) for at in range(start[one], start[one + 1])] for one in range(len(start) - 1)]


def first_hit(world, luck):
    """The customers with the lowest luck."""
    return sorted(range(world.customers), key=lambda one: luck.hit[one])[:world.first]


def hand_trust(world, luck):
    return [min(1.0, max(0.0, world.trust + world.trust_spread * float(z))) for z in luck.trust]


def hand_waits(world, luck, hit):
    """Hours from the answer (or from having heard) until it has reached each; None: it never does."""
    waits = []
    for one in range(world.customers):
        unknown = not world.public and one not in hit and luck.known[one] >= world.known
        hours, missed = 1, float(1 - luck.noticed[one])
        while not unknown and world.noticed > 0 and missed < (1 - world.noticed) ** hours and hours < 10_000:
            hours += 1
        waits.append(None if unknown or world.noticed == 0 else hours)
    return waits


def hand_justice(world, was_hit):
    way = 1 - world.by_distributive - world.by_interactional
    parts = world.by_interactional * world.interactional + way * world.procedural
    return parts + (world.by_distributive * world.distributive if was_hit else 0)


def hand_storm(world, network, luck, passes=None):
    """The storm, as lists of one number a customer: hour, by, peak, answered (None: never), hours told.

    ``passes(tie, power)``: whether a tie passes the story on in an hour in which the teller tells so much. By default the
    world's way: when what has been told has come up to the tie's luck.
    """
    known = neighbours(network)
    hit = set(first_hit(world, luck))
    trust, waits = hand_trust(world, luck), hand_waits(world, luck, hit)
    told = {}

    def by_luck(tie, power):
        told[tie] = told.get(tie, 0.0) + power
        return told[tie] >= luck.tells[tie]

    passes = passes or by_luck
    hour = dict.fromkeys(hit, 0)
    by, peak = dict.fromkeys(hit), dict.fromkeys(hit, world.heat)
    heat, louder, answered, hours = dict(peak), dict.fromkeys(hit, 1.0), {}, {}
    now = 0
    while True:
        now += 1
        for one in hour:
            due = None if waits[one] is None else max(world.answer_after, hour[one]) + waits[one]
            follows = not world.public or heat[one] >= world.warm - CALM
            if due == now and follows:
                answered[one] = now
                heat[one] *= 1 - world.cools * hand_justice(world, one in hit)
                if world.public:
                    louder[one] = math.exp(world.feeds * world.distributive - world.soothes * world.interactional)
        tellers = sorted(one for one in hour if heat[one] >= world.warm - CALM)
        if not tellers:
            break
        heard = {}
        for teller in tellers:
            hours[teller] = hours.get(teller, 0) + 1
            for other, tie in known[teller]:
                if other not in hour and passes(tie, world.tell * louder[teller] * heat[teller]):
                    caught = min(1.0, heat[teller] * world.retold * (1 - world.shield * trust[other]))
                    if other not in heard or caught > heard[other][0]:
                        heard[other] = (caught, teller)
        for one in heat:
            heat[one] *= 0.5 ** (1 / world.half_life)
        for one, (caught, teller) in heard.items():
            hour[one], by[one], peak[one], heat[one], louder[one] = now, teller, caught, caught, 1.0
    if not world.public and math.isfinite(world.answer_after):
        for one in hour:
            if one not in answered and waits[one] is not None:
                answered[one] = max(world.answer_after, hour[one]) + waits[one]
    everybody = range(world.customers)
    return [[of.get(one) for one in everybody] for of in (hour, by, peak, answered, hours)]


def hand_leaving(world, resentment, trust):
    """The probability of leaving within the months that are counted."""
    stays = 1.0
    for month in range(1, world.months + 1):
        days = (month - 0.5) * 365.25 / 12
        odds = math.log(world.leave / (1 - world.leave)) - world.trust_on_leaving * (trust - world.trust)
        odds += world.resentment_on_leaving * resentment * 0.5 ** (days / world.fades)
        stays *= 1 - 1 / (1 + math.exp(-odds))
    return 1 - stays
