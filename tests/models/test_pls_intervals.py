"""Bootstrap intervals of PLS models: the printed ones, replicates that are refits, signs, failures, groups and workers."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from ecsi_model import ECSI
from pebbletrail.models.draws import Rows, moments_of_sums
from pebbletrail.models.pls import pls

MODEL = "Q =~ q1 + q2 + q3; T <~ t1 + t2 + t3; S =~ s1; T ~ Q; S ~ T + Q"
MODERATED = "Q =~ q1 + q2 + q3; T =~ t1 + t2 + t3; s1 ~ Q + T + Q:T"
TABLES = ("table", "effects", "shares", "weights", "loadings", "htmt")
FIXED = {"table": 3, "effects": 5, "moderation": 5, "shares": 2, "weights": 3, "loadings": 3, "htmt": 3}  # without intervals


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(12)
    quality = rng.normal(size=120)
    trust = 0.6 * quality + 0.8 * rng.normal(size=120)
    stay = 0.5 * trust + 0.2 * quality + 0.2 * trust * quality + rng.normal(size=120)
    data = {f"{name}{i}": 5 + i * (score + 0.7 * rng.normal(size=120))
            for name, score, items in (("q", quality, 3), ("t", trust, 3), ("s", stay, 1)) for i in range(1, items + 1)}
    return pd.DataFrame(data)


def estimates(fit, tables=TABLES):
    return np.concatenate([getattr(fit, name)["estimate"].to_numpy() for name in tables])


# --- the printed intervals ------------------------------------------------------------------------------------------

def printed():
    with open(Path(pt.__file__).parents[2] / "datasets" / "ledger.csv", encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["id"].endswith((".ci90-low", ".ci90-high"))]
    return [pytest.param(line["quantity"], line["id"].rpartition("-")[2], float(line["published"]),
                         float(line["tolerance"].split(":")[0]), id=line["id"]) for line in lines]


@pytest.fixture(scope="module")
def mobile(open_data):
    return pls(pt.load("ecsi-mobile"), ECSI, intervals="bca", replicates=5000, seed=1, confidence=0.90)


def test_the_ledger_holds_both_ends_of_twelve_intervals():
    assert len(printed()) == 24


@pytest.mark.parametrize(("arrow", "end", "value", "tolerance"), printed())
def test_each_end_is_the_printed_one_within_its_monte_carlo_error(mobile, arrow, end, value, tolerance):
    """The print rests on 500 resamples; the ledger says how far ends of 500 resamples spread."""
    predictor, outcome = (name.strip().capitalize() for name in arrow.split(",")[0].split("→"))
    found = mobile.table.set_index(["predictor", "outcome"]).loc[(predictor, outcome), f"ci_{end}"]
    assert found == pytest.approx(value, abs=tolerance)


# --- a replicate is a refit -----------------------------------------------------------------------------------------

def resample(rows, seed):
    return rows.iloc[np.random.default_rng(seed).integers(0, len(rows), size=len(rows))]


@pytest.mark.parametrize("scheme", ["centroid", "factorial", "path"])
def test_numbers_of_a_resample_are_those_of_the_model_fitted_to_it(rows, scheme):
    whole = pls(rows, MODEL, scheme=scheme)
    job = whole._model.job(rows, None, whole._whole)
    samples = [resample(rows, seed) for seed in range(5)]
    units = [Rows.of(job.units.names, one[list(job.units.names)].to_numpy()) for one in samples]
    products = np.concatenate([moments_of_sums(one.sums(0, 120).sum(axis=0)[None], len(one.names))[2] for one in units])
    found = job.evaluate(None, None, products)
    expected = np.array([estimates(pls(one, MODEL, scheme=scheme)) for one in samples])
    order = np.concatenate([np.arange(whole._model.numbers.parts[name].start, whole._model.numbers.parts[name].stop)
                            for name in ("paths", "effects", "r2", "weights", "loadings", "htmt")])
    assert np.isnan(expected).sum() == 2 * len(samples)  # heterotrait ratios with T, which its items form
    np.testing.assert_allclose(found[:, order], np.nan_to_num(expected), atol=1e-7)


def test_numbers_of_a_resample_in_two_stages_are_those_of_the_model_fitted_to_it(rows):
    whole = pls(rows, MODERATED, scheme="path")
    job = whole._model.job(rows, None, whole._whole)
    for seed in range(5):
        drawn = np.random.default_rng(seed).integers(0, 120, size=120)
        found = job._numbers(np.bincount(drawn, minlength=120)[None].astype(float))[0]
        fit = pls(rows.iloc[drawn], MODERATED, scheme="path")
        parts = whole._model.numbers.parts
        for kind, name in (("paths", "table"), ("r2", "shares"), ("slopes", "moderation"), ("loadings", "loadings")):
            np.testing.assert_allclose(found[parts[kind]], getattr(fit, name)["estimate"], atol=1e-7)


def test_the_columns_of_intervals_are_those_of_the_replicates(rows):
    """pt.bootstrap of the same fit, refitted from each resample's rows, with its own draws: 2,000 each."""
    fit = pls(rows, MODEL, intervals="percentile", replicates=2000, seed=1)
    other = pt.bootstrap(rows, lambda m: pls(m, MODEL), replicates=2000, seed=2)
    assert fit.table["estimate"].to_list() == pytest.approx(other.table["estimate"].to_list())
    np.testing.assert_allclose(fit.table["se"], other.table["se"], rtol=0.08)  # an sd of 2,000 draws: 1.6 % each
    np.testing.assert_allclose(fit.table["ci_low"], other.table["ci_low"], atol=0.03)
    np.testing.assert_allclose(fit.table["ci_high"], other.table["ci_high"], atol=0.03)
    np.testing.assert_allclose(fit.table["bias"], other.table["bias"], atol=0.012)


