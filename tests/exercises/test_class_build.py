"""A class is built: whole, private, the same however it was interrupted; nothing that is there is written over."""

import contextlib
import hashlib
import importlib.metadata
import io
import json
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from test_secret import hmac_by_hand
from toy_module import TOY, toy

from pebbletrail import __version__, cli, workers
from pebbletrail.exercises import class_build, class_folder, class_variant
from pebbletrail.exercises.class_build import build_class, building
from pebbletrail.exercises.class_folder import LOCK, ClassFolder, ClassFolderError
from pebbletrail.exercises.class_modules import chosen
from pebbletrail.exercises.marking import RIGHT, mark
from pebbletrail.exercises.module import load_module
from pebbletrail.exercises.roster import Student
from pebbletrail.exercises.source import BrokenSource

SECRET = b"correct horse battery staple, and more"
CLASS = (Student("007", "Zoë Quillfeather"), Student("b.c@d", "Doe, Jéan"), Student("9", "Ng"))
posix = pytest.mark.skipif(os.name != "posix", reason="processes and modes of POSIX systems")


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """Two toys, of week 4 and of week 6."""
    place = tmp_path_factory.mktemp("sources")
    return {name: toy(place, name) for name in ("04-toy", "06-other")}


def build(out, modules, students=CLASS, secret=SECRET, **more):
    return build_class(students, secret, out, modules.values(), **{"jobs": 1, **more})


@pytest.fixture(scope="module")
def whole(tmp_path_factory, modules):
    """A class built without interruption, and what the build said."""
    out = tmp_path_factory.mktemp("whole") / "class"
    return out, build(out, modules)


def tree(folder):
    """Every file and folder with its content and mode."""
    return {str(path.relative_to(folder)): (stat.S_IMODE(path.stat().st_mode), path.read_bytes() if path.is_file() else None)
            for path in sorted(folder.rglob("*"))}


def sha(content):
    return hashlib.sha256(content).hexdigest()


def test_the_layout(whole):
    files = {name for name, (_, content) in tree(whole[0]).items() if content is not None}
    handed = {f"{student.id}/{name}/{file}" for student in CLASS for name in ("04-toy", "06-other")
              for file in (f"{name}.ipynb", "agents.csv", "exercise.json")}
    keys = {f"keys/{name}/{student.id}.json" for student in CLASS for name in ("04-toy", "06-other")}
    assert files == handed | keys | {"class.json", "keys/READ-ME-FIRST.txt", "keys/roster.json", "keys/.gitignore", LOCK}
    assert "Never hand out" in (whole[0] / "keys" / "READ-ME-FIRST.txt").read_text()


@posix
def test_keys_are_for_their_owner_alone(whole):
    for name, (mode, content) in tree(whole[0]).items():
        if name.startswith("keys/") and name.endswith(".json"):
            assert mode == 0o600, name
        if name.startswith("keys") and content is None:
            assert mode == 0o700, name
    assert stat.S_IMODE((whole[0] / "keys").stat().st_mode) == 0o700


def test_the_text_says_what_was_made_and_what_to_do(whole):
    out, built = whole
    assert f"{out}: 3 students × 2 modules: 6 made, 0 there before, 0 not made" in built.text
    assert f"such as {out / '007'}" in built.text
    assert f"Keep {out / 'keys'} and the secret file to yourself" in built.text
    assert built.table["state"].tolist() == ["made"] * 6
    assert built.table["student"].tolist() == ["007", "b.c@d", "9"] * 2
    assert not any(student.name in built.text for student in CLASS)


def test_class_json_has_versions_and_fingerprints_and_nobody(whole, modules):
    text = (whole[0] / "class.json").read_text(encoding="utf-8")
    record = json.loads(text)
    assert record["format"] == 1
    assert record["pebbletrail"] == __version__
    assert record["made"] == time.strftime("%Y-%m-%d")
    assert record["secret"] == hmac_by_hand(SECRET, b"pebbletrail: the fingerprint of a class secret")
    assert list(record["modules"]) == ["04-toy", "06-other"]
    for name, module in modules.items():
        cells = json.loads((module.folder / "solution.ipynb").read_text(encoding="utf-8"))["cells"]
        bare = json.dumps([[cell["cell_type"], cell["id"], cell["source"]] for cell in cells], indent=1, ensure_ascii=False)
        assert record["modules"][name]["version"] == 1
        assert record["modules"][name]["sources"] == {"module.py": sha((module.folder / "module.py").read_bytes()),
                                                      "solution.ipynb": sha(f"{bare}\n".encode())}
    assert not any(word in text for student in CLASS for word in (student.id + '"', student.name))
    assert SECRET.decode() not in text


def test_the_numbers_follow_from_secret_module_and_student(whole, modules):
    """The HMAC by hand, and the draw from it, give the stored table byte by byte."""
    digest = hmac_by_hand(SECRET, b"pebbletrail exercise\n04-toy\n1\n007\n1")
    drawn = modules["04-toy"].code.draw(np.random.default_rng(int(digest, 16)), practice=False)
    rows = io.StringIO()
    drawn.tables["agents"].to_csv(rows, index=False, lineterminator="\n")
    assert (whole[0] / "007" / "04-toy" / "agents.csv").read_bytes() == rows.getvalue().encode()


