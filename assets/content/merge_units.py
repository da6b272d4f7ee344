"""Three-way merge of sequences: units of a body or of a check, then words inside a unit.

Each unit is what it says plus its `lead`: the blank lines and the list mark before it. Both are merged three ways, the
lead never conflicts. What both sides changed differently becomes an `Open` place; nothing is guessed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import cast

from merge3 import Merge3, SequenceMatcherProtocol

from assets.content.align import Part, align, is_repetitive

_WORDS = re.compile(r"(\S+)(\s*)")
_LINES = re.compile(r"([^\r\n]+)([\r\n]*)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of text that merges as one: `lead + text` of all units, and a tail, is the whole."""

    lead: str
    text: str
    kind: str
    where: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A place where both sides changed the same thing. `ours` and `theirs` hold the other side's disjoint edits too."""

    where: str
    base: str
    ours: str
    theirs: str
    # What stands between the two when both are kept; None where keeping both makes no sense.
    between: str | None = "\n\n"


@dataclass(slots=True)
class Out:
    """One merged unit, and where it comes from: its index in ours and in theirs, None where it is not."""

    lead: str
    text: str | Open
    kind: str
    ours: int | None
    theirs: int | None


class _Exact(SequenceMatcher[str]):
    """difflib's matcher without its heuristic for frequent elements: in prose these are the words that must align."""

    def __init__(
        self,
        isjunk: Callable[[str], bool] | None = None,
        a: Sequence[str] = "",
        b: Sequence[str] = "",
        autojunk: bool = False,
    ) -> None:
        super().__init__(isjunk, a, b, autojunk=autojunk)


Nested = Callable[[Unit, Unit, Unit], "str | Open | None"]


def pick(base: str, ours: str, theirs: str) -> str | None:
    """The three-way rule for one value; None when both sides changed it differently."""
    if ours in (base, theirs):
        return theirs
    return ours if theirs == base else None


def pick_space(base: str, ours: str, theirs: str) -> str:
    """The three-way rule for white space, where a conflict is not worth a person's time: the longer one."""
    found = pick(base, ours, theirs)
    return max(ours, theirs, key=lambda text: (len(text), text)) if found is None else found


@dataclass(slots=True)
class _Side:
    units: Sequence[Unit]
    # Base index → own index, for units that are still there.
    kept: dict[int, int] = field(default_factory=dict)
    # Base index before which own units were put in → their indexes.
    added: dict[int, list[int]] = field(default_factory=dict)


def _compare(base: Sequence[Unit], units: Sequence[Unit]) -> _Side:
    side = _Side(units)
    at = 0
    for i, j in align([_part(unit) for unit in base], [_part(unit) for unit in units]):
        if i is not None:
            at = i + 1
        if i is not None and j is not None:
            side.kept[i] = j
        elif j is not None:
            side.added.setdefault(at, []).append(j)
    return side


def _part(unit: Unit) -> Part:
    return Part(unit.text, unit.kind, unit.key)


def merge_units(base: Sequence[Unit], ours: Sequence[Unit], theirs: Sequence[Unit], nested: Nested) -> list[Out]:
    """Merge three sequences of units.

    `nested` may merge one unit that both sides changed by its own structure; None means: word by word.
    """
    one, two = _compare(base, ours), _compare(base, theirs)
    out: list[Out] = []
    for index in range(len(base) + 1):
        out += _added(one, two, index)
        if index < len(base):
            merged = _kept(base[index], one, two, index, nested)
            if merged:
                out.append(merged)
    return out


def _added(one: _Side, two: _Side, index: int) -> list[Out]:
    ours, theirs = one.added.get(index, []), two.added.get(index, [])
    mine, yours = [one.units[i] for i in ours], [two.units[i] for i in theirs]
    if mine and yours and [unit.text for unit in mine] == [unit.text for unit in yours]:
        return [Out(u.lead, u.text, u.kind, i, j) for u, i, j in zip(mine, ours, theirs, strict=True)]
    if mine and yours:
        between = _between(mine[0], yours[0], {u.key for u in mine if u.key} & {u.key for u in yours if u.key})
        place = Open(mine[0].where, "", _joined(mine), _joined(yours), between)
        return [Out(mine[0].lead, place, mine[0].kind, ours[0], theirs[0])]
    out = [Out(unit.lead, unit.text, unit.kind, i, None) for unit, i in zip(mine, ours, strict=True)]
    return out + [Out(unit.lead, unit.text, unit.kind, None, i) for unit, i in zip(yours, theirs, strict=True)]


def _between(mine: Unit, yours: Unit, same_keys: set[str]) -> str | None:
    if same_keys:
        return None
    if mine.kind == yours.kind == "item":
        return yours.lead if "\n" in yours.lead else f"\n{yours.lead}"
    return "\n\n"


