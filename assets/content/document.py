"""A document: the text of one asset's file, and everything that is read from it.

The text is the truth. `source` is kept as it came; meta, blocks, checks and words are derived from it, the dear ones on
first use.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from markdown_it.token import Token

from assets.content.checks.model import Check
from assets.content.checks.read import read_check
from assets.content.front import Front, change_front, read_front, split_front, write_front
from assets.content.markdown import Parsed, parse_blocks, parse_inline
from assets.content.meta import Meta
from assets.content.outline import Block, Heading, Image, Link, find_headings, find_images, find_links, plain_text
from assets.content.problems import ContentError, Problem
from assets.content.scan import Scan, scan
from assets.content.text import MAX_BYTES, count_newlines, split_lines, too_large, unstorable

WORDS_A_MINUTE = 200
SECONDS_A_CHECK = 20

_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")


@dataclass(frozen=True)
class Document:
    """One asset's file. Compared by its text; made by `parse` or `Document.build`, never by hand."""

    source: str
    front: Front = field(compare=False, repr=False)
    body: str = field(compare=False, repr=False)
    body_line: int = field(compare=False, repr=False)

    @classmethod
    def build(cls, *, meta: Meta, body: str) -> "Document":
        """A new document with a front matter written for `meta`; see `problems` for what is wrong with it."""
        return parse(write_front(meta) + body, strict=False)

    @property
    def meta(self) -> Meta:
        """The front matter's values."""
        return self.front.meta

    def with_meta(self, **changes: Any) -> "Document":
        """The document with some fields of its front matter changed, every other byte as it was.

        An empty value removes the field's line. Raises ContentError when the front matter cannot be read.
        """
        return parse(change_front(self.front, replace(self.meta, **changes)) + self.body, strict=False)

    def with_body(self, text: str) -> "Document":
        """The document with another body under the same front matter."""
        head = self.front.text
        if head and not head.endswith(("\n", "\r")) and self.front.closing and text:
            head += "\n"
        return parse(head + text, strict=False)

    def line_of(self, name: str) -> int:
        """The file's line of a field of the front matter; 1 when it is not there."""
        return self.front.line_of(name)

    @cached_property
    def lines(self) -> list[str]:
        """The body's lines with their endings."""
        return split_lines(self.body)

    @cached_property
    def scan(self) -> Scan:
        """Where checks and notes stand."""
        return scan(self.lines, self.body_line)

    @cached_property
    def _read_checks(self) -> tuple[tuple[Check, ...], tuple[Problem, ...]]:
        return _read_checks(self)

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks that can be read, in order; the first of each key."""
        return self._read_checks[0]

    def check(self, key: str) -> Check | None:
        """The check of that key."""
        return next((check for check in self.checks if check.key == key), None)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that strict parsing refuses, by line. Whether a check can be answered is `Check.problems`."""
        size = len(self.source.encode("utf-8", "surrogatepass"))
        whole = [too_large(size)] if size > MAX_BYTES else []
        character = unstorable(self.source)
        whole += [character] if character else []
        if whole:
            return tuple(whole)
        found = [*self.front.problems, *self.scan.problems, *self._read_checks[1]]
        return tuple(sorted(found, key=lambda problem: problem.line))

    @cached_property
    def _blocks(self) -> tuple[tuple[Block, ...], Parsed]:
        # A text over the limit is refused by everyone who asks for its problems; it is not parsed for those who do not.
        usable = len(self.source) <= MAX_BYTES
        parsed = parse_blocks(self.lines, self.scan.spans) if usable else Parsed([], {}, [])
        keys = {check.first_line: check.key for check in self.checks}
        blocks = tuple(
            Block(
                region.kind,
                "".join(self.lines[region.first : region.stop]).rstrip("\r\n"),
                self.body_line + region.first,
                self.body_line + region.stop - 1,
                keys.get(self.body_line + region.first, "") if region.kind == "check" else "",
            )
            for region in parsed.regions
        )
        return blocks, parsed

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The top-level blocks in order; what is between them is blank."""
        return self._blocks[0]

    @cached_property
    def tokens(self) -> list[Token]:
        """The Markdown tokens, for rendering; not to be changed."""
        return parse_inline(self._blocks[1])

    @property
    def env(self) -> dict[str, Any]:
        """The environment the tokens were parsed in (references, footnotes); not to be changed."""
        return self._blocks[1].env

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link, those of checks and raw HTML included."""
        return find_links(self.tokens, self.body_line, self.checks)

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """Every image, those of checks and raw HTML included."""
        return find_images(self.tokens, self.body_line, self.checks)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading as written: a level 1 is 1 here, though the page shows it as 2."""
        return find_headings(self.tokens, self.body_line)

    @cached_property
    def text(self) -> str:
        """The body's words without markup and without checks."""
        return plain_text(self.tokens)

    @cached_property
    def words(self) -> int:
        """How many words the body has, checks not counted."""
        return len(_WORD.findall(self.text))

    @property
    def minutes(self) -> int:
        """Reading time, 200 words a minute and 20 seconds a check, at least 1."""
        return max(1, round(self.words / WORDS_A_MINUTE + len(self.checks) * SECONDS_A_CHECK / 60))


def parse(source: str, *, strict: bool = True) -> Document:
    """Read a file's text.

    With `strict` (imports, saved versions) raises ContentError with every problem when there is one. Without (editors,
    gates) the document has them in `.problems`, and holds what could be read. A check that nobody can answer is not a
    problem here: ask `Check.problems()`.
    """
    opening, yaml, closing, body = split_front(source)
    front = read_front(opening, yaml, closing)
    document = Document(source, front, body, count_newlines(front.text) + 1)
    if strict and document.problems:
        raise ContentError(document.problems)
    return document


def serialise(document: Document) -> str:
    """The file's text: `serialise(parse(text)) == text`, byte for byte."""
    return document.source


def _read_checks(document: Document) -> tuple[tuple[Check, ...], tuple[Problem, ...]]:
    checks: dict[str, Check] = {}
    problems: list[Problem] = []
    for span in document.scan.spans:
        if span.kind != "check":
            continue
        stop = span.stop - 1 if _closes(document.lines, span.stop - 1, span.first) else span.stop
        inner = [line.rstrip("\r\n") for line in document.lines[span.first + 1 : stop]]
        line = document.body_line + span.first
        check, found = read_check(span.text, inner, line)
        problems += found
        if check is None:
            continue
        if check.key in checks:
            problems.append(_repeated(checks[check.key], check))
        checks.setdefault(check.key, check)
    return tuple(checks.values()), tuple(problems)


def _closes(lines: Sequence[str], last: int, first: int) -> bool:
    return last > first and lines[last].startswith(":::") and not lines[last].strip().strip(":")


def _repeated(first: Check, second: Check) -> Problem:
    said = f"The check {second.key} is there twice, on lines {first.first_line} and {second.first_line}."
    return Problem("check.repeated", said, second.first_line, "Give one of them another key.")
