"""A diff to look at: rendered, with <ins> and <del> around words and never inside a tag, or as source lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from markdown_it.token import Token

from assets.content.align import Part, align, opcodes
from assets.content.checks.model import Check
from assets.content.diff import Diff, State
from assets.content.document import Document
from assets.content.outline import Block
from assets.content.page_html import Resolve
from assets.content.render import render_fragment, render_inline, render_tokens
from assets.content.text import normalise_newlines

_HTML_TOKEN = re.compile(r"<(?:[^<>\"]|\"[^\"]*\")*>|&#?\w+;|\w+|\s+|[^\w\s]")
_TEXT_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_TAG_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_VOID = frozenset({"br", "hr", "img", "input", "wbr", "col"})


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One block of a rendered diff. Lines are the file's; None on the side where the block is not."""

    state: State
    kind: str
    html: str
    old_line: int | None
    new_line: int | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One line of a source diff. `html` is its text escaped, changed words in <ins> or <del>."""

    old_line: int | None
    new_line: int | None
    kind: Literal["same", "removed", "added"]
    text: str
    html: str


def rendered_diff(
    diff: Diff,
    *,
    link: Resolve | None = None,
    image: Resolve | None = None,
    reveal: bool = False,
) -> list[DiffRow]:
    """The diff as rows of HTML, unchanged blocks included.

    Right answers and feedback are shown only with `reveal`, for a reader who may see them.
    """
    side = _Sides(diff, link or _keep, image or _nothing, reveal=reveal)
    return [
        DiffRow(
            change.state,
            change.block.kind,
            side.html(change.old, change.new),
            change.old.first if change.old else None,
            change.new.first if change.new else None,
        )
        for change in diff.blocks
    ]


def _keep(href: str) -> str | None:
    return href


def _nothing(_src: str) -> str | None:
    return None


class _Sides:
    def __init__(self, diff: Diff, link: Resolve, image: Resolve, *, reveal: bool) -> None:
        self.link, self.image, self.reveal = link, image, reveal
        self.old = (diff.old, _tokens_by_line(diff.old))
        self.new = (diff.new, _tokens_by_line(diff.new))

    def html(self, old: Block | None, new: Block | None) -> str:
        before = self._block(self.old, old) if old else ""
        after = self._block(self.new, new) if new else ""
        if before == after:
            return after
        return mark_changes(before, after)

    def _block(self, side: tuple[Document, dict[int, list[Token]]], block: Block) -> str:
        document, groups = side
        check = document.check(block.key) if block.key else None
        if check:
            return self._check(check)
        tokens = groups.get(block.first)
        if block.kind == "check":
            # A block that cannot be read may hold an answer: its first line alone is safe to show.
            return f"<pre><code>{escape(block.text if self.reveal else block.text.split(chr(10))[0])}</code></pre>"
        if not tokens:
            return render_fragment(block.text, link=self.link, image=self.image) or f"<p>{escape(block.text)}</p>"
        return render_tokens(tokens, {**document.env, "link": self.link, "image": self.image})

    def _inline(self, text: str) -> str:
        return render_inline(text, link=self.link, image=self.image)

    def _check(self, check: Check) -> str:
        points = f" · {check.points} points" if check.points > 1 else ""
        outcome = f" · {escape(check.outcome)}" if check.outcome else ""
        head = f'<p class="kicker"><span>{escape(check.key)} · {check.type}{points}{outcome}</span></p>'
        prompt = render_fragment(self._prompt(check), link=self.link, image=self.image)
        rows = "".join(f"<li>{row}</li>" for row in self._rows(check))
        says = [f"<p>{self._inline(text)}</p>" for text in (check.right, check.wrong) if text and self.reveal]
        return f'<div class="check">{head}{prompt}<ul>{rows}</ul>{"".join(says)}</div>'

    def _prompt(self, check: Check) -> str:
        text = check.prompt
        for number, gap in enumerate(check.gaps, 1):
            text = text.replace(f"[[{number}]]", " / ".join(gap.answers) if self.reveal else "____", 1)
        return text

    def _rows(self, check: Check) -> Iterator[str]:
        if check.type in {"numeric", "short"} and not self.reveal:
            return
        # Sorted by id, an ordering does not show its order.
        choices = check.choices if self.reveal else tuple(sorted(check.choices, key=lambda choice: choice.id))
        for choice in choices:
            mark = "<b>Right:</b> " if choice.right and self.reveal and check.type != "ordering" else ""
            yield mark + self._inline(choice.text) + self._feedback(choice.feedback)
        if self.reveal:
            for pair in check.pairs:
                yield f"{self._inline(pair.left)} → {self._inline(pair.right)}{self._feedback(pair.feedback)}"
        else:
            yield from sorted(self._inline(text) for pair in check.pairs for text in {pair.left, pair.right} if text)

    def _feedback(self, text: str) -> str:
        return f" — {self._inline(text)}" if text and self.reveal else ""


def _tokens_by_line(document: Document) -> dict[int, list[Token]]:
    """The tokens of each top-level block, by its first line in the file."""
    groups: dict[int, list[Token]] = {}
    current: list[Token] = []
    depth = 0
    for token in document.tokens:
        if not depth and token.nesting >= 0 and token.map:
            current = groups.setdefault(document.body_line + token.map[0], [])
        current.append(token)
        depth += token.nesting
    return groups


def mark_changes(old: str, new: str) -> str:
    """The HTML `new` with what is new in <ins> and what is gone in <del>; both are well-formed, so is the result."""
    a, b = _HTML_TOKEN.findall(old), _HTML_TOKEN.findall(new)
    out: list[str] = []
    for tag, i1, i2, j1, j2 in _joined(a, b):
        if tag == "equal":
            out += b[j1:j2]
            continue
        out.append(_wrapped(a[i1:i2], "del", keep_tags=_balanced(a[i1:i2])))
        out.append(_wrapped(b[j1:j2], "ins", keep_tags=True))
    return "".join(out)


def _joined(a: Sequence[str], b: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Opcodes in which one space between two changes belongs to them: whole phrases, not every second word."""
    found: list[tuple[str, int, int, int, int]] = []
    for tag, i1, i2, j1, j2 in opcodes(a, b):
        space = tag == "equal" and i2 < len(a) and not "".join(a[i1:i2]).strip()
        if found and found[-1][0] != "equal" and (tag != "equal" or space):
            found[-1] = ("replace", found[-1][1], i2, found[-1][3], j2)
        else:
            found.append((tag, i1, i2, j1, j2))
    return found


