"""A made-up class in which some copied on purpose: each copy is found with the right names, and nobody honest is."""

import hashlib
import json
import random
import re
from dataclasses import replace

import pytest
from tests.grading import known

from pebbletrail.exercises.module import module_folders
from pebbletrail.exercises.sheet import practice_folder
from pebbletrail.grading.alike import Alike, alike
from pebbletrail.grading.code_alike import code_alike, form_of
from pebbletrail.grading.given_out import Cells, course_cells
from pebbletrail.grading.pair import ANSWERS, CODE, FILE, TABLES, WORDS
from pebbletrail.grading.results import ABSENT, Handed, Results
from pebbletrail.grading.scoring import scored
from pebbletrail.page_source import source

MODULE = "04-control"
NAMES = ["result", "model", "fit", "out", "res", "table", "value", "answer", "mine", "it"]
STOCK = ["the standard error of the slope is 0.04", "among agents with the same last score", "draw half of the teams by lot",
         "not to be told from nothing at all"]
WORDS_OF_OTHERS = practice_folder() / "07-audit" / "07-audit.ipynb"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return known.build(tmp_path_factory.mktemp("alike") / "class", 60, [MODULE])


@pytest.fixture(scope="module")
def vocabulary():
    return sorted(set(re.findall(r"[a-z]{3,}", WORDS_OF_OTHERS.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def solution():
    """Lines that solve the module: what an honest student may well write."""
    cells = json.loads((module_folders()[MODULE] / "solution.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join(source(cell) for cell in cells if cell["cell_type"] == "code")
    solved = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", text, flags=re.S)
    return [line for part in solved for line in part.splitlines() if len(line) >= 25 and "{{" not in line]


def own_text(luck, vocabulary, count=110):
    """A text of one's own: made of rare and common words, with a stock phrase here and there."""
    weights = [1 / (rank + 1) for rank in range(len(vocabulary))]
    words = luck.choices(vocabulary, weights, k=count)
    for _ in range(3):
        words.insert(luck.randrange(count), luck.choice(STOCK))
    return " ".join(words)


def own_code(luck, solution):
    """Code as people write it: the same few ways by many, names and details of one's own."""
    lines = []
    for line in solution:
        name, _, way = line.partition(" = ")
        name = name if luck.random() < 0.5 else luck.choices(NAMES, [1 / (rank + 1) for rank in range(10)])[0]
        way = luck.choice([way, way, way, f"round({way}, 4)", f"float({way})", way.replace('"', "'")])
        lines += [f"{name} = {way}", f"print({name})"]
        lines += [luck.choice(["# here comes what the question asks for", f"# step {luck.randrange(99)}: as on page 3"])]
    return ["\n".join(lines[at:at + 6]) for at in range(0, len(lines), 6)]


def honest_answers(luck, place, student, vocabulary):
    """Right, by a known wrong way, or by an own mistake that nobody foresaw: up to a third too large or too small."""
    answers = {}
    for key in place.key(student, MODULE)["questions"]:
        if key["kind"] == "number":
            way = luck.random()
            answers[key["id"]] = (key["right"] if way < 0.4 else luck.choice(key["routes"])["value"] if way < 0.6
                                  else key["right"] * luck.uniform(0.7, 1.3))
        elif key["kind"] == "text":
            answers[key["id"]] = own_text(luck, vocabulary)
        elif key["kind"] == "choice":
            answers[key["id"]] = luck.choice("abcd")
        elif key["kind"] == "prediction":
            answers[key["id"]] = luck.choice(key["options"])
    return answers


def handed_in(place, student, answers, cells=(), claim=None):
    sheet = known.sheet_of(place, student, MODULE)
    claim = {"student": student, "module": MODULE, "files": sheet["files"], "answers": answers, **(claim or {})}
    name = next(one["name"] for one in place.students() if one["id"] == student)
    handed = Handed("a.zip", hashlib.sha256(student.encode()).hexdigest(), claim, tuple(cells))
    return scored(sheet, place.key(student, MODULE), student, name, answers, handed=handed)


def honest(place, seed, vocabulary, solution, count=60):
    luck = random.Random(seed)
    return {one["id"]: handed_in(place, one["id"], honest_answers(luck, place, one["id"], vocabulary),
                                 own_code(luck, solution)) for one in place.students()[:count]}


@pytest.fixture(scope="module")
def works(place, vocabulary, solution):
    return honest(place, 0, vocabulary, solution)


def found(place, works, **changed):
    return alike(Results(tuple((works | changed).values())), place).pairs


def rights(place, student):
    return {key["id"]: key["right"] for key in place.key(student, MODULE)["questions"] if "right" in key}


def of(pairs):
    return [(pair.kind, pair.one, pair.other) for pair in pairs]


@pytest.mark.parametrize("seed", range(5))
def test_nobody_honest_is_named(place, vocabulary, solution, seed):
    assert found(place, honest(place, seed, vocabulary, solution)) == ()


@pytest.mark.parametrize("count", [2, 3, 5, 8, 12, 25])
def test_nobody_honest_is_named_in_a_small_class(place, vocabulary, solution, count):
    for seed in range(10, 15):
        assert found(place, honest(place, seed, vocabulary, solution, count)) == (), seed


def test_the_known_class_is_honest(place):
    assert alike(known.results(place, [MODULE]), place).pairs == ()


def saying(work, **claim):
    return replace(work, handed=replace(work.handed, claim=claim))


def test_another_s_tables(place, works):
    files = known.sheet_of(place, "s031", MODULE)["files"]
    pairs = found(place, works, s002=saying(works["s002"], files=files))
    assert of(pairs) == [(TABLES, "s002", "s031")]
    assert pairs[0].count == 4
    assert "Bo Lind (s002)" in pairs[0].said
    assert "(s031)" in pairs[0].said


def test_one_of_another_s_tables_among_one_s_own(place, works):
    mine, theirs = (known.sheet_of(place, id, MODULE)["files"] for id in ("s002", "s031"))
    pairs = found(place, works, s002=saying(works["s002"], files=mine | {"agents.csv": theirs["agents.csv"]}))
    assert of(pairs) == [(TABLES, "s002", "s031")]
    assert pairs[0].count == 1


def test_a_real_table_that_two_others_have_names_neither(place, works):
    owners = {}
    for id in works:
        owners.setdefault(known.sheet_of(place, id, MODULE)["files"]["features.csv"], []).append(id)
    shared = next(sha for sha, ids in owners.items() if len(ids) == 2)
    reader = next(id for id in works if id not in owners[shared])
    mine = known.sheet_of(place, reader, MODULE)["files"]
    assert found(place, works, **{reader: saying(works[reader], files=mine | {"features.csv": shared})}) == ()
    either = owners[shared][0]
    assert found(place, works, **{either: saying(works[either], files=known.sheet_of(place, either, MODULE)["files"])}) == ()


def test_tables_that_are_nobody_s_or_of_the_practice_variant_name_nobody(place, works):
    practice = json.loads((practice_folder() / MODULE / "exercise.json").read_text(encoding="utf-8"))["files"]
    for files in (practice, {"agents.csv": "0" * 64}, {}, None, ["x"], {"agents.csv": 3, "raters.csv": None}):
        assert found(place, works, s002=saying(works["s002"], files=files)) == ()


def test_three_typed_answers(place, works):
    theirs = rights(place, "s017")
    typed = {id: round(theirs[id], 4) for id in ("q1b", "q3b", "q7")}
    copy = handed_in(place, "s040", rights(place, "s040") | typed, works["s040"].handed.cells)
    pairs = found(place, works, s040=copy)
    assert of(pairs) == [(ANSWERS, "s040", "s017")]
    assert pairs[0].count == 3
    assert 0 < pairs[0].chance < 1e-4
    assert pairs[0].said.startswith("Jan Costa (s040) gave 3 wrong")
    assert len(pairs[0].shown) == 3
    assert f"right for Greta O'Brien (s017) is {theirs['q1b']:.3f}" in pairs[0].shown[0]


def test_answers_that_only_the_file_says_are_looked_at(place, works):
    """The notebook ran on another's tables at home, and gives right answers on its own ones here."""
    theirs = rights(place, "s017")
    copy = handed_in(place, "s040", rights(place, "s040"), claim={"answers": theirs})
    pairs = found(place, works, s040=copy)
    assert of(pairs) == [(ANSWERS, "s040", "s017")]
    assert pairs[0].count >= 5


@pytest.mark.parametrize("answers", [None, [1], {"q1b": "0.3"}, {"q1b": True}, {"q1b": 10 ** 400},
                                     {"q1b": float("nan")}, {"q1b": 1e308, "q3": -1e308, "q7": 5e-324},
                                     {"nowhere": 1.0}, {"q1b": [0.1], "q3": {}, "q5": 4.0, "q8": 0.5}])
def test_what_a_file_says_may_be_anything(place, works, answers):
    assert found(place, works, s002=saying(works["s002"], answers=answers)) == ()


def test_an_answer_of_somebody_who_handed_in_nothing(place, works):
    absent = replace(works["s017"], state=ABSENT, handed=None)
    copy = handed_in(place, "s040", rights(place, "s017"))
    assert of(found(place, works, s017=absent, s040=copy)) == [(ANSWERS, "s040", "s017")]


def test_own_answers_that_follow_from_a_wrong_one_are_no_copy(place, works):
    """q3c follows from q3b: two wrong numbers, of which only the first can be another's."""
    theirs = rights(place, "s017")["q3b"]
    given = place.key("s040", MODULE)["questions"]
    formula = next(one for one in given if one["id"] == "q3c")["follows"]["formula"]
    copy = handed_in(place, "s040", {"q3b": theirs, "q3c": eval(formula, {"q3b": theirs})})
    assert copy.items[5].state == "follows"
    assert found(place, works, s040=copy) == ()


COPIED = """# how much better or worse, team by team, with the noise of ten agents
by_team = agents.groupby("team")[["control", "customers"]].mean().reset_index()
slope_of_teams = np.polyfit(by_team["control"], by_team["customers"], deg=1)[0]
residual = by_team["customers"] - slope_of_teams * by_team["control"]
spread = residual.std(ddof=2) / np.sqrt(len(by_team)) / by_team["control"].std()
bounds = slope_of_teams - 2 * spread, slope_of_teams + 2 * spread
wide = agents.assign(gap=agents["customers"] - agents["last_score"] / 10)
top = wide.sort_values("gap", ascending=False).head(20).index.tolist()
"""


def renamed(code, **names):
    return re.sub(r"\b\w+\b", lambda word: names.get(word[0], word[0]), code.partition("\n")[2])


def with_cells(work, *more):
    return replace(work, handed=replace(work.handed, cells=(*work.handed.cells, *more)))


@pytest.mark.parametrize("count", [8, 60])
def test_the_same_code(place, works, count):
    works = dict(list(works.items())[:count])
    changed = {id: with_cells(works[id], COPIED) for id in ("s002", "s005")}
    pairs = found(place, works, **changed)
    assert of(pairs) == [(CODE, "s002", "s005")]
    assert pairs[0].count == 8
    assert COPIED.splitlines()[0] in pairs[0].shown
    assert "Bo Lind (s002) and Émile Lind (s005)" in pairs[0].said


def test_the_same_code_with_names_changed(place, works):
    other = renamed(COPIED, by_team="g", slope_of_teams="k", residual="e", spread="s", bounds="b", wide="w", top="best",
                    agents="df").replace('"', "'")
    assert not set(other.splitlines()) & set(COPIED.splitlines())
    inside = "def mine():\n    " + other.replace("\n", "\n    ")
    pairs = found(place, works, s002=with_cells(works["s002"], COPIED), s005=with_cells(works["s005"], inside))
    assert of(pairs) == [(CODE, "s002", "s005")]
    assert pairs[0].count == 7
    assert "but for the names" in pairs[0].said
    assert "   |   g = df.groupby" in pairs[0].shown[0]


@pytest.mark.parametrize(("count", "lines", "enough"), [(3, 6, True), (3, 5, False), (2, 12, False), (10, 4, True),
                                                        (10, 3, False)])
def test_how_many_lines_are_enough_when_nobody_shares_any_other(works, count, lines, enough):
    """By hand: with nothing shared in the m other pairs, k shared lines have probability (1 / (m + 1)) ** k, times m + 1
    for every pair: 3 ** -5 is less than .01, and 3 ** -4 is not; four lines are the fewest, and two alone tell nothing."""
    code = tuple(f"# a remark of one's own, number {number}" for number in range(lines))
    class_ = [replace(work, handed=Handed("a.zip", "0" * 64, {}, code * (at < 2)))
              for at, work in enumerate(list(works.values())[:count])]
    pairs = code_alike(class_, Cells(), dict.fromkeys(works, ""))
    assert [pair.count for pair in pairs] == [lines] * enough
    assert all(pair.chance is None and "1 in" not in pair.said for pair in pairs)  # lines of one recipe are no lottery


OBVIOUS = ["r_before = {d}[{q}control{q}].corr({d}[{q}last_score{q}])", "worth = gain * 52 * {d}[{q}calls{q}].mean()",
           "by_team = {d}.groupby({q}team{q})[[{q}control{q}, {q}customers{q}]].mean()",
           "model = pt.regress({d}, {q}customers ~ control{q}, by={q}team{q})",
           "gain = model.table.loc[{q}control{q}, {q}estimate{q}] * {d}[{q}control{q}].std()",
           "difference = {d}[{q}after{q}] - {d}[{q}before{q}]", "error = difference.std() / np.sqrt(len(difference))"]


def in_one_s_habit(luck):
    """The same lines by everybody, each in a spelling of one's own throughout."""
    name, quote = luck.choice(["df", "data", "table", "agents"]), luck.choice("'\"")
    text = "\n".join(line.format(d=name, q=quote) for line in OBVIOUS)
    for wide, narrow in ((" = ", "="), (", ", ","), (" * ", "*")):
        text = text.replace(wide, luck.choice([wide, narrow]))
    return text


@pytest.mark.parametrize("count", [10, 60])
def test_one_habit_of_writing_makes_nobody_a_copier(place, works, count):
    for seed in range(5):
        luck = random.Random(seed)
        written = {id: with_cells(works[id], in_one_s_habit(luck)) for id in list(works)[:count]}
        assert code_alike(list(written.values()), Cells(), dict.fromkeys(works, "")) == []
        written |= {id: with_cells(written[id], COPIED) for id in ("s002", "s005")}
        pairs = code_alike(list(written.values()), Cells(), dict.fromkeys(works, ""))
        assert of(pairs) == [(CODE, "s002", "s005")]


@pytest.mark.parametrize(("count", "ring"), [(60, 4), (60, 9), (8, 3), (3, 3)])
def test_a_ring_with_one_notebook_is_one_group(place, works, count, ring):
    here = dict(list(works.items())[:count])
    ids = list(here)[:ring]
    pairs = found(place, here, **{id: replace(here[id], handed=replace(here[id].handed, cells=(COPIED,))) for id in ids})
    assert of(pairs) == [(CODE, ids[0], ids[1])]
    assert pairs[0].students == tuple(ids)
    assert pairs[0].count == 8
    assert "and that nobody else of the class wrote" in pairs[0].said


def test_the_same_file_is_said_once(place, works):
    """Whoever sends another's file has its tables, its answers, its code and its words as well."""
    theirs = with_text(place, with_cells(works["s017"], COPIED), PARAGRAPH)
    copy = handed_in(place, "s040", rights(place, "s017") | {"q8": PARAGRAPH}, theirs.handed.cells,
                     claim={"files": known.sheet_of(place, "s017", MODULE)["files"]})
    pairs = found(place, works, s017=theirs, s040=copy)
    assert of(pairs) == [(TABLES, "s040", "s017")]
    same = replace(copy, handed=replace(copy.handed, sha256=theirs.handed.sha256))
    pairs = found(place, works, s017=theirs, s040=same)
    assert of(pairs) == [(FILE, "s017", "s040")]
    assert "handed in the same file (its SHA-256 is the same). It was made with the tables of Greta" in pairs[0].said


def test_lines_that_four_of_a_class_wrote_have_a_source_that_is_none_of_theirs(place, works):
    ids = ("s002", "s005", "s009", "s030")
    assert found(place, works, **{id: with_cells(works[id], COPIED) for id in ids}) == ()
    assert len(found(place, works, **{id: with_cells(works[id], COPIED) for id in ids[:3]})) == 3


def test_lines_of_the_hand_out_of_a_page_and_of_a_practice_variant_are_nobody_s_own(place, works):
    page = next(practice_folder().parent.glob("03-*.ipynb"))
    paths = [place.hand_out("s001", MODULE) / f"{MODULE}.ipynb", WORDS_OF_OTHERS, page]
    cells = [source(cell) for path in paths for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    again = [cell.replace("  ", "   ") + "\n" for cell in cells]
    assert found(place, works, **{id: with_cells(works[id], *again) for id in ("s002", "s005")}) == ()


def test_lines_of_the_course_with_names_changed_are_nobody_s_own(place, works):
    lines = [line for cell in sorted(course_cells().code) for line in cell.splitlines() if re.match(r"\w+ = ", line)]
    assert sum(form_of(line) != "" for line in lines) > 30
    changed = {id: with_cells(works[id], *(line.replace(line.split(" = ")[0], name) for line in lines))
               for id, name in (("s002", "mine_"), ("s005", "yours_"))}
    assert found(place, works, **changed) == ()


def test_a_text_inside_code_is_words_and_no_code(place, works):
    lines = "\n".join(f"{number} lines of a long text between quotation marks" for number in range(9))
    cell = f'text = """\n{lines}\n"""\nsheet.answer("q8", text)'
    assert found(place, works, **{id: with_cells(works[id], cell) for id in ("s002", "s005")}) == ()


PARAGRAPH = ("The picture on the wall shows that the agents under the closest watch have the poorest marks from "
             "customers. I do not believe that the watching made them worse, because last week they were already "
             "behind and their supervisors reacted to it. When I compare only people who were equally good a week ago, "
             "the gap of 0.26 shrinks to 0.03, and its error of 0.05 is larger than that. My advice is to try it with "
             "sixteen teams picked by a coin until the autumn, and to ask the customers afterwards.")
CHANGED = ("The image on the wall shows that the agents under the closest watch have the worst marks from customers. "
           "We do not believe that the watching made them worse, because last week they were already behind, so "
           "their supervisors reacted to it. If I compare only people who were equally good a week ago, the gap of "
           "0.31 shrinks to 0.02, and its error of 0.04 is bigger than that. My proposal is to try it with sixteen "
           "teams picked by lot until the autumn, and to ask the customers again.")


def with_text(place, work, text):
    answers = {item.id: item.answer for item in work.items if item.answer is not None} | {"q8": text}
    return handed_in(place, work.student, answers, work.handed.cells)


def wrote(place, works, first, second):
    return {id: with_text(place, works[id], text) for id, text in (("s001", first), ("s003", second))}


@pytest.mark.parametrize("count", [3, 60])
def test_a_paragraph_with_words_changed(place, works, count):
    works = dict(list(works.items())[:count])
    pairs = found(place, works, **wrote(place, works, PARAGRAPH, CHANGED))
    assert of(pairs) == [(WORDS, "s001", "s003")]
    assert any("only people who were equally good a week ago, the gap of 0.26 shrinks to" in one for one in pairs[0].shown)
    assert "on q8" in pairs[0].said
    assert pairs[0].chance is None


def test_a_paragraph_hidden_by_signs_that_nobody_sees(place, works):
    hidden = PARAGRAPH.upper().replace("TH", "T\u200bH").replace("A", "Ａ")
    pairs = found(place, works, **wrote(place, works, PARAGRAPH, hidden))
    assert of(pairs) == [(WORDS, "s001", "s003")]


def test_what_three_wrote_or_anybody_could_read_is_nobody_s_own(place, works, vocabulary):
    luck = random.Random(5)
    for ids in (["s001", "s011", "s021"], [f"s{number:03d}" for number in range(1, 61, 10)]):
        texts = {id: with_text(place, works[id], f"{own_text(luck, vocabulary)} {PARAGRAPH}") for id in ids}
        assert found(place, works, **texts) == ()
        texts = {id: with_text(place, works[id], PARAGRAPH) for id in ids}  # nothing but that: one text
        assert [pair.students for pair in found(place, works, **texts)] == [tuple(ids)]
    told = works["s001"].items[-1].told
    specimen = place.key("s050", MODULE)["questions"][-1]["specimens"][0]["text"]
    cells = json.loads((place.hand_out("s001", MODULE) / f"{MODULE}.ipynb").read_text(encoding="utf-8"))["cells"]
    for text in (" ".join(one["text"] for one in told["rubric"]), specimen, source(cells[0])):
        assert found(place, works, **wrote(place, works, text, text)) == ()


def test_a_phrase_in_common_is_no_copy(place, works, vocabulary):
    luck = random.Random(3)
    texts = [own_text(luck, vocabulary) + " " + " ".join(PARAGRAPH.split()[:30]) for _ in range(2)]
    assert found(place, works, **wrote(place, works, *texts)) == ()


CLAIM = ("our happiest customers buy three times as much as all others, stay for twice as long, and tell two friends of "
         "us within a year, which no campaign of any agency has ever brought about in this market")


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "„{}“", "«{}»", "\n> {}\n"])
def test_a_claim_that_both_quote_is_no_copy(place, works, vocabulary, marks):
    luck = random.Random(4)
    texts = [f"In its report the firm says {marks.format(CLAIM)}, {own_text(luck, vocabulary, 10)}" for _ in range(2)]
    assert found(place, works, **wrote(place, works, *texts)) == ()
    bare = [text.replace(marks.format(CLAIM), CLAIM) for text in texts]
    assert of(found(place, works, **wrote(place, works, *bare))) == [(WORDS, "s001", "s003")]


def test_table_and_text(place, works):
    result = alike(Results((*works.values(),)), place)
    assert result.works == 60
    assert result.text.startswith("No pair stands out among 60 works. That clears nobody")
    assert list(result.table) == ["module", "student", "other", "kind", "count", "chance", "said", "more"]
    assert result.table.empty
    files = known.sheet_of(place, "s017", MODULE)["files"]
    copy = handed_in(place, "s040", rights(place, "s017"), claim={"files": files})
    result = alike(Results((*(works | {"s040": copy}).values(),)), place)
    other = handed_in(place, "s041", rights(place, "s018"))
    result = alike(Results((*(works | {"s040": copy, "s041": other}).values(),)), place)
    assert result.table["kind"].tolist() == [TABLES, ANSWERS]
    assert result.table["chance"].isna().tolist() == [True, False]
    assert "2 pairs alike among 60 works (another's tables 1, another's answers 1)" in result.text
    assert "not a verdict" in result.text


HOSTILE = ['"' * 200_000, '\\"' * 50_000, "x = (" * 9_000, "\'\'\'" + '"""' * 30_000, "a\n" * 400_000, "\u202e" * 99_999,
           "(\n" * 99_999]


@pytest.mark.timeout(300)
def test_hostile_cells_and_texts_cost_little(place, works):
    """Seconds; what goes back over such cells, or compares every sign with every other, would take hours."""
    texts = ["a b c d e f " * 1_600, "\ufdfa " * 9_999, "x" * 20_000, "\u0301" * 20_000]
    changed = {f"s00{at + 1}": with_cells(with_text(place, works[f"s00{at + 1}"], text), *HOSTILE[at:])
               for at, text in enumerate(texts)}
    assert not found(place, works, **changed)


def test_nothing_handed_in(place):
    assert alike(Results(()), place) == Alike()
