"""Write prepared versions and all that is derived from them: one statement per step, whatever their number.

Rows travel as JSON and become rows again in the database (`json_to_recordset`): a statement with 40,000 parameters
is slower to send than to run.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from assets.actions.prepare import Prepared, search_text, segments_of
from assets.content import Check

_VERSIONS = """
INSERT INTO assets_version (asset_id, number, source, content_hash, title, summary, text, words, minutes,
    change_class, change_reasons, message, author_id, author_name, created_at)
SELECT asset_id, number, source, decode(hash, 'hex'), title, summary, text, words, minutes,
    change_class, change_reasons, message, author_id, author_name, created_at
FROM json_to_recordset(%s) AS r(asset_id bigint, number int, source text, hash text, title text, summary text,
    text text, words int, minutes int, change_class text, change_reasons jsonb, message text, author_id bigint,
    author_name text, created_at timestamptz)
RETURNING id, asset_id, number
"""

_CHECKS = """
WITH wanted AS (
    SELECT DISTINCT asset_id, key FROM json_to_recordset(%s) AS r(asset_id bigint, key text)
), made AS (
    INSERT INTO assets_check (asset_id, key) SELECT asset_id, key FROM wanted
    ON CONFLICT (asset_id, key) DO NOTHING RETURNING id, asset_id, key
)
SELECT id, asset_id, key FROM made
UNION ALL
SELECT c.id, c.asset_id, c.key FROM assets_check c JOIN wanted USING (asset_id, key)
"""

_DERIVED = """
WITH renderings AS (
    INSERT INTO assets_rendering (version_id, segments, toc)
    SELECT version_id, segments, toc
    FROM json_to_recordset(%(renderings)s) AS r(version_id bigint, segments jsonb, toc jsonb)
), outcomes AS (
    INSERT INTO assets_versionoutcome (version_id, outcome_id)
    SELECT version_id, outcome_id FROM json_to_recordset(%(outcomes)s) AS r(version_id bigint, outcome_id bigint)
), dependencies AS (
    INSERT INTO assets_dependency (version_id, kind, target_id, position, pinned)
    SELECT version_id, kind, target_id, position, pinned FROM json_to_recordset(%(dependencies)s)
        AS r(version_id bigint, kind text, target_id bigint, position int, pinned int)
), media AS (
    INSERT INTO assets_versionmedia (version_id, name, file_id)
    SELECT version_id, name, file_id
    FROM json_to_recordset(%(media)s) AS r(version_id bigint, name text, file_id text)
), checks AS (
    INSERT INTO assets_versioncheck (version_id, check_identity_id, position, type, prompt, data, content_hash)
    SELECT version_id, check_id, position, type, prompt, data, decode(hash, 'hex')
    FROM json_to_recordset(%(checks)s)
        AS r(version_id bigint, check_id bigint, position int, type text, prompt text, data jsonb, hash text)
    RETURNING id, version_id, check_identity_id
)
INSERT INTO assets_versioncheckoutcome (version_check_id, outcome_id)
SELECT checks.id, r.outcome_id
FROM json_to_recordset(%(check_outcomes)s) AS r(version_id bigint, check_id bigint, outcome_id bigint)
JOIN checks ON checks.version_id = r.version_id AND checks.check_identity_id = r.check_id
"""

# A draft that nobody touched since it was last saved follows; one that somebody is writing stays as it is.
_DRAFTS = """
INSERT INTO assets_draft AS d (asset_id, based_on_id, source, edit, updated_at, updated_by_id)
SELECT asset_id, id, source, 1, now(), author_id FROM assets_version WHERE id = ANY(%s)
ON CONFLICT (asset_id) DO UPDATE
SET based_on_id = EXCLUDED.based_on_id, source = EXCLUDED.source, updated_at = EXCLUDED.updated_at,
    updated_by_id = EXCLUDED.updated_by_id, edit = d.edit + CASE WHEN d.source = EXCLUDED.source THEN 0 ELSE 1 END
WHERE d.source = EXCLUDED.source
   OR (d.based_on_id IS NULL AND d.edit = 1)
   OR EXISTS (SELECT FROM assets_version p WHERE p.id = d.based_on_id AND p.source = d.source)
"""

_ASSETS = """
UPDATE assets_asset a SET title = r.title, locale = r.locale, licence = r.licence, source = r.source,
    review_by = r.review_by
FROM json_to_recordset(%s)
    AS r(id bigint, title text, locale text, licence text, source text, review_by date)
