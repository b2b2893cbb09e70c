"""The circle's truth, set by parameters: agents and callers who meet round after round."""

from dataclasses import dataclass

from pebbletrail.worlds.circle.checks import check_rounds, check_shock, check_start, one_start
from pebbletrail.worlds.parameters import check_all, parameter, parameter_table

PER_DAY = 48  # rounds: eight hours of ten minutes


@dataclass(frozen=True)
class Circle:
    """Agents who wear out, and callers who call again: a world in which a circle may turn either way.

    A round is ten minutes, about the time of a call; ``PER_DAY`` rounds make a working day. A seat's agent is fresh or
    worn, or the seat is vacant. Callers are new, and calm, or they call again, and are upset. In each round:

    1. new calls come in (Poisson); with the upset callers of the last round they wait;
    2. each agent has a break with probability ``breaks``; the others answer, one call each, as long as callers wait; who
       gets whom is chance;
    3. a call is solved with probability ``resolve``, less if the agent is worn or the caller upset; a worn agent's tone
       upsets a calm caller with probability ``rub``, and then nothing is solved;
    4. a fresh agent is worn after an upset caller with probability ``drain`` (less with autonomy); a worn one recovers in
       a break, in a lull, or after solving a calm caller's problem;
    5. whose call was not answered or not solved calls again in the next round, upset, with probability ``returns``, and is
       lost otherwise;
    6. an agent who is worn at the end of the round quits with probability ``quit``; a seat vacant since before the round is
       filled with probability ``hire``, by somebody fresh.

    Two loops run here: worn agents leave more callers upset, who wear out more agents; and callers who call again are harder
    to help, so that more of them call again. With the other parameters at their defaults each is enough to tip without the
    other (next to no wear, ``drain`` 0.001: between 0.724 and 0.746 calls; upset callers as easy to help, ``upset_loss`` 0:
    between 0.580 and 0.643), and with neither nothing tips.

    There is no night: a path over several days shows what would happen if the lines never closed. ``table`` has every
    parameter with unit, limits, meaning and source. What is drawn is simulated: it is never evidence for a claim.

    Raises
    ------
    ValueError
        A parameter outside its limits. Some limits stop just short of 0 or 1 (drain, worn_loss, resolve, returns):
        there the circle would have no way round, or a queue no end.
    """

    demand: float = parameter(0.55, 0.01, 3, "new calls a seat and round", "load; more staff for the same calls lowers it")
    breaks: float = parameter(0.10, 0, 0.6, "share of rounds", "how often an agent who is there has a break")
    autonomy: float = parameter(
        0.0, 0, 1, "0: script, 1: free hand", "how far agents may handle an upset caller in their own way",
        "that task control helps: singh00; that it works by sparing agents is assumed")
    resolve: float = parameter(0.85, 0.05, 0.99, "probability", "a fresh agent solves a calm caller's problem at once")
    worn_loss: float = parameter(
        0.5, 0.01, 1, "share", "how many of the calls solved when fresh a worn agent does not solve",
        "direction: singh00 (quality falls with burnout), yue-next (the next customer pays); size assumed")
    upset_loss: float = parameter(
        0.2, 0, 0.95, "share", "how many of the calls solved for calm callers are not for upset ones")
    drain: float = parameter(
        0.15, 0.001, 1, "probability", "a fresh agent is worn after a call with an upset caller",
        "direction: yue-next; size assumed")
    relief: float = parameter(0.5, 0, 0.95, "share", "how much of the drain a free hand (autonomy 1) takes away")
    rest: float = parameter(0.6, 0.01, 1, "probability", "a worn agent has recovered after a round of break")
    lull: float = parameter(0.3, 0, 1, "probability", "a worn agent has recovered after a round at the desk without a call")
    thanks: float = parameter(0.1, 0, 1, "probability", "a worn agent has recovered after solving a calm caller's problem")
    rub: float = parameter(0.05, 0, 1, "probability", "a worn agent's tone upsets a calm caller whose problem is solved")
    returns: float = parameter(0.95, 0.05, 0.99, "probability",
                               "a caller who was not answered, or not helped, calls again in the next round")
    quit: float = parameter(
        0.0001, 0, 0.05, "probability a round", "an agent who is worn quits; 0.0001: after ten months worn, on average",
        "size assumed: 16 % of the people then quit in nine months if calm, 44 % if vicious (bloom15-quit: 35 %)")
    hire: float = parameter(0.001, 0.0001, 1, "probability a round",
                            "a vacant seat is filled; 0.001: after 21 working days, on average")

    def __post_init__(self):
        check_all(self)

    @property
    def table(self):
        """One row a parameter: parameter, value, unit, default, low, high, meaning, source."""
        return parameter_table(self)

    def step(self, state):
        """One round for very many agents.

        Parameters
        ----------
        state : sequence of three numbers, or array (3, …)
            Upset callers waiting, worn agents, vacant seats, all per seat.

        Returns
        -------
        array of the same shape
        """
        from pebbletrail.worlds.circle.round import next_state

        return next_state(self, check_start(state))

    def path(self, rounds=PER_DAY, start=(0, 0, 0), shock=None):
        """Round after round for very many agents.

        Parameters
        ----------
        rounds : int
        start : (upset, worn, vacant)
            Per seat; by default a fresh morning.
        shock : (first round, rounds, calls), optional
            So many more new calls a seat and round, for so many rounds.

        Returns
        -------
        DataFrame
            round; upset, worn, vacant: per seat, at the start of the round; new, waiting, calls, solved, lost: per seat, in
            the round. ``lost`` callers give up.
        """
        from pebbletrail.worlds.circle.round import path

        rounds = check_rounds(rounds)
        return path(self, one_start(start), rounds, check_shock(shock, rounds))

    def fixed_points(self):
        """All states in which the circle stays, with their stability: a ``FixedPoints``."""
        from pebbletrail.worlds.circle.states import fixed_points

        return fixed_points(self)

    def tipping(self):
        """The demand beyond which the calm state is gone, and that below which the vicious one is: a ``Tipping``."""
        from pebbletrail.worlds.circle.tipping import tipping

        return tipping(self)

    def levers(self, change=0.1):
        """How far each lever moves the tipping point when it is moved the helpful way by ``change``: ``Levers``.

        ``change`` is a share of what the lever is now; of the calls *not* solved for ``resolve``; autonomy, 0 at the start,
        is raised by ``change`` itself. What is at its limit is not moved; the table says so. Whether such changes cost the
        same, the world does not know.
        """
        from pebbletrail.worlds.circle.levers import levers

        return levers(self, change)

    def lever(self, name, values):
        """The tipping points at each value of one lever: a DataFrame with that lever, calm_ends, vicious_ends, how."""
        from pebbletrail.worlds.circle.levers import over

        return over(self, name, values)

    def draw(self, seed, rounds=480, agents=1000, start=(0, 0, 0), shock=None):
        """The world with chance, call by call: the same columns as ``path``, per seat.

        Parameters
        ----------
        seed : int
            From 0 on. The same seed gives the same new calls and the same luck of each seat in each round, whatever the
            parameters; only which of the waiting callers come through, and how many call again, is drawn anew.
        rounds, agents : int
            ``agents`` is the number of seats.
        start, shock
            As for ``path``; shares of seats are rounded to whole seats.

        Returns
        -------
        DataFrame
        """
        from pebbletrail.worlds.circle.chance import draw

        return draw(self, seed, rounds, agents, start, shock)[0]

    def calls(self, seed, rounds=480, agents=1000, start=(0, 0, 0), shock=None):
        """The calls of the same draw, one row a call.

        Returns
        -------
        DataFrame
            round, seat (from 0), agent (the person, from 0: who follows somebody who quit has a new number), and 0 or 1
            each: upset (the caller), worn (the agent, before), solved, worn_after; previous_upset (the caller of this
            agent's last call; missing at an agent's first), since (rounds since that call).
        """
        from pebbletrail.worlds.circle.chance import draw

        return draw(self, seed, rounds, agents, start, shock, calls=True)[1]

    def spillover(self, state=None):
        """What one upset caller does to the agent's next call: a ``Spillover``; by default in the calm state."""
        from pebbletrail.worlds.circle.spillover import spillover

        return spillover(self, state)

    def portrait(self, alt=None):
        """The figure of where the circle goes from every state, in agents worn and callers upset.

        The third number, vacant seats, stands everywhere where it would settle, over months, for that share of agents worn:
        so the two lines cross exactly in the states that stay. A single morning has the vacant seats it has, mostly fewer,
        and bears more: at the defaults, with nobody upset yet, the border lies at 55 % of seats worn here, and at 71 % where
        vacant seats begin as in the calm state, as in ``pt.explore("circle")``.
        """
        from pebbletrail.worlds.circle.portrait import portrait

        return portrait(self, alt)

    def fork(self, alt=None):
        """The figure of the states that stay, by demand: the way into the vicious state, and the way back."""
        from pebbletrail.worlds.circle.fork import fork

        return fork(self, alt)
