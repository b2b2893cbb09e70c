"""Openness to dialogue: shares, times and the index against cases worked by hand, statsmodels and plain loops."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import pebbletrail as pt
from pebbletrail.instruments.contradictions import of_line
from pebbletrail.instruments.definition import NARROW, common
from pebbletrail.instruments.openness_parts import (
    INDEX,
    answered_by,
    indicators,
    median_hours,
    resampled,
    wilson,
    within_interval,
)
from pebbletrail.instruments.openness_text import mixes_apart
from pebbletrail.instruments.openness_weights import above, checked_weights, index_of, weightings_above

COLUMNS = ["message", "brand", "channel", "about", "watched", "answered", "hours", "tone_a", "tone_b", "resolved", "moved",
           "deleted"]
# Six messages to A, four to B. Everything below is worked out from these lines by hand.
ROWS = [
    ("a1", "A", "public", "question", 72, "yes", 2, 4, 5, "yes", "no", "no"),
    ("a2", "A", "public", "complaint", 72, "yes", 30, 3, 4, "no", "yes", "no"),
    ("a3", "A", "public", "complaint", 72, "no", None, None, None, "no", None, "yes"),
    ("a4", "A", "email", "question", 72, "yes", 5, 2, 2, "yes", None, "no"),  # nothing public: kept by nobody
    ("a5", "A", "email", "question", 72, "no", None, None, None, None, None, None),
    ("a6", "A", "private", "complaint", 72, "yes", 10, 5, 5, "yes", "no", None),
    ("b1", "B", "public", "question", 72, "yes", 50, 4, 4, "yes", "no", "no"),
    ("b2", "B", "public", "complaint", 72, "no", None, None, None, "no", None, "no"),
    ("b3", "B", "email", "question", 72, "no", None, None, None, "yes", None, None),
    ("b4", "B", "private", "complaint", 72, "no", None, None, None, "no", None, None),
]


def sent(rows=ROWS):
    return pd.DataFrame(rows, columns=COLUMNS)


@pytest.fixture(scope="module")
def contacts():
    return pt.instrument("openness-to-dialogue")


@pytest.fixture(scope="module")
def found(contacts):
    return contacts.score(sent(), replicates=400)


@pytest.fixture(scope="module")
def example(contacts):
    return contacts.score(contacts.example(0), replicates=400)


def part(found, brand, name):
    return found.table.set_index(["brand", "part"]).loc[(brand, name)]


# --- the parts --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("brand", "name", "n", "expected"), [
    ("A", "answered", 6, Fraction(4, 6)), ("B", "answered", 4, Fraction(1, 4)),
    ("A", "within", 6, Fraction(3, 6)),  # 2, 5 and 10 hours; 30 is later than 24
    ("B", "within", 4, Fraction(0)),
    ("A", "tone", 6, Fraction(5, 12)),  # 1, ½, 0 (silent), 0, 0 (silent), 1, over six
    ("B", "tone", 4, Fraction(1, 4)),
    ("A", "resolved", 6, Fraction(3, 6)),  # a5 was not answered and nothing is said of it: not resolved
    ("B", "resolved", 4, Fraction(2, 4)),  # b3 was settled without an answer
    ("A", "kept", 3, Fraction(2, 3)), ("B", "kept", 2, Fraction(1)),  # public messages only
    ("A", "moved", 2, Fraction(1, 2)), ("B", "moved", 1, Fraction(0)),  # public and answered only
])
def test_shares_worked_by_hand(found, brand, name, n, expected):
    row = part(found, brand, name)
    assert row["n"] == n
    assert row["estimate"] == pytest.approx(float(expected), abs=1e-12)


@pytest.mark.parametrize(("successes", "n"), [(0, 5), (4, 6), (1, 4), (12, 20), (60, 100), (7, 7)])
def test_intervals_of_shares_are_wilsons(successes, n):
    """statsmodels, and Wilson's formula written out."""
    from statsmodels.stats.proportion import proportion_confint

    z, share = 1.959963984540054, successes / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    assert wilson(successes, n) == pytest.approx((middle - half, middle + half), abs=1e-12)
    assert wilson(successes, n) == pytest.approx(proportion_confint(successes, n, method="wilson"), abs=1e-9)
    assert np.isnan(wilson(0, 0)).all()


def test_the_table_holds_wilsons_intervals(found):
    for brand, name, successes in (("A", "answered", 4), ("A", "resolved", 3), ("B", "kept", 2), ("A", "moved", 1)):
        row = part(found, brand, name)
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(wilson(successes, row["n"]), abs=1e-12)
    assert (part(found, "A", "within")[["ci_low", "ci_high"]].tolist()) == pytest.approx(wilson(3, 6), abs=1e-12)


