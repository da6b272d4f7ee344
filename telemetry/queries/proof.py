"""What "able" means, in one place: per person and outcome, from the evidence on the checks in force.

A check is in force when one of the versions handed in has it, as it stands there. Per person and outcome, over the
checks in force that they answered, each by its newest evidence:

    able     the last answer was right, and no older than FADES_AFTER, on at least ABLE_FROM of the checks
    fading   not able now, but every such check was answered right at some time on at least ABLE_FROM of them
    not able yet   anything else

This is a share with a cliff, not a decay; the curve that fades by spacing and difficulty replaces this module alone.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone

ABLE_FROM: Final = 0.8  # share of the answered checks; also the share of a team from which its cell reads "able"
FADES_AFTER: Final = timedelta(days=90)  # a right answer older than this no longer says "able now"

PROOF = """
live AS (
    SELECT DISTINCT co.outcome_id, c.check_identity_id, c.content_hash
    FROM assets_versioncheck c JOIN assets_versioncheckoutcome co ON co.version_check_id = c.id
    WHERE c.version_id = ANY(%(versions)s) AND co.outcome_id = ANY(%(outcomes)s)
), folk AS (
    SELECT u.id, u.team_id FROM people_user u WHERE u.is_active AND u.team_id = ANY(%(teams)s)
), newest AS (
    SELECT DISTINCT ON (l.outcome_id, e.person_id, e.check_identity_id) l.outcome_id, e.*
    FROM live l
    JOIN telemetry_evidence e ON e.check_identity_id = l.check_identity_id AND e.content_hash = l.content_hash
    JOIN folk f ON f.id = e.person_id
    ORDER BY l.outcome_id, e.person_id, e.check_identity_id, e.last_at DESC
), proof AS (
    SELECT n.outcome_id, n.person_id, count(*) AS answered,
        count(*) FILTER (WHERE n.last_right AND n.last_at > %(fresh_after)s) AS right_now,
        count(*) FILTER (WHERE n.right_tries > 0) AS right_once,
        sum(n.tries) AS tries, sum(n.right_tries) AS right_tries, max(n.last_at) AS last_at,
        max(n.last_right_at) AS last_right_at
    FROM newest n GROUP BY n.outcome_id, n.person_id
), judged AS (
    SELECT p.*, p.right_now >= %(able_from)s * p.answered AS able,
        p.right_now < %(able_from)s * p.answered AND p.right_once >= %(able_from)s * p.answered AS fading
    FROM proof p
), teaching AS (
    SELECT DISTINCT x.outcome_id, x.version_id FROM (
        SELECT vo.outcome_id, vo.version_id FROM assets_versionoutcome vo
        WHERE vo.version_id = ANY(%(versions)s) AND vo.outcome_id = ANY(%(outcomes)s)
        UNION ALL
        SELECT co.outcome_id, c.version_id FROM assets_versioncheck c
        JOIN assets_versioncheckoutcome co ON co.version_check_id = c.id
        WHERE c.version_id = ANY(%(versions)s) AND co.outcome_id = ANY(%(outcomes)s)) x
), reached AS (
    SELECT t.outcome_id, s.person_id, max(s.last_at) AS last_at FROM teaching t
    JOIN telemetry_seen s ON s.version_id = t.version_id JOIN folk f ON f.id = s.person_id
    GROUP BY t.outcome_id, s.person_id
)
"""
"""Common table expressions; parameters by `proof_params`. `judged`: one row per person and outcome with evidence.
`reached`: one per person and outcome who opened a version in force that teaches it.
`folk`: the teams' active people."""


def proof_params(
    outcome_ids: Collection[int], team_ids: Collection[int], version_ids: Collection[int], now: datetime | None = None
) -> dict[str, Any]:
    """The parameters of `PROOF`."""
    return {
        "outcomes": list(outcome_ids),
        "teams": list(team_ids),
        "versions": list(version_ids),
        "able_from": ABLE_FROM,
        "fresh_after": (now or timezone.now()) - FADES_AFTER,
    }


def newest_versions() -> list[int]:
    """The newest version of every asset that is not retired: what the library teaches, released or not. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (v.asset_id) v.id FROM assets_version v JOIN assets_asset a ON a.id = v.asset_id "
            "WHERE a.retired_at IS NULL ORDER BY v.asset_id, v.number DESC"
        )
        return [row[0] for row in cursor.fetchall()]
