// Line numbers beside a textarea whose lines wrap: each number is as high as its line.

export function lineNumbers(area, list) {
  const ruler = document.createElement("div"); // measures how high a line is when it wraps
  ruler.className = "ed-text ed-ruler";
  ruler.setAttribute("aria-hidden", "true");
  area.after(ruler);
  let marks = new Map();

  function draw() {
    const lines = area.value.split("\n");
    // As high as its text, so that the page scrolls and not the field.
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
    ruler.style.width = `${area.clientWidth}px`;
    ruler.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line || " " })));
    const rows = [...ruler.children].map((row) => row.getBoundingClientRect().height);
    ruler.replaceChildren();
    list.replaceChildren(...rows.map((height, index) => {
      const item = document.createElement("li");
      item.textContent = index + 1;
      item.style.height = `${height}px`;
      const severity = marks.get(index + 1);
      if (severity) item.className = severity;
      return item;
    }));
  }

  let waiting = 0;
  const soon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(draw);
  };
  area.addEventListener("input", soon);
  new ResizeObserver((entries) => {
    const width = Math.round(entries[0].contentRect.width);
    if (width !== ruler.lastWidth) {
      ruler.lastWidth = width;
      soon();
    }
  }).observe(area);

  return {
    draw,
    /** Mark lines: [{line, severity}]; what blocks wins over what warns. */
    mark(found) {
      marks = new Map();
      for (const { line, severity } of found) {
        if (severity === "blocks" || !marks.has(line)) marks.set(line, severity === "blocks" ? "bad" : "warn");
      }
      soon();
    },
    /** Put the cursor at the start of a line and show it. */
    goTo(line) {
      const at = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      area.focus();
      area.setSelectionRange(at, at);
      list.children[line - 1]?.scrollIntoView({ block: "center" });
    },
  };
}
