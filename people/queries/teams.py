"""Questions about the team tree."""

from dataclasses import dataclass

from django.db import connection

from people.models import User
from people.models.tree import managed_team_ids, subtree_ids

__all__ = ["TeamRow", "managed_team_ids", "subtree_ids", "team_rows"]

_ROWS = """
WITH RECURSIVE tree AS (
    SELECT id, key, name, parent_id, 0 AS depth, ARRAY[name::text, id::text] AS place
    FROM people_team WHERE parent_id IS NULL
    UNION ALL
    SELECT t.id, t.key, t.name, t.parent_id, tree.depth + 1, tree.place || ARRAY[t.name::text, t.id::text]
    FROM people_team t JOIN tree ON t.parent_id = tree.id
)
SELECT tree.id, tree.key, tree.name, tree.parent_id, tree.depth,
       (SELECT count(*) FROM people_user u WHERE u.team_id = tree.id AND u.is_active)
FROM tree ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in the order of the tree. `members`: active people directly in it."""

    id: int
    key: str
    name: str
    parent_id: int | None
    depth: int
    members: int


def team_rows(within: frozenset[int] | None = None) -> list[TeamRow]:
    """Every team, each below its parent, siblings by name; only those of `within` when that is given. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        rows = [TeamRow(*row) for row in cursor.fetchall()]
    return [row for row in rows if within is None or row.id in within]


def manages_somebody(user: User) -> bool:
    """Whether `user` is a manager of any team. 1 query."""
    return user.managed_teams.exists()