def test_the_key_knows_every_file_that_was_handed_out(whole):
    for student in CLASS:
        key = ClassFolder(whole[0]).key(student.id, "04-toy")
        folder = whole[0] / student.id / "04-toy"
        assert key["handed_out"] == {path.name: sha(path.read_bytes()) for path in folder.iterdir()}
        assert key["files"] == {"agents.csv": sha((folder / "agents.csv").read_bytes())}
        assert (key["student"], key["module"], key["version"]) == (student.id, "04-toy", 1)


def test_keys_are_computed_from_the_stored_table(whole):
    table = np.genfromtxt(whole[0] / "9" / "04-toy" / "agents.csv", delimiter=",", names=True)
    keys = {one["id"]: one for one in ClassFolder(whole[0]).key("9", "04-toy")["questions"]}
    on, off = (table["quality"][table["watched"] == value].mean() for value in (1, 0))
    assert keys["q3"]["right"] == pytest.approx(on - off, abs=1e-9)
    assert keys["q7"]["right"] == pytest.approx(table["quality"].std(ddof=1), abs=1e-9)


def test_the_right_numbers_of_one_are_wrong_for_another(whole):
    keys = [{one["id"]: one for one in ClassFolder(whole[0]).key(student.id, "04-toy")["questions"]} for student in CLASS]
    numbers = [id for id, one in keys[0].items() if one["kind"] == "number"]
    assert len(numbers) == 6
    for one in keys:
        for other in keys:
            same = {id for id in numbers if mark(one[id], other[id]["right"]).state == RIGHT}
            assert same == (set(numbers) if one is other else set())
    files = [(whole[0] / student.id / "04-toy" / "agents.csv").read_bytes() for student in CLASS]
    assert len(set(files)) == 3


def test_nothing_handed_out_has_a_key_a_secret_or_a_name(whole, modules):
    out, _ = whole
    secrets = [SECRET, SECRET.hex().encode(), json.loads((out / "class.json").read_text())["secret"].encode()]
    names = [word.encode() for student in CLASS for word in (student.name, student.name.split()[0]) if len(word) > 3]
    solution = [b'groupby("watched")', b'.median()', b".std()", b"SOLUTION", b"{{"]
    for student in CLASS:
        for name in modules:
            hidden = [*secrets, *names, *solution, b"routes", b"specimens", b'"right"', b'"why"', b"handed_out"]
            for question in ClassFolder(out).key(student.id, name)["questions"]:
                hidden += [text.encode() for text in question.get("hints", [])]
                hidden += [text.encode() for text in [question.get("worked", ""), *question.get("why", {}).values(),
                                                      *question.get("traps", {}).values()] if text]
                hidden += [one[text].encode() for one in question.get("specimens", []) for text in ("text", "why")]
                hidden += [f"{value:.6f}"[:-1].encode() for value in [question.get("right")] if isinstance(value, float)]
                hidden += [arrow.encode() for arrow in question["right"]] if question["kind"] == "arrows" else []
            for path in (out / student.id / name).iterdir():
                found = [one for one in hidden if one in path.read_bytes()]
                assert not found, (path, found)
    others = {student.id: [other.id.encode() for other in CLASS if other is not student and len(other.id) > 2]
              for student in CLASS}
    for id, ids in others.items():
        assert not [path for path in (out / id).rglob("*.json") for other in ids if other in path.read_bytes()]


def test_the_stories_of_the_practice_variant_are_kept_out(modules, tmp_path):
    """The first case of each bank is for practice alone: whoever practised has not seen the graded one."""
    build(tmp_path / "class", modules, [Student(str(number), "") for number in range(20)])
    told = [path.read_text(encoding="utf-8") for path in tmp_path.glob("class/*/*/exercise.json")]
    assert len(told) == 40
    assert {town: any(f"In {town} " in text for text in told) for town in ("Lille", "Lyon", "Metz", "Nice")} == {
        "Lille": False, "Lyon": True, "Metz": True, "Nice": True}


def test_a_second_run_changes_nothing(whole, modules, monkeypatch):
    before, times = tree(whole[0]), {path: path.stat().st_mtime_ns for path in whole[0].rglob("*")}
    monkeypatch.setattr(class_variant, "make_variant", lambda *_: pytest.fail("made again"))
    built = build(whole[0], modules)
    assert tree(whole[0]) == before
    assert {path: path.stat().st_mtime_ns for path in whole[0].rglob("*")} == times
    assert "0 made, 6 there before, 0 not made" in built.text


@pytest.mark.parametrize("how", [{"jobs": 2}, {"jobs": 3}, {"executor": 1}, {"executor": 3}])
def test_the_number_of_workers_changes_nothing(whole, modules, tmp_path, how):
    many = [*CLASS, *(Student(f"s{number}", "Somebody") for number in range(8))]
    alone = build(tmp_path / "alone", modules, many)
    with contextlib.ExitStack() as stack:
        if "executor" in how:
            how = {"executor": stack.enter_context(ThreadPoolExecutor(how["executor"])), "jobs": None}
        built = build(tmp_path / "class", modules, many, **how)
    assert tree(tmp_path / "class") == tree(tmp_path / "alone")
    assert built.table.equals(alone.table)
    for student in CLASS:
        assert tree(tmp_path / "class" / student.id) == tree(whole[0] / student.id)


