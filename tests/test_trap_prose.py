"""Page 11: every number of its prose, its answers and its pictures' words, built again from what its cells compute."""

import re

import numpy as np
import pytest
from scipy import stats

from trap_page import (
    ROWS,
    alpha,
    arrow,
    by_road,
    ceiling,
    computed,
    contracts,
    controls,
    edges,
    enough,
    interaction,
    of_the_question,
    once_more,
    other_scheme,
    panel,
    print_of,
    prose,
    quality,
    side,
    staying,
    steps,
    total,
    trust,
    weights,
    year_after,
)

# cell, what it says there, the numbers
SAID = [
    ("try-explorer", "*change of that slope* to {:.2f}:", lambda p: [controls()["change"].min]),
    ("try-explorer", "The change stands at {:.2f}.", lambda p: [panel().change]),
    ("try-explorer", "ask {:,.0f} customers", lambda p: [controls()["customers"].max]),
    ("after-explorer", "At low exit costs: {:.2f}, against {:.2f} at average and {:.2f} at high ones.",
     lambda p: panel(change=-0.2).at),
    ("after-explorer", "From {:.1f} SD above the mean on the picture is grey, for {:.1f} % of customers",
     lambda p: [panel(change=-0.2).region[0], 100 * panel(change=-0.2).unsure]),
    ("after-explorer", "only at {:.2f} / {:.2f} = {:.2f} SD",
     lambda p: [panel().slope, 0.2, panel().slope / 0.2]),
    ("after-explorer", "Of {} surveys of {} customers about {:.0f} would find it. For {} of 100 one needs about {:,}.",
     lambda p: [100, panel().customers, 100 * panel().power, 80, enough()]),
    ("after-explorer", "Between {:.2f} and {:.2f} SD", lambda p: panel(slope=0.05, customers=3000).region),
    ("after-explorer", "({:.2f} / {:.2f} = {:.2f})", lambda p: [0.05, -panel().change, -0.05 / panel().change]),
    ("look-steps-read", "All {} customers who gave a 7 for reliability have a switching cost of {}; so have all {} who gave "
     "a 6. All {} who gave a 5 have {}. Nobody, out of {}, lies", steps),
    ("look-near-read", "{:.3f}. The steps", lambda p: [p["phones"].cor.loc["costs", "quality"]]),
    ("look-near-read", "{:,} young", lambda p: [p["young"].n]),
    ("look-privacy-read", "A little: {:.2f}. Trust goes with it far more: {:.2f}.",
     lambda p: p["young"].cor.loc["intention", ["concern", "trust"]]),
    ("look-privacy-read", "{:.1f} of 5 on average, hardly goes with trust at all ({:.2f})",
     lambda p: [p["young"].mean["concern"], p["young"].cor.loc["concern", "trust"]]),
    ("interaction-read", "goes with {:.3f} more of loyalty; where costs are one standard deviation below average with "
     "{:.3f}, above with {:.3f}. Each standard deviation takes {:.3f} away. And its interval, {:.3f} to {:.3f}, holds zero.",
     interaction),
    ("interaction-read", "{:.3f} is not *the effect", interaction),
    ("floodlight-hand-read", "({:.3f} instead of 1.96, since {} degrees of freedom are left.)",
     lambda p: [stats.t.ppf(0.975, p["phones"].n - 4), p["phones"].n - 4]),
    ("floodlight-hand-read", "by {:.2f} at the lowest and {:.2f} at the highest",
     lambda p: p["by_hand"]["slope"].iloc[[0, -1]]),
    ("floodlight-hand-read", "The lowest lies at {:.1f}, the highest at {:.1f}: we looked in the rows",
     lambda p: p["at"][[0, -1]]),
    ("floodlight-figure", "from about {:.1f} at low to {:.1f} at high costs",
     lambda p: [p["b"]["satisfaction"] + z * p["b"]["satisfaction:costs"] for z in (-2.5, 2.5)]),
    ("floodlight-read", "at {:.1f} and at {:.2f};", edges),
    ("which-read", "{:.3f}, with an interval ({:.3f} to {:.3f}) that leaves zero out",
     lambda p: p["same"].table.set_index("term").loc["satisfaction:quality", ["estimate", "ci_low", "ci_high"]]),
    ("which-read", "So the printed −.{:03.0f} can be", lambda p: [-1000 * print_of("hair-int")]),
    ("contract-figure", "Free falls from the start, to 0.{:.0f} at month 24 and", lambda p: staying(p, 24, "free")),
    ("contract-figure", "falls least, to 0.{:.0f}, the plain contract to 0.{:.0f}, the trap to 0.{:.0f}.",
     lambda p: staying(p, 48, "pledge", "contract", "trap")),
    ("contract-read", "and perfect: {:.0f} percent", lambda p: staying(p, 24, "contract")),
    ("contract-read", "the free firm has lost {:.0f}.", lambda p: [100 - staying(p, 24, "free")[0]]),
    ("contract-read", "the trap has {:.0f} of 100, the plain contract {:.0f}, the pledge {:.0f}. The free firm has {:.0f}:",
     lambda p: staying(p, 48, "trap", "contract", "pledge", "free")),
    ("contract-year-read", "contract {:.1f} percent leave in the year after it, in the free firm {:.1f} percent",
     lambda p: year_after(p, "contract", "free")),
    ("contract-year-read", "the {:.0f} of 100 who have left", lambda p: [100 - staying(p, 24, "free")[0]]),
    ("contract-year-read", "in the free firm: {:.2f} against {:.2f}.", lambda p: trust(p, "free", "contract")),
    ("contract-year-read", "{:.1f} percent leave in the year after it against {:.1f}, and",
     lambda p: year_after(p, "trap", "pledge")),
    ("contract-year-read", "trust stands at {:.2f} against {:.2f}.", lambda p: trust(p, "trap", "pledge")),
    ("privacy", "correlate at {:.3f}.", lambda p: [total(p)]),
    ("privacy-read", "most by far ({:.3f})", lambda p: [arrow(p["roads"], "intention", "trust")]),
    ("privacy-read", "total is {:.3f}, a third of it direct ({:.3f}, an interval",
     lambda p: [total(p), arrow(p["roads"], "intention", "concern")]),
    ("privacy-read", "through trust ({:.3f}), most of the rest through risk ({:.3f})", by_road),
    ("privacy-read", "{:.3f} · {:.3f} = {:.3f}.", lambda p: [arrow(p["roads"], "trust", "concern"),
                                                           arrow(p["roads"], "intention", "trust"), by_road(p)[0]]),
    ("privacy-reverse-read", "{:.3f}, and zero in its interval.", lambda p: [arrow(p["turned"], "trust", "concern")]),
    ("privacy-reverse-read", "({:.3f} · {:.3f} = {:.3f})", lambda p: [
        total(p), arrow(p["turned"], "trust", "intention"), total(p) * arrow(p["turned"], "trust", "intention")]),
    ("stages-hand-read", "the handling of complaints: {}, {}, {}, {}, {}, {}.", lambda p: p["seen"]),
    ("stages-hand-read", "here a {} and a {}. We write *{} to {}*", lambda p: [*p["seen"][2:4], *p["seen"][2:4]]),
    ("stages-hand-read", "{:.0f} percent", lambda p: [100 * np.mean(p["pairs"])]),
    ("stages-figure", "Staff and partners stand at {}; customers' data", lambda p: {side(p, "staff"), side(p, "partners")}),
    ("stages-figure", "rewards, at {}, are marked", lambda p: {side(p, "data"), side(p, "rewards")}),
    ("stages-figure", "spread from {} to {}.", lambda p: contracts(p)[:2]),
    ("stages-read", "lies at {} for staff and for partners", lambda p: {side(p, "staff"), side(p, "partners")}),
    ("stages-read", "and at {} for customers' data and for what is", lambda p: {side(p, "data"), side(p, "rewards")}),
    ("stages-read", "from {} to {} (*dissent* {:.2f}", contracts),
    ("stages-agreement-read", "{:.2f}: seven people who hardly saw the same firm", lambda p: alpha(p)[:1]),
    ("stages-agreement-read", "{:.0f} of 100 pairs are at most one step apart", lambda p: alpha(p)[3:]),
    ("ceiling-read", "no interaction ({:.3f}, zero in its interval)", lambda p: [ceiling(p, "felt")]),
    ("ceiling-read", "one of {:.3f}, surely", lambda p: [ceiling(p, "asked")]),
    ("latent-read", "Trust {:.3f}, risk {:.3f}; concern's own arrow is {:.3f}", lambda p: [
        arrow(p["latent"], "intention", one, "standardized") for one in ("trust", "risk", "concern")]),
    ("latent-read", "(p = .{:.0f})", lambda p: [100 * arrow(p["latent"], "intention", "concern", "p_value")]),
    ("slogan-read", "({} euros at 3)", lambda p: [p["promise"]["bad"].iloc[1]]),
    ("slogan-read", "At {:.0f} the bad firm gains nothing by it, and beyond {:.0f} it loses; beyond {:.0f} the good",
     lambda p: [p["worth"] / p["bad"], p["worth"] / p["bad"], p["worth"] / p["good"]]),
    ("slogan-read", "**Between {:.0f} and {:.0f} euros", lambda p: [p["worth"] / p["bad"], p["worth"] / p["good"]]),
    ("check", "{} − {} · {} = {:.1f}. Zero at costs = {:.0f}, where", lambda p: of_the_question()),
    ("check", "contract {:.1f} percent leave; of customers who were always free, {:.1f} percent",
     lambda p: year_after(p, "contract", "free")),
    ("check", "on stages 2, 2 and 5. Your manager writes \"{:.1f}: ", lambda p: [np.mean([2, 2, 5])]),
    ("check", "The middle is {:.0f}, and", lambda p: [np.median([2, 2, 5])]),
    ("exercise-answer", "(a) {:.3f}, {:.3f} and {:.3f}; zero only at {:.1f} standard", quality),
    ("exercise-answer", "(b) {:.3f} in size; it is {:.3f}.", lambda p: [
        stats.t.ppf(0.975, 340) * weights(p["fit"], "se")["satisfaction:costs"], interaction(p)[3]]),
    ("exercise-answer", "correlate at {:.2f}:", lambda p: [p["phones"].cor.loc["loyalty", "costs"]]),
]
SAID_OF_THE_ROWS = [
    ("printed-fit-read", "{:.3f} for CUSA:SC, as printed.", lambda p: [arrow(p["whole"], "CUSL", "CUSA:SC")]),
    ("printed-fit-read", "competence {:.3f}, likeability {:.3f}, satisfaction {:.3f}, switching costs {:.3f}, and",
     lambda p: [arrow(p["whole"], "CUSL", one) for one in ("COMP", "LIKE", "CUSA", "SC")]),
    ("printed-fit-read", "gives {:.3f}, and a product that is standardised once more {:.3f}:",
     lambda p: [other_scheme(p), once_more(p)]),
    ("printed-f2-read", "{:.4f} without, {:.4f} with: six thousandths of the differences in loyalty, f² {:.5f}.",
     lambda p: [p["without"], p["with_it"], (p["with_it"] - p["without"]) / (1 - p["with_it"])]),
    ("printed-bootstrap-read", "{:.3f} to {:.3f}; the book prints {:.3f} to {:.3f}.", lambda p: [
        *p["product"][["ci_low", "ci_high"]], print_of("hair-int.low"), print_of("hair-int.high")]),
    ("ceiling-tobit-read", "{:.1f} percent of them are at 7", lambda p: [100 * (p["loyal"] == 7).mean()]),
    ("ceiling-tobit-read", "weight is {:.3f} instead of {:.3f} (with a standard error of about {:.2f})", lambda p: [
        p["tobit"].x[3] / p["loyal"].std(), interaction(computed())[0] - interaction(computed())[1],
        p["tobit"].hess_inv[3, 3] ** 0.5 / p["loyal"].std()]),
    ("ceiling-tobit-read", "these two numbers, {:.3f} and {:.3f}.)", lambda p: [
        (p["loyal"] == 7).mean(), p["tobit"].x[3] / p["loyal"].std()]),
]
# numbers that a cell gives and does not compute: what is asked or set, scales, and what stands in another test or the ledger
GIVEN = {
    "try-explorer": "0 1 80 100 80 0.05",
    "after-explorer": "0",
    "interaction-read": "0 0 1 5 0",
    "floodlight-read": "2.5",
    "which-read": "1 7 7",
    "contract-figure": "48 48 1 24",
    "contract-read": "24 24 24",
    "contract-year-read": "24 24",
    "look-steps-read": "5 7",
    "stages-hand-read": "0 1",
    "stages-agreement-read": "1 0",
    "ceiling-read": "7",
    "slogan-read": "0 3 180",
    "check": "0.2 0.5 0.1 0.1 .03 .20 .03 .20 24 24 3 −1 0 1",
    "exercise-answer": "1 0 1 3 1 1.967 3 2",
    "printed-f2-read": "1,000 5,000",
    "printed-bootstrap-read": "344",
}


