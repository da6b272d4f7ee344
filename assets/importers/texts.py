"""What the foreign formats have in common: their front matter, titles, keys, links and attributions."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from django.utils.text import slugify

from assets.content import ContentError, Document, Meta
from assets.content.front import split_front
from assets.content.scan import outside_code
from assets.content.text import count_newlines, normalise_newlines, split_lines
from assets.content.yaml_nodes import Value, read_entries, resolve
from assets.gates.links import is_inside, media_name
from assets.importers.archive import Folder
from assets.importers.source import Attribution, Note, refusal

ENDINGS = (".md", ".markdown")
NOT_CONTENT = frozenset({"attribution", "license", "licence", "code_of_conduct", "contributing", "citation", "authors"})

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_ATTRIBUTES = re.compile(r"[ \t]*\{[^{}]*\}$")
_NOT_KEY = re.compile(r"[^a-z0-9._-]+")
_CODE_SPAN = re.compile(r"(`+[^`]*`+)")
_LINK = re.compile(r"(\]\([ \t]*<?)([^()<>\s]+)")
_DEFINITION = re.compile(r"( {0,3}\[[^\]]+\]:[ \t]*<?)([^<>\s]+)")
_MARKUP = re.compile(r"`([^`]*)`|\[([^\]]*)\]\([^)]*\)|(?<!\w)[*_]{1,2}(?=\S)(.+?)(?<=\S)[*_]{1,2}(?!\w)")


@dataclass(frozen=True, slots=True)
class Page:
    """A foreign file taken apart. `body_line` is the file's line of the body's first line."""

    values: Mapping[str, Value]
    body: str
    body_line: int


def read_page(text: str) -> Page:
    """Split a file into front matter and body, with line feeds as line endings.

    Raises ContentError when a front matter is begun and cannot be read.
    """
    text = normalise_newlines(text).removeprefix("\ufeff")
    opening, yaml, closing, body = split_front(text)
    if not closing:
        if re.match(r"---[ \t]*\n[\w-]+:", text):
            said = "The front matter is not closed."
            raise refusal("front.syntax", said, 1, "Add a line --- after its last line.")
        return Page({}, body, 1)
    entries, problems = read_entries(yaml, count_newlines(opening) + 1)
    if problems:
        raise ContentError(tuple(problems))
    return Page({e.name: resolve(e.value) for e in entries}, body, count_newlines(opening + yaml + closing) + 1)


def text_of(values: Mapping[str, Value], *names: str) -> str:
    """The first of the named values that is a text or a number, on one line."""
    for name in names:
        value = values.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return " ".join(str(value).split())
    return ""


def texts_of(value: Value) -> tuple[str, ...]:
    """A list of texts, or one text, as a tuple without repeats."""
    found = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(" ".join(v.split()) for v in found if isinstance(v, str) and v.strip()))


def heading_of(line: str) -> tuple[int, str] | None:
    """Level and text of a heading line, without Pandoc attributes."""
    found = _HEADING.match(line.rstrip("\n"))
    return (len(found[1]), _ATTRIBUTES.sub("", found[2]).strip()) if found else None


def split_title(body: str) -> tuple[str, str]:
    """The text of the first heading of level 1 that stands before any other, and the body without it."""
    lines = split_lines(body)
    for index, line in outside_code(lines):
        found = heading_of(line)
        if found and found[0] > 1:
            break
        if found and found[1]:
            return found[1], "".join(lines[:index] + lines[index + 1 :])
    return "", body


def plain_words(text: str) -> str:
    """A line of Markdown as plain words."""
    text = _MARKUP.sub(_inner, text)
    return " ".join(text.replace("\\", "").split())


def _inner(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group is not None)


def short_title(text: str) -> str:
    """A title of at most 200 characters."""
    text = plain_words(text)
    return text if len(text) <= 200 else f"{text[:199]}…"


def slug(text: str, length: int = 60) -> str:
    """`text` in small letters, digits and hyphens, cut at a word; "" when nothing of it can be used."""
    full = slugify(text).replace("_", "-").strip("-")
    cut = full[:length]
    return cut.rpartition("-")[0] if len(full) > length and full[length] != "-" and "-" in cut else cut.strip("-")


def key_of(prefix: str, path: str) -> str:
    """The key of the asset that a file becomes: its path without ending; README and index mean their folder."""
    parts = posixpath.splitext(path)[0].lower().split("/")
    if parts[-1] in {"readme", "index"}:
        parts.pop()
    clean = [_NOT_KEY.sub("-", part).strip("-._") or "x" for part in parts]
    return "/".join([prefix, *clean])


def link_to(source_key: str, target_key: str) -> str:
    """A relative link between the files of two assets: it works in the library and in an exported folder."""
    start = posixpath.dirname(source_key) or "."
    return posixpath.relpath(f"{target_key}.md", start)


def rewrite_links(body: str, change: Callable[[str], str | None]) -> str:
    """Replace the targets of links outside code; `change` gives the new target, or None to leave it."""
    lines = split_lines(body)
    for index, line in outside_code(lines):
        if "](" in line or "]:" in line:
            parts = _CODE_SPAN.split(line)
            parts[::2] = [_changed(part, change) for part in parts[::2]]
            lines[index] = "".join(parts)
    return "".join(lines)


def _changed(part: str, change: Callable[[str], str | None]) -> str:
    def replace(found: re.Match[str]) -> str:
        new = change(found[2])
        return found[0] if new is None else found[1] + new

    return _DEFINITION.sub(replace, _LINK.sub(replace, part))


def linker(key: str, path: str, keys: Mapping[str, str]) -> Callable[[str], str | None]:
    """For `rewrite_links`: links between files of one shelf. `keys` maps the shelf's paths to asset keys."""

    def change(href: str) -> str | None:
        if not is_inside(href):
            return None
        where, mark, fragment = href.partition("#")
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(where.partition("?")[0])))
        for name in (beside, f"{beside}/README.md", f"{beside}.md", beside.removesuffix(".html") + ".md"):
            if name in keys:
                return link_to(key, keys[name]) + mark + fragment
        return None

    return change


