"""What grading writes for people: pages for students, the class report, tables for learning platforms, texts to mark."""

from pebbletrail.exercises.class_folder import PRIVATE, disk_trouble, write_file
from pebbletrail.grading import canvas, class_report, feedback_page, moodle, text_queue
from pebbletrail.grading.alike import alike
from pebbletrail.progress import Progress


def write(out, results, place):
    """Write every output anew, each whole or not at all; one that has not changed is left alone.

    Parameters
    ----------
    out : Path
        The folder of the grades.
    results : Results
    place : ClassFolder
        Keys are read where the teacher's pages need them; no student's page sees them.

    Returns
    -------
    dict of str to Path
        What a person opens next: ``report``, ``feedback``, ``moodle``, ``canvas``, ``texts`` where there are any.
    """
    made = {"report": out / "report.html", "feedback": out / "feedback", "moodle": out / "moodle",
            "canvas": out / "canvas.csv"}
    texts = {}
    with Progress(len(results.works) + 2, "pages written") as progress, disk_trouble(out):
        for work in results.works:
            _put(out / "feedback" / work.student / f"{work.module}.html", feedback_page.html(work))
            progress.add()
        for module in results.modules:
            _put(out / "moodle" / f"{module}.csv", moodle.import_csv(results, module))
            if page := text_queue.html(results, place, module):
                _put(out / "texts" / f"{module}.html", page)
                texts[module] = f"texts/{module}.html"
        _put(out / "canvas.csv", canvas.import_csv(results))
        progress.add()
        _put(out / "report.html", class_report.html(results, alike(results, place), texts))
        progress.add()
    return {**made, "texts": out / "texts"} if texts else made


def _put(path, content):
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    write_file(path, content.encode("utf-8") if isinstance(content, str) else content, PRIVATE)