def test_the_influence_of_a_row_in_two_stages_is_what_leaving_it_out_moves(rows):
    """The jackknife, refitted row by row."""
    fit = pls(rows, MODERATED)
    job = fit._model.job(rows, None, fit._whole)
    found = np.concatenate(list(job.influences()))[:, fit._model.numbers.parts["paths"]]
    left = np.array([pls(rows.drop(index=at), MODERATED).table["estimate"] for at in range(40)])
    np.testing.assert_allclose(found[:40], 119 * (fit.table["estimate"].to_numpy() - left), atol=1e-6)


def test_the_influence_of_a_row_in_one_stage_is_what_a_little_more_of_it_moves(rows):
    """Weighted correlations by numpy, with a row counted a little more and a little less, refitted."""
    fit = pls(rows, MODEL)
    job = fit._model.job(rows, None, fit._whole)
    found = np.concatenate(list(job.influences()))[:, fit._model.numbers.parts["paths"]]

    def refitted(row, step):
        weights = np.ones(120)
        weights[row] += step
        S = np.cov(rows.to_numpy(), rowvar=False, aweights=weights)
        R = pd.DataFrame(S / np.sqrt(np.outer(np.diag(S), np.diag(S))), list(rows), list(rows))
        return pls(pt.Moments.from_correlations(R, n=120), MODEL, tolerance=1e-12).table["estimate"].to_numpy()

    slopes = np.array([(refitted(row, 1e-3) - refitted(row, -1e-3)) / 2e-3 for row in range(30)])
    np.testing.assert_allclose(found[:30], slopes, rtol=1e-4, atol=1e-7)


# --- repeatable, in groups, by workers ------------------------------------------------------------------------------

@pytest.mark.parametrize("intervals", ["percentile", "bca"])
@pytest.mark.parametrize("text", [MODEL, MODERATED], ids=["one stage", "two stages"])
def test_workers_do_not_matter_and_a_seed_does(rows, text, intervals):
    fit = pls(rows, text, intervals=intervals, replicates=300, seed=4)
    pd.testing.assert_frame_equal(pls(rows, text, intervals=intervals, replicates=300, seed=4, workers=2).table, fit.table)
    assert not pls(rows, text, intervals=intervals, replicates=300, seed=5).table["ci_low"].equals(fit.table["ci_low"])


@pytest.mark.parametrize("text", [MODEL, MODERATED], ids=["one stage", "two stages"])
def test_groups_of_one_row_are_rows(rows, text):
    alone = rows.assign(customer=np.arange(120))
    by_group = pls(alone, text, intervals="percentile", replicates=200, seed=3, by="customer")
    by_row = pls(rows, text, intervals="percentile", replicates=200, seed=3)
    np.testing.assert_allclose(by_group.table["ci_low"], by_row.table["ci_low"], atol=1e-9)
    assert by_group.units == "groups"


@pytest.mark.parametrize("text", [MODEL, MODERATED], ids=["one stage", "two stages"])
def test_rows_that_come_twice_with_their_group_are_no_more_certain(rows, text):
    twice = pd.concat([rows, rows], ignore_index=True).assign(customer=np.tile(np.arange(120), 2))
    grouped = pls(twice, text, intervals="percentile", replicates=400, seed=3, by="customer").table["se"]
    once = pls(rows, text, intervals="percentile", replicates=400, seed=3).table["se"]
    naive = pls(twice, text, intervals="percentile", replicates=400, seed=3).table["se"]
    np.testing.assert_allclose(grouped, once, rtol=1e-6)
    assert (naive / once).mean() == pytest.approx(1 / np.sqrt(2), abs=0.08)


