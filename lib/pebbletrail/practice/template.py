"""What a firm fills in: empty tables, their codebook, the questionnaire and the note on privacy, in one folder."""

import csv
import io
import shlex
from pathlib import Path

from pebbletrail.practice.definition import LANGUAGES
from pebbletrail.practice.overview import needs
from pebbletrail.practice.targets import write_all

SEPARATOR = {"en": ",", "fr": ";"}
SAID = {"en": "Written:\n{names}\nRead before-you-start.txt first. When the tables are filled:\n  {command}",
        "fr": "Écrits :\n{names}\nLisez d'abord before-you-start.txt. Une fois les tables remplies :\n  {command}"}
NOTE = {"en": ("Data protection", "Works council and staff"), "fr": ("Protection des données", "Élus et salariés")}


def write(about, folder, language="en"):
    """Write ``<table>.csv`` (headings, one example row), ``codebook.txt``, ``before-you-start.txt``, questionnaires.

    Returns
    -------
    str
        What was written, and the command to give when the tables are filled.

    Raises
    ------
    ValueError
        An unknown language; a file that is there already (nothing is written then).
    """
    if language not in LANGUAGES:
        raise ValueError(f"--lang: {language!r} is not one of {', '.join(LANGUAGES)}.")
    folder = _folder(folder)
    files = {folder / f"{table.name}.csv": "\ufeff" + _headings(table, SEPARATOR[language]) for table in about.tables}
    files[folder / "codebook.txt"] = needs(about, language) + "\n"
    parts = zip(NOTE[language], (about.privacy[language], about.council[language]), strict=True)
    files[folder / "before-you-start.txt"] = "\n\n".join(f"{title}\n\n{text}" for title, text in parts) + "\n"
    files |= _questionnaires(about, folder, language)
    for path in files:
        if path.exists():
            raise ValueError(f"--template: {path} is there already, and is left as it is. Name another folder.")
    write_all(files)
    names = "\n".join(f"  {path}" for path in files)
    given = [f"{table.name}={folder / f'{table.name}.csv'}" for table in about.tables if table.required]
    command = shlex.join(["pebbletrail", "replicate", about.name, *(word for one in given for word in ("--data", one)),
                          *(("--lang", language) if language != "en" else ()), "--out", "report.html"])
    return SAID[language].format(names=names, command=command)


def write_example_with_command(about, folder):
    """Write the made-up firm's files into a folder, and say the command that takes them."""
    from pebbletrail.practice.examples import write_example

    folder = _folder(folder)
    if any(folder.iterdir()):
        raise ValueError(f"--example: {folder} is not empty. Name another folder.")
    sources, mapping = write_example(about.name, folder)
    words = ["pebbletrail", "replicate", about.name]
    for table, file in sources.items():
        words += ["--data", f"{table}={file}"]
    if mapping:
        words += ["--map", *(f"{name}={own}" for name, own in mapping.items())]
    command = shlex.join([*words, "--out", "report.html"])
    return f"A made-up firm's files are in {folder}. The command that takes them:\n  {command}"


def _headings(table, separator):
    made = io.StringIO()
    writer = csv.writer(made, delimiter=separator, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    if any(column.example for column in table.columns):
        writer.writerow([column.example for column in table.columns])
    return made.getvalue()


def _questionnaires(about, folder, language):
    if not about.instrument:
        return {}
    import tempfile

    import pebbletrail as pt
    from pebbletrail.instruments.definition import definition

    instrument, made = pt.instrument(about.instrument, language), {}
    with tempfile.TemporaryDirectory(prefix="pebbletrail-") as place:
        for form in definition(about.instrument).forms:
            path = instrument.questionnaire(Path(place) / f"questionnaire-{form.name}.html", form=form.name)
            made[folder / path.name] = path.read_bytes()
    return made


def _folder(name):
    folder = Path(name).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{folder}: this folder cannot be made ({error.strerror}). Name another one.") from None
    return folder