def test_median_hours_keep_the_unanswered_in(found):
    """A: of six, answers after 2, 5, 10, 30 hours. The curve is ½ from 10 to 30, so the median is 20, and not the 7.5 of
    the answered ones. B: one of four answered, so there is none."""
    assert part(found, "A", "median_hours")["estimate"] == 20
    assert np.isnan(part(found, "B", "median_hours")["estimate"])
    assert part(found, "B", "median_hours")["note"].startswith("not reached")


@pytest.mark.parametrize(("time", "event", "expected"), [
    ([1, 2, 3], [1, 1, 1], 2), ([1, 2, 3, 4], [1, 1, 1, 1], 2.5), ([3, 3, 3, 9], [1, 1, 1, 0], 3),
    ([1, 2, 3, 4, 5], [1, 0, 1, 1, 0], 4),  # 4/5, then 4/5 · 2/3 = 8/15, then 8/15 · 1/2 = 4/15
    ([5, 5], [0, 0], np.nan), ([1, 9], [1, 0], np.nan),  # just half were answered, and no more
])
def test_median_hours_by_hand(time, event, expected):
    got = median_hours(np.array(time, dtype=float), np.array(event, dtype=float))[0]
    assert got == pytest.approx(expected, nan_ok=True)


def drawn(seed, n=60):
    """Answers with messages that were watched for different times, some in ties."""
    rng = np.random.default_rng(seed)
    answer, watched = np.ceil(rng.exponential(20, n)), rng.choice([12.0, 24.0, 48.0], n)
    return np.minimum(answer, watched), (answer <= watched).astype(float)


@pytest.mark.parametrize("seed", range(4))
def test_times_are_those_of_statsmodels(seed):
    from statsmodels.duration.survfunc import SurvfuncRight

    time, event = drawn(seed)
    curve = SurvfuncRight(time, event)
    assert median_hours(time, event)[0] == curve.quantile(0.5)
    for hours in (1, 6, 12, 20, 30):
        at = np.searchsorted(curve.surv_times, hours, side="right") - 1
        left, se = (curve.surv_prob[at], curve.surv_prob_se[at]) if at >= 0 else (1.0, 0.0)
        share = answered_by(time, event, hours)[0]
        assert share == pytest.approx(1 - left, abs=1e-12)
        if hours > 12:  # some were watched for less: the log-log interval
            half = 1.959963984540054 * se / (left * abs(np.log(left)))
            expected = (1 - left ** np.exp(-half), 1 - left ** np.exp(half))
            assert within_interval(time, event, hours, share) == pytest.approx(expected, abs=1e-9)


def test_weighted_times_are_those_of_repeated_rows():
    time, event = drawn(7, 25)
    weights = np.random.default_rng(1).integers(0, 4, (6, 25))
    ours = answered_by(time, event, 20, weights)
    again = [answered_by(np.repeat(time, row), np.repeat(event, row), 20)[0] for row in weights]
    assert ours == pytest.approx(again, abs=1e-12)


def test_what_nobody_waited_for_is_not_told(contacts):
    """Watched for 12 hours, asked about 24: unknown, not nought; unless all were answered by then."""
    rows = sent().assign(watched=12.0).query("brand == 'B'").assign(answered="no", hours=np.nan, tone_a=None, tone_b=None)
    found = contacts.score(rows, replicates=50)
    assert np.isnan(part(found, "B", "within")["estimate"])
    assert part(found, "B", "within")["note"] == "no message was watched for 24 hours"
    assert "within cannot be told of this brand; give it weight 0" in found.index["note"][0]
    assert found.weigh(within=0).index["estimate"].notna().all()
    assert answered_by(np.array([3.0, 5.0]), np.ones(2), 24)[0] == 1


# --- the index --------------------------------------------------------------------------------------------------------
def test_answers_whose_tone_nobody_coded_are_taken_to_be_like_the_others(contacts):
    """Of A's four answers a2 and a4 lose their codes: 4 of 6 answered, and of the two coded ones both friendly: 4/6 · 1."""
    rows = sent()
    rows.loc[rows["message"].isin(["a2", "a4"]), ["tone_a", "tone_b"]] = np.nan
    found = contacts.score(rows, replicates=50)
    assert part(found, "A", "tone")["estimate"] == pytest.approx(4 / 6)
    assert "The tone of 2 answers is not coded: taken to be as friendly" in found.text
    none = contacts.score(rows.assign(tone_a=None, tone_b=None), replicates=50)
    assert np.isnan(part(none, "A", "tone")["estimate"])  # not 0: nobody knows
    assert part(none, "A", "tone")["note"] == "no answer is coded"
    silent = rows[rows["answered"] == "no"]
    assert part(contacts.score(silent, replicates=50), "A", "tone")["estimate"] == 0


