"""Three-way merge of front matters: field by field, each with its own lines and comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from merge3 import Merge3

from assets.content.front import Front, change_front, read_front, split_front
from assets.content.merge_units import Open, pick
from assets.content.meta import FIELDS, LIST_FIELDS, Item, value_of
from assets.content.text import split_lines
from assets.content.yaml_nodes import Value, write_value

TAIL = ""


@dataclass(frozen=True, slots=True)
class FrontMerge:
    """The merged front matter in pieces: text, or an open place with the whole lines of either side."""

    pieces: tuple[str | Open, ...]
    # Fields whose value is neither side's: the lists both sides changed.
    values: Mapping[str, tuple[str, ...] | tuple[Item, ...]]


def merge_front(base: Front, ours: Front, theirs: Front) -> FrontMerge:
    """Merge three front matters. A field that both sides changed differently is open; lists are merged as sets, a
    pathway's items as a sequence. One that cannot be read is merged as a whole.
    """
    whole = pick(base.text, ours.text, theirs.text)
    if whole is not None:
        return FrontMerge((whole,), {})
    if any(not front.entries for front in (base, ours, theirs)):
        return FrontMerge((Open("front matter", base.text, ours.text, theirs.text, None),), {})
    chunks = [_chunks(front) for front in (base, ours, theirs)]
    values: dict[str, tuple[str, ...] | tuple[Item, ...]] = {}
    pieces: list[str | Open] = [_either(base.opening, ours.opening, theirs.opening)]
    for name in _order(list(chunks[1]), list(chunks[2])):
        texts = [chunk.get(name, "") for chunk in chunks]
        piece = pick(texts[0], texts[1], texts[2])
        pieces.append(_field(name, texts, (base, ours, theirs), values) if piece is None else piece)
    pieces.append(_tail(*(chunk[TAIL] for chunk in chunks)))
    pieces.append(_either(base.closing, ours.closing, theirs.closing))
    return FrontMerge(tuple(pieces), values)


def apply_values(head: str, values: Mapping[str, tuple[str, ...] | tuple[Item, ...]]) -> str:
    """Write merged lists into a finished front matter's text."""
    if not values:
        return head
    opening, yaml, closing, _ = split_front(head)
    front = read_front(opening, yaml, closing)
    return change_front(front, replace(front.meta, **values))  # type: ignore[arg-type]


def _either(base: str, ours: str, theirs: str) -> str:
    found = pick(base, ours, theirs)
    return ours if found is None else found


def _chunks(front: Front) -> dict[str, str]:
    """Each entry's lines by name, comments above it included; what follows the last entry under the name ""."""
    chunks: dict[str, str] = {}
    done = 0
    for entry in front.entries:
        end = max(entry.value.end, entry.start)
        rest = split_lines(front.yaml[end:])
        end += len(rest[0]) if rest else 0
        chunks[entry.name] = front.yaml[done:end]
        done = end
    chunks[TAIL] = front.yaml[done:]
    return chunks


def _order(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Our order, with what only they have behind the name it stands behind on their side."""
    names = [name for name in ours if name != TAIL]
    before = ""
    for name in theirs:
        if name and name not in names:
            names.insert(names.index(before) + 1 if before in names else 0, name)
        before = name
    return names


def _value(front: Front, name: str) -> Value:
    if name in FIELDS:
        return value_of(front.meta, name)
    return front.meta.extra.get(name)


def _field(
    name: str,
    texts: Sequence[str],
    fronts: tuple[Front, Front, Front],
    values: dict[str, tuple[str, ...] | tuple[Item, ...]],
) -> str | Open:
    base, ours, theirs = (_value(front, name) for front in fronts)
    if texts[1] and texts[2]:
        if theirs in (ours, base):
            return texts[1]
        if ours == base:
            return texts[2]
        merged = _merge_list(name, fronts)
        if merged is not None:
            values[name] = merged
            return texts[1]
    shown = [_shown(text, value) for text, value in zip(texts, (base, ours, theirs), strict=True)]
    return Open(name, shown[0], shown[1], shown[2], None)


def _shown(text: str, value: Value) -> str:
    if not text:
        return ""
    return value if isinstance(value, str) else write_value(value)


def _merge_list(name: str, fronts: tuple[Front, Front, Front]) -> tuple[str, ...] | tuple[Item, ...] | None:
    if name not in LIST_FIELDS:
        return None
    base, ours, theirs = (getattr(front.meta, name) for front in fronts)
    if name == "items":
        return _merge_items(base, ours, theirs)
    added = [one for one in theirs if one not in base and one not in ours]
    return tuple(one for one in [*ours, *added] if one not in base or (one in ours and one in theirs))


def _merge_items(base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item]) -> tuple[Item, ...] | None:
    texts = [[str(item) for item in items] for items in (base, ours, theirs)]
    merged: list[Item] = []
    for region in Merge3(texts[0], texts[1], texts[2]).merge_regions():
        if region[0] == "conflict":
            return None
        side = {"unchanged": base, "same": ours, "a": ours, "b": theirs}[region[0]]
        merged += side[region[1] : region[2]]
    # The same asset put in by both sides at two places is a decision for a person.
    return tuple(merged) if len({item.key for item in merged}) == len(merged) else None


def _tail(base: str, ours: str, theirs: str) -> str:
    found = pick(base, ours, theirs)
    if found is not None:
        return found
    have = set(split_lines(ours))
    return ours + "".join(line for line in split_lines(theirs) if line not in have)


def chunk_of(front: Front, name: str) -> str:
    """The lines of one field, "" when it is not there."""
    return _chunks(front).get(name, "")


def write_chunk(name: str, text: str, newline: str) -> str:
    """A field's line with a value that a person typed: as it is when it reads as written, otherwise quoted."""
    line = f"{name}: {text}{newline}"
    probe = read_front(f"---{newline}", line, f"---{newline}")
    if len(probe.entries) == 1 and probe.entries[0].name == name:
        return line
    return f"{name}: {write_value(text)}{newline}"
