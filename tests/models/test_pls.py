"""PLS path models.

Expected values come from the printed paths (``datasets/ledger.csv``), from SmartPLS 2 (``tests/oracles/smartpls-*.csv``),
from a textbook loop on the scores of the rows, written here, and, where theory gives the fixed point, from a singular value
decomposition.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import pebbletrail as pt
from ecsi_model import ECSI
from pebbletrail.models.model_text import read_model
from pebbletrail.models.pls import pls
from pebbletrail.moments import Moments

ROOT = Path(__file__).resolve().parents[2]
SCHEMES = ("centroid", "factorial", "path")


@pytest.fixture
def customers(monkeypatch):
    """The 250 customers' rows; a test that needs them is skipped where they were not fetched."""
    monkeypatch.setenv("PEBBLETRAIL_OFFLINE", "1")  # a unit test never reaches for the network
    try:
        return pt.load("ecsi-mobile")
    except pt.DataUnavailable as error:
        pytest.skip(f"needs the open data set ecsi-mobile: {error}")


@pytest.fixture
def ecsi_table():
    return pt.load("ecsi-mobile-correlations")


@pytest.fixture
def chain():
    """Rows with a known structure: four constructs, nine indicators in unlike units."""
    rng = np.random.default_rng(17)
    quality = rng.normal(size=150)
    value = 0.6 * quality + 0.8 * rng.normal(size=150)
    trust = 0.5 * quality + 0.3 * value + 0.7 * rng.normal(size=150)
    stay = 0.4 * trust + 0.3 * value + 0.8 * rng.normal(size=150)
    blocks = {"q": (quality, 3), "v": (value, 2), "t": (trust, 3), "s": (stay, 1)}
    return pd.DataFrame({f"{name}{i}": 5 + (i + 1) * (score + 0.6 * rng.normal(size=150))
                         for name, (score, items) in blocks.items() for i in range(1, items + 1)})


CHAIN = """
    Quality =~ q1 + q2 + q3; Value =~ v1 + v2; Trust =~ t1 + t2 + t3; Stay =~ s1
    Value ~ Quality
    Trust ~ Quality + Value
    Stay ~ Trust + Value
"""
CHAIN_B = CHAIN.replace("Quality =~", "Quality <~").replace("Trust =~", "Trust <~")


def paths(fit):
    return fit.table.set_index(["predictor", "outcome"])["estimate"]


def weights(fit):
    return fit.weights.set_index(["construct", "indicator"])["estimate"]


def same_fit(one, other, atol=1e-9):
    for name in ("table", "weights", "loadings", "effects"):
        keys = [column for column in getattr(one, name) if column != "estimate"]
        expected = getattr(other, name).set_index(keys)["estimate"]
        found = getattr(one, name).set_index(keys)["estimate"].reindex(expected.index)
        np.testing.assert_allclose(found, expected, atol=atol, err_msg=name)
    np.testing.assert_allclose(one.r2[other.r2.index], other.r2, atol=atol)


# --- the printed paths and SmartPLS ---------------------------------------------------------------------------------

def printed_paths():
    with open(ROOT / "datasets" / "ledger.csv", encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file)
                 if line["data"] == "ecsi-mobile-correlations" and "cbsem" not in line["id"]]
    return [pytest.param(line["quantity"], line["published"], id=line["id"]) for line in lines]


def test_the_ledger_holds_the_twelve_paths():
    assert len(printed_paths()) == 12


@pytest.mark.parametrize(("arrow", "printed"), printed_paths())
def test_each_centroid_path_is_the_printed_one_to_its_last_digit(ecsi_table, arrow, printed):
    predictor, outcome = (name.strip().capitalize() for name in arrow.split("→"))
    half_unit = 0.5 * 10.0 ** -len(printed.split(".")[1])
    assert abs(paths(pls(ecsi_table, ECSI))[predictor, outcome] - float(printed)) <= half_unit


def smartpls(name, keys):
    return pd.read_csv(ROOT / "tests" / "oracles" / name, comment="#").set_index(keys)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("source", ["rows", "table"])
