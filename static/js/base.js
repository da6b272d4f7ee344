// What every page shares. Each part only saves a round trip: without this file links lead somewhere and forms post.

// Appearance: choosing applies at once and is kept in the background.
for (const form of document.querySelectorAll("[data-theme-form]")) {
  const button = form.querySelector("button[type=submit]");
  if (button) button.hidden = true;
  form.addEventListener("change", async () => {
    const chosen = new FormData(form);
    document.documentElement.dataset.theme = chosen.get("theme");
    try {
      const answer = await fetch(form.action, { method: "POST", body: chosen, redirect: "manual" });
      if (answer.type !== "opaqueredirect" && !answer.ok) form.submit();
    } catch {
      if (button) button.hidden = false; // offline: the choice can be sent again by hand
    }
  });
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;

  const close = target.closest("[data-toast] [data-close]");
  if (close) {
    event.preventDefault();
    close.closest("[data-toast]").remove();
    return;
  }

  const opener = target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
    return;
  }

  const leave = target.closest("dialog [data-close-dialog]");
  if (leave) {
    event.preventDefault();
    leave.closest("dialog").close();
    return;
  }

  // What floats closes when the reader presses elsewhere.
  for (const open of document.querySelectorAll("details.account[open], details.define[open], details.decline[open]")) {
    if (!open.contains(target)) open.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.account[open], details.define[open], details.decline[open]")) {
    open.open = false;
    if (open.contains(document.activeElement)) open.querySelector("summary").focus();
  }
});

// After a refused form the reader starts at the list of what to put right.
document.querySelector("[data-focus]")?.focus();
