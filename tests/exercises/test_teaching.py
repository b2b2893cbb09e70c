"""What TEACHING.md and its companions say in numbers is computed here; their scripts run, their links and names exist."""

import csv
import io
import json
import math
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tomllib
import zipfile
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats
from tests.grading import submissions
from toy_module import toy

import pebbletrail as pt
from pebbletrail.course import read_syllabus
from pebbletrail.exercises.class_build import build_class
from pebbletrail.exercises.class_folder import ClassFolder
from pebbletrail.exercises.packet import as_json
from pebbletrail.exercises.roster import Student
from pebbletrail.explorers import call_centre, complaints, halves, memory, ranking, two_groups
from pebbletrail.explorers.explore import EXPLORERS
from pebbletrail.grading import intake
from pebbletrail.grading.isolation import BUBBLEWRAP, IN_WORDS, LIMITS, PROCESS, Isolation, fault
from pebbletrail.grading.limits import MB, Limits
from pebbletrail.grading.pair import KINDS
from pebbletrail.home import CHECKOUT
from pebbletrail.page_source import all_pages
from pebbletrail.progress import PATIENCE

FOLDER = CHECKOUT / "exercises"
TEACHING = (FOLDER / "TEACHING.md").read_text(encoding="utf-8")
TEST = (FOLDER / "CONCEPT-TEST.md").read_text(encoding="utf-8")
BANK = (FOLDER / "EXAM-BANK.md").read_text(encoding="utf-8")
PRACTICAL = (FOLDER / "PRACTICALITIES.md").read_text(encoding="utf-8")
SHEET = BANK.split("## Formula sheet")[1].split("## Week 1")[0]
FILES = {"TEACHING.md": TEACHING, "CONCEPT-TEST.md": TEST, "EXAM-BANK.md": BANK, "PRACTICALITIES.md": PRACTICAL}
CLASS = (Student("007", "Zoë Quillfeather"), Student("b.c@d", "Doe, Jéan"), Student("s002", "Bo O’Brien"))
WEEK = "04-control"  # of which PRACTICALITIES.md tells; here it is the toy
NUMBERS = {"007": "Zoë Quillfeather_4711001", "b.c@d": "Jéan Doe_4711002", "s002": "Bo OBrien_4711003"}  # in Moodle
END = "_assignsubmission_file"


def item(name):
    """One question of the bank, with its answer."""
    return " ".join(re.search(rf"\*\*{name}\*\*(.*?)(?=\n\*\*\d|\n## |\Z)", BANK, re.DOTALL)[1].split())


def week(number):
    """What TEACHING.md says of one week."""
    return " ".join(re.search(rf"### Week {number} ·(.*?)(?=\n##)", TEACHING, re.DOTALL)[1].split())


def script(mark):
    """The one block of Python in PRACTICALITIES.md that holds a word."""
    [block] = [block for block in re.findall(r"```python\n(.*?)```", PRACTICAL, re.DOTALL) if mark in block]
    return block


def holds(name, *figures):
    _in_text(item(name), figures)


def says(number, *figures):
    _in_text(week(number), figures)


