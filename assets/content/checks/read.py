"""Read a check from the lines of its block."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from textwrap import dedent
from typing import cast

from assets.content import keys
from assets.content.checks.model import TYPES, Check, CheckType, Choice, Gap, Pair, choice_id
from assets.content.problems import Problem
from assets.content.scan import outside_code

MAX_POINTS = 100

MARKED = re.compile(r" {0,3}[-*+][ \t]+\[([ xX])\](?:[ \t]+|$)(.*)")
NUMBERED = re.compile(r" {0,3}\d{1,9}[.)][ \t]+(.*)")
BULLET = re.compile(r" {0,3}[-*+][ \t]+(.*)")
ARROW = re.compile(r"(?:(?<=\s)|^)(?:=>|→)(?:\s|$)")
TAIL = re.compile(r"(right|wrong):(?:[ \t]+(.*)|$)")
GAP = re.compile(r"\[\[(.+?)\]\](?!\])")
_FEEDBACK = re.compile(r"(`+)(?:(?!\1).)+?\1|\s(?:—|--)(?:\s|$)", re.DOTALL)


@dataclass(slots=True)
class Part:
    """One item of the answer part as written. `index` is 0-based in the block's inner lines, `stop` exclusive."""

    kind: str
    mark: str
    text: str
    index: int
    stop: int
    more: list[str] = field(default_factory=list)

    def whole(self) -> str:
        """The item's text with its further lines, out of their common indent."""
        rest = dedent("\n".join(self.more)).rstrip()
        return f"{self.text}\n{rest}".strip() if rest else self.text.strip()


@dataclass(slots=True)
class Layout:
    """A block's inner lines taken apart: `lines[:prompt]` is the prompt, the rest are `parts`, or `loose` lines."""

    prompt: int
    parts: list[Part]
    loose: list[int]


def read_check(header: str, lines: list[str], first_line: int) -> tuple[Check | None, list[Problem]]:
    """Read one check.

    `header` is the fence's text (`check single partial-limit points=2`), `lines` the lines between the fences without
    their endings, `first_line` the file's line of the opening fence. None when the header is broken.
    """
    problems: list[Problem] = []
    head = _header(header, first_line, problems)
    if head is None:
        return None, problems
    layout = lay_out(head.type, lines)
    for index in layout.loose[:1]:
        said = f"In the check {head.key}, “{lines[index].strip()[:50]}” stands below the answers."
        fix = "Move it above the answers, indent it under its answer, or start it with right: or wrong:."
        problems.append(Problem("check.loose-text", said, first_line + 1 + index, fix))
    return _build(head, lines, layout, first_line, problems), problems


@dataclass(slots=True)
class _Head:
    type: CheckType
    key: str
    outcome: str = ""
    points: int = 1


def _header(header: str, line: int, problems: list[Problem]) -> _Head | None:
    words = header.split()[1:]
    kind, key = [*words, "", ""][:2]
    if kind not in TYPES:
        said = f"“{kind[:40]}” is not a type of check." if kind else "A check has no type."
        problems.append(Problem("check.type", said, line, f"Use one of {', '.join(TYPES)}: ::: check single its-key"))
    if not keys.is_check_key(key):
        said = f"“{key[:40]}” is not the key of a check." if key else "A check has no key."
        problems.append(
            Problem("check.key", said, line, f"Use {keys.CHECK_KEY_RULE}; at most {keys.CHECK_KEY_LENGTH}.")
        )
    if problems:
        return None
    head = _Head(cast("CheckType", kind), key)
    for word in words[2:]:
        _attribute(head, word, line, problems)
    return head


def _attribute(head: _Head, word: str, line: int, problems: list[Problem]) -> None:
    name, _, value = word.partition("=")
    if name == "outcome" and keys.is_asset_key(value):
        head.outcome = value
    elif name == "points" and value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= MAX_POINTS:
        head.points = int(value[:4])
    else:
        said = f"“{word[:40]}” in the head of the check {head.key} means nothing."
        fix = f"Use outcome=its.key or points=2 (1 to {MAX_POINTS}), without spaces around =."
        problems.append(Problem("check.attribute", said, line, fix))


def lay_out(kind: str, lines: list[str]) -> Layout:
    """Find the prompt and the answer part of a check of type `kind`."""
    plain = dict(outside_code(lines))
    start = _answers_start(kind, lines, plain)
    layout = Layout(start, [], [])
    blank = False
    for index in range(start, len(lines)):
        line = lines[index]
        part = _part(kind, plain[index], index) if index in plain else None
        if part:
            layout.parts.append(part)
        elif not line.strip():
            blank = True
            if layout.parts:
                layout.parts[-1].more.append("")
            continue
        elif layout.parts and (index not in plain or line[0] in " \t" or not blank):
            layout.parts[-1].more.append(line)
            layout.parts[-1].stop = index + 1
        else:
            layout.loose.append(index)
        blank = False
    return layout


