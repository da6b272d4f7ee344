"""Tokens to HTML, and the allow-list that everything passes at the end."""

import re
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

import nh3
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

Resolve = Callable[[str], str | None]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_NOTE_CLASSES = {
    "warning": "note warn",
    "caution": "note warn",
    "danger": "note bad",
    "tip": "note good",
    "info": "note info",
    "important": "note info",
}
# What a reader opens: the answer is not the first thing they see.
_FOLDED = frozenset({"solution", "spoiler", "hint", "answer", "details"})
_UNTITLED = frozenset({"note", "warning", "tip", "info"})

Env = MutableMapping[str, Any]
Tokens = Sequence[Token]


def note_title(info: str) -> tuple[str, str]:
    """The word and the title of a note's opening line: `warning Mind the gap` → ("warning", "Mind the gap").

    A word that we do not know is its own title when it has none.
    """
    word, _, title = info.partition(" ")
    word = word.casefold()
    if not title.strip() and word not in _UNTITLED:
        title = word.replace("-", " ").replace("_", " ").capitalize()
    return word, title.strip()


class PageRenderer(RendererHTML):
    """Our HTML for a token, where it is not CommonMark's. `env["link"]` and `env["image"]` resolve addresses."""

    def slot_open(self, tokens: Tokens, idx: int, _options: OptionsDict, env: Env) -> str:
        """Open a note, or a section that the reader unfolds."""
        word, title = note_title(tokens[idx].info)
        folded = word in _FOLDED
        env.setdefault("open", []).append(folded)
        if folded:
            return f'<details class="more"><summary>{escapeHtml(title)}</summary>\n'
        head = f'<p class="note-t">{escapeHtml(title)}</p>\n' if title else ""
        return f'<div class="{_NOTE_CLASSES.get(word, "note")}" role="note">{head}'

    def slot_close(self, _tokens: Tokens, _idx: int, _options: OptionsDict, env: Env) -> str:
        """Close what `slot_open` opened."""
        return "</details>\n" if env["open"].pop() else "</div>\n"

    def ordered_list_open(self, tokens: Tokens, idx: int, _options: OptionsDict, _env: Env) -> str:
        """A numbered list is a list of steps."""
        start = tokens[idx].attrGet("start")
        return f'<ol class="steps" start="{start}">\n' if start is not None else '<ol class="steps">\n'

    def task_open(self, tokens: Tokens, idx: int, _options: OptionsDict, _env: Env) -> str:
        """An item of a task list gets a box to tick, for the reader's own use."""
        return f'<label><input type="checkbox"{" checked" if tokens[idx].info else ""}> '

    def task_close(self, _tokens: Tokens, _idx: int, _options: OptionsDict, _env: Env) -> str:
        """The label ends with the item's first paragraph."""
        return "</label>"

    def table_open(self, _tokens: Tokens, _idx: int, _options: OptionsDict, _env: Env) -> str:
        """A wide table scrolls in its own box, which the keyboard can reach."""
        return '<div class="scroll" tabindex="0"><table>\n'

    def table_close(self, _tokens: Tokens, _idx: int, _options: OptionsDict, _env: Env) -> str:
        """Close the table and its box."""
        return "</table></div>\n"

    def fence(self, tokens: Tokens, idx: int, _options: OptionsDict, _env: Env) -> str:
        """A code block, with its language as a class."""
        words = tokens[idx].info.split()
        name = re.sub(r"[^\w+-]", "", words[0]) if words else ""
        css = f' class="language-{name}"' if name else ""
        return f'<pre tabindex="0"><code{css}>{escapeHtml(tokens[idx].content)}</code></pre>\n'

    def code_block(self, tokens: Tokens, idx: int, _options: OptionsDict, _env: Env) -> str:
        """An indented code block."""
        return f'<pre tabindex="0"><code>{escapeHtml(tokens[idx].content)}</code></pre>\n'

    def link_open(self, tokens: Tokens, idx: int, _options: OptionsDict, env: Env) -> str:
        """A link, or its words alone when it leads nowhere."""
        href = resolve_link(str(tokens[idx].attrGet("href") or ""), env["link"])
        env.setdefault("resolved", set()).add(href)
        env.setdefault("links", []).append(href is not None)
        if href is None:
            return '<span class="missing">'
        title = tokens[idx].attrGet("title")
        attribute = f' title="{escapeHtml(str(title))}"' if title else ""
        return f'<a href="{escapeHtml(href)}"{attribute}>'

    def link_close(self, _tokens: Tokens, _idx: int, _options: OptionsDict, env: Env) -> str:
        """Close what `link_open` opened."""
        return "</a>" if env["links"].pop() else "</span>"

    def image(self, tokens: Tokens, idx: int, _options: OptionsDict, env: Env) -> str:
        """An image; one that stands alone is a figure, its title the caption."""
        token = tokens[idx]
        alt = escapeHtml(token.content)
        title = escapeHtml(str(token.attrGet("title") or ""))
        src = env["image"](str(token.attrGet("src") or ""))
        env.setdefault("resolved", set()).add(src)
        figure = token.meta.get("figure")
        if src is None:
            return f'<figure class="missing"><figcaption>{alt}</figcaption></figure>' if figure else missing(alt)
        image = f'<img src="{escapeHtml(src)}" alt="{alt}" loading="lazy">'
        caption = f"<figcaption>{title}</figcaption>" if title else ""
        return f"<figure>{image}{caption}</figure>\n" if figure else image