def _in_text(text, figures):
    missing = [figure for figure in figures if not re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", text)]
    assert missing == [], text


def test_paired_difference():
    differences = np.array([20, 30, 10, 40, 25]) - np.array([15, 30, 12, 30, 18])
    result = stats.ttest_1samp(differences, 0)
    error = stats.sem(differences)
    holds("1a", "5, 0, −2, 10, 7", f"{differences.mean():.1f}", f"{statistics.stdev(map(int, differences)):.2f}",
          f"{error:.2f}", f"{result.statistic:.2f}")


def test_correlations():
    holds("2a", f"{100 * 0.2 ** 2:.0f} percent", f"{0.2 * 1.5:.1f}")
    holds("2b", f".{100 * math.sqrt(.16):.0f}", f"(or −.{100 * math.sqrt(.16):.0f})", f"{100 * .16 ** 2:.1f}")
    low, high = np.arctanh(0.6) - 1.96 / math.sqrt(9), np.arctanh(0.6) + 1.96 / math.sqrt(9)
    holds("3a", f"{np.arctanh(0.6):.3f}", f"{low:.3f}", f"{high:.3f}", f"{np.tanh(low):.2f}", f"{np.tanh(high):.2f}")
    holds("3b", f"−{np.tanh(1.96 / math.sqrt(5)):.1f} and {np.tanh(1.96 / math.sqrt(5)):.1f}")


def test_regression_from_correlations():
    weights = np.linalg.solve([[1, 0.5], [0.5, 1]], [0.3, 0.4])
    holds("4a", f"{weights[0]:.3f}", f"{weights[1]:.3f}", f"{weights @ [0.3, 0.4]:.3f}")


def test_difference_in_differences_and_its_error():
    holds("5a", f"{(-0.02 - 0.00) - (-0.21 - 0.01):.2f}")
    reach = stats.t.ppf(0.975, 249) * 0.06
    holds("5b", f"{0.20 / 0.06:.1f}", f"{0.20 - reach:.2f}", f"{0.20 + reach:.2f}")


def test_pooling():
    effects, weights = np.array([0.1, 0.3, 0.5]), 1 / np.array([0.1, 0.1, 0.2]) ** 2
    holds("6a", f"{np.average(effects, weights=weights):.3f}", f"{weights.sum() ** -0.5:.3f}")
    reach = stats.t.ppf(0.975, 7) * math.hypot(0.05, 0.15)
    holds("6b", f"{reach:.3f}", f"−{reach - 0.2:.2f}", f"{reach + 0.2:.2f}")


def test_chain_and_alpha():
    total = 0.1 + 0.6 * 0.5
    holds("8a", f"{0.6 * 0.5:.2f}", f"{total:.2f}", f"{100 * 0.3 / total:.0f} percent")
    holds("8b", f"{4 * 0.4 / (1 + 3 * 0.4):.3f}", f"{5 * 0.4 / (1 + 4 * 0.4):.3f}")


def test_learning_and_moderation():
    belief, weight = 0.5, 4
    for call in (1, 1, 1, 0):
        belief, weight = belief + (call - belief) / (weight + 1), weight + 1
    holds("9a", f"{belief:.3f}")
    holds("9b", f"{0.4 - 0.2:.1f} and {0.4 + 0.2:.1f}")


def newcombe(one, other):
    """The interval of the difference of two shares, each given as count and number."""
    (p, (a, b)), (q, (c, d)) = ((k / n, stats.binomtest(k, n).proportion_ci(method="wilson")) for k, n in (one, other))
    return p - q - math.hypot(p - a, d - q), p - q + math.hypot(b - p, q - c)


def test_shares_and_effects():
    error = 100 * math.sqrt(0.1 * 0.9 / 200 + 0.2 * 0.8 / 300)
    holds("10a", f"{error:.2f}", f"{10 - 1.96 * error:.1f}", f"{10 + 1.96 * error:.1f}", f"{(60 * 180) / (240 * 20):.2f}")
    low, high = newcombe((60, 300), (20, 200))
    holds("10a", f"{100 * low:.1f} to {100 * high:.1f}")
    holds("10b", f"{math.sqrt(6.25) * math.sqrt(2 / 50):.2f}")


def test_loop_and_kappa():
    holds("11a", f"{sum(0.6 ** round for round in range(200)):.1f}")
    table = np.array([[5, 5], [5, 85]])
    chance = (table.sum(0) * table.sum(1)).sum() / 100 ** 2
    holds("11c", f"{chance:.2f}", f"{(0.90 - chance) / (1 - chance):.2f}")
    assert np.trace(table) == 90


def test_value_before_the_board():
    error = 0.8 * 40_000
    low, high = 30_000 - 1.96 * error, 30_000 + 1.96 * error
    holds("12a", "30,000", f"{error:,.0f}", f"−{round(-low, -2):,.0f}", f"{round(high, -2):,.0f}",
          f"{stats.norm.cdf(30_000 / error):.2f}", f"30/32 = {30 / 32:.2f}")
    assert 0.75 * 40_000 - 30_000 == 0
    holds("12b", "0.50")


def test_the_tables_of_the_formula_sheet():
    degrees = re.search(r"4 degrees of freedom.*", SHEET)[0].replace("degrees of freedom ", "").split(", very many ")
    for one in degrees[0].split(", "):
        df, value = one.split()
        assert value == f"{stats.t.ppf(0.975, int(df)):.{len(value) - 2}f}", one
    assert degrees[1] == f"{stats.norm.ppf(0.975):.2f}."
    shares = re.search(r"share below: (.*)\.", SHEET)[1].split(", ")
    assert len(shares) == 6
    for one in shares:
        z, share = one.split()
        assert share == f"{stats.norm.cdf(float(z)):.{len(share) - 2}f}", one


def test_eight_questions_make_about_25_points():
    points = [int(one) for one in re.findall(r"^\*\*\d+[abc]\*\* \((\d)", BANK, re.MULTILINE)]
    assert len(points) == 36
    assert round(8 * sum(points) / 36) == 25


def test_every_week_has_its_three_questions():
    expected = [f"{week}{part}" for week in range(1, 13) for part in "abc"]
    assert re.findall(r"^\*\*(\d+[abc])\*\*", BANK, re.MULTILINE) == expected


@pytest.fixture(scope="module")
def concepts():
    """Of each question of the concept test: its options by letter, and the right letter."""
    asked, key = TEST.split("## Key")
    numbers = re.findall(r"^\*\*(\d+)\*\*", asked, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 17)]
    right = re.findall(r"^\| (\d+) \| ([abcd]) \|", key, re.MULTILINE)
    assert [number for number, _ in right] == numbers
    blocks = re.split(r"^\*\*\d+\*\*", asked, flags=re.MULTILINE)[1:]
    options = [dict(re.findall(r"^- \(([a-d])\) (.*)$", block, re.MULTILINE)) for block in blocks]
    assert all(list(one) == list("abcd") for one in options)
    return [(one, letter) for one, (_, letter) in zip(options, right, strict=True)]