def find_media(document: Document, path: str, folder: Folder, root: str) -> tuple[dict[str, str], list[Note]]:
    """The files that a text shows: name in the text → path in the bundle; and a note for each that is absent."""
    media: dict[str, str] = {}
    notes: list[Note] = []
    for image in document.images:
        if not is_inside(image.src) or image.src.startswith("data:"):
            continue
        name = media_name(image.src)
        there = posixpath.normpath(posixpath.join(root, posixpath.dirname(path), name))
        if there in folder:
            media[name] = there
        else:
            said = f"The image {image.src[:120]} is not in the bundle."
            notes.append(Note(path, 0, said, "Add the file to the asset, or take the image out.", "image-absent"))
    return media, notes


def find_attribution(folder: Folder, root: str, name: str) -> Attribution:
    """Read the nearest ATTRIBUTION.md at or above `root`; of several sources the one that names `name` is taken."""
    place = root
    while True:
        path = posixpath.join(place, "ATTRIBUTION.md") if place else "ATTRIBUTION.md"
        if path in folder:
            return _attribution(folder.read(path).decode("utf-8", "replace"), name)
        if not place:
            return Attribution()
        place = posixpath.dirname(place)


def _attribution(text: str, name: str) -> Attribution:
    values: dict[str, str] = dict(re.findall(r"^(Licen[cs]e|Source):[ \t]*(.+?)[ \t]*$", text, re.MULTILINE))
    sources = [part.strip() for part in values.get("Source", "").split(",") if part.strip()]
    named = [part for part in sources if name in part.lower()] or sources
    licence = values.get("Licence", values.get("License", ""))
    # The commit stays in the attribution: in every text it would make a new version of all of them at each import.
    return Attribution(licence[:120], ", ".join(part.partition("@")[0] for part in named)[:500], text.strip())


def is_content(path: str) -> bool:
    """Whether a path is Markdown that people are to read, and not about the repository."""
    name = posixpath.splitext(path)[0].lower()  # notices of the repository lie at the top
    hidden = any(part.startswith(".") for part in path.split("/"))
    return path.lower().endswith(ENDINGS) and name not in NOT_CONTENT and not hidden


def find_roots(folder: Folder) -> list[str]:
    """The folders that hold content: those named `content`, else the bundle itself."""
    found = {"/".join(path.split("/")[: path.split("/").index("content") + 1]) for path in folder.paths
             if "content" in path.split("/")[:-1]}  # fmt: skip
    return sorted(found) or [""]


def root_name(folder: Folder, root: str) -> str:
    """A slug for a root: the folder that holds `content`, or the bundle's own name."""
    parts = [part for part in root.split("/") if part and part != "content"]
    name = parts[-1] if parts else re.sub(r"\.(tgz|tar\.gz|tar|zip)$", "", folder.name.lower())
    return slug(name, 80) or "library"


def built(meta: Meta, body: str) -> Document:
    """The document of a converted file. Raises ContentError; its lines count in what was made, so they say 0."""
    document = Document.build(meta=meta, body=body)
    if document.problems:
        raise ContentError(tuple(replace(problem, line=0) for problem in document.problems))
    return document


def unique(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or the first of wanted-2, wanted-3, … that is not taken."""
    known = set(taken)
    number = 1
    name = wanted
    while name in known:
        number += 1
        name = f"{wanted[:74]}-{number}"
    return name
