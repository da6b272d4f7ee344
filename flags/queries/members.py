"""Who is in an audience, all people at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from flags.engine import Rule, to_sql
from flags.engine.sql import Distinct

Sql = tuple[str, list[Any]]

# Built-in fields of kind text; `matches` is offered for no others.
_DISTINCT = {
    "person": "SELECT username FROM people_user WHERE is_active",
    "job_role": "SELECT DISTINCT job_role FROM people_user WHERE is_active",
    "region": "SELECT DISTINCT region FROM people_user WHERE is_active",
    "locale": "SELECT DISTINCT locale FROM people_user WHERE is_active",
    "team_only": "SELECT key FROM people_team",
}
_DISTINCT_ATTRIBUTE = (
    "SELECT DISTINCT attributes ->> %s::text FROM people_user"
    " WHERE is_active AND jsonb_typeof(attributes -> %s::text) = 'string'"
)


_NAMES = "SELECT p.id, p.username, btrim(p.first_name || ' ' || p.last_name) FROM people_user p"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of an audience, for showing."""

    id: int
    username: str
    name: str


def distinct_values(field: str) -> list[str]:
    """The distinct texts that active people have in a text field or attribute. 1 query."""
    with connection.cursor() as cursor:
        if field in _DISTINCT:
            cursor.execute(_DISTINCT[field])
        else:
            cursor.execute(_DISTINCT_ATTRIBUTE, [field, field])
        return [row[0] for row in cursor.fetchall() if row[0]]


def members_sql(rule: Rule, *, today: date | None = None, distinct: Distinct = distinct_values) -> Sql:
    """A SELECT of the ids of the people in the audience, and its parameters.

    1 query for each regular expression in the rule, none otherwise.
    """
    condition, params = to_sql(rule, today=today or timezone.localdate(), distinct=distinct)
    return f"SELECT u.id FROM people_user u WHERE {condition}", params  # noqa: S608  values are parameters


def member_ids(rule: Rule, *, today: date | None = None) -> list[int]:
    """Ids of the people in the audience, ascending. 1 query, and 1 for each regular expression."""
    sql, params = members_sql(rule, today=today)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY u.id", params)
        return [row[0] for row in cursor.fetchall()]


def count_members(rule: Rule, *, today: date | None = None) -> int:
    """How many people are in the audience. 1 query, and 1 for each regular expression."""
    sql, params = members_sql(rule, today=today)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) members", params)  # noqa: S608
        (number,) = cursor.fetchone()
    return int(number)


def sample_members(rule: Rule, limit: int, *, today: date | None = None) -> list[Member]:
    """The first `limit` people of the audience by name. 1 query, and 1 for each regular expression."""
    sql, params = members_sql(rule, today=today)
    order = "ORDER BY p.first_name, p.last_name, p.username LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(f"{_NAMES} WHERE p.id IN ({sql}) {order}", [*params, limit])
        return [Member(person_id, username, name or username) for person_id, username, name in cursor.fetchall()]
