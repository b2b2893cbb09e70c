"""What the browser shows of a panel to fill in: a real form, so that Tab, the arrow keys and screen readers work as usual.

ipywidgets' radio buttons have no group label that a screen reader reads, and JupyterLab takes arrow keys and digits for its
own commands unless it is told not to. So this is a few lines of JavaScript, which travel with the notebook's own messages:
nothing is fetched, and every text is set as text, never as HTML. Answers and scores travel as messages and are no part of
the widget's state: a notebook that is saved with its widgets does not hold them.
"""

from functools import cache

SCRIPT = """
const PATIENCE = 6000; // milliseconds without an answer from Python
function element(tag, text, parent, attributes = {}) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (parent) parent.append(made);
  return made;
}
function render({ model, el }) {
  // the keys belong to the form; JupyterLab looks for the mark on what has the focus, not around it
  const own = { "data-lm-suppress-shortcuts": "true" };
  const told = model.get("told");
  const view = "pebbletrail-" + Math.random().toString(36).slice(2);
  const form = element("form", null, el, { class: "pebbletrail-instrument", lang: told.language, "aria-label": told.title });
  form.addEventListener("submit", event => event.preventDefault());
  element("h3", told.title, form).style.margin = "0 0 .5em";
  element("p", told.how, form);
  element("p", told.stays, form);
  const boxes = [];
  let turn = 0, waiting = null, asked = false;
  function lost() {
    // the kernel that held the answers is gone, or busy: scores that stand here would be of nobody
    clearTimeout(waiting);
    shown.replaceChildren();
    sentence.textContent = told.lost;
  }
  function say(press) {
    // everything that is ticked, and a number that grows: messages may reach the kernel out of order when keys are fast
    const given = boxes.filter(one => one.written ? one.box.value.trim() : one.box.checked);
    const ticked = given.map(one => [one.item, one.written ? one.box.value : one.value]);
    clearTimeout(waiting);
    waiting = setTimeout(lost, PATIENCE);
    try {
      const sent = model.send({ press, view, turn: ++turn, answers: Object.fromEntries(ticked) });
      if (sent && sent.catch) sent.catch(lost);
    } catch (error) {
      lost();
    }
  }
  told.lines.forEach((line, at) => {
    const set = element("fieldset", null, form, { "data-item": line.item });
    set.style.cssText = "border:0;border-bottom:1px solid #bbb;margin:0;padding:.3em 0";
    element("legend", `${at + 1}. ${line.text}`, set).style.cssText = "padding:0;max-width:100%";
    const choices = element("div", null, set);
    const below = told.listed && line.options.some(one => one.label.length > 40); // descriptions: one below the other
    const look = below ? "flex-direction:column" : "flex-wrap:wrap;align-items:center";
    choices.style.cssText = `display:flex;${look};gap:.2em 1.4em;padding:.2em 0 .2em 1.4em`;
    if (!line.options.length) {
      const label = element("label", null, choices);
      const attributes = { type: "text", "aria-label": `${line.text} ${line.unit}`, autocomplete: "off", ...own };
      if (line.unit) attributes.inputmode = "decimal";
      const box = element("input", null, label, attributes);
      box.style.cssText = line.unit ? "width:7em" : "width:20em;max-width:100%";
      box.addEventListener("change", () => { calm(); say("tick"); });
      element("span", ` ${line.unit}`, label, { "aria-hidden": "true" });
      boxes.push({ item: line.item, box, written: true });
      return;
    }
    if (told.ends) element("span", told.ends[0], choices, { "aria-hidden": "true" });
    line.options.forEach((option, number) => {
      const label = element("label", null, choices, { title: option.label });
      if (below) label.style.cssText = "display:flex;gap:.4em;align-items:baseline";
      const name = `${view}-${line.item}`, spoken = option.shown ? `${option.shown}, ${option.label}` : option.label;
      const box = element("input", null, label, { type: "radio", name, value: option.value, "aria-label": spoken, ...own });
      box.addEventListener("change", () => { calm(); say("tick"); });
      const seen = told.listed ? `${option.shown} ${option.label}`.trim() : option.shown;
      element("span", ` ${seen}`, label, { "aria-hidden": "true" });
      if (told.ends && number === line.options.length - 2) element("span", told.ends[1], choices, { "aria-hidden": "true" });
      boxes.push({ item: line.item, value: option.value, box });
    });
  });
  const row = element("p", null, form);
  const buttons = {};
  for (const press of ["show", "again"]) {
    const look = `jupyter-button pebbletrail-${press}`;
    const button = element("button", told[press], row, { type: "button", class: look, ...own });
    button.style.cssText = "margin-right:1em;width:auto";
    buttons[press] = button;
  }
  function calm() {
    asked = false;
    buttons.again.textContent = told.again;
  }
  buttons.show.addEventListener("click", () => { calm(); say("show"); });
  buttons.again.addEventListener("click", () => {
    if (asked || (!shown.childElementCount && !boxes.some(one => one.written ? one.box.value : one.box.checked))) {
      calm();
      return say("again");
    }
    asked = true; // answers are not taken back by one press that was meant for another button
    buttons.again.textContent = told.sure;
    sentence.textContent = told.ask;
  });
  const sentence = element("p", null, form, { class: "pebbletrail-sentence", role: "status", "aria-live": "polite" });
  const shown = element("div", null, form, { class: "pebbletrail-scores" });
  function follow(message) {
    clearTimeout(waiting);
    // the view where a reader has just answered is ahead of the kernel, and is not set back
    if (message.view !== view) for (const one of boxes) {
      if (one.written) one.box.value = message.answers[one.item] || "";
      else one.box.checked = message.answers[one.item] === one.value;
    }
    if (sentence.textContent !== message.sentence) sentence.textContent = message.sentence;
    if (message.first === view) boxes[0].box.focus();
    shown.replaceChildren();
    for (const one of message.results) {
      element("h4", one.head, shown).style.margin = ".8em 0 0";
      for (const line of one.lines) element("p", line, shown).style.margin = ".2em 0";
    }
  }
  model.on("msg:custom", follow);
  model.send({ press: "hello", view, turn: 0 });
  return () => {
    clearTimeout(waiting);
    model.off("msg:custom", follow);
  };
}
export default { render };
"""


@cache
def _widget_class():
    import anywidget
    from traitlets import Dict

    class Sheet(anywidget.AnyWidget):
        _esm = SCRIPT
        told = Dict().tag(sync=True)  # the words of the form: set once

    return Sheet


def sheet(told):
    """The form as a widget; ``told`` holds its words."""
    return _widget_class()(told=told)
