"""Challenges of a lesson that can be graded: numbered options, and a solution that says which are right.

Careful rather than complete: a challenge whose solution is not clear stays practice. A check that takes a wrong answer
for right does more harm than a missing one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Final

from assets.content.scan import CodeFence
from assets.importers.texts import heading_of

MAX_OPTIONS: Final = 10

_ITEM = re.compile(r"(\d{1,2})[.)][ \t]+(.*)")
_PICTURE = re.compile(r"!\[.*\]\(.*\)\s*")
_MARKS = r"[(\"'*_`]*"
_NUMBER = rf"{_MARKS}(?:option|answer|number|choice)?[ ]?{_MARKS}#?(\d{{1,2}})\b"
_SAYS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:correct |right )?(?:answer|solution)(?: here)? is:? (?:therefore )?{_NUMBER}",
        rf"\b(?:correct|right) (?:answer|option|solution|choice):? (?:is )?(?:therefore )?{_NUMBER}",
        rf"(?:^|[.;\n]\s*){_NUMBER}[)\"'*_`]* is (?:the )?(?:correct|right|solution)\b",
    )
)
# What makes one right answer doubtful: another one is said to be right, or to work as well.
_DOUBT: Final = re.compile(
    r"\balso (?:works?|correct|right|valid|acceptable)\b|\bboth (?:are|answers|options)\b|\banswers are\b"
    r"|\b(?:answer|solution) is \W{0,3}\d\W{0,3}(?:and|or|,) \W{0,3}\d|\bdepends\b|\beither\b.*\bor\b",
    re.IGNORECASE,
)
_RIGHT = r"(?:yes|correct|right|is correct|is right|true|this is (?:the )?(?:correct|right)(?: answer)?)"
_WRONG = r"(?:no|incorrect|wrong|is incorrect|is wrong|is not|false|this is (?:incorrect|wrong))"
_YES: Final = re.compile(rf"{_MARKS}{_RIGHT}\b", re.IGNORECASE)
_NO: Final = re.compile(rf"{_MARKS}{_WRONG}\b", re.IGNORECASE)
_LATER_YES: Final = re.compile(r"\b(?:is|are) (?:the )?(?:correct|right)\b|^correct\b", re.IGNORECASE)
_DASH: Final = re.compile(r"(?<=\s)(?:—|--)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a numbered list: its lines, without the number and the indent."""

    lines: tuple[str, ...]

    @property
    def flat(self) -> str:
        """All of it on one line; "" when it holds a block of code."""
        return "" if any(line.lstrip().startswith(("```", "~~~")) for line in self.lines) else " ".join(
            " ".join(self.lines).split()
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """A challenge's text taken apart: what is asked, and what there is to choose from."""

    prompt: tuple[str, ...]
    items: tuple[Item, ...]


def read_options(lines: Sequence[str]) -> Options | None:
    """The question and its numbered options, which end the text; None when it is not of that shape."""
    prompt, items, after = _split_list(lines)
    if not 2 <= len(items) <= MAX_OPTIONS or any(line.strip() and not _PICTURE.fullmatch(line) for line in after):
        return None
    if any(after):
        prompt += ["", *after]  # the picture that the question is about
    if not any(line.strip() for line in prompt) or any(not any(i.lines) for i in items):
        return None
    return Options(tuple(prompt), tuple(items))


def _split_list(lines: Sequence[str]) -> tuple[list[str], list[Item], list[str]]:
    """The lines before the first numbered list, its items, and what follows it. Numbers have to count from 1."""
    prompt: list[str] = []
    items: list[list[str]] = []
    code = CodeFence()
    blank = False
    for index, line in enumerate(lines):
        found = None if code.covers(line) else _ITEM.match(line)
        if found and int(found[1]) == len(items) + 1:
            items.append([found[2]])
        elif found and items:
            return prompt, [], []  # a second list, or one that does not count: nothing to rely on
        elif not items:
            prompt.append(line)
        elif line.strip() and not line.startswith((" ", "\t")) and blank:
            return prompt, [_item(item) for item in items], list(lines[index:])
        else:
            items[-1].append(line)
        blank = not line.strip()
    return prompt, [_item(item) for item in items], []


def _item(lines: Sequence[str]) -> Item:
    rest = dedent("\n".join(lines[1:])).strip("\n").split("\n") if any(line.strip() for line in lines[1:]) else []
    return Item((lines[0].rstrip(), *(line.rstrip() for line in rest)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which options are right (0-based), what is said of each, and the explanation in full."""

    right: frozenset[int]
    feedback: tuple[str, ...]
    explanation: tuple[str, ...]


def read_solution(lines: Sequence[str], count: int) -> Verdict | None:
    """What a solution says of `count` options; None when it is not clear."""
    lines = [line for line in lines if heading_of(line) is None]
    before, items, after = _split_list(lines)
    whole = "\n".join(lines)
    if len(items) == count:
        right = _judged(items)
        said = _named("\n".join([*before, "", *after]))
        if right and (not said or said == right):
            rest = tuple(_trimmed([*before, *after]))
            return Verdict(right, tuple(item.flat for item in items), () if said else rest)
    named = _named(whole)
    if len(named) != 1 or _DOUBT.search(whole) or max(named) >= count:
        return None
    return Verdict(named, (), tuple(_trimmed(lines)))


def _judged(items: Sequence[Item]) -> frozenset[int]:
    """The items that begin with a yes, when every other one begins with a no, or when there is exactly one yes."""
    yes = frozenset(i for i, item in enumerate(items) if _YES.match(item.lines[0]))
    later = frozenset(i for i, item in enumerate(items) if _LATER_YES.search(" ".join(item.lines)))
    no = frozenset(i for i, item in enumerate(items) if _NO.match(item.lines[0]))
    if yes & no or (later - yes):
        return frozenset()
    if len(yes) == 1 or (yes and yes | no == frozenset(range(len(items)))):
        return yes
    return frozenset()


def _named(text: str) -> frozenset[int]:
    """The options that a text calls right by their number, 0-based."""
    return frozenset(int(found[1]) - 1 for pattern in _SAYS for found in pattern.finditer(text) if int(found[1]) > 0)


def _trimmed(lines: Sequence[str]) -> list[str]:
    return "\n".join(lines).strip("\n").rstrip().split("\n") if any(line.strip() for line in lines) else []


def write_check(key: str, title: str, options: Options, verdict: Verdict) -> list[str] | None:
    """The check's lines; None when a text cannot stand in our format without changing its sense."""
    if any(_has_dash(item) for item in options.items):
        return None
    kind = "single" if len(verdict.right) == 1 else "multiple"
    lines = [f"::: check {kind} {key}"]
    if title:
        lines += [f"**{title}**", ""]
    lines += _trimmed(options.prompt)
    lines.append("")
    for index, item in enumerate(options.items):
        # The explanation speaks of options by their number, so the numbers have to be there.
        number = f"({index + 1})" if verdict.explanation else ""
        lines += _choice(item, number, right=index in verdict.right, feedback=_feedback(verdict, index))
    if verdict.explanation:
        first, *rest = verdict.explanation if not _opens_code(verdict.explanation[0]) else ("", *verdict.explanation)
        lines.append(f"right: {first}".rstrip())
        lines += [f"      {line}".rstrip() for line in rest]
    return [*lines, ":::"]


def _feedback(verdict: Verdict, index: int) -> str:
    return verdict.feedback[index] if verdict.feedback else ""


def _choice(item: Item, number: str, *, right: bool, feedback: str) -> Iterator[str]:
    mark = f"- [{'x' if right else ' '}] {number}{' ' if number else ''}"
    tail = f" — {feedback}" if feedback else ""
    flat = item.flat or _one_command(item)
    if flat:
        yield mark + flat + tail
        return
    first, *rest = ["", *item.lines] if number and _opens_code(item.lines[0]) else item.lines
    yield (mark + first).rstrip()
    yield from (f"      {line}".rstrip() for line in rest)
    if tail:
        yield f"     {tail}"


def _one_command(item: Item) -> str:
    """A block of code with a single line as code in the line."""
    inner = [line for line in item.lines if line.strip()]
    fenced = len(inner) == 3 and _opens_code(inner[0]) and _opens_code(inner[2]) and "`" not in inner[1]
    return f"`{inner[1].strip()}`" if fenced else ""


def _opens_code(line: str) -> bool:
    return line.lstrip().startswith(("```", "~~~"))


def _has_dash(item: Item) -> bool:
    """Whether an option has a dash outside code: it would begin the feedback."""
    text = item.flat
    return bool(text and _DASH.search(re.sub(r"`[^`]*`", "", text)))