def test_moments_kept_by_group_are_resampled_by_group(rows):
    data = rows.assign(team=np.arange(120) % 30)
    kept = pt.Moments.from_frame(data, list(rows), by="team")
    fit = pls(kept, MODEL, intervals="bca", replicates=200, seed=3)
    pd.testing.assert_frame_equal(fit.table, pls(data, MODEL, intervals="bca", replicates=200, seed=3, by="team").table)
    assert (fit.units, fit.size) == ("groups", 30)


# --- signs and failures ---------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def weak():
    """A construct whose items hardly go together, and hardly with anything else."""
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(40, 6)), columns=["a1", "a2", "a3", "b1", "b2", "b3"])
    data["b1"] += 0.3 * data["a1"]
    return data


def test_a_weak_construct_is_turned_towards_the_whole_data_and_that_is_said(weak):
    fit = pls(weak, "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A", intervals="percentile", replicates=500, seed=1)
    assert fit.turned > 50
    assert f"In {fit.turned:,} a construct's sign was turned to agree with the whole data" in fit.text


def test_turned_are_the_resamples_whose_loadings_would_sum_to_less_than_zero(weak):
    """Each construct agrees with the whole data's loadings; where its own then sum below zero, its rule was overruled."""
    fit = pls(weak, "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A")
    job = fit._model.job(weak, None, fit._whole)
    found = job.batch(np.random.SeedSequence(1), 200)
    loadings = found[:, fit._model.numbers.parts["loadings"]].reshape(200, 2, 3)
    agree = (loadings * fit.loadings["estimate"].to_numpy().reshape(2, 3)).sum(axis=2)
    settled = np.isfinite(found).all(axis=1)
    assert (agree[settled] > 0).all()
    overruled = (loadings.sum(axis=2) < 0).any(axis=1)
    np.testing.assert_array_equal(found[settled, -1] == 1, overruled[settled])
    assert 20 < overruled[settled].sum() < 180


def test_both_stages_point_the_same_way_in_nearly_every_resample(weak):
    """Otherwise a product would change its sign beside the constructs that it multiplies."""
    fit = pls(weak, "A =~ a1 + a2 + a3; B =~ b1 + b2; b3 ~ A + B + A:B")
    job = fit._model.job(weak, None, fit._whole)
    drawn = np.random.default_rng(5).multinomial(40, np.full(40, 1 / 40), size=100).astype(float)
    (first, second), _, _ = fit._model._fit(drawn, job.whole.toward)
    k, p = first.crossed.shape[1:]
    both = (first.crossed * second.crossed[:, :k, :p] * fit._whole.stages[0].W[0].astype(bool)).sum(axis=2)
    settled = np.isfinite(both).all(axis=1)
    assert settled.sum() > 50
    assert first.turned[settled].any()
    assert (both[settled] > 0).mean() > 0.97  # where the stages find other weights, a block may point elsewhere


def test_resamples_whose_weights_do_not_settle_are_left_out_counted_and_said(weak):
    fit = pls(weak, "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A", intervals="percentile", replicates=500, seed=1,
              iterations=60)
    assert 0 < fit.failed < 250
    assert f"In {fit.failed:,} resamples the model could not be computed" in fit.text
    assert fit.table.notna().all().all()


def test_a_resample_in_which_one_part_cannot_be_computed_counts_nowhere():
    """An item that is 1 in two rows of 120 does not vary in about one resample of eight: (1 − 2/120)^120 = .133."""
    rng = np.random.default_rng(2)
    data = pd.DataFrame(rng.normal(size=(120, 4)), columns=["x", "y", "v", "w"])
    data["rare"] = (np.arange(120) < 2).astype(float)
    fit = pls(data, "R =~ rare + v; y ~ R; w ~ x", intervals="percentile", replicates=1000, seed=1)
    assert 90 < fit.failed < 180
    job = fit._model.job(data, None, fit._whole)
    found = job.batch(np.random.SeedSequence(3), 300)
    broken = np.isnan(found).any(axis=1)
    assert 20 < broken.sum() < 65
    assert np.isnan(found[broken]).all()


@pytest.mark.parametrize("replicates", [50, 100, 500])
def test_a_corrected_interval_leaves_out_zero_where_its_p_value_says_so(rows, replicates):
    for seed in range(6):
        fit = pls(rows, MODEL, intervals="bca", replicates=replicates, seed=seed)
        for table in (fit.table, fit.effects, fit.weights, fit.loadings):
            told = table.dropna(subset=["p_value", "ci_low"])
            outside = (told["ci_low"] > 0) | (told["ci_high"] < 0)
            np.testing.assert_array_equal(told["p_value"] < 0.05, outside)
            assert (told["p_value"] >= 2 / (replicates + 1) - 1e-12).all()


