"""A roster is read as it is, with every problem told at once."""

import hashlib
import re

import pytest

from pebbletrail.exercises.roster import BadRoster, Student, id_fault, read_roster

CLASS = [Student("007", "Doe, Jane"), Student("a.b-c@d+e_F", "Zoë Müller"), Student("9", "O'Neill")]
PLAIN = 'id,name\n007,"Doe, Jane"\na.b-c@d+e_F,Zoë Müller\n9,O\'Neill\n'


@pytest.fixture
def roster(tmp_path):
    """Writes a roster and gives its path."""
    def write(content, encoding="utf-8"):
        path = tmp_path / "roster.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path
    return write


def problems(path):
    with pytest.raises(BadRoster) as told:
        read_roster(path)
    return str(told.value)


@pytest.mark.parametrize("content", [
    PLAIN, PLAIN.replace("\n", "\r\n"), PLAIN.replace("\n", "\r"), PLAIN.rstrip("\n"),
    PLAIN.replace("id,name", " ID , Name "), PLAIN.replace("id,name", '"id","name"'),
    '\n\nid,name\n\n007,"Doe, Jane"\n,\na.b-c@d+e_F,Zoë Müller\n  ,  \n9, O\'Neill \n\n',
    "id;name\n007;Doe, Jane\na.b-c@d+e_F;Zoë Müller\n9;O'Neill\n",
    "id\tname\n007\tDoe, Jane\na.b-c@d+e_F\tZoë Müller\n9\tO'Neill\n",
    "sep=;\r\nid;name\r\n007;Doe, Jane\r\na.b-c@d+e_F;Zoë Müller\r\n9;O'Neill\r\n",
    "name;mark;id;e-mail\nDoe, Jane;12,5;007;j@x.org\nZoë Müller;;a.b-c@d+e_F;\nO'Neill;3;9;;;\n",
    'e-mail,"id","full, name",name\nx,007,y,"Doe, Jane"\nx,a.b-c@d+e_F,y,"Zoë Müller"\nx,9,,"O\'Neill"\n'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_what_spreadsheets_and_platforms_write_is_read(roster, content, encoding):
    assert list(read_roster(roster(content, encoding))) == CLASS


def test_names_of_every_script(roster):
    names = ["Łukasz Żółć", "王小明", "Γιώργος", "Ngũgĩ", 'Anne "Nan" Sand']
    quoted = [name.replace('"', '""') for name in names]
    read = read_roster(roster("id,name\n" + "".join(f'{number},"{name}"\n' for number, name in enumerate(quoted))))
    assert [student.name for student in read] == names


def test_the_roster_is_never_changed(roster):
    path = roster(PLAIN, "cp1252")
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    read_roster(path)
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before


def test_every_problem_is_told_at_once_with_its_row(roster):
    rows = ["id,name", "007,Anna", ",Bert", "keys,Cleo", "", "Émile,Emile", "a b,Dora", "007,Eve", "Ann,Ann", "aNN,Finn",
            "CON,Gus", "x" * 65 + ",Hal", "-f,Ivo", "12,Doe, Jane", "../up,Kim"]
    told = problems(roster("\n".join(rows)))
    rows_told = {int(row) for row in re.findall(r"row (\d+):", told)}
    assert rows_told == {3, 4, 6, 7, 11, 12, 13, 14, 15}
    assert "rows 2, 8: the id '007' is there 2 times" in told
    assert "rows 9, 10: the ids 'Ann', 'aNN' differ in capitals only" in told
    assert "11 problems" in told
    assert "row 3: the id is empty" in told
    assert "row 4: the id 'keys' cannot be used" in told
    assert "row 6: the id 'Émile' has 'É' in it" in told
    assert "row 14: it has 3 cells, the heading has 2; a comma inside a name needs quotation marks" in told


@pytest.mark.parametrize("id", ["7", "007", "x" * 64, "a@b.org", "1+1", "_", "console", "com", "com10", "keys2", "null",
                                "E5", "1e5", "x.con"])
def test_an_id_that_can_be_a_folder_everywhere(id):
    assert id_fault(id) is None


@pytest.mark.parametrize(("id", "told"), [
    ("", "is empty"), ("a/b", "'/' in it"), ("a\\b", "in it"), ("a b", "' ' in it"), ("a\u00a0b", "in it"), ("a:b", "':'"),
    ("ü", "'ü'"), ("٣", "in it"), ("7\n", "in it"), ("x" * 65, "65 characters; 64"), (".a", "begins"), ("-a", "begins"),
    ("..", "begins"), ("a.", "ends with"), ("+1", "begins with +, so a spreadsheet takes it for a formula"),
    ("@SUM", "begins with @"), ("=1", "'=' in it"), ("-1", "begins"), ("keys", "the folder of the keys"),
    ("KEYS", "the folder of the keys"), ("class.json", "a file of the class"), ("practice", "public practice"),
    ("con", "Windows"), ("Nul", "Windows"), ("com1", "Windows"), ("LPT9", "Windows"), ("aux.txt", "Windows"),
    ("2.3E+11", "shortened"), ("4e+05", "shortened")])
def test_an_id_that_cannot(id, told):
    assert told in id_fault(id)


@pytest.mark.parametrize(("heading", "told"), [
    ("name,ID number", "no column 'id'. Is it 'ID number'? Then name that column id."),
    ("student_id;name", "Is it 'student_id'?"), ("StudentID;name", "Is it 'StudentID'?"),
    ("id,First name", "no column 'name'. Is it 'First name'?"), ("id,nam", "Is it 'nam'?"),
    ("id,Vorname,name,Name", "the column 'name' is there 2 times"), ("id,Nachname", "Is it 'Nachname'?"),
    ("007,x", "no column 'id'.\n"), ("id", "no column 'name'.")])
def test_a_column_that_is_missing_is_named_with_a_near_one(roster, heading, told):
    assert told in problems(roster(f"{heading}\n1,2,3,4\n")) + "\n"


def test_both_columns_missing_are_told_together(roster):
    told = problems(roster("number;who\n1;x\n"))
    assert "'id'" in told
    assert "'name'" in told
    assert "the heading has 'number', 'who'" in told


@pytest.mark.parametrize(("content", "told"), [
    ("", "the file is empty"), ("\n \n,\n", "the file is empty"), ("id,name\n", "nobody is in it"),
    ("id;name\n;\n", "nobody is in it"),
    (b"PK\x03\x04rest", "not CSV. In the spreadsheet choose"), (b"id,name\n1,\x81\x8d", "neither UTF-8 nor Windows-1252"),
    ('id,name\n1,"Anna\n2,Bert\n', "quotation mark"), ('id,name\n1,"Anna" B\n', "from line 2 on"),
    ('id,name\n1,"Anna\n2,Bert"\n', "row 2: the name runs over several lines")])
def test_a_file_that_is_no_roster(roster, content, told):
    assert told in problems(roster(content))


def test_no_file_and_no_permission(tmp_path):
    assert "there is no such file" in problems(tmp_path / "roster.csv")
    assert "cannot be read" in problems(tmp_path)


def test_one_problem_is_not_plural(roster):
    assert "one problem; mend the file" in problems(roster("id,name\nkeys,Anna\n"))
