"""The firestorm: an incident that spreads from customer to customer, the firm's answer, and what it costs in the end."""

from dataclasses import dataclass

from pebbletrail.worlds.firestorm.truth import Truth


@dataclass(frozen=True)
class Firestorm(Truth):
    """An incident that customers tell each other, hotter or cooler, until the firm answers or they tire of it.

    Customers know each other: ``network`` says in which shape, with the same mean number of acquaintances in each, so that
    shapes can be compared ("hubs": some know very many; "small world": neighbours on a ring, and shortcuts; "communities":
    circles with few ties between them). An hour is a step. Emotion runs from 0, calm, to 1, furious.

    1. *The incident* hits ``first`` customers, drawn by chance, who feel ``heat``. Trust does not spare them.
    2. *Telling.* In each hour a customer whose emotion is not below ``warm`` passes the story on to each acquaintance with
       probability 1 − exp(−``tell`` × emotion). Emotion cools by half in ``half_life`` hours.
    3. *Hearing.* Who hears it catches emotion: the teller's of that hour × ``retold`` × (1 − ``shield`` × own trust), and
       at most 1; of several tellers in one hour the hottest counts. Everybody hears it once: to hear it again does nothing.
    4. *The answer* is out after ``answer_after`` hours. From the next hour on it reaches those who know the story with
       probability ``noticed`` an hour. In public it reaches only who still tells: who has cooled down looks no more. In
       private it reaches those hit, and a share ``known`` of the others (the firm does not know of the rest), however cool.
       It takes emotion and resentment away, the more just it is: in outcome (``distributive``), way (``procedural``) and
       tone (``interactional``). The outcome is made good to those hit alone, and does nothing for those who only heard. In
       public it also changes how much somebody tells whom it has reached, at the same emotion: exp(``feeds`` × outcome −
       ``soothes`` × tone) times as much.
    5. *What is left.* A share ``sticks`` of the strongest emotion stays as resentment, less what the answer mended (from
       the start on, also where it came late in the first 30 days), and fades by half in ``fades`` days. It raises the odds
       of leaving, for ``months`` months; trust lowers them.
    6. *The cost* is what those would still have brought who leave because of the storm, and what the answer costs: once
       (``answer_cost``), for each customer written to (``handling``), and ``compensation`` × outcome for each of those hit
       whom it reaches. What it takes to be able to answer so soon is not in it.

    Signs follow studies where ``table`` names one; sizes are assumed, all of them, and for most the table says how far the
    truth may lie from them. So the world cannot tell how large a storm will be, nor whether to answer in public: ``known``
    and ``feeds`` decide that here. Left out are media, platforms and their algorithms, campaigns, defenders of the firm,
    rumours that change what is told, and hearing again; that trusting customers may feel betrayed the more; that friends
    resemble each other in trust; customers who come new, and those who come back. Trust shields by itself here, and cannot
    be bought in time. Sooner is not always better: everybody hears it once, so that a cooler teller may come before a
    hotter one, and an answer that cools the first can let the second through.

    ``table`` has every parameter that can be set, with unit, limits, range, meaning and source. What is drawn is simulated:
    it is never evidence for a claim.

    Raises
    ------
    ValueError
        A parameter outside its limits, or two that do not go together.
    """

    def people(self, seed=0):
        """The customers of ``storm(seed)``, and who knows whom: ``People`` with ``table``, ``text`` and ``figure()``."""
        from pebbletrail.worlds.firestorm.people import people

        return people(self, seed)

    def storm(self, seed=0):
        """One storm: ``Storm`` with ``hours``, ``people``, ``table``, ``text`` and ``figure()``.

        Parameters
        ----------
        seed : int
            From 0 on. The same seed gives the same people, network and luck under another incident, another answer and other
            sizes, as long as the network is the same (``network``, ``customers``, ``friends``, ``shortcuts``, ``circle``,
            ``outside``): two storms then differ by what was changed alone. It is the first storm of
            ``storms(seed=seed, inputs=False)``.
        """
        from pebbletrail.worlds.firestorm.storm import storm

        return storm(self, seed)

    def storms(self, draws=200, seed=0, repeats=4, inputs=True):
        """Many storms, under what is luck and what nobody knows: ``Storms`` with ``table``, ``summary``, ``shares``, ….

        Parameters
        ----------
        draws : int
            Storms; with ``inputs`` a multiple of ``repeats``. Customers times storms are at most 40 million.
        seed : int
            Storm number k has the same luck under other parameters, and in a larger number of draws. The storms run on 40
            different networks, in turn.
        repeats : int
            So many storms, each with a luck of its own, for each draw of the sizes that nobody knows: that tells luck from
            what is unknown.
        inputs : bool
            True: the sizes with a range in ``table`` are drawn from it (between value / unsure and value × unsure, evenly on
            a logarithmic scale, independently). False: all are as set, and only luck is drawn.
        """
        from pebbletrail.worlds.firestorm.storms import storms

        return storms(self, draws, seed, repeats, inputs)

    def expected(self, hours=168):
        """The mean path, without chance: ``Expected`` with ``table``, ``spread_number``, ``text``, …; a few milliseconds.

        Parameters
        ----------
        hours : int
            Length of the path.

        Notes
        -----
        Edge-based equations (after Miller, Slim and Volz), for customers without number whose acquaintances do not know each
        other, with the network's own distribution of degrees. With "random" they hold closely when many are hit, and with
        2,000 customers and 10 hit come within the spread of storms. With "hubs" the first hours come out somewhat too quick.
        With "small world" and "communities" they do *not* hold: there acquaintances know each other, much telling is in
        vain: at the defaults storms reach about a third of what is told here, at other settings from a sixth to nearly
        all; of these shapes only the degrees are in the numbers. Where the story may end by luck before it has begun (few
        hit), the mean of storms is lower, too.
        """
        from pebbletrail.worlds.firestorm.expected import expected

        return expected(self, hours)

    def answers(self, hours=(1, 6, 24, 72), justice=None, public=None, draws=100, seed=0, inputs=True):
        """What answering sooner, or more justly, brings: ``Answers`` with ``table``, ``text`` and ``figure()``.

        Parameters
        ----------
        hours : sequence of int
            When the answer comes out. No answer at all is always there, for comparison.
        justice : dict of str to (distributive, procedural, interactional), optional
            Answers by name, such as ``{"apology": (0, 0, 1)}``. By default as the world has it.
        public : bool or sequence of both, optional
            By default as the world has it.
        draws : int
            Storms. Each is answered in every way, with the same luck, people and sizes.
        seed, inputs
            As in ``storms``; here every storm has a draw of the unknown sizes of its own.
        """
        from pebbletrail.worlds.firestorm.answers import answers

        return answers(self, hours, justice, public, draws, seed, inputs)
