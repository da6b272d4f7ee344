// What the formatting toolbar writes. A mark wraps the selection, or starts its lines.

export const MARKS = {
  heading: { start: "## ", lines: true, sample: "Heading" },
  bold: { before: "**", after: "**", sample: "strong" },
  italic: { before: "_", after: "_", sample: "stressed" },
  link: { before: "[", after: "](refunds/decline)", sample: "words of the link" },
  list: { start: "- ", lines: true, sample: "Item" },
  steps: { start: "1. ", lines: true, count: true, sample: "Do this" },
  image: { before: "![", after: "](panel.png)", sample: "What the image shows" },
  callout: { before: "::: note ", after: "\nWhat to mind.\n:::", sample: "Title", block: true },
};

/** Apply a mark to the selection of a textarea; the sample is selected when there was none. Undo takes it back. */
export function markText(area, mark) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const chosen = value.slice(from, to) || mark.sample;
  let text;
  let offset;
  if (mark.lines) {
    text = chosen.split("\n").map((line, n) => (mark.count ? `${n + 1}. ` : mark.start) + line).join("\n");
    offset = mark.start.length;
  } else {
    text = mark.before + chosen + mark.after;
    offset = mark.before.length;
  }
  const fresh = (mark.lines || mark.block) && from > 0 && value[from - 1] !== "\n";
  const lead = fresh ? "\n\n" : "";
  area.focus();
  // The old command is the only one whose result the reader can undo.
  if (!document.execCommand("insertText", false, lead + text)) area.setRangeText(lead + text, from, to, "end");
  const start = from + lead.length + offset;
  area.setSelectionRange(start, start + (mark.lines ? text.length - offset : chosen.length));
}
