"""What the call centre teaches: where a correlation of control and quality comes from when it is not an effect."""

import numpy as np
import pytest

from pebbletrail.worlds import CallCentre

SIZE = {"weeks": 26, "agents": 1000}
SEEDS = range(1, 13)


def correlations(world, one="control", other="quality_customer", agents_means=True):
    """The correlation in each of twelve years: of the agents' means, or over agent-weeks."""
    found = []
    for seed in SEEDS:
        year = world.simulate(seed, **SIZE)
        agent, pair = year["agent"].ravel(), [year[name].ravel() for name in (one, other)]
        if agents_means:
            weeks = np.bincount(agent)
            pair = [np.bincount(agent, values)[weeks > 0] / weeks[weeks > 0] for values in pair]
        found.append(np.corrcoef(*pair)[0, 1])
    return np.array(found)


def error(values):
    return values.std(ddof=1) / np.sqrt(len(values))


def test_managers_reaction_alone_makes_more_control_go_with_less_quality():
    by_agent = correlations(CallCentre(effect=0, reaction=0.6))
    assert by_agent.max() < -0.25
    assert correlations(CallCentre(effect=0, reaction=0.6), agents_means=False).max() < -0.1
    weaker = correlations(CallCentre(effect=0, reaction=0.3))
    assert by_agent.mean() < weaker.mean() - 0.1


@pytest.mark.parametrize("reaction", [0.6, -0.4])
def test_managers_react_to_last_weeks_score_and_not_to_the_score_of_someone_who_has_gone(reaction):
    """The slope of control on last week's score from the firm within teams, in SD; none across a change of people."""
    year = CallCentre(reaction=reaction, drift=0).simulate(1)
    scores, control = (year["quality_firm"][:-1] - 75) / 5, year["control"][1:]
    team, same = year["team"][1:], year["agent"][1:] == year["agent"][:-1]
    for rows, slope, within in ((same, -reaction, 0.02), (~same, 0, 0.1)):
        one, other = (values[rows] - (np.bincount(team[rows], values[rows]) / np.bincount(team[rows]))[team[rows]]
                      for values in (scores, control))
        assert (one * other).sum() / (one**2).sum() == pytest.approx(slope, abs=within)


@pytest.mark.parametrize("reliability", [0.3, 0.6, 1.0])
def test_the_firms_score_is_as_reliable_as_it_is_said_to_be(reliability):
    """Over agent-weeks r with quality as it is = √reliability, where the supervisor likes everybody alike."""
    world = CallCentre(reliability_firm=reliability, drift=0)
    found = correlations(world, "true_quality", "quality_firm", agents_means=False)
    assert found.mean() == pytest.approx(np.sqrt(reliability), abs=0.01)


@pytest.mark.parametrize("agents_means", [True, False])
def test_without_reaction_and_effect_there_is_no_correlation(agents_means):
    found = correlations(CallCentre(effect=0, reaction=0), agents_means=agents_means)
    assert abs(found.mean()) < 3 * error(found)
    assert abs(found.mean()) < 0.05


def test_good_supervision_hides_a_harmful_effect():
    """Supervisors who control more coach better: the correlation turns positive though control does harm."""
    assert correlations(CallCentre(effect=-0.2, reaction=0)).mean() < -0.1
    assert correlations(CallCentre(effect=-0.2, reaction=0, supervision=0.9, team=0.3)).min() > 0.1
    assert correlations(CallCentre(effect=-0.2, reaction=0.2, supervision=0.9, team=0.3)).mean() > 0


def test_difficult_calls_that_are_controlled_more_make_a_correlation_and_holding_difficulty_constant_unmakes_it():
    """The partial correlation from the three correlations, as the textbook has it."""
    world = CallCentre(effect=0, reaction=0, difficulty_on_control=0.6, difficulty_on_quality=-0.6)
    raw = correlations(world)
    assert raw.max() < -0.1
    control, quality = (correlations(world, name, "difficulty") for name in ("control", "quality_customer"))
    partial = (raw - control * quality) / np.sqrt((1 - control**2) * (1 - quality**2))
    assert abs(partial.mean()) < 0.3 * abs(raw.mean())
    assert abs(partial.mean()) < 3 * error(partial)


def test_a_shared_rater_makes_the_firms_score_correlate_and_not_the_customers():
    """Nobody reacts and nothing works: only the supervisor's liking moves both the score and control."""
    firm = correlations(CallCentre(reaction=0, rater_bias=0.6), other="quality_firm")
    customers = correlations(CallCentre(reaction=0, rater_bias=0.6))
    assert firm.max() < -0.2
    assert abs(customers.mean()) < 3 * error(customers)
    without = correlations(CallCentre(reaction=0), other="quality_firm")
    assert abs(firm.mean()) > abs(without.mean()) + 0.2


