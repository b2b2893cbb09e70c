"""Who handed a file in, by its path: the teacher's folders before platforms' names, and nobody where it could be several."""

import pytest

from pebbletrail.grading.sender import Sender, sender

ROSTER = [{"id": id, "name": name, "left": False} for id, name in [
    ("s001", "Ada Lind"), ("s002", "Seán O'Brien"), ("s003", "Émile de Vries"), ("s004", "Müller, Greta"),
    ("s005", "Anne-Marie Ødegård"), ("s006", "Bo Nowak"), ("s007", "Nowak Bo"), ("S.Eight", "Li Na"), ("s009", ""),
    ("s010", "Zoë Straße 2"), ("s011", "王 小明")]]


@pytest.mark.parametrize(("folder", "student"), [("s001", "s001"), ("S001", "s001"), ("s.eight", "S.Eight")])
def test_a_folder_with_an_id_is_the_teachers_word(folder, student):
    for name in (f"{folder}/x.zip", f"week 4/{folder}/x.zip", f"{folder}/tries/second/x.ipynb",
                 f"{folder}/Seán OBrien_7_assignsubmission_file_/x.zip", f"{folder}/obriensean_1_2_x.zip"):
        assert sender(name, ROSTER) == Sender(student, f"the folder {folder}")


def test_the_files_own_name_is_no_folder():
    assert sender("s001", ROSTER).student is None
    assert sender("04-control-s001-20260301T120000Z.zip", ROSTER).student is None
    assert sender("s0011/x.zip", ROSTER).student is None


@pytest.mark.parametrize(("name", "student"), [
    ("Ada Lind", "s001"), ("ADA LIND", "s001"), ("Lind Ada", "s001"), ("Seán OBrien", "s002"), ("Sean O'Brien", "s002"),
    ("Sea\u0301n O\u2019Brien", "s002"), ("Emile de Vries", "s003"), ("de Vries Émile", "s003"), ("Greta Müller", "s004"),
    ("Anne Marie Odegard", "s005"), ("Zoe Strasse 2", "s010"), ("王 小明", "s011")])
@pytest.mark.parametrize("form", [
    "{}_1234567_assignsubmission_file_/04-control.zip", "{}_1234567_assignsubmission_file/x/y.ipynb",
    "{}_1234567_assignsubmission_file_x_1_2_y.zip", "Statistics-4/{}_1234567_assignsubmission_file_/x.zip"])
def test_moodles_names(form, name, student):
    found = sender(form.format(name), ROSTER)
    assert found.student == student
    assert found.number == "1234567"
    assert found.how == f"the name {name!r} from Moodle"


@pytest.mark.parametrize("name", ["Ada", "Ada Lind Costa", "Ad Alind", "Participant", "", "'", "Group A"])
def test_moodles_name_of_nobody(name):
    found = sender(f"{name}_12_assignsubmission_file_/x.zip", ROSTER)
    assert found == Sender(None, f"the name {name!r} from Moodle is nobody's on the roster", "12")


def test_two_of_one_name_are_nobody():
    assert sender("Bo Nowak_12_assignsubmission_file_/x.zip", ROSTER) == Sender(
        None, "the name 'Bo Nowak' from Moodle is that of 2 students (s006, s007)", "12")
    assert sender("nowakbo_1_2_x.zip", ROSTER).student is None


def test_folders_below_moodles_are_the_students_own():
    """Moodle keeps the folders inside what a student handed in: nobody may hand in as another by naming one."""
    assert sender("Ada Lind_12_assignsubmission_file_/s002/x.zip", ROSTER).student == "s001"
    assert sender("Ada Lind_12_assignsubmission_file_/Seán OBrien_13_assignsubmission_file_/x.zip", ROSTER).number == "12"
    assert sender("Nobody_12_assignsubmission_file_/s002/x.zip", ROSTER).student is None
    assert sender("odd_name_12_assignsubmission_file_/s002/x.zip", ROSTER).student is None
    assert sender("Ada Lind_12_assignsubmission_file_x_s002_13_assignsubmission_file_.zip", ROSTER).student == "s001"


@pytest.mark.parametrize(("name", "student"), [
    ("lindada", "s001"), ("obriensean", "s002"), ("obrienseán", "s002"), ("devriesémile", "s003"), ("vriesemilede", "s003"),
    ("müllergreta", "s004"), ("ødegårdannemarie", "s005"), ("linal", None), ("lind", None), ("anon", None), ("_", None)])
@pytest.mark.parametrize("form", ["{}_12345_67890_04-control-s001.zip", "{}_LATE_12345_67890_x.ipynb", "a/{}_1_2_3_4_x.zip"])
def test_canvas_names(form, name, student):
    found = sender(form.format(name), ROSTER)
    assert found.student == student
    assert found.number == ""
    assert found.how == f"the name {name!r} from Canvas" + ("" if student else " is nobody's on the roster")


def test_the_end_of_a_canvas_name_is_the_students_own():
    assert sender("lindada_123_456_x_assignsubmission_y.zip", ROSTER).student == "s001"
    assert sender("lindada_123_456_Seán OBrien_7_assignsubmission_file_.zip", ROSTER).student == "s001"
    found = sender("odd_name_assignsubmission_file_x.zip", ROSTER)
    assert (found.student, "Moodle" in found.how) == (None, True)


@pytest.mark.parametrize("name", ["x.zip", "anon_Xy12z_67890_x.zip", "lindada_12345_x.zip", "lindada_LATE_x.zip",
                                  "Ada Lind.zip", "_1_2_.zip", "a/b/c/d.ipynb", "", "/", "lindada_1_2_"])
def test_a_path_that_does_not_say(name):
    assert sender(name, ROSTER).student is None


def test_nobody_is_on_the_roster():
    assert sender("s001/x.zip", []) == Sender(None, "its path does not say who handed it in")
