"""What people did with the version of an asset that was used last: for whoever writes the next one."""

from dataclasses import dataclass

from django.db import connection

from telemetry.queries.item import CheckStatistics, check_statistics
from telemetry.queries.withhold import MINIMUM


@dataclass(frozen=True, slots=True)
class CheckInsight:
    """One check of the version: first answers right of all first answers; None when withheld."""

    key: str
    right: int | None
    n: int | None


@dataclass(frozen=True, slots=True)
class Insights:
    """The version, and what became of it. Figures over 1 to 4 people are None: withheld."""

    number: int
    people: int | None
    useful: int | None
    rated: int | None
    review_flags: int
    checks: tuple[CheckInsight, ...]


# The newest version that anything was counted on; a version nobody has used says nothing yet.
_USED = """
SELECT v.id, v.number, (SELECT count(*) FROM telemetry_seen s WHERE s.version_id = v.id),
    sum(r.useful), sum(r.useful + r.not_useful), sum(r.review_flags)
FROM assets_version v
JOIN telemetry_rollup r ON r.version_id = v.id AND r.check_identity_id IS NULL AND r.outcome_id IS NULL
WHERE v.asset_id = %s GROUP BY v.id, v.number ORDER BY v.number DESC LIMIT 1
"""

_CHECKS = """
SELECT c.check_identity_id, i.key FROM assets_versioncheck c JOIN assets_check i ON i.id = c.check_identity_id
WHERE c.version_id = %s ORDER BY c.position
"""


def insights_of_asset(asset_id: int) -> Insights | None:
    """Figures of the newest version that was used; None when none was. 4 queries at most."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, [asset_id])
        row = cursor.fetchone()
        if row is None:
            return None
        version_id, number, people, useful, rated, review_flags = row
        cursor.execute(_CHECKS, [version_id])
        keys = dict(cursor.fetchall())
    found = check_statistics(version_id, list(keys))
    shown = people == 0 or people >= MINIMUM
    return Insights(
        number,
        people if shown else None,
        useful if shown else None,
        rated if shown else None,
        review_flags,
        tuple(_check(key, found.get(check_id)) for check_id, key in keys.items()),
    )


def _check(key: str, found: CheckStatistics | None) -> CheckInsight:
    if found is None:
        return CheckInsight(key, 0, 0)
    if found.people < MINIMUM:
        return CheckInsight(key, None, None)
    return CheckInsight(key, found.first.right, found.first.n)
