"""What the practices are, and what each needs, printed for people at a terminal."""

from textwrap import wrap

from pebbletrail.practice.definition import practice, practices

WIDTH = 100
WORDS = {
    "en": {"required": "needed", "optional": "if you have it", "table": "Table", "optional table": "if you have it",
           "row": "One row of the analysis:", "estimand": "What is estimated:", "why": "Why:"},
    "fr": {"required": "nécessaire", "optional": "si vous l'avez", "table": "Table", "optional table": "si vous l'avez",
           "row": "Une ligne de l'analyse\u00a0:", "estimand": "Ce qui est estimé\u00a0:", "why": "Pourquoi\u00a0:"},
}


def overview():
    """The practices, a paragraph each, and the first commands to try."""
    lines = ["Your own tables through a study's analysis, as a report for a board. The practices:", ""]
    for about in map(practice, practices()):
        lines += [about.name, *_wrapped(about.question["en"], 4)]
        lines += [*_wrapped("Tables: " + ", ".join(_table_word(table) for table in about.tables), 4), ""]
    first = practices()[0]
    return "\n".join([*lines, "Begin with a made-up firm, then look at what is needed, then bring your own:",
                      f"  pebbletrail replicate {first} --out example.html",
                      f"  pebbletrail replicate {first} --needs",
                      f"  pebbletrail replicate {first} --template to-fill-in",
                      f"  pebbletrail replicate {first} --data calls=calls.csv --map quality=q_score --out report.html"])


def needs(about, language="en"):
    """The tables and columns of a practice, in words."""
    words = WORDS[language]
    lines = [about.title[language], *_wrapped(about.question[language]), "",
             *_wrapped(f"{words['row']} {about.grain[language]}."),
             *_wrapped(f"{words['estimand']} {about.estimand[language]}")]
    for table in about.tables:
        optional = "" if table.required else f" ({words['optional table']})"
        lines += ["", f"{words['table']} {table.name}{optional}", *_wrapped(table.what[language], 2)]
        for column in table.columns:
            state = words["required" if column.required else "optional"]
            lines += [f"  {column.name}  [{column.kind}{_ends(column, language)}; {state}]",
                      *_wrapped(column.what[language], 6), *_wrapped(f"{words['why']} {column.why[language]}", 6)]
    return "\n".join(lines)


def _ends(column, language):
    low = "" if column.low is None else f"{column.low:g}"
    high = "" if column.high is None else f"{column.high:g}"
    span = f" {low}..{high}" if low or high else ""
    return span + (f", {column.unit[language]}" if column.unit else "")


def _table_word(table):
    return table.name if table.required else f"{table.name} (if you have it)"


def _wrapped(text, indent=0):
    return wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)