def _wrapped(tokens: Sequence[str], tag: str, *, keep_tags: bool) -> str:
    out: list[str] = []
    run: list[str] = []
    for token in [*tokens, ""]:
        if token and not _is_tag(token):
            run.append(token)
            continue
        text = "".join(run)
        out.append(f"<{tag}>{text}</{tag}>" if text.strip() else text)
        run = []
        if keep_tags:
            out.append(token)
    return "".join(out)


def _is_tag(token: str) -> bool:
    return len(token) > 2 and token[0] == "<"


def _balanced(tokens: Sequence[str]) -> bool:
    stack: list[str] = []
    for token in tokens:
        found = _TAG_NAME.match(token) if _is_tag(token) else None
        if not found or found[1] in _VOID:
            continue
        if not token.startswith("</"):
            stack.append(found[1])
        elif not stack or stack.pop() != found[1]:
            return False
    return not stack


def source_diff(old_text: str, new_text: str) -> list[SourceRow]:
    """Two sources line by line. Everything in them shows, right answers too: redact first for who may not see them."""
    old, new = normalise_newlines(old_text).split("\n"), normalise_newlines(new_text).split("\n")
    old, new = (lines[:-1] if lines[-1] == "" else lines for lines in (old, new))
    rows: list[SourceRow] = []
    pending: list[SourceRow] = []
    for i, j in align([Part(line) for line in old], [Part(line) for line in new]):
        if i is not None and j is not None and old[i] == new[j]:
            rows += _gone_first(pending)
            pending = []
            rows.append(SourceRow(i + 1, j + 1, "same", new[j], escape(new[j], quote=False)))
        else:
            pending += _changed_lines(old, new, i, j)
    return rows + _gone_first(pending)


def _gone_first(rows: list[SourceRow]) -> list[SourceRow]:
    return sorted(rows, key=lambda row: row.kind == "added")


def _changed_lines(old: list[str], new: list[str], i: int | None, j: int | None) -> Iterator[SourceRow]:
    before, after = old[i] if i is not None else "", new[j] if j is not None else ""
    gone, come = _changed_words(before, after) if i is not None and j is not None else (None, None)
    if i is not None:
        yield SourceRow(i + 1, None, "removed", before, gone or escape(before, quote=False))
    if j is not None:
        yield SourceRow(None, j + 1, "added", after, come or escape(after, quote=False))


def _changed_words(old: str, new: str) -> tuple[str, str]:
    a, b = _TEXT_TOKEN.findall(old), _TEXT_TOKEN.findall(new)
    gone: list[str] = []
    come: list[str] = []
    for tag, i1, i2, j1, j2 in _joined(a, b):
        one, two = escape("".join(a[i1:i2]), quote=False), escape("".join(b[j1:j2]), quote=False)
        gone.append(one if tag == "equal" or not one else f"<del>{one}</del>")
        come.append(two if tag == "equal" or not two else f"<ins>{two}</ins>")
    return "".join(gone), "".join(come)
