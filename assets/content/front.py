"""The front matter as text: find it, read it, change one value of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assets.content.meta import EMPTY, FIELDS, Meta, read_meta, value_of
from assets.content.problems import ContentError, Problem
from assets.content.text import BOM, count_newlines, newline_of
from assets.content.yaml_nodes import Entry, Node, Value, read_entries, write_quoted, write_value

_FENCE = re.compile(r"---[ \t]*(?:\r\n|\n|\r|\Z)")
_CLOSE = re.compile(r"(?:^|(?<=[\r\n]))---[ \t]*(?:\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True)
class Front:
    """The head of a file: `opening + yaml + closing`, the two fences included; all empty when there is none."""

    opening: str
    yaml: str
    closing: str
    meta: Meta
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    @property
    def text(self) -> str:
        """Every character of it, as in the file."""
        return self.opening + self.yaml + self.closing

    def line_of(self, name: str) -> int:
        """The file's line on which the field stands; 1 when it is not there."""
        return next((entry.line for entry in self.entries if entry.name == name), 1)


def split_front(source: str) -> tuple[str, str, str, str]:
    """Split a file into opening fence, YAML, closing fence and body. Without a closed front matter all is body."""
    mark = BOM if source.startswith(BOM) else ""
    found = _FENCE.match(source, len(mark))
    if found is None:
        return mark, "", "", source[len(mark) :]
    close = _CLOSE.search(source, found.end())
    if close is None:
        return mark, "", "", source[len(mark) :]
    return (
        source[: found.end()],
        source[found.end() : close.start()],
        source[close.start() : close.end()],
        source[close.end() :],
    )


@lru_cache(maxsize=512)
def read_front(opening: str, yaml: str, closing: str) -> Front:
    """Read a front matter. Cached by its text: saving, gates and preview of one draft read the same one many times."""
    if not closing:
        said = "The file does not start with a front matter."
        fix = "Start with a line ---, then key: and title:, then a line ---."
        return Front(opening, yaml, closing, EMPTY, (), (Problem("front.missing", said, 1, fix),))
    entries, problems = read_entries(yaml, count_newlines(opening) + 1)
    if problems and not entries:
        return Front(opening, yaml, closing, EMPTY, (), tuple(problems))
    meta, more = read_meta(entries, 1)
    return Front(opening, yaml, closing, meta, tuple(entries), tuple(problems + more))


def write_front(meta: Meta) -> str:
    """A new front matter for `meta`, fields in the order of the class, empty ones left out."""
    lines = [f"{name}: {write_value(value)}\n" for name, value in _values(meta).items()]
    return f"---\n{''.join(lines)}---\n"


def change_front(front: Front, changed: Meta) -> str:
    """The front matter's text with the values of `changed`; every byte that need not change stays.

    Raises ContentError when the front matter cannot be read as it is.
    """
    if not front.closing:
        return front.opening + write_front(changed)
    if front.problems and not front.entries:
        raise ContentError(front.problems)
    old, new = _values(front.meta), _values(changed)
    yaml = front.yaml
    # From the end to the start, so that the offsets of what is still to do stay true.
    for entry in reversed(front.entries):
        if entry.name not in new and entry.name in old:
            yaml = _without(yaml, entry)
        elif entry.name in new and new[entry.name] != old.get(entry.name):
            value = entry.value
            start = value.start if value.end > value.start else _after_colon(yaml, entry)
            lead = "" if value.end > value.start else " "
            yaml = yaml[:start] + lead + _rewrite(yaml, value, new[entry.name]) + yaml[max(value.end, start) :]
    present = {entry.name for entry in front.entries}
    added = [name for name in new if name not in present and new[name] != old.get(name)]
    return front.opening + _append(yaml, added, new, newline_of(front.opening)) + front.closing


def _values(meta: Meta) -> dict[str, Value]:
    known = {name: value_of(meta, name) for name in FIELDS if getattr(meta, name) != getattr(EMPTY, name)}
    known.setdefault("kind", meta.kind)
    extra: Mapping[str, Value] = meta.extra
    return known | dict(extra)


def _append(yaml: str, names: Iterable[str], values: Mapping[str, Value], newline: str) -> str:
    lines = [f"{name}: {write_value(values[name])}{newline}" for name in names]
    if lines and yaml and not yaml.endswith(("\n", "\r")):
        yaml += newline
    return yaml + "".join(lines)


def _after_colon(yaml: str, entry: Entry) -> int:
    return yaml.index(":", entry.start + len(entry.name)) + 1


def _without(yaml: str, entry: Entry) -> str:
    """Take the entry's lines out, with a comment on its own line end; comments above it stay."""
    end = max(entry.value.end, entry.start)
    found = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)").match(yaml, end)
    return yaml[: entry.start] + yaml[found.end() if found else end :]


def _rewrite(yaml: str, node: Node, value: Value) -> str:
    """The new value in the manner of the old: quoted stays quoted, a list with dashes keeps the lines that stay."""
    if node.kind == "list" and isinstance(value, list):
        return _rewrite_list(yaml, node, value)
    if node.kind == "scalar" and isinstance(value, str) and yaml[node.start : node.start + 1] == '"':
        return write_quoted(value)
    return write_value(value)


def _rewrite_list(yaml: str, node: Node, value: list[Value]) -> str:
    kept = {" ".join(child.text.split()): child for child in node.children if child.kind == "scalar"}
    if node.flow or not value:
        return f"[{', '.join(_kept_slice(yaml, kept, item) for item in value)}]"
    start = max(yaml.rfind("\n", 0, node.start), yaml.rfind("\r", 0, node.start)) + 1
    indent = yaml[start : node.start]
    if indent.strip():
        indent = "  "
    rows = _rows(yaml, node)
    lines = [rows.get(str(item)) or f"- {write_value(item)}" for item in value]
    return (newline_of(yaml) + indent).join(lines)


def _kept_slice(yaml: str, kept: Mapping[str, Node], item: Value) -> str:
    child = kept.get(str(item))
    return yaml[child.start : child.end] if child and child.end > child.start else write_value(item)


def _rows(yaml: str, node: Node) -> dict[str, str]:
    """The text of each dash row, its comment included, by value."""
    rows: dict[str, str] = {}
    start = node.start
    for index, child in enumerate(node.children):
        last = index == len(node.children) - 1
        stop = node.end if last else yaml.rfind("-", child.end, node.children[index + 1].start)
        rows[" ".join(child.text.split())] = yaml[start:stop].rstrip()
        start = stop
    return rows
