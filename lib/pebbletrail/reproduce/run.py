"""The run as a person sees it: fetch, execute, table, report, exit status."""

import os
import sys
from pathlib import Path

from pebbletrail.catalogue import passport
from pebbletrail.fetch import DataUnavailable, available, fetch
from pebbletrail.ledger_table import ledger
from pebbletrail.page_source import all_pages, needs
from pebbletrail.reproduce import report
from pebbletrail.reproduce.execute import PAGE_LIMIT, code_cells, execute, prepare
from pebbletrail.reproduce.harvest import harvest

MARKS = {"agrees": "✓", "differs": "≠", "not run": "○"}


def reproduce(numbers=(), out="build", jobs=None, offline=False, limit=PAGE_LIMIT):
    """Execute pages and hold every figure against the ledger.

    Parameters
    ----------
    numbers : sequence of int
        Pages; default: all of them.
    out : path
        Folder for ``reproduction.html`` and ``reproduction.json``.
    jobs : int, optional
        Pages at a time; default: the number of cores.
    offline : bool
        Fetch nothing.
    limit : float
        Seconds for one attempt at one page.

    Returns
    -------
    int
        0 when every line that could be run is as the ledger expects and no page raised, else 1.
    """
    chosen = choose(numbers)
    wanted = sorted({name for page in chosen for cell in page.cells for name in needs(cell)})
    missing = fetch_missing(wanted, offline)
    executed = _execute_with_bar(chosen, missing, jobs, limit)
    results, verdicts, problems = harvest(executed)
    written = report.write(Path(out), executed, results, verdicts, problems)
    print(table(results))
    _say_not_run(results, missing)
    for problem in problems:
        print(f"UNEXPECTED  {problem}")
    print(f"\n{report.sentence(results, executed)}")
    print(f"Report: {written[1]}  (open it in a browser)\nData:   {written[0]}")
    print("Next:   `pebbletrail lab` (or `make lab`) opens the notebooks." if not problems else
          "Next:   mend what is marked UNEXPECTED above; the report shows each line with its source.")
    return 1 if problems else 0


def choose(numbers):
    """The pages to execute; the start page compares nothing and is not among them."""
    written = {number: page for number, page in all_pages().items() if number > 0}
    if unknown := sorted(set(numbers) - set(written)):
        raise ValueError(f"PAGE: there is no page {', '.join(map(str, unknown))}; there are {', '.join(map(str, written))}.")
    return [written[number] for number in sorted(set(numbers) or written)]


def fetch_missing(names, offline):
    """Fetch what is not here; the names that stay missing. The first refusal ends the attempts."""
    missing = [name for name in names if not available(passport(name))]
    if not missing or offline or os.environ.get("PEBBLETRAIL_OFFLINE") == "1":
        return missing
    for name in list(missing):
        print(f"Fetching {name} …", file=sys.stderr)
        try:
            fetch(passport(name))
            missing.remove(name)
        except DataUnavailable as refusal:
            print(f"Not fetched: {refusal}", file=sys.stderr)
            break
    return missing


def _execute_with_bar(chosen, missing, jobs, limit):
    from tqdm import tqdm

    cells = sum(code_cells(prepare(page, missing)) for page in chosen)
    print(f"Executing {len(chosen)} page{'s' * (len(chosen) > 1)} ({cells} code cells) …", file=sys.stderr)
    with tqdm(total=cells, unit="cell", disable=None, leave=False) as bar:
        return execute(chosen, missing, jobs, limit, on_cell=lambda number: bar.update(),
                       on_page=lambda page: bar.write(_done(page), file=sys.stderr))


def _done(page):
    again = f", at attempt {page.retries + 1}" if page.retries else ""
    return f"  page {page.number} {'stopped by an error' if page.error else 'done'} ({page.seconds:.1f} s{again})"


def table(results):
    """Every line in one table of plain text."""
    heads = ("", "line", "page", "printed", "ours", "result")
    rows = []
    for result in results:
        ours = ledger()[result.id].shown(result.reproduced)
        usual = result.as_expected or result.status == "not run"
        word = "differs, as expected" if usual and result.status == "differs" else result.status
        rows.append((MARKS[result.status] if usual else "✗", result.id, str(result.page), result.published, ours,
                     word if usual else f"{result.status}: UNEXPECTED"))
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    right = {2, 3, 4}
    return "\n".join("  ".join(text.rjust(width) if column in right else text.ljust(width)
                               for column, (text, width) in enumerate(zip(row, widths, strict=True))).rstrip()
                     for row in [heads, *rows])


def _say_not_run(results, missing):
    skipped = [result.id for result in results if result.status == "not run" and result.because.startswith("data not")]
    if missing:
        lines = f"These lines were not run, for want of data: {', '.join(skipped)}." if skipped else \
            "No line depends on it, but some cells were left out."
        print(f"\nNot on this machine: {', '.join(missing)}. {lines}\n"
              f"To run them: connect, then `pebbletrail data fetch {' '.join(missing)}` (or `make fetch`); "
              "or set PEBBLETRAIL_DATA to a folder that holds the files (`pebbletrail data list` names them).")
