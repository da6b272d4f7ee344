"""Markdown to tokens: one parser for the blocks of a diff, the page, the search text and the gates.

The runs between checks and notes are parsed block by block by themselves (see `scan`), then the inline pass runs over
all of them at once, so that link references and footnotes work across the whole body.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from assets.content.page_html import PageRenderer
from assets.content.scan import Span

# Ids that pages of the portal use for themselves.
_RESERVED = frozenset({"main", "nav", "top", "content", "search", "messages"})
_NOT_SLUG = re.compile(r"[^\w\s-]")
_TASK = re.compile(r"\[([ xX])\][ \t]")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}, renderer_cls=PageRenderer)
    parser.enable(["table", "strikethrough"]).use(deflist_plugin).use(footnote_plugin)
    # The block pass is ours; what is left of the core chain is the inline pass and the footnotes.
    parser.core.ruler.disable(["normalize", "block"])
    return parser


PARSER = _parser()


@dataclass(frozen=True, slots=True)
class Region:
    """A top-level block: its kind and its lines, 0-based in the body, `stop` exclusive, blank lines not included."""

    kind: str
    first: int
    stop: int


@dataclass(slots=True)
class Parsed:
    """Tokens after the block pass, the environment they share, and the top-level regions."""

    tokens: list[Token]
    env: dict[str, Any]
    regions: list[Region]


def parse_blocks(lines: Sequence[str], spans: Sequence[Span]) -> Parsed:
    """Run the block pass over the body's `lines` (with their endings), span by span."""
    parsed = Parsed([], {}, [])
    depth, opened = 0, 0
    for span in spans:
        if span.kind == "markdown":
            tokens = _blocks_of("".join(lines[span.first : span.stop]), parsed.env, span.first)
            parsed.tokens += tokens
            if not depth:
                parsed.regions += _regions(tokens, lines, span)
            continue
        nesting = {"open": 1, "close": -1, "check": 0}[span.kind]
        token = Token(f"slot_{span.kind}", "", nesting, info=span.text, map=[span.first, span.stop], block=True)  # type: ignore[arg-type]
        parsed.tokens.append(token)
        if span.kind == "check":
            parsed.regions.append(Region("check", span.first, span.stop))
        opened = span.first if not depth else opened
        depth += nesting
        if span.kind == "close" and not depth:
            parsed.regions.append(Region("callout", opened, span.stop))
    return parsed


def _blocks_of(text: str, env: dict[str, Any], offset: int) -> list[Token]:
    tokens: list[Token] = []
    PARSER.block.parse(_plain(text), PARSER, env, tokens)
    if offset:
        for token in tokens:
            if token.map:
                token.map = [token.map[0] + offset, token.map[1] + offset]
    return tokens


def _plain(text: str) -> str:
    """Line feeds only, as the block rules want them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "steps",
    "blockquote_open": "quote",
    "fence": "code",
    "code_block": "code",
    "table_open": "table",
    "html_block": "html",
    "hr": "rule",
    "dl_open": "definitions",
    "footnote_reference_open": "footnote",
}
_ONLY_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)\s*")


def _regions(tokens: Sequence[Token], lines: Sequence[str], span: Span) -> Iterator[Region]:
    """The regions of one run; lines that no token covers (link references) become regions of their own."""
    done = span.first
    for token in tokens:
        if token.level or not token.map or token.nesting < 0:
            continue
        first, stop = max(token.map[0], done), _without_blank(lines, token.map[0], token.map[1])
        yield from _uncovered(lines, done, first)
        if stop > first:
            yield Region(_kind_of(token, lines, first, stop), first, stop)
            done = stop
    yield from _uncovered(lines, done, span.stop)


def _kind_of(token: Token, lines: Sequence[str], first: int, stop: int) -> str:
    kind = _KINDS.get(token.type, "other")
    if kind == "paragraph" and stop == first + 1 and _ONLY_IMAGE.fullmatch(lines[first].strip()):
        return "image"
    return kind


def _uncovered(lines: Sequence[str], first: int, stop: int) -> Iterator[Region]:
    start = -1
    for index in range(first, stop):
        if lines[index].strip() and start < 0:
            start = index
        elif not lines[index].strip() and start >= 0:
            yield Region("reference", start, index)
            start = -1
    if start >= 0:
        yield Region("reference", start, stop)


def _without_blank(lines: Sequence[str], first: int, stop: int) -> int:
    while stop > first and not lines[stop - 1].strip():
        stop -= 1
    return stop


def parse_inline(parsed: Parsed) -> list[Token]:
    """Run the inline pass and set what the page needs: heading ids and levels, figures, task boxes.

    The tokens are shared by everything that reads the document; rendering does not change them.
    """
    state = StateCore("", PARSER, parsed.env)
    state.tokens = parsed.tokens
    PARSER.core.process(state)
    _mark_headings(state.tokens)
    _mark_items(state.tokens)
    return state.tokens


def _mark_headings(tokens: list[Token]) -> None:
    """Give each heading an id, and leave level 1 to the page's own title."""
    headings = [index for index, token in enumerate(tokens) if token.type == "heading_open"]
    shift = any(tokens[index].tag == "h1" for index in headings)
    seen: dict[str, int] = {}
    for index in headings:
        opening, inline, closing = tokens[index : index + 3]
        opening.attrSet("id", _anchor(text_of(inline), seen))
        level = int(opening.tag[1])
        opening.meta["level"] = level
        opening.tag = closing.tag = f"h{min(level + shift, 6)}"


def _anchor(text: str, seen: dict[str, int]) -> str:
    folded = _NOT_SLUG.sub("", unicodedata.normalize("NFKC", text).casefold())
    slug = "-".join(folded.split()) or "section"
    number = seen.get(slug, 1 if slug in _RESERVED else 0)
    seen[slug] = number + 1
    if not number:
        return slug
    numbered = f"{slug}-{number + 1}"
    seen.setdefault(numbered, 1)
    return numbered


def _mark_items(tokens: list[Token]) -> None:
    for index in range(2, len(tokens)):
        inline = tokens[index - 1]
        if inline.type != "inline" or tokens[index - 2].type != "paragraph_open":
            continue
        children = inline.children or []
        if len(children) == 1 and children[0].type == "image":
            children[0].meta["figure"] = True
            tokens[index - 2].hidden = tokens[index].hidden = True
        elif index > 2 and tokens[index - 3].type == "list_item_open" and _TASK.match(inline.content):
            _mark_task(tokens[index - 3], inline)


def _mark_task(item: Token, inline: Token) -> None:
    children = inline.children or []
    if children and children[0].type == "text" and (found := _TASK.match(children[0].content)):
        children[0].content = children[0].content[found.end() :]
        item.attrSet("class", "task")
        ticked = "x" if found[1] in "xX" else ""
        inline.children = [Token("task_open", "", 0, info=ticked), *children, Token("task_close", "", 0)]


def text_of(token: Token) -> str:
    """The words of an inline token without its markup; an image counts as its alternative text."""
    return "".join(_texts(token.children or []))


def _texts(children: Sequence[Token]) -> Iterator[str]:
    for child in children:
        if child.type in {"text", "code_inline"}:
            yield child.content
        elif child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type == "image":
            yield child.content
