"""Work out everything a version consists of, before anything is written. No queries."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from assets.content import Check, CheckSlot, Document, Html, Rendering, classify, diff, render, render_text
from assets.content.classify import plain
from assets.gates.candidate import parsed
from assets.gates.links import fragment_of, media_name
from assets.gates.names import Names, outcome_keys
from assets.models import Dependency
from people.models import User

# A search vector holds at most 1 MB; this much text always fits, and nobody searches for page 200 of an asset.
SEARCHED_CHARACTERS = 200_000
MATERIAL: Final = "material"
EDITORIAL: Final = "editorial"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A version to be made: the whole file, and who wrote it when.

    `author_name` and `created_at` are those of an imported revision. `document` and `rendering` save the time to
    parse and render when the caller has them already.
    """

    asset_id: int
    source: str
    author: User | None = None
    author_name: str = ""
    created_at: datetime | None = None
    message: str = ""
    raise_to_material: bool = False
    document: Document | None = None
    rendering: Rendering | None = None


@dataclass(frozen=True, slots=True)
class Uses:
    """What a text is tied to in the library. Two versions with the same text and the same uses are the same."""

    outcomes: frozenset[int]
    dependencies: frozenset[tuple[str, int, int, int | None]]  # kind, target, position, pinned
    media: frozenset[tuple[str, str]]  # name, SHA-256


