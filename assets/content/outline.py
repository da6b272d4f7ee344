"""What a document holds: its blocks, headings, links and images, and its words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from markdown_it.token import Token

from assets.content.checks.model import Check
from assets.content.markdown import parse_blocks, parse_inline, text_of
from assets.content.page_html import is_internal
from assets.content.scan import Span
from assets.content.text import split_lines

_HTML_LINK = re.compile(r"<a\s[^>]*?\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_HTML_IMAGE = re.compile(r"<img\s[^>]*>", re.IGNORECASE)
_HTML_ATTRIBUTE = re.compile(r"\b(src|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_HTML_TAG = re.compile(r"<[^>]*>")
_LINE_FEEDS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block. Lines are 1-based in the file, `last` inclusive; `text` has no final line ending.

    Kinds: heading, paragraph, list, steps (a numbered list), quote, code, table, html, rule, definitions, footnote,
    reference (link definitions), image (alone in its paragraph), callout, check (with its `key`), other.
    """

    kind: str
    text: str
    first: int
    last: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level as written, its words, the id it has on the page, its line in the file."""

    level: int
    text: str
    anchor: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link: where it leads, its words, its line in the file."""

    href: str
    text: str
    line: int

    @property
    def internal(self) -> bool:
        """Whether it leads to another asset or file of the library."""
        return is_internal(self.href)


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its address, its alternative text, its line in the file."""

    src: str
    alt: str
    line: int


def find_headings(tokens: Sequence[Token], body_line: int) -> tuple[Heading, ...]:
    """The headings among a body's tokens."""
    return tuple(
        Heading(
            token.meta["level"], text_of(tokens[i + 1]), str(token.attrGet("id")), body_line + (token.map or [0])[0]
        )
        for i, token in enumerate(tokens)
        if token.type == "heading_open"
    )


def find_links(tokens: Sequence[Token], body_line: int, checks: Iterable[Check]) -> tuple[Link, ...]:
    """The links among a body's tokens and in its checks."""
    found = list(_links(tokens, body_line))
    for text, line in _check_texts(checks):
        found += _links(_fragment(text), line)
    return tuple(sorted(found, key=lambda link: link.line))


def find_images(tokens: Sequence[Token], body_line: int, checks: Iterable[Check]) -> tuple[Image, ...]:
    """The images among a body's tokens and in its checks."""
    found = list(_images(tokens, body_line))
    for text, line in _check_texts(checks):
        found += _images(_fragment(text), line)
    return tuple(sorted(found, key=lambda image: image.line))


def _check_texts(checks: Iterable[Check]) -> Iterator[tuple[str, int]]:
    """The texts of checks that may hold links; a bracket is asked for first, since most have none."""
    for check in checks:
        texts = [(check.prompt, check.first_line + 1), (check.right, check.last_line), (check.wrong, check.last_line)]
        texts += [(f"{choice.text} {choice.feedback}", choice.line) for choice in check.choices]
        texts += [(f"{pair.left} {pair.right} {pair.feedback}", pair.line) for pair in check.pairs]
        yield from ((text, line) for text, line in texts if "](" in text or "<" in text)


def _fragment(text: str) -> list[Token]:
    lines = split_lines(text)
    return parse_inline(parse_blocks(lines, [Span("markdown", 0, len(lines))]))


def _inline(tokens: Sequence[Token], first_line: int) -> Iterator[tuple[Sequence[Token], int, int]]:
    """Each child of an inline token: the children, its index, its line. A raw HTML block is its own child."""
    for token in tokens:
        line = first_line + (token.map or [0])[0]
        if token.type == "html_block":
            yield [token], 0, line
        children = token.children or []
        for index, child in enumerate(children):
            yield children, index, line
            line += child.type in {"softbreak", "hardbreak"}


def _links(tokens: Sequence[Token], first_line: int) -> Iterator[Link]:
    for children, index, line in _inline(tokens, first_line):
        child = children[index]
        if child.type == "link_open":
            yield Link(str(child.attrGet("href") or ""), _words_until_close(children, index), line)
        elif child.type in {"html_inline", "html_block"}:
            for found in _HTML_LINK.finditer(child.content):
                yield Link(unescape(found[1]), "", line + child.content.count("\n", 0, found.start()))


def _words_until_close(children: Sequence[Token], index: int) -> str:
    words: list[str] = []
    for child in children[index + 1 :]:
        if child.type == "link_close":
            break
        words.append(child.content)
    return "".join(words)


def _images(tokens: Sequence[Token], first_line: int) -> Iterator[Image]:
    for children, index, line in _inline(tokens, first_line):
        child = children[index]
        if child.type == "image":
            yield Image(str(child.attrGet("src") or ""), child.content, line)
        elif child.type in {"html_inline", "html_block"}:
            for found in _HTML_IMAGE.finditer(child.content):
                values = {
                    m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _HTML_ATTRIBUTE.finditer(found[0])
                }
                src, alt = values.get("src", ""), values.get("alt", "")
                yield Image(src, alt, line + child.content.count("\n", 0, found.start()))


def plain_text(tokens: Sequence[Token]) -> str:
    """The words of a body: blocks divided by a blank line, list items and table rows on lines of their own."""
    parts: list[str] = []
    for token in tokens:
        if token.type == "inline":
            parts.append(text_of(token))
        elif token.type in {"fence", "code_block"}:
            parts.append(token.content)
        elif token.type == "html_block":
            parts.append(unescape(_HTML_TAG.sub("", token.content)))
        elif token.type in _AFTER and not token.hidden:
            parts.append(_AFTER[token.type])
    return _LINE_FEEDS.sub("\n\n", "".join(parts)).strip()


_AFTER = {
    "paragraph_close": "\n\n",
    "heading_close": "\n\n",
    "list_item_close": "\n",
    "bullet_list_close": "\n",
    "ordered_list_close": "\n",
    "td_close": "\t",
    "th_close": "\t",
    "tr_close": "\n",
    "dt_close": "\n",
    "dd_close": "\n",
}