def test_the_index_is_the_weighted_mean_of_the_shares(found):
    """A: (4/6 + 1/2 + 5/12 + 1/2 + 2/3) / 5 = 11/20 = 55; B: (1/4 + 0 + 1/4 + 1/2 + 1) / 5 = 2/5 = 40."""
    assert list(found.index["brand"]) == ["A", "B"]
    assert found.index["estimate"].tolist() == pytest.approx([55, 40], abs=1e-9)
    assert found.weights == pytest.approx(dict.fromkeys(INDEX, 0.2))
    only = found.weigh({"kept": 3})
    assert list(only.index["brand"]) == ["B", "A"]  # highest first, by these weights
    assert only.index["estimate"].tolist() == pytest.approx([100, 200 / 3], abs=1e-9)
    assert sum(only.weights.values()) == 1
    assert found.index["estimate"].tolist() == pytest.approx([55, 40])  # the first result stays what it was


def test_weights_moved_by_name_start_from_equal_shares(found):
    moved = found.weigh(resolved=3, tone=0)
    assert moved.weights == pytest.approx({"answered": 1 / 6, "within": 1 / 6, "tone": 0, "resolved": 1 / 2, "kept": 1 / 6})
    assert_frame_equal(found.weigh(resolved=1).index, found.index)


def test_the_interval_is_that_of_resampled_rows(found):
    """A plain loop over resampled messages of A, with another generator: the same quantiles within their luck."""
    counted = indicators(found.rows[found.rows["brand"] == "A"], 24)
    rng, made = np.random.default_rng(99), []
    for _ in range(3000):
        rows = counted.iloc[rng.integers(0, len(counted), len(counted))]
        early = (rows["time"] <= 24) & (rows["event"] > 0)
        shares = {name: rows[name].mean() for name in INDEX if name != "within"}
        shares |= {"within": early.mean(), "tone": rows["tone"].fillna(0).mean()}  # all answers here are coded
        made.append(100 * np.mean(list(shares.values())))
    ours = index_of(resampled(counted, 24, 20_000, np.random.default_rng(5)), found.weights)
    for share in (0.025, 0.25, 0.5, 0.75, 0.975):
        assert np.nanquantile(ours, share) == pytest.approx(np.nanquantile(made, share), abs=2.5)
    assert np.isnan(ours).mean() == pytest.approx(0.5**6, abs=0.005)  # no public message in the resample
    row = found.index.iloc[0]
    assert row["ci_low"] < 55 < row["ci_high"]


def test_the_same_seed_gives_the_same_intervals(contacts):
    first, again, other = (contacts.score(sent(), replicates=100, seed=seed) for seed in (1, 1, 2))
    assert_frame_equal(first.index, again.index)
    assert_frame_equal(first.pairs, again.pairs)
    assert first.index["ci_low"].tolist() != other.index["ci_low"].tolist()


def test_random_weightings_against_the_closed_form():
    """With two parts the weight w of the first is even on 0 to 1. First brand ahead by 3 in the one, behind by 1 in the
    other: above where 3 w > 1 − w, that is in three quarters. With three parts, ahead by 1 in one of them and behind by 1 in
    one: half. Ahead in all: always."""
    def share(first, second):
        return weightings_above(pd.Series(first, dtype=float), pd.Series(second, dtype=float), np.random.default_rng(0))

    assert share([3, 0], [0, 1]) == pytest.approx(0.75, abs=0.015)
    assert share([1, 0, 2], [0, 1, 2]) == pytest.approx(0.5, abs=0.015)
    assert share([2, 2, 2], [1, 1, 1]) == 1
    assert share([1, 1, 1], [1, 1, 1]) == 0.5
    assert share([1, np.nan], [0, 5]) == 1  # what is not known of both is left out
    assert above(np.array([1.0, -1, 0, 2])) == 0.625


def test_pairs_say_how_sure_the_order_is(found):
    """A leads in answered, within and tone by 5/12, 1/2 and 1/6, is even in resolved, and behind in kept by 1/3."""
    pair = found.pairs.iloc[0]
    assert pair[["first", "second"]].tolist() == ["A", "B"]
    assert pair["difference"] == pytest.approx(15, abs=1e-9)
    assert pair["ci_low"] < 15 < pair["ci_high"]
    gap = np.array([5 / 12, 1 / 2, 1 / 6, 0, -1 / 3])
    weights = -np.log(np.random.default_rng(8).random((200_000, 5)))  # exponentials, of which shares are even on the simplex
    assert pair["of_weightings"] == pytest.approx(((weights @ gap) > 0).mean(), abs=0.015)
    assert 0.5 < pair["of_resamples"] < 1


