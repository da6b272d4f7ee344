"""People and their declared attributes as the engine sees them."""

from collections.abc import Iterable
from datetime import date

from flags.engine import Context, Schema
from flags.models.reading import read_contexts, read_schema
from people.models import User


def schema() -> Schema:
    """The fields that rules may use: built-in ones and the declared attributes. 1 query."""
    return read_schema()


def context_for(person: User, today: date | None = None) -> Context:
    """The person with their ancestor teams and groups. 1 query.

    Args:
        person: a saved person; read afresh, so what the object holds does not matter.
        today: the day for tenure; the server's local date when not given.

    Raises:
        User.DoesNotExist: the person is not there any more.
    """
    found = read_contexts([person.pk], today).get(person.pk)
    if found is None:
        raise User.DoesNotExist
    return found


def contexts_for(person_ids: Iterable[int], today: date | None = None) -> dict[int, Context]:
    """Person id → context, for those that exist. 1 query whatever their number."""
    return read_contexts(person_ids, today)
