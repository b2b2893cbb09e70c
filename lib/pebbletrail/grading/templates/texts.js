"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const texts = data.texts;
const get = id => document.getElementById(id);
const make = (tag, text, values = {}) => Object.assign(document.createElement(tag), { textContent: text, ...values });
const number = value => String(Math.round(100 * value) / 100);
const some = (count, what) => `${number(count)} ${what}${count === 1 ? "" : "s"}`;
const SIGNS = { "marked": "✓", "begun": "◐", "not marked": "○" };

// What is given to each text: points line by line (null: none yet), and a comment.
const rubric = i => data.rubrics[texts[i].rubric];
const begin = i => ({ lines: texts[i].lines ?? rubric(i).map(() => null), comment: texts[i].comment });
const steps = most => [...Array(Math.ceil(2 * most)).keys()].map(half => half / 2).concat(most);
const marks = texts.map((text, i) => kept(i) ?? begin(i));
const past = [];  // what undo takes back, the last change last
let at = 0, here = 0, last = 0;  // the text shown; the line that the keys give to; the line that got points last
let storing = true, unsaved = false;

function changed(i) {
  return JSON.stringify(marks[i]) !== JSON.stringify(begin(i));
}

function points(i) {
  const { lines } = marks[i];
  if (lines.every(one => one === null)) return texts[i].before;
  return lines.includes(null) ? null : Math.min(texts[i].possible, lines.reduce((sum, one) => sum + one, 0));
}

function state(i) {
  return points(i) !== null ? "marked" : changed(i) ? "begun" : "not marked";
}

// The browser's memory: another page may have written into it, so what comes out is checked.
function kept(i) {
  try {
    const { lines, comment } = JSON.parse(localStorage.getItem(texts[i].keep));
    const fits = lines.length === rubric(i).length
      && lines.every((one, line) => one === null || steps(rubric(i)[line].points).includes(one));
    return fits && typeof comment === "string" ? { lines: [...lines], comment } : null;
  } catch {
    return null;
  }
}

function store(i) {
  try {
    if (changed(i)) localStorage.setItem(texts[i].keep, JSON.stringify(marks[i]));
    else localStorage.removeItem(texts[i].keep);
    storing = true;
  } catch {
    if (storing) say("This browser keeps nothing of this page: save your marks before you close it.");
    storing = false;
  }
}

function change(kind, alter) {
  const before = past.at(-1);
  const goesOn = kind === "comment" && before?.kind === kind && before.at === at;  // typing is one change
  if (!goesOn) past.push({ at, kind, mark: JSON.stringify(marks[at]) });
  alter(marks[at]);
  unsaved = true;
  say("");
  store(at);
  refresh();
}

function undo() {
  if (!past.length) return;
  const before = past.pop();
  marks[before.at] = JSON.parse(before.mark);
  unsaved = true;
  store(before.at);
  entry(before.at);
  show(before.at);
  say(`Taken back: the last change to text ${before.at + 1}.`);
}

function give(line, value) {
  const most = rubric(at)[line].points;
  if (value !== null && value > most) return say(`This line earns at most ${number(most)}.`);
  change("points", mark => { mark.lines[line] = value; });
  [last, here] = [line, value === null ? line : (line + 1) % rubric(at).length];
  refresh();
}

// What is seen
function say(words, command = "") {
  get("said").replaceChildren(words, ...command ? [make("code", command)] : []);
}

function who(i) {
  const shown = get("names").checked;
  return shown ? [": ", make("bdi", texts[i].name), " (", make("bdi", texts[i].student), ")"] : [];
}

function entry(i) {
  const sum = points(i) === null ? state(i) : `${number(points(i))} of ${number(texts[i].possible)}`;
  const button = get("list").children[i].firstChild;
  button.replaceChildren(`${i + 1} ${SIGNS[state(i)]} ${sum}`, ...who(i));
  button.setAttribute("aria-current", i === at);
}

function refresh() {
  const { lines } = marks[at], text = texts[at], given = lines.filter(one => one !== null);
  [...get("lines").children].forEach((set, line) => {
    set.classList.toggle("here", line === here);
    for (const one of set.querySelectorAll("button")) one.setAttribute("aria-pressed", Number(one.value) === lines[line]);
  });
  const sum = given.length ? given.reduce((one, other) => one + other, 0) : text.before ?? 0;
  const open = lines.length - given.length;
  const why = points(at) !== null ? ", given by a person before" : `; ${some(open, "line")} without points`;
  get("sum").textContent = `${number(sum)} of ${some(text.possible, "point")}${open ? why : ""}`;
  const done = texts.filter((_, i) => points(i) !== null).length;
  Object.assign(get("bar"), { max: texts.length, value: done });
  get("progress").textContent = `${done} of ${texts.length} marked, ${texts.length - done} left`;
  get("undo").disabled = !past.length;
  get("open").disabled = done === texts.length;
  entry(at);
}

