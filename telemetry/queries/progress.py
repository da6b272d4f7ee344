"""How far one person is through assets."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Progress:
    """One person and one asset, measured on the version they are given now."""

    asset_id: int
    version_id: int
    checks: int
    right: int  # checks answered right at least once, as they stand in this version
    opened: bool  # this version, or an earlier one that differs from it only editorially

    @property
    def done(self) -> bool:
        """All checks right; without checks, opened."""
        return self.right == self.checks if self.checks else self.opened

    @property
    def started(self) -> bool:
        """Something was done about it."""
        return self.opened or self.right > 0


# "Since the last material change": a version opened before it says nothing about what changed.
_PROGRESS = """
SELECT v.id, v.asset_id,
    (SELECT count(*) FROM assets_versioncheck c WHERE c.version_id = v.id),
    (SELECT count(*) FROM assets_versioncheck c JOIN telemetry_evidence e
        ON e.person_id = %(person)s AND e.check_identity_id = c.check_identity_id AND e.content_hash = c.content_hash
       WHERE c.version_id = v.id AND e.right_tries > 0),
    EXISTS (SELECT 1 FROM telemetry_seen s JOIN assets_version o ON o.id = s.version_id
       WHERE s.person_id = %(person)s AND o.asset_id = v.asset_id AND (o.id = v.id OR o.number BETWEEN
         (SELECT max(m.number) FROM assets_version m
           WHERE m.asset_id = v.asset_id AND m.number <= v.number AND m.change_class = 'material') AND v.number))
FROM assets_version v WHERE v.id = ANY(%(versions)s)
"""


def assets_done(person_id: int, versions: Mapping[int, int]) -> dict[int, Progress]:
    """A person's progress per asset.

    Args:
        person_id: whose.
        versions: asset id → version id that the person is given now (delivery's decisions).

    1 query, none without assets.
    """
    if not versions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, {"person": person_id, "versions": list(versions.values())})
        return {row[1]: Progress(row[1], row[0], *row[2:]) for row in cursor.fetchall()}
