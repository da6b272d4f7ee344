"""The front matter as a typed value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from assets.content import keys
from assets.content.problems import Problem
from assets.content.yaml_nodes import Entry, Node, Value, read_date, resolve

KINDS = ("guide", "checklist", "video", "scenario", "practice", "link", "snippet", "pathway")
TITLE_LENGTH = 200
MAX_LIST = 500

_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ITEM = re.compile(r"([^@\s]+)(?:@([1-9][0-9]{0,8}))?")
_EMPTY: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One step of a pathway: another asset, with a pinned version number or None for "whatever is live"."""

    key: str
    pinned: int | None = None

    def __str__(self) -> str:
        return self.key if self.pinned is None else f"{self.key}@{self.pinned}"


@dataclass(frozen=True, slots=True)
class Meta:
    """What the front matter says. A field that is not there has its empty value; keys we do not know are in `extra`."""

    key: str = ""
    title: str = ""
    kind: str = "guide"
    summary: str = ""
    locale: str = ""
    collection: str = ""
    outcomes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    review_by: date | None = None
    aliases: tuple[str, ...] = ()
    licence: str = ""
    source: str = ""
    url: str = ""
    translation_of: str = ""
    items: tuple[Item, ...] = ()
    extra: Mapping[str, Value] = field(default_factory=lambda: _EMPTY)

    def __hash__(self) -> int:
        return hash((self.key, self.title, self.kind, self.outcomes, self.items))


FIELDS = tuple(f.name for f in fields(Meta) if f.name != "extra")
LIST_FIELDS = ("outcomes", "tags", "aliases", "items")
EMPTY = Meta()