def test_no_more_tasks_are_given_out_than_workers_can_use(modules, tmp_path):
    """What waits does not grow with the class."""
    class Watching(ThreadPoolExecutor):
        out = most = 0

        def submit(self, *given):
            done = super().submit(*given)
            type(self).out += 1
            type(self).most = max(self.most, self.out)
            done.add_done_callback(lambda _: setattr(Watching, "out", Watching.out - 1))
            return done

    with Watching(1) as pool:
        built = build(tmp_path / "class", modules, [Student(str(number), "x") for number in range(150)], executor=pool)
    assert built.count("made") == 300
    assert Watching.most <= workers.WAITING * os.cpu_count()
    assert Watching.most < 300 / class_build.AT_ONCE


@posix
def test_a_worker_leaves_ctrl_c_to_the_main_process():
    with ProcessPoolExecutor(1, initializer=workers._begin_worker) as pool:
        assert pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN


def kill_at(count, out, modules):
    """In a child process: build, and be killed just before the file operation of that number."""
    seen = [0]

    def watch(event, given):
        if event in ("open", "os.rename", "os.mkdir", "os.chmod", "os.remove", "os.rmdir", "os.listdir", "os.scandir"):
            if str(out) not in str(given[0]) and not isinstance(given[0], int):
                return
            seen[0] += 1
            if seen[0] == count:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    build(out, modules, CLASS[:2])


@posix
def test_killed_before_any_file_operation_it_goes_on_to_the_same_end(modules, tmp_path):
    modules = {"04-toy": modules["04-toy"]}
    build(tmp_path / "whole", modules, CLASS[:2])
    wanted, fork = tree(tmp_path / "whole"), multiprocessing.get_context("fork")
    for count in range(1, 1000):
        out = tmp_path / f"run{count}" / "class"
        child = fork.Process(target=kill_at, args=(count, out, modules))
        child.start()
        child.join()
        if child.exitcode == 0:
            break
        assert child.exitcode == -signal.SIGKILL
        built = build(out, modules, CLASS[:2])
        assert built.failed == built.count("changed") == 0, built.text
        assert tree(out) == wanted, count
    assert 40 < count < 999  # as many operations as there are files and folders, and more


RUN = """
import os, sys, time
sys.path.insert(0, {tests!r})
import pebbletrail.exercises.module as engine
from pathlib import Path
engine.module_folders = lambda: {{"04-toy": Path({folder!r})}}
from pebbletrail.cli import main
replace, slow = os.replace, len(sys.argv) > 1
os.replace = lambda *paths: (time.sleep(0.05 * slow), replace(*paths))  # slow: most of the time a file is half made
if __name__ == "__main__":
    sys.exit(main("class build --students roster.csv --secret-file secret --out class --jobs 2".split()))
"""


@pytest.fixture
def by_command(modules, tmp_path):
    """Starts the command on a class of 400, in a process group of its own."""
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "roster.csv").write_text("id,name\n" + "".join(f"s{number},Somebody\n" for number in range(400)))
    (tmp_path / "run.py").write_text(RUN.format(tests=str(Path(__file__).parent), folder=str(modules["04-toy"].folder)))
    return lambda *how: subprocess.Popen([sys.executable, "run.py", *how], cwd=tmp_path, stdout=subprocess.PIPE,
                                         stderr=subprocess.PIPE, text=True, start_new_session=True)


def until_some_keys(folder, count, child):
    for _ in range(6000):
        if len(list(folder.glob("keys/04-toy/*.json"))) >= count:
            return
        assert child.poll() is None, child.communicate()
        time.sleep(0.005)
    raise AssertionError("nothing is made")