def told(words, numbers):
    """The words with their numbers, as the page writes minus signs."""
    return re.sub(r"-(?=\d)", "−", words.format(*numbers))


def joined(id):
    """The cell in one line; strings in code that go on in the next line are one."""
    return re.sub(r'"\s*\n\s*"', "", prose(id))


@pytest.mark.parametrize(("id", "words", "numbers"), SAID, ids=lambda one: one if isinstance(one, str) else "")
def test_what_the_prose_says_is_what_the_cells_compute(id, words, numbers):
    assert told(words, numbers(computed())) in joined(id)


@pytest.mark.parametrize(("id", "words", "numbers"), SAID_OF_THE_ROWS, ids=lambda one: one if isinstance(one, str) else "")
def test_what_the_prose_says_of_the_rows_is_what_the_cells_compute(id, words, numbers, open_data):
    assert told(words, numbers(computed(ROWS))) in joined(id)


@pytest.mark.parametrize("id", sorted({id for id, *_ in SAID + SAID_OF_THE_ROWS}))
def test_no_other_number_stands_there(id):
    """What is left of a cell without its tied sentences and its references: only what is given."""
    left = joined(id)
    for cell, words, _ in SAID + SAID_OF_THE_ROWS:
        if cell == id:
            left = re.sub(re.sub(r"\\{.*?\\}", r"−?\\d(?:[\\d.,]*\\d)?", re.escape(words)), " ", left)
    left = re.sub(r"\b11\.\d+(\.\d+)*|[Pp]ages? \d+|\*\*\d\.\*\*|^\d\. |b₁|b₃", " ", left, flags=re.MULTILINE)
    assert re.findall(r"−?\d[\d.,]*(?<![.,])|(?<=\s)\.\d+", left) == GIVEN.get(id, "").split()
