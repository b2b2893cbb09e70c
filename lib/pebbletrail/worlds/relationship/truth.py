"""The parameters of the relationship world, each with its unit, limits, meaning and source."""

from dataclasses import dataclass

from pebbletrail.worlds.parameters import check_all, checked, parameter, parameter_table


@dataclass(frozen=True)
class Truth:
    """What is true of the customers and firms of ``Relationship``, and can be set.

    Some numbers are fixed, each beside what it is used for, and all assumed: the table of weights (module weights);
    ``STEEP`` = 4, how sharply trust decides whether a relation deepens or declines (log odds for an SD); ``OUTSTANDING`` = 2
    SD of trades, beyond which an experience is a peak; of the questionnaire ``MIDDLE`` = 4 points for 0, ``POINTS`` = 1.5
    for an SD of trades, ``SURE`` = 5 for confidence from none to full, ``HALF`` = 0.5, the confidence that stands in the
    middle, ``INTENDS`` = 1.5 for an SD of trust, and ``AFTER`` = 12 months of watching; and ``RATING`` = 0.5 SD, what else
    is in each answer of one rater.

    Raises
    ------
    ValueError
        A parameter outside its limits.
    """

    relational: float = parameter(0.5, 0, 1, "share of customers", "in a relational context; the others: transactional")
    contacts: float = parameter(0.5, 0.02, 8, "a month", "how many contacts a customer has, on average")
    contact_spread: float = parameter(0.6, 0, 2, "SD, in means", "how far customers differ in how many contacts they have")
    stereotype: float = parameter(-0.3, -3, 3, "SD of trades", "what is expected at the start, of all three levels")
    reputation: float = parameter(0.2, -3, 3, "SD of trades", "what is expected of the brand beyond that")
    spread: float = parameter(0.8, 0, 2, "SD of trades", "how far customers differ in what they expect at the start")
    leaning: float = parameter(0.5, 0, 0.95, "correlation", "correlation of what a customer expects of the three levels")
    quality: float = parameter(0.6, -3, 3, "SD of trades", "how good a contact with the brand truly is, on average")
    agents: float = parameter(0.5, 0, 2, "SD of trades", "how far agents differ in how good a contact with them is")
    prior_trade: float = parameter(0.5, 0.05, 3, "SD of trades", "how unsure one is of the trade at the start")
    prior_brand: float = parameter(0.8, 0.05, 3, "SD of trades", "how unsure one is of the brand at the start")
    prior_person: float = parameter(1.0, 0.05, 3, "SD of trades", "how unsure one is of a new agent")
    noise_trade: float = parameter(6.0, 0.1, 50, "SD of trades", "how little one contact says of the trade")
    noise_brand: float = parameter(2.0, 0.1, 50, "SD of trades", "how little one contact says of the brand")
    noise_person: float = parameter(
        1.0, 0.1, 5, "SD of trades", "how far contacts with the same agent differ, and so how little one says of the agent")
    peak: float = parameter(2.0, 1, 10, "usual contacts", "as how many an outstanding experience weighs")
    forgetting: float = parameter(0.02, 0, 1, "share a month", "how much of what was learned is forgotten")
    turnover: float = parameter(0.03, 0, 1, "probability a month", "another agent takes over")
    strangers: float = parameter(0.5, 0, 1, "probability a month", "in a transactional context, somebody else answers")
    context_matters: float = parameter(1.0, 0, 1, "0: not, 1: as in the table of weights", "how far contexts differ",
                                       "direction: sss-level; size assumed")
    stage_matters: float = parameter(1.0, 0, 1, "0: not, 1: as in the table of weights", "how far stages differ")
    pace: float = parameter(0.12, 0, 1, "probability a month", "that the relation changes, for the better or the worse")
    exit_cost: float = parameter(0.0, 0, 3, "0: none, 1: noticeable, 3: prohibitive", "what leaving costs")
    reading: float = parameter(0.0, -1, 1, "-1: trap, 0: neither, 1: pledge", "how exit costs are read",
                               "that there are two readings: jul-neg, jul-pos; sizes assumed")
    exit_on_quality: float = parameter(0.5, 0, 2, "SD of trades", "what exit cost 1 adds if a pledge, takes away if a trap",
                                       "directions: jul-pos, jul-neg; against the second jul15-harm; size assumed")
    exit_on_leaving: float = parameter(0.5, 0, 3, "log odds", "how far exit cost 1 lowers leaving in a month",
                                       "direction: cra11-roll, bss15-duration; size assumed")
    contract: float = parameter(0, 0, 60, "whole months", "how long nobody may leave")
    leave: float = parameter(0.03, 0.0001, 0.5, "probability a month", "leaving, at trust and confidence 0, free to go")
    trust_on_leaving: float = parameter(1.5, 0, 4, "log odds for an SD", "how far trust lowers leaving in a month")
    confidence_on_leaving: float = parameter(
        1.5, 0, 6, "log odds, from none to full", "how far confidence lowers leaving, of good or bad alike: inertia")
    buy: float = parameter(0.10, 0.001, 0.9, "probability a month", "buying something extra, at trust 0")
    trust_on_buying: float = parameter(0.8, 0, 4, "log odds for an SD", "how far trust raises buying")
    margin: float = parameter(10.0, 0, 1000, "euros a month", "what a customer brings, without what is bought extra")
    buy_margin: float = parameter(20.0, 0, 1000, "euros", "what one extra purchase brings")
    care: float = parameter(0.4, 0, 3, "SD of trades", "how much better a contact is if the firm cares")
    care_cost: float = parameter(2.5, 0, 1000, "euros a contact", "what caring costs")
    discount: float = parameter(0.0, 0, 0.5, "a year", "how much less a euro is worth that comes a year later")
    trickle: float = parameter(0.5, -1, 1, "SD for an SD", "what a firm's trust in its staff adds to the trust they feel",
                               "direction: salamon-n; size assumed")
    felt_firm: float = parameter(0.5, 0, 2, "SD", "what else in a firm moves the trust that all its staff feel")
    felt_own: float = parameter(0.8, 0.05, 2, "SD", "how far the trust that people feel differs within a firm")
    service_between: float = parameter(0.6, -2, 2, "SD for an SD", "what felt trust adds to service, between firms",
                                       "direction: salamon-n; size assumed")
    service_within: float = parameter(0.25, -2, 2, "SD for an SD", "what felt trust adds to service, within a firm")
    service_noise: float = parameter(0.6, 0, 2, "SD", "what else moves an employee's service")
    direct: float = parameter(0.1, -2, 2, "SD for an SD", "what a firm's trust in its staff adds to customers' trust else")
    acquainted: float = parameter(8, 1, 1000, "whole contacts", "how often customer and employee have met")
    halo: float = parameter(0.7, 0, 3, "SD", "a mood that is in all the answers of one employee")
    item_noise: float = parameter(0.7, 0, 3, "points of 7", "what else is in an answer to one question")

    def __post_init__(self):
        check_all(self)
        for name in ("contract", "acquainted"):
            checked(name, getattr(self, name), 0, 1000, whole=True)

    @property
    def table(self):
        """One row for every parameter that can be set: parameter, value, unit, default, low, high, meaning, source."""
        return parameter_table(self)
