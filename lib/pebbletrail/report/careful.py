"""What must not be seen leaves the findings before anything is made of them: values of persons, results of few rows."""

from dataclasses import replace

HIDDEN = "…"
SHORTEST = 3   # characters from which a person's value is looked for inside a text
COUNTED = ("main", "finding", "robustness")
FIXED = ("specification", "beside")  # hold names of columns and the ledger's words only


def personal_values(prepared):
    """The texts that stand in columns that look personal, longest first."""
    if prepared.frame is None:
        return ()
    there = [name for name in prepared.personal if name in prepared.frame.columns]
    texts = {str(value) for name in there for value in prepared.frame[name].dropna().unique()}
    return tuple(sorted((text for text in texts if len(text) >= SHORTEST), key=len, reverse=True))


def without(text, personal):
    """A text with every personal value replaced by an ellipsis."""
    for value in personal:
        if value in text:
            text = text.replace(value, HIDDEN)
    return text


def careful(findings, personal, few):
    """``(findings, hidden)``: without personal values, and without results of fewer than ``few`` rows.

    The main estimate stays, since without it there is no report; a notebook refuses so few rows itself.
    """
    kept = [one for one in findings if one.kind == "main" or not _few(one, few)]
    masked = [one if one.kind in FIXED else replace(one, values={name: _masked(value, personal)
                                                                 for name, value in one.values.items()}) for one in kept]
    return masked, len(findings) - len(kept)


def _few(finding, few):
    n = finding.values.get("n")
    return finding.kind in COUNTED and isinstance(n, int | float) and n < few


def _masked(value, personal):
    return without(value, personal) if isinstance(value, str) else value
