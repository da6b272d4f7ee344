// The authoring screen. Everything here saves a round trip: without it the buttons post the form.
// Saves the draft a moment after the last key, and shows what the server says of the text: preview, findings, class.

import { lineNumbers } from "./authoring-lines.js";
import { markText, MARKS } from "./authoring-marks.js";

const PAUSE = 900; // ms after the last key

const form = document.querySelector("[data-authoring]");
const body = form.querySelector("#body");
const part = (name) => form.querySelector(`[data-part="${name}"]`);
const words = form.querySelector("[data-words]").dataset;
const state = form.querySelector("[data-state]");
const errors = form.querySelector("[data-errors]");
const numbers = lineNumbers(body, form.querySelector("[data-nums]"));

let timer = 0;
let saving = null;
let dirty = false;
let leaving = false;

function say(text) {
  state.textContent = text;
}

function showErrors(where, list) {
  where.hidden = !list.length;
  where.replaceChildren(...list.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
}

function changed() {
  dirty = true;
  say(words.unsaved);
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

function draft() {
  const data = new FormData(form);
  for (const name of ["file", "do", "from", "to", "pv"]) data.delete(name);
  return data;
}

async function save() {
  clearTimeout(timer);
  if (saving) {
    await saving;
    if (!dirty) return;
  }
  const sent = draft();
  dirty = false;
  saving = post(form.dataset.draft, sent);
  const answer = await saving;
  saving = null;
  if (answer) show(answer, sent);
}

async function post(path, data) {
  try {
    const answer = await fetch(path, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (answer.status === 409) {
      // Somebody changed the same place: the page that shows both comes from posting the form.
      leaving = true;
      form.requestSubmit(form.querySelector('button[value="draft"]'));
      return null;
    }
    const said = await answer.json();
    if (!answer.ok) {
      showErrors(errors, said.errors || [words.failed]);
      say(words.failed);
      return null;
    }
    showErrors(errors, []);
    return said;
  } catch {
    dirty = true;
    say(words.offline);
    timer = setTimeout(save, 5000);
    return null;
  }
}

function show(said, sent) {
  form.elements.edit.value = said.edit;
  form.elements.base.value = said.base;
  // A merge brought in what somebody else wrote; what was typed since the save started stays.
  const merged = body.value === sent.get("body") && body.value !== said.body;
  if (merged) {
    const place = body.selectionStart;
    body.value = said.body;
    body.setSelectionRange(place, place);
  }
  if (form.elements.front.value === sent.get("front")) form.elements.front.value = said.front;
  if (said.title) part("title").textContent = said.title;
  for (const name of ["blocked", "preview", "findings", "change", "size"]) part(name).innerHTML = said[name];
  numbers.mark(said.lines);
  if (!dirty) say(merged ? words.merged : words.saved);
}

form.addEventListener("input", (event) => {
  if (event.target.closest("#add-check") || event.target.type === "file") return;
  if (["pv", "from", "to", "add_outcome", "message"].includes(event.target.name)) return;
  changed();
});
form.addEventListener("submit", () => {
  leaving = true;
});
addEventListener("beforeunload", (event) => {
  if (dirty && !leaving) event.preventDefault();
});

// The toolbar.
form.querySelector("[data-tools]").hidden = false;
form.addEventListener("click", (event) => {
  const tool = event.target.closest("[data-mark]");
  if (tool) {
    markText(body, MARKS[tool.dataset.mark]);
    changed();
    return;
  }
  const line = event.target.closest("[data-line]");
  if (line) {
    event.preventDefault();
    numbers.goTo(Number(line.dataset.line));
    return;
  }
  const opener = event.target.closest("[data-open]");
  if (opener) {
    event.preventDefault();
    const part = document.getElementById(opener.dataset.open);
    part.open = true;
    part.scrollIntoView({ block: "nearest" });
    part.querySelector("select, input, textarea").focus();
    return;
  }
  const insert = event.target.closest("[data-insert-check]");
  if (insert) {
    event.preventDefault();
    insertCheck(insert.closest("details"));
    return;
  }
  const remove = event.target.closest('button[value^="remove-outcome:"]');
  if (remove) {
    event.preventDefault();
    remove.closest("li").remove();
    save();
  }
});
body.addEventListener("keydown", (event) => {
  const mark = { b: "bold", i: "italic", k: "link" }[event.key];
  if (mark && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    markText(body, MARKS[mark]);
    changed();
  }
});

async function insertCheck(panel) {
  const data = new FormData(form);
  data.delete("file");
  data.set("front_and_body", body.value);
  const answer = await fetch(form.dataset.check, { method: "POST", body: data });
  const said = await answer.json();
  const where = panel.querySelector("[data-check-errors]");
  showErrors(where, answer.ok ? [] : said.errors);
  if (!answer.ok) return;
  const at = body.selectionStart;
  const before = body.value.slice(0, at).replace(/\s*$/, "");
  const after = body.value.slice(at).replace(/^\s*/, "");
  body.value = [before, said.block.trimEnd(), after].filter(Boolean).join("\n\n") + (after ? "" : "\n");
  for (const field of panel.querySelectorAll("textarea, input:not([type=checkbox])")) field.value = "";
  for (const box of panel.querySelectorAll("input[type=checkbox]")) box.checked = false;
  panel.open = false;
  body.focus();
  numbers.draw();
  save();
}

// Line 8, beside the count of words.
const place = form.querySelector("[data-place]");
document.addEventListener("selectionchange", () => {
  if (document.activeElement !== body) return;
  place.textContent = `${words.line} ${body.value.slice(0, body.selectionStart).split("\n").length}, `;
});

numbers.mark([...form.querySelectorAll(".findings [data-line]")].map((link) => ({
  line: Number(link.dataset.line),
  severity: link.closest("li").querySelector(".bad") ? "blocks" : "warns",
})));
