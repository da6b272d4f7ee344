"""Who is behind a session: the person together with their capabilities, in one query."""

from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.db import connection

from people.capabilities import Capability
from people.models import User
from people.models.user import Place

_COLUMNS: Final = tuple(field.attname for field in User._meta.concrete_fields)
_PERSON: Final = f"""
WITH RECURSIVE up(parent_id, key, height) AS (
    SELECT t.parent_id, t.key, 0 FROM people_team t WHERE t.id = (SELECT team_id FROM people_user WHERE id = %(id)s)
    UNION ALL
    SELECT t.parent_id, t.key, up.height + 1 FROM up JOIN people_team t ON t.id = up.parent_id WHERE up.height < 100
)
SELECT {", ".join(f'u."{field.column}"' for field in User._meta.concrete_fields)},
    ARRAY(SELECT key::text FROM up ORDER BY height),
    ARRAY(SELECT g.name::text FROM people_user_groups ug
          JOIN auth_group g ON g.id = ug.group_id WHERE ug.user_id = u.id),
    ARRAY(SELECT DISTINCT c.capability FROM people_user_groups ug
          JOIN people_groupcapability c ON c.group_id = ug.group_id WHERE ug.user_id = u.id)
FROM people_user u WHERE u.id = %(id)s AND u.is_active
"""  # noqa: S608  names of our own columns


class PersonBackend(ModelBackend):
    """Django's own, but a page asks for the person, what they may do, and where they are: here that is 1 query."""

    def get_user(self, user_id: Any) -> User | None:
        """The active person with that id; capabilities, teams and groups are known already. 1 query."""
        with connection.cursor() as cursor:
            cursor.execute(_PERSON, {"id": user_id})
            row = cursor.fetchone()
        if row is None:
            return None
        fields = {field.attname: field for field in User._meta.concrete_fields}
        values = [
            fields[name].from_db_value(value, None, connection) if hasattr(fields[name], "from_db_value") else value  # type: ignore[attr-defined]
            for name, value in zip(_COLUMNS, row, strict=False)
        ]
        person: User = User.from_db(connection.alias, _COLUMNS, values)
        *_fields, team_keys, groups, _capabilities = row
        person.place = Place(tuple(team_keys), frozenset(groups))
        if not person.is_superuser:
            person.__dict__["capabilities"] = frozenset(Capability(value) for value in row[-1])
        return person