def test_paths_and_weights_are_those_of_smartpls(scheme, source, request):
    """SmartPLS prints eight decimals and stops at a change of 1e-7; our table of correlations has eight decimals too."""
    data = request.getfixturevalue({"rows": "customers", "table": "ecsi_table"}[source])
    fit = pls(data, ECSI, scheme=scheme)
    expected_paths = smartpls("smartpls-paths.csv", ["predictor", "outcome"])[scheme]
    expected_weights = smartpls("smartpls-weights.csv", ["construct", "indicator"])[scheme]
    assert len(expected_paths) == 12
    assert len(expected_weights) == 24
    np.testing.assert_allclose(paths(fit).loc[expected_paths.index], expected_paths, rtol=0, atol=2e-8)
    np.testing.assert_allclose(weights(fit).loc[expected_weights.index], expected_weights, rtol=0, atol=2e-8)


# --- a textbook loop on rows ----------------------------------------------------------------------------------------

def textbook(rows, text, scheme):
    """Wold's algorithm on standardised scores, one construct after the other (Gauss-Seidel), with numpy's lstsq."""
    model = read_model(text)
    names = list(dict.fromkeys(name for arrow in model.arrows for name in arrow))
    standard = lambda values: (values - values.mean(axis=0)) / values.std(axis=0)  # noqa: E731
    Z = {name: standard(rows[list(model.blocks[name])].to_numpy(dtype=float)) for name in names}
    n = len(rows)
    scores = {name: standard(Z[name].sum(axis=1)) for name in names}
    for _ in range(400):
        for name in names:
            proxy = np.zeros(n)
            before = [a for a, b in model.arrows if b == name]
            after = [b for a, b in model.arrows if a == name]
            correlation = {other: scores[name] @ scores[other] / n for other in before + after}
            if scheme == "centroid":
                inner = {other: np.sign(r) for other, r in correlation.items()}
            elif scheme == "factorial":
                inner = correlation
            else:
                inner = {other: correlation[other] for other in after}
                if before:
                    fitted = np.linalg.lstsq(np.column_stack([scores[other] for other in before]), scores[name])[0]
                    inner |= dict(zip(before, fitted, strict=True))
            for other, weight in inner.items():
                proxy += weight * scores[other]
            outer = Z[name].T @ proxy if model.modes[name] == "A" else np.linalg.lstsq(Z[name], proxy)[0]
            scores[name] = standard(Z[name] @ outer)
    for name in names:
        scores[name] *= np.sign((Z[name].T @ scores[name]).sum())
    found, r2 = {}, {}
    for outcome, predictors in model.regressions.items():
        X = np.column_stack([scores[name] for name in predictors])
        b = np.linalg.lstsq(X, scores[outcome])[0]
        found.update({(name, outcome): value for name, value in zip(predictors, b, strict=True)})
        r2[outcome] = 1 - ((scores[outcome] - X @ b) ** 2).mean()
    loadings = {(name, item): Z[name][:, at] @ scores[name] / n
                for name in names for at, item in enumerate(model.blocks[name])}
    outer = {(name, item): value for name in names
             for item, value in zip(model.blocks[name], np.linalg.lstsq(Z[name], scores[name])[0], strict=True)}
    return found, r2, loadings, outer


