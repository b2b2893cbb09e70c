"""``pebbletrail plan`` as a person runs it."""

import re
import shlex
import subprocess
import sys

import pandas as pd
import pytest

from pebbletrail.cli import main
from pebbletrail.models.planning.asked import QUESTIONS
from pebbletrail.models.planning.planned import plan

CLUSTERED = ["clustered", "--effect", "0.3", "--sd", "1", "--icc", "0.05", "--cluster-size", "15", "--draws", "300"]


def run(*arguments):
    return main(["plan", *arguments])


def test_alone_it_lists_the_designs_and_what_each_needs(capsys):
    assert run() == 0
    told = capsys.readouterr().out
    for design, question in QUESTIONS.items():
        assert f"\n{design}\n" in told
        for one in question.needed:
            assert f"--{one.name.replace('_', '-')}: " in told
    assert "--icc: share of the outcome's variance that lies between groups" in told
    assert max(map(len, told.splitlines())) <= 100


@pytest.mark.parametrize("design", QUESTIONS)
def test_help_shows_every_assumption_with_its_unit_and_default(design, capsys):
    with pytest.raises(SystemExit) as ended:
        run(design, "--help")
    assert ended.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    for one in QUESTIONS[design].asked:
        shown = told.split(f"--{one.name.replace('_', '-')} ")[-1]
        assert f"({one.unit})" in shown
        default = one.default if isinstance(one.default, str) else "left out" if one.default is None else f"{one.default:g}"
        assert default in shown
    for common in ("--size", "--target", "--draws", "--seed", "--workers", "--out"):
        assert common in told


def test_it_prints_the_sentences_the_table_and_the_command_that_gives_them_again(capsys):
    assert run(*CLUSTERED, "--size", "10,24", "--seed", "4", "--target", "0.9") == 0
    told = capsys.readouterr().out
    expected = plan("clustered", effect=0.3, sd=1, icc=0.05, cluster_size=15, draws=300, size=[10, 24], seed=4, target=0.9)
    assert told.startswith(f"{expected}\n\nThe same again: pebbletrail plan clustered ")
    command = shlex.split(re.search(r"The same again: (.*)", told)[1])
    assert main(command[1:]) == 0
    assert capsys.readouterr().out == told


def test_decimal_commas_are_points(capsys):
    given = dict(zip(CLUSTERED[1::2], CLUSTERED[2::2], strict=True))
    shown = []
    for effect, icc, target in (("0.3", "0.05", "0.9"), ("0,3", ",05", "0,9")):
        words = [word for pair in (given | {"--effect": effect, "--icc": icc}).items() for word in pair]
        assert run("clustered", *words, "--size", "10,24", "--seed", "4", "--target", target) == 0
        shown.append(capsys.readouterr().out.partition("The same again")[0])
    assert shown[0] == shown[1]
    assert "a difference of 0.3 " in shown[1]
    assert "in 90 of 100 such studies" in shown[1]


def test_without_a_seed_the_command_that_is_shown_holds_one(capsys):
    run(*CLUSTERED)
    told = capsys.readouterr().out
    command = shlex.split(re.search(r"The same again: (.*)", told)[1])
    assert int(command[command.index("--seed") + 1]) >= 0
    main(command[1:])
    assert capsys.readouterr().out == told


def test_workers_change_nothing(capsys):
    shown = []
    for workers in ("1", "2"):
        assert run(*CLUSTERED, "--seed", "1", "--workers", workers) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]


def test_a_page_stands_alone_and_holds_text_table_figure_assumptions_and_command(tmp_path, capsys):
    path = tmp_path / "plan.html"
    assert run(*CLUSTERED, "--size", "10,24", "--seed", "4", "--out", str(path)) == 0
    assert f"Written: {path}" in capsys.readouterr().out
    page = path.read_text(encoding="utf-8")
    made = plan("clustered", effect=0.3, sd=1, icc=0.05, cluster_size=15, draws=300, size=[10, 24], seed=4)
    unescaped = page.replace("&#x27;", "'").replace("&quot;", '"')
    assert f'<p class="lead">{made.text}</p>' in unescaped
    assert 'alt="Curves of power and precision against the size of the study.' in page
    assert "src=\"data:image/png;base64," in page
    assert not re.search(r"(?:src|href)=\"(?!data:)", page)
    tables = [frame.astype(str) for frame in pd.read_html(path, encoding="utf-8")] if _reads_html() else None
    if tables:
        assert tables[0]["size"].to_list() == ["10", "24"]
        assert tables[1]["assumption"].to_list() == made.assumptions["assumption"].to_list()
    row = made.table.iloc[0]
    assert f"{100 * row['power']:.1f} ({100 * row['power_low']:.1f} to {100 * row['power_high']:.1f})" in page
    assert "<td>default</td>" in page
    assert "pebbletrail plan clustered --effect 0.3 --sd 1 --icc 0.05 --cluster-size 15 --size 10,24 --target 0.8" in page
    assert [file.name for file in tmp_path.iterdir()] == ["plan.html"]