def test_the_key_of_the_concept_test_cannot_be_guessed_by_place_or_length(concepts):
    letters = [letter for _, letter in concepts]
    assert sorted(letters) == sorted("abcd" * 4)
    longest = [letter for options, letter in concepts if len(options[letter]) == max(map(len, options.values()))]
    assert len(longest) <= 5


def test_the_key_says_of_every_wrong_option_what_it_gives_away(concepts):
    rows = re.findall(r"^\| \d+ \| [abcd] \| [^|]+ \| (.*) \|$", TEST.split("## Key")[1], re.MULTILINE)
    for row, (_, right) in zip(rows, concepts, strict=True):
        named = "".join(re.findall(r"(?:^|[.;] )([a-d](?:, [a-d])*):", row))
        assert sorted(re.findall("[a-d]", named)) == sorted(set("abcd") - {right}), row


def test_figures_of_the_concept_test():
    assert f"36 × 0.05 = {36 * 0.05:.1f}" in TEST
    assert f"The odds ratio is {(0.4 / 0.6) / (0.2 / 0.8):.2f}" in TEST
    assert f"{0.8 / 0.6:.2f} times" in TEST
    assert "80 to 60, upside down" in TEST


def test_one_interval_everywhere():
    assert "−0.9 to 8.4" in TEST
    assert "−0.9 to 8.4" in item("1c")
    assert "−0.9 to 8.4" in week(1)


