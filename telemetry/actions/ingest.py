"""Take in statements that others wrote: checked, stored once, never counted as evidence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone

from telemetry.actions.store import Row, store
from telemetry.queries.facts import VersionFacts, facts_of_versions
from telemetry.xapi import vocabulary as words
from telemetry.xapi.canonical import as_uuid, payload_hash
from telemetry.xapi.validate import Problem, problems_in


@dataclass(slots=True)
class Ingested:
    """What became of each statement. `ids` in the order given, None where it was refused."""

    ids: list[UUID | None] = field(default_factory=list)
    stored: list[UUID] = field(default_factory=list)
    skipped: list[UUID] = field(default_factory=list)  # there already, equal
    conflicts: list[UUID] = field(default_factory=list)  # there already, with other content
    refused: dict[int, list[Problem]] = field(default_factory=dict)  # position → what is wrong


def ingest(statements: Sequence[Mapping[str, Any]]) -> Ingested:
    """Store xAPI statements from outside, each exactly once by its id.

    One that is wrong, or whose id is taken by other content, is reported and does not sink the others. What they claim
    is kept as it was sent, with `claimed`: it never becomes evidence and moves no rollup but `claims`. Actors must be
    accounts: a name or a mailbox could not be erased from an append-only record.

    Joins the caller's transaction. 3 queries per 1,000 statements at most; locks as telemetry.actions.store.
    """
    result = Ingested()
    now = timezone.now()
    accepted: list[tuple[dict[str, Any], bool]] = []
    for position, given in enumerate(statements):
        problems = problems_in(given) or _not_erasable(given)
        if problems:
            result.refused[position] = problems
            result.ids.append(None)
            continue
        statement = dict(given)
        statement_id = as_uuid(statement.get("id")) or uuid4()
        statement["id"] = str(statement_id)
        timed = "timestamp" in statement
        statement.setdefault("timestamp", now.astimezone(UTC).isoformat())
        accepted.append((statement, timed))
        result.ids.append(statement_id)
    stored = store(_rows([s for s, _timed in accepted], [timed for _s, timed in accepted]))
    result.stored, result.skipped, result.conflicts = stored.stored, stored.skipped, stored.conflicts
    return result


def _not_erasable(statement: Mapping[str, Any]) -> list[Problem]:
    actor = statement["actor"]
    if "account" not in actor or "name" in actor:
        return [("/actor", "must be an account without a name: a person's name cannot be erased from the record")]
    return []


_PEOPLE = "SELECT pseudonym, id, team_id FROM people_user WHERE pseudonym = ANY(%s::uuid[])"


def _rows(statements: Sequence[Mapping[str, Any]], timed: Sequence[bool]) -> list[Row]:
    people = _people_behind(statements)
    versions = facts_of_versions({v for s in statements if (v := _version_id(s)) is not None})
    return [
        _row(statement, people, versions, timestamp_given=given)
        for statement, given in zip(statements, timed, strict=True)
    ]


def _people_behind(statements: Sequence[Mapping[str, Any]]) -> dict[UUID, tuple[int, int | None]]:
    """Person and team by pseudonym, for accounts of this site."""
    accounts = [s["actor"]["account"] for s in statements]
    names = {as_uuid(a["name"]) for a in accounts if a["homePage"] == settings.SITE_URN} - {None}
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [[str(name) for name in names]])
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _version_id(statement: Mapping[str, Any]) -> int | None:
    value = statement.get("context", {}).get("extensions", {}).get(words.VERSION_ID)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else None


def _own_id(iri: str, kind: str) -> int | None:
    """42 of "<site>:asset:42"; None for a thing that is not of this site."""
    tail = iri.removeprefix(f"{settings.SITE_URN}:{kind}:")
    return int(tail) if tail != iri and tail.isascii() and tail.isdigit() and len(tail) < 19 else None


def _row(
    statement: Mapping[str, Any],
    people: Mapping[UUID, tuple[int, int | None]],
    versions: Mapping[int, VersionFacts],
    *,
    timestamp_given: bool,
) -> Row:
    account = statement["actor"]["account"]
    own = as_uuid(account["name"]) if account["homePage"] == settings.SITE_URN else None
    person_id, team_id = people.get(own, (None, None)) if own else (None, None)
    thing = statement["object"]
    iri = thing.get("id") or "urn:learningops:agent"
    version_id = _version_id(statement)
    version = versions.get(version_id or 0)
    result = statement.get("result", {})
    return Row(
        id=UUID(statement["id"]),
        payload_hash=payload_hash(statement, timestamp_set_by_server=not timestamp_given),
        at=_moment(statement["timestamp"]),
        actor_id=own
        if own and person_id is not None
        else words.dictionary_id(f"{account['homePage']}:{account['name']}"),
        account=account["name"],
        person_id=person_id,
        verb_iri=statement["verb"]["id"],
        object_iri=iri,
        object_type=thing.get("definition", {}).get("type", ""),
        raw=json.dumps(statement, separators=(",", ":"), ensure_ascii=False),
        claimed=True,
        channel="xapi",
        asset_id=version.asset_id if version else _own_id(iri, "asset"),
        version_id=version_id if version else None,
        check_id=_own_id(iri, "check"),
        team_id=team_id,
        right=result.get("success"),
        score=result.get("score", {}).get("scaled"),
    )


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)  # xAPI 4.4: without an offset it is read as UTC
