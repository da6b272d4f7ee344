"""What follows from a text and the library: what it is tied to, how it is shown, how much it changes. No queries."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext as _

from assets.content import Document, Rendering, classify, diff, render
from assets.gates.candidate import parsed
from assets.gates.links import fragment_of, media_name
from assets.gates.names import Names, outcome_keys
from assets.models import Dependency

MATERIAL: Final = "material"
EDITORIAL: Final = "editorial"


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


Resolve = Callable[[str], str | None]


def resolvers(asset_id: int, asset_key: str, names: Names) -> tuple[Resolve, Resolve]:
    """Where the links and the images of an asset's text lead: what `assets.content.render` asks for."""

    def image(src: str) -> str | None:
        sha = names.file(asset_id, src)
        return media_path(sha, media_name(src)) if sha else None

    def link(href: str) -> str | None:
        target = names.linked(asset_key, href)
        if target is None:
            return image(href)
        fragment = fragment_of(href)
        return f"{target.path}#{fragment}" if fragment else target.path

    return link, image


def rendered(asset_id: int, asset_key: str, document: Document, names: Names) -> Rendering:
    """The body as the portal shows it: links lead to assets, images to files of the asset."""
    link, image = resolvers(asset_id, asset_key, names)
    return render(document, link=link, image=image)


def media_path(sha256: str, name: str) -> str:
    """Where a file of the library is served."""
    return f"/media/{sha256}/{name.rpartition('/')[2]}"


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
