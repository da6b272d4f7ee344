"""Finding people by name."""

from dataclasses import dataclass

from django.db.models import Q

from people.models import User
from people.policies import may_look_up_people


@dataclass(frozen=True, slots=True)
class PersonHit:
    """Enough to tell people apart; nothing that is sensitive."""

    id: int
    username: str
    name: str
    job_role: str
    team: str


def search_people(user: User, text: str, *, limit: int = 20) -> list[PersonHit]:
    """Active people with every word of `text` in their name, username or email, at most `limit`, by name.

    For "What does one person get?". Raises PermissionDenied for those who do not release. 1 query; none without text.
    """
    may_look_up_people(user)
    words = text.split()
    if not words:
        return []
    people = User.objects.filter(is_active=True)
    for word in words[:6]:
        people = people.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
            | Q(email__icontains=word)
        )
    rows = people.values_list("id", "username", "first_name", "last_name", "job_role", "team__name")[:limit]
    return [
        PersonHit(pk, username, f"{first} {last}".strip() or username, role, team or "")
        for pk, username, first, last, role, team in rows
    ]
