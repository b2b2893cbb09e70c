"""Templates, filled-in files, the kit: what is written, what is read back, and that nothing is ever overwritten."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pebbletrail as pt
from pebbletrail.instruments.definition import LANGUAGES, names
from pebbletrail.instruments.writing import csv_text

FORMS = [(name, form) for name in names() for form in pt.instrument(name).forms]
ONE_ROW = {"ethics-stages": list("123451234"),
           "openness-to-dialogue": ["public", "question", "72", "yes", "5.5", "4", "3", "oui", "non", "0"]}
HEADER = "respondent,trade1,trade2,trade3,brand1,brand2,brand3,person1,person2,person3,confidence1,confidence2,confidence3"
FILLED = f"{HEADER}\n007,1,2,3,4,5,6,7,1,2,3,4,5\nn8,,2,3,4,5,6,7,1,2,3,4,?\n"


@pytest.fixture
def trust():
    return pt.instrument("levels-of-trust")


def written(tmp_path, text, encoding="utf-8", name="answers.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


# --- templates --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "form"), FORMS)
def test_a_template_can_be_filled_in_and_scored(tmp_path, name, form, language):
    instrument = pt.instrument(name, language)
    path = instrument.template(tmp_path / "t.csv", form=form)
    with pytest.raises(ValueError, match="has a header and no answers below it"):
        instrument.read(path)
    keys = instrument.definition.form(form).keys
    separator = ";" if language == "fr" else ","
    items = instrument.table.query("form == @form")["item"]
    agreed = instrument.kind.name == "agreement"
    typed = [str(n % 7 + 1) for n in range(len(items))] if agreed else ONE_ROW[name]
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(separator.join([*(f"00{key}" for key in keys), *typed]) + "\r\n")
    answers = instrument.read(path)
    assert list(answers.columns) == list(instrument.template(form=form).columns) == [*keys, *items]
    assert answers[list(keys)].iloc[0].tolist() == [f"00{key}" for key in keys]  # leading zeros stay
    scores = instrument.score(answers)
    if not agreed:
        assert "mean" not in " ".join(scores.table.columns)
        return
    assert scores.form == form
    first = instrument.meaning.query("form == @form")["scale"].iloc[0]
    values = [8 - (n + 1) if turned else n + 1 for n, turned in
              enumerate(instrument.table.query("form == @form and scale == @first")["reversed"])]
    assert scores.table[first].tolist() == [np.mean(values)]


def test_a_template_opens_in_a_spreadsheet_of_its_language(tmp_path, trust):
    english = trust.template(tmp_path / "en.csv").read_bytes()
    french = pt.instrument("levels-of-trust", "fr").template(tmp_path / "fr.csv").read_bytes()
    assert english == b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n"
    assert french == english.replace(b",", b";")


def test_a_template_has_no_row_that_could_be_counted(trust):
    assert trust.template().empty


# --- reading ----------------------------------------------------------------------------------------------------------
def excel_french(text):
    return text.replace(",", ";").replace("\n", "\r\n").replace(";3;", ";3,0;")


@pytest.mark.parametrize(("text", "encoding"), [
    (FILLED, "utf-8"), (FILLED, "utf-8-sig"), (excel_french(FILLED), "utf-8-sig"), (excel_french(FILLED), "cp1252"),
    (FILLED.replace(",", "\t"), "utf-8"), (FILLED.replace("\n", "\n\n"), "utf-8"),
    (FILLED.replace(",", " , "), "utf-8"), (FILLED.rstrip("\n"), "utf-8"),
    ("\n".join(f"{line},," for line in FILLED.splitlines()), "utf-8"),
    ("\n".join(f'"{line}"' for line in FILLED.strip().replace(",", '","').splitlines()), "utf-8"),
], ids=["plain", "mark", "french", "french-1252", "tabs", "blank-lines", "blanks", "no-last-line", "empty-columns",
        "quoted"])
def test_files_of_many_kinds_say_the_same(tmp_path, trust, text, encoding):
    answers = trust.read(written(tmp_path, text, encoding))
    assert answers["respondent"].tolist() == ["007", "n8"]
    assert answers["trade2"].tolist() == [2, 2]
    assert answers["trade1"].isna().tolist() == [False, True]
    assert answers["confidence3"].isna().tolist() == [False, True]
    assert trust.score(answers).table["brand"].tolist() == [5, 5]


def test_accents_survive_either_encoding(tmp_path, trust):
    for encoding in ("utf-8", "cp1252"):
        path = written(tmp_path, FILLED.replace("n8", "Zoé 5 € l’œuvre"), encoding, f"{encoding}.csv")
        assert trust.read(path)["respondent"][1] == "Zoé 5 € l’œuvre"  # € ’ œ are not in latin-1


@pytest.mark.parametrize(("change", "told"), [
    (("007,1", "007,9"), r"answers.csv, line 2, column trade1: '9'. Allowed is a whole number from 1 to 7"),
    (("n8,,2", "n8,,yes"), "line 3, column trade2: 'yes'"),
    (("n8,,2", "n8,,4.5"), "line 3, column trade2: '4.5'"),
    (("n8,,2", "n8,,=1+1"), "line 3, column trade2: '=1[+]1'"),
    (("n8,,2", "n8,,nan"), "line 3, column trade2: 'nan'"),
    (("trade2", "Trade 2"), r"missing: trade2 \(is it 'Trade 2'\?\)"),
    (("trade2", "trade1"), "trade1 is there more than once"),
    (("trade2", ""), "column 3 of answers.csv has no name"),
    (("n8,", "n8,1,2,"), "line 3 of answers.csv has 15 cells and the header 13 names"),
    (("n8,,2,3,4,5,6,7,1,2,3,4,?", "n8,,2,3"), "line 3 of answers.csv has 4 cells and the header 13 names. Is the line cut"),
    (("007,1", '"007,1'), "cannot be read as CSV near line 3"),  # a quote that never ends
    (("007,1", '"007"x,1'), "cannot be read as CSV near line 2"),
    ((f"{HEADER}\n", ""), "the first line of answers.csv names no item of levels-of-trust"),
    ((FILLED, ""), "answers.csv is empty"),
    ((FILLED, HEADER), "has a header and no answers below it"),
])
def test_what_is_wrong_with_a_file_is_told_by_line_and_column(tmp_path, trust, change, told):
    with pytest.raises(ValueError, match=told):
        trust.read(written(tmp_path, FILLED.replace(*change, 1)))


def test_a_file_that_is_no_csv_file_is_told(tmp_path, trust):
    with pytest.raises(ValueError, match="is a spreadsheet, not a CSV file"):
        trust.read(written(tmp_path, "PK\x03\x04and more", name="answers.xlsx"))
    with pytest.raises(ValueError, match="cannot be read"):
        trust.read(tmp_path / "nowhere.csv")
    with pytest.raises(ValueError, match="cannot be read"):
        trust.read(tmp_path)


def test_many_wrong_cells_are_counted(tmp_path, trust):
    with pytest.raises(ValueError, match=r"line 2, column brand1.*; and 7 more"):
        trust.read(written(tmp_path, f"{HEADER}\na{',8' * 12}\n"))


def test_what_would_run_as_a_formula_is_made_harmless():
    assert csv_text([["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", "fine = text", 5]], "en") == \
        "'=cmd|' /C calc'!A0,'+1,'-1,'@x,'\tx,fine = text,5\r\n"
    assert csv_text([["\r=1"]], "en") == "\"'\r=1\"\r\n"


# --- the kit ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", names())
def test_the_kit_holds_what_a_study_needs(tmp_path, name):
    instrument = pt.instrument(name)
    paths = instrument.kit(tmp_path / "kit")
    made = {path.name for path in paths}
    assert made == {path.name for path in (tmp_path / "kit").iterdir()}
    expected = {"README.md", "LISEZMOI.md", "items.csv", *(f"{link}.csv" for link in instrument.definition.links)}
    for form in instrument.forms:
        expected |= {f"answers-{form}.csv", *(f"questionnaire-{form}-{language}.html" for language in LANGUAGES)}
    expected |= {"options.csv"} if instrument.kind.listed else set()
    assert made == expected
    for language, readme in (("en", "README.md"), ("fr", "LISEZMOI.md")):
        text = (tmp_path / "kit" / readme).read_text(encoding="utf-8")
        own = pt.instrument(name, language)
        assert all(limit in text for limit in own.limits)
        for row in own.meaning.itertuples():
            assert row.says in text
            assert row.does_not_say in text
    items = pd.read_csv(tmp_path / "kit" / "items.csv", encoding="utf-8-sig")
    assert list(items["en"]) == list(pt.instrument(name, "en").table["text"])
    assert list(items["fr"]) == list(pt.instrument(name, "fr").table["text"])


def test_a_kit_with_words_of_ones_own_is_in_their_language_only_and_says_so(tmp_path):
    paths = pt.instrument("levels-of-trust", "fr", brand="=Banque").kit(tmp_path)
    assert sorted(path.name for path in paths) == sorted(path.name for path in tmp_path.iterdir()) == [
        "LISEZMOI.md", "answers-customer.csv", "items.csv", "questionnaire-customer-fr.html"]
    items = pd.read_csv(tmp_path / "items.csv", sep=";", encoding="utf-8-sig").set_index("item")
    assert "en" not in items
    assert "=Banque" in items.loc["brand1", "fr"]
    told = (tmp_path / "LISEZMOI.md").read_text(encoding="utf-8")
    assert "En français seulement" in told
    assert "(brand\u202f: =Banque)" in told or "(brand: =Banque)" in told
    pt.instrument("levels-of-trust", trade="banks", brand="my bank").kit(tmp_path / "en")
    assert "In English only: words of your own were filled into the items (trade: banks, brand: my bank)" in (
        tmp_path / "en" / "README.md").read_text(encoding="utf-8")
    assert not (tmp_path / "en" / "LISEZMOI.md").exists()


def test_a_word_that_would_run_as_a_formula_is_harmless_in_the_list_of_items(tmp_path):
    made = pt.instrument("control-and-quality", employer="=Firm")
    made.kit(tmp_path / "kit")
    items = pd.read_csv(tmp_path / "kit" / "items.csv", encoding="utf-8-sig").set_index("item")
    assert items.loc["felt_trust2", "en"] == "'=Firm takes my word when I report how a call went."


def test_a_kit_that_cannot_be_written_leaves_nothing_behind(tmp_path, trust, monkeypatch):
    """The disk is full at the third file: no folder, no half of a kit, and words instead of an OSError."""
    from pebbletrail.instruments import writing

    opened, real = [], Path.open

    def full(self, *arguments, **more):
        opened.extend([self] if tmp_path in self.parents else [])
        if len(opened) > 2:
            raise OSError(28, "No space left on device")
        return real(self, *arguments, **more)

    assert writing.Path is Path
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ValueError, match=r"cannot be written.*No space left on device.*nothing of it is left"):
        trust.kit(tmp_path / "kit")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "there").mkdir()
    opened.clear()
    with pytest.raises(ValueError, match="No space left on device"):
        trust.kit(tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []


def test_a_kit_that_cannot_be_moved_is_taken_back(tmp_path, trust, monkeypatch):
    import shutil

    folder, real, moves = tmp_path / "there", shutil.move, []
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", encoding="utf-8")

    def stops(source, target):
        moves.append(target)
        if len(moves) == 3:
            raise OSError(5, "Input/output error")
        return real(source, target)

    monkeypatch.setattr(shutil, "move", stops)
    with pytest.raises(ValueError, match="Input/output error"):
        trust.kit(folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["there", "mine.txt"]


def test_a_link_that_leads_nowhere_is_something_that_is_there(tmp_path, trust):
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere.csv")
    with pytest.raises(ValueError, match="nothing is ever overwritten"):
        trust.template(tmp_path / "link.csv")
    (tmp_path / "folder").symlink_to(tmp_path / "no-folder")
    with pytest.raises(ValueError, match="a link that leads nowhere"):
        trust.kit(tmp_path / "folder")
    kit = tmp_path / "kit"
    kit.mkdir()
    (kit / "items.csv").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"holds items\.csv already"):
        trust.kit(kit)
    assert not (tmp_path / "nowhere.csv").exists()


def test_a_file_that_appears_at_the_last_moment_is_not_overwritten(tmp_path, trust, monkeypatch):
    from pebbletrail.instruments import writing

    mine = tmp_path / "mine.csv"
    mine.write_text("mine", encoding="utf-8")
    monkeypatch.setattr(writing, "new_file", writing.as_path)  # the look beforehand saw nothing
    with pytest.raises(ValueError, match="cannot be written"):
        trust.template(mine)
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("path", [5, True, "", "  ", ["a.csv"]])
def test_what_is_no_path_is_told(trust, path):
    for write in (trust.template, trust.questionnaire, trust.read, trust.kit, trust.questionnaire().save):
        with pytest.raises(ValueError, match="the name of a file or folder is needed"):
            write(path)


def test_a_name_that_no_file_can_have_is_told(tmp_path, trust):
    for name in ("x" * 300, "a\0b"):
        with pytest.raises(ValueError, match="cannot be written"):
            trust.template(tmp_path / name)


def test_nothing_is_overwritten(tmp_path, trust):
    mine = tmp_path / "mine.csv"
    mine.write_text("my answers", encoding="utf-8")
    for write in (trust.template, trust.questionnaire, trust.questionnaire().save):
        with pytest.raises(ValueError, match="nothing is ever overwritten"):
            write(mine)
    with pytest.raises(ValueError, match="is a file, or a link that leads nowhere; give a folder"):
        trust.kit(mine)
    assert mine.read_text(encoding="utf-8") == "my answers"
    folder = tmp_path / "kit"
    folder.mkdir()
    (folder / "items.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match=r"holds items\.csv already"):
        trust.kit(folder)
    assert [path.name for path in folder.iterdir()] == ["items.csv"]
    for write in (trust.template, trust.questionnaire, trust.kit):
        with pytest.raises(ValueError, match="is not there; make it first"):
            write(tmp_path / "no" / "folder")


def test_nothing_is_written_unless_it_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PEBBLETRAIL_HOME", str(tmp_path / "home"))
    for name, form in FORMS:
        instrument = pt.instrument(name)
        answers = instrument.example(form=form)
        instrument.score(answers, form).figure()
        assert instrument.reliability(answers, form).text
        assert instrument.questionnaire(form=form).html
        panel = instrument.fill_in(form)
        item = instrument.table.query("form == @form")["item"].iloc[0]
        panel.answer(item, instrument.options.set_index("item").loc[item, "value"].iloc[-1])
        panel.show()
    assert list(tmp_path.iterdir()) == []


# --- the study ----------------------------------------------------------------------------------------------------
def readme(language):
    folder = Path(pt.__file__).parent / "instruments" / "definitions"
    return (folder / f"control-and-quality.{language}.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(r"```python\n(.*?)```", readme(language), re.S)


def study(language, agents_data, customers, calls):
    """The three tables as they would be typed in."""
    separator = ";" if language == "fr" else ","
    for frame, name in ((agents_data, "answers-agent"), (customers, "answers-customer"), (calls, "calls")):
        frame.to_csv(f"{name}.csv", index=False, sep=separator, encoding="utf-8-sig")


def made_up(kit, teams=20, change=0.6):
    """60 agents with 10 calls in each of two waves: one point more of felt process control costs half a point, and a change
    in half of the teams, drawn by lot, is worth ``change`` points."""
    draw = np.random.default_rng(11)
    items = kit.table.groupby("form")["item"].apply(list)
    control, at = draw.integers(2, 7, 60), np.arange(1200) % 60
    agents = pd.DataFrame(draw.integers(3, 6, (60, 22)), columns=items["agent"])
    agents = agents.assign(**dict.fromkeys(("process1", "process2", "process3"), control), process4=8 - control,
                           agent=[f"a{n:02}" for n in range(60)], team=[f"t{n % teams}" for n in range(60)])
    wave, arm = np.repeat([1, 2], 600), draw.permutation(np.arange(teams) % 2)[at % teams]
    quality = 6 - 0.5 * control[at] + change * arm * (wave == 2)
    quality = np.clip(np.round(quality[:, None] + draw.normal(0, 0.7, (1200, 4))), 1, 7)
    quality[:, 3] = 8 - quality[:, 3]
    customers = pd.DataFrame(np.hstack([quality, draw.integers(1, 8, (1200, 9))]), columns=items["customer"])
    customers["call"] = [f"c{n}" for n in range(1200)]
    calls = pd.DataFrame({"call": customers["call"], "agent": [f"a{n:02}" for n in at],
                          "team": [f"t{n % teams}" for n in at], "arm": arm, "wave": wave})
    return agents, customers, calls


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_to_join_the_tables_works_as_it_is_written(tmp_path, monkeypatch, capsys, language):
    """The README's own lines, on a made-up study, against the same by hand: means of agents, then of teams."""
    import statsmodels.formula.api as smf

    kit = pt.instrument("control-and-quality", language)
    kit.kit(tmp_path / "kit")
    monkeypatch.chdir(tmp_path / "kit")
    agents, customers, calls = made_up(kit)
    header = pd.read_csv("calls.csv", sep=None, engine="python", encoding="utf-8-sig").columns
    assert list(header) == list(calls.columns) == ["call", "agent", "team", "arm", "wave"]
    typed = calls.copy()
    typed.loc[0, "agent"] = " "  # a code that was not typed in; two more with a blank that nobody sees
    typed.loc[1, "agent"], typed.loc[2, "call"] = "a01 ", " c2"
    typed = typed.drop(index=3)  # a call that is not in the list
    nameless = customers.assign(call=customers["call"].where(customers.index != 4))
    first, second = blocks(language)[:2]
    study(language, agents.iloc[:-1], nameless, typed)
    found = {}
    exec(first, found)  # our own lines
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told[:3]] == ["0", "1", "1"]  # rows without a code: agents, customers, calls
    assert told[3].startswith("2 ")  # answers that belong to no call: of rows 0 and 3
    assert told[4].startswith("1 ")  # the agent without a sheet
    assert len(found["rows"]) == 59
    good = kit.score(customers).table.merge(calls, on="call").drop(index=[0, 3, 4])
    means = good[good["wave"] == 1].groupby("agent")["quality"].mean()
    assert found["rows"].set_index("agent")["quality"].tolist() == pytest.approx(means.drop("a59").tolist(), abs=1e-12)
    fit = pt.regress(found["rows"], "quality ~ process + results + script", "cluster", by="team").table.set_index("term")
    assert fit.loc["process", "estimate"] == pytest.approx(-0.5, abs=0.05)
    assert f"{fit.loc['process', 'estimate']:.3f}"[:6] in "\n".join(told[5:])

    exec(second, found)
    told = capsys.readouterr().out
    assert told.startswith("0 ")
    before = good[good["wave"] == 1].groupby("team")["quality"].mean().rename("before")
    after = good[good["wave"] == 2].join(before, on="team")
    by_hand = smf.ols("quality ~ arm + before", after).fit(cov_type="cluster", use_t=True,
                                                          cov_kwds={"groups": pd.factorize(after["team"])[0]})
    made = pt.regress(found["after"], "quality ~ changed + before", "cluster", by="team").table.set_index("term")
    assert made.loc["changed", "estimate"] == pytest.approx(by_hand.params["arm"], abs=1e-9)
    assert made.loc["changed", "se"] == pytest.approx(by_hand.bse["arm"], abs=1e-9)
    assert made.loc["changed", "estimate"] == pytest.approx(0.6, abs=0.15)
    assert f"{by_hand.params['arm']:.3f}"[:5] in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_of_the_study_are_right(language):
    """Spearman and Brown for the mean of many calls, Fisher for the intervals, and the plan by the call that is printed."""
    text = readme(language)

    def said(value):
        return f"{value:.2f}".replace(".", "," if language == "fr" else ".")

    def reliability(calls, icc=0.1):
        return calls * icc / (1 + (calls - 1) * icc)

    few, many = reliability(10), reliability(30)
    pattern = {"en": r"mean of 10 calls has a reliability of (\S+), that of 30 calls (\S+)\. .*? shows as (\S+) with 10 "
                     r"calls for each agent, and as (\S+) with 30; .*?: as (\S+) and (\S+) if its reliability is 0.80",
               "fr": r"moyenne de 10 appels a une fiabilité de (\S+), celle de 30 appels (\S+)\. .*? apparaît alors comme "
                     r"(\S+) avec 10 appels par agent, et (\S+) avec 30 ; .*? : (\S+) et (\S+) si sa fiabilité est de 0,80"}
    told = re.search(pattern[language], text)
    assert list(told.groups()) == [said(one) for one in (few, many, *(0.3 * np.sqrt([few, many, few * 0.8, many * 0.8])))]
    for agents in (100, 400):
        low, high = np.tanh(np.arctanh(0.22) + np.array([-1, 1]) * 1.959964 / np.sqrt(agents - 3))
        assert re.search(rf"{agents} agents.{{0,80}} {said(low)} \w+ {said(high)}", text)
    call = re.search(r"`(pt\.plan\(.*?\))`", text)[1]
    plan = eval(call, {"pt": pt})  # our own line
    asked = {key: float(re.search(rf"\b{key}=([\d.]+)", call)[1]) for key in ("effect", "icc", "cluster_size")}
    smallest = plan.smallest
    assert smallest.power >= 0.80
    half = {"en": "teams are needed, half of them changed", "fr": "équipes, dont la moitié change"}[language]
    assert f" {smallest.size} {half}" in text
    words = {"en": f"{asked['cluster_size']:.0f} customers' answers a team after the change, to find a difference of "
                   f"{asked['effect']:g} standard deviations of customers' answers in at least 80 of 100 such studies",
             "fr": f"{asked['cluster_size']:.0f} réponses de clients par équipe après le changement, pour trouver une "
                   f"différence de {asked['effect']:g} écart-type des réponses des clients dans au moins 80 "
                   "études sur 100"}
    words = words[language]
    assert words.replace("0.3", said(0.3)[:3]) in text
    share = {"en": f"the ICC is the teams': {said(asked['icc'])} means that a twentieth", "fr":
             f"L'ICC est ici celui des équipes : {said(asked['icc'])} veut dire qu'un vingtième"}[language]
    assert share in text
    assert asked["icc"] == 1 / 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_study_counts_what_there_is(language):
    """Items of each form, the fewest agents, the fewest teams: as the code has them."""
    from pebbletrail.instruments.scoring import FEW
    from pebbletrail.models.regression import MANY

    text, kit = readme(language), pt.instrument("control-and-quality", language)
    for form, key in (("agent", "`agent`, `team`, "), ("customer", "`call`, ")):
        items = (kit.table["form"] == form).sum()
        assert f"| {key}{items} {'items' if language == 'en' else 'énoncés'} |" in text
    assert {"en": f"groups below {FEW} agents should not be reported",
            "fr": f"groupes de moins de {FEW} agents ne devrait être communiqué"}[language] in text
    assert {"en": f"fewer than {MANY} teams", "fr": f"moins de {MANY} équipes"}[language] in text
    promise = kit.definition.form("agent").privacy[language]
    assert {"en": f"groups of {FEW} agents or more only", "fr": f"groupes d'au moins {FEW} agents"}[language] in promise
    other = (Path(pt.__file__).parent / "instruments" / "definitions" / f"levels-of-trust.{language}.md").read_text("utf-8")
    assert {"en": f"fewer than {FEW} of them", "fr": f"moins de {FEW} d'entre eux"}[language] in other
