"""The ordinal grid: medians that are stages, dissent, agreement against cases worked by fractions; and no mean anywhere."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import pebbletrail as pt
from pebbletrail.instruments.raters import ALPHA, KAPPA, Agreement, pairs, statistics
from pebbletrail.instruments.stages_picture import places
from pebbletrail.instruments.stages_score import dissent, medians

DIMENSIONS = ["aims", "rules", "complaints", "contracts", "data", "words", "staff", "partners", "rewards"]
# Four raters (rows) on nine dimensions, one of whom cannot say on partners; worked out by hand below.
RATINGS = [[2, 3, 3, 1, 2, 4, 3, None, 2],
           [2, 3, 4, 1, 2, 4, 3, 3, 2],
           [3, 3, 4, 5, 2, 5, 4, 4, 2],
           [2, 3, 4, 5, 1, 4, 2, 3, 3]]


@pytest.fixture
def grid():
    return pt.instrument("ethics-stages")


def rated(rows, **keys):
    return pd.DataFrame([list(row) for row in rows], columns=DIMENSIONS, dtype=float).assign(**keys)


@pytest.fixture
def score(grid):
    """Scoring with few replicates of alpha's interval, which is not what most tests look at."""
    return lambda ratings, **options: grid.score(ratings, **{"replicates": 50, **options})


@pytest.fixture
def found(score):
    return score(rated(RATINGS))


