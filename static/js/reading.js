// What the reader did, told once when they leave: seconds in view and links followed. Claims, never evidence.
const article = document.querySelector("[data-version]");
const claims = [];
let since = document.visibilityState === "visible" ? performance.now() : null;
let seconds = 0;

function claim(verb, facts) {
  claims.push({ id: crypto.randomUUID(), verb, version: Number(article.dataset.version), at: new Date().toISOString(), ...facts });
}

function pause() {
  if (since === null) return;
  seconds += (performance.now() - since) / 1000;
  since = null;
}

function send() {
  pause();
  if (seconds >= 1) claim("experienced", { seconds: Math.round(seconds) });
  seconds = 0;
  if (!claims.length) return;
  const batch = claims.splice(0, 100);
  const body = new Blob([JSON.stringify({ claims: batch })], { type: "application/json" });
  if (!navigator.sendBeacon("/beacon/", body)) claims.unshift(...batch);
}

if (article && crypto.randomUUID) {
  article.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link) claim("interacted", { target: link.getAttribute("href").slice(0, 200) });
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send();
    else since = performance.now();
  });
  addEventListener("pagehide", send);
}
