"""Outcome by team: covered? reached? able? still able? And the same over the weeks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils import timezone

from telemetry.queries.proof import ABLE_FROM, FADES_AFTER, PROOF, newest_versions, proof_params


class State(StrEnum):
    """What a cell of the outcome map says."""

    NOT_COVERED = "not_covered"  # no version in force teaches it
    NOT_REACHED = "not_reached"  # nobody opened one, nobody was asked
    NOT_ABLE_YET = "not_able_yet"
    ABLE = "able"
    FADING = "fading"


@dataclass(frozen=True, slots=True)
class Cell:
    """One outcome in one group of teams. All figures are people, each counted once."""

    outcome_id: int
    group: int
    covered: bool
    people: int  # active, in the group now
    reached: int  # opened a version in force that teaches it, or answered one of its checks
    answered: int
    able: int
    fading: int

    @property
    def state(self) -> State:
        """Able from 80% of the people; fading when those who were able once would make up 80%."""
        if not self.covered:
            return State.NOT_COVERED
        if self.reached == 0:
            return State.NOT_REACHED
        if self.able >= ABLE_FROM * self.people:
            return State.ABLE
        if self.fading and self.able + self.fading >= ABLE_FROM * self.people:
            return State.FADING
        return State.NOT_ABLE_YET


OutcomeMap = dict[tuple[int, int], Cell]

_COUNTS = f"""
WITH {PROOF}, met AS (
    SELECT outcome_id, person_id FROM reached UNION SELECT outcome_id, person_id FROM judged
)
SELECT m.outcome_id, f.team_id, count(*), count(j.person_id), count(*) FILTER (WHERE j.able),
    count(*) FILTER (WHERE j.fading)
