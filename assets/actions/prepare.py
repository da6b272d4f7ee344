"""Work out everything a version consists of, before anything is written. No queries."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from assets.content import Check, CheckSlot, Document, Html, Rendering, render_text
from assets.content.classify import plain
from assets.gates.candidate import parsed
from assets.gates.names import Names
from assets.queries.derived import Change, Previous, Uses, change_between, rendered, uses_of
from people.models import User

# A search vector holds at most 1 MB; this much text always fits, and nobody searches for page 200 of an asset.
SEARCHED_CHARACTERS = 200_000


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