def is_the_textbooks(fit, rows, text, scheme):
    found, r2, loadings, outer = textbook(rows, text, scheme)
    assert paths(fit).to_dict() == pytest.approx(found, abs=1e-7)
    assert fit.r2.to_dict() == pytest.approx(r2, abs=1e-7)
    assert fit.loadings.set_index(["construct", "indicator"])["estimate"].to_dict() == pytest.approx(loadings, abs=1e-7)
    assert weights(fit).to_dict() == pytest.approx(outer, abs=1e-7)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_real_rows_give_what_the_textbook_loop_gives(customers, scheme):
    is_the_textbooks(pls(customers, ECSI, scheme=scheme), customers, ECSI, scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", [pytest.param(CHAIN, id="Mode A"), pytest.param(CHAIN_B, id="Modes A and B")])
def test_made_up_rows_give_what_the_textbook_loop_gives(chain, scheme, text):
    is_the_textbooks(pls(chain, text, scheme=scheme), chain, text, scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_real_rows_with_a_mode_b_block_give_what_the_textbook_loop_gives(customers, scheme):
    text = ECSI.replace("Image =~", "Image <~").replace("Quality =~", "Quality <~")
    is_the_textbooks(pls(customers, text, scheme=scheme), customers, text, scheme)


# --- fixed points that theory gives ---------------------------------------------------------------------------------

def whitened(rows):
    """An orthonormal basis of the centred columns."""
    return np.linalg.qr(rows.to_numpy() - rows.to_numpy().mean(axis=0))[0]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_two_mode_b_blocks_with_one_arrow_give_the_first_canonical_correlation(chain, scheme):
    left, right = ["q1", "q2", "q3", "v1"], ["t1", "t2", "t3"]
    canonical = np.linalg.svd(whitened(chain[left]).T @ whitened(chain[right]), compute_uv=False)[0]
    fit = pls(chain, f"L <~ {'+'.join(left)}; R <~ {'+'.join(right)}; R ~ L", scheme=scheme)
    assert abs(fit.table["estimate"].item()) == pytest.approx(canonical, abs=1e-9)
    assert fit.r2["R"] == pytest.approx(canonical**2, abs=1e-9)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_two_mode_a_blocks_with_one_arrow_give_the_first_singular_vectors_of_their_correlations(chain, scheme):
    left, right = ["q1", "q2", "q3"], ["t1", "t2", "t3", "v1"]
    R = chain.corr()
    u, _, v = np.linalg.svd(R.loc[left, right].to_numpy())
    fit = pls(chain, f"L =~ {'+'.join(left)}; R =~ {'+'.join(right)}; R ~ L", scheme=scheme)
    for name, block, direction in (("L", left, u[:, 0]), ("R", right, v[0])):
        expected = direction / np.sqrt(direction @ R.loc[block, block].to_numpy() @ direction)
        np.testing.assert_allclose(weights(fit)[name].loc[block], expected * np.sign(expected.sum()), atol=1e-8)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_mode_b_cause_of_a_mode_a_block_is_redundancy_analysis(chain, scheme):
    """The Mode A weights are the first eigenvector of R_yx R_xx⁻¹ R_xy (van den Wollenberg 1977)."""
    cause, effect = ["q1", "q2", "q3"], ["t1", "t2", "t3"]
    R = chain.corr()
    across = R.loc[cause, effect].to_numpy()
    direction = np.linalg.eigh(across.T @ np.linalg.solve(R.loc[cause, cause].to_numpy(), across))[1][:, -1]
    fit = pls(chain, f"X <~ {'+'.join(cause)}; Y =~ {'+'.join(effect)}; Y ~ X", scheme=scheme)
    found = weights(fit)["Y"].loc[effect]
    np.testing.assert_allclose(found / np.linalg.norm(found), direction * np.sign(direction.sum()), atol=1e-8)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("blocks", ["", "Q =~ q1; S <~ s1;"], ids=["observed", "blocks of one"])
def test_single_indicators_make_ordinary_regressions_of_standardised_variables(chain, scheme, blocks):
    q, s = ("Q", "S") if blocks else ("q1", "s1")
    fit = pls(chain, f"{blocks} t1 ~ {q} + v1; {s} ~ t1 + v1", scheme=scheme)
    Z = (chain - chain.mean()) / chain.std()
    first = np.linalg.lstsq(Z[["q1", "v1"]], Z["t1"])[0]
    second = np.linalg.lstsq(Z[["t1", "v1"]], Z["s1"])[0]
    assert paths(fit).to_dict() == pytest.approx({(q, "t1"): first[0], ("v1", "t1"): first[1],
                                                  ("t1", s): second[0], ("v1", s): second[1]})
    assert fit.weights["estimate"].to_list() == pytest.approx([1, 1, 1, 1])
    assert fit.loadings["estimate"].to_list() == pytest.approx([1, 1, 1, 1])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_observed_variables_that_do_not_correlate_at_all_have_a_path_of_zero(scheme):
    """A printed .00 is common, and a block of one has nothing to weight."""
    names = ["script", "trust", "stay"]
    R = pd.DataFrame([[1.0, 0.0, 0.3], [0.0, 1.0, 0.4], [0.3, 0.4, 1.0]], names, names)
    fit = pls(Moments.from_correlations(R, n=100), "trust ~ script; stay ~ trust", scheme=scheme)
    assert paths(fit).to_dict() == pytest.approx({("script", "trust"): 0.0, ("trust", "stay"): 0.4})


# --- what a result holds --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("scheme", SCHEMES)
def test_scores_have_variance_1_and_their_correlations_carry_paths_shares_and_loadings(chain, scheme):
    fit, R = pls(chain, CHAIN, scheme=scheme), chain.corr()
    W = pd.DataFrame(0.0, fit.construct_cor.index, R.columns)
    for row in fit.weights.itertuples():
        W.loc[row.construct, row.indicator] = row.estimate
    C = W @ R @ W.T
    assert_frame_equal(fit.construct_cor, C, atol=1e-12)
    assert np.diag(C) == pytest.approx(np.ones(4))
    crossed = W @ R
    for row in fit.loadings.itertuples():
        assert row.estimate == pytest.approx(crossed.loc[row.construct, row.indicator])
    b = np.linalg.solve(C.loc[["Quality", "Value"], ["Quality", "Value"]], C.loc[["Quality", "Value"], "Trust"])
    assert paths(fit)[[("Quality", "Trust"), ("Value", "Trust")]].to_list() == pytest.approx(b.tolist())
    assert fit.r2["Trust"] == pytest.approx(b @ C.loc[["Quality", "Value"], "Trust"])


def test_the_shape_of_a_result(chain):
    fit = pls(chain, CHAIN, scheme="path")
    assert list(fit.table.columns) == ["outcome", "predictor", "estimate"]
    assert list(zip(fit.table["outcome"], fit.table["predictor"], strict=True)) == [
        ("Value", "Quality"), ("Trust", "Quality"), ("Trust", "Value"), ("Stay", "Trust"), ("Stay", "Value")]
    assert list(fit.r2.index) == ["Value", "Trust", "Stay"]
    assert (fit.n, fit.scheme) == (150, "path")
    assert fit.weights["indicator"].to_list() == ["q1", "q2", "q3", "v1", "v2", "t1", "t2", "t3", "s1"]


def test_effects_are_products_along_the_arrows(chain):
    fit = pls(chain, CHAIN)
    p = paths(fit)
    found = fit.effects.set_index(["source", "target", "via", "kind"])["estimate"]
    through_value = p["Quality", "Value"] * p["Value", "Stay"]
    through_trust = p["Quality", "Trust"] * p["Trust", "Stay"]
    through_both = p["Quality", "Value"] * p["Value", "Trust"] * p["Trust", "Stay"]
    assert found["Quality", "Stay", "Value", "indirect"] == pytest.approx(through_value)
    assert found["Quality", "Stay", "Value → Trust", "indirect"] == pytest.approx(through_both)
    assert found["Quality", "Stay", "", "total"] == pytest.approx(through_value + through_trust + through_both)


def test_the_sentence_reads_well_with_and_without_a_sample_size(chain):
    known = pls(chain, CHAIN).text
    unknown = pls(Moments.from_correlations(chain.corr()), CHAIN).text
    assert known.startswith("150 observations: the strongest path is ")
    assert unknown.startswith("A table without a sample size: the strongest path is ")
    assert "accounts for: Value " in known


# --- what must not matter -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text", [CHAIN, CHAIN_B], ids=["Mode A", "Modes A and B"])
@pytest.mark.parametrize("scheme", SCHEMES)
class TestInvariance:
    def test_rows_and_their_moments_give_the_same(self, chain, text, scheme):
        fit = pls(chain, text, scheme=scheme)
        m = Moments.from_frame(chain)
        for moments in (m, Moments.from_correlations(m.cor), Moments.from_correlations(m.cor, n=150, sd=m.sd, mean=m.mean),
                        Moments.from_frame(chain.iloc[:60]) + Moments.from_frame(chain.iloc[60:]),
                        Moments.from_frame(chain.assign(team=np.arange(150) % 7), list(chain), by="team")):
            same_fit(pls(moments, text, scheme=scheme), fit)

    def test_the_order_of_rows_and_columns_does_not_matter(self, chain, text, scheme):
        shuffled = chain.sample(frac=1, random_state=1)[[*chain.columns][::-1]]
        same_fit(pls(shuffled, text, scheme=scheme), pls(chain, text, scheme=scheme))

    def test_units_and_origins_do_not_matter(self, chain, text, scheme):
        units = np.geomspace(1e-6, 1e6, chain.shape[1])
        same_fit(pls(chain * units + 100 * units, text, scheme=scheme), pls(chain, text, scheme=scheme))

    def test_a_large_mean_does_not_matter(self, chain, text, scheme):
        same_fit(pls(chain + 1e6, text, scheme=scheme), pls(chain, text, scheme=scheme), atol=1e-7)

    def test_the_order_of_lines_and_terms_does_not_matter(self, chain, text, scheme):
        lines = [line.strip() for line in text.replace(";", "\n").splitlines() if line.strip()]
        turned = []
        for line in reversed(lines):
            sign = next(sign for sign in ("=~", "<~", "~") if sign in line)
            left, right = line.split(sign)
            turned.append(f"{left} {sign} {' + '.join(reversed(right.split('+')))}")
        same_fit(pls(chain, "\n".join(turned), scheme=scheme), pls(chain, text, scheme=scheme), atol=1e-7)

    def test_further_columns_and_rows_with_gaps_do_not_matter(self, chain, text, scheme):
        more = pd.concat([chain, chain.head(3).assign(q2=np.nan)], ignore_index=True).assign(word="x", other=np.nan)
        before = more.copy(deep=True)
        fit = pls(more, text, scheme=scheme)
        same_fit(fit, pls(chain, text, scheme=scheme))
        assert fit.n == 150
        assert_frame_equal(more, before)


# --- signs ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_construct_points_where_most_of_its_loadings_point(chain, scheme):
    for turned in (["t1", "t2", "t3"], ["q2"], ["v1", "v2", "q1", "q2", "q3"], ["s1"]):
        data = chain.copy()
        data[turned] = -data[turned]
        fit = pls(data, CHAIN, scheme=scheme)
        assert (fit.loadings.groupby("construct")["estimate"].sum() > 0).all()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("mode", "outer"), [("=~", 1), ("<~", 0)])
def test_the_sum_of_the_loadings_decides_where_the_sum_of_the_weights_says_otherwise(scheme, mode, outer):
    """With one observed outcome the weights are r (Mode A) or R⁻¹r (Mode B) up to size: here both sum to the other sign than
    the loadings (R times the weights) do."""
    names = ["a1", "a2", "a3", "y"]
    R, r = np.array([[1, 0, 0.4], [0, 1, 0.4], [0.4, 0.4, 1]]), np.array([0.1, 0.1, -0.18])
    if not outer:
        r = R @ r  # so that the weights of Mode B are those of Mode A
    w = np.array([0.1, 0.1, -0.18])
    assert w.sum() > 0 > (R @ w).sum()
    table = pd.DataFrame(np.block([[R, r[:, None]], [r[None], np.ones((1, 1))]]), names, names)
    fit = pls(Moments.from_correlations(table), f"A {mode} a1 + a2 + a3; y ~ A", scheme=scheme)
    size = np.sqrt(w @ R @ w)
    np.testing.assert_allclose(weights(fit)["A"], -w / size, atol=1e-9)
    assert fit.loadings.loc[fit.loadings["construct"] == "A", "estimate"].sum() > 0
    assert paths(fit)["A", "y"] == pytest.approx(-w @ r / size)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_block_coded_the_other_way_turns_the_signs_of_its_paths_and_nothing_else(chain, scheme):
    straight = paths(pls(chain, CHAIN, scheme=scheme))
    turned = paths(pls(chain.assign(**{item: -chain[item] for item in ("t1", "t2", "t3")}), CHAIN, scheme=scheme))
    signs = {arrow: -1 if "Trust" in arrow else 1 for arrow in straight.index}
    assert turned.to_dict() == pytest.approx({arrow: signs[arrow] * value for arrow, value in straight.items()}, abs=1e-9)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_one_item_coded_backwards_gets_a_negative_weight_and_changes_nothing_else(chain, scheme):
    straight, turned = pls(chain, CHAIN, scheme=scheme), pls(chain.assign(q2=-chain["q2"]), CHAIN, scheme=scheme)
    same_paths = paths(turned).to_dict()
    assert same_paths == pytest.approx(paths(straight).to_dict(), abs=1e-8)
    assert weights(turned)["Quality", "q2"] == pytest.approx(-weights(straight)["Quality", "q2"], abs=1e-8)


# --- errors ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "message"), [
    pytest.param("Q =~ q1 + q9; s1 ~ Q", r"there is no 'q9'; there are q1, q2", id="indicator missing"),
    pytest.param("Q =~ q1 + q2; s1 ~ Q + w1", r"there is no 'w1'", id="observed variable missing"),
    pytest.param("Q =~ q1 + q2; T =~ q2 + t1; T ~ Q", r"^MODEL: q2 serves two constructs", id="indicator in two constructs"),
    pytest.param("Q =~ q1 + q2; s1 ~ Q + q1", r"^MODEL: q1 serves two constructs", id="indicator and observed variable"),
    pytest.param("Q =~ q1 + q2; T =~ t1 + t2; V =~ v1; T ~ Q", r"^MODEL: no arrow touches V;",
                 id="construct without arrows"),
    pytest.param("Q =~ q1 + q2; T =~ t1 + t2", r"^MODEL: it has no regression", id="no regressions"),
    pytest.param("# nothing", r"^MODEL: it has no regression", id="comments alone"),
    pytest.param("", r"^MODEL: a text is needed", id="no text"),
    pytest.param("Q =~ q1 + q2; T =~ t1; T ~ Q; Q ~ T", r"^MODEL: the arrows run in a circle, ", id="circle"),
    pytest.param("Q =~ q1; V =~ v1; s1 ~ Q + Q:V", r"^MODEL: s1 ~ Q:V needs V beside it", id="interaction without a factor"),
    pytest.param("Q =~ q1; s1 ~ Q + Q:Q", r"^MODEL: Q:Q multiplies Q with itself", id="square"),
    pytest.param("Q =~ q1 + q2\nT == t1", r"^MODEL, line 2: ", id="a line that cannot be read"),
    pytest.param("Q <~ q1 + copy; s1 ~ Q", r"^MODEL: the indicators of Q \(q1, copy\) are collinear", id="collinear Mode B"),
    pytest.param("Q <~ q1 + q2 + both; s1 ~ Q", r"^MODEL: the indicators of Q \(q1, q2, both\) are collinear",
                 id="Mode B with a sum of its items"),
    pytest.param("Q =~ q1 + fixed; s1 ~ Q", r"^fixed: every value is the same", id="constant indicator"),
    pytest.param("s1 ~ q1 + copy", r"^MODEL: the predictors of s1 \(q1, copy\) are collinear", id="collinear predictors"),
    pytest.param("s1 ~ q1 + q2 + both", r"^MODEL: the predictors of s1 \(q1, q2, both\) are collinear",
                 id="a predictor that is the sum of others"),
    pytest.param("Q =~ q1 + minus; s1 ~ Q", r"indicators cancel out. Are some coded backwards\?",
                 id="indicators that cancel out"),
])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", ["rows", "moments"])
def test_a_model_that_cannot_be_fitted_is_an_error_that_says_why(chain, text, message, scheme, kind):
    data = chain.assign(copy=2 * chain["q1"] + 1, both=chain["q1"] + chain["q2"], minus=-chain["q1"], fixed=3.0)
    with pytest.raises(ValueError, match=message):
        pls(data if kind == "rows" else Moments.from_frame(data), text, scheme=scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_predictors_with_a_correlation_of_exactly_1_are_collinear_under_every_scheme(scheme):
    names = ["x", "again", "y"]
    R = pd.DataFrame([[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]], names, names)
    with pytest.raises(ValueError, match=r"^MODEL: the predictors of y \(x, again\) are collinear"):
        pls(Moments.from_correlations(R), "y ~ x + again", scheme=scheme)


def test_a_collinear_block_is_no_trouble_in_mode_a(chain):
    fit = pls(chain.assign(copy=2 * chain["q1"] + 1), "Q =~ q1 + copy; s1 ~ Q")
    assert paths(fit)["Q", "s1"] == pytest.approx(chain["q1"].corr(chain["s1"]))


def test_an_unknown_scheme_is_an_error_that_lists_the_known_ones(chain):
    with pytest.raises(ValueError, match=r"^scheme: 'centroide' is not one of centroid, factorial, path"):
        pls(chain, CHAIN, scheme="centroide")


def test_data_of_another_kind_is_an_error(chain):
    with pytest.raises(ValueError, match=r"^data: a DataFrame, a Moments or an Ibis table is needed, not ndarray"):
        pls(chain.to_numpy(), CHAIN)


def test_too_few_rounds_are_an_error_that_says_how_many(chain):
    with pytest.raises(ValueError, match="had not settled after 1 rounds"):
        pls(chain, CHAIN, iterations=1)


def test_no_rounds_at_all_are_an_error_that_names_the_argument(chain):
    with pytest.raises(ValueError, match=r"^iterations: "):
        pls(chain, CHAIN, iterations=0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_blocks_without_any_correlation_are_an_error_that_does_not_blame_the_coding(scheme):
    """Two constructs of two items each, all of whose correlations across are zero."""
    names = ["a1", "a2", "b1", "b2"]
    R = pd.DataFrame(np.kron(np.eye(2), [[1.0, 0.5], [0.5, 1.0]]), names, names)
    with pytest.raises(ValueError, match=r"\b[AB]\b") as error:
        pls(Moments.from_correlations(R), "A =~ a1 + a2; B =~ b1 + b2; B ~ A", scheme=scheme)
    assert "backwards" not in str(error.value)


# --- hard cases -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("scheme", SCHEMES)
def test_heavy_ties_and_extreme_units_do_no_harm(chain, scheme):
    ties = (chain > chain.median()).astype(float) + (chain > chain.quantile(0.9))
    is_the_textbooks(pls(ties, CHAIN, scheme=scheme), ties, CHAIN, scheme)
    unlike = chain * np.geomspace(1e-100, 1e100, chain.shape[1])
    same_fit(pls(unlike, CHAIN, scheme=scheme), pls(chain, CHAIN, scheme=scheme))


def test_a_nearly_collinear_mode_b_block_still_gives_the_canonical_correlation(chain):
    near = chain.assign(q2=chain["q1"] + 1e-3 * chain["q2"])
    left, right = ["q1", "q2", "q3"], ["t1", "t2", "t3"]
    canonical = np.linalg.svd(whitened(near[left]).T @ whitened(near[right]), compute_uv=False)[0]
    fit = pls(near, f"L <~ {'+'.join(left)}; R <~ {'+'.join(right)}; R ~ L")
    assert abs(fit.table["estimate"].item()) == pytest.approx(canonical, abs=1e-7)
