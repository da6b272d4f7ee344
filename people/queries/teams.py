"""Questions about the team tree."""

from collections.abc import Iterable

from django.db import connection

from people.models import User

# Teams are few (hundreds), moves are rare, and a recursive query has no copy to keep in step.
_SUBTREE = """
WITH RECURSIVE subtree AS (
    SELECT id FROM people_team WHERE id = ANY(%s)
    UNION
    SELECT t.id FROM people_team t JOIN subtree s ON t.parent_id = s.id
)
SELECT id FROM subtree
"""


def subtree_ids(team_ids: Iterable[int]) -> frozenset[int]:
    """Ids of the given teams and of all teams below them. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, [list(team_ids)])
        return frozenset(row[0] for row in cursor.fetchall())


def managed_team_ids(user: User) -> frozenset[int]:
    """Ids of the teams `user` manages, with everything below them. 1 query."""
    managed = """
    WITH RECURSIVE subtree AS (
        SELECT team_id AS id FROM people_team_managers WHERE user_id = %s
        UNION
        SELECT t.id FROM people_team t JOIN subtree s ON t.parent_id = s.id
    )
    SELECT id FROM subtree
    """
    with connection.cursor() as cursor:
        cursor.execute(managed, [user.pk])
        return frozenset(row[0] for row in cursor.fetchall())
