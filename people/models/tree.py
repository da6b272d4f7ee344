"""The team tree, walked by the database. Below policies and queries: both ask it.

Teams are few (hundreds), moves are rare, and a recursive query has no copy to keep in step.
"""

from collections.abc import Iterable
from typing import Final

from django.db import connection

from people.models.user import User

_SUBTREE: Final = """
WITH RECURSIVE subtree AS (
    SELECT id FROM people_team WHERE id = ANY(%s)
    UNION
    SELECT t.id FROM people_team t JOIN subtree s ON t.parent_id = s.id
)
SELECT id FROM subtree
"""
_MANAGED: Final = """
WITH RECURSIVE subtree AS (
    SELECT team_id AS id FROM people_team_managers WHERE user_id = %s
    UNION
    SELECT t.id FROM people_team t JOIN subtree s ON t.parent_id = s.id
)
SELECT id FROM subtree
"""


def subtree_ids(team_ids: Iterable[int]) -> frozenset[int]:
    """Ids of the given teams and of all teams below them. 1 query."""
    return _ids(_SUBTREE, list(team_ids))


def managed_team_ids(user: User) -> frozenset[int]:
    """Ids of the teams `user` manages, with everything below them. 1 query."""
    return _ids(_MANAGED, user.pk)


def _ids(sql: str, parameter: int | list[int]) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [parameter])
        return frozenset(row[0] for row in cursor.fetchall())