def read_meta(entries: list[Entry], fence_line: int) -> tuple[Meta, list[Problem]]:
    """Turn entries into a Meta; what cannot be understood becomes a problem and leaves its field empty."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    extra: dict[str, Value] = {}
    for entry in entries:
        reader = _READERS.get(entry.name)
        if reader is None:
            extra[entry.name] = resolve(entry.value)
        elif not _is_null(entry.value):
            values[entry.name] = reader(entry, problems)
    for name in ("key", "title"):
        if not values.get(name) and not any(p.code == f"front.{name}" for p in problems):
            said = f"The front matter has no {name}."
            fix = f"Add a line “{name}: …” between the two --- lines."
            problems.append(Problem(f"front.{name}", said, fence_line, fix))
    return Meta(**values, extra=MappingProxyType(extra)), problems


def value_of(meta: Meta, name: str) -> Value:
    """The field as a plain value that `write_value` can write."""
    value = getattr(meta, name)
    if isinstance(value, tuple):
        return [str(item) for item in value]
    plain: Value = value
    return plain


def _is_null(node: Node) -> bool:
    return node.kind == "scalar" and node.plain and node.text.lower() in {"", "~", "null"}


def _one_line(entry: Entry, problems: list[Problem]) -> str:
    if entry.value.kind != "scalar":
        said = f"“{entry.name}” is a list or a mapping; one text is wanted."
        problems.append(Problem(f"front.{entry.name}", said, entry.value.line, "Write the text on one line."))
        return ""
    return " ".join(entry.value.text.split())


def _title(entry: Entry, problems: list[Problem]) -> str:
    text = _one_line(entry, problems)
    if len(text) > TITLE_LENGTH:
        said = f"The title has {len(text)} characters; {TITLE_LENGTH} are the most."
        problems.append(Problem("front.title", said, entry.line, "Shorten it: a verb and its object."))
    return text


def _key(entry: Entry, problems: list[Problem]) -> str:
    text = _one_line(entry, problems)
    if text and not keys.is_asset_key(text):
        problems.append(_bad_key(f"front.{entry.name}", entry.name, text, entry.value.line))
        return ""
    return text


def _bad_key(code: str, name: str, text: str, line: int) -> Problem:
    said = f"“{text[:80]}” in “{name}” is not a key."
    return Problem(code, said, line, f"Use {keys.ASSET_KEY_RULE}; at most {keys.ASSET_KEY_LENGTH} characters.")


def _kind(entry: Entry, problems: list[Problem]) -> str:
    text = _one_line(entry, problems)
    if text in KINDS:
        return text
    said = f"“{text[:40]}” is not a kind of asset."
    problems.append(Problem("front.kind", said, entry.value.line, f"Use one of {', '.join(KINDS)}."))
    return EMPTY.kind


def _locale(entry: Entry, problems: list[Problem]) -> str:
    text = _one_line(entry, problems)
    if text and not _LOCALE.fullmatch(text):
        said = f"“{text[:40]}” is not a locale."
        problems.append(Problem("front.locale", said, entry.value.line, "Use a code such as en-GB or fr."))
        return ""
    return text


def _date(entry: Entry, problems: list[Problem]) -> date | None:
    found = read_date(_one_line(entry, problems))
    if found is None:
        said = f"“{entry.value.text[:40]}” in “{entry.name}” is not a date."
        problems.append(Problem(f"front.{entry.name}", said, entry.value.line, "Write it as 2027-05-01."))
    return found


def _texts(entry: Entry, problems: list[Problem]) -> list[tuple[str, int]]:
    """A list of texts with their lines; a single text counts as a list of one."""
    nodes = entry.value.children if entry.value.kind == "list" else [entry.value]
    if len(nodes) > MAX_LIST:
        said = f"“{entry.name}” has {len(nodes)} entries; {MAX_LIST} are the most."
        problems.append(Problem(f"front.{entry.name}", said, entry.line, "Split the asset."))
        nodes = nodes[:MAX_LIST]
    found: list[tuple[str, int]] = []
    for node in nodes:
        if node.kind != "scalar":
            said = f"“{entry.name}” holds something that is not a text."
            problems.append(Problem(f"front.{entry.name}", said, node.line, f"Write {entry.name}: [one, two]."))
        elif not _is_null(node):
            found.append((" ".join(node.text.split()), node.line))
    return _without_repeats(entry.name, found, problems)


def _without_repeats(name: str, found: list[tuple[str, int]], problems: list[Problem]) -> list[tuple[str, int]]:
    first: dict[str, int] = {}
    for text, line in found:
        if text in first:
            said = f"“{text}” is in “{name}” twice, on lines {first[text]} and {line}."
            problems.append(Problem(f"front.{name}", said, line, "Keep one of them."))
        first.setdefault(text, line)
    return list(first.items())


def _tags(entry: Entry, problems: list[Problem]) -> tuple[str, ...]:
    return tuple(text for text, _ in _texts(entry, problems))


def _outcomes(entry: Entry, problems: list[Problem]) -> tuple[str, ...]:
    good: list[str] = []
    for text, line in _texts(entry, problems):
        if keys.is_asset_key(text):
            good.append(text)
        else:
            problems.append(_bad_key("front.outcomes", "outcomes", text, line))
    return tuple(good)


def _items(entry: Entry, problems: list[Problem]) -> tuple[Item, ...]:
    good: list[Item] = []
    for text, line in _texts(entry, problems):
        found = _ITEM.fullmatch(text)
        if found and keys.is_asset_key(found[1]):
            good.append(Item(found[1], int(found[2]) if found[2] else None))
        else:
            problems.append(_bad_key("front.items", "items", text, line))
    return tuple(good)


_READERS: Mapping[str, Callable[[Entry, list[Problem]], object]] = {
    "key": _key,
    "title": _title,
    "kind": _kind,
    "summary": _one_line,
    "locale": _locale,
    "collection": _key,
    "outcomes": _outcomes,
    "tags": _tags,
    "review_by": _date,
    "aliases": _tags,
    "licence": _one_line,
    "source": _one_line,
    "url": _one_line,
    "translation_of": _key,
    "items": _items,
}