def _reads_html():
    try:
        import lxml  # noqa: F401
    except ImportError:
        return False
    return True


def test_a_table_and_a_picture_are_written_too(tmp_path):
    assert run(*CLUSTERED, "--seed", "4", "--out", str(tmp_path / "plan.csv")) == 0
    made = plan("clustered", effect=0.3, sd=1, icc=0.05, cluster_size=15, draws=300, seed=4)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "plan.csv"), made.table)
    assert run(*CLUSTERED, "--out", str(tmp_path / "plan.png")) == 0
    assert (tmp_path / "plan.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("arguments", "told"), [
    (["did"], r"design: 'did' is not one of .* Did you mean 'difference-in-differences'\?"),
    (["clustered", "--iccc", "3"], r"--iccc: clustered has no such option; .* Did you mean '--icc'\?"),
    (["clustered", "--cluster_size=3"], r"--cluster_size=3: clustered has no .* Did you mean '--cluster-size'\?"),
    (["clustered", "--power", "0.9"], r"--power: .* Did you mean 'target'\?"),
    (["clustered", "--icc"], r"argument --icc: expected one argument"),
    (["clustered", "--icc", "0.1"], r"--cluster-size: clustered needs it: people in a group"),
    (["clustered", "--icc", "1", "--cluster-size", "3"], r"--icc: a number between 0 and 1, 1 excluded, not '1'"),
    (["clustered", "--icc", "x", "--cluster-size", "3"], r"--icc: a number .* not 'x'"),
    (["clustered", "--effect", "1,500"], r"--effect: '1,500' may be 1500 or 1\.500; write one of them"),
    ([*CLUSTERED, "--effect", "x,3"], r"--effect: a number, not 'x,3'"),
    ([*CLUSTERED, "--size", "10,2"], r"--size: groups in all; whole numbers from 4 .* not '2'"),
    ([*CLUSTERED, "--size", ""], r"--size: groups in all; .* not ''"),
    ([*CLUSTERED, "--target", "2"], r"--target: the power that is wanted, .* not '2'"),
    ([*CLUSTERED, "--seed", "x"], r"--seed: a whole number from 0 on, not 'x'"),
    ([*CLUSTERED, "--workers", "0"], r"--workers: a whole number from 1 on, not '0'"),
    ([*CLUSTERED, "--out", "plan.pdf"], r"--out: the file's name must end in \.html, \.png, \.csv, not 'plan\.pdf'"),
    ([*CLUSTERED, "--out", "nowhere/plan.html"], r"--out: there is no folder 'nowhere'"),
    (["mediation", "--effect", "0.1", "--a", "0.3"], r"--effect: mediation has two steps instead; give --a and --b"),
    (["paired", "--effect", "0", "--sd-difference", "1"], r"--effect: no design finds an effect of 0"),
])
def test_wrong_input_is_one_line_and_status_2(arguments, told, capsys):
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(rf"pebbletrail: {told}.*\n", captured.err)


def test_a_folder_is_refused_before_anything_is_computed(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("pebbletrail.models.planning.planned.plan", lambda *_, **__: pytest.fail("computed"))
    folder = tmp_path / "plan.html"
    folder.mkdir()
    assert run(*CLUSTERED, "--out", str(folder)) == 2
    assert capsys.readouterr().err == f"pebbletrail: --out: {str(folder)!r} is a folder; give a file's name.\n"


def test_a_file_that_cannot_be_written_is_one_line_and_leaves_no_draft(tmp_path, capsys, monkeypatch):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    path = tmp_path / "plan.csv"
    assert run(*CLUSTERED, "--out", str(path)) == 2
    assert capsys.readouterr().err == f"pebbletrail: --out: {str(path)!r} cannot be written: No space left on device.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_negative_effect_is_a_number_and_not_an_option(capsys):
    assert run("paired", "--effect", "-0.3", "--sd-difference", "1", "--draws", "200", "--seed", "1") == 0
    assert "a mean difference of -0.3" in capsys.readouterr().out


def test_other_commands_do_not_wait_for_it():
    code = "import sys; from pebbletrail.cli import build_parser; build_parser(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "pebbletrail.cli" in loaded
    assert not {"numpy", "pandas", "pebbletrail.models.planning.planned"} & set(loaded)
