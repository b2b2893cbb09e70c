"""The kit: everything that a study with an instrument needs, in one folder."""

import os
import shutil
from dataclasses import replace
from uuid import uuid4

from pebbletrail.instruments.definition import LANGUAGES, design, words
from pebbletrail.instruments.printed import questionnaire
from pebbletrail.instruments.writing import as_path, csv_text, told, write_new

README = {"en": "README.md", "fr": "LISEZMOI.md"}
MARKED = "utf-8-sig"  # Excel then knows that a CSV file is UTF-8


def write_kit(instrument, folder):
    """Write the kit into a folder, which is made where it is not there; the paths. Nothing is ever overwritten.

    All is written to a new folder beside it first, and moved when it is whole: half a kit is never left behind.

    Raises
    ------
    ValueError
        One of the files is there already (then none is written), or the folder cannot be made or written.
    """
    folder = as_path(folder, "folder")
    files = contents(instrument)
    if there := [name for name in files if os.path.lexists(folder / name)]:
        raise ValueError(f"folder: {folder} holds {', '.join(there)} already, and nothing is ever overwritten. Give another "
                         "folder.")
    if os.path.lexists(folder) and not folder.is_dir():
        raise ValueError(f"folder: {folder} is a file, or a link that leads nowhere; give a folder.")
    if not folder.parent.is_dir():
        raise ValueError(f"folder: the folder {folder.parent} is not there; make it first.")
    beside = folder.absolute().parent / f".kit-{uuid4().hex}"
    moved = []
    try:
        beside.mkdir()
        for name, text in files.items():
            write_new(beside / name, text, MARKED if name.endswith(".csv") else "utf-8")
        if folder.is_dir():
            for name in files:
                shutil.move(beside / name, folder / name)
                moved.append(folder / name)
        else:
            beside.rename(folder)
    except (OSError, ValueError) as error:
        for path in moved:
            path.unlink(missing_ok=True)
        raise ValueError(f"folder: the kit cannot be written to {folder} ({told(error)}); nothing of it is left there. Give "
                         "another folder.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [folder / name for name in files]


def contents(instrument):
    """``{file name: text}`` of the whole kit; CSV files in the instrument's language, all else in both.

    Words of one's own are not translated: where there are any, the kit is in the instrument's language only.
    """
    own = {word.name: instrument.words[word.name] for word in instrument.definition.words
           if instrument.words[word.name] != word.defaults[instrument.language]}
    both = {instrument.language: instrument} if own else {language: _in(instrument, language) for language in LANGUAGES}
    files = {README[language]: _readme(one, language, own) for language, one in both.items()}
    for form in instrument.forms:
        for language, one in both.items():
            files[f"questionnaire-{form}-{language}.html"] = questionnaire(one, form).html
        files[f"answers-{form}.csv"] = csv_text([list(instrument.template(form=form).columns)], instrument.language)
    for name, columns in instrument.definition.links.items():
        files[f"{name}.csv"] = csv_text([list(columns)], instrument.language)
    items = instrument.table.drop(columns="text").assign(**{language: one.table["text"] for language, one in both.items()})
    files["items.csv"] = csv_text([list(items.columns), *items.to_numpy().tolist()], instrument.language)
    if instrument.kind.listed:  # what each box of each line means
        options = instrument.options[["item", "value"]].assign(
            **{language: one.options["text"].where(one.options["text"] != "", one.options["label"])
               for language, one in both.items()})
        files["options.csv"] = csv_text([list(options.columns), *options.to_numpy().tolist()], instrument.language)
    return files


def _in(instrument, language):
    """The instrument in another language, with the words that stand in its gaps there."""
    return replace(instrument, language=language,
                   words={word.name: word.defaults[language] for word in instrument.definition.words})


def _readme(instrument, language, own):
    """The design of the study, what each score says and does not, and what none of them can tell."""
    says = words("readme", instrument.kind.name, language)
    lines = [f"# {instrument.title}", "", says["made"].format(name=instrument.name, version=instrument.version,
                                                             date=instrument.definition.date.isoformat()), ""]
    if own:
        given = ", ".join(f"{gap}: {word}" for gap, word in own.items())
        lines += [says["only"].format(words=given), ""]
    lines += [design(instrument.name, language), f"## {says['meaning']}", "", says["rule"], ""]
    columns = instrument.table.groupby(["form", "scale"])["item"].agg(lambda items: ", ".join(f"`{one}`" for one in items))
    for row in instrument.meaning.itertuples():
        what = columns[row.form, row.scale] if instrument.kind.listed else (
            f"`{row.scale}`, {row.form}, {row.items} {says['items']}")
        lines.append(f"- **{row.title}** ({what}): {row.says} *{says['not']}* {row.does_not_say}")
    lines += ["", f"## {says['limits']}", "", *(f"- {limit}" for limit in instrument.limits)]
    return "\n".join([*lines, ""])
