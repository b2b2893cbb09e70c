"""The call centre's truth, set by parameters, and the year that is drawn from it."""

from dataclasses import dataclass

from pebbletrail.worlds.call_centre.columns import as_frame, columns
from pebbletrail.worlds.call_centre.evidence import against_evidence
from pebbletrail.worlds.call_centre.noise import Size, noise
from pebbletrail.worlds.call_centre.rollout import check_rollout
from pebbletrail.worlds.call_centre.simulate import simulate
from pebbletrail.worlds.call_centre.truth import true_effects
from pebbletrail.worlds.parameters import check_all, parameter, parameter_table


@dataclass(frozen=True)
class CallCentre:
    """A call centre whose truth is known.

    Quality has standard deviation 1 as long as control does nothing, and control has standard deviation 1 as long as
    managers do not react: these are the SD in which the parameters speak. ``table`` has every parameter with unit, limits,
    meaning and source. What is drawn is simulated: it is never evidence for a claim.

    Raises
    ------
    ValueError
        A parameter outside its limits; skill, team and difficulty that leave quality no room to vary from week to week.
    """

    effect: float = parameter(
        0.0, -0.5, 0.5, "SD of quality for an SD of control", "causal effect of control on quality as it is",
        "assumed: none, so that whatever is seen comes from elsewhere")
    effect_spread: float = parameter(
        0.0, 0, 0.2, "SD of quality for an SD of control", "how far that effect differs between teams (standard deviation)")
    learning: float = parameter(
        8.0, 0, 52, "weeks",
        "time until 63 % of an effect of control has come, in the seat: who is hired takes it over; 0: at once")
    reaction: float = parameter(
        0.6, -1, 1, "SD of control for an SD of score", "how far a poor score from the firm raises the next week's control",
        "that managers react is assumed; size: so that monitoring and burnout go together as in skl22-stress (r .11)")
    supervision: float = parameter(
        0.0, -1, 1, "correlation", "correlation of how much a supervisor controls and how well the supervisor coaches")
    team: float = parameter(
        0.10, 0, 0.5, "share of the variance of quality", "what lies between supervisors: their coaching")
    skill: float = parameter(
        0.30, 0, 0.9, "share of the variance of quality", "what lies between agents, and lasts: their skill")
    spells: float = parameter(
        0.5, 0, 0.95, "correlation", "correlation of an agent's good or bad spell from one week to the next")
    difficulty_on_quality: float = parameter(
        -0.2, -0.7, 0, "SD of quality for an SD of difficulty", "what difficult calls do to quality")
    difficulty_on_control: float = parameter(
        0.0, -0.7, 0.7, "SD of control for an SD of difficulty", "how far difficult calls are controlled more")
    scripts: float = parameter(
        0.0, -0.3, 0.3, "SD of quality for an SD of script and an SD of difficulty",
        "what a script does where calls are more difficult than usual; the opposite where they are easier",
        "direction: negative after vvw13-custom (vvw13-standard found no effect in standard encounters); size assumed")
    drift: float = parameter(0.2, -1, 1, "SD of quality a year", "change of everybody's quality that has other causes")
    reliability: float = parameter(
        0.4, 0.1, 1, "share of variance", "share of a week's customer score that is quality as it is")
    reliability_firm: float = parameter(
        0.6, 0.1, 1, "share of variance", "share of a week's score from the firm that is quality as it is, without liking")
    rater_bias: float = parameter(
        0.0, 0, 1, "SD for an SD of liking", "what a supervisor's liking adds to an agent's score and takes from control")
    effect_on_burnout: float = parameter(
        0.0, -0.5, 0.5, "SD of burnout for an SD of control", "causal effect of control on burnout",
        "assumed none: reaction alone already gives the r .11 of monitoring with stress (skl22-stress)")
    quality_on_burnout: float = parameter(
        -0.36, -0.9, 0, "SD of burnout for an SD of quality", "how far poor quality wears people out",
        "size: r −.362 computed from the data of Singh 2000; that quality comes first is assumed")
    quits: float = parameter(
        0.35, 0, 0.9, "share in nine months", "agents who quit, at usual burnout and quality", "bloom15-quit, control group")
    selection: float = parameter(
        0.4, -1, 1.5, "log of the risk for an SD", "how far burnout and poor quality raise the risk of quitting",
        "direction: harter-turnover and krekel-turnover, of engagement; size assumed")

    def __post_init__(self):
        check_all(self)
        if self.rest < 0.01:
            raise ValueError(f"skill: {self.skill:g} with team {self.team:g} and difficulty_on_quality "
                             f"{self.difficulty_on_quality:g} leaves quality no room to vary from week to week; "
                             "skill + team + difficulty_on_quality² must stay below 0.99.")

    @property
    def rest(self):
        """Share of the variance of quality that good and bad spells make up."""
        return 1 - self.skill - self.team - self.difficulty_on_quality**2

    @property
    def table(self):
        """One row a parameter: parameter, value, unit, default, low, high, meaning, source."""
        return parameter_table(self)

    @property
    def columns(self):
        """What the columns of a year are: column, unit, range, meaning."""
        return columns()

    def draw(self, seed, weeks=52, agents=2000, team_size=20, sites=None, rollout=None, latent=False):
        """A year: one row for each seat and week, week after week.

        Parameters
        ----------
        seed : int
            From 0 on. The same seed gives the same people and the same luck, whatever the parameters and the roll-out.
        weeks, agents, team_size, sites : int
            ``agents`` is the number of seats; teams of about ``team_size`` are spread over the sites, by default ten teams
            to a site. Nobody's work depends on another's.
        rollout : Rollout, optional
            Adds the columns removal_week and removed.
        latent : bool
            Adds what nobody in the firm can see, in columns that begin with ``true_``.

        Returns
        -------
        DataFrame
            ``columns`` says what each column is, and its unit.

        Raises
        ------
        ValueError
            Sizes that do not fit each other or the roll-out; a seed that is not a whole number from 0 on.
        """
        year = self.simulate(seed, weeks, agents, team_size, sites, rollout)
        return as_frame(year, latent)

    def simulate(self, seed, weeks=52, agents=2000, team_size=20, sites=None, rollout=None):
        """The same year as a dict of arrays (weeks, agents), latent columns too: for panels that must be fast."""
        size = Size(weeks, agents, team_size, sites)
        if rollout is not None:
            check_rollout(rollout, size)
        return simulate(self, size, noise(size, seed), rollout)

    def truth(self, rollout, seed, weeks=52, agents=2000, team_size=20, sites=None):
        """The true effects of a roll-out in the year that ``draw`` gives for the same seed and sizes: a ``Truth``."""
        return true_effects(self, Size(weeks, agents, team_size, sites), rollout, seed)

    def against_evidence(self, seed):
        """What a year of 2,000 agents shows, beside what studies found: quantity, evidence, found, here, aimed_at, how.

        The defaults were set so that the rows with ``aimed_at`` "yes" come out near what was found; the agreement is
        therefore no evidence for this world. ``evidence`` has the ids of the ledger or of the registers of evidence.
        """
        return against_evidence(self.draw(seed, latent=True))
