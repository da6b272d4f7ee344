"""Reading people the way the engine sees them. Columns, not model instances: it runs on every request."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from flags.engine import Context, Kind, Schema

# The depth limit only guards against a cycle, which the team tree's trigger refuses.
_CONTEXTS = """
WITH RECURSIVE up(start_id, parent_id, key, height) AS (
    SELECT t.id, t.parent_id, t.key, 0 FROM people_team t
    WHERE t.id IN (SELECT p.team_id FROM people_user p WHERE p.id = ANY(%s))
    UNION ALL
    SELECT up.start_id, t.parent_id, t.key, up.height + 1
    FROM up JOIN people_team t ON t.id = up.parent_id WHERE up.height < 100
), chain AS (
    SELECT start_id, array_agg(key::text ORDER BY height) AS keys FROM up GROUP BY start_id
)
SELECT u.id, u.username, u.pseudonym::text, u.job_role, u.region, u.locale, u.start_date, u.attributes::text,
       u.is_active, chain.keys,
       ARRAY(SELECT g.name::text FROM people_user_groups ug JOIN auth_group g ON g.id = ug.group_id
             WHERE ug.user_id = u.id)
FROM people_user u LEFT JOIN chain ON chain.start_id = u.team_id
WHERE u.id = ANY(%s)
"""


def read_contexts(person_ids: Iterable[int], today: date | None = None) -> dict[int, Context]:
    """Person id → context, for those that exist. 1 query whatever their number.

    Args:
        person_ids: ids of people.
        today: the day for tenure; the server's local date when not given.
    """
    ids = list(person_ids)
    day = today or timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_CONTEXTS, [ids, ids])
        return {row[0]: _context(row, day) for row in cursor.fetchall()}


def read_context(person_id: int, today: date | None = None) -> Context | None:
    """The context of one person; None when there is none with that id. 1 query."""
    return read_contexts([person_id], today).get(person_id)


def _context(row: tuple[Any, ...], today: date) -> Context:
    attributes = json.loads(row[7])
    return Context(
        person_id=row[0],
        username=row[1],
        unit=row[2],
        today=today,
        job_role=row[3],
        region=row[4],
        locale=row[5],
        start_date=row[6],
        attributes=attributes if isinstance(attributes, dict) else {},
        active=row[8],
        team_keys=tuple(row[9] or ()),
        groups=frozenset(row[10]),
    )


def read_schema() -> Schema:
    """The fields that rules may use, from the declared attributes. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, type FROM people_attributedefinition ORDER BY key")
        return Schema({key: Kind(kind) for key, kind in cursor.fetchall()})
