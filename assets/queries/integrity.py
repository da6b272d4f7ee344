"""Is every version still what it was when it was saved? (invariant 1)"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from assets.models import Version

# The database computes the hash of what it holds now; nothing travels but what differs.
_CHANGED = """
SELECT v.id, a.key, v.number FROM assets_version v JOIN assets_asset a ON a.id = v.asset_id
WHERE sha256(convert_to(v.source, 'UTF8')) <> v.content_hash ORDER BY v.id
"""


@dataclass(frozen=True, slots=True)
class ChangedVersion:
    """A version whose text is not the one that was saved."""

    id: int
    key: str
    number: int


def changed_versions() -> Iterator[ChangedVersion]:
    """The versions whose text does not have the hash it was saved with. 1 query over all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED)
        for row in cursor.fetchall():
            yield ChangedVersion(*row)


def version_count() -> int:
    """How many versions there are. 1 query."""
    return Version.objects.count()