def ordinal_alpha(ratings):
    """Krippendorff's alpha, ordinal, from its definition and in fractions: coincidences, and squared distances of ranks."""
    units = [[one for one in unit if one is not None] for unit in zip(*ratings, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    together = {}
    for unit in units:
        for pair in permutations(unit, 2):
            together[pair] = together.get(pair, 0) + Fraction(1, len(unit) - 1)
    total = {value: sum(count for (first, _), count in together.items() if first == value)
             for value in {value for unit in units for value in unit}}
    n = sum(total.values())

    def apart(low, high):
        low, high = sorted((low, high))
        between = sum(total.get(value, 0) for value in range(low, high + 1))
        return (between - (total[low] + total[high]) / 2) ** 2

    observed = sum(count * apart(*pair) for pair, count in together.items()) / n
    expected = sum(total[one] * total[other] * apart(one, other) for one in total for other in total if one != other)
    return 1 - observed / (expected / (n * (n - 1)))


# --- the profile ------------------------------------------------------------------------------------------------------
def test_medians_are_ratings_that_were_given(found):
    """By hand: aims 2 2 2 3; complaints 3 4 4 4; contracts 1 1 5 5, whose two middle ones are 1 and 5; partners 3 3 4."""
    rows = found.table.set_index("dimension")
    both = rows[["median_low", "median_high"]].apply(tuple, axis=1).to_dict()
    assert both == {"aims": (2, 2), "rules": (3, 3), "complaints": (4, 4), "contracts": (1, 5), "data": (2, 2),
                    "words": (4, 4), "staff": (3, 3), "partners": (3, 3), "rewards": (2, 2)}
    assert rows.loc["contracts", "median"] == "1 amoral to 5 ethical"
    assert rows.loc["aims", "median"] == "2 legalistic"
    assert str(rows["median_low"].dtype) == str(rows["highest"].dtype) == "Int64"  # a stage has no decimals


@pytest.mark.parametrize(("given", "expected"), [
    ([3], (3, 3)), ([1, 2], (1, 2)), ([5, 1, 2], (2, 2)), ([1, 1, 2, 5], (1, 2)), ([4, None, 2, 2], (2, 2)),
    ([1, 2, 3, 4, 5], (3, 3)),
])
def test_lower_and_upper_median(given, expected):
    assert medians(np.array(given, dtype=float)) == expected


def test_nobody_has_no_median():
    assert np.isnan(medians([np.nan, np.nan])).all()
    assert np.isnan(dissent([0, 0, 0, 0, 0]))


def test_how_many_stand_where_and_who_cannot_say(found):
    rows = found.table.set_index("dimension")
    stages = [f"stage_{n}" for n in range(1, 6)]
    assert rows.loc["contracts", stages].tolist() == [2, 0, 0, 0, 2]
    assert rows.loc["partners", [*stages, "raters", "cannot_say"]].tolist() == [0, 0, 2, 1, 0, 3, 1]
    assert (rows[stages].sum(axis=1) == rows["raters"]).all()
    assert rows.loc["staff", ["lowest", "highest"]].tolist() == [2, 4]


def test_dissent_is_that_of_leik():
    """The documentation of R's agrmt prints 0.287 for this vector of seven categories; ours uses any number of them."""
    assert round(dissent([30, 40, 210, 130, 530, 50, 10]), 3) == 0.287


@pytest.mark.parametrize(("counts", "expected"), [
    ([4, 0, 0, 0, 0], 0), ([0, 0, 7, 0, 0], 0), ([2, 0, 0, 0, 2], 1),
    ([3, 1, 0, 0, 0], Fraction(1, 8)),  # cumulative 3/4, 1, 1, 1: 2 (1/4) / 4
    ([0, 1, 2, 1, 0], Fraction(1, 4)),  # 0, 1/4, 3/4, 1: 2 (1/4 + 1/4) / 4
    ([1, 1, 1, 1, 1], Fraction(3, 5)),  # 1/5, 2/5, 3/5, 4/5: 2 (6/5) / 4
])
def test_dissent_worked_by_hand(counts, expected):
    assert dissent(counts) == pytest.approx(float(expected), abs=1e-12)


def test_weakest_is_the_lowest_median_and_ties_are_all_named(found, score):
    """Contracts has 1 as lower median; without it aims, data and rewards share 2."""
    assert list(found.table["dimension"][found.table["weakest"]]) == ["contracts"]
    assert list(found.table["dimension"][found.table["differ_most"]]) == ["contracts"]
    milder = score(rated(RATINGS).assign(contracts=4.0))
    assert list(milder.table["dimension"][milder.table["weakest"]]) == ["aims", "data", "rewards"]
    lower_first = score(rated([[2] * 9, [3, 2] + [3] * 7]))  # 2 to 3 on eight; rules 2 and 2 is below them
    assert list(lower_first.table["dimension"][lower_first.table["weakest"]]) == ["rules"]


def test_nothing_is_a_mean_or_a_total(found, score):
    """Neither a column nor a number of the sentence; and adding 1 to a rating moves no other dimension."""
    assert not [name for name in found.table if any(word in name for word in ("mean", "score", "total", "sum"))]
    assert not hasattr(found, "summary")
    assert "no mean and no total" in found.text
    changed = score(rated(RATINGS).assign(aims=[3, 3, 4, 3]))
    others = found.table["dimension"] != "aims"
    same = [name for name in found.table if name not in ("weakest", "differ_most")]
    assert_frame_equal(found.table.loc[others, same], changed.table.loc[others, same])
    assert (found.table.select_dtypes("float").columns == ["dissent"]).all()


# --- agreement --------------------------------------------------------------------------------------------------------
def test_alpha_is_that_of_the_definition_in_fractions(found):
    row = found.agreement.table.iloc[0]
    assert row["statistic"] == ALPHA
    assert row["estimate"] == pytest.approx(float(ordinal_alpha(RATINGS)), abs=1e-12)
    assert row[["raters", "units", "ratings"]].tolist() == [4, 9, 35]
    assert np.isnan([row["ci_low"], row["ci_high"]]).all()  # nine dimensions are chosen, and too few
    assert "(no interval: the dimensions are chosen, not drawn; 35 ratings" in found.agreement.text


@pytest.mark.parametrize(("units", "there"), [(14, False), (15, True)])
def test_from_fifteen_things_rated_there_is_an_interval(units, there):
    ratings = pd.DataFrame(np.random.default_rng(2).integers(1, 6, (units, 2)), dtype=float)
    rows = statistics(ratings, 1, 5, 60, 0)
    assert [np.isfinite(row["ci_low"]) for row in rows] == [there, there]
    assert rows[0]["estimate"] == pytest.approx(float(ordinal_alpha(ratings.T.astype(int).to_numpy().tolist())), abs=1e-12)
    told = Agreement(pd.DataFrame(rows), None, "answers").text
    assert ("no interval: fewer than 15 answers" in told) == (not there)


def test_two_raters_have_kappa_with_linear_weights_too(score):
    """Credit 1 − |difference| / 4: rater 1 against rater 3, partners left out since one could not say.

    Differences 1 0 1 4 0 1 1 0: mean credit 1 − 8/32 = 3/4. By chance 1 − the mean of |a − b| over all 64 pairs / 4.
    """
    first, third = RATINGS[0], RATINGS[2]
    found = score(rated([first, third]))
    table = found.agreement.table.set_index("statistic")
    shared = [(a, b) for a, b in zip(first, third, strict=True) if a is not None]
    chance = 1 - Fraction(sum(abs(a - b) for a, _ in shared for _, b in shared), 4 * 64)
    assert table.loc[KAPPA, "estimate"] == pytest.approx(float((Fraction(3, 4) - chance) / (1 - chance)), abs=1e-12)
    assert table.loc[KAPPA, ["units", "ratings", "raters"]].tolist() == [8, 16, 2]
    assert table.loc[ALPHA, "estimate"] == pytest.approx(float(ordinal_alpha([first, third])), abs=1e-12)
    assert KAPPA not in set(score(rated(RATINGS)).agreement.table["statistic"])


def test_kappa_is_that_of_statsmodels_on_five_categories(score):
    from statsmodels.stats.inter_rater import cohens_kappa

    first, other = np.array(RATINGS[1]) - 1, np.array(RATINGS[3]) - 1
    counts = np.zeros((5, 5))
    np.add.at(counts, (first, other), 1)
    ours = score(rated([RATINGS[1], RATINGS[3]])).agreement.table.set_index("statistic").loc[KAPPA]
    theirs = cohens_kappa(counts, wt="linear")
    assert ours["estimate"] == pytest.approx(theirs.kappa, abs=1e-12)
    assert np.isnan(ours["ci_low"])
    twice = pd.DataFrame({"a": np.tile(first + 1, 2), "b": np.tile(other + 1, 2)}, dtype=float)  # 18 things: an interval
    row = statistics(twice, 1, 5, 60, 0)[1]
    assert row["ci_low"] == pytest.approx(cohens_kappa(2 * counts, wt="linear").kappa_low, abs=1e-9)


def test_pairs_of_ratings_are_counted():
    """By hand: ratings 2 2 3 make pairs 0 1 1; 1 5 makes one of 4; a lone rating none."""
    ratings = np.array([[2, 2, 3], [1, 5, np.nan], [4, np.nan, np.nan]])
    assert pairs(ratings) == (1 / 4, 3 / 4)
    assert np.isnan(pairs(np.array([[1.0, np.nan]]))).all()


@pytest.mark.parametrize(("rows", "note"), [
    ([[3] * 9], "one rater: agreement needs two"),
    ([[3] * 9, [None] * 9], "one rater: agreement needs two"),
    ([[None] * 9], "no rater: agreement needs two"),
    ([[3] * 9, [3] * 9], "every rating is the same"),
    ([[3] + [None] * 8, [4] * 9], "fewer than two things"),
])
def test_where_there_is_no_agreement_to_tell_it_is_said_why(score, rows, note):
    found = score(rated(rows))
    assert found.agreement.table["estimate"].isna().all()
    assert found.agreement.table["note"].str.startswith(note).all()
    assert note in found.text
    assert found.figure().alt


def test_full_agreement_is_one_without_an_interval(score):
    table = score(rated([RATINGS[1], RATINGS[1]])).agreement.table
    assert table["estimate"].tolist() == [1, 1]
    assert table["ci_low"].isna().all()
    same = score(rated([RATINGS[1], RATINGS[1]]))
    assert "no interval" in same.text
    assert "Raters do not differ on any dimension." in same.text
    assert not same.table["differ_most"].any()


def test_reliability_gives_the_same_agreement(grid, found):
    same = ["statistic", "estimate", "raters", "units", "ratings", "same", "near", "note"]
    assert_frame_equal(grid.reliability(rated(RATINGS)).table[same], found.agreement.table[same])


# --- groups -----------------------------------------------------------------------------------------------------------
def test_firms_are_told_apart_and_sides_within_one(score):
    ratings = rated(RATINGS, firm=["a", "a", "b", "b"], side=["m", "e", "m", "e"], rater=range(4))
    firms = score(ratings)
    assert list(firms.table["firm"].unique()) == ["a", "b"]
    alone = score(rated(RATINGS[:2]))
    assert_frame_equal(firms.of("a").drop(columns="firm").reset_index(drop=True), alone.table)
    assert firms.agreement.table["estimate"].tolist()[:2] == alone.agreement.table["estimate"].tolist()
    with pytest.raises(ValueError, match="2 different values of firm"):
        score(ratings, by="side")
    sides = score(ratings[ratings["firm"] == "a"], by="side")
    assert list(sides.groups) == ["m", "e"]
    with pytest.raises(ValueError, match="group: None is not one of 'a', 'b'; say which firm"):
        firms.figure()
    assert "(b)" in firms.figure("b").alt


def test_a_rater_who_is_there_twice_is_refused(score):
    """Five raters twice would pass for ten; once in each firm are two people, and rows without a code are all others."""
    ratings = rated(RATINGS, firm=["a", "a", "b", "b"], rater=["r1", "r2", "r1", " r1"], side=["m", "e", "m", "e"])
    with pytest.raises(ValueError, match="'r1' has more than one row of the same firm"):
        score(ratings)
    with pytest.raises(ValueError, match="'r1' has more than one row of the same firm"):
        score(ratings.query("firm == 'b'"), by="side")
    assert list(score(ratings.iloc[:3]).groups) == ["a", "b"]
    assert "fewer than 10 raters" in score(ratings.assign(rater=None)).text


def sided(managers, employees):
    """A firm with so many raters of two sides, who tick stages in turn."""
    sizes = {"manager": managers, "employee": employees}
    rows = [[1 + (n + at) % 5 for at in range(9)] for size in sizes.values() for n in range(size)]
    return rated(rows, firm="f", side=[side for side, size in sizes.items() for _ in range(size)], rater=range(len(rows)))


def test_a_side_is_told_of_from_ten_raters_on(score):
    """The sheet promises it: below 10 no count, stage or median of the side; the firm's own profile stays."""
    found = score(sided(10, 9), by="side")
    assert found.hidden == ("employee",)
    few, many = found.of("employee"), found.of("manager")
    cells = ["cannot_say", *(f"stage_{n}" for n in range(1, 6)), "median_low", "median_high", "lowest", "highest", "dissent"]
    assert few[cells].isna().all(axis=None)
    assert (few["median"] == "fewer than 10 raters").all()
    assert not few[["weakest", "differ_most"]].any(axis=None)
    assert many[cells].notna().all(axis=None)
    assert many["stage_1"].tolist() == [2] * 9
    assert "employee: 9 raters: with fewer than 10 nothing is told of them by themselves" in found.text
    with pytest.raises(ValueError, match="'employee' has fewer than 10 raters, and the sheet promises"):
        found.figure("employee")
    assert found.figure("manager").axes[0].get_title(loc="left") == "manager"
    everything = score(sided(10, 9), by="side", small=True)
    assert everything.hidden == ()
    assert everything.table[cells].notna().all(axis=None)
    assert everything.figure("employee").alt
    assert score(sided(3, 2)).table["stage_1"].notna().all()  # the whole firm, with its warning
    assert score(sided(3, 2), by="firm").hidden == ()
    for language, words in (("en", "only from 10 raters of that side on"), ("fr", "seulement à partir de 10 personnes")):
        assert words in pt.instrument("ethics-stages", language).questionnaire().html


def test_where_two_fit_the_earlier_is_ticked_on_paper_and_on_the_screen():
    for language, words, limit in (("en", "where two fit", "pushes every profile downward"),
                                   ("fr", "si deux conviennent", "tire tout profil vers le bas")):
        grid = pt.instrument("ethics-stages", language)
        assert words in grid.questionnaire().html.lower()
        assert words in grid.fill_in()._told["how"]
        assert any(limit in one for one in grid.limits)


def test_few_ratings_are_never_those_on_which_raters_differ_most(score):
    """Two on partners at both ends have dissent 1; the three or four on the others are what counts."""
    found = score(rated(RATINGS).assign(contracts=3.0, partners=[1, 5, None, None]))
    assert found.table.set_index("dimension").loc["partners", "dissent"] == 1
    assert "partners" not in set(found.table["dimension"][found.table["differ_most"]])
    assert "4 raters); dissent" in found.text
    assert "an odd number cannot reach 1" in score(rated(RATINGS)).text  # three on partners, four on the others
    assert "an odd number cannot reach 1" not in score(rated(RATINGS).assign(partners=3.0)).text
    assert "With fewer than 3 ratings no dimension is called" in score(rated([RATINGS[0], RATINGS[2]])).text


def test_names_of_firms_are_stripped_and_told_in_the_figure(score):
    found = score(rated(RATINGS, firm=["a$x", " a$x", "b", "b "]))
    assert list(found.groups) == ["a$x", "b"]
    assert found.figure("a$x").axes[0].get_title(loc="left") == "a$x"


def test_identifiers_tell_what_is_made_up_where_the_table_has_forgotten(grid, score, tmp_path):
    made = grid.example(1)
    made.to_csv(tmp_path / "m.csv", index=False)
    assert score(grid.read(tmp_path / "m.csv")).text.startswith("Made up: drawn by chance")


def test_thousands_of_raters_are_scored_at_once(grid):
    """Counted and not paired: 5,000 raters make 12 million pairs a dimension."""
    found = grid.score(grid.example(0, rows=2000))
    assert "2,000 raters, 9 dimensions" in found.text
    row = found.agreement.table.iloc[0]
    ratings = found.values  # noqa: PD011 (a field of the profile)
    values = ratings["rules"].dropna().to_numpy()[:200]
    apart = np.abs(values[:, None] - values)[np.triu_indices(len(values), 1)]
    assert pairs(values[None, :]) == pytest.approx(((apart == 0).mean(), (apart <= 1).mean()), abs=1e-12)
    assert 0 < row["same"] < row["near"] < 1


@pytest.mark.parametrize(("change", "options", "told"), [
    ({}, {"by": "country"}, "there is no column 'country' beside the ratings"),
    ({"firm": ["a", None, "a", "a"]}, {}, "1 of 4 rows have no firm"), ({"firm": ["a", " ", "a", "a"]}, {}, "no firm"),
    ({"rater": ["1", "2", "3", "4"]}, {"by": "rater"}, "by: 'rater' tells single raters apart"),
    ({"title": "x"}, {"by": "title"}, "'title' is the name of a column of the result"),
    ({"note": "x"}, {"by": "note"}, "'note' is the name of a column of the result"),
    ({"side": "x"}, {"by": "side", "small": "yes"}, "small: True or False is needed"),
    ({}, {"weights": {}}, "weights: scoring ethics-stages has no such choice; it has by, small, replicates, seed"),
    ({"aims": [2, 2, 6, 2]}, {}, r"row 2, column 'aims': 6.*Allowed is a whole number from 1 to 5"),
    ({"aims": [2, 2, 2.5, 2]}, {}, "column 'aims': 2.5"),
    ({"aims": ["2", "2", "2", "2"]}, {}, "column 'aims': '2'"),
])
def test_what_does_not_fit_is_told(score, change, options, told):
    with pytest.raises(ValueError, match=told):
        score(rated(RATINGS).assign(**change), **options)


def test_a_missing_dimension_is_told(score):
    with pytest.raises(ValueError, match="missing: rewards"):
        score(rated(RATINGS).drop(columns="rewards"))


def test_the_callers_table_stays_as_it_was(score):
    ratings = rated(RATINGS, firm="a")
    before = ratings.copy(deep=True)
    score(ratings)
    assert_frame_equal(ratings, before)


# --- words, pictures, the made-up table ------------------------------------------------------------------------------
def test_the_sentence_names_the_weakest_the_quarrel_and_the_cautions(found):
    for part in ("4 raters, 9 dimensions", "Weakest: Contracts and prices (median stage 1 amoral to 5 ethical; 4 raters)",
                 "Contracts and prices (stages 1 to 5; 4 raters); dissent 1.00", "With 4 raters a median says little",
                 "fewer than 10 raters", "fewer than 30 dimensions", "35 ratings of 9 dimensions by 4 raters"):
        assert part in found.text


def test_limits_say_what_the_grid_is_not(grid):
    told = " ".join(grid.limits)
    for part in ("No validation data", "article's own table of criteria was not reached", "Kohlberg", "no mean, no total"):
        assert part in told


def test_every_dimension_describes_five_stages_that_differ(grid):
    for language in ("en", "fr"):
        options = pt.instrument("ethics-stages", language).options
        assert options.groupby("item", sort=False)["value"].agg(list).tolist() == [[1, 2, 3, 4, 5]] * 9
        assert options["text"].is_unique
        assert options["text"].str.endswith(".").all()
        assert options.groupby("value")["label"].nunique().eq(1).all()
    assert list(grid.options["item"].unique()) == DIMENSIONS
    assert list(grid.options["label"].iloc[:5]) == ["amoral", "legalistic", "responsive", "emergent ethical", "ethical"]


def test_the_figure_has_a_dot_for_each_rating_and_marks_the_weakest(found):
    fig = found.figure()
    assert "Contracts and prices: 1 amoral to 5 ethical, the weakest" in fig.alt
    ax = fig.axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert sum(len(line.get_xdata()) for line in dots) == 35
    contracts = dots[DIMENSIONS.index("contracts")]
    assert sorted(np.round(contracts.get_xdata()).astype(int)) == [1, 1, 5, 5]
    assert [text.get_text() for text in ax.texts if "weakest" in text.get_text()] == ["weakest,\ndiffer most"]
    wide = ax.patches[DIMENSIONS.index("contracts")]
    assert (wide.get_x(), wide.get_width()) == (pytest.approx(0.55), pytest.approx(4.9))


def test_many_raters_stay_within_their_cell():
    x, y = places(np.repeat([2, 4], [60, 1]), deepest=9)
    assert np.abs(x[:60] - 2).max() < 0.45
    assert np.abs(y).max() < 0.5
    assert len({(round(a, 6), round(b, 6)) for a, b in zip(x, y, strict=True)}) == 61  # no dot upon another


def test_the_example_says_that_it_is_made_up(grid, score):
    made = grid.example(3)
    assert_frame_equal(made, grid.example(3))
    assert not made.equals(grid.example(4))
    assert list(made.columns) == ["rater", "firm", "side", *DIMENSIONS]
    assert made["rater"].str.startswith("made-up").all()
    assert (made["firm"] == "made-up firm 3").all()
    assert score(made).text.startswith("Made up: drawn by chance")
    assert "Made up" not in score(rated(RATINGS)).text
    assert len(grid.example(rows=2)) == 2
    for wrong in (0, -1, 2.5, "7", True):
        with pytest.raises(ValueError, match="rows: a whole number from 1"):
            grid.example(rows=wrong)


def test_one_rater_fills_in_the_panel_and_sees_no_mean(grid):
    panel = grid.fill_in()
    panel.answer("aims", 4)
    panel.answer("data", 1.0)
    panel.answer("words", None)
    messages = []
    panel.widget.send = lambda content, buffers=None: messages.append(content)
    panel.show()
    heads = [one["head"] for one in messages[-1]["results"]]
    assert heads[0] == "Aims: stage 4 of 5, emergent ethical"
    assert heads[DIMENSIONS.index("words")] == "Words and deeds: you could not say"
    texts = grid.options.set_index(["item", "value"])["text"]
    assert f"What you ticked: {texts[('data', 1)]}" in messages[-1]["results"][DIMENSIONS.index("data")]["lines"]
    assert panel.answers[["aims", "data"]].iloc[0].tolist() == [4, 1]
    with pytest.raises(ValueError, match="value: '6' is not allowed; a whole number from 1 to 5"):
        panel.answer("aims", 6)
    lines = panel._told["lines"]
    assert not any(label in option["label"] for line in lines for option in line["options"]
                   for label in ("amoral", "legalistic"))  # a rater reads what was done, and no name for it


def test_ones_own_row_is_scored_beside_others(grid, score):
    panel, made = grid.fill_in(), grid.example(1)
    for item in DIMENSIONS:
        panel.answer(item, 2)
    both = pd.concat([made, panel.answers.assign(rater="me", firm="made-up firm 1")], ignore_index=True)
    assert (score(both).table["raters"] + score(both).table["cannot_say"] == 8).all()
