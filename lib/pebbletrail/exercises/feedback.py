"""What the sheet says to an answer. Small HTML that also reads well in a saved notebook; colour is never the only sign."""

from html import escape

from pebbletrail.exercises.answers import word_count
from pebbletrail.exercises.marking import FOLLOWS, NOT_YET, NOTED, OPEN, RIGHT
from pebbletrail.ledger_view import AMBER, GREEN
from pebbletrail.shown import publish

ANSWER = "application/vnd.pebbletrail.answer+json"
BOTH = "#767676"  # a grey that is seen on white and on black
SIGNS = {RIGHT: "✓", FOLLOWS: "✓", NOT_YET: "○", NOTED: "•", OPEN: "…"}
COLOURS = {RIGHT: GREEN, FOLLOWS: GREEN, NOT_YET: AMBER, NOTED: BOTH, OPEN: BOTH}  # words keep the page's colour: dark pages
GAVE = {"number": "You gave", "choice": "You chose", "arrows": "You drew"}
AFTER = 3  # attempts until the way is shown


def said(question, value):
    """An answer as a person would write it: no digit more than asked for, and none that was not given."""
    if question["kind"] == "number":
        return f"{round(value, question['decimals'] + 2) + 0.0:.15g} ({question['unit']})"
    if question["kind"] in ("choice", "prediction"):
        return f"{value}) {question['options'][value]}"
    return ", ".join(value) if question["kind"] == "arrows" else f"{word_count(value)} words"


def noted(question, value):
    """Without a key: the answer is kept, and what is left to do."""
    if value is None:
        return show(question, value, OPEN,
                    ["Nothing here yet: put your answer where the three dots ... stand, and run the cell."])
    lines = [f"Noted: {stopped(said(question, value))} You may change it until you hand in."]
    return show(question, value, NOTED, lines + length_note(question, value))


def marked(question, key, value, mark, attempts):
    """In practice: right or not yet, with the tolerance, and as much help as there were attempts."""
    if mark.state == OPEN:
        return noted(question, None)
    if mark.state == NOTED:
        return show(question, value, NOTED, *_own_judgement(question, key, value))
    lines = [f"{GAVE[question['kind']]} {stopped(said(question, value))}"]
    if mark.state == FOLLOWS:
        lines.append("It follows correctly from your own earlier answer, and counts in full. That earlier answer is not "
                     "right yet, or was rounded: once it is mended, run this cell again.")
    if mark.state == NOT_YET:
        lines += helped(key, mark, attempts)
    elif mark.hint:
        lines.append(f"It counts in full. {mark.hint}")
    if question["kind"] == "number":
        lines.append(wanted(question))
    way = key.get("worked", "") if mark.state == RIGHT or attempts >= AFTER else ""
    title = "The way, to compare with yours" if mark.state == RIGHT else "The way"
    return show(question, value, mark.state, lines, folded=[(title, [way])] if way else [])


def stopped(text):
    """With a full stop, unless it has one."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def wanted(question):
    """How exact a number must be."""
    decimals, tolerance = question["decimals"], f"{question['tolerance']:.12f}".rstrip("0").rstrip(".")
    exact = f"{decimals} decimal{'s' * (decimals > 1)}" if decimals else "a whole number"
    return f"Asked for: {exact}; anything within {tolerance} counts."


def helped(key, mark, attempts):
    """The hint that names the mistake, if it is a known one, then one general hint more for each attempt."""
    general = key["hints"][:attempts if not mark.hint else attempts - 1]
    if mark.points and mark.hint:  # nearly right: general hints would lead away from it
        general = []
    lines = ([mark.hint] if mark.hint else []) + list(general)
    left = AFTER - attempts
    if left > 0 and key.get("worked"):
        lines.append(f"The way is shown after {left} more attempt{'s' * (left > 1)}.")
    return lines


def length_note(question, value):
    """Whether a text is as long as it should be."""
    if question["kind"] != "text":
        return []
    low, high = question["words"]
    count = word_count(value)
    return [] if low <= count <= high else [f"It has {count} words; {low} to {high} are asked for."]


def _own_judgement(question, key, value):
    """Where nobody marks: what to compare a prediction or a text with."""
    if question["kind"] == "prediction":
        return [f"Noted: {stopped(said(question, value))} No guess is wrong here.", key["afterwards"]], []
    rubric = [f"{line['text']} ({line['points']:g})" for line in key["rubric"]]
    specimens = [(f"A specimen worth {one['points']:g} of {key['points']}", [one["text"], f"Why: {one['why']}"])
                 for one in key["specimens"]]
    lines = [f"Noted: {said(question, value)}.", *length_note(question, value),
             "Mark it yourself along these lines, then open the specimens below."]
    return lines, [("The lines it is marked along", rubric), *specimens]


def show(question, value, state, lines, folded=()):
    """Publish: words for people, and the answer as data for whoever reads the executed notebook."""
    head = f"{SIGNS[state]} {question['id']} {state if state != FOLLOWS else 'right'}"
    body = "".join(f"<br>{escape(line)}" for line in lines)
    inner = "".join(_fold(title, texts) for title, texts in folded)
    box = (f'<div style="border-left:4px solid {COLOURS[state]};padding:.2em .8em;margin:.3em 0;max-width:50em">'
           f"<b>{escape(head)}</b>{body}{inner}</div>")
    plain = "\n".join([f"{head}:", *(f"  {line}" for line in lines),
                       *(f"  {title}: {text}" for title, texts in folded for text in texts)])
    publish({ANSWER: {"question": question["id"], "value": value, "state": state}, "text/html": box, "text/plain": plain})


def _fold(title, texts):
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return f"<details><summary>{escape(title)}</summary>{paragraphs}</details>"
