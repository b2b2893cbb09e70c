"""The verbatim workshop: texts and codebook, codings and their files, the simulated coder, agreement by hand."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import pebbletrail as pt
from pebbletrail.coding.codebook import codes, workshop
from pebbletrail.coding.codings import checked, from_text
from pebbletrail.coding.panel import CodingPanel
from pebbletrail.coding.simulated import chances, error_table

RAW = tomllib.loads((Path(pt.__file__).parent / "coding" / "workshop.toml").read_text(encoding="utf-8"))


RAW["meant_codes"] = {id: one["code"] for id, one in RAW["meant"].items()}


@pytest.fixture(autouse=True)
def no_panel_before(monkeypatch):
    monkeypatch.setattr(CodingPanel, "latest", {})


# --- texts and codebook -------------------------------------------------------------------------------------------------

def test_thirty_comments_fifteen_in_each_language_with_the_other_beside():
    table = pt.verbatims()
    assert table["id"].tolist() == [f"v{number:02d}" for number in range(1, 31)]
    assert table["language"].value_counts().to_dict() == {"en": 15, "fr": 15}
    assert table[["text", "translation"]].apply(lambda one: one.str.len()).min().min() > 4
    assert table["text"].is_unique
    assert len(pt.verbatims("fr")) == len(pt.verbatims("en")) == 15
    assert "made up" in pt.passport("verbatims").title


def test_french_is_set_as_french_is():
    french = pd.concat([pt.verbatims("fr")["text"], pt.verbatims("en")["translation"]])
    assert not french.str.contains(r" [:;?!»]").any()
    assert french.str.contains("\u202f").any()
    english = pd.concat([pt.verbatims("en")["text"], pt.verbatims("fr")["translation"]])
    assert not english.str.contains("\u202f").any()


def test_the_codebook_says_the_same_in_both_languages():
    english, french = pt.codebook().table, pt.codebook("fr").table
    assert english["code"].tolist() == french["code"].tolist() == list(codes())
    assert codes()[-1] == "cannot"
    assert (english != french).drop(columns="code").all().all()
    assert pt.codebook().names["unheard"] == "not believed"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_example_of_the_codebook_is_a_comment_to_code(language):
    texts = " ".join(pd.concat([pt.verbatims()["text"], pt.verbatims()["translation"]]))
    for example in pt.codebook(language).table["example"]:
        assert example.rstrip(".") not in texts


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_exclusion_names_a_code_by_its_name(language):
    table = pt.codebook(language).table
    pointed = [text.split(":")[1].strip(" .\u202f") for text in table["exclude"] if ":" in text][:4]
    assert set(pointed) <= set(table["name"])


def test_every_comment_has_a_reading_and_no_reading_rivals_itself():
    meant = RAW["meant"]
    assert list(meant) == pt.verbatims()["id"].tolist()
    for one in meant.values():
        assert {one["code"], one.get("rival", "cannot")} <= set(codes())
        assert one.get("rival") != one["code"]
        assert ("rival" in one) == (one["kind"] != "plain")


# --- codings and files ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_saved_coding_comes_back(tmp_path, language):
    panel = pt.coding_workshop(language=language)
    panel.answer("v01", "waiting")
    panel.answer("v30", "cannot")
    path = panel.save(tmp_path / "mine.csv")
    other = pt.coding_workshop()
    assert other.load(path) == 2
    pd.testing.assert_series_equal(panel.coding, other.coding)
    with pytest.raises(ValueError, match="nothing is ever overwritten"):
        panel.save(path)


def test_a_coding_can_be_taken_back_piece_by_piece():
    panel = pt.coding_workshop(coding={"v01": "waiting", "v02": "data"})
    panel.answer("v01", None)
    assert panel.coding.dropna().to_dict() == {"v02": "data"}
    assert panel.sentence == "1 of 30 coded."
    panel.reset()
    assert panel.coding.isna().all()


def test_a_panel_of_one_language_keeps_only_its_comments():
    panel = pt.coding_workshop("fr", "fr", coding={"v01": "waiting", "v02": "data"})
    assert panel.coding.dropna().to_dict() == {"v02": "data"}
    assert panel.sentence == "1 sur 15 codés."
    with pytest.raises(ValueError, match="no comment 'v01' here"):
        panel.answer("v01", "data")


@pytest.mark.parametrize(("given", "message"), [
    ({"v31": "waiting"}, "no comment 'v31'"), ({"v01": "wait"}, "v01: 'wait'"), ([1, 2], "Series or a dict"),
    (pd.Series(["data", "data"], index=["v01", "v01"]), "more than once")])
def test_what_is_no_coding_is_refused_in_words(given, message):
    with pytest.raises(ValueError, match=message):
        pt.coding_workshop(coding=given)


@pytest.mark.parametrize(("text", "message"), [
    ("", "no first line"), ("a,b\nv01,data", "no first line"), ("id,code\n", "no line below"), ("id,code\nv01", "cut off"),
    ("id,code\nv01,wrong", "'wrong'"), ("id,code\nv01,data\nv01,data", "more than once"), ("x" * 200_000, "too large")])
def test_a_bad_file_is_refused_in_words(text, message):
    with pytest.raises(ValueError, match=message):
        from_text(text, "mine.csv")


@pytest.mark.parametrize("text", ["id,code\r\nv01,data\r\nv02,\r\n", "\ufeffid;code\nv01;data\n", "code\tid\ndata\tv01",
                                  '"id","code"\n"v01","data"'])
def test_a_file_may_come_from_a_spreadsheet(text):
    assert from_text(text, "mine.csv").dropna().to_dict() == {"v01": "data"}


def test_no_file_and_no_language_is_refused_in_words(tmp_path):
    with pytest.raises(ValueError, match="cannot be read"):
        pt.coding_workshop().load(tmp_path / "none.csv")
    for call in (lambda: pt.coding_workshop("de"), lambda: pt.coding_workshop(language="de"), lambda: pt.verbatims("de"),
                 lambda: pt.codebook("de")):
        with pytest.raises(ValueError, match="'de' is not one of en, fr"):
            call()


def test_the_panel_hears_the_browser_and_leaves_late_messages_aside():
    panel = pt.coding_workshop()
    told = []
    panel.widget.send = told.append

    def say(**message):
        panel._heard(panel.widget, {"view": "a", "codes": {}, **message})

    say(press="choose", turn=2, codes={"v01": "waiting", "v02": "data"})
    say(press="choose", turn=1, codes={"v01": "waiting"})
    assert panel.sentence == "2 of 30 coded."
    say(press="file", turn=3, text="id,code\nv05,helped\n", name="<b>x</b>.csv")
    both = {"v01": "waiting", "v02": "data", "v05": "helped"}
    assert panel.coding.dropna().to_dict() == both
    assert panel.sentence == "3 of 30 coded, from <b>x</b>.csv."
    say(press="file", turn=4, text="id,code\nv99,helped\n", name="x.csv")
    assert panel.coding.dropna().to_dict() == both
    assert panel.sentence.startswith("x.csv was not taken: ")
    assert "v99" in panel.sentence
    say(press="again", turn=5)
    assert panel.coding.isna().all()
    assert told[-1]["codes"] == {}
    assert told[-1]["sentence"] == panel.sentence == "All codes are taken back."


@pytest.mark.parametrize(("language", "told"), [
    ("en", "2 of 15 coded, from mine.csv. Where you had another code, the file's took its place: 1. Codes left aside, for "
           "comments that are not shown here: 2."),
    ("fr", "2 sur 15 codés, depuis mine.csv. Codes du fichier qui ont remplacé les vôtres\u202f: 1. Codes laissés")])
def test_a_file_adds_its_codes_and_says_what_it_replaced_and_left_aside(tmp_path, language, told):
    (tmp_path / "mine.csv").write_text("id,code\nv02,repeating\nv01,waiting\nv03,helped\n", encoding="utf-8")
    panel = pt.coding_workshop("fr", language, coding={"v02": "data", "v04": "charge"})
    assert panel.load(tmp_path / "mine.csv") == 2
    assert panel.coding.dropna().to_dict() == {"v02": "repeating", "v04": "charge"}
    assert panel.sentence.startswith(told)


def test_a_file_of_the_other_language_is_not_dropped_without_a_word(tmp_path):
    (tmp_path / "english.csv").write_text("id,code\nv01,waiting\nv03,helped\n", encoding="utf-8")
    panel = pt.coding_workshop("fr")
    assert panel.load(tmp_path / "english.csv") == 0
    assert panel.sentence == ("0 of 15 coded, from english.csv. Codes left aside, for comments that are not shown here: 2.")


def test_a_second_panel_says_how_to_bring_the_codes_back():
    pt.coding_workshop().answer("v01", "waiting")
    again = pt.coding_workshop()
    assert again.coding.isna().all()
    assert again.sentence.startswith("0 of 30 coded. Codes in the panel before this one: 1. Write .bring_back()")
    again.answer("v02", "data")
    assert again.bring_back() == 2
    assert again.coding.dropna().to_dict() == {"v01": "waiting", "v02": "data"}
    assert "bring_back" not in pt.coding_workshop(coding={"v03": "data"}).sentence
    again.reset()


def test_the_static_twin_holds_every_comment_and_no_code():
    panel = pt.coding_workshop(coding={"v01": "waiting"})
    page = panel.static()
    assert page.count("<li ") == 30
    assert page.count("<tr>") == 1 + len(codes())
    assert "<script" not in page
    assert "checked" not in page
    bundle = panel._repr_mimebundle_()
    assert bundle["text/html"] == page


# --- the simulated coder ------------------------------------------------------------------------------------------------

def test_the_error_table_holds_chances_and_slips_scale_what_is_off_the_diagonal():
    plain, double = error_table(), error_table(2)
    assert np.allclose(plain.sum(axis=1), 1)
    assert (plain.to_numpy() >= 0).all()
    off = ~np.eye(len(codes()), dtype=bool)
    assert np.allclose(double.to_numpy()[off], 2 * plain.to_numpy()[off])
    assert np.allclose(error_table(0), np.eye(len(codes())))
    assert (error_table(4).to_numpy() >= 0).all()


def test_a_coder_without_slips_and_second_readings_codes_as_was_meant():
    exact = pt.simulated_coder(3, rival=0, slips=0)
    assert exact.coding.to_dict() == {id: one["code"] for id, one in RAW["meant"].items()}
    assert exact.expected == 1
    other = pt.simulated_coder(3, rival=1, slips=0)
    assert other.coding.to_dict() == {id: one.get("rival", one["code"]) for id, one in RAW["meant"].items()}


def test_over_many_seeds_the_coder_codes_with_the_stated_chances():
    """Chi-square of 800 coders against the table, comment by comment; the smallest of thirty p values by Bonferroni."""
    drawn = pd.DataFrame([pt.simulated_coder(seed).coding for seed in range(800)])
    ps = []
    for id, row in chances(0.4, 1).iterrows():
        there = row[row > 0]
        seen = drawn[id].value_counts().reindex(there.index, fill_value=0)
        assert seen.sum() == 800
        ps.append(stats.chisquare(seen, 800 * there).pvalue)
    assert min(ps) * 30 > 0.01
    meant = np.array([RAW["meant"][id]["code"] for id in drawn], dtype=object)
    assert (drawn.to_numpy() == meant).mean() == pytest.approx(pt.simulated_coder().expected, abs=0.015)


@pytest.mark.parametrize("bad", [{"rival": 1.2}, {"rival": True}, {"slips": -1}, {"slips": 5}, {"seed": -1}, {"seed": 0.5}])
def test_a_coder_out_of_range_is_refused(bad):
    with pytest.raises(ValueError, match=f"^{next(iter(bad))}:"):
        pt.simulated_coder(**bad)


def test_the_simulated_coder_says_so():
    assert pt.simulated_coder().text.startswith("A SIMULATED coder")
    assert "assumed by us" in pt.simulated_coder().text
    assert pt.simulated_coder(5).coding.equals(pt.simulated_coder(5).coding)


# --- agreement --------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def pair():
    return pt.compare_codings(RAW["example"], pt.simulated_coder(2), names=("reader", "machine"))


def test_agreement_by_hand(pair):
    """Share, kappa and alpha from the counts alone."""
    counts = pair.counts.to_numpy()
    n, agreed = counts.sum(), np.trace(counts)
    assert n == 30
    share = agreed / n
    chance = (counts.sum(axis=1) * counts.sum(axis=0)).sum() / n**2
    pooled = counts.sum(axis=1) + counts.sum(axis=0)
    by_lot = 1 - (pooled * (pooled - 1)).sum() / (2 * n * (2 * n - 1))
    z = stats.norm.ppf(0.975)
    middle, reach = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    found = pair.summary.set_index("statistic")
    assert found.loc["share agreed", ["estimate", "ci_low", "ci_high"]].tolist() == pytest.approx(
        [share, (middle - reach) / (1 + z**2 / n), (middle + reach) / (1 + z**2 / n)])
    assert found.loc["Cohen's kappa", "estimate"] == pytest.approx((share - chance) / (1 - chance))
    assert found.loc["Krippendorff's alpha", "estimate"] == pytest.approx(1 - (1 - share) / by_lot)


def test_rows_are_the_first_coder_and_columns_the_second(pair):
    reader, machine = pd.Series(RAW["example"]), pt.simulated_coder(2).coding
    for row in codes():
        for column in codes():
            assert pair.counts.loc[row, column] == sum((reader[id], machine[id]) == (row, column) for id in reader.index)
    assert pair.counts.loc["waiting", "helped"] != pair.counts.loc["helped", "waiting"]


def test_differences_and_kinds_account_for_every_comment(pair):
    assert len(pair.differences) == 30 - pair.same.sum()
    assert pair.kinds["comments"].sum() == 30
    assert (pair.kinds["same"] + pair.kinds["differ"] == pair.kinds["comments"]).all()
    assert pair.kinds["differ"].sum() == len(pair.differences)
    names = pt.codebook().names
    for row in pair.differences.itertuples():
        assert row.reader != row.machine
        assert row.meant == names[RAW["meant"][row.id]["code"]]
        assert {row.reader, row.machine} <= set(names.values())


def test_a_comment_that_one_left_out_is_left_out(pair):
    some = {id: code for id, code in RAW["example"].items() if id > "v12"}
    fewer = pt.compare_codings(some, pt.simulated_coder(2))
    assert len(fewer.same) == 18
    assert fewer.counts.to_numpy().sum() == 18


def test_too_little_is_refused_and_one_code_alone_is_said():
    with pytest.raises(ValueError, match="both coded 2"):
        pt.compare_codings({"v01": "data", "v02": "data"}, pt.simulated_coder())
    same = dict.fromkeys(RAW["meant"], "data")
    alone = pt.compare_codings(same, same)
    assert alone.kappa is None
    assert "undefined" in alone.text
    assert alone.summary["estimate"].iloc[0] == 1
    assert alone.summary["estimate"].iloc[1:].isna().all()
    alone.figure()


def test_the_second_reading_is_the_rival_and_not_what_was_meant(pair):
    """v05 was meant as waiting and can be read as praise; v17 has one reading only."""
    shown = pair.differences.set_index("id")
    assert shown.loc["v05", ["meant", "second_reading"]].tolist() == ["waiting", "helped"]
    assert shown.loc["v17", ["meant", "second_reading"]].tolist() == ["not believed", ""]


def test_the_seed_is_the_luck_of_alphas_interval(pair):
    other = pt.compare_codings(RAW["example"], pt.simulated_coder(2), names=pair.names, seed=1)
    assert other.alpha.ci != pair.alpha.ci
    assert other.alpha.estimate == pair.alpha.estimate
    assert pt.compare_codings(RAW["example"], pt.simulated_coder(2), names=pair.names, seed=0).alpha.ci == pair.alpha.ci


@pytest.mark.parametrize("taken", ["id", "text", "same", "kind", "meant", "second_reading"])
def test_a_coder_cannot_be_called_as_a_column_of_the_tables(taken):
    for names in ((taken, "x"), ("x", taken)):
        with pytest.raises(ValueError, match=f"^names: '{taken}' is the name of a column"):
            pt.compare_codings(RAW["example"], RAW["example"], names=names)


def test_a_comparison_is_no_coding(pair):
    with pytest.raises(ValueError, match="already a comparison of two codings"):
        pt.compare_codings(pair, RAW["example"])


def test_an_interval_that_is_left_empty_is_explained():
    alike = pt.compare_codings(RAW["example"], dict(RAW["example"]))
    assert alike.summary["ci_low"].iloc[1:2].isna().all()
    assert "left empty, since they agree throughout" in alike.text
    one_code = pt.compare_codings(RAW["example"], dict.fromkeys(RAW["meant"], "data"))
    assert one_code.kappa.estimate == 0
    assert "left empty, since one of them used a single code" in one_code.text


@pytest.mark.parametrize("names", ["ab", ("a",), ("a", "a"), ("a", ""), ("a", 3)])
def test_names_are_two_different_texts(names):
    with pytest.raises(ValueError, match="names:"):
        pt.compare_codings(RAW["example"], RAW["example"], names=names)


def test_what_is_said_of_a_simulated_coder_and_of_people(pair):
    assert "SIMULATED" in pair.text
    assert "SIMULATED" in pt.compare_codings(RAW["example"], pt.simulated_coder(2).coding).text
    assert "One of them is MADE UP" in pt.compare_codings(pt.coding_workshop().example, RAW["meant_codes"]).text
    people = pt.compare_codings(RAW["example"], RAW["meant_codes"])
    assert "SIMULATED" not in people.text
    assert "If two people coded, this says how far they read alike" in people.text


def test_the_figure_says_how_many_are_on_the_diagonal(pair):
    fig = pair.figure()
    on, off = map(int, re.findall(r"(\d+) comments on the diagonal.* (\d+) beside", fig.alt)[0])
    assert (on, off) == (int(pair.same.sum()), 30 - int(pair.same.sum()))
    ax, names = fig.axes[0], list(pt.codebook().names)
    shown = {(names[int(one.get_position()[1])], names[int(one.get_position()[0])]): int(one.get_text()) for one in ax.texts}
    counts = pair.counts
    assert shown == {(row, column): counts.loc[row, column] for row in names for column in names if counts.loc[row, column]}
    assert (ax.get_ylabel(), ax.get_xlabel()) == pair.names == ("reader", "machine")
    assert [one.get_text() for one in ax.get_yticklabels()] == list(pt.codebook().names.values())


def test_the_callers_coding_is_not_changed():
    mine = pd.Series({"v02": "data", "v01": "waiting"})
    kept = mine.copy()
    checked(mine)
    pt.coding_workshop(coding=mine)
    pd.testing.assert_series_equal(mine, kept)


def test_the_words_of_the_panel_are_there_in_both_languages():
    english, french = workshop()["panel"]["en"], workshop()["panel"]["fr"]
    assert set(english) == set(french)
    for key, text in english.items():
        if isinstance(text, str):
            assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", french[key]), key
