"""The same figures that are kept, computed from the record alone: what a rebuild writes and what tests compare with."""

from typing import Final

ROLLUP_COLUMNS: Final = (
    'version_id, check_identity_id, outcome_id, team_id, channel, day, views, clicks, answers, "right", first_answers, '
    "first_right, useful, not_useful, review_flags, claims"
)

ROLLUP_FROM_RECORD: Final = """
SELECT s.version_id, g.check_id, g.outcome_id, s.team_id, s.channel, (s.at AT TIME ZONE 'UTC')::date,
    count(*) FILTER (WHERE s.kind = 'view' AND NOT s.claimed),
    count(*) FILTER (WHERE s.kind = 'click' AND NOT s.claimed),
    count(*) FILTER (WHERE s.kind = 'answer' AND NOT s.claimed),
    count(*) FILTER (WHERE s.kind = 'answer' AND NOT s.claimed AND s."right"),
    count(*) FILTER (WHERE s.attempt = 1),
    count(*) FILTER (WHERE s.attempt = 1 AND s."right"),
    count(*) FILTER (WHERE s.kind = 'rating' AND NOT s.claimed AND s.score >= 0.5),
    count(*) FILTER (WHERE s.kind = 'rating' AND NOT s.claimed AND s.score < 0.5),
    count(*) FILTER (WHERE s.kind = 'flag' AND NOT s.claimed),
    count(*) FILTER (WHERE s.claimed)
FROM telemetry_statement s
CROSS JOIN LATERAL (
    SELECT NULL::bigint AS check_id, NULL::bigint AS outcome_id
    UNION ALL
    SELECT s.check_id, NULL WHERE s.check_id IS NOT NULL AND s.kind = 'answer' AND NOT s.claimed
    UNION ALL
    SELECT NULL, co.outcome_id FROM assets_versioncheck c
    JOIN assets_versioncheckoutcome co ON co.version_check_id = c.id
    WHERE c.version_id = s.version_id AND c.check_identity_id = s.check_id AND s.kind = 'answer' AND NOT s.claimed
) g
WHERE s.kind <> 'other' AND s.version_id IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6
"""

EVIDENCE_COLUMNS: Final = (
    "person_id, check_identity_id, content_hash, version_id, tries, right_tries, first_right, first_at, last_right, "
    "last_at, first_right_at, last_right_at"
)

EVIDENCE_FROM_RECORD: Final = """
SELECT a.person_id, s.check_id, c.content_hash,
    (array_agg(s.version_id ORDER BY s.at DESC, s.attempt DESC))[1],
    count(*), count(*) FILTER (WHERE s."right"),
    bool_or(s."right") FILTER (WHERE s.attempt = 1), min(s.at),
    (array_agg(s."right" ORDER BY s.at DESC, s.attempt DESC))[1], max(s.at),
    min(s.at) FILTER (WHERE s."right"), max(s.at) FILTER (WHERE s."right")
FROM telemetry_statement s
JOIN telemetry_actor a ON a.id = s.actor_id AND a.person_id IS NOT NULL
JOIN assets_versioncheck c ON c.version_id = s.version_id AND c.check_identity_id = s.check_id
WHERE s.attempt IS NOT NULL
GROUP BY 1, 2, 3
"""

SEEN_COLUMNS: Final = "person_id, version_id, asset_id, first_at, last_at, views"

SEEN_FROM_RECORD: Final = """
SELECT a.person_id, s.version_id, s.asset_id, min(s.at), max(s.at), count(*)
FROM telemetry_statement s JOIN telemetry_actor a ON a.id = s.actor_id AND a.person_id IS NOT NULL
WHERE s.kind = 'view' AND NOT s.claimed AND s.version_id IS NOT NULL
GROUP BY 1, 2, 3
"""
