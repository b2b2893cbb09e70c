"""From executed pages to lines: what each page compared, beside what the ledger expects of it."""

from dataclasses import asdict, dataclass

from pebbletrail.catalogue import passport
from pebbletrail.fetch import available
from pebbletrail.ledger import LINES, VERDICT
from pebbletrail.ledger_table import ledger

NOT_RUN = "not run"


@dataclass(frozen=True)
class Result:
    """One ledger line after the run. ``reproduced`` is None when it was not run."""

    id: str
    page: int
    how: str
    published: str
    reproduced: float | None
    status: str
    expected: str
    because: str

    @property
    def as_expected(self):
        return self.status == self.expected

    def as_data(self):
        return asdict(self)


def outputs(notebook, kind):
    """Every piece of data of one kind that the cells of an executed notebook carry."""
    cells = notebook["cells"] if notebook else []
    return [output["data"][kind] for cell in cells if cell["cell_type"] == "code"
            for output in cell["outputs"] if kind in output.get("data", {})]


def harvest(executed):
    """``(results, verdicts, problems)`` of executed pages.

    A problem is a sentence that names a page or a line, and makes the run fail: a page that raised, a line that does not
    come out as the ledger expects, one that was compared twice or never, a verdict away from its home page.
    """
    results, verdicts, problems = [], [], []
    for page in executed:
        if page.error:
            problems.append(describe(page))
        values = {}
        for line in (line for found in outputs(page.notebook, LINES) for line in found["lines"]):
            values.setdefault(line["id"], []).append(line["value"])
        mine = {line.id: line for line in ledger().values() if line.counts and int(line.page) == page.number}
        for stray in sorted(set(values) - set(mine)):
            problems.append(f"page {page.number} compares {stray}, which the ledger gives to page {ledger()[stray].page}")
        for line in mine.values():
            result, problem = _result(line, values.get(line.id, []), page)
            results.append(result)
            problems += [problem] if problem else []
        for verdict in outputs(page.notebook, VERDICT):
            if verdict["home_page"] != page.number:
                problems.append(f"page {page.number} judges {verdict['claim']}, whose home is page {verdict['home_page']}")
            verdicts.append({key: verdict[key] for key in ("claim", "verdict", "because")} | {"page": page.number})
    return results, verdicts, problems


def _result(line, values, page):
    """One line's result, and what is wrong with it, if anything."""
    if values:
        status = line.status(values[0])
        result = Result(line.id, page.number, line.how, line.published, values[0], status, line.expected, line.because)
        if len(values) > 1:
            return result, f"{line.id} is compared {len(values)} times on page {page.number}; once is right"
        if not result.as_expected:
            return result, (f"{line.id} {status}, and the ledger expects that it {line.expected}: printed {line.published}, "
                            f"ours {values[0]:.6g} ({line.quantity}, page {page.number})")
        return result, None
    absent = missing_data(line)
    why = f"data not downloaded: {', '.join(absent)}" if absent else "the page did not get that far" if page.error \
        else "the page never compares it"
    result = Result(line.id, page.number, line.how, line.published, None, NOT_RUN, line.expected, why)
    silent = absent or page.error  # fetching was said aloud, and a page that raised is a problem of its own
    return result, None if silent else f"{line.id}: page {page.number} never compares it"


def missing_data(line):
    """The open data sets that a line needs and that are not on this machine."""
    return [name for name in line.needs if not available(passport(name))]


def describe(page):
    """A page's error in one sentence: page, cell, section, first line of code, error."""
    error = page.error
    if error["name"] == "hang":
        return f"page {page.number}: {error['message']}, in {page.retries + 1} attempts"
    place = f"page {page.number}, cell {error['cell']}" if error["cell"] else f"page {page.number}"
    section = f" (section {error['section']}: {error['code']!r})" if error.get("section") else ""
    return f"{place}{section} raised {error['name']}: {error['message']}"
