"""Where checks and notes stand in a body: a line scanner, linear in the text and without recursion.

`:::` counts at the start of a line only, outside code fences and HTML comments. The scanner decides alone; the Markdown
between its spans is parsed by itself, so a check can never be swallowed by a list or an open HTML tag.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assets.content.problems import Problem

MAX_DEPTH = 8

_CODE = re.compile(r" {0,3}(`{3,}|~{3,})([^\r\n]*)")
# A list item that begins with a code block: its closing fence stands deeper than 3 spaces may allow.
_LISTED = re.compile(r"( {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+)(`{3,}|~{3,})([^\r\n]*)")
_COLONS = re.compile(r":{3,}[ \t]*(.*)")
_ATTRIBUTES = re.compile(r"\{[^}]*\}")
_TRAILING = re.compile(r"(?:^|\s)\s*:{3,}$")
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of lines, `first` to `stop` exclusive, 0-based in the body.

    `open` and `close` are one line each. `text` is what follows the colons: `note Mind the gap`. An `open` beyond the
    that is shown and its `close` are left out of the spans.
    """

    kind: Literal["markdown", "check", "open", "close"]
    first: int
    stop: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """The spans of a body in order, covering every line but stray fences, and what is malformed."""

    spans: tuple[Span, ...]
    problems: tuple[Problem, ...]


class CodeFence:
    """Follows Markdown's code fences from line to line."""

    def __init__(self) -> None:
        self._mark = ""
        self._indent = 0  # of the list item that the code block belongs to

    def covers(self, line: str) -> bool:
        """Whether `line` belongs to a code block, its fences included. To be asked once for each line, in order.

        A line that begins a list item and its code block at once is not covered: the item is text.
        """
        if self._mark and self._indent and line.strip() and len(line) - len(line.lstrip(" ")) < self._indent:
            self._mark = ""  # the item ended, and what it held with it
        if self._mark:
            found = _CODE.match(line.lstrip(" ") if self._indent else line)
            if found and found[1].startswith(self._mark) and not found[2].strip():
                self._mark = ""
            return True
        if listed := _LISTED.match(line):
            self._open(listed[2], listed[3], len(listed[1]))
            return False
        found = _CODE.match(line)
        return bool(found and self._open(found[1], found[2], 0))

    def _open(self, mark: str, info: str, indent: int) -> bool:
        if mark[0] == "`" and "`" in info:
            return False
        self._mark, self._indent = mark, indent
        return True


def outside_code(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines that are neither in a code block nor in an HTML comment, with their index."""
    fence = CodeFence()
    last_end = max((i for i, line in enumerate(lines) if "-->" in line), default=-1)
    comment = False
    for index, line in enumerate(lines):
        if comment:
            comment = "-->" not in line
        elif fence.covers(line):
            pass
        elif line.lstrip(" ").startswith("<!--"):
            comment = "-->" not in line.split("<!--", 1)[1] and index < last_end
        else:
            yield index, line


class _Scanner:
    def __init__(self, lines: list[str], body_line: int) -> None:
        self.lines = lines
        self.body_line = body_line
        self.spans: list[Span] = []
        self.problems: list[Problem] = []
        self.open: list[tuple[int, str]] = []
        self.check: tuple[int, str] | None = None
        self.done = 0

    def run(self) -> Scan:
        for index, line in outside_code(self.lines):
            found = _COLONS.match(line.rstrip()) if line.startswith(":::") else None
            if found:
                self._fence(index, fence_text(found[1]))
        self._finish()
        return Scan(tuple(self.spans), tuple(sorted(self.problems, key=lambda problem: problem.line)))

    def _fence(self, index: int, text: str) -> None:
        if self.check and text:
            self._unclosed_check(index)
        if self.check:
            self._take("check", self.check[0], index + 1, self.check[1])
            self.check = None
        elif not text:
            self._close(index)
        elif text.split(maxsplit=1)[0] == "check" and not self.open:
            self._markdown(index)
            self.check = (index, text)
        else:
            self._open(index, text)

    def _open(self, index: int, text: str) -> None:
        if text.split(maxsplit=1)[0] == "check":
            said = f"A check stands inside the “{self.open[-1][1].split()[0]}” of line {self._line(self.open[-1][0])}."
            self._problem("check.nested", said, index, "Close the note with ::: on a line before the check.")
        if len(self.open) == MAX_DEPTH:
            said = f"Notes are nested more than {MAX_DEPTH} deep."
            self._problem("note.deep", said, index, "Close the outer ones with ::: first.")
        self._take("open", index, index + 1, text)
        self.open.append((index, text))

    def _close(self, index: int) -> None:
        if not self.open:
            self._problem("note.stray", "A ::: closes nothing here.", index, "Delete the line.")
            self._markdown(index)
            self.done = index + 1
            return
        self.open.pop()
        self._take("close", index, index + 1, "")

    def _take(self, kind: Literal["check", "open", "close"], first: int, stop: int, text: str) -> None:
        self._markdown(first)
        deep = len(self.open) >= MAX_DEPTH
        if not deep:
            self.spans.append(Span(kind, first, stop, text))
        self.done = stop

    def _markdown(self, stop: int) -> None:
        if stop > self.done:
            self.spans.append(Span("markdown", self.done, stop))
        self.done = stop

    def _unclosed_check(self, index: int) -> None:
        assert self.check
        start, text = self.check
        self._problem("check.unclosed", f"The {text[:60]} is not closed.", start, _close_fix(self._line(index)))
        self._take("check", start, index, text)
        self.check = None

    def _finish(self) -> None:
        end = len(self.lines)
        if self.check:
            self._unclosed_check(end)
        self._markdown(end)
        for index, text in self.open[:20]:
            self._problem("note.unclosed", f"The “{text[:60]}” is not closed.", index, _close_fix(self._line(end)))
        self.spans.extend(Span("close", end, end) for _ in self.open[:MAX_DEPTH])

    def _problem(self, code: str, said: str, index: int, fix: str) -> None:
        if len(self.problems) < 100:
            self.problems.append(Problem(code, said, self._line(index), fix))

    def _line(self, index: int) -> int:
        return self.body_line + index


def _close_fix(line: int) -> str:
    return f"Add a line ::: before line {line}."


def fence_text(rest: str) -> str:
    """What a fence says after its colons, without trailing colons and Pandoc attributes: `{.note}` becomes `note`."""
    text = _TRAILING.sub("", rest.rstrip())
    if text.startswith("{"):
        classes = _CLASS.findall(text)
        title = _ATTRIBUTES.sub("", text, count=1).strip()
        return f"{classes[0] if classes else 'note'} {title}".rstrip()
    return _ATTRIBUTES.sub("", text).strip()


def scan(lines: list[str], body_line: int) -> Scan:
    """Scan the lines of a body (with or without their endings); `body_line` is the file's line of the first."""
    return _Scanner(lines, body_line).run()
