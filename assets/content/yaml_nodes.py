"""Front matter as nodes with their exact places, so that one value can be replaced and no other byte moves.

ruamel's scanner reads; what it would build (tags, aliases, merge keys, YAML 1.1 booleans) is not wanted: nodes keep the
text that was written, and `Meta` decides by field what it means. So `locale: no` is Norwegian and `title: 2026` a text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from assets.content.problems import Problem

MAX_DEPTH = 10
MAX_FRONT = 65_536

Plain = str | int | float | bool | date | None
Value = Plain | list["Value"] | dict[str, "Value"]


@dataclass(slots=True)
class Node:
    """A value as written. `start` and `end` are offsets in the YAML text; `line` is 1-based in the file."""

    kind: Literal["scalar", "list", "map"]
    start: int
    end: int
    line: int
    flow: bool
    text: str = ""
    plain: bool = False
    children: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """One `key: value` of the front matter."""

    name: str
    start: int
    line: int
    value: Node


class _RefusedError(Exception):
    def __init__(self, code: str, message: str, line: int, fix: str) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, line, fix)


def read_entries(yaml: str, first_line: int) -> tuple[list[Entry], list[Problem]]:
    """Read the text between the two `---` lines.

    `first_line` is the file's line of its first line. Broken YAML gives no entries and one problem; a repeated key
    keeps the first and gives a problem for each further one.
    """
    if len(yaml) > MAX_FRONT:
        said = f"The front matter has {len(yaml):,} characters; {MAX_FRONT:,} are the most."
        return [], [Problem("front.too-large", said, first_line, "Move the text below the second --- line.")]
    try:
        root = _compose(yaml, first_line)
    except _RefusedError as error:
        return [], [error.problem]
    except MarkedYAMLError as error:
        return [], [_syntax_problem(error, yaml, first_line)]
    except YAMLError as error:
        said = f"The front matter cannot be read: {str(error).splitlines()[0]}"
        return [], [Problem("front.syntax", said, first_line, "Remove characters that do not print.")]
    if root is None:
        return [], []
    if root.kind != "map" or root.flow:
        said = "The front matter is not a list of “key: value” lines."
        return [], [Problem("front.shape", said, root.line, "Write one key: value on each line.")]
    return _entries(root)


def _entries(root: Node) -> tuple[list[Entry], list[Problem]]:
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for key, value in zip(root.children[::2], root.children[1::2], strict=True):
        if key.kind != "scalar":
            problems.append(Problem("front.shape", "A key is not a word.", key.line, "Write a word before the colon."))
        elif key.text in entries:
            first = entries[key.text].line
            said = f"“{key.text}” is given twice, on lines {first} and {key.line}."
            problems.append(Problem("front.repeated", said, key.line, "Keep one of them."))
        else:
            entries[key.text] = Entry(key.text, key.start, key.line, value)
    return list(entries.values()), problems


def _compose(yaml: str, first_line: int) -> Node | None:
    """Build the tree with a stack of our own: nesting is bounded before anything could recurse."""
    root: Node | None = None
    stack: list[Node] = []
    documents = 0
    for event in _events(yaml):
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                line = first_line + event.start_mark.line
                raise _RefusedError("front.shape", "There is a second YAML document.", line, "Remove the line.")
        elif isinstance(event, CollectionEndEvent):
            _close(stack.pop(), event, yaml)
        elif isinstance(event, NodeEvent):
            node = _node(event, first_line, yaml)
            if stack:
                stack[-1].children.append(node)
            else:
                root = node
            if node.kind != "scalar":
                stack.append(node)
                _refuse_depth(stack)
    return root


def _events(yaml: str) -> Iterator[Event]:
    events: Iterator[Event] = YAML(typ="safe", pure=True).parse(yaml)
    yield from events


def _refuse_depth(stack: list[Node]) -> None:
    if len(stack) > MAX_DEPTH:
        said = f"Values are nested more than {MAX_DEPTH} deep."
        raise _RefusedError("front.deep", said, stack[-1].line, "Write a flat list.")


def _node(event: NodeEvent, first_line: int, yaml: str) -> Node:
    line = first_line + event.start_mark.line
    if isinstance(event, AliasEvent) or event.anchor is not None:
        raise _RefusedError("front.anchor", "Anchors (&) and aliases (*) are not used here.", line, "Repeat the value.")
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, ScalarEvent):
        _refuse_tag(tagged=event.implicit == (False, False), line=line)
        end = start + len(yaml[start:end].rstrip())
        plain = event.style in {None, ""}
        return Node("scalar", start, end, line, flow=False, text=event.value, plain=plain)
    assert isinstance(event, (SequenceStartEvent, MappingStartEvent))
    _refuse_tag(tagged=not event.implicit, line=line)
    kind: Literal["list", "map"] = "list" if isinstance(event, SequenceStartEvent) else "map"
    return Node(kind, start, end, line, flow=bool(event.flow_style))


def _refuse_tag(*, tagged: bool, line: int) -> None:
    if tagged:
        raise _RefusedError("front.tag", "Type tags (!) are not used here.", line, "Write the plain value, in quotes.")


def _close(node: Node, event: Event, yaml: str) -> None:
    """The scanner ends a block collection at the next key; ours ends with its last value."""
    if node.flow:
        node.end = event.end_mark.index
    elif node.children:
        node.end = max(node.children[-1].end, node.start)
        if node.children[-1].kind == "scalar" and not node.children[-1].text:
            node.end = node.start + len(yaml[node.start : event.start_mark.index].rstrip())


def _syntax_problem(error: MarkedYAMLError, yaml: str, first_line: int) -> Problem:
    mark = error.problem_mark or error.context_mark
    # A mark behind the last character is blamed on the last line that has text.
    at = min(mark.line, max(yaml.rstrip().count("\n"), 0)) if mark else 0
    lines = yaml.split("\n")
    text = lines[at].strip() if at < len(lines) else ""
    fix = "Check the quotes, brackets and indents of this line."
    if "\t" in text or lines[at].startswith("\t"):
        fix = "Replace the tab by spaces."
    elif re.search(r":\s.*:\s", text) or re.search(r":\s+[@`%&*!|>\[{]", text):
        fix = 'Put the value in double quotes: key: "value".'
    said = f"The front matter cannot be read at “{text[:60]}”: {error.problem or error.context}."
    return Problem("front.syntax", said, first_line + at, fix)


_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: Mapping[str, Plain] = {"": None, "~": None, "null": None, "true": True, "false": False}


def resolve_plain(text: str) -> Plain:
    """What an unquoted scalar means (YAML 1.2 core schema, and ISO dates)."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return read_date(text) or text