@pytest.mark.parametrize("reliability", [0.2, 0.4, 0.8])
def test_an_unreliable_score_weakens_the_correlation_by_the_root_of_its_reliability(reliability):
    """Spearman's formula: r with the score = r with quality as it is, times √reliability (over agent-weeks)."""
    world = CallCentre(reliability=reliability, drift=0)
    score, quality = (correlations(world, other=name, agents_means=False) for name in ("quality_customer", "true_quality"))
    expected = quality * np.sqrt(reliability)
    assert abs((score - expected).mean()) < 3 * error(score - expected) + 0.001


def test_those_who_stay_are_the_better_ones_where_poor_quality_makes_people_quit():
    """Skill of the first week's agents who are still there in week 52; chosen by nothing where selection is 0."""
    kept = {}
    for selection in (-0.8, 0.0, 0.8):
        gains = []
        for seed in SEEDS:
            year = CallCentre(selection=selection, quits=0.6).draw(seed, latent=True, weeks=52, agents=500)
            start, end = year[year["week"] == 1], year[(year["week"] == 52) & (year["agent"] <= 500)]
            gains.append(end["true_skill"].mean() - start["true_skill"].mean())
        kept[selection] = np.array(gains)
    assert kept[0.8].mean() > 0.05
    assert kept[-0.8].mean() < -0.05
    assert abs(kept[0.0].mean()) < 3 * error(kept[0.0])


def test_quitting_follows_burnout_and_poor_quality_only_under_selection():
    for selection, least, most in ((1.0, 0.4, 2.0), (0.0, -0.06, 0.06)):
        year = CallCentre(selection=selection).draw(1, latent=True)
        leavers, stayers = year[year["quit"]], year[~year["quit"]]
        assert least < leavers["burnout"].mean() - stayers["burnout"].mean() < most
        assert -most < (leavers["true_quality"].mean() - stayers["true_quality"].mean()) / 0.5 < -least


def test_control_tires_only_where_it_is_said_to():
    assert correlations(CallCentre(reaction=0, effect_on_burnout=0.3), other="burnout").min() > 0.15
    assert abs(correlations(CallCentre(reaction=0), other="burnout").mean()) < 0.05


def test_scripts_hurt_in_difficult_calls_and_help_in_easy_ones():
    """The slope of quality on script among the hardest and the easiest quarter of agent-weeks; none over all."""
    year = CallCentre(reaction=0, scripts=-0.2).draw(1, latent=True)
    script, quality = (year["script"] - 50) / 15, year["true_quality"] / 0.5
    easy, hard = year["difficulty"].quantile([0.25, 0.75])
    slopes = {name: np.polyfit(script[rows], quality[rows], 1)[0] for name, rows in
              (("easy", year["difficulty"] < easy), ("hard", year["difficulty"] > hard), ("all", script.notna()))}
    assert slopes["hard"] < -0.15
    assert slopes["easy"] > 0.15
    assert abs(slopes["all"]) < 0.05


def test_drift_moves_everybody_and_is_no_effect():
    year = CallCentre(drift=1.0, quits=0).draw(1, latent=True)
    means = year.groupby("week")["true_quality"].mean()
    still = CallCentre(drift=0.0, quits=0).draw(1, latent=True).groupby("week")["true_quality"].mean()
    np.testing.assert_allclose(means - still, 0.5 * (means.index - 1) / 52, atol=1e-12)


def test_handling_time_follows_target_and_difficulty_and_sets_the_number_of_calls():
    """Least squares: 0.6 seconds for a second of target, 25 for an SD (.08) of difficulty."""
    year = CallCentre().draw(1)
    design = np.column_stack([np.ones(len(year)), year["handling_target"], year["difficulty"] / 0.08])
    slopes = np.linalg.lstsq(design, year["handling_time"], rcond=None)[0]
    np.testing.assert_allclose(slopes[1:], [0.6, 25], rtol=0.02)
    assert year["handling_target"].corr(year["calls"]) < -0.3


def test_felt_autonomy_falls_with_control_as_it_has_worked():
    year = CallCentre(reaction=0).draw(1, latent=True)
    assert np.polyfit(year["true_exposure"], year["autonomy"], 1)[0] == pytest.approx(-0.5, abs=0.06)