def test_three_brands_have_three_pairs_in_the_order_of_the_index(example):
    order = list(example.index["brand"])
    assert example.pairs[["first", "second"]].to_numpy().tolist() == [[order[0], order[1]], [order[0], order[2]],
                                                                     [order[1], order[2]]]
    assert (example.pairs["difference"] >= 0).all()


@pytest.mark.parametrize(("weights", "told"), [
    ({"speed": 1}, "'speed' is no part of the index; these are: answered, within, tone, resolved, kept"),
    ({"moved": 1}, "'moved' is no part of the index"),
    ({"tone": -1}, "tone has -1; a number from 0 on"), ({"tone": "2"}, "tone has '2'"), ({"tone": True}, "tone has True"),
    ({"tone": np.nan}, "tone has nan"), ({"tone": 0}, "at least one of them has to be above 0"), ({}, "at least one of"),
    ([1, 2, 3, 4, 5], "a dict such as"),
])
def test_wrong_weights_are_told(weights, told):
    with pytest.raises(ValueError, match=told):
        checked_weights(weights)


@pytest.mark.parametrize(("options", "told"), [
    ({"within": 0}, "within: a number of hours above 0"), ({"within": "24"}, "within: a number"),
    ({"replicates": 10}, "replicates: a whole number from 50"),
    ({"by": "about"}, "by: scoring openness-to-dialogue has no such"),
])
def test_wrong_choices_are_told(contacts, options, told):
    with pytest.raises(ValueError, match=told):
        contacts.score(sent(), **options)


def test_a_brand_without_public_messages_has_no_index_until_kept_has_no_weight(contacts):
    rows = sent().query("brand == 'A' or channel != 'public'")
    found = contacts.score(rows, replicates=50)
    assert found.index["brand"].tolist() == ["A", "B"]
    assert np.isnan(found.index["estimate"][1])
    assert "kept cannot be told of this brand" in found.index["note"][1]
    assert found.pairs.empty
    assert "no index: kept" in found.text
    assert found.figure().alt
    assert len(found.weigh(kept=0).pairs) == 1


# --- tone -------------------------------------------------------------------------------------------------------------
def test_tones_are_counted_for_each_coder(found):
    tones = found.tones.set_index(["brand", "tone"])
    assert tones.loc["A"][["coder_a", "coder_b"]].to_numpy().tolist() == [[0, 0], [1, 1], [1, 0], [1, 1], [1, 2]]
    assert tones.loc[("B", 4), ["coder_a", "coder_b"]].tolist() == [1, 1]
    assert tones.loc[("A", 1), "meaning"] == "hostile or mocking"


def test_agreement_of_coders_is_that_of_the_library(found, contacts):
    """Codes 4 3 2 5 4 against 5 4 2 5 4: three of five the same, all at most one apart."""
    codes = sent().dropna(subset=["tone_a"])[["tone_a", "tone_b"]].astype(float)
    table = found.agreement.table.set_index("statistic")
    alpha = pt.krippendorff(codes, "ordinal", replicates=50, seed=0).estimate
    assert table["estimate"].tolist() == pytest.approx([alpha, pt.kappa(*codes.to_numpy().T, weights="linear").estimate])
    assert table[["units", "ratings", "same", "near"]].iloc[0].tolist() == [5, 10, 0.6, 1]
    assert_frame_equal(contacts.reliability(sent()).table, found.agreement.table)


def test_one_coder_is_enough_for_tone_but_not_for_agreement(contacts):
    found = contacts.score(sent().assign(tone_b=None), replicates=50)
    assert part(found, "A", "tone")["estimate"] == pytest.approx(2 / 6)
    assert "agreement needs two" in found.agreement.text