def _part(kind: str, line: str, index: int) -> Part | None:
    if found := TAIL.match(line):
        return Part(found[1], "", found[2] or "", index, index + 1)
    if kind == "ordering":
        found = NUMBERED.match(line)
        return Part("item", "", found[1], index, index + 1) if found else None
    if kind == "matching":
        found = BULLET.match(line)
        return Part("item", "", found[1], index, index + 1) if found else None
    found = MARKED.match(line) if kind != "cloze" else None
    return Part("item", found[1], found[2], index, index + 1) if found else None


def _answers_start(kind: str, lines: list[str], plain: Mapping[int, str]) -> int:
    """The index of the first line of the answer part; the number of lines when there is none."""
    if kind == "ordering":
        return _last_list(lines, plain)
    if kind == "cloze":
        return next((i for i, line in plain.items() if TAIL.match(line)), len(lines))
    for index, line in plain.items():
        found = BULLET.match(line) if kind == "matching" else MARKED.match(line)
        if found and (kind != "matching" or ARROW.search(found[1])):
            return index
    return next((i for i, line in plain.items() if TAIL.match(line)), len(lines))


def _last_list(lines: list[str], plain: Mapping[int, str]) -> int:
    """An ordering's items are its last numbered list: the prompt may hold one of its own above it."""
    start = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if index not in plain or not line.strip():
            continue
        if NUMBERED.match(line) or TAIL.match(line):
            start = index
        elif line[0] not in " \t":
            break
    return start


def _build(head: _Head, lines: list[str], layout: Layout, first_line: int, problems: list[Problem]) -> Check:
    items = [part for part in layout.parts if part.kind == "item"]
    tails = {part.kind: part.whole() for part in layout.parts if part.kind != "item"}
    prompt = "\n".join(lines[: layout.prompt]).strip("\n").rstrip()
    gaps: tuple[Gap, ...] = ()
    if head.type == "cloze":
        prompt, gaps = _gaps(prompt)
    return Check(
        key=head.key,
        type=head.type,
        prompt=prompt,
        choices=tuple(_CHOICES.get(head.type, _no_choices)(head.key, items, first_line)),
        pairs=tuple(_pairs(head.key, items, first_line, problems)) if head.type == "matching" else (),
        gaps=gaps,
        outcome=head.outcome,
        points=head.points,
        right=tails.get("right", ""),
        wrong=tails.get("wrong", ""),
        first_line=first_line,
        last_line=first_line + len(lines) + 1,
    )


def split_feedback(text: str) -> tuple[str, str]:
    """Split at the first ` — ` or ` -- ` outside code: the answer, and what is said to who gave it."""
    for found in _FEEDBACK.finditer(f" {text}"):
        if not found[1]:
            return text[: max(found.start() - 1, 0)].strip(), text[found.end() - 1 :].strip()
    return text.strip(), ""


def _marked(key: str, items: Iterable[Part], first_line: int) -> Iterable[Choice]:
    for part in items:
        text, feedback = split_feedback(part.whole())
        yield Choice(choice_id(key, text), text, part.mark in "xX", feedback, first_line + 1 + part.index)


def _ordered(key: str, items: Iterable[Part], first_line: int) -> Iterable[Choice]:
    for part in items:
        text, feedback = split_feedback(part.whole())
        yield Choice(choice_id(key, text), text, True, feedback, first_line + 1 + part.index)


def _no_choices(_key: str, _items: Iterable[Part], _first_line: int) -> Iterable[Choice]:
    return ()


def _pairs(key: str, items: Iterable[Part], first_line: int, problems: list[Problem]) -> Iterable[Pair]:
    for part in items:
        line = first_line + 1 + part.index
        text, feedback = split_feedback(part.whole())
        arrow = ARROW.search(text)
        if arrow is None:
            said = f"In the check {key}, “{text[:40]}” is not a pair."
            problems.append(Problem("check.pair", said, line, "Write - left => right."))
            continue
        left, right = text[: arrow.start()].strip(), text[arrow.end() :].strip()
        yield Pair(choice_id(key, left, "left"), left, choice_id(key, right, "right"), right, feedback, line)


def _gaps(prompt: str) -> tuple[str, tuple[Gap, ...]]:
    gaps: list[Gap] = []

    def number(found: re.Match[str]) -> str:
        answers = tuple(answer.strip() for answer in found[1].split("|"))
        gaps.append(Gap(tuple(dict.fromkeys(answer for answer in answers if answer))))
        return f"[[{len(gaps)}]]"

    return GAP.sub(number, prompt), tuple(gaps)


_CHOICES: Mapping[str, Callable[[str, Iterable[Part], int], Iterable[Choice]]] = {
    "single": _marked,
    "multiple": _marked,
    "true-false": _marked,
    "numeric": _marked,
    "short": _marked,
    "ordering": _ordered,
}
