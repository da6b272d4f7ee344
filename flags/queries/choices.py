"""What a rule builder offers: labels of attributes, and values that people have."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import connection

from people.models import AttributeDefinition, Team

_VALUES = """
SELECT DISTINCT v.value FROM people_user u, LATERAL (VALUES (u.job_role), (u.region), (u.locale)) AS v(value)
WHERE u.is_active AND v.value <> '' ORDER BY 1 LIMIT 500
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the rows of one builder offer.

    Args:
        labels: attribute key → label.
        teams: team key → name.
        groups: names.
        values: job roles, regions and languages that people have. Never values of declared attributes, since those may
            be sensitive.
    """

    labels: dict[str, str]
    teams: dict[str, str]
    groups: tuple[str, ...]
    values: tuple[str, ...]

    def key_of(self, attribute: str, text: str) -> str:
        """A team's key when `attribute` is about teams and `text` is one team's name in any case; else `text`."""
        if attribute not in ("team", "team_only") or text in self.teams:
            return text
        keys = [key for key, name in self.teams.items() if name.casefold() == text.casefold()]
        return keys[0] if len(keys) == 1 else text


def choices() -> Choices:
    """What a builder offers now. 4 queries."""
    with connection.cursor() as cursor:
        cursor.execute(_VALUES)
        values = tuple(row[0] for row in cursor.fetchall())
    return Choices(
        labels=dict(AttributeDefinition.objects.values_list("key", "label")),
        teams=dict(Team.objects.order_by("name").values_list("key", "name")),
        groups=tuple(Group.objects.order_by("name").values_list("name", flat=True)),
        values=values,
    )