FROM met m JOIN folk f ON f.id = m.person_id
LEFT JOIN judged j ON j.outcome_id = m.outcome_id AND j.person_id = m.person_id
GROUP BY m.outcome_id, f.team_id
UNION ALL
SELECT NULL, f.team_id, count(*), 0, 0, 0 FROM folk f GROUP BY f.team_id
UNION ALL
SELECT t.outcome_id, NULL, t.version_id, 0, 0, 0 FROM teaching t
"""  # noqa: S608 constants only


def outcome_map(
    outcome_ids: Collection[int],
    groups: Mapping[int, Collection[int]],
    *,
    versions: Collection[int] | None = None,
    offered: Mapping[int, Collection[int]] | None = None,
    now: datetime | None = None,
) -> OutcomeMap:
    """Every outcome in every group.

    Args:
        outcome_ids: the rows.
        groups: the columns: any key → ids of the teams it stands for (a team alone, or with its subtree).
        versions: ids of the versions in force (delivery knows: the open releases'). None: the newest of each asset.
        offered: group → ids of the versions that somebody of that group is given, for "covered"; None: `versions`.
        now: for tests.

    Returns every (outcome, group); see `Cell`. For viewers without the right to names pass it through
    `telemetry.queries.withhold.withhold_cells`. 1 query, 2 without `versions`.
    """
    in_force = newest_versions() if versions is None else list(versions)
    teams = {team for members in groups.values() for team in members}
    headcount: dict[int, int] = {}
    teaching: dict[int, set[int]] = {}
    counts: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, proof_params(outcome_ids, teams, in_force, now))
        for outcome_id, team_id, *figures in cursor.fetchall():
            if outcome_id is None:
                headcount[team_id] = figures[0]
            elif team_id is None:
                teaching.setdefault(outcome_id, set()).add(figures[0])
            else:
                counts[outcome_id, team_id] = (figures[0], figures[1], figures[2], figures[3])
    cells: OutcomeMap = {}
    for outcome_id in outcome_ids:
        taught_by = teaching.get(outcome_id, set())
        for group, members in groups.items():
            there = taught_by if offered is None else taught_by & set(offered.get(group, ()))
            rows = [counts.get((outcome_id, team), (0, 0, 0, 0)) for team in members]
            people = sum(headcount.get(team, 0) for team in members)
            reached, answered, able, fading = (sum(row[i] for row in rows) for i in range(4))
            cells[outcome_id, group] = Cell(outcome_id, group, bool(there), people, reached, answered, able, fading)
    return cells


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one outcome in some teams. Counts of answers are of the week, people are as of its end."""

    starts: date  # a Monday
    answers: int
    right: int
    first_answers: int  # first ever of a person on this content of a check
    first_right: int
    reached: int  # people who opened a version that teaches it, or answered, up to the end of the week
    asked: int  # people with an answer up to then
    able: int

    @property
    def pass_rate(self) -> float | None:
        """Share of first answers that were right, 0 to 1; None without any. n is `first_answers`."""
        return self.first_right / self.first_answers if self.first_answers else None

    @property
    def able_rate(self) -> float | None:
        """Share of the people asked who are able, 0 to 1; None when nobody was asked. n is `asked`."""
        return self.able / self.asked if self.asked else None


_ANSWERS = """
SELECT date_trunc('week', r.day)::date, sum(r.answers), sum(r."right"), sum(r.first_answers), sum(r.first_right)
FROM telemetry_rollup r
WHERE r.outcome_id = %(outcome)s AND r.day >= %(first)s AND r.day < %(end)s AND r.team_id = ANY(%(teams)s)
GROUP BY 1
"""

# The one figure of a page that reads the record: bounded by the checks of one outcome, through their index.
_ABLE = """
WITH checks AS (
    SELECT DISTINCT c.check_identity_id AS id FROM assets_versioncheckoutcome co
    JOIN assets_versioncheck c ON c.id = co.version_check_id WHERE co.outcome_id = %(outcome)s
), answers AS MATERIALIZED (
    SELECT s.actor_id, s.check_id, s.at, s.seq, s."right", s.team_id FROM telemetry_statement s
    WHERE s.check_id IN (SELECT id FROM checks) AND s.attempt IS NOT NULL AND s.at < %(end)s
), weeks AS (
    SELECT w::date AS starts, (w + interval '7 days') AT TIME ZONE 'UTC' AS ends
    FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '7 days') w
), latest AS (
    SELECT DISTINCT ON (w.starts, a.actor_id, a.check_id) w.starts, w.ends, a.*
    FROM weeks w JOIN answers a ON a.at < w.ends
    ORDER BY w.starts, a.actor_id, a.check_id, a.at DESC, a.seq DESC
), judged AS (
    SELECT l.starts, l.actor_id, (array_agg(l.team_id ORDER BY l.at DESC, l.seq DESC))[1] AS team_id,
        count(*) FILTER (WHERE l."right" AND l.at > l.ends - %(fades_after)s) >= %(able_from)s * count(*) AS able
    FROM latest l GROUP BY l.starts, l.actor_id
)
SELECT starts, count(*), count(*) FILTER (WHERE able) FROM judged WHERE team_id = ANY(%(teams)s) GROUP BY starts
"""

_REACHED = """
WITH firsts AS (
    SELECT x.person_id, min(x.first_at) AS first_at FROM (
        SELECT s.person_id, s.first_at FROM assets_versionoutcome vo
        JOIN telemetry_seen s ON s.version_id = vo.version_id
        WHERE vo.outcome_id = %(outcome)s
        UNION ALL
        SELECT e.person_id, e.first_at FROM assets_versioncheckoutcome co
        JOIN assets_versioncheck c ON c.id = co.version_check_id
        JOIN telemetry_evidence e ON e.check_identity_id = c.check_identity_id AND e.content_hash = c.content_hash
        WHERE co.outcome_id = %(outcome)s) x
    JOIN people_user u ON u.id = x.person_id AND u.is_active AND u.team_id = ANY(%(teams)s)
    GROUP BY x.person_id
)
SELECT greatest(date_trunc('week', (first_at AT TIME ZONE 'UTC'))::date, %(first)s::date), count(*)
FROM firsts WHERE first_at < %(end)s GROUP BY 1
"""


def series(outcome_id: int, team_ids: Collection[int], *, weeks: int = 13, now: datetime | None = None) -> list[Week]:
    """One outcome in some teams, week by week, oldest first; the last is the current week.

    Answers and ability go by the team at the time of the answer, reach by the team now. Ability in a past week is
    judged on each person's last answers up to then, on whatever content the check had. `weeks` 1 to 104. 3 queries.
    """
    today = (now or timezone.now()).date()
    last = today - timedelta(days=today.weekday())
    first = last - timedelta(weeks=max(1, min(weeks, 104)) - 1)
    params: dict[str, Any] = {
        "outcome": outcome_id,
        "teams": list(team_ids),
        "first": first,
        "last": last,
        "end": last + timedelta(days=7),
        "able_from": ABLE_FROM,
        "fades_after": FADES_AFTER,
    }
    found = {
        first + timedelta(weeks=i): Week(first + timedelta(weeks=i), 0, 0, 0, 0, 0, 0, 0)
        for i in range((last - first).days // 7 + 1)
    }
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, params)
        for starts, answers, right, first_answers, first_right in cursor.fetchall():
            found[starts] = replace(
                found[starts], answers=answers, right=right, first_answers=first_answers, first_right=first_right
            )
        cursor.execute(_ABLE, params)
        for starts, asked, able in cursor.fetchall():
            found[starts] = replace(found[starts], asked=asked, able=able)
        cursor.execute(_REACHED, params)
        newly = dict(cursor.fetchall())
    reached, rows = 0, []
    for starts, week in found.items():
        reached += newly.get(starts, 0)
        rows.append(replace(week, reached=reached))
    return rows
