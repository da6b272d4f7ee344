// Figures that move while they are looked at. The live process says that something moved; the page asks the web
// process for its parts again and puts in those that differ, in place. Without a stream it asks every two seconds.
// Without this file the page is as it was when it came.

const root = document.querySelector("[data-live-stream]");
const status = document.querySelector("[data-live-status]");
const POLL = 2000;
let asking = false;
let again = false;
let stopped = false;
let timer = 0;

function partAddress() {
  const address = new URL(location.href);
  address.searchParams.set("part", "live");
  address.hash = "";
  return address;
}

async function refresh() {
  if (stopped) return;
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(partAddress(), { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (answer.redirected || answer.status === 403 || answer.status === 404) {
      stopped = true; // signed out, or no longer ours to see
      say(root.dataset.liveEnded);
    } else if (answer.ok) {
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // Offline for a moment: the next event or look asks again.
  }
  asking = false;
  if (again) {
    again = false;
    refresh();
  }
}

// A part is replaced only where it differs; what is open stays open, and focus stays where it is.
function put(fresh) {
  const said = [];
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (!next || next.innerHTML === part.innerHTML) continue;
    if (part.dataset.live === "cells") said.push(...putCells(part, next));
    else if (part.dataset.live === "hold" && isBeingRead(part)) offer(part, next);
    else putWhole(part, next);
  }
  if (said.length) say(said.length <= 2 ? said.join(". ") : root.dataset.liveMany.replace("%d", said.length));
}

function putCells(part, next) {
  const said = [];
  for (const cell of part.querySelectorAll("[data-cell]")) {
    const newer = next.querySelector(`#${CSS.escape(cell.id)}`);
    if (!newer || newer.innerHTML === cell.innerHTML) continue;
    cell.className = newer.className;
    cell.innerHTML = newer.innerHTML;
    cell.classList.add("moved");
    if (cell.dataset.cell) said.push(newer.textContent.replace(/\s+/g, " ").trim());
  }
  return said;
}

function putWhole(part, next) {
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  const place = active && [...part.querySelectorAll("a, button, summary, input, select")].indexOf(active);
  const open = [...part.querySelectorAll("details")].map((details) => details.open);
  part.replaceChildren(...next.cloneNode(true).childNodes);
  part.querySelectorAll("details").forEach((details, i) => { details.open = open[i] ?? details.open; });
  if (active) part.querySelectorAll("a, button, summary, input, select")[place]?.focus({ preventScroll: true });
}

// A list that may grow is not changed under somebody's eyes, or under their finger: it is offered.
function isBeingRead(part) {
  const box = part.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

function offer(part, next) {
  const button = document.getElementById(part.dataset.liveOffer);
  if (!button) return;
  button.hidden = false;
  button.onclick = () => {
    putWhole(part, next);
    button.hidden = true;
  };
}

function say(text) {
  if (status && text) status.textContent = text;
}

function poll() {
  clearInterval(timer);
  timer = setInterval(() => { if (!document.hidden) refresh(); }, POLL);
}

function listen() {
  const stream = new EventSource(root.dataset.liveStream, { withCredentials: true });
  stream.addEventListener("open", () => clearInterval(timer));
  stream.addEventListener("moved", refresh);
  stream.addEventListener("error", poll); // until it is open again, if ever
  addEventListener("pagehide", () => stream.close());
}

if (root) {
  if ("EventSource" in window) listen();
  else poll();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}