def test_tasks_of_halves_and_ranking():
    groups = {"r_staff": 0.2, "r_customers": 0.2, "groups": "both"}
    tenths = halves.contrast(**groups, part=0.1).split
    says(2, f"{tenths.odds_ratio:.1f}")
    assert halves.contrast(**groups, part=0.1, cv=2).split.below_zero == pytest.approx(1 / 3, abs=0.04)
    assert ranking.compute(200, 0.3, 0.7, 0.1).best_on_top < 450
    assert ranking.compute(60, 0.3, 0.7, 0.2).best_on_top == pytest.approx(450, abs=10)
    says(3, "0.10", "200", "0.20", "60")


def test_tasks_of_the_call_centre():
    asked, hidden = (call_centre.look(effect, reaction, 0, 0, "customers").r for effect, reaction in ((0, 0.5), (0.2, 0.2)))
    says(4, "0.5", f"−{-asked:.2f}", "+0.2", f"−{-hidden:.2f}")


def test_tasks_of_two_groups_and_memory():
    drift, leaving = two_groups.compute(effect=0, drift=0.02).estimate, two_groups.compute(effect=0, leaving=40).estimate
    says(5, f"+{drift:.2f}", f"−{-leaving:.2f}")
    assert abs(two_groups.compute(effect=0, leaving=40, own=True).estimate) < 0.02
    flat, wow = memory.remember("flat"), memory.remember("one wow")
    says(6, f"ends {flat.moments[-1]:g} and {wow.moments[-1]:g}", f"memories {flat.scores[0]:g} and {wow.scores[0]:g}")


def test_pooling_on_the_board():
    effects, errors = np.array([5.5, -3.0, 3.8]), np.array([1.4, 1.6, 2.3])
    weights = 1 / errors ** 2
    says(6, "5.5 (standard error 1.4)", "−3.0 (1.6)", "3.8 (2.3)", ", ".join(f"{one:.2f}" for one in weights),
         f"mean {np.average(effects, weights=weights):.1f}", f"standard error {weights.sum() ** -0.5:.2f}")
    summary = pt.load("hidden-costs-summary")
    printed = summary.query("treatment == 'C10' and incentives == 'real'").set_index("laboratory")
    assert {round(one, 1) for one in printed["mean_difference"]} >= set(effects)
    assert {round(one, 1) for one in printed["sd_difference"] / printed["agents"] ** 0.5} >= set(errors)


def test_two_orders_have_the_same_numbers():
    moments = pt.load("ecsi-mobile-correlations")
    scales = {"Quality": "PERQ1 PERQ2 PERQ3 PERQ4 PERQ5 PERQ6 PERQ7", "Satisfaction": "CUSA1 CUSA2 CUSA3",
              "Loyalty": "CUSL1 CUSL2 CUSL3"}
    bundles = "\n".join(f"{name} =~ {items.replace(' ', ' + ')}" for name, items in scales.items())
    for order in (("Quality", "Satisfaction", "Loyalty"), ("Loyalty", "Satisfaction", "Quality")):
        arrows = "\n".join(f"{target} ~ {source}" for source, target in pairwise(order))
        found = pt.pls(moments, f"{bundles}\n{arrows}").effects.query("kind == 'direct'")["estimate"]
        assert {f"{one:.2f}" for one in found} == {"0.80", "0.66"}
    says(8, "0.80 and 0.66")


def test_two_roads_of_a_belief():
    world, calls = pt.Relationship(), [1, 1, 1, 1, 1, 1, -2.5]
    ends = [f"{world.learn(one)['mean'].iloc[-1]:.2f}" for one in (calls, calls[-1:] + calls[:-1])]
    says(9, f"`world.learn({calls})`", f"`world.learn({calls[-1:] + calls[:-1]})`", " and ".join(ends))


def test_small_steps_turn_the_gain_into_a_loss():
    assert round(complaints.account().net, -2) == 5200
    says(10, "5,200", "45 to 47", "60 to 58", "12 to 14", "8 to 10")
    for step in ({"satisfied_now": 47}, {"satisfied_better": 58}, {"leave_satisfied": 14}, {"cost": 10}):
        assert complaints.account(**step).net < 0
    for half in ({"satisfied_now": 46}, {"satisfied_better": 59}, {"leave_satisfied": 13}, {"cost": 9}):
        assert complaints.account(**half).net > 0
    others = {"complain": 24, "speak_up": 9, "leave_unsatisfied": 26, "causal": 43, "margin": 216, "years": 4}
    assert all(complaints.account(**{name: value}).net < 0 for name, value in others.items())
    assert set(others) | {"satisfied_now", "satisfied_better", "leave_satisfied", "cost", "unsure"} == set(complaints.LIMITS)


