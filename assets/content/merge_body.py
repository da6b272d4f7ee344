"""Cut a body, and a check, into the units that merge."""

import re
from collections.abc import Iterator, Sequence

from assets.content.checks.read import lay_out, read_check
from assets.content.document import Document
from assets.content.merge_units import Open, Unit, glue, merge_units
from assets.content.outline import Block
from assets.content.scan import fence_text
from assets.content.text import newline_of, split_lines

_ITEM = re.compile(r"( {0,3})(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|(?=[\r\n])|\Z)(?:\[[ xX]\][ \t]+)?")
_CHECK_MARK = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\](?:[ \t]+|(?=[\r\n])|\Z))?")
_TAIL_MARK = re.compile(r"(?:right|wrong):[ \t]*")


def body_units(document: Document) -> tuple[list[Unit], str]:
    """The units of a body in order, and the white space after the last: together they are the body."""
    units: list[Unit] = []
    done = 0
    starts = _offsets(document.lines)
    for block in document.blocks:
        start = starts[block.first - document.body_line]
        lead = document.body[done:start]
        units += _list_units(block, lead) if block.kind in {"list", "steps"} else [_unit(block, lead)]
        done = start + len(block.text)
    return units, document.body[done:]


def _offsets(lines: Sequence[str]) -> list[int]:
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    return offsets


def _unit(block: Block, lead: str) -> Unit:
    where = f"check {block.key}" if block.key else f"{block.kind}, line {block.first}"
    return Unit(lead, block.text, block.kind, where, block.key)


def _list_units(block: Block, lead: str) -> Iterator[Unit]:
    """One unit for each item of a list; the mark belongs to the lead, so renumbering is no change of the item."""
    lines = split_lines(block.text)
    first = _ITEM.match(lines[0])
    indent = first[1] if first else ""
    marked = (i for i, line in enumerate(lines) if i and (found := _ITEM.match(line)) and found[1] == indent)
    heads = [0, *marked]
    for number, (head, stop) in enumerate(zip(heads, [*heads[1:], len(lines)], strict=True), 1):
        whole = "".join(lines[head:stop])
        found = _ITEM.match(whole)
        mark = whole[: found.end()] if found else ""
        text = whole[len(mark) :] if stop == len(lines) else whole[len(mark) :].rstrip("\r\n \t")
        name = "step" if block.kind == "steps" else "item"
        yield Unit(lead + mark, text, "item", f"{name} {number}, line {block.first + head}")
        lead = whole[len(mark) + len(text) :]


def check_units(text: str, key: str) -> list[Unit]:
    """The units of a check's block: head, prompt, each answer, the words for right and wrong, the closing fence."""
    lines = split_lines(text)
    plain = [line.rstrip("\r\n") for line in lines]
    header = fence_text(plain[0].lstrip(":"))
    closed = len(lines) > 1 and not plain[-1].strip(" \t:")
    inner = plain[1 : len(lines) - closed]
    kind = ([*header.split(), "", ""])[1]
    layout = lay_out(kind, inner)
    cuts = [(0, "head", ""), (1, "prompt", "")]
    number = 0
    for part in layout.parts:
        number += part.kind == "item"
        cuts.append((part.index + 1, part.kind, f"answer {number}" if part.kind == "item" else part.kind))
    if closed:
        cuts.append((len(lines) - 1, "close", ""))
    return list(_cut(lines, cuts, key))


def _cut(lines: Sequence[str], cuts: Sequence[tuple[int, str, str]], key: str) -> Iterator[Unit]:
    lead = ""
    for (first, kind, name), stop in zip(cuts, [*(cut[0] for cut in cuts[1:]), len(lines)], strict=True):
        own = "".join(lines[first:stop])
        whole = lead + own
        start = len(whole) - len(own.lstrip("\r\n"))
        found = {"item": _CHECK_MARK, "right": _TAIL_MARK, "wrong": _TAIL_MARK}.get(kind)
        mark = found.match(whole, start) if found else None
        start = mark.end() if mark else start
        text = whole[start:] if stop == len(lines) else whole[start:].rstrip("\r\n \t")
        lead = whole[start + len(text) :]
        named = f"check {key}, {name or kind}"
        yield Unit(whole[:start], text, kind, named, kind if kind != "item" else "")


def merge_check(base: Unit, ours: Unit, theirs: Unit) -> str | Open | None:
    """Merge one check that both sides changed: part by part. None when the unit is no check.

    When the parts merge but the check would then have a fault that neither side had (two right answers, say), the whole
    check is the conflict.
    """
    if base.kind != "check" or not base.key:
        return None
    units = [check_units(unit.text, unit.key) for unit in (base, ours, theirs)]
    out = merge_units(units[0], units[1], units[2], _no_structure)
    pieces = glue(out, newline_of(ours.text), blank=False)
    mine = "".join(_said(lead, text, text.ours if isinstance(text, Open) else "") for lead, text in pieces)
    yours = "".join(_said(lead, text, text.theirs if isinstance(text, Open) else "") for lead, text in pieces)
    open_ = [text for _, text in pieces if isinstance(text, Open)]
    if not open_ and _faults(mine) <= _faults(ours.text) | _faults(theirs.text):
        return mine
    if len(open_) == 1 and open_[0].ours and open_[0].theirs:
        return Open(open_[0].where, base.text, mine, yours, None)
    whole = (mine, yours) if open_ else (ours.text, theirs.text)
    return Open(f"check {base.key}", base.text, *whole, None)


def _said(lead: str, text: str | Open, chosen: str) -> str:
    """A part with its lead; nothing at all, not even its mark, for an open place where one side deleted it."""
    if isinstance(text, str):
        return lead + text
    return lead + chosen if chosen else ""


def _no_structure(_base: Unit, _ours: Unit, _theirs: Unit) -> str | Open | None:
    return None


def _faults(text: str) -> set[str]:
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    check, problems = read_check(fence_text(lines[0].lstrip(":")), lines[1:-1], 1)
    return {problem.code for problem in problems} | {problem.code for problem in (check.problems() if check else ())}
