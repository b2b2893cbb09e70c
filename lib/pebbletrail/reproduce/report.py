"""The result as JSON for machines and as one HTML page for people."""

import json
from collections import Counter
from datetime import datetime

from pebbletrail import __version__
from pebbletrail.ledger_table import claims, ledger, references, short_citation
from pebbletrail.page_source import all_pages


def as_data(executed, results, verdicts, problems):
    """What ``reproduction.json`` holds."""
    return {
        "lines": [result.as_data() for result in results],
        "verdicts": verdicts,
        "pages": [{"page": page.number, "seconds": round(page.seconds, 2), "retries": page.retries,
                   "error": page.error and f"{page.error['name']}: {page.error['message']}"} for page in executed],
        "problems": problems,
    }


def counts(results):
    """How many lines agree, differ as expected, were not run, and are unexpected."""
    tally = Counter("unexpected" if result.status != "not run" and not result.as_expected else result.status
                    for result in results)
    return {key: tally[key] for key in ("agrees", "differs", "not run", "unexpected")}


def sentence(results, executed=()):
    """The counts in words, and whether a page stopped."""
    tally = counts(results)
    parts = [f"{tally['agrees']} figures agree with the print", f"{tally['differs']} differ as the ledger expects",
             f"{tally['not run']} were not run", f"{tally['unexpected']} are unexpected"]
    stopped = [str(page.number) for page in executed if page.error]
    parts += [f"and page {' and '.join(stopped)} stopped before its end"] if stopped else []
    return ", ".join(parts) + "."


def write(folder, executed, results, verdicts, problems):
    """Write both files, each complete or not at all; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    data = as_data(executed, results, verdicts, problems)
    texts = {"reproduction.json": json.dumps(data, indent=1, ensure_ascii=False) + "\n",
             "reproduction.html": html(executed, results, verdicts, problems)}
    for name, text in texts.items():
        draft = folder / f".{name}.draft"
        draft.write_text(text, encoding="utf-8")
        draft.replace(folder / name)
    return [folder / name for name in texts]


def html(executed, results, verdicts, problems):
    """The report as one self-contained page."""
    from jinja2 import Environment, PackageLoader, select_autoescape

    environment = Environment(loader=PackageLoader("pebbletrail.reproduce"), autoescape=select_autoescape(),
                              trim_blocks=True, lstrip_blocks=True)
    titles = {page.number: page.title for page in all_pages().values()}
    return environment.get_template("report.html").render(
        version=__version__, made=datetime.now().astimezone().strftime("%d %B %Y, %H:%M"),
        sentence=sentence(results, executed), problems=problems, executed=executed,
        titles=titles, claims=claims(),
        verdicts=verdicts, pages=_by_page(executed, results), references=_cited(results))


def _by_page(executed, results):
    """Each page's lines with all that a reader wants to see beside them."""
    return {page.number: [{"result": result, "line": (line := ledger()[result.id]), "ours": line.shown(result.reproduced),
                           "study": short_citation(line.study)}
                          for result in results if result.page == page.number] for page in executed}


def _cited(results):
    keys = sorted({ledger()[result.id].study for result in results})
    return {key: references()[key] for key in keys}