@dataclass(frozen=True, slots=True)
class Previous:
    """The version before: what a new one is compared with. `uses` is None until somebody needs it."""

    id: int | None
    number: int
    source: str
    content_hash: bytes
    check_hashes: Mapping[str, bytes]
    uses: Uses | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a text: the class of the change, why, and the keys of the checks that are asked again."""

    kind: Literal["editorial", "material"]
    reasons: tuple[str, ...]
    touched_checks: frozenset[str]


@dataclass(slots=True)
class Prepared:
    """A version that is ready to be written; `id` is known afterwards."""

    item: NewVersion
    number: int
    document: Document
    content_hash: bytes
    uses: Uses
    rendering: Rendering
    change: Change
    check_hashes: dict[str, bytes]  # by check key
    check_outcomes: list[tuple[str, int]]  # check key, outcome id
    created_at: datetime = field(default_factory=timezone.now)
    id: int = 0


def hash_of(source: str) -> bytes:
    """SHA-256 of a source as it is written to a file: UTF-8."""
    return hashlib.sha256(source.encode()).digest()


def hash_of_check(check: Check) -> bytes:
    """SHA-256 of what is asked and what is right: where the check stands and its feedback make no difference."""
    asked = {
        "type": check.type,
        "outcome": check.outcome,
        "prompt": plain(check.prompt),
        "choices": [[plain(choice.text), choice.right] for choice in check.choices],
        "pairs": [[plain(pair.left), plain(pair.right)] for pair in check.pairs],
        "gaps": [list(gap.answers) for gap in check.gaps],
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).digest()


def check_hashes(document: Document, previous: Previous | None, change: Change, *, raised: bool) -> dict[str, bytes]:
    """The hash of each check, which evidence is tied to.

    A check that the change did not touch keeps the hash it had, and so its evidence. One that it touched gets the hash
    of its content; when the author raised the change, every check gets one that was never there, and is asked again.
    """
    before = previous.check_hashes if previous else {}
    number = previous.number + 1 if previous else 1
    hashes: dict[str, bytes] = {}
    for check in document.checks:
        fresh = hash_of_check(check)
        if raised and previous:
            hashes[check.key] = hashlib.sha256(fresh + number.to_bytes(4)).digest()
        elif check.key in before and check.key not in change.touched_checks:
            hashes[check.key] = before[check.key]
        else:
            hashes[check.key] = fresh
    return hashes


def uses_of(asset_id: int, asset_key: str, document: Document, names: Names) -> Uses:
    """What a text of this asset is tied to, of what exists."""
    known = (names.outcomes.get(key) for key in outcome_keys(document))
    return Uses(
        frozenset(outcome.id for outcome in known if outcome and not outcome.is_group),
        frozenset(_dependencies(asset_id, asset_key, document, names)),
        frozenset(_media(asset_id, document, names)),
    )


def _dependencies(
    asset_id: int, asset_key: str, document: Document, names: Names
) -> Iterator[tuple[str, int, int, int | None]]:
    for position, item in enumerate(document.meta.items, 1):
        known = names.assets.get(item.key)
        if known and known.id != asset_id:
            yield Dependency.Kind.ITEM.value, known.id, position, item.pinned
    for link in document.links:
        known = names.linked(asset_key, link.href)
        if known and known.id != asset_id:
            yield Dependency.Kind.LINK.value, known.id, link.line, None


def _media(asset_id: int, document: Document, names: Names) -> Iterator[tuple[str, str]]:
    for src in [*(image.src for image in document.images), *(link.href for link in document.links)]:
        sha = names.file(asset_id, src)
        if sha:
            yield media_name(src), sha


def rendered(asset_id: int, asset_key: str, document: Document, names: Names) -> Rendering:
    """The body as the portal shows it: links lead to assets, images to files of the asset."""

    def image(src: str) -> str | None:
        sha = names.file(asset_id, src)
        return media_path(sha, media_name(src)) if sha else None

    def link(href: str) -> str | None:
        target = names.linked(asset_key, href)
        if target is None:
            return image(href)
        fragment = fragment_of(href)
        return f"{target.path}#{fragment}" if fragment else target.path

    return render(document, link=link, image=image)


def media_path(sha256: str, name: str) -> str:
    """Where a file of the library is served."""
    return f"/media/{sha256}/{name.rpartition('/')[2]}"


def prepare(item: NewVersion, *, asset_key: str, previous: Previous | None, names: Names) -> Prepared:
    """Everything version `previous.number + 1` consists of."""
    document = item.document or parsed(item.source)
    uses = uses_of(item.asset_id, asset_key, document, names)
    change = change_between(previous, document, uses, raised=item.raise_to_material)
    hashes = check_hashes(document, previous, change, raised=item.raise_to_material)
    return Prepared(
        item=item,
        number=previous.number + 1 if previous else 1,
        document=document,
        content_hash=hash_of(item.source),
        uses=uses,
        rendering=item.rendering or rendered(item.asset_id, asset_key, document, names),
        change=change,
        check_hashes=hashes,
        check_outcomes=list(_check_outcomes(document, names)),
        created_at=item.created_at or timezone.now(),
    )


def change_between(previous: Previous | None, document: Document, uses: Uses | None, *, raised: bool) -> Change:
    """How much a text changes against the version before, with reasons. An author can raise it; nobody lowers it."""
    if previous is None:
        return Change(MATERIAL, (_("This is the first version."),), frozenset())
    found = classify(diff(parsed(previous.source), document))
    kind, reasons = found.kind, [reason.message for reason in found.reasons]
    if uses and previous.uses and not reasons:
        if uses.outcomes != previous.uses.outcomes:
            kind, reasons = MATERIAL, [_("The outcomes it is tied to changed.")]
        elif uses.media != previous.uses.media:
            reasons = [_("A file was replaced.")]
    if raised and kind == EDITORIAL:
        kind, reasons = MATERIAL, [_("The author raised it."), *reasons]
    return Change(kind, tuple(reasons), frozenset(found.touched_checks))


def _check_outcomes(document: Document, names: Names) -> Iterator[tuple[str, int]]:
    """Check key and outcome id: what each check tests is the outcome it names, else all of the text's."""
    for check in document.checks:
        for key in (check.outcome,) if check.outcome else document.meta.outcomes:
            known = names.outcomes.get(key)
            if known and not known.is_group:
                yield check.key, known.id


def segments_of(rendering: Rendering) -> list[list[str]]:
    """A rendering as JSON: `[["html", "<p>…"], ["check", "partial-limit"], …]`."""
    return [_segment(segment) for segment in rendering.segments]


def _segment(segment: Html | CheckSlot) -> list[str]:
    return ["html", segment.html] if isinstance(segment, Html) else ["check", segment.check.key]


def search_text(document: Document) -> str:
    """Plain text for search, without what a check's answers would give away."""
    return render_text(document)[:SEARCHED_CHARACTERS]
