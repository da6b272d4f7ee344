"""What a text may refer to: outcomes, assets and files of the library, read for many texts at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from assets.content import Document
from assets.gates.links import candidate_keys, media_name
from assets.models import Asset

_SQL = """
SELECT 'outcome', o.id, o.key, o.statement, CASE WHEN o.is_group THEN 1 ELSE 0 END, ''
  FROM assets_outcome o WHERE o.key = ANY(%(outcomes)s)
UNION ALL
SELECT 'asset', a.id, a.key, a.kind || CASE WHEN a.retired_at IS NULL THEN '' ELSE ' retired' END,
       COALESCE((SELECT max(v.number) FROM assets_version v WHERE v.asset_id = a.id), 0), a.key
  FROM assets_asset a WHERE a.key = ANY(%(assets)s)
UNION ALL
SELECT 'asset', a.id, l.key, a.kind || CASE WHEN a.retired_at IS NULL THEN '' ELSE ' retired' END,
       COALESCE((SELECT max(v.number) FROM assets_version v WHERE v.asset_id = a.id), 0), a.key
  FROM assets_assetalias l JOIN assets_asset a ON a.id = l.asset_id WHERE l.key = ANY(%(assets)s)
UNION ALL
SELECT 'media', m.asset_id, m.name, m.file_id, 0, '' FROM assets_media m WHERE m.asset_id = ANY(%(media)s)
"""


@dataclass(frozen=True, slots=True)
class KnownOutcome:
    id: int
    key: str
    statement: str
    is_group: bool


@dataclass(frozen=True, slots=True)
class KnownAsset:
    """`newest` is the number of its newest version, 0 when it has none; `key` its present key, never a former one."""

    id: int
    key: str
    kind: str
    retired: bool
    newest: int

    @property
    def path(self) -> str:
        """Where the portal shows it."""
        return Asset(key=self.key).get_absolute_url()


@dataclass(frozen=True, slots=True)
class Names:
    """What exists of everything that a set of texts refers to. `media` is (asset id, name) → SHA-256."""

    outcomes: Mapping[str, KnownOutcome] = field(default_factory=dict)
    assets: Mapping[str, KnownAsset] = field(default_factory=dict)
    media: Mapping[tuple[int, str], str] = field(default_factory=dict)

    def linked(self, asset_key: str, href: str) -> KnownAsset | None:
        """The asset that `href` leads to when it is written in `asset_key`; None when there is none."""
        return next((self.assets[k] for k in candidate_keys(asset_key, href) if k in self.assets), None)

    def file(self, asset_id: int, src: str) -> str | None:
        """The SHA-256 of the file that `src` names in that asset; None when it has no such file."""
        return self.media.get((asset_id, media_name(src)))


def load_names(texts: Iterable[tuple[int, str, Document]]) -> Names:
    """Read what the texts refer to. `texts` are (asset id, asset key, document). 1 query, whatever their number."""
    outcomes: set[str] = set()
    assets: set[str] = set()
    media: set[int] = set()
    for asset_id, asset_key, document in texts:
        outcomes.update(outcome_keys(document))
        assets.update(item.key for item in document.meta.items)
        for link in document.links:
            assets.update(candidate_keys(asset_key, link.href))
        media.add(asset_id)
    parameters: dict[str, Any] = {"outcomes": sorted(outcomes), "assets": sorted(assets), "media": sorted(media)}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters)
        return _names(cursor.fetchall())


def _names(rows: Iterable[tuple[Any, ...]]) -> Names:
    outcomes: dict[str, KnownOutcome] = {}
    assets: dict[str, KnownAsset] = {}
    media: dict[tuple[int, str], str] = {}
    for what, pk, name, text, number, key in rows:
        if what == "outcome":
            outcomes[name] = KnownOutcome(pk, name, text, bool(number))
        elif what == "asset":
            kind, _, retired = text.partition(" ")
            assets.setdefault(name, KnownAsset(pk, key, kind, bool(retired), number))
        else:
            media[pk, name] = text
    return Names(outcomes, assets, media)


def outcome_keys(document: Document) -> tuple[str, ...]:
    """The outcome keys a text names, those of its checks included, in order and once each."""
    own = [check.outcome for check in document.checks if check.outcome]
    return tuple(dict.fromkeys([*document.meta.outcomes, *own]))