def _joined(units: Sequence[Unit]) -> str:
    return units[0].text + "".join(unit.lead + unit.text for unit in units[1:])


def _kept(base: Unit, one: _Side, two: _Side, index: int, nested: Nested) -> Out | None:
    i, j = one.kept.get(index), two.kept.get(index)
    if i is None and j is None:
        return None
    if i is None or j is None:
        left = one.units[i] if i is not None else two.units[j if j is not None else 0]
        if left.text == base.text:
            return None
        gone = Open(left.where, base.text, left.text if i is not None else "", left.text if j is not None else "", None)
        return Out(left.lead, gone, left.kind, i, j)
    mine, yours = one.units[i], two.units[j]
    lead = pick_space(base.lead, mine.lead, yours.lead)
    text = pick(base.text, mine.text, yours.text)
    merged: str | Open | None = text
    if text is None:
        merged = nested(base, mine, yours)
        merged = merge_words(base, mine, yours) if merged is None else merged
    assert merged is not None
    return Out(lead, merged, mine.kind, i, j)


def merge_words(base: Unit, ours: Unit, theirs: Unit) -> str | Open:
    """Merge the text of one unit word by word; a code block line by line. White space goes with the word before it."""
    pattern = _LINES if base.kind == "code" else _WORDS
    texts = [_tokens(unit.text, pattern) for unit in (base, ours, theirs)]
    mine: list[str] = []
    yours: list[str] = []
    open_ = False
    for z, a, b, is_sync in _regions(*([word for word, _ in tokens] for tokens in texts)):
        one, two = texts[1][a], texts[2][b]
        if is_sync:
            both = [w + pick_space(s0, s1, s2) for (w, s0), (_, s1), (_, s2) in zip(texts[0][z], one, two, strict=True)]
            mine += both
            yours += both
            continue
        choice = _pick_words(texts[0][z], one, two)
        open_ |= choice is None
        mine += _flat(one if choice is None else choice)
        yours += _flat(two if choice is None else choice)
    if not open_:
        return "".join(mine)
    return Open(ours.where, base.text, "".join(mine), "".join(yours), _between(ours, theirs, {ours.key} - {""}))


Tokens = list[tuple[str, str]]


def _tokens(text: str, pattern: re.Pattern[str]) -> Tokens:
    found: Tokens = pattern.findall(text)
    start = pattern.search(text)
    lead = text[: start.start()] if start else text
    return [("", lead), *found] if lead else found


def _flat(tokens: Tokens) -> list[str]:
    return [word + space for word, space in tokens]


def _pick_words(base: Tokens, ours: Tokens, theirs: Tokens) -> Tokens | None:
    z, a, b = ([word for word, _ in tokens] for tokens in (base, ours, theirs))
    if a == z:
        return theirs
    return ours if b in (z, a) else None


def _regions(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[slice, slice, slice, bool]]:
    """The regions of three word lists in turn: what differs somewhere, then what is the same in all three."""
    large = is_repetitive(base, ours) or is_repetitive(base, theirs)
    z = a = b = 0
    matcher = cast("type[SequenceMatcherProtocol[str]]", SequenceMatcher if large else _Exact)
    for sync in Merge3(base, ours, theirs, sequence_matcher=matcher).find_sync_regions():
        z1, z2, a1, a2, b1, b2 = sync
        if (z, a, b) != (z1, a1, b1):
            yield slice(z, z1), slice(a, a1), slice(b, b1), False
        if z2 > z1:
            yield slice(z1, z2), slice(a1, a2), slice(b1, b2), True
        z, a, b = z2, a2, b2


def glue(out: Sequence[Out], newline: str, *, blank: bool) -> list[tuple[str, str | Open]]:
    """Leads and texts in order, with the leads made to hold between neighbours that were no neighbours before.

    `blank` asks for a blank line between blocks; items of one list need a line ending only.
    """
    pieces: list[tuple[str, str | Open]] = []
    for index, now in enumerate(out):
        before = out[index - 1] if index else None
        lead = now.lead
        mark = lead.lstrip("\r\n \t") if now.kind != "item" else lead.rsplit("\n", 1)[-1].rsplit("\r", 1)[-1]
        if before is None:
            lead = lead if 0 in {now.ours, now.theirs} else mark
        elif not _neighbours(before, now):
            wanted = 2 if blank and not (before.kind == now.kind == "item") else 1
            if lead.count("\n") + lead.count("\r") * (newline == "\r") < wanted:
                lead = newline * wanted + mark
        pieces.append((lead, now.text))
    return pieces


def _neighbours(before: Out, now: Out) -> bool:
    for one, two in ((before.ours, now.ours), (before.theirs, now.theirs)):
        if one is not None and two is not None and two == one + 1:
            return True
    return False


def with_where(unit: Unit, where: str) -> Unit:
    """The unit with another name for its place."""
    return replace(unit, where=where)
