"""A plan as one self-contained HTML page: the sentences, the figure, the table, what is assumed, how to repeat it."""

from datetime import datetime
from html import escape

import pandas as pd

from pebbletrail import __version__
from pebbletrail.models.planning_asked import question
from pebbletrail.words import said

COLUMNS = {
    "size": "how many start: ",
    "treated": "of these, treated",
    "people": "people in all groups together",
    "power, of 100": "how many of 100 simulated studies find the effect: their 95 % interval leaves out 0. In brackets the "
                     "Monte Carlo error, a 95 % interval for what is left to chance in the simulation",
    "half-width": "how far the 95 % interval reaches to either side of the estimate, on average",
    "detectable": "the smallest effect that reaches the wanted power with this size, with its Monte Carlo error",
    "false alarms, of 100": "how many of 100 simulated studies would claim an effect where there is none; 5 are promised",
    "studies": "how many were simulated",
}
STYLE = """
  body { font: 16px/1.5 system-ui, "Segoe UI", sans-serif; color: #222; max-width: 60rem; margin: 2rem auto;
         padding: 0 1rem; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
  table { border-collapse: collapse; font-size: .9rem; } .wide { overflow-x: auto; }
  th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top; }
  .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .lead { font-size: 1.08rem; } .quiet { color: #555; font-size: .9rem; }
  code { background: #f3f3f3; padding: .1em .3em; overflow-wrap: anywhere; }
  img { max-width: 100%; } dt { font-weight: 600; } dd { margin: 0 0 .3rem 1.2rem; }
"""


def page(plan, command):
    """The page as text; ``command`` is the command line that gives the same plan again."""
    from pebbletrail.figures import image_tag

    figure, sizes = plan.figure(), _sizes(plan.table)
    told = COLUMNS | {"size": COLUMNS["size"] + question(plan.design).counted}
    meanings = "\n".join(f"<dt>{name}</dt><dd>{escape(told[name])}</dd>" for name in sizes)
    assumed = plan.assumptions.assign(value=[_value(value) for value in plan.assumptions["value"]],
                                      given=["given" if given else "default" for given in plan.assumptions["given"]])
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pebbletrail: plan of a {escape(plan.design)} study</title>
<style>{STYLE}</style>
</head>
<body>
<h1>Plan of a {escape(plan.design)} study</h1>
<p class="quiet">Pebbletrail {__version__}, made on {datetime.now().astimezone():%d %B %Y, %H:%M}. Simulated studies: they
say what would happen if the assumptions held, and nothing about the world.</p>
<p class="lead">{escape(plan.text)}</p>
{image_tag(figure, figure.alt)}
<h2>The sizes</h2>
<div class="wide">{_table(sizes, {*sizes})}</div>
<dl class="quiet">
{meanings}
</dl>
<h2>What is assumed</h2>
<div class="wide">{_table(assumed, {"value"})}</div>
<h2>The same again</h2>
<p><code>{escape(command)}</code></p>
</body>
</html>
"""


def _sizes(table):
    """The table as people read it: every share of 100, every number with its Monte Carlo error behind it."""
    shown = {name: [f"{value:,}" for value in table[name]] for name in ("size", "treated", "people") if name in table}
    if "power" in table:
        shown["power, of 100"] = _with_error(100 * table[["power", "power_low", "power_high"]], "{:.1f}".format)
    shown["half-width"] = [said(value) for value in table["half_width"]]
    shown["detectable"] = _with_error(table[["detectable", "detectable_low", "detectable_high"]], said)
    shown["false alarms, of 100"] = [f"{100 * value:.1f}" for value in table["false_alarms"]]
    return pd.DataFrame(shown | {"studies": [f"{value:,}" for value in table["draws"]]})


def _with_error(columns, told):
    def cell(value):
        return told(value) if value == value else "none"

    return [f"{cell(value)} ({cell(low)} to {cell(high)})" for value, low, high in columns.itertuples(index=False)]


def _table(frame, right):
    head = "".join(f"<th{_number(name in right)}>{escape(name)}</th>" for name in frame)
    rows = "\n".join("<tr>" + "".join(f"<td{_number(name in right)}>{escape(value)}</td>"
                                      for name, value in zip(frame, row, strict=True)) + "</tr>"
                     for row in frame.itertuples(index=False))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _number(right):
    return ' class="number"' if right else ""


def _value(value):
    return "not given" if value is None else value if isinstance(value, str) else said(value)
