"""What one person has shown on checks. Only answers that the server graded are here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class CheckEvidence:
    """One person's answers to one content of one check."""

    check_id: int
    content_hash: bytes  # of the check as it was answered
    version_id: int  # of the last answer
    tries: int
    right_tries: int
    first_right: bool  # the first answer was right
    last_right: bool  # the last one was
    first_at: datetime
    last_at: datetime
    first_right_at: datetime | None
    last_right_at: datetime | None

    @property
    def right(self) -> bool:
        """Whether it was answered right at least once: what is then "earned"."""
        return self.right_tries > 0


_COLUMNS = """e.check_identity_id, e.content_hash, e.version_id, e.tries, e.right_tries, e.first_right, e.last_right,
    e.first_at, e.last_at, e.first_right_at, e.last_right_at"""

_LATEST = f"""
SELECT DISTINCT ON (e.check_identity_id) {_COLUMNS} FROM telemetry_evidence e
WHERE e.person_id = %s AND e.check_identity_id = ANY(%s) ORDER BY e.check_identity_id, e.last_at DESC
"""  # noqa: S608 constants only

_IN_VERSIONS = f"""
SELECT c.version_id, {_COLUMNS} FROM assets_versioncheck c
JOIN telemetry_evidence e ON e.person_id = %s AND e.check_identity_id = c.check_identity_id
    AND e.content_hash = c.content_hash
WHERE c.version_id = ANY(%s)
"""  # noqa: S608 constants only


def _evidence(row: tuple[Any, ...]) -> CheckEvidence:
    return CheckEvidence(row[0], bytes(row[1]), *row[2:])


def answers_of(person_id: int, check_ids: Collection[int]) -> dict[int, CheckEvidence]:
    """A person's newest evidence per check, whatever content of the check it was given on.

    For "is it earned in what they see now" use `answers_in`, or compare `content_hash`. Checks they never answered are
    absent. 1 query, none without checks.
    """
    if not check_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [person_id, list(check_ids)])
        return {row[0]: _evidence(row) for row in cursor.fetchall()}


def answers_in(person_id: int, version_id: int) -> dict[int, CheckEvidence]:
    """A person's evidence per check (assets.Check id) of a version, as the check stands in that version.

    Answers given on another version count where the check's content is the same; a material change asks again. 1 query.
    """
    return answers_in_versions(person_id, [version_id]).get(version_id, {})


def answers_in_versions(person_id: int, version_ids: Collection[int]) -> dict[int, dict[int, CheckEvidence]]:
    """`answers_in` for many versions: by version, by check. 1 query, none without versions."""
    if not version_ids:
        return {}
    found: dict[int, dict[int, CheckEvidence]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_IN_VERSIONS, [person_id, list(version_ids)])
        for version_id, *row in cursor.fetchall():
            evidence = _evidence(tuple(row))
            found.setdefault(version_id, {})[evidence.check_id] = evidence
    return found
