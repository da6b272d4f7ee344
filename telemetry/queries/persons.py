"""Where each person stands with each outcome: for somebody who may see names."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from telemetry.queries.outcomes import State
from telemetry.queries.proof import PROOF, newest_versions, proof_params

_STATES = f"""
WITH {PROOF}, met AS (
    SELECT outcome_id, person_id FROM reached UNION SELECT outcome_id, person_id FROM judged
)
SELECT m.person_id, m.outcome_id, coalesce(j.able, false), coalesce(j.fading, false)
FROM met m JOIN folk f ON f.id = m.person_id
LEFT JOIN judged j ON j.outcome_id = m.outcome_id AND j.person_id = m.person_id
"""  # noqa: S608 constants only


def states_of_people(
    team_ids: Collection[int],
    outcome_ids: Collection[int],
    *,
    versions: Collection[int] | None = None,
    now: datetime | None = None,
) -> dict[tuple[int, int], State]:
    """(person, outcome) → ABLE, FADING or NOT_ABLE_YET, of the teams' active people; absent when not reached.

    Figures by person: only for a viewer with `people.policies.sees_names_in` over each of the teams.
    1 query, 2 without `versions` (see `outcome_map`).
    """
    in_force = newest_versions() if versions is None else versions
    with connection.cursor() as cursor:
        cursor.execute(_STATES, proof_params(outcome_ids, team_ids, in_force, now))
        return {
            (person, outcome): State.ABLE if able else State.FADING if fading else State.NOT_ABLE_YET
            for person, outcome, able, fading in cursor.fetchall()
        }
