"""What changed between two documents: blocks, checks, fields."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from assets.content.align import WORD, Part, align, opcodes
from assets.content.checks.model import Check
from assets.content.document import Document
from assets.content.meta import FIELDS
from assets.content.outline import Block
from assets.content.text import normalise_newlines

State = Literal["same", "changed", "added", "removed"]
CHECK_FIELDS = ("type", "prompt", "choices", "pairs", "gaps", "outcome", "points", "right", "wrong")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that changed: of the front matter, or of a check."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block of the body, and what became of it. `old` is None for an added one, `new` for a removed one."""

    state: State
    old: Block | None
    new: Block | None

    @property
    def block(self) -> Block:
        """The block as it is now, or as it was when it is gone."""
        block = self.new or self.old
        assert block
        return block


@dataclass(frozen=True, slots=True)
class CheckChange:
    """One check that changed, by its key, field by field."""

    key: str
    state: State
    old: Check | None
    new: Check | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Diff:
    """Everything that changed from `old` to `new`. `blocks` holds the unchanged ones too, in the order to show them."""

    old: Document
    new: Document
    meta: tuple[FieldChange, ...]
    blocks: tuple[BlockChange, ...]
    checks: tuple[CheckChange, ...]

    @cached_property
    def changes(self) -> tuple[FieldChange | BlockChange | CheckChange, ...]:
        """All changes: fields, then blocks, then checks (which are blocks too, told apart by their fields)."""
        blocks = (change for change in self.blocks if change.state != "same")
        return (*self.meta, *blocks, *self.checks)

    @property
    def outcomes_added(self) -> tuple[str, ...]:
        """Outcomes the document now claims and did not."""
        return tuple(key for key in self.new.meta.outcomes if key not in self.old.meta.outcomes)

    @property
    def outcomes_removed(self) -> tuple[str, ...]:
        """Outcomes the document claimed and does not any more."""
        return tuple(key for key in self.old.meta.outcomes if key not in self.new.meta.outcomes)

    @cached_property
    def _words(self) -> tuple[int, int]:
        added = removed = 0
        for change in self.blocks:
            if change.state != "same":
                more, less = _count(change)
                added, removed = added + more, removed + less
        return added, removed

    @property
    def words_added(self) -> int:
        """How many words of the body are new."""
        return self._words[0]

    @property
    def words_removed(self) -> int:
        """How many words of the body are gone."""
        return self._words[1]


def diff(old: Document, new: Document) -> Diff:
    """Compare two documents. Line endings and blank lines between blocks are no change."""
    return Diff(old, new, _meta_changes(old, new), tuple(_block_changes(old, new)), tuple(_check_changes(old, new)))


def _meta_changes(old: Document, new: Document) -> tuple[FieldChange, ...]:
    known = [FieldChange(name, getattr(old.meta, name), getattr(new.meta, name)) for name in FIELDS]
    names = dict.fromkeys([*old.meta.extra, *new.meta.extra])
    more = [FieldChange(name, old.meta.extra.get(name), new.meta.extra.get(name)) for name in names]
    return tuple(change for change in known + more if change.old != change.new)


def _block_changes(old: Document, new: Document) -> Iterable[BlockChange]:
    olds, news = _parts(old.blocks), _parts(new.blocks)
    for i, j in align(olds, news):
        before = old.blocks[i] if i is not None else None
        after = new.blocks[j] if j is not None else None
        if i is None or j is None:
            yield BlockChange("removed" if i is not None else "added", before, after)
        else:
            yield BlockChange("same" if olds[i].text == news[j].text else "changed", before, after)


def _parts(blocks: Sequence[Block]) -> list[Part]:
    return [Part(normalise_newlines(block.text), block.kind, block.key) for block in blocks]


def _check_changes(old: Document, new: Document) -> Iterable[CheckChange]:
    before = {check.key: check for check in old.checks}
    after = {check.key: check for check in new.checks}
    for key in dict.fromkeys([*after, *before]):
        one, two = before.get(key), after.get(key)
        if one is None or two is None:
            yield CheckChange(key, "removed" if one else "added", one, two)
        elif one != two:
            yield CheckChange(key, "changed", one, two, _check_fields(one, two))


def _check_fields(old: Check, new: Check) -> tuple[FieldChange, ...]:
    changes = (FieldChange(name, getattr(old, name), getattr(new, name)) for name in CHECK_FIELDS)
    return tuple(change for change in changes if change.old != change.new)


def _count(change: BlockChange) -> tuple[int, int]:
    old = WORD.findall(change.old.text) if change.old else []
    new = WORD.findall(change.new.text) if change.new else []
    added = removed = 0
    for tag, i1, i2, j1, j2 in opcodes(old, new):
        if tag != "equal":
            added, removed = added + j2 - j1, removed + i2 - i1
    return added, removed
