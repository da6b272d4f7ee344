"""People and their declared attributes as the engine sees them."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from flags.engine import Context, Schema
from flags.models.reading import read_contexts, read_schema
from people.models import User
from people.models.user import Place


def schema() -> Schema:
    """The fields that rules may use: built-in ones and the declared attributes. 1 query."""
    return read_schema()


def context_for(person: User, today: date | None = None) -> Context:
    """The person with their ancestor teams and groups. 1 query; none for the person behind a session.

    Args:
        person: a saved person. Read afresh, unless the request's authentication has just read their teams along.
        today: the day for tenure; the server's local date when not given.

    Raises:
        User.DoesNotExist: the person is not there any more.
    """
    if person.place is not None:
        return _context_of(person, person.place, today or timezone.localdate())
    found = read_contexts([person.pk], today).get(person.pk)
    if found is None:
        raise User.DoesNotExist
    return found


def contexts_for(person_ids: Iterable[int], today: date | None = None) -> dict[int, Context]:
    """Person id → context, for those that exist. 1 query whatever their number."""
    return read_contexts(person_ids, today)


def _context_of(person: User, place: Place, today: date) -> Context:
    return Context(
        person_id=person.pk,
        username=person.username,
        unit=str(person.pseudonym),
        today=today,
        team_keys=place.team_keys,
        job_role=person.job_role,
        region=person.region,
        locale=person.locale,
        start_date=person.start_date,
        groups=place.groups,
        attributes=person.attributes if isinstance(person.attributes, dict) else {},
        active=person.is_active,
    )