def missing(alt: str) -> str:
    """An image inside a sentence that we do not have: its words, marked."""
    return f'<span class="missing">{alt}</span>'


def resolve_link(href: str, link: Resolve) -> str | None:
    """The address to use: anchors and other sites as they are, everything else by `link`."""
    if href.startswith("#") or _SCHEME.match(href):
        return href
    return link(href) if href else None


def is_internal(href: str) -> bool:
    """Whether an address points into the library: not an anchor, not another site."""
    return bool(href) and not href.startswith("#") and not _SCHEME.match(href)


_INLINE = {"a", "abbr", "b", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd", "label", "mark", "q"}
_INLINE |= {"s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "input", "bdi", "bdo"}
_BLOCKS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "hr",
    "div",
}
_BLOCKS |= {
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "caption",
    "figure",
    "figcaption",
    "details",
    "summary",
}
_BLOCKS |= {"section"}
_IDS = {"id"}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "ol": {"start"},
    "li": _IDS,
    "sup": _IDS,
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "time": {"datetime"},
    "input": {"checked"},
    "details": {"open"},
    "*": {"lang", "dir"},
    **{f"h{level}": _IDS for level in range(1, 7)},
}
_VALUES = {"div": {"role": {"note"}, "tabindex": {"0"}}, "pre": {"tabindex": {"0"}}}
_CLASSES = {
    "div": {"note", "warn", "bad", "good", "info", "scroll"},
    "p": {"note-t"},
    "ol": {"steps", "footnotes-list"},
    "li": {"task", "footnote-item"},
    "span": {"missing"},
    "figure": {"missing"},
    "details": {"more"},
    "section": {"footnotes"},
    "hr": {"footnotes-sep"},
    "sup": {"footnote-ref"},
    "a": {"footnote-backref"},
}


def _cleaner(attribute_filter: Callable[[str, str, str], str | None] | None = None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_INLINE | _BLOCKS,
        clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title"},
        attributes=_ATTRIBUTES,
        attribute_filter=attribute_filter,
        link_rel="noopener",
        tag_attribute_values=_VALUES,
        set_tag_attribute_values={"input": {"type": "checkbox"}},
        url_schemes={"http", "https", "mailto", "tel"},
        allowed_classes=_CLASSES,
    )


_PLAIN = _cleaner()
_NO_SOURCE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
_ALT = re.compile(r'\salt="([^"]+)"')


def sanitise(html: str, env: Env | None = None) -> str:
    """Let only the allow-list through: no style, no script, no handler, no odd scheme, no class of the interface.

    `env` is that of the rendering when the text holds HTML of its own, whose addresses are still to be resolved; those
    of Markdown are resolved already, and a Python call for each attribute would cost more than the rest of the page.
    """
    if env is None:
        return _PLAIN.clean(html)
    link, image, resolved = env["link"], env["image"], env.get("resolved", set())

    def address(tag: str, name: str, value: str) -> str | None:
        if value in resolved:
            return value
        if tag == "img" and name == "src":
            found: str | None = image(value)
            return found
        if tag == "a" and name == "href":
            return resolve_link(value, link)
        return value

    return _NO_SOURCE.sub(_only_words, _cleaner(address).clean(html))


def _only_words(image: re.Match[str]) -> str:
    found = _ALT.search(image[0])
    return missing(found[1]) if found else ""
