"""What teaches an outcome, and when it was released."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from delivery.queries.resolve import decide_all
from people.models import User

_TEACHING = """
SELECT DISTINCT x.outcome_id, a.id, a.key, v.title, a.kind, v.id, v.number FROM (
    SELECT vo.outcome_id, vo.version_id FROM assets_versionoutcome vo
    WHERE vo.version_id = ANY(%(versions)s) AND vo.outcome_id = ANY(%(outcomes)s)
    UNION ALL
    SELECT co.outcome_id, c.version_id FROM assets_versioncheck c
    JOIN assets_versioncheckoutcome co ON co.version_check_id = c.id
    WHERE c.version_id = ANY(%(versions)s) AND co.outcome_id = ANY(%(outcomes)s)) x
JOIN assets_version v ON v.id = x.version_id JOIN assets_asset a ON a.id = v.asset_id
ORDER BY x.outcome_id, v.title, a.id, v.number DESC
"""

_RELEASED = """
SELECT r.released_at, v.number, v.title, r.note, r.id
FROM delivery_release r JOIN assets_version v ON v.id = r.version_id
WHERE r.released_at >= %(since)s AND (
    EXISTS (SELECT 1 FROM assets_versionoutcome vo WHERE vo.version_id = v.id AND vo.outcome_id = %(outcome)s)
    OR EXISTS (SELECT 1 FROM assets_versioncheck c JOIN assets_versioncheckoutcome co ON co.version_check_id = c.id
               WHERE c.version_id = v.id AND co.outcome_id = %(outcome)s))
ORDER BY r.released_at, r.id
LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Teaches:
    """A version in force that teaches an outcome, or asks for it."""

    asset_id: int
    key: str
    title: str
    kind: str
    version_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Released:
    """A release of a version that teaches an outcome."""

    at: datetime
    number: int
    title: str
    note: str
    release_id: int


def teaching(outcome_ids: Collection[int], versions: Collection[int]) -> dict[int, list[Teaches]]:
    """Outcome id → which of `versions` teach it, by title. Outcomes that none teaches are absent. 1 query."""
    found: dict[int, list[Teaches]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TEACHING, {"outcomes": list(outcome_ids), "versions": list(versions)})
        for outcome_id, *row in cursor.fetchall():
            found.setdefault(outcome_id, []).append(Teaches(*row))
    return found


def releases_of_outcome(outcome_id: int, since: datetime) -> list[Released]:
    """Releases since a moment of what teaches an outcome, oldest first, at most 200. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASED, {"outcome": outcome_id, "since": since})
        return [Released(*row) for row in cursor.fetchall()]


def opens_for(person: User) -> frozenset[int]:
    """Ids of the assets that the person can open: only to these a page of theirs may lead. 3 queries at most."""
    return frozenset(decide_all(person))