def run(code, folder, *arguments):
    """A script as a teacher runs it, in a folder of their own."""
    (folder / "script.py").write_text(code, encoding="utf-8")
    done = subprocess.run([sys.executable, "script.py", *arguments], cwd=folder, capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def teachers_folder(tmp_path_factory):
    """A folder with a class of three, built of the toy."""
    place = tmp_path_factory.mktemp("teacher")
    build_class(CLASS, b"correct horse battery staple, and more", place / "class", [toy(place, WEEK)], jobs=1)
    return place


def test_the_script_that_makes_one_zip_a_student(teachers_folder):
    run(script("make_archive"), teachers_folder, WEEK)
    made = sorted((teachers_folder / "to-hand-out").iterdir())
    assert [path.name for path in made] == [f"{student.id}-{WEEK}.zip" for student in CLASS]
    for path, student in zip(made, CLASS, strict=True):
        names = {name for name in zipfile.ZipFile(path).namelist() if not name.endswith("/")}
        assert names == {f"{WEEK}/{one.name}" for one in (teachers_folder / "class" / student.id / WEEK).iterdir()}
        assert json.loads(zipfile.ZipFile(path).read(f"{WEEK}/exercise.json"))["student"] == student.id


def plain_blocks():
    """What PRACTICALITIES.md says to type, and the table that it shows."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", PRACTICAL, re.DOTALL | re.MULTILINE)
    return [text for language, text in blocks if not language]


def told_commands(word):
    """The commands of this word in PRACTICALITIES.md, as a shell takes them apart."""
    lines = [line for block in plain_blocks() for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith(f"pebbletrail class {word} ")]


def type_in(folder, arguments):
    """A command as the text has it, typed in the teacher's folder."""
    arguments = [one.replace("~", str(folder)) for one in arguments]
    if fault(Isolation(BUBBLEWRAP)):
        arguments = [one for one in arguments if one != "--require-sandbox"]
    done = subprocess.run([sys.executable, "-m", "pebbletrail", *arguments], cwd=folder, capture_output=True, text=True,
                          timeout=300, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def week_graded(teachers_folder):
    """The week that part 3 tells, with its own commands: one handed in well, one with a slip, one another's file, …"""
    place, [grade], [marks] = ClassFolder(teachers_folder / "class"), told_commands("grade"), told_commands("marks")
    keys = {one.id: place.key(one.id, WEEK)["questions"] for one in CLASS}
    given = {id: {one["id"]: one.get("right", "a") for one in questions} | {"q8": f"Words of {id}."}
             for id, questions in keys.items()}
    slip = given["b.c@d"] | {"q3": -given["b.c@d"]["q3"], "q3b": -given["b.c@d"]["q3b"]}
    slip.pop("q7")
    moodle = teachers_folder / "moodle"
    mine = submissions.write(moodle / (NUMBERS["007"] + END), place, "007", WEEK,
                             submissions.answering(WEEK, given["007"]), given["007"])
    submissions.write(moodle / (NUMBERS["b.c@d"] + END), place, "b.c@d", WEEK, submissions.answering(WEEK, slip), slip)
    bare = submissions.notebook() | {"metadata": {"pebbletrail": {"module": WEEK, "student": "b.c@d"}}}
    (moodle / (NUMBERS["b.c@d"] + END) / "week.ipynb").write_bytes(as_json(bare))
    (moodle / (NUMBERS["s002"] + END)).mkdir()
    shutil.copy(mine, moodle / (NUMBERS["s002"] + END))
    (moodle / (NUMBERS["s002"] + END) / "holiday.pdf").write_bytes(b"%PDF")
    submissions.write(moodle, place, "007", WEEK, [], name="by-mail.zip", files={})
    shutil.make_archive(str(teachers_folder / grade[2].removesuffix(".zip")), "zip", moodle)
    type_in(teachers_folder, grade)
    first = (teachers_folder / "grades" / "report.html").read_text(encoding="utf-8")
    before = table(teachers_folder / "grades" / "canvas.csv")
    (teachers_folder / "Downloads").mkdir()
    (teachers_folder / "Downloads" / f"marks-{WEEK}.csv").write_text(
        "student,module,question,points,comment\n" + "".join(f"{one.id},{WEEK},q8,2,Well said\n" for one in CLASS))
    type_in(teachers_folder, marks)
    doubted = sums(teachers_folder / "grades" / "canvas.csv")
    (teachers_folder / "doubt.csv").write_text(f"student,module,question,points,comment\ns002,{WEEK},*,,We have talked\n")
    type_in(teachers_folder, ["class", "marks", "doubt.csv"])
    return SimpleNamespace(folder=teachers_folder, grades=teachers_folder / "grades", report=first, before=before,
                           doubted=doubted, points={one["id"]: float(one["points"]) for one in keys["007"]})


def table(path):
    """A CSV file of the grades, or filled in."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def sums(path):
    """What stands in the last column of Canvas' table, by student."""
    return {row[2]: row[-1] for row in table(path)[2:]}


def test_a_week_is_graded_as_the_text_says(week_graded):
    assert {row[-1] for row in week_graded.before[2:]} == {""}  # no sum before the texts are marked
    points = week_graded.points
    whole = sum(points.values()) - points["q8"] + 2
    found = sums(week_graded.grades / "canvas.csv")
    assert week_graded.doubted == {**found, "s002": ""}  # another's file has no sum until it is said what becomes of it
    assert {id: float(found[id]) for id in ("007", "b.c@d")} == {"007": whole, "b.c@d": whole - points["q3"] - points["q7"]}
    assert 2 <= float(found["s002"]) < whole  # typed answers of another are wrong on one's own tables


def test_the_report_says_what_the_table_of_files_to_look_at_explains(week_graded):
    rows = re.findall(r"^\| ([^|]+) \|", PRACTICAL.split("| it says |")[1].split("\n\n")[0], re.MULTILINE)
    said = [row.replace("s001", "007").replace("s004", "s002") for row in rows if not row.startswith("what")]
    assert len(said) == 4
    report = week_graded.report.replace("&#39;", "'")
    assert [one for one in said if one not in report] == []


def test_everything_that_lies_in_the_grades_is_named(week_graded):
    told = PRACTICAL.split("### What lies in `grades`")[1]
    named = {name.strip("/").split("/")[0] for row in re.findall(r"^\| (`.*?) \|", told, re.MULTILINE)
             for name in re.findall(r"`([^`]+)`", row)}
    assert named == {path.name for path in week_graded.grades.iterdir() if not path.name.startswith(".")}
    for path in ("report.html", f"texts/{WEEK}.html", f"moodle/{WEEK}.csv", "canvas.csv"):
        assert f"grades/{path}" in PRACTICAL
        assert (week_graded.grades / path).is_file(), path


def test_the_worksheet_and_the_gradebook_are_filled(week_graded):
    by_file = {command[2]: command for command in told_commands("fill")}
    names = {"007": "Zoë Quillfeather", "b.c@d": "Jéan Doe", "s002": "Bo O'Brien"}
    rows = [f'"Participant {NUMBERS[id][-7:]}","{name}",,20.00,Yes,' for id, name in names.items()]
    (week_graded.folder / "worksheet.csv").write_text("\n".join(
        ["Identifier,Full name,Grade,Maximum grade,Grade can be changed,Feedback comments", *rows]), encoding="utf-8")
    rows = [f'"{name}",,{id},,' for id, name in names.items()]
    (week_graded.folder / "canvas-export.csv").write_text("\n".join(
        [f"Student,ID,SIS User ID,Section,{WEEK} (77)", "    Points Possible,,,,20.00", *rows]), encoding="utf-8")
    expected = sums(week_graded.grades / "canvas.csv")
    for file, column in (("worksheet.csv", 2), ("canvas-export.csv", 4)):
        type_in(week_graded.folder, by_file[file])
        filled = table(week_graded.folder / by_file[file][-1])[-len(names):]
        assert dict(zip(names, (row[column] for row in filled), strict=True)) == expected


def test_the_script_that_sends_pages_back_names_them_as_moodle_did(week_graded):
    [grade] = told_commands("grade")
    said = run(script("sender("), week_graded.folder, grade[2], WEEK)
    back = zipfile.ZipFile(week_graded.folder / f"feedback-{WEEK}.zip")
    assert sorted(back.namelist()) == sorted(f"{name}{END}/{WEEK}.html" for name in NUMBERS.values())
    for id, name in NUMBERS.items():
        page = week_graded.grades / "feedback" / id / f"{WEEK}.html"
        assert back.read(f"{name}{END}/{WEEK}.html") == page.read_bytes()
    assert said == ""


def test_the_appeal_of_the_text_is_taken_in(week_graded):
    [appeal] = [block for block in plain_blocks() if block.startswith("student,module")]
    (week_graded.folder / "appeal.csv").write_text(appeal, encoding="utf-8")
    before = sums(week_graded.grades / "canvas.csv")["s002"]
    said = type_in(week_graded.folder, ["class", "marks", "appeal.csv"])
    row = next(csv.DictReader(io.StringIO(appeal)))
    assert f"s002, {WEEK}: {before} → {float(before) + float(row['points']):g}" in said
    assert row["comment"] in (week_graded.grades / "feedback" / "s002" / f"{WEEK}.html").read_text(encoding="utf-8")


def test_figures_of_grading():
    limits, each = Limits(), float(re.search(r"a submission\s+takes ([\d.]+) seconds", PRACTICAL)[1])
    assert f"thirty take {round(30 * each, -1):.0f} seconds" in flat(PRACTICAL)
    assert f"{math.floor(5 * each)} to {math.ceil(5 * each)} minutes" in flat(PRACTICAL)  # 300 submissions, 60 seconds
    assert PRACTICAL.count(f"{limits.seconds} seconds") == 2
    assert f"with {limits.memory / (1024 * MB):g} GB of memory" in PRACTICAL
    assert f"larger than {intake.LARGEST // MB} MB" in PRACTICAL
    assert PATIENCE == 2
    assert "After two seconds a bar" in PRACTICAL


def test_levels_of_isolation_and_kinds_of_likeness_are_those_of_the_program():
    rows = re.findall(r"^\| (?:sandbox \(\*)?(\w+)(?:\*\))? \|.*\|", PRACTICAL.split("### Strangers' code")[1], re.MULTILINE)
    assert rows[:3] == [BUBBLEWRAP, LIMITS, PROCESS]
    assert all(IN_WORDS[level].startswith("There is no sandbox here") for level in (LIMITS, PROCESS))
    assert "*There is no sandbox here*" in PRACTICAL
    assert all(f"*{kind}*" in flat(PRACTICAL) for kind in KINDS)


def test_the_wheel_that_students_install_is_named_as_it_is_built():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(re.findall(r"pebbletrail-[\w.-]+\.whl", PRACTICAL)) == {f"pebbletrail-{project['version']}-py3-none-any.whl"}
    assert (CHECKOUT / "locks" / "requirements.txt").exists()


@pytest.mark.parametrize("mark", [10, 14, 17])
def test_other_scales(mark):
    column = {10: 0, 14: 1, 17: 2}[mark]
    rows = {line.split("|")[1].strip()[:4]: [cell.strip() for cell in line.split("|")[3:6]]
            for line in TEACHING.splitlines() if line.startswith("|") and line.count("|") == 6}
    assert rows["perc"][column] == f"{5 * mark}"
    assert rows["Germ"][column] == f"{1 + 3 * (20 - mark) / 10:.1f}"
    assert rows["Swit"][column] == f"{4 + 2 * (mark - 10) / 10:.1f}"


@pytest.fixture(scope="module")
def sections():
    """The pages' numbered sections, with their titles."""
    titles = [text for page in all_pages().values() for _, text in page.headings]
    return {match[0]: text for text in titles if (match := re.match(r"[\d.]+", text))}


def flat(text):
    """Each paragraph on one line."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def named_sections(text):
    return set(re.findall(r"(?<![\d.])(\d{1,2}\.\d\.\d+)(?![\d.]\d| %)", text))


def test_sections_explorers_and_links_that_are_named_exist(sections):
    assert len(named_sections(TEACHING)) >= 30
    for text in (TEACHING, TEST, BANK):
        assert named_sections(text) <= set(sections)
    for name in re.findall(r"[Tt]he explorer \*([\w-]+)\*", TEACHING):
        assert name in EXPLORERS
    for text in FILES.values():
        for target, anchor in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", text):
            assert not target or (FOLDER / target).exists(), target
            if target in FILES or not target:
                heads = re.findall(r"^#+ (.*)$", FILES[target or "TEACHING.md"], re.MULTILINE)
                assert not anchor or anchor in {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}


def test_further_parts_that_are_needed_are_named(sections):
    told = re.search(r"Further parts are for those who want them, but for six: (.*?\.)(?:\n\n|$)", flat(TEACHING))[1]
    needed = named_sections(told)
    assert len(needed) == 6
    assert all(": " in sections[one] and "Further" in sections[one] for one in needed)
    weeks = TEACHING.split("## 3 The twelve weeks")[1].split("## 4 What students")[0]
    assert {one for one in named_sections(weeks) if "Further" in sections[one]} <= needed


def test_the_weeks_are_those_of_the_syllabus():
    for week in read_syllabus()["weeks"]:
        title = re.search(rf"^### Week {week['week']} · (.*)$", TEACHING, re.MULTILINE)[1]
        pages = [step["page"] for step in week["steps"] if "page" in step and step["page"] is not None]
        assert all(re.search(rf"\b{page}\b", title.split("(")[1]) for page in pages), title
        assert f"E{week['week']}" in title


def test_shares_of_the_course_mark_make_a_whole():
    assert sum(map(int, re.findall(r"\| (\d+) % \|", TEACHING))) == 100
    rubrics = re.findall(r"^\|[^|]+\| (\d) \|[^|]+\| (\d) \|$", TEACHING, re.MULTILINE)
    assert [sum(map(int, points)) for points in zip(*rubrics, strict=True)] == [15, 15]
    points = [int(cell) for cell in re.findall(r"\| (\d) \|$", TEACHING.split("## 10 The capstone")[1], re.MULTILINE)]
    assert sum(points) == 20


def test_the_minutes_of_a_session_are_three_hours():
    table = TEACHING.split("## 2 A session")[1].split("Home work")[0]
    assert sum(map(int, re.findall(r"^\| (\d+) \|", table, re.MULTILINE))) == 180


def test_the_first_session_is_three_hours_and_each_row_begins_where_the_last_ends():
    now = 0
    for hour, minute, length in re.findall(r"^\| (\d):(\d\d) \| (\d+) \|", TEACHING, re.MULTILINE):
        assert 60 * int(hour) + int(minute) == now
        now += int(length)
    assert now == 180


def test_the_short_session_is_two_hours():
    told = re.search(r"Two hours: (.*?);", TEACHING, re.DOTALL)[1]
    assert sum(map(int, re.findall(r"\d+", told))) == 120


def test_the_parts_to_which_other_files_point_keep_their_numbers():
    assert [int(one) for one in re.findall(r"^## (\d+) ", TEACHING, re.MULTILINE)] == list(range(1, 11))