# --- what is wrong with a table ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("row", "column", "value", "told"), [
    (0, "answered", None, r"row 0 \(message 'a1'\): answered is empty"),
    (0, "answered", "maybe", "row 0 .*column 'answered': 'maybe'.* Allowed is yes or no in answered"),
    (0, "hours", None, "answered is yes and hours is empty"),
    (0, "resolved", None, "answered is yes and resolved is empty"),
    (2, "hours", 3, r"row 2 \(message 'a3'\): answered is no and hours is filled in"),
    (0, "hours", 100, "hours is more than watched"),
    (0, "hours", "1,000", "column 'hours': '1,000'.*1,000 may be a thousand or one: write 1000 or 1.0"),
    (0, "watched", "1,000.5", "column 'watched': '1,000.5'"),
    (0, "deleted", None, r"row 0 \(message 'a1'\): channel is public and deleted is empty.*yes or no\?$"),
    (0, "hours", -1, "column 'hours': -1.*a number of hours from 0 on in hours"),
    (0, "hours", np.inf, "column 'hours': inf"),
    (2, "watched", None, "answered is no and watched is empty or 0"), (2, "watched", 0, "watched is empty or 0"),
    (2, "tone_a", 4, "answered is no and a tone is coded"),
    (0, "tone_a", 6, "column 'tone_a': 6.*a whole number from 1 to 5 in tone_a"), (0, "tone_a", 2.5, "column 'tone_a': 2.5"),
    (2, "moved", "yes", "answered is no and moved is yes"),
    (3, "moved", "yes", "moved is yes and the channel is not public"),
    (3, "deleted", "yes", "deleted is yes and the channel is not public"),
    (0, "channel", None, "channel is empty"), (0, "channel", "fax", "'fax'.*public or private or email or chat in channel"),
    (0, "brand", None, r"row 0 \(message 'a1'\) has no brand"), (0, "brand", " ", "has no brand"),
    (0, "message", "a2", "message 'a2' is there more than once for the brand 'A'"),
    (0, "resolved", 2, "column 'resolved': 2"), (0, "resolved", [1], "column 'resolved'"),
    (0, "hours", True, "'hours': True"),
])
def test_what_cannot_be_is_told_with_its_row(contacts, row, column, value, told):
    rows = sent().astype(object)
    rows[column] = [value if at == row else one for at, one in enumerate(rows[column])]
    with pytest.raises(ValueError, match=told):
        contacts.score(rows)


def test_many_contradictions_are_counted(contacts):
    with pytest.raises(ValueError, match="; and 5 more"):
        contacts.score(sent().assign(answered=None))


@pytest.mark.parametrize(("change", "told"), [
    (lambda rows: rows.drop(columns="brand"), "the column 'brand' is missing"),
    (lambda rows: rows.drop(columns="moved"), "missing: moved. An item that nobody answered is an empty column"),
    (lambda rows: rows.iloc[:0], "there is no row in it"),
    (lambda rows: rows.to_dict(), "a DataFrame with one row a message"),
    (lambda rows: pd.concat([rows.assign(brand=f"b{n}", message=None) for n in range(13)]), "13 different brands"),
])
def test_a_table_that_does_not_fit_is_told(contacts, change, told):
    with pytest.raises(ValueError, match=told):
        contacts.score(change(sent()))


def test_yes_and_no_may_come_in_many_ways(contacts, found):
    yes = {"yes": True, "no": False}
    for words in (yes, {"yes": 1, "no": 0}, {"yes": "Oui", "no": "NON"}, {"yes": 1.0, "no": 0.0}):
        rows = sent()
        for column in ("answered", "resolved", "moved", "deleted"):
            rows[column] = rows[column].map(words).astype(object)
        assert_frame_equal(contacts.score(rows, replicates=400).table, found.table)


def test_the_callers_table_stays_as_it_was(contacts):
    rows = sent()
    before = rows.copy(deep=True)
    contacts.score(rows, replicates=50)
    assert_frame_equal(rows, before)


# --- files ------------------------------------------------------------------------------------------------------------
def test_a_file_in_either_language_says_the_same(contacts, found, tmp_path):
    header = ",".join(COLUMNS)
    english = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in ROWS)
    (tmp_path / "en.csv").write_text(f"{header}\n{english}\n", encoding="utf-8")
    words = {"yes": "oui", "no": "non", "public": "page publique : d'autres peuvent lire", "question": "une question"}
    french = "\n".join(";".join("?" if cell is None else words.get(cell, str(cell)) for cell in row) for row in ROWS)
    (tmp_path / "fr.csv").write_text(f"{header.replace(',', ';')}\n{french}\n", encoding="cp1252")
    first, second = (contacts.read(tmp_path / f"{language}.csv") for language in ("en", "fr"))
    assert_frame_equal(first, second)
    assert first["hours"].dtype == float
    assert_frame_equal(contacts.score(first, replicates=400).table, found.table)