WHERE a.id = r.id
"""

_ALIASES = """
INSERT INTO assets_assetalias (key, asset_id)
SELECT r.key, r.asset_id FROM json_to_recordset(%s) AS r(key text, asset_id bigint)
WHERE NOT EXISTS (SELECT FROM assets_asset a WHERE a.key = r.key)
ON CONFLICT (key) DO NOTHING
"""


def insert_versions(prepared: Sequence[Prepared]) -> None:
    """Insert the versions and give each `Prepared` its id. 1 query."""
    by_number = {(p.item.asset_id, p.number): p for p in prepared}
    for pk, asset_id, number in _rows(_VERSIONS, [_json(_version(p) for p in prepared)]):
        by_number[asset_id, number].id = pk


def _version(p: Prepared) -> dict[str, Any]:
    meta = p.document.meta
    return {
        "asset_id": p.item.asset_id,
        "number": p.number,
        "source": p.item.source,
        "hash": p.content_hash.hex(),
        "title": meta.title[:300],
        "summary": meta.summary,
        "text": search_text(p.document),
        "words": p.document.words,
        "minutes": p.document.minutes,
        "change_class": p.change.kind,
        "change_reasons": [str(reason) for reason in p.change.reasons],
        "message": p.item.message[:300],
        "author_id": p.item.author.pk if p.item.author else None,
        "author_name": p.item.author_name[:160],
        "created_at": p.created_at.isoformat(),
    }


def insert_derived(prepared: Sequence[Prepared]) -> None:
    """Insert checks, outcomes, dependencies, media and renderings of versions that have ids. 2 queries at most."""
    check_ids = _check_ids(prepared)
    checks = [
        _check(p, check, position, check_ids[p.item.asset_id, check.key])
        for p in prepared
        for position, check in enumerate(p.document.checks, 1)
    ]
    check_outcomes = [
        {"version_id": p.id, "check_id": check_ids[p.item.asset_id, key], "outcome_id": outcome}
        for p in prepared
        for key, outcome in dict.fromkeys(p.check_outcomes)
    ]
    parameters = {
        "renderings": _json(
            {"version_id": p.id, "segments": segments_of(p.rendering), "toc": _toc(p)} for p in prepared
        ),
        "outcomes": _json({"version_id": p.id, "outcome_id": pk} for p in prepared for pk in sorted(p.uses.outcomes)),
        "dependencies": _json(_dependencies(prepared)),
        "media": _json(
            {"version_id": p.id, "name": name, "file_id": sha} for p in prepared for name, sha in sorted(p.uses.media)
        ),
        "checks": _json(checks),
        "check_outcomes": _json(check_outcomes),
    }
    _run(_DERIVED, parameters)


def _check(p: Prepared, check: Check, position: int, check_id: int) -> dict[str, Any]:
    return {
        "version_id": p.id,
        "check_id": check_id,
        "position": position,
        "type": check.type,
        "prompt": check.prompt,
        "data": check.full(),
        "hash": p.check_hashes[check.key].hex(),
    }


def _toc(p: Prepared) -> list[list[Any]]:
    return [[heading.level, heading.text, heading.anchor] for heading in p.rendering.toc]


def _dependencies(prepared: Sequence[Prepared]) -> Iterable[dict[str, Any]]:
    for p in prepared:
        for kind, target, position, pinned in sorted(p.uses.dependencies, key=lambda d: (d[0], d[2], d[1])):
            yield {"version_id": p.id, "kind": kind, "target_id": target, "position": position, "pinned": pinned}


def _check_ids(prepared: Sequence[Prepared]) -> dict[tuple[int, str], int]:
    wanted = [{"asset_id": p.item.asset_id, "key": check.key} for p in prepared for check in p.document.checks]
    if not wanted:
        return {}
    return {(asset_id, key): pk for pk, asset_id, key in _rows(_CHECKS, [_json(wanted)])}


def move_drafts(version_ids: Sequence[int]) -> None:
    """Base drafts on new versions where nobody has changed them meanwhile; make those that are missing. 1 query."""
    _run(_DRAFTS, [list(version_ids)])


def update_assets(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write title, locale, licence, source and review_by of assets. 1 query, none without rows."""
    if rows:
        _run(_ASSETS, [_json(rows)])


def insert_aliases(pairs: Sequence[tuple[str, int]]) -> None:
    """Keep former keys of assets, but never one that is another asset's. 1 query, none without pairs."""
    if pairs:
        _run(_ALIASES, [_json({"key": key, "asset_id": asset_id} for key, asset_id in pairs)])


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(rows), ensure_ascii=False, default=str)


def _run(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
