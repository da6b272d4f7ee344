"""What must be known of people and versions before an event becomes a row.

Versions never change, so what is read of one is kept as long as the connection it was read through: another database
behind a new connection (a restore, a test) starts afresh. People move between teams, so they are asked for each time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection

_KEPT_AT_MOST: Final = 20_000
_kept: "WeakKeyDictionary[Any, dict[int, VersionFacts]]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The name that statements carry, and the team now."""

    pseudonym: UUID
    team_id: int | None


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version's asset and number; per check its content hash (hex) and the outcomes it tests."""

    asset_id: int
    number: int
    checks: Mapping[int, tuple[str, tuple[int, ...]]]


def facts_of_people(person_ids: Collection[int]) -> dict[int, PersonFacts]:
    """Pseudonym and current team by person. People that do not exist are absent. 1 query, none for nobody."""
    if not person_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, pseudonym, team_id FROM people_user WHERE id = ANY(%s)", [list(person_ids)])
        return {row[0]: PersonFacts(row[1], row[2]) for row in cursor.fetchall()}


_VERSIONS = """
SELECT v.id, v.asset_id, v.number, c.check_identity_id, encode(c.content_hash, 'hex'),
    array(SELECT o.outcome_id FROM assets_versioncheckoutcome o WHERE o.version_check_id = c.id ORDER BY o.outcome_id)
FROM assets_version v LEFT JOIN assets_versioncheck c ON c.version_id = v.id
WHERE v.id = ANY(%s)
"""


def facts_of_versions(version_ids: Collection[int]) -> dict[int, VersionFacts]:
    """Facts by version. Versions that do not exist are absent. 1 query for those not met before, else none."""
    if not version_ids:
        return {}
    connection.ensure_connection()
    kept = _kept.setdefault(connection.connection, {})
    if len(kept) > _KEPT_AT_MOST:
        kept.clear()
    missing = [pk for pk in set(version_ids) if pk not in kept]
    if missing:
        kept.update(_read(missing))
    return {pk: kept[pk] for pk in version_ids if pk in kept}


def _read(version_ids: list[int]) -> dict[int, VersionFacts]:
    heads: dict[int, tuple[int, int]] = {}
    checks: dict[int, dict[int, tuple[str, tuple[int, ...]]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [version_ids])
        for version_id, asset_id, number, check_id, content_hash, outcomes in cursor.fetchall():
            heads[version_id] = (asset_id, number)
            found = checks.setdefault(version_id, {})
            if check_id is not None:
                found[check_id] = (content_hash, tuple(outcomes))
    return {pk: VersionFacts(*heads[pk], checks[pk]) for pk in heads}
