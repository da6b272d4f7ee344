"""First tries that were right: by check, and by outcome. From the rollups; the team is the one at the time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from telemetry.queries.item import Share


@dataclass(frozen=True, slots=True)
class CheckRate:
    """A check in force and how first tries went. `first.n` is people: each has one first try on one content."""

    check_id: int
    version_id: int  # the newest in force that holds this content of it
    prompt: str
    type: str
    first: Share


# One content of a check may stand in several versions: the answers on all of them are answers on it.
_BY_CHECK = """
WITH live AS (
    SELECT DISTINCT ON (c.check_identity_id, c.content_hash)
        c.check_identity_id, c.content_hash, c.version_id, c.prompt, c.type, c.position
    FROM assets_versioncheck c JOIN assets_versioncheckoutcome co ON co.version_check_id = c.id
    WHERE c.version_id = ANY(%(versions)s) AND co.outcome_id = %(outcome)s
    ORDER BY c.check_identity_id, c.content_hash, c.version_id DESC
), tries AS (
    SELECT l.check_identity_id, l.content_hash, sum(r.first_answers) AS n, sum(r.first_right) AS first_right
    FROM live l
    JOIN assets_versioncheck c ON c.check_identity_id = l.check_identity_id AND c.content_hash = l.content_hash
    JOIN telemetry_rollup r ON r.version_id = c.version_id AND r.check_identity_id = c.check_identity_id
        AND r.team_id = ANY(%(teams)s)
    GROUP BY l.check_identity_id, l.content_hash
)
SELECT l.check_identity_id, l.version_id, l.prompt, l.type, coalesce(t.first_right, 0), coalesce(t.n, 0)
FROM live l LEFT JOIN tries t ON t.check_identity_id = l.check_identity_id AND t.content_hash = l.content_hash
ORDER BY l.version_id, l.position
"""

_BY_OUTCOME = """
SELECT r.outcome_id, sum(r.first_right), sum(r.first_answers) FROM telemetry_rollup r
WHERE r.outcome_id = ANY(%(outcomes)s) AND r.team_id = ANY(%(teams)s) AND r.day >= %(since)s
GROUP BY r.outcome_id
"""


def first_tries_by_check(outcome_id: int, team_ids: Collection[int], *, versions: Collection[int]) -> list[CheckRate]:
    """The checks of `versions` that test an outcome, and the first tries of the teams' people. 1 query.

    Checks that nobody answered have a share over 0. What is over fewer than 5 people is withheld by the caller from
    viewers without names.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_CHECK, {"outcome": outcome_id, "teams": list(team_ids), "versions": list(versions)})
        return [
            CheckRate(check, version, prompt, kind, Share(int(right), int(n)))
            for check, version, prompt, kind, right, n in cursor.fetchall()
        ]


def first_tries_by_outcome(outcome_ids: Collection[int], team_ids: Collection[int], *, since: date) -> dict[int, Share]:
    """Outcome id → first tries of the teams' people since a day (UTC), over all its checks. 1 query.

    `n` is answers, not people: a person has one first try on each check. Outcomes without answers are absent.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_OUTCOME, {"outcomes": list(outcome_ids), "teams": list(team_ids), "since": since})
        return {row[0]: Share(int(row[1]), int(row[2])) for row in cursor.fetchall()}
