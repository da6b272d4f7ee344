"""What one person opened, and who opened what."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

_LAST = """
SELECT DISTINCT ON (s.asset_id) s.asset_id, s.version_id, s.last_at FROM telemetry_seen s
WHERE s.person_id = %s ORDER BY s.asset_id, s.last_at DESC
"""

_REACH = "SELECT version_id, count(*) FROM telemetry_seen WHERE version_id = ANY(%s) GROUP BY version_id"


def last_seen(person_id: int) -> dict[int, tuple[int, datetime]]:
    """Per asset a person opened: the version they opened last, and when. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [person_id])
        return {asset_id: (version_id, at) for asset_id, version_id, at in cursor.fetchall()}


def reach_of_versions(version_ids: Collection[int]) -> dict[int, int]:
    """Distinct people who opened each version; versions nobody opened are absent. 1 query.

    Figures over fewer than 5 people go through telemetry.queries.withhold before somebody without names sees them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REACH, [list(version_ids)])
        return dict(cursor.fetchall())