def read_date(text: str) -> date | None:
    """An ISO date such as 2027-05-01, or None when it is not one."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def resolve(node: Node) -> Value:
    """The value of a node whose meaning we do not know (`extra`). Depth is bounded by `read_entries`."""
    if node.kind == "scalar":
        return resolve_plain(node.text) if node.plain else node.text
    if node.kind == "list":
        return [resolve(child) for child in node.children]
    pairs = zip(node.children[::2], node.children[1::2], strict=True)
    return {key.text: resolve(value) for key, value in pairs}


# Indicators of YAML 1.2, section 5.3; a number or a date is quoted so that other tools read a text as well.
_NOT_PLAIN = re.compile(
    r"^[\s\-?:,\[\]{}#&*!|>'\"%@`]|: |:$| #|\s$|[,\[\]{}]|[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
)
_ESCAPE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write_value(value: Value) -> str:
    """One value on one line, as YAML: `read_entries` gives it back."""
    if isinstance(value, str):
        return _write_text(value)
    if isinstance(value, list):
        return f"[{', '.join(write_value(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{write_value(key)}: {write_value(item)}' for key, item in value.items())}}}"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value)


def _write_text(text: str) -> str:
    if text and not _NOT_PLAIN.search(text) and isinstance(resolve_plain(text), str):
        return text
    return write_quoted(text)


def write_quoted(text: str) -> str:
    """`text` in double quotes, on one line."""
    return _ESCAPE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False))
