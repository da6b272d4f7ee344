"""Fenced divs of Pandoc and the Carpentries Workbench as a tree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from assets.content.scan import CodeFence, fence_text

_FENCE: Final = re.compile(r" {0,3}:{3,}[ \t]*(.*)")


@dataclass(slots=True)
class Div:
    """A block between two fences. `word` is its class; `line` is 1-based in the body; children in order."""

    word: str
    rest: str
    line: int
    children: list["Div | Lines"] = field(default_factory=list)

    def divs(self, word: str) -> Iterator["Div"]:
        """Its blocks of that class, one level down."""
        return (child for child in self.children if isinstance(child, Div) and child.word == word)


@dataclass(slots=True)
class Lines:
    """Text between fences: lines without their endings."""

    lines: list[str]


def read_divs(body: str) -> tuple[Div, list[tuple[int, str]]]:
    """The body as a tree below a root without a class, and what is malformed as (line, sentence).

    Fences inside code mean nothing. A block that is not closed ends with the text; a fence too many is left out.
    """
    root = Div("", "", 1)
    open_divs = [root]
    problems: list[tuple[int, str]] = []
    code = CodeFence()
    for number, line in enumerate(body.split("\n"), 1):
        found = None if code.covers(line) else _FENCE.match(line)
        if found is None:
            _text(open_divs[-1]).append(line)
        elif words := fence_text(found[1].strip()):
            word, _, rest = words.partition(" ")
            div = Div(word.lower(), rest.strip(), number)
            open_divs[-1].children.append(div)
            open_divs.append(div)
        elif len(open_divs) > 1:
            open_divs.pop()
        else:
            problems.append((number, "A fence closes nothing and was left out."))
    problems += [(div.line, f"The block “{div.word}” is not closed.") for div in open_divs[1:]]
    return root, problems


def _text(div: Div) -> list[str]:
    last = div.children[-1] if div.children else None
    if not isinstance(last, Lines):
        last = Lines([])
        div.children.append(last)
    return last.lines
