"""Who is behind a session: the person together with their capabilities, in one query."""

from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.db import connection

from people.capabilities import Capability
from people.models import User

_COLUMNS: Final = tuple(field.attname for field in User._meta.concrete_fields)
_PERSON: Final = f"""
SELECT {", ".join(f'u."{field.column}"' for field in User._meta.concrete_fields)},
    ARRAY(SELECT DISTINCT c.capability FROM people_user_groups g
          JOIN people_groupcapability c ON c.group_id = g.group_id WHERE g.user_id = u.id)
FROM people_user u WHERE u.id = %s AND u.is_active
"""  # noqa: S608  names of our own columns


class PersonBackend(ModelBackend):
    """Django's own, but every page asks for the person and then for what they may do: here that is 1 query."""

    def get_user(self, user_id: Any) -> User | None:
        """The active person with that id, their capabilities already known. 1 query."""
        with connection.cursor() as cursor:
            cursor.execute(_PERSON, [user_id])
            row = cursor.fetchone()
        if row is None:
            return None
        fields = {field.attname: field for field in User._meta.concrete_fields}
        values = [
            fields[name].from_db_value(value, None, connection) if hasattr(fields[name], "from_db_value") else value  # type: ignore[attr-defined]
            for name, value in zip(_COLUMNS, row, strict=False)
        ]
        person: User = User.from_db(connection.alias, _COLUMNS, values)
        if not person.is_superuser:
            person.__dict__["capabilities"] = frozenset(Capability(value) for value in row[-1])
        return person