def living(group):
    """Processes of a group that still run."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getpgid(one.pid) == group and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one.pid)
    return found


@posix
@pytest.mark.parametrize("how", ["killed", "Ctrl-C", "Ctrl-C amid a file"])
def test_a_command_that_is_ended_goes_on_where_it_stopped(by_command, tmp_path, modules, how):
    child = by_command(*["slow"] * (how == "Ctrl-C amid a file"))
    until_some_keys(tmp_path / "class", 20, child)
    if how == "killed":
        os.kill(child.pid, signal.SIGKILL)  # the command alone: its workers must end by themselves
    else:
        os.killpg(child.pid, signal.SIGINT)  # as a terminal does
    said = child.communicate(timeout=60)
    assert child.returncode == (-signal.SIGKILL if how == "killed" else 130)
    for _ in range(200):
        if not living(child.pid):
            break
        time.sleep(0.05)
    left = living(child.pid)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []
    done = len(list(tmp_path.glob("class/keys/04-toy/s*.json")))
    assert 20 <= done < 400
    if how != "killed":
        assert "stopped. What is made stays, and the same command goes on" in said[1]
        assert "Traceback" not in said[1]
        assert list(tmp_path.glob("class/**/.making-*")) == []
    child = by_command()
    said = child.communicate(timeout=60)
    assert child.returncode == 0, said
    assert f"{400 - done} made, {done} there before, 0 not made" in said[0]
    build(tmp_path / "whole", {"04-toy": modules["04-toy"]}, [Student(f"s{number}", "Somebody") for number in range(400)])
    assert tree(tmp_path / "class") == tree(tmp_path / "whole")


def test_another_secret_is_refused(whole, modules):
    before = tree(whole[0])
    with pytest.raises(ClassFolderError, match="built with another secret"):
        build(whole[0], modules, secret=SECRET + b"!")
    assert tree(whole[0]) == before


def changed(module, text, by):
    path = module.folder / "module.py"
    path.write_text(path.read_text(encoding="utf-8").replace(text, by), encoding="utf-8")
    load_module.cache_clear()
    return load_module(module.folder)


def test_a_module_that_has_changed_since_is_refused_until_its_folders_are_gone(tmp_path):
    old, other = toy(tmp_path), toy(tmp_path, "06-other")
    build(tmp_path / "class", {"": old})
    before, new = tree(tmp_path / "class"), changed(old, "Does watching help?", "Does it?")
    with pytest.raises(ClassFolderError, match=r"04-toy: its sources \(module.py\) have changed .* Nothing was written"):
        build(tmp_path / "class", {"1": new, "2": other})
    assert tree(tmp_path / "class") == before
    assert build(tmp_path / "class", {"": other}).failed == 0  # another module is not held up
    for path in (tmp_path / "class" / "keys" / "04-toy").iterdir():
        path.unlink()
    built = build(tmp_path / "class", {"": new})
    assert built.failed == 3
    assert "was there without its key, and is not what would be made. Move it away" in built.text
    for student in CLASS:
        (tmp_path / "class" / student.id / "04-toy").rename(tmp_path / student.id)
    assert build(tmp_path / "class", {"": new}).count("made") == 3
    assert "Does it?" in (tmp_path / "class" / "9" / "04-toy" / "04-toy.ipynb").read_text(encoding="utf-8")


def test_a_solution_that_was_only_run_or_a_file_with_other_line_ends_has_not_changed(tmp_path):
    module = toy(tmp_path)
    build(tmp_path / "class", {"": module})
    notebook = json.loads(module.solution.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [{"output_type": "stream", "name": "stdout", "text": "x"}], 3
    module.solution.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    code = module.folder / "module.py"
    code.write_bytes(code.read_bytes().replace(b"\n", b"\r\n"))
    assert build(tmp_path / "class", {"": module}).count("there") == 3
    notebook["cells"][0]["source"] += ["!"]
    module.solution.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(ClassFolderError, match=r"its sources \(solution.ipynb\) have changed"):
        build(tmp_path / "class", {"": module})


def test_new_students_are_added_and_those_who_left_are_reported(tmp_path, modules):
    modules = {"": modules["04-toy"]}
    build(tmp_path / "class", modules)
    before = {name: file for name, file in tree(tmp_path / "class").items() if name != "keys/roster.json"}
    built = build(tmp_path / "class", modules, [*CLASS[1:], Student("new", "Newton")])
    after = tree(tmp_path / "class")
    assert before.items() <= after.items()
    assert built.table["state"].tolist() == ["there", "there", "made"]
    assert "No longer on the roster, and left as they are: 007." in built.text
    assert json.loads(after["keys/roster.json"][1])["students"] == [
        {"id": "b.c@d", "name": "Doe, Jéan", "left": False}, {"id": "9", "name": "Ng", "left": False},
        {"id": "new", "name": "Newton", "left": False}, {"id": "007", "name": "Zoë Quillfeather", "left": True}]
    back = build(tmp_path / "class", modules, [*CLASS, Student("new", "Newton")])
    assert back.former == ()
    assert not any(one["left"] for one in ClassFolder(tmp_path / "class").students())


def test_an_id_that_would_share_a_folder_with_one_built_before(tmp_path, modules):
    build(tmp_path / "class", modules, [Student("ann", "Ann")])
    with pytest.raises(ClassFolderError, match="'ANN' is built already as 'ann'"):
        build(tmp_path / "class", modules, [Student("ANN", "Ann")])


@pytest.mark.parametrize("bad", ["../up", "keys", "", "a/b"])
def test_an_id_that_is_no_folder_does_not_get_far(tmp_path, modules, bad):
    with pytest.raises(ValueError, match="students: the id"):
        build(tmp_path / "class", modules, [Student("7", "x"), Student(bad, "x")])
    assert list(tmp_path.iterdir()) == []


def spoil(folder):
    (folder / "007" / "04-toy" / "04-toy.ipynb").write_text("mine")
    (folder / "9" / "04-toy" / "agents.csv").unlink()
    (folder / "b.c@d" / "04-toy" / "notes.txt").write_text("for Jéan")
    (folder / "b.c@d" / "04-toy" / ".DS_Store").write_text("of a system")
    (folder / "b.c@d" / "04-toy" / ".ipynb_checkpoints").mkdir()


def test_a_hand_out_that_was_changed_is_reported_and_left(tmp_path, modules):
    modules = {"": modules["04-toy"]}
    build(tmp_path / "class", modules)
    spoil(tmp_path / "class")
    before = tree(tmp_path / "class")
    built = build(tmp_path / "class", modules)
    assert tree(tmp_path / "class") == before
    assert built.table["detail"].tolist() == ["04-toy.ipynb is another", "notes.txt is there besides", "agents.csv is gone"]
    assert "Changed since they were built, and left as they are (3):\n  04-toy, 007: 04-toy.ipynb is another" in built.text
    assert built.failed == 0


def test_a_hand_out_that_is_gone_is_made_again_if_it_can_be(tmp_path, modules, monkeypatch):
    modules = {"": modules["04-toy"]}
    build(tmp_path / "class", modules)
    before = tree(tmp_path / "class")
    (tmp_path / "class" / "9" / "04-toy").rename(tmp_path / "away")
    (tmp_path / "class" / "007" / "04-toy").rename(tmp_path / "away too")
    (tmp_path / "class" / "007" / "04-toy").mkdir()
    built = build(tmp_path / "class", modules)
    assert built.table["state"].tolist() == ["made again", "there", "made again"]
    assert "2 made (of these 2 again), 1 there before" in built.text
    assert tree(tmp_path / "class") == before
    (tmp_path / "class" / "9" / "04-toy").rename(tmp_path / "away once more")
    whole = class_variant.handed_out
    monkeypatch.setattr(class_variant, "handed_out", lambda *given, **more: {**whole(*given, **more), "x": b"new"})
    built = build(tmp_path / "class", modules)
    assert built.failed == 1
    assert "cannot be made again as it was" in built.text
    assert not (tmp_path / "class" / "9" / "04-toy").exists()


def test_a_broken_key_is_said_and_not_written_over(tmp_path, modules):
    modules = {"": modules["04-toy"]}
    build(tmp_path / "class", modules)
    key = tmp_path / "class" / "keys" / "04-toy" / "9.json"
    good = key.read_bytes()
    key.write_bytes(good[:100])
    built = build(tmp_path / "class", modules)
    assert built.failed == 1
    assert "its key cannot be read. Delete the key's file" in built.text
    assert key.read_bytes() == good[:100]
    key.unlink()
    assert build(tmp_path / "class", modules).count("made") == 1
    assert key.read_bytes() == good


@pytest.mark.parametrize("error", ['raise RuntimeError("out of luck")', "1 / 0", 'raise Redraw("never good")',
                                   'open("/nowhere/at/all")'])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_one_variant_names_it_and_does_not_lose_the_others(tmp_path, error, jobs):
    bad = changed(toy(tmp_path), "    if on > off:", f"    if {{size}} == len(agents): {error}\n    if on > off:")
    good = toy(tmp_path, "06-other")
    probe = build(tmp_path / "probe", {"": good})
    assert probe.failed == 0
    # the toys of week 4 have other sizes: take the one of the middle student
    digest = hmac_by_hand(SECRET, b"pebbletrail exercise\n04-toy\n1\nb.c@d\n1")
    size = int(np.random.default_rng(int(digest, 16)).integers(60, 91))
    bad = changed(bad, "{size}", str(size))
    built = build(tmp_path / "class", {"1": bad, "2": good}, [*CLASS, *(Student(f"x{n}", "") for n in range(5))], jobs=jobs)
    failed = built.table[built.table["state"] == "not made"]
    expected = [] if "Redraw" in error else ["b.c@d"]
    assert [one for one in failed["student"] if one == "b.c@d"] == expected
    assert set(failed["module"]) <= {"04-toy"}
    assert built.count("made") + len(failed) == 16
    if expected:
        assert "  04-toy, b.c@d: " in built.text
        assert not (tmp_path / "class" / "b.c@d" / "04-toy").exists()
        assert not (tmp_path / "class" / "keys" / "04-toy" / "b.c@d.json").exists()
        assert (tmp_path / "class" / "b.c@d" / "06-other").is_dir()


def test_a_module_that_never_draws_well_says_so_for_each(tmp_path):
    bad = changed(toy(tmp_path), "    if on > off:", "    if True:")
    built = build(tmp_path / "class", {"": bad}, [Student(f"x{n}", "") for n in range(12)])
    assert built.failed == 12
    assert "04-toy, x0: ValueError: 04-toy: no draw is good for 'x0' in 200 attempts; the last one: the" in built.text
    assert "… and 2 more" in built.text


def test_a_broken_solution_stops_before_anything_is_written(tmp_path):
    module = toy(tmp_path)
    module.solution.write_text(module.solution.read_text(encoding="utf-8").replace("### END SOLUTION", "### END", 1),
                               encoding="utf-8")
    with pytest.raises(BrokenSource, match=r"^04-toy: cell 'q1'.* Nothing was written"):
        build(tmp_path / "class", {"": module})
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize(("number", "told"), [(28, "the disk, or your share of it, is full"), (13, "cannot be written")])
@pytest.mark.parametrize("at", [3, 9])
def test_a_full_disk_is_one_sentence_and_nothing_is_half_written(tmp_path, modules, monkeypatch, number, told, at):
    """After some writes the disk takes no more; when there is room again, the build goes on to the same end."""
    written, whole = [0], Path.write_bytes

    def full(path, content):
        written[0] += 1
        if written[0] >= at:
            whole(path, content[:10])
            raise OSError(number, os.strerror(number))
        return whole(path, content)

    build(tmp_path / "whole", modules)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ClassFolderError, match=told) as said:
        build(tmp_path / "class", modules)
    assert "the same command goes on from there" in str(said.value)
    assert ".making-" not in str(said.value)
    assert list((tmp_path / "class").rglob(".making-*")) == []
    monkeypatch.undo()
    build(tmp_path / "class", modules)
    assert tree(tmp_path / "class") == tree(tmp_path / "whole")


def test_a_file_where_a_folder_should_be(tmp_path, modules):
    (tmp_path / "class").write_text("mine")
    with pytest.raises(ClassFolderError, match="cannot be written"):
        build(tmp_path / "class", modules)
    build(tmp_path / "other", modules)
    (tmp_path / "other" / "new").write_text("mine")
    with pytest.raises(ClassFolderError, match="new: it cannot be written"):
        build(tmp_path / "other", modules, [Student("new", ""), *(Student(f"s{n}", "") for n in range(99))], jobs=2)
    assert multiprocessing.active_children() == []  # nobody writes on behind the message


def test_a_folder_that_holds_something_else_is_refused(tmp_path, modules):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(ClassFolderError, match=r"holds 'thesis.docx', and no class"):
        build(tmp_path, modules)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize(("names", "wanted"), [([], ["04-toy", "06-other"]), (["4"], ["04-toy"]), (["04"], ["04-toy"]),
                                               (["06-other", "4", "04-toy"], ["04-toy", "06-other"])])
def test_modules_by_name_or_by_week(modules, names, wanted):
    assert [module.name for module in chosen(names, modules)] == wanted


@pytest.mark.parametrize(("name", "told"), [("04-tou", "Did you mean '04-toy'?"), ("other", "Did you mean '06-other'?"),
                                            ("5", "there is no '5'. There are 04-toy, 06-other"), ("²", "no '²'"),
                                            ("", "no ''")])
def test_an_unknown_module_is_named_with_the_nearest(modules, name, told):
    with pytest.raises(ValueError, match="MODULE") as said:
        chosen([name], modules)
    assert told in str(said.value)


def test_no_modules_at_all():
    with pytest.raises(ValueError, match="no module"):
        chosen([], {})


def test_the_toy_is_as_stored():
    assert TOY.read_text(encoding="utf-8").count("04-toy") == 1
    assert class_folder.MAKING in Path(class_folder.__file__).with_name("packet.py").read_text(encoding="utf-8")


@pytest.fixture
def command(modules, monkeypatch, tmp_path, capsys):
    """The command in this process, with the toys for modules: exit status, what it said, what it warned."""
    folders = {name: module.folder for name, module in modules.items()}
    monkeypatch.setattr("pebbletrail.exercises.module.module_folders", lambda: folders)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roster.csv").write_text('id,name\n007,Zoë Quillfeather\nb.c@d,"Doe, Jéan"\n9,Ng\n', encoding="utf-8")

    def run(*words):
        status = cli.main(["class", *words])
        told = capsys.readouterr()
        return status, told.out, told.err
    return run


def built_by(command, *modules, **given):
    given = {"students": "roster.csv", "secret-file": "secret.txt", "out": "class", "jobs": "1", **given}
    return command("build", *(word for name, value in given.items() for word in (f"--{name}", value)), *modules)


def test_the_commands_from_a_secret_to_a_class(command, whole, tmp_path):
    status, out, _ = command("secret", "secret.txt")
    assert status == 0
    assert "--secret-file secret.txt" in out
    assert (tmp_path / "secret.txt").read_text().strip() not in out
    (tmp_path / "secret.txt").write_bytes(SECRET)
    status, _, err = built_by(command, "4")
    assert (status, err.count("\n")) == (0, 1)
    assert "mind: The secret in secret.txt looks typed by hand" in err
    assert sorted(path.name for path in (tmp_path / "class" / "9").iterdir()) == ["04-toy"]
    status, out, _ = built_by(command)
    assert status == 0
    assert "3 made, 3 there before" in out
    assert tree(tmp_path / "class") == tree(whole[0])


@pytest.mark.parametrize(("given", "told"), [
    ({"students": "nobody.csv"}, "nobody.csv: there is no such file"), ({"modules": "5"}, "there is no '5'"),
    ({"secret-file": "x"}, "`pebbletrail class secret x`")])
def test_a_users_error_is_one_line(command, tmp_path, given, told):
    command("secret", "secret.txt")
    status, out, err = built_by(command, *([given.pop("modules")] if "modules" in given else []), **given)
    assert (status, out) == (2, "")
    assert told in err
    assert err.startswith("pebbletrail: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "class").exists()


def test_a_secret_in_the_wrong_place_is_a_warning(command, tmp_path):
    (tmp_path / "class").mkdir()
    command("secret", "class/.secret")
    status, out, err = built_by(command, "4", **{"secret-file": "class/.secret"})
    assert status == 0
    assert "mind: The secret file class/.secret lies inside class" in err
    assert "3 made" in out


def test_a_failure_is_the_exit_status(command, tmp_path):
    command("secret", "secret.txt")
    built_by(command, "4")
    (tmp_path / "class" / "keys" / "04-toy" / "9.json").write_text("{")
    status, out, _ = built_by(command, "4")
    assert status == 1
    assert "04-toy, 9: its key cannot be read" in out


DAMAGED = ["{}", "[]", "null", "", "{", '"x"', '{"format": 1}', '{"format": "1"}',
           '{"format": 1, "secret": "x", "pebbletrail": "1"}',
           '{"format": 1, "pebbletrail": "1", "secret": "x", "modules": []}',
           '{"format": 1, "pebbletrail": "1", "secret": "x", "modules": {"04-toy": {}}}']


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_record_stops_the_build(tmp_path, modules, text):
    """It is never taken for a folder without a class: another secret or other sources would be accepted."""
    build(tmp_path / "class", modules)
    (tmp_path / "class" / "class.json").write_text(text)
    before = tree(tmp_path / "class")
    for secret in (SECRET, SECRET + b"!"):
        with pytest.raises(ClassFolderError, match=r"class.json: it is damaged .* Put it back from where you") as said:
            build(tmp_path / "class", modules, [*CLASS, Student("new", "Newton")], secret=secret)
        assert "Nothing was written." in str(said.value)
        assert tree(tmp_path / "class") == before
    (tmp_path / "class" / "class.json").unlink()
    with pytest.raises(ClassFolderError, match=r"class.json: it is gone. Put it back from where you keep a copy"):
        build(tmp_path / "class", modules)


def test_a_record_of_another_format_is_left_alone(tmp_path, modules):
    build(tmp_path / "class", modules)
    (tmp_path / "class" / "class.json").write_text('{"format": 2, "pebbletrail": "9.0"}')
    with pytest.raises(ClassFolderError, match=r"another version of Pebbletrail \(9.0\)"):
        build(tmp_path / "class", modules)


def test_an_entry_that_is_lost_does_not_let_changed_sources_in(tmp_path):
    module, other = toy(tmp_path), toy(tmp_path, "06-other")
    build(tmp_path / "class", {"1": module, "2": other})
    path = tmp_path / "class" / "class.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    del record["modules"]["04-toy"]
    path.write_text(json.dumps(record), encoding="utf-8")
    before, new = tree(tmp_path / "class"), changed(module, "Does watching help?", "Does it?")
    for now in (module, new):
        with pytest.raises(ClassFolderError, match=r"it does not know 04-toy, of which there are keys\). Put it back"):
            build(tmp_path / "class", {"": now}, [*CLASS, Student("new", "Newton")])
    assert tree(tmp_path / "class") == before
    assert build(tmp_path / "class", {"": other}).count("there") == 3


@pytest.mark.parametrize("text", ["{}", "[]", '{"students": {}}', '{"students": [{"id": "007"}]}', "{"])
def test_a_damaged_roster_of_the_class_stops_the_build(tmp_path, modules, text):
    build(tmp_path / "class", {"": modules["04-toy"]})
    (tmp_path / "class" / "keys" / "roster.json").write_text(text)
    before = tree(tmp_path / "class")
    with pytest.raises(ClassFolderError, match=r"roster.json: it is damaged .* copy; without one, delete it, and"):
        build(tmp_path / "class", modules)
    assert tree(tmp_path / "class") == before
    (tmp_path / "class" / "keys" / "roster.json").unlink()
    assert build(tmp_path / "class", modules).failed == 0


def test_a_second_build_in_the_folder_is_refused_and_disturbs_nothing(by_command, tmp_path, modules):
    child = by_command()
    until_some_keys(tmp_path / "class", 8, child)
    with pytest.raises(ClassFolderError, match="another build is at work in this folder") as said:
        build(tmp_path / "class", {"": modules["06-other"]})
    assert "wait until it has ended, and give the command again" in str(said.value)
    assert child.poll() is None
    told = child.communicate(timeout=60)
    assert child.returncode == 0, told
    assert "400 made, 0 there before, 0 not made" in told[0]
    everybody = [Student(f"s{number}", "Somebody") for number in range(400)]
    build(tmp_path / "whole", {"04-toy": modules["04-toy"]}, everybody)
    assert tree(tmp_path / "class") == tree(tmp_path / "whole")
    assert build(tmp_path / "class", {"": modules["06-other"]}, everybody[:2]).count("made") == 2


def hold(folder, start, end, told):
    """In a child process: try to hold the folder until all have tried, and say how it went."""
    start.wait()
    try:
        with building(folder):
            told.put("held")
            end.wait(20)
    except ClassFolderError as error:
        told.put("refused" if "another build is at work" in str(error) else str(error))
        end.wait(20)


@posix
@pytest.mark.parametrize("run", range(4))
def test_of_many_that_begin_at_once_one_has_the_folder(tmp_path, run):
    fork = multiprocessing.get_context("fork")
    start, end, told = fork.Barrier(6), fork.Barrier(6), fork.Queue()
    children = [fork.Process(target=hold, args=(tmp_path, start, end, told)) for _ in range(6)]
    for child in children:
        child.start()
    said = sorted(told.get(timeout=60) for _ in children)
    for child in children:
        child.join()
    assert said == ["held", *["refused"] * 5]


@posix
def test_a_build_that_was_killed_holds_nothing(tmp_path, modules):
    """What it left unfinished is swept away by the next one; the lock needs no clearing."""
    fork = multiprocessing.get_context("fork")
    start, end, told = fork.Barrier(1), fork.Barrier(2), fork.Queue()
    child = fork.Process(target=hold, args=(tmp_path / "class", start, end, told))
    child.start()
    assert told.get(timeout=60) == "held"
    (tmp_path / "class" / ".making-x").mkdir()
    with pytest.raises(ClassFolderError, match="another build is at work"):
        build(tmp_path / "class", modules)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert build(tmp_path / "class", modules).failed == 0
    assert [path.name for path in (tmp_path / "class").iterdir() if path.name.startswith(".")] == [LOCK]


def test_two_builds_of_one_process_do_not_share_a_folder(tmp_path, modules):
    with building(tmp_path / "class"), pytest.raises(ClassFolderError, match="another build is at work"):
        build(tmp_path / "class", modules)
    assert build(tmp_path / "class", modules).failed == 0


def test_the_folder_is_free_after_a_build_that_failed(tmp_path, modules):
    build(tmp_path / "class", modules)
    with pytest.raises(ClassFolderError):
        build(tmp_path / "class", modules, secret=SECRET + b"!")
    assert build(tmp_path / "class", modules).count("there") == len(CLASS) * len(modules)


def test_the_record_has_the_versions_that_drew_each_module(tmp_path, modules, monkeypatch):
    """They stay as they were when it was begun; another version that goes on is told, in one sentence, and not refused."""
    build(tmp_path / "class", {"": modules["04-toy"]})
    here = {"pebbletrail": __version__, **{name: importlib.metadata.version(name) for name in ("numpy", "pandas", "scipy")}}
    record = ClassFolder(tmp_path / "class").record()
    assert record["modules"]["04-toy"]["versions"] == here
    before = tree(tmp_path / "class")
    monkeypatch.setattr("pebbletrail.exercises.class_record.version", lambda name: "99" if name == "numpy" else here[name])
    built = build(tmp_path / "class", modules, [*CLASS, Student("new", "Newton")])
    [note] = built.notes
    assert f"(04-toy with numpy {here['numpy']}; now numpy 99)" in note
    assert "variants that are stored stay what they are, further ones may be drawn in another way" in note
    assert f"Mind: {note}" in built.text
    assert built.count("made") == 5
    after = tree(tmp_path / "class")
    assert {name: after[name] for name in before if name.endswith((".csv", ".ipynb")) or "04-toy" in name} == {
        name: before[name] for name in before if name.endswith((".csv", ".ipynb")) or "04-toy" in name}
    now = ClassFolder(tmp_path / "class").record()["modules"]
    assert now["04-toy"] == record["modules"]["04-toy"]
    assert now["06-other"]["versions"] == {**here, "numpy": "99"}
    monkeypatch.undo()
    [note] = build(tmp_path / "class", modules).notes
    assert f"(06-other with numpy 99; now numpy {here['numpy']})" in note


def test_an_entry_without_versions_is_no_other_version(tmp_path, modules):
    build(tmp_path / "class", modules)
    path = tmp_path / "class" / "class.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    for entry in record["modules"].values():
        del entry["versions"]
    path.write_text(json.dumps(record), encoding="utf-8")
    assert build(tmp_path / "class", modules).notes == ()


BROKEN = {  # what is wrong: file, its text, what is told
    "syntax": ("module.py", "x = 1\ndef broken(:\n", "07-bad/module.py, line 2: SyntaxError: "),
    "name": ("module.py", "x = 1\n\nx = unknown\n", "07-bad/module.py, line 3: NameError: name 'unknown' is not defined."),
    "in a file beside": ("module.py",
                         'from pebbletrail.exercises.authoring import beside\n\nbanks = beside(__file__, "banks")\n',
                         "07-bad/banks.py, line 1: ZeroDivisionError: division by zero."),
    "from the kit": ("module.py", "from pebbletrail.exercises.authoring import nothing\n",
                     "07-bad/module.py, line 1: ImportError"),
    "no version": ("module.py", 'TITLE = "x"\n', "07-bad/module.py: AttributeError: "),
    "null byte": ("module.py", "x = 1\0", "07-bad/module.py"),
    "no JSON": ("solution.ipynb", "not json", "07-bad: 07-bad/solution.ipynb: it cannot be read as a notebook ("),
    "no notebook": ("solution.ipynb", "[]", "07-bad: 07-bad/solution.ipynb: it is no notebook"),
    "no ids": ("solution.ipynb", '{"cells": [{"cell_type": "code"}]}', "07-bad: 07-bad/solution.ipynb: it is no notebook"),
    "a cell": ("solution.ipynb", json.dumps({"cells": [{"cell_type": "code", "id": "x", "metadata": {}, "source": "1 +"}]}),
               "07-bad: solution.ipynb: a cell is no Python"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_module_is_told_where_and_the_others_are_built(command, modules, tmp_path, monkeypatch, what):
    file, text, told = BROKEN[what]
    bad = toy(tmp_path, "07-bad").folder
    (bad / "banks.py").write_text("1 / 0\n")
    (bad / file).write_text(text)
    load_module.cache_clear()
    folders = {**{name: module.folder for name, module in modules.items()}, "07-bad": bad}
    monkeypatch.setattr("pebbletrail.exercises.module.module_folders", lambda: folders)
    command("secret", "secret.txt")
    status, out, err = built_by(command, "4")  # not named: it is not even looked at
    assert (status, err) == (0, "")
    status, out, err = built_by(command, "7")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"pebbletrail: {told}")
    status, out, err = built_by(command)
    assert status == 1
    assert "3 made, 3 there before, 0 not made" in out
    assert err.startswith(f"pebbletrail: {told}")
    assert err.endswith("This module is left out.\n")
    assert "07-bad" not in (tmp_path / "class" / "class.json").read_text()
    if file == "module.py" or what in ("no JSON", "no notebook"):
        status, out, err = command("solution", "7", "--out", "s.ipynb")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"pebbletrail: {told.removeprefix('07-bad: ')}")
    assert command("solution", "4", "--out", "s.ipynb")[0] == 0
