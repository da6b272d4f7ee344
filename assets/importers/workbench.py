"""Lessons of The Carpentries Workbench: fenced divs for objectives, challenges and solutions.

Objectives become outcomes, challenges that can be graded become checks, the others stay as a note with a folded
solution. What is no more than layout becomes a note of the same name.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from assets.content import ContentError, Meta
from assets.content.meta import FIELDS, Item
from assets.content.yaml_nodes import Value, read_entries, resolve
from assets.importers.archive import Folder
from assets.importers.challenges import read_options, read_solution, write_check
from assets.importers.divs import Div, Lines, read_divs
from assets.importers.source import (
    CollectionInfo,
    FrameworkInfo,
    Note,
    Shelf,
    SourceAsset,
    SourceOutcome,
)
from assets.importers.texts import (
    Page,
    built,
    find_attribution,
    find_media,
    find_roots,
    heading_of,
    is_content,
    key_of,
    linker,
    plain_words,
    read_page,
    rewrite_links,
    root_name,
    short_title,
    slug,
    text_of,
    texts_of,
    unique,
)

_BULLET: Final = re.compile(r"[-*+][ \t]+(.*)")
_IMAGE: Final = re.compile(r"!\[([^\]]*)\]\(([^()\s]+)\)\{([^{}]*)\}")
_ALT: Final = re.compile(r"""\balt=(?:"([^"]*)"|'([^']*)')""")
_NOTES: Final = {
    "callout": "note", "prereq": "important", "discussion": "note", "checklist": "note", "testimonial": "note",
    "caution": "caution", "instructor": "details", "spoiler": "spoiler", "hint": "hint", "solution": "solution",
    "questions": "note", "keypoints": "tip", "challenge": "note",
}  # fmt: skip
_TITLES: Final = {
    "questions": "Questions", "keypoints": "Key points", "prereq": "Before you start", "instructor": "For instructors",
}  # fmt: skip
_FRONT_LISTS: Final = ("questions", "keypoints")  # of lessons from before the Workbench
_READ: Final = frozenset({"title", "objectives", "layout", "permalink", "site", *_FRONT_LISTS})


class WorkbenchShelf(Shelf):
    """One lesson."""

    def __init__(self, folder: Folder, root: str, key: str) -> None:
        self.folder = folder
        self.config = _read_config(folder, f"{root}/config.yaml" if root else "config.yaml")
        title = text_of(self.config, "title") or key.replace("-", " ").capitalize()
        super().__init__(CollectionInfo(key, title, find_attribution(folder, root, key)), root)
        self._paths = tuple(path for path in folder.under(root) if is_content(path))
        self.keys = {path: key_of(key, path) for path in self._paths}

    @property
    def paths(self) -> tuple[str, ...]:
        """Episodes, pages for learners and instructors, and the lesson's index, which is a pathway."""
        return self._paths

    def frameworks(self) -> Iterable[FrameworkInfo]:
        """A framework of the lesson's own objectives."""
        origin = self.collection.attribution
        yield FrameworkInfo(self.collection.key, self.collection.name, origin.source, origin.licence)

    def convert(self, path: str, text: str) -> SourceAsset:
        """Read an episode, or another page of the lesson."""
        page = read_page(text)
        key = self.keys.get(path) or key_of(self.collection.key, path)
        body = _IMAGE.sub(_image, page.body)
        root, malformed = read_divs(rewrite_links(body, linker(key, path, self.keys)))
        writer = _Writer(path, page)
        writer.notes += [
            Note(path, page.body_line + line - 1, said, "Compare its fences.", "fence") for line, said in malformed
        ]
        body = "\n".join(writer.write(root))
        objectives = self._outcomes([*texts_of(page.values.get("objectives")), *writer.objectives])
        meta = self._meta(path, key, page, objectives)
        document = built(meta, body if body.strip() else "\n")
        media, absent = find_media(document, path, self.folder, self.root)
        return SourceAsset(path, document, self.collection.key, (*writer.notes, *absent), tuple(objectives), media)

    def _meta(self, path: str, key: str, page: Page, objectives: list[SourceOutcome]) -> Meta:
        values, origin = page.values, self.collection.attribution
        is_index = path == "index.md"
        title = text_of(values, "subtitle") if "objectives" not in values and "subtitle" in values else ""
        title = title or ("" if is_index else text_of(values, "title")) or _fallback(path, self.collection.name)
        return Meta(
            key=key,
            title=short_title(title),
            kind="pathway" if is_index and self._items() else "guide",
            outcomes=tuple(dict.fromkeys(o.key for o in objectives)),
            licence=origin.licence,
            source=origin.source,
            items=tuple(Item(k) for k in self._items()) if is_index else (),
            extra={k: v for k, v in values.items() if k not in _READ and k not in FIELDS},
        )

    def _items(self) -> list[str]:
        """The keys of the episodes in the order of config.yaml, or of their names."""
        paths = [f"episodes/{name}" for name in texts_of(self.config.get("episodes"))]
        paths = paths or [path for path in self._paths if path.startswith("episodes/")]
        return [self.keys[path] for path in paths if path in self.keys]

    def _outcomes(self, objectives: Iterable[str]) -> list[SourceOutcome]:
        found: list[SourceOutcome] = []
        for text in objectives:
            statement = plain_words(text).rstrip(".").strip()
            name = slug(statement, 80)
            if name:
                found.append(SourceOutcome(f"{self.collection.key}.{name}", self.collection.key, statement[:400]))
        return found