@pytest.mark.parametrize(("change", "told"), [
    (("72,yes,2,4,5", "72,yes,soon,4,5"), "line 2, column hours: 'soon'. Allowed is a number of hours from 0 on in hours"),
    (("72,yes,2,4,5", "72,perhaps,2,4,5"), "line 2, column answered: 'perhaps'. Allowed is yes or no in answered"),
    (("72,yes,2,4,5", "72,yes,nan,4,5"), "line 2, column hours: 'nan'"),
    (("72,yes,2,4,5", "72,yes,2,4,6"), "line 2, column tone_b: '6'. Allowed is a whole number from 1 to 5 in tone_b"),
])
def test_a_wrong_cell_is_told_by_line_and_column(contacts, tmp_path, change, told):
    text = "\n".join([",".join(COLUMNS), *(",".join("" if cell is None else str(cell) for cell in row) for row in ROWS)])
    (tmp_path / "m.csv").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        contacts.read(tmp_path / "m.csv")


# --- words and pictures -----------------------------------------------------------------------------------------------
def test_the_sentence_gives_the_index_its_weights_and_the_cautions(found):
    for told in ("10 messages to 2 brands", "A 55 (", "B 40 (", "answered 20 %", "A stands above B in",
                 "of 10,000 weightings drawn at random", "Fewer than 30 messages (A, B)",
                 "Taken as not resolved, since nothing is said of it: 1 unanswered message.", "not why"):
        assert told in found.text


def test_a_mix_that_differs_between_brands_is_warned_about(contacts, found):
    """A got 3 questions and 3 complaints, B 2 and 2; then B only complaints: half of A's would have to be exchanged."""
    assert mixes_apart(found.rows, "about") == 0
    assert "same mix (about)" not in found.text
    rows = sent()
    rows.loc[rows["brand"] == "B", "about"] = "complaint"
    other = contacts.score(rows, replicates=50)
    assert mixes_apart(other.rows, "about") == pytest.approx(0.5)
    assert "The brands were not sent the same mix (about)" in other.text


def test_the_figure_shows_each_share_where_it_is(found):
    fig = found.figure()
    assert "A: index 55 of 100; answered 67 %, within 50 %" in fig.alt
    marks = [line for line in fig.axes[0].lines if line.get_marker() == "o" and len(line.get_xdata())]
    assert [float(line.get_xdata()[0]) for line in marks] == pytest.approx([4 / 6, 1 / 2, 5 / 12, 1 / 2, 2 / 3, 1 / 2, 0.55])
    named = [text.get_text() for text in fig.axes[0].get_legend().get_texts()]
    assert named == ["A (6; median 20 h)", "B (4; median not reached)"]
    assert found.figure(alt="my own words for what this figure shows").alt.startswith("my own")


def test_weights_can_be_moved_with_sliders(example):
    panel = example.move()
    assert list(panel.controls) == list(INDEX)
    _, alt, sentence = panel.view(answered=0, within=0, tone=0, resolved=10, kept=0)
    order = example.weigh({"resolved": 1}).index["brand"]
    assert f"{order[0]} stands highest, {order[1]} next" in sentence
    assert alt.startswith("Bars of the index of openness")
    for name in INDEX:
        panel.controls[name].value = 0
    assert "at least one of them has to be above 0" in panel.picture.sentence
    assert "Move the weights" in example.move().static()


def test_the_example_says_that_it_is_made_up_and_its_order_hangs_on_the_weights(contacts, example):
    made = contacts.example(0)
    assert_frame_equal(made, contacts.example(0))
    assert list(made.columns) == COLUMNS
    assert made["brand"].str.startswith("made-up").all()
    assert example.text.startswith("Made up: drawn by chance")
    assert 0.2 < example.pairs["of_weightings"].iloc[0] < 0.8
    assert len(contacts.example(rows=5)) == 15


def test_limits_say_that_the_barometers_method_was_not_found(contacts):
    assert "its method was not found" in contacts.limits[0]
    assert "is not established" in contacts.limits[0]
    assert "not why" in contacts.limits[1].lower() or "Not why" in contacts.limits[1]


# --- the panel --------------------------------------------------------------------------------------------------------
def filled(panel, **answers):
    for item, value in answers.items():
        panel.answer(item, value)
    panel.show()


