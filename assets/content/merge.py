"""Three-way merge of documents. Disjoint edits merge, overlapping ones conflict, nothing is lost."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assets.content.document import Document, parse
from assets.content.front import Front
from assets.content.merge_body import body_units, merge_check
from assets.content.merge_front import apply_values, chunk_of, merge_front, write_chunk
from assets.content.merge_units import Open, glue, merge_units, pick, pick_space
from assets.content.text import newline_of

BODY = "body"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place that both sides changed differently.

    `ours` and `theirs` are what the place would say, with the other side's edits that do not overlap already in; empty
    means deleted. `options` are the words that `resolve` takes for it, beside a text of one's own. The id is the same
    for the same three documents.
    """

    id: str
    where: str
    base: str
    ours: str
    theirs: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The merged document, or None and the conflicts that are left."""

    document: Document | None
    conflicts: tuple[Conflict, ...]


def merge(base: Document, ours: Document, theirs: Document) -> MergeResult:
    """Merge what `ours` and `theirs` each changed since `base`.

    All three may be broken drafts. Line endings should be alike: see `match_newlines` for texts from a form.
    """
    return resolve(base, ours, theirs, {})


def resolve(base: Document, ours: Document, theirs: Document, choices: Mapping[str, str]) -> MergeResult:
    """Merge with decisions: conflict id → "ours", "theirs", "both", or the text to put there.

    Conflicts without a decision are in the result. Raises ValueError for an id that is no conflict of these three
    documents (one of them moved on since), or for "both" where it is no option.
    """
    work = _Merge(base, ours, theirs, choices)
    head, body = work.front(), work.body()
    # A side without a body may end at its closing fence.
    text = head + ("\n" if body and head.rstrip(" \t").endswith("---") else "") + body
    unknown = set(choices) - work.ids
    if unknown:
        raise ValueError(f"Not a conflict of these documents: {', '.join(sorted(unknown))}. Merge again.")
    if work.left:
        return MergeResult(None, tuple(work.left))
    document = parse(text, strict=False)
    if not choices and _faults(document) - _faults(ours) - _faults(theirs):
        return work.whole_body()
    return MergeResult(document, ())


def _faults(document: Document) -> set[str]:
    """What is wrong with a document, by code and check: a merge must not add to it."""
    found = {problem.code for problem in document.problems}
    return found | {f"{problem.code} {check.key}" for check in document.checks for problem in check.problems()}


class _Merge:
    def __init__(self, base: Document, ours: Document, theirs: Document, choices: Mapping[str, str]) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.choices = choices
        self.ids: set[str] = set()
        self.left: list[Conflict] = []

    def front(self) -> str:
        merged = merge_front(self.base.front, self.ours.front, self.theirs.front)
        head = "".join(self._front_piece(piece) for piece in merged.pieces)
        return head if self.left else apply_values(head, merged.values)

    def _front_piece(self, piece: str | Open) -> str:
        if isinstance(piece, str):
            return piece
        choice = self._choice(piece)
        if piece.where == "front matter":
            return {"ours": piece.ours, "theirs": piece.theirs}.get(choice, choice)
        sides: dict[str, Front] = {"ours": self.ours.front, "theirs": self.theirs.front}
        if choice in sides:
            return chunk_of(sides[choice], piece.where)
        return write_chunk(piece.where, choice, newline_of(self.ours.source)) if choice else ""

    def body(self) -> str:
        if self._has(place := self._body_place()):
            return self._text(place)
        text = pick(self.base.body, self.ours.body, self.theirs.body)
        if text is not None:
            return text
        base, ours, theirs = (body_units(document) for document in (self.base, self.ours, self.theirs))
        out = merge_units(base[0], ours[0], theirs[0], merge_check)
        pieces = glue(out, newline_of(self.ours.source), blank=True)
        return self._assemble(pieces) + pick_space(base[1], ours[1], theirs[1])

    def whole_body(self) -> MergeResult:
        """The parts merged, but not to a sound whole (a key twice, say): the body as one conflict."""
        place = self._body_place()
        self._choice(place)
        return MergeResult(None, tuple(self.left))

    def _body_place(self) -> Open:
        return Open(BODY, self.base.body, self.ours.body, self.theirs.body, None)

    def _has(self, place: Open) -> bool:
        return _identity(place) in self.choices

    def _assemble(self, pieces: Sequence[tuple[str, str | Open]]) -> str:
        texts: list[str] = []
        for lead, piece in pieces:
            text = piece if isinstance(piece, str) else self._text(piece)
            if text:
                texts += [lead, text]
        return "".join(texts)

    def _text(self, place: Open) -> str:
        choice = self._choice(place)
        if choice == "both":
            return f"{place.ours}{place.between}{place.theirs}"
        return {"ours": place.ours, "theirs": place.theirs}.get(choice, choice)

    def _choice(self, place: Open) -> str:
        """The decision for a place; without one it is a conflict, and "ours" stands in for it."""
        identity, number = _identity(place), 1
        while identity in self.ids:
            number += 1
            identity = f"{_identity(place)}-{number}"
        self.ids.add(identity)
        options = ("ours", "theirs") if place.between is None else ("ours", "theirs", "both")
        if identity not in self.choices:
            self.left.append(Conflict(identity, place.where, place.base, place.ours, place.theirs, options))
            return "ours"
        choice = self.choices[identity]
        if choice == "both" and choice not in options:
            raise ValueError(f"Both cannot stand at {place.where}: choose one, or write the text.")
        return choice


def _identity(place: Open) -> str:
    told = f"{place.where}\x00{place.base}\x00{place.ours}\x00{place.theirs}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:10]