def _read_config(folder: Folder, path: str) -> dict[str, Value]:
    if path not in folder:
        return {}
    entries, _problems = read_entries(folder.read(path).decode("utf-8", "replace"), 1)
    return {entry.name: resolve(entry.value) for entry in entries}


def _image(found: re.Match[str]) -> str:
    """An image whose alternative text stands in an attribute: what is in its brackets is then the caption."""
    caption, src, attributes = found.groups()
    alt = _ALT.search(attributes)
    words = " ".join((alt[1] or alt[2] or "").split()) if alt else ""
    if not words:
        return f"![{caption}]({src})"
    title = f' "{caption}"' if caption and caption != words and '"' not in caption else ""
    return f"![{words.replace('[', '(').replace(']', ')')}]({src}{title})"


def _fallback(path: str, lesson: str) -> str:
    name = path.rpartition("/")[2].rpartition(".")[0]
    return lesson if name == "index" else re.sub(r"^\d+[-_]", "", name).replace("-", " ").replace("_", " ").capitalize()


class _Writer:
    """Writes the tree of one page as our body; gathers objectives, keys of checks and notes."""

    def __init__(self, path: str, page: Page) -> None:
        self.path = path
        self.page = page
        self.objectives: list[str] = []
        self.notes: list[Note] = []
        self.keys: list[str] = []

    def write(self, root: Div) -> Iterator[str]:
        """The body's lines."""
        for name in _FRONT_LISTS[:1]:
            yield from self._front_list(name)
        yield from self._children(root, top=True)
        for name in _FRONT_LISTS[1:]:
            yield from self._front_list(name)

    def _front_list(self, name: str) -> Iterator[str]:
        texts = texts_of(self.page.values.get(name))
        if texts:
            yield from ["", f"::: {_NOTES[name]} {_TITLES[name]}", *(f"- {text}" for text in texts), ":::", ""]

    def _children(self, div: Div, *, top: bool = False) -> Iterator[str]:
        for child in div.children:
            if isinstance(child, Lines):
                yield from child.lines
            elif child.word == "objectives":
                self.objectives += _bullets(child)
            elif child.word == "challenge":
                yield from self._challenge(child, top=top)
            else:
                yield from self._note(child)

    def _note(self, div: Div) -> Iterator[str]:
        title, children = _split_heading(div)
        kind = _NOTES.get(div.word, "note")
        shown = title or _TITLES.get(div.word, "") or ("" if div.word in _NOTES else f"{div.word} {div.rest}".strip())
        yield f"::: {kind} {shown}".rstrip()
        yield from self._children(children)
        yield ":::"

    def _challenge(self, div: Div, *, top: bool) -> Iterator[str]:
        title, rest = _split_heading(div)
        check = self._check(title, rest) if top else None
        if check:
            yield from check
            return
        line = self.page.body_line + div.line - 1
        said = f"The challenge “{title or 'without a title'}” cannot be graded and stays as practice."
        fix = "Write a check when it has one clear answer."
        self.notes.append(Note(self.path, line, said, fix, "challenge-practice"))
        name = f"Challenge: {title}" if title and not title.lower().startswith("challenge") else title or "Challenge"
        yield f"::: note {name}"
        yield from self._children(rest)
        yield ":::"

    def _check(self, title: str, div: Div) -> list[str] | None:
        """The challenge as a check: one text, one solution, nothing else."""
        texts = [child for child in div.children if isinstance(child, Lines) and any(t.strip() for t in child.lines)]
        divs = [child for child in div.children if isinstance(child, Div)]
        if len(texts) != 1 or len(divs) != 1 or divs[0].word != "solution":
            return None
        if any(isinstance(child, Div) for child in divs[0].children):
            return None
        options = read_options(texts[0].lines)
        answer = [line for child in divs[0].children if isinstance(child, Lines) for line in child.lines]
        verdict = read_solution(answer, len(options.items)) if options else None
        if not options or not verdict:
            return None
        key = unique(slug(title) or f"challenge-{len(self.keys) + 1}", self.keys)
        lines = write_check(key, title, options, verdict)
        if lines is None or not _is_answerable(lines):
            return None
        self.keys.append(key)
        return lines


def _is_answerable(lines: list[str]) -> bool:
    """Whether the check reads back as one that can be answered."""
    try:
        document = built(Meta(key="x", title="x"), "\n".join(lines))
    except ContentError:
        return False
    return len(document.checks) == 1 and not document.checks[0].problems() and len(document.blocks) == 1


def _split_heading(div: Div) -> tuple[str, Div]:
    """The heading that a block begins with, and the block without it."""
    first = div.children[0] if div.children else None
    if not isinstance(first, Lines):
        return "", div
    for index, line in enumerate(first.lines):
        found = heading_of(line)
        if found:
            rest = Div(div.word, div.rest, div.line, [Lines(first.lines[index + 1 :]), *div.children[1:]])
            return found[1].rstrip(":"), rest
        if line.strip():
            break
    return "", div


def _bullets(div: Div) -> list[str]:
    """The entries of a list, each on one line."""
    found: list[str] = []
    for line in (line for child in div.children if isinstance(child, Lines) for line in child.lines):
        bullet = _BULLET.match(line.strip()) if not line.startswith("    ") else None
        if bullet:
            found.append(bullet[1].strip())
        elif line.strip() and found:
            found[-1] += f" {line.strip()}"
    return found


def find_shelves(folder: Folder, collection: str) -> list[Shelf]:
    """A shelf for each lesson: each folder `content`, or the bundle itself."""
    roots = find_roots(folder)
    one = len(roots) == 1
    return [WorkbenchShelf(folder, r, collection if one and collection else root_name(folder, r)) for r in roots]