def test_messages_are_kept_one_after_the_other(contacts):
    panel = contacts.fill_in()
    filled(panel, brand="A", channel="public", about="question", watched=72, answered="yes", hours=2.5, tone_a=4, tone_b=5,
           resolved="yes", moved="no", deleted="no")
    assert panel.sentence == "Message 1 is kept. The form is empty for the next one; the brand stays."
    filled(panel, channel="email", watched=72, answered="no")  # to the same brand, which stays
    assert panel.answers["message"].tolist() == ["m001", "m002"]
    assert panel.answers["brand"].tolist() == ["A", "A"]
    assert panel.answers["hours"].tolist() == pytest.approx([2.5, np.nan], nan_ok=True)
    assert panel._results[0]["head"] == "A: 2 kept, 1 answered, 1 resolved"
    found = contacts.score(panel.answers, replicates=50)
    assert part(found, "A", "answered")["estimate"] == 0.5
    panel.reset()
    assert panel.answers.empty


@pytest.mark.parametrize(("answers", "told"), [
    ({"channel": "email"}, "Fill in the brand first"),
    ({"brand": "A", "channel": "email", "answered": "yes"}, "Not kept. Line 6, “If so, after how many hours did the first"
     " answer come?”: a person answered, and this is empty; after how many hours?"),
    ({"brand": "A", "answered": "no", "watched": 5}, "Not kept. Line 2, “Where was the message sent, or found?”: nothing"),
    ({"brand": "A", "channel": "email"}, "Not kept. Line 5, “Did a person answer"),
    ({"brand": "A", "channel": "public", "answered": "no", "watched": 5}, "Not kept. Line 11, “Public page: had"),
])
def test_a_message_that_cannot_be_is_not_kept(contacts, answers, told):
    panel = contacts.fill_in()
    filled(panel, **answers)
    assert panel.sentence.startswith(told)
    assert panel.answers.empty


def test_what_is_typed_wrong_is_told_when_it_is_to_be_kept(contacts):
    """In the browser a number may be half typed; from Python it is refused at once."""
    panel = contacts.fill_in()
    panel._heard(panel.widget, {"press": "show", "view": "v", "turn": 1, "answers": {
        "brand": "A", "channel": "email", "watched": "72", "answered": "yes", "hours": "soon"}})
    assert panel.sentence.startswith("Not kept. Line 6, “If so, after how many hours did the first answer come?”: “soon” is")
    with pytest.raises(ValueError, match="value: 'soon' is not allowed; a number of hours"):
        panel.answer("hours", "soon")
    with pytest.raises(ValueError, match="item: 'day' is not one of"):
        panel.answer("day", 1)


@pytest.mark.parametrize("rule", list(common()["contradictions"]))
def test_what_cannot_be_is_told_in_both_languages_by_line_and_without_names_of_columns(rule):
    told = common()["contradictions"][rule]
    for language in ("en", "fr"):
        contacts = pt.instrument("openness-to-dialogue", language)
        lines = contacts.fill_in()._told["lines"]
        sentence = of_line(rule, lines, language)
        number, text = next((at, line["text"]) for at, line in enumerate(lines, 1) if line["item"] == told["item"])
        assert sentence.startswith(f"{'Ligne' if language == 'fr' else 'Line'} {number}, ")
        assert text in sentence
        assert sentence.endswith((".", "?"))
        assert not sentence.endswith(("?.", ".."))
        assert not {"tone_a", "tone_b"} & set(sentence.split())
    assert told["en"] != told["fr"]


def test_a_french_panel_answers_in_french():
    panel = pt.instrument("openness-to-dialogue", "fr").fill_in()
    filled(panel, brand="A", channel="email")
    assert panel.sentence == ("Non gardé. Ligne 5, «_Une personne a-t-elle répondu (un accusé automatique compte comme un "
                              "silence)_?_»_: rien n'est coché_; oui ou non_?").replace("_", NARROW)


# --- what little, or the same, can tell --------------------------------------------------------------------------------
def one(**changed):
    row = {"message": None, "brand": "A", "channel": "public", "about": "question", "watched": 48, "answered": "yes",
           "hours": 3, "tone_a": 4, "tone_b": 4, "resolved": "yes", "moved": "no", "deleted": "no"}
    return row | changed


SILENT = {"answered": "no", "hours": None, "tone_a": None, "tone_b": None, "resolved": None, "moved": None}


def test_one_message_each_says_nothing_of_how_sure_the_order_is(contacts):
    found = contacts.score(pd.DataFrame([one(), one(brand="B", **SILENT)]), replicates=50)
    assert found.pairs[["ci_low", "ci_high", "of_resamples"]].isna().all(axis=None)
    assert "A stands above B: too few or too uniform messages to say how sure that is" in found.text
    assert "nan %" not in found.text
    many = pd.DataFrame([one() if n % 2 else one(**SILENT) for n in range(8)] + [one(brand="B")])
    assert contacts.score(many, replicates=50).pairs["of_resamples"].isna().all()  # of one of the two nothing is known


