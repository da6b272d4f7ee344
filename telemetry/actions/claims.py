"""What a browser says it did: recorded, never counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.utils import timezone

from telemetry.actions.record import rows_of
from telemetry.actions.store import store
from telemetry.queries.facts import facts_of_people, facts_of_versions
from telemetry.xapi.event import Event

CLAIMABLE: Final = frozenset({"experienced", "interacted"})
AT_MOST: Final = 100  # claims of one batch
_OLDEST: Final = timedelta(days=2)  # what a page kept for a later moment
_LONGEST_S: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One line of a beacon: `id` made by the client, the verb, the version on the page, seconds in view."""

    id: UUID
    verb: str
    version_id: int
    at: datetime | None = None
    duration_s: float | None = None
    target: str = ""  # what was clicked: an anchor or a key, never free text


def record_claims(*, person_id: int, claims: Sequence[Claim], channel: str = "portal") -> list[UUID]:
    """Write what a client claims. Sent again, it changes nothing.

    Ids live in a space of the person's own (UUID 5 of pseudonym and client id), so that nobody can take another's.
    Claims with another verb or an unknown version, and what is over 100, are dropped. Times in the future or over two
    days old become now; durations are held to a day. The caller checks that the person may open the versions.

    Returns the ids written now. Joins the caller's transaction. At most 4 queries; locks as telemetry.actions.store.
    """
    taken = [claim for claim in claims if claim.verb in CLAIMABLE][:AT_MOST]
    person = facts_of_people({person_id}).get(person_id)
    known = facts_of_versions({claim.version_id for claim in taken})
    taken = [claim for claim in taken if claim.version_id in known]
    if person is None or not taken:
        return []
    now = timezone.now()
    events = [_event(claim, person_id, person.pseudonym, channel, now) for claim in taken]
    return store(rows_of(events)).stored


def _event(claim: Claim, person_id: int, pseudonym: UUID, channel: str, now: datetime) -> Event:
    at = claim.at if claim.at is not None and now - _OLDEST <= claim.at <= now else None
    duration = None if claim.duration_s is None else min(max(claim.duration_s, 0.0), _LONGEST_S)
    return Event(
        id=uuid5(pseudonym, str(claim.id)),
        verb=claim.verb,
        person_id=person_id,
        version_id=claim.version_id,
        at=at,
        duration_s=duration,
        channel=channel,
        claimed=True,
        data={"target": claim.target[:200]} if claim.target else {},
    )
