"""One version as a page: what the portal shows. Fast, because every learner's click comes through here.

What never changes (the content of a version) is kept in the process, by version and content hash; what may change
(owner, review date, the collection's rules) is read each time.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.http import Http404
from django.utils.translation import gettext as _

from assets.content import Check as CheckContent

_LIGHT = """
SELECT v.id AS version_id, v.content_hash, v.asset_id, v.number, v.title, v.summary, v.words, v.minutes,
       v.created_at AS saved_at, v.change_class, v.change_reasons, v.message, a.key, a.kind, a.locale, a.review_by,
       a.retired_at, a.licence, a.source, a.owner_id,
       COALESCE(NULLIF(trim(o.first_name || ' ' || o.last_name), ''), o.username, '') AS owner,
       a.collection_id, c.name AS collection, c.learners_may_suggest, c.attribution
FROM assets_version v
JOIN assets_asset a ON a.id = v.asset_id
JOIN assets_collection c ON c.id = a.collection_id
LEFT JOIN people_user o ON o.id = a.owner_id
WHERE v.id = %s
"""

_CONTENT = """
SELECT
  (SELECT r.segments FROM assets_rendering r WHERE r.version_id = %(id)s),
  (SELECT r.toc FROM assets_rendering r WHERE r.version_id = %(id)s),
  (SELECT jsonb_agg(jsonb_build_array(vc.id, vc.check_identity_id, k.key, vc.type, vc.prompt, vc.data,
                                      encode(vc.content_hash, 'hex')) ORDER BY vc.position)
     FROM assets_versioncheck vc JOIN assets_check k ON k.id = vc.check_identity_id WHERE vc.version_id = %(id)s),
  (SELECT jsonb_agg(jsonb_build_array(o.id, o.key, o.statement) ORDER BY o.position, o.statement)
     FROM assets_versionoutcome vo JOIN assets_outcome o ON o.id = vo.outcome_id WHERE vo.version_id = %(id)s),
  (SELECT jsonb_agg(jsonb_build_array(t.id, t.key, t.kind, d.pinned) ORDER BY d.position)
     FROM assets_dependency d JOIN assets_asset t ON t.id = d.target_id
    WHERE d.version_id = %(id)s AND d.kind = 'item')
"""


@dataclass(frozen=True, slots=True)
class PageCheck:
    """A check as a learner may see it: `public` holds no right answer and no feedback.

    `id` is the identity (assets.Check) that evidence attaches to; `content_hash` is hex and changes with the content.
    """

    id: int
    version_check_id: int
    key: str
    type: str
    prompt: str
    public: Mapping[str, Any]
    content_hash: str


@dataclass(frozen=True, slots=True)
class PageOutcome:
    id: int
    key: str
    statement: str


@dataclass(frozen=True, slots=True)
class PageItem:
    """One step of a pathway. Which version a person gets, and whether, is delivery's to say."""

    asset_id: int
    key: str
    kind: str
    pinned: int | None


@dataclass(frozen=True, slots=True)
class PageContent:
    """What never changes. `segments` are ("html", markup) or ("check", key); `toc` (level, text, anchor)."""

    segments: tuple[tuple[str, str], ...]
    toc: tuple[tuple[int, str, str], ...]
    checks: Mapping[str, PageCheck]
    outcomes: tuple[PageOutcome, ...]
    items: tuple[PageItem, ...]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version with its asset, ready to be shown. `minutes` is reading time with 20 s for each check."""

    version_id: int
    content_hash: str
    asset_id: int
    number: int
    title: str
    summary: str
    words: int
    minutes: int
    saved_at: datetime
    change_class: str
    change_reasons: tuple[str, ...]
    message: str
    key: str
    kind: str
    locale: str
    review_by: date | None
    retired_at: datetime | None
    licence: str
    source: str
    owner_id: int | None
    owner: str
    collection_id: int
    collection: str
    learners_may_suggest: bool
    attribution: str
    content: PageContent

    @property
    def segments(self) -> tuple[tuple[str, str], ...]:
        return self.content.segments

    @property
    def toc(self) -> tuple[tuple[int, str, str], ...]:
        return self.content.toc

    @property
    def checks(self) -> Mapping[str, PageCheck]:
        return self.content.checks

    @property
    def outcomes(self) -> tuple[PageOutcome, ...]:
        return self.content.outcomes

    @property
    def items(self) -> tuple[PageItem, ...]:
        return self.content.items


def version_page(version_id: int) -> VersionPage:
    """The page of a version. Raises Http404 when there is none. 1 query when its content is at hand, else 2.

    Whether a person may see it is delivery's decision and must be made before.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LIGHT, [version_id])
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    if row is None:
        raise Http404(_("There is no such version."))
    values: dict[str, Any] = dict(zip(names, row, strict=True))
    values["content_hash"] = bytes(values["content_hash"]).hex()
    values["change_reasons"] = tuple(_as_json(values["change_reasons"]))
    return VersionPage(**values, content=_content(version_id, values["content_hash"]))


@lru_cache(maxsize=512)
def _content(version_id: int, content_hash: str) -> PageContent:  # noqa: ARG001 - the hash is a part of the cache's key
    with connection.cursor() as cursor:
        cursor.execute(_CONTENT, {"id": version_id})
        row = cursor.fetchone() or ()
    segments, toc, checks, outcomes, items = (_as_json(value) for value in row)
    return PageContent(
        tuple((kind, value) for kind, value in segments),
        tuple((level, text, anchor) for level, text, anchor in toc),
        {row[2]: _check(version_id, row) for row in checks},
        tuple(PageOutcome(*outcome) for outcome in outcomes),
        tuple(PageItem(*item) for item in items),
    )


def _as_json(value: Any) -> list[Any]:
    """A raw cursor gives JSON as text: Django turns psycopg2's own decoding off."""
    if isinstance(value, str):
        value = json.loads(value)
    return value or []


def _check(version_id: int, row: Sequence[Any]) -> PageCheck:
    pk, check_id, key, kind, prompt, data, digest = row
    public = CheckContent.from_dict(data).public(seed=str(version_id))
    return PageCheck(check_id, pk, key, kind, prompt, public, digest)
