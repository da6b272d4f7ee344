"""What gates look at: one text with everything it refers to, loaded for many texts in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from assets.content import Document, parse
from assets.gates.names import Names, load_names
from assets.models import Asset, Version, VersionMedia, VersionOutcome, Waiver


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft or a version on its way to a release.

    `mapped` are the outcome keys a saved version is tied to, and `frozen_media` the names of its files: what was
    not there when it was saved is not in it. Both are None for a draft, which takes what the library has now.
    `waived` are the gates that a lead let pass for it.
    """

    asset_id: int
    asset_key: str
    kind: str
    locale: str
    gate_settings: Mapping[str, str]
    document: Document
    names: Names
    mapped: frozenset[str] | None = None
    frozen_media: frozenset[str] | None = None
    waived: frozenset[str] = frozenset()


@lru_cache(maxsize=64)
def parsed(source: str) -> Document:
    """The document of a source, whatever is wrong with it. Kept for a while: one text is read by several askers."""
    return parse(source, strict=False)


def candidate_of_draft(asset: Asset, source: str, document: Document | None = None) -> Candidate:
    """The candidate of a text that is being written. `asset.collection` must be loaded. 1 query."""
    document = document or parsed(source)
    names = load_names([(asset.pk, asset.key, document)])
    return Candidate(
        asset.pk, asset.key, asset.kind, document.meta.locale or asset.locale, asset.collection.gate_settings,
        document, names,
    )  # fmt: skip


def candidates_of_versions(
    version_ids: Sequence[int], documents: Mapping[int, Document] | None = None
) -> dict[int, Candidate]:
    """The candidates of saved versions, by version id. 2 queries, whatever their number.

    `documents` are parsed already by the caller, by version id; the sources of the others are parsed here.
    """
    given = documents or {}
    rows = list(_version_rows(version_ids))
    texts = {row[0]: given.get(row[0]) or parsed(row[1]) for row in rows}
    names = load_names((row[2], row[3], texts[row[0]]) for row in rows)
    return {
        pk: Candidate(
            asset_id, key, kind, texts[pk].meta.locale or locale, settings, texts[pk], names,
            frozenset(mapped), frozenset(media), frozenset(waived),
        )
        for pk, _source, asset_id, key, kind, locale, settings, mapped, media, waived in rows
    }  # fmt: skip


def _version_rows(version_ids: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    this = OuterRef("pk")
    return Version.objects.filter(pk__in=version_ids).values_list(
        "id", "source", "asset_id", "asset__key", "asset__kind", "asset__locale", "asset__collection__gate_settings",
        ArraySubquery(VersionOutcome.objects.filter(version=this).values("outcome__key")),
        ArraySubquery(VersionMedia.objects.filter(version=this).values("name")),
        ArraySubquery(Waiver.objects.filter(version=this).values("gate")),
    )  # fmt: skip
