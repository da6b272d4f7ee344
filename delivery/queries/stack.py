"""An asset's stack as SQL: who gets which version, for counts and fan-out. Twin of `resolve` for all people at once."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils import timezone

from delivery.queries.snapshot import OpenRelease, snapshot
from flags.engine import FULL, Rule, decide_sql
from flags.engine.whole import matches_whole
from flags.queries import distinct_values
from people.models import Team

Sql = tuple[str, list[Any]]


def decided_sql(asset_id: int) -> Sql:
    """Everyone's decision on one asset: rows `person_id, version_id, release_id`, without people it is closed to.

    2 queries at most (the stack), plus 1 for each regular expression in an audience.
    """
    return decided_by_stack_sql(snapshot().stacks.get(asset_id, ()))


def decided_by_stack_sql(stack: tuple[OpenRelease, ...]) -> Sql:
    """The same for a given stack, newest first: also for a stack that is only imagined ("what would change if…")."""
    today = timezone.localdate()
    whens: list[str] = []
    params: list[Any] = []
    for place, release in enumerate(stack):
        condition, more = decide_sql(release.flag, today=today, distinct=distinct_values)
        whens.append(f"WHEN {condition} THEN {place}")
        params.extend(more)
    if not whens:
        return (
            "SELECT NULL::bigint AS person_id, NULL::bigint AS version_id, NULL::bigint AS release_id WHERE FALSE",
            [],
        )
    sql = (
        "SELECT d.person_id, (%s::bigint[])[d.place + 1] AS version_id, (%s::bigint[])[d.place + 1] AS release_id"  # noqa: S608  values are parameters
        " FROM (SELECT u.id AS person_id, CASE " + " ".join(whens) + " END AS place"
        " FROM people_user u WHERE u.is_active) d WHERE d.place IS NOT NULL"
    )
    return sql, [[r.version_id for r in stack], [r.id for r in stack], *params]


def count_by_release(asset_id: int) -> dict[int, int]:
    """Release id → how many active people get its version now. 1 query besides the stack."""
    sql, params = decided_sql(asset_id)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT release_id, count(*) FROM ({sql}) decided GROUP BY release_id", params)  # noqa: S608
        return dict(cursor.fetchall())


def decide_for_context(asset_id: int, context: Mapping[str, str]) -> OpenRelease | None:
    """What a shared target shows of one asset.

    A release reaches it only if its audience takes in everyone the target stands for, at full percentage.

    Args:
        asset_id: the asset.
        context: the target's declaration: `team` (key), `region`, `locale`, `job_role`; what is absent is anything.

    2 queries at most besides the stack.
    """
    known: dict[str, object] = {name: value for name, value in context.items() if name != "team"}
    if "team" in context:
        known["team"] = _team_path(context["team"])
    for release in snapshot().stacks.get(asset_id, ()):
        flag = release.flag
        if not flag.kill and flag.hundredths >= FULL and _takes_in(flag.rule, known):
            return release
    return None


def _takes_in(rule: Rule | None, known: Mapping[str, object]) -> bool:
    return rule is not None and matches_whole(rule, known)


_PATH = """
WITH RECURSIVE up AS (
    SELECT id, key, parent_id, 0 AS height FROM people_team WHERE key = %s
    UNION ALL
    SELECT t.id, t.key, t.parent_id, up.height + 1 FROM people_team t JOIN up ON t.id = up.parent_id
)
SELECT id, key FROM up ORDER BY height
"""


def _team_path(key: str) -> tuple[str, ...]:
    """Keys from the team up to the root. 1 query."""
    return tuple(team.key for team in Team.objects.raw(_PATH, [key]))