def test_brands_that_are_alike_tie_under_all_weights(contacts):
    found = contacts.score(pd.DataFrame([one(brand=brand) for brand in "AB" for _ in range(3)]), replicates=50)
    assert found.pairs["of_weightings"].tolist() == [0.5]
    assert "A and B tie under all weights." in found.text
    assert "hangs on the weights" not in found.text


def test_times_of_watching_that_differ_are_warned_about(contacts, found):
    assert "watched for the same time" not in found.text
    rows = sent()
    rows.loc[rows["brand"] == "B", "watched"] = 168
    assert "not all watched for the same time (72 to 168 hours)" in contacts.score(rows, replicates=50).text
    within = contacts.score(sent().assign(watched=[72] * 5 + [50] + [72] * 4), replicates=50)
    assert "(50 to 72 hours)" in within.text


def test_parts_near_their_ends_are_warned_about(found, example):
    assert "At or near 0 or 1: B (within, kept). There the interval of the index is too short" in found.text
    assert "B (within" not in found.weigh(within=0, kept=0).text
    assert "At or near 0 or 1: made-up B (kept)." in example.text


def test_the_same_message_may_go_to_several_brands(contacts, found):
    rows = sent().assign(message=["m1", "m2", "m3", "m4", "m5", "m6", "m1", "m2", "m3", "m4"])
    assert_frame_equal(contacts.score(rows, replicates=400).table, found.table)


@pytest.mark.parametrize(("time", "event"), [
    ([3, 5, 8, 9, 12, 20, 25, 31.4, 40], [1, 1, 1, 1, 1, 1, 1, 1, 0]), (range(1, 21), [1] * 20), ([1, 2, 3, 4, 5], [1] * 5),
    ([2, 4, 6], [1, 1, 1]), ([5, 8, 9, 12], [0, 1, 1, 1]), ([4, 4, 4], [1, 1, 1]), ([1, 2], [1, 1]),
])
def test_the_medians_interval_is_of_95_percent_and_open_where_nothing_is_known(time, event):
    """Written out: from the first time at which log(−log S) lies within 1.96 of its errors of log(−log ½) to the first one
    beyond; where S is 0 there is no error, so an end that would lie there is not known."""
    time, event = np.array(list(time), dtype=float), np.array(event)
    left, total, inside, outside = 1.0, 0.0, [], np.inf
    for moment in np.unique(time[event > 0]):
        at_risk, gone = (time >= moment).sum(), ((time == moment) & (event > 0)).sum()
        left *= 1 - gone / at_risk
        if left < 1e-12:
            break
        total += gone / (at_risk * (at_risk - gone))
        apart = np.log(-np.log(left)) - np.log(-np.log(0.5))
        if abs(apart) <= 1.959963984540054 * np.sqrt(total) / abs(np.log(left)):
            inside.append(moment)
        elif apart > 0:
            outside = min(outside, moment)
    _, low, high = median_hours(time, event.astype(float))
    assert low == pytest.approx(inside[0] if inside else np.nan, nan_ok=True)
    assert high == outside


@pytest.mark.parametrize(("pair", "words", "absent"), [
    ({"ci_low": -1.0, "ci_high": 4.0}, "holds 0", "hardly"), ({"ci_low": 0.5, "ci_high": 4.0}, "drawn at random", "holds 0"),
    ({"of_weightings": 0.95}, "weights hardly change that", "hangs on"),
    ({"of_weightings": 0.94}, "the order of these two hangs on the weights", "hardly"),
    ({"of_weightings": 0.49}, "it is the weights that put it there", "hangs on"),
])
def test_how_sure_the_order_is_in_words(found, pair, words, absent):
    """By the numbers of the pair: an interval with 0 in it, and 95 in 100 weightings or fewer."""
    told = replace(found, pairs=found.pairs.assign(**{"of_weightings": 0.7, **pair})).text
    told = told[told.index("A stands above B"):told.index("The parts overlap")]
    assert words in told
    assert absent not in told


def test_identifiers_tell_what_is_made_up_after_a_join(contacts):
    made = contacts.example(0)
    parts = pd.DataFrame(made.to_dict("list"))
    assert not parts.attrs
    assert contacts.score(parts, replicates=50).text.startswith("Made up: drawn by chance")


def test_the_second_coders_line_is_on_a_page_of_its_own(contacts):
    page = contacts.questionnaire().html
    first, second = page.split('<section class="second">')
    line = "7. Tone of the first answer, second coder"
    assert line not in first
    assert line in second
    assert "Code of the message" in second
    assert ">Brand<" not in second
    assert ".second { break-before: page" in first
