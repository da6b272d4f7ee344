"""Who needs help with what: for somebody who may see names."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from telemetry.queries.outcomes import State
from telemetry.queries.proof import PROOF, newest_versions, proof_params


@dataclass(frozen=True, slots=True)
class NeedsHelp:
    """One person and one outcome they were reached with and are not able in now."""

    person_id: int
    team_id: int
    outcome_id: int
    state: State  # FADING or NOT_ABLE_YET
    answered: int  # checks in force they answered
    tries: int
    right_tries: int
    last_at: datetime  # last answer; when there is none, last opened
    last_right_at: datetime | None


# Fading first: it is a matter of minutes. Then who has tried the longest without success.
_HELP = f"""
WITH {PROOF}
SELECT f.id, f.team_id, r.outcome_id, coalesce(j.fading, false) AS fading, coalesce(j.answered, 0),
    coalesce(j.tries, 0) AS tries, coalesce(j.right_tries, 0),
    coalesce(j.last_at, r.last_at) AS last_at, j.last_right_at
FROM (SELECT outcome_id, person_id, last_at FROM reached UNION ALL
      SELECT j.outcome_id, j.person_id, j.last_at FROM judged j WHERE NOT EXISTS (
          SELECT 1 FROM reached r WHERE r.outcome_id = j.outcome_id AND r.person_id = j.person_id)) r
JOIN folk f ON f.id = r.person_id
LEFT JOIN judged j ON j.outcome_id = r.outcome_id AND j.person_id = r.person_id
WHERE NOT coalesce(j.able, false) AND EXISTS (SELECT 1 FROM live l WHERE l.outcome_id = r.outcome_id)
ORDER BY fading DESC, tries DESC, last_at, f.id, r.outcome_id
LIMIT %(limit)s
"""  # noqa: S608 constants only


def who_needs_help(
    team_ids: Collection[int],
    outcome_ids: Collection[int],
    *,
    versions: Collection[int] | None = None,
    limit: int = 50,
    now: datetime | None = None,
) -> list[NeedsHelp]:
    """People of the teams who were reached with an outcome that is asked about and are not able in it now.

    Figures by person: only for a viewer with `people.policies.sees_names_in` over each of the teams.
    1 query, 2 without `versions` (see `outcome_map`).
    """
    in_force = newest_versions() if versions is None else versions
    with connection.cursor() as cursor:
        cursor.execute(_HELP, proof_params(outcome_ids, team_ids, in_force, now) | {"limit": limit})
        return [
            NeedsHelp(row[0], row[1], row[2], State.FADING if row[3] else State.NOT_ABLE_YET, *row[4:])
            for row in cursor.fetchall()
        ]
