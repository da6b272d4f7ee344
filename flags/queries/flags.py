"""Flags as the engine needs them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from flags.engine import FlagSpec, decide_sql
from flags.models import Flag
from flags.queries.members import distinct_values
from flags.queries.people import schema


def flag_specs(flag_ids: Iterable[int]) -> dict[int, FlagSpec]:
    """Flag id → spec. 2 queries whatever their number. A flag whose rule can no longer be read lets nobody in."""
    known = schema()
    return {flag.pk: flag.spec(known) for flag in Flag.objects.select_related("audience").filter(pk__in=list(flag_ids))}


def flag_members_sql(flag: FlagSpec, *, today: date | None = None) -> tuple[str, list[Any]]:
    """A SELECT of the ids of the people who are in now, percentage and kill switch included, and its parameters.

    1 query for each regular expression in the audience, none otherwise.
    """
    condition, params = decide_sql(flag, today=today or timezone.localdate(), distinct=distinct_values)
    return f"SELECT u.id FROM people_user u WHERE {condition}", params  # noqa: S608  values are parameters
