"""A paragraph on methods and the references, for the reader to paste."""

import re

from pebbletrail.ledger_table import ledger, references
from pebbletrail.report.passport import row_counts


def methods(material, prepared, versions, dated):
    """One paragraph of plain sentences, from what was fixed and found."""
    w, about, fixed = material.w, material.about, material.one("specification")
    checks = [one.status for one in material.all("assumption")]
    counts = row_counts(prepared)
    sentences = [w("methods.question", question=about.question[w.language]), about.estimand[w.language],
                 w("methods.rows", grain=about.grain[w.language], used=counts["used"], read=counts["read"])]
    n = material.main.values.get("n")
    if isinstance(n, int) and n != counts["used"] and about.plan != "difference-in-differences":  # else n are rows treated
        sentences.append(w("methods.complete", n=n))
    if fixed is not None:
        values = fixed.values
        sentences.append(w("methods.specified", at=w.day(str(values.get("at", ""))), formula=values.get("formula", ""),
                           errors=" ".join(filter(None, (str(values.get("errors", "")), str(values.get("by", ""))))),
                           adjusting=_adjusting(values, w),
                           fingerprint=values.get("fingerprint", "")))
    sentences += [material.text(one) for one in material.all("design")]
    sentences.append(w("methods.result", text=material.text(material.main)))
    sentences.append(w("methods.assumptions", all=len(checks), robust=len(material.all("robustness")),
                       **{name: checks.count(name) for name in ("pass", "doubtful", "fail")}))
    sentences.append(w("methods.tools", version=versions.get("pebbletrail", "?"), practice=about.name, edition=about.version,
                       dated=w.day(dated), engine=prepared.engine))
    return " ".join(sentences)


def _adjusting(values, w):
    """What was held equal; nothing is said where the formula says all, as of a chain."""
    if "adjusted_for" not in values:
        return ""
    return w("methods.adjusting", terms=values["adjusted_for"] or w("specification.nothing"))


def reference_list(material):
    """The studies of the published figures that are shown, each once, as they are cited."""
    studies = dict.fromkeys(ledger()[one.values["ledger_id"]].study for one in material.all("beside"))
    return [reference(references()[study]) for study in studies]


def reference(entry):
    """One entry of ``references.bib`` as a line of text."""
    entry = {name: _plain(value) for name, value in entry.items()}
    authors = "; ".join(entry["author"].split(" and "))
    where = entry.get("journal") or entry.get("booktitle") or entry.get("institution") or entry.get("publisher") or \
        entry.get("howpublished") or ""
    volume = entry.get("volume", "") + (f"({entry['number']})" if "number" in entry else "")
    place = ", ".join(filter(None, (" ".join(filter(None, (where, volume))), entry.get("pages", ""))))
    doi = f" https://doi.org/{entry['doi']}" if "doi" in entry else ""
    return " ".join(filter(None, (f"{authors} ({entry['year']}).", f"{entry['title'].rstrip('.')}.",
                                  f"{place}." if place else ""))) + doi


def _plain(text):
    return re.sub(r"[{}]", "", text.replace("--", "–").replace(r"\&", "&"))
