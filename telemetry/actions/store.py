"""Put rows into the record: the one place that calls `telemetry_store` (migration 0003, docs/adr/0004)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection, transaction

from telemetry.xapi.vocabulary import KINDS, dictionary_id

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
BATCH: Final = 1000  # rows per round trip
_KNOWN_AT_MOST: Final = 50_000
# Dictionary rows that this connection has committed. Another database behind a new connection starts afresh.
_known: "WeakKeyDictionary[Any, set[UUID]]" = WeakKeyDictionary()


@dataclass(slots=True, kw_only=True)
class Row:
    """One statement on its way in: its columns, the form it is kept in, and what counting it needs."""

    id: UUID
    payload_hash: bytes
    at: datetime
    actor_id: UUID
    account: str
    person_id: int | None
    verb_iri: str
    object_iri: str
    object_type: str
    raw: str
    claimed: bool
    channel: str = ""
    asset_id: int | None = None
    version_id: int | None = None
    check_id: int | None = None
    content_hash: str | None = None  # hex, of the check as it stood in the version
    outcome_ids: Sequence[int] = ()
    release_id: int | None = None
    team_id: int | None = None
    right: bool | None = None
    score: float | None = None
    duration_s: float | None = None


@dataclass(slots=True)
class Stored:
    """What became of a batch, by statement id: written now, there already, or there with other content."""

    stored: list[UUID] = field(default_factory=list)
    skipped: list[UUID] = field(default_factory=list)
    conflicts: list[UUID] = field(default_factory=list)


def store(rows: Sequence[Row]) -> Stored:
    """Write statements, each exactly once, and move evidence, seen and rollups with them.

    Joins the caller's transaction. Locks, in this order and each sorted by key: ids, evidence, seen, rollups; call it
    once per transaction, at its end, so that two callers never wait for each other in a ring. 1 query per 1,000 rows.
    Listeners on `learningops_rollup` are told when the transaction commits.
    """
    result = Stored()
    unique = _without_repeats(rows, result)
    with transaction.atomic():
        for start in range(0, len(unique), BATCH):
            _store_batch(unique[start : start + BATCH], result)
    return result


def _without_repeats(rows: Sequence[Row], result: Stored) -> list[Row]:
    """The first of each id; a repeat with equal content is skipped, one with other content is a conflict."""
    first: dict[UUID, Row] = {}
    for row in rows:
        known = first.setdefault(row.id, row)
        if known is not row:
            (result.skipped if known.payload_hash == row.payload_hash else result.conflicts).append(row.id)
    return list(first.values())


def _store_batch(rows: Sequence[Row], result: Stored) -> None:
    fresh = _new_dictionary_rows(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement_id, state FROM telemetry_store(%s::text::jsonb, %s::text::jsonb)",
            [
                _encode([_as_json(n, row) for n, row in enumerate(rows)]),
                json.dumps(fresh.as_json) if fresh.ids else None,
            ],
        )
        for statement_id, state in cursor.fetchall():
            {"stored": result.stored, "skipped": result.skipped, "conflict": result.conflicts}[state].append(
                statement_id
            )
    if fresh.ids:
        known = _known_here()
        transaction.on_commit(lambda: known.update(fresh.ids))


def _as_json(n: int, row: Row) -> dict[str, Any]:
    return {
        "n": n,
        "id": str(row.id),
        "hash": row.payload_hash.hex(),
        "at": row.at.isoformat(),
        "actor": str(row.actor_id),
        "verb": str(dictionary_id(row.verb_iri)),
        "object": str(dictionary_id(row.object_iri)),
        "person": row.person_id,
        "asset": row.asset_id,
        "version": row.version_id,
        "check": row.check_id,
        "content": row.content_hash,
        "outcomes": list(row.outcome_ids),
        "release": row.release_id,
        "team": row.team_id,
        "channel": row.channel,
        "kind": KINDS.get(row.verb_iri, "other"),
        "right": row.right,
        "score": row.score,
        "duration": row.duration_s,
        "claimed": row.claimed,
        "raw": row.raw,
    }


@dataclass(frozen=True, slots=True)
class _Dictionary:
    ids: frozenset[UUID]
    as_json: dict[str, list[dict[str, Any]]]


def _new_dictionary_rows(rows: Sequence[Row]) -> _Dictionary:
    """Verbs, activities and actors this connection has not yet committed. Usually none."""
    verbs: dict[UUID, dict[str, Any]] = {}
    activities: dict[UUID, dict[str, Any]] = {}
    actors: dict[UUID, dict[str, Any]] = {}
    known = _known_here()
    for row in rows:
        verb, thing = dictionary_id(row.verb_iri), dictionary_id(row.object_iri)
        if verb not in known:
            verbs[verb] = {"id": str(verb), "iri": row.verb_iri}
        if thing not in known:
            activities[thing] = {"id": str(thing), "iri": row.object_iri, "type": row.object_type}
        if row.actor_id not in known:
            actors[row.actor_id] = {"id": str(row.actor_id), "account": row.account, "person": row.person_id}
    return _Dictionary(
        frozenset({*verbs, *activities, *actors}),
        {"verbs": list(verbs.values()), "activities": list(activities.values()), "actors": list(actors.values())},
    )


def _known_here() -> set[UUID]:
    connection.ensure_connection()
    known = _known.setdefault(connection.connection, set())
    if len(known) > _KNOWN_AT_MOST:
        known.clear()
    return known