function line(one, row) {
  const set = make("fieldset", ""), buttons = make("div", "", { className: "row" });
  set.append(make("legend", `${one.text} (${some(one.points, "point")})`), buttons);
  for (const value of steps(one.points)) {
    const button = make("button", number(value), { type: "button", value });
    button.addEventListener("click", () => give(row, marks[at].lines[row] === value ? null : value));
    buttons.append(button);
  }
  return set;
}

function specimen(one) {
  const worth = `Worth ${number(one.points)} of ${number(texts[at].possible)}`;
  return [make("h3", worth), make("div", one.text, { className: "typed" }), make("p", `Why: ${one.why}`)];
}

function head() {
  const text = texts[at];
  get("head").replaceChildren(`Text ${at + 1} of ${texts.length}`, ...who(at));
  const fits = text.low <= text.words && text.words <= text.high;
  get("length").textContent = `${text.question}, ${text.does}. ${fits ? "✓" : "⚠"} ${some(text.words, "word")}; `
    + `${text.low} to ${text.high} are asked for` + (fits ? "." : text.words < text.low ? ": too short." : ": too long.");
}

function show(i) {
  const before = at;
  at = Math.max(0, Math.min(texts.length - 1, i));
  here = last = Math.max(0, marks[at].lines.indexOf(null));
  get("text").textContent = texts[at].text;
  get("comment").value = marks[at].comment;
  get("lines").replaceChildren(...rubric(at).map(line));
  get("specimens").replaceChildren(...data.specimens[texts[at].specimens].flatMap(specimen));
  get("back").disabled = at === 0;
  get("on").disabled = at === texts.length - 1;
  say("");
  head();
  entry(before);
  refresh();
  get("head").focus({ preventScroll: true });
  const { top } = get("head").getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) get("head").scrollIntoView();
}

function showOpen() {
  const order = texts.map((_, step) => (at + 1 + step) % texts.length);
  const next = order.find(i => points(i) === null);
  if (next !== undefined) show(next);
}

// What is saved
function comment(i) {
  const own = marks[i].comment.trim(), { lines } = marks[i];
  if (!get("append").checked || lines.includes(null)) return own;
  const said = rubric(i).map((one, row) => `${one.label}: ${number(lines[row])} of ${number(one.points)}`).join("; ");
  return `${own}${own && "\n"}${said}.`;
}

function cell(text) {
  const plain = data.rules.reduce((now, [pattern, by]) => now.replace(new RegExp(pattern, "g"), by), text);
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function save() {
  const mine = texts.map((_, i) => i).filter(changed), ready = mine.filter(i => points(i) !== null);
  const begun = mine.length - ready.length;
  const left = begun ? `${some(begun, "text")} without points for every line: not in the file. ` : "";
  if (!ready.length) return say(`${left}Nothing was marked on this page yet, so there is nothing to save.`);
  const rows = ready.map(i => [texts[i].student, data.module, texts[i].question, number(points(i)), texts[i].code,
    comment(i)]);
  const file = [data.columns, ...rows].map(row => `${row.map(cell).join(",")}\r\n`);
  const href = URL.createObjectURL(new Blob(["\ufeff", ...file], { type: "text/csv;charset=utf-8" }));
  make("a", "", { href, download: data.file }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
  unsaved = false;
  say(`${some(ready.length, "text")} marked on this page: saved as ${data.file} where your browser puts downloads. ${left}`
    + "Move it to the folder in which your grades lie, and give there: ", `pebbletrail class marks ${data.file} --grades grades`);
}

// What is pressed
const keys = {
  n: () => show(at + 1), p: () => show(at - 1), u: showOpen, z: undo, c: () => get("comment").focus(),
  h: () => give(last, (marks[at].lines[last] ?? 0) + 0.5),
};
document.addEventListener("keydown", event => {
  if (event.target.id === "comment") {
    if (event.key === "Escape") get("head").focus({ preventScroll: true });
    return;
  }
  const key = event.key.toLowerCase(), heldDown = event.repeat && key !== "n" && key !== "p";
  if (!get("keys").checked || event.ctrlKey || event.metaKey || event.altKey || heldDown) return;
  const digit = /^\d$/.test(key) ? key : /^Digit(\d)$/.exec(event.code)?.[1];  // French digits need Shift
  const act = digit ? () => give(here, Number(digit)) : Object.hasOwn(keys, key) && keys[key];
  if (!act) return;
  event.preventDefault();
  act();
});
addEventListener("beforeunload", event => { if (unsaved && !storing) event.preventDefault(); });
get("comment").addEventListener("input", event => change("comment", mark => { mark.comment = event.target.value; }));
get("names").addEventListener("change", () => { head(); texts.forEach((_, i) => entry(i)); });
const pressed = { back: keys.p, on: keys.n, open: showOpen, undo, save };
for (const [id, act] of Object.entries(pressed)) get(id).addEventListener("click", act);
get("list").append(...texts.map((_, i) => {
  const item = make("li", ""), button = make("button", "", { type: "button" });
  button.addEventListener("click", () => show(i));
  item.append(button);
  return item;
}));
texts.forEach((_, i) => entry(i));
show(0);
const found = texts.filter((_, i) => changed(i)).length;
if (found) say(`This browser still had what you gave to ${some(found, "text")} before; it is here again.`);
