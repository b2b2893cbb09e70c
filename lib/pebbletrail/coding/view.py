"""What the browser shows of the coding panel: a real form, so that Tab, the arrow keys and screen readers work as usual.

As in ``instruments/fill_in_view.py`` every text is set as text, letters are kept from JupyterLab's own commands by a mark on
what has the focus, and codes travel as messages: they are no part of the widget's state. A file is written and read by the
browser itself, so that codes can be saved even when the kernel that held them is gone.
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
  const form = element("form", null, el, { class: "pebbletrail-coding", lang: told.language, "aria-label": told.title });
  form.addEventListener("submit", event => event.preventDefault());
  element("h3", told.title, form).style.margin = "0 0 .5em";
  element("p", told.made_up, form);
  element("p", told.how, form);

  const book = element("details", null, form, { open: "" });
  element("summary", told.codebook, book, own);
  const table = element("table", null, book), top = element("tr", null, element("thead", null, table));
  for (const head of told.heads) element("th", head, top, { scope: "col" }).style.textAlign = "left";
  const body = element("tbody", null, table);
  for (const cells of told.book) {
    const row = element("tr", null, body);
    cells.forEach((cell, at) => {
      const made = element(at ? "td" : "th", cell, row, at ? {} : { scope: "row" });
      made.style.cssText = "text-align:left;vertical-align:top;white-space:normal;padding:.2em .6em";
    });
  }

  const asks = element("label", null, element("p", null, form));
  const both = element("input", null, asks, { type: "checkbox", class: "pebbletrail-translate", ...own });
  element("span", " " + told.translate, asks);
  const translations = [];
  both.addEventListener("change", () => { for (const one of translations) one.hidden = !both.checked; });

  const list = element("div", null, form, { class: "pebbletrail-comments", tabindex: "-1" });
  list.style.cssText = "max-height:36em;overflow:auto;border:1px solid #999;padding:0 .8em";
  const boxes = [];
  let turn = 0, waiting = null, asked = false;
  function codes() {
    return Object.fromEntries(boxes.filter(one => one.box.checked).map(one => [one.id, one.value]));
  }
  function lost() {
    clearTimeout(waiting);
    sentence.textContent = told.lost;
  }
  function say(message) {
    // everything that is chosen, and a number that grows: messages may reach the kernel out of order when keys are fast
    clearTimeout(waiting);
    waiting = setTimeout(lost, PATIENCE);
    try {
      const sent = model.send({ view, turn: ++turn, codes: codes(), ...message });
      if (sent && sent.catch) sent.catch(lost);
    } catch (error) {
      lost();
    }
  }
  told.lines.forEach((line, at) => {
    const set = element("fieldset", null, list, { "data-id": line.id });
    set.style.cssText = "border:0;border-bottom:1px solid #bbb;margin:0;padding:.5em 0";
    const legend = element("legend", `${at + 1}. `, set);
    legend.style.cssText = "padding:0;max-width:100%;white-space:normal";
    element("span", line.text, legend, { lang: line.language });
    const other = element("span", ` [${line.translation}]`, legend, { lang: line.other, class: "pebbletrail-translation" });
    other.style.color = "#555";
    other.hidden = true;
    translations.push(other);
    const choices = element("div", null, set);
    choices.style.cssText = "display:flex;flex-wrap:wrap;gap:.2em 1.2em;padding:.2em 0 0 1.4em";
    for (const option of told.options) {
      const label = element("label", null, choices);
      const box = element("input", null, label, { type: "radio", name: `${view}-${line.id}`, value: option.value, ...own });
      box.addEventListener("change", () => { calm(); say({ press: "choose" }); });
      element("span", ` ${option.label}`, label);
      boxes.push({ id: line.id, value: option.value, box });
    }
  });

  const sentence = element("p", null, form, { class: "pebbletrail-sentence", role: "status", "aria-live": "polite" });
  const row = element("p", null, form);
  function button(name) {
    const made = element("button", told[name], row, { type: "button", class: `jupyter-button pebbletrail-${name}`, ...own });
    made.style.cssText = "margin-right:1em;width:auto";
    return made;
  }
  const save = button("save"), load = button("load"), again = button("again");
  const file = element("input", null, row, { type: "file", accept: ".csv,text/csv", tabindex: "-1", "aria-hidden": "true" });
  file.style.display = "none";
  function calm() {
    asked = false;
    again.textContent = told.again;
  }
  save.addEventListener("click", () => {
    // by the browser alone: it works when the kernel is gone
    calm();
    const given = codes(), lines = told.lines.map(line => `${line.id},${given[line.id] || ""}`);
    const blob = new Blob(["id,code\\r\\n" + lines.join("\\r\\n") + "\\r\\n"], { type: "text/csv" });
    const link = element("a", null, null, { href: URL.createObjectURL(blob), download: told.file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  load.addEventListener("click", () => { calm(); file.click(); });
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (chosen) say({ press: "file", name: chosen.name, text: (await chosen.text()).slice(0, 200000) });
    file.value = "";
  });
  again.addEventListener("click", () => {
    if (asked || !boxes.some(one => one.box.checked)) {
      calm();
      return say({ press: "again" });
    }
    asked = true; // codes are not taken back by one press that was meant for another button
    again.textContent = told.sure;
    sentence.textContent = told.ask;
  });
  function follow(message) {
    clearTimeout(waiting);
    // the view where a reader has just chosen is ahead of the kernel, and is not set back
    if (message.view !== view) for (const one of boxes) one.box.checked = message.codes[one.id] === one.value;
    if (sentence.textContent !== message.sentence) sentence.textContent = message.sentence;
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

    class Comments(anywidget.AnyWidget):
        _esm = SCRIPT
        told = Dict().tag(sync=True)  # the words of the form: set once

    return Comments


def form(told):
    """The form as a widget; ``told`` holds its words."""
    return _widget_class()(told=told)
