"""A document as a page: HTML segments with places for the checks, a table of contents, and plain text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from markdown_it.token import Token

from assets.content.checks.model import Check
from assets.content.document import Document
from assets.content.markdown import PARSER, parse_blocks, parse_inline
from assets.content.outline import Heading
from assets.content.page_html import Env, Resolve, sanitise
from assets.content.scan import Span
from assets.content.text import split_lines

_GAP = re.compile(r"\[\[(\d{1,4})\]\]")
# A private character stands for a gap while its surroundings are rendered; an author's own ones are taken out first.
_MARK = "\ue0f0"
_MARKED = re.compile(f"{_MARK}(\\d+){_MARK}")
# Most choices are plain words: for these the parser would change nothing.
_NO_MARKUP = re.compile(r"[^\W\d_][^\n*_`<>&\[\]\\~!#|+=-]*[^\s*_`<>&\[\]\\~!#|+=-]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Html:
    """A run of the page that is ready to show."""

    html: str


@dataclass(frozen=True, slots=True)
class CheckSlot:
    """The place of a check, for the portal's form.

    `number` is 1-based. `prompt` is HTML; for a cloze it is "" and `parts` holds the HTML around its gaps, one more
    than there are gaps. `labels` is the HTML of each choice, item or side of a pair by id. Only `check` tells what is
    right: hand `check.public()` to whatever leaves the server.
    """

    check: Check
    number: int
    prompt: str
    parts: tuple[str, ...]
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rendering:
    """A page: its segments in order, and its headings of levels 2 and 3 as shown, for "On this page"."""

    segments: tuple[Html | CheckSlot, ...]
    toc: tuple[Heading, ...]

    @property
    def html(self) -> str:
        """The page without its checks."""
        return "".join(segment.html for segment in self.segments if isinstance(segment, Html))

    @property
    def slots(self) -> tuple[CheckSlot, ...]:
        """The checks alone."""
        return tuple(segment for segment in self.segments if isinstance(segment, CheckSlot))


@dataclass(slots=True)
class _Page:
    env: Env
    segments: list[Html | CheckSlot] = field(default_factory=list)
    shown: int = 0

    def add_html(self, tokens: Sequence[Token]) -> None:
        html = render_tokens(tokens, self.env)
        if html.strip():
            self.segments.append(Html(html))


def render(document: Document, *, link: Resolve, image: Resolve) -> Rendering:
    """Render for a reader.

    `link` gets the address of a link into the library and returns where it leads, or None when this person cannot open
    it: then its words stay. `image` gets an image's address and returns where it is served, or None: then its
    alternative text stands in its place. Every HTML string has passed the allow-list.
    """
    page = _Page({**document.env, "link": link, "image": image})
    checks = {check.first_line: check for check in document.checks}
    start = 0
    for index, token in enumerate(document.tokens):
        if token.type != "slot_check":
            continue
        page.add_html(document.tokens[start:index])
        start = index + 1
        check = checks.get(document.body_line + (token.map or [0])[0])
        if check:
            page.shown += 1
            page.segments.append(_slot(check, page.shown, link, image))
        else:
            page.segments.append(Html(f'<div class="note bad" role="note">{escape(f"::: {token.info[:80]}")}</div>'))
    page.add_html(document.tokens[start:])
    return Rendering(tuple(page.segments), _toc(document))


def render_fragment(text: str, *, link: Resolve, image: Resolve) -> str:
    """Render Markdown that stands alone: a prompt, a feedback, a comment. Checks and notes mean nothing in it."""
    lines = split_lines(text)
    parsed = parse_blocks(lines, [Span("markdown", 0, len(lines))])
    return render_tokens(parse_inline(parsed), {**parsed.env, "link": link, "image": image})


def render_inline(text: str, *, link: Resolve, image: Resolve) -> str:
    """Render Markdown that stands inside a line, such as a choice; several paragraphs stay paragraphs."""
    if _NO_MARKUP.fullmatch(text):
        return escape(text)
    html = render_fragment(text, link=link, image=image).strip()
    if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
        return html[3:-4]
    return html


def render_tokens(tokens: Sequence[Token], env: Env) -> str:
    """Render tokens that `parse_inline` made; `env` is their environment with `link` and `image` added."""
    raw = any(_has_html(token) for token in tokens)
    html = PARSER.renderer.render(tokens, PARSER.options, env)
    return sanitise(html, env if raw else None)


def _has_html(token: Token) -> bool:
    if token.type == "html_block":
        return True
    return any(child.type == "html_inline" for child in token.children or ())


def _slot(check: Check, number: int, link: Resolve, image: Resolve) -> CheckSlot:
    labels: dict[str, str] = {}
    if check.type not in {"numeric", "short"}:
        labels = {c.id: render_inline(c.text, link=link, image=image) for c in check.choices}
    for pair in check.pairs:
        if pair.left:
            labels[pair.left_id] = render_inline(pair.left, link=link, image=image)
        labels[pair.right_id] = render_inline(pair.right, link=link, image=image)
    if check.type != "cloze":
        return CheckSlot(check, number, render_fragment(check.prompt, link=link, image=image), (), labels)
    return CheckSlot(check, number, "", _cloze_parts(check, link, image), labels)


def _cloze_parts(check: Check, link: Resolve, image: Resolve) -> tuple[str, ...]:
    prompt = _GAP.sub(lambda found: f"{_MARK}{found[1]}{_MARK}", check.prompt.replace(_MARK, ""))
    pieces = _MARKED.split(render_fragment(prompt, link=link, image=image))
    if pieces[1::2] == [str(number) for number in range(1, len(check.gaps) + 1)]:
        return tuple(pieces[::2])
    # A gap inside an address or the like is not in the text any more: show the words without their markup.
    return tuple(escape(piece) for piece in _GAP.split(check.prompt)[::2])


def _toc(document: Document) -> tuple[Heading, ...]:
    shift = any(heading.level == 1 for heading in document.headings)
    shown = (Heading(h.level + shift, h.text, h.anchor, h.line) for h in document.headings)
    return tuple(heading for heading in shown if heading.level <= 3)


def render_text(document: Document) -> str:
    """Title, summary, words and the prompts of checks, as plain text for search and the text part of an email.

    No answer, choice or feedback is in it.
    """
    prompts = [_GAP.sub("____", check.prompt) for check in document.checks]
    parts = (document.meta.title, document.meta.summary, document.text, *prompts)
    return "\n\n".join(part for part in parts if part)


def excerpt(document: Document, length: int) -> str:
    """The summary, or the first words of the body, in at most `length` characters, cut at a word."""
    text = _SPACE.sub(" ", document.meta.summary or document.text[: length * 4 + 200]).strip()
    if len(text) <= length:
        return text
    cut = text[: max(length - 1, 0)]
    head, space, _ = cut.rpartition(" ")
    return (head if space else cut).rstrip(" ,;:.–—-") + "…"
