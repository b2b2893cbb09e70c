"""The map of the kit: which pages there are, which claims they judge, and in which order to learn."""

import json

import pandas as pd

from pebbletrail.home import project_folder
from pebbletrail.ledger_table import claims as claim_rows
from pebbletrail.ledger_table import ledger
from pebbletrail.page_source import all_pages

NOT_YET = "page not written yet"


def pages():
    """The pages that can be opened.

    Returns
    -------
    DataFrame
        ``page, title, figures, file``; ``figures`` counts the printed figures that the page holds against its own.
    """
    counts = pd.Series([int(line.page) for line in ledger().values() if line.counts], dtype=int).value_counts()
    rows = [{"page": page.number, "title": page.title, "figures": int(counts.get(page.number, 0)), "file": page.path.name}
            for page in all_pages().values()]
    return pd.DataFrame(rows, columns=["page", "title", "figures", "file"])


def claims():
    """Every claim that the kit examines, with the verdict its home page gives.

    Returns
    -------
    DataFrame
        ``id, claim, speaker, kind, page, also, verdict``: ``page`` is the claim's home, ``also`` a page that adds
        evidence. The verdict is read from the pages' sources.
    """
    written = all_pages()
    given = {verdict["claim"]: verdict["verdict"] for page in written.values() for verdict in page.verdicts()}
    rows = [{"id": claim.id, "claim": claim.claim, "speaker": claim.speaker, "kind": claim.kind,
             "page": int(claim.home_page), "also": claim.also_pages,
             "verdict": given.get(claim.id, NOT_YET)} for claim in claim_rows().values()]
    return pd.DataFrame(rows).sort_values(["page", "id"], ignore_index=True)


def read_syllabus():
    """The syllabus as written in ``notebooks/syllabus.yml``."""
    import yaml

    return yaml.safe_load((project_folder("notebooks") / "syllabus.yml").read_text(encoding="utf-8"))


def syllabus():
    """The twelve weeks.

    Returns
    -------
    DataFrame
        ``week, what, part, hours, before, open``: the page, task or exercise, core or further, hours of work, what comes
        before, and the file to open (empty where there is none).
    """
    written, plan = all_pages(), read_syllabus()
    rows = []
    for week in plan["weeks"]:
        for step in week["steps"]:
            number = step.get("page")
            about = plan["pages"].get(number, {})
            title = written[number].title if number in written else about.get("title", "")
            what = step.get("task") or f"{number} {title}".strip()
            before = ", ".join(str(page) for page in about.get("after", []))
            rows.append({"week": week["week"], "what": what, "part": step["part"], "hours": step["hours"], "before": before,
                         "open": written[number].path.name if number in written else ""})
        rows += _exercise(week)
    return pd.DataFrame(rows, columns=["week", "what", "part", "hours", "before", "open"])


def _exercise(week):
    """The row of a week's exercise, with the time that its questions ask for."""
    name = week.get("module")
    sheet = project_folder("notebooks") / "exercises" / str(name) / "exercise.json"
    if not sheet.is_file():
        return []
    about = json.loads(sheet.read_text(encoding="utf-8"))
    hours = round(sum(question["minutes"] for question in about["questions"]) / 60, 1)
    return [{"week": week["week"], "what": f"Exercise {int(name[:2])}: {about['title']}", "part": "exercise", "hours": hours,
             "before": "", "open": f"exercises/{name}/{name}.ipynb"}]