def test_a_row_without_which_there_is_no_fit_does_not_end_the_corrected_interval():
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(60, 4)), columns=["x", "w", "v", "y"])
    data["once"] = (np.arange(60) == 7).astype(float)
    fit = pls(data, "R =~ once + v; y ~ x + w + x:w + R", intervals="bca", replicates=400, seed=1)
    assert fit.table[["ci_low", "ci_high"]].notna().all(axis=None)
    assert "nan" not in fit.text


def test_what_is_one_by_construction_is_not_tested(rows):
    fit = pls(rows, MODEL, intervals="percentile", replicates=100, seed=1)
    single = fit.loadings["construct"] == "S"
    assert fit.loadings.loc[single, "p_value"].isna().all()
    assert fit.loadings.loc[~single, "p_value"].notna().all()


def test_few_groups_are_called_few_sooner_than_few_rows(rows):
    teams = rows.assign(team=np.arange(120) % 20)
    told = pls(teams, MODEL, intervals="percentile", replicates=100, seed=1, by="team").text
    assert "With 20 groups such intervals are too short." in told
    assert "too short" not in pls(rows, MODEL, intervals="percentile", replicates=100, seed=1).text


def test_data_on_which_most_resamples_fail_are_refused():
    rng = np.random.default_rng(6)
    data = pd.DataFrame(rng.normal(size=(30, 6)), columns=["a1", "a2", "a3", "b1", "b2", "b3"])
    data["b1"] += 1.5 * data["a1"]
    text = "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A"
    enough = pls(data, text).iterations  # for these rows, and for few resamples of them
    with pytest.raises(ValueError, match=r"^data: it could not be computed in \d+ of 100 resamples"):
        pls(data, text, intervals="percentile", replicates=100, seed=1, iterations=enough)


def test_strong_constructs_are_not_turned(rows):
    fit = pls(rows, MODEL.replace("<~", "=~"), intervals="percentile", replicates=300, seed=1)
    assert (fit.turned, fit.failed) == (0, 0)
    assert "turned" not in fit.text


# --- the shape of a result, and refusals ----------------------------------------------------------------------------

@pytest.mark.parametrize("text", [MODEL, MODERATED], ids=["one stage", "two stages"])
def test_every_table_has_its_intervals_or_none(rows, text):
    plain, fit = pls(rows, text), pls(rows, text, intervals="percentile", replicates=100, seed=1)
    for name, width in FIXED.items():
        assert len(getattr(plain, name).columns) == width
        added = set(getattr(fit, name)) - set(getattr(plain, name))
        assert added == {"se", "bias", "ci_low", "ci_high"} | ({"p_value"} if name not in ("shares", "htmt") else set())
        pd.testing.assert_frame_equal(getattr(fit, name)[list(getattr(plain, name))], getattr(plain, name))


def test_more_confidence_makes_wider_intervals(rows):
    narrow, wide = (pls(rows, MODEL, intervals="bca", replicates=400, seed=1, confidence=c).table for c in (0.90, 0.99))
    assert (wide["ci_low"] < narrow["ci_low"]).all()
    assert (wide["ci_high"] > narrow["ci_high"]).all()
    assert "90 % interval" in pls(rows, MODEL, intervals="bca", replicates=400, seed=1, confidence=0.90).text


@pytest.mark.parametrize(("options", "message"), [
    ({"iterations": 2.5}, r"^iterations: a whole number from 1 on, not 2.5"),
    ({"iterations": "10"}, r"^iterations: a whole number from 1 on, not '10'"),
    ({"iterations": True}, r"^iterations: a whole number from 1 on, not True"),
    ({"tolerance": np.inf}, r"^tolerance: a small number above 0, such as 1e-9, not inf"),
    ({"tolerance": "x"}, r"^tolerance: a small number above 0, such as 1e-9, not 'x'"),
    ({"intervals": "normal"}, r"^intervals: 'normal' is not one of none, percentile, bca"),
    ({"intervals": "bca", "confidence": 95}, r"^confidence: a share between 0 and 1, such as 0.95, not 95"),
    ({"intervals": "bca", "confidence": 1.0}, r"^confidence: a share between 0 and 1"),
    ({"intervals": "bca", "replicates": 10}, r"^replicates: a whole number from 50 on"),
    ({"by": "s1"}, r"^by: 's1' would not be used"),
    ({"intervals": "bca", "by": "team"}, r"^by: there is no column 'team'"),
    ({"intervals": "bca", "by": "one"}, r"^by: 'one' has one group only"),
])
@pytest.mark.parametrize("text", [MODEL, MODERATED], ids=["one stage", "two stages"])
def test_what_cannot_be_asked_is_refused(rows, text, options, message):
    with pytest.raises(ValueError, match=message):
        pls(rows.assign(one=1), text, **options)


def test_moments_without_groups_cannot_be_resampled(rows):
    with pytest.raises(ValueError, match=r"^data: Moments are resampled by group"):
        pls(pt.Moments.from_frame(rows), MODEL, intervals="percentile")
